//! The record of the credential's own token: its name, permissions, and when it was made, was used and ends.
//!
//! Whether a token may read it is for the host to decide; both answers are normal. Which record is its own is told by the
//! number in the token's text, or because the list has one token only, and by nothing else: names prove nothing.

use jiff::Timestamp;
use serde_json::Value as Json;

use super::account::{by_name, no_name, not_listed};
use super::headers::{self, ServiceAccount};
use super::walk::{List, Reply, Seen, Stop, Walk};
use crate::facts::{Bounds, Cause, Incident, Knowledge, PermissionMap, Unknown, Value};
use crate::hosts::path::encoded;
use crate::hosts::reader::{malformed, wrong_field};
use crate::vocabulary::{FieldPath, Place, field};

/// What looking for the record at one place gave.
enum Looked {
    /// It was found and told.
    Told,
    /// There is no such place, or not the record.
    Missing(Unknown),
    /// The place is there, and what it shows leaves open which record is the token's own.
    Open(Unknown),
    /// The host refuses.
    Refused(Unknown),
}

/// The record of the token in use.
pub(super) fn token_record<'a>(walk: &mut Walk<'a>) -> Result<Unknown, Stop<'a>> {
    let Some(name) = walk.username() else { return Ok(no_name()) };
    let looked = match ServiceAccount::of_name(name) {
        Some(account) => of_resource(walk, account)?,
        None => of_user(walk, name)?,
    };
    Ok(match looked {
        Looked::Told => malformed("the token's record does not tell this"),
        Looked::Missing(unknown) | Looked::Open(unknown) | Looked::Refused(unknown) => unknown,
    })
}

/// A person's token, below the user's slug: guessed from the name, else looked up.
fn of_user<'a>(walk: &mut Walk<'a>, name: &str) -> Result<Looked, Stop<'a>> {
    let token_id = walk.question.credential.token_id.as_deref();
    let place = |slug: &str| format!("/access-tokens/1.0/users/{}", encoded(slug));
    let guess = headers::slug_of(name);
    if let Some(slug) = &guess {
        let first = match token_id {
            Some(id) => by_number(walk, &place(slug), id)?,
            None => in_list(walk, &place(slug), None)?,
        };
        match first {
            Looked::Told => return Ok(Looked::Told),
            Looked::Open(unknown) => return Ok(Looked::Open(unknown)),
            Looked::Refused(_) if token_id.is_some() => return in_list(walk, &place(slug), token_id),
            Looked::Refused(unknown) => return Ok(Looked::Refused(unknown)),
            Looked::Missing(_) => {}
        }
    }
    let mut found = None;
    let end = walk.list(&by_name(name), |_, _, item| {
        let text = |field: &str| item.get(field).and_then(Json::as_str);
        if text("name") == Some(name) {
            found = text("slug").map(str::to_owned);
        }
        found.is_some()
    })?;
    let slug = match (end, found) {
        (List::Denied(unknown), _) => return Ok(Looked::Refused(unknown)),
        (_, Some(slug)) => slug,
        (_, None) => return Ok(Looked::Missing(not_listed(name))),
    };
    if let Some(id) = token_id.filter(|_| guess.as_ref() != Some(&slug))
        && matches!(by_number(walk, &place(&slug), id)?, Looked::Told)
    {
        return Ok(Looked::Told);
    }
    in_list(walk, &place(&slug), token_id)
}

/// A token of a repository or project, below that: whose it is, its administrators alone may read. The account's number is
/// the repository's; that it is the project's for other accounts is a guess, which only the record itself can prove.
fn of_resource<'a>(walk: &mut Walk<'a>, account: ServiceAccount) -> Result<Looked, Stop<'a>> {
    let token_id = walk.question.credential.token_id.as_deref();
    let is_repository = account.of == ServiceAccount::REPOSITORY;
    let path = if is_repository {
        "/api/1.0/repos?permission=REPO_ADMIN&archived=ALL&limit=1000"
    } else {
        "/api/1.0/projects?permission=PROJECT_ADMIN&limit=1000"
    };
    let mut place = None;
    let end = walk.list(path, |_, _, item| {
        let text = |pointer: &str| item.pointer(pointer).and_then(Json::as_str);
        if item.get("id").and_then(Json::as_u64) == Some(account.id) {
            place = if is_repository {
                text("/project/key")
                    .zip(text("/slug"))
                    .map(|(key, slug)| format!("/access-tokens/1.0/projects/{}/repos/{}", encoded(key), encoded(slug)))
            } else {
                text("/key").map(|key| format!("/access-tokens/1.0/projects/{}", encoded(key)))
            };
        }
        place.is_some()
    })?;
    if let List::Denied(unknown) = end {
        return Ok(Looked::Refused(unknown));
    }
    let what = if is_repository { "repository" } else { "project" };
    let Some(place) = place else {
        let reason = format!("only an administrator of its {what} may read the token's record, and the token is none");
        return Ok(Looked::Refused(Unknown::new(Cause::NotPermitted, reason)));
    };
    match token_id {
        Some(id) => match by_number(walk, &place, id)? {
            Looked::Told => Ok(Looked::Told),
            _ => in_list(walk, &place, token_id),
        },
        None if is_repository => in_list(walk, &place, None),
        None => {
            let reason = "the token's text does not tell which of the project's tokens it is";
            Ok(Looked::Open(Unknown::new(Cause::NotRevealable, reason)))
        }
    }
}

/// The record by its number.
fn by_number<'a>(walk: &mut Walk<'a>, place: &str, id: &str) -> Result<Looked, Stop<'a>> {
    Ok(match walk.get(&format!("{place}/{}", encoded(id)))? {
        Reply::Found(seen, body) if is_record(&body, id) => {
            tell(walk, seen, &body, |field| field);
            Looked::Told
        }
        Reply::Found(..) => Looked::Missing(malformed("the record is of another token than the one asked for")),
        Reply::NotFound(_) => Looked::Missing(not_found()),
        Reply::Denied(_, unknown) => Looked::Refused(unknown),
    })
}

/// The record in the list of tokens: the one of this number; without a number the only one.
fn in_list<'a>(walk: &mut Walk<'a>, place: &str, id: Option<&str>) -> Result<Looked, Stop<'a>> {
    let (mut own, mut count) = (None, 0_usize);
    let end = walk.list(&format!("{place}?limit=100"), |_, seen, item| {
        count += 1;
        match id {
            Some(id) if is_record(item, id) => own = Some((seen, item.clone())),
            Some(_) => {}
            None => own = Some((seen, item.clone())),
        }
        id.is_some() && own.is_some()
    })?;
    match (end, own) {
        (List::NotFound, _) => Ok(Looked::Missing(not_found())),
        (List::Denied(unknown), _) => Ok(Looked::Refused(unknown)),
        (_, Some((seen, body))) if id.is_some() => {
            tell(walk, seen, &body, |field| field.within("values"));
            Ok(Looked::Told)
        }
        (_, Some((seen, body))) if count == 1 => {
            tell(walk, seen, &body, |field| field.of_only("values", "token"));
            Ok(Looked::Told)
        }
        (_, _) => {
            let reason = match id {
                Some(_) => "no record in the list of tokens has the number that the token's text holds",
                None if count == 0 => "the list of tokens is empty",
                None => "the token's text does not tell which record in the list of tokens is its own",
            };
            Ok(Looked::Open(Unknown::new(Cause::NotRevealable, reason)))
        }
    }
}

fn not_found() -> Unknown {
    Unknown::new(Cause::NotPermitted, "Bitbucket shows no record of this token to it (404)")
}

/// Whether a record has this number; answers have it as a text.
fn is_record(body: &Json, id: &str) -> bool {
    match body.get("id") {
        Some(Json::String(text)) => text == id,
        Some(Json::Number(number)) => number.to_string() == id,
        _ => false,
    }
}

fn tell<'a>(walk: &mut Walk<'a>, seen: Seen<'a>, body: &Json, place: fn(FieldPath) -> FieldPath) {
    let evidence = |name: &'static str| vec![seen.evidence(place(field(name)))];
    let name = match body.get("name") {
        Some(Json::String(text)) if !text.is_empty() => Knowledge::Known(Value::String(text.clone())),
        _ => Knowledge::Unknown(wrong_field("/name", "a text")),
    };
    walk.tell_fact("token.name", name, evidence("name"));
    let (permissions, strange) = permissions(body.get("permissions"));
    for name in strange {
        walk.incidents.push(Incident::Note {
            text: format!("the token has the permission `{name}`, which credcheck does not know"),
            evidence: evidence("permissions"),
        });
    }
    walk.tell_fact("token.permissions", permissions, evidence("permissions"));
    let expiry = match time(body.get("expiryDate")) {
        Some(time) => time,
        // Only a whole record says by silence that the token never ends: a short one has neither of the two.
        None if body.get("permissions").is_some() => Knowledge::Absent,
        None => Knowledge::unknown(Cause::NotRevealable, "this Bitbucket shows a short record, without any expiry"),
    };
    let source = Place::from(place(field("expiryDate")));
    let source = if matches!(expiry, Knowledge::Absent) { source.missing() } else { source };
    walk.tell_fact("token.expires_at", expiry, vec![seen.evidence(source)]);
    let created =
        time(body.get("createdDate")).unwrap_or_else(|| Knowledge::Unknown(wrong_field("/createdDate", "a time")));
    walk.tell_fact("token.created_at", created, evidence("createdDate"));
    let used = time(body.get("lastAuthenticated")).unwrap_or_else(|| {
        Knowledge::unknown(Cause::NotRevealable, "the token's record does not say when it was last used")
    });
    walk.tell_fact("token.last_used_at", used, evidence("lastAuthenticated"));
}

/// A time in milliseconds since 1970; `None` where there is none.
fn time(field: Option<&Json>) -> Option<Knowledge> {
    let field = field.filter(|field| !field.is_null())?;
    let time = field.as_i64().and_then(|milliseconds| Timestamp::from_millisecond(milliseconds).ok());
    Some(time.map_or_else(
        || Knowledge::Unknown(malformed("the record holds a time that is none")),
        |time| Knowledge::Known(Value::Time(time)),
    ))
}

/// `["PROJECT_READ", "REPO_WRITE"]` as levels, and the names that are none.
fn permissions(field: Option<&Json>) -> (Knowledge, Vec<String>) {
    let Some(field) = field else {
        let why = "this Bitbucket shows a short record, without the token's permissions";
        return (Knowledge::unknown(Cause::NotRevealable, why), Vec::new());
    };
    let names: Option<Vec<&str>> = field.as_array().and_then(|items| items.iter().map(Json::as_str).collect());
    let Some(names) = names else {
        return (Knowledge::Unknown(wrong_field("/permissions", "a list of names")), Vec::new());
    };
    let (mut map, mut strange) = (PermissionMap::new(), Vec::new());
    for name in names {
        let known = match name.split_once('_') {
            Some(("PROJECT", level)) => rank(level).map(|level| ("project", level)),
            Some(("REPO", level)) => rank(level).map(|level| ("repository", level)),
            _ => None,
        };
        match known {
            Some((of, level)) => raise(&mut map, of, level),
            None => strange.push(name.to_owned()),
        }
    }
    // A token's level on repositories is at least its level on projects, whether or not the record lists it.
    if let Some(level) = map.get("project").and_then(|level| rank(level)) {
        raise(&mut map, "repository", level);
    }
    if strange.is_empty() {
        return (Knowledge::Known(Value::Permissions(map)), strange);
    }
    let why = malformed("the token's record names a permission that credcheck does not know");
    (Knowledge::Bounded(Bounds::Permissions { granted: map, denied: PermissionMap::new() }, why), strange)
}

/// The levels, lowest first.
const LEVELS: [&str; 3] = ["read", "write", "admin"];

fn rank(level: &str) -> Option<usize> {
    LEVELS.iter().position(|word| word.eq_ignore_ascii_case(level))
}

fn raise(map: &mut PermissionMap, of: &str, level: usize) {
    let have = map.get(of).and_then(|have| rank(have));
    if have.is_none_or(|have| have < level)
        && let Some(word) = LEVELS.get(level)
    {
        map.insert(of.to_owned(), (*word).to_owned());
    }
}
