//! `GET /user`, its e-mail addresses, and its role in a workspace.

use serde_json::Value as Json;

use super::tables::host;
use crate::facts::{Cause, Knowledge, Unknown, Value};
use crate::hosts::column::{Column, Gap, Held, required};
use crate::hosts::reader::{self, Reader, malformed, strange_word, wrong_field};
use crate::vocabulary::{Place, field};

const NICKNAME: Column = required("nickname");
const DISPLAY_NAME: Column = required("display_name").null(Gap::Nothing);
const TWO_FACTOR: Column = required("has_2fa_enabled").empty(Gap::Hidden(
    Cause::NotPermitted,
    "Bitbucket does not show this credential whether there is a second factor",
));
const IS_PRIMARY: Column = required("is_primary");
const EMAIL: Column = required("email");

/// `GET /user`, answered.
pub(super) fn user(reader: &mut Reader<'_>, body: &Json) -> Unknown {
    // The one field that the API promises of every account.
    if let Err(unknown) = reader.text(body, "/uuid") {
        return unknown;
    }
    reader.tell("token.active", Knowledge::Known(Value::Bool(true)), Place::Status);
    reader.tell("user.username", NICKNAME.text(body).says(), field("nickname"));
    reader.tell("user.name", DISPLAY_NAME.text_or_empty(body).says(), field("display_name"));
    reader.tell("user.two_factor", TWO_FACTOR.flag(body).is(), field("has_2fa_enabled"));
    malformed("the answer does not tell this")
}

/// The primary one of the e-mail addresses on a page; `Err` where the page is none of addresses.
pub(super) fn primary_email(page: &Json) -> Result<Option<String>, Unknown> {
    let Some(Json::Array(items)) = page.get("values") else { return Err(wrong_field("/values", "a list")) };
    for item in items {
        match (IS_PRIMARY.flag(item), EMAIL.text(item)) {
            (Held::Value(true), Held::Value(email)) => return Ok(Some(email.to_owned())),
            (Held::Value(false), _) => {}
            _ => return Err(malformed("the list holds something that is no e-mail address")),
        }
    }
    Ok(None)
}

/// The user's role in a workspace, answered.
pub(super) fn workspace(reader: &mut Reader<'_>, body: &Json) -> Unknown {
    if let Some(slug) = body.pointer("/workspace/slug")
        && !slug
            .as_str()
            .is_some_and(|slug| reader.organization().is_some_and(|asked| asked.eq_ignore_ascii_case(slug)))
    {
        return malformed("the answer is about another workspace");
    }
    let role = match reader.text(body, "/permission") {
        Ok(role) => role.replace('-', "_"),
        Err(unknown) => return unknown,
    };
    match reader::word_of(host(), "workspace.role", &role) {
        Some(word) => {
            reader.tell("workspace.role", Knowledge::Known(Value::Word(word)), field("permission"));
            malformed("the answer does not tell this")
        }
        None => strange_word("/permission", &["owner", "create-project", "member", "collaborator"]),
    }
}
