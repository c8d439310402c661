//! What Git is told: whether the token holds `write:repository`, without a write, and whether repositories are hidden from the
//! API alone.

use super::reading::Arrived;
use super::reading::glanced;
use super::scopes::{self, Proved};
use super::server::Server;
use super::tables::index;
use super::{refusal, requests};
use crate::facts::{Answer, Cause, Incident, Target, Unknown, Value};
use crate::hosts::Walk;
use crate::hosts::reader::malformed;
use crate::vocabulary::headers::CONTENT_TYPE;
use crate::vocabulary::{Remark, status};

/// The scope that it takes.
const SCOPE: &str = "write:repository";

/// How an answer of Git's to a question of this service begins to name itself.
fn is_of_service(answer: &Answer, service: &str) -> bool {
    let wanted = format!("application/x-{service}-advertisement");
    // A page for people is none of Git's: accounts that may not sign in are shown one.
    answer.status == 200 && answer.header(CONTENT_TYPE).is_some_and(|kind| kind.starts_with(&wanted))
}

/// Asks as Git does that wants to push.
pub(super) async fn push(walk: &mut Walk<'_>) {
    let request = requests::request(&walk.question());
    let Ok(exchange) = walk.ask(request).await else { return };
    let arrived = Arrived::of(exchange);
    walk.turn().await;
    let seen = crate::hosts::Seen::of(&arrived.exchange);
    let Ok(answer) = &arrived.exchange.result else {
        walk.fail(&arrived.exchange);
        return;
    };
    let mut proved = Proved::so_far(walk.question().so_far);
    let place = status(answer.status);
    match answer.status {
        _ if is_of_service(answer, "git-receive-pack") => {
            proved.grant(SCOPE);
            proved.evidence.push(seen.evidence(place.and(CONTENT_TYPE)));
        }
        403 if answer.body.trim_ascii() == b"Forbidden" && decides(walk) => {
            proved.deny(SCOPE);
            proved.evidence.push(seen.evidence(place.remarked(Remark::Which("to a Git that wants to push"))));
        }
        403 | 404 | 200 => {}
        _ => glanced(walk, &arrived),
    }
    let why = Unknown::new(Cause::NotRevealable, scopes::BY_USE);
    let (knowledge, evidence) = proved.into_knowledge(why.clone());
    walk.tell("token.scopes", knowledge, evidence);
    walk.settle(&malformed("the answer does not tell this"), &[seen.evidence(status(answer.status))]);
}

/// No repository is shown: asks as Git does that wants to fetch the first of them. Where Git is answered, the API hides them,
/// as a Gitea does from accounts without a second factor where it demands one.
pub(super) async fn why_hidden(walk: &mut Walk<'_>) {
    if !Server::known(walk.question().so_far).is_some_and(|server| server.may_hide_repositories()) {
        return;
    }
    let request = requests::request(&walk.question());
    let Ok(exchange) = walk.ask(request).await else { return };
    walk.turn().await;
    let Ok(answer) = &exchange.result else { return };
    if is_of_service(answer, "git-upload-pack") {
        let seen = crate::hosts::Seen::of(&exchange).evidence(status(200).and(CONTENT_TYPE));
        walk.decoded.incidents.push(Incident::Refused {
            reason: "is shown no repository until its account has a second factor (404 for each, and Git is answered)"
                .to_owned(),
            help: refusal::SECOND_FACTOR.to_owned(),
            evidence: vec![seen],
        });
    }
}

/// Whether a refusal can be for want of the scope alone: one that is limited to other repositories is refused alike.
fn decides(walk: &Walk<'_>) -> bool {
    let question = walk.question();
    let value = |target: &Target, path: &str| {
        let facts = question.so_far;
        facts.subject(facts.subject_of(target)?)?.get(index(path)?)?.knowledge.value().cloned()
    };
    let own = question.target();
    let is_word =
        |path: &str, words: &[&str]| matches!(value(own, path), Some(Value::Word(word)) if words.contains(&word));
    let writes = is_word("repository.code", &["write", "admin"]);
    let is_public = is_word("repository.visibility", &["public"]);
    let is_for_all = question.kind.is_some_and(|kind| kind.word != "repository");
    let unlimited = value(&Target::Credential, "token.public_only") == Some(Value::Bool(false));
    (is_for_all || writes) && (unlimited || is_public)
}
