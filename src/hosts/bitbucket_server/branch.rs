//! The default branch, and the branch permissions that bear on it.

use serde_json::Value as Json;

use super::asking::{self, List, Page, Reply, Stop};
use crate::facts::{Cause, Knowledge, Target, Unknown, Value};
use crate::hosts::Walk;
use crate::hosts::branch::{self, About, Restriction};
use crate::hosts::column::{Column, Held, required};
use crate::hosts::path::encoded;
use crate::hosts::reader::malformed;
use crate::vocabulary::{Place, field};

const ID: Column = required("id");
const DISPLAY_ID: Column = required("displayId");
const TYPE: Column = required("type");
const MATCHER_ID: Column = required("matcher.id");
const MATCHER_TYPE: Column = required("matcher.type.id");
const USERS: Column = required("users");
const USER_NAME: Column = required("name");
const GROUPS: Column = required("groups");

/// The path of something of the question's repository; `None` where it is about none.
fn of_repository(walk: &Walk<'_>, base: &str, rest: &str) -> Option<String> {
    let Target::Repository(name) = walk.target() else { return None };
    Some(format!("{base}/projects/{}/repos/{}/{rest}", encoded(name.owner()), encoded(name.name())))
}

/// The branch that is configured to be the default one.
pub(super) async fn default_branch(walk: &mut Walk<'_>) -> Result<Unknown, Stop> {
    let Some(path) = of_repository(walk, "/api/1.0", "default-branch") else {
        return Ok(malformed("the answer is about no repository"));
    };
    let (seen, body) = match asking::get(walk, &path).await? {
        Reply::Found(seen, body) => (seen, body),
        Reply::NotFound(missing) if missing.is_bitbuckets => return Ok(branch::not_there()),
        Reply::NotFound(_) => {
            return Ok(Unknown::new(Cause::NotReachable, "this version of Bitbucket does not know the request (404)"));
        }
        Reply::Denied(_, unknown) => return Ok(unknown),
    };
    // The name is what the reference has behind `refs/heads/`: an answer in which they differ is about two branches.
    let name = match (ID.text(&body), DISPLAY_ID.text(&body)) {
        (Held::Value(id), Held::Value(name)) if id.strip_prefix("refs/heads/") == Some(name) => {
            Knowledge::Known(Value::String(name.to_owned()))
        }
        (Held::Value(_), Held::Value(_)) => {
            Knowledge::Unknown(malformed("the fields `id` and `displayId` of the answer disagree"))
        }
        (Held::Value(_), other) | (other, _) => other.says(),
    };
    let places = Place::Fields(const { &[field("id"), field("displayId")] });
    walk.tell("repository.default_branch", name, vec![seen.evidence(places)]);
    Ok(malformed("the answer does not tell this"))
}

/// The branch permissions of the repository.
pub(super) async fn restrictions(walk: &mut Walk<'_>) -> Result<Unknown, Stop> {
    let path = of_repository(walk, "/branch-permissions/2.0", "restrictions?limit=100");
    let (Some(path), Some(branch)) = (path, branch::default(&walk.question())) else {
        return Ok(malformed("the answer is about no branch"));
    };
    let caller = asking::username(&walk.question());
    let (mut found, mut evidence, mut list) = (Vec::new(), Vec::new(), List::at(path));
    loop {
        match list.page(walk).await? {
            Page::Values(seen, values) => {
                for item in &values {
                    match restriction(item, &branch, caller.as_deref()) {
                        Ok(one) => found.push(one),
                        Err(unknown) => return Ok(unknown),
                    }
                }
                evidence.push(seen.evidence(Place::List));
            }
            Page::End(_) => break,
            Page::NoList => {
                return Ok(Unknown::new(Cause::NotPermitted, "Bitbucket shows no branch permissions here (404)"));
            }
            Page::Denied(unknown) => {
                let reason = format!(
                    "branch permissions are shown to administrators of the repository alone; {}",
                    unknown.reason
                );
                return Ok(Unknown::new(Cause::NotPermitted, reason));
            }
        }
    }
    for (path, knowledge) in branch::restricted(&found, None) {
        walk.tell(path, knowledge, evidence.clone());
    }
    Ok(malformed("the answer does not tell this"))
}

/// One branch permission: what all but those named may not do. Source: Atlassian's REST documentation, "Search for ref
/// restrictions".
fn restriction(item: &Json, branch: &str, caller: Option<&str>) -> Result<Restriction, Unknown> {
    let (of_pushing, of_merging) = match TYPE.text(item).value()? {
        "read-only" => (true, true),
        "pull-request-only" => (true, false),
        _ => (false, false),
    };
    let id = MATCHER_ID.text(item).value()?;
    let about = match MATCHER_TYPE.text(item).value()? {
        "BRANCH" if id.strip_prefix("refs/heads/") == Some(branch) => About::Yes,
        "BRANCH" if id.starts_with("refs/") => About::No,
        "PATTERN" => branch::matched(id, branch, false),
        // The branching model, or whatever else: which branches it is about is not told here.
        _ => About::Perhaps,
    };
    let users = USERS.read(item, "a list", Json::as_array).value()?;
    let groups = GROUPS.read(item, "a list", Json::as_array).value()?;
    let names: Vec<&str> = users.iter().map(|user| USER_NAME.text(user).value()).collect::<Result<_, _>>()?;
    let may_be = |name: &&str| caller.is_none_or(|caller| caller.eq_ignore_ascii_case(name));
    let shuts_out = groups.is_empty() && !names.iter().any(may_be);
    Ok(Restriction { about, of_pushing, of_merging, shuts_out })
}
