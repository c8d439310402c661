//! Branch permissions: what all but those named may not do.

use serde_json::{Value, json};

/// A branch permission.
#[derive(Clone, Debug)]
pub struct Restriction {
    kind: String,
    matcher: (String, String),
    users: Vec<String>,
    groups: Vec<String>,
}

impl Restriction {
    /// Of a type (`read-only`, `pull-request-only`), on one branch, for everybody.
    pub fn new(kind: &str, branch: &str) -> Self {
        Self::matching(kind, "BRANCH", &format!("refs/heads/{branch}"))
    }

    /// The same, on what a matcher is about (`PATTERN`, `MODEL_BRANCH`).
    pub fn matching(kind: &str, matcher: &str, id: &str) -> Self {
        Self {
            kind: kind.to_owned(),
            matcher: (matcher.to_owned(), id.to_owned()),
            users: Vec::new(),
            groups: Vec::new(),
        }
    }

    /// But not for this user.
    #[must_use]
    pub fn but_user(mut self, name: &str) -> Self {
        self.users.push(name.to_owned());
        self
    }

    /// But not for this group.
    #[must_use]
    pub fn but_group(mut self, name: &str) -> Self {
        self.groups.push(name.to_owned());
        self
    }

    /// As the list shows it.
    pub(super) fn body(&self, id: usize, repository: u64) -> Value {
        let (matcher, about) = &self.matcher;
        let shown = about.strip_prefix("refs/heads/").unwrap_or(about);
        let user = |name: &String| json!({"name": name, "slug": name, "active": true, "type": "NORMAL"});
        json!({
            "id": id,
            "scope": {"type": "REPOSITORY", "resourceId": repository},
            "type": self.kind,
            "matcher": {
                "id": about, "displayId": shown, "type": {"id": matcher, "name": matcher}, "active": true,
            },
            "users": self.users.iter().map(user).collect::<Vec<_>>(),
            "groups": self.groups,
            "accessKeys": [],
        })
    }
}
