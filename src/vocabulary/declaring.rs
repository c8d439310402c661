//! What operators can declare as a credential of a kind of host, and what of it must not be sent.

use crate::text::token_shape::Vendor;

/// What operators can declare as a credential of a kind of host.
#[derive(Debug)]
pub struct Declaring {
    /// Whose tokens are for this host. Another vendor's are refused.
    pub vendor: Vendor,
    /// The kind of credential that a private key with the identifier of an App is.
    pub app_key: Option<&'static str>,
    /// The kind whose permissions an App of the organisation, the checker, can tell, and what people call one.
    pub checked: Option<(&'static str, &'static str)>,
    /// The kinds that are somebody's password: a failed try may lock the account, so only who names one checks it.
    pub passwords: &'static [&'static str],
    /// The tokens that are refused with another username than an e-mail address.
    pub with_mail: &'static [WithMail],
}

/// Tokens that a host takes with an e-mail address as username alone.
#[derive(Debug)]
pub struct WithMail {
    /// How their shape begins ([`crate::text::token_shape::TokenShape::prefix`]).
    pub prefix: &'static str,
    /// What to do where the username is none.
    pub help: &'static str,
}

impl Declaring {
    /// Tokens of a vendor, and nothing peculiar.
    pub(super) const fn tokens(vendor: Vendor) -> Self {
        Self { vendor, app_key: None, checked: None, passwords: &[], with_mail: &[] }
    }
}
