//! The facade: what is promised to programs stands in `tests/facade.txt`, so that a change of it is seen in review.

#![expect(clippy::disallowed_methods, reason = "this test reads the project's own sources")]

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};

    use credcheck::simulator::github::{Token, World};
    use credcheck::{Checker, Credential, Error, HostKind, Knowledge, Policy, Run, Value, Verdict};

    fn root() -> PathBuf {
        PathBuf::from(env!("CARGO_MANIFEST_DIR"))
    }

    fn read(path: impl AsRef<Path>) -> String {
        fs::read_to_string(root().join(path)).unwrap()
    }

    /// The heads of everything public in a file, and the variants of its enums, one a line.
    fn heads(text: &str) -> Vec<String> {
        let mut found = Vec::new();
        let mut lines = text.lines();
        let mut in_enum = false;
        while let Some(line) = lines.next() {
            if line == "}" {
                in_enum = false;
            }
            let variant = |line: &str| {
                let indented = line.strip_prefix("    ").filter(|rest| rest.starts_with(char::is_uppercase));
                indented.map(|rest| rest.trim_end_matches([',', ' ', '{']).to_owned())
            };
            if let Some(variant) = variant(line).filter(|_| in_enum) {
                found.push(format!("    {variant}"));
            }
            let head = line.trim_start();
            if !["pub fn", "pub async fn", "pub struct", "pub enum", "pub const"]
                .iter()
                .any(|kind| head.starts_with(kind))
            {
                continue;
            }
            in_enum = head.starts_with("pub enum");
            let mut head = head.to_owned();
            while !head.ends_with(['{', ';']) {
                head.push(' ');
                head.push_str(lines.next().unwrap().trim());
            }
            let head = head.split('(').next().filter(|_| head.starts_with("pub struct")).unwrap_or(&head);
            let indent = if line.starts_with(' ') { "    " } else { "" };
            found.push(format!("{indent}{}", head.trim_end_matches([' ', '{', ';'])));
        }
        found
    }

    #[test]
    fn the_facade_is_what_is_promised() {
        let library = read("src/lib.rs");
        let (_, shown) = library.split_once("#[doc(inline)]").unwrap();
        let mut found = vec![shown.replace("#[doc(inline)]\n", "").trim().to_owned(), String::new()];
        let folder = root().join("src/checker/facade");
        let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        for file in files {
            found.extend(heads(&read(&file)));
        }
        let found = format!("{}\n", found.join("\n"));
        let wanted = read("tests/facade.txt");
        if found != wanted {
            let folder = std::env::temp_dir().join("facade.txt");
            fs::write(&folder, &found).unwrap();
            panic!("the facade has changed; where that is meant, take {} as tests/facade.txt", folder.display());
        }
    }

    #[test]
    fn rooms_are_hidden() {
        let library = read("src/lib.rs");
        let lines: Vec<&str> = library.lines().collect();
        for (at, line) in lines.iter().enumerate().filter(|(_, line)| line.starts_with("pub mod")) {
            assert_eq!(lines[at - 1], "#[doc(hidden)]", "{line}");
        }
    }

    #[test]
    fn the_program_is_one_and_short() {
        let library = read("src/lib.rs");
        let shown: Vec<&str> = library
            .split("//! ```\n")
            .nth(1)
            .unwrap()
            .lines()
            .map(|line| line.strip_prefix("//!").unwrap())
            .map(|line| line.strip_prefix(' ').unwrap_or(line))
            .filter(|line| !line.starts_with('#'))
            .collect();
        assert!(shown.len() <= 30, "{} lines", shown.len());
        let shown = format!("{}\n", shown.join("\n"));
        assert!(read("README.md").contains(&format!("```rust\n{shown}```\n")), "the README has another program");
        assert!(
            read("examples/one_credential.rs").ends_with(&format!("\n\n{shown}")),
            "the example is another program"
        );
    }

    fn world() -> World {
        World::new("2026-11-23T12:00:00Z".parse().unwrap())
    }

    const POLICY: &str = r#"host github { require token.scopes covers ["repo"] because "it clones" fix "tick it" }"#;

    #[test]
    fn what_is_judged_is_told_with_its_evidence() {
        let host =
            world().token(Token::classic("not-a-real-token").owner("acme-bot").scopes(["gist"])).start().unwrap();
        let policy = Policy::parse("team.pol", POLICY).unwrap();
        let bot = Credential::token(HostKind::GitHub, "bot", "not-a-real-token").at(host.url()).api(host.api_url());
        assert!(!format!("{bot:?}").contains("not-a-real"));
        let checker = Checker::new(&policy);
        let mut seen = 0;
        let summary = checker
            .check([bot.clone()], |checked| {
                seen += 1;
                let outcome = checked.outcomes().next().unwrap();
                assert_eq!((outcome.rule(), outcome.statement()), ("github.token.scopes".to_owned(), Some(1)));
                assert_eq!((outcome.verdict(), outcome.subject()), (Verdict::Violation, None));
                assert_eq!(outcome.reasons(), ["`repo` is not granted"]);
                assert_eq!((outcome.help().as_deref(), outcome.place()), (Some("tick it"), Some(("team.pol", 1))));
                let evidence = outcome.evidence().remove(0);
                assert!(evidence.request().unwrap().ends_with("/user"), "{evidence:?}");
                assert_eq!((evidence.status(), evidence.place()), (Some(200), "header X-OAuth-Scopes"));
                let fact = checked.fact("token.scopes").unwrap();
                assert_eq!(fact.knowledge(), Knowledge::Known(Value::Names(vec!["gist".to_owned()])));
                assert_eq!(checked.broken().count(), 0);
                assert_eq!(checked.requests().len(), 1);
            })
            .unwrap();
        assert_eq!((seen, summary.credentials(), summary.violations(), summary.exit_code()), (1, 1, 1, 1));
        assert!(matches!(checker.start([bot.clone(), bot]), Err(Error::TwoCredentials(name)) if name == "bot"));
        assert!(matches!(checker.input("days", "7d").start([]), Err(Error::Inputs(problems)) if problems.len() == 1));
    }

    #[test]
    fn what_must_not_be_sent_is_not() {
        let host = world().start().unwrap();
        let policy = Policy::parse("team.pol", POLICY).unwrap();
        let other = ["glpat", "xxxxxxxxxxxxxxxxxxxx"].join("-");
        let at = |credential: Credential| credential.at(host.url()).api(host.api_url());
        let given = [("other", other.as_str()), ("none", " ")]
            .map(|(name, text)| at(Credential::token(HostKind::GitHub, name, text)));
        let mut rules = Vec::new();
        let summary = Checker::new(&policy).check(given, |checked| {
            rules.extend(checked.broken().map(|outcome| outcome.rule()));
        });
        assert_eq!(rules, ["github.right-host", "github.credential-valid"]);
        assert_eq!(summary.unwrap().requests(), 0);
        assert!(host.server.requests().is_empty());
        let plain = Credential::token(HostKind::GitHub, "plain", "x").at("http://ghe.acme.dev");
        assert!(matches!(Checker::new(&policy).start([plain]), Err(Error::Credential(_))));
    }

    #[tokio::test]
    async fn a_run_that_is_ended_early_was_interrupted() {
        let mut world = world();
        for number in 0..80 {
            world = world.token(Token::classic(&format!("token-{number:02}")).owner("acme-bot").scopes(["repo"]));
        }
        let host = world.start().unwrap();
        let policy = Policy::parse("team.pol", POLICY).unwrap();
        let fleet = (0..80).map(|number| {
            let name = format!("bot-{number:02}");
            Credential::token(HostKind::GitHub, name, &format!("token-{number:02}")).at(host.url()).api(host.api_url())
        });
        let checker = Checker::new(&policy);
        assert!(matches!(checker.check([], |_| {}), Err(Error::Runtime(_))));
        let mut run = checker.start(fleet).unwrap();
        assert_eq!(run.next().await.unwrap().name(), "bot-00");
        // The first has its report: sixty-four have begun at most.
        assert!(host.server.requests().len() <= 64);
        let summary = run.end().await;
        assert_eq!((summary.credentials(), summary.exit_code()), (1, 130));
        assert!(host.server.requests().len() < 80);
    }

    #[test]
    fn a_run_may_move_between_threads() {
        const fn moves<T: Send + 'static>() {}
        moves::<Run>();
        moves::<credcheck::Checked>();
    }
}
