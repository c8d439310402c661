//! Credentials as found, before their secrets are read.

use std::path::PathBuf;

use super::address::Place;
use crate::facts::{AppUse, Origin, ScopeEntry};

/// A credential as found, before its secret is read.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub(super) name: String,
    pub(super) place: Place,
    pub(super) username: Option<String>,
    pub(super) source: SecretSource,
    pub(super) scope: Vec<ScopeEntry>,
    pub(super) excluded: Vec<ScopeEntry>,
    pub(super) kind: KindHint,
    pub(super) basic: Option<bool>,
    /// The `iss` that an App signs with, an App id or a client id, where the secret is the App's private key.
    pub(super) issuer: Option<String>,
    pub(super) app: AppUse,
    pub(super) origins: Vec<(&'static str, Origin)>,
    pub(super) ambient: bool,
}

/// What is said of a credential's kind before its secret is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum KindHint {
    Unknown,
    Is(&'static str),
    /// The kind, if the secret begins so.
    IfPrefixed(&'static str, &'static str),
}

/// Where a secret is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum SecretSource {
    Variable(String),
    File(PathBuf),
    Command(Vec<String>),
}
