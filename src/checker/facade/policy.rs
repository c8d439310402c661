//! Policies: read, checked, linted.

use std::sync::Arc;
use std::time::SystemTime;

use super::error::Error;
use super::problem::Problem;
use super::time::timestamp;
use crate::checker::files::PolicyFiles;
use crate::diagnostic::{Diagnostic, Severity};
use crate::facts::{GivenInput, InputText, Origin};
use crate::language::{
    self, CheckOptions, CheckedPolicy, Inputs, OpenError, Opened, PolicyStore, Program, bind_inputs, lint,
};
use crate::text::source::SourceMap;

/// A valid policy, with everything it imports. Cheap to clone.
///
/// ```
/// use credcheck::Policy;
///
/// let policy = Policy::parse(
///     "team.pol",
///     r#"
///     host github {
///       require token.scopes covers ["repo", "repo:status"]
///       require token.expires_in >= 14d
///     }
///     "#,
/// )?;
/// for problem in policy.lint(std::time::SystemTime::now()) {
///     println!("{problem}");
/// }
/// let wrong = Policy::parse("team.pol", "host github { require token.scops covers [] }");
/// assert!(wrong.unwrap_err().to_string().contains("team.pol:1:23: error C0202"));
/// # Ok::<(), credcheck::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Policy(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    checked: Arc<CheckedPolicy>,
    program: Program,
    sources: SourceMap,
    warnings: Vec<Diagnostic>,
}

impl Policy {
    /// A policy from its text. It may import built-in policies (`use "builtin:atlantis"`), and no files.
    ///
    /// # Errors
    /// [`Error::Policy`] with everything that is wrong with it.
    pub fn parse(name: &str, text: &str) -> Result<Self, Error> {
        Self::load(&[name], &OneText { name, text })
    }

    /// A policy from files, each by its path or as `builtin:NAME`. Imports stay, links resolved, in the tree of the first
    /// file.
    ///
    /// # Errors
    /// [`Error::Policy`] with everything that is wrong with them.
    pub fn open(paths: &[&str]) -> Result<Self, Error> {
        Self::load(paths, &PolicyFiles::default())
    }

    fn load(paths: &[&str], store: &dyn PolicyStore) -> Result<Self, Error> {
        let mut sources = SourceMap::new();
        let paths: Vec<String> = paths.iter().map(|path| (*path).to_owned()).collect();
        let (program, problems) = language::load(&paths, store, &mut sources);
        let (checked, problems) = language::check(&program, &sources, problems, CheckOptions::default());
        if problems.iter().any(|problem| problem.severity == Severity::Error) {
            return Err(Error::Policy(Problem::all(&problems, &sources)));
        }
        Ok(Self(Arc::new(Inner { checked: Arc::new(checked), program, sources, warnings: problems })))
    }

    /// Everything that can be said of it at a time without asking a host: mistakes, gaps, what is never decided.
    pub fn lint(&self, at: SystemTime) -> Vec<Problem> {
        let Inner { checked, program, sources, warnings } = &*self.0;
        let findings = lint::lint(checked, program, sources, warnings.clone(), timestamp(at));
        let diagnostics: Vec<Diagnostic> = findings.into_iter().map(|finding| finding.diagnostic).collect();
        Problem::all(&diagnostics, sources)
    }

    /// The full names of its rules, in their order: `github.repo-scope`.
    pub fn rules(&self) -> impl Iterator<Item = &str> {
        self.0.checked.rules.iter().map(|rule| rule.name.as_str())
    }

    pub(super) fn checked(&self) -> &Arc<CheckedPolicy> {
        &self.0.checked
    }

    pub(super) fn sources(&self) -> &SourceMap {
        &self.0.sources
    }

    pub(super) fn bind(&self, given: &[(String, String)]) -> Result<Inputs, Error> {
        let input = |(name, value): &(String, String)| GivenInput {
            name: name.clone(),
            value: InputText::One(value.clone()),
            origin: Origin::Other("the program".to_owned()),
        };
        let given: Vec<GivenInput> = given.iter().map(input).collect();
        bind_inputs(self.checked(), &given).map_err(|problems| Error::Inputs(Problem::all(&problems, self.sources())))
    }
}

/// One text, and no files.
struct OneText<'a> {
    name: &'a str,
    text: &'a str,
}

impl PolicyStore for OneText<'_> {
    fn open(&self, _path: &str, from: Option<&str>) -> Result<Opened, OpenError> {
        match from {
            Some(_) => Err(OpenError::Outside),
            None => Ok(Opened {
                id: self.name.to_owned(),
                name: self.name.to_owned(),
                bytes: self.text.as_bytes().to_vec(),
            }),
        }
    }
}
