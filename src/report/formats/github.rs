//! Workflow commands of GitHub Actions: an annotation for each finding, as many as a step may have, the worst first.

use std::io::{self, Write};

use super::wording::{counts, line, not_checked, shown, told_with_place};
use super::{Subject, Whole};
use crate::report::annotations::{Annotation, Level};
use crate::text::untrusted::Sink;

/// The annotations of a type that a step may have: further ones are in the log only, and nothing says so.
const EACH: usize = 10;
/// The longest message.
const MESSAGE: usize = 4_096;
/// The longest title.
const TITLE: usize = 255;
/// The longest line of the log.
const LINE: usize = 1_000;

/// Writes the format.
pub(in crate::report) fn write(whole: &Whole<'_>, out: &mut dyn Write) -> io::Result<()> {
    let (errors, others): (Vec<&Annotation>, Vec<&Annotation>) =
        whole.annotations.iter().partition(|one| one.level == Level::Error);
    let see = match whole.subject {
        Subject::Credentials if whole.surroundings.summary.is_some() => "the summary",
        _ => "the log",
    };
    let mut left_out = Vec::new();
    for (word, all) in [("error", &errors), ("warning", &others)] {
        let most = if all.len() > EACH { EACH - 1 } else { EACH };
        for one in all.iter().take(most) {
            annotation(word, one, out)?;
        }
        let more = all.get(most..).unwrap_or_default();
        if !more.is_empty() {
            writeln!(out, "::{word} title=credcheck::{} more: see {see}", more.len())?;
        }
        left_out.extend(more);
    }
    for one in left_out {
        writeln!(out, "{}", line(&in_log(one), LINE))?;
    }
    for text in not_checked(whole) {
        writeln!(out, "{}", line(&text, LINE))?;
    }
    writeln!(out, "credcheck: {}", counts(whole))
}

fn annotation(word: &str, one: &Annotation, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "::{word} ")?;
    if let Some(place) = &one.place {
        write!(out, "file={},line={}", property(&place.file), place.line)?;
        // Of more than one line, columns would be taken for those of another.
        if let Some((_, column)) = place.end.filter(|(line, _)| *line == place.line) {
            write!(out, ",col={},endColumn={column}", place.column)?;
        }
        write!(out, ",")?;
    }
    writeln!(
        out,
        "title={}::{}",
        property(&line(&one.title, TITLE)),
        shown(&told_with_place(one), MESSAGE, Sink::WorkflowMessage)
    )
}

fn property(text: &str) -> String {
    shown(&line(text, MESSAGE), MESSAGE, Sink::WorkflowProperty)
}

/// What the log says of one that is no annotation.
fn in_log(one: &Annotation) -> String {
    let word = match one.level {
        Level::Error => "error",
        Level::Undetermined => "undetermined",
        Level::Warning => "warning",
    };
    let place = one.place.as_ref().or(one.elsewhere.as_ref());
    let place = place.map(|place| format!("{}:{}:{}: ", place.file, place.line, place.column));
    format!("{}{word}[{}] {}", place.unwrap_or_default(), one.code, one.text)
}
