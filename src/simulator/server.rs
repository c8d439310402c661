//! The HTTP/1.1 server that carries a simulated host: loopback only, on a thread of its own, bounded, gone when dropped.

use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt as _, Full, Limited, StreamBody};
use hyper::body::{Bytes, Frame, Incoming};
use hyper::header::{CONTENT_LENGTH, HOST};
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::sync::{Semaphore, oneshot};

use super::message::{Answer, Handler, Request};

/// Connections served at once; more wait.
const CONNECTIONS: usize = 256;
/// The longest body read, in bytes.
const BODY_CAP: usize = 1024 * 1024;
/// Requests kept in the log; later ones are answered and not kept.
const LOG_CAP: usize = 100_000;
/// How long a connection may take to send a request's headers.
const HEADER_TIMEOUT: Duration = Duration::from_secs(60);
/// Query parameters whose values the log does not keep: credentials in an address.
const SECRET_PARAMETERS: [&str; 5] = ["access_token", "private_token", "job_token", "token", "client_secret"];

/// A running server. Dropping it closes the port and every connection.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    log: Arc<Mutex<Vec<LoggedRequest>>>,
    running: Option<(oneshot::Sender<()>, JoinHandle<()>)>,
}

/// One request as the log keeps it: never its headers or body, so never the secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoggedRequest {
    /// The method.
    pub method: String,
    /// Path and query as sent; values of parameters that carry credentials are `***`.
    pub path: String,
    /// Whether it carried a credential, valid or not.
    pub authorised: bool,
    /// Whether it asked for a change.
    pub write: bool,
    /// The status it was answered with.
    pub status: u16,
}

impl Server {
    /// Starts a host on a free port of 127.0.0.1. The server has its own thread and runtime, so it can be started
    /// from anywhere, and a caller's paused clock does not stop it.
    ///
    /// # Errors
    /// Where no port can be bound or no thread started.
    pub fn start(handler: impl Handler) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let log = Arc::new(Mutex::new(Vec::new()));
        let (stop, stopped) = oneshot::channel();
        let host = Arc::new(Host { handler, log: Arc::clone(&log) });
        let thread = std::thread::Builder::new().name("simulated-host".to_owned()).spawn(move || {
            runtime.block_on(async {
                tokio::select! {
                    () = accept(listener, host) => {}
                    _ = stopped => {}
                }
            });
            // Dropping the runtime drops every connection's task.
        })?;
        Ok(Self { address, log, running: Some((stop, thread)) })
    }

    /// The origin: `http://127.0.0.1:40123`, without a trailing slash.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Every request answered so far, in the order the answers were decided.
    pub fn requests(&self) -> Vec<LoggedRequest> {
        lock(&self.log).clone()
    }

    /// The requests that asked for a change: a check that keeps its promise leaves this empty.
    pub fn writes(&self) -> Vec<LoggedRequest> {
        lock(&self.log).iter().filter(|request| request.write).cloned().collect()
    }

    /// Closes the port and every connection. The log stays readable.
    pub fn stop(&mut self) {
        if let Some((stop, thread)) = self.running.take() {
            // Both can only fail where the thread has ended already.
            let _ = stop.send(());
            let _ = thread.join();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

/// The handler with its log.
struct Host<H> {
    handler: H,
    log: Arc<Mutex<Vec<LoggedRequest>>>,
}

/// Accepts connections until dropped.
async fn accept<H: Handler>(listener: TcpListener, host: Arc<Host<H>>) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
    let slots = Arc::new(Semaphore::new(CONNECTIONS));
    while let Ok(slot) = Arc::clone(&slots).acquire_owned().await {
        let Ok((stream, _)) = listener.accept().await else {
            // Out of file descriptors, or a client that left early: the next may do better.
            tokio::time::sleep(Duration::from_millis(5)).await;
            continue;
        };
        // Small answers on a loopback connection: waiting to fill a packet only costs time.
        let _ = stream.set_nodelay(true);
        let host = Arc::clone(&host);
        tokio::spawn(async move {
            let service = service_fn(|request| serve(Arc::clone(&host), request));
            // A broken connection is the client's business, or a fault that was asked for.
            let _ = hyper::server::conn::http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(HEADER_TIMEOUT)
                // The host's clock is the handler's to tell.
                .auto_date_header(false)
                .serve_connection(TokioIo::new(stream), service)
                .await;
            drop(slot);
        });
    }
}

type Body = BoxBody<Bytes, io::Error>;

/// Answers one request.
async fn serve<H: Handler>(
    host: Arc<Host<H>>,
    request: hyper::Request<Incoming>,
) -> Result<hyper::Response<Body>, Infallible> {
    let answer = match read(request).await {
        Some(request) => {
            let answer = host.handler.answer(&request);
            let entry = LoggedRequest {
                method: request.method.clone(),
                path: logged_path(&request),
                authorised: request.has_credential(),
                write: host.handler.is_write(&request),
                status: answer.status,
            };
            let mut log = lock(&host.log);
            if log.len() < LOG_CAP {
                log.push(entry);
            }
            answer
        }
        None => Answer::new(413, "the request is too large, or was cut short"),
    };
    if !answer.delay.is_zero() {
        tokio::time::sleep(answer.delay).await;
    }
    Ok(response(answer))
}

/// Reads a request whole; `None` where its body is too large or cut short.
async fn read(request: hyper::Request<Incoming>) -> Option<Request> {
    let (parts, body) = request.into_parts();
    let body = Limited::new(body, BODY_CAP).collect().await.ok()?.to_bytes().to_vec();
    let headers: Vec<(String, String)> = parts
        .headers
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect();
    let authority = parts.headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or("127.0.0.1");
    let query = parts.uri.query().unwrap_or_default();
    Some(Request {
        method: parts.method.as_str().to_owned(),
        path: parts.uri.path().to_owned(),
        query: url::form_urlencoded::parse(query.as_bytes()).into_owned().collect(),
        origin: format!("http://{authority}"),
        headers,
        body,
    })
}

/// The path and query for the log.
fn logged_path(request: &Request) -> String {
    if request.query.is_empty() {
        return request.path.clone();
    }
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in &request.query {
        query.append_pair(name, if SECRET_PARAMETERS.contains(&name.as_str()) { "***" } else { value });
    }
    format!("{}?{}", request.path, query.finish())
}

/// An answer as the HTTP library sends it.
fn response(answer: Answer) -> hyper::Response<Body> {
    let length = answer.body.len();
    let bodiless = matches!(answer.status, 100..=199 | 204 | 304);
    let mut builder = hyper::Response::builder().status(answer.status);
    for (name, value) in &answer.headers {
        builder = builder.header(name, value);
    }
    let body = if answer.breaks {
        // The length is promised, half of it sent, then the connection breaks.
        builder = builder.header(CONTENT_LENGTH, length);
        let half = Bytes::from(answer.body).slice(..length / 2);
        let rest = async {
            // The half goes out while this waits its turn.
            tokio::task::yield_now().await;
            Err(io::Error::other("broken on purpose"))
        };
        let parts = stream::once(std::future::ready(Ok(Frame::data(half)))).chain(stream::once(rest));
        BoxBody::new(StreamBody::new(parts))
    } else {
        let bytes = if bodiless { Bytes::new() } else { Bytes::from(answer.body) };
        Full::new(bytes).map_err(|never: Infallible| match never {}).boxed()
    };
    builder.body(body).unwrap_or_else(|_| {
        // Only a status or header that HTTP does not allow leads here.
        let mut response = hyper::Response::new(Full::new(Bytes::new()).map_err(|never| match never {}).boxed());
        *response.status_mut() = hyper::StatusCode::INTERNAL_SERVER_ERROR;
        response
    })
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulator::client::client;

    struct Echo;

    impl Handler for Echo {
        fn answer(&self, request: &Request) -> Answer {
            match request.path.as_str() {
                "/break" => Answer { breaks: true, ..Answer::new(200, "0123456789") },
                "/bad-header" => Answer::new(200, "").header("x-bad", "a\nb"),
                path => Answer::new(200, format!("{} {path} {}", request.method, request.body.len())),
            }
        }
    }

    #[tokio::test]
    async fn it_answers_on_loopback_and_logs_without_secrets() {
        let secret = ["ghp", "x1x1"].join("_");
        let server = Server::start(Echo).unwrap();
        assert!(server.address().ip().is_loopback());
        let url = format!("{}/a?page=2&access_token={secret}", server.url());
        let answer = client().get(&url).bearer_auth(&secret).send().await.unwrap();
        assert!(answer.headers().get("date").is_none());
        assert_eq!(answer.text().await.unwrap(), "GET /a 0");
        client().delete(format!("{}/b", server.url())).send().await.unwrap();
        let log = server.requests();
        assert_eq!(log.len(), 2);
        assert_eq!(log[0].path, "/a?page=2&access_token=***");
        assert!(log[0].authorised && !log[0].write);
        assert!(!format!("{log:?}").contains(&secret));
        let writes = server.writes();
        assert_eq!((writes.len(), writes[0].method.as_str(), writes[0].authorised), (1, "DELETE", false));
    }

    #[tokio::test]
    async fn a_dropped_server_is_gone_and_bodies_are_bounded() {
        let mut server = Server::start(Echo).unwrap();
        let client = client();
        let large = client.post(server.url()).body(vec![b'x'; BODY_CAP + 1]).send().await;
        // The server may also hang up before the client has sent everything.
        assert!(large.is_err() || large.is_ok_and(|answer| answer.status() == 413));
        assert_eq!(server.requests().len(), 0);
        server.stop();
        assert!(client.get(server.url()).send().await.is_err());
        assert!(server.requests().is_empty());
    }

    #[tokio::test]
    async fn a_break_is_an_error_of_the_body_and_a_bad_header_is_no_panic() {
        let server = Server::start(Echo).unwrap();
        // The head may have left before the break, or not.
        match client().get(format!("{}/break", server.url())).send().await {
            Ok(answer) => assert!(answer.text().await.is_err()),
            Err(error) => assert!(error.is_request(), "{error}"),
        }
        let answer = client().get(format!("{}/bad-header", server.url())).send().await.unwrap();
        assert_eq!(answer.status(), 500);
    }

    #[tokio::test]
    async fn many_connections_are_served_at_once() {
        let server = Server::start(Echo).unwrap();
        let client = client();
        let asks = (0..100).map(|number| client.get(format!("{}/{number}", server.url())).send());
        let answers = futures_util::future::join_all(asks).await;
        assert!(answers.iter().all(|answer| answer.as_ref().is_ok_and(|answer| answer.status() == 200)));
        assert_eq!(server.requests().len(), 100);
    }
}
