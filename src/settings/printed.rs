//! What of a command's output is the secret: all of it, its first line, or a field of JSON.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use zeroize::Zeroizing;

use super::plain;
use crate::text::strict_json::{Name, Names, Sound, TWICE};

/// What of an output is the secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Whole,
    FirstLine,
    /// The string at a place in JSON.
    Json(Pointer),
}

/// A place in JSON, as RFC 6901 writes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pointer {
    written: String,
    steps: Vec<String>,
}

impl Pointer {
    /// The place that a text names; the whole is no place for a secret beside others.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let step = |step: &str| {
            let escapes = step.split('~').skip(1).all(|rest| rest.starts_with(['0', '1']));
            escapes.then(|| step.replace("~1", "/").replace("~0", "~"))
        };
        let steps = text.strip_prefix('/')?.split('/').map(step).collect::<Option<_>>()?;
        Some(Self { written: text.to_owned(), steps })
    }

    /// It, where it can hold no secret.
    fn shown(&self) -> String {
        if plain::path(&self.written) {
            format!("`{}`", self.written)
        } else {
            "the field that `json` names".to_owned()
        }
    }
}

/// Why an output holds no secret: in words that go after what printed it, and what to do.
pub(super) struct NoSecret {
    pub(super) reason: String,
    pub(super) help: &'static str,
}

fn none(reason: impl Into<String>, help: &'static str) -> NoSecret {
    NoSecret { reason: reason.into(), help }
}

/// The secret's text in an output.
pub(super) fn secret(output: &[u8], part: &Part, is_key: bool) -> Result<Zeroizing<String>, NoSecret> {
    if output.iter().all(u8::is_ascii_whitespace) {
        return Err(none("printed nothing", "it gets no input, so it cannot ask: name one that prints the secret"));
    }
    if let Part::Json(pointer) = part {
        return field(output, pointer);
    }
    let text = std::str::from_utf8(output).map_err(|_| {
        none("printed what is not UTF-8", "name a command that prints the secret as plain text, and nothing else")
    })?;
    let text = text.trim_start_matches('\u{FEFF}');
    let looks_like_key = text.trim_start().starts_with("-----BEGIN");
    match part {
        Part::FirstLine => match text.lines().next().map(str::trim) {
            Some(first) if !first.is_empty() => Ok(Zeroizing::new(first.to_owned())),
            _ => Err(none("printed a first line that is empty", "name a command whose first line is the secret")),
        },
        _ if !is_key && !looks_like_key && text.trim().lines().nth(1).is_some() => Err(none(
            "printed more than one line",
            "where the first is the secret, say `first_line = true`; a field of JSON is named by `json = \"/path\"`",
        )),
        _ => Ok(Zeroizing::new(text.to_owned())),
    }
}

/// The string at a place in JSON. Nothing else of it is kept.
fn field(output: &[u8], pointer: &Pointer) -> Result<Zeroizing<String>, NoSecret> {
    const TEXT: &str = "name the field that holds the secret, as a string";
    let mut reader = serde_json::Deserializer::from_slice(output);
    let found = Step(&pointer.steps).deserialize(&mut reader).and_then(|found| reader.end().map(|()| found));
    let place = pointer.shown();
    match found {
        Ok(Found::Text(text)) if text.trim().is_empty() => {
            Err(none(format!("printed JSON where {place} is empty"), TEXT))
        }
        Ok(Found::Text(text)) => Ok(text),
        Ok(Found::Other(what)) => Err(none(format!("printed JSON where {place} is {what}, and no string"), TEXT)),
        Ok(Found::Nothing) => Err(none(
            format!("printed JSON that has no {}", place.trim_start_matches("the ")),
            "`json` is a JSON pointer: `/data/token` is the member `token` of the member `data`",
        )),
        // What a parser says may quote what it read.
        Err(error) if error.is_data() => {
            Err(none(format!("printed JSON in which {TWICE}"), "name a command whose answer is clear"))
        }
        Err(_) => Err(none("printed no JSON", "take `json` away, or have the command print JSON and nothing else")),
    }
}

/// What stands at a place.
enum Found {
    Nothing,
    Text(Zeroizing<String>),
    Other(&'static str),
}

/// The steps that are left to a place.
#[derive(Clone, Copy)]
struct Step<'a>(&'a [String]);

impl Step<'_> {
    fn scalar(self, what: &'static str) -> Found {
        if self.0.is_empty() { Found::Other(what) } else { Found::Nothing }
    }
}

impl<'de> DeserializeSeed<'de> for Step<'_> {
    type Value = Found;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Found, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Step<'_> {
    type Value = Found;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Found, E> {
        Ok(self.scalar("null"))
    }

    fn visit_bool<E: Error>(self, _value: bool) -> Result<Found, E> {
        Ok(self.scalar("a boolean"))
    }

    fn visit_i64<E: Error>(self, _value: i64) -> Result<Found, E> {
        Ok(self.scalar("a number"))
    }

    fn visit_u64<E: Error>(self, _value: u64) -> Result<Found, E> {
        Ok(self.scalar("a number"))
    }

    fn visit_f64<E: Error>(self, _value: f64) -> Result<Found, E> {
        Ok(self.scalar("a number"))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Found, E> {
        Ok(if self.0.is_empty() { Found::Text(Zeroizing::new(value.to_owned())) } else { Found::Nothing })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Found, A::Error> {
        let (wanted, rest) = match self.0.split_first() {
            // RFC 6901: no leading zero, and `-` is the item after the last.
            Some((step, rest)) => (step.parse::<usize>().ok().filter(|at| at.to_string() == *step), rest),
            None => (None, self.0),
        };
        let (mut found, mut at) = (Found::Nothing, 0);
        loop {
            if Some(at) == wanted {
                let Some(here) = sequence.next_element_seed(Step(rest))? else { break };
                found = here;
            } else if sequence.next_element::<Sound>()?.is_none() {
                break;
            }
            at += 1;
        }
        Ok(if self.0.is_empty() { Found::Other("a list") } else { found })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Found, A::Error> {
        let mut found = Found::Nothing;
        let mut names = Names::default();
        while let Some(Name(name)) = members.next_key()? {
            match self.0.split_first() {
                Some((step, rest)) if *step == *name => found = members.next_value_seed(Step(rest))?,
                _ => {
                    let Sound = members.next_value()?;
                }
            }
            if !names.insert(name) {
                return Err(A::Error::custom(TWICE));
            }
        }
        Ok(if self.0.is_empty() { Found::Other("an object") } else { found })
    }
}
