//! Addresses, names and declarations. Sources: Bitbucket Cloud's REST documentation, and Atlassian's on API tokens.

use crate::text::token_shape::Vendor;
use crate::vocabulary::address::{Addresses, Elsewhere, Endpoint, RunBy, Service};
use crate::vocabulary::declaring::{Declaring, WithMail};

/// bitbucket.org. Bots are often given its API without the version, where every request is forbidden.
pub(super) const ADDRESSES: Addresses = Addresses {
    services: &[Service { web: "bitbucket.org", api: "api.bitbucket.org/2.0", api_written: &["api.bitbucket.org"] }],
    elsewhere: Elsewhere { run_by: RunBy::Nobody, api_path: "2.0", subpath: false, endpoint: Endpoint::Api },
};

pub(super) const DECLARING: Declaring = Declaring {
    passwords: &["account_password"],
    with_mail: &[WithMail {
        prefix: "ATATT",
        help: "give the Atlassian account's e-mail address as the username; with a Bitbucket username every request fails",
    }],
    ..Declaring::tokens(Vendor::Atlassian)
};
