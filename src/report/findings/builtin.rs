//! Built-in rules that are broken, and the statements that are undecided because of it.

use super::about::Class;
use super::gathered::{Gathered, Sentence, said_of};
use crate::diagnostic::{Code, Diagnostic};
use crate::evaluation::{Blame, BuiltinOutcome, BuiltinRule, Outcome, Verdict};
use crate::facts::{Cause, Evidence, SubjectRef};
use crate::language::Statement;
use crate::report::stream::Section;
use crate::report::wording;

/// The full name of a built-in rule: `github.credential-valid`.
pub(in crate::report) fn name(section: &Section<'_>, builtin: &BuiltinOutcome) -> String {
    format!("{}.{}", section.credential.host.word(), builtin.rule.name())
}

/// What broken rules must share to be told together: the rule, the host, and what it says and advises, of whichever
/// credential, and for what cannot be seen of whichever repository of an owner.
pub(super) fn key(section: &Section<'_>, builtin: &BuiltinOutcome) -> String {
    let credential = said_of(&section.credential.name);
    let general = |text: &str| {
        let text = text.replacen(&credential, "the credential", 1);
        match builtin.repository.as_deref() {
            Some(repository) if builtin.rule == BuiltinRule::RepositoryVisible => {
                let owner = repository.rsplit_once('/').map_or("", |(owner, _)| owner);
                text.replace(&format!("`{repository}`"), &format!("`{owner}/*`"))
            }
            _ => text,
        }
    };
    let help = builtin.help.as_deref().map(general).unwrap_or_default();
    let open = builtin.undetermined.map_or("", Cause::word);
    let (rule, url) = (builtin.rule.name(), &section.credential.url);
    format!("builtin\u{0}{rule}\u{0}{open}\u{0}{url}\u{0}{}\u{0}{help}", general(&builtin.message))
}

/// The code of a broken or undecided rule.
pub(in crate::report) const fn code(builtin: &BuiltinOutcome) -> Code {
    match builtin.rule {
        BuiltinRule::CredentialValid if builtin.withheld => Code::NoSecret,
        BuiltinRule::CredentialValid => Code::CredentialRefused,
        BuiltinRule::RightHost => Code::WrongHost,
        BuiltinRule::CredentialAccepted => Code::NotAccepted,
        BuiltinRule::RepositoryVisible => Code::NotVisible,
        BuiltinRule::UsernameMatches => Code::UsernameDiffers,
        BuiltinRule::KindCovered => Code::KindNotCovered,
    }
}

/// The finding that a first broken rule begins.
pub(super) fn gathered(section: &Section<'_>, builtin: &BuiltinOutcome) -> Gathered {
    let mut diagnostic = Diagnostic::new(code(builtin), builtin.message.clone());
    diagnostic.help.clone_from(&builtin.help);
    diagnostic.notes.clone_from(&builtin.notes);
    diagnostic.url.clone_from(&builtin.url);
    let seen = builtin.evidence.first().map(|first| format!(", seen in {}", wording::evidence(first)));
    let rule = name(section, builtin);
    diagnostic = diagnostic.note(format!("built-in rule `{rule}`{}", seen.unwrap_or_default()));
    let class = if builtin.undetermined.is_some() { Class::Undetermined } else { Class::BuiltinViolation };
    let sentence =
        Sentence::Said { credential: said_of(&section.credential.name), repository: builtin.repository.clone() };
    Gathered::new(class, sentence, diagnostic)
}

impl Gathered {
    pub(super) fn add_builtin(&mut self, section: &Section<'_>, builtin: &BuiltinOutcome) {
        self.credential(section);
        self.outcomes += 1;
        if let Some(repository) = &builtin.repository {
            self.subjects.add(repository, self.keep);
        }
    }

    /// Adds a statement that is undecided because of it.
    pub(super) fn add_stopped(&mut self, statement: &Statement) {
        self.outcomes += 1;
        self.statement(statement);
    }
}

/// The built-in rule whose breaking is why an outcome is undecided: its position.
pub(super) fn stopping(section: &Section<'_>, outcome: &Outcome, blames: &[Blame<'_>]) -> Option<usize> {
    let Verdict::Undetermined { causes, .. } = outcome.verdict else { return None };
    let refused = |cause: Cause| matches!(cause, Cause::NotPermitted | Cause::NotReachable);
    if !causes.iter().any(refused) {
        return None;
    }
    let repository = match outcome.subject {
        SubjectRef::Repository(_) => section.facts.subject_name(outcome.subject),
        _ => None,
    };
    let rests_on = |evidence: &[Evidence]| {
        let requests = || evidence.iter().filter_map(|seen| seen.request.as_ref());
        blames
            .iter()
            .filter_map(|blame| blame.fact)
            .flat_map(|(_, fact)| &fact.evidence)
            .filter_map(|seen| seen.request.as_ref())
            .any(|request| requests().any(|other| other == request))
    };
    section.judged.builtin.iter().position(|builtin| {
        builtin.undetermined.is_none()
            && match builtin.rule {
                BuiltinRule::CredentialValid | BuiltinRule::RightHost => true,
                BuiltinRule::CredentialAccepted | BuiltinRule::RepositoryVisible => {
                    (repository.is_some() && builtin.repository.as_deref() == repository) || rests_on(&builtin.evidence)
                }
                BuiltinRule::UsernameMatches | BuiltinRule::KindCovered => false,
            }
    })
}
