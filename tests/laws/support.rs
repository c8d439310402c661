//! Policies as text, and facts by path.

use credcheck::evaluation::{Blame, Evaluator, Judged, Outcome, Verdict, explain};
use credcheck::facts::{
    AppUse, Bounds, Cause, Credential, Evidence, Fact, FactSet, Knowledge, Origin, PermissionMap, RecordValue,
    RepositoryName, ScopeEntry, Unknown, Value, derive,
};
use credcheck::language::{
    CheckOptions, CheckedPolicy, Inputs, OpenError, Opened, PolicyStore, bind_inputs, check, load,
};
use credcheck::text::source::SourceMap;
use credcheck::vocabulary::Place;
use credcheck::vocabulary::{self, CredentialKind, FactIndex, HostKind, NameSet, Type};
use jiff::Timestamp;

struct Memory(String);

impl PolicyStore for Memory {
    fn open(&self, path: &str, _from: Option<&str>) -> Result<Opened, OpenError> {
        Ok(Opened { id: path.into(), name: path.into(), bytes: self.0.clone().into_bytes() })
    }
}

/// A checked policy with its text and its inputs' defaults.
pub(crate) struct Policy {
    pub(crate) sources: SourceMap,
    pub(crate) checked: CheckedPolicy,
    pub(crate) inputs: Inputs,
}

/// Checks a policy, which must be right.
pub(crate) fn policy(text: &str) -> Policy {
    let mut sources = SourceMap::new();
    let (program, problems) = load(&["main.pol".into()], &Memory(text.into()), &mut sources);
    let (checked, problems) = check(&program, &sources, problems, CheckOptions::default());
    let errors: Vec<String> = problems
        .iter()
        .filter(|problem| problem.severity == credcheck::diagnostic::Severity::Error)
        .map(|problem| format!("{}: {}", problem.message, problem.span().map_or("", |span| sources.snippet(span))))
        .collect();
    assert!(errors.is_empty(), "{errors:#?} in\n{text}");
    let inputs = bind_inputs(&checked, &[]).unwrap();
    Policy { sources, checked, inputs }
}

/// Whether a policy is refused.
pub(crate) fn refused(text: &str) -> bool {
    let mut sources = SourceMap::new();
    let (program, problems) = load(&["main.pol".into()], &Memory(text.into()), &mut sources);
    let (_, problems) = check(&program, &sources, problems, CheckOptions::default());
    problems.iter().any(|problem| problem.severity == credcheck::diagnostic::Severity::Error)
}

/// A policy for GitHub.
pub(crate) fn github(body: &str) -> Policy {
    policy(&format!("host github {{\n{body}\n}}\n"))
}

pub(crate) fn now() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

impl Policy {
    pub(crate) fn evaluator(&self) -> Evaluator<'_> {
        Evaluator::new(&self.checked, &self.inputs, now(), true)
    }

    pub(crate) fn judge(&self, credential: &Credential, facts: &FactSet) -> Judged {
        self.evaluator().judge(credential, facts)
    }

    /// The words of all verdicts, in order, each with its subject's name; undetermined ones with their causes.
    pub(crate) fn verdicts(&self, credential: &Credential, facts: &FactSet) -> Vec<String> {
        self.judge(credential, facts).outcomes.iter().map(|outcome| shown(outcome, facts)).collect()
    }

    /// What the parts that decided an outcome underline and say.
    pub(crate) fn explain<'a>(
        &self,
        credential: &Credential,
        facts: &'a FactSet,
        at: usize,
    ) -> Vec<(String, String, Blame<'a>)> {
        let evaluator = self.evaluator();
        let outcome = evaluator.judge(credential, facts).outcomes[at];
        explain(&evaluator, facts, &outcome)
            .into_iter()
            .map(|blame| (self.sources.snippet(blame.span).to_owned(), blame.text.clone(), blame))
            .collect()
    }
}

pub(crate) fn shown(outcome: &Outcome, facts: &FactSet) -> String {
    let mut text = match outcome.verdict {
        Verdict::Undetermined { causes, accepted } => {
            let causes: Vec<&str> = causes.iter().map(Cause::word).collect();
            format!("{}({})", if accepted { "accepted" } else { "undetermined" }, causes.join(","))
        }
        verdict => verdict.word().to_owned(),
    };
    if let Some(name) = facts.subject_name(outcome.subject) {
        text = format!("{text} {name}");
    }
    text
}

pub(crate) fn index(path: &str) -> FactIndex {
    vocabulary::host(HostKind::GitHub).fact(path).unwrap_or_else(|| panic!("no fact {path}"))
}

pub(crate) fn kind(word: &str) -> &'static CredentialKind {
    vocabulary::host(HostKind::GitHub).credential_kind(word).unwrap()
}

/// A credential of these kinds with these repositories named by the operator.
pub(crate) fn credential(kinds: &[&str], scope: &[&str]) -> Credential {
    Credential {
        name: "prod".into(),
        host: HostKind::GitHub,
        url: "https://git.acme.dev".into(),
        api: "https://git.acme.dev/api/v3".parse().unwrap(),
        username: None,
        kinds: kinds.iter().map(|word| kind(word)).collect(),
        kind_evidence: None,
        token_id: None,
        times: vocabulary::Times::default(),
        scope: scope
            .iter()
            .map(|pattern| ScopeEntry::new(HostKind::GitHub, pattern, Origin::Variable("SCOPE".into())))
            .collect(),
        excluded: Vec::new(),
        app: AppUse::default(),
        probes: false,
    }
}

pub(crate) fn classic() -> Credential {
    credential(&["classic"], &[])
}

/// The same, with its scope narrowed by the command line.
pub(crate) fn narrowed_classic() -> Credential {
    let pattern = ScopeEntry::new(HostKind::GitHub, "beta/a", Origin::REPOSITORY_OPTION);
    Credential { scope: vec![pattern], ..classic() }
}

/// Facts of one credential.
#[derive(Clone)]
pub(crate) struct Facts(pub(crate) FactSet);

pub(crate) fn facts() -> Facts {
    Facts(FactSet::new(HostKind::GitHub))
}

fn fact(path: &str, knowledge: Knowledge) -> Fact {
    Fact { knowledge, evidence: vec![Evidence::own(Place::Recorded(format!("given {path}").into()))] }
}

impl Facts {
    pub(crate) fn with(mut self, path: &str, knowledge: Knowledge) -> Self {
        // What is granted is a repository's fact.
        if path == "token.permissions" {
            return self.repository("acme/infra", &[(path, knowledge)]);
        }
        self.0.credential.set(index(path), fact(path, knowledge));
        self
    }

    pub(crate) fn repository(mut self, name: &str, rows: &[(&str, Knowledge)]) -> Self {
        let name = RepositoryName::parse(name).unwrap();
        self.0.organization(name.owner());
        let at = self.0.repository(&name);
        for (path, knowledge) in rows {
            self.0.repositories.facts_mut(at).unwrap().set(index(path), fact(path, knowledge.clone()));
        }
        self
    }

    pub(crate) fn organization(mut self, name: &str, rows: &[(&str, Knowledge)]) -> Self {
        let at = self.0.organization(name);
        for (path, knowledge) in rows {
            self.0.organizations.facts_mut(at).unwrap().set(index(path), fact(path, knowledge.clone()));
        }
        self
    }

    pub(crate) fn derived(mut self) -> FactSet {
        derive(&mut self.0, now());
        self.0
    }
}

pub(crate) fn known(value: Value) -> Knowledge {
    Knowledge::Known(value)
}

pub(crate) fn flag(value: bool) -> Knowledge {
    known(Value::Bool(value))
}

pub(crate) fn text(value: &str) -> Knowledge {
    known(Value::String(value.into()))
}

pub(crate) fn word(value: &'static str) -> Knowledge {
    known(Value::Word(value))
}

pub(crate) fn time(value: &str) -> Knowledge {
    known(Value::Time(value.parse().unwrap()))
}

pub(crate) fn unknown(cause: Cause) -> Knowledge {
    Knowledge::unknown(cause, "a reason")
}

pub(crate) fn why() -> Unknown {
    Unknown::new(Cause::NotPermitted, "a reason")
}

pub(crate) fn names(path: &str, names: &[&str]) -> NameSet {
    let Type::Names(table) = vocabulary::host(HostKind::GitHub).row(index(path)).ty else { panic!("no set: {path}") };
    NameSet::new(table, names)
}

pub(crate) fn scopes(list: &[&str]) -> Knowledge {
    known(Value::Names(names("token.scopes", list)))
}

pub(crate) fn permissions(list: &[(&str, &str)]) -> PermissionMap {
    list.iter().map(|(name, level)| ((*name).to_owned(), (*level).to_owned())).collect()
}

pub(crate) fn record(fields: &[(&'static str, Knowledge)]) -> RecordValue {
    fields.iter().cloned().collect()
}

pub(crate) fn bounded(bounds: Bounds) -> Knowledge {
    Knowledge::Bounded(bounds, why())
}
