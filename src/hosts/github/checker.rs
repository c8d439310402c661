//! `GET /orgs/ORGANISATION/personal-access-tokens`, asked by a checker App: the fine-grained tokens that an organisation
//! let in, with their permissions.
//!
//! The list names no token's text. What is listed is taken for this token only where its owner and the instant at which
//! it ends are the same, and no other listed token's are.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value as Json;

use super::{app, refusal, requests};
use crate::facts::{
    Cause, Exchange, FactSet, HttpRequest, Knowledge, PermissionMap, RequestLabel, Target, Unknown, Value,
};
use crate::hosts::reader::{self, Reader, malformed};
use crate::hosts::{Decoded, Further, Question, link};
use crate::vocabulary::field;

/// The next page; after the last, the repositories of the token, where it has some only.
pub(super) fn further(question: &Question<'_>, exchanges: &[Exchange]) -> Option<Further> {
    let answer = exchanges.last()?.result.as_ref().ok().filter(|answer| answer.status == 200)?;
    if let Some(page) = link::next(answer) {
        return Some(Further::Page(page));
    }
    let (tokens, chosen) = read(exchanges).ok()?;
    let token = only(question.so_far, &tokens).ok()?;
    if chosen.is_some() || selection(token) != Some("subset") {
        return None;
    }
    let Target::Repository(repository) = question.target() else { return None };
    let owner = percent_encoding::utf8_percent_encode(repository.owner(), percent_encoding::NON_ALPHANUMERIC);
    let base = requests::base(&question.credential.api, false);
    let number = token.get("id").and_then(Json::as_u64)?;
    let url = format!("{base}/orgs/{owner}/personal-access-tokens/{number}/repositories?per_page=100");
    let label = Arc::new(RequestLabel { method: "GET", url });
    Some(Further::Request(HttpRequest { label, headers: requests::headers(), body: None, once: false }))
}

/// Reads all pages together: whether a token is the only one shows at the end.
pub(super) fn granted(question: &Question<'_>, exchanges: &[Exchange]) -> Decoded {
    let Some(last) = exchanges.last() else { return Decoded::default() };
    let answer = match &last.result {
        Ok(answer) => answer,
        Err(failure) => return reader::failed(question, last, failure),
    };
    let mut reader = Reader::new(question, &last.request, answer);
    if answer.status != 200 {
        let rest = refusal::of_checker(&reader);
        return reader.finish(&rest);
    }
    if link::next(answer).is_some() {
        return reader.finish(&Unknown::new(Cause::Incomplete, "the organisation lists more than was read"));
    }
    let found = read(exchanges).and_then(|(tokens, chosen)| {
        let token = only(question.so_far, &tokens)?;
        question
            .targets
            .iter()
            .map(|target| permissions(token, target, chosen.as_deref()))
            .collect::<Result<Vec<_>, _>>()
    });
    match found {
        Ok(granted) => {
            for (target, permissions) in question.targets.iter().zip(granted) {
                reader.turn_to(target);
                reader.tell(
                    "token.permissions",
                    Knowledge::Known(Value::Permissions(permissions)),
                    field("permissions").of_each(""),
                );
            }
            reader.finish(&malformed("the answer does not tell this"))
        }
        Err(unknown) => reader.finish(&unknown),
    }
}

/// The listed tokens; the names of the chosen repositories, where they were asked for.
fn read(exchanges: &[Exchange]) -> Result<(Vec<Json>, Option<Vec<String>>), Unknown> {
    let (mut tokens, mut chosen) = (Vec::new(), None);
    for exchange in exchanges {
        let body = exchange.result.as_ref().ok().map(|answer| serde_json::from_slice(&answer.body));
        let Some(Ok(Json::Array(page))) = body else { return Err(malformed("the answer is no list")) };
        let of_one =
            page.iter().all(|item| item.get("full_name").is_some()) && exchange.request.url.contains("/repositories");
        if !of_one {
            tokens.extend(page);
            continue;
        }
        let names = page.iter().filter_map(|item| item.get("full_name")?.as_str().map(str::to_owned));
        chosen.get_or_insert_with(Vec::new).extend(names);
    }
    Ok((tokens, chosen))
}

/// The only listed token with this owner and end.
fn only<'a>(facts: &FactSet, tokens: &'a [Json]) -> Result<&'a Json, Unknown> {
    let table = super::decode::host();
    let known = |path: &str| facts.credential.get(table.fact(path)?)?.knowledge.value();
    let (Some(Value::String(login)), Some(Value::Time(end))) = (known("user.username"), known("token.expires_at"))
    else {
        let reason = "whose the token is and when it ends have to be known to find it in the organisation's list";
        return Err(Unknown::new(Cause::NotRevealable, reason));
    };
    let is_it = |token: &&Json| {
        let owner = token.pointer("/owner/login").and_then(Json::as_str);
        let ends = token.get("token_expires_at").and_then(Json::as_str).and_then(instant);
        owner.is_some_and(|owner| owner.eq_ignore_ascii_case(login)) && ends == Some(*end)
    };
    let mut same = tokens.iter().filter(is_it);
    let unknown = |reason: String| Err(Unknown::new(Cause::NotRevealable, reason));
    match (same.next(), same.next()) {
        (Some(token), None) => Ok(token),
        (None, _) => unknown(format!("the organisation lists no token of `{login}` that ends at {end}")),
        (Some(_), Some(_)) => unknown(format!(
            "the organisation lists several tokens of `{login}` that end at {end}: which of them this is does not show"
        )),
    }
}

/// An instant of the list: `2026-12-24T17:00:00Z`, or with an offset.
fn instant(text: &str) -> Option<Timestamp> {
    text.trim().parse().ok()
}

fn selection(token: &Json) -> Option<&str> {
    token.get("repository_selection").and_then(Json::as_str)
}

/// A token's permissions for a repository: those on repositories where it reaches this one, and all others.
fn permissions(token: &Json, target: &Target, chosen: Option<&[String]>) -> Result<PermissionMap, Unknown> {
    let wrong = |field: &str| malformed(format!("the field `{field}` of the answer is not what GitHub sends"));
    let groups = token.get("permissions").and_then(Json::as_object).ok_or_else(|| wrong("permissions"))?;
    let Target::Repository(repository) = target else { return Err(malformed("the answer is about no repository")) };
    let reached = match (selection(token), chosen) {
        (Some("all"), _) => true,
        (Some("none"), _) => false,
        (Some("subset"), Some(names)) => names.iter().any(|name| name.eq_ignore_ascii_case(repository.as_str())),
        _ => return Err(wrong("repository_selection")),
    };
    let mut all = PermissionMap::new();
    for group in groups.keys().filter(|group| reached || *group != "repository") {
        match app::permissions(token, &format!("/permissions/{group}")) {
            Knowledge::Known(Value::Permissions(some)) => all.extend(some),
            _ => return Err(wrong("permissions")),
        }
    }
    Ok(all)
}
