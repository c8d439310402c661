//! Channels: where a credential's exchanges come from, the live host or a record.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use super::budget::Budget;
use super::client::{Account, Authorization, Client};
use super::minted::Minted;
use crate::facts::record::RecordedExchange;
use crate::facts::{Exchange, Failure, HttpRequest};
use crate::text::secret::Secret;

/// Where the exchanges of one credential come from.
pub enum Channel {
    /// The host itself.
    Live(Box<Live>),
    /// A record; nothing is sent.
    Replay(Replay),
}

/// How to ask the host itself.
pub struct Live {
    /// The run's client.
    pub client: Arc<Client>,
    /// The run's budget.
    pub budget: Arc<Budget>,
    /// The budget of revocations: they are sent whatever the run's own allows.
    pub revocations: Arc<Budget>,
    /// As whom to ask.
    pub account: Account,
    /// The organisation's checker App, where the operator names one.
    pub checker: Option<Account>,
    /// The tokens minted for this credential, by itself or by the checker.
    pub minted: Minted,
}

/// By whom a request is sent.
#[derive(Clone, Debug)]
pub enum By {
    /// The credential.
    Itself,
    /// The credential, its secret sent in another way.
    Otherwise(Authorization),
    /// The organisation's checker App.
    Checker,
    /// Whoever holds this token, minted before.
    Token(Secret),
}

impl Channel {
    /// One request of the credential's own and what comes of it.
    pub async fn exchange(&self, request: &HttpRequest) -> Exchange {
        self.exchange_by(request, &By::Itself).await
    }

    /// One request and what comes of it. A record answers whoever asks.
    pub async fn exchange_by(&self, request: &HttpRequest, by: &By) -> Exchange {
        match self {
            Self::Live(live) => live.exchange(request, by, &live.budget).await,
            Self::Replay(replay) => replay.exchange(request),
        }
    }

    /// How the credential itself is sent; `None` for a record, which sends nothing.
    pub const fn authorization(&self) -> Option<&Authorization> {
        match self {
            Self::Live(live) => Some(&live.account.authorization),
            Self::Replay(_) => None,
        }
    }

    /// Where minted tokens are kept; `None` for a record, which needs none.
    pub const fn minted(&self) -> Option<&Minted> {
        match self {
            Self::Live(live) => Some(&live.minted),
            Self::Replay(_) => None,
        }
    }

    /// Revokes every token that was minted and is not revoked yet. The exchanges are noted, and given back. A token whose
    /// revocation nobody waited for counts as not revoked: it can be revoked again.
    pub async fn revoke(&self) -> Vec<Exchange> {
        let Self::Live(live) = self else { return Vec::new() };
        let mut exchanges = Vec::new();
        for (token, request) in live.minted.live() {
            let exchange = live.exchange(&request, &By::Token(token.clone()), &live.revocations).await;
            live.minted.answered(&token);
            live.minted.note(exchange.clone());
            exchanges.push(exchange);
        }
        exchanges
    }
}

impl Live {
    async fn exchange(&self, request: &HttpRequest, by: &By, budget: &Budget) -> Exchange {
        let account = match by {
            By::Itself => Some(self.account.clone()),
            By::Checker => self.checker.clone(),
            By::Otherwise(authorization) => {
                Some(Account { authorization: authorization.clone(), ..self.account.clone() })
            }
            By::Token(token) => {
                Some(Account { authorization: Authorization::Bearer(token.clone()), ..self.account.clone() })
            }
        };
        match account {
            Some(account) => self.client.send(request, &account, budget).await,
            None => Exchange {
                request: Arc::clone(&request.label),
                result: Err(Failure::NotMinted("there is no checker App to ask with".into())),
                attempts: Vec::new(),
            },
        }
    }
}

/// The recorded exchanges of one credential, by method, URL and query.
#[derive(Clone, Debug)]
pub struct Replay {
    exchanges: HashMap<(String, String, Option<String>), Exchange>,
}

impl Replay {
    /// Replays these exchanges. Where several of one request have different answers, none of them is one.
    pub fn new<'a>(recorded: impl IntoIterator<Item = &'a RecordedExchange>) -> Self {
        let mut exchanges: HashMap<_, Exchange> = HashMap::new();
        for recorded in recorded {
            let exchange = recorded.exchange();
            let query = recorded.query().map(str::to_owned);
            let key = (exchange.request.method.to_owned(), exchange.request.url.clone(), query);
            match exchanges.entry(key) {
                Entry::Vacant(place) => {
                    place.insert(exchange.clone());
                }
                Entry::Occupied(mut place) if !place.get().says_the_same(exchange) => {
                    let reason = "the record holds different answers to this request".to_owned();
                    place.get_mut().result = Err(Failure::Unreadable(reason));
                }
                Entry::Occupied(_) => {}
            }
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
        HttpRequest { label, headers: Vec::new(), body: body.map(str::to_owned), once: false }
    }

    fn recorded(request: &HttpRequest, status: u16) -> RecordedExchange {
        let at = "2026-11-23T12:00:00Z".parse().unwrap();
        let exchange = Exchange {
            request: Arc::clone(&request.label),
            result: Ok(Answer { status, headers: Vec::new(), body: Vec::new(), at }),
            attempts: vec![Attempt { status: Some(status) }],
        };
        RecordedExchange::trimmed(request.body.clone(), exchange)
    }

    #[tokio::test]
    async fn an_address_with_two_answers_has_none() {
        let user = request("GET", "https://git.acme.dev/user", None);
        let answers = [recorded(&user, 200), recorded(&user, 500), recorded(&user, 200)];
        for answers in [&answers[..2], &answers[..]] {
            let exchange = Channel::Replay(Replay::new(answers)).exchange(&user).await;
            assert!(matches!(exchange.result, Err(Failure::Unreadable(_))), "{exchange:?}");
        }
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
            recorded(&user, 200),
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
