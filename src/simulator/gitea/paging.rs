//! Lists: their pages, the links between them, and their counts.

use std::cmp::min;

use serde_json::Value;

use super::call::{Call, Outcome};
use super::refusal::json_answer;
use crate::simulator::Answer;

impl Call<'_> {
    /// A page of a list. The whole of it is counted.
    pub(super) fn page(&self, items: Vec<Value>) -> (Vec<Value>, Answer) {
        let (page, limit) = self.paging();
        let (total, start) = (items.len(), limit.saturating_mul(page - 1));
        let shown: Vec<Value> = items.into_iter().skip(start).take(limit).collect();
        let mut links = Vec::new();
        let last = total.div_ceil(limit);
        let mut link = |to: usize, name: &str| {
            let mut query = url::form_urlencoded::Serializer::new(String::new());
            let mut pairs: Vec<(String, String)> =
                self.request.query.iter().filter(|(name, _)| name != "page").cloned().collect();
            pairs.push(("page".to_owned(), to.to_string()));
            pairs.sort();
            query.extend_pairs(pairs);
            links.push(format!("<{}{}?{}>; rel=\"{name}\"", self.root, self.path, query.finish()));
        };
        if page < last {
            link(page + 1, "next");
            link(last, "last");
        }
        if page > 1 {
            link(1, "first");
            link(min(page - 1, last.max(1)), "prev");
        }
        let mut head = Answer::new(200, "");
        if !links.is_empty() {
            head = head.header("Link", links.join(","));
        }
        (shown, counted(head, total))
    }

    /// The page that is asked for, from 1, and how many items it has at most.
    pub(super) fn paging(&self) -> (usize, usize) {
        let number = |name: &str| self.request.parameter(name).and_then(|text| text.parse::<usize>().ok());
        let limit = number("limit").filter(|limit| *limit > 0).unwrap_or(30).min(self.world.page_limit);
        (number("page").unwrap_or(1).max(1), limit)
    }

    /// A page of a list as an answer.
    pub(super) fn list(&self, items: Vec<Value>) -> Outcome {
        let (items, head) = self.page(items);
        Ok(merged(json_answer(200, &Value::Array(items)), head))
    }
}

/// With the count of a list.
pub(super) fn counted(answer: Answer, total: usize) -> Answer {
    answer.header("X-Total-Count", total.to_string())
}

/// With the headers of another.
pub(super) fn merged(mut answer: Answer, head: Answer) -> Answer {
    answer.headers.extend(head.headers);
    answer
}
