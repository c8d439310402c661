//! The settings file: what it declares, where it may lie, and how its problems are shown.

use super::*;

const FILE: &str = r#"
repositories = ["acme/default"]

[inputs]
max_age = "30d"
names   = ["a", "b"]
count   = 3
strict  = true

[[credential]]
name         = "atlantis-prod"
host         = "github"
url          = "https://ghe.acme.dev"
token        = { env = "BOT" }
username     = "@atlantis-acme"
repositories = ["acme/infra", "acme/live-*"]

[[credential]]
name  = "by-file"
host  = "github"
token = { file = "token" }

[[credential]]
name    = "by-command"
host    = "github"
api_url = "https://proxy.acme.dev/github"
token   = { command = ["op", "read", "x"] }
"#;

#[test]
fn a_settings_file_declares_credentials_scope_and_inputs() {
    let (a, b, c) = (classic("a"), classic("b"), &*Box::leak(classic("c").into_boxed_str()));
    let arguments = Arguments { config: Some("/etc/credcheck.toml".into()), ..Arguments::default() };
    let files = Fake::default()
        .file("/etc/credcheck.toml", FILE)
        .file("/etc/token", format!("\u{FEFF}{b}\r\n"))
        .command("op", Ok(c));
    let (result, _) = run_with(&arguments, &[("BOT", &a)], &files);
    let settings = result.unwrap();
    assert_eq!(
        summary(&settings),
        [
            ("atlantis-prod", "https://ghe.acme.dev", Some(a.as_str())),
            ("by-file", "https://github.com", Some(b.as_str())),
            ("by-command", "https://github.com", Some(c)),
        ]
    );
    assert_eq!(settings.credentials[2].credential.api.as_str(), "https://proxy.acme.dev/github");
    assert_eq!(settings.credentials[0].credential.username.as_deref(), Some("atlantis-acme"));
    assert_eq!(scope(&settings, "atlantis-prod"), ["acme/infra", "acme/live-*"]);
    assert_eq!(scope(&settings, "by-file"), ["acme/default"]);
    let inputs: Vec<(&str, &InputText)> =
        settings.inputs.iter().map(|input| (input.name.as_str(), &input.value)).collect();
    assert_eq!(
        inputs,
        [
            ("max_age", &InputText::One("30d".into())),
            ("names", &InputText::List(vec!["a".into(), "b".into()])),
            ("count", &InputText::One("3".into())),
            ("strict", &InputText::One("true".into())),
        ]
    );
}

#[test]
fn every_problem_is_shown_at_its_place() {
    let text = r#"
colour = "red"
[[credential]]
name = "a/b"
host = "githib"
token = { env = "$BOT" }
[[credential]]
name = "two"
host = "github"
url = "https://user:pw@github.com"
tokn = { env = "BOT" }
insecure_http = "yes"
[[credential]]
name = "two"
host = "github"
token = { env = "A", file = "b" }
repositories = ["infra", 7]
[[credential]]
host = "github"
token = { env = "BOT" }
app_id = 7
kind = "clasic"
[[credential]]
name = "app"
host = "gitlab"
private_key = { file = "x" }
"#;
    let (result, sources) = with_file(text, &[]);
    let Err(SettingsError::Settings(problems)) = &result else { panic!("accepted") };
    let mut shown: Vec<(usize, Code)> =
        problems.iter().map(|problem| (sources.start(problem.span().unwrap()).line, problem.code)).collect();
    shown.sort_unstable();
    assert_eq!(
        shown,
        [
            (2, Code::UnknownSetting),
            (4, Code::BadSettings),
            (5, Code::UnknownHost),
            (6, Code::BadSettings),
            (7, Code::BadSettings),
            (10, Code::BadAddress),
            (11, Code::UnknownSetting),
            (12, Code::BadSettings),
            (14, Code::DuplicateCredential),
            (16, Code::BadSettings),
            (17, Code::BadSettings),
            (17, Code::BadScope),
            (18, Code::BadSettings),
            (21, Code::BadSettings),
            (22, Code::UnknownName),
            (23, Code::BadSettings),
            (26, Code::BadSettings),
        ]
    );
    let help = |line: usize| {
        let at = |problem: &&Diagnostic| sources.start(problem.span().unwrap()).line == line;
        problems.iter().find(at).unwrap().help.clone().unwrap()
    };
    assert_eq!(help(5), "did you mean `github`?");
    assert_eq!(help(11), "did you mean `token`?");
}

#[test]
fn an_address_in_a_file_is_checked_as_every_other() {
    for (line, good) in [
        ("url = \"http://ghe.acme.dev\"", false),
        ("url = \"http://ghe.acme.dev\"\ninsecure_http = true", true),
        ("url = \"http://127.0.0.1:8080\"", true),
        ("url = \"https://ghe.acme.dev@evil.dev\"", false),
        ("api_url = \"http://ghe.acme.dev/api/v3\"", false),
        ("api_url = \"https://x@ghe.acme.dev/api/v3\"", false),
        ("url = \"github.com\"", false),
        ("url = 7", false),
    ] {
        let text = format!("[[credential]]\nname = \"a\"\nhost = \"github\"\ntoken = {{ env = \"BOT\" }}\n{line}\n");
        assert_eq!(with_file(&text, &[("BOT", "t")]).0.is_ok(), good, "{line}");
    }
}

#[test]
fn a_literal_secret_is_an_error_that_shows_nothing_of_it() {
    let token = classic("s");
    for text in [
        format!("[[credential]]\nname = \"a\"\nhost = \"github\"\ntoken = \"{token}\"\n"),
        format!("[[credential]]\nname = \"a\"\nhost = \"github\"\ntoken = {{ env = \"{token}\" }}\n"),
        format!("[[credential]]\nname = \"a\"\nhost = \"github\"\ntoken = {{ command = [\"echo\", \"{token}\"] }}\n"),
        format!("# {token}\n"),
        format!("{token} = 1\n"),
        format!("[[credential]]\ntoken = {token}\n"),
        format!("[inputs]\nx = \"{token}\"\n"),
    ] {
        let (result, sources) = with_file(&text, &[]);
        let count = codes(&result).iter().filter(|code| **code == Code::LiteralToken).count();
        assert_eq!(count, 1, "{text}");
        assert!(!everything_said(&result, &sources).contains("x1x1x1"), "{text}");
    }
    for text in [
        "[[credential]]\nname = \"a\"\nhost = \"github\"\ntoken = \"hunter2\"\n",
        "[[credential]]\nname = \"a\"\nhost = \"github\"\ntoken = hunter2\n",
        "[[credential]]\nname = \"a\"\nhost = \"github\"\npassword = \"hunter2\"\n",
        "[[credential]]\nname = \"a\"\nhost = \"github\"\npasscode = [\"hunter2\"]\n",
        "[[credential]]\nname = \"a\"\nhost = \"github\"\ntoken = { value = \"hunter2\" }\n",
        "[[credential]]\nname = \"a\"\nhost = \"github\"\ntoken = '''\nhunter2\n'''\n",
        "[credential]\ntoken = \"hunter2\"\n",
        "credential = [{ token = \"hunter2\" }]\n",
        "token: hunter2\n",
        "token = \"hunter2\n",
    ] {
        let (result, sources) = with_file(text, &[]);
        assert!(result.is_err(), "{text}");
        assert!(!everything_said(&result, &sources).contains("hunter2"), "{text}: {result:?}");
        let length: usize = sources.get(crate::text::source::SourceId(0)).unwrap().text().len();
        assert_eq!(length, text.len());
    }
}

#[test]
fn settings_come_from_the_operator_and_never_from_the_working_directory() {
    let declares = "[[credential]]\nname = \"own\"\nhost = \"github\"\ntoken = { env = \"BOT\" }\n";
    let token = classic("a");
    let found = |variables: &[(&str, &str)], path: &'static str| {
        let mut all = vec![("BOT", token.as_str())];
        all.extend(variables);
        let settings = run_with(&Arguments::default(), &all, &Fake::default().file(path, declares)).0.unwrap();
        !settings.credentials.is_empty()
    };
    assert!(found(&[("HOME", "/home/me")], "/home/me/.config/credcheck/config.toml"));
    assert!(found(&[("HOME", "/home/me"), ("XDG_CONFIG_HOME", "/cfg")], "/cfg/credcheck/config.toml"));
    assert!(found(&[("CREDCHECK_CONFIG", "/x.toml"), ("HOME", "/home/me")], "/x.toml"));
    assert!(!found(&[("XDG_CONFIG_HOME", "/cfg")], "/home/me/.config/credcheck/config.toml"));
    for path in
        ["/cwd/credcheck.toml", "/cwd/credcheck/config.toml", "/cwd/.config/credcheck/config.toml", "/cwd/config.toml"]
    {
        assert!(!found(&[("XDG_CONFIG_HOME", "."), ("HOME", ".")], path), "{path}");
        assert!(!found(&[], path), "{path}");
    }
    let missing = Arguments { config: Some("/none.toml".into()), ..Arguments::default() };
    let (result, _) = run_with(&missing, &[], &Fake::default());
    assert_eq!(codes(&result), [Code::UnreadableSettings]);
}

#[test]
fn credentials_of_the_policys_own_tree_are_refused() {
    let declares = "[inputs]\nx = 1\n[[credential]]\nname = \"own\"\nhost = \"github\"\n\
                    url = \"https://evil.dev\"\ntoken = { env = \"ATLANTIS_GH_TOKEN\" }\n";
    let harmless = "repositories = [\"acme/infra\"]\n[inputs]\nx = 1\n";
    let token = classic("a");
    let variables = [("ATLANTIS_GH_TOKEN", token.as_str())];
    let run = |config: &str, trust: bool, files: Fake| {
        let arguments = Arguments {
            config: Some(config.into()),
            trust_config: trust,
            policy_roots: vec!["/repo".into()],
            ..Arguments::default()
        };
        run_with(&arguments, &variables, &files)
    };
    let files = || {
        Fake { here: Some("/repo/policies"), ..Fake::default() }
            .file("/repo/c.toml", declares)
            .file("/repo/policies/c.toml", declares)
            .file("/etc/c.toml", declares)
            .file("/repository/c.toml", declares)
            // Links out of the tree and into it: both are the tree's to say.
            .link("/repo/out.toml", "/etc/c.toml")
            .link("/repo/dir", "/etc")
            .link("/etc/in.toml", "/repo/c.toml")
    };
    for inside in [
        "/repo/c.toml",
        "c.toml",
        "./c.toml",
        "../c.toml",
        "/etc/../repo/c.toml",
        "/repo/out.toml",
        "/repo/dir/c.toml",
        "../dir/c.toml",
        "/etc/in.toml",
    ] {
        let (result, sources) = run(inside, false, files());
        assert_eq!(codes(&result), [Code::UntrustedSettings], "{inside}");
        let Err(SettingsError::Settings(problems)) = &result else { panic!("exit 2") };
        assert_eq!(sources.snippet(problems[0].span().unwrap()), "[[credential]]", "{inside}");
        assert_eq!(names(&run(inside, true, files()).0.unwrap()), ["own", "atlantis"], "trusted {inside}");
    }
    for outside in ["/etc/c.toml", "/repository/c.toml", "../../etc/c.toml"] {
        assert!(run(outside, false, files()).0.is_ok(), "{outside}");
    }
    let (result, _) = run("/repo/c.toml", false, Fake::default().file("/repo/c.toml", harmless));
    let settings = result.unwrap();
    assert_eq!(scope(&settings, "atlantis"), ["acme/infra"]);
    assert_eq!(settings.inputs.len(), 1);
    let (result, _) = run("/repo/c.toml", false, Fake::default().file("/repo/c.toml", "credential = 1\n"));
    assert_eq!(codes(&result), [Code::UntrustedSettings]);
    // The tree behind a link is the same tree.
    let linked =
        Arguments { config: Some("/real/c.toml".into()), policy_roots: vec!["/repo".into()], ..Arguments::default() };
    let files = Fake::default().file("/real/c.toml", declares).link("/repo", "/real");
    assert_eq!(codes(&run_with(&linked, &variables, &files).0), [Code::UntrustedSettings]);
}

#[test]
fn nothing_secret_is_read_for_what_is_not_checked() {
    let text = "[[credential]]\nname = \"a\"\nhost = \"github\"\ntoken = { command = [\"op\", \"a\"] }\n\
                [[credential]]\nname = \"b\"\nhost = \"gitlab\"\ntoken = { file = \"/run/b\" }\n\
                [[credential]]\nname = \"c\"\nhost = \"github\"\ntoken = { file = \"/run/c\" }\n";
    let run = |arguments: Arguments| {
        let files = Fake::default().file("/c.toml", text).file("/run/b", "b-token").file("/run/c", "c-token");
        let (result, _) = run_with(&Arguments { config: Some("/c.toml".into()), ..arguments }, &[], &files);
        let touched = files.touched.borrow().clone();
        (result, touched)
    };
    let (_, touched) = run(Arguments { hosts: vec![HostKind::GitLab], ..Arguments::default() });
    assert_eq!(touched, ["/c.toml", "/run/b"]);
    let (_, touched) = run(Arguments { credentials: vec!["c".into()], ..Arguments::default() });
    assert_eq!(touched, ["/c.toml", "/run/c"]);
    let (result, touched) = run(Arguments { repositories: vec!["acme/infra".into()], ..Arguments::default() });
    assert!(result.is_err());
    assert_eq!(touched, ["/c.toml"], "no secret before everything is settled");
    let (result, _) = run(Arguments { credentials: vec!["a".into()], ..Arguments::default() });
    let Err(Withheld::Missing { reason, .. }) = &result.unwrap().credentials[0].secret else { panic!("a secret") };
    assert_eq!(reason, "the command `op` was not found");
}
