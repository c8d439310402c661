//! The published JSON Schema holds for what the program really writes, and describes every key of it.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::pages::{blocks, read};
use crate::simulated::Simulated;

/// A checker for the part of JSON Schema that the published schema uses.
struct Schema {
    root: Value,
}

/// The keywords that the checker knows; `description` and the like say nothing about values.
const KEYWORDS: [&str; 7] = ["$ref", "type", "const", "enum", "required", "properties", "items"];
const WORDS: [&str; 4] = ["$schema", "$defs", "title", "description"];

impl Schema {
    fn published() -> Self {
        Self { root: serde_json::from_str(&read("docs/report.schema.json")).unwrap() }
    }

    fn definition(&self, name: &str) -> &Value {
        self.root["$defs"].get(name).unwrap_or_else(|| panic!("no `{name}` in $defs"))
    }

    /// What is wrong with a document that should be of a definition. `used` collects the places of the schema that
    /// values were seen for.
    fn problems(&self, name: &str, document: &Value, used: &mut BTreeSet<String>) -> Vec<String> {
        let mut problems = Vec::new();
        self.check(self.definition(name), document, name, &format!("$defs/{name}"), &mut problems, used);
        problems
    }

    fn check(
        &self,
        schema: &Value,
        value: &Value,
        place: &str,
        at: &str,
        problems: &mut Vec<String>,
        used: &mut BTreeSet<String>,
    ) {
        if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
            let name = name.strip_prefix("#/$defs/").unwrap();
            return self.check(self.definition(name), value, place, &format!("$defs/{name}"), problems, used);
        }
        used.insert(at.to_owned());
        let mut wrong = |what: String| problems.push(format!("{place}: {what}"));
        if let Some(types) = schema.get("type") {
            let allowed: Vec<&str> = match types {
                Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
                one => one.as_str().into_iter().collect(),
            };
            if !allowed.contains(&type_of(value)) {
                wrong(format!("is {}, not {}", type_of(value), allowed.join(" or ")));
            }
        }
        if schema.get("const").is_some_and(|wanted| wanted != value) {
            wrong(format!("is {value}"));
        }
        if schema.get("enum").and_then(Value::as_array).is_some_and(|words| !words.contains(value)) {
            wrong(format!("is {value}, which is none of the words"));
        }
        if let Value::Object(keys) = value {
            self.keys(schema, keys, place, at, problems, used);
        }
        if let (Value::Array(items), Some(of)) = (value, schema.get("items")) {
            for (number, item) in items.iter().enumerate() {
                self.check(of, item, &format!("{place}[{number}]"), &format!("{at}/items"), problems, used);
            }
        }
    }

    fn keys(
        &self,
        schema: &Value,
        keys: &Map<String, Value>,
        place: &str,
        at: &str,
        problems: &mut Vec<String>,
        used: &mut BTreeSet<String>,
    ) {
        for name in schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
            if !keys.contains_key(name) {
                problems.push(format!("{place}: has no `{name}`"));
            }
        }
        // An object without described keys is a map: any key.
        let Some(described) = schema.get("properties") else { return };
        for (name, value) in keys {
            match described.get(name) {
                Some(of) => self.check(of, value, &format!("{place}.{name}"), &format!("{at}/{name}"), problems, used),
                None => problems.push(format!("{place}.{name}: the schema says nothing of it")),
            }
        }
    }
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_i64() || number.is_u64() => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// A policy that brings every outcome, guards, records, repositories and organisations.
const POLICY: &str = r#"
use "builtin:atlantis"

host github {
  rule two-factor {
    require user.two_factor
    on unknown (not-permitted, not-revealable) warn because "seen with `read:user` only"
  }
  rule member {
    require organization.role >= member
  }
  rule hooks {
    forbid count(repository.webhooks) > 20
  }
  rule abilities {
    prefer repository.can covers [comment, set_status, push]
  }
}

host gitlab {
  require token.active
}

host github credential "nobody-*" {
  require token.active
}

waive least-privilege credential "release-bot" until 2099-12-31 because "SEC-1412" by "security@acme.example"
waive repo-scope credential "atlantis-*" until 2001-01-01 because "long ago"
"#;

/// A policy with a test that passes and one that fails.
const TESTED: &str = r#"
host github {
  rule writes {
    when token.kind == classic
    require repository.permission >= write or repository.archived
  }
}

test "right" {
  given host github
  given token.kind = classic
  given repository "acme/infra"
  given repository.permission = admin
  expect pass of writes
}

test "wrong" {
  given host github
  given token.kind = classic
  given repository "acme/infra"
  given repository.permission = read
  expect pass of writes
}
"#;

/// A policy with mistakes that lints find, two of which are mended.
const LINTED: &str = r#"
let idle = 3

host github {
  rule kinds {
    require token.kind in [classic, classic]
  }
  rule both {
    require token.kind == classic and token.kind == actions
  }
}
"#;

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

#[test]
fn the_schema_uses_only_what_is_checked_here() {
    fn walk(schema: &Value, path: &str) {
        for (key, inner) in schema.as_object().unwrap_or_else(|| panic!("{path} is no schema")) {
            assert!(KEYWORDS.contains(&key.as_str()) || WORDS.contains(&key.as_str()), "{path}: {key}");
            match key.as_str() {
                "properties" | "$defs" => {
                    inner.as_object().unwrap().iter().for_each(|(name, of)| walk(of, &format!("{path}/{name}")));
                }
                "items" => walk(inner, &format!("{path}/items")),
                _ => {}
            }
        }
    }
    walk(&Schema::published().root, "");
}

#[test]
fn real_output_is_as_the_schema_says() {
    let schema = Schema::published();
    let simulated = Simulated::start();
    simulated.policy("all.pol", POLICY);
    simulated.policy("unstyled.pol", "host   github { require token.active }\n");
    simulated.policy("broken.pol", "host github {\n  require token.scope covers [\"repo\"]\n}\n");
    let mut used = BTreeSet::new();
    let mut holds = |name: &str, code: i32, arguments: &[&str]| {
        let ran = simulated.run(arguments);
        assert_eq!(ran.code, code, "{arguments:?}\n{}", ran.errors);
        let document = json(&ran.output);
        let problems = schema.problems(name, &document, &mut used);
        assert!(problems.is_empty(), "{arguments:?}\n{}", problems.join("\n"));
        document
    };
    let report = holds("report", 1, &["all.pol", "--format", "json", "--record", "record.json"]);
    let outcomes: BTreeSet<&str> =
        report["outcomes"].as_array().unwrap().iter().map(|row| row["outcome"].as_str().unwrap()).collect();
    let all = ["not-applicable", "pass", "undetermined", "violation", "waived", "warning"];
    assert_eq!(outcomes, all.into_iter().collect());
    assert!(report["notes"].as_array().is_some_and(|notes| notes.len() >= 2), "{}", report["notes"]);

    let replayed = holds("report", 1, &["all.pol", "--format", "json", "--replay", "record.json"]);
    assert_eq!(replayed["replayed_from"]["file"], "record.json");
    let row = |row: &Value| (row["rule"].clone(), row["credential"].clone(), row["outcome"].clone());
    let rows = |report: &Value| report["outcomes"].as_array().unwrap().iter().map(row).collect::<Vec<_>>();
    assert_eq!(rows(&report), rows(&replayed), "a record judges as the live run did");

    holds("facts", 0, &["facts", "--format", "json"]);
    let start = holds("start", 0, &["init", "--bot", "atlantis", "--host", "github", "--format", "json"]);
    assert!(start["policy"].as_str().is_some_and(|text| text.contains("host github {")));
    holds("start", 0, &["init", "--from-live", "--format", "json"]);
    holds("start", 3, &["init", "--from-live", "--host", "gitlab", "--format", "json"]);
    holds("plan", 0, &["plan", "all.pol", "--format", "json"]);
    simulated.policy("tested.pol", TESTED);
    let tests = holds("tests", 1, &["test", "tested.pol", "--coverage", "--format", "json"]);
    assert_eq!(tests["tests"].as_array().unwrap().len(), 2);
    simulated.policy("changed.pol", TESTED.split("test \"wrong").next().unwrap());
    let changed = holds("tests", 1, &["test", "changed.pol", "--mutate", "--format", "json"]);
    assert!(!changed["mutation"]["survivors"].as_array().unwrap().is_empty());
    holds("tests", 4, &["test", "broken.pol", "--format", "json"]);
    holds("diagnostics", 4, &["broken.pol", "--format", "json"]);
    simulated.policy("mended.pol", LINTED);
    let linted = holds("linting", 1, &["lint", "mended.pol", "unstyled.pol", "--format", "json"]);
    assert!(linted["diagnostics"].as_array().is_some_and(|found| found.len() >= 3), "{linted}");
    let mended = holds("linting", 1, &["lint", "mended.pol", "--fix", "--format", "json"]);
    assert_eq!(mended["files"][0]["fixed"].as_array().map(Vec::len), Some(2), "{mended}");
    holds("linting", 4, &["lint", "broken.pol", "--format", "json"]);
    holds("formatting", 1, &["fmt", "--check", "all.pol", "unstyled.pol", "--format", "json"]);
    for arguments in [&["vocab"] as &[_], &["vocab", "github"], &["vocab", "bitbucket_cloud"], &["vocab", "token.kind"]]
    {
        holds("vocabulary", 0, &[arguments, &["--format", "json"]].concat());
    }
    holds("builtins", 0, &["builtins", "--format", "json"]);
    holds("builtins", 0, &["builtins", "flux", "--format", "json"]);
    holds("diagnostics", 2, &["builtins", "nobody", "--format", "json"]);
    for code in ["C0601", "never-decided", "C0604"] {
        holds("explained_code", 0, &["explain", code, "--format", "json"]);
    }
    for rule in ["credential-valid", "repo-scope", "two-factor", "abilities"] {
        holds("explained_rules", 0, &["explain", rule, "all.pol", "--format", "json"]);
    }
    holds("diagnostics", 2, &["all.pol", "--format", "json", "--set", "nothing"]);

    // Required keys that no run showed would be untested claims.
    for name in [
        "report",
        "outcome",
        "evidence",
        "request",
        "diagnostic",
        "facts",
        "fact",
        "plan",
        "start",
        "tests",
        "part",
        "linting",
        "formatting",
        "vocabulary",
        "builtins",
        "explained_code",
        "explained_rules",
    ] {
        for key in schema.definition(name)["required"].as_array().unwrap() {
            let place = format!("$defs/{name}/{}", key.as_str().unwrap());
            assert!(used.contains(&place), "no run has {place}");
        }
    }
}

#[test]
fn the_checker_finds_what_is_wrong() {
    let schema = Schema::published();
    let good =
        serde_json::json!({ "method": "GET", "url": "https://api.github.com/user", "status": 200, "attempts": 1 });
    let wrong = |change: fn(&mut Map<String, Value>)| {
        let mut document = good.clone();
        change(document.as_object_mut().unwrap());
        schema.problems("request", &document, &mut BTreeSet::new()).len()
    };
    assert_eq!(wrong(|_| {}), 0);
    assert_eq!(wrong(|keys| drop(keys.remove("url"))), 1);
    assert_eq!(wrong(|keys| drop(keys.insert("status".into(), "200".into()))), 1);
    assert_eq!(wrong(|keys| drop(keys.insert("more".into(), 1.into()))), 1);
}

/// The JSON in the pages is of these shapes.
#[test]
fn json_in_pages_is_as_the_schema_says() {
    let schema = Schema::published();
    let blocks: Vec<_> = blocks().into_iter().filter(|block| block.is("json")).collect();
    assert!(!blocks.is_empty());
    for block in blocks {
        let document = json(&block.text);
        let fits = ["report", "facts", "plan", "diagnostics", "evidence", "outcome"]
            .iter()
            .any(|name| schema.problems(name, &document, &mut BTreeSet::new()).is_empty());
        assert!(fits, "{}: of no shape", block.place());
    }
}
