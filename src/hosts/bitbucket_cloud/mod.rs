//! Bitbucket Cloud: bitbucket.org.

mod account;
mod decode;
mod headers;
mod lists;
mod permission;
mod refusal;
mod repository;
mod requests;
#[cfg(test)]
mod tests;

use super::{Collector, Decoded, Further, Question, Shape};
use crate::facts::{Exchange, HttpRequest};
use crate::vocabulary::HostKind;

/// The collector of Bitbucket Cloud.
#[derive(Clone, Copy, Debug)]
pub struct BitbucketCloud;

impl Collector for BitbucketCloud {
    fn request(&self, question: &Question<'_>) -> HttpRequest {
        requests::request(question)
    }

    fn further(&self, question: &Question<'_>, exchanges: &[Exchange]) -> Option<Further> {
        match question.row.name {
            "repository_permission" => permission::further(question, exchanges),
            _ => lists::next(exchanges.last()?).map(Further::Page),
        }
    }

    fn decode(&self, question: &Question<'_>, exchanges: &[Exchange]) -> Decoded {
        decode::decode(question, exchanges)
    }
}

/// The kinds that a secret may be of by its text. Access tokens of a repository, a project and a workspace begin alike; what
/// begins like none of the tables is an OAuth token, or an app password from before these had a prefix.
pub(super) fn shape_of(secret: &str) -> Shape {
    if let Some(shape) = Shape::by_prefix(HostKind::BitbucketCloud, secret) {
        return shape;
    }
    let mut shape = Shape::unknown(HostKind::BitbucketCloud);
    shape.kinds.retain(|kind| matches!(kind.word, "oauth" | "app_password"));
    shape
}
