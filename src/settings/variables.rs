//! The variables of a family: the environment's, and what an object in one of them says beside.

use serde_json::Value;

use super::families::Family;
use super::{Environment, json5};
use crate::facts::Origin;

/// What a family reads.
#[derive(Debug)]
pub(super) struct Variables<'a> {
    environment: &'a Environment,
    /// The variable that holds the object, and what it says, under the names of variables.
    within: Option<(&'static str, Environment)>,
}

/// A variable's object cannot be read, so nobody knows what it says of host and repositories.
#[derive(Debug)]
pub(super) struct Unreadable(pub(super) &'static str);

impl<'a> Variables<'a> {
    /// What a family reads of this environment.
    pub(super) fn of(family: &Family, environment: &'a Environment) -> Result<Self, Unreadable> {
        let Some(beside) = &family.beside else { return Ok(Self::plain(environment)) };
        let Some(text) = environment.get(beside.object) else { return Ok(Self::plain(environment)) };
        let Some(Value::Object(object)) = json5::parse(text) else { return Err(Unreadable(beside.object)) };
        let said = object.iter().filter_map(|(key, value)| Some((named(beside.prefix, key), text_of(value)?)));
        Ok(Self { environment, within: Some((beside.object, said.collect())) })
    }

    /// The environment's alone.
    pub(super) const fn plain(environment: &'a Environment) -> Self {
        Self { environment, within: None }
    }

    /// A variable's value. One of its own wins over the object.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.environment.get(name).or_else(|| self.within.as_ref()?.1.get(name))
    }

    /// The variable with the object, where a value stands in it.
    pub(super) fn inside(&self, name: &str) -> Option<&'static str> {
        match &self.within {
            Some((object, said)) if self.environment.get(name).is_none() && said.get(name).is_some() => Some(object),
            _ => None,
        }
    }

    /// Where a value stands.
    pub(super) fn origin(&self, name: &str) -> Origin {
        Origin::Variable(self.inside(name).unwrap_or(name).to_owned())
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
