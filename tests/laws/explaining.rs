//! Explanations: the finest place, what was found, why it is open.

use credcheck::evaluation::explain;
use credcheck::facts::{Bounds, Cause, Knowledge, Listed, Unknown, Value};

use super::support::*;

/// The underlined text and what is said, for a single statement.
fn said(statement: &str, given: &Facts) -> Vec<(String, String)> {
    github(statement).explain(&classic(), &given.0, 0).into_iter().map(|(under, text, _)| (under, text)).collect()
}

fn underlined(statement: &str, given: &Facts) -> Vec<String> {
    said(statement, given).into_iter().map(|(under, _)| under).collect()
}

#[test]
fn sets_underline_the_one_name_that_is_missing_or_too_much() {
    let given = facts().with("token.scopes", scopes(&["gist", "read:org"]));
    assert_eq!(underlined("require token.scopes covers [\"gist\", \"repo\", \"read:org\"]", &given), ["\"repo\""]);
    assert_eq!(underlined("forbid token.scopes overlaps [\"repo\", \"gist\"]", &given), ["\"gist\""]);
    let excess = said("require token.scopes within [\"gist\"]", &given);
    assert_eq!(excess[0].0, "[\"gist\"]");
    assert!(excess[0].1.contains("`read:org`") && !excess[0].1.contains("`gist`"), "{excess:?}");
    assert_eq!(underlined("require not (token.scopes overlaps [\"repo\", \"gist\"])", &given), ["\"gist\""]);

    let policy = github("require token.scopes covers [\"gist\", \"repo\"]");
    let blames = policy.explain(&classic(), &given.0, 0);
    let (_, _, blame) = &blames[0];
    assert_eq!(blame.found.as_deref(), Some("gist, read:org"));
    assert_eq!(blame.fact.unwrap().1.evidence[0].source.to_string(), "given token.scopes");
    assert_eq!(blame.unknown, None);

    // A denied name is missing, what is open is not.
    let bounds = Bounds::Names { granted: names("token.scopes", &[]), denied: names("token.scopes", &["repo:status"]) };
    let given = facts().with("token.scopes", bounded(bounds));
    assert_eq!(underlined("require token.scopes covers [\"gist\", \"repo\"]", &given), ["\"repo\""]);
    let none = facts().with("token.scopes", Knowledge::Absent);
    assert_eq!(underlined("require token.scopes covers [\"gist\", \"repo\"]", &none), ["\"gist\"", "\"repo\""]);
}

#[test]
fn permission_maps_underline_their_entries() {
    let given = facts().with(
        "token.permissions",
        known(Value::Permissions(permissions(&[("contents", "read"), ("metadata", "read")]))),
    );
    assert_eq!(
        said("require token.permissions covers { metadata = read, contents = write, issues = read }", &given),
        [
            ("contents = write".to_owned(), "`contents` is read, not write".to_owned()),
            ("issues = read".to_owned(), "`issues` is none, not read".to_owned())
        ]
    );
    let bounds = Bounds::Permissions { granted: permissions(&[]), denied: permissions(&[("contents", "write")]) };
    let given = facts().with("token.permissions", bounded(bounds));
    assert_eq!(
        underlined("require token.permissions covers { issues = read, contents = write }", &given),
        ["contents = write"]
    );
    // Denied from `write` up: `read` may well be granted, so `contents` does not decide.
    let bounds = Bounds::Permissions {
        granted: permissions(&[]),
        denied: permissions(&[("contents", "write"), ("issues", "read")]),
    };
    let given = facts().with("token.permissions", bounded(bounds));
    assert_eq!(
        underlined("require token.permissions covers { issues = read, contents = read }", &given),
        ["issues = read"]
    );
}

#[test]
fn the_other_set_operators_underline_what_decides() {
    let given = facts()
        .with(
            "token.permissions",
            known(Value::Permissions(permissions(&[("contents", "write"), ("metadata", "read")]))),
        )
        .with("app.events", known(Value::Strings(["push".to_owned(), "fork".to_owned()].into())));
    let excess = said("require token.permissions within { contents = read, metadata = read }", &given);
    assert_eq!(excess.len(), 1);
    assert!(excess[0].1.contains("`contents = write`") && !excess[0].1.contains("metadata"), "{excess:?}");
    assert_eq!(
        underlined("forbid token.permissions overlaps { issues = read, contents = read, metadata = write }", &given),
        ["contents = read"]
    );
    assert_eq!(underlined("require app.events covers [\"push\", \"star\"]", &given), ["\"star\""]);
    assert_eq!(underlined("forbid app.events overlaps [\"star\", \"fork\"]", &given), ["\"fork\""]);
    let excess = said("require app.events within [\"push\"]", &given);
    assert!(excess.len() == 1 && excess[0].1.contains("`fork`"), "{excess:?}");
}

#[test]
fn and_and_or_point_at_the_arms_that_decide() {
    let given = facts()
        .with("user.is_bot", flag(false))
        .with("user.username", text("ada"))
        .with("token.kind", word("classic"))
        .with("user.site_admin", unknown(Cause::NotPermitted));
    assert_eq!(underlined("require token.kind == classic and user.is_bot", &given), ["user.is_bot"]);
    assert_eq!(
        underlined("require user.is_bot or user.username like \"*-bot\"", &given),
        ["user.is_bot", "user.username like \"*-bot\""]
    );
    assert_eq!(underlined("forbid user.is_bot or token.kind == classic", &given), ["token.kind == classic"]);
    // What is open beside it decides nothing.
    assert_eq!(underlined("require user.site_admin and user.is_bot", &given), ["user.is_bot"]);
    assert_eq!(underlined("forbid user.site_admin or token.kind == classic", &given), ["token.kind == classic"]);
    // And the other way round: of an open `or` the false arm is not to blame.
    assert_eq!(underlined("require user.site_admin or user.is_bot", &given), ["user.site_admin"]);
}

#[test]
fn every_operator_says_what_was_found_in_both_directions() {
    let hooks = Knowledge::Known(Value::Records(vec![record(&[("active", flag(false))])]));
    let given = facts()
        .with("token.kind", word("classic"))
        .with("user.username", text("ada"))
        .with("token.expires_at", Knowledge::Absent)
        .with("app.events", known(Value::Strings(["push".to_owned()].into())))
        .with("token.scopes", scopes(&["repo"]))
        .repository("acme/a", &[("repository.permission", word("read")), ("repository.webhooks", hooks)]);
    for (statement, found) in [
        ("require token.kind != classic", "classic"),
        ("require token.kind in [app_user]", "classic"),
        ("forbid token.kind in [classic]", "classic"),
        ("require user.username like \"*-bot\"", "ada"),
        ("forbid user.username like \"a*\"", "ada"),
        ("require user.username matches 'x'", "ada"),
        ("require token.expires_at < 2027-01-01", "none"),
        ("forbid token.expires_at is absent", "none"),
        ("require token.kind is absent", "classic"),
        ("require app.events covers [\"pull_request\"]", "push"),
        ("forbid app.events within [\"push\"]", "push"),
        ("forbid token.scopes covers [\"repo\"]", "repo"),
        ("require token.scopes overlaps [\"gist\"]", "repo"),
        ("require repository.permission >= write", "read"),
        ("forbid repository.permission <= read", "read"),
        ("require count(repository.webhooks) == 0", "1 record"),
        ("require all h in repository.webhooks satisfies (h.active)", "1 record"),
        ("forbid any h in repository.webhooks satisfies (h.active == false)", "1 record"),
    ] {
        let policy = github(statement);
        let blames = policy.explain(&classic(), &given.0, 0);
        assert_eq!(blames.len(), 1, "{statement}: {blames:?}");
        let (_, text, blame) = &blames[0];
        assert_eq!(blame.found.as_deref(), Some(found), "{statement}");
        assert!(!text.is_empty() && !blame.fact.unwrap().1.evidence.is_empty(), "{statement}");
    }
}

#[test]
fn what_is_open_carries_its_cause_and_reason() {
    let one = |statement: &str, given: &Facts| {
        let policy = github(statement);
        let blames = policy.explain(&classic(), &given.0, 0);
        assert_eq!(blames.len(), 1, "{statement}: {blames:?}");
        let unknown = blames[0].2.unknown.clone().unwrap();
        (unknown.cause, unknown.reason)
    };
    let refused = facts().with("user.is_bot", unknown(Cause::NotPermitted));
    assert_eq!(one("require user.is_bot", &refused), (Cause::NotPermitted, "a reason".into()));
    assert_eq!(one("forbid user.is_bot", &refused), (Cause::NotPermitted, "a reason".into()));
    let none = facts().with("token.scopes", Knowledge::Inapplicable("it has permissions".into()));
    assert_eq!(
        one("require token.scopes within []", &none),
        (Cause::Inapplicable, "it has permissions".into()),
        "never read as empty"
    );
    let part = Bounds::Names { granted: names("token.scopes", &["gist"]), denied: names("token.scopes", &[]) };
    let part = facts().with("token.scopes", bounded(part));
    assert_eq!(one("require token.scopes covers [\"repo\"]", &part), (Cause::NotPermitted, "a reason".into()));
    assert_eq!(one("require user.is_bot", &facts()).0, Cause::NotReachable, "never asked");
    assert_eq!(one("require repository.archived", &facts()).0, Cause::OutOfScope);
    let unordered = facts().with("token.created_at", Knowledge::Absent);
    assert_eq!(one("require token.created_at > 2026-01-01", &unordered).0, Cause::Inapplicable);
    // A guard that is open is to blame, not the statement behind it.
    let policy = github("rule a { when user.is_bot\n require token.scopes covers [\"repo\"] }");
    let blames = policy.explain(&classic(), &refused.0, 0);
    assert_eq!(blames.iter().map(|(under, ..)| under.as_str()).collect::<Vec<_>>(), ["user.is_bot"]);
    // A record's field that the host does not show.
    let hooks = Knowledge::Known(Value::Records(vec![record(&[("active", unknown(Cause::NotPermitted))])]));
    let hooks = facts().repository("acme/a", &[("repository.webhooks", hooks)]);
    assert_eq!(one("require all h in repository.webhooks satisfies (h.active)", &hooks).0, Cause::NotPermitted);
}

#[test]
fn what_does_not_apply_points_at_the_guard() {
    let policy = github("when user.is_bot { rule a { when token.kind == classic\n require token.name == \"x\" } }");
    let given = facts().with("user.is_bot", flag(false)).with("token.kind", word("classic"));
    let blames = policy.explain(&classic(), &given.0, 0);
    assert_eq!(blames.iter().map(|(under, ..)| under.as_str()).collect::<Vec<_>>(), ["user.is_bot"]);
}

#[test]
fn a_list_that_was_cut_short_is_the_reason_and_not_the_facts_of_what_it_hides() {
    let policy = github("each repository in [\"acme/*\"] { require repository.archived == false }");
    let mut given = facts();
    let reason = "the next page of the list is on another origin";
    given.0.listed = Some(Listed { incomplete: Some(Unknown::new(Cause::Malformed, reason)), ..Listed::default() });
    let evaluator = policy.evaluator();
    let judged = policy.judge(&classic(), &given.0);
    let [outcome] = judged.outcomes.as_slice() else { panic!("{:?}", judged.outcomes) };
    let blames = explain(&evaluator, &given.0, outcome);
    let reasons: Vec<&str> =
        blames.iter().filter_map(|blame| blame.unknown.as_ref()).map(|unknown| unknown.reason.as_str()).collect();
    assert_eq!(reasons, [reason]);
}
