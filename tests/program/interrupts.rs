//! Runs that a signal ends: what was judged is reported, what was minted is revoked, and the exit code says so.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use credcheck::simulator::github::{Fault, Level, Repository, Running};
use serde_json::Value;

use crate::apps::{self, OPEN};
use crate::bench::{BOT, Bench, Ended, acme, classic, good};

/// Both signals and the exit codes that they give.
const SIGNALS: [(&str, i32); 2] = [("INT", 130), ("TERM", 143)];
/// Longer than anybody waits.
const FOREVER: Duration = Duration::from_secs(120);
/// How long a run may take to end, on a machine that has other work.
const SOON: Duration = Duration::from_secs(10);

/// Forty bots with a repository each, of which those in `slow` are not answered in time.
fn fleet(slow: impl Fn(usize) -> bool) -> (Bench, Arc<Running>) {
    let (mut bench, mut world) = (Bench::new(), acme());
    for number in 0..40 {
        let path = format!("acme/r{number:02}");
        world = world
            .repository(Repository::new(&path).private().collaborator(BOT, Level::Write))
            .token(good(&classic(&format!("fleet {number}"))));
        if slow(number) {
            world = world.fault_on(&format!("/repos/{path}"), 9, Fault::Slow(FOREVER));
        }
    }
    let host = bench.host(world);
    for number in 0..40 {
        let more = format!("repositories = [\"acme/r{number:02}\"]");
        bench.credential(&format!("bot-{number:02}"), &host, &classic(&format!("fleet {number}")), &more);
    }
    bench.policy("host github {\n  rule role { require repository.permission >= write }\n}\n");
    (bench, host)
}

/// Waits until a host was sent so many requests and everything that it answers at once has arrived.
fn after(host: &Running, requests: usize) {
    let since = Instant::now();
    while host.server.requests().len() < requests {
        assert!(since.elapsed() < Duration::from_secs(30), "too few requests were sent");
        thread::sleep(Duration::from_millis(5));
    }
    thread::sleep(Duration::from_millis(400));
}

/// The run is interrupted once so many requests were sent, and ends soon.
fn interrupted(bench: &Bench, host: &Running, arguments: &[&str], requests: usize, (name, code): (&str, i32)) -> Ended {
    let before = host.server.requests().len();
    let started = bench.check(arguments).saying_anything().start();
    after(host, before + requests);
    let at = Instant::now();
    started.signal(name);
    let ended = started.exits(code);
    assert!(at.elapsed() < SOON, "it took {:?}", at.elapsed());
    ended
}

fn names<'a>(report: &'a Value, list: &str, key: &str) -> Vec<&'a str> {
    report[list].as_array().unwrap().iter().filter_map(|row| row[key].as_str()).collect()
}

#[test]
fn what_is_judged_after_the_1st_the_10th_and_the_30th_answer_is_reported() {
    for answers in [1, 10, 30] {
        let (bench, host) = fleet(|number| number >= answers);
        // Eight requests are on the way at once: those that are answered come first.
        let sent = answers + 8;
        for signal in SIGNALS {
            let line = format!("interrupted: {answers} of 40 credentials judged");
            let human = interrupted(&bench, &host, &[], sent, signal);
            human.shows(&line).shows(&format!("decided {answers} of {answers}")).shows("0 violations");

            let ended = interrupted(&bench, &host, &["--format", "json", "--record", "r.json"], sent, signal);
            assert!(ended.stderr.contains(&line), "{}", ended.stderr);
            let report = ended.json();
            assert_eq!(report["exit"], signal.1);
            assert_eq!(report["interrupted"]["judged"], answers);
            assert_eq!(report["interrupted"]["credentials"], 40);
            assert_eq!(report["summary"]["credentials"], answers);
            assert_eq!(report["summary"]["decided"], answers);
            let judged: Vec<String> = (0..answers).map(|number| format!("bot-{number:02}")).collect();
            let left: Vec<String> = (answers..40).map(|number| format!("bot-{number:02}")).collect();
            assert_eq!(names(&report, "credentials", "name"), judged);
            assert_eq!(names(&report, "not_checked", "credential"), left);
            // The record holds the same credentials, and can be replayed.
            bench.check(&["--replay", "r.json"]).exits(0).shows(&format!("decided {answers} of {answers}"));
        }
    }
}

#[test]
fn what_is_judged_though_an_earlier_one_is_not_is_reported() {
    let (bench, host) = fleet(|number| number == 0 || number == 7);
    let report = interrupted(&bench, &host, &["--format", "json"], 40, SIGNALS[0]).json();
    assert_eq!(report["interrupted"]["judged"], 38);
    assert_eq!(names(&report, "not_checked", "credential"), ["bot-00", "bot-07"]);
    assert_eq!(names(&report, "credentials", "name").len(), 38);
}

#[test]
fn those_that_came_first_are_judged_first_however_many_there_are() {
    let (mut bench, mut world) = (Bench::new(), acme().latency(Duration::from_millis(100)));
    for number in 0..30 {
        let path = format!("acme/r{number:02}");
        world = world
            .repository(Repository::new(&path).private().collaborator(BOT, Level::Write))
            .token(good(&classic(&format!("first {number}"))));
    }
    let host = bench.host(world);
    let all: Vec<String> = (0..30).map(|number| format!("\"acme/r{number:02}\"")).collect();
    for number in 0..30 {
        let more = format!("repositories = [{}]", all.join(", "));
        bench.credential(&format!("bot-{number:02}"), &host, &classic(&format!("first {number}")), &more);
    }
    bench.policy("host github {\n  rule hooks { require count(repository.webhooks) >= 0 }\n}\n");
    let started = bench.check(&["--format", "json"]).saying_anything().start();
    // Two thirds of some 900.
    after(&host, 600);
    started.signal("INT");
    let report = started.exits(130).json();
    let judged = report["interrupted"]["judged"].as_u64().unwrap();
    assert!(judged >= 5, "{judged} of 30 were judged");
}

#[test]
fn violations_do_not_hide_an_interrupt_and_nothing_is_said_of_the_whole() {
    let (bench, host) = fleet(|number| number >= 3);
    bench.policy(
        "host github {\n  rule role { require repository.permission >= admin }\n}\nhost gitlab {\n  require \
         token.scopes covers [\"api\"]\n}\nwaive github.role credential \"bot-39\" until 2999-01-01 because \"later\"\n",
    );
    let ended = interrupted(&bench, &host, &["--require-host", "gitlab"], 11, SIGNALS[0]);
    ended.shows("3 violations").hides("no credential").hides("waiver");
}

#[test]
fn a_report_in_a_file_is_whole() {
    let (bench, host) = fleet(|number| number >= 10);
    let ended = interrupted(&bench, &host, &["--format", "json", "--output", "report.json"], 18, SIGNALS[1]);
    assert_eq!(ended.stdout, "");
    let report: Value = serde_json::from_str(&bench.read("team/report.json")).unwrap();
    assert_eq!(report["interrupted"]["judged"], 10);
}

#[test]
fn facts_of_those_that_were_asked_are_shown() {
    let (bench, host) = fleet(|number| number >= 2);
    let before = host.server.requests().len();
    let started = bench.run(&["facts", "--max-requests", "500"]).says("of 40 credentials asked").start();
    after(&host, before + 8);
    started.signal("TERM");
    let _ = started.exits(143);
}

#[test]
fn no_token_stays_behind() {
    for (name, code) in SIGNALS {
        let (mut bench, host) = apps::bench(apps::with_hook(), "");
        bench.minting();
        bench.policy(OPEN);
        // What the minted token is for takes longer than anybody's patience.
        host.github.update(|world| world.plan_fault("/repos/acme/infra/hooks", 99, Fault::Slow(FOREVER)));
        let started = bench.check(&["--mint", "--timeout", "60s", "--format", "json"]).saying_anything().start();
        while host.github.update(|world| world.minted_and_live()) == 0 {
            thread::yield_now();
        }
        let at = Instant::now();
        started.signal(name);
        let report = started.exits(code).json();
        assert!(at.elapsed() < SOON);
        assert_eq!(report["interrupted"]["judged"], 0);
        assert_eq!(names(&report, "not_checked", "credential"), ["bot"]);
        assert_eq!(host.github.update(|world| world.minted_and_live()), 0);
    }
}

#[test]
fn a_token_that_cannot_be_revoked_is_named() {
    let (mut bench, host) = apps::bench(apps::with_hook(), "");
    bench.minting();
    bench.policy(OPEN);
    host.github.update(|world| {
        world.plan_fault("/repos/acme/infra/hooks", 99, Fault::Slow(FOREVER));
        world.plan_fault("/installation/token", 99, Fault::GatewayError(502));
    });
    let started = bench.check(&["--mint", "--timeout", "60s"]).saying_anything().start();
    while host.github.update(|world| world.minted_and_live()) == 0 {
        thread::yield_now();
    }
    started.signal("INT");
    let ended = started.exits(130);
    ended.shows("credential `bot`: a minted token could not be revoked (the host answers 502)");
}

#[test]
fn a_second_signal_ends_the_program_at_once() {
    let (mut bench, host) = apps::bench(apps::with_hook(), "");
    bench.minting();
    bench.policy(OPEN);
    host.github.update(|world| {
        world.plan_fault("/repos/acme/infra/hooks", 99, Fault::Slow(FOREVER));
        world.plan_fault("/installation/token", 99, Fault::Slow(FOREVER));
    });
    let started = bench.check(&["--mint", "--timeout", "60s"]).saying_anything().start();
    while host.github.update(|world| world.minted_and_live()) == 0 {
        thread::yield_now();
    }
    started.signal("INT");
    // It waits for the host to revoke.
    thread::sleep(Duration::from_millis(500));
    let at = Instant::now();
    started.signal("TERM");
    let ended = started.exits(143);
    assert!(at.elapsed() < SOON, "it took {:?}", at.elapsed());
    assert_eq!(ended.stdout, "");
    // That is what was asked for: the token ends by itself.
    host.github.update(|world| assert_eq!(world.minted_and_live(), 1));
    bench.leaves_tokens();
}

#[test]
fn a_command_that_prints_a_secret_ends_with_the_run() {
    let (mut bench, host) = fleet(|_| false);
    let alive = bench.path("alive").display().to_string();
    let command = format!("while :; do echo x >> {alive}; sleep 0.05; done");
    let (url, api) = (host.url(), host.api_url());
    bench.table(&format!(
        "[[credential]]\nname = \"asks\"\nhost = \"github\"\nurl = \"{url}\"\napi_url = \"{api}\"\ntoken = {{ command = \
         [\"sh\", \"-c\", \"{command}\"] }}\nrepositories = [\"acme/r00\"]\n"
    ));
    bench.variable("PATH", "/usr/bin:/bin");
    let started = bench.check(&[]).saying_anything().start();
    while !std::path::Path::new(&alive).exists() {
        thread::sleep(Duration::from_millis(5));
    }
    let at = Instant::now();
    started.signal("INT");
    let ended = started.exits(130);
    assert!(at.elapsed() < SOON, "it took {:?}", at.elapsed());
    ended.shows("interrupted: 0 of 41 credentials judged");
    let size = || std::fs::metadata(&alive).unwrap().len();
    let before = size();
    thread::sleep(Duration::from_millis(300));
    assert_eq!(size(), before);
}
