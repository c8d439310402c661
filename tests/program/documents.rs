//! The JSON contracts: keys stay, types stay, two runs of one state give the same bytes.

use credcheck::simulator::github::Token;
use serde_json::{Value, json};

use crate::bench::{BOT, Bench, SIX, acme, classic, fake, good};

/// Demands that a value has the shape of another: the same keys at least, and the same types. `null` in the pattern is
/// anything; a list's elements have the shape of the pattern's first.
#[track_caller]
fn shaped(value: &Value, pattern: &Value, at: &str) {
    match (value, pattern) {
        (_, Value::Null) => {}
        (Value::Object(value), Value::Object(pattern)) => {
            for (key, pattern) in pattern {
                let Some(value) = value.get(key) else { panic!("{at}.{key} is missing in {value:?}") };
                shaped(value, pattern, &format!("{at}.{key}"));
            }
        }
        (Value::Array(values), Value::Array(pattern)) => {
            for (index, value) in values.iter().enumerate() {
                shaped(value, &pattern[0], &format!("{at}[{index}]"));
            }
        }
        (Value::String(_), Value::String(_))
        | (Value::Number(_), Value::Number(_))
        | (Value::Bool(_), Value::Bool(_)) => {}
        _ => panic!("{at} is {value}, and should be like {pattern}"),
    }
}

/// A policy with each outcome.
const EVERY: &str = r#"
policy "every" { title = "Every outcome" }
host github {
  rule holds  { require token.scopes covers ["repo"] }
  rule broken {
    require token.scopes covers ["admin:org"]
    because "it must"
    fix     "tick it"
    see     "https://example.com/docs"
  }
  rule odd    { prefer token.scopes within ["gist"] }
  rule moot   {
    when    token.kind == fine_grained
    require token.permissions covers { contents = write }
  }
  rule open   {
    require user.two_factor
    on unknown (not-permitted, not-revealable, incomplete, malformed) warn because "it cannot be seen"
  }
  rule hidden { require organization.two_factor_required }
  rule spared { forbid token.scopes covers ["repo"] }
  rule role   { require repository.permission >= write }
}
host gitlab { require token.scopes covers ["api"] }
waive github.spared until 2099-12-31 because "until the split" by "security@acme.example"
"#;

fn every() -> (Bench, Value) {
    let (bench, host) = Bench::usual(EVERY);
    let _ = host;
    let report = bench.check(&["--format", "json"]).exits(1).json();
    (bench, report)
}

#[test]
fn a_report_has_every_key_of_version_one() {
    let (_bench, report) = every();
    shaped(
        &report,
        &json!({
            "version": 1, "tool": "credcheck 0.1.0", "exit": 1, "at": "2026-11-23T12:00:00Z", "replayed_from": null,
            "policies": [{"file": "check.pol", "sha256": "x"}],
            "summary": {"credentials": 1, "statements": 6, "decided": 5, "total": 6, "violations": 1, "warnings": 0,
                        "waived": 0, "undetermined": 1, "accepted": 0, "requests": 2},
            "outcomes": [{
                "rule": "x", "statement": 1, "verb": "require", "outcome": "x", "credential": "x", "host": "github",
                "url": "x", "repository": null, "organization": null, "cause": null, "accepted": false, "message": "x",
                "found": null, "because": null, "fix": null, "waiver": null,
                "policy": {"file": "x", "line": 1, "column": 1},
                "evidence": [{"fact": "x", "knowledge": "x", "value": null, "request": null, "status": null, "source": null}],
            }],
            "not_checked": [{"host": "gitlab", "reason": "no credential"}],
            "requests": [{"method": "GET", "url": "x", "status": 200, "attempts": 1}],
        }),
        "report",
    );
    assert_eq!(report["version"], 1);
    assert_eq!(report["exit"], 1);
    assert_eq!(report["replayed_from"], Value::Null);
    assert_eq!(report["policies"][0]["file"], "check.pol");
    assert_eq!(report["policies"][0]["sha256"].as_str().unwrap().len(), 64);
    assert_eq!(report["not_checked"][0]["host"], "gitlab");
    assert_eq!(report["not_checked"][0]["reason"], "no credential");
}

#[test]
fn every_outcome_has_its_word_and_its_words() {
    let (_bench, report) = every();
    let outcomes = report["outcomes"].as_array().unwrap();
    let of = |rule: &str| {
        outcomes.iter().find(|outcome| outcome["rule"] == format!("github.{rule}")).unwrap_or_else(|| panic!("{rule}"))
    };
    for (rule, outcome) in [
        ("holds", "pass"),
        ("broken", "violation"),
        ("odd", "warning"),
        ("moot", "not-applicable"),
        ("open", "undetermined"),
        ("hidden", "undetermined"),
        ("spared", "waived"),
        ("role", "pass"),
    ] {
        assert_eq!(of(rule)["outcome"], outcome, "{}", of(rule));
    }
    let broken = of("broken");
    assert_eq!(broken["found"], "repo");
    assert_eq!((&broken["because"], &broken["fix"]), (&json!("it must"), &json!("tick it")));
    assert_eq!(
        broken["policy"],
        json!({"file": "check.pol", "line": 6, "column": 13, "end_line": 6, "end_column": 46})
    );
    assert_eq!(broken["verb"], "require");
    let seen = broken["evidence"].as_array().unwrap().iter().find(|row| row["fact"] == "token.scopes").unwrap();
    assert_eq!((&seen["knowledge"], &seen["value"]), (&json!("known"), &json!(["repo"])));
    assert!(seen["request"].as_str().unwrap().starts_with("GET http://127.0.0.1:"), "{seen}");
    assert_eq!((&seen["status"], &seen["source"]), (&json!(200), &json!("header X-OAuth-Scopes")));
    assert_eq!(of("open")["accepted"], true, "{}", of("open"));
    assert!(of("open")["cause"].is_string());
    assert_eq!(of("hidden")["accepted"], false);
    assert_eq!(of("hidden")["organization"], "acme");
    assert_eq!(of("role")["repository"], "acme/infra");
    let waiver = &of("spared")["waiver"];
    assert_eq!((&waiver["because"], &waiver["by"]), (&json!("until the split"), &json!("security@acme.example")));
    assert_eq!(waiver["until"], "2099-12-31");
    let summary = &report["summary"];
    assert_eq!(summary["total"], 7, "not applicable ones are not counted: {summary}");
    assert_eq!(summary["decided"], 5, "{summary}");
    assert_eq!((&summary["violations"], &summary["warnings"]), (&json!(1), &json!(1)), "{summary}");
    assert_eq!((&summary["waived"], &summary["undetermined"], &summary["accepted"]), (&json!(1), &json!(2), &json!(1)));
    assert_eq!(summary["statements"], 8, "{summary}");
    assert_eq!(summary["requests"], report["requests"].as_array().unwrap().len());
}

#[test]
fn built_in_rules_have_no_statement() {
    let mut bench = Bench::new();
    let token = classic("revoked");
    let host = bench.host(acme().token(good(&token).revoked()));
    bench.credential("bot", &host, &token, r#"repositories = ["acme/infra"]"#);
    bench.policy(SIX);
    let report = bench.check(&["--format", "json"]).exits(1).json();
    let outcomes = report["outcomes"].as_array().unwrap();
    let refused = outcomes.iter().find(|outcome| outcome["rule"] == "github.credential-valid").unwrap();
    for key in ["statement", "verb", "policy", "waiver", "because", "organization"] {
        assert_eq!(refused[key], Value::Null, "{key}");
    }
    assert_eq!(refused["outcome"], "violation");
    assert!(refused["message"].as_str().unwrap().contains("`bot`"), "{refused}");
    assert_eq!(refused["evidence"][0]["status"], 401);
    assert_eq!(report["summary"]["violations"], 1);
    assert_eq!(report["summary"]["undetermined"], 6);
}

#[test]
fn two_runs_give_the_same_bytes_but_for_the_time() {
    let (bench, host) = Bench::usual(EVERY);
    let _ = host;
    let once = || {
        let mut report = bench.check(&["--format", "json"]).exits(1).json();
        (report["at"], report["elapsed_ms"]) = (Value::Null, Value::Null);
        report.to_string()
    };
    assert_eq!(once(), once());
}

#[test]
fn outcomes_are_sorted_by_credential_then_policy_then_subject() {
    let mut bench = Bench::new();
    let (one, two) = (classic("one"), classic("two"));
    let mut world = acme().token(good(&one)).token(good(&two));
    for name in ["acme/zebra", "acme/ant"] {
        world = world.repository(
            credcheck::simulator::github::Repository::new(name)
                .private()
                .collaborator(BOT, credcheck::simulator::github::Level::Write),
        );
    }
    let host = bench.host(world);
    let scope = r#"repositories = ["acme/zebra", "acme/ant", "acme/infra"]"#;
    bench.credential("zulu", &host, &one, scope);
    bench.credential("alpha", &host, &two, scope);
    bench.policy(
        "host github {\n  rule b { require repository.permission >= write }\n  rule a { require token.active }\n}\n",
    );
    let report = bench.check(&["--format", "json"]).exits(0).json();
    let rows: Vec<String> = report["outcomes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|outcome| {
            let word = |key: &str| outcome[key].as_str().unwrap_or("-").to_owned();
            format!("{} {} {}", word("credential"), word("rule"), word("repository"))
        })
        .collect();
    let expected: Vec<String> = ["alpha", "zulu"]
        .iter()
        .flat_map(|name| {
            [
                format!("{name} github.b acme/ant"),
                format!("{name} github.b acme/infra"),
                format!("{name} github.b acme/zebra"),
                format!("{name} github.a -"),
            ]
        })
        .collect();
    assert_eq!(rows, expected);
}

#[test]
fn facts_have_their_shape() {
    let mut bench = Bench::new();
    let (token, fine) = (classic("facts"), fake("github_pat", "facts"));
    let host = bench.host(
        acme()
            .token(good(&token).scopes(["read:org", "repo"]))
            .token(Token::fine_grained(&fine).owner(BOT).resource_owner("acme").expires_in_days(30)),
    );
    bench.credential("bot", &host, &token, r#"repositories = ["acme/infra"]"#);
    bench.credential("fine", &host, &fine, r#"repositories = ["acme/infra"]"#);
    let facts = bench.run(&["facts", "--format", "json"]).saying_anything().exits(0).json();
    shaped(
        &facts,
        &json!({
            "version": 1,
            "credentials": [{
                "name": "x", "host": "github", "url": "x",
                "facts": [{"fact": "x", "subject": null, "knowledge": "x",
                           "evidence": [{"request": null, "status": null, "source": "x"}]}],
            }],
            "requests": [{"method": "GET", "url": "x", "status": 200, "attempts": 1}],
        }),
        "facts",
    );
    let of = |credential: usize, path: &str| {
        let rows = facts["credentials"][credential]["facts"].as_array().unwrap();
        rows.iter().find(|row| row["fact"] == path).unwrap_or_else(|| panic!("{path}")).clone()
    };
    let scopes = of(0, "token.scopes");
    assert_eq!(scopes["value"], json!(["read:org", "repo"]));
    assert_eq!((&scopes["knowledge"], &scopes["subject"]), (&json!("known"), &Value::Null));
    let permission = of(0, "repository.permission");
    assert_eq!((&permission["subject"], &permission["value"]), (&json!("acme/infra"), &json!("write")));
    let expires = of(0, "token.expires_at");
    assert!(expires["value"].as_str().unwrap().ends_with('Z'), "{expires}");
    let permissions = of(1, "token.permissions");
    assert_eq!((&permissions["knowledge"], &permissions["cause"]), (&json!("bounded"), &json!("not-revealable")));
    assert_eq!(&permissions["granted"], &json!({"metadata": "read"}));
    assert_eq!(&permissions["denied"]["checks"], &json!("read"), "a fine-grained token cannot hold it");
    assert!(permissions["reason"].is_string(), "{permissions}");
    let inapplicable = of(1, "token.scopes");
    assert_eq!(inapplicable["knowledge"], "inapplicable", "{inapplicable}");
    for row in facts["credentials"][0]["facts"].as_array().unwrap() {
        match row["knowledge"].as_str().unwrap() {
            "known" => assert!(!row["value"].is_null(), "{row}"),
            "absent" => assert!(row["value"].is_null(), "{row}"),
            "bounded" | "unknown" => assert!(row["cause"].is_string() && row["reason"].is_string(), "{row}"),
            "inapplicable" => {}
            other => panic!("{other}"),
        }
    }
    let human = bench.run(&["facts"]).saying_anything().exits(0);
    assert!(human.stdout.contains("token.scopes"), "{}", human.stdout);
}

#[test]
fn facts_of_a_dead_credential_are_no_success() {
    let mut bench = Bench::new();
    let token = classic("dead-facts");
    let host = bench.host(acme());
    bench.credential("bot", &host, &token, r#"repositories = ["acme/infra"]"#);
    bench.run(&["facts"]).exits(3);
    assert_eq!(bench.paths().len(), 1);
}

#[test]
fn an_invalid_policy_is_diagnostics() {
    let bench = Bench::new();
    bench.policy(
        "host github {\n  require token.skopes covers [\"repo\"]\n  require token.scopes covers [\"rebo\"]\n}\n",
    );
    let report = bench.check(&["--format", "json"]).exits(4).json();
    assert_eq!(report["version"], 1);
    let diagnostics = report["diagnostics"].as_array().unwrap();
    assert_eq!(diagnostics.len(), 2, "{report}");
    let first = &diagnostics[0];
    assert_eq!(
        (&first["code"], &first["severity"], &first["file"]),
        (&json!("C0202"), &json!("error"), &json!("check.pol"))
    );
    assert_eq!(
        (&first["line"], &first["column"], &first["end_line"], &first["end_column"]),
        (&json!(2), &json!(11), &json!(2), &json!(23))
    );
    assert!(first["message"].is_string() && first["help"].is_string());
    // No place where there is none.
    let missing = bench.run(&["missing.pol", "--format", "json"]).exits(4).json();
    assert_eq!(missing["diagnostics"][0]["line"], Value::Null);
    bench.check(&["--format", "json", "--host", "gitbub"]).exits(2).shows("gitbub").json();
}

#[test]
fn a_report_can_go_into_a_file() {
    let (bench, _host) = Bench::usual(SIX);
    let ended = bench.check(&["--format", "json", "--output", "report.json"]).exits(0);
    assert_eq!(ended.stdout, "");
    let report: Value = serde_json::from_str(&bench.read("team/report.json")).unwrap();
    assert_eq!(report["summary"]["decided"], 6);
}

#[test]
fn quiet_shows_findings_only_and_verbose_shows_passes() {
    let (bench, _host) = Bench::usual(SIX);
    assert_eq!(bench.check(&["--quiet"]).exits(0).stdout, "");
    bench.check(&["--verbose"]).saying_anything().exits(0).shows("github.role");
}

#[test]
fn a_reader_that_goes_away_is_a_normal_end() {
    let (bench, _host) = Bench::usual(EVERY);
    let mut started = bench.check(&["--verbose"]).saying_anything().start();
    drop(started.child.stdout.take());
    started.exits(1);
}
