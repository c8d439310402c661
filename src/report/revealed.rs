//! What a credential reveals, as it is handed to those who write it down.

use std::io::{self, Write};

use super::wording;
use crate::facts::{Credential, ExchangeSummary, Fact, FactSet, SubjectRef};

/// One credential with its facts and requests.
#[derive(Clone, Copy, Debug)]
pub struct Revealed<'a> {
    /// The credential.
    pub credential: &'a Credential,
    /// Its facts.
    pub facts: &'a FactSet,
    /// The requests made with it.
    pub exchanges: &'a [ExchangeSummary],
}

/// Writes down what credentials reveal: it is told of one after another, and of each only once.
pub trait Reveal {
    /// Takes the next credential.
    ///
    /// # Errors
    /// Those of what is spooled to.
    fn credential(&mut self, one: &Revealed<'_>) -> io::Result<()>;

    /// Writes everything.
    ///
    /// # Errors
    /// Those of the sink, and of what was spooled to.
    fn end(self: Box<Self>, out: &mut dyn Write) -> io::Result<()>;
}

/// All facts of a set with their subject's name, in the order of the table: the credential's, then each repository's, then
/// each organisation's.
pub(super) fn rows(facts: &FactSet) -> impl Iterator<Item = (Option<&str>, &'static str, &Fact)> {
    let subjects = std::iter::once(SubjectRef::Credential)
        .chain((0..facts.repositories.len()).map(SubjectRef::Repository))
        .chain((0..facts.organizations.len()).map(SubjectRef::Organization));
    subjects.flat_map(move |subject| {
        let name = facts.subject_name(subject);
        facts
            .subject(subject)
            .into_iter()
            .flat_map(move |own| own.iter().map(move |(index, fact)| (name, wording::path(facts.host, index), fact)))
    })
}
