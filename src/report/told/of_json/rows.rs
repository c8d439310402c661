//! The rows of a JSON report, as they are read. A key that may be null has to be there all the same.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use jiff::Timestamp;
use serde::de::{Deserializer, Error, Visitor};
use serde::{Deserialize, de};
use serde_json::value::RawValue;

use crate::report::told::{Credential, Expires, Note, Outcome, Place, RateLimit, Severity, Verdict, Waiver};

/// A time.
#[derive(Clone, Copy)]
pub(super) struct Time(pub(super) Timestamp);

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        text.parse().map(Self).map_err(|_| D::Error::invalid_value(de::Unexpected::Str(&text), &"a time (RFC 3339)"))
    }
}

/// A word of a closed list.
trait Word: Sized {
    /// What it can be.
    const WHAT: &'static str;

    fn of(word: &str) -> Option<Self>;
}

impl Word for Verdict {
    const WHAT: &'static str = "an outcome";

    fn of(word: &str) -> Option<Self> {
        Self::of_word(word)
    }
}

impl Word for Severity {
    const WHAT: &'static str = "a severity";

    fn of(word: &str) -> Option<Self> {
        Self::of_word(word)
    }
}

struct Worded<T>(T);

impl<'de, T: Word> Deserialize<'de> for Worded<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any<T>(PhantomData<T>);

        impl<T: Word> Visitor<'_> for Any<T> {
            type Value = T;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(T::WHAT)
            }

            fn visit_str<E: Error>(self, word: &str) -> Result<T, E> {
                T::of(word).ok_or_else(|| E::invalid_value(de::Unexpected::Str(word), &self))
            }
        }

        deserializer.deserialize_str(Any(PhantomData)).map(Worded)
    }
}

/// A value that may be null, and has to be there: a key that is missing is a mistake.
fn there<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    Option::deserialize(deserializer)
}

#[derive(Deserialize)]
pub(super) struct InterruptedRow {
    pub(super) judged: usize,
    pub(super) credentials: usize,
}

#[derive(Deserialize)]
pub(super) struct ReplayedRow {
    pub(super) file: String,
    pub(super) at: Time,
}

#[derive(Deserialize)]
pub(super) struct PolicyRow {
    pub(super) file: String,
    pub(super) sha256: String,
    #[serde(deserialize_with = "there")]
    pub(super) used_at: Option<PlaceRow>,
}

#[derive(Deserialize)]
pub(super) struct RuleRow {
    pub(super) name: String,
    #[serde(deserialize_with = "there")]
    pub(super) title: Option<String>,
    #[serde(deserialize_with = "there")]
    pub(super) because: Option<String>,
    #[serde(deserialize_with = "there")]
    pub(super) fix: Option<String>,
    #[serde(deserialize_with = "there")]
    pub(super) see: Option<String>,
    pub(super) demands: bool,
    pub(super) policy: PlaceRow,
}

#[derive(Deserialize)]
pub(super) struct PlaceRow {
    file: String,
    line: usize,
    column: usize,
    end_line: Option<usize>,
    end_column: Option<usize>,
}

impl PlaceRow {
    pub(super) fn place(self) -> Place {
        let Self { file, line, column, end_line, end_column } = self;
        Place { file, line, column, end: end_line.zip(end_column) }
    }
}

#[derive(Deserialize)]
pub(super) struct CredentialRow<'a> {
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(borrow)]
    host: Cow<'a, str>,
    #[serde(borrow)]
    url: Cow<'a, str>,
    #[serde(deserialize_with = "there")]
    kind: Option<Cow<'a, str>>,
    #[serde(deserialize_with = "there")]
    valid: Option<bool>,
    expires: ExpiresRow,
    #[serde(deserialize_with = "there")]
    rate_limit: Option<RateLimitRow>,
}

struct ExpiresRow(Expires);

impl<'de> Deserialize<'de> for ExpiresRow {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Row<'a> {
            #[serde(borrow)]
            state: Cow<'a, str>,
            #[serde(deserialize_with = "there")]
            at: Option<Time>,
        }
        let Row { state, at } = Row::deserialize(deserializer)?;
        match (state.as_ref(), at) {
            ("known", Some(Time(at))) => Ok(Self(Expires::At(at))),
            ("never", None) => Ok(Self(Expires::Never)),
            ("unknown", None) => Ok(Self(Expires::Unknown)),
            _ => Err(D::Error::custom("`expires` has a `state` and a time that do not go together")),
        }
    }
}

#[derive(Deserialize)]
struct RateLimitRow {
    limit: u64,
    remaining: u64,
    #[serde(deserialize_with = "there")]
    resets_at: Option<Time>,
}

impl<'a> CredentialRow<'a> {
    pub(super) fn credential(self) -> Credential<'a> {
        let Self { name, host, url, kind, valid, expires, rate_limit } = self;
        let rate_limit = rate_limit.map(|row| RateLimit {
            limit: row.limit,
            remaining: row.remaining,
            resets_at: row.resets_at.map(|Time(at)| at),
        });
        Credential { name, host, url, kind, valid, expires: expires.0, rate_limit }
    }
}

#[derive(Deserialize)]
pub(super) struct OutcomeRow<'a> {
    #[serde(borrow)]
    rule: Cow<'a, str>,
    #[serde(deserialize_with = "there")]
    statement: Option<usize>,
    #[serde(deserialize_with = "there")]
    verb: Option<Cow<'a, str>>,
    #[serde(deserialize_with = "there")]
    demand: Option<Cow<'a, str>>,
    outcome: Worded<Verdict>,
    #[serde(deserialize_with = "there")]
    code: Option<Cow<'a, str>>,
    #[serde(deserialize_with = "there")]
    severity: Option<Worded<Severity>>,
    #[serde(borrow)]
    credential: Cow<'a, str>,
    #[serde(borrow)]
    host: Cow<'a, str>,
    #[serde(borrow)]
    url: Cow<'a, str>,
    #[serde(deserialize_with = "there")]
    repository: Option<Cow<'a, str>>,
    #[serde(deserialize_with = "there")]
    organization: Option<Cow<'a, str>>,
    #[serde(deserialize_with = "there")]
    cause: Option<Cow<'a, str>>,
    accepted: bool,
    known: bool,
    #[serde(borrow)]
    message: Cow<'a, str>,
    #[serde(deserialize_with = "there")]
    found: Option<Cow<'a, str>>,
    #[serde(deserialize_with = "there")]
    because: Option<Cow<'a, str>>,
    #[serde(deserialize_with = "there")]
    fix: Option<Cow<'a, str>>,
    #[serde(deserialize_with = "there")]
    see: Option<Cow<'a, str>>,
    #[serde(borrow, deserialize_with = "there")]
    waiver: Option<WaiverRow<'a>>,
    #[serde(deserialize_with = "there")]
    policy: Option<PlaceRow>,
    fingerprint: String,
    /// Kept as it stands in the row.
    #[serde(borrow, rename = "evidence")]
    _evidence: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct WaiverRow<'a> {
    #[serde(borrow)]
    until: Cow<'a, str>,
    #[serde(borrow)]
    because: Cow<'a, str>,
    #[serde(deserialize_with = "there")]
    by: Option<Cow<'a, str>>,
    #[serde(borrow)]
    file: Cow<'a, str>,
    line: usize,
}

impl<'a> OutcomeRow<'a> {
    pub(super) fn outcome(self) -> Outcome<'a> {
        let waiver = |row: WaiverRow<'a>| Waiver {
            until: row.until,
            because: row.because,
            by: row.by,
            file: row.file,
            line: row.line,
        };
        Outcome {
            rule: self.rule,
            statement: self.statement,
            verb: self.verb,
            demand: self.demand,
            verdict: self.outcome.0,
            code: self.code,
            severity: self.severity.map(|Worded(severity)| severity),
            credential: self.credential,
            host: self.host,
            url: self.url,
            repository: self.repository,
            organization: self.organization,
            cause: self.cause,
            accepted: self.accepted,
            known: self.known,
            message: self.message,
            found: self.found,
            because: self.because,
            fix: self.fix,
            see: self.see,
            waiver: self.waiver.map(waiver),
            place: self.policy.map(|place| Cow::Owned(place.place())),
            fingerprint: self.fingerprint,
        }
    }
}

#[derive(Deserialize)]
pub(super) struct NoteRow<'a> {
    code: String,
    name: String,
    severity: Worded<Severity>,
    message: String,
    #[serde(deserialize_with = "there")]
    help: Option<String>,
    #[serde(deserialize_with = "there")]
    file: Option<String>,
    #[serde(deserialize_with = "there")]
    line: Option<usize>,
    #[serde(deserialize_with = "there")]
    column: Option<usize>,
    end_line: Option<usize>,
    end_column: Option<usize>,
    #[serde(deserialize_with = "there")]
    credential: Option<Cow<'a, str>>,
    #[serde(deserialize_with = "there")]
    host: Option<Cow<'a, str>>,
    #[serde(deserialize_with = "there")]
    url: Option<Cow<'a, str>>,
}

impl<'de> Deserialize<'de> for Note {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        NoteRow::deserialize(deserializer).map(|row| row.note().1)
    }
}

/// A credential: its name, the word of its host kind, the host's address.
pub(super) type Of<'a> = (Cow<'a, str>, Cow<'a, str>, Cow<'a, str>);

impl<'a> NoteRow<'a> {
    /// The note, and the credential that it is of.
    pub(super) fn note(self) -> (Option<Of<'a>>, Note) {
        let Self { code, name, severity: Worded(severity), message, help, .. } = self;
        let of = match (self.credential, self.host, self.url) {
            (Some(name), Some(host), Some(url)) => Some((name, host, url)),
            _ => None,
        };
        let place = match (self.file, self.line, self.column) {
            (Some(file), Some(line), Some(column)) => {
                Some(Place { file, line, column, end: self.end_line.zip(self.end_column) })
            }
            _ => None,
        };
        (of, Note { code, name, severity, message, help, place })
    }
}
