//! A script's way through a question: it asks, within bounds, and gathers what the answers say.

use std::sync::Arc;

use url::Url;

use super::grant::As;
use super::question::{Cost, Decoded, Question};
use super::reader::{self, Reader};
use super::script::Desk;
use crate::facts::{
    Cause, Credential, Evidence, Exchange, Fact, FactSet, HttpRequest, Knowledge, RequestLabel, Target, Unknown,
    Wanted, kind_of,
};
use crate::vocabulary::{FactIndex, Place, Request};

/// What is asked: a row of the table about targets, for facts. A script owns it.
#[derive(Clone, Debug)]
pub struct Brief<'a> {
    /// The request's row.
    pub row: &'static Request,
    /// What it is about. Never empty; several for a batch.
    pub targets: Arc<[Target]>,
    /// Whose question it is.
    pub credential: &'a Credential,
    /// What is known so far.
    pub so_far: Arc<FactSet>,
    /// The facts to settle.
    pub facts: Arc<[FactIndex]>,
    /// Of facts that are sets of names: those that are asked after.
    pub wanted: Wanted,
}

impl Brief<'_> {
    /// The question, as it is known now.
    pub fn question(&self) -> Question<'_> {
        let Brief { row, targets, credential, so_far, facts, wanted: _ } = self;
        Question { row, targets, credential, kind: kind_of(credential, so_far), so_far, facts }
    }
}

/// A script's hands: what is asked, what was sent, and what is told so far.
pub struct Walk<'a> {
    brief: Brief<'a>,
    desk: Desk,
    /// What was sent, to know a circle: method and address, and the body.
    sent: Vec<(Arc<RequestLabel>, Option<String>)>,
    /// The last request and as whom it was sent: the next page of a list goes the same way.
    last: Option<(HttpRequest, As)>,
    /// The answer that came last.
    seen: Option<Seen>,
    /// What the answers say.
    pub decoded: Decoded,
}

impl<'a> Walk<'a> {
    pub(super) fn new(brief: Brief<'a>, desk: Desk) -> Self {
        Self { brief, desk, sent: Vec::new(), last: None, seen: None, decoded: Decoded::default() }
    }

    /// The question, as it is known now.
    pub fn question(&self) -> Question<'_> {
        self.brief.question()
    }

    /// The request's row.
    pub const fn row(&self) -> &'static Request {
        self.brief.row
    }

    /// Whose question it is.
    pub const fn credential(&self) -> &'a Credential {
        self.brief.credential
    }

    /// What the question is about; several for a batch.
    pub fn targets(&self) -> Arc<[Target]> {
        Arc::clone(&self.brief.targets)
    }

    /// What the question is about, where that is one.
    pub fn target(&self) -> Target {
        self.question().target().clone()
    }

    /// Of facts that are sets of names: those that are asked after.
    pub const fn wanted(&self) -> &Wanted {
        &self.brief.wanted
    }

    /// How many requests were sent.
    pub const fn asked(&self) -> usize {
        self.sent.len()
    }

    /// Asks as the credential itself.
    ///
    /// # Errors
    /// Why nothing was sent: too many requests for one question, or this one a second time.
    pub async fn ask(&mut self, request: HttpRequest) -> Result<Exchange, Unknown> {
        self.ask_as(request, As::Itself).await
    }

    /// Asks as somebody.
    ///
    /// # Errors
    /// As [`Walk::ask`].
    pub async fn ask_as(&mut self, request: HttpRequest, by: As) -> Result<Exchange, Unknown> {
        self.may_go_on()?;
        if self.sent.iter().any(|(label, body)| *label == request.label && *body == request.body) {
            return Err(reader::malformed("the pages of the list go round in a circle"));
        }
        self.sent.push((Arc::clone(&request.label), request.body.clone()));
        self.last = Some((request.clone(), by.clone()));
        let exchange = self.desk.ask(request, by).await?;
        if exchange.result.is_ok() {
            self.seen = Some(Seen::of(&exchange));
        }
        Ok(exchange)
    }

    /// Asks for a page whose address an answer gave, the way that the last request went.
    ///
    /// # Errors
    /// As [`Walk::ask`], and where the address is not of the API's own origin.
    pub async fn page(&mut self, address: &str) -> Result<Exchange, Unknown> {
        let Some((last, by)) = self.last.clone() else {
            return Err(reader::malformed("a page of a list that was not asked for"));
        };
        self.may_go_on()?;
        let Some(url) = same_origin(address, &self.brief.credential.api) else {
            return Err(reader::malformed("the next page of the list is on another origin"));
        };
        let label = Arc::new(RequestLabel { method: last.label.method, url });
        self.ask_as(HttpRequest { label, ..last }, by).await
    }

    /// Whether the question may take another request.
    fn may_go_on(&self) -> Result<(), Unknown> {
        let most = Cost::most_of(self.brief.row);
        if self.sent.len() < most {
            return Ok(());
        }
        Err(Unknown::new(Cause::Incomplete, format!("only the first {most} pages of the list were read")))
    }

    /// Waits until everything that was asked before has told its facts. What is known then decides what a refusal means,
    /// and what was said already is not said again.
    pub async fn turn(&mut self) {
        if let Some(facts) = self.desk.turn().await {
            self.brief.so_far = facts;
        }
    }

    /// Reads an answer, and settles every asked fact that it leaves open, for the reason that `read` gives; where none
    /// came, for that. Gives the reason back.
    pub(super) fn read(&mut self, exchange: &Exchange, read: impl FnOnce(&mut Reader<'_>) -> Unknown) -> Unknown {
        let question = self.question();
        let (decoded, rest) = match &exchange.result {
            Ok(answer) => {
                let mut reader = Reader::new(&question, &exchange.request, answer);
                let rest = read(&mut reader);
                (reader.finish(&rest), rest)
            }
            Err(failure) => (reader::failed(&question, exchange, failure), reader::failure(failure)),
        };
        self.decoded.join(decoded);
        rest
    }

    /// Reads an answer, and settles nothing: of a batch, what it leaves open is asked for one by one.
    pub(super) fn glance(&mut self, exchange: &Exchange, read: impl FnOnce(&mut Reader<'_>)) {
        let Ok(answer) = &exchange.result else { return };
        let question = self.question();
        let mut reader = Reader::new(&question, &exchange.request, answer);
        read(&mut reader);
        let decoded = reader.decoded;
        self.decoded.join(decoded);
    }

    /// Tells a fact of one of the question's targets. What is unknown is told only where it was asked.
    pub fn tell_of(&mut self, target: &Target, path: &str, knowledge: Knowledge, evidence: Vec<Evidence>) {
        let told = reader::told(&self.question(), target, path, knowledge, evidence);
        self.decoded.facts.extend(told);
    }

    /// Tells a fact of the question's own target, asked for or not: what is not known of it stands in the way of others.
    pub fn tell_always(&mut self, path: &str, knowledge: Knowledge, evidence: Vec<Evidence>) {
        let index = crate::vocabulary::host(self.brief.credential.host).fact(path);
        let target = self.target();
        self.decoded.facts.extend(index.map(|index| (target, index, Fact { knowledge, evidence })));
    }

    /// Tells a fact of the question's own target.
    pub fn tell(&mut self, path: &str, knowledge: Knowledge, evidence: Vec<Evidence>) {
        let target = self.target();
        self.tell_of(&target, path, knowledge, evidence);
    }

    /// The answer that came last, where one came.
    pub fn seen(&self) -> Option<Seen> {
        self.seen.clone()
    }

    /// No usable answer came: what was asked and not told is open for that.
    pub fn fail(&mut self, exchange: &Exchange) {
        let Err(failure) = &exchange.result else { return };
        let failed = reader::failed(&self.question(), exchange, failure);
        let told = std::mem::replace(&mut self.decoded, failed);
        self.decoded.join(told);
    }

    /// Settles every asked fact of every target that nothing was told of.
    pub fn settle(&mut self, rest: &Unknown, evidence: &[Evidence]) {
        for target in self.targets().iter() {
            let open = reader::open(&self.question(), &self.decoded, target, rest, evidence);
            self.decoded.facts.extend(open);
        }
    }

    /// Where repositories are listed: the list was not read to its end, for this reason, if no other was told before.
    pub fn leave_open(&mut self, why: Unknown) {
        if self.brief.row.listing.is_some() {
            self.decoded.incomplete.get_or_insert(why);
        }
    }

    /// Where repositories are listed: the list was not read to its end, for this reason, which counts before others.
    pub fn cut(&mut self, why: Unknown) {
        if self.brief.row.listing.is_some() {
            self.decoded.incomplete = Some(why);
        }
    }

    /// Ends the script, with what it told.
    pub fn end(self) -> Decoded {
        self.decoded
    }
}

/// An answer's exchange, for its evidence, once the answer itself was read and let go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// What was asked.
    pub request: Arc<RequestLabel>,
    /// The status of the answer; `None` where none came.
    pub status: Option<u16>,
}

impl Seen {
    /// An exchange without its answer.
    pub fn of(exchange: &Exchange) -> Self {
        Self { request: Arc::clone(&exchange.request), status: exchange.status() }
    }

    /// Evidence in the answer.
    pub fn evidence(&self, source: impl Into<Place>) -> Evidence {
        Evidence::answer(&self.request, self.status, source)
    }
}

/// A URL from an answer, where it has the origin of the API.
fn same_origin(url: &str, api: &Url) -> Option<String> {
    let url = api.join(url).ok()?;
    (url.origin() == api.origin() && url.username().is_empty() && url.password().is_none()).then(|| url.to_string())
}
