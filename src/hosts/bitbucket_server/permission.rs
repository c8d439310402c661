//! The user's level on repositories and projects: by lists of those on which the requesting user has a level, from the
//! highest level down.
//!
//! The lists tell of the user, by the words of the API's document; of the token's own permissions they prove nothing.

use serde_json::Value as Json;

use super::account::{by_name, no_name};
use super::walk::{List, Reply, Seen, Stop, Walk};
use crate::facts::{Cause, Evidence, Knowledge, Target, Unknown, Value};
use crate::hosts::path::encoded;
use crate::hosts::reader::{malformed, wrong_field};
use crate::vocabulary::{Place, Remark};

/// The levels, highest first, as the API and as the tables spell them.
const LEVELS: [(&str, &str); 3] = [("ADMIN", "admin"), ("WRITE", "write"), ("READ", "read")];

fn text<'j>(item: &'j Json, pointer: &str) -> Option<&'j str> {
    item.pointer(pointer).and_then(Json::as_str)
}

fn is_repository(item: &Json, key: &str, slug: &str) -> bool {
    let same = |pointer: &str, wanted: &str| text(item, pointer).is_some_and(|have| have.eq_ignore_ascii_case(wanted));
    same("/project/key", key) && same("/slug", slug)
}

fn hit(level: &'static str, seen: Seen<'_>, of: &str, word: &str) -> (Knowledge, Vec<Evidence>) {
    let source = Place::ListOf(format!("those where the caller has {of}_{word}").into());
    (Knowledge::Known(Value::Word(level)), vec![seen.evidence(source)])
}

fn not_told() -> Unknown {
    malformed("the answer does not tell this")
}

/// The level on one repository.
pub(super) fn of_repository<'a>(walk: &mut Walk<'a>) -> Result<Unknown, Stop<'a>> {
    const FACT: &str = "repository.permission";
    let Target::Repository(target) = walk.question.target() else {
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
            let mut found = None;
            let end = walk.list(&path, |_, seen, item| {
                let here = is_repository(item, &key, &slug);
                if here {
                    found = Some(seen);
                }
                here
            })?;
            match (end, found) {
                (_, Some(seen)) => {
                    let (knowledge, evidence) = hit(level, seen, "REPO", word);
                    walk.tell_fact(FACT, knowledge, evidence);
                    return Ok(not_told());
                }
                (List::Denied(unknown), _) => return Ok(unknown),
                (List::NotFound, _) => return Ok(no_lists()),
                (List::End(seen), _) => last = Some(seen),
                (List::Found, None) => {}
            }
        }
        let none = |walk: &mut Walk<'a>, seen: Option<Seen<'a>>| {
            let source = not_in("those where the caller has REPO_ADMIN, REPO_WRITE or REPO_READ");
            let evidence = seen.map(|seen| seen.evidence(source)).into_iter().collect();
            walk.tell_fact(FACT, Knowledge::Absent, evidence);
            not_told()
        };
        if named {
            return Ok(none(walk, last));
        }
        // The lists go by a repository's name, which need not be its slug, and an empty one may mean a name that is wrong.
        let path = format!("/api/1.0/projects/{}/repos/{}", encoded(target.owner()), encoded(target.name()));
        match walk.get(&path)? {
            Reply::Found(_, body) => {
                let fields = (text(&body, "/project/key"), text(&body, "/slug"), text(&body, "/name"));
                let (Some(has_key), Some(has_slug), Some(has_name)) = fields else {
                    return Ok(wrong_field("/name", "a text"));
                };
                if has_name.trim().eq_ignore_ascii_case(&name) && is_repository(&body, &key, &slug) {
                    return Ok(none(walk, last));
                }
                (key, slug, name) = (has_key.to_owned(), has_slug.to_owned(), has_name.trim().to_owned());
            }
            // Known to Bitbucket, and not allowed to read it: no level at all.
            Reply::Denied(..) => return Ok(none(walk, last)),
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
pub(super) fn of_repositories<'a>(walk: &mut Walk<'a>) -> Result<Unknown, Stop<'a>> {
    of_all(walk, "repository.permission", "REPO", |word| {
        format!("/api/1.0/repos?permission=REPO_{word}&archived=ALL&limit=1000")
    })
}

/// The levels on many projects.
pub(super) fn of_projects<'a>(walk: &mut Walk<'a>) -> Result<Unknown, Stop<'a>> {
    of_all(walk, "project.permission", "PROJECT", |word| {
        format!("/api/1.0/projects?permission=PROJECT_{word}&limit=1000")
    })
}

fn of_all<'a>(
    walk: &mut Walk<'a>,
    fact: &'static str,
    of: &str,
    path: impl Fn(&str) -> String,
) -> Result<Unknown, Stop<'a>> {
    let mut open: Vec<&'a Target> = walk.question.targets.iter().collect();
    // Asked one by one, each takes two requests where its level is write; many pages are not worth more.
    let worth = open.len().saturating_mul(2).max(LEVELS.len());
    for (word, level) in LEVELS {
        let end = walk.list(&path(word), |walk, seen, item| {
            let is_it = |target: &Target| match target {
                Target::Repository(name) => is_repository(item, name.owner(), name.name()),
                Target::Organization(key) => text(item, "/key").is_some_and(|have| have.eq_ignore_ascii_case(key)),
                Target::Credential => false,
            };
            open.retain(|target| {
                let here = is_it(target);
                if here {
                    let (knowledge, evidence) = hit(level, seen, of, word);
                    walk.tell_of(target, fact, knowledge, evidence);
                }
                !here
            });
            open.is_empty()
        })?;
        if open.is_empty() || !matches!(end, List::End(_)) || walk.at >= worth {
            break;
        }
    }
    Ok(not_told())
}

/// The level on one project. The lists have no personal projects: there the users with the level are asked for, among
/// whom the caller is or is not.
pub(super) fn of_project<'a>(walk: &mut Walk<'a>) -> Result<Unknown, Stop<'a>> {
    const FACT: &str = "project.permission";
    let Target::Organization(key) = walk.question.target() else {
        return Ok(malformed("the answer is about no project"));
    };
    let personal = key.starts_with('~');
    let username = if personal {
        let Some(username) = walk.username() else { return Ok(no_name()) };
        username
    } else {
        ""
    };
    let mut last = None;
    for (word, level) in LEVELS {
        let path = if personal {
            format!("{}&permission=PROJECT_{word}&permission.projectKey={}", by_name(username), encoded(key))
        } else {
            format!("/api/1.0/projects?permission=PROJECT_{word}&limit=1000")
        };
        let mut found = None;
        let end = walk.list(&path, |_, seen, item| {
            let here = if personal {
                text(item, "/name") == Some(username)
            } else {
                text(item, "/key").is_some_and(|have| have.eq_ignore_ascii_case(key))
            };
            if here {
                found = Some(seen);
            }
            here
        })?;
        match (end, found) {
            (_, Some(seen)) => {
                let (knowledge, evidence) = hit(level, seen, "PROJECT", word);
                walk.tell_fact(FACT, knowledge, evidence);
                return Ok(not_told());
            }
            (List::Denied(unknown), _) => return Ok(unknown),
            (List::NotFound, _) if personal => return Ok(not_there(key)),
            (List::NotFound, _) => return Ok(no_lists()),
            (List::End(seen), _) => last = Some(seen),
            (List::Found, None) => {}
        }
    }
    // Without any level it may still be there: a project with one repository that may be read.
    match walk.get(&format!("/api/1.0/projects/{}", encoded(key)))? {
        Reply::Found(..) | Reply::Denied(..) => {
            let source = not_in("those where the caller has PROJECT_ADMIN, PROJECT_WRITE or PROJECT_READ");
            let evidence = last.map(|seen| seen.evidence(source)).into_iter().collect();
            walk.tell_fact(FACT, Knowledge::Absent, evidence);
            Ok(not_told())
        }
        Reply::NotFound(_) => Ok(not_there(key)),
    }
}

fn not_there(key: &str) -> Unknown {
    Unknown::new(Cause::NotPermitted, format!("the project `{key}` is not visible to this credential"))
}

/// These lists were read, and it is in none.
fn not_in(lists: &'static str) -> Place {
    Place::ListsOf(lists.into()).remarked(Remark::Says("not there"))
}

fn no_lists() -> Unknown {
    Unknown::new(Cause::NotReachable, "this address does not answer as Bitbucket's API does (404)")
}
