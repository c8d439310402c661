//! The kind of a credential, as far as it is known.

use super::credential::Credential;
use super::knowledge::Knowledge;
use super::set::FactSet;
use super::value::Value;
use crate::vocabulary::{self, CredentialKind};

/// The kind that the facts tell; `None` where they do not, or tell several that it may be.
pub fn known_kind(facts: &FactSet) -> Option<&'static CredentialKind> {
    let host = vocabulary::host(facts.host);
    match facts.credential.get(host.fact("token.kind")?)?.knowledge {
        Knowledge::Known(Value::Word(word)) => host.credential_kind(word),
        _ => None,
    }
}

/// The kind, where it is known: from the facts, or because the credential can be of one kind only.
pub fn kind_of(credential: &Credential, facts: &FactSet) -> Option<&'static CredentialKind> {
    known_kind(facts).or(match credential.kinds.as_slice() {
        [only] => Some(*only),
        _ => None,
    })
}
