//! Answers that are not what was asked for: who refuses, why, and what that leaves open.

use super::headers;
use crate::facts::{Answer, Cause, Incident, Knowledge, Unknown, Value};
use crate::hosts::alike;
use crate::hosts::reader::malformed;
use crate::hosts::words::shortened;
use crate::hosts::{Seen, Walk};
use crate::vocabulary::bitbucket_server::headers::{X_AREQUESTID, X_AUSERNAME};
use crate::vocabulary::{Place, Remark, status};

/// The host's own words in an error's body, shortened; `None` where the body is none of Bitbucket's.
fn words(answer: &Answer) -> Option<String> {
    let body = alike::json(answer).ok()?;
    let errors = body.get("errors")?.as_array()?;
    let messages = errors.iter().filter_map(|error| error.get("message")?.as_str());
    Some(shortened(&messages.collect::<Vec<_>>().join("; ")))
}

/// A reason, with the host's own words behind it.
fn with_words(reason: String, answer: &Answer) -> String {
    match words(answer).filter(|words| !words.trim().is_empty()) {
        Some(words) => format!("{reason}: {words}"),
        None => reason,
    }
}

/// An answer that is no JSON: single sign-on or a proxy stands in front.
pub(super) fn foreign() -> Unknown {
    Unknown::new(Cause::NotReachable, "a proxy or a sign-on page answered instead of Bitbucket")
}

/// A 200 without the caller's name: what anybody gets.
pub(super) fn to_nobody() -> Unknown {
    Unknown::new(Cause::NotPermitted, "the answer names no user: Bitbucket answered as it answers anybody")
}

/// 401 for a caller that Bitbucket knows: the permission is missing, the credential is good.
pub(super) fn denied(answer: &Answer, name: &str) -> Unknown {
    let reason = format!("Bitbucket knows `{name}` and refuses this (401), so a permission is missing");
    Unknown::new(Cause::NotPermitted, with_words(reason, answer))
}

/// Reads an answer that is neither 200 nor one to a known caller.
pub(super) fn read(walk: &mut Walk<'_>, seen: &Seen, answer: &Answer) -> Unknown {
    match answer.status {
        401 => unauthorized(walk, seen, answer),
        403 => Unknown::new(Cause::NotPermitted, with_words("Bitbucket refuses the request (403)".to_owned(), answer)),
        404 if words(answer).is_some() => {
            Unknown::new(Cause::NotPermitted, "Bitbucket shows nothing of that name to this credential (404)")
        }
        404 => Unknown::new(Cause::NotReachable, "this address does not answer as Bitbucket's API does (404)"),
        429 => Unknown::new(Cause::NotReachable, "Bitbucket's rate limit holds this request back (429)"),
        status @ 300..=399 => {
            Unknown::new(Cause::NotReachable, format!("a redirect ({status}) to a sign-on page answered"))
        }
        status @ 500..=599 => {
            let request = answer.header(X_AREQUESTID).filter(|id| id.len() <= 64).unwrap_or_default();
            let request = if request.is_empty() { request } else { format!(", request `{request}`") };
            Unknown::new(Cause::NotReachable, format!("Bitbucket answers with a server error ({status}{request})"))
        }
        status => alike::unanswered(answer, "Bitbucket").unwrap_or_else(|| {
            malformed(with_words(format!("Bitbucket answers {status}, which this request does not expect"), answer))
        }),
    }
}

/// 401 without a name: the credential itself is refused.
fn unauthorized(walk: &mut Walk<'_>, seen: &Seen, answer: &Answer) -> Unknown {
    let (reason, help) = match words(answer) {
        Some(words) if words.to_ascii_uppercase().contains("CAPTCHA") => (
            "is locked out: Bitbucket asks for a captcha after failed logins (401)".to_owned(),
            "sign in to Bitbucket once in a browser, solve the captcha, then try again".to_owned(),
        ),
        Some(_) => {
            walk.tell(
                "token.active",
                Knowledge::Known(Value::Bool(false)),
                vec![seen.evidence(status(401).remarked(Remark::Without(X_AUSERNAME)))],
            );
            (
                "is not accepted (401)".to_owned(),
                "make a new one: this one is mistyped, expired or revoked, or of another Bitbucket".to_owned(),
            )
        }
        None => (
            "is not accepted (401, and not in Bitbucket's words)".to_owned(),
            "check that nothing between here and Bitbucket asks for a login of its own, or strips the Authorization \
             header"
                .to_owned(),
        ),
    };
    refused(walk, seen, reason, help, status(401).remarked(Remark::Without(X_AUSERNAME)))
}

/// The credential is refused: nothing more is asked.
pub(super) fn refused(walk: &mut Walk<'_>, seen: &Seen, reason: String, help: String, source: Place) -> Unknown {
    let unknown = Unknown::new(Cause::NotPermitted, format!("the credential {reason}"));
    walk.decoded.incidents.push(Incident::Refused { reason, help, evidence: vec![seen.evidence(source)] });
    walk.decoded.ends = Some(unknown.clone());
    unknown
}

/// Whether an answer without a name is a 404 of Bitbucket's own.
pub(super) fn is_bitbuckets(answer: &Answer) -> bool {
    headers::caller(answer).is_some() && words(answer).is_some()
}
