//! The kinds of credential.

use crate::vocabulary::row::{Alias, CredentialKind, EnumTable, Lifetime};
use crate::vocabulary::sending::Scheme;
use crate::vocabulary::token_text::{Form, Made};

/// The tokens of a repository, project or workspace: no user stands behind them.
pub(super) const ACCESS_TOKENS: &[&str] =
    &["repository_access_token", "project_access_token", "workspace_access_token"];
/// The kinds that act as a person.
pub(super) const PEOPLE: &[&str] = &["api_token", "oauth"];
/// The kinds that the host still takes.
pub(super) const LIVE: &[&str] =
    &["api_token", "repository_access_token", "project_access_token", "workspace_access_token", "oauth"];
/// The kinds that it does not take any more.
pub(super) const DEAD: &[&str] = &["app_password", "account_password"];

pub(super) const KINDS: &[CredentialKind] = &[
    CredentialKind {
        word: "app_password",
        title: "app password",
        prefixes: &["ATBB"],
        lifetime: Some(Lifetime::Standing),
        has_user: true,
        unlimited: false,
        sent: Scheme::Basic { nameless: true },
        first_request: Some("user"),
        settings_page: Some("https://id.atlassian.com/manage-profile/security/api-tokens"),
        doc: "None can be made since 9 September 2025, and Atlassian removed them on 28 July 2026: use an API token. \
              Source: Atlassian's announcements of 2025 and 2026.",
    },
    CredentialKind {
        word: "api_token",
        title: "API token",
        prefixes: &["ATATT3"],
        lifetime: Some(Lifetime::Standing),
        has_user: true,
        unlimited: false,
        sent: Scheme::Basic { nameless: true },
        first_request: Some("user"),
        settings_page: Some("https://id.atlassian.com/manage-profile/security/api-tokens"),
        doc: "A person's token, sent as Basic with the Atlassian e-mail address as user. Jira and Confluence tokens, and \
              those without scopes, begin alike. Expires within a year. Source: Atlassian support, API tokens.",
    },
    CredentialKind {
        word: "repository_access_token",
        title: "repository access token",
        prefixes: &["ATCTT3"],
        lifetime: Some(Lifetime::Standing),
        has_user: false,
        unlimited: false,
        sent: Scheme::Bearer,
        first_request: Some("user"),
        settings_page: None,
        doc: "The token of one repository, sent as Bearer; made in the repository's settings. `/user` refuses it with a \
              403 that shows its kind and scopes. Source: Bitbucket Cloud REST documentation, Authentication.",
    },
    CredentialKind {
        word: "project_access_token",
        title: "project access token",
        prefixes: &["ATCTT3"],
        lifetime: Some(Lifetime::Standing),
        has_user: false,
        unlimited: false,
        sent: Scheme::Bearer,
        first_request: Some("user"),
        settings_page: None,
        doc: "The token of one project (Premium), sent as Bearer. \
              Source: Bitbucket Cloud REST documentation, Authentication.",
    },
    CredentialKind {
        word: "workspace_access_token",
        title: "workspace access token",
        prefixes: &["ATCTT3"],
        lifetime: Some(Lifetime::Standing),
        has_user: false,
        unlimited: false,
        sent: Scheme::Bearer,
        first_request: Some("user"),
        settings_page: None,
        doc: "The token of one workspace (Premium), sent as Bearer. \
              Source: Bitbucket Cloud REST documentation, Authentication.",
    },
    CredentialKind {
        word: "oauth",
        title: "OAuth access token",
        prefixes: &[],
        lifetime: Some(Lifetime::ShortLived),
        has_user: true,
        unlimited: false,
        sent: Scheme::Bearer,
        first_request: Some("user"),
        settings_page: None,
        doc: "An OAuth consumer's token, good for an hour or two, sent as Bearer; taken at api.bitbucket.org alone since \
              May 2026. Source: Bitbucket Cloud REST documentation, OAuth 2.0.",
    },
    CredentialKind {
        word: "account_password",
        title: "account password",
        prefixes: &[],
        lifetime: Some(Lifetime::Standing),
        has_user: true,
        unlimited: false,
        sent: Scheme::Basic { nameless: true },
        first_request: None,
        settings_page: Some("https://id.atlassian.com/manage-profile/security/api-tokens"),
        doc: "The password of an Atlassian account. Neither the API nor Git takes it since 1 March 2022. \
              Source: bitbucket.org/blog, Deprecating Atlassian account password for Bitbucket API and Git activity.",
    },
];

pub(super) static TOKEN_KINDS: EnumTable = EnumTable {
    title: "Bitbucket Cloud credential kind",
    words: &[
        ("app_password", "app password, removed in July 2026"),
        ("api_token", "API token of an Atlassian account"),
        ("repository_access_token", "access token of a repository"),
        ("project_access_token", "access token of a project"),
        ("workspace_access_token", "access token of a workspace"),
        ("oauth", "OAuth access token"),
        ("account_password", "password of an account"),
    ],
    aliases: &[
        Alias { spelling: "apppassword", name: "app_password", seen_in: "the header X-Credential-Type" },
        Alias {
            spelling: "repo_access_token",
            name: "repository_access_token",
            seen_in: "the header X-Credential-Type",
        },
        Alias { spelling: "repository", name: "repository_access_token", seen_in: "Bitbucket Server's kinds" },
        Alias { spelling: "project", name: "project_access_token", seen_in: "Bitbucket Server's kinds" },
        Alias { spelling: "workspace", name: "workspace_access_token", seen_in: "everyday speech" },
        Alias { spelling: "oauth_token", name: "oauth", seen_in: "Atlassian's documentation" },
        Alias { spelling: "password", name: "account_password", seen_in: "Bitbucket Server's kinds" },
    ],
};

/// What begins like none of the kinds is an OAuth token, or an app password from before these had a prefix.
pub(super) static FORMS: &[Form] = &[Form { of: Made::Anything, kinds: &["app_password", "oauth"], evidence: None }];
