//! Addresses, names and declarations. Sources: GitHub's REST documentation, and the rule of `gh`.

use crate::vocabulary::address::{Addresses, Elsewhere, Endpoint, RunBy, Service};
use crate::vocabulary::declaring::Declaring;

/// github.com, the tenants of GHE.com, and GitHub Enterprise Server elsewhere.
pub(super) const ADDRESSES: Addresses = Addresses {
    services: &[
        Service { web: "github.com", api: "api.github.com", api_written: &[] },
        Service { web: "*.ghe.com", api: "api.*.ghe.com", api_written: &[] },
    ],
    elsewhere: Elsewhere { run_by: RunBy::Anybody, api_path: "api/v3", subpath: false, endpoint: Endpoint::Api },
};

pub(super) const DECLARING: Declaring = Declaring {
    app_key: Some("app_key"),
    checked: Some(("fine_grained", "a fine-grained token")),
    ..Declaring::TOKENS
};
