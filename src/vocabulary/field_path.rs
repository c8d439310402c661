//! The path of a field in an answer's JSON.

use std::fmt;

/// Where a field is in an answer's JSON, shown as `owner.type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldPath {
    /// The list or map that the field's object is an element of; empty where that is the whole answer.
    within: &'static str,
    element: Element,
    /// Names with dots between them.
    path: &'static str,
}

/// Which element of a list or map has the field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Element {
    /// There is no list.
    None,
    /// Any, and texts leave the list out: `permission`.
    Unsaid,
    /// Any: `values.name`.
    Any,
    /// The one of this name and number: `data.r1.isArchived`.
    Named(&'static str, usize),
    /// The one that this says: `email of the primary one`.
    The(&'static str),
    /// The only one: `values (the only token there is) name`.
    Only(&'static str),
}

/// The field at this path, with dots between its names: `field("owner.type")`.
pub const fn field(path: &'static str) -> FieldPath {
    FieldPath { within: "", element: Element::None, path }
}

impl FieldPath {
    /// The same field of each element of a list, which texts leave out; an empty name is the answer itself.
    #[must_use]
    pub const fn of_each(self, list: &'static str) -> Self {
        Self { within: list, element: Element::Unsaid, ..self }
    }

    /// The same field of an element of this list or map: `values.name`.
    #[must_use]
    pub const fn within(self, list: &'static str) -> Self {
        Self { within: list, element: Element::Any, ..self }
    }

    /// The same field of the element of this name and number in this map: `data.r1.name`.
    #[must_use]
    pub const fn of_one(self, map: &'static str, name: &'static str, number: usize) -> Self {
        Self { within: map, element: Element::Named(name, number), ..self }
    }

    /// The same field of an element of this list, and which that is: `email of the primary one`.
    #[must_use]
    pub const fn of_the(self, list: &'static str, which: &'static str) -> Self {
        Self { within: list, element: Element::The(which), ..self }
    }

    /// The same field of the only element of this list, and what that is: `values (the only token there is) name`.
    #[must_use]
    pub const fn of_only(self, list: &'static str, what: &'static str) -> Self {
        Self { within: list, element: Element::Only(what), ..self }
    }

    /// The JSON pointer, as [`super::Request::fields`] has it: `*` stands for the element of a list or map.
    pub fn pointer(&self) -> String {
        let mut pointer = String::new();
        let mut step = |name: &str| {
            pointer.push('/');
            pointer.push_str(&name.replace('~', "~0").replace('/', "~1"));
        };
        self.within.split('.').filter(|name| !name.is_empty()).for_each(&mut step);
        if self.element != Element::None {
            step("*");
        }
        self.path.split('.').for_each(&mut step);
        pointer
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { within, element, path } = self;
        match element {
            Element::None | Element::Unsaid => formatter.write_str(path),
            Element::Any => write!(formatter, "{within}.{path}"),
            // Records have a million of them.
            Element::Named(name, number) => {
                for part in [within, ".", name] {
                    formatter.write_str(part)?;
                }
                fmt::Display::fmt(number, formatter)?;
                formatter.write_str(".")?;
                formatter.write_str(path)
            }
            Element::The(which) => write!(formatter, "{path} of the {which}"),
            Element::Only(what) => write!(formatter, "{within} (the only {what} there is) {path}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_shown_and_points_at_its_field() {
        for (path, shown, pointer) in [
            (field("login"), "login", "/login"),
            (field("owner.type"), "owner.type", "/owner/type"),
            (field("permission").of_each("values"), "permission", "/values/*/permission"),
            (field("permissions").of_each(""), "permissions", "/*/permissions"),
            (field("type").within("values"), "values.type", "/values/*/type"),
            (field("fullPath").within("data.nodes"), "data.nodes.fullPath", "/data/nodes/*/fullPath"),
            (field("owner.id").of_one("data", "r", 12), "data.r12.owner.id", "/data/*/owner/id"),
            (field("email").of_the("values", "primary one"), "email of the primary one", "/values/*/email"),
            (field("name").of_only("values", "token"), "values (the only token there is) name", "/values/*/name"),
            (field("a/b~c"), "a/b~c", "/a~1b~0c"),
        ] {
            assert_eq!((path.to_string().as_str(), path.pointer().as_str()), (shown, pointer));
        }
    }
}
