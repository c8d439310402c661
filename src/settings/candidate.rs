//! Credentials as found, before their secrets are read.

use std::collections::HashMap;
use std::path::PathBuf;

use super::Call;
use super::address::Place;
use super::printed::Part;
use crate::diagnostic::Diagnostic;
use crate::facts::{AppUse, NotChecked, Origin, ScopeEntry};

/// A credential as found, before its secret is read.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub(super) name: String,
    pub(super) place: Place,
    pub(super) username: Option<String>,
    pub(super) source: SecretSource,
    /// What may stand before the secret and is no part of it.
    pub(super) before: Option<&'static str>,
    pub(super) scope: Vec<ScopeEntry>,
    pub(super) excluded: Vec<ScopeEntry>,
    pub(super) kind: KindHint,
    pub(super) basic: Option<bool>,
    /// The `iss` that an App signs with, an App id or a client id, where the secret is the App's private key.
    pub(super) issuer: Option<String>,
    pub(super) app: AppUse,
    pub(super) origins: Vec<(&'static str, Origin)>,
    pub(super) ambient: bool,
    /// What the bot does with it, where it works with another one.
    pub(super) aside: Option<&'static str>,
}

impl Candidate {
    /// That it is not checked, and why.
    pub(super) fn not_checked(&self, reason: impl Into<String>) -> NotChecked {
        let (host, credential) = (self.place.kind.word().to_owned(), Some(self.name.clone()));
        NotChecked { host, credential, reason: reason.into() }
    }
}

/// Credentials by their names, whose case nobody minds.
pub(super) type ByName<'a> = HashMap<String, &'a Candidate>;

pub(super) fn by_name(candidates: &[Candidate]) -> ByName<'_> {
    candidates.iter().map(|candidate| (candidate.name.to_ascii_lowercase(), candidate)).collect()
}

/// The credential that a token's `checker` names.
pub(super) fn checker_of<'a>(candidate: &Candidate, among: &ByName<'a>) -> Option<&'a Candidate> {
    among.get(&candidate.app.checker.as_deref()?.to_ascii_lowercase()).copied()
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
    /// A member of the object in a variable.
    Member {
        /// The variable with the object.
        object: String,
        /// What stands before the names of variables that its keys do not have.
        prefix: &'static str,
        /// The variable that says the same.
        name: String,
    },
    /// A member of an object in a list of rules.
    Item {
        /// Where the list is.
        list: Box<Self>,
        /// The object's place in it, from 0.
        position: usize,
        /// The member's key.
        key: &'static str,
    },
    File {
        /// Where it is.
        path: PathBuf,
        /// The path as it was written.
        written: String,
    },
    /// A file of the credentials that systemd hands to a service.
    Systemd(String),
    Command {
        call: Call,
        /// The program as it was written.
        written: String,
        /// What of its output is the secret.
        part: Part,
    },
    /// What Git's helpers have for the credential's own host.
    GitCredential,
    /// What a netrc file has for the credential's own host.
    Netrc,
}

/// What the environment holds of one family.
#[derive(Debug)]
pub(super) enum Found {
    /// A credential.
    Usable(Box<Candidate>),
    /// A credential that cannot go anywhere.
    Unusable(NotChecked),
    /// A bot's credential whose settings are wrong.
    Broken(Diagnostic),
}
