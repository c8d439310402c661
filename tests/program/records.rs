//! `--record` and `--replay`.

use credcheck::simulator::github::{Hook, Level, Repository};
use serde_json::{Value, json};

use crate::bench::{BOT, Bench, SIX, acme, classic, good, mode};

/// The verdicts of a report, without what a replay may change.
fn verdicts(report: &Value) -> Value {
    let mut report = report.clone();
    for key in ["at", "elapsed_ms", "replayed_from"] {
        report[key] = Value::Null;
    }
    report["summary"]["requests"] = Value::Null;
    // What was left at the time of a record is left out of it.
    for credential in report["credentials"].as_array_mut().unwrap() {
        credential["rate_limit"] = Value::Null;
    }
    report
}

#[test]
fn a_replay_gives_the_same_verdicts_without_a_request() {
    let mut bench = Bench::new();
    let (one, two, dead) = (classic("r-one"), classic("r-two"), classic("r-dead"));
    let host = bench.host(acme().token(good(&one)).token(good(&two).scopes(["gist"])));
    for (name, token) in [("one", &one), ("two", &two), ("dead", &dead)] {
        bench.credential(name, &host, token, r#"repositories = ["acme/infra"]"#);
    }
    bench.policy(SIX);
    let live = bench.check(&["--format", "json", "--record", "record.json"]).exits(1).json();
    let asked = host.server.requests().len();
    let replayed = bench.check(&["--format", "json", "--replay", "record.json"]).exits(1).json();
    assert_eq!(host.server.requests().len(), asked, "no request");
    assert_eq!(verdicts(&live), verdicts(&replayed));
    assert_eq!(replayed["replayed_from"]["file"], "record.json");
    assert_eq!(replayed["replayed_from"]["at"], live["at"]);
    let text = bench.check(&["--replay", "record.json"]).exits(1).stdout;
    assert!(
        text.contains("record.json") && text.contains(live["at"].as_str().unwrap().split('T').next().unwrap()),
        "{text}"
    );
    // Another policy on the same record: what it needs and nobody asked is unknown.
    bench.policy("host github {\n  require user.two_factor\n  require organization.role >= member\n}\n");
    let other = bench.check(&["--format", "json", "--replay", "record.json"]).saying_anything();
    let _ = other.exits(1);
    let facts = bench.run(&["facts", "--format", "json", "--replay", "record.json"]).exits(0).json();
    assert_eq!(facts["credentials"].as_array().unwrap().len(), 3);
    assert_eq!(host.server.requests().len(), asked);
}

#[test]
fn a_replay_needs_no_settings_and_no_secret() {
    let (bench, _host) = Bench::usual(SIX);
    let path = bench.path("team/record.json").display().to_string();
    bench.check(&["--record", &path]).exits(0);
    let elsewhere = Bench::new();
    elsewhere.policy(SIX);
    elsewhere.check(&["--replay", &path]).exits(0).shows("decided 6 of 6");
}

#[test]
fn a_credential_that_was_not_sent_is_not_sent_in_the_replay_either() {
    let mut bench = Bench::new();
    let token = ["glpat", &"x1Y2".repeat(5)].join("-");
    let host = bench.host(acme());
    bench.credential("bot", &host, &token, r#"repositories = ["acme/infra"]"#);
    bench.policy(SIX);
    let live = bench.check(&["--format", "json", "--record", "record.json"]).exits(1).json();
    let replayed = bench.check(&["--format", "json", "--replay", "record.json"]).exits(1).json();
    assert_eq!(verdicts(&live), verdicts(&replayed));
}

#[test]
fn a_record_is_for_its_owner_only_and_holds_only_what_is_read() {
    let mut bench = Bench::new();
    let token = classic("record");
    let world = acme()
        .repository(
            Repository::new("acme/hooked")
                .private()
                .collaborator(BOT, Level::Admin)
                .hook(Hook::new("https://user:webhook-password-123@hooks.acme.example/x?secret=querysecret", ["push"])),
        )
        .token(good(&token).scopes(["admin:repo_hook", "repo"]));
    let host = bench.host(world);
    bench.credential("bot", &host, &token, r#"repositories = ["acme/hooked"]"#);
    bench.policy(
        "host github {\n  require token.scopes covers [\"repo\"]\n  require count(repository.webhooks) >= 0\n  require \
         repository.permission >= write\n}\n",
    );
    // The file is there already, and open to all.
    let path = bench.file("team/record.json", "old");
    bench.check(&["--record", "record.json"]).exits(0);
    assert_eq!(mode(&path), 0o600);
    let text = bench.read("team/record.json");
    for absent in ["webhook-password-123", "querysecret", "clone_url", "ssh_url", "node_id", "authorization", "Bearer"]
    {
        assert!(!text.contains(absent), "{absent}\n{text}");
    }
    let record: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(record["version"], 1);
    assert!(record["credentials"][0]["exchanges"].as_array().unwrap().len() >= 2);
    bench.check(&["--replay", "record.json"]).exits(0);
}

#[test]
fn a_record_that_makes_no_sense_is_refused() {
    let (bench, host) = Bench::usual(SIX);
    bench.check(&["--record", "record.json"]).exits(0);
    let good: Value = serde_json::from_str(&bench.read("team/record.json")).unwrap();
    let asked = host.server.requests().len();
    let with = |change: &dyn Fn(&mut Value)| {
        let mut record = good.clone();
        change(&mut record);
        record.to_string().into_bytes()
    };
    let deep = [b"[".repeat(100_000), b"]".repeat(100_000)].concat();
    let broken: Vec<Vec<u8>> = vec![
        Vec::new(),
        b"null".to_vec(),
        b"{".to_vec(),
        b"{}".to_vec(),
        b"\xff\xfe".to_vec(),
        deep,
        with(&|record| record["version"] = json!(2)),
        with(&|record| record["version"] = json!("1")),
        with(&|record| record["at"] = json!("yesterday")),
        with(&|record| record["credentials"] = json!({})),
        with(&|record| record["credentials"][0]["host"] = json!("githib")),
        with(&|record| record["credentials"][0]["kinds"] = json!([])),
        with(&|record| record["credentials"][0]["kinds"] = json!(["classique"])),
        with(&|record| record["credentials"][0]["api"] = json!("file:///etc/passwd")),
        with(&|record| record["credentials"][0]["api"] = json!("https://user:pass@git.acme.example")),
        with(&|record| record["credentials"][0]["exchanges"][0]["method"] = json!("DELETE")),
        with(&|record| record["credentials"][0]["exchanges"][0]["answer"]["status"] = json!(99)),
        with(&|record| record["credentials"][0]["exchanges"][0]["answer"] = Value::Null),
        with(&|record| {
            let twice = record["credentials"][0].clone();
            record["credentials"].as_array_mut().unwrap().push(twice);
        }),
    ];
    for bytes in broken {
        bench.file("team/broken.json", &bytes);
        let ended = bench.check(&["--replay", "broken.json"]).says("cannot be replayed").exits(4);
        assert_eq!(ended.stdout, "");
        bench.run(&["facts", "--replay", "broken.json"]).says("cannot be replayed").exits(4);
    }
    bench.check(&["--replay", "missing.json"]).says("cannot be replayed").exits(4);
    bench.check(&["--replay", "."]).says("cannot be replayed").exits(4);
    assert_eq!(host.server.requests().len(), asked);
}

#[test]
fn a_hostile_record_is_as_untrusted_as_a_host() {
    let (bench, _host) = Bench::usual(SIX);
    bench.check(&["--record", "record.json"]).exits(0);
    let mut record: Value = serde_json::from_str(&bench.read("team/record.json")).unwrap();
    let nasty = "x\u{1b}[31m\u{202e}\r\n::error::pwned\n##vso[task.complete]";
    let credential = &mut record["credentials"][0];
    credential["name"] = json!(nasty);
    credential["url"] = json!(nasty);
    credential["username"] = json!(nasty);
    credential["kind_evidence"] = json!(nasty);
    credential["scope"] = json!([
        {"pattern": nasty, "origin": nasty}, {"pattern": "../../user", "origin": "x"}, {"pattern": "a\"b", "origin": "x"},
        {"pattern": "*", "origin": "x"}
    ]);
    for exchange in credential["exchanges"].as_array_mut().unwrap() {
        exchange["answer"]["headers"] = json!([["x-oauth-scopes", nasty], ["date", nasty], ["link", nasty]]);
        exchange["answer"]["json"] = json!({"login": nasty, "type": {"deep": [1]}, "full_name": 7});
    }
    bench.file("team/hostile.json", record.to_string());
    for format in ["human", "narrated", "json"] {
        bench.check(&["--format", format, "--replay", "hostile.json"]).saying_anything().exits(1);
        bench.run(&["facts", "--format", format, "--replay", "hostile.json"]).saying_anything().exits(0);
    }
}
