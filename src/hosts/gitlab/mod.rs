//! GitLab: gitlab.com, self-managed and Dedicated.

mod account;
mod decode;
mod further;
mod hooks;
mod project;
mod refusal;
mod requests;
#[cfg(test)]
mod tests;
mod token;

use super::{Collector, Decoded, Further, Question};
use crate::facts::{Exchange, HttpRequest};

/// The collector of GitLab.
#[derive(Clone, Copy, Debug)]
pub struct GitLab;

impl Collector for GitLab {
    fn request(&self, question: &Question<'_>) -> HttpRequest {
        requests::request(question)
    }

    fn further(&self, question: &Question<'_>, exchanges: &[Exchange]) -> Option<Further> {
        further::further(question, exchanges)
    }

    fn decode(&self, question: &Question<'_>, exchanges: &[Exchange]) -> Decoded {
        decode::decode(question, exchanges)
    }
}
