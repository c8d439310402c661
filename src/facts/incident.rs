//! Incidents: what an answer says about the credential as a whole, beside facts. They feed the built-in rules.

use jiff::SignedDuration;

use super::evidence::Evidence;
use super::knowledge::{Cause, Unknown};
use super::repository::RepositoryName;
use crate::vocabulary::Refusal;

/// Something an answer, or the credential's own shape, says that no fact carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Incident {
    /// The host refuses the credential outright (`credential-valid`).
    Refused {
        /// How, as precise as the answer allows; a headline's end, such as "is not accepted (401 Bad credentials)".
        reason: String,
        /// What to do.
        help: String,
        /// Where that was seen.
        evidence: Vec<Evidence>,
    },
    /// Nothing was sent with it.
    Withheld(Withheld),
    /// An organisation or instance refuses this credential (`credential-accepted`).
    NotAccepted {
        /// Which refusal.
        refusal: Refusal,
        /// Who refuses: an organisation's name, or the host.
        by: String,
        /// The repository asked about.
        repository: Option<RepositoryName>,
        /// The host's own words, untrusted.
        message: String,
        /// The host's own link, of the host's own origin.
        link: Option<String>,
        /// Where that was seen.
        evidence: Vec<Evidence>,
    },
    /// The credential is not the account's that its bot is configured with, whosever it is (`username-matches`).
    AnotherAccount {
        /// The name that it is configured with.
        configured: String,
        /// What shows it.
        reason: String,
        /// Where that was seen.
        evidence: Vec<Evidence>,
    },
    /// A repository in scope is not visible (`repository-visible`).
    NotVisible {
        /// Which.
        repository: RepositoryName,
        /// What that can mean for this kind of credential.
        reasons: Vec<String>,
        /// Where that was seen.
        evidence: Vec<Evidence>,
    },
    /// The account was invited to a repository that is not visible, and has not taken the invitation (a hint of
    /// `repository-visible`).
    Invited {
        /// Which.
        repository: RepositoryName,
        /// Whether it can be taken no more.
        expired: bool,
        /// Where it is taken.
        link: String,
        /// Where that was seen.
        evidence: Vec<Evidence>,
    },
    /// An account has not approved all that an App asks for: what it added since the account installed it.
    NotApproved {
        /// The App's slug.
        app: String,
        /// The account.
        by: String,
        /// The permissions asked for and not granted: name, level asked for, level granted if any.
        missing: Vec<(String, String, Option<String>)>,
        /// Where the owner can approve, of the host's own origin.
        link: String,
        /// Where that was seen.
        evidence: Vec<Evidence>,
    },
    /// A repository has another name now; a note.
    Renamed {
        /// The name asked for.
        from: RepositoryName,
        /// The name the host gives.
        to: String,
        /// Where that was seen.
        evidence: Vec<Evidence>,
    },
    /// This machine's clock and the host's differ: what is said of expiry is off by as much.
    ClockOff {
        /// By how much this machine is ahead; negative when behind.
        ahead: SignedDuration,
        /// Where that was seen.
        evidence: Vec<Evidence>,
    },
    /// Something worth a note: an API version that retires, a scope that is not in the table.
    Note {
        /// What, in one line.
        text: String,
        /// Where that was seen.
        evidence: Vec<Evidence>,
    },
}

/// Why nothing is sent with a credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Withheld {
    /// It has no secret: none was found where it should be (`credential-valid`).
    Missing {
        /// Where it was looked for, and what was there.
        reason: String,
        /// What to do.
        help: String,
    },
    /// The secret's shape belongs to another vendor, or the username cannot go with it (`right-host`). It was dropped.
    WrongHost {
        /// What the secret looks like, and where it would have gone.
        reason: String,
        /// What to do.
        help: String,
    },
}

impl Withheld {
    /// What it leaves of every fact.
    pub fn unknown(&self) -> Unknown {
        let reason = match self {
            Self::Missing { .. } => "the credential has no secret, so nothing was asked",
            Self::WrongHost { .. } => "the credential was not sent, so nothing was asked",
        };
        Unknown::new(Cause::NotReachable, reason)
    }
}

impl Incident {
    /// Why nothing was sent with a credential, where that is what it says.
    pub const fn withheld(&self) -> Option<&Withheld> {
        match self {
            Self::Withheld(withheld) => Some(withheld),
            _ => None,
        }
    }
}
