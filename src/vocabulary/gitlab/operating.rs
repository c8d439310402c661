//! Addresses, names and declarations. Source: GitLab's documentation of its API and of groups.

use crate::vocabulary::address::{Addresses, Elsewhere, Endpoint, RunBy};
use crate::vocabulary::declaring::Declaring;
use crate::vocabulary::naming::RepositoryNames;

/// Every GitLab is laid out alike, gitlab.com too; it may live below a path.
pub(super) const ADDRESSES: Addresses = Addresses {
    services: &[],
    elsewhere: Elsewhere { run_by: RunBy::Anybody, api_path: "api/v4", subpath: true, endpoint: Endpoint::Api },
};

/// Groups nest.
pub(super) const NAMES: RepositoryNames = RepositoryNames { most: usize::MAX, ..RepositoryNames::OWNER_AND_NAME };

pub(super) const DECLARING: Declaring = Declaring::TOKENS;
