//! What the server tells of itself.

use serde_json::{Value, json};

use crate::simulator::github::Flavour;
use crate::simulator::github::call::{Call, Outcome, Refusal, Reply, Route};
use crate::simulator::github::rules::limits;

pub(super) const ROOT: Route = Route::rest("", None, "https://docs.github.com/rest/meta/meta#github-api-root");
pub(super) const META: Route =
    Route::rest("", None, "https://docs.github.com/rest/meta/meta#get-github-meta-information");
pub(super) const RATE_LIMIT: Route = Route::rest(
    "",
    None,
    "https://docs.github.com/rest/rate-limit/rate-limit#get-rate-limit-status-for-the-authenticated-user",
);

/// `GET /`.
pub(super) fn root(call: &Call<'_>) -> Outcome {
    Ok(Reply::ok(json!({
        "current_user_url": format!("{}/user", call.base),
        "rate_limit_url": format!("{}/rate_limit", call.base),
        "repository_url": format!("{}/repos/{{owner}}/{{repo}}", call.base),
    })))
}

/// `GET /meta`; `installed_version` on an Enterprise Server only.
pub(super) fn meta(call: &Call<'_>) -> Outcome {
    let mut body = json!({"verifiable_password_authentication": false});
    if let (Flavour::EnterpriseServer { version }, Value::Object(fields)) = (&call.world.flavour, &mut body) {
        fields.insert("installed_version".to_owned(), json!(version));
    }
    Ok(Reply::ok(body))
}

/// `GET /rate_limit`: free of charge. 404 where limits are off.
pub(super) fn rate_limit(call: &Call<'_>) -> Outcome {
    if !limits::enabled(call.world) {
        return Err(Refusal::new(404, "Rate limiting is not enabled."));
    }
    let of = |resource| {
        let budget = limits::of_caller(call.world, &call.caller, resource);
        json!({"limit": budget.limit, "remaining": budget.remaining(), "reset": budget.reset, "used": budget.used})
    };
    let mut body = json!({"resources": {"core": of("core"), "graphql": of("graphql")}});
    // The newer REST version dropped the copy of `core` at the top.
    if call.request.header("x-github-api-version") != Some("2026-03-10")
        && let Value::Object(fields) = &mut body
    {
        fields.insert("rate".to_owned(), of("core"));
    }
    Ok(Reply::ok(body))
}
