//! The record of a run (`--record`, `--replay`): facts for the reader, and trimmed exchanges that give the same facts again.
//!
//! JSON, version 1; keys stay, new ones may join. A record holds no secret that credcheck knows of: secrets are in no
//! exchange, and of answers only what [`trim`] leaves gets in. A record that is read may come from anyone, so
//! everything in it is checked and its size is capped; its texts are as untrusted as a host's.

use std::collections::BTreeSet;
use std::fmt;
use std::io;
use std::sync::Arc;

use jiff::Timestamp;
use serde::de::{Deserializer, SeqAccess, Visitor};
use serde::ser::Serializer;
use serde::{Deserialize, Serialize};
use url::Url;

use super::credential::{AppUse, Credential};
use super::evidence::RequestLabel;
use super::exchange::{Answer, Attempt, Exchange, Failure, HttpRequest};
use super::incident::Withheld;
use super::json::{Body, BodyOf};
use super::recorded::{NamedEntry, WithheldEntry};
pub use super::trim::{Kept, trim};
use crate::text::json::{Escapes, Writer};
use crate::text::redact::Redactor;
use crate::text::strict_json::Sound;
use crate::vocabulary::{self, Place, Request, Times};

/// What a run asked, and was told.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// The program that wrote it: `credcheck 0.1.0`.
    pub tool: String,
    /// When.
    pub at: Timestamp,
    /// The credentials with their exchanges.
    pub credentials: Vec<RecordedCredential>,
}

/// Writes a record credential by credential. What was made of it, the facts, comes last: for readers, not read back.
#[derive(Debug)]
pub struct RecordWriter<'a, W> {
    json: Writer<'a, W>,
}

impl<'a, W: io::Write> RecordWriter<'a, W> {
    /// Begins a record by this build.
    ///
    /// # Errors
    /// The sink's.
    pub fn begin(out: W, at: Timestamp, redactor: &'a Redactor) -> io::Result<Self> {
        let mut json = Writer::new(out, Escapes::Needed, 0, redactor);
        json.open('{')?;
        json.member("version", &Record::VERSION)?;
        json.member("tool", &concat!("credcheck ", env!("CARGO_PKG_VERSION")))?;
        json.member("at", &at.to_string())?;
        json.list("credentials")?;
        Ok(Self { json })
    }

    /// Writes a credential.
    ///
    /// # Errors
    /// The sink's.
    pub fn credential(&mut self, recorded: &RecordedCredential) -> io::Result<()> {
        self.json.element(&CredentialEntry::of(recorded))
    }

    /// Goes on elsewhere: `carry` takes what was written there.
    ///
    /// # Errors
    /// Those of `carry`.
    pub fn onto<V: io::Write>(self, carry: impl FnOnce(W) -> io::Result<V>) -> io::Result<RecordWriter<'a, V>> {
        Ok(RecordWriter { json: self.json.onto(carry)? })
    }

    /// Ends the record with the facts as `credcheck facts --format json` shows them, with their keys sorted: a value that
    /// stands one level deep. Gives back what was written to.
    ///
    /// # Errors
    /// The sink's.
    pub fn end(mut self, facts: impl FnOnce(&mut W) -> io::Result<()>) -> io::Result<W> {
        self.json.close(']')?;
        self.json.name("facts")?;
        facts(self.json.out())?;
        self.json.close('}')?;
        let mut out = self.json.into_out();
        out.write_all(b"\n")?;
        Ok(out)
    }
}

/// A credential, without its secret, and its exchanges in the order they were made.
#[derive(Clone, Debug)]
pub struct RecordedCredential {
    /// The credential.
    pub credential: Credential,
    /// Its exchanges.
    pub exchanges: Vec<RecordedExchange>,
    /// Why nothing was sent with it.
    pub withheld: Option<Withheld>,
}

impl PartialEq for RecordedCredential {
    /// By what a record holds of them.
    fn eq(&self, other: &Self) -> bool {
        CredentialEntry::of(self) == CredentialEntry::of(other)
    }
}

/// An exchange of which only what decoders read is left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedExchange {
    query: Option<String>,
    exchange: Exchange,
}

impl RecordedExchange {
    /// The part of an exchange that may be recorded; `row` says what its decoder reads, `kept` what all of the host's do.
    pub fn new(row: &Request, kept: Kept<'_>, request: &HttpRequest, exchange: &Exchange) -> Self {
        Self {
            query: request.body.clone(),
            exchange: Exchange {
                request: Arc::clone(&exchange.request),
                result: exchange.result.as_ref().map(|answer| trim(row, kept, answer)).map_err(Clone::clone),
                attempts: exchange.attempts.clone(),
            },
        }
    }

    /// An exchange of whose answer [`trim`] has left what may be recorded.
    pub(crate) const fn trimmed(query: Option<String>, exchange: Exchange) -> Self {
        Self { query, exchange }
    }

    /// The body of the request, for queries.
    pub fn query(&self) -> Option<&str> {
        self.query.as_deref()
    }

    /// The exchange.
    pub const fn exchange(&self) -> &Exchange {
        &self.exchange
    }
}

/// Why a text is not a record that can be replayed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// Larger than [`Record::MAX_BYTES`].
    #[error("the record has {bytes} bytes, more than the {} that are read", Record::MAX_BYTES)]
    TooLarge {
        /// How large.
        bytes: usize,
    },
    /// Not JSON, or nested too deeply.
    #[error("the record is not valid JSON at line {line}, column {column}")]
    NotJson {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
    },
    /// JSON, but not of a record's shape.
    #[error("this is not a credcheck record: something is missing or has another type at line {line}, column {column}")]
    Shape {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
    },
    /// Of a version that this build does not read.
    #[error("the record has version {found}, and this build reads version {}", Record::VERSION)]
    Version {
        /// Its version.
        found: u64,
    },
    /// Two credentials have one name.
    #[error("the record has two credentials named `{name}`")]
    TwoCredentials {
        /// The name.
        name: String,
    },
    /// A host kind that the vocabulary does not have.
    #[error("the record's credential `{credential}` is of the unknown host kind `{word}`")]
    UnknownHost {
        /// The credential.
        credential: String,
        /// The word.
        word: String,
    },
    /// A credential kind that the host does not have; `None` where there is none at all.
    #[error("the record's credential `{credential}` has {}", unknown_kind(word.as_deref()))]
    UnknownKind {
        /// The credential.
        credential: String,
        /// The word.
        word: Option<String>,
    },
    /// An address that is not an HTTP address, or has user information in it.
    #[error("the record's credential `{credential}` has an API address that cannot be used")]
    Address {
        /// The credential.
        credential: String,
    },
    /// An exchange that no run makes: another method than GET and POST, a status that HTTP does not have, neither an
    /// answer nor a failure or both.
    #[error("exchange {number} of the record's credential `{credential}` makes no sense: {what}")]
    Exchange {
        /// The credential.
        credential: String,
        /// Which one, from 1.
        number: usize,
        /// What is wrong with it.
        what: &'static str,
    },
    /// A time that cannot be read.
    #[error("the record's own time cannot be read")]
    Time,
}

fn unknown_kind(word: Option<&str>) -> String {
    word.map_or_else(|| "no kind".into(), |word| format!("the unknown kind `{word}`"))
}

impl Record {
    /// The version of the format.
    pub const VERSION: u64 = 1;
    /// The most bytes that are read: those of 1,000 credentials with 50 repositories each are 263 MiB.
    pub const MAX_BYTES: usize = 384 * 1024 * 1024;

    /// Reads a record.
    ///
    /// # Errors
    /// [`RecordError`] for what is not a record of this version; nothing in it is trusted before.
    pub fn read(bytes: &[u8]) -> Result<Self, RecordError> {
        if bytes.len() > Self::MAX_BYTES {
            return Err(RecordError::TooLarge { bytes: bytes.len() });
        }
        let file: File = match parse(bytes) {
            Ok(file) => file,
            // Another version may well have another shape.
            Err(error) => {
                let Probe { version } = parse(bytes)?;
                return Err(if version == Self::VERSION { error } else { RecordError::Version { found: version } });
            }
        };
        if file.version != Self::VERSION {
            return Err(RecordError::Version { found: file.version });
        }
        let credentials = file.credentials.0?;
        let at = file.at.parse().map_err(|_| RecordError::Time)?;
        Ok(Self { tool: file.tool, at, credentials })
    }
}

fn parse<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, RecordError> {
    // Whether it is text is looked at once, and not for each of its strings.
    let read = match std::str::from_utf8(bytes) {
        Ok(text) => serde_json::from_str(text),
        Err(_) => serde_json::from_slice(bytes),
    };
    read.map_err(|error| {
        let (line, column) = (error.line(), error.column());
        if error.is_data() { RecordError::Shape { line, column } } else { RecordError::NotJson { line, column } }
    })
}

#[derive(Deserialize)]
struct Probe {
    version: u64,
}

#[derive(Deserialize)]
struct File {
    version: u64,
    tool: String,
    at: String,
    credentials: Credentials,
    #[serde(rename = "facts")]
    _facts: Sound,
}

/// Credentials, each taken for what it is as soon as it is read; or what is first wrong with them.
struct Credentials(Result<Vec<RecordedCredential>, RecordError>);

impl<'de> Deserialize<'de> for Credentials {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct List;

        impl<'de> Visitor<'de> for List {
            type Value = Credentials;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a list of credentials")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Credentials, A::Error> {
                let mut names = BTreeSet::new();
                let mut read = Ok(Vec::new());
                while let Some(entry) = sequence.next_element::<CredentialEntry<Vec<ExchangeEntry>>>()? {
                    // What has not even the shape of a record is told first, wherever it stands.
                    let Ok(credentials) = &mut read else { continue };
                    if !names.insert(entry.name.clone()) {
                        read = Err(RecordError::TwoCredentials { name: entry.name });
                        continue;
                    }
                    match entry.into_credential() {
                        Ok(credential) => credentials.push(credential),
                        Err(error) => read = Err(error),
                    }
                }
                Ok(Credentials(read))
            }
        }

        deserializer.deserialize_seq(List)
    }
}

#[derive(PartialEq, Serialize, Deserialize)]
struct CredentialEntry<E> {
    name: String,
    host: String,
    url: String,
    api: String,
    username: Option<String>,
    kinds: Vec<String>,
    kind_evidence: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    token_id: Option<String>,
    /// When the token's text says that it was made and ends, in seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    begins: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ends: Option<i64>,
    scope: Vec<NamedEntry>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    excluded: Vec<NamedEntry>,
    #[serde(default, skip_serializing_if = "AppEntry::is_default")]
    app: AppEntry,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    probes: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    withheld: Option<WithheldEntry>,
    exchanges: E,
}

/// What GitHub Apps add to a credential.
#[derive(Default, PartialEq, Serialize, Deserialize)]
struct AppEntry {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    installation: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    checker: Option<String>,
    #[serde(default)]
    mints: bool,
}

impl AppEntry {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// An exchange as it is read.
#[derive(Deserialize)]
struct ExchangeEntry {
    method: String,
    url: String,
    #[serde(default)]
    query: Option<String>,
    /// The status of each attempt; `null` where no answer came.
    attempts: Vec<Option<u16>>,
    #[serde(default)]
    answer: Option<AnswerEntry>,
    #[serde(default)]
    failure: Option<FailureEntry>,
}

#[derive(Deserialize)]
struct AnswerEntry {
    status: u16,
    at: String,
    headers: Vec<(String, String)>,
    /// Absent where the body was not JSON; `null` is JSON.
    #[serde(default, deserialize_with = "present")]
    json: Option<Body>,
}

/// A field that is there, be it `null`.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Body>, D::Error> {
    Body::deserialize(deserializer).map(Some)
}

/// Exchanges as they are written: one after another.
#[derive(PartialEq)]
struct Exchanges<'a>(&'a [RecordedExchange]);

impl Serialize for Exchanges<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(ExchangeRow::of))
    }
}

/// An exchange as it is written, with the keys of [`ExchangeEntry`].
#[derive(Serialize)]
struct ExchangeRow<'a> {
    method: &'static str,
    url: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    query: Option<&'a str>,
    attempts: Vec<Option<u16>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<AnswerRow<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<FailureEntry>,
}

#[derive(Serialize)]
struct AnswerRow<'a> {
    status: u16,
    at: String,
    headers: &'a [(String, String)],
    #[serde(skip_serializing_if = "Option::is_none")]
    json: Option<BodyOf<'a>>,
}

/// A failure, by kind. The words are ours where we wrote the record.
#[derive(PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "detail", rename_all = "kebab-case")]
enum FailureEntry {
    Connection(String),
    Tls(String),
    Timeout(String),
    TooLarge(usize),
    Unreadable(String),
    Redirect(String),
    Budget(String),
    NotMinted(String),
    NotRecorded,
}

impl From<&Failure> for FailureEntry {
    fn from(failure: &Failure) -> Self {
        match failure.clone() {
            Failure::Connection(text) => Self::Connection(text),
            Failure::Tls(text) => Self::Tls(text),
            Failure::Timeout(text) => Self::Timeout(text),
            Failure::TooLarge(bytes) => Self::TooLarge(bytes),
            Failure::Unreadable(text) => Self::Unreadable(text),
            Failure::Redirect(text) => Self::Redirect(text),
            Failure::Budget(text) => Self::Budget(text),
            Failure::NotMinted(text) => Self::NotMinted(text),
            Failure::NotRecorded => Self::NotRecorded,
        }
    }
}

impl From<FailureEntry> for Failure {
    fn from(entry: FailureEntry) -> Self {
        match entry {
            FailureEntry::Connection(text) => Self::Connection(text),
            FailureEntry::Tls(text) => Self::Tls(text),
            FailureEntry::Timeout(text) => Self::Timeout(text),
            FailureEntry::TooLarge(bytes) => Self::TooLarge(bytes),
            FailureEntry::Unreadable(text) => Self::Unreadable(text),
            FailureEntry::Redirect(text) => Self::Redirect(text),
            FailureEntry::Budget(text) => Self::Budget(text),
            FailureEntry::NotMinted(text) => Self::NotMinted(text),
            FailureEntry::NotRecorded => Self::NotRecorded,
        }
    }
}

impl<'a> CredentialEntry<Exchanges<'a>> {
    fn of(recorded: &'a RecordedCredential) -> Self {
        let credential = &recorded.credential;
        Self {
            name: credential.name.clone(),
            host: credential.host.word().to_owned(),
            url: credential.url.clone(),
            api: credential.api.to_string(),
            username: credential.username.clone(),
            kinds: credential.kinds.iter().map(|kind| kind.word.to_owned()).collect(),
            kind_evidence: credential.kind_evidence.as_ref().map(ToString::to_string),
            token_id: credential.token_id.clone(),
            begins: credential.times.begins.map(Timestamp::as_second),
            ends: credential.times.ends.map(Timestamp::as_second),
            scope: credential.scope.iter().map(NamedEntry::from).collect(),
            excluded: credential.excluded.iter().map(NamedEntry::from).collect(),
            app: AppEntry {
                installation: credential.app.installation,
                checker: credential.app.checker.clone(),
                mints: credential.app.mints,
            },
            probes: credential.probes,
            withheld: recorded.withheld.as_ref().map(WithheldEntry::from),
            exchanges: Exchanges(&recorded.exchanges),
        }
    }
}

impl CredentialEntry<Vec<ExchangeEntry>> {
    fn into_credential(self) -> Result<RecordedCredential, RecordError> {
        let name = self.name;
        let Some(host) = vocabulary::host_kind(&self.host) else {
            return Err(RecordError::UnknownHost { credential: name, word: self.host });
        };
        let mut kinds = Vec::new();
        for word in self.kinds {
            match vocabulary::host(host).credential_kind(&word) {
                Some(kind) => kinds.push(kind),
                None => return Err(RecordError::UnknownKind { credential: name, word: Some(word) }),
            }
        }
        if kinds.is_empty() {
            return Err(RecordError::UnknownKind { credential: name, word: None });
        }
        let usable = |api: &Url| {
            let bare = api.username().is_empty() && api.password().is_none();
            bare && matches!(api.scheme(), "http" | "https") && api.has_host()
        };
        let Some(api) = Url::parse(&self.api).ok().filter(usable) else {
            return Err(RecordError::Address { credential: name });
        };
        let mut exchanges = Vec::new();
        for (at, entry) in self.exchanges.into_iter().enumerate() {
            let recorded = entry.into_exchange();
            exchanges.push(recorded.map_err(|what| RecordError::Exchange {
                credential: name.clone(),
                number: at + 1,
                what,
            })?);
        }
        let time = |second: i64| Timestamp::from_second(second).ok();
        let credential = Credential {
            name,
            host,
            url: self.url,
            api,
            username: self.username,
            kinds,
            kind_evidence: self.kind_evidence.map(|text| Place::Recorded(text.into())),
            token_id: self.token_id,
            times: Times { begins: self.begins.and_then(time), ends: self.ends.and_then(time) },
            scope: self.scope.into_iter().map(|entry| entry.into_scope(host)).collect(),
            excluded: self.excluded.into_iter().map(|entry| entry.into_scope(host)).collect(),
            app: AppUse { installation: self.app.installation, checker: self.app.checker, mints: self.app.mints },
            probes: self.probes,
        };
        Ok(RecordedCredential { credential, exchanges, withheld: self.withheld.map(Withheld::from) })
    }
}

impl<'a> ExchangeRow<'a> {
    fn of(recorded: &'a RecordedExchange) -> Self {
        let exchange = &recorded.exchange;
        let answer = |answer: &'a Answer| AnswerRow {
            status: answer.status,
            at: answer.at.to_string(),
            headers: &answer.headers,
            // What is no JSON is not left by `trim`.
            json: (!answer.body.is_empty()).then_some(BodyOf(&answer.body)),
        };
        Self {
            method: exchange.request.method,
            url: &exchange.request.url,
            query: recorded.query.as_deref(),
            attempts: exchange.attempts.iter().map(|attempt| attempt.status).collect(),
            answer: exchange.result.as_ref().ok().map(answer),
            failure: exchange.result.as_ref().err().map(FailureEntry::from),
        }
    }
}

impl ExchangeEntry {
    fn into_exchange(self) -> Result<RecordedExchange, &'static str> {
        let method = match self.method.as_str() {
            "GET" => "GET",
            "POST" => "POST",
            "PATCH" => "PATCH",
            _ => return Err("its method is none of GET, POST and PATCH"),
        };
        let result = match (self.answer, self.failure) {
            (Some(answer), None) => Ok(answer.into_answer()?),
            (None, Some(failure)) => Err(failure.into()),
            _ => return Err("it needs either an answer or a failure"),
        };
        let request = Arc::new(RequestLabel { method, url: self.url });
        let attempts = self.attempts.into_iter().map(|status| Attempt { status }).collect();
        Ok(RecordedExchange { query: self.query, exchange: Exchange { request, result, attempts } })
    }
}

impl AnswerEntry {
    fn into_answer(self) -> Result<Answer, &'static str> {
        if !(100..=999).contains(&self.status) {
            return Err("its status is not one of HTTP");
        }
        let at = self.at.parse().map_err(|_| "its time cannot be read")?;
        let body = self.json.map_or_else(Vec::new, |body| body.0);
        let headers = self.headers.into_iter().map(|(name, value)| (name.to_ascii_lowercase(), value)).collect();
        Ok(Answer { status: self.status, headers, body, at })
    }
}

#[cfg(test)]
#[path = "record_tests.rs"]
mod tests;
