//! What a watch answers over HTTP: `/metrics`, `/healthz`, `/readyz`, and nothing else. It reads nothing of a request but
//! its method and path.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::task::JoinHandle;

use super::state::State;

/// Connections served at once. The oldest makes room for a new one: who says nothing keeps nobody out.
const CONNECTIONS: usize = 64;
/// How long a connection may take to say what it wants.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long a connection may stay.
const LONGEST: Duration = Duration::from_secs(60);

/// Listens on an address, and answers on a thread of its own as long as the program runs. Gives the address, whose port
/// the system chose where it was 0.
///
/// # Errors
/// The system's.
pub(super) fn start(address: SocketAddr, state: State) -> io::Result<SocketAddr> {
    let listener = TcpListener::bind(address)?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    std::thread::Builder::new().name("metrics".to_owned()).spawn(move || runtime.block_on(accept(listener, state)))?;
    Ok(address)
}

async fn accept(listener: TcpListener, state: State) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
    let mut open: VecDeque<JoinHandle<()>> = VecDeque::new();
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // No descriptor is left, or the peer is gone already.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        open.retain(|one| !one.is_finished());
        if open.len() >= CONNECTIONS
            && let Some(oldest) = open.pop_front()
        {
            oldest.abort();
        }
        let state = state.clone();
        open.push_back(tokio::spawn(async move {
            let service = service_fn(|request| {
                let answer = answer(&request, &state);
                async move { Ok::<_, Infallible>(answer) }
            });
            let connection = hyper::server::conn::http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(PATIENCE)
                .serve_connection(TokioIo::new(stream), service);
            // Whatever ends it ends it for this one alone.
            let _ = tokio::time::timeout(LONGEST, connection).await;
        }));
    }
}

fn answer(request: &Request<Incoming>, state: &State) -> Response<String> {
    const TEXT: &str = "text/plain; charset=utf-8";
    /// That of the classic text format.
    const METRICS: &str = "text/plain; version=0.0.4; charset=utf-8";
    let whether = |holds: bool, yes: &str, no: &str| {
        let status = if holds { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
        (status, TEXT, format!("{}\n", if holds { yes } else { no }))
    };
    let (status, kind, text) = match (request.method(), request.uri().path()) {
        (&Method::GET | &Method::HEAD, "/metrics") => (StatusCode::OK, METRICS, state.metrics()),
        (&Method::GET | &Method::HEAD, "/healthz") => {
            whether(state.is_healthy(), "the loop lives", "nothing was heard of the loop for a long time")
        }
        (&Method::GET | &Method::HEAD, "/readyz") => {
            whether(state.is_ready(), "a round has judged", "no round has judged yet")
        }
        (_, "/metrics" | "/healthz" | "/readyz") => {
            (StatusCode::METHOD_NOT_ALLOWED, TEXT, "only GET is answered\n".to_owned())
        }
        _ => (StatusCode::NOT_FOUND, TEXT, "there are /metrics, /healthz and /readyz\n".to_owned()),
    };
    let mut response = Response::new(text);
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}
