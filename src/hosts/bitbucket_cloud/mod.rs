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

use super::{Collector, Decoded, Further, Question};
use crate::facts::{Exchange, HttpRequest};

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
