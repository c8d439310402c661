//! Handing secrets out: each read once, and equal ones given to one credential.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher as _, RandomState};

use super::candidate::{ByName, Candidate, by_name, checker_of};
use super::obtain::{self, Sources};
use super::{Checker, Declared, Settings};
use crate::facts::{Credential, Withheld};
use crate::text::secret::Secret;
use crate::vocabulary::{self, Place};

/// Where equal secrets were seen before: by a hash that only this run knows, so that no secret is held once more.
#[derive(Default)]
struct Seen {
    hasher: RandomState,
    positions: HashMap<u64, Vec<usize>>,
}

impl Seen {
    fn of(&mut self, secret: &Secret) -> &mut Vec<usize> {
        self.positions.entry(self.hasher.hash_one(secret.expose())).or_default()
    }
}

/// Reading secrets, and handing them out.
pub(super) struct Handing<'a> {
    sources: Sources<'a>,
    apps: ByName<'a>,
    seen: Seen,
    /// The keys of checker Apps that were read, by the name of their credential.
    keys: HashMap<String, Result<Secret, Withheld>>,
    /// What is in scope of the credentials that others joined, by their positions: thousands of entries may have one token.
    joined: HashMap<usize, HashSet<String>>,
}

impl<'a> Handing<'a> {
    /// Nothing was handed out yet; `apps` are the candidates that checkers may be.
    pub(super) fn new(sources: Sources<'a>, apps: &'a [Candidate]) -> Self {
        let (seen, keys, joined) = (Seen::default(), HashMap::new(), HashMap::new());
        Self { sources, apps: by_name(apps), seen, keys, joined }
    }

    /// Reads a candidate's secret, and hands it out unless another credential is the same.
    pub(super) fn hand_out(&mut self, candidate: Candidate, settings: &mut Settings) {
        let secret = self.sources.secret(&candidate);
        let twins = secret.as_ref().map_or_else(|_| Vec::new(), |secret| self.seen.of(secret).clone());
        for at in twins {
            let Some(twin) = settings.credentials.get_mut(at) else { continue };
            if !matches!((&twin.secret, &secret), (Ok(have), Ok(secret)) if have == secret) {
                continue;
            }
            let place = &candidate.place;
            let of = &twin.credential;
            let same_place = of.host == place.kind && of.url == place.url && of.api == place.api;
            let same_user = match (&of.username, &candidate.username) {
                (Some(one), Some(other)) => one.eq_ignore_ascii_case(other),
                _ => true,
            };
            if candidate.ambient && !same_place {
                // Another tool would send the token elsewhere; whoever named its host has settled the matter.
                let reason = format!("it is the token of `{}`, which belongs to {}", of.name, of.url);
                settings.not_checked.push(candidate.not_checked(reason));
                return;
            }
            if same_place && same_user && (candidate.ambient || can_join(of, &candidate)) {
                let reason = format!("it is the token of `{}`", of.name);
                settings.not_checked.push(candidate.not_checked(reason));
                let first = &mut twin.credential;
                let in_scope = || first.scope.iter().map(|entry| entry.text().to_owned()).collect();
                let have = self.joined.entry(at).or_insert_with(in_scope);
                join(first, have, candidate);
                return;
            }
        }
        if let Ok(secret) = &secret {
            self.seen.of(secret).push(settings.credentials.len());
        }
        let checker = self.checker(&candidate);
        settings.credentials.push(declared(candidate, secret, checker));
    }

    /// The checker App of a candidate. Its key is read once, however many tokens it is the checker of.
    fn checker(&mut self, candidate: &Candidate) -> Option<Checker> {
        let other = checker_of(candidate, &self.apps)?;
        let issuer = other.issuer.clone()?;
        let read = || self.sources.secret(other);
        let secret = self.keys.entry(other.name.clone()).or_insert_with(read).clone();
        Some(Checker { name: other.name.clone(), issuer, secret })
    }
}

/// A candidate with its secret.
fn declared(candidate: Candidate, secret: Result<Secret, Withheld>, checker: Option<Checker>) -> Declared {
    let host = vocabulary::host(candidate.place.kind);
    let kind_hint = obtain::kind_hint(candidate.kind, secret.as_ref());
    let kind = kind_hint.and_then(|word| host.credential_kind(word));
    let credential = Credential {
        name: candidate.name,
        host: candidate.place.kind,
        url: candidate.place.url,
        api: candidate.place.api,
        username: candidate.username,
        kinds: kind.map_or_else(|| host.token_kinds().collect(), |kind| vec![kind]),
        kind_evidence: kind.map(|_| Place::Settings),
        token_id: None,
        times: vocabulary::Times::default(),
        scope: candidate.scope,
        excluded: candidate.excluded,
        app: candidate.app,
        probes: false,
    };
    Declared {
        credential,
        secret,
        issuer: candidate.issuer,
        checker,
        kind_hint,
        basic: candidate.basic,
        origins: candidate.origins,
        ambient: candidate.ambient,
    }
}

/// Whether two entries of one credential can be one check. What one excludes must not come in through the other's globs.
fn can_join(first: &Credential, second: &Candidate) -> bool {
    let nothing_excluded = first.excluded.is_empty() && second.excluded.is_empty();
    nothing_excluded || first.scope.is_empty() || second.scope.is_empty()
}

/// What a second entry of the same credential adds to the first, which has these texts in scope. Another tool's entry adds
/// nothing.
fn join(first: &mut Credential, have: &mut HashSet<String>, second: Candidate) {
    if second.ambient {
        return;
    }
    if first.scope.is_empty() {
        first.excluded = second.excluded;
    }
    first.scope.extend(second.scope.into_iter().filter(|entry| have.insert(entry.text().to_owned())));
    if first.username.is_none() {
        first.username = second.username;
    }
}
