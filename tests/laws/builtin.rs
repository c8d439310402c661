//! The built-in rules: triggered, and not.

use credcheck::evaluation::{BuiltinOutcome, ExitCode, Run, exit_code};
use credcheck::facts::{Cause, Evidence, Incident, Knowledge, Refusal, RepositoryName, Withheld};
use credcheck::vocabulary::HostKind;

use super::support::*;
use credcheck::vocabulary::Place;

fn broken(policy: &Policy, username: Option<&str>, given: &Facts) -> Vec<BuiltinOutcome> {
    let mut credential = classic();
    credential.username = username.map(str::to_owned);
    policy.judge(&credential, &given.0).builtin
}

fn with(incident: Incident) -> Facts {
    let mut given = facts().with("user.is_bot", flag(true));
    given.0.incidents.push(incident);
    given
}

fn names_of(outcomes: &[BuiltinOutcome]) -> Vec<String> {
    outcomes.iter().map(|one| one.rule.full_name(HostKind::GitHub)).collect()
}

fn evidence() -> Vec<Evidence> {
    vec![Evidence::own(Place::Status)]
}

#[test]
fn nothing_is_listed_where_nothing_is_broken() {
    let policy = github("require user.is_bot");
    assert_eq!(broken(&policy, None, &facts().with("user.is_bot", flag(true))), []);
    for quiet in [
        Incident::Note { text: "a note".into(), evidence: evidence() },
        Incident::Renamed { from: RepositoryName::parse("acme/a").unwrap(), to: "acme/b".into(), evidence: evidence() },
    ] {
        assert_eq!(broken(&policy, None, &with(quiet)), []);
    }
}

#[test]
fn incidents_break_their_rules() {
    let policy = github("require user.is_bot");
    let repository = RepositoryName::parse("acme/a").unwrap();
    let refused = |refusal| Incident::NotAccepted {
        refusal,
        by: "acme".into(),
        repository: Some(repository.clone()),
        message: "no".into(),
        link: Some("https://git.acme.dev/orgs/acme/sso".into()),
        evidence: evidence(),
    };
    for (incident, rule, undetermined) in [
        (
            Incident::Refused { reason: "is not accepted".into(), help: "make a new one".into(), evidence: evidence() },
            "github.credential-valid",
            None,
        ),
        (
            Incident::Withheld(Withheld::Missing { reason: "`X` is not set".into(), help: "set it".into() }),
            "github.credential-valid",
            None,
        ),
        (
            Incident::Withheld(Withheld::WrongHost { reason: "it is a GitLab token".into(), help: "check".into() }),
            "github.right-host",
            None,
        ),
        (
            Incident::NotVisible { repository: repository.clone(), reasons: vec!["typo".into()], evidence: evidence() },
            "github.repository-visible",
            None,
        ),
        (refused(Refusal::SingleSignOn), "github.credential-accepted", None),
        (refused(Refusal::KindForbidden), "github.credential-accepted", None),
        (refused(Refusal::LifetimeTooLong), "github.credential-accepted", None),
        (refused(Refusal::AppNotApproved), "github.credential-accepted", None),
        (refused(Refusal::Suspended), "github.credential-accepted", None),
        // Whether the bot's own address is on the list is not known here.
        (refused(Refusal::AddressNotAllowed), "github.credential-accepted", Some(Cause::NotPermitted)),
    ] {
        let outcomes = broken(&policy, None, &with(incident.clone()));
        assert_eq!(names_of(&outcomes), [rule], "{incident:?}");
        assert_eq!(outcomes[0].undetermined, undetermined);
        assert!(outcomes[0].message.contains("`prod`") && outcomes[0].help.is_some(), "{:?}", outcomes[0]);
        let mut twice = with(incident.clone());
        twice.0.incidents.push(incident);
        assert_eq!(broken(&policy, None, &twice).len(), 1, "one cause is told once");
    }
}

#[test]
fn the_username_is_compared_without_case_and_at_sign() {
    let policy = github("require user.is_bot");
    let live = |name: Knowledge| facts().with("user.is_bot", flag(true)).with("user.username", name);
    for (configured, name, matches) in [
        (Some("Acme-Bot"), text("acme-bot"), true),
        (Some("@acme-bot"), text("acme-bot"), true),
        (Some("other"), text("acme-bot"), false),
        (Some(""), text("acme-bot"), true),
        (None, text("acme-bot"), true),
        (Some("other"), unknown(Cause::NotPermitted), true),
        (Some("other"), Knowledge::Absent, true),
    ] {
        let outcomes = broken(&policy, configured, &live(name.clone()));
        let expected: &[&str] = if matches { &[] } else { &["github.username-matches"] };
        assert_eq!(names_of(&outcomes), expected, "{configured:?} {name:?}");
    }
    assert_eq!(broken(&policy, Some("other"), &facts()), [], "never asked, never compared");
}

#[test]
fn a_kind_that_every_guard_rules_out_is_not_covered() {
    let policy = github(
        "when token.kind == fine_grained { require user.is_bot }\n\
         rule b { when token.kind == app_user\n require user.is_bot }",
    );
    let of_kind = |kind| facts().with("token.kind", word(kind)).with("user.is_bot", flag(true));
    let outcomes = broken(&policy, None, &of_kind("classic"));
    assert_eq!(names_of(&outcomes), ["github.kind-covered"]);
    assert_eq!(outcomes[0].undetermined, Some(Cause::Inapplicable));
    assert!(outcomes[0].message.ends_with("a classic personal access token"), "{}", outcomes[0].message);
    assert!(broken(&policy, None, &of_kind("oauth_app"))[0].message.ends_with("an OAuth app token"));
    assert_eq!(broken(&policy, None, &of_kind("app_user")), []);
    assert_eq!(broken(&policy, None, &facts()), [], "an open guard may still hold");
    let judged = policy.judge(&classic(), &of_kind("classic").0);
    assert_eq!(exit_code(Run::of(&policy.checked, [&judged])), ExitCode::Undetermined);

    // No statement covers the credential at all: that is told elsewhere.
    let other = policy_for_staging();
    assert_eq!(broken(&other, None, &of_kind("classic")), []);
    // What the command line's filter took away is no gap.
    let each = github("each repository in [\"acme/*\"] { require repository.archived == false }");
    let given = facts().repository("beta/a", &[]);
    assert_eq!(each.judge(&narrowed_classic(), &given.0).builtin, []);
}

fn policy_for_staging() -> Policy {
    policy("host github credential \"staging\" {\n when token.kind == app_user { require user.is_bot }\n}\n")
}

#[test]
fn a_broken_builtin_rule_is_a_violation_for_the_exit_code() {
    let policy = github("require user.is_bot");
    let given =
        with(Incident::Refused { reason: "is not accepted".into(), help: "renew".into(), evidence: evidence() });
    let judged = policy.judge(&classic(), &given.0);
    assert_eq!(exit_code(Run::of(&policy.checked, [&judged])), ExitCode::Violation);
}
