//! The user's own permission on a repository.
//!
//! The list of the user's permissions in the workspace, filtered for the repository; where the filter is refused or finds
//! nothing, the whole list; where the repository is not in it, the repository itself. Not being listed means that nothing
//! was granted, but only where the repository is there: everybody may see a public one.

use serde_json::Value as Json;

use super::reading::{Arrived, answered};
use super::tables::host;
use super::{repository, requests};
use crate::facts::{Cause, Evidence, Knowledge, Target, Unknown, Value};
use crate::hosts::reader::{self, Reader, malformed, strange_word};
use crate::hosts::{Seen, Walk};
use crate::vocabulary::{Place, field};

/// The lists, the likelier first; after them the repository itself.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Filtered,
    Whole,
}

/// What a list says.
enum Listed {
    /// It was told: the repository is there, or the list is refused.
    Told,
    /// It was read, and the repository is not there.
    Not,
    /// It was not read to its end.
    Cut(Option<Arrived>),
}

/// The permission.
pub(super) async fn permission(walk: &mut Walk<'_>) {
    let mut lists = Vec::new();
    for stage in [Stage::Filtered, Stage::Whole] {
        match in_list(walk, stage, &mut lists).await {
            Listed::Told => return,
            Listed::Not => {}
            Listed::Cut(last) => return cut(walk, last).await,
        }
    }
    let request = requests::repository(&walk.question());
    let came = match request {
        Some(request) => walk.ask(request).await,
        None => return,
    };
    match came {
        Ok(exchange) => {
            walk.turn().await;
            answered(walk, &Arrived::of(exchange), |reader, body| not_listed(reader, body, lists));
        }
        Err(_) => cut(walk, None).await,
    }
}

/// Looks for the repository in one of the lists; every page without it joins `lists`.
async fn in_list(walk: &mut Walk<'_>, stage: Stage, lists: &mut Vec<Evidence>) -> Listed {
    let target = walk.target();
    let first = match stage {
        Stage::Filtered => requests::request(&walk.question()),
        Stage::Whole => requests::without_filter(&walk.question()),
    };
    let (mut came, mut last) = (walk.ask(first).await, None);
    loop {
        let Ok(exchange) = came else { return Listed::Cut(last) };
        let seen = Seen::of(&exchange);
        let arrived = Arrived::of(exchange);
        let entries = arrived.found().map(|body| body.get("values").and_then(Json::as_array));
        let here = match (seen.status, entries) {
            (Some(400), _) if stage == Stage::Filtered => false,
            (_, Some(Some(entries))) => entries.iter().any(|entry| is_of(entry, &target)),
            (_, Some(None)) => {
                walk.turn().await;
                answered(walk, &arrived, |_, _| malformed("the answer is no list of permissions"));
                return Listed::Told;
            }
            (_, None) => {
                walk.turn().await;
                answered(walk, &arrived, granted);
                return Listed::Told;
            }
        };
        if here {
            walk.turn().await;
            answered(walk, &arrived, granted);
            return Listed::Told;
        }
        lists.push(seen.evidence(Place::NotListed("repository")));
        let Some(next) = arrived.next() else { return Listed::Not };
        last = Some(arrived);
        came = walk.page(&next).await;
    }
}

/// There is more than is read.
async fn cut(walk: &mut Walk<'_>, last: Option<Arrived>) {
    let Some(last) = last else { return };
    walk.turn().await;
    answered(walk, &last, |_, _| {
        Unknown::new(Cause::Incomplete, "the user has permissions on more repositories than were read")
    });
}

fn is_of(entry: &Json, target: &Target) -> bool {
    let Target::Repository(asked) = target else { return false };
    let name = entry.pointer("/repository/full_name").and_then(Json::as_str);
    name.is_some_and(|name| name.eq_ignore_ascii_case(asked.as_str()))
}

/// The entry of the repository.
fn granted(reader: &mut Reader<'_>, body: &Json) -> Unknown {
    let target = reader.target();
    let entries = body.get("values").and_then(Json::as_array);
    let entry = entries.and_then(|entries| entries.iter().find(|entry| is_of(entry, target)));
    let word = entry.and_then(|entry| entry.get("permission")).and_then(Json::as_str);
    match word.and_then(|word| reader::word_of(host(), "repository.permission", word)) {
        Some(word) => {
            reader.tell(
                "repository.permission",
                Knowledge::Known(Value::Word(word)),
                field("permission").of_each("values"),
            );
            malformed("the answer does not tell this")
        }
        None => strange_word("/values/permission", &["admin", "write", "read"]),
    }
}

/// The repository itself, which was in no list.
fn not_listed(reader: &mut Reader<'_>, body: &Json, lists: Vec<Evidence>) -> Unknown {
    let rest = repository::repository(reader, body);
    match body.get("is_private") {
        Some(Json::Bool(false)) => {
            let mut evidence = lists;
            evidence.push(reader.evidence(field("is_private")));
            reader.tell_with("repository.permission", Knowledge::Absent, evidence);
            rest
        }
        Some(Json::Bool(true)) => {
            malformed("Bitbucket shows the private repository and lists no permission of the user on it")
        }
        _ => rest,
    }
}
