//! `GET /user`, its e-mail addresses, and its role in a workspace.

use serde_json::Value as Json;

use super::tables::host;
use crate::facts::{Cause, Knowledge, Unknown, Value};
use crate::hosts::reader::{self, Reader, malformed, strange_word, wrong_field};
use crate::vocabulary::{Place, field};

/// `GET /user`, answered.
pub(super) fn user(reader: &mut Reader<'_>, body: &Json) -> Unknown {
    // The one field that the API promises of every account.
    if let Err(unknown) = reader.text(body, "/uuid") {
        return unknown;
    }
    reader.tell("token.active", Knowledge::Known(Value::Bool(true)), Place::Status);
    let username = match reader.text(body, "/nickname") {
        Ok(name) => Knowledge::Known(Value::String(name)),
        Err(unknown) => Knowledge::Unknown(unknown),
    };
    reader.tell("user.username", username, field("nickname"));
    reader.tell("user.name", reader.text_or_null(body, "/display_name"), field("display_name"));
    let two_factor = match body.get("has_2fa_enabled") {
        None | Some(Json::Null) => Knowledge::unknown(
            Cause::NotPermitted,
            "Bitbucket does not show this credential whether there is a second factor",
        ),
        Some(_) => reader.bool(body, "/has_2fa_enabled"),
    };
    reader.tell("user.two_factor", two_factor, field("has_2fa_enabled"));
    malformed("the answer does not tell this")
}

/// The primary one of the e-mail addresses on a page; `Err` where the page is none of addresses.
pub(super) fn primary_email(page: &Json) -> Result<Option<String>, Unknown> {
    let Some(Json::Array(items)) = page.get("values") else { return Err(wrong_field("/values", "a list")) };
    for item in items {
        match (item.get("is_primary"), item.get("email")) {
            (Some(Json::Bool(true)), Some(Json::String(email))) if !email.is_empty() => return Ok(Some(email.clone())),
            (Some(Json::Bool(false)), _) => {}
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
