//! What lints say is true of every world: what can never hold never does, what adds nothing finds nothing new, what a
//! kind of credential can never decide stays undecided for it.

use std::collections::BTreeMap;

use credcheck::diagnostic::{Code, Diagnostic};
use credcheck::evaluation::{Judged, Truth, Verdict};
use credcheck::facts::reveal::{Shown, shown};
use credcheck::facts::{Bounds, Cause, FactSet, Knowledge, SubjectRef, derive};
use credcheck::language::lint::{apply, lint};
use credcheck::language::{CheckOptions, OpenError, Opened, PolicyStore, Statement, check, load};
use credcheck::text::source::{SourceMap, Span};
use credcheck::vocabulary::{self, CredentialKind, HostKind, Subject};
use proptest::prelude::*;
use proptest::sample::select;

use super::expressions::{PATHS, True, degrees, expression, facts_at, world};
use super::support::*;

struct Memory(String);

impl PolicyStore for Memory {
    fn open(&self, path: &str, _from: Option<&str>) -> Result<Opened, OpenError> {
        Ok(Opened { id: path.into(), name: path.into(), bytes: self.0.clone().into_bytes() })
    }
}

/// What lints say of a policy, and its text with everything mended.
fn linted(text: &str) -> (Vec<Diagnostic>, Option<String>) {
    let mut sources = SourceMap::new();
    let (program, problems) = load(&["main.pol".into()], &Memory(text.into()), &mut sources);
    let (checked, problems) = check(&program, &sources, problems, CheckOptions::default());
    let findings = lint(&checked, &program, &sources, problems, now());
    let source = checked.files[0].source;
    let mended = apply(text, source, &findings).map(|fixed| fixed.text);
    (findings.into_iter().map(|finding| finding.diagnostic).collect(), mended)
}

/// Pairs of the same few facts, so that many of them say something of each other.
fn alike() -> impl Strategy<Value = String> {
    let scopes = || {
        (
            select(&["covers", "within", "overlaps"][..]),
            proptest::sample::subsequence(&["repo", "repo:status", "read:org", "gist"][..], 0..3),
        )
            .prop_map(|(op, names)| {
                let names: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
                format!("token.scopes {op} [{}]", names.join(", "))
            })
    };
    let order = || select(&["==", "!=", "<", "<=", ">", ">="][..]);
    let atom = prop_oneof![
        scopes(),
        (order(), select(&["7d", "30d", "366d", "never"][..]))
            .prop_map(|(op, length)| format!("token.expires_in {op} {length}")),
        (order(), select(&["read", "write", "admin"][..]))
            .prop_map(|(op, role)| format!("repository.permission {op} {role}")),
        (order(), select(&["billing_manager", "member"][..]))
            .prop_map(|(op, role)| format!("organization.role {op} {role}")),
        (select(&["==", "!="][..]), select(&["classic", "fine_grained"][..]))
            .prop_map(|(op, kind)| format!("token.kind {op} {kind}")),
        select(&["\"*-bot\"", "\"acme-*\"", "[\"ada\", \"*\"]", "\"ACME-bot\""][..])
            .prop_map(|glob| format!("user.username like {glob}")),
        (select(&["==", "!="][..]), select(&["ada", "acme-bot"][..]))
            .prop_map(|(op, name)| format!("user.username {op} \"{name}\"")),
        (order(), 0..3).prop_map(|(op, count)| format!("count(repository.webhooks) {op} {count}")),
        (
            select(&["covers", "within", "overlaps"][..]),
            select(&["{ contents = read }", "{ contents = write, issues = read }", "{ metadata = read }"][..])
        )
            .prop_map(|(op, map)| format!("token.permissions {op} {map}")),
        select(
            &["token.scopes is absent", "token.expires_at is absent", "user.is_bot", "user.username is not absent"][..]
        )
        .prop_map(str::to_owned),
    ];
    atom.prop_recursive(2, 6, 2, |inner| {
        prop_oneof![
            inner.clone().prop_map(|it| format!("not ({it})")),
            (inner.clone(), select(&["and", "or"][..]), inner).prop_map(|(a, op, b)| format!("({a}) {op} ({b})")),
        ]
    })
}

fn condition() -> impl Strategy<Value = String> {
    prop_oneof![3 => alike(), 1 => expression()]
}

fn verb() -> impl Strategy<Value = &'static str> {
    select(&["require", "forbid", "prefer", "avoid"][..])
}

/// Rules with guards around and in them.
fn rules() -> impl Strategy<Value = String> {
    (
        proptest::collection::vec((verb(), condition()), 4),
        condition(),
        condition(),
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(|(statements, outer, inner, accepted, twice)| {
            let [a, b, c, d] = [0, 1, 2, 3].map(|at: usize| {
                let (verb, condition) = &statements[at];
                format!("{verb} {condition}")
            });
            let accept = if accepted { "on unknown warn because \"x\"" } else { "" };
            let again = if twice { &a } else { &d };
            format!(
                "host github {{\nrule a {{\n{a}\n{accept}\n}}\nrule b {{\n{b}\n}}\nwhen {outer} {{\nrule c {{\n{c}\n}}\nrule d \
                 {{\nwhen {inner}\n{again}\n}}\n}}\n}}\n"
            )
        })
}

fn subject(statement: &Statement) -> SubjectRef {
    match statement.subject {
        Subject::Credential => SubjectRef::Credential,
        Subject::Repository => SubjectRef::Repository(0),
        Subject::Organization => SubjectRef::Organization(0),
    }
}

/// The verdict of the statement that stands there, or of which the expression does.
fn verdict(policy: &Policy, judged: &Judged, place: Span) -> Verdict {
    let statement = policy
        .checked
        .statements
        .iter()
        .find(|statement| statement.span == place || statement.expression.span == place)
        .unwrap_or_else(|| panic!("no statement at {place:?}"));
    judged.outcomes.iter().find(|outcome| outcome.statement == statement.id).unwrap().verdict
}

const fn is_broken(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Violation | Verdict::Warning | Verdict::Waived(_))
}

fn guard_truths(policy: &Policy, facts: &FactSet, place: Span) -> Vec<(Truth, Truth)> {
    let evaluator = policy.evaluator();
    let mut truths = Vec::new();
    for statement in &policy.checked.statements {
        let mut around = Truth::True;
        for guard in &statement.guards {
            let truth = evaluator.truth(guard, facts, subject(statement));
            if guard.span == place {
                truths.push((around, truth));
            }
            around = around.and(truth);
        }
    }
    truths
}

fn holds_in(policy: &Policy, found: &[Diagnostic], facts: &FactSet, text: &str) {
    let judged = policy.judge(&classic(), facts);
    for one in found {
        let places: Vec<Span> = one.labels.iter().map(|label| label.span).collect();
        let at = |place: usize| verdict(policy, &judged, places[place]);
        match one.code {
            Code::NeverHolds => assert_ne!(at(0), Verdict::Pass, "{one:#?}\n{text}\n{facts:#?}"),
            Code::AlwaysHolds => assert!(!is_broken(at(0)), "{one:#?}\n{text}\n{facts:#?}"),
            Code::Contradiction => {
                assert!((at(0), at(1)) != (Verdict::Pass, Verdict::Pass), "{one:#?}\n{text}\n{facts:#?}");
            }
            Code::ImpliedStatement => {
                assert!(!is_broken(at(0)) || is_broken(at(1)), "{one:#?}\n{text}\n{facts:#?}");
            }
            Code::ConstantGuard => {
                let wrong = if one.message.contains("always") { Truth::False } else { Truth::True };
                for (around, truth) in guard_truths(policy, facts, places[0]) {
                    assert!(around != Truth::True || truth != wrong, "{one:#?}\n{text}\n{facts:#?}");
                }
            }
            _ => {}
        }
    }
}

/// What a credential of a kind shows of a world: what the tables say, and of permissions what reads prove.
fn as_shown(world: &[True], degrees: &[f64], kind: &'static CredentialKind) -> FactSet {
    let host = vocabulary::host(HostKind::GitHub);
    let mut all = facts().repository("acme/infra", &[]);
    let told = facts_at(world, degrees);
    for path in PATHS {
        let index = index(path);
        let (scope, from) = match path.split_once('.') {
            Some(("repository", _) | ("token", "permissions")) => ("repository", SubjectRef::Repository(0)),
            Some(("organization", _)) => ("organization", SubjectRef::Organization(0)),
            _ => ("", SubjectRef::Credential),
        };
        let knowledge = match (*path, shown(host, host.row(index), kind)) {
            ("token.kind", _) => word(kind.word),
            (_, Shown::Computed(_)) => continue,
            ("token.permissions", Shown::Hidden(_) | Shown::Minted(..)) if degrees[2] > 0.5 => {
                bounded(Bounds::Permissions {
                    granted: permissions(&[("metadata", "read"), ("contents", "read")]),
                    denied: permissions(&[]),
                })
            }
            (_, Shown::Inapplicable(why)) => Knowledge::Inapplicable(why),
            // By itself: a checker App that tells is another credential.
            (_, Shown::Hidden(_) | Shown::Minted(..)) => unknown(Cause::NotRevealable),
            _ => told.fact(index, from).unwrap().knowledge.clone(),
        };
        all = match scope {
            "repository" => all.repository("acme/infra", &[(path, knowledge)]),
            "organization" => all.organization("acme", &[(path, knowledge)]),
            _ => all.with(path, knowledge),
        };
    }
    derive(&mut all.0, now());
    all.0
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_settled_is_so_in_every_world(
        text in rules(), worlds in proptest::collection::vec((world(), degrees()), 12)
    ) {
        let (found, _) = linted(&text);
        let policy = policy(&text);
        for (world, degrees) in &worlds {
            holds_in(&policy, &found, &facts_at(world, degrees), &text);
            holds_in(&policy, &found, &facts_at(world, &[1.0; 15]), &text);
        }
    }

    #[test]
    fn what_a_kind_can_never_decide_stays_undecided_for_it(
        text in rules(), worlds in proptest::collection::vec((world(), degrees()), 4)
    ) {
        let (found, _) = linted(&text);
        let policy = policy(&text);
        for kind in vocabulary::host(HostKind::GitHub).kinds {
            for (world, degrees) in &worlds {
                for facts in [as_shown(world, degrees, kind), as_shown(world, &[1.0; 15], kind)] {
                    let judged = policy.judge(&credential(&[kind.word], &[]), &facts);
                    for one in &found {
                        let about = match one.code {
                            Code::NeverDecided => true,
                            Code::UndecidedKinds => one.message.contains(&format!("`{}`", kind.word)),
                            _ => false,
                        };
                        if about {
                            let verdict = verdict(&policy, &judged, one.span().unwrap());
                            let open = matches!(verdict, Verdict::Undetermined { .. } | Verdict::NotApplicable);
                            prop_assert!(open, "{} {verdict:?}\n{one:#?}\n{text}\n{facts:#?}", kind.word);
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn mending_keeps_what_is_checked(
        lists in proptest::collection::vec((select(&["covers", "within", "overlaps"][..]), proptest::collection::vec(
            select(&["repo", "repo:status", "public_repo", "read:org", "write:org", "admin:org", "gist"][..]), 1..5)), 3),
        globs in proptest::collection::vec(select(&["*", "*-bot", "acme-*", "ada", "acme-bot", "a*"][..]), 1..5),
        kinds in proptest::collection::vec(select(&["classic", "fine_grained", "oauth_app"][..]), 1..5),
        worlds in proptest::collection::vec((world(), degrees()), 6)
    ) {
        let quoted = |names: &[&str]| names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
        let mut text = "let idle = [\"a\"]\nhost github {\n".to_owned();
        for (at, (operator, names)) in lists.iter().enumerate() {
            text.push_str(&format!("rule r{at} {{\nrequire token.scopes {operator} [{}]\n}}\n", quoted(names)));
        }
        text.push_str(&format!("rule like {{\nforbid user.username like [{}]\n}}\n", quoted(&globs)).replace("rule like", "rule names"));
        text.push_str(&format!("rule kinds {{\nrequire token.kind in [{}]\n}}\n}}\n", kinds.join(", ")));
        let before = policy(&text);
        let mut last = text.clone();
        while let (_, Some(mended)) = linted(&last) {
            prop_assert!(mended.len() < last.len());
            last = mended;
        }
        prop_assert!(!last.contains("idle"));
        let after = policy(&last);
        for (world, degrees) in &worlds {
            let facts = facts_at(world, degrees);
            prop_assert_eq!(
                before.verdicts(&classic(), &facts), after.verdicts(&classic(), &facts), "{}\n{}\n{:#?}", text, last, facts
            );
        }
    }
}

/// The generators bring every claim that the laws are about: else they would hold of nothing.
#[test]
fn the_laws_are_about_something() {
    use proptest::strategy::ValueTree as _;
    use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
    let random = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config::default(), random);
    let mut seen: BTreeMap<Code, usize> = BTreeMap::new();
    for _ in 0..600 {
        let text = rules().new_tree(&mut runner).unwrap().current();
        for one in linted(&text).0 {
            *seen.entry(one.code).or_default() += 1;
        }
    }
    for code in [
        Code::NeverDecided,
        Code::UndecidedKinds,
        Code::NeverHolds,
        Code::Contradiction,
        Code::ImpliedStatement,
        Code::ConstantGuard,
        Code::AlwaysHolds,
    ] {
        assert!(seen.get(&code).is_some_and(|count| *count >= 5), "{code:?}: {seen:?}");
    }
}
