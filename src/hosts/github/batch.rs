//! Many repositories by one GraphQL query: how it is asked, and how its answer is read.
//!
//! A name never becomes part of the query's text: the text depends on how many repositories there are, and on nothing
//! else; the names are variables. What the answer does not settle is left out, and then asked about by itself, in REST.

use std::fmt::Write as _;

use serde_json::{Map, Value as Json};

use super::refusal;
use super::repository::{self, Shown};
use crate::facts::{Cause, Exchange, Failure, Knowledge, Target, Unknown, Value};
use crate::hosts::reader::{self, Reader, malformed, wrong_field};
use crate::hosts::{Decoded, Question};
use crate::vocabulary::field;

/// What the parts of the query are called, with a number: `r0`.
const ALIAS: &str = "r";

/// The query about these targets: the row's text with its `{variables}` and `{repositories}` filled in.
pub(super) fn body(template: &str, targets: &[Target]) -> String {
    let (mut declared, mut asked, mut names) = (String::new(), String::new(), Map::new());
    for (at, target) in targets.iter().enumerate() {
        let Target::Repository(name) = target else { continue };
        // Writing to a string does not fail.
        let _ = write!(declared, "$o{at}: String!, $n{at}: String!, ");
        let _ = write!(asked, "{ALIAS}{at}: repository(owner: $o{at}, name: $n{at}) {{ ...R }} ");
        names.insert(format!("o{at}"), Json::from(name.owner()));
        names.insert(format!("n{at}"), Json::from(name.name()));
    }
    let query =
        template.replace("{variables}", declared.trim_end_matches(", ")).replace("{repositories}", asked.trim_end());
    serde_json::json!({ "query": query, "variables": names }).to_string()
}

/// Reads the answer, repository by repository.
pub(super) fn decode(question: &Question<'_>, exchange: &Exchange) -> Decoded {
    let answer = match &exchange.result {
        Ok(answer) => answer,
        // A host that is not reached is not asked again for each repository.
        Err(failure @ (Failure::Connection(_) | Failure::Tls(_) | Failure::Timeout(_))) => {
            return reader::failed(question, exchange, failure);
        }
        Err(_) => return Decoded::default(),
    };
    let mut reader = Reader::new(question, &exchange.request, answer);
    if answer.status != 200 {
        let held_back = refusal::is_held_back(&reader);
        let rest = refusal::read(&mut reader);
        // Queries refused as a whole say nothing about any repository, unless nothing else would be answered either.
        let over = reader.decoded.ends.is_some() || held_back;
        return if over { reader.finish(&rest) } else { Decoded::default() };
    }
    let Ok(body) = serde_json::from_slice::<Json>(&answer.body) else { return Decoded::default() };
    for (at, target) in question.targets.iter().enumerate() {
        reader.turn_to(target);
        let alias = format!("{ALIAS}{at}");
        let rest = match body.pointer(&format!("/data/{alias}")) {
            Some(node @ Json::Object(_)) => shown(&mut reader, at, node),
            Some(Json::Null) => error_of(&body, &alias).and_then(|error| refusal::of_error(&mut reader, error)),
            _ => None,
        };
        if let Some(rest) = rest {
            reader.settle(&rest);
        }
    }
    reader.decoded
}

/// The error that an answer gives for one part of it.
fn error_of<'a>(body: &'a Json, alias: &str) -> Option<&'a Json> {
    let about = |error: &&Json| error.pointer("/path/0").and_then(Json::as_str) == Some(alias);
    body.get("errors")?.as_array()?.iter().find(about)
}

/// One repository, answered. `None` where it is to be asked about by itself.
fn shown(reader: &mut Reader<'_>, number: usize, node: &Json) -> Option<Unknown> {
    let name = node.get("nameWithOwner").and_then(Json::as_str).and_then(repository::full_name)?;
    let text = |field: &str| node.get(field).and_then(Json::as_str);
    let word = |path: &str, text: &str| {
        super::decode::word_of(path, &text.to_ascii_lowercase()).map(Value::Word).map(Knowledge::Known)
    };
    let visibility = word("repository.visibility", text("visibility")?)?;
    let role = if reader.may_be_installation() && reader.kind().is_some() {
        Knowledge::unknown(Cause::NotRevealable, repository::NO_ROLE)
    } else {
        word("repository.permission", text("viewerPermission")?)?
    };
    let archived = match node.get("isArchived") {
        Some(Json::Bool(archived)) => Knowledge::Known(Value::Bool(*archived)),
        _ => Knowledge::Unknown(wrong_field("/isArchived", "true or false")),
    };
    let owner = node.pointer("/owner/__typename").and_then(Json::as_str);
    let at = |name: &'static str| field(name).of_one("data", ALIAS, number);
    if repository::is_private(&visibility) {
        // GitHub shows a private repository to no token without this.
        let taken = [("metadata".to_owned(), "read".to_owned())].into_iter().collect();
        repository::proven_permissions(reader, taken, at("visibility"));
    }
    repository::tell(
        reader,
        Shown {
            name: (name, at("nameWithOwner")),
            archived: (archived, at("isArchived")),
            visibility: (visibility, at("visibility")),
            role: (role, at("viewerPermission")),
            owner: (owner, at("owner.__typename")),
        },
    );
    Some(malformed("the answer does not tell this"))
}
