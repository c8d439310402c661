//! Asking Bitbucket: one answer to a known caller, and lists page by page.

use std::sync::Arc;

use serde_json::Value as Json;

use super::tables::host;
use super::{headers, refusal};
use crate::facts::{Exchange, HttpRequest, RequestLabel, Unknown, Value};
use crate::hosts::reader::malformed;
use crate::hosts::{Question, Seen, Walk};

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
    match (answer.status, headers::caller(answer)) {
        (200, named) => match serde_json::from_slice::<Json>(&answer.body) {
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
        let last = body.get("isLastPage").and_then(Json::as_bool);
        // The next page is where the host says, not one limit further on.
        self.next = match (last, body.get("nextPageStart").and_then(Json::as_u64)) {
            (Some(true), _) | (None, None) => Next::End(seen.clone()),
            (_, Some(at)) if at > self.start => {
                self.start = at;
                Next::At(format!("{}&start={at}", self.path))
            }
            // What stands on this page is there all the same.
            _ => Next::Lost(seen.clone()),
        };
        Ok(Page::Values(seen, values))
    }
}

/// Reads a list, which `path` asks for with a query, until a page has what is looked for; of several there, the last.
pub(super) async fn find(
    walk: &mut Walk<'_>,
    path: String,
    is_it: impl Fn(&Json) -> bool + Send,
) -> Result<Found, Stop> {
    let mut list = List::at(path);
    loop {
        match list.page(walk).await? {
            Page::Values(seen, values) => {
                if let Some(item) = values.into_iter().rfind(&is_it) {
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
