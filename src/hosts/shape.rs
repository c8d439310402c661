//! What the text of a token tells of its kind, before anything is asked.

use crate::vocabulary::{self, CredentialKind, HostKind, Place};

/// What the text of a secret tells.
#[derive(Clone, Debug)]
pub struct Shape {
    /// The kinds that it may be of. Never empty for a host that can be asked.
    pub kinds: Vec<&'static CredentialKind>,
    /// How the kind is known, where it is one: `prefix ghp_ of the token`.
    pub evidence: Option<Place>,
    /// The number of the token's record, where the text holds it. It is no secret: hosts show it in lists.
    pub token_id: Option<String>,
}

impl Shape {
    /// Nothing is told: it may be of each kind that can be asked with. An App's key is no token, and is declared as such.
    pub fn unknown(host: HostKind) -> Self {
        let possible = |kind: &&CredentialKind| kind.first_request.is_some() && kind.word != "app_key";
        let kinds = vocabulary::host(host).kinds.iter().filter(possible).collect();
        Self { kinds, evidence: None, token_id: None }
    }

    /// By the longest prefix of the tables that the text begins with; several kinds may share it. `None` where none fits.
    pub(super) fn by_prefix(host: HostKind, text: &str) -> Option<Self> {
        let kinds = vocabulary::host(host).kinds;
        let fitting = kinds
            .iter()
            .flat_map(|kind| kind.prefixes.iter().map(move |prefix| (*prefix, kind)))
            .filter(|(prefix, _)| text.starts_with(prefix));
        let (longest, _) = fitting.clone().max_by_key(|(prefix, _)| prefix.len())?;
        let kinds: Vec<_> = fitting.filter(|(prefix, _)| *prefix == longest).map(|(_, kind)| kind).collect();
        let evidence = (kinds.len() == 1).then(|| Place::TokenText(longest));
        Some(Self { kinds, evidence, token_id: None })
    }
}
