//! What real answers of GitLab hold: recorded ones of live servers, and the points that are easily read wrong.

use super::*;

fn project(permissions: Json) -> Decoded {
    let body = json!({
        "id": 318, "path_with_namespace": "acme/platform/infra", "archived": null, "visibility": "private",
        "permissions": permissions, "runners_token": (["glrt", "Secret0001"].join("-")),
    });
    let asked = ["project.access_level", "project.archived", "repository.name"];
    ask(&pat(), "project", &infra(), &asked, vec![answer(200, &body)])
}

#[test]
fn finding_15_the_effective_level_is_the_larger_of_two_and_null_is_no_proof_of_none() {
    let level = |number: i64| json!({"access_level": number, "notification_level": 3});
    let seen = |project_access: Json, group_access: Json| {
        project(json!({"project_access": project_access, "group_access": group_access}))
    };
    assert_eq!(least(&seen(Json::Null, level(40)), "project.access_level"), "maintainer");
    assert_eq!(least(&seen(level(20), Json::Null), "project.access_level"), "reporter");
    assert_eq!(least(&seen(level(20), level(50)), "project.access_level"), "owner");
    assert_eq!(least(&seen(level(50), level(30)), "project.access_level"), "owner");
    assert_eq!(least(&seen(Json::Null, level(5)), "project.access_level"), "minimal");
    // Planner and reporter stand side by side: either is a lower bound.
    assert_eq!(least(&seen(level(15), level(20)), "project.access_level"), "reporter");
    let neither = seen(Json::Null, Json::Null);
    assert!(matches!(found(&neither, "project.access_level").knowledge, Knowledge::Unknown(_)));
    assert!(matches!(found(&project(Json::Null), "project.access_level").knowledge, Knowledge::Unknown(_)));
    assert_eq!(cause(&neither, "project.archived"), Cause::Malformed, "null is not false");
}

#[test]
fn finding_16_accounts_of_old_instances_lack_fields_and_may_hold_secrets() {
    let body = json!({
        "id": 5512, "username": "maria", "name": "Maria", "state": "active", "external": false, "is_admin": true,
        "two_factor_enabled": true, "private_token": "hunter2hunter2hunter2",
    });
    let asked = ["user.is_bot", "user.admin", "user.two_factor", "token.kind"];
    let decoded = ask(&pat(), "user", &Target::Credential, &asked, vec![answer(200, &body)]);
    assert_eq!(cause(&decoded, "user.is_bot"), Cause::NotRevealable);
    assert_eq!(known(&decoded, "user.admin"), Value::Bool(true));
    assert_eq!(known(&decoded, "user.two_factor"), Value::Bool(true));
    assert!(matches!(found(&decoded, "token.kind").knowledge, Knowledge::Bounded(Bounds::Candidates(_), _)));
    let kept = trim(host().request("user").unwrap(), Kept::default(), &answer(200, &body));
    assert!(!String::from_utf8(kept.body).unwrap().contains("hunter2"));
}

#[test]
fn finding_17_limits_are_read_in_every_spelling_and_may_be_missing() {
    let limits = crate::collecting::limits(HostKind::GitLab);
    let with = |headers: &[(&str, &str)]| limits.window(&answer_with(200, headers, &Json::Null));
    for spelling in ["RateLimit-", "ratelimit-", "RATELIMIT-"] {
        let names = ["Limit", "Remaining", "Reset"].map(|name| format!("{spelling}{name}"));
        let window = with(&[(&names[0], "2000"), (&names[1], "1999"), (&names[2], "1795435260")]).unwrap();
        assert_eq!((window.limit, window.remaining), (2000, 1999));
    }
    assert!(with(&[("RateLimit-ResetTime", "Mon, 23 Nov 2026 12:00:00 GMT")]).is_none());
}

#[test]
fn finding_18_a_message_is_a_text_a_list_or_an_object_of_lists() {
    for message in
        [json!("418 I'm a teapot"), json!(["I'm", "a teapot"]), json!({"base": ["a teapot"]}), Json::Null, json!(7)]
    {
        let refused = answer(418, &json!({"message": message}));
        let decoded = ask(&pat(), "project", &infra(), &["project.archived"], vec![refused]);
        assert_eq!(cause(&decoded, "project.archived"), Cause::Malformed);
        assert!(decoded.incidents.is_empty());
    }
}

#[test]
fn finding_19_an_oauth_token_without_end_has_null_and_scopes_have_two_names() {
    let oauth = credential(&"0f".repeat(32));
    let info = |body: Json| {
        let asked = ["token.scopes", "token.expires_at", "token.created_at", "user.id"];
        ask(&oauth, "oauth_token_info", &Target::Credential, &asked, vec![answer(200, &body)])
    };
    let old = info(json!({
        "resource_owner_id": 77, "scope": ["api"], "scopes": ["api"], "expires_in": null, "expires_in_seconds": null,
        "application": {"uid": "6f0e"}, "created_at": 1_609_459_200,
    }));
    assert_eq!(found(&old, "token.expires_at").knowledge, Knowledge::Absent);
    assert_eq!(known(&old, "token.scopes"), scopes(&["api"]));
    assert_eq!(known(&old, "token.created_at"), Value::Time("2021-01-01T00:00:00Z".parse().unwrap()));
    assert_eq!(known(&old, "user.id"), Value::Integer(77));
    let now = info(json!({"resource_owner_id": 77, "scopes": ["read_api"], "expires_in": 5310, "created_at": 1}));
    assert_eq!(known(&now, "token.expires_at"), Value::Time("2026-11-23T13:28:30Z".parse().unwrap()));
    assert_eq!(known(&now, "token.scopes"), scopes(&["read_api"]));
    assert_eq!(cause(&info(json!({"expires_in": 1})), "token.scopes"), Cause::Malformed);
}

#[test]
fn finding_20_a_version_may_be_one_before_its_release() {
    let version = |text: &str| {
        let body = json!({"version": text, "revision": "0a1b", "kas": {"enabled": true}, "enterprise": true});
        let decoded = ask(&pat(), "metadata", &Target::Credential, &["host.version"], vec![answer(200, &body)]);
        match known(&decoded, "host.version") {
            Value::Version(version) => version,
            other => panic!("{other:?}"),
        }
    };
    assert!(version("19.1.0-pre") < version("19.1.0") && version("19.1.0-ee") >= version("19.1.0"));
    assert_eq!(version("19.1.0-pre").as_str(), "19.1.0-pre");
}

#[test]
fn point_1_a_token_with_any_scope_describes_itself() {
    let decoded = token_self(&pat(), vec![described(|body| body["scopes"] = json!(["read_repository"]))]);
    assert_eq!(known(&decoded, "token.scopes"), scopes(&["read_repository"]));
    assert_eq!(known(&decoded, "user.id"), Value::Integer(5512));
    assert_eq!(known(&decoded, "token.active"), Value::Bool(true));
    // Its owner's account says which of the four it is.
    let four = vec!["personal", "project", "group", "service_account"];
    assert!(
        matches!(&found(&decoded, "token.kind").knowledge, Knowledge::Bounded(Bounds::Candidates(have), _) if *have == four)
    );
}

#[test]
fn point_2_an_oauth_token_gets_400_and_is_asked_about_elsewhere() {
    let refused = || {
        let message = "400 Bad request - This endpoint requires token type to be a personal access token";
        answer(400, &json!({"message": message}))
    };
    let info = answer(200, &json!({"resource_owner_id": 77, "scope": ["api"], "expires_in": 60, "created_at": 1}));
    let open = credential(&token("custom"));
    let so_far = FactSet::new(HostKind::GitLab);
    let (urls, decoded) = ask_knowing(&so_far, &open, "token_self", &Target::Credential, TOKEN, vec![refused(), info]);
    assert_eq!(urls.len(), 2);
    assert_eq!(word(&decoded, "token.kind"), "oauth");
    assert_eq!(found(&decoded, "token.kind").evidence.len(), 2, "both answers are evidence");
    // Another complaint than that is no proof of anything.
    let odd = answer(400, &json!({"error": "id is invalid"}));
    assert_eq!(cause(&token_self(&open, vec![odd]), "token.kind"), Cause::Malformed);
    assert_eq!(cause(&token_self(&pat(), vec![refused()]), "token.scopes"), Cause::NotRevealable);
}

#[test]
fn point_3_access_is_asked_for_project_by_project_never_read_from_a_list() {
    // `self/associations` lists roles, too, in two lists that are paged together; credcheck asks for what is in scope.
    assert!(host().requests.iter().all(|request| !request.path.contains("associations")));
}

#[test]
fn point_4_granular_is_no_scope_and_proves_the_kind() {
    for change in [json!({"scopes": ["granular"]}), json!({"scopes": ["granular"], "granular": true})] {
        let decoded = token_self(
            &pat(),
            vec![described(|body| body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone()))],
        );
        assert_eq!(word(&decoded, "token.kind"), "fine_grained");
        assert_eq!(cause(&decoded, "token.scopes"), Cause::Inapplicable);
        assert_eq!(known(&decoded, "user.id"), Value::Integer(5512));
    }
    let mixed = token_self(&pat(), vec![described(|body| body["scopes"] = json!(["granular", "api"]))]);
    assert_eq!(cause(&mixed, "token.scopes"), Cause::Malformed);
}

fn granular() -> Answer {
    let description = "Access denied: This operation requires a fine-grained personal access token with the following \
                       user permissions: [Personal Access Token: Read].";
    answer(403, &json!({"error": "insufficient_granular_scope", "error_description": description}))
}

#[test]
fn point_5_a_granular_refusal_proves_kind_and_validity_where_it_is_about_the_token() {
    let decoded = token_self(&pat(), vec![granular()]);
    assert_eq!(word(&decoded, "token.kind"), "fine_grained");
    assert_eq!(known(&decoded, "token.active"), Value::Bool(true));
    assert_eq!(cause(&decoded, "token.scopes"), Cause::Inapplicable);
    assert_eq!(cause(&decoded, "token.expires_at"), Cause::NotPermitted);
    assert!(refusals(&decoded).is_empty() && decoded.ends.is_none());
    // On a project a group may demand fine-grained tokens of everybody.
    let classic = facts(&token_self(&pat(), vec![described(|_| {})]));
    let asked = ["project.archived"];
    let (_, decoded) = ask_knowing(&classic, &pat(), "project", &infra(), &asked, vec![granular()]);
    assert!(decoded.facts.iter().all(|(_, at, _)| *at != index("token.kind")));
    assert!(matches!(&decoded.incidents[..], [Incident::NotAccepted { by, .. }] if by == "acme"));
}

#[test]
fn point_6_a_plain_401_is_open_and_invalid_token_is_about_the_credential() {
    let (mut urls, decoded) = ask_knowing(
        &FactSet::new(HostKind::GitLab),
        &pat(),
        "token_self",
        &Target::Credential,
        TOKEN,
        vec![bare(), bare()],
    );
    assert!(urls.pop().unwrap().ends_with("/user"), "two requests say no before the credential counts as refused");
    assert_eq!(refusals(&decoded), ["is not accepted (401)"]);
    for (description, words) in [
        ("Token is expired. You can either do re-authorization or token refresh.", "has expired"),
        ("Token was revoked. You have to re-authorize from the user.", "has been revoked"),
        ("Token is an impersonation token but impersonation was disabled.", "is an impersonation token"),
    ] {
        let body = json!({"error": "invalid_token", "error_description": description});
        let decoded = token_self(&pat(), vec![answer(401, &body)]);
        assert!(refusals(&decoded)[0].starts_with(words) && decoded.ends.is_some(), "{description}");
        assert_eq!(known(&decoded, "token.active"), Value::Bool(false));
    }
    // A token that is alive gets a plain 401 on some routes: that is no refusal of it.
    let alive = facts(&token_self(&pat(), vec![described(|_| {})]));
    let (_, decoded) = ask_knowing(&alive, &pat(), "project", &infra(), &["project.archived"], vec![bare()]);
    assert!(refusals(&decoded).is_empty() && decoded.ends.is_none());
    assert_eq!(cause(&decoded, "project.archived"), Cause::NotPermitted);
    // Where nothing is known of it yet, the token is asked about itself before anything is concluded.
    let first = FactSet::new(HostKind::GitLab);
    let (_, decoded) =
        ask_knowing(&first, &pat(), "project", &infra(), &["project.archived"], vec![bare(), described(|_| {})]);
    assert!(refusals(&decoded).is_empty());
    let (_, decoded) = ask_knowing(&first, &pat(), "project", &infra(), &["project.archived"], vec![bare(), bare()]);
    assert_eq!(refusals(&decoded).len(), 1);
    for error in ["dpop_error", "restricted_language_server_client_error"] {
        let decoded = token_self(&pat(), vec![answer(401, &json!({"error": error, "error_description": "x"}))]);
        assert!(refusals(&decoded).is_empty() && decoded.ends.is_some(), "{error}");
        assert_eq!(cause(&decoded, "token.scopes"), Cause::NotPermitted);
    }
}

#[test]
fn a_401_of_what_describes_personal_tokens_refuses_no_job_s_token() {
    let job = answer(200, &json!({"id": 7, "status": "running", "user": {"id": 5, "username": "maria", "name": "M"}}));
    let open = credential(&token("custom"));
    let decoded = token_self(&open, vec![bare(), bare(), job]);
    assert_eq!(word(&decoded, "token.kind"), "job");
    assert!(refusals(&decoded).is_empty());
    let dead = token_self(&open, vec![bare(), bare(), bare()]);
    assert_eq!(refusals(&dead), ["is not accepted (401)"]);
    // A deploy token is never asked about: what it is follows from its text.
    assert!(host().credential_kind("deploy").unwrap().first_request.is_none());
}

#[test]
fn point_7_insufficient_scope_lists_what_the_route_takes_never_what_the_token_has() {
    let body = json!({
        "error": "insufficient_scope", "scope": "api read_api",
        "error_description": "The request requires higher privileges than provided by the access token.",
    });
    let asked = ["project.archived", "token.scopes"];
    let decoded = ask(&pat(), "project", &infra(), &asked, vec![answer(403, &body)]);
    assert_eq!(cause(&decoded, "token.scopes"), Cause::NotPermitted, "nothing is concluded of the token's scopes");
    assert_eq!(known(&decoded, "token.active"), Value::Bool(true));
    let Knowledge::Unknown(why) = &found(&decoded, "project.archived").knowledge else { panic!("unknown") };
    assert!(why.reason.contains("GitLab takes `api` or `read_api`"), "{}", why.reason);
}

#[test]
fn point_8_null_permissions_are_no_membership_that_shows_and_nothing_more() {
    let decoded = project(json!({"project_access": null, "group_access": null}));
    assert_eq!(cause(&decoded, "project.access_level"), Cause::Malformed);
    assert_eq!(known(&decoded, "repository.name"), Value::String("acme/platform/infra".into()));
}

#[test]
fn point_9_levels_are_a_partial_order() {
    let Type::Level(table) = host().row(index("project.access_level")).ty else { panic!("levels") };
    assert!(!table.at_least("security_manager", "developer") && !table.at_least("planner", "reporter"));
    assert!(!table.at_least("reporter", "planner") && table.at_least("owner", "reporter"));
}

#[test]
fn point_10_a_redirect_is_followed_to_the_same_place_only_and_its_new_name_told() {
    // Transport follows; the answer's own path tells the new name. `Authorization` is a header that nothing takes along.
    let body = json!({"id": 318, "path_with_namespace": "acme/moved", "archived": false, "visibility": "internal"});
    let decoded = ask(&pat(), "project", &infra(), &["project.archived"], vec![answer(200, &body)]);
    assert!(matches!(&decoded.incidents[..], [Incident::Renamed { to, .. }] if to == "acme/moved"));
    assert!(matches!(crate::collecting::authorization(&pat(), Secret::token("x").unwrap()), Authorization::Bearer(_)));
}

#[test]
fn hostile_answers_decide_nothing() {
    let mut answers = Vec::new();
    for body in
        [json!([]), json!({}), json!("x"), Json::Null, json!({"id": "x", "scopes": 7}), json!({"id": 1, "scopes": [1]})]
    {
        for status in [200, 204, 400, 401, 403, 404, 418, 429, 500, 599] {
            answers.push(answer(status, &body));
        }
    }
    for row in host().requests {
        let target = match row.subject {
            crate::vocabulary::Subject::Credential => Target::Credential,
            crate::vocabulary::Subject::Repository => infra(),
            crate::vocabulary::Subject::Organization => Target::Organization("acme".into()),
        };
        for one in &answers {
            let (credential, so_far) = (credential(&token("custom")), FactSet::new(HostKind::GitLab));
            let wanted = [index("token.scopes"), index("token.kind"), index("user.is_bot")];
            for upto in 1..=4 {
                let brief = Brief {
                    row,
                    targets: [target.clone()].into(),
                    credential: &credential,
                    so_far: Arc::new(so_far.clone()),
                    facts: wanted.as_slice().into(),
                    wanted: crate::facts::Wanted::All,
                };
                let mut left = std::iter::repeat_n(one.clone(), upto);
                let come = |request: &HttpRequest, _: &As| {
                    let request = Arc::clone(&request.label);
                    Some(Exchange { request, result: Ok(left.next()?), attempts: Vec::new() })
                };
                let (_, decoded) = trial::run(script(&GitLab, brief), &so_far, come);
                for (_, at, fact) in &decoded.facts {
                    let path = host().row(*at).path;
                    let decided = matches!(fact.knowledge, Knowledge::Known(_) | Knowledge::Absent);
                    // An empty list of webhooks is a good answer.
                    assert!(
                        !decided || ["token.active", "project.webhooks", "group.webhooks"].contains(&path),
                        "{} {one:?} {path}: {fact:?}",
                        row.name
                    );
                }
            }
        }
    }
}
