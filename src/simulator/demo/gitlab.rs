//! The demo's GitLab: a group with two projects, a project's own token and a person's.

use jiff::Timestamp;

use super::credential::{DemoCredential, fake};
use crate::simulator::gitlab::{Group, Hook, Level, Project, Token, User, World};
use crate::vocabulary::HostKind;

const INFRA: &str = "acme/platform/infra";
const LIVE: &str = "acme/platform/live-eu";

/// The simulated GitLab and its credentials.
pub(super) fn world(now: Timestamp) -> (World, Vec<DemoCredential>) {
    let project_token = DemoCredential {
        host: HostKind::GitLab,
        name: "atlantis-gitlab",
        token: fake("glpat-", "DemoProject", 20),
        username: "",
        repositories: vec![INFRA],
        about: "a project's own token with `api`, for another 60 days",
    };
    let narrow = DemoCredential {
        host: HostKind::GitLab,
        name: "reports-gitlab",
        token: fake("glpat-", "DemoReporter", 20),
        username: "acme-reports-bot",
        repositories: vec![INFRA, LIVE],
        about: "a reporter's token that can only read, and ends in four days",
    };
    let world = World::new(now)
        .user(User::new("acme-reports-bot").named("Acme Reports").bot(false))
        .group(Group::new("acme"))
        .group(Group::new("acme/platform").member("acme-reports-bot", Level::Reporter))
        .project(
            Project::new(INFRA)
                .hook(Hook::new("https://atlantis.acme.example/events", ["merge_requests_events", "note_events"])),
        )
        .project(Project::new(LIVE))
        .token(
            Token::project(&project_token.token, INFRA, Level::Maintainer)
                .named("atlantis")
                .scopes(["api"])
                .expires_in_days(60),
        )
        .token(Token::personal(&narrow.token).owner("acme-reports-bot").scopes(["read_api"]).expires_in_days(4));
    (world, vec![project_token, narrow])
}
