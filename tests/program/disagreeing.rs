//! Hosts whose answers disagree, or end a list in a way that cannot be read: nothing passes by them.

use credcheck::simulator::github::{Level, Repository};
use serde_json::json;

use crate::bench::{BOT, Bench, INFRA, acme, classic, good};
use crate::hostile::{HEADERS, Hostile, answer, repository, right, user};

/// Checks one statement about every repository of a list whose first page has this `Link` and whose second is this; the run
/// ends with this code.
#[track_caller]
fn listed(link: &str, second: &[u8], code: i32) {
    let (link, second) = (link.to_owned(), second.to_owned());
    let host = Hostile::answering(move |head| {
        let of = |names: &[&str]| json!(names.iter().map(|name| json!({ "full_name": name })).collect::<Vec<_>>());
        if head.line.starts_with("GET /user/repos?per_page=100&page=2") {
            answer("200 OK", &HEADERS, &second)
        } else if head.line.starts_with("GET /user/repos") {
            let address =
                head.text.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("host: ").map(str::to_owned));
            let link = link.replace("HOST", &address.unwrap());
            let headers: Vec<(&str, &str)> = HEADERS.into_iter().chain([("link", link.as_str())]).collect();
            answer("200 OK", &headers, of(&[INFRA]).to_string())
        } else {
            right(head)
        }
    });
    let mut bench = Bench::new();
    bench.credential_at("bot", &host.url(), &host.url(), &classic("listed"), r#"repositories = ["acme/*"]"#);
    bench.policy("host github {\n  forbid repository.archived == true\n}\n");
    bench.check(&[]).exits(code);
}

const NEXT: &str = "<http://HOST/user/repos?per_page=100&page=2>; rel=\"next\"";

#[test]
fn a_list_passes_only_where_it_was_read_to_its_end() {
    listed("<http://HOST/user/repos?page=1>; rel=\"last\"", b"", 0);
    listed(NEXT, b"[]", 0);
    for second in [
        &b""[..],
        b"<!doctype html><title>Sign in</title>",
        b"[{\"full_name\": \"acme/li",
        b"\xef\xbb\xbf[]",
        b"{}",
        b"null",
        b"[null]",
        b"[{\"full_name\": null}]",
        b"[{\"full_name\": \"acme/live\", \"full_name\": \"acme/infra\"}]",
    ] {
        listed(NEXT, second, 3);
    }
    for link in [
        "<http://HOST/user/repos?per_page=100&page=2>; rel='next'",
        "<http://HOST/user/repos?per_page=100&page=2>; rel=\"next",
        "<http://HOST/user/repos?per_page=100&page=2",
        "http://HOST/user/repos?per_page=100&page=2; rel=\"next\"",
        "rubbish",
        // In a circle, and elsewhere.
        "<http://HOST/user/repos?per_page=100>; rel=\"next\"",
        "<http://localhost.example/user/repos?per_page=100&page=2>; rel=\"next\"",
    ] {
        listed(link, b"[]", 3);
    }
    // Spelled as nobody does, and allowed: the page is read.
    for link in [
        "<http://HOST/user/repos?per_page=100&page=2>;REL=next",
        "<http://HOST/user/repos?per_page=100&page=2> ; Rel=\"NEXT\"",
    ] {
        listed(link, b"<html>", 3);
        listed(link, b"[]", 0);
    }
}

/// Checks one statement about every webhook of a repository on Bitbucket, Cloud's or a server's; the list's first page is
/// `first`, in which `NEXT` is the address of the second. The run ends with this code.
#[track_caller]
fn listed_by_bitbucket(kind: &str, first: &[u8], second: &str, code: i32) {
    let (first, second) = (first.to_owned(), second.to_owned());
    let host = Hostile::answering(move |head| {
        let path = head.line.trim_start_matches("GET ");
        let headers = [
            ("content-type", "application/json"),
            ("x-ausername", "acme-bot"),
            ("x-oauth-scopes", "webhook, repository"),
            ("x-credential-type", "oauth2"),
        ];
        let ok = |body: &[u8]| answer("200 OK", &headers, body);
        let says = |body: &serde_json::Value| ok(body.to_string().as_bytes());
        match path {
            _ if path.contains("second=1") || path.contains("start=1") => match second.as_str() {
                GONE => answer("404 Not Found", &headers, r#"{"error": {"message": "no such page"}}"#),
                second => ok(second.as_bytes()),
            },
            _ if path.contains("hooks") => {
                let address = head.text.lines().find_map(|line| {
                    line.to_ascii_lowercase().strip_prefix("host: ").map(|host| format!("http://{host}{path}&second=1"))
                });
                let next = address.unwrap();
                ok(&match std::str::from_utf8(&first) {
                    Ok(text) => text.replace("NEXT", &next).into_bytes(),
                    Err(_) => first.clone(),
                })
            }
            "/user" => says(&json!({ "uuid": "{0b5e}", "nickname": "acme-bot", "has_2fa_enabled": true })),
            _ if path.ends_with("application-properties") => says(&json!({ "version": "8.19.1" })),
            _ if path.ends_with("/users/acme-bot") => says(&json!({ "name": "acme-bot", "type": "NORMAL" })),
            _ if path.ends_with("/repositories/acme/infra") => {
                says(&json!({ "full_name": "acme/infra", "is_private": true }))
            }
            _ => answer("404 Not Found", &headers, r#"{"error": {"message": "no such thing"}}"#),
        }
    });
    let mut bench = Bench::new();
    let token = if kind == "bitbucket_server" { BBDC } else { CLOUD };
    let token = format!("{}{}", token.0, token.1.repeat(11));
    let kinds = if kind == "bitbucket_server" { "personal" } else { "oauth" };
    let more = format!("kind = \"{kinds}\"\nrepositories = [\"acme/infra\"]");
    bench.credential_of(kind, "bot", (&host.url(), &host.url()), &token, &more);
    bench.policy(&format!(
        "host {kind} {{\n  forbid any hook in repository.webhooks satisfies (hook.url like \"*evil*\")\n}}\n"
    ));
    bench.check(&[]).exits(code);
}

/// The second page is not there.
const GONE: &str = "404";

const BBDC: (&str, &str) = ("BBDC-", "Mz9a");
const CLOUD: (&str, &str) = ("x", "Q7k_");

fn hook_of_bitbucket(url: &str) -> serde_json::Value {
    json!({
        "url": url, "active": true, "events": ["repo:push"], "secret_set": true, "skip_cert_verification": false,
        "sslVerificationRequired": true, "configuration": { "secret": "" },
    })
}

/// Pages that are 200 and none.
const ODD: &[&[u8]] = &[
    b"",
    b"<!doctype html><title>Sign in</title>",
    b"{\"values\": [{\"url\": \"https://plan.ac",
    b"\xef\xbb\xbf{\"values\": [], \"isLastPage\": true, \"size\": 0}",
    b"\xff\xfe{\x00}\x00",
    b"[]",
    b"null",
    b"{}",
    b"{\"values\": null, \"isLastPage\": true}",
    b"{\"values\": {}, \"isLastPage\": true}",
    b"{\"values\": [null], \"isLastPage\": true, \"size\": 1}",
    b"{\"values\": [], \"values\": [], \"isLastPage\": true}",
];

#[test]
fn a_list_of_a_bitbucket_server_passes_only_where_it_was_read_to_its_end() {
    let page = |last: &str| {
        format!(
            "{{\"size\": 1, \"limit\": 100, \"start\": 0, {last} \"values\": [{}]}}",
            hook_of_bitbucket("https://plan.acme.dev")
        )
    };
    let check = |first: &str, second: &str, code| {
        listed_by_bitbucket("bitbucket_server", first.as_bytes(), second, code);
    };
    let whole = page("\"isLastPage\": true,");
    let next = page("\"isLastPage\": false, \"nextPageStart\": 1,");
    check(&whole, "", 0);
    check(&next, &whole, 0);
    check(&next, &whole.replace("plan.acme.dev", "evil.dev"), 1);
    check(&next, GONE, 3);
    for last in [
        "",
        "\"isLastPage\": null,",
        "\"isLastPage\": \"false\",",
        "\"isLastPage\": \"true\",",
        "\"isLastPage\": 0,",
        "\"isLastPage\": 1,",
        "\"isLastPage\": [],",
        "\"isLastPage\": false,",
        "\"isLastPage\": false, \"nextPageStart\": null,",
        "\"isLastPage\": false, \"nextPageStart\": \"1\",",
        "\"isLastPage\": false, \"nextPageStart\": 0,",
        "\"isLastPage\": false, \"nextPageStart\": -1,",
        "\"isLastPage\": true, \"isLastPage\": false,",
    ] {
        check(&page(last), &whole, 3);
    }
    for odd in ODD {
        listed_by_bitbucket("bitbucket_server", odd, "", 3);
        if let Ok(odd) = std::str::from_utf8(odd) {
            check(&next, odd, 3);
        }
    }
}

#[test]
fn a_list_of_bitbucket_cloud_passes_only_where_it_was_read_to_its_end() {
    let page = |more: &str| {
        format!("{{\"pagelen\": 100, {more} \"values\": [{}]}}", hook_of_bitbucket("https://plan.acme.dev"))
    };
    let check = |first: &str, second: &str, code| {
        listed_by_bitbucket("bitbucket_cloud", first.as_bytes(), second, code);
    };
    let whole = page("\"page\": 1, \"size\": 1,");
    let next = page("\"page\": 1, \"size\": 2, \"next\": \"NEXT\",");
    let second = page("\"page\": 2, \"size\": 2,");
    check(&whole, "", 0);
    check(&next, &second, 0);
    check(&next, &second.replace("plan.acme.dev", "evil.dev"), 1);
    // A page that is not there says nothing of the repository, which was seen.
    check(&next, GONE, 3);
    for more in [
        "\"size\": 1, \"next\": 2,",
        "\"size\": 1, \"next\": true,",
        "\"size\": 1, \"next\": {},",
        "\"size\": 1, \"next\": \"\",",
        "\"size\": 1, \"next\": \"rubbish\",",
        "\"size\": 1, \"next\": \"http://localhost.example/hooks?page=2\",",
        "\"size\": 50,",
        "\"size\": \"50\",",
        "\"size\": 2, \"size\": 1,",
    ] {
        check(&page(more), &second, 3);
    }
    for odd in ODD {
        listed_by_bitbucket("bitbucket_cloud", odd, "", 3);
        if let Ok(odd) = std::str::from_utf8(odd) {
            check(&next, odd, 3);
        }
    }
}

#[test]
fn two_answers_with_other_scopes_settle_nothing_live_and_replayed() {
    let host = Hostile::answering(|head| {
        let mut headers = HEADERS;
        headers[1].1 = "repo, delete_repo";
        match head.line.as_str() {
            "GET /user" => answer("200 OK", &HEADERS, user(BOT)),
            "GET /repos/acme/infra" => answer("200 OK", &headers, repository(INFRA)),
            _ => right(head),
        }
    });
    let mut bench = Bench::new();
    bench.credential_at("bot", &host.url(), &host.url(), &classic("scopes"), r#"repositories = ["acme/infra"]"#);
    bench.policy(
        "host github {\n  forbid token.scopes overlaps [\"delete_repo\"]\n  require repository.archived == false\n}\n",
    );
    for arguments in [&["--record", "record.json"][..], &["--replay", "record.json"]] {
        bench.check(arguments).exits(3).shows("decided 1 of 2").shows("GET /user").shows("cannot both be right");
    }
}

#[test]
fn a_repository_that_no_statement_reads_is_listed() {
    let host = Hostile::answering(right);
    let mut bench = Bench::new();
    let scope = r#"repositories = ["acme/infra", "acme/live-*"]"#;
    bench.credential_at("bot", &host.url(), &host.url(), &classic("unread"), scope);
    bench.policy("host github {\n  require token.scopes covers [\"repo\"]\n}\n");
    let report = bench.check(&["--format", "json"]).exits(0).json();
    let row = |name: &str| json!({ "host": "github", "credential": "bot", "repository": name });
    assert_eq!(report["repositories_not_read"], json!([row("acme/infra"), row("acme/live-*")]));
    bench.check(&[]).exits(0).shows("not read: github `bot`: no statement is about `acme/infra` and `acme/live-*`");
    assert!(host.heads().iter().all(|head| head.line == "GET /user"), "nothing is sent for it");
    bench.policy("host github {\n  require repository.archived == false\n}\n");
    let report = bench.check(&["--format", "json", "--repository", "acme/infra"]).exits(0).json();
    assert_eq!(report["repositories_not_read"], json!([]));
}

#[test]
fn a_repository_that_is_disabled_takes_no_pushes_asked_alone_or_with_others() {
    let token = classic("disabled");
    let repository = |name: &str| Repository::new(name).private().collaborator(BOT, Level::Write);
    let world = acme().repository(repository("acme/off").disabled()).repository(repository("acme/live"));
    let mut bench = Bench::new();
    let host = bench.host(world.token(good(&token)));
    bench.credential("bot", &host, &token, r#"repositories = ["acme/live", "acme/off"]"#);
    bench.policy("host github {\n  require repository.can covers [push]\n}\n");
    for arguments in [&[][..], &["--repository", "acme/off"]] {
        bench.check(arguments).exits(1).shows("1 violation").shows("takes no pushes");
    }
    bench.check(&["--repository", "acme/live"]).exits(0);
}

#[test]
fn a_field_that_is_missing_null_or_of_another_type_decides_nothing() {
    for (name, value) in [
        ("archived", json!(null)),
        ("archived", json!("false")),
        ("archived", json!(0)),
        ("disabled", json!(null)),
        ("disabled", json!("no")),
        ("mirror_url", json!(false)),
        ("permissions", json!({ "admin": true, "maintain": true, "push": false, "triage": true, "pull": true })),
        ("permissions", json!({ "admin": false, "maintain": false, "push": "true", "triage": true, "pull": true })),
    ] {
        let host = Hostile::answering(move |head| match head.line.as_str() {
            "GET /repos/acme/infra" => {
                let mut body: serde_json::Value = serde_json::from_str(&repository(INFRA)).unwrap();
                body[name] = value.clone();
                answer("200 OK", &HEADERS, body.to_string())
            }
            _ => right(head),
        });
        let mut bench = Bench::new();
        bench.credential_at("bot", &host.url(), &host.url(), &classic("odd"), r#"repositories = ["acme/infra"]"#);
        bench.policy("host github {\n  require repository.can covers [push]\n}\n");
        bench.check(&[]).exits(3).shows("decided 0 of 1");
    }
}
