//! Credentials made ready: the description that every room may know, and the secret apart.

use std::sync::Arc;

use crate::collecting;
use crate::facts::{AppUse, Credential, Withheld};
use crate::settings::{self, Declared, Environment, Settings};
use crate::text::redact::Redactor;
use crate::text::secret::Secret;
use crate::transport::{Account, AppKey, Authorization, KeyError, LimitHeaders};
use crate::vocabulary::{self, Shape};

/// A credential and how to ask with it.
pub struct Ready {
    /// The credential.
    pub credential: Credential,
    /// As whom to ask, or why nothing may be sent.
    pub account: Result<Account, Withheld>,
    /// The organisation's checker App, where one may be asked.
    pub checker: Option<Account>,
}

/// What is off by default and the operator allows.
#[derive(Clone, Copy, Debug)]
pub struct Allowed {
    /// Tokens may be minted with an App's key (`--mint`).
    pub mints: bool,
    /// Write probes may be sent (`--probe`).
    pub probes: bool,
}

/// Makes credentials ready, and tells the redactor every secret.
pub fn ready(settings: &Settings, environment: &Environment, allowed: Allowed, redactor: &Redactor) -> Vec<Ready> {
    settings.aside.iter().for_each(|secret| redactor.add(secret));
    let mut ready: Vec<Ready> =
        settings.credentials.iter().map(|declared| one(declared, environment, allowed, redactor)).collect();
    ready.sort_by(|a, b| a.credential.name.cmp(&b.credential.name));
    ready
}

pub(super) fn one(declared: &Declared, environment: &Environment, allowed: Allowed, redactor: &Redactor) -> Ready {
    let host = declared.credential.host;
    let shape = match &declared.secret {
        Ok(secret) if declared.issuer.is_none() => Shape::of(host, secret.expose()),
        _ => Shape::unknown(host),
    };
    let Shape { mut kinds, evidence: mut kind_evidence, token_id, times } = shape;
    // In a CI job, whether a token is the job's own may not show by its text.
    if let [only] = kinds.as_slice()
        && let Some(kind) = settings::kind_in_job(environment, host, only.word)
    {
        kinds.extend(vocabulary::host(host).credential_kind(kind));
        kind_evidence = None;
    }
    let checker = checker(declared, redactor);
    let mut credential = Credential {
        token_id,
        times,
        app: AppUse {
            checker: checker.as_ref().map(|account| account.credential.clone()),
            mints: allowed.mints,
            ..declared.credential.app.clone()
        },
        probes: allowed.probes,
        ..declared.credential.clone()
    };
    if declared.kind_hint.is_none() {
        credential.kinds = kinds;
        credential.kind_evidence = kind_evidence;
    } else {
        credential.kind_evidence = kind_evidence.or(credential.kind_evidence);
    }
    let limits = Some(collecting::limits(host));
    let account = match (&declared.secret, &declared.issuer) {
        (Ok(secret), Some(issuer)) => {
            signing(&credential.name, issuer, secret, limits, redactor).map_err(|error| Withheld::Missing {
                reason: error.to_string(),
                help: format!(
                    "give the PEM file as {} made it, an RSA key in PKCS#1, or the same key in PKCS#8",
                    host.title()
                ),
            })
        }
        (Ok(secret), None) => {
            redactor.add(secret);
            let authorization = match (declared.basic, &credential.username) {
                (Some(true), Some(username)) => Authorization::Basic(username.clone(), secret.clone()),
                _ => collecting::authorization(&credential, secret.clone()),
            };
            if let Authorization::Basic(username, secret) = &authorization {
                redactor.add_basic(username, secret);
            }
            Ok(Account { credential: credential.name.clone(), authorization, limits })
        }
        (Err(withheld), _) => Err(withheld.clone()),
    };
    Ready { credential, account, checker }
}

/// An account that an App's key signs for.
fn signing(
    name: &str,
    issuer: &str,
    secret: &Secret,
    limits: Option<LimitHeaders>,
    redactor: &Redactor,
) -> Result<Account, KeyError> {
    redactor.add(secret);
    let key = AppKey::new(issuer, secret, redactor.clone())?;
    Ok(Account { credential: name.to_owned(), authorization: Authorization::Signed(Arc::new(key)), limits })
}

/// The checker App of a token. One that cannot sign is none: what it would tell stays unknown.
fn checker(declared: &Declared, redactor: &Redactor) -> Option<Account> {
    let checker = declared.checker.as_ref()?;
    let limits = Some(collecting::limits(declared.credential.host));
    signing(&checker.name, &checker.issuer, checker.secret.as_ref().ok()?, limits, redactor).ok()
}
