//! Changes to a policy's text that mend what a lint found and keep what the policy means.

use super::super::ast::Expression;
use super::finding::Finding;
use crate::text::source::{SourceId, Span};

/// A stretch of text that goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The text.
    pub span: Span,
}

/// A change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, in the past: "removed the constant `x`".
    pub what: String,
    /// What goes.
    pub edit: Edit,
}

/// What came of changing a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fixed {
    /// The text after it.
    pub text: String,
    /// What was done, each with its place in the text before, in the order of the text.
    pub done: Vec<(Span, String)>,
}

impl Fix {
    /// Removes an item of a list; `None` where a comment would go with it.
    pub(super) fn remove_item(text: &str, items: &[Expression], at: usize, what: impl Into<String>) -> Option<Self> {
        let item = items.get(at)?.span;
        let span = match (items.get(at + 1), at.checked_sub(1).and_then(|before| items.get(before))) {
            (Some(next), _) => Span { end: next.span.start, ..item },
            (None, Some(before)) => Span { start: before.span.end, ..item },
            (None, None) => return None,
        };
        // What goes beside the item itself is a comma and space.
        let besides = [(span.start, item.start), (item.end, span.end)];
        let only_space = besides.into_iter().all(|(start, end)| {
            text.get(start as usize..end as usize)
                .is_some_and(|gap| gap.chars().all(|character| character == ',' || character.is_whitespace()))
        });
        only_space.then(|| Self { what: what.into(), edit: Edit { span } })
    }

    /// Removes a thing with the lines that it alone stands on; `None` where a comment would go with it, or lose what it
    /// is about.
    pub(super) fn remove_lines(text: &str, span: Span, what: impl Into<String>) -> Option<Self> {
        let (start, end) = (span.start as usize, span.end as usize);
        if has_comment(text.get(start..end)?) {
            return None;
        }
        let line_start = text.get(..start)?.rfind('\n').map_or(0, |at| at + 1);
        let rest = text.get(end..)?;
        let line_end = rest.find('\n').map_or(text.len(), |at| end + at + 1);
        let alone = text.get(line_start..start)?.trim().is_empty() && text.get(end..line_end)?.trim().is_empty();
        alone.then(|| Self { what: what.into(), edit: Edit { span: Span::new(span.source, line_start, line_end) } })
    }
}

/// Whether a stretch of policy text holds a comment. A `#` in a string is taken for one, which is the safe side.
fn has_comment(text: &str) -> bool {
    text.contains('#')
}

/// Changes a text as the findings of its source say. Changes that meet are made one after the other: the first now, the
/// others when the new text is linted. `None` where there is nothing to change.
pub fn apply(text: &str, source: SourceId, findings: &[Finding]) -> Option<Fixed> {
    let mut fixes: Vec<&Fix> = findings
        .iter()
        .filter_map(|finding| finding.fix.as_ref())
        .filter(|fix| fix.edit.span.source == source)
        .collect();
    fixes.sort_by_key(|fix| fix.edit.span);
    let (mut after, mut at, mut done) = (String::with_capacity(text.len()), 0, Vec::new());
    for fix in fixes {
        let (start, end) = (fix.edit.span.start as usize, fix.edit.span.end as usize);
        if start < at || end < start {
            continue;
        }
        let (Some(kept), true) = (text.get(at..start), text.get(start..end).is_some()) else { continue };
        after.push_str(kept);
        at = end;
        done.push((fix.edit.span, fix.what.clone()));
    }
    if done.is_empty() {
        return None;
    }
    after.push_str(text.get(at..)?);
    Some(Fixed { text: after, done })
}
