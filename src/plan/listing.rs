//! Listings: what tells which repositories there are, and which requests a minted token is for.

use std::collections::BTreeSet;

use super::request::{Asked, PlannedRequest};
use super::scope::Scope;
use super::source::{Source, first_request};
use crate::facts::{Cause, Credential, FactSet, Knowledge, Target, Unknown, kind_of};
use crate::text::glob;
use crate::vocabulary::{self, CredentialKind, Host, Listing, ListingShape, Origin, Request, Subject, Told};

/// The listing that globs need: the kind's, or the one that all possible kinds share; the kind comes first.
pub(super) fn listing(
    host: &'static Host,
    kinds: &[&'static CredentialKind],
    credential: &Credential,
    asked: &Asked,
) -> Source {
    let of_kind = |kind: &CredentialKind| {
        let may_ask = |listing: &Listing| credential.app.mints || listing.shape != ListingShape::OfInstallations;
        listing_of(host, kind).filter(|row| row.listing.as_ref().is_some_and(may_ask))
    };
    let row = match kinds {
        [only] => of_kind(only),
        several => match first_request(host, credential) {
            Some(first) if !asked.contains(&(first.name, Target::Credential)) => return Source::Kind(first),
            _ => {
                let mut rows = several.iter().map(|kind| of_kind(kind));
                let first = rows.next().flatten();
                first.filter(|first| rows.all(|row| row.is_some_and(|row| row.name == first.name)))
            }
        },
    };
    row.map_or_else(|| Source::Settled(Knowledge::unknown(Cause::NotRevealable, "nothing lists")), Source::Request)
}

/// The request that lists what a kind of credential sees.
fn listing_of(host: &'static Host, kind: &CredentialKind) -> Option<&'static Request> {
    let lists = |row: &&Request| row.listing.as_ref().is_some_and(|listing| listing.kinds.contains(&kind.word));
    host.requests.iter().find(lists)
}

/// Why a credential cannot list repositories that it could list with a minted token.
pub fn unlisted(credential: &Credential, facts: &FactSet) -> Option<Unknown> {
    let row = listing_of(vocabulary::host(credential.host), kind_of(credential, facts)?)?;
    let minted = row.listing.as_ref().is_some_and(|listing| listing.shape == ListingShape::OfInstallations);
    let reason = "an App's key lists no repositories by itself: name them, or let `--mint` list them";
    (minted && !credential.app.mints).then(|| Unknown::new(Cause::NotRevealable, reason))
}

/// Whether a planned request takes a token that is minted first: `Some(true)` by the checker App, `Some(false)` with the
/// credential's own key.
pub fn minted_for(planned: &PlannedRequest, credential: &Credential) -> Option<bool> {
    if !credential.app.mints {
        return None;
    }
    let lists = planned.row.listing.as_ref().is_some_and(|listing| listing.shape == ListingShape::OfInstallations);
    let of_kind = |reveal: &&vocabulary::Reveal| {
        credential.kinds.iter().any(|kind| reveal.kinds.is_empty() || reveal.kinds.contains(&kind.word))
    };
    let reveals = vocabulary::host(credential.host).facts.iter().filter_map(|fact| match &fact.origin {
        Origin::Asked(reveals) => Some(reveals.iter().filter(of_kind)),
        Origin::Derived(_) => None,
    });
    let mut checked = reveals.flatten().filter_map(|reveal| match reveal.by {
        Told::Minted { request, .. } => (request == planned.row.name).then_some(false),
        Told::Checked { request, .. } => (request == planned.row.name).then_some(true),
        _ => None,
    });
    if lists { Some(false) } else { checked.next() }
}

/// What a listing is asked about: all that the credential sees, or, where the host lists by organisation only, each that
/// the globs name. A glob that names none is matched against what the others made known.
pub(super) fn lists_about(row: &Request, scope: &Scope) -> BTreeSet<Target> {
    if row.subject != Subject::Organization {
        return BTreeSet::from([Target::Credential]);
    }
    let owners =
        scope.globs.iter().filter_map(|glob| glob.rsplit_once('/')).map(|(owner, _)| owner.to_ascii_lowercase());
    owners.filter(|owner| !glob::is_pattern(owner)).map(Target::Organization).collect()
}
