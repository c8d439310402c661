//! Lists in pages: `next` names the next page, its absence the last one. Repositories, webhooks and e-mail addresses.

use serde_json::Value as Json;

use super::reading::{Arrived, Counted, answered};
use super::{account, repository, requests};
use crate::facts::{Bounds, Incident, Knowledge, RecordValue, Unknown, Value};
use crate::hosts::Walk;
use crate::hosts::reader::malformed;
use crate::vocabulary::{Place, field};

/// A list that is read page by page.
pub(super) struct Pages {
    next: Next,
    counted: Counted,
}

enum Next {
    First,
    Page(String),
    End,
    /// Somewhere that the last page does not tell, or does not exist.
    Lost(Unknown),
}

/// What a list gives next.
pub(super) enum Page {
    /// An answer, a page or a refusal.
    Came(Arrived),
    /// There is more, and why it is not read.
    Cut(Unknown),
    /// Nothing: it was read to its end.
    End,
}

impl Pages {
    /// The list of the question's row.
    pub(super) fn new() -> Self {
        Self { next: Next::First, counted: Counted::default() }
    }

    pub(super) async fn next(&mut self, walk: &mut Walk<'_>) -> Page {
        let came = match std::mem::replace(&mut self.next, Next::End) {
            Next::First => {
                let first = requests::request(&walk.question());
                walk.ask(first).await
            }
            Next::Page(address) => walk.page(&address).await,
            Next::End => return Page::End,
            Next::Lost(why) => return Page::Cut(why),
        };
        match came {
            Ok(exchange) => {
                let arrived = Arrived::of(exchange);
                self.next = match self.counted.next(&arrived) {
                    Ok(next) => next.map_or(Next::End, Next::Page),
                    Err(why) => Next::Lost(why),
                };
                Page::Came(arrived)
            }
            Err(why) => Page::Cut(why),
        }
    }

    /// Every page, and why there are more that are not read, where there are.
    pub(super) async fn all(mut self, walk: &mut Walk<'_>) -> (Vec<Arrived>, Option<Unknown>) {
        let mut came = Vec::new();
        loop {
            match self.next(walk).await {
                Page::Came(arrived) => came.push(arrived),
                Page::Cut(why) => return (came, Some(why)),
                Page::End => return (came, None),
            }
        }
    }
}

/// The repositories of a workspace: every page tells its own.
pub(super) async fn repositories(walk: &mut Walk<'_>) {
    let mut pages = Pages::new();
    loop {
        match pages.next(walk).await {
            Page::Came(arrived) => {
                answered(walk, &arrived, repository::listing);
            }
            Page::Cut(why) => return walk.cut(why),
            Page::End => return,
        }
    }
}

/// The account's primary e-mail address. The last answer says whether there is more, and why it was not read.
pub(super) async fn emails(walk: &mut Walk<'_>) {
    let (pages, more) = Pages::new().all(walk).await;
    let mut told = pages.iter().filter_map(Arrived::found).map(account::primary_email);
    let primary = told.find(|primary| !matches!(primary, Ok(None))).unwrap_or(Ok(None));
    let Some(last) = pages.last() else { return };
    walk.turn().await;
    answered(walk, last, |reader, _| match primary {
        Ok(Some(email)) => {
            let source = field("email").of_the("values", "primary one");
            reader.tell("user.email", Knowledge::Known(Value::String(email)), source);
            malformed("the answer does not tell this")
        }
        Ok(None) => more.unwrap_or_else(|| malformed("none of the account's e-mail addresses is the primary one")),
        Err(unknown) => unknown,
    });
}

/// The webhooks of a repository or workspace, which tell this fact.
pub(super) async fn webhooks(walk: &mut Walk<'_>, path: &'static str) {
    let mut pages = Pages::new();
    let mut records = Ok(Vec::new());
    let (mut good, mut failed, mut more) = (None, None, None);
    loop {
        match pages.next(walk).await {
            Page::Came(arrived) => match arrived.found() {
                Some(page) => {
                    records = records.and_then(|before| with_webhooks(before, page));
                    good = Some(arrived);
                }
                None => failed = Some(arrived),
            },
            Page::Cut(why) => {
                more = Some(why);
                break;
            }
            Page::End => break,
        }
    }
    walk.turn().await;
    let mut refusal = None;
    if let Some(failed) = failed {
        let why = answered(walk, &failed, |_, _| malformed("the answer does not tell this"));
        if good.is_none() {
            return;
        }
        // A later page that fails takes nothing away from those that were read.
        more = Some(why);
        refusal = Some(std::mem::take(&mut walk.decoded));
    }
    let Some(good) = good else { return };
    answered(walk, &good, |reader, _| match records {
        Ok(records) => {
            let knowledge = match more {
                Some(why) => Knowledge::Bounded(Bounds::List(records), why),
                None => Knowledge::Known(Value::Records(records)),
            };
            reader.tell(path, knowledge, Place::List);
            malformed("the answer does not tell this")
        }
        Err(unknown) => unknown,
    });
    if let Some(refusal) = refusal {
        // The repository was seen: a page that is not there says nothing of it.
        let seen = |incident: &Incident| !matches!(incident, Incident::NotVisible { .. });
        walk.decoded.incidents.extend(refusal.incidents.into_iter().filter(seen));
        walk.decoded.ends = walk.decoded.ends.take().or(refusal.ends);
    }
}

/// The webhooks read so far, and those of one page more.
fn with_webhooks(mut records: Vec<RecordValue>, page: &Json) -> Result<Vec<RecordValue>, Unknown> {
    let Some(Json::Array(items)) = page.get("values") else {
        return Err(malformed("the answer is no list of webhooks"));
    };
    if !items.iter().all(Json::is_object) {
        return Err(malformed("the list holds something that is no webhook"));
    }
    records.extend(items.iter().map(repository::webhook));
    Ok(records)
}
