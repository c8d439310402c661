//! Asking Bitbucket: one answer to a known caller, and lists page by page.

use std::sync::Arc;

use serde_json::Value as Json;

use super::tables::host;
use super::{headers, refusal};
use crate::facts::{Exchange, HttpRequest, Knowledge, RequestLabel, Unknown, Value};
use crate::hosts::column::{Column, Gap, Held, required};
use crate::hosts::reader::malformed;
use crate::hosts::{Question, Seen, Walk, alike};
use crate::vocabulary::bitbucket_server::headers::X_AUSERNAME;

/// Why a script does not go on.
pub(super) enum Stop {
    /// No usable answer came.
    Broken(Exchange),
    /// The answer settles nothing, and why.
    Refused(Seen, Unknown),
    /// More would have to be asked than is, and why that is not.
    Cut(Unknown),
}

/// What an authenticated answer says.
pub(super) enum Reply {
    /// 200, with its JSON.
    Found(Seen, Json),
    /// 404: there is none, or it is hidden.
    NotFound(Missing),
    /// 401 for a caller that is known: a permission is missing.
    Denied(Seen, Unknown),
}

/// A 404.
pub(super) struct Missing {
    pub(super) seen: Seen,
    /// Whether it is in Bitbucket's own words, which no proxy's page is.
    pub(super) is_bitbuckets: bool,
}

/// What a list says.
pub(super) enum Found {
    /// This item was looked for; the rest was not read.
    Item(Seen, Json),
    /// It was read to its end, and there is none.
    None(Seen),
    /// 404 for the whole list.
    NoList,
    /// 401 for the whole list.
    Denied(Unknown),
}

/// The next part of a list.
pub(super) enum Page {
    /// A page of it.
    Values(Seen, Vec<Json>),
    /// It was read to its end, which was here.
    End(Seen),
    /// 404 for the whole list.
    NoList,
    /// 401 for the whole list.
    Denied(Unknown),
}

/// The API's base without a trailing slash.
pub(super) fn base(question: &Question<'_>) -> String {
    question.credential.api.as_str().trim_end_matches('/').to_owned()
}

/// A GET.
pub(super) fn request(url: String) -> HttpRequest {
    let headers = vec![("accept", "application/json".to_owned()), ("x-atlassian-token", "no-check".to_owned())];
    HttpRequest { label: Arc::new(RequestLabel { method: "GET", url }), headers, body: None, once: false }
}

/// The next answer, whatever it says; `path` is below the API's base.
pub(super) async fn ask(walk: &mut Walk<'_>, path: &str) -> Result<Exchange, Stop> {
    let request = request(format!("{}{path}", base(&walk.question())));
    match walk.ask(request).await {
        Ok(exchange) if exchange.result.is_ok() => Ok(exchange),
        Ok(exchange) => Err(Stop::Broken(exchange)),
        Err(why) => Err(Stop::Cut(why)),
    }
}

/// The next answer, where it is one to this caller.
pub(super) async fn get(walk: &mut Walk<'_>, path: &str) -> Result<Reply, Stop> {
    let exchange = ask(walk, path).await?;
    let seen = Seen::of(&exchange);
    let Ok(answer) = &exchange.result else { return Err(Stop::Broken(exchange)) };
    if let Some(name) = headers::caller(answer) {
        same_caller(walk, &seen, name);
    }
    match (answer.status, headers::caller(answer)) {
        (200, named) => match alike::json(answer) {
            // Whoever names the caller is Bitbucket.
            Err(_) if named.is_some() => Err(Stop::Refused(seen, alike::not_json("Bitbucket"))),
            Err(_) => Err(Stop::Refused(seen, refusal::foreign())),
            Ok(_) if named.is_none() => Err(Stop::Refused(seen, refusal::to_nobody())),
            Ok(body) => Ok(Reply::Found(seen, body)),
        },
        (404, Some(_)) => Ok(Reply::NotFound(Missing { seen, is_bitbuckets: refusal::is_bitbuckets(answer) })),
        (401, Some(name)) => Ok(Reply::Denied(seen, refusal::denied(answer, &name))),
        _ => {
            let unknown = refusal::read(walk, &seen, answer);
            Err(Stop::Refused(seen, unknown))
        }
    }
}

/// An answer to another caller than the one that is known contradicts that one's.
fn same_caller(walk: &mut Walk<'_>, seen: &Seen, name: String) {
    let known = host().fact("user.username").and_then(|index| walk.question().so_far.credential.get(index));
    let other =
        known.and_then(|fact| fact.knowledge.value()).is_some_and(|known| *known != Value::String(name.clone()));
    if other {
        walk.tell("user.username", Knowledge::Known(Value::String(name)), vec![seen.evidence(X_AUSERNAME)]);
    }
}

/// A list that is read page by page.
pub(super) struct List {
    path: String,
    start: u64,
    next: Next,
}

/// How a list goes on.
enum Next {
    /// With the page at this path.
    At(String),
    /// Not at all: this was its last page.
    End(Seen),
    /// Somewhere that this page does not tell.
    Lost(Seen),
}

impl List {
    /// The list at a path, which ends in a query.
    pub(super) fn at(path: String) -> Self {
        Self { start: 0, next: Next::At(path.clone()), path }
    }

    /// The next page.
    pub(super) async fn page(&mut self, walk: &mut Walk<'_>) -> Result<Page, Stop> {
        let path = match &self.next {
            Next::At(path) => path.clone(),
            Next::End(seen) => return Ok(Page::End(seen.clone())),
            Next::Lost(seen) => {
                return Err(Stop::Refused(seen.clone(), malformed("the list does not say where its next page begins")));
            }
        };
        let (seen, mut body) = match get(walk, &path).await? {
            Reply::Found(seen, body) => (seen, body),
            Reply::NotFound(_) => return Ok(Page::NoList),
            Reply::Denied(_, unknown) => return Ok(Page::Denied(unknown)),
        };
        let Some(Json::Array(values)) = body.get_mut("values").map(Json::take) else {
            return Err(Stop::Refused(seen, malformed("the answer is not the list that Bitbucket sends")));
        };
        self.next = match turn(&body, values.len(), self.start) {
            Turn::Last => Next::End(seen.clone()),
            Turn::At(at) => {
                self.start = at;
                Next::At(format!("{}&start={at}", self.path))
            }
            // What stands on this page is there all the same.
            Turn::Lost => Next::Lost(seen.clone()),
        };
        Ok(Page::Values(seen, values))
    }
}

/// What a page says of the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Turn {
    /// There is none.
    Last,
    /// It begins here: where the host says, not one limit further on.
    At(u64),
    /// Nothing that makes sense.
    Lost,
}

const SIZE: Column = required("size").missing(Gap::Nothing);
const IS_LAST: Column = required("isLastPage").missing(Gap::Nothing);
const NEXT_START: Column = required("nextPageStart").empty(Gap::Nothing);

/// Only `isLastPage: true` ends a list, where nothing on the page speaks against it.
fn turn(body: &Json, values: usize, start: u64) -> Turn {
    let counted = match SIZE.number(body) {
        Held::Nothing => true,
        Held::Value(size) => usize::try_from(size) == Ok(values),
        Held::Open(_) => false,
    };
    match (IS_LAST.flag(body), NEXT_START.number(body)) {
        (Held::Value(true), Held::Nothing) if counted => Turn::Last,
        // Where the flag is missing, a page that is named is one all the same.
        (Held::Nothing | Held::Value(false), Held::Value(next)) if counted => match u64::try_from(next) {
            Ok(at) if at > start => Turn::At(at),
            _ => Turn::Lost,
        },
        _ => Turn::Lost,
    }
}

/// Reads a list, which `path` asks for with a query, until a page has what is looked for; of several there, the last.
/// `is_it` says nothing of an item that cannot be read: it may be the one, so that nothing is found beside it.
pub(super) async fn find(
    walk: &mut Walk<'_>,
    path: String,
    is_it: impl Fn(&Json) -> Option<bool> + Send,
) -> Result<Found, Stop> {
    let mut list = List::at(path);
    loop {
        match list.page(walk).await? {
            Page::Values(seen, values) => {
                if values.iter().any(|item| is_it(item).is_none()) {
                    return Err(Stop::Refused(seen, malformed("the list holds something that credcheck cannot read")));
                }
                if let Some(item) = values.into_iter().rfind(|item| is_it(item) == Some(true)) {
                    return Ok(Found::Item(seen, item));
                }
            }
            Page::End(seen) => return Ok(Found::None(seen)),
            Page::NoList => return Ok(Found::NoList),
            Page::Denied(unknown) => return Ok(Found::Denied(unknown)),
        }
    }
}

/// The caller's name: as an answer gave it; in a plan, where nothing was asked, as it was configured.
pub(super) fn username(question: &Question<'_>) -> Option<String> {
    let told = host().fact("user.username").and_then(|index| question.so_far.credential.get(index));
    match told.and_then(|fact| fact.knowledge.value()) {
        Some(Value::String(name)) => Some(name.clone()),
        _ => question.credential.username.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_list_ends_only_where_the_host_says_so_and_nothing_speaks_against_it() {
        for last in
            [json!({ "isLastPage": true }), json!({ "isLastPage": true, "nextPageStart": null, "size": 2, "limit": 2 })]
        {
            assert_eq!(turn(&last, 2, 0), Turn::Last, "{last}");
        }
        for more in [
            json!({ "isLastPage": false, "nextPageStart": 5, "size": 2 }),
            json!({ "isLastPage": false, "nextPageStart": 5 }),
            json!({ "nextPageStart": 5 }),
        ] {
            assert_eq!(turn(&more, 2, 0), Turn::At(5), "{more}");
        }
        for lost in [
            json!({}),
            json!({ "size": 2 }),
            json!({ "nextPageStart": 4 }),
            json!({ "isLastPage": null, "nextPageStart": 5 }),
            json!({ "isLastPage": null }),
            json!({ "isLastPage": "true" }),
            json!({ "isLastPage": "false", "nextPageStart": 5 }),
            json!({ "isLastPage": 1 }),
            json!({ "isLastPage": 0, "nextPageStart": 5 }),
            json!({ "isLastPage": true, "nextPageStart": 5 }),
            json!({ "isLastPage": true, "nextPageStart": "" }),
            json!({ "isLastPage": true, "size": 3 }),
            json!({ "isLastPage": true, "size": "2" }),
            json!({ "isLastPage": true, "size": null }),
            json!({ "isLastPage": false }),
            json!({ "isLastPage": false, "nextPageStart": null }),
            json!({ "isLastPage": false, "nextPageStart": 4 }),
            json!({ "isLastPage": false, "nextPageStart": -1 }),
            json!({ "isLastPage": false, "nextPageStart": "5" }),
            json!({ "isLastPage": false, "nextPageStart": 5.5 }),
        ] {
            assert_eq!(turn(&lost, 2, 4), Turn::Lost, "{lost}");
        }
    }
}
