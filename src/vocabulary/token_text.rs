//! What the text of a token tells where none of its kind's prefixes does.

use base64::Engine as _;
use jiff::Timestamp;

/// How a host's tokens look, beside the prefixes of their kinds.
#[derive(Debug)]
pub struct TokenText {
    /// How long a prefix of the instance's own may be, with its dash, before a kind's; `None` where there is none.
    pub own_prefix: Option<usize>,
    /// What a text without a prefix may be; the first form that fits counts. Where none does, it may be of every kind.
    pub forms: &'static [Form],
    /// What the token's record is found by, where the text holds it. It is no secret: the host shows it in lists.
    pub record_number: Option<fn(&str) -> Option<String>>,
    /// When the token was made and ends, where its text says it. It counts once the host has accepted the token.
    pub times: Option<fn(&str) -> Times>,
    /// Texts of the host's own that authenticate no request: none is ever sent.
    pub useless: &'static [Useless],
}

/// A text of the host's own that authenticates no request.
#[derive(Debug)]
pub struct Useless {
    /// What it is made of.
    pub of: Made,
    /// What it is, with its article: "an OAuth refresh token".
    pub title: &'static str,
    /// What to give instead, for `help`.
    pub instead: &'static str,
}

impl TokenText {
    /// Nothing but prefixes tells.
    pub(super) const fn with_forms(forms: &'static [Form]) -> Self {
        Self { own_prefix: None, forms, record_number: None, times: None, useless: &[] }
    }
}

/// When a token was made and ends, as its own text says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Times {
    /// When it was made.
    pub begins: Option<Timestamp>,
    /// When it ends.
    pub ends: Option<Timestamp>,
}

/// A form of token, and what may have it.
#[derive(Debug)]
pub struct Form {
    /// What the text is made of.
    pub of: Made,
    /// The kinds of credential, by word.
    pub kinds: &'static [&'static str],
    /// How the kind is known, where the form settles it.
    pub evidence: Option<&'static str>,
}

/// What a text is made of.
#[derive(Clone, Copy, Debug)]
pub enum Made {
    /// So many hexadecimal digits, lower case.
    Hexadecimal(usize),
    /// The number of a record can be read from it.
    RecordNumber,
    /// A JWT whose claims are like this. They are read, and never taken for verified.
    Jwt(fn(&serde_json::Value) -> bool),
    /// Anything.
    Anything,
}

impl Form {
    /// Whether a text has this form.
    pub fn fits(&self, host: &TokenText, text: &str) -> bool {
        self.of.fits(host, text)
    }
}

impl Made {
    /// Whether a text is made of this.
    pub fn fits(self, host: &TokenText, text: &str) -> bool {
        let hexadecimal = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f');
        match self {
            Self::Hexadecimal(digits) => text.len() == digits && text.bytes().all(hexadecimal),
            Self::RecordNumber => host.record_number.is_some_and(|read| read(text).is_some()),
            Self::Jwt(is_it) => claims(text).is_some_and(|claims| is_it(&claims)),
            Self::Anything => true,
        }
    }
}

/// The claims of a JWT, unverified; `None` where the text is none.
pub(super) fn claims(text: &str) -> Option<serde_json::Value> {
    let mut parts = text.split('.');
    let (Some(_), Some(claims), Some(_), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return None;
    };
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(claims).ok()?;
    serde_json::from_slice(&bytes).ok().filter(serde_json::Value::is_object)
}
