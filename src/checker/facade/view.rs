//! What a judged credential's outcomes and facts are read with: the policy, the terms, and the redactor.

use std::fmt;
use std::sync::Arc;

use super::evidence::Evidence;
use super::policy::Policy;
use crate::checker::checked::Checked;
use crate::checker::terms::Terms;
use crate::facts::{self, SubjectRef};
use crate::text::redact::Redactor;

/// A judged credential with everything that its words take.
pub(super) struct View {
    pub(super) checked: Checked,
    pub(super) terms: Arc<Terms>,
    pub(super) policy: Policy,
    pub(super) redactor: Redactor,
}

impl View {
    /// The repository's or organisation's name.
    pub(super) fn subject(&self, subject: SubjectRef) -> Option<String> {
        match subject {
            SubjectRef::Credential => None,
            other => self.checked.collected.facts.subject_name(other).map(|name| self.clean(name)),
        }
    }

    pub(super) fn evidence(&self, evidence: &[facts::Evidence]) -> Vec<Evidence> {
        let one = |one: &facts::Evidence| {
            let request = one.request.as_ref().map(|request| self.clean(&request.to_string()));
            Evidence::new(request, one.status, self.clean(&one.source.to_string()))
        };
        evidence.iter().map(one).collect()
    }

    /// A text on its way out.
    pub(super) fn clean(&self, text: &str) -> String {
        self.redactor.redact(text).into_owned()
    }
}

impl fmt::Debug for View {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("View").field("credential", &self.checked.credential.name).finish_non_exhaustive()
    }
}
