//! `GET /user`: whose the credential is, and what kind that makes it. A token that may not read its account is told apart
//! by the server's version, and may learn who it is elsewhere.

use serde_json::Value as Json;

use super::reading::{Arrived, answered};
use super::server::{self, Server};
use super::tables::{host, index};
use super::{refusal, requests};
use crate::facts::{Bounds, Cause, Incident, Knowledge, Unknown, Value};
use crate::hosts::Walk;
use crate::hosts::column::{Gap, required};
use crate::hosts::reader::{Reader, malformed, wrong_field};
use crate::vocabulary::{Place, field, status};

/// The number of the account that jobs act as, on both products.
const JOBS_ACCOUNT: i64 = -2;

/// Where the account is read.
const WHO: Place = Place::Fields(&[field("id"), field("login")]);

/// The question of whose the credential is.
pub(super) async fn user(walk: &mut Walk<'_>) {
    let request = requests::request(&walk.question());
    let Ok(exchange) = walk.ask(request).await else { return };
    let first = Arrived::of(exchange);
    let Some(lacking) = first.is(403).then(|| first.told.lacking()).flatten() else {
        walk.turn().await;
        answered(walk, &first, read);
        return;
    };
    // It is alive, and may not read its account.
    let known = Server::known(walk.question().so_far);
    let may_be_for_some = walk.credential().kinds.iter().any(|kind| kind.word == "repository");
    let who = ["user.id", "user.username"].into_iter().filter_map(index);
    let asks_who = who.clone().any(|index| walk.question().facts.contains(&index));
    let version = match &known {
        None if lacking.held.is_none() && (may_be_for_some || asks_who) => {
            let request = requests::named(&walk.question(), "version");
            match request {
                Some(request) => walk.ask(request).await.ok().map(Arrived::of),
                None => None,
            }
        }
        _ => None,
    };
    let mut server = known;
    if let Some(version) = &version {
        server = server.or_else(|| served(version));
    }
    let told_elsewhere = server.as_ref().is_none_or(Server::tells_anybody);
    let elsewhere = if asks_who && told_elsewhere {
        let request = requests::beside(walk.credential(), "/login/oauth/userinfo");
        walk.ask(request).await.ok().map(Arrived::of)
    } else {
        None
    };
    walk.turn().await;
    if let Some(version) = &version
        && let Some(body) = &version.found
    {
        walk.glance(&version.exchange, |reader| {
            let _ = server::version(reader, body);
        });
    }
    if let Some(elsewhere) = &elsewhere
        && let Some(body) = &elsewhere.found
    {
        walk.glance(&elsewhere.exchange, |reader| userinfo(reader, body));
    }
    let mut rest = None;
    walk.glance(&first.exchange, |reader| {
        alive(reader);
        kind_without_account(reader, lacking.held.is_some(), server.as_ref());
        rest = Some(refusal::read(reader, &first.told));
    });
    let evidence: Vec<_> = walk_evidence(&first);
    walk.settle(&rest.unwrap_or_else(|| malformed("the answer does not tell this")), &evidence);
}

/// Evidence in the status of an answer.
fn walk_evidence(arrived: &Arrived) -> Vec<crate::facts::Evidence> {
    vec![crate::hosts::Seen::of(&arrived.exchange).evidence(status(403).and(field("message")))]
}

/// What answers, by an answer that was not told yet.
fn served(arrived: &Arrived) -> Option<Server> {
    let body = arrived.found.as_ref()?;
    let text = body.get("version")?.as_str()?;
    let (product, version) = Server::parse(text)?;
    let evidence = vec![crate::hosts::Seen::of(&arrived.exchange).evidence(field("version"))];
    Some(Server { product, version, evidence })
}

/// The account, answered.
pub(super) fn read(reader: &mut Reader<'_>, body: &Json) -> Unknown {
    let login = match reader.text(body, "/login") {
        Ok(login) => login,
        Err(unknown) => return unknown,
    };
    let Some(id) = body.get("id").and_then(Json::as_i64) else { return wrong_field("/id", "a number") };
    let owner = reader.known("user.id").and_then(|fact| fact.knowledge.value());
    if owner.is_some_and(|owner| *owner != Value::Integer(id)) {
        return malformed("two answers name different accounts as the credential's");
    }
    reader.tell("token.active", Knowledge::Known(Value::Bool(true)), Place::Status);
    let is_jobs = id == JOBS_ACCOUNT;
    kind(reader, is_jobs);
    if !is_jobs {
        alive(reader);
    }
    reader.tell("user.id", Knowledge::Known(Value::Integer(id)), field("id"));
    reader.tell("user.name", required("full_name").null(Gap::Nothing).text_or_empty(body).says(), field("full_name"));
    reader.tell("user.email", required("email").text_or_empty(body).says(), field("email"));
    reader.tell("user.admin", required("is_admin").flag(body).is(), field("is_admin"));
    reader.tell("user.restricted", required("restricted").flag(body).is(), field("restricted"));
    if is_jobs {
        reader.tell("user.is_bot", Knowledge::Known(Value::Bool(true)), field("id"));
    }
    reader.tell("user.username", Knowledge::Known(Value::String(login)), field("login"));
    malformed("the answer does not tell this")
}

/// The kind by the account. Only a token of a person, for everything, reads it; a job's is the instance's own.
fn kind(reader: &mut Reader<'_>, is_jobs: bool) {
    let words: Vec<&str> = reader.question.credential.kinds.iter().map(|kind| kind.word).collect();
    let found = match words.as_slice() {
        _ if is_jobs => "actions",
        ["oauth"] => "oauth",
        // Neither a token's form nor a JWT of the instance: whose it is says nothing of what it is.
        several if several.len() > 1 && several.contains(&"oauth") => return,
        _ => "personal",
    };
    if let [said] = reader.question.credential.kinds.as_slice()
        && said.word != found
    {
        contradicted(reader, said.title, found);
    }
    if let Some(kind) = host().credential_kind(found) {
        reader.tell("token.kind", Knowledge::Known(Value::Word(kind.word)), WHO);
    }
}

fn contradicted(reader: &mut Reader<'_>, said: &str, found: &str) {
    let note = Incident::Note {
        text: format!("the credential was taken for a {said}, and the host treats it as `{found}`"),
        evidence: vec![reader.evidence(WHO)],
    };
    reader.decoded.incidents.push(note);
}

/// The kind of a token that lacks a scope: a job's lacks none. A token for some repositories never reads its account; which
/// servers make such tokens, their version tells.
fn kind_without_account(reader: &mut Reader<'_>, is_gitea: bool, server: Option<&Server>) {
    let words: Vec<&str> = reader.question.credential.kinds.iter().map(|kind| kind.word).collect();
    let source = status(403).and(field("message"));
    let word = |word: &str| host().credential_kind(word).map(|kind| kind.word);
    match words.as_slice() {
        ["oauth" | "personal" | "repository"] => {}
        several if several.contains(&"oauth") => {}
        _ => {
            if let [said] = reader.question.credential.kinds.as_slice() {
                contradicted(reader, said.title, "personal");
            }
            let for_all = is_gitea || server.is_some_and(|server| !server.has_repository_tokens());
            let candidates: Vec<&'static str> = ["personal", "repository"].into_iter().filter_map(word).collect();
            let knowledge = match candidates.first() {
                Some(personal) if for_all => Knowledge::Known(Value::Word(personal)),
                _ => {
                    let why = "a token that may not read its account may be for some repositories alone";
                    Knowledge::Bounded(Bounds::Candidates(candidates), Unknown::new(Cause::NotRevealable, why))
                }
            };
            let mut evidence = vec![reader.evidence(source)];
            evidence.extend(server.into_iter().flat_map(|server| server.evidence.clone()));
            reader.tell_with("token.kind", knowledge, evidence);
        }
    }
}

/// The server accepted the token: what its text says of its end counts, and other tokens have none.
fn alive(reader: &mut Reader<'_>) {
    let kinds = &reader.question.credential.kinds;
    let may_be = |word: &str| kinds.iter().any(|kind| kind.word == word);
    if !may_be("oauth") {
        reader.tell("token.expires_at", Knowledge::Absent, Place::Status);
        return;
    }
    let [_] = kinds.as_slice() else { return };
    let times = reader.question.credential.times;
    let source = || Place::TokenShape("claims of the token, which the host accepted".into());
    let told = |time: Option<jiff::Timestamp>| match time {
        Some(time) => Knowledge::Known(Value::Time(time)),
        None => Knowledge::unknown(Cause::NotRevealable, "the token's text does not say it"),
    };
    reader.tell("token.expires_at", told(times.ends), source().and(Place::Status));
    reader.tell("token.created_at", told(times.begins), source().and(Place::Status));
}

/// Who it is, told beside the API to tokens that may not read their account. Its display name is the login where the
/// account has none, and so is not read.
fn userinfo(reader: &mut Reader<'_>, body: &Json) {
    let Ok(login) = reader.text(body, "/preferred_username") else { return };
    let Some(id) = body.get("sub").and_then(Json::as_str).and_then(|text| text.parse::<i64>().ok()) else { return };
    reader.tell("user.id", Knowledge::Known(Value::Integer(id)), field("sub"));
    reader.tell("user.username", Knowledge::Known(Value::String(login)), field("preferred_username"));
}
