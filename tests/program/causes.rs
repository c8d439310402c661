//! The causes of what abilities rest on are theirs, too: on every host, whatever it answers instead of an answer.

use credcheck::vocabulary::HOSTS;

use crate::bench::{Bench, fake};
use crate::hostile::{Hostile, answer};

const HTML: (&str, &str) = ("content-type", "text/html");

#[test]
fn what_a_host_answers_instead_is_the_cause_of_each_ability() {
    for (status, location, body) in [
        ("403 Forbidden", None, "<html>no</html>"),
        ("200 OK", None, "<html><title>Sign in</title></html>"),
        ("302 Found", Some("/sso/login"), ""),
        ("407 Proxy Authentication Required", None, ""),
        ("502 Bad Gateway", None, "bad gateway"),
    ] {
        let mut bench = Bench::new();
        let mut hosts = Vec::new();
        for host in HOSTS {
            let headers: Vec<(&str, &str)> = [HTML].into_iter().chain(location.map(|to| ("location", to))).collect();
            let bytes = answer(status, &headers, body);
            let hostile = Hostile::answering(move |_| bytes.clone());
            let url = hostile.url();
            let token = fake("opaque", host.word);
            bench.credential_of(host.word, host.word, (&url, &url), &token, r#"repositories = ["acme/infra"]"#);
            hosts.push(hostile);
        }
        let abilities = ["push", "comment", "clone", "set_status", "manage_webhooks", "push_default", "merge"];
        let rules: String = abilities
            .iter()
            .map(|ability| format!("  rule {ability} {{ require repository.can covers [{ability}] }}\n"))
            .collect();
        bench.policy(&format!("host any {{\n{rules}}}\n"));
        let ended = bench.check(&["--format", "json"]).ends();
        let said = ended.json();
        let outcomes = said["outcomes"].as_array().unwrap();
        assert!(!outcomes.is_empty(), "{status}");
        for outcome in outcomes {
            let text = outcome.to_string();
            assert!(!text.contains("not asked"), "{status}: {text}");
            assert_ne!(outcome["evidence"].as_array().map(Vec::len), Some(0), "{status}: {text}");
        }
    }
}
