//! Bitbucket Server and Data Center, formerly Stash, from 5.x on.
//!
//! Many questions take several requests here: a list comes in pages, a level is asked for from the highest down, a
//! user's slug is not their name. Each question is one script ([`walk`]) that reads the answers so far in order and says
//! which request comes next; asking and decoding both run it, so they cannot disagree.

mod account;
mod headers;
mod permission;
mod record;
mod refusal;
mod repository;
#[cfg(test)]
mod tests;
mod walk;

use self::walk::{Stop, Walk};
use super::path;
use super::reader::{self, Reader, malformed};
use super::{Collector, Cost, Decoded, Further, Question};
use crate::facts::{Answer, Cause, Credential, Exchange, HttpRequest, Unknown};
use crate::text::secret::Secret;
use crate::transport::{Authorization, LimitHeaders};
use crate::vocabulary::{Host, HostKind};

/// The collector of Bitbucket Server.
#[derive(Clone, Copy, Debug)]
pub struct BitbucketServer;

/// Bitbucket Server's tables.
fn host() -> &'static Host {
    crate::vocabulary::host(HostKind::BitbucketServer)
}

/// The script of a question. What it leaves open is open for the reason that it ends with.
fn script<'a>(walk: &mut Walk<'a>) -> Result<Unknown, Stop<'a>> {
    match walk.question.row.name {
        "caller" => account::caller(walk),
        "user" => account::user(walk),
        "token_record" => record::token_record(walk),
        "repositories" => repository::listing(walk),
        "repository" => repository::repository(walk),
        "repository_hooks" => repository::webhooks(walk),
        "repository_permission" => permission::of_repository(walk),
        "repository_permissions" => permission::of_repositories(walk),
        "project_permission" => permission::of_project(walk),
        "project_permissions" => permission::of_projects(walk),
        _ => Ok(malformed("the answer belongs to no request that credcheck knows")),
    }
}

impl Collector for BitbucketServer {
    fn request(&self, question: &Question<'_>) -> HttpRequest {
        match script(&mut Walk::new(question, &[])) {
            Err(Stop::Ask(request)) => request,
            // A plan that does not know the user yet: the path as the table has it.
            _ => {
                let own = |placeholder: &str| match placeholder {
                    "token_id" => question.credential.token_id.clone(),
                    _ => None,
                };
                walk::request(path::url(question, &walk::base(question), &own))
            }
        }
    }

    fn further(&self, question: &Question<'_>, exchanges: &[Exchange]) -> Option<Further> {
        match script(&mut Walk::new(question, exchanges)) {
            Err(Stop::Ask(request)) => Some(Further::Request(request)),
            _ => None,
        }
    }

    fn decode(&self, question: &Question<'_>, exchanges: &[Exchange]) -> Decoded {
        let mut walk = Walk::new(question, exchanges);
        let (exchange, rest) = match script(&mut walk) {
            Ok(rest) => (walk.last(), rest),
            Err(stop) => {
                let (exchange, rest) = match stop {
                    Stop::Broken(exchange, failure) => {
                        let mut decoded = reader::failed(question, exchange, failure);
                        decoded.join(told(walk, exchanges));
                        return decoded;
                    }
                    Stop::Refused(exchange, unknown) => (Some(exchange), unknown),
                    Stop::Ask(_) => {
                        let reason = format!("it was not settled by the first {} answers", exchanges.len());
                        (exchanges.last(), Unknown::new(Cause::Incomplete, reason))
                    }
                };
                if question.row.listing.is_some() {
                    walk.incomplete.get_or_insert_with(|| rest.clone());
                }
                (exchange, rest)
            }
        };
        let Some((exchange, answer)) = exchange.and_then(answered) else { return told(walk, exchanges) };
        let mut reader = Reader::new(question, &exchange.request, answer);
        walk.finish(&mut reader);
        // What the lists of a batch do not show is asked for one by one.
        if question.row.batch.is_some() { reader.decoded } else { reader.finish(&rest) }
    }

    fn cost(&self, question: &Question<'_>) -> Cost {
        // An estimate for people; what is really sent is what answers make necessary.
        let slug_is_open = Walk::new(question, &[]).username().is_some_and(|name| headers::slug_of(name).is_none());
        match question.row.name {
            "token_record" if slug_is_open => Cost { usual: 2, most: 12 },
            "user" | "token_record" | "repository_hooks" => Cost { usual: 1, most: 12 },
            "repositories" => Cost { usual: 1, most: 10 },
            // The highest level, which a bot seldom has, and the one below.
            "repository_permission" | "project_permission" | "repository_permissions" | "project_permissions" => {
                Cost { usual: 2, most: 12 }
            }
            _ => Cost::ONE,
        }
    }

    fn limit_headers(&self) -> LimitHeaders {
        // Seen on other Data Center products; a host without them shows no limit.
        LimitHeaders {
            limit: "x-ratelimit-limit",
            remaining: "x-ratelimit-remaining",
            reset: "x-ratelimit-interval-seconds",
        }
    }

    fn authorization(&self, credential: &Credential, secret: Secret) -> Authorization {
        match (credential.kinds.as_slice(), &credential.username) {
            ([only], Some(username)) if only.word == "password" => Authorization::Basic(username.clone(), secret),
            // The tokens of projects and repositories are taken as Bearer alone, and Atlantis sends no other way.
            _ => Authorization::Bearer(secret),
        }
    }
}

/// What a script told before it broke off.
fn told<'a>(walk: Walk<'a>, exchanges: &'a [Exchange]) -> Decoded {
    let Some((exchange, answer)) = exchanges.iter().rev().find_map(answered) else { return Decoded::default() };
    let mut reader = Reader::new(walk.question, &exchange.request, answer);
    walk.finish(&mut reader);
    reader.decoded
}

/// An exchange with its answer, where one came.
fn answered(exchange: &Exchange) -> Option<(&Exchange, &Answer)> {
    Some((exchange, exchange.result.as_ref().ok()?))
}
