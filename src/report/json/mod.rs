//! JSON for programs. Shapes are frozen in versioned files; keys stay, new ones may join.

pub mod v1;
mod values;

use std::io;

use crate::text::json::{Escapes, Writer};
use crate::text::redact::Redactor;

/// Writes a document: indented, with a last newline, redacted, harmless for terminals and CI logs.
///
/// # Errors
/// The sink's.
pub fn write(document: &impl serde::Serialize, redactor: &Redactor, sink: &mut dyn io::Write) -> io::Result<()> {
    let mut writer = Writer::new(sink, Escapes::Harmless, 0, redactor);
    writer.value(document)?;
    writer.out().write_all(b"\n")
}
