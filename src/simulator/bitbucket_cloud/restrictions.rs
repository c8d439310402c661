//! Branch restrictions.

use serde_json::{Value, json};

/// Who may do something with the branches of a pattern.
#[derive(Clone, Debug)]
pub struct Restriction {
    kind: String,
    pattern: String,
    by_model: bool,
    users: Vec<String>,
    groups: Vec<String>,
}

impl Restriction {
    /// A restriction of a kind (`push`, `restrict_merges`) on the branches of a pattern, which lets nobody.
    pub fn new(kind: &str, pattern: &str) -> Self {
        Self {
            kind: kind.to_owned(),
            pattern: pattern.to_owned(),
            by_model: false,
            users: Vec::new(),
            groups: Vec::new(),
        }
    }

    /// The pattern is a type of the branching model instead (`production`).
    #[must_use]
    pub fn by_model(mut self) -> Self {
        self.by_model = true;
        self
    }

    /// It lets this user.
    #[must_use]
    pub fn user(mut self, nickname: &str) -> Self {
        self.users.push(nickname.to_owned());
        self
    }

    /// It lets this group.
    #[must_use]
    pub fn group(mut self, slug: &str) -> Self {
        self.groups.push(slug.to_owned());
        self
    }

    /// As the list shows it.
    pub(super) fn body(&self, id: usize) -> Value {
        let user = |nickname: &String| json!({"type": "user", "nickname": nickname, "display_name": nickname});
        let group = |slug: &String| json!({"type": "group", "slug": slug, "name": slug});
        let mut body = json!({
            "type": "branchrestriction",
            "id": id,
            "kind": self.kind,
            "branch_match_kind": if self.by_model { "branching_model" } else { "glob" },
            "pattern": if self.by_model { "" } else { self.pattern.as_str() },
            "value": null,
            "users": self.users.iter().map(user).collect::<Vec<_>>(),
            "groups": self.groups.iter().map(group).collect::<Vec<_>>(),
        });
        if let (true, Value::Object(fields)) = (self.by_model, &mut body) {
            fields.insert("branch_type".to_owned(), json!(self.pattern));
        }
        body
    }
}
