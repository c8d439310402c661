//! The first request, which tells whether the credential is accepted, whose it is and how old the host is; and the
//! user's own record.

use serde_json::Value as Json;

use super::asking::{self, Found, Reply, Stop, username};
use super::headers::{self, ServiceAccount};
use super::refusal;
use super::tables::host;
use crate::facts::{Bounds, Cause, Evidence, Knowledge, Unknown, Value, Version};
use crate::hosts::column::{Column, Gap, Held, required};
use crate::hosts::path::encoded;
use crate::hosts::reader::{malformed, strange_word, word_of, wrong_field};
use crate::hosts::{Seen, Walk, alike};
use crate::vocabulary::bitbucket_server::headers::X_AUSERNAME;
use crate::vocabulary::{CredentialKind, FieldPath, Place, field};

/// The properties of the server. Anybody may read them, so that only the caller's name in the header counts.
pub(super) async fn caller(walk: &mut Walk<'_>) -> Result<Unknown, Stop> {
    let exchange = asking::ask(walk, walk.row().path).await?;
    let Ok(answer) = &exchange.result else { return Err(Stop::Broken(exchange)) };
    let seen = Seen::of(&exchange);
    let body = alike::json(answer).ok();
    let name = headers::caller(answer);
    let version = body.as_ref().and_then(|body| body.get("version")).and_then(Json::as_str);
    match (answer.status, name, version) {
        (200 | 401 | 403, Some(name), _) => {
            accepted(walk, &seen, name);
            if answer.status != 200 {
                return Ok(Unknown::new(Cause::NotPermitted, "Bitbucket refuses to tell its version"));
            }
            let knowledge = version.and_then(Version::parse).map_or_else(
                || Knowledge::Unknown(wrong_field("/version", "a version")),
                |version| Knowledge::Known(Value::Version(version)),
            );
            walk.tell("host.version", knowledge, vec![seen.evidence(field("version"))]);
            Ok(malformed("the answer does not tell this"))
        }
        (200, None, Some(_)) => {
            let source = Place::from(X_AUSERNAME).missing();
            walk.tell("token.active", Knowledge::Known(Value::Bool(false)), vec![seen.evidence(&source)]);
            let reason =
                "is not accepted: Bitbucket answers as it answers anybody (200 without a user's name)".to_owned();
            let help =
                "make a new one, and check that nothing between here and Bitbucket strips the Authorization header";
            Ok(refusal::refused(walk, &seen, reason, help.to_owned(), source))
        }
        (200, _, None) => {
            // The whole host stands behind it: further requests would end there, too.
            walk.decoded.ends = Some(refusal::foreign());
            Ok(refusal::foreign())
        }
        _ => Ok(refusal::read(walk, &seen, answer)),
    }
}

fn accepted(walk: &mut Walk<'_>, seen: &Seen, name: String) {
    walk.tell("token.active", Knowledge::Known(Value::Bool(true)), vec![seen.evidence(X_AUSERNAME)]);
    let possible = walk.credential().kinds.as_slice();
    if let [only] = possible {
        let how = walk.credential().kind_evidence.clone();
        let evidence = Evidence::own(how.unwrap_or(Place::Settings));
        walk.tell("token.kind", Knowledge::Known(Value::Word(only.word)), vec![evidence]);
    } else {
        walk.tell("token.kind", kind(possible, &name), vec![seen.evidence(X_AUSERNAME)]);
    }
    walk.tell("user.username", Knowledge::Known(Value::String(name)), vec![seen.evidence(X_AUSERNAME)]);
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

const NAME: Column = required("name");
const TYPE: Column = required("type");
const DISPLAY_NAME: Column = required("displayName").null(Gap::Nothing);

/// The user's own record: by its slug, or, where the name is not the slug, by the name.
pub(super) async fn user(walk: &mut Walk<'_>) -> Result<Unknown, Stop> {
    let Some(name) = username(&walk.question()) else { return Ok(no_name()) };
    if let Some(slug) = headers::slug_of(&name) {
        match asking::get(walk, &format!("/api/1.0/users/{}", encoded(&slug))).await? {
            Reply::Found(seen, body) if NAME.text(&body) == Held::Value(&*name) => {
                tell_user(walk, &seen, &body, |field| field);
                return Ok(malformed("the answer does not tell this"));
            }
            Reply::Found(..) | Reply::NotFound(_) => {}
            Reply::Denied(_, unknown) => return Ok(unknown),
        }
    }
    let is_own = |item: &Json| Some(item.get("name")?.as_str()? == name);
    match asking::find(walk, by_name(&name), is_own).await? {
        Found::Item(seen, body) => {
            tell_user(walk, &seen, &body, |field| field.within("values"));
            Ok(malformed("the answer does not tell this"))
        }
        Found::Denied(unknown) => Ok(unknown),
        Found::None(_) | Found::NoList => Ok(not_listed(&name)),
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

fn tell_user(walk: &mut Walk<'_>, seen: &Seen, body: &Json, place: fn(FieldPath) -> FieldPath) {
    let strange = || strange_word("/type", &["NORMAL", "SERVICE"]);
    let kind = TYPE.text(body).or_strange(|text| word_of(host(), "user.kind", text), strange);
    let (kind, is_bot) = (kind.clone().known(Value::Word), kind.map(|word| word == "service").is());
    let source = place(field("type"));
    walk.tell("user.kind", kind, vec![seen.evidence(source)]);
    walk.tell("user.is_bot", is_bot, vec![seen.evidence(source)]);
    let name = DISPLAY_NAME.text_or_empty(body);
    walk.tell("user.name", name.says(), vec![seen.evidence(place(field("displayName")))]);
}
