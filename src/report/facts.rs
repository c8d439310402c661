//! What credentials reveal: the facts JSON, version 1, and the table for people.

use std::fmt::Write as _;
use std::io;

use serde_json::{Map, Value as Json, json};

use super::json::{bounds, v1, value};
use super::wording;
use crate::facts::{Credential, Evidence, Exchange, Fact, FactSet, Knowledge, SubjectRef};
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

/// The facts as JSON, version 1.
pub fn document(revealed: &[Revealed<'_>]) -> Json {
    let credentials: Vec<Json> = revealed
        .iter()
        .map(|one| {
            let facts: Vec<Json> =
                rows(one.facts).map(|(subject, path, fact)| fact_json(subject, path, fact)).collect();
            json!({
                "name": one.credential.name,
                "host": one.credential.host.word(),
                "url": one.credential.url,
                "facts": facts,
            })
        })
        .collect();
    let requests: Vec<v1::RequestRow> = revealed.iter().flat_map(|one| v1::request_rows(one.exchanges)).collect();
    json!({ "version": 1, "credentials": credentials, "requests": requests })
}

/// All facts of a set with their subject's name, in the order of the table: the credential's, then each repository's, then
/// each organisation's.
fn rows(facts: &FactSet) -> impl Iterator<Item = (Option<&str>, &'static str, &Fact)> {
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

fn fact_json(subject: Option<&str>, path: &str, fact: &Fact) -> Json {
    let mut keys = Map::new();
    keys.insert("fact".into(), json!(path));
    keys.insert("subject".into(), json!(subject));
    keys.insert("knowledge".into(), json!(fact.knowledge.word()));
    match &fact.knowledge {
        Knowledge::Known(known) => {
            keys.insert("value".into(), value(known));
        }
        Knowledge::Absent => {
            keys.insert("value".into(), Json::Null);
        }
        Knowledge::Inapplicable(reason) => {
            keys.insert("reason".into(), json!(reason));
        }
        Knowledge::Bounded(known, unknown) => {
            keys.extend(bounds(known));
            keys.insert("cause".into(), json!(unknown.cause.word()));
            keys.insert("reason".into(), json!(unknown.reason));
        }
        Knowledge::Unknown(unknown) => {
            keys.insert("cause".into(), json!(unknown.cause.word()));
            keys.insert("reason".into(), json!(unknown.reason));
        }
    }
    keys.insert("evidence".into(), Json::Array(fact.evidence.iter().map(evidence_json).collect()));
    Json::Object(keys)
}

fn evidence_json(seen: &Evidence) -> Json {
    json!({
        "request": seen.request.as_ref().map(ToString::to_string),
        "status": seen.status,
        "source": seen.source,
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
