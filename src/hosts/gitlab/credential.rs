//! What settles whether a refusal is about the credential: another request, which only a refused one cannot make.
//!
//! A plain 401 is not: some routes answer so for want of a permission, and what describes personal tokens answers so to
//! every other kind.

use serde_json::Value as Json;

use super::reading::{Arrived, answered};
use super::refusal::Verdict;
use super::tables::host;
use super::{account, requests, token};
use crate::facts::{Exchange, Unknown, Value};
use crate::hosts::reader::{Reader, malformed};
use crate::hosts::{Question, Walk};

/// Another row's request about the same; `None` where nothing more is asked.
async fn ask(walk: &mut Walk<'_>, row: &str) -> Option<Exchange> {
    let request = requests::named(&walk.question(), row)?;
    walk.ask(request).await.ok()
}

/// Whether the kind may be this one, before any answer.
fn possible(walk: &Walk<'_>, word: &str) -> bool {
    walk.credential().kinds.iter().any(|kind| kind.word == word)
}

/// Whether an answer is a 401 that says nothing about why.
fn is_plain_401(arrived: &Arrived) -> bool {
    arrived.is(401) && arrived.told.is_bare()
}

/// Whether the answer sends OAuth tokens elsewhere.
fn wants_personal_token(walk: &Walk<'_>, arrived: &Arrived) -> bool {
    arrived.is(400) && possible(walk, "oauth") && arrived.told.wants_personal_token()
}

/// The question of what the credential is. Where what describes personal tokens refuses, other requests follow: the last
/// one tells.
pub(super) async fn token_self(walk: &mut Walk<'_>) {
    let Some(exchange) = ask(walk, "token_self").await else { return };
    let first = Arrived::of(exchange);
    if wants_personal_token(walk, &first)
        && let Some(exchange) = ask(walk, "oauth_token_info").await
    {
        walk.turn().await;
        let read = |reader: &mut Reader<'_>, body: &Json| token::oauth(reader, body, Some(&first.exchange));
        return answered(walk, &Arrived::of(exchange), Verdict::Final, read);
    }
    if is_plain_401(&first)
        && let Some(exchange) = ask(walk, "user").await
    {
        let user = Arrived::of(exchange);
        if is_plain_401(&user)
            && possible(walk, "job")
            && let Some(exchange) = ask(walk, "job").await
        {
            walk.turn().await;
            return answered(walk, &Arrived::of(exchange), Verdict::Final, token::job);
        }
        walk.turn().await;
        return answered(walk, &user, Verdict::Final, account::user);
    }
    walk.turn().await;
    answered(walk, &first, Verdict::Open, token::token_self);
}

/// A question that the answer to its row's request settles, where nothing else says that the credential is refused.
pub(super) async fn one(walk: &mut Walk<'_>, read: fn(&mut Reader<'_>, &Json) -> Unknown) {
    let request = requests::request(&walk.question());
    let Ok(exchange) = walk.ask(request).await else { return };
    settled(walk, Arrived::of(exchange), read).await;
}

/// The version: of instances before 15.2 another request tells it.
pub(super) async fn metadata(walk: &mut Walk<'_>) {
    let request = requests::request(&walk.question());
    let Ok(exchange) = walk.ask(request).await else { return };
    if exchange.status() != Some(404) {
        return settled(walk, Arrived::of(exchange), account::metadata).await;
    }
    let older = requests::below(walk.credential(), "/version");
    let last = walk.ask(older).await.unwrap_or(exchange);
    walk.turn().await;
    answered(walk, &Arrived::of(last), Verdict::Open, account::metadata);
}

/// Reads the answer that settles a question. Where it is a plain 401, another request says whether the credential is
/// refused.
pub(super) async fn settled(walk: &mut Walk<'_>, first: Arrived, read: impl FnOnce(&mut Reader<'_>, &Json) -> Unknown) {
    let alone = matches!(walk.row().name, "oauth_token_info" | "job");
    let open = is_plain_401(&first) && !alone && !is_alive(&walk.question());
    let witness = if open { witness(walk).await } else { None };
    walk.turn().await;
    match witness.filter(|witness| witness.is(401)) {
        Some(witness) => {
            answered(walk, &witness, Verdict::Final, |_, _| malformed("the answer does not tell this"));
        }
        None => {
            let verdict = if alone && first.told.is_bare() { Verdict::Final } else { Verdict::Open };
            answered(walk, &first, verdict, read);
        }
    }
}

/// The answer to a request that only a refused credential cannot make.
async fn witness(walk: &mut Walk<'_>) -> Option<Arrived> {
    let personal = walk.credential().kinds.iter().any(|kind| kind.first_request == Some("token_self"));
    let exchange = ask(walk, if personal { "token_self" } else { "oauth_token_info" }).await?;
    let witness = Arrived::of(exchange);
    if personal && wants_personal_token(walk, &witness) {
        return ask(walk, "oauth_token_info").await.map(Arrived::of);
    }
    Some(witness)
}

/// Whether an earlier answer showed that the credential is accepted.
fn is_alive(question: &Question<'_>) -> bool {
    let fact = host().fact("token.active").and_then(|index| question.so_far.credential.get(index));
    fact.is_some_and(|fact| fact.knowledge.value() == Some(&Value::Bool(true)))
}
