//! The demo's GitHub: one organisation, and tokens in the states that real ones get into.

use jiff::Timestamp;

use super::credential::{DemoCredential, fake};
use crate::simulator::github::{Access, Hook, Level, Organization, OrganizationRole, Repository, Token, User, World};
use crate::vocabulary::HostKind;

const INFRA: &str = "acme/infra";
const LIVE: &str = "acme/live-eu";

/// The simulated GitHub and its credentials.
pub(super) fn world(now: Timestamp) -> (World, Vec<DemoCredential>) {
    let credentials = vec![
        DemoCredential {
            host: HostKind::GitHub,
            name: "atlantis-prod",
            token: fake("ghp_", "DemoGood", 36),
            username: "acme-atlantis-bot",
            repositories: vec![INFRA, LIVE],
            about: "a bot's classic token with just what it needs, for another 90 days",
        },
        DemoCredential {
            host: HostKind::GitHub,
            name: "atlantis-staging",
            token: fake("ghp_", "DemoNoRepo", 36),
            username: "acme-staging-bot",
            repositories: vec![INFRA],
            about: "a classic token without `repo`: it cannot even see the repository",
        },
        DemoCredential {
            host: HostKind::GitHub,
            name: "release-bot",
            token: fake("ghp_", "DemoTooMuch", 36),
            username: "acme-release-bot",
            repositories: vec![INFRA],
            about: "a classic token with every box ticked, and no end",
        },
        DemoCredential {
            host: HostKind::GitHub,
            name: "renovate",
            token: fake("github_pat_", "DemoFineGrained", 82),
            username: "acme-renovate-bot",
            repositories: vec![INFRA],
            about: "a fine-grained token, which cannot list its own permissions",
        },
        DemoCredential {
            host: HostKind::GitHub,
            name: "old-ci",
            token: fake("ghp_", "DemoExpired", 36),
            username: "acme-ci",
            repositories: vec![INFRA],
            about: "a token that expired three days ago",
        },
        DemoCredential {
            host: HostKind::GitHub,
            name: "deploy",
            token: fake("ghp_", "DemoPerson", 36),
            username: "maria-acme",
            repositories: vec![INFRA],
            about: "a good token, of a person",
        },
    ];
    let bots = ["acme-atlantis-bot", "acme-staging-bot", "acme-renovate-bot", "acme-ci", "maria-acme"];
    let mut acme = Organization::new("acme").requires_two_factor().member("acme-release-bot", OrganizationRole::Admin);
    for login in bots {
        acme = acme.member(login, OrganizationRole::Member);
    }
    let atlantis_events = ["issue_comment", "pull_request", "pull_request_review", "push"];
    let mut infra = Repository::new(INFRA)
        .private()
        .renamed_from("acme/terraform")
        .hook(Hook::new("https://atlantis.acme.example/events", atlantis_events).last_status(200));
    for login in bots {
        infra = infra.collaborator(login, Level::Write);
    }
    let mut world = World::new(now)
        .user(User::new("acme-atlantis-bot").named("Acme Atlantis"))
        .user(User::new("acme-release-bot").named("Acme Release").two_factor(false))
        .user(User::new("maria-acme").named("Maria Example").email("maria@acme.example"))
        .organization(acme)
        .repository(infra)
        .repository(Repository::new(LIVE).private().collaborator("acme-atlantis-bot", Level::Write))
        .repository(Repository::new("acme/docs"));
    for credential in &credentials {
        let token = match credential.name {
            "atlantis-staging" => Token::classic(&credential.token).scopes(["gist", "read:org"]).expires_in_days(60),
            "release-bot" => Token::classic(&credential.token).scopes([
                "admin:org",
                "admin:repo_hook",
                "delete_repo",
                "gist",
                "repo",
                "user",
                "workflow",
            ]),
            "renovate" => Token::fine_grained(&credential.token)
                .resource_owner("acme")
                .selected([INFRA])
                .permissions([
                    ("contents", Access::Write),
                    ("pull_requests", Access::Write),
                    ("statuses", Access::Write),
                ])
                .expires_in_days(30),
            "old-ci" => Token::classic(&credential.token).scopes(["repo"]).expires_in_days(-3),
            _ => Token::classic(&credential.token).scopes(["repo"]).expires_in_days(90),
        };
        world = world.token(token.owner(credential.username));
    }
    (world, credentials)
}
