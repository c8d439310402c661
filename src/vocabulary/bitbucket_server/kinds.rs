//! The kinds of credential.

use crate::vocabulary::row::{Alias, CredentialKind, EnumTable, Lifetime};
use crate::vocabulary::sending::Scheme;
use crate::vocabulary::token_text::{Form, Made};

/// All kinds.
pub(super) const ALL: &[&str] = &["personal", "project", "repository", "oauth", "password"];
/// HTTP access tokens, which have a record. Those of a project or repository act as a hidden service account.
pub(super) const TOKENS: &[&str] = &["personal", "project", "repository"];

pub(super) const KINDS: &[CredentialKind] = &[
    CredentialKind {
        word: "personal",
        title: "personal HTTP access token",
        prefixes: &["BBDC-"],
        lifetime: Some(Lifetime::Standing),
        has_user: true,
        unlimited: false,
        sent: Scheme::Bearer,
        first_request: Some("caller"),
        settings_page: Some("{url}/plugins/servlet/access-tokens/manage"),
        doc: "A person's token, limited to its permissions; as Bearer, or as the password of Basic. Before the prefix \
              came, bare base64 of the token's id, a colon and 20 bytes. Source: Atlassian, HTTP access tokens.",
    },
    CredentialKind {
        word: "project",
        title: "project HTTP access token",
        prefixes: &["BBDC-"],
        lifetime: Some(Lifetime::Standing),
        has_user: false,
        unlimited: false,
        sent: Scheme::Bearer,
        first_request: Some("caller"),
        settings_page: None,
        doc: "The token of a project (Data Center), as Bearer alone. It acts as a service account named \
              `access-token-user/…` and cannot merge. Source: Atlassian, HTTP access tokens.",
    },
    CredentialKind {
        word: "repository",
        title: "repository HTTP access token",
        prefixes: &["BBDC-"],
        lifetime: Some(Lifetime::Standing),
        has_user: false,
        unlimited: false,
        sent: Scheme::Bearer,
        first_request: Some("caller"),
        settings_page: None,
        doc: "The token of a repository (Data Center), as Bearer alone. It acts as a service account named \
              `access-token-user/2/ID` and cannot merge. Source: Atlassian, HTTP access tokens; recorded answers of 9.4.",
    },
    CredentialKind {
        word: "oauth",
        title: "OAuth 2.0 access token",
        prefixes: &[],
        lifetime: None,
        has_user: true,
        unlimited: false,
        sent: Scheme::Bearer,
        first_request: Some("caller"),
        settings_page: None,
        doc: "The token of an incoming application link, since 7.20. Source: Atlassian, Bitbucket OAuth 2.0 provider API.",
    },
    CredentialKind {
        word: "password",
        title: "password",
        prefixes: &[],
        lifetime: Some(Lifetime::Standing),
        has_user: true,
        unlimited: true,
        sent: Scheme::Basic { nameless: false },
        first_request: Some("caller"),
        settings_page: Some("{url}/plugins/servlet/access-tokens/manage"),
        doc: "A person's password, as Basic. Failed logins may lock the account with a captcha. \
              Source: Atlassian, REST API authentication.",
    },
];

pub(super) static TOKEN_KINDS: EnumTable = EnumTable {
    title: "Bitbucket Server credential kind",
    words: &[
        ("personal", "HTTP access token of a person"),
        ("project", "HTTP access token of a project"),
        ("repository", "HTTP access token of a repository"),
        ("oauth", "OAuth 2.0 access token"),
        ("password", "a person's password"),
    ],
    aliases: &[
        Alias { spelling: "personal_access_token", name: "personal", seen_in: "Bitbucket before 7.0" },
        Alias { spelling: "pat", name: "personal", seen_in: "everyday speech" },
        Alias { spelling: "http_access_token", name: "personal", seen_in: "Atlassian's documentation" },
        Alias { spelling: "project_access_token", name: "project", seen_in: "Bitbucket Cloud's kinds" },
        Alias { spelling: "repository_access_token", name: "repository", seen_in: "Bitbucket Cloud's kinds" },
        Alias { spelling: "oauth2", name: "oauth", seen_in: "Atlassian's documentation" },
        Alias { spelling: "account_password", name: "password", seen_in: "Bitbucket Cloud's kinds" },
    ],
};

/// Before the prefix came, tokens were the bare base64 of a number and a secret. Anything else that is sent as Bearer is an
/// OAuth token, or none that is known here; a password goes as Basic and is declared, no text tells that it is one.
pub(super) static FORMS: &[Form] = &[
    Form { of: Made::RecordNumber, kinds: TOKENS, evidence: None },
    Form { of: Made::Anything, kinds: &["personal", "project", "repository", "oauth"], evidence: None },
];
