//! What is no API: who is let in, and pages. Git over HTTP and the user information of sign-in have files of their own.

use super::caller::{self, Rejected, Trouble};
use super::refusal::{html, moved, plain, text};
use super::release::Difference;
use super::world::World;
use super::{git, userinfo};
use crate::simulator::message::segments;
use crate::simulator::{Answer, Request};

/// Answers a path below the sub-path that is none of the API's.
pub(super) fn answer(world: &World, request: &Request, path: &str, root: &str) -> Answer {
    let parts = segments(path);
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    if matches!(parts.as_slice(), [".well-known", ..]) {
        return text(404, "Not Found\n");
    }
    let is_page = !matches!(parts.as_slice(), ["login", "oauth", "userinfo"] | [_, _, "info", "refs"]);
    if is_page && !is_known_page(&parts) && world.release.has(Difference::RoutesFirst) {
        return plain(404, "Not found.\n");
    }
    let caller = match caller::identify(world, request) {
        Ok(caller) => caller,
        Err(_) => return text(401, Rejected::of_web(world)),
    };
    let elsewhere = |path: &str| moved(303, &format!("{}{path}", world.sub_path));
    match caller.trouble(world) {
        Some(Trouble::Unconfirmed | Trouble::Prohibited) => return page(world, "Sign-in is prohibited"),
        Some(Trouble::StalePassword) => return elsewhere("/user/settings/change_password"),
        Some(Trouble::NoSecondFactor) => return elsewhere("/user/settings/security"),
        None => {}
    }
    match parts.as_slice() {
        ["login", "oauth", "userinfo"] if !world.no_userinfo => userinfo::answer(world, &caller, root),
        [owner, name, "info", "refs"] => git::answer(world, request, &caller, owner, name),
        [first, ..] if *first != "user" && *first != "api" && world.demands_sign_in && caller.is_anonymous() => {
            elsewhere("/user/login")
        }
        _ if is_known_page(&parts) => page(world, "Explore"),
        _ => plain(404, "Not found.\n"),
    }
}

fn is_known_page(parts: &[&str]) -> bool {
    matches!(parts, [] | ["explore", ..] | ["user", "login"])
}

/// A page for people; of it only its beginning is like a real one.
fn page(world: &World, title: &str) -> Answer {
    let theme = if world.release.is_forgejo() { "forgejo-auto" } else { "gitea-auto" };
    html(
        200,
        &format!("<!DOCTYPE html>\n<html lang=\"en-US\" data-theme=\"{theme}\">\n<head>\n\t<title>{title}</title>"),
    )
}
