//! A JSON report in other formats, later and without a host: the same bytes as the run itself wrote.

use credcheck::simulator::github::{Fault, Level, Repository, Token};

use crate::bench::{BOT, Bench, MACHINES, acme, classic, good};

/// Something of every outcome, a built-in rule, notes, and a host that nothing is checked for.
const POLICY: &str = r#"
host github {
  rule scopes  { forbid token.scopes overlaps ["gist"] because "`##[x]` \"quoted\" | ]]>" see "https://wiki.acme.dev/x" }
  rule ceiling { prefer token.scopes within ["repo"] }
  rule role    { require repository.permission >= admin fix "ask an owner" }
  rule two     { require user.two_factor }
  rule end     { require token.expires_in >= 7d }
}

host gitlab { require token.active }

waive scopes until 2099-12-31 because "SEC-1412" by "security@acme.example"
waive role credential "nobody" until 2001-01-01 because "long ago"
"#;

fn bench() -> Bench {
    let mut bench = Bench::new();
    let tokens = ["one", "two", "three"].map(classic);
    let [one, two, three] = &tokens;
    let second = Repository::new("acme/second").private().collaborator(BOT, Level::Write);
    let mut world = acme().repository(second);
    for (text, scopes) in [(one, &["repo", "gist"][..]), (two, &["repo"])] {
        world = world.token(Token::classic(text).owner(BOT).scopes(scopes.iter().copied()).expires_in_days(90));
    }
    let host = bench.host(world);
    host.github.update(|world| world.plan_fault("/repos/acme/second", 99, Fault::GatewayError(502)));
    bench.credential("a-bot", &host, one, r#"repositories = ["acme/infra", "acme/second"]"#);
    bench.credential("b-bot", &host, two, r#"repositories = ["acme/infra"]"#);
    bench.credential("c-refused", &host, three, "");
    bench.policy(POLICY);
    bench
}

/// Runs once with a report of every format, and shows that each converts to the same.
fn same(bench: &Bench, arguments: &[&str], code: i32, formats: &[&str]) {
    let reports: Vec<String> = formats.iter().map(|format| format!("{format}=live.{format}")).collect();
    let mut all = vec!["--format", "json", "--output", "live.json"];
    all.extend(reports.iter().flat_map(|report| ["--report", report]));
    all.extend(arguments);
    bench.check(&all).saying_anything().exits(code);
    bench.run(&["convert", "live.json", "--format", "json", "--output", "again.json"]).exits(0);
    assert_eq!(bench.read("team/live.json"), bench.read("team/again.json"));
    for format in formats {
        bench.run(&["convert", "live.json", "--format", format, "--output", "again"]).exits(0);
        assert_eq!(bench.read(&format!("team/live.{format}")), bench.read("team/again"), "{format}");
    }
}

#[test]
fn every_format_of_a_report_is_that_of_its_run() {
    let bench = bench();
    same(&bench, &[], 1, &MACHINES);
    let reports: Vec<String> = MACHINES.iter().map(|format| format!("{format}=once.{format}")).collect();
    let mut all = vec!["convert", "live.json", "--format", "json", "--output", "again.json"];
    all.extend(reports.iter().flat_map(|report| ["--report", report]));
    bench.run(&all).exits(0);
    for format in MACHINES {
        assert_eq!(bench.read(&format!("team/live.{format}")), bench.read(&format!("team/once.{format}")), "{format}");
    }
    bench.check(&["--record", "record.json", "--format", "json", "--output", "live.json"]).exits(1);
    same(&bench, &["--replay", "record.json"], 1, &MACHINES);
    bench.run(&["convert", "live.json", "--format", "rdjsonl"]).exits(0).shows("github.role").hides("```");
}

#[test]
fn a_report_of_a_run_that_decided_nothing_converts() {
    let mut bench = Bench::new();
    let host = bench.host(acme().token(good(&classic("nothing"))));
    bench.credential("bot", &host, &classic("nothing"), "");
    bench.policy("host gitlab { require token.active }\n");
    same(&bench, &[], 3, &MACHINES);
}

#[test]
fn a_report_of_findings_has_what_is_found_and_no_more() {
    let bench = bench();
    let findings = ["sarif", "github", "gitlab", "bitbucket", "bitbucket-server", "azure", "teamcity", "rdjsonl"];
    let all = bench.check(&["--format", "json"]).exits(1).json();
    let report = bench.check(&["--format", "json", "--json-outcomes", "findings"]).exits(1).json();
    assert_eq!((all["outcomes_of"].as_str(), report["outcomes_of"].as_str()), (Some("all"), Some("findings")));
    let rows = |report: &serde_json::Value| report["outcomes"].as_array().unwrap().clone();
    let found = |row: &serde_json::Value| !["pass", "not-applicable"].contains(&row["outcome"].as_str().unwrap());
    assert!(rows(&all).iter().any(|row| !found(row)));
    assert_eq!(rows(&all).into_iter().filter(found).collect::<Vec<_>>(), rows(&report));
    assert_eq!(all["summary"], report["summary"]);
    same(&bench, &["--json-outcomes", "findings"], 1, &findings);
    for whole in ["junit", "markdown", "html", "prometheus"] {
        bench.run(&["convert", "live.json", "--format", whole]).says("--json-outcomes all").exits(4);
    }
    // What is found is all that a baseline needs.
    bench.check(&["--baseline", "live.json"]).exits(1).shows("known[");
}

#[test]
fn what_cannot_be_converted_is_told() {
    let bench = bench();
    bench.check(&["--format", "json", "--output", "live.json"]).exits(1);
    for format in ["human", "narrated", "concise"] {
        bench.run(&["convert", "live.json", "--format", format]).says("the policy's text").exits(2);
        let report = format!("{format}=x");
        bench
            .run(&["convert", "live.json", "--format", "rdjsonl", "--report", &report])
            .says("`--replay FILE`")
            .exits(2);
    }
    bench.run(&["convert", "live.json"]).says("--format").exits(2);
    bench.run(&["convert", "live.json", "--format", "yaml"]).says("invalid value").exits(2);
    bench.run(&["convert", "none.json", "--format", "sarif"]).says("no such file").exits(4);
    bench
        .run(&["convert", "live.json", "--format", "rdjsonl", "--output", "none/x"])
        .says("could not be written")
        .exits(5);
    bench.run(&["convert", "live.json", "--format", "json", "--output", "live.json"]).exits(2).shows("the same file");
    bench.run(&["convert", "check.pol", "--format", "json"]).exits(4).shows("\"code\": \"C0803\"");
    let failed = bench.check(&["--set", "none=1", "--format", "json", "--output", "failed.json"]);
    failed.exits(2);
    bench.run(&["convert", "failed.json", "--format", "rdjsonl"]).says("ended with 2").exits(4);
}

#[test]
fn a_report_may_be_hostile() {
    let bench = bench();
    bench.check(&["--format", "json", "--output", "live.json"]).exits(1);
    let live = bench.read("team/live.json");
    let refused = |text: &str, says: &str| {
        bench.file("team/bad.json", text);
        bench.run(&["convert", "bad.json", "--format", "rdjsonl"]).says(says).exits(4);
    };
    refused("", "no sound JSON");
    refused("[]", "no report of a check");
    refused("{}", "no `version`");
    refused("{\"version\":1}", "no `outcomes`");
    refused("{\"version\":\"1\"}", "no report of a check");
    refused("{\"version\":2,\"outcomes\":[]}", "of version 2");
    refused("{\"version\":1,\"outcomes\":[]}", "missing field");
    refused(&format!("{}{}", "[".repeat(200_000), "]".repeat(200_000)), "no sound JSON");
    let change = |from: &str, to: &str| {
        assert!(live.contains(from), "{from}");
        live.replacen(from, to, 1)
    };
    refused(&change("\"version\": 1", "\"version\": 1, \"version\": 1"), "twice");
    refused(&change("\"knowledge\": \"known\"", "\"knowledge\": 1, \"knowledge\": 2"), "twice");
    refused(&change("\"violations\": ", "\"violations\": -"), "invalid value");
    refused(&change("\"requests\": ", "\"requests\": NaN"), "no sound JSON");
    refused(&change("\"exit\": 1", "\"exit\": 7"), "`exit` is 7");
    refused(&change("\"outcomes_of\": \"all\"", "\"outcomes_of\": \"some\""), "`outcomes_of` is `some`");
    refused(&change("\"outcome\": \"", "\"outcome\": \"not "), "`outcomes[0]` is wrong");
    refused(&change("\"accepted\": false", "\"accepted\": \"false\""), "expected a boolean");
    refused(&change("\"fingerprint\"", "\"fingerprints\""), "missing field `fingerprint`");
    refused(&change("\"see\": null,", ""), "missing field `see`");
    refused(&change("\"state\": \"", "\"state\": \"not "), "`credentials[0]` is wrong");
    refused(&change("\"name\": \"b-bot\"", "\"name\": \"d-bot\""), "none of the credentials");
    refused(&change("\"host\": \"github\"", "\"host\": \"sourcehut\""), "no host kind");
    refused(&change("\"name\": \"b-bot\"", "\"name\": \"a-bot\""), "twice");
    let long = format!("\"message\": 5, \"x\": \"{}\"", "y".repeat(100_000));
    refused(&change("\"message\": ", &format!("{long}, \"z\": ")), "invalid type");
    // What this program does not know is passed over, and stays in rows.
    let newer = change("\"version\": 1", "\"version\": 1, \"newer\": {\"a\": [1.5, null]}");
    let newer = newer.replacen("\"accepted\": false", "\"accepted\": false, \"zeal\": [1, {\"b\": 2.5, \"a\": -1}]", 1);
    bench.file("team/newer.json", &newer);
    let again = bench.run(&["convert", "newer.json", "--format", "json"]).exits(0).json();
    assert_eq!(again["outcomes"][0]["zeal"].to_string(), "[1,{\"a\":-1,\"b\":2.5}]");
    assert_eq!(again["newer"], serde_json::Value::Null);
    // A secret in it is masked.
    let token = classic("planted");
    bench.file("team/secret.json", live.replace(" violates ", &format!(" {token} violates ")));
    for format in ["json", "rdjsonl"] {
        bench.run(&["convert", "secret.json", "--format", format]).exits(0).shows("ghp").shows("*").hides(&token);
    }
}
