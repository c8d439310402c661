//! What credentials and accounts say of themselves.

use super::*;

fn user(change: impl Fn(&mut Json)) -> Answer {
    let mut body = json!({
        "id": 5512, "username": "project_318_bot_0c9be1d2f3a4", "name": "planbot", "state": "active", "locked": false,
        "bot": true, "external": false, "two_factor_enabled": false,
    });
    change(&mut body);
    answer(200, &body)
}

const USER: &[&str] = &["token.kind", "user.username", "user.is_bot", "user.admin", "user.two_factor"];

/// The account of a token that said what it is.
fn account_of(described_as: Answer, account: Answer) -> Decoded {
    let so_far = facts(&token_self(&pat(), vec![described_as]));
    ask_knowing(&so_far, &pat(), "user", &Target::Credential, USER, vec![account]).1
}

fn kind_of(bot: Option<bool>, username: &str) -> Result<&'static str, Vec<&'static str>> {
    let decoded = account_of(
        described(|_| {}),
        user(|body| {
            body["username"] = username.into();
            body["bot"] = bot.into();
            if bot.is_none() {
                body.as_object_mut().unwrap().remove("bot");
            }
        }),
    );
    match &found(&decoded, "token.kind").knowledge {
        Knowledge::Known(Value::Word(word)) => Ok(word),
        Knowledge::Bounded(Bounds::Candidates(words), _) => Err(words.clone()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn mark_and_name_together_make_the_kind() {
    assert_eq!(kind_of(Some(true), "project_318_bot_0c9be1d2f3a4"), Ok("project"));
    assert_eq!(kind_of(Some(true), "project_7_bot"), Ok("project"));
    assert_eq!(kind_of(Some(true), "project_7_bot12"), Ok("project"));
    assert_eq!(kind_of(Some(true), "group_41_bot_0c9be1"), Ok("group"));
    assert_eq!(kind_of(Some(true), "service_account_group_41_aa"), Ok("service_account"));
    assert_eq!(kind_of(Some(true), "deployer"), Ok("service_account"));
    assert_eq!(kind_of(Some(false), "maria"), Ok("personal"));
    // A name alone proves nothing, nor does its lack where GitLab marks no bots.
    assert_eq!(kind_of(Some(false), "project_318_bot_0c9be1"), Err(vec!["personal", "project"]));
    assert_eq!(kind_of(Some(false), "service_account_33"), Err(vec!["personal", "service_account"]));
    assert_eq!(kind_of(None, "group_41_bot_0c"), Err(vec!["personal", "group"]));
    assert_eq!(kind_of(None, "maria"), Err(vec!["personal", "service_account"]));
    for person in ["project__bot", "project_x_bot", "project_7_bottle", "group_1", "service_accountant"] {
        assert_eq!(kind_of(Some(false), person), Ok("personal"), "{person}");
    }
}

#[test]
fn a_configured_kind_gives_way_to_what_gitlab_shows() {
    let personal = Credential { kinds: vec![host().credential_kind("personal").unwrap()], ..pat() };
    let decoded = ask(&personal, "user", &Target::Credential, USER, vec![user(|_| {})]);
    assert_eq!(word(&decoded, "token.kind"), "project");
    assert!(matches!(decoded.incidents.as_slice(), [Incident::Note { .. }]));
    let marked = described(|body| body["scopes"] = json!(["granular"]));
    let decoded = token_self(&personal, vec![marked]);
    assert_eq!(word(&decoded, "token.kind"), "fine_grained");
    assert_eq!(cause(&decoded, "token.scopes"), Cause::Inapplicable);
}

#[test]
fn two_answers_about_different_accounts_decide_nothing() {
    let decoded = account_of(described(|_| {}), user(|body| body["id"] = 77.into()));
    assert_eq!(cause(&decoded, "user.username"), Cause::Malformed);
}

#[test]
fn an_administrator_is_known_only_where_gitlab_says_so() {
    let admin = |value: Json| {
        account_of(
            described(|_| {}),
            user(move |body| {
                body["username"] = "maria".into();
                body["bot"] = false.into();
                if !value.is_null() {
                    body["is_admin"] = value.clone();
                }
            }),
        )
    };
    assert_eq!(cause(&admin(Json::Null), "user.admin"), Cause::NotRevealable);
    assert_eq!(known(&admin(true.into()), "user.admin"), Value::Bool(true));
    assert_eq!(known(&admin(false.into()), "user.admin"), Value::Bool(false));
}

#[test]
fn a_bot_has_no_second_factor_to_speak_of() {
    assert_eq!(cause(&account_of(described(|_| {}), user(|_| {})), "user.two_factor"), Cause::Inapplicable);
}

#[test]
fn a_date_is_the_first_moment_of_its_day_and_null_is_never() {
    let end = |value: Json| token_self(&pat(), vec![described(move |body| body["expires_at"] = value.clone())]);
    let time = |text: &str| Value::Time(text.parse().unwrap());
    assert_eq!(known(&end("2027-06-01".into()), "token.expires_at"), time("2027-06-01T00:00:00Z"));
    assert_eq!(found(&end(Json::Null), "token.expires_at").knowledge, Knowledge::Absent);
    for odd in [json!("soon"), json!("2027-13-01"), json!(7), json!("")] {
        assert_eq!(cause(&end(odd), "token.expires_at"), Cause::Malformed);
    }
}

#[test]
fn a_refused_account_is_a_refused_credential_and_says_its_state() {
    let so_far = FactSet::new(HostKind::GitLab);
    for (words, state) in [
        ("403 Forbidden - Your account has been blocked.", Some("blocked")),
        ("403 Forbidden - Your account has been deactivated by your administrator.", Some("deactivated")),
        (
            "403 Forbidden - Your account is pending approval from your GitLab administrator.",
            Some("blocked_pending_approval"),
        ),
        ("403 Forbidden - You must accept the Terms of Service in order to perform this action.", None),
    ] {
        let refused = answer(403, &json!({"message": words}));
        let asked = ["user.state", "user.username"];
        let (_, decoded) = ask_knowing(&so_far, &pat(), "user", &Target::Credential, &asked, vec![refused]);
        assert_eq!(refusals(&decoded).len(), 1, "{words}");
        assert!(decoded.ends.is_some());
        match state {
            Some(state) => assert_eq!(word(&decoded, "user.state"), state),
            None => assert_eq!(cause(&decoded, "user.state"), Cause::NotPermitted),
        }
    }
}
