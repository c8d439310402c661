//! Gitea, and Forgejo, which Codeberg is.

mod account;
mod git;
mod lists;
mod proofs;
mod reading;
mod refusal;
mod repository;
mod requests;
mod scopes;
mod server;
mod tables;
#[cfg(test)]
mod tests;
mod token;
mod told;
mod whose;

use super::reader::malformed;
use super::{Cost, Decoded, Question, Running, Scripts, Walk};
use crate::facts::HttpRequest;

/// The scripts of Gitea.
#[derive(Clone, Copy, Debug)]
pub struct Gitea;

impl Scripts for Gitea {
    fn run<'a>(&'a self, walk: Walk<'a>) -> Running<'a> {
        Box::pin(run(walk))
    }

    fn unfilled(&self, question: &Question<'_>) -> HttpRequest {
        requests::request(question)
    }

    fn cost(&self, question: &Question<'_>) -> Cost {
        match question.row.name {
            // The version and who it is, where the account may not be read.
            "user" => Cost { usual: 1, most: 3 },
            // One where a road leads; a category each where none does.
            "token" => Cost { usual: 1, most: if question.credential.probes { 12 } else { 10 } },
            "webhooks" | "organization_webhooks" | "repositories" => Cost { usual: 1, most: 10 },
            // Asked once at most, where nothing else decides it.
            "git_push" | "git_fetch" | "whose" => Cost { usual: 0, most: 1 },
            _ => Cost::ONE,
        }
    }
}

/// The script of a question.
async fn run(mut walk: Walk<'_>) -> Decoded {
    match walk.row().name {
        "user" => account::user(&mut walk).await,
        "version" => repository::one(&mut walk, server::version).await,
        "token" => token::token(&mut walk).await,
        "repository" => repository::one(&mut walk, repository::repository).await,
        "repository_permission" => repository::permission(&mut walk).await,
        "branch" => repository::one(&mut walk, repository::branch).await,
        "pull_requests" => repository::pull_requests(&mut walk).await,
        "webhooks" => lists::webhooks(&mut walk, "repository.webhooks").await,
        "organization_webhooks" => lists::webhooks(&mut walk, "organization.webhooks").await,
        "repositories" => lists::repositories(&mut walk).await,
        "git_push" => git::push(&mut walk).await,
        "git_fetch" => git::why_hidden(&mut walk).await,
        "whose" => whose::whose(&mut walk).await,
        _ => {
            repository::one(&mut walk, |_, _| malformed("the answer belongs to no request that credcheck knows")).await;
        }
    }
    walk.end()
}
