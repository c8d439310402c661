//! `GET /user` and `GET /metadata`: whose the credential is, which makes its kind, and what answers.

use serde_json::Value as Json;

use super::tables::word_of;
use super::token::possible;
use crate::facts::{Bounds, Cause, Incident, Knowledge, Unknown, Value, Version};
use crate::hosts::column::{Column, Gap, required};
use crate::hosts::reader::{Reader, malformed, wrong_field};
use crate::vocabulary::{Place, field};

/// Where the account of a token of a project or group is told from a person's.
const BOT_AND_USERNAME: Place = Place::Fields(&[field("bot"), field("username")]);

const ID: Column = required("id");
const NAME: Column = required("name").null(Gap::Nothing);
const BOT: Column = required("bot")
    .missing(Gap::Hidden(Cause::NotRevealable, "this GitLab does not tell whether an account is a bot's"));
const EXTERNAL: Column = required("external");
const IS_ADMIN: Column = required("is_admin").missing(Gap::Hidden(
    Cause::NotRevealable,
    "GitLab shows this to administrators only, and with Admin Mode perhaps not to them",
));
const TWO_FACTOR: Column = required("two_factor_enabled");

/// The account, answered.
pub(super) fn user(reader: &mut Reader<'_>, body: &Json) -> Unknown {
    let username = match reader.text(body, "/username") {
        Ok(username) => username,
        Err(unknown) => return unknown,
    };
    let id = match ID.number(body).value() {
        Ok(id) => id,
        Err(unknown) => return unknown,
    };
    let owner = reader.known("user.id").and_then(|fact| fact.knowledge.value());
    if owner.is_some_and(|owner| *owner != Value::Integer(id)) {
        return malformed("the token's own answer and this one name different accounts");
    }
    let bot = BOT.flag(body);
    reader.tell("token.active", Knowledge::Known(Value::Bool(true)), Place::Status);
    reader.tell("user.id", Knowledge::Known(Value::Integer(id)), field("id"));
    reader.tell("user.name", NAME.text_or_empty(body).says(), field("name"));
    reader.tell("user.is_bot", bot.clone().is(), field("bot"));
    reader.tell("user.external", EXTERNAL.flag(body).is(), field("external"));
    let state = match reader.text(body, "/state") {
        Ok(text) => word_of("user.state", &text).map_or_else(
            || Knowledge::Unknown(malformed("the field `state` of the answer is none that credcheck knows")),
            |word| Knowledge::Known(Value::Word(word)),
        ),
        Err(unknown) => Knowledge::Unknown(unknown),
    };
    reader.tell("user.state", state, field("state"));
    reader.tell("user.admin", IS_ADMIN.flag(body).is(), field("is_admin"));
    let bot = bot.value().ok();
    let two_factor = if bot == Some(true) {
        Knowledge::Inapplicable("a bot account does not sign in and has no second factor".to_owned())
    } else {
        TWO_FACTOR.flag(body).is()
    };
    reader.tell("user.two_factor", two_factor, field("two_factor_enabled"));
    kind(reader, bot, &username);
    reader.tell("user.username", Knowledge::Known(Value::String(username)), field("username"));
    malformed("the answer does not tell this")
}

/// The kind by the account that owns the token. Mark and name must agree: either alone leaves candidates.
fn kind(reader: &mut Reader<'_>, bot: Option<bool>, username: &str) {
    let named = named_after(username);
    let words: &[&str] = match (bot, named) {
        (Some(true), Some("project")) => &["project"],
        (Some(true), Some("group")) => &["group"],
        // Names of service accounts can be chosen; those of the other bots cannot.
        (Some(true), _) => &["service_account"],
        (Some(false), None) => &["personal"],
        (_, Some("project")) => &["personal", "project"],
        (_, Some("group")) => &["personal", "group"],
        (_, _) => &["personal", "service_account"],
    };
    let configured = reader.question.credential.kinds.as_slice();
    let possible = possible(reader);
    // An OAuth or fine-grained token may be anybody's: what its own answer said stays.
    let told = |word: &str| matches!(possible.as_slice(), [only] if only.word == word);
    if ["oauth", "fine_grained", "job"].into_iter().any(told) {
        return;
    }
    let open = ["oauth", "fine_grained"].into_iter().filter(|word| possible.iter().any(|kind| kind.word == *word));
    let mut candidates: Vec<&'static str> = words
        .iter()
        .copied()
        .chain(open)
        .filter_map(|word| super::tables::host().credential_kind(word))
        .map(|kind| kind.word)
        .collect();
    candidates.dedup();
    let knowledge = match candidates.as_slice() {
        [only] => Knowledge::Known(Value::Word(only)),
        _ => {
            let why = malformed("whether the account is marked as a bot's and how it is named do not settle the kind");
            Knowledge::Bounded(Bounds::Candidates(candidates.clone()), why)
        }
    };
    if let ([said], [found]) = (configured, candidates.as_slice())
        && said.word != *found
    {
        let note = Incident::Note {
            text: format!("the credential was taken for a {}, but its account is that of `{found}`", said.title),
            evidence: vec![reader.evidence(BOT_AND_USERNAME)],
        };
        reader.decoded.incidents.push(note);
    }
    reader.tell("token.kind", knowledge, BOT_AND_USERNAME);
}

/// The kind of token whose bots are named so: `project_318_bot_0c9be1`, formerly `project_318_bot1`.
fn named_after(username: &str) -> Option<&'static str> {
    for (prefix, kind) in [("project_", "project"), ("group_", "group")] {
        let Some(rest) = username.strip_prefix(prefix) else { continue };
        let after = rest.trim_start_matches(|letter: char| letter.is_ascii_digit());
        let tail = after.strip_prefix("_bot").filter(|_| after.len() < rest.len());
        if tail.is_some_and(|tail| tail.is_empty() || tail.starts_with('_') || tail.bytes().all(|b| b.is_ascii_digit()))
        {
            return Some(kind);
        }
    }
    username.starts_with("service_account_").then_some("service_account")
}

/// The instance, answered: `/metadata`, or `/version` of old ones.
pub(super) fn metadata(reader: &mut Reader<'_>, body: &Json) -> Unknown {
    let text = match reader.text(body, "/version") {
        Ok(text) => text,
        Err(unknown) => return unknown,
    };
    match Version::parse(&text) {
        Some(version) => {
            reader.tell("host.version", Knowledge::Known(Value::Version(version)), field("version"));
            malformed("the answer does not tell this")
        }
        None => wrong_field("/version", "a version"),
    }
}
