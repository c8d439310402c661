//! Lists and their pages.

use super::super::{Access, Installation};
use super::*;

fn many(count: usize) -> World {
    let world = World::new(now()).organization(Organization::new("acme").member("bot", OrganizationRole::Member));
    (0..count).fold(world, |world, number| {
        let repository = Repository::new(&format!("acme/r{number:03}"));
        world.repository(if number % 2 == 0 { repository.private() } else { repository })
    })
}

/// The address of a relation in a `Link` header, below the API's base.
fn relation(running: &Running, got: &Got, relation: &str) -> Option<String> {
    let link = got.header("link")?;
    let one = link.split(", ").find(|one| one.contains(&format!("rel=\"{relation}\"")))?;
    let address = one.split_once('<')?.1.split_once('>')?.0;
    address.strip_prefix(&running.api_url()).map(str::to_owned)
}

#[tokio::test]
async fn the_users_repositories_come_in_pages() {
    let running = many(65).token(classic(&["repo"])).start().unwrap();
    let mut names = Vec::new();
    let mut path = Some("/user/repos?sort=full_name".to_owned());
    let mut pages = 0;
    while let Some(here) = path {
        let got = get(&running, "ghp", &here).await;
        pages += 1;
        names.extend(got.names());
        if pages == 1 {
            assert_eq!(relation(&running, &got, "last").unwrap(), "/user/repos?sort=full_name&page=3");
            assert_eq!(relation(&running, &got, "prev"), None);
            assert!(relation(&running, &got, "deprecation").is_none(), "it leads elsewhere");
        }
        path = relation(&running, &got, "next");
    }
    assert_eq!((pages, names.len()), (3, 65));
    let large = get(&running, "ghp", "/user/repos?per_page=1000").await;
    assert_eq!(large.names().len(), 65);
    assert_eq!(relation(&running, &large, "next"), None);
    assert_eq!(get(&running, "ghp", "/user/repos?page=9").await.names().len(), 0);
}

#[tokio::test]
async fn the_list_follows_scope_affiliation_and_visibility() {
    let world = || {
        many(2)
            .user("bot")
            .repository(Repository::new("bot/own").private())
            .repository(Repository::new("other/shared").private().collaborator("bot", Level::Read))
            .repository("other/public")
    };
    let list = async |token: Token, prefix: &str, path: &str| {
        get(&world().token(token).start().unwrap(), prefix, path).await.names()
    };
    let all = ["acme/r000", "acme/r001", "bot/own", "other/shared"];
    assert_eq!(list(classic(&["repo"]), "ghp", "/user/repos").await, all);
    assert_eq!(list(classic(&["repo"]), "ghp", "/user/repos?affiliation=owner").await, ["bot/own"]);
    assert_eq!(
        list(classic(&["repo"]), "ghp", "/user/repos?affiliation=owner,collaborator").await,
        ["bot/own", "other/shared"]
    );
    assert_eq!(list(classic(&["repo"]), "ghp", "/user/repos?visibility=public").await, ["acme/r001"]);
    assert_eq!(list(classic(&["gist"]), "ghp", "/user/repos").await, ["acme/r001"]);
    // A fine-grained token lists what it reaches and what is public.
    let selected = fine_grained().selected(["acme/r000"]);
    assert_eq!(list(selected, "github_pat", "/user/repos").await, ["acme/r000", "acme/r001"]);
    assert_eq!(list(fine_grained().selected(["acme/r001"]), "github_pat", "/user/repos").await, ["acme/r001"]);
}

#[tokio::test]
async fn single_sign_on_leaves_repositories_out_and_says_so() {
    let world = World::new(now())
        .organization(Organization::new("acme").member("bot", OrganizationRole::Member).enforces_sso())
        .organization(Organization::new("open").member("bot", OrganizationRole::Member))
        .repository(Repository::new("acme/infra").private())
        .repository(Repository::new("acme/other").private())
        .repository(Repository::new("open/infra").private())
        .token(classic(&["repo", "read:org"]))
        .token(Token::classic(&text("gho")).owner("bot").scopes(["repo", "read:org"]).sso_authorized("ACME"));
    let running = world.start().unwrap();
    let got = get(&running, "ghp", "/user/repos").await;
    assert_eq!((got.status, got.names()), (200, vec!["open/infra".to_owned()]));
    assert_eq!(got.header("x-github-sso").unwrap(), "partial-results; organizations=80000001");
    let organizations = get(&running, "ghp", "/user/orgs").await;
    assert_eq!(organizations.json().as_array().unwrap().len(), 1);
    assert!(organizations.header("x-github-sso").is_some());
    let authorized = get(&running, "gho", "/user/repos").await;
    assert_eq!((authorized.names().len(), authorized.header("x-github-sso")), (3, None));
}

#[tokio::test]
async fn an_installation_lists_its_repositories_in_an_object() {
    let running = many(5)
        .installation(
            Installation::new(41_000_001, "acme-bot", "acme")
                .selected(["acme/r000", "acme/r001", "acme/r002"])
                .permissions([("contents", Access::Read)]),
        )
        .token(Token::installation(&text("ghs"), 41_000_001))
        .token(classic(&["repo"]))
        .start()
        .unwrap();
    let got = get(&running, "ghs", "/installation/repositories?per_page=2").await;
    let body = got.json();
    assert_eq!((&body["total_count"], &body["repository_selection"]), (&3.into(), &"selected".into()));
    assert_eq!(got.names(), ["acme/r000", "acme/r001"]);
    assert_eq!(body["repositories"][0]["permissions"]["pull"], false);
    assert_eq!(relation(&running, &got, "next").unwrap(), "/installation/repositories?per_page=2&page=2");
    let refused = get(&running, "ghp", "/installation/repositories").await;
    assert_eq!(refused.status, 403);
    assert!(refused.message().starts_with("You must authenticate with an installation access token"));
    assert_eq!(get(&running, "ghs", "/user/repos").await.error().0, 403);
    assert_eq!(get(&running, "ghs", "/user/orgs").await.error().0, 403);
}

#[tokio::test]
async fn the_users_organizations_take_a_scope_and_fine_grained_tokens_see_none() {
    let status = async |scope: &str| {
        let running = many(1).token(classic(&[scope])).start().unwrap();
        let got = get(&running, "ghp", "/user/orgs").await;
        (got.status, got.json().as_array().map(Vec::len))
    };
    assert_eq!(status("read:org").await, (200, Some(1)));
    assert_eq!(status("admin:org").await, (200, Some(1)));
    assert_eq!(status("user").await, (200, Some(1)));
    assert_eq!(status("repo").await, (403, None));
    let running = many(1).token(fine_grained()).start().unwrap();
    let got = get(&running, "github_pat", "/user/orgs").await;
    assert_eq!((got.status, got.json()), (200, serde_json::json!([])));
}
