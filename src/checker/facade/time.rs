//! Times as programs know them, and as rooms do.

use std::time::SystemTime;

use jiff::Timestamp;

/// A time as rooms know it; those beyond what they can tell are the last.
pub(super) fn timestamp(time: SystemTime) -> Timestamp {
    Timestamp::try_from(time).unwrap_or(if time < SystemTime::UNIX_EPOCH { Timestamp::MIN } else { Timestamp::MAX })
}

/// A time as programs know it; one that the system cannot tell is its epoch.
pub(super) fn system_time(time: Timestamp) -> SystemTime {
    SystemTime::try_from(time).unwrap_or(SystemTime::UNIX_EPOCH)
}
