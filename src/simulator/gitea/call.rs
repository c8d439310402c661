//! A request to the API with its caller, and the gates that routes share.

use std::cell::RefCell;

use serde_json::Value;

use super::caller::Caller;
use super::people::{Organization, User, Visibility};
use super::refusal::{Refusal, json_answer, no_redirect};
use super::release::Difference;
use super::rights::{self, Rights};
use super::scopes::{Category, Half};
use super::state::{Level, Repository, Unit};
use super::world::{Owner, World};
use crate::simulator::{Answer, Request};

/// The header of an answer to a request that would have changed something on a real server.
pub(super) const CHANGED: &str = "X-Simulated-Change";

/// A request of the API.
pub(super) struct Call<'a> {
    pub(super) world: &'a World,
    pub(super) request: &'a Request,
    pub(super) caller: Caller<'a>,
    /// The instance's own address, without a trailing slash.
    pub(super) root: String,
    /// The path below the sub-path.
    pub(super) path: &'a str,
    /// What becomes of the world by it.
    pub(super) effects: &'a RefCell<Vec<Effect>>,
}

/// What becomes of a world.
pub(super) type Effect = Box<dyn FnOnce(&mut World)>;

pub(super) type Outcome = Result<Answer, Refusal>;

/// A repository with the caller's rights.
pub(super) struct Seen<'a> {
    pub(super) repository: &'a Repository,
    pub(super) rights: Rights,
}

impl<'a> Call<'a> {
    pub(super) fn has(&self, difference: Difference) -> bool {
        self.world.release.has(difference)
    }

    pub(super) fn is_public_only(&self) -> bool {
        self.caller.is_public_only(self.world)
    }

    /// Whether the caller is kept from accounts, packages and issues that are not public.
    pub(super) fn is_public_only_everywhere(&self) -> bool {
        self.is_public_only() && self.has(Difference::PublicOnlyEverywhere)
    }

    pub(super) fn half(&self) -> Half {
        if matches!(self.request.method.as_str(), "GET" | "HEAD" | "OPTIONS") { Half::Read } else { Half::Write }
    }

    pub(super) fn signed_in(&self) -> Result<(), Refusal> {
        match self.caller {
            Caller::Anonymous => Err(Refusal::message(401, "token is required")),
            _ => Ok(()),
        }
    }

    pub(super) fn site_admin(&self) -> Result<(), Refusal> {
        self.signed_in()?;
        match self.caller.user() {
            Some(user) if user.admin => Ok(()),
            _ => Err(Refusal::message(403, "user should be the site admin")),
        }
    }

    pub(super) fn user(&self, login: &str) -> Result<&'a User, Refusal> {
        let user = self.world.find_user(login).filter(|user| self.sees_owner(Owner::User(user)));
        user.ok_or_else(|| Refusal::message(404, no_redirect(login)))
    }

    fn sees_owner(&self, owner: Owner<'_>) -> bool {
        match self.caller {
            // A job is signed in, and no account.
            Caller::Job(_) => owner.visibility() != Visibility::Private,
            _ => rights::sees_owner(self.caller.user(), owner),
        }
    }

    /// The redirect to where an owner is now. One of the products shows it only to who may see the target.
    fn moved_owner(&self, name: &str, gone: Refusal) -> Refusal {
        let Some(owner) = self.world.find_former_owner(name) else { return gone };
        if self.has(Difference::HidesRenamed) && !self.sees_owner(owner) {
            return gone;
        }
        Refusal::Moved(307, self.elsewhere(&[(name, owner.name())]))
    }

    /// This path and query with names replaced, one after another.
    fn elsewhere(&self, names: &[(&str, &str)]) -> String {
        let mut parts: Vec<&str> = self.path.split('/').collect();
        let mut from = 0;
        for (old, new) in names {
            let place = parts.iter().skip(from).position(|part| part.eq_ignore_ascii_case(old));
            if let Some(part) = place.and_then(|at| parts.get_mut(from + at)) {
                *part = new;
            }
            from = place.map_or(from, |at| from + at + 1);
        }
        let query = self.request.query.iter().fold(
            url::form_urlencoded::Serializer::new(String::new()),
            |mut query, (name, value)| {
                query.append_pair(name, value);
                query
            },
        );
        let query = { query }.finish();
        let path = parts.join("/");
        if query.is_empty() { path } else { format!("{path}?{query}") }
    }

    /// An organization that the caller sees.
    pub(super) fn organization(&self, name: &str) -> Result<&'a Organization, Refusal> {
        let Some(organization) = self.world.find_organization(name) else {
            return Err(self.moved_owner(name, Refusal::no_name("GetOrgByName", name)));
        };
        let hidden = Refusal::NotFound { looked_for: Some("HasOrgOrUserVisible"), errors: Vec::new() };
        if !self.sees_owner(Owner::Organization(organization)) {
            return Err(hidden);
        }
        if self.is_public_only() && organization.visibility != Visibility::Public {
            return Err(if self.has(Difference::HidesFromPublicOnly) {
                hidden
            } else {
                Refusal::message(403, "token scope is limited to public orgs")
            });
        }
        Ok(organization)
    }

    /// A repository that the caller sees. `of` is what the route is about.
    pub(super) fn repository(&self, owner: &str, name: &str, of: Category) -> Result<Seen<'a>, Refusal> {
        let Some(found) = self.world.find_owner(owner) else {
            return Err(self.moved_owner(owner, Refusal::no_name("GetUserByName", owner)));
        };
        let Some(repository) = self.world.find_repository(owner, name) else {
            return Err(self.moved_repository(found, name));
        };
        let rights = rights::of_caller(self.world, &self.caller, repository);
        if self.lacks_second_factor() || !rights.sees() {
            return Err(Refusal::not_found());
        }
        // Where rights are reduced, what is private is still refused in words.
        let reduces = self.has(Difference::RepositoryTokens);
        let closed = if reduces { repository.private } else { !rights::is_public(self.world, repository) };
        let counts = if of == Category::Issue { self.is_public_only_everywhere() } else { self.is_public_only() };
        if counts && closed {
            return Err(if self.has(Difference::HidesFromPublicOnly) {
                Refusal::not_found()
            } else {
                let what = if of == Category::Issue { "issues" } else { "repos" };
                Refusal::message(403, format!("token scope is limited to public {what}"))
            });
        }
        Ok(Seen { repository, rights })
    }

    fn moved_repository(&self, owner: Owner<'_>, name: &str) -> Refusal {
        let Some(repository) = self.world.find_former_repository(owner.name(), name) else {
            return Refusal::not_found();
        };
        let sees = || rights::of_account(self.world, self.caller.user(), repository).sees();
        if self.has(Difference::HidesRenamed) && !sees() {
            return Refusal::not_found();
        }
        let status = if self.has(Difference::RenamedForGood) { 301 } else { 307 };
        Refusal::Moved(status, self.elsewhere(&[(owner.name(), owner.name()), (name, &repository.name)]))
    }

    /// Of one product: every repository is hidden from an account without a second factor, where one is demanded.
    fn lacks_second_factor(&self) -> bool {
        let demands = self.world.demands_two_factor && !self.world.release.is_forgejo();
        demands && self.has(Difference::TwoFactorDemand) && self.caller.user().is_some_and(|user| !user.two_factor)
    }

    /// What a request answers that would have changed something.
    pub(super) fn changed(&self, status: u16) -> Outcome {
        let answer = if status == 204 { Answer::new(204, "") } else { json_answer(status, &serde_json::json!({})) };
        Ok(answer.header(CHANGED, format!("{} {}", self.request.method, self.path)))
    }

    /// What a request answers that changes the world so.
    pub(super) fn makes(&self, status: u16, body: &Value, effect: impl FnOnce(&mut World) + 'static) -> Outcome {
        self.effects.borrow_mut().push(Box::new(effect));
        let answer = if status == 204 { Answer::new(204, "") } else { json_answer(status, body) };
        Ok(answer.header(CHANGED, format!("{} {}", self.request.method, self.path)))
    }

    /// The object that a request sends.
    pub(super) fn object(&self) -> Result<Value, Refusal> {
        self.has_object()?;
        Ok(serde_json::from_slice(&self.request.body).unwrap_or_default())
    }

    /// Whether the body could be what a route wants: an object.
    pub(super) fn has_object(&self) -> Result<(), Refusal> {
        match serde_json::from_slice(&self.request.body) {
            Ok(Value::Object(_)) => Ok(()),
            _ => Err(Refusal::message(422, "json: cannot unmarshal into Go value")),
        }
    }
}

impl Seen<'_> {
    pub(super) fn administered(&self) -> Result<(), Refusal> {
        if self.rights.administers() {
            return Ok(());
        }
        Err(Refusal::message(403, "user should be an owner or a collaborator with admin write of a repository"))
    }

    pub(super) fn reads_code(&self) -> Result<(), Refusal> {
        if self.rights.of(Unit::Code) >= Level::Read {
            return Ok(());
        }
        Err(Refusal::message(403, "user should have specific read permission or be a repo admin or a site admin"))
    }

    /// A unit that is switched off is as hidden as one without a right.
    pub(super) fn reads(&self, unit: Unit) -> Result<(), Refusal> {
        if self.rights.of(unit) >= Level::Read { Ok(()) } else { Err(Refusal::not_found()) }
    }
}
