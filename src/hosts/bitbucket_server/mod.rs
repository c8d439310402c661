//! Bitbucket Server and Data Center, formerly Stash, from 5.x on.
//!
//! Many questions take several requests here: a list comes in pages, a level is asked for from the highest down, a
//! user's slug is not their name.

mod account;
mod asking;
mod branch;
mod headers;
mod hooks;
mod permission;
mod record;
mod refusal;
mod repository;
mod tables;
#[cfg(test)]
mod tests;

use self::asking::Stop;
use super::reader::malformed;
use super::{Cost, Decoded, Question, Running, Scripts, Seen, Walk, path};
use crate::facts::{Cause, HttpRequest, Unknown};
use crate::vocabulary::Place;

/// The scripts of Bitbucket Server.
#[derive(Clone, Copy, Debug)]
pub struct BitbucketServer;

/// The script of a question. What it leaves open is open for the reason that it ends with.
async fn script(walk: &mut Walk<'_>) -> Result<Unknown, Stop> {
    match walk.row().name {
        "caller" => account::caller(walk).await,
        "user" => account::user(walk).await,
        "token_record" => record::token_record(walk).await,
        "repositories" => repository::listing(walk).await,
        "repository" => repository::repository(walk).await,
        "repository_hooks" => hooks::of_repository(walk).await,
        "project_hooks" => hooks::of_project(walk).await,
        "default_branch" => branch::default_branch(walk).await,
        "branch_restrictions" => branch::restrictions(walk).await,
        "repository_permission" => permission::of_repository(walk).await,
        "repository_permissions" => permission::of_repositories(walk).await,
        "project_permission" => permission::of_project(walk).await,
        "project_permissions" => permission::of_projects(walk).await,
        _ => Ok(malformed("the answer belongs to no request that credcheck knows")),
    }
}

async fn run(mut walk: Walk<'_>) -> Decoded {
    let ended = script(&mut walk).await;
    let (seen, rest) = match ended {
        Ok(rest) => (walk.seen(), rest),
        Err(Stop::Broken(exchange)) => {
            walk.fail(&exchange);
            return walk.end();
        }
        Err(Stop::Refused(seen, rest)) => {
            walk.leave_open(rest.clone());
            (Some(seen), rest)
        }
        Err(Stop::Cut(why)) => {
            let reason = format!("it was not settled by the first {} answers", walk.asked());
            walk.cut(why);
            (walk.seen(), Unknown::new(Cause::Incomplete, reason))
        }
    };
    // What the lists of a batch do not show is asked for one by one.
    if walk.row().batch.is_none() {
        let evidence: Vec<_> = seen.iter().map(|seen: &Seen| seen.evidence(Place::Status)).collect();
        walk.settle(&rest, &evidence);
    }
    walk.end()
}

impl Scripts for BitbucketServer {
    fn run<'a>(&'a self, walk: Walk<'a>) -> Running<'a> {
        Box::pin(run(walk))
    }

    fn unfilled(&self, question: &Question<'_>) -> HttpRequest {
        let own = |placeholder: &str| match placeholder {
            "token_id" => question.credential.token_id.clone(),
            _ => None,
        };
        asking::request(path::url(question, &asking::base(question), &own))
    }

    fn cost(&self, question: &Question<'_>) -> Cost {
        // An estimate for people; what is really sent is what answers make necessary.
        let slug_is_open = asking::username(question).is_some_and(|name| headers::slug_of(&name).is_none());
        match question.row.name {
            "token_record" if slug_is_open => Cost { usual: 2, most: 12 },
            "user" | "token_record" | "repository_hooks" | "project_hooks" | "branch_restrictions" => {
                Cost { usual: 1, most: 12 }
            }
            "repositories" => Cost { usual: 1, most: 10 },
            // The highest level, which a bot seldom has, and the one below.
            "repository_permission" | "project_permission" | "repository_permissions" | "project_permissions" => {
                Cost { usual: 2, most: 12 }
            }
            _ => Cost::ONE,
        }
    }
}
