//! A fleet in parts: four shards and `merge` give the report of one run.

use std::sync::Arc;

use credcheck::simulator::github::{Level, Repository, Running, Token};
use credcheck::simulator::gitlab;
use serde_json::Value;

use crate::bench::{BOT, Bench, acme, classic, now};

/// Outcomes of every kind, waivers that are used, idle and over, filters that let somebody in and nobody, and hosts that
/// there is no credential for.
const POLICY: &str = r#"
host github {
  rule scopes  { forbid token.scopes overlaps ["gist"] }
  rule ceiling { prefer token.scopes within ["repo"] }
  rule role    { require repository.permission >= write }
  rule two     {
    require user.two_factor
    on unknown (not-permitted, not-revealable) warn because "seen with `read:user`"
  }
}

host github credential "nobody-*" { require token.active }
host github credential "g-*" { require token.kind == classic }
host bitbucket_cloud { require token.active }

host gitlab {
  rule api { require token.scopes covers ["api"] }
}

waive scopes credential "a-*" until 2099-12-31 because "SEC-1412" by "security@acme.example"
waive api credential "h-*" until 2099-12-31 because "nothing to excuse"
waive ceiling credential "g-*" until 2001-01-01 because "long ago"
"#;

struct Fleet {
    bench: Bench,
    github: Arc<Running>,
    /// It runs as long as this stands.
    _gitlab: gitlab::Running,
}

/// Nine credentials on two hosts, two of one account: eight groups.
fn fleet() -> Fleet {
    let mut bench = Bench::new();
    let scopes = [
        ("a-bot", &["repo", "gist"][..], Some(BOT)),
        ("b-bot", &["repo"], None),
        ("c-bot", &["repo", "workflow"], Some(BOT)),
        ("d-bot", &["gist", "repo"], None),
        ("g-bot", &["repo"], None),
    ];
    let mut world = acme()
        .repository(Repository::new("acme/new").private().renamed_from("acme/old").collaborator(BOT, Level::Write));
    for (name, scopes, _) in scopes {
        world =
            world.token(Token::classic(&classic(name)).owner(BOT).scopes(scopes.iter().copied()).expires_in_days(90));
    }
    let github = bench.host(world);
    for (name, _, account) in scopes {
        let user = account.map_or_else(String::new, |account| format!("username = \"{account}\"\n"));
        let scope = if name == "d-bot" { "acme/old" } else { "acme/infra" };
        bench.credential(name, &github, &classic(name), &format!("{user}repositories = [\"{scope}\"]"));
    }
    bench.credential("e-refused", &github, &classic("e-refused"), "");
    let tokens = ["h-bot", "i-bot", "j-bot"].map(|name| (name, gitlab_token(name)));
    let mut world = gitlab::World::new(now())
        .group("acme")
        .project(gitlab::Project::new("acme/infra").member(BOT, gitlab::Level::Developer));
    for (_, text) in &tokens {
        world = world.token(gitlab::Token::personal(text).owner(BOT).scopes(["api"]).expires_in_days(90));
    }
    let running = world.start().unwrap();
    for (name, text) in &tokens {
        bench.credential_of("gitlab", name, (&running.url(), &running.api_url()), text, "");
    }
    bench.policy(POLICY);
    Fleet { bench, github, _gitlab: running }
}

/// A text shaped like a token, put together here so that it stands nowhere whole.
fn gitlab_token(word: &str) -> String {
    let digits: String = classic(word).chars().skip(4).take(20).collect();
    ["glpat", &digits].join("-")
}

/// A report without its times, and without what is left of rate limits, which others use up, too.
fn timeless(text: &str) -> String {
    let is_time = |line: &&str| {
        let line = line.trim_start();
        line.starts_with("\"at\":") || line.starts_with("\"elapsed_ms\":") || line.starts_with("\"remaining\":")
    };
    text.lines().filter(|line| !is_time(line)).collect::<Vec<_>>().join("\n")
}

impl Fleet {
    /// Runs a shard.
    fn shard(&self, number: usize, more: &[&str]) -> i32 {
        let (shard, file) = (format!("{number}/4"), format!("{number}.json"));
        let mut arguments = vec!["--shard", &shard, "--format", "json", "--output", &file];
        arguments.extend(more);
        let _ = self.bench.check(&arguments).saying_anything().ends();
        let report: Value = serde_json::from_str(&self.bench.read(&format!("team/{file}"))).unwrap();
        i32::try_from(report["exit"].as_i64().unwrap()).unwrap()
    }

    /// Runs all at once and in four parts, and shows that it is the same.
    fn same(&self, more: &[&str], code: i32) -> Value {
        let mut arguments = vec!["--format", "json", "--output", "whole.json"];
        arguments.extend(more);
        self.bench.check(&arguments).saying_anything().exits(code);
        (1..=4).for_each(|number| {
            self.shard(number, more);
        });
        self.bench.run(&["merge", "4.json", "2.json", "1.json", "3.json", "--output", "merged.json"]).exits(code);
        let (whole, merged) = (self.bench.read("team/whole.json"), self.bench.read("team/merged.json"));
        assert_eq!(timeless(&whole), timeless(&merged), "{more:?}");
        serde_json::from_str(&merged).unwrap()
    }
}

fn messages(report: &Value) -> Vec<String> {
    report["notes"].as_array().unwrap().iter().map(|note| note["message"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn four_shards_are_one_run() {
    let fleet = fleet();
    let report = fleet.same(&["--require-host", "bitbucket_server"], 1);
    let said = messages(&report).join("\n");
    for text in ["matches none", "`api` had nothing to waive", "`ceiling` is over", "`acme/old` is named `acme/new`"] {
        assert!(said.contains(text), "{text}: {said}");
    }
    let outcomes: std::collections::BTreeSet<&str> =
        report["outcomes"].as_array().unwrap().iter().map(|row| row["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes.len(), 5, "{outcomes:?}");
    assert_eq!(report["summary"]["credentials"], 9);
    fleet.same(&["--strict"], 1);
    // What a baseline has is known in parts, too; what is gone is gone of the whole.
    fleet.bench.file("team/baseline.json", fleet.bench.read("team/whole.json"));
    fleet.github.github.update(|world| world.edit_scopes(BOT, &["repo"]));
    let report = fleet.same(&["--baseline", "baseline.json"], 1);
    assert!(messages(&report).iter().any(|message| message.contains("of the baseline are gone")));
    fleet.same(&["--no-waivers", "--credential", "b-bot,g-bot,h-bot,i-bot"], 0);
}

#[test]
fn a_shard_says_nothing_of_the_whole() {
    let fleet = fleet();
    let codes: Vec<i32> = (1..=4).map(|number| fleet.shard(number, &["--require-host", "bitbucket_server"])).collect();
    // Groups by first name: a and c, b, d, e, g, h, i, j.
    assert_eq!(codes, [0, 0, 1, 1]);
    for number in 1..=4 {
        let report: Value = serde_json::from_str(&fleet.bench.read(&format!("team/{number}.json"))).unwrap();
        assert_eq!(report["shard"], serde_json::json!({ "number": number, "of": 4, "credentials_total": 9 }));
        assert_eq!(report["not_checked"], serde_json::json!([]));
        assert!(report["notes"].as_array().unwrap().iter().all(|note| !note["credential"].is_null()));
    }
    fleet
        .bench
        .check(&["--shard", "1/4"])
        .says("shard 1 of 4: 3 of 9 credentials")
        .exits(0)
        .shows("a-bot")
        .hides("b-bot");
    // Other formats are those of the whole.
    fleet
        .bench
        .run(&["merge", "1.json", "2.json", "3.json", "4.json", "--format", "rdjsonl"])
        .exits(1)
        .shows("github.scopes");
}

#[test]
fn a_shard_reads_its_own_secrets_only() {
    let mut fleet = fleet();
    let ran = fleet.bench.path("team/ran");
    fleet.bench.file("operator/tell", format!("#!/bin/sh\n: > '{}'\necho {}\n", ran.display(), classic("z")));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(fleet.bench.path("operator/tell"), mode).unwrap();
    }
    let (url, api) = (fleet.github.url(), fleet.github.api_url());
    fleet.bench.table(&format!(
        "[[credential]]\nname = \"z-bot\"\nhost = \"github\"\nurl = \"{url}\"\napi_url = \"{api}\"\ntoken = {{ command = \
         [\"./tell\"] }}\n"
    ));
    // It is the ninth group.
    fleet.shard(2, &[]);
    assert!(!ran.exists());
    fleet.shard(1, &[]);
    assert!(ran.exists());
}

#[test]
fn what_cannot_be_dealt_or_merged_is_told() {
    let fleet = fleet();
    let bench = &fleet.bench;
    bench.check(&["--shard", "1/9"]).says("the credentials are only 8 groups").exits(2);
    bench.check(&["--shard", "0/2"]).says("no number of a shard").exits(2);
    bench.check(&["--shard", "auto"]).says("`JOB_COMPLETION_INDEX`").exits(2);
    bench.check(&["--shard", "1/2", "--replay", "x"]).says("cannot be used with").exits(2);
    for number in [1, 2, 3] {
        fleet.shard(number, &[]);
    }
    bench
        .check(&["--shard", "4/4", "--strict", "--format", "json", "--output", "strict.json"])
        .saying_anything()
        .exits(1);
    let merge = |reports: &[&str]| bench.run(&[&["merge"], reports].concat());
    let missing = merge(&["1.json", "2.json", "3.json"]).exits(3).json();
    assert!(messages(&missing).iter().any(|message| message.contains("shard 4 of 4 is missing")));
    assert!(missing["notes"].as_array().unwrap().iter().any(|note| note["code"] == "C0807"));
    assert!(missing["not_checked"].to_string().contains("shard 4 of 4 is missing"));
    assert!(!messages(&missing).iter().any(|message| message.contains("nothing to waive")));
    merge(&["1.json", "1.json"]).exits(4).shows("are both shard 1");
    bench.check(&["--credential", "a-bot", "--format", "json", "--output", "a.json"]).ends();
    merge(&["1.json", "a.json"]).exits(4).shows("both have the credential `a-bot`");
    merge(&["1.json", "strict.json"]).exits(4).shows("`--strict` differs");
    bench
        .check(&["--shard", "4/4", "--no-waivers", "--format", "json", "--output", "other.json"])
        .saying_anything()
        .ends();
    merge(&["1.json", "other.json"]).exits(4).shows("`--no-waivers` differs");
    bench.check(&["--shard", "3/3", "--format", "json", "--output", "other.json"]).saying_anything().ends();
    merge(&["2.json", "other.json"]).exits(4).shows("how many shards");
    bench
        .check(&["--shard", "4/4", "--format", "json", "--json-outcomes", "findings", "--output", "other.json"])
        .saying_anything()
        .ends();
    merge(&["1.json", "other.json"]).exits(4).shows("findings only");
    merge(&["1.json", "check.pol"]).exits(4).shows("no sound JSON");
    merge(&["1.json", "--format", "human"]).says("the policy's text").exits(2);
    bench.check(&["--shard", "4/3", "--format", "json", "--output", "other.json"]).exits(2);
    merge(&["1.json", "other.json"]).exits(2).shows("no shard 4 of 3");
    bench.policy(&format!("{POLICY}\n# more\n"));
    bench.check(&["--shard", "4/4", "--format", "json", "--output", "other.json"]).saying_anything().ends();
    merge(&["1.json", "other.json"]).exits(4).shows("the policy differs");
}

#[test]
fn reports_of_two_teams_are_judged_as_one() {
    let fleet = fleet();
    let bench = &fleet.bench;
    bench.check(&["--format", "json", "--output", "whole.json"]).exits(1);
    // Each by itself has filters and waivers that are idle there and not in the whole.
    for (file, credentials) in [("x.json", "a-*,b-*,c-*,d-*,e-*"), ("y.json", "g-*,h-*,i-*,j-*")] {
        bench.check(&["--format", "json", "--output", file, "--credential", credentials]).ends();
    }
    bench.run(&["merge", "x.json", "y.json", "--output", "merged.json"]).exits(1);
    let read = |name: &str| -> Value { serde_json::from_str(&bench.read(&format!("team/{name}"))).unwrap() };
    let (whole, merged) = (read("whole.json"), read("merged.json"));
    for list in ["credentials", "outcomes", "requests", "not_checked", "summary"] {
        let (mut whole, mut merged) = (whole[list].clone(), merged[list].clone());
        for report in [&mut whole, &mut merged] {
            report
                .as_array_mut()
                .into_iter()
                .flatten()
                .for_each(|row| drop(row.as_object_mut().unwrap().remove("rate_limit")));
            // What is left out by name may be what an idle filter is about: nothing is said of those.
            report.as_object_mut().map(|summary| summary.remove("warnings"));
        }
        assert_eq!(whole, merged, "{list}");
    }
    // One report is its own merge, and a merge can be merged.
    bench.run(&["merge", "whole.json", "--output", "again.json"]).exits(1);
    assert_eq!(bench.read("team/whole.json"), bench.read("team/again.json"));
    bench.run(&["merge", "merged.json", "--output", "again.json"]).exits(1);
    assert_eq!(bench.read("team/merged.json"), bench.read("team/again.json"));
}
