//! The GraphQL endpoint: `viewer`, `rateLimit` and aliased `repository` fields, which is all that credcheck asks.

mod parse;

use serde_json::{Map, Value, json};

use self::parse::{Argument, Document, Field, Operation, OperationKind, Selection};
use super::call::{Call, Caller, Outcome, Refusal, Reply};
use super::rules::{limits, role, visibility};
use super::state::{Level, Repository};

/// The most fields that one document may come to once its fragments are spread.
const FIELD_CAP: usize = 20_000;
/// The deepest nesting of fragments.
const DEPTH_CAP: usize = 32;

/// Whether a body is a query and nothing else; what cannot be read is not.
pub(super) fn is_query(body: &[u8]) -> bool {
    let Ok(body) = serde_json::from_slice::<Value>(body) else { return false };
    body.get("query")
        .and_then(Value::as_str)
        .and_then(|text| parse::document(text).ok())
        .is_some_and(|document| document.operations.iter().all(|one| one.kind == OperationKind::Query))
}

/// The answer to a spent budget: 200 with an error, unlike REST.
pub(super) fn rate_limited(refusal: &Refusal) -> Reply {
    Reply::ok(json!({"errors": [{"type": "RATE_LIMITED", "message": refusal.message}]}))
}

/// `POST /graphql`.
pub(super) fn answer(call: &Call<'_>) -> Outcome {
    if matches!(call.caller, Caller::Anonymous) {
        return Err(Refusal::new(401, "This endpoint requires you to be authenticated."));
    }
    let Ok(body) = serde_json::from_slice::<Value>(&call.request.body) else {
        return Err(Refusal::new(400, "Problems parsing JSON"));
    };
    let Some(text) = body.get("query").and_then(Value::as_str) else {
        return Ok(failed("A query attribute must be specified and must be a string."));
    };
    let document = match parse::document(text) {
        Ok(document) => document,
        Err(problem) => return Ok(failed(&format!("Parse error on {problem}"))),
    };
    // A change is not carried out, whatever else the document holds.
    if document.operations.iter().any(|one| one.kind != OperationKind::Query) {
        return Err(Refusal::not_found());
    }
    let wanted = body.get("operationName").and_then(Value::as_str);
    let operation = document.operations.iter().find(|one| wanted.is_none() || one.name.as_deref() == wanted);
    let Some(operation) = operation else { return Ok(failed("No operation to execute")) };
    let empty = Value::Null;
    let variables = body.get("variables").unwrap_or(&empty);
    let mut execution = Execution { call, document: &document, variables, errors: Vec::new(), fields: 0 };
    Ok(match execution.run(operation) {
        Ok(data) if execution.errors.is_empty() => Reply::ok(json!({"data": data})),
        Ok(data) => Reply::ok(json!({"data": data, "errors": execution.errors})),
        Err(invalid) => Reply::ok(json!({"errors": [{"message": invalid}]})),
    })
}

/// An error of the whole document.
fn failed(message: &str) -> Reply {
    Reply::ok(json!({"errors": [{"message": message}]}))
}

/// One operation as it runs.
struct Execution<'a> {
    call: &'a Call<'a>,
    document: &'a Document,
    variables: &'a Value,
    /// Errors of single fields, beside the data.
    errors: Vec<Value>,
    fields: usize,
}

impl<'a> Execution<'a> {
    /// The data, or why the document is not valid as a whole.
    fn run(&mut self, operation: &'a Operation) -> Result<Value, String> {
        let mut data = Map::new();
        for field in self.flatten(&operation.selection)? {
            let value = match field.name.as_str() {
                "__typename" => json!("Query"),
                "viewer" => self.viewer(field)?,
                "rateLimit" => self.rate_limit(field)?,
                "repository" => self.repository(field)?,
                name => return Err(unknown_field(name, "Query")),
            };
            data.insert(field.alias.clone(), value);
        }
        Ok(Value::Object(data))
    }

    /// The fields of a selection with its fragments spread.
    fn flatten(&mut self, selection: &'a [Selection]) -> Result<Vec<&'a Field>, String> {
        let mut fields = Vec::new();
        self.spread(selection, &mut fields, 0)?;
        Ok(fields)
    }

    fn spread(&mut self, selection: &'a [Selection], into: &mut Vec<&'a Field>, depth: usize) -> Result<(), String> {
        if depth > DEPTH_CAP {
            return Err("Fragments are nested too deeply, or contain themselves".to_owned());
        }
        for one in selection {
            self.fields += 1;
            if self.fields > FIELD_CAP {
                return Err("The query exceeds the limit of nodes".to_owned());
            }
            match one {
                Selection::Field(field) => into.push(field),
                Selection::Inline(inner) => self.spread(inner, into, depth + 1)?,
                Selection::Spread(name) => {
                    let document = self.document;
                    let fragment = document.fragments.iter().find(|fragment| &fragment.name == name);
                    let fragment = fragment.ok_or_else(|| format!("Fragment {name} was used, but not defined"))?;
                    self.spread(&fragment.selection, into, depth + 1)?;
                }
            }
        }
        Ok(())
    }

    /// An object of the fields that a selection asks for.
    fn object(&mut self, field: &'a Field, ty: &str, value: impl Fn(&str) -> Option<Value>) -> Result<Value, String> {
        let mut object = Map::new();
        for inner in self.flatten(&field.selection)? {
            let whole = match inner.name.as_str() {
                "__typename" => json!(ty),
                name => value(name).ok_or_else(|| unknown_field(name, ty))?,
            };
            object.insert(inner.alias.clone(), self.narrowed(inner, whole)?);
        }
        if object.is_empty() {
            return Err(format!(
                "Field must have selections (field '{}' returns {ty} but has no selections)",
                field.name
            ));
        }
        Ok(Value::Object(object))
    }

    /// Of an inner object, only what was asked for.
    fn narrowed(&mut self, field: &'a Field, whole: Value) -> Result<Value, String> {
        let Value::Object(all) = whole else { return Ok(whole) };
        let mut object = Map::new();
        for inner in self.flatten(&field.selection)? {
            let value = all.get(&inner.name).cloned();
            object.insert(inner.alias.clone(), value.ok_or_else(|| unknown_field(&inner.name, &field.name))?);
        }
        Ok(Value::Object(object))
    }

    fn viewer(&mut self, field: &'a Field) -> Result<Value, String> {
        let (login, id, name) = match self.call.caller {
            Caller::Anonymous => return Ok(Value::Null),
            Caller::User { user, .. } => (user.login.clone(), user.id, user.name.clone()),
            Caller::Installation { app, .. } => (format!("{}[bot]", app.slug), app.bot_id(), None),
        };
        self.object(field, "User", |asked| match asked {
            "login" => Some(json!(login)),
            "databaseId" => Some(json!(id)),
            "id" => Some(json!(format!("U_{id}"))),
            "name" => Some(json!(name)),
            _ => None,
        })
    }

    fn rate_limit(&mut self, field: &'a Field) -> Result<Value, String> {
        let world = self.call.world;
        if !limits::enabled(world) {
            return Ok(Value::Null);
        }
        let budget = limits::of_caller(world, &self.call.caller, "graphql");
        let reset = jiff::Timestamp::from_second(budget.reset).map(|time| time.to_string()).unwrap_or_default();
        self.object(field, "RateLimit", |asked| match asked {
            "cost" => Some(json!(1)),
            "limit" => Some(json!(budget.limit)),
            "remaining" => Some(json!(budget.remaining())),
            "used" => Some(json!(budget.used)),
            "resetAt" => Some(json!(reset)),
            _ => None,
        })
    }

    fn repository(&mut self, field: &'a Field) -> Result<Value, String> {
        let owner = self.text(field, "owner")?;
        let name = self.text(field, "name")?;
        let full_name = format!("{owner}/{name}");
        let world = self.call.world;
        // A former name leads to the repository; its present name tells.
        let found = world.find_repository(&full_name).or_else(|| world.find_renamed(&full_name));
        let seen = found
            .ok_or_else(Refusal::not_found)
            .and_then(|repository| visibility::see(self.call, repository).map(|()| repository));
        match seen {
            Ok(repository) => {
                let call = self.call;
                self.object(field, "Repository", |asked| repository_field(call, repository, asked))
            }
            Err(refusal) => {
                self.errors.push(error(field, &full_name, &refusal));
                Ok(Value::Null)
            }
        }
    }

    /// A text argument, given in the document or as a variable.
    fn text(&self, field: &Field, name: &str) -> Result<String, String> {
        let argument = field.arguments.iter().find(|(argument, _)| argument == name).map(|(_, argument)| argument);
        let text = match argument {
            Some(Argument::Text(text)) => Some(text.clone()),
            Some(Argument::Variable(variable)) => {
                self.variables.get(variable).and_then(Value::as_str).map(str::to_owned)
            }
            Some(Argument::Other) | None => None,
        };
        text.ok_or_else(|| format!("Field '{}' is missing required arguments: {name}", field.name))
    }
}

/// The error of a repository that is not shown.
fn error(field: &Field, full_name: &str, refusal: &Refusal) -> Value {
    let locations = json!([{"line": field.line, "column": field.column}]);
    if refusal.status == 404 {
        let message = format!("Could not resolve to a Repository with the name '{full_name}'.");
        return json!({"type": "NOT_FOUND", "path": [field.alias], "locations": locations, "message": message});
    }
    let mut error =
        json!({"type": "FORBIDDEN", "path": [field.alias], "locations": locations, "message": refusal.message});
    let single_sign_on = refusal.headers.iter().any(|(name, _)| *name == "x-github-sso");
    if let (true, Value::Object(fields)) = (single_sign_on, &mut error) {
        fields.insert("extensions".to_owned(), json!({"saml_failure": true}));
    }
    error
}

fn unknown_field(name: &str, ty: &str) -> String {
    format!("Field '{name}' doesn't exist on type '{ty}'")
}

/// One field of a repository. `viewerPermission` is the user's role, and null for an installation.
fn repository_field(call: &Call<'_>, repository: &Repository, asked: &str) -> Option<Value> {
    let level = call.caller.user().map(|user| role::of(call.world, &user.login, repository).level);
    let value = match asked {
        "id" => json!(format!("R_{}", repository.id)),
        "databaseId" => json!(repository.id),
        "name" => json!(repository.name),
        "nameWithOwner" => json!(repository.full_name()),
        "url" => json!(format!("https://github.com/{}", repository.full_name())),
        "visibility" => json!(repository.visibility.word().to_ascii_uppercase()),
        "isPrivate" => json!(!repository.is_public()),
        "isArchived" => json!(repository.archived),
        "isDisabled" => json!(repository.disabled),
        "isFork" | "isMirror" => json!(false),
        "viewerCanAdminister" => json!(level == Some(Level::Admin)),
        "viewerPermission" => match level {
            Some(level) if level > Level::None => json!(level.role_name().to_ascii_uppercase()),
            _ => Value::Null,
        },
        "defaultBranchRef" => match &repository.default_branch {
            branch if branch.empty => Value::Null,
            branch => json!({"name": branch.name, "__typename": "Ref"}),
        },
        "owner" => {
            let organization = call.world.find_organization(&repository.owner);
            json!({
                "__typename": if organization.is_some() { "Organization" } else { "User" },
                "login": organization.map_or(repository.owner.as_str(), |organization| organization.login.as_str()),
            })
        }
        _ => return None,
    };
    Some(value)
}
