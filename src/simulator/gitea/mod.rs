//! A simulated Gitea or Forgejo, of any version from Gitea 1.21 and Forgejo 7 on, below a sub-path or not.
//!
//! [`World`] is the state; [`Product`] and a version say which server it is, and the table of `release` what is different
//! from one to the next. `caller` says who is there, `rights` what they may do, `routes` where a request goes. The answers
//! are held against those of five real servers in `tests/recorded`.

mod accounts;
mod bodies;
mod call;
mod caller;
mod git;
mod instance;
mod making;
mod paging;
mod people;
mod refusal;
mod release;
mod repositories;
mod rights;
mod routes;
mod running;
mod scopes;
mod state;
#[cfg(test)]
mod tests;
mod token;
mod userinfo;
mod web;
mod world;

use std::cell::RefCell;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::json;

pub use people::{Organization, Team, User, Visibility};
pub use release::Product;
pub use running::Running;
pub use state::{Allowed, Hook, Level, Protection, Repository, Unit};
pub use token::Token;
pub use world::World;

use self::call::{CHANGED, Call, Effect, Outcome};
use self::caller::{Caller, Rejected, Trouble, Way};
use self::refusal::Refusal;
use self::release::Difference;
use self::routes::Found;
use super::message::segments;
use super::{Answer, Handler, Request};

/// A Gitea or Forgejo that answers from its [`World`]; clones share it.
#[derive(Clone)]
pub struct Gitea {
    world: Arc<Mutex<World>>,
    sub_path: String,
}

impl Gitea {
    /// A server with this world.
    pub fn new(world: World) -> Self {
        let sub_path = world.sub_path.clone();
        Self { world: Arc::new(Mutex::new(world)), sub_path }
    }

    /// Changes the world while it answers: revokes a token.
    pub fn update<R>(&self, change: impl FnOnce(&mut World) -> R) -> R {
        change(&mut self.lock())
    }

    /// The path before everything else: empty, or `/git`.
    pub fn sub_path(&self) -> &str {
        &self.sub_path
    }

    /// The requests that would have changed something on a real server.
    pub fn changes(&self) -> Vec<String> {
        self.lock().changes().to_vec()
    }

    fn lock(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The answer before faults.
fn plain_answer(world: &World, request: &Request, effects: &RefCell<Vec<Effect>>) -> Answer {
    let below = request.path.strip_prefix(world.sub_path.as_str()).filter(|rest| rest.starts_with('/'));
    let Some(path) = below else { return refusal::text(404, "404 page not found\n") };
    let root = world.root.clone().unwrap_or_else(|| format!("{}{}", request.origin, world.sub_path));
    let api = path.strip_prefix("/api/v1").filter(|rest| rest.is_empty() || rest.starts_with('/'));
    if let Some(below) = api {
        return of_api(world, request, (path, below), &root, effects);
    }
    if path == "/api/forgejo/v1/version" && world.release.is_forgejo() {
        return own_version(world, request, &root);
    }
    web::answer(world, request, path, &root)
}

/// What comes before any route, in the order of the servers: the credential, whether anybody is answered, the account, and
/// whose part is taken.
fn admitted<'a>(world: &'a World, request: &Request, root: &str) -> Result<Caller<'a>, Refusal> {
    let caller = caller::identify(world, request).map_err(|rejected| rejected.of_api(world))?;
    if world.demands_sign_in && caller.is_anonymous() {
        return Err(Refusal::bare("Only signed in user is allowed to call APIs."));
    }
    if let Some(trouble) = caller.trouble(world) {
        return Err(Refusal::bare(troubled(request, trouble, root)));
    }
    let asked = request.parameter("sudo").or_else(|| request.header("sudo")).filter(|login| !login.is_empty());
    let Some(login) = asked else { return Ok(caller) };
    match caller {
        Caller::User(user, token, way) if user.admin => match world.find_user(login) {
            Some(user) => Ok(Caller::User(user, token, way)),
            None => Err(Refusal::not_found()),
        },
        Caller::Anonymous => Ok(caller),
        _ => Err(Refusal::bare("Only administrators allowed to sudo.")),
    }
}

fn troubled(request: &Request, trouble: Trouble, root: &str) -> String {
    match trouble {
        Trouble::Unconfirmed => "This account is not activated.".to_owned(),
        Trouble::Prohibited => {
            "This account is prohibited from signing in, please contact your site administrator.".to_owned()
        }
        Trouble::StalePassword => format!("You must change your password. Change it at: {root}//user/change_password"),
        Trouble::NoSecondFactor if refusal::is_german(request) => format!(
            "Diese Forgejo-Instanz verlangt von den Benutzern, dass sie die Zwei-Faktor-Authentifizierung aktivieren, bevor \
             sie auf ihren Accounts zugreifen können. Dies kann aktiviert werden bei: {root}/user/settings/security"
        ),
        Trouble::NoSecondFactor => format!(
            "This Forgejo instance requires users to enable two-factor authentication before they can access their \
             accounts. Enable it at: {root}/user/settings/security"
        ),
    }
}

fn of_api(
    world: &World,
    request: &Request,
    (path, below): (&str, &str),
    root: &str,
    effects: &RefCell<Vec<Effect>>,
) -> Answer {
    let found = routes::find(world, &request.method, &segments(below));
    let mut warned = false;
    let mut outcome = || -> Outcome {
        if matches!(found, Found::Nothing) && world.release.has(Difference::RoutesFirst) {
            return Err(Refusal::NoRoute);
        }
        let caller = admitted(world, request, root)?;
        warned = matches!(caller, Caller::User(_, _, Way::Query));
        found.answer(&Call { world, request, caller, root: root.to_owned(), path, effects })
    };
    let answer = outcome().unwrap_or_else(|refusal| refusal.answer(world, request, root));
    if warned { warning(world, answer) } else { answer }
}

/// A token in the address is taken, with a word on it.
fn warning(world: &World, answer: Answer) -> Answer {
    let until = if world.release.has(Difference::WarnsAsForgejo) { "Forgejo v13.0.0" } else { "gitea 1.23" };
    let words = format!(
        "token and access_token API authentication is deprecated and will be removed in {until}. Please use \
         AuthorizationHeaderToken instead. Existing queries will continue to work but without authorization."
    );
    answer.header(if world.release.is_forgejo() { "Warning" } else { "X-Gitea-Warning" }, words)
}

/// The version that only a Forgejo has a route for.
fn own_version(world: &World, request: &Request, root: &str) -> Answer {
    match caller::identify(world, request) {
        Err(rejected) => Rejected::of_api(&rejected, world).answer(world, request, root),
        Ok(_) => {
            let body = json!({"version": world.release.text()}).to_string();
            let json = world.release.has(Difference::VersionIsJson);
            Answer::new(200, body).header(
                "Content-Type",
                if json { "application/json; charset=utf-8" } else { "text/plain; charset=utf-8" },
            )
        }
    }
}

impl Handler for Gitea {
    fn answer(&self, request: &Request) -> Answer {
        let mut world = self.lock();
        let effects = RefCell::default();
        let mut answer = plain_answer(&world, request, &effects);
        effects.into_inner().into_iter().for_each(|effect| effect(&mut world));
        let change = answer.headers.iter().find(|(name, _)| name == CHANGED).map(|(_, change)| change.clone());
        world.changes.extend(change);
        let below = request.path.strip_prefix(self.sub_path.as_str()).unwrap_or(&request.path);
        let planned = world.replaced.iter_mut().find(|planned| planned.left > 0 && below.starts_with(&planned.path));
        if let Some(planned) = planned {
            planned.left -= 1;
            answer = planned.answer.clone();
        }
        answer.delay += world.latency;
        answer
    }
}

impl fmt::Debug for Gitea {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Gitea").field("sub_path", &self.sub_path).finish_non_exhaustive()
    }
}
