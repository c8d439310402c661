//! A judged credential as programs see it.

use std::fmt;

use super::evidence::Evidence;
use super::fact::Fact;
use super::outcome::{Of, Outcome};
use super::view::View;
use crate::facts::{self, Incident, SubjectRef};
use crate::vocabulary::{self, HostKind};

/// A judged credential: its outcomes, its facts, and what was asked for them.
///
/// Every text that it gives out has passed the redactor that knows the run's secrets; texts of hosts and policies are
/// untrusted all the same: make them harmless for where you show them.
pub struct Checked(pub(super) View);

impl Checked {
    /// The credential's name.
    pub fn name(&self) -> &str {
        &self.0.checked.credential.name
    }

    /// The kind of its host.
    pub fn host(&self) -> HostKind {
        self.0.checked.credential.host
    }

    /// The web address of its host.
    pub fn url(&self) -> String {
        self.0.clean(&self.0.checked.credential.url)
    }

    /// What became of the policy's statements, in the policy's order, then by subject.
    pub fn outcomes(&self) -> impl Iterator<Item = Outcome<'_>> {
        self.0.checked.judged.outcomes.iter().filter_map(|outcome| {
            let statement = self.0.terms.policy.statement(outcome.statement)?;
            let rule = self.0.terms.policy.rule(statement.rule)?;
            Some(Outcome { view: &self.0, of: Of::Statement(*outcome, statement, rule) })
        })
    }

    /// The built-in rules that are broken or undetermined: the host refuses the credential, a repository is not visible.
    pub fn broken(&self) -> impl Iterator<Item = Outcome<'_>> {
        self.0.checked.judged.builtin.iter().map(|builtin| Outcome { view: &self.0, of: Of::Builtin(builtin) })
    }

    /// The facts that were learnt, the credential's own first. Only what the policy reads is asked for.
    pub fn facts(&self) -> impl Iterator<Item = Fact<'_>> {
        let facts = &self.0.checked.collected.facts;
        let table = vocabulary::host(facts.host);
        let subjects = std::iter::once(SubjectRef::Credential)
            .chain((0..facts.repositories.len()).map(SubjectRef::Repository))
            .chain((0..facts.organizations.len()).map(SubjectRef::Organization));
        subjects.flat_map(move |subject| {
            let own = facts.subject(subject).into_iter().flat_map(facts::SubjectFacts::iter);
            own.map(move |(index, fact)| Fact { view: &self.0, subject, path: table.row(index).path, fact })
        })
    }

    /// The credential's own fact of this path: `token.expires_at`.
    pub fn fact(&self, path: &str) -> Option<Fact<'_>> {
        self.facts().take_while(|fact| fact.subject == SubjectRef::Credential).find(|fact| fact.path == path)
    }

    /// What answers said beside facts and is no finding, a line each: a repository's new name, a clock that is off.
    pub fn notes(&self) -> Vec<String> {
        self.0.checked.collected.facts.incidents.iter().filter_map(note).map(|note| self.0.clean(&note)).collect()
    }

    /// The requests that were made with it, in order, as evidence of their whole answers.
    pub fn requests(&self) -> Vec<Evidence> {
        let requests = self.0.checked.exchanges();
        let seen = |exchange: &facts::ExchangeSummary| {
            Evidence::new(Some(self.0.clean(&exchange.request.to_string())), exchange.status, String::new())
        };
        requests.iter().map(seen).collect()
    }
}

impl fmt::Debug for Checked {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Checked").field("name", &self.name()).finish_non_exhaustive()
    }
}

fn note(incident: &Incident) -> Option<String> {
    match incident {
        Incident::Renamed { from, to, .. } => Some(format!("repository `{from}` is named `{to}` now")),
        Incident::ClockOff { ahead, .. } => {
            let direction = if ahead.is_negative() { "behind" } else { "ahead of" };
            Some(format!("this machine's clock is {} s {direction} the host's", ahead.as_secs().unsigned_abs()))
        }
        Incident::NotApproved { app, by, .. } => {
            Some(format!("`{by}` has not approved everything that the App `{app}` asks for"))
        }
        Incident::Note { text, .. } => Some(text.clone()),
        // Findings: the built-in rules tell of them.
        Incident::Refused { .. }
        | Incident::Withheld(_)
        | Incident::NotAccepted { .. }
        | Incident::AnotherAccount { .. }
        | Incident::NotVisible { .. }
        | Incident::Invited { .. } => None,
    }
}
