//! What an App's key can read: the App itself, and its installations.

use serde_json::Value as Json;

use super::account;
use super::tables::{host, word_of};
use crate::facts::{Cause, Incident, Knowledge, PermissionMap, Refusal, RepositoryName, Target, Unknown, Value};
use crate::hosts::reader::{Reader, malformed, strange_word, wrong_field};
use crate::vocabulary::{Place, Type, field};

/// `GET /app`, answered.
pub(super) fn app(reader: &mut Reader<'_>, body: &Json) -> Unknown {
    let slug = match reader.text(body, "/slug") {
        Ok(slug) => slug,
        Err(unknown) => return unknown,
    };
    reader.tell("token.active", Knowledge::Known(Value::Bool(true)), Place::Status);
    // A private key stays until it is removed, and this one was taken.
    reader.tell("token.expires_at", Knowledge::Absent, Place::Status);
    reader.tell("user.username", Knowledge::Known(Value::String(format!("{slug}[bot]"))), field("slug"));
    reader.tell("user.is_bot", Knowledge::Known(Value::Bool(true)), field("slug"));
    if let Some(bot) = word_of("user.kind", "bot") {
        reader.tell("user.kind", Knowledge::Known(Value::Word(bot)), field("slug"));
    }
    reader.tell("app.slug", Knowledge::Known(Value::String(slug)), field("slug"));
    let client = match reader.text(body, "/client_id") {
        Ok(client) => Knowledge::Known(Value::String(client)),
        Err(unknown) => Knowledge::Unknown(unknown),
    };
    reader.tell("token.oauth_client", client, field("client_id"));
    reader.tell("app.permissions", permissions(body, "/permissions"), field("permissions"));
    reader.tell("app.events", events(body), field("events"));
    account::version(reader);
    malformed("the answer does not tell this")
}

/// A repository's installation, answered.
pub(super) fn installation(reader: &mut Reader<'_>, body: &Json) -> Unknown {
    let Target::Repository(repository) = reader.target() else {
        return malformed("the answer is about no repository");
    };
    let Some(number) = body.get("id").and_then(Json::as_i64).filter(|number| *number > 0) else {
        return wrong_field("/id", "a number");
    };
    if let Some(login) = body.pointer("/account/login")
        && !login.as_str().is_some_and(|login| login.eq_ignore_ascii_case(repository.owner()))
    {
        return malformed("the answer is about the installation of another account");
    }
    if let Some(named) = reader.question.credential.app.installation
        && i64::try_from(named) != Ok(number)
    {
        return another_installation(reader, repository, named, number);
    }
    let suspended = match body.get("suspended_at") {
        None | Some(Json::Null) => Some(false),
        Some(Json::String(text)) if !text.is_empty() => Some(true),
        Some(_) => None,
    };
    reader.tell("installation.id", Knowledge::Known(Value::Integer(number)), field("id"));
    let knowledge = match suspended {
        Some(suspended) => Knowledge::Known(Value::Bool(suspended)),
        None => Knowledge::Unknown(wrong_field("/suspended_at", "a time or null")),
    };
    reader.tell("installation.suspended", knowledge, field("suspended_at"));
    let selection = match reader.text(body, "/repository_selection") {
        Ok(text) => match word_of("installation.selection", &text) {
            Some(word) => Knowledge::Known(Value::Word(word)),
            None => Knowledge::Unknown(strange_word("/repository_selection", &["all", "selected"])),
        },
        Err(unknown) => Knowledge::Unknown(unknown),
    };
    reader.tell("installation.selection", selection, field("repository_selection"));
    reader.tell("installation.events", events(body), field("events"));
    let granted = permissions(body, "/permissions");
    if let Knowledge::Known(Value::Permissions(granted)) = &granted {
        let of_user = body.get("target_type").and_then(Json::as_str) == Some("User");
        not_approved(reader, repository, granted, number, of_user);
    }
    reader.tell("token.permissions", granted, field("permissions"));
    if suspended == Some(true) {
        is_suspended(reader, repository);
    }
    malformed("the answer does not tell this")
}

/// The repository is covered, by another installation than the operator's: with tokens of that one, the bot sees nothing.
fn another_installation(reader: &mut Reader<'_>, repository: &RepositoryName, named: u64, number: i64) -> Unknown {
    let reason = format!("the App's installation {number} covers it, and the settings name installation {named}");
    let incident = Incident::NotVisible {
        repository: repository.clone(),
        reasons: vec![reason.clone()],
        evidence: vec![reader.evidence(field("id"))],
    };
    reader.decoded.incidents.push(incident);
    Unknown::new(Cause::NotPermitted, reason)
}

/// An installation is suspended: said once for each account.
fn is_suspended(reader: &mut Reader<'_>, repository: &RepositoryName) {
    let owner = repository.owner();
    let same = |incident: &Incident| matches!(incident, Incident::NotAccepted { refusal: Refusal::Suspended, by, .. } if by.eq_ignore_ascii_case(owner));
    if reader.question.so_far.incidents.iter().any(same) {
        return;
    }
    let incident = Incident::NotAccepted {
        refusal: Refusal::Suspended,
        by: owner.to_owned(),
        repository: Some(repository.clone()),
        message: String::new(),
        link: None,
        evidence: vec![reader.evidence(field("suspended_at"))],
    };
    reader.decoded.incidents.push(incident);
}

/// What the App asks for and the account has not approved: said once for each account.
fn not_approved(
    reader: &mut Reader<'_>,
    repository: &RepositoryName,
    granted: &PermissionMap,
    number: i64,
    of_user: bool,
) {
    let known = |path: &str| reader.known(path).and_then(|fact| fact.knowledge.value());
    let (Some(Value::Permissions(asked)), Some(Value::String(slug))) = (known("app.permissions"), known("app.slug"))
    else {
        return;
    };
    let Some(Type::Permissions(table)) = host().fact("token.permissions").map(|at| host().row(at).ty) else { return };
    let missing: Vec<(String, String, Option<String>)> = asked
        .iter()
        .filter(|(name, level)| !granted.get(*name).is_some_and(|have| table.levels.at_least(have, level)))
        .map(|(name, level)| (name.clone(), level.clone(), granted.get(name).cloned()))
        .collect();
    let owner = repository.owner();
    let same =
        |incident: &Incident| matches!(incident, Incident::NotApproved { by, .. } if by.eq_ignore_ascii_case(owner));
    if missing.is_empty() || reader.question.so_far.incidents.iter().any(same) {
        return;
    }
    let settings = if of_user { "settings".to_owned() } else { format!("organizations/{owner}/settings") };
    let link = format!("{}/{settings}/installations/{number}", reader.question.credential.url);
    let mut evidence = vec![reader.evidence(field("permissions"))];
    evidence.extend(reader.known("app.permissions").into_iter().flat_map(|fact| fact.evidence.clone()));
    let incident = Incident::NotApproved { app: slug.clone(), by: owner.to_owned(), missing, link, evidence };
    reader.decoded.incidents.push(incident);
}

/// A map of permissions, as the host wrote it.
pub(super) fn permissions(body: &Json, pointer: &str) -> Knowledge {
    let map = body.pointer(pointer).and_then(Json::as_object).and_then(|map| {
        map.iter()
            .map(|(name, level)| Some((name.clone(), level.as_str()?.to_owned())))
            .collect::<Option<PermissionMap>>()
    });
    match map {
        Some(map) => Knowledge::Known(Value::Permissions(map)),
        None => Knowledge::Unknown(wrong_field(pointer, "a map of permissions")),
    }
}

fn events(body: &Json) -> Knowledge {
    let events = body
        .get("events")
        .and_then(Json::as_array)
        .and_then(|events| events.iter().map(|event| event.as_str().map(str::to_owned)).collect::<Option<_>>());
    match events {
        Some(events) => Knowledge::Known(Value::Strings(events)),
        None => Knowledge::Unknown(wrong_field("/events", "a list of texts")),
    }
}

/// The numbers of the installations in an answer that the operator means and that are not suspended.
pub(super) fn numbers(wanted: Option<u64>, body: &Json) -> Option<Vec<u64>> {
    let mut numbers = Vec::new();
    for item in body.as_array()? {
        let number = item.get("id").and_then(Json::as_u64)?;
        let suspended = item.get("suspended_at").is_some_and(|at| !at.is_null());
        if !suspended && wanted.is_none_or(|wanted| wanted == number) {
            numbers.push(number);
        }
    }
    Some(numbers)
}

/// A page of installations: a suspended one hides its repositories.
pub(super) fn installations(reader: &mut Reader<'_>, body: &Json) -> Unknown {
    let wanted = reader.question.credential.app.installation;
    if numbers(wanted, body).is_none() {
        let unknown = malformed("the list holds something that is no installation");
        reader.decoded.incomplete = Some(unknown.clone());
        return unknown;
    }
    let mut suspended = body.as_array().into_iter().flatten().filter(|item| {
        item.get("suspended_at").is_some_and(|at| !at.is_null())
            && wanted.is_none_or(|wanted| item.get("id").and_then(Json::as_u64) == Some(wanted))
    });
    if suspended.next().is_some() {
        let reason = "a suspended installation of the App lists no repositories";
        reader.decoded.incomplete = Some(Unknown::new(Cause::Incomplete, reason));
    }
    malformed("the answer does not tell this")
}
