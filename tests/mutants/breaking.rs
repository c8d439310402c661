//! The ways in which an answer is broken.

use serde_json::{Value as Json, json};

/// A record with one answer broken.
pub(crate) struct Broken {
    /// The record's text: what is doubled stands in no JSON value.
    pub(crate) record: Vec<u8>,
    /// What was broken, and how.
    pub(crate) how: String,
}

/// What stands before a name that is there a second time, until the record is written.
const TWICE: &str = "\u{1}twice:";

/// Every record that has one field or header of one answer broken.
pub(crate) fn all(record: &Json) -> Vec<Broken> {
    let mut all = Vec::new();
    let exchanges = record["credentials"][0]["exchanges"].as_array().unwrap();
    for (at, exchange) in exchanges.iter().enumerate() {
        let url = exchange["url"].as_str().unwrap();
        let answer = format!("/credentials/0/exchanges/{at}/answer");
        let mut add = |pointer: &str, how: &str, edit: &dyn Fn(&mut Json)| {
            let mut broken = record.clone();
            edit(&mut broken);
            let text = broken.to_string().replace("\\u0001twice:", "");
            let what = pointer.strip_prefix(&answer).unwrap_or(pointer);
            all.push(Broken { record: text.into_bytes(), how: format!("{url} {what}: {how}") });
        };
        add(&answer, "no JSON", &|record| {
            if let Some(Json::Object(answer)) = record.pointer_mut(&answer) {
                answer.remove("json");
            }
        });
        let mut pointers = Vec::new();
        places(&exchange["answer"]["json"], &format!("{answer}/json"), &mut pointers);
        for pointer in pointers {
            let value = record.pointer(&pointer).unwrap().clone();
            let (parent, name) = pointer.rsplit_once('/').unwrap();
            if !pointer.ends_with("/json") {
                add(&pointer, "dropped", &|record| drop_of(record, parent, name));
                add(&pointer, "doubled", &|record| double(record, parent, name));
            }
            add(&pointer, "null", &|record| put(record, &pointer, Json::Null));
            for retyped in others(&value) {
                add(&pointer, "retyped", &|record| put(record, &pointer, retyped.clone()));
            }
            // A shorter text that is free, or a shorter list, is another answer and no broken one: words of closed lists are cut.
            if let Some(cut) = cut(&value) {
                add(&pointer, "cut", &|record| put(record, &pointer, cut.clone()));
            }
        }
        let headers = exchange["answer"]["headers"].as_array().unwrap();
        for (number, header) in headers.iter().enumerate() {
            let name = header[0].as_str().unwrap();
            let pointer = format!("{answer}/headers/{number}");
            let what = format!("header {name}");
            add(&what, "dropped", &|record| drop_of(record, &format!("{answer}/headers"), &number.to_string()));
            for value in ["rubbish", "{", "\u{fffd}"] {
                add(&what, "garbled", &|record| put(record, &format!("{pointer}/1"), json!(value)));
            }
            add(&what, "doubled", &|record| {
                if let Some(Json::Array(headers)) = record.pointer_mut(&format!("{answer}/headers")) {
                    headers.push(json!([name, "other"]));
                }
            });
        }
    }
    all
}

/// Every place of a value, itself first.
fn places(value: &Json, at: &str, into: &mut Vec<String>) {
    into.push(at.to_owned());
    match value {
        Json::Object(members) => members.iter().for_each(|(name, value)| places(value, &format!("{at}/{name}"), into)),
        Json::Array(items) => items.iter().enumerate().for_each(|(n, value)| places(value, &format!("{at}/{n}"), into)),
        _ => {}
    }
}

fn put(record: &mut Json, pointer: &str, value: Json) {
    *record.pointer_mut(pointer).unwrap() = value;
}

fn drop_of(record: &mut Json, parent: &str, name: &str) {
    match record.pointer_mut(parent).unwrap() {
        Json::Object(members) => drop(members.remove(name)),
        Json::Array(items) => drop(items.remove(name.parse().unwrap())),
        _ => {}
    }
}

/// The same name with another value beside it; of a list, an item that is none beside this one.
fn double(record: &mut Json, parent: &str, name: &str) {
    match record.pointer_mut(parent).unwrap() {
        Json::Object(members) => {
            let other = others(&members[name]).into_iter().next().unwrap();
            members.insert(format!("{TWICE}{name}"), other);
        }
        Json::Array(items) => items.push(Json::Null),
        _ => {}
    }
}

/// Values of other types.
fn others(value: &Json) -> Vec<Json> {
    match value {
        Json::Null => vec![json!(false), json!(0), json!(""), json!({})],
        Json::Bool(flag) => vec![json!(flag.to_string()), json!(0), json!(1), json!([])],
        Json::Number(number) => vec![json!(number.to_string()), json!(false), json!(1.5), json!({})],
        Json::String(_) => vec![json!(7), json!(true), json!([]), json!({})],
        Json::Array(_) => vec![json!({}), json!("list"), json!(false)],
        Json::Object(_) => vec![json!([]), json!("object"), json!(true)],
    }
}

/// Half of a word; nothing of a free text, which says something else then and is no less well formed.
fn cut(value: &Json) -> Option<Json> {
    let text =
        value.as_str().filter(|text| text.is_ascii() && text.len() > 1 && !text.contains(['/', '-', ' ', '@']))?;
    let free = text.contains("bot") || text.contains("Bot");
    (!free).then(|| json!(text[..text.len() / 2]))
}
