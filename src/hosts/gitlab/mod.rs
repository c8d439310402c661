//! GitLab: gitlab.com, self-managed and Dedicated.

mod account;
mod credential;
mod hooks;
mod pages;
mod project;
mod reading;
mod refusal;
mod requests;
mod tables;
#[cfg(test)]
mod tests;
mod token;
mod told;

use serde_json::Value as Json;

use self::reading::{Arrived, answered};
use self::refusal::Verdict;
use super::reader::{Reader, malformed};
use super::{Decoded, Question, Running, Scripts, Walk};
use crate::facts::HttpRequest;

/// The scripts of GitLab.
#[derive(Clone, Copy, Debug)]
pub struct GitLab;

impl Scripts for GitLab {
    fn run<'a>(&'a self, walk: Walk<'a>) -> Running<'a> {
        Box::pin(run(walk))
    }

    fn unfilled(&self, question: &Question<'_>) -> HttpRequest {
        requests::request(question)
    }
}

/// The script of a question.
async fn run(mut walk: Walk<'_>) -> Decoded {
    match walk.row().name {
        "token_self" => credential::token_self(&mut walk).await,
        "oauth_token_info" => credential::one(&mut walk, |reader, body| token::oauth(reader, body, None)).await,
        "job" => credential::one(&mut walk, token::job).await,
        "user" => credential::one(&mut walk, account::user).await,
        "metadata" => credential::metadata(&mut walk).await,
        "project" => credential::one(&mut walk, project::project).await,
        "project_member" => {
            let read = |reader: &mut Reader<'_>, body: &Json| {
                project::member(reader, body, "project.access_level", Some("project.membership_expires_at"))
            };
            credential::one(&mut walk, read).await;
        }
        "group_member" => {
            credential::one(&mut walk, |reader, body| project::member(reader, body, "group.access_level", None)).await;
        }
        "project_hooks" => hooks::hooks(&mut walk, "project.webhooks").await,
        "group_hooks" => hooks::hooks(&mut walk, "group.webhooks").await,
        "default_branch" => credential::one(&mut walk, project::branch).await,
        "projects" => pages::projects(&mut walk).await,
        "many_projects" => many(&mut walk).await,
        _ => {
            credential::one(&mut walk, |_, _| malformed("the answer belongs to no request that credcheck knows")).await
        }
    }
    walk.end()
}

/// Many projects at once.
async fn many(walk: &mut Walk<'_>) {
    let request = requests::request(&walk.question());
    let Ok(exchange) = walk.ask(request).await else { return };
    walk.turn().await;
    let arrived = Arrived::of(exchange);
    match (arrived.exchange.status(), &arrived.found) {
        (Some(200), Some(body)) => walk.glance(&arrived.exchange, |reader| project::many(reader, body)),
        // An instance without this query, or a credential that it is not for: each project is asked about by itself.
        (Some(200 | 400 | 403..=405), _) => {}
        _ => answered(walk, &arrived, Verdict::Open, |_, _| malformed("the answer does not tell this")),
    }
}
