//! A repository, and the list of those that can be seen.

use serde_json::Value as Json;

use super::asking::{self, List, Missing, Page, Reply, Stop};
use super::tables::host;
use crate::facts::{Cause, Incident, Knowledge, RepositoryName, ScopeEntry, Target, Unknown, Value, Version};
use crate::hosts::Walk;
use crate::hosts::column::{Column, Gap, Held, required};
use crate::hosts::path::encoded;
use crate::hosts::reader::{malformed, strange_word, wrong_field};
use crate::text::glob;
use crate::vocabulary::bitbucket_server::headers::X_AUSERNAME;
use crate::vocabulary::{HostKind, Place, Remark, field, status};

/// The version that brought archived repositories.
const ARCHIVES: &str = "8.0";

const STATE: Column = required("state");
const PUBLIC: Column = required("public");
/// Personal projects lack it.
const PROJECT_PUBLIC: Column = required("project.public").missing(Gap::Is(false));
/// Old servers lack it.
const ARCHIVED: Column = required("archived").missing(Gap::Nothing);

/// One repository.
pub(super) async fn repository(walk: &mut Walk<'_>) -> Result<Unknown, Stop> {
    let Target::Repository(asked) = walk.target() else {
        return Ok(malformed("the answer is about no repository"));
    };
    let path = format!("/api/1.0/projects/{}/repos/{}", encoded(asked.owner()), encoded(asked.name()));
    let (seen, body) = match asking::get(walk, &path).await? {
        Reply::Found(seen, body) => (seen, body),
        Reply::NotFound(Missing { seen, is_bitbuckets }) => {
            if is_bitbuckets {
                let reasons = vec![
                    format!(
                        "`{asked}` does not exist: it is the project's key that stands before the slash, not its name"
                    ),
                    "its user has no permission on it".to_owned(),
                ];
                invisible(walk, &asked, reasons, vec![seen.evidence(status(404))]);
            }
            return Ok(not_visible(&asked));
        }
        Reply::Denied(seen, unknown) => {
            let reasons = vec!["its user has no permission on it (401 for a user that Bitbucket knows)".to_owned()];
            invisible(walk, &asked, reasons, vec![seen.evidence(status(401).remarked(Remark::With(X_AUSERNAME)))]);
            return Ok(unknown);
        }
    };
    let text = |pointer: &str| body.pointer(pointer).and_then(Json::as_str);
    let Some((key, slug)) = text("/project/key").zip(text("/slug")) else {
        return Ok(wrong_field("/slug", "a text"));
    };
    let Ok(name) = RepositoryName::parse(&format!("{key}/{slug}")) else {
        return Ok(wrong_field("/slug", "a repository's name"));
    };
    let names = vec![seen.evidence(Place::Fields(const { &[field("project.key"), field("slug")] }))];
    if !name.as_str().eq_ignore_ascii_case(asked.as_str()) {
        let renamed = Incident::Renamed { from: asked.clone(), to: name.to_string(), evidence: names.clone() };
        walk.decoded.incidents.push(renamed);
    }
    walk.tell("repository.name", Knowledge::Known(Value::String(name.to_string())), names);
    // Everybody reads all of a public project.
    let visibility = match (PUBLIC.flag(&body), PROJECT_PUBLIC.flag(&body)) {
        (Held::Value(true), _) | (_, Held::Value(true)) => Knowledge::Known(Value::Word("public")),
        (Held::Value(false), Held::Value(false)) => Knowledge::Known(Value::Word("private")),
        (Held::Open(why), _) | (_, Held::Open(why)) => Knowledge::Unknown(why),
        (Held::Nothing, _) | (_, Held::Nothing) => Knowledge::Unknown(PUBLIC.wrong("true or false")),
    };
    walk.tell(
        "repository.visibility",
        visibility,
        vec![seen.evidence(Place::Fields(const { &[field("public"), field("project.public")] }))],
    );
    let (archived, source) = match ARCHIVED.flag(&body) {
        Held::Nothing if is_before(walk, ARCHIVES) => {
            (Held::Value(false), Place::from(field("archived")).remarked(Remark::MissingBefore(ARCHIVES)))
        }
        Held::Nothing => (Held::Open(ARCHIVED.wrong("true or false")), field("archived").into()),
        held => (held, field("archived").into()),
    };
    walk.tell("repository.archived", archived.is(), vec![seen.evidence(source)]);
    let states = ["AVAILABLE", "INITIALISING", "INITIALISATION_FAILED", "OFFLINE"];
    let is_known = |state: &&str| states.contains(state).then(|| *state == "AVAILABLE");
    let writable = STATE.text(&body).or_strange(is_known, || strange_word("/state", &states));
    walk.tell_always("repository.writable", writable.is(), vec![seen.evidence(field("state"))]);
    Ok(malformed("the answer does not tell this"))
}

/// Whether the host is known to be older than a version.
fn is_before(walk: &Walk<'_>, version: &str) -> bool {
    let at = host().fact("host.version").and_then(|index| walk.question().so_far.credential.get(index));
    match (at.and_then(|fact| fact.knowledge.value()), Version::parse(version)) {
        (Some(Value::Version(have)), Some(version)) => *have < version,
        _ => false,
    }
}

pub(super) fn not_visible(name: &RepositoryName) -> Unknown {
    Unknown::new(Cause::NotPermitted, format!("`{name}` is not visible to this credential"))
}

fn invisible(
    walk: &mut Walk<'_>,
    repository: &RepositoryName,
    reasons: Vec<String>,
    evidence: Vec<crate::facts::Evidence>,
) {
    walk.decoded.incidents.push(Incident::NotVisible { repository: repository.clone(), reasons, evidence });
}

/// The repositories that the credential sees, each by its project's key and, as bots may name it, by the project's name.
pub(super) async fn listing(walk: &mut Walk<'_>) -> Result<Unknown, Stop> {
    let mut path = walk.row().path.to_owned();
    if let Some(project) = only_project(&walk.credential().scope) {
        path.push_str(&format!("&projectname={}", encoded(project)));
    }
    let mut list = List::at(path);
    let refused = loop {
        match list.page(walk).await? {
            Page::Values(_, values) => values.iter().for_each(|item| listed(walk, item)),
            Page::End(_) => return Ok(malformed("the answer does not tell this")),
            Page::NoList => {
                break Unknown::new(Cause::NotReachable, "this address does not answer as Bitbucket's API does");
            }
            Page::Denied(unknown) => break unknown,
        }
    };
    walk.decoded.incomplete = Some(refused.clone());
    Ok(refused)
}

/// One repository of the list.
fn listed(walk: &mut Walk<'_>, item: &Json) {
    let text = |pointer: &str| item.pointer(pointer).and_then(Json::as_str);
    let slug = text("/slug");
    let name =
        text("/project/key").zip(slug).and_then(|(key, slug)| RepositoryName::parse(&format!("{key}/{slug}")).ok());
    match name {
        Some(name) => {
            if let Some((project, slug)) = text("/project/name").zip(slug) {
                walk.decoded.aliases.push((format!("{project}/{slug}"), name.clone()));
            }
            walk.decoded.listed.push(name);
        }
        None => walk.decoded.incomplete = Some(malformed("the list holds something that is no repository")),
    }
}

/// The one project's name that everything in scope is of, where an allow list names it.
fn only_project(scope: &[ScopeEntry]) -> Option<&str> {
    let (first, rest) = scope.split_first()?;
    let project = |entry: &'_ ScopeEntry| {
        let (project, _) =
            entry.by_project_title(HostKind::BitbucketServer).then(|| entry.text().split_once('/')).flatten()?;
        (!glob::is_pattern(project)).then(|| project.to_owned())
    };
    let name = project(first)?;
    let all = rest.iter().all(|entry| project(entry).is_some_and(|other| other.eq_ignore_ascii_case(&name)));
    first.text().get(..name.len()).filter(|_| all)
}
