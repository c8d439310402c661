//! Projects: one, the account's membership, many at once, and the list of them.

use serde_json::Value as Json;

use super::tables::{host, word_of};
use crate::facts::{Bounds, Cause, Incident, Knowledge, RepositoryName, Target, Unknown, Value};
use crate::hosts::reader::{Reader, malformed, strange_word, wrong_field};
use crate::vocabulary::{FieldPath, LevelTable, Type, field};

/// Access levels by their numbers. They are names, not an order: 15 and 25 stand to the side.
const LEVELS: [(i64, &str); 9] = [
    (0, "none"),
    (5, "minimal"),
    (10, "guest"),
    (15, "planner"),
    (20, "reporter"),
    (25, "security_manager"),
    (30, "developer"),
    (40, "maintainer"),
    (50, "owner"),
];

fn table() -> Option<&'static LevelTable> {
    match host().fact("project.access_level").map(|index| host().row(index).ty)? {
        Type::Level(table) => Some(table),
        _ => None,
    }
}

/// The level of a number; `None` for numbers that no page names.
fn level(number: &Json) -> Option<&'static str> {
    let number = number.as_i64()?;
    LEVELS.iter().find(|(at, _)| *at == number).map(|(_, word)| *word)
}

/// At least this level; how much more is open.
fn at_least(level: &'static str, why: &str) -> Knowledge {
    let bounds = Bounds::Level { least: Some(level), most: None };
    Knowledge::Bounded(bounds, Unknown::new(Cause::NotRevealable, why))
}

/// A flag that may be null, which GitLab means as false.
fn flag(value: Option<&Json>, pointer: &str) -> Knowledge {
    match value {
        Some(Json::Bool(value)) => Knowledge::Known(Value::Bool(*value)),
        Some(Json::Null) => Knowledge::Known(Value::Bool(false)),
        _ => Knowledge::Unknown(wrong_field(pointer, "true or false")),
    }
}

fn visibility(value: Option<&Json>) -> Knowledge {
    match value.and_then(Json::as_str).map(|text| word_of("project.visibility", text)) {
        Some(Some(word)) => Knowledge::Known(Value::Word(word)),
        Some(None) => Knowledge::Unknown(strange_word("/visibility", &["private", "internal", "public"])),
        None => Knowledge::Unknown(wrong_field("/visibility", "a text")),
    }
}

/// The project, answered.
pub(super) fn project(reader: &mut Reader<'_>, body: &Json) -> Unknown {
    let Target::Repository(asked) = reader.target() else {
        return malformed("the answer is about no project");
    };
    let name = match reader.text(body, "/path_with_namespace").map(|name| RepositoryName::parse(&name)) {
        Ok(Ok(name)) => name,
        Ok(Err(_)) => return wrong_field("/path_with_namespace", "a project's path"),
        Err(unknown) => return unknown,
    };
    if !name.as_str().eq_ignore_ascii_case(asked.as_str()) {
        let evidence = vec![reader.evidence(field("path_with_namespace"))];
        let renamed = Incident::Renamed { from: asked.clone(), to: name.to_string(), evidence };
        reader.decoded.incidents.push(renamed);
    }
    reader.tell("repository.name", Knowledge::Known(Value::String(name.to_string())), field("path_with_namespace"));
    reader.tell("project.visibility", visibility(body.get("visibility")), field("visibility"));
    reader.tell("project.archived", flag(body.get("archived"), "/archived"), field("archived"));
    if let Some(level) = shown(body) {
        let why = "a project's answer does not show memberships of invited groups, nor custom roles";
        reader.tell("project.access_level", at_least(level, why), field("permissions"));
    }
    malformed("the answer does not tell this")
}

/// The larger of the direct membership and that through groups. Both null is no proof that there is none: the role of
/// an invited group shows in neither.
fn shown(body: &Json) -> Option<&'static str> {
    let level_of = |way: &str| body.pointer(&format!("/permissions/{way}/access_level")).and_then(level);
    let (direct, group) = (level_of("project_access"), level_of("group_access"));
    match (direct, group) {
        (Some(direct), Some(group)) if table()?.at_least(direct, group) => Some(direct),
        (_, Some(group)) => Some(group),
        (direct, None) => direct,
    }
}

/// The account's membership of a project or group, answered: the row with the highest level of all its ways in.
pub(super) fn member(reader: &mut Reader<'_>, body: &Json, path: &str) -> Unknown {
    let id = body.get("id").and_then(Json::as_i64);
    if id.is_none() || id != super::requests::user_id(reader.question) {
        return malformed("the answer is about another account than the token's");
    }
    let Some(level) = body.get("access_level").and_then(level) else {
        return wrong_field("/access_level", "a level that credcheck knows");
    };
    let knowledge = match (body.get("membership_state").and_then(Json::as_str), body.get("member_role")) {
        (Some(state), _) if state != "active" => {
            let bounds = Bounds::Level { least: Some("none"), most: Some(level) };
            Knowledge::Bounded(bounds, Unknown::new(Cause::NotRevealable, "the membership is not active yet"))
        }
        (_, None | Some(Json::Null)) => Knowledge::Known(Value::Word(level)),
        (_, Some(_)) => at_least(level, "the account has a custom role, which adds permissions to this level"),
    };
    reader.tell(path, knowledge, field("access_level"));
    malformed("the answer does not tell this")
}

/// Many projects at once. What the answer leaves out is asked for one by one: a path that is missing may be absent,
/// hidden, moved or archived.
pub(super) fn many(reader: &mut Reader<'_>, body: &Json) {
    let Some(nodes) = body.pointer("/data/projects/nodes").and_then(Json::as_array) else { return };
    for target in reader.question.targets {
        let Target::Repository(asked) = target else { continue };
        let is_it = |node: &&Json| {
            node.get("fullPath").and_then(Json::as_str).is_some_and(|path| path.eq_ignore_ascii_case(asked.as_str()))
        };
        let Some(node) = nodes.iter().find(is_it) else { continue };
        reader.turn_to(target);
        let name = node.get("fullPath").and_then(Json::as_str).unwrap_or_default().to_owned();
        let mut settled = |path: &str, knowledge: Knowledge, source: FieldPath| {
            if !matches!(knowledge, Knowledge::Unknown(_)) {
                reader.tell(path, knowledge, source);
            }
        };
        settled(
            "repository.name",
            Knowledge::Known(Value::String(name)),
            field("fullPath").within("data.projects.nodes"),
        );
        let source = field("visibility").within("data.projects.nodes");
        settled("project.visibility", visibility(node.get("visibility")), source);
        settled(
            "project.archived",
            flag(node.get("archived"), "/archived"),
            field("archived").within("data.projects.nodes"),
        );
        if let Some(level) = node.pointer("/maxAccessLevel/integerValue").and_then(level) {
            let why = "this answer does not show custom roles, which add permissions to the level";
            let source = field("maxAccessLevel.integerValue").within("data.projects.nodes");
            settled("project.access_level", at_least(level, why), source);
        }
    }
}

/// A page of projects.
pub(super) fn listing(reader: &mut Reader<'_>, body: &Json) -> Unknown {
    let Json::Array(items) = body else {
        let unknown = malformed("the answer is no list of projects");
        reader.decoded.incomplete = Some(unknown.clone());
        return unknown;
    };
    for item in items {
        let path = item.get("path_with_namespace").and_then(Json::as_str);
        match path.and_then(|path| RepositoryName::parse(path).ok()) {
            Some(name) => reader.decoded.listed.push(name),
            None => reader.decoded.incomplete = Some(malformed("the list holds something that is no project")),
        }
    }
    malformed("the answer does not tell this")
}
