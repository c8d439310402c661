//! What is said of each recorded credential, held against what the first line of its file says that it is: everything said
//! is right, or it is unknown.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use credcheck::collecting::{Collected, Derives, Task, collect};
use credcheck::facts::record::{Kept, RecordedExchange};
use credcheck::facts::{
    Answer, AppUse, Attempt, Bounds, Credential, Exchange, Fact, HttpRequest, Incident, Knowledge, Origin,
    RequestLabel, ScopeEntry, SubjectRef, Value as Told,
};
use credcheck::hosts;
use credcheck::plan::{Judge, everything};
use credcheck::transport::{Channel, Replay};
use credcheck::vocabulary::gitea::headers::X_TOTAL_COUNT;
use credcheck::vocabulary::{self, Header, HostKind, NameSet, Times, Type};
use jiff::Timestamp;
use serde_json::Value;

use super::files::{Recorded, SERVERS, read};

const BASE: &str = "https://git.quay.example";

fn host() -> &'static vocabulary::Host {
    vocabulary::host(HostKind::Gitea)
}

/// A recorded credential as an operator would configure it: its kind is what the text of its token leaves open.
fn credential(name: &str, about: &Value, repositories: &[String]) -> Credential {
    let words: &[&str] = match about["kind"].as_str() {
        Some("oauth") => &["oauth"],
        _ => &["personal", "repository", "actions"],
    };
    let time = |claim: &str| about["claims"][claim].as_i64().and_then(|at| Timestamp::from_second(at).ok());
    Credential {
        name: name.to_owned(),
        host: HostKind::Gitea,
        url: BASE.to_owned(),
        api: format!("{BASE}/api/v1").parse().unwrap(),
        username: None,
        kinds: words.iter().map(|word| host().credential_kind(word).unwrap()).collect(),
        kind_evidence: None,
        token_id: about["last_eight"].as_str().map(str::to_owned),
        times: Times { begins: time("iat"), ends: time("exp") },
        scope: repositories
            .iter()
            .map(|name| ScopeEntry::new(HostKind::Gitea, name, Origin::Variable("SCOPE".into())))
            .collect(),
        excluded: Vec::new(),
        app: AppUse::default(),
        probes: false,
    }
}

/// What was recorded of a credential, under the questions that are asked here: lists were asked for in other lengths, Git
/// with Basic, and redirects are followed on the way.
fn exchanges(recorded: &Recorded, server: &str, name: &str, variant: Option<&str>) -> Vec<RecordedExchange> {
    let lists_by = if server.starts_with("forgejo") { "bearer" } else { "basic" };
    let own: Vec<_> = recorded
        .exchanges
        .iter()
        .filter(|one| {
            one.credential.as_deref() == Some(name) && one.variant.as_deref() == variant && one.note.is_none()
        })
        .filter(|one| one.accept_language.is_none())
        .collect();
    let find = |path: &str| own.iter().find(|one| one.method == "GET" && one.sent == "bearer" && one.path == path);
    let mut found = Vec::new();
    for one in &own {
        let list = one.path.contains("/tokens");
        let git = one.path.contains("/info/refs");
        let fits = match one.sent.as_str() {
            "bearer" => !list || lists_by == "bearer",
            "basic" => git || (list && lists_by == "basic"),
            _ => false,
        };
        if !fits || one.method == "HEAD" {
            continue;
        }
        let mut answer = &recorded.answers[one.answer];
        let location = answer["headers"]["location"].as_str();
        if let Some(target) = location.and_then(find) {
            answer = &recorded.answers[target.answer];
        }
        let path = match one.path.split_once("/tokens") {
            Some((begin, rest)) if !rest.contains("page=") => format!("{begin}/tokens?limit=50"),
            _ if one.path == "/api/v1/packages/explore" => "/api/v1/packages/explore?limit=1".to_owned(),
            _ if one.path.ends_with("/hooks") => format!("{}?limit=50", one.path),
            _ => one.path.clone(),
        };
        found.push(exchange(&one.method, &path, one.request_body.as_ref(), answer));
    }
    // Everybody whose token is accepted is told the same version; few were asked.
    let version = recorded
        .exchanges
        .iter()
        .find(|one| one.path == "/api/v1/version" && one.credential.as_deref() == Some("bot") && one.variant.is_none());
    if variant.is_none()
        && let Some(version) = version
    {
        found.push(exchange("GET", "/api/v1/version", None, &recorded.answers[version.answer]));
    }
    found
}

fn exchange(method: &str, path: &str, request: Option<&Value>, answer: &Value) -> RecordedExchange {
    const HEADERS: &[Header] = &[X_TOTAL_COUNT];
    let method = match method {
        "GET" => "GET",
        "POST" => "POST",
        "PATCH" => "PATCH",
        "PUT" => "PUT",
        other => panic!("{other}"),
    };
    let label = Arc::new(RequestLabel { method, url: format!("{BASE}{path}") });
    let body = request.map(|body| body.as_str().map_or_else(|| body.to_string(), str::to_owned));
    let request = HttpRequest { label: Arc::clone(&label), headers: Vec::new(), body, once: false };
    let status = u16::try_from(answer["status"].as_u64().unwrap()).unwrap();
    let headers = answer["headers"].as_object().into_iter().flatten();
    let answer = Answer {
        status,
        headers: headers.map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().to_owned())).collect(),
        body: match &answer["body"] {
            Value::String(text) => text.clone().into_bytes(),
            other => other.to_string().into_bytes(),
        },
        at: "2026-11-27T12:00:00Z".parse().unwrap(),
    };
    let exchange = Exchange { request: label, result: Ok(answer), attempts: vec![Attempt { status: Some(status) }] };
    // The row that keeps Git's words; everything else is kept whole.
    let row = &host().once_proofs[0].request;
    RecordedExchange::new(row, Kept { headers: HEADERS, fields: &[""] }, &request, &exchange)
}

/// Collects everything of a recorded credential.
fn collected(recorded: &Recorded, server: &str, name: &str, variant: Option<&str>) -> Collected {
    collected_with(recorded, server, name, variant, false)
}

/// The same, where write probes may be sent or not.
fn collected_with(recorded: &Recorded, server: &str, name: &str, variant: Option<&str>, probes: bool) -> Collected {
    let about = recorded.credentials.get(name).cloned().unwrap_or(Value::Null);
    let mut names = BTreeSet::new();
    for one in recorded.exchanges.iter().filter(|one| one.credential.as_deref() == Some(name)) {
        let parts: Vec<&str> = one.path.split('/').collect();
        if let ["", "api", "v1", "repos", owner, name] = parts.as_slice()
            && one.method == "GET"
            && one.variant.as_deref() == variant
            && !name.contains('?')
            && *owner != "explore"
        {
            names.insert(format!("{owner}/{name}"));
        }
    }
    // Names that differ in their case alone are one repository.
    let mut folded = BTreeSet::new();
    let names: Vec<String> = names.into_iter().filter(|name| folded.insert(name.to_lowercase())).collect();
    let credential = Credential { probes, ..credential(name, &about, &names) };
    let policy = everything();
    let now = "2026-11-27T12:00:00Z".parse().unwrap();
    let judge = Judge::AsksEverything;
    let task = Task {
        credential: &credential,
        policy: &policy,
        judge: &judge,
        now,
        at_once: 1,
        derives: Derives::Everything,
        records: false,
    };
    let channel = Channel::Replay(Replay::new(&exchanges(recorded, server, name, variant)));
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(collect(&task, hosts::scripts(HostKind::Gitea), &channel))
}

fn scopes<'a>(names: impl IntoIterator<Item = &'a str>) -> NameSet {
    let Type::Names(table) = host().row(host().fact("token.scopes").unwrap()).ty else { panic!() };
    NameSet::new(table, names)
}

/// What a credential really is.
struct Truth {
    kind: String,
    login: Option<String>,
    /// `None` for a job.
    scopes: Option<NameSet>,
    public_only: bool,
    repositories: Option<Vec<String>>,
}

impl Truth {
    fn of(server: &str, about: &Value) -> Self {
        let kind = about["kind"].as_str().unwrap().to_owned();
        let texts: Vec<String> = match &about["scopes"] {
            Value::Array(items) => items.iter().map(|item| item.as_str().unwrap().to_owned()).collect(),
            Value::String(text) => text.split_whitespace().map(str::to_owned).collect(),
            _ => Vec::new(),
        };
        let table = scopes(["all"]);
        let is_scope = |name: &str| table.table().position(name).is_some();
        let openid = ["openid", "profile", "email", "groups"];
        let mut rights: Vec<&str> = texts.iter().map(String::as_str).filter(|name| is_scope(name)).collect();
        let mut public_only = texts.iter().any(|name| name == "public-only");
        if kind == "oauth" {
            // A grant without words of the API has everything; so has one with a word that Gitea does not know, and any on
            // a Gitea before 1.23. A Forgejo leaves the word out.
            let left: Vec<&str> = texts.iter().map(String::as_str).filter(|name| !openid.contains(name)).collect();
            let strange = left.iter().any(|name| !is_scope(name) && *name != "public-only");
            let gitea = server.starts_with("gitea");
            if left.is_empty() || (gitea && strange) || server == "gitea-1.22.6" {
                rights = vec!["all"];
                public_only = false;
            }
        }
        let repositories = about["repositories"].as_array();
        Self {
            login: about["login"].as_str().map(str::to_owned),
            scopes: (kind != "actions").then(|| scopes(rights)),
            public_only,
            repositories: repositories
                .map(|items| items.iter().map(|item| item.as_str().unwrap().to_owned()).collect()),
            kind,
        }
    }
}

/// The right of an account on a repository, as the instance was set up; `None` where it is not written down.
fn right(login: &str, repository: &str) -> Option<&'static str> {
    Some(match (login, repository) {
        ("planbot", "harbour/dns" | "harbour/new-name" | "harbour/attic") => "write",
        ("planbot", "harbour/site") => "admin",
        ("planbot", "planbot/mine") | ("keeper", "keeper/own") => "owner",
        ("planbot", "harbour/secret" | "harbour/moved") => "none",
        ("planbot", name) if name.starts_with("pier/") => "write",
        _ => return None,
    })
}

/// Of a set that is known in part: every name that is granted is there, every one that is denied is not.
fn fits(knowledge: &Knowledge, has: &dyn Fn(&str) -> bool) -> Option<bool> {
    match knowledge {
        Knowledge::Known(Told::Names(names)) => {
            let all: Vec<&str> = names.table().names.iter().map(|row| row.name).collect();
            Some(all.iter().all(|name| names.grants(name) == has(name)))
        }
        Knowledge::Bounded(Bounds::Names { granted, denied }, _) => {
            let granted = granted.names().iter().all(|name| has(name));
            Some(granted && denied.names().iter().all(|name| !has(name)))
        }
        Knowledge::Unknown(_) => None,
        other => panic!("{other:?}"),
    }
}

/// How many facts are right, and why others are unknown.
#[derive(Default)]
struct Tally {
    right: usize,
    partly: usize,
    unknown: BTreeMap<String, usize>,
}

struct Ledger {
    server: &'static str,
    tallies: BTreeMap<&'static str, Tally>,
    wrong: Vec<String>,
}

impl Ledger {
    fn note(&mut self, path: &'static str, about: &str, fact: Option<&Fact>, is_right: Option<bool>) {
        let tally = self.tallies.entry(path).or_default();
        let knowledge = fact.map(|fact| &fact.knowledge);
        match is_right {
            Some(false) => self.wrong.push(format!("{} {about}: {path}: {knowledge:?}", self.server)),
            Some(true) if matches!(knowledge, Some(Knowledge::Bounded(..))) => tally.partly += 1,
            Some(true) => tally.right += 1,
            None => {
                let why = match knowledge {
                    Some(Knowledge::Unknown(why) | Knowledge::Bounded(_, why)) => why.reason.clone(),
                    Some(Knowledge::Inapplicable(_)) => "inapplicable".to_owned(),
                    other => format!("{other:?}"),
                };
                *tally.unknown.entry(why).or_default() += 1;
            }
        }
    }
}

fn known(fact: Option<&Fact>) -> Option<&Told> {
    fact.and_then(|fact| fact.knowledge.value())
}

/// Holds everything that is said of a credential against the truth.
fn hold(ledger: &mut Ledger, recorded: &Recorded, name: &str, variant: Option<&str>, collected: &Collected) {
    let truth = Truth::of(ledger.server, &recorded.credentials[name]);
    let facts = &collected.facts;
    let of = |path: &str| facts.credential.get(host().fact(path).unwrap());
    let at = format!("{name}{}", variant.map(|variant| format!(" ({variant})")).unwrap_or_default());
    let kind = match of("token.kind").map(|fact| &fact.knowledge) {
        Some(Knowledge::Known(Told::Word(word))) => Some(*word == truth.kind),
        Some(Knowledge::Bounded(Bounds::Candidates(words), _)) => Some(words.contains(&truth.kind.as_str())),
        _ => None,
    };
    ledger.note("token.kind", &at, of("token.kind"), kind);
    let held = match (&truth.scopes, of("token.scopes").map(|fact| &fact.knowledge)) {
        (None, Some(Knowledge::Inapplicable(_))) => Some(true),
        (None, Some(Knowledge::Known(_) | Knowledge::Bounded(..))) => Some(false),
        (Some(_), Some(Knowledge::Inapplicable(_))) => Some(false),
        (Some(scopes), Some(knowledge)) => fits(knowledge, &|name| scopes.grants(name)),
        _ => None,
    };
    ledger.note("token.scopes", &at, of("token.scopes"), held);
    let limited = match known(of("token.public_only")) {
        Some(Told::Bool(limited)) => Some(*limited == truth.public_only && truth.scopes.is_some()),
        _ => None,
    };
    ledger.note("token.public_only", &at, of("token.public_only"), limited);
    let login = match known(of("user.username")) {
        Some(Told::String(login)) => Some(match &truth.login {
            Some(truth) => login == truth,
            None => login.ends_with("-actions"),
        }),
        _ => None,
    };
    ledger.note("user.username", &at, of("user.username"), login);
    for (path, who) in [("user.admin", "overseer"), ("user.restricted", "stranger")] {
        let is = match known(of(path)) {
            Some(Told::Bool(is)) => Some(*is == (truth.login.as_deref() == Some(who))),
            _ => None,
        };
        ledger.note(path, &at, of(path), is);
    }
    let version = match (known(of("host.version")), known(of("host.product"))) {
        (Some(Told::Version(version)), Some(Told::Word(product))) => {
            Some(format!("{product}-{version}") == ledger.server)
        }
        (None, None) => None,
        _ => Some(false),
    };
    ledger.note("host.version", &at, of("host.version"), version);
    for index in 0..facts.repositories.len() {
        repository(ledger, recorded, &truth, &at, collected, index);
    }
}

/// The repository's own answer to the site administrator, who sees all of it.
fn as_it_is<'a>(recorded: &'a Recorded, repository: &str) -> Option<&'a Value> {
    let path = format!("/api/v1/repos/{repository}");
    let one = recorded.exchanges.iter().find(|one| {
        one.path == path
            && one.credential.as_deref() == Some("overseer-all")
            && one.method == "GET"
            && one.variant.is_none()
    })?;
    let answer = &recorded.answers[one.answer];
    match answer["headers"]["location"].as_str() {
        Some(location) => as_it_is(recorded, location.strip_prefix("/api/v1/repos/")?),
        None => (answer["status"] == 200).then_some(&answer["body"]),
    }
}

fn repository(ledger: &mut Ledger, recorded: &Recorded, truth: &Truth, at: &str, collected: &Collected, index: usize) {
    let subject = SubjectRef::Repository(index);
    let facts = &collected.facts;
    let of = |path: &str| facts.fact(host().fact(path).unwrap(), subject);
    let asked = facts.subject_name(subject).unwrap().to_owned();
    let at = format!("{at} {asked}");
    let Some(truly) = as_it_is(recorded, &asked) else {
        // There is none, so that nothing can be known.
        let said = of("repository.name").and_then(|fact| fact.knowledge.value());
        ledger.note("repository.name", &at, of("repository.name"), said.map(|_| false));
        return;
    };
    let name = truly["full_name"].as_str().unwrap();
    let said = match known(of("repository.name")) {
        Some(Told::String(said)) => Some(said == name),
        _ => None,
    };
    ledger.note("repository.name", &at, of("repository.name"), said);
    let archived = match known(of("repository.archived")) {
        Some(Told::Bool(archived)) => Some(*archived == truly["archived"].as_bool().unwrap()),
        _ => None,
    };
    ledger.note("repository.archived", &at, of("repository.archived"), archived);
    let visibility = match truly["private"].as_bool().unwrap() {
        true => "private",
        false if truly["owner"]["visibility"] == "public" => "public",
        false => "internal",
    };
    let seen = match known(of("repository.visibility")) {
        Some(Told::Word(seen)) => Some(*seen == visibility),
        _ => None,
    };
    ledger.note("repository.visibility", &at, of("repository.visibility"), seen);
    let right = truth.login.as_deref().and_then(|login| right(login, name));
    let Type::Level(levels) = host().row(host().fact("repository.permission").unwrap()).ty else { panic!() };
    let permission = match (of("repository.permission").map(|fact| &fact.knowledge), right) {
        // A right on everything that the setup does not write down shows in the administrator's own answer alone.
        (Some(Knowledge::Known(_) | Knowledge::Bounded(..)), None) => Some(true),
        (Some(Knowledge::Known(Told::Word(word))), Some(right)) => Some(*word == right),
        (Some(Knowledge::Bounded(Bounds::Level { least, most }, _)), Some(right)) => {
            let above = least.is_none_or(|least| levels.at_least(right, least));
            Some(above && most.is_none_or(|most| levels.at_least(most, right)))
        }
        (Some(Knowledge::Absent), Some(right)) => Some(right == "none"),
        _ => None,
    };
    ledger.note("repository.permission", &at, of("repository.permission"), permission);
    let (Some(right), Some(held)) = (right, &truth.scopes) else { return };
    let is_archived = truly["archived"] == true;
    let reach = (!truth.public_only || visibility == "public")
        && truth
            .repositories
            .as_ref()
            .is_none_or(|names| names.iter().any(|one| one == name) || visibility == "public");
    let is_listed = truth.repositories.as_ref().is_none_or(|names| names.iter().any(|one| one == name));
    let can = |ability: &str| {
        let reads = reach && (right != "none" || visibility == "public") && held.grants("read:repository");
        let writes = reach && is_listed && !is_archived;
        let role = |least: &str| levels.at_least(right, least);
        // The branches' rules, as the instance was set up.
        let merges = role("write") && name != "pier/open" && name != "pier/empty";
        let pushes = role("write") && !["harbour/dns", "harbour/site", "pier/open", "pier/empty"].contains(&name);
        match ability {
            "read" | "clone" => reads,
            "comment" => {
                let pulls = name != "pier/no-issues" && (role("read") || visibility == "public");
                writes && pulls && held.grants("write:issue")
            }
            "set_status" | "push" => writes && role("write") && held.grants("write:repository"),
            "push_default" => writes && pushes && held.grants("write:repository"),
            "merge" => writes && merges && name != "pier/no-issues" && held.grants("write:repository"),
            _ => {
                let open = truth.repositories.is_none() && reach;
                open && role("admin") && held.grants("write:repository")
            }
        }
    };
    let knowledge = of("repository.can").map(|fact| &fact.knowledge);
    let fit = knowledge.and_then(|knowledge| fits(knowledge, &can));
    if fit == Some(false) {
        let truly: Vec<&str> = host().abilities.iter().map(|one| one.word).filter(|word| can(word)).collect();
        let said = match knowledge {
            Some(Knowledge::Known(Told::Names(names))) => format!("{:?}", names.names()),
            Some(Knowledge::Bounded(Bounds::Names { granted, denied }, _)) => {
                format!("{:?}, and not {:?}", granted.names(), denied.names())
            }
            _ => String::new(),
        };
        ledger.wrong.push(format!("{} {at} can {truly:?}, and said is {said}", ledger.server));
        return;
    }
    ledger.note("repository.can", &at, of("repository.can"), fit);
}

#[test]
fn everything_that_is_said_of_recorded_credentials_is_right() {
    let mut table = String::from("| Server | Fact | Right | In part | Unknown |\n|---|---|---|---|---|\n");
    let mut causes = String::new();
    let mut wrong = Vec::new();
    for server in SERVERS {
        let recorded = read(server);
        let mut ledger = Ledger { server, tallies: BTreeMap::new(), wrong: Vec::new() };
        for name in recorded.credentials.keys() {
            let collected = collected(&recorded, server, name, None);
            hold(&mut ledger, &recorded, name, None, &collected);
        }
        let variants: BTreeSet<&str> = recorded.exchanges.iter().filter_map(|one| one.variant.as_deref()).collect();
        for variant in variants {
            let collected = collected(&recorded, server, "bot", Some(variant));
            hold(&mut ledger, &recorded, "bot", Some(variant), &collected);
        }
        for (path, tally) in &ledger.tallies {
            let unknown: usize = tally.unknown.values().sum();
            writeln!(table, "| {server} | `{path}` | {} | {} | {unknown} |", tally.right, tally.partly).unwrap();
            for (why, count) in &tally.unknown {
                writeln!(causes, "{server} {path}: {count} × {why}").unwrap();
            }
        }
        wrong.extend(ledger.wrong);
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
    // How many are known on each server, and why the rest cannot be.
    insta::assert_snapshot!(format!("{table}\n{causes}"));
}

/// Accounts that may not act, and tokens of nobody: the credential is refused, for a reason that says what to do.
#[test]
fn refused_accounts_and_tokens_are_told_apart() {
    for server in SERVERS {
        let recorded = read(server);
        let refused = |name: &str| {
            let collected = collected(&recorded, server, name, None);
            let found = collected.facts.incidents.iter().find_map(|incident| match incident {
                Incident::Refused { reason, help, .. } => Some((reason.clone(), help.clone())),
                _ => None,
            });
            assert_eq!(collected.exchanges.len(), 1, "{server} {name}: nothing more is asked");
            found.unwrap_or_else(|| panic!("{server} {name}: {:?}", collected.facts.incidents))
        };
        let blocked = refused("blocked");
        assert_eq!(blocked, refused("sleeper"), "both say the same");
        assert!(blocked.0.contains("may not sign in, or was never activated"), "{blocked:?}");
        let fresh = refused("freshbot");
        assert!(fresh.0.contains("changes its password") && fresh.1.contains("sign in as the account"), "{fresh:?}");
        for gone in ["gone", "wrong-40-hex"] {
            let (reason, help) = refused(gone);
            assert!(reason.contains("is not accepted (401)") && !reason.contains("token:"), "{reason}");
            assert!(!help.contains("<token"), "{help}");
        }
    }
}

/// A demand for a second factor is told by itself: where the server says so, and where it hides every repository from its API
/// and answers Git.
#[test]
fn a_demand_for_a_second_factor_is_a_finding_of_its_own() {
    for (server, says) in [
        ("forgejo-15.0.3", "is refused until its account has a second factor"),
        ("gitea-1.24.7", "is shown no repository until its account has a second factor"),
    ] {
        let recorded = read(server);
        let collected = collected(&recorded, server, "bot", Some("two-factor enforced"));
        let is_said =
            |incident: &Incident| matches!(incident, Incident::Refused { reason, .. } if reason.contains(says));
        assert!(collected.facts.incidents.iter().any(is_said), "{server}: {:?}", collected.facts.incidents);
    }
}

/// What is known of one scope of a recorded token: there, missing, or open.
fn scope_of(recorded: &Recorded, server: &str, name: &str, scope: &str, probes: bool) -> Option<bool> {
    let collected = collected_with(recorded, server, name, None, probes);
    let fact = collected.facts.credential.get(host().fact("token.scopes").unwrap());
    match fact.map(|fact| &fact.knowledge) {
        Some(Knowledge::Known(Told::Names(names))) => Some(names.grants(scope)),
        Some(Knowledge::Bounded(Bounds::Names { granted, denied }, _)) => {
            if granted.grants(scope) {
                Some(true)
            } else {
                denied.names().contains(&scope).then_some(false)
            }
        }
        _ => None,
    }
}

/// The reading half of a category, on every server: the token that reads has it, the one that writes too, one of another
/// category lacks it.
fn reads(category: &str) {
    let scope = format!("read:{category}");
    let other = if category == "issue" { "read-misc" } else { "read-issue" };
    for server in SERVERS {
        let recorded = read(server);
        let of = |name: &str| scope_of(&recorded, server, name, &scope, false);
        assert_eq!(of(&format!("read-{category}")), Some(true), "{server} {category}");
        assert_eq!(of(&format!("write-{category}")), Some(true), "{server} {category}");
        assert_eq!(of(other), Some(false), "{server} {category} of {other}");
    }
}

#[test]
fn row_of_3_6_user() {
    reads("user");
}

#[test]
fn row_of_3_6_repository() {
    reads("repository");
}

#[test]
fn row_of_3_6_issue() {
    reads("issue");
}

#[test]
fn row_of_3_6_organization() {
    reads("organization");
}

#[test]
fn row_of_3_6_notification() {
    reads("notification");
}

#[test]
fn row_of_3_6_package() {
    reads("package");
}

#[test]
fn row_of_3_6_admin() {
    reads("admin");
}

/// `activitypub` answers where federation is on alone, and `misc` guards nothing: without a road both stay open.
#[test]
fn rows_of_3_6_activitypub_and_misc_stay_open_without_a_road() {
    for server in ["gitea-1.22.6", "forgejo-11.0.15", "forgejo-15.0.3"] {
        let recorded = read(server);
        for category in ["activitypub", "misc"] {
            let name = format!("read-{category}");
            assert_eq!(scope_of(&recorded, server, &name, &format!("read:{category}"), false), None, "{server} {name}");
        }
    }
}

/// The writing half of a category where no road leads: only a write that comes to nothing shows it, and that a token reads
/// says nothing of it.
fn writes(category: &str) {
    let scope = format!("write:{category}");
    for server in ["gitea-1.22.6", "forgejo-11.0.15", "forgejo-15.0.3"] {
        let recorded = read(server);
        let of = |half: &str, probes: bool| scope_of(&recorded, server, &format!("{half}-{category}"), &scope, probes);
        // Git's answer shows the one, and a list that can be read the other.
        if !["repository", "user"].contains(&category) {
            assert_eq!(of("write", false), None, "{server} {category}: open without a probe");
        }
        assert_eq!(of("write", true), Some(true), "{server} {category}");
        assert_eq!(of("read", true), Some(false), "{server} {category}");
    }
}

#[test]
fn row_of_3_7_repository() {
    writes("repository");
}

#[test]
fn row_of_3_7_issue() {
    writes("issue");
}

#[test]
fn row_of_3_7_organization() {
    writes("organization");
}

#[test]
fn row_of_3_7_user() {
    writes("user");
}

#[test]
fn row_of_3_7_notification() {
    writes("notification");
}

#[test]
fn row_of_3_7_admin() {
    writes("admin");
}

/// No write is harmless enough to show it.
#[test]
fn row_of_3_7_package_stays_open() {
    for server in ["gitea-1.22.6", "forgejo-11.0.15"] {
        let recorded = read(server);
        assert_eq!(scope_of(&recorded, server, "write-package", "write:package", true), None, "{server}");
    }
}
