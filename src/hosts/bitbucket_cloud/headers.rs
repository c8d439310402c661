//! What the headers of an answer say of the credential: its kind and its scopes.

use serde_json::Value as Json;

use super::tables::host;
use super::told::Told;
use crate::facts::{Answer, Bounds, Cause, Evidence, Fact, Incident, Knowledge, Target, Unknown, Value};
use crate::hosts::reader::{Reader, malformed};
use crate::hosts::strange;
use crate::hosts::words::listed;
use crate::text::english;
use crate::vocabulary::bitbucket_cloud::headers::{X_CREDENTIAL_TYPE, X_OAUTH_SCOPES, X_RATELIMIT_NEARLIMIT};
use crate::vocabulary::{NameSet, Place, Type, field};

/// Where the tables say that their other spellings of kinds come from this header.
const SEEN_IN: &str = "the header X-Credential-Type";

/// Reads the headers of an answer that Bitbucket gave to a credential that it takes.
pub(super) fn read(reader: &mut Reader<'_>, body: &Json) {
    kind(reader);
    scopes(reader, body);
    if reader.answer.header(X_RATELIMIT_NEARLIMIT).is_some_and(|text| text.trim().eq_ignore_ascii_case("true")) {
        let evidence = vec![reader.evidence(X_RATELIMIT_NEARLIMIT)];
        let text = "Bitbucket says that this credential has nearly used up its requests of this hour".to_owned();
        reader.decoded.incidents.push(Incident::Note { text, evidence });
    }
}

/// `X-Credential-Type`; `None` where it is missing or empty.
pub(super) fn credential_type(answer: &Answer) -> Option<String> {
    answer.header(X_CREDENTIAL_TYPE).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// The kinds that the header names as the tables do.
const NAMED_ALIKE: [&str; 3] = ["api_token", "project_access_token", "workspace_access_token"];

/// The table's word for a value of `X-Credential-Type`.
fn kind_word(text: &str) -> Option<&'static str> {
    let Type::Enum(table) = host().row(host().fact("token.kind")?).ty else { return None };
    let other = table.aliases.iter().filter(|alias| alias.seen_in == SEEN_IN);
    let mut names = other.map(|alias| (alias.spelling, alias.name)).chain(NAMED_ALIKE.map(|word| (word, word)));
    names.find(|(spelling, _)| spelling.eq_ignore_ascii_case(text)).map(|(_, word)| word)
}

/// The kind: the header decides among those that the text leaves open, and may contradict what was declared.
fn kind(reader: &mut Reader<'_>) {
    let source = X_CREDENTIAL_TYPE;
    let possible = &reader.question.credential.kinds;
    let named = credential_type(reader.answer);
    let word = named.as_deref().and_then(kind_word);
    match (word, possible.as_slice()) {
        (Some(word), [only]) if only.word == word => {
            let how = reader.question.credential.kind_evidence.clone();
            let own = Evidence::own(how.unwrap_or(Place::Settings));
            let evidence = vec![own, reader.evidence(source)];
            reader.tell_with("token.kind", Knowledge::Known(Value::Word(word)), evidence);
        }
        (Some(word), [only]) => {
            let title = host().credential_kind(word).map_or(word, |kind| kind.title);
            let how = format!(
                "is taken for {}, and Bitbucket says it is {}",
                english::with_article(only.title),
                english::with_article(title)
            );
            let open =
                malformed("what is said of the credential and the header X-Credential-Type name different kinds");
            contradicted(reader, &how, Knowledge::Unknown(open));
        }
        (Some(word), several) if several.iter().any(|kind| kind.word == word) => {
            reader.tell("token.kind", Knowledge::Known(Value::Word(word)), source);
        }
        (Some(word), several) => {
            let title = host().credential_kind(word).map_or(word, |kind| kind.title);
            let how = format!("does not begin like {}, and Bitbucket says it is one", english::with_article(title));
            let why = malformed("the text of the credential and the header X-Credential-Type name different kinds");
            let words = several.iter().map(|kind| kind.word).chain([word]).collect();
            contradicted(reader, &how, Knowledge::Bounded(Bounds::Candidates(words), why));
        }
        // Bitbucket's word for OAuth tokens is not known: another one says nothing against what the text says.
        (None, several) if several.iter().all(|kind| !kind.word.ends_with("_access_token")) => {}
        (None, [_]) => {}
        (None, several) => {
            let why = malformed(match named {
                Some(_) => "the header X-Credential-Type names a kind that credcheck does not know",
                None => {
                    "the answer lacks the header X-Credential-Type, and the credential's text does not tell its kind"
                }
            });
            let words = several.iter().map(|kind| kind.word).collect();
            reader.tell("token.kind", Knowledge::Bounded(Bounds::Candidates(words), why), source);
        }
    }
}

/// The header and what is said of the credential elsewhere name different kinds: neither is believed.
fn contradicted(reader: &mut Reader<'_>, how: &str, knowledge: Knowledge) {
    let evidence = vec![reader.evidence(X_CREDENTIAL_TYPE)];
    // Told even where it was not asked: until now it counted as known.
    if let Some(index) = host().fact("token.kind") {
        let fact = Fact { knowledge, evidence: evidence.clone() };
        reader.decoded.facts.push((Target::Credential, index, fact));
    }
    let text = format!("the credential {how}, so its kind is open");
    reader.decoded.incidents.push(Incident::Note { text, evidence });
}

/// The scopes: from the header, else from the list that a refusal for lack of one names.
fn scopes(reader: &mut Reader<'_>, body: &Json) {
    let header = reader.answer.header(X_OAUTH_SCOPES).map(|text| listed(&text));
    let granted = Told::granted(body);
    let (source, names) = match (header, granted) {
        (Some(names), _) if names.is_empty() && credential_type(reader.answer).is_none() => {
            let why = malformed("the header X-OAuth-Scopes is empty, and nothing shows that Bitbucket sent it");
            return reader.tell("token.scopes", Knowledge::Unknown(why), X_OAUTH_SCOPES);
        }
        (Some(names), Some(granted)) if !same(&names, &granted) => {
            let why = malformed("the header X-OAuth-Scopes and the list of scopes in the answer are not the same");
            return reader.tell("token.scopes", Knowledge::Unknown(why), X_OAUTH_SCOPES);
        }
        (Some(names), _) => (Place::from(X_OAUTH_SCOPES), names),
        (None, Some(granted)) => (field("error.detail.granted").into(), granted),
        (None, None) => {
            let why = malformed("the answer lacks the header X-OAuth-Scopes, which does not mean that there are none");
            return reader.tell("token.scopes", Knowledge::Unknown(why), Place::from(X_OAUTH_SCOPES).missing());
        }
    };
    let Some(set) = set_of(&names) else { return };
    let evidence = || vec![reader.evidence(&source)];
    let notes = strange::names("the credential", ("scope", "scopes"), set.unknown_names(), evidence);
    reader.decoded.incidents.extend(notes);
    reader.tell("token.scopes", Knowledge::Known(Value::Names(set)), source);
}

/// Whether two lists grant the same: one of them may have implied scopes written out.
fn same(one: &[String], other: &[String]) -> bool {
    match (set_of(one), set_of(other)) {
        (Some(one), Some(other)) => one.covers(&other) && other.covers(&one),
        _ => false,
    }
}

fn set_of(names: &[String]) -> Option<NameSet> {
    match host().row(host().fact("token.scopes")?).ty {
        Type::Names(table) => Some(NameSet::new(table, names)),
        _ => None,
    }
}

/// What is known of the scopes by now: by this answer, else by an earlier one.
pub(super) fn known_scopes(reader: &Reader<'_>) -> Option<NameSet> {
    if let Some(names) = reader.answer.header(X_OAUTH_SCOPES).filter(|_| credential_type(reader.answer).is_some()) {
        return set_of(&listed(&names));
    }
    match reader.known("token.scopes")?.knowledge.value()? {
        Value::Names(names) => Some(names.clone()),
        _ => None,
    }
}

/// Why a fact about the user stays open for an access token.
pub(super) fn user_is_closed() -> Unknown {
    Unknown::new(Cause::NotRevealable, "Bitbucket refuses to tell access tokens who they are")
}
