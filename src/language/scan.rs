//! The scan before pest: characters, strings, brackets and nesting.
//!
//! It gives pest a text of the same byte offsets in which every string and bracket is closed and nothing nests deeper
//! than [`MAX_DEPTH`], so that the grammar's recovery stays linear, and it reports what it had to mend. Where braces do
//! not balance, indentation chooses the one to blame.

use std::borrow::Cow;
use std::ops::Range;

use super::keywords::{Role, role};
use crate::diagnostic::{Code, Diagnostic};
use crate::text::english;
use crate::text::source::{SourceId, Span};
use crate::vocabulary::token_shapes;

/// The deepest nesting of brackets.
pub(super) const MAX_DEPTH: usize = 64;

/// The most problems of one kind of pass that are kept; a megabyte of `;` is a count beyond.
pub(super) const KEPT_PROBLEMS: usize = 1_000;

/// Problems in the order of a text: the first ones whole, the rest as a count.
#[derive(Default)]
pub(super) struct Problems {
    pub(super) kept: Vec<Diagnostic>,
    pub(super) more: usize,
}

impl Problems {
    pub(super) fn push(&mut self, problem: Diagnostic) {
        if self.kept.len() < KEPT_PROBLEMS {
            self.kept.push(problem);
        } else {
            self.more += 1;
        }
    }

    pub(super) fn append(&mut self, other: Self) {
        self.kept.extend(other.kept);
        self.more += other.more;
    }
}

/// What the scan found.
pub(super) struct Scan {
    /// The text for pest: the same offsets, closing brackets appended where the file ended too early.
    pub(super) text: String,
    /// What is wrong.
    pub(super) problems: Problems,
    /// Whether nesting is so deep that the text must not be parsed.
    pub(super) too_deep: bool,
    /// Where the tests stand, each from its first word to its brace. They mean nothing where something is wrong.
    pub(super) tests: Vec<Range<usize>>,
}

/// Scans a file's text.
pub(super) fn scan(source: SourceId, text: &str) -> Scan {
    // Tokens are out of the way before anything can quote them in a message.
    let tokens = token_shapes().find(text);
    let masked = if tokens.is_empty() { Cow::Borrowed(text) } else { token_shapes().mask(text) };
    let mut scanner = Scanner::new(source, &masked);
    scanner.characters(&masked);
    if !scanner.run(false) {
        // Something does not balance: a second pass, in which indentation decides.
        scanner = Scanner::new(source, &masked);
        scanner.characters(&masked);
        scanner.run(true);
    }
    for token in tokens {
        let place = Span::new(source, token.start, token.end);
        scanner.character_problems.push(literal_token(place));
    }
    scanner.finish()
}

/// A token in the policy. The message does not echo it.
pub(super) fn literal_token(place: Span) -> Diagnostic {
    Diagnostic::at(Code::LiteralToken, place, "a token stands in the policy")
        .labelled("not shown here")
        .help("revoke it: whoever reads this file has it. A policy never holds or names a secret")
}

struct Open {
    bracket: u8,
    at: usize,
    indent: usize,
    line: usize,
    in_rule: bool,
}

struct Scanner {
    source: SourceId,
    masked: Vec<u8>,
    stack: Vec<Open>,
    character_problems: Problems,
    problems: Problems,
    /// Braces closed by indentation: as many later `}` are surplus through that guess alone.
    guessed: usize,
    too_deep: bool,
    appended: String,
    /// One past the last byte that is neither white space nor comment.
    token_end: usize,
    /// Where the test that is being read begins.
    test: Option<usize>,
    tests: Vec<Range<usize>>,
}

impl Scanner {
    fn new(source: SourceId, text: &str) -> Self {
        Self {
            source,
            masked: text.as_bytes().to_vec(),
            stack: Vec::new(),
            character_problems: Problems::default(),
            problems: Problems::default(),
            guessed: 0,
            too_deep: false,
            appended: String::new(),
            token_end: 0,
            test: None,
            tests: Vec::new(),
        }
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.source, start, end)
    }

    fn blank(&mut self, start: usize, end: usize) {
        if let Some(bytes) = self.masked.get_mut(start..end) {
            bytes.iter_mut().filter(|byte| **byte != b'\n').for_each(|byte| *byte = b' ');
        }
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.masked.get(at).copied()
    }

    /// Control and bidirectional characters, outside the text's own line ends and tabs.
    fn characters(&mut self, text: &str) {
        let mut end = 0;
        while let Some(rest) = text.get(end..) {
            let plain = |byte: &u8| matches!(byte, b' '..=b'~' | b'\n' | b'\t');
            let at = end + rest.bytes().take_while(plain).count();
            let Some(character) = text.get(at..).and_then(|rest| rest.chars().next()) else { break };
            end = at + character.len_utf8();
            let fine = match character {
                '\r' => text.as_bytes().get(end) == Some(&b'\n'),
                '\u{feff}' if at == 0 => {
                    self.blank(at, end);
                    true
                }
                '\u{200b}'..='\u{200f}'
                | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{61c}' => false,
                '\u{e0000}'..='\u{e007f}' | '\u{2028}' | '\u{2029}' => false,
                other => !other.is_control(),
            };
            if !fine {
                self.blank(at, end);
                let name = match character {
                    '\r' => "a carriage return without a line feed".to_owned(),
                    '\0' => "a NUL byte".to_owned(),
                    other => format!("the character U+{:04X}", u32::from(other)),
                };
                let place = self.span(at, end);
                self.character_problems.push(
                    Diagnostic::at(Code::ControlCharacter, place, format!("{name} stands in a policy"))
                        .labelled("here")
                        .help("remove it: such characters can make a line read differently from what it says"),
                );
            }
        }
    }

    /// Walks the text. Without `guess`, stops with `false` at the first bracket that does not match.
    fn run(&mut self, guess: bool) -> bool {
        let mut at = 0;
        let (mut indent, mut line, mut line_start) = (0, 0, true);
        let mut in_rule = false;
        while let Some(byte) = self.byte(at) {
            match byte {
                b'\n' => {
                    line += 1;
                    indent = 0;
                    line_start = true;
                    in_rule = false;
                    at += 1;
                    continue;
                }
                b' ' | b'\t' | b'\r' => {
                    if line_start {
                        indent += if byte == b'\t' { 4 } else { 1 };
                    }
                    at += 1;
                    continue;
                }
                b'#' => {
                    while self.byte(at).is_some_and(|byte| byte != b'\n') {
                        at += 1;
                    }
                    continue;
                }
                // Not in an address without quotes: that has a message of its own.
                b'/' if matches!(self.byte(at + 1), Some(b'/' | b'*'))
                    && at.checked_sub(1).and_then(|before| self.byte(before)) != Some(b':')
                    && !self.is_bare_glob(at) =>
                {
                    at = self.foreign_comment(at);
                    continue;
                }
                b';' => {
                    let place = self.span(at, at + 1);
                    self.problems.push(
                        Diagnostic::at(Code::UnexpectedText, place, "statements have no `;` at their end")
                            .help("a statement ends with its line: remove the `;`"),
                    );
                    self.blank(at, at + 1);
                    at += 1;
                    continue;
                }
                _ => {}
            }
            let first_on_line = line_start;
            if line_start {
                line_start = false;
                let word = self.word(at);
                in_rule = word == "rule";
                let is_test = word == "test";
                if guess && matches!(role(word), Some(Role::Block(_) | Role::Line(_))) {
                    let word = word.to_owned();
                    self.new_line_closes(&word, at, indent, line);
                }
                if self.stack.is_empty() {
                    self.test = is_test.then_some(at);
                }
            }
            match byte {
                b'"' | b'\'' => at = self.string(at, byte),
                b'(' | b'[' | b'{' => {
                    self.stack.push(Open { bracket: byte, at, indent, line, in_rule });
                    if self.stack.len() > MAX_DEPTH {
                        let place = self.span(at, at + 1);
                        self.problems.push(
                            Diagnostic::at(Code::TooDeep, place, format!("brackets nest deeper than {MAX_DEPTH}"))
                                .help("split the expression into several statements"),
                        );
                        self.too_deep = true;
                        return true;
                    }
                    at += 1;
                }
                b')' | b']' | b'}' => {
                    if guess && byte == b'}' && first_on_line {
                        self.brace_closes(at, indent);
                    }
                    let matches = self.stack.last().is_some_and(|open| closer(open.bracket) == byte);
                    if matches {
                        self.stack.pop();
                        if self.stack.is_empty() && byte == b'}' {
                            self.tests.extend(self.test.take().map(|start| start..at + 1));
                        }
                    } else if guess {
                        self.mismatch(at, byte, line);
                    } else {
                        return false;
                    }
                    at += 1;
                }
                _ => at += 1,
            }
            self.token_end = at;
        }
        if !guess && !self.stack.is_empty() {
            return false;
        }
        self.file_ends();
        true
    }

    /// What is open at the end of the file is one mistake: the innermost is blamed, the others are shown.
    fn file_ends(&mut self) {
        let Some(innermost) = self.stack.pop() else { return };
        // On a line of its own: the last line may end in a comment.
        self.appended.push('\n');
        self.appended.push(char::from(closer(innermost.bracket)));
        let mut ends = vec![char::from(closer(innermost.bracket))];
        let mut others = Vec::new();
        while let Some(open) = self.stack.pop() {
            self.appended.push(char::from(closer(open.bracket)));
            ends.push(char::from(closer(open.bracket)));
            others.push(self.span(open.at, open.at + 1));
        }
        let mut problem = self.unclosed_problem(&innermost);
        if !others.is_empty() {
            let count = english::count(others.len() + 1, "bracket", "brackets");
            problem.message = format!("{count} are open at the end of the file");
            let ends = english::quoted_list(ends.iter().take(5).map(char::to_string), "and");
            problem.help = Some(if others.len() < 5 {
                format!("add the missing {ends}")
            } else {
                "add the missing ends".to_owned()
            });
        }
        for other in others.into_iter().take(4) {
            problem = problem.label(other, "this too");
        }
        self.problems.push(problem);
    }

    /// The identifier at an offset.
    fn word(&self, at: usize) -> &str {
        let rest = self.masked.get(at..).unwrap_or(&[]);
        let end = rest.iter().position(|byte| !byte.is_ascii_alphanumeric() && !matches!(byte, b'_' | b'-' | b'.'));
        let word = rest.get(..end.unwrap_or(rest.len())).unwrap_or(&[]);
        // A word longer than any of ours is none of ours.
        if word.len() > 16 { "" } else { std::str::from_utf8(word).unwrap_or("") }
    }

    /// Whether `/*` goes on with a name, as in `acme/*`, and no `*/` on its line makes it a comment.
    fn is_bare_glob(&self, at: usize) -> bool {
        let before = at.checked_sub(1).and_then(|before| self.byte(before));
        let in_a_name =
            before.is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'*'));
        // A name is short; looking further would take the square of a long line.
        let end = (at + 200).min(self.masked.len());
        let line = self.masked.get(at..end).unwrap_or(&[]).split(|byte| *byte == b'\n').next().unwrap_or(&[]);
        in_a_name && line.starts_with(b"/*") && !line.windows(2).skip(2).any(|pair| pair == b"*/")
    }

    /// Comments of other languages: said once a place, then out of the way.
    fn foreign_comment(&mut self, at: usize) -> usize {
        let block = self.byte(at + 1) == Some(b'*');
        let mut end = at + 2;
        while let Some(byte) = self.byte(end) {
            if !block && byte == b'\n' {
                break;
            }
            if block && byte == b'*' && self.byte(end + 1) == Some(b'/') {
                end += 2;
                break;
            }
            end += 1;
        }
        let place = self.span(at, at + 2);
        self.problems.push(Diagnostic::at(Code::UnexpectedText, place, "comments start with `#`").help(if block {
            "there are no block comments: put `#` before each line"
        } else {
            "write `#` instead of `//`"
        }));
        self.blank(at, end);
        end
    }

    /// A string from its quote; gives the offset after it. An unclosed one is closed at its line's end.
    fn string(&mut self, at: usize, quote: u8) -> usize {
        let mut end = at + 1;
        loop {
            match self.byte(end) {
                Some(byte) if byte == quote => return end + 1,
                Some(b'\\') if quote == b'"' && self.byte(end + 1).is_some_and(|byte| byte != b'\n') => end += 2,
                Some(b'\n') | None => break,
                Some(_) => end += 1,
            }
        }
        while end > at + 1 && matches!(self.byte(end - 1), Some(b' ' | b'\t' | b'\r')) {
            end -= 1;
        }
        if let Some(closed) = self.closed_by_the_other(at, end, quote) {
            return closed;
        }
        let place = self.span(at, end);
        let kind = char::from(quote);
        self.problems.push(
            Diagnostic::at(Code::UnclosedString, place, "a string does not end on its line")
                .labelled("starts here")
                .help(format!("close it with `{kind}` on the same line; strings have one line")),
        );
        // The text inside an unclosed string is unknown: only its delimiters stay.
        if end > at + 1 {
            self.blank(at + 1, end);
            if let Some(byte) = self.masked.get_mut(end - 1) {
                *byte = quote;
            }
        } else {
            self.blank(at, end);
        }
        end
    }

    /// A string that ends with the other quotation mark, right before what can follow a string: one mistake, and its text
    /// is known. Gives the offset after it.
    fn closed_by_the_other(&mut self, at: usize, line_end: usize, quote: u8) -> Option<usize> {
        let other = if quote == b'"' { b'\'' } else { b'"' };
        let close = (at + 1..line_end).find(|position| {
            let follows = (position + 1..line_end).find_map(|next| self.byte(next).filter(|byte| *byte != b' '));
            let backslashes = (at + 1..*position).rev().take_while(|before| self.byte(*before) == Some(b'\\')).count();
            // After a backslash the mark would not close the string either.
            let escaped = quote == b'"' && backslashes % 2 == 1;
            let ends = matches!(follows, Some(b']' | b',' | b')' | b'}' | b'{') | None);
            self.byte(*position) == Some(other) && ends && !escaped
        })?;
        let (opened, found) = (char::from(quote), char::from(other));
        let problem = Diagnostic::at(
            Code::UnclosedString,
            self.span(at, close + 1),
            format!("a string that begins with `{opened}` does not end with `{found}`"),
        );
        self.problems.push(problem.help(format!("write the same mark at both ends: `{opened}…{opened}`")));
        if let Some(byte) = self.masked.get_mut(close) {
            *byte = quote;
        }
        Some(close + 1)
    }

    /// A line begins with a statement's word: brackets of earlier lines, and blocks that the indentation has left, are
    /// missing their end.
    fn new_line_closes(&mut self, word: &str, at: usize, indent: usize, line: usize) {
        let list_item = matches!(self.byte(at + word.len()), Some(b',' | b']' | b')'));
        while let Some(open) = self.stack.last() {
            let left = match open.bracket {
                b'{' => {
                    open.line != line
                        && matches!(role(word), Some(Role::Block(_)))
                        && ((word == "rule" && open.in_rule)
                            || open.indent >= indent && !(word == "rule" && open.indent == 0 && indent == 0))
                }
                _ => open.line != line && !list_item,
            };
            if !left {
                break;
            }
            let Some(open) = self.stack.pop() else { break };
            self.unclosed(&open, at, word.len());
            self.close_before(at, open.bracket, open.at);
            if open.bracket == b'{' {
                self.guessed += 1;
            }
        }
    }

    /// A line begins with `}` as far left as some outer block: what is open further to the right is missing its end.
    fn brace_closes(&mut self, at: usize, indent: usize) {
        let Some(outer) = self.stack.iter().rposition(|open| open.bracket == b'{' && open.indent <= indent) else {
            return;
        };
        if self.stack.get(outer).is_none_or(|open| open.indent != indent) {
            return;
        }
        while self.stack.len() > outer + 1 {
            let Some(open) = self.stack.pop() else { break };
            self.unclosed(&open, at, 1);
            self.close_before(at, open.bracket, open.at);
            if open.bracket == b'{' {
                self.guessed += 1;
            }
        }
    }

    /// A closing bracket that does not match the last open one.
    fn mismatch(&mut self, at: usize, byte: u8, line: usize) {
        let same_line = self.stack.iter().rev().take_while(|open| open.line == line);
        if let Some(last) = self.stack.last()
            && last.line == line
            && !same_line.into_iter().any(|open| closer(open.bracket) == byte)
        {
            // Opened and closed on one line by brackets of two kinds: one mistake.
            let (opened, kind, wanted) = (last.at, char::from(byte), char::from(closer(last.bracket)));
            let open = char::from(last.bracket);
            let problem = Diagnostic::at(
                Code::UnclosedBracket,
                self.span(at, at + 1),
                format!("`{kind}` does not close `{open}`"),
            )
            .label(self.span(opened, opened + 1), "opened here")
            .help(format!("write `{wanted}`"));
            self.problems.push(problem);
            self.stack.pop();
            if let Some(masked) = self.masked.get_mut(at) {
                *masked = wanted as u8;
            }
            return;
        }
        let opens = self.stack.iter().rposition(|open| closer(open.bracket) == byte);
        match opens {
            // `}` ends what was opened inside its block; other brackets end only what no brace encloses.
            Some(position)
                if byte == b'}'
                    || self
                        .stack
                        .get(position..)
                        .is_some_and(|inner| inner.iter().all(|open| open.bracket != b'{')) =>
            {
                while self.stack.len() > position + 1 {
                    if let Some(open) = self.stack.pop() {
                        self.unclosed(&open, at, 1);
                        self.close_before(at, open.bracket, open.at);
                    }
                }
                self.stack.pop();
            }
            _ => {
                self.blank(at, at + 1);
                if byte == b'}' && self.guessed > 0 {
                    self.guessed -= 1;
                    return;
                }
                let place = self.span(at, at + 1);
                let kind = char::from(byte);
                self.problems.push(
                    Diagnostic::at(Code::UnclosedBracket, place, format!("`{kind}` closes nothing"))
                        .labelled("nothing is open here")
                        .help(format!("remove this `{kind}`, or open its counterpart before it")),
                );
            }
        }
    }

    /// Reports a bracket that is missing its end before `at`, where something of `len` bytes begins.
    fn unclosed(&mut self, open: &Open, at: usize, len: usize) {
        let end = char::from(closer(open.bracket));
        let problem =
            self.unclosed_problem(open).label(self.span(at, at + len), format!("`{end}` is missing before this"));
        self.problems.push(problem);
    }

    fn unclosed_problem(&self, open: &Open) -> Diagnostic {
        let (kind, end) = (char::from(open.bracket), char::from(closer(open.bracket)));
        Diagnostic::at(Code::UnclosedBracket, self.span(open.at, open.at + 1), format!("`{kind}` is never closed"))
            .labelled("opened here")
            .help(format!("add the missing `{end}`"))
    }

    /// Writes the missing bracket into white space between the last token and `at`; blanks the opening one where there
    /// is no room.
    fn close_before(&mut self, at: usize, bracket: u8, opened: usize) {
        self.blank(self.token_end, at);
        let room =
            (self.token_end..at).find(|position| matches!(self.byte(*position), Some(b' ' | b'\n' | b'\t' | b'\r')));
        match room {
            Some(position) => {
                if let Some(byte) = self.masked.get_mut(position) {
                    *byte = closer(bracket);
                }
                self.token_end = position + 1;
            }
            None => self.blank(opened, opened + 1),
        }
    }

    fn finish(self) -> Scan {
        let mut problems = self.character_problems;
        problems.append(self.problems);
        // Masking replaces whole characters by ASCII, so this is UTF-8 still.
        let mut text = String::from_utf8(self.masked).unwrap_or_default();
        text.push_str(&self.appended);
        Scan { text, problems, too_deep: self.too_deep, tests: self.tests }
    }
}

const fn closer(bracket: u8) -> u8 {
    match bracket {
        b'(' => b')',
        b'[' => b']',
        _ => b'}',
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn balanced(text: &str) -> bool {
        let mut stack = Vec::new();
        let mut bytes = text.bytes();
        while let Some(byte) = bytes.next() {
            match byte {
                b'(' | b'[' | b'{' => stack.push(closer(byte)),
                b')' | b']' | b'}' if stack.pop() != Some(byte) => return false,
                b'#' => drop(bytes.by_ref().find(|byte| *byte == b'\n')),
                quote @ (b'"' | b'\'') => loop {
                    match bytes.next() {
                        Some(byte) if byte == quote => break,
                        Some(b'\\') if quote == b'"' => drop(bytes.next()),
                        Some(b'\n') | None => return false,
                        Some(_) => {}
                    }
                },
                _ => {}
            }
        }
        stack.is_empty()
    }

    fn holds(text: &str) {
        let scan = scan(SourceId(0), text);
        let (prefix, appended) = scan.text.split_at_checked(text.len()).expect("the prefix is as long as the text");
        assert!(appended.chars().all(|character| matches!(character, '\n' | ')' | ']' | '}')), "{appended}");
        let lines = |text: &str| text.match_indices('\n').map(|(at, _)| at).collect::<Vec<_>>();
        if scan.problems.kept.is_empty() {
            assert_eq!(prefix, text.replacen('\u{feff}', "   ", usize::from(text.starts_with('\u{feff}'))));
        } else if !scan.problems.kept.iter().any(|problem| problem.code == Code::UnclosedBracket) {
            assert_eq!(lines(prefix), lines(text), "lines stay where they are");
        }
        assert!(scan.too_deep || balanced(&scan.text), "{text:?} became {:?}", scan.text);
    }

    #[test]
    fn an_escaped_mark_closes_no_string() {
        for text in ["\"\\'\n", "\"\\\\'\n", "\"a\\'", "'\\\"\n"] {
            holds(text);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_the_parser_gets_is_balanced_and_keeps_its_places(
            pieces in prop::collection::vec(prop::sample::select(vec![
                "{", "}", "[", "]", "(", ")", "\"", "'", "#", "\n", "\n  ", "\n    ", "\r", "\\", ";", "//", "/*", "*/", "rule a", "host b",
                "require", "x", " ", "\t", "\u{feff}", "\0", "é",
            ]), 0..40),
        ) {
            holds(&pieces.concat());
        }

        #[test]
        fn arbitrary_text_too(text in any::<String>()) {
            holds(&text);
        }
    }
}
