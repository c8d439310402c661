//! Whole reports, as snapshots.

use credcheck::diagnostic::Style;
use credcheck::facts::{
    Bounds, Cause, Evidence, Exchange, ExchangeSummary, Incident, Knowledge, NotChecked, PermissionMap, RepositoryName,
    SubjectRef, Unknown, Value,
};
use credcheck::report::facts::{self, Form};
use credcheck::report::findings::Class;
use credcheck::report::human::Verbosity;
use credcheck::report::{Format, Revealed, plan};
use credcheck::text::redact::Redactor;
use credcheck::vocabulary::token_shapes;

use super::fixture::{Fixture, exchange, label, spool, unknown};
use credcheck::vocabulary::github::headers::TOKEN_EXPIRATION;
use credcheck::vocabulary::{Place, field, headers};

const POLICY: &str = r#"
host github {
  when token.kind in [classic, oauth_app] {
    rule repo-scope "a token that can clone and comment" {
      require token.scopes covers ["repo"]
      because "Atlantis clones the repository"
      fix     "edit the token and tick `repo`"
      see     "https://www.runatlantis.io/docs/access-credentials.html"
    }
    rule least-privilege {
      prefer token.scopes within ["repo", "read:org"]
    }
  }
  rule permissions {
    when token.kind == fine_grained
    require token.permissions covers { contents = read, statuses = write }
  }
  rule can-write {
    require repository.permission >= write
    because "without it GitHub refuses the commit status, with a 404"
  }
  rule bot-account {
    prefer user.is_bot or user.username like ["*-bot"]
    on unknown warn because "Apps have no user"
  }
}

waive github.least-privilege credential "release-*" until 2026-12-31
  because "SEC-1412: split the token in Q4" by "security@acme.dev"
"#;

pub(crate) fn human(fixture: &Fixture, style: Style, verbosity: Verbosity) -> String {
    fixture.report(Format::Human(style, verbosity))
}

pub(crate) fn json(fixture: &Fixture) -> String {
    fixture.report(Format::Json)
}

fn bot(name: &str) -> Knowledge {
    Knowledge::Known(Value::String(name.into()))
}

fn level(word: &'static str) -> Knowledge {
    Knowledge::Known(Value::Word(word))
}

/// Two credentials: one broken in every way, one waived and fine otherwise.
pub(crate) fn mixed() -> Fixture {
    let mut fixture = Fixture::new(POLICY);
    let broken = fixture.credential("atlantis-prod", "classic");
    broken.scopes(&["gist", "read:org"]);
    broken.user("user.username", bot("maria"), field("login"));
    broken.user("user.is_bot", Knowledge::Known(Value::Bool(false)), field("type"));
    for name in ["acme/infra", "acme/live-eu", "acme/live-us"] {
        broken.repository(name, "repository.permission", level("read"));
    }
    broken.repository("acme/modules", "repository.permission", level("admin"));
    broken.exchanges.extend([exchange("/repos/acme/infra", 200), exchange("/repos/acme/modules", 200)]);
    let waived = fixture.credential("release-bot", "classic");
    waived.scopes(&["repo", "admin:org"]);
    waived.user("user.username", bot("release-bot"), field("login"));
    waived.user("user.is_bot", Knowledge::Known(Value::Bool(false)), field("type"));
    waived.repository("acme/infra", "repository.permission", level("write"));
    fixture.not_checked.push(NotChecked { host: "gitlab".into(), credential: None, reason: "no credential".into() });
    fixture
}

/// Everything that cannot be known.
pub(crate) fn undecided() -> Fixture {
    let mut fixture = Fixture::new(POLICY);
    let one = fixture.credential("renovate", "fine_grained");
    let cannot = "a fine-grained token cannot list its own permissions";
    one.repository("acme/infra", "token.permissions", unknown(Cause::NotRevealable, cannot));
    one.user(
        "user.username",
        unknown(Cause::NotReachable, "no answer within 10 s"),
        Place::Recorded("the answer".into()),
    );
    one.user("user.is_bot", unknown(Cause::NotRevealable, "an App has no user"), field("type"));
    for name in ["acme/infra", "acme/live"] {
        one.repository(name, "repository.permission", unknown(Cause::NotPermitted, "GitHub answered 403"));
    }
    fixture
}

const WIDE: Style = Style::Graphical { color: false, unicode: true, width: 100, links: false };

#[test]
fn a_mixed_report() {
    let fixture = mixed();
    insta::assert_snapshot!("mixed_graphical", human(&fixture, WIDE, Verbosity::Normal));
    insta::assert_snapshot!("mixed_plain_verbose", human(&fixture, Style::Plain, Verbosity::Verbose));
    insta::assert_snapshot!("mixed_narrated_quiet", human(&fixture, Style::Narrated, Verbosity::Quiet));
    insta::assert_snapshot!("mixed_json", json(&fixture));
}

#[test]
fn what_cannot_be_known_says_how_to_accept_or_exclude_it() {
    let fixture = undecided();
    insta::assert_snapshot!("undecided", human(&fixture, WIDE, Verbosity::Normal));
}

/// A credential that its host refuses.
fn refused() -> Fixture {
    let mut fixture = Fixture::new(POLICY);
    let one = fixture.credential("old-ci", "classic");
    let why = || unknown(Cause::NotPermitted, "the credential is not accepted (401 Bad credentials)");
    let evidence = Evidence::answer(&label("/user"), Some(401), Place::StatusCode(401));
    for path in ["token.scopes", "user.username", "user.is_bot"] {
        one.set(SubjectRef::Credential, path, why(), evidence.clone());
    }
    for name in ["acme/a", "acme/b", "acme/c"] {
        one.repository(name, "repository.permission", why());
    }
    one.facts.incidents.push(Incident::Refused {
        reason: "is not accepted (401 Bad credentials)".into(),
        help: "make a new token".into(),
        evidence: vec![evidence],
    });
    fixture
}

#[test]
fn one_refused_credential_is_one_diagnostic() {
    let fixture = refused();
    let found = fixture.findings();
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!(found[0].class, Class::BuiltinViolation);
    assert_eq!(found[0].statements.len(), 4);
    insta::assert_snapshot!("refused", human(&fixture, Style::Plain, Verbosity::Normal));
}

#[test]
fn repositories_that_break_a_rule_are_one_list_with_a_cap() {
    let mut fixture = Fixture::new("host github {\n  require repository.permission >= write\n}\n");
    let one = fixture.credential("atlantis", "classic");
    for at in 0..40 {
        one.repository(&format!("acme/r{at:02}"), "repository.permission", level("read"));
    }
    one.repository("acme/z", "repository.permission", level("triage"));
    let found = fixture.findings();
    assert_eq!(found.len(), 1, "one for each statement, whatever was found");
    let diagnostic = &found[0].diagnostic;
    let message = &diagnostic.message;
    assert!(message.ends_with("for 41 repositories: `repository.permission` is `read` (others differ)"), "{message}");
    assert!(diagnostic.notes.iter().any(|note| note.ends_with("and 38 more")), "{:?}", diagnostic.notes);
    let other = "`atlantis`: `repository.permission` is `triage`";
    assert!(diagnostic.notes.iter().any(|note| note == other), "{:?}", diagnostic.notes);
}

#[test]
fn a_missing_permission_links_to_a_page_filled_in_with_what_the_policy_asks_for() {
    let mut fixture = Fixture::new(POLICY);
    let one = fixture.credential("renovate", "fine_grained");
    let has: PermissionMap = [("contents".into(), "read".into()), ("issues".into(), "write".into())].into();
    one.repository("acme/infra", "token.permissions", Knowledge::Known(Value::Permissions(has)));
    let found = fixture.findings();
    let found = found.into_iter().find(|one| one.diagnostic.message.contains("github.permissions"));
    let help = found.unwrap().diagnostic.help;
    assert_eq!(
        help.as_deref(),
        Some(
            "make a token with these permissions: https://github.com/settings/personal-access-tokens/new\
             ?name=renovate&target_name=acme&contents=read&statuses=write"
        )
    );
}

#[test]
fn strict_runs_raise_what_they_count() {
    let mut fixture = mixed();
    let severities = |fixture: &Fixture| -> Vec<&str> {
        fixture.findings().iter().map(|one| one.diagnostic.severity.word()).collect()
    };
    assert_eq!(severities(&fixture), ["error", "error", "warning", "warning", "advice"]);
    fixture.strict = true;
    assert_eq!(severities(&fixture), ["error", "error", "error", "error", "advice"]);
}

#[test]
fn facts_for_people_and_programs() {
    let mut fixture = Fixture::new(POLICY);
    let one = fixture.credential("atlantis-prod", "classic");
    one.scopes(&["gist", "read:org"]);
    one.user("token.expires_at", Knowledge::Absent, Place::from(TOKEN_EXPIRATION).missing());
    one.user("user.two_factor", Knowledge::Inapplicable("an App has no user".into()), field("type"));
    let granted: PermissionMap = [("contents".into(), "read".into())].into();
    let rest = Unknown::new(Cause::NotRevealable, "the rest was not used");
    let bounds = Bounds::Permissions { granted, denied: PermissionMap::new() };
    one.repository("acme/infra", "token.permissions", Knowledge::Bounded(bounds, rest.clone()));
    let bounds = Bounds::Level { least: Some("read"), most: None };
    one.repository("acme/infra", "repository.permission", Knowledge::Bounded(bounds, rest));
    one.repository("acme/infra", "repository.visibility", unknown(Cause::NotReachable, "no answer within 10 s"));
    let redactor = Redactor::new(token_shapes());
    let written = |form: Form| {
        let mut facts = facts::open(form, spool(), &redactor);
        for one in &fixture.checked {
            let exchanges: Vec<ExchangeSummary> = one.exchanges.iter().map(Exchange::summary).collect();
            let revealed = Revealed { credential: &one.credential, facts: &one.facts, exchanges: &exchanges };
            facts.credential(&revealed).unwrap();
        }
        let mut bytes = Vec::new();
        facts.end(&mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    };
    insta::assert_snapshot!("facts_table", written(Form::Table(None)));
    insta::assert_snapshot!("facts_table_60", written(Form::Table(Some(60))));
    for width in [40, 60, 80, 100, 200] {
        assert_eq!(
            super::briefly::too_wide(&written(Form::Table(Some(width))), width),
            Vec::<&str>::new(),
            "at {width}"
        );
    }
    insta::assert_snapshot!("facts_json", written(Form::Json));
    // A record holds the same value, its keys sorted, one level deep.
    let value: serde_json::Value = serde_json::from_str(&written(Form::Json)).unwrap();
    let sorted = serde_json::to_string_pretty(&serde_json::json!({ "facts": value })).unwrap();
    assert_eq!(format!("{{\n  \"facts\": {}\n}}", written(Form::Recorded)), sorted);
}

#[test]
fn notes_reach_every_format() {
    let mut fixture = mixed();
    fixture.checked[0].facts.incidents.push(Incident::Renamed {
        from: RepositoryName::parse("acme/infra").unwrap(),
        to: "acme/infrastructure".into(),
        evidence: vec![Evidence::answer(&label("/repos/acme/infra"), Some(301), headers::LOCATION)],
    });
    let text = human(&fixture, Style::Plain, Verbosity::Normal);
    assert!(text.contains("repository `acme/infra` is named `acme/infrastructure` now"), "{text}");
    let document: serde_json::Value = serde_json::from_str(&json(&fixture)).unwrap();
    assert_eq!(document["notes"][0]["code"], "C0804");
}

#[test]
fn outcomes_are_sorted_by_credential_whatever_order_they_were_checked_in() {
    let mut fixture = mixed();
    let before = json(&fixture);
    fixture.checked.reverse();
    assert_eq!(json(&fixture), before);
}

#[test]
fn a_plan_names_who_asks() {
    let plans = [plan::CredentialPlan {
        credential: "atlantis-prod".into(),
        host: "github",
        url: "https://github.com".into(),
        requests: vec![plan::Row {
            method: "GET",
            url: "https://api.github.com/user".into(),
            usual: 1,
            most: 1,
            facts: vec!["token.scopes"],
            probe: false,
            about: Vec::new(),
            asked_by: vec!["github.repo-scope".into()],
        }],
        notes: Vec::new(),
    }];
    let commands = [
        plan::Run { program: Some("op".into()), credentials: vec!["atlantis-prod".into(), "release".into()] },
        plan::Run { program: None, credentials: vec!["other".into()] },
    ];
    let mut bytes = Vec::new();
    plan::write_human(&commands, &plans, Style::Plain, &Redactor::new(token_shapes()), &mut bytes).unwrap();
    plan::write_json(&commands, &plans, &Redactor::new(token_shapes()), &mut bytes).unwrap();
    insta::assert_snapshot!("plan", String::from_utf8(bytes).unwrap());
}
