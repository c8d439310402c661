//! A simulated GitHub: github.com, a tenant of GHE.com, or an Enterprise Server.
//!
//! [`World`] is the state, `rules` say who may see and do what, `endpoints` shape the answers. Where the real GitHub's
//! behaviour is not documented, the harder case for a client is taken: a plain 404, a header left out.

mod app;
mod call;
mod default_branch;
mod endpoints;
mod fault;
mod graphql;
mod headers;
mod rules;
mod running;
mod state;
#[cfg(test)]
mod tests;
mod token;
mod world;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub use app::{App, Installation};
pub use default_branch::DefaultBranch;
pub use fault::Fault;
pub use running::Running;
pub use state::{Access, Hook, Level, Organization, OrganizationRole, Repository, User};
pub use token::Token;
pub use world::{Flavour, World};

use self::call::{Call, Caller, Refusal, Route};
use self::rules::{authentication, limits, signature};
use super::message::segments;
use super::{Answer, Handler, Request};

/// A GitHub that answers from its [`World`]; clones share it.
#[derive(Clone)]
pub struct GitHub {
    world: Arc<Mutex<World>>,
    api_path: &'static str,
}

impl GitHub {
    /// A GitHub with this world.
    pub fn new(world: World) -> Self {
        let api_path = if world.flavour.server_version().is_some() { "/api/v3" } else { "" };
        Self { world: Arc::new(Mutex::new(world)), api_path }
    }

    /// Changes the world while it answers: revokes a token, moves the clock, plans a fault.
    pub fn update<R>(&self, change: impl FnOnce(&mut World) -> R) -> R {
        change(&mut self.lock())
    }

    /// The path of the REST API below the origin: empty, or `/api/v3` for an Enterprise Server.
    pub fn api_path(&self) -> &'static str {
        self.api_path
    }

    /// The path of the GraphQL API.
    fn graphql_path(&self) -> &'static str {
        if self.api_path.is_empty() { "/graphql" } else { "/api/graphql" }
    }

    fn lock(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The answer before faults.
    fn plain_answer(&self, world: &mut World, request: &Request) -> Answer {
        world.answered += 1;
        let shape = headers::Shape::of(world, request, request.path == self.graphql_path());
        if request.header("user-agent").is_none_or(|agent| agent.trim().is_empty()) {
            let message = "Missing or invalid User Agent string. See https://docs.github.com/rest/using-the-rest-api/\
                           troubleshooting-the-rest-api#user-agent-required";
            return shape.refusal(world, None, &Route::NONE, Refusal::new(403, message));
        }
        let version = request.header("x-github-api-version");
        if version.is_some_and(|version| !world.supports(version)) {
            let message = format!("\"{}\" is not a supported version.", version.unwrap_or_default());
            return shape.refusal(world, None, &Route::NONE, Refusal::new(400, message));
        }
        if let Some(signer) = signature::signer(world, request) {
            return self.signed_answer(world, request, signer);
        }
        let index = match authentication::authenticate(world, request) {
            Ok(index) => index,
            Err(refusal) => {
                return shape.refusal(world, None, &Route::NONE, refusal);
            }
        };
        let who = limits::who(world, index);
        // Asking for the limit is free; everything else counts, whatever comes of it.
        if request.path.strip_prefix(self.api_path) != Some("/rate_limit")
            && let Err(refusal) = limits::spend(world, &who, shape.resource)
        {
            if shape.resource == "graphql" {
                return shape.reply(world, index, &Route::GRAPHQL, graphql::rate_limited(&refusal));
            }
            return shape.refusal(world, index, &Route::NONE, refusal);
        }
        // A token ends itself.
        if let (Some(index), "DELETE", Some("/installation/token")) =
            (index, request.method.as_str(), request.path.strip_prefix(self.api_path))
            && let Some(token) = world.tokens.get_mut(index).filter(|token| token.installation.is_some())
        {
            token.revoked = true;
            return Answer { status: 204, ..Answer::default() };
        }
        let world: &World = world;
        let caller = match Caller::of(world, index) {
            Ok(caller) => caller,
            Err(refusal) => return shape.refusal(world, index, &Route::NONE, refusal),
        };
        let call = Call { world, request, caller, base: format!("{}{}", request.origin, self.api_path) };
        let (route, outcome) = self.routed(&call);
        match outcome {
            Ok(reply) => shape.reply(world, index, route, reply),
            Err(refusal) => shape.refusal(world, index, route, refusal),
        }
    }

    /// The answer to what an App's key signed. None of these shows a rate limit (captures).
    fn signed_answer(&self, world: &mut World, request: &Request, signer: Result<usize, Refusal>) -> Answer {
        let shape = headers::Shape::unlimited(world, request);
        let app = match signer {
            Ok(app) => app,
            Err(refusal) => return shape.refusal(world, None, &Route::NONE, refusal),
        };
        let below = request.path.strip_prefix(self.api_path).unwrap_or_default();
        let base = format!("{}{}", request.origin, self.api_path);
        let (route, outcome) = endpoints::app::answer(world, app, request, &segments(below), &base);
        match outcome {
            Ok(reply) => shape.reply(world, None, route, reply),
            Err(refusal) => shape.refusal(world, None, route, refusal),
        }
    }

    fn routed(&self, call: &Call<'_>) -> (&'static Route, call::Outcome) {
        let path = call.request.path.as_str();
        if path == self.graphql_path() {
            if call.request.method == "POST" {
                return (&Route::GRAPHQL, graphql::answer(call));
            }
            return (&Route::NONE, Err(Refusal::not_found()));
        }
        let below = path.strip_prefix(self.api_path).filter(|rest| rest.is_empty() || rest.starts_with('/'));
        match below {
            Some(below) if matches!(call.request.method.as_str(), "GET" | "HEAD") => {
                endpoints::answer(call, &segments(below))
            }
            Some(below) if matches!(call.request.method.as_str(), "POST" | "PATCH") => {
                endpoints::change(call, &segments(below))
            }
            // Another change, or a page that is no API. GitHub answers a method it does not know for a path like this too.
            _ => (&Route::NONE, Err(Refusal::not_found())),
        }
    }
}

impl Handler for GitHub {
    fn answer(&self, request: &Request) -> Answer {
        let mut world = self.lock();
        let mut answer = self.plain_answer(&mut world, request);
        if let Some(fault) = fault::next(&mut world.faults, &request.path) {
            answer = fault.apply(answer);
        }
        answer.delay += world.latency;
        answer
    }

    fn is_write(&self, request: &Request) -> bool {
        match request.method.as_str() {
            "GET" | "HEAD" | "OPTIONS" => false,
            "POST" if request.path == self.graphql_path() => !graphql::is_query(&request.body),
            _ => true,
        }
    }
}

impl fmt::Debug for GitHub {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("GitHub").field("api_path", &self.api_path).finish_non_exhaustive()
    }
}
