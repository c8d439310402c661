//! What sources of secrets say alike of what they do not give.

use super::candidate::{Candidate, KindHint};
use crate::facts::Withheld;
use crate::vocabulary;

/// Whether a candidate is somebody's password: a failed try may lock the account, so only who names one checks it.
pub(super) fn is_password(candidate: &Candidate) -> bool {
    let passwords = vocabulary::host(candidate.place.kind).declaring.passwords;
    matches!(candidate.kind, KindHint::Is(kind) if passwords.contains(&kind))
}

/// Whether a candidate is a password of which nothing says whose it is.
pub(super) fn nobodys_password(candidate: &Candidate) -> bool {
    is_password(candidate) && candidate.username.as_deref().is_none_or(str::is_empty)
}

/// That a secret is missing, and what to do.
pub(super) fn missing(reason: String, help: &str) -> Withheld {
    Withheld::Missing { reason, help: help.to_owned() }
}

/// What a key of the settings names, without its name where that may be the secret itself.
pub(super) fn named(what: &str, name: &str, harmless: bool, key: &str) -> String {
    if harmless { format!("{what} `{name}`") } else { format!("{what} that `{key}` names") }
}
