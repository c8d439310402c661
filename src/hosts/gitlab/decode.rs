//! How answers are read: one entry, which sends each to its part.

use serde_json::Value as Json;

use super::further::Part;
use super::refusal::{self, Told, Verdict};
use super::{account, hooks, project, token};
use crate::facts::{Exchange, Unknown};
use crate::hosts::reader::{self, Reader, malformed};
use crate::hosts::{Decoded, Question};
use crate::vocabulary::{Host, HostKind};

/// Reads the exchanges of a question.
pub(super) fn decode(question: &Question<'_>, exchanges: &[Exchange]) -> Decoded {
    match question.row.name {
        "projects" => {
            let mut decoded = Decoded::default();
            for exchange in exchanges {
                decoded.join(one(question, exchange, Verdict::Open, project::listing));
            }
            decoded
        }
        "project_hooks" => hooks::hooks(question, exchanges),
        "many_projects" => exchanges.first().map_or_else(Decoded::default, |first| project::many(question, first)),
        "token_self" => credential(question, exchanges),
        _ => rest(question, exchanges),
    }
}

/// One exchange with its reader: what was asked for, or a refusal.
pub(super) fn one(
    question: &Question<'_>,
    exchange: &Exchange,
    verdict: Verdict,
    read: impl FnOnce(&mut Reader<'_>, &Json) -> Unknown,
) -> Decoded {
    let answer = match &exchange.result {
        Ok(answer) => answer,
        Err(failure) => return reader::failed(question, exchange, failure),
    };
    let mut reader = Reader::new(question, &exchange.request, answer);
    let rest = match answer.status {
        200 => match serde_json::from_slice::<Json>(&answer.body) {
            Ok(body) => read(&mut reader, &body),
            Err(_) => malformed("the answer is not the JSON that GitLab sends"),
        },
        _ => refusal::read(&mut reader, verdict),
    };
    reader.finish(&rest)
}

/// The question of what the credential is. Where what describes personal tokens refuses, other requests may have followed:
/// the last one tells.
fn credential(question: &Question<'_>, exchanges: &[Exchange]) -> Decoded {
    let Some(last) = exchanges.last() else { return Decoded::default() };
    match Part::of(last) {
        Part::OauthTokenInfo => {
            one(question, last, Verdict::Final, |reader, body| token::oauth(reader, body, exchanges.first()))
        }
        Part::User => one(question, last, Verdict::Final, account::user),
        Part::Job => one(question, last, Verdict::Final, token::job),
        Part::TokenSelf | Part::Other => one(question, last, Verdict::Open, token::token_self),
    }
}

/// The questions that one answer settles. Where it was a plain 401, a second exchange says whether the credential is
/// refused.
fn rest(question: &Question<'_>, exchanges: &[Exchange]) -> Decoded {
    let name = question.row.name;
    let (first, last) = match exchanges {
        [] => return Decoded::default(),
        [only] => (only, only),
        [first, .., last] => (first, last),
    };
    let is_status = |exchange: &Exchange, status: u16| exchange.status() == Some(status);
    if name == "metadata" {
        return one(question, last, Verdict::Open, account::metadata);
    }
    if exchanges.len() > 1 && is_status(last, 401) {
        return one(question, last, Verdict::Final, |_, _| malformed("the answer does not tell this"));
    }
    let bare = first.result.as_ref().is_ok_and(|answer| Told::read(&answer.body).is_bare());
    let alone = matches!(name, "oauth_token_info" | "job") && bare;
    let verdict = if alone { Verdict::Final } else { Verdict::Open };
    one(question, first, verdict, |reader, body| match name {
        "oauth_token_info" => token::oauth(reader, body, None),
        "job" => token::job(reader, body),
        "user" => account::user(reader, body),
        "project" => project::project(reader, body),
        "project_member" => project::member(reader, body, "project.access_level"),
        "group_member" => project::member(reader, body, "group.access_level"),
        _ => malformed("the answer belongs to no request that credcheck knows"),
    })
}

/// GitLab's tables.
pub(super) fn host() -> &'static Host {
    crate::vocabulary::host(HostKind::GitLab)
}

/// GitLab's word for a text of its API, in whatever case.
pub(super) fn word_of(path: &str, text: &str) -> Option<&'static str> {
    reader::word_of(host(), path, text)
}
