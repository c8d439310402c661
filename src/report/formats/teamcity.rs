//! Service messages of TeamCity: an inspection for each finding, and a build problem where the run does not end well.

use std::collections::BTreeSet;
use std::io::{self, Write};

use super::Whole;
use super::ruled::Ruled;
use super::wording::{command, counts, line, not_checked, path, shown, told};
use crate::report::annotations::{Annotation, Level};
use crate::text::untrusted::Sink;

/// The longest names.
const NAME: usize = 255;
/// The longest texts.
const TEXT: usize = 4_000;
/// The longest line of the log.
const LINE: usize = 1_000;

/// Writes the format.
pub(in crate::report) fn write(whole: &Whole<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut seen = BTreeSet::new();
    for one in whole.annotations {
        let id = value(&line(&one.rule, NAME), NAME);
        // Once for each rule, before the first of its findings.
        if seen.insert(&one.rule) {
            let about = value(&Ruled::of(whole, one).full, TEXT);
            writeln!(
                out,
                "##teamcity[inspectionType id='{id}' name='{id}' category='credcheck' description='{about}']"
            )?;
        }
        inspection(one, whole, &id, out)?;
    }
    for text in not_checked(whole) {
        writeln!(out, "{}", line(&text, LINE))?;
    }
    let counts = counts(whole);
    if whole.exit != 0 {
        let (about, of) = (value(&format!("credcheck: {counts}"), TEXT), command(whole.subject));
        writeln!(out, "##teamcity[buildProblem description='{about}' identity='credcheck_{of}']")?;
    }
    writeln!(out, "credcheck: {counts}")
}

fn inspection(one: &Annotation, whole: &Whole<'_>, id: &str, out: &mut dyn Write) -> io::Result<()> {
    let place = one.place.as_ref().or(one.elsewhere.as_ref());
    let (message, file) = (value(&told(one), TEXT), value(path(one, whole), TEXT));
    let line = place.map_or(1, |place| place.line.max(1));
    let severity = if one.level == Level::Error { "ERROR" } else { "WARNING" };
    writeln!(
        out,
        "##teamcity[inspection typeId='{id}' message='{message}' file='{file}' line='{line}' SEVERITY='{severity}']"
    )
}

fn value(text: &str, most: usize) -> String {
    shown(text, most, Sink::ServiceMessage)
}
