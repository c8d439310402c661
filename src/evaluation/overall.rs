//! What is judged over all credentials of a run: waivers that nothing needs, filters that let nobody in, host kinds that
//! have no credential, findings of a baseline that are gone, and whether anything was decided.
//!
//! A run over a part of the credentials says nothing of it, and hands on what it saw: several parts are joined, and then
//! judged as one run would have.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::diagnostic::{Code, Diagnostic};
use crate::facts::NotChecked;
use crate::text::english;

/// How many findings that are gone are named.
const MOST_GONE: usize = 5;

/// The part of all credentials that a run is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dealt {
    /// Which part, from 1.
    pub number: usize,
    /// How many parts there are.
    pub of: usize,
    /// How many credentials there are in all parts.
    pub credentials_total: usize,
}

/// What is said of a policy: a diagnostic, or what a report has of it.
pub trait Said: Clone {
    /// What points at no text.
    fn of(diagnostic: Diagnostic) -> Self;

    /// The same with what to do.
    #[must_use]
    fn helped(self, help: String) -> Self;
}

impl Said for Diagnostic {
    fn of(diagnostic: Diagnostic) -> Self {
        diagnostic
    }

    fn helped(self, help: String) -> Self {
        self.help(help)
    }
}

/// What a run saw of what is judged over all credentials.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overall<N> {
    /// Whether waivers are ignored (`--no-waivers`).
    pub waivers_ignored: bool,
    /// Whether credentials were left out by name.
    pub chosen: bool,
    /// Whether a part of the credentials or repositories only is looked at.
    pub filtered: bool,
    /// The words of the host kinds of which a credential must have been checked.
    pub required: Vec<String>,
    /// Those that the policy has a block of.
    pub policy: BTreeSet<String>,
    /// Those of the credentials.
    pub checked: BTreeSet<String>,
    /// Those of which a statement applied.
    pub applied: BTreeSet<String>,
    /// Whether any statement or built-in rule said something.
    pub said: bool,
    /// The blocks with a filter, in their order.
    pub filters: Vec<FilterUse<N>>,
    /// The waivers, in their order.
    pub waivers: Vec<WaiverUse<N>>,
    /// The baseline, where there is one.
    pub baseline: Option<BaselineUse>,
}

/// What became of a block's filter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilterUse<N> {
    /// Whether it let a credential in.
    pub covered: bool,
    /// The credentials of its hosts, while none of them is let in.
    pub candidates: Vec<Candidate>,
    /// What is said where it lets nobody in.
    pub note: N,
}

/// A credential that a filter might have let in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Candidate {
    /// Its name.
    pub credential: String,
    /// Its host's address.
    pub url: String,
}

/// What became of a waiver.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaiverUse<N> {
    /// Whether it waived something.
    pub used: bool,
    /// Whether something that it could excuse was judged.
    pub judged: bool,
    /// Whether something that it could excuse was judged and not decided.
    pub open: bool,
    /// What is said of one that is over.
    pub over: Option<N>,
    /// What is said of one that has nothing to waive.
    pub idle: N,
}

/// What became of a baseline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BaselineUse {
    /// Hexadecimal SHA-256 of its bytes.
    pub sha256: String,
    /// Its findings that were not seen again.
    pub gone: Vec<Gone>,
}

/// A finding of a baseline that was not seen again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gone {
    /// Its place among the baseline's findings.
    pub finding: usize,
    /// What it is called.
    pub name: String,
}

/// What is said of a run as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Concluded<N> {
    /// What is said of the policy.
    pub notes: Vec<N>,
    /// Whether a filter let nobody in.
    pub idle_filters: bool,
    /// Whether a host kind that must be checked was not.
    pub host_missing: bool,
}

impl<N> Default for Overall<N> {
    fn default() -> Self {
        Self {
            waivers_ignored: false,
            chosen: false,
            filtered: false,
            required: Vec::new(),
            policy: BTreeSet::new(),
            checked: BTreeSet::new(),
            applied: BTreeSet::new(),
            said: false,
            filters: Vec::new(),
            waivers: Vec::new(),
            baseline: None,
        }
    }
}

impl<N: Said> Overall<N> {
    /// What is said with all credentials judged. Host kinds without one join what was not checked, which is sorted.
    pub fn conclude(&self, not_checked: &mut Vec<NotChecked>) -> Concluded<N> {
        let nothing = |kind: &String, reason: &str| NotChecked {
            host: kind.clone(),
            credential: None,
            reason: reason.to_owned(),
        };
        not_checked.extend(self.policy.difference(&self.checked).map(|kind| nothing(kind, "no credential")));
        not_checked.sort();
        not_checked.dedup();
        let mut notes = Vec::new();
        if !self.chosen {
            notes.extend(self.filters.iter().filter_map(FilterUse::note));
        }
        let idle_filters = !notes.is_empty();
        if !self.waivers_ignored {
            notes.extend(self.waivers.iter().filter_map(|waiver| waiver.note(self.filtered)));
        }
        if let Some(baseline) = self.baseline.as_ref().filter(|_| !self.filtered && !self.chosen) {
            notes.extend(gone(&baseline.gone).map(N::of));
        }
        if !self.said {
            notes.push(N::of(nothing_decided(self.policy.is_empty(), self.checked.is_empty())));
        }
        let host_missing = self.required.iter().any(|kind| !self.applied.contains(kind));
        if host_missing {
            for kind in self.required.iter().filter(|kind| !self.checked.contains(*kind)) {
                if !not_checked.iter().any(|one| one.host == *kind) {
                    not_checked.push(nothing(kind, "no block of the policy is about it"));
                }
            }
        }
        Concluded { notes, idle_filters, host_missing }
    }

    /// Takes in what another part of the same run saw; `None` where the two are of unlike runs.
    #[must_use]
    pub fn join(mut self, other: Self) -> Option<Self> {
        let unlike = self.waivers_ignored != other.waivers_ignored
            || self.filters.len() != other.filters.len()
            || self.waivers.len() != other.waivers.len()
            || self.policy != other.policy;
        if unlike {
            return None;
        }
        self.chosen |= other.chosen;
        self.filtered |= other.filtered;
        let new: Vec<String> = other.required.into_iter().filter(|kind| !self.required.contains(kind)).collect();
        self.required.extend(new);
        self.checked.extend(other.checked);
        self.applied.extend(other.applied);
        self.said |= other.said;
        for (one, other) in self.filters.iter_mut().zip(other.filters) {
            one.covered |= other.covered;
            one.candidates.extend(other.candidates);
            one.candidates.sort();
            if one.covered {
                one.candidates = Vec::new();
            }
        }
        for (one, other) in self.waivers.iter_mut().zip(other.waivers) {
            one.used |= other.used;
            one.judged |= other.judged;
            one.open |= other.open;
            one.over = one.over.take().or(other.over);
        }
        self.baseline = match (self.baseline, other.baseline) {
            (None, None) => None,
            (Some(one), Some(other)) if one.sha256 == other.sha256 => Some(one.join(&other)),
            _ => return None,
        };
        Some(self)
    }
}

impl<N> Overall<N> {
    /// The same with what is said in another form.
    pub fn map<M>(self, mut form: impl FnMut(N) -> M) -> Overall<M> {
        let filters = self.filters.into_iter().map(|one| FilterUse {
            covered: one.covered,
            candidates: one.candidates,
            note: form(one.note),
        });
        let filters = filters.collect();
        let waivers = self.waivers.into_iter().map(|one| WaiverUse {
            used: one.used,
            judged: one.judged,
            open: one.open,
            over: one.over.map(&mut form),
            idle: form(one.idle),
        });
        Overall {
            waivers: waivers.collect(),
            filters,
            waivers_ignored: self.waivers_ignored,
            chosen: self.chosen,
            filtered: self.filtered,
            required: self.required,
            policy: self.policy,
            checked: self.checked,
            applied: self.applied,
            said: self.said,
            baseline: self.baseline,
        }
    }
}

impl<N: Said> FilterUse<N> {
    /// What is said of it.
    fn note(&self) -> Option<N> {
        if self.covered || self.candidates.is_empty() {
            return None;
        }
        let there = self.candidates.iter().map(|one| format!("{} on {}", one.credential, one.url));
        Some(self.note.clone().helped(format!("there is {}", english::list(there, "and"))))
    }
}

impl<N: Said> WaiverUse<N> {
    /// What is said of it: that it is over, or that it has nothing to waive. Only where everything that it could excuse was
    /// judged and decided, and nothing was left out, is that known.
    fn note(&self, filtered: bool) -> Option<N> {
        let idle = !self.used && !filtered && self.judged && !self.open;
        self.over.clone().or_else(|| Some(self.idle.clone()).filter(|_| idle))
    }
}

impl BaselineUse {
    /// What neither part saw again: each sees its own credentials only.
    fn join(mut self, other: &Self) -> Self {
        let gone: BTreeMap<usize, &str> = other.gone.iter().map(|one| (one.finding, one.name.as_str())).collect();
        self.gone.retain(|one| gone.contains_key(&one.finding));
        self
    }
}

/// What a baseline has that is mended: it would hide that it comes back.
fn gone(all: &[Gone]) -> Option<Diagnostic> {
    if all.is_empty() {
        return None;
    }
    let are = if all.len() == 1 { "is" } else { "are" };
    let count = english::count(all.len(), "finding", "findings");
    let named = english::list(all.iter().take(MOST_GONE).map(|one| &one.name), "and");
    let more = match all.len().saturating_sub(MOST_GONE) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let message = format!("{count} of the baseline {are} gone: {named}{more}");
    Some(
        Diagnostic::new(Code::Note, message)
            .help("write the baseline anew, so that they are noticed if they come back"),
    )
}

/// Everything else that leaves a run without a decision is told by what stands in its way.
fn nothing_decided(no_rule: bool, no_credential: bool) -> Diagnostic {
    if no_rule {
        return Diagnostic::new(Code::NothingDecided, "the policy has no rule, so nothing was decided")
            .help("write a `host` block with a `require`; `credcheck init` writes a policy to begin with");
    }
    let help = if no_credential {
        "set the variables of a bot (`ATLANTIS_GH_TOKEN`), or declare credentials in a settings file: `--config FILE`"
    } else {
        "no statement of the policy is about these credentials"
    };
    Diagnostic::new(Code::NothingDecided, "nothing was decided, which is not a success").help(help)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn overall(credential: &str, used: bool, gone: &[usize]) -> Overall<Diagnostic> {
        let said = |text: &str| Diagnostic::new(Code::Note, text);
        let candidate = |name: &str| Candidate { credential: name.to_owned(), url: "https://a".to_owned() };
        Overall {
            policy: ["github".to_owned(), "gitlab".to_owned()].into(),
            checked: ["github".to_owned()].into(),
            filters: vec![FilterUse { covered: false, candidates: vec![candidate(credential)], note: said("filter") }],
            waivers: vec![WaiverUse { used, judged: true, open: false, over: None, idle: said("idle") }],
            baseline: Some(BaselineUse {
                sha256: "ab".to_owned(),
                gone: gone.iter().map(|at| Gone { finding: *at, name: format!("finding {at}") }).collect(),
            }),
            ..Overall::default()
        }
    }

    fn said(overall: &Overall<Diagnostic>) -> Vec<String> {
        overall.conclude(&mut Vec::new()).notes.into_iter().map(|note| note.message).collect()
    }

    #[test]
    fn parts_are_judged_as_the_whole_in_either_order() {
        let (one, other) = (overall("b", false, &[1, 2, 3]), overall("a", false, &[2, 3, 4]));
        let joined = one.clone().join(other.clone()).unwrap();
        assert_eq!(joined, other.join(one).unwrap());
        let messages = said(&joined);
        assert_eq!(messages[..2], ["filter", "idle"]);
        assert_eq!(messages[2], "2 findings of the baseline are gone: finding 2 and finding 3");
        let concluded = joined.conclude(&mut Vec::new());
        assert_eq!(concluded.notes[0].help.as_deref(), Some("there is a on https://a and b on https://a"));
        assert!(concluded.idle_filters && !concluded.host_missing);
        let used = overall("b", false, &[]).join(overall("a", true, &[])).unwrap();
        assert!(!said(&used).contains(&"idle".to_owned()));
    }

    #[test]
    fn unlike_parts_are_not_joined() {
        let one = || overall("a", false, &[]);
        assert!(one().join(Overall { waivers_ignored: true, ..one() }).is_none());
        assert!(one().join(Overall { baseline: None, ..one() }).is_none());
        assert!(one().join(Overall { waivers: Vec::new(), ..one() }).is_none());
        assert!(one().join(Overall { policy: BTreeSet::new(), ..one() }).is_none());
        let other = BaselineUse { sha256: "cd".to_owned(), gone: Vec::new() };
        assert!(one().join(Overall { baseline: Some(other), ..one() }).is_none());
    }
}
