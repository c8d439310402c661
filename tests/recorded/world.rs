//! The world that the recorded servers had, for the simulated ones.

use std::collections::BTreeMap;

use credcheck::simulator::gitea::{
    Allowed, Hook, Level, Organization, Product, Protection, Repository, Team, Token, Unit, User, Visibility, World,
};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::files::{Exchange, Recorded};

/// The address that stands for the instances.
pub(crate) const BASE: &str = "https://git.quay.example";

/// Whether a question was asked of the second instance: those with another setting, with an OAuth token, with a token for
/// repositories, and the list of tokens that has these.
pub(crate) fn is_of_second(exchange: &Exchange) -> bool {
    let name = exchange.credential.as_deref().unwrap_or_default();
    let of_second = ["oauth", "rs-"].iter().any(|beginning| name.starts_with(beginning));
    exchange.variant.is_some() || of_second || exchange.path.ends_with("tokens?limit=4")
}

/// A text for a recorded credential: plainly none that a server made.
pub(crate) fn text_of(recorded: &Recorded, name: &str) -> String {
    let described = recorded.credentials.get(name);
    match (name, described) {
        ("wrong-40-hex", _) => "f".repeat(40),
        ("wrong-jwt", _) => Token::jwt(&json!({"gnt": 0})),
        (_, Some(one)) if one["kind"] == "oauth" => Token::jwt(&one["claims"]),
        (_, None) => Token::jwt(&json!({"tt": 1, "of": name})),
        (_, Some(one)) => format!("{:0>40}", one["last_eight"].as_str().unwrap()),
    }
}

fn instance_now() -> Timestamp {
    "2026-11-27T12:00:00Z".parse().unwrap()
}

/// What the recorded lists of tokens tell of each token: its entry, and how many seconds before the newest it was made.
fn entries(recorded: &Recorded, second: bool) -> BTreeMap<String, (Value, i64)> {
    let mut found = BTreeMap::new();
    for exchange in &recorded.exchanges {
        let answer = &recorded.answers[exchange.answer];
        let tells = exchange.path.contains("/token") && answer["status"] == 200;
        if is_of_second(exchange) != second || exchange.variant.is_some() || !tells {
            continue;
        }
        if exchange.path == "/api/v1/token" {
            let entry = &answer["body"];
            found.entry(entry["name"].as_str().unwrap().to_owned()).or_insert((entry.clone(), 0));
        }
        // Within a second, older numbers come first: a smaller number begins an earlier second.
        let (mut before, mut last) = (0, 0);
        // A token that tells of itself is no list.
        for entry in answer["body"].as_array().into_iter().flatten() {
            let id = entry["id"].as_i64().unwrap();
            before += i64::from(id < last);
            last = id;
            // A later page would count anew.
            if !exchange.path.contains("page=") || entry["created_at"].is_string() {
                found.entry(entry["name"].as_str().unwrap().to_owned()).or_insert((entry.clone(), before));
            }
        }
    }
    found
}

/// The accounts, organizations, repositories and tokens of an instance.
pub(crate) fn world(server: &str, recorded: &Recorded, second: bool, variant: Option<&str>) -> World {
    let product = if server.starts_with("forgejo") { Product::Forgejo } else { Product::Gitea };
    let mut world = World::new(product, &recorded.version, instance_now());
    world = match variant {
        Some("two-factor enforced") => world.demands_two_factor(),
        Some("sign-in required") => world.demands_sign_in(),
        Some("no basic sign-in") => world.no_passwords(),
        Some("MAX_RESPONSE_ITEMS = 10") => world.page_limit(10),
        Some("federation on") => world.federation(),
        _ => world,
    };
    world = repositories(accounts(world, second), recorded, second);
    tokens(world, recorded, second)
}

fn accounts(world: World, second: bool) -> World {
    let world = world
        .user(User::new("overseer").id(1).admin())
        .user(User::new("planbot").id(2))
        .user(User::new("keeper").id(3))
        .user(User::new("twofa").id(if second { 8 } else { 10 }).two_factor())
        .user(User::new("settled").id(if second { 40 } else { 5 }).renamed_from("mover"))
        .user(User::new("stranger").id(if second { 41 } else { 6 }).login_name("stranger").restricted())
        .user(User::new("hidden").id(if second { 42 } else { 9 }).login_name("hidden").visibility(Visibility::Private))
        .user(User::new("blocked").id(30).blocked())
        .user(User::new("freshbot").id(31).must_change_password())
        .user(User::new("sleeper").id(32).inactive())
        .user(User::new("many").id(33));
    let reviewers = Team::of_units(
        "reviewers",
        [(Unit::Code, Level::Read), (Unit::Issues, Level::Read), (Unit::PullRequests, Level::Write)],
    );
    let harbour = Organization::new("harbour")
        .id(if second { 11 } else { 13 })
        .visibility(Visibility::Limited)
        .owner("overseer")
        .team(reviewers.member("planbot").repository("pulls-only"));
    let vault = Organization::new("vault").id(if second { 43 } else { 14 }).visibility(Visibility::Private);
    let world = world.organization(harbour).organization(vault.owner("overseer"));
    if second {
        return world;
    }
    world.organization(Organization::new("pier").id(15).owner("overseer"))
}

fn repositories(world: World, recorded: &Recorded, second: bool) -> World {
    let write = |name: &str| Repository::new(name).collaborator("planbot", Level::Write);
    let mut site = Repository::new("harbour/site").public().collaborator("planbot", Level::Admin).protection(
        Protection::new("main").merge(Allowed::Only(vec!["planbot".to_owned()])).approvals(1).check("atlantis/plan"),
    );
    for hook in hooks(recorded) {
        site = site.hook(hook);
    }
    let world = world
        .repository(write("harbour/dns").protection(Protection::new("main").approvals(1).check("atlantis/plan")))
        .repository("harbour/secret")
        .repository(site)
        .repository(write("harbour/attic").public().archived())
        .repository(write("harbour/new-name").renamed_from("old-name"))
        .repository("harbour/pulls-only")
        .repository(Repository::new("harbour/moved").renamed_from("hidden-move"))
        .repository("vault/keys")
        .repository(Repository::new("keeper/own").public())
        .repository("planbot/mine");
    if second {
        return world;
    }
    // The list of who may push and merge was meant to have the keeper, who had no right yet when it was made.
    let nobody = Protection::new("main").push(Allowed::Only(Vec::new())).merge(Allowed::Only(Vec::new())).approvals(2);
    let off = [Unit::Issues, Unit::PullRequests, Unit::Wiki, Unit::Actions];
    world
        .repository(write("pier/open").public().collaborator("keeper", Level::Write).protection(nobody))
        .repository(write("pier/quiet"))
        .repository(write("pier/empty").empty())
        .repository(off.into_iter().fold(write("pier/no-issues"), Repository::without))
        .repository(write("pier/slashes").branch("release/1.0"))
        .repository(Repository::new("settled/box").public())
}

/// The webhooks as they were set up: servers list the events that a word stands for in ways of their own.
fn hooks(recorded: &Recorded) -> Vec<Hook> {
    let is_list = |exchange: &&Exchange| {
        let answer = &recorded.answers[exchange.answer];
        exchange.path == "/api/v1/repos/harbour/site/hooks?limit=50" && answer["status"] == 200
    };
    let listed = recorded.exchanges.iter().find(is_list).unwrap();
    let listed = recorded.answers[listed.answer]["body"].as_array().unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let hooks = listed.iter().map(|one| {
        let events: Vec<String> = one["events"].as_array().unwrap().iter().map(text).collect();
        Hook::new(&text(&one["config"]["url"]), events)
            .kind(&text(&one["type"]))
            .branch_filter(&text(&one["branch_filter"]))
    });
    let mut hooks: Vec<Hook> = hooks.collect();
    let first = hooks.remove(0).authorization("Bearer hook-header-secret");
    hooks.insert(0, first);
    hooks
}

fn tokens(mut world: World, recorded: &Recorded, second: bool) -> World {
    let entries = entries(recorded, second);
    let mut known: Vec<&str> = Vec::new();
    for (number, (name, one)) in (1..).zip(&recorded.credentials) {
        let text = text_of(recorded, name);
        let login = one["login"].as_str().unwrap_or_default();
        let words: Vec<String> = match &one["scopes"] {
            Value::String(words) => words.split_whitespace().map(str::to_owned).collect(),
            words => words.as_array().into_iter().flatten().map(|word| word.as_str().unwrap().to_owned()).collect(),
        };
        let of_second = ["oauth", "repository"].iter().any(|kind| one["kind"] == *kind);
        if of_second != second && of_second || name == "gone" {
            continue;
        }
        let token = match one["kind"].as_str().unwrap() {
            "oauth" => Token::oauth(&text, login),
            "actions" => Token::job(&text, "harbour/dns").task(1),
            "repository" => {
                let names = one["repositories"].as_array().unwrap();
                let names: Vec<&str> = names.iter().map(|name| name.as_str().unwrap()).collect();
                Token::repository(&text, login, &names)
            }
            _ => Token::personal(&text, login),
        };
        known.push(name);
        world = world.token(dated(token.named(name).scopes(words).id(1000 + number), entries.get(name)));
    }
    // Those that only a list has.
    for (name, entry) in entries.iter().filter(|(name, _)| !known.contains(&name.as_str())) {
        let words: Vec<&str> =
            entry.0["scopes"].as_array().unwrap().iter().map(|word| word.as_str().unwrap()).collect();
        let text = format!("{:0>40}", entry.0["token_last_eight"].as_str().unwrap());
        let owner = if name.starts_with("many") { "many" } else { "planbot" };
        let token = match entry.0["repositories"].as_array() {
            Some(listed) => {
                let names: Vec<&str> = listed.iter().map(|one| one["full_name"].as_str().unwrap()).collect();
                Token::repository(&text, owner, &names)
            }
            None => Token::personal(&text, owner),
        };
        world = world.token(dated(token.named(name).scopes(words), Some(entry)));
    }
    world
}

/// With the number and the times of its entry.
fn dated(token: Token, entry: Option<&(Value, i64)>) -> Token {
    let Some((entry, before)) = entry else { return token };
    let time = |name: &str| entry[name].as_str().map(|text| text.parse::<Timestamp>().unwrap());
    let order = instance_now().checked_sub(jiff::SignedDuration::from_secs(*before)).unwrap();
    let token = token.id(entry["id"].as_u64().unwrap()).created_at(time("created_at").unwrap_or(order));
    match time("last_used_at") {
        Some(time) => token.last_used_at(time),
        None => token,
    }
}
