//! Generated expressions as text, and generated worlds that can be known to any degree.

use credcheck::facts::{Bounds, Cause, FactSet, Knowledge, RecordValue, Unknown, Value, Version};
use credcheck::vocabulary::{self, HostKind, Origin, Type};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::support::*;

const KINDS: &[&str] = &["classic", "fine_grained", "oauth_app", "app_user"];
const SCOPES: &[&str] = &["repo", "repo:status", "public_repo", "read:org", "write:org", "admin:org", "gist"];
const ABILITIES: &[&str] = &["read", "clone", "push", "administer"];
const ROLES: &[&str] = &["none", "read", "triage", "write", "maintain", "admin"];
const MEMBERS: &[&str] = &["none", "billing_manager", "member", "admin"];
const PERMISSIONS: &[&str] = &["contents", "issues", "metadata"];
const LEVELS: &[&str] = &["none", "read", "write", "admin"];
const NAMES: &[&str] = &["acme-bot", "ACME-BOT", "ada", "renovate[bot]"];
const EVENTS: &[&str] = &["push", "pull_request"];
const TIMES: &[&str] = &["2026-11-01", "2026-11-23T12:00:00Z", "2027-02-01"];
const SET_OPERATORS: &[&str] = &["covers", "within", "overlaps"];
const ORDERS: &[&str] = &["==", "!=", "<", "<=", ">", ">="];
const EQUALS: &[&str] = &["==", "!="];

fn quoted(items: &[&str]) -> String {
    let items: Vec<String> = items.iter().map(|item| format!("\"{item}\"")).collect();
    format!("[{}]", items.join(", "))
}

fn list(items: &'static [&'static str]) -> impl Strategy<Value = String> {
    subsequence(items, 0..=items.len()).prop_map(|items| format!("[{}]", items.join(", ")))
}

fn texts(items: &'static [&'static str]) -> impl Strategy<Value = String> {
    subsequence(items, 0..=items.len()).prop_map(|items| quoted(&items))
}

fn map() -> impl Strategy<Value = String> {
    proptest::collection::vec(select(&["read", "write"][..]), PERMISSIONS.len())
        .prop_flat_map(|levels| {
            let entries: Vec<(usize, &str)> = levels.into_iter().enumerate().collect();
            let all = entries.len();
            subsequence(entries, 0..=all)
        })
        .prop_map(|entries| {
            let entries: Vec<String> =
                entries.into_iter().map(|(at, level)| format!("{} = {level}", PERMISSIONS[at])).collect();
            format!("{{ {} }}", entries.join(", "))
        })
}

fn hook() -> impl Strategy<Value = String> {
    let atom = prop_oneof![
        Just("h.active".to_owned()),
        Just("h.secret_set == false".to_owned()),
        select(&["like", "not like"][..]).prop_map(|op| format!("h.url {op} \"https://*\"")),
        (select(SET_OPERATORS), texts(EVENTS)).prop_map(|(op, list)| format!("h.events {op} {list}")),
        (select(ORDERS), select(&[200, 404][..])).prop_map(|(op, n)| format!("h.last_status {op} {n}")),
        select(&["is absent", "is not absent"][..]).prop_map(|op| format!("h.last_status {op}")),
        select(EQUALS).prop_map(|op| format!("h.content_type {op} json")),
        Just("any e in h.events satisfies (e like \"pu*\")".to_owned()),
        Just("any e in h.events satisfies (any s in token.scopes satisfies (s == e or s != e))".to_owned()),
    ];
    atom.prop_recursive(2, 6, 2, |inner| {
        prop_oneof![
            inner.clone().prop_map(|it| format!("not ({it})")),
            (inner.clone(), select(&["and", "or"][..]), inner).prop_map(|(a, op, b)| format!("({a}) {op} ({b})")),
        ]
    })
}

fn atom() -> impl Strategy<Value = String> {
    let scalar = prop_oneof![
        (select(EQUALS), select(KINDS)).prop_map(|(op, word)| format!("token.kind {op} {word}")),
        (select(&["in", "not in"][..]), list(KINDS)).prop_map(|(op, list)| format!("token.kind {op} {list}")),
        (select(EQUALS), select(NAMES)).prop_map(|(op, name)| format!("user.username {op} \"{name}\"")),
        (select(&["in", "not in"][..]), texts(NAMES)).prop_map(|(op, list)| format!("user.username {op} {list}")),
        (select(&["like", "not like"][..]), select(&["\"*-bot\"", "[\"a?a\", \"*[[]bot]\"]", "[]"][..]))
            .prop_map(|(op, globs)| format!("user.username {op} {globs}")),
        select(&["'acme-.*'", "'.*bot.*'"][..]).prop_map(|pattern| format!("user.username matches {pattern}")),
        select(
            &["user.username", "token.expires_at", "repository.permission", "token.scopes", "repository.webhooks"][..]
        )
        .prop_map(|path| format!("{path} is absent")),
        select(&["token.created_at", "repository.can", "token.permissions", "user.is_bot"][..])
            .prop_map(|path| format!("{path} is not absent")),
        (select(&["token.expires_at", "token.created_at"][..]), select(ORDERS), select(TIMES))
            .prop_map(|(path, op, time)| format!("{path} {op} {time}")),
        (select(&["token.expires_at", "token.created_at"][..]), select(ORDERS))
            .prop_map(|(path, op)| format!("{path} {op} never")),
        (select(ORDERS), select(&["7d", "-1d", "366d"][..]).prop_map(|d| d.trim_start_matches('-').to_owned()))
            .prop_map(|(op, length)| format!("token.expires_in {op} {length}")),
        select(ORDERS).prop_map(|op| format!("token.created_at {op} token.expires_at")),
        (select(ORDERS), select(&["3.9", "3.10.1"][..])).prop_map(|(op, v)| format!("host.version {op} \"{v}\"")),
        (select(ORDERS), select(ROLES)).prop_map(|(op, role)| format!("repository.permission {op} {role}")),
        (select(ORDERS), select(MEMBERS)).prop_map(|(op, role)| format!("organization.role {op} {role}")),
        list(ROLES).prop_map(|list| format!("repository.permission in {list}")),
        Just("user.is_bot".to_owned()),
        select(EQUALS).prop_map(|op| format!("repository.visibility {op} private")),
    ];
    let set = prop_oneof![
        (select(SET_OPERATORS), texts(SCOPES)).prop_map(|(op, list)| format!("token.scopes {op} {list}")),
        (texts(SCOPES), select(SET_OPERATORS)).prop_map(|(list, op)| format!("{list} {op} token.scopes")),
        (select(SET_OPERATORS), map()).prop_map(|(op, map)| format!("token.permissions {op} {map}")),
        (map(), select(SET_OPERATORS)).prop_map(|(map, op)| format!("{map} {op} token.permissions")),
        (select(SET_OPERATORS), list(ABILITIES)).prop_map(|(op, list)| format!("repository.can {op} {list}")),
        (select(SET_OPERATORS), texts(EVENTS)).prop_map(|(op, list)| format!("app.events {op} {list}")),
        (select(ORDERS), 0..4).prop_map(|(op, n)| format!("count(repository.webhooks) {op} {n}")),
        (0..4, select(ORDERS)).prop_map(|(n, op)| format!("{n} {op} count(repository.webhooks)")),
        (select(ORDERS), 0..4).prop_map(|(op, n)| format!("count(token.scopes) {op} {n}")),
        (select(&["any", "all"][..]), hook())
            .prop_map(|(which, body)| format!("{which} h in repository.webhooks satisfies ({body})")),
        (
            select(&["any", "all"][..]),
            select(&["s == \"repo:status\"", "s like \"re*\"", "s in [\"gist\", \"repo\"]"][..])
        )
            .prop_map(|(which, body)| format!("{which} s in token.scopes satisfies ({body})")),
        Just("any s in token.scopes satisfies (any t in token.scopes satisfies (s != t))".to_owned()),
    ];
    prop_oneof![scalar, set]
}

/// An expression over GitHub's facts, as text.
pub(crate) fn expression() -> impl Strategy<Value = String> {
    atom().prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|it| format!("not ({it})")),
            proptest::collection::vec(inner.clone(), 2..4).prop_map(|terms| format!("({})", terms.join(") and ("))),
            proptest::collection::vec(inner, 2..4).prop_map(|terms| format!("({})", terms.join(") or ("))),
        ]
    })
}

/// The facts that expressions read, each with whose it is.
pub(crate) const PATHS: &[&str] = &[
    "token.kind",
    "token.scopes",
    "token.permissions",
    "token.expires_at",
    "token.expires_in",
    "token.created_at",
    "user.username",
    "user.is_bot",
    "host.version",
    "app.events",
    "repository.permission",
    "repository.visibility",
    "repository.can",
    "repository.webhooks",
    "organization.role",
];

/// One fact as it is, with chances by which it may be known in part only.
#[derive(Clone, Debug)]
pub(crate) struct True {
    pub(crate) is: Knowledge,
    chances: Vec<f64>,
}

fn a_word(words: &'static [&'static str]) -> BoxedStrategy<Knowledge> {
    select(words).prop_map(word).boxed()
}

fn name_set(path: &'static str, items: &'static [&'static str]) -> BoxedStrategy<Knowledge> {
    subsequence(items, 0..=items.len()).prop_map(move |items| known(Value::Names(names(path, &items)))).boxed()
}

fn webhook() -> impl Strategy<Value = RecordValue> {
    let maybe = |field: &'static str, values: BoxedStrategy<Knowledge>| {
        proptest::option::weighted(0.8, values).prop_map(move |value| value.map(|value| (field, value)))
    };
    let flags = || any::<bool>().prop_map(flag).boxed();
    let events = subsequence(EVENTS, 0..=EVENTS.len())
        .prop_map(|events| known(Value::Strings(events.into_iter().map(str::to_owned).collect())));
    let status =
        prop_oneof![Just(Knowledge::Absent), select(&[200, 404][..]).prop_map(|status| known(Value::Integer(status)))];
    (
        maybe("active", flags()),
        maybe("secret_set", flags()),
        maybe("url", select(&["https://a.dev", "http://a.dev"][..]).prop_map(text).boxed()),
        maybe("events", events.boxed()),
        maybe("last_status", status.boxed()),
        maybe("content_type", a_word(&["json", "form"])),
    )
        .prop_map(|(a, b, c, d, e, f)| [a, b, c, d, e, f].into_iter().flatten().collect())
}

fn value_of(path: &'static str) -> BoxedStrategy<Knowledge> {
    match path {
        "token.kind" => a_word(KINDS),
        "token.scopes" => name_set(path, SCOPES),
        "token.permissions" => proptest::collection::btree_map(
            select(PERMISSIONS).prop_map(str::to_owned),
            select(&["read", "write"][..]).prop_map(str::to_owned),
            0..4,
        )
        .prop_map(|map| known(Value::Permissions(map)))
        .boxed(),
        "token.expires_at" | "token.created_at" => {
            select(&["2026-11-01T00:00:00Z", "2027-02-01T00:00:00Z"][..]).prop_map(time).boxed()
        }
        "token.expires_in" => select(&[-100_000_i64, 604_800, 40_000_000][..])
            .prop_map(|seconds| known(Value::Duration(jiff::SignedDuration::from_secs(seconds))))
            .boxed(),
        "user.username" => select(NAMES).prop_map(text).boxed(),
        "user.is_bot" => any::<bool>().prop_map(flag).boxed(),
        "host.version" => select(&["3.9", "3.10.1", "3.12"][..])
            .prop_map(|text| known(Value::Version(Version::parse(text).unwrap())))
            .boxed(),
        "app.events" => subsequence(EVENTS, 0..=EVENTS.len())
            .prop_map(|events| known(Value::Strings(events.into_iter().map(str::to_owned).collect())))
            .boxed(),
        "repository.permission" => a_word(ROLES),
        "repository.visibility" => a_word(&["public", "internal", "private"]),
        "repository.can" => name_set(path, ABILITIES),
        "repository.webhooks" => {
            proptest::collection::vec(webhook(), 0..4).prop_map(|hooks| known(Value::Records(hooks))).boxed()
        }
        "organization.role" => a_word(MEMBERS),
        other => panic!("{other}"),
    }
}

fn fact(path: &'static str) -> impl Strategy<Value = True> {
    let is = prop_oneof![
        8 => value_of(path),
        2 => Just(Knowledge::Absent),
        1 => Just(Knowledge::Inapplicable("no such thing".into())),
    ];
    (is, proptest::collection::vec(0.0..1.0, 64)).prop_map(|(is, chances)| True { is, chances })
}

/// All facts as they are.
pub(crate) fn world() -> impl Strategy<Value = Vec<True>> {
    PATHS.iter().map(|path| fact(path)).collect::<Vec<_>>()
}

/// How much of each fact is known: 0 nothing, 1 all.
pub(crate) fn degrees() -> impl Strategy<Value = Vec<f64>> {
    proptest::collection::vec(prop_oneof![Just(0.0), 0.0..1.0, Just(1.0)], PATHS.len())
}

fn open() -> Unknown {
    Unknown::new(Cause::Incomplete, "cut short")
}

impl True {
    /// What is known of it to a degree. Of two degrees the higher always knows everything that the lower does.
    fn known_to(&self, path: &str, degree: f64) -> Knowledge {
        if degree >= 1.0 {
            return self.is.clone();
        }
        if degree <= 0.0 {
            return Knowledge::Unknown(open());
        }
        let chance = |at: usize| self.chances[at % self.chances.len()];
        let row = vocabulary::host(HostKind::GitHub).row(index(path));
        let bounds = match (row.ty, &self.is) {
            (Type::Names(table), Knowledge::Known(_) | Knowledge::Absent) => {
                let empty = names(path, &[]);
                let have = match &self.is {
                    Knowledge::Known(Value::Names(have)) => have,
                    _ => &empty,
                };
                let (mut granted, mut denied) = (empty.clone(), empty.clone());
                for (at, name) in table.names.iter().enumerate().filter(|(at, _)| chance(*at) < degree) {
                    let _ = at;
                    if have.grants(name.name) { granted.insert(name.name) } else { denied.insert(name.name) }
                }
                Bounds::Names { granted, denied }
            }
            (Type::Permissions(_), Knowledge::Known(_) | Knowledge::Absent) => {
                let (mut granted, mut denied) = (permissions(&[]), permissions(&[]));
                for (at, name) in PERMISSIONS.iter().enumerate() {
                    let has = match &self.is {
                        Knowledge::Known(Value::Permissions(map)) => map.get(*name).map_or("none", String::as_str),
                        _ => "none",
                    };
                    let rank = LEVELS.iter().position(|level| *level == has).unwrap();
                    if chance(4 * at) < degree && rank > 0 {
                        let level = if chance(4 * at + 1) < degree { has } else { "read" };
                        granted.insert((*name).to_owned(), level.to_owned());
                    }
                    if chance(4 * at + 2) < degree && rank < 3 {
                        let level = if chance(4 * at + 3) < degree { LEVELS[rank + 1] } else { "admin" };
                        denied.insert((*name).to_owned(), level.to_owned());
                    }
                }
                Bounds::Permissions { granted, denied }
            }
            (Type::Level(table), is @ (Knowledge::Known(_) | Knowledge::Absent)) => {
                let has = match is {
                    Knowledge::Known(Value::Word(word)) => word,
                    _ => "none",
                };
                let fits = |at: usize, word: &'static str, fit: bool| (fit && chance(at) < degree).then_some(word);
                let words = || table.levels.iter().enumerate().map(|(at, (word, _))| (at, *word));
                // The tightest of those that this degree knows: more are known at a higher degree.
                let least = words().filter_map(|(at, word)| fits(at, word, table.at_least(has, word))).next_back();
                let most =
                    words().rev().filter_map(|(at, word)| fits(at + 16, word, table.at_least(word, has))).next_back();
                if table.title.contains("organisation") {
                    // A partial order has no one tightest bound: candidates say it.
                    let out = |at: usize, word: &str| word != has && chance(at) < degree;
                    Bounds::Candidates(words().filter(|(at, word)| !out(*at, word)).map(|(_, word)| word).collect())
                } else {
                    Bounds::Level { least, most }
                }
            }
            (Type::Enum(table), Knowledge::Known(Value::Word(has))) => {
                let out = |at: usize, word: &str| word != *has && chance(at) < degree;
                let words = table.words.iter().enumerate().filter(|(at, (word, _))| !out(*at, word));
                Bounds::Candidates(words.map(|(_, (word, _))| *word).collect())
            }
            (Type::Records(_), Knowledge::Known(Value::Records(records))) => {
                let seen = records.iter().enumerate().filter(|(at, _)| chance(8 * at) < degree);
                let fields = |(at, record): (usize, &RecordValue)| {
                    let told = record.iter().enumerate().filter(|(field, _)| chance(8 * at + field + 1) < degree);
                    told.map(|(_, (name, knowledge))| (*name, knowledge.clone())).collect()
                };
                Bounds::List(seen.map(fields).collect())
            }
            (Type::Records(_), Knowledge::Absent) => Bounds::List(Vec::new()),
            _ => return Knowledge::Unknown(open()),
        };
        Knowledge::Bounded(bounds, open())
    }
}

/// The facts of a world, each known to its degree.
pub(crate) fn facts_at(world: &[True], degrees: &[f64]) -> FactSet {
    these_at(world, degrees, |_| true)
}

/// Those of them that are asked for: what is derived is not given.
pub(crate) fn asked_at(world: &[True], degrees: &[f64]) -> FactSet {
    let github = vocabulary::host(HostKind::GitHub);
    these_at(world, degrees, |path| matches!(github.row(index(path)).origin, Origin::Asked(_)))
}

fn these_at(world: &[True], degrees: &[f64], is_given: impl Fn(&str) -> bool) -> FactSet {
    let mut all = facts().repository("acme/infra", &[]);
    let given = PATHS.iter().zip(world).zip(degrees).filter(|((path, _), _)| is_given(path));
    for ((path, fact), degree) in given {
        let knowledge = fact.known_to(path, *degree);
        all = match path.split_once('.') {
            Some(("repository", _)) => all.repository("acme/infra", &[(path, knowledge)]),
            Some(("organization", _)) => all.organization("acme", &[(path, knowledge)]),
            _ => all.with(path, knowledge),
        };
    }
    all.0
}

/// Any knowledge at all, of whatever type.
pub(crate) fn any_knowledge() -> impl Strategy<Value = Knowledge> {
    let value = prop_oneof![
        select(PATHS).prop_flat_map(value_of),
        Just(word("no-such-word")),
        Just(known(Value::Names(names("repository.can", &["push", "unheard-of"])))),
        Just(known(Value::Integer(7))),
    ];
    let word_list = proptest::collection::vec(select(&["none", "write", "classic", "no-such-word"][..]), 0..3);
    let level = || proptest::option::of(select(&["none", "write", "no-such-word"][..]));
    let bounds = prop_oneof![
        (subsequence(SCOPES, 0..3), subsequence(SCOPES, 0..3)).prop_map(|(granted, denied)| Bounds::Names {
            granted: names("token.scopes", &granted),
            denied: names("token.scopes", &denied),
        }),
        Just(Bounds::Names { granted: names("repository.can", &["push"]), denied: names("token.scopes", &["gist"]) }),
        Just(Bounds::Permissions {
            granted: permissions(&[("contents", "odd"), ("odd", "none")]),
            denied: permissions(&[("contents", "odd")]),
        }),
        (level(), level()).prop_map(|(least, most)| Bounds::Level { least, most }),
        word_list.prop_map(Bounds::Candidates),
        proptest::collection::vec(webhook(), 0..3).prop_map(Bounds::List),
    ];
    prop_oneof![
        value,
        Just(Knowledge::Absent),
        Just(Knowledge::Inapplicable("none".into())),
        select(&Cause::ALL[..]).prop_map(unknown),
        bounds.prop_map(bounded),
    ]
}
