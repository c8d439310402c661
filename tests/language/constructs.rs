//! Every construct of the language: it parses, checks, and means what the reference of the language says.

use credcheck::facts::{Cause, Causes, GivenInput, InputText, Knowledge, Origin, Value};
use credcheck::language::ast::ExpectedOutcome;
use credcheck::language::{
    Compared, ExpressionKind, InputType, Operand, Operator, OrderOperator, Quantifier, SetOperator, TestScope, Verb,
    bind_inputs, parse_input,
};
use credcheck::vocabulary::{HOSTS, HostKind, Subject, Type};

use crate::harness::{Checked, Memory, github, rule, run, text};

/// A policy with one of each construct.
pub(crate) const EXAMPLE: &str = include_str!("example.pol");

fn fine(checked: Checked) -> Checked {
    assert!(checked.problems.is_empty(), "{}", checked.text());
    checked
}

fn expressions(checked: &Checked) -> Vec<&ExpressionKind> {
    checked.policy.statements.iter().map(|statement| &statement.expression.kind).collect()
}

#[test]
fn the_example_checks() {
    let policy = fine(text(EXAMPLE)).policy;
    let names: Vec<&str> = policy.rules.iter().map(|rule| rule.name.as_str()).collect();
    let wanted = [
        "github.repo-scope",
        "github.least-privilege",
        "github.permissions",
        "github.can-write",
        "github.bot-account",
        "github.rotation",
        "gitlab.token.scopes",
        "gitlab.project.access_level",
        "bitbucket_cloud.token.kind",
    ];
    assert_eq!(names, wanted);
    assert_eq!((policy.statements.len(), policy.waivers.len(), policy.tests.len()), (10, 1, 1));
    let first = &policy.statements[0];
    assert_eq!((first.verb, first.guards.len(), first.subject), (Verb::Require, 1, Subject::Credential));
    assert!(first.words.because.is_some() && first.words.fix.is_some() && first.words.see.is_some());
    assert_eq!(policy.statements[3].subject, Subject::Repository);
    let waiver = &policy.waivers[0];
    assert_eq!((waiver.until.as_str(), waiver.ends.to_string().as_str()), ("2026-12-31", "2027-01-01T00:00:00Z"));
    assert_eq!(
        (waiver.credential.as_deref(), waiver.by.as_deref()),
        (Some("atlantis-prod"), Some("security@acme.dev"))
    );
    let test = &policy.tests[0];
    assert_eq!(
        (test.host, test.given.len(), test.expect[0].outcome),
        (HostKind::GitHub, 2, ExpectedOutcome::Violation)
    );
}

#[test]
fn a_policy_may_be_empty_or_comments_only() {
    for policy in ["", "\n\n", "# nothing\n", "\u{feff}# nothing", "# no line end", "\r\n\r\n"] {
        fine(text(policy));
    }
}

#[test]
fn words_are_the_statements_on_its_line_and_the_rules_on_their_own() {
    let checked = fine(rule(
        "require token.active because \"own\" fix \"own fix\"\n\
         prefer user.is_bot\n  or user.site_admin because \"also own\"\n\
         avoid user.site_admin\nbecause \"the rule's\"\nsee \"https://example.com\"",
    ));
    let because: Vec<_> = checked.policy.statements.iter().map(|row| row.words.because.as_deref().unwrap()).collect();
    assert_eq!(because, ["own", "also own", "the rule's"]);
    assert_eq!(checked.policy.statements[0].words.see.as_deref(), Some("https://example.com"));
    assert_eq!(checked.policy.statements[2].words.fix, None);
    assert_eq!(checked.policy.rules[0].words.because.as_deref(), Some("the rule's"));
}

#[test]
fn a_bare_statement_takes_the_words_below_it() {
    let checked =
        fine(github("require token.active\n  because \"x\"\n  on unknown warn because \"y\"\nforbid user.site_admin"));
    assert_eq!(checked.policy.rules[0].name, "github.token.active");
    assert_eq!(checked.policy.rules[0].short_name, None);
    assert_eq!(checked.policy.statements[0].words.because.as_deref(), Some("x"));
    assert!(checked.policy.statements[0].acceptance.is_some() && checked.policy.statements[1].acceptance.is_none());
}

#[test]
fn statements_end_and_go_on_as_the_reference_says() {
    for (body, statements) in [
        ("require token.active require user.is_bot", 2),
        ("require token.active when token.kind == classic because \"x\" prefer user.is_bot", 2),
        ("require token.kind ==\n  classic", 1),
        ("require token.kind\n  == classic", 1),
        ("require token.kind\n  # why\n  # and why\n  in [\n classic,\n # and\n\n oauth_app,\n ]", 1),
        ("require (\n\n token.active\n\n and user.is_bot\n\n)", 1),
        ("require token.active and\n\n\n user.is_bot", 1),
        ("require not\n token.active", 1),
        ("require token.active\n  and\n user.is_bot\n  and user.site_admin", 1),
        ("require user.email is\n not absent", 1),
        ("require\n token.active", 1),
        ("require token.active # a comment\nrequire user.is_bot # another", 2),
        ("require token.active\n\n\nrequire user.is_bot", 2),
    ] {
        assert_eq!(fine(rule(body)).policy.statements.len(), statements, "{body}");
    }
    for body in [
        "require token.active\n\n and user.is_bot",
        "require token.kind\n\n == classic",
        "require token.kind\n\t \n in [classic]",
    ] {
        assert_eq!(rule(body).brief().len(), 1, "{body}");
    }
}

#[test]
fn precedence() {
    let kinds = |body: &str| format!("{:?}", expressions(&fine(rule(body)))[0].discriminant_text());
    assert_eq!(kinds("require not token.kind == classic"), "\"not(compare)\"");
    assert_eq!(kinds("require not token.kind == classic and user.is_bot"), "\"and(not(compare) operand)\"");
    assert_eq!(
        kinds("require user.is_bot or not user.site_admin or token.active"),
        "\"or(operand not(operand) operand)\""
    );
    assert_eq!(
        kinds("require (user.is_bot and token.active) or user.site_admin"),
        "\"or(and(operand operand) operand)\""
    );
    assert_eq!(kinds("require not not user.is_bot"), "\"operand\"");
    assert_eq!(kinds("require not not not user.is_bot"), "\"not(operand)\"");
    assert_eq!(kinds("require not (user.is_bot or token.active)"), "\"not(or(operand operand))\"");
    assert_eq!(rule("require user.is_bot or token.active and user.site_admin").brief(), ["C0111 and"]);
    assert_eq!(rule("require 1 < count(repository.webhooks) < 3").brief(), ["C0112 < 3"]);
    assert_eq!(rule("require user.is_bot == token.active == true").brief(), ["C0112 == true"]);
}

trait Discriminant {
    fn discriminant_text(&self) -> String;
}

impl Discriminant for ExpressionKind {
    fn discriminant_text(&self) -> String {
        let all = |terms: &[credcheck::language::Expression]| {
            terms.iter().map(|term| term.kind.discriminant_text()).collect::<Vec<_>>().join(" ")
        };
        match self {
            Self::Operand(_) => "operand".into(),
            Self::Not(inner) => format!("not({})", inner.kind.discriminant_text()),
            Self::And(terms) => format!("and({})", all(terms)),
            Self::Or(terms) => format!("or({})", all(terms)),
            Self::Compare { .. } => "compare".into(),
            _ => "other".into(),
        }
    }
}

#[test]
fn every_operator() {
    let operators = [
        ("token.kind == classic", Operator::Equal),
        ("token.kind != classic", Operator::NotEqual),
        ("token.expires_in < 7d", Operator::Order(OrderOperator::Less)),
        ("token.expires_in <= 7d", Operator::Order(OrderOperator::AtMost)),
        ("token.expires_at > 2026-12-31T12:00:00Z", Operator::Order(OrderOperator::Greater)),
        ("host.version >= \"3.10\"", Operator::Order(OrderOperator::AtLeast)),
    ];
    for (expression, wanted) in operators {
        let checked = fine(rule(&format!("require {expression}")));
        let ExpressionKind::Compare { operator, .. } = expressions(&checked)[0] else { panic!("{expression}") };
        assert_eq!(*operator, wanted, "{expression}");
    }
    let sets = [("covers", SetOperator::Covers), ("within", SetOperator::Within), ("overlaps", SetOperator::Overlaps)];
    for (word, wanted) in sets {
        for (left, right) in [
            ("token.scopes", "[\"repo\", \"read:org\"]"),
            ("token.permissions", "{ contents = read, statuses = write }"),
            ("repository.can", "[clone, comment]"),
            ("app.events", "[\"push\"]"),
            ("token.scopes", "[]"),
            ("token.permissions", "{}"),
        ] {
            let checked = fine(rule(&format!("require {left} {word} {right}")));
            let ExpressionKind::Set { operator, .. } = expressions(&checked)[0] else { panic!("{left} {word}") };
            assert_eq!(*operator, wanted);
        }
    }
    for (expression, wanted) in [("token.kind in [classic, actions]", false), ("token.kind not in [classic]", true)] {
        let checked = fine(rule(&format!("require {expression}")));
        assert!(matches!(expressions(&checked)[0], ExpressionKind::In { negated, .. } if *negated == wanted));
    }
    for (expression, wanted) in
        [("user.username like \"bot-*\"", false), ("user.username not like ['a?', \"b*\"]", true)]
    {
        let checked = fine(rule(&format!("require {expression}")));
        assert!(matches!(expressions(&checked)[0], ExpressionKind::Like { negated, .. } if *negated == wanted));
    }
    for (expression, wanted) in [("user.email is absent", false), ("token.expires_at is not absent", true)] {
        let checked = fine(rule(&format!("require {expression}")));
        assert!(matches!(expressions(&checked)[0], ExpressionKind::IsAbsent { negated, .. } if *negated == wanted));
    }
    let checked = fine(rule("require user.username matches 'bot-[0-9]+'"));
    let ExpressionKind::Matches { pattern, .. } = expressions(&checked)[0] else { panic!() };
    assert!(pattern.is_match("bot-12") && !pattern.is_match("a bot-12") && !pattern.is_match("bot-12\n"));
}

#[test]
fn quantifiers_and_counts() {
    let checked = fine(rule(
        "require any hook in repository.webhooks satisfies (hook.active and any event in hook.events satisfies (event == \"push\"))\n\
         forbid all hook in repository.webhooks satisfies (not hook.secret_set)\n\
         prefer count(repository.webhooks) <= 20\n\
         prefer any hook in repository.webhooks satisfies (count(hook.events) > 3)\n\
         require all scope in token.scopes satisfies (scope not like \"admin:*\")",
    ));
    let kinds = expressions(&checked);
    let ExpressionKind::Quantified { quantifier, depth, body, .. } = kinds[0] else { panic!() };
    assert_eq!((*quantifier, *depth), (Quantifier::Any, 0));
    let ExpressionKind::And(terms) = &body.kind else { panic!() };
    assert!(matches!(&terms[1].kind, ExpressionKind::Quantified { depth: 1, .. }));
    assert!(matches!(kinds[1], ExpressionKind::Quantified { quantifier: Quantifier::All, .. }));
    assert!(matches!(kinds[2], ExpressionKind::Compare { left: Operand::Count(..), compared: Compared::Scalar, .. }));
}

#[test]
fn never_levels_and_versions() {
    let checked = fine(rule(
        "require token.expires_at != never\nrequire token.expires_in == never\nrequire repository.permission >= triage\n\
         require host.version >= \"3.9\"\nrequire \"3.9\" <= host.version\nrequire repository.access in [write, admin]",
    ));
    let kinds = expressions(&checked);
    assert!(matches!(kinds[0], ExpressionKind::Compare { right: Operand::Never(_), .. }));
    assert!(matches!(kinds[2], ExpressionKind::Compare { compared: Compared::Level(_), .. }));
    for at in [3, 4] {
        let ExpressionKind::Compare { left, right, .. } = kinds[at] else { panic!() };
        assert!([left, right].iter().any(|side| matches!(side, Operand::Literal { value: Value::Version(_), .. })));
    }
}

#[test]
fn host_blocks_their_lists_and_filters() {
    let checked = fine(text(
        "host github, gitlab at \"*.acme.dev\" credential \"atlantis-*\" { rule r { require repository.access >= write } }\n\
         host any credential 'x' at 'y' { require token.lifetime == standing }",
    ));
    let names: Vec<&str> = checked.policy.rules.iter().map(|rule| rule.name.as_str()).collect();
    assert_eq!(names[..2], ["github.r", "gitlab.r"]);
    assert_eq!(names.len(), 2 + HOSTS.len());
    assert_eq!(checked.policy.rules[0].at.as_ref().unwrap().value, "*.acme.dev");
    assert_eq!(checked.policy.rules[2].credential.as_ref().unwrap().value, "x");
}

#[test]
fn guards_and_selectors_surround() {
    let checked = fine(text(
        "let old = [\"acme/old\"]\nhost github {\n when token.kind == classic {\n each repository in [\"acme/infra-*\", \"acme/live\"] except old {\n\
         rule r { when user.is_bot require repository.archived == false }\n require repository.permission >= write\n }\n }\n\
         each organization in [\"acme\"] { require organization.two_factor_required }\n}",
    ));
    let [first, second, third] = checked.policy.statements.as_slice() else { panic!() };
    assert_eq!((first.guards.len(), first.selectors.len(), first.number), (2, 1, 1));
    assert_eq!((second.guards.len(), second.selectors[0].except[0].value.as_str()), (1, "acme/old"));
    assert_eq!((third.selectors[0].subject, third.subject), (Subject::Organization, Subject::Organization));
    assert_eq!(first.guard_facts.len(), 2);
}

#[test]
fn the_unknown_is_accepted_by_cause() {
    let checked = fine(rule(
        "require token.active on unknown (not-permitted, incomplete,) warn because \"own\"\n\
                             require user.is_bot\non unknown warn because \"the rule's\"",
    ));
    let accepted: Vec<_> = checked.policy.statements.iter().map(|row| row.acceptance.as_ref().unwrap()).collect();
    assert_eq!(accepted[0].causes, [Cause::NotPermitted, Cause::Incomplete].into_iter().collect::<Causes>());
    assert_eq!(accepted[1].causes, Causes::ACCEPTED_BY_DEFAULT);
}

#[test]
fn waivers_take_their_clauses_in_any_order() {
    let rules = "host github, gitlab { rule r { require token.active } }\n";
    for waiver in [
        "waive r credential \"a*\" repository \"acme/*\" until 2026-12-31 because \"x\" by \"y\"",
        "waive r by \"y\" because \"x\" until 2026-12-31 repository \"acme/*\" credential \"a*\"",
        "waive r\n  until 2026-12-31\n  because \"x\"\n  # who\n  by \"y\"\n  credential \"a*\"\n  repository \"acme/*\"",
    ] {
        let checked = fine(text(format!("{rules}{waiver}\n")));
        let waiver = &checked.policy.waivers[0];
        assert_eq!(waiver.rules.len(), 2);
        assert_eq!((waiver.credential.as_deref(), waiver.repository.as_deref()), (Some("a*"), Some("acme/*")));
    }
    let checked = fine(text(format!("{rules}waive gitlab.r until 2026-12-31 because \"x\"")));
    assert_eq!(checked.policy.waivers[0].rules.len(), 1);
}

#[test]
fn every_line_of_a_test() {
    let checked = fine(text(
        "input days: duration = 7d\ninput flag: bool\n\
         host github { rule r { require token.expires_in >= days and flag } rule s { require repository.archived } }\n\
         test \"all forms\" {\n given host github\n given credential \"atlantis\" at \"ghe.acme.dev\"\n\
         given token.kind = classic\n given token.scopes = [\"repo\"]\n given app.permissions = { contents = read }\n\
         given token.expires_at is absent\n given token.name is inapplicable\n given user.email is unknown\n\
         given user.two_factor is unknown (not-permitted)\n given host.version = \"3.10\"\n\
         given repository \"acme/infra\"\n given repository.archived = false\n given organization.role = admin\n\
         given repository.webhooks = [{ url = \"https://ci.acme.dev\", active = true, events = [\"push\"], last_status = 200 }]\n\
         given organization \"acme\"\n given organization.two_factor_required = true\n\
         given input days = 30d\n given now = 2026-11-23\n\
         expect pass of r\n expect violation of s\n expect warning of s\n expect undetermined of github.s\n\
         expect accepted of s\n expect waived of s\n expect not applicable of s\n expect nothing else\n}",
    ));
    let test = &checked.policy.tests[0];
    assert_eq!((test.credential.as_deref(), test.at.as_deref()), (Some("atlantis"), Some("ghe.acme.dev")));
    assert_eq!((test.given.len(), test.expect.len(), test.inputs.len()), (12, 7, 1));
    assert!(test.nothing_else.is_some() && test.now.is_some());
    assert_eq!(test.given[3].knowledge, Knowledge::Absent);
    assert_eq!(test.given[6].knowledge.cause(), Some(Cause::NotPermitted));
    assert_eq!(test.given[8].scope, TestScope::Repository("acme/infra".into()));
    assert_eq!(test.given[9].scope, TestScope::Organization("acme".into()));
    assert!(matches!(test.given[10].knowledge.value(), Some(Value::Records(records)) if records.len() == 1));
}

#[test]
fn inputs_of_every_type() {
    let checked = fine(text(
        "input a: bool = true\ninput b: integer = -3\ninput c: string = \"x\"\ninput d: strings = [\"repo\"]\n\
         input e: version = \"3.10\"\ninput f: time = 2026-12-31\ninput g: duration = 7d\ninput h: duration\n\
         host github {\n require a\n require count(repository.webhooks) > b\n require user.username == c\n\
         require token.scopes covers d\n require user.username in d\n require user.username like d\n\
         require host.version >= e\n require token.expires_at > f\n require token.expires_in > g\n require h < token.age\n}",
    ));
    assert_eq!(checked.policy.inputs.iter().map(|input| input.ty).collect::<Vec<_>>()[..7], InputType::ALL);
    assert_eq!(checked.policy.inputs[3].tables.len(), 1);
    let one = |name: &str, value| GivenInput { name: name.into(), value, origin: Origin::Other("settings".into()) };
    let given = |pairs: &[(&str, &str)]| -> Vec<GivenInput> {
        pairs.iter().map(|(name, text)| one(name, InputText::One((*text).into()))).collect()
    };
    assert_eq!(bind_inputs(&checked.policy, &given(&[])).unwrap_err().len(), 1);
    let inputs =
        bind_inputs(&checked.policy, &given(&[("h", "1d"), ("a", "maybe"), ("a", "false"), ("d", "repo, gist")]));
    let inputs = inputs.unwrap();
    assert_eq!(inputs.0[0], Some(Value::Bool(false)));
    assert_eq!(inputs.0[1], Some(Value::Integer(-3)));
    assert_eq!(inputs.0[3], Some(Value::Strings(["gist".to_owned(), "repo".to_owned()].into())));
    // The items of a list are whole: a comma in one parts nothing.
    let policy = fine(text("input names: strings = [\"x\"]\nhost github {\n require user.name in names\n}")).policy;
    let listed = one("names", InputText::List(vec!["a,b".into(), "c".into()]));
    let inputs = bind_inputs(&policy, &[listed]).unwrap();
    assert_eq!(inputs.0[0], Some(Value::Strings(["a,b".to_owned(), "c".to_owned()].into())));
    let problems = bind_inputs(&checked.policy, &given(&[("x", "1"), ("d", "nonsense"), ("g", "1y")])).unwrap_err();
    assert_eq!(
        problems.iter().map(|problem| problem.code.number()).collect::<Vec<_>>(),
        ["C0309", "C0204", "C0307", "C0308"]
    );
}

#[test]
fn values_of_inputs_are_read_by_their_type() {
    assert_eq!(
        parse_input(InputType::Strings, " a, b,,a "),
        Ok(Value::Strings(["a".to_owned(), "b".to_owned()].into()))
    );
    assert_eq!(parse_input(InputType::String, " a b "), Ok(Value::String("a b".into())));
    for (ty, text) in [
        (InputType::Bool, "1"),
        (InputType::Integer, "1.5"),
        (InputType::Integer, "99999999999999999999"),
        (InputType::Version, "v"),
        (InputType::Time, "2026-02-30"),
        (InputType::Time, "2026-12-31T12:00:00+01:00"),
        (InputType::Duration, "7"),
        (InputType::Duration, "d"),
        (InputType::Duration, "9223372036854775807w"),
        (InputType::Duration, "7é"),
    ] {
        assert!(parse_input(ty, text).is_err(), "{text}");
    }
}

#[test]
fn imports_bring_rules_and_inputs_and_leave_out_what_is_excepted() {
    let store = Memory::default()
        .with(
            "teams/base.pol",
            "use \"deep/deeper.pol\" except [four]\ninput days: duration = 7d\n\
              host github { rule one { require token.expires_in > days } rule two { require token.active } }\n\
              waive one until 2026-12-31 because \"x\"\ntest \"t\" { given host github expect pass of one }",
        )
        .with(
            "teams/deep/deeper.pol",
            "host github, gitlab { rule three { require token.active } rule four { require token.active } }",
        )
        .with(
            "main.pol",
            "use \"teams/base.pol\" except [two, github.three]\nuse \"builtin:atlantis\"\n\
              waive one until 2026-12-31 because \"x\"",
        );
    let checked = run(&store, &["main.pol"], Default::default());
    assert_eq!(checked.text(), "");
    let mut names: Vec<&str> = checked.policy.rules.iter().map(|rule| rule.name.as_str()).collect();
    names.retain(|name| ["one", "two", "three", "four"].iter().any(|word| name.ends_with(word)));
    names.sort_unstable();
    assert_eq!(names, ["github.one", "gitlab.three"]);
    assert_eq!(
        (checked.policy.waivers.len(), checked.policy.tests.len(), checked.policy.inputs[0].ty),
        (1, 0, InputType::Duration)
    );
    assert_eq!(checked.program.files.len(), 4);
}

#[test]
fn a_file_named_twice_is_loaded_once_and_is_a_root() {
    let store = Memory::default()
        .with("a.pol", "use \"b.pol\"")
        .with("b.pol", "host github { rule r { require token.active } }\nwaive r until 2026-12-31 because \"x\"");
    let checked = run(&store, &["a.pol", "b.pol", "b.pol"], Default::default());
    assert_eq!((checked.text().as_str(), checked.policy.rules.len(), checked.policy.waivers.len()), ("", 1, 1));
}

#[test]
fn words_of_the_language_are_free_as_values_and_keys() {
    fine(github("require token.permissions covers { actions = read }"));
    for host in HOSTS {
        for fact in host.facts {
            let words: Vec<&str> = match fact.ty {
                Type::Enum(table) => table.words.iter().map(|(word, _)| *word).collect(),
                Type::Level(table) => table.levels.iter().map(|(word, _)| *word).collect(),
                _ => continue,
            };
            for word in words {
                fine(text(format!(
                    "host {} {{ require {} == {word} and {} in [{word}] }}",
                    host.word, fact.path, fact.path
                )));
            }
        }
    }
}

#[test]
fn a_constant_may_hold_every_literal() {
    fine(text(
        "let word = classic\nlet words = [classic, actions]\nlet text = 'x'\nlet number = 3\nlet yes = true\nlet day = 2026-12-31\n\
         let week = 1w\nlet scopes = [\"repo\"]\nlet map = { contents = read }\nlet forever = never\nlet new = \"3.10\"\nlet none-of = [\"a/b\"]\n\
         host github {\n require token.kind == word\n require token.kind in words\n require user.username == text\n\
         require count(repository.webhooks) < number\n require user.is_bot == yes\n require token.expires_at > day\n\
         require week < token.age\n require token.scopes covers scopes\n require token.permissions covers map\n\
         require token.expires_at == forever\n require host.version > new\n each repository in none-of { require repository.archived }\n}",
    ));
}

#[test]
fn a_broken_statement_spoils_no_other() {
    let checked = text(
        "host github {\n rule a { require token.kind = classic\n require token.active }\n rule b { require nonsense.fact }\n rule c { require user.is_bot }\n}",
    );
    assert_eq!(checked.brief(), ["C0101 =", "C0202 nonsense.fact"]);
    let names: Vec<&str> = checked.policy.rules.iter().map(|rule| rule.name.as_str()).collect();
    assert_eq!(names, ["github.a", "github.b", "github.c"]);
    assert_eq!(checked.policy.statements.len(), 2);
}

#[test]
fn a_missing_brace_is_blamed_by_its_indentation() {
    let rules = |first: &str, second: &str| {
        format!(
            "host github {{\n  when token.kind == classic {{\n    rule a {{\n      require token.active\n{first}\n{second}\n  rule b {{\n    require user.is_bot\n  }}\n}}\nhost gitlab {{\n  require token.active\n}}\n"
        )
    };
    fine(text(rules("    }", "  }")));
    let column = |checked: &Checked| checked.sources.start(checked.problems[0].span().unwrap());
    let of_rule = text(rules("", "  }"));
    assert_eq!((of_rule.brief(), column(&of_rule).line), (vec!["C0102 {".to_owned()], 3), "{}", of_rule.text());
    let of_guard = text(rules("    }", ""));
    assert_eq!((of_guard.brief(), column(&of_guard).line), (vec!["C0102 {".to_owned()], 2), "{}", of_guard.text());
    let of_host =
        text("host github {\n  rule a {\n    require token.active\n  }\n\nhost gitlab {\n  require token.active\n}\n");
    assert_eq!((of_host.brief(), column(&of_host).line), (vec!["C0102 {".to_owned()], 1));
    let of_last = text("host github {\n  rule a {\n    require token.active\n  }\n");
    assert_eq!((of_last.brief(), column(&of_last).line), (vec!["C0102 {".to_owned()], 1));
    let of_test = text(
        "host github { rule a { require token.active } }\ntest \"x\" {\n  given host github\n  expect pass of a\n\ntest \"y\" {\n  given host github\n  expect pass of a\n}\n",
    );
    assert_eq!((of_test.brief(), column(&of_test).line), (vec!["C0102 {".to_owned()], 2), "{}", of_test.text());
    let of_header = text("policy \"x\" {\n  title = \"y\"\n\nhost github {\n  require token.active\n}\n");
    assert_eq!((of_header.brief(), column(&of_header).line), (vec!["C0102 {".to_owned()], 1), "{}", of_header.text());
}

#[test]
fn tokens_are_not_echoed_wherever_they_stand() {
    let token = ["ghp", &"x1".repeat(18)].join("_");
    for policy in [
        format!("# {token}\n"),
        format!("host github {{ require token.name == \"{token}\" }}"),
        format!("host github {{ require token.name == {token} }}"),
        format!("{token}\n"),
        format!("let {token} = 3\n"),
        format!("host {token} {{ }}"),
        format!("use \"{token}.pol\""),
    ] {
        let checked = text(policy.clone());
        assert!(checked.problems.iter().any(|problem| problem.code.number() == "C0117"), "{policy}");
        for problem in &checked.problems {
            assert!(!format!("{problem:?}").contains(&token), "{problem:?}");
        }
    }
}
