//! Lists in pages.

use url::Url;

use super::credential;
use super::reading::{Arrived, answered};
use super::refusal::Verdict;
use super::{project, requests};
use crate::facts::Answer;
use crate::hosts::{Walk, link};
use crate::vocabulary::gitlab::headers::X_NEXT_PAGE;

/// The address of the page after an answer. A `Link` that names another host, as behind a proxy, gives way to the page's
/// number. `first` is the address of the first page.
pub(super) fn next(walk: &Walk<'_>, first: &str, answer: &Answer) -> Option<String> {
    let link = link::next(answer);
    let api = &walk.credential().api;
    let own = link.as_ref().is_some_and(|url| api.join(url).is_ok_and(|url| url.origin() == api.origin()));
    if own {
        return link;
    }
    let number = answer.header(X_NEXT_PAGE).filter(|text| !text.is_empty());
    let number = number.filter(|text| text.len() < 10 && text.bytes().all(|byte| byte.is_ascii_digit()));
    match number {
        Some(number) => {
            let mut url = Url::parse(first).ok()?;
            url.query_pairs_mut().append_pair("page", &number);
            Some(url.to_string())
        }
        None => link,
    }
}

/// The projects that the credential sees: every page tells its own.
pub(super) async fn projects(walk: &mut Walk<'_>) {
    let request = requests::request(&walk.question());
    let first = request.label.url.clone();
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
        let answer = arrived.exchange.result.as_ref().ok().filter(|answer| answer.status == 200);
        let Some(next) = answer.and_then(|answer| next(walk, &first, answer)) else { return };
        came = walk.page(&next).await;
    }
}
