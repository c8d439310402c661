//! A repository: its own answer, the account's right on it, its default branch, and whether it has pull requests.

use serde_json::Value as Json;

use super::reading::{Arrived, answered};
use super::server::Server;
use super::tables::{host, index, word_of};
use super::{refusal, requests};
use crate::facts::{Bounds, Cause, Incident, Knowledge, RepositoryName, Target, Unknown, Value};
use crate::hosts::column::{Column, Held, required};
use crate::hosts::reader::{Reader, malformed, wrong_field};
use crate::hosts::{Walk, branch};
use crate::vocabulary::{LevelTable, Place, Type, field, status};

/// Where the rights on the code are read.
const PERMISSIONS: Place =
    Place::Fields(&[field("permissions.admin"), field("permissions.push"), field("permissions.pull")]);

/// Where it is read who sees it.
const WHO_SEES_IT: Place = Place::Fields(&[field("private"), field("internal"), field("owner.visibility")]);

/// Without a text, the repository has none.
const DEFAULT_BRANCH: Column = required("default_branch");

/// Asks, and reads the answer.
pub(super) async fn one(walk: &mut Walk<'_>, read: fn(&mut Reader<'_>, &Json) -> Unknown) {
    let request = requests::request(&walk.question());
    let Ok(exchange) = walk.ask(request).await else { return };
    let arrived = Arrived::of(exchange);
    walk.turn().await;
    answered(walk, &arrived, read);
}

/// A repository, answered.
pub(super) fn repository(reader: &mut Reader<'_>, body: &Json) -> Unknown {
    let Target::Repository(asked) = reader.target() else { return malformed("the answer is about no repository") };
    let name = match reader.text(body, "/full_name") {
        Ok(name) => name,
        Err(unknown) => return unknown,
    };
    let Ok(name) = RepositoryName::parse(&name) else { return wrong_field("/full_name", "a repository's name") };
    if !name.as_str().eq_ignore_ascii_case(asked.as_str()) {
        let evidence = vec![reader.evidence(field("full_name"))];
        let renamed = Incident::Renamed { from: asked.clone(), to: name.to_string(), evidence };
        reader.decoded.incidents.push(renamed);
    }
    reader.tell("token.active", Knowledge::Known(Value::Bool(true)), Place::Status);
    reader.tell("repository.name", Knowledge::Known(Value::String(name.to_string())), field("full_name"));
    let code = code(body);
    if let Ok(code) = code {
        least_permission(reader, code);
    }
    let code = code.map_or_else(Knowledge::Unknown, |word| Knowledge::Known(Value::Word(word)));
    reader.tell("repository.code", code, PERMISSIONS);
    reader.tell("repository.archived", required("archived").flag(body).is(), field("archived"));
    let visibility = visibility(body).map_or_else(Knowledge::Unknown, |word| Knowledge::Known(Value::Word(word)));
    reader.tell("repository.visibility", visibility, WHO_SEES_IT);
    let branch = match DEFAULT_BRANCH.text_or_empty(body) {
        Held::Nothing => Knowledge::Unknown(branch::not_there()),
        held => held.says(),
    };
    reader.tell("repository.default_branch", branch, field("default_branch"));
    if required("has_pull_requests").flag(body) == Held::Value(false) {
        let none = Knowledge::Known(Value::Bool(false));
        reader.tell("repository.pull_requests", none, field("has_pull_requests"));
    }
    // One that is limited to what is public does not see what is private; a job's token has no such limit to tell of.
    let kinds = &reader.question.credential.kinds;
    let is_jobs = reader.kind().is_some_and(|kind| kind.word == "actions");
    let kind_open = reader.kind().is_none() && kinds.iter().any(|kind| kind.word == "actions") && !not_a_jobs(reader);
    let private = required("private").flag(body) == Held::Value(true);
    if private && !is_jobs && !kind_open && sees(body) {
        let unlimited = Knowledge::Known(Value::Bool(false));
        reader.tell("token.public_only", unlimited, field("private"));
    }
    malformed("the answer does not tell this")
}

/// Whether the kind, open as it is, is none of a job's.
fn not_a_jobs(reader: &Reader<'_>) -> bool {
    match reader.known("token.kind").map(|fact| &fact.knowledge) {
        Some(Knowledge::Bounded(Bounds::Candidates(words), _)) => !words.contains(&"actions"),
        _ => false,
    }
}

/// The rights that a repository's answer shows, from the highest on.
const RIGHTS: [&str; 3] = ["permissions.admin", "permissions.push", "permissions.pull"];

/// Whether the answer shows any right: a shell without any is shown to those who may not look.
fn sees(body: &Json) -> bool {
    RIGHTS.into_iter().any(|right| required(right).flag(body) == Held::Value(true))
}

/// What the account may with the code. A higher right without a lower one makes no sense.
fn code(body: &Json) -> Result<&'static str, Unknown> {
    let [admin, push, pull] = RIGHTS.map(|right| required(right).flag(body).value());
    let word = match (admin?, push?, pull?) {
        (true, true, true) => "admin",
        (false, true, true) => "write",
        (false, false, true) => "read",
        (false, false, false) => "none",
        _ => return Err(malformed("the answer gives a right without those that it takes")),
    };
    word_of("repository.code", word).ok_or_else(|| malformed("the answer gives a right that credcheck does not know"))
}

/// What the repository's answer shows is the least that the account may.
fn least_permission(reader: &mut Reader<'_>, code: &'static str) {
    let Some(least) = word_of("repository.permission", code) else { return };
    let why = Unknown::new(
        Cause::NotRevealable,
        "a repository's answer shows the right on its code, which others may exceed",
    );
    let known = reader.known("repository.permission").is_some_and(|fact| fact.knowledge.value().is_some());
    if !known {
        let bounds = Bounds::Level { least: Some(least), most: None };
        reader.tell("repository.permission", Knowledge::Bounded(bounds, why), PERMISSIONS);
    }
}

/// Who sees it. Public it is only where its owner is, too.
fn visibility(body: &Json) -> Result<&'static str, Unknown> {
    let flag = |name| required(name).flag(body).value();
    let word = match (flag("private")?, flag("internal")?) {
        (true, false) => "private",
        (false, true) => "internal",
        (true, true) => return Err(malformed("the answer says both that it is private and that it is not")),
        (false, false) => match body.pointer("/owner/visibility").and_then(Json::as_str) {
            Some("public") => "public",
            Some("limited" | "private") => "internal",
            _ => return Err(wrong_field("/owner/visibility", "`public`, `limited` or `private`")),
        },
    };
    word_of("repository.visibility", word)
        .ok_or_else(|| malformed("the answer gives a visibility that credcheck does not know"))
}

/// The levels of a permission.
fn levels() -> Option<&'static LevelTable> {
    match host().row(index("repository.permission")?).ty {
        Type::Level(table) => Some(table),
        _ => None,
    }
}

/// What is known of a level so far.
fn known_level(reader: &Reader<'_>, path: &str) -> Option<&'static str> {
    match reader.known(path)?.knowledge.value()? {
        Value::Word(word) => word_of("repository.permission", word),
        _ => None,
    }
}

/// The account's right on the repository: the higher of this answer and the repository's own. What each shows leaves out
/// what some teams give.
pub(super) async fn permission(walk: &mut Walk<'_>) {
    let request = requests::request(&walk.question());
    let Ok(exchange) = walk.ask(request).await else { return };
    let arrived = Arrived::of(exchange);
    walk.turn().await;
    let tells_own = Server::known(walk.question().so_far).is_none_or(|server| server.tells_own_right());
    if arrived.is(403) && arrived.told.is_not_ones_own() {
        walk.read(&arrived.exchange, |reader| without_route(reader, tells_own));
        return;
    }
    answered(walk, &arrived, |reader, body| match requests::username(reader.question) {
        Some(username) => told_right(reader, body, &username),
        None => malformed(ANOTHER),
    });
}

/// What is said of an answer about somebody else.
const ANOTHER: &str = "the answer is about another account than the credential's";

/// The right of an account, answered.
pub(super) fn told_right(reader: &mut Reader<'_>, body: &Json, username: &str) -> Unknown {
    let login = body.pointer("/user/login").and_then(Json::as_str);
    if login.is_none_or(|login| login.to_lowercase() != username.to_lowercase()) {
        return malformed(ANOTHER);
    }
    let text = match reader.text(body, "/permission") {
        Ok(text) => text,
        Err(unknown) => return unknown,
    };
    let Some(level) = word_of("repository.permission", &text) else {
        return malformed("the field `permission` of the answer is none that credcheck knows");
    };
    let (Some(table), Some(code)) = (levels(), known_level(reader, "repository.code")) else {
        return malformed("the repository's own answer does not show what the account may");
    };
    let highest = if table.at_least(level, code) { level } else { code };
    if highest == "none" {
        return Unknown::new(
            Cause::NotRevealable,
            "the repository is shown, so that the account has some right, and neither answer says which",
        );
    }
    reader.tell("repository.permission", Knowledge::Known(Value::Word(highest)), field("permission"));
    malformed("the answer does not tell this")
}

/// An old version tells an ordinary account nothing of itself: the repository's own answer is all there is.
fn without_route(reader: &mut Reader<'_>, tells_own: bool) -> Unknown {
    let reason = if tells_own {
        "the host tells this only to the account itself and to administrators"
    } else {
        "this version tells an ordinary account nothing of its own right, beside what the repository's answer shows"
    };
    let why = Unknown::new(Cause::NotPermitted, reason);
    if let Some(least) = known_level(reader, "repository.code").filter(|least| *least != "none") {
        let bounds = Bounds::Level { least: Some(least), most: None };
        reader.tell(
            "repository.permission",
            Knowledge::Bounded(bounds, why.clone()),
            status(403).and(field("message")),
        );
    }
    why
}

/// The default branch, answered.
pub(super) fn branch(reader: &mut Reader<'_>, body: &Json) -> Unknown {
    if !branch::is_default(reader.question, body) {
        return malformed("the answer is about another branch");
    }
    let protected = PROTECTED.flag(body);
    let [push, merge] = [&USER_CAN_PUSH, &USER_CAN_MERGE].map(|column| column.flag(body));
    let shows = CodeShown::by(&protected, &push, &merge);
    let open = match &protected {
        Held::Open(why) => Some(why.clone()),
        Held::Value(_) | Held::Nothing => shows.against(known_level(reader, "repository.code")).map(malformed),
    };
    if known_level(reader, "repository.code").is_some() {
        // Where the repository's own answer says otherwise, neither is believed.
        reader.tell("repository.code", shows.knowledge(), BRANCH_RIGHTS);
    }
    reader.tell("repository.default_branch_protected", protected.is(), field("protected"));
    for (path, right, source) in [
        ("repository.push_default", push, field("user_can_push")),
        ("repository.merge_default", merge, field("user_can_merge")),
    ] {
        reader.tell(path, open.clone().map_or_else(|| right.is(), Knowledge::Unknown), source);
    }
    malformed("the answer does not tell this")
}

const PROTECTED: Column = required("protected");
const USER_CAN_PUSH: Column = required("user_can_push");
const USER_CAN_MERGE: Column = required("user_can_merge");

/// Where a branch's answer shows what the account may with the code.
const BRANCH_RIGHTS: Place = Place::Fields(&[field("protected"), field("user_can_push"), field("user_can_merge")]);

/// What the default branch's answer shows of the account's right on the code: it is shown to those who read the code, and
/// without protection both its rights are the right to write it. Source: `services/convert/convert.go` of both products.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum CodeShown {
    Reads,
    ReadsOnly,
    Writes,
    /// Both rights are one, and are told differently.
    Nonsense,
}

impl CodeShown {
    const fn by(protected: &Held<bool>, push: &Held<bool>, merge: &Held<bool>) -> Self {
        match (protected, push, merge) {
            (Held::Value(false), Held::Value(true), Held::Value(true)) => Self::Writes,
            (Held::Value(false), Held::Value(false), Held::Value(false)) => Self::ReadsOnly,
            (Held::Value(false), Held::Value(_), Held::Value(_)) => Self::Nonsense,
            _ => Self::Reads,
        }
    }

    /// What is against it, beside what the repository's answer says.
    fn against(self, code: Option<&'static str>) -> Option<&'static str> {
        let has = |least| code.zip(levels()).map(|(code, table)| table.at_least(code, least));
        match self {
            Self::Nonsense => Some(
                "the default branch has no protection, and its answer tells pushing and merging apart all the same",
            ),
            Self::Reads if has("read") == Some(false) => Some(
                "the default branch is shown, and the repository's answer says that the account may not read the code",
            ),
            Self::Writes if has("write") == Some(false) => Some(
                "the default branch has no protection and lets the account in, which the repository's answer does not let \
                 write",
            ),
            Self::ReadsOnly if has("read") == Some(false) || has("write") == Some(true) => Some(
                "the default branch has no protection, and what it says of the account's rights is not what the \
                 repository's answer says",
            ),
            Self::Reads | Self::ReadsOnly | Self::Writes => None,
        }
    }

    fn knowledge(self) -> Knowledge {
        let (least, most) = match self {
            Self::Reads | Self::Nonsense => ("read", None),
            Self::ReadsOnly => ("read", Some("read")),
            Self::Writes => ("write", None),
        };
        let why = Unknown::new(Cause::NotRevealable, "a branch's answer shows no more of the right on the code");
        Knowledge::Bounded(Bounds::Level { least: Some(least), most }, why)
    }
}

/// Whether the account reads the repository's pull requests. The repository is shown: a 404 is about them alone.
pub(super) async fn pull_requests(walk: &mut Walk<'_>) {
    let request = requests::request(&walk.question());
    let Ok(exchange) = walk.ask(request).await else { return };
    let arrived = Arrived::of(exchange);
    walk.turn().await;
    walk.read(&arrived.exchange, |reader| {
        let reads = match (&arrived.found, reader.answer.status) {
            (Some(Json::Array(_)), _) => true,
            (Some(_), _) => return malformed("the answer is no list of pull requests"),
            (None, 200) => return refusal::unreadable(reader),
            (None, 404) if arrived.told.is_giteas() => false,
            (None, _) => return refusal::read(reader, &arrived.told),
        };
        reader.tell("repository.pull_requests", Knowledge::Known(Value::Bool(reads)), Place::Status);
        malformed("the answer does not tell this")
    });
}
