//! What is gathered of one cause while credentials come and go: counts, the first names, and the evidence of the first.

use std::cmp::Reverse;

use super::about::{About, Class, Finding, Hosts, Keep, class_of};
use super::names::{Names, Reasons};
use crate::diagnostic::Diagnostic;
use crate::facts::SubjectRef;
use crate::language::{Statement, StatementId};
use crate::report::stream::{Head, Section};
use crate::report::wording;
use crate::text::english;
use crate::vocabulary::{HostKind, Subject};

/// How the headline is made once everybody is known.
#[derive(Clone, Debug)]
pub(super) enum Sentence {
    /// "`a` on github.com violates `rule` for 3 repositories: …"
    Decided {
        /// "violates".
        does: &'static str,
    },
    /// "cannot tell whether `a` on github.com meets `rule` for 3 repositories: …"
    Undetermined {
        /// Why, with a colon before it.
        reason: String,
    },
    /// The diagnostic's own message, which names a credential, and perhaps a repository.
    Said {
        /// How the message names the credential, as [`said_of`] writes it; empty where it names none.
        credential: String,
        /// The repository.
        repository: Option<String>,
    },
}

/// How messages of built-in rules name a credential.
pub(super) fn said_of(credential: &str) -> String {
    format!("the credential `{credential}`")
}

/// One cause.
#[derive(Clone, Debug)]
pub(super) struct Gathered {
    pub(super) keep: Keep,
    /// Its place among all causes, by when it was seen first.
    pub(super) first: usize,
    /// Which credential's turn it is.
    pub(super) turn: usize,
    pub(super) subjects: Names,
    pub(super) reasons: Reasons,
    /// How many outcomes it stands for.
    pub(super) outcomes: usize,
    /// The kinds of credential whose mends it has.
    pub(super) mended: Vec<&'static str>,
    /// What ends the first part of the headline: in brackets.
    pub(super) ending: String,
    /// Its code, places, mends and notes, from the first outcome.
    pub(super) diagnostic: Diagnostic,
    pub(super) class: Class,
    sentence: Sentence,
    /// The credential that was counted last, by its turn.
    counted: Option<usize>,
    credentials: Names,
    /// How many credentials, which may share a name.
    number: usize,
    /// Whether all subjects are organisations.
    organizations: bool,
    statements: Vec<StatementId>,
    because: Option<String>,
    /// The host's kind and address.
    host: Option<(HostKind, String)>,
}

impl Gathered {
    pub(super) fn new(class: Class, sentence: Sentence, diagnostic: Diagnostic) -> Self {
        Self {
            keep: Keep::Few,
            first: 0,
            turn: 0,
            subjects: Names::default(),
            reasons: Reasons::default(),
            outcomes: 0,
            mended: Vec::new(),
            ending: String::new(),
            diagnostic,
            class,
            sentence,
            counted: None,
            credentials: Names::default(),
            number: 0,
            organizations: true,
            statements: Vec::new(),
            because: None,
            host: None,
        }
    }

    /// The same, about the host of a credential.
    pub(super) fn at(mut self, section: &Section<'_>) -> Self {
        self.host = Some((section.credential.host, section.credential.url.clone()));
        self
    }

    /// What concerns the policy as a whole.
    pub(super) fn of_policy(first: usize, diagnostic: Diagnostic) -> Self {
        let sentence = Sentence::Said { credential: String::new(), repository: None };
        Self { first, ..Self::new(class_of(diagnostic.severity), sentence, diagnostic) }
    }

    /// Counts the credential whose turn it is.
    pub(super) fn credential(&mut self, section: &Section<'_>) {
        if self.counted != Some(self.turn) {
            self.counted = Some(self.turn);
            self.number += 1;
            self.credentials.add(&section.credential.name, self.keep);
        }
    }

    /// Counts an outcome of the policy.
    pub(super) fn outcome(&mut self, section: &Section<'_>, about: &About<'_>) {
        self.credential(section);
        self.outcomes += 1;
        self.statement(about.statement);
        let subject = about.outcome.subject;
        if subject != SubjectRef::Credential
            && let Some(name) = section.facts.subject_name(subject)
        {
            self.organizations &= subject.subject() == Subject::Organization;
            self.subjects.add(name, self.keep);
        }
    }

    /// Whether a statement is among those that it is about.
    pub(super) fn tells_of(&self, statement: &Statement) -> bool {
        self.statements.contains(&statement.id)
    }

    /// Adds a statement.
    pub(super) fn statement(&mut self, statement: &Statement) {
        if !self.tells_of(statement) {
            self.statements.push(statement.id);
        }
    }

    /// Adds the rule's own words and its link.
    pub(super) fn words(&mut self, statement: &Statement) {
        self.because.clone_from(&statement.words.because);
        self.diagnostic.url.clone_from(&statement.words.see);
    }

    /// Adds lines of what to do that are not there.
    pub(super) fn help(&mut self, lines: Vec<String>) {
        for line in lines {
            let there = self.diagnostic.help.as_deref().is_some_and(|help| help.lines().any(|have| have == line));
            if !there {
                let help = self.diagnostic.help.take();
                self.diagnostic.help = Some(help.map_or_else(|| line.clone(), |help| format!("{help}\n{line}")));
            }
        }
    }

    /// What is told before what: by class, then what most credentials share, broken built-in rules, what most outcomes
    /// share, and the order of credentials and policy. What is about credentials is about all their repositories.
    pub(super) fn order(&self) -> impl Ord + use<> {
        let some = self.class != Class::BuiltinViolation && self.subjects.count() > 0;
        (self.class.rank(), Reverse(self.number), self.class, some, Reverse(self.outcomes), self.first)
    }

    /// The finding, once everything is known.
    pub(super) fn finding(self, report: &Head<'_>, hosts: &Hosts) -> Finding {
        let mut rules: Vec<&str> = Vec::new();
        for statement in self.statements.iter().filter_map(|id| report.policy.statement(*id)) {
            if let Some(rule) = report.policy.rule(statement.rule)
                && !rules.contains(&rule.name.as_str())
            {
                rules.push(&rule.name);
            }
        }
        let short = self.message(None, &rules);
        let on = self.host.as_ref().map_or_else(String::new, |(kind, url)| hosts.on(*kind, url));
        let message = self.message(Some((&self.credentials.and_more(), &on)), &rules);
        let mut diagnostic = self.diagnostic;
        diagnostic.message = message;
        match self.sentence {
            Sentence::Said { .. } if !self.statements.is_empty() => {
                let count = english::count(self.statements.len(), "statement", "statements");
                let of = wording::capped(&rules);
                diagnostic = diagnostic.note(format!("undecided because of this: {count}, of {of}"));
            }
            Sentence::Undetermined { .. } if rules.len() > 1 => {
                rules.sort_unstable();
                diagnostic = diagnostic.note(format!("undecided: {}", wording::capped(&rules)));
                diagnostic.url = None;
            }
            _ => {}
        }
        if self.number > 1 {
            diagnostic = diagnostic.note(format!("of the credentials {}", self.credentials.listed()));
        }
        for other in self.reasons.others() {
            diagnostic = diagnostic.note(other);
        }
        if self.subjects.count() > 1 {
            diagnostic = diagnostic.note(format!("for {}", self.subjects.listed()));
        }
        if let Some(because) = self.because.filter(|_| rules.len() <= 1) {
            diagnostic = diagnostic.note(format!("because \"{because}\""));
        }
        Finding {
            class: self.class,
            credentials: self.number,
            outcomes: self.outcomes,
            who: self.credentials.plain(),
            short,
            statements: self.statements,
            diagnostic,
        }
    }

    /// The headline, of one or several credentials and where they are, or without them.
    fn message(&self, who: Option<(&str, &str)>, rules: &[&str]) -> String {
        let what = match rules {
            [only] => format!("`{only}`"),
            several => english::count(several.len(), "rule", "rules"),
        };
        let about = self.for_subjects();
        let ending = &self.ending;
        match &self.sentence {
            Sentence::Decided { does } => {
                let who = who.map_or_else(String::new, |(who, on)| format!("{who}{on} "));
                format!("{who}{does} {what}{about}{ending}{}", self.reasons.headline())
            }
            Sentence::Undetermined { reason } => {
                let (who, on) = who.unwrap_or(("it", ""));
                format!("cannot tell whether {who}{on} meets {what}{about}{reason}")
            }
            Sentence::Said { credential, repository } => {
                let mut message = self.diagnostic.message.clone();
                let names = who.and_then(|(who, _)| Some((who, credential.find('`')?)));
                if let Some((who, at)) = names {
                    let all = format!("{}{who}", credential.get(..at).unwrap_or_default());
                    message = message.replacen(credential.as_str(), &all, 1);
                }
                if let Some(repository) = repository {
                    let all = format!("repository {}", self.subjects.and_more());
                    message = message.replacen(&format!("repository `{repository}`"), &all, 1);
                }
                format!("{message}{ending}")
            }
        }
    }

    /// " for `acme/infra`", " for 3 repositories"; nothing for the credential itself.
    fn for_subjects(&self) -> String {
        match (self.subjects.count(), self.subjects.first()) {
            (1, Some(only)) => format!(" for `{only}`"),
            (0, _) => String::new(),
            (count, _) => {
                let words =
                    if self.organizations { ("organization", "organizations") } else { ("repository", "repositories") };
                format!(" for {}", english::count(count, words.0, words.1))
            }
        }
    }
}
