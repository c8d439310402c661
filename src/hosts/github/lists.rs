//! Lists of repositories, page by page: what a user sees, what an installation covers, and what all installations of an App
//! cover.

use serde_json::Value as Json;

use super::reading::{answered, next_page};
use super::{app, minting, repository, requests};
use crate::facts::{Cause, Exchange, HttpRequest, Unknown};
use crate::hosts::reader::{Reader, wrong_field};
use crate::hosts::{As, Walk};

/// Reads a list from its first page on, each page by `read`. Gives the bodies of the pages, or `None` where the list was
/// not read to its end.
async fn pages(
    walk: &mut Walk<'_>,
    first: HttpRequest,
    by: As,
    read: fn(&mut Reader<'_>, &Json) -> Unknown,
    mut each: impl FnMut(Json) + Send,
) -> Option<()> {
    let mut came = walk.ask_as(first, by).await;
    loop {
        let exchange: Exchange = match came {
            Ok(exchange) => exchange,
            Err(why) => {
                walk.cut(why);
                return None;
            }
        };
        if let Some(body) = answered(walk, &exchange, read) {
            each(body);
        }
        match next_page(&exchange) {
            Ok(Some(next)) => came = walk.page(&next).await,
            Err(why) => {
                walk.cut(why);
                return None;
            }
            Ok(None) => return (exchange.status() == Some(200)).then_some(()),
        }
    }
}

/// The repositories that a user sees.
pub(super) async fn of_user(walk: &mut Walk<'_>) {
    let first = requests::request(&walk.question());
    pages(walk, first, As::Itself, repository::listing, drop).await;
}

/// The repositories that an installation's token covers.
pub(super) async fn of_installation(walk: &mut Walk<'_>) {
    let first = requests::request(&walk.question());
    covered(walk, first, As::Itself).await;
}

/// The repositories that an installation covers: as many as GitHub counts. `None` where the list was not read to its end.
async fn covered(walk: &mut Walk<'_>, first: HttpRequest, by: As) -> Option<()> {
    let (mut seen, mut counted) = (0_u64, None);
    let each = |body: Json| {
        let items = body.get("repositories").and_then(Json::as_array).into_iter().flatten();
        seen = items.fold(seen, |seen, _| seen.saturating_add(1));
        counted = body.get("total_count").and_then(Json::as_u64);
    };
    pages(walk, first, by, in_field, each).await?;
    match counted {
        Some(counted) if counted <= seen => Some(()),
        Some(counted) => {
            let reason = format!("GitHub counts {counted} repositories and lists {seen}");
            walk.cut(Unknown::new(Cause::Incomplete, reason));
            None
        }
        None => {
            walk.cut(wrong_field("/total_count", "a number"));
            None
        }
    }
}

/// The repositories that the App's installations cover: each is asked as itself, with a token minted for it.
pub(super) async fn of_installations(walk: &mut Walk<'_>) {
    let mut numbers = Vec::new();
    let first = requests::request(&walk.question());
    let wanted = walk.credential().app.installation;
    let each = |body: Json| numbers.extend(app::numbers(wanted, &body).into_iter().flatten());
    if pages(walk, first, As::Itself, app::installations, each).await.is_none() {
        return;
    }
    for number in numbers {
        let first = requests::of_installation(walk.credential(), number);
        if covered(walk, first, minting::lists(number)).await.is_none() {
            return;
        }
    }
}

fn in_field(reader: &mut Reader<'_>, body: &Json) -> Unknown {
    match body.get("repositories") {
        Some(items) => repository::listing(reader, items),
        None => repository::listing(reader, body),
    }
}
