//! The words of the tables for help and completions.
//!
//! They are offered and not enforced: a word that is none of them reaches its command, which answers with the nearest one,
//! in the format that was asked for.

use std::ffi::OsStr;
use std::sync::LazyLock;

use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::{Arg, Command};

use crate::language::BUILTIN;
use crate::vocabulary::{HOSTS, Host};

/// What a ready-made policy is named by, where policies are named.
pub(super) const BUILTIN_PREFIX: &str = "builtin:";

/// Takes any text, and offers these words.
#[derive(Clone)]
pub(super) struct Offered(fn() -> Vec<&'static str>);

impl TypedValueParser for Offered {
    type Value = String;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, value: &OsStr) -> Result<String, clap::Error> {
        StringValueParser::new().parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new((self.0)().into_iter().map(PossibleValue::new)))
    }
}

/// Kinds of host, and the products that have words of their own.
pub(super) fn hosts() -> Offered {
    Offered(|| {
        let of =
            |host: &&'static Host| std::iter::once(host.word).chain(host.products.iter().map(|product| product.word));
        HOSTS.iter().flat_map(of).collect()
    })
}

/// The names of the ready-made policies: `atlantis`.
pub(super) fn bots() -> Offered {
    Offered(|| BUILTIN.iter().map(|(name, _)| *name).collect())
}

/// The ready-made policies as they stand among files: `builtin:atlantis`.
pub(super) static POLICIES: LazyLock<Vec<String>> =
    LazyLock::new(|| BUILTIN.iter().map(|(name, _)| format!("{BUILTIN_PREFIX}{name}")).collect());

/// The ready-made policies, where policies are named.
pub(super) fn policies() -> Offered {
    Offered(|| POLICIES.iter().map(String::as_str).collect())
}

/// Text without the blanks around it: `a, b` by commas is two names.
pub(super) fn trimmed() -> impl TypedValueParser<Value = String> {
    StringValueParser::new().map(|text| text.trim().to_owned())
}
