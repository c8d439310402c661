//! Which attempts are made again, and after which wait. Pure: everything asked here is a read, so all may be repeated.

use std::time::Duration;

use super::limits::{self, LimitHeaders};
use super::settings::ClientSettings;
use crate::facts::Answer;

/// What to do after an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Advice {
    /// Send again after this wait; `None`: the answer stands.
    pub(super) wait: Option<Duration>,
    /// Send nothing more for this credential for so long: the host says that the limit is reached.
    pub(super) pause: Option<Duration>,
}

/// What an answer calls for, after so many retries.
///
/// A wait longer than `longest_wait` is not waited for: the answer stands, and says why. 401 is never repeated: a dead
/// credential must not count as several bad logins.
pub(super) fn after_answer(
    answer: &Answer,
    limits: Option<&LimitHeaders>,
    retries: u32,
    settings: &ClientSettings,
) -> Advice {
    let asked = limits::retry_after(answer);
    let used_up = limits.filter(|limits| limits.is_used_up(answer));
    let limited = match answer.status {
        429 => true,
        // A 403 without either is a matter of permissions, and stays one.
        403 => asked.is_some() || used_up.is_some(),
        500 | 502 | 503 | 504 => false,
        _ => return Advice::default(),
    };
    let asked = asked.or_else(|| used_up.filter(|_| limited)?.resets_in(answer));
    let wait = match asked {
        Some(asked) if asked > settings.longest_wait => None,
        // A primary limit without an end is not over in a moment.
        None if answer.status == 403 => None,
        asked => backoff(retries, settings).map(|backoff| backoff.max(asked.unwrap_or_default())),
    };
    Advice { wait, pause: asked.filter(|_| limited) }
}

/// The pause before the next attempt, after so many retries: doubles each time, up to `longest_wait`; `None` when no
/// retry is left.
pub(super) fn backoff(retries: u32, settings: &ClientSettings) -> Option<Duration> {
    if retries >= settings.retries {
        return None;
    }
    let factor = 2_u32.checked_pow(retries).unwrap_or(u32::MAX);
    Some(settings.backoff.saturating_mul(factor).min(settings.longest_wait))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: LimitHeaders = LimitHeaders { limit: "x-limit", remaining: "x-left", reset: "x-reset" };

    fn settings() -> ClientSettings {
        ClientSettings {
            timeout: Duration::from_secs(1),
            ca_certificates: None,
            retries: 3,
            longest_wait: Duration::from_secs(60),
            body_cap: 1,
            backoff: Duration::from_secs(1),
        }
    }

    fn advice(status: u16, headers: &[(&str, &str)], retries: u32) -> (Option<u64>, Option<u64>) {
        let answer = Answer {
            status,
            headers: headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            body: Vec::new(),
            at: "2026-11-23T12:00:00Z".parse().unwrap(),
        };
        let advice = after_answer(&answer, Some(&NAMES), retries, &settings());
        (advice.wait.map(|wait| wait.as_secs()), advice.pause.map(|pause| pause.as_secs()))
    }

    #[test]
    fn the_answers_that_may_pass_by_themselves_are_asked_for_again() {
        for (status, headers, retries, expected) in [
            (200, &[] as &[_], 0, (None, None)),
            (200, &[("retry-after", "5")], 0, (None, None)),
            (401, &[("retry-after", "5"), ("x-left", "0")], 0, (None, None)),
            (404, &[], 0, (None, None)),
            (403, &[], 0, (None, None)),
            (403, &[("x-left", "4321")], 0, (None, None)),
            (403, &[("x-left", "4321"), ("retry-after", "30")], 0, (Some(30), Some(30))),
            // The primary limit: soon over, late over, of unknown end.
            (403, &[("x-left", "0"), ("x-reset", "1795435220")], 0, (Some(20), Some(20))),
            (403, &[("x-left", "0"), ("x-reset", "1795438800")], 0, (None, Some(3_600))),
            (403, &[("x-left", "0")], 0, (None, None)),
            (429, &[], 0, (Some(1), None)),
            (429, &[], 2, (Some(4), None)),
            (429, &[], 3, (None, None)),
            (429, &[("retry-after", "61")], 0, (None, Some(61))),
            (429, &[("retry-after", "0")], 1, (Some(2), Some(0))),
            (429, &[("x-left", "0"), ("x-reset", "10")], 0, (Some(10), Some(10))),
            // One endpoint's trouble stops no other request.
            (503, &[("retry-after", "7")], 0, (Some(7), None)),
            (503, &[("retry-after", "700")], 0, (None, None)),
            (502, &[("x-left", "0"), ("x-reset", "3000")], 0, (Some(1), None)),
            (500, &[], 0, (Some(1), None)),
            (504, &[], 3, (None, None)),
            (501, &[], 0, (None, None)),
        ] {
            assert_eq!(advice(status, headers, retries), expected, "{status} {headers:?} {retries}");
        }
    }

    #[test]
    fn backoff_doubles_up_to_the_longest_wait() {
        let settings = ClientSettings { retries: u32::MAX, ..settings() };
        let seconds = |retries| backoff(retries, &settings).unwrap().as_secs();
        assert_eq!([0, 1, 2, 5, 6, 40, 4_000_000_000].map(seconds), [1, 2, 4, 32, 60, 60, 60]);
    }
}
