//! Tokens → the elements of each block, with the comments where they belong.

use super::super::syntax::{Bracket, Line, Role, Token};

/// A part of a line: a token, a comment, or brackets with what is in them.
pub(super) enum Part<'t> {
    Token(&'t Token),
    Comment(&'t Token),
    Bracket { kind: Bracket, open: &'t Token, inside: Vec<Self>, close: Option<&'t Token> },
}

impl<'t> Part<'t> {
    /// The token that it begins with.
    pub(super) fn first(&self) -> &'t Token {
        match self {
            Self::Token(token) | Self::Comment(token) | Self::Bracket { open: token, .. } => token,
        }
    }

    /// How many line ends stand before it.
    pub(super) fn newlines(&self) -> usize {
        self.first().newlines
    }

    pub(super) fn is_comment(&self) -> bool {
        matches!(self, Self::Comment(_))
    }
}

/// Something with lines of its own.
pub(super) struct Element<'t> {
    /// Whether a blank line stands before it.
    pub(super) blank: bool,
    pub(super) what: What<'t>,
    /// The comment at the end of its last line.
    pub(super) trailing: Option<&'t Token>,
}

pub(super) enum What<'t> {
    /// A comment on a line of its own.
    Comment(&'t Token),
    /// A line, however many lines it takes.
    Line { line: Line, parts: Vec<Part<'t>> },
    /// A header, the comment after its brace, and what stands between the braces.
    Block { header: Vec<Part<'t>>, opening: Option<&'t Token>, body: Vec<Element<'t>> },
}

/// The elements of a file.
pub(super) fn elements(tokens: &[Token]) -> Vec<Element<'_>> {
    Builder { tokens, at: 0 }.elements(&mut None)
}

struct Builder<'t> {
    tokens: &'t [Token],
    at: usize,
}

impl<'t> Builder<'t> {
    fn peek(&self) -> Option<&'t Token> {
        self.tokens.get(self.at)
    }

    fn next(&mut self) -> Option<&'t Token> {
        let token = self.peek();
        self.at += usize::from(token.is_some());
        token
    }

    /// The elements up to the block's end. `opening` is where the comment after the opening brace goes.
    fn elements(&mut self, opening: &mut Option<&'t Token>) -> Vec<Element<'t>> {
        let mut elements: Vec<Element<'t>> = Vec::new();
        let in_block = self.at > 0;
        while let Some(token) = self.peek() {
            let blank = token.newlines > 1;
            let element = match token.role {
                Role::BlockClose => break,
                Role::Comment => {
                    self.at += 1;
                    let at_an_end = token.newlines == 0;
                    match elements.last_mut() {
                        Some(last)
                            if at_an_end && last.trailing.is_none() && !matches!(last.what, What::Comment(_)) =>
                        {
                            last.trailing = Some(token);
                            continue;
                        }
                        None if at_an_end && in_block && opening.is_none() => {
                            *opening = Some(token);
                            continue;
                        }
                        _ => Element { blank, what: What::Comment(token), trailing: None },
                    }
                }
                Role::Starts(Line::Block) => Element { blank, what: self.block(), trailing: None },
                Role::Starts(line) => {
                    let start = self.at;
                    let mut parts = self.parts(line);
                    // Comments at the end are the block's; they are met again.
                    while parts.last().is_some_and(Part::is_comment) {
                        parts.pop();
                        self.at -= 1;
                    }
                    debug_assert!(self.at > start, "a line has its first word");
                    Element { blank, what: What::Line { line, parts }, trailing: None }
                }
                // Every token of a readable file belongs to a line; one that does not is kept as a line.
                _ => {
                    self.at += 1;
                    Element {
                        blank,
                        what: What::Line { line: Line::Other, parts: vec![Part::Token(token)] },
                        trailing: None,
                    }
                }
            };
            elements.push(element);
        }
        elements
    }

    fn block(&mut self) -> What<'t> {
        let mut header = self.parts(Line::Block);
        let comments = header.iter().rev().take_while(|part| part.is_comment()).count();
        let moved = header.split_off(header.len() - comments);
        self.at += usize::from(self.peek().is_some_and(|token| token.role == Role::BlockOpen));
        // Comments before the brace go behind it.
        let (mut opening, mut body) = (None, Vec::new());
        for part in moved {
            let comment = part.first();
            if opening.is_none() && body.is_empty() && comment.newlines == 0 {
                opening = Some(comment);
            } else {
                body.push(Element { blank: false, what: What::Comment(comment), trailing: None });
            }
        }
        if body.is_empty() {
            body = self.elements(&mut opening);
        } else {
            // The comments before take the place after the brace.
            let mut taken = opening.or(Some(&END));
            body.extend(self.elements(&mut taken));
        }
        self.at += usize::from(self.peek().is_some());
        What::Block { header, opening, body }
    }

    /// The parts of a line, up to what has a line of its own, or to a brace of a block.
    fn parts(&mut self, line: Line) -> Vec<Part<'t>> {
        let mut parts = Vec::new();
        let mut joined_until = self.at;
        while let Some(token) = self.peek() {
            match token.role {
                Role::BlockOpen | Role::BlockClose => break,
                Role::Starts(next) if self.at > joined_until => match self.joined(line, next) {
                    Some(until) => joined_until = until,
                    None => break,
                },
                _ => {}
            }
            parts.extend(self.part());
        }
        parts
    }

    /// Whether the clause here stands on its statement's line, and so belongs to that statement alone: the position up
    /// to which it and what is between belong to the line.
    fn joined(&self, line: Line, next: Line) -> Option<usize> {
        if line != Line::Statement {
            return None;
        }
        let mut next = next;
        let mut at = self.at;
        loop {
            let token = self.tokens.get(at)?;
            match (next, token.newlines) {
                (Line::Clause { .. } | Line::OnUnknown { .. }, 0) => return Some(at),
                // A guard is the rule's wherever it stands, so it gets a line of its own, but for one before a clause
                // that is the statement's.
                (Line::When, 0) => {}
                _ => return None,
            }
            loop {
                at += 1;
                let token = self.tokens.get(at)?;
                match token.role {
                    Role::Starts(line) => {
                        next = line;
                        break;
                    }
                    _ if token.newlines > 0 => return None,
                    _ => {}
                }
            }
        }
    }

    fn part(&mut self) -> Option<Part<'t>> {
        let token = self.next()?;
        Some(match token.role {
            Role::Comment => Part::Comment(token),
            Role::Open(kind) => {
                let mut inside = Vec::new();
                while self.peek().is_some_and(|token| token.role != Role::Close) {
                    inside.extend(self.part());
                }
                Part::Bracket { kind, open: token, inside, close: self.next() }
            }
            _ => Part::Token(token),
        })
    }
}

/// Stands for a place that is taken.
static END: Token = Token { start: 0, end: 0, newlines: 0, role: Role::Comment };
