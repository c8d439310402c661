//! What a watch knows of its rounds, and says of them over HTTP.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long nothing may be heard of the loop before it counts as stuck. A round's programs that print secrets are waited
/// for in between, half a minute each.
const SILENCE: Duration = Duration::from_secs(15 * 60);

/// What is known of the rounds so far, shared with the server.
#[derive(Clone, Debug)]
pub(super) struct State(Arc<Mutex<Known>>);

#[derive(Debug)]
struct Known {
    /// When the loop was last heard of.
    heard: Instant,
    rounds: u64,
    failed: u64,
    /// Whether the last round failed.
    last_failed: bool,
    /// The metrics of the last round that judged something; empty before there is one.
    metrics: String,
}

/// How a round ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Round {
    /// Its metrics, where it judged something.
    pub(super) metrics: Option<String>,
    /// Whether it failed: policy, settings or files were wrong, or a report could not be written.
    pub(super) failed: bool,
}

impl State {
    pub(super) fn new() -> Self {
        let known = Known { heard: Instant::now(), rounds: 0, failed: 0, last_failed: false, metrics: String::new() };
        Self(Arc::new(Mutex::new(known)))
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The loop lives.
    pub(super) fn beat(&self) {
        self.known().heard = Instant::now();
    }

    /// Takes in a round.
    pub(super) fn round(&self, round: Round) {
        let mut known = self.known();
        known.heard = Instant::now();
        known.rounds += 1;
        known.last_failed = round.failed;
        known.failed += u64::from(round.failed);
        if let Some(metrics) = round.metrics {
            known.metrics = metrics;
        }
    }

    /// How many rounds there were.
    pub(super) fn rounds(&self) -> u64 {
        self.known().rounds
    }

    /// Whether the loop lives.
    pub(super) fn is_healthy(&self) -> bool {
        self.known().heard.elapsed() < SILENCE
    }

    /// Whether a round has judged something.
    pub(super) fn is_ready(&self) -> bool {
        !self.known().metrics.is_empty()
    }

    /// The metrics of the last round that judged something, and those of the watch.
    pub(super) fn metrics(&self) -> String {
        let known = self.known();
        let mut text = known.metrics.strip_suffix("# EOF\n").unwrap_or(&known.metrics).to_owned();
        for (name, help, value) in [
            ("credcheck_watch_rounds", "Rounds that ended since the watch began.", known.rounds),
            (
                "credcheck_watch_failed_rounds",
                "Rounds that failed: policy, settings or files were wrong.",
                known.failed,
            ),
            (
                "credcheck_watch_last_round_failed",
                "Whether the last round failed: what else is told may be of an earlier one.",
                u64::from(known.last_failed),
            ),
        ] {
            let _ = write!(text, "# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}\n");
        }
        text.push_str("# EOF\n");
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_failed_round_leaves_is_told_of_the_one_before() {
        let state = State::new();
        let failed = || Round { metrics: None, failed: true };
        assert!(state.is_healthy() && !state.is_ready());
        state.round(failed());
        assert!(!state.is_ready());
        assert!(state.metrics().contains("credcheck_watch_last_round_failed 1\n"));
        state.round(Round { metrics: Some("credcheck_requests 3\n# EOF\n".to_owned()), failed: false });
        assert!(state.is_ready());
        state.round(failed());
        let metrics = state.metrics();
        for line in [
            "credcheck_requests 3",
            "credcheck_watch_rounds 3",
            "credcheck_watch_failed_rounds 2",
            "credcheck_watch_last_round_failed 1",
        ] {
            assert!(metrics.lines().any(|one| one == line), "{line}");
        }
        assert_eq!(metrics.matches("# EOF").count(), 1);
        assert!(metrics.ends_with("# EOF\n"));
    }
}
