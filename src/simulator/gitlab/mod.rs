//! A simulated GitLab: gitlab.com, or an instance of one's own, also below a relative URL root.
//!
//! [`World`] is the state, `rules` say who may see and do what, `endpoints` shape the answers. Where the real GitLab's
//! behaviour is not documented, the harder case for a client is taken.

mod branches;
mod endpoints;
mod graphql;
mod rules;
mod running;
mod state;
#[cfg(test)]
mod tests;
mod token;
mod world;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::json;

pub use running::Running;
pub use state::{DefaultBranch, Group, Hook, Level, Project, User};
pub use token::Token;
pub use world::World;

use self::endpoints::Call;
use self::rules::Refusal;
use super::message::segments;
use super::{Answer, Handler, Request};

/// A GitLab that answers from its [`World`]; clones share it.
#[derive(Clone)]
pub struct GitLab {
    world: Arc<Mutex<World>>,
    root: String,
}

impl GitLab {
    /// A GitLab with this world.
    pub fn new(world: World) -> Self {
        let root = world.root.clone();
        Self { world: Arc::new(Mutex::new(world)), root }
    }

    /// Changes the world while it answers: revokes a token.
    pub fn update<R>(&self, change: impl FnOnce(&mut World) -> R) -> R {
        change(&mut self.lock())
    }

    /// The relative URL root: empty, or `/git`.
    pub fn root(&self) -> &str {
        &self.root
    }

    fn lock(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The path below the root.
    fn below<'a>(&self, path: &'a str) -> Option<&'a str> {
        path.strip_prefix(self.root.as_str()).filter(|rest| rest.starts_with('/'))
    }

    /// The answer before faults.
    fn plain_answer(&self, world: &mut World, request: &Request) -> Answer {
        if let Some((limit, used)) = &mut world.limit {
            if *used >= *limit {
                // Said by what stands before the application: no JSON.
                return limited(Answer::new(429, "Retry later\n"), *limit, *used).header("retry-after", "60");
            }
            *used += 1;
        }
        let world: &World = world;
        let path = self.below(&request.path).unwrap_or("");
        let (is_graphql, is_info) = (path == "/api/graphql", path == "/oauth/token/info");
        let outcome = rules::authenticate(world, request).and_then(|caller| {
            let base = format!("{}{}/api/v4", request.origin, self.root);
            let call = Call { world, request, caller, base };
            let gets = matches!(request.method.as_str(), "GET" | "HEAD");
            match path.strip_prefix("/api/v4") {
                _ if is_graphql && request.method == "POST" => graphql::answer(&call),
                _ if is_info && gets => endpoints::oauth_token_info(&call),
                Some(below) if gets => endpoints::answer(&call, &segments(below)),
                _ => Err(Refusal::new(404, json!({ "error": "404 Not Found" }))),
            }
        });
        let mut answer = match outcome {
            Ok(reply) => {
                let mut answer = Answer::new(200, reply.body.to_string());
                for (name, value) in reply.headers {
                    answer = answer.header(name, value);
                }
                answer
            }
            Err(refusal) => {
                let body = if is_graphql && refusal.status == 401 {
                    json!({ "errors": [{ "message": "Invalid token" }] })
                } else {
                    refusal.body
                };
                let answer = Answer::new(refusal.status, body.to_string());
                match refusal.location {
                    Some(location) => answer.header("location", location),
                    None => answer,
                }
            }
        };
        if let Some((limit, used)) = world.limit {
            answer = limited(answer, limit, used);
        }
        if let Ok(date) = jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&world.now) {
            answer = answer.header("date", date);
        }
        answer
            .header("content-type", "application/json")
            .header("vary", "Origin")
            .header("x-gitlab-meta", "{\"correlation_id\":\"01J0\",\"version\":\"1\"}")
    }
}

/// The headers of the rate limit, in the spelling that HTTP/2 gives them.
fn limited(answer: Answer, limit: u64, used: u64) -> Answer {
    answer
        .header("ratelimit-limit", limit.to_string())
        .header("ratelimit-name", "throttle_authenticated_api")
        .header("ratelimit-observed", used.to_string())
        .header("ratelimit-remaining", limit.saturating_sub(used).to_string())
        .header("ratelimit-reset", "60")
}

impl Handler for GitLab {
    fn answer(&self, request: &Request) -> Answer {
        let mut world = self.lock();
        let mut answer = self.plain_answer(&mut world, request);
        let below = self.below(&request.path).unwrap_or("").to_owned();
        if let Some(planned) =
            world.replaced.iter_mut().find(|planned| planned.left > 0 && below.starts_with(&planned.path))
        {
            planned.left -= 1;
            answer = planned.answer.clone();
        }
        answer.delay += world.latency;
        answer
    }

    fn is_write(&self, request: &Request) -> bool {
        match request.method.as_str() {
            "GET" | "HEAD" | "OPTIONS" => false,
            "POST" if self.below(&request.path) == Some("/api/graphql") => !graphql::is_query(&request.body),
            _ => true,
        }
    }
}

impl fmt::Debug for GitLab {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("GitLab").field("root", &self.root).finish_non_exhaustive()
    }
}
