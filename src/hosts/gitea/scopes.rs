//! What answers say of the token's scopes: all of them, or that one is there or missing.

use serde_json::Value as Json;

use super::tables;
use super::told::Lacking;
use crate::facts::{Bounds, Cause, Evidence, FactSet, Incident, Knowledge, Unknown, Value};
use crate::hosts::reader::{Reader, wrong_field};
use crate::vocabulary::{NameSet, Place, field, status};

/// The word in a list of scopes that takes rights away.
const PUBLIC_ONLY: &str = "public-only";

/// Why scopes that are proved one by one stay open.
pub(super) const BY_USE: &str = "the host does not tell this token its scopes, so that they are proved one by one";

/// The texts of a list, where it is nothing else.
pub(super) fn texts(body: &Json, pointer: &str) -> Option<Vec<String>> {
    body.pointer(pointer)?.as_array()?.iter().map(|item| item.as_str().map(str::to_owned)).collect()
}

/// Every scope of the token, listed.
pub(super) fn listed(reader: &mut Reader<'_>, names: &[String], source: &Place) {
    let limited = names.iter().any(|name| name == PUBLIC_ONLY);
    // A list of one empty text is what an ancient token holds: nothing.
    let rights = names.iter().map(String::as_str).filter(|name| *name != PUBLIC_ONLY && !name.is_empty());
    let Some(scopes) = tables::scopes(rights) else { return };
    for name in scopes.unknown_names() {
        let note = Incident::Note {
            text: format!("the token has the scope `{name}`, which credcheck does not know"),
            evidence: vec![reader.evidence(source.clone())],
        };
        reader.decoded.incidents.push(note);
    }
    reader.tell("token.scopes", Knowledge::Known(Value::Names(scopes)), source.clone());
    reader.tell("token.public_only", Knowledge::Known(Value::Bool(limited)), source.clone());
}

/// A field that lists every scope of the token. Anything but a list of texts leaves both facts open.
pub(super) fn field_of(reader: &mut Reader<'_>, body: &Json, pointer: &str, source: &Place) {
    match texts(body, pointer) {
        Some(names) => listed(reader, &names, source),
        None => {
            let unknown = Knowledge::Unknown(wrong_field(pointer, "a list of texts"));
            reader.tell("token.scopes", unknown.clone(), source.clone());
            reader.tell("token.public_only", unknown, source.clone());
        }
    }
}

/// A refusal for want of a scope: it may tell every scope that there is, and else that one is missing.
pub(super) fn lacking(reader: &mut Reader<'_>, lacking: &Lacking) {
    let source = status(403).and(field("message"));
    if let Some(held) = &lacking.held {
        listed(reader, held, &source);
        return;
    }
    let mut proved = Proved::so_far(reader.question.so_far);
    if proved.lacks(lacking) {
        let evidence = vec![reader.evidence(source)];
        proved.evidence.extend(evidence);
        let (knowledge, evidence) = proved.into_knowledge(Unknown::new(Cause::NotRevealable, BY_USE));
        reader.tell_with("token.scopes", knowledge, evidence);
    }
}

/// The token is limited to what is public.
pub(super) fn limited_to_public(reader: &mut Reader<'_>) {
    let limited = Knowledge::Known(Value::Bool(true));
    reader.tell("token.public_only", limited, status(403).and(field("message")));
}

/// What is proved of scopes, one by one.
#[derive(Clone, Debug, Default)]
pub(super) struct Proved {
    granted: Vec<String>,
    denied: Vec<String>,
    /// What proves it.
    pub(super) evidence: Vec<Evidence>,
}

impl Proved {
    /// What is proved so far.
    pub(super) fn so_far(facts: &FactSet) -> Self {
        let fact = tables::index("token.scopes").and_then(|index| facts.credential.get(index));
        let texts = |names: &NameSet| names.names().into_iter().map(str::to_owned).collect();
        match fact.map(|fact| (&fact.knowledge, &fact.evidence)) {
            Some((Knowledge::Bounded(Bounds::Names { granted, denied }, _), evidence)) => {
                Self { granted: texts(granted), denied: texts(denied), evidence: evidence.clone() }
            }
            _ => Self::default(),
        }
    }

    /// Whether a scope is there for certain.
    pub(super) fn has(&self, name: &str) -> bool {
        tables::scopes(&self.granted).is_some_and(|granted| granted.grants(name))
    }

    /// Whether a scope is missing for certain.
    pub(super) fn is_missing(&self, name: &str) -> bool {
        self.denied.iter().any(|denied| denied == name)
    }

    /// The scope is there.
    pub(super) fn grant(&mut self, name: &str) {
        if !self.has(name) {
            self.granted.push(name.to_owned());
        }
    }

    /// The scope is missing, and so is what implies it.
    pub(super) fn deny(&mut self, name: &str) {
        let mut add = |name: &str| {
            if !self.denied.iter().any(|denied| denied == name) {
                self.denied.push(name.to_owned());
            }
        };
        add(name);
        if let Some(category) = name.strip_prefix("read:") {
            add(&format!("write:{category}"));
        }
        add("all");
    }

    /// A refusal for want of scopes. Of several it names, it does not say which is missing.
    pub(super) fn lacks(&mut self, lacking: &Lacking) -> bool {
        match lacking.required.as_slice() {
            [only] if tables::scopes([only]).is_some_and(|names| names.unknown_names().next().is_none()) => {
                self.deny(only);
                true
            }
            _ => false,
        }
    }

    /// What is known of the token's scopes then. Proofs that contradict each other prove nothing.
    pub(super) fn into_knowledge(self, why: Unknown) -> (Knowledge, Vec<Evidence>) {
        let Self { granted, denied, evidence } = self;
        let (Some(granted), Some(denied)) = (tables::scopes(&granted), tables::scopes(&denied)) else {
            return (Knowledge::Unknown(why), evidence);
        };
        if denied.names().iter().any(|name| granted.grants(name)) {
            let why = Unknown::new(Cause::Malformed, "the host's answers contradict each other about a scope");
            return (Knowledge::Unknown(why), evidence);
        }
        if granted.is_empty() && denied.is_empty() {
            return (Knowledge::Unknown(why), evidence);
        }
        (Knowledge::Bounded(Bounds::Names { granted, denied }, why), evidence)
    }
}
