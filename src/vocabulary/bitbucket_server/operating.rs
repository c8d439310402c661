//! Addresses, names and declarations. Sources: Atlassian's documentation of Data Center, and that of Atlantis.

use crate::vocabulary::address::{Addresses, Elsewhere, Endpoint, RunBy};
use crate::vocabulary::declaring::Declaring;
use crate::vocabulary::naming::{ListNames, RepositoryNames};

/// Everybody's own, perhaps below a path. Tools are given the web address.
pub(super) const ADDRESSES: Addresses = Addresses {
    services: &[],
    elsewhere: Elsewhere { run_by: RunBy::Anybody, api_path: "rest", subpath: true, endpoint: Endpoint::Web },
};

/// Atlantis' allow list names the project by its title.
pub(super) const NAMES: RepositoryNames =
    RepositoryNames { in_allow_lists: ListNames::ProjectTitle, ..RepositoryNames::OWNER_AND_NAME };

pub(super) const DECLARING: Declaring = Declaring { passwords: &["password"], ..Declaring::TOKENS };
