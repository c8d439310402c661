//! The kind of a credential, as far as it is known.

use super::credential::Credential;
use super::knowledge::{Bounds, Knowledge, Unknown};
use super::set::{FactSet, SubjectRef};
use super::value::Value;
use crate::vocabulary::{self, CredentialKind, Fact, FactIndex, Origin, Told};

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

/// Says of every fact that one of the possible kinds cannot have that it is not known yet, while the kind is open: what an
/// answer tells of it may mean nothing for this credential.
pub(super) fn hold_open(facts: &mut FactSet) {
    let host = vocabulary::host(facts.host);
    let Some((at, fact)) = host.fact("token.kind").and_then(|at| Some((at, facts.credential.get(at)?))) else { return };
    let possible: Vec<&CredentialKind> = match &fact.knowledge {
        Knowledge::Bounded(Bounds::Candidates(words), _) => {
            words.iter().filter_map(|word| host.credential_kind(word)).collect()
        }
        // Answers leave it open; where nobody asked, as in a policy's tests, nothing speaks against what is given.
        Knowledge::Unknown(_) if fact.evidence.iter().any(|evidence| evidence.request.is_some()) => {
            host.kinds.iter().filter(|kind| kind.first_request.is_some()).collect()
        }
        _ => return,
    };
    let (Knowledge::Bounded(_, why) | Knowledge::Unknown(why)) = &fact.knowledge else { return };
    let (why, evidence) = (why.clone(), fact.evidence.clone());
    let subjects = std::iter::once(SubjectRef::Credential)
        .chain((0..facts.repositories.len()).map(SubjectRef::Repository))
        .chain((0..facts.organizations.len()).map(SubjectRef::Organization));
    for subject in subjects.collect::<Vec<_>>() {
        let Some(own) = facts.subject_mut(subject) else { continue };
        let known = own.iter().filter(|(_, fact)| fact.knowledge.cause().is_none()).map(|(index, _)| index);
        let held: Vec<(FactIndex, &CredentialKind)> = known
            .filter(|index| *index != at)
            .filter_map(|index| Some((index, *possible.iter().find(|kind| cannot_have(host.row(index), kind))?)))
            .collect();
        for (index, kind) in held {
            let reason = format!("the credential may be a {}, which has no such thing: {}", kind.title, why.reason);
            own.hold(index, Unknown::new(why.cause, reason), &evidence);
        }
    }
}

/// Whether the tables say that a kind has no such thing.
fn cannot_have(row: &Fact, kind: &CredentialKind) -> bool {
    let Origin::Asked(reveals) = &row.origin else { return false };
    let own = reveals.iter().find(|reveal| match reveal.kinds {
        [] => kind.first_request.is_some(),
        kinds => kinds.contains(&kind.word),
    });
    own.is_some_and(|reveal| matches!(reveal.by, Told::Inapplicable(_)))
}
