//! What the text of a token tells where none of its kind's prefixes does.

/// How a host's tokens look, beside the prefixes of their kinds.
#[derive(Debug)]
pub struct TokenText {
    /// How long a prefix of the instance's own may be, with its dash, before a kind's; `None` where there is none.
    pub own_prefix: Option<usize>,
    /// What a text without a prefix may be; the first form that fits counts. Where none does, it may be of every kind.
    pub forms: &'static [Form],
    /// The number of the token's record, where the text holds it. It is no secret: the host shows it in lists.
    pub record_number: Option<fn(&str) -> Option<String>>,
}

impl TokenText {
    /// Nothing but prefixes tells.
    pub(super) const fn with_forms(forms: &'static [Form]) -> Self {
        Self { own_prefix: None, forms, record_number: None }
    }
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
    /// Anything.
    Anything,
}

impl Form {
    /// Whether a text has this form.
    pub fn fits(&self, host: &TokenText, text: &str) -> bool {
        let hexadecimal = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f');
        match self.of {
            Made::Hexadecimal(digits) => text.len() == digits && text.bytes().all(hexadecimal),
            Made::RecordNumber => host.record_number.is_some_and(|read| read(text).is_some()),
            Made::Anything => true,
        }
    }
}
