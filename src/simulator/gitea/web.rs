//! What is no API: Git over HTTP, the user information of sign-in, and pages.

use serde_json::json;

use super::bodies;
use super::caller::{self, Caller, Rejected, Trouble};
use super::refusal::{html, json_answer, moved, plain, text};
use super::release::Difference;
use super::rights;
use super::scopes::{Category, Half};
use super::state::{Level, Repository, Unit, Visibility};
use super::token::{Kind, Token};
use super::world::{Owner, World};
use crate::simulator::message::segments;
use crate::simulator::{Answer, Request};

/// Answers a path below the sub-path that is none of the API's.
pub(super) fn answer(world: &World, request: &Request, path: &str, root: &str) -> Answer {
    let parts = segments(path);
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    if matches!(parts.as_slice(), [".well-known", ..]) {
        return text(404, "Not Found\n");
    }
    let is_page = !matches!(parts.as_slice(), ["login", "oauth", "userinfo"] | [_, _, "info", "refs"]);
    if is_page && !is_known_page(&parts) && world.release.has(Difference::RoutesFirst) {
        return plain(404, "Not found.\n");
    }
    let caller = match caller::identify(world, request) {
        Ok(caller) => caller,
        Err(_) => return text(401, Rejected::of_web(world)),
    };
    let elsewhere = |path: &str| moved(303, &format!("{}{path}", world.sub_path));
    match caller.trouble(world) {
        Some(Trouble::Unconfirmed | Trouble::Prohibited) => return page(world, "Sign-in is prohibited"),
        Some(Trouble::StalePassword) => return elsewhere("/user/settings/change_password"),
        Some(Trouble::NoSecondFactor) => return elsewhere("/user/settings/security"),
        None => {}
    }
    match parts.as_slice() {
        ["login", "oauth", "userinfo"] if !world.no_userinfo => userinfo(world, &caller, root),
        [owner, name, "info", "refs"] => git(world, request, &caller, owner, name),
        [first, ..] if *first != "user" && *first != "api" && world.demands_sign_in && caller.is_anonymous() => {
            elsewhere("/user/login")
        }
        _ if is_known_page(&parts) => page(world, "Explore"),
        _ => plain(404, "Not found.\n"),
    }
}

fn is_known_page(parts: &[&str]) -> bool {
    matches!(parts, [] | ["explore", ..] | ["user", "login"])
}

/// A page for people; of it only its beginning is like a real one.
fn page(world: &World, title: &str) -> Answer {
    let theme = if world.release.is_forgejo() { "forgejo-auto" } else { "gitea-auto" };
    html(
        200,
        &format!("<!DOCTYPE html>\n<html lang=\"en-US\" data-theme=\"{theme}\">\n<head>\n\t<title>{title}</title>"),
    )
}

/// What sign-in by OpenID tells of an account. Most versions tell it to any token, whatever its scopes.
fn userinfo(world: &World, caller: &Caller<'_>, root: &str) -> Answer {
    let realm = if world.release.has(Difference::UserinfoNamesRealm) { "Gitea OAuth2" } else { "" };
    let refused =
        |status, words: &str| plain(status, words).header("WWW-Authenticate", format!("Bearer realm=\"{realm}\""));
    let is_oauth = matches!(caller, Caller::User(_, Token { kind: Kind::Oauth, .. }, _));
    if caller.is_anonymous() || world.release.has(Difference::UserinfoOauthOnly) && !is_oauth {
        return refused(401, "no valid authorization");
    }
    if world.release.has(Difference::UserinfoWantsScope) {
        let scopes = caller.scopes(world);
        if !scopes.is_some_and(|scopes| scopes.has(Category::User, Half::Read)) {
            return refused(403, "token does not have required scope: read:user");
        }
    }
    let (id, login, name) = match caller {
        Caller::User(user, ..) => (user.id, user.login.as_str(), user.full_name.as_str()),
        _ if world.release.is_forgejo() => (-2, "forgejo-actions", "Forgejo Actions"),
        _ => (-2, "gitea-actions", "Gitea Actions"),
    };
    let name = if name.is_empty() && world.release.has(Difference::UserinfoNamesLogin) { login } else { name };
    let lower = login.to_lowercase();
    let mut groups = Vec::new();
    for organization in &world.organizations {
        let teams =
            organization.teams.iter().filter(|team| team.members.contains(&lower)).map(|team| team.name.as_str());
        let owners = organization.owners.contains(&lower).then_some("Owners");
        let teams: Vec<String> =
            owners.into_iter().chain(teams).map(|team| format!("{}:{team}", organization.name)).collect();
        if !teams.is_empty() {
            groups.push(organization.name.clone());
            groups.extend(teams);
        }
    }
    let body = json!({
        "sub": id.to_string(), "name": name, "preferred_username": login, "email": format!("{lower}@example.com"),
        "picture": format!("{root}/avatars/0"), "groups": (!groups.is_empty()).then_some(groups),
    });
    json_answer(200, &body)
}

/// The two services of Git.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Service {
    Fetch,
    Push,
}

/// The first question of a fetch or a push. A push is let in by who reads code: what may be pushed is looked at later.
fn git(world: &World, request: &Request, caller: &Caller<'_>, owner: &str, name: &str) -> Answer {
    if world.git_off {
        return Answer::new(403, "Interacting with repositories by HTTP protocol is not allowed");
    }
    let service = match request.parameter("service") {
        Some("git-receive-pack") => Service::Push,
        Some("git-upload-pack") => Service::Fetch,
        _ => return plain(404, "Not found.\n"),
    };
    let name = name.strip_suffix(".git").unwrap_or(name);
    // Without the ending, whatever was asked for.
    let elsewhere = |status, owner: &str, name: &str| {
        let service = if service == Service::Push { "git-receive-pack" } else { "git-upload-pack" };
        moved(status, &format!("{}/{owner}/{name}/info/refs?service={service}", world.sub_path))
    };
    let Some(found) = world.find_owner(owner) else {
        return match world.find_former_owner(owner) {
            Some(owner) => elsewhere(307, owner.name(), name),
            None => plain(404, "Not found.\n"),
        };
    };
    let repository = world.find_repository(owner, name);
    if let (None, Some(target)) = (repository, world.find_former_repository(owner, name)) {
        let sees = rights::of_account(world, caller.user(), target).sees();
        if sees || !world.release.has(Difference::HidesRenamed) {
            let status = if world.release.has(Difference::RenamedForGood) { 301 } else { 307 };
            return elsewhere(status, found.name(), &target.name);
        }
    }
    if service == Service::Push && repository.is_some_and(|repository| repository.archived) {
        return plain(
            403,
            "This repo is archived. You can view files and clone it, but cannot push or open issues/pull-requests.",
        );
    }
    let open = repository.is_some_and(|repository| !repository.private && found.visibility() == Visibility::Public);
    if caller.is_anonymous() && (service == Service::Push || !open || world.demands_sign_in) {
        return text(401, "Unauthorized\n").header("WWW-Authenticate", "Basic realm=\"Gitea\"");
    }
    if !lets_through(world, caller, service, repository) {
        return text(403, "Forbidden\n");
    }
    let Some(repository) = repository else {
        return match (service, found) {
            (Service::Push, Owner::Organization(_)) => plain(403, "Push to create is not enabled for organizations."),
            (Service::Push, Owner::User(_)) => plain(403, "Push to create is not enabled for users."),
            (Service::Fetch, _) => plain(404, "Repository not found"),
        };
    };
    if let Caller::Job(token) = caller {
        let rights = rights::of_job(world, &token.kind, repository, Difference::JobClonesPublic);
        if rights.of(Unit::Code) < Level::Read {
            return plain(403, "User permission denied");
        }
    } else if rights::of_caller(world, caller, repository).of(Unit::Code) < Level::Read {
        return plain(404, "Repository not found");
    }
    advertisement(repository, service)
}

/// Whether scopes and what else limits a token let it to a repository.
fn lets_through(world: &World, caller: &Caller<'_>, service: Service, repository: Option<&Repository>) -> bool {
    let half = if service == Service::Push { Half::Write } else { Half::Read };
    if caller.check(world, &[Category::Repository], half).is_err() {
        return false;
    }
    let public = repository.is_some_and(|repository| rights::is_public(world, repository));
    if let Some(names) = caller.only_repositories() {
        let listed = repository.is_some_and(|one| names.contains(&one.full_name().to_lowercase()));
        return listed || public && service == Service::Fetch;
    }
    public || !caller.is_public_only(world)
}

/// The references of a repository, as the protocol frames them.
fn advertisement(repository: &Repository, service: Service) -> Answer {
    let (name, first, abilities) = match service {
        Service::Push => {
            ("git-receive-pack", format!("refs/heads/{}", repository.default_branch), "report-status quiet")
        }
        Service::Fetch => ("git-upload-pack", "HEAD".to_owned(), "multi_ack thin-pack side-band-64k"),
    };
    let frame = |line: String| format!("{:04x}{line}", line.len() + 4);
    let commit = if repository.empty { "0".repeat(40) } else { bodies::commit(repository) };
    let first = if repository.empty { "capabilities^{}".to_owned() } else { first };
    let head = frame(format!("# service={name}\n"));
    let reference = frame(format!("{commit} {first}\0{abilities} agent=git/2.39.5\n"));
    Answer::new(200, format!("{head}0000{reference}0000"))
        .header("Content-Type", format!("application/x-{name}-advertisement"))
        .header("Cache-Control", "no-cache, max-age=0, must-revalidate")
}
