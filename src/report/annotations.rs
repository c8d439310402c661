//! Annotations: what has to be mended, one by one, as every format of findings takes it, in one order and with one
//! fingerprint everywhere.

use std::collections::{BTreeMap, BTreeSet};

use super::told::{Note, Opening, Outcome, Paths, Place, Severity, Verdict, of_run};
use crate::diagnostic::{Code, Diagnostic};
use crate::text::redact::Redactor;
use crate::text::source::SourceMap;

/// How bad an annotation is, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// Something that is demanded does not hold, or something is invalid.
    Error,
    /// What is demanded is undecided: no error yet, and nothing that passed.
    Undetermined,
    /// Should be mended.
    Warning,
}

/// One thing that has to be mended. Every text is redacted, and untrusted all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Annotation {
    /// How bad it is.
    pub level: Level,
    /// Whether it is undecided: a warning may be, too.
    pub undetermined: bool,
    /// The rule: `github.repo-scope`, or the name of a code (`unused-input`) for what no rule says.
    pub rule: String,
    /// The code's number: `C0601`.
    pub code: String,
    /// The statement's number in its rule.
    pub statement: Option<usize>,
    /// Where, in a file of the repository, by its path from the root on. What stands in a ready-made policy has the place
    /// where that is used; what stands nowhere the first line of the first file.
    pub place: Option<Place>,
    /// Where it stands by its own name, where that is no file of the repository: a ready-made policy, standard input.
    pub elsewhere: Option<Place>,
    /// In a few words: `github.repo-scope (atlantis, acme/infra)`.
    pub title: String,
    /// In a sentence.
    pub text: String,
    /// What was found.
    pub found: Option<String>,
    /// Why it is undecided, in the word of JSON.
    pub cause: Option<String>,
    /// What to do.
    pub help: Option<String>,
    /// Why it is demanded.
    pub because: Option<String>,
    /// Where to read more: an `https` address.
    pub link: Option<String>,
    /// The credential.
    pub credential: Option<String>,
    /// The word of its host kind, and the host's address.
    pub host: Option<(String, String)>,
    /// The repository or organisation.
    pub subject: Option<String>,
    /// The same whenever it is found, and unlike those of all others.
    pub fingerprint: String,
}

impl Annotation {
    /// What annotations are sorted by: the worst first, then place, then what they are about.
    fn key(&self) -> impl Ord + '_ {
        let host = self.host.as_ref();
        (
            self.level,
            self.undetermined,
            &self.place,
            &self.rule,
            self.statement,
            &self.credential,
            host,
            &self.subject,
            &self.text,
        )
    }
}

/// Where annotations without a place of their own stand, and what their places are called.
#[derive(Clone, Debug, Default)]
pub struct Places {
    paths: Paths,
    /// Where what stands in a file that is none of the repository's is used.
    used_at: BTreeMap<String, Place>,
    /// The first line of the first file of the repository.
    first: Option<Place>,
}

impl Places {
    /// The places of a policy.
    pub fn of(opening: &Opening, paths: Paths) -> Self {
        let used_at = opening.policies.iter().filter_map(|file| Some((file.file.clone(), file.used_at.clone()?)));
        let used_at = used_at.collect();
        Self {
            used_at,
            ..Self::of_files(
                paths,
                opening.policies.iter().filter(|file| file.used_at.is_none()).map(|file| file.file.as_str()),
            )
        }
    }

    /// The places of files by themselves, by their names as given.
    pub fn of_files<'a>(paths: Paths, files: impl IntoIterator<Item = &'a str>) -> Self {
        let first = files.into_iter().find_map(|file| paths.relative(file));
        let first = first.map(|file| Place { file, line: 1, column: 1, end: None });
        Self { paths, used_at: BTreeMap::new(), first }
    }

    /// The place as it is given, where it is in no file of the repository.
    fn elsewhere(&self, place: Option<&Place>) -> Option<Place> {
        place.filter(|place| self.paths.relative(&place.file).is_none()).cloned()
    }

    /// The place of an annotation; `None` where no file of the repository has any part in it.
    pub fn place(&self, place: Option<&Place>) -> Option<Place> {
        let mut seen = BTreeSet::new();
        let mut next = place;
        while let Some(place) = next {
            if let Some(file) = self.paths.relative(&place.file) {
                return Some(Place { file, ..place.clone() });
            }
            next = self.used_at.get(&place.file).filter(|_| seen.insert(&place.file));
        }
        self.first.clone()
    }
}

/// Annotations, collected credential by credential.
#[derive(Clone, Debug, Default)]
pub struct Annotations {
    places: Places,
    all: Vec<Annotation>,
}

impl Annotations {
    /// None yet.
    pub const fn new(places: Places) -> Self {
        Self { places, all: Vec::new() }
    }

    /// Adds an outcome, where somebody has to do something about it.
    pub fn outcome(&mut self, outcome: &Outcome<'_>) {
        let Some(level) = level(outcome) else { return };
        let subject = outcome.subject();
        let about = match subject {
            Some(subject) => format!("{}, {subject}", outcome.credential),
            None => outcome.credential.to_string(),
        };
        let owned = |text: &Option<std::borrow::Cow<'_, str>>| text.as_deref().map(str::to_owned);
        self.all.push(Annotation {
            level,
            undetermined: outcome.verdict == Verdict::Undetermined,
            rule: outcome.rule.to_string(),
            code: outcome.code.as_deref().unwrap_or_default().to_owned(),
            statement: outcome.statement,
            place: self.places.place(outcome.place.as_deref()),
            elsewhere: self.places.elsewhere(outcome.place.as_deref()),
            title: format!("{} ({about})", outcome.rule),
            text: outcome.message.to_string(),
            found: owned(&outcome.found),
            cause: owned(&outcome.cause),
            help: owned(&outcome.fix),
            because: owned(&outcome.because),
            link: owned(&outcome.see).filter(|link| link.starts_with("https://")),
            credential: Some(outcome.credential.to_string()),
            host: Some((outcome.host.to_string(), outcome.url.to_string())),
            subject: subject.map(str::to_owned),
            fingerprint: outcome.fingerprint.clone(),
        });
    }

    /// Adds what is said beside outcomes, where somebody has to do something about it.
    pub fn note(&mut self, note: &Note, fingerprint: String) {
        let (level, undetermined) = match note.severity {
            // Of a run, an error beside outcomes is something that could not be decided.
            Severity::Error if note.code.starts_with("C06") || note.code.starts_with("C08") => {
                (Level::Undetermined, true)
            }
            Severity::Error => (Level::Error, false),
            Severity::Warning => (Level::Warning, false),
            Severity::Advice => return,
        };
        self.all.push(Annotation {
            level,
            undetermined,
            rule: note.name.clone(),
            code: note.code.clone(),
            statement: None,
            place: self.places.place(note.place.as_ref()),
            elsewhere: self.places.elsewhere(note.place.as_ref()),
            title: note.name.clone(),
            text: note.message.clone(),
            found: None,
            cause: None,
            help: note.help.clone(),
            because: None,
            link: None,
            credential: None,
            host: None,
            subject: None,
            fingerprint,
        });
    }

    /// Adds that a run did not end well, where nothing says so that was added: a host that had to be checked was not. A
    /// report without a finding would say that all is well.
    pub fn exit(&mut self, exit: u8) {
        if exit == 0 || self.all.iter().any(|one| one.level != Level::Warning) {
            return;
        }
        self.open(
            "incomplete",
            format!("the run ended with exit code {exit}: not everything that it was asked for was checked"),
            "see what was not checked, and why",
        );
    }

    /// Adds that a run ended early: what was not judged is no more decided than what could not be.
    pub fn interrupted(&mut self, judged: usize, of: usize) {
        self.open(
            "interrupted",
            format!("the run was interrupted: {judged} of {of} credentials were judged"),
            "run it again: what was not judged is unknown",
        );
    }

    /// Adds what leaves a run open.
    fn open(&mut self, name: &str, message: String, help: &str) {
        let note = Note {
            code: Code::Undetermined.number().to_owned(),
            name: name.to_owned(),
            severity: Severity::Error,
            message,
            help: Some(help.to_owned()),
            place: None,
        };
        self.note(&note, of_run::fingerprint_of_note(&Note { message: String::new(), ..note.clone() }));
    }

    /// Adds a diagnostic of a file, where somebody has to do something about it.
    pub fn diagnostic(&mut self, diagnostic: &Diagnostic, sources: &SourceMap, redactor: &Redactor) {
        let note = of_run::note(diagnostic, sources, redactor);
        self.note(&note, of_run::fingerprint_of_note(&note));
    }

    /// All of them: the worst first, and each with a fingerprint of its own.
    pub fn sorted(mut self) -> Vec<Annotation> {
        self.all.sort_by(|one, other| one.key().cmp(&other.key()));
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        for one in &mut self.all {
            let times = seen.entry(one.fingerprint.clone()).or_default();
            *times += 1;
            if *times > 1 {
                one.fingerprint = format!("{}-{times}", one.fingerprint);
            }
        }
        self.all
    }
}

/// How bad an outcome is; `None` where nobody has to do anything about it.
fn level(outcome: &Outcome<'_>) -> Option<Level> {
    match (outcome.severity?, outcome.verdict) {
        (Severity::Advice, _) => None,
        (Severity::Error, Verdict::Undetermined) => Some(Level::Undetermined),
        (Severity::Error, _) => Some(Level::Error),
        (Severity::Warning, _) => Some(Level::Warning),
    }
}
