//! A policy, credentials with facts, and the report that a run over them would give.

use std::sync::Arc;

use credcheck::evaluation::{Blame, Evaluator, Judged, NotChecked, Outcome, Run, Totals, exit_code, explain};
use credcheck::facts::{
    Answer, AppUse, Attempt, Cause, Credential, Evidence, Exchange, Fact, FactSet, Knowledge, RepositoryName,
    RequestLabel, SubjectRef, Value,
};
use credcheck::language::{
    CheckOptions, CheckedPolicy, Inputs, OpenError, Opened, PolicyStore, bind_inputs, check, load,
};
use credcheck::report::{Explain, Report, Section};
use credcheck::text::source::SourceMap;
use credcheck::vocabulary::github::headers::X_OAUTH_SCOPES;
use credcheck::vocabulary::{HostKind, NameSet, Type, host};
use credcheck::vocabulary::{Place, field};
use jiff::Timestamp;

struct One(Vec<u8>);

impl PolicyStore for One {
    fn open(&self, path: &str, _from: Option<&str>) -> Result<Opened, OpenError> {
        Ok(Opened { id: path.to_owned(), name: path.to_owned(), bytes: self.0.clone() })
    }
}

/// One credential with what is known of it.
pub(crate) struct Checked {
    pub(crate) credential: Credential,
    pub(crate) facts: FactSet,
    pub(crate) exchanges: Vec<Exchange>,
}

/// A run, ready to be judged and reported.
pub(crate) struct Fixture {
    pub(crate) sources: SourceMap,
    pub(crate) policy: CheckedPolicy,
    pub(crate) inputs: Inputs,
    pub(crate) checked: Vec<Checked>,
    pub(crate) not_checked: Vec<NotChecked>,
    pub(crate) strict: bool,
}

pub(crate) fn now() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

pub(crate) fn label(path: &str) -> Arc<RequestLabel> {
    Arc::new(RequestLabel { method: "GET", url: format!("https://api.github.com{path}") })
}

pub(crate) fn exchange(path: &str, status: u16) -> Exchange {
    let answer = Answer { status, headers: Vec::new(), body: Vec::new(), at: now() };
    Exchange { request: label(path), result: Ok(answer), attempts: vec![Attempt { status: Some(status) }] }
}

impl Fixture {
    pub(crate) fn new(policy: &str) -> Self {
        let mut sources = SourceMap::new();
        let (program, problems) = load(&["policies/main.pol".into()], &One(policy.into()), &mut sources);
        let (policy, problems) = check(&program, &sources, problems, CheckOptions::default());
        assert!(problems.is_empty(), "{problems:#?}");
        let inputs = bind_inputs(&policy, &[]).unwrap();
        Self { sources, policy, inputs, checked: Vec::new(), not_checked: Vec::new(), strict: false }
    }

    /// Adds a credential of a GitHub kind, with the one request that every credential begins with.
    pub(crate) fn credential(&mut self, name: &str, kind: &str) -> &mut Checked {
        let table = host(HostKind::GitHub);
        let credential = Credential {
            name: name.into(),
            host: HostKind::GitHub,
            url: "https://github.com".into(),
            api: "https://api.github.com".parse().unwrap(),
            username: None,
            kinds: vec![table.credential_kind(kind).unwrap()],
            kind_evidence: None,
            token_id: None,
            scope: Vec::new(),
            excluded: Vec::new(),
            app: AppUse::default(),
            probes: false,
        };
        let facts = FactSet::new(HostKind::GitHub);
        self.checked.push(Checked { credential, facts, exchanges: vec![exchange("/user", 200)] });
        let checked = self.checked.last_mut().unwrap();
        let word = Value::Word(table.credential_kind(kind).unwrap().word);
        let evidence = Evidence::own(Place::Recorded("prefix of the token".into()));
        let index = table.fact("token.kind").unwrap();
        checked.facts.credential.set(index, Fact { knowledge: Knowledge::Known(word), evidence: vec![evidence] });
        checked
    }

    /// Judges everything and hands the report to a writer.
    pub(crate) fn report<T>(&self, write: impl FnOnce(&Report<'_>) -> T) -> T {
        let evaluator = Evaluator::new(&self.policy, &self.inputs, now(), true);
        let judged: Vec<Judged> = self.checked.iter().map(|one| evaluator.judge(&one.credential, &one.facts)).collect();
        let sections: Vec<Section<'_>> = self
            .checked
            .iter()
            .zip(&judged)
            .map(|(one, judged)| Section {
                credential: &one.credential,
                facts: &one.facts,
                judged,
                exchanges: &one.exchanges,
            })
            .collect();
        let explainer = Explainer { evaluator: &evaluator, checked: &self.checked };
        let mut totals = Totals::count(&judged);
        totals.requests = self.checked.iter().flat_map(|one| &one.exchanges).map(|one| one.attempts.len()).sum();
        let mut run = Run::of(&self.policy, &judged);
        run.strict = self.strict;
        write(&Report {
            tool: "credcheck 0.1.0",
            at: now(),
            replayed_from: None,
            policy: &self.policy,
            sources: &self.sources,
            inputs: &self.inputs,
            sections: &sections,
            not_checked: &self.not_checked,
            notes: &[],
            totals,
            exit: exit_code(run),
            strict: self.strict,
            elapsed: None,
            explain: &explainer,
        })
    }
}

impl Checked {
    pub(crate) fn set(
        &mut self,
        subject: SubjectRef,
        path: &str,
        knowledge: Knowledge,
        evidence: Evidence,
    ) -> &mut Self {
        let index = host(HostKind::GitHub).fact(path).unwrap();
        self.facts.subject_mut(subject).unwrap().set(index, Fact { knowledge, evidence: vec![evidence] });
        self
    }

    /// A fact of the credential from `GET /user`.
    pub(crate) fn user(&mut self, path: &str, knowledge: Knowledge, source: impl Into<Place>) -> &mut Self {
        self.set(SubjectRef::Credential, path, knowledge, Evidence::answer(&label("/user"), Some(200), source))
    }

    pub(crate) fn scopes(&mut self, scopes: &[&str]) -> &mut Self {
        self.user("token.scopes", Knowledge::Known(names("token.scopes", scopes)), X_OAUTH_SCOPES)
    }

    /// A fact of a repository from `GET /repos/…`, where names are added in order.
    pub(crate) fn repository(&mut self, name: &str, path: &str, knowledge: Knowledge) -> &mut Self {
        let at = self.facts.repository(&RepositoryName::parse(name).unwrap());
        let evidence = Evidence::answer(&label(&format!("/repos/{name}")), Some(200), field("permissions"));
        self.set(SubjectRef::Repository(at), path, knowledge, evidence)
    }
}

pub(crate) fn names(path: &str, names: &[&str]) -> Value {
    let table = host(HostKind::GitHub);
    match table.row(table.fact(path).unwrap()).ty {
        Type::Names(of) => Value::Names(NameSet::new(of, names)),
        other => panic!("{path} is a {}", other.title()),
    }
}

pub(crate) fn unknown(cause: Cause, reason: &str) -> Knowledge {
    Knowledge::unknown(cause, reason)
}

struct Explainer<'a> {
    evaluator: &'a Evaluator<'a>,
    checked: &'a [Checked],
}

impl Explain for Explainer<'_> {
    fn blame(&self, section: usize, outcome: &Outcome) -> Vec<Blame<'_>> {
        self.checked.get(section).map(|one| explain(self.evaluator, &one.facts, outcome)).unwrap_or_default()
    }
}
