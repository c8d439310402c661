//! Lists of repositories, page by page: what a user sees, what an installation covers, and what all installations of an App
//! cover.

use serde_json::Value as Json;

use super::reading::{answered, next_page};
use super::{app, minting, repository, requests};
use crate::facts::{Exchange, HttpRequest, Unknown};
use crate::hosts::reader::Reader;
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
            Some(next) => came = walk.page(&next).await,
            None => return (exchange.status() == Some(200)).then_some(()),
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
    pages(walk, first, As::Itself, in_field, drop).await;
}

/// The repositories that the App's installations cover: each is asked as itself, with a token minted for it.
pub(super) async fn of_installations(walk: &mut Walk<'_>) {
    let mut numbers = Vec::new();
    let first = requests::request(&walk.question());
    let wanted = walk.credential().app.installation;
    let each = |body: Json| numbers.extend(app::numbers(wanted, &body).unwrap_or_default());
    if pages(walk, first, As::Itself, app::installations, each).await.is_none() {
        return;
    }
    for number in numbers {
        let first = requests::of_installation(walk.credential(), number);
        if pages(walk, first, minting::lists(number), in_field, drop).await.is_none() {
            return;
        }
    }
}

fn in_field(reader: &mut Reader<'_>, body: &Json) -> Unknown {
    repository::listing(reader, body.get("repositories").unwrap_or(&Json::Null))
}
