//! Settings: command line, environment and TOML become credentials, their scope, and inputs, each with its origin.
//!
//! **A policy cannot move a secret.** Which credential goes to which host is settled here, by what the operator alone
//! controls. Three rules carry that: a token goes only to the host that its own family or entry names; a settings file
//! that a change to the policy's tree could touch may not declare credentials; and nothing secret is read before every
//! address is checked.
//!
//! Pure but for [`Files`], which the edge implements: the environment comes in as a map.

mod address;
mod apps;
mod bind;
mod calls;
mod candidate;
mod claims;
mod conceal;
mod discover;
mod families;
mod file;
mod files;
mod filter;
mod git_credential;
mod given;
mod handing;
mod json5;
mod keys;
mod locate;
mod netrc;
mod obtain;
mod placeholder;
mod plain;
mod printed;
mod problems;
mod reading;
mod resolve;
mod rules;
mod scope;
mod secret_source;
mod sharding;
mod variables;
mod withheld;

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

pub use discover::kind_in_job;
pub use families::{
    Address, AppVariables, Beside, Discovering, Endpoint, FAMILIES, Family, Job, OwnKind, Renamed, Rules,
    ScopeVariable, TokenVariable, Wrapped,
};
pub use files::{Call, CommandError, FileError, Files, Program, Surroundings};
pub use given::{Given, GivenApp, GivenError, declare};
pub use resolve::resolve;

use crate::diagnostic::Diagnostic;
use crate::facts::{Credential, GivenInput, NotChecked, Origin, Shard, Withheld};
use crate::text::secret::Secret;
use crate::vocabulary::HostKind;

/// The environment's variables, read once at the edge. An empty variable counts as none.
#[derive(Clone, Default)]
pub struct Environment(BTreeMap<String, String>);

impl Environment {
    /// A variable's value.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.trim().is_empty())
    }

    /// Whether a variable is set to nothing, or to blanks.
    pub fn is_empty(&self, name: &str) -> bool {
        self.0.get(name).is_some_and(|value| value.trim().is_empty())
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Environment {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(variables: I) -> Self {
        Self(variables.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}

impl fmt::Debug for Environment {
    /// Names only: values are secrets.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(self.0.keys()).finish()
    }
}

/// The part of the command line that settles credentials, scope and inputs.
#[derive(Clone, Debug, Default)]
pub struct Arguments {
    /// `--config FILE`.
    pub config: Option<PathBuf>,
    /// `--trust-config`.
    pub trust_config: bool,
    /// The trees of the policies: for each first policy the nearest parent with `.git`, else its folder.
    pub policy_roots: Vec<PathBuf>,
    /// `--repository [CREDENTIAL=][HOST/]OWNER/NAME`.
    pub repositories: Vec<String>,
    /// `--credential GLOB`.
    pub credentials: Vec<String>,
    /// `--host KIND`.
    pub hosts: Vec<HostKind>,
    /// `--shard N/M`: the part of the credentials that is checked.
    pub shard: Option<Shard>,
}

/// Everything that the operator settled.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The credentials to check.
    pub credentials: Vec<Declared>,
    /// How many there are to check, those of other shards too.
    pub credentials_total: usize,
    /// Credentials that were found and are not checked.
    pub not_checked: Vec<NotChecked>,
    /// Inputs from a settings file.
    pub inputs: Vec<GivenInput>,
    /// What the operator should know of it.
    pub notes: Vec<Diagnostic>,
    /// The commands that were run for secrets, in the order in which they were started.
    pub commands: Vec<Ran>,
    /// Secrets that came along and are sent nowhere: no output may show them either.
    pub aside: Vec<Secret>,
}

/// A command that was run for secrets: once, for however many credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ran {
    /// Its program's name, where that may be shown; never its arguments.
    pub program: Option<String>,
    /// The credentials whose secrets it prints.
    pub credentials: Vec<String>,
}

/// A credential to check: what every room may know of it, and apart from that its secret.
#[derive(Clone, Debug)]
pub struct Declared {
    /// The credential. Its kinds are those that can be declared so; the secret's text may tell more.
    pub credential: Credential,
    /// The secret, where it may be sent.
    pub secret: Result<Secret, Withheld>,
    /// The `iss` that an App signs with, an App id or a client id, where the secret is the App's private key.
    pub issuer: Option<String>,
    /// The checker App that tells what this token is granted.
    pub checker: Option<Checker>,
    /// The credential kind's word, where the operator or the family tells it.
    pub kind_hint: Option<&'static str>,
    /// Whether the bot sends it as HTTP Basic; `None` where the host's own way holds.
    pub basic: Option<bool>,
    /// Each value's origin, for `-v`; of the secret its place only.
    pub origins: Vec<(&'static str, Origin)>,
    /// Whether it lay in the environment for another tool (gh, glab, a CI system).
    pub ambient: bool,
}

/// An organisation's checker App: another credential of the settings, whose key lists the organisation's tokens.
#[derive(Clone, Debug)]
pub struct Checker {
    /// That credential's name.
    pub name: String,
    /// The `iss` that it signs with.
    pub issuer: String,
    /// Its private key, where it may be used.
    pub secret: Result<Secret, Withheld>,
}

/// Why there are no settings.
#[derive(Clone, Debug)]
pub enum SettingsError {
    /// The command line asks for what does not exist or is ambiguous: exit 2. Holds what else is wrong, too.
    CommandLine(Vec<Diagnostic>),
    /// A settings file or the environment is wrong: exit 4.
    Settings(Vec<Diagnostic>),
}

impl SettingsError {
    /// What is wrong.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        match self {
            Self::CommandLine(diagnostics) | Self::Settings(diagnostics) => diagnostics,
        }
    }
}
