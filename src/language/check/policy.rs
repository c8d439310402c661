//! The whole policy: files → rules and statements, one for each host kind of their block.

use std::collections::{BTreeMap, BTreeSet};

use super::super::ast::{
    Clause, Expression, ExpressionKind as Kind, HostBlock, Item, Node, Rule as WrittenRule,
    Statement as WrittenStatement, Word,
};
use super::super::checked::{
    Acceptance, CheckedPolicy, Expression as Condition, Operand, Rule, RuleId, Selector, Statement, StatementId, Words,
};
use super::super::load::{Loaded, Program};
use super::super::syntax::short;
use super::messages::{suggest, unguarded_product, unknown_host};
use super::names::{Budget, InputTable, Names, check_name};
use super::operand::Reader;
use super::options::CheckOptions;
use crate::diagnostic::{Code, Diagnostic};
use crate::facts::{Cause, Causes, RepositoryName};
use crate::text::source::Span;
use crate::vocabulary::{self, FactIndex, HOSTS, HostKind, Subject};

/// A rule of a file before it is known whether the policy has it (an import may leave it out).
pub(super) struct Draft {
    pub(super) rule: Rule,
    pub(super) statements: Vec<Statement>,
    pub(super) file: usize,
}

/// Checks all files of a program.
pub(super) struct Checker<'a> {
    pub(super) program: &'a Program,
    pub(super) options: CheckOptions,
    pub(super) problems: &'a mut Vec<Diagnostic>,
    pub(super) inputs: InputTable,
    pub(super) budget: Budget,
    pub(super) drafts: Vec<Draft>,
    /// Drafts by their rule's short name and by its full name.
    pub(super) by_name: BTreeMap<String, Vec<usize>>,
    /// What each draft became.
    pub(super) rule_ids: BTreeMap<usize, RuleId>,
}

/// What surrounds a node: guards and selectors, outermost first.
#[derive(Clone, Default)]
struct Surroundings<'e> {
    guards: Vec<&'e Expression>,
    selectors: Vec<Selector>,
}

impl<'a> Checker<'a> {
    pub(super) fn new(program: &'a Program, options: CheckOptions, problems: &'a mut Vec<Diagnostic>) -> Self {
        let budget = Budget::new(problems.len());
        Self {
            program,
            options,
            problems,
            inputs: InputTable::default(),
            budget,
            drafts: Vec::new(),
            by_name: BTreeMap::new(),
            rule_ids: BTreeMap::new(),
        }
    }

    /// The policy, and whether problems were left out.
    pub(super) fn run(mut self) -> (CheckedPolicy, bool) {
        let program = self.program;
        for file in &program.files {
            self.inputs_of(file);
        }
        let mut names: Vec<Names<'a>> = program.files.iter().map(|file| self.constants_of(file)).collect();
        for (at, (file, names)) in program.files.iter().zip(&mut names).enumerate() {
            self.header(file);
            for item in &file.file.items {
                if let Item::Host(block) = item {
                    self.host_block(at, file, block, names);
                }
            }
        }
        let visible = self.visible();
        let mut policy = self.assemble(&visible);
        let nothing = BTreeSet::new();
        for (at, (file, names)) in program.files.iter().zip(&mut names).enumerate() {
            if file.root {
                let visible = visible.get(at).unwrap_or(&nothing);
                self.waivers(file, visible, &mut policy);
                self.tests(file, visible, names, &mut policy);
            }
            for (name, constant) in &names.constants {
                if !constant.used && constant.value.is_some() {
                    self.problems.push(
                        Diagnostic::at(Code::UnusedName, constant.span, format!("nothing reads `{}`", short(name)))
                            .help("remove it, or use it"),
                    );
                }
            }
        }
        if let Some(place) = self.budget.over {
            self.problems.push(
                Diagnostic::at(Code::TooLarge, place, "the policy is too large from here on")
                    .labelled("counting constants and guards wherever they apply")
                    .help("split the policy, or shorten what its constants and guards hold"),
            );
        }
        policy.inputs = self.inputs.inputs;
        (policy, self.budget.cut)
    }

    fn host_block(&mut self, file: usize, loaded: &'a Loaded, block: &'a HostBlock, names: &mut Names<'a>) {
        let mut kinds: Vec<HostKind> = Vec::new();
        for word in &block.kinds {
            if word.value == "any" {
                kinds.extend(HOSTS.iter().map(|host| host.kind));
                if block.kinds.len() > 1 {
                    self.problems.push(
                        Diagnostic::at(Code::DuplicateName, word.span, "`any` stands for every host kind already")
                            .help("name `any` alone"),
                    );
                }
                continue;
            }
            if let Some((_, Some(product))) = vocabulary::host_named(&word.value)
                && product.told.is_none()
            {
                self.problems.push(unguarded_product(word, product));
                continue;
            }
            match vocabulary::host_kind(&word.value) {
                Some(_) if block.kinds.iter().any(|word| word.value == "any") => {}
                Some(kind) if kinds.contains(&kind) => {
                    self.problems.push(Diagnostic::at(
                        Code::DuplicateName,
                        word.span,
                        format!("`{}` stands twice", short(&word.value)),
                    ));
                }
                Some(kind) => kinds.push(kind),
                None => {
                    self.problems.push(unknown_host(&word.value, word.span, true));
                }
            }
        }
        kinds.sort_unstable();
        kinds.dedup();
        for kind in &kinds {
            let mut walk = Walk { file, loaded, block, kind: *kind, kinds: &kinds, names };
            let is_of = |word: &Word| vocabulary::host_kind(&word.value) == Some(*kind);
            let guards = block.products.iter().filter(|(word, _)| is_of(word)).map(|(_, guard)| guard).collect();
            self.nodes(&mut walk, &block.body, &Surroundings { guards, selectors: Vec::new() });
        }
    }

    fn nodes(&mut self, walk: &mut Walk<'_, 'a>, nodes: &'a [Node], around: &Surroundings<'a>) {
        for node in nodes {
            match node {
                Node::Rule(rule) => self.rule(walk, rule, around),
                Node::Bare(statement) => self.bare(walk, statement, around),
                Node::When(guard, inner) => {
                    let mut around = around.clone();
                    around.guards.push(guard);
                    self.nodes(walk, inner, &around);
                }
                Node::Each(each, inner) => {
                    let mut around = around.clone();
                    if let Some(selector) = self.selector(walk, each) {
                        around.selectors.push(selector);
                    }
                    self.nodes(walk, inner, &around);
                }
            }
        }
    }

    fn selector(&mut self, walk: &mut Walk<'_, 'a>, each: &'a super::super::ast::Each) -> Option<Selector> {
        let subject = match each.subject.value.as_str() {
            "repository" => Subject::Repository,
            "organization" => Subject::Organization,
            other => {
                let problem = Diagnostic::at(
                    Code::UnknownName,
                    each.subject.span,
                    format!("`each` goes over repositories or organisations, not `{}`", short(other)),
                );
                self.problems.push(suggest(problem, other, ["repository", "organization"].into_iter()));
                return None;
            }
        };
        let patterns = self.patterns(walk, &each.patterns, subject)?;
        let except = match &each.except {
            Some(list) => self.patterns(walk, list, subject)?,
            None => Vec::new(),
        };
        Some(Selector { subject, patterns, except, span: each.span })
    }

    /// A list of names and globs: strings, or a constant that holds them.
    fn patterns(&mut self, walk: &mut Walk<'_, 'a>, written: &'a Expression, subject: Subject) -> Option<Vec<Word>> {
        let (list, place) = match &written.kind {
            Kind::Path(name) => match walk.names.constants.get_mut(name.as_str()) {
                Some(constant) => {
                    constant.used = true;
                    (constant.value?, Some(written.span))
                }
                None if self.inputs.broken.contains(name) => return None,
                None => {
                    let constants: Vec<&str> = walk.names.constants.keys().copied().collect();
                    let problem = Diagnostic::at(
                        Code::UnknownName,
                        written.span,
                        format!("no constant is named `{}`", short(name)),
                    );
                    self.problems.push(if constants.is_empty() {
                        problem.help("write a list: `[\"acme/*\"]`")
                    } else {
                        suggest(problem, name, constants.into_iter())
                    });
                    return None;
                }
            },
            _ => (written, None),
        };
        let Kind::List(items) = &list.kind else {
            self.problems.push(Diagnostic::at(
                Code::TypeMismatch,
                written.span,
                "expected a list of names: `[\"acme/*\"]`",
            ));
            return None;
        };
        let mut words = Vec::new();
        for item in items {
            let Kind::String(text) = &item.kind else {
                self.problems.push(Diagnostic::at(
                    Code::TypeMismatch,
                    item.span,
                    "a name or glob is a string in quotes",
                ));
                return None;
            };
            if subject == Subject::Repository && !text.contains('/') && text != "*" {
                self.problems.push(
                    Diagnostic::at(
                        Code::BadScope,
                        item.span,
                        format!("`{}` is not a repository's full name", short(text)),
                    )
                    .help(format!("write owner and name: `\"{}/*\"`, or `\"*\"` for all in scope", short(text))),
                );
                return None;
            }
            if let Err(reason) = selectable(text, subject) {
                self.problems.push(
                    Diagnostic::at(
                        Code::BadScope,
                        item.span,
                        format!("`{}` can select nothing: {reason}", short(text)),
                    )
                    .help("write owner and name as the host does, without its address: `\"acme/infra\"`"),
                );
                return None;
            }
            words.push(Word::new(text.clone(), place.unwrap_or(item.span)));
        }
        if words.is_empty() {
            self.problems.push(
                Diagnostic::at(Code::MissingClause, written.span, "this list selects nothing")
                    .help("name a repository, or a glob such as `\"acme/*\"`"),
            );
            return None;
        }
        Some(words)
    }

    fn rule(&mut self, walk: &mut Walk<'_, 'a>, written: &'a WrittenRule, around: &Surroundings<'a>) {
        if let Some(problem) = check_name(&written.name.value, written.name.span, "rule") {
            self.problems.push(problem);
        }
        let host = walk.kind.word();
        let texts = [&written.title, &walk.block.at, &walk.block.credential].into_iter().flatten();
        let copied =
            texts.map(|text| Budget::of_text(&text.value)).sum::<usize>() + Budget::of_text(&written.name.value);
        if !self.budget.spend(copied, written.span) {
            return;
        }
        let name = format!("{host}.{}", written.name.value);
        let earlier = self.by_name.get(&name).and_then(|drafts| {
            drafts.iter().filter_map(|at| self.drafts.get(*at)).find(|draft| draft.file == walk.file)
        });
        if let Some(first) = earlier {
            let problem = Diagnostic::at(
                Code::DuplicateName,
                written.name.span,
                format!("this file has a rule `{}` already", short(&name)),
            )
            .label(first.rule.span, "declared here first")
            .help("rename one of them: waivers and tests name rules");
            self.problems.push(problem);
        }
        let guards: Vec<&'a Expression> = around
            .guards
            .iter()
            .copied()
            .chain(written.clauses.iter().filter_map(|clause| match clause {
                Clause::When(guard) => Some(guard),
                _ => None,
            }))
            .collect();
        let (words, acceptance) = self.words(&written.clauses);
        if written.statements.is_empty() && !written.broken {
            self.problems.push(
                Diagnostic::at(
                    Code::EmptyRule,
                    written.span,
                    format!("the rule `{}` demands nothing", short(&written.name.value)),
                )
                .help("add a statement: `require token.scopes covers [\"repo\"]`"),
            );
        }
        let statements: Vec<Statement> = written
            .statements
            .iter()
            .enumerate()
            .filter_map(|(at, statement)| {
                self.statement(walk, statement, at + 1, &guards, around, &words, acceptance.as_ref())
            })
            .collect();
        let rule = Rule {
            host: walk.kind,
            name,
            short_name: Some(written.name.value.clone()),
            title: written.title.as_ref().map(|title| title.value.clone()),
            words,
            acceptance,
            at: walk.block.at.clone(),
            credential: walk.block.credential.clone(),
            statements: Vec::new(),
            span: written.span,
            block: walk.block.span,
            source: walk.loaded.source,
        };
        let at = self.drafts.len();
        self.by_name.entry(rule.name.clone()).or_default().push(at);
        self.by_name.entry(written.name.value.clone()).or_default().push(at);
        self.drafts.push(Draft { rule, statements, file: walk.file });
    }

    fn bare(&mut self, walk: &mut Walk<'_, 'a>, written: &'a WrittenStatement, around: &Surroundings<'a>) {
        let none = Words::default();
        let Some(statement) = self.statement(walk, written, 1, &around.guards, around, &none, None) else { return };
        let host = vocabulary::host(walk.kind);
        let first = first_fact(&statement.expression).map_or("statement", |index| host.row(index).path);
        let rule = Rule {
            host: walk.kind,
            name: format!("{}.{first}", host.word),
            short_name: None,
            title: None,
            words: statement.words.clone(),
            acceptance: statement.acceptance.clone(),
            at: walk.block.at.clone(),
            credential: walk.block.credential.clone(),
            statements: Vec::new(),
            span: written.span,
            block: walk.block.span,
            source: walk.loaded.source,
        };
        self.drafts.push(Draft { rule, statements: vec![statement], file: walk.file });
    }

    #[expect(clippy::too_many_arguments, reason = "what surrounds a statement has these parts, each named")]
    fn statement(
        &mut self,
        walk: &mut Walk<'_, 'a>,
        written: &'a WrittenStatement,
        number: usize,
        guards: &[&'a Expression],
        around: &Surroundings<'a>,
        rule_words: &Words,
        rule_acceptance: Option<&Acceptance>,
    ) -> Option<Statement> {
        let (own, own_acceptance) = self.words(&written.clauses);
        let words = Words {
            because: own.because.or_else(|| rule_words.because.clone()),
            fix: own.fix.or_else(|| rule_words.fix.clone()),
            see: own.see.or_else(|| rule_words.see.clone()),
        };
        let acceptance = own_acceptance.or_else(|| rule_acceptance.cloned());
        let texts = [&words.because, &words.fix, &words.see];
        let copied = texts.into_iter().flatten().map(|text| Budget::of_text(text)).sum::<usize>()
            + acceptance.as_ref().map_or(0, |acceptance| Budget::of_text(&acceptance.because))
            + around.selectors.iter().map(|selector| selector.patterns.len() + selector.except.len()).sum::<usize>();
        let mut reader = Reader {
            host: vocabulary::host(walk.kind),
            kinds: walk.kinds,
            names: walk.names,
            inputs: &mut self.inputs,
            budget: &mut self.budget,
            options: self.options,
            problems: self.problems,
            variables: Vec::new(),
            facts: BTreeSet::new(),
        };
        if !reader.spend(copied, written.span) {
            return None;
        }
        let checked: Vec<Option<Condition>> = guards.iter().map(|guard| reader.condition(guard)).collect();
        let guard_facts: Vec<FactIndex> = std::mem::take(&mut reader.facts).into_iter().collect();
        let expression = reader.condition(&written.expression);
        let facts: Vec<FactIndex> = std::mem::take(&mut reader.facts).into_iter().collect();
        let guards: Vec<Condition> = checked.into_iter().collect::<Option<_>>()?;
        let host = vocabulary::host(walk.kind);
        let subject = guard_facts.iter().chain(&facts).map(|index| host.row(*index).subject).fold(
            Subject::Credential,
            |widest, subject| match (widest, subject) {
                (Subject::Repository, _) | (_, Subject::Repository) => Subject::Repository,
                (Subject::Organization, _) | (_, Subject::Organization) => Subject::Organization,
                _ => Subject::Credential,
            },
        );
        Some(Statement {
            id: StatementId(0),
            rule: RuleId(0),
            number,
            verb: written.verb,
            expression: expression?,
            guards,
            selectors: around.selectors.clone(),
            subject,
            guard_facts,
            facts,
            words,
            acceptance,
            span: written.span,
        })
    }

    /// The words and the acceptance among clauses, each at most once.
    fn words(&mut self, clauses: &[Clause]) -> (Words, Option<Acceptance>) {
        let mut words = Words::default();
        let mut acceptance = None;
        for clause in clauses {
            let (slot, text, name) = match clause {
                Clause::When(_) => continue,
                Clause::Because(text) => (&mut words.because, text, "because"),
                Clause::Fix(text) => (&mut words.fix, text, "fix"),
                Clause::See(text) => {
                    self.link(&text.value, text.span);
                    (&mut words.see, text, "see")
                }
                Clause::OnUnknown { causes, because, span } => {
                    if acceptance.is_some() {
                        self.problems
                            .push(Diagnostic::at(Code::RepeatedClause, *span, "`on unknown` stands twice").help(
                            "name all causes in one: `on unknown (not-revealable, not-permitted) warn because \"…\"`",
                        ));
                    }
                    acceptance = self.acceptance(causes, because.as_ref(), *span);
                    continue;
                }
            };
            if slot.is_some() {
                self.problems.push(
                    Diagnostic::at(Code::RepeatedClause, text.span, format!("`{name}` stands twice"))
                        .help("keep one of them"),
                );
            }
            slot.get_or_insert_with(|| text.value.clone());
        }
        (words, acceptance)
    }

    fn acceptance(&mut self, causes: &[Word], because: Option<&Word>, span: Span) -> Option<Acceptance> {
        let Some(because) = because else {
            self.problems.push(
                Diagnostic::at(Code::MissingClause, span, "accepting the unknown needs a reason")
                    .help("write `on unknown warn because \"…\"`"),
            );
            return None;
        };
        let mut named = Causes::NONE;
        for cause in causes {
            match Cause::from_word(&cause.value) {
                Some(known) => named = named.union(known.into()),
                None => {
                    let problem = Diagnostic::at(
                        Code::UnknownCause,
                        cause.span,
                        format!("`{}` is not a cause", short(&cause.value)),
                    );
                    self.problems.push(suggest(problem, &cause.value, Cause::ALL.iter().map(|known| known.word())));
                }
            }
        }
        let causes = if causes.is_empty() { Causes::ACCEPTED_BY_DEFAULT } else { named };
        Some(Acceptance { causes, because: because.value.clone(), span })
    }

    pub(super) fn report(&mut self, problem: Diagnostic) {
        self.problems.push(problem);
    }

    pub(super) const fn options(&self) -> CheckOptions {
        self.options
    }

    /// The inputs of all files.
    pub(super) const fn inputs(&self) -> &InputTable {
        &self.inputs
    }

    /// What a reader of expressions borrows from the checker.
    pub(super) const fn parts(&mut self) -> (&mut InputTable, &mut Budget, &mut Vec<Diagnostic>) {
        (&mut self.inputs, &mut self.budget, self.problems)
    }
}

/// Where a walk through a block is.
struct Walk<'w, 'a> {
    file: usize,
    loaded: &'a Loaded,
    block: &'a HostBlock,
    kind: HostKind,
    kinds: &'w [HostKind],
    names: &'w mut Names<'a>,
}

/// The first fact that an expression reads, in the order of the text.
fn first_fact(expression: &Condition) -> Option<FactIndex> {
    use super::super::checked::ExpressionKind as K;
    fn of(operand: &Operand) -> Option<FactIndex> {
        match operand {
            Operand::Fact(fact) => Some(fact.index),
            Operand::Count(inner, _) => of(inner),
            _ => None,
        }
    }
    match &expression.kind {
        K::Operand(operand) | K::IsAbsent { operand, .. } => of(operand),
        K::Not(inner) => first_fact(inner),
        K::And(terms) | K::Or(terms) => terms.iter().find_map(first_fact),
        K::Compare { left, right, .. } | K::Set { left, right, .. } => of(left).or_else(|| of(right)),
        K::In { left, .. } | K::Like { left, .. } | K::Matches { left, .. } => of(left),
        K::Quantified { list, body, .. } => of(list).or_else(|| first_fact(body)),
    }
}

/// Whether a name or glob of an `each` can be, or match, a name that hosts allow: one that cannot would be dropped later
/// without a word, and what it stands for would never be checked.
fn selectable(text: &str, subject: Subject) -> Result<(), String> {
    // A glob's wild cards stand for something that names can have.
    let filled = text.replace(['*', '?'], "x");
    let whole = match subject {
        Subject::Repository if !filled.contains('/') => format!("x/{filled}"),
        Subject::Repository => filled,
        _ => format!("{filled}/x"),
    };
    RepositoryName::parse(&whole).map(drop).map_err(|error| error.to_string())
}
