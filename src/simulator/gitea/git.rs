//! Git over HTTP.

use super::bodies;
use super::caller::Caller;
use super::people::Visibility;
use super::refusal::{moved, plain, text};
use super::release::Difference;
use super::rights;
use super::scopes::{Category, Half};
use super::state::{Level, Repository, Unit};
use super::world::{Owner, World};
use crate::simulator::{Answer, Request};

/// The two services of Git.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Service {
    Fetch,
    Push,
}

/// The first question of a fetch or a push. A push is let in by who reads code: what may be pushed is looked at later.
pub(super) fn answer(world: &World, request: &Request, caller: &Caller<'_>, owner: &str, name: &str) -> Answer {
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
