//! Metrics in Prometheus' text format: gauges alone, without times of their own, so that the classic parser, that of
//! OpenMetrics and the textfile collector of node_exporter read them.

use std::collections::BTreeMap;
use std::fmt::{Display, Write as _};
use std::io::{self, Write};

use jiff::Timestamp;

use super::{Sheet, Whole};
use crate::report::told::{Closing, Expires, Opening, Outcome, RateLimit, Section, Verdict};
use crate::text::untrusted::{self, Sink};

/// The name, host and address of a credential: what its series are told apart by.
type Key = (String, String, String);

/// What is measured of a credential.
#[derive(Clone, Debug, PartialEq)]
struct Measured {
    kind: Option<String>,
    valid: Option<bool>,
    expires: Expires,
    rate_limit: Option<RateLimit>,
    /// How many outcomes there are of each kind, in the order of [`OUTCOMES`].
    outcomes: [usize; OUTCOMES.len()],
}

/// What outcomes are told apart by: what the baseline has, and what a rule accepts in writing, has a word of its own.
const OUTCOMES: [&str; 8] =
    ["violation", "undetermined", "warning", "known", "accepted", "waived", "not-applicable", "pass"];

/// The word of an outcome.
fn word(outcome: &Outcome<'_>) -> &'static str {
    match outcome.verdict {
        Verdict::Violation | Verdict::Warning if outcome.known => "known",
        Verdict::Undetermined if outcome.accepted => "accepted",
        verdict => verdict.word(),
    }
}

/// The format on its way.
pub(in crate::report) struct Prometheus<'a> {
    out: Box<dyn Write + 'a>,
    credentials: BTreeMap<Key, Measured>,
}

impl<'a> Prometheus<'a> {
    /// A report that goes to `out`.
    pub(in crate::report) fn new(out: Box<dyn Write + 'a>) -> Self {
        Self { out, credentials: BTreeMap::new() }
    }
}

impl Sheet for Prometheus<'_> {
    fn section(&mut self, section: &Section<'_>) -> io::Result<()> {
        let one = &section.credential;
        let clean = |text: &str| untrusted::one_line(text, Sink::Terminal);
        let count = |kind| section.outcomes.iter().filter(|outcome| word(outcome) == kind).count();
        let measured = Measured {
            kind: one.kind.as_deref().map(clean),
            valid: one.valid,
            expires: one.expires,
            rate_limit: one.rate_limit,
            outcomes: OUTCOMES.map(count),
        };
        let key = (clean(&one.name), clean(&one.host), clean(&one.url));
        self.credentials
            .entry(key)
            // A series stands once: of two that are called the same, what they agree on is known.
            .and_modify(|other| other.join(&measured))
            .or_insert(measured);
        Ok(())
    }

    fn end(self: Box<Self>, whole: &Whole<'_>) -> io::Result<()> {
        let Self { mut out, credentials } = *self;
        let mut text = String::new();
        of_credentials(&credentials, &mut text);
        if let Some((opening, closing)) = whole.run {
            of_run(opening, closing, whole.tool, &mut text);
        }
        text.push_str("# EOF\n");
        out.write_all(text.as_bytes())?;
        out.flush()
    }
}

impl Measured {
    fn join(&mut self, other: &Self) {
        if self.kind != other.kind {
            self.kind = None;
        }
        if self.valid != other.valid {
            let refused = self.valid == Some(false) || other.valid == Some(false);
            self.valid = refused.then_some(false);
        }
        if self.expires != other.expires {
            self.expires = Expires::Unknown;
        }
        if self.rate_limit != other.rate_limit {
            self.rate_limit = None;
        }
        for (count, more) in self.outcomes.iter_mut().zip(other.outcomes) {
            *count += more;
        }
    }
}

/// Writes the series of credentials.
fn of_credentials(credentials: &BTreeMap<Key, Measured>, text: &mut String) {
    let every = |family: Family, value: &dyn Fn(&Measured) -> Option<String>, text: &mut String| {
        let values = credentials.iter().filter_map(|(key, one)| Some((labels(key, &[]), value(one)?)));
        family.write(values, text);
    };
    let expiration = Family(
        "credcheck_credential_expiration_timestamp_seconds",
        "When the credential ends, in Unix time; absent where that is not known.",
    );
    every(
        expiration,
        &|one| match one.expires {
            Expires::At(at) => Some(seconds(at)),
            Expires::Never | Expires::Unknown => None,
        },
        text,
    );
    let known = Family(
        "credcheck_credential_expiration_known",
        "Whether it is known when the credential ends: 1 for the state that holds.",
    );
    let states = credentials.iter().flat_map(|(key, one)| {
        ["known", "never", "unknown"].map(|state| {
            let holds = u8::from(one.expires.word() == state);
            (labels(key, &[("state", state)]), holds.to_string())
        })
    });
    known.write(states, text);
    let valid = Family(
        "credcheck_credential_valid",
        "Whether the host takes the credential: 1 or 0; absent where it could not be asked.",
    );
    every(valid, &|one| one.valid.map(|valid| u8::from(valid).to_string()), text);
    let info = Family("credcheck_credential_info", "The credential's kind, always 1.");
    let kinds = credentials.iter().map(|(key, one)| {
        let kind = one.kind.as_deref().unwrap_or("");
        (labels(key, &[("kind", kind)]), "1".to_owned())
    });
    info.write(kinds, text);
    /// A number of a rate limit.
    type Part = fn(&RateLimit) -> Option<String>;
    let limits: [(Family, Part); 3] = [
        (
            Family("credcheck_credential_rate_limit_limit", "Requests in a window of the credential's rate limit."),
            |limit| Some(limit.limit.to_string()),
        ),
        (
            Family(
                "credcheck_credential_rate_limit_remaining",
                "Requests that the latest answer said are left in the window.",
            ),
            |limit| Some(limit.remaining.to_string()),
        ),
        (
            Family("credcheck_credential_rate_limit_reset_timestamp_seconds", "When the window ends, in Unix time."),
            |limit| limit.resets_at.map(seconds),
        ),
    ];
    for (family, value) in limits {
        every(family, &|one| one.rate_limit.as_ref().and_then(value), text);
    }
    let outcomes = Family(
        "credcheck_outcomes",
        "Outcomes of statements and broken built-in rules, by what became of them; the undetermined and the accepted have not passed.",
    );
    let counts = credentials.iter().flat_map(|(key, one)| {
        let each = OUTCOMES.into_iter().zip(one.outcomes);
        each.map(|(kind, count)| (labels(key, &[("outcome", kind)]), count.to_string()))
    });
    outcomes.write(counts, text);
}

/// Writes the series of the run.
fn of_run(opening: &Opening, closing: &Closing, tool: &str, text: &mut String) {
    let mut one = |name: &'static str, help: &'static str, value: &dyn Display| {
        Family(name, help).write([(String::new(), value.to_string())], text);
    };
    one("credcheck_run_timestamp_seconds", "When the run judged, in Unix time.", &seconds(opening.at));
    one("credcheck_run_exit_code", "The run's exit code.", &closing.exit);
    one(
        "credcheck_run_interrupted",
        "Whether a signal ended the run before its last credential.",
        &u8::from(closing.interrupted.is_some()),
    );
    if let Some(elapsed) = closing.elapsed {
        one("credcheck_run_duration_seconds", "How long the run took.", &elapsed.as_secs_f64());
    }
    one("credcheck_requests", "Requests that the run sent.", &closing.summary.requests);
    one("credcheck_credentials", "Credentials that the run judged.", &closing.summary.credentials);
    one(
        "credcheck_credentials_not_checked",
        "Credentials, and kinds of host without one, that were not checked.",
        &closing.not_checked.len(),
    );
    let version = tool.rsplit(' ').next().unwrap_or(tool);
    let build = Family("credcheck_build_info", "The program's version, always 1.");
    build.write([(labelled(&[("version", version)]), "1".to_owned())], text);
}

/// A family of series: its name and what it means.
#[derive(Clone, Copy, Debug)]
struct Family(&'static str, &'static str);

impl Family {
    /// Writes the family; nothing where it has no series.
    fn write(self, series: impl IntoIterator<Item = (String, String)>, text: &mut String) {
        let Self(name, help) = self;
        let mut series = series.into_iter().peekable();
        if series.peek().is_none() {
            return;
        }
        let _ = write!(text, "# HELP {name} {help}\n# TYPE {name} gauge\n");
        for (labels, value) in series {
            let _ = writeln!(text, "{name}{labels} {value}");
        }
    }
}

fn labels((name, host, url): &Key, more: &[(&str, &str)]) -> String {
    let own = [("credential", name.as_str()), ("host", host.as_str()), ("url", url.as_str())];
    labelled(&own.into_iter().chain(more.iter().copied()).collect::<Vec<_>>())
}

fn labelled(labels: &[(&str, &str)]) -> String {
    let each = labels.iter().map(|(label, value)| {
        let value = value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
        format!("{label}=\"{value}\"")
    });
    format!("{{{}}}", each.collect::<Vec<_>>().join(","))
}

/// Unix time in whole seconds.
fn seconds(at: Timestamp) -> String {
    at.as_second().to_string()
}
