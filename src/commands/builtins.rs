//! `credcheck builtins`: the ready-made policies.

use super::cli::BuiltinsArguments;
use super::failure::Failure;
use super::offers::BUILTIN_PREFIX;
use super::output::Sink;
use crate::evaluation::ExitCode;
use crate::language::unknown_builtin;
use crate::report::builtins::{all, list, named, one, v1};

/// `credcheck builtins`.
pub(super) fn run(arguments: &BuiltinsArguments, sink: &Sink) -> Result<ExitCode, Failure> {
    let (policies, page) = match &arguments.name {
        None => {
            let policies = all();
            let page = list(&policies);
            (policies, page)
        }
        Some(name) => {
            let name = name.strip_prefix(BUILTIN_PREFIX).unwrap_or(name);
            let policy = named(name).ok_or_else(|| Failure::Usage(vec![unknown_builtin(name, None)]))?;
            let page = one(&policy);
            (vec![policy], page)
        }
    };
    sink.page(&page, &v1::Builtins::new(&policies))?;
    Ok(ExitCode::Success)
}
