//! Answers that are not what was asked for: who refuses, why, and what that leaves open.

use serde_json::Value as Json;

use super::headers;
use super::tables::NAME;
use super::told::Told;
use crate::facts::{Cause, Incident, Knowledge, Target, Unknown, Value};
use crate::hosts::alike;
use crate::hosts::reader::{Reader, malformed};
use crate::hosts::words::shortened;
use crate::text::english;
use crate::vocabulary::headers::WWW_AUTHENTICATE;
use crate::vocabulary::status;

/// Reads an answer that is not 200.
pub(super) fn read(reader: &mut Reader<'_>, body: Option<&Json>) -> Unknown {
    let body = body.unwrap_or(&Json::Null);
    let told = Told::read(body);
    let not_reachable = |reason: &str| Unknown::new(Cause::NotReachable, reason);
    let rest = match reader.answer.status {
        401 => unauthorized(reader, &told),
        403 => forbidden(reader, &told, body),
        404 => not_found(reader, &told, body),
        400 => malformed(with_words("Bitbucket does not understand the request (400)", &told)),
        410 => gone(reader, &told),
        429 => not_reachable("Bitbucket's rate limit for this credential is used up (429)"),
        555 => not_reachable("Bitbucket gave up on its own answer after too long (555)"),
        status => alike::unanswered(reader.answer, NAME)
            .unwrap_or_else(|| malformed(format!("Bitbucket answers {status}, which this request does not expect"))),
    };
    if reader.question.row.listing.is_some() {
        reader.decoded.incomplete = Some(rest.clone());
    }
    rest
}

fn with_words(what: &str, told: &Told) -> String {
    match shortened(&told.message) {
        words if words.is_empty() => what.to_owned(),
        words => format!("{what}: {words}"),
    }
}

/// The credential is not taken. Bitbucket gives one text for an expired token, a wrong e-mail address, a token without
/// scopes and a token of another product: which of them it is stays open.
fn unauthorized(reader: &mut Reader<'_>, told: &Told) -> Unknown {
    let challenge = reader.answer.header(WWW_AUTHENTICATE).is_some_and(|text| text.contains("Bitbucket.org"));
    if challenge || !told.message.is_empty() {
        reader.tell("token.active", Knowledge::Known(Value::Bool(false)), status(401));
    }
    let words: Vec<&str> = reader.question.credential.kinds.iter().map(|kind| kind.word).collect();
    let help = match words.as_slice() {
        ["app_password"] => {
            "make an API token: Bitbucket has taken no app password since 28 July 2026".to_owned()
        }
        ["api_token"] => "check that the username is the Atlassian account's e-mail address, that the token is one for \
                          Bitbucket with scopes, and that it has not expired: Bitbucket does not say which it is"
            .to_owned(),
        words if words.iter().all(|word| word.ends_with("_access_token")) => {
            "make a new access token if this one was revoked; and check that it goes as Bearer: Bitbucket takes no access \
             token as Basic, which is what Atlantis sends"
                .to_owned()
        }
        _ => "get a new token: this one is mistyped, expired or revoked".to_owned(),
    };
    let reason = "is not accepted (401)".to_owned();
    let unknown = Unknown::new(Cause::NotPermitted, format!("the credential {reason}"));
    let evidence = vec![reader.evidence(status(401))];
    reader.decoded.incidents.push(Incident::Refused { reason, help, evidence });
    reader.decoded.ends = Some(unknown.clone());
    unknown
}

fn forbidden(reader: &mut Reader<'_>, told: &Told, body: &Json) -> Unknown {
    let denied = |reason: String| Unknown::new(Cause::NotPermitted, reason);
    if told.message.is_empty() && headers::credential_type(reader.answer).is_none() {
        // Nothing here is Bitbucket's: a proxy may have answered.
        return Unknown::new(Cause::NotReachable, "this address does not answer as Bitbucket's API does (403)");
    }
    let scopes_told = !told.required.is_empty();
    let about_user = matches!(reader.question.row.name, "user" | "user_emails");
    let is_access_token = headers::credential_type(reader.answer).is_some_and(|text| text.ends_with("_access_token"));
    let closed = told.says("not accessible by this authentication mechanism") || (about_user && is_access_token);
    if scopes_told || closed || headers::credential_type(reader.answer).is_some() {
        // Bitbucket knows the credential: only this request is closed to it.
        reader.tell("token.active", Knowledge::Known(Value::Bool(true)), status(403));
        headers::read(reader, body);
    }
    if scopes_told {
        let names = english::quoted_list(told.required.iter().map(|name| shortened(name)), "and");
        return denied(format!("the credential lacks a scope; the request takes {names}"));
    }
    if closed {
        return match about_user {
            true => headers::user_is_closed(),
            false => Unknown::new(Cause::NotRevealable, "Bitbucket refuses this request to access tokens"),
        };
    }
    // An access token is nobody's: no user's permission stands behind it.
    let why = match is_access_token {
        true => "the access token's permissions do not reach this request (403)",
        false => "the user's permission is too low for this request (403)",
    };
    match shortened(&told.message) {
        words if words.is_empty() => denied(why.to_owned()),
        words => denied(format!("{why}: {words}")),
    }
}

fn not_found(reader: &mut Reader<'_>, told: &Told, body: &Json) -> Unknown {
    // Some paths below a missing repository answer with a page for people, which proxies do, too.
    if told.message.is_empty() {
        return match reader.question.row.name {
            "repository_hooks" => {
                Unknown::new(Cause::NotPermitted, "Bitbucket shows no webhooks here: the repository may be missing")
            }
            "workspace_hooks" => {
                Unknown::new(Cause::NotPermitted, "Bitbucket shows no webhooks here: the workspace may be missing")
            }
            "branch_restrictions" => no_restrictions(),
            _ => Unknown::new(Cause::NotReachable, "this address does not answer as Bitbucket's API does (404)"),
        };
    }
    if headers::credential_type(reader.answer).is_some() {
        headers::read(reader, body);
    }
    match (reader.question.row.name, reader.target()) {
        // A missing workspace answers alike; either way there is no such repository for this credential.
        ("repository" | "repository_permission" | "repository_hooks", Target::Repository(_)) => invisible(reader),
        ("branch_restrictions", _) => no_restrictions(),
        ("workspace_permission" | "workspace_hooks" | "repositories", _) => {
            Unknown::new(Cause::NotPermitted, "Bitbucket shows no workspace of this name to this credential")
        }
        _ => Unknown::new(Cause::NotReachable, "this address does not answer as Bitbucket's API does (404)"),
    }
}

/// The repository was shown, so that it is the list that is hidden.
fn no_restrictions() -> Unknown {
    Unknown::new(Cause::NotPermitted, "Bitbucket shows no branch restrictions to this credential (404)")
}

/// The repository is missing or hidden: Bitbucket answers both alike.
fn invisible(reader: &mut Reader<'_>) -> Unknown {
    let Target::Repository(repository) = reader.target() else {
        return malformed("the answer is about no repository");
    };
    let mut reasons = vec![format!("`{repository}` does not exist, or its name is spelled differently")];
    if let Some(scopes) = headers::known_scopes(reader)
        && !["repository", "read:repository:bitbucket"].iter().any(|scope| scopes.grants(scope))
    {
        reasons.push("the credential has no scope to read repositories".to_owned());
    }
    reasons.push(match reader.kind().map(|kind| kind.word) {
        Some("repository_access_token") => "the token belongs to another repository".to_owned(),
        Some("project_access_token") => "the repository is not in the token's project".to_owned(),
        Some("workspace_access_token") => "the token belongs to another workspace".to_owned(),
        _ if reader.may_be_installation() => "the token belongs to another repository, project or workspace".to_owned(),
        _ => "its user has no permission on it".to_owned(),
    });
    let evidence = vec![reader.evidence(status(404))];
    reader.decoded.incidents.push(Incident::NotVisible { repository: repository.clone(), reasons, evidence });
    Unknown::new(Cause::NotPermitted, format!("`{repository}` is not visible to this credential"))
}

/// Bitbucket removed the request, or marked the account as spam.
fn gone(reader: &mut Reader<'_>, told: &Told) -> Unknown {
    let change = told.message.split([' ', ':']).next().filter(|word| {
        word.strip_prefix("CHANGE-")
            .is_some_and(|number| (1..=8).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit()))
    });
    match change {
        Some(change) => {
            let evidence = vec![reader.evidence(status(410))];
            let text =
                format!("Bitbucket has removed a request that this version makes ({change}); use a newer credcheck");
            reader.decoded.incidents.push(Incident::Note { text, evidence });
            Unknown::new(Cause::NotReachable, format!("Bitbucket has removed this request ({change})"))
        }
        None => Unknown::new(Cause::NotReachable, with_words("Bitbucket answers 410", told)),
    }
}
