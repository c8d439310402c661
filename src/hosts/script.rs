//! Scripts: one function asks and reads, so that the two cannot disagree.
//!
//! A script is an `async fn` whose only await is asking. It needs no runtime: whoever collects resumes it with what came
//! of a request, and is told the next one. Each answer is given to it once, and let go when the script has read it.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use super::grant::As;
use super::question::Decoded;
use crate::facts::{Cause, Exchange, FactSet, HttpRequest, Unknown};

/// The future that a script is.
pub type Running<'a> = Pin<Box<dyn Future<Output = Decoded> + Send + 'a>>;

/// What a script wants next.
#[derive(Debug)]
pub enum Step {
    /// This request is to be sent, as somebody.
    Ask(HttpRequest, As),
    /// Nothing more is asked: it waits for its turn, to read with what the questions before it have told.
    Turn,
    /// It has ended, with what the answers say.
    Done(Decoded),
}

/// A script under way.
pub struct Script<'a> {
    running: Option<Running<'a>>,
    desk: Desk,
}

impl<'a> Script<'a> {
    /// A script that begins at the desk that its function was given.
    pub(super) const fn new(running: Running<'a>, desk: Desk) -> Self {
        Self { running: Some(running), desk }
    }

    /// Begins, as far as the first request. Nothing of it depends on an answer.
    pub fn begin(&mut self) -> Step {
        self.resume()
    }

    /// Goes on with what came of the request, or with why it was not sent.
    pub fn answered(&mut self, answer: Result<Exchange, Unknown>) -> Step {
        self.desk.lock().answer = Some(answer);
        self.resume()
    }

    /// Goes on with what is known by now.
    pub fn turn(&mut self, facts: Arc<FactSet>) -> Step {
        self.desk.lock().facts = Some(facts);
        self.resume()
    }

    fn resume(&mut self) -> Step {
        let Some(running) = &mut self.running else { return Step::Done(Decoded::default()) };
        match running.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(decoded) => {
                self.running = None;
                Step::Done(decoded)
            }
            Poll::Pending => {
                let wanted = self.desk.lock().wanted.take();
                match wanted {
                    Some(Wanted::Request(request, by)) => Step::Ask(*request, by),
                    Some(Wanted::Turn) => Step::Turn,
                    // It waits for something that nobody can give: whatever it was to tell stays unknown.
                    None => {
                        self.running = None;
                        Step::Done(Decoded::default())
                    }
                }
            }
        }
    }
}

/// What a script waits for.
enum Wanted {
    Request(Box<HttpRequest>, As),
    Turn,
}

/// Where a script and whoever resumes it pass things to each other.
#[derive(Clone, Default)]
pub(super) struct Desk(Arc<Mutex<Papers>>);

#[derive(Default)]
struct Papers {
    wanted: Option<Wanted>,
    answer: Option<Result<Exchange, Unknown>>,
    facts: Option<Arc<FactSet>>,
}

impl Desk {
    fn lock(&self) -> MutexGuard<'_, Papers> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks. Comes back with what came of it, or why it was not sent.
    pub(super) async fn ask(&self, request: HttpRequest, by: As) -> Result<Exchange, Unknown> {
        let wanted = Some(Wanted::Request(Box::new(request), by));
        *self.lock() = Papers { wanted, ..Papers::default() };
        let answer = self.receive(|papers| papers.answer.take()).await;
        answer.unwrap_or_else(|| Err(Unknown::new(Cause::NotReachable, "the request was not sent")))
    }

    /// Waits for the script's turn; `None` where whoever resumes it gives none.
    pub(super) async fn turn(&self) -> Option<Arc<FactSet>> {
        *self.lock() = Papers { wanted: Some(Wanted::Turn), ..Papers::default() };
        self.receive(|papers| papers.facts.take()).await
    }

    /// Waits until what is wanted was taken, and then for what `take` finds. Resumed with anything else, it finds nothing.
    async fn receive<T>(&self, take: impl Fn(&mut Papers) -> Option<T>) -> Option<T> {
        std::future::poll_fn(|_| {
            let mut papers = self.lock();
            match take(&mut papers) {
                None if papers.wanted.is_some() => Poll::Pending,
                received => Poll::Ready(received),
            }
        })
        .await
    }
}

#[cfg(test)]
pub(super) mod trial {
    //! Scripts with answers that a test has at hand.

    use super::*;

    /// Runs a script with what `answer` says came of each request, until it ends. Where `answer` has nothing, nothing more
    /// is sent. Gives what was asked, that last request too.
    pub(in crate::hosts) fn run(
        mut script: Script<'_>,
        known: &FactSet,
        mut answer: impl FnMut(&HttpRequest, &As) -> Option<Exchange>,
    ) -> (Vec<(HttpRequest, As)>, Decoded) {
        let (mut step, mut asked) = (script.begin(), Vec::new());
        loop {
            step = match step {
                Step::Ask(request, by) => {
                    let answer = answer(&request, &by);
                    asked.push((request, by));
                    script.answered(answer.ok_or_else(|| Unknown::new(Cause::Incomplete, "there are no more answers")))
                }
                Step::Turn => script.turn(Arc::new(known.clone())),
                Step::Done(decoded) => return (asked, decoded),
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{Failure, RequestLabel};
    use crate::vocabulary::HOSTS;

    fn request(path: &str) -> HttpRequest {
        let label = Arc::new(RequestLabel { method: "GET", url: format!("https://git.acme.dev{path}") });
        HttpRequest { label, headers: Vec::new(), body: None, once: false }
    }

    fn came(request: &HttpRequest) -> Result<Exchange, Unknown> {
        let result = Err(Failure::Connection("refused".into()));
        Ok(Exchange { request: Arc::clone(&request.label), result, attempts: Vec::new() })
    }

    fn facts() -> Arc<FactSet> {
        Arc::new(FactSet::new(HOSTS[0].kind))
    }

    /// Asks for one thing after the other, notes what came, and waits for its turn.
    fn script() -> Script<'static> {
        let desk = Desk::default();
        let own = desk.clone();
        let running = async move {
            let mut decoded = Decoded::default();
            for path in ["/a", "/b"] {
                let came = own.ask(request(path), As::Itself).await;
                let note = came.map_or_else(|why| why.reason, |exchange| exchange.request.url.clone());
                decoded.aliases.push((note, crate::facts::RepositoryName::parse("a/b").unwrap()));
            }
            if own.turn().await.is_none() {
                decoded.ends = Some(Unknown::new(Cause::Incomplete, "there was no turn"));
            }
            decoded
        };
        Script::new(Box::pin(running), desk)
    }

    #[test]
    fn a_script_is_resumed_with_each_answer_and_then_has_its_turn() {
        let mut script = script();
        let Step::Ask(first, As::Itself) = script.begin() else { panic!("it asks") };
        assert_eq!(first, request("/a"));
        let Step::Ask(second, _) = script.answered(came(&first)) else { panic!("it asks again") };
        assert_eq!(second, request("/b"));
        let why = Unknown::new(Cause::NotReachable, "interrupted");
        assert!(matches!(script.answered(Err(why)), Step::Turn));
        let Step::Done(decoded) = script.turn(facts()) else { panic!("it ends") };
        let notes: Vec<&str> = decoded.aliases.iter().map(|(note, _)| note.as_str()).collect();
        assert_eq!(notes, ["https://git.acme.dev/a", "interrupted"]);
        assert_eq!(decoded.ends, None);
    }

    #[test]
    fn a_script_that_is_resumed_with_something_else_ends_and_never_hangs() {
        let mut script = script();
        assert!(matches!(script.begin(), Step::Ask(..)));
        let Step::Ask(second, _) = script.turn(facts()) else { panic!("nothing came of the first") };
        assert!(matches!(script.answered(came(&second)), Step::Turn));
        let Step::Done(decoded) = script.answered(came(&second)) else { panic!("it ends") };
        assert_eq!(decoded.aliases[0].0, "the request was not sent");
        assert!(decoded.ends.is_some(), "what was known came before it was waited for, and is not taken for an answer");
        assert!(matches!(script.answered(came(&second)), Step::Done(_)), "and stays ended");
    }
}
