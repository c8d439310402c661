//! A question's way through its answers: each step takes the next answer, or says what to ask for it.

use std::sync::Arc;

use serde_json::Value as Json;

use super::{headers, refusal};
use crate::facts::{
    Answer, Evidence, Exchange, Failure, HttpRequest, Incident, Knowledge, RepositoryName, RequestLabel, Target,
    Unknown, Value,
};
use crate::hosts::reader::{Reader, malformed};
use crate::hosts::{Decoded, Question};

/// Why a script does not go on.
pub(super) enum Stop<'a> {
    /// This is to be asked first.
    Ask(HttpRequest),
    /// No usable answer came.
    Broken(&'a Exchange, &'a Failure),
    /// The answer settles nothing, and why.
    Refused(&'a Exchange, Unknown),
}

/// An answer with its exchange.
#[derive(Clone, Copy)]
pub(super) struct Seen<'a> {
    pub(super) exchange: &'a Exchange,
    pub(super) answer: &'a Answer,
}

impl Seen<'_> {
    /// Evidence in this answer.
    pub(super) fn evidence(&self, source: impl Into<crate::vocabulary::Place>) -> Evidence {
        Evidence::answer(&self.exchange.request, Some(self.answer.status), source)
    }
}

/// What an authenticated answer says.
pub(super) enum Reply<'a> {
    /// 200, with its JSON.
    Found(Seen<'a>, Json),
    /// 404: there is none, or it is hidden.
    NotFound(Seen<'a>),
    /// 401 for a caller that is known: a permission is missing.
    Denied(Seen<'a>, Unknown),
}

/// What a list says.
pub(super) enum List<'a> {
    /// Something was found; the rest was not read.
    Found,
    /// It was read to its end.
    End(Seen<'a>),
    /// 404 for the whole list.
    NotFound,
    /// 401 for the whole list.
    Denied(Unknown),
}

/// A fact that a script told.
struct Told<'a> {
    target: &'a Target,
    path: &'static str,
    knowledge: Knowledge,
    evidence: Vec<Evidence>,
}

/// A question with its answers so far, and what they told.
pub(super) struct Walk<'a> {
    pub(super) question: &'a Question<'a>,
    exchanges: &'a [Exchange],
    /// How many answers were taken.
    pub(super) at: usize,
    told: Vec<Told<'a>>,
    pub(super) incidents: Vec<Incident>,
    pub(super) listed: Vec<RepositoryName>,
    pub(super) aliases: Vec<(String, RepositoryName)>,
    pub(super) incomplete: Option<Unknown>,
    pub(super) ends: Option<Unknown>,
}

/// The API's base without a trailing slash.
pub(super) fn base(question: &Question<'_>) -> String {
    question.credential.api.as_str().trim_end_matches('/').to_owned()
}

/// A GET.
pub(super) fn request(url: String) -> HttpRequest {
    let headers = vec![("accept", "application/json".to_owned()), ("x-atlassian-token", "no-check".to_owned())];
    HttpRequest { label: Arc::new(RequestLabel { method: "GET", url }), headers, body: None, once: false }
}

impl<'a> Walk<'a> {
    pub(super) fn new(question: &'a Question<'a>, exchanges: &'a [Exchange]) -> Self {
        Self {
            question,
            exchanges,
            at: 0,
            told: Vec::new(),
            incidents: Vec::new(),
            listed: Vec::new(),
            aliases: Vec::new(),
            incomplete: None,
            ends: None,
        }
    }

    /// The last answer that was taken.
    pub(super) fn last(&self) -> Option<&'a Exchange> {
        self.at.checked_sub(1).and_then(|at| self.exchanges.get(at))
    }

    /// The next answer, whatever it says; `path` is below the API's base.
    pub(super) fn ask(&mut self, path: &str) -> Result<Seen<'a>, Stop<'a>> {
        let Some(exchange) = self.exchanges.get(self.at) else {
            return Err(Stop::Ask(request(format!("{}{path}", base(self.question)))));
        };
        self.at += 1;
        match &exchange.result {
            Ok(answer) => Ok(Seen { exchange, answer }),
            Err(failure) => Err(Stop::Broken(exchange, failure)),
        }
    }

    /// The next answer, where it is one to this caller.
    pub(super) fn get(&mut self, path: &str) -> Result<Reply<'a>, Stop<'a>> {
        let seen = self.ask(path)?;
        let named = headers::caller(seen.answer);
        match (seen.answer.status, named) {
            (200, named) => match serde_json::from_slice::<Json>(&seen.answer.body) {
                Err(_) => Err(Stop::Refused(seen.exchange, refusal::foreign())),
                Ok(_) if named.is_none() => Err(Stop::Refused(seen.exchange, refusal::to_nobody())),
                Ok(body) => Ok(Reply::Found(seen, body)),
            },
            (404, Some(_)) => Ok(Reply::NotFound(seen)),
            (401, Some(name)) => Ok(Reply::Denied(seen, refusal::denied(seen.answer, &name))),
            _ => {
                let unknown = refusal::read(self, seen);
                Err(Stop::Refused(seen.exchange, unknown))
            }
        }
    }

    /// Reads a list page by page until `visit` has found what it looks for. `path` ends in a query.
    pub(super) fn list(
        &mut self,
        path: &str,
        mut visit: impl FnMut(&mut Self, Seen<'a>, &Json) -> bool,
    ) -> Result<List<'a>, Stop<'a>> {
        let (mut start, mut next) = (0, path.to_owned());
        loop {
            let (seen, body) = match self.get(&next)? {
                Reply::Found(seen, body) => (seen, body),
                Reply::NotFound(_) => return Ok(List::NotFound),
                Reply::Denied(_, unknown) => return Ok(List::Denied(unknown)),
            };
            let broken = |reason: &str| Err(Stop::Refused(seen.exchange, malformed(reason)));
            let Some(Json::Array(values)) = body.get("values") else {
                return broken("the answer is not the list that Bitbucket sends");
            };
            let mut found = false;
            for value in values {
                found |= visit(self, seen, value);
            }
            if found {
                return Ok(List::Found);
            }
            let last = body.get("isLastPage").and_then(Json::as_bool);
            // The next page is where the host says, not one limit further on.
            match (last, body.get("nextPageStart").and_then(Json::as_u64)) {
                (Some(true), _) | (None, None) => return Ok(List::End(seen)),
                (_, Some(at)) if at > start => start = at,
                _ => return broken("the list does not say where its next page begins"),
            }
            next = format!("{path}&start={start}");
        }
    }

    /// Tells a fact of the question's own target.
    pub(super) fn tell_fact(&mut self, path: &'static str, knowledge: Knowledge, evidence: Vec<Evidence>) {
        self.tell_of(self.question.target(), path, knowledge, evidence);
    }

    /// Tells a fact of one of the question's targets.
    pub(super) fn tell_of(
        &mut self,
        target: &'a Target,
        path: &'static str,
        knowledge: Knowledge,
        evidence: Vec<Evidence>,
    ) {
        self.told.push(Told { target, path, knowledge, evidence });
    }

    /// A text that is known of the credential.
    pub(super) fn known_text(&self, path: &str) -> Option<&'a str> {
        let index = super::host().fact(path)?;
        match self.question.so_far.credential.get(index)?.knowledge.value()? {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The caller's name: as an answer gave it; in a plan, where nothing was asked, as it was configured.
    pub(super) fn username(&self) -> Option<&'a str> {
        self.known_text("user.username").or(self.question.credential.username.as_deref())
    }

    /// Everything that was told, through a reader of one of the answers.
    pub(super) fn finish(self, reader: &mut Reader<'a>) {
        for told in self.told {
            reader.turn_to(told.target);
            reader.tell_with(told.path, told.knowledge, told.evidence);
        }
        reader.turn_to(self.question.target());
        reader.decoded.join(Decoded {
            incidents: self.incidents,
            listed: self.listed,
            aliases: self.aliases,
            incomplete: self.incomplete,
            ends: self.ends,
            ..Decoded::default()
        });
    }
}
