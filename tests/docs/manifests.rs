//! The examples for CI systems, Kubernetes, systemd and Prometheus use what there is, pinned.

use std::collections::BTreeSet;

use crate::commands::{accepted, words};
use crate::pages::{files, read};
use crate::simulated::credcheck;

/// Files that run the program.
fn examples() -> Vec<String> {
    let mut names = files("examples");
    names.extend(files("templates"));
    names.extend(["action.yml", ".pre-commit-hooks.yaml"].map(str::to_owned));
    let kinds = ["yml", "yaml", "service", "Jenkinsfile"];
    names.retain(|name| kinds.iter().any(|kind| name.ends_with(kind)));
    names
}

/// The lines of a file that a shell would see: continued and folded ones joined.
fn logical(text: &str) -> Vec<String> {
    let text = text.replace("\\\n", " ");
    let mut lines: Vec<String> = Vec::new();
    let mut folded: Option<usize> = None;
    for line in text.lines() {
        let depth = line.len() - line.trim_start().len();
        match (&folded, lines.last_mut()) {
            (Some(start), Some(last)) if depth > *start => {
                last.push(' ');
                last.push_str(line.trim());
            }
            _ => {
                folded = line.trim_end().ends_with(">-").then_some(depth);
                lines.push(line.trim_end().trim_end_matches(">-").to_owned());
            }
        }
    }
    lines
}

/// The arguments of `credcheck` in a line of a script, however it is called.
fn in_script(line: &str) -> Option<Vec<String>> {
    let line = line.trim_start().trim_start_matches("- ").trim_start();
    let starts = ["run: ", "bash: ", "entry: ", "ExecStart=/usr/bin/", "sh '"];
    let script = starts.iter().find_map(|start| line.strip_prefix(start)).unwrap_or(line);
    let script = if line.starts_with("sh '") { script.trim_end_matches('\'') } else { script };
    let words = words(script.strip_prefix("credcheck ")?);
    Some(words.into_iter().take_while(|word| !["|", "||", "&&", ">", ";"].contains(&word.as_str())).collect())
}

/// The arguments of containers: what stands in the list below `args:`.
fn in_lists(text: &str) -> Vec<Vec<String>> {
    let mut lists = Vec::new();
    for part in text.split("args:\n").skip(1) {
        let items = part.lines().map_while(|line| line.trim_start().strip_prefix("- "));
        lists.push(items.map(str::to_owned).collect());
    }
    lists
}

#[test]
fn command_lines_of_examples_are_taken() {
    let mut tried = BTreeSet::new();
    for name in examples() {
        let text = read(&name);
        let scripts = logical(&text).iter().filter_map(|line| in_script(line)).collect::<Vec<_>>();
        for arguments in scripts.into_iter().chain(in_lists(&text)) {
            if let Err(errors) = accepted(&arguments) {
                panic!("{name}: credcheck {}\n{errors}", arguments.join(" "));
            }
            tried.insert((name.clone(), arguments));
        }
    }
    let folders: BTreeSet<&str> =
        tried.iter().map(|(name, _)| name.rsplit_once('/').map_or("", |(first, _)| first)).collect();
    let wanted = ["", "azure", "bitbucket", "gitea", "github", "gitlab", "jenkins", "kubernetes", "systemd"];
    let wanted = wanted.map(|folder| if folder.is_empty() { String::new() } else { format!("examples/{folder}") });
    for folder in wanted.iter().map(String::as_str).chain(["templates"]) {
        assert!(folders.contains(folder), "no command of `{folder}` was tried");
    }
    assert!(tried.len() >= 30, "{}", tried.len());
}

/// A pull request's job is given no command that asks a host: those follow what names the protected branch, or the night.
#[test]
fn hooks_and_the_jobs_of_pull_requests_are_offline() {
    let offline = ["lint", "fmt", "test", "plan"];
    let entries = read(".pre-commit-hooks.yaml");
    let hooks: Vec<_> = entries.lines().filter_map(|line| in_script(line.trim_start())).collect();
    assert_eq!(hooks.len(), 3);
    assert!(hooks.iter().all(|arguments| offline.contains(&arguments[0].as_str())), "{hooks:?}");
    let jobs = [
        ("examples/gitea/credentials.yml", "\n  live:"),
        ("examples/azure/azure-pipelines.yml", "\n  - job: live"),
        ("examples/bitbucket/bitbucket-pipelines.yml", "&live"),
        ("examples/jenkins/Jenkinsfile", "stage('credentials')"),
        ("templates/check.yml", "-live:"),
    ];
    for (name, live) in jobs {
        let text = read(name);
        let (policy, live) = text.split_once(live).unwrap();
        let found = |part: &str| -> Vec<String> {
            logical(part).iter().filter_map(|line| Some(in_script(line)?[0].clone())).collect()
        };
        assert_eq!(found(policy), ["lint", "fmt", "test"], "{name}");
        assert!(found(live).contains(&"check".to_owned()), "{name}");
        assert!(!policy.contains("TOKEN") && !policy.contains("secrets."), "{name}");
    }
}

#[test]
fn versions_are_pinned() {
    let mut names = examples();
    names.extend(files("docs/ci"));
    for name in names {
        for (at, line) in read(&name).lines().enumerate() {
            let place = format!("{name}:{}: {line}", at + 1);
            assert!(!line.contains(":latest") && !line.contains("@latest") && !line.contains("@main"), "{place}");
            if let Some((_, action)) = line.split_once("uses: ") {
                let (_, pin) = action.split_once('@').expect(&place);
                let (sha, version) = pin.split_once(" # v").expect(&place);
                assert!(sha.len() == 40 && sha.bytes().all(|byte| byte.is_ascii_hexdigit()), "{place}");
                assert!(version.starts_with(|digit: char| digit.is_ascii_digit()), "{place}");
            }
            if let Some((_, image)) = line.split_once("image: ghcr.io/credcheck/") {
                assert!(image.starts_with(&format!("credcheck:{}", env!("CARGO_PKG_VERSION"))), "{place}");
            }
        }
    }
}

/// What the workflows give the action is among its inputs.
#[test]
fn workflows_give_the_action_what_it_takes() {
    let action = read("action.yml");
    let (_, inputs) = action.split_once("\ninputs:\n").unwrap();
    let (inputs, _) = inputs.split_once("\noutputs:\n").unwrap();
    let mut given = 0;
    for name in files("examples/github") {
        for call in read(&name).split("uses: credcheck/credcheck@").skip(1) {
            let Some((_, with)) = call.split_once("        with:\n").filter(|(before, _)| before.lines().count() < 3)
            else {
                continue;
            };
            for line in with.lines().map_while(|line| line.strip_prefix("          ")) {
                if line.starts_with(' ') {
                    continue;
                }
                let (input, _) = line.split_once(':').unwrap();
                assert!(
                    inputs.contains(&format!("\n  {input}:\n")) || inputs.starts_with(&format!("  {input}:\n")),
                    "{name}: {input}"
                );
                given += 1;
            }
        }
    }
    assert!(given >= 8, "{given}");
}

/// Families of metrics, as the format `prometheus` and `watch` write them.
const METRICS: &[&str] = &[
    "credcheck_build_info",
    "credcheck_credential_expiration_known",
    "credcheck_credential_expiration_timestamp_seconds",
    "credcheck_credential_info",
    "credcheck_credential_rate_limit_limit",
    "credcheck_credential_rate_limit_remaining",
    "credcheck_credential_rate_limit_reset_timestamp_seconds",
    "credcheck_credential_valid",
    "credcheck_credentials",
    "credcheck_credentials_not_checked",
    "credcheck_outcomes",
    "credcheck_requests",
    "credcheck_run_duration_seconds",
    "credcheck_run_exit_code",
    "credcheck_run_interrupted",
    "credcheck_run_timestamp_seconds",
    "credcheck_watch_failed_rounds",
    "credcheck_watch_last_round_failed",
    "credcheck_watch_rounds",
];

fn metrics(text: &str) -> BTreeSet<String> {
    let words = text.split(|character: char| !character.is_ascii_alphanumeric() && character != '_');
    words.filter(|word| word.starts_with("credcheck_")).map(str::to_owned).collect()
}

#[test]
fn alerts_and_dashboard_read_metrics_that_there_are() {
    for name in ["alerts.yml", "alerts.test.yml", "dashboard.json"] {
        for metric in metrics(&read(&format!("examples/monitoring/{name}"))) {
            assert!(METRICS.contains(&metric.as_str()), "{name}: {metric}");
        }
    }
    // Whoever writes the format lets this see what it writes.
    let file = tempfile::tempdir().unwrap();
    let report = format!("prometheus={}", file.path().join("demo.prom").display());
    assert_eq!(credcheck(&["demo", "--report", &report, "--format", "concise"], &[], file.path()).code, 0);
    let written = std::fs::read_to_string(file.path().join("demo.prom")).unwrap_or_default();
    for metric in metrics(&written).into_iter().filter(|metric| written.contains(&format!("# TYPE {metric} "))) {
        assert!(METRICS.contains(&metric.as_str()), "the demo has {metric}");
    }
    // Hosts of the demo tell no limits, and a demo is no watch: those names stand in the source alone.
    let source = read("src/report/formats/prometheus.rs") + &read("src/commands/watching/state.rs");
    for metric in METRICS {
        let shown = written.contains(&format!("# TYPE {metric} gauge\n"));
        let elsewhere = metric.contains("_watch_") || metric.contains("_rate_limit_");
        assert!(shown || elsewhere && source.contains(&format!("\"{metric}\"")), "there is no {metric}");
    }
}

#[test]
fn each_alert_is_tried_with_what_it_fires_on_and_what_not() {
    let rules = read("examples/monitoring/alerts.yml");
    let alerts: BTreeSet<&str> = rules.lines().filter_map(|line| line.trim().strip_prefix("- alert: ")).collect();
    assert!(alerts.len() >= 10, "{alerts:?}");
    let (mut fires, mut silent) = (BTreeSet::new(), BTreeSet::new());
    let tests = read("examples/monitoring/alerts.test.yml");
    for case in tests.split("- alertname: ").skip(1) {
        let name = case.lines().next().unwrap();
        if case.contains("exp_alerts: []") {
            silent.insert(name.to_owned())
        } else {
            fires.insert(name.to_owned())
        };
    }
    let names = |set: &BTreeSet<String>| alerts.iter().filter(|name| !set.contains(**name)).count();
    assert_eq!((names(&fires), names(&silent)), (0, 0), "fires: {fires:?}\nsilent: {silent:?}");
}

/// Kubernetes mounts a folder as links to a folder whose name begins with dots.
#[cfg(unix)]
#[test]
fn policies_from_a_config_map_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let [policy, settings] = ["policy", "settings"].map(|name| folder.path().join(name));
    for (mount, files) in [
        (
            &policy,
            &[
                ("credentials.pol", "use \"shared.pol\"\n"),
                ("shared.pol", "host github {\n  rule a {\n    require token.active\n  }\n}\n"),
            ][..],
        ),
        (
            &settings,
            &[
                ("config.toml", "[[credential]]\nname = \"a\"\nhost = \"github\"\ntoken = { file = \"token\" }\n"),
                ("token", "gho_fake"),
            ][..],
        ),
    ] {
        std::fs::create_dir_all(mount.join("..2026_11_27")).unwrap();
        std::os::unix::fs::symlink("..2026_11_27", mount.join("..data")).unwrap();
        for (name, text) in files {
            std::fs::write(mount.join("..2026_11_27").join(name), text).unwrap();
            std::os::unix::fs::symlink(format!("..data/{name}"), mount.join(name)).unwrap();
        }
    }
    let [policy, settings] = [policy.join("credentials.pol"), settings.join("config.toml")];
    let arguments = ["plan", policy.to_str().unwrap(), "--config", settings.to_str().unwrap()];
    let ran = credcheck(&arguments, &[], folder.path());
    assert_eq!(ran.code, 0, "{}{}", ran.output, ran.errors);
    assert!(ran.output.contains("github") && ran.output.contains(" a"), "{}", ran.output);
}
