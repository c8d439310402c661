//! Starting policies, as `credcheck init` writes them: from a ready-made policy, or from what a credential has today.
//!
//! Whatever goes into one passes [`write`], and the whole of it the formatter and the checker: what comes out is in the
//! one style and valid, or nothing comes out.

mod demand;
mod ready_made;
mod settings;
mod today;
mod write;

pub use ready_made::{ready_made, speaks_of};
pub use settings::settings;
pub use today::{Today, today};

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Severity};
use crate::language::{self, CheckOptions, OpenError, Opened, PolicyStore};
use crate::text::source::{SourceId, SourceMap};

/// A starting policy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Starter {
    /// The policy's text.
    pub policy: String,
    /// What is worth saying beside it, a line each.
    pub notes: Vec<String>,
}

/// The text in the one style, if it is a valid policy.
fn finished(text: &str) -> Result<String, Vec<Diagnostic>> {
    let formatted = language::format(SourceId(0), text)?;
    let mut sources = SourceMap::new();
    let store = OneFile(BTreeMap::from([(NAME, formatted.as_str())]));
    let (program, problems) = language::load(&[NAME.to_owned()], &store, &mut sources);
    let (_, problems) = language::check(&program, &sources, problems, CheckOptions::default());
    let errors: Vec<Diagnostic> =
        problems.into_iter().filter(|problem| problem.severity == Severity::Error).map(without_places).collect();
    if errors.is_empty() { Ok(formatted) } else { Err(errors) }
}

const NAME: &str = "start.pol";

/// Nobody has the file that its places point into.
fn without_places(mut problem: Diagnostic) -> Diagnostic {
    problem.labels.clear();
    problem
}

struct OneFile<'a>(BTreeMap<&'static str, &'a str>);

impl PolicyStore for OneFile<'_> {
    fn open(&self, path: &str, _from: Option<&str>) -> Result<Opened, OpenError> {
        let text = self.0.get(path).ok_or(OpenError::NotFound)?;
        Ok(Opened { id: path.to_owned(), name: path.to_owned(), bytes: text.as_bytes().to_vec() })
    }
}
