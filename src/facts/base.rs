//! The base facts of a subject, as what is derived from them sees them.

use std::borrow::Cow;
use std::cell::OnceCell;

use super::evidence::Evidence;
use super::kind::known_kind;
use super::knowledge::{Bounds, Cause, Knowledge, Unknown};
use super::set::{Fact, FactSet, SubjectRef};
use super::value::PermissionMap;
use crate::vocabulary::{self, CredentialKind, FactIndex, Host, HostKind, Origin, Reveal, Told, Type};

/// The base facts as one subject sees them.
pub(super) struct Base<'a> {
    pub(super) host: &'static Host,
    pub(super) facts: &'a FactSet,
    pub(super) from: SubjectRef,
    kind: OnceCell<Option<&'static CredentialKind>>,
}

impl<'a> Base<'a> {
    pub(super) fn new(facts: &'a FactSet, from: SubjectRef) -> Self {
        Self { host: vocabulary::host(facts.host), facts, from, kind: OnceCell::new() }
    }

    pub(super) fn fact(&self, path: &str) -> Option<&'a Fact> {
        self.facts.fact(self.host.fact(path)?, self.from)
    }

    /// What is known of a fact: what was asked or given, else what its kind's row says without asking.
    pub(super) fn settled(&self, path: &str) -> Option<Cow<'a, Knowledge>> {
        let index = self.host.fact(path)?;
        if let Some(fact) = self.facts.fact(index, self.from) {
            return Some(Cow::Borrowed(&fact.knowledge));
        }
        let (kind, row) = (self.kind()?, self.host.row(index));
        let Origin::Asked(reveals) = &row.origin else { return None };
        let told = match &reveals.iter().find(|row| reveals_to(row, kind))?.by {
            Told::Inapplicable(reason) => Knowledge::Inapplicable((*reason).to_owned()),
            Told::NotRevealable(reason) => hidden(row, kind, reason),
            Told::Request { .. } | Told::Minted { .. } | Told::Checked { .. } | Told::TokenText => return None,
        };
        Some(Cow::Owned(told))
    }

    pub(super) fn knowledge(&self, path: &str) -> Cow<'a, Knowledge> {
        self.settled(path).unwrap_or_else(|| {
            Cow::Owned(Knowledge::unknown(Cause::NotReachable, format!("`{path}` was not asked for")))
        })
    }

    pub(super) fn kind(&self) -> Option<&'static CredentialKind> {
        *self.kind.get_or_init(|| known_kind(self.facts))
    }
}

/// The asked facts that a fact rests on, in the order of the table; an asked fact rests on itself.
pub fn base_facts(host: HostKind, index: FactIndex) -> Vec<FactIndex> {
    let table = vocabulary::host(host);
    let (mut asked, mut seen, mut open) = (Vec::new(), vec![index], vec![index]);
    while let Some(next) = open.pop() {
        match &table.row(next).origin {
            Origin::Asked(_) => asked.push(next),
            Origin::Derived(derivation) => {
                for read in derivation.reads().into_iter().filter_map(|path| table.fact(path)) {
                    if !seen.contains(&read) {
                        seen.push(read);
                        open.push(read);
                    }
                }
            }
        }
    }
    asked.sort_unstable();
    asked
}

/// What is known of a fact that a kind of credential cannot show. Of its own permissions that much: those that the kind
/// cannot hold at all are denied.
pub fn hidden(row: &vocabulary::Fact, kind: &CredentialKind, reason: &str) -> Knowledge {
    let unknown = Unknown::new(Cause::NotRevealable, reason);
    let Type::Permissions(table) = row.ty else { return Knowledge::Unknown(unknown) };
    if row.path != "token.permissions" {
        return Knowledge::Unknown(unknown);
    }
    let never = table.permissions.iter().filter(|permission| permission.never_on.contains(&kind.word));
    let lowest = |permission: &vocabulary::Permission| {
        Some((permission.name.to_owned(), (*permission.levels.first()?).to_owned()))
    };
    let denied: PermissionMap = never.filter_map(lowest).collect();
    if denied.is_empty() {
        return Knowledge::Unknown(unknown);
    }
    Knowledge::Bounded(Bounds::Permissions { granted: PermissionMap::new(), denied }, unknown)
}

fn reveals_to(row: &Reveal, kind: &CredentialKind) -> bool {
    if row.kinds.is_empty() { kind.first_request.is_some() } else { row.kinds.contains(&kind.word) }
}

/// Why a fact decides nothing.
pub(super) fn why_not(knowledge: &Knowledge, path: &str) -> Unknown {
    match knowledge {
        Knowledge::Unknown(unknown) | Knowledge::Bounded(_, unknown) => unknown.clone(),
        Knowledge::Inapplicable(reason) => Unknown::new(Cause::Inapplicable, reason.clone()),
        Knowledge::Absent | Knowledge::Known(_) => {
            Unknown::new(Cause::Malformed, format!("nothing follows from what is known of `{path}`"))
        }
    }
}

/// Takes in a fact's evidence, each once.
pub(super) fn merge(evidence: &mut Vec<Evidence>, fact: Option<&Fact>) {
    for one in fact.into_iter().flat_map(|fact| &fact.evidence) {
        if !evidence.contains(one) {
            evidence.push(one.clone());
        }
    }
}
