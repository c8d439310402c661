//! Many credentials: thousands load, each of them once.

use super::*;

/// A settings file of so many credentials, each with a token of its own and some repositories; every second one has a
/// checker.
fn many(count: usize) -> (String, Vec<(String, String)>) {
    let mut text = String::from(
        "[[credential]]\nname = \"checker\"\nhost = \"github\"\napp_id = 1\nprivate_key = { command = [\"key\"] }\n",
    );
    let mut variables = Vec::new();
    for at in 0..count {
        let checker = if at % 2 == 0 { "checker = \"checker\"\n" } else { "" };
        text.push_str(&format!(
            "[[credential]]\nname = \"bot-{at}\"\nhost = \"github\"\n{checker}token = {{ env = \"TOKEN_{at}\" }}\n\
             repositories = [\"acme-{at}/infra\", \"acme-{at}/live\", \"acme-{at}/team-*\"]\n"
        ));
        variables.push((format!("TOKEN_{at}"), classic(&format!("{at:0>6}"))));
    }
    (text, variables)
}

#[test]
fn thousands_of_credentials_load() {
    let count = 4_000;
    let (text, variables) = many(count);
    let key = "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEAx1y2z3a4b5c6d7e8f9\n-----END RSA PRIVATE KEY-----\n";
    let files = Fake::default().file("/etc/credcheck.toml", text).command("key", Ok(key));
    let arguments = Arguments { config: Some("/etc/credcheck.toml".into()), ..Arguments::default() };
    let variables: Vec<(&str, &str)> = variables.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let settings = run_with(&arguments, &variables, &files).0.unwrap();
    assert_eq!(settings.credentials.len(), count + 1);
    assert!(settings.credentials.iter().all(|declared| declared.secret.is_ok()));
    let checkers = settings.credentials.iter().filter_map(|declared| declared.checker.as_ref());
    assert_eq!(checkers.filter(|checker| checker.secret.is_ok()).count(), count / 2);
    let commands = files.touched.borrow().iter().filter(|touched| *touched == "key").count();
    assert_eq!(commands, 1, "the checker's key is read once, for itself and all whom it checks");
}

#[test]
fn equal_tokens_among_many_are_still_one() {
    let (text, mut variables) = many(50);
    let same = variables[7].1.clone();
    variables[31].1 = same;
    let key = "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEAx1y2z3a4b5c6d7e8f9\n-----END RSA PRIVATE KEY-----\n";
    let files = Fake::default().file("/etc/credcheck.toml", text).command("key", Ok(key));
    let arguments = Arguments { config: Some("/etc/credcheck.toml".into()), ..Arguments::default() };
    let variables: Vec<(&str, &str)> = variables.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let settings = run_with(&arguments, &variables, &files).0.unwrap();
    assert_eq!(settings.credentials.len(), 50);
    assert_eq!(reason(&settings, "bot-31"), "it is the token of `bot-7`");
    assert_eq!(scope(&settings, "bot-7").len(), 6);
}
