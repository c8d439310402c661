//! What is left of a JSON body. It is read once and what is left of it written at once: no value is built of the rest.

use std::borrow::Cow;
use std::fmt;

use serde::Serialize;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::address::without_secrets;
use crate::text::strict_json::{Name, Names, Sound, TWICE};

/// The steps of a JSON pointer that lead on from here.
type Path<'a> = &'a [Cow<'a, str>];

/// What the pointers leave of a body, as compact JSON with the members of objects in the order of their names; `None`
/// where the body is not JSON, or an object of it has a name twice: what is left could not show that.
pub(super) fn left_of(body: &[u8], paths: &[Path<'_>]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let mut reader = serde_json::Deserializer::from_slice(body);
    Writing { left: Left::by(paths), out: &mut out }.deserialize(&mut reader).ok()?;
    reader.end().ok()?;
    Some(out)
}

/// What of a value is left.
#[derive(Clone, Copy)]
enum Left<'a> {
    /// All of it, but for the secrets of URLs.
    Whole,
    /// What these paths, none of them empty, lead to.
    Listed(&'a [Path<'a>]),
    /// That it is there: a text becomes stars, an empty one stays empty, anything else keeps its type alone.
    Presence,
}

impl<'a> Left<'a> {
    fn by(paths: &'a [Path<'a>]) -> Self {
        if paths.iter().any(|path| path.is_empty()) { Self::Whole } else { Self::Listed(paths) }
    }
}

/// Whether a path leads into a member of this name, or an element of this number.
fn leads_into(path: Path<'_>, member: &str) -> bool {
    path.first().is_some_and(|step| step == "*" || step == member)
}

/// The paths that lead into a member, without their first step.
fn into<'a>(paths: &[Path<'a>], member: &str) -> Vec<Path<'a>> {
    paths.iter().filter(|path| leads_into(path, member)).filter_map(|path| path.get(1..)).collect()
}

/// Writes what is left of the value that comes next. Its depth is bounded by the JSON reader.
struct Writing<'a> {
    left: Left<'a>,
    out: &'a mut Vec<u8>,
}

impl Writing<'_> {
    fn write<E: Error>(self, value: &(impl Serialize + ?Sized)) -> Result<(), E> {
        serde_json::to_writer(self.out, value).map_err(E::custom)
    }

    /// A number or a flag, or where it is only in the way another of its type.
    fn plain<T: Serialize, E: Error>(self, value: T, empty: T) -> Result<(), E> {
        let value = if matches!(self.left, Left::Whole) { value } else { empty };
        self.write(&value)
    }
}

impl<'de> DeserializeSeed<'de> for Writing<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Writing<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.write(&())
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.plain(value, false)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.plain(value, 0)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.plain(value, 0)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        if matches!(self.left, Left::Whole) { self.write(&value) } else { self.write(&0) }
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        let left = match self.left {
            Left::Whole => without_secrets(text),
            Left::Presence if !text.is_empty() => Cow::Borrowed("********"),
            Left::Presence | Left::Listed(_) => Cow::Borrowed(""),
        };
        self.write(&*left)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        let Self { left, out } = self;
        let paths = match left {
            Left::Whole => None,
            Left::Listed(paths) => Some(paths),
            Left::Presence => Some(&[] as &[_]),
        };
        let numbered =
            |path: &Path<'_>| path.first().is_some_and(|step| step.bytes().all(|byte| byte.is_ascii_digit()));
        let any_number = paths.is_some_and(|paths| paths.iter().any(numbered));
        let of_each = paths.map(|paths| into(paths, "*"));
        if !any_number && of_each.as_ref().is_some_and(Vec::is_empty) {
            while elements.next_element::<Sound>()?.is_some() {}
            out.extend(b"[]");
            return Ok(());
        }
        out.push(b'[');
        for number in 0_usize.. {
            let end = out.len();
            if number > 0 {
                out.push(b',');
            }
            let own = paths.filter(|_| any_number).map(|paths| into(paths, &number.to_string()));
            let left = match own.as_ref().or(of_each.as_ref()) {
                None => Element::Left(Left::Whole),
                Some(paths) if paths.is_empty() => Element::Null,
                Some(paths) => Element::Left(Left::by(paths)),
            };
            let more = match left {
                Element::Left(left) => elements.next_element_seed(Writing { left, out: &mut *out })?.is_some(),
                Element::Null => {
                    out.extend(b"null");
                    elements.next_element::<Sound>()?.is_some()
                }
            };
            if !more {
                out.truncate(end);
                break;
            }
        }
        out.push(b']');
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let Self { left, out } = self;
        out.push(b'{');
        let start = out.len();
        // Each with where it was written.
        let mut written: Vec<(Cow<'_, str>, usize, usize)> = Vec::new();
        let mut names = Names::default();
        while let Some(Name(name)) = members.next_key()? {
            if !names.insert(name.clone()) {
                return Err(A::Error::custom(TWICE));
            }
            let at = out.len();
            let own;
            let left = match left {
                Left::Whole => Some(Left::Whole),
                Left::Presence => None,
                Left::Listed(paths) => {
                    own = into(paths, &name);
                    match own.is_empty() {
                        true => None,
                        // Decoders ask whether there is a secret, never what it is.
                        false if name == "secret" => Some(Left::Presence),
                        false => Some(Left::by(&own)),
                    }
                }
            };
            let Some(left) = left else {
                members.next_value::<Sound>()?;
                continue;
            };
            serde_json::to_writer(&mut *out, &name).map_err(A::Error::custom)?;
            out.push(b':');
            members.next_value_seed(Writing { left, out: &mut *out })?;
            out.push(b',');
            written.push((name, at, out.len()));
        }
        if !written.is_sorted_by(|(one, ..), (other, ..)| one <= other) {
            written.sort_by(|(one, ..), (other, ..)| one.cmp(other));
            let mut sorted = Vec::with_capacity(out.len().saturating_sub(start));
            for (_, from, to) in &written {
                sorted.extend_from_slice(out.get(*from..*to).unwrap_or_default());
            }
            out.truncate(start);
            out.append(&mut sorted);
        }
        // The last one's comma.
        out.truncate(out.len().saturating_sub(usize::from(!written.is_empty())));
        out.push(b'}');
        Ok(())
    }
}

/// An element of a list: what is left of it, or nothing but its place.
enum Element<'a> {
    Left(Left<'a>),
    Null,
}
