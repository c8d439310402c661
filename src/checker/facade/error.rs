//! Why there is no run.

use super::problem::Problem;

/// Why there is no policy, no record or no run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The policy cannot be read or is invalid. Holds everything that is wrong with it.
    #[error("the policy is invalid{}", listed(.0))]
    Policy(Vec<Problem>),
    /// The inputs' values do not fit the policy.
    #[error("the inputs do not fit the policy{}", listed(.0))]
    Inputs(Vec<Problem>),
    /// It is not clear where a credential goes, or what is in scope. Nothing was sent.
    #[error("{0}")]
    Credential(String),
    /// Two credentials have one name.
    #[error("two credentials are named `{0}`")]
    TwoCredentials(String),
    /// The record cannot be replayed.
    #[error("{0}")]
    Record(String),
    /// The certificate authorities cannot be read.
    #[error("{0}")]
    Certificates(String),
    /// The blocking call cannot have a runtime of its own: it was made inside of one, or the system gives none.
    #[error("{0}")]
    Runtime(&'static str),
}

fn listed(problems: &[Problem]) -> String {
    problems.iter().map(|problem| format!("\n{problem}")).collect()
}
