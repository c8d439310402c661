//! The formats on the command line, and the reports that are written beside the one of `--format`.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};

use crate::report::Machine;

/// A format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people
    #[default]
    Human,
    /// For screen readers: sentences instead of drawings
    Narrated,
    /// A line for each finding: `file:line:col: severity[CODE] credential: message`
    Concise,
    /// JSON, version 1
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// JUnit XML, for test reports
    Junit,
    /// GitHub's workflow commands, and a job summary
    Github,
    /// GitLab's Code Quality
    Gitlab,
    /// A report and annotations as Bitbucket Cloud's Code Insights take them
    Bitbucket,
    /// The same for Bitbucket Data Center
    BitbucketServer,
    /// Logging commands of Azure Pipelines
    Azure,
    /// Service messages of TeamCity
    Teamcity,
    /// reviewdog's lines of JSON
    Rdjsonl,
    /// Markdown, for comments and summaries
    Markdown,
    /// A page in one file, without scripts
    Html,
    /// Metrics in Prometheus' text format
    Prometheus,
}

/// What a command's report is about, which decides the formats that it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum About {
    /// Verdicts on credentials.
    Run,
    /// Tests.
    Tests,
    /// Findings in files.
    Findings,
    /// A report that was written before.
    Report,
    /// Anything else.
    Other,
}

impl Format {
    /// Whether reports about this can have it.
    pub(super) const fn is_of(self, about: About) -> bool {
        match self {
            Self::Json => true,
            Self::Human | Self::Narrated => !matches!(about, About::Report),
            Self::Concise => !matches!(about, About::Other | About::Report),
            Self::Sarif
            | Self::Github
            | Self::Gitlab
            | Self::Bitbucket
            | Self::BitbucketServer
            | Self::Azure
            | Self::Teamcity
            | Self::Rdjsonl => !matches!(about, About::Other),
            Self::Junit => matches!(about, About::Run | About::Report | About::Tests),
            Self::Markdown | Self::Html | Self::Prometheus => matches!(about, About::Run | About::Report),
        }
    }

    /// The format that is made of what a report tells as data; `None` for those with a road of their own.
    pub(super) const fn machine(self) -> Option<Machine> {
        Some(match self {
            Self::Human | Self::Narrated | Self::Concise | Self::Json => return None,
            Self::Sarif => Machine::Sarif,
            Self::Junit => Machine::Junit,
            Self::Github => Machine::Github,
            Self::Gitlab => Machine::Gitlab,
            Self::Bitbucket => Machine::Bitbucket,
            Self::BitbucketServer => Machine::BitbucketServer,
            Self::Azure => Machine::Azure,
            Self::Teamcity => Machine::Teamcity,
            Self::Rdjsonl => Machine::Rdjsonl,
            Self::Markdown => Machine::Markdown,
            Self::Html => Machine::Html,
            Self::Prometheus => Machine::Prometheus,
        })
    }
}

/// The words of the formats that reports about this can have. Of a report that was written before the others are words, too,
/// that are not listed: why it cannot be written in them is told later.
pub(super) fn words(about: About) -> impl TypedValueParser<Value = Format> {
    let of = Format::value_variants().iter().filter(move |format| format.is_of(about) || about == About::Report);
    let word = move |format: &Format| Some(format.to_possible_value()?.hide(!format.is_of(about)));
    let words = PossibleValuesParser::new(of.filter_map(word));
    words.map(|word| Format::from_str(&word, false).unwrap_or_default())
}

/// A report in a file: `FORMAT=FILE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Report {
    pub(super) format: Format,
    pub(super) path: PathBuf,
}

/// Reads `FORMAT=FILE`.
fn report(text: &str, about: About) -> Result<Report, String> {
    let listed = || {
        let of = Format::value_variants().iter().filter(|format| format.is_of(about));
        let words: Vec<String> =
            of.filter_map(|format| Some(format.to_possible_value()?.get_name().to_owned())).collect();
        words.join(", ")
    };
    let Some((word, path)) = text.split_once('=').filter(|(_, path)| !path.is_empty()) else {
        return Err(format!("write FORMAT=FILE, with one of the formats {}", listed()));
    };
    if path == "-" {
        return Err("standard output has the report of `--format`: name a file".to_owned());
    }
    let format = Format::from_str(word, false).ok().filter(|format| format.is_of(about) || about == About::Report);
    let format = format.ok_or_else(|| format!("`{word}` is none of the formats {}", listed()))?;
    Ok(Report { format, path: path.into() })
}

/// Reads the reports of a run.
fn of_run(text: &str) -> Result<Report, String> {
    report(text, About::Run)
}

/// Reads reports of tests.
fn of_tests(text: &str) -> Result<Report, String> {
    report(text, About::Tests)
}

/// Reads reports of findings.
fn of_findings(text: &str) -> Result<Report, String> {
    report(text, About::Findings)
}

/// Reads a number of bytes: verdict and counts need some.
fn max_bytes(text: &str) -> Result<usize, String> {
    /// The fewest.
    const FEWEST: usize = 1_000;
    let bytes = text.parse().ok().filter(|bytes| *bytes >= FEWEST);
    bytes.ok_or_else(|| format!("write a number of bytes, {FEWEST} or more"))
}

/// Reads reports of a report.
fn of_report(text: &str) -> Result<Report, String> {
    report(text, About::Report)
}

/// The reports of a report beside the one of `--format`.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct ReportReports {
    /// Also write a report of this format to FILE, as often as wanted
    #[arg(long = "report", value_name = "FORMAT=FILE", value_parser = of_report, help_heading = "Output")]
    pub(super) reports: Vec<Report>,
    /// Cut Markdown reports between findings, at N bytes: 60000 fits a comment on GitHub
    #[arg(long, value_name = "N", value_parser = max_bytes, help_heading = "Output")]
    pub(super) max_bytes: Option<usize>,
}

/// The reports of a run beside the one of `--format`.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct RunReports {
    /// Which outcomes JSON reports have
    #[arg(long, value_name = "WHICH", value_enum, default_value_t = JsonOutcomes::All, help_heading = "Output")]
    pub(super) json_outcomes: JsonOutcomes,
    /// Also write a report of this format to FILE, as often as wanted
    #[arg(long = "report", value_name = "FORMAT=FILE", value_parser = of_run, help_heading = "Output")]
    pub(super) reports: Vec<Report>,
    /// Cut Markdown reports between findings, at N bytes: 60000 fits a comment on GitHub
    #[arg(long, value_name = "N", value_parser = max_bytes, help_heading = "Output")]
    pub(super) max_bytes: Option<usize>,
}

/// Which outcomes JSON reports have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum JsonOutcomes {
    /// Every one
    #[default]
    All,
    /// Those that something is to be said of: neither what passed nor what does not apply
    Findings,
}

/// The reports of tests beside the one of `--format`.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct TestReports {
    /// Also write a report of this format to FILE, as often as wanted
    #[arg(long = "report", value_name = "FORMAT=FILE", value_parser = of_tests, help_heading = "Output")]
    pub(super) reports: Vec<Report>,
}

/// The reports of findings in files beside the one of `--format`.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct FindingReports {
    /// Also write a report of this format to FILE, as often as wanted
    #[arg(long = "report", value_name = "FORMAT=FILE", value_parser = of_findings, help_heading = "Output")]
    pub(super) reports: Vec<Report>,
}
