//! How tokens look. Source: GitLab docs, "Token overview", token prefixes. An instance may put a word of its own before each.

use crate::text::token_shape::Charset::{Alphanumeric, Dotted, Url};
use crate::text::token_shape::{Body, Purpose, TokenShape};

/// The usual body: 20 characters, or the routable form with dots.
const USUAL: Body = Body::new(Url, 16, Dotted);

const fn shape(prefix: &'static str, title: &'static str, body: Body) -> TokenShape {
    TokenShape::new(Some("gitlab"), prefix, title, body).after_own_prefix()
}

/// The shapes. A prefix that begins another stands after it.
pub(super) static SHAPES: &[TokenShape] = &[
    shape("glpat-", "a GitLab access token", USUAL),
    shape("gldt-", "a GitLab deploy token", USUAL),
    shape("glcbt-", "a GitLab CI/CD job token", USUAL),
    shape("gloas-", "a GitLab OAuth application secret", USUAL).purpose(Purpose::Other),
    shape("glrtr-", "a GitLab runner token", USUAL).purpose(Purpose::Other),
    shape("glrt-", "a GitLab runner token", USUAL).purpose(Purpose::Other),
    shape("glptt-", "a GitLab pipeline trigger token", USUAL).purpose(Purpose::Other),
    shape("glft-", "a GitLab feed token", USUAL).purpose(Purpose::Other),
    shape("glimt-", "a GitLab incoming mail token", USUAL).purpose(Purpose::Other),
    shape("glagent-", "a GitLab agent token", USUAL).purpose(Purpose::Other),
    shape("glwt-", "a GitLab workspace token", USUAL).purpose(Purpose::Other),
    shape("glsoat-", "a GitLab SCIM token", USUAL).purpose(Purpose::Other),
    shape("glffct-", "a GitLab feature flags client token", USUAL).purpose(Purpose::Other),
    shape("_gitlab_session=", "a GitLab session cookie", Body::new(Alphanumeric, 20, Alphanumeric))
        .purpose(Purpose::Other),
];
