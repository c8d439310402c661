//! The scopes of tokens and OAuth applications, with what each implies.

use crate::vocabulary::names::{Name, NameTable};
use crate::vocabulary::row::Alias;

/// Classic scopes. GitLab's documentation states no superset relation in so many words; the implications here follow what
/// its routes and `lib/gitlab/auth.rb` accept. `write_registry` gives no reading.
pub(super) static SCOPES: NameTable = NameTable {
    singular: "scope",
    plural: "scopes",
    words: false,
    names: &[
        Name {
            name: "api",
            implies: &["read_api", "write_repository", "read_registry", "write_registry"],
            doc: "the whole API, reading and writing; registries; Git over HTTP",
        },
        Name {
            name: "read_api",
            implies: &["read_user", "read_repository", "read_registry"],
            doc: "the whole API, reading; pulls and image reads",
        },
        Name { name: "read_user", implies: &[], doc: "`/user` and what can be read below `/users`" },
        Name { name: "read_repository", implies: &[], doc: "Git pulls and the repository files API" },
        Name {
            name: "write_repository",
            implies: &["read_repository"],
            doc: "Git pulls and pushes; no API, so neither comments nor merges",
        },
        Name { name: "read_registry", implies: &[], doc: "pull container images" },
        Name { name: "write_registry", implies: &[], doc: "push container images; no pulls" },
        Name { name: "read_virtual_registry", implies: &[], doc: "read through the dependency proxy" },
        Name {
            name: "write_virtual_registry",
            implies: &["read_virtual_registry"],
            doc: "read, write and delete in the dependency proxy",
        },
        Name { name: "read_package_registry", implies: &[], doc: "read packages (deploy tokens)" },
        Name { name: "write_package_registry", implies: &[], doc: "write packages (deploy tokens)" },
        Name { name: "self_rotate", implies: &[], doc: "rotate this token itself" },
        Name { name: "create_runner", implies: &[], doc: "create runners" },
        Name { name: "manage_runner", implies: &[], doc: "manage runners" },
        Name { name: "ai_features", implies: &[], doc: "GitLab Duo" },
        Name { name: "k8s_proxy", implies: &[], doc: "Kubernetes calls through the agent" },
        Name { name: "read_observability", implies: &[], doc: "read observability data" },
        Name { name: "write_observability", implies: &[], doc: "write observability data" },
        Name { name: "sudo", implies: &[], doc: "act as any user (administrators only)" },
        Name { name: "admin_mode", implies: &[], doc: "administer where Admin Mode is on (administrators only)" },
        Name { name: "read_service_ping", implies: &[], doc: "read the Service Ping payload (administrators only)" },
        Name { name: "openid", implies: &[], doc: "sign in by OpenID Connect (OAuth)" },
        Name { name: "profile", implies: &[], doc: "the profile by OpenID Connect (OAuth)" },
        Name { name: "email", implies: &[], doc: "the e-mail address by OpenID Connect (OAuth)" },
    ],
    aliases: &[
        Alias { spelling: "write_api", name: "api", seen_in: "policies written by analogy with `read_api`" },
        Alias { spelling: "read_repo", name: "read_repository", seen_in: "third-party guides" },
        Alias { spelling: "write_repo", name: "write_repository", seen_in: "third-party guides" },
        Alias { spelling: "repo", name: "write_repository", seen_in: "GitHub's scopes" },
        Alias { spelling: "read:user", name: "read_user", seen_in: "GitHub's scopes" },
    ],
};
