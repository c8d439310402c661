//! `credcheck explain`: the page of a diagnostic, or a rule in prose.

use jiff::Timestamp;

use super::cli::{ExplainArguments, PolicyArguments};
use super::edge;
use super::failure::Failure;
use super::output::Sink;
use super::policy;
use super::samples;
use crate::diagnostic::{Code, Diagnostic};
use crate::evaluation::{BuiltinRule, Evaluator, ExitCode, Truth};
use crate::facts::{Evidence, Fact, FactSet, Knowledge, SubjectRef, Value, derive};
use crate::language::{CheckedPolicy, Inputs, Rule, Statement, StatementId};
use crate::plan::{Judge, dry_run};
use crate::report::explaining::{Explained, OfKind, builtin_page, code_page, rule_page, v1};
use crate::report::page::Page;
use crate::text::english;
use crate::text::nearest::nearest;
use crate::vocabulary::{self, CredentialKind, HOSTS, HostKind, Place};

/// `credcheck explain`.
pub(super) fn run(arguments: &ExplainArguments, sink: &mut Sink) -> Result<ExitCode, Failure> {
    let name = arguments.name.as_str();
    if let Some(code) = code(name) {
        sink.page(&code_page(code), &v1::CodeDocument::new(code))?;
        return Ok(ExitCode::Success);
    }
    if let Some((rule, hosts)) = builtin(name) {
        let mut page = Page::default();
        builtin_page(rule, &hosts, &mut page);
        sink.page(&page, &v1::RulesDocument::builtin(rule, &hosts))?;
        return Ok(ExitCode::Success);
    }
    // What is no code and no rule may be a fact: its page is the vocabulary's.
    if HOSTS.iter().any(|host| host.fact(name).is_some()) && arguments.policies.is_empty() {
        return super::vocabulary::show(None, Some(name), sink);
    }
    if arguments.policies.is_empty() {
        return Err(Failure::Usage(vec![nothing_named(name)]));
    }
    let options = PolicyArguments { allow_unknown_names: arguments.allow_unknown_names, ..PolicyArguments::default() };
    let loaded = policy::load(&arguments.policies, &options, sink.sources())?;
    sink.advise(&loaded.warnings);
    let checked = &loaded.checked;
    let named: Vec<&Rule> =
        checked.rules.iter().filter(|rule| rule.name == name || rule.short_name.as_deref() == Some(name)).collect();
    if named.is_empty() {
        return Err(Failure::Usage(vec![unknown_rule(name, checked)]));
    }
    let now = edge::now();
    let inputs = Inputs(checked.inputs.iter().map(|input| input.default.clone()).collect());
    let evaluator = Evaluator::new(checked, &inputs, now, false);
    let explained: Vec<Explained<'_>> = named
        .into_iter()
        .map(|rule| Explained {
            policy: checked,
            rule,
            file: sink.texts().name(rule.span.source).to_owned(),
            line: sink.texts().start(rule.span).line,
            kinds: vocabulary::host(rule.host).kinds.iter().map(|kind| of_kind(&evaluator, rule, kind, now)).collect(),
        })
        .collect();
    let mut page = Page::default();
    for one in &explained {
        rule_page(one, &mut page);
    }
    sink.page(&page, &v1::RulesDocument::new(&explained))?;
    Ok(ExitCode::Success)
}

/// The code with this number or name.
fn code(name: &str) -> Option<Code> {
    Code::ALL.iter().copied().find(|code| code.number().eq_ignore_ascii_case(name) || code.name() == name)
}

/// The built-in rule with this name, and the hosts it is asked about.
fn builtin(name: &str) -> Option<(BuiltinRule, Vec<HostKind>)> {
    let (hosts, short) = match name.split_once('.') {
        Some((word, short)) => (vec![vocabulary::host_kind(word)?], short),
        None => (HOSTS.iter().map(|host| host.kind).collect(), name),
    };
    let rule = BuiltinRule::ALL.into_iter().find(|rule| rule.name() == short)?;
    Some((rule, hosts))
}

/// Without a policy, only codes and built-in rules have names.
fn nothing_named(name: &str) -> Diagnostic {
    let looks_like_code =
        name.len() == 5 && name.starts_with(['C', 'c']) && name.chars().skip(1).all(|c| c.is_ascii_digit());
    if looks_like_code {
        let problem = Diagnostic::new(Code::CommandLine, format!("there is no code `{name}`"));
        return problem.help("docs/reports.md lists all codes");
    }
    let problem = Diagnostic::new(Code::CommandLine, format!("there is no code or built-in rule `{name}`"));
    let known = Code::ALL.iter().map(|code| code.name()).chain(BuiltinRule::ALL.into_iter().map(BuiltinRule::name));
    let known = known.chain(HOSTS.iter().flat_map(|host| host.facts).map(|row| row.path));
    let short = name.split_once('.').filter(|(host, _)| vocabulary::host_kind(host).is_some()).map_or(name, |(_, s)| s);
    let problem = match nearest(short, known) {
        Some(near) => problem.help(format!("did you mean `{near}`?")),
        None => problem,
    };
    problem.help(format!("a rule of a policy needs the policy: `credcheck explain {name} POLICY`"))
}

fn unknown_rule(name: &str, policy: &CheckedPolicy) -> Diagnostic {
    let problem = Diagnostic::new(Code::UnknownRule, format!("no loaded file has a rule `{name}`"));
    let mut own: Vec<&str> = policy.rules.iter().map(|rule| rule.name.as_str()).collect();
    own.dedup();
    let mut known = own.clone();
    known.extend(policy.rules.iter().filter_map(|rule| rule.short_name.as_deref()));
    for rule in BuiltinRule::ALL {
        known.push(rule.name());
    }
    match nearest(name, known) {
        Some(near) => problem.help(format!("did you mean `{near}`?")),
        None if policy.rules.is_empty() => problem.help("the policy has no rules"),
        None => problem.help(format!("its rules are {}", english::quoted_list(own, "and"))),
    }
}

/// What a rule means for one kind of credential: the statements that its guards let apply, and the plan of it alone.
fn of_kind(evaluator: &Evaluator<'_>, rule: &Rule, kind: &'static CredentialKind, now: Timestamp) -> OfKind {
    let host = vocabulary::host(rule.host);
    let mut facts = FactSet::new(rule.host);
    if let Some(index) = host.fact("token.kind") {
        let knowledge = Knowledge::Known(Value::Word(kind.word));
        facts.credential.set(index, Fact { knowledge, evidence: vec![Evidence::own(Place::Kind)] });
    }
    derive(&mut facts, now);
    let open = |statement: &&Statement| evaluator.guard(statement, &facts, SubjectRef::Credential) != Truth::False;
    let applies: Vec<StatementId> = rule
        .statements
        .iter()
        .filter_map(|id| evaluator.policy().statement(*id))
        .filter(open)
        .map(|statement| statement.id)
        .collect();
    let requests = match (samples::credential(rule.host, kind), applies.is_empty() || kind.first_request.is_none()) {
        (Some(credential), false) => {
            let judge = Judge::OneRule(evaluator, rule);
            dry_run(evaluator.policy(), &credential, &judge, now)
                .into_iter()
                .map(|planned| (planned.row, planned.facts))
                .collect()
        }
        _ => Vec::new(),
    };
    OfKind { kind, applies, requests }
}
