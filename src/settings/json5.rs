//! JSON5 as bots take it in variables, read by turning it into JSON.
//!
//! Read are comments, names and single quotes for keys and strings, commas at the end, and a sign before numbers. What
//! else JSON5 has (hexadecimal numbers, infinity) says nothing that settings need and counts as unreadable.

use std::iter::Peekable;
use std::str::Chars;

use serde_json::Value;

/// The value of a text, `None` where it is no JSON5.
pub(super) fn parse(text: &str) -> Option<Value> {
    // The plain way first: it is what most write.
    serde_json::from_str(text).ok().or_else(|| serde_json::from_str(&to_json(text)?).ok())
}

/// The same value as JSON.
fn to_json(text: &str) -> Option<String> {
    let mut json = String::with_capacity(text.len() + 16);
    let mut rest = text.trim_start_matches('\u{FEFF}').chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '/' => comment(&mut rest)?,
            '"' | '\'' => json.push_str(&Value::String(string(&mut rest, character)?).to_string()),
            ']' | '}' => {
                let whole = json.trim_end().strip_suffix(',').map(str::len);
                // A comma with nothing before it stays, and is refused by the reader.
                if let Some(end) =
                    whole.filter(|end| !json.get(..*end).unwrap_or("").trim_end().ends_with(['[', '{', ',']))
                {
                    json.truncate(end);
                }
                json.push(character);
            }
            '+' => {}
            letter if letter.is_alphabetic() || matches!(letter, '_' | '$') => {
                let mut word = String::from(letter);
                while let Some(next) = rest.next_if(|next| next.is_alphanumeric() || matches!(next, '_' | '$')) {
                    word.push(next);
                }
                match word.as_str() {
                    "true" | "false" | "null" if !is_key(&rest) => json.push_str(&word),
                    _ => json.push_str(&Value::String(word).to_string()),
                }
            }
            digit if digit.is_ascii_digit() || matches!(digit, '.' | '-') => {
                if digit == '.' {
                    json.push('0');
                }
                json.push(digit);
                // The letter of an exponent belongs to the number.
                while let Some(next) =
                    rest.next_if(|next| next.is_ascii_alphanumeric() || matches!(next, '.' | '+' | '-'))
                {
                    json.push(next);
                }
            }
            other if other.is_whitespace() => json.push(' '),
            other => json.push(other),
        }
    }
    Some(json)
}

/// Whether a colon comes next.
fn is_key(rest: &Peekable<Chars<'_>>) -> bool {
    rest.clone().find(|next| !next.is_whitespace()) == Some(':')
}

/// What follows the first slash of a comment, up to its end.
fn comment(rest: &mut Peekable<Chars<'_>>) -> Option<()> {
    match rest.next()? {
        '/' => {
            while rest.next_if(|next| *next != '\n').is_some() {}
            Some(())
        }
        '*' => {
            let mut before = ' ';
            loop {
                let next = rest.next()?;
                if before == '*' && next == '/' {
                    return Some(());
                }
                before = next;
            }
        }
        _ => None,
    }
}

/// A string up to its quote.
fn string(rest: &mut Peekable<Chars<'_>>, quote: char) -> Option<String> {
    let mut text = String::new();
    loop {
        match rest.next()? {
            '\\' => match rest.next()? {
                'n' => text.push('\n'),
                't' => text.push('\t'),
                'r' => text.push('\r'),
                'b' => text.push('\u{8}'),
                'f' => text.push('\u{c}'),
                'v' => text.push('\u{b}'),
                '0' => text.push('\0'),
                'u' => {
                    let unit = |rest: &mut Peekable<Chars<'_>>| code(rest, 4);
                    let first = unit(rest)?;
                    let character = if (0xD800..0xDC00).contains(&first) {
                        (rest.next()? == '\\' && rest.next()? == 'u').then_some(())?;
                        char::decode_utf16([u16::try_from(first).ok()?, u16::try_from(unit(rest)?).ok()?])
                            .next()?
                            .ok()?
                    } else {
                        char::from_u32(first)?
                    };
                    text.push(character);
                }
                'x' => text.push(char::from_u32(code(rest, 2)?)?),
                '\n' => {}
                other => text.push(other),
            },
            '\n' => return None,
            end if end == quote => return Some(text),
            other => text.push(other),
        }
    }
}

/// So many hexadecimal digits.
fn code(rest: &mut Peekable<Chars<'_>>, digits: usize) -> Option<u32> {
    (0..digits).try_fold(0, |code, _| Some(code * 16 + rest.next()?.to_digit(16)?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn what_people_write_in_variables_is_read() {
        for (text, value) in [
            (r#"{"a": ["b/c", {"d": null}]}"#, json!({"a": ["b/c", {"d": null}]})),
            ("['acme/a', 'acme/b',]", json!(["acme/a", "acme/b"])),
            (
                "{platform: 'gitlab', // which\n dryRun: true, /* so */ n: -1.5e3,}",
                json!({"platform": "gitlab", "dryRun": true, "n": -1.5e3}),
            ),
            (r"{'it\'s': 'a\u0041\x42'}", json!({"it's": "aAB"})),
            ("{null: null, true: [.5, +1]}", json!({"null": null, "true": [0.5, 1]})),
            ("\u{FEFF}[]", json!([])),
        ] {
            assert_eq!(parse(text), Some(value), "{text}");
        }
        for text in ["", "acme/a,acme/b", "{", "[,]", "{,}", "[1,,]", "'a", "'a\nb'", "/", "/*", "{a}", "[a b]", "]"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn anything_is_read_or_refused(text in "[\\[\\]{}'\",:/*\\\\ua0-9 \n.+-]{0,40}") {
            let _: Option<Value> = parse(&text);
        }
    }
}
