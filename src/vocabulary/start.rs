//! What a starting policy demands because of a fact: a column of the fact's row.

/// Whether a starting policy speaks of a fact.
#[derive(Clone, Copy, Debug)]
pub enum Start {
    /// It does.
    Demands(Part),
    /// It does not, and why: "changes by itself".
    LeftOut(&'static str),
}

/// A fact's part in a rule of a starting policy.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// The rule.
    pub rule: &'static StartRule,
    /// Where it stands among the rule's statements.
    pub at: u8,
    /// How the fact becomes a demand.
    pub how: How,
}

/// How a fact becomes a demand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// It stays what it is.
    Equal,
    /// It holds, if it does today.
    Holds,
    /// It does not hold, if it does not today.
    HoldsNot,
    /// At least this level, and preferably no higher one.
    Level,
    /// At least these grants, and preferably no others.
    Grants,
    /// An end that is not too near.
    Ahead,
    /// That a program renews it, if one does.
    Renewed,
}

/// A rule of a starting policy.
#[derive(Debug, PartialEq, Eq)]
pub struct StartRule {
    /// Where it stands among the rules.
    pub at: u8,
    /// Its name.
    pub name: &'static str,
    /// Its words.
    pub title: &'static str,
    /// Its reason.
    pub because: &'static str,
    /// Its mend.
    pub fix: &'static str,
}

impl Start {
    /// The first of a rule, by this road.
    pub(super) const fn first(rule: &'static StartRule, how: How) -> Self {
        Self::then(rule, 0, how)
    }

    /// A later one of a rule.
    pub(super) const fn then(rule: &'static StartRule, at: u8, how: How) -> Self {
        Self::Demands(Part { rule, at, how })
    }
}

/// What rules about grants say to do.
pub(super) const GIVE_BACK: &str = "give back what is missing; take away what came on top, or say it here";

/// The kind of credential: the rule that comes before the others, which it guards.
pub static KIND: StartRule = StartRule {
    at: 10,
    name: "kind",
    title: "the kind that it is today",
    because: "the other rules are about a credential of this kind",
    fix: "use a credential of this kind, or write rules for the new one",
};
/// Its scopes.
pub(super) static SCOPES: StartRule = StartRule {
    at: 20,
    name: "scopes",
    title: "the scopes that it has today",
    because: "the bot works with these scopes today, and should not get more of them unnoticed",
    fix: GIVE_BACK,
};
/// Its permissions.
pub(super) static PERMISSIONS: StartRule = StartRule {
    at: 30,
    name: "permissions",
    title: "the permissions that it is known to have today",
    because: "the bot works with these permissions today, and should not get more of them unnoticed",
    fix: GIVE_BACK,
};
/// The account behind it.
pub(super) static ACCOUNT: StartRule = StartRule {
    at: 40,
    name: "account",
    title: "the account that it acts as",
    because: "people know the bot by this account",
    fix: "make the credential with this account again, or say the new one here",
};
/// Its expiry.
pub(super) static END: StartRule = StartRule {
    at: 50,
    name: "end",
    title: "an end that is not too near",
    because: "a credential that ends on a Sunday stops the bot",
    fix: "renew the credential, and put the date into a calendar",
};
/// The account's role on a repository.
pub(super) static ROLE: StartRule = StartRule {
    at: 70,
    name: "role",
    title: "the role that the account has today",
    because: "the bot works with this role today, and should not get a higher one unnoticed",
    fix: "give the account this role, or say the new one here",
};
/// What can be done on a repository.
pub(super) static ABILITIES: StartRule = StartRule {
    at: 80,
    name: "abilities",
    title: "what it can do today",
    because: "the bot works with these abilities today, and should not get more of them unnoticed",
    fix: GIVE_BACK,
};
/// That repositories are not archived.
pub(super) static OPEN: StartRule = StartRule {
    at: 90,
    name: "open",
    title: "repositories that take changes",
    because: "an archived repository refuses whatever the bot does",
    fix: "take the repository out of the bot's scope, or open it again",
};
/// The account's role with who owns a repository.
pub(super) static OWNER_ROLE: StartRule = StartRule {
    at: 100,
    name: "owner-role",
    title: "the role that the account has today with the repository's owner",
    because: "the bot works with this role today, and should not get a higher one unnoticed",
    fix: "give the account this role, or say the new one here",
};
