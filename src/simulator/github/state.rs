//! Who and what a simulated GitHub holds: users, organisations and repositories.

use super::default_branch::DefaultBranch;

/// A role on a repository, weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// None.
    None,
    /// `read` (`pull`).
    Read,
    /// `triage`.
    Triage,
    /// `write` (`push`).
    Write,
    /// `maintain`.
    Maintain,
    /// `admin`.
    Admin,
}

impl Level {
    /// As `role_name` spells it: no role is the empty string there.
    pub(super) const fn role_name(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Read => "read",
            Self::Triage => "triage",
            Self::Write => "write",
            Self::Maintain => "maintain",
            Self::Admin => "admin",
        }
    }

    /// As `permission` of the collaborator endpoint spells it, which knows no triage and no maintain.
    pub(super) const fn legacy_name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Read | Self::Triage => "read",
            Self::Write | Self::Maintain => "write",
            Self::Admin => "admin",
        }
    }
}

/// An access level of a fine-grained permission; each includes those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Access {
    /// `read`.
    Read,
    /// `write`.
    Write,
    /// `admin`.
    Admin,
}

impl Access {
    /// As permission maps spell it.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Admin => "admin",
        }
    }

    /// The level of a word.
    pub(super) fn from_word(word: &str) -> Option<Self> {
        [Self::Read, Self::Write, Self::Admin].into_iter().find(|access| access.word() == word)
    }
}

/// Who can see a repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Visibility {
    /// Everyone.
    Public,
    /// Whoever has a role.
    Private,
    /// Every member of the organisation.
    Internal,
}

impl Visibility {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Private => "private",
            Self::Internal => "internal",
        }
    }
}

/// A user account.
#[derive(Clone, Debug)]
pub struct User {
    pub(super) login: String,
    pub(super) id: u64,
    pub(super) name: Option<String>,
    pub(super) email: Option<String>,
    pub(super) two_factor: bool,
    pub(super) site_admin: bool,
}

impl User {
    /// A user with a second factor and nothing public.
    pub fn new(login: &str) -> Self {
        Self { login: login.to_owned(), id: 0, name: None, email: None, two_factor: true, site_admin: false }
    }

    /// The display name.
    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        self.name = Some(name.to_owned());
        self
    }

    /// The public e-mail address.
    #[must_use]
    pub fn email(mut self, email: &str) -> Self {
        self.email = Some(email.to_owned());
        self
    }

    /// Whether a second factor is set up.
    #[must_use]
    pub fn two_factor(mut self, enabled: bool) -> Self {
        self.two_factor = enabled;
        self
    }

    /// A site administrator (GitHub's own staff on github.com).
    #[must_use]
    pub fn site_admin(mut self) -> Self {
        self.site_admin = true;
        self
    }
}

impl From<&str> for User {
    fn from(login: &str) -> Self {
        Self::new(login)
    }
}

/// A role in an organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrganizationRole {
    /// `member`.
    Member,
    /// `admin`: an owner.
    Admin,
    /// `billing_manager`.
    BillingManager,
}

impl OrganizationRole {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Admin => "admin",
            Self::BillingManager => "billing_manager",
        }
    }
}

/// A user's membership of an organisation.
#[derive(Clone, Debug)]
pub(super) struct Membership {
    pub(super) login: String,
    pub(super) role: OrganizationRole,
    /// Accepted. A pending membership gives nothing, whatever its role says.
    pub(super) active: bool,
}

/// An organisation with its policies.
#[derive(Clone, Debug)]
pub struct Organization {
    pub(super) login: String,
    pub(super) id: u64,
    pub(super) members: Vec<Membership>,
    pub(super) base_permission: Level,
    pub(super) two_factor_required: bool,
    pub(super) sso: bool,
    pub(super) forbids_classic: bool,
    pub(super) longest_lifetime_days: Option<u32>,
    pub(super) approved_oauth_apps: Option<Vec<String>>,
    pub(super) ip_allow_list: bool,
    pub(super) hooks: Vec<Hook>,
}

impl Organization {
    /// An organisation whose members may read its repositories, with no further policy.
    pub fn new(login: &str) -> Self {
        Self {
            login: login.to_owned(),
            id: 0,
            members: Vec::new(),
            base_permission: Level::Read,
            two_factor_required: false,
            sso: false,
            forbids_classic: false,
            longest_lifetime_days: None,
            approved_oauth_apps: None,
            ip_allow_list: false,
            hooks: Vec::new(),
        }
    }

    /// An active member.
    #[must_use]
    pub fn member(mut self, login: &str, role: OrganizationRole) -> Self {
        self.members.push(Membership { login: login.to_owned(), role, active: true });
        self
    }

    /// A user who was invited and has not accepted.
    #[must_use]
    pub fn pending(mut self, login: &str, role: OrganizationRole) -> Self {
        self.members.push(Membership { login: login.to_owned(), role, active: false });
        self
    }

    /// What every member may do on every repository; `read` unless said.
    #[must_use]
    pub fn base_permission(mut self, level: Level) -> Self {
        self.base_permission = level;
        self
    }

    /// Members must have a second factor.
    #[must_use]
    pub fn requires_two_factor(mut self) -> Self {
        self.two_factor_required = true;
        self
    }

    /// Single sign-on is enforced: classic and OAuth app tokens need an authorisation ([`super::Token::sso_authorized`]).
    #[must_use]
    pub fn enforces_sso(mut self) -> Self {
        self.sso = true;
        self
    }

    /// Classic personal access tokens are banned, for what is public too.
    #[must_use]
    pub fn forbids_classic(mut self) -> Self {
        self.forbids_classic = true;
        self
    }

    /// The longest lifetime of a fine-grained token in days; longer ones are refused, for what is public too.
    #[must_use]
    pub fn longest_lifetime_days(mut self, days: u32) -> Self {
        self.longest_lifetime_days = Some(days);
        self
    }

    /// Restricts OAuth apps to those with these client ids.
    #[must_use]
    pub fn approves_oauth_apps<S: Into<String>>(mut self, client_ids: impl IntoIterator<Item = S>) -> Self {
        self.approved_oauth_apps = Some(client_ids.into_iter().map(Into::into).collect());
        self
    }

    /// An IP allow list that does not hold the caller's address.
    #[must_use]
    pub fn ip_allow_list(mut self) -> Self {
        self.ip_allow_list = true;
        self
    }

    /// A webhook.
    #[must_use]
    pub fn hook(mut self, hook: Hook) -> Self {
        self.hooks.push(hook);
        self
    }

    pub(super) fn membership(&self, login: &str) -> Option<&Membership> {
        self.members.iter().find(|member| member.login.eq_ignore_ascii_case(login))
    }
}

impl From<&str> for Organization {
    fn from(login: &str) -> Self {
        Self::new(login)
    }
}

/// A webhook of a repository or an organisation. There is no secret in it, only whether one is set.
#[derive(Clone, Debug)]
pub struct Hook {
    pub(super) url: String,
    pub(super) events: Vec<String>,
    pub(super) active: bool,
    pub(super) secret_set: bool,
    pub(super) form: bool,
    pub(super) insecure_tls: bool,
    pub(super) last_status: Option<u16>,
    /// The client id of the OAuth app that made it; a user did otherwise.
    pub(super) made_by: Option<String>,
}

impl Hook {
    /// An active JSON webhook with a secret, never used yet.
    pub fn new<S: Into<String>>(url: &str, events: impl IntoIterator<Item = S>) -> Self {
        Self {
            url: url.to_owned(),
            events: events.into_iter().map(Into::into).collect(),
            active: true,
            secret_set: true,
            form: false,
            insecure_tls: false,
            last_status: None,
            made_by: None,
        }
    }

    /// Without a secret.
    #[must_use]
    pub fn without_secret(mut self) -> Self {
        self.secret_set = false;
        self
    }

    /// Without verification of the receiver's certificate.
    #[must_use]
    pub fn insecure_tls(mut self) -> Self {
        self.insecure_tls = true;
        self
    }

    /// Switched off.
    #[must_use]
    pub fn inactive(mut self) -> Self {
        self.active = false;
        self
    }

    /// Sends forms instead of JSON.
    #[must_use]
    pub fn form(mut self) -> Self {
        self.form = true;
        self
    }

    /// Made by an OAuth app, by its client id.
    #[must_use]
    pub fn made_by(mut self, client_id: &str) -> Self {
        self.made_by = Some(client_id.to_owned());
        self
    }

    /// What the receiver answered last.
    #[must_use]
    pub fn last_status(mut self, status: u16) -> Self {
        self.last_status = Some(status);
        self
    }
}

/// A user's own role on a repository.
#[derive(Clone, Debug)]
pub(super) struct Collaborator {
    pub(super) login: String,
    pub(super) level: Level,
    /// A custom role's name; `level` is then its base.
    pub(super) custom: Option<String>,
}

/// A repository.
#[derive(Clone, Debug)]
pub struct Repository {
    pub(super) id: u64,
    pub(super) owner: String,
    pub(super) name: String,
    pub(super) visibility: Visibility,
    pub(super) archived: bool,
    pub(super) disabled: bool,
    pub(super) default_branch: DefaultBranch,
    /// Full names it had before.
    pub(super) former_names: Vec<String>,
    pub(super) collaborators: Vec<Collaborator>,
    /// Users who were invited and have not accepted, with whether the invitation has expired.
    pub(super) invited: Vec<(String, bool)>,
    pub(super) hooks: Vec<Hook>,
    /// What the tokens of jobs may do where workflows do not say: write, too.
    pub(super) jobs_write: bool,
    pub(super) jobs_open_pull_requests: bool,
}

impl Repository {
    /// A public repository by its full name, `owner/name`.
    pub fn new(full_name: &str) -> Self {
        let (owner, name) = full_name.split_once('/').unwrap_or((full_name, full_name));
        Self {
            id: 0,
            owner: owner.to_owned(),
            name: name.to_owned(),
            visibility: Visibility::Public,
            archived: false,
            disabled: false,
            default_branch: DefaultBranch::new("main"),
            former_names: Vec::new(),
            collaborators: Vec::new(),
            invited: Vec::new(),
            hooks: Vec::new(),
            jobs_write: false,
            jobs_open_pull_requests: false,
        }
    }

    /// Private.
    #[must_use]
    pub fn private(mut self) -> Self {
        self.visibility = Visibility::Private;
        self
    }

    /// Internal: every member of the organisation may read it.
    #[must_use]
    pub fn internal(mut self) -> Self {
        self.visibility = Visibility::Internal;
        self
    }

    /// Archived.
    #[must_use]
    pub fn archived(mut self) -> Self {
        self.archived = true;
        self
    }

    /// Disabled.
    #[must_use]
    pub fn disabled(mut self) -> Self {
        self.disabled = true;
        self
    }

    /// Another default branch than `main`, which has no rules.
    #[must_use]
    pub fn default_branch(mut self, branch: impl Into<DefaultBranch>) -> Self {
        self.default_branch = branch.into();
        self
    }

    /// A full name it had before; that name redirects.
    #[must_use]
    pub fn renamed_from(mut self, full_name: &str) -> Self {
        self.former_names.push(full_name.to_owned());
        self
    }

    /// A user's own role. A collaborator on an organisation's repository who is no member is an outside collaborator.
    #[must_use]
    pub fn collaborator(mut self, login: &str, level: Level) -> Self {
        self.collaborators.push(Collaborator { login: login.to_owned(), level, custom: None });
        self
    }

    /// A user's custom role, with the level it is based on.
    #[must_use]
    pub fn custom_role(mut self, login: &str, role: &str, base: Level) -> Self {
        self.collaborators.push(Collaborator { login: login.to_owned(), level: base, custom: Some(role.to_owned()) });
        self
    }

    /// A user who was invited and has not accepted.
    #[must_use]
    pub fn invited(mut self, login: &str) -> Self {
        self.invited.push((login.to_owned(), false));
        self
    }

    /// A user who was invited, has not accepted, and no longer can.
    #[must_use]
    pub fn invitation_expired(mut self, login: &str) -> Self {
        self.invited.push((login.to_owned(), true));
        self
    }

    /// The tokens of its jobs may write by default.
    #[must_use]
    pub fn jobs_write(mut self) -> Self {
        self.jobs_write = true;
        self
    }

    /// The tokens of its jobs may open and approve pull requests.
    #[must_use]
    pub fn jobs_open_pull_requests(mut self) -> Self {
        self.jobs_open_pull_requests = true;
        self
    }

    /// A webhook.
    #[must_use]
    pub fn hook(mut self, hook: Hook) -> Self {
        self.hooks.push(hook);
        self
    }

    pub(super) fn full_name(&self) -> String {
        format!("{}/{}", self.owner, self.name)
    }

    pub(super) fn is_public(&self) -> bool {
        self.visibility == Visibility::Public
    }
}

impl From<&str> for Repository {
    fn from(full_name: &str) -> Self {
        Self::new(full_name)
    }
}
