//! How tokens look. Source: Atlassian's pages on HTTP access tokens.

use crate::text::token_shape::Charset::Base64;
use crate::text::token_shape::{Body, TokenShape};

const fn shape(prefix: &'static str, title: &'static str, body: Body) -> TokenShape {
    TokenShape::new(Some("bitbucket_server"), prefix, title, body)
}

/// The shapes. A prefix that begins another stands after it.
pub(super) static SHAPES: &[TokenShape] =
    &[shape("BBDC-", "a Bitbucket Server HTTP access token", Body::new(Base64, 24, Base64))];
