//! Lints: everything that can be said of a checked policy without asking a host. A lint that is not certain is silent.
//!
//! Each file is one idea; [`LINTS`] lists them. All are near-linear in the size of the policy.

mod context;
mod coverage;
mod decidability;
mod finding;
mod fix;
mod formula;
mod globs;
mod kinds;
mod levels;
mod lists;
mod logic;
mod names;
mod pairs;
mod patterns;
mod selectors;
mod solve;
mod waivers;

use std::collections::BTreeSet;

use jiff::Timestamp;

use context::{Context, groups};

use super::checked::CheckedPolicy;
use super::load::Program;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::text::english;
use crate::text::source::{SourceId, SourceMap};

pub use finding::Finding;
pub use fix::{Edit, Fix, Fixed, apply};
pub use waivers::expired as expired_waiver;

/// Every lint. Each gives what it finds, in any order.
const LINTS: [fn(&Context<'_>) -> Vec<Finding>; 12] = [
    coverage::empty,
    decidability::undecided,
    decidability::impossible_grants,
    coverage::uncovered_kinds,
    logic::constants,
    pairs::pairs,
    selectors::idle,
    names::unused,
    waivers::dates_and_places,
    patterns::everything,
    lists::items,
    levels::traps,
];

/// The most findings of one policy that are given.
const MOST_FINDINGS: usize = 1_000;

/// Lints a policy that is valid. `problems` are what loading and checking said of it; `now` is for waivers.
///
/// The findings stand in the order of files and places. A file that an import brings is linted where it is named itself.
pub fn lint(
    policy: &CheckedPolicy,
    program: &Program,
    sources: &SourceMap,
    problems: Vec<Diagnostic>,
    now: Timestamp,
) -> Vec<Finding> {
    let roots: BTreeSet<SourceId> = policy.files.iter().filter(|file| file.root).map(|file| file.source).collect();
    let context = Context { policy, program, sources, now, groups: groups(policy), kinds: kinds::Kinds::new(), roots };
    let mut findings: Vec<Finding> = problems.into_iter().map(|problem| names::with_fix(&context, problem)).collect();
    let found = LINTS.iter().flat_map(|lint| lint(&context));
    let is_rooted =
        |finding: &Finding| finding.diagnostic.span().is_some_and(|span| context.roots.contains(&span.source));
    findings.extend(found.filter(is_rooted));
    findings.sort_by_key(|finding| (finding.diagnostic.span(), finding.diagnostic.code));
    // A block for several hosts is looked at for each: one mistake is one finding.
    findings.dedup_by(|next, last| {
        next.diagnostic.code == last.diagnostic.code
            && next.diagnostic.span().is_some()
            && next.diagnostic.span() == last.diagnostic.span()
    });
    cut(&mut findings);
    findings
}

/// Keeps the worst of very many findings, and says how many there are beside them.
fn cut(findings: &mut Vec<Finding>) {
    let Some(more) = findings.len().checked_sub(MOST_FINDINGS).filter(|more| *more > 0) else { return };
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.diagnostic.severity));
    findings.truncate(MOST_FINDINGS);
    findings.sort_by_key(|finding| (finding.diagnostic.span(), finding.diagnostic.code));
    let message = format!("{} not shown", english::count(more, "further finding is", "further findings are"));
    findings.push(Finding::new(
        Diagnostic::new(Code::TooManyProblems, message)
            .severity(Severity::Advice)
            .help("mend the first ones, and lint again"),
    ));
}
