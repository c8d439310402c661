//! What an App's key can read: the App itself, and its installations.

use serde_json::Value as Json;

use super::account;
use super::tables::{host, permission_name, word_of};
use crate::facts::{
    Bounds, Cause, Incident, Knowledge, PermissionMap, Refusal, RepositoryName, Target, Unknown, Value,
};
use crate::hosts::column::{Column, Gap, Held, required};
use crate::hosts::reader::{Reader, malformed, strange_word};
use crate::vocabulary::{Place, Type, field};

const ID: Column = required("id");
pub(super) const PERMISSIONS: Column = required("permissions");
const EVENTS: Column = required("events");
const SUSPENDED_AT: Column = required("suspended_at").null(Gap::Nothing);
const TARGET_TYPE: Column = required("target_type");

/// `GET /app`, answered.
pub(super) fn app(reader: &mut Reader<'_>, body: &Json) -> Unknown {
    // Whatever is missing spoils what rests on it; without any of these it is no App that answers.
    if !["slug", "permissions", "events"].iter().any(|name| body.get(name).is_some()) {
        return malformed("the answer describes no App");
    }
    let slug = reader.text(body, "/slug");
    reader.tell("token.active", Knowledge::Known(Value::Bool(true)), Place::Status);
    // A private key stays until it is removed, and this one was taken.
    reader.tell("token.expires_at", Knowledge::Absent, Place::Status);
    let named = |text: &dyn Fn(&str) -> String| match &slug {
        Ok(slug) => Knowledge::Known(Value::String(text(slug))),
        Err(unknown) => Knowledge::Unknown(unknown.clone()),
    };
    let (username, slug) = (named(&|slug| format!("{slug}[bot]")), named(&str::to_owned));
    reader.tell("user.username", username, field("slug"));
    reader.tell("user.is_bot", Knowledge::Known(Value::Bool(true)), Place::Status);
    if let Some(bot) = word_of("user.kind", "bot") {
        reader.tell("user.kind", Knowledge::Known(Value::Word(bot)), Place::Status);
    }
    reader.tell("app.slug", slug, field("slug"));
    let client = match reader.text(body, "/client_id") {
        Ok(client) => Knowledge::Known(Value::String(client)),
        Err(unknown) => Knowledge::Unknown(unknown),
    };
    reader.tell("token.oauth_client", client, field("client_id"));
    reader.tell("app.permissions", permissions(body, &PERMISSIONS), field("permissions"));
    reader.tell("app.events", EVENTS.texts(body).known(strings), field("events"));
    account::version(reader);
    malformed("the answer does not tell this")
}

/// A repository's installation, answered.
pub(super) fn installation(reader: &mut Reader<'_>, body: &Json) -> Unknown {
    let Target::Repository(repository) = reader.target() else {
        return malformed("the answer is about no repository");
    };
    let number =
        match ID.number(body).or_strange(|number| (*number > 0).then_some(*number), || ID.wrong("a number")).value() {
            Ok(number) => number,
            Err(unknown) => return unknown,
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
    let suspended = suspended(body);
    reader.tell("installation.id", Knowledge::Known(Value::Integer(number)), field("id"));
    reader.tell("installation.suspended", suspended.clone().is(), field("suspended_at"));
    let selection = match reader.text(body, "/repository_selection") {
        Ok(text) => match word_of("installation.selection", &text) {
            Some(word) => Knowledge::Known(Value::Word(word)),
            None => Knowledge::Unknown(strange_word("/repository_selection", &["all", "selected"])),
        },
        Err(unknown) => Knowledge::Unknown(unknown),
    };
    reader.tell("installation.selection", selection, field("repository_selection"));
    reader.tell("installation.events", EVENTS.texts(body).known(strings), field("events"));
    let granted = permissions(body, &PERMISSIONS);
    if let Knowledge::Known(Value::Permissions(granted)) = &granted {
        let of_user = TARGET_TYPE.text(body) == Held::Value("User");
        not_approved(reader, repository, granted, number, of_user);
    }
    reader.tell("token.permissions", granted, field("permissions"));
    if suspended == Held::Value(true) {
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

/// A map of permissions, as the host wrote it. An entry whose level is none that is known is open, and the others are not.
pub(super) fn permissions(body: &Json, column: &Column) -> Knowledge {
    let map = column.read(body, "a map of permissions", |map| {
        let mut all = PermissionMap::new();
        for (name, level) in map.as_object()? {
            let level = level.as_str()?;
            // One that is there in both spellings is there twice.
            let other = all.insert(permission_name(name).to_owned(), level.to_owned());
            if other.is_some_and(|other| other != level) {
                return None;
            }
        }
        Some(all)
    });
    let table = match host().fact("token.permissions").map(|at| host().row(at).ty) {
        Some(Type::Permissions(table)) => table,
        _ => return Knowledge::Unknown(column.wrong("in the table")),
    };
    let map = match map.value() {
        Ok(map) => map,
        Err(unknown) => return Knowledge::Unknown(unknown),
    };
    let (granted, strange): (PermissionMap, PermissionMap) =
        map.into_iter().partition(|(_, level)| table.levels.word(level).is_some_and(|word| word != "none"));
    let Some((name, level)) = strange.first_key_value() else {
        return Knowledge::Known(Value::Permissions(granted));
    };
    let why = malformed(format!("the answer gives `{name}` the level `{level}`, which credcheck does not know"));
    // Of all other entries it is certain what they are, and what is above that is denied.
    let lowest_denied = |permission: &crate::vocabulary::Permission| {
        let have = granted.get(permission.name);
        let is_above = |level: &&&str| !have.is_some_and(|have| table.levels.at_least(have, level));
        let from = permission.levels.iter().find(is_above)?;
        Some((permission.name.to_owned(), (*from).to_owned()))
    };
    let closed = table.permissions.iter().filter(|permission| !strange.contains_key(permission.name));
    let denied = closed.filter_map(lowest_denied).collect();
    Knowledge::Bounded(Bounds::Permissions { granted, denied }, why)
}

fn strings(texts: Vec<String>) -> Value {
    Value::Strings(texts.into_iter().collect())
}

/// Whether an installation is suspended: the time at which it was, or null.
fn suspended(body: &Json) -> Held<bool> {
    match SUSPENDED_AT.time(body) {
        Held::Nothing => Held::Value(false),
        held => held.map(|_| true),
    }
}

/// The numbers of the installations in an answer that the operator means, each with whether it is suspended; `None` where one
/// cannot be read.
fn wanted(wanted: Option<u64>, body: &Json) -> Option<Vec<(u64, bool)>> {
    let mut numbers = Vec::new();
    for item in body.as_array()? {
        let number = u64::try_from(ID.number(item).value().ok()?).ok()?;
        let suspended = suspended(item).value().ok()?;
        if wanted.is_none_or(|wanted| wanted == number) {
            numbers.push((number, suspended));
        }
    }
    Some(numbers)
}

/// The numbers of the installations in an answer that the operator means and that are not suspended.
pub(super) fn numbers(named: Option<u64>, body: &Json) -> Option<Vec<u64>> {
    let active = wanted(named, body)?.into_iter().filter(|(_, suspended)| !suspended);
    Some(active.map(|(number, _)| number).collect())
}

/// A page of installations: a suspended one hides its repositories.
pub(super) fn installations(reader: &mut Reader<'_>, body: &Json) -> Unknown {
    let Some(all) = wanted(reader.question.credential.app.installation, body) else {
        let unknown = malformed("the list holds something that is no installation");
        reader.decoded.incomplete = Some(unknown.clone());
        return unknown;
    };
    if all.iter().any(|(_, suspended)| *suspended) {
        let reason = "a suspended installation of the App lists no repositories";
        reader.decoded.incomplete = Some(Unknown::new(Cause::Incomplete, reason));
    }
    malformed("the answer does not tell this")
}
