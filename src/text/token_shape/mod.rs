//! Tokens by their looks: which shape a token has by its text alone, and where one stands in a text.
//!
//! Which shapes there are is told by tables elsewhere; here is what a shape is, and how one is recognised. Recognition
//! goes by the prefix; lengths only tell a token from an ordinary word, so they are lower than the real ones.

mod scan;

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use scan::Found;

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
pub enum Charset {
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

/// What follows a prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Body {
    lead: Charset,
    least: usize,
    tail: Charset,
}

impl Body {
    /// `least` bytes of the set `lead`, which tell a token from a word; it goes on through bytes of the set `tail`.
    pub const fn new(lead: Charset, least: usize, tail: Charset) -> Self {
        Self { lead, least, tail }
    }
}

/// One shape.
#[derive(Debug, PartialEq, Eq)]
pub struct TokenShape {
    /// How the token begins: what a mask leaves readable. At least two bytes.
    pub prefix: &'static str,
    /// Whose it is: a host's word in the vocabulary, or a vendor's name. `None` for a format that many use.
    pub vendor: Option<&'static str>,
    /// For people, with its article: "a bot's token".
    pub title: &'static str,
    /// What it is good for.
    pub purpose: Purpose,
    /// Where it is taken only with the account's e-mail address as the username: what to do about another one.
    pub needs_email: Option<&'static str>,
    /// Whether an instance may put a word of its own and a dash before the prefix.
    pub after_own_prefix: bool,
    body: Body,
    /// Whether the prefix alone proves the vendor, whatever follows.
    distinctive: bool,
    /// Whether the prefix counts only where a word begins.
    at_word: bool,
}

impl TokenShape {
    /// A token for the API with a prefix that nothing else begins with.
    pub const fn new(vendor: Option<&'static str>, prefix: &'static str, title: &'static str, body: Body) -> Self {
        Self {
            prefix,
            vendor,
            title,
            purpose: Purpose::Api,
            needs_email: None,
            after_own_prefix: false,
            body,
            distinctive: true,
            at_word: false,
        }
    }

    /// It is good for something else.
    #[must_use]
    pub const fn purpose(mut self, purpose: Purpose) -> Self {
        self.purpose = purpose;
        self
    }

    /// The prefix is a common beginning: only prefix and body together prove anything, where a word begins.
    #[must_use]
    pub const fn weak(mut self) -> Self {
        self.distinctive = false;
        self.at_word = true;
        self
    }

    /// It is taken only with the account's e-mail address as the username; `help` says what to do about another one.
    #[must_use]
    pub const fn needs_email(mut self, help: &'static str) -> Self {
        self.needs_email = Some(help);
        self
    }

    /// An instance may put a word of its own and a dash before the prefix.
    #[must_use]
    pub const fn after_own_prefix(mut self) -> Self {
        self.after_own_prefix = true;
        self
    }

    /// Whether the bytes after the prefix are a token's. Looks at no more than `least` bytes.
    fn proves(&self, body: &[u8]) -> bool {
        let Body { lead: set, least, .. } = self.body;
        body.get(..least).is_some_and(|lead| {
            lead.iter().all(|byte| set.has(*byte))
                && (!set.fits_words() || lead.iter().any(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase()))
        })
    }
}

/// `{"` in base64: a JWT's header. Many vendors use them, so the shape proves none.
static JWT: TokenShape = TokenShape {
    distinctive: false,
    ..TokenShape::new(None, "eyJ", "a JWT", Body::new(Charset::Url, 16, Charset::Padded))
};

/// A private key in PEM.
static PEM: TokenShape =
    TokenShape::new(None, "-----BEGIN", "a private key", Body::new(Charset::Base64, 0, Charset::Base64))
        .purpose(Purpose::Key)
        .weak();

/// The most that may stand before a prefix that follows an instance's own: that and a dash.
const LONGEST_OWN_PREFIX: usize = 32;

/// The shapes to look for, those of a run: what the tables tell, and the formats that everybody uses (JWT and PEM).
pub struct Shapes {
    rows: Vec<&'static TokenShape>,
    headers: Vec<&'static str>,
    /// The fewest bytes that a token has.
    shortest: usize,
    /// The prefixes of rows and keys: most text is passed over by looking for them all at once.
    prefixes: AhoCorasick,
}

impl fmt::Debug for Shapes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Shapes({})", self.rows.len())
    }
}

impl Shapes {
    /// The shapes of these rows, and the headers, beside that of HTTP, in which a secret may be sent. A prefix that begins
    /// another stands after it.
    pub fn new(
        rows: impl IntoIterator<Item = &'static TokenShape>,
        headers: impl IntoIterator<Item = &'static str>,
    ) -> Self {
        let rows: Vec<_> = rows.into_iter().chain([&JWT]).collect();
        // Leftmost matches, so that none is passed over; which row it is, is looked at there.
        let prefixes = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostFirst)
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(rows.iter().copied().chain([&PEM]).map(|row| row.prefix));
        #[expect(clippy::expect_used, reason = "some hundred short literals are far below what it can take")]
        let prefixes = prefixes.expect("the tables' prefixes fit");
        let lengths = rows.iter().map(|row| row.prefix.len() + row.body.least);
        let shortest = lengths.chain([PEM.prefix.len()]).min().unwrap_or(0);
        Self { rows, headers: headers.into_iter().collect(), shortest, prefixes }
    }

    /// The headers, beside that of HTTP, in which a secret may be sent.
    pub fn headers(&self) -> &[&'static str] {
        &self.headers
    }

    /// The shapes of the tables, in their order.
    pub fn rows(&self) -> &[&'static TokenShape] {
        &self.rows
    }

    /// The shape of a whole token, where its text tells it.
    ///
    /// A distinctive prefix is enough, whatever follows it: a damaged token is still its vendor's.
    pub fn of(&self, token: &str) -> Option<&'static TokenShape> {
        let token = token.trim();
        if token.starts_with(PEM.prefix) && token.contains("PRIVATE KEY-----") {
            return Some(&PEM);
        }
        let at_start = |text: &str| {
            self.rows.iter().copied().find(|row| {
                text.strip_prefix(row.prefix)
                    .is_some_and(|body| if row.distinctive { !body.is_empty() } else { row.proves(body.as_bytes()) })
            })
        };
        at_start(token).or_else(|| {
            token
                .match_indices('-')
                .take_while(|(at, _)| *at <= LONGEST_OWN_PREFIX)
                .filter_map(|(at, _)| at_start(token.get(at + 1..)?))
                .find(|row| row.after_own_prefix)
        })
    }

    /// Whether a token fits into a text of this length.
    pub const fn fit(&self, length: usize) -> bool {
        self.shortest <= length
    }

    /// Where tokens stand in a text, in order, without overlap: prefix and all.
    pub fn find(&self, text: &str) -> Vec<Range<usize>> {
        self.scan(text).into_iter().map(|found| found.whole).collect()
    }

    /// The text with every token masked by stars after its prefix. The length in bytes and the line ends stay, so spans
    /// into the text stay valid.
    pub fn mask<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let found = if self.fit(text.len()) { self.scan(text) } else { Vec::new() };
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
}
