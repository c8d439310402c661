//! Code Insights of Bitbucket Cloud: a report, and annotations, each list of them the body of a request.

use std::io::{self, Write};

use serde::Serialize;

use super::insights::{self, Datum, Insight};
use super::{Subject, Whole};
use crate::text::json::write_line;

#[derive(Serialize)]
struct Payload {
    report: Report,
    annotations: Vec<Vec<Annotation>>,
}

#[derive(Serialize)]
struct Report {
    title: &'static str,
    details: String,
    reporter: &'static str,
    report_type: &'static str,
    result: &'static str,
    data: Vec<Datum>,
}

#[derive(Serialize)]
struct Annotation {
    external_id: String,
    annotation_type: &'static str,
    summary: String,
    details: String,
    result: &'static str,
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
    let payload = Payload {
        report: Report {
            title: insights::title(whole.subject),
            details: insights::details(whole),
            reporter: "credcheck",
            report_type: match whole.subject {
                Subject::Credentials => "SECURITY",
                Subject::Tests => "TEST",
                Subject::Policies | Subject::Style => "BUG",
            },
            // Never pending: that would say that the run goes on.
            result: if insights::passed(whole) { "PASSED" } else { "FAILED" },
            data: insights::data(whole),
        },
        annotations: insights::requests(whole, annotation),
    };
    write_line(&mut *out, &payload)?;
    out.write_all(b"\n")
}

fn annotation(one: Insight) -> Annotation {
    Annotation {
        external_id: one.id,
        annotation_type: one.kind,
        summary: one.summary,
        details: one.details,
        result: "FAILED",
        severity: one.severity,
        path: one.path,
        line: one.line,
        link: one.link,
    }
}
