//! Values of facts and literals.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use jiff::{SignedDuration, Timestamp};

use super::address::WebAddress;
use crate::vocabulary::NameSet;

/// A value. Which variant a fact has is said by its row's type.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// True or false.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// Text, from the host or the policy: untrusted where printed.
    String(String),
    /// A web address from the host, which may hold secrets.
    Address(WebAddress),
    /// A version.
    Version(Version),
    /// An instant.
    Time(Timestamp),
    /// A length of time, negative when past.
    Duration(SignedDuration),
    /// A word of an enum, or a level, in the table's own spelling.
    Word(&'static str),
    /// Scopes, abilities.
    Names(NameSet),
    /// Permissions.
    Permissions(PermissionMap),
    /// A set of free strings.
    Strings(BTreeSet<String>),
    /// A list of records.
    Records(Vec<RecordValue>),
}

/// Permission names with levels, as the host wrote them.
pub type PermissionMap = BTreeMap<String, String>;

/// One record: a value, or what else is known, for each field. A field that is missing here is unknown.
pub type RecordValue = BTreeMap<&'static str, super::Knowledge>;

/// A dotted version: the numbers at its start decide the order, `3.19.2` or `19.1.0-pre`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    text: String,
    parts: Vec<u64>,
    /// A pre-release (`-pre`, `-rc1`) is below the version it leads to.
    pre_release: bool,
}

impl Version {
    /// Reads a version: at least one number; `None` where the text starts otherwise.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let body = text.strip_prefix('v').unwrap_or(text);
        let end = body.find(|character: char| !character.is_ascii_digit() && character != '.').unwrap_or(body.len());
        let (numbers, rest) = body.split_at_checked(end)?;
        let mut parts = Vec::new();
        for part in numbers.trim_end_matches('.').split('.') {
            parts.push(part.parse().ok()?);
        }
        while parts.len() > 1 && parts.last() == Some(&0) {
            parts.pop();
        }
        // An edition (`18.1.1-ee`) is no step on the way to a version.
        let step = rest.strip_prefix('-').is_some_and(|name| !name.starts_with("ee") && !name.starts_with("ce"));
        Some(Self { text: text.to_owned(), parts, pre_release: step })
    }

    /// The text as the host wrote it.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.parts.cmp(&other.parts).then_with(|| other.pre_release.cmp(&self.pre_release))
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

impl fmt::Display for Value {
    /// For people: lists by commas, durations in days where they are long. Untrusted text stays as it is; sinks clean it.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(value) => write!(formatter, "{value}"),
            Self::Integer(value) => write!(formatter, "{value}"),
            Self::String(value) => formatter.write_str(value),
            Self::Address(value) => write!(formatter, "{value}"),
            Self::Version(value) => write!(formatter, "{value}"),
            Self::Time(value) => write!(formatter, "{value}"),
            Self::Duration(value) => formatter.write_str(&duration_text(*value)),
            Self::Word(value) => formatter.write_str(value),
            Self::Names(value) if value.is_empty() => formatter.write_str("none"),
            Self::Names(value) => formatter.write_str(&value.names().join(", ")),
            Self::Permissions(value) if value.is_empty() => formatter.write_str("none"),
            Self::Permissions(value) => {
                let items: Vec<String> = value.iter().map(|(name, level)| format!("{name}={level}")).collect();
                formatter.write_str(&items.join(", "))
            }
            Self::Strings(value) if value.is_empty() => formatter.write_str("none"),
            Self::Strings(value) => formatter.write_str(&value.iter().cloned().collect::<Vec<_>>().join(", ")),
            Self::Records(value) => {
                write!(formatter, "{}", crate::text::english::count(value.len(), "record", "records"))
            }
        }
    }
}

/// A duration in its two largest units: `53d 4h`, `-2d 0h`, `45m`.
fn duration_text(duration: SignedDuration) -> String {
    let seconds = duration.as_secs();
    let sign = if seconds < 0 { "-" } else { "" };
    let seconds = seconds.unsigned_abs();
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    if days > 0 {
        format!("{sign}{days}d {hours}h")
    } else if hours > 0 {
        format!("{sign}{hours}h {minutes}m")
    } else if minutes > 0 {
        format!("{sign}{minutes}m")
    } else {
        format!("{sign}{seconds}s")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_ordered_by_their_numbers() {
        let version = |text| Version::parse(text).unwrap();
        assert!(version("3.9.1") < version("3.10"));
        assert!(version("19.1.0-pre") < version("19.1.0"));
        assert!(version("3.10") >= version("3.10.0"));
        assert!(version("18.1.1-ee") >= version("18.1.1") && version("18.1.1-ce.0") >= version("18.1.1"));
        assert!(version("18.1.1-rc1-ee") < version("18.1.1"));
        assert!(version("1.26.0+dev-489-g1") > version("1.20.1"));
        assert_eq!(Version::parse("main"), None);
        assert_eq!(Version::parse(""), None);
        assert_eq!(Version::parse("99999999999999999999999.1"), None);
    }

    #[test]
    fn durations_read_well() {
        for (seconds, text) in [(59, "59s"), (60, "1m"), (3_700, "1h 1m"), (200_000, "2d 7h"), (-172_800, "-2d 0h")] {
            assert_eq!(Value::Duration(SignedDuration::from_secs(seconds)).to_string(), text);
        }
    }
}
