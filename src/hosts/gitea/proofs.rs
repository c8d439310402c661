//! Scopes proved one by one: scopes are looked at before anything that a request names, so that one about an owner who
//! cannot exist shows whether a scope is there. `explore` is a name that neither product lets anybody have.

use super::reading::Arrived;
use super::scopes::{self, Proved};
use super::server::Server;
use super::tables::index;
use super::token::evidence_of_last;
use super::{refusal, requests};
use crate::facts::{Cause, Fact, Incident, Knowledge, Unknown, Value};
use crate::hosts::{Seen, Walk};
use crate::text::english;
use crate::vocabulary::{Remark, field, status};

/// A category with the request that shows whether its reading half is there.
struct Read {
    category: &'static str,
    path: &'static str,
}

/// The reading half of each category. Those come first that a token is likely to lack: where a refusal tells every scope,
/// the first one does. `activitypub` answers where federation is on alone, `misc` guards nothing.
const READS: [Read; 7] = [
    Read { category: "admin", path: "/admin/cron?limit=1" },
    Read { category: "notification", path: "/notifications/new" },
    Read { category: "package", path: "/packages/explore?limit=1" },
    Read { category: "organization", path: "/orgs/explore" },
    Read { category: "issue", path: "/repos/explore/x/labels" },
    Read { category: "repository", path: "/repos/explore/x" },
    Read { category: "user", path: "/user" },
];

/// The paths of all of them.
#[cfg(test)]
pub(super) fn reads() -> impl Iterator<Item = &'static str> {
    READS.iter().map(|read| read.path)
}

/// A category with the write that shows whether its writing half is there.
struct Write {
    category: &'static str,
    method: &'static str,
    path: &'static str,
    body: &'static str,
}

/// The writing half: each names what cannot exist, and has a body that is not valid where it has one.
const WRITES: [Write; 6] = [
    Write {
        category: "repository",
        method: "POST",
        path: "/repos/explore/x/statuses/0000000000000000000000000000000000000000",
        body: "[]",
    },
    Write { category: "issue", method: "PATCH", path: "/repos/explore/x/labels/0", body: "[]" },
    Write { category: "organization", method: "PATCH", path: "/orgs/explore", body: "[]" },
    Write { category: "user", method: "PUT", path: "/user/following/explore", body: "" },
    Write { category: "notification", method: "PATCH", path: "/notifications/threads/0", body: "" },
    Write { category: "admin", method: "PATCH", path: "/admin/users/explore", body: "[]" },
];

/// What one answer shows.
enum Shown {
    /// The scope is there.
    Has,
    /// It is missing.
    Lacks,
    /// Every scope was told.
    All,
    /// Neither.
    Nothing,
    /// The credential is refused.
    Refused,
}

/// What came of it all.
struct Found {
    proved: Proved,
    public_only: Option<Seen>,
    /// The answer that told every scope, or refused the credential.
    last: Option<Arrived>,
}

/// Proves the scopes that are asked after, one by one.
pub(super) async fn one_by_one(walk: &mut Walk<'_>, server: &Server) {
    let mut proved = Proved::so_far(walk.question().so_far);
    // Whoever was shown the account holds the scope for it.
    if let Some(account) = account_read(walk) {
        proved.grant("read:user");
        proved.evidence.extend(account.evidence);
    }
    let mut found = Found { proved, public_only: None, last: None };
    read_halves(walk, server, &mut found).await;
    if found.last.is_none() && walk.credential().probes {
        write_halves(walk, &mut found).await;
    }
    walk.turn().await;
    if let Some(last) = &found.last {
        let rest = walk.read(&last.exchange, |reader| refusal::read(reader, &last.told));
        walk.settle(&rest, &evidence_of_last(walk));
        return;
    }
    if let Some(seen) = &found.public_only {
        let evidence = vec![seen.evidence(status(403).and(field("message")))];
        walk.tell("token.public_only", Knowledge::Known(Value::Bool(true)), evidence);
    }
    let why = Unknown::new(Cause::NotRevealable, why(walk, &found.proved));
    let (knowledge, evidence) = found.proved.into_knowledge(why);
    walk.tell("token.scopes", knowledge, evidence);
    let why =
        "the host tells this token nothing of itself: only the refusal of what is private, or its being shown, would";
    walk.settle(&Unknown::new(Cause::NotRevealable, why), &evidence_of_last(walk));
}

/// Whoever was shown the account holds the scope for it: that much is known where no road answers.
pub(super) fn of_account(walk: &mut Walk<'_>) {
    let Some(account) = account_read(walk) else { return };
    let mut proved = Proved::so_far(walk.question().so_far);
    proved.grant("read:user");
    proved.evidence.extend(account.evidence);
    let (knowledge, evidence) = proved.into_knowledge(Unknown::new(Cause::NotReachable, "the host did not answer"));
    walk.tell("token.scopes", knowledge, evidence);
}

/// A fact that the account's own answer alone tells, where it told it: now, or before.
fn account_read(walk: &Walk<'_>) -> Option<Fact> {
    let index = index("user.admin")?;
    let now = walk.decoded.facts.iter().find(|(_, have, _)| *have == index).map(|(_, _, fact)| fact);
    let fact = now.or_else(|| walk.question().so_far.credential.get(index))?;
    fact.knowledge.value().is_some().then(|| fact.clone())
}

/// Why the rest stays open, and what would decide it.
fn why(walk: &Walk<'_>, proved: &Proved) -> String {
    let by_probe: Vec<String> = WRITES
        .iter()
        .map(|write| (write.category, format!("write:{}", write.category)))
        .filter(|(category, name)| {
            walk.wanted().has(name)
                && !proved.has(name)
                && !proved.is_missing(name)
                && !proved.is_missing(&format!("read:{category}"))
        })
        .map(|(_, name)| name)
        .collect();
    if walk.credential().probes || by_probe.is_empty() {
        return scopes::BY_USE.to_owned();
    }
    format!("{}; `--probe` decides {}", scopes::BY_USE, english::quoted_list(by_probe, "and"))
}

async fn read_halves(walk: &mut Walk<'_>, server: &Server, found: &mut Found) {
    for (at, read) in READS.iter().enumerate() {
        let (reads, writes) = (format!("read:{}", read.category), format!("write:{}", read.category));
        // Where a refusal tells every scope, any one will do: three are tried for it.
        let for_refusal = server.refusals_tell() && at < 3;
        let is_open = !found.proved.has(&reads) && !found.proved.is_missing(&reads);
        let is_wanted = walk.wanted().has(&reads) || walk.wanted().has(&writes);
        if !is_open || !(is_wanted || for_refusal) {
            continue;
        }
        let request = requests::below(walk.credential(), read.path);
        let Ok(exchange) = walk.ask(request).await else { return };
        let arrived = Arrived::of(exchange);
        let shown = shown(&arrived, &reads, found);
        note(found, &arrived, &shown, &reads);
        if matches!(shown, Shown::All | Shown::Refused) {
            found.last = Some(arrived);
            return;
        }
    }
}

async fn write_halves(walk: &mut Walk<'_>, found: &mut Found) {
    for write in &WRITES {
        let (reads, writes) = (format!("read:{}", write.category), format!("write:{}", write.category));
        let is_open = [&reads, &writes].iter().all(|name| !found.proved.is_missing(name)) && !found.proved.has(&writes);
        if !is_open || !walk.wanted().has(&writes) {
            continue;
        }
        let request = requests::probe(walk.credential(), write.method, write.path, write.body);
        let Ok(exchange) = walk.ask(request).await else { return };
        let arrived = Arrived::of(exchange);
        // What must be refused was not: no other write follows.
        if arrived.exchange.status().is_some_and(|status| (200..300).contains(&status)) {
            let text = format!("the host took a write that it must refuse, {}; no other was sent", write.path);
            let evidence = vec![Seen::of(&arrived.exchange).evidence(crate::vocabulary::Place::Status)];
            walk.decoded.incidents.push(Incident::Note { text, evidence });
            return;
        }
        let shown = shown(&arrived, &writes, found);
        note(found, &arrived, &shown, &writes);
        if matches!(shown, Shown::All | Shown::Refused) {
            found.last = Some(arrived);
            return;
        }
    }
}

/// Takes in what an answer shows.
fn note(found: &mut Found, arrived: &Arrived, shown: &Shown, name: &str) {
    let Some(place) = arrived.exchange.status().map(status) else { return };
    let evidence = Seen::of(&arrived.exchange);
    match shown {
        Shown::Has => {
            found.proved.grant(name);
            let place = place.remarked(Remark::Says("the scope was looked at, and is there"));
            found.proved.evidence.push(evidence.evidence(place));
        }
        Shown::Lacks => {
            found.proved.deny(name);
            found.proved.evidence.push(evidence.evidence(place.and(field("message"))));
        }
        Shown::All | Shown::Nothing | Shown::Refused => {}
    }
}

/// What an answer shows of a scope. Only Gitea's own words show anything: a route that is not there, or a proxy, answers 404
/// before any scope is looked at.
fn shown(arrived: &Arrived, name: &str, found: &mut Found) -> Shown {
    let told = &arrived.told;
    match arrived.exchange.status() {
        Some(200) if arrived.found.is_some() => Shown::Has,
        Some(404) if told.is_giteas() => Shown::Has,
        Some(401) if told.is_giteas() => Shown::Refused,
        Some(403) => match told.lacking() {
            Some(lacking) if lacking.held.is_some() => Shown::All,
            Some(lacking) if lacking.required == [name] => Shown::Lacks,
            Some(_) => Shown::Nothing,
            None if told.account().is_some() || told.is_broken_scope() => Shown::Refused,
            None if told.is_public_only() => {
                found.public_only = Some(Seen::of(&arrived.exchange));
                Shown::Has
            }
            None if told.wants_site_admin() => Shown::Has,
            None => Shown::Nothing,
        },
        _ => Shown::Nothing,
    }
}
