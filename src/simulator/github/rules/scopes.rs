//! Which classic scopes imply which. A table of its own, not the vocabulary's, so that a slip in one shows in the other.

/// Direct implications that an endpoint here depends on (GitHub's page on scopes for OAuth apps).
const IMPLIED: [(&str, &[&str]); 9] = [
    ("repo", &["repo:status", "repo_deployment", "public_repo", "repo:invite", "security_events"]),
    ("admin:org", &["write:org", "manage_runners:org"]),
    ("write:org", &["read:org"]),
    ("admin:repo_hook", &["write:repo_hook"]),
    ("write:repo_hook", &["read:repo_hook"]),
    ("user", &["read:user", "user:email", "user:follow"]),
    ("admin:enterprise", &["manage_runners:enterprise", "manage_billing:enterprise", "read:enterprise"]),
    ("write:packages", &["read:packages"]),
    ("admin:public_key", &["write:public_key"]),
];

/// Whether the granted scopes hold the wanted one, themselves or by implication.
pub(in crate::simulator::github) fn grant(granted: &[String], wanted: &str) -> bool {
    granted.iter().any(|scope| reaches(scope, wanted))
}

/// The table has no cycle, so this ends.
fn reaches(scope: &str, wanted: &str) -> bool {
    scope == wanted
        || IMPLIED
            .iter()
            .filter(|(from, _)| *from == scope)
            .any(|(_, implied)| implied.iter().any(|next| reaches(next, wanted)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn implication_is_transitive_and_one_way() {
        let granted = ["admin:org".to_owned()];
        assert!(grant(&granted, "read:org"));
        assert!(!grant(&granted, "repo"));
        assert!(!grant(&["read:org".to_owned()], "admin:org"));
        assert!(grant(&["repo".to_owned()], "public_repo"));
        assert!(!grant(&["public_repo".to_owned()], "repo"));
    }
}
