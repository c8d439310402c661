//! The demo's Bitbucket Data Center below a context path: a token with what the page asks for, and one with too much.

use jiff::Timestamp;

use super::credential::DemoCredential;
use crate::simulator::bitbucket_server::{Level, Project, Repository, Token, User, World};
use crate::vocabulary::HostKind;

const INFRA: &str = "INF/terraform";

/// The simulated Bitbucket Data Center and its credentials.
pub(super) fn world(now: Timestamp) -> (World, Vec<DemoCredential>) {
    let good = DemoCredential {
        host: HostKind::BitbucketServer,
        name: "atlantis-server",
        token: Token::text(848_894_838_086, "DemoServerGood"),
        username: "atlantis-bot",
        repositories: vec![INFRA],
        about: "a token named `atlantis` with project read and repository write",
    };
    let mighty = DemoCredential {
        host: HostKind::BitbucketServer,
        name: "admin-server",
        token: Token::text(848_894_838_087, "DemoServerAdmin"),
        username: "atlantis-bot",
        repositories: vec![INFRA],
        about: "a token named `test` that may administer the project, and never ends",
    };
    let world = World::new(now)
        .context_path("/bitbucket")
        .user(User::new("atlantis-bot").display_name("Acme Atlantis").email("atlantis@acme.example"))
        .project(Project::new("INF").name("Infrastructure").grant("atlantis-bot", Level::Write))
        .repository(Repository::new(INFRA).grant("atlantis-bot", Level::Write))
        .token(
            Token::personal(&good.token, "atlantis-bot")
                .name("atlantis")
                .levels(Level::Read, Level::Write)
                .expires_in_days(120),
        )
        .token(Token::personal(&mighty.token, "atlantis-bot").name("test").levels(Level::Admin, Level::Admin));
    (world, vec![good, mighty])
}
