//! Sources: which request tells a fact to a kind of credential, or why none does.

use super::request::Asked;
use crate::facts::{Cause, Credential, Evidence, Fact, FactSet, Knowledge, Target, Unknown, Value, hidden};
use crate::vocabulary::{self, CredentialKind, FactIndex, Host, Origin, Place, Request, Told};

/// Why a fact that a minted token would tell stays unknown.
const NEEDS_MINTING: &str = "only a token of the App's installation can read it: `--mint` decides this";

/// Where a fact comes from.
pub(super) enum Source {
    /// This request, about the fact's own target.
    Request(&'static Request),
    /// This request about the credential, which tells the kind: everything else depends on it.
    Kind(&'static Request),
    /// This request about the fact's own target, with a token minted for the installation that covers it.
    Minted(&'static Request),
    /// No request.
    Settled(Knowledge),
}

/// The request that tells the kind of a credential, while that is open.
pub(super) fn first_request(host: &'static Host, credential: &Credential) -> Option<&'static Request> {
    credential.kinds.iter().find_map(|kind| kind.first_request).and_then(|name| host.request(name))
}

/// The request that tells a fact to every one of these kinds.
pub(super) fn same_request(
    host: &'static Host,
    kinds: &[&'static CredentialKind],
    index: FactIndex,
    credential: &Credential,
) -> Option<&'static str> {
    let mut names = kinds.iter().map(|kind| match source(host, kind, index, credential) {
        Source::Request(row) => Some(row.name),
        Source::Kind(_) | Source::Minted(_) | Source::Settled(_) => None,
    });
    let first = names.next()??;
    names.all(|name| name == Some(first)).then_some(first)
}

/// Where a base fact comes from, while several kinds are possible.
pub(super) fn source_of_any(
    host: &'static Host,
    credential: &Credential,
    kinds: &[&'static CredentialKind],
    facts: &FactSet,
    asked: &Asked,
    index: FactIndex,
) -> Source {
    let Some(first) = first_request(host, credential) else {
        return Source::Settled(Knowledge::unknown(
            Cause::NotRevealable,
            "this version cannot ask with such a credential",
        ));
    };
    if !asked.contains(&(first.name, Target::Credential)) {
        return Source::Kind(first);
    }
    // The kind stays open: what all that are possible agree on is still asked for.
    if let Some(row) = same_request(host, kinds, index, credential).and_then(|name| host.request(name)) {
        return Source::Request(row);
    }
    // Another request than the first may tell the kind.
    let tells_kind = host.fact("token.kind").and_then(|kind| same_request(host, kinds, kind, credential));
    let tells_kind = tells_kind.and_then(|name| host.request(name));
    if let Some(row) = tells_kind.filter(|row| !asked.contains(&(row.name, Target::Credential))) {
        return Source::Kind(row);
    }
    let kind = host.fact("token.kind").and_then(|index| facts.credential.get(index)).map(|fact| &fact.knowledge);
    Source::Settled(match kind {
        Some(Knowledge::Unknown(unknown) | Knowledge::Bounded(_, unknown)) => Knowledge::Unknown(unknown.clone()),
        // What kept the answer from telling anything else kept it from telling the kind.
        _ => refused(facts).map_or_else(
            || Knowledge::unknown(Cause::Malformed, "the host's answer does not tell the credential's kind"),
            Knowledge::Unknown,
        ),
    })
}

/// Why the host told nothing of the credential, where it refused or did not answer.
fn refused(facts: &FactSet) -> Option<Unknown> {
    let host = vocabulary::host(facts.host);
    let indices = host.facts.iter().filter_map(|row| host.fact(row.path));
    indices.filter_map(|index| facts.credential.get(index)).find_map(|fact| match &fact.knowledge {
        Knowledge::Unknown(why) if matches!(why.cause, Cause::NotPermitted | Cause::NotReachable) => Some(why.clone()),
        _ => None,
    })
}

/// Where a base fact comes from, for a kind of credential.
pub(super) fn source(
    host: &'static Host,
    kind: &'static CredentialKind,
    index: FactIndex,
    credential: &Credential,
) -> Source {
    let row = host.row(index);
    let Origin::Asked(reveals) = &row.origin else {
        return Source::Settled(Knowledge::unknown(Cause::NotRevealable, "it is not asked for"));
    };
    let of_kind = |reveal: &&vocabulary::Reveal| reveal.kinds.is_empty() || reveal.kinds.contains(&kind.word);
    let told = reveals.iter().filter(of_kind).map(|reveal| &reveal.by);
    let mut settled = None;
    for told in told {
        match told {
            Told::Request { request, .. } => {
                if let Some(request) = host.request(request) {
                    return Source::Request(request);
                }
            }
            Told::Minted { request, .. } if credential.app.mints => {
                if let Some(request) = host.request(request) {
                    return Source::Minted(request);
                }
            }
            Told::Minted { .. } => settled = Some(Knowledge::unknown(Cause::NotRevealable, NEEDS_MINTING)),
            Told::Checked { request, otherwise, .. } => match &credential.app.checker {
                Some(_) if credential.app.mints => {
                    if let Some(request) = host.request(request) {
                        return Source::Request(request);
                    }
                }
                Some(checker) => {
                    let reason = format!("{otherwise}; with `--mint`, the checker App `{checker}` decides this");
                    settled = Some(hidden(row, kind, &reason));
                }
                None => settled = Some(hidden(row, kind, otherwise)),
            },
            Told::TokenText if row.path == "token.kind" => settled = Some(Knowledge::Known(Value::Word(kind.word))),
            Told::TokenText => {}
            Told::Inapplicable(reason) => settled = Some(Knowledge::Inapplicable((*reason).to_owned())),
            Told::NotRevealable(reason) => settled = Some(hidden(row, kind, reason)),
        }
    }
    Source::Settled(settled.unwrap_or_else(|| {
        Knowledge::unknown(Cause::NotRevealable, format!("no request shows it to a {}", kind.title))
    }))
}

/// A fact that the kind alone settles, with the kind's evidence.
pub(super) fn from_table(credential: &Credential, knowledge: Knowledge) -> Fact {
    let source = credential.kind_evidence.clone().unwrap_or(Place::Kind);
    Fact { knowledge, evidence: vec![Evidence::own(source)] }
}
