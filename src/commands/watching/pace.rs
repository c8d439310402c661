//! When rounds begin: at an interval, a little earlier or later, and never two at a time.

use std::hash::{BuildHasher as _, RandomState};
use std::time::Duration;

/// By how much of the interval a round may come earlier or later: a tenth. Many that were started at once do not stay
/// together.
const JITTER: u32 = 10;

/// The time from the beginning of a round to that of the next. `random` is any number.
pub(super) fn interval(every: Duration, random: u64) -> Duration {
    let spread = every / JITTER;
    let steps = 2 * u64::from(JITTER) * 100;
    let share = u32::try_from(random % (steps + 1)).unwrap_or_default();
    (every - spread).saturating_add(spread * 2 / u32::try_from(steps).unwrap_or(1) * share)
}

/// How long to wait after a round that took so long. What took longer than the interval is followed at once.
pub(super) fn pause(interval: Duration, took: Duration) -> Duration {
    interval.saturating_sub(took)
}

/// A number that is another one in every process and at every call.
pub(super) fn random() -> u64 {
    RandomState::new().hash_one(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_come_within_a_tenth_of_the_interval() {
        let every = Duration::from_secs(900);
        assert_eq!(interval(every, 0), Duration::from_secs(810));
        assert_eq!(interval(every, 2_000), Duration::from_secs(990));
        let unlike: std::collections::BTreeSet<Duration> = (0..50).map(|_| interval(every, random())).collect();
        assert!(unlike.len() > 10);
        assert!(unlike.iter().all(|one| (810..=990).contains(&one.as_secs())));
        assert_eq!(interval(Duration::ZERO, 7), Duration::ZERO);
    }

    #[test]
    fn a_long_round_is_followed_at_once_and_by_one() {
        assert_eq!(pause(Duration::from_secs(60), Duration::from_secs(20)), Duration::from_secs(40));
        assert_eq!(pause(Duration::from_secs(60), Duration::from_secs(200)), Duration::ZERO);
    }
}
