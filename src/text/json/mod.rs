//! Indented JSON, written piece by piece: each text is redacted by itself, before it is escaped and laid out.

mod escaping;
mod laying;

use std::io;

use serde::Serialize;

use super::redact::Redactor;
pub use escaping::{Escapes, write_line};
use laying::Laying;

/// Indented JSON that is written piece by piece: objects and lists are opened and closed by hand, what stands in them is
/// serialised whole.
#[derive(Debug)]
pub struct Writer<'a, W> {
    redactor: &'a Redactor,
    out: W,
    escapes: Escapes,
    level: usize,
    /// Whether nothing stands yet in the innermost object or list.
    empty: bool,
}

impl<'a, W: io::Write> Writer<'a, W> {
    /// A writer of a value that stands so many levels deep.
    pub const fn new(out: W, escapes: Escapes, level: usize, redactor: &'a Redactor) -> Self {
        Self { redactor, out, escapes, level, empty: true }
    }

    /// Begins an object or a list: `{` or `[`.
    ///
    /// # Errors
    /// The sink's.
    pub fn open(&mut self, bracket: char) -> io::Result<()> {
        self.level += 1;
        self.empty = true;
        write!(self.out, "{bracket}")
    }

    /// Ends one: `}` or `]`.
    ///
    /// # Errors
    /// The sink's.
    pub fn close(&mut self, bracket: char) -> io::Result<()> {
        self.level = self.level.saturating_sub(1);
        if !self.empty {
            line(&mut self.out, false, self.level)?;
        }
        self.empty = false;
        write!(self.out, "{bracket}")
    }

    /// Begins a member of an object, by a name that is ours: its value comes next.
    ///
    /// # Errors
    /// The sink's.
    pub fn name(&mut self, name: &'static str) -> io::Result<()> {
        self.separate()?;
        write!(self.out, "\"{name}\": ")
    }

    /// Begins a member of an object that is a list.
    ///
    /// # Errors
    /// The sink's.
    pub fn list(&mut self, name: &'static str) -> io::Result<()> {
        self.name(name)?;
        self.open('[')
    }

    /// A value, after its name.
    ///
    /// # Errors
    /// The sink's.
    pub fn value(&mut self, value: &impl Serialize) -> io::Result<()> {
        write(&mut self.out, value, self.escapes, self.level, self.redactor)
    }

    /// A member of an object.
    ///
    /// # Errors
    /// The sink's.
    pub fn member(&mut self, name: &'static str, value: &impl Serialize) -> io::Result<()> {
        self.name(name)?;
        self.value(value)
    }

    /// An element of a list.
    ///
    /// # Errors
    /// The sink's.
    pub fn element(&mut self, value: &impl Serialize) -> io::Result<()> {
        self.separate()?;
        self.value(value)
    }

    /// Elements of a list that another writer of this level wrote before: at least one, without what separates them from
    /// those beside them.
    ///
    /// # Errors
    /// The sink's.
    pub fn elements(&mut self, copy: impl FnOnce(&mut W) -> io::Result<()>) -> io::Result<()> {
        self.out.write_all(if self.empty { b"\n" } else { b",\n" })?;
        self.empty = false;
        copy(&mut self.out)
    }

    /// What is written to.
    pub const fn out(&mut self) -> &mut W {
        &mut self.out
    }

    /// What was written to, once nothing more comes.
    pub fn into_out(self) -> W {
        self.out
    }

    /// Goes on elsewhere: `carry` takes what was written there.
    ///
    /// # Errors
    /// Those of `carry`.
    pub fn onto<V>(self, carry: impl FnOnce(W) -> io::Result<V>) -> io::Result<Writer<'a, V>> {
        let Self { redactor, out, escapes, level, empty } = self;
        Ok(Writer { redactor, out: carry(out)?, escapes, level, empty })
    }

    fn separate(&mut self) -> io::Result<()> {
        line(&mut self.out, !self.empty, self.level)?;
        self.empty = false;
        Ok(())
    }
}

/// Elements of a list, for [`Writer::elements`]: so many levels deep, separated from each other.
#[derive(Debug)]
pub struct Elements<'a, W> {
    out: &'a mut W,
    escapes: Escapes,
    level: usize,
    redactor: &'a Redactor,
    empty: bool,
}

impl<'a, W: io::Write> Elements<'a, W> {
    /// A writer of elements.
    pub const fn new(out: &'a mut W, escapes: Escapes, level: usize, redactor: &'a Redactor) -> Self {
        Self { out, escapes, level, redactor, empty: true }
    }

    /// One more element.
    ///
    /// # Errors
    /// The sink's.
    pub fn element(&mut self, value: &impl Serialize) -> io::Result<()> {
        // The first begins where its line does, without a line end: that is its list's.
        if self.empty {
            indent(self.out, self.level * 2)?;
        } else {
            line(self.out, true, self.level)?;
        }
        self.empty = false;
        write(&mut *self.out, value, self.escapes, self.level, self.redactor)
    }
}

/// A line end and the spaces of a level, after a comma where something stands before.
fn line<W: io::Write + ?Sized>(out: &mut W, comma: bool, level: usize) -> io::Result<()> {
    /// The deepest that one write indents.
    const LINE: &[u8; 34] = b",\n                                ";
    let spaces = level * 2;
    let at_once = spaces.min(LINE.len() - 2);
    out.write_all(LINE.get(usize::from(!comma)..at_once + 2).unwrap_or_default())?;
    indent(out, spaces - at_once)
}

fn indent<W: io::Write + ?Sized>(out: &mut W, mut spaces: usize) -> io::Result<()> {
    const SPACES: &[u8; 32] = b"                                ";
    while let Some(some) = SPACES.get(..spaces.min(SPACES.len())).filter(|some| !some.is_empty()) {
        out.write_all(some)?;
        spaces -= some.len();
    }
    Ok(())
}

fn write(
    out: impl io::Write,
    value: &impl Serialize,
    escapes: Escapes,
    level: usize,
    redactor: &Redactor,
) -> io::Result<()> {
    redactor.at_once(|view| Ok(value.serialize(&mut Laying::new(out, view, escapes, level))?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;
    use crate::text::secret::Secret;
    use crate::vocabulary::token_shapes;

    fn redactor() -> Redactor {
        Redactor::new(token_shapes())
    }

    fn written(value: &impl Serialize, escapes: Escapes, redactor: &Redactor) -> String {
        let mut bytes = Vec::new();
        Writer::new(&mut bytes, escapes, 0, redactor).value(value).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn commands_and_controls_are_escaped_and_keep_their_value() {
        let hostile =
            "##vso[task.setvariable]x ##[error] \u{1b}[2J \u{9b}2J \u{202e}abc ##teamcity[x] ### \u{E0041}\u{7f}";
        let text = written(&json!({ "name": hostile, "##[key]": [hostile] }), Escapes::Harmless, &redactor());
        for bad in ["##", "\u{1b}", "\u{9b}", "\u{202e}", "\u{E0041}", "\u{7f}"] {
            assert!(!text.contains(bad), "{bad:?} in {text}");
        }
        let read: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(read, json!({ "name": hostile, "##[key]": [hostile] }));
    }

    #[test]
    fn a_secret_is_masked_before_it_is_escaped() {
        let redactor = redactor();
        redactor.add(&Secret::token("pass\"word\\##x").unwrap());
        let text = written(&json!({ "a": "x pass\"word\\##x y", "pass\"word\\##x": 1 }), Escapes::Harmless, &redactor);
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), json!({ "a": "x *** y", "***": 1 }));
    }

    #[test]
    fn a_short_secret_beside_what_is_escaped_and_one_that_ends_in_a_backslash_are_masked() {
        for secret in ["hunt7", "end\\", "correct-horse\\"] {
            let redactor = redactor();
            redactor.add(&Secret::token(secret).unwrap());
            let around = ["\n", "\t", "\"", "\u{7}", " ", "\\"];
            for (before, after) in around.iter().flat_map(|before| around.iter().map(move |after| (before, after))) {
                let text = written(&json!([format!("{before}{secret}{after}")]), Escapes::Harmless, &redactor);
                let read: Value = serde_json::from_str(&text).unwrap();
                assert_eq!(read, json!([format!("{before}***{after}")]), "{secret:?}");
            }
        }
    }

    #[test]
    fn pieces_are_laid_out_as_the_whole() {
        let redactor = redactor();
        let mut rows = Vec::new();
        let mut elements = Elements::new(&mut rows, Escapes::Needed, 2, &redactor);
        elements.element(&json!({ "a": [] })).unwrap();
        elements.element(&json!(2)).unwrap();
        let mut bytes = Vec::new();
        let mut writer = Writer::new(&mut bytes, Escapes::Needed, 0, &redactor);
        writer.open('{').unwrap();
        writer.list("list").unwrap();
        writer.element(&json!({ "b": { "c": null } })).unwrap();
        writer.elements(|out| io::Write::write_all(out, &rows)).unwrap();
        writer.close(']').unwrap();
        writer.list("none").unwrap();
        writer.close(']').unwrap();
        writer.member("version", &1).unwrap();
        writer.close('}').unwrap();
        let whole = json!({ "list": [{ "b": { "c": null } }, { "a": [] }, 2], "none": [], "version": 1 });
        assert_eq!(String::from_utf8(bytes).unwrap(), serde_json::to_string_pretty(&whole).unwrap());
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            // Every half is written and read back exactly.
            any::<i16>().prop_map(|number| Value::from(f64::from(number) / 2.0)),
            "[ -~é\\x00-\\x1f]{0,8}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 24, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
                proptest::collection::btree_map("[a-z\"\\\\#\n]{0,3}", inner, 0..4)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn without_secrets_it_is_the_usual_indented_form(value in any_json()) {
            let text = written(&value, Escapes::Needed, &redactor());
            prop_assert_eq!(text, serde_json::to_string_pretty(&value).unwrap());
        }

        #[test]
        fn harmless_text_has_the_same_value(value in any_json()) {
            let text = written(&value, Escapes::Harmless, &redactor());
            prop_assert_eq!(&serde_json::from_str::<Value>(&text).unwrap(), &value);
            let mut line = Vec::new();
            write_line(&mut line, &value).unwrap();
            prop_assert!(!line.contains(&b'\n'));
            prop_assert_eq!(serde_json::from_slice::<Value>(&line).unwrap(), value);
        }
    }
}
