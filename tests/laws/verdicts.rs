//! Verdicts: each of them, guards, subjects and scope, acceptance, waivers, filters.

use credcheck::evaluation::{Evaluator, Totals, Verdict};
use credcheck::facts::{Bounds, Cause, Knowledge, Listed, RepositoryName, Unknown, Value};

use super::support::*;

fn listed(names: &[&str], incomplete: Option<Cause>) -> Listed {
    Listed {
        names: names.iter().map(|name| RepositoryName::parse(name).unwrap()).collect(),
        aliases: Vec::new(),
        incomplete: incomplete.map(|cause| Unknown::new(cause, "cut short")),
        evidence: Vec::new(),
    }
}

#[test]
fn every_verdict() {
    let policy = github(
        "rule a { require token.scopes covers [\"repo\"] }\n\
         rule b { forbid token.scopes overlaps [\"repo\"] }\n\
         rule c { prefer token.scopes within [\"gist\"] }\n\
         rule d { avoid token.scopes overlaps [\"gist\"] }\n\
         rule e { require user.is_bot }\n\
         rule f { when token.scopes covers [\"gist\"]\n require token.scopes covers [\"gist\"] }\n\
         rule g { when user.is_bot\n require token.scopes covers [\"repo\"] }",
    );
    let given = facts().with("token.scopes", scopes(&["repo"])).with("user.is_bot", unknown(Cause::NotPermitted));
    let judged = policy.judge(&classic(), &given.0);
    assert_eq!(
        policy.verdicts(&classic(), &given.0),
        [
            "pass",
            "violation",
            "warning",
            "pass",
            "undetermined(not-permitted)",
            "not-applicable",
            "undetermined(not-permitted)"
        ]
    );
    let totals = Totals::count([&judged]);
    assert_eq!((totals.statements, totals.total, totals.decided), (7, 6, 4));
    assert_eq!((totals.violations, totals.warnings, totals.undetermined), (1, 1, 2));
}

#[test]
fn guards_join_outermost_first_and_false_wins_over_unknown() {
    let policy = github(
        "when user.is_bot { when token.kind == classic { rule a { when token.scopes covers [\"gist\"]\n require \
         user.username == \"a\" } } }",
    );
    let base = facts().with("user.username", text("b"));
    let verdict = |bot: Knowledge, kind: Knowledge, list: Knowledge| {
        let given = base.clone().with("user.is_bot", bot).with("token.kind", kind).with("token.scopes", list);
        policy.verdicts(&classic(), &given.0).remove(0)
    };
    let open = || unknown(Cause::NotReachable);
    assert_eq!(verdict(flag(true), word("classic"), scopes(&["gist"])), "violation");
    assert_eq!(verdict(open(), word("classic"), scopes(&["gist"])), "undetermined(not-reachable)");
    assert_eq!(verdict(open(), word("app_user"), open()), "not-applicable");
    assert_eq!(verdict(open(), word("classic"), scopes(&[])), "not-applicable");
    assert_eq!(verdict(flag(true), open(), scopes(&["gist"])), "undetermined(not-reachable)");
}

#[test]
fn repository_statements_are_judged_once_for_each_repository_in_scope() {
    let policy = github(
        "rule a { require repository.permission >= write }\n\
         rule b { when repository.archived\n require user.is_bot }\n\
         rule c { require user.is_bot }",
    );
    let given = facts()
        .with("user.is_bot", flag(false))
        .repository("acme/a", &[("repository.permission", word("write")), ("repository.archived", flag(false))])
        .repository("acme/b", &[("repository.permission", word("read")), ("repository.archived", flag(true))])
        .repository("acme/c", &[]);
    assert_eq!(
        policy.verdicts(&classic(), &given.0),
        [
            "pass acme/a",
            "violation acme/b",
            "undetermined(not-reachable) acme/c",
            "not-applicable acme/a",
            "violation acme/b",
            "undetermined(not-reachable) acme/c",
            "violation"
        ]
    );
}

#[test]
fn organisation_statements_are_judged_once_for_each_organisation() {
    let policy = github(
        "rule a { require organization.role >= member }\n\
         rule b { require organization.role >= member and repository.permission >= read }\n\
         each organization in [\"ac*\"] except [\"ACME-old\"] { rule c { require organization.role >= member } }\n\
         each repository in [\"acme/a\"] { rule d { require organization.role >= member } }\n\
         each repository in [\"acme/*\", \"beta/*\"] except [\"beta/*\"] { rule e { require organization.role >= member } }\n\
         each organization in [\"beta\"] { rule f { require repository.permission >= read } }",
    );
    let given = facts()
        .repository("acme/a", &[("repository.permission", word("read"))])
        .repository("beta/a", &[("repository.permission", word("none"))])
        .organization("acme", &[("organization.role", word("member"))])
        .organization("acme-old", &[("organization.role", word("none"))])
        .organization("beta", &[("organization.role", word("none"))]);
    assert_eq!(
        policy.verdicts(&classic(), &given.0),
        [
            "pass acme",
            "violation acme-old",
            "violation beta",
            "pass acme/a",
            "violation beta/a",
            "pass acme",
            "pass acme",
            "pass acme",
            "violation beta/a",
        ]
    );
}

#[test]
fn a_repository_reads_its_owners_facts_however_spelt() {
    let policy = github("require organization.role >= member and repository.archived == false");
    let given = facts()
        .organization("Acme", &[("organization.role", word("member"))])
        .repository("acme/a", &[("repository.archived", flag(false))])
        .repository("ACME/b", &[("repository.archived", flag(false))])
        .repository("ACME/A", &[]);
    assert_eq!(given.0.organizations.len(), 1, "{:?}", given.0.organizations);
    assert_eq!(policy.verdicts(&classic(), &given.0), ["pass ACME/b", "pass acme/a"]);
}

#[test]
fn each_narrows_without_case_and_except_takes_out() {
    let policy = github(
        "each repository in [\"ACME/infra-*\", \"acme/live\"] except [\"acme/infra-Old*\"] {\n\
         each repository in [\"*/*-eu\", \"acme/live\"] { rule a { require repository.archived == false } } }",
    );
    let row = [("repository.archived", flag(false))];
    let mut given = facts();
    for name in ["acme/infra-eu", "acme/infra-us", "acme/infra-old-eu", "acme/live", "beta/infra-eu"] {
        given = given.repository(name, &row);
    }
    assert_eq!(policy.verdicts(&classic(), &given.0), ["pass acme/infra-eu", "pass acme/live"]);
}

#[test]
fn no_repository_in_scope_is_undetermined_unless_a_guard_says_otherwise() {
    let policy = github(
        "rule a { require repository.archived == false }\n\
         rule b { when token.kind == classic\n require repository.archived == false }\n\
         rule c { when token.kind == app_user\n require repository.archived == false }\n\
         rule d { when repository.archived\n require user.is_bot }\n\
         rule e { require organization.role >= member }\n\
         each repository in [\"acme/*\"] { rule f { require repository.archived == false } }",
    );
    let given = facts().with("token.kind", word("classic"));
    let open = "undetermined(out-of-scope)";
    assert_eq!(policy.verdicts(&classic(), &given.0), [open, open, "not-applicable", open, open, open]);

    // Emptied by the command line's own filter: that selector does not apply.
    let narrowed = policy.judge(&narrowed_classic(), &given.0);
    let words: Vec<String> = narrowed.outcomes.iter().map(|outcome| shown(outcome, &given.0)).collect();
    assert_eq!(words, [open, open, "not-applicable", open, open, "not-applicable"]);

    let other = facts().with("token.kind", word("classic")).repository("beta/x", &[]);
    let narrowed = policy.judge(&narrowed_classic(), &other.0);
    assert_eq!(narrowed.outcomes.last().unwrap().verdict, Verdict::NotApplicable);
    let whole = policy.judge(&classic(), &other.0);
    assert_eq!(shown(whole.outcomes.last().unwrap(), &other.0), open);
}

#[test]
fn an_incomplete_listing_is_one_more_undetermined_outcome() {
    let policy = github(
        "each repository in [\"acme/*\"] { rule a { require repository.archived == false } }\n\
         rule b { require repository.archived == false }\n\
         each repository in [\"acme/a\"] { rule c { require repository.archived == false } }\n\
         rule d { require user.is_bot }\n\
         rule e { when user.is_bot == false\n require repository.archived == false }",
    );
    let mut given =
        facts().with("user.is_bot", flag(true)).repository("acme/a", &[("repository.archived", flag(false))]).0;
    given.listed = Some(listed(&["acme/a", "beta/b"], Some(Cause::Incomplete)));
    let open = "undetermined(incomplete)";
    assert_eq!(
        policy.verdicts(&classic(), &given),
        ["pass acme/a", open, "pass acme/a", open, "pass acme/a", "pass", "not-applicable acme/a"]
    );
    // The operator's own globs reach every statement; one that names what was seen is still whole.
    let by_glob = credential(&["classic"], &["acme/*"]);
    assert_eq!(
        policy.verdicts(&by_glob, &given),
        ["pass acme/a", open, "pass acme/a", open, "pass acme/a", "pass", "not-applicable acme/a"]
    );
    let exact = credential(&["classic"], &["acme/a"]);
    assert!(!policy.verdicts(&exact, &given).iter().any(|verdict| verdict == open));
    given.listed = Some(listed(&["acme/a"], None));
    assert!(!policy.verdicts(&classic(), &given).iter().any(|verdict| verdict == open));

    // Nothing listed at all: the reason is the listing's, once.
    let mut none = facts().with("user.is_bot", flag(true)).0;
    none.listed = Some(listed(&[], Some(Cause::NotReachable)));
    assert_eq!(
        policy.verdicts(&classic(), &none),
        [
            "undetermined(not-reachable)",
            "undetermined(not-reachable)",
            "undetermined(out-of-scope)",
            "pass",
            "not-applicable"
        ]
    );
}

#[test]
fn acceptance_takes_the_default_causes_and_those_it_names() {
    let policy = github(
        "rule a { require token.scopes covers [\"repo\"]\n on unknown warn because \"a\" }\n\
         rule b { require token.scopes covers [\"repo\"]\n on unknown (not-permitted) warn because \"b\" }\n\
         rule c { require token.scopes covers [\"repo\"] and user.is_bot\n on unknown (not-permitted) warn because \"c\" }\n\
         rule d { when user.is_bot\n require token.scopes covers [\"repo\"]\n on unknown warn because \"d\" }",
    );
    let verdicts = |list: Knowledge, bot: Knowledge| {
        policy.verdicts(&classic(), &facts().with("token.scopes", list).with("user.is_bot", bot).0)
    };
    assert_eq!(
        verdicts(unknown(Cause::NotRevealable), flag(true)),
        [
            "accepted(not-revealable)",
            "undetermined(not-revealable)",
            "undetermined(not-revealable)",
            "accepted(not-revealable)"
        ],
        "named causes stand in place of the default ones"
    );
    assert_eq!(verdicts(Knowledge::Inapplicable("no".into()), flag(true))[0], "accepted(inapplicable)");
    let refused = verdicts(unknown(Cause::NotPermitted), flag(true));
    assert_eq!(refused[0], "undetermined(not-permitted)");
    assert_eq!(refused[1], "accepted(not-permitted)");
    let mixed = verdicts(unknown(Cause::NotPermitted), unknown(Cause::Incomplete));
    assert_eq!(mixed[2], "undetermined(not-permitted,incomplete)", "one cause that is not named is enough");
    assert_eq!(mixed[3], "undetermined(incomplete)", "a guard's causes count the same");
    // A decided outcome is none the better for it.
    assert_eq!(verdicts(scopes(&[]), flag(true)), ["violation"; 4]);
}

#[test]
fn waivers_cover_what_is_broken_and_nothing_else() {
    let policy = policy(
        "host github {\n rule a { require repository.permission >= write }\n rule b { prefer user.is_bot }\n\
         rule c { require organization.role >= member } }\n\
         waive github.a credential \"PROD*\" repository \"acme/*\" until 2026-11-23 because \"x\"\n\
         waive b until 2026-11-23 because \"y\"\n\
         waive c repository \"acme/*\" until 2026-12-31 because \"z\"\n",
    );
    let given = facts()
        .with("user.is_bot", flag(false))
        .repository("acme/a", &[("repository.permission", word("read"))])
        .repository("acme/b", &[("repository.permission", word("admin"))])
        .repository("acme/c", &[("repository.permission", unknown(Cause::NotPermitted))])
        .repository("beta/a", &[("repository.permission", word("read"))])
        .organization("acme", &[("organization.role", word("none"))])
        .organization("beta", &[("organization.role", word("member"))])
        .0;
    let verdicts = |at: &str, waive: bool, name: &str| -> Vec<String> {
        let evaluator = Evaluator::new(&policy.checked, &policy.inputs, at.parse().unwrap(), waive);
        let mut credential = classic();
        credential.name = name.into();
        evaluator.judge(&credential, &given).outcomes.iter().map(|outcome| shown(outcome, &given)).collect()
    };
    let live = verdicts("2026-11-23T23:59:59Z", true, "prod-1");
    assert_eq!(
        live,
        [
            "waived acme/a",
            "pass acme/b",
            "undetermined(not-permitted) acme/c",
            "violation beta/a",
            "waived",
            // A waiver for repositories covers no organisation's outcome.
            "violation acme",
            "pass beta",
        ]
    );
    let over = verdicts("2026-11-24T00:00:00Z", true, "prod-1");
    assert_eq!((over[0].as_str(), over[4].as_str()), ("violation acme/a", "warning"));
    let other = verdicts("2026-11-23T12:00:00Z", true, "staging");
    assert_eq!((other[0].as_str(), other[4].as_str()), ("violation acme/a", "waived"));
    let ignored = verdicts("2026-11-23T12:00:00Z", false, "prod-1");
    assert_eq!((ignored[0].as_str(), ignored[4].as_str()), ("violation acme/a", "warning"));
}

#[test]
fn blocks_filter_by_address_and_credential() {
    for (filter, covered) in [
        ("", true),
        ("at \"git.acme.dev\"", true),
        ("at \"*.ACME.dev\"", true),
        ("at \"git.acme.dev:8443\"", false),
        ("at \"https://git.acme.dev\"", true),
        ("at \"acme.dev\"", false),
        ("credential \"pr?d\"", true),
        ("credential \"staging\"", false),
        ("at \"git.acme.dev\" credential \"staging\"", false),
    ] {
        let policy = policy(&format!("host github {filter} {{\n require user.is_bot\n}}\n"));
        let given = facts().with("user.is_bot", flag(true));
        let expected: &[&str] = if covered { &["pass"] } else { &[] };
        assert_eq!(policy.verdicts(&classic(), &given.0), expected, "{filter}");
    }
    let gitlab = policy("host gitlab {\n require user.external == false\n}\n");
    assert!(gitlab.verdicts(&classic(), &facts().0).is_empty());

    let mut port = classic();
    port.url = "https://git.acme.dev:8443".into();
    let policy = policy("host github at \"git.acme.dev:8443\" {\n require user.is_bot\n}\n");
    assert_eq!(policy.verdicts(&port, &facts().with("user.is_bot", flag(true)).0), ["pass"]);
}

#[test]
fn inputs_stand_for_values_globs_and_names() {
    let policy = policy(
        "input bots: strings = [\"*-bot\"]\ninput names: strings = [\"repo\"]\ninput strict: bool = true\n\
         input days: duration = 7d\n\
         host github {\n require user.username like bots\n require user.username in bots\n\
         require token.scopes covers names\n require strict\n require token.expires_in >= days\n}\n",
    );
    let given = facts()
        .with("user.username", text("acme-bot"))
        .with("token.scopes", scopes(&["repo"]))
        .with("token.expires_at", Knowledge::Absent)
        .derived();
    assert_eq!(policy.verdicts(&classic(), &given), ["pass", "violation", "pass", "pass", "pass"]);
}

#[test]
fn patterns_match_whole_strings_and_cannot_break_out() {
    for (pattern, matches) in [
        ("ada", true),
        ("ad", false),
        ("da", false),
        ("x|ada", true),
        ("a|b", false),
        ("(?m)a$|^ada", true),
        ("", false),
    ] {
        let policy = github(&format!("require user.username matches '{pattern}'"));
        let expected = if matches { "pass" } else { "violation" };
        assert_eq!(policy.verdicts(&classic(), &facts().with("user.username", text("ada")).0), [expected], "{pattern}");
    }
    assert!(refused("host github {\n require user.username matches 'x)|(?:a'\n}\n"));
}

#[test]
fn nested_quantifiers_compare_their_items() {
    let policy = github(
        "require any s in token.scopes satisfies (any t in token.scopes satisfies (s != t))\n\
         require any s in token.scopes satisfies (all t in token.scopes satisfies (s == t))\n\
         require any h in repository.webhooks satisfies (any e in h.events satisfies (e in [\"push\"] and h.active))",
    );
    let hook = |active: bool| {
        record(&[
            ("active", flag(active)),
            ("events", known(Value::Strings(["push".to_owned(), "fork".to_owned()].into()))),
        ])
    };
    let given = facts()
        .with("token.scopes", scopes(&["repo", "gist"]))
        .repository("acme/a", &[("repository.webhooks", bounded(Bounds::List(vec![hook(false), hook(true)])))]);
    assert_eq!(policy.verdicts(&classic(), &given.0), ["pass", "violation", "pass acme/a"]);
}
