//! Routes about the instance itself.

use serde_json::json;

use super::call::{Call, Outcome};
use super::paging::counted;
use super::refusal::{Refusal, json_answer};
use super::release::Difference;
use crate::simulator::Answer;

/// The number and the names of scheduled tasks are not those of a real server.
const TASKS: [&str; 3] = ["update_mirrors", "repo_health_check", "archive_cleanup"];

pub(super) fn version(call: &Call<'_>, _: &[&str]) -> Outcome {
    Ok(json_answer(200, &json!({"version": call.world.release.text()})))
}

pub(super) fn api_settings(call: &Call<'_>, _: &[&str]) -> Outcome {
    let most = call.world.page_limit;
    let mut body = json!({
        "max_response_items": most, "default_paging_num": 30, "default_git_trees_per_page": 1000,
        "default_max_blob_size": 10_485_760,
    });
    if let Some(body) = body.as_object_mut().filter(|_| call.has(Difference::LimitsResponses)) {
        body.insert("default_max_response_size".to_owned(), json!(104_857_600));
    }
    Ok(json_answer(200, &body))
}

pub(super) fn repository_settings(call: &Call<'_>, _: &[&str]) -> Outcome {
    let mut body = json!({
        "mirrors_disabled": false, "http_git_disabled": call.world.git_off, "migrations_disabled": false,
        "stars_disabled": false, "time_tracking_disabled": false, "lfs_disabled": true,
    });
    if let Some(body) = body.as_object_mut().filter(|_| call.world.release.is_forgejo()) {
        body.insert("forks_disabled".to_owned(), json!(false));
    }
    Ok(json_answer(200, &body))
}

pub(super) fn signing_key(call: &Call<'_>, _: &[&str]) -> Outcome {
    if call.has(Difference::SigningKeyMissing) {
        return Err(Refusal::message(404, "no signing key"));
    }
    Ok(Answer::new(200, ""))
}

pub(super) fn tasks(call: &Call<'_>, _: &[&str]) -> Outcome {
    call.site_admin()?;
    let tasks = TASKS.map(|name| {
        json!({
            "name": name, "schedule": "@midnight", "next": call.world.now.to_string(), "prev": "0001-01-01T00:00:00Z",
            "exec_times": 0,
        })
    });
    if call.has(Difference::PagesTasks) {
        return call.list(tasks.to_vec());
    }
    Ok(counted(json_answer(200, &json!(tasks)), tasks.len()))
}
