//! The case files: every code has a policy that brings it and one close by that does not.

use std::fmt::Write as _;

use credcheck::diagnostic::Code;

use crate::harness::{Case, cases, render};

const FILES: [(&str, &str); 6] = [
    ("text", include_str!("cases/text.pol")),
    ("names", include_str!("cases/names.pol")),
    ("files", include_str!("cases/files.pol")),
    ("more", include_str!("cases/more.pol")),
    ("habits", include_str!("cases/habits.pol")),
    ("meant", include_str!("cases/meant.pol")),
];

fn all() -> Vec<Case> {
    FILES.iter().flat_map(|(_, text)| cases(text)).collect()
}

#[test]
fn what_the_cases_are_told() {
    for (name, text) in FILES {
        let mut out = String::new();
        for case in cases(text) {
            let (problems, sources) = case.run();
            let told = if problems.is_empty() { "nothing\n".to_owned() } else { render(&problems, &sources) };
            writeln!(out, "#### {}\n{told}", case.title).unwrap();
        }
        insta::assert_snapshot!(name, out);
    }
}

#[test]
fn a_title_says_which_codes_come() {
    for case in all() {
        let (problems, sources) = case.run();
        let mut codes: Vec<&str> = problems.iter().map(|problem| problem.code.number()).collect();
        codes.dedup();
        let told = render(&problems, &sources);
        let (first, _) = case.title.split_once(' ').expect("a title has a code and a text");
        match first {
            "not" => {
                let code = case.title.split_whitespace().nth(1).unwrap();
                assert!(!codes.contains(&code), "{}\n{told}", case.title);
            }
            "fine" => assert!(codes.is_empty(), "{}\n{told}", case.title),
            _ => assert_eq!(codes.join("+"), first, "{}\n{told}", case.title),
        }
    }
}

#[test]
fn every_code_has_a_case_and_a_counter_case() {
    let cases = all();
    for code in Code::ALL {
        let number = code.number();
        let language = number < "C0400" || number == "C0403";
        if !language {
            continue;
        }
        let brings =
            cases.iter().filter(|case| case.title.split(' ').next().unwrap().split('+').any(|word| word == number));
        assert!(brings.count() > 0, "no case brings {number} {}", code.name());
        let close = cases.iter().filter(|case| case.title.starts_with(&format!("not {number} ")));
        assert!(close.count() > 0, "no case comes close to {number} {} without bringing it", code.name());
    }
}

#[test]
fn messages_keep_to_the_style() {
    for case in all() {
        for problem in case.run().0 {
            let message = &problem.message;
            assert!(!message.ends_with('.') && !message.contains('\n'), "{message}");
            assert_eq!(message.matches('`').count() % 2, 0, "{message}");
            let first = message.chars().next().unwrap();
            let proper = ["GitHub", "GitLab", "Bitbucket"].iter().any(|name| message.starts_with(name));
            assert!(proper || !first.is_uppercase(), "{message}");
            for article in ["a integer", "a enum", "a ability", "an string", "a access", "a organi", "of abilitys"] {
                let help = problem.help.as_deref().unwrap_or("");
                let all = format!(
                    "{message} {help} {}",
                    problem.labels.iter().map(|label| label.text.as_str()).collect::<String>()
                );
                assert!(!all.contains(article), "{all}");
            }
        }
    }
}
