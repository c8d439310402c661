//! A readable file's tokens, comments among them, each with what it is in the grammar: what a formatter needs, without
//! pest's types.
//!
//! Where pairs begin is exact, where they end is not (white space and comments may be swallowed), so only beginnings are
//! taken from them.

use pest::iterators::Pair;

use super::{Node, children};

/// One token of a file: a word, a number, a string, a sign, or a comment.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Token {
    /// Its first byte.
    pub(in super::super) start: usize,
    /// One past its last byte.
    pub(in super::super) end: usize,
    /// How many line ends stand before it, after the token before.
    pub(in super::super) newlines: usize,
    /// What it is.
    pub(in super::super) role: Role,
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Role {
    /// A comment, to its line's end.
    Comment,
    /// The first word of something that has a line of its own.
    Starts(Line),
    /// The brace after the header of a block.
    BlockOpen,
    /// The brace at the end of a block.
    BlockClose,
    /// A bracket inside of a line.
    Open(Bracket),
    /// Its counterpart.
    Close,
    /// `,`
    Comma,
    /// `:`
    Colon,
    /// `=`
    Equals,
    /// The first word or sign of an operator; `binary` where something follows it.
    Operator {
        /// Whether it has a right side.
        binary: bool,
    },
    /// A further word of the same operator.
    OperatorRest,
    /// The first word of a waiver's clause.
    Part,
    /// `count`, which its parenthesis follows at once.
    Count,
    /// Anything else.
    Word,
}

/// Things that have lines of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Line {
    /// Something with a header and braces.
    Block,
    /// An entry of the policy's header.
    Entry,
    /// `let`.
    Let,
    /// `given FACT = VALUE`.
    GivenFact,
    /// `given input NAME = VALUE`.
    GivenInput,
    /// `require`, `forbid`, `prefer`, `avoid`.
    Statement,
    /// `because`, `fix`, `see`; `nested` where it belongs to a bare statement.
    Clause {
        /// Whether it belongs to a bare statement.
        nested: bool,
    },
    /// `when` in a rule.
    When,
    /// `on unknown`.
    OnUnknown {
        /// Whether it belongs to a bare statement.
        nested: bool,
    },
    /// Anything else.
    Other,
}

/// Brackets inside of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Bracket {
    /// Things between commas.
    List,
    /// Pairs between commas, in braces.
    Map,
    /// An expression.
    Group,
    /// One word.
    Plain,
}

/// What a pair says of the token that it begins with.
enum Mark {
    Role(Role),
    /// An operator, up to this offset.
    Operator {
        binary: bool,
        end: usize,
    },
    /// The word before the parenthesis of a quantifier.
    Satisfies,
}

/// The tokens of a text that pest has read whole.
pub(super) fn tokens(text: &str, file: Pair<'_, Node>) -> Vec<Token> {
    let mut marks = Vec::new();
    mark(file, false, &mut marks);
    let mut marks = marks.into_iter().peekable();
    let mut tokens = Vec::new();
    // For each open bracket, whether it is a block's.
    let mut open: Vec<bool> = Vec::new();
    let (mut at, mut newlines, mut operator_end, mut satisfies) = (0, 0, 0, false);
    while let Some(first) = text.as_bytes().get(at).copied() {
        if first.is_ascii_whitespace() {
            newlines += usize::from(first == b'\n');
            at += 1;
            continue;
        }
        let end = at + length(text.get(at..).unwrap_or(""));
        while marks.peek().is_some_and(|(start, _)| *start < at) {
            marks.next();
        }
        let own = marks.next_if(|(start, _)| *start == at).map(|(_, own)| own);
        let role = match (own, first) {
            (_, b'#') => Role::Comment,
            (Some(Mark::Role(role)), _) => {
                if matches!(role, Role::Open(_)) {
                    open.push(false);
                }
                role
            }
            (Some(Mark::Operator { binary, end }), _) => {
                operator_end = end;
                Role::Operator { binary }
            }
            (Some(Mark::Satisfies), _) => {
                satisfies = true;
                Role::Word
            }
            (None, b'{') => {
                open.push(true);
                Role::BlockOpen
            }
            (None, b'(') => {
                open.push(false);
                Role::Open(if std::mem::take(&mut satisfies) { Bracket::Group } else { Bracket::Plain })
            }
            (None, b')' | b']' | b'}') => {
                if open.pop() == Some(true) {
                    Role::BlockClose
                } else {
                    Role::Close
                }
            }
            (None, b',') => Role::Comma,
            (None, b':') => Role::Colon,
            (None, b'=') => Role::Equals,
            _ if at < operator_end => Role::OperatorRest,
            _ => Role::Word,
        };
        let trimmed = text.get(at..end).map_or(end, |token| at + token.trim_end_matches([' ', '\t', '\r']).len());
        tokens.push(Token { start: at, end: trimmed, newlines, role });
        newlines = 0;
        at = end.max(at + 1);
    }
    tokens
}

/// The length of the token that a text begins with.
fn length(text: &str) -> usize {
    let while_in = |inside: &dyn Fn(char) -> bool| text.find(|character| !inside(character)).unwrap_or(text.len());
    let mut characters = text.chars();
    let Some(first) = characters.next() else { return 0 };
    let second = characters.next();
    match first {
        '#' => while_in(&|character| character != '\n'),
        '"' => {
            let mut escaped = true;
            let end = text.find(|character| {
                let ends = character == '"' && !escaped;
                // The opening quote counts as escaped.
                escaped = !escaped && character == '\\';
                ends
            });
            end.map_or(text.len(), |end| end + 1)
        }
        '\'' => text.get(1..).and_then(|rest| rest.find('\'')).map_or(text.len(), |end| end + 2),
        '=' | '!' | '<' | '>' if second == Some('=') => 2,
        _ if first.is_ascii_digit() || (first == '-' && second.is_some_and(|second| second.is_ascii_digit())) => {
            while_in(&|character| character.is_ascii_alphanumeric() || "-:._+".contains(character))
        }
        _ if first.is_ascii_alphabetic() || first == '_' => {
            while_in(&|character| character.is_ascii_alphanumeric() || "_-.".contains(character))
        }
        _ => first.len_utf8(),
    }
}

/// Collects the marks of a pair and of what is in it, in the order of places.
fn mark(pair: Pair<'_, Node>, nested: bool, marks: &mut Vec<(usize, Mark)>) {
    let span = pair.as_span();
    let starts = |line| Some(Mark::Role(Role::Starts(line)));
    let opens = |bracket| Some(Mark::Role(Role::Open(bracket)));
    let which = pair.as_rule();
    let own = match which {
        Node::header | Node::host_block | Node::test_block | Node::rule | Node::when_block | Node::each_block => {
            starts(Line::Block)
        }
        Node::entry => starts(Line::Entry),
        Node::let_item => starts(Line::Let),
        Node::input_item | Node::use_item | Node::waive_item => starts(Line::Other),
        Node::given_host | Node::given_credential | Node::given_subject | Node::given_now => starts(Line::Other),
        Node::expect | Node::expect_nothing => starts(Line::Other),
        Node::given_input => starts(Line::GivenInput),
        Node::given_fact => {
            let has_value = children(pair.clone()).any(|part| part.as_rule() == Node::operand);
            starts(if has_value { Line::GivenFact } else { Line::Other })
        }
        Node::statement => starts(Line::Statement),
        Node::when_clause => starts(Line::When),
        Node::because | Node::fix | Node::see => starts(Line::Clause { nested }),
        Node::on_unknown => starts(Line::OnUnknown { nested }),
        Node::list | Node::causes => opens(Bracket::List),
        Node::map => opens(Bracket::Map),
        Node::group => opens(Bracket::Group),
        Node::kw_count => Some(Mark::Role(Role::Count)),
        Node::kw_satisfies => Some(Mark::Satisfies),
        Node::op_and
        | Node::op_or
        | Node::op_compare
        | Node::op_set
        | Node::op_in
        | Node::op_like
        | Node::op_matches => Some(Mark::Operator { binary: true, end: span.end() }),
        Node::op_is => Some(Mark::Operator { binary: false, end: span.end() }),
        _ => None,
    };
    marks.extend(own.map(|own| (span.start(), own)));
    for child in children(pair) {
        match (which, child.as_rule()) {
            // The reason of an acceptance is a part of it.
            (Node::on_unknown, Node::because) => {}
            (Node::waive_item, Node::reference | Node::kw_waive) => {}
            (Node::waive_item, _) => marks.push((child.as_span().start(), Mark::Role(Role::Part))),
            _ => mark(child, which == Node::bare, marks),
        }
    }
}
