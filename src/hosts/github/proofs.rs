//! What an answer proves of a permission: that it was checked and found, or that it is missing.
//!
//! Which permissions a request takes is read from the answer's own `X-Accepted-GitHub-Permissions`; without that header an
//! answer proves nothing.

use crate::facts::{Answer, Bounds, Cause, Exchange, Failure, Incident, Knowledge, PermissionMap, Unknown};
use crate::hosts::reader::{self, Reader, malformed};
use crate::hosts::{Decoded, Question, Walk};
use crate::vocabulary::{LevelTable, Place, Proof, Type, field};

use super::headers;
use super::tables::host;
use super::told::Told;
use super::{refusal, requests};
use crate::vocabulary::github::headers::X_ACCEPTED_GITHUB_PERMISSIONS;

/// Why the rest of a map that is proven by use stays open.
pub(super) const BY_USE: &str = "the token cannot list its own permissions; these are proven by use";

/// Sends a proof's request, and reads what its answer proves.
pub(super) async fn prove(walk: &mut Walk<'_>, proof: &Proof) {
    let request = requests::request(&walk.question());
    let Ok(exchange) = walk.ask(request).await else { return };
    // What other proofs have told joins what this one tells.
    walk.turn().await;
    match &exchange.result {
        Ok(_) => {
            walk.read(&exchange, |reader| read(reader, proof));
        }
        Err(failure) => walk.decoded = failed(&walk.question(), &exchange, failure),
    }
}

/// Reads the answer of a proof: what is granted or denied for certain joins what was known before.
fn read(reader: &mut Reader<'_>, proof: &Proof) -> Unknown {
    let status = reader.answer.status;
    if proof.is_probe() && (200..300).contains(&status) {
        return taken(reader, proof);
    }
    let told = Told::read(&reader.answer.body);
    let open = |reason: String| Unknown::new(Cause::NotRevealable, reason);
    let why = if proof.passes.contains(&status) {
        match granted(reader, proof) {
            Some(granted) => {
                tell(
                    reader,
                    granted,
                    PermissionMap::new(),
                    Place::StatusCode(status).and(X_ACCEPTED_GITHUB_PERMISSIONS),
                    None,
                );
                return open(BY_USE.to_owned());
            }
            None => open(format!("GitHub answers {status} and does not say that it took `{}`", proof.permission)),
        }
    } else if status == 403 && told.says("Resource not accessible by") {
        match denied(reader.answer, proof) {
            Some(denied) => {
                let source = Place::StatusCode(403).and(field("message")).and(X_ACCEPTED_GITHUB_PERMISSIONS);
                tell(reader, PermissionMap::new(), denied, source, None);
                return open(BY_USE.to_owned());
            }
            None => open(format!("GitHub answers 403 and does not say that it takes `{}`", proof.permission)),
        }
    } else {
        match status {
            // The feature is off, or the repository is empty: that says nothing of the token.
            404 | 409 | 410 | 422 => {
                open(format!("GitHub answers {status}, which decides nothing of `{}`", proof.permission))
            }
            _ => refusal::read(reader),
        }
    };
    tell(reader, PermissionMap::new(), PermissionMap::new(), Place::StatusCode(status), Some(why.clone()));
    why
}

/// No usable answer: what is known stays, and why the rest is open is the failure.
fn failed(question: &Question<'_>, exchange: &Exchange, failure: &Failure) -> Decoded {
    let mut decoded = reader::failed(question, exchange, failure);
    for (target, index, fact) in &mut decoded.facts {
        let so_far = question.so_far.subject_of(target).and_then(|subject| question.so_far.fact(*index, subject));
        if let (Knowledge::Unknown(why), Some(Knowledge::Bounded(bounds, _))) =
            (&fact.knowledge, so_far.map(|fact| &fact.knowledge))
        {
            fact.knowledge = Knowledge::Bounded(bounds.clone(), why.clone());
            fact.evidence.extend(so_far.into_iter().flat_map(|fact| fact.evidence.clone()));
        }
    }
    decoded
}

/// A write that must fail did not. Nothing is concluded from such a host, and nothing more is sent to it.
fn taken(reader: &mut Reader<'_>, proof: &Proof) -> Unknown {
    let status = reader.answer.status;
    let unknown = malformed(format!("the host takes a write that is not valid ({status})"));
    let text = format!(
        "the host answered {status} to a write probe that it must refuse (`{}`): look there for what it made; nothing more \
         was asked",
        proof.request.path.rsplit_once("{name}").map_or(proof.request.path, |(_, rest)| rest)
    );
    let evidence = vec![reader.evidence(Place::Status)];
    reader.decoded.incidents.push(Incident::Note { text, evidence });
    reader.decoded.ends = Some(unknown.clone());
    tell(reader, PermissionMap::new(), PermissionMap::new(), Place::StatusCode(status), Some(unknown.clone()));
    unknown
}

fn levels() -> Option<&'static LevelTable> {
    match host().fact("token.permissions").map(|index| host().row(index).ty) {
        Some(Type::Permissions(table)) => Some(table.levels),
        _ => None,
    }
}

/// What the answer proves is there: all that its only way takes. Of several ways each must hold the permission.
fn granted(reader: &Reader<'_>, proof: &Proof) -> Option<PermissionMap> {
    if !headers::is_githubs(reader.answer) {
        return None;
    }
    let levels = levels()?;
    let mut ways = headers::accepted_permissions(reader.answer)?;
    // A way that is closed for certain was not taken.
    if let Some(Knowledge::Bounded(Bounds::Permissions { denied, .. }, _)) =
        reader.known("token.permissions").map(|fact| &fact.knowledge)
    {
        let closed = |way: &PermissionMap| {
            way.iter().any(|(name, level)| denied.get(name).is_some_and(|from| levels.at_least(level, from)))
        };
        ways.retain(|way| !closed(way));
    }
    let mut least: Option<PermissionMap> = None;
    for way in ways {
        least = Some(match least {
            None => way,
            Some(before) => before.into_iter().filter(|(name, level)| way.get(name) == Some(level)).collect(),
        });
    }
    let has = |map: &PermissionMap| map.get(proof.permission).is_some_and(|level| levels.at_least(level, proof.level));
    least.filter(has)
}

/// What the refusal proves is missing: every way that takes one permission is closed.
fn denied(answer: &Answer, proof: &Proof) -> Option<PermissionMap> {
    if !headers::is_githubs(answer) {
        return None;
    }
    let levels = levels()?;
    let ways = headers::accepted_permissions(answer)?;
    let mut denied = PermissionMap::new();
    for way in ways.into_iter().filter(|way| way.len() == 1) {
        lower(&mut denied, &way, levels);
    }
    let lacks = |map: &PermissionMap| map.get(proof.permission).is_some_and(|from| levels.at_least(proof.level, from));
    Some(denied).filter(lacks)
}

/// Tells what is certain of the permissions, with what was certain before. `why` says why the rest is open, where that is
/// more than that the token cannot list it.
pub(super) fn tell(
    reader: &mut Reader<'_>,
    mut granted: PermissionMap,
    mut denied: PermissionMap,
    source: impl Into<Place>,
    why: Option<Unknown>,
) {
    let Some(levels) = levels() else { return };
    let mut evidence = vec![reader.evidence(source)];
    let mut before = None;
    if let Some(fact) = reader.known("token.permissions") {
        match &fact.knowledge {
            Knowledge::Bounded(Bounds::Permissions { granted: had, denied: not }, unknown) => {
                higher(&mut granted, had, levels);
                lower(&mut denied, not, levels);
                for seen in &fact.evidence {
                    if !evidence.contains(seen) {
                        evidence.push(seen.clone());
                    }
                }
                before = Some(unknown.clone());
            }
            Knowledge::Known(_) => return,
            Knowledge::Unknown(unknown) => before = Some(unknown.clone()),
            Knowledge::Bounded(..) | Knowledge::Absent | Knowledge::Inapplicable(_) => {}
        }
    }
    // Worse than what tokens are like stays said: a refusal, a failure.
    let worse = |unknown: &Unknown| unknown.cause != Cause::NotRevealable;
    let why = why
        .filter(worse)
        .or_else(|| before.filter(worse))
        .unwrap_or_else(|| Unknown::new(Cause::NotRevealable, BY_USE));
    let knowledge = Knowledge::Bounded(Bounds::Permissions { granted, denied }, why);
    reader.tell_with("token.permissions", knowledge, evidence);
}

/// Adds permissions that are there, the higher level of each.
fn higher(into: &mut PermissionMap, more: &PermissionMap, levels: &LevelTable) {
    for (name, level) in more {
        let have = into.entry(name.clone()).or_insert_with(|| level.clone());
        if levels.at_least(level, have) {
            have.clone_from(level);
        }
    }
}

/// Adds permissions that are missing, the lower level of each.
fn lower(into: &mut PermissionMap, more: &PermissionMap, levels: &LevelTable) {
    for (name, level) in more {
        let have = into.entry(name.clone()).or_insert_with(|| level.clone());
        if levels.at_least(have, level) {
            have.clone_from(level);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: (&str, &str) = ("x-github-request-id", "C0DE:1B2C:3D4E5F:6A7B8C:69230000");

    fn answer(status: u16, accepted: Option<&str>) -> Answer {
        let accepted = accepted.map(|text| ("x-accepted-github-permissions", text));
        let headers = [Some(ID), accepted].into_iter().flatten();
        Answer {
            status,
            headers: headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            body: Vec::new(),
            at: jiff::Timestamp::UNIX_EPOCH,
        }
    }

    fn proof(name: &str) -> &'static Proof {
        host().proof(name).unwrap_or_else(|| panic!("{name}"))
    }

    #[test]
    fn a_refusal_denies_what_its_own_header_names() {
        let denied = |name: &str, accepted: Option<&str>| denied(&answer(403, accepted), proof(name));
        let both = denied("probe_issues_write", Some("issues=write; pull_requests=write")).unwrap();
        assert_eq!(both.len(), 2, "either way is closed");
        assert_eq!(denied("probe_statuses_write", Some("statuses=write")).unwrap().len(), 1);
        // Denied from reading up is denied for writing.
        assert!(denied("probe_statuses_write", Some("statuses=read")).is_some());
        // Nothing said, something else said, more said than one permission: which is missing stays open.
        assert_eq!(denied("probe_statuses_write", None), None);
        assert_eq!(denied("probe_statuses_write", Some("contents=write")), None);
        assert_eq!(denied("probe_statuses_write", Some("statuses=write,contents=read")), None);
        assert_eq!(denied("prove_statuses_read", Some("statuses=write")), None, "reading may still be granted");
        assert_eq!(denied("probe_statuses_write", Some("allows_permissionless_access=true")), None);
    }

    #[test]
    fn a_refusal_that_is_not_githubs_denies_nothing() {
        let mut answer = answer(403, Some("statuses=write"));
        answer.headers.retain(|(name, _)| name != ID.0);
        assert_eq!(denied(&answer, proof("probe_statuses_write")), None);
    }

    #[test]
    fn the_higher_grant_and_the_lower_denial_stay() {
        let levels = levels().unwrap();
        let map = |level: &str| PermissionMap::from([("contents".to_owned(), level.to_owned())]);
        for (one, other) in [("read", "write"), ("write", "read")] {
            let (mut most, mut least) = (map(one), map(one));
            higher(&mut most, &map(other), levels);
            lower(&mut least, &map(other), levels);
            assert_eq!((most, least), (map("write"), map("read")));
        }
    }
}
