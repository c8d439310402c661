//! `GET /repos/OWNER/NAME`, its webhooks, and the lists of repositories.

use serde_json::{Map, Value as Json};

use super::headers::{self, SingleSignOn};
use super::proofs;
use super::tables::host;
use crate::facts::{
    Bounds, Cause, Incident, Knowledge, PermissionMap, RecordValue, RepositoryName, Target, Unknown, Value,
};
use crate::hosts::reader::{Reader, enum_word, malformed, strange_word, wrong_field};
use crate::hosts::words::bare_url;
use crate::text::english;
use crate::vocabulary::github::headers::X_ACCEPTED_GITHUB_PERMISSIONS;
use crate::vocabulary::{FieldPath, Place, Remark, Type, field, status};

/// The flags of `permissions` with the role that each stands for, highest first.
const FLAGS: [(&str, &str); 5] =
    [("admin", "admin"), ("maintain", "maintain"), ("push", "write"), ("triage", "triage"), ("pull", "read")];

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
    pub(super) visibility: (Knowledge, FieldPath),
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
        role(body.get("permissions"), reader.may_be_installation())
    };
    tell(
        reader,
        Shown {
            name: (name, field("full_name")),
            archived: (reader.bool(body, "/archived"), field("archived")),
            visibility: (visibility, field("visibility")),
            role: (role, field("permissions")),
            owner: (body.pointer("/owner/type").and_then(Json::as_str), field("owner.type")),
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
    // Only what not everybody may read proves anything about the credential.
    let closed = matches!(&shown.visibility.0, Knowledge::Known(Value::Word("private" | "internal")));
    reader.tell("repository.visibility", shown.visibility.0, shown.visibility.1);
    reader.tell("repository.permission", shown.role.0, shown.role.1);
    if name.owner().eq_ignore_ascii_case(asked.owner()) {
        owner(reader, shown.owner, asked.owner(), closed);
    }
}

fn visibility(body: &Json) -> Knowledge {
    let Some(Type::Enum(table)) = host().fact("repository.visibility").map(|at| host().row(at).ty) else {
        return Knowledge::Unknown(wrong_field("/visibility", "in the table"));
    };
    let private = body.get("private").and_then(Json::as_bool);
    let known = |word| Knowledge::Known(Value::Word(word));
    match (body.get("visibility"), private) {
        (Some(Json::String(text)), private) => match (enum_word(table, text), private) {
            (Some("public"), Some(true)) | (Some("private" | "internal"), Some(false)) => {
                Knowledge::Unknown(malformed("the fields `visibility` and `private` of the answer disagree"))
            }
            (Some(word), _) => known(word),
            (None, _) => Knowledge::Unknown(strange_word("/visibility", &["public", "internal", "private"])),
        },
        // Servers before the field: `private` leaves open whether it is internal.
        (None, Some(false)) => known("public"),
        (None, Some(true)) => Knowledge::Bounded(
            Bounds::Candidates(vec!["internal", "private"]),
            Unknown::new(Cause::NotRevealable, "this server tells only that the repository is not public"),
        ),
        _ => Knowledge::Unknown(wrong_field("/visibility", "a text")),
    }
}

/// The user's role, from the flags.
fn role(permissions: Option<&Json>, may_be_installation: bool) -> Knowledge {
    let Some(Json::Object(flags)) = permissions else {
        return Knowledge::Unknown(malformed(
            "the answer names no permissions, as if the request had come without a credential",
        ));
    };
    let mut highest = None;
    for (flag, role) in FLAGS {
        match flags.get(flag) {
            Some(Json::Bool(true)) => highest = highest.or(Some(role)),
            // Whoever may do more may do this, too.
            Some(Json::Bool(false)) if highest.is_some() => {
                let reason = format!("the field `permissions` of the answer grants more than `{flag}` and denies that");
                return Knowledge::Unknown(malformed(reason));
            }
            Some(Json::Bool(false)) => {}
            None if matches!(flag, "maintain" | "triage") => {}
            _ => {
                return Knowledge::Unknown(wrong_field(
                    "/permissions",
                    "made of admin, maintain, push, triage and pull",
                ));
            }
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

/// The webhooks, answered.
pub(super) fn webhooks(reader: &mut Reader<'_>, body: &Json) -> Unknown {
    let Json::Array(items) = body else { return malformed("the answer is no list of webhooks") };
    let mut records = Vec::new();
    for item in items {
        let Json::Object(_) = item else { return malformed("the list holds something that is no webhook") };
        records.push(webhook(reader, item));
    }
    let knowledge = match crate::hosts::link::next(reader.answer) {
        Ok(None) => Knowledge::Known(Value::Records(records)),
        Ok(Some(_)) => {
            let why = Unknown::new(Cause::Incomplete, "the repository has more webhooks than one page holds");
            Knowledge::Bounded(Bounds::List(records), why)
        }
        Err(why) => Knowledge::Bounded(Bounds::List(records), why),
    };
    reader.tell("repository.webhooks", knowledge, Place::List);
    let private = reader
        .known("repository.visibility")
        .is_some_and(|fact| fact.knowledge.value() == Some(&Value::Word("private")));
    if private && let Some(taken) = headers::taken_permissions(reader.answer) {
        proven_permissions(reader, taken, proven_by_header());
    }
    malformed("the answer does not tell this")
}

fn webhook(reader: &Reader<'_>, item: &Json) -> RecordValue {
    let config = |name: &str| item.pointer("/config").and_then(|config| config.get(name));
    let known = |value| Knowledge::Known(Value::Bool(value));
    let url = config("url").and_then(Json::as_str).map(bare_url);
    let events = item
        .get("events")
        .and_then(Json::as_array)
        .and_then(|events| events.iter().map(|event| event.as_str().map(str::to_owned)).collect::<Option<_>>());
    let content_type = match config("content_type") {
        None => Some("form"),
        Some(Json::String(text)) => match text.as_str() {
            "json" => Some("json"),
            "form" => Some("form"),
            _ => None,
        },
        Some(_) => None,
    };
    // `"0"` and `"1"`, as texts or as numbers.
    let insecure = match config("insecure_ssl") {
        Some(Json::String(text)) if text == "0" || text == "1" => Some(text == "1"),
        Some(Json::Number(number)) if number.as_u64() == Some(0) || number.as_u64() == Some(1) => {
            Some(number.as_u64() == Some(1))
        }
        _ => None,
    };
    // Without any readable configuration, nothing in it is known, a missing secret included.
    let configured = url.is_some();
    let missing = |pointer: &str| Knowledge::Unknown(wrong_field(pointer, "what GitHub sends"));
    let secret = if configured {
        match config("secret") {
            None | Some(Json::Null) => known(false),
            Some(Json::String(text)) => known(!text.is_empty()),
            Some(_) => missing("/config/secret"),
        }
    } else {
        missing("/config/secret")
    };
    let last_status = match item.pointer("/last_response/code") {
        Some(Json::Null) => Knowledge::Absent,
        Some(Json::Number(code)) => {
            code.as_i64().map_or_else(|| missing("/last_response/code"), |code| Knowledge::Known(Value::Integer(code)))
        }
        _ => missing("/last_response/code"),
    };
    RecordValue::from([
        ("url", url.map_or_else(|| missing("/config/url"), |url| Knowledge::Known(Value::String(url)))),
        ("active", reader.bool(item, "/active")),
        ("events", events.map_or_else(|| missing("/events"), |events| Knowledge::Known(Value::Strings(events)))),
        (
            "content_type",
            content_type
                .filter(|_| configured)
                .map_or_else(|| missing("/config/content_type"), |word| Knowledge::Known(Value::Word(word))),
        ),
        ("secret_set", secret),
        ("insecure_ssl", insecure.map_or_else(|| missing("/config/insecure_ssl"), known)),
        ("last_status", last_status),
    ])
}

/// A page of repositories.
pub(super) fn listing(reader: &mut Reader<'_>, items: &Json) -> Unknown {
    let Json::Array(items) = items else {
        let unknown = malformed("the answer is no list of repositories");
        reader.decoded.incomplete = Some(unknown.clone());
        return unknown;
    };
    for item in items {
        let name = item.get("full_name").and_then(Json::as_str).and_then(full_name);
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
