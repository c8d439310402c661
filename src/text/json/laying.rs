//! One value as indented JSON: each of its strings is redacted by itself, then escaped, then laid out.
//!
//! A report has millions of strings, most of them names of fields, which are ours, and words that nobody escapes. Each is gone
//! through once here. What is seldom is left to the library: a text with something to escape, a number.

use std::fmt::{self, Display, Write as _};
use std::io;
use std::mem;

use serde::ser::{
    self, Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant, Serializer,
};

use super::escaping::{Escapes, write_text};
use super::line;
use crate::text::redact::{OWN, View};

/// What a value is written by, so many levels deep.
pub(super) struct Laying<'a, 'v, W> {
    out: W,
    view: &'a View<'v>,
    escapes: Escapes,
    level: usize,
    next: Next,
    /// Texts that are made as they are written are made here.
    made: String,
}

/// What is written next.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Next {
    /// A value: its strings are redacted.
    #[default]
    Value,
    /// A member's name, where names are told by values: a text, whatever its type.
    Name,
    /// A text of the program's own.
    Own,
}

impl<'a, 'v, W: io::Write> Laying<'a, 'v, W> {
    pub(super) const fn new(out: W, view: &'a View<'v>, escapes: Escapes, level: usize) -> Self {
        Self { out, view, escapes, level, next: Next::Value, made: String::new() }
    }

    /// A text as it is.
    fn text(&mut self, text: &str) -> Result<(), Error> {
        Ok(write_text(&mut self.out, text, self.escapes)?)
    }

    /// A number or the like, as text where it is a name.
    fn scalar(&mut self, value: &impl Serialize) -> Result<(), Error> {
        if mem::take(&mut self.next) == Next::Name {
            let name = serde_json::to_string(value).map_err(io::Error::from)?;
            return self.text(&name);
        }
        Ok(serde_json::to_writer(&mut self.out, value).map_err(io::Error::from)?)
    }

    /// Begins an object or a list.
    fn open(&mut self, brackets: Brackets) -> Result<Inside<'_, 'a, 'v, W>, Error> {
        if mem::take(&mut self.next) == Next::Name {
            return Err(ser::Error::custom("a name in JSON is a text"));
        }
        self.out.write_all(brackets.open())?;
        self.level += 1;
        Ok(Inside { laying: self, brackets, empty: true, is_named: false })
    }

    /// Begins one that is the only member of an object, under the name of a variant.
    fn open_named(&mut self, name: &'static str, brackets: Brackets) -> Result<Inside<'_, 'a, 'v, W>, Error> {
        self.open(Brackets::Object)?.name(name)?;
        Ok(Inside { is_named: true, ..self.open(brackets)? })
    }
}

/// What a list or an object stands in.
#[derive(Clone, Copy)]
enum Brackets {
    List,
    Object,
}

impl Brackets {
    const fn open(self) -> &'static [u8] {
        match self {
            Self::List => b"[",
            Self::Object => b"{",
        }
    }

    const fn close(self) -> &'static [u8] {
        match self {
            Self::List => b"]",
            Self::Object => b"}",
        }
    }
}

/// A list or an object on its way.
pub(super) struct Inside<'s, 'a, 'v, W> {
    laying: &'s mut Laying<'a, 'v, W>,
    brackets: Brackets,
    empty: bool,
    /// Whether it is the only member of an object.
    is_named: bool,
}

impl<W: io::Write> Inside<'_, '_, '_, W> {
    /// Begins an element, or a member's name.
    fn separate(&mut self) -> Result<(), Error> {
        line(&mut self.laying.out, !self.empty, self.laying.level)?;
        self.empty = false;
        Ok(())
    }

    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.separate()?;
        value.serialize(&mut *self.laying)
    }

    /// Begins a member by a name that is ours.
    fn name(&mut self, name: &'static str) -> Result<(), Error> {
        self.separate()?;
        self.laying.text(name)?;
        Ok(self.laying.out.write_all(b": ")?)
    }

    fn member<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Error> {
        self.name(name)?;
        value.serialize(&mut *self.laying)
    }

    fn close(self) -> Result<(), Error> {
        let Self { laying, brackets, empty, is_named } = self;
        laying.level -= 1;
        if !empty {
            line(&mut laying.out, false, laying.level)?;
        }
        laying.out.write_all(brackets.close())?;
        if is_named {
            laying.level -= 1;
            line(&mut laying.out, false, laying.level)?;
            laying.out.write_all(Brackets::Object.close())?;
        }
        Ok(())
    }
}

/// Numbers pass as they are, unless they spell a secret.
macro_rules! numbers {
    ($($method:ident: $number:ty),*) => {$(
        fn $method(self, number: $number) -> Result<(), Error> {
            match self.view.redact_number(number) {
                Some(masked) => {
                    self.next = Next::Value;
                    self.text(&masked)
                }
                None => self.scalar(&number),
            }
        }
    )*};
}

impl<'s, 'a, 'v, W: io::Write> Serializer for &'s mut Laying<'a, 'v, W> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Inside<'s, 'a, 'v, W>;
    type SerializeTuple = Inside<'s, 'a, 'v, W>;
    type SerializeTupleStruct = Inside<'s, 'a, 'v, W>;
    type SerializeTupleVariant = Inside<'s, 'a, 'v, W>;
    type SerializeMap = Inside<'s, 'a, 'v, W>;
    type SerializeStruct = Inside<'s, 'a, 'v, W>;
    type SerializeStructVariant = Inside<'s, 'a, 'v, W>;

    numbers!(
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64, serialize_i128: i128,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64, serialize_u128: u128,
        serialize_f32: f32, serialize_f64: f64
    );

    fn serialize_str(self, text: &str) -> Result<(), Error> {
        if mem::take(&mut self.next) == Next::Own {
            return self.text(text);
        }
        let view = self.view;
        self.text(&view.redact(text))
    }

    fn collect_str<T: Display + ?Sized>(self, value: &T) -> Result<(), Error> {
        /// Most are no longer.
        const LIKELY: usize = 96;
        let mut made = mem::take(&mut self.made);
        made.clear();
        made.reserve(LIKELY);
        write!(made, "{value}").map_err(io::Error::other)?;
        self.serialize_str(&made)?;
        self.made = made;
        Ok(())
    }

    /// As a list of numbers. Where they are text, or a text may stand in them, that is redacted.
    fn serialize_bytes(self, bytes: &[u8]) -> Result<(), Error> {
        let view = self.view;
        let text = String::from_utf8_lossy(bytes);
        let redacted = view.redact(&text);
        self.collect_seq(if redacted == text { bytes } else { redacted.as_bytes() })
    }

    fn serialize_char(self, character: char) -> Result<(), Error> {
        self.next = Next::Value;
        self.text(character.encode_utf8(&mut [0; 4]))
    }

    fn serialize_bool(self, value: bool) -> Result<(), Error> {
        self.scalar(&value)
    }

    fn serialize_none(self) -> Result<(), Error> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Error> {
        self.scalar(&())
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<(), Error> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _name: &'static str, _at: u32, variant: &'static str) -> Result<(), Error> {
        self.next = Next::Value;
        self.text(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Result<(), Error> {
        if name == OWN {
            self.next = Next::Own;
        }
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _at: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        let mut inside = self.open(Brackets::Object)?;
        inside.member(variant, value)?;
        inside.close()
    }

    fn serialize_seq(self, _length: Option<usize>) -> Result<Self::SerializeSeq, Error> {
        self.open(Brackets::List)
    }

    fn serialize_tuple(self, _length: usize) -> Result<Self::SerializeTuple, Error> {
        self.open(Brackets::List)
    }

    fn serialize_tuple_struct(self, _name: &'static str, _length: usize) -> Result<Self::SerializeTupleStruct, Error> {
        self.open(Brackets::List)
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _at: u32,
        variant: &'static str,
        _length: usize,
    ) -> Result<Self::SerializeTupleVariant, Error> {
        self.open_named(variant, Brackets::List)
    }

    fn serialize_map(self, _length: Option<usize>) -> Result<Self::SerializeMap, Error> {
        self.open(Brackets::Object)
    }

    fn serialize_struct(self, _name: &'static str, _length: usize) -> Result<Self::SerializeStruct, Error> {
        self.open(Brackets::Object)
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _at: u32,
        variant: &'static str,
        _length: usize,
    ) -> Result<Self::SerializeStructVariant, Error> {
        self.open_named(variant, Brackets::Object)
    }
}

/// The parts whose elements have no names.
macro_rules! elements {
    ($($part:ident: $method:ident),*) => {$(
        impl<W: io::Write> $part for Inside<'_, '_, '_, W> {
            type Ok = ();
            type Error = Error;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
                self.element(value)
            }

            fn end(self) -> Result<(), Error> {
                self.close()
            }
        }
    )*};
}

elements!(
    SerializeSeq: serialize_element, SerializeTuple: serialize_element,
    SerializeTupleStruct: serialize_field, SerializeTupleVariant: serialize_field
);

/// The parts whose fields have names.
macro_rules! fields {
    ($($part:ident),*) => {$(
        impl<W: io::Write> $part for Inside<'_, '_, '_, W> {
            type Ok = ();
            type Error = Error;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Error> {
                self.member(name, value)
            }

            fn end(self) -> Result<(), Error> {
                self.close()
            }
        }
    )*};
}

fields!(SerializeStruct, SerializeStructVariant);

impl<W: io::Write> SerializeMap for Inside<'_, '_, '_, W> {
    type Ok = ();
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, name: &T) -> Result<(), Error> {
        self.separate()?;
        self.laying.next = Next::Name;
        name.serialize(&mut *self.laying)?;
        Ok(self.laying.out.write_all(b": ")?)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        value.serialize(&mut *self.laying)
    }

    fn end(self) -> Result<(), Error> {
        self.close()
    }
}

/// Why a value could not be written: the sink's error, or what the value says of itself.
#[derive(Debug)]
pub(super) struct Error(io::Error);

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        Self(error)
    }
}

impl From<Error> for io::Error {
    fn from(error: Error) -> Self {
        error.0
    }
}

impl Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl std::error::Error for Error {}

impl ser::Error for Error {
    fn custom<T: Display>(message: T) -> Self {
        Self(io::Error::other(message.to_string()))
    }
}

#[cfg(test)]
#[path = "laying_tests.rs"]
mod tests;
