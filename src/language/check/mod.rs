//! Checking: AST → checked policy. Names become rows, literals become values of the type expected there.

mod assemble;
mod declarations;
mod messages;
mod names;
mod operand;
mod options;
mod policy;
mod predicate;
mod test_block;
mod waiver;

use std::collections::BTreeMap;

pub use options::CheckOptions;

use super::checked::CheckedPolicy;
use super::load::Program;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::text::english;
use crate::text::source::{SourceId, SourceMap, Span};

/// The most problems shown for one file.
const MAX_PROBLEMS: usize = super::syntax::MAX_PROBLEMS;

/// Checks all files together. With an error among the problems (those of loading too) nothing may be evaluated, and the
/// policy given back is not complete.
pub fn check(
    program: &Program,
    sources: &SourceMap,
    mut problems: Vec<Diagnostic>,
    options: CheckOptions,
) -> (CheckedPolicy, Vec<Diagnostic>) {
    let (policy, cut) = policy::Checker::new(program, options, &mut problems).run();
    (policy, tidy(problems, program, sources, cut))
}

/// Orders problems by file and place, drops repetitions (a block for several hosts is checked for each), caps them.
fn tidy(mut problems: Vec<Diagnostic>, program: &Program, sources: &SourceMap, cut: bool) -> Vec<Diagnostic> {
    problems.sort_by_key(|problem| (problem.span(), problem.severity == Severity::Warning, problem.code));
    // The text of a string that does not end is not known, and what lies in text that makes no sense is a consequence.
    let is_text = |problem: &Diagnostic| matches!(problem.code, Code::UnclosedString | Code::UnexpectedText);
    let unread: BTreeMap<(SourceId, u32), u32> = problems
        .iter()
        .filter(|problem| is_text(problem))
        .filter_map(|problem| problem.span().map(|span| ((span.source, span.start), span.end)))
        .collect();
    let inside = |span: Span| {
        let before = unread.range(..=(span.source, span.start)).next_back();
        before.is_some_and(|((source, _), end)| *source == span.source && span.end <= *end)
    };
    problems.retain(|problem| is_text(problem) || !problem.span().is_some_and(inside));
    let mut kept: Vec<Diagnostic> = Vec::new();
    for problem in problems {
        // One mistake, one diagnostic: a second one of the same kind at the same place is the same for another host.
        let repeated = kept
            .last()
            .is_some_and(|last| last.span().is_some() && last.span() == problem.span() && last.code == problem.code);
        if !repeated {
            kept.push(problem);
        }
    }
    let mut shown = Vec::new();
    let mut counts: BTreeMap<Option<SourceId>, usize> = BTreeMap::new();
    for problem in kept {
        let count = counts.entry(problem.span().map(|span| span.source)).or_default();
        *count += 1;
        if *count <= MAX_PROBLEMS {
            shown.push(problem);
        }
    }
    for file in &program.files {
        *counts.entry(Some(file.source)).or_default() += file.more_problems;
    }
    for (source, count) in counts {
        if count > MAX_PROBLEMS {
            let name = source.map_or("the command line", |source| sources.name(source));
            let more = english::count(count - MAX_PROBLEMS, "more problem", "more problems");
            let least = if cut { "at least " } else { "" };
            shown.push(
                Diagnostic::new(Code::TooManyProblems, format!("`{name}` has {least}{more}"))
                    .help("mend the first ones: later ones are often their consequence"),
            );
        }
    }
    shown
}
