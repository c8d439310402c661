//! Tests of mutation: which changes are made, and which are noticed.

use super::super::testing::tests::{own_source, policy};
use super::*;

fn run(text: &str) -> Mutation {
    let mut policy = policy(text);
    let before = format!("{:?}", policy.statements);
    let tests: Vec<usize> = (0..policy.tests.len()).collect();
    let source = own_source(&policy);
    let result = mutate(&mut policy, source, &tests, &mut || true);
    assert_eq!(format!("{:?}", policy.statements), before, "the policy is what it was");
    result
}

fn said(mutation: &Mutation) -> Vec<&str> {
    mutation.survivors.iter().map(|survivor| survivor.change.as_str()).collect()
}

/// A rule, and tests that are each a kind of given lines and an expectation.
fn with(statement: &str, tests: &[(&str, &str)]) -> Mutation {
    let mut text = format!("host github {{\n rule a {{\n {statement}\n }}\n}}\n");
    for (at, (given, expected)) in tests.iter().enumerate() {
        text.push_str(&format!("test \"{at}\" {{\n given host github\n {given}\n expect {expected} of a\n}}\n"));
    }
    run(&text)
}

#[test]
fn without_a_test_every_change_survives() {
    let result = with("require token.scopes covers [\"repo\"]", &[]);
    assert_eq!(result.made, 3);
    assert_eq!(said(&result), ["`require` becomes `forbid`", "the list holds one more", "`repo` is left out"]);
    assert!(result.survivors.iter().all(|survivor| survivor.rules == [RuleId(0)]));
}

#[test]
fn a_test_for_each_side_notices_all_of_them() {
    let result = with(
        "require token.scopes covers [\"repo\"]",
        &[("given token.scopes = [\"repo\"]", "pass"), ("given token.scopes = [\"gist\"]", "violation")],
    );
    assert_eq!((result.made, said(&result)), (3, vec![]));
}

#[test]
fn a_bound_needs_a_test_that_lies_on_it() {
    let statement = "require user.site_admin == false\n require repository.permission >= write";
    let repository = "given repository \"a/b\"\n given repository.permission = ";
    let given = |level: &str| format!("given user.site_admin = false\n {repository}{level}");
    let loose = with(
        "require repository.permission >= write",
        &[(&format!("{repository}admin"), "pass"), (&format!("{repository}none"), "violation")],
    );
    assert_eq!(
        said(&loose),
        ["`>=` becomes `>`", "`write` becomes `maintain`", "`write` becomes `triage`"],
        "neither the bound nor its neighbours are tested"
    );
    let tight = with(
        "require repository.permission >= write",
        &[(&format!("{repository}write"), "pass"), (&format!("{repository}triage"), "violation")],
    );
    assert_eq!(said(&tight), [""; 0]);
    // Two statements of a rule: a pass of the one hides that the other does not pass any more.
    let hidden = with(statement, &[(&given("write"), "pass"), (&given("triage"), "violation")]);
    assert!(said(&hidden).contains(&"`>=` becomes `>`"), "{:?}", said(&hidden));
}

#[test]
fn guards_are_changed_for_all_statements_of_their_block() {
    let policy = "host github {\n when token.kind in [classic, oauth_app] {\n rule a {\n forbid token.scopes overlaps [\"user\"]\n }\n \
                  rule b {\n forbid token.scopes overlaps [\"gist\"]\n }\n }\n}\n\
                  test \"t\" {\n given host github\n given token.kind = classic\n given token.scopes = [\"user\", \"gist\"]\n \
                  expect violation of a\n expect violation of b\n}\n";
    let result = run(policy);
    let guard: Vec<&Survivor> =
        result.survivors.iter().filter(|survivor| survivor.rules == [RuleId(0), RuleId(1)]).collect();
    let changes: Vec<&str> = guard.iter().map(|survivor| survivor.change.as_str()).collect();
    assert_eq!(changes, ["the guard is left out", "the list holds one more", "`oauth_app` is left out"]);
    let more = format!(
        "{policy}test \"u\" {{\n given host github\n given token.kind = oauth_app\n given token.scopes = [\"user\"]\n \
         expect violation of a\n}}\n\
         test \"v\" {{\n given host github\n given token.kind = actions\n expect not applicable of b\n}}\n"
    );
    assert!(run(&more).survivors.iter().all(|survivor| survivor.rules.len() == 1));
}

#[test]
fn what_changes_nothing_is_not_tried() {
    // `repo` grants `repo:status`; who has `admin:org` has `write:org`, too.
    let covers = with("require token.scopes covers [\"repo\", \"repo:status\"]", &[]);
    assert!(!said(&covers).contains(&"`repo:status` is left out"));
    let overlaps = with("forbid token.scopes overlaps [\"admin:org\", \"write:org\"]", &[]);
    assert!(!said(&overlaps).contains(&"`admin:org` is left out"));
    assert!(said(&overlaps).contains(&"`write:org` is left out"));
    // The other verb says the same as a `not` around all of it.
    let plain = with("require user.is_bot", &[]);
    assert_eq!(said(&plain), ["`require` becomes `forbid`"]);
}

#[test]
fn parts_permissions_patterns_and_quantifiers_change() {
    let result = with("prefer user.is_bot or user.username like [\"*-bot\", \"ci-*\"]", &[]);
    let mut all = said(&result);
    all.sort_unstable();
    assert_eq!(
        all,
        [
            "`*-bot` is left out",
            "`ci-*` is left out",
            "`like` becomes `not like`",
            "`not` is put before it",
            "`or` becomes `and`",
            "`prefer` becomes `avoid`",
            "it is left out",
            "it is left out",
        ]
    );
    let map = with("require token.permissions covers { contents = write, metadata = read }", &[]);
    for one in ["`contents` is left out", "`contents = write` becomes `contents = read`", "`metadata` is left out"] {
        assert!(said(&map).contains(&one), "{one}: {:?}", said(&map));
    }
    let hooks = with("require any hook in repository.webhooks satisfies (hook.active and hook.secret_set)", &[]);
    for one in ["`any` becomes `all`", "`and` becomes `or`", "it is left out"] {
        assert!(said(&hooks).contains(&one), "{one}: {:?}", said(&hooks));
    }
    let absent = with("require not (token.expires_at is absent)", &[]);
    assert_eq!(said(&absent), ["`require` becomes `forbid`"]);
}

#[test]
fn selectors_change() {
    let policy = "host github {\n each repository in [\"a/*\"] except [\"a/old\"] {\n rule a {\n forbid repository.archived\n }\n }\n}\n\
                  test \"t\" {\n given host github\n given repository \"a/new\"\n given repository.archived = false\n expect pass of a\n}\n";
    assert_eq!(said(&run(policy)), ["`a/old` is left out"]);
    let old = "test \"u\" {\n given host github\n given repository \"a/new\"\n given repository.archived = false\n \
               given repository \"a/old\"\n given repository.archived = true\n expect pass of a\n expect nothing else\n}\n";
    assert_eq!(said(&run(&format!("{policy}{old}"))), [""; 0]);
}

#[test]
fn rules_of_imports_are_not_changed() {
    let result = run("use \"builtin:atlantis\"\nhost github {\n rule a {\n require user.is_bot\n }\n}\n");
    assert_eq!(result.made, 1);
}

#[test]
fn what_is_left_untried_is_counted() {
    let mut policy = policy("host github {\n rule a {\n require token.scopes covers [\"repo\"]\n }\n}\n");
    let source = own_source(&policy);
    let mut left = 2;
    let result = mutate(&mut policy, source, &[], &mut || {
        left -= 1;
        left >= 0
    });
    assert_eq!((result.made, result.untried, result.survivors.len()), (2, 1, 2));
}
