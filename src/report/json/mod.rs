//! JSON for programs. Shapes are frozen in versioned files; keys stay, new ones may join.

pub mod v1;
mod values;

use std::io;

use crate::text::redact::Redactor;
use crate::text::untrusted;

/// Writes a document: indented, with a last newline, redacted, harmless for terminals and CI logs.
///
/// # Errors
/// The sink's.
pub fn write(document: &impl serde::Serialize, redactor: &Redactor, sink: &mut dyn io::Write) -> io::Result<()> {
    let mut text = serde_json::to_string_pretty(document).map_err(io::Error::other)?;
    text.push('\n');
    sink.write_all(harmless(&redactor.redact(&text)).as_bytes())
}

/// The same JSON value in characters that neither a terminal nor a CI runner acts on. Outside of strings JSON has only
/// ASCII without `#`, so escapes go where they are allowed.
fn harmless(text: &str) -> String {
    let mut output = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let after = rest.get(character.len_utf8()..).unwrap_or("");
        // `##[`, `##vso[`, `##teamcity[`, whatever comes next: two number signs begin a runner's command.
        let command = rest.starts_with("##");
        if command || (character != '\n' && untrusted::is_dangerous(character)) {
            let mut units = [0; 2];
            for unit in character.encode_utf16(&mut units) {
                output.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            output.push(character);
        }
        rest = after;
    }
    output
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::token_shapes;

    #[test]
    fn commands_and_controls_are_escaped_and_keep_their_value() {
        let hostile = "##vso[task.setvariable]x ##[error] \u{1b}[2J \u{9b}2J \u{202e}abc ##teamcity[x]";
        let mut bytes = Vec::new();
        write(&serde_json::json!({ "name": hostile }), &Redactor::new(token_shapes()), &mut bytes).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        for bad in ["##", "\u{1b}", "\u{9b}", "\u{202e}"] {
            assert!(!text.contains(bad), "{bad:?} in {text}");
        }
        let read: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(read["name"], hostile);
    }
}
