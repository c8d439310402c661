//! The formats that other programs read, each in a file of its own: what it takes is what a report tells as data, and each
//! has its own escapes for the untrusted texts in it.

pub(super) mod azure;
pub(super) mod bitbucket;
pub(super) mod bitbucket_server;
pub(super) mod github;
pub(super) mod gitlab;
mod groups;
pub(super) mod html;
mod insights;
pub(super) mod junit;
pub(super) mod markdown;
mod parts;
pub(super) mod prometheus;
pub(super) mod rdjsonl;
mod ruled;
pub(super) mod sarif;
mod sentence;
mod sheet;
mod tally;
pub(super) mod teamcity;
mod verdict;
mod wording;

use std::io::{self, Write};

use super::annotations::Annotation;
use super::told::{Closing, Opening, Surroundings};

pub(super) use sheet::{Findings, Sheet};

/// What a command looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// Live credentials, or a record of them.
    Credentials,
    /// Policies by themselves: `lint`.
    Policies,
    /// The tests of policies: `test`.
    Tests,
    /// The style of policies: `fmt --check`.
    Style,
}

/// Everything there is to say at the end, for formats of findings.
#[derive(Clone, Copy, Debug)]
pub struct Whole<'a> {
    /// Name and version of the program: `credcheck 0.1.0`.
    pub tool: &'a str,
    /// What was looked at.
    pub subject: Subject,
    /// What has to be mended, the worst first.
    pub annotations: &'a [Annotation],
    /// Where the program runs.
    pub surroundings: &'a Surroundings,
    /// The exit code.
    pub exit: u8,
    /// The run, where credentials were checked.
    pub run: Option<(&'a Opening, &'a Closing)>,
}

/// Writes a whole format of findings.
pub(super) type WriteFindings = fn(&Whole<'_>, &mut dyn Write) -> io::Result<()>;
