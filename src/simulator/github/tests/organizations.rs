//! Memberships, and the organisation's policies on credentials.

use super::super::{Access, Installation};
use super::*;

const MEMBERSHIP: &str = "/user/memberships/orgs/acme";
const INFRA: &str = "/repos/acme/infra";
const DOCS: &str = "/repos/acme/docs";

/// An organisation with policies, a private and a public repository.
fn world(organization: Organization) -> World {
    World::new(now())
        .organization(organization.member("bot", OrganizationRole::Member))
        .repository(Repository::new("acme/infra").private())
        .repository("acme/docs")
}

#[tokio::test]
async fn a_membership_has_state_and_role() {
    let world = |organization: Organization| World::new(now()).organization(organization).token(classic(&["read:org"]));
    for (organization, state, role) in [
        (Organization::new("acme").member("bot", OrganizationRole::Member), "active", "member"),
        (Organization::new("acme").member("bot", OrganizationRole::Admin), "active", "admin"),
        (Organization::new("acme").pending("bot", OrganizationRole::Admin), "pending", "admin"),
        (Organization::new("acme").member("bot", OrganizationRole::BillingManager), "active", "billing_manager"),
    ] {
        let running = world(organization).start().unwrap();
        let got = get(&running, "ghp", MEMBERSHIP).await;
        let body = got.json();
        assert_eq!((&body["state"], &body["role"]), (&state.into(), &role.into()));
        assert_eq!(body["organization"]["login"], "acme");
        assert_eq!(body["url"], format!("{}/orgs/acme/memberships/bot", running.api_url()));
        assert_eq!(got.header("x-accepted-oauth-scopes").unwrap(), "admin:org, read:org, repo, user, write:org");
    }
    // An outside collaborator is no member.
    let outside = world(Organization::new("acme"))
        .repository(Repository::new("acme/infra").private().collaborator("bot", Level::Write))
        .start()
        .unwrap();
    assert_eq!(get(&outside, "ghp", MEMBERSHIP).await.error(), (404, "Not Found".to_owned()));
    assert_eq!(get(&outside, "ghp", "/user/memberships/orgs/ghost").await.status, 404);
    assert_eq!(get(&outside, "", MEMBERSHIP).await.status, 401);
}

#[tokio::test]
async fn a_membership_takes_one_of_several_scopes_or_the_permission() {
    for (scopes, status) in [
        (&["read:org"][..], 200),
        (&["write:org"], 200),
        (&["repo"], 200),
        (&["user"], 200),
        (&["gist"], 404),
        (&["user:email"], 404),
        (&[], 404),
    ] {
        let running = acme().token(classic(scopes)).start().unwrap();
        assert_eq!(get(&running, "ghp", MEMBERSHIP).await.status, status, "{scopes:?}");
    }
    let running = acme()
        .token(fine_grained())
        .installation(Installation::new(1, "acme-bot", "acme").permissions([("members", Access::Read)]))
        .token(Token::installation(&text("ghs"), 1))
        .token(Token::app_user(&text("ghu"), "acme-bot").owner("bot"))
        .start()
        .unwrap();
    let got = get(&running, "github_pat", MEMBERSHIP).await;
    assert_eq!(got.error(), (403, "Resource not accessible by personal access token".to_owned()));
    assert_eq!(got.header("x-accepted-github-permissions").unwrap(), "members=read");
    assert_eq!(get(&running, "ghs", MEMBERSHIP).await.error().0, 403);
    assert_eq!(get(&running, "ghu", MEMBERSHIP).await.status, 200);
    let running = acme().token(fine_grained().permissions([("members", Access::Read)])).start().unwrap();
    assert_eq!(get(&running, "github_pat", MEMBERSHIP).await.status, 200);
    let running =
        acme().token(fine_grained().permissions([("members", Access::Read)]).resource_owner("other")).start().unwrap();
    assert_eq!(get(&running, "github_pat", MEMBERSHIP).await.status, 403);
}

#[tokio::test]
async fn the_second_factor_rule_is_for_owners_with_admin_org() {
    let shown = async |role, scope: &str| {
        let organization = Organization::new("acme").requires_two_factor().member("bot", role);
        let running = World::new(now()).organization(organization).token(classic(&[scope])).start().unwrap();
        let got = get(&running, "ghp", "/orgs/acme").await;
        assert_eq!(got.status, 200);
        got.json().get("two_factor_requirement_enabled").and_then(Value::as_bool)
    };
    assert_eq!(shown(OrganizationRole::Admin, "admin:org").await, Some(true));
    assert_eq!(shown(OrganizationRole::Admin, "read:org").await, None);
    assert_eq!(shown(OrganizationRole::Member, "admin:org").await, None);
    let running = World::new(now()).organization("acme").start().unwrap();
    assert_eq!(get(&running, "", "/orgs/acme").await.json()["login"], "acme");
    assert_eq!(get(&running, "", "/orgs/ghost").await.status, 404);
}

#[tokio::test]
async fn single_sign_on_refuses_with_an_address() {
    let oauth = Token::oauth_app(&text("gho"), "0123").owner("bot").scopes(["repo"]);
    let running = world(Organization::new("acme").enforces_sso())
        .token(classic(&["repo", "read:org"]))
        .token(oauth)
        .token(fine_grained())
        .start()
        .unwrap();
    let got = get(&running, "ghp", INFRA).await;
    assert_eq!(
        got.error(),
        (
            403,
            "Resource protected by organization SAML enforcement. You must grant your Personal Access token access \
             to this organization."
                .to_owned()
        )
    );
    assert!(got.header("x-github-sso").unwrap().starts_with("required; url=https://github.com/orgs/acme/sso?"));
    assert_eq!(get(&running, "ghp", MEMBERSHIP).await.status, 403);
    assert!(get(&running, "gho", INFRA).await.message().contains("grant your OAuth token access"));
    // Authorised when it was made.
    assert_eq!(get(&running, "github_pat", INFRA).await.status, 200);
    assert_eq!(get(&running, "ghp", DOCS).await.status, 200);
    // Without `repo` there is nothing to refuse: it is hidden.
    let hidden = world(Organization::new("acme").enforces_sso()).token(classic(&["gist"])).start().unwrap();
    let got = get(&hidden, "ghp", INFRA).await;
    assert_eq!((got.status, got.header("x-github-sso")), (404, None));
    let authorized =
        world(Organization::new("acme").enforces_sso()).token(classic(&["repo"]).sso_authorized("acme")).start();
    assert_eq!(get(&authorized.unwrap(), "ghp", INFRA).await.status, 200);
}

#[tokio::test]
async fn classic_tokens_can_be_banned_for_what_is_public_too() {
    let running = world(Organization::new("acme").forbids_classic())
        .token(classic(&["repo"]))
        .token(fine_grained())
        .start()
        .unwrap();
    for path in [INFRA, DOCS, MEMBERSHIP, "/orgs/acme"] {
        let got = get(&running, "ghp", path).await;
        assert_eq!(got.status, 403, "{path}");
        assert!(got.message().starts_with("`acme` forbids access via a personal access token (classic)."), "{path}");
    }
    assert_eq!(get(&running, "github_pat", INFRA).await.status, 200);
    // The list leaves them out without a word.
    assert_eq!(get(&running, "ghp", "/user/repos").await.names(), Vec::<String>::new());
}

#[tokio::test]
async fn long_lived_fine_grained_tokens_are_refused_and_told_where_to_mend() {
    let got = async |token: Token, path: &str| {
        let running = world(Organization::new("acme").longest_lifetime_days(90)).token(token).start().unwrap();
        get(&running, "github_pat", path).await
    };
    let endless =
        || Token::fine_grained(&text("github_pat")).owner("bot").resource_owner("acme").selected(["acme/infra"]);
    for path in [INFRA, DOCS] {
        let refused = got(endless(), path).await;
        assert_eq!(refused.status, 403);
        assert!(refused.message().contains("lifetime is greater than 90 days"));
        assert!(refused.message().ends_with("https://github.com/settings/personal-access-tokens/1234567"));
    }
    assert_eq!(got(endless().expires_in_days(90), INFRA).await.status, 200);
    assert_eq!(got(endless().expires_in_days(91), INFRA).await.status, 403);
    assert_eq!(got(endless().expires_in_days(30).created_days_ago(61), INFRA).await.status, 403);
}

#[tokio::test]
async fn oauth_apps_need_approval_and_allow_lists_an_address() {
    let app = |id: &str| Token::oauth_app(&text("gho"), id).owner("bot").scopes(["repo"]);
    let restricted = || world(Organization::new("acme").approves_oauth_apps(["0123"]));
    let running = restricted().token(app("4567")).start().unwrap();
    let got = get(&running, "gho", INFRA).await;
    assert_eq!(got.status, 403);
    assert!(got.message().contains("has enabled OAuth App access restrictions"));
    assert_eq!(get(&running, "gho", DOCS).await.status, 200);
    assert_eq!(get(&restricted().token(app("0123")).start().unwrap(), "gho", INFRA).await.status, 200);
    let running = world(Organization::new("acme").ip_allow_list())
        .installation(Installation::new(1, "acme-bot", "acme"))
        .token(Token::installation(&text("ghs"), 1))
        .token(fine_grained())
        .start()
        .unwrap();
    for prefix in ["ghs", "github_pat"] {
        let got = get(&running, prefix, INFRA).await;
        assert_eq!(got.status, 403);
        assert!(got.message().contains("has an IP allow list enabled"));
    }
}
