//! `GET /orgs/ORGANISATION/personal-access-tokens`, asked by a checker App: the fine-grained tokens that an organisation
//! let in, with their permissions.
//!
//! The list names no token's text. What is listed is taken for this token only where its owner and the instant at which
//! it ends are the same, and no other listed token's are.

use jiff::Timestamp;
use serde_json::{Value as Json, json};

use super::reading::next_page;
use super::{app, minting, refusal, requests};
use crate::facts::{Cause, FactSet, HttpRequest, Knowledge, PermissionMap, Target, Unknown, Value};
use crate::hosts::column::{Column, Gap, Held, required};
use crate::hosts::reader::malformed;
use crate::hosts::{As, Seen, Walk, alike};
use crate::vocabulary::{Place, field};

/// Reads the whole list, and of the only token that can be this one its permissions: whether it is the only one shows at the
/// end.
pub(super) async fn granted_tokens(walk: &mut Walk<'_>) {
    let first = requests::request(&walk.question());
    let by = minting::asks_as(&walk.question());
    let listed = list(walk, first, by.clone()).await;
    let found = match listed {
        List::Whole(seen, tokens) => match of_this(walk, &tokens, by).await {
            Found::Granted(seen_last, granted) => (seen_last.unwrap_or(seen), Ok(granted)),
            Found::Open(seen_last, unknown) => (seen_last.unwrap_or(seen), Err(unknown)),
            Found::Broken => return,
        },
        List::Open(seen, unknown) => (seen, Err(unknown)),
        List::Broken => return,
    };
    let (seen, rest) = match found {
        (seen, Ok(granted)) => {
            let targets = walk.targets();
            for (target, permissions) in targets.iter().zip(granted) {
                let knowledge = Knowledge::Known(Value::Permissions(permissions));
                walk.tell_of(target, "token.permissions", knowledge, vec![seen.evidence(field("permissions"))]);
            }
            (seen, malformed("the answer does not tell this"))
        }
        (seen, Err(unknown)) => (seen, unknown),
    };
    walk.settle(&rest, &[seen.evidence(Place::Status)]);
}

/// What a list says.
enum List {
    /// All its items, and the answer that held the last.
    Whole(Seen, Vec<Json>),
    /// Nothing that can be relied on, and why.
    Open(Seen, Unknown),
    /// No usable answer came, which is told already.
    Broken,
}

/// Reads a list to its end.
async fn list(walk: &mut Walk<'_>, first: HttpRequest, by: As) -> List {
    let mut items = Vec::new();
    let mut came = walk.ask_as(first, by).await;
    let mut last: Option<Seen> = None;
    loop {
        let exchange = match (came, last) {
            (Ok(exchange), _) => exchange,
            (Err(_), Some(last)) => {
                return List::Open(last, Unknown::new(Cause::Incomplete, "the organisation lists more than was read"));
            }
            (Err(_), None) => return List::Broken,
        };
        let Ok(answer) = &exchange.result else {
            walk.turn().await;
            walk.fail(&exchange);
            return List::Broken;
        };
        let seen = Seen::of(&exchange);
        if answer.status != 200 {
            return List::Open(seen, refusal::of_checker(answer));
        }
        match alike::json(answer) {
            Ok(Json::Array(page)) => items.extend(page),
            _ => return List::Open(seen, malformed("the answer is no list")),
        }
        match next_page(&exchange) {
            Ok(Some(next)) => came = walk.page(&next).await,
            Ok(None) => return List::Whole(seen, items),
            Err(why) => return List::Open(seen, why),
        }
        last = Some(seen);
    }
}

/// What the list says of this token.
enum Found {
    /// Its permissions, for each of the question's repositories; with the answer that said last, where that is another.
    Granted(Option<Seen>, Vec<PermissionMap>),
    /// Why they are open.
    Open(Option<Seen>, Unknown),
    /// No usable answer came, which is told already.
    Broken,
}

/// The permissions of the only token that can be this one. Where it reaches some repositories only, which they are is asked.
async fn of_this(walk: &mut Walk<'_>, tokens: &[Json], by: As) -> Found {
    let token = match only(walk.question().so_far, tokens) {
        Ok(token) => token.clone(),
        Err(unknown) => return Found::Open(None, unknown),
    };
    let (mut last, mut chosen) = (None, None);
    if selection(&token) == Some("subset")
        && let Some(owner) = walk.target().owner().map(str::to_owned)
        && let Some(number) = token.get("id").and_then(Json::as_u64)
    {
        let owner = percent_encoding::utf8_percent_encode(&owner, percent_encoding::NON_ALPHANUMERIC);
        let path = format!("/orgs/{owner}/personal-access-tokens/{number}/repositories?per_page=100");
        let first = requests::below(walk.credential(), &path);
        match list(walk, first, by).await {
            List::Whole(seen, items) => {
                let name = |item: &Json| item.get("full_name")?.as_str().map(str::to_owned);
                chosen = items.iter().map(name).collect::<Option<Vec<String>>>();
                last = Some(seen);
            }
            List::Open(seen, unknown) => return Found::Open(Some(seen), unknown),
            List::Broken => return Found::Broken,
        }
    }
    walk.turn().await;
    let of = |target| permissions(&token, target, chosen.as_deref());
    match walk.targets().iter().map(of).collect::<Result<Vec<_>, _>>() {
        Ok(granted) => Found::Granted(last, granted),
        Err(unknown) => Found::Open(last, unknown),
    }
}

const ENDS: Column = required("token_expires_at").null(Gap::Nothing);

/// The only listed token with this owner and end.
fn only<'a>(facts: &FactSet, tokens: &'a [Json]) -> Result<&'a Json, Unknown> {
    let table = super::tables::host();
    let known = |path: &str| facts.credential.get(table.fact(path)?)?.knowledge.value();
    let (Some(Value::String(login)), Some(Value::Time(end))) = (known("user.username"), known("token.expires_at"))
    else {
        let reason = "whose the token is and when it ends have to be known to find it in the organisation's list";
        return Err(Unknown::new(Cause::NotRevealable, reason));
    };
    // One that never ends has no instant, and is another; what cannot be read may be this one.
    let is_it = |token: &Json| {
        let owner = token.pointer("/owner/login")?.as_str()?;
        let ends = match ENDS.read(token, "a time", |at| instant(at.as_str()?)) {
            Held::Value(at) => Some(at),
            Held::Nothing => None,
            Held::Open(_) => return None,
        };
        Some(owner.eq_ignore_ascii_case(login) && ends == Some(*end))
    };
    let mut found = Vec::new();
    for token in tokens {
        match is_it(token) {
            Some(true) => found.push(token),
            Some(false) => {}
            None => return Err(malformed("the list holds something that is no token")),
        }
    }
    let mut same = found.into_iter();
    let unknown = |reason: String| Err(Unknown::new(Cause::NotRevealable, reason));
    match (same.next(), same.next()) {
        (Some(token), None) => Ok(token),
        (None, _) => unknown(format!("the organisation lists no token of `{login}` that ends at {end}")),
        (Some(_), Some(_)) => unknown(format!(
            "the organisation lists several tokens of `{login}` that end at {end}: which of them this is does not show"
        )),
    }
}

/// An instant of the list: `2026-12-24T17:00:00Z`, or with an offset.
fn instant(text: &str) -> Option<Timestamp> {
    text.trim().parse().ok()
}

fn selection(token: &Json) -> Option<&str> {
    token.get("repository_selection").and_then(Json::as_str)
}

/// A token's permissions for a repository: those on repositories where it reaches this one, and all others.
fn permissions(token: &Json, target: &Target, chosen: Option<&[String]>) -> Result<PermissionMap, Unknown> {
    let wrong = |field: &str| malformed(format!("the field `{field}` of the answer is not what GitHub sends"));
    let groups = token.get("permissions").and_then(Json::as_object).ok_or_else(|| wrong("permissions"))?;
    let Target::Repository(repository) = target else { return Err(malformed("the answer is about no repository")) };
    let reached = match (selection(token), chosen) {
        (Some("all"), _) => true,
        (Some("none"), _) => false,
        (Some("subset"), Some(names)) => names.iter().any(|name| name.eq_ignore_ascii_case(repository.as_str())),
        _ => return Err(wrong("repository_selection")),
    };
    let mut all = PermissionMap::new();
    for (_, group) in groups.iter().filter(|(group, _)| reached || *group != "repository") {
        match app::permissions(&json!({ "permissions": group }), &app::PERMISSIONS) {
            Knowledge::Known(Value::Permissions(some)) => all.extend(some),
            Knowledge::Bounded(_, why) => return Err(why),
            _ => return Err(wrong("permissions")),
        }
    }
    Ok(all)
}
