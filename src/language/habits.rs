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

/// What to write for a name with a value.
const NAMED: &str = "a constant is `let name = value`, and what `--set` gives is `input name: string`";
/// What stands for functions and loops.
const EACH: &str =
    "there are no loops: a statement that reads a repository's fact is checked for each repository in scope";
const CALLS: &str = "there are no functions: a condition used twice is a guard around rules, `when … { … }`";
const EXEMPT: &str =
    "an exception with an end is `waive RULE until 2026-12-31 because \"…\"`; a rule is narrowed by `when`";

/// Words of other languages at the start of a line.
const WORDS: [(&str, &str); 49] = [
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
    ("const", NAMED),
    ("var", NAMED),
    ("val", NAMED),
    ("set", NAMED),
    ("local", NAMED),
    ("locals", NAMED),
    ("define", NAMED),
    ("static", NAMED),
    ("export", NAMED),
    ("variable", NAMED),
    ("param", NAMED),
    ("parameter", NAMED),
    ("for", EACH),
    ("foreach", EACH),
    ("while", EACH),
    ("loop", EACH),
    ("function", CALLS),
    ("func", CALLS),
    ("fn", CALLS),
    ("def", CALLS),
    ("return", CALLS),
    ("class", CALLS),
    ("struct", CALLS),
    ("ignore", EXEMPT),
    ("skip", EXEMPT),
    ("exempt", EXEMPT),
    ("suppress", EXEMPT),
    ("disable", EXEMPT),
    ("disallow", "write `forbid`"),
    ("reject", "write `forbid`"),
    ("ban", "write `forbid`"),
    ("never", "write `forbid`"),
    ("ensure", "write `require`"),
    ("need", "write `require`"),
    ("needs", "write `require`"),
    ("check", "write `require` (an error) or `prefer` (a warning)"),
    ("warn", "write `prefer` for what should hold, or `avoid` for what should not"),
    ("recommend", "write `prefer`"),
    ("discourage", "write `avoid`"),
];

/// The fact that a text ends with, to speak of in help.
pub(super) fn fact_before(before: &str) -> Option<&str> {
    let before = before.trim_end();
    let is_name = |character: char| character.is_ascii_alphanumeric() || matches!(character, '_' | '-' | '.');
    let start = before.rfind(|character| !is_name(character)).map_or(0, |at| at + 1);
    before.get(start..).filter(|name| name.contains('.') && name.len() <= 60)
}

/// The letter of a duration for a unit as people write it.
pub(super) fn unit(word: &str) -> Option<&'static str> {
    Some(match word.to_ascii_lowercase().as_str() {
        "s" | "sec" | "secs" | "second" | "seconds" => "s",
        "m" | "min" | "mins" | "minute" | "minutes" => "m",
        "h" | "hr" | "hrs" | "hour" | "hours" => "h",
        "d" | "day" | "days" => "d",
        "w" | "week" | "weeks" => "w",
        _ => return None,
    })
}

/// A number that stands before a unit, with a space between: `7 days`.
pub(super) fn spaced_duration(before: &str, text: &str) -> Option<(usize, String)> {
    let before = before.trim_end();
    let number =
        before.get(before.rfind(|character: char| !character.is_ascii_alphanumeric()).map_or(0, |at| at + 1)..)?;
    let word: String = text.chars().take_while(char::is_ascii_alphanumeric).collect();
    if number.is_empty() || !number.starts_with(|first: char| first.is_ascii_digit()) {
        return None;
    }
    if number.chars().all(|character| character.is_ascii_digit()) {
        if let Some(unit) = unit(&word) {
            return Some((word.len(), format!("write `{number}{unit}`")));
        }
        let long =
            matches!(word.to_ascii_lowercase().as_str(), "mo" | "month" | "months" | "y" | "yr" | "year" | "years");
        return long.then(|| {
            (word.len(), "months and years differ in length: write days, such as `90d` or `366d`".to_owned())
        });
    }
    // `1d 12h`
    let whole = number.ends_with(['s', 'm', 'h', 'd', 'w']);
    let more = word.starts_with(|first: char| first.is_ascii_digit()) && word.ends_with(['s', 'm', 'h', 'd', 'w']);
    (whole && more).then(|| (word.len(), "write it in the smaller unit alone, such as `36h`".to_owned()))
}

/// Whether a text at the top of a file is YAML or JSON: what follows on its other lines is the same mistake.
pub(super) fn other_format(text: &str) -> Option<&'static str> {
    let line = text.lines().next().unwrap_or("").trim();
    let key = line.split_once(':').filter(|(key, rest)| {
        let is_key = |character: char| character.is_ascii_alphanumeric() || matches!(character, '_' | '-' | '"');
        !key.is_empty() && key.chars().all(is_key) && (rest.is_empty() || rest.starts_with(' '))
    });
    if line.starts_with(['{', '[']) && text.contains(['"', ':']) {
        return Some("JSON");
    }
    (key.is_some() || line == "---" || line.starts_with("- ")).then_some("YAML")
}

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
            "name" | "description" | "message" | "severity" | "level" | "id" => {
                "a rule is `rule NAME \"title\" { … }`, and `require` or `prefer` says how grave it is".to_owned()
            }
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
            "excludes" | "lacks" | "omits" | "misses" | "without" | "doesnt" | "does" | "hasnt" | "disjoint" => {
                "to have none of a set is `not FACT overlaps [...]`, as in `forbid token.scopes overlaps [\"admin:org\"]`"
            }
            "differs" | "unequal" | "isnt" => "write `!=`",
            "gt" | "over" | "above" | "after" | "more" | "greater" | "exceeds" => "write `>`",
            "lt" | "under" | "below" | "before" | "less" | "fewer" => "write `<`",
            "atmost" => "write `<=`",
            "present" | "exists" | "defined" => "write `is not absent`",
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
