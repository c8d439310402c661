//! The demo's Bitbucket Cloud: a workspace, an API token and an app password that nobody replaced.

use jiff::Timestamp;

use super::credential::{DemoCredential, fake};
use crate::simulator::bitbucket_cloud::{Permission, Repository, Token, User, Workspace, WorkspaceRole, World};
use crate::vocabulary::HostKind;

const INFRA: &str = "acme/infra";

/// The simulated Bitbucket Cloud and its credentials.
pub(super) fn world(now: Timestamp) -> (World, Vec<DemoCredential>) {
    let api_token = DemoCredential {
        host: HostKind::BitbucketCloud,
        name: "atlantis-cloud",
        token: fake("ATATT3", "xFfGF0DemoApiToken", 186),
        username: "atlantis@acme.example",
        repositories: vec![INFRA],
        about: "an API token that can read, comment and set statuses, but not merge",
    };
    let app_password = DemoCredential {
        host: HostKind::BitbucketCloud,
        name: "old-cloud",
        token: fake("ATBB", "DemoAppPassword", 32),
        username: "acme-atlantis-bot",
        repositories: vec![INFRA],
        about: "an app password, which Bitbucket removed in July 2026",
    };
    let world = World::new(now)
        .user(User::new("acme-atlantis-bot").named("Acme Atlantis").email("atlantis@acme.example"))
        .workspace(Workspace::new("acme").member("acme-atlantis-bot", WorkspaceRole::Member))
        .repository(Repository::new(INFRA).private().permission("acme-atlantis-bot", Permission::Write))
        .token(Token::api_token(&api_token.token).owner("acme-atlantis-bot").scopes([
            "read:pullrequest:bitbucket",
            "read:repository:bitbucket",
            "read:user:bitbucket",
            "read:workspace:bitbucket",
        ]))
        .token(Token::app_password(&app_password.token).owner("acme-atlantis-bot"));
    (world, vec![api_token, app_password])
}
