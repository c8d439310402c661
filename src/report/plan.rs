//! The plan for people and programs: which requests a check would make, and which rule asks for each.

use std::fmt::Write as _;
use std::io;

use serde::Serialize;

use super::page::Page;
use super::vocabulary::request_line;
use crate::diagnostic::{Style, hanging};
use crate::text::english;
use crate::text::redact::Redactor;
use crate::text::untrusted::{self, Sink};
use crate::vocabulary::{CredentialKind, HostKind, Request, host};

/// The plan of one credential.
#[derive(Clone, Debug, Serialize)]
pub struct CredentialPlan {
    /// The credential; `name` in JSON, as in the report and the facts.
    #[serde(rename = "name")]
    pub credential: String,
    /// The host's word.
    pub host: &'static str,
    /// Where it goes.
    pub url: String,
    /// The requests, in the order they would be sent.
    pub requests: Vec<Row>,
    /// What is worth knowing: what globs select is not known yet.
    pub notes: Vec<String>,
}

/// A command that is run for secrets, once.
#[derive(Clone, Debug, Serialize)]
pub struct Run {
    /// Its program, where that may be shown.
    pub program: Option<String>,
    /// The credentials whose secrets it prints.
    pub credentials: Vec<String>,
}

/// A request of the plan.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// The HTTP method.
    pub method: &'static str,
    /// The URL.
    pub url: String,
    /// Whether it is a write probe: a write that cannot change anything.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub probe: bool,
    /// What it is about, where the URL does not say it: the repositories of a query about many.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub about: Vec<String>,
    /// How many requests it usually takes until it is settled: levels, pages, a name that is looked up.
    pub usual: usize,
    /// How many at most.
    pub most: usize,
    /// The facts that it settles.
    pub facts: Vec<&'static str>,
    /// The rules that ask for them.
    pub asked_by: Vec<String>,
}

/// What a check would ask with a credential of a kind.
#[derive(Clone, Debug)]
pub struct KindPlan {
    host: HostKind,
    kind: &'static CredentialKind,
    requests: Vec<String>,
}

/// The plan of a kind, from the rows of the requests, each once.
pub fn kind_plan(
    host: HostKind,
    kind: &'static CredentialKind,
    rows: impl Iterator<Item = &'static Request>,
) -> KindPlan {
    let mut requests: Vec<String> = Vec::new();
    for line in rows.map(request_line) {
        if !requests.contains(&line) {
            requests.push(line);
        }
    }
    KindPlan { host, kind, requests }
}

/// What a check would ask where there is no credential: with one of each kind, kinds that are asked the same together.
pub fn plan_of_kinds(plans: &[KindPlan]) -> Page {
    let mut page = Page::default();
    page.paragraph(
        0,
        "nothing was sent: there is no credential, and a check would decide nothing and end with exit code 3. With one of a \
         kind, and one repository in scope, it would ask:",
    );
    for of_host in plans.chunk_by(|one, next| one.host == next.host) {
        let Some(first) = of_host.first() else { continue };
        page.heading(host(first.host).title);
        let mut told: Vec<(&[String], Vec<&str>)> = Vec::new();
        for plan in of_host {
            match told.iter_mut().find(|(requests, _)| *requests == plan.requests) {
                Some((_, kinds)) => kinds.push(plan.kind.word),
                None => told.push((&plan.requests, vec![plan.kind.word])),
            }
        }
        let mut rows: Vec<Vec<String>> = Vec::new();
        for (requests, kinds) in told {
            // The kinds stand beside the requests, row by row.
            let lines = if requests.is_empty() { &["nothing".to_owned()] } else { requests };
            for at in 0..lines.len().max(kinds.len()) {
                let kind = kinds.get(at).copied().unwrap_or_default();
                rows.push(vec![kind.to_owned(), lines.get(at).cloned().unwrap_or_default()]);
            }
        }
        page.rows(2, rows);
    }
    page
}

#[derive(Serialize)]
struct Document<'a> {
    version: u8,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    commands: &'a [Run],
    credentials: &'a [CredentialPlan],
}

/// Writes the plan as JSON, version 1.
///
/// # Errors
/// The sink's.
pub fn write_json(
    commands: &[Run],
    plans: &[CredentialPlan],
    redactor: &Redactor,
    sink: &mut dyn io::Write,
) -> io::Result<()> {
    super::json::write(&Document { version: 1, commands, credentials: plans }, redactor, sink)
}

/// Writes the plan for people.
///
/// # Errors
/// The sink's.
pub fn write_human(
    commands: &[Run],
    plans: &[CredentialPlan],
    style: Style,
    redactor: &Redactor,
    sink: &mut dyn io::Write,
) -> io::Result<()> {
    let mut text = String::new();
    let clean = |text: &str| untrusted::one_line(&redactor.redact(text), Sink::Terminal);
    let line = |text: &mut String, line: String, indent: usize| {
        let _ = writeln!(text, "{}", hanging(&line, style.width(), indent));
    };
    if !commands.is_empty() {
        text.push_str("run for secrets, as a check runs it, once and in this order\n");
        for run in commands {
            let program =
                run.program.as_deref().map_or_else(|| "a command".to_owned(), |name| format!("`{}`", clean(name)));
            line(&mut text, format!("  {program} for {}", clean(&run.credentials.join(", "))), 4);
        }
        text.push('\n');
    }
    for plan in plans {
        let count = price(&plan.requests);
        let _ = writeln!(text, "{} on {}: {count}", clean(&plan.credential), clean(&plan.url));
        for row in &plan.requests {
            let _ = writeln!(text, "  {} {}", row.method, clean(&row.url));
            if row.probe {
                let _ = writeln!(text, "      a write probe: its body is invalid and what it names cannot exist");
            }
            if !row.about.is_empty() {
                let count = english::count(row.about.len(), "repository", "repositories");
                line(&mut text, format!("      about {count}: {}", clean(&row.about.join(", "))), 8);
            }
            if row.usual == 0 {
                let _ = writeln!(text, "      only where nothing else decides it, and once");
            } else if row.most > 1 {
                let _ = writeln!(text, "      takes {}", price(std::slice::from_ref(row)));
            }
            if !row.facts.is_empty() {
                line(&mut text, format!("      tells {}", row.facts.join(", ")), 8);
            }
            line(&mut text, format!("      for {}", clean(&row.asked_by.join(", "))), 8);
        }
        for note in &plan.notes {
            let _ = writeln!(text, "  {}", clean(note));
        }
        text.push('\n');
    }
    let total = price(plans.iter().flat_map(|plan| &plan.requests));
    let _ = writeln!(text, "nothing was sent; a check sends {total}");
    sink.write_all(text.as_bytes())
}

/// What requests cost: `at most 3 requests`, or `usually 3 requests, at most 14`.
fn price<'a>(rows: impl IntoIterator<Item = &'a Row>) -> String {
    let (usual, most) = rows.into_iter().fold((0, 0), |(usual, most), row| (usual + row.usual, most + row.most));
    let count = |number: usize| english::count(number, "request", "requests");
    if usual == most { format!("at most {}", count(most)) } else { format!("usually {}, at most {most}", count(usual)) }
}
