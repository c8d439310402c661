//! What a report tells, made of a run as it goes.

use std::borrow::Cow;

use sha2::{Digest as _, Sha256};

use super::statements::Statements;
use super::{
    Closing, Credential, Expires, NotChecked, NotRead, Note, Opening, Outcome, Place, PolicyFile, Rule, Section,
    Severity, Verdict, Waiver,
};
use crate::diagnostic::{self, Diagnostic};
use crate::evaluation::{self, BuiltinOutcome};
use crate::facts::{Cause, Incident, Knowledge, SubjectRef, Value, kind_of};
use crate::language::CheckedPolicy;
use crate::report::findings::{self, Class};
use crate::report::stream::{self, Head, Tail};
use crate::report::wording;
use crate::text::hex;
use crate::text::redact::Redactor;
use crate::text::source::{SourceMap, Span};
use crate::vocabulary::{Subject, host};

/// The fact of every host that says when a token ends.
const EXPIRES_AT: &str = "token.expires_at";

/// What is known before the first credential.
pub(in crate::report) fn opening(head: &Head<'_>) -> Opening {
    let policy = head.policy;
    let clean = |text: &str| head.redactor.redact(text).into_owned();
    let file = |file: &crate::language::PolicyFile| PolicyFile {
        file: clean(&file.name),
        sha256: file.sha256.clone(),
        used_at: file.used_at.map(|span| place(head.sources, head.redactor, span)),
    };
    Opening {
        tool: head.tool.to_owned(),
        at: head.at,
        replayed_from: head.replayed_from.map(|(file, at)| (clean(file), at)),
        strict: head.strict,
        policies: policy.files.iter().map(file).collect(),
        rules: rules(policy, head.sources, head.redactor),
    }
}

/// The policy's rules, in its order.
fn rules(policy: &CheckedPolicy, sources: &SourceMap, redactor: &Redactor) -> Vec<Rule> {
    let clean = |text: &Option<String>| text.as_deref().map(|text| redactor.redact(text).into_owned());
    let rules = policy.rules.iter().map(|rule| Rule {
        name: redactor.redact(&rule.name).into_owned(),
        title: clean(&rule.title),
        because: clean(&rule.words.because),
        fix: clean(&rule.words.fix),
        see: clean(&rule.words.see),
        demands: rule
            .statements
            .iter()
            .any(|id| policy.statement(*id).is_none_or(|statement| statement.verb.is_error())),
        place: place(sources, redactor, rule.span),
    });
    rules.collect()
}

/// A place as reports have it.
pub(in crate::report) fn place(sources: &SourceMap, redactor: &Redactor, span: Span) -> Place {
    clean_place(standing(sources, span), redactor)
}

/// A place under its file's own name.
pub(super) fn standing(sources: &SourceMap, span: Span) -> Place {
    let (start, end) = (sources.start(span), sources.end(span));
    Place {
        file: sources.name(span.source).to_owned(),
        line: start.line,
        column: start.column,
        end: Some((end.line, end.column)),
    }
}

/// One credential's part, every text redacted.
pub(in crate::report) fn section<'a>(
    head: &Head<'a>,
    statements: &'a Statements,
    section: &stream::Section<'a>,
) -> Section<'a> {
    let redactor = head.redactor;
    let builtin = section.judged.builtin.iter().map(|one| builtin(section, one));
    let outcomes = section.judged.outcomes.iter().filter_map(|one| outcome(head, statements, section, one));
    let notes = findings::notes(section);
    Section {
        credential: clean_credential(credential(section), redactor),
        outcomes: builtin.chain(outcomes).map(|one| clean(one, redactor)).collect(),
        notes: notes.map(|one| note(&one, head.sources, redactor)).collect(),
    }
}

/// A credential.
pub(in crate::report) fn credential<'a>(section: &stream::Section<'a>) -> Credential<'a> {
    let credential = section.credential;
    Credential {
        name: Cow::Borrowed(&credential.name),
        host: Cow::Borrowed(credential.host.word()),
        url: Cow::Borrowed(&credential.url),
        kind: kind_of(credential, section.facts).map(|kind| Cow::Borrowed(kind.word)),
        valid: valid(section),
        expires: expires(section),
        rate_limit: section.rate_limit,
    }
}

/// Whether the host takes a credential: not where it refuses it, and only where it told something of it.
fn valid(section: &stream::Section<'_>) -> Option<bool> {
    let facts = section.facts;
    if facts.incidents.iter().any(|incident| matches!(incident, Incident::Refused { .. })) {
        return Some(false);
    }
    facts.is_told().then_some(true)
}

/// When a credential ends, as far as it is known: nothing is asked for it.
fn expires(section: &stream::Section<'_>) -> Expires {
    let facts = section.facts;
    match host(facts.host)
        .fact(EXPIRES_AT)
        .and_then(|index| facts.fact(index, SubjectRef::Credential))
        .map(|fact| &fact.knowledge)
    {
        Some(Knowledge::Known(Value::Time(at))) => Expires::At(*at),
        Some(Knowledge::Absent) => Expires::Never,
        _ => Expires::Unknown,
    }
}

/// What became of a statement.
pub(in crate::report) fn outcome<'a>(
    head: &Head<'a>,
    statements: &'a Statements,
    section: &stream::Section<'a>,
    outcome: &evaluation::Outcome,
) -> Option<Outcome<'a>> {
    let said = statements.get(outcome.statement)?;
    let statement = head.policy.statement(outcome.statement)?;
    let rule = head.policy.rule(statement.rule)?;
    let blames = head.blame(section.facts, outcome);
    let class = findings::class(head, statement, outcome);
    let mut cause: Option<Cause> = None;
    let mut accepted = false;
    let message = match outcome.verdict {
        evaluation::Verdict::Undetermined { causes, accepted: is_accepted } => {
            accepted = is_accepted;
            cause = findings::undetermined::cause(causes, statement, accepted);
            findings::undetermined::message(section, &rule.name, outcome.subject, cause, &blames)
        }
        verdict => findings::decided_message(head, section, rule, verdict, outcome.subject, &blames),
    };
    let (verdict, code) = match outcome.verdict {
        evaluation::Verdict::Pass => (Verdict::Pass, None),
        evaluation::Verdict::NotApplicable => (Verdict::NotApplicable, None),
        evaluation::Verdict::Violation => (Verdict::Violation, Some(diagnostic::Code::Violation)),
        evaluation::Verdict::Warning => (Verdict::Warning, Some(diagnostic::Code::Warning)),
        evaluation::Verdict::Waived(_) => (Verdict::Waived, Some(diagnostic::Code::Waived)),
        evaluation::Verdict::Undetermined { .. } => {
            let code = findings::undetermined::code(cause, statement, outcome.subject, accepted);
            (Verdict::Undetermined, Some(code))
        }
    };
    let name = section.facts.subject_name(outcome.subject).map(Cow::Borrowed);
    let (repository, organization) = match outcome.subject.subject() {
        Subject::Repository => (name, None),
        Subject::Organization => (None, name),
        Subject::Credential => (None, None),
    };
    let found = blames.iter().find_map(|blame| blame.found.clone()).or_else(|| {
        let index = statement.facts.first().filter(|_| outcome.verdict.is_decided())?;
        Some(wording::bare(&section.facts.fact(*index, outcome.subject)?.knowledge))
    });
    let waiver = match outcome.verdict {
        evaluation::Verdict::Waived(waiver) => head.policy.waivers.get(waiver).map(|waiver| Waiver {
            until: Cow::Borrowed(&waiver.until),
            because: Cow::Borrowed(&waiver.because),
            by: waiver.by.as_deref().map(Cow::Borrowed),
            file: Cow::Borrowed(head.sources.name(waiver.span.source)),
            line: head.sources.start(waiver.span).line,
        }),
        _ => None,
    };
    let credential = section.credential;
    let subject = repository.as_deref().or(organization.as_deref());
    let fingerprint = fingerprint([
        &rule.name,
        &statement.number.to_string(),
        &credential.name,
        credential.host.word(),
        &credential.url,
        subject.unwrap_or(""),
    ]);
    Some(Outcome {
        rule: Cow::Borrowed(&rule.name),
        statement: Some(statement.number),
        verb: Some(Cow::Borrowed(statement.verb.word())),
        demand: Some(Cow::Borrowed(&said.demand)),
        verdict,
        code: code.map(|code| Cow::Borrowed(code.number())),
        severity: severity(class, head.strict).filter(|_| code.is_some()),
        credential: Cow::Borrowed(&credential.name),
        host: Cow::Borrowed(credential.host.word()),
        url: Cow::Borrowed(&credential.url),
        repository,
        organization,
        cause: cause.map(|cause| Cow::Borrowed(cause.word())),
        accepted,
        known: outcome.known,
        message: Cow::Owned(message),
        found: found.map(Cow::Owned),
        because: statement.words.because.as_deref().map(Cow::Borrowed),
        fix: statement.words.fix.as_deref().map(Cow::Borrowed),
        see: statement.words.see.as_deref().map(Cow::Borrowed),
        waiver,
        place: Some(Cow::Borrowed(&said.place)),
        fingerprint,
    })
}

/// A built-in rule that is broken or undecided.
pub(in crate::report) fn builtin<'a>(section: &stream::Section<'a>, builtin: &'a BuiltinOutcome) -> Outcome<'a> {
    let credential = section.credential;
    let rule = findings::builtin_name(section, builtin);
    let subject = builtin.repository.as_deref();
    let fingerprint =
        fingerprint([&rule, "", &credential.name, credential.host.word(), &credential.url, subject.unwrap_or("")]);
    Outcome {
        rule: Cow::Owned(rule),
        statement: None,
        verb: None,
        demand: None,
        verdict: if builtin.undetermined.is_some() { Verdict::Undetermined } else { Verdict::Violation },
        code: Some(Cow::Borrowed(findings::builtin_code(builtin).number())),
        severity: Some(Severity::Error),
        credential: Cow::Borrowed(&credential.name),
        host: Cow::Borrowed(credential.host.word()),
        url: Cow::Borrowed(&credential.url),
        repository: subject.map(Cow::Borrowed),
        organization: None,
        cause: builtin.undetermined.map(|cause| Cow::Borrowed(cause.word())),
        accepted: false,
        known: false,
        message: Cow::Borrowed(&builtin.message),
        found: builtin.found.as_deref().map(Cow::Borrowed),
        because: None,
        fix: builtin.help.as_deref().map(Cow::Borrowed),
        see: builtin.url.as_deref().map(Cow::Borrowed),
        waiver: None,
        place: None,
        fingerprint,
    }
}

/// How bad what is found is.
const fn severity(class: Class, strict: bool) -> Option<Severity> {
    Some(match class {
        Class::BuiltinViolation | Class::Violation | Class::Undetermined => Severity::Error,
        Class::Accepted | Class::Warning if strict => Severity::Error,
        Class::Warning | Class::UndeterminedWarning => Severity::Warning,
        Class::Known | Class::Waived | Class::Accepted | Class::Note => Severity::Advice,
    })
}

/// What stays the same of a finding whenever it is found: neither its line nor what was found.
fn fingerprint(of: [&str; 6]) -> String {
    /// Enough that two of a million are unlike.
    const BYTES: usize = 16;
    let mut hash = Sha256::new();
    for part in of {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hex(hash.finalize().get(..BYTES).unwrap_or_default())
}

/// What stays the same of what is said beside outcomes: its code and where it stands, else what it says.
pub(in crate::report) fn fingerprint_of_note(note: &Note) -> String {
    let file = note.place.as_ref().map_or("", |place| place.file.as_str());
    fingerprint([&note.code, &note.message, file, "", "", ""])
}

/// What is said beside outcomes, redacted.
pub(in crate::report) fn note(diagnostic: &Diagnostic, sources: &SourceMap, redactor: &Redactor) -> Note {
    let clean = |text: &str| redactor.redact(text).into_owned();
    Note {
        code: diagnostic.code.number().to_owned(),
        name: diagnostic.code.name().to_owned(),
        severity: diagnostic.severity.into(),
        message: clean(&diagnostic.message),
        help: diagnostic.help.as_deref().map(clean),
        place: diagnostic.span().map(|span| place(sources, redactor, span)),
    }
}

/// What is known after the last credential.
pub(in crate::report) fn closing(head: &Head<'_>, tail: &Tail<'_>) -> Closing {
    let clean = |text: &str| head.redactor.redact(text).into_owned();
    let left = tail.interrupted.map_or(&[][..], |early| early.left);
    let not_checked = tail.not_checked.iter().chain(left).map(|one| NotChecked {
        host: clean(&one.host),
        credential: one.credential.as_deref().map(clean),
        reason: clean(&one.reason),
    });
    let not_read = tail.not_read.iter().map(|one| NotRead {
        host: one.host.word().to_owned(),
        credential: clean(&one.credential),
        repository: clean(&one.repository),
    });
    Closing {
        exit: tail.exit.number(),
        interrupted: tail.interrupted.map(|early| (early.judged, early.of)),
        summary: tail.totals,
        not_checked: not_checked.collect(),
        not_read: not_read.collect(),
        notes: tail.notes.iter().map(|one| note(one, head.sources, head.redactor)).collect(),
        elapsed: tail.elapsed,
    }
}

/// A text without secrets. What is clean stays where it is.
fn clean_text<'a>(text: Cow<'a, str>, redactor: &Redactor) -> Cow<'a, str> {
    match redactor.redact(&text) {
        Cow::Borrowed(_) => text,
        Cow::Owned(redacted) => Cow::Owned(redacted),
    }
}

/// A credential, every text of others redacted.
pub(super) fn clean_credential<'a>(one: Credential<'a>, redactor: &Redactor) -> Credential<'a> {
    Credential {
        name: clean_text(one.name, redactor),
        url: clean_text(one.url, redactor),
        host: one.host,
        kind: one.kind,
        valid: one.valid,
        expires: one.expires,
        rate_limit: one.rate_limit,
    }
}

/// An outcome, every text of others redacted.
pub(super) fn clean<'a>(one: Outcome<'a>, redactor: &Redactor) -> Outcome<'a> {
    let text = |text: Cow<'a, str>| clean_text(text, redactor);
    let some = |text: Option<Cow<'a, str>>| text.map(|text| clean_text(text, redactor));
    let waiver = |waiver: Waiver<'a>| Waiver {
        until: text(waiver.until),
        because: text(waiver.because),
        by: some(waiver.by),
        file: text(waiver.file),
        line: waiver.line,
    };
    Outcome {
        rule: text(one.rule),
        demand: some(one.demand),
        credential: text(one.credential),
        url: text(one.url),
        repository: some(one.repository),
        organization: some(one.organization),
        message: text(one.message),
        found: some(one.found),
        because: some(one.because),
        fix: some(one.fix),
        see: some(one.see),
        waiver: one.waiver.map(waiver),
        place: one.place.map(|place| clean_borrowed(place, redactor)),
        verb: one.verb,
        statement: one.statement,
        verdict: one.verdict,
        code: one.code,
        severity: one.severity,
        host: one.host,
        cause: one.cause,
        accepted: one.accepted,
        known: one.known,
        fingerprint: one.fingerprint,
    }
}

/// A place that may be another's, its file's name redacted.
fn clean_borrowed<'a>(place: Cow<'a, Place>, redactor: &Redactor) -> Cow<'a, Place> {
    match redactor.redact(&place.file) {
        Cow::Borrowed(_) => place,
        Cow::Owned(file) => Cow::Owned(Place { file, ..*place }),
    }
}

/// A place, its file's name redacted.
pub(super) fn clean_place(place: Place, redactor: &Redactor) -> Place {
    match redactor.redact(&place.file) {
        Cow::Borrowed(_) => place,
        Cow::Owned(file) => Place { file, ..place },
    }
}

/// A note, every text of others redacted.
pub(in crate::report) fn clean_note(note: Note, redactor: &Redactor) -> Note {
    let clean = |text: String| redactor.redact(&text).into_owned();
    Note {
        code: clean(note.code),
        name: clean(note.name),
        severity: note.severity,
        message: clean(note.message),
        help: note.help.map(clean),
        place: note.place.map(|place| clean_place(place, redactor)),
    }
}
