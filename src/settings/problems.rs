//! What is wrong with the settings, by whose fault it is.

use super::SettingsError;
use crate::diagnostic::Diagnostic;

/// Everything found so far.
#[derive(Default)]
pub(super) struct Problems {
    pub(super) command_line: Vec<Diagnostic>,
    pub(super) settings: Vec<Diagnostic>,
}

impl Problems {
    /// Nothing, where nothing is wrong.
    pub(super) fn finish(self) -> Result<(), SettingsError> {
        let Self { mut command_line, settings } = self;
        if command_line.is_empty() {
            return if settings.is_empty() { Ok(()) } else { Err(SettingsError::Settings(settings)) };
        }
        command_line.extend(settings);
        Err(SettingsError::CommandLine(command_line))
    }
}
