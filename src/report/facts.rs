//! What credentials reveal, for people and for programs.

use std::io::{self, Write};

use super::json::v1;
use super::revealed::{Reveal, Revealed, rows};
use super::spool::{Spool, Spooling};
use super::wording;
use crate::diagnostic::hanging;
use crate::facts::{Incident, Withheld};
use crate::text::english;
use crate::text::redact::Redactor;
use crate::text::untrusted::{self, Sink};

/// What stands between a credential and all of its facts, and what to do.
fn stopped(incident: &Incident) -> Option<(String, &str)> {
    match incident {
        Incident::Withheld(Withheld::Missing { reason, help }) => Some((format!("it has no secret: {reason}"), help)),
        Incident::Withheld(Withheld::WrongHost { reason, help }) => Some((format!("nothing was sent: {reason}"), help)),
        Incident::Refused { reason, help, .. } => Some((format!("it {reason}"), help)),
        _ => None,
    }
}

/// How facts are written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A table for people, so many columns wide.
    Table(Option<usize>),
    /// JSON, version 1.
    Json,
    /// The same as a member of a record.
    Recorded,
}

/// Begins to write down facts; they wait in `spool`.
pub fn open<'a>(form: Form, spool: Box<dyn Spool + 'a>, redactor: &'a Redactor) -> Box<dyn Reveal + 'a> {
    match form {
        Form::Table(width) => Box::new(Table { redactor, width, text: Spooling::new(spool), sent: 0 }),
        Form::Json => Box::new(v1::Facts::new(v1::Place::Alone, spool, redactor)),
        Form::Recorded => Box::new(v1::Facts::new(v1::Place::Recorded, spool, redactor)),
    }
}

/// The least columns for what was found.
const LEAST: usize = 36;
/// How far in it stands below a name.
const INDENT: usize = 6;

/// A fact a line, with its evidence.
struct Table<'a> {
    redactor: &'a Redactor,
    width: Option<usize>,
    text: Spooling<'a>,
    sent: usize,
}

impl Reveal for Table<'_> {
    fn credential(&mut self, one: &Revealed<'_>) -> io::Result<()> {
        let (text, redactor) = (&mut self.text, self.redactor);
        let clean = |text: &str| untrusted::one_line(&redactor.redact(text), Sink::Terminal);
        writeln!(text, "{} ({})", clean(&wording::credential(one.credential)), one.credential.host.title())?;
        if let Some((told, help)) = one.facts.incidents.iter().find_map(stopped) {
            writeln!(text, "  {}", hanging(&clean(&told), self.width, 2))?;
            writeln!(text, "  help: {}\n", hanging(&clean(help), self.width, INDENT))?;
            // Nothing was asked, so every fact would say so.
            if one.facts.incidents.iter().any(|incident| incident.withheld().is_some()) {
                return Ok(());
            }
        }
        let mut last: Option<&str> = None;
        let width = rows(one.facts).map(|(_, path, _)| path.len()).max().unwrap_or(0);
        for (subject, path, fact) in rows(one.facts) {
            if subject != last {
                last = subject;
                if let Some(subject) = subject {
                    writeln!(text, "\n  {}", clean(subject))?;
                }
            }
            let evidence = wording::evidence_of(fact).map_or_else(String::new, |evidence| format!("  · {evidence}"));
            let found = clean(&format!("{}{evidence}", wording::knowledge(&fact.knowledge)));
            let (before, indent) = match self.width.map(|all| all.saturating_sub(width + 4)) {
                // Where there is too little room beside the names, it stands below them.
                Some(..LEAST) => (format!("  {path}\n{:INDENT$}", ""), INDENT),
                _ => (format!("  {path:width$}  "), width + 4),
            };
            writeln!(text, "{before}{}", hanging(&found, self.width, indent))?;
        }
        self.sent += one.exchanges.iter().map(|exchange| exchange.attempts).sum::<usize>();
        writeln!(text)
    }

    fn end(self: Box<Self>, out: &mut dyn Write) -> io::Result<()> {
        let all = self.text.all();
        self.text.finish()?.copy(&all, out)?;
        writeln!(out, "{}", english::count(self.sent, "request", "requests"))
    }
}
