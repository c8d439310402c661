//! The HTTP client: one request in, one [`Exchange`] out, with every attempt on the way.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use url::Url;
use zeroize::Zeroizing;

use super::app_key::AppKey;
use super::body;
use super::budget::{Budget, Counted};
use super::failure::{self, Broken};
use super::limits::LimitHeaders;
use super::redirect::{self, Redirect};
use super::retry;
use super::route::Routes;
use super::settings::ClientSettings;
use super::tls::ClientError;
use crate::facts::{Answer, Attempt, Exchange, Failure, HttpRequest};
use crate::text::secret::Secret;

/// How a credential goes into a request.
#[derive(Clone, Debug)]
pub enum Authorization {
    /// `Authorization: Bearer …`.
    Bearer(Secret),
    /// `Authorization: token …`.
    Token(Secret),
    /// `Authorization: Basic …` of username and secret.
    Basic(String, Secret),
    /// A header of its own (`PRIVATE-TOKEN`), by its lower-case name.
    Header(&'static str, Secret),
    /// `Authorization: Bearer …` of a token that the App's key signs, a new one when the last ends.
    Signed(Arc<AppKey>),
}

impl Authorization {
    /// What is sent at a time: a token in place of the key that signs it.
    fn at(&self, now: Timestamp) -> Result<Self, Failure> {
        match self {
            Self::Signed(key) => match key.token(now) {
                Some(token) => Ok(Self::Bearer(token)),
                None => Err(Failure::Connection("the App's key could not sign a token".into())),
            },
            other => Ok(other.clone()),
        }
    }

    /// The header, marked sensitive so that no `Debug` of the HTTP stack shows it.
    fn header(&self) -> Option<(HeaderName, HeaderValue)> {
        let (name, value) = match self {
            Self::Bearer(secret) => {
                (reqwest::header::AUTHORIZATION, Zeroizing::new(format!("Bearer {}", secret.expose())))
            }
            Self::Token(secret) => {
                (reqwest::header::AUTHORIZATION, Zeroizing::new(format!("token {}", secret.expose())))
            }
            Self::Basic(username, secret) => {
                let pair = Zeroizing::new(format!("{username}:{}", secret.expose()));
                let encoded = Zeroizing::new(STANDARD.encode(pair.as_bytes()));
                (reqwest::header::AUTHORIZATION, Zeroizing::new(format!("Basic {}", encoded.as_str())))
            }
            Self::Header(name, secret) => {
                (HeaderName::from_bytes(name.as_bytes()).ok()?, Zeroizing::new(secret.expose().to_owned()))
            }
            // A key is never sent, only what it signs.
            Self::Signed(_) => return None,
        };
        let mut value = HeaderValue::from_bytes(value.as_bytes()).ok()?;
        value.set_sensitive(true);
        Some((name, value))
    }

    /// The secret that is sent; `None` for a key, which is never sent itself.
    pub const fn secret(&self) -> Option<&Secret> {
        match self {
            Self::Bearer(secret) | Self::Token(secret) | Self::Basic(_, secret) | Self::Header(_, secret) => {
                Some(secret)
            }
            Self::Signed(_) => None,
        }
    }
}

/// As whom requests are sent: a credential with its secret, and how its host names the rate limit.
#[derive(Clone, Debug)]
pub struct Account {
    /// The credential's name; a host counts each credential's requests apart.
    pub credential: String,
    /// How its secret goes into a request.
    pub authorization: Authorization,
    /// The headers that show the rate limit; `None` where the host sends none.
    pub limits: Option<LimitHeaders>,
}

/// The HTTP client of a run. Nothing is set up before the first request, so that a run that needs no network starts at
/// once.
pub struct Client {
    settings: ClientSettings,
    now: fn() -> Timestamp,
    routes: Routes,
}

/// One request, ready to be sent as often as it takes.
struct Prepared<'a> {
    method: reqwest::Method,
    headers: HeaderMap,
    body: Option<&'a str>,
}

impl Client {
    /// A client. `now` is the wall clock: for [`Answer::at`], and for waits until a date where an answer has no `Date`.
    ///
    /// # Errors
    /// [`ClientError`] where the certificate authorities cannot be read.
    pub fn new(settings: &ClientSettings, now: fn() -> Timestamp) -> Result<Self, ClientError> {
        Ok(Self { settings: settings.clone(), now, routes: Routes::new(settings)? })
    }

    /// Sends a request until there is an answer worth keeping, or a failure.
    pub async fn send(&self, request: &HttpRequest, account: &Account, budget: &Budget) -> Exchange {
        let mut attempts = Vec::new();
        let result = self.answer(request, account, budget, &mut attempts).await;
        Exchange { request: Arc::clone(&request.label), result, attempts }
    }

    async fn answer(
        &self,
        request: &HttpRequest,
        account: &Account,
        budget: &Budget,
        attempts: &mut Vec<Attempt>,
    ) -> Result<Answer, Failure> {
        let mut url = usable_url(&request.label.url)?;
        let authorization = account.authorization.at((self.now)())?;
        let prepared = prepare(request, &authorization)?;
        let counted = Counted::new(&url, &account.credential, request.label.method);
        let (mut hops, mut retries) = (0, 0);
        // A write goes once: nobody knows what became of one without an answer.
        let settings =
            if request.once { &ClientSettings { retries: 0, ..self.settings.clone() } } else { &self.settings };
        let mut last: Option<Result<Answer, Failure>> = None;
        loop {
            let permit = match budget.admit(&counted, self.settings.longest_wait).await {
                Ok(permit) => permit,
                // A retry that the budget does not allow leaves what the attempt before it gave.
                Err(refused) => return last.unwrap_or(Err(refused)),
            };
            let since = tokio::time::Instant::now();
            let attempt = self.attempt(&url, &prepared);
            // A read ends with the run. What may write is never left alone: it ends with its own time.
            let deadline = budget.deadline().filter(|_| request.label.method == "GET");
            let outcome = match deadline {
                Some(deadline) => tokio::time::timeout_at(deadline, attempt)
                    .await
                    .unwrap_or_else(|_| Err(Broken::lasting(budget.over()))),
                None => attempt.await,
            };
            drop(permit);
            attempts.push(Attempt { status: outcome.as_ref().ok().map(|answer| answer.status) });
            match outcome {
                Ok(answer) => {
                    if let Some(window) = account.limits.as_ref().and_then(|limits| limits.window(&answer)) {
                        budget.observe(&url, &account.credential, request.label.method, window);
                    }
                    match redirect::read(&answer, &url, request.label.method, hops, authorization.secret()) {
                        Redirect::No => {}
                        Redirect::Follow(next) => {
                            hops += 1;
                            url = next;
                            last = None;
                            continue;
                        }
                        Redirect::Refuse(failure) => return Err(failure),
                    }
                    let advice = retry::after_answer(&answer, account.limits.as_ref(), retries, settings);
                    if let Some(pause) = advice.pause {
                        budget.pause(&counted, pause);
                    }
                    let Some(wait) = advice.wait else { return Ok(answer) };
                    // What is not waited for stands as it is.
                    if budget.wait(&counted, wait).await.is_err() {
                        return Ok(answer);
                    }
                    last = Some(Ok(answer));
                }
                Err(broken) => {
                    budget.in_vain(&counted, since);
                    let wait = if broken.transient { retry::backoff(retries, settings) } else { None };
                    let Some(wait) = wait else { return Err(broken.failure) };
                    if budget.wait(&counted, wait).await.is_err() {
                        return Err(broken.failure);
                    }
                    last = Some(Err(broken.failure));
                }
            }
            retries += 1;
        }
    }

    /// Sends once and reads the whole answer.
    async fn attempt(&self, url: &Url, prepared: &Prepared<'_>) -> Result<Answer, Broken> {
        let route = self.routes.to(url).map_err(Broken::lasting)?;
        let started = tokio::time::Instant::now();
        let broken = |error: &reqwest::Error| {
            let waited = started.elapsed();
            let limit = if waited >= self.settings.whole_timeout() {
                self.settings.whole_timeout()
            } else {
                self.settings.timeout
            };
            failure::classify(error, &route.place, limit)
        };
        let mut sent = route.client.request(prepared.method.clone(), url.clone()).headers(prepared.headers.clone());
        if let Some(body) = prepared.body {
            sent = sent.body(body.to_owned());
        }
        let response = sent.send().await.map_err(|error| broken(&error))?;
        let status = response.status().as_u16();
        if status == 407 && route.place.proxy.is_some() {
            return Err(Broken::lasting(route.place.proxy_credentials()));
        }
        let headers = response
            .headers()
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect();
        let body = body::read(response, self.settings.body_cap).await.map_err(|stopped| match stopped {
            body::Stopped::TooLarge => Broken::lasting(Failure::TooLarge(self.settings.body_cap)),
            body::Stopped::Encoded => {
                Broken::lasting(Failure::Unreadable("its body has an encoding that was not asked for".into()))
            }
            body::Stopped::Broken(error) => broken(&error),
        })?;
        Ok(Answer { status, headers, body, at: (self.now)() })
    }
}

/// The URL of a request, where it is one that may be sent.
fn usable_url(text: &str) -> Result<Url, Failure> {
    let url = Url::parse(text).map_err(|_| Failure::Connection("the request's address is not a URL".into()))?;
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        return Err(Failure::Connection("the request's address is not an HTTP address".into()));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Failure::Connection("the request's address has user information in it".into()));
    }
    Ok(url)
}

fn prepare<'a>(request: &'a HttpRequest, authorization: &Authorization) -> Result<Prepared<'a>, Failure> {
    let unsendable = |name: &str| Failure::Connection(format!("the header `{name}` cannot be sent"));
    let method = reqwest::Method::from_bytes(request.label.method.as_bytes())
        .map_err(|_| Failure::Connection("the request's method is not one of HTTP".into()))?;
    let mut headers = HeaderMap::new();
    if request.body.is_some() {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    for (name, value) in &request.headers {
        let value = HeaderValue::from_str(value).map_err(|_| unsendable(name))?;
        headers.insert(HeaderName::from_bytes(name.as_bytes()).map_err(|_| unsendable(name))?, value);
    }
    let (name, value) = authorization
        .header()
        .ok_or_else(|| Failure::Connection("the credential cannot be sent as a header".into()))?;
    headers.insert(name, value);
    Ok(Prepared { method, headers, body: request.body.as_deref() })
}
