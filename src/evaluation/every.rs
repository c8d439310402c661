//! A set that holds all strings there are without naming them: the events of a webhook that has every one. Which of them a
//! condition tells apart.

use super::seen::{Context, Item, Seen};
use crate::facts::Value;
use crate::language::{Expression, ExpressionKind, Operand};
use crate::text::glob;

/// A string that no policy compares with: it stands for all that a condition does not name.
const ANOTHER: &str = "\u{1}another";

/// What a condition looks at in an item that may be any string.
pub(super) struct Named<'a> {
    /// The strings that it names, and one that it does not.
    pub(super) texts: Vec<&'a str>,
    /// Whether all other strings are alike to it.
    pub(super) is_all: bool,
}

/// What a condition about the item at a depth names.
pub(super) fn named<'a>(
    context: &Context<'a>,
    depth: usize,
    condition: &'a Expression,
    items: &[Item<'a>],
) -> Named<'a> {
    let mut reader = Reader { context, depth, items, named: Named { texts: vec![ANOTHER], is_all: true } };
    reader.expression(condition);
    reader.named
}

struct Reader<'r, 'a> {
    context: &'r Context<'a>,
    depth: usize,
    items: &'r [Item<'a>],
    named: Named<'a>,
}

impl<'a> Reader<'_, 'a> {
    fn expression(&mut self, expression: &'a Expression) {
        match &expression.kind {
            ExpressionKind::Not(inner) => self.expression(inner),
            ExpressionKind::And(terms) | ExpressionKind::Or(terms) => {
                terms.iter().for_each(|term| self.expression(term));
            }
            ExpressionKind::Compare { left, right, .. } if self.is_item(left) => self.whole(right),
            ExpressionKind::Compare { left, right, .. } if self.is_item(right) => self.whole(left),
            ExpressionKind::In { left, items, .. } if self.is_item(left) => {
                items.iter().for_each(|one| self.whole(one))
            }
            ExpressionKind::Like { left, patterns, .. } if self.is_item(left) => {
                for pattern in patterns {
                    // Which strings there are that match is not known; one without a wildcard names one.
                    let (globs, plain): (Vec<&str>, Vec<&str>) =
                        self.texts_of(pattern).into_iter().partition(|text| glob::is_pattern(text));
                    self.named.is_all &= globs.is_empty();
                    self.named.texts.extend(plain);
                }
            }
            ExpressionKind::Matches { left, .. } if self.is_item(left) => self.named.is_all = false,
            // What a quantifier inside makes of the item is its own affair.
            ExpressionKind::Quantified { .. } => self.named.is_all = false,
            // The item is in none of these.
            _ => {}
        }
    }

    fn is_item(&self, operand: &Operand) -> bool {
        matches!(operand, Operand::Field(field) if field.depth == self.depth && field.name.is_none())
    }

    fn whole(&mut self, operand: &'a Operand) {
        let texts = self.texts_of(operand);
        self.named.texts.extend(texts);
    }

    /// The strings that an operand shows. What is not known of it is open in the comparison, too.
    fn texts_of(&self, operand: &'a Operand) -> Vec<&'a str> {
        match self.context.see(operand, self.items) {
            Seen::Value(Value::String(text)) => vec![text],
            Seen::Text(text) => vec![text],
            Seen::Value(Value::Strings(texts)) => texts.iter().map(String::as_str).collect(),
            _ => Vec::new(),
        }
    }
}
