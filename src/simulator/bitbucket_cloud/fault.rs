//! Faults: answers that go wrong on purpose.

use std::time::Duration;

use serde_json::json;

use crate::simulator::Answer;

/// A way in which an answer goes wrong, or is merely unusual.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// This status (502, 503, 504) with a page of HTML and none of Bitbucket's headers.
    GatewayError(u16),
    /// Bitbucket's own timeout: 555.
    OwnTimeout,
    /// The right answer, this much later.
    Slow(Duration),
    /// Status and headers are right; the body is a page of HTML, as from a proxy that wants a login.
    NotJson,
    /// Status and headers are right; the body is its first half.
    TruncatedJson,
    /// The connection breaks in the middle of the body.
    BrokenConnection,
    /// 429, with a `Retry-After` where one is given; Bitbucket documents none.
    TooManyRequests(Option<String>),
    /// 410 for a request that was removed by this change (`CHANGE-2770`).
    Removed(String),
    /// 302 to this address.
    Redirect(String),
    /// The right answer without these headers, by their names in lower case.
    WithoutHeaders(Vec<String>),
}

/// A fault that waits for its requests.
#[derive(Clone, Debug)]
pub(super) struct PlannedFault {
    /// Paths that begin like this.
    pub(super) path: String,
    /// How many answers are still to go wrong.
    pub(super) left: u32,
    pub(super) fault: Fault,
}

/// The first planned fault for a path, counted down.
pub(super) fn next(faults: &mut [PlannedFault], path: &str) -> Option<Fault> {
    let planned = faults.iter_mut().find(|fault| fault.left > 0 && path.starts_with(&fault.path))?;
    planned.left -= 1;
    Some(planned.fault.clone())
}

impl Fault {
    /// Spoils an answer.
    pub(super) fn apply(&self, mut answer: Answer) -> Answer {
        match self {
            Self::GatewayError(status) => {
                Answer::new(*status, "<html><body>upstream</body></html>").header("content-type", "text/html")
            }
            Self::OwnTimeout => error(answer, 555, "The request took too long"),
            Self::Slow(delay) => Answer { delay: answer.delay + *delay, ..answer },
            Self::NotJson => {
                answer.headers.retain(|(name, _)| name != "content-type");
                answer.body = b"<html><body>Please sign in to the proxy</body></html>".to_vec();
                answer.header("content-type", "text/html")
            }
            Self::TruncatedJson => {
                answer.body.truncate(answer.body.len() / 2);
                answer
            }
            Self::BrokenConnection => Answer { breaks: true, ..answer },
            Self::TooManyRequests(retry_after) => {
                let answer = error(answer, 429, "Rate limit for this resource has been exceeded");
                match retry_after {
                    Some(value) => answer.header("retry-after", value),
                    None => answer,
                }
            }
            Self::Removed(change) => error(answer, 410, &format!("{change} - Functionality has been deprecated")),
            Self::Redirect(address) => error(answer, 302, "Found").header("location", address),
            Self::WithoutHeaders(names) => {
                answer.headers.retain(|(header, _)| !names.iter().any(|name| name.eq_ignore_ascii_case(header)));
                answer
            }
        }
    }
}

/// The same headers with an error of Bitbucket's form.
fn error(answer: Answer, status: u16, message: &str) -> Answer {
    let body = json!({"type": "error", "error": {"message": message}}).to_string().into_bytes();
    Answer { status, body, ..answer }
}
