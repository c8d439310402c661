//! Hostile texts: a clear diagnostic or plain success, in bounded work. What is asserted is what comes out; a spot with
//! quadratic time shows as a test that does not end.

use crate::harness::{Checked, Memory, Stored, run, text};
use credcheck::language::{OpenError, Opened, PolicyStore, load};
use credcheck::text::source::SourceMap;

fn codes(checked: &Checked) -> Vec<&'static str> {
    let mut codes: Vec<&str> = checked.problems.iter().map(|problem| problem.code.number()).collect();
    codes.dedup();
    codes
}

fn github(body: &str) -> Checked {
    text(format!("host github {{\n{body}\n}}\n"))
}

/// 100 problems and a count.
fn capped(checked: &Checked, more: &str) {
    assert_eq!(checked.problems.len(), 101);
    let last = checked.problems.last().unwrap();
    assert_eq!(
        (last.code.number(), last.message.as_str()),
        ("C0109", format!("`main.pol` has {more} more problems").as_str())
    );
}

#[test]
fn nesting() {
    assert_eq!(codes(&github(&format!("require {}token.active{}", "(".repeat(10_000), ")".repeat(10_000)))), ["C0108"]);
    assert_eq!(codes(&github(&format!("require {}", "(".repeat(10_000)))), ["C0108"]);
    assert!(codes(&github(&format!("require {}token.active{}", "(".repeat(63), ")".repeat(63)))).is_empty());
    assert_eq!(codes(&github(&format!("require {}token.active{}", "(".repeat(64), ")".repeat(64)))), ["C0108"]);
    assert_eq!(
        codes(&github(&format!("{}require token.active{}", "when user.is_bot {\n".repeat(100), "}".repeat(100)))),
        ["C0108"]
    );
    assert!(
        codes(&github(&format!("{}require token.active{}", "when user.is_bot {\n".repeat(63), "}".repeat(63))))
            .is_empty()
    );
    let quantified = format!(
        "require {}token.active{}",
        (0..30).map(|at| format!("any x{at} in repository.webhooks satisfies (")).collect::<String>(),
        ")".repeat(30)
    );
    assert!(codes(&github(&quantified)).is_empty());
    // A mistake at the innermost place is found without trying every way to read what is around it.
    let broken = quantified.replace("token.active", "token.active token.active");
    assert_eq!(codes(&github(&broken)), ["C0101"]);
    assert_eq!(codes(&github(&format!("require {}{}", "[".repeat(60), "]".repeat(60)))), ["C0209"]);
}

#[test]
fn unclosed_blocks() {
    assert_eq!(codes(&text("x {\n".repeat(22))), ["C0102"]);
    assert_eq!(text("x {\n".repeat(22)).problems.len(), 1);
    assert_eq!(codes(&text("x {\n".repeat(5_000))), ["C0108"]);
    assert_eq!(text("}\n".repeat(5_000)).problems.len(), 101);
    assert!(text("rule r {\n".repeat(5_000)).problems.len() <= 101);
    assert!(text("host github {\n".repeat(5_000)).problems.len() <= 101);
    assert!(text("host github {\nrequire token.kind in [\n".repeat(2_000)).problems.len() <= 101);
}

#[test]
fn many_broken_lines() {
    capped(&text("nonsense here\n".repeat(10_000)), "9900");
    capped(&github(&"  requir token.active\n".repeat(10_000)), "9900");
    capped(&text(";".repeat(20_000)), "19900");
    capped(&text("\u{1}".repeat(20_000)), "19900");
    capped(&text("/*x*/".repeat(20_000)), "19900");
    capped(&text("}".repeat(20_000)), "19900");
    capped(&text("\"\n".repeat(10_000)), "9900");
    // Mistakes of names are counted up to a bound, and then checking ends.
    let names = github(&"  require user.nonsense == 3\n".repeat(6_000));
    assert_eq!(names.problems.len(), 101);
    assert!(names.problems.last().unwrap().message.contains("at least"), "{}", names.text());
}

#[test]
fn one_long_line() {
    assert_eq!(codes(&text("x require ".repeat(104_857))), ["C0101"]);
    assert_eq!(codes(&github(&format!("require {} == 3", "x".repeat(1 << 19)))), ["C0203"]);
    let mebibyte = 1 << 16;
    assert_eq!(codes(&text("x".repeat(mebibyte))), ["C0101"]);
    assert_eq!(codes(&text("x ".repeat(mebibyte / 2))), ["C0101"]);
    assert_eq!(codes(&text("because ".repeat(mebibyte / 8))), ["C0101"]);
    assert_eq!(text("because ".repeat(mebibyte / 8)).problems.len(), 1);
    assert_eq!(text(format!("host github {{ {} }}", "require require ".repeat(6_000))).problems.len(), 1);
    assert_eq!(
        text(format!("host github {{ rule r {{ {} }} }}", "require token.active x ".repeat(4_000))).problems.len(),
        1
    );
    assert_eq!(text(format!("host github {{ {} }}", "rule r { x } ".repeat(5_000))).problems.len(), 101);
    assert!(codes(&text(format!("#{}", " ".repeat(mebibyte - 1)))).is_empty());
    assert!(codes(&text(" ".repeat(mebibyte))).is_empty());
    assert!(codes(&text("\n".repeat(mebibyte))).is_empty());
    assert_eq!(codes(&text("é".repeat(mebibyte / 2))), ["C0101"]);
    assert_eq!(codes(&text(format!("let a = {}", "9".repeat(mebibyte - 100)))), ["C0110"]);
    assert_eq!(codes(&text(format!("policy \"{}", "x".repeat(mebibyte - 100)))), ["C0103"]);
    assert!(codes(&text(format!("policy \"{}\" {{}}", "x".repeat(mebibyte - 100)))).is_empty());
    assert_eq!(codes(&text(format!("policy \"{}\" {{}}", "${".repeat(mebibyte / 2 - 100)))), ["C0116"]);
    assert_eq!(codes(&text(format!("policy \"{}\" {{}}", "\\q".repeat(mebibyte / 2 - 100)))), ["C0104", "C0109"]);
    assert_eq!(codes(&github(&format!("require {} == 3", "x".repeat(mebibyte - 100)))), ["C0203"]);
    assert_eq!(codes(&github(&format!("require token.{}", "x".repeat(mebibyte - 100)))), ["C0202"]);
    assert_eq!(codes(&github(&format!("require token.kind == {}", "x".repeat(mebibyte - 100)))), ["C0203"]);
    assert_eq!(codes(&github(&format!("require token.active {}", "(".repeat(50)))), ["C0102"]);
}

#[test]
fn messages_stay_short_whatever_the_words() {
    let long = "x".repeat(20_000);
    for policy in [
        long.clone(),
        format!("host {long} {{ }}"),
        format!("host github {{ require {long} == 3 }}"),
        format!("host github {{ require token.{long} }}"),
        format!("host github {{ require token.kind == {long} }}"),
        format!("host github {{ require token.kind == \"{long}\" }}"),
        format!("host github {{ require token.scopes covers \"{long}\" }}"),
        format!("host github {{ require token.scopes covers [\"{long}\"] }}"),
        format!("host github {{ require token.permissions covers {{ {long} = read }} }}"),
        format!("host github {{ require token.permissions covers {{ contents = {long} }} }}"),
        format!("host github {{ require user.username == {long} }}"),
        format!("host github {{ require host.version == \"{long}\" }}"),
        format!("host github {{ require any x in repository.webhooks satisfies (x.{long}) }}"),
        format!("host github {{ rule {long} {{ }} rule {long} {{ }} }}"),
        format!("host github {{ rule r {{ require token.active on unknown ({long}) warn because \"x\" }} }}"),
        format!(
            "host github {{ each {long} in [\"a/b\"] {{ }} each repository in {long} {{ }} each repository in [\"{long}\"] {{ }} }}"
        ),
        format!("let {long} = 3\nlet {long} = 4\n"),
        format!("input {long}: bool\ninput {long}: bool\ninput b: {long}\n"),
        format!("policy \"x\" {{ {long} = 3 }}"),
        format!("waive {long} until {long} because \"x\"\nwaive {long} until 2026-12-31 because \"x\""),
        format!("test \"t\" {{ given host {long} expect nothing else }}"),
        format!(
            "test \"t\" {{ given host github given {long} = 3 given repository \"{long}\" expect pass of {long} given input {long} = 3 }}"
        ),
        format!("use \"{long}\"\nuse \"{long}.pol\"\nuse \"builtin:{long}\""),
        format!(
            "host github {{ require {long}(token.active) require token.active {long} require token.active is {long} }}"
        ),
        format!("let a = {}", "9".repeat(20_000)),
    ] {
        let checked = text(policy);
        assert!(!checked.problems.is_empty());
        for problem in &checked.problems {
            let longest = problem.message.len().max(problem.help.as_ref().map_or(0, String::len));
            let labels = problem.labels.iter().map(|label| label.text.len()).max().unwrap_or(0);
            assert!(
                longest.max(labels) < 1_000,
                "{} {} {}",
                problem.code.number(),
                problem.message.chars().take(80).collect::<String>(),
                longest
            );
        }
    }
}

#[test]
fn odd_bytes() {
    assert_eq!(codes(&text(vec![0xff, 0xfe, b'a', 0])), ["C0106"]);
    assert_eq!(codes(&text(vec![b'a', 0xc3])), ["C0106"]);
    assert_eq!(codes(&text("host github {\0}")), ["C0105"]);
    assert_eq!(codes(&text("# \u{202e} in a comment")), ["C0105"]);
    assert_eq!(codes(&text("\u{feff}host github {\r\n\trequire token.active\r\n}\r\n")), [] as [&str; 0]);
    assert_eq!(codes(&text("host github {\r\trequire token.active\r}\r")), ["C0105"]);
    assert_eq!(text("host github {\r\trequire token.active\r}\r").problems.len(), 3);
    assert_eq!(codes(&text("a\u{feff}b")), ["C0105"]);
    assert_eq!(codes(&text("\u{b}\u{c}\u{85}\u{2028}")), ["C0105"]);
}

#[test]
fn large_and_well() {
    let statements: String = (0..28_000).map(|_| "  require token.active\n").collect();
    let checked = github(&statements);
    assert!(checked.problems.is_empty(), "{}", checked.text());
    assert_eq!(checked.policy.statements.len(), 28_000);
    let rules: String = (0..20_000).map(|at| format!("rule r{at} {{ require token.active }}\n")).collect();
    let waivers: String = (0..4_000).map(|at| format!("waive r{at} until 2026-12-31 because \"x\"\n")).collect();
    let checked = text(format!("host github {{\n{rules}\n}}\n{waivers}"));
    assert!(checked.problems.is_empty(), "{}", checked.text());
    assert_eq!((checked.policy.rules.len(), checked.policy.waivers.len()), (20_000, 4_000));
    let checked = github(&format!("require {}token.active", "not ".repeat(100_000)));
    assert!(checked.problems.is_empty(), "{}", checked.text());
    let checked = github(&format!("require {}", vec!["token.active"; 50_000].join(" and ")));
    assert!(checked.problems.is_empty(), "{}", checked.text());
    let constants: String = (0..20_000).map(|at| format!("let c{at} = {at}\n")).collect();
    assert_eq!(text(constants).problems.len(), 101);
    let inputs: String = (0..20_000).map(|at| format!("input i{at}: bool\n")).collect();
    assert!(text(inputs).problems.is_empty());
}

#[test]
fn a_small_text_that_means_a_huge_policy_is_refused() {
    let statements = "require token.active\n".repeat(2_000);
    let guard = vec!["user.is_bot"; 2_000].join(" and ");
    assert_eq!(codes(&github(&format!("when {guard} {{\n{statements}}}"))), ["C0107"]);
    let names = (0..2_000).map(|at| format!("\"acme/r{at}\"")).collect::<Vec<_>>().join(", ");
    assert_eq!(codes(&github(&format!("each repository in [{names}] {{\n{statements}}}"))), ["C0107"]);
    assert_eq!(codes(&github(&format!("rule r {{\nbecause \"{}\"\n{statements}}}", "x".repeat(100_000)))), ["C0107"]);
    let uses = "require user.username like every\n".repeat(2_000);
    assert_eq!(codes(&text(format!("let every = [{names}]\nhost github {{\n{uses}}}"))), ["C0107"]);
    assert_eq!(
        codes(&text(format!(
            "host any at \"{}\" {{\n{}}}",
            "x".repeat(100_000),
            (0..10_000).map(|at| format!("rule r{at} {{ require token.active }}\n")).collect::<String>()
        ))),
        ["C0107"]
    );
    let patterns: String = (0..6_000).map(|at| format!("require user.username matches '[a-z]{{20}}{at}'\n")).collect();
    assert_eq!(codes(&github(&patterns)), ["C0107"]);
}

#[test]
fn imports_without_end() {
    let chain = |count: usize| {
        (0..count)
            .fold(Memory::default(), |store, at| store.with(&format!("f{at}.pol"), format!("use \"f{}.pol\"", at + 1)))
    };
    let checked = run(&chain(64).with("f64.pol", ""), &["f0.pol"], Default::default());
    assert_eq!((codes(&checked), checked.program.files.len()), (vec!["C0304"], 64));
    let checked = run(&chain(63).with("f63.pol", ""), &["f0.pol"], Default::default());
    assert_eq!((codes(&checked), checked.program.files.len()), (vec![], 64));

    // Two imports in every file: 2^60 ways lead to the last one.
    let web = (0..60).fold(Memory::default(), |store, at| {
        store.with(&format!("f{at}.pol"), format!("use \"f{}.pol\"\nuse \"f{}.pol\" except [r]", at + 1, at + 2))
    });
    let web = web
        .with("f60.pol", "host github { rule r { require token.active } }")
        .with("f61.pol", "host github { rule r { require token.active } }");
    let checked = run(&web, &["f0.pol"], Default::default());
    assert!(checked.problems.is_empty(), "{}", checked.text());

    // Nothing more is opened once there is too much.
    let uses: String = (0..50_000).map(|at| format!("use \"f{at}.pol\"\n")).collect();
    let counting = Counting { uses, opened: std::cell::Cell::new(0) };
    let mut sources = SourceMap::new();
    let (program, problems) = load(&["main.pol".into()], &counting, &mut sources);
    assert_eq!((program.files.len(), problems.len(), counting.opened.get()), (64, 1, 65));
    assert_eq!(text("use \"main.pol\"\n".repeat(50_000)).problems.len(), 101);
}

struct Counting {
    uses: String,
    opened: std::cell::Cell<usize>,
}

impl PolicyStore for Counting {
    fn open(&self, path: &str, from: Option<&str>) -> Result<Opened, OpenError> {
        self.opened.set(self.opened.get() + 1);
        let bytes = if from.is_none() { self.uses.clone().into_bytes() } else { Vec::new() };
        Ok(Opened { id: path.into(), name: path.into(), bytes })
    }
}

#[test]
fn what_a_store_refuses_is_not_shown() {
    let mut store = Memory::one("use \"link.pol\"");
    store.0.insert("link.pol".into(), Stored::Refused(OpenError::Outside));
    let checked = run(&store, &["main.pol"], Default::default());
    assert_eq!((codes(&checked), checked.program.files.len()), (vec!["C0302"], 1));
    // A file that is no policy: its text appears in no diagnostic.
    let store = Memory::one("use \"secrets.pol\"").with("secrets.pol", vec![b's', b'3', b'c', b'r', 0xff]);
    let checked = run(&store, &["main.pol"], Default::default());
    assert!(!checked.text().contains("s3cr"), "{}", checked.text());
}
