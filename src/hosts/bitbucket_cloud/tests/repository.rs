//! Repositories: permission, visibility, webhooks, lists.

use serde_json::{Value as Json, json};

use super::{
    API, API_TOKEN, acme, answer, api_token, ask, cause, converse, error, infra, known, lacking, raw, sources, told,
    word,
};
use crate::facts::{
    Answer, Bounds, Cause, Fact, FactSet, Incident, Knowledge, Origin, RepositoryName, ScopeEntry, SubjectRef, Value,
    WebAddress, derive,
};
use crate::vocabulary::HostKind;

const FILTERED: &str =
    "/user/workspaces/acme/permissions/repositories?q=repository.full_name%3D%22acme%2Finfra%22&pagelen=100";
const WHOLE: &str = "/user/workspaces/acme/permissions/repositories?pagelen=100";
const ITSELF: &str = "/repositories/acme/infra";

fn ok(body: &Json) -> Answer {
    answer(200, API_TOKEN, body)
}

/// A page of permissions: full names with the permission of each.
fn page(entries: &[(&str, &str)], next: Option<&str>) -> Answer {
    let values: Vec<Json> = entries
        .iter()
        .map(|(name, permission)| {
            json!({"type": "repository_permission", "permission": permission, "repository": {"full_name": name}})
        })
        .collect();
    let mut body = json!({"pagelen": 100, "page": 1, "values": values});
    if let Some(next) = next {
        body["next"] = json!(format!("{API}{next}"));
    }
    ok(&body)
}

fn repository(private: bool) -> Answer {
    ok(&json!({"type": "repository", "full_name": "acme/infra", "is_private": private}))
}

fn no_repository() -> Answer {
    answer(404, API_TOKEN, &error("You may not have access to this repository or it no longer exists."))
}

fn permission(answers: impl Fn(&str) -> Answer) -> (Knowledge, Vec<String>, Vec<Incident>) {
    let (decoded, asked) = converse(&api_token(), "repository_permission", &infra(), answers);
    (told(&decoded, "repository.permission").clone(), asked, decoded.incidents)
}

#[test]
fn trap_07_the_permission_comes_from_the_call_that_is_left() {
    for name in ["admin", "write", "read"] {
        let (told, asked, incidents) = permission(|_| page(&[("acme/infra", name)], None));
        assert_eq!(
            told,
            word(match name {
                "admin" => "admin",
                "write" => "write",
                _ => "read",
            })
        );
        assert_eq!(asked, [FILTERED], "one request where the filter works");
        assert!(incidents.is_empty());
    }
    let gone = ["/2.0/repositories", "/2.0/workspaces", "/2.0/user/permissions/repositories"];
    for row in super::host().requests {
        let path = format!("/2.0{}", row.path.split('?').next().unwrap());
        assert!(!gone.contains(&path.as_str()), "{path} answers 410");
    }
}

#[test]
fn a_filter_that_is_refused_is_left_out_and_the_pages_are_read() {
    let (told, asked, _) = permission(|url| match url {
        FILTERED => answer(400, API_TOKEN, &error("Invalid query")),
        WHOLE => page(&[("acme/other", "admin"), ("ACME/infrastructure", "admin")], Some("/more?page=2")),
        _ => page(&[("Acme/Infra", "write")], None),
    });
    assert_eq!(
        (told, asked.as_slice()),
        (word("write"), [FILTERED, WHOLE, "/more?page=2"].map(String::from).as_slice())
    );
}

#[test]
fn a_filter_that_finds_another_or_nothing_is_not_believed() {
    for found in [vec![], vec![("acme/infra-2", "admin")], vec![("other/infra", "admin")]] {
        let (told, asked, _) = permission(|url| match url {
            FILTERED => page(&found, None),
            _ => page(&[("acme/infra", "read")], None),
        });
        assert_eq!((told, asked.len()), (word("read"), 2), "{found:?}");
    }
}

#[test]
fn not_listed_is_none_only_where_the_repository_is_public() {
    let of = |last: &Answer| {
        permission(|url| match url {
            ITSELF => last.clone(),
            _ => page(&[], None),
        })
    };
    let (told, asked, _) = of(&repository(false));
    assert_eq!((told, asked.as_slice()), (Knowledge::Absent, [FILTERED, WHOLE, ITSELF].map(String::from).as_slice()));
    assert_eq!(of(&repository(true)).0.cause(), Some(Cause::Malformed));
    let (told, _, incidents) = of(&no_repository());
    assert_eq!(told.cause(), Some(Cause::NotPermitted));
    assert!(matches!(incidents.as_slice(), [Incident::NotVisible { .. }]), "{incidents:?}");
    assert_eq!(of(&answer(503, &[], &json!({}))).0.cause(), Some(Cause::NotReachable));
    assert_eq!(of(&raw(200, API_TOKEN, "<html>")).0.cause(), Some(Cause::Malformed));
    let (decoded, _) = converse(&api_token(), "repository_permission", &infra(), |url| match url {
        ITSELF => repository(false),
        _ => page(&[], None),
    });
    assert_eq!(
        sources(&decoded, "repository.permission"),
        ["the repository is not in the list", "the repository is not in the list", "field is_private"]
    );
}

#[test]
fn a_list_of_permissions_that_never_ends_leaves_it_open() {
    let count = std::cell::Cell::new(0);
    let (told, asked, _) = permission(|url| {
        count.set(count.get() + 1);
        match url {
            FILTERED => answer(400, API_TOKEN, &error("Invalid query")),
            _ => page(&[("acme/other", "admin")], Some(&format!("/more?page={}", count.get()))),
        }
    });
    assert_eq!((told.cause(), asked.len()), (Some(Cause::Incomplete), 12));
}

#[test]
fn permissions_that_cannot_be_read_are_open() {
    for (given, expected) in [
        (answer(403, API_TOKEN, &lacking(&[], &["read:repository:bitbucket"])), Cause::NotPermitted),
        (answer(404, API_TOKEN, &error("No workspace with identifier 'acme'.")), Cause::NotPermitted),
        (answer(429, API_TOKEN, &error("Rate limit for this resource has been exceeded")), Cause::NotReachable),
        (ok(&json!({"values": "none"})), Cause::Malformed),
        (page(&[("acme/infra", "emperor")], None), Cause::Malformed),
        (raw(200, API_TOKEN, "<html>"), Cause::Malformed),
    ] {
        let (told, asked, _) = permission(|_| given.clone());
        assert_eq!((told.cause(), asked.len()), (Some(expected), 1), "{given:?}");
    }
    // Refused with and without the filter.
    let (told, asked, _) = permission(|_| answer(400, API_TOKEN, &error("Invalid pagelen")));
    assert_eq!((told.cause(), asked.len()), (Some(Cause::Malformed), 2));
}

#[test]
fn the_repository_tells_its_name_and_who_sees_it() {
    for (private, expected) in [(true, "private"), (false, "public")] {
        let decoded = ask(&api_token(), "repository", &infra(), &repository(private));
        assert_eq!(told(&decoded, "repository.visibility"), &word(expected));
        assert_eq!(told(&decoded, "repository.name"), &super::text("acme/infra"));
    }
    let renamed = ok(&json!({"full_name": "acme/platform", "is_private": true}));
    let decoded = ask(&api_token(), "repository", &infra(), &renamed);
    assert!(matches!(decoded.incidents.as_slice(), [Incident::Renamed { .. }]));
    for body in [json!({}), json!({"full_name": "acme"}), json!({"full_name": "a/b/c"}), json!({"full_name": "a b/c"})]
    {
        let decoded = ask(&api_token(), "repository", &infra(), &ok(&body));
        assert_eq!(cause(&decoded, "repository.visibility"), Some(Cause::Malformed), "{body}");
    }
    let odd = ask(&api_token(), "repository", &infra(), &ok(&json!({"full_name": "acme/infra", "is_private": "yes"})));
    assert_eq!(cause(&odd, "repository.visibility"), Some(Cause::Malformed));
}

fn hooks(answers: impl Fn(&str) -> Answer) -> (Knowledge, usize) {
    let (decoded, asked) = converse(&api_token(), "repository_hooks", &infra(), answers);
    (told(&decoded, "repository.webhooks").clone(), asked.len())
}

fn hook(url: &str) -> Json {
    json!({
        "type": "webhook_subscription", "uuid": "{202c}", "url": url, "active": true, "secret_set": false,
        "skip_cert_verification": true, "events": ["pullrequest:created", "pullrequest:comment_created"],
    })
}

#[test]
fn webhooks_are_read_with_whether_a_secret_is_set() {
    let url = "https://user:pa55@atlantis.acme.example/events?token=abc#x";
    let (told, _) = hooks(|_| ok(&json!({"values": [hook(url)], "pagelen": 100})));
    let Knowledge::Known(Value::Records(records)) = told else { panic!("records") };
    let field = |name: &str| records[0].get(name).unwrap().clone();
    assert_eq!(field("url"), Knowledge::Known(Value::Address(WebAddress::new(url))));
    assert_eq!(field("active"), known(true));
    assert_eq!(field("secret_set"), known(false));
    assert_eq!(field("insecure_ssl"), known(true));
    assert_eq!(field("content_type"), word("json"));
    assert_eq!(field("last_status").cause(), Some(Cause::NotRevealable));
    assert_eq!(
        field("events"),
        Knowledge::Known(Value::Strings(["pullrequest:created".into(), "pullrequest:comment_created".into()].into()))
    );
    // A field of the table each.
    let crate::vocabulary::Type::Records(table) = super::host().row(super::index("repository.webhooks")).ty else {
        panic!("records")
    };
    assert_eq!(records[0].len(), table.fields.len());
    assert!(table.fields.iter().all(|field| records[0].contains_key(field.name)));
}

#[test]
fn a_webhook_of_old_does_not_show_whether_there_is_a_secret() {
    let old = json!({"url": "https://a.example/", "active": true, "events": []});
    let (told, _) = hooks(|_| ok(&json!({"values": [old]})));
    let Knowledge::Known(Value::Records(records)) = told else { panic!("records") };
    for name in ["secret_set", "insecure_ssl"] {
        assert_eq!(records[0].get(name).unwrap().cause(), Some(Cause::NotPermitted), "{name}");
    }
    let broken = json!({"url": 1, "active": "no", "events": [1], "secret_set": "no", "skip_cert_verification": 0});
    let (told, _) = hooks(|_| ok(&json!({"values": [broken]})));
    let Knowledge::Known(Value::Records(records)) = told else { panic!("records") };
    for name in ["url", "active", "events", "secret_set", "insecure_ssl"] {
        assert_eq!(records[0].get(name).unwrap().cause(), Some(Cause::Malformed), "{name}");
    }
}

#[test]
fn webhooks_come_in_pages_and_a_page_that_fails_takes_nothing_away() {
    let first = || json!({"values": [hook("https://a.example/")], "next": format!("{API}/hooks?page=2")});
    let (told, requests) = hooks(|url| match url {
        "/hooks?page=2" => ok(&json!({"values": [hook("https://b.example/")]})),
        _ => ok(&first()),
    });
    assert!(matches!(told, Knowledge::Known(Value::Records(records)) if records.len() == 2));
    assert_eq!(requests, 2);
    for (failing, expected) in [
        (answer(503, &[], &json!({})), Cause::NotReachable),
        (answer(429, API_TOKEN, &error("Rate limit")), Cause::NotReachable),
        (raw(200, API_TOKEN, "<html>"), Cause::Malformed),
    ] {
        let (told, _) = hooks(|url| if url == "/hooks?page=2" { failing.clone() } else { ok(&first()) });
        let Knowledge::Bounded(Bounds::List(records), why) = told else { panic!("{told:?}") };
        assert_eq!((records.len(), why.cause), (1, expected));
    }
    for body in [json!({"values": 1}), json!({"values": [1]}), json!({})] {
        assert_eq!(hooks(|_| ok(&body)).0.cause(), Some(Cause::Malformed), "{body}");
    }
}

#[test]
fn repositories_are_listed_by_workspace() {
    let listing =
        |credential: &crate::facts::Credential, body: &Json| ask(credential, "repositories", &acme(), &ok(body));
    let decoded = listing(&api_token(), &json!({"values": [{"full_name": "acme/infra"}, {"full_name": "acme/docs"}]}));
    assert_eq!(decoded.listed.iter().map(|name| name.as_str()).collect::<Vec<_>>(), ["acme/infra", "acme/docs"]);
    assert_eq!(decoded.incomplete, None);
    let (paged, asked) = converse(&api_token(), "repositories", &acme(), |url| match url {
        "/repositories/acme?pagelen=100" => {
            ok(&json!({"values": [{"full_name": "acme/a"}], "next": format!("{API}/repositories/acme?page=2")}))
        }
        _ => ok(&json!({"values": [{"full_name": "acme/b"}]})),
    });
    assert_eq!((paged.listed.len(), asked.len()), (2, 2));
    for body in [json!({"values": [{"full_name": "acme"}]}), json!({"values": {}}), json!([])] {
        let cause = listing(&api_token(), &body).incomplete.map(|why| why.cause);
        assert_eq!(cause, Some(Cause::Malformed), "{body}");
    }
    // A pattern over workspaces cannot be matched against the list of one.
    for (pattern, complete) in [("acme/*", true), ("acme/infra", true), ("*/infra", false), ("*", false)] {
        let scope = vec![ScopeEntry::new(HostKind::BitbucketCloud, pattern, Origin::Default)];
        let credential = crate::facts::Credential { scope, ..api_token() };
        let incomplete = listing(&credential, &json!({"values": []})).incomplete;
        assert_eq!(incomplete.is_none(), complete, "{pattern}");
    }
    let spam = answer(410, API_TOKEN, &error("This account is not available"));
    let decoded = ask(&api_token(), "repositories", &acme(), &spam);
    assert_eq!(decoded.incomplete.map(|why| why.cause), Some(Cause::NotReachable));
}

/// What a user's API token can do, by its scopes and the user's permission: granted, denied and open.
fn can(scopes: &[&str], permission: &'static str) -> [Vec<String>; 3] {
    let mut facts = FactSet::new(HostKind::BitbucketCloud);
    let at = facts.repository(&RepositoryName::parse("acme/infra").unwrap());
    let fact = |knowledge| Fact { knowledge, evidence: Vec::new() };
    facts.credential.set(super::index("token.kind"), fact(word("api_token")));
    facts.credential.set(super::index("token.scopes"), fact(super::scopes(scopes)));
    let repository = facts.subject_mut(SubjectRef::Repository(at)).unwrap();
    repository.set(super::index("repository.permission"), fact(word(permission)));
    repository.set(super::index("repository.visibility"), fact(word("private")));
    derive(&mut facts, "2026-11-23T12:00:00Z".parse().unwrap());
    let names = |set: &crate::vocabulary::NameSet| set.names().into_iter().map(str::to_owned).collect::<Vec<_>>();
    let all = || super::host().abilities.iter().map(|ability| ability.word.to_owned());
    match &facts.fact(super::index("repository.can"), SubjectRef::Repository(at)).unwrap().knowledge {
        Knowledge::Known(Value::Names(granted)) => {
            [names(granted), all().filter(|name| !granted.grants(name)).collect(), Vec::new()]
        }
        Knowledge::Bounded(Bounds::Names { granted, denied }, _) => [
            names(granted),
            names(denied),
            all().filter(|name| !granted.grants(name) && !denied.grants(name)).collect(),
        ],
        other => panic!("{other:?}"),
    }
}

#[test]
fn trap_08_comments_and_statuses_take_reading_scopes_and_merging_takes_both() {
    let least = ["read:pullrequest:bitbucket", "read:repository:bitbucket"];
    let merging = [&least[..], &["write:pullrequest:bitbucket"]].concat();
    let [granted, denied, open] = can(&least, "write");
    assert_eq!(granted, ["clone", "comment", "read", "set_status"]);
    assert_eq!(denied, ["administer", "merge", "push", "push_default"]);
    assert_eq!(open, ["manage_webhooks"]);
    // What branch restrictions leave is not known yet.
    assert!(can(&merging, "write")[2].contains(&"merge".to_owned()));
    assert!(can(&["write:pullrequest:bitbucket"], "write")[1].contains(&"merge".to_owned()), "reading is not implied");
    // Which permission a build status takes is not documented, so with less it is open and never denied.
    let [granted, denied, open] = can(&merging, "read");
    assert_eq!(granted, ["clone", "comment", "read"]);
    assert!(denied.contains(&"merge".to_owned()), "{denied:?}");
    assert_eq!(open, ["set_status", "manage_webhooks"]);
}
