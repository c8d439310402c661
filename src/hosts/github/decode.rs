//! How answers are read: one entry, and the reader that every part shares.

use std::sync::Arc;

use jiff::SignedDuration;
use serde_json::Value as Json;

use super::{account, headers, organization, refusal, repository, requests};
use crate::facts::{
    Answer, Cause, Evidence, Exchange, Fact, Failure, Incident, Knowledge, RequestLabel, Target, Unknown, Value,
};
use crate::hosts::{Decoded, Question};
use crate::text::english;
use crate::vocabulary::{CredentialKind, EnumTable, FactIndex, Host, Subject, Type};

/// How long before an API version goes a note says so.
const SUNSET_NOTICE: SignedDuration = SignedDuration::from_hours(180 * 24);

/// Reads an exchange.
pub(super) fn decode(question: &Question<'_>, exchange: &Exchange) -> Decoded {
    let answer = match &exchange.result {
        Ok(answer) => answer,
        Err(failure) => return failed(question, exchange, failure),
    };
    let mut reader = Reader::new(question, &exchange.request, answer);
    let rest = match answer.status {
        200 => match serde_json::from_slice::<Json>(&answer.body) {
            Ok(body) => {
                reader.note_sunset();
                match question.row.name {
                    "user" => account::user(&mut reader, &body),
                    "viewer" => account::viewer(&mut reader, &body),
                    "repository" => repository::repository(&mut reader, &body),
                    "webhooks" => repository::webhooks(&mut reader, &body),
                    "membership" => organization::membership(&mut reader, &body),
                    "organization" => organization::organization(&mut reader, &body),
                    "user_repositories" => repository::listing(&mut reader, &body),
                    "installation_repositories" => {
                        repository::listing(&mut reader, body.get("repositories").unwrap_or(&Json::Null))
                    }
                    _ => malformed("the answer belongs to no request that credcheck knows"),
                }
            }
            Err(_) => malformed("the answer is not the JSON that GitHub sends"),
        },
        _ => refusal::read(&mut reader),
    };
    reader.finish(rest)
}

/// No answer came.
fn failed(question: &Question<'_>, exchange: &Exchange, failure: &Failure) -> Decoded {
    let cause = match failure {
        Failure::TooLarge(_) | Failure::Unreadable(_) => Cause::Malformed,
        Failure::Connection(_)
        | Failure::Tls(_)
        | Failure::Timeout(_)
        | Failure::Redirect(_)
        | Failure::Budget(_)
        | Failure::NotRecorded => Cause::NotReachable,
    };
    let unknown = Unknown::new(cause, failure.to_string());
    let status = exchange.attempts.last().and_then(|attempt| attempt.status);
    let mut decoded = Decoded::default();
    for index in question.facts {
        let evidence = vec![Evidence::answer(&exchange.request, status, "no usable answer")];
        let fact = Fact { knowledge: Knowledge::Unknown(unknown.clone()), evidence };
        decoded.facts.push((target_of(question, *index), *index, fact));
    }
    if question.row.listing.is_some() {
        decoded.incomplete = Some(unknown);
    }
    decoded
}

/// An unknown for an answer that makes no sense.
pub(super) fn malformed(reason: impl Into<String>) -> Unknown {
    Unknown::new(Cause::Malformed, reason)
}

/// Whose a fact of this question is.
fn target_of(question: &Question<'_>, index: FactIndex) -> Target {
    match (host().row(index).subject, question.target) {
        (Subject::Credential, _) => Target::Credential,
        (Subject::Organization, Target::Repository(name)) => Target::Organization(name.owner().to_owned()),
        (_, target) => target.clone(),
    }
}

/// GitHub's tables.
pub(super) fn host() -> &'static Host {
    crate::vocabulary::host(crate::vocabulary::HostKind::GitHub)
}

/// An answer while it is read: the question, the answer, and what is told so far.
pub(super) struct Reader<'a> {
    pub(super) question: &'a Question<'a>,
    request: &'a Arc<RequestLabel>,
    pub(super) answer: &'a Answer,
    pub(super) decoded: Decoded,
}

impl<'a> Reader<'a> {
    fn new(question: &'a Question<'a>, request: &'a Arc<RequestLabel>, answer: &'a Answer) -> Self {
        Self { question, request, answer, decoded: Decoded::default() }
    }

    /// Evidence in this answer.
    pub(super) fn evidence(&self, source: impl Into<String>) -> Evidence {
        Evidence::answer(self.request, Some(self.answer.status), source)
    }

    /// The credential's kind, where it is one.
    pub(super) fn kind(&self) -> Option<&'static CredentialKind> {
        self.question.kind.or(match self.question.credential.kinds.as_slice() {
            [only] => Some(only),
            _ => None,
        })
    }

    /// Whether the kind is one of these; false while it is not known.
    pub(super) fn kind_is(&self, words: &[&str]) -> bool {
        self.kind().is_some_and(|kind| words.contains(&kind.word))
    }

    /// Whether no user may stand behind the credential: flags about a user are noise then.
    pub(super) fn may_be_installation(&self) -> bool {
        match self.kind() {
            Some(kind) => !kind.has_user,
            None => self.question.credential.kinds.iter().any(|kind| !kind.has_user),
        }
    }

    /// The organisation that the question is about: a repository's owner too.
    pub(super) fn organization(&self) -> Option<&'a str> {
        match self.question.target {
            Target::Credential => None,
            Target::Repository(name) => Some(name.owner()),
            Target::Organization(name) => Some(name),
        }
    }

    /// Tells a fact of the question's own target, from one place of the answer.
    pub(super) fn tell(&mut self, path: &str, knowledge: Knowledge, source: impl Into<String>) {
        let evidence = vec![self.evidence(source)];
        self.tell_with(path, knowledge, evidence);
    }

    /// Tells a fact with its own evidence. What is unknown is told only where it was asked.
    pub(super) fn tell_with(&mut self, path: &str, knowledge: Knowledge, evidence: Vec<Evidence>) {
        let Some(index) = host().fact(path) else { return };
        if matches!(knowledge, Knowledge::Unknown(_)) && !self.question.facts.contains(&index) {
            return;
        }
        let target = target_of(self.question, index);
        let fact = match self.so_far(&target, index) {
            Some(known) if matches!(knowledge, Knowledge::Unknown(_)) && is_decided(known) => known.clone(),
            _ => Fact { knowledge, evidence },
        };
        self.decoded.facts.push((target, index, fact));
    }

    /// What is known already of a fact of a target.
    fn so_far(&self, target: &Target, index: FactIndex) -> Option<&'a Fact> {
        let facts = self.question.so_far;
        let subject = match target {
            Target::Credential => &facts.credential,
            Target::Repository(name) => &facts.repositories.iter().find(|(have, _)| have == name)?.1,
            Target::Organization(name) => &facts.organizations.iter().find(|(have, _)| have == name)?.1,
        };
        subject.get(index)
    }

    /// What is known already of a fact, as the question's target sees it.
    pub(super) fn known(&self, path: &str) -> Option<&'a Fact> {
        let index = host().fact(path)?;
        self.so_far(&target_of(self.question, index), index)
    }

    /// Reads a field that must be a text.
    pub(super) fn text(&self, body: &Json, pointer: &str) -> Result<String, Unknown> {
        match body.pointer(pointer) {
            Some(Json::String(text)) if !text.is_empty() => Ok(text.clone()),
            _ => Err(wrong_field(pointer, "a text")),
        }
    }

    /// Reads a field that is a text or null.
    pub(super) fn text_or_null(&self, body: &Json, pointer: &str) -> Knowledge {
        match body.pointer(pointer) {
            Some(Json::String(text)) if !text.is_empty() => Knowledge::Known(Value::String(text.clone())),
            Some(Json::String(_) | Json::Null) => Knowledge::Absent,
            _ => Knowledge::Unknown(wrong_field(pointer, "a text")),
        }
    }

    /// Reads a field that must be true or false.
    pub(super) fn bool(&self, body: &Json, pointer: &str) -> Knowledge {
        match body.pointer(pointer) {
            Some(Json::Bool(value)) => Knowledge::Known(Value::Bool(*value)),
            _ => Knowledge::Unknown(wrong_field(pointer, "true or false")),
        }
    }

    /// Settles every asked fact that nothing was told of, and gives what was read.
    fn finish(mut self, rest: Unknown) -> Decoded {
        let told: Vec<FactIndex> = self.decoded.facts.iter().map(|(_, index, _)| *index).collect();
        for index in self.question.facts.iter().filter(|index| !told.contains(index)) {
            self.tell(host().row(*index).path, Knowledge::Unknown(rest.clone()), "status of the answer");
        }
        self.decoded
    }

    /// Says when GitHub is about to drop the API version that is asked for.
    fn note_sunset(&mut self) {
        let near = |sunset| self.answer.at.duration_until(sunset) < SUNSET_NOTICE;
        if let Some(sunset) = headers::sunset(self.answer).filter(|sunset| near(*sunset)) {
            let version = requests::API_VERSION;
            let note = Incident::Note {
                text: format!("GitHub drops the API version {version}, which credcheck asks for, at {sunset}"),
                evidence: vec![self.evidence("header Sunset")],
            };
            self.decoded.incidents.push(note);
        }
    }
}

fn is_decided(fact: &Fact) -> bool {
    !matches!(fact.knowledge, Knowledge::Unknown(_))
}

/// A field is missing or of another type.
pub(super) fn wrong_field(pointer: &str, expected: &str) -> Unknown {
    let name = pointer.trim_start_matches('/').replace('/', ".");
    malformed(format!("the field `{name}` of the answer is not {expected}"))
}

/// The table's word for a text of the API, in whatever case.
pub(super) fn word_of(path: &str, text: &str) -> Option<&'static str> {
    match host().row(host().fact(path)?).ty {
        Type::Enum(table) => enum_word(table, text),
        Type::Level(table) => table.word(text),
        _ => None,
    }
}

/// The enum's word for a text of the API, in whatever case.
pub(super) fn enum_word(table: &'static EnumTable, text: &str) -> Option<&'static str> {
    table.words.iter().map(|(word, _)| *word).find(|word| word.eq_ignore_ascii_case(text))
}

/// A word that the table does not have.
pub(super) fn strange_word(pointer: &str, words: &[&str]) -> Unknown {
    let name = pointer.trim_start_matches('/').replace('/', ".");
    malformed(format!("the field `{name}` of the answer is none of {}", english::quoted_list(words, "or")))
}
