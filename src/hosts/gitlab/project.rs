//! Projects: one, the account's membership, many at once, and the list of them.

use serde_json::Value as Json;

use super::tables::{host, word_of};
use super::token::date;
use crate::facts::{Bounds, Cause, Incident, Knowledge, RepositoryName, Target, Unknown, Value};
use crate::hosts::branch;
use crate::hosts::column::{Column, Gap, Held, required};
use crate::hosts::reader::{Reader, malformed, strange_word, wrong_field};
use crate::vocabulary::{FieldPath, LevelTable, Place, Type, field};

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

const VISIBILITY: Column = required("visibility");
const ARCHIVED: Column = required("archived");
/// Old instances send neither, nor do those without mirrors send the second.
const REPOSITORY_LEVEL: Column = required("repository_access_level").missing(Gap::Nothing);
const MIRROR: Column = required("mirror").missing(Gap::Is(false));
/// GitLab tells it to those who may read the code.
const DEFAULT_BRANCH: Column = required("default_branch")
    .missing(Gap::Hidden(Cause::NotPermitted, "GitLab shows the default branch to those who may read the code"))
    .null(Gap::Hidden(Cause::NotRevealable, "the project has no default branch: its repository may be empty"));
const ROOT_REF: Column = required("repository.rootRef");
const PROTECTED: Column = required("protected");
const CAN_PUSH: Column = required("can_push");
const DEVELOPERS_MERGE: Column = required("developers_can_merge");
const PUSH_CODE: Column = required("userPermissions.pushCode");
const FULL_PATH: Column = required("fullPath");
const ID: Column = required("id");
/// Old answers lack it.
const PERMISSIONS: Column = required("permissions").empty(Gap::Nothing);
const PROJECT_ACCESS: Column = required("permissions.project_access").empty(Gap::Nothing);
const GROUP_ACCESS: Column = required("permissions.group_access").empty(Gap::Nothing);
/// The same ways in, where their being missing does not say that there is none.
const DIRECT: Column = required("permissions.project_access").null(Gap::Nothing);
const THROUGH_GROUP: Column = required("permissions.group_access").null(Gap::Nothing);
const ACCESS_LEVEL: Column = required("access_level");
/// Where the levels of the account's own ways in are told.
const OWN_LEVELS: Place =
    Place::Fields(&[field("permissions.project_access.access_level"), field("permissions.group_access.access_level")]);
/// Null is a membership that never ends.
const EXPIRES_AT: Column = required("expires_at").null(Gap::Nothing);
const STATE: Column = required("membership_state").missing(Gap::Nothing);
const MEMBER_ROLE: Column = required("member_role").empty(Gap::Nothing);

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

fn visibility(body: &Json) -> Knowledge {
    let strange = || strange_word("/visibility", &["private", "internal", "public"]);
    VISIBILITY.text(body).or_strange(|text| word_of("project.visibility", text), strange).known(Value::Word)
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
    reader.tell("project.visibility", visibility(body), field("visibility"));
    reader.tell("project.archived", ARCHIVED.flag(body).is(), field("archived"));
    reader.tell("repository.default_branch", DEFAULT_BRANCH.text(body).says(), field("default_branch"));
    let (writable, source) = writable(body);
    reader.tell_always("project.writable", writable, source);
    let own = own_level(body).map_or_else(Knowledge::Unknown, |level| {
        level.map_or(Knowledge::Absent, |level| Knowledge::Known(Value::Word(level)))
    });
    reader.tell("project.own_access_level", own, OWN_LEVELS);
    match shown(body) {
        Ok(None) => {}
        Ok(Some(level)) => {
            let why = "a project's answer does not show memberships of invited groups, nor custom roles";
            reader.tell("project.access_level", at_least(level, why), field("permissions"));
        }
        Err(why) => reader.tell("project.access_level", Knowledge::Unknown(why), field("permissions")),
    }
    malformed("the answer does not tell this")
}

/// Whether the project takes pushes at all, and where that is told.
fn writable(body: &Json) -> (Knowledge, Place) {
    let (level, mirror) = (field("repository_access_level"), field("mirror"));
    let known = |word: &&str| ["disabled", "private", "enabled", "public"].contains(word).then(|| *word != "disabled");
    let strange = || strange_word("/repository_access_level", &["disabled", "private", "enabled"]);
    match (REPOSITORY_LEVEL.text(body).or_strange(known, strange), MIRROR.flag(body)) {
        (Held::Value(false), _) => (Knowledge::Known(Value::Bool(false)), level.into()),
        (_, Held::Value(true)) => (Knowledge::Known(Value::Bool(false)), mirror.into()),
        (Held::Open(why), _) => (Knowledge::Unknown(why), level.into()),
        (_, Held::Open(why)) => (Knowledge::Unknown(why), mirror.into()),
        (Held::Value(true) | Held::Nothing, _) => (Knowledge::Known(Value::Bool(true)), Place::from(level).and(mirror)),
    }
}

/// The account's own level: of both ways in, each of which must be told.
fn own_level(body: &Json) -> Result<Option<&'static str>, Unknown> {
    for way in [DIRECT, THROUGH_GROUP] {
        if let Held::Open(why) = way.read(body, "an object", Json::as_object) {
            return Err(why);
        }
    }
    shown(body)
}

/// The larger of the direct membership and that through groups. Both null is no proof that there is none: the role of
/// an invited group shows in neither.
fn shown(body: &Json) -> Result<Option<&'static str>, Unknown> {
    let level_of = |way: &Column| match way.read(body, "an object", |way| way.is_object().then_some(way)) {
        Held::Value(way) => ACCESS_LEVEL.read(way, "a level that credcheck knows", level).value().map(Some),
        Held::Nothing => Ok(None),
        Held::Open(why) => Err(why),
    };
    let Held::Value(_) = PERMISSIONS.read(body, "an object", Json::as_object) else { return Ok(None) };
    let (direct, group) = (level_of(&PROJECT_ACCESS)?, level_of(&GROUP_ACCESS)?);
    Ok(match (direct, group) {
        (Some(direct), Some(group)) if table().is_some_and(|table| table.at_least(direct, group)) => Some(direct),
        (_, Some(group)) => Some(group),
        (direct, None) => direct,
    })
}

/// The account's membership of a project or group, answered: the row with the highest level of all its ways in.
/// `path` is the fact that tells the level, `ends` the one that tells when the membership ends.
pub(super) fn member(reader: &mut Reader<'_>, body: &Json, path: &str, ends: Option<&str>) -> Unknown {
    let id = ID.number(body).value().ok();
    if id.is_none() || id != super::requests::user_id(reader.question) {
        return malformed("the answer is about another account than the token's");
    }
    let level = match ACCESS_LEVEL.read(body, "a level that credcheck knows", level).value() {
        Ok(level) => level,
        Err(unknown) => return unknown,
    };
    let role = MEMBER_ROLE.read(body, "an object", Json::as_object);
    let knowledge = match (STATE.text(body), role) {
        (Held::Open(why), _) | (_, Held::Open(why)) => Knowledge::Unknown(why),
        (Held::Value(state), _) if state != "active" => {
            let bounds = Bounds::Level { least: Some("none"), most: Some(level) };
            Knowledge::Bounded(bounds, Unknown::new(Cause::NotRevealable, "the membership is not active yet"))
        }
        (_, Held::Nothing) => Knowledge::Known(Value::Word(level)),
        (_, Held::Value(_)) => at_least(level, "the account has a custom role, which adds permissions to this level"),
    };
    let shown = reader.known(path).map(|fact| &fact.knowledge);
    let is_told_higher = match shown {
        Some(Knowledge::Known(Value::Word(word))) => *word != "none",
        Some(Knowledge::Bounded(Bounds::Level { least, .. }, _)) => least.is_some_and(|least| least != "none"),
        _ => false,
    };
    if is_told_higher && !matches!(STATE.text(body), Held::Nothing | Held::Value("active")) {
        // The project's own answer shows a role as if it were given: it and this state cannot both be right.
        let bounds = Bounds::Level { least: Some("none"), most: Some("none") };
        let why = Unknown::new(Cause::NotRevealable, "the membership is not active yet");
        reader.tell(path, Knowledge::Bounded(bounds, why), field("membership_state"));
    } else {
        reader.tell(path, knowledge, field("access_level"));
    }
    if let Some(path) = ends {
        let end = match STATE.text(body) {
            // What is not active yet gives no role that could end.
            Held::Value(state) if state != "active" => {
                Knowledge::unknown(Cause::NotRevealable, "the membership is not active yet")
            }
            Held::Open(why) => Knowledge::Unknown(why),
            Held::Value(_) | Held::Nothing => {
                EXPIRES_AT.read(body, "a date", |value| date(value.as_str()?)).known(Value::Time)
            }
        };
        reader.tell(path, end, field("expires_at"));
    }
    malformed("the answer does not tell this")
}

/// Many projects at once. What the answer leaves out is asked for one by one: a path that is missing may be absent,
/// hidden, moved or archived.
pub(super) fn many(reader: &mut Reader<'_>, body: &Json) {
    let Some(nodes) = body.pointer("/data/projects/nodes").and_then(Json::as_array) else { return };
    for target in reader.question.targets {
        let Target::Repository(asked) = target else { continue };
        let named = |node| Some((node, FULL_PATH.text(node).value().ok()?));
        let mut own = nodes.iter().filter_map(named).filter(|(_, path)| path.eq_ignore_ascii_case(asked.as_str()));
        // One that stands there twice may be told differently: it is asked about by itself.
        let (Some((node, name)), None) = (own.next(), own.next()) else { continue };
        reader.turn_to(target);
        let name = name.to_owned();
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
        settled("project.visibility", visibility(node), source);
        let source = field("userPermissions.pushCode").within("data.projects.nodes");
        let number = node.pointer("/maxAccessLevel/integerValue").and_then(Json::as_i64);
        match (PUSH_CODE.flag(node), number) {
            (Held::Value(true), _) => settled("project.writable", Knowledge::Known(Value::Bool(true)), source),
            // Whoever may push by their role and cannot is kept from it by the project.
            (Held::Value(false), Some(30..)) => {
                settled("project.writable", Knowledge::Known(Value::Bool(false)), source);
            }
            (Held::Value(false), Some(_)) => {}
            // What tells that it is archived tells this, too: it is asked about by itself.
            _ => continue,
        }
        settled("project.archived", ARCHIVED.flag(node).is(), field("archived").within("data.projects.nodes"));
        let source = field("repository.rootRef").within("data.projects.nodes");
        settled("repository.default_branch", ROOT_REF.text(node).says(), source);
        if let Some(level) = node.pointer("/maxAccessLevel/integerValue").and_then(level) {
            let why = "this answer does not show custom roles, which add permissions to the level";
            let source = field("maxAccessLevel.integerValue").within("data.projects.nodes");
            settled("project.access_level", at_least(level, why), source);
        }
    }
}

/// The default branch, answered: `can_push` is the account's own right, whatever gives it.
pub(super) fn branch(reader: &mut Reader<'_>, body: &Json) -> Unknown {
    if !branch::is_default(reader.question, body) {
        return malformed("the answer is about another branch");
    }
    reader.tell("repository.default_branch_protected", PROTECTED.flag(body).is(), field("protected"));
    let (push, developers) = (CAN_PUSH.flag(body), DEVELOPERS_MERGE.flag(body));
    let told: [(&Held<bool>, &'static str); 2] = [(&push, "can_push"), (&developers, "developers_can_merge")];
    let lets = told.into_iter().find(|(held, _)| **held == Held::Value(true)).map(|(_, name)| name);
    let why = told.into_iter().find_map(|(held, _)| match held {
        Held::Open(why) => Some(why.clone()),
        Held::Value(_) | Held::Nothing => None,
    });
    match lets {
        Some(name) => reader.tell("repository.merge_default", Knowledge::Known(Value::Bool(true)), field(name)),
        None => {
            let why = why.unwrap_or_else(|| {
                let reason = "the default branch lets neither the account push nor developers merge, and GitLab shows whom \
                              its protection lets merge to maintainers alone";
                Unknown::new(Cause::NotRevealable, reason)
            });
            let source = Place::Fields(const { &[field("can_push"), field("developers_can_merge")] });
            reader.tell("repository.merge_default", Knowledge::Unknown(why), source);
        }
    }
    reader.tell("repository.push_default", push.is(), field("can_push"));
    malformed("the answer does not tell this")
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
