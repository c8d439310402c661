//! What proves a permission of a token that cannot list its own, a fine-grained one or an installation's: requests whose
//! answers show that the permission was checked, and found or missed.
//!
//! A read proves by its 200 on a private repository. A write probe is made to fail: its body is never valid *and* what it
//! names cannot exist, so that either alone would keep it from changing anything. 403 says that the permission is missing,
//! 400, 404 and 422 that it was there. What a request takes is read from the answer's `X-Accepted-GitHub-Permissions`, not
//! from this table.
//!
//! Sources: the probes of trufflehog's analyzer for fine-grained tokens, of which only those are here whose writes nothing
//! can come of; GitHub's page "Permissions required for fine-grained personal access tokens". Permissions without a
//! harmless write (`workflows`, `contents`, `deployments`, `secrets`) have no probe: what they may write stays unknown.

use super::requests::HEADERS;
use crate::vocabulary::row::{Method, Proof, Request, Subject};

/// Those that have permissions and cannot list them.
const KINDS: &[&str] = &["fine_grained", "app_installation", "actions"];

/// Those of them that can have what a job's token never has.
const NO_JOB: &[&str] = &["fine_grained", "app_installation"];

/// Those whose writes are known to be refused so: the analyzer tries no other.
const PROBED: &[&str] = &["fine_grained"];

/// What says why an answer refuses.
const FIELDS: &[&str] = &["/message", "/documentation_url", "/block/reason"];

/// What decides whether a read proves anything: it does on private repositories, and a refusal with a role that suffices.
const READ_NEEDS: &[&str] = &["repository.visibility", "repository.permission"];

/// The same of writes: an archived repository refuses them to everybody.
const PROBE_NEEDS: &[&str] = &["repository.visibility", "repository.permission", "repository.archived"];

/// Answers to a list: there, or there and empty.
const LISTED: &[u16] = &[200];

/// Answers to a write that fails after the permission was checked.
const FAILED: &[u16] = &[400, 404, 422];

const fn request(
    name: &'static str,
    method: Method,
    path: &'static str,
    needs: &'static [&'static str],
    see: &'static str,
) -> Request {
    Request {
        name,
        method,
        path,
        subject: Subject::Repository,
        headers: HEADERS,
        fields: FIELDS,
        words: &[],
        listing: None,
        batch: None,
        secret_addresses: None,
        needs,
        see,
    }
}

const fn read(
    name: &'static str,
    (permission, level, role): (&'static str, &'static str, &'static str),
    path: &'static str,
    passes: &'static [u16],
    see: &'static str,
) -> Proof {
    let request = request(name, Method::Get, path, READ_NEEDS, see);
    Proof { request, permission, level, kinds: KINDS, role, passes }
}

/// The same, where a job's token never has the permission.
const fn of_no_job(proof: Proof) -> Proof {
    Proof { kinds: NO_JOB, ..proof }
}

const fn probe(
    name: &'static str,
    (permission, role): (&'static str, &'static str),
    (method, path, body): (&'static str, &'static str, &'static str),
    see: &'static str,
) -> Proof {
    let request = request(name, Method::Probe { method, body }, path, PROBE_NEEDS, see);
    Proof { request, permission, level: "write", kinds: PROBED, role, passes: FAILED }
}

/// GitHub's proofs, reads first. No commit has the id of forty zeros, no alert or webhook a number beyond 32 bits, no
/// branch two dots in its name, no variable a name that begins with a digit, no label a name of more than 50 characters.
pub(super) static PROOFS: &[Proof] = &[
    read(
        "prove_actions_read",
        ("actions", "read", "read"),
        "/repos/{owner}/{name}/actions/artifacts?per_page=1",
        LISTED,
        "https://docs.github.com/rest/actions/artifacts#list-artifacts-for-a-repository",
    ),
    of_no_job(read(
        "prove_actions_variables_read",
        ("actions_variables", "read", "write"),
        "/repos/{owner}/{name}/actions/variables?per_page=1",
        LISTED,
        "https://docs.github.com/rest/actions/variables#list-repository-variables",
    )),
    of_no_job(read(
        "prove_administration_read",
        ("administration", "read", "admin"),
        "/repos/{owner}/{name}/actions/permissions",
        LISTED,
        "https://docs.github.com/rest/actions/permissions#get-github-actions-permissions-for-a-repository",
    )),
    // A read that takes the level of writes.
    of_no_job(read(
        "prove_administration_write",
        ("administration", "write", "admin"),
        "/repos/{owner}/{name}/rulesets/rule-suites?per_page=1",
        LISTED,
        "https://docs.github.com/rest/repos/rule-suites#list-repository-rule-suites",
    )),
    read(
        "prove_contents_read",
        ("contents", "read", "read"),
        "/repos/{owner}/{name}/commits?per_page=1",
        // 409: the repository is empty.
        &[200, 409],
        "https://docs.github.com/rest/commits/commits#list-commits",
    ),
    of_no_job(read(
        "prove_dependabot_secrets_read",
        ("dependabot_secrets", "read", "write"),
        "/repos/{owner}/{name}/dependabot/secrets?per_page=1",
        LISTED,
        "https://docs.github.com/rest/dependabot/secrets#list-repository-secrets",
    )),
    read(
        "prove_deployments_read",
        ("deployments", "read", "read"),
        "/repos/{owner}/{name}/deployments?per_page=1",
        LISTED,
        "https://docs.github.com/rest/deployments/deployments#list-deployments",
    ),
    read(
        "prove_issues_read",
        ("issues", "read", "read"),
        "/repos/{owner}/{name}/issues?per_page=1",
        LISTED,
        "https://docs.github.com/rest/issues/issues#list-repository-issues",
    ),
    read(
        "prove_pages_read",
        ("pages", "read", "write"),
        "/repos/{owner}/{name}/pages",
        // 404: there is no site.
        &[200, 404],
        "https://docs.github.com/rest/pages/pages#get-a-github-pages-site",
    ),
    read(
        "prove_pull_requests_read",
        ("pull_requests", "read", "read"),
        "/repos/{owner}/{name}/pulls?per_page=1",
        LISTED,
        "https://docs.github.com/rest/pulls/pulls#list-pull-requests",
    ),
    of_no_job(read(
        "prove_repository_hooks_read",
        ("repository_hooks", "read", "admin"),
        "/repos/{owner}/{name}/hooks?per_page=1",
        LISTED,
        "https://docs.github.com/rest/repos/webhooks#list-repository-webhooks",
    )),
    of_no_job(read(
        "prove_secret_scanning_alerts_read",
        ("secret_scanning_alerts", "read", "admin"),
        "/repos/{owner}/{name}/secret-scanning/alerts?per_page=1",
        LISTED,
        "https://docs.github.com/rest/secret-scanning/secret-scanning#list-secret-scanning-alerts-for-a-repository",
    )),
    of_no_job(read(
        "prove_secrets_read",
        ("secrets", "read", "write"),
        "/repos/{owner}/{name}/actions/secrets?per_page=1",
        LISTED,
        "https://docs.github.com/rest/actions/secrets#list-repository-secrets",
    )),
    read(
        "prove_security_events_read",
        ("security_events", "read", "write"),
        "/repos/{owner}/{name}/code-scanning/alerts?per_page=1",
        LISTED,
        "https://docs.github.com/rest/code-scanning/code-scanning#list-code-scanning-alerts-for-a-repository",
    ),
    read(
        "prove_statuses_read",
        ("statuses", "read", "read"),
        "/repos/{owner}/{name}/commits/0000000000000000000000000000000000000000/statuses?per_page=1",
        // No commit has this id: what is known of it is found out after the permission.
        &[200, 404, 422],
        "https://docs.github.com/rest/commits/statuses#list-commit-statuses-for-a-reference",
    ),
    read(
        "prove_vulnerability_alerts_read",
        ("vulnerability_alerts", "read", "admin"),
        "/repos/{owner}/{name}/dependabot/alerts?per_page=1",
        LISTED,
        "https://docs.github.com/rest/dependabot/alerts#list-dependabot-alerts-for-a-repository",
    ),
    probe(
        "probe_actions_variables_write",
        ("actions_variables", "write"),
        ("PATCH", "/repos/{owner}/{name}/actions/variables/0-credcheck-probe", r#"{"name":"0-credcheck-probe"}"#),
        "https://docs.github.com/rest/actions/variables#update-a-repository-variable",
    ),
    probe(
        "probe_issues_write",
        ("issues", "write"),
        (
            "PATCH",
            "/repos/{owner}/{name}/labels/credcheck-probe-of-a-label-that-cannot-exist-since-its-name-is-too-long",
            r#"{"color":"credcheck"}"#,
        ),
        "https://docs.github.com/rest/issues/labels#update-a-label",
    ),
    probe(
        "probe_pull_requests_write",
        ("pull_requests", "write"),
        ("POST", "/repos/{owner}/{name}/pulls", r#"{"base":"credcheck..probe","head":"credcheck..probe"}"#),
        "https://docs.github.com/rest/pulls/pulls#create-a-pull-request",
    ),
    probe(
        "probe_repository_hooks_write",
        ("repository_hooks", "admin"),
        ("PATCH", "/repos/{owner}/{name}/hooks/4294967289", r#"{"config":"credcheck"}"#),
        "https://docs.github.com/rest/repos/webhooks#update-a-repository-webhook",
    ),
    probe(
        "probe_secret_scanning_alerts_write",
        ("secret_scanning_alerts", "admin"),
        ("PATCH", "/repos/{owner}/{name}/secret-scanning/alerts/4294967289", r#"{"state":"credcheck"}"#),
        "https://docs.github.com/rest/secret-scanning/secret-scanning#update-a-secret-scanning-alert",
    ),
    probe(
        "probe_security_events_write",
        ("security_events", "write"),
        ("PATCH", "/repos/{owner}/{name}/code-scanning/alerts/4294967289", r#"{"state":"credcheck"}"#),
        "https://docs.github.com/rest/code-scanning/code-scanning#update-a-code-scanning-alert",
    ),
    probe(
        "probe_statuses_write",
        ("statuses", "write"),
        ("POST", "/repos/{owner}/{name}/statuses/0000000000000000000000000000000000000000", r#"{"state":"credcheck"}"#),
        "https://docs.github.com/rest/commits/statuses#create-a-commit-status",
    ),
    probe(
        "probe_vulnerability_alerts_write",
        ("vulnerability_alerts", "admin"),
        ("PATCH", "/repos/{owner}/{name}/dependabot/alerts/4294967289", r#"{"state":"credcheck"}"#),
        "https://docs.github.com/rest/dependabot/alerts#update-a-dependabot-alert",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::github::{HOST, permissions};
    use crate::vocabulary::{Type, host};

    #[test]
    fn every_proof_is_of_a_permission_that_its_kinds_can_hold() {
        let Some(Type::Level(roles)) = HOST.fact("repository.permission").map(|at| HOST.row(at).ty) else {
            panic!("a level")
        };
        for proof in PROOFS {
            let name = proof.request.name;
            let row = permissions::PERMISSIONS.permissions.iter().find(|row| row.name == proof.permission).expect(name);
            assert!(row.levels.contains(&proof.level), "{name}");
            assert!(proof.kinds.iter().all(|kind| !row.never_on.contains(kind)), "{name}");
            assert!(roles.word(proof.role).is_some(), "{name}");
            assert!(proof.request.path.starts_with("/repos/{owner}/{name}/"), "{name}");
            assert!(proof.request.needs.iter().all(|path| host(HOST.kind).fact(path).is_some()), "{name}");
            assert_eq!(PROOFS.iter().filter(|other| other.request.name == name).count(), 1, "{name}");
            assert!(HOST.request(name).is_none(), "{name}");
            let same = |other: &&Proof| (other.permission, other.level) == (proof.permission, proof.level);
            assert_eq!(PROOFS.iter().filter(same).count(), 1, "{name}: one request decides it");
        }
    }

    #[test]
    fn a_write_probe_can_change_nothing() {
        for proof in PROOFS {
            let Method::Probe { method, body } = proof.request.method else {
                assert_eq!(proof.request.method, Method::Get);
                continue;
            };
            let name = proof.request.name;
            // Nothing is ever deleted or put in place.
            assert!(matches!(method, "POST" | "PATCH"), "{name}");
            let sent: serde_json::Value = serde_json::from_str(body).expect(name);
            // What it names: a value that nothing has, in the path or, where the path names nothing, in the body.
            let tail = proof.request.path.rsplit('/').next().unwrap_or_default();
            let impossible = match tail {
                "pulls" => {
                    ["head", "base"].iter().all(|field| sent[field].as_str().is_some_and(|it| it.contains("..")))
                }
                "4294967289" => true,
                "0000000000000000000000000000000000000000" => true,
                "0-credcheck-probe" => true,
                label => label.len() > 50,
            };
            assert!(impossible, "{name}");
            // What it sends: a state that is none, a colour that is none, or without what is demanded.
            let invalid = match proof.permission {
                "statuses" | "security_events" | "vulnerability_alerts" | "secret_scanning_alerts" => {
                    sent["state"] == "credcheck"
                }
                "issues" => sent["color"] == "credcheck",
                "repository_hooks" => sent["config"].is_string(),
                "pull_requests" => sent.get("title").is_none() && sent.get("issue").is_none(),
                "actions_variables" => sent["name"] == "0-credcheck-probe",
                _ => false,
            };
            assert!(invalid, "{name}");
            assert!(!proof.passes.iter().any(|status| (200..300).contains(status)), "{name}");
        }
        let probed = |name: &str| PROOFS.iter().any(|proof| proof.is_probe() && proof.permission == name);
        for never in ["workflows", "contents", "secrets", "deployments", "administration"] {
            assert!(!probed(never), "{never}: no write of it is sure to change nothing");
        }
    }
}
