//! Reads what servers answered: the files and their shape are described in `gitea/README.md`.

#![expect(clippy::disallowed_methods, reason = "tests read their own files")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

/// The servers that were asked, by the names of their files.
pub(crate) const SERVERS: [&str; 5] =
    ["gitea-1.22.6", "gitea-1.24.7", "gitea-1.27.0", "forgejo-11.0.15", "forgejo-15.0.3"];

/// What a server answered.
pub(crate) struct Recorded {
    /// Its version, as in the file's name.
    pub(crate) version: String,
    /// The credentials by name, as the first line has them.
    pub(crate) credentials: BTreeMap<String, Value>,
    /// The answers by number: `status`, `headers`, `body`.
    pub(crate) answers: Vec<Value>,
    /// Every question with its answer's number.
    pub(crate) exchanges: Vec<Exchange>,
}

/// A question that was asked, once.
#[derive(Clone, Debug)]
pub(crate) struct Exchange {
    pub(crate) method: String,
    /// Path and query.
    pub(crate) path: String,
    /// The setting that was changed on the server.
    pub(crate) variant: Option<String>,
    pub(crate) request_body: Option<Value>,
    /// The credential's name.
    pub(crate) credential: Option<String>,
    /// `bearer`, `token`, `basic`, `client`, `none`.
    pub(crate) sent: String,
    /// What was odd about it.
    pub(crate) note: Option<String>,
    pub(crate) accept_language: Option<String>,
    /// The number of the answer.
    pub(crate) answer: usize,
}

/// Reads a server's file.
pub(crate) fn read(server: &str) -> Recorded {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recorded/gitea").join(format!("{server}.jsonl"));
    let text = fs::read_to_string(&path).unwrap();
    let mut lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let first = lines.next().unwrap();
    let mut recorded = Recorded {
        version: words(&first["version"]).unwrap(),
        credentials: first["credentials"].as_object().unwrap().clone().into_iter().collect(),
        answers: Vec::new(),
        exchanges: Vec::new(),
    };
    for line in lines {
        let Some(asked) = line["asked"].as_array() else {
            recorded.answers.push(line);
            continue;
        };
        for one in asked {
            recorded.exchanges.push(Exchange {
                method: words(&line["method"]).unwrap(),
                path: words(&line["path"]).unwrap(),
                variant: words(&line["variant"]),
                request_body: line.get("request_body").cloned(),
                credential: words(&one[0]),
                sent: words(&one[1]).unwrap(),
                note: words(&one[3]["note"]),
                accept_language: words(&one[3]["accept_language"]),
                answer: usize::try_from(one[2].as_u64().unwrap()).unwrap(),
            });
        }
    }
    recorded
}

fn words(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}
