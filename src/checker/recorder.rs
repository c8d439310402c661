//! A record of a run, taken credential by credential.

use jiff::Timestamp;

use super::checked::Checked;
use crate::facts::record::{Record, RecordedCredential};

/// What a record keeps of a run.
#[derive(Clone, Debug, Default)]
pub struct Recorder(Vec<RecordedCredential>);

impl Recorder {
    /// Takes in a credential.
    pub fn add(&mut self, one: &Checked) {
        self.0.push(one.recorded());
    }

    /// The record; `facts` are for its readers.
    pub fn end(self, now: Timestamp, facts: serde_json::Value) -> Record {
        Record::new(now, self.0, facts)
    }
}
