//! Short forms of rows, so that a host's table reads as a table.

use super::row::{Field, Listing, Method, RecordTable, Request, Reveal, Subject, Told, Type};

/// These kinds learn it from this place of the answer to this request.
pub(super) const fn told(kinds: &'static [&'static str], request: &'static str, source: &'static str) -> Reveal {
    Reveal { kinds, by: Told::Request { request, source } }
}

/// These kinds are told by the text of the token.
pub(super) const fn by_text(kinds: &'static [&'static str]) -> Reveal {
    Reveal { kinds, by: Told::TokenText }
}

/// These kinds have no such thing, and why.
pub(super) const fn never(kinds: &'static [&'static str], why: &'static str) -> Reveal {
    Reveal { kinds, by: Told::Inapplicable(why) }
}

/// These kinds have it and cannot show it, and why.
pub(super) const fn hidden(kinds: &'static [&'static str], why: &'static str) -> Reveal {
    Reveal { kinds, by: Told::NotRevealable(why) }
}

/// A GET that reads these headers and these JSON pointers.
pub(super) const fn get(
    name: &'static str,
    subject: Subject,
    path: &'static str,
    headers: &'static [&'static str],
    fields: &'static [&'static str],
    see: &'static str,
) -> Request {
    Request { name, method: Method::Get, path, subject, headers, fields, listing: None, see }
}

/// The same request, where its answer lists repositories.
pub(super) const fn lists(request: Request, listing: Listing) -> Request {
    let Request { name, method, path, subject, headers, fields, listing: _, see } = request;
    Request { name, method, path, subject, headers, fields, listing: Some(listing), see }
}

/// The fields of a webhook. The secret itself is never read: a record says at most that there is one.
pub(super) static WEBHOOKS: RecordTable = RecordTable {
    plural: "webhooks",
    fields: &[
        Field {
            name: "url",
            ty: Type::String,
            doc: "Where it delivers to, without user information, query and fragment, which may hold secrets.",
        },
        Field { name: "active", ty: Type::Bool, doc: "Whether it delivers at all." },
        Field { name: "events", ty: Type::Strings, doc: "The events it delivers, as the host names them." },
        Field { name: "has_secret", ty: Type::Bool, doc: "Whether deliveries are signed with, or carry, a secret." },
        Field { name: "verifies_tls", ty: Type::Bool, doc: "Whether it checks the receiver's certificate." },
    ],
};
