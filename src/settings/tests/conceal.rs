//! A secret in the wrong place of a settings file: nothing that is said of the file shows it.

use super::*;
use crate::settings::keys::{CREDENTIAL, SECRET};

/// A password, an old token of forty digits, and two texts that fit into names.
fn secrets() -> [String; 4] {
    ["hunter2pw".to_owned(), "a94a8fe5ccb19ba61c4c".repeat(2), "Sup3rS3cret".to_owned(), "Zq9-kT_4.xW".to_owned()]
}

/// What is said of a file that is wrong in every line.
fn said(text: &str) -> String {
    let (result, sources) = with_file(text, &[("BOT", "value-of-bot")]);
    let withheld = |declared: &Declared| format!("{:?}", declared.secret);
    let said = match &result {
        Ok(settings) => settings.credentials.iter().map(withheld).collect::<Vec<_>>().join("\n"),
        Err(error) => format!("{:?}", error.diagnostics()),
    };
    let shown = sources.get(crate::text::source::SourceId(0)).unwrap().text();
    assert_eq!(shown.len(), text.len());
    assert_eq!(shown.matches('\n').count(), text.matches('\n').count());
    format!("{said}\n{shown}")
}

fn assert_hidden(text: &str, secret: &str) {
    let said = said(text);
    assert!(!said.contains(secret), "{secret} of\n{text}\nin\n{said}");
}

#[test]
fn a_secret_in_place_of_any_value_is_starred() {
    for secret in secrets() {
        let forms = [
            secret.clone(),
            format!("bot:{secret}"),
            format!("https://bot:{secret}@ghe.acme.dev"),
            format!("https://{secret}@ghe.acme.dev/api/v3"),
            format!("https://ghe.acme.dev/?private_token={secret}"),
            format!("https://ghe.acme.dev/api/v3?a=b&access_token={secret}#x"),
            format!("https://ghe.acme.dev/{secret}/api"),
            format!("Authorization: Bearer {secret}"),
        ];
        for key in CREDENTIAL {
            for form in &forms {
                // A name is what a credential is called in every report.
                if *key == "name" && form == &secret {
                    continue;
                }
                for value in [
                    format!("\"{form}\""),
                    format!("'{form}'"),
                    format!("'''\n{form}'''"),
                    format!("[\"{form}\"]"),
                    format!("{{ env = \"{form}\" }}"),
                    format!("{{ file = \"{form}\" }}"),
                    format!("{{ command = \"{form}\" }}"),
                    format!("{{ command = [\"{form}\"] }}"),
                    format!("{{ command = [\"sh\", \"-c\", \"echo {form}\"] }}"),
                    format!("{{ {key} = {{ deep = [{{ deeper = \"{form}\" }}] }} }}"),
                ] {
                    let head = "[[credential]]\nhost = \"githib\"\ncolour = 1\n";
                    assert_hidden(&format!("{head}{key} = {value}\n"), &secret);
                    assert_hidden(&format!("{key} = {value}\n"), &secret);
                }
            }
        }
        for form in &forms {
            for text in [
                format!("[inputs]\nmax_age = \"{form}\"\nother = 1.5\ncolour = {{ a = 1 }}\n"),
                format!("repositories = [\"{form}\"]\n"),
                format!("headers = {{ Authorization = \"{form}\" }}\n"),
                format!("\"{form}\" = 1\n"),
                format!("[\"{form}\"]\nx = 1\n"),
                format!("# {form}\ncolour = 1 # {form}\n"),
                format!("[[credential]]\nname = \"a\"\n\"{form}\" = 1\n"),
                format!("[[credential]]\ntoken.env = \"{form}\"\n"),
                format!("[[credential]]\ntoken = {{ \"{form}\" = \"x\" }}\n"),
            ] {
                assert_hidden(&text, &secret);
            }
        }
        for way in SECRET {
            let text = format!(
                "[[credential]]\nname = \"a\"\nhost = \"github\"\ntoken = {{ {way} = {} }}\n",
                if *way == "command" { format!("[\"{secret}\"]") } else { format!("\"{secret}\"") }
            );
            assert_hidden(&text, &secret);
        }
    }
}

#[test]
fn of_a_file_that_is_no_toml_no_value_is_shown() {
    for secret in secrets() {
        for text in [
            format!("[[credential]]\nname = \"a\"\nurl = https://bot:{secret}@ghe.acme.dev\n"),
            format!("[[credential]\nusername = \"{secret}\"\n"),
            format!("[[credential]]\nname = \"{secret}\ntoken = \"x\"\n"),
            format!("credential:\n  - name: {secret}\n    url: \"https://x:{secret}@ghe.acme.dev\"\n    {secret}\n"),
            format!("credential:\n- {{name: a, token: {secret}}}\n- token: |\n    {secret}\n"),
            format!("{{\"credential\": [{{\"username\": \"{secret}\"}}]}}"),
            format!("machine ghe.acme.dev\nlogin bot\npassword {secret}\n"),
            format!("machine ghe.acme.dev login bot password {secret}"),
            format!("export BOT_TOKEN={secret}\n"),
            format!("https://bot:{secret}@ghe.acme.dev\n"),
            format!("{secret}\n"),
            secret.clone(),
            format!("token {secret} = \n"),
            format!("a = 1\na = 2\nusername = \"{secret}\"\nname = \"{secret}\"\n"),
            format!("name = \"\\q{secret}\"\n"),
        ] {
            assert_hidden(&text, &secret);
        }
    }
}

#[test]
fn what_can_hold_no_secret_is_still_shown() {
    let text = "repositories = [\"acme/infra\", 'acme/live-*']\n\
                [inputs]\nmax_age = \"30d\"\ncount = 3\n\
                [[credential]]\nname = \"bot\"\nhost = \"githib\"\nkind = \"clasic\"\n\
                url = \"https://ghe.acme.dev/api/v3\"\ninsecure_http = true\napp_id = 300001\n\
                token = { env = \"ATLANTIS_GH_TOKEN\" }\nchecker = 'bot'\n\
                private_key = { file = \"/run/secrets/app.pem\" }\ncolour = {}\n\
                [[credential]]\nname = \"two\"\ntoken = { command = [\"op\", \"****\"] }\n";
    let (_, sources) = with_file(text, &[]);
    let shown = sources.get(crate::text::source::SourceId(0)).unwrap().text();
    assert_eq!(shown, text);
}

#[test]
fn a_variable_that_is_set_is_named_and_another_only_if_it_looks_like_one() {
    let withheld = |variable: &str, set: &[(&str, &str)]| {
        let text = format!("[[credential]]\nname = \"a\"\nhost = \"github\"\ntoken = {{ env = \"{variable}\" }}\n");
        match &with_file(&text, set).0.unwrap().credentials[0].secret {
            Err(Withheld::Missing { reason, .. }) => reason.clone(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(withheld("BOT_TOKEN", &[]), "the environment variable `BOT_TOKEN` is not set");
    assert_eq!(withheld("hunter2", &[]), "the environment variable that `token` names is not set");
    assert!(withheld("hunter2", &[("hunter2", "a\u{7}b")]).starts_with("the environment variable `hunter2` holds"));
}

#[test]
fn a_secret_in_a_variable_for_a_path_is_not_shown() {
    let settings = from_environment(&[("ATLANTIS_GH_USER", "bot"), ("ATLANTIS_GH_TOKEN_FILE", "hunter2pw")]);
    assert!(!format!("{:?}", settings.credentials[0].secret).contains("hunter2pw"));
}
