//! The first request, which tells whether the credential is accepted, whose it is and how old the host is; and the
//! user's own record.

use serde_json::Value as Json;

use super::headers::{self, ServiceAccount};
use super::host;
use super::refusal;
use super::walk::{List, Reply, Seen, Stop, Walk};
use crate::facts::{Bounds, Cause, Evidence, Knowledge, Unknown, Value, Version};
use crate::hosts::path::encoded;
use crate::hosts::reader::{malformed, strange_word, word_of, wrong_field};
use crate::vocabulary::bitbucket_server::headers::X_AUSERNAME;
use crate::vocabulary::{CredentialKind, FieldPath, Header, Place, field};

const NAME: Header = X_AUSERNAME;

/// The properties of the server. Anybody may read them, so that only the caller's name in the header counts.
pub(super) fn caller<'a>(walk: &mut Walk<'a>) -> Result<Unknown, Stop<'a>> {
    let seen = walk.ask(walk.question.row.path)?;
    let body: Option<Json> = serde_json::from_slice(&seen.answer.body).ok();
    let name = headers::caller(seen.answer);
    let version = body.as_ref().and_then(|body| body.get("version")).and_then(Json::as_str);
    match (seen.answer.status, name, version) {
        (200 | 401 | 403, Some(name), _) => {
            accepted(walk, seen, name);
            if seen.answer.status != 200 {
                return Ok(Unknown::new(Cause::NotPermitted, "Bitbucket refuses to tell its version"));
            }
            let knowledge = version.and_then(Version::parse).map_or_else(
                || Knowledge::Unknown(wrong_field("/version", "a version")),
                |version| Knowledge::Known(Value::Version(version)),
            );
            walk.tell_fact("host.version", knowledge, vec![seen.evidence(field("version"))]);
            Ok(malformed("the answer does not tell this"))
        }
        (200, None, Some(_)) => {
            let source = Place::from(X_AUSERNAME).missing();
            walk.tell_fact("token.active", Knowledge::Known(Value::Bool(false)), vec![seen.evidence(&source)]);
            let reason =
                "is not accepted: Bitbucket answers as it answers anybody (200 without a user's name)".to_owned();
            let help =
                "make a new one, and check that nothing between here and Bitbucket strips the Authorization header";
            Ok(refusal::refused(walk, seen, reason, help.to_owned(), source))
        }
        (200, _, None) => {
            // The whole host stands behind it: further requests would end there, too.
            walk.ends = Some(refusal::foreign());
            Ok(refusal::foreign())
        }
        _ => Ok(refusal::read(walk, seen)),
    }
}

fn accepted<'a>(walk: &mut Walk<'a>, seen: Seen<'a>, name: String) {
    walk.tell_fact("token.active", Knowledge::Known(Value::Bool(true)), vec![seen.evidence(NAME)]);
    let possible = walk.question.credential.kinds.as_slice();
    if let [only] = possible {
        let how = walk.question.credential.kind_evidence.clone();
        let evidence = Evidence::own(how.unwrap_or(Place::Settings));
        walk.tell_fact("token.kind", Knowledge::Known(Value::Word(only.word)), vec![evidence]);
    } else {
        walk.tell_fact("token.kind", kind(possible, &name), vec![seen.evidence(NAME)]);
    }
    walk.tell_fact("user.username", Knowledge::Known(Value::String(name)), vec![seen.evidence(NAME)]);
}

/// The kind, by the account that the credential acts as.
fn kind(possible: &[&'static CredentialKind], name: &str) -> Knowledge {
    let service = ServiceAccount::of_name(name);
    let fits = |kind: &&&'static CredentialKind| match service {
        Some(account) if account.of == ServiceAccount::REPOSITORY => kind.word == "repository",
        // What other first numbers stand for was never recorded.
        Some(_) => !kind.has_user,
        None => kind.has_user,
    };
    let words: Vec<&'static str> = possible.iter().filter(fits).map(|kind| kind.word).collect();
    match words.as_slice() {
        [] => Knowledge::Unknown(malformed("the token's text and the account that it acts as name different kinds")),
        [only] => Knowledge::Known(Value::Word(only)),
        _ => {
            let why = match service {
                Some(_) => "it is not known how the account of a project's token is told from others",
                None => "neither the token's text nor the answer tells its kind",
            };
            Knowledge::Bounded(Bounds::Candidates(words), Unknown::new(Cause::NotRevealable, why))
        }
    }
}

/// The user's own record: by its slug, or, where the name is not the slug, by the name.
pub(super) fn user<'a>(walk: &mut Walk<'a>) -> Result<Unknown, Stop<'a>> {
    let Some(name) = walk.username() else { return Ok(no_name()) };
    if let Some(slug) = headers::slug_of(name) {
        match walk.get(&format!("/api/1.0/users/{}", encoded(&slug)))? {
            Reply::Found(seen, body) if body.get("name").and_then(Json::as_str).is_none_or(|found| found == name) => {
                tell_user(walk, seen, &body, |field| field);
                return Ok(malformed("the answer does not tell this"));
            }
            Reply::Found(..) | Reply::NotFound(_) => {}
            Reply::Denied(_, unknown) => return Ok(unknown),
        }
    }
    let mut found = None;
    let end = walk.list(&by_name(name), |_, seen, item| {
        let is_own = item.get("name").and_then(Json::as_str) == Some(name);
        if is_own {
            found = Some((seen, item.clone()));
        }
        is_own
    })?;
    match (end, found) {
        (List::Found, Some((seen, body))) => {
            tell_user(walk, seen, &body, |field| field.within("values"));
            Ok(malformed("the answer does not tell this"))
        }
        (List::Denied(unknown), _) => Ok(unknown),
        _ => Ok(not_listed(name)),
    }
}

/// The path of the users whose name, display name or e-mail address has this name in it.
pub(super) fn by_name(name: &str) -> String {
    format!("/api/1.0/users?filter={}&limit=100", encoded(name))
}

/// Nothing says whose the credential is.
pub(super) fn no_name() -> Unknown {
    Unknown::new(Cause::NotRevealable, "it cannot be asked for without the user's name")
}

/// The list of users does not have the caller.
pub(super) fn not_listed(name: &str) -> Unknown {
    Unknown::new(Cause::NotPermitted, format!("Bitbucket lists no user of the name `{name}` to this credential"))
}

fn tell_user<'a>(walk: &mut Walk<'a>, seen: Seen<'a>, body: &Json, place: fn(FieldPath) -> FieldPath) {
    let text = |name: &str| body.get(name).and_then(Json::as_str);
    let (kind, is_bot) = match text("type").map(|text| word_of(host(), "user.kind", text)) {
        Some(Some(word)) => (Knowledge::Known(Value::Word(word)), Knowledge::Known(Value::Bool(word == "service"))),
        Some(None) => {
            let unknown = strange_word("/type", &["NORMAL", "SERVICE"]);
            (Knowledge::Unknown(unknown.clone()), Knowledge::Unknown(unknown))
        }
        None => {
            let unknown = wrong_field("/type", "a text");
            (Knowledge::Unknown(unknown.clone()), Knowledge::Unknown(unknown))
        }
    };
    let source = place(field("type"));
    walk.tell_fact("user.kind", kind, vec![seen.evidence(source)]);
    walk.tell_fact("user.is_bot", is_bot, vec![seen.evidence(source)]);
    let name = match body.get("displayName") {
        Some(Json::String(text)) if !text.is_empty() => Knowledge::Known(Value::String(text.clone())),
        Some(Json::String(_) | Json::Null) => Knowledge::Absent,
        _ => Knowledge::Unknown(wrong_field("/displayName", "a text")),
    };
    walk.tell_fact("user.name", name, vec![seen.evidence(place(field("displayName")))]);
}
