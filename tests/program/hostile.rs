//! Hostile hosts: raw sockets on loopback that answer whatever a test likes.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

/// A request's head, as it came.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    /// `GET /user`.
    pub(crate) line: String,
    /// The whole head.
    pub(crate) text: String,
}

impl Head {
    /// The value of `Authorization`.
    pub(crate) fn authorization(&self) -> &str {
        let header = self.text.lines().find(|line| line.to_ascii_lowercase().starts_with("authorization:"));
        header.and_then(|line| line.split_once(':')).map_or("", |(_, value)| value.trim())
    }

    /// The token that it carries.
    pub(crate) fn token(&self) -> &str {
        self.authorization().trim_start_matches("Bearer ")
    }
}

/// A host that does what it likes with a connection, once it has read a request's head. The connection is closed after.
pub(crate) struct Hostile {
    address: SocketAddr,
    heads: Arc<Mutex<Vec<Head>>>,
    stopping: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Hostile {
    /// A host that writes to the connection itself. Errors of writing end it: the client has gone.
    pub(crate) fn writing(
        answer: impl Fn(&Head, &mut TcpStream) -> std::io::Result<()> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let heads = Arc::new(Mutex::new(Vec::new()));
        let stopping = Arc::new(AtomicBool::new(false));
        let (log, stop, answer) = (Arc::clone(&heads), Arc::clone(&stopping), Arc::new(answer));
        let thread = thread::spawn(move || {
            for stream in listener.incoming() {
                if stop.load(Ordering::SeqCst) {
                    break;
                }
                let Ok(mut stream) = stream else { continue };
                let (log, answer) = (Arc::clone(&log), Arc::clone(&answer));
                thread::spawn(move || {
                    if let Some(head) = read_head(&stream) {
                        log.lock().unwrap().push(head.clone());
                        let _ = answer(&head, &mut stream);
                    }
                });
            }
        });
        Self { address, heads, stopping, thread: Some(thread) }
    }

    /// A host that answers with these bytes.
    pub(crate) fn answering(answer: impl Fn(&Head) -> Vec<u8> + Send + Sync + 'static) -> Self {
        Self::writing(move |head, stream| stream.write_all(&answer(head)))
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// What it was asked, in the order of arrival.
    pub(crate) fn heads(&self) -> Vec<Head> {
        self.heads.lock().unwrap().clone()
    }
}

impl Drop for Hostile {
    fn drop(&mut self) {
        self.stopping.store(true, Ordering::SeqCst);
        // Wakes the listener.
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn read_head(stream: &TcpStream) -> Option<Head> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let mut text = String::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if line == "\r\n" {
            break;
        }
        text.push_str(&line);
    }
    let line = text.lines().next()?.trim_end_matches(" HTTP/1.1").to_owned();
    Some(Head { line, text })
}

/// An answer with the length of its body.
pub(crate) fn answer(status: &str, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let mut text = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n", body.len());
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text.push_str("\r\n");
    [text.as_bytes(), body].concat()
}

/// The headers of GitHub's answers to a classic token with `repo`.
pub(crate) const HEADERS: [(&str, &str); 4] = [
    ("content-type", "application/json; charset=utf-8"),
    ("x-oauth-scopes", "repo"),
    ("x-accepted-oauth-scopes", ""),
    ("github-authentication-token-expiration", "2099-01-01 00:00:00 UTC"),
];

/// What GitHub says of a user.
pub(crate) fn user(login: &str) -> String {
    serde_json::json!({
        "login": login, "id": 1, "type": "User", "site_admin": false, "name": null, "email": null,
        "created_at": "2020-01-01T00:00:00Z",
    })
    .to_string()
}

/// What GitHub says of a repository.
pub(crate) fn repository(full_name: &str) -> String {
    let (owner, name) = full_name.split_once('/').unwrap();
    serde_json::json!({
        "id": 7, "name": name, "full_name": full_name, "private": true, "visibility": "private", "archived": false,
        "owner": {"login": owner, "type": "Organization"},
        "permissions": {"admin": false, "maintain": false, "push": true, "triage": true, "pull": true},
        "role_name": "write",
    })
    .to_string()
}

/// A host that answers rightly, but for what a test changes: `change` gets the request's line.
pub(crate) fn mostly_right(change: impl Fn(&Head) -> Option<Vec<u8>> + Send + Sync + 'static) -> Hostile {
    Hostile::answering(move |head| change(head).unwrap_or_else(|| right(head)))
}

/// The right answer.
pub(crate) fn right(head: &Head) -> Vec<u8> {
    match head.line.as_str() {
        "GET /user" => answer("200 OK", &HEADERS, user(super::bench::BOT)),
        "GET /repos/acme/infra" => answer("200 OK", &HEADERS, repository(super::bench::INFRA)),
        _ => answer("404 Not Found", &HEADERS, r#"{"message":"Not Found","status":"404"}"#),
    }
}
