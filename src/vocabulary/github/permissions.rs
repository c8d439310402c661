//! The permissions of fine-grained tokens and Apps, by the names that the API uses.
//!
//! Sources: the permission tables of "Managing your personal access tokens", the `app-permissions` schema of GitHub's
//! OpenAPI description, go-github's `InstallationPermissions`, and the table of what `GITHUB_TOKEN` can hold. A row that
//! no source gives levels for takes every level: a table that may be wrong must not refuse a policy.

use crate::vocabulary::row::{Alias, LevelTable, Permission, PermissionTable};

/// The levels of permissions; each includes those below it.
pub(super) static LEVELS: LevelTable = LevelTable {
    title: "GitHub permission level",
    levels: &[("none", &[]), ("read", &["none"]), ("write", &["read"]), ("admin", &["write"])],
    access: &[],
};

const READ: &[&str] = &["read"];
const WRITE: &[&str] = &["write"];
const READ_WRITE: &[&str] = &["read", "write"];
const READ_WRITE_ADMIN: &[&str] = &["read", "write", "admin"];

const ANY_KIND: &[&str] = &[];
const NOT_FINE_GRAINED: &[&str] = &["fine_grained"];
/// Where names come from that answers may have, too.
pub const API: &str = "the OpenAPI schema";

const NOT_ACTIONS: &[&str] = &["actions"];
const APPS_ONLY: &[&str] = &["fine_grained", "actions"];

const fn row(
    name: &'static str,
    levels: &'static [&'static str],
    title: &'static str,
    never_on: &'static [&'static str],
) -> Permission {
    Permission { name, levels, title, never_on }
}

/// GitHub's permissions.
pub(super) static PERMISSIONS: PermissionTable = PermissionTable {
    title: "GitHub permission",
    levels: &LEVELS,
    permissions: &[
        // Of a repository.
        row("actions", READ_WRITE, "Actions", ANY_KIND),
        row("actions_variables", READ_WRITE, "Variables", NOT_ACTIONS),
        row("administration", READ_WRITE, "Administration", NOT_ACTIONS),
        row("artifact_metadata", READ_WRITE, "Artifact metadata", ANY_KIND),
        row("attestations", READ_WRITE, "Attestations", ANY_KIND),
        row("checks", READ_WRITE, "Checks", NOT_FINE_GRAINED),
        row("code_quality", READ_WRITE, "Code quality", ANY_KIND),
        row("codespaces", READ_WRITE, "Codespaces", NOT_ACTIONS),
        row("codespaces_lifecycle_admin", READ_WRITE, "Codespaces lifecycle admin", NOT_ACTIONS),
        row("codespaces_metadata", READ, "Codespaces metadata", NOT_ACTIONS),
        row("codespaces_secrets", READ_WRITE, "Codespaces secrets", NOT_ACTIONS),
        row("contents", READ_WRITE, "Contents", ANY_KIND),
        row("dependabot_secrets", READ_WRITE, "Dependabot secrets", NOT_ACTIONS),
        row("deployments", READ_WRITE, "Deployments", ANY_KIND),
        row("discussions", READ_WRITE, "Discussions", ANY_KIND),
        row("environments", READ_WRITE, "Environments", NOT_ACTIONS),
        row("issues", READ_WRITE, "Issues", ANY_KIND),
        row("merge_queues", READ_WRITE, "Merge queues", NOT_ACTIONS),
        row("metadata", READ_WRITE, "Metadata", ANY_KIND),
        row("packages", READ_WRITE, "Packages", NOT_FINE_GRAINED),
        row("pages", READ_WRITE, "Pages", ANY_KIND),
        row("pull_requests", READ_WRITE, "Pull requests", ANY_KIND),
        row("repository_advisories", READ_WRITE, "Repository security advisories", NOT_ACTIONS),
        row("repository_custom_properties", READ_WRITE, "Custom properties", NOT_ACTIONS),
        row("repository_hooks", READ_WRITE, "Webhooks", NOT_ACTIONS),
        row("repository_pre_receive_hooks", READ_WRITE_ADMIN, "Pre-receive hooks", APPS_ONLY),
        row("repository_projects", READ_WRITE_ADMIN, "Projects (classic)", NOT_FINE_GRAINED),
        row("secret_scanning_alerts", READ_WRITE, "Secret scanning alerts", NOT_ACTIONS),
        row("secrets", READ_WRITE, "Secrets", NOT_ACTIONS),
        row("security_events", READ_WRITE, "Code scanning alerts", ANY_KIND),
        row("single_file", READ_WRITE, "Single file", APPS_ONLY),
        row("statuses", READ_WRITE, "Commit statuses", ANY_KIND),
        row("vulnerability_alerts", READ_WRITE, "Dependabot alerts", ANY_KIND),
        row("workflows", WRITE, "Workflows", NOT_ACTIONS),
        row("content_references", READ_WRITE_ADMIN, "Content references", NOT_FINE_GRAINED),
        // Of an organisation.
        row("members", READ_WRITE, "Members", NOT_ACTIONS),
        row("organization_administration", READ_WRITE, "Administration", NOT_ACTIONS),
        row("organization_actions_variables", READ_WRITE, "Actions variables", NOT_ACTIONS),
        row("organization_announcement_banners", READ_WRITE, "Announcement banners", NOT_ACTIONS),
        row("organization_api_insights", READ, "API insights", NOT_ACTIONS),
        row("organization_campaigns", READ_WRITE, "Campaigns", NOT_ACTIONS),
        row(
            "organization_code_scanning_dismissal_requests",
            READ_WRITE,
            "Code scanning dismissal requests",
            NOT_ACTIONS,
        ),
        row("organization_codespaces", READ_WRITE, "Codespaces", NOT_ACTIONS),
        row("organization_codespaces_secrets", READ_WRITE, "Codespaces secrets", NOT_ACTIONS),
        row("organization_codespaces_settings", READ_WRITE, "Codespaces settings", NOT_ACTIONS),
        row("organization_copilot_agent_settings", READ_WRITE, "Copilot agent settings", APPS_ONLY),
        row("organization_copilot_metrics", READ_WRITE_ADMIN, "Copilot metrics", APPS_ONLY),
        row("organization_copilot_seat_management", READ_WRITE, "Copilot seat management", NOT_ACTIONS),
        row("organization_custom_org_roles", READ_WRITE, "Custom org roles", NOT_ACTIONS),
        row("organization_custom_properties", READ_WRITE_ADMIN, "Custom properties", NOT_ACTIONS),
        row("organization_custom_roles", READ_WRITE, "Custom roles", NOT_ACTIONS),
        row("organization_dependabot_secrets", READ_WRITE, "Dependabot secrets", NOT_ACTIONS),
        row("organization_events", READ, "Events", NOT_ACTIONS),
        row("organization_hooks", READ_WRITE, "Hooks", NOT_ACTIONS),
        row("organization_knowledge_bases", READ_WRITE, "Knowledge bases", NOT_ACTIONS),
        row("organization_models", READ, "Models", NOT_ACTIONS),
        row("organization_network_configurations", READ_WRITE, "Network configurations", NOT_ACTIONS),
        row("organization_packages", READ_WRITE, "Packages", APPS_ONLY),
        row("organization_personal_access_tokens", READ_WRITE, "Personal access tokens", APPS_ONLY),
        row("organization_personal_access_token_requests", READ_WRITE, "Personal access token requests", APPS_ONLY),
        row("organization_plan", READ, "Plan", NOT_ACTIONS),
        row("organization_pre_receive_hooks", READ_WRITE_ADMIN, "Pre receive hooks", APPS_ONLY),
        row("organization_private_registries", READ_WRITE, "Private registries", NOT_ACTIONS),
        row("organization_projects", READ_WRITE_ADMIN, "Projects", NOT_ACTIONS),
        row("organization_secrets", READ_WRITE, "Secrets", NOT_ACTIONS),
        row("organization_self_hosted_runners", READ_WRITE, "Self hosted runners", NOT_ACTIONS),
        row("organization_user_blocking", READ_WRITE, "Blocking users", NOT_ACTIONS),
        row("issue_types", READ_WRITE, "Issue types", NOT_ACTIONS),
        row("team_discussions", READ_WRITE, "Team discussions", NOT_ACTIONS),
        row("custom_properties_for_organizations", READ_WRITE, "Custom properties for organizations", APPS_ONLY),
        // Of an account.
        row("blocking", READ_WRITE, "Block another user", NOT_ACTIONS),
        row("codespaces_user_secrets", READ_WRITE, "Codespaces user secrets", NOT_ACTIONS),
        row("copilot_editor_context", READ, "Copilot editor context", NOT_ACTIONS),
        row("copilot_messages", READ, "Copilot messages", NOT_ACTIONS),
        row("copilot_requests", WRITE, "Copilot requests", NOT_ACTIONS),
        row("emails", READ_WRITE, "Email addresses", NOT_ACTIONS),
        row("followers", READ_WRITE, "Followers", NOT_ACTIONS),
        row("gists", WRITE, "Gists", NOT_ACTIONS),
        row("git_signing_ssh_public_keys", READ_WRITE, "SSH signing keys", NOT_ACTIONS),
        row("gpg_keys", READ_WRITE, "GPG keys", NOT_ACTIONS),
        row("interaction_limits", READ_WRITE, "Interaction limits", NOT_ACTIONS),
        row("keys", READ_WRITE, "Git SSH keys", NOT_ACTIONS),
        row("knowledge_bases", READ_WRITE, "Knowledge bases", NOT_ACTIONS),
        row("plan", READ, "Plan", NOT_ACTIONS),
        row("private_repository_invitations", READ, "Private repository invitations", NOT_ACTIONS),
        row("profile", WRITE, "Profile", NOT_ACTIONS),
        row("starring", READ_WRITE, "Starring", NOT_ACTIONS),
        row("user_events", READ, "User events", NOT_ACTIONS),
        row("user_models", READ, "User models", NOT_ACTIONS),
        row("watching", READ_WRITE, "Watching", NOT_ACTIONS),
        // Of an enterprise.
        row("enterprise_ai_controls", READ_WRITE_ADMIN, "Enterprise ai controls", APPS_ONLY),
        row("enterprise_copilot_metrics", READ_WRITE_ADMIN, "Enterprise copilot metrics", APPS_ONLY),
        row("enterprise_credentials", READ_WRITE_ADMIN, "Enterprise credentials", APPS_ONLY),
        row("enterprise_custom_enterprise_roles", READ_WRITE_ADMIN, "Enterprise custom enterprise roles", APPS_ONLY),
        row("enterprise_custom_org_roles", READ_WRITE_ADMIN, "Enterprise custom org roles", APPS_ONLY),
        row("enterprise_custom_properties", READ_WRITE_ADMIN, "Enterprise custom properties", APPS_ONLY),
        row(
            "enterprise_custom_properties_for_organizations",
            READ_WRITE_ADMIN,
            "Enterprise custom properties for organizations",
            APPS_ONLY,
        ),
        row("enterprise_organizations", READ_WRITE_ADMIN, "Enterprise organizations", APPS_ONLY),
        row("enterprise_organization_installations", READ_WRITE_ADMIN, "Enterprise installations", APPS_ONLY),
        row(
            "enterprise_organization_installation_repositories",
            READ_WRITE_ADMIN,
            "Enterprise installation repositories",
            APPS_ONLY,
        ),
        row("enterprise_people", READ_WRITE_ADMIN, "Enterprise people", APPS_ONLY),
        row("enterprise_sso", READ_WRITE_ADMIN, "Enterprise sso", APPS_ONLY),
        row("enterprise_teams", READ_WRITE_ADMIN, "Enterprise teams", APPS_ONLY),
    ],
    aliases: &[
        Alias { spelling: "webhooks", name: "repository_hooks", seen_in: "the settings page" },
        Alias { spelling: "hooks", name: "repository_hooks", seen_in: "the API's path" },
        Alias { spelling: "commit_statuses", name: "statuses", seen_in: "the settings page" },
        Alias { spelling: "commit-statuses", name: "statuses", seen_in: "the settings page" },
        Alias { spelling: "commit_status", name: "statuses", seen_in: "the settings page" },
        Alias { spelling: "status", name: "statuses", seen_in: "the API's path" },
        Alias { spelling: "code_scanning_alerts", name: "security_events", seen_in: "the settings page" },
        Alias { spelling: "code_scanning", name: "security_events", seen_in: "the API's path" },
        Alias { spelling: "dependabot_alerts", name: "vulnerability_alerts", seen_in: "the settings page" },
        Alias { spelling: "variables", name: "actions_variables", seen_in: "the settings page" },
        Alias { spelling: "custom_properties", name: "repository_custom_properties", seen_in: "the settings page" },
        Alias {
            spelling: "repository_security_advisories",
            name: "repository_advisories",
            seen_in: "the settings page",
        },
        Alias { spelling: "security_advisories", name: "repository_advisories", seen_in: "the API's path" },
        Alias { spelling: "projects", name: "repository_projects", seen_in: "the settings page" },
        Alias { spelling: "admin", name: "administration", seen_in: "short for the settings page's name" },
        Alias { spelling: "workflow", name: "workflows", seen_in: "the classic scope's name" },
        Alias { spelling: "email_addresses", name: "emails", seen_in: API },
        Alias { spelling: "git_ssh_keys", name: "keys", seen_in: API },
        Alias { spelling: "ssh_signing_keys", name: "git_signing_ssh_public_keys", seen_in: "the settings page" },
        Alias { spelling: "organization_webhooks", name: "organization_hooks", seen_in: "the settings page" },
        Alias { spelling: "organization_members", name: "members", seen_in: "the settings page" },
        Alias { spelling: "artifact-metadata", name: "artifact_metadata", seen_in: "Actions workflow files" },
        Alias { spelling: "pull-requests", name: "pull_requests", seen_in: "Actions workflow files" },
        Alias { spelling: "repository-projects", name: "repository_projects", seen_in: "Actions workflow files" },
        Alias { spelling: "security-events", name: "security_events", seen_in: "Actions workflow files" },
        Alias { spelling: "pull_request", name: "pull_requests", seen_in: "singular by habit" },
        Alias { spelling: "content", name: "contents", seen_in: "singular by habit" },
        Alias { spelling: "issue", name: "issues", seen_in: "singular by habit" },
        Alias { spelling: "check", name: "checks", seen_in: "singular by habit" },
        Alias { spelling: "deployment", name: "deployments", seen_in: "singular by habit" },
        Alias { spelling: "environment", name: "environments", seen_in: "singular by habit" },
        Alias { spelling: "secret", name: "secrets", seen_in: "singular by habit" },
        Alias { spelling: "package", name: "packages", seen_in: "singular by habit" },
        Alias { spelling: "discussion", name: "discussions", seen_in: "singular by habit" },
        Alias { spelling: "gist", name: "gists", seen_in: "the classic scope's name" },
    ],
};
