//! GitHub: github.com, GHE.com and GitHub Enterprise Server.

mod account;
mod decode;
mod headers;
mod organization;
mod refusal;
mod repository;
mod requests;
#[cfg(test)]
mod tests;

use super::{Collector, Decoded, Question};
use crate::facts::{Answer, Credential, Exchange, HttpRequest, Target};
use crate::text::secret::Secret;
use crate::transport::{Authorization, LimitHeaders};
use crate::vocabulary::{CredentialKind, HostKind, Request};

/// The collector of GitHub.
#[derive(Clone, Copy, Debug)]
pub struct GitHub;

impl Collector for GitHub {
    fn request(&self, row: &'static Request, target: &Target, credential: &Credential) -> HttpRequest {
        requests::request(row, target, credential)
    }

    fn decode(&self, question: &Question<'_>, exchange: &Exchange) -> Decoded {
        decode::decode(question, exchange)
    }

    fn next_page(&self, answer: &Answer) -> Option<String> {
        headers::next_page(answer)
    }

    fn limit_headers(&self) -> LimitHeaders {
        LimitHeaders { limit: "x-ratelimit-limit", remaining: "x-ratelimit-remaining", reset: "x-ratelimit-reset" }
    }

    fn authorization(&self, _credential: &Credential, secret: Secret) -> Authorization {
        // Every kind of token goes this way (`Authorization: token …` means the same).
        Authorization::Bearer(secret)
    }
}

/// The kinds that a token may be of by its text, and how that is known where it is one. Never empty. An installation
/// token (`ghs_`) may be an Actions job's: only where it was found tells.
pub fn kinds_of(token: &str) -> (Vec<&'static CredentialKind>, Option<String>) {
    let kinds = crate::vocabulary::host(HostKind::GitHub).kinds;
    let longest = kinds
        .iter()
        .flat_map(|kind| kind.prefixes.iter().map(move |prefix| (*prefix, kind)))
        .filter(|(prefix, _)| token.starts_with(prefix))
        .max_by_key(|(prefix, _)| prefix.len());
    if let Some((prefix, kind)) = longest {
        return (vec![kind], Some(format!("prefix {prefix} of the token")));
    }
    let hexadecimal = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f');
    let legacy = token.len() == 40 && token.bytes().all(hexadecimal);
    let possible = |kind: &&CredentialKind| {
        if legacy { matches!(kind.word, "classic" | "oauth_app") } else { kind.first_request.is_some() }
    };
    (kinds.iter().filter(possible).collect(), None)
}
