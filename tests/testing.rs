//! `credcheck test` as people run it: exit codes, what is shown, and the formats for programs.

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};
    use std::process::Command;

    use serde_json::Value;

    const RULES: &str = r#"host github {
  rule scopes "a token that can clone" {
    when token.kind in [classic, oauth_app]
    require token.scopes covers ["repo"]
  }

  rule account {
    prefer user.is_bot or user.username like "*-bot"
  }
}
"#;

    const GOOD: &str = r#"
test "a good token" {
  given host github
  given token.kind   = classic
  given token.scopes = ["repo"]
  expect pass of scopes
}
"#;

    const BAD: &str = r#"
test "a <bad> token & more" {
  given host github
  given token.kind    = classic
  given token.scopes  = ["gist"]
  given user.is_bot   = false
  expect pass of scopes
  expect violation of account
}
"#;

    struct Ran {
        code: i32,
        output: String,
        errors: String,
    }

    impl Ran {
        fn json(&self) -> Value {
            serde_json::from_str(&self.output).unwrap_or_else(|error| panic!("{error}\n{}", self.output))
        }
    }

    struct Folder(tempfile::TempDir);

    impl Folder {
        fn with(files: &[(&str, &str)]) -> Self {
            let folder = tempfile::tempdir().unwrap();
            for (name, text) in files {
                let path = folder.path().join(name);
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                write(&path, text);
            }
            Self(folder)
        }

        fn run(&self, arguments: &[&str]) -> Ran {
            run(self.0.path(), arguments)
        }
    }

    #[expect(clippy::disallowed_methods, reason = "these tests write policies to run")]
    fn write(path: &Path, text: &str) {
        std::fs::write(path, text).unwrap();
    }

    fn run(folder: &Path, arguments: &[&str]) -> Ran {
        let output = Command::new(env!("CARGO_BIN_EXE_credcheck"))
            .arg("test")
            .args(arguments)
            .env_clear()
            .current_dir(folder)
            .output()
            .unwrap();
        Ran {
            code: output.status.code().unwrap(),
            output: String::from_utf8(output.stdout).unwrap(),
            errors: String::from_utf8(output.stderr).unwrap(),
        }
    }

    fn good() -> String {
        format!("{RULES}{GOOD}")
    }

    fn bad() -> String {
        format!("{RULES}{GOOD}{BAD}")
    }

    #[test]
    fn what_passes_ends_with_0() {
        let folder = Folder::with(&[("a.pol", &good())]);
        let ran = folder.run(&["a.pol", "-v"]);
        assert_eq!((ran.code, ran.errors.as_str()), (0, ""));
        assert!(ran.output.contains("passed: a good token"), "{}", ran.output);
        assert!(ran.output.ends_with("1 test · 1 passed · 0 failed\n"), "{}", ran.output);
        assert_eq!(folder.run(&["a.pol", "-q"]).output, "");
    }

    #[test]
    fn what_fails_ends_with_1_and_shows_how_it_was_decided() {
        let folder = Folder::with(&[("a.pol", &bad())]);
        let ran = folder.run(&["a.pol"]);
        assert_eq!(ran.code, 1);
        for line in [
            "C0901 test-failed",
            "test `a <bad> token & more` expects `pass` of `github.scopes`",
            "it is `violation`",
            "`github.scopes` #1 is `violation` (a.pol:4)",
            "when token.kind in [classic, oauth_app]: true",
            "require token.scopes covers [\"repo\"]: false",
            "token.scopes = gist",
            "expects `violation` of `github.account`",
            "it is `undetermined`",
            "prefer user.is_bot or user.username like \"*-bot\": unknown (not-revealable)",
            "user.is_bot: false",
            "user.username = (unknown, not-revealable: the test does not give it)",
            "2 tests · 1 passed · 1 failed",
        ] {
            assert!(ran.output.contains(line), "{line}\n{}", ran.output);
        }
    }

    #[test]
    fn without_a_test_it_is_no_success() {
        let folder = Folder::with(&[("none.pol", RULES), ("a.pol", &good())]);
        let none = folder.run(&["none.pol", "a.pol"]);
        assert_eq!(none.code, 1);
        assert!(none.output.contains("C0902") && none.output.contains("`none.pol` has no tests"), "{}", none.output);
        let filtered = folder.run(&["a.pol", "--filter", "b*"]);
        assert_eq!(filtered.code, 1);
        assert!(filtered.output.contains("no test has a name like `b*`"), "{}", filtered.output);
        assert_eq!(folder.run(&["a.pol", "--filter", "*GOOD*"]).code, 0);
        let empty = Folder::with(&[("readme.md", "")]).run(&[]);
        assert_eq!(empty.code, 1);
        assert!(empty.output.contains("there is no policy to test"), "{}", empty.output);
    }

    #[test]
    fn an_invalid_file_ends_with_4_and_the_others_are_tested() {
        let folder = Folder::with(&[("broken.pol", "host github {\n  require token.scope\n}\n"), ("a.pol", &good())]);
        let ran = folder.run(&["broken.pol", "a.pol"]);
        assert_eq!(ran.code, 4);
        assert!(ran.output.contains("token.scopes") && ran.output.contains("broken.pol: invalid"), "{}", ran.output);
        assert!(ran.output.contains("a.pol: 1 test, 1 passed"), "{}", ran.output);
        assert_eq!(folder.run(&["missing.pol"]).code, 4);
    }

    #[test]
    fn wrong_command_lines_end_with_2() {
        let folder = Folder::with(&[("a.pol", &good())]);
        for arguments in [["a.pol", "--min", "101"], ["a.pol", "--format", "yaml"]] {
            assert_eq!(folder.run(&arguments).code, 2, "{arguments:?}");
        }
    }

    #[test]
    fn without_a_file_everything_below_the_folder_is_tested() {
        let folder = Folder::with(&[("a.pol", &good()), ("team/b.pol", &good()), (".hidden/c.pol", "broken")]);
        let ran = folder.run(&["--format", "json"]);
        assert_eq!(ran.code, 0, "{}", ran.output);
        let files: Vec<String> = ran.json()["tests"]
            .as_array()
            .unwrap()
            .iter()
            .map(|test| test["file"].as_str().unwrap().replace('\\', "/"))
            .collect();
        assert_eq!(files, ["a.pol", "team/b.pol"]);
    }

    #[test]
    fn a_test_that_cannot_run_is_an_error() {
        let test = "test \"nowhere\" {\n  given host github\n  given credential \"bot\" at \"a b\"\n  expect pass of scopes\n}\n";
        let folder = Folder::with(&[("a.pol", &format!("{RULES}{test}"))]);
        let ran = folder.run(&["a.pol", "--format", "json"]);
        assert_eq!(ran.code, 1);
        assert_eq!(ran.json()["tests"][0]["outcome"], "error");
        assert_eq!(ran.json()["diagnostics"][0]["code"], "C0903");
        assert!(folder.run(&["a.pol", "--format", "junit"]).output.contains("<error message="));
    }

    #[test]
    fn coverage_lists_what_is_missing_and_min_makes_it_fail() {
        let folder = Folder::with(&[("a.pol", &good())]);
        let shown = folder.run(&["a.pol", "--coverage"]);
        assert_eq!(shown.code, 0, "without `--min` it is only shown");
        assert!(shown.output.contains("no test expects `github.scopes` failing or undetermined"), "{}", shown.output);
        assert!(shown.output.contains("coverage 16%: 1 of 6 outcomes"), "{}", shown.output);
        assert!(shown.output.contains("C0904") && !shown.output.contains("C0905"), "{}", shown.output);
        assert!(folder.run(&["a.pol", "--min", "17"]).output.contains("C0905"));
        for (min, code) in [("16", 0), ("17", 1), ("100", 1), ("0", 0)] {
            assert_eq!(folder.run(&["a.pol", "--min", min]).code, code, "{min}");
        }
        let json = folder.run(&["a.pol", "--min", "50", "--format", "json"]).json();
        assert_eq!((json["exit"].as_i64(), json["coverage"]["percent"].as_i64()), (Some(1), Some(16)));
        let row = &json["coverage"]["files"][0]["statements"][0];
        assert_eq!(row["missing"], serde_json::json!(["failing", "undetermined"]));
        assert_eq!((row["line"].as_i64(), row["passing"].as_i64()), (Some(4), Some(1)));
    }

    #[test]
    fn changes_that_nothing_notices_are_findings() {
        let folder = Folder::with(&[("a.pol", &good()), ("bad.pol", &bad())]);
        let ran = folder.run(&["a.pol", "--mutate"]);
        assert_eq!(ran.code, 1);
        assert!(ran.output.contains("C0906") && ran.output.contains("if `oauth_app` is left out"), "{}", ran.output);
        let json = folder.run(&["a.pol", "--mutate", "--format", "json"]).json();
        let mutation = &json["mutation"];
        let survivors = mutation["survivors"].as_array().unwrap().len();
        assert_eq!(mutation["made"].as_u64().unwrap() - mutation["noticed"].as_u64().unwrap(), survivors as u64);
        // Tests that fail already can notice nothing.
        assert_eq!(folder.run(&["bad.pol", "--mutate", "--format", "json"]).json()["mutation"], Value::Null);
    }

    #[test]
    fn changes_beyond_the_bound_are_no_success() {
        let mut text = good();
        text.push_str("host github {\n");
        for at in 0..800 {
            text.push_str(&format!("  rule r{at} {{\n    require repository.permission >= write\n  }}\n"));
        }
        text.push_str("}\n");
        let ran = Folder::with(&[("a.pol", &text)]).run(&["a.pol", "--mutate", "--format", "json"]);
        assert_eq!(ran.code, 1);
        let json = ran.json();
        assert_eq!(json["mutation"]["made"], 2_000);
        assert!(json["mutation"]["untried"].as_u64().unwrap() > 1_000);
        assert_eq!(json["diagnostics"].as_array().unwrap().last().unwrap()["code"], "C0907");
    }

    #[test]
    fn json_tells_of_each_test_and_of_why_it_failed() {
        let ran = Folder::with(&[("a.pol", &bad())]).run(&["a.pol", "--format", "json"]);
        assert_eq!((ran.code, ran.errors.as_str()), (1, ""));
        let json = ran.json();
        assert_eq!(json["version"], 1);
        assert_eq!(json["summary"], serde_json::json!({"files": 1, "tests": 2, "passed": 1, "failed": 1, "errors": 0}));
        assert_eq!(json["coverage"], Value::Null);
        assert_eq!(json["tests"][0]["outcome"], "passed");
        let failed = &json["tests"][1];
        assert_eq!((failed["outcome"].as_str(), failed["line"].as_i64()), (Some("failed"), Some(19)));
        let decision = &failed["failures"][0]["decisions"][0];
        assert_eq!(
            (decision["rule"].as_str(), decision["outcome"].as_str()),
            (Some("github.scopes"), Some("violation"))
        );
        assert_eq!(decision["guards"][0]["truth"], "true");
        assert_eq!(decision["expression"]["facts"][0]["found"], "gist");
        assert_eq!(json["diagnostics"][0]["name"], "test-failed");
        assert_eq!(json["diagnostics"][0]["line"], 24);
    }

    #[test]
    fn junit_has_a_case_for_each_test_and_escapes_names() {
        let folder = Folder::with(&[("a.pol", &bad()), ("broken.pol", "host github {\n")]);
        let ran = folder.run(&["a.pol", "--format", "junit", "--output", "tests.xml"]);
        assert_eq!((ran.code, ran.output.as_str()), (1, ""));
        let ran = folder.run(&["a.pol", "broken.pol", "--min", "100", "--format", "junit"]);
        assert_eq!(ran.code, 4);
        for part in [
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"credcheck\"",
            "<testsuite name=\"a.pol\" tests=\"3\" failures=\"2\" errors=\"0\" skipped=\"0\" time=\"0\">",
            "name=\"a good token\" time=\"0\" file=\"a.pol\" line=\"12\"/>",
            "name=\"a &lt;bad&gt; token &amp; more\"",
            "type=\"test-failed\">",
            "type=\"too-little-covered\">",
            "<error message=",
        ] {
            assert!(ran.output.contains(part), "{part}\n{}", ran.output);
        }
        assert!(!ran.output.contains("<bad>"), "{}", ran.output);
        let opened = ran.output.matches("<testcase").count();
        assert_eq!(opened, ran.output.matches("</testcase>").count() + ran.output.matches("\"/>\n").count());
    }

    #[test]
    fn the_policies_that_come_along_are_covered_and_notice_every_change() {
        let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
        let files = ["policies/default.pol", "examples/acme/credentials.pol", "examples/acme/github.pol"];
        let ran = run(&root, &[files.as_slice(), &["--min", "100", "--mutate"]].concat());
        assert_eq!(ran.code, 0, "{}", ran.output);
        assert!(ran.output.contains("coverage 100%") && ran.output.contains("· 0 unnoticed"), "{}", ran.output);
    }
}
