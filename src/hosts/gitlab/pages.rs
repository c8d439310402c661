//! Lists in pages.

use serde_json::Value as Json;
use url::Url;

use super::credential;
use super::reading::{Arrived, answered};
use super::refusal::Verdict;
use super::{project, requests};
use crate::facts::{Answer, Cause, Unknown};
use crate::hosts::reader::malformed;
use crate::hosts::{Walk, link};
use crate::vocabulary::Header;
use crate::vocabulary::gitlab::headers::{X_NEXT_PAGE, X_PAGE, X_TOTAL, X_TOTAL_PAGES};

/// How many items each list is asked for on a page.
const PER_PAGE: usize = 100;

/// A list while it is read: where its pages are, and how many items they held.
pub(super) struct Pages {
    /// The address of the first page.
    first: String,
    seen: u64,
}

impl Pages {
    /// The list that begins at an address.
    pub(super) const fn at(first: String) -> Self {
        Self { first, seen: 0 }
    }

    /// The address of the page after this one, where this is a page; `None` after the last. To be asked once a page.
    ///
    /// A `Link` that names another host, as behind a proxy, gives way to the page's number.
    ///
    /// # Errors
    /// Where the page leaves open whether another follows, or holds less than GitLab counts.
    pub(super) fn next(&mut self, walk: &Walk<'_>, page: &Arrived) -> Result<Option<String>, Unknown> {
        let answer = page.exchange.result.as_ref().ok().filter(|answer| answer.status == 200);
        let (Some(answer), Some(items)) = (answer, page.found.as_ref().and_then(Json::as_array)) else {
            return Ok(None);
        };
        self.seen = self.seen.saturating_add(u64::try_from(items.len()).unwrap_or(u64::MAX));
        let link = link::next(answer);
        let api = &walk.credential().api;
        if let Ok(Some(url)) = &link
            && api.join(url).is_ok_and(|url| url.origin() == api.origin())
        {
            return link;
        }
        if let Some(number) = number(answer.header(X_NEXT_PAGE), X_NEXT_PAGE)? {
            let mut url = Url::parse(&self.first).map_err(|_| malformed("the list has no address"))?;
            url.query_pairs_mut().append_pair("page", &number.to_string());
            return Ok(Some(url.to_string()));
        }
        if let Some(url) = link? {
            return Ok(Some(url));
        }
        self.is_whole(answer, items.len()).map(|()| None)
    }

    /// Whether nothing on the last page speaks against its being the last.
    fn is_whole(&self, answer: &Answer, items: usize) -> Result<(), Unknown> {
        if let Some(total) = number(answer.header(X_TOTAL), X_TOTAL)?.filter(|total| *total > self.seen) {
            let reason = format!("GitLab counts {total} items in the list and shows {}", self.seen);
            return Err(Unknown::new(Cause::Incomplete, reason));
        }
        if let Some((page, pages)) =
            number(answer.header(X_PAGE), X_PAGE)?.zip(number(answer.header(X_TOTAL_PAGES), X_TOTAL_PAGES)?)
            && page < pages
        {
            let reason = format!("page {page} of {pages} does not say where the next one is");
            return Err(Unknown::new(Cause::Incomplete, reason));
        }
        if items >= PER_PAGE && answer.header(X_NEXT_PAGE).is_none() {
            let reason = "the page is full, and nothing on it says that no other follows";
            return Err(Unknown::new(Cause::Incomplete, reason));
        }
        Ok(())
    }
}

/// The number in a header; `None` where it is missing or empty.
fn number(text: Option<String>, header: Header) -> Result<Option<u64>, Unknown> {
    let Some(text) = text.filter(|text| !text.trim().is_empty()) else { return Ok(None) };
    let digits = text.len() < 10 && text.bytes().all(|byte| byte.is_ascii_digit());
    match text.parse() {
        Ok(number) if digits => Ok(Some(number)),
        _ => Err(malformed(format!("the header {} of the answer is no number", header.name()))),
    }
}

/// The projects that the credential sees: every page tells its own.
pub(super) async fn projects(walk: &mut Walk<'_>) {
    let request = requests::request(&walk.question());
    let mut pages = Pages::at(request.label.url.clone());
    let mut came = walk.ask(request).await;
    loop {
        let exchange = match came {
            Ok(exchange) => exchange,
            Err(why) => return walk.cut(why),
        };
        let arrived = Arrived::of(exchange);
        if !arrived.is(200) && walk.asked() == 1 {
            return credential::settled(walk, arrived, project::listing).await;
        }
        answered(walk, &arrived, Verdict::Open, project::listing);
        match pages.next(walk, &arrived) {
            Ok(Some(next)) => came = walk.page(&next).await,
            Ok(None) => return,
            Err(why) => return walk.cut(why),
        }
    }
}
