//! A small GraphQL parser: what is needed to tell queries from changes and to read their fields. Bounded in depth.

/// A parsed document.
#[derive(Debug, Default)]
pub(super) struct Document {
    pub(super) operations: Vec<Operation>,
    pub(super) fragments: Vec<Fragment>,
}

/// What an operation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OperationKind {
    Query,
    Mutation,
    Subscription,
}

/// One operation.
#[derive(Debug)]
pub(super) struct Operation {
    pub(super) kind: OperationKind,
    pub(super) name: Option<String>,
    pub(super) selection: Vec<Selection>,
}

/// A named fragment.
#[derive(Debug)]
pub(super) struct Fragment {
    pub(super) name: String,
    pub(super) selection: Vec<Selection>,
}

/// One entry of a selection.
#[derive(Debug)]
pub(super) enum Selection {
    Field(Field),
    Spread(String),
    Inline(Vec<Selection>),
}

/// A field.
#[derive(Debug)]
pub(super) struct Field {
    /// The key of the answer: the alias, or the name.
    pub(super) alias: String,
    pub(super) name: String,
    pub(super) arguments: Vec<(String, Argument)>,
    pub(super) selection: Vec<Selection>,
    pub(super) line: usize,
    pub(super) column: usize,
}

/// An argument's value.
#[derive(Debug)]
pub(super) enum Argument {
    Text(String),
    Variable(String),
    /// A number, list or object: nothing here reads these.
    Other,
}

/// The deepest nesting of selections and values.
const DEPTH_CAP: usize = 32;

/// Parses a document.
///
/// # Errors
/// Where it stops making sense, in words.
pub(super) fn document(text: &str) -> Result<Document, String> {
    let mut parser = Parser { tokens: tokens(text)?, position: 0 };
    let mut document = Document::default();
    while let Some(token) = parser.peek() {
        match token {
            Token::Punctuation('{') => {
                let selection = parser.selection(0)?;
                document.operations.push(Operation { kind: OperationKind::Query, name: None, selection });
            }
            Token::Name(word) if word == "fragment" => {
                parser.next();
                let name = parser.name()?;
                // `on Type`, and directives.
                parser.skip_to_selection(0)?;
                let selection = parser.selection(0)?;
                document.fragments.push(Fragment { name, selection });
            }
            Token::Name(word) => {
                let kind = match word.as_str() {
                    "query" => OperationKind::Query,
                    "mutation" => OperationKind::Mutation,
                    "subscription" => OperationKind::Subscription,
                    other => return Err(format!("\"{other}\"")),
                };
                parser.next();
                let name = if let Some(Token::Name(_)) = parser.peek() { Some(parser.name()?) } else { None };
                // Variable definitions, and directives.
                parser.skip_to_selection(0)?;
                let selection = parser.selection(0)?;
                document.operations.push(Operation { kind, name, selection });
            }
            other => return Err(other.shown()),
        }
    }
    if document.operations.is_empty() { Err("an empty document".to_owned()) } else { Ok(document) }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Name(String),
    Text(String),
    Number,
    Variable(String),
    Spread,
    Punctuation(char),
}

impl Token {
    fn shown(&self) -> String {
        match self {
            Self::Name(name) | Self::Text(name) => format!("\"{name}\""),
            Self::Number => "a number".to_owned(),
            Self::Variable(name) => format!("\"${name}\""),
            Self::Spread => "\"...\"".to_owned(),
            Self::Punctuation(one) => format!("\"{one}\""),
        }
    }
}

/// A token with its line and column, from 1.
type Placed = (Token, usize, usize);

/// Splits a document; commas are white space, `#` starts a comment.
fn tokens(text: &str) -> Result<Vec<Placed>, String> {
    let mut tokens = Vec::new();
    let mut characters = text.chars().peekable();
    let (mut line, mut column) = (1, 0);
    while let Some(one) = characters.next() {
        column += 1;
        let start = column;
        let is_word = |one: &char| one.is_ascii_alphanumeric() || *one == '_';
        let mut word = |first: Option<char>, column: &mut usize| {
            let mut word: String = first.into_iter().collect();
            while let Some(next) = characters.next_if(is_word) {
                *column += 1;
                word.push(next);
            }
            word
        };
        let token = match one {
            '\n' => {
                line += 1;
                column = 0;
                continue;
            }
            ' ' | '\t' | '\r' | ',' | '\u{feff}' => continue,
            '#' => {
                while characters.next_if(|next| *next != '\n').is_some() {}
                continue;
            }
            'a'..='z' | 'A'..='Z' | '_' => Token::Name(word(Some(one), &mut column)),
            '0'..='9' | '-' => {
                word(None, &mut column);
                Token::Number
            }
            '$' => Token::Variable(word(None, &mut column)),
            '"' => {
                let mut content = String::new();
                loop {
                    column += 1;
                    match characters.next() {
                        Some('"') => break,
                        Some('\\') => {
                            column += 1;
                            content.extend(characters.next());
                        }
                        Some('\n') | None => return Err("an unterminated string".to_owned()),
                        Some(other) => content.push(other),
                    }
                }
                Token::Text(content)
            }
            '.' => {
                while characters.next_if_eq(&'.').is_some() {
                    column += 1;
                }
                Token::Spread
            }
            '{' | '}' | '(' | ')' | '[' | ']' | ':' | '=' | '!' | '@' | '|' | '&' => Token::Punctuation(one),
            other => return Err(format!("\"{}\"", other.escape_default())),
        };
        tokens.push((token, line, start));
    }
    Ok(tokens)
}

struct Parser {
    tokens: Vec<Placed>,
    position: usize,
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.position).map(|(token, ..)| token)
    }

    fn next(&mut self) -> Option<Placed> {
        let token = self.tokens.get(self.position).cloned();
        self.position += 1;
        token
    }

    fn takes(&mut self, punctuation: char) -> bool {
        let found = self.peek() == Some(&Token::Punctuation(punctuation));
        self.position += usize::from(found);
        found
    }

    fn name(&mut self) -> Result<String, String> {
        match self.next() {
            Some((Token::Name(name), ..)) => Ok(name),
            Some((other, ..)) => Err(other.shown()),
            None => Err("the end of the document".to_owned()),
        }
    }

    /// Skips whatever stands before a selection, brackets whole.
    fn skip_to_selection(&mut self, depth: usize) -> Result<(), String> {
        loop {
            match self.peek() {
                Some(Token::Punctuation('{')) => return Ok(()),
                Some(Token::Punctuation('(')) => self.bracket(depth)?,
                Some(_) => self.position += 1,
                None => return Err("the end of the document".to_owned()),
            }
        }
    }

    /// Skips a bracket and what is in it.
    fn bracket(&mut self, depth: usize) -> Result<(), String> {
        if depth > DEPTH_CAP {
            return Err("brackets nested too deeply".to_owned());
        }
        self.position += 1;
        loop {
            match self.peek() {
                Some(Token::Punctuation('(' | '[' | '{')) => self.bracket(depth + 1)?,
                Some(Token::Punctuation(')' | ']' | '}')) => {
                    self.position += 1;
                    return Ok(());
                }
                Some(_) => self.position += 1,
                None => return Err("the end of the document".to_owned()),
            }
        }
    }

    fn selection(&mut self, depth: usize) -> Result<Vec<Selection>, String> {
        if depth > DEPTH_CAP {
            return Err("selections nested too deeply".to_owned());
        }
        if !self.takes('{') {
            return Err(self.peek().map_or("the end of the document".to_owned(), Token::shown));
        }
        let mut selection = Vec::new();
        while !self.takes('}') {
            if self.peek() == Some(&Token::Spread) {
                self.position += 1;
                match self.peek() {
                    Some(Token::Name(word)) if word != "on" => selection.push(Selection::Spread(self.name()?)),
                    _ => {
                        self.skip_to_selection(depth)?;
                        selection.push(Selection::Inline(self.selection(depth + 1)?));
                    }
                }
                continue;
            }
            selection.push(Selection::Field(self.field(depth)?));
        }
        Ok(selection)
    }

    fn field(&mut self, depth: usize) -> Result<Field, String> {
        let (line, column) = self.tokens.get(self.position).map_or((0, 0), |(_, line, column)| (*line, *column));
        let alias = self.name()?;
        let name = if self.takes(':') { self.name()? } else { alias.clone() };
        let mut arguments = Vec::new();
        if self.takes('(') {
            while !self.takes(')') {
                let argument = self.name()?;
                if !self.takes(':') {
                    return Err(format!("\"{argument}\""));
                }
                arguments.push((argument, self.value(depth)?));
            }
        }
        while self.takes('@') {
            self.name()?;
            if self.peek() == Some(&Token::Punctuation('(')) {
                self.bracket(depth)?;
            }
        }
        let inner = self.peek() == Some(&Token::Punctuation('{'));
        let selection = if inner { self.selection(depth + 1)? } else { Vec::new() };
        Ok(Field { alias, name, arguments, selection, line, column })
    }

    fn value(&mut self, depth: usize) -> Result<Argument, String> {
        if matches!(self.peek(), Some(Token::Punctuation('[' | '{'))) {
            self.bracket(depth)?;
            return Ok(Argument::Other);
        }
        match self.next() {
            Some((Token::Text(text), ..)) => Ok(Argument::Text(text)),
            Some((Token::Variable(name), ..)) => Ok(Argument::Variable(name)),
            Some((Token::Name(_) | Token::Number, ..)) => Ok(Argument::Other),
            Some((other, ..)) => Err(other.shown()),
            None => Err("the end of the document".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_with_variables_and_a_fragment_is_read() {
        let text = "query($o0:String!, $n0: String! = \"x\") {\n  viewer{login}\n  r0: repository(owner:$o0, name:\"infra\") { ...F }\n}\n\
                    fragment F on Repository { databaseId ... on Node { id } } # end";
        let document = document(text).unwrap();
        assert_eq!(document.operations.len(), 1);
        assert_eq!(document.operations[0].kind, OperationKind::Query);
        let Selection::Field(field) = &document.operations[0].selection[1] else { panic!("a field") };
        assert_eq!((field.alias.as_str(), field.name.as_str()), ("r0", "repository"));
        assert_eq!((field.line, field.column), (3, 3));
        assert!(matches!(&field.arguments[0].1, Argument::Variable(name) if name == "o0"));
        assert!(matches!(&field.arguments[1].1, Argument::Text(text) if text == "infra"));
        assert_eq!(document.fragments[0].name, "F");
    }

    #[test]
    fn changes_are_told_apart_and_nonsense_is_refused() {
        let mutation = document("mutation M { deleteRef(input: {refId: \"x\"}) { clientMutationId } }").unwrap();
        assert_eq!(mutation.operations[0].kind, OperationKind::Mutation);
        for bad in ["", "{", "{ a", "}", "query", "{ a(b: ) }", "{ \"a\" }", "{ a(b: \"x) }", "{ ; }", "fragment F on"]
        {
            assert!(document(bad).is_err(), "{bad}");
        }
        assert!(document(&"{a".repeat(10_000)).is_err());
        assert!(document(&format!("{{a(b: {}", "[".repeat(10_000))).is_err());
    }
}
