//! Words that reports share: credentials, subjects, evidence and values as people read them.

use crate::evaluation::Totals;
use crate::facts::{Bounds, Credential, Evidence, Fact, Knowledge, PermissionMap, Value};
use crate::text::english;
use crate::vocabulary::{FactIndex, HostKind, NameSet, Place, host};

/// What is broken, in counts: "3 violations", "1 warning", "2 of these known", "1 waived".
pub(super) fn broken(totals: &Totals) -> Vec<String> {
    let mut parts = vec![
        english::count(totals.violations, "violation", "violations"),
        english::count(totals.warnings, "warning", "warnings"),
    ];
    if totals.known > 0 {
        parts.push(format!("{} of these known", totals.known));
    }
    if totals.waived > 0 {
        parts.push(format!("{} waived", totals.waived));
    }
    parts
}

/// What is undetermined: "17 undetermined (9 accepted)".
pub(super) fn undetermined(totals: &Totals) -> String {
    let accepted = if totals.accepted > 0 { format!(" ({} accepted)", totals.accepted) } else { String::new() };
    format!("{} undetermined{accepted}", totals.undetermined)
}

/// The most items of a list that a sentence names; the rest is counted.
const MOST_ITEMS: usize = 12;

/// The host part of a web address: `github.com`.
pub(super) fn address(url: &str) -> &str {
    url.split_once("://").map_or(url, |(_, rest)| rest).trim_end_matches('/')
}

/// "`atlantis-prod` on github.com".
pub(super) fn credential(credential: &Credential) -> String {
    format!("`{}` on {}", credential.name, address(&credential.url))
}

/// "`a`, `b` and 3 more": a capped list.
pub(super) fn capped<S: AsRef<str>>(items: &[S]) -> String {
    let shown = items.iter().take(MOST_ITEMS).map(|item| format!("`{}`", item.as_ref()));
    match items.len().saturating_sub(MOST_ITEMS) {
        0 => english::list(shown, "and"),
        more => format!("{} and {more} more", shown.collect::<Vec<_>>().join(", ")),
    }
}

/// The most items of a known value that a label names.
const MOST_VALUES: usize = 8;

/// The same without a word before the last item, for values: "`gist`, `read:org`".
fn listed<S: AsRef<str>>(items: &[S], most: usize) -> String {
    let shown: Vec<String> = items.iter().take(most).map(|item| format!("`{}`", item.as_ref())).collect();
    match items.len().saturating_sub(most) {
        0 if shown.is_empty() => "nothing".into(),
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// Method and path of a request: `GET /user`.
fn request(evidence: &Evidence) -> Option<String> {
    let label = evidence.request.as_ref()?;
    let path = url::Url::parse(&label.url).map_or_else(|_| label.url.clone(), |url| url.path().to_owned());
    Some(format!("{} {path}", label.method))
}

/// "X-OAuth-Scopes of GET /user", "`login` of GET /user", "404 of GET /repos/acme/infra", "prefix ghp_ of the token".
pub(super) fn evidence(evidence: &Evidence) -> String {
    let Some(request) = request(evidence) else { return evidence.source.to_string() };
    if let Some(status) = evidence.status.filter(|_| evidence.source.is_status()) {
        return format!("{status} of {request}");
    }
    let place = match evidence.source.first() {
        Place::Field(_) => format!("`{}`", evidence.source.name()),
        _ => evidence.source.name().to_string(),
    };
    match evidence.status {
        Some(status) if !(200..300).contains(&status) => format!("{place} of {request} ({status})"),
        Some(_) => format!("{place} of {request}"),
        None => format!("{place} of {request} (no answer)"),
    }
}

/// A fact's evidence in a few words: the first, and how many more; `None` where there is none.
pub(super) fn evidence_of(fact: &Fact) -> Option<String> {
    let (first, rest) = fact.evidence.split_first()?;
    let rest = rest.iter().filter(|more| *more != first).count();
    Some(match rest {
        0 => evidence(first),
        more => format!("{} and {}", evidence(first), english::count(more, "further answer", "further answers")),
    })
}

fn permissions(map: &PermissionMap) -> Vec<String> {
    map.iter().map(|(name, level)| format!("{name}={level}")).collect()
}

fn value(value: &Value) -> String {
    match value {
        Value::Names(set) => listed(&set.names(), MOST_VALUES),
        Value::Permissions(map) => listed(&permissions(map), MOST_VALUES),
        Value::Strings(set) => listed(&set.iter().collect::<Vec<_>>(), MOST_VALUES),
        Value::Records(_) => value.to_string(),
        scalar => format!("`{scalar}`"),
    }
}

fn names(set: &NameSet) -> String {
    listed(&set.names(), MOST_ITEMS)
}

/// What was found, for a label: "granted: `gist`, `read:org`", "found: `read`", "not known: …".
pub(super) fn found(knowledge: &Knowledge) -> String {
    match knowledge {
        Knowledge::Known(set @ (Value::Names(_) | Value::Permissions(_))) => format!("granted: {}", value(set)),
        Knowledge::Known(other) => format!("found: {}", value(other)),
        Knowledge::Absent => "found: the host says there is none".into(),
        Knowledge::Inapplicable(reason) => format!("this kind of credential has none: {reason}"),
        Knowledge::Bounded(known, unknown) => format!("{}; the rest is not known: {}", bounds(known), unknown.reason),
        Knowledge::Unknown(unknown) => format!("not known: {}", unknown.reason),
    }
}

/// A fact's value for a table: as [`found`], without its first word.
pub(super) fn knowledge(knowledge: &Knowledge) -> String {
    match knowledge {
        Knowledge::Known(known) => known.to_string(),
        Knowledge::Absent => "(none)".into(),
        Knowledge::Inapplicable(reason) => format!("(inapplicable: {reason})"),
        Knowledge::Bounded(known, unknown) => {
            format!("{} (partly known, {}: {})", bounds(known), unknown.cause, unknown.reason)
        }
        Knowledge::Unknown(unknown) => format!("(unknown, {}: {})", unknown.cause, unknown.reason),
    }
}

fn bounds(known: &Bounds) -> String {
    let two = |granted: String, has_denied: bool, denied: String| {
        if has_denied {
            format!("granted for certain: {granted}, denied: {denied}")
        } else {
            format!("granted for certain: {granted}")
        }
    };
    match known {
        Bounds::Names { granted, denied } => two(names(granted), !denied.is_empty(), names(denied)),
        Bounds::Permissions { granted, denied } => {
            two(listed(&permissions(granted), MOST_ITEMS), !denied.is_empty(), listed(&permissions(denied), MOST_ITEMS))
        }
        Bounds::Level { least: Some(least), most: Some(most) } => format!("between `{least}` and `{most}`"),
        Bounds::Level { least: Some(least), most: None } => format!("at least `{least}`"),
        Bounds::Level { least: None, most: Some(most) } => format!("at most `{most}`"),
        Bounds::Level { least: None, most: None } => "any level".into(),
        Bounds::Candidates(words) => format!("one of {}", english::quoted_list(words, "or")),
        Bounds::List(seen) => format!("{} seen", english::count(seen.len(), "item", "items")),
    }
}

/// What was found, bare, for programs and summaries: `gist, read:org`.
pub(super) fn bare(knowledge: &Knowledge) -> String {
    match knowledge {
        Knowledge::Known(known) => known.to_string(),
        Knowledge::Absent => "none".into(),
        Knowledge::Inapplicable(reason) => reason.clone(),
        Knowledge::Bounded(known, _) => bounds(known).replace('`', ""),
        Knowledge::Unknown(unknown) => unknown.reason.clone(),
    }
}

/// A fact's path; empty for an index of another host.
pub(super) fn path(kind: HostKind, index: FactIndex) -> &'static str {
    host(kind).row(index).path
}
