//! What the environment holds, by the table of families.

use serde_json::Value;

use super::Environment;
use super::address::{self, Place};
use super::candidate::{Candidate, Found, KindHint, SecretSource};
use super::claims::{self, Claim, Rank};
use super::families::TokenVariable::{File, Password, Text, Unless};
use super::families::{AppVariables, FAMILIES, Family, ScopeVariable, TokenVariable};
use super::locate::{Located, Lost, locate};
use super::variables::{Unreadable, Variables};
use super::{filter, json5, rules, scope};
use crate::diagnostic::{Code, Diagnostic};
use crate::facts::{AppUse, NotChecked, Origin, ScopeEntry};
use crate::text::english;
use crate::vocabulary::{self, HostKind};

/// Everything that the environment holds, in the order of the table.
pub(super) fn discover(environment: &Environment) -> Vec<Found> {
    let mut found = claims::settled(FAMILIES.iter().filter_map(|family| read(family, environment)).collect());
    found.extend(FAMILIES.iter().flat_map(|family| rules::read(family, environment)));
    found
}

/// The kind that tokens of a job may be of, too, where a CI system's variables prove one and `kind` is what its own token
/// looks like.
pub fn kind_in_job(environment: &Environment, host: HostKind, kind: &str) -> Option<&'static str> {
    let proven = |family: &&Family| is_proven(family, environment) && family.address.kinds().any(|of| of == host);
    let mut own = FAMILIES.iter().filter(proven).filter_map(|family| family.kind.as_ref());
    own.find(|own| own.looks_like == Some(kind)).map(|own| own.kind)
}

/// Whether the variables that prove a family are there, if there are any.
fn is_proven(family: &Family, environment: &Environment) -> bool {
    let is_set = |&(variable, value): &(&str, &str)| environment.get(variable) == Some(value);
    family.proof.as_ref().is_none_or(is_set) && !family.unless.iter().any(is_set)
}

/// Whether one of the variables is set without which a family's token is another one's, if there are any.
fn is_marked(family: &Family, environment: &Environment) -> bool {
    family.marks.is_empty() || family.marks.iter().any(|name| environment.get(name).is_some())
}

/// What is there of a family, and what it makes of its token's variable.
fn read(family: &Family, environment: &Environment) -> Option<(Found, Option<Claim>)> {
    if !is_proven(family, environment) || !is_marked(family, environment) {
        return None;
    }
    let variables = match Variables::of(family, environment) {
        Ok(variables) => variables,
        // The bot's own credential says so.
        Err(Unreadable(_)) if family.aside.is_some() => return None,
        Err(Unreadable(object)) => {
            let message =
                format!("`{object}`, which may say where the token of {} goes, is no object in JSON", family.title);
            let help = "credcheck reads it as the bot does, and sends nothing while it cannot";
            return Some((Found::Broken(Diagnostic::new(Code::BadSettings, message).help(help)), None));
        }
    };
    let (variable, source) = token(family, &variables).or_else(|| {
        // An App's id without its key is still a credential, one without a secret.
        let id = family.app.as_ref().map(|app| app.id).filter(|id| variables.get(id).is_some())?;
        family.tokens.iter().rev().find_map(|token| match token {
            Text(name) => Some((id, SecretSource::Variable((*name).to_owned()))),
            _ => None,
        })
    })?;
    let located = locate(family, variable, &variables);
    let (place, rank, by) = match &located {
        Ok(located) => (Some(located.place.clone()), located.rank, located.by),
        Err(Lost::Nowhere { .. }) if family.proof.is_some() => (None, Rank::Job, None),
        Err(Lost::Nowhere { .. }) => (None, Rank::Default, None),
        Err(Lost::Address(_, by, _)) => (None, Rank::Named, Some(*by)),
    };
    let claim = Claim { token: variable, by, rank, place };
    Some((found(family, (variable, source), located, &variables), Some(claim)))
}

fn found(
    family: &Family,
    (variable, source): (&'static str, SecretSource),
    located: Result<Located, Lost>,
    variables: &Variables<'_>,
) -> Found {
    let lost = |host: String, reason: String| {
        Found::Unusable(NotChecked { host, credential: Some(family.name.to_owned()), reason })
    };
    let located = match located {
        Ok(located) => located,
        Err(Lost::Nowhere { host, reason }) => return lost(host, reason),
        Err(Lost::Address(kind, variable, error)) if family.ambient => {
            return lost(kind.word().to_owned(), format!("`{variable}` {error}"));
        }
        Err(Lost::Address(_, variable, error)) => {
            let variable = variables.written(variable);
            let message = format!("`{variable}`, which says where the token of {} goes, {error}", family.title);
            return Found::Broken(Diagnostic::new(Code::BadAddress, message).help(error.help()));
        }
    };
    let place = located.place;
    let origin = located.by.map_or(Origin::Default, |by| variables.origin(by));
    let Scope { included, excluded } = match read_scope(family, variables, &place) {
        Ok(scope) => scope,
        Err((variable, error)) if family.ambient => {
            return lost(place.kind.word().to_owned(), format!("`{variable}` cannot be read: {error}"));
        }
        Err((variable, error)) => {
            let variable = variables.written(variable);
            return Found::Broken(
                Diagnostic::new(Code::BadScope, format!("`{variable}` cannot be read: {error}"))
                    .help("credcheck checks what the bot may work on, so it must read this list as the bot does"),
            );
        }
    };
    let username = family.usernames.iter().find_map(|name| Some((*name, variables.get(name)?)));
    let text = variables.get(variable).unwrap_or("");
    let password = match password(family, variable, text, &place) {
        None => None,
        Some(Err(())) => {
            let reason = format!("no such host takes a password, and `{}` holds one", variables.written(variable));
            return lost(place.kind.word().to_owned(), reason);
        }
        Some(Ok(_)) if username.is_none() => {
            let message = format!("`{}` is set, and nothing says whose password it is", variables.written(variable));
            let help = format!("set {}, or a token instead", english::quoted_list(family.usernames, "or"));
            return Found::Broken(Diagnostic::new(Code::BadSettings, message).help(help));
        }
        Some(Ok(kind)) => Some(kind),
    };
    let wrapped = family.wrapped.as_ref().filter(|wrapped| wrapped.on == place.kind);
    let bare = wrapped.and_then(|wrapped| Some((wrapped, text.trim().strip_prefix(wrapped.before)?)));
    let shapeless = bare.filter(|(_, bare)| vocabulary::token_shapes().of(bare).is_none());
    let told = password.flatten().or(shapeless.map(|(wrapped, _)| wrapped.kind));
    let basic = password.map_or_else(|| family.basic_on.map(|kind| kind == place.kind), |_| Some(true));
    let mut origins = vec![("secret", variables.origin(variable)), ("url", origin)];
    origins.extend(username.map(|(name, _)| ("username", variables.origin(name))));
    let (issuer, installation) = match &family.app {
        None => (None, None),
        Some(app) => match read_app(app, variables) {
            Ok((issuer, installation)) => (Some(issuer), installation),
            Err(variable) if family.ambient => {
                return lost(place.kind.word().to_owned(), format!("`{variable}` is not set to a number"));
            }
            Err(variable) => {
                return Found::Broken(
                    Diagnostic::new(Code::BadSettings, format!("`{variable}` is not set to a number"))
                        .help("the App's key works only together with the App's id"),
                );
            }
        },
    };
    let app_key = vocabulary::host(place.kind).key_kind().map(|kind| kind.word).filter(|_| issuer.is_some());
    Found::Usable(Box::new(Candidate {
        name: family.name.to_owned(),
        place,
        username: username.map(|(_, name)| super::obtain::plain_username(name)),
        source,
        before: bare.map(|(wrapped, _)| wrapped.before),
        scope: included,
        excluded,
        kind: match (&family.kind, app_key.or(told)) {
            (_, Some(kind)) => KindHint::Is(kind),
            (Some(own), None) => KindHint::IfPrefixed(own.prefix, own.kind),
            (None, None) => KindHint::Unknown,
        },
        basic,
        issuer,
        app: AppUse { installation, ..AppUse::default() },
        origins,
        ambient: family.ambient,
        aside: family.aside,
    }))
}

/// Where a family's password was taken: the kind that it is of there, or that no such host takes one.
fn password(family: &Family, variable: &str, text: &str, place: &Place) -> Option<Result<Option<&'static str>, ()>> {
    family.tokens.iter().find_map(|token| match token {
        Password(name, kinds) if *name == variable => Some(password_kind(kinds, text, place.kind)),
        _ => None,
    })
}

/// The kind that a password is of on a host, which a token's shape says better, or that no such host takes one.
pub(super) fn password_kind(
    kinds: &[(HostKind, Option<&'static str>)],
    text: &str,
    host: HostKind,
) -> Result<Option<&'static str>, ()> {
    let (_, kind) = kinds.iter().find(|(kind, _)| *kind == host).ok_or(())?;
    Ok(kind.filter(|_| vocabulary::token_shapes().of(text).is_none()))
}

/// The first token variable that is set, and where the token then is.
fn token(family: &Family, variables: &Variables<'_>) -> Option<(&'static str, SecretSource)> {
    family.tokens.iter().find_map(|token| {
        let name = token.name();
        let value = variables.get(name)?;
        let source = match token {
            Unless(_, (other, means)) if variables.get(other) == Some(means) => return None,
            File(_) => SecretSource::File { path: value.into(), written: value.to_owned() },
            _ => source(family, variables, name),
        };
        Some((name, source))
    })
}

/// Where the text of a variable is.
pub(super) fn source(family: &Family, variables: &Variables<'_>, name: &str) -> SecretSource {
    match (variables.inside(name), &family.beside) {
        (Some(object), Some(beside)) => {
            SecretSource::Member { object: object.to_owned(), prefix: beside.prefix, name: name.to_owned() }
        }
        _ => SecretSource::Variable(variables.written(name).into_owned()),
    }
}

/// What is in scope, and what is not.
#[derive(Default)]
struct Scope {
    included: Vec<ScopeEntry>,
    excluded: Vec<ScopeEntry>,
}

fn read_scope(
    family: &Family,
    environment: &Variables<'_>,
    place: &Place,
) -> Result<Scope, (&'static str, scope::PatternError)> {
    let names = &vocabulary::host(place.kind).names;
    let of = |origin: &Origin, names: Vec<String>| {
        names.iter().map(|text| ScopeEntry::new(place.kind, text, origin.clone())).collect::<Vec<_>>()
    };
    if let Some((variable, filters)) = discovered(family, environment) {
        // What cannot be said is left unsaid, with a note.
        let picked = filter::picked(&filters, names).unwrap_or_default();
        picked.included.iter().try_for_each(|name| scope::check(name, names)).map_err(|error| (variable, error))?;
        let origin = environment.origin(variable);
        return Ok(Scope { included: of(&origin, picked.included), excluded: of(&origin, picked.excluded) });
    }
    match family.scope {
        ScopeVariable::Unsaid => Ok(Scope::default()),
        ScopeVariable::AllowList(variable) => {
            let Some(value) = environment.get(variable) else { return Ok(Scope::default()) };
            let list = scope::allow_list(value, &place.authority, names).map_err(|error| (variable, error))?;
            let origin = Origin::AllowList(variable.to_owned());
            let mut included = of(&origin, list.included);
            if included.is_empty() {
                // The list says that nothing is in scope here; that is not the same as saying nothing.
                included.push(ScopeEntry::nothing(origin.clone()));
            }
            Ok(Scope { included, excluded: of(&origin, list.excluded) })
        }
        ScopeVariable::JobRepository(_, server) if !is_at(environment.get(server), place) => Ok(Scope::default()),
        ScopeVariable::Repository(variable)
        | ScopeVariable::Repositories(variable)
        | ScopeVariable::JobRepository(variable, _) => {
            let listed = list(environment.get(variable).unwrap_or(""));
            listed.iter().try_for_each(|name| scope::check(name, names)).map_err(|error| (variable, error))?;
            let origin = environment.origin(variable);
            Ok(Scope { included: of(&origin, listed), excluded: Vec::new() })
        }
    }
}

/// The filters of a bot that finds its repositories itself, and their variable.
fn discovered(family: &Family, variables: &Variables<'_>) -> Option<(&'static str, Vec<String>)> {
    let discovering = family.discovering.as_ref()?;
    let filters = list(variables.get(discovering.filter)?);
    let on = variables.get(discovering.on) == Some("true");
    (on && !filters.is_empty()).then_some((discovering.filter, filters))
}

/// Whether a server's web address is that of the place.
fn is_at(server: Option<&str>, place: &Place) -> bool {
    server.is_some_and(|url| address::place(place.kind, url, None, false).is_ok_and(|server| server.url == place.url))
}

/// A list by commas, or in JSON5: of names, and of objects that name a repository.
fn list(text: &str) -> Vec<String> {
    let by_commas = || text.split(',').map(str::to_owned).collect();
    let name = |value: &Value| match value {
        Value::String(name) => Some(name.clone()),
        Value::Object(object) => object.get("repository").and_then(Value::as_str).map(str::to_owned),
        _ => None,
    };
    let listed: Vec<String> = match json5::parse(text) {
        Some(Value::Array(items)) => items.iter().filter_map(name).collect(),
        Some(Value::String(name)) => vec![name],
        _ => by_commas(),
    };
    listed.iter().map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect()
}

/// The App's id and that of its installation, or the variable that holds no number.
fn read_app(variables: &AppVariables, environment: &Variables<'_>) -> Result<(String, Option<u64>), &'static str> {
    let number = |variable: &'static str| match environment.get(variable) {
        None => Ok(None),
        Some(value) => value.trim().parse::<u64>().map(Some).map_err(|_| variable),
    };
    let id = number(variables.id)?.ok_or(variables.id)?;
    Ok((id.to_string(), number(variables.installation)?))
}

/// The variables of allow lists that are set and name a host that no credential of their family goes to; for a note.
pub(super) fn idle_allow_lists(environment: &Environment, candidates: &[&Candidate]) -> Vec<(&'static str, String)> {
    let mut idle = Vec::new();
    for candidate in candidates {
        let Some(family) = FAMILIES.iter().find(|family| family.name == candidate.name) else { continue };
        if let ScopeVariable::AllowList(variable) = family.scope
            && environment.get(variable).is_some()
            && candidate.scope.iter().all(ScopeEntry::is_nothing)
        {
            idle.push((variable, candidate.name.clone()));
        }
    }
    idle
}

/// The variables with filters that say nothing of the scope, and the credential; for a note.
pub(super) fn unread_filters(environment: &Environment, candidates: &[&Candidate]) -> Vec<(&'static str, String)> {
    let of = |candidate: &&Candidate| {
        let family = FAMILIES.iter().find(|family| family.name == candidate.name)?;
        let (variable, filters) = discovered(family, &Variables::of(family, environment).ok()?)?;
        let unsaid = filter::picked(&filters, &vocabulary::host(candidate.place.kind).names).is_err();
        unsaid.then(|| (variable, candidate.name.clone()))
    };
    candidates.iter().filter_map(of).collect()
}

/// Whether a name is one that a family gives.
pub(super) fn is_family(name: &str) -> bool {
    FAMILIES.iter().any(|family| family.name == name)
}

/// The variables of token that are set and that the bot leaves for another one, both with what it does then.
pub(super) fn left_tokens(environment: &Environment, name: &str) -> Vec<(&'static str, &'static str, &'static str)> {
    let of_family = FAMILIES.iter().find(|family| family.name == name);
    let Some((family, does)) = of_family.and_then(|family| Some((family, family.leaves?))) else { return Vec::new() };
    let mut set = family.tokens.iter().map(TokenVariable::name).filter(|name| environment.get(name).is_some());
    let Some(used) = set.next() else { return Vec::new() };
    set.map(|left| (left, used, does)).collect()
}
