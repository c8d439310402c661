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

use super::{Collector, Decoded, Further, Question, Shape};
use crate::facts::{Exchange, HttpRequest};
use crate::vocabulary::{HostKind, Place};

/// The most that may stand before a prefix of GitLab's own: an instance's prefix and a dash (`acme-glpat-`).
const LONGEST_INSTANCE_PREFIX: usize = 32;
/// How many hexadecimal digits an OAuth access token has.
const OAUTH_DIGITS: usize = 64;

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
