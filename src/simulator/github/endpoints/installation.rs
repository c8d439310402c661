//! What an installation token covers.

use serde_json::{Value, json};

use super::repository;
use crate::simulator::github::call::{Call, Caller, Outcome, Refusal, Reply, Route};
use crate::simulator::github::token::Selection;

pub(super) const REPOSITORIES: Route = Route::rest(
    "",
    Some("metadata=read"),
    "https://docs.github.com/rest/apps/installations#list-repositories-accessible-to-the-app-installation",
);

/// `GET /installation/repositories`: a list in an object, for installation tokens only.
pub(super) fn repositories(call: &Call<'_>) -> Outcome {
    let installation = match call.caller {
        Caller::Anonymous => return Err(Refusal::new(401, "Requires authentication")),
        Caller::User { .. } => {
            return Err(Refusal::new(
                403,
                "You must authenticate with an installation access token in order to list repositories for an \
                 installation.",
            ));
        }
        Caller::Installation { installation, .. } => installation,
    };
    let covered: Vec<Value> = call
        .world
        .repositories
        .iter()
        .filter(|one| installation.covers(one))
        .map(|one| repository::body(call, one))
        .collect();
    let total = covered.len();
    let (page, link) = call.page(covered, "/installation/repositories");
    let selection = if installation.selection == Selection::All { "all" } else { "selected" };
    Ok(Reply::ok(json!({"total_count": total, "repository_selection": selection, "repositories": page}))
        .header("link", link))
}
