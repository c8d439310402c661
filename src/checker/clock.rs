//! The clock.

use jiff::Timestamp;

/// The wall clock, in whole seconds: finer than any host's times, and readable in reports.
#[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
pub fn now() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_second(now.as_second()).unwrap_or(now)
}
