//! The formatter: text in, text in the one style out. It never changes what a policy says, and refuses where it would.
//!
//! - Two spaces of indentation for each block; one thing a line; at most one blank line between things, where there was
//!   one.
//! - Statements and words that stand one under the other have what follows their first word in one column; the entries
//!   of a header, constants, and the facts and inputs that a test gives have their `=` in one. A blank line, a block or
//!   another kind of line ends such a run; a thing of several lines is the last of its run.
//! - A list, a map or a parenthesis stays on one line, or broken, as its author had it; a broken list has the author's
//!   things on each line, and a comma after the last. A line break beside an operator, or before a clause of a waiver,
//!   stays; other line breaks inside of a line do not.
//! - Comments stay, in their order: at the end of a line, or on a line of their own. Line ends stay what the first one
//!   is; a byte order mark goes.

mod places;
mod print;
mod tree;

use super::syntax::{self, MAX_PROBLEMS, Role, Token};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::text::english;
use crate::text::source::SourceId;

/// Formats a policy's text. Only its syntax is read: names need not exist.
///
/// # Errors
/// Everything that is wrong with the syntax, at most 100 and a count; or that formatting would have changed what the
/// policy says ([`Code::FormatRefused`]), which is a mistake of the formatter.
pub fn format(source: SourceId, text: &str) -> Result<String, Vec<Diagnostic>> {
    let (parsed, tokens) = syntax::parse_with_tokens(source, text);
    if parsed.problems.iter().any(|problem| problem.severity == Severity::Error) {
        return Err(limited(parsed.problems, parsed.more));
    }
    let formatted = print::print(text, &tree::elements(&tokens));
    let (again, tokens_again) = syntax::parse_with_tokens(source, &formatted);
    let says_the_same = again.problems.iter().all(|problem| problem.severity != Severity::Error)
        && places::without_places(parsed.file) == places::without_places(again.file)
        && words(text, &tokens).eq(words(&formatted, &tokens_again))
        && comments(text, &tokens).eq(comments(&formatted, &tokens_again));
    if !says_the_same {
        let problem = Diagnostic::new(Code::FormatRefused, "formatting would change what the policy says");
        return Err(vec![problem.help("this is a mistake in credcheck: please report it, with the policy")]);
    }
    let windows = text.split_once('\n').is_some_and(|(line, _)| line.ends_with('\r'));
    Ok(if windows { formatted.replace('\n', "\r\n") } else { formatted })
}

/// The first problems, and how many more there are.
fn limited(mut problems: Vec<Diagnostic>, mut more: usize) -> Vec<Diagnostic> {
    more += problems.len().saturating_sub(MAX_PROBLEMS);
    problems.truncate(MAX_PROBLEMS);
    if more > 0 {
        let count = english::count(more, "more problem", "more problems");
        problems.push(
            Diagnostic::new(Code::TooManyProblems, format!("the file has {count}"))
                .help("mend the first ones: later ones are often their consequence"),
        );
    }
    problems
}

/// Everything that is written but comments and commas: these come and go before a closing bracket, and nowhere else
/// without a change to the syntax.
fn words<'a>(text: &'a str, tokens: &'a [Token]) -> impl Iterator<Item = &'a str> {
    let written = tokens.iter().filter(|token| !matches!(token.role, Role::Comment | Role::Comma));
    written.map(|token| text.get(token.start..token.end).unwrap_or(""))
}

fn comments<'a>(text: &'a str, tokens: &'a [Token]) -> impl Iterator<Item = &'a str> {
    let comments = tokens.iter().filter(|token| token.role == Role::Comment);
    comments.map(|token| text.get(token.start..token.end).unwrap_or(""))
}
