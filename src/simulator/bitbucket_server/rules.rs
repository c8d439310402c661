//! Who is there, and what they may do.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::state::{Grants, Level, Project, Repository, User};
use super::token::{Of, Token};
use super::world::World;
use crate::simulator::Request;

/// A request with its caller.
pub(super) struct Call<'a> {
    pub(super) world: &'a World,
    pub(super) request: &'a Request,
    pub(super) caller: Caller<'a>,
}

/// Who calls.
#[derive(Clone, Copy)]
pub(super) enum Caller<'a> {
    /// Nobody.
    Anonymous,
    /// A user, by password or by a token.
    User(&'a User, Option<&'a Token>),
    /// The account that is kept for a project's or repository's token, with that project's or repository's number.
    Service(&'a Token, u64),
}

/// An error.
pub(super) struct Refusal {
    pub(super) status: u16,
    pub(super) message: String,
    pub(super) exception: Option<&'static str>,
}

impl Refusal {
    pub(super) fn not_found(what: &str, exception: &'static str) -> Self {
        Self { status: 404, message: format!("{what} does not exist."), exception: Some(exception) }
    }

    /// A permission is missing: 401, as for a bad credential.
    pub(super) fn denied() -> Self {
        Self {
            status: 401,
            message: "You are not permitted to access this resource".to_owned(),
            exception: Some("com.atlassian.bitbucket.AuthorisationException"),
        }
    }

    fn bad_credentials() -> Self {
        let message = "Authentication failed. Please check your credentials and try again.".to_owned();
        Self { status: 401, message, exception: None }
    }
}

/// Who a request comes from.
pub(super) fn authenticate<'a>(world: &'a World, request: &Request) -> Result<Caller<'a>, Refusal> {
    let Some(header) = request.header("authorization") else { return Ok(Caller::Anonymous) };
    match identify(world, header) {
        Some(caller) => Ok(caller),
        None if world.bad_is_anonymous => Ok(Caller::Anonymous),
        None => Err(Refusal::bad_credentials()),
    }
}

fn identify<'a>(world: &'a World, header: &str) -> Option<Caller<'a>> {
    let (scheme, value) = header.split_once(' ')?;
    let live = |text: &str| {
        let valid = |token: &&Token| {
            token.is(text) && !token.revoked && token.expires(world.now).is_none_or(|ends| ends > world.now)
        };
        world.tokens.iter().find(valid)
    };
    if scheme.eq_ignore_ascii_case("bearer") {
        let token = live(value)?;
        return match &token.of {
            Of::User(name) | Of::Oauth(name) => Some(Caller::User(world.find_user(name)?, Some(token))),
            Of::Project(key) => Some(Caller::Service(token, world.find_project(key)?.id)),
            Of::Repository(name) => {
                let (key, slug) = name.split_once('/')?;
                Some(Caller::Service(token, world.find_repository(key, slug)?.id))
            }
        };
    }
    let pair = String::from_utf8(STANDARD.decode(value).ok()?).ok()?;
    let (name, secret) = pair.split_once(':')?;
    let user = world.find_user(name)?;
    if user.password.as_deref() == Some(secret) {
        return Some(Caller::User(user, None));
    }
    let own = |token: &&Token| matches!(&token.of, Of::User(owner) if owner.eq_ignore_ascii_case(name));
    Some(Caller::User(user, Some(live(secret).filter(own)?)))
}

impl Caller<'_> {
    /// The name in `X-AUSERNAME`.
    pub(super) fn name(&self) -> Option<String> {
        match self {
            Self::Anonymous => None,
            Self::User(user, _) => Some(user.name.clone()),
            Self::Service(token, id) => {
                let of = if matches!(token.of, Of::Repository(_)) { 2 } else { 1 };
                Some(format!("access-token-user/{of}/{id}"))
            }
        }
    }

    /// The token in use, where its own permissions count.
    fn token(&self) -> Option<&Token> {
        match self {
            Self::Anonymous => None,
            Self::User(_, token) => *token,
            Self::Service(token, _) => Some(token),
        }
    }
}

fn granted(world: &World, grants: &Grants, name: &str) -> Option<Level> {
    let name = name.to_lowercase();
    let of_groups = grants
        .groups
        .iter()
        .filter(|(group, _)| world.groups.get(group.as_str()).is_some_and(|members| members.contains(&name)));
    grants.users.get(&name).copied().into_iter().chain(of_groups.map(|(_, level)| *level)).max()
}

/// A user's level on a project.
pub(super) fn user_on_project(world: &World, name: &str, project: &Project) -> Option<Level> {
    let owns = project.owner().is_some_and(|owner| owner.eq_ignore_ascii_case(name));
    if owns || world.admins.contains(&name.to_lowercase()) {
        return Some(Level::Admin);
    }
    granted(world, &project.grants, name)
}

/// A user's level on a repository, through its project too.
pub(super) fn user_on_repository(world: &World, name: &str, repository: &Repository) -> Option<Level> {
    let through = world.find_project(&repository.project).and_then(|project| user_on_project(world, name, project));
    through.max(granted(world, &repository.grants, name))
}

impl Call<'_> {
    /// The caller's level on a project, before their token's own permissions.
    pub(super) fn role_on_project(&self, project: &Project) -> Option<Level> {
        match self.caller {
            Caller::Anonymous => None,
            Caller::User(user, _) => user_on_project(self.world, &user.name, project),
            Caller::Service(token, _) => match &token.of {
                Of::Project(key) if key.eq_ignore_ascii_case(&project.key) => token.project,
                _ => None,
            },
        }
    }

    /// The caller's level on a repository, before their token's own permissions.
    pub(super) fn role_on(&self, repository: &Repository) -> Option<Level> {
        match self.caller {
            Caller::Anonymous => None,
            Caller::User(user, _) => user_on_repository(self.world, &user.name, repository),
            Caller::Service(token, _) => {
                let full_name = format!("{}/{}", repository.project, repository.slug);
                let covered = match &token.of {
                    Of::Repository(name) => name.eq_ignore_ascii_case(&full_name),
                    Of::Project(key) => key.eq_ignore_ascii_case(&repository.project),
                    Of::User(_) | Of::Oauth(_) => false,
                };
                covered.then_some(token.repository)
            }
        }
    }

    /// What the credential may do on a repository: the user's level, as far as the token goes.
    pub(super) fn may(&self, repository: &Repository, level: Level) -> bool {
        self.role_on(repository) >= Some(level) && self.caller.token().is_none_or(|token| token.repository >= level)
    }

    /// What the credential may do on a project.
    pub(super) fn may_on_project(&self, project: &Project, level: Level) -> bool {
        let token = self.caller.token();
        self.role_on_project(project) >= Some(level) && token.is_none_or(|token| token.project >= Some(level))
    }

    /// Whether the credential sees a repository.
    pub(super) fn sees(&self, repository: &Repository) -> bool {
        let public = || self.world.find_project(&repository.project).is_some_and(|project| project.public);
        self.may(repository, Level::Read) || repository.public || public()
    }

    /// Whether the credential sees a project: one repository in it is enough.
    pub(super) fn sees_project(&self, project: &Project) -> bool {
        let own = |repository: &&Repository| repository.project.eq_ignore_ascii_case(&project.key);
        project.public
            || self.may_on_project(project, Level::Read)
            || self.world.repositories.iter().filter(own).any(|repository| self.sees(repository))
    }

    /// Whether a list by level has a repository.
    pub(super) fn lists(&self, repository: &Repository, level: Level) -> bool {
        if self.world.lists_honour_tokens {
            self.may(repository, level)
        } else {
            self.role_on(repository) >= Some(level)
        }
    }

    /// Whether a list by level has a project.
    pub(super) fn lists_project(&self, project: &Project, level: Level) -> bool {
        if self.world.lists_honour_tokens {
            self.may_on_project(project, level)
        } else {
            self.role_on_project(project) >= Some(level)
        }
    }
}
