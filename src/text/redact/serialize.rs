//! Redacting while serialising: every string passes the redactor before it reaches the format.

use std::borrow::Cow;
use std::fmt::{Display, Write as _};

use serde::ser::{
    Error as _, Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant, Serializer,
};

use super::{Redactor, View};

/// A value, serialised without its secrets: each string, and each key of a map, is redacted by itself, before a format
/// escapes it. A number that spells a secret is written as the mask, a string. Names of fields are ours and stay.
#[derive(Clone, Copy, Debug)]
pub struct Redacted<'a, T: ?Sized> {
    redactor: &'a Redactor,
    value: &'a T,
}

impl<'a, T: Serialize + ?Sized> Redacted<'a, T> {
    /// The value as this redactor lets it out.
    pub const fn new(redactor: &'a Redactor, value: &'a T) -> Self {
        Self { redactor, value }
    }
}

impl<T: Serialize + ?Sized> Serialize for Redacted<'_, T> {
    /// What is known is looked up once for the whole value.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.redactor.at_once(|view| self.value.serialize(Redacting { view, inner: serializer }))
    }
}

/// A part of such a value.
struct Part<'a, 'v, T: ?Sized> {
    view: &'a View<'v>,
    value: &'a T,
}

impl<T: Serialize + ?Sized> Serialize for Part<'_, '_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value.serialize(Redacting { view: self.view, inner: serializer })
    }
}

/// What [`Word`] and [`Digest`] are serialised as.
const OWN: &str = "credcheck::Own";

/// A word of the program's own: no secret can stand in it, and one that is spelled alike is not told by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word(pub &'static str);

impl Serialize for Word {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(OWN, self.0)
    }
}

/// A digest in hexadecimal: a secret that is spelled like a part of one is not told by it. Any other text is redacted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digest(pub String);

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        /// As many as 128 bits take.
        const LENGTH: usize = 32;
        if self.0.len() == LENGTH && self.0.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return serializer.serialize_newtype_struct(OWN, &self.0);
        }
        self.0.serialize(serializer)
    }
}

/// A serializer, or a part of one, that strings reach redacted.
struct Redacting<'a, 'v, S> {
    view: &'a View<'v>,
    inner: S,
}

impl<'a, 'v, S> Redacting<'a, 'v, S> {
    const fn part<P>(view: &'a View<'v>, inner: P) -> Redacting<'a, 'v, P> {
        Redacting { view, inner }
    }
}

/// Numbers pass as they are, unless they spell a secret.
macro_rules! numbers {
    ($($method:ident: $number:ty),*) => {$(
        fn $method(self, number: $number) -> Result<S::Ok, S::Error> {
            match self.view.redact_number(number) {
                Some(masked) => self.inner.serialize_str(&masked),
                None => self.inner.$method(number),
            }
        }
    )*};
}

impl<'a, 'v, S: Serializer> Serializer for Redacting<'a, 'v, S> {
    type Ok = S::Ok;
    type Error = S::Error;
    type SerializeSeq = Redacting<'a, 'v, S::SerializeSeq>;
    type SerializeTuple = Redacting<'a, 'v, S::SerializeTuple>;
    type SerializeTupleStruct = Redacting<'a, 'v, S::SerializeTupleStruct>;
    type SerializeTupleVariant = Redacting<'a, 'v, S::SerializeTupleVariant>;
    type SerializeMap = Redacting<'a, 'v, S::SerializeMap>;
    type SerializeStruct = Redacting<'a, 'v, S::SerializeStruct>;
    type SerializeStructVariant = Redacting<'a, 'v, S::SerializeStructVariant>;

    numbers!(
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64, serialize_i128: i128,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64, serialize_u128: u128,
        serialize_f32: f32, serialize_f64: f64
    );

    fn serialize_str(self, text: &str) -> Result<S::Ok, S::Error> {
        self.inner.serialize_str(&self.view.redact(text))
    }

    fn serialize_bytes(self, bytes: &[u8]) -> Result<S::Ok, S::Error> {
        match std::str::from_utf8(bytes).map(|text| self.view.redact(text)) {
            Ok(Cow::Owned(masked)) => self.inner.serialize_bytes(masked.as_bytes()),
            Ok(Cow::Borrowed(_)) => self.inner.serialize_bytes(bytes),
            // Not text, but a text may stand in it.
            Err(_) => self.inner.serialize_bytes(self.view.redact(&String::from_utf8_lossy(bytes)).as_bytes()),
        }
    }

    /// Texts that are made as they are written are short.
    fn collect_str<T: Display + ?Sized>(self, value: &T) -> Result<S::Ok, S::Error> {
        const LIKELY: usize = 96;
        let mut text = String::with_capacity(LIKELY);
        write!(text, "{value}").map_err(S::Error::custom)?;
        self.serialize_str(&text)
    }

    fn serialize_bool(self, value: bool) -> Result<S::Ok, S::Error> {
        self.inner.serialize_bool(value)
    }

    fn serialize_char(self, value: char) -> Result<S::Ok, S::Error> {
        self.inner.serialize_char(value)
    }

    fn serialize_none(self) -> Result<S::Ok, S::Error> {
        self.inner.serialize_none()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<S::Ok, S::Error> {
        self.inner.serialize_some(&Part { view: self.view, value })
    }

    fn serialize_unit(self) -> Result<S::Ok, S::Error> {
        self.inner.serialize_unit()
    }

    fn serialize_unit_struct(self, name: &'static str) -> Result<S::Ok, S::Error> {
        self.inner.serialize_unit_struct(name)
    }

    fn serialize_unit_variant(self, name: &'static str, at: u32, variant: &'static str) -> Result<S::Ok, S::Error> {
        self.inner.serialize_unit_variant(name, at, variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Result<S::Ok, S::Error> {
        if name == OWN {
            return self.inner.serialize_newtype_struct(name, value);
        }
        self.inner.serialize_newtype_struct(name, &Part { view: self.view, value })
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        at: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<S::Ok, S::Error> {
        self.inner.serialize_newtype_variant(name, at, variant, &Part { view: self.view, value })
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<Self::SerializeSeq, S::Error> {
        Ok(Self::part(self.view, self.inner.serialize_seq(length)?))
    }

    fn serialize_tuple(self, length: usize) -> Result<Self::SerializeTuple, S::Error> {
        Ok(Self::part(self.view, self.inner.serialize_tuple(length)?))
    }

    fn serialize_tuple_struct(self, name: &'static str, length: usize) -> Result<Self::SerializeTupleStruct, S::Error> {
        Ok(Self::part(self.view, self.inner.serialize_tuple_struct(name, length)?))
    }

    fn serialize_tuple_variant(
        self,
        name: &'static str,
        at: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<Self::SerializeTupleVariant, S::Error> {
        Ok(Self::part(self.view, self.inner.serialize_tuple_variant(name, at, variant, length)?))
    }

    fn serialize_map(self, length: Option<usize>) -> Result<Self::SerializeMap, S::Error> {
        Ok(Self::part(self.view, self.inner.serialize_map(length)?))
    }

    fn serialize_struct(self, name: &'static str, length: usize) -> Result<Self::SerializeStruct, S::Error> {
        Ok(Self::part(self.view, self.inner.serialize_struct(name, length)?))
    }

    fn serialize_struct_variant(
        self,
        name: &'static str,
        at: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<Self::SerializeStructVariant, S::Error> {
        Ok(Self::part(self.view, self.inner.serialize_struct_variant(name, at, variant, length)?))
    }

    fn is_human_readable(&self) -> bool {
        self.inner.is_human_readable()
    }
}

/// The parts whose elements have no names.
macro_rules! elements {
    ($($part:ident: $method:ident),*) => {$(
        impl<S: $part> $part for Redacting<'_, '_, S> {
            type Ok = S::Ok;
            type Error = S::Error;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), S::Error> {
                self.inner.$method(&Part { view: self.view, value })
            }

            fn end(self) -> Result<S::Ok, S::Error> {
                self.inner.end()
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
        impl<S: $part> $part for Redacting<'_, '_, S> {
            type Ok = S::Ok;
            type Error = S::Error;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), S::Error> {
                self.inner.serialize_field(key, &Part { view: self.view, value })
            }

            fn skip_field(&mut self, key: &'static str) -> Result<(), S::Error> {
                self.inner.skip_field(key)
            }

            fn end(self) -> Result<S::Ok, S::Error> {
                self.inner.end()
            }
        }
    )*};
}

fields!(SerializeStruct, SerializeStructVariant);

impl<S: SerializeMap> SerializeMap for Redacting<'_, '_, S> {
    type Ok = S::Ok;
    type Error = S::Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), S::Error> {
        self.inner.serialize_key(&Part { view: self.view, value: key })
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), S::Error> {
        self.inner.serialize_value(&Part { view: self.view, value })
    }

    fn end(self) -> Result<S::Ok, S::Error> {
        self.inner.end()
    }
}
