//! Channels: where a credential's exchanges come from, the live host or a record.

use std::collections::HashMap;
use std::sync::Arc;

use super::budget::Budget;
use super::client::{Account, Client};
use crate::facts::record::RecordedExchange;
use crate::facts::{Exchange, Failure, HttpRequest};

/// Where the exchanges of one credential come from.
pub enum Channel {
    /// The host itself.
    Live {
        /// The run's client.
        client: Arc<Client>,
        /// The run's budget.
        budget: Arc<Budget>,
        /// As whom to ask.
        account: Account,
    },
    /// A record; nothing is sent.
    Replay(Replay),
}

impl Channel {
    /// One request and what comes of it.
    pub async fn exchange(&self, request: &HttpRequest) -> Exchange {
        match self {
            Self::Live { client, budget, account } => client.send(request, account, budget).await,
            Self::Replay(replay) => replay.exchange(request),
        }
    }
}

/// The recorded exchanges of one credential, by method, URL and query.
#[derive(Clone, Debug)]
pub struct Replay {
    exchanges: HashMap<(String, String, Option<String>), Exchange>,
}

impl Replay {
    /// Replays these exchanges; of several with one request, the first.
    pub fn new<'a>(recorded: impl IntoIterator<Item = &'a RecordedExchange>) -> Self {
        let mut exchanges = HashMap::new();
        for recorded in recorded {
            let exchange = recorded.exchange();
            let query = recorded.query().map(str::to_owned);
            let key = (exchange.request.method.to_owned(), exchange.request.url.clone(), query);
            exchanges.entry(key).or_insert_with(|| exchange.clone());
        }
        Self { exchanges }
    }

    /// The recorded exchange, or [`Failure::NotRecorded`].
    pub fn exchange(&self, request: &HttpRequest) -> Exchange {
        let key = (request.label.method.to_owned(), request.label.url.clone(), request.body.clone());
        let recorded = self.exchanges.get(&key);
        Exchange {
            request: Arc::clone(&request.label),
            result: recorded.map_or(Err(Failure::NotRecorded), |exchange| exchange.result.clone()),
            attempts: recorded.map(|exchange| exchange.attempts.clone()).unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{Answer, Attempt, RequestLabel};

    fn request(method: &'static str, url: &str, body: Option<&str>) -> HttpRequest {
        let label = Arc::new(RequestLabel { method, url: url.to_owned() });
        HttpRequest { label, headers: Vec::new(), body: body.map(str::to_owned) }
    }

    fn recorded(request: &HttpRequest, status: u16) -> RecordedExchange {
        let at = "2026-11-23T12:00:00Z".parse().unwrap();
        let exchange = Exchange {
            request: Arc::clone(&request.label),
            result: Ok(Answer { status, headers: Vec::new(), body: Vec::new(), at }),
            attempts: vec![Attempt { status: Some(status) }],
        };
        RecordedExchange::untrimmed(request.body.clone(), exchange)
    }

    #[tokio::test]
    async fn a_replay_answers_what_was_recorded_and_nothing_else() {
        let user = request("GET", "https://git.acme.dev/user", None);
        let first = request("POST", "https://git.acme.dev/graphql", Some("{a}"));
        let second = request("POST", "https://git.acme.dev/graphql", Some("{b}"));
        let channel = Channel::Replay(Replay::new(&[
            recorded(&user, 200),
            recorded(&first, 201),
            recorded(&second, 202),
            recorded(&user, 500),
        ]));
        for (request, status) in [(&user, 200), (&first, 201), (&second, 202)] {
            let exchange = channel.exchange(request).await;
            assert_eq!((exchange.status(), exchange.attempts.len()), (Some(status), 1));
        }
        for other in [
            request("GET", "https://git.acme.dev/user?page=2", None),
            request("POST", "https://git.acme.dev/user", None),
            request("POST", "https://git.acme.dev/graphql", Some("{c}")),
            request("POST", "https://git.acme.dev/graphql", None),
        ] {
            let exchange = channel.exchange(&other).await;
            assert_eq!(exchange.result, Err(Failure::NotRecorded));
            assert!(exchange.attempts.is_empty());
        }
    }
}
