//! Rows of a check's report that are made of what a report tells as data.

use std::borrow::Cow;

use serde::Serialize;

use super::evidence::EvidenceOf;
use crate::report::told;
use crate::text::redact::{Digest, Word};

/// A run that ended early: how many of its credentials were judged.
#[derive(Debug, Serialize)]
pub(super) struct InterruptedRow {
    pub(super) judged: usize,
    pub(super) credentials: usize,
}

#[derive(Debug, Serialize)]
pub(super) struct ReplayedRow<'a> {
    pub(super) file: &'a str,
    pub(super) at: String,
}

#[derive(Debug, Serialize)]
pub(super) struct PolicyRow<'a> {
    file: &'a str,
    sha256: &'a str,
    used_at: Option<PlaceRow<'a>>,
}

impl<'a> PolicyRow<'a> {
    pub(super) fn of(file: &'a told::PolicyFile) -> Self {
        let told::PolicyFile { file, sha256, used_at } = file;
        Self { file, sha256, used_at: used_at.as_ref().map(PlaceRow::of) }
    }
}

#[derive(Debug, Serialize)]
pub(super) struct RuleRow<'a> {
    name: &'a str,
    title: Option<&'a str>,
    because: Option<&'a str>,
    fix: Option<&'a str>,
    see: Option<&'a str>,
    demands: bool,
    policy: PlaceRow<'a>,
}

impl<'a> RuleRow<'a> {
    pub(super) fn of(rule: &'a told::Rule) -> Self {
        let told::Rule { name, title, because, fix, see, demands, place } = rule;
        Self {
            name,
            title: title.as_deref(),
            because: because.as_deref(),
            fix: fix.as_deref(),
            see: see.as_deref(),
            demands: *demands,
            policy: PlaceRow::of(place),
        }
    }
}

#[derive(Debug, Serialize)]
pub(super) struct CredentialRow<'a> {
    name: Cow<'a, str>,
    host: Cow<'a, str>,
    url: Cow<'a, str>,
    kind: Option<Cow<'a, str>>,
    valid: Option<bool>,
    expires: ExpiresRow,
    rate_limit: Option<RateLimitRow>,
}

/// When a credential ends: `state` is `known`, `never` or `unknown`.
#[derive(Debug, Serialize)]
struct ExpiresRow {
    state: &'static str,
    at: Option<String>,
}

#[derive(Debug, Serialize)]
struct RateLimitRow {
    limit: u64,
    remaining: u64,
    resets_at: Option<String>,
}

impl<'a> CredentialRow<'a> {
    pub(super) fn of(one: told::Credential<'a>) -> Self {
        Self {
            name: one.name,
            host: one.host,
            url: one.url,
            kind: one.kind,
            valid: one.valid,
            expires: ExpiresRow {
                state: one.expires.word(),
                at: match one.expires {
                    told::Expires::At(at) => Some(at.to_string()),
                    told::Expires::Never | told::Expires::Unknown => None,
                },
            },
            rate_limit: one.rate_limit.map(|limit| RateLimitRow {
                limit: limit.limit,
                remaining: limit.remaining,
                resets_at: limit.resets_at.map(|at| at.to_string()),
            }),
        }
    }
}

#[derive(Debug, Serialize)]
pub(super) struct OutcomeRow<'a> {
    rule: Cow<'a, str>,
    statement: Option<usize>,
    verb: Option<Cow<'a, str>>,
    demand: Option<Cow<'a, str>>,
    outcome: Word,
    code: Option<Cow<'a, str>>,
    severity: Option<Word>,
    credential: Cow<'a, str>,
    host: Cow<'a, str>,
    url: Cow<'a, str>,
    repository: Option<Cow<'a, str>>,
    organization: Option<Cow<'a, str>>,
    cause: Option<Cow<'a, str>>,
    accepted: bool,
    known: bool,
    message: Cow<'a, str>,
    found: Option<Cow<'a, str>>,
    because: Option<Cow<'a, str>>,
    fix: Option<Cow<'a, str>>,
    see: Option<Cow<'a, str>>,
    waiver: Option<WaiverRow<'a>>,
    policy: Option<OwnPlaceRow<'a>>,
    fingerprint: Digest,
    evidence: EvidenceOf<'a>,
}

#[derive(Debug, Serialize)]
struct WaiverRow<'a> {
    until: Cow<'a, str>,
    because: Cow<'a, str>,
    by: Option<Cow<'a, str>>,
    file: Cow<'a, str>,
    line: usize,
}

impl<'a> OutcomeRow<'a> {
    pub(super) fn of(one: told::Outcome<'a>, evidence: EvidenceOf<'a>) -> Self {
        let waiver = |waiver: told::Waiver<'a>| WaiverRow {
            until: waiver.until,
            because: waiver.because,
            by: waiver.by,
            file: waiver.file,
            line: waiver.line,
        };
        Self {
            rule: one.rule,
            statement: one.statement,
            verb: one.verb,
            demand: one.demand,
            outcome: Word(one.verdict.word()),
            code: one.code,
            severity: one.severity.map(|severity| Word(severity.word())),
            credential: one.credential,
            host: one.host,
            url: one.url,
            repository: one.repository,
            organization: one.organization,
            cause: one.cause,
            accepted: one.accepted,
            known: one.known,
            message: one.message,
            found: one.found,
            because: one.because,
            fix: one.fix,
            see: one.see,
            waiver: one.waiver.map(waiver),
            policy: one.place.map(OwnPlaceRow),
            fingerprint: Digest(one.fingerprint),
            evidence,
        }
    }
}

/// A place in the policy.
#[derive(Debug, Serialize)]
pub(super) struct PlaceRow<'a> {
    file: &'a str,
    line: usize,
    column: usize,
    end_line: Option<usize>,
    end_column: Option<usize>,
}

impl<'a> PlaceRow<'a> {
    fn of(place: &'a told::Place) -> Self {
        let told::Place { file, line, column, end } = place;
        let (end_line, end_column) = end.unzip();
        Self { file, line: *line, column: *column, end_line, end_column }
    }
}

/// A place in the policy that is written once.
#[derive(Debug)]
struct OwnPlaceRow<'a>(Cow<'a, told::Place>);

impl Serialize for OwnPlaceRow<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        PlaceRow::of(&self.0).serialize(serializer)
    }
}

/// What is said beside outcomes, of the policy or of a credential.
#[derive(Debug, Serialize)]
pub(super) struct NoteRow<'a> {
    code: &'a str,
    name: &'a str,
    severity: &'static str,
    message: &'a str,
    help: Option<&'a str>,
    file: Option<&'a str>,
    line: Option<usize>,
    column: Option<usize>,
    end_line: Option<usize>,
    end_column: Option<usize>,
    credential: Option<&'a str>,
    host: Option<&'a str>,
    url: Option<&'a str>,
}

impl Serialize for told::Note {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        NoteRow::of(self, None).serialize(serializer)
    }
}

impl<'a> NoteRow<'a> {
    pub(super) fn of(note: &'a told::Note, credential: Option<&'a told::Credential<'_>>) -> Self {
        let place = note.place.as_ref();
        let (end_line, end_column) = place.and_then(|place| place.end).unzip();
        Self {
            code: &note.code,
            name: &note.name,
            severity: note.severity.word(),
            message: &note.message,
            help: note.help.as_deref(),
            file: place.map(|place| place.file.as_str()),
            line: place.map(|place| place.line),
            column: place.map(|place| place.column),
            end_line,
            end_column,
            credential: credential.map(|one| one.name.as_ref()),
            host: credential.map(|one| one.host.as_ref()),
            url: credential.map(|one| one.url.as_ref()),
        }
    }
}
