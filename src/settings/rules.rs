//! A bot's rules for other hosts: a list in one variable, with the token for each host that the bot reads from.
//!
//! The list is read as the bot reads it: what says a kind of host that credcheck does not ask is for a registry of packages
//! and passed over. Of a list that is none, nobody knows which token would go where.

use serde_json::{Map, Value};

use super::address::{self, AddressError, Place};
use super::candidate::{Candidate, Found, KindHint, SecretSource};
use super::discover::{password_kind, source};
use super::families::{Family, Rules};
use super::variables::Variables;
use super::{Environment, json5, obtain};
use crate::diagnostic::{Code, Diagnostic};
use crate::facts::{AppUse, NotChecked};
use crate::text::english;
use crate::vocabulary::{self, HostKind};

/// The credentials in the rules of a family.
pub(super) fn read(family: &Family, environment: &Environment) -> Vec<Found> {
    let Some(rules) = family.rules else { return Vec::new() };
    // Where the object cannot be read, the family has said so.
    let Ok(variables) = Variables::of(family, environment) else { return Vec::new() };
    let Some(text) = variables.get(rules.variable) else { return Vec::new() };
    let Some(Value::Array(list)) = json5::parse(text) else {
        let written = variables.written(rules.variable);
        let message = format!("`{written}`, which may hold more tokens of {}, is no list in JSON", family.title);
        let help = "credcheck reads it as the bot does, and sends nothing while it cannot";
        return vec![Found::Broken(Diagnostic::new(Code::BadSettings, message).help(help))];
    };
    let one = |(position, value): (usize, &Value)| match value.as_object() {
        Some(object) => Rule { rules, object, position }.found(family, &variables),
        None => Some(unusable(rules, position, UNKNOWN, "its rule is no object".to_owned())),
    };
    list.iter().enumerate().filter_map(one).collect()
}

/// Stands for the kind of host where nothing says it.
const UNKNOWN: &str = "unknown";

/// The name of the credential in a rule.
fn name_of(rules: &Rules, position: usize) -> String {
    format!("{}-{}", rules.name, position + 1)
}

/// That the credential of a rule is not checked, and why.
fn unusable(rules: &Rules, position: usize, host: &str, reason: String) -> Found {
    Found::Unusable(NotChecked { host: host.to_owned(), credential: Some(name_of(rules, position)), reason })
}

/// One rule.
struct Rule<'a> {
    rules: &'static Rules,
    object: &'a Map<String, Value>,
    position: usize,
}

impl<'a> Rule<'a> {
    fn text(&self, key: &str) -> Option<&'a str> {
        self.object.get(key)?.as_str().map(str::trim).filter(|text| !text.is_empty())
    }

    /// The credential; `None` where the rule has no secret or says that it is for no Git host.
    fn found(&self, family: &Family, variables: &Variables<'_>) -> Option<Found> {
        let rules = self.rules;
        let token = self.text(rules.token);
        let (key, text) = match token {
            Some(text) => (rules.token, text),
            None => (rules.password.0, self.text(rules.password.0)?),
        };
        let kind = match rules.types.iter().find_map(|key| self.text(key)) {
            Some(word) => kind_of(rules, word)?,
            None => match vocabulary::token_shapes().of(text).and_then(vocabulary::host_of_shape) {
                Some(host) => host.kind,
                None => {
                    let keys = english::quoted_list(rules.types, "or");
                    let reason = format!("its rule has no {keys}, so nothing says which kind of host it is for");
                    return Some(unusable(rules, self.position, UNKNOWN, reason));
                }
            },
        };
        let lost = |reason: String| Some(unusable(rules, self.position, kind.word(), reason));
        let place = match rules.hosts.iter().find_map(|key| Some((key, self.text(key)?))) {
            None => return lost("its rule names no host, so nothing says which one it is for".to_owned()),
            Some((key, written)) if written.starts_with('.') => {
                return lost(format!("`{key}` of its rule means every host below a name, and no host"));
            }
            Some((key, written)) if written.contains(['*', '?', '{']) || written.starts_with('/') => {
                return lost(format!("`{key}` of its rule is a pattern for many hosts, and no host"));
            }
            Some((key, written)) => match place(kind, written) {
                Ok(place) => place,
                Err(error) => return lost(format!("`{key}` of its rule {error}")),
            },
        };
        let username = self.text(rules.username);
        let password = match token {
            Some(_) => None,
            None => match password_kind(rules.password.1, text, kind) {
                Err(()) => return lost("no such host takes a password, and its rule has one".to_owned()),
                Ok(_) if username.is_none() => return lost("nothing says whose password it is".to_owned()),
                Ok(kind) => Some(kind),
            },
        };
        let list = Box::new(source(family, variables, rules.variable));
        let origin = variables.origin(rules.variable);
        let mut origins = vec![("secret", origin.clone()), ("url", origin.clone())];
        origins.extend(username.map(|_| ("username", origin)));
        Some(Found::Usable(Box::new(Candidate {
            name: name_of(rules, self.position),
            place,
            username: username.map(obtain::plain_username),
            source: SecretSource::Item { list, position: self.position, key },
            before: None,
            scope: Vec::new(),
            excluded: Vec::new(),
            kind: password.flatten().map_or(KindHint::Unknown, KindHint::Is),
            basic: password.map(|_| true),
            issuer: None,
            app: AppUse::default(),
            origins,
            ambient: false,
            aside: Some(rules.aside),
        })))
    }
}

/// The kind of host that a word names: alone, or with `-` and what is read there.
fn kind_of(rules: &Rules, word: &str) -> Option<HostKind> {
    let begins = |known: &str| word.strip_prefix(known).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'));
    let of = rules.words.iter().filter(|(known, _)| begins(known));
    of.max_by_key(|(known, _)| known.len()).map(|(_, kind)| *kind)
}

/// Where a rule's token goes: a host, or the address of its pages or API.
fn place(kind: HostKind, written: &str) -> Result<Place, AddressError> {
    if written.contains("://") {
        return address::place_of_api(kind, written).or_else(|_| address::place(kind, written, None, false));
    }
    let api = address::place_of_api(kind, &format!("https://{written}"));
    api.or_else(|_| address::place_at(kind, written))
}
