//! `credcheck lint`: findings, exit codes, JSON, and what `--fix` writes.

use serde_json::{Value, json};

use crate::bench::{Bench, classic};

/// Runs, and expects texts on standard output.
#[track_caller]
fn told(bench: &Bench, arguments: &[&str], texts: &[&str], code: i32) {
    let ended = bench.run(arguments).saying_anything().exits(code);
    for text in texts {
        assert!(ended.stdout.contains(text), "{arguments:?} does not tell {text:?}\n{}", ended.stdout);
    }
}

const CLEAN: &str = "host github {\n  rule live {\n    require token.active\n  }\n}\n";
/// A warning that is mended, and one that is not.
const WARNS: &str =
    "# Of the bot.\nlet idle = 3\n\nhost github {\n  rule named {\n    prefer user.username like \"*\"\n  }\n}\n";
const WARNS_MENDED: &str =
    "# Of the bot.\n\nhost github {\n  rule named {\n    prefer user.username like \"*\"\n  }\n}\n";
const FAILS: &str =
    "host github {\n  rule both {\n    require token.kind == classic and token.kind == actions\n  }\n}\n";

fn bench() -> Bench {
    let bench = Bench::new();
    bench.file("team/clean.pol", CLEAN);
    bench.file("team/warns.pol", WARNS);
    bench.file("team/fails.pol", FAILS);
    bench
}

fn read(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

#[test]
fn errors_fail_and_warnings_do_where_asked() {
    let bench = bench();
    told(&bench, &["lint", "clean.pol"], &["clean.pol: nothing to say"], 0);
    told(&bench, &["lint", "warns.pol"], &["C0216", "C1015", "2 warnings"], 0);
    bench.run(&["lint", "--strict", "warns.pol"]).saying_anything().exits(1);
    bench.run(&["lint", "--strict", "clean.pol"]).saying_anything().exits(0);
    told(&bench, &["lint", "clean.pol", "fails.pol"], &["C1005", "2 policies: 1 error"], 1);
    bench.run(&["lint", "builtin:atlantis", "--strict"]).saying_anything().exits(0);
    bench.run(&["lint", "--nonsense"]).saying_anything().exits(2);
    bench.run(&["lint", "clean.pol", "--output", "no/such/folder"]).saying_anything().exits(5);
}

#[test]
fn advice_never_fails() {
    let bench = bench();
    bench.file("team/advice.pol", "host github {\n  rule ends {\n    prefer token.expires_in <= 366d\n  }\n}\n");
    told(&bench, &["lint", "--strict", "advice.pol"], &["C1002", "1 piece of advice"], 0);
}

#[test]
fn an_invalid_policy_is_told_and_hinders_no_other() {
    let bench = bench();
    bench.file("team/broken.pol", "host github {\n  require token.scope covers [\"repo\"]\n}\n");
    let arguments = ["lint", "broken.pol", "warns.pol", "missing.pol", "--fix"];
    told(&bench, &arguments, &["C0202", "C0301", "broken.pol: invalid", "C1015"], 4);
    assert_eq!(bench.read("team/warns.pol"), WARNS_MENDED);
}

#[test]
fn without_a_name_every_policy_below_is_linted() {
    let bench = bench();
    bench.file("team/below/more.pol", CLEAN);
    bench.file("team/.hidden/no.pol", "nonsense");
    let document = read(&bench.run(&["lint", "--format", "json"]).exits(1).stdout);
    let names: Vec<&str> =
        document["files"].as_array().unwrap().iter().map(|file| file["file"].as_str().unwrap()).collect();
    assert_eq!(names, ["below/more.pol", "clean.pol", "fails.pol", "warns.pol"]);
}

#[test]
fn json_has_every_finding_with_its_place() {
    let bench = bench();
    let document = read(&bench.run(&["lint", "warns.pol", "--format", "json"]).exits(0).stdout);
    assert_eq!((&document["version"], &document["exit"]), (&json!(1), &json!(0)));
    let found: Vec<(&str, u64, u64)> = document["diagnostics"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["code"].as_str().unwrap(), one["line"].as_u64().unwrap(), one["column"].as_u64().unwrap()))
        .collect();
    assert_eq!(found, [("C0216", 2, 5), ("C1015", 6, 31)]);
    assert_eq!(document["files"], json!([{ "file": "warns.pol", "invalid": false, "fixable": 1, "fixed": [] }]));
}

#[test]
fn fix_writes_what_is_certain_says_it_and_does_it_once() {
    let bench = bench();
    told(&bench, &["lint", "--fix", "warns.pol"], &["warns.pol:2: removed the constant `idle`"], 0);
    assert_eq!(bench.read("team/warns.pol"), WARNS_MENDED);
    bench.run(&["fmt", "--check", "warns.pol"]).exits(0);
    let again = read(&bench.run(&["lint", "--fix", "warns.pol", "--format", "json"]).exits(0).stdout);
    assert_eq!(again["files"][0]["fixed"], json!([]));
    assert_eq!(again["diagnostics"].as_array().map(Vec::len), Some(1));
    assert_eq!(bench.read("team/warns.pol"), WARNS_MENDED);
    // A file that is not in the one style is mended and not styled.
    bench.file("team/plain.pol", "host   github { rule kinds { require token.kind in [classic, classic] } }\n");
    told(&bench, &["lint", "--fix", "plain.pol"], &["plain.pol:1: removed what a list names twice"], 0);
    assert_eq!(bench.read("team/plain.pol"), "host   github { rule kinds { require token.kind in [classic] } }\n");
}

#[test]
fn fix_leaves_imports_and_what_was_not_named() {
    let bench = bench();
    bench.file(
        "team/base.pol",
        "let idle = 1\nhost github { rule live { require token.kind in [classic, classic] } }\n",
    );
    bench.file("team/main.pol", "use \"base.pol\"\n");
    let before = bench.read("team/base.pol");
    bench.run(&["lint", "--fix", "main.pol"]).saying_anything().exits(0);
    assert_eq!(bench.read("team/base.pol"), before);
    bench.run(&["lint", "warns.pol"]).saying_anything().exits(0);
    assert_eq!(bench.read("team/warns.pol"), WARNS, "without `--fix` nothing is written");
}

#[test]
fn a_token_in_a_policy_is_not_shown() {
    let bench = bench();
    let token = classic("lintpolicy");
    bench.file("team/token.pol", format!("let idle = \"{token}\"\n"));
    for arguments in [&["lint", "token.pol"] as &[_], &["lint", "--fix", "token.pol", "--format", "json"]] {
        let ended = bench.run(arguments).saying_anything().exits(4);
        let told = format!("{}{}", ended.stdout, ended.stderr);
        assert!(told.contains("C0117") && !told.contains(&token), "{told}");
    }
}

#[cfg(unix)]
#[test]
fn a_file_that_may_not_be_written_stays_and_is_told() {
    use std::os::unix::fs::PermissionsExt as _;
    let bench = bench();
    let file = bench.path("team/warns.pol");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o440)).unwrap();
    bench.run(&["lint", "--fix", "warns.pol"]).says("permission denied").exits(5);
    assert_eq!(bench.read("team/warns.pol"), WARNS);
}

#[test]
fn quiet_leaves_a_line_for_each_finding() {
    let bench = bench();
    let ended = bench.run(&["lint", "-q", "clean.pol", "warns.pol"]).exits(0);
    assert_eq!(
        ended.stdout,
        "warns.pol:2:5: warning[C0216] nothing reads `idle`\n\
         warns.pol:6:31: warning[C1015] this pattern matches every text\n"
    );
}

#[test]
fn a_policy_without_a_statement_is_told() {
    let bench = bench();
    for (name, text) in [("empty.pol", ""), ("header.pol", "policy \"x\" {\n  title = \"To be written\"\n}\n")] {
        bench.file(&format!("team/{name}"), text);
        told(&bench, &["lint", name], &["C1019", "credcheck init"], 0);
        bench.run(&["lint", "--strict", name]).saying_anything().exits(1);
        told(&bench, &[name], &["C0801", "the policy has no rule"], 3);
    }
    assert!(!bench.run(&["lint", "clean.pol"]).saying_anything().exits(0).stdout.contains("C1019"));
}
