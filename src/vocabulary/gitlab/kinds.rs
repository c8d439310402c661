//! The kinds of credential.

use crate::vocabulary::row::{Alias, CredentialKind, EnumTable, Lifetime};
use crate::vocabulary::sending::Scheme;
use crate::vocabulary::token_text::{Form, Made};

/// The kinds that are personal access tokens by their make and have scopes: the account that owns one tells them apart.
pub(super) const CLASSIC: &[&str] = &["personal", "project", "group", "service_account"];
/// All kinds that are personal access tokens by their make.
pub(super) const TOKENS: &[&str] = &["personal", "fine_grained", "project", "group", "service_account"];
/// The tokens of bot accounts.
pub(super) const BOTS: &[&str] = &["project", "group", "service_account"];
/// The kinds that act as an account on the whole API.
pub(super) const ACCOUNTS: &[&str] = &["personal", "fine_grained", "project", "group", "service_account", "oauth"];

/// The words of `token.kind`; the rows of [`KINDS`] say more.
pub(super) static KIND_WORDS: EnumTable = EnumTable {
    title: "GitLab credential kind",
    words: &[
        ("personal", "personal access token"),
        ("fine_grained", "fine-grained personal access token"),
        ("project", "project access token"),
        ("group", "group access token"),
        ("service_account", "service account token"),
        ("oauth", "OAuth access token"),
        ("job", "CI/CD job token"),
        ("deploy", "deploy token"),
    ],
    aliases: &[
        Alias { spelling: "personal_access_token", name: "personal", seen_in: "GitLab's API paths" },
        Alias { spelling: "fine-grained", name: "fine_grained", seen_in: "GitLab's documentation" },
        Alias { spelling: "granular", name: "fine_grained", seen_in: "the scope that GitLab lists" },
        Alias { spelling: "pat", name: "personal", seen_in: "everyday speech" },
        Alias { spelling: "impersonation", name: "personal", seen_in: "GitLab's administration pages" },
        Alias { spelling: "project_access_token", name: "project", seen_in: "GitLab's documentation" },
        Alias { spelling: "group_access_token", name: "group", seen_in: "GitLab's documentation" },
        Alias { spelling: "service_account_token", name: "service_account", seen_in: "GitLab's documentation" },
        Alias { spelling: "oauth2", name: "oauth", seen_in: "the user name of OAuth clones" },
        Alias { spelling: "ci_job_token", name: "job", seen_in: "the variable `CI_JOB_TOKEN`" },
        Alias { spelling: "job_token", name: "job", seen_in: "GitLab's documentation" },
        Alias { spelling: "deploy_token", name: "deploy", seen_in: "GitLab's documentation" },
    ],
};

/// GitLab's credential kinds.
pub(super) static KINDS: &[CredentialKind] = &[
    CredentialKind {
        word: "personal",
        title: "personal access token",
        prefixes: &["glpat-"],
        lifetime: Some(Lifetime::Standing),
        has_user: true,
        unlimited: false,
        sent: Scheme::Bearer,
        first_request: Some("token_self"),
        settings_page: Some("{url}/-/user_settings/personal_access_tokens"),
        doc: "A person's token; an impersonation token, made by an administrator for somebody, cannot be told from it. \
              Source: GitLab docs, Personal access tokens, GitLab token overview.",
    },
    CredentialKind {
        word: "fine_grained",
        title: "fine-grained personal access token",
        prefixes: &["glpat-"],
        lifetime: Some(Lifetime::Standing),
        has_user: true,
        unlimited: false,
        sent: Scheme::Bearer,
        first_request: Some("token_self"),
        settings_page: Some("{url}/-/user_settings/personal_access_tokens"),
        doc: "A person's token with permissions, resource by resource, instead of scopes (beta since 18.10): GitLab lists \
              `granular` as its only scope. It needs permissions even to describe itself and its user, and no batch \
              of repositories can be asked with it. Source: GitLab docs, Fine-grained permissions for personal access \
              tokens.",
    },
    CredentialKind {
        word: "project",
        title: "project access token",
        prefixes: &["glpat-"],
        lifetime: Some(Lifetime::Standing),
        has_user: true,
        unlimited: false,
        sent: Scheme::Bearer,
        first_request: Some("token_self"),
        settings_page: None,
        doc: "The token of a bot account that is a member of one project and is named `project_ID_bot_…`; made in the \
              project's settings under access tokens. Source: GitLab docs, Project access tokens.",
    },
    CredentialKind {
        word: "group",
        title: "group access token",
        prefixes: &["glpat-"],
        lifetime: Some(Lifetime::Standing),
        has_user: true,
        unlimited: false,
        sent: Scheme::Bearer,
        first_request: Some("token_self"),
        settings_page: None,
        doc: "The token of a bot account that is a member of one group, and so of everything below it, and is named \
              `group_ID_bot_…`; made in the group's settings under access tokens. \
              Source: GitLab docs, Group access tokens.",
    },
    CredentialKind {
        word: "service_account",
        title: "service account token",
        prefixes: &["glpat-"],
        lifetime: Some(Lifetime::Standing),
        has_user: true,
        unlimited: false,
        sent: Scheme::Bearer,
        first_request: Some("token_self"),
        settings_page: None,
        doc: "The personal access token of a service account of an instance, group or project. Its name is \
              `service_account_…` unless somebody chose another; it is a bot account whose name is not that of a \
              project or group token. It alone may be allowed never to expire. \
              Source: GitLab docs, Service accounts API; gitlab `has_user_type.rb`.",
    },
    CredentialKind {
        word: "oauth",
        title: "OAuth access token",
        prefixes: &[],
        // Two hours unless an administrator says otherwise; tokens of old instances never expire.
        lifetime: None,
        has_user: true,
        unlimited: false,
        sent: Scheme::Bearer,
        first_request: Some("oauth_token_info"),
        settings_page: Some("{url}/-/user_settings/applications"),
        doc: "An application's grant by a person, good for two hours unless an administrator says otherwise, and \
              refreshed. `personal_access_tokens/self` answers it with 400. \
              Source: GitLab docs, OAuth 2.0 identity provider API.",
    },
    CredentialKind {
        word: "job",
        title: "CI/CD job token",
        prefixes: &["glcbt-"],
        lifetime: Some(Lifetime::Job),
        has_user: true,
        unlimited: false,
        sent: Scheme::Header("job-token"),
        first_request: Some("job"),
        settings_page: None,
        doc: "The `CI_JOB_TOKEN` of a running job: it acts for whoever started the job, on few requests, and ends with \
              the job. Source: GitLab docs, CI/CD job token, Jobs API.",
    },
    CredentialKind {
        word: "deploy",
        title: "deploy token",
        prefixes: &["gldt-"],
        lifetime: Some(Lifetime::Standing),
        has_user: false,
        unlimited: false,
        sent: Scheme::Header("deploy-token"),
        first_request: None,
        settings_page: None,
        doc: "A token of a project or group, without an account, for clones, packages and images. The API takes it on \
              package requests only, so that nothing can be asked with it. Source: GitLab docs, REST API authentication.",
    },
];

/// An administrator may have replaced the prefixes, so that any other text may be of any kind.
pub(super) static FORMS: &[Form] = &[Form {
    of: Made::Hexadecimal(64),
    kinds: &["oauth"],
    evidence: Some("64 hexadecimal digits, as OAuth access tokens are"),
}];
