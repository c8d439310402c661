//! What a report tells, read from a JSON report.
//!
//! A report may come from anyone: every value of a known key has to be of its type, an object with a name twice is none,
//! and what is nested too deeply is not read. Keys that this program does not know are passed over; a row keeps them.

mod rows;

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::{Closing, NotChecked, NotRead, Note, Opening, Outcome, PolicyFile, Rule, Section, Totals, of_run};
use crate::evaluation::{Dealt, Overall};
use crate::text::redact::Redactor;
use crate::text::strict_json::Sound;
use crate::vocabulary::{self, HostKind};
use rows::{CredentialRow, InterruptedRow, NoteRow, OutcomeRow, PolicyRow, ReplayedRow, RuleRow, Time};

/// The largest report that is read.
pub const MAX_BYTES: usize = 300 << 20;

/// Why a text is no report that can be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// It is no JSON, or one of which readers could disagree.
    #[error("it is no sound JSON: {0}")]
    Json(String),
    /// It is another document, or something in it is wrong.
    #[error("it is no report of a check: {0}")]
    Shape(String),
    /// It has a version that this program does not know.
    #[error("it is of version {0}, and this program knows version 1")]
    Version(u64),
    /// It says why a run had no report.
    #[error("the run that wrote it ended with {exit} and has no report: {message}")]
    Failed {
        /// The run's exit code.
        exit: u8,
        /// The first thing that was wrong.
        message: String,
    },
}

/// Which outcomes a JSON report has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OutcomesOf {
    /// Every one.
    #[default]
    All,
    /// What is found: neither what passed nor what does not apply.
    Findings,
}

impl OutcomesOf {
    /// The word in JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Findings => "findings",
        }
    }
}

/// A report as it was read.
#[derive(Clone, Debug)]
pub struct Report<'a> {
    /// What is known before the first credential.
    pub opening: Opening,
    /// Which outcomes it has.
    pub outcomes: OutcomesOf,
    /// Each credential's part, in the order of the document.
    pub sections: Vec<Read<'a>>,
    /// What is known after the last credential.
    pub closing: Closing,
    /// The part of the credentials that it is about, where it is not about all.
    pub shard: Option<Dealt>,
    /// What it saw of what is judged over all credentials.
    pub overall: Option<Overall<Note>>,
}

/// One credential's part, and the rows that it was read from.
#[derive(Clone, Debug)]
pub struct Read<'a> {
    /// What is told of it.
    pub section: Section<'a>,
    /// The kind of its host.
    pub(in crate::report) host: HostKind,
    /// Its rows: its own, its outcomes', its notes', its requests'.
    pub(in crate::report) rows: [Vec<&'a RawValue>; 4],
}

impl Read<'_> {
    /// What credentials are told apart and sorted by.
    pub(in crate::report) fn key(&self) -> (&str, HostKind, &str) {
        let credential = &self.section.credential;
        (&credential.name, self.host, &credential.url)
    }
}

/// What tells documents apart.
#[derive(Deserialize)]
struct Probe {
    version: Option<u64>,
    exit: Option<u8>,
    outcomes: Option<IgnoredAny>,
    diagnostics: Option<Vec<ProbedDiagnostic>>,
}

#[derive(Deserialize)]
struct ProbedDiagnostic {
    message: String,
}

/// The document, its longest lists as they stand there.
#[derive(Deserialize)]
struct Document<'a> {
    tool: String,
    exit: u8,
    interrupted: Option<InterruptedRow>,
    at: Time,
    replayed_from: Option<ReplayedRow>,
    strict: bool,
    #[serde(default)]
    elapsed_ms: Option<u64>,
    #[serde(default)]
    outcomes_of: Option<String>,
    policies: Vec<PolicyRow>,
    rules: Vec<RuleRow>,
    summary: Totals,
    #[serde(borrow)]
    credentials: Vec<&'a RawValue>,
    #[serde(borrow)]
    outcomes: Vec<&'a RawValue>,
    #[serde(borrow)]
    notes: Vec<&'a RawValue>,
    not_checked: Vec<NotChecked>,
    repositories_not_read: Vec<NotRead>,
    #[serde(borrow)]
    requests: Vec<&'a RawValue>,
    shard: Option<Dealt>,
    overall: Option<Overall<Note>>,
}

/// Reads a report. What in it looks like a secret is masked.
///
/// # Errors
/// [`ReadError`] names what is wrong.
pub fn read<'a>(bytes: &'a [u8], redactor: &Redactor) -> Result<Report<'a>, ReadError> {
    let text = std::str::from_utf8(bytes).map_err(|_| ReadError::Json("it is not UTF-8".to_owned()))?;
    serde_json::from_str::<Sound>(text).map_err(|error| ReadError::Json(short(&error.to_string())))?;
    probe(text)?;
    let document: Document<'a> =
        serde_json::from_str(text).map_err(|error| ReadError::Shape(short(&error.to_string())))?;
    let exit = document.exit;
    if !matches!(exit, 0 | 1 | 3 | 130 | 143) {
        return Err(ReadError::Shape(format!("`exit` is {exit}, with which no check ends")));
    }
    let outcomes = match document.outcomes_of.as_deref() {
        None | Some("all") => OutcomesOf::All,
        Some("findings") => OutcomesOf::Findings,
        Some(other) => return Err(ReadError::Shape(short(&format!("`outcomes_of` is `{other}`")))),
    };
    let mut sections = Sections::default();
    sections.credentials(&document.credentials, redactor)?;
    sections.outcomes(&document.outcomes, redactor)?;
    let notes = sections.notes(&document.notes, redactor)?;
    sections.requests(&document.requests)?;
    let clean = |text: String| redactor.redact(&text).into_owned();
    let not_checked = document.not_checked.into_iter().map(|one| NotChecked {
        host: clean(one.host),
        credential: one.credential.map(clean),
        reason: clean(one.reason),
    });
    let not_read = document.repositories_not_read.into_iter().map(|one| NotRead {
        host: clean(one.host),
        credential: clean(one.credential),
        repository: clean(one.repository),
    });
    Ok(Report {
        opening: Opening {
            tool: clean(document.tool),
            at: document.at.0,
            replayed_from: document.replayed_from.map(|replayed| (clean(replayed.file), replayed.at.0)),
            strict: document.strict,
            policies: document.policies.into_iter().map(|row| policy(row, redactor)).collect(),
            rules: document.rules.into_iter().map(|row| rule(row, redactor)).collect(),
        },
        outcomes,
        closing: Closing {
            exit,
            interrupted: document.interrupted.map(|early| (early.judged, early.credentials)),
            summary: document.summary,
            not_checked: not_checked.collect(),
            not_read: not_read.collect(),
            notes,
            elapsed: document.elapsed_ms.map(std::time::Duration::from_millis),
        },
        sections: sections.all,
        shard: document.shard,
        overall: document.overall.map(|overall| overall.map(|note| of_run::clean_note(note, redactor))),
    })
}

/// Whether a text is of a run that had no report; of anything else nothing is said.
///
/// # Errors
/// [`ReadError::Failed`].
pub fn failed(bytes: &[u8], redactor: &Redactor) -> Result<(), ReadError> {
    match std::str::from_utf8(bytes).map(probe) {
        Ok(Err(ReadError::Failed { exit, message })) => {
            Err(ReadError::Failed { exit, message: redactor.redact(&message).into_owned() })
        }
        _ => Ok(()),
    }
}

/// Whether this is the report of a check, in a version that is known.
fn probe(text: &str) -> Result<(), ReadError> {
    let probe: Probe = serde_json::from_str(text).map_err(|error| ReadError::Shape(short(&error.to_string())))?;
    match probe {
        Probe { version: None, .. } => Err(ReadError::Shape("it has no `version`".to_owned())),
        Probe { version: Some(version), .. } if version != 1 => Err(ReadError::Version(version)),
        Probe { outcomes: Some(_), .. } => Ok(()),
        Probe { exit: Some(exit @ (2 | 4 | 5)), diagnostics: Some(diagnostics), .. } => {
            let first = diagnostics.into_iter().next().map(|one| short(&one.message));
            Err(ReadError::Failed { exit, message: first.unwrap_or_else(|| "it does not say why".to_owned()) })
        }
        _ => Err(ReadError::Shape("it has no `outcomes`".to_owned())),
    }
}

/// So much of a message that somebody reads it: it may repeat what stands in the document.
fn short(message: &str) -> String {
    const MOST: usize = 200;
    match message.char_indices().nth(MOST) {
        Some((at, _)) => format!("{}…", message.get(..at).unwrap_or_default()),
        None => message.to_owned(),
    }
}

/// Reads a row of a list.
fn row<'a, T: Deserialize<'a>>(list: &str, at: usize, raw: &'a RawValue) -> Result<T, ReadError> {
    serde_json::from_str(raw.get()).map_err(|error| {
        let message = error.to_string();
        // Where in the row is of no use to anybody.
        let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(message, _)| message);
        ReadError::Shape(short(&format!("`{list}[{at}]` is wrong: {message}")))
    })
}

fn policy(row: PolicyRow, redactor: &Redactor) -> PolicyFile {
    PolicyFile {
        file: redactor.redact(&row.file).into_owned(),
        sha256: row.sha256,
        used_at: row.used_at.map(|place| of_run::clean_place(place.place(), redactor)),
    }
}

fn rule(row: RuleRow, redactor: &Redactor) -> Rule {
    let clean = |text: String| redactor.redact(&text).into_owned();
    Rule {
        name: clean(row.name),
        title: row.title.map(clean),
        because: row.because.map(clean),
        fix: row.fix.map(clean),
        see: row.see.map(clean),
        demands: row.demands,
        place: of_run::clean_place(row.policy.place(), redactor),
    }
}

/// The credentials' parts as they are read.
#[derive(Default)]
struct Sections<'a> {
    all: Vec<Read<'a>>,
    /// The places of credentials by name, host and address.
    places: BTreeMap<(String, String, String), usize>,
    /// The places of the first credential of each name.
    names: BTreeMap<String, usize>,
}

impl<'a> Sections<'a> {
    fn credentials(&mut self, rows: &[&'a RawValue], redactor: &Redactor) -> Result<(), ReadError> {
        for (at, raw) in rows.iter().enumerate() {
            let credential = row::<CredentialRow<'_>>("credentials", at, raw)?.credential();
            let host = vocabulary::host_kind(&credential.host).ok_or_else(|| {
                ReadError::Shape(short(&format!(
                    "`credentials[{at}]` is of `{}`, which is no host kind",
                    credential.host
                )))
            })?;
            let key = (credential.name.to_string(), credential.host.to_string(), credential.url.to_string());
            self.names.entry(key.0.clone()).or_insert(at);
            if self.places.insert(key, at).is_some() {
                return Err(ReadError::Shape(short(&format!(
                    "the credential `{}` stands there twice",
                    credential.name
                ))));
            }
            self.all.push(Read {
                section: Section {
                    credential: of_run::clean_credential(credential, redactor),
                    outcomes: Vec::new(),
                    notes: Vec::new(),
                },
                host,
                rows: [vec![*raw], Vec::new(), Vec::new(), Vec::new()],
            });
        }
        Ok(())
    }

    fn outcomes(&mut self, rows: &[&'a RawValue], redactor: &Redactor) -> Result<(), ReadError> {
        for (at, raw) in rows.iter().enumerate() {
            let outcome: Outcome<'a> = row::<OutcomeRow<'a>>("outcomes", at, raw)?.outcome();
            let key = (outcome.credential.as_ref(), outcome.host.as_ref(), outcome.url.as_ref());
            let read = self.part("outcomes", at, key)?;
            read.section.outcomes.push(of_run::clean(outcome, redactor));
            let [_, rows, ..] = &mut read.rows;
            rows.push(raw);
        }
        Ok(())
    }

    /// Reads the notes. Gives those that are of no credential.
    fn notes(&mut self, rows: &[&'a RawValue], redactor: &Redactor) -> Result<Vec<Note>, ReadError> {
        let mut whole = Vec::new();
        for (at, raw) in rows.iter().enumerate() {
            let read: NoteRow<'_> = row("notes", at, raw)?;
            let (of, note) = read.note();
            let note = of_run::clean_note(note, redactor);
            match of {
                None => whole.push(note),
                Some((name, host, url)) => {
                    let part = self.part("notes", at, (&name, &host, &url))?;
                    part.section.notes.push(note);
                    let [_, _, rows, _] = &mut part.rows;
                    rows.push(raw);
                }
            }
        }
        Ok(whole)
    }

    fn requests(&mut self, rows: &[&'a RawValue]) -> Result<(), ReadError> {
        #[derive(Deserialize)]
        struct RequestRow<'a> {
            #[serde(borrow)]
            credential: Cow<'a, str>,
        }
        for (at, raw) in rows.iter().enumerate() {
            let RequestRow { credential } = row("requests", at, raw)?;
            let part = self.names.get(credential.as_ref()).and_then(|place| self.all.get_mut(*place));
            match part.map(|part| &mut part.rows) {
                Some([.., rows]) => rows.push(raw),
                None => return Err(stranger("requests", at, &credential)),
            }
        }
        Ok(())
    }

    /// The part of a credential.
    fn part(
        &mut self,
        list: &str,
        at: usize,
        (name, host, url): (&str, &str, &str),
    ) -> Result<&mut Read<'a>, ReadError> {
        let key = (name.to_owned(), host.to_owned(), url.to_owned());
        let part = self.places.get(&key).and_then(|place| self.all.get_mut(*place));
        part.ok_or_else(|| stranger(list, at, name))
    }
}

fn stranger(list: &str, at: usize, name: &str) -> ReadError {
    ReadError::Shape(short(&format!("`{list}[{at}]` is of `{name}`, which is none of the credentials")))
}
