//! What answers make necessary: the next page, or another request that settles the same question.

use url::Url;

use super::refusal::Told;
use super::requests;
use crate::facts::{Answer, Exchange, Value};
use crate::hosts::{Further, Question, link};
use crate::vocabulary::gitlab::headers::X_NEXT_PAGE;

/// Which request an exchange of a question was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// `GET /personal_access_tokens/self`.
    TokenSelf,
    /// `GET /oauth/token/info`.
    OauthTokenInfo,
    /// `GET /user`.
    User,
    /// `GET /job`.
    Job,
    /// Any other.
    Other,
}

impl Part {
    pub(super) fn of(exchange: &Exchange) -> Self {
        let url = exchange.request.url.as_str();
        let is = |path: &str| url.ends_with(path);
        if is("/personal_access_tokens/self") {
            Self::TokenSelf
        } else if is("/oauth/token/info") {
            Self::OauthTokenInfo
        } else if is("/user") {
            Self::User
        } else if is("/job") {
            Self::Job
        } else {
            Self::Other
        }
    }
}

pub(super) fn further(question: &Question<'_>, exchanges: &[Exchange]) -> Option<Further> {
    let last = exchanges.last()?;
    let answer = last.result.as_ref().ok()?;
    match question.row.name {
        "projects" | "project_hooks" if answer.status == 200 => return next_page(question, exchanges, answer),
        // Instances before 15.2.
        "metadata" if answer.status == 404 && exchanges.len() == 1 => {
            return Some(Further::Request(requests::below(question.credential, "/version")));
        }
        _ => {}
    }
    let name = other_witness(question, exchanges, last, answer)?;
    requests::named(question, name).map(Further::Request)
}

/// Whether the kind may be this one, before any answer.
fn possible(question: &Question<'_>, word: &str) -> bool {
    question.credential.kinds.iter().any(|kind| kind.word == word)
}

/// The request that says whether a refusal is about the credential.
///
/// A plain 401 is not: some routes answer so for want of a permission, and what describes personal tokens answers so to
/// every other kind.
fn other_witness(
    question: &Question<'_>,
    exchanges: &[Exchange],
    last: &Exchange,
    answer: &Answer,
) -> Option<&'static str> {
    let told = Told::read(&answer.body);
    let asked = |part: Part| exchanges.iter().any(|exchange| Part::of(exchange) == part);
    match (Part::of(last), answer.status) {
        (Part::TokenSelf, 400) if possible(question, "oauth") && told.wants_personal_token() => {
            Some("oauth_token_info")
        }
        (_, 401) if !told.is_bare() => None,
        (Part::TokenSelf, 401) if !asked(Part::User) && question.row.name == "token_self" => Some("user"),
        (Part::User, 401) if asked(Part::TokenSelf) => possible(question, "job").then_some("job"),
        (Part::User | Part::Other, 401) if exchanges.len() == 1 && !is_alive(question) => {
            let personal = question.credential.kinds.iter().any(|kind| kind.first_request == Some("token_self"));
            Some(if personal { "token_self" } else { "oauth_token_info" })
        }
        _ => None,
    }
}

/// Whether an earlier answer showed that the credential is accepted.
pub(super) fn is_alive(question: &Question<'_>) -> bool {
    let index = super::decode::host().fact("token.active");
    let fact = index.and_then(|index| question.so_far.credential.get(index));
    fact.is_some_and(|fact| fact.knowledge.value() == Some(&Value::Bool(true)))
}

/// The page after the last one. A `Link` that names another host, as behind a proxy, gives way to the page's number.
fn next_page(question: &Question<'_>, exchanges: &[Exchange], answer: &Answer) -> Option<Further> {
    let link = link::next(answer);
    let api = &question.credential.api;
    let own = link.as_ref().is_some_and(|url| api.join(url).is_ok_and(|url| url.origin() == api.origin()));
    if own {
        return link.map(Further::Page);
    }
    let number = answer.header(X_NEXT_PAGE).filter(|text| !text.is_empty());
    let number = number.filter(|text| text.len() < 10 && text.bytes().all(|byte| byte.is_ascii_digit()));
    match number {
        Some(number) => {
            let mut url = Url::parse(&exchanges.first()?.request.url).ok()?;
            url.query_pairs_mut().append_pair("page", &number);
            Some(Further::Page(url.to_string()))
        }
        None => link.map(Further::Page),
    }
}
