//! Scripts of hosts that say apart what to ask and how to read it.

use super::script::Running;
use super::{As, Cost, Decoded, Mint, Question, Scripts, Walk};
use crate::facts::{Exchange, HttpRequest};

/// What such a host says.
pub(super) trait Collector: Sync {
    /// The HTTP request that a question begins with. Names become URL text only percent-encoded, per path segment.
    fn request(&self, question: &Question<'_>) -> HttpRequest;

    /// What the answers so far make necessary: the next page, or another request that settles the same question. `None`
    /// where they settle it, or nothing can.
    fn further(&self, question: &Question<'_>, exchanges: &[Exchange]) -> Option<Further>;

    /// Reads the answers, or failures, of a question into facts.
    fn decode(&self, question: &Question<'_>, exchanges: &[Exchange]) -> Decoded;

    /// As whom a question is asked.
    fn asks_as(&self, _question: &Question<'_>) -> As {
        As::Itself
    }

    /// How the host mints tokens, where it does.
    fn mint(&self) -> Option<&dyn Mint> {
        None
    }

    /// How many requests a question takes, for a plan that asks nothing.
    fn cost(&self, _question: &Question<'_>) -> Cost {
        Cost::ONE
    }
}

/// A further request of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Further {
    /// An address that an answer gave.
    Page(String),
    /// A request of the collector's own making.
    Request(HttpRequest),
    /// Such a request, asked as somebody else from here on.
    As(HttpRequest, As),
}

/// The scripts of such a host.
#[derive(Debug)]
pub(super) struct Legacy<T>(pub(super) T);

impl<T: Collector + 'static> Scripts for Legacy<T> {
    fn run<'a>(&'a self, walk: Walk<'a>) -> Running<'a> {
        Box::pin(run(&self.0, walk))
    }

    fn unfilled(&self, question: &Question<'_>) -> HttpRequest {
        self.0.request(question)
    }

    fn cost(&self, question: &Question<'_>) -> Cost {
        self.0.cost(question)
    }

    fn mint(&self) -> Option<&dyn Mint> {
        self.0.mint()
    }
}

async fn run<T: Collector>(collector: &T, mut walk: Walk<'_>) -> Decoded {
    let request = collector.request(&walk.question());
    let mut by = collector.asks_as(&walk.question());
    let mut exchanges = Vec::new();
    let mut next = walk.ask_as(request, by.clone()).await;
    let cut = loop {
        match next {
            Ok(exchange) => exchanges.push(exchange),
            Err(unknown) => break Some(unknown),
        }
        let further = collector.further(&walk.question(), &exchanges);
        next = match further {
            None => break None,
            Some(Further::Page(url)) => walk.page(&url).await,
            Some(Further::Request(request)) => walk.ask_as(request, by.clone()).await,
            Some(Further::As(request, other)) => {
                by = other;
                walk.ask_as(request, by.clone()).await
            }
        };
    };
    walk.turn().await;
    let decoded = collector.decode(&walk.question(), &exchanges);
    walk.decoded.join(decoded);
    if let Some(cut) = cut {
        walk.cut(cut);
    }
    walk.end()
}
