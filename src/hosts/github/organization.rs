//! `GET /user/memberships/orgs/ORG` and `GET /orgs/ORG`.

use serde_json::Value as Json;

use super::tables::word_of;
use crate::facts::{Cause, Knowledge, Unknown, Value};
use crate::hosts::column::{Column, Gap, Held, required};
use crate::hosts::reader::{Reader, malformed, strange_word};
use crate::vocabulary::{Place, Remark, field};

const TWO_FACTOR_REQUIRED: Column = required("two_factor_requirement_enabled").empty(Gap::Hidden(
    Cause::NotPermitted,
    "GitHub shows this to owners of the organisation, with the scope `admin:org`",
));

/// Why an answer says nothing: it is about another organisation than the one that was asked about, or does not say which.
fn another(reader: &Reader<'_>, body: &Json, pointer: &str) -> Option<Unknown> {
    match reader.text(body, pointer) {
        Ok(login) if reader.organization().is_some_and(|asked| asked.eq_ignore_ascii_case(&login)) => None,
        Ok(_) => Some(malformed("the answer is about another organisation")),
        Err(unknown) => Some(unknown),
    }
}

/// The user's own membership, answered.
pub(super) fn membership(reader: &mut Reader<'_>, body: &Json) -> Unknown {
    if let Some(unknown) = another(reader, body, "/organization/login") {
        return unknown;
    }
    let owner = reader.known("user.username").and_then(|fact| fact.knowledge.value());
    if let (Some(Value::String(owner)), Some(login)) = (owner, body.pointer("/user/login"))
        && !login.as_str().is_some_and(|login| login.eq_ignore_ascii_case(owner))
    {
        return malformed("the answer is about another account than the token's");
    }
    let state = match reader.text(body, "/state") {
        Ok(state) => state,
        Err(unknown) => return unknown,
    };
    match state.as_str() {
        "active" => {
            let role = match reader.text(body, "/role") {
                Ok(role) => role,
                Err(unknown) => return unknown,
            };
            // `none` is the table's word for no membership: an active one never has it.
            match word_of("organization.role", &role).filter(|word| *word != "none") {
                Some(word) => {
                    let evidence = vec![reader.evidence(field("role")), reader.evidence(field("state"))];
                    reader.tell_with("organization.role", Knowledge::Known(Value::Word(word)), evidence);
                    malformed("the answer does not tell this")
                }
                None => strange_word("/role", &["admin", "member", "billing_manager"]),
            }
        }
        // An invitation gives no role until it is accepted, whatever role it offers.
        "pending" => {
            let source = Place::from(field("state")).remarked(Remark::Says("the invitation is pending"));
            reader.tell("organization.role", Knowledge::Known(Value::Word("none")), source);
            malformed("the answer does not tell this")
        }
        _ => strange_word("/state", &["active", "pending"]),
    }
}

/// The organisation, answered: what owners see of it is told, the rest of its page is public and proves nothing.
pub(super) fn organization(reader: &mut Reader<'_>, body: &Json) -> Unknown {
    if let Some(unknown) = another(reader, body, "/login") {
        return unknown;
    }
    let source = field("two_factor_requirement_enabled");
    let required = TWO_FACTOR_REQUIRED.flag(body);
    if matches!(required, Held::Value(_)) {
        reader.tell("organization.sso_authorized", Knowledge::Known(Value::Bool(true)), source);
    }
    reader.tell("organization.two_factor_required", required.is(), source);
    Unknown::new(
        Cause::NotRevealable,
        "nothing private of the organisation was read, and its public page tells nothing",
    )
}
