//! Fields of answers, read by columns: what a field is, and what its being missing or null means. Whatever its column does
//! not allow is malformed, so that nothing that cannot be read is ever taken for a value.

use jiff::Timestamp;
use serde_json::Value as Json;

use super::reader::malformed;
use crate::facts::{Cause, Knowledge, Unknown, Value};

/// What it means that there is nothing in a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gap {
    /// Nothing: the host always sends something.
    Malformed,
    /// There is none of what the field tells of.
    Nothing,
    /// The same as this flag.
    Is(bool),
    /// The host does not show it, for this reason.
    Hidden(Cause, &'static str),
}

/// A field, by its name or its path (`owner.login`).
#[derive(Clone, Copy, Debug)]
pub(super) struct Column {
    path: &'static str,
    missing: Gap,
    null: Gap,
}

/// A field that must be there.
pub(super) const fn required(path: &'static str) -> Column {
    Column { path, missing: Gap::Malformed, null: Gap::Malformed }
}

/// What a field holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Held<T> {
    /// This.
    Value(T),
    /// Nothing, which says that there is none.
    Nothing,
    /// Nothing that tells, and why.
    Open(Unknown),
}

impl Column {
    /// What its being missing means.
    pub(super) const fn missing(self, missing: Gap) -> Self {
        Self { missing, ..self }
    }

    /// What null means.
    pub(super) const fn null(self, null: Gap) -> Self {
        Self { null, ..self }
    }

    /// What both mean.
    pub(super) const fn empty(self, gap: Gap) -> Self {
        Self { missing: gap, null: gap, ..self }
    }

    /// The field's value, or what its gap means.
    fn look<'j>(&self, body: &'j Json) -> Result<&'j Json, Gap> {
        let held = self.path.split('.').try_fold(body, |value, name| match value {
            Json::Object(fields) => fields.get(name),
            _ => None,
        });
        match held {
            // What the field lies in may be null, too, or nothing that holds fields.
            None if !self.lies_in_objects(body) => Err(Gap::Malformed),
            None => Err(self.missing),
            Some(Json::Null) => Err(self.null),
            Some(value) => Ok(value),
        }
    }

    /// Whether everything that the field would lie in is an object, as far as it is there.
    fn lies_in_objects(&self, body: &Json) -> bool {
        let mut value = body;
        for name in self.path.split('.') {
            let Json::Object(fields) = value else { return false };
            let Some(next) = fields.get(name) else { return true };
            value = next;
        }
        true
    }

    /// The value as `take` reads it; `what` names what it should be.
    pub(super) fn read<'j, T>(&self, body: &'j Json, what: &str, take: impl FnOnce(&'j Json) -> Option<T>) -> Held<T> {
        match self.look(body) {
            Ok(value) => take(value).map_or_else(|| Held::Open(self.wrong(what)), Held::Value),
            Err(Gap::Nothing) => Held::Nothing,
            Err(Gap::Hidden(cause, reason)) => Held::Open(Unknown::new(cause, reason)),
            Err(Gap::Malformed | Gap::Is(_)) => Held::Open(self.wrong(what)),
        }
    }

    /// The field is missing or of another type.
    pub(super) fn wrong(&self, what: &str) -> Unknown {
        malformed(format!("the field `{}` of the answer is not {what}", self.path))
    }

    /// A flag.
    pub(super) fn flag(&self, body: &Json) -> Held<bool> {
        match self.look(body) {
            Err(Gap::Is(flag)) => Held::Value(flag),
            _ => self.read(body, "true or false", Json::as_bool),
        }
    }

    /// A text with something in it.
    pub(super) fn text<'j>(&self, body: &'j Json) -> Held<&'j str> {
        self.read(body, "a text", |value| value.as_str().filter(|text| !text.is_empty()))
    }

    /// A text; one with nothing in it says that there is none.
    pub(super) fn text_or_empty<'j>(&self, body: &'j Json) -> Held<&'j str> {
        match self.read(body, "a text", Json::as_str) {
            Held::Value("") => Held::Nothing,
            held => held,
        }
    }

    /// A whole number.
    pub(super) fn number(&self, body: &Json) -> Held<i64> {
        self.read(body, "a number", Json::as_i64)
    }

    /// A list of texts.
    pub(super) fn texts(&self, body: &Json) -> Held<Vec<String>> {
        let texts = |value: &Json| value.as_array()?.iter().map(|item| item.as_str().map(str::to_owned)).collect();
        self.read(body, "a list of texts", texts)
    }

    /// A time, in words.
    pub(super) fn time(&self, body: &Json) -> Held<Timestamp> {
        self.read(body, "a time", |value| value.as_str()?.parse().ok())
    }
}

/// A flag whose name only the answer tells; `None` where it is none.
pub(super) fn flag(value: &Json) -> Option<bool> {
    value.as_bool()
}

impl<T> Held<T> {
    /// What is known by it, where there being none means that it is absent.
    pub(super) fn known(self, value: impl FnOnce(T) -> Value) -> Knowledge {
        match self {
            Self::Value(held) => Knowledge::Known(value(held)),
            Self::Nothing => Knowledge::Absent,
            Self::Open(why) => Knowledge::Unknown(why),
        }
    }

    /// The value.
    ///
    /// # Errors
    /// Why there is none.
    pub(super) fn value(self) -> Result<T, Unknown> {
        match self {
            Self::Value(held) => Ok(held),
            Self::Nothing => Err(malformed("the answer leaves out what it must tell")),
            Self::Open(why) => Err(why),
        }
    }

    /// The value made another one.
    pub(super) fn map<U>(self, make: impl FnOnce(T) -> U) -> Held<U> {
        match self {
            Self::Value(held) => Held::Value(make(held)),
            Self::Nothing => Held::Nothing,
            Self::Open(why) => Held::Open(why),
        }
    }

    /// The value, where it is one of those that `find` has; else why that is not known.
    pub(super) fn or_strange<U>(self, find: impl FnOnce(&T) -> Option<U>, why: impl FnOnce() -> Unknown) -> Held<U> {
        match self {
            Self::Value(held) => find(&held).map_or_else(|| Held::Open(why()), Held::Value),
            Self::Nothing => Held::Nothing,
            Self::Open(why) => Held::Open(why),
        }
    }
}

impl Held<bool> {
    /// What is known by a flag.
    pub(super) fn is(self) -> Knowledge {
        self.known(Value::Bool)
    }

    /// The opposite flag.
    pub(super) fn not(self) -> Self {
        self.map(|flag| !flag)
    }
}

impl Held<&str> {
    /// What is known by a text.
    pub(super) fn says(self) -> Knowledge {
        self.known(|text| Value::String(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_a_column_does_not_allow_is_malformed() {
        let is_malformed = |held: &Knowledge| held.cause() == Some(Cause::Malformed);
        for body in [
            json!({}),
            json!({ "on": null }),
            json!({ "on": "true" }),
            json!({ "on": 1 }),
            json!({ "on": [] }),
            json!(null),
            json!([]),
            json!("on"),
        ] {
            assert!(is_malformed(&required("on").flag(&body).is()), "{body}");
        }
        let hidden = required("on").missing(Gap::Hidden(Cause::NotPermitted, "hidden"));
        assert_eq!(hidden.flag(&json!({})).is().cause(), Some(Cause::NotPermitted));
        assert!(is_malformed(&hidden.flag(&json!({ "on": null })).is()));
        // What has no fields at all is no answer that leaves one out.
        assert!(is_malformed(&hidden.flag(&json!([])).is()));
        let mute = required("on").null(Gap::Is(false));
        assert_eq!(mute.flag(&json!({ "on": null })), Held::Value(false));
        assert!(is_malformed(&mute.flag(&json!({})).is()));
    }

    #[test]
    fn a_field_lies_in_objects() {
        let deep = required("config.secret").empty(Gap::Nothing);
        assert_eq!(deep.text(&json!({ "config": { "secret": "x" } })), Held::Value("x"));
        for none in [json!({}), json!({ "config": {} }), json!({ "config": { "secret": null } })] {
            assert_eq!(deep.text(&none), Held::Nothing, "{none}");
        }
        for strange in [json!({ "config": null }), json!({ "config": [] }), json!({ "config": "secret" }), json!(7)] {
            assert!(matches!(deep.text(&strange), Held::Open(_)), "{strange}");
        }
    }

    #[test]
    fn each_type_is_read_and_no_other() {
        let body = json!({ "text": "x", "empty": "", "number": 7, "texts": ["a"], "mixed": ["a", 1], "half": 1.5 });
        assert_eq!(required("text").text(&body), Held::Value("x"));
        assert!(matches!(required("empty").text(&body), Held::Open(_)));
        assert_eq!(required("empty").text_or_empty(&body), Held::Nothing);
        assert_eq!(required("number").number(&body), Held::Value(7));
        assert!(matches!(required("half").number(&body), Held::Open(_)));
        assert!(matches!(required("text").number(&body), Held::Open(_)));
        assert_eq!(required("texts").texts(&body), Held::Value(vec!["a".to_owned()]));
        assert!(matches!(required("mixed").texts(&body), Held::Open(_)));
        assert!(matches!(required("text").time(&body), Held::Open(_)));
    }
}
