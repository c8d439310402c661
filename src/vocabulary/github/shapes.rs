//! How tokens look. Source: GitHub docs, "About authentication to GitHub", token formats.

use crate::text::token_shape::Charset::{Alphanumeric, Dotted, Url};
use crate::text::token_shape::{Body, Purpose, TokenShape};

/// The plain body: 36 letters and digits.
const PLAIN: Body = Body::new(Alphanumeric, 30, Url);

const fn shape(prefix: &'static str, title: &'static str, body: Body) -> TokenShape {
    TokenShape::new(Some("github"), prefix, title, body)
}

/// The shapes. A prefix that begins another stands after it.
pub(super) static SHAPES: &[TokenShape] = &[
    shape("github_pat_", "a GitHub fine-grained personal access token", Body::new(Url, 30, Url)),
    shape("ghp_", "a GitHub classic personal access token", PLAIN),
    shape("gho_", "a GitHub OAuth app token", PLAIN),
    shape("ghu_", "a GitHub App user token", Body::new(Dotted, 30, Dotted)),
    // Since 2026 `ghs_APPID_JWT`: dots, dashes and underscores inside.
    shape("ghs_", "a GitHub App installation token", Body::new(Dotted, 30, Dotted)),
    shape("ghr_", "a GitHub refresh token", PLAIN).purpose(Purpose::Refresh),
];
