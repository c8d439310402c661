//! Text that the grammar could not read: what is wrong with it, in the user's words, with the mend.

use pest::Parser as _;
use pest::error::{Error, ErrorVariant, InputLocation};
use pest::iterators::Pair;

use super::{Node, PolicyParser, Reader};
use crate::diagnostic::{Code, Diagnostic};
use crate::language::habits;
use crate::text::english;
use crate::text::nearest::nearest;
use crate::text::source::Span;

/// Where unreadable text stands: what could have begun there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Context {
    File,
    Header,
    Block,
    Rule,
    Test,
}

impl Context {
    const fn words(self) -> &'static [&'static str] {
        match self {
            Self::File => &["policy", "let", "input", "use", "host", "waive", "test"],
            Self::Header => &["title", "docs", "edition"],
            Self::Block => &["rule", "when", "each", "require", "forbid", "prefer", "avoid"],
            Self::Rule => &["require", "forbid", "prefer", "avoid", "when", "because", "fix", "see", "on"],
            Self::Test => &["given", "expect"],
        }
    }

    const fn place(self) -> &'static str {
        match self {
            Self::File => "at the top of a file",
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
            Self::Header => &[],
            Self::Block => &[Node::lone_node],
            Self::Rule => &[Node::lone_statement, Node::lone_clause],
            Self::Test => &[Node::lone_test_line],
        }
    }

    const fn example(self) -> &'static str {
        match self {
            Self::File => "host github {\n  require token.scopes covers [\"repo\"]\n}",
            Self::Header => "title = \"What the bot needs\"",
            Self::Block | Self::Rule => "require token.scopes covers [\"repo\"]\nprefer token.expires_in >= 7d",
            Self::Test => "given token.kind = classic\nexpect violation of repo-scope",
        }
    }
}

/// All words that begin something somewhere, with where they belong.
const HOMES: [(&str, &str); 18] = [
    ("policy", "at the top of a file"),
    ("let", "at the top of a file"),
    ("input", "at the top of a file"),
    ("use", "at the top of a file"),
    ("host", "at the top of a file"),
    ("waive", "at the top of a file"),
    ("test", "at the top of a file"),
    ("rule", "in a host block"),
    ("each", "in a host block, around rules"),
    ("when", "in a rule, or around rules with `{ … }`"),
    ("require", "in a rule or host block"),
    ("forbid", "in a rule or host block"),
    ("prefer", "in a rule or host block"),
    ("avoid", "in a rule or host block"),
    ("because", "in a rule, below its statements"),
    ("on", "in a rule"),
    ("given", "in a test"),
    ("expect", "in a test"),
];

const OPERATORS: [&str; 10] = ["and", "or", "in", "not", "covers", "within", "overlaps", "like", "matches", "is"];

/// The byte offset of a pest error.
pub(super) fn location(error: &Error<Node>) -> usize {
    match error.location {
        InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
    }
}

impl Reader<'_> {
    /// Reports a `junk` pair.
    pub(super) fn junk(&mut self, pair: &Pair<'_, Node>, context: Context) {
        let span = self.trimmed(pair);
        let text = pair.as_str().trim_end();
        if self.is_muted(span) || self.continues_a_problem(span, text) {
            self.muted.push(span);
            return;
        }
        let problem = self.explain(text, span, context);
        // What follows on this line, and lines that can only go on with it, are the same mistake.
        self.muted.push(span);
        self.report(problem);
    }

    /// Reports text between a header and its `{`.
    pub(super) fn header_junk(&mut self, pair: &Pair<'_, Node>, form: &str) {
        let span = self.trimmed(pair);
        let text = pair.as_str().trim_end();
        if text.is_empty() || self.is_muted(span) {
            return;
        }
        let problem = habits::habit(text).map_or_else(
            || Diagnostic::at(Code::UnexpectedText, span, format!("`{}` cannot stand here", shorten(text))),
            |habit| Diagnostic::at(Code::UnexpectedText, span, habit.message).help(habit.help),
        );
        self.report(problem.help(format!("write {form}")));
    }

    /// Reports text after the condition of a guard.
    pub(super) fn expression_junk(&mut self, pair: &Pair<'_, Node>) {
        let span = self.trimmed(pair);
        let text = pair.as_str().trim_end();
        if self.is_muted(span) {
            return;
        }
        let problem = after_expression(text, span);
        self.report(problem);
    }

    /// Whether the text can only go on with something unreadable on the line before: `["repo"]` after a misspelt operator.
    fn continues_a_problem(&self, span: Span, text: &str) -> bool {
        let first = text.chars().next().unwrap_or(' ');
        let goes_on = !first.is_ascii_alphabetic() || OPERATORS.contains(&first_word(text));
        goes_on
            && self.muted.last().is_some_and(|last| {
                let between = self.text.get(last.end as usize..span.start as usize);
                between.is_some_and(|between| between.trim().is_empty() && between.matches('\n').count() <= 1)
            })
    }

    fn explain(&self, text: &str, span: Span, context: Context) -> Diagnostic {
        let word = first_word(text);
        let word_span = Span { end: span.start + u32::try_from(word.len()).unwrap_or(0).max(1), ..span };
        // An expression that goes on in a way it cannot.
        if self.follows_expression(span) {
            return after_expression(text, span);
        }
        if let Some(habit) = habits::habit(text) {
            let start = span.start as usize + habit.at;
            let place = Span::new(span.source, start, start + habit.len);
            return Diagnostic::at(Code::UnexpectedText, place, habit.message).help(habit.help);
        }
        if context.words().contains(&word) {
            return self.why(text, span, word, context);
        }
        if let Some((_, home)) = HOMES.iter().find(|(name, _)| *name == word) {
            let mut problem =
                Diagnostic::at(Code::UnexpectedText, word_span, format!("`{word}` cannot stand {}", context.place()))
                    .labelled(format!("`{word}` stands {home}"));
            if word == "rule" && context == Context::Rule {
                problem = problem.help("close the rule before it with `}`");
            } else if word == "when" && context == Context::Rule {
                problem =
                    problem.help("a guard with `{ … }` stands around rules; in a rule, write `when E` without braces");
            } else {
                problem = problem.help(format!("move it to where it belongs: {home}"));
            }
            return problem;
        }
        if word.is_empty() {
            return Diagnostic::at(
                Code::UnexpectedText,
                span,
                format!("`{}` cannot stand {}", shorten(text), context.place()),
            )
            .help(format!("write, for example:\n{}", context.example()));
        }
        let problem = Diagnostic::at(
            Code::UnexpectedText,
            word_span,
            format!("`{}` means nothing {}", shorten(word), context.place()),
        );
        match nearest(word, context.words().iter().copied()) {
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
        let starts = ["require", "forbid", "prefer", "avoid", "when"];
        let begins =
            starts.contains(&first_word(line)) || line.split([' ', '\t', '{', '}']).any(|word| starts.contains(&word));
        begins && !line.trim_end().ends_with(['{', '}'])
    }

    /// A construct that begins well and could not be read: parsed alone, it says where it stopped making sense.
    fn why(&self, text: &str, span: Span, word: &str, context: Context) -> Diagnostic {
        if matches!(context, Context::Rule) && word == "when" && text.trim_end().ends_with('}') {
            return Diagnostic::at(Code::UnexpectedText, span, "a guard with `{ … }` cannot stand in a rule")
                .help("in a rule, write `when E` without braces: it guards the whole rule");
        }
        let furthest =
            context.alone().iter().filter_map(|alone| PolicyParser::parse(*alone, text).err()).max_by_key(location);
        let Some(error) = furthest else {
            return Diagnostic::at(Code::UnexpectedText, span, format!("`{word}` cannot be read here"))
                .help(format!("write, for example:\n{}", context.example()));
        };
        let at = location(&error);
        let expected = expected(&error);
        let rest = text.get(at..).unwrap_or("").trim_start();
        let skipped = text.len() - at - text.get(at..).unwrap_or("").trim_start().len().min(text.len() - at);
        let start = span.start as usize + at + skipped;
        if let Some(habit) = habits::habit(rest).filter(|habit| habit.at == 0) {
            return Diagnostic::at(
                Code::UnexpectedText,
                Span::new(span.source, start, start + habit.len),
                habit.message,
            )
            .help(habit.help);
        }
        let found = first_token(rest);
        let place = if found.is_empty() {
            Span::new(span.source, (span.end as usize).saturating_sub(1), span.end as usize)
        } else {
            Span::new(span.source, start, start + found.len())
        };
        let wanted = if expected.is_empty() { "something else".to_owned() } else { english::list(&expected, "or") };
        let message = if found.is_empty() {
            format!("`{word}` ends too early: expected {wanted}")
        } else {
            format!("expected {wanted}, found `{}`", shorten(found))
        };
        let mut problem = Diagnostic::at(Code::UnexpectedText, place, message);
        if let Some(near) = near_word(found, &error) {
            problem = problem.help(format!("did you mean `{near}`?"));
        }
        match example(word) {
            Some(example) => problem.help(format!("write, for example: {example}")),
            None => problem,
        }
    }
}

/// What is wrong with text right after a whole expression.
fn after_expression(text: &str, span: Span) -> Diagnostic {
    let word = first_token(text);
    let place = Span { end: span.start + u32::try_from(word.len()).unwrap_or(0).max(1), ..span };
    if let Some(habit) = habits::after_expression(text) {
        let place = Span { end: span.start + u32::try_from(habit.len).unwrap_or(1), ..span };
        return Diagnostic::at(Code::UnexpectedText, place, habit.message).help(habit.help);
    }
    if let Some(near) = nearest(word, OPERATORS.into_iter().chain(["because", "satisfies"])).filter(|_| word.len() > 2)
    {
        return Diagnostic::at(Code::UnexpectedText, place, format!("`{}` is not an operator", shorten(word)))
            .help(format!("did you mean `{near}`?"));
    }
    Diagnostic::at(Code::UnexpectedText, place, format!("expected an operator or the end of the statement, found `{}`", shorten(word)))
        .help("an operator is `==`, `!=`, `<`, `<=`, `>`, `>=`, `in`, `covers`, `within`, `overlaps`, `like`, `matches`, `is absent`, `and` or `or`")
}

fn first_word(text: &str) -> &str {
    let end = text
        .find(|character: char| !character.is_ascii_alphanumeric() && !matches!(character, '_' | '-'))
        .unwrap_or(text.len());
    text.get(..end).unwrap_or("")
}

/// The first word, or the first character of anything else.
fn first_token(text: &str) -> &str {
    let word = first_word(text);
    if word.is_empty() {
        text.chars().next().and_then(|first| text.get(..first.len_utf8())).unwrap_or("")
    } else {
        word
    }
}

/// At most 40 characters of the user's text.
fn shorten(text: &str) -> String {
    let line = text.lines().next().unwrap_or("");
    if line.chars().count() <= 40 {
        line.to_owned()
    } else {
        format!("{}…", line.chars().take(39).collect::<String>())
    }
}

/// What could have stood there, in friendly words, at most five.
fn expected(error: &Error<Node>) -> Vec<String> {
    let ErrorVariant::ParsingError { positives, .. } = &error.variant else { return Vec::new() };
    let mut names: Vec<String> = Vec::new();
    for positive in positives {
        let Some(name) = friendly(*positive) else { continue };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.truncate(5);
    names
}

/// The friendly name of a grammar rule; `None` for what no one needs to hear.
fn friendly(which: Node) -> Option<String> {
    let name = match which {
        Node::logic | Node::negation | Node::comparison | Node::operand | Node::path => "a fact",
        Node::string => "a string in quotes",
        Node::number => "a number",
        Node::list => "a list in `[ ]`",
        Node::item => "a value",
        Node::word | Node::kind => "a word",
        Node::name => "a name",
        Node::reference => "a rule's name",
        Node::tail | Node::op_compare | Node::op_set | Node::op_in | Node::op_like | Node::op_matches | Node::op_is => {
            "an operator"
        }
        Node::outcome => "an outcome",
        Node::state => "`absent`, `inapplicable` or `unknown`",
        Node::pair => "`name = value`",
        Node::causes => "`(`",
        Node::kw_in => "`in`",
        Node::kw_satisfies => "`satisfies`",
        Node::kw_unknown => "`unknown`",
        Node::kw_warn => "`warn`",
        Node::kw_of => "`of`",
        Node::kw_is => "`is`",
        Node::kw_input => "`input`",
        Node::kw_host => "`host`",
        Node::kw_now => "`now`",
        _ => return None,
    };
    Some(name.to_owned())
}

/// The word that was expected and is near to what was found.
fn near_word(found: &str, error: &Error<Node>) -> Option<&'static str> {
    let ErrorVariant::ParsingError { positives, .. } = &error.variant else { return None };
    let words: Vec<&'static str> = positives
        .iter()
        .flat_map(|positive| match positive {
            Node::kw_in => vec!["in"],
            Node::kw_satisfies => vec!["satisfies"],
            Node::kw_unknown => vec!["unknown"],
            Node::kw_warn => vec!["warn"],
            Node::kw_of => vec!["of"],
            Node::op_set | Node::tail => OPERATORS.to_vec(),
            _ => Vec::new(),
        })
        .collect();
    if found.len() < 2 { None } else { nearest(found, words) }
}

/// A short correct example of what begins with a word.
fn example(word: &str) -> Option<&'static str> {
    Some(match word {
        "policy" => "`policy \"atlantis\" { title = \"What Atlantis needs\" }`",
        "let" => "`let bot_names = [\"*-bot\", \"*-ci\"]`",
        "input" => "`input minimum_days: duration = 7d`",
        "use" => "`use \"base.pol\" except [least-privilege]`",
        "host" => "`host github { … }`",
        "waive" => "`waive github.least-privilege until 2026-12-31 because \"SEC-1412\"`",
        "test" => "`test \"a token without repo is refused\" { … }`",
        "rule" => "`rule repo-scope \"a token that can comment\" { … }`",
        "when" => "`when token.kind == classic`",
        "each" => "`each repository in [\"acme/*\"] { … }`",
        "require" | "forbid" | "prefer" | "avoid" => "`require token.scopes covers [\"repo\"]`",
        "because" | "fix" => "`because \"without it nothing can be cloned\"`",
        "see" => "`see \"https://www.runatlantis.io/docs/access-credentials.html\"`",
        "on" => "`on unknown warn because \"a fine-grained token cannot show this\"`",
        "given" => "`given token.scopes = [\"repo\"]`",
        "expect" => "`expect violation of repo-scope`",
        _ => return None,
    })
}
