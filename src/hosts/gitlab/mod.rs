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

use self::reading::{Arrived, answered};
use self::refusal::Verdict;
use super::reader::malformed;
use super::{Decoded, Question, Running, Scripts, Shape, Walk};
use crate::facts::HttpRequest;
use crate::vocabulary::{HostKind, Place};

/// The most that may stand before a prefix of GitLab's own: an instance's prefix and a dash (`acme-glpat-`).
const LONGEST_INSTANCE_PREFIX: usize = 32;
/// How many hexadecimal digits an OAuth access token has.
const OAUTH_DIGITS: usize = 64;

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
            credential::one(&mut walk, |reader, body| project::member(reader, body, "project.access_level")).await;
        }
        "group_member" => {
            credential::one(&mut walk, |reader, body| project::member(reader, body, "group.access_level")).await;
        }
        "project_hooks" => hooks::hooks(&mut walk).await,
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

/// The kinds that a token may be of by its text: by a prefix at its start, or after an instance's own prefix and a dash.
/// An administrator may have replaced the prefixes, so a text without one may be of any kind that can be asked with.
pub(super) fn shape_of(token: &str) -> Shape {
    let by_prefix = |text: &str| Shape::by_prefix(HostKind::GitLab, text);
    if let Some(shape) = by_prefix(token) {
        return shape;
    }
    let mut after_dashes = token.match_indices('-').take_while(|(at, _)| *at <= LONGEST_INSTANCE_PREFIX);
    if let Some(shape) = after_dashes.find_map(|(at, _)| by_prefix(token.get(at + 1..)?)) {
        return shape;
    }
    let mut shape = Shape::unknown(HostKind::GitLab);
    let hexadecimal = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f');
    if token.len() == OAUTH_DIGITS && token.bytes().all(hexadecimal) {
        shape.kinds.retain(|kind| kind.word == "oauth");
        shape.evidence =
            Some(Place::TokenShape(format!("{OAUTH_DIGITS} hexadecimal digits, as OAuth access tokens are").into()));
    }
    shape
}
