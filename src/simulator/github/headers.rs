//! The headers that GitHub sends, by kind of credential, and the shape of its bodies.

use serde_json::{Value, json};

use super::call::{Refusal, Reply, Route};
use super::rules::limits;
use super::token::TokenKind;
use super::world::World;
use crate::simulator::{Answer, Request};

/// When REST version 2022-11-28 was deprecated, and when it ends (recorded 2026-06-25).
const DEPRECATED: &str = "Tue, 10 Mar 2026 00:00:00 GMT";
const SUNSET: &str = "Fri, 10 Mar 2028 00:00:00 GMT";
/// 2026-03-10T00:00:00Z.
const DEPRECATED_SECONDS: i64 = 1_773_100_800;

/// What of an answer is settled before the endpoint is known.
pub(super) struct Shape {
    /// The REST version chosen; `None` on GraphQL and where the request's is not one.
    version: Option<String>,
    /// The rate limit's resource.
    pub(super) resource: &'static str,
}

impl Shape {
    pub(super) fn of(world: &World, request: &Request, graphql: bool) -> Self {
        if graphql {
            return Self { version: None, resource: "graphql" };
        }
        let version = request.header("x-github-api-version").unwrap_or("2022-11-28");
        let version = world.supports(version).then(|| version.to_owned());
        Self { version, resource: "core" }
    }

    /// An answer to an App's own request, which counts on no limit.
    pub(super) fn unlimited(world: &World, request: &Request) -> Self {
        Self { resource: "", ..Self::of(world, request, false) }
    }

    /// An answer that is no error.
    pub(super) fn reply(&self, world: &World, token: Option<usize>, route: &Route, reply: Reply) -> Answer {
        let mut answer = Answer::new(reply.status, reply.body.to_string());
        answer.headers = self.headers(world, token, route, reply.headers);
        answer
    }

    /// An error: GitHub's three fields, the status as a string, which servers below 3.15 do not send yet.
    pub(super) fn refusal(&self, world: &World, token: Option<usize>, route: &Route, refusal: Refusal) -> Answer {
        let mut body = json!({
            "message": refusal.message,
            "documentation_url": refusal.documentation.unwrap_or(route.documentation),
        });
        if world.flavour.server_version().is_none_or(|version| version >= (3, 15))
            && let Value::Object(fields) = &mut body
        {
            fields.insert("status".to_owned(), json!(refusal.status.to_string()));
        }
        let mut answer = Answer::new(refusal.status, body.to_string());
        // A credential that was refused gets none of the headers that tell of it.
        let token = token.filter(|_| refusal.status != 401);
        answer.headers = self.headers(world, token, route, refusal.headers);
        answer
    }

    fn headers(
        &self,
        world: &World,
        token: Option<usize>,
        route: &Route,
        own: Vec<(&'static str, String)>,
    ) -> Vec<(String, String)> {
        let mut headers = Headers(Vec::new());
        headers.add("server", "github.com");
        if let Ok(date) = jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&world.now) {
            headers.add("date", date);
        }
        headers.add("content-type", "application/json; charset=utf-8");
        headers.add("x-github-media-type", route.media_type);
        headers.add("x-github-request-id", request_id(world));
        // Several `Vary` headers in one answer are the rule.
        headers.add("vary", "Accept, Authorization, Cookie, X-GitHub-OTP,Accept-Encoding, Accept, X-Requested-With");
        headers.add("vary", "Accept-Encoding");
        self.about_token(world, token, route, &mut headers);
        if let super::world::Flavour::EnterpriseServer { version } = &world.flavour {
            headers.add("x-github-enterprise-version", version.clone());
        }
        if limits::enabled(world) && !self.resource.is_empty() {
            let budget = limits::budget(world, &limits::who(world, token), self.resource);
            headers.add("x-ratelimit-limit", budget.limit.to_string());
            headers.add("x-ratelimit-remaining", budget.remaining().to_string());
            headers.add("x-ratelimit-used", budget.used.to_string());
            headers.add("x-ratelimit-reset", budget.reset.to_string());
            headers.add("x-ratelimit-resource", self.resource);
        }
        let mut own = own;
        if let Some(version) = &self.version {
            headers.add("x-github-api-version-selected", version.clone());
            self.about_version(world, version, &mut headers, &mut own);
        }
        headers.0.extend(own.into_iter().map(|(name, value)| (name.to_owned(), value)));
        headers.0
    }

    /// What is told of the credential: see the table of header fingerprints, by kind.
    fn about_token(&self, world: &World, token: Option<usize>, route: &Route, headers: &mut Headers) {
        let Some(token) = token.and_then(|index| world.tokens.get(index)) else { return };
        match token.kind {
            TokenKind::Classic | TokenKind::OauthApp | TokenKind::AppUser => {
                headers.add("x-oauth-scopes", token.scopes.join(", "));
                if let Some(scopes) = route.accepted_scopes {
                    headers.add("x-accepted-oauth-scopes", scopes);
                }
            }
            TokenKind::FineGrained | TokenKind::AppInstallation => {
                if let Some(permissions) = route.accepted_permissions {
                    headers.add("x-accepted-github-permissions", permissions);
                }
            }
        }
        if let Some(client_id) = &token.client_id {
            headers.add("x-oauth-client-id", client_id.clone());
        }
        if let Some(expiry) = token.expiry_header() {
            headers.add("github-authentication-token-expiration", expiry);
        }
    }

    /// The notice of a deprecated version; its link joins the pages' links, if there are any.
    fn about_version(&self, world: &World, version: &str, headers: &mut Headers, own: &mut Vec<(&str, String)>) {
        let deprecated = version == "2022-11-28" && world.now.as_second() >= DEPRECATED_SECONDS;
        if !deprecated || world.flavour.server_version().is_some() {
            return;
        }
        headers.add("deprecation", DEPRECATED);
        headers.add("sunset", SUNSET);
        let notice =
            "<https://docs.github.com/rest/about-the-rest-api/api-versions>; rel=\"deprecation\"; type=\"text/html\"";
        match own.iter_mut().find(|(name, _)| *name == "link") {
            Some((_, links)) => *links = format!("{links}, {notice}"),
            None => own.push(("link", notice.to_owned())),
        }
    }
}

/// Headers as they gather.
struct Headers(Vec<(String, String)>);

impl Headers {
    fn add(&mut self, name: &str, value: impl Into<String>) {
        self.0.push((name.to_owned(), value.into()));
    }
}

/// Shaped like GitHub's: five groups of hexadecimal digits, the last a time.
fn request_id(world: &World) -> String {
    format!("C0DE:1B2C:{:X}:{:X}:{:X}", 0x3D_4E5F + world.answered, 0x6A_7B8C + world.answered, world.now.as_second())
}
