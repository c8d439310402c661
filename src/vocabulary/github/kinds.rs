//! The kinds of credential.

use crate::vocabulary::row::{Alias, CredentialKind, EnumTable, Lifetime};
use crate::vocabulary::sending::Scheme;
use crate::vocabulary::token_text::{Form, Made};

/// Kinds that a user account stands behind.
pub(super) const USERS: &[&str] = &["classic", "fine_grained", "oauth_app", "app_user"];
/// Kinds that act as an App's installation.
pub(super) const INSTALLATIONS: &[&str] = &["app_installation", "actions"];
/// The key of an App. It signs requests about the App itself; the rest takes a token minted with it.
pub(super) const KEY: &[&str] = &["app_key"];

/// The words of `token.kind`; the rows of [`KINDS`] say more.
pub(super) static KIND_WORDS: EnumTable = EnumTable {
    title: "GitHub credential kind",
    words: &[
        ("classic", "classic personal access token"),
        ("fine_grained", "fine-grained personal access token"),
        ("oauth_app", "token of an OAuth app for a user"),
        ("app_user", "token of a GitHub App for a user"),
        ("app_installation", "token of a GitHub App's installation"),
        ("actions", "the `GITHUB_TOKEN` of an Actions job"),
        ("app_key", "a GitHub App by its private key"),
    ],
    aliases: &[
        Alias { spelling: "pat", name: "classic", seen_in: "everyday speech" },
        Alias { spelling: "classic_pat", name: "classic", seen_in: "everyday speech" },
        Alias { spelling: "personal", name: "classic", seen_in: "the word for GitLab" },
        Alias { spelling: "fine-grained", name: "fine_grained", seen_in: "GitHub's documentation" },
        Alias { spelling: "fine_grained_pat", name: "fine_grained", seen_in: "everyday speech" },
        Alias { spelling: "oauth", name: "oauth_app", seen_in: "the word for other hosts" },
        Alias { spelling: "user_to_server", name: "app_user", seen_in: "GitHub's documentation" },
        Alias { spelling: "server_to_server", name: "app_installation", seen_in: "GitHub's documentation" },
        Alias { spelling: "installation", name: "app_installation", seen_in: "GitHub's API" },
        Alias { spelling: "github_app", name: "app_installation", seen_in: "everyday speech" },
        Alias { spelling: "app", name: "app_installation", seen_in: "everyday speech" },
        Alias { spelling: "github_token", name: "actions", seen_in: "Actions workflow files" },
        Alias { spelling: "job", name: "actions", seen_in: "the word for GitLab" },
    ],
};

/// GitHub's credential kinds.
pub(super) static KINDS: &[CredentialKind] = &[
    CredentialKind {
        word: "classic",
        title: "classic personal access token",
        prefixes: &["ghp_"],
        lifetime: Some(Lifetime::Standing),
        has_user: true,
        unlimited: false,
        sent: Scheme::Bearer,
        first_request: Some("user"),
        settings_page: Some("{url}/settings/tokens"),
        doc: "A user's token with scopes, for everything the user can reach. Expires at a chosen date or never; \
              revoked after a year unused. Tokens of 40 hexadecimal digits, made before 2021, are of this kind or of \
              `oauth_app`. Source: GitHub docs, \"GitHub credential types\".",
    },
    CredentialKind {
        word: "fine_grained",
        title: "fine-grained personal access token",
        prefixes: &["github_pat_"],
        lifetime: Some(Lifetime::Standing),
        has_user: true,
        unlimited: false,
        sent: Scheme::Bearer,
        first_request: Some("user"),
        settings_page: Some("{url}/settings/personal-access-tokens"),
        doc: "A user's token with permissions, for repositories of one owner. Lives 1 to 366 days or without end. \
              It cannot list its own permissions. Source: GitHub docs, \"Managing your personal access tokens\".",
    },
    CredentialKind {
        word: "oauth_app",
        title: "OAuth app token",
        prefixes: &["gho_"],
        lifetime: Some(Lifetime::Standing),
        has_user: true,
        unlimited: false,
        sent: Scheme::Bearer,
        first_request: Some("user"),
        settings_page: Some("{url}/settings/applications"),
        doc: "What an OAuth app holds for a user who signed in; `gh auth login` makes one. It has scopes and no \
              expiry; revoked after a year unused. Source: GitHub docs, \"GitHub credential types\".",
    },
    CredentialKind {
        word: "app_user",
        title: "GitHub App user token",
        prefixes: &["ghu_"],
        // Eight hours, unless the App's owner switched expiry off: the expiry header tells.
        lifetime: None,
        has_user: true,
        unlimited: false,
        sent: Scheme::Bearer,
        first_request: Some("user"),
        settings_page: Some("{url}/settings/apps/authorizations"),
        doc: "What a GitHub App holds for a user who signed in: what both the user and the App's installation may do. \
              Lives 8 hours unless the App's owner switched expiry off. Source: GitHub docs, \"GitHub credential \
              types\".",
    },
    CredentialKind {
        word: "app_installation",
        title: "GitHub App installation token",
        prefixes: &["ghs_"],
        lifetime: Some(Lifetime::ShortLived),
        has_user: false,
        unlimited: false,
        sent: Scheme::Bearer,
        first_request: Some("viewer"),
        settings_page: None,
        doc: "What a GitHub App mints for one installation, for an hour. It acts as the App's bot and cannot list its \
              own permissions; the repository's role flags are noise for it. Source: GitHub docs, \"GitHub credential \
              types\"; recorded answers of 2019 to 2023.",
    },
    CredentialKind {
        word: "actions",
        title: "Actions job token",
        // It is an installation token (`ghs_`): only where it was found tells that it is a job's.
        prefixes: &[],
        lifetime: Some(Lifetime::Job),
        has_user: false,
        unlimited: false,
        sent: Scheme::Bearer,
        first_request: Some("viewer"),
        settings_page: None,
        doc: "The `GITHUB_TOKEN` of an Actions job: an installation token for the job's repository, until the job \
              ends. Its permissions come from the workflow's `permissions:`. Source: GitHub docs, \"GITHUB_TOKEN\".",
    },
    CredentialKind {
        word: "app_key",
        title: "GitHub App private key",
        prefixes: &[],
        lifetime: Some(Lifetime::Standing),
        has_user: false,
        unlimited: false,
        sent: Scheme::Signed,
        first_request: Some("app"),
        settings_page: None,
        doc: "A GitHub App by its identifier and private key, which stays until it is removed. It signs requests about \
              the App and its installations; what only an installation token can read takes `--mint`. Source: GitHub \
              docs, \"GitHub credential types\" and \"Generating a JSON Web Token for a GitHub App\".",
    },
];

/// Tokens made before 2021 have no prefix.
pub(super) static FORMS: &[Form] =
    &[Form { of: Made::Hexadecimal(40), kinds: &["classic", "oauth_app"], evidence: None }];
