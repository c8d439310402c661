//! GitHub Apps: by their key, with minted tokens, and as checkers of fine-grained tokens.

use std::sync::{Arc, LazyLock};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use credcheck::simulator::github::{Access, App, Fault, Hook, Installation, Repository, Running, Token, World};
use jiff::SignedDuration;
use ring::signature::{KeyPair as _, RsaKeyPair};

use crate::bench::{BOT, Bench, INFRA, acme, fake, now, paths};

/// A key of an App.
struct Key {
    pkcs8: Vec<u8>,
    public: Vec<u8>,
}

impl Key {
    fn new(text: &str) -> Self {
        let pkcs8 = STANDARD.decode(text.split_whitespace().collect::<String>()).unwrap();
        let public = RsaKeyPair::from_pkcs8(&pkcs8).unwrap().public_key().as_ref().to_vec();
        Self { pkcs8, public }
    }

    /// As `openssl genpkey` writes it.
    fn pkcs8(&self) -> String {
        pem("PRIVATE KEY", &self.pkcs8)
    }

    /// As GitHub hands it out: what is inside of the other form, which has 26 bytes before it.
    fn pkcs1(&self) -> String {
        pem("RSA PRIVATE KEY", self.pkcs8.get(26..).unwrap())
    }
}

fn pem(label: &str, der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let lines: Vec<&str> = text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

/// The App's key, and one that is nobody's.
static KEY: LazyLock<Key> = LazyLock::new(|| Key::new(include_str!("../keys/one.txt")));
static OTHER: LazyLock<Key> = LazyLock::new(|| Key::new(include_str!("../keys/two.txt")));

/// Everything that Atlantis asks of its App.
const ALL: [(&str, Access); 10] = [
    ("actions", Access::Read),
    ("administration", Access::Read),
    ("checks", Access::Write),
    ("contents", Access::Write),
    ("issues", Access::Write),
    ("members", Access::Read),
    ("metadata", Access::Read),
    ("pull_requests", Access::Write),
    ("repository_hooks", Access::Write),
    ("statuses", Access::Write),
];

/// The App, number 300001, which asks for all.
fn app() -> App {
    App::new("acme-atlantis").public_key(&KEY.public).permissions(ALL).events(["pull_request", "push"])
}

/// Its installation, with all.
fn installation() -> Installation {
    Installation::new(41_000_001, "acme-atlantis", "acme").permissions(ALL)
}

fn world(installation: Installation) -> World {
    acme().app(app()).installation(installation)
}

/// A bench with the App's key as the only credential.
pub(crate) fn bench(world: World, more: &str) -> (Bench, Arc<Running>) {
    let mut bench = Bench::new();
    let host = bench.host(world);
    bench.app("bot", &host, &KEY.pkcs1(), &format!("app_id = 300001\nrepositories = [\"acme/infra\"]\n{more}"));
    (bench, host)
}

const PERMISSIONS: &str = "host github {\n  rule granted {\n    require token.permissions covers { contents = write, \
                           statuses = write }\n  }\n}\n";

#[test]
fn a_good_key_passes_what_atlantis_needs() {
    let (bench, host) = bench(world(installation()), "");
    bench.run(&["builtin:atlantis"]).exits(0).shows("0 violations").shows("2 requests");
    assert_eq!(paths(&host), ["GET /app", "GET /repos/acme/infra/installation"]);
}

#[test]
fn the_families_variables_and_both_identifiers_and_forms_work() {
    let mut family = Bench::new();
    let host = family.host(world(installation()));
    let path = family.file("operator/secrets/app.pem", KEY.pkcs8()).display().to_string();
    let address = host.url();
    for (name, value) in [
        ("ATLANTIS_GH_APP_ID", "300001"),
        ("ATLANTIS_GH_APP_KEY_FILE", path.as_str()),
        ("ATLANTIS_GH_HOSTNAME", address.trim_start_matches("http://")),
    ] {
        family.variable(name, value);
    }
    family.policy(PERMISSIONS);
    // Loopback has no TLS, which a bare host name means: nothing is sent, and the key is fine.
    family.check(&["--repository", INFRA]).saying_anything().exits(3).shows("atlantis-app");
    for (form, identifier) in [
        (KEY.pkcs8(), "app_id = 300001"),
        (KEY.pkcs1(), "client_id = \"Iv1.00000000000493e1\""),
        (KEY.pkcs1().replace('\n', "\r\n"), "app_id = 300001\ninstallation_id = 41000001"),
    ] {
        let mut bench = Bench::new();
        let host = bench.host(world(installation()));
        bench.app("bot", &host, &form, &format!("{identifier}\nrepositories = [\"acme/infra\"]"));
        bench.policy(PERMISSIONS);
        bench.check(&[]).exits(0).shows("decided 1 of 1");
    }
}

#[test]
fn facts_of_an_app_and_its_installation() {
    let (bench, _) = bench(world(installation().selected(["acme/infra"])), "");
    let report = bench.run(&["facts", "--format", "json"]).exits(0).json();
    let facts = report["credentials"][0]["facts"].as_array().unwrap();
    let find = |path: &str| facts.iter().find(|fact| fact["fact"] == path).unwrap_or_else(|| panic!("{path}"));
    let value = |path: &str| &find(path)["value"];
    assert_eq!(value("token.kind"), "app_key");
    assert_eq!(value("app.slug"), "acme-atlantis");
    assert_eq!(value("user.username"), "acme-atlantis[bot]");
    assert_eq!(value("user.is_bot"), true);
    assert_eq!(value("app.permissions")["statuses"], "write");
    assert_eq!(value("app.events"), &serde_json::json!(["pull_request", "push"]));
    assert_eq!(find("token.expires_at")["knowledge"], "absent");
    assert_eq!(find("token.permissions")["subject"], "acme/infra");
    assert_eq!(value("token.permissions")["members"], "read");
    assert_eq!(value("installation.id"), 41_000_001);
    assert_eq!(value("installation.selection"), "selected");
    assert_eq!(value("installation.suspended"), false);
    let hidden = find("repository.visibility");
    assert_eq!((&hidden["knowledge"], &hidden["cause"]), (&"unknown".into(), &"not-revealable".into()));
    assert!(hidden["reason"].as_str().unwrap().contains("`--mint` decides this"), "{hidden}");
}

#[test]
fn what_is_asked_for_and_not_approved_is_said() {
    let old: Vec<(&str, Access)> = ALL
        .into_iter()
        .filter(|(name, _)| *name != "actions")
        .map(|(name, access)| (name, if name == "statuses" { Access::Read } else { access }))
        .collect();
    let late = Installation::new(41_000_001, "acme-atlantis", "acme").permissions(old);
    let second = || Repository::new("acme/live").private();
    let mut bench = Bench::new();
    let host = bench.host(world(late).repository(second()));
    bench.app("bot", &host, &KEY.pkcs1(), "app_id = 300001\nrepositories = [\"acme/infra\", \"acme/live\"]");
    bench.policy("host github {\n  require token.permissions covers { contents = write }\n}\n");
    let ended = bench
        .check(&[])
        .exits(0)
        .shows("C0708")
        .shows("`acme` has not approved 2 permissions that the App `acme-atlantis` asks for")
        .shows("`actions = read` (not granted)")
        .shows("`statuses = write` (granted: `read`)")
        .shows("/organizations/acme/settings/installations/41000001")
        .shows("1 warning");
    assert_eq!(ended.stdout.matches("C0708").count(), 1, "once for an account: {}", ended.stdout);
    bench.check(&["--strict"]).exits(1).shows("C0708");
    // What the bot needs and has not is a violation beside it.
    bench.policy(PERMISSIONS);
    bench.check(&[]).exits(1).shows("C0708").shows("C0601");
    let (approved, _) = self::bench(world(installation()), "");
    approved.policy(PERMISSIONS);
    approved.check(&["--strict"]).exits(0).hides("C0708");
}

#[test]
fn a_suspended_installation_can_do_nothing() {
    let (bench, _) = bench(world(installation().suspended()), "");
    bench.policy(PERMISSIONS);
    bench.check(&[]).exits(1).shows("credential-accepted").shows("suspended");
    bench.policy(
        "host github {\n  forbid repository.can overlaps [administer]\n  require repository.can covers [clone]\n}\n",
    );
    let ended = bench.check(&["--format", "json"]).exits(1);
    assert!(ended.verdicts().iter().any(|verdict| verdict.starts_with("repository.can pass")), "{}", ended.stdout);
    assert!(
        !ended.verdicts().contains(&"repository.can violation".to_owned()),
        "whether it is public shows `--mint` only"
    );
}

#[test]
fn abilities_of_a_covered_repository() {
    let (mut bench, _) = bench(world(installation()), "");
    bench.policy(
        "host github {\n  rule can  { require repository.can covers [clone] }\n  rule safe { forbid repository.can \
         overlaps [administer] }\n  rule open { require repository.can covers [push, set_status] }\n}\n",
    );
    let verdicts = bench.check(&["--format", "json"]).exits(3).verdicts();
    // Whether it is archived, which denies every change, is what only a minted token shows.
    assert_eq!(verdicts, ["can pass", "open undetermined/not-revealable", "safe pass"]);
    bench.minting();
    let verdicts = bench.check(&["--format", "json", "--mint"]).exits(0).verdicts();
    assert_eq!(verdicts, ["can pass", "open pass", "safe pass"]);
}

#[test]
fn the_default_branch_takes_minted_tokens() {
    let policy = "host github {\n  rule straight { require repository.can covers [push_default] }\n  rule merges   { \
                  require repository.can covers [merge] }\n}\n";
    let (mut bench, host) = bench(world(installation()), "");
    bench.policy(policy);
    let verdicts = bench.check(&["--format", "json"]).exits(3).verdicts();
    assert_eq!(verdicts, ["merges undetermined/not-revealable", "straight undetermined/not-revealable"]);
    bench.minting();
    let verdicts = bench.check(&["--format", "json", "--mint"]).exits(0).verdicts();
    assert_eq!(verdicts, ["merges pass", "straight pass"]);
    let sent = paths(&host);
    for path in ["GET /repos/acme/infra/branches/main", "GET /repos/acme/infra/rules/branches/main?per_page=100"] {
        assert_eq!(sent.iter().filter(|one| *one == path).count(), 1, "{sent:?}");
    }
    // An App that was given no contents is not minted a token for them.
    let without = [("metadata", Access::Read), ("pull_requests", Access::Write)];
    let world = acme()
        .app(App::new("acme-atlantis").public_key(&KEY.public).permissions(without))
        .installation(Installation::new(41_000_001, "acme-atlantis", "acme").permissions(without));
    let (mut bench, _) = self::bench(world, "");
    bench.minting();
    bench.policy("host github {\n  rule shut { require repository.default_branch_protected }\n}\n");
    let verdicts = bench.check(&["--format", "json", "--mint"]).exits(3).verdicts();
    assert_eq!(verdicts, ["shut undetermined/not-permitted"]);
}

#[test]
fn a_repository_that_no_installation_covers() {
    for installation in [installation().selected(["acme/other"]), Installation::new(7, "acme-atlantis", "elsewhere")] {
        let (bench, _) = bench(world(installation), "");
        bench.policy(PERMISSIONS);
        bench.check(&[]).exits(1).shows("C0705").shows("the App is not installed in `acme`");
    }
    let (named, _) = bench(world(installation()), "installation_id = 7");
    named.policy(PERMISSIONS);
    named
        .check(&[])
        .exits(1)
        .shows("C0705")
        .shows("installation 41000001 covers it, and the settings name installation 7");
}

#[test]
fn a_key_that_is_not_the_apps() {
    for (pem, identifier) in [(OTHER.pkcs1(), "300001"), (KEY.pkcs1(), "300002")] {
        let mut bench = Bench::new();
        let host = bench.host(world(installation()));
        bench.app(
            "bot",
            &host,
            &pem,
            &format!("app_id = {identifier}\nrepositories = [\"acme/infra\", \"acme/live\"]"),
        );
        bench.policy(PERMISSIONS);
        bench.check(&[]).exits(1).shows("C0701").shows("the private key is not one of this App's");
        assert_eq!(paths(&host), ["GET /app"], "a dead credential is one bad login");
    }
}

#[test]
fn what_is_no_key_is_never_used() {
    let damaged = KEY.pkcs1().lines().take(8).chain(["-----END RSA PRIVATE KEY-----"]).collect::<Vec<_>>().join("\n");
    let protected = KEY.pkcs8().replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY");
    let elliptic = KEY.pkcs1().replace("RSA PRIVATE", "EC PRIVATE");
    for (pem, said) in [(damaged, "is damaged"), (protected, "a passphrase"), (elliptic, "is not an RSA key")] {
        let mut bench = Bench::new();
        let host = bench.host(world(installation()));
        bench.app("bot", &host, &pem, "app_id = 300001\nrepositories = [\"acme/infra\"]");
        bench.policy(PERMISSIONS);
        bench.check(&[]).exits(1).shows("C0702").shows(said);
        assert_eq!(paths(&host), [""; 0]);
    }
}

#[test]
fn clocks_may_differ_a_little() {
    for (minutes, good) in [(-5, true), (-3, true), (0, true), (1, true), (3, false), (-12, false), (20, false)] {
        let (bench, host) = bench(world(installation()), "");
        // This machine is so much ahead of the host.
        host.github
            .update(|world| world.set_now(now() - SignedDuration::from_mins(minutes) + SignedDuration::from_secs(4)));
        bench.policy(PERMISSIONS);
        let run = bench.check(&[]).saying_anything();
        if good {
            run.exits(0);
        } else {
            let direction = if minutes < 0 { "behind" } else { "ahead of" };
            run.exits(1).shows("C0701").shows("this machine's clock is").shows(direction).shows("set the clock");
        }
    }
}

pub(crate) const OPEN: &str = "host github {\n  rule closed { require repository.visibility == private }\n  rule hooks  { require \
                    count(repository.webhooks) == 1 }\n}\n";

/// A world with a webhook on the repository.
pub(crate) fn with_hook() -> World {
    let hook = Hook::new("https://atlantis.acme.example/events", ["push"]);
    World::new(now())
        .repository(Repository::new(INFRA).private().hook(hook))
        .repository(Repository::new("acme/live").private())
        .app(app())
        .installation(installation())
}

#[test]
fn without_mint_nothing_is_minted_and_it_is_said() {
    let (bench, host) = bench(with_hook(), "");
    bench.policy(OPEN);
    bench.check(&[]).exits(3).shows("`--mint` decides this");
    assert_eq!(paths(&host), [""; 0], "nothing else is read");
}

#[test]
fn with_mint_tokens_are_narrow_and_revoked() {
    let (mut bench, host) = bench(with_hook(), "");
    bench.minting();
    bench.policy(OPEN);
    let report = bench.check(&["--mint", "--format", "json", "--record", "run.json"]).exits(0).json();
    let sent: Vec<String> = paths(&host);
    let count = |part: &str| sent.iter().filter(|path| path.contains(part)).count();
    assert_eq!(count("POST /app/installations/41000001/access_tokens"), 2, "{sent:?}");
    assert_eq!(count("DELETE /installation/token"), 2, "{sent:?}");
    assert_eq!(count("GET /repos/acme/infra?"), 0);
    assert_eq!(sent.len(), 8, "{sent:?}");
    assert_eq!(report["summary"]["requests"], 8);
    let methods: Vec<&str> =
        report["requests"].as_array().unwrap().iter().map(|request| request["method"].as_str().unwrap()).collect();
    assert_eq!(methods.iter().filter(|method| **method == "DELETE").count(), 2, "{methods:?}");
    // The record holds no token, and needs none.
    let record = bench.read("team/run.json");
    assert!(!record.contains("ghs_") && !record.contains("\"token\""), "{record}");
    let before = paths(&host).len();
    bench.check(&["--replay", "run.json"]).exits(0).shows("decided 2 of 2");
    assert_eq!(paths(&host).len(), before);
}

#[test]
fn a_plan_shows_what_would_be_minted() {
    let (bench, host) = bench(with_hook(), "");
    bench.policy("host github {\n  require repository.visibility == private\n}\n");
    let rows = |arguments: &[&str]| -> Vec<String> {
        let report = bench.run(arguments).exits(0).json();
        let requests = report["credentials"][0]["requests"].as_array().unwrap().clone();
        let line = |row: &serde_json::Value| {
            let url = row["url"].as_str().unwrap().replace(&host.url(), "");
            format!("{} {url}", row["method"].as_str().unwrap())
        };
        requests.iter().map(line).collect()
    };
    let plain = ["plan", "check.pol", "--format", "json"];
    assert_eq!(rows(&plain), [""; 0]);
    assert_eq!(
        rows(&[&plain[..], &["--mint"]].concat()),
        [
            "GET /app",
            "GET /repos/acme/infra/installation",
            "POST /app/installations/{installation}/access_tokens",
            "GET /repos/acme/infra",
            "DELETE /installation/token",
        ]
    );
    assert_eq!(paths(&host), [""; 0]);
}

#[test]
fn whatever_goes_wrong_is_revoked() {
    for (arguments, fault) in [
        (&["--mint"][..], Some(Fault::NotJson)),
        (&["--mint"], Some(Fault::BrokenConnection)),
        // The budget ends with the token in hand.
        (&["--mint", "--max-requests", "3"], None),
    ] {
        let world = match fault {
            Some(fault) => with_hook().fault_on("/repos/acme/infra/hooks", 9, fault),
            None => with_hook(),
        };
        let (mut bench, host) = bench(world, "");
        bench.minting();
        bench.policy(OPEN);
        bench.check(arguments).saying_anything().exits(3);
        assert!(host.server.writes().iter().any(|request| request.method == "DELETE"));
    }
    // A token that cannot be minted is nobody's violation, and not a pass.
    let plain = Installation::new(41_000_001, "acme-atlantis", "acme");
    let (mut bench, _) = bench(world(plain), "");
    bench.minting();
    bench.policy("host github {\n  require count(repository.webhooks) == 0\n}\n");
    bench.check(&["--mint"]).exits(3).shows("mints no token").shows("permissions requested are not granted");
}

#[test]
fn globs_take_a_minted_token() {
    let mut bench = Bench::new();
    let other = Installation::new(41_000_002, "acme-atlantis", "globex").permissions(ALL);
    let host = bench.host(with_hook().repository(Repository::new("globex/shop").private()).installation(other));
    bench.app("bot", &host, &KEY.pkcs1(), "app_id = 300001\nrepositories = [\"acme/*\", \"globex/*\"]");
    bench.policy(PERMISSIONS);
    bench.check(&[]).exits(3).shows("`--mint`").shows("lists no repositories by itself");
    bench.minting();
    let report = bench.check(&["--mint", "--format", "json"]).exits(0).json();
    let repositories: Vec<&str> =
        report["outcomes"].as_array().unwrap().iter().filter_map(|outcome| outcome["repository"].as_str()).collect();
    assert_eq!(repositories, ["acme/infra", "acme/live", "globex/shop"]);
}

const FINE: &str = "host github {\n  rule granted {\n    require token.permissions covers { contents = read, statuses = \
                    write }\n  }\n}\n";

/// A world with a checker App in `acme` and a fine-grained token of the bot's that ends in 30 days.
fn with_checker(token: &str) -> World {
    let checker = App::new("acme-checker").public_key(&OTHER.public);
    let pats = [("organization_personal_access_tokens", Access::Read)];
    let token = Token::fine_grained(token).owner(BOT).resource_owner("acme").expires_in_days(30);
    acme()
        .repository(
            Repository::new("acme/live").private().collaborator(BOT, credcheck::simulator::github::Level::Write),
        )
        .app(checker)
        .installation(Installation::new(55, "acme-checker", "acme").permissions(pats))
        .token(token.permissions([("contents", Access::Read), ("statuses", Access::Write), ("members", Access::Read)]))
}

fn fine(world: World, token: &str) -> (Bench, Arc<Running>) {
    let mut bench = Bench::new();
    let host = bench.host(world);
    let more = "repositories = [\"acme/infra\", \"acme/live\"]\nchecker = \"checker\"";
    bench.credential("bot", &host, token, more);
    bench.app("checker", &host, &OTHER.pkcs8(), "app_id = 300001");
    bench.policy(FINE);
    (bench, host)
}

#[test]
fn a_checker_app_tells_what_a_fine_grained_token_is_granted() {
    let text = fake("github_pat", "checked");
    let (mut bench, host) = fine(with_checker(&text), &text);
    let only = ["--credential", "bot"];
    bench.check(&only).exits(3).shows("with `--mint`, the checker App `checker` decides this");
    assert_eq!(host.server.writes(), []);
    bench.minting();
    bench.check(&["--credential", "bot", "--mint"]).exits(0).shows("decided 2 of 2").shows("5 requests");
    let sent = paths(&host);
    assert_eq!(sent.iter().filter(|path| path.contains("/personal-access-tokens")).count(), 1, "{sent:?}");
}

#[test]
fn only_one_token_with_the_same_owner_and_end_is_taken() {
    let text = fake("github_pat", "mine");
    let twin =
        |days| Token::fine_grained(&fake("github_pat", "twin")).owner(BOT).resource_owner("acme").expires_in_days(days);
    let ask = |world: World| {
        let (mut bench, _) = fine(world, &text);
        bench.minting();
        bench.check(&["--credential", "bot", "--mint"]).ends()
    };
    ask(with_checker(&text).token(twin(31))).shows("decided 2 of 2");
    ask(with_checker(&text).token(twin(30))).shows("lists several tokens").shows("decided 0 of 2");
    // A token that never ends is told apart from others by nothing.
    let endless =
        Token::fine_grained(&text).owner(BOT).resource_owner("acme").permissions([("statuses", Access::Write)]);
    let world = acme()
        .app(App::new("acme-checker").public_key(&OTHER.public))
        .installation(
            Installation::new(55, "acme-checker", "acme")
                .permissions([("organization_personal_access_tokens", Access::Read)]),
        )
        .token(endless);
    ask(world).shows("decided 0 of 2");
}

#[test]
fn a_checker_tells_which_repositories_a_token_reaches() {
    let text = fake("github_pat", "subset");
    let token = Token::fine_grained(&text).owner(BOT).resource_owner("acme").expires_in_days(30).selected([INFRA]);
    let world = acme()
        .repository("acme/live")
        .app(App::new("acme-checker").public_key(&OTHER.public))
        .installation(
            Installation::new(55, "acme-checker", "acme")
                .permissions([("organization_personal_access_tokens", Access::Read)]),
        )
        .token(token.permissions([("contents", Access::Read), ("statuses", Access::Write)]));
    let (mut bench, _) = fine(world, &text);
    bench.minting();
    let report = bench.check(&["--credential", "bot", "--mint", "--format", "json"]).exits(1).json();
    let outcomes: Vec<(&str, &str)> = report["outcomes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|outcome| (outcome["repository"].as_str().unwrap(), outcome["outcome"].as_str().unwrap()))
        .collect();
    assert_eq!(outcomes, [(INFRA, "pass"), ("acme/live", "violation")]);
}

#[test]
fn a_checker_that_may_not_look_leaves_it_open() {
    let text = fake("github_pat", "blind");
    let base = || {
        acme()
            .repository(Repository::new("acme/live").private())
            .app(App::new("acme-checker").public_key(&OTHER.public))
    };
    let token = || Token::fine_grained(&text).owner(BOT).resource_owner("acme").expires_in_days(30);
    let elsewhere = base().installation(Installation::new(55, "acme-checker", "globex")).token(token());
    let blind = base().installation(Installation::new(55, "acme-checker", "acme")).token(token());
    for (world, said) in [(elsewhere, "is not installed in the organisation"), (blind, "mints no token")] {
        let (mut bench, _) = fine(world, &text);
        bench.minting();
        bench.check(&["--credential", "bot", "--mint"]).ends().shows(said).shows("decided 0 of 2");
    }
}

#[test]
fn a_checker_is_an_app_of_the_same_host() {
    let text = fake("github_pat", "settings");
    let mut bench = Bench::new();
    let host = bench.host(with_checker(&text));
    let other = bench.host(acme());
    bench.credential("bot", &host, &text, "checker = \"nobody\"");
    bench.credential("second", &host, &fake("github_pat", "second"), "checker = \"bot\"");
    bench.credential("third", &host, &fake("github_pat", "third"), "checker = \"far\"");
    bench.app("far", &other, &OTHER.pkcs8(), "app_id = 300001");
    bench.app("near", &host, &OTHER.pkcs8(), "app_id = 300001\nchecker = \"far\"");
    bench.policy(FINE);
    bench
        .check(&[])
        .says("no credential has the name that this `checker` gives")
        .says("the credential `bot` is no App")
        .says("the credential `far` belongs to another host")
        .says("only a fine-grained token has a `checker`")
        .exits(4);
}
