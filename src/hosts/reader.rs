//! Reading an answer into facts: what every host's decoders share. Each fact told has the request and the place of the
//! answer as its evidence; what an answer leaves open is told as unknown, with its cause, where it was asked.

use std::sync::Arc;

use serde_json::Value as Json;

use super::alike;
use super::question::{Decoded, Question};
use crate::facts::{Answer, Cause, Evidence, Exchange, Fact, Failure, Knowledge, RequestLabel, Target, Unknown};
use crate::text::english;
use crate::vocabulary::{self, CredentialKind, EnumTable, FactIndex, Host, Place, Subject, Type};

/// Why nothing is known where no usable answer came.
pub(super) fn failure(failure: &Failure) -> Unknown {
    let cause = match failure {
        Failure::TooLarge(_) | Failure::Unreadable(_) => Cause::Malformed,
        Failure::NotMinted(_) => Cause::NotPermitted,
        Failure::Connection(_)
        | Failure::Tls(_)
        | Failure::Timeout(_)
        | Failure::Redirect(_)
        | Failure::Budget(_)
        | Failure::NotRecorded => Cause::NotReachable,
    };
    Unknown::new(cause, failure.to_string())
}

/// Every fact of a question, unknown because no usable answer came.
pub(super) fn failed(question: &Question<'_>, exchange: &Exchange, broken: &Failure) -> Decoded {
    let unknown = failure(broken);
    let status = exchange.attempts.last().and_then(|attempt| attempt.status);
    let mut decoded = Decoded::default();
    let evidence = vec![Evidence::answer(&exchange.request, status, Place::NoAnswer)];
    for (target, index) in every(question) {
        decoded.facts.push((
            target,
            index,
            Fact { knowledge: Knowledge::Unknown(unknown.clone()), evidence: evidence.clone() },
        ));
    }
    if question.row.listing.is_some() {
        decoded.incomplete = Some(unknown);
    }
    decoded
}

/// Every asked fact of every target.
fn every(question: &Question<'_>) -> impl Iterator<Item = (Target, FactIndex)> {
    let host = vocabulary::host(question.credential.host);
    question
        .targets
        .iter()
        .flat_map(move |target| question.facts.iter().map(move |index| (owner_of(host, target, *index), *index)))
}

/// An unknown for an answer that makes no sense.
pub(super) fn malformed(reason: impl Into<String>) -> Unknown {
    Unknown::new(Cause::Malformed, reason)
}

/// Whose a fact is, as seen from what a question is about.
fn owner_of(host: &Host, target: &Target, index: FactIndex) -> Target {
    match (host.row(index).subject, target) {
        (Subject::Credential, _) => Target::Credential,
        (Subject::Organization, Target::Repository(name)) => Target::Organization(name.owner().to_owned()),
        (_, target) => target.clone(),
    }
}

/// What is known already of a fact of a target.
fn so_far<'a>(question: &Question<'a>, target: &Target, index: FactIndex) -> Option<&'a Fact> {
    let facts = question.so_far;
    facts.subject(facts.subject_of(target)?)?.get(index)
}

/// A fact as it is told of a target: what is unknown is told only where it was asked, and takes nothing back that is
/// known. `None` where there is nothing to tell.
pub(super) fn told(
    question: &Question<'_>,
    target: &Target,
    path: &str,
    knowledge: Knowledge,
    evidence: Vec<Evidence>,
) -> Option<(Target, FactIndex, Fact)> {
    let host = vocabulary::host(question.credential.host);
    let index = host.fact(path)?;
    let is_open = matches!(knowledge, Knowledge::Unknown(_));
    if is_open && !question.facts.contains(&index) {
        return None;
    }
    let target = owner_of(host, target, index);
    let fact = match so_far(question, &target, index) {
        Some(known) if is_open && is_decided(known) => known.clone(),
        _ => Fact { knowledge, evidence },
    };
    Some((target, index, fact))
}

/// The asked facts of a target that nothing was told of, each as it is settled: known already, or open for this reason.
pub(super) fn open(
    question: &Question<'_>,
    decoded: &Decoded,
    target: &Target,
    rest: &Unknown,
    evidence: &[Evidence],
) -> Vec<(Target, FactIndex, Fact)> {
    let host = vocabulary::host(question.credential.host);
    let mut settled = Vec::new();
    for index in question.facts {
        let target = owner_of(host, target, *index);
        if decoded.facts.iter().any(|(whose, have, _)| have == index && *whose == target) {
            continue;
        }
        let fact = match so_far(question, &target, *index) {
            Some(known) if is_decided(known) && !explains(rest, decoded, known) => known.clone(),
            _ => Fact { knowledge: Knowledge::Unknown(rest.clone()), evidence: evidence.to_vec() },
        };
        settled.push((target, *index, fact));
    }
    settled
}

/// An answer while it is read: the question, the answer, and what is told so far.
pub(super) struct Reader<'a> {
    pub(super) question: &'a Question<'a>,
    request: &'a Arc<RequestLabel>,
    pub(super) answer: &'a Answer,
    pub(super) decoded: Decoded,
    /// Whose facts are told: of a batch, one target after the other.
    target: &'a Target,
}

impl<'a> Reader<'a> {
    pub(super) fn new(question: &'a Question<'a>, request: &'a Arc<RequestLabel>, answer: &'a Answer) -> Self {
        Self { question, request, answer, decoded: Decoded::default(), target: question.target() }
    }

    /// Goes on with a target of a batch.
    pub(super) fn turn_to(&mut self, target: &'a Target) {
        self.target = target;
    }

    /// Whose facts are told now.
    pub(super) const fn target(&self) -> &'a Target {
        self.target
    }

    /// The host's tables.
    pub(super) fn host(&self) -> &'static Host {
        vocabulary::host(self.question.credential.host)
    }

    /// Evidence in this answer.
    pub(super) fn evidence(&self, source: impl Into<Place>) -> Evidence {
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
        match self.target {
            Target::Credential => None,
            Target::Repository(name) => Some(name.owner()),
            Target::Organization(name) => Some(name),
        }
    }

    /// Tells a fact of the question's own target, from one place of the answer.
    pub(super) fn tell(&mut self, path: &str, knowledge: Knowledge, source: impl Into<Place>) {
        let evidence = vec![self.evidence(source)];
        self.tell_with(path, knowledge, evidence);
    }

    /// Tells a fact of the question's own target, asked for or not: what is not known of it stands in the way of others.
    pub(super) fn tell_always(&mut self, path: &str, knowledge: Knowledge, source: impl Into<Place>) {
        let Some(index) = self.host().fact(path) else { return };
        let fact = Fact { knowledge, evidence: vec![self.evidence(source)] };
        self.decoded.facts.push((owner_of(self.host(), self.target, index), index, fact));
    }

    /// Tells a fact with its own evidence. What is unknown is told only where it was asked.
    pub(super) fn tell_with(&mut self, path: &str, knowledge: Knowledge, evidence: Vec<Evidence>) {
        let told = told(self.question, self.target, path, knowledge, evidence);
        self.decoded.facts.extend(told);
    }

    /// What is known already of a fact, as the question's target sees it.
    pub(super) fn known(&self, path: &str) -> Option<&'a Fact> {
        let index = self.host().fact(path)?;
        so_far(self.question, &owner_of(self.host(), self.target, index), index)
    }

    /// Reads a field that must be a text.
    pub(super) fn text(&self, body: &Json, pointer: &str) -> Result<String, Unknown> {
        match body.pointer(pointer) {
            Some(Json::String(text)) if !text.is_empty() => Ok(text.clone()),
            _ => Err(wrong_field(pointer, "a text")),
        }
    }

    /// A 200 that is no JSON: it tells nothing, and a list with such a page has no end that is known.
    pub(super) fn unreadable(&mut self, host: &str) -> Unknown {
        let unknown = alike::not_json(host);
        if self.question.row.listing.is_some() {
            self.decoded.incomplete = Some(unknown.clone());
        }
        unknown
    }

    /// Settles every asked fact of the target at hand that nothing was told of.
    pub(super) fn settle(&mut self, rest: &Unknown) {
        let evidence = [self.evidence(Place::Status)];
        let open = open(self.question, &self.decoded, self.target, rest, &evidence);
        self.decoded.facts.extend(open);
    }

    /// Settles every asked fact of every target that nothing was told of, and gives what was read.
    pub(super) fn finish(mut self, rest: &Unknown) -> Decoded {
        self.settle_all(rest);
        self.decoded
    }

    /// Settles every asked fact of every target that nothing was told of.
    pub(super) fn settle_all(&mut self, rest: &Unknown) {
        for target in self.question.targets {
            self.turn_to(target);
            self.settle(rest);
        }
    }
}

fn is_decided(fact: &Fact) -> bool {
    !matches!(fact.knowledge, Knowledge::Unknown(_))
}

/// Whether a refusal says better why something stays open than what such credentials are like. So does an answer that makes
/// no sense, unless it told something all the same: then such answers are silent about the rest.
fn explains(refused: &Unknown, decoded: &Decoded, known: &Fact) -> bool {
    let is_silent = || decoded.facts.iter().any(|(.., fact)| is_decided(fact));
    matches!(&known.knowledge, Knowledge::Bounded(_, why) if refused.is_worse_than(why))
        && !(refused.cause == Cause::Malformed && is_silent())
}

/// A field is missing or of another type.
pub(super) fn wrong_field(pointer: &str, expected: &str) -> Unknown {
    let name = pointer.trim_start_matches('/').replace('/', ".");
    malformed(format!("the field `{name}` of the answer is not {expected}"))
}

/// A host's word for a text of its API, in whatever case.
pub(super) fn word_of(host: &'static Host, path: &str, text: &str) -> Option<&'static str> {
    match host.row(host.fact(path)?).ty {
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
