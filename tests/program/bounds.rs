//! Time and memory have a bound, whatever a policy, an operator or a host names.

use std::fmt::Write as _;
use std::io::Write as _;
use std::time::{Duration, Instant};

use crate::bench::{Bench, acme, classic, good};
use crate::hostile::{HEADERS, Hostile, answer, right, user};

/// What a test may take here: these programs are built without optimisation, and share the machine.
const PATIENCE: Duration = Duration::from_secs(30);

#[track_caller]
fn in_time<T>(run: impl FnOnce() -> T) -> T {
    let started = Instant::now();
    let result = run();
    assert!(started.elapsed() < PATIENCE, "{:?}", started.elapsed());
    result
}

#[test]
fn patterns_have_room_together_and_the_first_without_it_is_shown() {
    let bench = Bench::new();
    let mut policy = "host github {\n".to_owned();
    for number in 0..1_500 {
        let _ = writeln!(policy, r"  rule r{number} {{ require user.username matches '\w{{5}}x{number}' }}");
    }
    policy.push_str("}\n");
    bench.policy(&policy);
    let ended = bench.check(&[]).within(256).says("16 MiB").says("with it they would be larger").exits(4);
    assert_eq!(ended.stderr.matches("C0").count(), 1, "said once\n{}", ended.stderr);
    bench.run(&["lint", "check.pol"]).saying_anything().within(256).exits(4);
    // A hundred are no matter.
    let few: String = policy.lines().take(101).map(|line| format!("{line}\n")).collect();
    bench.policy(&format!("{few}}}\n"));
    bench.run(&["lint", "check.pol"]).within(256).saying_anything().exits(0);
}

#[test]
fn scopes_that_nobody_knows_are_named_up_to_some_and_counted() {
    let mut bench = Bench::new();
    let scopes: String = (0..20_000).fold("repo".to_owned(), |mut all, number| {
        let _ = write!(all, ", s{number}");
        all
    });
    let host = Hostile::answering(move |head| match head.line.as_str() {
        "GET /user" => {
            let headers: Vec<(&str, &str)> = HEADERS
                .iter()
                .map(|(name, value)| if *name == "x-oauth-scopes" { (*name, scopes.as_str()) } else { (*name, *value) })
                .collect();
            answer("200 OK", &headers, user(crate::bench::BOT))
        }
        _ => right(head),
    });
    bench.credential_at("bot", &host.url(), &host.url(), &classic("scopes"), "");
    bench.policy(
        "host github {\n  require token.scopes covers [\"repo\"]\n  prefer token.scopes within [\"repo\"]\n}\n",
    );
    let text = in_time(|| bench.check(&["-v"]).within(512).saying_anything().exits(0).stdout);
    assert!(text.contains("`s0`") && text.contains("19980 further scopes that credcheck does not know"), "{text}");
    assert_eq!(text.matches("C0805").count(), 21, "{}", text.len());
    assert!(text.contains("and 19970 more"), "what is beyond a rule is counted too");
}

#[test]
fn a_policy_names_so_many_repositories_and_an_operator_any_number() {
    let mut bench = Bench::new();
    let token = classic("each");
    let host = bench.host(acme().token(good(&token)));
    bench.credential("bot", &host, &token, "kind = \"classic\"");
    let each = |count: usize| {
        let names: Vec<String> = (0..count).map(|number| format!("\"acme/r{number}\"")).collect();
        format!(
            "host github {{\n  each repository in [{}] {{\n    require repository.archived == false\n  }}\n}}\n",
            names.join(", ")
        )
    };
    bench.policy(&each(200));
    bench.run(&["plan", "check.pol"]).exits(0).hides("the policy names");
    bench.policy(&each(300));
    let said = "the policy names 300 repositories, and where the operator names none, 200 of them are asked about";
    bench.run(&["plan", "check.pol"]).exits(0).shows(said).shows("a check sends usually 5 requests");
    let text = bench.check(&[]).exits(1).shows(said).stdout;
    assert!(text.contains("undetermined"), "{text}");
    assert!(bench.paths().len() < 250, "{}", bench.paths().len());
    // Named by the operator, too, they are all in scope.
    let names: Vec<String> = (0..300).map(|number| format!("bot=acme/r{number}")).collect();
    let mut arguments = vec!["plan", "check.pol"];
    for name in &names {
        arguments.extend(["--repository", name]);
    }
    bench.run(&arguments).exits(0).hides("the policy names");
}

#[test]
fn twenty_thousand_names_are_planned_in_linear_time() {
    let mut bench = Bench::new();
    let host = Hostile::answering(right);
    let names = |count: usize| (0..count).map(|number| format!("\"acme/r{number}\"")).collect::<Vec<_>>().join(", ");
    bench.policy(&format!(
        "host github {{\n  each repository in [{}] {{\n    require repository.archived == false\n    \
         require organization.two_factor_required\n  }}\n}}\n",
        names(20_000)
    ));
    bench.credential_at("bot", &host.url(), &host.url(), &classic("many"), "kind = \"classic\"");
    let text = in_time(|| bench.run(&["plan", "check.pol"]).exits(0).stdout);
    assert!(text.contains("the policy names 20000 repositories"), "{text}");
    let mut bench = Bench::new();
    bench.policy(
        "host github {\n  require repository.archived == false\n  require organization.two_factor_required\n}\n",
    );
    let scope = format!("kind = \"classic\"\nrepositories = [{}]", names(10_000));
    bench.credential_at("bot", &host.url(), &host.url(), &classic("many"), &scope);
    in_time(|| bench.run(&["plan", "check.pol"]).exits(0).shows("a check sends usually 201 requests"));
}

#[test]
fn a_run_ends_at_its_deadline_and_reports_what_it_knows() {
    let mut bench = Bench::new();
    let host = Hostile::writing(|head, stream| {
        if head.line.starts_with("GET /repos") {
            std::thread::sleep(Duration::from_secs(20));
        }
        stream.write_all(&right(head))
    });
    bench.credential_at("bot", &host.url(), &host.url(), &classic("late"), r#"repositories = ["acme/infra"]"#);
    bench.policy(crate::bench::SIX);
    let started = Instant::now();
    let limits = ["--deadline", "2s", "--timeout", "30s"];
    bench.check(&limits).exits(3).shows("decided 4 of 6").shows("the run's time of 2 seconds is over (`--deadline`)");
    assert!(started.elapsed() < Duration::from_secs(15), "{:?}", started.elapsed());
    for bad in ["0s", "-1s", "soon", "5"] {
        bench.check(&[&format!("--deadline={bad}")]).says("is not a duration").exits(2);
    }
}

#[test]
fn a_wait_that_ends_after_the_deadline_is_not_begun() {
    let mut bench = Bench::new();
    let host = Hostile::answering(|head| match head.line.as_str() {
        "GET /user" => right(head),
        _ => answer("503 Busy", &[("retry-after", "60")], ""),
    });
    bench.credential_at("bot", &host.url(), &host.url(), &classic("busy"), r#"repositories = ["acme/infra"]"#);
    bench.policy(crate::bench::SIX);
    let started = Instant::now();
    bench.check(&["--deadline", "30s"]).exits(3).shows("decided 4 of 6").shows("server error (503)");
    assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
}

#[test]
fn long_lists_are_mended_in_linear_time() {
    let bench = Bench::new();
    let names: Vec<String> = (0..20_000).map(|number| format!("\"x{}\"", number / 2)).collect();
    bench.policy(&format!(
        "host github {{\n  rule a {{\n    require user.username in [{}]\n  }}\n}}\n",
        names.join(", ")
    ));
    in_time(|| bench.run(&["lint", "--fix", "check.pol"]).within(1024).saying_anything().exits(0));
    assert_eq!(bench.read("team/check.pol").matches("\"x").count(), 10_000);
}
