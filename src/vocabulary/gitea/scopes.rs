//! The scopes of tokens and OAuth applications, with what each implies.

use crate::vocabulary::names::{Name, NameTable};
use crate::vocabulary::row::Alias;

/// The nine categories, each with a level to read and one to write. Source: `models/auth/access_token_scope.go` of both
/// products, the same since Gitea 1.20 and Forgejo 7. `public-only` stands in the same list there and is no right: it is
/// the fact `token.public_only`.
pub(super) static SCOPES: NameTable = NameTable {
    singular: "scope",
    plural: "scopes",
    words: false,
    names: &[
        Name {
            name: "all",
            implies: &[
                "write:activitypub",
                "write:admin",
                "write:issue",
                "write:misc",
                "write:notification",
                "write:organization",
                "write:package",
                "write:repository",
                "write:user",
            ],
            doc: "everything that its owner may",
        },
        Name { name: "read:activitypub", implies: &[], doc: "the federation routes, reading" },
        Name { name: "write:activitypub", implies: &["read:activitypub"], doc: "the federation routes" },
        Name { name: "read:admin", implies: &[], doc: "administration, reading (administrators only)" },
        Name { name: "write:admin", implies: &["read:admin"], doc: "administration (administrators only)" },
        Name { name: "read:issue", implies: &[], doc: "issues, labels, milestones and comments, reading" },
        Name {
            name: "write:issue",
            implies: &["read:issue"],
            doc: "issues, labels, milestones and comments, those on pull requests too",
        },
        Name { name: "read:misc", implies: &[], doc: "nothing since Gitea 1.20.2: version and settings before" },
        Name { name: "write:misc", implies: &["read:misc"], doc: "nothing since Gitea 1.20.2" },
        Name { name: "read:notification", implies: &[], doc: "notifications, reading" },
        Name { name: "write:notification", implies: &["read:notification"], doc: "notifications" },
        Name { name: "read:organization", implies: &[], doc: "organisations and teams, reading" },
        Name { name: "write:organization", implies: &["read:organization"], doc: "organisations and teams" },
        Name { name: "read:package", implies: &[], doc: "packages, reading" },
        Name { name: "write:package", implies: &["read:package"], doc: "packages" },
        Name { name: "read:repository", implies: &[], doc: "repositories, pull requests and code, reading" },
        Name {
            name: "write:repository",
            implies: &["read:repository"],
            doc: "repositories, pull requests, statuses, webhooks and code",
        },
        Name { name: "read:user", implies: &[], doc: "the account, reading, and the list of its tokens" },
        Name {
            name: "write:user",
            implies: &["read:user"],
            doc: "the account: keys, followers, repositories of its own",
        },
        Name { name: "sudo", implies: &[], doc: "nothing: left over from Gitea 1.19" },
    ],
    aliases: &[
        Alias { spelling: "repo", name: "write:repository", seen_in: "GitHub's scopes, and Gitea 1.19" },
        Alias { spelling: "repo:status", name: "write:repository", seen_in: "GitHub's scopes, and Gitea 1.19" },
        Alias { spelling: "public_repo", name: "write:repository", seen_in: "GitHub's scopes, and Gitea 1.19" },
        Alias { spelling: "delete_repo", name: "write:repository", seen_in: "GitHub's scopes, and Gitea 1.19" },
        Alias { spelling: "admin:repo_hook", name: "write:repository", seen_in: "GitHub's scopes, and Gitea 1.19" },
        Alias { spelling: "write:repo_hook", name: "write:repository", seen_in: "GitHub's scopes, and Gitea 1.19" },
        Alias { spelling: "read:repo_hook", name: "read:repository", seen_in: "GitHub's scopes, and Gitea 1.19" },
        Alias { spelling: "admin:org", name: "write:organization", seen_in: "GitHub's scopes, and Gitea 1.19" },
        Alias { spelling: "write:org", name: "write:organization", seen_in: "GitHub's scopes, and Gitea 1.19" },
        Alias { spelling: "read:org", name: "read:organization", seen_in: "GitHub's scopes, and Gitea 1.19" },
        Alias { spelling: "user", name: "write:user", seen_in: "GitHub's scopes, and Gitea 1.19" },
        Alias { spelling: "user:email", name: "read:user", seen_in: "GitHub's scopes, and Gitea 1.19" },
        Alias { spelling: "notification", name: "write:notification", seen_in: "Gitea 1.19" },
        Alias { spelling: "notifications", name: "write:notification", seen_in: "GitHub's scopes" },
        Alias { spelling: "read:packages", name: "read:package", seen_in: "GitHub's scopes, and bots' documentation" },
        Alias { spelling: "write:packages", name: "write:package", seen_in: "GitHub's scopes" },
        Alias { spelling: "read:repo", name: "read:repository", seen_in: "third-party guides" },
        Alias { spelling: "write:repo", name: "write:repository", seen_in: "third-party guides" },
        Alias { spelling: "read:issues", name: "read:issue", seen_in: "third-party guides" },
        Alias { spelling: "write:issues", name: "write:issue", seen_in: "third-party guides" },
        Alias { spelling: "read_repository", name: "read:repository", seen_in: "GitLab's scopes" },
        Alias { spelling: "write_repository", name: "write:repository", seen_in: "GitLab's scopes" },
        Alias { spelling: "read_user", name: "read:user", seen_in: "GitLab's scopes" },
        Alias { spelling: "api", name: "all", seen_in: "GitLab's scopes" },
    ],
};
