//! Credentials that nobody has: what a check would ask with one of each kind.

use jiff::Timestamp;
use url::Url;

use crate::evaluation::Evaluator;
use crate::facts::{AppUse, Credential, Origin, ScopeEntry};
use crate::plan::{Judge, dry_run};
use crate::report::plan::{KindPlan, kind_plan};
use crate::vocabulary::{self, CredentialKind, HostKind};

/// The repository that is in scope.
const REPOSITORY: &str = "OWNER/NAME";

/// What a check by a policy would ask with a credential of each kind, for the hosts that it speaks of.
pub(super) fn plans(evaluator: &Evaluator<'_>, now: Timestamp) -> Vec<KindPlan> {
    let policy = evaluator.policy();
    let mut hosts: Vec<HostKind> = policy.rules.iter().map(|rule| rule.host).collect();
    hosts.sort_unstable();
    hosts.dedup();
    let kinds = hosts.iter().flat_map(|host| vocabulary::host(*host).kinds.iter().map(|kind| (*host, kind)));
    kinds
        .map(|(host, kind)| {
            let credential = credential(host, kind).filter(|_| kind.first_request.is_some());
            let planned =
                credential.map(|credential| dry_run(policy, &credential, &Judge::ExpectsGuards(evaluator), now));
            kind_plan(host, kind, planned.unwrap_or_default().iter().map(|planned| planned.row))
        })
        .collect()
}

/// A credential of a kind that nobody has, with one repository in scope.
pub(super) fn credential(host: HostKind, kind: &'static CredentialKind) -> Option<Credential> {
    let url = vocabulary::host(host).public_url.unwrap_or("https://host.example").to_owned();
    Some(Credential {
        name: kind.word.to_owned(),
        host,
        api: Url::parse(&url).ok()?,
        url,
        username: None,
        kinds: vec![kind],
        kind_evidence: None,
        token_id: None,
        times: vocabulary::Times::default(),
        scope: vec![ScopeEntry::new(host, REPOSITORY, Origin::Other("an example".to_owned()))],
        excluded: Vec::new(),
        app: AppUse::default(),
        probes: false,
    })
}
