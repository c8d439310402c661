//! The keys that a settings file has.

/// The keys of the file.
pub(super) const TOP: &[&str] = &["credential", "inputs", "repositories"];
/// The keys of a credential.
pub(super) const CREDENTIAL: &[&str] = &[
    "api_url",
    "app_id",
    "checker",
    "client_id",
    "host",
    "insecure_http",
    "installation_id",
    "kind",
    "name",
    "private_key",
    "repositories",
    "token",
    "url",
    "username",
];
/// The ways to say where a secret is.
pub(super) const SOURCES: &[&str] = &["command", "env", "file", "git_credential", "netrc", "systemd"];
/// What goes with a command.
pub(super) const OF_COMMAND: &[&str] = &["first_line", "json", "timeout"];
/// The keys of a table that says where a secret is.
pub(super) const SECRET: &[&str] =
    &["command", "env", "file", "first_line", "git_credential", "json", "netrc", "systemd", "timeout"];

/// How to say where a secret is, for people who have not.
pub(super) const HOW: &str = "`token = { env = \"NAME\" }`, `{ file = \"…\" }`, `{ command = [\"…\"] }`, `{ systemd = \"NAME\" }`, \
                              `{ git_credential = true }` or `{ netrc = true }`";
