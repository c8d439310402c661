//! Credentials from settings to the pipeline: the description that every room may know, and the secret apart.

use std::sync::Arc;

use super::cli::CredentialArguments;
use super::edge::System;
use super::failure::Failure;
use crate::collecting;
use crate::diagnostic::{Code, Diagnostic};
use crate::facts::{AppUse, Cause, Credential, Incident, ScopePattern, Unknown};
use crate::hosts::{self, Shape};
use crate::settings::{self, App, Arguments, Declared, Environment, Settings, SettingsError, Withheld};
use crate::text::nearest::nearest;
use crate::text::redact::Redactor;
use crate::text::secret::Secret;
use crate::text::source::SourceMap;
use crate::transport::{Account, AppKey, Authorization, KeyError, LimitHeaders};
use crate::vocabulary::{self, HOSTS, HostKind, Place};

/// A credential and how to ask with it.
pub(super) struct Ready {
    pub(super) credential: Credential,
    /// As whom to ask, or why nothing may be sent.
    pub(super) account: Result<Account, (Incident, Unknown)>,
    /// The organisation's checker App, where one may be asked.
    pub(super) checker: Option<Account>,
}

/// The host kinds that words name.
///
/// # Errors
/// [`Failure::Usage`] for a word that names none.
pub(super) fn host_kinds(words: &[String]) -> Result<Vec<HostKind>, Failure> {
    words
        .iter()
        .map(|word| {
            vocabulary::host_kind(word).ok_or_else(|| {
                let problem = Diagnostic::new(Code::CommandLine, format!("no host kind is named `{word}`"));
                let words = HOSTS.iter().map(|host| host.word);
                Failure::Usage(vec![match nearest(word, words.clone()) {
                    Some(near) => problem.help(format!("did you mean `{near}`?")),
                    None => problem.help(format!("it can be {}", crate::text::english::quoted_list(words, "or"))),
                }])
            })
        })
        .collect()
}

/// Settles the credentials.
///
/// # Errors
/// [`Failure::Usage`] and [`Failure::Invalid`].
pub(super) fn settle(
    arguments: &CredentialArguments,
    trees: &[std::path::PathBuf],
    environment: &Environment,
    sources: &mut SourceMap,
) -> Result<Settings, Failure> {
    let arguments = Arguments {
        config: arguments.config.clone(),
        trust_config: arguments.trust_config,
        policy_roots: trees.to_vec(),
        repositories: arguments.repository.clone(),
        credentials: arguments.credential.clone(),
        hosts: host_kinds(&arguments.host)?,
    };
    settings::resolve(&arguments, environment, &System, sources).map_err(|error| match error {
        SettingsError::CommandLine(problems) => Failure::Usage(problems),
        SettingsError::Settings(problems) => Failure::Invalid(problems),
    })
}

/// What is off by default and the operator allows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Allowed {
    /// Tokens may be minted with an App's key (`--mint`).
    pub(super) mints: bool,
    /// Write probes may be sent (`--probe`).
    pub(super) probes: bool,
}

/// Makes credentials ready, and tells the redactor every secret.
pub(super) fn ready(
    settings: &Settings,
    environment: &Environment,
    allowed: Allowed,
    redactor: &Redactor,
) -> Vec<Ready> {
    let mut ready: Vec<Ready> =
        settings.credentials.iter().map(|declared| one(declared, environment, allowed, redactor)).collect();
    ready.sort_by(|a, b| a.credential.name.cmp(&b.credential.name));
    ready
}

fn one(declared: &Declared, environment: &Environment, allowed: Allowed, redactor: &Redactor) -> Ready {
    let host = vocabulary::host(declared.host);
    let shape = match &declared.secret {
        Ok(secret) if declared.app.is_none() => hosts::shape_of(declared.host, secret.expose()),
        _ => Shape::unknown(declared.host),
    };
    let Shape { mut kinds, evidence: mut kind_evidence, token_id } = shape;
    // A job's own token is an installation token by its text: in a job, which of the two it is does not show.
    let in_job = environment.get("GITHUB_ACTIONS") == Some("true");
    if in_job && matches!(kinds.as_slice(), [only] if only.word == "app_installation") {
        kinds.extend(host.credential_kind("actions"));
        kind_evidence = None;
    }
    if let Some(kind) = declared.kind_hint.and_then(|word| host.credential_kind(word)) {
        kinds = vec![kind];
        kind_evidence.get_or_insert(Place::Settings);
    }
    let checker = checker(declared, redactor);
    let pattern = |pattern: &settings::Pattern| ScopePattern {
        pattern: pattern.pattern.clone(),
        origin: pattern.origin.to_string(),
    };
    let credential = Credential {
        name: declared.name.clone(),
        host: declared.host,
        url: declared.url.clone(),
        api: declared.api.clone(),
        username: declared.username.clone(),
        kinds,
        kind_evidence,
        token_id,
        scope: declared.scope.iter().map(pattern).collect(),
        excluded: declared.excluded.iter().map(pattern).collect(),
        app: AppUse {
            installation: declared.app.as_ref().and_then(|app| app.installation),
            checker: checker.as_ref().map(|account| account.credential.clone()),
            mints: allowed.mints,
        },
        probes: allowed.probes,
    };
    let account = match &declared.secret {
        Ok(secret) if declared.app.is_some() => {
            let limits = Some(collecting::limits(declared.host));
            signing(&declared.name, declared.app.as_ref(), secret, limits, redactor).map_err(|error| {
                withheld(&Withheld::Missing {
                    reason: error.to_string(),
                    help: "give the PEM file as GitHub made it, an RSA key in PKCS#1, or the same key in PKCS#8".into(),
                })
            })
        }
        Ok(secret) => {
            redactor.add(secret);
            let authorization = match (declared.basic, &declared.username) {
                (Some(true), Some(username)) => Authorization::Basic(username.clone(), secret.clone()),
                _ => collecting::authorization(&credential, secret.clone()),
            };
            if let Authorization::Basic(username, secret) = &authorization {
                redactor.add_basic(username, secret);
            }
            Ok(Account {
                credential: declared.name.clone(),
                authorization,
                limits: Some(collecting::limits(declared.host)),
            })
        }
        Err(reason) => Err(withheld(reason)),
    };
    Ready { credential, account, checker }
}

/// An account that an App's key signs for.
fn signing(
    name: &str,
    app: Option<&App>,
    secret: &Secret,
    limits: Option<LimitHeaders>,
    redactor: &Redactor,
) -> Result<Account, KeyError> {
    redactor.add(secret);
    let issuer = app.map(|app| app.issuer.as_str()).unwrap_or_default();
    let key = AppKey::new(issuer, secret, redactor.clone())?;
    Ok(Account { credential: name.to_owned(), authorization: Authorization::Signed(Arc::new(key)), limits })
}

/// The checker App of a fine-grained token. One that cannot sign is none: what it would tell stays unknown.
fn checker(declared: &Declared, redactor: &Redactor) -> Option<Account> {
    let checker = declared.checker.as_ref()?;
    let limits = Some(collecting::limits(declared.host));
    signing(&checker.name, Some(&checker.app), checker.secret.as_ref().ok()?, limits, redactor).ok()
}

fn withheld(reason: &Withheld) -> (Incident, Unknown) {
    let incident = match reason {
        Withheld::Missing { reason, help } => Incident::NoSecret { reason: reason.clone(), help: help.clone() },
        Withheld::WrongHost { reason, help } => Incident::WrongHost { reason: reason.clone(), help: help.clone() },
    };
    let unknown = nothing_asked(&incident);
    (incident, unknown)
}

/// What a secret that is missing or withheld leaves of every fact.
pub(super) fn nothing_asked(incident: &Incident) -> Unknown {
    let reason = match incident {
        Incident::NoSecret { .. } => "the credential has no secret, so nothing was asked",
        _ => "the credential was not sent, so nothing was asked",
    };
    Unknown::new(Cause::NotReachable, reason)
}
