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
use crate::facts::{Credential, Exchange, HttpRequest};
use crate::text::secret::Secret;
use crate::transport::{Authorization, LimitHeaders};

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

    fn limit_headers(&self) -> LimitHeaders {
        LimitHeaders { limit: "ratelimit-limit", remaining: "ratelimit-remaining", reset: "ratelimit-reset" }
    }

    /// `Authorization: Bearer` serves every kind but two, and no client takes it along to another host, as it would
    /// `PRIVATE-TOKEN`.
    fn authorization(&self, credential: &Credential, secret: Secret) -> Authorization {
        match credential.kinds.as_slice() {
            [only] if only.word == "job" => Authorization::Header("job-token", secret),
            [only] if only.word == "deploy" => Authorization::Header("deploy-token", secret),
            _ => Authorization::Bearer(secret),
        }
    }
}
