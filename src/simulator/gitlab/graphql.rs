//! The one query that credcheck sends: projects by their full paths.

use serde_json::{Map, Value, json};

use super::branches;
use super::endpoints::{Call, Outcome};
use super::rules::{self, Refusal};
use super::state::{Level, Project};
use super::token::TokenKind;

/// The most paths of a query.
const MOST_PATHS: usize = 50;

/// Whether a body is a query: an operation that only reads.
pub(super) fn is_query(body: &[u8]) -> bool {
    let body: Value = serde_json::from_slice(body).unwrap_or(Value::Null);
    let text = body.get("query").and_then(Value::as_str).unwrap_or_default().trim_start();
    (text.starts_with("query") || text.starts_with('{')) && !text.contains("mutation")
}

fn error(message: &str) -> Value {
    json!({ "errors": [{ "message": message }] })
}

/// The answer to a query.
pub(super) fn answer(call: &Call<'_>) -> Outcome {
    let body: Value = serde_json::from_slice(&call.request.body).unwrap_or(Value::Null);
    let text = body.get("query").and_then(Value::as_str).unwrap_or_default();
    let Some(caller) = call.caller else { return Ok(json!({ "data": {"projects": {"nodes": []}} }).into()) };
    if !text.contains("projects(fullPaths:") {
        return Ok(error("this simulator answers queries for projects by their full paths").into());
    }
    if !call.world.batches {
        return Ok(error("Field 'projects' doesn't accept argument 'fullPaths'").into());
    }
    let Some(user) = caller.user.filter(|_| !matches!(caller.token.kind, TokenKind::Job | TokenKind::Deploy)) else {
        return Err(Refusal::new(401, error("Invalid token")));
    };
    let reads = caller.token.scopes.iter().any(|scope| scope == "api" || scope == "read_api");
    if caller.token.kind == TokenKind::FineGrained || !reads {
        // A refusal of a query is silence.
        return Ok(json!({ "data": { "projects": null } }).into());
    }
    let variables = body.get("variables").and_then(Value::as_object).cloned().unwrap_or_default();
    let paths: Vec<&str> = variables.values().filter_map(Value::as_array).flatten().filter_map(Value::as_str).collect();
    if paths.len() > MOST_PATHS {
        return Ok(error("fullPaths may have 50 paths at most").into());
    }
    // Archived projects are left out, as a list leaves them out unless it is asked for them.
    let found = paths
        .iter()
        .filter_map(|path| call.world.find_project(path))
        .filter(|project| !project.archived && rules::sees(call.world, project, user))
        .filter(|project| !rules::demands_fine_grained(call.world, project.owner()));
    let level = |project: &Project| {
        rules::in_project(call.world, project, user)
            .filter(|member| !member.awaiting)
            .map_or(Level::None, |member| member.level)
    };
    let nodes = found
        .map(|project| {
            let mut node = Map::new();
            let mut add = |name: &str, value: Value| {
                if text.contains(name) {
                    node.insert(name.to_owned(), value);
                }
            };
            add("id", format!("gid://gitlab/Project/{}", project.id).into());
            add("fullPath", project.path.clone().into());
            add("visibility", project.visibility.into());
            add("archived", project.archived.into());
            let pushes = level(project) >= Level::Developer && !project.switched_off && !project.mirror;
            add("userPermissions", json!({ "pushCode": pushes }));
            let branch = Some(&project.default_branch.name).filter(|_| !project.default_branch.empty);
            let reads = branches::reads_code(call.world, project, user);
            add("repository", if reads { json!({ "rootRef": branch }) } else { Value::Null });
            add("maxAccessLevel", json!({ "integerValue": level(project).number() }));
            Value::Object(node)
        })
        .collect::<Vec<_>>();
    Ok(json!({ "data": { "projects": { "nodes": nodes } } }).into())
}
