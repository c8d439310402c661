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
use crate::facts::{Credential, Exchange, HttpRequest};
use crate::text::secret::Secret;
use crate::transport::{Authorization, LimitHeaders};

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

    fn limit_headers(&self) -> LimitHeaders {
        // Only access tokens are shown a limit, and nobody what is left of it or when it starts again.
        LimitHeaders { limit: "x-ratelimit-limit", remaining: "x-ratelimit-remaining", reset: "x-ratelimit-reset" }
    }

    /// API tokens and app passwords go as Basic, with the e-mail address or the username; everything else as Bearer.
    fn authorization(&self, credential: &Credential, secret: Secret) -> Authorization {
        let basic = |word: &str| matches!(word, "api_token" | "app_password" | "account_password");
        match credential.kinds.as_slice() {
            [only] if basic(only.word) => Authorization::Basic(credential.username.clone().unwrap_or_default(), secret),
            _ => Authorization::Bearer(secret),
        }
    }
}
