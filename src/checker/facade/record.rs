//! Records of earlier runs.

use std::time::SystemTime;

use super::error::Error;
use super::time::system_time;
use crate::facts;

/// A record of a run (`credcheck --record FILE`): what hosts answered, trimmed to what is read, and no secret.
#[derive(Clone, Debug)]
pub struct Record(facts::record::Record);

impl Record {
    /// Reads a record. It may come from anyone: everything in it is checked, and its size is bounded.
    ///
    /// # Errors
    /// [`Error::Record`] for what is not a record of this version.
    pub fn read(bytes: &[u8]) -> Result<Self, Error> {
        facts::record::Record::read(bytes).map(Self).map_err(|error| Error::Record(error.to_string()))
    }

    /// When it was made.
    pub fn at(&self) -> SystemTime {
        system_time(self.0.at)
    }

    pub(super) fn into_inner(self) -> facts::record::Record {
        self.0
    }
}
