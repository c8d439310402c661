//! Answers that are not what was asked for.

use serde_json::json;

use super::{
    API_TOKEN, access_token, answer, api_token, ask, ask_user, cause, declared, error, infra, is_told, known, lacking,
    notes, of, raw, told,
};
use crate::facts::{Answer, Cause, Credential, Incident, Knowledge, Target, Unknown};

const INVALID: &str = "Token is invalid, expired, or not supported for this endpoint.";

/// The words that any incident or reason of an answer has.
fn everything(decoded: &crate::hosts::Decoded) -> String {
    format!("{decoded:?}")
}

fn refused(credential: &Credential, answer: &Answer) -> (String, String) {
    let decoded = ask_user(credential, answer);
    assert!(decoded.ends.is_some(), "nothing more is asked");
    match decoded.incidents.as_slice() {
        [Incident::Refused { reason, help, .. }] => (reason.clone(), help.clone()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn finding_24_a_refused_login_is_plain_text_with_a_challenge() {
    let headers = [("Content-Type", "text/plain"), ("WWW-Authenticate", "Basic realm=\"Bitbucket.org HTTP\"")];
    let text = "You may not have access.\nSecond line with a secret-looking thing.\n";
    let decoded = ask_user(&api_token(), &raw(401, &headers, text));
    assert_eq!(told(&decoded, "token.active"), &known(false));
    assert_eq!(cause(&decoded, "token.scopes"), Some(Cause::NotPermitted), "no scope headers: not no scopes");
    assert!(!everything(&decoded).contains("secret-looking"), "bodies that are not JSON are never shown");
    let json = ask_user(&api_token(), &answer(401, &[], &error(INVALID)));
    assert_eq!(told(&json, "token.active"), &known(false));
    // A proxy's 401 says nothing of the token.
    let proxy = ask_user(&api_token(), &raw(401, &[("WWW-Authenticate", "Basic realm=\"proxy\"")], "no"));
    assert!(!matches!(told(&proxy, "token.active"), Knowledge::Known(_)));
    assert!(proxy.ends.is_some());
}

#[test]
fn one_text_stands_for_every_reason_and_the_help_names_them() {
    let (reason, help) = refused(&api_token(), &answer(401, &[], &error(INVALID)));
    assert_eq!(reason, "is not accepted (401)");
    for word in ["e-mail", "expired", "scopes"] {
        assert!(help.contains(word), "{help}");
    }
    assert!(refused(&of("ATBB"), &raw(401, &[], "")).1.contains("API token"));
    assert!(refused(&access_token(), &answer(401, &[], &error(INVALID))).1.contains("Bearer"));
    assert!(refused(&declared("oauth"), &answer(401, &[], &error(INVALID))).1.contains("new token"));
}

#[test]
fn a_403_is_a_scope_a_closed_door_a_permission_or_no_answer_of_bitbuckets() {
    let hooks = |answer: &Answer| ask(&api_token(), "repository_hooks", &infra(), answer);
    let why = |decoded: &crate::hosts::Decoded| match told(decoded, "repository.webhooks") {
        Knowledge::Unknown(Unknown { cause, reason }) => (*cause, reason.clone()),
        other => panic!("{other:?}"),
    };
    let scope = hooks(&answer(403, API_TOKEN, &lacking(&["read:user:bitbucket"], &["read:webhook:bitbucket"])));
    assert_eq!(
        why(&scope),
        (Cause::NotPermitted, "the credential lacks a scope; the request takes `read:webhook:bitbucket`".into())
    );
    assert_eq!(told(&scope, "token.active"), &known(true));
    let permission = hooks(&answer(403, API_TOKEN, &error("You are no admin.")));
    assert_eq!(
        why(&permission),
        (Cause::NotPermitted, "the user's permission is too low for this request (403): You are no admin.".into())
    );
    let closed = hooks(&answer(403, API_TOKEN, &error("This API is not accessible by this authentication mechanism.")));
    assert_eq!(why(&closed).0, Cause::NotRevealable);
    // At a path without the version: looks like a scope, and is none; nothing is said of the token.
    let path = hooks(&answer(403, &[], &error("Forbidden")));
    assert_eq!(why(&path).0, Cause::NotPermitted);
    assert!(!is_told(&path, "token.active"));
    let proxy = hooks(&raw(403, &[], "<html>go away</html>"));
    assert_eq!(why(&proxy).0, Cause::NotReachable);
    assert!(!everything(&proxy).contains("go away"));
}

#[test]
fn a_404_is_missing_or_hidden_and_a_page_for_people_is_never_shown() {
    let message = "You may not have access to this repository or it no longer exists in this workspace.";
    for row in ["repository", "repository_hooks"] {
        let decoded = ask(&api_token(), row, &infra(), &answer(404, API_TOKEN, &error(message)));
        let [Incident::NotVisible { reasons, .. }] = decoded.incidents.as_slice() else { panic!("{row}") };
        assert!(reasons.iter().any(|reason| reason.contains("does not exist")), "{reasons:?}");
        assert!(reasons.iter().any(|reason| reason.contains("permission")), "{reasons:?}");
    }
    let web_token = ["eyJ", &"Web0token1".repeat(6)].concat();
    let page = format!("<!DOCTYPE html><body data-token='{web_token}' data-user='bot@acme.example'>missing</body>");
    for row in ["repository", "repository_hooks"] {
        let decoded = ask(&api_token(), row, &infra(), &raw(404, &[("Content-Type", "text/html")], page.clone()));
        assert!(decoded.incidents.is_empty(), "such a page may be a proxy's");
        let all = everything(&decoded);
        assert!(!all.contains("Web0token") && !all.contains("DOCTYPE"), "{all}");
    }
    let missing = ask_user(&api_token(), &answer(404, &[], &error("Resource not found")));
    assert_eq!(cause(&missing, "user.username"), Some(Cause::NotReachable));
}

#[test]
fn what_a_404_can_mean_depends_on_the_kind() {
    let reasons = |credential: &Credential, headers: &[(&str, &str)]| {
        let decoded = ask(credential, "repository", &infra(), &answer(404, headers, &error("missing")));
        match decoded.incidents.as_slice() {
            [Incident::NotVisible { reasons, .. }] => reasons.join("; "),
            other => panic!("{other:?}"),
        }
    };
    assert!(reasons(&declared("repository_access_token"), &[]).contains("another repository"));
    assert!(reasons(&declared("project_access_token"), &[]).contains("project"));
    assert!(reasons(&declared("workspace_access_token"), &[]).contains("another workspace"));
    assert!(reasons(&access_token(), &[]).contains("repository, project or workspace"));
    let without = [("X-Credential-Type", "api_token"), ("X-OAuth-Scopes", "read:user:bitbucket")];
    assert!(reasons(&api_token(), &without).contains("no scope"));
    assert!(!reasons(&api_token(), API_TOKEN).contains("no scope"));
}

#[test]
fn trap_07_a_request_that_was_removed_is_said_to_be() {
    let body = json!({"type": "error", "error": {
        "message": "CHANGE-2770 - Functionality has been deprecated",
        "detail": "Please read the changelog entry for more details.",
        "data": {"announcement_url": "https://developer.atlassian.com/cloud/bitbucket/changelog#CHANGE-2770"},
    }});
    let decoded = ask(&api_token(), "repository_permission", &infra(), &answer(410, API_TOKEN, &body));
    assert_eq!(cause(&decoded, "repository.permission"), Some(Cause::NotReachable));
    assert_eq!(
        notes(&decoded),
        ["Bitbucket has removed a request that this version makes (CHANGE-2770); use a newer credcheck"]
    );
    for message in ["CHANGE-", "CHANGE-<script>", "", "gone"] {
        let decoded = ask(&api_token(), "repository", &infra(), &answer(410, API_TOKEN, &error(message)));
        assert!(notes(&decoded).is_empty(), "{message}");
        assert_eq!(cause(&decoded, "repository.name"), Some(Cause::NotReachable));
    }
}

#[test]
fn every_other_status_has_its_cause() {
    for (status, expected) in [
        (400, Cause::Malformed),
        (429, Cause::NotReachable),
        (500, Cause::NotReachable),
        (503, Cause::NotReachable),
        (555, Cause::NotReachable),
        (302, Cause::NotReachable),
        (204, Cause::Malformed),
        (418, Cause::Malformed),
    ] {
        for body in ["", "<html>", "{}", "[]", "{\"error\": 7}", "{\"type\":\"error\",\"error\":{\"message\":\"no\"}}"]
        {
            let decoded = ask_user(&api_token(), &raw(status, &[], body));
            assert_eq!(cause(&decoded, "token.scopes"), Some(expected), "{status} {body}");
            assert!(decoded.ends.is_none());
        }
    }
    let html = ask_user(&api_token(), &raw(200, &[], "<html>sign in</html>"));
    assert_eq!(cause(&html, "token.scopes"), Some(Cause::Malformed));
    let listing = ask(&api_token(), "repositories", &Target::Organization("acme".into()), &raw(503, &[], ""));
    assert_eq!(listing.incomplete.map(|why| why.cause), Some(Cause::NotReachable));
}

#[test]
fn a_long_message_is_cut_between_words() {
    let message = "word ".repeat(200);
    let decoded = ask(&api_token(), "repository_hooks", &infra(), &answer(403, API_TOKEN, &error(&message)));
    let Knowledge::Unknown(why) = told(&decoded, "repository.webhooks") else { panic!("unknown") };
    assert!(why.reason.len() < 400 && why.reason.ends_with("word …"), "{}", why.reason);
}
