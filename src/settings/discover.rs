//! What the environment holds, by the table of families.

use super::Environment;
use super::address::{self, AddressError, Place};
use super::candidate::{Candidate, KindHint, SecretSource};
use super::families::TokenVariable::{File, Text, Unless};
use super::families::{Address, AppVariables, FAMILIES, Family, ScopeVariable, TokenVariable};
use super::{plain, scope};
use crate::diagnostic::{Code, Diagnostic};
use crate::facts::{AppUse, NotChecked, Origin, ScopeEntry};
use crate::text::english;
use crate::vocabulary::{self, HostKind};

/// What the environment holds of one family.
#[derive(Debug)]
pub(super) enum Found {
    /// A credential.
    Usable(Box<Candidate>),
    /// A credential that cannot go anywhere.
    Unusable(NotChecked),
    /// A bot's credential whose settings are wrong.
    Broken(Diagnostic),
}

/// Everything that the environment holds, in the order of the table.
pub(super) fn discover(environment: &Environment) -> Vec<Found> {
    FAMILIES.iter().filter_map(|family| read(family, environment)).collect()
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

fn read(family: &Family, environment: &Environment) -> Option<Found> {
    if !is_proven(family, environment) {
        return None;
    }
    let (variable, source) = token(family, environment).or_else(|| {
        // An App's id without its key is still a credential, one without a secret.
        let id = family.app.as_ref().map(|app| app.id).filter(|id| environment.get(id).is_some())?;
        family.tokens.iter().rev().find_map(|token| match token {
            Text(name) => Some((id, SecretSource::Variable((*name).to_owned()))),
            _ => None,
        })
    })?;
    let lost = |host: String, reason: String| {
        Found::Unusable(NotChecked { host, credential: Some(family.name.to_owned()), reason })
    };
    let located = match locate(&family.address, environment) {
        Ok(located) => located,
        Err(Lost::Nowhere { host, reason }) => return Some(lost(host, reason)),
        Err(Lost::Address(kind, variable, error)) if family.ambient => {
            return Some(lost(kind.word().to_owned(), format!("`{variable}` {error}")));
        }
        Err(Lost::Address(_, variable, error)) => {
            let message = format!("`{variable}`, which says where the token of {} goes, {error}", family.title);
            return Some(Found::Broken(Diagnostic::new(Code::BadAddress, message).help(error.help())));
        }
    };
    let Located { place, origin } = located;
    let Scope { included, excluded } = match read_scope(family, environment, &place) {
        Ok(scope) => scope,
        Err((variable, error)) if family.ambient => {
            return Some(lost(place.kind.word().to_owned(), format!("`{variable}` cannot be read: {error}")));
        }
        Err((variable, error)) => {
            return Some(Found::Broken(
                Diagnostic::new(Code::BadScope, format!("`{variable}` cannot be read: {error}"))
                    .help("credcheck checks what the bot may work on, so it must read this list as the bot does"),
            ));
        }
    };
    let username = family.usernames.iter().find_map(|name| Some((*name, environment.get(name)?)));
    let basic = family.basic_on.map(|kind| kind == place.kind);
    let mut origins = vec![("secret", Origin::Variable(variable.to_owned())), ("url", origin)];
    origins.extend(username.map(|(name, _)| ("username", Origin::Variable(name.to_owned()))));
    let (issuer, installation) = match &family.app {
        None => (None, None),
        Some(app) => match read_app(app, environment) {
            Ok((issuer, installation)) => (Some(issuer), installation),
            Err(variable) => {
                return Some(Found::Broken(
                    Diagnostic::new(Code::BadSettings, format!("`{variable}` is not set to a number"))
                        .help("the App's key works only together with the App's id"),
                ));
            }
        },
    };
    let app_key = vocabulary::host(place.kind).key_kind().map(|kind| kind.word).filter(|_| issuer.is_some());
    Some(Found::Usable(Box::new(Candidate {
        name: family.name.to_owned(),
        place,
        username: username.map(|(_, name)| super::obtain::plain_username(name)),
        source,
        scope: included,
        excluded,
        kind: match (&family.kind, app_key) {
            (_, Some(key)) => KindHint::Is(key),
            (Some(own), None) => KindHint::IfPrefixed(own.prefix, own.kind),
            (None, None) => KindHint::Unknown,
        },
        basic,
        issuer,
        app: AppUse { installation, ..AppUse::default() },
        origins,
        ambient: family.ambient,
    })))
}

/// The first token variable that is set, and where the token then is.
fn token(family: &Family, environment: &Environment) -> Option<(&'static str, SecretSource)> {
    family.tokens.iter().find_map(|token| match token {
        Text(name) => environment.get(name).map(|_| (*name, SecretSource::Variable((*name).to_owned()))),
        File(name) => environment
            .get(name)
            .map(|path| (*name, SecretSource::File { path: path.into(), written: path.to_owned() })),
        Unless(_, (variable, value)) if environment.get(variable) == Some(value) => None,
        Unless(name, _) => environment.get(name).map(|_| (*name, SecretSource::Variable((*name).to_owned()))),
    })
}

/// Where a family's token goes, and who says so.
struct Located {
    place: Place,
    origin: Origin,
}

/// Why a family's token goes nowhere.
enum Lost {
    /// Nothing says where.
    Nowhere { host: String, reason: String },
    /// This variable's address is refused.
    Address(HostKind, &'static str, AddressError),
}

fn locate(address: &Address, environment: &Environment) -> Result<Located, Lost> {
    let said_by =
        |variable: &'static str, place: Place| Located { place, origin: Origin::Variable(variable.to_owned()) };
    let by_default = |kind: HostKind| {
        let nowhere =
            || Lost::Nowhere { host: kind.word().to_owned(), reason: "nothing says which host it is for".into() };
        address::public(kind).map(|place| Located { place, origin: Origin::Default }).ok_or_else(nowhere)
    };
    let host_or_url = |kind: HostKind, variable: &'static str, value: &str| {
        let whole = value.contains("://");
        let place = if whole { address::place(kind, value, None, false) } else { address::place_at(kind, value) };
        place.map(|place| said_by(variable, place)).map_err(|error| Lost::Address(kind, variable, error))
    };
    match *address {
        Address::Host(kind, variable) => match environment.get(variable) {
            None => by_default(kind),
            Some(value) => address::place_at(kind, value)
                .map(|place| said_by(variable, place))
                .map_err(|error| Lost::Address(kind, variable, error)),
        },
        Address::HostOrUrl(kind, variable) => match environment.get(variable) {
            None => by_default(kind),
            Some(value) => host_or_url(kind, variable, value),
        },
        Address::NamedHostOrUrl(kind, variables) => {
            match variables.iter().find_map(|name| Some((*name, environment.get(name)?))) {
                Some((variable, value)) => host_or_url(kind, variable, value),
                None => Err(Lost::Nowhere {
                    host: kind.word().to_owned(),
                    reason: format!(
                        "nothing says which host it is for; set {}, or declare it in the settings",
                        english::quoted_list(variables.iter().take(1), "or")
                    ),
                }),
            }
        }
        Address::Service(kind, variable) => {
            let named = environment.get(variable).and_then(|value| address::bare_authority(value).ok());
            match named.and_then(|authority| address::place_of_customer(kind, &authority)) {
                Some(place) => {
                    place.map(|place| said_by(variable, place)).map_err(|error| Lost::Address(kind, variable, error))
                }
                None => by_default(kind),
            }
        }
        Address::OwnServer(kind, variable, tool) => {
            own_server(kind, variable, tool, environment).map(|place| said_by(variable, place))
        }
        Address::Api(kind, api, web) => {
            let Some(value) = environment.get(api) else {
                return Err(Lost::Nowhere {
                    host: kind.word().to_owned(),
                    reason: format!("`{api}` is not set, so nothing says which host it is for"),
                });
            };
            let place = match environment.get(web) {
                None => address::place_of_api(kind, value).map_err(|error| Lost::Address(kind, api, error))?,
                Some(url) => {
                    let base = address::api(value, false).map_err(|error| Lost::Address(kind, api, error))?;
                    address::place(kind, url, Some(&base), false).map_err(|error| Lost::Address(kind, web, error))?
                }
            };
            Ok(said_by(api, place))
        }
        Address::ServiceOrServer(service, server, variable) => match environment.get(variable) {
            None => by_default(service),
            Some(value) => match address::place_of_api(service, value) {
                Ok(_) => by_default(service),
                Err(_) => address::place(server, value, None, false)
                    .map(|place| said_by(variable, place))
                    .map_err(|error| Lost::Address(server, variable, error)),
            },
        },
        Address::Platform(platform, endpoint, words) => {
            let named = environment.get(platform);
            let kind = words.iter().find(|(word, _)| named.is_none_or(|named| named == *word)).map(|(_, kind)| *kind);
            let Some(kind) = kind else {
                return Err(Lost::Nowhere {
                    host: named.filter(|word| plain::key(word)).unwrap_or_default().to_owned(),
                    reason: format!("credcheck does not know the host kind that `{platform}` names"),
                });
            };
            match environment.get(endpoint) {
                None => by_default(kind),
                Some(value) => address::place_of_api(kind, value)
                    .map(|place| said_by(endpoint, place))
                    .map_err(|error| Lost::Address(kind, endpoint, error)),
            }
        }
    }
}

/// The server that a tool's variable names: never the vendor's own service, whose tokens are another family's.
fn own_server(kind: HostKind, variable: &'static str, tool: &str, environment: &Environment) -> Result<Place, Lost> {
    let nowhere = |reason: String| Lost::Nowhere { host: kind.word().to_owned(), reason };
    let Some(value) = environment.get(variable) else {
        let reason = format!("nothing says which host it is for; set `{variable}`, or declare it in the settings");
        return Err(nowhere(reason));
    };
    let authority = address::bare_authority(value).map_err(|error| Lost::Address(kind, variable, error))?;
    if address::is_of_service(kind, &authority) {
        let reason = format!("`{variable}` is not an enterprise server; {tool} would not send this token there");
        return Err(nowhere(reason));
    }
    address::place_at(kind, &authority).map_err(|error| Lost::Address(kind, variable, error))
}

/// What is in scope, and what is not.
#[derive(Default)]
struct Scope {
    included: Vec<ScopeEntry>,
    excluded: Vec<ScopeEntry>,
}

fn read_scope(
    family: &Family,
    environment: &Environment,
    place: &Place,
) -> Result<Scope, (&'static str, scope::PatternError)> {
    let names = &vocabulary::host(place.kind).names;
    let of = |origin: &Origin, names: Vec<String>| {
        names.iter().map(|text| ScopeEntry::new(place.kind, text, origin.clone())).collect::<Vec<_>>()
    };
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
        ScopeVariable::Repository(variable) | ScopeVariable::Repositories(variable) => {
            let listed: Vec<String> = environment
                .get(variable)
                .unwrap_or("")
                .split(',')
                .map(|name| name.trim().to_owned())
                .filter(|name| !name.is_empty())
                .collect();
            listed.iter().try_for_each(|name| scope::check(name, names)).map_err(|error| (variable, error))?;
            let origin = Origin::Variable(variable.to_owned());
            Ok(Scope { included: of(&origin, listed), excluded: Vec::new() })
        }
    }
}

/// The App's id and that of its installation, or the variable that holds no number.
fn read_app(variables: &AppVariables, environment: &Environment) -> Result<(String, Option<u64>), &'static str> {
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
