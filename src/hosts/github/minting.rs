//! Minting installation tokens, narrowed to what is asked: `POST /app/installations/NUMBER/access_tokens`, and
//! `DELETE /installation/token` when it was.

use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::requests;
use super::tables::host;
use super::told::Told;
use crate::facts::{Credential, Exchange, FactSet, HttpRequest, RequestLabel, SubjectFacts, Target, Value};
use crate::hosts::{As, Grant, Mint, Of, Question};
use crate::text::strict_json;

/// The most repositories that a token can be narrowed to by name.
const MOST_REPOSITORIES: usize = 500;

/// As whom a question is asked: with an App's key, what is not about the App takes a token of its installation.
pub(super) fn asks_as(question: &Question<'_>) -> As {
    let permissions: &[(&str, &str)] = match question.row.name {
        "repository" => &[("metadata", "read")],
        "default_branch" => &[("metadata", "read"), ("contents", "read")],
        "webhooks" => &[("metadata", "read"), ("repository_hooks", "read")],
        "job_permissions" => &[("metadata", "read"), ("administration", "read")],
        "granted_tokens" => {
            let Target::Repository(repository) = question.target() else { return As::Itself };
            return As::Minted(Grant {
                installation: Of::Checker(repository.owner().to_owned()),
                repositories: Vec::new(),
                permissions: vec![("organization_personal_access_tokens", "read")],
            });
        }
        _ => return As::Itself,
    };
    if question.kind.is_none_or(|kind| kind.word != "app_key") {
        return As::Itself;
    }
    let Target::Repository(asked) = question.target() else { return As::Itself };
    let facts = question.so_far;
    let own = facts.repository_position(asked).and_then(|at| facts.repositories.get(at));
    let Some(number) = own.and_then(|(_, facts)| installation(facts)) else { return As::Itself };
    As::Minted(Grant {
        installation: Of::Own(number),
        repositories: covered(facts, number, asked.name()),
        permissions: permissions.to_vec(),
    })
}

/// The token that lists what an installation covers: it cannot be narrowed to what is not known yet.
pub(super) fn lists(installation: u64) -> As {
    As::Minted(Grant {
        installation: Of::Own(installation),
        repositories: Vec::new(),
        permissions: vec![("metadata", "read")],
    })
}

fn installation(facts: &SubjectFacts) -> Option<u64> {
    match facts.get(host().fact("installation.id")?)?.knowledge.value()? {
        Value::Integer(number) => u64::try_from(*number).ok(),
        _ => None,
    }
}

/// The names of the repositories in scope that an installation covers: as many as one token takes, `asked` among them.
fn covered(facts: &FactSet, number: u64, asked: &str) -> Vec<String> {
    let names: Vec<String> = facts
        .repositories
        .iter()
        .filter(|(_, facts)| installation(facts) == Some(number))
        .map(|(name, _)| name.name().to_owned())
        .collect();
    let chunk = names.chunks(MOST_REPOSITORIES).find(|chunk| chunk.iter().any(|name| name.eq_ignore_ascii_case(asked)));
    chunk.map_or_else(|| vec![asked.to_owned()], <[String]>::to_vec)
}

/// How GitHub mints.
pub(super) struct GitHubMint;

impl GitHubMint {
    fn request(credential: &Credential, method: &'static str, path: &str, body: Option<&Json>) -> HttpRequest {
        let url = format!("{}{path}", requests::base(&credential.api, false));
        HttpRequest {
            label: Arc::new(RequestLabel { method, url }),
            headers: requests::headers(),
            body: body.map(Json::to_string),
            once: false,
        }
    }
}

impl Mint for GitHubMint {
    fn find(&self, credential: &Credential, organization: &str) -> HttpRequest {
        let name = percent_encoding::utf8_percent_encode(organization, percent_encoding::NON_ALPHANUMERIC);
        Self::request(credential, "GET", &format!("/orgs/{name}/installation"), None)
    }

    fn found(&self, exchange: &Exchange) -> Result<u64, String> {
        let answer = exchange.result.as_ref().map_err(ToString::to_string)?;
        match answer.status {
            200 => field(&answer.body, "/id")
                .and_then(|id| id.as_u64())
                .ok_or_else(|| "the answer about the checker App's installation makes no sense".to_owned()),
            404 => Err("the checker App is not installed in the organisation".to_owned()),
            401 => Err("GitHub does not take the checker App's key".to_owned()),
            status => Err(format!("GitHub answers {status} about the checker App's installation")),
        }
    }

    fn mint(&self, credential: &Credential, installation: u64, grant: &Grant) -> HttpRequest {
        let permissions: serde_json::Map<String, Json> =
            grant.permissions.iter().map(|(name, level)| ((*name).to_owned(), json!(level))).collect();
        let mut body = json!({ "permissions": permissions });
        if let Some(fields) = body.as_object_mut()
            && !grant.repositories.is_empty()
        {
            fields.insert("repositories".to_owned(), json!(grant.repositories));
        }
        Self::request(credential, "POST", &format!("/app/installations/{installation}/access_tokens"), Some(&body))
    }

    fn minted(&self, exchange: &Exchange) -> Result<&'static str, String> {
        let answer = exchange.result.as_ref().map_err(|failure| format!("no token could be minted: {failure}"))?;
        if answer.status == 201 {
            return Ok("/token");
        }
        let why = match Told::read(&answer.body).words() {
            words if words.is_empty() => String::new(),
            words => format!(": {words}"),
        };
        Err(format!("GitHub mints no token for the App's installation ({}){why}", answer.status))
    }

    fn revoke(&self, credential: &Credential) -> HttpRequest {
        Self::request(credential, "DELETE", "/installation/token", None)
    }

    fn planned(&self, credential: &Credential, checked: Option<&str>) -> Vec<RequestLabel> {
        let base = requests::base(&credential.api, false);
        let find = checked.map(|organization| self.find(credential, organization).label.as_ref().clone());
        let number = match credential.app.installation {
            Some(number) if checked.is_none() => number.to_string(),
            _ => "{installation}".to_owned(),
        };
        let mint = RequestLabel { method: "POST", url: format!("{base}/app/installations/{number}/access_tokens") };
        let revoke = RequestLabel { method: "DELETE", url: format!("{base}/installation/token") };
        find.into_iter().chain([mint, revoke]).collect()
    }
}

fn field(body: &[u8], pointer: &str) -> Option<Json> {
    strict_json::parse(body).ok()?.pointer(pointer).cloned()
}
