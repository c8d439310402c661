//! Secrets by their shape: what goes nowhere.

use super::*;

#[test]
fn a_secret_of_another_vendor_is_not_handed_out() {
    let gitlab_token = gitlab();
    let settings = from_environment(&[("ATLANTIS_GH_TOKEN", &gitlab_token)]);
    let Err(Withheld::WrongHost { reason, help }) = &settings.credentials[0].secret else { panic!("handed out") };
    assert_eq!(
        reason,
        "the secret looks like a GitLab access token and would have gone to GitHub at https://github.com"
    );
    assert!(help.contains("`host = \"gitlab\"`"));
    assert!(!format!("{settings:?}").contains(&gitlab_token));
    for (token, words) in [
        (["ghr", &"x1".repeat(38)].join("_"), "it only gets other tokens"),
        (["xoxb", &"123-abc".repeat(4)].join("-"), "a Slack bot token"),
        (["glrt", &"Zy9_".repeat(5)].join("-"), "a GitLab runner token"),
        ("-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----".into(), "private key"),
    ] {
        let settings = from_environment(&[("ATLANTIS_GH_TOKEN", &token)]);
        let Err(Withheld::WrongHost { reason, .. }) = &settings.credentials[0].secret else { panic!("handed out") };
        assert!(reason.contains(words), "{reason}");
    }
    let jwt = ["eyJhbGciOiJSUzI1NiJ9", "eyJpc3MiOiIzMDAwMDEifQ", "c2ln"].join(".");
    assert!(from_environment(&[("ATLANTIS_GH_TOKEN", &jwt)]).credentials[0].secret.is_ok());
    assert!(from_environment(&[("ATLANTIS_GH_TOKEN", &"0f".repeat(20))]).credentials[0].secret.is_ok());
    let runner = ["gloas", &"0f".repeat(32)].join("-");
    let settings = from_environment(&[("ATLANTIS_GITLAB_TOKEN", &runner)]);
    assert!(matches!(&settings.credentials[0].secret, Err(Withheld::WrongHost { .. })));
}

#[test]
fn an_atlassian_token_needs_an_email_address() {
    let token = ["ATATT3xFf", &"kQ9".repeat(12)].concat();
    for (user, fits) in [(Some("bot@acme.dev"), true), (Some("acme-bot"), false), (None, false)] {
        let mut variables = vec![("ATLANTIS_BITBUCKET_TOKEN", token.as_str())];
        variables.extend(user.map(|user| ("ATLANTIS_BITBUCKET_USER", user)));
        assert_eq!(from_environment(&variables).credentials[0].secret.is_ok(), fits, "{user:?}");
    }
}

#[test]
fn a_text_that_no_header_carries_is_missing() {
    let settings = from_environment(&[("ATLANTIS_GH_TOKEN", "one\ntwo")]);
    let Err(Withheld::Missing { reason, .. }) = &settings.credentials[0].secret else { panic!("handed out") };
    assert!(reason.contains("control character"), "{reason}");
}
