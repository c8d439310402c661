//! Real-shaped answers of every host, each field of them dropped, made null, retyped, cut and doubled: whatever is broken so,
//! no statement comes to pass that did not before.
//!
//! Of each thing that a host tells, its policy demands that it is so *and* that it is not: one of both passes on the whole
//! answers, the other is broken, and stays so or becomes undetermined.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    reason = "tests"
)]

mod answers;
mod breaking;

use std::collections::BTreeMap;

use credcheck::{Checker, Policy, Record, Verdict};
use serde_json::Value as Json;

use self::answers::Case;
use self::breaking::Broken;

/// The verdict of each statement, by its place and what it is about.
type Verdicts = BTreeMap<(usize, String), Verdict>;

/// What makes of a broken statement one that holds, and rightly so.
struct Allowed {
    host: &'static str,
    /// A part of the description of what was broken.
    broken: &'static str,
    /// A part of the statement.
    statement: &'static str,
    #[expect(dead_code, reason = "for the reader")]
    because: &'static str,
}

/// Every change that may turn a statement, with its reason.
const ALLOWED: &[Allowed] = &[
    Allowed {
        host: "github",
        broken: "header github-authentication-token-expiration: dropped",
        statement: "token.expires",
        because: "GitHub sends the header for tokens that end, and leaves it out for those that never do",
    },
    Allowed {
        host: "github",
        broken: "/config/secret: dropped",
        statement: "hook.secret_set",
        because: "a webhook without a secret has no such field, or null, or an empty text",
    },
    Allowed {
        host: "github",
        broken: "/config/secret: null",
        statement: "hook.secret_set",
        because: "a webhook without a secret has no such field, or null, or an empty text",
    },
    Allowed {
        host: "github",
        broken: "/config/content_type: dropped",
        statement: "hook.content_type",
        because: "GitHub delivers forms where nothing else was chosen",
    },
    Allowed {
        host: "github",
        broken: "/last_response/code: null",
        statement: "hook.last_status",
        because: "nothing was delivered yet",
    },
    Allowed {
        host: "gitlab",
        broken: "/expires_at: null",
        statement: "token.expires",
        because: "GitLab says so of tokens that never end",
    },
    Allowed {
        host: "gitlab",
        broken: "/expires_at: null",
        statement: "project.membership_expires_at",
        because: "GitLab says so of memberships that never end",
    },
    Allowed {
        host: "gitlab",
        broken: "/expires_at: null",
        statement: "project.access_expires",
        because: "GitLab says so of memberships that never end",
    },
    Allowed {
        host: "gitlab",
        broken: "/permissions/project_access: null",
        statement: "project.own_access_level",
        because: "GitLab says so where the account is no member of the project itself",
    },
    Allowed {
        host: "gitlab",
        broken: "/last_used_at: null",
        statement: "token.last_used_at",
        because: "GitLab says so of tokens that were never used",
    },
    Allowed {
        host: "bitbucket_server",
        broken: "/expiryDate: dropped",
        statement: "token.expires",
        because: "a whole record without it is one of a token that never ends",
    },
    Allowed { host: "", broken: "name: null", statement: ".name is absent", because: "the account has no name" },
    Allowed {
        host: "",
        broken: "email: null",
        statement: "user.email is absent",
        because: "the account shows no address",
    },
    Allowed {
        host: "bitbucket_server",
        broken: "application-properties header x-ausername: dropped",
        statement: "token.active",
        because: "an answer without the caller's name is one to anybody: the token was not accepted",
    },
    Allowed {
        host: "bitbucket_server",
        broken: "/permissions/1: dropped",
        statement: "token.permissions",
        because: "a record that lists fewer permissions is that of another token",
    },
    Allowed {
        host: "bitbucket_server",
        broken: "/permissions/1: dropped",
        statement: "repository.can",
        because: "a record that lists fewer permissions is that of another token",
    },
    Allowed {
        host: "gitlab",
        broken: "/scopes/0: dropped",
        statement: "token.scopes",
        because: "a list with fewer scopes is that of another token, and a scope that is not known grants what it names",
    },
    Allowed {
        host: "gitlab",
        broken: "/scopes/0: cut",
        statement: "token.scopes",
        because: "a list with fewer scopes is that of another token, and a scope that is not known grants what it names",
    },
    Allowed {
        host: "gitlab",
        broken: "/scopes/0: dropped",
        statement: "repository.can",
        because: "a list with fewer scopes is that of another token, and a scope that is not known grants what it names",
    },
    Allowed {
        host: "gitlab",
        broken: "/scopes/0: cut",
        statement: "repository.can",
        because: "a list with fewer scopes is that of another token, and a scope that is not known grants what it names",
    },
    Allowed {
        host: "gitlab",
        broken: "/self /json/name: null",
        statement: "token.name",
        because: "the token has no name",
    },
    Allowed {
        host: "",
        broken: "/events/0: dropped",
        statement: "hook.events",
        because: "a list with fewer events is that of another webhook",
    },
    Allowed {
        host: "",
        broken: "/events/0: cut",
        statement: "hook.events",
        because: "events have no closed list: a name that is not known is an event of a newer host",
    },
    Allowed {
        host: "github",
        broken: "/json/0: dropped",
        statement: "hook in ",
        because: "GitHub counts no webhooks: a list without one is that of another repository",
    },
    Allowed {
        host: "bitbucket_server",
        broken: "/displayName: null",
        statement: "user.name is absent",
        because: "the account has no name",
    },
];

fn allowed(case: &Case, broken: &str, statement: &str) -> bool {
    ALLOWED
        .iter()
        .any(|one| case.host.starts_with(one.host) && broken.contains(one.broken) && statement.contains(one.statement))
}

/// The statements, as they stand in the policy, line by line.
fn policy(case: &Case) -> String {
    let mut text = format!("host {} {{\n", case.host);
    for statement in case.statements {
        text.push_str(&format!("  require {statement}\n  forbid  {statement}\n"));
    }
    text.push_str("}\n");
    text
}

fn verdicts(checker: &Checker, record: &[u8]) -> Result<Verdicts, String> {
    let record = Record::read(record).map_err(|error| error.to_string())?;
    let mut run = checker.replay(record).map_err(|error| error.to_string())?;
    let runtime = tokio::runtime::Builder::new_current_thread().build().map_err(|error| error.to_string())?;
    Ok(runtime.block_on(async move {
        let mut verdicts = Verdicts::new();
        while let Some(checked) = run.next().await {
            for outcome in checked.outcomes() {
                let line = outcome.place().map_or(0, |(_, line)| line);
                verdicts.insert((line, outcome.subject().unwrap_or_default()), outcome.verdict());
            }
        }
        verdicts
    }))
}

fn check(case: &Case) {
    let used = check_all(case, 150);
    assert!(used > 0, "{}: no allowed change was seen", case.host);
}

/// Breaks more than `least` answers, and gives how many changes were allowed.
fn check_all(case: &Case, least: usize) -> usize {
    let text = policy(case);
    let policy = Policy::parse("mutants.pol", &text).unwrap_or_else(|error| panic!("{error}"));
    let checker = Checker::new(&policy);
    let record = case.record();
    let whole = verdicts(&checker, record.to_string().as_bytes()).unwrap();
    let mut lines: Vec<usize> = whole.keys().map(|(line, _)| *line).collect();
    lines.dedup();
    assert_eq!(lines.len(), case.statements.len() * 2, "{whole:?}");
    let statement = |line: &usize| text.lines().nth(line - 1).unwrap().trim();
    let open: Vec<&str> = whole
        .iter()
        .filter(|(_, verdict)| !matches!(verdict, Verdict::Pass | Verdict::Violation))
        .map(|((line, _), _)| statement(line))
        .collect();
    assert!(open.is_empty(), "{}: the whole answers leave open: {open:#?}", case.host);
    let (mut tried, mut turned, mut used) = (0, Vec::new(), 0);
    for Broken { record, how } in breaking::all(&record) {
        tried += 1;
        let broken = verdicts(&checker, &record).unwrap_or_else(|error| panic!("{how}: {error}"));
        for (place, verdict) in &broken {
            let passes_now = *verdict == Verdict::Pass && whole.get(place) != Some(&Verdict::Pass);
            let statement = statement(&place.0);
            if passes_now && allowed(case, &how, statement) {
                used += 1;
            } else if passes_now {
                turned.push(format!("{how}: {statement}"));
            }
        }
    }
    assert!(tried > least, "{}: only {tried} answers were broken", case.host);
    assert!(turned.is_empty(), "{}: of {tried} broken answers, these pass:\n{}", case.host, turned.join("\n"));
    used
}

#[test]
fn nothing_broken_of_github_passes() {
    check(&answers::GITHUB);
}

#[test]
fn nothing_broken_of_a_query_to_github_passes() {
    check(&answers::GITHUB_BY_QUERY);
}

#[test]
fn nothing_broken_of_githubs_rules_passes() {
    check_all(&answers::github_by_rules(), 100);
}

#[test]
fn nothing_broken_of_gitlab_passes() {
    check(&answers::GITLAB);
}

#[test]
fn nothing_broken_of_a_query_to_gitlab_passes() {
    check(&answers::gitlab_by_query());
}

#[test]
fn nothing_broken_of_bitbucket_cloud_passes() {
    check(&answers::BITBUCKET_CLOUD);
}

#[test]
fn nothing_broken_of_a_bitbucket_access_token_passes() {
    check_all(&answers::bitbucket_cloud_token(), 100);
}

#[test]
fn nothing_broken_of_bitbucket_server_passes() {
    check(&answers::BITBUCKET_SERVER);
}

#[test]
fn what_breaks_answers_breaks_each_field_in_each_way() {
    let record = serde_json::json!({ "credentials": [{ "exchanges": [{
        "url": "https://h/x",
        "answer": { "headers": [["a", "1, 2"]], "json": { "flag": true, "list": [{ "n": 7 }], "text": "abcd" } },
    }] }] });
    let hows: Vec<String> = breaking::all(&record).into_iter().map(|broken| broken.how).collect();
    for how in ["/flag: dropped", "/list/0/n: null", "/text: cut", "/flag: retyped", "/text: doubled", "/list: doubled"]
    {
        assert!(hows.iter().any(|have| have.contains(how)), "{how} of {hows:#?}");
    }
    let doubled = breaking::all(&record).into_iter().find(|broken| broken.how.contains("/flag: doubled")).unwrap();
    let text = String::from_utf8(doubled.record).unwrap();
    assert_eq!(text.matches("\"flag\"").count(), 2, "{text}");
    let read: Json = serde_json::from_str(&text).unwrap();
    assert!(read.is_object());
}
