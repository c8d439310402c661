//! Many repositories by one GraphQL query. What its answer does not settle is left out, and then asked about by itself, in
//! REST.

use serde_json::Value as Json;

use super::queries::ALIAS;
use super::repository::{self, Shown};
use super::{account, refusal, requests};
use crate::facts::{Cause, Failure, Knowledge, Unknown, Value};
use crate::hosts::column::{Column, Gap, Held, required};
use crate::hosts::reader::{Reader, malformed};
use crate::hosts::{Walk, alike, branch};
use crate::vocabulary::field;

const IS_ARCHIVED: Column = required("isArchived");
const IS_DISABLED: Column = required("isDisabled");
const IS_MIRROR: Column = required("isMirror");
/// Null where the repository is empty.
const DEFAULT_REF: Column = required("defaultBranchRef").null(Gap::Hidden(Cause::NotRevealable, branch::NOT_THERE));
const DEFAULT_BRANCH: Column = required("defaultBranchRef.name");

/// Asks, and reads the answer repository by repository.
pub(super) async fn many(walk: &mut Walk<'_>) {
    let request = requests::request(&walk.question());
    let Ok(exchange) = walk.ask(request).await else { return };
    walk.turn().await;
    match exchange.result.as_ref().map(|answer| answer.status) {
        // A host that is not reached is not asked again for each repository.
        Err(Failure::Connection(_) | Failure::Tls(_) | Failure::Timeout(_)) => walk.fail(&exchange),
        Err(_) => {}
        Ok(200) => walk.glance(&exchange, each),
        // Queries refused as a whole say nothing about any repository, unless nothing else would be answered either.
        Ok(_) => walk.glance(&exchange, |reader| {
            let held_back = refusal::is_held_back(reader);
            let before = std::mem::take(&mut reader.decoded);
            let rest = refusal::read(reader);
            if reader.decoded.ends.is_some() || held_back {
                reader.settle_all(&rest);
            } else {
                reader.decoded = before;
            }
        }),
    }
}

/// Every repository that the answer shows, or says an error of.
fn each(reader: &mut Reader<'_>) {
    let Ok(body) = alike::json(reader.answer) else { return };
    account::again(reader);
    for (at, target) in reader.question.targets.iter().enumerate() {
        reader.turn_to(target);
        let alias = format!("{ALIAS}{at}");
        let rest = match body.pointer(&format!("/data/{alias}")) {
            Some(node) if node.is_object() => shown(reader, at, node),
            Some(node) if node.is_null() => error_of(&body, &alias).and_then(|error| refusal::of_error(reader, error)),
            _ => None,
        };
        if let Some(rest) = rest {
            reader.settle(&rest);
        }
    }
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
        super::tables::word_of(path, &text.to_ascii_lowercase()).map(Value::Word).map(Knowledge::Known)
    };
    let visibility = word("repository.visibility", text("visibility")?)?;
    let role = if reader.may_be_installation() && reader.kind().is_some() {
        Knowledge::unknown(Cause::NotRevealable, repository::NO_ROLE)
    } else {
        word("repository.permission", text("viewerPermission")?)?
    };
    let archived = IS_ARCHIVED.flag(node).is();
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
            writable: repository::taking(
                IS_DISABLED.flag(node),
                IS_MIRROR.flag(node),
                at("isDisabled"),
                at("isMirror"),
            ),
            visibility: (visibility, at("visibility")),
            default_branch: (default_branch(node), at("defaultBranchRef.name")),
            role: (role, at("viewerPermission")),
            owner: (owner, at("owner.__typename")),
        },
    );
    Some(malformed("the answer does not tell this"))
}

/// The default branch's name.
fn default_branch(node: &Json) -> Knowledge {
    match DEFAULT_REF.read(node, "an object", Json::as_object) {
        Held::Open(why) => Knowledge::Unknown(why),
        Held::Value(_) | Held::Nothing => DEFAULT_BRANCH.text(node).says(),
    }
}
