//! Names of what a finding is about: all are counted, and the first few are kept.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use super::about::Keep;
use crate::facts::SubjectRef;
use crate::report::stream::Section;
use crate::text::english;

/// How many names are kept where not all are: as many as are told where there are no more.
const FEW: usize = 5;
/// How many are told where there are more.
const FIRST: usize = 3;

/// Names, each counted once.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    kept: Vec<String>,
    /// What tells names apart that are not kept: eight bytes each.
    seen: HashSet<u64>,
}

impl Names {
    /// Adds a name, unless it is there.
    pub(super) fn add(&mut self, name: &str, keep: Keep) {
        let mut hasher = DefaultHasher::new();
        name.hash(&mut hasher);
        if self.seen.insert(hasher.finish()) && (keep == Keep::All || self.kept.len() < FEW) {
            self.kept.push(name.to_owned());
        }
    }

    pub(super) fn count(&self) -> usize {
        self.seen.len()
    }

    pub(super) fn first(&self) -> Option<&str> {
        self.kept.first().map(String::as_str)
    }

    /// "`a` (and 3 more)".
    pub(super) fn and_more(&self) -> String {
        let first = self.first().unwrap_or_default();
        match self.count().saturating_sub(1) {
            0 => format!("`{first}`"),
            more => format!("`{first}` (and {more} more)"),
        }
    }

    /// "`a`, `b`, `c` and 3 more".
    pub(super) fn listed(&self) -> String {
        self.some(|name| format!("`{name}`"))
    }

    /// "a, b, c and 3 more", for a line of its own.
    pub(super) fn plain(&self) -> String {
        self.some(str::to_owned)
    }

    fn some(&self, shown: impl Fn(&str) -> String) -> String {
        let all = self.kept.len() == self.count();
        let most = if all { usize::MAX } else { FIRST };
        let shown: Vec<String> = self.kept.iter().take(most).map(|name| shown(name)).collect();
        match self.count().saturating_sub(shown.len()) {
            0 => english::list(shown, "and"),
            more => format!("{} and {more} more", shown.join(", ")),
        }
    }
}

/// Reasons, told apart by their words: the first few with who has them.
#[derive(Clone, Debug, Default)]
pub(super) struct Reasons {
    kept: Vec<(String, Names)>,
    /// Whether there are more.
    others: bool,
}

impl Reasons {
    pub(super) fn add(&mut self, text: &str, name: &str, keep: Keep) {
        if let Some((_, names)) = self.kept.iter_mut().find(|(kept, _)| kept == text) {
            names.add(name, keep);
        } else if keep == Keep::All || self.kept.len() < FEW {
            let mut names = Names::default();
            names.add(name, keep);
            self.kept.push((text.to_owned(), names));
        } else {
            self.others = true;
        }
    }

    /// ": the first"; nothing where there is none.
    pub(super) fn headline(&self) -> String {
        let first = self.kept.first().map_or("", |(text, _)| text.as_str());
        let more = if self.kept.len() > 1 { " (others differ)" } else { "" };
        if first.is_empty() { String::new() } else { format!(": {first}{more}") }
    }

    /// The reasons after the first, each with who has it.
    pub(super) fn others(&self) -> Vec<String> {
        let mut lines: Vec<String> =
            self.kept.iter().skip(1).map(|(text, names)| format!("{}: {text}", names.and_more())).collect();
        if self.others {
            lines.push("and there are other values".to_owned());
        }
        lines
    }
}

/// " for `acme/infra`"; nothing for the credential itself.
pub(super) fn for_subject(section: &Section<'_>, subject: SubjectRef) -> String {
    match subject {
        SubjectRef::Credential => String::new(),
        _ => section.facts.subject_name(subject).map_or_else(String::new, |name| format!(" for `{name}`")),
    }
}
