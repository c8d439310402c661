//! Every rule, asked over HTTP by a plain client, as credcheck itself will ask.

mod credentials;
mod graphql;
mod lists;
mod organizations;
mod repositories;
mod servers;

use jiff::Timestamp;
use reqwest::header::HeaderMap;
use serde_json::Value;

use super::{Level, Organization, OrganizationRole, Repository, Running, Token, World};
use crate::simulator::client as bare;

/// The world's time in these tests.
fn now() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

/// A token's text, put together so that no scanner takes it for a real one.
fn text(prefix: &str) -> String {
    [prefix, &"x1".repeat(18)].join("_")
}

/// An organisation `acme` with a private and a public repository; `bot` is a member with write on the private one.
fn acme() -> World {
    World::new(now())
        .organization(Organization::new("acme").member("bot", OrganizationRole::Member))
        .repository(Repository::new("acme/infra").private().collaborator("bot", Level::Write))
        .repository("acme/docs")
}

/// A classic token of `bot` with these scopes.
fn classic(scopes: &[&str]) -> Token {
    Token::classic(&text("ghp")).owner("bot").scopes(scopes.iter().copied())
}

/// A fine-grained token of `bot` for `acme`.
fn fine_grained() -> Token {
    Token::fine_grained(&text("github_pat")).owner("bot").resource_owner("acme").expires_in_days(30)
}

/// An answer, read.
struct Got {
    status: u16,
    headers: HeaderMap,
    text: String,
}

impl Got {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("JSON: {}", self.text))
    }

    /// A header; several of one name are joined.
    fn header(&self, name: &str) -> Option<String> {
        let values: Vec<&str> = self.headers.get_all(name).iter().map(|value| value.to_str().unwrap()).collect();
        (!values.is_empty()).then(|| values.join(", "))
    }

    fn message(&self) -> String {
        self.json()["message"].as_str().unwrap().to_owned()
    }

    /// The status and message of an error.
    fn error(&self) -> (u16, String) {
        (self.status, self.message())
    }

    /// The full names of a list of repositories.
    fn names(&self) -> Vec<String> {
        let body = self.json();
        let list = body.as_array().or_else(|| body["repositories"].as_array()).unwrap();
        list.iter().map(|repository| repository["full_name"].as_str().unwrap().to_owned()).collect()
    }
}

fn client() -> reqwest::Client {
    bare::builder().user_agent("credcheck-tests/1").build().unwrap()
}

async fn send(request: reqwest::RequestBuilder) -> Got {
    let answer = request.send().await.unwrap();
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    Got { status, headers, text: answer.text().await.unwrap() }
}

/// `GET` of a path below the API's base, with a token's prefix as [`text`] spells it; none for an empty prefix.
async fn get(running: &Running, prefix: &str, path: &str) -> Got {
    let request = client().get(format!("{}{path}", running.api_url()));
    send(if prefix.is_empty() { request } else { request.bearer_auth(text(prefix)) }).await
}
