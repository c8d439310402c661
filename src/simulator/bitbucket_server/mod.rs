//! A simulated Bitbucket Server or Data Center, of any version from 5.x on, below a context path or not.
//!
//! [`World`] is the state, [`rules`] say who is there and may do what, [`endpoints`] shape the answers. What is not known of
//! the real host (whether a token may read its own record, whether lists by level honour a token's own permissions) is a
//! switch of the world.

mod endpoints;
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

pub use restrictions::Restriction;
pub use running::Running;
pub use state::{Fault, Hook, Level, Project, Repository, User};
pub use token::Token;
pub use world::World;

use self::rules::{Call, Caller};
use super::message::segments;
use super::{Answer, Handler, Request};

/// A Bitbucket Server that answers from its [`World`]; clones share it.
#[derive(Clone)]
pub struct BitbucketServer {
    world: Arc<Mutex<World>>,
    context: String,
}

impl BitbucketServer {
    /// A host with this world.
    pub fn new(world: World) -> Self {
        let context = world.context.clone();
        Self { world: Arc::new(Mutex::new(world)), context }
    }

    /// Changes the world while it answers.
    pub fn update<R>(&self, change: impl FnOnce(&mut World) -> R) -> R {
        change(&mut self.lock())
    }

    /// The path before `/rest`: empty, or `/bitbucket`.
    pub fn context_path(&self) -> &str {
        &self.context
    }

    fn lock(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The answer before faults.
fn plain_answer(world: &World, request: &Request) -> Answer {
    let below = request.path.strip_prefix(world.context.as_str()).filter(|rest| rest.starts_with('/'));
    let Some(below) = below else { return endpoints::page(404) };
    let Some(rest) = below.strip_prefix("/rest/") else {
        // Tokens work below /rest and /scm only; everything else asks for a login.
        return endpoints::login(world, request);
    };
    let caller = match rules::authenticate(world, request) {
        Ok(caller) => caller,
        Err(refusal) => return endpoints::refusal(world, &Caller::Anonymous, refusal),
    };
    let call = Call { world, request, caller };
    let segments = segments(&format!("/{rest}"));
    match endpoints::answer(&call, &segments.iter().map(String::as_str).collect::<Vec<_>>()) {
        Ok(body) => endpoints::json(world, &call.caller, 200, &body),
        Err(refusal) => endpoints::refusal(world, &call.caller, refusal),
    }
}

impl Handler for BitbucketServer {
    fn answer(&self, request: &Request) -> Answer {
        let mut world = self.lock();
        let mut answer = plain_answer(&world, request);
        if let Some(fault) = state::next_fault(&mut world.faults, &request.path) {
            answer = fault.apply(answer);
        }
        answer.delay += world.latency;
        answer
    }
}

impl fmt::Debug for BitbucketServer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("BitbucketServer").field("context", &self.context).finish_non_exhaustive()
    }
}
