//! Whose the credential is, and what its headers say of it.

use jiff::Timestamp;
use serde_json::{Value as Json, json};

use std::sync::Arc;

use super::{
    REQUEST_ID, account, actions, answer, answered, ask, cause, credential, credential_at, host, index, is_told, known,
    message, next_page, of, scopes, shape_of, sources, text, token, told, with, without, word,
};
use crate::facts::{Answer, Bounds, Cause, Credential, FactSet, Incident, Knowledge, Target, Value};
use crate::hosts::Brief;
use crate::vocabulary::HostKind;
use crate::vocabulary::Place;

#[test]
fn one_answer_tells_everything_of_a_classic_token_and_its_user() {
    let decoded = ask(
        &of("ghp"),
        "user",
        &Target::Credential,
        answer(
            200,
            &[
                ("X-OAuth-Scopes", "read:user, repo"),
                ("GitHub-Authentication-Token-Expiration", "2027-01-15 09:30:00 UTC"),
                REQUEST_ID,
            ],
            &account(),
        ),
    );
    let expiry: Timestamp = "2027-01-15T09:30:00Z".parse().unwrap();
    for (path, expected) in [
        ("token.kind", word("classic")),
        ("token.scopes", scopes(&["read:user", "repo"])),
        ("token.expires_at", Knowledge::Known(Value::Time(expiry))),
        ("token.active", known(true)),
        ("user.username", text("acme-ci-bot")),
        ("user.name", text("Acme CI")),
        ("user.email", Knowledge::Absent),
        ("user.kind", word("user")),
        ("user.is_bot", known(false)),
        ("user.two_factor", known(true)),
        ("user.site_admin", known(false)),
        ("host.version", Knowledge::Absent),
    ] {
        assert_eq!(told(&decoded, path), &expected, "{path}");
    }
    assert_eq!(sources(&decoded, "token.scopes"), ["header X-OAuth-Scopes"]);
    assert_eq!(sources(&decoded, "token.kind"), ["prefix ghp_ of the token"]);
    assert!(matches!(told(&decoded, "token.oauth_client"), Knowledge::Inapplicable(_)));
    assert!(decoded.incidents.is_empty() && decoded.ends.is_none());
    let evidence = &decoded.facts[0].2.evidence[0];
    assert_eq!(evidence.request.as_ref().unwrap().to_string(), "GET https://api.github.com/user");
    assert_eq!(evidence.status, Some(200));
}

#[test]
fn finding_02_the_expiry_comes_in_two_forms() {
    let expires = |token: &Credential, headers: &[(&str, &str)]| {
        told(&ask(token, "user", &Target::Credential, answer(200, headers, &account())), "token.expires_at").clone()
    };
    let header = "GitHub-Authentication-Token-Expiration";
    for prefix in ["ghp", "github_pat", "ghu", "gho"] {
        for (value, expected) in [
            ("2026-12-24 18:00:00 +0100", "2026-12-24T17:00:00Z"),
            ("2026-12-24 10:00:00 -0700", "2026-12-24T17:00:00Z"),
            ("2026-12-24 17:00:00 UTC", "2026-12-24T17:00:00Z"),
        ] {
            let expected: Timestamp = expected.parse().unwrap();
            assert_eq!(expires(&of(prefix), &[(header, value)]), Knowledge::Known(Value::Time(expected)));
        }
    }
}

#[test]
fn trap_04_an_expiry_that_cannot_be_read_is_not_never() {
    let expires = |headers: &[(&str, &str)]| {
        told(&ask(&of("ghp"), "user", &Target::Credential, answer(200, headers, &account())), "token.expires_at")
            .clone()
    };
    let header = "GitHub-Authentication-Token-Expiration";
    for value in ["", "soon", "2026-12-24", "2026-12-24T17:00:00Z", "2026-02-30 17:00:00 UTC"] {
        assert_eq!(expires(&[(header, value), REQUEST_ID]).cause(), Some(Cause::Malformed), "{value}");
    }
    assert_eq!(expires(&[REQUEST_ID]), Knowledge::Absent, "GitHub's own answer without one means never");
    assert_eq!(expires(&[]).cause(), Some(Cause::Malformed), "a proxy may have stripped it");
    let decoded = ask(&of("ghp"), "user", &Target::Credential, answer(200, &[REQUEST_ID], &account()));
    assert_eq!(
        sources(&decoded, "token.expires_at").len(),
        2,
        "the evidence names what is missing and whose answer it is"
    );
}

#[test]
fn finding_03_headers_tell_kinds_apart_where_the_text_does_not() {
    let hexadecimal = "0123456789abcdef0123456789abcdef01234567";
    let oauth = ("X-OAuth-Client-Id", "178c6fc778ccc68e1d6a");
    let app = ("X-OAuth-Client-Id", "Iv1.0123456789abcdef");
    let accepted = ("X-Accepted-GitHub-Permissions", "allows_permissionless_access=true");
    let repo = ("X-OAuth-Scopes", "repo");
    let empty = ("X-OAuth-Scopes", "");
    let kind = |token: &str, headers: &[(&str, &str)]| {
        told(&ask(&credential(token), "user", &Target::Credential, answer(200, headers, &account())), "token.kind")
            .clone()
    };
    for (token, headers, expected) in [
        (hexadecimal, vec![repo], word("classic")),
        (hexadecimal, vec![repo, oauth], word("oauth_app")),
        (hexadecimal, vec![empty], word("classic")),
        ("an unusual text", vec![repo], word("classic")),
        ("an unusual text", vec![repo, oauth], word("oauth_app")),
        ("an unusual text", vec![empty, app], word("app_user")),
        ("an unusual text", vec![accepted], word("fine_grained")),
    ] {
        assert_eq!(kind(token, &headers), expected, "{token} {headers:?}");
    }
    for (token, headers) in [
        (hexadecimal, vec![accepted]),
        (hexadecimal, vec![empty, app]),
        ("an unusual text", vec![empty, ("X-OAuth-Client-Id", "Iv23liAbCdEf0123456789")]),
        ("an unusual text", vec![]),
    ] {
        assert_eq!(kind(token, &headers).cause(), Some(Cause::Malformed), "{token} {headers:?}");
    }
}

#[test]
fn finding_03_an_empty_scopes_header_of_an_app_user_token_is_not_no_scopes() {
    let app = ("X-OAuth-Client-Id", "Iv1.0123456789abcdef");
    let answered = answer(200, &[("X-OAuth-Scopes", ""), app, REQUEST_ID], &account());
    let decoded = ask(&of("ghu"), "user", &Target::Credential, answered.clone());
    assert_eq!(told(&decoded, "token.oauth_client"), &text("Iv1.0123456789abcdef"));
    assert!(matches!(told(&decoded, "token.scopes"), Knowledge::Inapplicable(_)));
    let decoded = ask(&of("gho"), "user", &Target::Credential, answered);
    assert_eq!(cause(&decoded, "token.scopes"), Some(Cause::Malformed), "the prefix and the client id disagree");
    let decoded = ask(&of("ghp"), "user", &Target::Credential, answer(200, &[("X-OAuth-Scopes", "")], &account()));
    assert_eq!(told(&decoded, "token.scopes"), &scopes(&[]), "here it is");
}

#[test]
fn a_prefix_and_headers_that_disagree_leave_the_scopes_unknown() {
    for prefix in ["ghp", "gho"] {
        let decoded = ask(&of(prefix), "user", &Target::Credential, answer(200, &[REQUEST_ID], &account()));
        let Knowledge::Unknown(unknown) = told(&decoded, "token.scopes") else { panic!("{decoded:?}") };
        assert_eq!(unknown.cause, Cause::Malformed);
        assert!(unknown.reason.contains("X-OAuth-Scopes"), "{}", unknown.reason);
    }
    let headers = [("X-OAuth-Scopes", "repo"), REQUEST_ID];
    let credential = of("github_pat");
    let row = host().request("user").unwrap();
    let so_far = FactSet::new(HostKind::GitHub);
    let wanted = [index("token.scopes"), index("token.kind")];
    let brief = Brief {
        row,
        targets: [Target::Credential].into(),
        credential: &credential,
        so_far: Arc::new(so_far.clone()),
        facts: wanted.as_slice().into(),
        wanted: crate::facts::Wanted::All,
    };
    let (_, decoded) = answered(&so_far, &brief, Ok(answer(200, &headers, &account())));
    assert_eq!(told(&decoded, "token.kind"), &word("fine_grained"), "the prefix wins");
    assert_eq!(cause(&decoded, "token.scopes"), Some(Cause::Malformed));
}

#[test]
fn trap_05_new_installation_tokens_are_recognised_by_their_prefix() {
    let new =
        format!("{}_300001_{}.{}.{}_{}", "ghs", "e".repeat(200), "y".repeat(200), "c-".repeat(40), "s_".repeat(9));
    assert!(new.len() > 500);
    let shape = shape_of(&new);
    assert_eq!(shape.kinds.iter().map(|kind| kind.word).collect::<Vec<_>>(), ["app_installation"]);
    assert_eq!(shape.evidence, Some(Place::TokenText("ghs_")));
}

#[test]
fn kinds_come_from_prefixes_or_stay_open() {
    let words = |token: &str| shape_of(token).kinds.iter().map(|kind| kind.word).collect::<Vec<_>>();
    for (prefix, kind) in [
        ("ghp", "classic"),
        ("github_pat", "fine_grained"),
        ("gho", "oauth_app"),
        ("ghu", "app_user"),
        ("ghs", "app_installation"),
    ] {
        assert_eq!(words(&token(prefix)), [kind]);
        assert_eq!(shape_of(&token(prefix)).evidence.unwrap().to_string(), format!("prefix {prefix}_ of the token"));
    }
    let hexadecimal = "0123456789abcdef0123456789abcdef01234567";
    assert_eq!(words(hexadecimal), ["classic", "oauth_app"]);
    assert_eq!(shape_of(hexadecimal).evidence, None);
    let all = ["classic", "fine_grained", "oauth_app", "app_user", "app_installation", "actions"];
    for text in ["", &hexadecimal.to_uppercase(), hexadecimal.trim_start_matches('0'), "Ghp_x", "é"] {
        assert_eq!(words(text), all, "{text}");
    }
}

#[test]
fn trap_07_a_fine_grained_token_has_a_page_to_make_it_on() {
    let kind = host().credential_kind("fine_grained").unwrap();
    assert_eq!(kind.settings_page, Some("{url}/settings/personal-access-tokens"));
}

#[test]
fn finding_06_scopes_are_a_set_with_its_own_implications() {
    let headers = [("X-OAuth-Scopes", "user, public_repo,repo , gist,, future:scope"), REQUEST_ID];
    let decoded = ask(&of("ghp"), "user", &Target::Credential, answer(200, &headers, &account()));
    let Knowledge::Known(Value::Names(names)) = told(&decoded, "token.scopes") else { panic!("known") };
    assert_eq!(names.names(), ["future:scope", "gist", "public_repo", "repo", "user"]);
    assert!(names.grants("repo:status") && names.grants("user:email") && !names.grants("read:org"));
    assert!(matches!(&decoded.incidents[..], [Incident::Note { text, .. }] if text.contains("`future:scope`")));
}

#[test]
fn finding_09_null_is_absent_and_a_missing_second_factor_is_unknown() {
    let body = with(without(account(), "two_factor_authentication"), "/name", Json::Null);
    for prefix in ["ghp", "github_pat", "ghu"] {
        let decoded = ask(&of(prefix), "user", &Target::Credential, answer(200, &[REQUEST_ID], &body));
        assert_eq!(told(&decoded, "user.name"), &Knowledge::Absent);
        assert_eq!(told(&decoded, "user.email"), &Knowledge::Absent);
        assert_eq!(cause(&decoded, "user.two_factor"), Some(Cause::NotPermitted));
    }
}

#[test]
fn finding_12_the_sunset_of_the_api_version_is_noted_when_it_is_near() {
    let headers = [
        ("Deprecation", "Tue, 10 Mar 2026 00:00:00 GMT"),
        ("Sunset", "Fri, 10 Mar 2028 00:00:00 GMT"),
        ("Link", "<https://docs.github.com/rest/api-versions>; rel=\"deprecation\"; type=\"text/html\""),
        REQUEST_ID,
    ];
    let far = answer(200, &headers, &account());
    assert_eq!(next_page(far.clone()), None, "that relation is no page");
    assert!(ask(&of("github_pat"), "user", &Target::Credential, far.clone()).incidents.is_empty());
    let near = Answer { at: "2028-01-10T00:00:00Z".parse().unwrap(), ..far };
    let decoded = ask(&of("github_pat"), "user", &Target::Credential, near);
    assert!(matches!(&decoded.incidents[..], [Incident::Note { text, .. }] if text.contains("2022-11-28")));
}

#[test]
fn finding_13_an_enterprise_server_names_its_version_and_no_rate_limit() {
    let server = credential_at(&token("ghp"), "https://ghe.acme.example", "https://ghe.acme.example/api/v3");
    let version = |headers: &[(&str, &str)]| {
        let answered = answer(200, headers, &account());
        assert_eq!(crate::collecting::limits(HostKind::GitHub).window(&answered), None);
        told(&ask(&server, "user", &Target::Credential, answered), "host.version").clone()
    };
    let Knowledge::Known(Value::Version(known)) = version(&[("X-GitHub-Enterprise-Version", "3.19.2")]) else {
        panic!("known")
    };
    assert_eq!(known.as_str(), "3.19.2");
    assert_eq!(version(&[]).cause(), Some(Cause::Malformed), "a server without one makes no sense");
    assert_eq!(version(&[("X-GitHub-Enterprise-Version", "main")]).cause(), Some(Cause::Malformed));
    let residency = credential_at(&token("ghp"), "https://acme.ghe.com", "https://api.acme.ghe.com");
    let decoded = ask(&residency, "user", &Target::Credential, answer(200, &[REQUEST_ID], &account()));
    assert_eq!(cause(&decoded, "host.version"), Some(Cause::NotRevealable), "nobody confirmed what GHE.com sends");
}

#[test]
fn the_viewer_of_an_installation_token_is_its_bot() {
    let body = json!({"data": {"viewer": {"login": "acme-bot[bot]", "databaseId": 280_000_001}}});
    for credential in [of("ghs"), actions()] {
        let decoded = ask(&credential, "viewer", &Target::Credential, answer(200, &[REQUEST_ID], &body));
        assert_eq!(told(&decoded, "user.username"), &text("acme-bot[bot]"));
        assert_eq!(told(&decoded, "user.is_bot"), &known(true));
        assert_eq!(told(&decoded, "user.kind"), &word("bot"));
        assert_eq!(told(&decoded, "app.slug"), &text("acme-bot"));
        assert_eq!(told(&decoded, "token.active"), &known(true));
        assert!(!is_told(&decoded, "token.expires_at"), "nothing is claimed of its expiry");
    }
    let person = json!({"data": {"viewer": {"login": "alice"}}});
    let decoded = ask(&of("ghs"), "viewer", &Target::Credential, answer(200, &[], &person));
    assert_eq!(cause(&decoded, "user.is_bot"), Some(Cause::Malformed));
}

#[test]
fn a_query_that_fails_comes_with_status_200() {
    let limited = json!({"errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded for user ID 1."}]});
    let forbidden = json!({"data": {"viewer": null}, "errors": [{"type": "FORBIDDEN", "message": "no"}]});
    for (headers, body, expected) in [
        (vec![("X-RateLimit-Remaining", "0")], forbidden.clone(), Cause::NotReachable),
        (vec![], limited, Cause::NotReachable),
        (vec![], forbidden, Cause::NotPermitted),
        (vec![], json!({"data": null}), Cause::Malformed),
        (vec![], json!({"data": {"viewer": {"login": ""}}, "errors": []}), Cause::Malformed),
        (vec![], json!([]), Cause::Malformed),
    ] {
        let decoded = ask(&of("ghs"), "viewer", &Target::Credential, answer(200, &headers, &body));
        assert_eq!(cause(&decoded, "token.active"), Some(expected), "{body}");
        assert_eq!(cause(&decoded, "user.is_bot"), Some(expected), "{body}");
    }
}

#[test]
fn an_installation_token_of_unusual_text_shows_itself_by_its_refusal() {
    let body = message("Resource not accessible by integration");
    let decoded = ask(&credential("an unusual text"), "user", &Target::Credential, answer(403, &[REQUEST_ID], &body));
    assert!(matches!(told(&decoded, "token.kind"), Knowledge::Bounded(Bounds::Candidates(words), _)
        if words == &["app_installation", "actions"]));
    assert_eq!(told(&decoded, "token.active"), &known(true));
    assert_eq!(cause(&decoded, "user.username"), Some(Cause::NotPermitted));
}
