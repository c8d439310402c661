//! `GET /repos/OWNER/NAME`, and the lists of repositories.

use serde_json::{Map, Value as Json};

use super::headers::{self, SingleSignOn};
use super::proofs;
use super::tables::word_of;
use crate::facts::{Bounds, Cause, Incident, Knowledge, PermissionMap, RepositoryName, Target, Unknown, Value};
use crate::hosts::column::{Column, Gap, Held, required};
use crate::hosts::reader::{Reader, malformed, strange_word, wrong_field};
use crate::text::english;
use crate::vocabulary::github::headers::X_ACCEPTED_GITHUB_PERMISSIONS;
use crate::vocabulary::{FieldPath, Place, Remark, field, status};

/// The flags of `permissions` with the role that each stands for, highest first. Servers before 2021 lack two.
const FLAGS: [(&str, &str, Column); 5] = [
    ("admin", "admin", required("permissions.admin")),
    ("maintain", "maintain", required("permissions.maintain").missing(Gap::Nothing)),
    ("push", "write", required("permissions.push")),
    ("triage", "triage", required("permissions.triage").missing(Gap::Nothing)),
    ("pull", "read", required("permissions.pull")),
];

const ARCHIVED: Column = required("archived");
/// Old servers do not send it, and disable no repository.
const DISABLED: Column = required("disabled").missing(Gap::Is(false));
const MIRROR_URL: Column = required("mirror_url").empty(Gap::Nothing);
const DEFAULT_BRANCH: Column = required("default_branch");
const PRIVATE: Column = required("private");
/// Old servers do not send it.
const VISIBILITY: Column = required("visibility").missing(Gap::Nothing);
const PERMISSIONS: Column = required("permissions");
const OWNER_TYPE: Column = required("owner.type");
const FULL_NAME: Column = required("full_name");

/// Why an installation has no role.
pub(super) const NO_ROLE: &str = "GitHub reports no role for an App installation token";

/// A name as GitHub gives it to repositories: an owner and a name of ASCII letters, digits, `-`, `_` and `.`.
pub(super) fn full_name(text: &str) -> Option<RepositoryName> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'/');
    let plain = text.bytes().all(allowed) && text.matches('/').count() == 1;
    RepositoryName::parse(text).ok().filter(|_| plain)
}

/// What an answer shows of a repository, each part with the place where it stands.
pub(super) struct Shown<'a> {
    pub(super) name: (RepositoryName, FieldPath),
    pub(super) archived: (Knowledge, FieldPath),
    /// Whether it takes pushes at all.
    pub(super) writable: (Knowledge, Place),
    pub(super) visibility: (Knowledge, FieldPath),
    pub(super) default_branch: (Knowledge, FieldPath),
    pub(super) role: (Knowledge, FieldPath),
    /// What the owner is: `User` or `Organization`.
    pub(super) owner: (Option<&'a str>, FieldPath),
}

/// The repository, answered.
pub(super) fn repository(reader: &mut Reader<'_>, body: &Json) -> Unknown {
    let name = match reader.text(body, "/full_name").map(|name| full_name(&name)) {
        Ok(Some(name)) => name,
        Ok(None) => return wrong_field("/full_name", "a repository's name"),
        Err(unknown) => return unknown,
    };
    let visibility = visibility(body);
    let private = is_private(&visibility);
    let role = if reader.may_be_installation() && reader.kind().is_some() {
        Knowledge::unknown(Cause::NotRevealable, NO_ROLE)
    } else {
        role(body, reader.may_be_installation())
    };
    tell(
        reader,
        Shown {
            name: (name, field("full_name")),
            archived: (ARCHIVED.flag(body).is(), field("archived")),
            writable: writable(body),
            // Servers before the field `visibility` tell by `private` alone.
            visibility: (visibility, field(if body.get("visibility").is_some() { "visibility" } else { "private" })),
            default_branch: (DEFAULT_BRANCH.text(body).says(), field("default_branch")),
            role: (role, field("permissions")),
            owner: (OWNER_TYPE.text(body).value().ok(), field("owner.type")),
        },
    );
    if private && let Some(taken) = headers::taken_permissions(reader.answer) {
        proven_permissions(reader, taken, proven_by_header());
    }
    malformed("the answer does not tell this")
}

pub(super) fn is_private(visibility: &Knowledge) -> bool {
    matches!(visibility, Knowledge::Known(Value::Word("private")))
}

/// Tells what an answer shows of the repository that the reader is at.
pub(super) fn tell(reader: &mut Reader<'_>, shown: Shown<'_>) {
    let Target::Repository(asked) = reader.target() else { return };
    let (name, source) = shown.name;
    if !name.as_str().eq_ignore_ascii_case(asked.as_str()) {
        let evidence = vec![reader.evidence(source)];
        let renamed = Incident::Renamed { from: asked.clone(), to: name.to_string(), evidence };
        reader.decoded.incidents.push(renamed);
    }
    reader.tell("repository.name", Knowledge::Known(Value::String(name.to_string())), source);
    reader.tell("repository.archived", shown.archived.0, shown.archived.1);
    reader.tell_always("repository.writable", shown.writable.0, shown.writable.1);
    // Only what not everybody may read proves anything about the credential.
    let closed = matches!(&shown.visibility.0, Knowledge::Known(Value::Word("private" | "internal")));
    reader.tell("repository.visibility", shown.visibility.0, shown.visibility.1);
    reader.tell("repository.permission", shown.role.0, shown.role.1);
    reader.tell("repository.default_branch", shown.default_branch.0, shown.default_branch.1);
    if name.owner().eq_ignore_ascii_case(asked.owner()) {
        owner(reader, shown.owner, asked.owner(), closed);
    }
}

/// Whether the repository takes pushes at all, and where that is told.
fn writable(body: &Json) -> (Knowledge, Place) {
    let mirror = match MIRROR_URL.text(body) {
        Held::Nothing => Held::Value(false),
        held => held.map(|_| true),
    };
    taking(DISABLED.flag(body), mirror, field("disabled"), field("mirror_url"))
}

/// A repository takes pushes where it is neither disabled nor a mirror.
pub(super) fn taking(
    disabled: Held<bool>,
    mirror: Held<bool>,
    source_disabled: FieldPath,
    source_mirror: FieldPath,
) -> (Knowledge, Place) {
    match (disabled, mirror) {
        (Held::Value(true), _) => (Knowledge::Known(Value::Bool(false)), source_disabled.into()),
        (_, Held::Value(true)) => (Knowledge::Known(Value::Bool(false)), source_mirror.into()),
        (Held::Value(false), Held::Value(false)) => {
            (Knowledge::Known(Value::Bool(true)), Place::from(source_disabled).and(source_mirror))
        }
        (Held::Value(_) | Held::Nothing, mirror) => (mirror.not().is(), source_mirror.into()),
        (disabled, _) => (disabled.not().is(), source_disabled.into()),
    }
}

fn visibility(body: &Json) -> Knowledge {
    let private = match PRIVATE.flag(body).value() {
        Ok(private) => private,
        Err(unknown) => return Knowledge::Unknown(unknown),
    };
    let word = VISIBILITY.text(body).or_strange(
        |text| word_of("repository.visibility", text),
        || strange_word("/visibility", &["public", "internal", "private"]),
    );
    match (word, private) {
        (Held::Value("public"), true) | (Held::Value("private" | "internal"), false) => {
            Knowledge::Unknown(malformed("the fields `visibility` and `private` of the answer disagree"))
        }
        (Held::Value(word), _) => Knowledge::Known(Value::Word(word)),
        // Servers before the field: `private` leaves open whether it is internal.
        (Held::Nothing, false) => Knowledge::Known(Value::Word("public")),
        (Held::Nothing, true) => Knowledge::Bounded(
            Bounds::Candidates(vec!["internal", "private"]),
            Unknown::new(Cause::NotRevealable, "this server tells only that the repository is not public"),
        ),
        (Held::Open(why), _) => Knowledge::Unknown(why),
    }
}

/// The user's role, from the flags.
fn role(body: &Json, may_be_installation: bool) -> Knowledge {
    let Held::Value(flags) = PERMISSIONS.read(body, "an object", Json::as_object) else {
        return Knowledge::Unknown(malformed(
            "the answer names no permissions, as if the request had come without a credential",
        ));
    };
    let mut highest = None;
    for (flag, role, column) in &FLAGS {
        match column.flag(body) {
            Held::Value(true) => highest = highest.or(Some(*role)),
            // Whoever may do more may do this, too.
            Held::Value(false) if highest.is_some() => {
                let reason = format!("the field `permissions` of the answer grants more than `{flag}` and denies that");
                return Knowledge::Unknown(malformed(reason));
            }
            Held::Value(false) | Held::Nothing => {}
            Held::Open(why) => return Knowledge::Unknown(why),
        }
    }
    match highest {
        None if may_be_installation => Knowledge::unknown(Cause::NotRevealable, NO_ROLE),
        // Whoever sees a repository can pull it: all false is what installation tokens get.
        None => Knowledge::Unknown(malformed("the answer shows the repository and yet denies every role on it")),
        Some(role) => between(role, flags),
    }
}

/// Servers before 2021 leave out `maintain` and `triage`: the roles between cannot be told apart then.
fn between(role: &'static str, flags: &Map<String, Json>) -> Knowledge {
    let above = match role {
        "write" if !flags.contains_key("maintain") => "maintain",
        "read" if !flags.contains_key("triage") => "triage",
        _ => return Knowledge::Known(Value::Word(role)),
    };
    Knowledge::Bounded(
        Bounds::Level { least: Some(role), most: Some(above) },
        Unknown::new(Cause::NotRevealable, format!("this server does not tell `{role}` and `{above}` apart")),
    )
}

/// What the repository's answer says of its owner.
fn owner(reader: &mut Reader<'_>, (kind, source): (Option<&str>, FieldPath), owner: &str, closed: bool) {
    match kind {
        Some("Organization") if closed && !reader.may_be_installation() => {
            let source = status(200).remarked(Remark::Which("for a repository that is not public"));
            reader.tell("organization.sso_authorized", Knowledge::Known(Value::Bool(true)), source);
        }
        Some("User") => {
            for path in ["organization.role", "organization.sso_authorized", "organization.two_factor_required"] {
                let reason = format!("`{owner}` is a user's account, not an organisation");
                reader.tell(path, Knowledge::Inapplicable(reason), source);
            }
        }
        _ => {}
    }
}

/// What this answer took proves that the token has it, where the repository is known to be private.
pub(super) fn proven_by_answer(reader: &mut Reader<'_>) {
    let visibility = reader.known("repository.visibility");
    if visibility.is_some_and(|fact| is_private(&fact.knowledge))
        && let Some(taken) = headers::taken_permissions(reader.answer)
    {
        proven_permissions(reader, taken, proven_by_header());
    }
}

/// Where a REST answer says what it took.
fn proven_by_header() -> Place {
    Place::from(X_ACCEPTED_GITHUB_PERMISSIONS).remarked(Remark::Which("of an answer about a private repository"))
}

/// An answer about a private repository that took certain permissions proves that the token has them.
pub(super) fn proven_permissions(reader: &mut Reader<'_>, taken: PermissionMap, source: impl Into<Place>) {
    if !reader.kind_is(&["fine_grained", "app_installation", "actions"]) {
        return;
    }
    proofs::tell(reader, taken, PermissionMap::new(), source, None);
}

/// A page of repositories.
pub(super) fn listing(reader: &mut Reader<'_>, items: &Json) -> Unknown {
    let Json::Array(items) = items else {
        let unknown = malformed("the answer is no list of repositories");
        reader.decoded.incomplete = Some(unknown.clone());
        return unknown;
    };
    for item in items {
        let name = FULL_NAME.text(item).value().ok().and_then(full_name);
        match name {
            Some(name) => reader.decoded.listed.push(name),
            None => reader.decoded.incomplete = Some(malformed("the list holds something that is no repository")),
        }
    }
    if let Some(SingleSignOn::Partial(organizations)) = headers::single_sign_on(reader.answer) {
        let hidden = english::count(organizations, "organisation", "organisations");
        let reason = format!("single sign-on hides the repositories of {hidden} from this token");
        reader.decoded.incomplete = Some(Unknown::new(Cause::Incomplete, reason));
    }
    let scopes = headers::scopes(reader.answer).filter(|_| reader.kind_is(&["classic", "oauth_app"]));
    if scopes.is_some_and(|scopes| !scopes.iter().any(|scope| scope == "repo")) {
        let reason = "without the scope `repo`, the token lists no private repository";
        reader.decoded.incomplete = Some(Unknown::new(Cause::Incomplete, reason));
    }
    malformed("the answer does not tell this")
}
