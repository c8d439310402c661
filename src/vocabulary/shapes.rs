//! All shapes of tokens, for whoever recognises or hides them.

use std::sync::LazyLock;

use super::vendors::VENDORS;
use super::{HOSTS, Host, host_kind};
use crate::text::token_shape::{Shapes, TokenShape};

static SHAPES: LazyLock<Shapes> = LazyLock::new(|| {
    let rows = HOSTS.iter().flat_map(|host| host.shapes).chain(VENDORS);
    Shapes::new(rows, HOSTS.iter().flat_map(|host| host.secret_headers).copied())
});

/// The shapes of all hosts and of other vendors.
pub fn token_shapes() -> &'static Shapes {
    &SHAPES
}

/// The host that takes tokens of a shape; `None` for those of other vendors and for formats that many use.
pub fn host_of_shape(shape: &TokenShape) -> Option<&'static Host> {
    shape.vendor.and_then(host_kind).map(super::host)
}
