//! Answers that are not what was asked for: who refuses, why, and what that leaves open.

use super::tables::{NAME, host};
use super::token::{fine_grained, possible};
use super::told::Told;
use crate::facts::{Bounds, Cause, Fact, Incident, Knowledge, Refusal, Target, Unknown, Value};
use crate::hosts::reader::{Reader, malformed};
use crate::hosts::{alike, branch};
use crate::text::english;
use crate::vocabulary::headers::RETRY_AFTER;
use crate::vocabulary::{Origin, Place, Remark, Subject, Told as Tells, field, status};

/// What a plain 401 means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Nothing by itself: some routes answer so for want of a permission.
    Open,
    /// The credential is refused: no other way of asking was left.
    Final,
}

/// Reads a refusal, and says why everything that was asked stays unknown.
pub(super) fn read(reader: &mut Reader<'_>, told: &Told, verdict: Verdict) -> Unknown {
    let rest = match reader.answer.status {
        401 => unauthorized(reader, told, verdict),
        403 => forbidden(reader, told),
        404 => not_found(reader, told),
        400 if told.wants_personal_token() => {
            Unknown::new(Cause::NotRevealable, "GitLab tells this to personal access tokens only")
        }
        status => alike::unanswered(reader.answer, NAME).unwrap_or_else(|| match told.words() {
            words if words.is_empty() => {
                malformed(format!("GitLab answers {status}, which this request does not expect"))
            }
            words => malformed(format!("GitLab answers {status}, which this request does not expect: {words}")),
        }),
    };
    if reader.question.row.listing.is_some() {
        reader.decoded.incomplete = Some(rest.clone());
    }
    if reader.question.row.name == "user" {
        keep_candidates(reader, &rest);
    }
    if reader.question.row.name == "token_self" && matches!(reader.answer.status, 401 | 403) {
        tell_the_rest(reader, &rest);
    }
    rest
}

/// The kind stays as open as it was, now for the reason that its account is not shown.
fn keep_candidates(reader: &mut Reader<'_>, why: &Unknown) {
    if let Some(Knowledge::Bounded(Bounds::Candidates(words), _)) =
        reader.known("token.kind").map(|fact| &fact.knowledge)
    {
        let knowledge = Knowledge::Bounded(Bounds::Candidates(words.clone()), why.clone());
        reader.tell("token.kind", knowledge, Place::Status);
    }
}

/// What the refused request alone would have told is unknown for the same reason, although nobody asked for it yet.
fn tell_the_rest(reader: &mut Reader<'_>, why: &Unknown) {
    let host = host();
    let evidence = vec![reader.evidence(Place::Status)];
    for row in host.facts {
        let Origin::Asked(reveals) = &row.origin else { continue };
        let Some(index) = host.fact(row.path).filter(|_| row.path != "token.kind") else { continue };
        let here = reveals
            .iter()
            .any(|reveal| matches!(reveal.by, Tells::Request { request, .. } if request == reader.question.row.name));
        let told = reader.decoded.facts.iter().any(|(_, have, _)| *have == index);
        if here && !told && reader.known(row.path).is_none() {
            let fact = Fact { knowledge: Knowledge::Unknown(why.clone()), evidence: evidence.clone() };
            reader.decoded.facts.push((Target::Credential, index, fact));
        }
    }
}

/// The credential is refused: nothing more is asked with it.
fn refused(reader: &mut Reader<'_>, reason: &str, help: &str, source: Place) -> Unknown {
    let unknown = Unknown::new(Cause::NotPermitted, format!("the credential {reason}"));
    let evidence = vec![reader.evidence(source)];
    let incident = Incident::Refused { reason: reason.to_owned(), help: help.to_owned(), evidence };
    reader.decoded.incidents.push(incident);
    reader.decoded.ends = Some(unknown.clone());
    unknown
}

fn unauthorized(reader: &mut Reader<'_>, told: &Told, verdict: Verdict) -> Unknown {
    let source = || status(401).and(field("error"));
    let inactive = |reader: &mut Reader<'_>| {
        reader.tell("token.active", Knowledge::Known(Value::Bool(false)), source());
    };
    match told.error.as_str() {
        "invalid_token" => {
            inactive(reader);
            let description = told.description.as_str();
            let (reason, help) = if description.contains("expired") {
                ("has expired (401 invalid_token)", "make a new token: this one is past its end")
            } else if description.contains("impersonation") {
                (
                    "is an impersonation token, and impersonation is switched off (401 invalid_token)",
                    "make the token with the account itself, or have an administrator allow impersonation",
                )
            } else if description.contains("revoked") {
                ("has been revoked (401 invalid_token)", "make a new token: somebody revoked this one")
            } else {
                ("is not accepted (401 invalid_token)", "make a new token: this one is mistyped, expired or revoked")
            };
            refused(reader, reason, help, source())
        }
        "dpop_error" | "restricted_language_server_client_error" => {
            let why = if told.error == "dpop_error" {
                "the account demands a signed proof (DPoP) with every request, which credcheck does not make"
            } else {
                "the instance takes requests of certain clients only"
            };
            let unknown = Unknown::new(Cause::NotPermitted, why);
            reader.decoded.ends = Some(unknown.clone());
            unknown
        }
        _ if verdict == Verdict::Final => {
            inactive(reader);
            let is_job = reader.kind_is(&["job"]);
            let help = if is_job {
                "a job's token ends with its job: check while the job runs"
            } else if reader.kind().is_some() || reader.question.credential.kinds.iter().all(|kind| kind.word != "job")
            {
                "make a new token: this one is mistyped, expired or revoked"
            } else {
                "check the token: it is mistyped, expired or revoked, or a deploy token, which GitLab's API does not take"
            };
            refused(reader, "is not accepted (401)", help, status(401).and(field("message")))
        }
        _ => Unknown::new(Cause::NotPermitted, "GitLab does not let this credential make the request (401)"),
    }
}

/// What GitLab says when it is the account that is refused, and the state that it shows.
const ACCOUNTS: [(&str, &str, Option<&str>); 7] = [
    ("account has been blocked", "is refused because its account is blocked (403)", Some("blocked")),
    ("account has been deactivated", "is refused because its account is deactivated (403)", Some("deactivated")),
    (
        "pending approval",
        "is refused because its account waits for an administrator's approval (403)",
        Some("blocked_pending_approval"),
    ),
    ("must accept the Terms of Service", "is refused until its account accepts the terms of service (403)", None),
    ("primary email address is not confirmed", "is refused because its account's e-mail is not confirmed (403)", None),
    ("password expired", "is refused because its account's password has expired (403)", None),
    ("cannot be performed by internal users", "is refused because its account is one of GitLab's own (403)", None),
];

fn forbidden(reader: &mut Reader<'_>, told: &Told) -> Unknown {
    let denied = |reason: String| Unknown::new(Cause::NotPermitted, reason);
    let alive = |reader: &mut Reader<'_>, source: Place| {
        reader.tell("token.active", Knowledge::Known(Value::Bool(true)), source);
    };
    if told.error == "insufficient_scope" {
        alive(reader, status(403).and(field("error")));
        // The list is what the route takes; of the token it says only that it has none of them.
        let taken = english::quoted_list(&told.scopes, "or");
        return denied(if told.scopes.is_empty() {
            "the token's scopes do not allow it".to_owned()
        } else {
            format!("the token's scopes do not allow it: GitLab takes {taken} here")
        });
    }
    if told.error == "insufficient_granular_scope" {
        alive(reader, status(403).and(field("error")));
        return granular(reader, told);
    }
    if reader.answer.header(RETRY_AFTER).is_some() {
        return Unknown::new(Cause::NotReachable, "GitLab's rate limit holds this request back");
    }
    if let Some((_, reason, state)) = ACCOUNTS.iter().find(|(words, ..)| told.says(words)) {
        if let Some(state) = state {
            reader.tell("user.state", Knowledge::Known(Value::Word(state)), status(403).and(field("message")));
        }
        let help = "sign in as the account, or ask an administrator, and settle what GitLab asks for";
        return refused(reader, reason, help, status(403).and(field("message")));
    }
    if reader.question.row.name == "project_hooks" {
        return denied("GitLab shows webhooks to maintainers of the project only".to_owned());
    }
    if reader.question.row.name == "group_hooks" {
        return denied("GitLab shows a group's webhooks to its owners only, and only with Premium".to_owned());
    }
    match told.words() {
        words if words.is_empty() || words == "Forbidden" => denied("GitLab refuses the request (403)".to_owned()),
        words => denied(format!("GitLab refuses the request (403): {words}")),
    }
}

/// The three sentences of a refusal that is about fine-grained permissions; each is matched whole.
#[derive(Debug, PartialEq, Eq)]
enum Granular<'a> {
    /// These permissions are missing: `Project: Read`.
    Missing(Vec<&'a str>),
    /// No fine-grained token can make the request.
    Unsupported,
    /// Fine-grained tokens are switched off.
    Off,
    /// Another sentence.
    Other,
}

fn sentence(text: &str) -> Granular<'_> {
    let parsed = || {
        let rest = text.strip_prefix("Access denied: ")?;
        if rest.starts_with("Fine-grained ") && rest.ends_with(" are not yet supported.") {
            return Some(Granular::Off);
        }
        if rest.starts_with("This operation doesn't support fine-grained ") && rest.ends_with("s.") {
            return Some(Granular::Unsupported);
        }
        let rest = rest.strip_prefix("This operation requires a fine-grained ")?;
        let (_, rest) = rest.split_once(" with the following ")?;
        let (_, rest) = rest.split_once(" permissions: [")?;
        let list = rest.strip_suffix("].")?;
        Some(Granular::Missing(list.split(',').map(str::trim).filter(|name| !name.is_empty()).collect()))
    };
    parsed().unwrap_or(Granular::Other)
}

/// A fine-grained permission is missing. On the routes about the token and its user it proves the kind; elsewhere a group
/// may demand fine-grained tokens of everybody.
fn granular(reader: &mut Reader<'_>, told: &Told) -> Unknown {
    let own = matches!(reader.question.row.name, "token_self" | "user");
    if own {
        fine_grained(reader, status(403).and(field("error")));
    }
    let has_scopes = possible(reader).iter().all(|kind| kind.word != "fine_grained");
    if !own && has_scopes {
        let (by, repository) = match reader.target() {
            Target::Repository(name) => (top_of(name.owner()), Some(name.clone())),
            Target::Organization(name) => (top_of(name), None),
            Target::Credential => ("GitLab", None),
        };
        let incident = Incident::NotAccepted {
            refusal: Refusal::KindForbidden,
            by: by.to_owned(),
            repository,
            message: told.words(),
            link: None,
            evidence: vec![reader.evidence(status(403).and(field("error")))],
        };
        reader.decoded.incidents.push(incident);
        return Unknown::new(Cause::NotPermitted, format!("the group `{by}` takes fine-grained tokens only"));
    }
    match sentence(&told.description) {
        Granular::Missing(names) if !names.is_empty() => {
            let names = english::quoted_list(&names, "and");
            Unknown::new(Cause::NotPermitted, format!("the fine-grained token lacks {names}"))
        }
        Granular::Unsupported => {
            Unknown::new(Cause::NotRevealable, "GitLab lets no fine-grained token make this request")
        }
        Granular::Off => Unknown::new(Cause::NotPermitted, "fine-grained tokens are switched off on this instance"),
        Granular::Missing(_) | Granular::Other => {
            Unknown::new(Cause::NotPermitted, "a fine-grained permission is missing")
        }
    }
}

/// The first part of a group's path.
fn top_of(path: &str) -> &str {
    path.split('/').next().unwrap_or(path)
}

/// Nothing of GitLab's answers at the address; no answer of a Gitea names what it is.
const NOT_HERE: &str = "no GitLab API here (404): check the address, and the kind of host; if this is a Gitea or Forgejo, \
                        write `host = \"gitea\"`";

fn not_found(reader: &mut Reader<'_>, told: &Told) -> Unknown {
    // GitLab's own answer about a thing has a message; that of a route it does not know has not, nor has a proxy's page.
    if !told.message.starts_with("404") {
        if reader.question.row.subject == Subject::Credential && reader.known("token.active").is_none() {
            let unknown = Unknown::new(Cause::NotReachable, NOT_HERE);
            reader.decoded.ends = Some(unknown.clone());
            return unknown;
        }
        let reason = match reader.question.row.name {
            "group_hooks" => {
                "this GitLab does not know the request (404): only one with Premium has webhooks of groups"
            }
            _ => {
                "this address does not answer as GitLab's API does (404): something on the way may rewrite `%2F` in paths"
            }
        };
        return Unknown::new(Cause::NotReachable, reason);
    }
    let whose = match reader.question.row.name {
        "project_member" => Some("project.access_level"),
        "group_member" => Some("group.access_level"),
        _ => None,
    };
    match (told.message.as_str(), whose) {
        ("404 Project Not Found", _) => invisible(reader),
        ("404 Branch Not Found", _) => branch::not_there(),
        ("404 Group Not Found", _) => {
            // A group inside of another is no person's.
            let below = reader.organization().is_some_and(|group| group.contains('/'));
            let person = if below { "" } else { ": the owner may be a person, who has none" };
            let reason = format!("GitLab shows no group of this name to this credential{person}");
            Unknown::new(Cause::NotPermitted, reason)
        }
        // The project or group is there: it is the member that is not.
        (_, Some(path)) => {
            let source = || status(404).and(field("message")).remarked(Remark::Says("no member"));
            reader.tell(path, Knowledge::Absent, source());
            if path == "project.access_level" {
                let none = Knowledge::Inapplicable("the account is no member of the project".to_owned());
                reader.tell("project.membership_expires_at", none, source());
            }
            malformed("the answer does not tell this")
        }
        _ if reader.question.row.name == "project" => invisible(reader),
        _ => Unknown::new(Cause::NotReachable, "GitLab does not know this request (404): the instance may be old"),
    }
}

/// The project is missing or hidden: GitLab answers both alike.
fn invisible(reader: &mut Reader<'_>) -> Unknown {
    let Target::Repository(repository) = reader.target() else {
        return malformed("the answer is about no project");
    };
    let mut reasons = vec![format!("`{repository}` does not exist, or its path is spelled differently")];
    reasons.push(
        match reader.kind().map(|kind| kind.word) {
            Some("project") => "a project's token sees that project only, and public ones",
            Some("group") => "a group's token sees what is in that group only, and what is public",
            Some("fine_grained") => "the token was not given a permission on it, or its account is no member",
            _ => "its account is no member of it",
        }
        .to_owned(),
    );
    let evidence = vec![reader.evidence(status(404).and(field("message")))];
    reader.decoded.incidents.push(Incident::NotVisible { repository: repository.clone(), reasons, evidence });
    Unknown::new(Cause::NotPermitted, format!("`{repository}` is not visible to this credential"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_matched_whole() {
        let missing = "Access denied: This operation requires a fine-grained personal access token with the following \
                       user permissions: [User: Read, Personal Access Token: Read].";
        assert_eq!(sentence(missing), Granular::Missing(vec!["User: Read", "Personal Access Token: Read"]));
        let none = "Access denied: This operation doesn't support fine-grained personal access tokens.";
        assert_eq!(sentence(none), Granular::Unsupported);
        let off = "Access denied: Fine-grained personal access tokens are not yet supported.";
        assert_eq!(sentence(off), Granular::Off);
        let cut = missing.trim_end_matches('.');
        for other in ["", missing.trim_start_matches('A'), cut, "Fine-grained x are not yet supported."] {
            assert_eq!(sentence(other), Granular::Other, "{other}");
        }
    }
}
