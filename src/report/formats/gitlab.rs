//! GitLab's Code Quality: a list of findings. The first that is not valid would end its reading, so each has everything.

use std::io::{self, Write};

use serde::Serialize;

use super::Whole;
use super::wording::{line, path, sentence};
use crate::report::annotations::{Annotation, Level};
use crate::text::json::write_line;

/// The longest description.
const DESCRIPTION: usize = 1_000;
/// The longest name of a rule.
const NAME: usize = 255;
/// The longest path.
const PATH: usize = 4_096;

#[derive(Serialize)]
struct Finding {
    description: String,
    check_name: String,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
}

/// Writes the format.
pub(in crate::report) fn write(whole: &Whole<'_>, out: &mut dyn Write) -> io::Result<()> {
    let findings: Vec<Finding> = whole.annotations.iter().map(|one| finding(one, whole)).collect();
    write_line(&mut *out, &findings)?;
    out.write_all(b"\n")
}

fn finding(one: &Annotation, whole: &Whole<'_>) -> Finding {
    let mut description = format!("{}: {}", one.rule, sentence(&one.text));
    if let Some(help) = &one.help {
        description.push_str(&format!(" {help}"));
    }
    let place = one.place.as_ref().or(one.elsewhere.as_ref());
    Finding {
        // The rule's name is shown nowhere else.
        description: line(&description, DESCRIPTION),
        check_name: line(&one.rule, NAME),
        fingerprint: line(&one.fingerprint, NAME),
        severity: match one.level {
            Level::Error => "critical",
            Level::Undetermined => "major",
            Level::Warning => "minor",
        },
        location: Location {
            path: line(path(one, whole), PATH),
            lines: Lines { begin: place.map_or(1, |place| place.line.max(1)) },
        },
    }
}
