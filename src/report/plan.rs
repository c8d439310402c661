//! The plan for people and programs: which requests a check would make, and which rule asks for each.

use std::fmt::Write as _;
use std::io;

use serde::Serialize;

use crate::text::english;
use crate::text::redact::Redactor;
use crate::text::untrusted::{self, Sink};

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

#[derive(Serialize)]
struct Document<'a> {
    version: u8,
    credentials: &'a [CredentialPlan],
}

/// Writes the plan as JSON, version 1.
///
/// # Errors
/// The sink's.
pub fn write_json(plans: &[CredentialPlan], redactor: &Redactor, sink: &mut dyn io::Write) -> io::Result<()> {
    super::json::write(&Document { version: 1, credentials: plans }, redactor, sink)
}

/// Writes the plan for people.
///
/// # Errors
/// The sink's.
pub fn write_human(plans: &[CredentialPlan], redactor: &Redactor, sink: &mut dyn io::Write) -> io::Result<()> {
    let mut text = String::new();
    let clean = |text: &str| untrusted::one_line(&redactor.redact(text), Sink::Terminal);
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
                let _ = writeln!(text, "      about {count}: {}", clean(&row.about.join(", ")));
            }
            if row.usual == 0 {
                let _ = writeln!(text, "      only where nothing else decides it, and once");
            } else if row.most > 1 {
                let _ = writeln!(text, "      takes {}", price(std::slice::from_ref(row)));
            }
            if !row.facts.is_empty() {
                let _ = writeln!(text, "      tells {}", row.facts.join(", "));
            }
            let _ = writeln!(text, "      for {}", clean(&row.asked_by.join(", ")));
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
