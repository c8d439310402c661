//! How a kind of host names repositories.

/// How a kind of host names repositories.
#[derive(Debug)]
pub struct RepositoryNames {
    /// The fewest parts of a full name, parted by slashes.
    pub least: usize,
    /// The most parts: many where groups nest.
    pub most: usize,
    /// How a full name reads: `OWNER/NAME`.
    pub form: &'static str,
    /// What stands for the owner in the allow lists of bots.
    pub in_allow_lists: ListNames,
}

/// What stands for a repository's owner in the allow lists of bots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListNames {
    /// What stands in full names.
    FullNames,
    /// The title of the project, where full names have its key.
    ProjectTitle,
}

impl RepositoryNames {
    /// `OWNER/NAME`, as most hosts have it.
    pub const OWNER_AND_NAME: Self =
        Self { least: 2, most: 2, form: "OWNER/NAME", in_allow_lists: ListNames::FullNames };

    /// Whether a name or glob has no more parts than names here: a star may stand for several, so a glob can have fewer.
    pub fn has_room_for(&self, text: &str) -> bool {
        parts(text) <= self.most
    }

    /// Whether a text has as many parts as a name, or is a glob that can stand for them.
    pub fn is_whole(&self, text: &str) -> bool {
        parts(text) >= self.least || text.contains('*')
    }
}

fn parts(text: &str) -> usize {
    text.split('/').count()
}
