//! Projects, memberships, webhooks.

use super::*;
use crate::facts::WebAddress;

fn so_far() -> FactSet {
    facts(&token_self(&pat(), vec![described(|_| {})]))
}

fn member(body: Answer) -> Decoded {
    ask_knowing(&so_far(), &pat(), "project_member", &infra(), &["project.access_level"], vec![body]).1
}

#[test]
fn levels_are_names_and_a_custom_role_is_a_lower_bound() {
    let of =
        |level: i64| member(answer(200, &json!({"id": 5512, "access_level": level, "membership_state": "active"})));
    for (number, name) in [(5, "minimal"), (10, "guest"), (15, "planner"), (20, "reporter"), (25, "security_manager")] {
        assert_eq!(word(&of(number), "project.access_level"), name);
    }
    assert_eq!(word(&of(50), "project.access_level"), "owner");
    assert_eq!(cause(&of(35), "project.access_level"), Cause::Malformed);
    let custom = json!({"id": 5512, "access_level": 30, "member_role": {"id": 5, "name": "deployer"}});
    assert_eq!(least(&member(answer(200, &custom)), "project.access_level"), "developer");
    let other = json!({"id": 1, "access_level": 50});
    assert_eq!(cause(&member(answer(200, &other)), "project.access_level"), Cause::Malformed);
    let waits = json!({"id": 5512, "access_level": 50, "membership_state": "awaiting"});
    let bounds = Bounds::Level { least: Some("none"), most: Some("owner") };
    let decoded = member(answer(200, &waits));
    assert!(
        matches!(&found(&decoded, "project.access_level").knowledge, Knowledge::Bounded(have, _) if *have == bounds)
    );
}

#[test]
fn a_membership_that_is_not_active_contradicts_the_role_that_the_project_shows() {
    let path = "project.access_level";
    let learned = |state: Json| {
        let mut facts = so_far();
        let Target::Repository(name) = infra() else { unreachable!() };
        let at = facts.repository(&name);
        let why = crate::facts::Unknown::new(Cause::NotRevealable, "the project shows no more");
        let least = Bounds::Level { least: Some("developer"), most: None };
        let shown = Fact { knowledge: Knowledge::Bounded(least, why), evidence: Vec::new() };
        facts.repositories.facts_mut(at).unwrap().set(index(path), shown);
        let body = json!({"id": 5512, "access_level": 30, "membership_state": state});
        let (_, decoded) = ask_knowing(&facts, &pat(), "project_member", &infra(), &[path], vec![answer(200, &body)]);
        for (target, at, fact) in &decoded.facts {
            facts.learn(target, *at, fact.clone());
        }
        facts.repositories.get(at).unwrap().1.get(index(path)).unwrap().knowledge.clone()
    };
    assert_eq!(learned(json!("active")), Knowledge::Known(Value::Word("developer")));
    for state in [json!("awaiting"), json!("created"), json!("Active"), json!(""), json!(7), Json::Null] {
        assert_eq!(learned(state.clone()).cause(), Some(Cause::Malformed), "{state}");
    }
}

#[test]
fn only_gitlab_s_own_words_make_an_absent_member() {
    let said = |body: Json| member(answer(404, &body));
    let absent = said(json!({"message": "404 Not found"}));
    assert_eq!(found(&absent, "project.access_level").knowledge, Knowledge::Absent);
    let hidden = said(json!({"message": "404 Project Not Found"}));
    assert_eq!(cause(&hidden, "project.access_level"), Cause::NotPermitted);
    assert!(matches!(hidden.incidents.as_slice(), [Incident::NotVisible { .. }]));
    for no_word_of_gitlab in [json!({"error": "404 Not Found"}), json!("<html>not found</html>")] {
        let decoded = said(no_word_of_gitlab);
        assert_eq!(cause(&decoded, "project.access_level"), Cause::NotReachable);
        assert!(decoded.incidents.is_empty());
    }
}

#[test]
fn a_query_tells_what_it_holds_and_leaves_out_the_rest() {
    let targets: Vec<Target> =
        ["acme/a", "acme/gone"].map(|name| Target::Repository(RepositoryName::parse(name).unwrap())).into();
    let row = host().request("many_projects").unwrap();
    let wanted = [index("project.access_level"), index("project.archived")];
    let (credential, so_far) = (pat(), so_far());
    let decode = |answer: Answer| {
        let brief = Brief {
            row,
            targets: targets.as_slice().into(),
            credential: &credential,
            so_far: Arc::new(so_far.clone()),
            facts: wanted.as_slice().into(),
            wanted: crate::facts::Wanted::All,
        };
        let attempts = vec![Attempt { status: Some(answer.status) }];
        let mut answer = Some(trim(row, Kept::default(), &answer));
        let come = |request: &HttpRequest, _: &As| {
            let request = Arc::clone(&request.label);
            Some(Exchange { request, result: Ok(answer.take()?), attempts: attempts.clone() })
        };
        trial::run(script(&GitLab, brief), &so_far, come).1
    };
    let node = json!({
        "fullPath": "Acme/A", "visibility": "private", "archived": false, "maxAccessLevel": {"integerValue": 40},
        "userPermissions": {"pushCode": true},
    });
    let decoded = decode(answer(200, &json!({"data": {"projects": {"nodes": [node]}}})));
    assert_eq!(least(&decoded, "project.access_level"), "maintainer");
    assert_eq!(known(&decoded, "project.archived"), Value::Bool(false));
    assert!(decoded.facts.iter().all(|(target, ..)| *target == targets[0]));
    // Silence, an old instance, an odd answer: nothing is told, so each is asked for by itself.
    for body in [
        json!({"data": {"projects": null}}),
        json!({"errors": [{"message": "Field 'projects' doesn't accept argument 'fullPaths'"}]}),
        json!([]),
    ] {
        assert!(decode(answer(200, &body)).facts.is_empty());
    }
    assert!(decode(answer(404, &json!({}))).facts.is_empty());
    // A limit that is reached is not run into a hundred times more.
    assert_eq!(cause(&decode(answer(429, &Json::Null)), "project.access_level"), Cause::NotReachable);
    assert_eq!(decode(answer(502, &Json::Null)).facts.len(), 4);
}

#[test]
fn webhooks_come_in_pages_and_their_addresses_bare() {
    let hook = |id: u64| {
        json!({
            "id": id, "url": "https://me:pw@plan.acme.dev/events?token=pw#x", "merge_requests_events": true,
            "note_events": true, "push_events": false, "tag_push_events": false, "enable_ssl_verification": false, "alert_status": "executable",
            "token_present": false, "signing_token_present": true,
        })
    };
    let first = answer_with(200, &[("x-next-page", "2")], &json!([hook(1)]));
    let proxied = answer_with(
        200,
        &[("x-next-page", "3"), ("link", "<http://internal:8080/api/v4/x?page=3>; rel=\"next\"")],
        &json!([hook(2)]),
    );
    let last = answer_with(200, &[("x-next-page", "")], &json!([hook(3)]));
    let (urls, decoded) = ask_knowing(
        &so_far(),
        &pat(),
        "project_hooks",
        &infra(),
        &["project.webhooks"],
        vec![first.clone(), proxied, last],
    );
    assert!(urls[1].ends_with("/hooks?per_page=100&page=2") && urls[2].ends_with("&page=3"), "{urls:?}");
    assert!(urls[2].starts_with("GET https://git.acme.dev/lab/"), "{urls:?}");
    let Value::Records(records) = known(&decoded, "project.webhooks") else { panic!("records") };
    assert_eq!(records.len(), 3);
    let field = |name: &str| records[0][name].value().cloned();
    assert_eq!(field("url"), Some(Value::Address(WebAddress::new("https://me:pw@plan.acme.dev/events?token=pw#x"))));
    let events = ["merge_requests_events", "note_events"].map(str::to_owned).into();
    assert_eq!(field("events"), Some(Value::Strings(events)));
    assert_eq!(field("secret_set"), Some(Value::Bool(true)));
    assert_eq!(field("insecure_ssl"), Some(Value::Bool(true)));
    assert_eq!(field("active"), Some(Value::Bool(true)));
    let broken = answer(502, &Json::Null);
    let asked = ["project.webhooks"];
    let (_, decoded) = ask_knowing(&so_far(), &pat(), "project_hooks", &infra(), &asked, vec![first, broken]);
    assert!(matches!(
        &found(&decoded, "project.webhooks").knowledge,
        Knowledge::Bounded(Bounds::List(seen), why) if seen.len() == 1 && why.cause == Cause::Incomplete
    ));
}
