//! Facts that are text: equal to one of some, like globs, matched by patterns.

use super::super::super::checked::{ExpressionKind, Operand, Operator};
use super::super::super::pattern::Pattern;
use super::super::formula::Atom;
use super::super::globs;
use crate::facts::Value;
use crate::text::glob;
use crate::vocabulary::Absence;

/// Whether no text, nor its absence, satisfies all of them.
pub(super) fn contradictory(absence: Absence, atoms: &[&Atom<'_>]) -> bool {
    let (mut known, mut absent) = (true, absence != Absence::Impossible);
    let mut only: Option<Vec<&str>> = None;
    let mut except: Vec<&str> = Vec::new();
    let (mut like, mut unlike): (Vec<Vec<&str>>, Vec<&str>) = (Vec::new(), Vec::new());
    let mut patterns: Vec<(&Pattern, bool)> = Vec::new();
    for atom in atoms {
        match &atom.expression.kind {
            ExpressionKind::IsAbsent { negated, .. } => {
                if atom.holds == *negated {
                    absent = false
                } else {
                    known = false
                }
            }
            ExpressionKind::Compare { left, operator, right, .. } => {
                let Some(text) = text(right).or_else(|| text(left)) else { continue };
                match operator {
                    Operator::Order(_) => continue,
                    _ if (*operator == Operator::Equal) == atom.holds => {
                        absent = false;
                        keep(&mut only, vec![text]);
                    }
                    _ => except.push(text),
                }
            }
            ExpressionKind::In { items, negated, .. } => {
                let Some(texts) = items.iter().map(text).collect::<Option<Vec<&str>>>() else { continue };
                if atom.holds == *negated {
                    except.extend(texts);
                } else {
                    absent = false;
                    keep(&mut only, texts);
                }
            }
            ExpressionKind::Like { patterns, negated, .. } => {
                let Some(globs) = patterns.iter().map(text).collect::<Option<Vec<&str>>>() else { continue };
                if atom.holds == *negated {
                    unlike.extend(globs);
                } else {
                    absent = false;
                    like.push(globs);
                }
            }
            ExpressionKind::Matches { pattern, .. } => {
                if atom.holds {
                    absent = false;
                }
                patterns.push((pattern, atom.holds));
            }
            _ => {}
        }
    }
    if absent {
        return false;
    }
    if !known {
        return true;
    }
    if let Some(only) = only {
        let fits = |text: &&str| {
            !except.contains(text)
                && like.iter().all(|globs| globs.iter().any(|pattern| glob::matches(pattern, text)))
                && !unlike.iter().any(|pattern| glob::matches(pattern, text))
                && patterns.iter().all(|(pattern, holds)| pattern.is_match(text) == *holds)
        };
        return !only.iter().any(fits);
    }
    // Whatever is like one of these is like one of those that it must be unlike.
    let excluded = |globs: &Vec<&str>| globs.iter().all(|one| unlike.iter().any(|other| globs::covers(other, one)));
    let apart = |one: &Vec<&str>, two: &Vec<&str>| {
        one.len() * two.len() <= 1_000 && one.iter().all(|one| two.iter().all(|two| globs::are_apart(one, two)))
    };
    unlike.iter().any(|pattern| globs::is_everything(pattern))
        || like.iter().any(excluded)
        || like.iter().zip(like.iter().skip(1)).any(|(one, two)| apart(one, two))
}

fn keep<'v>(only: &mut Option<Vec<&'v str>>, texts: Vec<&'v str>) {
    *only = Some(match only.take() {
        None => texts,
        Some(before) => before.into_iter().filter(|text| texts.contains(text)).collect(),
    });
}

fn text(operand: &Operand) -> Option<&str> {
    match operand {
        Operand::Literal { value: Value::String(text), .. } => Some(text),
        _ => None,
    }
}
