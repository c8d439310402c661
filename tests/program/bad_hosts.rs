//! Hosts that are broken or mean harm: unknown never passes, in bounded time and memory, and nothing they say gets
//! through unclean.

use std::io::Write as _;
use std::net::{Ipv4Addr, TcpListener, TcpStream};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::json;

use crate::bench::{Bench, Ended, SIX, classic};
use crate::hostile::{HEADERS, Hostile, answer, mostly_right, repository, user};

/// Address space that a run gets by with, in MiB: far less than what these hosts would have it hold.
const MEMORY: u64 = 512;

/// Checks six statements at this address.
fn check_at(url: &str, arguments: &[&str]) -> (Bench, Vec<String>) {
    let mut bench = Bench::new();
    bench.credential_at("bot", url, url, &classic("bad-host"), r#"repositories = ["acme/infra"]"#);
    bench.policy(SIX);
    let mut all = vec!["--timeout".to_owned(), "1s".to_owned()];
    all.extend(arguments.iter().map(|&argument| argument.to_owned()));
    (bench, all)
}

/// Nothing was decided, and the report says this.
#[track_caller]
fn undetermined(url: &str, text: &str) -> Ended {
    let (bench, arguments) = check_at(url, &[]);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    bench.check(&arguments).within(MEMORY).exits(3).shows("decided 0 of 6").shows("0 violations").shows(text)
}

/// What needs the user's answer was decided, what needs the repository's was not, and the report says this.
#[track_caller]
fn half_determined(host: &Hostile, text: &str) -> Ended {
    let (bench, arguments) = check_at(&host.url(), &[]);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    bench.check(&arguments).within(MEMORY).exits(3).shows("decided 4 of 6").shows("0 violations").shows(text)
}

fn chunked(stream: &mut TcpStream, headers: &str) -> std::io::Result<()> {
    write!(stream, "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n{headers}transfer-encoding: chunked\r\n\r\n")
}

#[test]
fn an_endless_body() {
    let host = Hostile::writing(|_, stream| {
        chunked(stream, "")?;
        let chunk = [b"10000\r\n".to_vec(), vec![b' '; 0x10000], b"\r\n".to_vec()].concat();
        for _ in 0..16_384 {
            stream.write_all(&chunk)?;
        }
        Ok(())
    });
    undetermined(&host.url(), "larger than");
}

#[test]
fn an_announced_gigabyte() {
    let host = Hostile::answering(|_| b"HTTP/1.1 200 OK\r\ncontent-length: 1073741824\r\n\r\n{".to_vec());
    undetermined(&host.url(), "larger than");
}

#[test]
fn a_gzip_bomb() {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    for _ in 0..128 {
        encoder.write_all(&vec![b' '; 1 << 20]).unwrap();
    }
    let bomb = encoder.finish().unwrap();
    let host = Hostile::answering(move |_| {
        answer("200 OK", &[("content-type", "application/json"), ("content-encoding", "gzip")], &bomb)
    });
    undetermined(&host.url(), "larger than");
}

#[test]
fn endless_headers() {
    let host = Hostile::writing(|_, stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\n")?;
        for at in 0..1_000_000 {
            write!(stream, "x-header-{at}: {}\r\n", "x".repeat(1000))?;
        }
        Ok(())
    });
    undetermined(&host.url(), "headers are too large");
    let line = Hostile::writing(|_, stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\nx: ")?;
        for _ in 0..100_000 {
            stream.write_all(&[b'x'; 4096])?;
        }
        Ok(())
    });
    undetermined(&line.url(), "headers are too large");
}

#[test]
fn a_slow_drip() {
    let host = Hostile::writing(|_, stream| {
        chunked(stream, "")?;
        loop {
            stream.write_all(b"1\r\n \r\n")?;
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
    });
    let (bench, _) = check_at(&host.url(), &[]);
    bench.check(&["--timeout", "1s"]).exits(3).shows("no answer within").shows("decided 0 of 6");
}

#[test]
fn a_host_that_says_nothing() {
    // Its backlog takes the connection, and nobody ever accepts it.
    let silent = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    undetermined(&format!("http://{}", silent.local_addr().unwrap()), "no answer within");
}

#[test]
fn nobody_listens() {
    let gone = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap();
    undetermined(&format!("http://{gone}"), "refused the connection");
}

#[test]
fn a_port_without_tls() {
    // What servers answer to a TLS handshake on a port for plain HTTP.
    let plain = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = plain.local_addr().unwrap();
    std::thread::spawn(move || {
        while let Ok((mut stream, _)) = plain.accept() {
            let _ = std::io::Read::read(&mut stream, &mut [0; 4096]);
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n");
        }
    });
    undetermined(&format!("https://{address}"), "does not speak TLS");
}

#[test]
fn what_is_not_http() {
    for bytes in [
        &b"<html>hello</html>"[..],
        b"\x00\x01\x02\x03\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.9\r\n",
        b"HTTP/9.9 200 OK\r\n\r\n",
        b"HTTP/1.1 OK\r\n\r\n",
    ] {
        let host = Hostile::answering(move |_| bytes.to_vec());
        undetermined(&host.url(), "it is not HTTP");
    }
}

#[test]
fn statuses_that_say_nothing() {
    for status in
        ["204 No Content", "304 Not Modified", "206 Partial Content", "299 Odd", "418 I'm a teapot", "600 Beyond"]
    {
        let host = Hostile::answering(move |_| answer(status, &[("content-type", "text/html")], ""));
        undetermined(&host.url(), "undetermined");
    }
    for status in ["200 OK", "400 Bad Request", "403 Forbidden", "404 Not Found", "422 Unprocessable"] {
        let host = Hostile::answering(move |_| {
            answer(status, &[("content-type", "text/html")], "<html><h1>Log in to the proxy</h1></html>")
        });
        undetermined(&host.url(), "undetermined");
    }
}

#[test]
fn errors_of_a_server_are_retried_and_then_unknown() {
    let host = Hostile::answering(|_| answer("500 Oops", &[("content-type", "text/html")], "<html>"));
    undetermined(&host.url(), "500");
    assert!((1..=6).contains(&host.heads().len()), "{}", host.heads().len());
}

#[test]
fn a_host_that_asks_to_wait_for_ever() {
    for after in ["99999999999999999999", "Tue, 31 Dec 2999 23:59:59 GMT", "3600"] {
        let host = Hostile::answering(move |_| answer("429 Slow down", &[("retry-after", after)], "{}"));
        undetermined(&host.url(), "undetermined");
        assert_eq!(host.heads().len(), 1, "{after}");
    }
}

#[test]
fn json_as_deep_as_the_sea() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let body = format!("{}1{}", open.repeat(100_000), close.repeat(100_000));
        let host = Hostile::answering(move |_| answer("200 OK", &HEADERS, &body));
        let (bench, _) = check_at(&host.url(), &[]);
        // Scopes and expiry are in headers, and hold.
        bench.check(&["--record", "record.json"]).within(MEMORY).exits(3).shows("0 violations").hides("decided 6 of 6");
        bench.check(&["--replay", "record.json"]).exits(3);
    }
}

/// Nothing passes but what headers alone can tell.
#[track_caller]
fn only_headers(bench: &Bench, value: &serde_json::Value) {
    let ended = bench.check(&["--format", "json"]).within(MEMORY).ends();
    let verdicts = ended.verdicts();
    assert_ne!(ended.json()["exit"], 0, "{value}");
    let mut passed = verdicts.iter().filter(|verdict| verdict.ends_with("pass"));
    assert!(passed.all(|verdict| ["end pass", "scope pass"].contains(&verdict.as_str())), "{value}: {verdicts:?}");
}

#[test]
fn wrong_types_everywhere() {
    let values = [
        json!(null),
        json!(true),
        json!(-1),
        json!(1e308),
        json!(""),
        json!([]),
        json!({}),
        json!([[[]]]),
        json!({"a": {}}),
        json!("x".repeat(100_000)),
        json!(["admin", "push"]),
        json!({"push": "yes"}),
        json!({"push": 1}),
    ];
    for value in values {
        let wrong = value.clone();
        let host = mostly_right(move |head| {
            let mut body: serde_json::Value = serde_json::from_str(&match head.line.as_str() {
                "GET /user" => user("x"),
                _ => repository("acme/infra"),
            })
            .unwrap();
            for field in body.as_object_mut().unwrap().values_mut() {
                *field = wrong.clone();
            }
            Some(answer("200 OK", &HEADERS, body.to_string()))
        });
        let (bench, _) = check_at(&host.url(), &[]);
        bench.run(&["facts"]).within(MEMORY).saying_anything().gives_a_verdict();
        only_headers(&bench, &value);
        let whole = value.clone();
        let host = Hostile::answering(move |_| answer("200 OK", &HEADERS, whole.to_string()));
        let (bench, _) = check_at(&host.url(), &[]);
        only_headers(&bench, &value);
    }
}

#[test]
fn headers_that_make_no_sense() {
    for (name, value) in [
        ("github-authentication-token-expiration", "never ever"),
        ("github-authentication-token-expiration", "99999999-99-99 99:99:99 UTC"),
        ("github-authentication-token-expiration", "2099-01-01 00:00:00 +9999"),
        ("github-authentication-token-expiration", ""),
    ] {
        let host = mostly_right(move |head| {
            (head.line == "GET /user").then(|| {
                let mut headers: Vec<(&str, &str)> = HEADERS.to_vec();
                headers.retain(|(header, _)| *header != name);
                headers.push((name, value));
                answer("200 OK", &headers, user("acme-bot"))
            })
        });
        let (bench, _) = check_at(&host.url(), &[]);
        let verdicts = bench.check(&["--format", "json"]).exits(3).verdicts();
        assert!(verdicts.contains(&"end undetermined/malformed".to_owned()), "{value}: {verdicts:?}");
    }
    // Two of what there can be one of.
    let host = mostly_right(|head| {
        (head.line == "GET /user").then(|| {
            let twice = [("github-authentication-token-expiration", "2020-01-01 00:00:00 UTC")];
            answer("200 OK", &[&HEADERS[..], &twice].concat(), user("acme-bot"))
        })
    });
    let (bench, _) = check_at(&host.url(), &[]);
    let verdicts = bench.check(&["--format", "json"]).ends().verdicts();
    assert!(!verdicts.contains(&"end pass".to_owned()), "{verdicts:?}");
}

#[test]
fn no_header_of_scopes_is_no_empty_list_of_scopes() {
    let host = mostly_right(|head| {
        (head.line == "GET /user").then(|| answer("200 OK", &[("content-type", "application/json")], user("acme-bot")))
    });
    let (bench, _) = check_at(&host.url(), &[]);
    bench.policy("host github {\n  forbid token.scopes covers [\"admin:org\"]\n}\n");
    bench.check(&[]).exits(3).shows("decided 0 of 1");
}

/// Texts that would do harm in a terminal, a CI log or a report.
const NASTY: [&str; 7] = [
    "x\u{1b}[31mred\u{1b}]0;title\u{7}",
    "x\u{202e}gnp.exe\u{2066}",
    "x\n::error::pwned\n::set-output name=a::b",
    "x\r\n##vso[task.complete result=Succeeded]done\n##[error]x",
    "x\n##teamcity[buildStatus status='SUCCESS']",
    "</script><script>alert(1)</script>`x` \u{0}\u{9b}31m",
    "`, decided 6 of 6\n\nC0601",
];

#[test]
fn names_that_would_do_harm() {
    for nasty in NASTY {
        let host = mostly_right(move |head| {
            Some(match head.line.as_str() {
                "GET /user" => answer("200 OK", &HEADERS, user(nasty)),
                "GET /repos/acme/infra" => {
                    let mut body: serde_json::Value = serde_json::from_str(&repository("acme/infra")).unwrap();
                    body["full_name"] = json!(format!("acme/{nasty}"));
                    body["visibility"] = json!(nasty);
                    body["role_name"] = json!(nasty);
                    answer("200 OK", &HEADERS, body.to_string())
                }
                _ => return None,
            })
        });
        let mut bench = Bench::new();
        bench.credential_at(
            "bot",
            &host.url(),
            &host.url(),
            &classic("nasty"),
            "username = \"someone\"\nrepositories = [\"acme/infra\"]",
        );
        bench.policy(SIX);
        for format in ["human", "narrated", "json"] {
            bench.check(&["--verbose", "--format", format]).saying_anything().exits(1);
            bench.run(&["facts", "--format", format]).saying_anything().gives_a_verdict();
        }
        bench.check(&["--color", "always"]).with_colour().saying_anything().exits(1);
    }
}

#[test]
fn messages_that_would_do_harm() {
    for nasty in NASTY {
        for status in ["401 Unauthorized", "403 Forbidden", "404 Not Found"] {
            let host = Hostile::answering(move |_| {
                let body = json!({"message": nasty, "documentation_url": nasty, "errors": [{"message": nasty}]});
                answer(status, &[("content-type", "application/json")], body.to_string())
            });
            let (bench, _) = check_at(&host.url(), &[]);
            bench.check(&["--verbose"]).saying_anything().gives_a_verdict();
        }
    }
}

#[test]
fn header_values_that_would_do_harm() {
    for bytes in [
        &b"re\x1b[31mpo"[..],
        b"repo\xff\xfe",
        b"repo, \xe2\x80\xaegist",
        b"::error::x, ##vso[task.complete]",
        b", ,,repo,,,",
    ] {
        let host = Hostile::writing(move |head, stream| {
            let body = if head.line == "GET /user" { user("acme-bot") } else { repository("acme/infra") };
            write!(
                stream,
                "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\nx-oauth-scopes: ",
                body.len()
            )?;
            stream.write_all(bytes)?;
            write!(stream, "\r\n\r\n{body}")
        });
        let (bench, _) = check_at(&host.url(), &[]);
        bench.policy("host github {\n  require token.scopes covers [\"admin:org\"]\n}\n");
        for format in ["human", "json"] {
            bench.check(&["--verbose", "--format", format]).saying_anything().gives_a_verdict();
        }
    }
}

#[test]
fn names_in_a_list_that_no_repository_can_have() {
    let names = [
        "../../user",
        "acme/../../user",
        "acme/a\"b",
        "acme/a b",
        "acme/x?y=1",
        "acme/x#y",
        "acme/%2e%2e",
        "acme/..",
        "a/b/c",
        "",
        "acme/",
    ];
    let host = mostly_right(move |head| {
        head.line.starts_with("GET /user/repos").then(|| {
            let list: Vec<_> = names
                .iter()
                .map(|name| json!({"full_name": name}))
                .chain([json!(7), json!({"full_name": 7}), json!(null)])
                .collect();
            answer("200 OK", &HEADERS, json!(list).to_string())
        })
    });
    let mut bench = Bench::new();
    bench.credential_at("bot", &host.url(), &host.url(), &classic("list"), r#"repositories = ["*/*"]"#);
    bench.policy("host github {\n  forbid repository.archived == true\n}\n");
    bench.check(&[]).exits(3);
    for head in host.heads() {
        let path = head.line.trim_start_matches("GET ");
        assert!(path == "/user" || path.starts_with("/user/repos?") || path.starts_with("/repos/"), "{path}");
        assert!(!path.contains("..") && !path.contains(['"', '#', ' ']) && path.matches('/').count() <= 3, "{path}");
    }
}

#[test]
fn pages_without_end() {
    let host = mostly_right(|head| {
        head.line.starts_with("GET /user/repos").then(|| {
            let page: u32 = head.line.split("page=").last().and_then(|page| page.parse().ok()).unwrap_or(1);
            let link = format!("</user/repos?per_page=100&page={}>; rel=\"next\"", page + 1);
            let headers = [&HEADERS[..], &[("link", link.as_str())]].concat();
            answer("200 OK", &headers, format!("[{}]", repository("acme/infra")))
        })
    });
    let mut bench = Bench::new();
    bench.credential_at("bot", &host.url(), &host.url(), &classic("pages"), r#"repositories = ["acme/*"]"#);
    bench.policy("host github {\n  require repository.permission >= write\n}\n");
    bench.check(&[]).exits(3);
    assert!(host.heads().len() <= 60, "{}", host.heads().len());
}

#[test]
fn pages_in_a_circle_and_redirects_in_a_circle() {
    let host = mostly_right(|head| {
        head.line.starts_with("GET /user/repos").then(|| {
            let link = format!("<{}>; rel=\"next\"", head.line.trim_start_matches("GET "));
            let headers = [&HEADERS[..], &[("link", link.as_str())]].concat();
            answer("200 OK", &headers, format!("[{}]", repository("acme/infra")))
        })
    });
    let mut bench = Bench::new();
    bench.credential_at("bot", &host.url(), &host.url(), &classic("circle"), r#"repositories = ["acme/*"]"#);
    bench.policy("host github {\n  require repository.permission >= write\n}\n");
    bench.check(&[]).exits(3);
    assert!(host.heads().len() <= 4, "{}", host.heads().len());
    let circle = mostly_right(|head| {
        head.line.starts_with("GET /repos").then(|| answer("301 Moved", &[("location", "/repos/acme/infra")], "{}"))
    });
    half_determined(&circle, "redirect");
    assert!(circle.heads().len() <= 5, "{}", circle.heads().len());
}

#[test]
fn an_answer_about_another_repository_is_not_this_ones() {
    let host = mostly_right(|head| {
        head.line.starts_with("GET /repos").then(|| answer("200 OK", &HEADERS, repository("evil/other")))
    });
    let (bench, _) = check_at(&host.url(), &[]);
    // A renamed repository answers under its new name, with a note; it is never silent.
    bench.check(&[]).saying_anything().ends().shows("evil/other");
}

#[test]
fn a_connection_that_breaks() {
    let host = mostly_right(|head| {
        head.line.starts_with("GET /repos").then(|| b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{\"full".to_vec())
    });
    half_determined(&host, "was lost");
    let garbage = mostly_right(|head| {
        head.line.starts_with("GET /repos").then(|| {
            answer("200 OK", &[("content-type", "application/json"), ("content-encoding", "gzip")], "not gzip at all")
        })
    });
    half_determined(&garbage, "compressed body is broken");
    let encoded = mostly_right(|head| {
        head.line.starts_with("GET /repos").then(|| answer("200 OK", &[("content-encoding", "br")], "xxxx"))
    });
    half_determined(&encoded, "encoding");
}
