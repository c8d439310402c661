//! The default branch: whether it is protected, and, where it is not, the rules of rulesets that bear on it.
//!
//! What a protection or a ruleset lets through is shown to administrators alone, so that only their absence decides.

use serde_json::Value as Json;

use super::reading::{answered, found};
use super::{account, minting, requests};
use crate::facts::{Cause, Evidence, Knowledge, Unknown, Value};
use crate::hosts::column::{Column, Gap, Held, required};
use crate::hosts::reader::{Reader, malformed};
use crate::hosts::{Seen, Walk, branch, link};
use crate::vocabulary::{Place, field};

const PROTECTED: Column = required("protected");
/// Not everybody is shown it.
const ENABLED: Column = required("protection.enabled").missing(Gap::Nothing);
const TYPE: Column = required("type");

/// The rules that are conditions on what is merged, or are about something else than merging: whoever may write may merge
/// what meets them. Of all others some keep those away who do not pass the ruleset. Source: GitHub docs, "Available rules
/// for rulesets".
const CONDITIONS: [&str; 7] = [
    "creation",
    "deletion",
    "non_fast_forward",
    "pull_request",
    "required_deployments",
    "required_linear_history",
    "required_status_checks",
];

/// Asks for the branch, and, where it has no protection, for its rules.
pub(super) async fn default_branch(walk: &mut Walk<'_>) {
    let (first, by) = (requests::request(&walk.question()), minting::asks_as(&walk.question()));
    let Ok(exchange) = walk.ask_as(first, by.clone()).await else { return };
    let open = match found(&exchange) {
        Some(Ok(body)) => branch::is_default(&walk.question(), &body) && protected(&body) == Held::Value(false),
        _ => false,
    };
    let Some(second) = requests::rules(&walk.question()).filter(|_| open) else {
        walk.turn().await;
        answered(walk, &exchange, protection);
        return;
    };
    let rules = walk.ask_as(second, by).await;
    walk.turn().await;
    walk.glance(&exchange, account::again);
    let unprotected = Seen::of(&exchange).evidence(field("protected"));
    match rules {
        Ok(rules) => {
            answered(walk, &rules, |reader, body| told(reader, body, unprotected));
        }
        Err(why) => walk.settle(&why, &[unprotected]),
    }
}

/// Whether a branch is protected. Rulesets protect, too: one without a protection of its own may be, and none that has one
/// is not.
fn protected(body: &Json) -> Held<bool> {
    match (PROTECTED.flag(body), ENABLED.flag(body)) {
        (Held::Value(false), Held::Value(true)) => {
            let why = "the host contradicts itself: `protected` and `protection.enabled` cannot both be right";
            Held::Open(malformed(why))
        }
        (Held::Value(_), Held::Open(why)) => Held::Open(why),
        (protected, _) => protected,
    }
}

/// The branch, answered, where its rules were not asked for.
fn protection(reader: &mut Reader<'_>, body: &Json) -> Unknown {
    if !branch::is_default(reader.question, body) {
        return malformed("the answer is about another branch");
    }
    match protected(body).value() {
        Ok(protected) => {
            let protected = Knowledge::Known(Value::Bool(protected));
            reader.tell("repository.default_branch_protected", protected, field("protected"));
            Unknown::new(
                Cause::NotRevealable,
                "the default branch is protected, and GitHub shows whom its protection lets through to administrators alone",
            )
        }
        Err(unknown) => unknown,
    }
}

/// The rules of a branch without protection, answered.
fn told(reader: &mut Reader<'_>, body: &Json, unprotected: Evidence) -> Unknown {
    let Json::Array(items) = body else { return malformed("the answer is no list of rules") };
    let types: Option<Vec<&str>> = items.iter().map(|item| TYPE.text(item).value().ok()).collect();
    let Some(types) = types else { return malformed("the list holds something that is no rule") };
    let source = if types.is_empty() { Place::List } else { field("type").of_each("").into() };
    let evidence = vec![unprotected, reader.evidence(source)];
    let flag = |flag: bool| Knowledge::Known(Value::Bool(flag));
    let ended = match link::next(reader.answer) {
        Ok(None) => Ok(()),
        Ok(Some(_)) => {
            Err(Unknown::new(Cause::Incomplete, "more rules bear on the default branch than one page holds"))
        }
        Err(why) => Err(why),
    };
    if types.is_empty() {
        if let Err(why) = ended {
            return why;
        }
        reader.tell_with("repository.default_branch_protected", flag(false), evidence.clone());
        reader.tell_with("repository.push_default", flag(true), evidence.clone());
        reader.tell_with("repository.merge_default", flag(true), evidence);
        return malformed("the answer does not tell this");
    }
    reader.tell_with("repository.default_branch_protected", flag(true), evidence.clone());
    if ended.is_ok() && types.iter().all(|rule| CONDITIONS.contains(rule)) {
        reader.tell_with("repository.merge_default", flag(true), evidence);
    }
    Unknown::new(
        Cause::NotRevealable,
        "rulesets bear on the default branch, and GitHub does not show whether they let this credential through",
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_branch_that_contradicts_itself_about_its_protection_is_not_believed() {
        let is = |body: Json| protected(&body).is();
        let flag = |flag: bool| Knowledge::Known(Value::Bool(flag));
        assert_eq!(is(json!({"protected": false})), flag(false));
        assert_eq!(is(json!({"protected": false, "protection": {"enabled": false}})), flag(false));
        assert_eq!(is(json!({"protected": true, "protection": {"enabled": true}})), flag(true));
        // Rulesets protect without a protection.
        assert_eq!(is(json!({"protected": true, "protection": {"enabled": false}})), flag(true));
        for protection in [json!({"enabled": true}), json!({"enabled": "false"}), json!({"enabled": null}), json!([])] {
            let body = json!({"protected": false, "protection": protection});
            assert_eq!(is(body.clone()).cause(), Some(Cause::Malformed), "{body}");
        }
    }
}
