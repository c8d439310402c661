//! Where secrets come from, with helpers that are slow, empty, talkative, that ask, and that hold secrets for others.

use std::fmt::Write as _;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use credcheck::simulator::github::{Running, World};

use crate::bench::{Bench, Ended, SIX, acme, classic, fake, good};

const TOOLS: &str = "/usr/bin:/bin";
/// Those that every command has.
const FORMATS: [&str; 3] = ["human", "narrated", "json"];

/// A bench with one host that knows the tokens of these words, helpers before every other program, and a policy.
fn bench(words: &[&str]) -> (Bench, Arc<Running>) {
    let mut bench = Bench::new();
    let world = words.iter().fold(acme(), |world: World, word| world.token(good(&classic(word))));
    let host = bench.host(world);
    words.iter().for_each(|word| bench.secret(&classic(word)));
    let path = format!("{}:{TOOLS}", bench.path("operator/secrets/bin").display());
    bench.variable("PATH", &path);
    bench.policy(SIX);
    (bench, host)
}

/// A helper, as a script for the shell.
fn helper(bench: &Bench, name: &str, text: &str) {
    let path = bench.file(&format!("operator/secrets/bin/{name}"), format!("#!/bin/sh\n{text}\n"));
    fs::set_permissions(path, Permissions::from_mode(0o755)).unwrap();
}

/// A credential of this source, in the settings.
fn credential(bench: &mut Bench, host: &Running, name: &str, source: &str) {
    bench.table(&entry(&host.url(), &host.api_url(), name, source));
}

fn entry(url: &str, api: &str, name: &str, source: &str) -> String {
    format!(
        "[[credential]]\nname = \"{name}\"\nhost = \"github\"\nurl = \"{url}\"\napi_url = \"{api}\"\ntoken = {{ {source} }}\n\
         repositories = [\"acme/infra\"]\n"
    )
}

/// What stands in a report of why each credential has no secret, by its name.
fn reasons(ended: &Ended) -> Vec<(String, String)> {
    let report = ended.json();
    let outcomes = report["outcomes"].as_array().unwrap();
    let mut reasons: Vec<(String, String)> = outcomes
        .iter()
        .filter(|one| one["rule"] == "github.credential-valid" && one["outcome"] == "violation")
        .map(|one| (one["credential"].as_str().unwrap().to_owned(), one["message"].as_str().unwrap().to_owned()))
        .collect();
    reasons.sort();
    reasons.dedup();
    reasons
}

/// Waits until there is a file of this name.
fn wait_for(path: &std::path::Path) {
    let since = Instant::now();
    while !path.exists() {
        assert!(since.elapsed() < Duration::from_secs(30), "{} is not there", path.display());
        thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn every_source_gives_its_secret_in_every_format() {
    let words = ["op", "vault", "other", "pass", "aws", "systemd", "git", "netrc"];
    let (mut bench, host) = bench(&words);
    let token = |word: &str| classic(word);
    helper(&bench, "op", &format!("printf %s {}", token("op")));
    helper(
        &bench,
        "vault",
        &format!(
            "echo run >> {}; echo '{{\"data\":{{\"data\":{{\"one\":\"{}\",\"two\":\"{}\"}}}}}}'",
            bench.path("operator/vault.log").display(),
            token("vault"),
            token("other")
        ),
    );
    helper(
        &bench,
        "pass",
        &format!("printf '%s\\r\\nlogin: acme-bot\\r\\nurl: x\\r\\n' {}; echo asked >&2", token("pass")),
    );
    helper(&bench, "aws", &format!("echo '{{\"bots\":[{{\"a/b\":\"{}\"}}]}}'", token("aws")));
    helper(
        &bench,
        "git",
        &format!(
            "grep .; echo username=acme-bot; echo password={}; echo oauth_refresh_token={}",
            token("git"),
            token("refresh")
        ),
    );
    bench.secret(&token("refresh"));
    bench.file("operator/secrets/service/bot-token", format!("{}\n", token("systemd")));
    let folder = bench.path("operator/secrets/service").display().to_string();
    bench.variable("CREDENTIALS_DIRECTORY", &folder);
    let netrc = bench.file(
        "operator/secrets/netrc",
        format!(
            "# bots\nmachine example.org login x password y\nmachine 127.0.0.1\n  login acme-bot\n  password {}\n",
            token("netrc")
        ),
    );
    fs::set_permissions(&netrc, Permissions::from_mode(0o600)).unwrap();
    bench.variable("NETRC", &netrc.display().to_string());
    for (name, source) in [
        ("by-op", "command = [\"op\", \"read\", \"--no-newline\", \"op://bots/x/token\"]"),
        ("by-vault", "command = [\"vault\", \"kv\", \"get\"], json = \"/data/data/one\", timeout = \"10s\""),
        ("by-vault-too", "command = [\"vault\", \"kv\", \"get\"], json = \"/data/data/two\""),
        ("by-pass", "command = [\"pass\", \"show\", \"bot\"], first_line = true"),
        ("by-aws", "command = [\"aws\"], json = \"/bots/0/a~1b\""),
        ("by-systemd", "systemd = \"bot-token\""),
        ("by-git", "git_credential = true"),
        ("by-netrc", "netrc = true"),
    ] {
        credential(&mut bench, &host, name, source);
    }
    for format in FORMATS {
        bench.check(&["--format", format, "-v"]).saying_anything().exits(0);
    }
    bench.check(&["--format", "concise"]).exits(0);
    bench.run(&["facts"]).exits(0);
    let report = bench.check(&["--format", "json", "--record", "record.json"]).exits(0);
    assert_eq!(report.json()["credentials"].as_array().unwrap().len(), words.len());
    assert_eq!(reasons(&report), []);

    let before = bench.read("operator/vault.log").lines().count();
    let plan = bench.run(&["plan", "check.pol"]).exits(0);
    plan.shows("`op` for by-op").shows("`vault` for by-vault, by-vault-too").shows("`git` for by-git").hides("op://");
    assert_eq!(bench.read("operator/vault.log").lines().count(), before + 1, "one command is run once");
    let commands = bench.run(&["plan", "check.pol", "--format", "json"]).exits(0).json()["commands"].clone();
    let programs: Vec<&str> = commands.as_array().unwrap().iter().map(|one| one["program"].as_str().unwrap()).collect();
    assert_eq!(programs, ["op", "vault", "pass", "aws", "git"], "in the order of the file");
}

#[test]
fn helpers_that_give_no_secret_are_told_by_kind_and_never_by_what_they_print() {
    let (mut bench, host) = bench(&[]);
    let secret = classic("leaky");
    bench.secret(&secret);
    let argument = "an-argument-that-nobody-should-read";
    bench.secret(argument);
    // Each prints a secret wherever it can.
    let both = format!("echo {secret}; echo {secret} >&2");
    let cases = [
        ("slow", format!("{both}; sleep 60"), ", timeout = \"1s\"", "gave no answer within 1 s"),
        ("silent", format!("echo {secret} >&2"), "", "printed nothing"),
        ("blank", "printf '\\r\\n \\n'".to_owned(), "", "printed nothing"),
        ("two-lines", format!("printf '{secret}\\r\\n{secret}\\r\\n'"), "", "printed more than one line"),
        ("first-empty", format!("echo; echo {secret}"), ", first_line = true", "printed a first line that is empty"),
        ("fails", format!("{both}; exit 1"), "", "failed with exit status 1"),
        ("remote", format!("{both}; exit 2"), "", "failed with exit status 2"),
        ("nobody", format!("{both}; exit 253"), "", "failed with exit status 253"),
        ("killed", format!("{both}; kill -9 $$"), "", "was ended by a signal"),
        ("talks", format!("while :; do echo {secret}; done"), "", "printed more than 65536 bytes"),
        ("no-json", both.clone(), ", json = \"/t\"", "printed no JSON"),
        ("no-field", format!("echo '{{\"u\":\"{secret}\"}}'"), ", json = \"/t\"", "printed JSON that has no `/t`"),
        ("number", "echo '{\"t\":12345678}'".to_owned(), ", json = \"/t\"", "is a number, and no string"),
        ("asks", format!("{both}; read answer </dev/tty || exit 7; echo $answer"), "", ""),
        (
            "leaves-a-child",
            format!("(sleep 60; echo {secret}) & {both}"),
            ", timeout = \"1s\"",
            "gave no answer within 1 s",
        ),
        ("control", format!("printf '{secret}\\033[1m'"), "", "holds a control character"),
    ];
    for (name, text, options, _) in &cases {
        helper(&bench, name, text);
        credential(&mut bench, &host, name, &format!("command = [\"{name}\", \"{argument}\"]{options}"));
    }
    // Arguments may hold secrets: the file itself holds some here, out of the leak check's sight.
    credential(&mut bench, &host, "none", "command = [\"no-such-program\"]");
    let settings = bench.settings_in_secrets();
    let config = ["--config", settings.as_str()];
    let started = Instant::now();
    let ended = bench.check(&[&config[..], &["--format", "json"]].concat()).saying_anything().exits(1);
    assert!(started.elapsed() < Duration::from_secs(30), "it took {:?}", started.elapsed());
    let told = reasons(&ended);
    assert_eq!(told.len(), cases.len() + 1, "{told:?}");
    for (name, _, _, wanted) in cases {
        let (_, reason) = told.iter().find(|(of, _)| of == name).unwrap();
        assert!(reason.contains(wanted), "{name}: {reason}");
    }
    assert_eq!(host.server.requests().len(), 0);
    for format in ["human", "narrated", "concise"] {
        bench.check(&[&config[..], &["--format", format, "-v"]].concat()).saying_anything().exits(1);
    }
    bench.run(&[&["plan", "check.pol"], &config[..]].concat()).saying_anything().exits(0);
    bench.run(&[&["facts"], &config[..]].concat()).saying_anything().ends();
}

#[test]
fn git_is_asked_from_nowhere_and_asks_nobody() {
    let (mut bench, host) = bench(&["git"]);
    let log = bench.path("operator/secrets/log").display().to_string();
    helper(
        &bench,
        "git",
        &format!(
            "{{ pwd; echo \"$@\"; cat; env | grep -E '^(GIT|SSH|GCM)' | sort; }} >> {log}\necho password={}",
            classic("git")
        ),
    );
    credential(&mut bench, &host, "bot", "git_credential = true");
    for (name, value) in [
        ("GIT_DIR", "/somewhere/.git"),
        ("GIT_CONFIG_COUNT", "1"),
        ("GIT_CONFIG_KEY_0", "credential.helper"),
        ("GIT_CONFIG_VALUE_0", "!evil"),
        ("GIT_ASKPASS", "/bin/evil"),
        ("SSH_ASKPASS", "/bin/evil"),
        ("GIT_TRACE", "1"),
        ("GIT_TERMINAL_PROMPT", "1"),
    ] {
        bench.variable(name, value);
    }
    bench.check(&[]).exits(0);
    let authority = host.url().trim_start_matches("http://").to_owned();
    let wanted = format!(
        "/\ncredential fill\nprotocol=http\nhost={authority}\n\nGCM_INTERACTIVE=never\nGIT_ASKPASS=\nGIT_TERMINAL_PROMPT=0\n\
         SSH_ASKPASS=\n"
    );
    assert_eq!(bench.read("operator/secrets/log"), wanted, "once, and neither `approve` nor `reject`");
}

#[test]
fn gits_refresh_token_is_masked_where_a_host_echoes_it() {
    let (mut bench, _) = bench(&[]);
    let (token, refresh) = (classic("git"), "an-opaque-refresh-token-0123456789");
    let echo = crate::hostile::Hostile::answering(move |_| {
        crate::hostile::answer("401 Unauthorized", &[], format!("{{\"message\":\"not {refresh}\"}}"))
    });
    bench.secret(&token);
    bench.secret(refresh);
    helper(&bench, "git", &format!("echo password={token}; echo oauth_refresh_token={refresh}"));
    bench.table(&entry(&echo.url(), &echo.url(), "bot", "git_credential = true"));
    for format in FORMATS {
        bench.check(&["--format", format, "-v", "--record", "record.json"]).saying_anything().ends();
        bench.run(&["facts", "--format", format, "-v"]).saying_anything().ends();
    }
}

/// Git is no part of the toolchain: where there is none, its fakes above say what is sent and what is taken.
#[test]
fn the_real_git_asks_its_store_and_leaves_it_as_it_is() {
    let Some(path) = std::env::var_os("PATH") else { return };
    if !std::env::split_paths(&path).any(|folder| folder.join("git").is_file()) {
        return;
    }
    let (mut bench, host) = bench(&["store"]);
    bench.variable("PATH", path.to_str().unwrap());
    let authority = host.url().trim_start_matches("http://").to_owned();
    let asked = bench.path("operator/secrets/asked");
    let ask = format!("#!/bin/sh\necho asked >> {}\necho hunter2-from-a-prompt\n", asked.display());
    let ask = bench.file("operator/secrets/ask", ask);
    fs::set_permissions(&ask, Permissions::from_mode(0o755)).unwrap();
    // Whoever works in a clone would have its own helper run.
    bench.file(
        "team/.git/config",
        format!("[core]\n\trepositoryformatversion = 0\n[credential]\n\thelper = \"!{}\"\n", ask.display()),
    );
    bench.file("team/.git/HEAD", "ref: refs/heads/main\n");
    for folder in ["team/.git/objects", "team/.git/refs"] {
        fs::create_dir_all(bench.path(folder)).unwrap();
    }
    bench.variable("GIT_DIR", &bench.path("team/.git").display().to_string());
    for name in ["GIT_ASKPASS", "SSH_ASKPASS"] {
        bench.variable(name, &ask.display().to_string());
    }
    let store = bench.path("operator/secrets/store");
    let config =
        format!("[credential]\n\thelper = store --file {}\n[core]\n\taskPass = {}\n", store.display(), ask.display());
    bench.file("home/.gitconfig", config);
    credential(&mut bench, &host, "bot", "git_credential = true");
    let lines =
        |token: &str| format!("https://x:{0}@example.org\nhttp://acme-bot:{token}@{authority}\n", classic("other"));
    bench.secret(&classic("other"));
    let write = |text: &str| drop(bench.file("operator/secrets/store", text));

    write(&lines(&classic("store")));
    bench.check(&[]).exits(0);
    // A token that the host does not know stays where it is: nothing is rejected, and nothing approved.
    write(&lines(&classic("other")));
    bench.check(&[]).exits(1).shows("401");
    assert_eq!(bench.read("operator/secrets/store"), lines(&classic("other")));
    // Where there is none, nobody is asked for it.
    write("");
    let told = reasons(&bench.check(&["--format", "json"]).exits(1));
    let wanted = format!("`git credential fill` found nothing for {} (exit status 128)", host.url());
    assert!(told[0].1.contains(&wanted), "{told:?}");
    assert!(!asked.exists(), "somebody was asked");
}

#[test]
fn a_netrc_file_that_others_may_read_is_none() {
    let (mut bench, host) = bench(&["netrc"]);
    credential(&mut bench, &host, "bot", "netrc = true");
    let home = bench.path("home/.netrc");
    let text = format!("machine 127.0.0.1 login acme-bot password {}\n", classic("netrc"));
    // The leak check reads what lies in the home folder, too: the file lies elsewhere, and its name leads there.
    let real = bench.file("operator/secrets/netrc", &text);
    std::os::unix::fs::symlink(&real, &home).unwrap();
    for mode in [0o644, 0o640, 0o602, 0o660, 0o604] {
        fs::set_permissions(&real, Permissions::from_mode(mode)).unwrap();
        let told = reasons(&bench.check(&["--format", "json"]).exits(1));
        assert!(told[0].1.contains("may be read or written by others than its owner"), "{mode:o}: {told:?}");
    }
    assert_eq!(host.server.requests().len(), 0);
    for mode in [0o600, 0o400] {
        fs::set_permissions(&real, Permissions::from_mode(mode)).unwrap();
        bench.check(&[]).exits(0);
    }
}

#[test]
fn settings_of_the_policys_tree_run_nothing() {
    let (mut bench, host) = bench(&["tree"]);
    let ran = bench.path("operator/ran");
    for name in ["op", "git"] {
        helper(&bench, name, &format!("echo x >> {}; echo password={}", ran.display(), classic("tree")));
    }
    let folder = bench.path("operator/secrets").display().to_string();
    bench.variable("CREDENTIALS_DIRECTORY", &folder);
    for source in ["command = [\"op\"]", "git_credential = true", "netrc = true", "systemd = \"bot-token\""] {
        bench.file("team/credcheck.toml", entry(&host.url(), &host.api_url(), "bot", source));
        for first in [&["check.pol"][..], &["plan", "check.pol"]] {
            let arguments = [first, &["--config", "credcheck.toml"]].concat();
            bench.run(&arguments).says("--trust-config").exits(4);
        }
        assert!(!ran.exists(), "{source}");
    }
    assert_eq!(host.server.requests().len(), 0);
}

#[test]
fn helpers_end_with_the_run() {
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
        let (mut bench, host) = bench(&[]);
        let mut alive = Vec::new();
        for number in 0..6 {
            let path = bench.path(&format!("alive-{number}"));
            // With a child that goes on, and a secret half said.
            let text = format!(
                "printf half; (while :; do echo x >> {0}; sleep 0.05; done) & while :; do sleep 0.05; done",
                path.display()
            );
            let name = if number == 0 { "git".to_owned() } else { format!("helper-{number}") };
            helper(&bench, &name, &text);
            let source = match number {
                0 => "git_credential = true".to_owned(),
                _ => format!("command = [\"{name}\"], timeout = \"10m\""),
            };
            credential(&mut bench, &host, &format!("bot-{number}"), &source);
            alive.push(path);
        }
        let started = bench.check(&[]).saying_anything().start();
        alive.iter().take(4).for_each(|path| wait_for(path));
        let at = Instant::now();
        started.signal(signal);
        let ended = started.exits(code);
        assert!(at.elapsed() < Duration::from_secs(10), "it took {:?}", at.elapsed());
        ended.shows("interrupted: 0 of 6 credentials judged");
        let sizes = || {
            alive.iter().fold(String::new(), |mut sizes, path| {
                let _ = write!(sizes, "{} ", fs::metadata(path).map_or(0, |one| one.len()));
                sizes
            })
        };
        let before = sizes();
        thread::sleep(Duration::from_millis(300));
        assert_eq!(sizes(), before);
        assert!(alive.iter().skip(4).all(|path| !path.exists()), "no more than four were begun");
    }
}

#[test]
fn the_recipes_work_with_what_their_tools_print() {
    let (mut bench, _) = bench(&[]);
    let (token, other) = (classic("recipe"), fake("glpat", "recipe"));
    [&token, &other].iter().for_each(|secret| bench.secret(secret));
    for (name, text) in [
        ("op", format!("printf %s {token}")),
        (
            "vault",
            format!(
                "case \"$*\" in *-format=json*) echo '{{\"data\":{{\"data\":{{\"token\":\"{token}\"}}}}}}';; *) printf %s {token};; esac"
            ),
        ),
        ("pass", format!("printf '{token}\\nlogin: acme-bot\\n'")),
        ("aws", format!("echo '{{\"token\":\"{token}\"}}'")),
        ("gcloud", format!("echo 'Updates are available' >&2; printf %s {token}")),
        ("az", format!("echo '{{\"id\":\"x\",\"value\":\"{token}\"}}'")),
        ("gh", format!("echo ${{GH_TOKEN-{token}}}")),
        ("sops", format!("printf %s {token}")),
        ("secret-tool", format!("printf %s {token}")),
        (
            "git",
            format!("case \"$(cat)\" in *host=git.acme.dev*) echo password={other};; *) echo password={token};; esac"),
        ),
    ] {
        helper(&bench, name, &text);
    }
    // What gh would print instead.
    bench.variable("GH_TOKEN", "not-the-one");
    bench.file("operator/secrets/service/atlantis-token", &token);
    bench.variable("CREDENTIALS_DIRECTORY", &bench.path("operator/secrets/service").display().to_string());
    let page = include_str!("../../docs/secrets.md");
    let example = page.split("```text\n").nth(1).unwrap().split("```").next().unwrap();
    let netrc = bench.file("operator/secrets/netrc", example.replace("TOKEN", &other));
    fs::set_permissions(&netrc, Permissions::from_mode(0o600)).unwrap();
    bench.variable("NETRC", &netrc.display().to_string());
    let mut tried = 0;
    for block in page.split("```toml\n").skip(1) {
        let block = block.split("```").next().unwrap();
        // What is mounted there is no matter of this page.
        if block.contains("{ file = ") {
            continue;
        }
        let settings = bench.file("operator/recipe.toml", block).display().to_string();
        let plan = bench.run(&["plan", "builtin:atlantis", "--config", &settings, "--format", "json"]).exits(0).json();
        for credential in plan["credentials"].as_array().unwrap() {
            assert_ne!(credential["requests"].as_array().unwrap().len(), 0, "{block}\n{plan:#}");
            tried += 1;
        }
    }
    assert!(tried >= 14, "{tried} recipes were tried");
}
