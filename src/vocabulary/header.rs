//! The name of a header, as a value.

use std::fmt;

/// A header's name, in the spelling that is documented: `X-OAuth-Scopes`. Names in another case are the same header.
#[derive(Clone, Copy)]
pub struct Header(&'static str);

impl Header {
    /// A header by its documented name.
    pub const fn new(name: &'static str) -> Self {
        Self(name)
    }

    /// The documented name.
    pub const fn name(self) -> &'static str {
        self.0
    }

    /// Whether a name, in any case, is this header's.
    pub const fn is(self, name: &str) -> bool {
        self.0.eq_ignore_ascii_case(name)
    }
}

impl PartialEq for Header {
    fn eq(&self, other: &Self) -> bool {
        self.is(other.0)
    }
}

impl Eq for Header {}

impl AsRef<str> for Header {
    fn as_ref(&self) -> &str {
        self.0
    }
}

impl fmt::Display for Header {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }
}

impl fmt::Debug for Header {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }
}
