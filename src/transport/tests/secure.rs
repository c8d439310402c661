//! Live handshakes with a loopback server whose certificate was made for the test.

use std::convert::Infallible;

use hyper::service::service_fn;
use hyper::{Request, Response, Version};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use rustls::ServerConfig;
use rustls::crypto::CryptoProvider;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

use super::authority::Authority;
use super::*;

const BOTH: &[&str] = &["h2", "http/1.1"];
/// What the tests' servers listen on, and what a good certificate of theirs is for.
const HERE: &str = "127.0.0.1";
/// The year in which a good certificate ends, and one that is over.
const VALID: i32 = 2100;
const EXPIRED: i32 = 2021;

/// A server that answers every request with the version of HTTP that it came by; stops when dropped.
struct SecureServer {
    url: String,
    task: JoinHandle<()>,
}

impl SecureServer {
    async fn start(config: Arc<ServerConfig>) -> Self {
        let listener = TcpListener::bind((HERE, 0)).await.unwrap();
        let url = format!("https://{}/user", listener.local_addr().unwrap());
        let acceptor = TlsAcceptor::from(config);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // A client that refuses the certificate ends the handshake.
                let Ok(stream) = acceptor.accept(stream).await else { continue };
                let answer = service_fn(|request: Request<_>| async move {
                    let version = if request.version() == Version::HTTP_2 { "2" } else { "1" };
                    Ok::<_, Infallible>(Response::new(version.to_owned()))
                });
                tokio::spawn(async move {
                    let _ =
                        auto::Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), answer).await;
                });
            }
        });
        Self { url, task }
    }
}

impl Drop for SecureServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn trusting(authority: &Authority) -> ClientSettings {
    ClientSettings { ca_certificates: Some(("ca.pem".into(), authority.pem().into_bytes())), ..settings() }
}

/// What one request to a server comes to, from a client that trusts an authority.
async fn asked(config: Arc<ServerConfig>, trusted: &Authority) -> Exchange {
    let server = SecureServer::start(config).await;
    let client = Client::new(&trusting(trusted), now).unwrap();
    client.send(&get(server.url.as_str()), &account(), &Budget::new(None, 4)).await
}

#[tokio::test]
async fn http_1_and_2_are_agreed_on_under_a_named_authority() {
    let authority = Authority::new("one");
    for (protocols, version) in [(BOTH, "2"), (&["http/1.1"], "1"), (&["h2"], "2"), (&[], "1")] {
        let answer = asked(authority.server(HERE, VALID, protocols), &authority).await.result.unwrap();
        assert_eq!((answer.status, answer.body.as_slice()), (200, version.as_bytes()), "{protocols:?}");
    }
    let installed = CryptoProvider::get_default();
    assert!(installed.is_none(), "the process belongs to the program around this library");
}

#[tokio::test]
async fn a_certificate_that_does_not_hold_is_refused_at_once_and_says_why() {
    let (authority, other) = (Authority::new("one"), Authority::new("another"));
    for (config, trusted, words) in [
        (authority.server(HERE, VALID, BOTH), &other, "its issuer is not known here (`--ca-cert` adds one)"),
        (authority.server("git.acme.test", VALID, BOTH), &authority, "it was issued for another name"),
        (authority.server(HERE, EXPIRED, BOTH), &authority, "it has expired, or this machine's clock is ahead"),
    ] {
        let exchange = asked(config, trusted).await;
        assert_eq!(exchange.result, Err(Failure::Tls(words.into())));
        assert_eq!(statuses(&exchange), [None], "nothing is tried again");
    }
}
