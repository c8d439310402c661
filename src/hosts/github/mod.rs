//! GitHub: github.com, GHE.com and GitHub Enterprise Server.

mod account;
mod app;
mod batch;
mod checker;
mod decode;
mod headers;
mod minting;
mod organization;
mod proofs;
mod refusal;
mod repository;
mod requests;
#[cfg(test)]
mod tests;

use super::{As, Collector, Cost, Decoded, Further, Mint, Question, Shape, link};
use crate::facts::{Exchange, HttpRequest};
use crate::vocabulary::HostKind;

/// The collector of GitHub.
#[derive(Clone, Copy, Debug)]
pub struct GitHub;

impl Collector for GitHub {
    fn request(&self, question: &Question<'_>) -> HttpRequest {
        requests::request(question)
    }

    fn further(&self, question: &Question<'_>, exchanges: &[Exchange]) -> Option<Further> {
        let answer = exchanges.last()?.result.as_ref().ok()?;
        if question.row.name == "granted_tokens" {
            return checker::further(question, exchanges);
        }
        if question.row.listing.is_none() || answer.status != 200 {
            return None;
        }
        match link::next(answer) {
            Some(page) => Some(Further::Page(page)),
            None if question.row.name == "app_installations" => app::next_installation(question, exchanges),
            None => None,
        }
    }

    fn asks_as(&self, question: &Question<'_>) -> As {
        minting::asks_as(question)
    }

    fn mint(&self) -> Option<&dyn Mint> {
        Some(&minting::GitHubMint)
    }

    fn decode(&self, question: &Question<'_>, exchanges: &[Exchange]) -> Decoded {
        decode::decode(question, exchanges)
    }

    fn cost(&self, question: &Question<'_>) -> Cost {
        // What a query leaves open is asked about by itself.
        let most = if question.row.batch.is_some() { 1 + question.targets.len() } else { 1 };
        Cost { usual: 1, most }
    }
}

/// The kinds that a token may be of by its text. An installation token (`ghs_`) may be an Actions job's: only where it was
/// found tells.
pub(super) fn shape_of(token: &str) -> Shape {
    if let Some(shape) = Shape::by_prefix(HostKind::GitHub, token) {
        return shape;
    }
    let hexadecimal = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f');
    let mut shape = Shape::unknown(HostKind::GitHub);
    if token.len() == 40 && token.bytes().all(hexadecimal) {
        shape.kinds.retain(|kind| matches!(kind.word, "classic" | "oauth_app"));
    }
    shape
}
