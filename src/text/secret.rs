//! The secret as a type: never printed, never serialised, wiped when dropped.

use std::fmt;

use secrecy::{ExposeSecret as _, SecretString};

/// A token, password or key. `Debug` shows nothing of it, and it has no `Display` or `Serialize`.
#[derive(Clone)]
pub struct Secret(SecretString);

/// Why a text cannot be a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// Nothing is left after trimming.
    #[error("it is empty")]
    Empty,
    /// A control character stands inside: a header could not carry it, and two lines often mean two secrets.
    #[error("it holds a control character or a line break inside")]
    ControlCharacter,
    /// Longer than any credential ([`Secret::MAX_BYTES`]).
    #[error("it is longer than 64 KiB")]
    TooLong,
    /// A private key was expected and this is none.
    #[error("it is not a private key in PEM")]
    NotAKey,
}

impl Secret {
    /// The most bytes a secret may have; the longest known credentials are PEM keys of a few KiB.
    pub const MAX_BYTES: usize = 64 * 1024;

    /// A token: surrounding white space (a file's last newline) is trimmed, inner control characters are refused.
    ///
    /// # Errors
    /// [`SecretError`] where no header could carry the text.
    pub fn token(text: &str) -> Result<Self, SecretError> {
        let trimmed = text.trim();
        if trimmed.is_empty() {
            return Err(SecretError::Empty);
        }
        if trimmed.len() > Self::MAX_BYTES {
            return Err(SecretError::TooLong);
        }
        if trimmed.chars().any(char::is_control) {
            return Err(SecretError::ControlCharacter);
        }
        Ok(Self(SecretString::from(trimmed.to_owned())))
    }

    /// A private key in PEM: line ends stay, other control characters are refused.
    ///
    /// # Errors
    /// [`SecretError`] where the text does not begin and end as a PEM key does.
    pub fn key(text: &str) -> Result<Self, SecretError> {
        let trimmed = text.trim();
        if trimmed.is_empty() {
            return Err(SecretError::Empty);
        }
        if trimmed.len() > Self::MAX_BYTES {
            return Err(SecretError::TooLong);
        }
        if trimmed.chars().any(|character| character.is_control() && !matches!(character, '\n' | '\r')) {
            return Err(SecretError::ControlCharacter);
        }
        let is_key = trimmed.starts_with("-----BEGIN ")
            && trimmed.lines().next().is_some_and(|first| first.trim_end().ends_with("PRIVATE KEY-----"))
            && trimmed.ends_with("PRIVATE KEY-----")
            && trimmed.lines().nth(1).is_some();
        if is_key { Ok(Self(SecretString::from(trimmed.to_owned()))) } else { Err(SecretError::NotAKey) }
    }

    /// The text itself: for the request's header, the shape check and the redactor, and nowhere else.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(hidden)")
    }
}

impl PartialEq for Secret {
    /// Equal secrets are checked once; the comparison is of our own values, so its timing tells nobody anything.
    fn eq(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_trimmed_checked_and_never_shown() {
        let secret = Secret::token(" abc123\r\n").unwrap();
        assert_eq!(secret.expose(), "abc123");
        assert!(!format!("{secret:?}").contains("abc123"));
        assert_eq!(Secret::token(" \n").unwrap_err(), SecretError::Empty);
        assert_eq!(Secret::token("a\nb").unwrap_err(), SecretError::ControlCharacter);
        assert_eq!(Secret::token(&"a".repeat(70_000)).unwrap_err(), SecretError::TooLong);
    }

    #[test]
    fn a_key_is_pem_and_keeps_its_lines() {
        let key = "-----BEGIN PRIVATE KEY-----\nMIIE\r\n-----END PRIVATE KEY-----";
        assert_eq!(Secret::key(&format!("{key}\n")).unwrap().expose(), key);
        assert_eq!(Secret::key("MIIE").unwrap_err(), SecretError::NotAKey);
        assert_eq!(Secret::key("-----BEGIN PRIVATE KEY-----").unwrap_err(), SecretError::NotAKey);
        assert_eq!(Secret::key(&key.replace("MIIE", "\u{1b}")).unwrap_err(), SecretError::ControlCharacter);
    }
}
