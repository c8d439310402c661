//! Credentials that a program gives: looked at as closely as those of a settings file.

use super::address::{self, AddressError};
use super::scope::{self, PatternError};
use super::{Declared, file, obtain, placeholder};
use crate::facts::{AppUse, Credential, Origin, ScopeEntry, Withheld};
use crate::text::secret::{Secret, SecretError};
use crate::vocabulary::{self, HostKind, Place};

/// A credential as a program gives it.
#[derive(Clone, Debug)]
pub struct Given {
    /// Its name.
    pub name: String,
    /// The host's kind.
    pub host: HostKind,
    /// The host's web address; `None` for the public host of its kind.
    pub url: Option<String>,
    /// The API's base; `None` where it follows from the web address.
    pub api: Option<String>,
    /// The username that its bot is configured with.
    pub username: Option<String>,
    /// The repositories in scope, by name or glob.
    pub repositories: Vec<String>,
    /// The App whose private key the secret is.
    pub app: Option<GivenApp>,
    /// The secret, or why the text is none.
    pub secret: Result<Secret, SecretError>,
}

/// The App whose private key a secret is.
#[derive(Clone, Debug)]
pub struct GivenApp {
    /// The `iss` that it signs with: an App id or a client id.
    pub issuer: String,
    /// The one installation to look at, where it is named.
    pub installation: Option<u64>,
}

/// Why a credential cannot be checked as it is given. Never holds an address: that may hold a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GivenError {
    /// The name.
    #[error("a credential's name has letters, digits, `.`, `_` and `-`, at most 64")]
    Name,
    /// There is no public host of that kind.
    #[error("the credential `{0}` needs the web address of its host")]
    NoAddress(String),
    /// The web address.
    #[error("the web address of the credential `{name}` {reason}; {help}")]
    Address {
        /// The credential.
        name: String,
        /// What is wrong with it.
        reason: String,
        /// What to do.
        help: &'static str,
    },
    /// A repository.
    #[error("a repository of the credential `{name}` cannot be meant: {reason}")]
    Repository {
        /// The credential.
        name: String,
        /// What is wrong with it.
        reason: String,
    },
    /// An App's key for a host that has no Apps.
    #[error("the credential `{0}` is an App's key, and its host has no such kind")]
    NoApps(String),
}

/// Settles where a credential goes, and looks at its secret a last time before that may be sent.
///
/// # Errors
/// [`GivenError`] where it is not clear where it goes or what is in scope. A secret that does not fit its host is no
/// error: it is withheld, which is a finding.
pub fn declare(given: Given) -> Result<Declared, GivenError> {
    let Given { name, host, url, api, username, repositories, app, secret } = given;
    if !file::is_name(&name) {
        return Err(GivenError::Name);
    }
    let table = vocabulary::host(host);
    let key_kind = table.key_kind().filter(|_| app.is_some());
    if app.is_some() && key_kind.is_none() {
        return Err(GivenError::NoApps(name));
    }
    let bad_address =
        |error: AddressError| GivenError::Address { name: name.clone(), reason: error.to_string(), help: error.help() };
    let api = api.map(|api| address::api(&api, false)).transpose().map_err(bad_address)?;
    let place = match url {
        Some(url) => address::place(host, &url, api.as_ref(), false).map_err(bad_address)?,
        None => {
            let public = address::public(host).ok_or_else(|| GivenError::NoAddress(name.clone()))?;
            address::Place { api: api.unwrap_or(public.api), ..public }
        }
    };
    let entry = |text: String| match scope::check(&text, &table.names) {
        Ok(()) => Ok(ScopeEntry::new(host, &text, Origin::Other("the program".to_owned()))),
        Err(error) => Err(bad_repository(&name, &error)),
    };
    let scope = repositories.into_iter().map(entry).collect::<Result<Vec<_>, _>>()?;
    let username = username.map(|name| obtain::plain_username(&name)).filter(|name| !name.is_empty());
    let secret = secret.map_err(|error| Withheld::Missing {
        reason: format!("what the program gives is no secret: {error}"),
        help: if app.is_some() { "give the whole PEM file of the App's key" } else { "give the token, alone" }
            .to_owned(),
    });
    // A program may hand any text over, so only what cannot be meant is none.
    let secret = secret.and_then(|secret| match placeholder::found(secret.expose(), true) {
        Some(instead) => Err(Withheld::Missing {
            reason: format!("what the program gives is {}", instead.title()),
            help: instead.help().to_owned(),
        }),
        None => Ok(secret),
    });
    let secret = secret.and_then(|secret| match obtain::misfit(&secret, &place, username.as_deref()) {
        Some((reason, help)) if app.is_none() => Err(Withheld::WrongHost { reason, help }),
        _ => Ok(secret),
    });
    let credential = Credential {
        name,
        host,
        url: place.url,
        api: place.api,
        username,
        kinds: key_kind.map_or_else(|| table.token_kinds().collect(), |kind| vec![kind]),
        kind_evidence: key_kind.map(|_| Place::Settings),
        token_id: None,
        times: vocabulary::Times::default(),
        scope,
        excluded: Vec::new(),
        app: AppUse { installation: app.as_ref().and_then(|app| app.installation), ..AppUse::default() },
        probes: false,
    };
    Ok(Declared {
        credential,
        secret,
        issuer: app.map(|app| app.issuer),
        checker: None,
        kind_hint: key_kind.map(|kind| kind.word),
        basic: None,
        origins: Vec::new(),
        ambient: false,
    })
}

fn bad_repository(name: &str, error: &PatternError) -> GivenError {
    GivenError::Repository { name: name.to_owned(), reason: error.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(url: Option<&str>, token: &str) -> Given {
        Given {
            name: "bot".to_owned(),
            host: HostKind::GitHub,
            url: url.map(str::to_owned),
            api: None,
            username: Some("@acme-bot".to_owned()),
            repositories: vec!["acme/*".to_owned()],
            app: None,
            secret: Secret::token(token),
        }
    }

    #[test]
    fn what_a_program_gives_is_looked_at_as_closely() {
        let good = declare(given(None, "not-a-shape")).unwrap();
        let credential = &good.credential;
        assert_eq!(
            (credential.url.as_str(), credential.api.as_str()),
            ("https://github.com", "https://api.github.com/")
        );
        assert_eq!(credential.username.as_deref(), Some("acme-bot"));
        let other = ["glpat", "xxxxxxxxxxxxxxxxxxxx"].join("-");
        let wrong = declare(given(None, &other)).unwrap();
        assert!(matches!(wrong.secret, Err(Withheld::WrongHost { .. })));
        assert!(matches!(declare(given(None, " ")).unwrap().secret, Err(Withheld::Missing { .. })));
        for url in ["http://ghe.example", "https://a@ghe.example", "ghe.example", "https://api.github.com"] {
            let error = declare(given(Some(url), "x")).unwrap_err();
            assert!(matches!(error, GivenError::Address { .. }), "{url}");
            assert!(!error.to_string().contains("ghe.example"), "{error}");
        }
        let nowhere = Given { host: HostKind::BitbucketServer, ..given(None, "x") };
        assert!(matches!(declare(nowhere), Err(GivenError::NoAddress(_))));
        let odd = Given { name: "a b".to_owned(), ..given(None, "x") };
        assert!(matches!(declare(odd), Err(GivenError::Name)));
        let odd = Given { repositories: vec!["infra".to_owned()], ..given(None, "x") };
        assert!(matches!(declare(odd), Err(GivenError::Repository { .. })));
    }
}
