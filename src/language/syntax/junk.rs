//! Text that the grammar could not read: what is wrong with it, in the user's words, with the mend.

use pest::Parser as _;
use pest::iterators::Pair;

use super::words::{
    ABSENT, begins_a_value, ends_a_value, example, expected, first_token, first_word, inside_brackets, location,
    near_word, quotation, shorten,
};
use super::{Node, PolicyParser, Reader};
use crate::diagnostic::{Code, Diagnostic};
use crate::language::habits;
use crate::language::keywords::{self, Role, is_operator, operators, role};
use crate::text::english;
use crate::text::nearest::nearest;
use crate::text::source::Span;

/// Where unreadable text stands: what could have begun there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Context {
    File,
    Waiver,
    Header,
    Block,
    Rule,
    Test,
}

impl Context {
    fn words(self) -> Vec<&'static str> {
        match self {
            Self::File => keywords::items(),
            Self::Waiver => keywords::parts_of_waivers(),
            // Names of entries are no words of the language.
            Self::Header => vec!["title", "docs", "edition"],
            Self::Block => keywords::nodes(),
            Self::Rule => keywords::lines(),
            Self::Test => keywords::test_lines(),
        }
    }

    const fn place(self) -> &'static str {
        match self {
            Self::File => "at the top of a file",
            Self::Waiver => "in a waiver",
            Self::Header => "in the policy's header",
            Self::Block => "in a host block",
            Self::Rule => "in a rule",
            Self::Test => "in a test",
        }
    }

    /// What to parse alone, to learn why it could not be read.
    const fn alone(self) -> &'static [Node] {
        match self {
            Self::File => &[Node::lone_item],
            Self::Waiver => &[],
            Self::Header => &[Node::lone_entry],
            Self::Block => &[Node::lone_node],
            Self::Rule => &[Node::lone_statement, Node::lone_clause],
            Self::Test => &[Node::lone_test_line],
        }
    }

    const fn example(self) -> &'static str {
        match self {
            Self::File => "host github {\n  require token.scopes covers [\"repo\"]\n}",
            Self::Waiver => "waive repo-scope until 2026-12-31 because \"SEC-1412\"",
            Self::Header => "title = \"What the bot needs\"",
            Self::Block | Self::Rule => "require token.scopes covers [\"repo\"]\nprefer token.expires_in >= 7d",
            Self::Test => "given token.kind = classic\nexpect violation of repo-scope",
        }
    }
}

impl Reader<'_> {
    /// Reports a `junk` pair.
    pub(super) fn junk(&mut self, pair: &Pair<'_, Node>, context: Context) {
        let span = self.trimmed(pair);
        let text = pair.as_str().trim_end();
        let looks_foreign = context == Context::File && habits::other_format(text).is_some();
        let again = looks_foreign && self.foreign;
        self.foreign |= looks_foreign && role(first_word(text)).is_none();
        if !again && !self.is_muted(span) && !self.continues_a_problem(span, text) {
            let problem = self.explain(text, span, context);
            self.report(problem);
        }
        // What follows on this line, and lines that can only go on with it, are the same mistake.
        self.mute(span);
    }

    /// Reports text between a header and its `{`.
    pub(super) fn header_junk(&mut self, pair: &Pair<'_, Node>, form: &str) {
        let span = self.trimmed(pair);
        let text = pair.as_str().trim_end();
        if text.is_empty() || self.is_muted(span) {
            return;
        }
        if text.starts_with("/*") || text.starts_with('/') || text.starts_with('*') {
            // The name before it was read as the word of a constant.
            let before = self.text.get(..span.start as usize).unwrap_or("");
            let name = before.len() - before.trim_end_matches(|one: char| !one.is_whitespace()).len();
            let place = Span { start: span.start - u32::try_from(name).unwrap_or(0), ..span };
            let shown = self.text.get(place.start as usize..place.end as usize).unwrap_or(text);
            let shown = shown.split_whitespace().next().unwrap_or("");
            let place = Span { end: place.start + u32::try_from(shown.len()).unwrap_or(1), ..place };
            let message = format!("`{}` is a string, which stands in quotes", shorten(shown));
            self.report(Diagnostic::at(Code::UnexpectedText, place, message).help(format!("write {form}")));
            self.mute(span);
            return;
        }
        let problem = habits::habit(text).filter(|habit| !habit.help.contains('=')).map_or_else(
            || Diagnostic::at(Code::UnexpectedText, span, format!("`{}` cannot stand here", shorten(text))),
            |habit| Diagnostic::at(Code::UnexpectedText, span, habit.message).help(habit.help),
        );
        self.report(problem.help(format!("write {form}")));
        self.mute(span);
    }

    /// Reports text after the condition of a guard.
    pub(super) fn expression_junk(&mut self, pair: &Pair<'_, Node>, whole: bool) {
        let span = self.trimmed(pair);
        let text = pair.as_str().trim_end();
        if self.is_muted(span) {
            return;
        }
        let problem = if whole {
            self.after_expression(text, span)
        } else {
            let condition = Construct { word: "when", nodes: &[Node::lone_logic], value: "a fact" };
            self.why(text, span, &condition)
        };
        self.report(problem);
        self.mute(span);
    }

    /// Whether the text can only go on with something unreadable on the line before: `["repo"]` after a misspelt operator.
    fn continues_a_problem(&self, span: Span, text: &str) -> bool {
        let first = text.chars().next().unwrap_or(' ');
        let goes_on = !first.is_ascii_alphabetic() || is_operator(first_word(text));
        goes_on
            && self.muted.range(..span.start).next_back().is_some_and(|(_, end)| {
                let between = self.text.get(*end as usize..span.start as usize);
                between.is_some_and(|between| between.trim().is_empty() && between.matches('\n').count() <= 1)
            })
    }

    fn explain(&self, text: &str, span: Span, context: Context) -> Diagnostic {
        let word = first_word(text);
        let word_span = Span { end: span.start + u32::try_from(word.len()).unwrap_or(0).max(1), ..span };
        // An expression that goes on in a way it cannot.
        if self.follows_expression(span) {
            return self.after_expression(text, span);
        }
        if let Some(problem) = self.duration(text, span) {
            return problem;
        }
        if context == Context::File && self.follows_literal(span) {
            let place = Span { end: span.start + u32::try_from(first_token(text).len()).unwrap_or(1), ..span };
            return Diagnostic::at(
                Code::UnexpectedText,
                place,
                "a constant or default is one literal, which ends before this",
            )
            .help("write conditions where they are needed, and lists in `[ ]`");
        }
        if context == Context::File
            && role(word).is_none()
            && let Some(format) = habits::other_format(text)
        {
            let place = Span { end: span.start + u32::try_from(first_token(text).len()).unwrap_or(1), ..span };
            return Diagnostic::at(Code::UnexpectedText, place, format!("this is {format}, and a policy is not"))
                .help(format!("write, for example:\n{}", context.example()))
                .help("`credcheck init` writes a policy to start from");
        }
        if let Some(habit) = habits::habit(text) {
            let start = span.start as usize + habit.at;
            let place = Span::new(span.source, start, start + habit.len);
            return Diagnostic::at(Code::UnexpectedText, place, habit.message).help(habit.help);
        }
        if context == Context::Rule && word == "when" && text.ends_with('}') {
            return Diagnostic::at(Code::UnexpectedText, word_span, "a guard with `{ … }` cannot stand in a rule")
                .help("in a rule, write `when E` without braces: it guards the whole rule")
                .help("or put `when E { … }` around the rule");
        }
        if text.starts_with("://") {
            let place = Span { end: span.start + 3, ..span };
            return Diagnostic::at(Code::UnexpectedText, place, "an address is a string in quotes")
                .help("write `\"https://…\"`");
        }
        if context.words().contains(&word) && context != Context::Waiver {
            let value = if matches!(context, Context::Block | Context::Rule) { "a fact" } else { "a value" };
            return self.why(text, span, &Construct { word, nodes: context.alone(), value });
        }
        if matches!(context, Context::Block | Context::Rule)
            && !word.is_empty()
            && text.get(word.len()..).is_some_and(|rest| rest.starts_with('.'))
        {
            return Diagnostic::at(Code::UnexpectedText, word_span, "a statement begins with a verb, not with a fact")
                .help("write `require`, `forbid`, `prefer` or `avoid` before it");
        }
        match role(word) {
            Some(Role::Block(home) | Role::Line(home)) => return misplaced(word, word_span, home, context),
            Some(Role::Part(form)) => {
                return Diagnostic::at(Code::UnexpectedText, word_span, format!("`{word}` cannot be read here"))
                    .help(format!("its form is {form}"));
            }
            Some(Role::Operator | Role::Other) | None => {}
        }
        if let Some(problem) = quotation(text, span) {
            return problem;
        }
        if word.is_empty() {
            let place = Span { end: span.start + u32::try_from(first_token(text).len()).unwrap_or(1), ..span };
            let message = format!("`{}` cannot stand {}", shorten(first_token(text)), context.place());
            return Diagnostic::at(Code::UnexpectedText, place, message)
                .help(format!("write, for example:\n{}", context.example()));
        }
        let problem = Diagnostic::at(
            Code::UnexpectedText,
            word_span,
            format!("`{}` means nothing {}", shorten(word), context.place()),
        );
        match nearest(word, context.words()) {
            Some(near) => problem.help(format!("did you mean `{near}`?")),
            None => problem.help(format!(
                "here stands {}, for example:\n{}",
                english::quoted_list(context.words(), "or"),
                context.example()
            )),
        }
    }

    /// Whether a whole expression ends directly before, on the same line.
    fn follows_expression(&self, span: Span) -> bool {
        let before = self.text.get(..span.start as usize).unwrap_or("");
        let line = before.rsplit('\n').next().unwrap_or("").trim_start();
        let starts = keywords::before_expressions();
        let begins =
            starts.contains(&first_word(line)) || line.split([' ', '\t', '{', '}']).any(|word| starts.contains(&word));
        begins && !line.trim_end().ends_with(['{', '}'])
    }

    /// Whether the line begins a constant or input, and its literal ends before.
    fn follows_literal(&self, span: Span) -> bool {
        let before = self.text.get(..span.start as usize).unwrap_or("");
        let line = before.rsplit('\n').next().unwrap_or("").trim_start();
        matches!(first_word(line), "let" | "input") && line.contains('=')
    }

    /// A construct that begins well and could not be read: parsed alone, it says where it stopped making sense.
    fn why(&self, text: &str, span: Span, construct: &Construct<'_>) -> Diagnostic {
        let word = construct.word;
        let furthest =
            construct.nodes.iter().filter_map(|alone| PolicyParser::parse(*alone, text).err()).max_by_key(location);
        let Some(error) = furthest else {
            return with_example(
                Diagnostic::at(Code::UnexpectedText, span, format!("`{word}` cannot be read here")),
                word,
            );
        };
        let at = location(&error).min(text.len());
        let before = text.get(..at).unwrap_or("");
        let rest = text.get(at..).unwrap_or("").trim_start();
        let start = span.start as usize + text.len() - rest.len();
        let place = |len: usize| Span::new(span.source, start, start + len);
        if rest.starts_with('=') && before.ends_with('=') {
            let place = Span::new(span.source, start.saturating_sub(1), start + 1);
            return Diagnostic::at(Code::UnexpectedText, place, "`==` compares, and here a value is given")
                .help("write `=`");
        }
        if let Some(problem) = quotation(rest, place(rest.len())) {
            return problem;
        }
        if rest.starts_with('!') {
            return Diagnostic::at(Code::UnexpectedText, place(1), "`!` is not an operator here").help("write `not`");
        }
        if let Some(habit) = habits::habit(rest).filter(|habit| habit.at == 0) {
            return Diagnostic::at(Code::UnexpectedText, place(habit.len), habit.message).help(habit.help);
        }
        if rest.starts_with('=') && before.matches('[').count() > before.matches(']').count() {
            return Diagnostic::at(Code::UnexpectedText, place(1), "`=` cannot stand in a list")
                .help("a permission map stands in `{ }`: `{ contents = read }`");
        }
        let found = first_token(rest);
        if found.is_empty() {
            let last = text.trim_end().rsplit(char::is_whitespace).next().unwrap_or("");
            let end = span.start as usize + text.trim_end().len();
            let place = Span::new(span.source, end - last.len().min(40), end);
            let wanted = expected(&error, construct.value);
            let message = if wanted.is_empty() {
                format!("`{word}` ends too early")
            } else {
                format!("`{word}` ends too early: expected {}", english::list(&wanted, "or"))
            };
            return with_example(Diagnostic::at(Code::UnexpectedText, place, message), word);
        }
        let found_place = place(found.len());
        let found = shorten(found);
        if inside_brackets(before) && before.trim_end().ends_with(ends_a_value) && rest.starts_with(begins_a_value) {
            return Diagnostic::at(Code::UnexpectedText, found_place, format!("a `,` is missing before `{found}`"))
                .help("the items of a list are separated by commas: `[\"repo\", \"gist\"]`");
        }
        let wanted = expected(&error, construct.value);
        let message = if wanted.is_empty() {
            format!("`{found}` cannot stand here")
        } else {
            format!("expected {}, found `{found}`", english::list(&wanted, "or"))
        };
        let problem = Diagnostic::at(Code::UnexpectedText, found_place, message);
        match near_word(&found, &error) {
            Some(near) => problem.help(format!("did you mean `{near}`?")),
            None => with_example(problem, word),
        }
    }

    /// What is wrong with text right after a whole expression.
    fn after_expression(&self, text: &str, span: Span) -> Diagnostic {
        let word = first_token(text);
        let at = |len: usize| Span { end: span.start + u32::try_from(len).unwrap_or(1).max(1), ..span };
        if let Some(problem) = self.duration(text, span) {
            return problem;
        }
        if let Some(problem) = self.call(text, span).or_else(|| self.quantifier(text, span)) {
            return problem;
        }
        if let Some(habit) = habits::after_expression(text) {
            return Diagnostic::at(Code::UnexpectedText, at(habit.len), habit.message).help(habit.help);
        }
        if let Some(problem) = quotation(text, span) {
            return problem;
        }
        let signs = ["==", "!=", "<=", ">=", "<", ">"];
        if let Some(sign) = signs.into_iter().find(|sign| text.starts_with(sign)) {
            return self.operator(text, span, sign);
        }
        if is_operator(word) {
            return self.operator(text, span, word);
        }
        let near = nearest(word, operators().chain(["because", "satisfies"])).filter(|_| word.len() > 2);
        if let Some(near) = near {
            return Diagnostic::at(
                Code::UnexpectedText,
                at(word.len()),
                format!("`{}` is not an operator", shorten(word)),
            )
            .help(format!("did you mean `{near}`?"));
        }
        let message = format!("expected an operator or the end of the statement, found `{}`", shorten(word));
        Diagnostic::at(Code::UnexpectedText, at(word.len()), message)
            .help("operators are `==`, `!=`, `<`, `<=`, `>`, `>=`, `in`, `covers`, `within`, `overlaps`, `like`, `matches`, `is absent`, `and`, `or`")
    }

    /// What is wrong with the operand of an operator.
    fn operator(&self, text: &str, span: Span, operator: &str) -> Diagnostic {
        let rest = text.get(operator.len()..).unwrap_or("").trim_start();
        let start = span.start as usize + text.len() - rest.len();
        let place = |len: usize| Span::new(span.source, start, start + len.max(1));
        let next = first_word(rest);
        let fact = habits::fact_before(self.text.get(..span.start as usize).unwrap_or(""));
        if operator == "is" && !next.is_empty() {
            let negated = next == "not";
            let after = rest.get(if negated { 3 } else { 0 }..).unwrap_or("").trim_start();
            let next = first_word(after);
            let at = rest.len() - after.len();
            let place = Span::new(span.source, start + at, start + at + next.len().max(1));
            let help = after_is(next, negated, fact.unwrap_or("token.scopes"));
            return Diagnostic::at(
                Code::UnexpectedText,
                place,
                format!("after `is` stands `absent` or `not absent`, not `{}`", shorten(next)),
            )
            .help(help);
        }
        if operator == "not" && is_operator(next) && !matches!(next, "in" | "like") {
            let place = Span { end: span.start + 3, ..span };
            return Diagnostic::at(Code::UnexpectedText, place, format!("`not` cannot stand before `{next}`")).help(
                format!("put it before the whole comparison: `not {} {next} …`", fact.unwrap_or("token.scopes")),
            );
        }
        if operator == "not" && matches!(next, "contain" | "contains" | "include" | "includes" | "have" | "has") {
            let place = Span { end: span.start + 3, ..span };
            let fact = fact.unwrap_or("token.scopes");
            return Diagnostic::at(Code::UnexpectedText, place, format!("`not {next}` is not an operator here"))
                .help(format!("write `not {fact} overlaps [...]` for none of them: `forbid {fact} overlaps [...]`"));
        }
        if matches!(operator, "like" | "in" | "not") && rest.starts_with(['*', '/']) {
            let len = rest.find(char::is_whitespace).unwrap_or(rest.len());
            let shown = shorten(rest.get(..len).unwrap_or(""));
            return Diagnostic::at(Code::UnexpectedText, place(len), "a glob is a string, which stands in quotes")
                .help(format!("write `\"{shown}\"`"));
        }
        let inside = rest.split_once(['}', ')']).map_or(rest, |(inside, _)| inside);
        if inside.starts_with('{') && inside.contains(':') {
            let at = inside.find(':').unwrap_or(0);
            let place = Span::new(span.source, start + at, start + at + 1);
            return Diagnostic::at(Code::UnexpectedText, place, "the levels of a permission map stand after `=`")
                .help("write `{ contents = read }`");
        }
        let list = inside.starts_with('{') && !inside.contains('=')
            || inside.starts_with('(') && inside.contains(',') && !inside.contains('[');
        if list {
            return Diagnostic::at(Code::UnexpectedText, place(1), "a list stands in `[ ]`")
                .help("write `[…]`; `{ contents = read }` is a permission map");
        }
        let nodes = &[Node::lone_tail, Node::lone_more];
        self.why(text, span, &Construct { word: operator, nodes, value: "a value" })
    }

    /// A duration in two words: `7 days`.
    fn duration(&self, text: &str, span: Span) -> Option<Diagnostic> {
        let before = self.text.get(..span.start as usize)?;
        let line = before.rsplit('\n').next()?;
        let (len, help) = habits::spaced_duration(line, text)?;
        let number =
            line.trim_end().len() - line.trim_end().trim_end_matches(|one: char| one.is_ascii_alphanumeric()).len();
        let blanks = line.len() - line.trim_end().len();
        let start = span.start as usize - blanks - number;
        let place = Span::new(span.source, start, span.start as usize + len);
        let message = "a duration is one number and one unit, without a space";
        Some(Diagnostic::at(Code::UnexpectedText, place, message).help(help))
    }

    /// A quantifier or count that could not be read as one: its word was taken for a fact.
    fn quantifier(&self, text: &str, span: Span) -> Option<Diagnostic> {
        let before = self.text.get(..span.start as usize)?.trim_end();
        let word =
            before.get(before.rfind(|character: char| !character.is_ascii_alphabetic()).map_or(0, |at| at + 1)..)?;
        let start = before.len() - word.len();
        let place = Span::new(span.source, start, before.len());
        match word {
            "any" | "all" => {
                let whole = self.text.get(start..span.start as usize + text.len())?;
                let span = Span { start: place.start, ..span };
                let construct = Construct { word, nodes: &[Node::lone_logic], value: "a fact" };
                Some(self.why(whole, span, &construct))
            }
            "count" => Some(
                Diagnostic::at(Code::UnexpectedText, place, "`count` takes its list in parentheses")
                    .help("write `count(repository.webhooks)`"),
            ),
            "some" | "exists" | "every" | "none" | "no" | "each" => {
                let help = match word {
                    "every" | "each" => "write `all x in F satisfies (…)`",
                    "none" | "no" => "write `not any x in F satisfies (…)`",
                    _ => "write `any x in F satisfies (…)`",
                };
                Some(
                    Diagnostic::at(Code::UnexpectedText, place, format!("`{word}` is not a quantifier here"))
                        .help(help),
                )
            }
            _ => None,
        }
    }

    /// A path and an opening parenthesis: a call, as other languages have.
    fn call(&self, text: &str, span: Span) -> Option<Diagnostic> {
        if !text.starts_with('(') {
            return None;
        }
        let before = self.text.get(..span.start as usize)?;
        let is_name = |character: char| character.is_ascii_alphanumeric() || matches!(character, '_' | '-' | '.');
        let name = before.get(before.rfind(|character| !is_name(character)).map_or(0, |at| at + 1)..)?;
        if name.is_empty() || name.len() > 60 || is_operator(name) {
            return None;
        }
        let last = name.rsplit('.').next().unwrap_or("").to_ascii_lowercase().replace('_', "");
        let help = match last.as_str() {
            "contains" | "includes" | "has" | "hasall" => "write `token.scopes covers [\"repo\"]`",
            "startswith" | "endswith" | "hasprefix" | "hassuffix" | "glob" => "write `user.username like \"bot-*\"`",
            "matches" | "match" | "regex" | "test" => "write `user.username matches 'bot-.*'`",
            "len" | "length" | "size" => "write `count(…)`",
            "lower" | "upper" | "tolower" | "toupper" | "lowercase" => "`like` takes no notice of case",
            "now" | "today" => "compare `token.expires_in` or `token.age` with a duration such as `7d`",
            "exists" | "some" | "every" | "filter" => "write `any x in F satisfies (…)` or `all x in F satisfies (…)`",
            _ => "write an operator between two values, such as `covers`, `like` or `==`",
        };
        let place = Span { start: span.start - u32::try_from(name.len()).unwrap_or(0), end: span.start + 1, ..span };
        let message = format!("`{name}(…)` is a call, and the only function is `count`");
        Some(Diagnostic::at(Code::UnexpectedText, place, message).help(help))
    }
}

/// What is parsed alone, to learn why it could not be read.
struct Construct<'t> {
    /// Its first word, for messages.
    word: &'t str,
    /// What it may be.
    nodes: &'static [Node],
    /// What an operand is called there.
    value: &'static str,
}

/// What to write for what people say after `is` or `is not`.
fn after_is(word: &str, negated: bool, fact: &str) -> String {
    let (not, equal, without) = if negated { ("not ", "!=", "is absent") } else { ("", "==", "is not absent") };
    match word {
        "empty" => {
            let counted = if negated { ">" } else { "==" };
            format!("write `is {not}absent`; of a list or set `count(…) {counted} 0`")
        }
        _ if ABSENT.contains(&word) => format!("write `is {not}absent`"),
        "present" | "set" | "defined" | "there" | "known" | "given" => format!("write `{without}`"),
        "true" | "false" => {
            if (word == "true") == negated {
                format!("write `not {fact}`")
            } else {
                format!("write `{fact}` by itself")
            }
        }
        "in" | "like" | "one" | "any" => {
            let word = if word == "like" { "like" } else { "in" };
            format!("leave out `is`: `{fact} {not}{word} …`")
        }
        "covers" | "within" | "overlaps" | "matches" | "subset" => {
            let word = if word == "subset" { "within" } else { word };
            format!("leave out `is`: `{not}{fact} {word} …`")
        }
        "at" | "greater" | "more" | "less" | "above" | "below" | "older" | "newer" | "between" => {
            format!("compare with `>=`, `<=`, `>` or `<`: `{not}{fact} >= …`")
        }
        "" => format!("write `{equal}` to compare"),
        _ => format!("write `{equal} {}` to compare", shorten(word)),
    }
}

fn with_example(problem: Diagnostic, word: &str) -> Diagnostic {
    match example(word) {
        Some(example) => problem.help(format!("write, for example: {example}")),
        None => problem,
    }
}

/// A word of the language that belongs elsewhere.
fn misplaced(word: &str, place: Span, home: &str, context: Context) -> Diagnostic {
    let of = |words: Vec<&str>| words.contains(&word);
    let help = match (word, context) {
        ("rule", Context::Rule) => "close the rule before it with `}`".to_owned(),
        (_, Context::File) if of(keywords::nodes()) => "put it into a host block: `host github { … }`".to_owned(),
        _ if of(keywords::test_lines()) => "put it into a test: `test \"what it shows\" { … }`".to_owned(),
        _ if of(keywords::items()) => "put it at the top of the file, outside of every `{ … }`".to_owned(),
        (_, Context::Block) if of(keywords::clauses()) => {
            "put it right below a statement, or into a rule: `rule name { … }`".to_owned()
        }
        _ => format!("move it to where it belongs: {home}"),
    };
    Diagnostic::at(Code::UnexpectedText, place, format!("`{word}` cannot stand {}", context.place()))
        .labelled(format!("`{word}` stands {home}"))
        .help(help)
}
