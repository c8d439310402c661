//! How a credential's secret goes into a request: the columns of its kind and host, joined with the secret.

use crate::facts::Credential;
use crate::text::secret::Secret;
use crate::transport::{Authorization, By, Channel, LimitHeaders};
use crate::vocabulary::{HostKind, Scheme, host};

/// How a credential is sent: as its kind is, where it is one, else as its host takes credentials of open kind.
pub fn authorization(credential: &Credential, secret: Secret) -> Authorization {
    let open = host(credential.host).sent;
    let scheme = match credential.kinds.as_slice() {
        [only] => only.sent,
        _ => open,
    };
    sent(scheme, credential, &secret)
        .or_else(|| sent(open, credential, &secret))
        .unwrap_or(Authorization::Bearer(secret))
}

/// The credential itself, its secret sent by another scheme; as ever where it cannot go so.
pub(super) fn otherwise(scheme: Scheme, credential: &Credential, channel: &Channel) -> By {
    let secret = channel.authorization().and_then(Authorization::secret);
    secret.and_then(|secret| sent(scheme, credential, secret)).map_or(By::Itself, By::Otherwise)
}

/// A secret sent by a scheme; `None` where it cannot go so.
fn sent(scheme: Scheme, credential: &Credential, secret: &Secret) -> Option<Authorization> {
    let secret = secret.clone();
    match (scheme, &credential.username) {
        (Scheme::Bearer, _) => Some(Authorization::Bearer(secret)),
        (Scheme::Token, _) => Some(Authorization::Token(secret)),
        (Scheme::Basic { .. }, Some(username)) => Some(Authorization::Basic(username.clone(), secret)),
        (Scheme::Basic { nameless: true }, None) => Some(Authorization::Basic(String::new(), secret)),
        (Scheme::Header(name), _) => Some(Authorization::Header(name, secret)),
        // A key signs what is sent; where there is none, there is nothing to send.
        (Scheme::Basic { nameless: false }, None) | (Scheme::Signed, _) => None,
    }
}

/// The headers by which a host shows its rate limit.
pub fn limits(kind: HostKind) -> LimitHeaders {
    let names = &host(kind).limit_headers;
    LimitHeaders { limit: names.limit.name(), remaining: names.remaining.name(), reset: names.reset.name() }
}
