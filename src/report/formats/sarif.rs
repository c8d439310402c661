//! SARIF 2.1.0, as code scanning of several vendors takes it: one run, each finding with a rule that is listed and a place
//! in a file of the repository.

mod log;
mod rules;

use std::collections::BTreeMap;
use std::io::{self, Write};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::Url;

use self::log::{
    ArtifactLocation, AutomationDetails, Driver, Finding, FindingProperties, Fingerprints, Invocation, Location, Log,
    Notification, PhysicalLocation, Region, Run, Text, Tool,
};
use self::rules::Rules;
use super::Whole;
use super::wording::{command, cut, elsewhere, line, not_checked, sentence};
use crate::report::annotations::{Annotation, Level};
use crate::report::told::{Pipeline, Place, Severity};
use crate::text::english;
use crate::text::json::write_line;

/// The most findings that consumers keep.
const FINDINGS: usize = 5_000;
/// The most bytes of findings: consumers refuse more than 10 MB in all.
const BYTES: usize = 8_000_000;
/// The most that is told beside findings.
const NOTIFICATIONS: usize = 500;
/// The longest message: consumers drop what has more than 1,024.
const MESSAGE: usize = 1_000;
/// The longest property.
const PROPERTY: usize = 255;

/// Writes the format.
pub(in crate::report) fn write(whole: &Whole<'_>, out: &mut dyn Write) -> io::Result<()> {
    write_line(&mut *out, &log(whole))?;
    out.write_all(b"\n")
}

fn log(whole: &Whole<'_>) -> Log {
    let placed = whole.annotations.iter().filter(|one| one.place.is_some());
    let kept: Vec<&Annotation> = placed.clone().take(FINDINGS).collect();
    let rules = Rules::of(whole, &kept);
    let mut results = Vec::new();
    let mut bytes = 0_usize;
    for finding in kept.iter().filter_map(|one| finding(one, &rules)) {
        bytes += length(&finding);
        if bytes > BYTES {
            break;
        }
        results.push(finding);
    }
    let left_out = placed.count() - results.len();
    let (name, version) = whole.tool.rsplit_once(' ').unwrap_or((whole.tool, "0.0.0"));
    let driver = Driver {
        name: line(name, PROPERTY),
        full_name: line(whole.tool, PROPERTY),
        semantic_version: line(version, PROPERTY),
        information_uri: Some(env!("CARGO_PKG_REPOSITORY")).filter(|address| !address.is_empty()),
        rules: rules.all,
    };
    Log {
        schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: [Run {
            tool: Tool { driver },
            automation_details: automation(whole),
            invocations: [invocation(whole, left_out)],
            column_kind: "unicodeCodePoints",
            results,
        }],
    }
}

/// How many bytes a finding takes.
fn length(finding: &Finding) -> usize {
    let mut bytes = Vec::new();
    // Memory takes everything.
    write_line(&mut bytes, finding).map_or(0, |()| bytes.len() + 1)
}

fn finding(one: &Annotation, rules: &Rules) -> Option<Finding> {
    let rule_id = rules::id(&one.rule);
    let property = |text: &String| line(text, PROPERTY);
    let mut said = sentence(&one.text);
    if let Some(help) = &one.help {
        said.push(' ');
        said.push_str(&sentence(help));
    }
    if let Some(place) = elsewhere(one) {
        said.push_str(&format!(" It stands in {place}."));
    }
    Some(Finding {
        rule_index: rules.index(&rule_id)?,
        rule_id,
        level: if one.level == Level::Error { "error" } else { "warning" },
        // A rule has one severity for all that is found of it; where a result may have its own, it is this.
        rank: match one.level {
            Level::Error => 80.0,
            Level::Undetermined => 60.0,
            Level::Warning => 50.0,
        },
        message: Text { text: message(&said) },
        locations: [location(one.place.as_ref()?)],
        partial_fingerprints: Fingerprints {
            primary: format!("{}:1", line(&one.fingerprint, PROPERTY)),
            own: line(&one.fingerprint, PROPERTY),
        },
        properties: FindingProperties {
            code: property(&one.code),
            statement: one.statement,
            credential: one.credential.as_ref().map(property),
            host: one.host.as_ref().map(|(host, _)| property(host)),
            url: one.host.as_ref().map(|(_, url)| property(url)),
            subject: one.subject.as_ref().map(property),
            tags: if one.undetermined { vec!["undetermined"] } else { Vec::new() },
        },
    })
}

fn location(place: &Place) -> Location {
    /// What stands in a path as it is.
    const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');
    let (line, column) = (place.line.max(1), place.column.max(1));
    let end = place.end.filter(|end| *end > (line, column));
    Location {
        physical_location: PhysicalLocation {
            artifact_location: ArtifactLocation { uri: utf8_percent_encode(&place.file, PATH).to_string() },
            region: Region {
                start_line: line,
                start_column: column,
                end_line: end.map(|(line, _)| line),
                end_column: end.map(|(_, column)| column.max(1)),
            },
        },
    }
}

/// What the run belongs to: a second upload of the same replaces the first.
fn automation(whole: &Whole<'_>) -> AutomationDetails {
    let policy = whole.run.and_then(|(opening, _)| opening.policies.first()).map(|policy| {
        whole.surroundings.paths.relative(&policy.file).unwrap_or_else(|| policy.file.trim_matches('/').to_owned())
    });
    let plain = |character: char| {
        if character.is_alphanumeric() || "-_.:/".contains(character) { character } else { '-' }
    };
    let of = policy.as_deref().unwrap_or(command(whole.subject));
    let id: String = format!("credcheck/{}/", cut(of, PROPERTY)).chars().map(plain).collect();
    let Some(pipeline) = &whole.surroundings.pipeline else {
        return AutomationDetails { id, properties: BTreeMap::new() };
    };
    let told = [
        ("azuredevops/pipeline/build/buildDefinitionId", &pipeline.definition_id),
        ("azuredevops/pipeline/build/buildDefinitionName", &pipeline.definition_name),
        ("azuredevops/pipeline/build/phaseId", &pipeline.phase_id),
        ("azuredevops/pipeline/build/phaseName", &pipeline.phase_name),
    ];
    let properties = told.into_iter().filter_map(|(key, value)| Some((key, line(value.as_ref()?, PROPERTY))));
    // Of a build that tells all of it, as the vendor's own tool writes it.
    let id = build(pipeline).map_or(id, |build| build.chars().map(plain).collect());
    AutomationDetails { id: format!("azuredevops/pipeline/build/{id}"), properties: properties.collect() }
}

/// What a build is called: by organisation, project, definition, phase, branch and number.
fn build(pipeline: &Pipeline) -> Option<String> {
    let collection = Url::parse(pipeline.collection.as_deref()?).ok()?;
    let host = collection.host_str()?.split('.').next();
    let organization = collection.path_segments()?.find(|part| !part.is_empty()).or(host)?;
    let rest =
        [&pipeline.project_id, &pipeline.definition_id, &pipeline.phase_id, &pipeline.branch, &pipeline.build_id];
    let rest: Vec<&str> = rest.into_iter().map(Option::as_deref).collect::<Option<_>>()?;
    Some(cut(&format!("{organization}/{}", rest.join("/")), 4 * PROPERTY).into_owned())
}

/// How it went, and what is no finding.
fn invocation(whole: &Whole<'_>, left_out: usize) -> Invocation {
    let mut told: Vec<(&'static str, String)> = Vec::new();
    let unplaced: Vec<&Annotation> = whole.annotations.iter().filter(|one| one.place.is_none()).collect();
    if left_out > 0 {
        let findings = english::count(left_out, "finding was", "findings were");
        told.push(("warning", format!("{findings} left out, the least bad: consumers keep no more.")));
    }
    told.extend(unplaced.iter().map(|one| {
        let text = format!("{}: {} {}", one.rule, sentence(&one.text), elsewhere(one).unwrap_or_default());
        (if one.level == Level::Error { "error" } else { "warning" }, text.trim_end().to_owned())
    }));
    let mut successful = unplaced.is_empty() && whole.exit != crate::evaluation::ExitCode::Failed.number();
    if let Some((opening, closing)) = whole.run {
        if closing.decided_nothing() {
            told.push(("error", "Nothing was decided: this run says nothing of what an earlier one found.".into()));
        }
        if let Some((judged, of)) = closing.interrupted {
            told.push(("error", format!("The run was interrupted: {judged} of {of} credentials were judged.")));
        }
        successful &= !closing.decided_nothing() && closing.interrupted.is_none();
        if let Some((record, at)) = &opening.replayed_from {
            told.push(("note", format!("Judged from the record {record} of {at}, and not from live hosts.")));
        }
        let advice = closing.notes.iter().filter(|note| note.severity == Severity::Advice);
        told.extend(advice.map(|note| ("note", format!("{}: {}", note.name, sentence(&note.message)))));
        told.extend(not_checked(whole).map(|text| ("warning", sentence(&text))));
        told.extend(closing.not_read.iter().map(|one| {
            ("note", format!("No statement read {}, which {} has on {}.", one.repository, one.credential, one.host))
        }));
    }
    let notification = |(level, text): (_, String)| Notification { level, message: Text { text: message(&text) } };
    Invocation {
        execution_successful: successful,
        exit_code: whole.exit,
        start_time_utc: whole.run.map(|(opening, _)| opening.at.to_string()),
        tool_execution_notifications: told.into_iter().take(NOTIFICATIONS).map(notification).collect(),
    }
}

/// A message: on one line, with nothing that is a link. Consumers make one of `[text](target)`.
fn message(text: &str) -> String {
    line(&cut(text, 2 * MESSAGE).replace("](", "] ("), MESSAGE)
}
