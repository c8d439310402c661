//! GitHub's rules: who a caller is, what it may see, how often it may ask.

pub(super) mod authentication;
pub(super) mod limits;
pub(super) mod organization;
pub(super) mod role;
pub(super) mod scopes;
pub(super) mod signature;
pub(super) mod visibility;
