//! What the derived facts about repositories rest on at a host: the facts that are its own, and what their words mean.

/// What `repository.can` rests on, beside the kind, scopes, permissions, name and role that every host tells alike.
#[derive(Debug, PartialEq, Eq)]
pub struct Grounds {
    /// The fact that tells who sees the repository; `None` where none does.
    pub visibility: Option<&'static str>,
    /// The fact that tells whether the repository is read-only; `None` where the host has no such repositories.
    pub archived: Option<&'static str>,
    /// The fact that tells whether the repository takes pushes at all, archived or not; `None` where none does.
    pub writable: Option<&'static str>,
    /// The installation that covers a repository, where credentials act through one.
    pub installation: Option<Installation>,
    /// What limits a credential to some repositories, where something can and the repository's answer shows it.
    pub limits: Option<Limits>,
    /// Whether abilities rest on the role that `repository.access` tells.
    pub by_role: bool,
    /// The facts that tell rights, where abilities rest on these instead of a role, or beside it.
    pub rights: &'static [&'static str],
}

/// What limits a credential to some repositories: there, whatever its scopes and its account.
#[derive(Debug, PartialEq, Eq)]
pub struct Limits {
    /// The fact that tells whether it is limited to public ones.
    pub to_public: &'static str,
    /// The kinds, by word, that are for some repositories alone.
    pub kinds: &'static [&'static str],
    /// The repository's fact that shows whether it is within reach of such a credential.
    pub shown: &'static str,
    /// The least level of it with which the repository can be read.
    pub reads: &'static str,
    /// The least level of it that only a repository has which the credential is for, where everybody reads it.
    pub is_for: &'static str,
}

/// An installation on an account: what a credential without a user acts through.
#[derive(Debug, PartialEq, Eq)]
pub struct Installation {
    /// The repository's fact that is known where one covers it. Tokens are minted for what it names.
    pub id: &'static str,
    /// The fact that tells whether it is suspended: nothing can be done through it then.
    pub suspended: &'static str,
    /// That it is suspended, for people.
    pub why: &'static str,
    /// What to do about that, for people.
    pub mend: &'static str,
}

impl Grounds {
    /// Nothing of a host's own.
    pub(super) const NOTHING: Self = Self {
        visibility: None,
        archived: None,
        writable: None,
        installation: None,
        limits: None,
        by_role: true,
        rights: &[],
    };

    /// The facts that abilities read, by path. Those that a host does not have count for nothing there.
    pub fn reads(&self) -> Vec<&'static str> {
        let mut reads = vec!["token.kind", "token.scopes", "token.permissions"];
        reads.extend(self.installation.iter().flat_map(|one| [one.id, one.suspended]));
        reads.push("repository.name");
        if self.by_role {
            reads.push("repository.access");
        }
        reads.extend(self.rights);
        reads.extend(self.limits.iter().map(|limits| limits.to_public));
        reads.extend(self.visibility);
        reads.extend(self.archived);
        reads.extend(self.writable);
        reads
    }

    /// Whether a fact is the installation's: it matters to those that can see one.
    pub fn is_of_installation(&self, path: &str) -> bool {
        self.installation.as_ref().is_some_and(|one| one.id == path || one.suspended == path)
    }
}

/// What tells when a role ends: when the membership does that gives it, where that is the account's own. Of a membership
/// through somebody who was invited, the invitation may end before.
#[derive(Debug, PartialEq, Eq)]
pub struct RoleEnd {
    /// The fact that tells when the membership ends.
    pub membership: &'static str,
    /// The fact that tells the role.
    pub role: &'static str,
    /// The fact that tells the role by the account's own memberships.
    pub own: &'static str,
    /// Why nothing follows where these do not give the role.
    pub otherwise: &'static str,
}

impl RoleEnd {
    /// The facts that it reads, by path.
    pub fn reads(&self) -> Vec<&'static str> {
        vec![self.membership, self.role, self.own]
    }
}

/// What tells that a user has a role on a repository without being a member of the organisation that owns it.
#[derive(Debug, PartialEq, Eq)]
pub struct Outsider {
    /// The fact that tells the user's role in the organisation.
    pub membership: &'static str,
    /// The roles there with which one is no member.
    pub no_member: &'static [&'static str],
    /// The fact that tells the user's role on the repository.
    pub role: &'static str,
    /// The fact that tells who sees the repository.
    pub visibility: &'static str,
    /// Who sees it where nobody has a role unless it was given.
    pub closed: &'static str,
    /// The role of those who were given none.
    pub no_role: &'static str,
    /// The roles that come by themselves, where the repository is not closed.
    pub by_itself: &'static [&'static str],
}

impl Outsider {
    /// The facts that it reads, by path.
    pub fn reads(&self) -> Vec<&'static str> {
        vec![self.membership, self.role, self.visibility]
    }
}
