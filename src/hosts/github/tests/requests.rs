//! What is sent, and what an answer leaves of the rate limit.

use serde_json::{Value as Json, json};
use url::Url;

use super::{acme, answer, credential_at, host, infra, of, sent, token};
use crate::facts::{Credential, RepositoryName, Target};

#[test]
fn finding_14_rate_limits_are_read_where_both_numbers_are() {
    let limit = |remaining: &str, limit: &str| {
        let headers = [("X-RateLimit-Remaining", remaining), ("X-RateLimit-Limit", limit)];
        let window = crate::collecting::limits(crate::vocabulary::HostKind::GitHub).window(&answer(
            200,
            &headers,
            &json!({}),
        ))?;
        Some((window.remaining, window.limit))
    };
    assert_eq!(limit("4987", "5000"), Some((4987, 5000)));
    assert_eq!(limit("0", "5950"), Some((0, 5950)));
    assert_eq!(limit("-1", "5000"), None);
    assert_eq!(limit("many", "5000"), None);
}

#[test]
fn requests_go_where_each_host_has_its_api() {
    let url = |credential: &Credential, row: &str, target: &Target| {
        sent(host().request(row).unwrap(), target, credential).label.to_string()
    };
    let server = credential_at(&token("ghs"), "https://ghe.acme.example:8443", "https://ghe.acme.example:8443/api/v3/");
    let residency = credential_at(&token("ghs"), "https://acme.ghe.com", "https://api.acme.ghe.com/");
    let public = of("ghs");
    for (credential, base, query) in [
        (&public, "https://api.github.com", "https://api.github.com/graphql"),
        (&residency, "https://api.acme.ghe.com", "https://api.acme.ghe.com/graphql"),
        (&server, "https://ghe.acme.example:8443/api/v3", "https://ghe.acme.example:8443/api/graphql"),
    ] {
        assert_eq!(url(credential, "user", &Target::Credential), format!("GET {base}/user"));
        assert_eq!(url(credential, "viewer", &Target::Credential), format!("POST {query}"));
        assert_eq!(url(credential, "repository", &infra()), format!("GET {base}/repos/acme/infra"));
        assert_eq!(url(credential, "webhooks", &infra()), format!("GET {base}/repos/acme/infra/hooks?per_page=100"));
        assert_eq!(url(credential, "membership", &acme()), format!("GET {base}/user/memberships/orgs/acme"));
        assert_eq!(url(credential, "organization", &acme()), format!("GET {base}/orgs/acme"));
    }
    let odd = Target::Organization("../user?x=1#é/".into());
    let encoded = "GET https://api.github.com/orgs/..%2Fuser%3Fx%3D1%23%C3%A9%2F";
    assert_eq!(url(&public, "organization", &odd), encoded, "a name is one segment, whatever it is");
    for dots in ["", ".", ".."] {
        let request = sent(host().request("organization").unwrap(), &Target::Organization(dots.into()), &public);
        let path = Url::parse(&request.label.url).unwrap().path().to_owned();
        assert!(path.starts_with("/orgs/%20"), "{path}");
    }
    let nested = Target::Repository(RepositoryName::parse("a/b/c d").unwrap());
    assert_eq!(url(&public, "repository", &nested), "GET https://api.github.com/repos/a%2Fb/c%20d");
}

#[test]
fn requests_read_and_name_their_version() {
    for row in host().requests {
        let request = sent(row, &infra(), &of("ghp"));
        let header =
            |name: &str| request.headers.iter().find(|(have, _)| *have == name).map(|(_, value)| value.as_str());
        assert_eq!(header("accept"), Some("application/vnd.github+json"));
        assert_eq!(header("x-github-api-version"), Some("2022-11-28"));
        match request.body {
            None => assert_eq!(request.label.method, "GET"),
            Some(body) => {
                let body: Json = serde_json::from_str(&body).unwrap();
                let query = body["query"].as_str().unwrap();
                assert!(query.starts_with("query ") && !query.contains("mutation"));
            }
        }
    }
}
