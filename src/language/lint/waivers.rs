//! Waivers: over, near their date, or without a use.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::super::checked::{CheckedPolicy, RuleId, Waiver};
use super::context::Context;
use super::finding::Finding;
use super::globs;
use crate::diagnostic::{Code, Diagnostic};
use crate::text::english;
use crate::vocabulary::Subject;

/// How long before its end a waiver is spoken of.
const NEAR: SignedDuration = SignedDuration::from_hours(30 * 24);
/// With how many waivers of the same rules one is compared.
const MOST: usize = 16;

/// What is said of a waiver that is over; `None` while it is not.
pub fn expired(waiver: &Waiver, now: Timestamp) -> Option<Diagnostic> {
    (now >= waiver.ends).then(|| {
        Diagnostic::at(Code::WaiverExpired, waiver.span, format!("the waiver of `{}` is over", waiver.name))
            .labelled(format!("its last day was {}", waiver.until))
            .help("remove it, or agree on a new date")
    })
}

/// C0401, C1013, C1014.
pub(super) fn dates_and_places(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut earlier: BTreeMap<&[RuleId], Vec<&Waiver>> = BTreeMap::new();
    for waiver in &context.policy.waivers {
        if let Some(problem) = expired(waiver, context.now) {
            findings.push(Finding::new(problem));
            continue;
        }
        let others = earlier.entry(waiver.rules.as_slice()).or_default();
        if let Some(why) = cannot_apply(context.policy, waiver) {
            findings.push(Finding::new(
                Diagnostic::at(
                    Code::WaiverUseless,
                    waiver.span,
                    format!("this waiver of `{}` can never apply", waiver.name),
                )
                .labelled(why)
                .help("mend it, or remove it"),
            ));
            continue;
        }
        // The later of two that say the same, and whichever the other one covers.
        let by = others.iter().find(|other| covers(other, waiver));
        let of = others.iter().find(|other| covers(waiver, other));
        if let Some((idle, by)) = by.map(|by| (waiver, *by)).or(of.map(|of| (*of, waiver))) {
            findings.push(Finding::new(
                Diagnostic::at(Code::WaiverUseless, idle.span, format!("this waiver of `{}` adds nothing", idle.name))
                    .labelled("what it waives, as long as it does")
                    .label(by.span, "is waived here, too")
                    .help("remove it"),
            ));
        }
        if others.len() < MOST {
            others.push(waiver);
        }
        let left = waiver.ends.duration_since(context.now);
        if left <= NEAR {
            // What is left of its last day counts as a day.
            let days = usize::try_from((left.as_secs() + 86_399) / 86_400).unwrap_or(0);
            findings.push(Finding::new(
                Diagnostic::at(
                    Code::WaiverEndsSoon,
                    waiver.span,
                    format!("the waiver of `{}` is over in {}", waiver.name, english::count(days, "day", "days")),
                )
                .labelled(format!("its last day is {}", waiver.until))
                .help("mend what it waives until then, or agree on a new date"),
            ));
        }
    }
    findings
}

/// Why none of the rules can be waived so.
fn cannot_apply(policy: &CheckedPolicy, waiver: &Waiver) -> Option<&'static str> {
    let rules = || waiver.rules.iter().filter_map(|id| policy.rule(*id));
    let about_repositories = rules()
        .flat_map(|rule| &rule.statements)
        .filter_map(|id| policy.statement(*id))
        .any(|statement| statement.subject == Subject::Repository);
    if waiver.repository.is_some() && !about_repositories {
        return Some("it names a repository, and the rule is about none");
    }
    let apart = |credential: &String| {
        rules().all(|rule| rule.credential.as_ref().is_some_and(|block| globs::are_apart(&block.value, credential)))
    };
    waiver.credential.as_ref().is_some_and(apart).then_some("the rule's block is about credentials with other names")
}

/// Whether one waives all that another does, and as long.
fn covers(wide: &Waiver, narrow: &Waiver) -> bool {
    let fits = |wide: Option<&String>, narrow: Option<&String>| match (wide, narrow) {
        (None, _) => true,
        (Some(wide), Some(narrow)) => globs::covers(wide, narrow),
        (Some(_), None) => false,
    };
    wide.ends >= narrow.ends
        && fits(wide.credential.as_ref(), narrow.credential.as_ref())
        && fits(wide.repository.as_ref(), narrow.repository.as_ref())
}
