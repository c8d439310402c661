//! reviewdog's lines of JSON: one object for each finding, for reviews on every host that reviewdog knows.

use std::io::{self, Write};

use serde::Serialize;

use super::Whole;
use super::wording::{line, shown, told_with_place, web_address};
use crate::report::annotations::{Annotation, Level};
use crate::text::json::write_line;
use crate::text::untrusted::Sink;

/// The longest message, before its escapes.
const MESSAGE: usize = 4_000;
/// The longest path.
const PATH: usize = 4_096;
/// The longest name of a rule.
const NAME: usize = 255;

#[derive(Serialize)]
struct Diagnostic {
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<Location>,
    severity: &'static str,
    source: Source,
    code: Code,
}

/// What reviewdog calls us.
#[derive(Serialize)]
struct Source {
    name: &'static str,
}

#[derive(Serialize)]
struct Location {
    path: String,
    range: Range,
}

#[derive(Serialize)]
struct Range {
    start: Position,
    #[serde(skip_serializing_if = "Option::is_none")]
    end: Option<Position>,
}

/// A whole line: columns count bytes there, and characters here.
#[derive(Serialize)]
struct Position {
    line: usize,
}

#[derive(Serialize)]
struct Code {
    value: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

/// Writes the format.
pub(in crate::report) fn write(whole: &Whole<'_>, out: &mut dyn Write) -> io::Result<()> {
    for one in whole.annotations {
        write_line(&mut *out, &diagnostic(one))?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

fn diagnostic(one: &Annotation) -> Diagnostic {
    let location = one.place.as_ref().map(|place| Location {
        path: line(&place.file, PATH),
        range: Range {
            start: Position { line: place.line },
            end: place.end.filter(|(line, _)| *line > place.line).map(|(line, _)| Position { line }),
        },
    });
    Diagnostic {
        // A reviewer's comment is Markdown.
        message: shown(&told_with_place(one), MESSAGE, Sink::Markdown),
        location,
        severity: if one.level == Level::Error { "ERROR" } else { "WARNING" },
        source: Source { name: "credcheck" },
        code: Code { value: line(&one.rule, NAME), url: one.link.as_deref().and_then(web_address) },
    }
}
