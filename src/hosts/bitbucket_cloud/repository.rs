//! `GET /repositories/WORKSPACE/REPOSITORY`, a webhook, and the lists of repositories.

use serde_json::Value as Json;

use crate::facts::{Cause, Incident, Knowledge, RecordValue, RepositoryName, Target, Unknown, Value, WebAddress};
use crate::hosts::column::{Column, Gap, Held, required};
use crate::hosts::reader::{Reader, malformed, wrong_field};
use crate::text::glob;
use crate::vocabulary::field;

pub(super) const IS_PRIVATE: Column = required("is_private");
const FULL_NAME: Column = required("full_name");
/// An empty repository has none, and null in its place.
const MAIN_BRANCH: Column = required("mainbranch")
    .null(Gap::Hidden(Cause::NotRevealable, "the repository has no main branch: it may be empty"));
const MAIN_BRANCH_NAME: Column = required("mainbranch.name");

/// A name as Bitbucket gives it to repositories: a workspace and a slug of ASCII letters, digits, `-`, `_` and `.`.
fn full_name(text: &str) -> Option<RepositoryName> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'/');
    let plain = text.bytes().all(allowed) && text.matches('/').count() == 1;
    RepositoryName::parse(text).ok().filter(|_| plain)
}

/// The repository, answered.
pub(super) fn repository(reader: &mut Reader<'_>, body: &Json) -> Unknown {
    let Target::Repository(asked) = reader.target() else {
        return malformed("the answer is about no repository");
    };
    let name = match reader.text(body, "/full_name").map(|name| full_name(&name)) {
        Ok(Some(name)) => name,
        Ok(None) => return wrong_field("/full_name", "a repository's name"),
        Err(unknown) => return unknown,
    };
    if !name.as_str().eq_ignore_ascii_case(asked.as_str()) {
        let evidence = vec![reader.evidence(field("full_name"))];
        let renamed = Incident::Renamed { from: asked.clone(), to: name.to_string(), evidence };
        reader.decoded.incidents.push(renamed);
    }
    reader.tell("repository.name", Knowledge::Known(Value::String(name.to_string())), field("full_name"));
    let visibility = IS_PRIVATE.flag(body).known(|private| Value::Word(if private { "private" } else { "public" }));
    reader.tell("repository.visibility", visibility, field("is_private"));
    let branch = match MAIN_BRANCH.read(body, "an object", |branch| branch.is_object().then_some(())) {
        Held::Open(why) => Knowledge::Unknown(why),
        Held::Value(()) | Held::Nothing => MAIN_BRANCH_NAME.text(body).says(),
    };
    reader.tell("repository.default_branch", branch, field("mainbranch.name"));
    malformed("the answer does not tell this")
}

const URL: Column = required("url");
const ACTIVE: Column = required("active");
const EVENTS: Column = required("events");
/// Older answers lack it, which does not mean that there is no secret.
const SECRET_SET: Column = required("secret_set")
    .empty(Gap::Hidden(Cause::NotPermitted, "Bitbucket's answer does not show whether a secret is set"));
const SKIPS_CERTIFICATES: Column = required("skip_cert_verification")
    .empty(Gap::Hidden(Cause::NotPermitted, "Bitbucket's answer does not show whether certificates are checked"));

/// A webhook of a list.
pub(super) fn webhook(item: &Json) -> RecordValue {
    let only_github = "only GitHub shows the status of the last delivery";
    RecordValue::from([
        ("url", URL.text(item).map(WebAddress::new).known(Value::Address)),
        ("active", ACTIVE.flag(item).is()),
        ("events", EVENTS.texts(item).known(|events| Value::Strings(events.into_iter().collect()))),
        ("content_type", Knowledge::Known(Value::Word("json"))),
        ("secret_set", SECRET_SET.flag(item).is()),
        ("insecure_ssl", SKIPS_CERTIFICATES.flag(item).is()),
        ("last_status", Knowledge::unknown(Cause::NotRevealable, only_github)),
    ])
}

/// A page of a workspace's repositories.
pub(super) fn listing(reader: &mut Reader<'_>, body: &Json) -> Unknown {
    let Some(Json::Array(items)) = body.get("values") else {
        let unknown = malformed("the answer is no list of repositories");
        reader.decoded.incomplete = Some(unknown.clone());
        return unknown;
    };
    for item in items {
        match FULL_NAME.text(item).value().ok().and_then(full_name) {
            Some(name) => reader.decoded.listed.push(name),
            None => reader.decoded.incomplete = Some(malformed("the list holds something that is no repository")),
        }
    }
    let of_any_workspace = |pattern: &str| {
        glob::is_pattern(pattern) && pattern.split_once('/').is_none_or(|(owner, _)| glob::is_pattern(owner))
    };
    if reader.question.credential.scope.iter().any(|entry| of_any_workspace(entry.text())) {
        let reason = "Bitbucket lists repositories by workspace only, so a pattern must name one before its `/`";
        reader.decoded.incomplete = Some(Unknown::new(Cause::Incomplete, reason));
    }
    malformed("the answer does not tell this")
}
