//! Rules of starting policies that only GitHub has facts for.

use crate::vocabulary::start::{GIVE_BACK, StartRule};

/// What the App behind the credential asks for.
pub(super) static APP: StartRule = StartRule {
    at: 60,
    name: "app",
    title: "what its App asks for today",
    because: "an App should not ask for more unnoticed",
    fix: GIVE_BACK,
};

/// Single sign-on.
pub(super) static SIGN_ON: StartRule = StartRule {
    at: 110,
    name: "single-sign-on",
    title: "that single sign-on lets it in",
    because: "an organisation that asks for single sign-on hides its private repositories until then",
    fix: "authorise the credential for the organisation again",
};
