//! Who may say where a secret goes: the operator, never a policy or a file beside it.

use std::os::unix::fs::PermissionsExt as _;

use crate::bench::{Bench, SIX, acme, classic, good, link, paths};
use crate::hostile::{Hostile, answer};

#[test]
fn settings_in_the_policys_tree_declare_no_credentials() {
    let mut bench = Bench::new();
    let token = classic("tree");
    let host = bench.host(acme().token(good(&token)));
    bench.secret(&token);
    bench.variable("ANY_TOKEN", &token);
    bench.policy(SIX);
    let text = format!(
        "[[credential]]\nname = \"bot\"\nhost = \"github\"\nurl = \"{0}\"\napi_url = \"{0}\"\ntoken = {{ env = \
         \"ANY_TOKEN\" }}\nrepositories = [\"acme/infra\"]\n",
        host.url()
    );
    bench.file("team/credcheck.toml", &text);
    bench.file("team/deep/er/credcheck.toml", &text);
    for path in ["credcheck.toml", "deep/er/credcheck.toml", "../team/credcheck.toml", "deep/../credcheck.toml"] {
        bench.check(&["--config", path]).says("--trust-config").exits(4);
        bench.run(&["plan", "check.pol", "--config", path]).says("--trust-config").exits(4);
    }
    assert_eq!(paths(&host), [""; 0]);
    bench.check(&["--config", "credcheck.toml", "--trust-config"]).exits(0);
    // It is never picked up by itself.
    bench.check(&[]).exits(3).shows("no credential");
    bench.file("team/scope.toml", "repositories = [\"acme/infra\"]\n");
    bench.check(&["--config", "scope.toml"]).saying_anything().exits(3).shows("no credential");
}

#[test]
fn a_policy_cannot_name_where_secrets_are_or_go() {
    let (bench, host) = Bench::usual(SIX);
    for text in [
        "host github {\n  require token.scopes covers [env(\"HOME\")]\n}\n",
        "host github url \"https://evil.example\" {\n  require token.active\n}\n",
        "host github {\n  token = { env = \"HOME\" }\n}\n",
        "input x: string = env.HOME\nhost github {\n  require user.username == x\n}\n",
        "credential \"x\" {\n  url = \"https://evil.example\"\n}\n",
        "use \"https://evil.example/x.pol\"\n",
        "use \"/etc/passwd\"\n",
        "use \"../../.git/config\"\n",
        "use \"../operator/settings.toml\"\n",
        "use \".git/x.pol\"\n",
    ] {
        bench.policy(text);
        let ended = bench.check(&[]).saying_anything().exits(4);
        assert!(!ended.stderr.contains("root:") && !ended.stderr.contains("[[credential]]"), "{}", ended.stderr);
    }
    assert_eq!(paths(&host), [""; 0]);
}

#[test]
fn links_and_hidden_folders_lead_nowhere() {
    let (bench, _host) = Bench::usual(SIX);
    let secret = bench.file("operator/secrets/private.txt", "hunter2-of-the-operator");
    let outside = bench.file("operator/other.pol", "host github {\n  rule hunter2 { require token.active }\n}\n");
    let hidden = bench.file("team/.git/hooks/x.pol", "hunter2 { }\n");
    link(&secret, &bench.path("team/x.pol"));
    link(&outside, &bench.path("team/y.pol"));
    link(&hidden, &bench.path("team/z.pol"));
    link(&bench.path("operator"), &bench.path("team/folder"));
    link(&bench.path("team/loop.pol"), &bench.path("team/loop.pol"));
    for import in
        ["x.pol", "y.pol", "z.pol", "folder/other.pol", "loop.pol", ".git/hooks/x.pol", "../operator/other.pol"]
    {
        bench.policy(&format!("use \"{import}\"\n{SIX}"));
        let ended = bench.check(&[]).saying_anything().exits(4);
        assert!(!ended.stderr.contains("hunter2"), "{import}\n{}", ended.stderr);
    }
}

#[test]
fn pipes_and_folders_are_no_policies() {
    let (bench, _host) = Bench::usual("use \"folder.pol\"\n");
    std::fs::create_dir(bench.path("team/folder.pol")).unwrap();
    bench.check(&[]).saying_anything().exits(4);
    let made = std::process::Command::new("mkfifo").arg(bench.path("team/pipe.pol")).status().unwrap();
    assert!(made.success());
    bench.run(&["pipe.pol"]).saying_anything().exits(4);
    bench.policy("use \"pipe.pol\"\n");
    bench.check(&[]).saying_anything().exits(4);
    bench.check(&["--config", "pipe.pol"]).saying_anything().exits(4);
    bench.policy(SIX);
    bench.check(&["--replay", "pipe.pol"]).saying_anything().exits(4);
}

#[test]
fn literal_tokens_are_refused_and_not_echoed() {
    let mut bench = Bench::new();
    let token = classic("literal");
    bench.secret(&token);
    let policy =
        bench.file("operator/secrets/x.pol", format!("host github {{\n  require user.username == \"{token}\"\n}}\n"));
    bench.run(&[&policy.display().to_string()]).says("C0117").exits(4);
    bench.policy(SIX);
    let settings = bench.file(
        "operator/secrets/settings.toml",
        format!("[[credential]]\nname = \"bot\"\nhost = \"github\"\ntoken = \"{token}\"\n"),
    );
    bench.check(&["--config", &settings.display().to_string()]).says("C0117").exits(4);
    bench.check(&["--set", &format!("x={token}")]).saying_anything().exits(2);
    bench.check(&["--repository", &format!("acme/{token}")]).saying_anything().exits(2);
    bench.check(&["--host", &token]).saying_anything().exits(2);
    bench.check(&[&format!("--{token}")]).saying_anything().exits(2);
    bench.run(&[&format!("{token}.pol")]).saying_anything().exits(4);
}

#[test]
fn secrets_come_from_files_and_commands() {
    let mut bench = Bench::new();
    let token = classic("from-file");
    let host = bench.host(acme().token(good(&token)));
    bench.secret(&token);
    let file = bench.file("operator/secrets/token", format!("{token}\n"));
    bench.policy(SIX);
    let settings = |source: &str| {
        bench.file(
            "operator/other.toml",
            format!(
                "[[credential]]\nname = \"bot\"\nhost = \"github\"\nurl = \"{0}\"\napi_url = \"{0}\"\ntoken = {{ {source} \
                 }}\nrepositories = [\"acme/infra\"]\n",
                host.url()
            ),
        )
    };
    let file = file.display().to_string();
    let run = |source: &str| {
        let path = settings(source).display().to_string();
        bench.check(&["--config", &path])
    };
    run(&format!("file = \"{file}\"")).exits(0);
    run(&format!("command = [\"/bin/cat\", \"{file}\"]")).exits(0);
    let script = bench.file("operator/secrets/script", format!("#!/bin/sh\necho {token} >&2\nexit 3\n"));
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755)).unwrap();
    run(&format!("command = [\"{}\"]", script.display())).saying_anything().exits(1).shows("credential-valid");
    run("file = \"missing\"").saying_anything().exits(1).shows("credential-valid").shows("0 requests");
    run("env = \"NOT_SET\"").saying_anything().exits(1).shows("NOT_SET");
    run("command = [\"no-such-program-here\"]").saying_anything().exits(1);
    bench.file("operator/secrets/broken", format!("{token}\nsecond line\n"));
    run(&format!("file = \"{}\"", bench.path("operator/secrets/broken").display())).saying_anything().exits(1);
}

#[test]
fn addresses_that_no_secret_goes_to() {
    let mut bench = Bench::new();
    bench.policy(SIX);
    let token = classic("address");
    bench.secret(&token);
    bench.variable("T", &token);
    for url in [
        "https://user:pass@git.acme.example",
        "http://git.acme.example",
        "file:///etc/passwd",
        "ftp://git.acme.example",
        "git.acme.example/path?x=1",
        "https://",
        "javascript:alert(1)",
    ] {
        let path = bench.file(
            "operator/other.toml",
            format!("[[credential]]\nname = \"bot\"\nhost = \"github\"\nurl = \"{url}\"\ntoken = {{ env = \"T\" }}\n"),
        );
        bench.check(&["--config", &path.display().to_string()]).saying_anything().exits(4);
    }
}

#[test]
fn a_token_never_follows_to_another_origin() {
    let other = Hostile::answering(|_| answer("200 OK", &[], "{}"));
    let elsewhere = other.url();
    for status in
        ["301 Moved Permanently", "302 Found", "303 See Other", "307 Temporary Redirect", "308 Permanent Redirect"]
    {
        let target = format!("{elsewhere}/user");
        let host = Hostile::answering(move |_| answer(status, &[("location", &target)], "{}"));
        let mut bench = Bench::new();
        bench.credential_at("bot", &host.url(), &host.url(), &classic("redirect"), r#"repositories = ["acme/infra"]"#);
        bench.policy(SIX);
        bench.check(&[]).exits(3).shows("redirect").shows("decided 0 of 6");
    }
    assert_eq!(other.heads().len(), 0, "{:?}", other.heads());
}

#[test]
fn a_list_is_not_read_on_at_another_origin() {
    let other = Hostile::answering(|_| answer("200 OK", &[], "[]"));
    let next = format!("<{}/user/repos?page=2>; rel=\"next\"", other.url());
    let host = crate::hostile::mostly_right(move |head| {
        head.line.starts_with("GET /user/repos").then(|| {
            let link = [("link", next.as_str())];
            let headers = [&crate::hostile::HEADERS[..], &link].concat();
            answer("200 OK", &headers, format!("[{}]", crate::hostile::repository("acme/infra")))
        })
    });
    let mut bench = Bench::new();
    bench.credential_at("bot", &host.url(), &host.url(), &classic("link"), r#"repositories = ["acme/*"]"#);
    bench.policy("host github {\n  require repository.permission >= write\n}\n");
    bench.check(&[]).exits(3);
    assert_eq!(other.heads().len(), 0, "{:?}", other.heads());
}

#[test]
fn excerpts_of_settings_show_no_secret_in_any_format() {
    let mut bench = Bench::new();
    bench.policy(SIX);
    let secrets = ["correct0Horse9battery", "a94a8fe5ccb19ba61c4c0873d391e987982fbbd3"];
    for secret in secrets {
        bench.secret(secret);
    }
    for secret in secrets {
        let head = "[[credential]]\nname = \"bot\"\nhost = \"github\"\n";
        for text in [
            format!("{head}url = \"https://bot:{secret}@ghe.acme.dev\"\ntoken = {{ env = \"BOT\" }}\n"),
            format!("{head}api_url = \"https://bot:{secret}@ghe.acme.dev/api/v3\"\ntoken = {{ env = \"BOT\" }}\n"),
            format!("{head}url = \"https://ghe.acme.dev/?private_token={secret}\"\ntoken = {{ env = \"BOT\" }}\n"),
            format!("{head}username = \"bot:{secret}\"\ntoken = {{ env = \"BOT\" }}\n"),
            format!("{head}token = {{ env = \"{secret}\" }}\n"),
            format!("{head}token = {{ env = \"{secret}\" }}\ncolour = 1\n"),
            format!("{head}token = {{ file = \"{secret}\" }}\n"),
            format!("{head}token = {{ command = [\"{secret}\"] }}\n"),
            format!("{head}token = {{ command = [\"false\", \"{secret}\"] }}\ncolour = 1\n"),
            format!("{head}token = {{ env = \"BOT\" }}\nchecker = \"{secret}\"\n"),
            format!("{head}token = {{ env = \"BOT\" }}\nheaders = {{ Authorization = \"Bearer {secret}\" }}\n"),
            format!("[inputs]\nmax_age = \"{secret}\"\n"),
            format!("name = \"{secret}\n"),
            format!("credential:\n  - url: https://bot:{secret}@ghe.acme.dev\n"),
            format!("machine ghe.acme.dev login bot password {secret}\n"),
        ] {
            // The bench itself reads every file below its folder, and this one holds secrets.
            bench.file("operator/secrets/wrong.toml", &text);
            for format in ["human", "narrated", "json"] {
                for first in [&["check.pol"] as &[_], &["facts"], &["plan", "check.pol"]] {
                    let mut arguments = first.to_vec();
                    arguments.extend(["--config", "../operator/secrets/wrong.toml", "--format", format]);
                    let ended = bench.run(&arguments).saying_anything().ends();
                    assert!(ended.stdout.len() + ended.stderr.len() > 0, "{text}");
                }
            }
        }
    }
}
