//! Logging commands of Azure Pipelines: an issue for each finding. The exit code decides what becomes of the step.

use std::io::{self, Write};

use super::Whole;
use super::wording::{counts, line, not_checked, shown, told_with_place};
use crate::report::annotations::{Annotation, Level};
use crate::text::untrusted::Sink;

/// The longest message.
const MESSAGE: usize = 4_000;
/// The longest property.
const PROPERTY: usize = 4_096;
/// The longest line of the log.
const LINE: usize = 1_000;

/// Writes the format.
pub(in crate::report) fn write(whole: &Whole<'_>, out: &mut dyn Write) -> io::Result<()> {
    for one in whole.annotations {
        issue(one, whole, out)?;
    }
    for text in not_checked(whole) {
        writeln!(out, "{}", line(&text, LINE))?;
    }
    writeln!(out, "credcheck: {}", counts(whole))
}

fn issue(one: &Annotation, whole: &Whole<'_>, out: &mut dyn Write) -> io::Result<()> {
    let property = |text: &str| shown(&line(text, PROPERTY), PROPERTY, Sink::LoggingProperty);
    write!(out, "##vso[task.logissue type={};", if one.level == Level::Error { "error" } else { "warning" })?;
    if let Some(place) = &one.place {
        // Links are made of absolute paths alone.
        let root = whole.surroundings.paths.root();
        let path = root.map_or_else(|| place.file.clone(), |root| root.join(&place.file).display().to_string());
        let (line, column) = (place.line, place.column);
        write!(out, "sourcepath={};linenumber={line};columnnumber={column};", property(&path))?;
    }
    writeln!(out, "code={};]{}", property(&one.rule), shown(&told_with_place(one), MESSAGE, Sink::LoggingMessage))
}
