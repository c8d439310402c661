//! Which item of a list, and which field of it, keeps a quantifier from being what it should be.

use super::super::judge::{certain_items, evaluate};
use super::super::seen::{Context, Item, Seen};
use super::super::truth::Truth;
use super::{operands, unknown_of};
use crate::facts::{Bounds, Cause, Knowledge, Unknown, Value};
use crate::language::{Expression, ExpressionKind, Operand};

/// The most items that are told of one by one.
const MOST_ITEMS: usize = 3;

/// An item, and what is wrong with it.
pub(super) struct Broken {
    /// For people: "item 2 of 3 (`https://ci.acme.dev/…`): `active` is `false`".
    pub(super) text: String,
    /// Why it is open, where it is.
    pub(super) unknown: Option<Unknown>,
}

/// The items of a list, as far as they are known.
fn items_of<'x>(context: &Context<'x>, list: &'x Operand) -> Vec<Item<'x>> {
    match context.see(list, &[]) {
        Seen::Value(Value::Records(records)) | Seen::Bounded(Bounds::List(records), _) => {
            records.iter().map(Item::Record).collect()
        }
        Seen::Value(Value::Strings(strings)) => strings.iter().map(|text| Item::Text(text)).collect(),
        Seen::Value(Value::Names(names)) => names.names().into_iter().map(Item::Text).collect(),
        Seen::Bounded(Bounds::Names { granted, .. }, _) => certain_items(granted).map(Item::Text).collect(),
        _ => Vec::new(),
    }
}

/// The first item on which a body holds, for people: "item 2 of 3 (`https://ci.acme.dev/…`)".
pub(super) fn holding<'x>(context: &Context<'x>, list: &'x Operand, body: &'x Expression) -> Option<String> {
    let items = items_of(context, list);
    let holds = |item: &Item<'x>| evaluate(context, body, &mut vec![*item]) == Truth::True;
    let (at, item) = items.iter().enumerate().find(|(_, item)| holds(item))?;
    let name = name(*item).map_or_else(String::new, |name| format!(" (`{name}`)"));
    Some(format!("item {} of {}{name}", at + 1, items.len()))
}

/// The items on which a body is not `wanted` in the way that the whole is not, and how many more there are.
pub(super) fn broken<'x>(
    context: &Context<'x>,
    list: &'x Operand,
    body: &'x Expression,
    wanted: bool,
    whole: Truth,
) -> (Vec<Broken>, usize) {
    let items = items_of(context, list);
    let (mut broken, mut more) = (Vec::new(), 0);
    for (at, item) in items.iter().enumerate() {
        let mut bound = vec![*item];
        let truth = evaluate(context, body, &mut bound);
        if truth == Truth::from(wanted) || truth.is_decided() != whole.is_decided() {
            continue;
        }
        if broken.len() == MOST_ITEMS {
            more += 1;
            continue;
        }
        let (mut reasons, mut unknown) = (Vec::new(), None);
        why(context, body, wanted, *item, &mut reasons, &mut unknown);
        // What is open must say why: without a reason of its own, the list's cause stays.
        let unknown = match (whole, unknown) {
            (Truth::Unknown(_), None) => match truth {
                Truth::Unknown(causes) => {
                    let cause = causes.iter().next().unwrap_or(Cause::NotRevealable);
                    Some(Unknown::new(cause, "what was answered does not decide it"))
                }
                _ => None,
            },
            (Truth::Unknown(_), some) => some,
            _ => None,
        };
        let name = name(*item).map_or_else(String::new, |name| format!(" (`{name}`)"));
        let reasons = if reasons.is_empty() { String::new() } else { format!(": {}", reasons.join(", ")) };
        broken.push(Broken { text: format!("item {} of {}{name}{reasons}", at + 1, items.len()), unknown });
    }
    (broken, more)
}

/// What tells an item from the others: itself, or its first field that is a text. Of an address only the host, for its
/// path may hold a secret.
fn name(item: Item<'_>) -> Option<String> {
    let text = match item {
        Item::Text(text) => text.to_owned(),
        Item::Record(record) => record.values().find_map(|knowledge| match knowledge {
            Knowledge::Known(value @ (Value::String(_) | Value::Address(_))) => Some(value.to_string()),
            _ => None,
        })?,
    };
    match text.split_once("://") {
        Some((scheme, rest)) => {
            let authority = rest.split(['/', '?', '#']).next().unwrap_or("");
            let host = authority.rsplit('@').next().unwrap_or("");
            Some(format!("{scheme}://{host}/…"))
        }
        None => Some(text),
    }
}

/// The fields of an item that keep an expression from being `wanted`.
fn why<'x>(
    context: &Context<'x>,
    expression: &'x Expression,
    wanted: bool,
    item: Item<'x>,
    reasons: &mut Vec<String>,
    unknown: &mut Option<Unknown>,
) {
    let truth_of = |expression: &'x Expression| evaluate(context, expression, &mut vec![item]);
    let truth = truth_of(expression);
    if truth == Truth::from(wanted) {
        return;
    }
    match &expression.kind {
        ExpressionKind::Not(inner) => why(context, inner, !wanted, item, reasons, unknown),
        ExpressionKind::And(terms) | ExpressionKind::Or(terms) => {
            for term in terms.iter().filter(|term| truth_of(term).is_decided() == truth.is_decided()) {
                why(context, term, wanted, item, reasons, unknown);
            }
        }
        _ => {
            for operand in operands(expression) {
                let (Operand::Field(field), Item::Record(record)) = (operand, item) else { continue };
                let Some(field) = field.name else { continue };
                let said = match record.get(field) {
                    Some(Knowledge::Known(Value::String(text))) if text.contains("://") => {
                        format!("`{field}` is that address")
                    }
                    Some(Knowledge::Known(Value::Address(_))) => format!("`{field}` is that address"),
                    Some(Knowledge::Known(value @ (Value::String(_) | Value::Word(_) | Value::Bool(_)))) => {
                        format!("`{field}` is `{value}`")
                    }
                    Some(Knowledge::Known(value)) => format!("`{field}` is {value}"),
                    Some(Knowledge::Absent) => format!("`{field}` is absent"),
                    Some(open) => {
                        let reason = unknown_of(open);
                        if unknown.is_none() {
                            unknown.clone_from(&reason);
                        }
                        format!("`{field}` is not known")
                    }
                    None => {
                        let reason = format!("the host does not show `{field}`");
                        unknown.get_or_insert_with(|| Unknown::new(Cause::NotRevealable, reason));
                        format!("`{field}` is not known")
                    }
                };
                if !reasons.contains(&said) {
                    reasons.push(said);
                }
            }
        }
    }
}
