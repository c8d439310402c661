//! `credcheck builtins`: the ready-made policies.

use super::cli::BuiltinsArguments;
use super::failure::Failure;
use super::output::Sink;
use super::offers::BUILTIN_PREFIX;
use crate::evaluation::ExitCode;
use crate::language::unknown_builtin;
use crate::report::builtins::{all, list, one, v1};

/// `credcheck builtins`.
pub(super) fn run(arguments: &BuiltinsArguments, sink: &Sink) -> Result<ExitCode, Failure> {
    let mut policies = all();
    let page = match &arguments.name {
        None => list(&policies),
        Some(name) => {
            let name = name.strip_prefix(BUILTIN_PREFIX).unwrap_or(name);
            policies.retain(|policy| policy.name == name);
            one(policies.first().ok_or_else(|| Failure::Usage(vec![unknown_builtin(name, None)]))?)
        }
    };
    sink.page(&page, &v1::Builtins::new(&policies))?;
    Ok(ExitCode::Success)
}
