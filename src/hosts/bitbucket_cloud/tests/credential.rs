//! Whose the credential is, and what its headers say of it.

use serde_json::{Value as Json, json};

use super::{
    API, API_TOKEN, access_token, account, acme, answer, api_token, ask, ask_user, cause, converse, declared, error,
    host, index, is_told, known, lacking, notes, of, scopes, secret, set, shape_of, sources, text, told, word,
};
use crate::facts::{Answer, Bounds, Cause, Credential, Knowledge, Target, Value};
use crate::text::secret::Secret;
use crate::transport::Authorization;
use crate::vocabulary::Place;
use crate::vocabulary::{HostKind, Origin, Told};

/// What `/user` answers an access token with.
fn closed(kind: &str, granted: Option<&str>) -> Answer {
    let mut headers = vec![("X-Credential-Type", kind)];
    headers.extend(granted.map(|granted| ("X-OAuth-Scopes", granted)));
    answer(403, &headers, &error("This API is not accessible by this authentication mechanism."))
}

#[test]
fn one_answer_tells_everything_of_an_api_token_and_its_user() {
    let decoded = ask_user(&api_token(), &answer(200, API_TOKEN, &account()));
    for (path, expected) in [
        ("token.kind", word("api_token")),
        ("token.scopes", scopes(&["read:pullrequest:bitbucket", "read:repository:bitbucket", "read:user:bitbucket"])),
        ("token.active", known(true)),
        ("user.username", text("acme-atlantis")),
        ("user.name", text("Acme Atlantis")),
    ] {
        assert_eq!(told(&decoded, path), &expected, "{path}");
    }
    assert_eq!(sources(&decoded, "token.kind"), ["prefix ATATT3 of the token", "header X-Credential-Type"]);
    assert_eq!(sources(&decoded, "token.scopes"), ["header X-OAuth-Scopes"]);
    assert!(decoded.incidents.is_empty() && decoded.ends.is_none());
}

#[test]
fn finding_21_a_scope_to_merge_implies_reading_and_the_header_is_not_expanded() {
    let headers =
        [("X-Credential-Type", "workspace_access_token"), ("X-OAuth-Scopes", "pipeline, pullrequest:write, account")];
    let decoded =
        ask_user(&access_token(), &answer(403, &headers, &error("not accessible by this authentication mechanism")));
    let Knowledge::Known(Value::Names(granted)) = told(&decoded, "token.scopes") else { panic!("scopes") };
    assert_eq!(granted.names(), ["account", "pipeline", "pullrequest:write"]);
    for implied in ["repository", "repository:write", "pullrequest"] {
        assert!(granted.grants(implied), "{implied}");
    }
    for other in ["repository:admin", "webhook", "email", "read:repository:bitbucket"] {
        assert!(!granted.grants(other), "{other}");
    }
    // The header of 2017 was expanded: both give one answer to what is covered.
    let expanded =
        set(&["snippet:write", "snippet", "pullrequest:write", "pullrequest", "repository:write", "repository"]);
    assert!(expanded.covers(&set(&["pullrequest:write", "snippet:write"])));
    assert!(set(&["pullrequest:write", "snippet:write"]).covers(&expanded));
}

#[test]
fn finding_22_the_header_names_the_kind() {
    for (named, kind) in [
        ("workspace_access_token", "workspace_access_token"),
        ("project_access_token", "project_access_token"),
        ("repo_access_token", "repository_access_token"),
        (" Repo_Access_Token ", "repository_access_token"),
    ] {
        let decoded = ask_user(&access_token(), &closed(named, Some("repository")));
        assert_eq!(told(&decoded, "token.kind"), &word(kind), "{named}");
        assert_eq!(sources(&decoded, "token.kind"), ["header X-Credential-Type"]);
    }
    let old = ask_user(&of(""), &answer(200, &[("X-Credential-Type", "apppassword")], &account()));
    assert_eq!(told(&old, "token.kind"), &word("app_password"));
}

#[test]
fn finding_23_an_answer_without_the_header_leaves_the_scopes_unknown() {
    let decoded = ask_user(&access_token(), &closed("workspace_access_token", None));
    assert_eq!(told(&decoded, "token.kind"), &word("workspace_access_token"));
    assert_eq!(cause(&decoded, "token.scopes"), Some(Cause::Malformed));
    let bare = ask_user(&api_token(), &answer(200, &[], &account()));
    assert_eq!(cause(&bare, "token.scopes"), Some(Cause::Malformed));
    assert_eq!(told(&bare, "user.username"), &text("acme-atlantis"));
    // Without any header the kind stays among those that the text allows.
    let open = ask_user(
        &access_token(),
        &answer(403, &[], &error("This API is not accessible by this authentication mechanism.")),
    );
    let Knowledge::Bounded(Bounds::Candidates(words), _) = told(&open, "token.kind") else { panic!("open") };
    assert_eq!(words.len(), 3);
}

#[test]
fn finding_25_the_nickname_is_the_username_and_null_is_not_no() {
    let decoded = ask_user(&api_token(), &answer(200, API_TOKEN, &account()));
    assert_eq!(told(&decoded, "user.username"), &text("acme-atlantis"));
    assert_eq!(sources(&decoded, "user.username"), ["field nickname"]);
    assert_eq!(cause(&decoded, "user.two_factor"), Some(Cause::NotPermitted));
    let with = |value: Json| {
        let mut body = account();
        body["has_2fa_enabled"] = value;
        told(&ask_user(&api_token(), &answer(200, API_TOKEN, &body)), "user.two_factor").clone()
    };
    assert_eq!(with(json!(true)), known(true));
    assert_eq!(with(json!(false)), known(false));
    assert_eq!(with(json!("yes")).cause(), Some(Cause::Malformed));
    // An answer of 2016: no account id, no nickname; the login name is not taken for it.
    let old = json!({"type": "user", "username": "acme-login", "display_name": "Acme", "uuid": "{0b5e}"});
    let old = ask_user(&api_token(), &answer(200, API_TOKEN, &old));
    assert_eq!(cause(&old, "user.username"), Some(Cause::Malformed));
    assert_eq!(told(&old, "user.name"), &text("Acme"));
    // The order of the scopes is nobody's.
    let headers = [("x-oauth-scopes", "repository:write, account,email"), ("x-credential-type", "api_token")];
    let unsorted = ask_user(&api_token(), &answer(200, &headers, &account()));
    assert_eq!(told(&unsorted, "token.scopes"), &scopes(&["account", "email", "repository:write"]));
}

#[test]
fn trap_01_app_passwords_are_known_by_their_text() {
    let shape = shape_of(&secret("ATBB"));
    assert_eq!(shape.kinds.iter().map(|kind| kind.word).collect::<Vec<_>>(), ["app_password"]);
    let Origin::Asked(reveals) = &host().row(index("token.kind")).origin else { panic!("asked") };
    let row = reveals.iter().find(|reveal| reveal.kinds.contains(&"app_password")).unwrap();
    assert!(matches!(row.by, Told::TokenText), "no request is needed");
    assert!(host().credential_kind("app_password").unwrap().doc.contains("API token"), "the way out is named");
}

#[test]
fn trap_02_the_words_of_api_tokens_imply_nothing() {
    let granted = set(&["write:pullrequest:bitbucket"]);
    assert!(!granted.grants("read:pullrequest:bitbucket") && !granted.grants("read:repository:bitbucket"));
    assert!(!granted.grants("pullrequest:write") && !granted.grants("repository"));
    assert!(!set(&["admin:repository:bitbucket"]).grants("read:repository:bitbucket"));
    assert!(!set(&["pullrequest:write"]).grants("read:pullrequest:bitbucket"));
}

#[test]
fn trap_03_scopes_and_kind_are_read_in_whichever_case_the_headers_come() {
    for names in [
        ["X-OAuth-Scopes", "X-Credential-Type"],
        ["X-Oauth-Scopes", "X-Credential-Type"],
        ["x-oauth-scopes", "x-credential-type"],
        ["X-OAUTH-SCOPES", "X-CREDENTIAL-TYPE"],
    ] {
        let headers = [(names[0], "read:user:bitbucket"), (names[1], "api_token")];
        let decoded = ask_user(&api_token(), &answer(200, &headers, &account()));
        assert_eq!(told(&decoded, "token.scopes"), &scopes(&["read:user:bitbucket"]), "{names:?}");
    }
}

#[test]
fn trap_04_and_05_expiry_and_label_are_never_told() {
    for kind in ["api_token", "repository_access_token", "project_access_token", "workspace_access_token", "oauth"] {
        for path in ["token.expires_at", "token.name", "token.created_at"] {
            let Origin::Asked(reveals) = &host().row(index(path)).origin else { panic!("asked") };
            let row = reveals.iter().find(|reveal| reveal.kinds.contains(&kind)).unwrap();
            assert!(matches!(row.by, Told::NotRevealable(_)), "{path} of {kind}");
        }
    }
    let mut body = account();
    body["expires_at"] = json!("2027-01-01T00:00:00Z");
    let decoded = ask_user(&api_token(), &answer(200, API_TOKEN, &body));
    assert!(!is_told(&decoded, "token.expires_at") && !is_told(&decoded, "token.name"));
}

#[test]
fn trap_06_access_tokens_have_no_user_and_their_refusal_tells_of_them() {
    let decoded = ask_user(&access_token(), &closed("repo_access_token", Some("pullrequest, repository")));
    assert_eq!(told(&decoded, "token.kind"), &word("repository_access_token"));
    assert_eq!(told(&decoded, "token.scopes"), &scopes(&["pullrequest", "repository"]));
    assert_eq!(told(&decoded, "token.active"), &known(true), "it is alive");
    assert!(decoded.ends.is_none() && decoded.incidents.is_empty());
    for path in ["user.username", "user.name"] {
        assert!(!is_told(&decoded, path), "the table settles {path}");
        let Origin::Asked(reveals) = &host().row(index(path)).origin else { panic!("asked") };
        let row = reveals.iter().find(|reveal| reveal.kinds.contains(&"repository_access_token")).unwrap();
        assert!(matches!(row.by, Told::NotRevealable(_)), "unknown, not empty");
    }
    // The exact text of the refusal was never seen: the headers say the same.
    let headers = [("X-Credential-Type", "project_access_token"), ("X-OAuth-Scopes", "")];
    let other = ask_user(&access_token(), &answer(403, &headers, &error("Nope")));
    assert_eq!(told(&other, "token.kind"), &word("project_access_token"));
    assert_eq!(told(&other, "token.scopes"), &scopes(&[]));
}

#[test]
fn trap_09_basic_for_people_and_bearer_for_the_rest() {
    let sent = |credential: &Credential, prefix: &str| {
        crate::collecting::authorization(credential, Secret::token(&secret(prefix)).unwrap())
    };
    for credential in [api_token(), of("ATBB"), declared("account_password")] {
        let Authorization::Basic(username, _) = sent(&credential, "ATATT3") else { panic!("Basic") };
        assert_eq!(username, "bot@acme.example");
    }
    for credential in [access_token(), of(""), declared("workspace_access_token"), declared("oauth")] {
        assert!(matches!(sent(&credential, "ATCTT3"), Authorization::Bearer(_)), "{:?}", credential.kinds);
    }
}

#[test]
fn a_text_without_a_prefix_is_an_oauth_token_or_an_old_app_password() {
    let words = |text: &str| shape_of(text).kinds.iter().map(|kind| kind.word).collect::<Vec<_>>();
    assert_eq!(words("an unusual text"), ["app_password", "oauth"]);
    assert_eq!(words(&secret("ATCTT3")), ["repository_access_token", "project_access_token", "workspace_access_token"]);
    assert_eq!(shape_of(&secret("ATATT3")).evidence, Some(Place::TokenText("ATATT3")));
    assert_eq!(shape_of(&secret("ATCTT3")).evidence, None);
    assert_eq!(shape_of("").kinds.len(), 2);
}

#[test]
fn a_kind_that_the_header_contradicts_is_open_and_said() {
    let decoded = ask_user(&declared("oauth"), &answer(200, API_TOKEN, &account()));
    assert_eq!(cause(&decoded, "token.kind"), Some(Cause::Malformed));
    assert_eq!(
        notes(&decoded),
        [
            "the credential is taken for an OAuth access token, and Bitbucket says it is an API token, so its kind is open"
        ]
    );
    let odd = ask_user(&of(""), &answer(200, API_TOKEN, &account()));
    let Knowledge::Bounded(Bounds::Candidates(words), _) = told(&odd, "token.kind") else { panic!("open") };
    assert_eq!(words, &["app_password", "oauth", "api_token"]);
    assert_eq!(notes(&odd).len(), 1);
    // A word that nobody knows contradicts nothing.
    let headers = [("X-Credential-Type", "oauth2"), ("X-OAuth-Scopes", "account")];
    let strange = ask_user(&declared("oauth"), &answer(200, &headers, &account()));
    assert!(!is_told(&strange, "token.kind") && notes(&strange).is_empty());
    assert_eq!(told(&strange, "token.scopes"), &scopes(&["account"]));
}

#[test]
fn an_empty_list_of_scopes_counts_only_where_bitbucket_sent_it() {
    let empty = [("X-OAuth-Scopes", "")];
    let decoded = ask_user(&api_token(), &answer(200, &empty, &account()));
    assert_eq!(cause(&decoded, "token.scopes"), Some(Cause::Malformed));
    let decoded = ask_user(&api_token(), &answer(200, &[empty[0], ("X-Credential-Type", "api_token")], &account()));
    assert_eq!(told(&decoded, "token.scopes"), &scopes(&[]));
}

#[test]
fn a_refusal_for_lack_of_a_scope_is_a_second_source() {
    let granted = ["read:pullrequest:bitbucket"];
    let body = lacking(&granted, &["read:user:bitbucket"]);
    let decoded = ask_user(&api_token(), &answer(403, &[("X-Credential-Type", "api_token")], &body));
    assert_eq!(told(&decoded, "token.scopes"), &scopes(&granted));
    assert_eq!(sources(&decoded, "token.scopes"), ["field error.detail.granted"]);
    assert_eq!(told(&decoded, "token.active"), &known(true));
    assert_eq!(cause(&decoded, "user.username"), Some(Cause::NotPermitted));
    let Knowledge::Unknown(why) = told(&decoded, "user.username") else { panic!("unknown") };
    assert!(why.reason.contains("`read:user:bitbucket`"), "{}", why.reason);
    // Where both are there they must say the same; implied scopes may be written out in one of them.
    let both = |header: &str, granted: &[&str]| {
        let headers = [("X-Credential-Type", "apppassword"), ("X-OAuth-Scopes", header)];
        told(&ask_user(&declared("api_token"), &answer(403, &headers, &lacking(granted, &["account"]))), "token.scopes")
            .clone()
    };
    assert_eq!(both("pullrequest", &["pullrequest", "repository"]), scopes(&["pullrequest"]));
    assert_eq!(both("pullrequest", &["repository"]).cause(), Some(Cause::Malformed));
    // A text in the place of the object is no list.
    let body = json!({"type": "error", "error": {"message": "Forbidden", "detail": "no"}});
    let decoded = ask_user(&api_token(), &answer(403, &[("X-Credential-Type", "api_token")], &body));
    assert_eq!(cause(&decoded, "token.scopes"), Some(Cause::Malformed));
}

#[test]
fn scopes_that_nobody_knows_are_kept_and_noted() {
    let headers = [("X-Credential-Type", "api_token"), ("X-OAuth-Scopes", "read:user:bitbucket, read:moon:bitbucket")];
    let decoded = ask_user(&api_token(), &answer(200, &headers, &account()));
    assert_eq!(told(&decoded, "token.scopes"), &scopes(&["read:moon:bitbucket", "read:user:bitbucket"]));
    assert_eq!(notes(&decoded), ["the credential has the scope `read:moon:bitbucket`, which credcheck does not know"]);
}

#[test]
fn a_limit_that_is_near_is_noted() {
    let near = |value: &str| {
        let headers =
            [("X-Credential-Type", "api_token"), ("X-OAuth-Scopes", "account"), ("X-RateLimit-NearLimit", value)];
        notes(&ask_user(&api_token(), &answer(200, &headers, &account()))).len()
    };
    assert_eq!([near("true"), near("True"), near("false"), near("20"), near("")], [1, 1, 0, 0, 0]);
}

#[test]
fn the_primary_address_is_found_on_whichever_page() {
    let page = |items: Json, next: Option<&str>| {
        let mut body = json!({"values": items, "pagelen": 1});
        if let Some(next) = next {
            body["next"] = json!(format!("{API}{next}"));
        }
        answer(200, API_TOKEN, &body)
    };
    let email = |email: &str, primary: bool| json!([{"email": email, "is_primary": primary, "is_confirmed": true}]);
    let (decoded, asked) = converse(&api_token(), "user_emails", &Target::Credential, |url| match url {
        "/user/emails" => page(email("old@acme.example", false), Some("/user/emails?page=2")),
        _ => page(email("bot@acme.example", true), None),
    });
    assert_eq!(told(&decoded, "user.email"), &text("bot@acme.example"));
    assert_eq!(asked, ["/user/emails", "/user/emails?page=2"]);
    for (body, expected) in [
        (json!({"values": []}), Cause::Malformed),
        (json!({"values": [{"email": 1, "is_primary": true}]}), Cause::Malformed),
        (json!({"values": "none"}), Cause::Malformed),
        (json!([]), Cause::Malformed),
    ] {
        let decoded = ask(&api_token(), "user_emails", &Target::Credential, &answer(200, API_TOKEN, &body));
        assert_eq!(cause(&decoded, "user.email"), Some(expected), "{body}");
    }
}

#[test]
fn the_role_in_a_workspace_is_read() {
    let role = |body: &Json| {
        told(&ask(&api_token(), "workspace_permission", &acme(), &answer(200, API_TOKEN, body)), "workspace.role")
            .clone()
    };
    assert_eq!(role(&json!({"permission": "owner"})), word("owner"));
    assert_eq!(role(&json!({"permission": "create-project"})), word("create_project"));
    assert_eq!(role(&json!({"permission": "member"})), word("member"));
    assert_eq!(role(&json!({"permission": "emperor"})).cause(), Some(Cause::Malformed));
    assert_eq!(role(&json!({})).cause(), Some(Cause::Malformed));
    let missing = answer(404, API_TOKEN, &error("No workspace with identifier 'acme'."));
    let decoded = ask(&api_token(), "workspace_permission", &acme(), &missing);
    assert_eq!(cause(&decoded, "workspace.role"), Some(Cause::NotPermitted));
}

#[test]
fn answers_that_make_no_sense_settle_nothing_about_the_user() {
    for body in [json!({}), json!([]), json!(null), json!({"uuid": 7}), json!({"uuid": ""})] {
        let decoded = ask_user(&api_token(), &answer(200, API_TOKEN, &body));
        assert_eq!(cause(&decoded, "user.username"), Some(Cause::Malformed), "{body}");
    }
    assert_eq!(HostKind::BitbucketCloud.word(), "bitbucket_cloud");
}
