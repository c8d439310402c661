//! Hosts that speak raw bytes, wrongly, against every kind of host at once: nothing is decided by what they say, and each
//! run ends within a bound.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use credcheck::vocabulary::HOSTS;

use crate::bench::{Bench, fake};

/// What a fault does with a connection. An error of writing ends it: the client has gone.
type Fault = fn(&mut TcpStream) -> std::io::Result<()>;

/// The longest that a run against such hosts may take, with waits of one second, on a machine that has much else to do.
const WALL: Duration = Duration::from_secs(40);

/// What would pass of hosts that say nothing of it.
const POLICY: &str = "host any {\n  rule account { forbid user.username like \"*-ci\" }\n  \
                      rule access  { forbid repository.access >= admin }\n}\n";

/// A host that does this with each connection, from its first byte on.
fn raw(fault: Fault) -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        while let Ok((mut stream, _)) = listener.accept() {
            thread::spawn(move || fault(&mut stream));
        }
    });
    address.to_string()
}

/// Checks a credential of each kind of host against hosts with this fault.
fn against_all(scheme: &str, name: &str, fault: Fault) {
    let mut bench = Bench::new();
    for host in HOSTS {
        let url = format!("{scheme}://{}", raw(fault));
        let token = fake("raw", host.word);
        let more = "username = \"acme-bot\"\nrepositories = [\"acme/infra\"]";
        bench.credential_of(host.word, host.word, (&url, &format!("{url}/api")), &token, more);
    }
    bench.policy(POLICY);
    let started = Instant::now();
    let ended = bench.check(&["--timeout", "1s"]).within(1024).saying_anything().ends();
    let took = started.elapsed();
    assert!(took < WALL, "{name}: {took:?}");
    let nothing = format!("decided 0 of {}", 2 * HOSTS.len());
    assert!(ended.stdout.contains(&nothing), "{name}: {}", ended.stdout);
    assert!(ended.stdout.contains("0 violations"), "{name}: {}", ended.stdout);
}

/// Several faults at once: most of their time is waiting.
fn all(scheme: &str, faults: &[(&str, Fault)]) {
    for few in faults.chunks(6) {
        thread::scope(|scope| {
            for (name, fault) in few {
                scope.spawn(move || against_all(scheme, name, *fault));
            }
        });
    }
}

/// Reads the head of a request, so that nothing is reset.
fn heard(stream: &mut TcpStream) -> std::io::Result<()> {
    let (mut last, mut byte) = ([0; 4], [0]);
    while &last != b"\r\n\r\n" {
        stream.read_exact(&mut byte)?;
        last.rotate_left(1);
        last[3] = byte[0];
    }
    Ok(())
}

/// What would be right, of a GitHub or GitLab.
const BODY: &str = r#"{"login":"acme-bot","username":"acme-bot","id":1,"type":"User","state":"active"}"#;

/// Says this once a request was heard, and closes.
fn says(stream: &mut TcpStream, bytes: &[u8]) -> std::io::Result<()> {
    heard(stream)?;
    stream.write_all(bytes)
}

/// An answer with these lines in its head.
fn with(stream: &mut TcpStream, lines: &str, body: &[u8]) -> std::io::Result<()> {
    let head = format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n{lines}\r\n");
    says(stream, &[head.as_bytes(), body].concat())
}

/// The same with the length of the body.
fn encoded(stream: &mut TcpStream, lines: &str, body: &[u8]) -> std::io::Result<()> {
    with(stream, &format!("content-length: {}\r\n{lines}", body.len()), body)
}

/// Says a text again and again, slowly.
fn drips(stream: &mut TcpStream, start: &str, piece: &str, every: u64) -> std::io::Result<()> {
    says(stream, start.as_bytes())?;
    loop {
        stream.write_all(piece.as_bytes())?;
        thread::sleep(Duration::from_millis(every));
    }
}

fn silent(_: &mut TcpStream) -> std::io::Result<()> {
    thread::sleep(WALL);
    Ok(())
}

#[test]
fn connections_that_break_or_drip() {
    all(
        "http",
        &[
            ("closed at once", |_| Ok(())),
            ("closed when heard", heard),
            // What was not read is a reset.
            ("reset in the head", |stream| stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-")),
            ("reset in the body", |stream| {
                stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n{\"login\":")
            }),
            ("silent", silent),
            ("a status line without end", |stream| drips(stream, "HTTP/1.1 200 ", "O", 50)),
            ("a header now and then", |stream| drips(stream, "HTTP/1.1 200 OK\r\n", "x: y\r\n", 200)),
            ("a header without end", |stream| drips(stream, "HTTP/1.1 200 OK\r\nx: ", "y", 50)),
            ("a body now and then", |stream| drips(stream, "HTTP/1.1 200 OK\r\n\r\n{", " ", 200)),
            ("a body without end", |stream| drips(stream, "HTTP/1.1 200 OK\r\n\r\n[", &" ".repeat(65_536), 0)),
            ("chunks without end", |stream| {
                drips(stream, "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", "1\r\n \r\n", 0)
            }),
            ("news without end", |stream| drips(stream, "", "HTTP/1.1 103 Early Hints\r\n\r\n", 50)),
        ],
    );
}

#[test]
fn lengths_that_are_wrong() {
    all(
        "http",
        &[
            ("too long", |stream| with(stream, "content-length: 4000\r\n", BODY.as_bytes())),
            ("too short", |stream| with(stream, "content-length: 20\r\n", BODY.as_bytes())),
            ("two of them", |stream| with(stream, "content-length: 2\r\ncontent-length: 81\r\n", BODY.as_bytes())),
            ("below nothing", |stream| with(stream, "content-length: -1\r\n", BODY.as_bytes())),
            ("no number", |stream| with(stream, "content-length: many\r\n", BODY.as_bytes())),
            ("beyond all", |stream| with(stream, "content-length: 99999999999999999999999\r\n", BODY.as_bytes())),
            ("the largest", |stream| with(stream, "content-length: 18446744073709551615\r\n", BODY.as_bytes())),
            ("a length and chunks that are none", |stream| {
                with(stream, "content-length: 2\r\ntransfer-encoding: chunked\r\n", BODY.as_bytes())
            }),
            ("a chunk too long", |stream| with(stream, "transfer-encoding: chunked\r\n", b"fff\r\n{}\r\n0\r\n\r\n")),
            ("a chunk of no number", |stream| {
                with(stream, "transfer-encoding: chunked\r\n", b"xyz\r\n{}\r\n0\r\n\r\n")
            }),
            ("a chunk beyond all", |stream| {
                with(stream, "transfer-encoding: chunked\r\n", b"ffffffffffffffffff\r\n{}\r\n0\r\n\r\n")
            }),
            ("no last chunk", |stream| with(stream, "transfer-encoding: chunked\r\n", b"2\r\n{}\r\n")),
            ("a chunk with a long note", |stream| {
                with(
                    stream,
                    "transfer-encoding: chunked\r\n",
                    format!("2;{}\r\n{{}}\r\n0\r\n\r\n", "x".repeat(1 << 20)).as_bytes(),
                )
            }),
        ],
    );
}

#[test]
fn encodings_that_are_odd() {
    all(
        "http",
        &[
            ("gzip that is none", |stream| encoded(stream, "content-encoding: gzip\r\n", BODY.as_bytes())),
            ("half of gzip", |stream| {
                encoded(stream, "content-encoding: gzip\r\n", b"\x1f\x8b\x08\x00\x00\x00\x00\x00")
            }),
            ("gzip twice", |stream| encoded(stream, "content-encoding: gzip, gzip\r\n", b"\x1f\x8b")),
            ("an encoding that nobody asked for", |stream| {
                encoded(stream, "content-encoding: br\r\n", b"\x0b\x02\x80{}\x03")
            }),
            ("an encoding that nobody has", |stream| encoded(stream, "content-encoding: rot13\r\n", BODY.as_bytes())),
            ("UTF-16", |stream| {
                let units: Vec<u8> = BODY.encode_utf16().flat_map(u16::to_le_bytes).collect();
                encoded(stream, "", &[b"\xff\xfe", units.as_slice()].concat())
            }),
            ("Latin-1", |stream| encoded(stream, "", b"{\"login\":\"acme-b\xf6t\",\"username\":\"acme-b\xf6t\"}")),
            ("zero bytes", |stream| encoded(stream, "", BODY.replace("acme", "ac\0me").as_bytes())),
            ("half a surrogate", |stream| encoded(stream, "", BODY.replace("acme", "\\ud83d").as_bytes())),
            ("two documents", |stream| encoded(stream, "", format!("{BODY}{BODY}").as_bytes())),
            ("a callback", |stream| encoded(stream, "", format!("callback({BODY})").as_bytes())),
            ("a guard before", |stream| encoded(stream, "", format!(")]}}',\n{BODY}").as_bytes())),
        ],
    );
}

#[test]
fn heads_that_are_odd() {
    all(
        "http",
        &[
            ("no head", |stream| says(stream, BODY.as_bytes())),
            ("an empty line", |stream| says(stream, b"\r\n\r\n\r\n")),
            ("another version", |stream| says(stream, b"HTTP/3.7 200 OK\r\ncontent-length: 2\r\n\r\n{}")),
            ("no status", |stream| says(stream, b"HTTP/1.1\r\n\r\n{}")),
            ("a status of four digits", |stream| says(stream, b"HTTP/1.1 2000 OK\r\ncontent-length: 2\r\n\r\n{}")),
            ("a header without a name", |stream| encoded(stream, ": x\r\n", b"{}")),
            ("a header without a colon", |stream| encoded(stream, "x-oauth-scopes\r\n", b"{}")),
            ("a name with a space", |stream| encoded(stream, "x oauth scopes: repo\r\n", b"{}")),
            ("a folded header", |stream| encoded(stream, "x-a: b\r\n c\r\n", b"{}")),
            ("a bare return", |stream| encoded(stream, "x-a: b\rx-b: c\r\n", b"{}")),
            ("frames of HTTP/2", |stream| {
                says(stream, b"\x00\x00\x12\x04\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x64")
            }),
            ("another protocol", |stream| {
                says(stream, b"HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n{}")
            }),
        ],
    );
}

#[test]
fn handshakes_that_fail() {
    all(
        "https",
        &[
            ("closed at once", |_| Ok(())),
            ("silent", silent),
            ("plain HTTP", |stream| stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")),
            ("an alert", |stream| {
                let _ = stream.read(&mut [0; 4096])?;
                stream.write_all(b"\x15\x03\x03\x00\x02\x02\x28")
            }),
            ("a record too long", |stream| {
                let _ = stream.read(&mut [0; 4096])?;
                stream.write_all(b"\x16\x03\x03\xff\xff")?;
                stream.write_all(&[0; 70_000])
            }),
            ("half a greeting, slowly", |stream| {
                let _ = stream.read(&mut [0; 4096])?;
                stream.write_all(b"\x16\x03\x03\x00\x7a\x02\x00\x00\x76\x03\x03")?;
                loop {
                    stream.write_all(b"\x00")?;
                    thread::sleep(Duration::from_millis(300));
                }
            }),
        ],
    );
}
