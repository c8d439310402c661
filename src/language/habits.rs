//! Habits from other languages, named in the error: `&&`, `=` for `==`, `title:`, `if`.

/// A habit found in a text, and what to write instead.
pub(super) struct Habit {
    /// Where in the text it stands.
    pub(super) at: usize,
    /// How many bytes of it.
    pub(super) len: usize,
    /// What is wrong.
    pub(super) message: String,
    /// What to write.
    pub(super) help: String,
}

/// Signs of other languages that can never be right, with what to write here.
const SIGNS: [(&str, &str, &str); 9] = [
    ("&&", "`&&` is not an operator here", "write `and`"),
    ("||", "`||` is not an operator here", "write `or`"),
    ("===", "`===` is not an operator here", "write `==`"),
    ("<>", "`<>` is not an operator here", "write `!=`"),
    ("=>", "`=>` is not an operator here", "write `>=` for \"at least\""),
    ("=<", "`=<` is not an operator here", "write `<=`"),
    ("=~", "`=~` is not an operator here", "write `matches` for a pattern, or `like` for a glob"),
    ("!~", "`!~` is not an operator here", "write `not like`, or `not (… matches …)`"),
    (":=", "`:=` is not used here", "a constant is `let name = value`"),
];

/// Words of other languages at the start of a line.
const WORDS: [(&str, &str); 12] = [
    ("if", "a condition is a guard: `when token.kind == classic { … }`"),
    ("unless", "a condition is a guard: `when not (token.kind == classic)`"),
    ("else", "there is no `else`: write a second guard with the opposite condition"),
    ("must", "write `require` (an error) or `prefer` (a warning)"),
    ("should", "write `prefer`"),
    ("deny", "write `forbid`"),
    ("allow", "write `require` or `prefer`; what no statement demands is allowed"),
    ("assert", "write `require`"),
    ("import", "write `use \"base.pol\"`"),
    ("include", "write `use \"base.pol\"`"),
    ("const", "a constant is `let name = value`"),
    ("for", "there are no loops: a statement that reads a repository's fact is checked for each repository in scope"),
];

/// The first habit in a line that could not be read.
pub(super) fn habit(text: &str) -> Option<Habit> {
    let line = text.lines().next().unwrap_or("");
    let word: String =
        line.chars().take_while(|character| character.is_ascii_alphanumeric() || *character == '_').collect();
    if let Some((name, help)) = WORDS.iter().find(|(name, _)| *name == word) {
        return Some(Habit {
            at: 0,
            len: name.len(),
            message: format!("`{name}` is not a word of this language"),
            help: (*help).into(),
        });
    }
    let after = line.get(word.len()..).unwrap_or("").trim_start();
    if !word.is_empty() && word.len() <= 40 && after.starts_with(':') && !after.starts_with(":=") {
        let help = match word.as_str() {
            "title" | "docs" | "edition" => format!("write `{word} = …`"),
            "because" | "fix" | "see" | "by" => format!("write `{word} \"…\"` without the colon"),
            _ => format!("write `{word}` without the colon"),
        };
        return Some(Habit {
            at: 0,
            len: line.len() - after.len() + 1,
            message: format!("no colon stands after `{word}`"),
            help,
        });
    }
    sign(line)
}

/// A habit right after a whole expression.
pub(super) fn after_expression(text: &str) -> Option<Habit> {
    let trimmed = text.trim_start();
    if let Some(found) = sign(trimmed).filter(|habit| habit.at == 0) {
        return Some(found);
    }
    let starts = |sign: &str| trimmed.starts_with(sign);
    let word: String = trimmed.chars().take_while(char::is_ascii_alphabetic).collect();
    let (len, message, help): (usize, String, &str) = if starts("=") && !starts("==") {
        (1, "`=` does not compare".into(), "write `==` to compare; for sets, `covers`, `within` or `overlaps`")
    } else if starts("+") || starts("-") || starts("*") || starts("/") || starts("%") {
        (1, "there is no arithmetic".into(), "compare a fact with a literal: `token.expires_in >= 8d`")
    } else if starts(",") {
        (1, "conditions are not separated by `,`".into(), "write `and`, or a statement for each")
    } else if starts("?") {
        (1, "there is no `?`".into(), "a condition is a guard: `when token.kind == classic { … }`")
    } else if starts("!") && !starts("!=") {
        (1, "`!` is not an operator here".into(), "write `not`, as in `not in [...]`, or `!=`")
    } else {
        let help = match word.as_str() {
            "contains" | "includes" | "has" | "have" | "hasAll" => "write `covers` for sets",
            "subset" | "subsetof" => "write `within`",
            "intersects" => "write `overlaps`",
            "equals" | "eq" => "write `==`",
            "ne" => "write `!=`",
            "gte" | "atleast" => "write `>=`",
            "lte" => "write `<=`",
            "startswith" | "endswith" | "starts" | "ends" => "write `like \"prefix*\"` or `like \"*suffix\"`",
            "null" | "none" => "write `is absent`",
            "if" | "unless" => "put the condition in a guard: `when …`",
            _ => return None,
        };
        (word.len(), format!("`{word}` is not an operator here"), help)
    };
    Some(Habit { at: 0, len, message, help: help.to_owned() })
}

/// The first foreign sign of a line, outside strings.
fn sign(line: &str) -> Option<Habit> {
    let mut quote: Option<char> = None;
    for (at, character) in line.char_indices() {
        match quote {
            Some(open) if open == character => quote = None,
            Some(_) => {}
            None if matches!(character, '"' | '\'') => quote = Some(character),
            None => {
                let rest = line.get(at..).unwrap_or("");
                if let Some((sign, message, help)) = SIGNS.iter().find(|(sign, ..)| rest.starts_with(sign)) {
                    return Some(Habit { at, len: sign.len(), message: (*message).into(), help: (*help).into() });
                }
            }
        }
    }
    None
}
