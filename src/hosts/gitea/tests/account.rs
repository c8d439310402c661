//! What the account's own answer tells beside whose it is.

use super::*;

/// What the account says of itself, where the field of its address is this, or missing.
fn email(field: Option<Json>) -> Option<Knowledge> {
    let mut body = json!({
        "id": 7, "login": "acme-bot", "full_name": "", "is_admin": false, "restricted": false,
    });
    if let Some(field) = field {
        body["email"] = field;
    }
    let new = FactSet::new(HostKind::Gitea);
    let answers = [("/user", answer(200, body.to_string()))];
    told(&ask("user", &Target::Credential, &new, &["user.email"], &answers), "user.email").cloned()
}

#[test]
fn the_account_s_address_is_told_and_what_is_no_text_never_is_one() {
    let address = Value::String("bot@acme.example".into());
    assert_eq!(email(Some(json!("bot@acme.example"))), Some(Knowledge::Known(address)));
    assert_eq!(email(Some(json!(""))), Some(Knowledge::Absent));
    for broken in [None, Some(Json::Null), Some(json!(7)), Some(json!(["bot@acme.example"]))] {
        assert!(matches!(email(broken.clone()), Some(Knowledge::Unknown(_))), "{broken:?}");
    }
}
