//! Batches: requests about one repository each, joined where the host answers about many at once.

use std::collections::BTreeMap;

use super::request::{Asked, PlannedRequest, tidy};
use crate::facts::Target;
use crate::vocabulary::{CredentialKind, FactIndex, Host, Request};

/// The same requests, those that a batch can stand in for joined, if every kind that the credential may be of is let ask
/// so. A target that a batch was asked about already is asked
/// about by itself: the batch did not settle it.
pub(super) fn in_batches(
    mut requests: Vec<PlannedRequest>,
    host: &'static Host,
    kinds: &[&'static CredentialKind],
    asked: &Asked,
) -> Vec<PlannedRequest> {
    for row in host.requests {
        let Some(batch) = row.batch.as_ref().filter(|batch| kinds.iter().all(|kind| batch.kinds.contains(&kind.word)))
        else {
            continue;
        };
        let told: Vec<FactIndex> = batch.tells.iter().filter_map(|path| host.fact(path)).collect();
        let fits = |planned: &PlannedRequest| {
            batch.instead_of.contains(&planned.row.name)
                && planned.facts.iter().all(|fact| told.contains(fact))
                && !asked.contains(&(row.name, planned.target.clone()))
        };
        if requests.iter().filter(|planned| fits(planned)).count() < batch.from.max(2) {
            continue;
        }
        let (replaced, rest): (Vec<_>, Vec<_>) = requests.into_iter().partition(fits);
        requests = rest;
        requests.extend(joined(replaced, row, batch.most));
    }
    requests
}

/// These requests as batches of at most `most` targets.
fn joined(replaced: Vec<PlannedRequest>, row: &'static Request, most: usize) -> Vec<PlannedRequest> {
    let mut by_target: BTreeMap<Target, PlannedRequest> = BTreeMap::new();
    for planned in replaced {
        match by_target.get_mut(&planned.target) {
            Some(have) => {
                have.facts.extend(planned.facts);
                have.asked_by.extend(planned.asked_by);
            }
            None => {
                by_target.insert(planned.target.clone(), PlannedRequest { row, ..planned });
            }
        }
    }
    let mut batches: Vec<PlannedRequest> = Vec::new();
    for planned in by_target.into_values() {
        match batches.last_mut().filter(|batch| batch.targets().count() < most) {
            Some(batch) => {
                batch.also.push(planned.target);
                batch.facts.extend(planned.facts);
                batch.asked_by.extend(planned.asked_by);
            }
            None => batches.push(planned),
        }
    }
    batches.iter_mut().for_each(tidy);
    batches
}
