//! Faults: answers that go wrong on purpose.

use std::io::Write as _;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::simulator::Answer;

/// A way in which an answer goes wrong, or is merely unusual.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// This status (502, 503, 504) with a page of HTML and none of GitHub's headers, as its load balancers answer.
    GatewayError(u16),
    /// The right answer, this much later.
    Slow(Duration),
    /// The right answer, compressed; fine for a client that asked for it.
    Gzip,
    /// The right answer, padded with blanks to this many bytes and then compressed: small on the wire, large in memory.
    GzipBomb(usize),
    /// The right answer, padded with blanks to this many bytes.
    Large(usize),
    /// Status and headers are right; the body is a page of HTML, as from a proxy that wants a login.
    NotJson,
    /// Status and headers are right; the body is its first half.
    TruncatedJson,
    /// The connection breaks in the middle of the body.
    BrokenConnection,
    /// 451 with the block's reason: the repository was taken down.
    LegalBlock,
    /// 403 for the secondary rate limit, with this `Retry-After` (seconds or an HTTP date).
    SecondaryLimit(String),
    /// 429 with this `Retry-After`.
    TooManyRequests(String),
    /// 302 to this address.
    Redirect(String),
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
    pub(super) fn apply(&self, answer: Answer) -> Answer {
        match self {
            Self::GatewayError(status) => {
                Answer::new(*status, "<html><head><title>Unicorn!</title></head><body>This page is taking too long to load.</body></html>")
                    .header("content-type", "text/html; charset=utf-8")
            }
            Self::Slow(delay) => Answer { delay: answer.delay + *delay, ..answer },
            Self::Gzip => gzip(answer),
            Self::GzipBomb(bytes) => gzip(padded(answer, *bytes)),
            Self::Large(bytes) => padded(answer, *bytes),
            Self::NotJson => {
                let body = b"<html><body>Please sign in to the proxy</body></html>".to_vec();
                let mut answer = Answer { body, ..answer };
                answer.headers.retain(|(name, _)| name != "content-type");
                answer.header("content-type", "text/html")
            }
            Self::TruncatedJson => {
                let mut answer = answer;
                answer.body.truncate(answer.body.len() / 2);
                answer
            }
            Self::BrokenConnection => Answer { breaks: true, ..answer },
            Self::LegalBlock => json(answer, 451, &serde_json::json!({
                "message": "Repository access blocked",
                "block": {"reason": "dmca", "created_at": "2026-01-02T03:04:05Z", "html_url": "https://example.com/notice"},
            })),
            Self::SecondaryLimit(retry_after) => json(answer, 403, &serde_json::json!({
                "message": "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
                "documentation_url": "https://docs.github.com/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits",
            }))
            .header("retry-after", retry_after),
            Self::TooManyRequests(retry_after) => {
                json(answer, 429, &serde_json::json!({"message": "Too many requests"})).header("retry-after", retry_after)
            }
            Self::Redirect(address) => {
                json(answer, 302, &serde_json::json!({"message": "Found", "url": address})).header("location", address)
            }
        }
    }
}

/// The same headers, another status and body.
fn json(answer: Answer, status: u16, body: &serde_json::Value) -> Answer {
    Answer { status, body: body.to_string().into_bytes(), ..answer }
}

fn padded(mut answer: Answer, bytes: usize) -> Answer {
    if answer.body.len() < bytes {
        answer.body.resize(bytes, b' ');
    }
    answer
}

fn gzip(answer: Answer) -> Answer {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    // Writing into memory cannot fail; were it to, the answer would go out as it is.
    let Ok(body) = encoder.write_all(&answer.body).and_then(|()| encoder.finish()) else { return answer };
    Answer { body, ..answer }.header("content-encoding", "gzip")
}
