//! Addresses, names and declarations. Sources: Bitbucket Cloud's REST documentation, and Atlassian's on API tokens.

use crate::vocabulary::address::{Addresses, Elsewhere, Endpoint, RunBy, Service};
use crate::vocabulary::declaring::Declaring;

/// bitbucket.org. Bots are often given its API without the version, where every request is forbidden.
pub(super) const ADDRESSES: Addresses = Addresses {
    services: &[Service { web: "bitbucket.org", api: "api.bitbucket.org/2.0", api_written: &["api.bitbucket.org"] }],
    elsewhere: Elsewhere { run_by: RunBy::Nobody, api_path: "2.0", subpath: false, endpoint: Endpoint::Api },
};

pub(super) const DECLARING: Declaring = Declaring { passwords: &["account_password"], ..Declaring::TOKENS };
