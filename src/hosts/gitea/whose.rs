//! Whose a token is that may not read its account: a right on a repository is told to the account whose it is, and to
//! administrators.

use super::reading::{Arrived, answered};
use super::repository::told_right;
use super::requests;
use super::server::Server;
use crate::facts::{Cause, Incident, Knowledge, Unknown, Value};
use crate::hosts::Walk;
use crate::hosts::reader::Reader;
use crate::vocabulary::{field, status};

/// Asks for the right of the account that the operator named, on a repository that the token's account does not administer.
pub(super) async fn whose(walk: &mut Walk<'_>) {
    let server = Server::known(walk.question().so_far);
    let Some(expected) = walk.credential().username.clone() else { return };
    if let Some(server) = server.filter(|server| !server.tells_own_right()) {
        // It tells ordinary accounts nothing of themselves: an answer would prove nothing.
        let why = format!(
            "{} tells an ordinary account nothing of its own right, and so not whose the token is",
            server.title()
        );
        walk.settle(&Unknown::new(Cause::NotRevealable, why), &server.evidence);
        return;
    }
    let request = requests::request(&walk.question());
    let Ok(exchange) = walk.ask(request).await else { return };
    let arrived = Arrived::of(exchange);
    walk.turn().await;
    let is_another = arrived.is(403) && arrived.told.is_not_ones_own();
    let is_nobody = arrived.is(404) && arrived.told.is_no_account();
    if is_another || is_nobody {
        walk.read(&arrived.exchange, |reader| another(reader, &expected, is_nobody));
        return;
    }
    answered(walk, &arrived, |reader, body| {
        let rest = told_right(reader, body, &expected);
        let login = reader.text(body, "/user/login").ok().filter(|login| login.eq_ignore_ascii_case(&expected));
        let id = body.pointer("/user/id").and_then(serde_json::Value::as_i64);
        if let (Some(login), Some(id)) = (login, id) {
            reader.tell("user.id", Knowledge::Known(Value::Integer(id)), field("user.id"));
            reader.tell("user.username", Knowledge::Known(Value::String(login)), field("user.login"));
        }
        rest
    });
}

/// The account is not the one that the operator named.
fn another(reader: &mut Reader<'_>, expected: &str, is_nobody: bool) -> Unknown {
    let reason = if is_nobody {
        format!("the host has no account `{expected}`")
    } else {
        format!("the host does not tell the token the right of `{expected}`, which it tells the account itself")
    };
    let evidence = vec![reader.evidence(status(reader.answer.status).and(field("message")))];
    reader.decoded.incidents.push(Incident::AnotherAccount {
        configured: expected.to_owned(),
        reason: reason.clone(),
        evidence,
    });
    Unknown::new(Cause::NotRevealable, format!("{reason}: whose the token is, it does not tell"))
}
