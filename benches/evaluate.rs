//! Evaluation of many credentials: ten repositories and nine statements each, evidence kept.

use std::hint::black_box;
use std::sync::Arc;

use credcheck::evaluation::Evaluator;
use credcheck::facts::{
    AppUse, Credential, Evidence, Fact, FactSet, Knowledge, RepositoryName, RequestLabel, SubjectFacts, Value, derive,
};
use credcheck::language::{
    CheckOptions, CheckedPolicy, Inputs, OpenError, Opened, PolicyStore, bind_inputs, check, load,
};
use credcheck::text::source::SourceMap;
use credcheck::vocabulary::{self, HostKind, NameSet, Type, field};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use jiff::{SignedDuration, Timestamp};

const CREDENTIALS: usize = 2_000;
const REPOSITORIES: usize = 10;

const POLICY: &str = r#"
let bot_names = ["*atlantis*", "*-bot", "*_bot", "*-ci", "ci-*"]

host github {
  when token.kind in [classic, oauth_app] {
    rule repo-scope { require token.scopes covers ["repo"] }
    rule least-privilege { prefer token.scopes within ["repo", "read:org", "user:email"] }
  }
  rule kind { forbid token.kind == app_user }
  rule bot { prefer user.is_bot or user.username like bot_names }
  rule rotation {
    when token.lifetime == standing
    require token.expires_in >= 7d
    prefer token.expires_in <= 366d
  }
  rule can-write {
    when token.kind not in [app_installation, app_key, actions]
    require repository.permission >= write
  }
  rule no-public { avoid repository.visibility == public }
  rule alive { require repository.archived == false }
}
"#;

struct Store;

impl PolicyStore for Store {
    fn open(&self, path: &str, _from: Option<&str>) -> Result<Opened, OpenError> {
        Ok(Opened { id: path.into(), name: path.into(), bytes: POLICY.as_bytes().to_vec() })
    }
}

fn policy() -> (CheckedPolicy, Inputs) {
    let mut sources = SourceMap::new();
    let (program, problems) = load(&["bench.pol".into()], &Store, &mut sources);
    let (policy, problems) = check(&program, &sources, problems, CheckOptions::default());
    assert!(problems.is_empty(), "{problems:?}");
    assert_eq!(policy.statements.len(), 9);
    let inputs = bind_inputs(&policy, &[]).unwrap_or_default();
    (policy, inputs)
}

fn set(facts: &mut SubjectFacts, path: &str, value: Value, evidence: &Evidence) {
    let index = vocabulary::host(HostKind::GitHub).fact(path).unwrap_or_else(|| unreachable!("{path}"));
    facts.set(index, Fact { knowledge: Knowledge::Known(value), evidence: vec![evidence.clone()] });
}

fn credential(number: usize, now: Timestamp) -> (Credential, FactSet) {
    let host = vocabulary::host(HostKind::GitHub);
    let Some(Type::Names(scopes)) = host.fact("token.scopes").map(|index| host.row(index).ty) else { unreachable!() };
    let label = Arc::new(RequestLabel { method: "GET", url: "https://api.github.com/user".into() });
    let evidence = Evidence::answer(&label, Some(200), field("login"));
    let mut facts = FactSet::new(HostKind::GitHub);
    let own = &mut facts.credential;
    let given: &[&str] = if number.is_multiple_of(3) { &["gist", "read:org"] } else { &["repo", "read:org"] };
    set(own, "token.kind", Value::Word("classic"), &evidence);
    set(own, "token.scopes", Value::Names(NameSet::new(scopes, given)), &evidence);
    let expires = now.checked_add(SignedDuration::from_hours(24 * (number as i64 % 500))).unwrap_or(now);
    set(own, "token.expires_at", Value::Time(expires), &evidence);
    let name =
        if number.is_multiple_of(2) { format!("acme-atlantis-{number}") } else { format!("ada-lovelace-{number}") };
    set(own, "user.username", Value::String(name), &evidence);
    set(own, "user.is_bot", Value::Bool(false), &evidence);
    for at in 0..REPOSITORIES {
        let Ok(name) = RepositoryName::parse(&format!("acme/service-{at}")) else { unreachable!() };
        facts.organization(name.owner());
        let position = facts.repository(&name);
        let Some(own) = facts.repositories.facts_mut(position) else { unreachable!() };
        let role = if at == 3 { "read" } else { "write" };
        set(own, "repository.permission", Value::Word(role), &evidence);
        set(own, "repository.visibility", Value::Word(if at == 5 { "public" } else { "private" }), &evidence);
        set(own, "repository.archived", Value::Bool(at == 7), &evidence);
    }
    derive(&mut facts, now);
    let Ok(api) = "https://api.github.com".parse() else { unreachable!() };
    let credential = Credential {
        name: format!("atlantis-{number}"),
        host: HostKind::GitHub,
        url: "https://github.com".into(),
        api,
        username: Some("acme-atlantis".into()),
        kinds: host.kinds.iter().take(1).collect(),
        kind_evidence: None,
        token_id: None,
        times: vocabulary::Times::default(),
        scope: Vec::new(),
        excluded: Vec::new(),
        app: AppUse::default(),
        probes: false,
    };
    (credential, facts)
}

fn evaluate(criterion: &mut Criterion) {
    let now = Timestamp::UNIX_EPOCH.checked_add(SignedDuration::from_hours(24 * 20_000)).unwrap_or_default();
    let (policy, inputs) = policy();
    let fleet: Vec<(Credential, FactSet)> = (0..CREDENTIALS).map(|number| credential(number, now)).collect();
    let evaluator = Evaluator::new(&policy, &inputs, now, true);
    let outcomes = fleet.first().map_or(0, |(credential, facts)| evaluator.judge(credential, facts).outcomes.len());
    assert_eq!(outcomes, 6 + 3 * REPOSITORIES);
    let mut group = criterion.benchmark_group("evaluate");
    group.throughput(Throughput::Elements(CREDENTIALS as u64));
    group.bench_function("2000 credentials, 10 repositories, 9 statements", |bencher| {
        bencher.iter(|| {
            for (credential, facts) in &fleet {
                black_box(evaluator.judge(black_box(credential), black_box(facts)));
            }
        });
    });
    group.finish();
}

criterion_group!(benches, evaluate);
criterion_main!(benches);
