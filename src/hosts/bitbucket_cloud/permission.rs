//! The user's own permission on a repository.
//!
//! The list of the user's permissions in the workspace, filtered for the repository; where the filter is refused or finds
//! nothing, the whole list; where the repository is not in it, the repository itself. Not being listed means that nothing
//! was granted, but only where the repository is there: everybody may see a public one.

use serde_json::Value as Json;

use super::reading::{Arrived, Counted, answered};
use super::tables::host;
use super::{repository, requests};
use crate::facts::{Cause, Evidence, Knowledge, Target, Unknown, Value};
use crate::hosts::column::Held;
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

/// Looks for the repository in one of the lists; every page without it joins `lists`. The filtered list is read to its end:
/// it is of this repository alone, and may name several permissions. The whole list is read until the repository is there.
async fn in_list(walk: &mut Walk<'_>, stage: Stage, lists: &mut Vec<Evidence>) -> Listed {
    let target = walk.target();
    let first = match stage {
        Stage::Filtered => requests::request(&walk.question()),
        Stage::Whole => requests::without_filter(&walk.question()),
    };
    let (mut came, mut last) = (walk.ask(first).await, None);
    let (mut counted, mut hits) = (Counted::default(), Vec::new());
    loop {
        let Ok(exchange) = came else { return Listed::Cut(hits.pop().or(last)) };
        let seen = Seen::of(&exchange);
        let arrived = Arrived::of(exchange);
        let entries = arrived.found().map(|body| body.get("values").and_then(Json::as_array));
        let here = match (seen.status, entries) {
            (Some(400), _) if stage == Stage::Filtered => false,
            (_, Some(Some(entries))) if entries.iter().any(|entry| is_of(entry, &target).is_none()) => {
                walk.turn().await;
                answered(walk, &arrived, |_, _| malformed("the list holds something that is no permission"));
                return Listed::Told;
            }
            (_, Some(Some(entries))) => entries.iter().any(|entry| is_of(entry, &target) == Some(true)),
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
        let next = counted.next(&arrived);
        if here {
            hits.push(arrived);
        } else {
            lists.push(seen.evidence(Place::NotListed("repository")));
            last = Some(arrived);
        }
        let found = !hits.is_empty();
        match next {
            Ok(Some(next)) if stage == Stage::Filtered || !found => came = walk.page(&next).await,
            Ok(_) if found => {
                walk.turn().await;
                for page in &hits {
                    answered(walk, page, granted);
                }
                return Listed::Told;
            }
            Ok(_) => return Listed::Not,
            Err(why) => {
                let Some(last) = hits.pop().or(last) else { return Listed::Cut(None) };
                walk.turn().await;
                answered(walk, &last, |_, _| why);
                return Listed::Told;
            }
        }
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

/// Whether an entry is about this repository; `None` where it does not say which it is about.
fn is_of(entry: &Json, target: &Target) -> Option<bool> {
    let Target::Repository(asked) = target else { return Some(false) };
    let name = entry.pointer("/repository/full_name")?.as_str()?;
    Some(name.eq_ignore_ascii_case(asked.as_str()))
}

/// The entries of the repository: several that differ are all told, and then none of them counts.
fn granted(reader: &mut Reader<'_>, body: &Json) -> Unknown {
    let target = reader.target();
    let entries = body.get("values").and_then(Json::as_array);
    let entries = entries.into_iter().flatten().filter(|entry| is_of(entry, target) == Some(true));
    let word = |entry: &Json| {
        let word = entry.get("permission").and_then(Json::as_str)?;
        reader::word_of(host(), "repository.permission", word)
    };
    let Some(words) = entries.map(word).collect::<Option<Vec<_>>>() else {
        return strange_word("/values/permission", &["admin", "write", "read"]);
    };
    for word in words {
        let knowledge = Knowledge::Known(Value::Word(word));
        reader.tell("repository.permission", knowledge, field("permission").of_each("values"));
    }
    malformed("the answer does not tell this")
}

/// The repository itself, which was in no list.
fn not_listed(reader: &mut Reader<'_>, body: &Json, lists: Vec<Evidence>) -> Unknown {
    let rest = repository::repository(reader, body);
    match repository::IS_PRIVATE.flag(body) {
        Held::Value(false) => {
            let mut evidence = lists;
            evidence.push(reader.evidence(field("is_private")));
            reader.tell_with("repository.permission", Knowledge::Absent, evidence);
            rest
        }
        Held::Value(true) => {
            malformed("Bitbucket shows the private repository and lists no permission of the user on it")
        }
        Held::Nothing | Held::Open(_) => rest,
    }
}
