//! What the headers of an answer say about waiting and about the rate limit.

use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822;

use super::budget::Window;
use crate::facts::Answer;
use crate::facts::headers::{DATE, RETRY_AFTER};

/// The headers by which a host shows its rate limit, lower-case names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LimitHeaders {
    /// Requests a window: `x-ratelimit-limit`.
    pub limit: &'static str,
    /// Requests left in this window: `x-ratelimit-remaining`.
    pub remaining: &'static str,
    /// When the window ends, in seconds since 1970 or in seconds from now: `x-ratelimit-reset`.
    pub reset: &'static str,
}

impl LimitHeaders {
    /// The window that an answer shows; `None` where it shows none that makes sense.
    pub fn window(&self, answer: &Answer) -> Option<Window> {
        let remaining = number(answer, self.remaining)?;
        let limit = number(answer, self.limit).filter(|limit| *limit > 0)?;
        Some(Window { remaining, limit, resets_in: self.resets_in(answer) })
    }

    /// Whether the answer says that no request is left.
    pub(super) fn is_used_up(&self, answer: &Answer) -> bool {
        number(answer, self.remaining) == Some(0)
    }

    /// The time until the window ends.
    pub(super) fn resets_in(&self, answer: &Answer) -> Option<Duration> {
        let reset = number(answer, self.reset)?;
        // No window is thirty years long, so a large number is a point in time.
        if reset < 1_000_000_000 {
            return Some(Duration::from_secs(reset));
        }
        Some(until(Timestamp::from_second(i64::try_from(reset).ok()?).ok()?, answer))
    }
}

/// How long `Retry-After` asks to wait: seconds, or an HTTP date.
pub(super) fn retry_after(answer: &Answer) -> Option<Duration> {
    let value = answer.header(RETRY_AFTER)?;
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than fit are a wait that is too long in any case.
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    Some(until(http_date(value)?, answer))
}

/// The time from the answer until a date: by the host's own clock where it shows it, for ours may be off.
fn until(date: Timestamp, answer: &Answer) -> Duration {
    let now = answer.header(DATE).and_then(|date| http_date(date.trim())).unwrap_or(answer.at);
    Duration::try_from(date.duration_since(now)).unwrap_or(Duration::ZERO)
}

fn http_date(text: &str) -> Option<Timestamp> {
    rfc2822::DateTimeParser::new().parse_timestamp(text).ok()
}

fn number(answer: &Answer, header: &str) -> Option<u64> {
    let value = answer.header(header)?;
    let value = value.trim();
    if value.bytes().all(|byte| byte.is_ascii_digit()) { value.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: LimitHeaders = LimitHeaders { limit: "x-limit", remaining: "x-left", reset: "x-reset" };

    fn answer(headers: &[(&str, &str)]) -> Answer {
        Answer {
            status: 200,
            headers: headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            body: Vec::new(),
            at: "2026-11-23T12:00:00Z".parse().unwrap(),
        }
    }

    #[test]
    fn retry_after_is_read_as_seconds_or_date() {
        for (headers, seconds) in [
            (&[("retry-after", "60")] as &[_], Some(60)),
            (&[("retry-after", " 0 ")], Some(0)),
            (&[("retry-after", "99999999999999999999999")], Some(u64::MAX)),
            (&[("retry-after", "Mon, 23 Nov 2026 12:01:30 GMT")], Some(90)),
            (&[("retry-after", "Mon, 23 Nov 2026 11:00:00 GMT")], Some(0)),
            // The host's clock is an hour ahead of ours: the wait is still thirty seconds.
            (&[("date", "Mon, 23 Nov 2026 13:00:00 GMT"), ("retry-after", "Mon, 23 Nov 2026 13:00:30 GMT")], Some(30)),
            (&[("retry-after", "-5")], None),
            (&[("retry-after", "soon")], None),
            (&[("retry-after", "")], None),
            (&[], None),
        ] {
            assert_eq!(retry_after(&answer(headers)).map(|wait| wait.as_secs()), seconds, "{headers:?}");
        }
    }

    #[test]
    fn a_window_is_read_or_not_at_all() {
        let full = answer(&[("x-limit", "5000"), ("x-left", "4987"), ("x-reset", "1795436100")]);
        let window = NAMES.window(&full).unwrap();
        assert_eq!((window.remaining, window.limit), (4987, 5000));
        assert_eq!(window.resets_in, Some(Duration::from_secs(900)));
        let relative = answer(&[("x-limit", "60"), ("x-left", "3"), ("x-reset", "45")]);
        assert_eq!(NAMES.resets_in(&relative), Some(Duration::from_secs(45)));
        for broken in [
            &[("x-limit", "0"), ("x-left", "0")] as &[_],
            &[("x-limit", "5000")],
            &[("x-limit", "many"), ("x-left", "1")],
            &[("x-limit", "5000"), ("x-left", "-1")],
            &[("x-limit", "5000"), ("x-left", "")],
        ] {
            assert_eq!(NAMES.window(&answer(broken)), None, "{broken:?}");
        }
        assert!(NAMES.is_used_up(&answer(&[("x-left", "0")])));
        assert!(!NAMES.is_used_up(&answer(&[("x-left", "1")])) && !NAMES.is_used_up(&answer(&[])));
    }
}
