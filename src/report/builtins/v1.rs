//! The ready-made policies as JSON, version 1. Keys stay, new ones may join.

use serde::Serialize;

use super::{ReadyInput, ReadyMade};
use crate::vocabulary::HostKind;

/// The ready-made policies that are selected.
#[derive(Debug, Serialize)]
pub struct Builtins<'a> {
    version: u8,
    builtins: Vec<Row<'a>>,
}

#[derive(Debug, Serialize)]
struct Row<'a> {
    policy: String,
    name: &'static str,
    title: &'a str,
    see: &'a str,
    hosts: Vec<&'static str>,
    rules: Vec<RuleRow<'a>>,
    inputs: Vec<InputRow<'a>>,
}

#[derive(Debug, Serialize)]
struct RuleRow<'a> {
    rule: &'a str,
    title: Option<&'a str>,
    hosts: Vec<&'static str>,
}

#[derive(Debug, Serialize)]
struct InputRow<'a> {
    input: &'a str,
    #[serde(rename = "type")]
    ty: &'a str,
    default: Option<&'a str>,
    meaning: Option<&'a str>,
}

impl<'a> Builtins<'a> {
    /// The document of these.
    pub fn new(policies: &'a [ReadyMade]) -> Self {
        Self { version: 1, builtins: policies.iter().map(Row::new).collect() }
    }
}

fn words(hosts: &[HostKind]) -> Vec<&'static str> {
    hosts.iter().map(|host| host.word()).collect()
}

impl<'a> Row<'a> {
    fn new(one: &'a ReadyMade) -> Self {
        let rules =
            one.rules.iter().map(|(rule, title, hosts)| RuleRow { rule, title: title.as_deref(), hosts: words(hosts) });
        Self {
            policy: format!("builtin:{}", one.name),
            name: one.name,
            title: &one.title,
            see: &one.see,
            hosts: words(&one.hosts),
            rules: rules.collect(),
            inputs: one.inputs.iter().map(InputRow::new).collect(),
        }
    }
}

impl<'a> InputRow<'a> {
    fn new(input: &'a ReadyInput) -> Self {
        Self { input: &input.name, ty: &input.ty, default: input.default.as_deref(), meaning: input.meaning.as_deref() }
    }
}
