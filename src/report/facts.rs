//! What credentials reveal: the table for people. [`v1::Facts`] is the same for programs.

use std::fmt::Write as _;
use std::io;

use super::json::v1;
use super::wording;
use crate::facts::{Credential, Exchange, Fact, FactSet, SubjectRef};
use crate::text::redact::Redactor;
use crate::text::untrusted::{self, Sink};

/// One credential with its facts and requests.
#[derive(Clone, Copy, Debug)]
pub struct Revealed<'a> {
    /// The credential.
    pub credential: &'a Credential,
    /// Its facts.
    pub facts: &'a FactSet,
    /// The requests made with it.
    pub exchanges: &'a [Exchange],
}

/// The facts as a JSON value, version 1, for a record to hold.
pub fn document(revealed: &[Revealed<'_>]) -> serde_json::Value {
    serde_json::to_value(v1::Facts::new(revealed)).unwrap_or_default()
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

/// Writes the table for people: a fact a line, with its evidence.
///
/// # Errors
/// The sink's.
pub fn write_human(revealed: &[Revealed<'_>], redactor: &Redactor, sink: &mut dyn io::Write) -> io::Result<()> {
    let mut text = String::new();
    let clean = |text: &str| untrusted::one_line(&redactor.redact(text), Sink::Terminal);
    for one in revealed {
        let _ = writeln!(text, "{} ({})", clean(&wording::credential(one.credential)), one.credential.host.title());
        let mut last: Option<&str> = None;
        let width = rows(one.facts).map(|(_, path, _)| path.len()).max().unwrap_or(0);
        for (subject, path, fact) in rows(one.facts) {
            if subject != last {
                last = subject;
                if let Some(subject) = subject {
                    let _ = writeln!(text, "\n  {}", clean(subject));
                }
            }
            let evidence = wording::evidence_of(fact).map_or_else(String::new, |evidence| format!("  · {evidence}"));
            let _ = writeln!(
                text,
                "  {path:width$}  {}",
                clean(&format!("{}{evidence}", wording::knowledge(&fact.knowledge)))
            );
        }
        text.push('\n');
    }
    let sent: usize = revealed.iter().flat_map(|one| one.exchanges).map(|exchange| exchange.attempts.len()).sum();
    let _ = writeln!(text, "{}", crate::text::english::count(sent, "request", "requests"));
    sink.write_all(redactor.redact(&text).as_bytes())
}
