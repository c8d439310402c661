//! Values for inputs: from `--set` and from settings, read by the input's type.

use std::collections::BTreeSet;

use super::checked::{CheckedPolicy, Input, InputType, Inputs};
use super::syntax::{parse_duration, parse_time};
use crate::diagnostic::{Code, Diagnostic};
use crate::facts::{GivenInput, InputText, Origin, Value, Version};
use crate::text::english;
use crate::text::nearest::nearest;

/// Reads a value given as text; lists of strings by commas.
///
/// # Errors
/// What such a value looks like, for the message.
pub fn parse_input(ty: InputType, text: &str) -> Result<Value, &'static str> {
    let text = text.trim();
    match ty {
        InputType::Bool => match text {
            "true" => Ok(Value::Bool(true)),
            "false" => Ok(Value::Bool(false)),
            _ => Err("`true` or `false`"),
        },
        InputType::Integer => text.parse().map(Value::Integer).map_err(|_| "a whole number"),
        InputType::String => Ok(Value::String(text.to_owned())),
        InputType::Strings => {
            let items: BTreeSet<String> =
                text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect();
            Ok(Value::Strings(items))
        }
        InputType::Version => Version::parse(text).map(Value::Version).ok_or("a version such as `3.19.2`"),
        InputType::Time => {
            parse_time(text).map(Value::Time).ok_or("a time such as `2026-12-31` or `2026-12-31T12:00:00Z`")
        }
        InputType::Duration => parse_duration(text)
            .map(Value::Duration)
            .ok_or("a duration such as `7d`: one number and one of `s m h d w`"),
    }
}

/// Reads a value by the input's type.
fn read(ty: InputType, value: &InputText) -> Result<Value, &'static str> {
    match (ty, value) {
        (InputType::Strings, InputText::List(items)) => {
            let items = items.iter().map(|item| item.trim()).filter(|item| !item.is_empty());
            Ok(Value::Strings(items.map(str::to_owned).collect()))
        }
        (_, value) => parse_input(ty, &shown(value)),
    }
}

/// A value as messages show it.
fn shown(value: &InputText) -> String {
    match value {
        InputText::One(text) => text.clone(),
        InputText::List(items) => items.join(","),
    }
}

/// The values of a policy's inputs: those given, else the defaults. Of two given for one input the later wins.
///
/// # Errors
/// Everything that is wrong with them: names that no policy declares, texts that are no value of the input's type, scopes
/// that the host does not have, required inputs that nobody gave.
pub fn bind_inputs(policy: &CheckedPolicy, given: &[GivenInput]) -> Result<Inputs, Vec<Diagnostic>> {
    let mut problems = Vec::new();
    let mut last: Vec<Option<&GivenInput>> = vec![None; policy.inputs.len()];
    for one in given {
        let at = policy.inputs.iter().position(|input| input.name == one.name);
        match at.and_then(|at| last.get_mut(at)) {
            Some(slot) => *slot = Some(one),
            None => problems.push(unknown_input(policy, &one.name, &one.origin)),
        }
    }
    let mut values = Vec::new();
    for (input, given) in policy.inputs.iter().zip(last) {
        let value = match given {
            None => input.default.clone(),
            Some(GivenInput { value, origin, .. }) => match read(input.ty, value) {
                Ok(value) => Some(value),
                Err(wanted) => {
                    // A file's values are not repeated: a secret may stand in the wrong place.
                    let text = match origin {
                        Origin::File { .. } => "what the settings give".to_owned(),
                        _ => format!("`{}`", shown(value)),
                    };
                    let message = format!("{text} is not a value of the input `{}`", input.name);
                    problems.push(
                        Diagnostic::new(Code::InputValue, message)
                            .label(input.span, format!("declared here as `{}`", input.ty.word()))
                            .help(format!("it takes {wanted}"))
                            .note(format!("given by {origin}")),
                    );
                    continue;
                }
            },
        };
        match &value {
            None => problems.push(
                Diagnostic::new(Code::InputMissing, format!("the input `{}` has no value", input.name))
                    .label(input.span, "declared here without a default")
                    .help(format!("give one: `--set {}={}`", input.name, example(input.ty))),
            ),
            Some(value) => problems.extend(unknown_names(input, value, given.map(|one| &one.origin))),
        }
        values.push(value);
    }
    if problems.is_empty() { Ok(Inputs(values)) } else { Err(problems) }
}

fn unknown_input(policy: &CheckedPolicy, name: &str, origin: &Origin) -> Diagnostic {
    let names = policy.inputs.iter().map(|input| input.name.as_str());
    let problem = Diagnostic::new(Code::UnknownInput, format!("no policy declares the input `{name}`"))
        .note(format!("given by {origin}"));
    match nearest(name, names.clone()) {
        Some(near) => problem.help(format!("did you mean `{near}`?")),
        None if policy.inputs.is_empty() => problem.help("the policy declares no inputs"),
        None => problem.help(format!("it declares {}", english::quoted_list(names, "and"))),
    }
}

/// Items of a `strings` input that stands as a set of names and that its tables do not have.
fn unknown_names(input: &Input, value: &Value, origin: Option<&Origin>) -> Vec<Diagnostic> {
    let Value::Strings(items) = value else { return Vec::new() };
    let mut problems = Vec::new();
    for item in items {
        // Hosts differ in their scopes: an item that one of the tables has is a name.
        let known = input.tables.is_empty() || input.tables.iter().any(|table| table.position(item).is_some());
        if known {
            continue;
        }
        let singular = input.tables.first().map_or("name", |table| table.singular);
        let names = input.tables.iter().flat_map(|table| table.names.iter().map(|row| row.name));
        let alias = input.tables.iter().flat_map(|table| table.aliases).find(|alias| alias.spelling == item);
        let near = nearest(item, names);
        let of_file = matches!(origin, Some(Origin::File { .. }));
        let held = if of_file && alias.is_none() && near.is_none() { "a name".to_owned() } else { format!("`{item}`") };
        let message = format!(
            "the input `{}` holds {held}, which is not a {singular} that any host of its rules has",
            input.name
        );
        let mut problem = Diagnostic::new(Code::UnknownScope, message).label(input.span, "declared here");
        problem = match (alias, near) {
            (Some(alias), _) => {
                problem.help(format!("write `{}` (the spelling `{item}`: {})", alias.name, alias.seen_in))
            }
            (None, Some(near)) => problem.help(format!("did you mean `{near}`?")),
            (None, None) => problem.help(format!("`credcheck vocab` lists the {}", plural(input))),
        };
        problems.push(match origin {
            Some(origin) => problem.note(format!("given by {origin}")),
            None => problem,
        });
    }
    problems
}

fn plural(input: &Input) -> &'static str {
    input.tables.first().map_or("names", |table| table.plural)
}

/// A value to show in advice.
const fn example(ty: InputType) -> &'static str {
    match ty {
        InputType::Bool => "true",
        InputType::Integer => "3",
        InputType::String => "TEXT",
        InputType::Strings => "ONE,TWO",
        InputType::Version => "3.19.2",
        InputType::Time => "2026-12-31",
        InputType::Duration => "7d",
    }
}
