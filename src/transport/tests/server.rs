//! A loopback server that answers exactly as a test says, well-formed or not.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What the server does with a request.
pub(super) enum Reply {
    /// Sends these bytes and closes.
    Bytes(Vec<u8>),
    /// Sends the first bytes, then the second again and again until the client has enough.
    Endless(Vec<u8>, Vec<u8>),
    /// Sends these bytes and then nothing, with the connection left open.
    Hang(Vec<u8>),
    /// Sends these bytes and then one after each such time.
    Drip(Vec<u8>, Duration),
    /// Answers after so long.
    Late(Duration, Vec<u8>),
}

/// An answer with a status line, headers and a body of known length.
pub(super) fn reply(status: &str, headers: &[&str], body: &str) -> Reply {
    Reply::Bytes(head_and_body(status, headers, body))
}

fn head_and_body(status: &str, headers: &[&str], body: &str) -> Vec<u8> {
    let mut text = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n", body.len());
    for header in headers {
        text.push_str(header);
        text.push_str("\r\n");
    }
    text.push_str("\r\n");
    text.push_str(body);
    text.into_bytes()
}

#[derive(Default)]
struct Seen {
    requests: Vec<String>,
    open: usize,
    most_open: usize,
}

/// A server on a port of its own; stops when dropped.
pub(super) struct Server {
    pub(super) url: String,
    seen: Arc<Mutex<Seen>>,
    task: JoinHandle<()>,
}

impl Server {
    /// Answers the n-th request (from 0) with what `script` makes of its text.
    pub(super) async fn start(script: impl Fn(usize, &str) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Seen::default()));
        let script = Arc::new(script);
        let shared = Arc::clone(&seen);
        let task = tokio::spawn(async move {
            let mut connections = tokio::task::JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let (script, seen) = (Arc::clone(&script), Arc::clone(&shared));
                connections.spawn(async move {
                    let _ = serve(stream, script.as_ref(), &seen).await;
                });
            }
        });
        Self { url, seen, task }
    }

    /// Every request's head and body, in the order they came.
    pub(super) fn requests(&self) -> Vec<String> {
        self.seen.lock().unwrap().requests.clone()
    }

    /// The most requests that were open at once.
    pub(super) fn most_open(&self) -> usize {
        self.seen.lock().unwrap().most_open
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(
    mut stream: TcpStream,
    script: &(impl Fn(usize, &str) -> Reply + Send + Sync),
    seen: &Mutex<Seen>,
) -> std::io::Result<()> {
    let request = read_request(&mut stream).await?;
    let number = {
        let mut seen = seen.lock().unwrap();
        seen.requests.push(request.clone());
        seen.open += 1;
        seen.most_open = seen.most_open.max(seen.open);
        seen.requests.len() - 1
    };
    let done = answer(&mut stream, script(number, &request), seen).await;
    let _ = stream.shutdown().await;
    done
}

async fn answer(stream: &mut TcpStream, reply: Reply, seen: &Mutex<Seen>) -> std::io::Result<()> {
    // A request is over before its answer is out, so that the next one is not counted beside it.
    let close = || seen.lock().unwrap().open -= 1;
    match reply {
        Reply::Bytes(bytes) => {
            close();
            stream.write_all(&bytes).await
        }
        Reply::Late(wait, bytes) => {
            tokio::time::sleep(wait).await;
            close();
            stream.write_all(&bytes).await
        }
        Reply::Hang(bytes) => {
            stream.write_all(&bytes).await?;
            std::future::pending().await
        }
        Reply::Drip(first, pause) => {
            stream.write_all(&first).await?;
            loop {
                tokio::time::sleep(pause).await;
                stream.write_all(b"x").await?;
            }
        }
        Reply::Endless(first, again) => {
            stream.write_all(&first).await?;
            loop {
                stream.write_all(&again).await?;
            }
        }
    }
}

async fn read_request(stream: &mut TcpStream) -> std::io::Result<String> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| {
                    line.to_ascii_lowercase().strip_prefix("content-length:").map(|it| it.trim().to_owned())
                })
                .map_or(0, |length| length.parse().unwrap());
            if body.len() >= length {
                return Ok(text);
            }
        }
        let read = stream.read(&mut buffer).await?;
        // Nothing more comes, or it is no HTTP (a TLS greeting).
        if read == 0 || buffer.first() == Some(&0x16) {
            return Ok(text);
        }
        bytes.extend_from_slice(&buffer[..read]);
    }
}
