//! The shapes of well-known tokens: whose a token is by its text alone, and where one stands in a text.
//!
//! Sources: the hosts' own pages on token formats, and the patterns of public secret scanners. Recognition goes by the
//! prefix; lengths only tell a token from an ordinary word, so they are lower than the real ones.

use std::borrow::Cow;
use std::ops::Range;

/// Who issues tokens of a shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Vendor {
    /// GitHub, GHE.com and GitHub Enterprise Server.
    GitHub,
    /// GitLab, everywhere.
    GitLab,
    /// Atlassian's cloud: Bitbucket Cloud, and Jira and Confluence with the same tokens.
    Atlassian,
    /// Bitbucket Server and Data Center.
    BitbucketServer,
    /// The npm registry.
    Npm,
    /// The Python package index.
    PyPi,
    /// Slack.
    Slack,
    /// Amazon Web Services.
    Aws,
    /// Stripe.
    Stripe,
    /// Google.
    Google,
    /// OpenAI.
    OpenAi,
    /// Anthropic.
    Anthropic,
    /// HashiCorp: Terraform Cloud, Vault.
    HashiCorp,
    /// Docker Hub.
    Docker,
    /// DigitalOcean.
    DigitalOcean,
    /// Hugging Face.
    HuggingFace,
    /// SendGrid.
    SendGrid,
    /// Anybody: a format that many use, such as a JWT or a PEM key.
    Anybody,
}

impl Vendor {
    /// The name people say.
    pub const fn title(self) -> &'static str {
        match self {
            Self::GitHub => "GitHub",
            Self::GitLab => "GitLab",
            Self::Atlassian => "Atlassian",
            Self::BitbucketServer => "Bitbucket Server",
            Self::Npm => "npm",
            Self::PyPi => "PyPI",
            Self::Slack => "Slack",
            Self::Aws => "AWS",
            Self::Stripe => "Stripe",
            Self::Google => "Google",
            Self::OpenAi => "OpenAI",
            Self::Anthropic => "Anthropic",
            Self::HashiCorp => "HashiCorp",
            Self::Docker => "Docker",
            Self::DigitalOcean => "DigitalOcean",
            Self::HuggingFace => "Hugging Face",
            Self::SendGrid => "SendGrid",
            Self::Anybody => "any vendor",
        }
    }
}

/// What a token of a shape is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// It authenticates requests to its vendor's API.
    Api,
    /// It only gets other tokens.
    Refresh,
    /// It serves something else: a runner, a feed, a session.
    Other,
    /// It is a private key: it signs, it is never sent.
    Key,
}

/// The bytes that a part of a token may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Charset {
    /// `A-Z0-9`.
    Upper,
    /// `A-Za-z0-9`.
    Alphanumeric,
    /// `A-Za-z0-9_-`.
    Url,
    /// `A-Za-z0-9_.-`.
    Dotted,
    /// `A-Za-z0-9_.=-`.
    Padded,
    /// `A-Za-z0-9+/@_=-`.
    Base64,
}

impl Charset {
    const fn has(self, byte: u8) -> bool {
        match self {
            Self::Upper => byte.is_ascii_uppercase() || byte.is_ascii_digit(),
            Self::Alphanumeric => byte.is_ascii_alphanumeric(),
            Self::Url => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'),
            Self::Dotted => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'),
            Self::Padded => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'='),
            Self::Base64 => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'+' | b'/' | b'@' | b'='),
        }
    }

    /// Whether ordinary words joined by dashes fit, so that a digit or a capital must prove a token.
    const fn fits_words(self) -> bool {
        !matches!(self, Self::Upper | Self::Alphanumeric)
    }
}

/// One shape.
#[derive(Debug, PartialEq, Eq)]
pub struct TokenShape {
    /// How the token begins: what a mask leaves readable.
    pub prefix: &'static str,
    /// Whose it is.
    pub vendor: Vendor,
    /// For people, with its article: "a GitHub classic personal access token".
    pub title: &'static str,
    /// What it is good for.
    pub purpose: Purpose,
    /// The first `least` bytes after the prefix are of this set.
    lead: Charset,
    /// How many bytes after the prefix tell a token from a word.
    least: usize,
    /// The token goes on through bytes of this set.
    tail: Charset,
    /// Whether the prefix alone proves the vendor, whatever follows.
    distinctive: bool,
    /// Whether the prefix counts only where a word begins.
    at_word: bool,
}

const fn row(prefix: &'static str, vendor: Vendor, title: &'static str, lead: (Charset, usize, Charset)) -> TokenShape {
    TokenShape {
        prefix,
        vendor,
        title,
        purpose: Purpose::Api,
        lead: lead.0,
        least: lead.1,
        tail: lead.2,
        distinctive: true,
        at_word: false,
    }
}

impl TokenShape {
    const fn purpose(mut self, purpose: Purpose) -> Self {
        self.purpose = purpose;
        self
    }

    /// The prefix is a common beginning: only prefix and body together prove anything, where a word begins.
    const fn weak(mut self) -> Self {
        self.distinctive = false;
        self.at_word = true;
        self
    }
}

use Charset::{Alphanumeric, Base64, Dotted, Padded, Upper, Url};

/// GitHub's plain body: 36 letters and digits.
const PLAIN: (Charset, usize, Charset) = (Alphanumeric, 30, Url);
/// GitLab's body: 20 characters, or the routable form with dots.
const GITLAB: (Charset, usize, Charset) = (Url, 16, Dotted);
/// Atlassian's long bodies end in a checksum after `=`.
const ATLASSIAN: (Charset, usize, Charset) = (Padded, 20, Padded);

/// The shapes. A prefix that begins another stands after it.
static SHAPES: &[TokenShape] = &[
    row("github_pat_", Vendor::GitHub, "a GitHub fine-grained personal access token", (Url, 30, Url)),
    row("ghp_", Vendor::GitHub, "a GitHub classic personal access token", PLAIN),
    row("gho_", Vendor::GitHub, "a GitHub OAuth app token", PLAIN),
    row("ghu_", Vendor::GitHub, "a GitHub App user token", (Dotted, 30, Dotted)),
    // Since 2026 `ghs_APPID_JWT`: dots, dashes and underscores inside.
    row("ghs_", Vendor::GitHub, "a GitHub App installation token", (Dotted, 30, Dotted)),
    row("ghr_", Vendor::GitHub, "a GitHub refresh token", PLAIN).purpose(Purpose::Refresh),
    row("glpat-", Vendor::GitLab, "a GitLab access token", GITLAB),
    row("gldt-", Vendor::GitLab, "a GitLab deploy token", GITLAB),
    row("glcbt-", Vendor::GitLab, "a GitLab CI/CD job token", GITLAB),
    row("gloas-", Vendor::GitLab, "a GitLab OAuth application secret", GITLAB).purpose(Purpose::Other),
    row("glrtr-", Vendor::GitLab, "a GitLab runner token", GITLAB).purpose(Purpose::Other),
    row("glrt-", Vendor::GitLab, "a GitLab runner token", GITLAB).purpose(Purpose::Other),
    row("glptt-", Vendor::GitLab, "a GitLab pipeline trigger token", GITLAB).purpose(Purpose::Other),
    row("glft-", Vendor::GitLab, "a GitLab feed token", GITLAB).purpose(Purpose::Other),
    row("glimt-", Vendor::GitLab, "a GitLab incoming mail token", GITLAB).purpose(Purpose::Other),
    row("glagent-", Vendor::GitLab, "a GitLab agent token", GITLAB).purpose(Purpose::Other),
    row("glwt-", Vendor::GitLab, "a GitLab workspace token", GITLAB).purpose(Purpose::Other),
    row("glsoat-", Vendor::GitLab, "a GitLab SCIM token", GITLAB).purpose(Purpose::Other),
    row("glffct-", Vendor::GitLab, "a GitLab feature flags client token", GITLAB).purpose(Purpose::Other),
    row("_gitlab_session=", Vendor::GitLab, "a GitLab session cookie", (Alphanumeric, 20, Alphanumeric))
        .purpose(Purpose::Other),
    row("ATATT", Vendor::Atlassian, "an Atlassian API token", ATLASSIAN),
    row("ATCTT", Vendor::Atlassian, "a Bitbucket Cloud access token", ATLASSIAN),
    row("ATBB", Vendor::Atlassian, "a Bitbucket Cloud app password", ATLASSIAN),
    row("BBDC-", Vendor::BitbucketServer, "a Bitbucket Server HTTP access token", (Base64, 24, Base64)),
    row("npm_", Vendor::Npm, "an npm token", (Alphanumeric, 30, Alphanumeric)),
    row("pypi-AgE", Vendor::PyPi, "a PyPI token", (Url, 40, Url)),
    row("xoxa-", Vendor::Slack, "a Slack token", (Url, 10, Url)),
    row("xoxb-", Vendor::Slack, "a Slack bot token", (Url, 10, Url)),
    row("xoxe-", Vendor::Slack, "a Slack refresh token", (Url, 10, Url)),
    row("xoxe.", Vendor::Slack, "a Slack configuration token", (Url, 10, Url)),
    row("xoxp-", Vendor::Slack, "a Slack user token", (Url, 10, Url)),
    row("xoxr-", Vendor::Slack, "a Slack token", (Url, 10, Url)),
    row("xoxs-", Vendor::Slack, "a Slack token", (Url, 10, Url)),
    row("xapp-", Vendor::Slack, "a Slack app token", (Url, 20, Url)),
    row("AKIA", Vendor::Aws, "an AWS access key", (Upper, 16, Upper)).weak(),
    row("ASIA", Vendor::Aws, "a temporary AWS access key", (Upper, 16, Upper)).weak(),
    row("sk_live_", Vendor::Stripe, "a Stripe secret key", (Alphanumeric, 16, Alphanumeric)),
    row("sk_test_", Vendor::Stripe, "a Stripe test key", (Alphanumeric, 16, Alphanumeric)),
    row("rk_live_", Vendor::Stripe, "a Stripe restricted key", (Alphanumeric, 16, Alphanumeric)),
    row("rk_test_", Vendor::Stripe, "a Stripe restricted test key", (Alphanumeric, 16, Alphanumeric)),
    row("AIza", Vendor::Google, "a Google API key", (Url, 30, Url)),
    row("GOCSPX-", Vendor::Google, "a Google OAuth client secret", (Url, 20, Url)),
    row("ya29.", Vendor::Google, "a Google OAuth access token", (Url, 20, Dotted)),
    row("sk-ant-", Vendor::Anthropic, "an Anthropic API key", (Url, 20, Url)),
    row("sk-proj-", Vendor::OpenAi, "an OpenAI API key", (Url, 20, Url)),
    row("sk-svcacct-", Vendor::OpenAi, "an OpenAI API key", (Url, 20, Url)),
    row("sk-admin-", Vendor::OpenAi, "an OpenAI API key", (Url, 20, Url)),
    row("sk-", Vendor::OpenAi, "an OpenAI API key", (Alphanumeric, 32, Url)).weak(),
    row("atlasv1.", Vendor::HashiCorp, "a Terraform Cloud token", (Alphanumeric, 30, Alphanumeric)),
    row("hvs.", Vendor::HashiCorp, "a Vault token", (Url, 20, Url)),
    row("hvb.", Vendor::HashiCorp, "a Vault batch token", (Url, 20, Url)),
    row("dckr_pat_", Vendor::Docker, "a Docker Hub token", (Url, 20, Url)),
    row("dop_v1_", Vendor::DigitalOcean, "a DigitalOcean token", (Alphanumeric, 30, Alphanumeric)),
    row("hf_", Vendor::HuggingFace, "a Hugging Face token", (Alphanumeric, 30, Alphanumeric)).weak(),
    row("SG.", Vendor::SendGrid, "a SendGrid key", (Url, 16, Dotted)).weak(),
    // `{"` in base64: a JWT's header. Many vendors use them, so the shape proves none.
    TokenShape { at_word: false, ..row("eyJ", Vendor::Anybody, "a JWT", (Url, 16, Padded)).weak() },
];

/// The shape of a private key in PEM.
static PEM: TokenShape =
    row("-----BEGIN", Vendor::Anybody, "a private key", (Base64, 0, Base64)).purpose(Purpose::Key).weak();

/// The most that may stand before GitLab's own prefix: an instance's prefix and a dash (`acme-glpat-`).
const LONGEST_INSTANCE_PREFIX: usize = 32;

/// The shape of a whole token, where its text tells it.
///
/// A distinctive prefix is enough, whatever follows it: a damaged token is still its vendor's.
pub fn vendor_of(token: &str) -> Option<&'static TokenShape> {
    let token = token.trim();
    if token.starts_with(PEM.prefix) && token.contains("PRIVATE KEY-----") {
        return Some(&PEM);
    }
    let at_start = |text: &str| {
        SHAPES.iter().find(|shape| {
            text.strip_prefix(shape.prefix)
                .is_some_and(|body| if shape.distinctive { !body.is_empty() } else { proves(shape, body.as_bytes()) })
        })
    };
    at_start(token).or_else(|| {
        token
            .match_indices('-')
            .take_while(|(at, _)| *at <= LONGEST_INSTANCE_PREFIX)
            .filter_map(|(at, _)| at_start(token.get(at + 1..)?))
            .find(|shape| shape.vendor == Vendor::GitLab)
    })
}

/// Where tokens stand in a text, in order, without overlap: prefix and all.
pub fn find_tokens(text: &str) -> Vec<Range<usize>> {
    scan(text).into_iter().map(|found| found.whole).collect()
}

/// The text with every token masked by stars after its prefix. The length in bytes and the line ends stay, so spans
/// into the text stay valid.
pub fn mask(text: &str) -> Cow<'_, str> {
    let found = scan(text);
    if found.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut masked = String::with_capacity(text.len());
    let mut done = 0;
    for Found { hidden, .. } in found {
        masked.push_str(text.get(done..hidden.start).unwrap_or(""));
        let bytes = text.as_bytes().get(hidden.clone()).unwrap_or(&[]);
        masked.extend(bytes.iter().map(|byte| if matches!(byte, b'\n' | b'\r') { char::from(*byte) } else { '*' }));
        done = hidden.end;
    }
    masked.push_str(text.get(done..).unwrap_or(""));
    Cow::Owned(masked)
}

/// A token in a text: all of it, and the part to hide.
struct Found {
    whole: Range<usize>,
    hidden: Range<usize>,
}

/// Whether the bytes after the prefix are a token's. Looks at no more than `least` bytes.
fn proves(shape: &TokenShape, body: &[u8]) -> bool {
    body.get(..shape.least).is_some_and(|lead| {
        lead.iter().all(|byte| shape.lead.has(*byte))
            && (!shape.lead.fits_words() || lead.iter().any(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase()))
    })
}

/// One pass; every look ahead is bounded, or consumes what it looked at, so time grows with the text's length only.
fn scan(text: &str) -> Vec<Found> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut pem_ends = PemEnds { text, next: Some(0) };
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let rest = bytes.get(at..).unwrap_or(&[]);
        let hit = match byte {
            b'-' if rest.starts_with(PEM.prefix.as_bytes()) => pem(text, at, &mut pem_ends),
            byte if begins_a_shape(*byte) => token(bytes, at, rest),
            _ => None,
        };
        match hit {
            Some(hit) => {
                at = hit.whole.end.max(at + 1);
                found.push(hit);
            }
            None => at += 1,
        }
    }
    found
}

/// The first bytes of all prefixes: most text is passed over by this look-up.
const fn begins_a_shape(byte: u8) -> bool {
    matches!(
        byte,
        b'g' | b'_' | b'A' | b'B' | b'n' | b'p' | b'x' | b's' | b'r' | b'G' | b'y' | b'a' | b'h' | b'd' | b'S' | b'e'
    )
}

fn token(bytes: &[u8], at: usize, rest: &[u8]) -> Option<Found> {
    let begins_word = at.checked_sub(1).and_then(|before| bytes.get(before)).is_none_or(|before| !Url.has(*before));
    SHAPES.iter().filter(|shape| begins_word || !shape.at_word).find_map(|shape| {
        let body = rest.strip_prefix(shape.prefix.as_bytes())?;
        if !proves(shape, body) {
            return None;
        }
        let length = body.iter().take_while(|byte| shape.tail.has(**byte)).count().max(shape.least);
        let start = at + shape.prefix.len();
        Some(Found { whole: at..start + length, hidden: start..start + length })
    })
}

const PEM_END: &str = "-----END";

/// The places of `-----END`, looked for once each, in order.
struct PemEnds<'a> {
    text: &'a str,
    next: Option<usize>,
}

impl PemEnds<'_> {
    /// The first at or after `from`; `from` never goes down.
    fn after(&mut self, from: usize) -> Option<usize> {
        let known = self.next?;
        if known < from || !self.text.as_bytes().get(known..).is_some_and(|rest| rest.starts_with(PEM_END.as_bytes())) {
            self.next = self.text.get(from..)?.find(PEM_END).map(|at| from + at);
        }
        self.next
    }
}

/// A private key from its first line on. Without its last line, the base64 that follows is hidden.
fn pem(text: &str, at: usize, ends: &mut PemEnds<'_>) -> Option<Found> {
    /// Longer than any key's label (`ENCRYPTED`, `OPENSSH`).
    const LONGEST_LABEL: usize = 48;
    let rest = text.as_bytes().get(at + PEM.prefix.len()..)?;
    let window = rest.get(..LONGEST_LABEL.min(rest.len()))?;
    let label = window.windows(5).position(|dashes| dashes == b"-----")?;
    if !window.get(..label)?.ends_with(b"PRIVATE KEY") {
        return None;
    }
    let start = at + PEM.prefix.len() + label + 5;
    let end = ends.after(start).filter(|end| !text.get(start..*end).is_some_and(|gap| gap.contains(PEM.prefix)));
    let Some(end) = end else {
        let end = base64_run(text.as_bytes(), start);
        return (end > start).then(|| Found { whole: at..end, hidden: start..end });
    };
    let after = text.as_bytes().get(end + PEM_END.len()..).unwrap_or(&[]);
    let close = after
        .iter()
        .take(LONGEST_LABEL)
        .take_while(|byte| byte.is_ascii_uppercase() || matches!(byte, b' ' | b'-'))
        .count();
    Some(Found { whole: at..end + PEM_END.len() + close, hidden: start..end })
}

const fn in_pem_line(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')
}

/// The end of the lines of base64 that begin at `start`; line ends may be written as `\n`.
fn base64_run(bytes: &[u8], start: usize) -> usize {
    const FULL_LINE: usize = 16;
    let (mut at, mut end) = (start, start);
    loop {
        while let Some(byte) = bytes.get(at) {
            match byte {
                b'\n' | b'\r' | b' ' | b'\t' => at += 1,
                b'\\' if matches!(bytes.get(at + 1), Some(b'n' | b'r')) => at += 2,
                _ => break,
            }
        }
        let line = bytes.get(at..).unwrap_or(&[]).iter().take_while(|byte| in_pem_line(**byte)).count();
        if line == 0 || (line < FULL_LINE && end == start) {
            return end;
        }
        at += line;
        end = at;
        if line < FULL_LINE {
            return end;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn classic() -> String {
        ["ghp", &"x1".repeat(18)].join("_")
    }

    fn installation() -> String {
        ["ghs", "300001", &["eyJhbGciOiJSUzI1NiJ9", "eyJpc3MiOiIzMDAwMDEifQ", "c2ln-bmF0_dXJl"].join(".")].join("_")
    }

    fn gitlab() -> String {
        ["glpat", &"Zy9_".repeat(5)].join("-")
    }

    #[test]
    fn every_first_byte_is_in_the_look_up_and_longer_prefixes_come_first() {
        for (at, shape) in SHAPES.iter().enumerate() {
            assert!(begins_a_shape(shape.prefix.as_bytes()[0]), "{}", shape.prefix);
            let hidden = SHAPES.iter().take(at).find(|before| shape.prefix.starts_with(before.prefix));
            assert_eq!(hidden.map(|before| before.prefix), None, "{}", shape.prefix);
            assert!(shape.title.starts_with("a ") || shape.title.starts_with("an "), "{}", shape.title);
            assert!(shape.least <= 64);
        }
    }

    #[test]
    fn tokens_are_masked_after_their_prefix_with_the_same_length() {
        for (token, prefix) in [
            (classic(), "ghp_"),
            (installation(), "ghs_"),
            (gitlab(), "glpat-"),
            (["AT", "ATT3xFfGF0T4-x_", &"kQ9".repeat(12), "=1A2B3C4D"].concat(), "ATATT"),
        ] {
            for (before, after) in
                [("", ""), ("token: `", "`"), ("https://x:", "@github.com/a"), ("%3D", "%0A"), ("\\n", "\"")]
            {
                let text = format!("{before}{token}{after}");
                let masked = mask(&text);
                assert_eq!(masked.len(), text.len());
                assert_eq!(masked, format!("{before}{prefix}{}{after}", "*".repeat(token.len() - prefix.len())));
                assert_eq!(find_tokens(&text), [before.len()..before.len() + token.len()]);
            }
        }
    }

    #[test]
    fn ordinary_words_stay() {
        for text in [
            "ghp_",
            "a token that begins with `ghp_` or `github_pat_`",
            "sk-learn",
            "sk-learn-contrib-and-other-packages-with-long-names",
            "risk-averse task-runner",
            "ghs_installation_token_of_the_production_cluster",
            "glpat-your-token-goes-right-here-please",
            "npm_config_registry_of_the_whole_company",
            "AKIA",
            "eyJ",
            "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
            "a file that begins with `-----BEGIN RSA PRIVATE KEY-----` is a key",
            "repository.permission >= write",
            "hf_hub and SG. and AIza",
            "",
        ] {
            assert_eq!(mask(text), text);
            assert!(find_tokens(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn private_keys_are_masked_between_their_lines() {
        let body = "MIIEowIBAAKCAQEAx1y2z3a4b5c6d7e8f9\nAbCdEf0123456789+/AbCdEf01234567\nShort==";
        let whole = format!("key:\n-----BEGIN RSA PRIVATE KEY-----\r\n{body}\n-----END RSA PRIVATE KEY-----\nafter");
        let masked = mask(&whole);
        assert_eq!(masked.len(), whole.len());
        assert!(!masked.contains("MIIE") && !masked.contains("Short"));
        assert!(masked.ends_with("-----END RSA PRIVATE KEY-----\nafter"));
        assert_eq!(masked.matches('\n').count(), whole.matches('\n').count());
        let cut = format!("-----BEGIN PRIVATE KEY-----\\n{}", body.replace('\n', "\\n"));
        assert!(!mask(&cut).contains("MIIE") && !mask(&cut).contains("Short"));
        let two = format!("-----BEGIN PRIVATE KEY-----\n{body}\n{whole}");
        assert!(!mask(&two).contains("MIIE"));
    }

    #[test]
    fn a_token_tells_its_vendor() {
        let vendor = |token: &str| vendor_of(token).map(|shape| (shape.vendor, shape.purpose));
        assert_eq!(vendor(&classic()), Some((Vendor::GitHub, Purpose::Api)));
        assert_eq!(vendor("ghp_x"), Some((Vendor::GitHub, Purpose::Api)), "a damaged token is still GitHub's");
        assert_eq!(vendor(&["ghr", &"x1".repeat(38)].join("_")), Some((Vendor::GitHub, Purpose::Refresh)));
        assert_eq!(vendor(&gitlab()), Some((Vendor::GitLab, Purpose::Api)));
        assert_eq!(vendor(&format!("acme-{}", gitlab())), Some((Vendor::GitLab, Purpose::Api)));
        assert_eq!(vendor(&["gloas", &"0f".repeat(32)].join("-")), Some((Vendor::GitLab, Purpose::Other)));
        assert_eq!(vendor(&["BBDC", &"Mz/9".repeat(11)].join("-")), Some((Vendor::BitbucketServer, Purpose::Api)));
        assert_eq!(
            vendor("-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----"),
            Some((Vendor::Anybody, Purpose::Key))
        );
        assert_eq!(vendor("sk-hunter2"), None);
        assert_eq!(vendor(&"0f".repeat(20)), None);
        assert_eq!(vendor("x-ghp_y"), None);
        assert_eq!(vendor(""), None);
    }

    #[test]
    fn many_near_tokens_take_linear_time() {
        for piece in
            ["ghp_", "sk-", "-----BEGIN PRIVATE KEY-----", "-----BEGIN PRIVATE KEY-----A", "eyJ", "glpat-a", "AKIAA"]
        {
            let text = piece.repeat(200_000 / piece.len());
            assert_eq!(mask(&text).len(), text.len());
        }
    }

    proptest! {
        #[test]
        fn masking_keeps_length_and_lines_and_is_idempotent(before in "\\PC{0,20}", body in "[A-Za-z0-9]{36,80}", after in "[^A-Za-z0-9_.=-]\\PC{0,20}") {
            let text = format!("{before}ghp_{body}{after}");
            let masked = mask(&text).into_owned();
            prop_assert_eq!(masked.len(), text.len());
            prop_assert!(!masked.contains(&body));
            prop_assert_eq!(mask(&masked).into_owned(), masked.clone());
            prop_assert!(find_tokens(&masked).is_empty());
        }

        #[test]
        fn any_text_keeps_its_length(text in "(\\PC|\n|-----BEGIN PRIVATE KEY-----|-----END|ghs_|eyJ|A1b2C3d4E5f6G7h8){0,40}") {
            let masked = mask(&text);
            prop_assert_eq!(masked.len(), text.len());
            prop_assert_eq!(masked.matches('\n').count(), text.matches('\n').count());
            for range in find_tokens(&text) {
                prop_assert!(text.get(range).is_some());
            }
        }
    }
}
