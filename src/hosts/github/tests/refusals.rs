//! Refusals, memberships, and answers that make no sense.

use std::sync::Arc;

use serde_json::json;

use super::{
    REQUEST_ID, account, acme, actions, answer, answered, ask, ask_knowing, asked, cause, credential, host, infra,
    known, learn, message, of, raw, repository, text, told, with, word,
};
use crate::facts::{
    Cause, Credential, Fact, FactSet, Failure, Incident, Knowledge, Refusal, RepositoryName, Target, Value,
};
use crate::hosts::Brief;
use crate::vocabulary::{HostKind, Request};

#[test]
fn finding_07_a_role_too_low_to_ask_leaves_the_fact_unknown() {
    for words in ["Must have push access to view collaborator permission.", "Must have admin rights to Repository."] {
        let decoded = ask(&of("ghp"), "webhooks", &infra(), answer(403, &[REQUEST_ID], &message(words)));
        assert_eq!(cause(&decoded, "repository.webhooks"), Some(Cause::NotPermitted));
        assert!(decoded.incidents.is_empty());
    }
}

#[test]
fn trap_06_and_finding_10_a_404_hides_and_proves_nothing() {
    let body = json!({"message": "Not Found", "documentation_url": "https://docs.github.com/rest", "status": "404"});
    let reasons = |credential: &Credential, headers: &[(&str, &str)]| {
        let decoded = ask(credential, "repository", &infra(), answer(404, headers, &body));
        for path in ["repository.name", "repository.visibility", "repository.archived"] {
            assert_eq!(cause(&decoded, path), Some(Cause::NotPermitted), "{path}");
        }
        let [Incident::NotVisible { repository, reasons, .. }] = &decoded.incidents[..] else { panic!("{decoded:?}") };
        assert_eq!(repository.as_str(), "acme/infra");
        reasons.join("; ")
    };
    assert!(reasons(&of("ghp"), &[("X-OAuth-Scopes", "gist")]).contains("lacks the scope `repo`"));
    assert!(!reasons(&of("ghp"), &[("X-OAuth-Scopes", "repo")]).contains("lacks the scope"));
    assert!(!reasons(&of("ghp"), &[]).contains("lacks the scope"), "the scopes are not known");
    assert!(reasons(&of("github_pat"), &[]).contains("not among those selected"));
    assert!(reasons(&of("ghs"), &[]).contains("installation does not cover it"));
    assert!(reasons(&actions(), &[]).contains("the job's own repository"));
    // Without a body, and for a list that an admin would have seen.
    let decoded = ask(&of("ghp"), "webhooks", &infra(), raw(404, &[REQUEST_ID], ""));
    assert_eq!(cause(&decoded, "repository.webhooks"), Some(Cause::NotPermitted));
    let decoded = ask(&of("ghp"), "user", &Target::Credential, raw(404, &[], "<html>"));
    assert_eq!(cause(&decoded, "token.active"), Some(Cause::NotReachable), "no API is there");
    assert_eq!(cause(&decoded, "token.expires_at"), Some(Cause::NotReachable));
}

#[test]
fn finding_11_a_pending_membership_gives_no_role() {
    let role = |state: &str, role: &str| {
        let body = json!({"organization": {"login": "acme"}, "state": state, "role": role});
        told(&ask(&of("ghp"), "membership", &acme(), answer(200, &[REQUEST_ID], &body)), "organization.role").clone()
    };
    assert_eq!(role("pending", "admin"), word("none"));
    assert_eq!(role("active", "admin"), word("admin"));
    assert_eq!(role("active", "billing_manager"), word("billing_manager"));
    assert_eq!(role("active", "none").cause(), Some(Cause::Malformed));
    assert_eq!(role("active", "overlord").cause(), Some(Cause::Malformed));
    assert_eq!(role("suspended", "admin").cause(), Some(Cause::Malformed));
}

#[test]
fn a_membership_of_another_organisation_or_account_is_none() {
    let mut seen = FactSet::new(HostKind::GitHub);
    let name = Knowledge::Known(Value::String("acme-bot".into()));
    seen.credential.set(host().fact("user.username").unwrap(), Fact { knowledge: name, evidence: Vec::new() });
    seen.organization("acme");
    for body in [
        json!({"state": "active", "role": "member"}),
        json!({"state": "active", "role": "member", "organization": {"login": "other"}}),
        json!({"state": "active", "role": "member", "organization": {"login": null}}),
        json!({"state": "active", "role": "member", "organization": {"login": "acme"}, "user": {"login": "other"}}),
        json!({"state": "active", "role": "member", "organization": {"login": "acme"}, "user": {"login": null}}),
    ] {
        let decoded = ask_knowing(&seen, &of("ghp"), "membership", &acme(), answer(200, &[REQUEST_ID], &body));
        assert_eq!(cause(&decoded, "organization.role"), Some(Cause::Malformed), "{body}");
    }
    let page = json!({"login": "other", "two_factor_requirement_enabled": true});
    let decoded = ask(&of("ghp"), "organization", &acme(), answer(200, &[REQUEST_ID], &page));
    assert_eq!(cause(&decoded, "organization.two_factor_required"), Some(Cause::Malformed));
}

#[test]
fn no_membership_is_certain_only_with_sight_and_scope() {
    let token = of("ghp");
    let scopes = [("X-OAuth-Scopes", "read:org, repo"), REQUEST_ID];
    let missing = || answer(404, &scopes, &message("Not Found"));
    let decoded = ask(&token, "membership", &acme(), missing());
    assert_eq!(cause(&decoded, "organization.role"), Some(Cause::NotPermitted), "the name may be mistyped");
    let mut seen = FactSet::new(HostKind::GitHub);
    learn(&mut seen, &ask(&token, "repository", &infra(), answer(200, &scopes, &repository())));
    let decoded = ask_knowing(&seen, &token, "membership", &acme(), missing());
    assert_eq!(told(&decoded, "organization.role"), &word("none"));
    let other = answer(404, &[("X-OAuth-Scopes", "gist"), REQUEST_ID], &message("Not Found"));
    let decoded = ask_knowing(&seen, &token, "membership", &acme(), other);
    assert_eq!(cause(&decoded, "organization.role"), Some(Cause::NotPermitted), "this scope shows no membership");
    let proxy = raw(404, &[("X-OAuth-Scopes", "repo")], "");
    let decoded = ask_knowing(&seen, &token, "membership", &acme(), proxy);
    assert_eq!(cause(&decoded, "organization.role"), Some(Cause::NotPermitted), "not GitHub's own answer");
}

#[test]
fn a_401_refuses_the_credential_and_ends_everything() {
    let body =
        json!({"message": "Bad credentials", "documentation_url": "https://docs.github.com/rest", "status": "401"});
    for (credential, row) in [(of("ghp"), "user"), (of("ghs"), "viewer")] {
        let decoded = ask(&credential, row, &Target::Credential, answer(401, &[REQUEST_ID], &body));
        assert_eq!(told(&decoded, "token.active"), &known(false));
        assert_eq!(cause(&decoded, "user.username"), Some(Cause::NotPermitted));
        assert!(
            matches!(&decoded.incidents[..], [Incident::Refused { reason, .. }] if reason.contains("Bad credentials"))
        );
        assert!(decoded.ends.is_some());
    }
    let otp = message("Must specify two-factor authentication OTP code.");
    for answered in [
        raw(401, &[], "<html>proxy"),
        answer(401, &[("X-GitHub-OTP", "required; app")], &otp),
        answer(401, &[], &message("A JSON web token could not be decoded")),
    ] {
        let decoded = ask(&of("ghp"), "user", &Target::Credential, answered);
        assert_eq!(cause(&decoded, "token.active"), Some(Cause::NotPermitted), "why is not certain");
        assert!(matches!(&decoded.incidents[..], [Incident::Refused { .. }]) && decoded.ends.is_some());
    }
}

#[test]
fn the_403_family_is_told_apart_in_order() {
    let sso = "Resource protected by organization SAML enforcement. You must grant your Personal Access token access to \
               this organization.";
    let classic = "`acme` forbids access via a personal access token (classic). Please use a GitHub App, OAuth App, or a \
                   personal access token with fine-grained permissions.";
    let lifetime = "The 'acme' organization forbids access via a fine-grained personal access tokens if the token's \
                    lifetime is greater than 366 days. Please adjust your token's lifetime at the following URL: \
                    https://github.com/settings/personal-access-tokens/1234567";
    let address = "Although you appear to have the correct authorization credentials, the `acme` organization has an IP \
                   allow list enabled, and your IP address is not permitted to access this resource.";
    let app = "Although you appear to have the correct authorization credentials, the `acme` organization has enabled \
               OAuth App access restrictions, meaning that data access to third-parties is limited.";
    let link = "https://github.com/orgs/acme/sso?authorization_request=AAAA";
    let required = format!("required; url={link}");
    let plenty = ("X-RateLimit-Remaining", "4882");
    let page = "https://github.com/settings/personal-access-tokens/1234567";
    for (headers, words, expected, expected_link) in [
        (vec![("X-GitHub-SSO", required.as_str()), plenty], sso, Refusal::SingleSignOn, Some(link)),
        (vec![plenty], sso, Refusal::SingleSignOn, None),
        (vec![plenty], classic, Refusal::KindForbidden, None),
        (vec![plenty], lifetime, Refusal::LifetimeTooLong, Some(page)),
        (vec![plenty], address, Refusal::AddressNotAllowed, None),
        (vec![plenty], app, Refusal::AppNotApproved, None),
        (vec![plenty], "This installation has been suspended", Refusal::Suspended, None),
    ] {
        let decoded = ask(&of("ghp"), "repository", &infra(), answer(403, &headers, &message(words)));
        assert_eq!(cause(&decoded, "repository.permission"), Some(Cause::NotPermitted), "{words}");
        let [Incident::NotAccepted { refusal, by, link, repository, message, .. }] = &decoded.incidents[..] else {
            panic!("{words}: {decoded:?}")
        };
        assert_eq!((*refusal, by.as_str(), link.as_deref()), (expected, "acme", expected_link));
        assert_eq!(repository.as_ref().map(RepositoryName::as_str), Some("acme/infra"));
        assert_eq!(message, words);
        assert!(decoded.ends.is_none(), "another organisation may accept it");
    }
    let none = message("Resource not accessible by personal access token");
    for (headers, body, expected) in [
        (vec![("Retry-After", "60")], message(sso), Cause::NotReachable),
        (vec![("Retry-After", "Fri, 31 Dec 2026 23:59:59 GMT")], none.clone(), Cause::NotReachable),
        (vec![], message("You have exceeded a secondary rate limit. Please wait."), Cause::NotReachable),
        (
            vec![("X-RateLimit-Remaining", "0")],
            message("API rate limit exceeded for installation ID 41000001."),
            Cause::NotReachable,
        ),
        (vec![plenty], none, Cause::NotPermitted),
        (vec![("X-RateLimit-Remaining", "0")], message("Must have admin rights to Repository."), Cause::NotPermitted),
        (
            vec![],
            message("Upgrade to GitHub Pro or make this repository public to enable this feature."),
            Cause::NotPermitted,
        ),
        (vec![], message("Something new"), Cause::NotPermitted),
        (vec![], json!([1]), Cause::NotPermitted),
    ] {
        let decoded = ask(&of("ghp"), "repository", &infra(), answer(403, &headers, &body));
        assert_eq!(cause(&decoded, "repository.permission"), Some(expected), "{body}");
        assert!(decoded.incidents.is_empty(), "{body}");
    }
    let locked = message("Max number of login attempt exceeded. Please try again later.");
    let decoded = ask(&of("ghp"), "user", &Target::Credential, answer(403, &[], &locked));
    assert_eq!(cause(&decoded, "user.username"), Some(Cause::NotReachable));
    assert!(decoded.ends.is_some(), "every further request would lengthen it");
    let decoded = ask(&of("ghp"), "user", &Target::Credential, raw(429, &[], ""));
    assert_eq!(cause(&decoded, "user.username"), Some(Cause::NotReachable));
}

#[test]
fn the_hosts_link_is_passed_on_only_to_its_own_address() {
    for (link, passes) in [
        ("https://github.com/orgs/acme/sso", true),
        ("https://github.com.evil.example/orgs/acme/sso", false),
        ("http://github.com/orgs/acme/sso", false),
        ("https://user:pass@github.com/orgs/acme/sso", true),
        ("javascript:alert(1)", false),
        ("", false),
    ] {
        let header = format!("required; url={link}");
        let decoded =
            ask(&of("ghp"), "repository", &infra(), answer(403, &[("X-GitHub-SSO", &header)], &message("SAML")));
        let [Incident::NotAccepted { link: passed, .. }] = &decoded.incidents[..] else { panic!("{decoded:?}") };
        let expected = passes.then_some("https://github.com/orgs/acme/sso");
        assert_eq!(passed.as_deref(), expected, "{link}: never with user information");
    }
}

#[test]
fn what_a_missing_permission_needs_is_said() {
    let headers = [("X-Accepted-GitHub-Permissions", "members=read"), REQUEST_ID];
    let body = message("Resource not accessible by personal access token");
    let decoded = ask(&of("github_pat"), "membership", &acme(), answer(403, &headers, &body));
    let Knowledge::Unknown(unknown) = told(&decoded, "organization.role") else { panic!("unknown") };
    assert!(unknown.cause == Cause::NotPermitted && unknown.reason.contains("`members=read`"), "{}", unknown.reason);
}

#[test]
fn answers_that_make_no_sense_are_malformed_and_never_a_panic() {
    let bomb = "[".repeat(100_000);
    let nested = format!("{{\"login\":{}1{}}}", "[".repeat(5_000), "]".repeat(5_000));
    let requests: Vec<(&Request, Target)> = host()
        .requests
        .iter()
        .map(|row| {
            let target = match row.subject {
                crate::vocabulary::Subject::Credential => Target::Credential,
                crate::vocabulary::Subject::Repository => infra(),
                crate::vocabulary::Subject::Organization => acme(),
            };
            (row, target)
        })
        .collect();
    for (row, target) in &requests {
        for body in
            ["", "<html>sign in</html>", "null", "7", "\"text\"", "[null]", "[[]]", "{}", "\u{feff}{}", &bomb, &nested]
        {
            for status in [200, 201, 204, 304, 400, 401, 403, 404, 409, 410, 422, 429, 451, 500, 502, 599, 999] {
                for credential in [of("ghp"), of("github_pat"), of("ghs"), credential("an unusual text")] {
                    let decoded = ask(&credential, row.name, target, raw(status, &[], body));
                    for (_, at, fact) in &decoded.facts {
                        let path = host().row(*at).path;
                        let empty_list = path == "repository.webhooks" && body == "[]";
                        assert!(fact.knowledge.cause().is_some() || empty_list, "{path} from {status} {body:.40}");
                    }
                }
            }
        }
    }
    let decoded =
        ask(&of("ghp"), "user", &Target::Credential, answer(200, &[REQUEST_ID], &with(account(), "/login", json!(7))));
    assert_eq!(cause(&decoded, "token.active"), Some(Cause::Malformed), "no account, no acceptance");
    let odd = with(with(with(account(), "/type", json!("Alien")), "/name", json!(7)), "/site_admin", json!("no"));
    let decoded = ask(&of("ghp"), "user", &Target::Credential, answer(200, &[REQUEST_ID], &odd));
    for path in ["user.kind", "user.is_bot", "user.name", "user.site_admin"] {
        assert_eq!(cause(&decoded, path), Some(Cause::Malformed), "{path}");
    }
    assert_eq!(told(&decoded, "user.username"), &text("acme-ci-bot"), "one wrong field spoils no other");
}

#[test]
fn statuses_beside_200_have_their_causes() {
    for (status, expected) in [
        (201, Cause::Malformed),
        (302, Cause::NotReachable),
        (409, Cause::Malformed),
        (410, Cause::NotReachable),
        (451, Cause::NotPermitted),
        (500, Cause::NotReachable),
        (502, Cause::NotReachable),
        (503, Cause::NotReachable),
    ] {
        let decoded = ask(
            &of("ghp"),
            "repository",
            &infra(),
            answer(status, &[REQUEST_ID], &json!({"block": {"reason": "dmca"}})),
        );
        assert_eq!(cause(&decoded, "repository.permission"), Some(expected), "{status}");
    }
}

#[test]
fn a_legal_block_says_why() {
    let body = json!({"message": "Repository access blocked", "block": {"reason": "dmca", "created_at": "2026-01-01"}});
    let decoded = ask(&of("ghp"), "repository", &infra(), answer(451, &[REQUEST_ID], &body));
    let Knowledge::Unknown(unknown) = told(&decoded, "repository.permission") else { panic!("unknown") };
    assert!(unknown.reason.ends_with("(451): dmca"), "{}", unknown.reason);
}

#[test]
fn no_answer_leaves_everything_asked_unknown() {
    let credential = of("ghp");
    let row = host().request("user").unwrap();
    let so_far = FactSet::new(HostKind::GitHub);
    let facts = asked(row, &credential);
    let brief = Brief {
        row,
        targets: [Target::Credential].into(),
        credential: &credential,
        so_far: Arc::new(so_far.clone()),
        facts: facts.as_slice().into(),
        wanted: crate::facts::Wanted::All,
    };
    for (failure, expected) in [
        (Failure::Connection("the connection was refused".into()), Cause::NotReachable),
        (Failure::Tls("unknown issuer".into()), Cause::NotReachable),
        (Failure::Timeout("10s".into()), Cause::NotReachable),
        (Failure::TooLarge(8), Cause::Malformed),
        (Failure::Unreadable("bad gzip".into()), Cause::Malformed),
        (Failure::Redirect("a redirect leads elsewhere".into()), Cause::NotReachable),
        (Failure::Budget("the budget is used up".into()), Cause::NotReachable),
        (Failure::NotRecorded, Cause::NotReachable),
    ] {
        let (_, decoded) = answered(&so_far, &brief, Err(failure));
        assert_eq!(decoded.facts.len(), facts.len());
        assert!(
            decoded
                .facts
                .iter()
                .all(|(_, _, fact)| fact.knowledge.cause() == Some(expected) && fact.evidence.len() == 1)
        );
    }
}

#[test]
fn a_suspended_account_is_a_refused_credential() {
    let body = message("Sorry. Your account was suspended.");
    let decoded = ask(&of("ghp"), "user", &Target::Credential, answer(403, &[REQUEST_ID], &body));
    assert_eq!(told(&decoded, "token.active"), &known(false));
    let [Incident::Refused { reason, .. }] = &decoded.incidents[..] else { panic!("{decoded:?}") };
    assert!(reason.contains("suspended"), "{reason}");
    assert!(decoded.ends.is_some(), "nothing else is asked with it");
}

/// A credential of an App's key.
fn app_key() -> Credential {
    let kind = host().kinds.iter().find(|kind| kind.word == "app_key").unwrap();
    Credential { kinds: vec![kind], ..of("ghp") }
}

#[test]
fn an_app_that_is_not_there_is_a_refused_credential() {
    let body = message("Integration not found");
    let decoded = ask(&app_key(), "app", &Target::Credential, answer(404, &[REQUEST_ID], &body));
    assert_eq!(told(&decoded, "token.active"), &known(false));
    assert!(matches!(&decoded.incidents[..], [Incident::Refused { .. }]), "{decoded:?}");
}

#[test]
fn a_missing_slug_spoils_what_rests_on_it_and_nothing_else() {
    let body = json!({"id": 7, "client_id": "Iv23fake", "permissions": {"contents": "read"}, "events": ["push"]});
    let decoded = ask(&app_key(), "app", &Target::Credential, answer(200, &[REQUEST_ID], &body));
    for path in ["app.slug", "user.username"] {
        assert_eq!(cause(&decoded, path), Some(Cause::Malformed), "{path}");
    }
    assert_eq!(told(&decoded, "token.active"), &known(true));
    assert_eq!(told(&decoded, "user.is_bot"), &known(true));
    for path in ["app.permissions", "app.events", "token.oauth_client"] {
        assert!(matches!(told(&decoded, path), Knowledge::Known(_)), "{path}");
    }
    let decoded = ask(&app_key(), "app", &Target::Credential, answer(200, &[REQUEST_ID], &json!({"message": "hi"})));
    assert_eq!(cause(&decoded, "token.active"), Some(Cause::Malformed), "nothing says that an App answers");
}

#[test]
fn ghe_com_names_itself_where_servers_name_their_version() {
    let headers = [REQUEST_ID, ("X-OAuth-Scopes", "repo"), ("X-GitHub-Enterprise-Version", "ghe.com")];
    let decoded = ask(&of("ghp"), "user", &Target::Credential, answer(200, &headers, &account()));
    assert_eq!(cause(&decoded, "host.version"), Some(Cause::NotRevealable));
}

#[test]
fn evidence_of_the_visibility_names_the_field_that_was_read() {
    let shown = repository();
    let decoded = ask(&of("ghp"), "repository", &infra(), answer(200, &[REQUEST_ID], &shown));
    assert!(super::sources(&decoded, "repository.visibility").concat().contains("visibility"));
    let old = super::without(shown, "visibility");
    let decoded = ask(&of("ghp"), "repository", &infra(), answer(200, &[REQUEST_ID], &old));
    assert!(super::sources(&decoded, "repository.visibility").concat().contains("private"));
}

#[test]
fn words_that_name_the_kind_settle_an_open_one() {
    let kinds = host().kinds.iter().filter(|kind| ["classic", "oauth_app"].contains(&kind.word)).collect();
    let open = Credential { kinds, ..of("ghp") };
    let body = message("`acme` forbids access via a personal access token (classic). Please use another.");
    let decoded = ask(&open, "user", &Target::Credential, answer(403, &[REQUEST_ID], &body));
    assert_eq!(told(&decoded, "token.kind"), &word("classic"));
}
