//! The variables of a family: the environment's, and what an object in one of them says beside.

use std::borrow::Cow;

use serde_json::Value;

use super::families::Family;
use super::{Environment, json5};
use crate::facts::Origin;

/// What a family reads.
#[derive(Debug)]
pub(super) struct Variables<'a> {
    environment: &'a Environment,
    /// How the bot's variables begin usually, and how they may begin here.
    renamed: Option<(&'static str, &'a str)>,
    /// The variable that holds the object, and what it says, under the names of variables.
    within: Option<(String, Environment)>,
}

/// A variable's object cannot be read, so nobody knows what it says of host and repositories.
#[derive(Debug)]
pub(super) struct Unreadable(pub(super) String);

impl<'a> Variables<'a> {
    /// What a family reads of this environment.
    pub(super) fn of(family: &Family, environment: &'a Environment) -> Result<Self, Unreadable> {
        let plain = Self::plain(family, environment);
        let Some(beside) = &family.beside else { return Ok(plain) };
        let Some(text) = plain.get(beside.object) else { return Ok(plain) };
        let object_name = plain.written(beside.object).into_owned();
        let Some(Value::Object(object)) = json5::parse(text) else { return Err(Unreadable(object_name)) };
        let said = object.iter().filter_map(|(key, value)| Some((named(beside.prefix, key), text_of(value)?)));
        Ok(Self { within: Some((object_name, said.collect())), ..plain })
    }

    /// The environment's alone.
    pub(super) fn plain(family: &Family, environment: &'a Environment) -> Self {
        let renamed = family.renamed.as_ref().and_then(|renamed| Some((renamed.usual, environment.get(renamed.by)?)));
        Self { environment, renamed, within: None }
    }

    /// The variable's name in this environment.
    pub(super) fn written<'n>(&self, name: &'n str) -> Cow<'n, str> {
        let other = self.renamed.and_then(|(usual, here)| Some(format!("{here}{}", name.strip_prefix(usual)?)));
        match other.filter(|other| self.environment.get(other).is_some()) {
            Some(other) => Cow::Owned(other),
            None => Cow::Borrowed(name),
        }
    }

    /// What the environment itself says.
    fn own(&self, name: &str) -> Option<&'a str> {
        self.environment.get(&self.written(name))
    }

    /// A variable's value. One of its own wins over the object.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.own(name).or_else(|| self.within.as_ref()?.1.get(name))
    }

    /// How it is said that a variable has no value: `X` is not set, or set to nothing.
    pub(super) fn unset(&self, name: &str) -> String {
        let name = self.renamed.map_or_else(
            || name.to_owned(),
            |(usual, here)| match name.strip_prefix(usual) {
                Some(rest) if self.environment.is_empty(&format!("{here}{rest}")) => format!("{here}{rest}"),
                _ => name.to_owned(),
            },
        );
        format!("`{name}` is {}", if self.environment.is_empty(&name) { "set but empty" } else { "not set" })
    }

    /// The variable with the object, where a value stands in it.
    pub(super) fn inside(&self, name: &str) -> Option<&str> {
        match &self.within {
            Some((object, said)) if self.own(name).is_none() && said.get(name).is_some() => Some(object),
            _ => None,
        }
    }

    /// Where a value stands.
    pub(super) fn origin(&self, name: &str) -> Origin {
        Origin::Variable(self.inside(name).map_or_else(|| self.written(name).into_owned(), str::to_owned))
    }
}

/// The value that a text's object has for a variable of a family.
pub(super) fn of_object(text: &str, prefix: &str, name: &str) -> Option<String> {
    let Some(Value::Object(object)) = json5::parse(text) else { return None };
    object.iter().find(|(key, _)| named(prefix, key) == name).and_then(|(_, value)| text_of(value))
}

/// The variable that says the same as a key: `autodiscoverFilter` is `RENOVATE_AUTODISCOVER_FILTER`.
fn named(prefix: &str, key: &str) -> String {
    let mut name = prefix.to_owned();
    for character in key.chars() {
        if character.is_ascii_uppercase() {
            name.push('_');
        }
        name.push(character.to_ascii_uppercase());
    }
    name
}

/// A value as a variable would hold it.
fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => Some(value.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_a_variable_without_its_prefix() {
        assert_eq!(named("RENOVATE_", "autodiscoverFilter"), "RENOVATE_AUTODISCOVER_FILTER");
        assert_eq!(named("RENOVATE_", "token"), "RENOVATE_TOKEN");
    }
}
