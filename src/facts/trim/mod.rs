//! What a record keeps of an answer: the headers and fields that decoders read, and nothing else.
//!
//! Hosts put secrets of others into answers: `runners_token`, webhook secrets in clear, user information and tokens in
//! URLs. So nothing is kept because it looks harmless; only what is listed is kept, and URLs in it lose what is secret.

mod address;
mod body;

use std::borrow::Cow;

use serde_json::Value;

use self::address::without_secrets;
use self::body::left_of;
use super::address::WebAddress;
use super::exchange::Answer;
use crate::vocabulary::headers::STANDARD;
use crate::vocabulary::{Header, Request, SecretAddresses};

/// What every decoder of a host reads, beside a row's own headers and fields: rate limits, error messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kept<'a> {
    /// Headers.
    pub headers: &'a [Header],
    /// JSON pointers; `*` stands for every element of a list or every member of an object, and the empty pointer for
    /// the whole body.
    pub fields: &'a [&'a str],
}

/// The answer without anything that neither the row nor `kept` nor [`STANDARD`] lists.
///
/// What stands at a listed pointer stays as it is, whatever its type, so that a decoder sees the same. On the way to one,
/// lists and objects keep their shape and `null` stays; any other value that is in the way is replaced by an empty one
/// of its type, so that a malformed answer stays malformed and its content goes. A body that is not JSON is dropped, unless
/// it is one of the row's words, and so is one in which a name stands twice: what is left of it could not show that.
pub fn trim(row: &Request, kept: Kept<'_>, answer: &Answer) -> Answer {
    let listed = |name: &str| {
        let mut names = STANDARD.iter().chain(row.headers).chain(kept.headers);
        names.any(|header| header.is(name))
    };
    let headers = answer
        .headers
        .iter()
        .filter(|(name, _)| listed(name))
        .map(|(name, value)| (name.clone(), without_secrets(value).into_owned()))
        .collect();
    let pointers: Vec<Vec<Cow<'_, str>>> = row.fields.iter().chain(kept.fields).map(|field| steps(field)).collect();
    let paths: Vec<&[Cow<'_, str>]> = pointers.iter().map(Vec::as_slice).collect();
    let word = || {
        let text = answer.body.trim_ascii();
        row.words.iter().find(|word| word.as_bytes() == text).map(|word| word.as_bytes().to_vec())
    };
    let left = left_of(&answer.body, &paths);
    let left = match &row.secret_addresses {
        Some(addresses) => left.and_then(|body| hosts_alone(addresses, &body)),
        None => left,
    };
    let body = left.or_else(word).unwrap_or_default();
    Answer { status: answer.status, headers, body, at: answer.at }
}

/// The same list with nothing but the host of each address that is a secret; one that is no text loses its content.
fn hosts_alone(addresses: &SecretAddresses, body: &[u8]) -> Option<Vec<u8>> {
    let mut list: Value = serde_json::from_slice(body).ok()?;
    let elements: Vec<&mut Value> = match &mut list {
        Value::Array(elements) => elements.iter_mut().collect(),
        Value::Object(members) => members.values_mut().collect(),
        _ => Vec::new(),
    };
    for element in elements {
        if !addresses.is_secret(element.pointer(addresses.kind).and_then(Value::as_str)) {
            continue;
        }
        match element.pointer_mut(addresses.address) {
            Some(Value::String(said)) if !said.is_empty() => *said = WebAddress::host_of(said).into_said(),
            Some(Value::Array(items)) => items.clear(),
            Some(Value::Object(members)) => members.clear(),
            _ => {}
        }
    }
    serde_json::to_vec(&list).ok()
}

/// The steps of a JSON pointer.
fn steps(pointer: &str) -> Vec<Cow<'_, str>> {
    let Some(rest) = pointer.strip_prefix('/') else { return Vec::new() };
    rest.split('/')
        .map(|step| if step.contains('~') { step.replace("~1", "/").replace("~0", "~").into() } else { step.into() })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::vocabulary::{Method, Subject};

    fn row(headers: &'static [Header], fields: &'static [&'static str]) -> Request {
        Request {
            name: "user",
            method: Method::Get,
            path: "/user",
            subject: Subject::Credential,
            headers,
            fields,
            words: &[],
            listing: None,
            batch: None,
            secret_addresses: None,
            needs: &[],
            see: "",
        }
    }

    fn answer(body: impl Into<Vec<u8>>) -> Answer {
        Answer { status: 200, headers: Vec::new(), body: body.into(), at: "2026-11-23T12:00:00Z".parse().unwrap() }
    }

    fn body(fields: &'static [&'static str], body: &Value) -> Value {
        let trimmed = trim(&row(&[], fields), Kept::default(), &answer(body.to_string()));
        serde_json::from_slice(&trimmed.body).unwrap()
    }

    #[test]
    fn only_listed_fields_are_left() {
        let user = json!({
            "login": "acme-bot", "two_factor_authentication": true, "runners_token": "zzz", "plan": { "name": "free", "seats": 3 },
            "list": [{ "id": 1, "secret": "zzz" }, { "id": 2 }], "a/b": 1, "whole": { "x": ["y", null] }
        });
        for (fields, left) in [
            (&["/login"] as &[_], json!({ "login": "acme-bot" })),
            (&["/plan/name", "/none/deeper"], json!({ "plan": { "name": "free" } })),
            (&["/list/*/id"], json!({ "list": [{ "id": 1 }, { "id": 2 }] })),
            (&["/list/1/id"], json!({ "list": [null, { "id": 2 }] })),
            (&["/a~1b", "/whole"], json!({ "a/b": 1, "whole": { "x": ["y", null] } })),
            (&[], json!({})),
        ] {
            assert_eq!(body(fields, &user), left, "{fields:?}");
        }
        assert_eq!(body(&[""], &user), user);
        let repositories = json!([{ "name": "a", "hook": "zzz" }, "zzz", null, 7]);
        assert_eq!(body(&["/*/name"], &repositories), json!([{ "name": "a" }, "", null, 0]));
        let batch = json!({ "data": { "r0": { "role": "ADMIN", "x": "zzz" }, "r1": null } });
        assert_eq!(body(&["/data/*/role"], &batch), json!({ "data": { "r0": { "role": "ADMIN" }, "r1": null } }));
    }

    #[test]
    fn of_an_address_that_is_a_secret_only_the_host_is_left() {
        let addresses = SecretAddresses { address: "/config/url", kind: "/type", plain: &["gitea"] };
        let fields: &[&str] = &["/*/type", "/*/config/url"];
        let row = Request { secret_addresses: Some(addresses), ..row(&[], fields) };
        let left = |body: Value| {
            let left = trim(&row, Kept::default(), &answer(body.to_string()));
            serde_json::from_slice::<Value>(&left.body).unwrap()
        };
        let hook = |kind: Value, url: &Value| json!({ "type": kind, "config": { "url": url } });
        let url = json!("https://chat.acme.dev/hooks/zzz?a=b");
        for kind in [
            "slack",
            "discord",
            "msteams",
            "telegram",
            "matrix",
            "feishu",
            "dingtalk",
            "wechatwork",
            "packagist",
            "new",
        ] {
            let once = left(json!([hook(json!(kind), &url), hook(json!("gitea"), &url)]));
            let host = json!("https://chat.acme.dev/***");
            assert_eq!(once, json!([hook(json!(kind), &host), hook(json!("gitea"), &url)]), "{kind}");
            assert_eq!(left(once.clone()), once);
        }
        for odd in [
            json!([{ "config": { "url": "https://chat.acme.dev/zzz" } }]),
            json!([hook(json!(7), &url)]),
            json!([hook(json!("slack"), &json!("zzz"))]),
            json!([hook(json!("slack"), &json!(["zzz"]))]),
            json!([hook(json!("slack"), &json!({ "a": "zzz" }))]),
            json!({ "a": hook(json!("slack"), &url) }),
        ] {
            assert!(!left(odd.clone()).to_string().contains("zzz"), "{odd}");
        }
    }

    #[test]
    fn a_malformed_answer_stays_malformed_without_its_content() {
        for (sent, left) in [
            (json!("zzz"), json!("")),
            (json!(["zzz"]), json!([])),
            (json!({ "plan": "zzz" }), json!({ "plan": "" })),
            (json!({ "plan": null }), json!({ "plan": null })),
            (json!({ "plan": ["zzz"] }), json!({ "plan": [] })),
            (json!({ "plan": { "name": { "odd": [1] } } }), json!({ "plan": { "name": { "odd": [1] } } })),
        ] {
            assert_eq!(body(&["/plan/name"], &sent), left);
        }
        for text in ["", "<html>zzz</html>", "{\"login\":", "\u{feff}{}"] {
            assert!(trim(&row(&[], &["/login"]), Kept::default(), &answer(text)).body.is_empty());
        }
        let deep = [b"[".repeat(100_000), b"]".repeat(100_000)].concat();
        assert!(trim(&row(&[], &[""]), Kept::default(), &answer(deep)).body.is_empty());
    }

    #[test]
    fn members_stand_in_order_and_a_body_that_says_something_twice_is_dropped() {
        let left = |sent: &str| {
            let left = trim(&row(&[], &["/plan/name", "/login"]), Kept::default(), &answer(sent));
            String::from_utf8(left.body).unwrap()
        };
        let text = left(r#"{ "plan": { "x": 1, "name": "b" }, "login": "c" }"#);
        assert_eq!(text, r#"{"login":"c","plan":{"name":"b"}}"#);
        assert_eq!(left(r#"{ "plan": { "name": "b" }, "login": "c", "plan": { "name": "a" } }"#), "");
        assert_eq!(left(r#"{ "login": "c", "plan": { "x": { "y": 1, "y": 2 } } }"#), "", "whether it is kept or not");
    }

    #[test]
    fn only_listed_headers_are_left() {
        let headers = [
            ("date", "Mon, 23 Nov 2026 12:00:00 GMT"),
            ("x-oauth-scopes", "repo"),
            ("set-cookie", "zzz"),
            ("x-oauth-scopes", "gist"),
            ("x-left", "3"),
            ("link", "<https://git.acme.dev/x?page=2&private_token=zzz>; rel=\"next\""),
        ];
        let mut full = answer("{}");
        full.headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let kept = Kept { headers: &[Header::new("X-Left")], fields: &[] };
        const SCOPES: &[Header] = &[Header::new("X-OAuth-Scopes")];
        let left = trim(&row(SCOPES, &[]), kept, &full);
        let names: Vec<&str> = left.headers.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["date", "x-oauth-scopes", "x-oauth-scopes", "x-left", "link"]);
        assert_eq!(left.header("link").unwrap(), "<https://git.acme.dev/x?page=2&private_token=***>; rel=\"next\"");
    }

    /// Any JSON, with the listed names among others, and a marker in every text that is not at a listed place.
    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            "[a-z]{0,6}".prop_map(Value::from),
            Just(Value::from("SECRET")),
        ];
        leaf.prop_recursive(5, 48, 5, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::Array),
                proptest::collection::btree_map("login|plan|name|list|other", inner, 0..5)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    const FIELDS: &[&str] = &["/login", "/plan/name", "/list/*/name", "/*/login"];

    /// What a decoder can see: everything at the listed pointers.
    fn seen(value: &Value) -> Vec<Option<Value>> {
        let mut seen: Vec<Option<Value>> =
            ["/login", "/plan/name"].iter().map(|pointer| value.pointer(pointer).cloned()).collect();
        for element in value.get("list").and_then(Value::as_array).into_iter().flatten() {
            seen.push(element.get("name").cloned());
        }
        for element in value.as_array().into_iter().flatten() {
            seen.push(element.get("login").cloned());
        }
        seen
    }

    /// Blanks what is at the listed pointers, to look at the rest.
    fn rest(mut value: Value) -> Value {
        for pointer in ["/login", "/plan/name"] {
            if let Some(place) = value.pointer_mut(pointer) {
                *place = Value::Null;
            }
        }
        let blank = |element: &mut Value, name: &str| {
            if let Some(place) = element.get_mut(name) {
                *place = Value::Null;
            }
        };
        value.get_mut("list").and_then(Value::as_array_mut).into_iter().flatten().for_each(|it| blank(it, "name"));
        if let Some(members) = value.get_mut("list").and_then(Value::as_object_mut) {
            members.values_mut().for_each(|it| blank(it, "name"));
        }
        match &mut value {
            Value::Array(elements) => elements.iter_mut().for_each(|it| blank(it, "login")),
            Value::Object(members) => members.values_mut().for_each(|it| blank(it, "login")),
            _ => {}
        }
        value
    }

    proptest! {
        #[test]
        fn listed_fields_survive_and_unlisted_texts_never_do(value in any_json()) {
            let left = body(FIELDS, &value);
            prop_assert_eq!(seen(&left), seen(&value));
            prop_assert!(!rest(left.clone()).to_string().contains("SECRET"), "{}", left);
            prop_assert_eq!(body(FIELDS, &left), left);
        }

        #[test]
        fn any_bytes_are_trimmed(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = trim(&row(&[], FIELDS), Kept::default(), &answer(bytes));
        }
    }
}
