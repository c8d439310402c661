//! The record of the credential's own token: its name, permissions, and when it was made, was used and ends.
//!
//! Whether a token may read it is for the host to decide; both answers are normal. Which record is its own is told by the
//! number in the token's text, or because the list has one token only, and by nothing else: names prove nothing.

use jiff::Timestamp;
use serde_json::Value as Json;

use super::account::{by_name, no_name, not_listed};
use super::asking::{self, Found, List, Page, Reply, Stop, username};
use super::headers::{self, ServiceAccount};
use crate::facts::{Bounds, Cause, Knowledge, PermissionMap, Unknown, Value};
use crate::hosts::path::encoded;
use crate::hosts::reader::{malformed, wrong_field};
use crate::hosts::strange;
use crate::hosts::{Seen, Walk};
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
pub(super) async fn token_record(walk: &mut Walk<'_>) -> Result<Unknown, Stop> {
    let Some(name) = username(&walk.question()) else { return Ok(no_name()) };
    let looked = match ServiceAccount::of_name(&name) {
        Some(account) => of_resource(walk, account).await?,
        None => of_user(walk, &name).await?,
    };
    Ok(match looked {
        Looked::Told => malformed("the token's record does not tell this"),
        Looked::Missing(unknown) | Looked::Open(unknown) | Looked::Refused(unknown) => unknown,
    })
}

/// A person's token, below the user's slug: guessed from the name, else looked up.
async fn of_user(walk: &mut Walk<'_>, name: &str) -> Result<Looked, Stop> {
    let token_id = walk.credential().token_id.as_deref();
    let place = |slug: &str| format!("/access-tokens/1.0/users/{}", encoded(slug));
    let guess = headers::slug_of(name);
    if let Some(slug) = &guess {
        let first = match token_id {
            Some(id) => by_number(walk, &place(slug), id).await?,
            None => in_list(walk, &place(slug), None).await?,
        };
        match first {
            Looked::Told => return Ok(Looked::Told),
            Looked::Open(unknown) => return Ok(Looked::Open(unknown)),
            Looked::Refused(_) if token_id.is_some() => return in_list(walk, &place(slug), token_id).await,
            Looked::Refused(unknown) => return Ok(Looked::Refused(unknown)),
            Looked::Missing(_) => {}
        }
    }
    let text = |item: &Json, field: &str| item.get(field).and_then(Json::as_str).map(str::to_owned);
    let is_own = |item: &Json| text(item, "name").as_deref() == Some(name) && text(item, "slug").is_some();
    let slug = match asking::find(walk, by_name(name), is_own).await? {
        Found::Item(_, item) => text(&item, "slug").unwrap_or_default(),
        Found::Denied(unknown) => return Ok(Looked::Refused(unknown)),
        Found::None(_) | Found::NoList => return Ok(Looked::Missing(not_listed(name))),
    };
    if let Some(id) = token_id.filter(|_| guess.as_ref() != Some(&slug))
        && matches!(by_number(walk, &place(&slug), id).await?, Looked::Told)
    {
        return Ok(Looked::Told);
    }
    in_list(walk, &place(&slug), token_id).await
}

/// A token of a repository or project, below that: whose it is, its administrators alone may read. The account's number is
/// the repository's; that it is the project's for other accounts is a guess, which only the record itself can prove.
async fn of_resource(walk: &mut Walk<'_>, account: ServiceAccount) -> Result<Looked, Stop> {
    let token_id = walk.credential().token_id.as_deref();
    let is_repository = account.of == ServiceAccount::REPOSITORY;
    let path = if is_repository {
        "/api/1.0/repos?permission=REPO_ADMIN&archived=ALL&limit=1000"
    } else {
        "/api/1.0/projects?permission=PROJECT_ADMIN&limit=1000"
    };
    let place = |item: &Json| {
        let text = |pointer: &str| item.pointer(pointer).and_then(Json::as_str).map(encoded);
        if item.get("id").and_then(Json::as_u64) != Some(account.id) {
            None
        } else if is_repository {
            let (key, slug) = text("/project/key").zip(text("/slug"))?;
            Some(format!("/access-tokens/1.0/projects/{key}/repos/{slug}"))
        } else {
            Some(format!("/access-tokens/1.0/projects/{}", text("/key")?))
        }
    };
    let place = match asking::find(walk, path.to_owned(), |item| place(item).is_some()).await? {
        Found::Item(_, item) => place(&item),
        Found::Denied(unknown) => return Ok(Looked::Refused(unknown)),
        Found::None(_) | Found::NoList => None,
    };
    let what = if is_repository { "repository" } else { "project" };
    let Some(place) = place else {
        let reason = format!("only an administrator of its {what} may read the token's record, and the token is none");
        return Ok(Looked::Refused(Unknown::new(Cause::NotPermitted, reason)));
    };
    match token_id {
        Some(id) => match by_number(walk, &place, id).await? {
            Looked::Told => Ok(Looked::Told),
            _ => in_list(walk, &place, token_id).await,
        },
        None if is_repository => in_list(walk, &place, None).await,
        None => {
            let reason = "the token's text does not tell which of the project's tokens it is";
            Ok(Looked::Open(Unknown::new(Cause::NotRevealable, reason)))
        }
    }
}

/// The record by its number.
async fn by_number(walk: &mut Walk<'_>, place: &str, id: &str) -> Result<Looked, Stop> {
    Ok(match asking::get(walk, &format!("{place}/{}", encoded(id))).await? {
        Reply::Found(seen, body) if is_record(&body, id) => {
            tell(walk, &seen, &body, |field| field);
            Looked::Told
        }
        Reply::Found(..) => Looked::Missing(malformed("the record is of another token than the one asked for")),
        Reply::NotFound(_) => Looked::Missing(not_found()),
        Reply::Denied(_, unknown) => Looked::Refused(unknown),
    })
}

/// The record in the list of tokens: the one of this number; without a number the only one.
async fn in_list(walk: &mut Walk<'_>, place: &str, id: Option<&str>) -> Result<Looked, Stop> {
    let path = format!("{place}?limit=100");
    match id {
        Some(id) => match asking::find(walk, path, |item| is_record(item, id)).await? {
            Found::Item(seen, body) => {
                tell(walk, &seen, &body, |field| field.within("values"));
                Ok(Looked::Told)
            }
            Found::NoList => Ok(Looked::Missing(not_found())),
            Found::Denied(unknown) => Ok(Looked::Refused(unknown)),
            Found::None(_) => Ok(open("no record in the list of tokens has the number that the token's text holds")),
        },
        None => the_only_one(walk, path).await,
    }
}

/// The record in a list of one.
async fn the_only_one(walk: &mut Walk<'_>, path: String) -> Result<Looked, Stop> {
    let (mut only, mut count) = (None, 0_usize);
    let mut list = List::at(path);
    loop {
        match list.page(walk).await? {
            Page::Values(seen, values) => {
                count += values.len();
                only = values.into_iter().next_back().map(|body| (seen, body)).or(only);
            }
            Page::NoList => return Ok(Looked::Missing(not_found())),
            Page::Denied(unknown) => return Ok(Looked::Refused(unknown)),
            Page::End(_) => break,
        }
    }
    match only {
        Some((seen, body)) if count == 1 => {
            tell(walk, &seen, &body, |field| field.of_only("values", "token"));
            Ok(Looked::Told)
        }
        None => Ok(open("the list of tokens is empty")),
        Some(_) => Ok(open("the token's text does not tell which record in the list of tokens is its own")),
    }
}

fn open(reason: &str) -> Looked {
    Looked::Open(Unknown::new(Cause::NotRevealable, reason))
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

fn tell(walk: &mut Walk<'_>, seen: &Seen, body: &Json, place: fn(FieldPath) -> FieldPath) {
    let evidence = |name: &'static str| vec![seen.evidence(place(field(name)))];
    let name = match body.get("name") {
        Some(Json::String(text)) if !text.is_empty() => Knowledge::Known(Value::String(text.clone())),
        _ => Knowledge::Unknown(wrong_field("/name", "a text")),
    };
    walk.tell("token.name", name, evidence("name"));
    let (permissions, strange) = permissions(body.get("permissions"));
    let permission = ("permission", "permissions");
    let notes = strange::names("the token", permission, strange.iter().map(String::as_str), || evidence("permissions"));
    walk.decoded.incidents.extend(notes);
    walk.tell("token.permissions", permissions, evidence("permissions"));
    let expiry = match time(body.get("expiryDate")) {
        Some(time) => time,
        // Only a whole record says by silence that the token never ends: a short one has neither of the two.
        None if body.get("permissions").is_some() => Knowledge::Absent,
        None => Knowledge::unknown(Cause::NotRevealable, "this Bitbucket shows a short record, without any expiry"),
    };
    let source = Place::from(place(field("expiryDate")));
    let source = if matches!(expiry, Knowledge::Absent) { source.missing() } else { source };
    walk.tell("token.expires_at", expiry, vec![seen.evidence(source)]);
    let created =
        time(body.get("createdDate")).unwrap_or_else(|| Knowledge::Unknown(wrong_field("/createdDate", "a time")));
    walk.tell("token.created_at", created, evidence("createdDate"));
    let used = time(body.get("lastAuthenticated")).unwrap_or_else(|| {
        Knowledge::unknown(Cause::NotRevealable, "the token's record does not say when it was last used")
    });
    walk.tell("token.last_used_at", used, evidence("lastAuthenticated"));
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
