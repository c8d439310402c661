//! What formats need to know of where the program runs.

use std::path::PathBuf;

use super::Paths;

/// What formats need to know of where the program runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// Where the repository's root is.
    pub paths: Paths,
    /// The file that a CI system shows as the summary of a job, where there is one.
    pub summary: Option<PathBuf>,
    /// The pipeline whose step this is, where a CI system tells that.
    pub pipeline: Option<Pipeline>,
    /// The most bytes that a Markdown report may have.
    pub max_bytes: Option<usize>,
}

/// A pipeline, as far as it is told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pipeline {
    /// The address of the organisation's projects.
    pub collection: Option<String>,
    /// What the project is called by the system.
    pub project_id: Option<String>,
    /// The branch that was built.
    pub branch: Option<String>,
    /// The number of the build.
    pub build_id: Option<String>,
    /// The number of its definition.
    pub definition_id: Option<String>,
    /// The name of its definition.
    pub definition_name: Option<String>,
    /// What its phase, or else its job, is called by the system.
    pub phase_id: Option<String>,
    /// What its phase, or else its job, is called by people.
    pub phase_name: Option<String>,
}
