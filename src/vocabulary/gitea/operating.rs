//! Addresses, names, products and declarations. Sources: the documentation of Gitea, Forgejo and Codeberg.

use crate::vocabulary::address::{Addresses, Elsewhere, Endpoint, Product, RunBy};
use crate::vocabulary::declaring::Declaring;
use crate::vocabulary::naming::RepositoryNames;

/// Every instance is laid out alike; it may live below a path (`ROOT_URL`). Renovate takes
/// both addresses.
pub(super) const ADDRESSES: Addresses = Addresses {
    services: &[],
    elsewhere: Elsewhere { run_by: RunBy::Anybody, api_path: "api/v1", subpath: true, endpoint: Endpoint::Either },
};

/// A Forgejo answers like the Gitea that it was forked from; Codeberg is one.
pub(super) static PRODUCTS: &[Product] = &[
    Product { word: "forgejo", title: "Forgejo", public_url: None, told: Some(("host.product", "forgejo")) },
    Product { word: "codeberg", title: "Codeberg", public_url: Some("https://codeberg.org"), told: None },
];

pub(super) const NAMES: RepositoryNames = RepositoryNames::OWNER_AND_NAME;

pub(super) const DECLARING: Declaring = Declaring::TOKENS;
