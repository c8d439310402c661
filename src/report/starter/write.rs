//! The one place where values become policy text. What hosts and operators say is untrusted here: it becomes a literal that
//! is only a literal, a comment that is only a comment, or nothing.

use crate::facts::{PermissionMap, Value};
use crate::text::redact::Redactor;
use crate::text::untrusted::{self, Sink};
use crate::vocabulary::{NameSet, NameTable, PermissionTable};

/// The width of comments and of lists that stay on one line.
const WIDTH: usize = 110;
/// The longest text of somebody else's that becomes a literal.
const LONGEST: usize = 256;
/// The longest text of somebody else's that a comment repeats.
const LONGEST_SAID: usize = 300;

/// A string as a literal; `None` for what a policy must not hold: a secret, what looks like one, or more than a name.
///
/// Only what is plainly harmless stands as it is. The rest is escaped, so that it cannot end the string, read differently
/// from what it is, begin an interpolation or be a command to a CI system.
pub(super) fn string(text: &str, redactor: &Redactor) -> Option<String> {
    if text.chars().count() > LONGEST || redactor.redact(text) != text {
        return None;
    }
    let mut literal = String::with_capacity(text.len() + 2);
    literal.push('"');
    for character in text.chars() {
        let plain = (character.is_alphanumeric() && !untrusted::is_dangerous(character))
            || matches!(character, ' ' | '.' | '_' | '-' | '@' | '/' | '+' | '*' | '?' | '[' | ']' | '~' | '`' | '\'');
        match (plain, u32::from(character)) {
            (true, _) => literal.push(character),
            (false, code @ 0..=0xffff) => literal.push_str(&format!("\\u{code:04x}")),
            (false, code) => literal.push_str(&format!("\\U{code:08x}")),
        }
    }
    literal.push('"');
    // Escapes can bring a secret's own escaped form.
    (redactor.redact(&literal) == literal).then_some(literal)
}

/// A text as comment lines, wrapped, each with `# ` before it; the lines of a thing in a list (`- …`, `1. …`) stand one
/// below the other. An empty text is an empty comment.
pub(super) fn comment(text: &str, redactor: &Redactor) -> String {
    let clean = untrusted::one_line(&redactor.redact(text), Sink::Terminal);
    let listed = clean.starts_with("- ") || clean.starts_with(|first: char| first.is_ascii_digit());
    let further = if !listed {
        "#"
    } else if clean.starts_with('-') {
        "#  "
    } else {
        "#   "
    };
    let mut lines = String::new();
    let mut line = String::from("#");
    for word in clean.split(' ').filter(|word| !word.is_empty()) {
        if line.chars().count() + 1 + word.chars().count() > WIDTH && line.len() > 1 {
            lines.push_str(&line);
            lines.push('\n');
            line = further.to_owned();
        }
        line.push(' ');
        line.push_str(word);
    }
    lines.push_str(&line);
    lines.push('\n');
    lines
}

/// What a comment may repeat of somebody else's text: not more than a few lines. What is secret is masked before it is cut,
/// because half a secret is not known for one.
pub(super) fn said(text: &str, redactor: &Redactor) -> String {
    let text = redactor.redact(text);
    match text.char_indices().nth(LONGEST_SAID) {
        None => text.into_owned(),
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or("")),
    }
}

/// A list: on one line where it fits, else one thing a line.
pub(super) fn list(items: &[String]) -> String {
    brackets("[", "]", items)
}

/// A map, laid out as a list is.
fn map(entries: &[String]) -> String {
    if entries.is_empty() { "{}".to_owned() } else { brackets("{ ", " }", entries) }
}

fn brackets(open: &str, close: &str, items: &[String]) -> String {
    let one = format!("{open}{}{close}", items.join(", "));
    if one.chars().count() <= WIDTH - 30 {
        return one;
    }
    let lines: String = items.iter().map(|item| format!("  {item},\n")).collect();
    format!("{}\n{lines}{}", open.trim_end(), close.trim_start())
}

/// Names as a list, without those that others of them imply and without those that the table does not have.
pub(super) fn names(set: &NameSet) -> String {
    let known: Vec<&str> = set.names().into_iter().filter(|name| set.table().position(name).is_some()).collect();
    let implied =
        |name: &str| known.iter().any(|other| *other != name && NameSet::new(set.table(), [*other]).grants(name));
    let least: Vec<String> =
        known.iter().filter(|name| !implied(name)).map(|name| name_of(set.table(), name)).collect();
    list(&least)
}

/// A name of a table, which is harmless.
fn name_of(table: &NameTable, name: &str) -> String {
    if table.words { name.to_owned() } else { format!("\"{name}\"") }
}

/// Permissions as a map, with those that the table does not have apart.
pub(super) fn permissions(granted: &PermissionMap, table: &PermissionTable) -> (String, Vec<String>) {
    let (mut entries, mut unknown) = (Vec::new(), Vec::new());
    for (name, level) in granted {
        let row = table.permissions.iter().find(|row| row.name == name);
        match row.and_then(|row| row.levels.iter().find(|known| *known == level)) {
            Some(level) => entries.push(format!("{name} = {level}")),
            None if level == "none" => {}
            None => unknown.push(format!("{name} = {level}")),
        }
    }
    (map(&entries), unknown)
}

/// A value as a literal; `None` where the language has none for it, or must not have one.
pub(super) fn value(value: &Value, redactor: &Redactor) -> Option<String> {
    match value {
        Value::Bool(known) => Some(known.to_string()),
        Value::Integer(known) => Some(known.to_string()),
        Value::String(known) => string(known, redactor),
        Value::Address(known) => string(known.whole()?, redactor),
        Value::Version(known) => string(known.as_str(), redactor),
        Value::Word(known) => Some((*known).to_owned()),
        Value::Names(known) => Some(names(known)),
        Value::Strings(known) => {
            known.iter().map(|item| string(item, redactor)).collect::<Option<Vec<String>>>().map(|items| list(&items))
        }
        Value::Time(known) => {
            // Whole seconds, and four digits of the year: what the language reads.
            let text = known.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
            (text.len() == 20).then_some(text)
        }
        Value::Duration(_) | Value::Permissions(_) | Value::Records(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::secret::Secret;
    use crate::vocabulary::token_shapes;

    #[test]
    fn literals_hold_nothing_but_a_string() {
        let redactor = Redactor::new(token_shapes());
        let literal = |text: &str| string(text, &redactor);
        assert_eq!(literal("acme[bot]").as_deref(), Some("\"acme[bot]\""));
        assert_eq!(literal("a\"b\\c").as_deref(), Some("\"a\\u0022b\\u005cc\""));
        assert_eq!(literal("${x} #\n\u{202e}").as_deref(), Some("\"\\u0024\\u007bx\\u007d \\u0023\\u000a\\u202e\""));
        assert_eq!(literal("\u{1f600}").as_deref(), Some("\"\\U0001f600\""));
        assert_eq!(literal(&"x".repeat(LONGEST + 1)), None);
        assert_eq!(literal(&["ghp", &"x1".repeat(18)].join("_")), None, "what looks like a token");
        let redactor = Redactor::new(token_shapes());
        redactor.add(&Secret::token("correct-horse-battery").unwrap());
        assert_eq!(string("correct-horse-battery", &redactor), None);
    }

    #[test]
    fn comments_stay_comments() {
        let redactor = Redactor::new(token_shapes());
        let text = comment("a\nrule x { }\r\n##vso[task]\u{1b}[2J\u{2028}b", &redactor);
        assert_eq!(text.lines().count(), 1);
        assert!(text.starts_with("# a rule x { }"), "{text}");
        assert!(!text.contains("##vso[") && !text.contains('\u{1b}') && !text.contains('\u{2028}'), "{text}");
        let text = comment(&"word ".repeat(60), &redactor);
        assert!(text.lines().count() > 1 && text.lines().all(|line| line.starts_with("# ") && line.len() <= WIDTH));
        assert_eq!(comment("", &redactor), "#\n");
    }
}
