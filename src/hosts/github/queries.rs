//! The text of queries about many repositories.
//!
//! A name never becomes part of the query's text: the text depends on how many repositories there are, and on nothing
//! else; the names are variables.

use std::fmt::Write as _;

use serde_json::{Map, Value as Json};

use crate::facts::Target;

/// What the parts of the query are called, with a number: `r0`.
pub(super) const ALIAS: &str = "r";

/// The query about these targets: the row's text with its `{variables}` and `{repositories}` filled in.
pub(super) fn body(template: &str, targets: &[Target]) -> String {
    let (mut declared, mut asked, mut names) = (String::new(), String::new(), Map::new());
    for (at, target) in targets.iter().enumerate() {
        let Target::Repository(name) = target else { continue };
        // Writing to a string does not fail.
        let _ = write!(declared, "$o{at}: String!, $n{at}: String!, ");
        let _ = write!(asked, "{ALIAS}{at}: repository(owner: $o{at}, name: $n{at}) {{ ...R }} ");
        names.insert(format!("o{at}"), Json::from(name.owner()));
        names.insert(format!("n{at}"), Json::from(name.name()));
    }
    let query =
        template.replace("{variables}", declared.trim_end_matches(", ")).replace("{repositories}", asked.trim_end());
    serde_json::json!({ "query": query, "variables": names }).to_string()
}
