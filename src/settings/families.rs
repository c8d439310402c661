//! The families of credentials that environments hold: a table, and the one way to read it.
//!
//! Families never mix: each row names its own token, its own address and its own scope, and a token goes to the address
//! of its own row and nowhere else. Sources: the bots' own documentation of their variables; for gh, `gh help
//! environment`; for CI systems, their lists of predefined variables.

use super::address::{self, AddressError, Place};
use super::scope::{self, Pattern};
use super::{App, Candidate, Environment, KindHint, NotChecked, Origin, SecretSource};
use crate::diagnostic::{Code, Diagnostic};
use crate::text::english;
use crate::vocabulary::HostKind;

/// One family: which variables make a credential, and where it goes.
#[derive(Debug)]
pub struct Family {
    /// The credential's name.
    pub name: &'static str,
    /// For people: "Atlantis".
    pub title: &'static str,
    /// Whether it lies in the environment for another tool than the bot; such are not checked beside a bot's own.
    pub ambient: bool,
    /// A variable and the value that proves the family.
    pub proof: Option<(&'static str, &'static str)>,
    /// Where the token, or the App's key, is; the first that is set counts.
    pub tokens: &'static [TokenVariable],
    /// Where the username is; the first that is set counts.
    pub usernames: &'static [&'static str],
    /// Where the token goes.
    pub address: Address,
    /// Which repositories are in scope.
    pub scope: ScopeVariable,
    /// A token's beginning, and the credential kind that the family proves for such a token.
    pub kind: Option<(&'static str, &'static str)>,
    /// The host kind on which the bot sends the token as HTTP Basic; elsewhere the host's own way holds.
    pub basic_on: Option<HostKind>,
    /// For a family whose secret is an App's private key.
    pub app: Option<AppVariables>,
}

/// Where a token is.
#[derive(Debug, PartialEq, Eq)]
pub enum TokenVariable {
    /// The variable holds it.
    Text(&'static str),
    /// The variable names a file that holds it.
    File(&'static str),
    /// The variable holds it, unless a second variable has a value that says it is another family's.
    Unless(&'static str, (&'static str, &'static str)),
}

/// The variables of an App that authenticates by its key.
#[derive(Debug, PartialEq, Eq)]
pub struct AppVariables {
    /// The App's id.
    pub id: &'static str,
    /// The installation's id.
    pub installation: &'static str,
}

/// Where a family's token goes.
#[derive(Debug, PartialEq, Eq)]
pub enum Address {
    /// A variable with a bare host name; unset, the public host.
    Host(HostKind, &'static str),
    /// A variable with a host name or a whole web address; unset, the public host.
    HostOrUrl(HostKind, &'static str),
    /// Variables with a host name or a whole web address, the first that is set; unset, nowhere.
    NamedHostOrUrl(HostKind, &'static [&'static str]),
    /// github.com, or the tenant of GHE.com that the variable names.
    GitHubCloud(&'static str),
    /// The GitHub Enterprise Server that the variable names.
    GitHubEnterprise(&'static str),
    /// A variable with the API's address, and one with the web address.
    Api(HostKind, &'static str, &'static str),
    /// Bitbucket: unset or its default, the cloud; else a server at that address.
    Bitbucket(&'static str),
    /// A variable that names the kind of host, and one with the API's address.
    Platform(&'static str, &'static str),
}

/// Which repositories a family puts in scope.
#[derive(Debug, PartialEq, Eq)]
pub enum ScopeVariable {
    /// None: the family says nothing.
    Unsaid,
    /// Globs over `host/owner/name`, bound by host.
    AllowList(&'static str),
    /// One repository, of this family's own token only.
    Repository(&'static str),
    /// Names by commas.
    Repositories(&'static str),
}

const fn family(name: &'static str, title: &'static str, address: Address, tokens: &'static [TokenVariable]) -> Family {
    Family {
        name,
        title,
        ambient: false,
        proof: None,
        tokens,
        usernames: &[],
        address,
        scope: ScopeVariable::Unsaid,
        kind: None,
        basic_on: None,
        app: None,
    }
}

use TokenVariable::{File, Text, Unless};

/// The families: bots first, then CI systems' own tokens, then what other tools left.
pub static FAMILIES: &[Family] = &[
    Family {
        usernames: &["ATLANTIS_GH_USER"],
        scope: ScopeVariable::AllowList("ATLANTIS_REPO_ALLOWLIST"),
        ..family(
            "atlantis",
            "Atlantis on GitHub",
            Address::Host(HostKind::GitHub, "ATLANTIS_GH_HOSTNAME"),
            // Atlantis reads the file where both are given.
            &[File("ATLANTIS_GH_TOKEN_FILE"), Text("ATLANTIS_GH_TOKEN")],
        )
    },
    Family {
        scope: ScopeVariable::AllowList("ATLANTIS_REPO_ALLOWLIST"),
        app: Some(AppVariables { id: "ATLANTIS_GH_APP_ID", installation: "ATLANTIS_GH_INSTALLATION_ID" }),
        ..family(
            "atlantis-app",
            "Atlantis as a GitHub App",
            Address::Host(HostKind::GitHub, "ATLANTIS_GH_HOSTNAME"),
            &[File("ATLANTIS_GH_APP_KEY_FILE"), Text("ATLANTIS_GH_APP_KEY")],
        )
    },
    Family {
        usernames: &["ATLANTIS_GITLAB_USER"],
        scope: ScopeVariable::AllowList("ATLANTIS_REPO_ALLOWLIST"),
        ..family(
            "atlantis-gitlab",
            "Atlantis on GitLab",
            Address::HostOrUrl(HostKind::GitLab, "ATLANTIS_GITLAB_HOSTNAME"),
            &[Text("ATLANTIS_GITLAB_TOKEN")],
        )
    },
    Family {
        usernames: &["ATLANTIS_BITBUCKET_API_USER", "ATLANTIS_BITBUCKET_USER"],
        // Atlantis sends Basic to the cloud and Bearer to servers.
        basic_on: Some(HostKind::BitbucketCloud),
        scope: ScopeVariable::AllowList("ATLANTIS_REPO_ALLOWLIST"),
        ..family(
            "atlantis-bitbucket",
            "Atlantis on Bitbucket",
            Address::Bitbucket("ATLANTIS_BITBUCKET_BASE_URL"),
            &[Text("ATLANTIS_BITBUCKET_TOKEN")],
        )
    },
    Family {
        usernames: &["RENOVATE_USERNAME"],
        scope: ScopeVariable::Repositories("RENOVATE_REPOSITORIES"),
        ..family(
            "renovate",
            "Renovate",
            Address::Platform("RENOVATE_PLATFORM", "RENOVATE_ENDPOINT"),
            &[Text("RENOVATE_TOKEN")],
        )
    },
    Family {
        ambient: true,
        proof: Some(("GITHUB_ACTIONS", "true")),
        scope: ScopeVariable::Repository("GITHUB_REPOSITORY"),
        kind: Some(("ghs_", "actions")),
        ..family(
            "actions",
            "GitHub Actions",
            Address::Api(HostKind::GitHub, "GITHUB_API_URL", "GITHUB_SERVER_URL"),
            &[Text("GITHUB_TOKEN")],
        )
    },
    Family {
        ambient: true,
        proof: Some(("GITLAB_CI", "true")),
        scope: ScopeVariable::Repository("CI_PROJECT_PATH"),
        kind: Some(("", "job")),
        ..family(
            "gitlab-ci",
            "GitLab CI",
            Address::Api(HostKind::GitLab, "CI_API_V4_URL", "CI_SERVER_URL"),
            &[Text("CI_JOB_TOKEN")],
        )
    },
    Family {
        ambient: true,
        ..family(
            "gh",
            "gh",
            Address::GitHubCloud("GH_HOST"),
            // In a job of Actions `GITHUB_TOKEN` is the job's own, which may be an enterprise server's.
            &[Text("GH_TOKEN"), Unless("GITHUB_TOKEN", ("GITHUB_ACTIONS", "true"))],
        )
    },
    Family {
        ambient: true,
        ..family(
            "gh-enterprise",
            "gh on an enterprise server",
            Address::GitHubEnterprise("GH_HOST"),
            &[Text("GH_ENTERPRISE_TOKEN"), Text("GITHUB_ENTERPRISE_TOKEN")],
        )
    },
    Family {
        ambient: true,
        ..family(
            "glab",
            "glab",
            Address::NamedHostOrUrl(HostKind::GitLab, &["GITLAB_HOST", "GL_HOST"]),
            &[Text("GITLAB_TOKEN")],
        )
    },
];

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

/// Everything that the environment holds, in the order of the table.
pub(super) fn discover(environment: &Environment) -> Vec<Found> {
    FAMILIES.iter().filter_map(|family| read(family, environment)).collect()
}

fn read(family: &Family, environment: &Environment) -> Option<Found> {
    if let Some((variable, value)) = family.proof
        && environment.get(variable) != Some(value)
    {
        return None;
    }
    let (variable, source) = token(family, environment).or_else(|| {
        // An App's id without its key is still a credential, one without a secret.
        let id = family.app.as_ref().map(|app| app.id).filter(|id| environment.get(id).is_some())?;
        family.tokens.iter().rev().find_map(|token| match token {
            Text(name) => Some((id, SecretSource::Variable((*name).to_owned()))),
            _ => None,
        })
    })?;
    let lost =
        |host: String, reason: String| Found::Unusable(NotChecked { host, name: family.name.to_owned(), reason });
    let located = match locate(&family.address, environment) {
        Ok(located) => located,
        Err(Lost::Nowhere { host, reason }) => return Some(lost(host, reason)),
        Err(Lost::Address(kind, variable, error)) if family.ambient => {
            return Some(lost(kind.word().to_owned(), format!("`{variable}` {error}")));
        }
        Err(Lost::Address(_, variable, error)) => {
            let message = format!("`{variable}`, which says where the token of {} goes, {error}", family.title);
            return Some(Found::Broken(Diagnostic::new(Code::BadAddress, message).help(error.help())));
        }
    };
    let Located { place, origin } = located;
    let authority = address::authority_of(&place.url);
    let Scope { included, excluded } = match read_scope(family, environment, &authority, place.kind) {
        Ok(scope) => scope,
        Err((variable, error)) if family.ambient => {
            return Some(lost(place.kind.word().to_owned(), format!("`{variable}` cannot be read: {error}")));
        }
        Err((variable, error)) => {
            return Some(Found::Broken(
                Diagnostic::new(Code::BadScope, format!("`{variable}` cannot be read: {error}"))
                    .help("credcheck checks what the bot may work on, so it must read this list as the bot does"),
            ));
        }
    };
    let username = family.usernames.iter().find_map(|name| Some((*name, environment.get(name)?)));
    let basic = family.basic_on.map(|kind| kind == place.kind);
    let mut origins = vec![("secret", Origin::Variable(variable.to_owned())), ("url", origin)];
    origins.extend(username.map(|(name, _)| ("username", Origin::Variable(name.to_owned()))));
    let app = match &family.app {
        None => None,
        Some(app) => match read_app(app, environment) {
            Ok(app) => Some(app),
            Err(variable) => {
                return Some(Found::Broken(
                    Diagnostic::new(Code::BadSettings, format!("`{variable}` is not set to a number"))
                        .help("the App's key works only together with the App's id"),
                ));
            }
        },
    };
    Some(Found::Usable(Box::new(Candidate {
        name: family.name.to_owned(),
        place,
        username: username.map(|(_, name)| super::obtain::plain_username(name)),
        source,
        scope: included,
        excluded,
        kind: match (family.kind, &app) {
            (_, Some(_)) => KindHint::Is("app_key"),
            (Some((prefix, kind)), None) => KindHint::IfPrefixed(prefix, kind),
            (None, None) => KindHint::Unknown,
        },
        basic,
        app,
        checker: None,
        origins,
        ambient: family.ambient,
    })))
}

/// The first token variable that is set, and where the token then is.
fn token(family: &Family, environment: &Environment) -> Option<(&'static str, SecretSource)> {
    family.tokens.iter().find_map(|token| match token {
        Text(name) => environment.get(name).map(|_| (*name, SecretSource::Variable((*name).to_owned()))),
        File(name) => environment.get(name).map(|path| (*name, SecretSource::File(path.into()))),
        Unless(_, (variable, value)) if environment.get(variable) == Some(value) => None,
        Unless(name, _) => environment.get(name).map(|_| (*name, SecretSource::Variable((*name).to_owned()))),
    })
}

/// Where a family's token goes, and who says so.
struct Located {
    place: Place,
    origin: Origin,
}

/// Why a family's token goes nowhere.
enum Lost {
    /// Nothing says where.
    Nowhere { host: String, reason: String },
    /// This variable's address is refused.
    Address(HostKind, &'static str, AddressError),
}

fn locate(address: &Address, environment: &Environment) -> Result<Located, Lost> {
    let said_by =
        |variable: &'static str, place: Place| Located { place, origin: Origin::Variable(variable.to_owned()) };
    let by_default = |kind: HostKind| {
        let nowhere =
            || Lost::Nowhere { host: kind.word().to_owned(), reason: "nothing says which host it is for".into() };
        address::public(kind).map(|place| Located { place, origin: Origin::Default }).ok_or_else(nowhere)
    };
    let host_or_url = |kind: HostKind, variable: &'static str, value: &str| {
        let whole = value.contains("://");
        let place = if whole { address::place(kind, value, None, false) } else { address::place_at(kind, value) };
        place.map(|place| said_by(variable, place)).map_err(|error| Lost::Address(kind, variable, error))
    };
    match *address {
        Address::Host(kind, variable) => match environment.get(variable) {
            None => by_default(kind),
            Some(value) => address::place_at(kind, value)
                .map(|place| said_by(variable, place))
                .map_err(|error| Lost::Address(kind, variable, error)),
        },
        Address::HostOrUrl(kind, variable) => match environment.get(variable) {
            None => by_default(kind),
            Some(value) => host_or_url(kind, variable, value),
        },
        Address::NamedHostOrUrl(kind, variables) => {
            match variables.iter().find_map(|name| Some((*name, environment.get(name)?))) {
                Some((variable, value)) => host_or_url(kind, variable, value),
                None => Err(Lost::Nowhere {
                    host: kind.word().to_owned(),
                    reason: format!(
                        "nothing says which host it is for; set {}, or declare it in the settings",
                        english::quoted_list(variables.iter().take(1), "or")
                    ),
                }),
            }
        }
        Address::GitHubCloud(variable) => {
            let kind = HostKind::GitHub;
            let tenant = environment
                .get(variable)
                .and_then(|value| address::bare_authority(value).ok())
                .filter(|authority| address::is_tenant(authority));
            match tenant {
                Some(authority) => address::place_at(kind, &authority)
                    .map(|place| said_by(variable, place))
                    .map_err(|error| Lost::Address(kind, variable, error)),
                None => by_default(kind),
            }
        }
        Address::GitHubEnterprise(variable) => enterprise(variable, environment).map(|place| said_by(variable, place)),
        Address::Api(kind, api, web) => {
            let Some(value) = environment.get(api) else {
                return Err(Lost::Nowhere {
                    host: kind.word().to_owned(),
                    reason: format!("`{api}` is not set, so nothing says which host it is for"),
                });
            };
            let place = match environment.get(web) {
                None => address::place_of_api(kind, value).map_err(|error| Lost::Address(kind, api, error))?,
                Some(url) => {
                    let base = address::api(value, false).map_err(|error| Lost::Address(kind, api, error))?;
                    address::place(kind, url, Some(&base), false).map_err(|error| Lost::Address(kind, web, error))?
                }
            };
            Ok(said_by(api, place))
        }
        Address::Bitbucket(variable) => match environment.get(variable) {
            None => by_default(HostKind::BitbucketCloud),
            Some(value) => match address::place_of_api(HostKind::BitbucketCloud, value) {
                Ok(_) => by_default(HostKind::BitbucketCloud),
                Err(_) => address::place(HostKind::BitbucketServer, value, None, false)
                    .map(|place| said_by(variable, place))
                    .map_err(|error| Lost::Address(HostKind::BitbucketServer, variable, error)),
            },
        },
        Address::Platform(platform, endpoint) => {
            let word = environment.get(platform).unwrap_or("github");
            let kind = match word {
                "github" => HostKind::GitHub,
                "gitlab" => HostKind::GitLab,
                "bitbucket" => HostKind::BitbucketCloud,
                "bitbucket-server" => HostKind::BitbucketServer,
                other => {
                    return Err(Lost::Nowhere {
                        host: other.to_owned(),
                        reason: format!("credcheck does not know the host kind that `{platform}` names"),
                    });
                }
            };
            match environment.get(endpoint) {
                None => by_default(kind),
                Some(value) if kind == HostKind::BitbucketServer => address::place(kind, value, None, false)
                    .map(|place| said_by(endpoint, place))
                    .map_err(|error| Lost::Address(kind, endpoint, error)),
                Some(value) => address::place_of_api(kind, value)
                    .map(|place| said_by(endpoint, place))
                    .map_err(|error| Lost::Address(kind, endpoint, error)),
            }
        }
    }
}

/// The enterprise server that gh's variable names: never github.com or GHE.com, whose tokens are another family's.
fn enterprise(variable: &'static str, environment: &Environment) -> Result<Place, Lost> {
    let kind = HostKind::GitHub;
    let nowhere = |reason: &str| Lost::Nowhere { host: kind.word().to_owned(), reason: reason.to_owned() };
    let Some(value) = environment.get(variable) else {
        return Err(nowhere("nothing says which host it is for; set `GH_HOST`, or declare it in the settings"));
    };
    let authority = address::bare_authority(value).map_err(|error| Lost::Address(kind, variable, error))?;
    let cloud = |host: &str| host == "github.com" || host == "ghe.com" || host.ends_with(".ghe.com");
    if cloud(authority.split(':').next().unwrap_or("")) {
        return Err(nowhere("`GH_HOST` is not an enterprise server; gh would not send this token there"));
    }
    address::place_at(kind, &authority).map_err(|error| Lost::Address(kind, variable, error))
}

/// What is in scope, and what is not.
#[derive(Default)]
struct Scope {
    included: Vec<Pattern>,
    excluded: Vec<Pattern>,
}

fn read_scope(
    family: &Family,
    environment: &Environment,
    authority: &str,
    kind: HostKind,
) -> Result<Scope, (&'static str, scope::PatternError)> {
    let of = |variable: &'static str, names: Vec<String>| {
        let origin = Origin::Variable(variable.to_owned());
        names.into_iter().map(|pattern| Pattern { pattern, origin: origin.clone() }).collect::<Vec<_>>()
    };
    match family.scope {
        ScopeVariable::Unsaid => Ok(Scope::default()),
        ScopeVariable::AllowList(variable) => {
            let Some(value) = environment.get(variable) else { return Ok(Scope::default()) };
            let list = scope::allow_list(value, authority, address::nests(kind)).map_err(|error| (variable, error))?;
            let mut included = of(variable, list.included);
            if included.is_empty() {
                // The list says that nothing is in scope here; that is not the same as saying nothing.
                included.push(Pattern::nothing(Origin::Variable(variable.to_owned())));
            }
            Ok(Scope { included, excluded: of(variable, list.excluded) })
        }
        ScopeVariable::Repository(variable) | ScopeVariable::Repositories(variable) => {
            let names: Vec<String> = environment
                .get(variable)
                .unwrap_or("")
                .split(',')
                .map(|name| name.trim().to_owned())
                .filter(|name| !name.is_empty())
                .collect();
            names.iter().try_for_each(|name| scope::check(name)).map_err(|error| (variable, error))?;
            Ok(Scope { included: of(variable, names), excluded: Vec::new() })
        }
    }
}

/// The App's numbers, or the variable that holds none.
fn read_app(variables: &AppVariables, environment: &Environment) -> Result<App, &'static str> {
    let number = |variable: &'static str| match environment.get(variable) {
        None => Ok(None),
        Some(value) => value.trim().parse::<u64>().map(Some).map_err(|_| variable),
    };
    let id = number(variables.id)?.ok_or(variables.id)?;
    Ok(App { issuer: id.to_string(), installation: number(variables.installation)? })
}

/// The variables of allow lists that are set and name a host that no credential of their family goes to; for a note.
pub(super) fn idle_allow_lists(environment: &Environment, candidates: &[&Candidate]) -> Vec<(&'static str, String)> {
    let mut idle = Vec::new();
    for candidate in candidates {
        let Some(family) = FAMILIES.iter().find(|family| family.name == candidate.name) else { continue };
        if let ScopeVariable::AllowList(variable) = family.scope
            && environment.get(variable).is_some()
            && candidate.scope.iter().all(Pattern::is_nothing)
        {
            idle.push((variable, candidate.name.clone()));
        }
    }
    idle
}

/// Whether a name is one that a family gives.
pub(super) fn is_family(name: &str) -> bool {
    FAMILIES.iter().any(|family| family.name == name)
}
