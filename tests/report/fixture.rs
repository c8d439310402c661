//! A policy, credentials with facts, and the report that a run over them would give.

use std::io::Cursor;
use std::sync::Arc;

use credcheck::evaluation::{Evaluator, Judged, Run, Totals, exit_code};
use credcheck::facts::{
    Answer, AppUse, Attempt, Cause, Credential, Evidence, Exchange, ExchangeSummary, Fact, FactSet, Knowledge,
    NotChecked, RepositoryName, RequestLabel, SubjectRef, Value,
};
use credcheck::language::{
    CheckOptions, CheckedPolicy, Inputs, OpenError, Opened, PolicyStore, bind_inputs, check, load,
};
use credcheck::report::findings::{Finding, Findings};
use credcheck::report::{Format, Head, Section, Spool, Tail, open};
use credcheck::text::redact::Redactor;
use credcheck::text::source::SourceMap;
use credcheck::vocabulary::github::headers::X_OAUTH_SCOPES;
use credcheck::vocabulary::{HostKind, NameSet, Type, host};
use credcheck::vocabulary::{Place, field, token_shapes};
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
            times: credcheck::vocabulary::Times::default(),
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

    /// Judges everything, and hands it over with what else a report is made of.
    fn judged<T>(&self, told: impl FnOnce(Head<'_>, &[Section<'_>], &Tail<'_>) -> T) -> T {
        let evaluator = Evaluator::new(&self.policy, &self.inputs, now(), true);
        let judged: Vec<Judged> = self.checked.iter().map(|one| evaluator.judge(&one.credential, &one.facts)).collect();
        let summaries: Vec<Vec<ExchangeSummary>> =
            self.checked.iter().map(|one| one.exchanges.iter().map(Exchange::summary).collect()).collect();
        let sections: Vec<Section<'_>> = self
            .checked
            .iter()
            .zip(judged.iter().zip(&summaries))
            .map(|(one, (judged, exchanges))| Section {
                credential: &one.credential,
                facts: &one.facts,
                judged,
                exchanges,
                rate_limit: None,
            })
            .collect();
        let mut totals = Totals::count(&judged);
        totals.requests = summaries.iter().flatten().map(|one| one.attempts).sum();
        let mut run = Run::of(&self.policy, &judged);
        run.strict = self.strict;
        let head = Head {
            tool: "credcheck 0.1.0",
            at: now(),
            replayed_from: None,
            policy: &self.policy,
            sources: &self.sources,
            evaluator: &evaluator,
            strict: self.strict,
            redactor: &Redactor::new(token_shapes()),
        };
        let not_checked = &self.not_checked;
        told(
            head,
            &sections,
            &Tail {
                interrupted: None,
                not_checked,
                not_read: &[],
                notes: &[],
                totals,
                exit: exit_code(run),
                elapsed: None,
                shard: None,
                overall: None,
            },
        )
    }

    /// The report in a format.
    pub(crate) fn report(&self, format: Format) -> String {
        let mut bytes = Vec::new();
        self.judged(|head, sections, tail| {
            let mut stream = open(format, head, Box::new(&mut bytes), spool());
            for section in sections {
                stream.section(section).unwrap();
            }
            stream.end(tail).unwrap();
        });
        String::from_utf8(bytes).unwrap()
    }

    /// What there is to tell.
    pub(crate) fn findings(&self) -> Vec<Finding> {
        self.judged(|head, sections, tail| {
            let mut findings = Findings::default();
            for section in sections {
                findings.add(&head, section);
            }
            findings.note(tail.notes);
            findings.sorted(&head)
        })
    }
}

/// A spool in memory.
pub(crate) fn spool() -> Box<dyn Spool> {
    Box::new(Cursor::new(Vec::new()))
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
