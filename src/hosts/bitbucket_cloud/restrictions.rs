//! Branch restrictions: what they keep from the account on the default branch.

use serde_json::Value as Json;

use super::lists::Pages;
use super::reading::{Arrived, answered};
use crate::facts::Unknown;
use crate::hosts::branch::{self, About, Restriction};
use crate::hosts::column::{Column, required};
use crate::hosts::reader::malformed;
use crate::hosts::{Seen, Walk};
use crate::vocabulary::Place;

const KIND: Column = required("kind");
const MATCH_KIND: Column = required("branch_match_kind");
const PATTERN: Column = required("pattern");

/// Reads the list, and tells what it says of the default branch.
pub(super) async fn restrictions(walk: &mut Walk<'_>) {
    let Some(branch) = branch::default(&walk.question()) else { return };
    let has_user = walk.question().kind.is_none_or(|kind| kind.has_user);
    let (pages, more) = Pages::new().all(walk).await;
    let (mut found, mut evidence) = (Vec::new(), Vec::new());
    walk.turn().await;
    for page in &pages {
        match of_page(page, &branch, has_user) {
            Some(Ok(restrictions)) => found.extend(restrictions),
            // A page that is refused or broken says nothing, and so does the list that it is of.
            other => {
                let rest = other.and_then(Result::err);
                answered(walk, page, |_, _| rest.unwrap_or_else(|| malformed("the answer does not tell this")));
                return;
            }
        }
        evidence.push(Seen::of(&page.exchange).evidence(Place::List));
    }
    let Some(last) = pages.last() else { return };
    answered(walk, last, |reader, _| {
        for (path, knowledge) in branch::restricted(&found, more) {
            reader.tell_with(path, knowledge, evidence.clone());
        }
        malformed("the answer does not tell this")
    });
}

/// The restrictions of a page; `None` where it is none.
fn of_page(page: &Arrived, branch: &str, has_user: bool) -> Option<Result<Vec<Restriction>, Unknown>> {
    Some(match page.found()?.get("values").and_then(Json::as_array) {
        Some(items) => items.iter().map(|item| restriction(item, branch, has_user)).collect(),
        None => Err(malformed("the answer is no list of branch restrictions")),
    })
}

/// One restriction. No access token can be named in any, so that whoever is, it is not.
fn restriction(item: &Json, branch: &str, has_user: bool) -> Result<Restriction, Unknown> {
    let kind = KIND.text(item).value()?;
    let about = match MATCH_KIND.text(item).value()? {
        "glob" => branch::matched(PATTERN.text(item).value()?, branch, true),
        // A branch is of a type by the branching model, which is not asked for.
        "branching_model" => About::Perhaps,
        _ => return Err(MATCH_KIND.wrong("`glob` or `branching_model`")),
    };
    // Whom one names another pattern's may let through, or one of the project: of accounts nothing is certain.
    Ok(Restriction { about, of_pushing: kind == "push", of_merging: kind == "restrict_merges", shuts_out: !has_user })
}
