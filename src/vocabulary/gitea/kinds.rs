//! The kinds of credential.

use jiff::Timestamp;

use crate::vocabulary::row::{Alias, CredentialKind, EnumTable, Lifetime};
use crate::vocabulary::sending::Scheme;
use crate::vocabulary::token_text::{Form, Made, Times, Useless, claims};

/// All kinds.
pub(super) const ALL: &[&str] = &["personal", "repository", "oauth", "actions"];
/// The kinds that have scopes.
pub(super) const SCOPED: &[&str] = &["personal", "repository", "oauth"];
/// The kinds that can act for an account as a whole.
pub(super) const ACCOUNTS: &[&str] = &["personal", "oauth"];

/// The words of `token.kind`; the rows of [`KINDS`] say more.
pub(super) static KIND_WORDS: EnumTable = EnumTable {
    title: "Gitea credential kind",
    words: &[
        ("personal", "personal access token"),
        ("repository", "personal access token for some repositories (Forgejo)"),
        ("oauth", "OAuth access token"),
        ("actions", "token of an Actions job"),
    ],
    aliases: &[
        Alias { spelling: "pat", name: "personal", seen_in: "everyday speech" },
        Alias { spelling: "personal_access_token", name: "personal", seen_in: "Gitea's documentation" },
        Alias { spelling: "access_token", name: "personal", seen_in: "Gitea's documentation" },
        Alias { spelling: "application", name: "personal", seen_in: "the settings page on which tokens are made" },
        Alias { spelling: "repository_specific", name: "repository", seen_in: "Forgejo's documentation" },
        Alias { spelling: "oauth2", name: "oauth", seen_in: "Gitea's documentation" },
        Alias { spelling: "job", name: "actions", seen_in: "GitLab's kinds" },
        Alias { spelling: "action", name: "actions", seen_in: "everyday speech" },
    ],
};

/// The credential kinds. Nothing in the text of the first two and of a job's token tells one from another.
pub(super) static KINDS: &[CredentialKind] = &[
    CredentialKind {
        word: "personal",
        title: "personal access token",
        prefixes: &[],
        lifetime: Some(Lifetime::Standing),
        has_user: true,
        unlimited: false,
        sent: Scheme::Bearer,
        first_request: Some("user"),
        settings_page: Some("{url}/user/settings/applications"),
        doc: "A person's token: 40 hexadecimal digits, with scopes, and perhaps limited to what is public. It never \
              expires. Source: Gitea docs, Authentication and Token Scopes; `models/auth/access_token.go`.",
    },
    CredentialKind {
        word: "repository",
        title: "repository-specific access token",
        prefixes: &[],
        lifetime: Some(Lifetime::Standing),
        has_user: true,
        unlimited: false,
        sent: Scheme::Bearer,
        first_request: Some("user"),
        settings_page: Some("{url}/user/settings/applications"),
        doc: "A person's token for some repositories, of a Forgejo of 15.0 or later: it holds scopes of issues and \
              repositories alone, so that it cannot read whose it is, nor which repositories it is for. It never \
              expires. Source: Forgejo docs, Access token scope; `services/authz/access_token.go`.",
    },
    CredentialKind {
        word: "oauth",
        title: "OAuth access token",
        prefixes: &[],
        lifetime: None,
        has_user: true,
        unlimited: false,
        sent: Scheme::Bearer,
        first_request: Some("user"),
        settings_page: Some("{url}/user/settings/applications"),
        doc: "An application's grant by a person, a JWT of the instance that says when it ends. One without scopes of \
              the API has all of them. Source: Gitea docs, OAuth2 provider; `services/oauth2_provider/access_token.go`.",
    },
    CredentialKind {
        word: "actions",
        title: "token of an Actions job",
        prefixes: &[],
        lifetime: Some(Lifetime::Job),
        has_user: true,
        unlimited: false,
        sent: Scheme::Bearer,
        first_request: Some("user"),
        settings_page: None,
        doc: "The token of a running job, which acts as an account of the instance's own, on the job's repository. It \
              has no scopes: every request is let through to the question of rights. \
              Source: Gitea docs, Actions; `models/user/user_system.go`.",
    },
];

/// 40 hexadecimal digits are a commit, too, and the tokens of other hosts: they name no host. A JWT of the instance has a
/// grant, one of a job names its task; one of another issuer is of a kind that nothing tells.
pub(super) static FORMS: &[Form] = &[
    Form { of: Made::Hexadecimal(40), kinds: &["personal", "repository", "actions"], evidence: None },
    Form {
        of: Made::Jwt(|claims| claims.get("gnt").is_some() && claims.get("TaskID").is_none()),
        kinds: &["oauth"],
        evidence: Some("claim gnt of the token, a JWT"),
    },
    Form {
        of: Made::Jwt(|claims| claims.get("TaskID").is_some()),
        kinds: &["actions"],
        evidence: Some("claim TaskID of the token, a JWT"),
    },
];

/// When a JWT says that it was made and ends.
pub(super) fn times(text: &str) -> Times {
    let claims = claims(text);
    let time = |name: &str| claims.as_ref()?.get(name)?.as_i64().and_then(|at| Timestamp::from_second(at).ok());
    Times { begins: time("iat"), ends: time("exp") }
}

/// What a token's entry in the list of its owner is found by: its last eight digits, which the list shows.
pub(super) fn last_eight(text: &str) -> Option<String> {
    let hexadecimal = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f');
    (text.len() == 40 && text.bytes().all(hexadecimal)).then(|| text.get(32..).unwrap_or_default().to_owned())
}

/// A refresh token has the shape of an access token and another claim.
pub(super) static USELESS: &[Useless] = &[Useless {
    of: Made::Jwt(|claims| claims.get("gnt").is_some() && claims.get("tt") == Some(&serde_json::Value::from(1))),
    title: "an OAuth refresh token, which only gets other tokens",
    instead: "give the access token instead; keep this one where tokens are refreshed",
}];
