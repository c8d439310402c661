//! Hosts that send back what they were sent, in every spelling: nothing of the secret comes out anywhere.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use crate::bench::{Bench, SIX, classic, fake};
use crate::hostile::{HEADERS, Head, Hostile, answer, repository, right, user};

/// The ways to write a text: alone, and several in one.
fn spellings(text: &str) -> Vec<String> {
    let all = each_spelling(text);
    let mut texts = vec![text.to_owned()];
    texts.extend(all.chunks(4).map(|chunk| chunk.join(" ")));
    texts
}

fn each_spelling(text: &str) -> Vec<String> {
    let each =
        |open: &str, close: &str| text.bytes().map(|byte| format!("{open}{byte:02x}{close}")).collect::<String>();
    vec![
        text.to_owned(),
        text.to_ascii_uppercase(),
        format!("Bearer {text}"),
        format!("{{\"token\":\"{text}\"}}"),
        STANDARD.encode(text),
        STANDARD.encode(format!("acme-bot:{text}")),
        URL_SAFE_NO_PAD.encode(format!("x:{text}")),
        each("%", ""),
        each("\\\\u00", ""),
        each("&#x", ";"),
        text.replace('_', "%5F"),
        each("", ""),
        each("", "").to_ascii_uppercase(),
        STANDARD.encode(STANDARD.encode(text)),
        STANDARD.encode(STANDARD.encode(format!("acme-bot:{text}"))),
        text.split_once('_').map_or(text, |(_, rest)| rest).to_owned(),
        format!("https://acme-bot:{text}@git.acme.example/acme/infra?access_token={text}"),
    ]
}

/// Runs everything that writes on a host, and leaves the bench to prove that no secret got out.
fn all_outputs(host: &Hostile, token: &str) {
    let mut bench = Bench::new();
    bench.credential_at(
        "bot",
        &host.url(),
        &host.url(),
        token,
        "username = \"acme-bot\"\nrepositories = [\"acme/infra\", \"acme/*\"]",
    );
    bench.policy(&format!("{SIX}\nhost github {{\n  prefer user.email like \"*@acme.example\"\n  prefer user.name == \"x\"\n  forbid token.scopes overlaps [\"gist\"]\n  prefer repository.name == \"x\"\n}}\n"));
    for arguments in [
        &["check.pol", "--verbose", "--record", "record.json"] as &[_],
        &["check.pol", "--format", "json", "--output", "report.json"],
        &["check.pol", "--format", "json", "--replay", "record.json"],
        &["facts", "--format", "json", "--record", "facts.json"],
        &["init", "--from-live"],
        &["init", "--from-live", "--format", "json", "--output", "start.json"],
    ] {
        bench.run(arguments).saying_anything().gives_a_verdict();
    }
}

#[test]
fn in_what_an_answer_says() {
    for (at, token) in [classic("echo-body"), fake("github_pat", "echo-body")].into_iter().enumerate() {
        let spelled = spellings(&token);
        for text in spelled {
            let body = if at == 0 || text.len() % 2 == 0 { text.clone() } else { format!("x{text}y") };
            let host = Hostile::answering(move |head| {
                let quoted = body.replace('"', "\\\"");
                let json = match head.line.as_str() {
                    "GET /user" => format!(
                        r#"{{"login":"{quoted}","id":1,"type":"{quoted}","name":"{quoted}","email":"{quoted}@acme.example","site_admin":"{quoted}"}}"#
                    ),
                    _ => format!(
                        r#"{{"full_name":"{quoted}","name":"{quoted}","visibility":"{quoted}","role_name":"{quoted}","permissions":{{"{quoted}":true}},"message":"{quoted}","documentation_url":"https://docs.github.com/{quoted}"}}"#
                    ),
                };
                answer("200 OK", &HEADERS, json)
            });
            all_outputs(&host, &token);
        }
    }
}

#[test]
fn in_headers() {
    let token = classic("echo-headers");
    for text in spellings(&token) {
        let host = Hostile::answering(move |head| {
            let link = format!("<{text}>; rel=\"next\"");
            let headers = [
                ("content-type", "application/json"),
                ("x-oauth-scopes", text.as_str()),
                ("github-authentication-token-expiration", text.as_str()),
                ("x-oauth-client-id", text.as_str()),
                ("x-accepted-github-permissions", text.as_str()),
                ("x-github-sso", text.as_str()),
                ("x-github-request-id", text.as_str()),
                ("x-github-enterprise-version", text.as_str()),
                ("www-authenticate", text.as_str()),
                ("deprecation", text.as_str()),
                ("sunset", text.as_str()),
                ("date", text.as_str()),
                ("retry-after", text.as_str()),
                ("x-ratelimit-limit", text.as_str()),
                ("link", link.as_str()),
            ];
            match head.line.as_str() {
                "GET /user" => answer("200 OK", &headers, user("acme-bot")),
                "GET /repos/acme/infra" => answer("200 OK", &headers, repository("acme/infra")),
                _ => answer("200 OK", &headers, format!("[{}]", repository("acme/infra"))),
            }
        });
        all_outputs(&host, &token);
    }
}

#[test]
fn in_errors() {
    let token = classic("echo-errors");
    let statuses =
        ["401 Unauthorized", "403 Forbidden", "404 Not Found", "422 Unprocessable Entity", "451 Unavailable"];
    for (text, status) in spellings(&token).into_iter().zip(statuses.iter().copied().cycle()) {
        let host = Hostile::answering(move |head| {
            let quoted = text.replace('"', "\\\"");
            let body = format!(
                r#"{{"message":"Bad token {quoted} sent","documentation_url":"https://docs.github.com/{quoted}","errors":[{{"message":"{quoted}"}}],"block":{{"reason":"{quoted}","html_url":"https://example.com/{quoted}"}}}}"#
            );
            let sso = format!("required; url=https://github.com/orgs/acme/sso?authorization_request={text}");
            match head.line.as_str() {
                "GET /user" if !status.starts_with("401") => right(head),
                _ => answer(status, &[("content-type", "application/json"), ("x-github-sso", &sso)], body),
            }
        });
        all_outputs(&host, &token);
    }
}

/// Where a host sends who asked it.
type Place = fn(&Head) -> String;

#[test]
fn in_redirects() {
    let token = classic("echo-redirect");
    let places: [Place; 5] = [
        |head| format!("https://{}.evil.example/", head.token().replace('_', "-")),
        |head| format!("https://user:{}@evil.example/", head.token()),
        |head| format!("/somewhere?access_token={}", head.token()),
        |head| format!("{}://x", head.token().replace('_', "-")),
        |head| head.token().to_owned(),
    ];
    for place in places {
        let host = Hostile::answering(move |head| {
            let target = place(head);
            match head.line.as_str() {
                "GET /user" | "GET /repos/acme/infra" => answer("302 Found", &[("location", &target)], "{}"),
                _ => answer("200 OK", &HEADERS, user(head.token())),
            }
        });
        all_outputs(&host, &token);
    }
}

#[test]
fn a_secret_that_is_no_token_by_its_shape() {
    // Nothing of it can be known by its looks: only the redactor knows it.
    let secret = "Kf9-wQ72+xLp/03mZr8=uVt5";
    for text in spellings(secret) {
        let host = Hostile::answering(move |head| {
            let quoted = text.replace('"', "\\\"");
            let json = format!(r#"{{"login":"{quoted}","type":"User","message":"{quoted}","full_name":"{quoted}"}}"#);
            let headers = [("content-type", "application/json"), ("x-oauth-scopes", text.as_str())];
            answer(if head.line == "GET /user" { "200 OK" } else { "403 Forbidden" }, &headers, json)
        });
        all_outputs(&host, secret);
    }
}
