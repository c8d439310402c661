//! Bitbucket Server end to end: what is easily read wrong of it first, then what recorded answers hold.

use std::ops::Deref;

use credcheck::simulator::bitbucket_server::{Fault, Hook, Level, Project, Repository, Running, Token, User, World};
use credcheck::simulator::github;
use serde_json::Value;

use crate::bench::{Bench, fake, now};
use crate::hostile::Hostile;

const BOT: &str = "atlantis-bot";
const INFRA: &str = "INF/terraform";
const SCOPE: &str = r#"repositories = ["INF/terraform"]"#;

/// Kind, permissions, expiry and username: what a policy usually reads of a token.
const TOKEN: &str = r#"
host bitbucket_server {
  rule kind        { require token.kind == personal }
  rule permissions { require token.permissions covers { project = read, repository = write } }
  rule end         { require token.expires_in >= 7d }
  rule account     { require user.username like "*atlantis*" }
}
"#;

/// What a policy reads of repositories.
const ROLE: &str = r#"
host bitbucket_server {
  rule role { require repository.permission >= write }
}
"#;

/// A world that runs; dropping it shows that it was asked for no change.
struct Host(Running);

impl Deref for Host {
    type Target = Running;

    fn deref(&self) -> &Running {
        &self.0
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            assert_eq!(self.0.server.writes(), [], "a check changes nothing");
        }
    }
}

impl Host {
    /// What it was asked for, below the API's base.
    fn asked(&self) -> Vec<String> {
        let base = format!("{}/rest", self.bitbucket.context_path());
        let below = |path: String| path.strip_prefix(&base).map_or_else(|| path.clone(), str::to_owned);
        self.server.requests().into_iter().map(|request| below(request.path)).collect()
    }
}

/// A token's text of the form that holds its record's number.
fn text(word: &str) -> String {
    Token::text(848_894_838_086, word)
}

fn acme() -> World {
    World::new(now())
        .user(User::new(BOT).display_name("Atlantis").email("atlantis@acme.example"))
        .project(Project::new("INF").name("Infrastructure").grant(BOT, Level::Read))
        .repository(Repository::new(INFRA).grant(BOT, Level::Write))
}

fn good(text: &str) -> Token {
    Token::personal(text, BOT).name("atlantis").levels(Level::Read, Level::Write).expires_in_days(90)
}

fn start(world: World) -> Host {
    Host(world.start().unwrap())
}

/// A bench with one credential for a running world, and a policy.
fn bench_with(host: &Host, token: &str, more: &str, policy: &str) -> Bench {
    let mut bench = Bench::new();
    bench.credential_of("bitbucket_server", "bot", (&host.url(), &host.api_url()), token, more);
    bench.policy(policy);
    bench
}

/// A usual bench: a good token of the bot's in this world.
fn usual(world: World, policy: &str) -> (Bench, Host) {
    let token = text("usual");
    let host = start(world.token(good(&token)));
    (bench_with(&host, &token, SCOPE, policy), host)
}

/// A fact of the report of `credcheck facts`.
fn fact(report: &Value, path: &str) -> Value {
    let facts = report["credentials"][0]["facts"].as_array().unwrap();
    let found = facts.iter().find(|fact| fact["fact"] == path);
    found.unwrap_or_else(|| panic!("no {path} in {report:#}")).clone()
}

fn value(report: &Value, path: &str) -> Value {
    fact(report, path)["value"].clone()
}

/// Outcomes as `rule outcome`, with the cause where there is one.
fn verdicts(report: &Value) -> Vec<String> {
    let mut verdicts: Vec<String> = report["outcomes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|outcome| {
            let rule = outcome["rule"].as_str().unwrap().trim_start_matches("bitbucket_server.");
            let cause = outcome["cause"].as_str().map_or_else(String::new, |cause| format!("/{cause}"));
            format!("{rule} {}{cause}", outcome["outcome"].as_str().unwrap())
        })
        .collect();
    verdicts.sort();
    verdicts.dedup();
    verdicts
}

// ---- what the fact sheet puts first

#[test]
fn read_first_1_a_token_describes_itself_where_it_may() {
    let (bench, host) = usual(acme(), TOKEN);
    bench.check(&[]).exits(0).shows("decided 4 of 4");
    assert_eq!(
        host.asked(),
        ["/api/1.0/application-properties", "/access-tokens/1.0/users/atlantis-bot/848894838086"],
        "two requests, no more"
    );
    let report = bench.run(&["facts", "--format", "json"]).exits(0).json();
    assert_eq!(value(&report, "token.name"), "atlantis");
    assert_eq!(value(&report, "token.permissions"), serde_json::json!({"project": "read", "repository": "write"}));
    assert_eq!(value(&report, "token.kind"), "personal");
    assert_eq!(value(&report, "user.username"), BOT);
    assert_eq!(value(&report, "user.kind"), "normal");
    assert_eq!(value(&report, "host.version"), "9.4.3");
    assert!(value(&report, "token.expires_at").is_string());
}

#[test]
fn read_first_1_refused_all_three_are_unknown_with_the_cause() {
    let (bench, host) = usual(acme().refuses_records(), TOKEN);
    let report = bench.check(&["--format", "json"]).exits(3).json();
    assert_eq!(
        verdicts(&report),
        ["account pass", "end undetermined/not-permitted", "kind pass", "permissions undetermined/not-permitted"]
    );
    assert_eq!(
        host.asked(),
        [
            "/api/1.0/application-properties",
            "/access-tokens/1.0/users/atlantis-bot/848894838086",
            "/access-tokens/1.0/users/atlantis-bot?limit=100"
        ],
        "tried, and the list too"
    );
    let report = bench.run(&["facts", "--format", "json"]).exits(0).json();
    for path in ["token.name", "token.permissions", "token.expires_at"] {
        let fact = fact(&report, path);
        assert_eq!((&fact["knowledge"], &fact["cause"]), (&"unknown".into(), &"not-permitted".into()), "{path}");
    }
}

#[test]
fn read_first_2_the_own_record_is_picked_by_the_number_in_the_token() {
    // Another token of the same name, and one made later, are never taken for it.
    let other = Token::text(111_111_111_111, "other");
    let world = acme()
        .token(Token::personal(&other, BOT).name("atlantis").levels(Level::Admin, Level::Admin))
        .token(Token::personal(&fake("BBDC-", "third"), BOT).name("atlantis").levels(Level::Admin, Level::Admin));
    let (bench, _host) = usual(world, TOKEN);
    bench.check(&[]).exits(0);
}

#[test]
fn read_first_2_without_a_number_only_a_single_token_is_it() {
    let token = ["BBDC", &"x1Y2".repeat(11)].join("-");
    let host = start(acme().token(good(&token)));
    bench_with(&host, &token, "", TOKEN).check(&[]).exits(0);
    assert_eq!(host.asked().len(), 2);
    // With a second token nothing tells which is which, names least of all.
    let other = Token::text(111_111_111_111, "other");
    let host = start(acme().token(good(&token)).token(Token::personal(&other, BOT).name("renovate")));
    let report = bench_with(&host, &token, "", TOKEN).check(&["--format", "json"]).exits(3).json();
    assert_eq!(
        verdicts(&report),
        ["account pass", "end undetermined/not-revealable", "kind pass", "permissions undetermined/not-revealable"]
    );
}

#[test]
fn read_first_3_a_401_that_names_the_caller_is_a_missing_permission() {
    let policy = r#"
host bitbucket_server {
  rule active { require token.active == true }
  rule hooks  { require all hook in repository.webhooks satisfies (hook.active) }
}
"#;
    let (bench, _host) = usual(acme(), policy);
    let report = bench.check(&["--format", "json"]).exits(3).json();
    assert_eq!(verdicts(&report), ["active pass", "hooks undetermined/not-permitted"]);
    // Without the name it is the credential itself.
    let host = start(acme());
    let ended = bench_with(&host, &text("revoked"), SCOPE, policy).check(&["--format", "json"]).exits(1);
    let found = verdicts(&ended.json());
    assert!(found.contains(&"credential-valid violation".to_owned()), "{found:?}");
    assert_eq!(host.asked().len(), 1, "a refused credential ends it");
}

#[test]
fn read_first_3_a_200_without_a_name_is_an_answer_to_anybody() {
    let host = start(acme().overlooks_bad_credentials());
    let ended = bench_with(&host, &text("overlooked"), SCOPE, TOKEN).check(&["--format", "json"]).exits(1);
    let report = ended.json();
    assert!(verdicts(&report).contains(&"credential-valid violation".to_owned()));
    assert!(!verdicts(&report).iter().any(|verdict| verdict.ends_with(" pass")), "{report:#}");
    assert_eq!(host.asked().len(), 1);
}

#[test]
fn read_first_4_the_level_is_read_from_lists_of_the_caller() {
    let (bench, host) = usual(acme(), ROLE);
    bench.check(&[]).exits(0);
    let asked = host.asked();
    assert_eq!(asked.len(), 3, "{asked:?}");
    assert_eq!(asked[1], "/api/1.0/repos?permission=REPO_ADMIN&projectkey=INF&name=terraform&archived=ALL&limit=100");
    assert!(asked[2].contains("permission=REPO_WRITE"));
    for (level, code) in [(Level::Read, 1), (Level::Admin, 0)] {
        let world = acme().project(Project::new("INF").grant(BOT, level)).repository(Repository::new("INF/other"));
        let token = text("level");
        let host = start(world.token(good(&token)));
        bench_with(&host, &token, r#"repositories = ["INF/other"]"#, ROLE).check(&[]).exits(code);
    }
}

#[test]
fn read_first_4_the_level_comes_through_groups_and_global_rights_too() {
    for world in [
        acme().repository(Repository::new("INF/other").grant_group("devs", Level::Write)).group("devs", &[BOT]),
        acme().repository(Repository::new("INF/other")).admin(BOT),
        acme()
            .project(Project::new("INF").grant_group("devs", Level::Write))
            .group("devs", &[BOT])
            .repository(Repository::new("INF/other")),
    ] {
        let token = text("groups");
        let host = start(world.token(good(&token)));
        bench_with(&host, &token, r#"repositories = ["INF/other"]"#, ROLE).check(&[]).exits(0);
    }
}

#[test]
fn read_first_4_the_level_proves_nothing_of_the_token() {
    // The user administers; the token may only read.
    let token = text("reader");
    let world = acme().repository(Repository::new("INF/other").grant(BOT, Level::Admin));
    let host = start(world.token(Token::personal(&token, BOT).levels(Level::Read, Level::Read)));
    let bench = bench_with(&host, &token, r#"repositories = ["INF/other"]"#, ROLE);
    let report = bench.run(&["facts", "--format", "json"]).exits(0).json();
    assert_eq!(value(&report, "repository.permission"), "admin");
    assert_eq!(value(&report, "repository.can"), serde_json::json!(["clone", "comment", "read", "set_status"]));
}

#[test]
fn read_first_5_commenting_takes_reading_and_merging_takes_writing() {
    // Whom branch permissions let merge is shown to administrators alone.
    let (writes, reads) =
        (vec!["clone", "comment", "push", "read", "set_status"], vec!["clone", "comment", "read", "set_status"]);
    for (user, token_level, can, part) in [
        (Level::Write, Level::Write, writes, "granted"),
        (Level::Read, Level::Write, reads.clone(), "value"),
        (Level::Write, Level::Read, reads, "value"),
    ] {
        let token = text("abilities");
        let world = acme().project(Project::new("INF")).repository(Repository::new("INF/other").grant(BOT, user));
        let host = start(world.token(Token::personal(&token, BOT).levels(Level::Read, token_level)));
        let bench = bench_with(&host, &token, r#"repositories = ["INF/other"]"#, ROLE);
        let report = bench.run(&["facts", "--format", "json"]).exits(0).json();
        assert_eq!(fact(&report, "repository.can")[part], serde_json::json!(can));
    }
}

#[test]
fn read_first_6_a_repository_token_is_known_and_cannot_merge() {
    let token = Token::text(222_222_222_222, "repository");
    let host = start(acme().token(Token::repository(&token, INFRA).name("atlantis").level(Level::Write)));
    let policy = r#"
host bitbucket_server {
  rule kind   { require token.kind == repository }
  rule merge  { require repository.can covers [merge] }
  rule role   { require repository.permission >= write }
  rule record { require token.expires_in >= 7d }
}
"#;
    let bench = bench_with(&host, &token, SCOPE, policy);
    let report = bench.check(&["--format", "json"]).exits(1).json();
    assert_eq!(verdicts(&report), ["kind pass", "merge violation", "record undetermined/not-permitted", "role pass"]);
    let report = bench.run(&["facts", "--format", "json"]).exits(0).json();
    assert_eq!(value(&report, "user.username"), "access-token-user/2/431");
    assert_eq!(value(&report, "user.kind"), "service");
    assert_eq!(value(&report, "user.is_bot"), true);
    // Its administrators may read the record, and so may the token that is one.
    let host =
        start(acme().token(Token::repository(&token, INFRA).name("ops").level(Level::Admin).expires_in_days(30)));
    let report = bench_with(&host, &token, SCOPE, policy).run(&["facts", "--format", "json"]).exits(0).json();
    assert_eq!(value(&report, "token.name"), "ops");
    assert_eq!(value(&report, "token.permissions"), serde_json::json!({"repository": "admin"}));
}

#[test]
fn read_first_6_a_project_token_is_one_of_two_kinds_until_its_record_is_read() {
    let token = Token::text(333_333_333_333, "project");
    let of = |levels: Level| Token::project(&token, "INF").name("ops").levels(levels, Level::Admin).expires_in_days(30);
    let host = start(acme().token(of(Level::Admin)));
    let report = bench_with(&host, &token, SCOPE, ROLE).run(&["facts", "--format", "json"]).exits(0).json();
    assert_eq!(fact(&report, "token.kind")["knowledge"], "bounded");
    assert_eq!(value(&report, "token.name"), "ops");
    let host = start(acme().token(of(Level::Read)));
    let report = bench_with(&host, &token, SCOPE, ROLE).run(&["facts", "--format", "json"]).exits(0).json();
    assert_eq!(fact(&report, "token.name")["cause"], "not-permitted");
}

#[test]
fn read_first_7_a_webhooks_secret_goes_nowhere() {
    let hook = |url: &str| Hook::new(url, ["pr:opened", "pr:comment:added"]);
    let secret = ["whs", &"Zq7".repeat(9)].join("-");
    let world = acme().repository(
        Repository::new("INF/hooked")
            .grant(BOT, Level::Admin)
            .hook(hook("https://user:pa55word-x1@atlantis.acme.example/events?key=abcdefghijkl").secret(&secret))
            .hook(hook("https://other.acme.example/").inactive().insecure()),
    );
    let policy = r#"
host bitbucket_server {
  rule signed   { require any hook in repository.webhooks satisfies (hook.secret_set) }
  rule every    { require all hook in repository.webhooks satisfies (hook.secret_set) }
  rule events   { require any hook in repository.webhooks satisfies (hook.events covers ["pr:opened"]) }
  rule insecure { forbid  any hook in repository.webhooks satisfies (hook.insecure_ssl) }
}
"#;
    let token = text("hooks");
    let host = start(world.token(Token::personal(&token, BOT).levels(Level::Admin, Level::Admin)));
    let mut bench = bench_with(&host, &token, r#"repositories = ["INF/hooked"]"#, policy);
    bench.secret(&secret);
    bench.secret("pa55word-x1xx");
    bench.secret("abcdefghijkl");
    let report = bench.check(&["--format", "json", "--record", "../record.json"]).exits(1).json();
    assert_eq!(
        verdicts(&report),
        ["events pass", "every undetermined/not-revealable", "insecure violation", "signed pass"]
    );
    // The bench looks into every file that was written; the record decides the same.
    let replayed = bench.check(&["--format", "json", "--replay", "../record.json"]).saying_anything().exits(1).json();
    assert_eq!(verdicts(&replayed), verdicts(&report));
    bench.run(&["facts", "--format", "json"]).exits(0).hides(&secret);
}

// ---- findings in recorded answers

#[test]
fn finding_26_every_authenticated_answer_names_the_caller_errors_too() {
    // A 404 that names the caller shows the credential alive; the repository is what is missing.
    let token = text("alive");
    let host = start(acme().token(good(&token)));
    let policy = r#"
host bitbucket_server {
  rule alive { require token.active == true }
  rule open  { forbid  repository.archived == true }
}
"#;
    let bench = bench_with(&host, &token, r#"repositories = ["INF/nothing"]"#, policy);
    let found = verdicts(&bench.check(&["--format", "json"]).exits(1).json());
    assert_eq!(found, ["alive pass", "open undetermined/not-permitted", "repository-visible violation"]);
    // A user's name with a space and an umlaut comes percent-encoded.
    let host = start(acme().user(User::new("Jürgen B")).token(Token::personal(&token, "Jürgen B")));
    let report = bench_with(&host, &token, "", ROLE).run(&["facts", "--format", "json"]).exits(0).json();
    assert_eq!(value(&report, "user.username"), "Jürgen B");
}

#[test]
fn finding_27_only_paths_below_rest_are_asked() {
    let hosted = acme().context_path("/bitbucket").repository(Repository::new("INF/other").public());
    let (bench, host) = usual(hosted, ROLE);
    bench.run(&["facts", "--format", "json"]).exits(0);
    let requests = host.server.requests();
    assert!(requests.len() >= 6);
    for request in requests {
        assert!(request.path.starts_with("/bitbucket/rest/"), "{}", request.path);
        assert!(request.authorised, "{}", request.path);
    }
}

#[test]
fn finding_28_non_admins_measure_themselves_on_projects() {
    let policy = "host bitbucket_server { rule project { require project.permission >= write } }";
    for (level, code) in [(Level::Read, 1), (Level::Write, 0), (Level::Admin, 0)] {
        let world = acme().project(Project::new("INF").name("Infrastructure").grant(BOT, level));
        let (bench, _host) = usual(world, policy);
        bench.check(&[]).exits(code);
    }
    // One list a level for several projects.
    let world = acme()
        .project(Project::new("INF").grant(BOT, Level::Write))
        .project(Project::new("OPS").grant(BOT, Level::Write))
        .repository(Repository::new("OPS/tools"));
    let token = text("projects");
    let host = start(world.token(good(&token)));
    bench_with(&host, &token, r#"repositories = ["INF/terraform", "OPS/tools"]"#, policy).check(&[]).exits(0);
    assert_eq!(host.asked().len(), 3, "{:?}", host.asked());
    // Lists have no personal projects: there the user is asked for by name.
    let world = acme().project(Project::new("~ATLANTIS-BOT")).repository(Repository::new("~ATLANTIS-BOT/own"));
    let token = text("personal");
    let host = start(world.token(good(&token)));
    bench_with(&host, &token, r#"repositories = ["~ATLANTIS-BOT/own"]"#, policy).check(&[]).exits(0);
    // Visible for one repository, and no level at all.
    let (bench, _host) = usual(acme().project(Project::new("INF")), policy);
    let report = bench.run(&["facts", "--format", "json"]).exits(0).json();
    assert_eq!(fact(&report, "project.permission")["knowledge"], "absent");
}

#[test]
fn finding_29_the_next_page_is_where_the_host_says() {
    let mut world = acme().pages(2, 3);
    for number in 0..7 {
        world = world.repository(Repository::new(&format!("INF/terraform-{number}")).grant(BOT, Level::Write));
    }
    let token = text("pages");
    let host = start(world.token(good(&token)));
    let bench = bench_with(&host, &token, r#"repositories = ["INF/terraform-*"]"#, ROLE);
    let report = bench.check(&["--format", "json"]).exits(0).json();
    assert_eq!(report["summary"]["decided"], 7, "{report:#}");
    let asked = host.asked();
    assert!(asked.iter().any(|path| path.contains("/repos?archived=ALL&limit=1000&start=8")), "{asked:?}");
    // A list that goes round in a circle ends.
    let page = r#"{"size":1,"isLastPage":false,"start":0,"nextPageStart":0,"values":[]}"#;
    let world = acme().token(good(&token)).fault_on("/rest/api/1.0/repos", 100, Fault::Body(page.to_owned()));
    let host = start(world);
    let report = bench_with(&host, &token, SCOPE, ROLE).check(&["--format", "json"]).exits(3).json();
    assert_eq!(verdicts(&report), ["role undetermined/malformed"]);
    assert_eq!(host.asked().len(), 2);
}

#[test]
fn finding_30_an_empty_reason_and_two_cache_headers_are_fine() {
    let body = r#"{"version":"7.11.2","buildNumber":"7011002","displayName":"Bitbucket"}"#;
    let host = Hostile::writing(move |_, stream| {
        use std::io::Write as _;
        write!(
            stream,
            "HTTP/1.1 200 \r\nX-Ausername: atlantis-bot\r\nX-Auserid: 1203\r\nCache-Control: private, no-cache\r\n\
             Cache-Control: no-cache, no-transform\r\nContent-Type: application/json;charset=UTF-8\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        )
    });
    let mut bench = Bench::new();
    let url = host.url();
    bench.credential_of("bitbucket_server", "bot", (&url, &format!("{url}/rest")), &text("raw"), "");
    bench.policy("host bitbucket_server { rule old { require host.version < \"8.0\" } }");
    bench.check(&[]).exits(0);
}

#[test]
fn finding_31_errors_say_what_the_host_says() {
    let (bench, _host) = usual(acme().refuses_records(), TOKEN);
    bench.check(&[]).exits(3).shows("You are not permitted to access this resource");
    // A repository that is there and may not be read is a 401 that names the caller.
    let token = text("unread");
    let host = start(acme().project(Project::new("INF")).repository(Repository::new("INF/closed")).token(good(&token)));
    let policy = "host bitbucket_server { rule open { forbid repository.archived == true } }";
    let found = verdicts(
        &bench_with(&host, &token, r#"repositories = ["INF/closed"]"#, policy)
            .check(&["--format", "json"])
            .exits(1)
            .json(),
    );
    assert_eq!(found, ["open undetermined/not-permitted", "repository-visible violation"]);
    let report = bench_with(&host, &token, r#"repositories = ["INF/closed"]"#, ROLE)
        .check(&["--format", "json"])
        .exits(1)
        .json();
    assert!(verdicts(&report).contains(&"role violation".to_owned()), "no level is none");
}

// ---- the price

#[test]
fn a_name_that_is_no_slug_costs_one_request_more() {
    for (user, slug) in [("Atlantis.Bot", "atlantis.bot"), ("atlantis@acme", "atlantis_acme"), ("Atlantis", "svc-7")] {
        let token = text("slug");
        let world = World::new(now()).user(User::new(user).slug(slug)).user(User::new(&format!("{user}2")));
        let host =
            start(world.token(Token::personal(&token, user).levels(Level::Read, Level::Write).expires_in_days(9)));
        let bench = bench_with(&host, &token, "", TOKEN);
        bench.check(&[]).exits(0);
        assert_eq!(host.asked().len(), 3, "{user}: {:?}", host.asked());
        let report = bench.run(&["facts", "--format", "json"]).exits(0).json();
        assert_eq!(value(&report, "user.kind"), "normal");
    }
    // A name that looks like a slug and is none is found all the same.
    let token = text("odd");
    let world = World::new(now()).user(User::new("atlantis").slug("atlantis-1"));
    let host =
        start(world.token(Token::personal(&token, "atlantis").levels(Level::Read, Level::Write).expires_in_days(9)));
    bench_with(&host, &token, "", TOKEN).check(&[]).exits(0);
    assert_eq!(host.asked().len(), 4);
}

#[test]
fn the_plan_shows_the_price_and_that_of_one_repository_more() {
    let (bench, host) = usual(acme(), TOKEN);
    let url = host.api_url();
    bench
        .run(&["plan", "check.pol"])
        .exits(0)
        .shows(&format!("GET {url}/api/1.0/application-properties"))
        .shows("/access-tokens/1.0/users/{user}/848894838086")
        .shows("usually 2 requests");
    let named = bench_with(&host, &text("plan"), "username = \"Atlantis.Bot\"", TOKEN);
    named.run(&["plan", "check.pol"]).exits(0).shows("usually 3 requests");
    let role = |more: &str| bench_with(&host, &text("plan"), more, ROLE);
    role(SCOPE).run(&["plan", "check.pol"]).exits(0).shows("usually 3 requests");
    let two = r#"repositories = ["INF/terraform", "INF/other"]"#;
    role(two).run(&["plan", "check.pol"]).exits(0).shows("usually 3 requests");
    assert_eq!(host.asked(), [""; 0], "nothing was sent");
}

#[test]
fn many_repositories_cost_one_list_a_level() {
    let mut world = acme();
    let mut names = Vec::new();
    for number in 0..100 {
        let level = if number % 10 == 0 { Level::Admin } else { Level::Write };
        world = world.repository(Repository::new(&format!("INF/r{number}")).grant(BOT, level));
        names.push(format!("\"INF/r{number}\""));
    }
    let token = text("many");
    let host = start(world.token(good(&token)));
    let scope = format!("repositories = [{}]", names.join(", "));
    let report = bench_with(&host, &token, &scope, ROLE).check(&["--format", "json"]).exits(0).json();
    assert_eq!(report["summary"]["decided"], 100);
    assert_eq!(host.asked().len(), 3, "{:?}", host.asked());
}

#[test]
fn lists_are_given_up_where_single_questions_are_fewer() {
    let mut world = acme().pages(2, 0);
    for number in 0..60 {
        world = world.repository(Repository::new(&format!("OPS/r{number}")).grant(BOT, Level::Admin));
    }
    let world = world
        .repository(Repository::new("INF/a").grant(BOT, Level::Write))
        .repository(Repository::new("INF/b").grant(BOT, Level::Write));
    let token = text("pages");
    let host = start(world.token(good(&token)));
    let bench = bench_with(&host, &token, r#"repositories = ["INF/a", "INF/b"]"#, ROLE);
    bench.check(&[]).exits(0);
    assert!(host.asked().len() <= 20, "{:?}", host.asked());
}

// ---- versions, proxies, passwords

#[test]
fn old_versions_overlook_filters_and_tell_less() {
    for version in ["5.5.0", "6.10.17", "7.11.2", "8.9.22", "9.4.3"] {
        let world = acme()
            .version(version)
            .project(Project::new("OPS"))
            .repository(Repository::new("OPS/terraform").grant(BOT, Level::Admin));
        let (bench, _host) = usual(world, ROLE);
        let report = bench.run(&["facts", "--format", "json"]).exits(0).json();
        assert_eq!(value(&report, "host.version"), version);
        assert_eq!(value(&report, "repository.permission"), "write", "{version}: not the other project's");
        assert_eq!(value(&report, "repository.archived"), false, "{version}");
    }
    let (bench, _host) = usual(acme().short_records(), TOKEN);
    let report = bench.check(&["--format", "json"]).exits(3).json();
    assert_eq!(
        verdicts(&report),
        ["account pass", "end undetermined/not-revealable", "kind pass", "permissions undetermined/not-revealable"]
    );
}

#[test]
fn a_repository_whose_name_is_not_its_slug_is_found() {
    let world = acme().repository(Repository::new("INF/my-infra").name("My Infra").grant(BOT, Level::Write));
    let token = text("names");
    let host = start(world.token(good(&token)));
    bench_with(&host, &token, r#"repositories = ["INF/my-infra"]"#, ROLE).check(&[]).exits(0);
}

#[test]
fn what_stands_in_front_of_the_host_decides_nothing() {
    for fault in [
        Fault::Html(200),
        Fault::Html(403),
        Fault::Html(502),
        Fault::Redirect("/login".to_owned()),
        Fault::Redirect("https://sso.acme.example/".to_owned()),
        Fault::Body("{}".to_owned()),
        Fault::Body("[1, 2".to_owned()),
    ] {
        let (bench, _host) = usual(acme().fault_on("/rest", 100, fault.clone()), TOKEN);
        let report = bench.check(&["--format", "json"]).saying_anything().ends().json();
        for verdict in verdicts(&report) {
            // The header names the caller, whatever the body is.
            let by_header =
                matches!(fault, Fault::Body(_)) && ["account pass", "kind pass"].contains(&verdict.as_str());
            assert!(verdict.contains("undetermined") || by_header, "{fault:?}: {verdict}");
        }
        let (bench, _host) = usual(acme().fault_on("/rest/access-tokens", 100, fault.clone()), TOKEN);
        let report = bench.check(&["--format", "json"]).saying_anything().exits(3).json();
        assert!(verdicts(&report).iter().any(|verdict| verdict.starts_with("end undetermined/")), "{fault:?}");
    }
    // A list without the caller's name is everybody's, and an empty one proves nothing.
    let (bench, _host) = usual(acme().fault_on("/rest/api/1.0/repos", 100, Fault::NoName), ROLE);
    let report = bench.check(&["--format", "json"]).exits(3).json();
    assert_eq!(verdicts(&report), ["role undetermined/not-permitted"]);
    let (bench, host) = usual(acme().fault_on("/rest", 1, Fault::TooManyRequests("0".to_owned())), TOKEN);
    bench.check(&[]).saying_anything().exits(0);
    assert_eq!(host.asked().len(), 3, "asked again after the wait");
}

#[test]
fn passwords_are_checked_only_when_named() {
    let password = ["correct", "horse", "x1x1x1"].join("-");
    let world = acme().user(User::new(BOT).password(&password));
    let host = start(world);
    let policy = r#"
host bitbucket_server {
  rule no-password { forbid token.kind == password }
  rule account     { require user.username == "atlantis-bot" }
  rule push        { require repository.can covers [push] }
}
"#;
    let more = format!("kind = \"password\"\nusername = \"{BOT}\"\n{SCOPE}");
    let bench = bench_with(&host, &password, &more, policy);
    bench.check(&[]).saying_anything().ends().shows("--credential bot");
    assert_eq!(host.asked(), [""; 0], "not sent");
    let report = bench.check(&["--format", "json", "--credential", "bot"]).saying_anything().exits(1).json();
    assert_eq!(verdicts(&report), ["account pass", "no-password violation", "push pass"]);
    // One bad login, and no second.
    let host = start(acme().user(User::new(BOT).password("another")).fault_on("/rest", 9, Fault::Captcha));
    let bench = bench_with(&host, &password, &more, policy);
    bench.check(&["--credential", "bot"]).saying_anything().exits(1).shows("captcha");
    assert_eq!(host.asked().len(), 1);
    // Without a username there is nobody whose password it could be.
    let bench = bench_with(&host, &password, "kind = \"password\"", policy);
    bench.check(&["--credential", "bot"]).saying_anything().exits(1).shows("username");
    assert_eq!(host.asked().len(), 1, "not sent");
}

// ---- Atlantis

fn atlantis(host: &Host, token: &str, allowed: &str, policy: &str) -> Bench {
    let mut bench = Bench::new();
    bench.variable("ATLANTIS_BITBUCKET_USER", BOT);
    bench.variable("ATLANTIS_BITBUCKET_TOKEN", token);
    bench.variable("ATLANTIS_BITBUCKET_BASE_URL", &host.url());
    let authority = host.server.address().to_string();
    bench.variable("ATLANTIS_REPO_ALLOWLIST", &allowed.replace("HOST", &authority));
    bench.secret(token);
    bench.policy(policy);
    bench
}

#[test]
fn atlantis_names_projects_by_their_names() {
    let token = text("atlantis");
    let world = acme()
        .context_path("/bitbucket")
        .project(Project::new("OPS").name("Operations Team").grant(BOT, Level::Write))
        .repository(Repository::new("OPS/tools"))
        .repository(Repository::new("OPS/secret"))
        // A key that another project has for its name must not be taken for it.
        .project(Project::new("TRAP").name("OPS"))
        .repository(Repository::new("TRAP/tools"));
    let host = start(world.token(good(&token)));
    let decided = |allowed: &str, code: i32| {
        let bench = atlantis(&host, &token, allowed, ROLE);
        let report = bench.check(&["--format", "json"]).saying_anything().exits(code).json();
        let mut names: Vec<String> = report["outcomes"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|outcome| outcome["repository"].as_str().map(str::to_owned))
            .collect();
        names.sort();
        names
    };
    assert_eq!(decided("HOST/Operations Team/tools", 0), ["OPS/tools"]);
    assert_eq!(decided("HOST/infrastructure/terraform", 0), ["INF/terraform"]);
    assert_eq!(decided("HOST/Operations Team/*,!HOST/Operations Team/secret", 0), ["OPS/tools"]);
    assert_eq!(decided("HOST/Infra*/*,HOST/Operations Team/tools", 0), ["INF/terraform", "OPS/tools"]);
    // By its key nothing is named, and nothing passes.
    assert_eq!(decided("HOST/INF/terraform", 3), [""; 0]);
    // The one project's name narrows the list.
    assert!(host.asked().iter().any(|path| path.contains("&projectname=Operations+Team")), "{:?}", host.asked());
    // Whoever names a repository on the command line does so by the key, as everywhere.
    let bench = atlantis(&host, &token, "HOST/Operations Team/tools", ROLE);
    bench.check(&["--repository", "OPS/tools"]).saying_anything().exits(0);
}

#[test]
fn atlantis_on_a_server_with_the_shipped_policy() {
    let token = text("shipped");
    let host = start(acme().token(good(&token)));
    let bench = atlantis(&host, &token, "HOST/Infrastructure/terraform", ROLE);
    bench.run(&["builtin:atlantis"]).saying_anything().exits(0);
    // Refused records are what the policy accepts as unknown.
    let host = start(acme().refuses_records().token(good(&token)));
    let bench = atlantis(&host, &token, "HOST/Infrastructure/terraform", ROLE);
    bench.run(&["builtin:atlantis"]).saying_anything().exits(0).shows("accepted");
}

#[test]
fn tokens_of_other_hosts_are_not_sent() {
    let host = start(acme());
    let token = fake("ghp", "elsewhere");
    bench_with(&host, &token, SCOPE, TOKEN).check(&[]).exits(1).shows("right-host");
    assert_eq!(host.asked(), [""; 0]);
    // Nor the other way round.
    let mut bench = Bench::new();
    let github = bench.host(github::World::new(now()));
    bench.credential("bot", &github, &["BBDC", &"x1Y2".repeat(11)].join("-"), "");
    bench.policy("host github { rule a { require token.active == true } }");
    bench.check(&[]).exits(1).shows("right-host");
    assert_eq!(bench.paths(), [""; 0]);
}
