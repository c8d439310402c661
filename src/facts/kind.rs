//! The kind of a credential, as far as it is known.

use super::credential::Credential;
use super::knowledge::Knowledge;
use super::set::FactSet;
use super::value::Value;
use crate::vocabulary::{self, CredentialKind};

/// The kind that an answer told, or that the text or the settings leave alone; `None` while several are possible.
pub fn kind_of(credential: &Credential, facts: &FactSet) -> Option<&'static CredentialKind> {
    let host = vocabulary::host(credential.host);
    let known = host.fact("token.kind").and_then(|index| facts.credential.get(index)).map(|fact| &fact.knowledge);
    match known {
        Some(Knowledge::Known(Value::Word(word))) => host.credential_kind(word),
        _ => match credential.kinds.as_slice() {
            [only] => Some(only),
            _ => None,
        },
    }
}
