//! A bot's rules for other hosts: a list in one variable, with the token for each host that the bot reads from.
//!
//! The list is read as the bot reads it: what says no kind of host that credcheck asks is for a registry of packages and
//! passed over, and so is a list that is none.

use serde_json::{Map, Value};

use super::address::{self, AddressError, Place};
use super::candidate::{Candidate, Found, KindHint, SecretSource};
use super::discover::{password_kind, source};
use super::families::{Family, Rules};
use super::variables::Variables;
use super::{Environment, json5, obtain};
use crate::facts::{AppUse, NotChecked};
use crate::vocabulary::{self, HostKind};

/// The credentials in the rules of a family.
pub(super) fn read(family: &Family, environment: &Environment) -> Vec<Found> {
    let Some(rules) = family.rules else { return Vec::new() };
    // Where the object cannot be read, the family has said so.
    let Ok(variables) = Variables::of(family, environment) else { return Vec::new() };
    let Some(text) = variables.get(rules.variable) else { return Vec::new() };
    let Some(Value::Array(list)) = json5::parse(text) else {
        let reason = format!(
            "`{}` is no list of objects in JSON, so {} passes it over",
            variables.written(rules.variable),
            family.title
        );
        return vec![Found::Unusable(NotChecked { host: "unknown".into(), credential: None, reason })];
    };
    let one = |(position, value): (usize, &Value)| {
        Rule { rules, object: value.as_object()?, position }.found(family, &variables)
    };
    list.iter().enumerate().filter_map(one).collect()
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

    /// The credential; `None` where the rule has no secret or is for no Git host.
    fn found(&self, family: &Family, variables: &Variables<'_>) -> Option<Found> {
        let rules = self.rules;
        let token = self.text(rules.token);
        let (key, text) = match token {
            Some(text) => (rules.token, text),
            None => (rules.password.0, self.text(rules.password.0)?),
        };
        let kind = match rules.types.iter().find_map(|key| self.text(key)) {
            Some(word) => kind_of(rules, word)?,
            None => vocabulary::token_shapes().of(text).and_then(vocabulary::host_of_shape)?.kind,
        };
        let name = format!("{}-{}", rules.name, self.position + 1);
        let lost = |reason: String| {
            let host = kind.word().to_owned();
            Some(Found::Unusable(NotChecked { host, credential: Some(name.clone()), reason }))
        };
        let place = match rules.hosts.iter().find_map(|key| Some((key, self.text(key)?))) {
            None => return lost("its rule names no host, so nothing says which one it is for".to_owned()),
            Some((key, written)) if written.starts_with('.') => {
                return lost(format!("`{key}` of its rule means every host below a name, and no host"));
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
            name,
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
