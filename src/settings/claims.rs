//! Tools that read the same variable: its token goes where the one goes whose address is named for it.
//!
//! `GITHUB_TOKEN` is gh's, for github.com, and Terraform's, for the server in `GITHUB_BASE_URL`. Whoever set the second
//! says that the first is not for github.com. Where two addresses are named, nobody can tell, and it goes nowhere.

use std::collections::BTreeMap;

use super::address::Place;
use super::candidate::Found;

/// Who says where a token goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    /// Nobody: the tool's documentation has a host for that.
    Default,
    /// A CI system, of its own server.
    Job,
    /// A variable that somebody set for it.
    Named,
}

/// What a family makes of a variable with a token.
#[derive(Clone, Debug)]
pub(super) struct Claim {
    /// The variable of the token.
    pub(super) token: &'static str,
    /// The variable of the address, where one says it.
    pub(super) by: Option<&'static str>,
    pub(super) rank: Rank,
    /// `None` where nothing says an address, or it cannot be read.
    pub(super) place: Option<Place>,
}

impl Claim {
    /// Whether nothing says where the token goes.
    fn says_nothing(&self) -> bool {
        self.place.is_none() && self.rank == Rank::Default
    }
}

/// What is left of what was found once each token goes to one place.
pub(super) fn settled(found: Vec<(Found, Option<Claim>)>) -> Vec<Found> {
    let mut claims: BTreeMap<&'static str, Vec<Claim>> = BTreeMap::new();
    for claim in found.iter().filter_map(|(_, claim)| claim.as_ref()) {
        claims.entry(claim.token).or_default().push(claim.clone());
    }
    found
        .into_iter()
        .filter_map(|(found, claim)| {
            let Some(claim) = claim else { return Some(found) };
            let others = claims.get(claim.token).map_or(&[] as &[Claim], Vec::as_slice);
            match &found {
                Found::Usable(candidate) => Some(match beaten(&claim, others) {
                    None => found,
                    Some(reason) => Found::Unusable(candidate.not_checked(reason)),
                }),
                // That one tool knows no host for it says nothing where another one does.
                Found::Unusable(_) if claim.says_nothing() && others.iter().any(|other| other.place.is_some()) => None,
                Found::Unusable(_) | Found::Broken(_) => Some(found),
            }
        })
        .collect()
}

/// Why a claim does not hold beside others on the same token.
fn beaten(claim: &Claim, others: &[Claim]) -> Option<String> {
    let token = claim.token;
    let heavy = others.iter().filter(|other| other.rank >= claim.rank && !other.says_nothing());
    let other = heavy.filter(|other| {
        other.place.as_ref().map(|place| (&place.url, &place.api))
            != claim.place.as_ref().map(|place| (&place.url, &place.api))
    });
    let other = other.max_by_key(|other| other.rank)?;
    let by = other.by.map_or_else(String::new, |by| format!(", as `{by}` says"));
    Some(match &other.place {
        None => format!("`{token}` belongs elsewhere{by}, which cannot be read"),
        Some(place) if other.rank > claim.rank => format!("`{token}` belongs to {}{by}", place.url),
        Some(place) => format!(
            "`{token}` would also go to {}{by}, so nobody can tell where it belongs; declare it in the settings",
            place.url
        ),
    })
}
