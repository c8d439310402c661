//! An App's private key: the JSON web tokens (JWT) that it signs.
//!
//! Source: GitHub docs, "Generating a JSON Web Token for a GitHub App": RS256, `iat` 60 seconds in the past against clocks
//! that differ, `exp` at most 10 minutes ahead, `iss` the client id or the App's id.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use serde::Serialize;
use zeroize::Zeroizing;

use crate::text::redact::Redactor;
use crate::text::secret::Secret;

/// How far back a token says that it was made: a host whose clock is behind would refuse one from its future.
const BACKDATED: SignedDuration = SignedDuration::from_secs(60);
/// How long a token lasts by this machine's clock. The host takes ten minutes by its own; the rest is for clocks that differ.
const LASTS: SignedDuration = SignedDuration::from_secs(9 * 60);
/// A token that lasts no longer than this is not used for another request, with its waits and retries.
const LEFT: SignedDuration = SignedDuration::from_secs(4 * 60);

/// The header of every token.
const HEADER: &str = r#"{"typ":"JWT","alg":"RS256"}"#;

/// Why a text cannot sign as an App.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// A passphrase protects it.
    #[error("the private key is protected by a passphrase")]
    Protected,
    /// A key of another algorithm, or in a form that is not PKCS#1 or PKCS#8.
    #[error("the private key is not an RSA key in PKCS#1 or PKCS#8")]
    NotRsa,
    /// The PEM is damaged, or what it holds does not make a key that can sign.
    #[error("the private key is damaged")]
    Damaged,
}

/// An App's private key with the identifier that it signs for. `Debug` shows nothing of the key.
pub struct AppKey {
    issuer: String,
    key: RsaKeyPair,
    redactor: Redactor,
    last: Mutex<Option<Issued>>,
}

/// The last token signed.
struct Issued {
    token: Secret,
    /// When it ends; `None` beyond the end of the calendar.
    until: Option<Timestamp>,
}

#[derive(Serialize)]
struct Claims<'a> {
    iat: i64,
    exp: i64,
    iss: &'a str,
}

impl AppKey {
    /// The key of a PEM text, `BEGIN RSA PRIVATE KEY` (PKCS#1) or `BEGIN PRIVATE KEY` (PKCS#8), of the App with this id or
    /// client id. The redactor learns each token before it is used.
    ///
    /// # Errors
    /// [`KeyError`] where it cannot sign.
    pub fn new(issuer: &str, pem: &Secret, redactor: Redactor) -> Result<Self, KeyError> {
        let key = RsaKeyPair::from_der(&private_key(pem.expose())?).map_err(|_| KeyError::Damaged)?;
        Ok(Self { issuer: issuer.to_owned(), key, redactor, last: Mutex::default() })
    }

    /// A token to send now: the last one while it lasts, else a new one. `None` where nothing can be signed.
    pub fn token(&self, now: Timestamp) -> Option<Secret> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        // A clock that was set back makes a token from the future: that one is not used either.
        let lasts = |until: &Timestamp| {
            let left = until.duration_since(now);
            left > LEFT && left <= LASTS
        };
        if let Some(Issued { token, until: Some(until) }) = last.as_ref()
            && lasts(until)
        {
            return Some(token.clone());
        }
        let token = self.sign(now)?;
        self.redactor.add(&token);
        *last = Some(Issued { token: token.clone(), until: now.checked_add(LASTS).ok() });
        Some(token)
    }

    fn sign(&self, now: Timestamp) -> Option<Secret> {
        let iat = now.checked_sub(BACKDATED).ok()?.as_second();
        let exp = now.checked_add(LASTS).ok()?.as_second();
        let claims = serde_json::to_vec(&Claims { iat, exp, iss: &self.issuer }).ok()?;
        let mut signature = Zeroizing::new(vec![0; self.key.public().modulus_len()]);
        // Room for all of it at once: a text that grows leaves pieces of itself behind.
        let length = 4 * (HEADER.len() + claims.len() + signature.len()) / 3 + 8;
        let mut text = Zeroizing::new(String::with_capacity(length));
        URL_SAFE_NO_PAD.encode_string(HEADER, &mut text);
        text.push('.');
        URL_SAFE_NO_PAD.encode_string(claims, &mut text);
        self.key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text.as_bytes(), &mut signature).ok()?;
        text.push('.');
        URL_SAFE_NO_PAD.encode_string(&*signature, &mut text);
        Secret::token(&text).ok()
    }
}

impl fmt::Debug for AppKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("AppKey").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

/// The RSA key (DER of PKCS#1) of a PEM text.
fn private_key(pem: &str) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let mut lines = pem.lines().map(str::trim).filter(|line| !line.is_empty());
    let label = lines
        .next()
        .and_then(|first| first.strip_prefix("-----BEGIN ")?.strip_suffix("-----"))
        .ok_or(KeyError::Damaged)?;
    let pkcs8 = match label {
        "RSA PRIVATE KEY" => false,
        "PRIVATE KEY" => true,
        "ENCRYPTED PRIVATE KEY" => return Err(KeyError::Protected),
        _ => return Err(KeyError::NotRsa),
    };
    let end = format!("-----END {label}-----");
    // Room for all of it at once: a text that grows leaves pieces of itself behind.
    let mut text = Zeroizing::new(String::with_capacity(pem.len()));
    let mut ended = false;
    for line in lines {
        // The headers of the old form: `Proc-Type: 4,ENCRYPTED`.
        if line.contains(':') {
            return Err(KeyError::Protected);
        }
        if ended || line.starts_with('-') {
            if ended || line != end {
                return Err(KeyError::Damaged);
            }
            ended = true;
            continue;
        }
        text.push_str(line);
    }
    let mut der = Zeroizing::new(vec![0; text.len()]);
    let length = STANDARD.decode_slice(text.as_bytes(), &mut der).map_err(|_| KeyError::Damaged)?;
    der.truncate(length);
    if !ended {
        return Err(KeyError::Damaged);
    }
    if pkcs8 { of_pkcs8(&der).map(|key| Zeroizing::new(key.to_vec())) } else { Ok(der) }
}

/// The DER of `rsaEncryption` with its parameters, none: 1.2.840.113549.1.1.1 NULL.
const RSA: [u8; 13] = [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];

/// The key inside of a PKCS#8 `PrivateKeyInfo`: version, algorithm, key (RFC 5208).
fn of_pkcs8(der: &[u8]) -> Result<&[u8], KeyError> {
    let (info, rest) = element(der, 0x30).ok_or(KeyError::Damaged)?;
    let (_version, info) = element(info, 0x02).ok_or(KeyError::Damaged)?;
    let (algorithm, info) = element(info, 0x30).ok_or(KeyError::Damaged)?;
    if algorithm != RSA {
        return Err(KeyError::NotRsa);
    }
    let (key, _attributes) = element(info, 0x04).ok_or(KeyError::Damaged)?;
    if rest.is_empty() { Ok(key) } else { Err(KeyError::Damaged) }
}

/// The content of the element at the beginning, where it has this tag, and what follows it.
fn element(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (&first, der) = der.split_first()?;
    let (&length, der) = der.split_first()?;
    let (length, der) = if length < 0x80 {
        (usize::from(length), der)
    } else {
        let (digits, der) = der.split_at_checked(usize::from(length & 0x7f))?;
        // Longer than any text that is read.
        if digits.is_empty() || digits.len() > 3 {
            return None;
        }
        (digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit)), der)
    };
    (first == tag).then(|| der.split_at_checked(length)).flatten()
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use ring::signature::{KeyPair as _, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
    use serde_json::Value;

    use super::*;
    use crate::text::redact::MASK;
    use crate::vocabulary::token_shapes;

    fn redactor() -> Redactor {
        Redactor::new(token_shapes())
    }

    /// One pair for all tests: both keys, and the public one by itself, in DER.
    static PAIR: LazyLock<(Vec<u8>, Vec<u8>)> = LazyLock::new(|| {
        let text: String = include_str!("../../tests/keys/one.txt").split_whitespace().collect();
        let pkcs8 = STANDARD.decode(text).unwrap();
        let pair = RsaKeyPair::from_pkcs8(&pkcs8).unwrap();
        (pkcs8, pair.public_key().as_ref().to_vec())
    });

    fn pem(label: &str, der: &[u8]) -> String {
        let text = STANDARD.encode(der);
        let lines: Vec<&str> = text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
        format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
    }

    fn key(label: &str, der: &[u8]) -> Result<AppKey, KeyError> {
        AppKey::new("300001", &Secret::key(&pem(label, der)).unwrap(), redactor())
    }

    fn now() -> Timestamp {
        "2026-11-23T12:00:00Z".parse().unwrap()
    }

    fn claims(token: &Secret) -> Value {
        let (message, signature) = token.expose().rsplit_once('.').unwrap();
        let public = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &PAIR.1);
        public.verify(message.as_bytes(), &URL_SAFE_NO_PAD.decode(signature).unwrap()).unwrap();
        let (header, claims) = message.split_once('.').unwrap();
        assert_eq!(URL_SAFE_NO_PAD.decode(header).unwrap(), br#"{"typ":"JWT","alg":"RS256"}"#);
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap()
    }

    #[test]
    fn both_forms_of_a_key_sign() {
        let pkcs1 = of_pkcs8(&PAIR.0).unwrap();
        for key in [key("PRIVATE KEY", &PAIR.0).unwrap(), key("RSA PRIVATE KEY", pkcs1).unwrap()] {
            let claims = claims(&key.token(now()).unwrap());
            assert_eq!(claims["iss"], "300001");
            assert_eq!(claims["iat"], now().as_second() - 60);
            assert_eq!(claims["exp"], now().as_second() + 540);
        }
    }

    #[test]
    fn a_token_is_used_while_it_lasts() {
        let key = key("PRIVATE KEY", &PAIR.0).unwrap();
        let first = key.token(now()).unwrap();
        let later = |seconds| now().checked_add(SignedDuration::from_secs(seconds)).unwrap();
        assert_eq!(key.token(later(200)).unwrap(), first);
        let second = key.token(later(301)).unwrap();
        assert_ne!(second, first);
        let third = key.token(later(-3600)).unwrap();
        assert_ne!(third, second, "the clock was set back");
        for token in [first, second, third] {
            assert_eq!(key.redactor.redact(token.expose()), MASK, "each is known before it is sent");
        }
    }

    #[test]
    fn what_cannot_sign_says_why() {
        let pkcs1 = of_pkcs8(&PAIR.0).unwrap();
        let half = pkcs1.get(..pkcs1.len() / 2).unwrap();
        let mut elliptic = PAIR.0.clone();
        // One digit of the algorithm's name.
        elliptic[17] ^= 1;
        for (label, der, wanted) in [
            ("ENCRYPTED PRIVATE KEY", PAIR.0.as_slice(), KeyError::Protected),
            ("EC PRIVATE KEY", &PAIR.0, KeyError::NotRsa),
            ("OPENSSH PRIVATE KEY", &PAIR.0, KeyError::NotRsa),
            ("PRIVATE KEY", &elliptic, KeyError::NotRsa),
            ("PRIVATE KEY", pkcs1, KeyError::Damaged),
            ("RSA PRIVATE KEY", &PAIR.0, KeyError::Damaged),
            ("RSA PRIVATE KEY", half, KeyError::Damaged),
            ("PRIVATE KEY", &[0x30, 0x84, 0xff, 0xff, 0xff, 0xff], KeyError::Damaged),
        ] {
            assert_eq!(key(label, der).err(), Some(wanted), "{label}");
        }
        let old = pem("RSA PRIVATE KEY", pkcs1).replacen("KEY-----\n", "KEY-----\nProc-Type: 4,ENCRYPTED\n", 1);
        assert_eq!(AppKey::new("1", &Secret::key(&old).unwrap(), redactor()).err(), Some(KeyError::Protected));
        let torn = pem("PRIVATE KEY", &PAIR.0).replace("-----END PRIVATE KEY-----", "-----END RSA PRIVATE KEY-----");
        assert_eq!(AppKey::new("1", &Secret::key(&torn).unwrap(), redactor()).err(), Some(KeyError::Damaged));
    }

    #[test]
    fn a_key_is_never_shown() {
        let key = key("PRIVATE KEY", &PAIR.0).unwrap();
        assert_eq!(format!("{key:?}"), "AppKey { issuer: \"300001\", .. }");
    }
}
