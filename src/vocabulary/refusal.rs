//! Why somebody does not accept a valid credential.

/// Who refuses a valid credential, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// Single sign-on is not authorised for this credential.
    SingleSignOn,
    /// The organisation bans this kind of token.
    KindForbidden,
    /// The token lives longer than the organisation allows.
    LifetimeTooLong,
    /// The OAuth app is not approved.
    AppNotApproved,
    /// This network address is not on the organisation's list.
    AddressNotAllowed,
    /// The App's installation is suspended.
    Suspended,
}

/// What to do about a refusal at a host, in the words of its pages.
#[derive(Debug)]
pub struct Mend {
    /// The refusal.
    pub refusal: Refusal,
    /// What to do; `{by}` stands for who refuses.
    pub mend: &'static str,
}
