//! `GET /user` and the GraphQL viewer: whose the credential is, and what its headers say of it.

use serde_json::Value as Json;

use super::headers;
use super::tables::{host, word_of};
use crate::facts::{Bounds, Cause, Evidence, Knowledge, Unknown, Value, Version};
use crate::hosts::column::{Column, Gap, required};
use crate::hosts::reader::{Reader, malformed, strange_word, wrong_field};
use crate::hosts::strange;
use crate::vocabulary::github::headers::{
    TOKEN_EXPIRATION, X_ACCEPTED_GITHUB_PERMISSIONS, X_GITHUB_ENTERPRISE_VERSION, X_GITHUB_REQUEST_ID,
    X_OAUTH_CLIENT_ID, X_OAUTH_SCOPES, X_RATELIMIT_REMAINING,
};
use crate::vocabulary::{CredentialKind, NameSet, Place, Remark, Type, field};

const NAME: Column = required("name").null(Gap::Nothing);
const EMAIL: Column = required("email").null(Gap::Nothing);
const SITE_ADMIN: Column = required("site_admin");
const TWO_FACTOR: Column = required("two_factor_authentication").missing(Gap::Hidden(
    Cause::NotPermitted,
    "GitHub shows whether there is a second factor to tokens with the scope `read:user`",
));

/// `GET /user`, answered.
pub(super) fn user(reader: &mut Reader<'_>, body: &Json) -> Unknown {
    let login = match reader.text(body, "/login") {
        Ok(login) => login,
        Err(unknown) => return unknown,
    };
    reader.tell("token.active", Knowledge::Known(Value::Bool(true)), Place::Status);
    reader.tell("user.username", Knowledge::Known(Value::String(login)), field("login"));
    let (kind, is_bot) = match reader.text(body, "/type") {
        Ok(text) => match word_of("user.kind", &text) {
            Some(word) => (Knowledge::Known(Value::Word(word)), Knowledge::Known(Value::Bool(word == "bot"))),
            None => {
                let unknown = strange_word("/type", &["User", "Bot", "Organization"]);
                (Knowledge::Unknown(unknown.clone()), Knowledge::Unknown(unknown))
            }
        },
        Err(unknown) => (Knowledge::Unknown(unknown.clone()), Knowledge::Unknown(unknown)),
    };
    reader.tell("user.kind", kind, field("type"));
    reader.tell("user.is_bot", is_bot, field("type"));
    reader.tell("user.name", NAME.text_or_empty(body).says(), field("name"));
    reader.tell("user.email", EMAIL.text_or_empty(body).says(), field("email"));
    reader.tell("user.site_admin", SITE_ADMIN.flag(body).is(), field("site_admin"));
    reader.tell("user.two_factor", TWO_FACTOR.flag(body).is(), field("two_factor_authentication"));
    version(reader);
    token(reader);
    malformed("the answer does not tell this")
}

/// The GraphQL viewer, answered: errors come with status 200 too.
pub(super) fn viewer(reader: &mut Reader<'_>, body: &Json) -> Unknown {
    let login = match reader.text(body, "/data/viewer/login") {
        Ok(login) => login,
        Err(unknown) => return query_error(reader, body).unwrap_or(unknown),
    };
    reader.tell("token.active", Knowledge::Known(Value::Bool(true)), Place::Status);
    let source = field("data.viewer.login");
    match login.strip_suffix("[bot]") {
        Some(slug) if !slug.is_empty() => {
            reader.tell("app.slug", Knowledge::Known(Value::String(slug.to_owned())), source);
            reader.tell("user.is_bot", Knowledge::Known(Value::Bool(true)), source);
            if let Some(bot) = word_of("user.kind", "bot") {
                reader.tell("user.kind", Knowledge::Known(Value::Word(bot)), source);
            }
        }
        _ => {
            let unknown = malformed("the account of an installation token does not end in `[bot]`");
            for path in ["app.slug", "user.is_bot", "user.kind"] {
                reader.tell(path, Knowledge::Unknown(unknown.clone()), source);
            }
        }
    }
    reader.tell("user.username", Knowledge::Known(Value::String(login)), source);
    version(reader);
    Unknown::new(Cause::NotRevealable, "an App installation token cannot show this")
}

/// Why a query gave nothing.
fn query_error(reader: &Reader<'_>, body: &Json) -> Option<Unknown> {
    let errors = body.get("errors")?.as_array().filter(|errors| !errors.is_empty())?;
    let exhausted = reader.answer.header(X_RATELIMIT_REMAINING).is_some_and(|left| left.trim() == "0");
    let limited = |error: &Json| {
        error.get("message").and_then(Json::as_str).is_some_and(|text| text.contains("rate limit exceeded"))
    };
    if exhausted || errors.iter().any(limited) {
        return Some(Unknown::new(Cause::NotReachable, "GitHub's rate limit for queries is used up"));
    }
    Some(Unknown::new(Cause::NotPermitted, "GitHub answers the query with an error"))
}

/// The server's version: an Enterprise Server names it, github.com has none.
pub(super) fn version(reader: &mut Reader<'_>) {
    let knowledge = match reader.answer.header(X_GITHUB_ENTERPRISE_VERSION) {
        // GHE.com names itself where servers name their version.
        Some(text) if text.trim().eq_ignore_ascii_case("ghe.com") => {
            Knowledge::unknown(Cause::NotRevealable, "GHE.com does not tell its version")
        }
        Some(text) => Version::parse(&text).map_or_else(
            || Knowledge::Unknown(malformed("the header X-GitHub-Enterprise-Version is no version")),
            |version| Knowledge::Known(Value::Version(version)),
        ),
        None => match reader.question.credential.api.host_str() {
            Some("api.github.com") => Knowledge::Absent,
            Some(name) if name.ends_with(".ghe.com") => {
                Knowledge::unknown(Cause::NotRevealable, "GHE.com does not tell its version here")
            }
            _ => Knowledge::Unknown(malformed("the answer lacks the header X-GitHub-Enterprise-Version")),
        },
    };
    reader.tell("host.version", knowledge, X_GITHUB_ENTERPRISE_VERSION);
}

/// What the headers say of the token: its kind, scopes, client and expiry.
fn token(reader: &mut Reader<'_>) {
    let scopes = headers::scopes(reader.answer);
    let client = reader.answer.header(X_OAUTH_CLIENT_ID).filter(|client| !client.is_empty());
    let kind = match reader.question.credential.kinds.as_slice() {
        [_] => reader.kind(),
        _ => None,
    };
    let kind = match kind {
        Some(kind) => {
            let how = reader.question.credential.kind_evidence.clone();
            let evidence = Evidence::own(how.unwrap_or(Place::Settings));
            reader.tell_with("token.kind", Knowledge::Known(Value::Word(kind.word)), vec![evidence]);
            Some(kind)
        }
        None => kind_by_headers(reader, scopes.as_deref(), client.as_deref()),
    };
    let source = X_OAUTH_SCOPES;
    let known = scopes_of(kind, scopes, client.as_deref());
    if let Knowledge::Known(Value::Names(names)) = &known {
        note_strange_scopes(reader, names);
    }
    reader.tell("token.scopes", known, source);
    let oauth_client = match (kind.map(|kind| kind.word), client) {
        (Some("classic" | "fine_grained"), _) => {
            Knowledge::Inapplicable("a personal access token belongs to no OAuth client".to_owned())
        }
        (_, Some(client)) => Knowledge::Known(Value::String(client)),
        (_, None) => Knowledge::Unknown(malformed("the answer lacks the header X-OAuth-Client-Id")),
    };
    reader.tell("token.oauth_client", oauth_client, X_OAUTH_CLIENT_ID);
    expiry(reader);
}

/// What the headers of a further answer say of the token, where it is not what was known: two answers of one run that
/// differ settle nothing.
pub(super) fn again(reader: &mut Reader<'_>) {
    // What an App's key asks for, another token may have answered.
    if reader.question.row.name == "user" || reader.kind_is(&["app_key"]) {
        return;
    }
    let has_scopes = reader.kind_is(&["classic", "oauth_app"]);
    let scopes = headers::scopes(reader.answer).filter(|_| has_scopes).map(|scopes| names(&scopes));
    let client = reader.answer.header(X_OAUTH_CLIENT_ID).filter(|client| !client.is_empty());
    let client = client.map(|client| Knowledge::Known(Value::String(client)));
    let expiry = reader.answer.header(TOKEN_EXPIRATION).and_then(|text| headers::expiry(&text));
    let expiry = expiry.map(|time| Knowledge::Known(Value::Time(time)));
    for (path, said, source) in [
        ("token.scopes", scopes, X_OAUTH_SCOPES),
        ("token.oauth_client", client, X_OAUTH_CLIENT_ID),
        ("token.expires_at", expiry, TOKEN_EXPIRATION),
    ] {
        let known = reader.known(path).map(|fact| &fact.knowledge);
        let differs = |said: &Knowledge| match known {
            Some(known @ (Knowledge::Known(_) | Knowledge::Absent)) => known != said,
            _ => false,
        };
        if let Some(said) = said.filter(differs) {
            reader.tell(path, said, source);
        }
    }
}

fn expiry(reader: &mut Reader<'_>) {
    let source = TOKEN_EXPIRATION;
    match reader.answer.header(TOKEN_EXPIRATION) {
        Some(text) => {
            let knowledge = headers::expiry(&text).map_or_else(
                || {
                    Knowledge::Unknown(malformed(
                        "the header with the token's expiry is no date that credcheck can read",
                    ))
                },
                |time| Knowledge::Known(Value::Time(time)),
            );
            reader.tell("token.expires_at", knowledge, source);
        }
        // That a missing header means "never" holds for GitHub's own answers only: a proxy may strip headers.
        None if headers::is_githubs(reader.answer) => {
            let evidence = vec![
                reader.evidence(Place::from(source).missing()),
                reader.evidence(Place::from(X_GITHUB_REQUEST_ID).remarked(Remark::Says("the answer is GitHub's own"))),
            ];
            reader.tell_with("token.expires_at", Knowledge::Absent, evidence);
        }
        None => {
            let unknown = malformed(
                "the answer has neither an expiry nor a request id of GitHub: something on the way may strip headers",
            );
            reader.tell("token.expires_at", Knowledge::Unknown(unknown), source);
        }
    }
}

/// The kind where the token's text does not tell: by which headers came.
fn kind_by_headers(
    reader: &mut Reader<'_>,
    scopes: Option<&[String]>,
    client: Option<&str>,
) -> Option<&'static CredentialKind> {
    let accepted = reader.answer.header(X_ACCEPTED_GITHUB_PERMISSIONS).is_some();
    let words: &[&str] = match (scopes, client) {
        (Some(_), None) => &["classic"],
        (Some([]), Some(client)) if is_app_client(client) => &["app_user"],
        (Some([]), Some(client)) if !is_oauth_client(client) => &["oauth_app", "app_user"],
        (Some(_), Some(_)) => &["oauth_app"],
        (None, Some(client)) if !is_oauth_client(client) => &["app_user"],
        (None, None) if accepted => &["fine_grained"],
        (None, _) => &["fine_grained", "app_user"],
    };
    let source = match (scopes, client) {
        (_, Some(_)) => Place::Headers(&[X_OAUTH_SCOPES, X_OAUTH_CLIENT_ID]),
        (Some(_), None) => Place::from(X_OAUTH_SCOPES).remarked(Remark::Without(X_OAUTH_CLIENT_ID)),
        (None, None) => Place::from(X_ACCEPTED_GITHUB_PERMISSIONS).remarked(Remark::Without(X_OAUTH_SCOPES)),
    };
    let possible = &reader.question.credential.kinds;
    let fitting: Vec<&'static CredentialKind> =
        possible.iter().copied().filter(|kind| words.contains(&kind.word)).collect();
    let knowledge = match fitting.as_slice() {
        [] => Knowledge::Unknown(malformed("the token's text and the headers of the answer name different kinds")),
        [only] => Knowledge::Known(Value::Word(only.word)),
        several => {
            let why = malformed("neither the token's text nor the headers of the answer tell its kind");
            Knowledge::Bounded(Bounds::Candidates(several.iter().map(|kind| kind.word).collect()), why)
        }
    };
    reader.tell("token.kind", knowledge, source);
    match fitting.as_slice() {
        [only] => Some(only),
        _ => None,
    }
}

/// The scopes, where the header and the kind agree.
fn scopes_of(kind: Option<&CredentialKind>, scopes: Option<Vec<String>>, client: Option<&str>) -> Knowledge {
    let Some(kind) = kind else {
        return Knowledge::Unknown(malformed(
            "the kind of the token is not known, so what its scopes header means is open",
        ));
    };
    match (kind.word, scopes) {
        ("classic" | "oauth_app", Some(scopes)) if scopes.is_empty() && client.is_some_and(is_app_client) => {
            Knowledge::Unknown(malformed(format!(
                "the token's text says {}, but its client id is a GitHub App's, whose tokens have no scopes",
                kind.title
            )))
        }
        ("classic" | "oauth_app", Some(scopes)) => names(&scopes),
        ("classic" | "oauth_app", None) => Knowledge::Unknown(malformed(format!(
            "the token is a {}, but the answer lacks the header X-OAuth-Scopes: something on the way may strip it",
            kind.title
        ))),
        (_, Some(scopes)) if !scopes.is_empty() => Knowledge::Unknown(malformed(format!(
            "the token's text says {}, which has no scopes, but the header X-OAuth-Scopes names some",
            kind.title
        ))),
        _ => Knowledge::Inapplicable(format!("a {} has permissions instead of scopes", kind.title)),
    }
}

fn names(scopes: &[String]) -> Knowledge {
    match host().fact("token.scopes").map(|index| host().row(index).ty) {
        Some(Type::Names(table)) => Knowledge::Known(Value::Names(NameSet::new(table, scopes))),
        _ => Knowledge::Unknown(wrong_field("/token.scopes", "in the table")),
    }
}

fn note_strange_scopes(reader: &mut Reader<'_>, names: &NameSet) {
    let evidence = || vec![reader.evidence(X_OAUTH_SCOPES)];
    let notes = strange::names("the token", ("scope", "scopes"), names.unknown_names(), evidence);
    reader.decoded.incidents.extend(notes);
}

/// A GitHub App's client id.
fn is_app_client(client: &str) -> bool {
    client.starts_with("Iv1.")
}

/// An OAuth app's client id in the form seen: 20 hexadecimal digits.
fn is_oauth_client(client: &str) -> bool {
    client.len() == 20 && client.bytes().all(|byte| byte.is_ascii_hexdigit())
}
