//! The world of `credcheck demo`: one organisation, and credentials in the states that real ones get into.

use std::fmt;

use jiff::Timestamp;

use super::github::{Access, Hook, Level, Organization, OrganizationRole, Repository, Token, User, World};

/// A credential of the demo.
#[derive(Clone)]
pub struct DemoCredential {
    /// Its name, as settings would give it.
    pub name: &'static str,
    /// The token's text: shaped like a real one, plainly not one.
    pub token: String,
    /// The username that an operator would have configured.
    pub username: &'static str,
    /// The repositories in scope.
    pub repositories: Vec<&'static str>,
    /// What is the matter with it, in a few words.
    pub about: &'static str,
}

impl fmt::Debug for DemoCredential {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("DemoCredential").field("name", &self.name).finish_non_exhaustive()
    }
}

/// The demo: hosts to start, and the credentials to check against them.
#[derive(Debug)]
pub struct Demo {
    /// The simulated GitHub.
    pub github: World,
    /// Its credentials.
    pub credentials: Vec<DemoCredential>,
}

const INFRA: &str = "acme/infra";
const LIVE: &str = "acme/live-eu";

/// The demo at a time.
pub fn demo_world(now: Timestamp) -> Demo {
    let credentials = vec![
        DemoCredential {
            name: "atlantis-prod",
            token: fake("ghp", "DemoGood"),
            username: "acme-atlantis-bot",
            repositories: vec![INFRA, LIVE],
            about: "a bot's classic token with just what it needs, for another 90 days",
        },
        DemoCredential {
            name: "atlantis-staging",
            token: fake("ghp", "DemoNoRepo"),
            username: "acme-staging-bot",
            repositories: vec![INFRA],
            about: "a classic token without `repo`: it cannot even see the repository",
        },
        DemoCredential {
            name: "release-bot",
            token: fake("ghp", "DemoTooMuch"),
            username: "acme-release-bot",
            repositories: vec![INFRA],
            about: "a classic token with every box ticked, and no end",
        },
        DemoCredential {
            name: "renovate",
            token: fake("github_pat", "DemoFineGrained"),
            username: "acme-renovate-bot",
            repositories: vec![INFRA],
            about: "a fine-grained token, which cannot list its own permissions",
        },
        DemoCredential {
            name: "old-ci",
            token: fake("ghp", "DemoExpired"),
            username: "acme-ci",
            repositories: vec![INFRA],
            about: "a token that expired three days ago",
        },
        DemoCredential {
            name: "deploy",
            token: fake("ghp", "DemoPerson"),
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
    Demo { github: world, credentials }
}

/// A text with a token's prefix and length that no scanner and no reader takes for a real one; put together here so
/// that it stands nowhere whole.
fn fake(prefix: &str, word: &str) -> String {
    let length = if prefix == "github_pat" { 82 } else { 36 };
    format!("{prefix}_{word:0<length$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_shaped_like_real_ones_and_never_shown() {
        let demo = demo_world("2026-11-23T12:00:00Z".parse().unwrap());
        for credential in &demo.credentials {
            let length = if credential.token.starts_with("github_pat_") { 93 } else { 40 };
            assert_eq!(credential.token.len(), length, "{}", credential.name);
            assert!(!format!("{credential:?}").contains("Demo0"), "{}", credential.name);
            assert!(!format!("{credential:?}").contains(&credential.token), "{}", credential.name);
        }
        assert!(demo.credentials.iter().any(|credential| credential.token.starts_with("github_pat_")));
    }
}
