//! How the tokens of vendors look that are no host of ours: what must never go to a host, nor be shown.
//!
//! Sources: the vendors' own pages on token formats, and the patterns of public secret scanners.

use crate::text::token_shape::Charset::{Alphanumeric, Dotted, Upper, Url};
use crate::text::token_shape::{Body, TokenShape};

const fn shape(vendor: &'static str, prefix: &'static str, title: &'static str, body: Body) -> TokenShape {
    TokenShape::new(Some(vendor), prefix, title, body)
}

/// The shapes. A prefix that begins another stands after it.
pub(super) static VENDORS: &[TokenShape] = &[
    shape("npm", "npm_", "an npm token", Body::new(Alphanumeric, 30, Alphanumeric)),
    shape("PyPI", "pypi-AgE", "a PyPI token", Body::new(Url, 40, Url)),
    shape("Slack", "xoxa-", "a Slack token", Body::new(Url, 10, Url)),
    shape("Slack", "xoxb-", "a Slack bot token", Body::new(Url, 10, Url)),
    shape("Slack", "xoxe-", "a Slack refresh token", Body::new(Url, 10, Url)),
    shape("Slack", "xoxe.", "a Slack configuration token", Body::new(Url, 10, Url)),
    shape("Slack", "xoxp-", "a Slack user token", Body::new(Url, 10, Url)),
    shape("Slack", "xoxr-", "a Slack token", Body::new(Url, 10, Url)),
    shape("Slack", "xoxs-", "a Slack token", Body::new(Url, 10, Url)),
    shape("Slack", "xapp-", "a Slack app token", Body::new(Url, 20, Url)),
    shape("AWS", "AKIA", "an AWS access key", Body::new(Upper, 16, Upper)).weak(),
    shape("AWS", "ASIA", "a temporary AWS access key", Body::new(Upper, 16, Upper)).weak(),
    shape("Stripe", "sk_live_", "a Stripe secret key", Body::new(Alphanumeric, 16, Alphanumeric)),
    shape("Stripe", "sk_test_", "a Stripe test key", Body::new(Alphanumeric, 16, Alphanumeric)),
    shape("Stripe", "rk_live_", "a Stripe restricted key", Body::new(Alphanumeric, 16, Alphanumeric)),
    shape("Stripe", "rk_test_", "a Stripe restricted test key", Body::new(Alphanumeric, 16, Alphanumeric)),
    shape("Google", "AIza", "a Google API key", Body::new(Url, 30, Url)),
    shape("Google", "GOCSPX-", "a Google OAuth client secret", Body::new(Url, 20, Url)),
    shape("Google", "ya29.", "a Google OAuth access token", Body::new(Url, 20, Dotted)),
    shape("Anthropic", "sk-ant-", "an Anthropic API key", Body::new(Url, 20, Url)),
    shape("OpenAI", "sk-proj-", "an OpenAI API key", Body::new(Url, 20, Url)),
    shape("OpenAI", "sk-svcacct-", "an OpenAI API key", Body::new(Url, 20, Url)),
    shape("OpenAI", "sk-admin-", "an OpenAI API key", Body::new(Url, 20, Url)),
    shape("OpenAI", "sk-", "an OpenAI API key", Body::new(Alphanumeric, 32, Url)).weak(),
    shape("HashiCorp", "atlasv1.", "a Terraform Cloud token", Body::new(Alphanumeric, 30, Alphanumeric)),
    shape("HashiCorp", "hvs.", "a Vault token", Body::new(Url, 20, Url)),
    shape("HashiCorp", "hvb.", "a Vault batch token", Body::new(Url, 20, Url)),
    shape("Docker", "dckr_pat_", "a Docker Hub token", Body::new(Url, 20, Url)),
    shape("DigitalOcean", "dop_v1_", "a DigitalOcean token", Body::new(Alphanumeric, 30, Alphanumeric)),
    shape("Hugging Face", "hf_", "a Hugging Face token", Body::new(Alphanumeric, 30, Alphanumeric)).weak(),
    shape("SendGrid", "SG.", "a SendGrid key", Body::new(Url, 16, Dotted)).weak(),
];
