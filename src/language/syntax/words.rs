//! Words of the user's text, and words for what was expected: friendly, few, with an example.

use pest::error::{Error, ErrorVariant, InputLocation};

use super::super::keywords::operators;
use super::Node;
use crate::diagnostic::{Code, Diagnostic};
use crate::text::nearest::nearest;
use crate::text::source::Span;

/// Words of other languages for what is not there.
pub(in super::super) const ABSENT: [&str; 7] = ["null", "none", "nil", "undefined", "empty", "missing", "unset"];

/// The byte offset of a pest error.
pub(super) fn location(error: &Error<Node>) -> usize {
    match error.location {
        InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
    }
}

/// Quotation marks that are none here.
pub(super) fn quotation(text: &str, span: Span) -> Option<Diagnostic> {
    let first = text.chars().next().filter(|first| matches!(first, '“' | '”' | '„' | '‘' | '’' | '`' | '«'))?;
    let place = Span { end: span.start + u32::try_from(first.len_utf8()).unwrap_or(1), ..span };
    let shown = if first == '`' { "a backtick".to_owned() } else { format!("`{first}`") };
    Some(
        Diagnostic::at(Code::UnexpectedText, place, format!("{shown} does not begin a string"))
            .help("strings stand in straight quotes: `\"…\"` or `'…'`"),
    )
}

/// Whether a text leaves a list or map open. Strings are not looked into: a guess for a message.
pub(super) fn inside_brackets(before: &str) -> bool {
    let count = |sign: char| before.matches(sign).count();
    count('[') > count(']') || count('{') > count('}')
}

pub(super) fn ends_a_value(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '"' | '\'' | ']' | '}' | '_')
}

pub(super) fn begins_a_value(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '"' | '\'' | '[' | '{' | '_')
}
pub(super) fn first_word(text: &str) -> &str {
    let end = text
        .find(|character: char| !character.is_ascii_alphanumeric() && !matches!(character, '_' | '-'))
        .unwrap_or(text.len());
    text.get(..end).unwrap_or("")
}

/// The first word, the first string, or the first character of anything else.
pub(super) fn first_token(text: &str) -> &str {
    let word = first_word(text);
    if let Some(quote) = text.chars().next().filter(|first| matches!(first, '"' | '\'')) {
        let end = text.get(1..).and_then(|rest| rest.find(quote)).map_or(1, |at| at + 2);
        return text.get(..end).unwrap_or("");
    }
    if word.is_empty() {
        text.chars().next().and_then(|first| text.get(..first.len_utf8())).unwrap_or("")
    } else {
        word
    }
}

/// At most 60 characters of the user's text, of one line.
pub(in super::super) fn shorten(text: &str) -> String {
    let line = text.lines().next().unwrap_or("");
    match line.char_indices().nth(60) {
        Some((at, _)) => format!("{}…", line.get(..at).unwrap_or("")),
        None => line.to_owned(),
    }
}

/// What could have stood there, in friendly words, at most five.
pub(super) fn expected(error: &Error<Node>, value: &str) -> Vec<String> {
    let ErrorVariant::ParsingError { positives, .. } = &error.variant else { return Vec::new() };
    let mut names: Vec<String> = Vec::new();
    for positive in positives {
        let Some(name) = friendly(*positive, value) else { continue };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.truncate(5);
    names
}

/// The friendly name of a grammar rule; `None` for what no one needs to hear.
pub(super) fn friendly(which: Node, value: &str) -> Option<String> {
    let name = match which {
        Node::logic | Node::negation | Node::comparison | Node::operand | Node::path => value,
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
        Node::kw_is => "`=` or `is`",
        Node::kw_input => "`input`",
        Node::kw_host => "`host`",
        Node::kw_now => "`now`",
        _ => return None,
    };
    Some(name.to_owned())
}

/// The word that was expected and is near to what was found.
pub(super) fn near_word(found: &str, error: &Error<Node>) -> Option<&'static str> {
    let ErrorVariant::ParsingError { positives, .. } = &error.variant else { return None };
    let words: Vec<&'static str> = positives
        .iter()
        .flat_map(|positive| match positive {
            Node::kw_in => vec!["in"],
            Node::kw_satisfies => vec!["satisfies"],
            Node::kw_unknown => vec!["unknown"],
            Node::kw_warn => vec!["warn"],
            Node::kw_of => vec!["of"],
            Node::op_set | Node::tail => operators().collect(),
            _ => Vec::new(),
        })
        .collect();
    if found.len() < 2 { None } else { nearest(found, words) }
}

/// A short correct example of what begins with a word.
pub(super) fn example(word: &str) -> Option<&'static str> {
    Some(match word {
        "title" | "docs" => "`title = \"What Atlantis needs\"`",
        "edition" => "`edition = 1`",
        "any" | "all" => "`any hook in repository.webhooks satisfies (hook.active)`",
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
        "covers" | "within" | "overlaps" => "`token.scopes covers [\"repo\"]`",
        "in" | "not" => "`token.kind in [classic, oauth_app]`",
        "like" => "`user.username like \"*-bot\"`",
        "matches" => "`user.username matches 'bot-[0-9]+'`",
        "is" => "`user.email is absent`",
        "==" | "!=" => "`token.kind == classic`",
        "<" | "<=" | ">" | ">=" => "`token.expires_in >= 7d`",
        "and" | "or" => "`token.active and not user.site_admin`",
        "given" => "`given token.scopes = [\"repo\"]`",
        "expect" => "`expect violation of repo-scope`",
        _ => return None,
    })
}
