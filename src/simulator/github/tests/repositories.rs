//! What a credential sees of a repository.

use super::super::{Access, Hook, Installation};
use super::*;

fn infra(level: Level) -> World {
    World::new(now())
        .organization(Organization::new("acme").base_permission(Level::None).member("bot", OrganizationRole::Member))
        .repository(Repository::new("acme/infra").private().collaborator("bot", level))
        .repository("acme/docs")
}

fn installed() -> Installation {
    Installation::new(41_000_001, "acme-bot", "acme")
}

fn server_to_server() -> Token {
    Token::installation(&text("ghs"), 41_000_001)
}

fn flags(got: &Got) -> [bool; 5] {
    let permissions = &got.json()["permissions"];
    ["admin", "maintain", "push", "triage", "pull"].map(|name| permissions[name].as_bool().unwrap())
}

#[tokio::test]
async fn scopes_decide_what_a_classic_token_sees() {
    for (scopes, status) in
        [(&["repo"][..], 200), (&["public_repo"], 404), (&["gist", "read:org"], 404), (&[], 404), (&["admin:org"], 404)]
    {
        let running = acme().token(classic(scopes)).start().unwrap();
        let private = get(&running, "ghp", "/repos/acme/infra").await;
        assert_eq!(private.status, status, "{scopes:?}");
        assert_eq!(private.header("x-accepted-oauth-scopes").unwrap(), "repo");
        assert_eq!(private.header("x-oauth-scopes").unwrap(), scopes.join(", "));
        assert_eq!(get(&running, "ghp", "/repos/acme/docs").await.status, 200);
        let ghost = get(&running, "ghp", "/repos/acme/ghost").await;
        assert_eq!(ghost.error(), (404, "Not Found".to_owned()));
        assert_eq!(ghost.header("x-accepted-oauth-scopes").unwrap(), "repo");
        if status == 404 {
            // Hidden and missing look the same.
            assert_eq!(private.json(), ghost.json());
        }
    }
}

#[tokio::test]
async fn a_repository_is_shaped_like_the_real_one() {
    let running = acme()
        .repository(Repository::new("acme/old").internal().archived().disabled())
        .token(classic(&["repo"]))
        .start()
        .unwrap();
    let got = get(&running, "ghp", "/repos/ACME/Infra").await;
    let body = got.json();
    assert_eq!(body["full_name"], "acme/infra");
    assert_eq!(body["id"], 700_000_001);
    assert_eq!((&body["private"], &body["visibility"]), (&true.into(), &"private".into()));
    assert_eq!((&body["archived"], &body["disabled"], &body["fork"]), (&false.into(), &false.into(), &false.into()));
    assert_eq!(body["default_branch"], "main");
    assert_eq!(body["owner"]["type"], "Organization");
    assert_eq!(body["owner"]["id"], 80_000_001);
    let old = get(&running, "ghp", "/repos/acme/old").await.json();
    assert_eq!(
        (&old["visibility"], &old["archived"], &old["disabled"]),
        (&"internal".into(), &true.into(), &true.into())
    );
}

#[tokio::test]
async fn the_permissions_object_is_the_users_role_whatever_the_token_may_do() {
    for (level, expected) in [
        (Level::Read, [false, false, false, false, true]),
        (Level::Triage, [false, false, false, true, true]),
        (Level::Write, [false, false, true, true, true]),
        (Level::Maintain, [false, true, true, true, true]),
        (Level::Admin, [true; 5]),
    ] {
        let running =
            infra(level).token(classic(&["repo"])).token(fine_grained().selected(["acme/infra"])).start().unwrap();
        assert_eq!(flags(&get(&running, "ghp", "/repos/acme/infra").await), expected);
        // This token has `metadata = read` only.
        assert_eq!(flags(&get(&running, "github_pat", "/repos/acme/infra").await), expected);
    }
}

#[tokio::test]
async fn roles_come_from_owners_members_and_collaborators() {
    let role = async |world: World, repository: &str| {
        let running = world.token(classic(&["repo"])).start().unwrap();
        let got = get(&running, "ghp", repository).await;
        if got.status == 200 { Some(flags(&got).iter().filter(|flag| **flag).count()) } else { None }
    };
    let private = |organization: Organization| {
        World::new(now()).organization(organization).repository(Repository::new("acme/infra").private())
    };
    let acme = || Organization::new("acme").base_permission(Level::None);
    let path = "/repos/acme/infra";
    assert_eq!(role(private(acme()), path).await, None);
    assert_eq!(role(private(acme().member("bot", OrganizationRole::Member)), path).await, None);
    assert_eq!(role(private(acme().member("bot", OrganizationRole::BillingManager)), path).await, None);
    assert_eq!(role(private(acme().member("bot", OrganizationRole::Admin)), path).await, Some(5));
    // A pending owner has nothing.
    assert_eq!(role(private(acme().pending("bot", OrganizationRole::Admin)), path).await, None);
    let generous = acme().base_permission(Level::Write).member("bot", OrganizationRole::Member);
    assert_eq!(role(private(generous), path).await, Some(3));
    // A public repository can be pulled by everyone.
    assert_eq!(role(World::new(now()).repository("acme/docs"), "/repos/acme/docs").await, Some(1));
    // One's own.
    let own = World::new(now()).user("bot").repository(Repository::new("bot/dotfiles").private());
    assert_eq!(role(own, "/repos/bot/dotfiles").await, Some(5));
}

#[tokio::test]
async fn nobody_sees_public_repositories_without_permissions() {
    let running = acme().start().unwrap();
    let got = get(&running, "", "/repos/acme/docs").await;
    assert_eq!(got.status, 200);
    assert!(got.json().get("permissions").is_none());
    assert_eq!(got.header("x-accepted-oauth-scopes"), None);
    assert_eq!(get(&running, "", "/repos/acme/infra").await.status, 404);
}

#[tokio::test]
async fn a_fine_grained_token_reaches_its_selection_of_one_owner() {
    let status = async |world: World, token: Token, path: &str| {
        get(&world.token(token).start().unwrap(), "github_pat", path).await.status
    };
    let path = "/repos/acme/infra";
    assert_eq!(status(acme(), fine_grained(), path).await, 200);
    assert_eq!(status(acme(), fine_grained().selected(["acme/INFRA"]), path).await, 200);
    assert_eq!(status(acme(), fine_grained().selected(["acme/docs"]), path).await, 404);
    assert_eq!(status(acme(), fine_grained().resource_owner("other"), path).await, 404);
    assert_eq!(status(acme(), fine_grained().awaits_approval(), path).await, 404);
    // What is public stays readable.
    assert_eq!(status(acme(), fine_grained().resource_owner("other"), "/repos/acme/docs").await, 200);
    // An outside collaborator cannot use one at all, though a classic token works.
    let outside =
        || World::new(now()).repository(Repository::new("acme/infra").private().collaborator("bot", Level::Write));
    assert_eq!(status(outside(), fine_grained(), path).await, 404);
    let running = outside().token(classic(&["repo"])).start().unwrap();
    assert_eq!(get(&running, "ghp", path).await.status, 200);
}

#[tokio::test]
async fn an_installation_token_sees_what_it_covers_with_all_flags_false() {
    let running = acme()
        .repository(Repository::new("acme/secret").private())
        .installation(installed().selected(["acme/infra"]).permissions([("contents", Access::Write)]))
        .token(server_to_server())
        .token(Token::app_user(&text("ghu"), "acme-bot").owner("bot"))
        .start()
        .unwrap();
    let got = get(&running, "ghs", "/repos/acme/infra").await;
    assert_eq!(got.status, 200);
    assert_eq!(flags(&got), [false; 5]);
    assert_eq!(got.header("x-accepted-github-permissions").unwrap(), "metadata=read");
    assert_eq!(flags(&get(&running, "ghs", "/repos/acme/docs").await), [false; 5]);
    assert_eq!(get(&running, "ghs", "/repos/acme/secret").await.status, 404);
    // The app's token for a user reaches what both reach.
    assert_eq!(get(&running, "ghu", "/repos/acme/infra").await.status, 200);
    assert_eq!(get(&running, "ghu", "/repos/acme/secret").await.status, 404);
}

#[tokio::test]
async fn a_suspended_installation_is_refused() {
    let running = acme().installation(installed().suspended()).token(server_to_server()).start().unwrap();
    let got = get(&running, "ghs", "/repos/acme/infra").await;
    assert_eq!(got.error(), (403, "This installation has been suspended".to_owned()));
}

#[tokio::test]
async fn a_former_name_redirects_to_the_id() {
    let running = World::new(now())
        .repository(
            Repository::new("acme/infra").private().renamed_from("acme/terraform").collaborator("bot", Level::Admin),
        )
        .token(classic(&["repo"]))
        .token(Token::classic(&text("gho")).owner("bot"))
        .start()
        .unwrap();
    let got = get(&running, "ghp", "/repos/acme/terraform").await;
    assert_eq!(got.error(), (301, "Moved Permanently".to_owned()));
    let address = format!("{}/repositories/700000001", running.api_url());
    assert_eq!(got.header("location").unwrap(), address);
    assert_eq!(got.json()["url"], address);
    let by_id = get(&running, "ghp", "/repositories/700000001").await;
    assert_eq!(by_id.json()["full_name"], "acme/infra");
    let hooks = get(&running, "ghp", "/repos/acme/terraform/hooks").await;
    assert_eq!(hooks.header("location").unwrap(), format!("{address}/hooks"));
    // Who cannot see it does not hear of it.
    assert_eq!(get(&running, "gho", "/repos/acme/terraform").await.status, 404);
    assert_eq!(get(&running, "gho", "/repositories/700000001").await.status, 404);
    assert_eq!(get(&running, "ghp", "/repositories/1").await.status, 404);
}

#[tokio::test]
async fn hooks_need_an_admin_and_a_scope_and_hide_their_secret() {
    let world = |level| {
        World::new(now()).repository(
            Repository::new("acme/infra")
                .private()
                .collaborator("bot", level)
                .hook(Hook::new("https://atlantis.example.com/events", ["push"]).last_status(200))
                .hook(
                    Hook::new("http://old.example.com/hook", ["*"]).without_secret().insecure_tls().form().inactive(),
                ),
        )
    };
    let status = async |level, scopes: &[&str]| {
        let running = world(level).token(classic(scopes)).start().unwrap();
        get(&running, "ghp", "/repos/acme/infra/hooks").await.status
    };
    assert_eq!(status(Level::Admin, &["repo"]).await, 200);
    assert_eq!(status(Level::Maintain, &["repo"]).await, 404);
    // Seeing the private repository takes `repo`, which suffices here too.
    assert_eq!(status(Level::Admin, &["admin:repo_hook"]).await, 404);
    let running = world(Level::Admin).token(classic(&["repo"])).start().unwrap();
    let got = get(&running, "ghp", "/repos/acme/infra/hooks?per_page=100").await;
    assert!(got.header("x-accepted-oauth-scopes").unwrap().contains("read:repo_hook"));
    let hooks = got.json();
    assert_eq!(hooks[0]["config"]["secret"], "********");
    assert_eq!(hooks[0]["config"]["insecure_ssl"], "0");
    assert_eq!(hooks[0]["last_response"]["code"], 200);
    assert!(hooks[1]["config"].get("secret").is_none());
    assert_eq!(hooks[1]["config"]["content_type"], "form");
    assert_eq!((&hooks[1]["config"]["insecure_ssl"], &hooks[1]["active"]), (&"1".into(), &false.into()));
    assert!(hooks[1]["last_response"]["code"].is_null());
    let first = get(&running, "ghp", "/repos/acme/infra/hooks?per_page=1").await;
    assert_eq!(first.json().as_array().unwrap().len(), 1);
    let link = first.header("link").unwrap();
    let next = format!("<{}/repositories/700000001/hooks?per_page=1&page=2>; rel=\"next\"", running.api_url());
    assert!(link.contains(&next) && link.contains("rel=\"deprecation\""), "{link}");
    let second = get(&running, "ghp", "/repositories/700000001/hooks?per_page=1&page=2").await;
    assert_eq!(second.json()[0]["events"][0], "*");
    assert!(!second.header("link").unwrap().contains("rel=\"next\""));
}

#[tokio::test]
async fn hooks_of_a_public_repository_take_a_hook_scope() {
    for (scope, status) in
        [("public_repo", 200), ("read:repo_hook", 200), ("admin:repo_hook", 200), ("repo", 200), ("gist", 404)]
    {
        let running = World::new(now())
            .repository(Repository::new("acme/docs").collaborator("bot", Level::Admin))
            .token(classic(&[scope]))
            .start()
            .unwrap();
        assert_eq!(get(&running, "ghp", "/repos/acme/docs/hooks").await.status, status, "{scope}");
        assert_eq!(get(&running, "", "/repos/acme/docs/hooks").await.status, 404);
    }
}

#[tokio::test]
async fn hooks_for_fine_grained_and_app_tokens_take_the_permission() {
    let granted = [("repository_hooks", Access::Read)];
    let world = || infra(Level::Admin).installation(installed().permissions(granted)).token(server_to_server());
    let running = world().token(fine_grained().permissions(granted)).start().unwrap();
    let got = get(&running, "github_pat", "/repos/acme/infra/hooks").await;
    assert_eq!((got.status, got.json()), (200, serde_json::json!([])));
    assert_eq!(got.header("x-accepted-github-permissions").unwrap(), "repository_hooks=read");
    assert_eq!(get(&running, "ghs", "/repos/acme/infra/hooks").await.status, 200);
    let running = world().token(fine_grained()).start().unwrap();
    let got = get(&running, "github_pat", "/repos/acme/infra/hooks").await;
    assert_eq!(got.error(), (403, "Resource not accessible by personal access token".to_owned()));
    assert_eq!(got.header("x-accepted-github-permissions").unwrap(), "repository_hooks=read");
    // The permission without the role is refused in the same words.
    let running = infra(Level::Write).token(fine_grained().permissions(granted)).start().unwrap();
    assert_eq!(get(&running, "github_pat", "/repos/acme/infra/hooks").await.status, 403);
    let running = infra(Level::Admin).installation(installed()).token(server_to_server()).start().unwrap();
    let got = get(&running, "ghs", "/repos/acme/infra/hooks").await;
    assert_eq!(got.error(), (403, "Resource not accessible by integration".to_owned()));
}

#[tokio::test]
async fn a_collaborators_permission_is_shown_to_those_who_push() {
    let world = || {
        World::new(now())
            .user("stranger")
            .repository(
                Repository::new("acme/infra")
                    .private()
                    .collaborator("bot", Level::Write)
                    .collaborator("keeper", Level::Maintain)
                    .collaborator("reader", Level::Triage)
                    .custom_role("special", "deployer", Level::Write),
            )
            .token(classic(&["repo"]))
            .token(Token::classic(&text("gho")).owner("reader").scopes(["repo"]))
    };
    let running = world().installation(installed()).token(server_to_server()).start().unwrap();
    for (login, permission, role) in [
        ("bot", "write", "write"),
        ("keeper", "write", "maintain"),
        ("reader", "read", "triage"),
        ("special", "write", "deployer"),
        ("stranger", "none", ""),
    ] {
        let path = format!("/repos/acme/infra/collaborators/{login}/permission");
        let got = get(&running, "ghp", &path).await;
        let body = got.json();
        assert_eq!((&body["permission"], &body["role_name"]), (&permission.into(), &role.into()), "{login}");
        assert_eq!(body["user"]["login"], login);
        assert_eq!(get(&running, "ghs", &path).await.json(), body);
    }
    let refused = get(&running, "gho", "/repos/acme/infra/collaborators/bot/permission").await;
    assert_eq!(refused.error(), (403, "Must have push access to view collaborator permission.".to_owned()));
    assert_eq!(get(&running, "ghp", "/repos/acme/infra/collaborators/ghost/permission").await.status, 404);
    // An app whose installation does not cover a public repository.
    let running = world().repository("other/docs").installation(installed()).token(server_to_server()).start().unwrap();
    assert_eq!(get(&running, "ghs", "/repos/other/docs/collaborators/bot/permission").await.status, 403);
}
