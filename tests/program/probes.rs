//! Fine-grained tokens: what reads of private repositories prove, and what write probes decide where they are allowed.

use std::sync::Arc;

use credcheck::simulator::github::{Access, App, Fault, Installation, Level, Repository, Running, Token, World};
use serde_json::json;

use crate::bench::{BOT, Bench, INFRA, acme, fake, paths};
use crate::hostile::{HEADERS, answer, mostly_right};

const FINE: &str = r#"
host github {
  rule permissions {
    require token.permissions covers { metadata = read, contents = read, statuses = write, pull_requests = write }
    on unknown warn because "a fine-grained token cannot list its own permissions; --probe decides this"
  }
  rule role { require repository.permission >= read }
}
"#;

const STATUSES: &str = r#"
host github {
  rule statuses { require token.permissions covers { statuses = write } on unknown warn because "it cannot" }
  rule role     { require repository.permission >= read }
}
"#;

const ENOUGH: [(&str, Access); 3] =
    [("contents", Access::Read), ("statuses", Access::Write), ("pull_requests", Access::Write)];

fn token(permissions: &[(&'static str, Access)]) -> (String, Token) {
    let text = fake("github_pat", "probed");
    let token = Token::fine_grained(&text).owner(BOT).resource_owner("acme").expires_in_days(60);
    (text, token.permissions(permissions.iter().copied()))
}

fn bench(world: World, permissions: &[(&'static str, Access)], policy: &str) -> (Bench, Arc<Running>) {
    let mut bench = Bench::new();
    let (text, token) = token(permissions);
    let host = bench.host(world.token(token));
    bench.credential("bot", &host, &text, &format!("repositories = [\"{INFRA}\"]"));
    bench.policy(policy);
    (bench, host)
}

/// The requests about the repository, after its own.
fn below(host: &Running) -> Vec<String> {
    let infra = "/repos/acme/infra";
    let tail = |path: String| path.split_once(infra).map(|(method, rest)| format!("{method}{rest}"));
    paths(host).into_iter().filter_map(tail).filter(|path| !path.trim_end().ends_with("GET")).collect()
}

const ZEROS: &str = "0000000000000000000000000000000000000000";

#[test]
fn a_good_token_is_left_open_by_reads_and_decided_by_probes() {
    let (mut bench, host) = bench(acme(), &ENOUGH, FINE);
    let ended = bench.check(&[]).exits(0).shows("`--probe` decides `pull_requests = write` and `statuses = write`");
    ended.hides("violation of");
    let reads = [
        "GET /commits?per_page=1".to_owned(),
        "GET /pulls?per_page=1".to_owned(),
        format!("GET /commits/{ZEROS}/statuses?per_page=1"),
    ];
    assert_eq!(below(&host), reads);
    assert_eq!(host.server.writes(), []);
    bench.probing();
    let before = host.github.update(|world| world.contents());
    bench.check(&["--probe"]).exits(0).shows("decided 2 of 2");
    assert_eq!(host.github.update(|world| world.contents()), before, "probes change nothing");
    let mut probed: Vec<String> = below(&host).split_off(reads.len());
    probed.sort();
    assert_eq!(
        probed,
        ["GET /commits?per_page=1".to_owned(), "POST /pulls".to_owned(), format!("POST /statuses/{ZEROS}")],
        "each once, and no read that a probe makes needless"
    );
    assert!(host.server.writes().iter().all(|write| write.status == 422), "{:?}", host.server.writes());
}

#[test]
fn what_a_token_lacks_is_a_violation_with_the_answer_as_its_evidence() {
    // Not even a read: that needs no probe.
    let without = [ENOUGH[0], ENOUGH[2]];
    let (plain, _) = bench(acme(), &without, FINE);
    plain.check(&[]).exits(1).shows("statuses").shows("403");
    // A read, and no write: only a probe tells.
    let reading = [ENOUGH[0], ENOUGH[2], ("statuses", Access::Read)];
    let (mut bench, host) = bench(acme(), &reading, FINE);
    bench.check(&[]).exits(0).shows("`--probe` decides");
    bench.probing();
    let report = bench.check(&["--probe", "--format", "json"]).exits(1).json().to_string();
    assert!(report.contains(&format!("/statuses/{ZEROS}")), "{report}");
    assert!(host.server.writes().iter().any(|write| write.status == 403));
}

#[test]
fn what_no_harmless_request_decides_says_so() {
    let policy = r#"
        host github {
          rule workflows { require token.permissions covers { workflows = write } on unknown warn because "it cannot" }
          rule role { require repository.permission >= read }
        }
    "#;
    let (mut bench, host) = bench(acme(), &[("workflows", Access::Write)], policy);
    let said = "no request that is sure to change nothing decides `workflows = write`";
    bench.check(&[]).exits(0).shows(said);
    bench.probing();
    bench.check(&["--probe"]).exits(0).shows(said);
    assert_eq!(host.server.writes(), []);
}

#[test]
fn a_public_repository_proves_no_read_and_still_takes_probes() {
    let world = || acme().repository(Repository::new("acme/open").collaborator(BOT, Level::Write));
    let mut bench = Bench::new();
    let (text, token) = token(&ENOUGH);
    let host = bench.host(world().token(token));
    bench.credential("bot", &host, &text, "repositories = [\"acme/open\"]");
    bench.policy(FINE);
    bench.check(&[]).exits(0).shows("no answer about this repository decides `contents = read`");
    assert_eq!(paths(&host).len(), 1, "{:?}", paths(&host));
    bench.policy(STATUSES);
    bench.probing();
    bench.check(&["--probe"]).exits(0).shows("decided 2 of 2");
}

#[test]
fn archived_repositories_and_low_roles_are_not_probed() {
    let infra = |repository: Repository| {
        World::new(crate::bench::now())
            .organization(
                credcheck::simulator::github::Organization::new("acme")
                    .member(BOT, credcheck::simulator::github::OrganizationRole::Member),
            )
            .repository(repository)
    };
    let archived = Repository::new(INFRA).private().collaborator(BOT, Level::Write).archived();
    let reader = Repository::new(INFRA).private().collaborator(BOT, Level::Read);
    for repository in [archived, reader] {
        let (mut bench, host) = bench(infra(repository), &ENOUGH, STATUSES);
        bench.probing();
        bench.check(&["--probe"]).exits(0).shows("no answer about this repository decides `statuses = write`");
        assert_eq!(host.server.writes(), []);
    }
}

#[test]
fn a_permission_with_two_ways_in_is_proven_once_the_other_is_closed() {
    let policy = STATUSES.replace("statuses = write", "issues = write");
    // Issues or pull requests: the answer does not say which of the two let it in.
    let (mut open, _) = bench(acme(), &[("issues", Access::Write)], &policy);
    open.probing();
    open.check(&["--probe"]).exits(0).shows("no answer about this repository decides `issues = write`");
    // Neither: both are closed.
    let (mut closed, _) = bench(acme(), &[], &policy);
    closed.probing();
    closed.check(&["--probe"]).exits(1);
}

#[test]
fn a_plan_lists_the_probes_beforehand() {
    let (bench, host) = bench(acme(), &ENOUGH, FINE);
    bench.run(&["plan", "check.pol"]).exits(0).hides("write probe").shows("/commits?per_page=1");
    let plan = bench.run(&["plan", "--probe", "check.pol"]).exits(0);
    let plan = plan.shows("a write probe: its body is invalid and what it names cannot exist");
    plan.shows(&format!("POST {}/repos/acme/infra/statuses/{ZEROS}", host.url())).hides("/pulls?per_page");
    let json = bench.run(&["plan", "--probe", "--format", "json", "check.pol"]).exits(0).json();
    let rows = json["credentials"][0]["requests"].as_array().unwrap();
    let marked: Vec<&str> =
        rows.iter().filter(|row| row["probe"] == json!(true)).map(|row| row["method"].as_str().unwrap()).collect();
    assert_eq!(marked, ["POST", "POST"]);
    assert_eq!(paths(&host), [""; 0], "a plan asks nothing");
}

#[test]
fn a_probe_is_never_sent_twice() {
    for fault in [Fault::GatewayError(502), Fault::BrokenConnection, Fault::TooManyRequests("0".into())] {
        let world = acme().fault_on("/repos/acme/infra/statuses", 1, fault.clone());
        let (mut bench, host) = bench(world, &ENOUGH, STATUSES);
        bench.probing();
        bench.check(&["--probe"]).exits(3);
        assert_eq!(host.server.writes().len(), 1, "{fault:?}");
    }
}

#[test]
fn a_record_of_probes_replays() {
    let (mut bench, _) = bench(acme(), &ENOUGH, FINE);
    bench.probing();
    bench.check(&["--probe", "--record", "record.json"]).exits(0);
    bench.check(&["--replay", "record.json"]).exits(0).shows("decided 2 of 2");
}

#[test]
fn a_host_that_takes_a_probe_is_not_believed() {
    let host = mostly_right(|head| {
        let mut headers = HEADERS.to_vec();
        headers.extend([
            ("x-accepted-github-permissions", "statuses=write"),
            ("x-github-request-id", "C0DE:1B2C:3D4E5F:6A7B8C:69230000"),
        ]);
        head.line.starts_with("POST").then(|| answer("201 Created", &headers, "{}"))
    });
    let mut bench = Bench::new();
    let token = fake("github_pat", "taken");
    bench.credential_at("bot", &host.url(), &host.url(), &token, r#"repositories = ["acme/infra"]"#);
    bench.policy(FINE);
    let ended = bench.check(&["--probe"]).exits(3);
    ended.shows("the host takes a write that is not valid (201)").shows("look there for what it made");
    let probes = host.heads().iter().filter(|head| head.line.starts_with("POST")).count();
    assert_eq!(probes, 1, "nothing more is sent to such a host");
}

#[test]
fn the_shipped_policy_is_right_about_a_good_token() {
    let (mut bench, host) = bench(acme(), &ENOUGH, "");
    let open = bench.run(&["builtin:atlantis"]).exits(0);
    open.shows("`--probe` decides `pull_requests = write` and `statuses = write`")
        .shows("(2 accepted)")
        .shows("decided 4 of 6")
        .shows("5 requests");
    assert_eq!(host.server.writes(), []);
    bench.probing();
    let decided = bench.run(&["builtin:atlantis", "--probe"]).exits(0);
    decided.shows("decided 6 of 6").shows("0 violations").shows("5 requests").hides("C0604");
    let plan = bench.run(&["plan", "--probe", "builtin:atlantis"]).exits(0);
    assert_eq!(plan.stdout.matches("a write probe: ").count(), 2, "{}", plan.stdout);
}

/// A bench with the token of an installation, or of a job.
fn installed(job: bool, permissions: &[(&'static str, Access)], name: &str, policy: &str) -> (Bench, Arc<Running>) {
    let mut bench = Bench::new();
    let text = fake("ghs", "installed");
    let slug = if job { "github-actions" } else { "acme-bot" };
    let installation = Installation::new(7, slug, "acme").permissions(permissions.iter().copied());
    let world = acme().app(App::new(slug)).repository(Repository::new("acme/open"));
    let host = bench.host(world.installation(installation).token(Token::installation(&text, 7)));
    let kind = if job { "actions" } else { "app_installation" };
    bench.credential("bot", &host, &text, &format!("kind = \"{kind}\"\nrepositories = [\"{name}\"]"));
    bench.policy(policy);
    (bench, host)
}

const READS: &str = r#"
host github {
  require token.permissions covers { contents = read, pull_requests = read }
  require repository.can covers [read, clone]
}
"#;

#[test]
fn what_a_job_or_an_installation_may_read_is_proven_by_reading() {
    for job in [false, true] {
        let (bench, host) = installed(job, &ENOUGH, INFRA, READS);
        bench.check(&[]).exits(0).shows("decided 2 of 2");
        // They are on the way at once.
        let mut asked = below(&host);
        asked.sort();
        assert_eq!(asked, ["GET /commits?per_page=1", "GET /pulls?per_page=1"]);
        // What it lacks, the host says.
        let (bench, _) = installed(job, &ENOUGH[..2], INFRA, READS);
        bench.check(&[]).exits(1).shows("pull_requests").shows("403");
        // Everybody reads what is public, so nothing is asked.
        let (bench, host) = installed(job, &ENOUGH, "acme/open", READS);
        bench.check(&[]).exits(3).shows("no answer about this repository decides");
        assert!(paths(&host).iter().all(|path| !path.contains("/commits")), "{:?}", paths(&host));
    }
}

#[test]
fn what_they_may_write_stays_open_and_nothing_is_written() {
    let policy = "host github {\n  require token.permissions covers { statuses = write }\n}\n";
    for job in [false, true] {
        let (bench, host) = installed(job, &ENOUGH, INFRA, policy);
        let ended = bench.check(&["--probe"]).exits(3);
        ended.shows("no request that is sure to change nothing").hides("`--probe` decides");
        assert_eq!(host.server.writes(), []);
        // Without even the read, the write is not there.
        let (bench, _) = installed(job, &ENOUGH[..1], INFRA, policy);
        bench.check(&[]).exits(1).shows("statuses").shows("403");
    }
}
