//! Bitbucket Cloud: bitbucket.org.

mod account;
mod headers;
mod lists;
mod permission;
mod reading;
mod refusal;
mod repository;
mod requests;
mod restrictions;
mod tables;
#[cfg(test)]
mod tests;
mod told;

use serde_json::Value as Json;

use self::reading::{Arrived, answered};
use super::reader::{Reader, malformed};
use super::{Decoded, Question, Running, Scripts, Walk};
use crate::facts::{HttpRequest, Unknown};

/// The scripts of Bitbucket Cloud.
#[derive(Clone, Copy, Debug)]
pub struct BitbucketCloud;

impl Scripts for BitbucketCloud {
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
        "user" => one(&mut walk, account::user).await,
        "user_emails" => lists::emails(&mut walk).await,
        "workspace_permission" => one(&mut walk, account::workspace).await,
        "repositories" => lists::repositories(&mut walk).await,
        "repository" => one(&mut walk, repository::repository).await,
        "repository_permission" => permission::permission(&mut walk).await,
        "repository_hooks" => lists::webhooks(&mut walk, "repository.webhooks").await,
        "workspace_hooks" => lists::webhooks(&mut walk, "workspace.webhooks").await,
        "branch_restrictions" => restrictions::restrictions(&mut walk).await,
        _ => one(&mut walk, |_, _| malformed("the answer belongs to no request that credcheck knows")).await,
    }
    walk.end()
}

/// A question that one answer settles.
async fn one(walk: &mut Walk<'_>, read: fn(&mut Reader<'_>, &Json) -> Unknown) {
    let request = requests::request(&walk.question());
    if let Ok(exchange) = walk.ask(request).await {
        walk.turn().await;
        answered(walk, &Arrived::of(exchange), read);
    }
}
