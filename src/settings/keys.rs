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
pub(super) const SECRET: &[&str] = &["command", "env", "file"];
