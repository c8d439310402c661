//! The kinds that a credential may be of: by its text, by its settings, by what answers told.

use super::source::{Source, from_table, source};
use crate::facts::{Bounds, Cause, Credential, FactSet, Knowledge, Unknown, Value, kind_of};
use crate::vocabulary::{self, CredentialKind};

/// What is known of a credential before anything is asked: its kind, where its text or its settings tell; the kinds it can
/// be, where no answer will tell either.
pub fn initial_facts(credential: &Credential) -> FactSet {
    let mut facts = FactSet::new(credential.host);
    let host = vocabulary::host(credential.host);
    let Some(index) = host.fact("token.kind") else { return facts };
    let knowledge = match credential.kinds.as_slice() {
        [only] => Knowledge::Known(Value::Word(only.word)),
        several if !several.iter().any(|kind| matches!(source(host, kind, index, credential), Source::Request(_))) => {
            let why = "the token's text can be of each of these kinds, and no answer tells which";
            let words = several.iter().map(|kind| kind.word).collect();
            Knowledge::Bounded(Bounds::Candidates(words), Unknown::new(Cause::NotRevealable, why))
        }
        _ => return facts,
    };
    facts.credential.set(index, from_table(credential, knowledge));
    facts
}

/// The kinds that the credential may be of, by its text, by how it was configured, and by what answers told.
pub(super) fn possible_kinds(credential: &Credential, facts: &FactSet) -> Vec<&'static CredentialKind> {
    let host = vocabulary::host(credential.host);
    if let Some(kind) = kind_of(credential, facts) {
        return vec![kind];
    }
    let told = host.fact("token.kind").and_then(|index| facts.credential.get(index)).map(|fact| &fact.knowledge);
    match told {
        Some(Knowledge::Bounded(Bounds::Candidates(words), _)) => {
            words.iter().filter_map(|word| host.credential_kind(word)).collect()
        }
        _ => credential.kinds.clone(),
    }
}
