//! The laws of three-valued evaluation and of bounds, over generated expressions and worlds.

use credcheck::evaluation::{Truth, Verdict, explain};
use credcheck::facts::{Bounds, Cause, Causes, Knowledge, SubjectRef, Value, derive, derive_read};
use credcheck::plan::{self, Judge};
use credcheck::vocabulary::{self, HostKind, Type};
use proptest::prelude::*;

use super::expressions::{PATHS, any_knowledge, asked_at, degrees, expression, facts_at, world};
use super::support::*;

/// The verdict's decision: true for a pass, false for anything broken.
fn decision(verdict: Verdict) -> Option<bool> {
    match verdict {
        Verdict::Pass => Some(true),
        Verdict::Violation | Verdict::Warning | Verdict::Waived(_) => Some(false),
        Verdict::Undetermined { .. } | Verdict::NotApplicable => None,
    }
}

fn ways(expression: &str) -> Policy {
    github(&format!(
        "rule a {{ require not ({expression}) }}\nrule b {{ forbid {expression} }}\n\
         rule c {{ prefer not ({expression}) }}\nrule d {{ avoid {expression} }}\n\
         rule e {{ when {expression}\n require repository.visibility == private or true }}"
    ))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn learning_more_never_turns_a_decision_around(
        expression in expression(), world in world(), low in degrees(), more in degrees()
    ) {
        let policy = github(&format!("rule a {{ require {expression} }}"));
        let high: Vec<f64> = low.iter().zip(&more).map(|(low, more)| low.max(*more)).collect();
        let (less, more) = (facts_at(&world, &low), facts_at(&world, &high));
        let statement = &policy.checked.statements[0];
        let evaluator = policy.evaluator();
        let subject = match statement.subject {
            vocabulary::Subject::Credential => SubjectRef::Credential,
            vocabulary::Subject::Repository => SubjectRef::Repository(0),
            vocabulary::Subject::Organization => SubjectRef::Organization(0),
        };
        let before = evaluator.truth(&statement.expression, &less, subject);
        let after = evaluator.truth(&statement.expression, &more, subject);
        if before.is_decided() {
            prop_assert_eq!(before, after, "{}\n{:#?}\n{:#?}", expression, less, more);
        }
        if let Truth::Unknown(causes) = before {
            prop_assert!(!causes.is_empty(), "an unknown has a cause: {}", expression);
        }
    }

    #[test]
    fn deriving_what_is_read_decides_as_deriving_everything(
        expression in expression(), world in world(), degrees in degrees()
    ) {
        let policy = ways(&expression);
        let evaluator = policy.evaluator();
        let (mut some, mut all) = (asked_at(&world, &degrees), asked_at(&world, &degrees));
        derive_read(&mut some, now(), plan::read(&policy.checked, &classic(), &Judge::Evaluator(&evaluator)));
        derive(&mut all, now());
        prop_assert_eq!(policy.judge(&classic(), &some), policy.judge(&classic(), &all), "{}", expression);
    }

    #[test]
    fn forbid_is_require_not_and_avoid_is_prefer_not(
        expression in expression(), world in world(), degrees in degrees()
    ) {
        let policy = ways(&expression);
        let facts = facts_at(&world, &degrees);
        let judged = policy.judge(&classic(), &facts);
        let verdicts: Vec<Verdict> = judged.outcomes.iter().map(|outcome| outcome.verdict).collect();
        prop_assert_eq!(verdicts[0], verdicts[1], "{}", expression);
        prop_assert_eq!(verdicts[2], verdicts[3], "{}", expression);
        prop_assert_eq!(decision(verdicts[0]), decision(verdicts[2]), "{}", expression);
    }

    #[test]
    fn every_outcome_is_explained_inside_its_statement(
        expression in expression(), world in world(), degrees in degrees()
    ) {
        let policy = ways(&expression);
        let facts = facts_at(&world, &degrees);
        let evaluator = policy.evaluator();
        for outcome in &policy.judge(&classic(), &facts).outcomes {
            let statement = &policy.checked.statements[outcome.statement.0];
            let blames = explain(&evaluator, &facts, outcome);
            prop_assert_eq!(blames.is_empty(), outcome.verdict == Verdict::Pass, "{} {:?}", expression, outcome);
            for blame in &blames {
                let inside = statement.expression.span.contains(blame.span)
                    || statement.guards.iter().any(|guard| guard.span.contains(blame.span));
                prop_assert!(inside, "{}", expression);
                prop_assert!(!blame.text.is_empty());
                let open = matches!(outcome.verdict, Verdict::Undetermined { .. });
                prop_assert_eq!(blame.unknown.is_some(), open, "{} {:?}", expression, blame);
                if let Verdict::Undetermined { causes, .. } = outcome.verdict {
                    let cause = blame.unknown.as_ref().unwrap().cause;
                    prop_assert!(Causes::from(cause).within(causes), "{} {:?} {:?}", expression, causes, blame);
                }
            }
        }
    }

    #[test]
    fn nothing_that_is_known_makes_evaluation_panic(
        expression in expression(), knowledge in proptest::collection::vec(any_knowledge(), PATHS.len())
    ) {
        let policy = ways(&expression);
        let mut all = facts().repository("acme/infra", &[]);
        for (path, knowledge) in PATHS.iter().zip(knowledge) {
            all = match path.split_once('.') {
                Some(("repository", _)) => all.repository("acme/infra", &[(path, knowledge)]),
                Some(("organization", _)) => all.organization("acme", &[(path, knowledge)]),
                _ => all.with(path, knowledge),
            };
        }
        let evaluator = policy.evaluator();
        for outcome in &policy.judge(&classic(), &all.0).outcomes {
            explain(&evaluator, &all.0, outcome);
            if let Verdict::Undetermined { causes, .. } = outcome.verdict {
                prop_assert!(!causes.is_empty(), "{}", expression);
            }
        }
    }
}

#[test]
fn a_value_of_another_type_is_malformed_whatever_is_asked() {
    let host = vocabulary::host(HostKind::GitHub);
    let samples = [
        flag(true),
        known(Value::Integer(1)),
        text("x"),
        word("no-such-word"),
        time("2026-01-01T00:00:00Z"),
        known(Value::Names(names("repository.can", &["push"]))),
        known(Value::Strings(["x".to_owned()].into())),
        known(Value::Records(Vec::new())),
        known(Value::Permissions(permissions(&[]))),
        bounded(Bounds::List(Vec::new())),
        bounded(Bounds::Candidates(vec!["no-such-word"])),
        bounded(Bounds::Level { least: Some("no-such-word"), most: None }),
    ];
    for (path, test) in [
        ("token.kind", "token.kind != classic"),
        ("token.kind", "token.kind not in [classic]"),
        ("token.scopes", "token.scopes within []"),
        ("token.scopes", "count(token.scopes) >= 0"),
        ("token.expires_at", "token.expires_at is absent"),
        ("user.username", "user.username not like \"a\""),
        ("user.is_bot", "not user.is_bot"),
        ("repository.permission", "repository.permission != admin"),
        ("repository.permission", "repository.permission >= none"),
        ("repository.webhooks", "all h in repository.webhooks satisfies (h.active)"),
        ("repository.can", "repository.can overlaps [push]"),
    ] {
        let policy = github(&format!("require {test}"));
        for sample in &samples {
            let fits = match (host.row(index(path)).ty, sample) {
                (Type::Bool, Knowledge::Known(Value::Bool(_)))
                | (Type::Time, Knowledge::Known(Value::Time(_)))
                | (Type::String, Knowledge::Known(Value::String(_)))
                | (Type::Records(_), Knowledge::Known(Value::Records(_)) | Knowledge::Bounded(Bounds::List(_), _)) => {
                    true
                }
                (Type::Names(_), Knowledge::Known(Value::Names(_))) => path == "repository.can",
                _ => false,
            };
            if fits {
                continue;
            }
            let row = [(path, sample.clone())];
            let given = if path.starts_with("repository") || path == "token.permissions" {
                facts().repository("acme/infra", &row)
            } else {
                facts().with(path, sample.clone())
            };
            let judged = policy.judge(&classic(), &given.0);
            let Verdict::Undetermined { causes, .. } = judged.outcomes[0].verdict else {
                panic!("{test} on {sample:?}: {:?}", judged.outcomes)
            };
            assert_eq!(causes, Cause::Malformed.into(), "{test} on {sample:?}");
        }
    }
}

#[test]
fn kleene_tables() {
    let unknown = Truth::Unknown(Cause::NotPermitted.into());
    let other = Truth::Unknown(Cause::Incomplete.into());
    let both = Truth::Unknown([Cause::NotPermitted, Cause::Incomplete].into_iter().collect());
    let (yes, no) = (Truth::True, Truth::False);
    for (left, right, and, or) in [
        (yes, yes, yes, yes),
        (yes, no, no, yes),
        (yes, unknown, unknown, yes),
        (no, no, no, no),
        (no, unknown, no, unknown),
        (unknown, unknown, unknown, unknown),
        (unknown, other, both, both),
    ] {
        for (left, right) in [(left, right), (right, left)] {
            assert_eq!((left.and(right), left.or(right)), (and, or), "{left:?} {right:?}");
            assert_eq!(left.and(right).not(), left.not().or(right.not()));
        }
    }
    assert_eq!((yes.not(), no.not(), unknown.not()), (no, yes, unknown));
}

fn truth_of(test: &str, path: &str, knowledge: Knowledge) -> Option<bool> {
    let policy = github(&format!("require {test}"));
    let given = if path.starts_with("repository") || path == "token.permissions" {
        facts().repository("acme/infra", &[(path, knowledge)])
    } else if path.starts_with("organization") {
        facts().organization("acme", &[(path, knowledge)])
    } else {
        facts().with(path, knowledge)
    };
    decision(policy.judge(&classic(), &given.0).outcomes[0].verdict)
}

/// The truth that all have, if there is one.
fn shared(truths: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
    let mut truths = truths.into_iter();
    let first = truths.next()??;
    truths.all(|truth| truth == Some(first)).then_some(first)
}

#[test]
fn seen_items_decide_exactly_when_every_completion_agrees() {
    let hook =
        |active: Option<bool>| record(&active.map(|active| ("active", flag(active))).into_iter().collect::<Vec<_>>());
    let items = [Some(true), Some(false)];
    let mut lists: Vec<Vec<Option<bool>>> = vec![vec![]];
    for length in 0..2 {
        let longer: Vec<Vec<Option<bool>>> = lists
            .iter()
            .filter(|list| list.len() == length)
            .flat_map(|list| items.iter().map(move |item| [list.as_slice(), &[*item]].concat()))
            .collect();
        lists.extend(longer);
    }
    for test in [
        "any h in repository.webhooks satisfies (h.active)",
        "all h in repository.webhooks satisfies (h.active)",
        "not (any h in repository.webhooks satisfies (not h.active))",
        "count(repository.webhooks) >= 2",
        "count(repository.webhooks) < 2",
        "count(repository.webhooks) == 1",
        "1 != count(repository.webhooks)",
        "2 <= count(repository.webhooks)",
    ] {
        for seen in &lists {
            let records = |list: &[Option<bool>]| list.iter().map(|item| hook(*item)).collect::<Vec<_>>();
            let cut = truth_of(test, "repository.webhooks", bounded(Bounds::List(records(seen))));
            let completions = lists.iter().map(|tail| {
                let whole = records(&[seen.as_slice(), tail].concat());
                truth_of(test, "repository.webhooks", known(Value::Records(whole)))
            });
            assert_eq!(cut, shared(completions), "{test} {seen:?}");
        }
    }
}

#[test]
fn bounds_on_abilities_decide_exactly_when_every_completion_agrees() {
    // Others than these four are denied for certain, so that sixteen sets are all there are.
    let open = ["read", "clone", "push", "merge"];
    let rest = ["comment", "set_status", "push_default", "manage_webhooks", "administer"];
    let subset = |bits: usize| -> Vec<&str> {
        open.iter().enumerate().filter(|(at, _)| bits & (1 << at) != 0).map(|(_, name)| *name).collect()
    };
    for operator in ["covers", "within", "overlaps"] {
        for wanted in [&[][..], &["read"], &["push", "merge"], &["read", "clone", "push", "merge"], &["administer"]] {
            let test = format!("repository.can {operator} [{}]", wanted.join(", "));
            let policy = github(&format!("require {test}"));
            let truth = |knowledge: Knowledge| {
                let given = facts().repository("acme/infra", &[("repository.can", knowledge)]);
                decision(policy.judge(&classic(), &given.0).outcomes[0].verdict)
            };
            for granted in 0..16_usize {
                for denied in (0..16_usize).filter(|denied| denied & granted == 0) {
                    let bounds = Bounds::Names {
                        granted: names("repository.can", &subset(granted)),
                        denied: names("repository.can", &[&subset(denied)[..], &rest].concat()),
                    };
                    let completions = (0..16_usize)
                        .filter(|bits| bits & granted == granted && bits & denied == 0)
                        .map(|bits| truth(known(Value::Names(names("repository.can", &subset(bits))))));
                    assert_eq!(truth(bounded(bounds.clone())), shared(completions), "{test} {bounds:?}");
                }
            }
        }
    }
}

#[test]
fn bounds_on_permissions_decide_exactly_when_every_completion_agrees() {
    const LEVELS: [&str; 4] = ["none", "read", "write", "admin"];
    // Each of two permissions: at least the first, less than the second.
    let bounds: Vec<(usize, usize)> = (0..4).flat_map(|low| (low + 1..=4).map(move |high| (low, high))).collect();
    let wanted = ["contents = read", "contents = write", "contents = write, issues = read", "issues = write"];
    for operator in ["covers", "overlaps", "within"] {
        for wanted in wanted {
            let policy = github(&format!("require token.permissions {operator} {{ {wanted} }}"));
            let truth = |knowledge: Knowledge| {
                decision(policy.judge(&classic(), &facts().with("token.permissions", knowledge).0).outcomes[0].verdict)
            };
            for contents in &bounds {
                for issues in &bounds {
                    let (mut granted, mut denied) = (permissions(&[]), permissions(&[]));
                    for (name, (low, high)) in [("contents", contents), ("issues", issues)] {
                        if *low > 0 {
                            granted.insert(name.into(), LEVELS[*low].into());
                        }
                        if *high < 4 {
                            denied.insert(name.into(), LEVELS[*high].into());
                        }
                    }
                    let completions = (contents.0..contents.1).flat_map(|c| (issues.0..issues.1).map(move |i| (c, i)));
                    let all = shared(completions.map(|(c, i)| {
                        truth(known(Value::Permissions(permissions(&[("contents", LEVELS[c]), ("issues", LEVELS[i])]))))
                    }));
                    let bounds = Bounds::Permissions { granted, denied };
                    let found = truth(bounded(bounds.clone()));
                    // What other permissions there are is open, so `within` can only be refuted.
                    let expected = if operator == "within" { all.filter(|truth| !truth) } else { all };
                    assert_eq!(found, expected, "{operator} {wanted} {bounds:?}");
                }
            }
        }
    }
}

#[test]
fn bounds_on_scopes_never_decide_against_a_completion() {
    let open = ["repo", "repo:status", "public_repo", "gist"];
    let subset = |bits: usize| -> Vec<&str> {
        open.iter().enumerate().filter(|(at, _)| bits & (1 << at) != 0).map(|(_, name)| *name).collect()
    };
    let mut decided = 0;
    for test in [
        "token.scopes covers [\"repo:status\"]",
        "token.scopes covers [\"repo\", \"gist\"]",
        "token.scopes within [\"repo\"]",
        "token.scopes within [\"public_repo\", \"gist\"]",
        "token.scopes overlaps [\"repo:status\"]",
        "token.scopes overlaps [\"repo\", \"gist\"]",
        "[\"repo\"] covers token.scopes",
        "[\"public_repo\"] within token.scopes",
        "any s in token.scopes satisfies (s == \"repo:status\")",
        "all s in token.scopes satisfies (s like \"repo*\")",
        "count(token.scopes) >= 1",
        "token.scopes is absent",
    ] {
        let policy = github(&format!("require {test}"));
        let truth = |knowledge: Knowledge| {
            decision(policy.judge(&classic(), &facts().with("token.scopes", knowledge).0).outcomes[0].verdict)
        };
        let whole: Vec<_> = (0..16)
            .map(|bits| names("token.scopes", &subset(bits)))
            .map(|set| (truth(known(Value::Names(set.clone()))), set))
            .collect();
        for granted in 0..16 {
            for denied in 0..16 {
                let completions = whole.iter().filter(|(_, set)| {
                    subset(granted).iter().all(|name| set.grants(name))
                        && !subset(denied).iter().any(|name| set.grants(name))
                });
                let truths: Vec<Option<bool>> = completions.map(|(truth, _)| *truth).collect();
                if truths.is_empty() {
                    continue;
                }
                let bounds = Bounds::Names {
                    granted: names("token.scopes", &subset(granted)),
                    denied: names("token.scopes", &subset(denied)),
                };
                if let found @ Some(_) = truth(bounded(bounds.clone())) {
                    decided += 1;
                    assert_eq!(found, shared(truths), "{test} {bounds:?}");
                }
            }
        }
    }
    assert!(decided > 300, "bounds that decide nothing prove nothing: {decided}");
}

#[test]
fn bounds_on_levels_decide_exactly_when_every_completion_agrees() {
    for path in ["repository.permission", "organization.role"] {
        let Type::Level(table) = vocabulary::host(HostKind::GitHub).row(index(path)).ty else { panic!("{path}") };
        let words: Vec<&'static str> = table.levels.iter().map(|(word, _)| *word).collect();
        let ends: Vec<Option<&'static str>> = words.iter().copied().map(Some).chain([None]).collect();
        for operator in ["==", "!=", "<", "<=", ">", ">="] {
            for wanted in &words {
                let test = format!("{path} {operator} {wanted}");
                for least in &ends {
                    for most in &ends {
                        let within: Vec<&'static str> = words
                            .iter()
                            .copied()
                            .filter(|word| {
                                least.is_none_or(|least| table.at_least(word, least))
                                    && most.is_none_or(|most| table.at_least(most, word))
                            })
                            .collect();
                        let completions = within.iter().map(|is| truth_of(&test, path, word(is)));
                        let bounds = Bounds::Level { least: *least, most: *most };
                        assert_eq!(truth_of(&test, path, bounded(bounds)), shared(completions), "{test} {within:?}");
                    }
                }
            }
        }
    }
}

#[test]
fn within_is_covers_the_other_way_round() {
    let sets: [&[&str]; 6] =
        [&[], &["repo"], &["repo:status"], &["repo", "gist"], &["admin:org"], &["read:org", "unheard-of"]];
    for left in sets {
        for right in sets.iter().take(5) {
            let list = format!("[{}]", right.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", "));
            let truth = |test: String| truth_of(&test, "token.scopes", scopes(left));
            assert_eq!(truth(format!("token.scopes within {list}")), truth(format!("{list} covers token.scopes")));
            assert_eq!(truth(format!("token.scopes covers {list}")), truth(format!("{list} within token.scopes")));
        }
    }
    let maps: [&[(&str, &str)]; 5] = [
        &[],
        &[("contents", "read")],
        &[("contents", "write")],
        &[("contents", "read"), ("issues", "write")],
        &[("metadata", "read")],
    ];
    for left in maps.iter().chain([&[("contents", "none")][..]].iter()) {
        for right in maps {
            let map = right.iter().map(|(name, level)| format!("{name} = {level}")).collect::<Vec<_>>().join(", ");
            let truth =
                |test: String| truth_of(&test, "token.permissions", known(Value::Permissions(permissions(left))));
            assert_eq!(
                truth(format!("token.permissions within {{ {map} }}")),
                truth(format!("{{ {map} }} covers token.permissions")),
                "{left:?} {right:?}"
            );
            assert_eq!(
                truth(format!("token.permissions covers {{ {map} }}")),
                truth(format!("{{ {map} }} within token.permissions")),
                "{left:?} {right:?}"
            );
        }
    }
}

#[test]
fn absence_reads_as_its_row_says() {
    let scopes_empty = "token.scopes";
    for (test, path, expected) in [
        // Never: later than every time, longer than every duration.
        ("token.expires_at > 2999-01-01", "token.expires_at", Some(true)),
        ("token.expires_at <= 2999-01-01", "token.expires_at", Some(false)),
        ("token.expires_at == never", "token.expires_at", Some(true)),
        ("token.expires_at != never", "token.expires_at", Some(false)),
        ("token.expires_at >= never", "token.expires_at", Some(true)),
        ("token.expires_at < never", "token.expires_at", Some(false)),
        ("token.expires_at == 2027-01-01", "token.expires_at", Some(false)),
        ("token.expires_at in [2027-01-01]", "token.expires_at", Some(false)),
        ("token.expires_at is absent", "token.expires_at", Some(true)),
        ("token.expires_in >= 99999d", "token.expires_in", Some(true)),
        ("token.expires_in <= 366d", "token.expires_in", Some(false)),
        // A level.
        ("repository.permission >= read", "repository.permission", Some(false)),
        ("repository.permission == none", "repository.permission", Some(true)),
        ("repository.permission in [none]", "repository.permission", Some(true)),
        ("repository.permission < read", "repository.permission", Some(true)),
        ("repository.permission is absent", "repository.permission", Some(true)),
        // The empty set, the empty list.
        ("token.scopes covers [\"repo\"]", scopes_empty, Some(false)),
        ("token.scopes covers []", scopes_empty, Some(true)),
        ("token.scopes within [\"repo\"]", scopes_empty, Some(true)),
        ("token.scopes overlaps [\"repo\"]", scopes_empty, Some(false)),
        ("count(token.scopes) == 0", scopes_empty, Some(true)),
        ("all s in token.scopes satisfies (s == \"x\")", scopes_empty, Some(true)),
        ("token.permissions covers { contents = read }", "token.permissions", Some(false)),
        ("token.permissions within {}", "token.permissions", Some(true)),
        ("app.events overlaps [\"push\"]", "app.events", Some(false)),
        ("any h in repository.webhooks satisfies (h.active)", "repository.webhooks", Some(false)),
        ("all h in repository.webhooks satisfies (h.active)", "repository.webhooks", Some(true)),
        // No such value: unequal to every literal, matched by no pattern, not ordered.
        ("user.username == \"a\"", "user.username", Some(false)),
        ("user.username != \"a\"", "user.username", Some(true)),
        ("user.username like \"*\"", "user.username", Some(false)),
        ("user.username not like \"*\"", "user.username", Some(true)),
        ("user.username matches '.*'", "user.username", Some(false)),
        ("user.username in [\"a\"]", "user.username", Some(false)),
        ("user.username not in [\"a\"]", "user.username", Some(true)),
        ("user.username is absent", "user.username", Some(true)),
        ("token.created_at < 2027-01-01", "token.created_at", None),
        ("token.created_at >= 2027-01-01", "token.created_at", None),
        ("token.created_at == 2027-01-01", "token.created_at", Some(false)),
        ("token.created_at != 2027-01-01", "token.created_at", Some(true)),
        ("token.created_at == never", "token.created_at", Some(false)),
        ("host.version >= \"3.10\"", "host.version", None),
        // What cannot be absent makes no sense.
        ("user.is_bot", "user.is_bot", None),
        ("user.is_bot is absent", "user.is_bot", None),
        ("token.kind != classic", "token.kind", None),
    ] {
        assert_eq!(truth_of(test, path, Knowledge::Absent), expected, "{test}");
        assert_eq!(truth_of(test, path, Knowledge::Inapplicable("no".into())), None, "inapplicable: {test}");
        assert_eq!(truth_of(test, path, unknown(Cause::NotPermitted)), None, "unknown: {test}");
    }
}

#[test]
fn a_denied_name_denies_only_what_implies_it() {
    let bounds = |granted: &[&str], denied: &[&str]| {
        bounded(Bounds::Names { granted: names("token.scopes", granted), denied: names("token.scopes", denied) })
    };
    for (test, granted, denied, expected) in [
        ("token.scopes covers [\"repo:status\"]", &[][..], &["repo"][..], None),
        ("token.scopes covers [\"repo\"]", &[], &["repo:status"], Some(false)),
        ("token.scopes overlaps [\"repo:status\"]", &[], &["repo"], None),
        ("token.scopes overlaps [\"repo\", \"admin:org\"]", &[], &["repo:status", "read:org"], Some(false)),
        ("token.scopes covers [\"repo:status\"]", &["repo"], &[], Some(true)),
        ("token.scopes within [\"gist\"]", &["repo:status"], &[], Some(false)),
        ("token.scopes within [\"repo\"]", &["repo:status"], &[], None),
        ("[\"repo\"] covers token.scopes", &["gist"], &[], Some(false)),
        ("[\"repo:status\"] within token.scopes", &["repo"], &[], Some(true)),
        // A granted name may be granted through another: it need not be an item.
        ("any s in token.scopes satisfies (s == \"repo:status\")", &["repo:status"], &[], None),
        ("any s in token.scopes satisfies (s == \"gist\")", &["gist"], &[], Some(true)),
        ("token.scopes is absent", &["gist"], &[], Some(false)),
        ("token.scopes is absent", &[], &["gist"], None),
    ] {
        assert_eq!(truth_of(test, "token.scopes", bounds(granted, denied)), expected, "{test} {granted:?} {denied:?}");
    }
}
