//! The loop with collectors and channels that are made up: it ends, pages are bounded, no page leads elsewhere.

use std::sync::{Arc, Mutex};

use credcheck::collecting::{Collected, Derives, Task, collect, unasked};
use credcheck::facts::record::{Kept, RecordedExchange};
use credcheck::facts::{
    Answer, Attempt, Cause, Credential, Evidence, Exchange, Fact, FactSet, HttpRequest, Incident, Knowledge,
    RepositoryName, RequestLabel, Target, Unknown, Withheld,
};
use credcheck::hosts::{Decoded, Question, Running, Scripts, Walk};
use credcheck::plan::{Asked, Judge, next_wave, scope};
use credcheck::transport::{Channel, Replay};
use credcheck::vocabulary::{self, FactIndex, HostKind, Request};
use proptest::prelude::*;

use super::expressions::{any_knowledge, expression};
use super::support::*;
use credcheck::vocabulary::Place;

type Read<'a> = dyn Fn(&Question<'_>, &Exchange) -> Decoded + Sync + 'a;

/// A collector that reads answers as it is told to, and keeps what it was asked.
struct Fake<'a> {
    read: &'a Read<'a>,
    asked: Mutex<Vec<(&'static str, Target)>>,
}

impl<'a> Fake<'a> {
    fn new(read: &'a Read<'a>) -> Self {
        Self { read, asked: Mutex::new(Vec::new()) }
    }

    fn asked(&self) -> Vec<(&'static str, Target)> {
        self.asked.lock().unwrap().clone()
    }
}

fn url(row: &str, target: &Target) -> String {
    let target = match target {
        Target::Credential => String::new(),
        other => format!("/{other}"),
    };
    format!("https://git.acme.dev/api/v3/{row}{target}")
}

impl Scripts for Fake<'_> {
    fn run<'b>(&'b self, walk: Walk<'b>) -> Running<'b> {
        Box::pin(self.script(walk))
    }

    fn unfilled(&self, question: &Question<'_>) -> HttpRequest {
        get(&url(question.row.name, question.target()))
    }
}

impl Fake<'_> {
    async fn script(&self, mut walk: Walk<'_>) -> Decoded {
        let (row, target) = (walk.row(), walk.target());
        self.asked.lock().unwrap().push((row.name, target.clone()));
        let mut exchanges = Vec::new();
        let mut next = walk.ask(get(&url(row.name, &target))).await;
        let cut = loop {
            let exchange = match next {
                Ok(exchange) => exchange,
                Err(unknown) => break Some(unknown),
            };
            let answer = exchange.result.as_ref().ok().filter(|answer| row.listing.is_some() && answer.status == 200);
            let link = answer.and_then(|answer| answer.header("link"));
            exchanges.push(exchange);
            // Records keep no user information, so the test puts it in here.
            let Some(page) = link.map(|next| next.replace("//with-user.", "//user:word@")) else { break None };
            next = walk.page(&page).await;
        };
        walk.turn().await;
        for exchange in &exchanges {
            let one = (self.read)(&walk.question(), exchange);
            let all = &mut walk.decoded;
            all.facts.extend(one.facts);
            all.incidents.extend(one.incidents);
            all.listed.extend(one.listed);
            all.incomplete = all.incomplete.take().or(one.incomplete);
            all.ends = all.ends.take().or(one.ends);
        }
        if let Some(cut) = cut {
            walk.cut(cut);
        }
        walk.end()
    }
}

fn get(url: &str) -> HttpRequest {
    HttpRequest {
        label: Arc::new(RequestLabel { method: "GET", url: url.into() }),
        headers: Vec::new(),
        body: None,
        once: false,
    }
}

fn row(name: &str) -> &'static Request {
    vocabulary::host(HostKind::GitHub).request(name).unwrap()
}

/// An answer to a listing, with the next page's address.
fn page(url: &str, status: u16, next: Option<&str>) -> RecordedExchange {
    let request = get(url);
    let headers = next.map(|next| ("link".to_owned(), next.to_owned())).into_iter().collect();
    let exchange = Exchange {
        request: Arc::clone(&request.label),
        result: Ok(Answer { status, headers, body: b"[]".to_vec(), at: now() }),
        attempts: vec![Attempt { status: Some(status) }],
    };
    RecordedExchange::new(row("user_repositories"), Kept::default(), &request, &exchange)
}

fn task<'a>(policy: &'a Policy, credential: &'a Credential, judge: &'a Judge<'a>) -> Task<'a> {
    Task {
        credential,
        policy: &policy.checked,
        judge,
        now: now(),
        at_once: 4,
        derives: Derives::Everything,
        records: true,
    }
}

fn run(policy: &Policy, credential: &Credential, collector: &Fake<'_>, recorded: &[RecordedExchange]) -> Collected {
    let evaluator = policy.evaluator();
    let judge = Judge::Evaluator(&evaluator);
    let task = task(policy, credential, &judge);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(collect(&task, collector, &Channel::Replay(Replay::new(recorded))))
}

fn nothing(_: &Question<'_>, _: &Exchange) -> Decoded {
    Decoded::default()
}

/// Whether nothing is left to plan for what was collected.
fn is_settled(policy: &Policy, credential: &Credential, facts: &FactSet, asked: Vec<(&'static str, Target)>) -> bool {
    let evaluator = policy.evaluator();
    let judge = Judge::Evaluator(&evaluator);
    let mut facts = facts.clone();
    scope(&policy.checked, credential, &facts, &judge).apply(&mut facts);
    let asked: Asked = asked.into_iter().collect();
    next_wave(&policy.checked, credential, &facts, &asked, &judge, now()).is_empty()
}

fn fact(knowledge: Knowledge) -> Fact {
    Fact { knowledge, evidence: vec![Evidence::own(Place::Settings)] }
}

#[test]
fn a_decoder_that_tells_nothing_ends_with_everything_unknown() {
    let policy = github(
        "require token.scopes covers [\"repo\"]\nwhen repository.archived == false { require organization.role >= member }\n\
         each repository in [\"acme/*\", \"acme/a\"] { require repository.permission >= write }",
    );
    for kinds in [&["classic"][..], &["classic", "oauth_app"], &["classic", "app_installation"], &["app_key"]] {
        let credential = credential(kinds, &[]);
        let fake = Fake::new(&nothing);
        let collected = run(&policy, &credential, &fake, &[]);
        let mut asked = fake.asked();
        assert!(is_settled(&policy, &credential, &collected.facts, asked.clone()), "{kinds:?}");
        let all = asked.len();
        asked.sort();
        asked.dedup();
        assert_eq!(asked.len(), all, "each request is sent once: {kinds:?}");
        for verdict in policy.verdicts(&credential, &collected.facts) {
            assert!(verdict.starts_with("undetermined"), "{kinds:?}: {verdict}");
        }
    }
}

#[test]
fn a_refused_credential_is_asked_with_once() {
    let policy =
        github("require user.is_bot\nrequire repository.archived == false\nrequire organization.role >= member");
    let credential = credential(&["classic"], &["acme/a", "acme/b", "acme/*"]);
    let read = |_: &Question<'_>, exchange: &Exchange| Decoded {
        ends: Some(Unknown::new(Cause::NotPermitted, "the host refuses the credential")),
        incidents: vec![Incident::Refused {
            reason: "is not accepted".into(),
            help: "renew it".into(),
            evidence: vec![Evidence::answer(&exchange.request, Some(401), Place::Status)],
        }],
        ..Decoded::default()
    };
    let fake = Fake::new(&read);
    let collected = run(&policy, &credential, &fake, &[]);
    assert_eq!(fake.asked(), [("user", Target::Credential)]);
    assert_eq!(collected.exchanges.len(), 1);
    let verdicts = policy.verdicts(&credential, &collected.facts);
    assert!(verdicts.iter().all(|verdict| verdict.starts_with("undetermined")), "{verdicts:?}");
    assert!(verdicts.iter().skip(1).all(|verdict| verdict.contains("(not-permitted)")), "{verdicts:?}");
}

#[test]
fn what_must_not_be_asked_with_is_unknown_for_that_reason() {
    let policy = github(
        "require user.is_bot\nrequire repository.archived == false\n\
         when token.kind == classic { require organization.role >= member }",
    );
    for kinds in [&["classic"][..], &["classic", "oauth_app"]] {
        let credential = credential(kinds, &["acme/a", "acme/*"]);
        let evaluator = policy.evaluator();
        let judge = Judge::Evaluator(&evaluator);
        let task = task(&policy, &credential, &judge);
        let incident = Incident::Withheld(Withheld::Missing { reason: "`X` is not set".into(), help: "set it".into() });
        let collected = unasked(&task, incident, Unknown::new(Cause::NotPermitted, "there is no secret"));
        assert!(collected.exchanges.is_empty());
        for verdict in policy.verdicts(&credential, &collected.facts) {
            assert!(verdict.starts_with("undetermined(not-permitted)"), "{kinds:?}: {verdict}");
        }
    }
}

#[test]
fn what_is_known_stays_whatever_a_later_answer_cannot_tell() {
    let policy = github("require user.is_bot\nrequire repository.archived == false");
    let credential = credential(&["classic"], &["acme/a"]);
    let read = |question: &Question<'_>, _: &Exchange| {
        let knowledge = match question.row.name {
            "user" => flag(true),
            _ => unknown(Cause::Malformed),
        };
        let kept = (Target::Credential, index("user.is_bot"), fact(knowledge));
        let own = question.facts.iter().map(|index| (question.target().clone(), *index, fact(flag(false))));
        let facts = own.filter(|(_, at, _)| *at != index("user.is_bot")).chain([kept]).collect();
        Decoded { facts, ..Decoded::default() }
    };
    let fake = Fake::new(&read);
    let collected = run(&policy, &credential, &fake, &[]);
    assert_eq!(policy.verdicts(&credential, &collected.facts), ["pass", "pass acme/a"]);
}

/// What a listing of these pages gives: how many were asked for, how many names came, and why there may be more.
fn list(recorded: &[RecordedExchange]) -> (usize, usize, Option<(Cause, String)>) {
    let policy = github("each repository in [\"acme/*\"] { require repository.archived == false }");
    let read = |question: &Question<'_>, exchange: &Exchange| {
        let mut decoded = Decoded::default();
        if question.row.listing.is_some() && exchange.status() == Some(200) {
            let number = exchange.request.url.bytes().map(usize::from).sum::<usize>();
            decoded.listed = vec![RepositoryName::parse(&format!("acme/r{number}")).unwrap()];
        } else if question.row.listing.is_some() {
            decoded.incomplete = Some(Unknown::new(Cause::NotReachable, "no answer"));
        }
        decoded
    };
    let fake = Fake::new(&read);
    let collected = run(&policy, &classic(), &fake, recorded);
    let pages =
        collected.exchanges.iter().filter(|asking| asking.request.label.url.contains("/user_repositories")).count();
    let listed = collected.facts.listed.unwrap();
    assert_eq!(listed.evidence.len(), pages);
    (pages, listed.names.len(), listed.incomplete.map(|unknown| (unknown.cause, unknown.reason)))
}

#[test]
fn a_listing_reads_its_pages_and_no_more() {
    let first = url("user_repositories", &Target::Credential);
    let at = |page: usize| format!("{first}?page={page}");

    assert_eq!(list(&[page(&first, 200, None)]), (1, 1, None));
    assert_eq!(list(&[page(&first, 200, Some(&at(2))), page(&at(2), 200, None)]), (2, 2, None));
    // A relative address is of the same origin.
    let relative = [page(&first, 200, Some("/api/v3/user_repositories?page=2")), page(&at(2), 200, None)];
    assert_eq!(list(&relative), (2, 2, None));

    // A chain without end.
    let endless: Vec<RecordedExchange> = std::iter::once(page(&first, 200, Some(&at(2))))
        .chain((2..40).map(|number| page(&at(number), 200, Some(&at(number + 1)))))
        .collect();
    let (pages, names, incomplete) = list(&endless);
    assert_eq!((pages, names), (10, 10));
    assert_eq!(incomplete.unwrap().0, Cause::Incomplete);

    // In a circle.
    let circle = [page(&first, 200, Some(&at(2))), page(&at(2), 200, Some(&first))];
    let (pages, _, incomplete) = list(&circle);
    assert_eq!((pages, incomplete.unwrap().0), (2, Cause::Malformed));

    // A page that fails ends the list, and it is not whole.
    let broken = [page(&first, 200, Some(&at(2))), page(&at(2), 502, Some(&at(3))), page(&at(3), 200, None)];
    let (pages, names, incomplete) = list(&broken);
    assert_eq!((pages, names, incomplete.unwrap().0), (2, 1, Cause::NotReachable));
    let (pages, names, incomplete) = list(&[]);
    assert_eq!((pages, names, incomplete.unwrap().0), (1, 0, Cause::NotReachable));
}

#[test]
fn a_page_never_leads_to_another_origin() {
    let first = url("user_repositories", &Target::Credential);
    for elsewhere in [
        "https://evil.example/api/v3/user_repositories?page=2",
        "http://git.acme.dev/api/v3/user_repositories?page=2",
        "https://git.acme.dev:8443/api/v3/user_repositories?page=2",
        "https://with-user.git.acme.dev/api/v3/user_repositories?page=2",
        "//evil.example/x",
        "https://git.acme.dev.evil.example/",
        "file:///etc/passwd",
        "https://",
    ] {
        let (pages, names, incomplete) = list(&[page(&first, 200, Some(elsewhere))]);
        assert_eq!((pages, names), (1, 1), "{elsewhere}");
        assert_eq!(incomplete.unwrap().0, Cause::Malformed, "{elsewhere}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn every_plan_ends_with_every_demanded_fact_settled(
        guard in expression(),
        body in expression(),
        kinds in proptest::sample::subsequence(&["classic", "fine_grained", "oauth_app", "app_installation"][..], 1..=4),
        globs in any::<bool>(),
        answers in proptest::collection::vec(proptest::option::of(any_knowledge()), 64),
        ends in proptest::option::weighted(0.1, 0..20_usize),
    ) {
        let policy = github(&format!("when {guard} {{ rule a {{ require {body} }} }}\nrule b {{ forbid {guard} }}"));
        let scope: &[&str] = if globs { &["acme/a", "ACME/*"] } else { &["acme/a", "Acme/b"] };
        let credential = credential(&kinds, scope);
        let count = Mutex::new(0_usize);
        let read = |question: &Question<'_>, _: &Exchange| {
            let mut count = count.lock().unwrap();
            let mut decoded = Decoded::default();
            for index in question.facts.iter().copied().chain([FactIndex(*count as u16 % 40)]) {
                *count += 1;
                if let Some(knowledge) = &answers[*count % answers.len()] {
                    decoded.facts.push((question.target().clone(), index, fact(knowledge.clone())));
                }
            }
            if question.row.listing.is_some() {
                decoded.listed = vec![RepositoryName::parse("Acme/listed").unwrap(), RepositoryName::parse("ACME/A").unwrap()];
            }
            decoded.ends = ends.filter(|at| *count >= *at).map(|_| Unknown::new(Cause::NotPermitted, "refused"));
            decoded
        };
        let fake = Fake::new(&read);
        let collected = run(&policy, &credential, &fake, &[]);
        let mut asked = fake.asked();
        let all = asked.len();
        asked.sort();
        asked.dedup();
        prop_assert_eq!(asked.len(), all, "each request once");
        if ends.is_none() {
            prop_assert!(is_settled(&policy, &credential, &collected.facts, asked));
        }
        // And it can be judged.
        policy.judge(&credential, &collected.facts);
    }
}
