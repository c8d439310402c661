//! Items, blocks, rules, clauses: pairs → AST.

use pest::iterators::Pair;

use super::super::ast::{
    Clause, Each, Expression, ExpressionKind, File, Header, HostBlock, Item, Node as BlockNode, Rule, Statement, Waive,
    Word,
};
use super::super::checked::{Operator, Verb};
use super::junk::Context;
use super::words::shorten;
use super::{Node, Reader, children, parse_time};
use crate::diagnostic::{Code, Diagnostic};
use crate::text::source::{Span, Spanned};
use crate::vocabulary;

impl Reader<'_> {
    pub(super) fn file(&mut self, pair: Pair<'_, Node>) -> File {
        let mut file = File::default();
        let mut pairs = children(pair).peekable();
        let mut waiver_before = false;
        while let Some(child) = pairs.next() {
            let span = self.trimmed(&child);
            let first = Span { end: span.end.min(span.start + 6), ..span };
            let cut_short = pairs.peek().is_some_and(|next| next.as_rule() == Node::junk && self.goes_on(span, next));
            let in_waiver = std::mem::replace(&mut waiver_before, child.as_rule() == Node::waive_item && cut_short);
            match child.as_rule() {
                Node::header => {
                    let header = self.header(child);
                    if file.header.is_some() || !file.items.is_empty() {
                        self.report(
                            Diagnostic::at(Code::RepeatedClause, first, "a policy has one header, and it comes first")
                                .help("move `policy … { … }` to the top of the file"),
                        );
                    } else {
                        file.header = header;
                    }
                }
                Node::junk => {
                    file.items.extend(self.broken_name(&child));
                    let context = if in_waiver { Context::Waiver } else { Context::File };
                    self.junk(&child, context);
                }
                Node::EOI => {}
                Node::waive_item => file.items.extend(self.waive(child, cut_short).map(Item::Waive)),
                _ => {
                    let item = self.item(child);
                    file.items.extend(item.map(|item| match item {
                        Item::Let { name, .. } | Item::Input { name, .. } if cut_short => Item::Broken(name),
                        item => item,
                    }));
                }
            }
        }
        file
    }

    /// Whether unreadable text belongs to the item before it: on its line, or with a word that only goes on.
    fn goes_on(&self, before: Span, junk: &Pair<'_, Node>) -> bool {
        let word = junk.as_str().split(|character: char| !character.is_ascii_alphabetic()).next().unwrap_or("");
        !self.line_break(before.end, self.span(junk).start)
            || matches!(word, "until" | "by" | "credential" | "repository" | "because" | "except")
    }

    /// The name that an unreadable `let` or `input` declares: its uses are not reported too.
    fn broken_name(&self, junk: &Pair<'_, Node>) -> Option<Item> {
        let (text, start) = (junk.as_str(), self.span(junk).start);
        let mut words = text.split_whitespace();
        let name = words.next().filter(|word| matches!(*word, "let" | "input")).and_then(|_| words.next())?;
        let name = name
            .split(|character: char| !character.is_ascii_alphanumeric() && !matches!(character, '_' | '-'))
            .next()?;
        if name.is_empty() {
            return None;
        }
        let at = start as usize + text.find(name)?;
        Some(Item::Broken(Spanned::new(name.to_owned(), self.span_of(at, name.len()))))
    }

    fn header(&mut self, pair: Pair<'_, Node>) -> Option<Header> {
        let span = self.trimmed(&pair);
        let (mut name, mut junk) = (None, false);
        let mut word = span;
        let mut entries: Vec<(Word, Expression)> = Vec::new();
        for child in children(pair) {
            match child.as_rule() {
                Node::kw_policy => word = self.span(&child),
                Node::string => name = Some(self.string(&child)),
                Node::entry => {
                    let mut parts = children(child);
                    let key = parts.next().map(|word| self.word(&word));
                    let value = parts.next().and_then(|value| self.operand(value));
                    entries.extend(key.zip(value));
                }
                Node::junk => {
                    let start = self.span(&child).start;
                    if entries.last().is_some_and(|(_, value)| !self.line_break(value.span.end, start)) {
                        entries.pop();
                    }
                    self.junk(&child, Context::Header);
                }
                Node::header_junk => {
                    junk = true;
                    self.header_junk(&child, "`policy \"name\" {`, the name in quotes");
                }
                _ => {}
            }
        }
        if name.is_none() && !junk {
            self.missing(word, "the policy has no name", "write `policy \"name\" { … }`");
        }
        Some(Header { name: name?, entries, span })
    }

    fn item(&mut self, pair: Pair<'_, Node>) -> Option<Item> {
        match pair.as_rule() {
            Node::let_item => {
                let mut parts = children(pair).skip(1);
                let name = self.word(&parts.next()?);
                match parts.next().and_then(|value| self.operand(value)) {
                    Some(value) => Some(Item::Let { name, value }),
                    None => Some(Item::Broken(name)),
                }
            }
            Node::input_item => {
                let mut parts = children(pair).skip(1);
                let name = self.word(&parts.next()?);
                let ty = self.word(&parts.next()?);
                match parts.next().map(|value| self.operand(value)) {
                    Some(None) => Some(Item::Broken(name)),
                    default => Some(Item::Input { name, ty, default: default.flatten() }),
                }
            }
            Node::use_item => {
                let mut path = None;
                let mut except = Vec::new();
                for child in children(pair) {
                    match child.as_rule() {
                        Node::string => path = Some(self.string(&child)),
                        Node::list => {
                            for item in children(child) {
                                let inner = children(item).next();
                                except.extend(inner.map(|inner| match inner.as_rule() {
                                    Node::string => self.string(&inner),
                                    _ => self.word(&inner),
                                }));
                            }
                        }
                        _ => {}
                    }
                }
                Some(Item::Use { path: path?, except })
            }
            Node::host_block => Some(Item::Host(self.host_block(pair))),
            Node::test_block => self.test(pair).map(Item::Test),
            _ => None,
        }
    }

    fn host_block(&mut self, pair: Pair<'_, Node>) -> HostBlock {
        let mut parts = children(pair);
        let mut block = HostBlock {
            kinds: Vec::new(),
            at: None,
            credential: None,
            products: Vec::new(),
            body: Vec::new(),
            span: Span::default(),
        };
        if let Some(header) = parts.next() {
            block.span = self.trimmed(&header);
            for child in children(header) {
                match child.as_rule() {
                    Node::kind => {
                        let kind = self.kind(child);
                        block.products.extend(kind.as_ref().and_then(guard_of));
                        block.kinds.extend(kind);
                    }
                    Node::at_filter => self.once(child, &mut block.at, "at"),
                    Node::credential_filter => self.once(child, &mut block.credential, "credential"),
                    Node::header_junk => self.header_junk(&child, "`host github at \"glob\" credential \"glob\" {`"),
                    _ => {}
                }
            }
            if block.kinds.is_empty() {
                self.missing(block.span, "the block names no host", "write `host github { … }`, or `host any { … }`");
            }
        }
        block.body = self.nodes(parts);
        block
    }

    pub(super) fn kind(&mut self, pair: Pair<'_, Node>) -> Option<Word> {
        let inner = children(pair).next()?;
        if inner.as_rule() == Node::string {
            let word = self.string(&inner);
            self.report(
                Diagnostic::at(Code::UnexpectedText, word.span, "a host kind is a bare word")
                    .help(format!("write `host {}` without quotes", shorten(&word.value))),
            );
            return Some(word);
        }
        Some(self.word(&inner))
    }

    fn nodes<'i>(&mut self, pairs: impl Iterator<Item = Pair<'i, Node>>) -> Vec<BlockNode> {
        let mut nodes = Vec::new();
        for pair in pairs {
            match pair.as_rule() {
                Node::rule => nodes.extend(self.rule(pair).map(BlockNode::Rule)),
                Node::bare => {
                    let mut parts = children(pair);
                    let statement = parts.next().and_then(|statement| self.statement(statement));
                    let clauses: Vec<Clause> = parts.filter_map(|clause| self.clause(clause)).collect();
                    nodes.extend(statement.map(|statement| BlockNode::Bare(Statement { clauses, ..statement })));
                }
                Node::when_block => {
                    let mut parts = children(pair);
                    let Some(header) = parts.next() else { continue };
                    let span = self.trimmed(&header);
                    let (mut guard, mut reported) = (None, false);
                    for child in children(header) {
                        match child.as_rule() {
                            Node::logic => {
                                guard = self.logic(child, false);
                                reported = guard.is_none();
                            }
                            Node::header_junk => {
                                self.expression_junk(&child, guard.is_some() || reported);
                                (guard, reported) = (None, true);
                            }
                            _ => {}
                        }
                    }
                    if guard.is_none() && !reported {
                        self.missing(span, "the guard has no condition", "write `when token.kind == classic { … }`");
                    }
                    // Without its guard the block is read for its own mistakes only: a file with errors judges nothing.
                    let inner = self.nodes(parts);
                    match guard {
                        Some(guard) => nodes.push(BlockNode::When(guard, inner)),
                        None => nodes.extend(inner),
                    }
                }
                Node::each_block => {
                    let mut parts = children(pair);
                    let Some(header) = parts.next() else { continue };
                    let each = self.each(header);
                    let inner = self.nodes(parts);
                    match each {
                        Some(each) => nodes.push(BlockNode::Each(each, inner)),
                        None => nodes.extend(inner),
                    }
                }
                Node::junk => {
                    // As in a rule: what follows a statement unread makes the statement itself doubtful.
                    if let Some(BlockNode::Bare(last)) = nodes.last()
                        && !self.line_break(statement_end(last), self.span(&pair).start)
                    {
                        nodes.pop();
                    }
                    self.junk(&pair, Context::Block);
                }
                _ => {}
            }
        }
        nodes
    }

    fn each(&mut self, pair: Pair<'_, Node>) -> Option<Each> {
        let span = self.trimmed(&pair);
        let (mut subject, mut lists) = (None, Vec::new());
        for child in children(pair) {
            match child.as_rule() {
                Node::word => subject = Some(self.word(&child)),
                Node::list | Node::path => lists.push(self.operand(child)),
                Node::header_junk => {
                    self.header_junk(&child, "`each repository in [\"acme/*\"] except [\"acme/old\"] {`")
                }
                _ => {}
            }
        }
        let mut lists = lists.into_iter();
        let patterns = lists.next()??;
        let except = match lists.next() {
            Some(list) => Some(list?),
            None => None,
        };
        Some(Each { subject: subject?, patterns, except, span })
    }

    fn rule(&mut self, pair: Pair<'_, Node>) -> Option<Rule> {
        let mut parts = children(pair);
        let header = parts.next()?;
        let span = self.trimmed(&header);
        let (mut name, mut title, mut broken) = (None, None, false);
        for child in children(header) {
            match child.as_rule() {
                Node::name => name = Some(self.word(&child)),
                Node::string => title = Some(self.string(&child)),
                Node::header_junk => self.header_junk(&child, "`rule name \"title\" {`"),
                _ => {}
            }
        }
        let (mut statements, mut clauses): (Vec<Statement>, Vec<Clause>) = (Vec::new(), Vec::new());
        for child in parts {
            match child.as_rule() {
                Node::statement => match self.statement(child) {
                    Some(statement) => statements.push(statement),
                    None => broken = true,
                },
                Node::junk => {
                    broken = true;
                    // What follows a statement unread makes the statement itself doubtful: one mistake, one report.
                    let start = self.span(&child).start;
                    if statements.last().is_some_and(|last| !self.line_break(statement_end(last), start)) {
                        statements.pop();
                    }
                    if clauses.last().is_some_and(|last| !self.line_break(clause_end(last), start)) {
                        clauses.pop();
                    }
                    self.junk(&child, Context::Rule);
                }
                _ => {
                    let start = self.span(&child).start;
                    let Some(clause) = self.clause(child) else { continue };
                    // On the statement's own line a clause is the statement's; on a line of its own, the rule's.
                    match statements.last_mut() {
                        Some(last)
                            if !matches!(clause, Clause::When(_))
                                && !line_break(self.text, statement_end(last), start) =>
                        {
                            last.clauses.push(clause);
                        }
                        _ => clauses.push(clause),
                    }
                }
            }
        }
        let Some(name) = name else {
            let help = match title.as_ref().map(|title| slug(&title.value)).filter(|slug| !slug.is_empty()) {
                Some(slug) => format!("write the name before the title: `rule {slug} \"…\" {{ … }}`"),
                None => "write `rule least-privilege { … }`: lower case, words joined by `-`".to_owned(),
            };
            self.missing(span, "the rule has no name", &help);
            return None;
        };
        Some(Rule { name, title, statements, clauses, span, broken })
    }

    pub(super) fn line_break(&self, from: u32, to: u32) -> bool {
        line_break(self.text, from, to)
    }

    fn statement(&mut self, pair: Pair<'_, Node>) -> Option<Statement> {
        let span = self.trimmed(&pair);
        let mut parts = children(pair);
        let verb = match children(parts.next()?).next()?.as_rule() {
            Node::kw_require => Verb::Require,
            Node::kw_forbid => Verb::Forbid,
            Node::kw_prefer => Verb::Prefer,
            _ => Verb::Avoid,
        };
        let expression = parts.next().and_then(|logic| self.logic(logic, false))?;
        let span = Span { end: expression.span.end.max(span.start), ..span };
        Some(Statement { verb, expression, clauses: Vec::new(), span })
    }

    fn clause(&mut self, pair: Pair<'_, Node>) -> Option<Clause> {
        let span = self.trimmed(&pair);
        let which = pair.as_rule();
        match which {
            Node::when_clause => {
                let logic = children(pair).find(|part| part.as_rule() == Node::logic)?;
                self.logic(logic, false).map(Clause::When)
            }
            Node::on_unknown => {
                let (mut causes, mut because) = (Vec::new(), None);
                for child in children(pair) {
                    match child.as_rule() {
                        Node::causes => causes.extend(children(child).map(|cause| self.word(&cause))),
                        Node::because => {
                            let text = children(child).find(|part| part.as_rule() == Node::string);
                            because = text.map(|text| self.string(&text));
                        }
                        _ => {}
                    }
                }
                Some(Clause::OnUnknown { causes, because, span })
            }
            _ => {
                let text = children(pair).find(|part| part.as_rule() == Node::string)?;
                let text = self.string(&text);
                Some(match which {
                    Node::because => Clause::Because(text),
                    Node::fix => Clause::Fix(text),
                    _ => Clause::See(text),
                })
            }
        }
    }

    /// A waiver. One that unreadable text cuts short is not told what it lacks.
    fn waive(&mut self, pair: Pair<'_, Node>, cut_short: bool) -> Option<Waive> {
        let span = self.trimmed(&pair);
        let mut waive = Waive {
            rule: Spanned::new(String::new(), span),
            credential: None,
            repository: None,
            until: None,
            because: None,
            by: None,
            span,
        };
        let mut bad_date = false;
        for child in children(pair) {
            match child.as_rule() {
                Node::reference => waive.rule = self.word(&child),
                Node::credential_filter => self.once(child, &mut waive.credential, "credential"),
                Node::repository_filter => self.once(child, &mut waive.repository, "repository"),
                Node::because => self.once(child, &mut waive.because, "because"),
                Node::by => self.once(child, &mut waive.by, "by"),
                Node::until => {
                    let Some(date) = children(child).find(|part| part.as_rule() == Node::number) else { continue };
                    let place = self.span(&date);
                    if waive.until.is_some() || bad_date {
                        self.report(
                            Diagnostic::at(Code::RepeatedClause, place, "`until` stands twice")
                                .help("keep one of them"),
                        );
                        continue;
                    }
                    match parse_time(date.as_str()).filter(|_| date.as_str().len() == 10) {
                        Some(time) => waive.until = Some(Spanned::new((time, date.as_str().to_owned()), place)),
                        None => {
                            bad_date = true;
                            self.report(
                                Diagnostic::at(
                                    Code::BadLiteral,
                                    place,
                                    format!("`{}` is not a date", shorten(date.as_str())),
                                )
                                .help("write the last day that the waiver covers: `until 2026-12-31`"),
                            );
                        }
                    }
                }
                _ => {}
            }
        }
        if cut_short {
            return None;
        }
        if waive.until.is_none() && !bad_date {
            self.missing(span, "the waiver has no end", "add its last day: `until 2026-12-31`");
        }
        if waive.because.is_none() {
            self.missing(
                span,
                "the waiver has no reason",
                "add `because \"…\"`: who reads this in a year wants to know",
            );
        }
        Some(waive)
    }

    /// A filter or clause with one string that may stand once.
    fn once(&mut self, pair: Pair<'_, Node>, slot: &mut Option<Word>, name: &str) {
        let span = self.trimmed(&pair);
        let Some(text) = children(pair).find(|part| part.as_rule() == Node::string) else { return };
        let text = self.string(&text);
        if slot.is_some() {
            self.report(
                Diagnostic::at(Code::RepeatedClause, span, format!("`{name}` stands twice")).help("keep one of them"),
            );
        }
        slot.get_or_insert(text);
    }

    pub(super) fn missing(&mut self, span: Span, message: &str, help: &str) {
        self.report(Diagnostic::at(Code::MissingClause, span, message).help(help));
    }
}

/// A title as a name: at most five of its words.
fn slug(title: &str) -> String {
    let words = title.split(|character: char| !character.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words
        .take(5)
        .map(|word| word.chars().take(20).collect::<String>().to_ascii_lowercase())
        .collect::<Vec<_>>()
        .join("-")
}

/// The end of a statement with the clauses it has so far.
fn statement_end(statement: &Statement) -> u32 {
    statement.clauses.iter().map(clause_end).max().unwrap_or(0).max(statement.span.end)
}

fn clause_end(clause: &Clause) -> u32 {
    match clause {
        Clause::When(guard) => guard.span.end,
        Clause::Because(text) | Clause::Fix(text) | Clause::See(text) => text.span.end,
        Clause::OnUnknown { span, .. } => span.end,
    }
}

fn line_break(text: &str, from: u32, to: u32) -> bool {
    text.get(from as usize..to as usize).is_some_and(|between| between.contains('\n'))
}

/// What holds of hosts that are the product which a word names, where it names one that hosts tell.
fn guard_of(word: &Word) -> Option<(Word, Expression)> {
    let (fact, value) = is_product(word)?;
    let path = Expression { kind: ExpressionKind::Path(fact.value), span: fact.span };
    let equal = Spanned::new(Operator::Equal, word.span);
    let kind = ExpressionKind::Compare(Box::new(path), equal, Box::new(value));
    Some((word.clone(), Expression { kind, span: word.span }))
}

/// The fact that tells that a host is the product which a word names, and its value.
pub(super) fn is_product(word: &Word) -> Option<(Word, Expression)> {
    let (_, product) = vocabulary::host_named(&word.value)?;
    let (fact, value) = product?.told?;
    let value = Expression { kind: ExpressionKind::Path(value.to_owned()), span: word.span };
    Some((Spanned::new(fact.to_owned(), word.span), value))
}
