//! reviewdog's lines of JSON: one object for each finding, for reviews on every host that reviewdog knows.

use std::io::{self, Write};

use serde::Serialize;

use super::Whole;
use crate::report::annotations::{Annotation, Level};
use crate::text::untrusted::{self, Sink};

/// What reviewdog calls us.
#[derive(Serialize)]
struct Source {
    name: &'static str,
}

#[derive(Serialize)]
struct Diagnostic<'a> {
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<Location<'a>>,
    severity: &'static str,
    source: Source,
    code: Code<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    range: Range,
}

#[derive(Serialize)]
struct Range {
    start: Position,
    #[serde(skip_serializing_if = "Option::is_none")]
    end: Option<Position>,
}

#[derive(Serialize)]
struct Position {
    line: usize,
    column: usize,
}

#[derive(Serialize)]
struct Code<'a> {
    value: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
}

/// Writes the format.
pub(in crate::report) fn write(whole: &Whole<'_>, out: &mut dyn Write) -> io::Result<()> {
    for one in whole.annotations {
        serde_json::to_writer(&mut *out, &diagnostic(one))?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

fn diagnostic(one: &Annotation) -> Diagnostic<'_> {
    let mut message = one.text.clone();
    if let Some(help) = &one.help {
        message.push_str("\n\n");
        message.push_str(help);
    }
    let location = one.place.as_ref().map(|place| Location {
        path: &place.file,
        range: Range {
            start: Position { line: place.line, column: place.column },
            end: place.end.map(|(line, column)| Position { line, column }),
        },
    });
    Diagnostic {
        // A reviewer's comment is Markdown.
        message: untrusted::render(&message, Sink::Markdown),
        location,
        severity: match one.level {
            Level::Error => "ERROR",
            Level::Undetermined | Level::Warning => "WARNING",
        },
        source: Source { name: "credcheck" },
        code: Code { value: untrusted::one_line(&one.rule, Sink::Terminal), url: one.link.as_deref() },
    }
}
