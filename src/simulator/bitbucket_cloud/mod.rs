//! A simulated Bitbucket Cloud: its API below `/2.0`.
//!
//! [`World`] is the state, `rules` say who may see and do what, `endpoints` shape the answers. Where the real host's
//! behaviour is not documented, the harder case for a client is taken: webhooks for admins only, a page for people where
//! a path leads below a missing repository.

mod answers;
mod endpoints;
mod fault;
mod restrictions;
mod rules;
mod running;
mod state;
#[cfg(test)]
mod tests;
mod token;
mod world;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub use fault::Fault;
pub use restrictions::Restriction;
pub use running::Running;
pub use state::{Hook, Permission, Repository, User, Workspace, WorkspaceRole};
pub use token::Token;
pub use world::World;

use self::answers::Refusal;
use self::rules::authenticate;
use super::message::segments;
use super::{Answer, Handler, Request};

/// Where the API is. Everything else of the host takes no credential of the API.
const API: &str = "/2.0";

/// A Bitbucket Cloud that answers from its [`World`]; clones share it.
#[derive(Clone)]
pub struct BitbucketCloud {
    world: Arc<Mutex<World>>,
}

impl BitbucketCloud {
    /// A Bitbucket Cloud with this world.
    pub fn new(world: World) -> Self {
        Self { world: Arc::new(Mutex::new(world)) }
    }

    /// Changes the world while it answers: revokes a token, moves the clock, plans a fault.
    pub fn update<R>(&self, change: impl FnOnce(&mut World) -> R) -> R {
        change(&mut self.lock())
    }

    fn lock(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The answer before faults.
fn plain_answer(world: &mut World, request: &Request) -> Answer {
    let token = match authenticate(world, request) {
        Ok(token) => token,
        Err(refusal) => return answers::refusal(world, None, refusal),
    };
    let Some(below) = request.path.strip_prefix(API).filter(|rest| rest.is_empty() || rest.starts_with('/')) else {
        // A valid credential at a path of another version gets this; it looks like a matter of scopes, and is none.
        return answers::refusal(world, token, Refusal::new(403, "Forbidden"));
    };
    if let Some(left) = &mut world.requests_left {
        if *left == 0 {
            let refusal = Refusal::new(429, "Rate limit for this resource has been exceeded");
            return answers::refusal(world, token, refusal);
        }
        *left -= 1;
    }
    if !matches!(request.method.as_str(), "GET" | "HEAD") {
        return answers::refusal(world, token, Refusal::new(405, "Method not allowed"));
    }
    match endpoints::answer(world, token, request, &segments(below)) {
        Ok(body) => answers::ok(world, token, &body),
        Err(refusal) => answers::refusal(world, token, refusal),
    }
}

impl Handler for BitbucketCloud {
    fn answer(&self, request: &Request) -> Answer {
        let mut world = self.lock();
        let answer = plain_answer(&mut world, request);
        let answer = match fault::next(&mut world.faults, &request.path) {
            Some(fault) => fault.apply(answer),
            None => answer,
        };
        Answer { delay: answer.delay + world.latency, ..answer }
    }
}

impl fmt::Debug for BitbucketCloud {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("BitbucketCloud").finish_non_exhaustive()
    }
}
