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
use crate::facts::{Credential, Exchange, HttpRequest};
use crate::text::secret::Secret;
use crate::transport::{Authorization, LimitHeaders};
use crate::vocabulary::HostKind;
use crate::vocabulary::bitbucket_cloud::headers::{X_RATELIMIT_LIMIT, X_RATELIMIT_REMAINING, X_RATELIMIT_RESET};

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
        LimitHeaders {
            limit: X_RATELIMIT_LIMIT.name(),
            remaining: X_RATELIMIT_REMAINING.name(),
            reset: X_RATELIMIT_RESET.name(),
        }
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
