//! The demo's Forgejo: a token with what the page asks for, one without what comments need, one for public things only,
//! and one for some repositories, which cannot say whose it is.

use jiff::Timestamp;

use super::credential::DemoCredential;
use crate::simulator::gitea::{Hook, Level, Organization, Product, Protection, Repository, Token, User, World};
use crate::vocabulary::HostKind;

const INFRA: &str = "acme/infra";
const DNS: &str = "acme/dns";
const BOT: &str = "acme-atlantis";

/// The simulated Forgejo and its credentials.
pub(super) fn world(now: Timestamp) -> (World, Vec<DemoCredential>) {
    let credential = |name, about| DemoCredential {
        host: HostKind::Gitea,
        name,
        token: Token::text(name),
        username: BOT,
        repositories: vec![INFRA, DNS],
        about,
    };
    let good = credential("atlantis-forgejo", "a token with `write:issue`, `write:repository` and `read:user`");
    let silent = credential("silent-forgejo", "a token without `write:issue`: no comment of it is ever seen");
    let public = credential("public-forgejo", "a token for public things only, where one repository is private");
    let narrow = DemoCredential {
        repositories: vec![INFRA],
        ..credential("narrow-forgejo", "a token for one repository, which cannot say whose it is")
    };
    let personal =
        |one: &DemoCredential, scopes: &[&str]| Token::personal(&one.token, BOT).named(one.name).scopes(scopes);
    let hook = Hook::new(
        "https://atlantis.acme.example/events",
        ["push", "issue_comment", "pull_request", "pull_request_comment", "pull_request_sync"],
    );
    let world = World::new(Product::Forgejo, "15.0.3", now)
        .user(User::new(BOT).named("Acme Atlantis"))
        .organization(Organization::new("acme"))
        .repository(
            Repository::new(INFRA)
                .collaborator(BOT, Level::Write)
                .protection(Protection::new("main").approvals(1))
                .hook(hook.clone()),
        )
        .repository(Repository::new(DNS).public().collaborator(BOT, Level::Write).hook(hook))
        .token(personal(&good, &["write:issue", "write:repository", "read:user"]))
        .token(personal(&silent, &["write:repository", "read:user"]))
        .token(personal(&public, &["public-only", "write:issue", "write:repository", "read:user"]))
        .token(
            Token::repository(&narrow.token, BOT, &[INFRA])
                .named(narrow.name)
                .scopes(["write:issue", "write:repository"]),
        );
    (world, vec![good, silent, public, narrow])
}
