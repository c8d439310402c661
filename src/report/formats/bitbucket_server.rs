//! Code Insights of Bitbucket Data Center: a report, and annotations, each object of them the body of a request.

use std::io::{self, Write};

use serde::Serialize;

use super::Whole;
use super::insights::{self, Datum, Insight};
use crate::text::json::write_line;

#[derive(Serialize)]
struct Payload {
    report: Report,
    annotations: Vec<Request>,
}

#[derive(Serialize)]
struct Report {
    title: &'static str,
    details: String,
    reporter: &'static str,
    result: &'static str,
    data: Vec<Datum>,
}

#[derive(Serialize)]
struct Request {
    annotations: Vec<Annotation>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Annotation {
    external_id: String,
    #[serde(rename = "type")]
    kind: &'static str,
    message: String,
    severity: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<String>,
}

/// Writes the format.
pub(in crate::report) fn write(whole: &Whole<'_>, out: &mut dyn Write) -> io::Result<()> {
    let requests = insights::requests(whole, annotation);
    let payload = Payload {
        report: Report {
            title: insights::title(whole.subject),
            details: insights::details(whole),
            reporter: "credcheck",
            result: if insights::passed(whole) { "PASS" } else { "FAIL" },
            data: insights::data(whole),
        },
        annotations: requests.into_iter().map(|annotations| Request { annotations }).collect(),
    };
    write_line(&mut *out, &payload)?;
    out.write_all(b"\n")
}

fn annotation(one: Insight) -> Annotation {
    Annotation {
        external_id: one.id,
        kind: one.kind,
        message: one.summary,
        severity: one.severity,
        path: one.path,
        line: one.line,
        link: one.link,
    }
}
