//! The default branch, and the rules that bear on it.

use serde_json::{Value, json};

use crate::simulator::github::call::{Call, Caller, Outcome, Refusal, Reply, Route};
use crate::simulator::github::rules::visibility;
use crate::simulator::github::state::{Access, Repository};

pub(super) const BRANCH: Route =
    Route::rest("", Some("contents=read"), "https://docs.github.com/rest/branches/branches#get-a-branch");
pub(super) const RULES: Route =
    Route::rest("", Some("metadata=read"), "https://docs.github.com/rest/repos/rules#get-rules-for-a-branch");

/// Who was not given the contents of a repository that not everybody reads hears that the token is not for it.
fn reads_contents(call: &Call<'_>, repository: &Repository) -> Result<(), Refusal> {
    let by_permissions = match call.caller {
        Caller::Anonymous => false,
        Caller::Installation { .. } => true,
        Caller::User { token, .. } => !token.kind.has_scopes(),
    };
    let granted =
        visibility::covers(call, repository) && call.has_permission(&repository.owner, "contents", Access::Read);
    if by_permissions && !repository.is_public() && !granted {
        return Err(call.not_accessible());
    }
    Ok(())
}

/// `GET /repos/O/R/branches/B`.
pub(super) fn branch(call: &Call<'_>, repository: &Repository, name: &str) -> Outcome {
    visibility::see(call, repository)?;
    reads_contents(call, repository)?;
    let branch = &repository.default_branch;
    if branch.empty || branch.name != name {
        return Err(Refusal::new(404, "Branch not found"));
    }
    let sha = "6dcb09b5b57875f334f61aebed695e2e4193db5e";
    Ok(Reply::ok(json!({
        "name": branch.name,
        "commit": {"sha": sha, "url": format!("{}/repos/{}/commits/{sha}", call.base, repository.full_name())},
        "protected": branch.protected,
        "protection": {
            "enabled": branch.protected,
            "required_status_checks": {"enforcement_level": "off", "contexts": [], "checks": []},
        },
    })))
}

/// `GET /repos/O/R/rules/branches/B`: the branch need not exist. Servers before 3.11 have no rulesets.
pub(super) fn rules(call: &Call<'_>, repository: &Repository, name: &str) -> Outcome {
    visibility::see(call, repository)?;
    if call.world.flavour.server_version().is_some_and(|version| version < (3, 11)) {
        return Err(Refusal::not_found());
    }
    let own = repository.default_branch.rules.iter().filter(|_| repository.default_branch.name == name);
    let all: Vec<Value> = (701_u64..)
        .zip(own)
        .map(|(id, kind)| {
            json!({
                "type": kind, "ruleset_id": id, "ruleset_source_type": "Repository",
                "ruleset_source": repository.full_name(),
            })
        })
        .collect();
    let (rules, link) = call.page(all, &format!("/repositories/{}/rules/branches/{name}", repository.id));
    Ok(Reply::ok(Value::Array(rules)).header("link", link))
}
