//! How tokens look. They are Atlassian's, for Jira and Confluence too.

use crate::text::token_shape::Charset::Padded;
use crate::text::token_shape::{Body, TokenShape};

/// The long bodies end in a checksum after `=`.
const LONG: Body = Body::new(Padded, 20, Padded);

/// Source: Atlassian takes API tokens only with the account's e-mail address.
const EMAIL: &str =
    "give the Atlassian account's e-mail address as the username; with a Bitbucket username every request fails";

const fn shape(prefix: &'static str, title: &'static str, body: Body) -> TokenShape {
    TokenShape::new(Some("bitbucket_cloud"), prefix, title, body)
}

/// The shapes. A prefix that begins another stands after it.
pub(super) static SHAPES: &[TokenShape] = &[
    shape("ATATT", "an Atlassian API token", LONG).needs_email(EMAIL),
    shape("ATCTT", "a Bitbucket Cloud access token", LONG),
    shape("ATBB", "a Bitbucket Cloud app password", LONG),
];
