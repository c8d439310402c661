//! `credcheck watch`: rounds, what they read anew, what is answered over HTTP, and how it ends.

#![expect(clippy::disallowed_methods, reason = "a token's file lies outside of the bench")]

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use credcheck::simulator::github::{Fault, Repository};

use crate::bench::{Bench, Invocation, Started, acme, classic, good};

/// Longer than anybody waits.
const LONG: Duration = Duration::from_secs(60);

const GOOD: &str = "host github {\n  require token.scopes covers [\"repo\"]\n}\n";
const BROKEN: &str = "host github {\n  require token.scopes covers [\"admin:org\"]\n}\n";

/// A port that nobody listens on.
fn free() -> SocketAddr {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap()
}

/// What is answered to these bytes: the status line and the rest.
fn said(address: SocketAddr, bytes: &[u8]) -> Option<String> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(LONG)).unwrap();
    stream.write_all(bytes).ok()?;
    let mut text = String::new();
    let _ = stream.read_to_string(&mut text);
    Some(text)
}

fn get(address: SocketAddr, path: &str) -> String {
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    said(address, request.as_bytes()).unwrap_or_default()
}

/// Waits until what is answered has this text, and gives it.
#[track_caller]
fn until(address: SocketAddr, path: &str, text: &str) -> String {
    let since = Instant::now();
    loop {
        let answer = get(address, path);
        if answer.contains(text) {
            return answer;
        }
        assert!(since.elapsed() < LONG, "{path} never said {text:?}, but\n{answer}");
        thread::sleep(Duration::from_millis(20));
    }
}

/// A watch of `check.pol` whose rounds begin when they are asked for.
fn watch<'a>(bench: &'a Bench, address: SocketAddr, more: &[&str]) -> Started<Invocation<'a>> {
    let listen = address.to_string();
    let mut arguments = vec!["watch", "check.pol", "--every", "1h", "--listen", &listen];
    arguments.extend(more);
    bench.run(&arguments).saying_anything().start()
}

#[test]
fn each_round_reads_everything_anew_and_one_that_fails_does_not_end_the_watch() {
    let (mut bench, world) = (Bench::new(), acme());
    let (live, dead) = (classic("live"), classic("dead"));
    let host = bench.host(world.token(good(&live)));
    bench.secret(&live);
    bench.secret(&dead);
    let folder = tempfile::tempdir().unwrap();
    let token = folder.path().join("token");
    fs::write(&token, &live).unwrap();
    bench.table(&format!(
        "[[credential]]\nname = \"bot\"\nhost = \"github\"\nurl = \"{}\"\napi_url = \"{}\"\ntoken = {{ file = \"{}\" }}\n\
         repositories = [\"acme/infra\"]\n",
        host.url(),
        host.api_url(),
        token.display()
    ));
    bench.policy(GOOD);
    let address = free();
    let watch = watch(&bench, address, &["--report", "prometheus=metrics.prom"]);
    let metrics = until(address, "/metrics", "credcheck_watch_rounds 1\n");
    assert!(metrics.starts_with("HTTP/1.1 200 OK\r\n"), "{metrics}");
    assert!(metrics.contains("content-type: text/plain; version=0.0.4; charset=utf-8\r\n"), "{metrics}");
    for line in ["credcheck_run_exit_code 0\n", "credcheck_watch_last_round_failed 0\n"] {
        assert!(metrics.contains(line), "{metrics}");
    }
    let valid = |value: u8| {
        format!("credcheck_credential_valid{{credential=\"bot\",host=\"github\",url=\"{}\"}} {value}\n", host.url())
    };
    assert!(metrics.contains(&valid(1)), "{metrics}");
    assert!(get(address, "/readyz").starts_with("HTTP/1.1 200"));
    assert!(get(address, "/healthz").starts_with("HTTP/1.1 200"));
    assert!(bench.read("team/metrics.prom").contains("credcheck_run_exit_code 0\n"));

    bench.policy(BROKEN);
    watch.signal("HUP");
    let metrics = until(address, "/metrics", "credcheck_watch_rounds 2\n");
    assert!(metrics.contains("credcheck_run_exit_code 1\n"), "{metrics}");
    assert!(bench.read("team/metrics.prom").contains("credcheck_run_exit_code 1\n"));

    bench.policy("host github {");
    watch.signal("HUP");
    let metrics = until(address, "/metrics", "credcheck_watch_rounds 3\n");
    for line in
        ["credcheck_watch_failed_rounds 1\n", "credcheck_watch_last_round_failed 1\n", "credcheck_run_exit_code 1\n"]
    {
        assert!(metrics.contains(line), "{metrics}");
    }
    assert!(get(address, "/readyz").starts_with("HTTP/1.1 200"), "what was judged before is still told");

    bench.policy(GOOD);
    fs::write(&token, &dead).unwrap();
    watch.signal("HUP");
    let metrics = until(address, "/metrics", "credcheck_watch_rounds 4\n");
    assert!(metrics.contains(&valid(0)), "{metrics}");
    assert!(metrics.contains("credcheck_watch_last_round_failed 0\n"), "{metrics}");
    watch.signal("TERM");
    let ended = watch.exits(0);
    for line in ["round 1: exit code 0", "round 2: exit code 1", "round 3: failed with exit code 4", "C0102"] {
        assert!(ended.stderr.contains(line), "{}", ended.stderr);
    }
    assert_eq!(host.server.requests().iter().filter(|request| request.path == "/user").count(), 3);
}

#[test]
fn it_is_not_ready_before_a_round_has_judged() {
    let (bench, _host) = Bench::usual("host github {");
    let address = free();
    let watch = watch(&bench, address, &[]);
    let metrics = until(address, "/metrics", "credcheck_watch_rounds 1\n");
    assert!(!metrics.contains("credcheck_run"), "{metrics}");
    assert!(get(address, "/readyz").starts_with("HTTP/1.1 503"));
    bench.policy(GOOD);
    watch.signal("HUP");
    until(address, "/readyz", "HTTP/1.1 200");
    watch.signal("INT");
    watch.exits(0);
}

#[test]
fn nothing_else_is_answered_and_bad_requests_hurt_nobody() {
    let (bench, _host) = Bench::usual(GOOD);
    let address = free();
    let watch = watch(&bench, address, &["-q", "--grace", "0s"]);
    until(address, "/readyz", "HTTP/1.1 200");
    assert!(get(address, "/").starts_with("HTTP/1.1 404"));
    assert!(get(address, "/metrics/../etc/passwd").starts_with("HTTP/1.1 404"));
    let post =
        format!("POST /metrics HTTP/1.1\r\nHost: {address}\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc");
    assert!(said(address, post.as_bytes()).unwrap().starts_with("HTTP/1.1 405"));
    let head = format!("HEAD /metrics HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    let head = said(address, head.as_bytes()).unwrap();
    assert!(head.starts_with("HTTP/1.1 200") && head.ends_with("\r\n\r\n"), "{head}");
    for bytes in [&b"\x00\xff\xfe\r\n\r\n"[..], b"GET /metrics", &b"A".repeat(1 << 20), b"GET / HTTP/9.9\r\n\r\n"] {
        let mut stream = TcpStream::connect(address).unwrap();
        // It may hang up before it was told all.
        let _ = stream.write_all(bytes);
    }
    // However many begin and say no more: the oldest make room.
    let begun = |_| {
        let mut stream = TcpStream::connect(address).ok()?;
        stream.write_all(b"GET /met").ok()?;
        Some(stream)
    };
    let open: Vec<TcpStream> = (0..200).filter_map(begun).collect();
    let since = Instant::now();
    assert!(get(address, "/healthz").starts_with("HTTP/1.1 200"));
    assert!(since.elapsed() < Duration::from_secs(20), "it took {:?}", since.elapsed());
    drop(open);
    watch.signal("TERM");
    watch.exits(0);
}

#[test]
fn a_round_may_go_on_for_a_while_and_is_then_ended_in_order() {
    let (mut bench, mut world) = (Bench::new(), acme());
    for (name, wait) in [("quick", Duration::ZERO), ("slow", LONG * 2)] {
        let path = format!("acme/{name}");
        world = world.repository(Repository::new(&path).private()).token(good(&classic(name)));
        if !wait.is_zero() {
            world = world.fault_on(&format!("/repos/{path}"), 9, Fault::Slow(wait));
        }
    }
    let host = bench.host(world);
    for name in ["quick", "slow"] {
        bench.credential(name, &host, &classic(name), &format!("repositories = [\"acme/{name}\"]"));
    }
    bench.policy("host github {\n  require repository.visibility == private\n}\n");
    let address = free();
    // Ten seconds of the grace are for the end of tokens.
    let watch = watch(&bench, address, &["--grace", "11s", "--report", "json=report.json"]);
    let since = Instant::now();
    while host.server.requests().iter().filter(|request| request.path.starts_with("/repos/")).count() < 2 {
        assert!(since.elapsed() < LONG, "too few requests were sent");
        thread::sleep(Duration::from_millis(5));
    }
    let at = Instant::now();
    watch.signal("TERM");
    let ended = watch.exits(0);
    let took = at.elapsed();
    assert!(took >= Duration::from_millis(900) && took < Duration::from_secs(11), "it took {took:?}");
    assert!(ended.stderr.contains("the watch ends"), "{}", ended.stderr);
    assert!(bench.read("team/report.json").contains("\"judged\": 1"));
}

#[test]
fn what_cannot_be_watched_is_said_at_once() {
    let (bench, _host) = Bench::usual(GOOD);
    for every in ["1s", "0s", "soon", "2000d"] {
        let ended = bench.run(&["watch", "check.pol", "--every", every]).saying_anything().exits(2);
        assert!(ended.stderr.contains(&format!("`--every {every}`")), "{}", ended.stderr);
    }
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let ended = bench.run(&["watch", "check.pol", "--listen", &address]).saying_anything().exits(5);
    assert!(ended.stderr.contains(&format!("cannot listen on {address}")), "{}", ended.stderr);
    let address = free().to_string();
    let wrong = ["watch", "check.pol", "--listen", &address, "--host", "githbu"];
    let ended = bench.run(&wrong).saying_anything().exits(2);
    assert!(ended.stderr.contains("githbu"), "{}", ended.stderr);
    bench.run(&["watch", "check.pol", "--listen", "metrics"]).saying_anything().exits(2);
}
