//! Values that an operator gives to a policy's inputs, before their types are known.

use super::origin::Origin;

/// An input's value, and where it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenInput {
    /// The input's name.
    pub name: String,
    /// Its value, to be read by its type.
    pub value: InputText,
    /// Where it was given.
    pub origin: Origin,
}

/// A value as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InputText {
    /// One value; for a list, its items by commas.
    One(String),
    /// A list, whose items are whole whatever they hold.
    List(Vec<String>),
}
