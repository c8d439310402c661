//! Short forms of rows, so that a host's table reads as a table.

use super::header::Header;
use super::place::Place;
use super::row::{Batch, EnumTable, Field, Listing, Method, RecordTable, Request, Reveal, Subject, Told, Type};

/// These kinds learn it from this place of the answer to this request.
pub(super) const fn told(kinds: &'static [&'static str], request: &'static str, source: &'static Place) -> Reveal {
    Reveal { kinds, by: Told::Request { request, source } }
}

/// These kinds learn it from this place of the answer to this request of a minted token.
pub(super) const fn minted(kinds: &'static [&'static str], request: &'static str, source: &'static Place) -> Reveal {
    Reveal { kinds, by: Told::Minted { request, source } }
}

/// These kinds learn it from this place of the answer to this request of a checker App, and why not by themselves.
pub(super) const fn checked(
    kinds: &'static [&'static str],
    request: &'static str,
    source: &'static Place,
    otherwise: &'static str,
) -> Reveal {
    Reveal { kinds, by: Told::Checked { request, source, otherwise } }
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
    headers: &'static [Header],
    fields: &'static [&'static str],
    see: &'static str,
) -> Request {
    Request {
        name,
        method: Method::Get,
        path,
        subject,
        headers,
        fields,
        words: &[],
        listing: None,
        batch: None,
        secret_addresses: None,
        needs: &[],
        see,
    }
}

/// The same request, where its answer lists repositories.
pub(super) const fn lists(request: Request, listing: Listing) -> Request {
    Request { listing: Some(listing), ..request }
}

/// The same request, where it asks about many repositories at once.
pub(super) const fn in_batches(request: Request, batch: Batch) -> Request {
    Request { batch: Some(batch), ..request }
}

/// The same request, where it cannot be made before these facts of the credential are known.
pub(super) const fn after(needs: &'static [&'static str], request: Request) -> Request {
    Request { needs, ..request }
}

/// The words of a webhook's `content_type`.
static CONTENT_TYPES: EnumTable = EnumTable {
    title: "webhook content type",
    words: &[("json", "a JSON body"), ("form", "a form with the JSON in a field")],
    aliases: &[],
};

/// The webhooks of a host that names each event. The secret itself is never read: a record says at most that there is one.
pub(super) static WEBHOOKS: RecordTable = RecordTable { plural: "webhooks", fields: WEBHOOK_FIELDS, every: &[] };

/// The same where a webhook may have every event, and says so by [`EVERY`](super::row::EVERY).
pub(super) static WEBHOOKS_OF_EVERY_EVENT: RecordTable =
    RecordTable { plural: "webhooks", fields: WEBHOOK_FIELDS, every: &["events"] };

/// The fields of a webhook, everywhere the same.
const WEBHOOK_FIELDS: &[Field] = &[
    Field {
        name: "url",
        ty: Type::String,
        doc: "Where it delivers to, as the host says it. It is compared whole, and shown without user information, query \
                  and fragment, which may hold secrets; where a part is withheld, comparing it stays undetermined.",
    },
    Field { name: "active", ty: Type::Bool, doc: "Whether it delivers at all." },
    Field {
        name: "events",
        ty: Type::Strings,
        doc: "The events it delivers, as the host names them; on GitHub `*` is every event.",
    },
    Field {
        name: "content_type",
        ty: Type::Enum(&CONTENT_TYPES),
        doc: "How it delivers. Hosts other than GitHub always send JSON.",
    },
    Field { name: "secret_set", ty: Type::Bool, doc: "Whether deliveries are signed. The secret is never shown." },
    Field {
        name: "insecure_ssl",
        ty: Type::Bool,
        doc: "Whether it delivers without checking the receiver's certificate.",
    },
    Field {
        name: "last_status",
        ty: Type::Integer,
        doc: "The HTTP status of the last delivery's answer. Absent when nothing was delivered yet; only GitHub shows it.",
    },
];
