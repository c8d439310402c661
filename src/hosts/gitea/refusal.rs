//! Answers that are not what was asked for: who refuses, why, and what that leaves open.

use super::scopes;
use super::server::Server;
use super::tables::NAME;
use super::told::{Account, Told};
use crate::facts::{Cause, Incident, Knowledge, Target, Unknown, Value};
use crate::hosts::reader::{Reader, malformed};
use crate::hosts::{alike, branch};
use crate::text::english;
use crate::vocabulary::{Place, field, status};

/// The way out of a demand for a second factor.
pub(super) const SECOND_FACTOR: &str =
    "sign in as the account and set up two-factor authentication: this instance demands it of everybody";

/// Whether the question is one of those that a credential begins with: nothing of this host has answered yet.
fn is_first(reader: &Reader<'_>) -> bool {
    ["user", "version"].contains(&reader.question.row.name) && reader.known("token.active").is_none()
}

/// What a host of another kind answers to the first request comes to.
const NOTHING_HERE: &str = "no API of Gitea or Forgejo answers here";

/// Something answers, and it is no Gitea. Nothing more is asked of it.
fn elsewhere(reader: &mut Reader<'_>, what: &str) -> Unknown {
    let unknown =
        Unknown::new(Cause::NotReachable, format!("{what}: check the address, and the kind of host that `host` names"));
    if is_first(reader) {
        reader.decoded.ends = Some(unknown.clone());
    }
    unknown
}

/// A 200 that is no JSON: a page for people, which tells nothing.
pub(super) fn unreadable(reader: &mut Reader<'_>) -> Unknown {
    match alike::json(reader.answer) {
        Err(alike::Foreign::Page) if is_first(reader) => elsewhere(
            reader,
            "a page answers where the API of Gitea or Forgejo would: a sign-on page, or another host's",
        ),
        _ => reader.unreadable(NAME),
    }
}

/// Reads a refusal, and says why everything that was asked stays unknown.
pub(super) fn read(reader: &mut Reader<'_>, told: &Told) -> Unknown {
    let rest = match reader.answer.status {
        401 if told.is_giteas() => unauthorized(reader),
        403 if told.is_giteas() => forbidden(reader, told),
        404 => not_found(reader, told),
        401 | 403 => Unknown::new(
            Cause::NotReachable,
            format!("something before {NAME} refuses the request ({})", reader.answer.status),
        ),
        status => alike::unanswered(reader.answer, NAME)
            .unwrap_or_else(|| malformed(format!("{NAME} answers {status}, which this request does not expect"))),
    };
    if reader.question.row.listing.is_some() {
        reader.decoded.incomplete = Some(rest.clone());
    }
    rest
}

/// The credential is refused: nothing more is asked with it.
fn refused(reader: &mut Reader<'_>, reason: &str, help: &str) -> Unknown {
    let unknown = Unknown::new(Cause::NotPermitted, format!("the credential {reason}"));
    let source = status(reader.answer.status).and(field("message"));
    let evidence = vec![reader.evidence(source)];
    let incident = Incident::Refused { reason: reason.to_owned(), help: help.to_owned(), evidence };
    reader.decoded.incidents.push(incident);
    reader.decoded.ends = Some(unknown.clone());
    unknown
}

/// The words of a 401 mislead, and may hold the token: none is passed on.
fn unauthorized(reader: &mut Reader<'_>) -> Unknown {
    reader.tell("token.active", Knowledge::Known(Value::Bool(false)), status(401));
    let help = if reader.kind_is(&["actions"]) {
        "a job's token ends with its job: check while the job runs"
    } else if reader.kind_is(&["oauth"]) {
        "get a new token: an OAuth token ends within hours, and with its grant"
    } else {
        "make a new token: this one is mistyped or deleted, or its account is"
    };
    refused(reader, "is not accepted (401)", help)
}

fn forbidden(reader: &mut Reader<'_>, told: &Told) -> Unknown {
    let denied = |reason: String| Unknown::new(Cause::NotPermitted, reason);
    if let Some(account) = told.account() {
        return account_refused(reader, account);
    }
    if told.wants_sign_in() {
        return denied("the instance wants everybody to sign in, and took this request for nobody's".to_owned());
    }
    reader.tell("token.active", Knowledge::Known(Value::Bool(true)), status(403));
    if let Some(lacking) = told.lacking() {
        let taken = english::quoted_list(&lacking.required, "and");
        scopes::lacking(reader, &lacking);
        return denied(format!("the token lacks a scope: {NAME} takes {taken} here"));
    }
    if told.is_public_only() {
        scopes::limited_to_public(reader);
        if reader.question.row.name == "repository" {
            out_of_reach(reader);
        }
        return denied("the token is limited to what is public".to_owned());
    }
    if told.is_broken_scope() {
        let reason = "holds scopes that the host cannot read (403), so that no request is let through";
        return refused(reader, reason, "make a new token: the conversion to the scopes of 1.20 left this one broken");
    }
    if told.has_no_webhooks() {
        return denied("webhooks are switched off on this instance".to_owned());
    }
    if reader.question.row.name == "webhooks" {
        return denied(format!("{NAME} shows webhooks to administrators of the repository alone"));
    }
    if reader.question.row.name == "organization_webhooks" {
        return denied(format!("{NAME} shows an organization's webhooks to its owners alone"));
    }
    denied(format!("{NAME} refuses the request (403)"))
}

/// The account is refused, whatever the token may.
fn account_refused(reader: &mut Reader<'_>, account: Account) -> Unknown {
    let (reason, help) = match account {
        Account::Prohibited => (
            "is refused because its account may not sign in, or was never activated (403)",
            "ask an administrator of the instance to let the account sign in",
        ),
        Account::NotActivated => (
            "is refused because its account was never activated (403)",
            "confirm the account's e-mail, or ask an administrator of the instance to activate it",
        ),
        Account::MustChangePassword => (
            "is refused until its account changes its password (403)",
            "sign in as the account and change the password, or ask an administrator to take the demand back: accounts \
             that an administrator makes start with it, and on Gitea 1.24 those of bots, which have no password, too",
        ),
        Account::SecondFactor => ("is refused until its account has a second factor (403)", SECOND_FACTOR),
    };
    reader.tell("token.active", Knowledge::Known(Value::Bool(true)), status(403));
    refused(reader, reason, help)
}

fn not_found(reader: &mut Reader<'_>, told: &Told) -> Unknown {
    // A handler of the API answers with JSON; a route that is not there, a page that is not, and a proxy do not.
    if !told.is_giteas() {
        return match reader.question.row.name {
            "user" | "version" => elsewhere(reader, NOTHING_HERE),
            _ => Unknown::new(Cause::NotReachable, format!("this version of {NAME} does not know the request (404)")),
        };
    }
    match reader.question.row.name {
        "repository" => invisible(reader),
        "user" | "version" => elsewhere(reader, NOTHING_HERE),
        "branch" => branch::not_there(),
        "organization_webhooks" => Unknown::new(
            Cause::NotPermitted,
            format!(
                "{NAME} shows no organization of this name, or none of its webhooks, to this credential (404): the owner may \
                 be a person, who has none"
            ),
        ),
        _ => Unknown::new(Cause::NotPermitted, "what was asked for is missing, switched off or hidden (404)"),
    }
}

/// The repository is beyond what the token is limited to.
fn out_of_reach(reader: &mut Reader<'_>) {
    let Target::Repository(repository) = reader.target() else { return };
    if let Some(none) = super::tables::word_of("repository.code", "none") {
        reader.tell("repository.code", Knowledge::Known(Value::Word(none)), status(403).and(field("message")));
    }
    let reasons = vec!["the token is limited to what is public, and the repository or its owner is not".to_owned()];
    let evidence = vec![reader.evidence(status(403).and(field("message")))];
    reader.decoded.incidents.push(Incident::NotVisible { repository: repository.clone(), reasons, evidence });
}

/// The repository is missing or hidden: Gitea answers both alike.
fn invisible(reader: &mut Reader<'_>) -> Unknown {
    let Target::Repository(repository) = reader.target() else {
        return malformed("the answer is about no repository");
    };
    let public_only = reader.known("token.public_only").and_then(|fact| fact.knowledge.value());
    let mut reasons = vec![format!("`{repository}` does not exist, or its name is spelled differently")];
    reasons.push("its account has no access to it".to_owned());
    if public_only != Some(&Value::Bool(false)) {
        reasons.push("the token is limited to what is public, and the repository or its owner is not".to_owned());
    }
    if reader.kind().is_none_or(|kind| kind.word == "repository") {
        reasons.push("the token is for other repositories alone".to_owned());
    }
    let server = Server::known(reader.question.so_far);
    if server.is_none_or(|server| server.may_hide_repositories()) {
        reasons.push(
            "Gitea of 1.24 or later hides every repository from an account without a second factor where it demands one"
                .to_owned(),
        );
    }
    let evidence = vec![reader.evidence(status(404).and(Place::Field(field("message"))))];
    reader.decoded.incidents.push(Incident::NotVisible { repository: repository.clone(), reasons, evidence });
    Unknown::new(Cause::NotPermitted, format!("{NAME} shows no repository of this name to this credential"))
}
