//! JUnit XML, for test reports: a suite for each credential, a case for each statement and what it was asked of.

mod case;

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::{self, BufWriter, Write};

use super::parts::Parts;
use super::{Sheet, Whole};
use crate::report::annotations::{Annotation, Level, Places};
use crate::report::junit::Counts;
use crate::report::spool::{CHUNK, Spool};
use crate::report::told::{Closing, Section};
use crate::report::wording;
use crate::text::english;
use crate::text::untrusted::{self, Sink};
use case::{Case, Result, attribute, class};

/// What stands around the name of a case on its way: names are made unlike when all are known. It is in no text, for XML
/// cannot have it.
const NAME: char = '\u{1}';

/// The format on its way.
pub(in crate::report) struct Junit<'a> {
    out: Box<dyn Write + 'a>,
    places: Places,
    parts: Parts<'a, Suite>,
}

/// What is kept of a suite beside its cases.
struct Suite {
    name: String,
    host: String,
    counts: Counts,
}

impl<'a> Junit<'a> {
    /// A report that goes to `out`, with the places of the policy's files.
    pub(in crate::report) fn new(out: Box<dyn Write + 'a>, spool: Box<dyn Spool + 'a>, places: Places) -> Self {
        Self { out, places, parts: Parts::new(spool) }
    }
}

impl Sheet for Junit<'_> {
    fn section(&mut self, section: &Section<'_>) -> io::Result<()> {
        let one = &section.credential;
        let refused = section.outcomes.iter().any(case::stops);
        let mut rows = String::new();
        let mut counts = Counts::default();
        for outcome in &section.outcomes {
            let case = Case::of_outcome(outcome, refused, self.places.place(outcome.place.as_deref()));
            case.write(&class(&one.name), NAME, &mut rows);
            case.result.count(&mut counts);
        }
        let suite = Suite { name: attribute(&one.name), host: attribute(wording::address(&one.url)), counts };
        self.parts.add(one, rows.as_bytes(), suite)
    }

    fn end(self: Box<Self>, whole: &Whole<'_>) -> io::Result<()> {
        let Self { out, parts, .. } = *self;
        let Some((opening, closing)) = whole.run else { return Ok(()) };
        let (suites, mut rows) = parts.sorted()?;
        let mut counts = suites.iter().fold(Counts::default(), |counts, suite| counts.plus(suite.of.counts));
        let beside = beside(whole, closing, counts);
        let mut of_run = Counts::default();
        beside.iter().for_each(|case| case.result.count(&mut of_run));
        counts = counts.plus(of_run);
        let at = opening.at.strftime("%Y-%m-%dT%H:%M:%S");
        let mut out = BufWriter::with_capacity(CHUNK, out);
        let mut names = Names::default();
        writeln!(
            out,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"credcheck\" {}>",
            counts.of_all()
        )?;
        for suite in &suites {
            let Suite { name, host, counts } = &suite.of;
            writeln!(out, "  <testsuite name=\"{name}\" hostname=\"{host}\" timestamp=\"{at}\" {counts}>")?;
            let mut cases = Vec::new();
            rows.copy(&suite.rows, &mut cases)?;
            names.write(&String::from_utf8_lossy(&cases), &mut out)?;
            writeln!(out, "  </testsuite>")?;
        }
        if !beside.is_empty() {
            writeln!(out, "  <testsuite name=\"credcheck\" timestamp=\"{at}\" {of_run}>")?;
            let mut cases = String::new();
            beside.iter().for_each(|case| case.write("credcheck", NAME, &mut cases));
            names.write(&cases, &mut out)?;
            writeln!(out, "  </testsuite>")?;
        }
        writeln!(out, "</testsuites>")?;
        out.flush()
    }
}

/// What is told of the run beside its credentials: an error where it ended early or decided nothing, too.
fn beside(whole: &Whole<'_>, closing: &Closing, counts: Counts) -> Vec<Case> {
    let notes = whole.annotations.iter().filter(|one| one.credential.is_none());
    let mut cases: Vec<Case> = notes.map(note).collect();
    for one in &closing.not_checked {
        let credential = one.credential.as_deref().map_or_else(String::new, |name| format!(" {name}"));
        let text = format!("not checked: {}", one.reason);
        cases.push(Case::beside(format!("not checked ({}{credential})", one.host), Result::Skipped, text));
    }
    if let Some((judged, of)) = closing.interrupted {
        let text = format!("interrupted: {judged} of {} judged", english::count(of, "credential", "credentials"));
        cases.push(Case::beside("interrupted".to_owned(), Result::Error("interrupted".to_owned()), text));
    }
    let is_wrong = |case: &Case| matches!(case.result, Result::Error(_) | Result::Failure(_));
    if counts.wrong() == 0 && !cases.iter().any(is_wrong) && (closing.decided_nothing() || closing.exit != 0) {
        let text = if closing.decided_nothing() {
            "nothing was decided, which is not a success".to_owned()
        } else {
            format!("the run ended with exit code {}", closing.exit)
        };
        cases.push(Case::beside("verdict".to_owned(), Result::Error("undetermined".to_owned()), text));
    }
    cases
}

/// Something that is said of the policy or of a credential beside statements.
fn note(one: &Annotation) -> Case {
    let result = match one.level {
        Level::Error | Level::Undetermined => Result::Error(one.rule.clone()),
        Level::Warning => Result::Passed,
    };
    let about = one.place.as_ref().map_or_else(String::new, |place| format!(" ({}:{})", place.file, place.line));
    let mut case = Case::beside(format!("{}{about}", one.rule), result, one.text.clone());
    case.place.clone_from(&one.place);
    case.details.extend(one.help.as_ref().map(|help| format!("help: {help}")));
    case
}

/// The names of cases so far: of cases with one name, readers take the first alone.
#[derive(Default)]
struct Names {
    /// What tells them apart: eight bytes each.
    seen: HashSet<u64>,
}

impl Names {
    /// Writes cases, each with a name of its own.
    fn write(&mut self, cases: &str, out: &mut dyn Write) -> io::Result<()> {
        for (at, part) in cases.split(NAME).enumerate() {
            if at.is_multiple_of(2) {
                out.write_all(part.as_bytes())?;
            } else {
                out.write_all(self.unlike(part).as_bytes())?;
            }
        }
        Ok(())
    }

    /// The name, with a number where there is one like it.
    fn unlike(&mut self, name: &str) -> String {
        let numbered = (1_usize..).map(|number| match number {
            1 => name.to_owned(),
            number => format!("{name} #{number}"),
        });
        let mut new = numbered.filter(|name| {
            let mut hasher = DefaultHasher::new();
            name.hash(&mut hasher);
            self.seen.insert(hasher.finish())
        });
        new.next().unwrap_or_default()
    }
}

/// Text between two tags.
fn content(text: &str) -> String {
    untrusted::render(text, Sink::Xml)
}
