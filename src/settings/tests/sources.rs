//! Where secrets come from: commands and parts of what they print, Git's helpers, systemd's credentials, netrc files.

use super::*;
use crate::text::secret::Secret;

/// A settings file with one credential of this source and these further lines.
fn one(source: &str, more: &str) -> String {
    format!(
        "[[credential]]\nname = \"bot\"\nhost = \"github\"\nurl = \"https://ghe.acme.dev:8443\"\ntoken = {{ {source} }}\n{more}\n"
    )
}

fn settled(text: &str, variables: &[(&str, &str)], files: Fake) -> (Result<Settings, SettingsError>, Vec<String>) {
    let arguments = Arguments { config: Some("/etc/credcheck.toml".into()), ..Arguments::default() };
    let files = files.file("/etc/credcheck.toml", text);
    let (result, _) = run_with(&arguments, variables, &files);
    (result, files.touched.into_inner())
}

/// The secret, or why there is none.
fn secret(source: &str, more: &str, variables: &[(&str, &str)], files: Fake) -> Result<String, String> {
    let (result, _) = settled(&one(source, more), variables, files);
    match &result.unwrap().credentials[0].secret {
        Ok(secret) => Ok(secret.expose().to_owned()),
        Err(Withheld::Missing { reason, .. } | Withheld::WrongHost { reason, .. }) => Err(reason.clone()),
    }
}

fn printed(options: &str, output: &'static str) -> Result<String, String> {
    secret(&format!("command = [\"op\", \"x\"]{options}"), "", &[], Fake::default().command("op", Ok(output)))
}

#[test]
fn a_command_gives_all_its_first_line_or_a_field() {
    assert_eq!(printed("", "abc-123\r\n").as_deref(), Ok("abc-123"));
    assert_eq!(printed(", first_line = true", "abc-123\r\nlogin: x\r\n").as_deref(), Ok("abc-123"));
    assert_eq!(printed(", first_line = true", "abc-123").as_deref(), Ok("abc-123"));
    assert_eq!(printed(", first_line = false", "abc-123").as_deref(), Ok("abc-123"));
    for (pointer, output) in [
        ("/data/token", r#"{"data":{"token":"abc-123","n":1},"x":[{"token":"other"}]}"#),
        ("/0/a~1b/~0", "[{\"a/b\":{\"~\":\"abc-123\"}}]\n"),
        ("/", "{\"\":\"abc-123\"}"),
        ("/x/1", r#"{"x":["other","abc-123","other"]}"#),
        ("/t", r#"{"t":"abc\u002d123"}"#),
        ("/t", "\r\n {\"t\":\"abc-123\\n\"} \r\n"),
    ] {
        assert_eq!(printed(&format!(", json = \"{pointer}\""), output).as_deref(), Ok("abc-123"), "{pointer}");
    }
    let key = "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----";
    let output = &*Box::leak(serde_json::json!({ "pem": key }).to_string().into_boxed_str());
    let text = "[[credential]]\nname = \"app\"\nhost = \"github\"\napp_id = 7\nprivate_key = { command = [\"op\"], json = \
                \"/pem\" }\n";
    let (result, _) = settled(text, &[], Fake::default().command("op", Ok(output)));
    assert_eq!(result.unwrap().credentials[0].secret.as_ref().unwrap().expose(), key);
}

#[test]
fn what_a_command_printed_amiss_is_told_by_its_kind() {
    for (options, output, told) in [
        ("", " \r\n\n", "printed nothing"),
        (", first_line = true", "\n", "printed nothing"),
        (", json = \"/t\"", "", "printed nothing"),
        ("", "hunter2\nhunter3\n", "printed more than one line"),
        ("", "hunter2\r\nhunter3", "printed more than one line"),
        (", first_line = true", "\nhunter2\n", "printed a first line that is empty"),
        (", json = \"/t\"", "hunter2", "printed no JSON"),
        (", json = \"/t\"", "{\"t\":\"hunter2\"} hunter2", "printed no JSON"),
        (", json = \"/t\"", "{\"t\":\"hunter2\"", "printed no JSON"),
        (", json = \"/t\"", "{\"u\":\"hunter2\"}", "printed JSON that has no `/t`"),
        (", json = \"/t/0\"", "{\"t\":\"hunter2\"}", "printed JSON that has no `/t/0`"),
        (", json = \"/01\"", "[\"hunter1\",\"hunter2\"]", "printed JSON that has no `/01`"),
        (", json = \"/-\"", "[\"hunter2\"]", "printed JSON that has no `/-`"),
        (", json = \"/2\"", "[\"hunter1\",\"hunter2\"]", "printed JSON that has no `/2`"),
        (", json = \"/hunter2\"", "{}", "printed JSON that has no `/hunter2`"),
        (", json = \"/t\"", "{\"t\":7331}", "printed JSON where `/t` is a number, and no string"),
        (", json = \"/t\"", "{\"t\":-7.331}", "printed JSON where `/t` is a number, and no string"),
        (", json = \"/t\"", "{\"t\":true}", "printed JSON where `/t` is a boolean, and no string"),
        (", json = \"/t\"", "{\"t\":null}", "printed JSON where `/t` is null, and no string"),
        (", json = \"/t\"", "{\"t\":[\"hunter2\"]}", "printed JSON where `/t` is a list, and no string"),
        (", json = \"/t\"", "{\"t\":{\"u\":\"hunter2\"}}", "printed JSON where `/t` is an object, and no string"),
        (", json = \"/t\"", "{\"t\":\" \"}", "printed JSON where `/t` is empty"),
        (
            ", json = \"/t\"",
            "{\"t\":\"hunter2\",\"t\":\"hunter3\"}",
            "printed JSON in which a name stands twice in one object",
        ),
        (
            ", json = \"/t\"",
            "{\"t\":\"hunter2\",\"u\":{\"v\":1,\"v\":2}}",
            "printed JSON in which a name stands twice in one object",
        ),
    ] {
        let reason = printed(options, output).unwrap_err();
        assert_eq!(reason, format!("the command `op` {told}"), "{output}");
    }
    let reason = printed(", json = \"/xK9q2-T0kEn\"", "{}").unwrap_err();
    assert_eq!(reason, "the command `op` printed JSON that has no field that `json` names");
    let reason = printed(", json = \"/t\"", r#"{"t":"a\nb"}"#).unwrap_err();
    assert_eq!(
        reason,
        "the field of JSON from the command `op` holds no secret: it holds a control character or a line break inside"
    );
    for (error, told) in [
        (CommandError::NotFound, "was not found"),
        (CommandError::Failed(3), "failed with exit status 3"),
        (CommandError::Timeout(30), "gave no answer within 30 s"),
        (CommandError::Asked, "asked for something at the terminal"),
        (CommandError::TooLarge(64), "printed more than 64 bytes"),
    ] {
        let reason = secret("command = [\"op\"]", "", &[], Fake::default().command("op", Err(error))).unwrap_err();
        assert_eq!(reason, format!("the command `op` {told}"));
    }
}

#[test]
fn what_goes_with_what_is_checked() {
    for (source, good) in [
        ("command = [\"op\"], timeout = \"60s\"", true),
        ("command = [\"op\"], timeout = \"10m\"", true),
        ("command = [\"op\"], timeout = \"11m\"", false),
        ("command = [\"op\"], timeout = \"0s\"", false),
        ("command = [\"op\"], timeout = \"+5s\"", false),
        ("command = [\"op\"], timeout = \"1h\"", false),
        ("command = [\"op\"], timeout = \"s\"", false),
        ("command = [\"op\"], timeout = 30", false),
        ("command = [\"op\"], first_line = 1", false),
        ("command = [\"op\"], first_line = true, json = \"/a\"", false),
        ("command = [\"op\"], json = \"\"", false),
        ("command = [\"op\"], json = \"token\"", false),
        ("command = [\"op\"], json = \"/a~2\"", false),
        ("command = [\"op\"], json = \"/a~\"", false),
        ("command = [\"op\"], json = [\"/a\"]", false),
        ("env = \"BOT\", timeout = \"60s\"", false),
        ("file = \"x\", first_line = true", false),
        ("git_credential = true, json = \"/a\"", false),
        ("timeout = \"60s\"", false),
        ("git_credential = true", true),
        ("git_credential = false", false),
        ("git_credential = \"ghe.acme.dev\"", false),
        ("netrc = true", true),
        ("netrc = false", false),
        ("netrc = \"/home/me/.netrc\"", false),
        ("netrc = true, git_credential = true", false),
        ("systemd = \"bot-token\"", true),
        ("systemd = \"bot/token\"", false),
        ("systemd = \"../token\"", false),
        ("systemd = \"..\"", false),
        ("systemd = \"\"", false),
        ("systemd = \"a b\"", false),
        ("systemd = true", false),
    ] {
        let (result, touched) = settled(&one(source, ""), &[], Fake::default());
        assert_eq!(result.is_ok(), good, "{source}: {result:?}");
        assert!(good || touched == ["/etc/credcheck.toml"], "nothing is run or read for {source}: {touched:?}");
    }
    let key = "[[credential]]\nname = \"app\"\nhost = \"github\"\napp_id = 7\nprivate_key = { command = [\"op\"], first_line = \
               true }\n";
    assert_eq!(codes(&settled(key, &[], Fake::default()).0), [Code::BadSettings]);
}

#[test]
fn each_command_runs_once_in_the_order_of_the_file() {
    let entry = |name: &str, source: &str| {
        format!("[[credential]]\nname = \"{name}\"\nhost = \"github\"\ntoken = {{ {source} }}\n")
    };
    let text = [
        entry("z", "command = [\"vault\", \"a\"], json = \"/one\", timeout = \"5s\""),
        entry("y", "command = [\"op\", \"b\"]"),
        entry("x", "command = [\"vault\", \"a\"], json = \"/two\", timeout = \"2m\""),
        entry("w", "command = [\"vault\", \"c\"], json = \"/one\""),
        entry("v", "command = [\"op\", \"b\"], timeout = \"1s\""),
        entry("u", "git_credential = true"),
        entry("t", "git_credential = true"),
    ]
    .concat();
    let files = Fake::default()
        .command("vault", Ok(r#"{"one":"first-secret","two":"second-secret"}"#))
        .command("op", Ok("third-secret"))
        .file("/etc/credcheck.toml", text);
    let arguments = Arguments { config: Some("/etc/credcheck.toml".into()), ..Arguments::default() };
    let settings = run_with(&arguments, &[], &files).0.unwrap();
    let asked = "git credential fill < protocol=https\nhost=github.com\n\n";
    assert_eq!(*files.touched.borrow(), ["/etc/credcheck.toml", "vault a", "op b", "vault c", asked]);
    assert_eq!(*files.times.borrow(), [120, 30, 30, 30], "who needs longer is given longer");
    let ran: Vec<(Option<&str>, Vec<&str>)> = settings
        .commands
        .iter()
        .map(|ran| (ran.program.as_deref(), ran.credentials.iter().map(String::as_str).collect()))
        .collect();
    assert_eq!(
        ran,
        [
            (Some("vault"), vec!["z", "x"]),
            (Some("op"), vec!["y", "v"]),
            (Some("vault"), vec!["w"]),
            (Some("git"), vec!["u", "t"])
        ]
    );
    let secrets: Vec<Option<&str>> = summary(&settings).into_iter().map(|(_, _, secret)| secret).collect();
    // Equal ones are one check.
    assert_eq!(secrets, [Some("first-secret"), Some("third-secret"), Some("second-secret"), None, None]);
    assert_eq!(reason(&settings, "w"), "it is the token of `z`");
    // Of what is not checked nothing is run; a program's name that could be a secret is not said.
    let files =
        Fake::default().file("/etc/credcheck.toml", entry("a", "command = [\"S3cret\"]") + &entry("b", "netrc = true"));
    let arguments = Arguments { credentials: vec!["b".into()], ..arguments };
    assert_eq!(run_with(&arguments, &[], &files).0.unwrap().commands, []);
    let arguments = Arguments { credentials: vec!["a".into()], ..arguments };
    let settings = run_with(&arguments, &[], &files).0.unwrap();
    assert_eq!(settings.commands[0].program, None);
    assert!(!format!("{settings:?}").contains("S3cret"), "{settings:?}");
}

#[test]
fn a_checkers_key_by_command_is_read_once() {
    let text = "[[credential]]\nname = \"app\"\nhost = \"github\"\napp_id = 7\nprivate_key = { command = [\"op\"] }\n\
                [[credential]]\nname = \"one\"\nhost = \"github\"\ntoken = { env = \"ONE\" }\nchecker = \"app\"\n\
                [[credential]]\nname = \"two\"\nhost = \"github\"\ntoken = { env = \"TWO\" }\nchecker = \"app\"\n";
    let key = "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----";
    let files = Fake::default().command("op", Ok(key)).file("/etc/credcheck.toml", text);
    let arguments = Arguments {
        config: Some("/etc/credcheck.toml".into()),
        credentials: vec!["one".into(), "two".into()],
        ..Arguments::default()
    };
    let settings = run_with(&arguments, &[("ONE", "first-secret"), ("TWO", "second-secret")], &files).0.unwrap();
    assert_eq!(*files.touched.borrow(), ["/etc/credcheck.toml", "op"]);
    for declared in &settings.credentials {
        assert_eq!(declared.checker.as_ref().unwrap().secret.as_ref().unwrap().expose(), key);
    }
    assert_eq!(settings.commands[0].credentials, ["app"]);
}

#[test]
fn systemds_credentials_are_files_of_its_folder() {
    let files = || Fake::default().file("/run/credentials/x.service/bot-token", "abc-123\n");
    let folder = [("CREDENTIALS_DIRECTORY", "/run/credentials/x.service")];
    assert_eq!(secret("systemd = \"bot-token\"", "", &folder, files()).as_deref(), Ok("abc-123"));
    assert_eq!(
        secret("systemd = \"other-token\"", "", &folder, files()).unwrap_err(),
        "the file `/run/credentials/x.service/other-token` does not exist"
    );
    assert_eq!(
        secret("systemd = \"S3cretT0ken\"", "", &folder, files()).unwrap_err(),
        "the file that `token` names does not exist"
    );
    for variables in [&[][..], &[("CREDENTIALS_DIRECTORY", "credentials")], &[("CREDENTIALS_DIRECTORY", " ")]] {
        let reason = secret("systemd = \"bot-token\"", "", variables, files()).unwrap_err();
        assert_eq!(reason, "`CREDENTIALS_DIRECTORY` does not name the folder of a service's credentials");
    }
}

fn git(more: &str, answer: Result<&'static str, CommandError>) -> (Result<String, String>, String) {
    let (result, touched) = settled(&one("git_credential = true", more), &[], Fake::default().command("git", answer));
    let settings = result.unwrap();
    let secret = match &settings.credentials[0].secret {
        Ok(secret) => Ok(secret.expose().to_owned()),
        Err(Withheld::Missing { reason, .. } | Withheld::WrongHost { reason, .. }) => Err(reason.clone()),
    };
    assert!(!format!("{settings:?}").contains("hunter"), "{settings:?}");
    (secret, touched[1].clone())
}

#[test]
fn git_is_asked_for_the_credentials_own_host_alone() {
    let good = "protocol=https\nhost=ghe.acme.dev:8443\nusername=x\npassword=abc-123\nnew_key=1\nstate[]=y\n";
    let (secret, asked) = git("", Ok(good));
    assert_eq!(secret.as_deref(), Ok("abc-123"));
    assert_eq!(asked, "git credential fill < protocol=https\nhost=ghe.acme.dev:8443\n\n");
    let (secret, asked) = git("username = \"@X\"", Ok(good));
    assert_eq!(secret.as_deref(), Ok("abc-123"));
    assert_eq!(asked, "git credential fill < protocol=https\nhost=ghe.acme.dev:8443\nusername=X\n\n");
    // A line end in a name would be a line of the protocol.
    let (result, _) = settled(&one("git_credential = true", "username = \"a\\nhost=evil.dev\""), &[], Fake::default());
    assert_eq!(codes(&result), [Code::BadSettings]);
    let place = "host=ghe.acme.dev:8443\n";
    for (answer, told) in [
        ("host=evil.dev\npassword=hunter2\n".to_owned(), "answered for another host"),
        ("host=ghe.acme.dev\npassword=hunter2\n".to_owned(), "answered for another host"),
        ("protocol=http\nhost=ghe.acme.dev:8443\npassword=hunter2\n".to_owned(), "answered for another protocol"),
        (format!("{place}username=other\npassword=hunter2\n"), "answered for another user"),
        (place.to_owned(), "answered with no password"),
        (format!("{place}username=me\n\npassword=hunter2\n"), "answered with no password"),
        (format!("{place}username=me\npassword=\n"), "answered with an empty password"),
        (format!("{place}password=hunter2\npassword=hunter3\n"), "answered with two passwords"),
        (format!("{place}hunter2\n"), "answered with what is no line of its protocol"),
        (format!("{place}password=hunter2\0x\n"), "answered with what is no line of its protocol"),
        (String::new(), "answered with no password"),
        (
            format!("{place}password=hunter2\npassword_expiry_utc=1780272000\n"),
            "has a password that ended at 2026-06-01T00:00:00Z",
        ),
    ] {
        let (secret, _) = git("username = \"me\"", Ok(Box::leak(answer.clone().into_boxed_str())));
        assert_eq!(secret.unwrap_err(), format!("`git credential fill` {told}"), "{answer}");
    }
    // One second later, one that ends never, one that is no time; a quote is part of the password.
    for end in ["1780272001", "9223372036854775807", "x"] {
        let answer = format!("{place}password_expiry_utc={end}\npassword=\"hunter 2\"\n");
        let (secret, _) = git("", Ok(Box::leak(answer.into_boxed_str())));
        assert_eq!(secret.as_deref(), Ok("\"hunter 2\""));
    }
    let (secret, _) = git("", Err(CommandError::Failed(128)));
    assert_eq!(
        secret.unwrap_err(),
        "`git credential fill` found nothing for https://ghe.acme.dev:8443 (exit status 128)"
    );
    for error in [CommandError::Failed(1), CommandError::NotFound, CommandError::Timeout(30), CommandError::Asked] {
        assert_eq!(git("", Err(error.clone())).0.unwrap_err(), format!("`git credential fill` {error}"));
    }
}

#[test]
fn every_secret_of_gits_answer_is_known_to_the_redactor() {
    let answer = "host=evil.dev\nusername=x\npassword=hunter2-of-the-bot\noauth_refresh_token=refresh-hunter2\n";
    let files = Fake::default().command("git", Ok(answer));
    let (result, _) = settled(&one("git_credential = true", ""), &[], files);
    let settings = result.unwrap();
    let aside: Vec<&str> = settings.aside.iter().map(Secret::expose).collect();
    assert_eq!(aside, ["hunter2-of-the-bot", "refresh-hunter2"]);
    assert!(!format!("{settings:?}").contains("hunter2"), "{settings:?}");
}

#[test]
fn a_netrc_entry_goes_to_its_own_host() {
    let text = "machine api.github.com login a password hunter1\nmachine GHE.acme.dev login acme-bot password abc-123\n\
                machine ghe.acme.dev login other password hunter3\nmachine acme.dev password hunter4\n\
                default login any password hunter5\n";
    let files = || {
        Fake::default()
            .file("/home/me/.netrc", text)
            .file("/run/netrc", "machine ghe.acme.dev login x password def-456")
    };
    let home = [("HOME", "/home/me")];
    let named = |username: &str| secret("netrc = true", &format!("username = \"{username}\""), &home, files());
    assert_eq!(named("acme-bot").as_deref(), Ok("abc-123"));
    let shown = "the file `/home/me/.netrc`";
    assert_eq!(
        named("nobody").unwrap_err(),
        format!("{shown} has no entry for `ghe.acme.dev` whose `login` is the credential's `username` (lines 2 and 3)")
    );
    assert_eq!(
        secret("netrc = true", "", &home, files()).unwrap_err(),
        format!("{shown} has more than one entry for `ghe.acme.dev` that could be meant (lines 2 and 3)")
    );
    let variables = [("HOME", "/home/me"), ("NETRC", "/run/netrc")];
    assert_eq!(secret("netrc = true", "", &variables, files()).as_deref(), Ok("def-456"));
    for (variables, told) in [
        (&[("HOME", "/home/you")][..], "the file `/home/you/.netrc` does not exist"),
        (&[("HOME", "home")], "`HOME` does not say by its whole path where the netrc file is"),
        (
            &[("HOME", "/home/me"), ("NETRC", ".netrc")],
            "`NETRC` does not say by its whole path where the netrc file is",
        ),
        (&[("NETRC", "/S3cretT0ken")], "the file that `NETRC` names does not exist"),
        (&[("NETRC", "/run/open")], "the file `/run/open` may be read or written by others than its owner"),
        (&[("NETRC", "/run/other")], "the file `/run/other` has no entry for `ghe.acme.dev`"),
        (
            &[("NETRC", "/run/default")],
            "the file `/run/default` has no entry for `ghe.acme.dev`; its `default`, line 2, is for every host and is used \
             for none",
        ),
        (&[("NETRC", "/run/bare")], "the entry for `ghe.acme.dev` (line 1) of the file `/run/bare` has no password"),
        (
            &[("NETRC", "/run/nameless")],
            "the entry for `ghe.acme.dev` (line 1) of the file `/run/nameless` has no login",
        ),
        (
            &[("NETRC", "/run/quoted")],
            "the file `/run/quoted` is not read: line 2 has a quotation mark or backslash, which tools read in different ways",
        ),
        (&[], "neither `NETRC` nor `HOME` says where the netrc file is"),
    ] {
        let files = Fake { open: vec!["/run/open"], ..files() }
            .file("/run/open", text)
            .file("/run/other", "machine github.com password hunter2")
            .file("/run/default", "\ndefault password hunter2")
            .file("/run/bare", "machine ghe.acme.dev login hunter2")
            .file("/run/nameless", "machine ghe.acme.dev password hunter2")
            .file("/run/quoted", "machine ghe.acme.dev\npassword \"hunter2\"");
        assert_eq!(secret("netrc = true", "", variables, files).unwrap_err(), told);
    }
}

#[test]
fn settings_of_the_policys_tree_run_and_read_nothing() {
    for source in ["command = [\"op\"]", "git_credential = true", "netrc = true", "systemd = \"bot-token\""] {
        let arguments = Arguments {
            config: Some("/repo/c.toml".into()),
            policy_roots: vec!["/repo".into()],
            ..Arguments::default()
        };
        let variables = [("HOME", "/home/me"), ("CREDENTIALS_DIRECTORY", "/run/credentials")];
        let files = Fake::default().file("/repo/c.toml", one(source, ""));
        let (result, _) = run_with(&arguments, &variables, &files);
        assert_eq!(codes(&result), [Code::UntrustedSettings], "{source}");
        assert_eq!(*files.touched.borrow(), ["/repo/c.toml"], "{source}");
        let (result, _) = run_with(&Arguments { trust_config: true, ..arguments }, &variables, &files);
        assert!(result.is_ok() && files.touched.borrow().len() > 2, "{source}: {:?}", files.touched);
    }
}
