//! How a token learns its own scopes: by the road that product and version leave open.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::Value as Json;

use super::reading::{Arrived, answered};
use super::scopes::{self, Proved};
use super::server::Server;
use super::tables::{self, index};
use super::{account, proofs, refusal, requests};
use crate::facts::{Cause, Knowledge, Unknown, Value};
use crate::hosts::column::{Gap, Held, required};
use crate::hosts::path::encoded;
use crate::hosts::reader::{Reader, malformed, wrong_field};
use crate::hosts::{As, Seen, Walk};
use crate::vocabulary::gitea::headers::X_TOTAL_COUNT;
use crate::vocabulary::{FieldPath, Place, Scheme, field};

/// The most pages of the list of tokens.
const PAGES: usize = 8;

/// A road that led nowhere.
enum Lost {
    /// This road; others may lead.
    Here,
    /// It settles everything that can be settled.
    Everywhere,
}

/// The question of what the token may do.
pub(super) async fn token(walk: &mut Walk<'_>) {
    let Some(server) = Server::known(walk.question().so_far) else {
        let why = malformed("which version of which product answers is not known");
        walk.settle(&why, &[]);
        return;
    };
    if !server.has_scopes() {
        let why = format!("the scopes of {} are others, which credcheck does not know", server.title());
        walk.settle(&Unknown::new(Cause::NotRevealable, why), &server.evidence);
        return;
    }
    let kind = walk.question().kind.map(|kind| kind.word);
    if kind == Some("oauth") {
        if !server.limits_oauth() {
            return unlimited(walk, &server);
        }
    } else {
        if server.describes_tokens()
            && let Err(Lost::Everywhere) | Ok(()) = described(walk).await
        {
            return;
        }
        if let Err(Lost::Everywhere) | Ok(()) = found_in_list(walk, &server).await {
            return;
        }
    }
    let asked = |path: &str| index(path).is_some_and(|index| walk.question().facts.contains(&index));
    if !asked("token.scopes") && !asked("token.public_only") {
        walk.turn().await;
        let why = "the token may not read the list of its owner's tokens";
        walk.settle(&Unknown::new(Cause::NotPermitted, why), &evidence_of_last(walk));
        return;
    }
    proofs::one_by_one(walk, &server).await;
}

/// Evidence in the answer that came last.
pub(super) fn evidence_of_last(walk: &Walk<'_>) -> Vec<crate::facts::Evidence> {
    walk.seen().into_iter().map(|seen| seen.evidence(Place::Status)).collect()
}

/// Before scopes limited OAuth tokens, each had all of them.
fn unlimited(walk: &mut Walk<'_>, server: &Server) {
    if let Some(all) = tables::scopes(["all"]) {
        walk.tell("token.scopes", Knowledge::Known(Value::Names(all)), server.evidence.clone());
        walk.tell("token.public_only", Knowledge::Known(Value::Bool(false)), server.evidence.clone());
    }
    walk.settle(&malformed("the answer does not tell this"), &server.evidence);
}

/// The token is asked about itself.
async fn described(walk: &mut Walk<'_>) -> Result<(), Lost> {
    let Some(request) = requests::named(&walk.question(), "token") else { return Err(Lost::Here) };
    let Ok(exchange) = walk.ask(request).await else { return Err(Lost::Here) };
    let arrived = Arrived::of(exchange);
    // Some kinds are not described, and versions may be named wrongly.
    if arrived.is(404) {
        return Err(Lost::Here);
    }
    walk.turn().await;
    if arrived.exchange.result.is_err() {
        proofs::of_account(walk);
    }
    answered(walk, &arrived, |reader, body| {
        scopes::field_of(reader, body, "/scopes", &Place::Field(field("scopes")));
        entry(reader, body, &|name| field(name));
        owner(reader, body);
        malformed("the answer does not tell this")
    });
    Ok(())
}

/// Whose the token is, by its own answer.
fn owner(reader: &mut Reader<'_>, body: &Json) {
    let (Ok(login), Some(id)) = (reader.text(body, "/user/login"), body.pointer("/user/id").and_then(Json::as_i64))
    else {
        return;
    };
    let known = reader.known("user.id").and_then(|fact| fact.knowledge.value());
    if known.is_some_and(|known| *known != Value::Integer(id)) {
        return;
    }
    reader.tell("user.id", Knowledge::Known(Value::Integer(id)), field("user.id"));
    reader.tell("user.username", Knowledge::Known(Value::String(login)), field("user.login"));
}

/// The name and the time of a token's own entry.
fn entry(reader: &mut Reader<'_>, body: &Json, place: &dyn Fn(&'static str) -> FieldPath) {
    let name = match reader.text(body, "/name") {
        Ok(name) => Knowledge::Known(Value::String(name)),
        Err(unknown) => Knowledge::Unknown(unknown),
    };
    reader.tell("token.name", name, place("name"));
    let created = match body.get("created_at") {
        None => Knowledge::unknown(Cause::NotRevealable, "this version does not tell when a token was made"),
        Some(Json::String(text)) => match text.parse::<Timestamp>() {
            Ok(time) => Knowledge::Known(Value::Time(time)),
            Err(_) => Knowledge::Unknown(wrong_field("/created_at", "a time")),
        },
        Some(_) => Knowledge::Unknown(wrong_field("/created_at", "a time")),
    };
    reader.tell("token.created_at", created, place("created_at"));
}

/// The list of its owner's tokens, which shows the last digits of each.
async fn found_in_list(walk: &mut Walk<'_>, server: &Server) -> Result<(), Lost> {
    let Some(eight) = walk.credential().token_id.clone() else { return Err(Lost::Here) };
    if Proved::so_far(walk.question().so_far).is_missing("read:user") {
        return Err(Lost::Here);
    }
    let Some(username) = username(walk).await? else { return Err(Lost::Here) };
    // The header does on a Forgejo; a Gitea wants the token as a password, which it tries as the account's own where it is
    // no token: only after it was accepted as a token, in this run, and never where its kind is open.
    let by = if server.lists_tokens() { As::Itself } else { As::Sent(Scheme::Basic { nameless: true }) };
    let is_accepted = index("token.active")
        .and_then(|index| walk.question().so_far.credential.get(index))
        .is_some_and(|fact| fact.knowledge.value() == Some(&Value::Bool(true)))
        || walk.asked() > 0;
    let may_be_a_jobs = walk.question().kind.is_none_or(|kind| kind.word == "actions");
    if by != As::Itself && (!is_accepted || may_be_a_jobs) {
        return Err(Lost::Here);
    }
    let mut seen = BTreeSet::new();
    // The entry that ends as the token does, with the answer that shows it.
    let mut own: Option<(Json, Arrived)> = None;
    for page in 1..=PAGES {
        let rest = if page == 1 { String::new() } else { format!("&page={page}") };
        let path = format!("/users/{}/tokens?limit=50{rest}", encoded(&username));
        let request = requests::below(walk.credential(), &path);
        let Ok(exchange) = walk.ask_as(request, by.clone()).await else { break };
        let arrived = Arrived::of(exchange);
        let Some(items) = arrived.items().cloned() else {
            // What a page shows stays true where the next one does not come.
            if own.is_some() {
                break;
            }
            return unlisted(walk, &arrived).await;
        };
        let total = arrived.exchange.result.as_ref().ok().and_then(|answer| answer.header(X_TOTAL_COUNT));
        let total = total.and_then(|text| text.trim().parse::<usize>().ok());
        let before = seen.len();
        seen.extend(items.iter().filter_map(|item| item.get("id").and_then(Json::as_i64)));
        let mut alike = items.into_iter().filter(|item| is_own(item, &eight));
        let first = match &own {
            Some((first, _)) => Some(first.clone()),
            None => alike.next().inspect(|first| own = Some((first.clone(), arrived))),
        };
        // A page may repeat the end of the one before it: what it repeats is the same.
        if first.is_some_and(|first| alike.any(|other| !is_same(&first, &other))) {
            walk.turn().await;
            let why = malformed("two tokens of the account end alike, and nothing tells which this is");
            walk.settle(&why, &evidence_of_last(walk));
            return Ok(());
        }
        let is_all = total.map_or(own.is_some(), |total| seen.len() >= total);
        if seen.len() == before || is_all {
            break;
        }
    }
    walk.turn().await;
    if let Some((own, arrived)) = own {
        walk.read(&arrived.exchange, |reader| own_entry(reader, &own, server));
        return Ok(());
    }
    // Tokens of one second come in any order: an entry can fall between two pages.
    let why = Unknown::new(Cause::Incomplete, "the list of the account's tokens does not show this one");
    walk.settle(&why, &evidence_of_last(walk));
    Ok(())
}

/// Whether two entries are one token's, told twice: all that is read of them is the same.
fn is_same(one: &Json, other: &Json) -> bool {
    const READ: [&str; 5] = ["id", "name", "scopes", "created_at", "repositories"];
    one.get("id").is_some() && READ.iter().all(|field| one.get(field) == other.get(field))
}

/// The name of the account, asked for where nobody has.
async fn username(walk: &mut Walk<'_>) -> Result<Option<String>, Lost> {
    if let Some(username) = requests::username(&walk.question()) {
        return Ok(Some(username));
    }
    let was_asked = index("user.username").is_some_and(|index| walk.question().so_far.credential.get(index).is_some());
    let Some(request) = requests::named(&walk.question(), "user").filter(|_| !was_asked) else { return Ok(None) };
    let Ok(exchange) = walk.ask(request).await else { return Ok(None) };
    let arrived = Arrived::of(exchange);
    let login = arrived.found.as_ref().and_then(|body| body.get("login")).and_then(Json::as_str).map(str::to_owned);
    match (&login, &arrived.found) {
        (Some(_), Some(body)) => walk.glance(&arrived.exchange, |reader| {
            let _ = account::read(reader, body);
        }),
        _ => return unlisted(walk, &arrived).await.map(|()| None),
    }
    Ok(login)
}

/// Whether an entry is this token's.
fn is_own(item: &Json, eight: &str) -> bool {
    item.get("token_last_eight").and_then(Json::as_str) == Some(eight)
}

/// The token's own entry.
fn own_entry(reader: &mut Reader<'_>, item: &Json, server: &Server) -> Unknown {
    const OWN: &str = "entry that ends as the token does";
    let place = |name: &'static str| field(name).of_the("", OWN);
    scopes::field_of(reader, item, "/scopes", &Place::Field(place("scopes")));
    entry(reader, item, &place);
    // A server that knows no tokens for some repositories alone has no such field.
    let missing = if server.has_repository_tokens() { Gap::Malformed } else { Gap::Nothing };
    let repositories = required("repositories").null(Gap::Nothing).missing(missing);
    let word = match repositories.read(item, "a list or null", Json::as_array) {
        Held::Nothing => Some("personal"),
        Held::Value(_) => Some("repository"),
        Held::Open(_) => None,
    };
    if let Some(kind) = word.and_then(|word| tables::host().credential_kind(word)) {
        reader.tell("token.kind", Knowledge::Known(Value::Word(kind.word)), place("repositories"));
    }
    malformed("the answer does not tell this")
}

/// What came is no list. Where the refusal tells every scope, nothing else is asked.
async fn unlisted(walk: &mut Walk<'_>, arrived: &Arrived) -> Result<(), Lost> {
    let told = &arrived.told;
    if let Some(lacking) = told.lacking()
        && lacking.held.is_some()
    {
        walk.turn().await;
        let rest = walk.read(&arrived.exchange, |reader| refusal::read(reader, told));
        walk.settle(&rest, &[Seen::of(&arrived.exchange).evidence(Place::Status)]);
        return Err(Lost::Everywhere);
    }
    if arrived.is(403) && told.account().is_some() {
        walk.turn().await;
        walk.read(&arrived.exchange, |reader| refusal::read(reader, told));
        return Err(Lost::Everywhere);
    }
    Err(Lost::Here)
}
