//! What a simulated GitLab holds: accounts, groups, projects and their webhooks.

/// An access level, by GitLab's names and numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// 0.
    None = 0,
    /// 5.
    Minimal = 5,
    /// 10.
    Guest = 10,
    /// 15.
    Planner = 15,
    /// 20.
    Reporter = 20,
    /// 25.
    SecurityManager = 25,
    /// 30.
    Developer = 30,
    /// 40.
    Maintainer = 40,
    /// 50.
    Owner = 50,
}

impl Level {
    /// The number in answers.
    pub fn number(self) -> u8 {
        self as u8
    }
}

/// An account.
#[derive(Clone, Debug)]
pub struct User {
    pub(super) id: u64,
    pub(super) username: String,
    pub(super) name: String,
    pub(super) bot: bool,
    pub(super) state: &'static str,
    pub(super) external: bool,
    pub(super) admin: bool,
    pub(super) two_factor: bool,
    pub(super) dpop: bool,
    pub(super) internal: bool,
}

impl User {
    /// A person's account, with a second factor.
    pub fn new(username: &str) -> Self {
        Self {
            id: 0,
            username: username.to_owned(),
            name: username.to_owned(),
            bot: false,
            state: "active",
            external: false,
            admin: false,
            two_factor: true,
            dpop: false,
            internal: false,
        }
    }

    /// A service account, by whatever name.
    pub fn service_account(username: &str) -> Self {
        Self { bot: true, two_factor: false, ..Self::new(username) }
    }

    /// Its display name.
    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        name.clone_into(&mut self.name);
        self
    }

    /// Marks it as a bot's, or not.
    #[must_use]
    pub fn bot(mut self, bot: bool) -> Self {
        self.bot = bot;
        self
    }

    /// Blocked by an administrator.
    #[must_use]
    pub fn blocked(mut self) -> Self {
        self.state = "blocked";
        self
    }

    /// An external user.
    #[must_use]
    pub fn external(mut self) -> Self {
        self.external = true;
        self
    }

    /// An administrator of the instance.
    #[must_use]
    pub fn admin(mut self) -> Self {
        self.admin = true;
        self
    }

    /// Whether it has a second factor.
    #[must_use]
    pub fn two_factor(mut self, two_factor: bool) -> Self {
        self.two_factor = two_factor;
        self
    }

    /// It demands a signed proof with every request.
    #[must_use]
    pub fn demands_dpop(mut self) -> Self {
        self.dpop = true;
        self
    }

    /// One of GitLab's own accounts, which must not use the API.
    #[must_use]
    pub fn internal(mut self) -> Self {
        self.internal = true;
        self
    }
}

impl From<&str> for User {
    fn from(username: &str) -> Self {
        Self::new(username)
    }
}

/// A membership.
#[derive(Clone, Debug)]
pub(super) struct Member {
    pub(super) username: String,
    pub(super) level: Level,
    pub(super) custom_role: bool,
    pub(super) awaiting: bool,
    /// The date at which it ends.
    pub(super) until: Option<String>,
}

impl Member {
    pub(super) fn new(username: &str, level: Level) -> Self {
        Self { username: username.to_owned(), level, custom_role: false, awaiting: false, until: None }
    }
}

/// A group, or a subgroup by its path.
#[derive(Clone, Debug)]
pub struct Group {
    pub(super) id: u64,
    pub(super) path: String,
    pub(super) members: Vec<Member>,
    pub(super) hooks: Vec<Hook>,
    pub(super) fine_grained_only: bool,
}

impl Group {
    /// A private group without members: `acme`, `acme/platform`.
    pub fn new(path: &str) -> Self {
        Self { id: 0, path: path.to_owned(), members: Vec::new(), hooks: Vec::new(), fine_grained_only: false }
    }

    /// A member; of everything below, too.
    #[must_use]
    pub fn member(mut self, username: &str, level: Level) -> Self {
        self.members.push(Member::new(username, level));
        self
    }

    /// A member until a date: `2026-12-31`.
    #[must_use]
    pub fn member_until(mut self, username: &str, level: Level, date: &str) -> Self {
        self.members.push(Member { until: Some(date.to_owned()), ..Member::new(username, level) });
        self
    }

    /// A webhook.
    #[must_use]
    pub fn hook(mut self, hook: Hook) -> Self {
        self.hooks.push(hook);
        self
    }

    /// It takes fine-grained tokens only.
    #[must_use]
    pub fn fine_grained_only(mut self) -> Self {
        self.fine_grained_only = true;
        self
    }
}

impl From<&str> for Group {
    fn from(path: &str) -> Self {
        Self::new(path)
    }
}

/// A project.
#[derive(Clone, Debug)]
pub struct Project {
    pub(super) id: u64,
    pub(super) path: String,
    pub(super) visibility: &'static str,
    pub(super) archived: bool,
    pub(super) switched_off: bool,
    pub(super) mirror: bool,
    pub(super) default_branch: DefaultBranch,
    pub(super) members: Vec<Member>,
    pub(super) shared: Vec<(String, Level)>,
    pub(super) hooks: Vec<Hook>,
    pub(super) former: Vec<String>,
}

impl Project {
    /// A private project, by its full path.
    pub fn new(path: &str) -> Self {
        Self {
            id: 0,
            path: path.to_owned(),
            visibility: "private",
            archived: false,
            switched_off: false,
            mirror: false,
            default_branch: DefaultBranch::new("main"),
            members: Vec::new(),
            shared: Vec::new(),
            hooks: Vec::new(),
            former: Vec::new(),
        }
    }

    /// For everybody.
    #[must_use]
    pub fn public(mut self) -> Self {
        self.visibility = "public";
        self
    }

    /// For everybody with an account.
    #[must_use]
    pub fn internal(mut self) -> Self {
        self.visibility = "internal";
        self
    }

    /// Read-only.
    #[must_use]
    pub fn archived(mut self) -> Self {
        self.archived = true;
        self
    }

    /// Without its repository, which is switched off.
    #[must_use]
    pub fn without_repository(mut self) -> Self {
        self.switched_off = true;
        self
    }

    /// A mirror of another.
    #[must_use]
    pub fn mirror(mut self) -> Self {
        self.mirror = true;
        self
    }

    /// Another default branch than `main` as GitLab makes it: protected, for maintainers alone.
    #[must_use]
    pub fn default_branch(mut self, branch: impl Into<DefaultBranch>) -> Self {
        self.default_branch = branch.into();
        self
    }

    /// A direct member.
    #[must_use]
    pub fn member(mut self, username: &str, level: Level) -> Self {
        self.members.push(Member::new(username, level));
        self
    }

    /// A direct member until a date: `2026-12-31`.
    #[must_use]
    pub fn member_until(mut self, username: &str, level: Level, date: &str) -> Self {
        self.members.push(Member { until: Some(date.to_owned()), ..Member::new(username, level) });
        self
    }

    /// A direct member with a custom role on top of a level.
    #[must_use]
    pub fn custom_member(mut self, username: &str, level: Level) -> Self {
        self.members.push(Member { custom_role: true, ..Member::new(username, level) });
        self
    }

    /// A direct member whose membership waits for somebody's approval.
    #[must_use]
    pub fn awaiting_member(mut self, username: &str, level: Level) -> Self {
        self.members.push(Member { awaiting: true, ..Member::new(username, level) });
        self
    }

    /// Shared with a group: its members are members, with this level at most.
    #[must_use]
    pub fn shared_with(mut self, group: &str, level: Level) -> Self {
        self.shared.push((group.to_owned(), level));
        self
    }

    /// A webhook.
    #[must_use]
    pub fn hook(mut self, hook: Hook) -> Self {
        self.hooks.push(hook);
        self
    }

    /// It had this full path before.
    #[must_use]
    pub fn renamed_from(mut self, path: &str) -> Self {
        self.former.push(path.to_owned());
        self
    }

    pub(super) fn owner(&self) -> &str {
        self.path.rsplit_once('/').map_or("", |(owner, _)| owner)
    }
}

impl From<&str> for Project {
    fn from(path: &str) -> Self {
        Self::new(path)
    }
}

/// A default branch.
#[derive(Clone, Debug)]
pub struct DefaultBranch {
    pub(super) name: String,
    pub(super) empty: bool,
    /// The least levels that may push and merge, where the branch is protected.
    pub(super) protection: Option<(Level, Level)>,
    pub(super) pushers: Vec<String>,
}

impl DefaultBranch {
    /// A branch as GitLab makes it: protected, for maintainers alone.
    pub fn new(name: &str) -> Self {
        let protection = Some((Level::Maintainer, Level::Maintainer));
        Self { name: name.to_owned(), empty: false, protection, pushers: Vec::new() }
    }

    /// Nothing was pushed yet: there is no branch.
    #[must_use]
    pub fn empty(mut self) -> Self {
        self.empty = true;
        self
    }

    /// Without any protection.
    #[must_use]
    pub fn unprotected(mut self) -> Self {
        self.protection = None;
        self
    }

    /// Protected, with the least level that may push, and the least that may merge.
    #[must_use]
    pub fn protected(mut self, push: Level, merge: Level) -> Self {
        self.protection = Some((push, merge));
        self
    }

    /// The protection lets this account push, too, by name.
    #[must_use]
    pub fn lets_push(mut self, username: &str) -> Self {
        self.pushers.push(username.to_owned());
        self
    }
}

impl From<&str> for DefaultBranch {
    fn from(name: &str) -> Self {
        Self::new(name)
    }
}

/// A webhook.
#[derive(Clone, Debug)]
pub struct Hook {
    pub(super) url: String,
    pub(super) events: Vec<String>,
    pub(super) token: bool,
    pub(super) verifies: bool,
    pub(super) alert_status: &'static str,
}

impl Hook {
    /// A webhook with a secret token that checks certificates; events by their fields' names (`note_events`).
    pub fn new<'a>(url: &str, events: impl IntoIterator<Item = &'a str>) -> Self {
        let events = events.into_iter().map(str::to_owned).collect();
        Self { url: url.to_owned(), events, token: true, verifies: true, alert_status: "executable" }
    }

    /// Without a secret token.
    #[must_use]
    pub fn without_secret(mut self) -> Self {
        self.token = false;
        self
    }

    /// It does not check the receiver's certificate.
    #[must_use]
    pub fn insecure(mut self) -> Self {
        self.verifies = false;
        self
    }

    /// It failed too often.
    #[must_use]
    pub fn disabled(mut self) -> Self {
        self.alert_status = "disabled";
        self
    }
}
