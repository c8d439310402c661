//! Texts of refusals: each row that the servers' sources and answers show, by name.

use super::*;

#[test]
fn text_of_5_1_invalid_username_password_or_token() {
    is_refused("invalid username, password or token");
}

#[test]
fn text_of_5_1_user_does_not_exist() {
    is_refused("user does not exist [uid: 0, name: ]");
}

#[test]
fn text_of_5_1_access_token_does_not_exist() {
    is_refused("access token does not exist [sha: not-a-real-token]");
}

#[test]
fn text_of_5_1_several_lines_of_a_forgejo_16_constructed() {
    is_refused(
        "access token does not exist [sha: not-a-real-token]\ntask with token \"not-a-real-token\": no such task",
    );
}

#[test]
fn text_of_5_1_token_is_required() {
    is_refused("token is required");
}

#[test]
fn text_of_5_1_prohibited_from_signing_in() {
    let text = "This account is prohibited from signing in, please contact your site administrator.";
    account_is_refused(text, "may not sign in");
}

#[test]
fn text_of_5_1_account_is_not_activated_constructed() {
    account_is_refused("This account is not activated.", "never activated");
}

#[test]
fn text_of_5_1_must_change_password() {
    let text = "You must change your password. Change it at: https://git.acme.dev//user/change_password";
    account_is_refused(text, "changes its password");
}

#[test]
fn text_of_5_1_two_factor_in_two_languages() {
    for text in [
        "This Forgejo instance requires users to enable two-factor authentication before they can access their accounts. \
         Enable it at: https://git.acme.dev/user/settings/security",
        "Diese Forgejo-Instanz verlangt von den Benutzern, dass sie die Zwei-Faktor-Authentifizierung aktivieren: \
         https://git.acme.dev/user/settings/security",
    ] {
        account_is_refused(text, "second factor");
    }
}

#[test]
fn text_of_5_1_only_signed_in_users() {
    says_nothing_of_the_credential(403, "Only signed in user is allowed to call APIs.");
}

#[test]
fn text_of_5_1_only_administrators_sudo() {
    says_nothing_of_the_credential(403, "Only administrators allowed to sudo.");
}

#[test]
fn text_of_5_1_checking_scope_failed_constructed() {
    let decoded = first(message(403, "checking scope failed: invalid access token scope: repo"));
    assert!(refusal(&decoded).unwrap().0.contains("holds scopes that the host cannot read"), "{decoded:?}");
}

#[test]
fn text_of_5_1_required_scopes() {
    let decoded = first(message(403, "token does not have at least one of required scope(s): [read:user]"));
    assert_eq!(told(&decoded, "token.active"), Some(&Knowledge::Known(Value::Bool(true))));
    let Some(Knowledge::Bounded(Bounds::Names { granted, denied }, _)) = told(&decoded, "token.scopes") else {
        panic!("{decoded:?}")
    };
    assert!(granted.is_empty());
    assert_eq!(denied.names(), ["all", "read:user", "write:user"]);
    assert_eq!(told(&decoded, "token.kind"), Some(&Knowledge::Known(Value::Word("personal"))), "Gitea has no other");
}

#[test]
fn text_of_5_1_required_scopes_with_those_held() {
    let text = "token does not have at least one of required scope(s), required=[read:user], token scope=public-only,write:issue";
    let decoded = first(message(403, text));
    let Some(Knowledge::Known(Value::Names(scopes))) = told(&decoded, "token.scopes") else { panic!("{decoded:?}") };
    assert_eq!(scopes.names(), ["write:issue"]);
    assert_eq!(told(&decoded, "token.public_only"), Some(&Knowledge::Known(Value::Bool(true))));
}

/// The restriction is there, and the scope too: the refusal is not about a missing scope.
fn proves_public_only(text: &str) {
    let decoded = first(message(403, text));
    assert_eq!(told(&decoded, "token.public_only"), Some(&Knowledge::Known(Value::Bool(true))), "{text}");
    assert!(!matches!(told(&decoded, "token.scopes"), Some(Knowledge::Bounded(..))), "{decoded:?}");
}

#[test]
fn text_of_5_1_limited_to_public_repos_issues_users() {
    for of in ["repos", "issues", "users"] {
        proves_public_only(&format!("token scope is limited to public {of}"));
    }
}

#[test]
fn text_of_5_1_limited_to_public_orgs_activitypub_notifications_packages_constructed() {
    for of in ["orgs", "activitypub", "notifications", "packages"] {
        proves_public_only(&format!("token scope is limited to public {of}"));
    }
}

#[test]
fn text_of_5_1_not_available_for_public_only_tokens() {
    proves_public_only("this endpoint is not available for public-only tokens");
}

#[test]
fn texts_of_5_1_about_roles_say_nothing_of_the_credential() {
    for text in [
        "user should be the site admin",
        "user should be the owner of the repo",
        "user should be an owner or a collaborator with admin write of a repository",
        "user should have specific read permission or be a repo admin or a site admin",
        "Must be an organization owner",
    ] {
        says_nothing_of_the_credential(403, text);
    }
}

#[test]
fn texts_of_5_1_about_roles_that_were_never_seen_constructed() {
    for text in [
        "user should have a permission to write to a repo",
        "Must be an organization member",
        "must be allowed to edit Git hooks",
    ] {
        says_nothing_of_the_credential(403, text);
    }
}

#[test]
fn statuses_of_5_1_that_decide_nothing_constructed() {
    for (status, text) in [(423, "acme/infra is archived"), (413, "quota exceeded"), (429, "slow down"), (500, "")] {
        says_nothing_of_the_credential(status, text);
    }
}
