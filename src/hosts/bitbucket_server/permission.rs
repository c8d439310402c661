//! The user's level on repositories and projects: by lists of those on which the requesting user has a level, from the
//! highest level down.
//!
//! The lists tell of the user, by the words of the API's document; of the token's own permissions they prove nothing.

use serde_json::Value as Json;

use super::account::{by_name, no_name};
use super::asking::{self, Found, List, Page, Reply, Stop, username};
use crate::facts::{Cause, Evidence, Knowledge, Target, Unknown, Value};
use crate::hosts::path::encoded;
use crate::hosts::reader::{malformed, wrong_field};
use crate::hosts::{Seen, Walk};
use crate::vocabulary::{Place, Remark};

/// The levels, highest first, as the API and as the tables spell them.
const LEVELS: [(&str, &str); 3] = [("ADMIN", "admin"), ("WRITE", "write"), ("READ", "read")];

fn text<'j>(item: &'j Json, pointer: &str) -> Option<&'j str> {
    item.pointer(pointer).and_then(Json::as_str)
}

/// Whether an item is this repository; `None` where it does not say which it is.
fn is_repository(item: &Json, key: &str, slug: &str) -> Option<bool> {
    let same = |pointer: &str, wanted: &str| text(item, pointer).map(|have| have.eq_ignore_ascii_case(wanted));
    Some(same("/project/key", key)? & same("/slug", slug)?)
}

fn hit(level: &'static str, seen: &Seen, of: &str, word: &str) -> (Knowledge, Vec<Evidence>) {
    let source = Place::ListOf(format!("those where the caller has {of}_{word}").into());
    (Knowledge::Known(Value::Word(level)), vec![seen.evidence(source)])
}

fn not_told() -> Unknown {
    malformed("the answer does not tell this")
}

/// No level, by lists that were all read; the last of them stands for them.
fn no_level(walk: &mut Walk<'_>, fact: &str, lists: &'static str, last: Option<&Seen>) -> Unknown {
    let source = Place::ListsOf(lists.into()).remarked(Remark::Says("not there"));
    let evidence = last.map(|seen| seen.evidence(source)).into_iter().collect();
    walk.tell(fact, Knowledge::Absent, evidence);
    not_told()
}

/// The level on one repository.
pub(super) async fn of_repository(walk: &mut Walk<'_>) -> Result<Unknown, Stop> {
    const FACT: &str = "repository.permission";
    const LISTS: &str = "those where the caller has REPO_ADMIN, REPO_WRITE or REPO_READ";
    let Target::Repository(target) = walk.target() else {
        return Ok(malformed("the answer is about no repository"));
    };
    let (mut key, mut slug, mut name) = (target.owner().to_owned(), target.name().to_owned(), target.name().to_owned());
    for named in [false, true] {
        let mut last = None;
        for (word, level) in LEVELS {
            let path = format!(
                "/api/1.0/repos?permission=REPO_{word}&projectkey={}&name={}&archived=ALL&limit=100",
                encoded(&key),
                encoded(&name)
            );
            match asking::find(walk, path, |item| is_repository(item, &key, &slug)).await? {
                Found::Item(seen, _) => {
                    let (knowledge, evidence) = hit(level, &seen, "REPO", word);
                    walk.tell(FACT, knowledge, evidence);
                    return Ok(not_told());
                }
                Found::None(seen) => last = Some(seen),
                Found::NoList => return Ok(no_lists()),
                Found::Denied(unknown) => return Ok(unknown),
            }
        }
        if named {
            return Ok(no_level(walk, FACT, LISTS, last.as_ref()));
        }
        // The lists go by a repository's name, which need not be its slug, and an empty one may mean a name that is wrong.
        let path = format!("/api/1.0/projects/{}/repos/{}", encoded(target.owner()), encoded(target.name()));
        match asking::get(walk, &path).await? {
            Reply::Found(_, body) => {
                let fields = (text(&body, "/project/key"), text(&body, "/slug"), text(&body, "/name"));
                let (Some(has_key), Some(has_slug), Some(has_name)) = fields else {
                    return Ok(wrong_field("/name", "a text"));
                };
                if has_name.trim().eq_ignore_ascii_case(&name) && is_repository(&body, &key, &slug) == Some(true) {
                    return Ok(no_level(walk, FACT, LISTS, last.as_ref()));
                }
                (key, slug, name) = (has_key.to_owned(), has_slug.to_owned(), has_name.trim().to_owned());
            }
            // Known to Bitbucket, and not allowed to read it: no level at all.
            Reply::Denied(..) => return Ok(no_level(walk, FACT, LISTS, last.as_ref())),
            Reply::NotFound(_) => {
                let reason = format!("`{target}` is not visible to this credential");
                return Ok(Unknown::new(Cause::NotPermitted, reason));
            }
        }
    }
    Ok(not_told())
}

/// The levels on many repositories, one list a level. What the lists do not show is left to single questions, which tell
/// a repository without any level from one that is not there.
pub(super) async fn of_repositories(walk: &mut Walk<'_>) -> Result<Unknown, Stop> {
    of_all(walk, "repository.permission", "REPO", |word| {
        format!("/api/1.0/repos?permission=REPO_{word}&archived=ALL&limit=1000")
    })
    .await
}

/// The levels on many projects.
pub(super) async fn of_projects(walk: &mut Walk<'_>) -> Result<Unknown, Stop> {
    of_all(walk, "project.permission", "PROJECT", |word| {
        format!("/api/1.0/projects?permission=PROJECT_{word}&limit=1000")
    })
    .await
}

async fn of_all(
    walk: &mut Walk<'_>,
    fact: &'static str,
    of: &str,
    path: impl Fn(&str) -> String + Send,
) -> Result<Unknown, Stop> {
    let targets = walk.targets();
    let mut open: Vec<&Target> = targets.iter().collect();
    // Asked one by one, each takes two requests where its level is write; many pages are not worth more.
    let worth = open.len().saturating_mul(2).max(LEVELS.len());
    for (word, level) in LEVELS {
        let mut list = List::at(path(word));
        let read_whole = loop {
            let (seen, values) = match list.page(walk).await? {
                Page::Values(seen, values) => (seen, values),
                Page::End(_) => break true,
                Page::NoList | Page::Denied(_) => break false,
            };
            // An item that cannot be read may be any of them: they are asked for one by one.
            if values.iter().any(|item| targets.iter().any(|target| is_of(item, target).is_none())) {
                break false;
            }
            for item in &values {
                open.retain(|target| {
                    let here = is_of(item, target) == Some(true);
                    if here {
                        let (knowledge, evidence) = hit(level, &seen, of, word);
                        walk.tell_of(target, fact, knowledge, evidence);
                    }
                    !here
                });
            }
            if open.is_empty() {
                break true;
            }
        };
        if open.is_empty() || !read_whole || walk.asked() >= worth {
            break;
        }
    }
    Ok(not_told())
}

/// Whether an item of a list is this target; `None` where it does not say what it is.
fn is_of(item: &Json, target: &Target) -> Option<bool> {
    match target {
        Target::Repository(name) => is_repository(item, name.owner(), name.name()),
        Target::Organization(key) => text(item, "/key").map(|have| have.eq_ignore_ascii_case(key)),
        Target::Credential => Some(false),
    }
}

/// The level on one project. The lists have no personal projects: there the users with the level are asked for, among
/// whom the caller is or is not.
pub(super) async fn of_project(walk: &mut Walk<'_>) -> Result<Unknown, Stop> {
    const FACT: &str = "project.permission";
    const LISTS: &str = "those where the caller has PROJECT_ADMIN, PROJECT_WRITE or PROJECT_READ";
    let target = walk.target();
    let Target::Organization(key) = &target else {
        return Ok(malformed("the answer is about no project"));
    };
    let personal = key.starts_with('~');
    let username = match username(&walk.question()) {
        Some(username) if personal => username,
        None if personal => return Ok(no_name()),
        _ => String::new(),
    };
    let mut last = None;
    for (word, level) in LEVELS {
        let path = if personal {
            format!("{}&permission=PROJECT_{word}&permission.projectKey={}", by_name(&username), encoded(key))
        } else {
            format!("/api/1.0/projects?permission=PROJECT_{word}&limit=1000")
        };
        let is_it = |item: &Json| {
            if personal { text(item, "/name").map(|name| name == username) } else { is_of(item, &target) }
        };
        match asking::find(walk, path, is_it).await? {
            Found::Item(seen, _) => {
                let (knowledge, evidence) = hit(level, &seen, "PROJECT", word);
                walk.tell(FACT, knowledge, evidence);
                return Ok(not_told());
            }
            Found::None(seen) => last = Some(seen),
            Found::NoList if personal => return Ok(not_there(key)),
            Found::NoList => return Ok(no_lists()),
            Found::Denied(unknown) => return Ok(unknown),
        }
    }
    // Without any level it may still be there: a project with one repository that may be read.
    match asking::get(walk, &format!("/api/1.0/projects/{}", encoded(key))).await? {
        Reply::Found(..) | Reply::Denied(..) => Ok(no_level(walk, FACT, LISTS, last.as_ref())),
        Reply::NotFound(_) => Ok(not_there(key)),
    }
}

fn not_there(key: &str) -> Unknown {
    Unknown::new(Cause::NotPermitted, format!("the project `{key}` is not visible to this credential"))
}

fn no_lists() -> Unknown {
    Unknown::new(Cause::NotReachable, "this address does not answer as Bitbucket's API does (404)")
}
