//! GitHub: github.com, GHE.com and GitHub Enterprise Server.

mod account;
mod app;
mod batch;
mod branch;
mod checker;
mod headers;
mod hooks;
mod invitations;
mod jobs;
mod lists;
mod minting;
mod organization;
mod proofs;
mod queries;
mod reading;
mod refusal;
mod repository;
mod requests;
mod tables;
#[cfg(test)]
mod tests;
mod told;

use serde_json::Value as Json;

use self::reading::answered;
use super::reader::{Reader, malformed};
use super::{Cost, Decoded, Mint, Question, Running, Scripts, Walk};
use crate::facts::{HttpRequest, Unknown};

/// The scripts of GitHub.
#[derive(Clone, Copy, Debug)]
pub struct GitHub;

impl Scripts for GitHub {
    fn run<'a>(&'a self, walk: Walk<'a>) -> Running<'a> {
        Box::pin(run(walk))
    }

    fn unfilled(&self, question: &Question<'_>) -> HttpRequest {
        requests::request(question)
    }

    fn cost(&self, question: &Question<'_>) -> Cost {
        // What a query leaves open is asked about by itself.
        match question.row.name {
            _ if question.row.batch.is_some() => Cost { usual: 1, most: 1 + question.targets.len() },
            // Where it is not there, the account is asked whether it is an organisation.
            "organization_webhooks" => Cost { usual: 1, most: 2 },
            // The branch, and the rules that bear on it.
            "default_branch" => Cost { usual: 2, most: 2 },
            _ => Cost::ONE,
        }
    }

    fn mint(&self) -> Option<&dyn Mint> {
        Some(&minting::GitHubMint)
    }
}

/// The script of a question.
async fn run(mut walk: Walk<'_>) -> Decoded {
    let row = walk.row();
    match row.name {
        "user" => one(&mut walk, account::user).await,
        "viewer" => one(&mut walk, account::viewer).await,
        "app" => one(&mut walk, app::app).await,
        "repository_installation" => one(&mut walk, app::installation).await,
        "repository" => one(&mut walk, repository::repository).await,
        "webhooks" => one(&mut walk, hooks::of_repository).await,
        "organization_webhooks" => hooks::of_organization(&mut walk).await,
        "job_permissions" => one(&mut walk, jobs::permissions).await,
        "invitations" => invitations::invitations(&mut walk).await,
        "default_branch" => branch::default_branch(&mut walk).await,
        "membership" => one(&mut walk, organization::membership).await,
        "organization" => one(&mut walk, organization::organization).await,
        "user_repositories" => lists::of_user(&mut walk).await,
        "installation_repositories" => lists::of_installation(&mut walk).await,
        "app_installations" => lists::of_installations(&mut walk).await,
        "granted_tokens" => checker::granted_tokens(&mut walk).await,
        _ if row.batch.is_some() => batch::many(&mut walk).await,
        name => match tables::host().proof(name) {
            Some(proof) => proofs::prove(&mut walk, proof).await,
            None => one(&mut walk, |_, _| malformed("the answer belongs to no request that credcheck knows")).await,
        },
    }
    walk.end()
}

/// A question that one answer settles.
async fn one(walk: &mut Walk<'_>, read: fn(&mut Reader<'_>, &Json) -> Unknown) {
    let (request, by) = (requests::request(&walk.question()), minting::asks_as(&walk.question()));
    if let Ok(exchange) = walk.ask_as(request, by).await {
        // What the questions before have told decides what a refusal means.
        walk.turn().await;
        answered(walk, &exchange, read);
    }
}
