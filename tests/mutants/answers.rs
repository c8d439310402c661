//! Answers in the shape that each host gives them, names made up, and what a policy says of them.

use credcheck::vocabulary::{HostKind, Method, host};
use serde_json::{Value as Json, json};

/// The answers of one host to one credential.
pub(crate) struct Case {
    /// The host's word.
    pub(crate) host: &'static str,
    web: &'static str,
    api: &'static str,
    kind: &'static str,
    username: Option<&'static str>,
    scope: &'static [&'static str],
    /// What is said of what the host tells, each of which is decided.
    pub(crate) statements: &'static [&'static str],
    exchanges: fn() -> Vec<Json>,
}

impl Case {
    /// What a run would have recorded.
    pub(crate) fn record(&self) -> Json {
        json!({
            "version": 1, "tool": "credcheck 0.1.0", "at": "2026-11-23T12:00:00Z", "facts": null,
            "credentials": [{
                "name": "bot", "host": self.host, "url": self.web, "api": self.api, "username": self.username,
                "kinds": [self.kind], "kind_evidence": null,
                "scope": self.scope.iter().map(|pattern| {
                    json!({ "pattern": pattern, "origin": "settings", "said_by": "other" })
                }).collect::<Vec<_>>(),
                "exchanges": (self.exchanges)(),
            }],
        })
    }
}

fn get(url: &str, headers: &[(&str, &str)], body: Json) -> Json {
    let headers: Vec<Json> = headers.iter().map(|(name, value)| json!([name, value])).collect();
    json!({
        "method": "GET", "url": url, "attempts": [200],
        "answer": { "status": 200, "at": "2026-11-23T12:00:00Z", "headers": headers, "json": body },
    })
}

pub(crate) const GITHUB: Case = Case {
    host: "github",
    web: "https://github.com",
    api: "https://api.github.com/",
    kind: "classic",
    username: Some("acme-bot"),
    scope: &["acme/infra"],
    statements: &[
        "token.scopes covers [\"repo\"]",
        "token.scopes overlaps [\"delete_repo\", \"admin:org\"]",
        "token.scopes within [\"repo\", \"read:org\"]",
        "token.expires_at is absent",
        "token.expires_in >= 7d",
        "token.active",
        "user.username == \"acme-bot\"",
        "user.kind == user",
        "user.is_bot",
        "user.site_admin",
        "user.two_factor",
        "user.email is absent",
        "user.name is absent",
        "repository.permission >= write",
        "repository.permission >= admin",
        "repository.access >= write",
        "repository.archived",
        "repository.visibility == private",
        "repository.can covers [push]",
        "repository.can overlaps [administer]",
        "repository.can covers [push_default]",
        "repository.can overlaps [merge]",
        "repository.default_branch == \"main-1\"",
        "repository.default_branch_protected",
        "any hook in repository.webhooks satisfies (hook.active)",
        "any hook in repository.webhooks satisfies (hook.secret_set)",
        "any hook in repository.webhooks satisfies (hook.insecure_ssl)",
        "any hook in repository.webhooks satisfies (hook.url like \"*token=*\")",
        "any hook in repository.webhooks satisfies (hook.content_type == json)",
        "any hook in repository.webhooks satisfies (hook.last_status == 200)",
        "any hook in repository.webhooks satisfies (hook.events covers [\"push\"])",
        "any hook in organization.webhooks satisfies (hook.active)",
        "any hook in organization.webhooks satisfies (hook.secret_set)",
        "any hook in organization.webhooks satisfies (hook.events covers [\"push\"])",
        "repository.job_permissions == read",
        "repository.job_permissions >= write",
        "repository.job_pull_requests",
        "organization.role >= member",
        "organization.role >= admin",
        "organization.two_factor_required",
    ],
    exchanges: || {
        let headers = &[
            ("x-oauth-scopes", "read:org, repo"),
            ("x-github-request-id", "C0DE:1B2C:3D4E5F:6A7B8C:69230000"),
            ("github-authentication-token-expiration", "2027-09-19 08:26:39 UTC"),
        ];
        let of = |path: &str, body: Json| get(&format!("https://api.github.com{path}"), headers, body);
        vec![
            of(
                "/user",
                json!({
                    "login": "acme-bot", "type": "User", "name": "Acme Bot", "email": "bot@acme.dev",
                    "site_admin": false, "two_factor_authentication": true,
                }),
            ),
            of(
                "/repos/acme/infra",
                json!({
                    "full_name": "acme/infra", "private": true, "visibility": "private", "archived": false,
                    "disabled": false, "owner": { "type": "Organization" }, "default_branch": "main-1",
                    "permissions": { "admin": false, "maintain": false, "push": true, "triage": true, "pull": true },
                }),
            ),
            of(
                "/repos/acme/infra/hooks?per_page=100",
                json!([{
                    "active": true, "events": ["push", "pull_request"],
                    "config": {
                        "url": "https://plan.acme.dev/events?x=1", "content_type": "json", "insecure_ssl": "0",
                        "secret": "********",
                    },
                    "last_response": { "code": 200 },
                }]),
            ),
            of(
                "/repos/acme/infra/branches/main-1",
                json!({ "name": "main-1", "protected": false, "protection": { "enabled": false } }),
            ),
            of("/repos/acme/infra/rules/branches/main-1?per_page=100", json!([])),
            of(
                "/repos/acme/infra/actions/permissions/workflow",
                json!({ "default_workflow_permissions": "read", "can_approve_pull_request_reviews": false }),
            ),
            of(
                "/orgs/acme/hooks?per_page=100",
                json!([{
                    "active": true, "events": ["push", "pull_request"],
                    "config": {
                        "url": "https://plan.acme.dev/events", "content_type": "json", "insecure_ssl": "0",
                        "secret": "********",
                    },
                    "last_response": { "code": 200 },
                }]),
            ),
            of(
                "/user/memberships/orgs/acme",
                json!({
                    "state": "active", "role": "member", "organization": { "login": "acme" },
                    "user": { "login": "acme-bot" },
                }),
            ),
            of("/orgs/acme", json!({ "login": "acme", "two_factor_requirement_enabled": true })),
        ]
    },
};

/// Many repositories of GitHub, asked by one query.
pub(crate) const GITHUB_BY_QUERY: Case = Case {
    scope: &["acme/infra", "acme/live"],
    statements: &[
        "token.scopes covers [\"repo\"]",
        "token.expires_at is absent",
        "token.expires_in >= 7d",
        "repository.permission >= write",
        "repository.permission >= admin",
        "repository.access >= write",
        "repository.archived",
        "repository.writable",
        "repository.default_branch == \"main-1\"",
        "repository.visibility == private",
        "repository.can covers [push]",
        "repository.can overlaps [administer]",
    ],
    exchanges: || {
        let row = host(HostKind::GitHub).request("repositories").unwrap();
        let Method::Query(template) = row.method else { unreachable!("it is a query") };
        let asked = |at: usize| format!("r{at}: repository(owner: $o{at}, name: $n{at}) {{ ...R }}");
        let query = template
            .replace("{variables}", "$o0: String!, $n0: String!, $o1: String!, $n1: String!")
            .replace("{repositories}", &format!("{} {}", asked(0), asked(1)));
        let variables = json!({ "o0": "acme", "n0": "infra", "o1": "acme", "n1": "live" });
        let node = |name: &str| {
            json!({
                "nameWithOwner": name, "viewerPermission": "WRITE", "visibility": "PRIVATE", "isArchived": false,
                "isDisabled": false, "isMirror": false, "owner": { "__typename": "Organization" },
                "defaultBranchRef": { "name": "main-1" },
            })
        };
        let mut exchanges = (GITHUB.exchanges)();
        exchanges.truncate(1);
        let headers =
            json!([["x-oauth-scopes", "read:org, repo"], ["x-github-request-id", "C0DE:1B2C:3D4E5F:6A7B8C:69230001"]]);
        exchanges.push(json!({
            "method": "POST", "url": "https://api.github.com/graphql", "attempts": [200],
            "query": json!({ "query": query, "variables": variables }).to_string(),
            "answer": {
                "status": 200, "at": "2026-11-23T12:00:00Z", "headers": headers,
                "json": { "data": { "r0": node("acme/infra"), "r1": node("acme/live") } },
            },
        }));
        exchanges
    },
    ..GITHUB
};

/// GitHub's branch under a protection, and under rulesets.
pub(crate) fn github_by_rules() -> Case {
    Case {
        statements: &["repository.can overlaps [merge]", "repository.default_branch_protected"],
        exchanges: || {
            let mut exchanges = (GITHUB.exchanges)();
            let rules = exchanges.iter_mut().find(|one| one["url"].as_str().unwrap().contains("/rules/")).unwrap();
            rules["answer"]["json"] = json!([{ "type": "pull_request" }, { "type": "deletion" }]);
            exchanges
        },
        ..GITHUB
    }
}

/// The query about many projects, which an old instance does not know.
fn gitlab_query(status: u16, body: Json) -> Json {
    let row = host(HostKind::GitLab).request("many_projects").unwrap();
    let Method::Query(query) = row.method else { unreachable!("it is a query") };
    json!({
        "method": "POST", "url": "https://gitlab.com/api/graphql", "attempts": [status],
        "query": json!({ "query": query, "variables": { "paths": ["acme/infra"] } }).to_string(),
        "answer": { "status": status, "at": "2026-11-23T12:00:00Z", "headers": [], "json": body },
    })
}

/// The same, asked by a query: what it leaves open is asked for one by one.
pub(crate) fn gitlab_by_query() -> Case {
    Case {
        exchanges: || {
            let node = json!({
                "fullPath": "acme/infra", "visibility": "private", "archived": false,
                "maxAccessLevel": { "integerValue": 30 },
            });
            let mut exchanges = (GITLAB.exchanges)();
            exchanges[0] = gitlab_query(200, json!({ "data": { "projects": { "nodes": [node] } } }));
            exchanges
        },
        ..GITLAB
    }
}

pub(crate) const GITLAB: Case = Case {
    host: "gitlab",
    web: "https://gitlab.com",
    api: "https://gitlab.com/api/v4/",
    kind: "personal",
    username: Some("acme-bot"),
    scope: &["acme/infra"],
    statements: &[
        "token.scopes covers [\"api\"]",
        "token.scopes overlaps [\"sudo\"]",
        "token.expires_at is absent",
        "token.expires_in >= 7d",
        "token.last_used_at is absent",
        "token.active",
        "token.name == \"planbot\"",
        "user.username == \"acme-bot\"",
        "user.is_bot",
        "user.external",
        "user.state == active",
        "user.two_factor",
        "user.name is absent",
        "project.access_level >= developer",
        "project.access_level >= owner",
        "project.archived",
        "project.visibility == private",
        "repository.can covers [push]",
        "repository.can overlaps [administer]",
        "repository.can covers [push_default]",
        "repository.can overlaps [merge]",
        "repository.default_branch == \"main-1\"",
        "repository.default_branch_protected",
        "group.access_level >= maintainer",
        "project.own_access_level >= developer",
        "project.membership_expires_at is absent",
        "project.access_expires_at is absent",
        "project.access_expires_in >= 7d",
        "any hook in group.webhooks satisfies (hook.active)",
        "any hook in group.webhooks satisfies (hook.secret_set)",
        "any hook in group.webhooks satisfies (hook.url like \"*token=*\")",
        "any hook in group.webhooks satisfies (hook.events covers [\"push_events\"])",
        "any hook in project.webhooks satisfies (hook.active)",
        "any hook in project.webhooks satisfies (hook.secret_set)",
        "any hook in project.webhooks satisfies (hook.insecure_ssl)",
        "any hook in project.webhooks satisfies (hook.url like \"*token=*\")",
        "any hook in project.webhooks satisfies (hook.events covers [\"push_events\"])",
        "host.version >= \"18.0\"",
    ],
    exchanges: || {
        let of = |path: &str, headers: &[(&str, &str)], body: Json| {
            get(&format!("https://gitlab.com/api/v4{path}"), headers, body)
        };
        vec![
            gitlab_query(404, json!({ "error": "404 Not Found" })),
            of(
                "/personal_access_tokens/self",
                &[],
                json!({
                    "id": 9041, "name": "planbot", "revoked": false, "active": true, "scopes": ["api"], "user_id": 5512,
                    "created_at": "2026-06-02T08:11:09.120Z", "last_used_at": "2026-11-23T06:40:00.000Z",
                    "expires_at": "2027-06-01",
                }),
            ),
            of(
                "/user",
                &[],
                json!({
                    "id": 5512, "username": "acme-bot", "name": "Acme Bot", "state": "active", "bot": false,
                    "external": false, "two_factor_enabled": true,
                }),
            ),
            of("/metadata", &[], json!({ "version": "18.4.1-ee" })),
            of(
                "/projects/acme%2Finfra",
                &[],
                json!({
                    "id": 318, "path_with_namespace": "acme/infra", "visibility": "private", "archived": false,
                    "repository_access_level": "enabled", "default_branch": "main-1",
                    "permissions": { "project_access": { "access_level": 30 }, "group_access": null },
                }),
            ),
            of(
                "/projects/acme%2Finfra/members/all/5512",
                &[],
                json!({
                    "id": 5512, "username": "acme-bot", "access_level": 30, "membership_state": "active",
                    "member_role": null, "expires_at": "2027-06-01",
                }),
            ),
            of(
                "/projects/acme%2Finfra/repository/branches/main-1",
                &[],
                json!({ "name": "main-1", "protected": true, "can_push": false, "developers_can_merge": true }),
            ),
            of(
                "/groups/acme/members/all/5512",
                &[],
                json!({ "id": 5512, "username": "acme-bot", "access_level": 20, "membership_state": "active" }),
            ),
            of(
                "/projects/acme%2Finfra/hooks?per_page=100",
                &[("x-next-page", ""), ("x-page", "1"), ("x-total", "1"), ("x-total-pages", "1")],
                json!([{
                    "id": 4, "url": "https://plan.acme.dev/events", "push_events": true, "tag_push_events": false,
                    "merge_requests_events": true, "note_events": true, "enable_ssl_verification": true,
                    "alert_status": "executable", "token_present": true, "signing_token_present": false,
                }]),
            ),
            of(
                "/groups/acme/hooks?per_page=100",
                &[("x-next-page", ""), ("x-page", "1"), ("x-total", "1"), ("x-total-pages", "1")],
                json!([{
                    "id": 5, "url": "https://plan.acme.dev/events", "push_events": true, "tag_push_events": false,
                    "merge_requests_events": true, "note_events": true, "enable_ssl_verification": true,
                    "alert_status": "executable", "token_present": true, "signing_token_present": false,
                }]),
            ),
        ]
    },
};

/// The branch restrictions, which limit who pushes to `main`.
fn cloud_restrictions(headers: &[(&str, &str)]) -> Json {
    let body = json!({
        "pagelen": 100, "page": 1, "size": 1,
        "values": [{ "kind": "push", "branch_match_kind": "glob", "pattern": "main-1", "users": [], "groups": [] }],
    });
    get("https://api.bitbucket.org/2.0/repositories/acme/infra/branch-restrictions?pagelen=100", headers, body)
}

/// The same with the access token of a repository, which no restriction can name.
pub(crate) fn bitbucket_cloud_token() -> Case {
    Case {
        kind: "repository_access_token",
        statements: &["repository.can overlaps [push_default]", "repository.default_branch_protected"],
        exchanges: || {
            let headers = &[
                ("x-oauth-scopes", "repository:admin, repository:write"),
                ("x-credential-type", "repository_access_token"),
            ];
            let body = json!({ "full_name": "acme/infra", "is_private": true, "mainbranch": { "name": "main-1" } });
            let url = "https://api.bitbucket.org/2.0/repositories/acme/infra";
            vec![get(url, headers, body), cloud_restrictions(headers)]
        },
        ..BITBUCKET_CLOUD
    }
}

pub(crate) const BITBUCKET_CLOUD: Case = Case {
    host: "bitbucket_cloud",
    web: "https://bitbucket.org",
    api: "https://api.bitbucket.org/2.0/",
    kind: "oauth",
    username: None,
    scope: &["acme/infra"],
    statements: &[
        "token.scopes covers [\"repository:write\"]",
        "token.scopes overlaps [\"repository:admin\"]",
        "token.active",
        "user.username == \"acme-bot\"",
        "user.two_factor",
        "user.name is absent",
        "repository.permission >= write",
        "repository.permission >= admin",
        "repository.visibility == private",
        "repository.default_branch == \"main-1\"",
        "repository.default_branch_protected",
        "workspace.role == member",
        "workspace.role == owner",
        "any hook in workspace.webhooks satisfies (hook.active)",
        "any hook in workspace.webhooks satisfies (hook.secret_set)",
        "any hook in workspace.webhooks satisfies (hook.insecure_ssl)",
        "any hook in workspace.webhooks satisfies (hook.events covers [\"repo:push\"])",
        "any hook in repository.webhooks satisfies (hook.active)",
        "any hook in repository.webhooks satisfies (hook.secret_set)",
        "any hook in repository.webhooks satisfies (hook.insecure_ssl)",
        "any hook in repository.webhooks satisfies (hook.url like \"*token=*\")",
        "any hook in repository.webhooks satisfies (hook.events covers [\"repo:push\"])",
    ],
    exchanges: || {
        let headers = &[("x-oauth-scopes", "account, repository:write, webhook"), ("x-credential-type", "oauth2")];
        let of = |path: &str, body: Json| get(&format!("https://api.bitbucket.org/2.0{path}"), headers, body);
        vec![
            of(
                "/user",
                json!({
                    "uuid": "{0b5e}", "nickname": "acme-bot", "display_name": "Acme Bot", "has_2fa_enabled": true,
                }),
            ),
            of("/user/workspaces/acme/permission", json!({ "permission": "member", "workspace": { "slug": "acme" } })),
            of(
                "/repositories/acme/infra",
                json!({ "full_name": "acme/infra", "is_private": true, "mainbranch": { "name": "main-1" } }),
            ),
            cloud_restrictions(headers),
            of(
                "/user/workspaces/acme/permissions/repositories?q=repository.full_name%3D%22acme%2Finfra%22&pagelen=100",
                json!({
                    "pagelen": 100, "page": 1, "size": 1,
                    "values": [{ "permission": "write", "repository": { "full_name": "acme/infra" } }],
                }),
            ),
            of(
                "/workspaces/acme/hooks?pagelen=100",
                json!({
                    "pagelen": 100, "page": 1, "size": 1,
                    "values": [{
                        "url": "https://plan.acme.dev/events", "active": true, "secret_set": true,
                        "skip_cert_verification": false, "events": ["repo:push", "pullrequest:created"],
                    }],
                }),
            ),
            of(
                "/repositories/acme/infra/hooks?pagelen=100",
                json!({
                    "pagelen": 100, "page": 1, "size": 1,
                    "values": [{
                        "url": "https://plan.acme.dev/events", "active": true, "secret_set": true,
                        "skip_cert_verification": false, "events": ["repo:push", "pullrequest:created"],
                    }],
                }),
            ),
        ]
    },
};

pub(crate) const BITBUCKET_SERVER: Case = Case {
    host: "bitbucket_server",
    web: "https://git.acme.dev",
    api: "https://git.acme.dev/rest/",
    kind: "personal",
    username: None,
    scope: &["acme/infra"],
    statements: &[
        "token.active",
        "token.permissions covers { repository = write }",
        "token.permissions overlaps { project = admin }",
        "token.expires_at is absent",
        "token.expires_in >= 7d",
        "token.name == \"planbot\"",
        "user.username == \"acme-bot\"",
        "user.kind == normal",
        "user.is_bot",
        "user.name is absent",
        "repository.permission >= write",
        "repository.permission >= admin",
        "project.permission >= read",
        "project.permission >= admin",
        "any hook in project.webhooks satisfies (hook.active)",
        "any hook in project.webhooks satisfies (hook.insecure_ssl)",
        "any hook in project.webhooks satisfies (hook.events covers [\"pr:opened\"])",
        "repository.archived",
        "repository.visibility == private",
        "repository.can covers [push]",
        "repository.can overlaps [administer]",
        "repository.can covers [push_default]",
        "repository.can overlaps [merge]",
        "repository.default_branch == \"main-1\"",
        "repository.default_branch_protected",
        "any hook in repository.webhooks satisfies (hook.active)",
        "any hook in repository.webhooks satisfies (hook.insecure_ssl)",
        "any hook in repository.webhooks satisfies (hook.url like \"*token=*\")",
        "any hook in repository.webhooks satisfies (hook.events covers [\"pr:opened\"])",
        "host.version >= \"8.0\"",
    ],
    exchanges: || {
        let headers = &[("x-ausername", "acme-bot")];
        let of = |path: &str, body: Json| get(&format!("https://git.acme.dev/rest{path}"), headers, body);
        let page = |values: Json| json!({ "size": values.as_array().map_or(0, Vec::len), "limit": 100, "start": 0, "isLastPage": true, "values": values });
        let infra = json!({
            "slug": "infra", "name": "infra", "state": "AVAILABLE", "public": false, "archived": false,
            "project": { "key": "ACME", "public": false, "name": "Acme" },
        });
        vec![
            of("/api/1.0/application-properties", json!({ "version": "8.19.1" })),
            of(
                "/api/1.0/users/acme-bot",
                json!({ "name": "acme-bot", "slug": "acme-bot", "type": "NORMAL", "displayName": "Acme Bot" }),
            ),
            of(
                "/access-tokens/1.0/users/acme-bot?limit=100",
                page(json!([{
                    "id": "512", "name": "planbot", "createdDate": 1_767_225_600_000_u64,
                    "expiryDate": 1_798_761_600_000_u64, "lastAuthenticated": 1_795_000_000_000_u64,
                    "permissions": ["PROJECT_READ", "REPO_WRITE"],
                }])),
            ),
            of("/api/1.0/projects/acme/repos/infra", infra.clone()),
            of(
                "/api/1.0/repos?permission=REPO_ADMIN&projectkey=acme&name=infra&archived=ALL&limit=100",
                page(json!([])),
            ),
            of(
                "/api/1.0/repos?permission=REPO_WRITE&projectkey=acme&name=infra&archived=ALL&limit=100",
                page(json!([infra])),
            ),
            of(
                "/api/1.0/projects/acme/repos/infra/default-branch",
                json!({ "id": "refs/heads/main-1", "displayId": "main-1", "type": "BRANCH" }),
            ),
            of(
                "/branch-permissions/2.0/projects/acme/repos/infra/restrictions?limit=100",
                page(json!([{
                    "id": 1, "type": "read-only", "groups": [], "users": [{ "name": "maria" }],
                    "matcher": { "id": "refs/heads/main-1", "type": { "id": "BRANCH" } },
                }])),
            ),
            of("/api/1.0/projects?permission=PROJECT_ADMIN&limit=1000", page(json!([]))),
            of("/api/1.0/projects?permission=PROJECT_WRITE&limit=1000", page(json!([]))),
            of("/api/1.0/projects?permission=PROJECT_READ&limit=1000", page(json!([{ "key": "ACME" }]))),
            of(
                "/api/1.0/projects/acme/webhooks?limit=100",
                page(json!([{
                    "url": "https://plan.acme.dev/events", "active": true, "events": ["pr:opened", "pr:merged"],
                    "sslVerificationRequired": true, "configuration": { "secret": "" },
                }])),
            ),
            of(
                "/api/1.0/projects/acme/repos/infra/webhooks?limit=100",
                page(json!([{
                    "url": "https://plan.acme.dev/events", "active": true, "events": ["pr:opened", "pr:merged"],
                    "sslVerificationRequired": true, "configuration": { "secret": "" },
                }])),
            ),
        ]
    },
};
