//! Answers that are not what was asked for: who refuses, why, and what that leaves open.
//!
//! Status and headers decide first, GitHub's words second; the order of the tests for 403 matters, since one wording
//! can come with another's headers.

use serde_json::Value as Json;
use url::Url;

use super::headers::{self, SingleSignOn};
use super::minting;
use super::tables::NAME;
use super::told::Told;
use crate::facts::{Answer, Bounds, Cause, Incident, Knowledge, Refusal, Target, Unknown, Value};
use crate::hosts::reader::{Reader, malformed};
use crate::hosts::words::shortened;
use crate::hosts::{As, alike, branch};
use crate::vocabulary::github::headers::{
    X_ACCEPTED_GITHUB_PERMISSIONS, X_GITHUB_OTP, X_GITHUB_SSO, X_OAUTH_SCOPES, X_RATELIMIT_REMAINING,
};
use crate::vocabulary::headers::RETRY_AFTER;
use crate::vocabulary::{NameSet, Place, field, status};

/// The scopes of which any lets a token read its user's membership.
const MEMBERSHIP_SCOPES: [&str; 5] = ["admin:org", "read:org", "repo", "user", "write:org"];

/// What both clocks may differ by before what an App's key signs is refused for it.
const CLOCKS_MAY_DIFFER: std::time::Duration = std::time::Duration::from_secs(45);

/// Reads an answer that is not 200.
pub(super) fn read(reader: &mut Reader<'_>) -> Unknown {
    let told = Told::read(&reader.answer.body);
    let rest = match reader.answer.status {
        401 => unauthorized(reader, &told),
        403 | 429 => forbidden(reader, &told),
        404 => single_sign_on(reader, &told).unwrap_or_else(|| not_found(reader, &told)),
        410 => Unknown::new(Cause::NotReachable, "GitHub answers 410: this feature is off, or the API version is gone"),
        451 => match shortened(&told.block) {
            why if why.is_empty() => Unknown::new(Cause::NotPermitted, "GitHub blocks this for legal reasons (451)"),
            why => Unknown::new(Cause::NotPermitted, format!("GitHub blocks this for legal reasons (451): {why}")),
        },
        status => alike::unanswered(reader.answer, NAME)
            .unwrap_or_else(|| malformed(format!("GitHub answers {status}, which this request does not expect"))),
    };
    if reader.question.row.listing.is_some() {
        reader.decoded.incomplete = Some(rest.clone());
    }
    rest
}

/// Reads an answer to a checker App that is not 200: it is not the credential that is refused.
pub(super) fn of_checker(answer: &Answer) -> Unknown {
    let told = Told::read(&answer.body);
    let status = answer.status;
    let cause = if matches!(status, 401 | 403 | 404) { Cause::NotPermitted } else { Cause::NotReachable };
    match told.words() {
        words if words.is_empty() => Unknown::new(cause, format!("GitHub refuses the checker App the list ({status})")),
        words => Unknown::new(cause, format!("GitHub refuses the checker App the list ({status}): {words}")),
    }
}

/// Whether the answer asks to send less for now, which holds for plain requests and queries alike.
pub(super) fn is_held_back(reader: &Reader<'_>) -> bool {
    matches!(reader.answer.status, 403 | 429) && held_back(reader, &Told::read(&reader.answer.body))
}

fn held_back(reader: &Reader<'_>, told: &Told) -> bool {
    reader.answer.header(RETRY_AFTER).is_some()
        || told.says("secondary rate limit")
        || told.documentation.contains("secondary-rate-limit")
        || told.documentation.contains("#abuse-rate-limits")
}

/// Reads the error that a query's answer gives for one repository. `None` where it decides nothing about it.
pub(super) fn of_error(reader: &mut Reader<'_>, error: &Json) -> Option<Unknown> {
    let told = Told::of_error(error);
    let kind = error.get("type").and_then(Json::as_str).unwrap_or_default();
    let saml = error.pointer("/extensions/saml_failure").and_then(Json::as_bool) == Some(true);
    if kind == "NOT_FOUND" || told.says("Could not resolve to a Repository") {
        return Some(invisible(reader, field("errors.type")));
    }
    if saml {
        return Some(shut_out(reader, &told, None, field("errors.extensions.saml_failure")));
    }
    (kind == "FORBIDDEN").then(|| forbidden(reader, &told))
}

fn unauthorized(reader: &mut Reader<'_>, told: &Told) -> Unknown {
    let title = reader.kind().map_or("token", |kind| kind.title);
    let by_key = reader.kind_is(&["app_key"]);
    if by_key && minting::asks_as(reader.question) != As::Itself {
        // The key is good: it minted the token.
        return Unknown::new(Cause::NotPermitted, "GitHub does not take the token that was minted (401)");
    }
    let (reason, help) = if by_key {
        app_key(reader, told)
    } else if told.says("Bad credentials") {
        reader.tell("token.active", Knowledge::Known(Value::Bool(false)), status(401).and(field("message")));
        let help = format!("make a new {title}: this one is mistyped, expired or revoked");
        ("is not accepted (401 Bad credentials)".to_owned(), help)
    } else if reader.answer.header(X_GITHUB_OTP).is_some() {
        let help = "use a token: GitHub's API takes no account password".to_owned();
        ("is taken for an account password (401, a one-time code is asked for)".to_owned(), help)
    } else if told.says("JSON web token") {
        let help = format!("check that the secret is a {title}: GitHub expected a token signed with an App's key here");
        ("is not accepted (401, a JSON web token is expected)".to_owned(), help)
    } else {
        let help = "check that nothing between here and GitHub strips the Authorization header".to_owned();
        ("is not accepted (401)".to_owned(), help)
    };
    let unknown = Unknown::new(Cause::NotPermitted, format!("the credential {reason}"));
    let evidence = vec![reader.evidence(status(401).and(field("message")))];
    reader.decoded.incidents.push(Incident::Refused { reason, help, evidence });
    reader.decoded.ends = Some(unknown.clone());
    unknown
}

/// Why GitHub does not take what an App's key signs. Only the clocks, which both show, tell a wrong time from a wrong key.
fn app_key(reader: &mut Reader<'_>, told: &Told) -> (String, String) {
    let claim = ["'exp'", "'iat'", "Expiration time", "Issued at"].iter().any(|words| told.says(words));
    let off = reader.answer.clock_ahead().filter(|ahead| ahead.unsigned_abs() > CLOCKS_MAY_DIFFER);
    if let Some(ahead) = off.filter(|_| claim || told.says("JSON web token")) {
        let direction = if ahead.is_negative() { "behind" } else { "ahead of" };
        let by = Value::Duration(ahead.abs());
        return (
            format!(
                "is not accepted (401): this machine's clock is {by} {direction} GitHub's, so what the key signs is too old or not valid yet"
            ),
            "set the clock: what an App's key signs is taken for ten minutes".to_owned(),
        );
    }
    if claim {
        return (
            "is not accepted (401): GitHub finds the times of what the key signs wrong".to_owned(),
            "compare this machine's clock with GitHub's, and check that nothing in between changes what it answers"
                .to_owned(),
        );
    }
    reader.tell("token.active", Knowledge::Known(Value::Bool(false)), status(401).and(field("message")));
    (
        "is not accepted (401): the private key is not one of this App's, or there is no App with this id".to_owned(),
        "check that id and key are of one App, and that the key was not removed on the App's settings page".to_owned(),
    )
}

fn forbidden(reader: &mut Reader<'_>, told: &Told) -> Unknown {
    let denied = |reason: String| Unknown::new(Cause::NotPermitted, reason);
    let exhausted = reader.answer.header(X_RATELIMIT_REMAINING).is_some_and(|left| left.trim() == "0");
    if held_back(reader, told) {
        return Unknown::new(Cause::NotReachable, "GitHub's secondary rate limit holds this request back");
    }
    if exhausted && told.says("rate limit exceeded") {
        return Unknown::new(Cause::NotReachable, "GitHub's rate limit for this credential is used up");
    }
    if let Some(unknown) = single_sign_on(reader, told) {
        return unknown;
    }
    if told.says("Resource not accessible by") {
        // GitHub knows the credential: only this resource is closed to it.
        reader.tell("token.active", Knowledge::Known(Value::Bool(true)), status(403).and(field("message")));
        return not_accessible(reader, told);
    }
    kind_by_words(reader, told);
    if told.says("forbids access via a fine-grained personal access token") && told.says("lifetime") {
        let link = told.message.split_ascii_whitespace().find(|word| word.starts_with("https://"));
        not_accepted(reader, Refusal::LifetimeTooLong, told, link.map(str::to_owned));
        return denied("the organisation refuses fine-grained tokens that live as long as this one".to_owned());
    }
    if told.says("forbids access via a") {
        not_accepted(reader, Refusal::KindForbidden, told, None);
        return denied("the organisation refuses this kind of token".to_owned());
    }
    if told.says("has an IP allow list enabled") {
        not_accepted(reader, Refusal::AddressNotAllowed, told, None);
        return denied("the organisation refuses this network address".to_owned());
    }
    if told.says("OAuth App access restrictions") {
        not_accepted(reader, Refusal::AppNotApproved, told, None);
        return denied("the organisation has not approved the token's OAuth app".to_owned());
    }
    let too_low =
        ["Must have admin rights", "Must have push access", "You must be an admin", "You need to be a member"];
    if too_low.iter().any(|words| told.says(words)) {
        return denied("the user's role is too low for this request".to_owned());
    }
    if told.says("installation has been suspended") {
        not_accepted(reader, Refusal::Suspended, told, None);
        return denied("the App's installation is suspended".to_owned());
    }
    if ["account was suspended", "account is suspended", "account has been suspended"]
        .iter()
        .any(|words| told.says(words))
    {
        return refused(
            reader,
            "is not accepted (403): its account is suspended",
            "an administrator of the instance, or GitHub's support, lifts the suspension of the account",
            403,
        );
    }
    if told.says("Max number of login attempt") {
        let unknown = Unknown::new(Cause::NotReachable, "GitHub refuses every login for now, after too many bad ones");
        reader.decoded.ends = Some(unknown.clone());
        return unknown;
    }
    if told.says("User Agent") {
        return malformed("GitHub takes the request for one without a User-Agent header");
    }
    if told.says("Upgrade to GitHub") {
        return denied("the plan of the repository's owner does not have this feature".to_owned());
    }
    if reader.answer.status == 429 {
        return Unknown::new(Cause::NotReachable, "GitHub answers that there are too many requests (429)");
    }
    match told.words() {
        words if words.is_empty() => denied("GitHub refuses the request (403)".to_owned()),
        words => denied(format!("GitHub refuses the request (403): {words}")),
    }
}

/// The credential is refused outright, in the host's own words: nothing else is asked with it.
fn refused(reader: &mut Reader<'_>, reason: &str, help: &str, code: u16) -> Unknown {
    let place = || status(code).and(field("message"));
    reader.tell("token.active", Knowledge::Known(Value::Bool(false)), place());
    let unknown = Unknown::new(Cause::NotPermitted, format!("the credential {reason}"));
    let evidence = vec![reader.evidence(place())];
    let (reason, help) = (reason.to_owned(), help.to_owned());
    reader.decoded.incidents.push(Incident::Refused { reason, help, evidence });
    reader.decoded.ends = Some(unknown.clone());
    unknown
}

/// Words of GitHub's that name a kind of credential, where the token's shape leaves several.
const KIND_WORDS: [(&str, &str); 2] = [
    ("via a personal access token (classic)", "classic"),
    ("via a fine-grained personal access token", "fine_grained"),
];

/// Tells the kind that a refusal names.
fn kind_by_words(reader: &mut Reader<'_>, told: &Told) {
    if reader.kind().is_some() {
        return;
    }
    let named = KIND_WORDS.iter().find(|(words, _)| told.says(words)).map(|(_, kind)| *kind);
    let kinds = &reader.question.credential.kinds;
    if let Some(kind) = named.filter(|named| kinds.iter().any(|kind| kind.word == *named)) {
        reader.tell("token.kind", Knowledge::Known(Value::Word(kind)), status(403).and(field("message")));
    }
}

/// An organisation's single sign-on shuts the token out.
fn single_sign_on(reader: &mut Reader<'_>, told: &Told) -> Option<Unknown> {
    let (link, source) = match headers::single_sign_on(reader.answer) {
        Some(SingleSignOn::Required(link)) => (link, Place::from(X_GITHUB_SSO)),
        _ if told.says("organization SAML enforcement") => (None, field("message").into()),
        _ => return None,
    };
    Some(shut_out(reader, told, link, source))
}

fn shut_out(reader: &mut Reader<'_>, told: &Told, link: Option<String>, source: impl Into<Place>) -> Unknown {
    if reader.organization().is_some() {
        reader.tell("organization.sso_authorized", Knowledge::Known(Value::Bool(false)), source);
    }
    not_accepted(reader, Refusal::SingleSignOn, told, link);
    Unknown::new(Cause::NotPermitted, "the organisation's single sign-on is not authorised for this token")
}

/// A permission is missing, the repository is not among the token's, or the role is too low: GitHub does not say which.
fn not_accessible(reader: &mut Reader<'_>, told: &Told) -> Unknown {
    let needs = reader.answer.header(X_ACCEPTED_GITHUB_PERMISSIONS).filter(|text| text.contains('='));
    let needs = needs.map(|text| format!("; the request takes `{text}`")).unwrap_or_default();
    if told.says("by integration") {
        if reader.kind().is_none() {
            let possible = &reader.question.credential.kinds;
            let words: Vec<&'static str> =
                possible.iter().filter(|kind| !kind.has_user).map(|kind| kind.word).collect();
            if reader.question.row.name == "user" && !words.is_empty() {
                let why = malformed("an App's installation token may be a job's");
                let knowledge = Knowledge::Bounded(Bounds::Candidates(words), why);
                reader.tell("token.kind", knowledge, status(403).and(field("message")));
            }
        }
        let reason = format!("the App's token does not reach this: its permissions lack it{needs}");
        return Unknown::new(Cause::NotPermitted, reason);
    }
    let reason = format!(
        "the token does not reach this: a permission is missing, the repository is not selected or the role is too \
         low{needs}"
    );
    Unknown::new(Cause::NotPermitted, reason)
}

fn not_accepted(reader: &mut Reader<'_>, refusal: Refusal, told: &Told, link: Option<String>) {
    let repository = match reader.target() {
        Target::Repository(name) => Some(name.clone()),
        Target::Credential | Target::Organization(_) => None,
    };
    let incident = Incident::NotAccepted {
        refusal,
        by: reader.organization().unwrap_or("GitHub").to_owned(),
        repository,
        message: told.words(),
        link: link.and_then(|link| own_link(&reader.question.credential.url, &link)),
        evidence: vec![reader.evidence(field("message"))],
    };
    reader.decoded.incidents.push(incident);
}

/// The link, where it leads to the host's own web address and nowhere else, without any user information.
fn own_link(host: &str, link: &str) -> Option<String> {
    let (host, mut link) = (Url::parse(host).ok()?, Url::parse(link).ok()?);
    if link.origin() != host.origin() {
        return None;
    }
    link.set_username("").ok()?;
    link.set_password(None).ok()?;
    Some(link.to_string())
}

fn not_found(reader: &mut Reader<'_>, told: &Told) -> Unknown {
    match reader.question.row.name {
        // GitHub gives a message with its 404; the page of a proxy says nothing about a repository.
        "repository" | "repository_installation" if !told.message.is_empty() => invisible(reader, status(404)),
        "webhooks" => Unknown::new(
            Cause::NotPermitted,
            "GitHub hides webhooks from those who are no admin of the repository, or whose token may not read them",
        ),
        "organization_webhooks" => Unknown::new(
            Cause::NotPermitted,
            "GitHub hides an organisation's webhooks from those who are no owner of it, or whose token may not read them",
        ),
        "job_permissions" => Unknown::new(
            Cause::NotPermitted,
            "GitHub hides the settings of Actions from those who are no admin of the repository, or whose token may not \
             read them",
        ),
        "default_branch" if told.says("Branch not found") => branch::not_there(),
        "default_branch" if !told.message.is_empty() => Unknown::new(
            Cause::NotPermitted,
            "GitHub shows the branch or its rules to no such credential (404), or the server is older than rulesets",
        ),
        // The key signs for an App that is not there.
        "app" if told.says("Integration not found") => refused(
            reader,
            "is not accepted (404 Integration not found): there is no App with this id here, or it was deleted",
            "check the App's id, and that it is an App of this host",
            404,
        ),
        "membership" => no_membership(reader),
        "organization" => {
            Unknown::new(Cause::NotPermitted, "GitHub shows no organisation of this name to this credential")
        }
        // The first question, and nothing of GitHub's answers: no answer of a Gitea names what it is.
        "user" if told.message.is_empty() && reader.known("token.active").is_none() => {
            let unknown = Unknown::new(
                Cause::NotReachable,
                "no GitHub API here (404): check the address, and the kind of host; if this is a Gitea or Forgejo, write \
                 `host = \"gitea\"`",
            );
            reader.decoded.ends = Some(unknown.clone());
            unknown
        }
        _ => Unknown::new(Cause::NotReachable, "this address does not answer as GitHub's API does (404)"),
    }
}

/// The scopes, from this answer or from what is known.
fn scopes(reader: &Reader<'_>) -> Option<NameSet> {
    match headers::scopes(reader.answer) {
        Some(names) => {
            let table = match super::tables::host().fact("token.scopes").map(|at| super::tables::host().row(at).ty)? {
                crate::vocabulary::Type::Names(table) => table,
                _ => return None,
            };
            Some(NameSet::new(table, names))
        }
        None => match reader.known("token.scopes")?.knowledge.value()? {
            Value::Names(names) => Some(names.clone()),
            _ => None,
        },
    }
}

/// The repository is missing or hidden: GitHub answers both alike. What that can mean differs by kind.
fn invisible(reader: &mut Reader<'_>, source: impl Into<Place>) -> Unknown {
    let Target::Repository(repository) = reader.target() else {
        return malformed("the answer is about no repository");
    };
    let owner = repository.owner();
    let mut reasons = vec![format!("`{repository}` does not exist, or its name is spelled differently")];
    let has_repo = scopes(reader).map(|names| names.grants("repo"));
    let by_user = "its user has no role on it".to_owned();
    match reader.kind().map(|kind| kind.word) {
        Some("classic" | "oauth_app") => {
            if has_repo == Some(false) {
                reasons.push("the token lacks the scope `repo`, so it sees no private repository".to_owned());
            }
            reasons.push(by_user);
            reasons.push(format!("`{owner}` demands single sign-on, which is not authorised for the token"));
        }
        Some("fine_grained") => {
            reasons.push(format!("the token's resource owner is not `{owner}`"));
            reasons.push("the repository is not among those selected for the token".to_owned());
            reasons.push(format!("`{owner}` has not approved the token yet"));
            reasons.push(by_user);
        }
        Some("app_user") => {
            reasons.push("the App is not installed on it".to_owned());
            reasons.push(by_user);
        }
        Some("app_installation") => {
            reasons.push("the App's installation does not cover it, or is of another account".to_owned());
        }
        Some("app_key") => {
            reasons.push(format!("the App is not installed in `{owner}`"));
            reasons.push("the repository is not among those selected for the installation".to_owned());
        }
        Some("actions") => reasons.push("a job's token reaches the job's own repository only".to_owned()),
        _ => reasons.push("the credential has no access to it".to_owned()),
    }
    let evidence = vec![reader.evidence(source)];
    reader.decoded.incidents.push(Incident::NotVisible { repository: repository.clone(), reasons, evidence });
    Unknown::new(Cause::NotPermitted, format!("`{repository}` is not visible to this credential"))
}

/// No membership, or none that may be seen. Only sight of something private of the organisation, and a scope that would
/// have shown a membership, make it certain: an unauthorised single sign-on and a mistyped name are 404 too.
fn no_membership(reader: &mut Reader<'_>) -> Unknown {
    let enough = scopes(reader).is_some_and(|names| MEMBERSHIP_SCOPES.iter().any(|scope| names.grants(scope)));
    let sees = reader
        .known("organization.sso_authorized")
        .is_some_and(|fact| fact.knowledge.value() == Some(&Value::Bool(true)));
    if enough && sees && headers::is_githubs(reader.answer) {
        let mut evidence = vec![reader.evidence(status(404)), reader.evidence(X_OAUTH_SCOPES)];
        evidence.extend(reader.known("organization.sso_authorized").into_iter().flat_map(|fact| fact.evidence.clone()));
        reader.tell_with("organization.role", Knowledge::Known(Value::Word("none")), evidence);
    }
    Unknown::new(
        Cause::NotPermitted,
        "GitHub shows no membership: there may be none, or the token may not see it, or the name is wrong",
    )
}
