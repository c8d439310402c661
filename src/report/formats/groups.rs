//! Findings by cause: what one rule says of two hundred repositories is one thing to mend, and so is one reason why nine
//! rules are undecided.

use std::collections::HashMap;

use crate::report::annotations::{Annotation, Level};

/// What kind of thing has to be mended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// What is demanded does not hold, or something is invalid.
    Violation,
    /// Undecided, demanded or wished for.
    Undetermined,
    /// What is wished for does not hold.
    Warning,
}

impl Kind {
    /// Every one, the worst first.
    pub(super) const ALL: [Self; 3] = [Self::Violation, Self::Undetermined, Self::Warning];

    const fn of(one: &Annotation) -> Self {
        match (one.undetermined, one.level) {
            (true, _) | (_, Level::Undetermined) => Self::Undetermined,
            (_, Level::Error) => Self::Violation,
            (_, Level::Warning) => Self::Warning,
        }
    }

    /// The word.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Violation => "violation",
            Self::Undetermined => "undetermined",
            Self::Warning => "warning",
        }
    }

    /// A sign that tells it without colour.
    pub(super) const fn sign(self) -> &'static str {
        match self {
            Self::Violation => "✗",
            Self::Undetermined => "?",
            Self::Warning => "!",
        }
    }
}

/// Findings of one cause.
#[derive(Debug)]
pub(super) struct Group<'a> {
    /// What they are.
    pub(super) kind: Kind,
    /// The worst one.
    pub(super) first: &'a Annotation,
    /// The rules that they are of, in their order.
    pub(super) rules: Vec<&'a str>,
    /// The credentials that they are of.
    pub(super) credentials: Vec<&'a str>,
    /// What is said, once for each that differs by more than rule and subject.
    pub(super) said: Vec<Said<'a>>,
    /// How many findings they are.
    pub(super) count: usize,
}

/// What is said of one credential, of all that it is true of.
#[derive(Debug)]
pub(super) struct Said<'a> {
    /// One of them.
    pub(super) first: &'a Annotation,
    /// Their rules.
    pub(super) rules: Vec<&'a str>,
    /// Their repositories or organisations.
    pub(super) subjects: Vec<&'a str>,
}

impl Group<'_> {
    /// Whether the policy's words about its rule are about this: they say how to mend what is broken, and of one rule.
    pub(super) fn is_of_its_rule(&self) -> bool {
        self.rules.len() == 1 && (self.kind != Kind::Undetermined || self.first.credential.is_none())
    }
}

/// What findings of one cause have in common.
#[derive(PartialEq, Eq, Hash)]
struct Cause<'a> {
    /// How bad it is, where it is decided: what is undecided has one cause, whatever it decides.
    level: Option<Level>,
    kind: Option<&'a str>,
    code: &'a str,
    rule: Option<(&'a str, Option<usize>)>,
    /// What is said of something undecided, without what it is said of.
    reason: Option<String>,
}

/// The findings by cause: the worst first, in the order of each one's first.
pub(super) fn groups(annotations: &[Annotation]) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    let mut known: HashMap<Cause<'_>, usize> = HashMap::new();
    let mut told: HashMap<(usize, String), usize> = HashMap::new();
    for one in annotations {
        let decided = !one.undetermined;
        let cause = Cause {
            level: decided.then_some(one.level),
            kind: one.cause.as_deref(),
            code: &one.code,
            rule: (decided || one.credential.is_none()).then_some((one.rule.as_str(), one.statement)),
            reason: (!decided).then(|| without(one, true)),
        };
        let at = *known.entry(cause).or_insert_with(|| {
            groups.push(Group {
                kind: Kind::of(one),
                first: one,
                rules: Vec::new(),
                credentials: Vec::new(),
                said: Vec::new(),
                count: 0,
            });
            groups.len() - 1
        });
        let Some(group) = groups.get_mut(at) else { continue };
        group.count += 1;
        add(&mut group.rules, &one.rule);
        if let Some(credential) = &one.credential {
            add(&mut group.credentials, credential);
        }
        let host = one.host.as_ref().map_or("", |(_, url)| url.as_str());
        let same = [one.credential.as_deref().unwrap_or_default(), host, &without(one, false)].join("\n");
        let at = *told.entry((at, same)).or_insert_with(|| {
            group.said.push(Said { first: one, rules: Vec::new(), subjects: Vec::new() });
            group.said.len() - 1
        });
        let Some(said) = group.said.get_mut(at) else { continue };
        add(&mut said.rules, &one.rule);
        if let Some(subject) = &one.subject {
            add(&mut said.subjects, subject);
        }
    }
    groups.sort_by_key(|group| group.kind);
    groups
}

/// Adds a name, unless it is there. Findings are sorted by rule and subject, so that an equal one is a late one.
fn add<'a>(names: &mut Vec<&'a str>, name: &'a str) {
    if names.iter().rev().take(64).all(|there| *there != name) {
        names.push(name);
    }
}

/// What is said, without the rule and the subject that it is said of, and without the credential where that is wanted.
fn without(one: &Annotation, credential: bool) -> String {
    let host = one.host.as_ref().filter(|_| credential).map(|(_, url)| crate::report::wording::address(url));
    let names = [
        Some(one.rule.as_str()).filter(|_| one.undetermined),
        one.subject.as_deref(),
        one.credential.as_deref().filter(|_| credential),
    ];
    let text = one.subject.iter().fold(one.text.clone(), |text, name| text.replace(&format!(" for `{name}`"), ""));
    let text = names.into_iter().flatten().fold(text, |text, name| text.replace(&format!("`{name}`"), "`"));
    host.map_or_else(|| text.clone(), |host| text.replace(&format!("on {host}"), "on"))
}
