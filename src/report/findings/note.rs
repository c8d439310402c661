//! Notes: what answers said of a credential beside facts and verdicts.

use super::about::class_of;
use super::gathered::{Gathered, Sentence};
use crate::diagnostic::{Code, Diagnostic};
use crate::facts::{Incident, Value};
use crate::report::stream::Section;
use crate::report::wording;
use crate::text::english;
use crate::vocabulary::host;

/// What answers said of a credential beside facts and verdicts.
pub(in crate::report) fn notes<'a>(section: &'a Section<'_>) -> impl Iterator<Item = Diagnostic> + 'a {
    section.facts.incidents.iter().filter_map(|incident| note(section, incident))
}

/// What notes must share to be told together: what they say, of whichever credential.
pub(super) fn key(section: &Section<'_>, note: &Diagnostic) -> String {
    let said = note.message.strip_prefix(&named(section)).unwrap_or(&note.message);
    format!("note\u{0}{}\u{0}{said}", note.code.number())
}

/// How notes name a credential.
fn named(section: &Section<'_>) -> String {
    format!("`{}`", section.credential.name)
}

/// The finding that a first note begins.
pub(super) fn gathered(section: &Section<'_>, diagnostic: Diagnostic) -> Gathered {
    // Not every note names the credential.
    let credential = Some(named(section)).filter(|named| diagnostic.message.starts_with(named.as_str()));
    let sentence = Sentence::Said { credential: credential.unwrap_or_default(), repository: None };
    Gathered::new(class_of(diagnostic.severity), sentence, diagnostic)
}

impl Gathered {
    pub(super) fn add_note(&mut self, section: &Section<'_>) {
        self.credential(section);
        self.outcomes += 1;
    }
}

fn note(section: &Section<'_>, incident: &Incident) -> Option<Diagnostic> {
    let (diagnostic, evidence) = match incident {
        // Told as a finding.
        Incident::Renamed { .. } if host(section.credential.host).moved_refuse_writes => return None,
        Incident::Renamed { from, to, evidence } => {
            let message = format!("repository `{from}` is named `{to}` now");
            (Diagnostic::new(Code::RepositoryRenamed, message).help("use the new name in the settings"), evidence)
        }
        Incident::ClockOff { ahead, evidence } => {
            let direction = if ahead.is_negative() { "behind" } else { "ahead of" };
            let by = Value::Duration(ahead.abs());
            let message = format!(
                "this machine's clock is {by} {direction} that of {}",
                wording::address(&section.credential.url)
            );
            (Diagnostic::new(Code::ClockOff, message).help("set the clock: expiry is judged by it"), evidence)
        }
        Incident::NotApproved { app, by, missing, link, evidence } => {
            let count = english::count(missing.len(), "permission", "permissions");
            let message = format!("`{by}` has not approved {count} that the App `{app}` asks for");
            let asked = missing.iter().map(|(name, level, granted)| match granted {
                Some(granted) => format!("`{name} = {level}` (granted: `{granted}`)"),
                None => format!("`{name} = {level}` (not granted)"),
            });
            let diagnostic = Diagnostic::new(Code::PermissionsNotApproved, message)
                .help(format!("an owner of `{by}` approves them at {link}"))
                .note(format!("not approved: {}", english::list(asked, "and")));
            (diagnostic, evidence)
        }
        Incident::Note { text, evidence } => {
            (Diagnostic::new(Code::Note, format!("{}: {text}", wording::credential(section.credential))), evidence)
        }
        Incident::Refused { .. }
        | Incident::Withheld(_)
        | Incident::NotAccepted { .. }
        | Incident::AnotherAccount { .. }
        | Incident::NotVisible { .. }
        | Incident::Invited { .. } => return None,
    };
    Some(match evidence.first() {
        Some(seen) => diagnostic.note(format!("seen in {}", wording::evidence(seen))),
        None => diagnostic,
    })
}
