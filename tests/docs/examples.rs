//! The examples run: the team's policy against a simulated GitHub, and without any secret.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::pages::{read, root};
use crate::simulated::{Simulated, credcheck};

#[test]
fn the_teams_policy_judges_simulated_credentials() {
    let simulated = Simulated::start();
    for name in ["credentials.pol", "github.pol"] {
        simulated.policy(name, &read(&format!("examples/acme/{name}")));
    }
    let ran = simulated.run(&[
        "credentials.pol",
        "--format",
        "json",
        "--credential",
        "atlantis-prod",
        "--credential",
        "release-bot",
        "--require-host",
        "github",
    ]);
    assert_eq!(ran.code, 1, "{}", ran.errors);
    let report: Value = serde_json::from_str(&ran.output).unwrap();
    let of = |outcome: &str| -> BTreeSet<String> {
        let rows = report["outcomes"].as_array().unwrap().iter().filter(|row| row["outcome"] == outcome);
        rows.map(|row| format!("{} {}", row["credential"].as_str().unwrap(), row["rule"].as_str().unwrap())).collect()
    };
    assert_eq!(of("violation"), BTreeSet::from(["release-bot github.no-crown-jewels".to_owned()]));
    assert_eq!(of("waived"), BTreeSet::from(["release-bot github.least-privilege".to_owned()]));
    assert_eq!(of("undetermined"), BTreeSet::from(["atlantis-prod github.webhook".to_owned()]));
    assert_eq!(report["summary"]["undetermined"], report["summary"]["accepted"]);
    for rule in ["no-crown-jewels", "our-accounts", "not-archived", "can-write", "repo-scope"] {
        assert!(of("pass").contains(&format!("atlantis-prod github.{rule}")), "{rule}");
    }
    assert!(!report.to_string().contains("bot-account"), "the rule that was left out is not there");
}

#[test]
fn a_pull_request_needs_no_secret() {
    let ran = credcheck(&["plan", "examples/acme/credentials.pol"], &[], &root());
    assert_eq!(ran.code, 0, "{}", ran.errors);
    assert!(ran.output.contains("nothing was sent"));

    let broken = tempfile::tempdir().unwrap();
    std::fs::write(broken.path().join("credentials.pol"), "host github {\n  requier token.active\n}\n").unwrap();
    let ran = credcheck(&["plan", "credentials.pol"], &[], broken.path());
    assert_eq!(ran.code, 4);
}
