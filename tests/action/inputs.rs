//! What the inputs become: arguments, each whole, and only offline commands where somebody may propose what runs.

use crate::runner::{Action, Runner, STANDING_IN, executable, root};

fn arguments(runner: &Runner, inputs: &[(&str, &str)]) -> Vec<String> {
    let ran = runner.run(inputs);
    ran.arguments.unwrap_or_else(|| panic!("the program did not run: {}", ran.log))
}

#[test]
fn each_line_is_one_argument_whatever_stands_in_it() {
    let runner = Runner::installed(STANDING_IN);
    let hostile = "$(touch x)\n`touch y`\n;touch z\n--output=/etc/passwd\n a b.pol\n\n*.pol\r\n'\"\\n%0A::error::\n";
    let got = arguments(
        &runner,
        &[
            ("command", "check"),
            ("policy", hostile),
            ("config", "--help"),
            ("arguments", "--require-host\ngithub\n--set\nnames=a b,$(touch w)\n"),
            ("reports", "junit=out dir/$(touch v).xml\ngitlab=gl.json"),
        ],
    );
    let wanted = [
        "check",
        "--format",
        "github",
        "--config=--help",
        "--require-host",
        "github",
        "--set",
        "names=a b,$(touch w)",
        "--report",
        "junit=out dir/$(touch v).xml",
        "--report",
        "gitlab=gl.json",
        "--",
        "$(touch x)",
        "`touch y`",
        ";touch z",
        "--output=/etc/passwd",
        " a b.pol",
        "*.pol",
        "'\"\\n%0A::error::",
    ];
    assert_eq!(got, wanted);
    assert!(runner.workspace().is_empty(), "nothing of it ran");
}

#[test]
fn words_that_are_not_known_are_refused_before_anything_runs() {
    for (name, value) in [
        ("command", "facts"),
        ("command", "check\nlint"),
        ("command", ""),
        ("format", "json"),
        ("format", "$(touch x)"),
        ("upload-sarif", "yes"),
        ("upload-sarif", "True"),
        ("fail-on", "violations"),
        ("fail-on", ""),
        ("fail-on", "never, violation"),
        ("fail-on", "*"),
        ("reports", "sarif"),
        ("reports", "=x"),
        ("reports", "--help=x"),
    ] {
        let runner = Runner::installed(STANDING_IN);
        let mut inputs = vec![("command", "check"), ("policy", "team.pol")];
        inputs.retain(|(have, _)| *have != name);
        inputs.push((name, value));
        let ran = runner.run(&inputs);
        if (name, value) == ("reports", "--help=x") {
            // It stays the value of `--report`, which the program refuses.
            assert!(ran.arguments.unwrap().ends_with(&["--help=x", "--", "team.pol"].map(str::to_owned)));
            continue;
        }
        assert!(ran.failed && ran.arguments.is_none(), "{name}={value:?}: {}", ran.log);
        assert!(ran.log.contains("::error title=credcheck::the input"), "{}", ran.log);
        assert!(runner.workspace().is_empty());
    }
    for command in ["check", "plan"] {
        let ran = Runner::installed(STANDING_IN).run(&[("command", command), ("policy", "\n\r\n")]);
        assert!(ran.failed && ran.arguments.is_none() && ran.log.contains("`policy`"), "{}", ran.log);
    }
}

#[test]
fn where_somebody_may_propose_what_runs_no_host_is_asked() {
    let proposed = [
        "pull_request",
        "pull_request_target",
        "workflow_run",
        "pull_request_review",
        "issue_comment",
        "merge_group",
        "an_event_of_next_year",
        "",
        "push\npull_request",
    ];
    for event in proposed {
        let check = Runner::installed(STANDING_IN).set("GITHUB_EVENT_NAME", event);
        let ran = check.run(&[("command", "check"), ("policy", "team.pol")]);
        assert!(ran.failed && ran.arguments.is_none(), "{event}: {}", ran.log);
        assert!(ran.log.contains("use lint, fmt, test or plan there"), "{}", ran.log);
        if !["pull_request_target", ""].contains(&event) {
            continue;
        }
        for command in ["lint", "fmt", "test", "plan"] {
            let runner = Runner::installed(STANDING_IN).set("GITHUB_EVENT_NAME", event);
            let got = arguments(&runner, &[("command", command), ("policy", "team.pol")]);
            assert_eq!(got[0], command);
            let settings = got.iter().find_map(|one| one.strip_prefix("--config="));
            assert_eq!(settings.is_some(), command == "plan", "{got:?}");
            if let Some(settings) = settings {
                assert_eq!(std::fs::read_to_string(settings).unwrap(), "", "settings that name nothing");
            }
        }
        // Settings can name commands, and a plan runs them.
        let settings = [
            ("config", "team.toml"),
            ("arguments", "--config\nteam.toml"),
            ("arguments", "--config=team.toml"),
            ("arguments", "-q\n--trust-config"),
        ];
        for (name, value) in settings {
            let runner = Runner::installed(STANDING_IN).set("GITHUB_EVENT_NAME", event);
            let ran = runner.run(&[("command", "plan"), ("policy", "team.pol"), (name, value)]);
            assert!(ran.failed && ran.arguments.is_none(), "{event} {value}: {}", ran.log);
        }
    }
    for event in ["push", "schedule", "workflow_dispatch", "repository_dispatch"] {
        let runner = Runner::installed(STANDING_IN).set("GITHUB_EVENT_NAME", event);
        let got = arguments(&runner, &[("command", "check"), ("policy", "team.pol"), ("config", "/etc/c.toml")]);
        assert_eq!(got, ["check", "--format", "github", "--config=/etc/c.toml", "--", "team.pol"]);
    }
}

#[test]
fn formatting_only_looks() {
    let runner = Runner::installed(STANDING_IN);
    assert_eq!(arguments(&runner, &[("command", "fmt")]), ["fmt", "--check", "--format", "github", "--"]);
}

#[test]
fn commands_in_what_is_shown_are_not_obeyed() {
    for format in ["human", "narrated", "concise"] {
        let runner = Runner::installed(STANDING_IN).set("PRINTED", "::add-path::/tmp/evil\n");
        let ran = runner.run(&[("command", "lint"), ("format", format)]);
        let (before, after) = ran.log.split_once("::add-path::/tmp/evil\n").unwrap();
        let token = before.lines().last().unwrap().strip_prefix("::stop-commands::").unwrap();
        assert!(token.len() == 32 && token.bytes().all(|byte| byte.is_ascii_hexdigit()), "{token}");
        assert!(after.starts_with(&format!("::{token}::\n")), "{after}");
        assert_eq!(ran.log.contains("::add-matcher::"), format == "concise");
        assert_eq!(ran.log.contains("::remove-matcher owner=credcheck::"), format == "concise");
    }
}

#[test]
fn installing_alone_runs_nothing() {
    let runner = Runner::with(STANDING_IN);
    let ran = runner.run(&[("command", "install")]);
    assert!(!ran.failed && ran.arguments.is_none(), "{}", ran.log);
    assert!(!ran.output("install.program").is_empty());
}

/// The steps hold no expression in a script, and the action takes no token.
#[test]
fn inputs_reach_scripts_by_the_environment_only() {
    let action = Action::read();
    assert_eq!(action.steps.len(), 4);
    for step in &action.steps {
        assert!(!step.run.contains("${{"), "{}", step.run);
        let pinned = step.uses.split_once('@').map(|(_, rest)| rest.split_once(" # v").unwrap().0);
        assert!(pinned.is_none_or(|sha| sha.len() == 40), "{}", step.uses);
    }
    for name in action.defaults.keys() {
        assert!(!["token", "secret", "password", "key"].iter().any(|word| name.contains(word)), "{name}");
    }
    assert_eq!(action.defaults["version"], env!("CARGO_PKG_VERSION"));
}

/// The real program takes what the steps make of the inputs, and the matcher reads every finding of it.
#[test]
fn the_program_itself_runs_and_the_matcher_reads_its_lines() {
    let program = format!("#!/bin/bash\nexec '{}' \"$@\"\n", env!("CARGO_BIN_EXE_credcheck"));
    let runner = Runner::installed(&program).set("GITHUB_EVENT_NAME", "pull_request");
    runner.write("workspace/team.pol", "host github {\n  rule a {\n    require token.aktive\n  }\n}\n");
    let ran = runner.run(&[("command", "lint"), ("format", "concise"), ("policy", "team.pol\nmissing.pol")]);
    assert!(ran.failed, "{}", ran.log);
    assert_eq!(ran.output("run.exit-code"), "4", "{}", ran.log);
    let matcher = std::fs::read_to_string(root().join("action/problem-matcher.json")).unwrap();
    let matcher: serde_json::Value = serde_json::from_str(&matcher).unwrap();
    let pattern = &matcher["problemMatcher"][0]["pattern"][0];
    let expression = regex::Regex::new(pattern["regexp"].as_str().unwrap()).unwrap();
    let group = |line: &str, name: &str| {
        let at = usize::try_from(pattern[name].as_u64().unwrap()).unwrap();
        expression.captures(line).and_then(|found| found.get(at)).map(|text| text.as_str().to_owned())
    };
    let found: Vec<_> = ran.log.lines().filter(|line| line.contains("[C0")).collect();
    assert_eq!(found.len(), 2, "{}", ran.log);
    let placed = found.iter().find(|line| line.starts_with("team.pol")).unwrap();
    for (name, value) in [("file", "team.pol"), ("line", "3"), ("column", "13"), ("severity", "error")] {
        assert_eq!(group(placed, name).as_deref(), Some(value), "{placed}");
    }
    let other = found.iter().find(|line| !line.starts_with("team.pol")).unwrap();
    assert_eq!(group(other, "file"), None, "{other}");
    assert_eq!(group(other, "code").as_deref(), Some("C0301"), "{other}");
    assert!(group(other, "message").unwrap().contains("missing.pol"), "{other}");
    assert_eq!(group("team.pol:3:4: waived[C0603] bot: x", "message"), None, "what is waived is no problem");

    for (command, code) in [("fmt", "0"), ("plan", "4"), ("test", "4")] {
        let ran = runner.run(&[("command", command), ("format", "human"), ("policy", "team.pol")]);
        assert_eq!(ran.output("run.exit-code"), code, "{command}: {}", ran.log);
    }
    runner.write("workspace/team.pol", "host github {\n  rule a {\n    require token.active\n  }\n}\n");
    let ran = runner.run(&[("command", "plan"), ("policy", "team.pol")]);
    assert!(!ran.failed && ran.log.contains("nothing was sent"), "{}", ran.log);
}

/// A plan of a pull request runs no command of a settings file, whoever wrote one where the program looks for it.
#[test]
fn a_plan_of_a_pull_request_runs_nobodys_commands() {
    let program = format!("#!/bin/bash\nexec '{}' \"$@\"\n", env!("CARGO_BIN_EXE_credcheck"));
    let runner = Runner::installed(&program);
    executable(&runner.path("tools/spy"), &format!("#!/bin/sh\ntouch '{}'\n", runner.path("ran").display()));
    let settings = format!(
        "[[credential]]\nname = \"x\"\nhost = \"github\"\ntoken = {{ command = [{:?}] }}\n",
        runner.path("tools/spy").to_str().unwrap()
    );
    runner.write("settings.toml", &settings);
    runner.write("workspace/team.pol", "host github {\n  rule a {\n    require token.active\n  }\n}\n");
    let settings = runner.path("settings.toml");
    let runner = runner.set("CREDCHECK_CONFIG", settings.to_str().unwrap());
    let plan = [("command", "plan"), ("policy", "team.pol")];
    let runner = runner.set("GITHUB_EVENT_NAME", "pull_request_target");
    assert!(!runner.run(&plan).failed && !runner.path("ran").exists());
    let runner = runner.set("GITHUB_EVENT_NAME", "push");
    let ran = runner.run(&plan);
    assert!(!ran.failed && runner.path("ran").exists(), "the operator's own command runs: {}", ran.log);
}
