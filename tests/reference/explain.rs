//! `credcheck explain`.

use std::path::Path;

use credcheck::diagnostic::Code;
use credcheck::evaluation::BuiltinRule;
use credcheck::vocabulary::HOSTS;

use crate::harness::{Ran, json, run, run_in, shape, told, without_reader};

const POLICY: &str = r#"
policy "x" { edition = 1 }

input minimum: duration = 14d
input bots: strings

host github at "ghe.acme.dev" credential "release-*" {
  each repository in ["acme/infra-*", "acme/live"] except ["acme/infra-old"] {
    when token.kind in [classic, oauth_app] {
      rule hooks "webhooks that deliver to us" {
        when not repository.archived
        require any hook in repository.webhooks satisfies (hook.active and (hook.url like "https://*" or hook.secret_set))
        forbid  all hook in repository.webhooks satisfies (hook.insecure_ssl)
        prefer  count(repository.webhooks) <= 20 because "many hooks are slow"
        on unknown (not-permitted, not-revealable) warn because "only administrators see webhooks"
        see "https://wiki.acme.example/hooks"
      }
    }
  }
}

host github {
  rule words {
    require token.active and token.expires_at <= 2027-01-01 and token.kind == classic
    forbid  token.scopes overlaps ["admin:org", "delete_repo"]
    forbid  token.expires_at == never
    avoid   user.username matches 'a[0-9]+'
    require host.version is absent or host.version >= "3.19"
    require not (user.is_bot and user.site_admin)
    forbid  user.is_bot or not token.active
    require token.scopes within ["repo", "read:org"]
    require organization.role >= member
    prefer  user.username like bots
    require user.email is not absent
    require token.expires_in >= minimum
    require any scope in token.scopes satisfies (scope like "repo*")
    require repository.visibility in [private, internal]
    require repository.permission not in [none, read]
    require all hook in repository.webhooks satisfies (any event in hook.events satisfies (event == "push"))
  }

  rule permissions {
    when token.kind == fine_grained
    require token.permissions covers { contents = read, statuses = write }
    on unknown warn because "a fine-grained token cannot list its own permissions"
  }

  prefer user.is_bot
}

host any {
  rule can {
    require repository.can covers [clone, comment]
    forbid  repository.can overlaps [administer]
  }
}
"#;

fn explain(name: &str, more: &[&str]) -> Ran {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("x.pol"), POLICY).unwrap();
    let mut arguments = vec!["explain", name, "x.pol"];
    arguments.extend(more);
    run_in(&arguments, folder.path())
}

fn rule(name: &str) -> String {
    let ran = explain(name, &[]);
    assert_eq!((ran.code, ran.errors.as_str()), (0, ""), "{name}");
    ran.output
}

#[test]
fn rules_in_plain_english() {
    for name in ["hooks", "github.words", "permissions", "github.can", "github.user.is_bot"] {
        insta::assert_snapshot!(name.replace('.', "_"), rule(name));
    }
}

#[test]
fn the_rules_of_the_built_in_policy() {
    for name in ["github.repo-scope", "can-write", "rotation"] {
        insta::assert_snapshot!(name.replace('.', "_"), told(&["explain", name, "builtin:atlantis"]));
    }
}

#[test]
fn a_portable_rule_is_explained_for_every_host() {
    let text = rule("can");
    for host in HOSTS {
        let heading = format!("{}.can\n", host.word);
        assert!(text.starts_with(&heading) || text.contains(&format!("\n{heading}")), "{}", host.word);
    }
    assert_eq!(explain("can", &["--format", "json"]).output.matches("\"rule\":").count(), HOSTS.len());
}

#[test]
fn what_a_rule_costs_is_what_the_plan_says() {
    let ran = explain("github.can", &["--format", "json"]);
    let document: serde_json::Value = serde_json::from_str(&ran.output).unwrap();
    let kinds = document["rules"][0]["kinds"].as_array().unwrap();
    let of = |kind: &str| kinds.iter().find(|row| row["kind"] == kind).unwrap();
    let requests = |kind: &str| -> Vec<&str> {
        of(kind)["requests"].as_array().unwrap().iter().map(|row| row["request"].as_str().unwrap()).collect()
    };
    assert_eq!(requests("classic"), ["GET /user", "GET /repos/{owner}/{name}"]);
    assert_eq!(requests("app_key"), ["GET /app", "GET /repos/{owner}/{name}/installation"]);
    let decided = |kind: &str| of(kind)["statements"][0]["decided"].as_str().unwrap().to_owned();
    assert_eq!(
        (decided("classic"), decided("fine_grained"), decided("app_key")),
        ("yes".into(), "in-part".into(), "in-part".into())
    );
    let guarded = explain("permissions", &["--format", "json"]);
    let document: serde_json::Value = serde_json::from_str(&guarded.output).unwrap();
    let classic = &document["rules"][0]["kinds"][0];
    assert_eq!((&classic["kind"], &classic["statements"][0]["applies"]), (&"classic".into(), &false.into()));
    assert!(classic["statements"][0]["decided"].is_null() && classic["requests"].as_array().unwrap().is_empty());
}

#[test]
fn the_documents_keep_their_keys() {
    let ran = explain("hooks", &["--format", "json"]);
    let hooks: serde_json::Value = serde_json::from_str(&ran.output).unwrap();
    insta::assert_snapshot!("rule_document", shape(&hooks).join("\n"));
    insta::assert_snapshot!("code_document", shape(&json(&["explain", "C0601"])).join("\n"));
    let builtin = json(&["explain", "github.credential-valid"]);
    let own: Vec<&String> = builtin["rules"][0].as_object().unwrap().keys().collect();
    let rule: Vec<&String> = hooks["rules"][0].as_object().unwrap().keys().collect();
    assert_eq!(own, rule);
}

#[test]
fn codes_by_number_and_by_name() {
    insta::assert_snapshot!("code", told(&["explain", "C0112"]));
    for code in Code::ALL {
        assert_eq!(told(&["explain", code.name()]), told(&["explain", code.number()]), "{}", code.number());
    }
    let document = json(&["explain", "violation"]);
    assert_eq!((&document["code"], &document["severity"]), (&"C0601".into(), &"error".into()));
    assert_eq!(document["markdown"], Code::Violation.page());
}

#[test]
fn built_in_rules_need_no_policy() {
    insta::assert_snapshot!("builtin", told(&["explain", "right-host"]));
    for rule in BuiltinRule::ALL {
        for host in HOSTS {
            let name = rule.full_name(host.kind);
            assert!(told(&["explain", &name]).contains(&format!("`{name}`")), "{name}");
        }
    }
}

#[test]
fn wrong_names_are_wrong_command_lines() {
    let ran = run(&["explain", "undetermind"]);
    assert_eq!((ran.code, ran.output.as_str()), (2, ""));
    assert!(ran.errors.contains("C0508") && ran.errors.contains("did you mean `undetermined`?"), "{}", ran.errors);
    let ran = run(&["explain", "C9999"]);
    assert!(ran.code == 2 && ran.errors.contains("there is no code `C9999`"), "{}", ran.errors);
    let ran = run(&["explain", "github.repo-scope"]);
    assert!(ran.code == 2 && ran.errors.contains("credcheck explain github.repo-scope POLICY"), "{}", ran.errors);
    let ran = explain("permission", &[]);
    assert!(ran.code == 2 && ran.errors.contains("did you mean `permissions`?"), "{}", ran.errors);
    let ran = explain("something-else-entirely", &[]);
    assert!(ran.errors.contains("its rules are `github.hooks`, `github.words`"), "{}", ran.errors);
    assert_eq!(run(&["explain"]).code, 2);
    assert_eq!(run(&["explain", "x", "missing.pol"]).code, 4);
}

#[test]
fn what_a_policy_says_is_harmless_where_it_is_shown() {
    let folder = tempfile::tempdir().unwrap();
    let policy = "host github { rule r \"a\\u001b[2Jb\" { require token.active because \"x\\n::error::y\" \
                  fix \"\\u202eabc\" } }";
    std::fs::write(folder.path().join("x.pol"), policy).unwrap();
    let ran = run_in(&["explain", "r", "x.pol", "--color", "always"], folder.path());
    assert_eq!(ran.code, 0, "{}", ran.errors);
    assert!(!ran.output.contains("\u{1b}[2J") && !ran.output.contains('\u{202e}'), "{:?}", ran.output);
    assert!(!ran.output.contains("::error::"), "{:?}", ran.output);
    assert_eq!(without_reader(&["explain", "C0601"]), (0, String::new()));
}

#[test]
fn every_rule_of_the_projects_policies_can_be_explained() {
    for policy in ["policies/default.pol", "examples/acme/credentials.pol"] {
        let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(policy)).unwrap();
        let rules = text.lines().filter_map(|line| line.trim().strip_prefix("rule ")?.split([' ', '{']).next());
        for rule in rules {
            let text = told(&["explain", rule, policy]);
            assert!(text.contains(" must ") || text.contains(" should "), "{rule}\n{text}");
        }
    }
}
