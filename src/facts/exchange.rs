//! An exchange: one request, its answer or failure, and every attempt on the way.

use std::fmt;
use std::sync::Arc;

use jiff::fmt::rfc2822;
use jiff::{SignedDuration, Timestamp};

use super::evidence::RequestLabel;
use crate::vocabulary::headers::DATE;

/// A request to send, without the credential: transport adds that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpRequest {
    /// Method and URL.
    pub label: Arc<RequestLabel>,
    /// Headers besides the authorisation and the client's own, lower-case names.
    pub headers: Vec<(&'static str, String)>,
    /// A JSON body, for queries and write probes.
    pub body: Option<String>,
    /// Whether it is sent at most once, whatever comes of it: a write probe.
    pub once: bool,
}

/// One request and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// What was asked.
    pub request: Arc<RequestLabel>,
    /// What came back.
    pub result: Result<Answer, Failure>,
    /// Every attempt, the last being the one that `result` tells of. Empty where nothing was sent.
    pub attempts: Vec<Attempt>,
}

/// An exchange as reports tell of it: what was asked, and how that ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExchangeSummary {
    /// What was asked.
    pub request: Arc<RequestLabel>,
    /// The status of the answer, if one came.
    pub status: Option<u16>,
    /// How many attempts there were. None where nothing was sent.
    pub attempts: usize,
}

/// What an answer says of a credential's rate limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    /// Requests in a window.
    pub limit: u64,
    /// Requests that are left in this window.
    pub remaining: u64,
    /// When the window ends, where the answer says it.
    pub resets_at: Option<Timestamp>,
}

/// An HTTP answer, capped. `Debug` shows no value of it: hosts put secrets into answers.
#[derive(Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers, names in lower case, in the order they came; a name may repeat.
    pub headers: Vec<(String, String)>,
    /// The body after decompression, within the cap.
    pub body: Vec<u8>,
    /// When it came.
    pub at: Timestamp,
}

/// One attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// Its status; `None` where no answer came.
    pub status: Option<u16>,
}

/// Why there is no usable answer. The texts are ours, never the server's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The name could not be resolved, the connection not made or lost.
    #[error("{0}")]
    Connection(String),
    /// The certificate was not accepted.
    #[error("the TLS certificate was not accepted: {0}")]
    Tls(String),
    /// No answer in time.
    #[error("no answer within {0}")]
    Timeout(String),
    /// The answer is larger than we read.
    #[error("the answer is larger than {0} bytes")]
    TooLarge(usize),
    /// The answer cannot be read as HTTP, or its encoding is broken.
    #[error("the answer could not be read: {0}")]
    Unreadable(String),
    /// A redirect to another origin, or too many.
    #[error("{0}")]
    Redirect(String),
    /// The run's request budget, or the reserve of the rate limit, is used up; nothing was sent.
    #[error("{0}")]
    Budget(String),
    /// The token that the request takes could not be minted; the request was not sent.
    #[error("{0}")]
    NotMinted(String),
    /// A replayed record does not hold this request; nothing was sent.
    #[error("the record has no answer for this request")]
    NotRecorded,
}

impl Answer {
    /// A header's value, by its name in whatever case; repeated headers are joined by a comma, as HTTP says.
    pub fn header(&self, header: impl AsRef<str>) -> Option<String> {
        let is_it = |name: &str| name.eq_ignore_ascii_case(header.as_ref());
        let mut values = self.headers.iter().filter(|(name, _)| is_it(name)).map(|(_, value)| value.as_str());
        let first = values.next()?.to_owned();
        Some(values.fold(first, |joined, value| format!("{joined}, {value}")))
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.headers.iter().map(|(name, _)| name.as_str()).collect();
        formatter
            .debug_struct("Answer")
            .field("status", &self.status)
            .field("headers", &names)
            .field("body", &format_args!("{} bytes", self.body.len()))
            .field("at", &self.at)
            .finish()
    }
}

impl Answer {
    /// How far this machine's clock is ahead of the host's (`Date`); negative when behind. `None` where the host does not
    /// say. The network's delay is in it, so only whole minutes mean something.
    pub fn clock_ahead(&self) -> Option<SignedDuration> {
        let date = rfc2822::DateTimeParser::new().parse_timestamp(self.header(DATE)?.trim()).ok()?;
        Some(self.at.duration_since(date))
    }
}

impl Exchange {
    /// The status of the answer, if one came.
    pub fn status(&self) -> Option<u16> {
        self.result.as_ref().ok().map(|answer| answer.status)
    }

    /// Whether both tell the same: what is left of a rate limit and when an answer came tell nothing.
    pub fn says_the_same(&self, other: &Self) -> bool {
        let telling = |answer: &Answer| {
            // Also the number that each request is given.
            let passes = |name: &str| {
                let name = name.to_ascii_lowercase().replace('-', "");
                name.contains("ratelimit") || name.ends_with("requestid") || matches!(&*name, "date" | "retryafter")
            };
            let mut headers = answer.headers.clone();
            headers.retain(|(name, _)| !passes(name));
            (answer.status, headers, answer.body.clone())
        };
        match (&self.result, &other.result) {
            (Ok(one), Ok(two)) => telling(one) == telling(two),
            (one, two) => one == two,
        }
    }

    /// What reports tell of it.
    pub fn summary(&self) -> ExchangeSummary {
        ExchangeSummary { request: Arc::clone(&self.request), status: self.status(), attempts: self.attempts.len() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_are_compared_where_the_host_says_its_time() {
        let answer = |date: Option<&str>| Answer {
            status: 200,
            headers: date.map(|date| ("date".to_owned(), date.to_owned())).into_iter().collect(),
            body: Vec::new(),
            at: "2026-11-23T12:02:00Z".parse().unwrap(),
        };
        assert_eq!(answer(Some("Mon, 23 Nov 2026 12:00:00 GMT")).clock_ahead(), Some(SignedDuration::from_secs(120)));
        assert_eq!(answer(Some("Mon, 23 Nov 2026 12:03:00 GMT")).clock_ahead(), Some(SignedDuration::from_secs(-60)));
        assert_eq!(answer(Some("soon")).clock_ahead(), None);
        assert_eq!(answer(None).clock_ahead(), None);
    }
}
