//! The budget of a run: how many requests it may send, how many at once to a host, and what it leaves to the bot.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;
use url::Url;

use super::failure::length;
use super::watching::{Event, Watch, Watched, Watcher};
use crate::facts::Failure;

/// What a run may spend. Shared by everything that sends.
///
/// **The reserve**: the bot lives on the same rate limit. Where a host shows its limit, credcheck sends nothing more for
/// a credential once no more than a tenth of the window is left, until the window ends; what is not asked stays unknown.
/// The limits of plain requests and of queries count apart, as hosts count them.
///
/// **Time**: from the run's deadline on nothing is sent. What was waited for a host, because it asked for that or did not
/// answer, is counted, and a host that has had its share is asked no more.
#[derive(Debug)]
pub struct Budget {
    most: Option<u64>,
    at_once: usize,
    /// When the run ends, and how long it then was.
    deadline: Option<(Instant, Duration)>,
    /// The most that is waited for one host, in all.
    longest_waiting: Option<Duration>,
    watcher: Watcher,
    state: Mutex<State>,
}

/// The primary rate limit as an answer shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Requests left in this window.
    pub remaining: u64,
    /// Requests a window.
    pub limit: u64,
    /// The time until the window ends, where the answer says it.
    pub resets_in: Option<Duration>,
}

impl Window {
    /// The part of a window that is the bot's: one in this many requests.
    const RESERVE: u64 = 10;
    /// Two ends of a window that differ by less than this are one: they come in whole seconds.
    const SAME_END: Duration = Duration::from_secs(3);

    const fn is_reserved(&self) -> bool {
        self.remaining <= self.limit / Self::RESERVE
    }
}

#[derive(Debug, Default)]
struct State {
    sent: u64,
    hosts: HashMap<String, Arc<Semaphore>>,
    waited: HashMap<String, Waited>,
    accounts: HashMap<Counted, Limits>,
}

/// What was waited for one host.
#[derive(Debug, Default)]
struct Waited {
    total: Duration,
    /// Until when waiting is counted: those who wait at the same time wait once.
    counted: Option<Instant>,
    /// Whether the next wait would have been too much.
    over: bool,
}

impl Waited {
    /// What a wait adds.
    fn adds(&self, from: Instant, until: Instant) -> Duration {
        until.duration_since(self.counted.map_or(from, |counted| counted.max(from)))
    }

    fn count(&mut self, from: Instant, until: Instant) {
        self.total += self.adds(from, until);
        self.counted = self.counted.max(Some(until));
    }
}

#[derive(Debug, Default)]
struct Limits {
    /// The window, and when it ends.
    window: Option<(Window, Option<Instant>)>,
    /// Until when the host asked to send nothing.
    paused: Option<Instant>,
}

/// What a host counts together: one credential's requests of one method.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Counted {
    origin: String,
    credential: String,
    method: String,
}

impl Counted {
    pub(super) fn new(url: &Url, credential: &str, method: &str) -> Self {
        Self { origin: origin(url), credential: credential.to_owned(), method: method.to_owned() }
    }
}

/// Leave to send one request; given back when dropped.
#[derive(Debug)]
pub(super) struct Permit {
    _at_once: OwnedSemaphorePermit,
    _watched: Watched,
}

impl Budget {
    /// A budget of at most `most` requests for the run (`--max-requests`), and at most `at_once` (at least one) on the way
    /// to one host at a time (`--concurrency`).
    pub fn new(most: Option<u64>, at_once: usize) -> Self {
        let at_once = at_once.clamp(1, Semaphore::MAX_PERMITS);
        let (deadline, longest_waiting, watcher) = (None, None, Watcher::default());
        Self { most, at_once, deadline, longest_waiting, watcher, state: Mutex::new(State::default()) }
    }

    /// Nothing is sent after so long (`--deadline`), counted from now.
    #[must_use]
    pub fn until(mut self, deadline: Option<Duration>) -> Self {
        self.deadline = deadline.and_then(|length| Some((Instant::now().checked_add(length)?, length)));
        self
    }

    /// At most so long is waited for one host, in all.
    #[must_use]
    pub const fn waiting_at_most(mut self, longest: Duration) -> Self {
        self.longest_waiting = Some(longest);
        self
    }

    /// Whoever is told what is sent and waited for.
    #[must_use]
    pub fn watched(mut self, watch: Option<Arc<dyn Watch>>) -> Self {
        self.watcher = watch.map_or_else(Watcher::default, Watcher::new);
        self
    }

    /// When the run ends.
    pub(super) fn deadline(&self) -> Option<Instant> {
        self.deadline.map(|(at, _)| at)
    }

    /// Why nothing is sent any more.
    pub(super) fn over(&self) -> Failure {
        let length = self.deadline.map(|(_, length)| length).unwrap_or_default();
        Failure::Budget(format!("the run's time of {} is over (`--deadline`)", self::length(length)))
    }

    /// Waits before a request is sent again, if that is still worth it.
    ///
    /// # Errors
    /// [`Failure::Budget`] where the run would be over, or the host has been waited for long enough.
    pub(super) async fn wait(&self, counted: &Counted, wait: Duration) -> Result<(), Failure> {
        let from = Instant::now();
        let Some(until) = from.checked_add(wait) else { return Err(self.over()) };
        if self.deadline().is_some_and(|deadline| until >= deadline) {
            return Err(self.over());
        }
        if let Some(longest) = self.longest_waiting {
            let mut state = self.state();
            let waited = state.waited.entry(counted.origin.clone()).or_default();
            if waited.total + waited.adds(from, until) > longest {
                waited.over = true;
                return Err(too_long(longest));
            }
            waited.count(from, until);
        }
        let watched = self.watcher.begin(&counted.origin, Event::Waits(wait), Event::Goes);
        tokio::time::sleep_until(until).await;
        drop(watched);
        Ok(())
    }

    /// Counts an attempt that no answer came to.
    pub(super) fn in_vain(&self, counted: &Counted, since: Instant) {
        let Some(longest) = self.longest_waiting else { return };
        let mut state = self.state();
        let waited = state.waited.entry(counted.origin.clone()).or_default();
        waited.count(since, Instant::now());
        waited.over |= waited.total > longest;
    }

    /// Why no request may be sent to a host any more, if that is so.
    fn ended(&self, counted: &Counted) -> Option<Failure> {
        if self.deadline().is_some_and(|deadline| Instant::now() >= deadline) {
            return Some(self.over());
        }
        let longest = self.longest_waiting?;
        self.state().waited.get(&counted.origin).filter(|waited| waited.over).map(|_| too_long(longest))
    }

    /// How many requests were sent so far: every attempt and every hop of a redirect.
    pub fn sent(&self) -> u64 {
        self.state().sent
    }

    /// Takes note of a rate limit. The client does so itself for limits in headers; this is for those in bodies.
    ///
    /// Answers may overtake each other: within one window, the lowest number counts.
    pub fn observe(&self, url: &Url, credential: &str, method: &str, window: Window) {
        let ends = window.resets_in.and_then(|wait| Instant::now().checked_add(wait));
        let mut state = self.state();
        let limits = state.accounts.entry(Counted::new(url, credential, method)).or_default();
        let same = |before: &(Window, Option<Instant>)| match (before.1, ends) {
            (Some(before), Some(now)) => {
                before.max(now).duration_since(before.min(now)) < Window::SAME_END && before > Instant::now()
            }
            _ => false,
        };
        match &mut limits.window {
            Some(before) if same(before) => {
                before.0.remaining = before.0.remaining.min(window.remaining);
                before.0.limit = window.limit;
            }
            other => *other = Some((window, ends)),
        }
    }

    /// Sends nothing more for these requests for so long.
    pub(super) fn pause(&self, counted: &Counted, wait: Duration) {
        // A wait beyond what the clock can hold is as good as a year.
        let now = Instant::now();
        let until = now.checked_add(wait).or_else(|| now.checked_add(Duration::from_secs(365 * 86_400)));
        let mut state = self.state();
        let limits = state.accounts.entry(counted.clone()).or_default();
        limits.paused = limits.paused.max(until);
    }

    /// Waits for a turn and counts the request.
    ///
    /// # Errors
    /// [`Failure::Budget`] where the request must not be sent.
    pub(super) async fn admit(&self, counted: &Counted, longest_wait: Duration) -> Result<Permit, Failure> {
        loop {
            let at_once = self.host(counted);
            let Ok(at_once) = at_once.acquire_owned().await else {
                return Err(Failure::Budget("the run is over".into()));
            };
            if let Some(ended) = self.ended(counted) {
                return Err(ended);
            }
            let now = Instant::now();
            let pause = {
                let mut state = self.state();
                match state.pause(counted, now) {
                    None => {
                        state.spend(counted, now, self.most)?;
                        let watched = self.watcher.begin(&counted.origin, Event::Sent, Event::Answered);
                        return Ok(Permit { _at_once: at_once, _watched: watched });
                    }
                    Some(pause) if pause > longest_wait => {
                        return Err(Failure::Budget(format!(
                            "the host asks to send nothing for {}, which is longer than credcheck waits",
                            length(pause)
                        )));
                    }
                    Some(pause) => pause,
                }
            };
            // Whoever waits holds no other request up.
            drop(at_once);
            self.wait(counted, pause).await?;
        }
    }

    fn host(&self, counted: &Counted) -> Arc<Semaphore> {
        let mut state = self.state();
        let at_once = self.at_once;
        Arc::clone(state.hosts.entry(counted.origin.clone()).or_insert_with(|| Arc::new(Semaphore::new(at_once))))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Every change under the lock is complete by itself, so a panic elsewhere leaves nothing half done.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// How much of a pause is left.
    fn pause(&self, counted: &Counted, now: Instant) -> Option<Duration> {
        let until = self.accounts.get(counted)?.paused?;
        Some(until.duration_since(now)).filter(|left| !left.is_zero())
    }

    /// Counts a request, if it may be sent.
    fn spend(&mut self, counted: &Counted, now: Instant, most: Option<u64>) -> Result<(), Failure> {
        if let Some(most) = most.filter(|most| self.sent >= *most) {
            return Err(Failure::Budget(format!(
                "the run's budget of {} is used up (`--max-requests`)",
                requests(most)
            )));
        }
        if let Some(limits) = self.accounts.get_mut(counted) {
            limits.window.take_if(|(_, ends)| ends.is_some_and(|ends| ends <= now));
            if let Some((window, ends)) = &mut limits.window {
                if window.is_reserved() {
                    let until = ends
                        .map(|ends| format!(" for the next {}", length(ends.duration_since(now))))
                        .unwrap_or_default();
                    return Err(Failure::Budget(format!(
                        "{} of {} are left{until}, and credcheck leaves the last tenth to the bot",
                        window.remaining,
                        requests(window.limit)
                    )));
                }
                // What is on its way counts already.
                window.remaining -= 1;
            }
        }
        self.sent += 1;
        Ok(())
    }
}

fn too_long(longest: Duration) -> Failure {
    Failure::Budget(format!("credcheck has waited {} for this host, and asks it no more", length(longest)))
}

fn requests(number: u64) -> String {
    crate::text::english::count(usize::try_from(number).unwrap_or(usize::MAX), "request", "requests")
}

fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    fn counted(credential: &str) -> Counted {
        Counted::new(&url("https://git.acme.dev/user"), credential, "GET")
    }

    const WAIT: Duration = Duration::from_secs(60);

    async fn admitted(budget: &Budget, credential: &str) -> Result<(), String> {
        budget.admit(&counted(credential), WAIT).await.map(drop).map_err(|failure| failure.to_string())
    }

    fn observe(budget: &Budget, credential: &str, remaining: u64, limit: u64, seconds: Option<u64>) {
        let window = Window { remaining, limit, resets_in: seconds.map(Duration::from_secs) };
        budget.observe(&url("https://git.acme.dev/other"), credential, "GET", window);
    }

    #[tokio::test(start_paused = true)]
    async fn the_run_has_a_number_of_requests() {
        let budget = Budget::new(Some(2), 4);
        admitted(&budget, "a").await.unwrap();
        admitted(&budget, "b").await.unwrap();
        let words = "the run's budget of 2 requests is used up (`--max-requests`)";
        assert_eq!(admitted(&budget, "a").await.unwrap_err(), words);
        assert_eq!(budget.sent(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn the_last_tenth_of_a_limit_is_the_bots() {
        let budget = Budget::new(None, 4);
        observe(&budget, "a", 502, 5_000, Some(900));
        admitted(&budget, "a").await.unwrap();
        admitted(&budget, "a").await.unwrap();
        let words =
            "500 of 5000 requests are left for the next 15 minutes, and credcheck leaves the last tenth to the bot";
        assert_eq!(admitted(&budget, "a").await.unwrap_err(), words);
        admitted(&budget, "b").await.expect("another credential has its own limit");
        let query = Counted::new(&url("https://git.acme.dev/graphql"), "a", "POST");
        budget.admit(&query, WAIT).await.expect("queries count apart");
        tokio::time::advance(Duration::from_secs(901)).await;
        admitted(&budget, "a").await.expect("a new window has begun");
    }

    #[tokio::test(start_paused = true)]
    async fn answers_that_overtake_each_other_do_not_raise_what_is_left() {
        let budget = Budget::new(None, 4);
        observe(&budget, "a", 500, 5_000, Some(900));
        observe(&budget, "a", 900, 5_000, Some(901));
        assert!(admitted(&budget, "a").await.is_err());
        observe(&budget, "a", 4_999, 5_000, Some(3_600));
        admitted(&budget, "a").await.expect("that is another window");
    }

    #[tokio::test(start_paused = true)]
    async fn a_limit_of_nothing_else_than_reserve_stops_at_zero() {
        let budget = Budget::new(None, 1);
        observe(&budget, "a", 1, 5, None);
        admitted(&budget, "a").await.unwrap();
        assert!(admitted(&budget, "a").await.is_err());
    }

    #[tokio::test(start_paused = true)]
    async fn a_pause_is_waited_for_or_refused() {
        let budget = Budget::new(None, 1);
        budget.pause(&counted("a"), Duration::from_secs(30));
        budget.pause(&counted("a"), Duration::from_secs(10));
        let start = Instant::now();
        admitted(&budget, "a").await.unwrap();
        assert_eq!(start.elapsed().as_secs(), 30);
        budget.pause(&counted("a"), Duration::MAX);
        let words = admitted(&budget, "a").await.unwrap_err();
        assert_eq!(words, "the host asks to send nothing for 8760 hours, which is longer than credcheck waits");
        admitted(&budget, "b").await.unwrap();
        assert_eq!(budget.sent(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_host_is_waited_for_so_long_in_all() {
        let budget = Budget::new(None, 4).waiting_at_most(Duration::from_secs(120));
        let begun = Instant::now();
        let minute = Duration::from_secs(60);
        let (one, other) = (counted("a"), counted("b"));
        // Two that wait at the same time wait once.
        let (first, second) = tokio::join!(budget.wait(&one, minute), budget.wait(&other, minute));
        assert!(first.is_ok() && second.is_ok());
        budget.wait(&one, minute).await.unwrap();
        assert!(budget.wait(&one, Duration::from_millis(1)).await.is_err());
        assert_eq!(begun.elapsed().as_secs(), 120);
        let words = "credcheck has waited 2 minutes for this host, and asks it no more";
        assert_eq!(admitted(&budget, "c").await.unwrap_err(), words);
        let elsewhere = Counted::new(&url("https://other.acme.dev/"), "a", "GET");
        budget.admit(&elsewhere, WAIT).await.expect("another host has its own share");
    }

    #[tokio::test(start_paused = true)]
    async fn attempts_in_vain_are_waiting_too() {
        let budget = Budget::new(None, 4).waiting_at_most(Duration::from_secs(120));
        for _ in 0..12 {
            let since = Instant::now();
            admitted(&budget, "a").await.unwrap();
            tokio::time::advance(Duration::from_secs(10)).await;
            budget.in_vain(&counted("a"), since);
        }
        admitted(&budget, "a").await.unwrap();
        let since = Instant::now();
        tokio::time::advance(Duration::from_millis(1)).await;
        budget.in_vain(&counted("a"), since);
        assert!(admitted(&budget, "a").await.is_err());
    }

    #[tokio::test(start_paused = true)]
    async fn a_run_has_a_deadline() {
        let budget = Budget::new(None, 4).until(Some(Duration::from_secs(90)));
        admitted(&budget, "a").await.unwrap();
        budget.wait(&counted("a"), Duration::from_secs(60)).await.unwrap();
        let words = "the run's time of 90 seconds is over (`--deadline`)";
        let begun = Instant::now();
        assert_eq!(budget.wait(&counted("a"), Duration::from_secs(60)).await.unwrap_err().to_string(), words);
        assert!(begun.elapsed().is_zero(), "nothing is waited for that comes too late");
        budget.pause(&counted("b"), Duration::from_secs(59));
        assert_eq!(admitted(&budget, "b").await.unwrap_err(), words);
        tokio::time::advance(Duration::from_secs(30)).await;
        assert_eq!(admitted(&budget, "a").await.unwrap_err(), words);
    }

    #[tokio::test(start_paused = true)]
    async fn only_so_many_are_on_the_way_to_one_host() {
        let budget = Budget::new(None, 2);
        let first = budget.admit(&counted("a"), WAIT).await.unwrap();
        let _second = budget.admit(&counted("b"), WAIT).await.unwrap();
        let elsewhere = Counted::new(&url("https://other.acme.dev/"), "a", "GET");
        let _third = budget.admit(&elsewhere, WAIT).await.unwrap();
        let third = counted("c");
        let mut waiting = std::pin::pin!(budget.admit(&third, WAIT));
        assert!(tokio::time::timeout(Duration::from_secs(1), &mut waiting).await.is_err());
        drop(first);
        waiting.await.unwrap();
        assert_eq!(budget.sent(), 4);
    }
}
