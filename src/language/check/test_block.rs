//! Tests in the language: given facts are read by their rows, expected rules by their names.

use std::collections::{BTreeMap, BTreeSet};

use super::super::ast::{Expression, ExpressionKind as Kind, Given, Item, TestBlock, TestLine};
use super::super::checked::{CheckedPolicy, Operand, Test, TestExpectation, TestGiven, TestScope};
use super::super::load::Loaded;
use super::super::syntax::short;
use super::messages::{meant, suggest, unknown_host};
use super::names::Names;
use super::operand::Reader;
use super::policy::Checker;
use crate::diagnostic::{Code, Diagnostic};
use crate::facts::{Cause, Knowledge, RecordValue, RepositoryName, Value};
use crate::text::english;
use crate::text::source::{Span, Spanned};
use crate::vocabulary::{self, Absence, FactIndex, HostKind, RecordTable, Subject, Type};

impl<'a> Checker<'a> {
    pub(super) fn tests(
        &mut self,
        file: &'a Loaded,
        visible: &BTreeSet<usize>,
        names: &mut Names<'a>,
        policy: &mut CheckedPolicy,
    ) {
        let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
        for item in &file.file.items {
            let Item::Test(block) = item else { continue };
            if let Some(first) = seen.insert(&block.name.value, block.name.span) {
                let problem = Diagnostic::at(Code::DuplicateName, block.name.span, "two tests have one name")
                    .label(first, "named here first")
                    .help("a test's name says what it shows: give each its own");
                self.report(problem);
            }
            let test = self.test(block, visible, names, policy);
            policy.tests.extend(test);
        }
    }

    fn test(
        &mut self,
        block: &'a TestBlock,
        visible: &BTreeSet<usize>,
        names: &mut Names<'a>,
        policy: &CheckedPolicy,
    ) -> Option<Test> {
        let host = block.lines.iter().find_map(|line| match line {
            TestLine::Host(word) => Some(word),
            _ => None,
        });
        let Some(host) = host else {
            if block.broken {
                return None;
            }
            self.report(
                Diagnostic::at(Code::MissingClause, block.span, "the test does not say which host")
                    .help("add `given host github`"),
            );
            return None;
        };
        let Some(kind) = vocabulary::host_kind(&host.value) else {
            self.report(unknown_host(&host.value, host.span, false));
            return None;
        };
        let mut test = Test {
            name: block.name.value.clone(),
            host: kind,
            credential: None,
            at: None,
            given: Vec::new(),
            inputs: Vec::new(),
            now: None,
            expect: Vec::new(),
            nothing_else: None,
            span: block.span,
        };
        let mut scope = TestScope::Credential;
        let mut seen: BTreeMap<(FactIndex, TestScope), Span> = BTreeMap::new();
        for line in &block.lines {
            match line {
                TestLine::Host(word) => {
                    if word.span != host.span {
                        self.report(
                            Diagnostic::at(Code::RepeatedClause, word.span, "a test has one host")
                                .help("write another test for another host"),
                        );
                    }
                }
                TestLine::Credential(name, at) => {
                    test.credential = Some(name.value.clone());
                    test.at = at.as_ref().map(|at| at.value.clone());
                }
                TestLine::Subject(subject, name) => {
                    scope = if subject.value == "repository" {
                        if let Err(error) = RepositoryName::parse(&name.value) {
                            self.report(Diagnostic::at(
                                Code::BadScope,
                                name.span,
                                format!("`{}` names no repository: {error}", short(&name.value)),
                            ));
                        }
                        TestScope::Repository(name.value.clone())
                    } else {
                        TestScope::Organization(name.value.clone())
                    };
                }
                TestLine::Fact(path, given, span) => {
                    let given = self.given(kind, path, given, *span, &scope, names);
                    if let Some(given) = &given
                        && let Some(first) = seen.insert((given.fact, given.scope.clone()), path.span)
                    {
                        self.report(
                            Diagnostic::at(
                                Code::RepeatedClause,
                                path.span,
                                format!("`{}` is given twice", short(&path.value)),
                            )
                            .label(first, "given here first")
                            .help("keep one of them; another state of the credential is another test"),
                        );
                    }
                    test.given.extend(given);
                }
                TestLine::Input(name, value) => self.given_input(kind, name, value, names, &mut test),
                TestLine::Now(value) => match value.kind {
                    Kind::Time(now) => test.now = Some(now),
                    _ => self.report(
                        Diagnostic::at(Code::TypeMismatch, value.span, "`now` is a time")
                            .help("write `given now = 2026-11-23`"),
                    ),
                },
                TestLine::Expect(outcome, name) => {
                    let rules = self.named_rules(name, visible, "expected");
                    let mut found = false;
                    for rule in &rules {
                        if policy.rule(*rule).is_some_and(|row| row.host == kind) {
                            found = true;
                            test.expect.push(TestExpectation {
                                outcome: outcome.value,
                                rule: *rule,
                                span: outcome.span.to(name.span),
                            });
                        }
                    }
                    if !found && !rules.is_empty() {
                        self.report(
                            Diagnostic::at(
                                Code::UnknownRule,
                                name.span,
                                format!("`{}` is not a rule for {}", short(&name.value), kind.title()),
                            )
                            .help(format!("this test is about `{}`", kind.word())),
                        );
                    }
                }
                TestLine::NothingElse(span) => test.nothing_else = Some(*span),
            }
        }
        let expects = block.lines.iter().any(|line| matches!(line, TestLine::Expect(..)));
        if !expects && test.nothing_else.is_none() && !block.broken {
            self.report(
                Diagnostic::at(Code::MissingClause, block.span, "the test expects nothing")
                    .help("add `expect violation of RULE`, or `expect nothing else`"),
            );
        }
        Some(test)
    }

    fn given(
        &mut self,
        kind: HostKind,
        path: &Spanned<String>,
        given: &'a Given,
        span: Span,
        scope: &TestScope,
        names: &mut Names<'a>,
    ) -> Option<TestGiven> {
        let host = vocabulary::host(kind);
        let Some(index) = host.fact(&path.value) else {
            let problem = Diagnostic::at(
                Code::UnknownFact,
                path.span,
                format!("{} has no fact `{}`", host.title, short(&path.value)),
            );
            self.report(match meant(host, &path.value) {
                Some(help) => problem.help(help),
                None => suggest(problem, &path.value, host.facts.iter().map(|fact| fact.path)),
            });
            return None;
        };
        let row = host.row(index);
        let scope = match (row.subject, scope) {
            (Subject::Credential, _) => TestScope::Credential,
            (Subject::Repository, TestScope::Repository(_)) => scope.clone(),
            (Subject::Organization, TestScope::Organization(_)) => scope.clone(),
            (Subject::Organization, TestScope::Repository(name)) => {
                TestScope::Organization(name.rsplit_once('/').map_or("", |(owner, _)| owner).to_owned())
            }
            (subject, _) => {
                let word = subject.word();
                let example = if subject == Subject::Repository { "acme/infra" } else { "acme" };
                self.report(
                    Diagnostic::at(
                        Code::MisplacedFact,
                        path.span,
                        format!("`{}` is a fact of {}", short(&path.value), english::with_article(word)),
                    )
                    .help(format!("say first which: `given {word} \"{example}\"`")),
                );
                return None;
            }
        };
        let knowledge = match given {
            Given::Absent if row.absence == Absence::Impossible => {
                self.report(
                    Diagnostic::at(Code::MisplacedFact, span, format!("`{}` is never absent", short(&path.value)))
                        .help("give a value, `is unknown` or `is inapplicable`"),
                );
                return None;
            }
            Given::Absent => Knowledge::Absent,
            Given::Inapplicable => Knowledge::Inapplicable("the test says so".to_owned()),
            Given::Unknown(None) => Knowledge::unknown(Cause::NotRevealable, "the test says so"),
            Given::Unknown(Some(word)) => match Cause::from_word(&word.value) {
                Some(cause) => Knowledge::unknown(cause, "the test says so"),
                None => {
                    let problem = Diagnostic::at(
                        Code::UnknownCause,
                        word.span,
                        format!("`{}` is not a cause", short(&word.value)),
                    );
                    self.report(suggest(problem, &word.value, Cause::ALL.iter().map(|cause| cause.word())));
                    return None;
                }
            },
            Given::Value(value) => self.given_value(kind, value, row.ty, names)?,
        };
        Some(TestGiven { fact: index, scope, knowledge, span })
    }

    fn given_value(
        &mut self,
        kind: HostKind,
        value: &'a Expression,
        ty: Type,
        names: &mut Names<'a>,
    ) -> Option<Knowledge> {
        if let Type::Records(table) = ty {
            return self.records(kind, value, table, names).map(|records| Knowledge::Known(Value::Records(records)));
        }
        match self.literal(kind, value, ty, names)? {
            Operand::Literal { value, .. } => Some(Knowledge::Known(value)),
            Operand::Never(_) => Some(Knowledge::Absent),
            other => {
                self.report(Diagnostic::at(Code::TypeMismatch, other.span(), "a test gives a literal"));
                None
            }
        }
    }

    fn records(
        &mut self,
        kind: HostKind,
        value: &'a Expression,
        table: &'static RecordTable,
        names: &mut Names<'a>,
    ) -> Option<Vec<RecordValue>> {
        let Kind::List(items) = &value.kind else {
            self.report(
                Diagnostic::at(Code::TypeMismatch, value.span, format!("expected a list of {}", table.plural))
                    .help("write `[{ field = value }]`, or `[]`"),
            );
            return None;
        };
        let mut records = Vec::new();
        for item in items {
            let Kind::Map(entries) = &item.kind else {
                self.report(Diagnostic::at(Code::TypeMismatch, item.span, "expected a record: `{ field = value }`"));
                return None;
            };
            let mut record = RecordValue::new();
            for (name, written) in entries {
                let Some(field) = table.fields.iter().find(|field| field.name == name.value) else {
                    let problem = Diagnostic::at(
                        Code::UnknownFact,
                        name.span,
                        format!("{} have no field `{}`", table.plural, short(&name.value)),
                    );
                    self.report(suggest(problem, &name.value, table.fields.iter().map(|field| field.name)));
                    return None;
                };
                let knowledge = self.given_value(kind, written, field.ty, names)?;
                record.insert(field.name, knowledge);
            }
            records.push(record);
        }
        Some(records)
    }

    fn given_input(
        &mut self,
        kind: HostKind,
        name: &Spanned<String>,
        value: &'a Expression,
        names: &mut Names<'a>,
        test: &mut Test,
    ) {
        let inputs = self.inputs();
        let Some((id, ty)) = inputs.find(&name.value).map(|(id, input)| (id, input.ty)) else {
            let all: Vec<String> = inputs.inputs.iter().map(|input| input.name.clone()).collect();
            let problem =
                Diagnostic::at(Code::UnknownInput, name.span, format!("no input is named `{}`", short(&name.value)));
            self.report(suggest(problem, &name.value, all.iter().map(String::as_str)));
            return;
        };
        if let Some(Operand::Literal { value, .. }) = self.literal(kind, value, ty.ty(), names) {
            test.inputs.push((id, value));
        }
    }

    fn literal(&mut self, kind: HostKind, value: &'a Expression, ty: Type, names: &mut Names<'a>) -> Option<Operand> {
        let options = self.options();
        let (inputs, budget, problems) = self.parts();
        let mut reader = Reader {
            host: vocabulary::host(kind),
            kinds: &[],
            names,
            inputs,
            budget,
            options,
            problems,
            variables: Vec::new(),
            facts: BTreeSet::new(),
        };
        reader.operand_as(value, ty)
    }
}
