//! Origins: where the operator, or nobody, said a value.

use std::fmt;

use crate::text::source::Span;

/// Where a value comes from. What it is decides; how it reads is for people alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nobody said anything else.
    Default,
    /// An environment variable.
    Variable(String),
    /// A bot's list of the repositories that it may work on, in an environment variable.
    AllowList(String),
    /// An option of the command line.
    Option(&'static str),
    /// A settings file.
    File {
        /// The file as its name is shown.
        file: String,
        /// The place, where the file is at hand.
        span: Option<Span>,
    },
    /// Somebody else: the demo, an example, a record that another build wrote.
    Other(String),
}

impl Origin {
    /// What narrows a run to some repositories.
    pub const REPOSITORY_OPTION: Self = Self::Option("--repository");
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Default => "the default",
            Self::Variable(text) | Self::AllowList(text) | Self::Other(text) => text,
            Self::Option(name) => name,
            Self::File { file, .. } => file,
        })
    }
}
