//! Values for inputs: from `--set` and from settings, read by the input's type.

use std::collections::BTreeSet;

use super::checked::InputType;
use super::syntax::{parse_duration, parse_time};
use crate::facts::{Value, Version};

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
