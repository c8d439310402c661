//! Findings by cause: what one rule says of two hundred repositories is one thing to mend, and so is one reason why nine
//! rules are undecided.

use std::collections::{HashMap, HashSet};

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
    pub(super) rules: Names<'a>,
    /// The credentials that they are of.
    pub(super) credentials: Names<'a>,
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
    pub(super) rules: Names<'a>,
    /// Their repositories or organisations.
    pub(super) subjects: Names<'a>,
}

/// Names, each once, in the order in which they came.
#[derive(Debug, Default)]
pub(super) struct Names<'a> {
    all: Vec<&'a str>,
    seen: HashSet<&'a str>,
}

impl<'a> Names<'a> {
    fn add(&mut self, name: &'a str) {
        if self.seen.insert(name) {
            self.all.push(name);
        }
    }

    /// All of them.
    pub(super) fn all(&self) -> &[&'a str] {
        &self.all
    }
}

impl Group<'_> {
    /// Whether the policy's words about its rule are about this: they say how to mend what is broken, and of one rule.
    pub(super) fn is_of_its_rule(&self) -> bool {
        self.rules.all().len() == 1 && (self.kind != Kind::Undetermined || self.first.credential.is_none())
    }

    /// Where the policy demands it: `policies/team.pol:12`. Built-in rules stand nowhere.
    pub(super) fn place(&self) -> Option<String> {
        let of_policy = self.first.statement.is_some() || self.first.credential.is_none();
        let place = self.first.elsewhere.as_ref().or(self.first.place.as_ref()).filter(|_| of_policy)?;
        (self.rules.all().len() == 1).then(|| format!("{}:{}", place.file, place.line))
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
                rules: Names::default(),
                credentials: Names::default(),
                said: Vec::new(),
                count: 0,
            });
            groups.len() - 1
        });
        let Some(group) = groups.get_mut(at) else { continue };
        group.count += 1;
        group.rules.add(&one.rule);
        if let Some(credential) = &one.credential {
            group.credentials.add(credential);
        }
        let host = one.host.as_ref().map_or("", |(_, url)| url.as_str());
        let same = [one.credential.as_deref().unwrap_or_default(), host, &without(one, false)].join("\n");
        let at = *told.entry((at, same)).or_insert_with(|| {
            group.said.push(Said { first: one, rules: Names::default(), subjects: Names::default() });
            group.said.len() - 1
        });
        let Some(said) = group.said.get_mut(at) else { continue };
        said.rules.add(&one.rule);
        if let Some(subject) = &one.subject {
            said.subjects.add(subject);
        }
    }
    groups.sort_by_key(|group| group.kind);
    groups
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
