//! Progress: what a long run is doing, on standard error, while there is no report yet.
//!
//! On a terminal one line that is drawn again and again, elsewhere a plain line now and then. What is sent and waited for
//! comes as events; here it is only counted and shown.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::edge;
use crate::text::english;
use crate::text::redact::Redactor;
use crate::text::untrusted::{self, Sink};
use crate::transport::{Event, Watch};

/// How progress is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Manner {
    /// Not at all.
    Silent,
    /// As one line that is drawn again, of at most so many columns.
    Line(usize),
    /// As plain lines.
    Plain,
}

impl Manner {
    /// How long a run lasts before anything is said of it.
    const fn first(self) -> Duration {
        match self {
            Self::Silent => Duration::MAX,
            Self::Line(_) => Duration::from_secs(2),
            Self::Plain => Duration::from_secs(30),
        }
    }

    /// How long what was said stands.
    const fn then(self) -> Duration {
        match self {
            Self::Silent => Duration::MAX,
            Self::Line(_) => Duration::from_millis(250),
            Self::Plain => Duration::from_secs(30),
        }
    }
}

/// How often a run looks whether there is something to show: as often as a line may change.
pub(super) const TICK: Duration = Manner::Line(0).then();

/// What happens between a run and its hosts.
#[derive(Debug, Default)]
struct Hosts {
    sent: usize,
    of: BTreeMap<String, Host>,
}

#[derive(Debug, Default)]
struct Host {
    /// Requests without an answer.
    open: usize,
    /// Waits under way.
    waits: usize,
    /// When the last of them ends.
    until: Option<Instant>,
}

impl Hosts {
    fn see(&mut self, origin: &str, event: Event, now: Instant) {
        let host = self.of.entry(origin.to_owned()).or_default();
        match event {
            Event::Sent => {
                self.sent += 1;
                host.open += 1;
            }
            Event::Answered => host.open = host.open.saturating_sub(1),
            Event::Waits(wait) => {
                host.waits += 1;
                host.until = host.until.max(now.checked_add(wait));
            }
            Event::Goes => {
                host.waits = host.waits.saturating_sub(1);
                if host.waits == 0 {
                    host.until = None;
                }
            }
        }
    }

    /// What the run stands still for: a host that is not asked for a while, else the one with the most open requests.
    fn waited_for(&self, now: Instant) -> Option<String> {
        let name = |origin: &str| origin.split_once("://").map_or(origin, |(_, host)| host).to_owned();
        let held = self.of.iter().filter_map(|(origin, host)| Some((origin, host.until?))).collect::<Vec<_>>();
        if let Some((origin, until)) = held.iter().max_by_key(|(_, until)| *until) {
            let seconds = until.saturating_duration_since(now).as_millis().div_ceil(1000);
            let others = match held.len() {
                1 => String::new(),
                all => format!(" and {}", english::count(all - 1, "more host", "more hosts")),
            };
            return Some(format!("{}{others} can be asked again in {seconds} s", name(origin)));
        }
        let (origin, host) = self.of.iter().max_by_key(|(_, host)| host.open).filter(|(_, host)| host.open > 0)?;
        Some(format!("waiting for {} of {}", english::count(host.open, "answer", "answers"), name(origin)))
    }
}

/// The events of a run, counted.
#[derive(Debug, Default)]
struct Counted(Mutex<Hosts>);

impl Counted {
    fn lock(&self) -> MutexGuard<'_, Hosts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Watch for Counted {
    fn see(&self, origin: &str, event: Event) {
        self.lock().see(origin, event, Instant::now());
    }
}

/// The progress of one run.
pub(super) struct Progress {
    manner: Manner,
    redactor: Redactor,
    hosts: Arc<Counted>,
    began: Instant,
    /// When something was last said.
    said: Option<Instant>,
    /// Who is told at every look that the run goes on.
    pulse: Option<Pulse>,
}

/// What is told that a run goes on.
pub(super) type Pulse = Rc<dyn Fn()>;

impl Progress {
    /// Of a run that begins now.
    pub(super) fn new(manner: Manner, redactor: Redactor, pulse: Option<Pulse>) -> Self {
        Self { manner, redactor, hosts: Arc::default(), began: Instant::now(), said: None, pulse }
    }

    /// Who is to be told what is sent and waited for.
    pub(super) fn watch(&self) -> Arc<dyn Watch> {
        Arc::clone(&self.hosts) as Arc<dyn Watch>
    }

    /// Whether anything is ever shown.
    pub(super) fn is_shown(&self) -> bool {
        self.manner != Manner::Silent
    }

    /// Whether anybody wants to know now and then that the run goes on.
    pub(super) fn is_followed(&self) -> bool {
        self.is_shown() || self.pulse.is_some()
    }

    /// Shows where the run stands, if it is time to.
    pub(super) fn show(&mut self, judged: usize, of: usize) {
        if let Some(pulse) = &self.pulse {
            pulse();
        }
        if let Some(text) = self.due(judged, of, Instant::now()) {
            edge::print_error(&text);
        }
    }

    fn due(&mut self, judged: usize, of: usize, now: Instant) -> Option<String> {
        let due = match self.said {
            None => now.saturating_duration_since(self.began) >= self.manner.first(),
            Some(said) => now.saturating_duration_since(said) >= self.manner.then(),
        };
        if !due {
            return None;
        }
        self.said = Some(now);
        let line = self.line(judged, of, now);
        match self.manner {
            Manner::Silent => None,
            Manner::Plain => Some(format!("{line}\n")),
            Manner::Line(width) => {
                // A line that fills the last column would wrap, and could not be drawn over; an interrupt's `^C` takes two.
                let room = width.saturating_sub(3);
                let fits = |line: &&String| line.chars().count() <= room;
                let short = self.short(judged, of, now);
                let line = [&line, &short].into_iter().find(fits).unwrap_or(&short);
                let cut: String = line.chars().take(room).collect();
                Some(format!("\r\u{1b}[K{cut}"))
            }
        }
    }

    fn line(&self, judged: usize, of: usize, now: Instant) -> String {
        let hosts = self.hosts.lock();
        let requests = english::count(hosts.sent, "request", "requests");
        let mut line = format!("checked {judged} of {} · {requests}", english::count(of, "credential", "credentials"));
        if let Some(waited_for) = hosts.waited_for(now) {
            line.push_str(&format!(" · {waited_for}"));
        }
        untrusted::one_line(&self.redactor.redact(&line), Sink::Terminal)
    }

    /// The same in a few words.
    fn short(&self, judged: usize, of: usize, now: Instant) -> String {
        let waited_for = self.hosts.lock().waited_for(now).map_or_else(String::new, |text| format!(" · {text}"));
        untrusted::one_line(&self.redactor.redact(&format!("{judged} of {of}{waited_for}")), Sink::Terminal)
    }

    /// Takes away what is shown: something else is written now.
    pub(super) fn clear(&mut self) {
        if let (Manner::Line(_), Some(_)) = (self.manner, self.said) {
            edge::print_error("\r\u{1b}[K");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn progress(manner: Manner) -> Progress {
        Progress::new(manner, Redactor::new(crate::vocabulary::token_shapes()), None)
    }

    fn after(progress: &mut Progress, milliseconds: u64, judged: usize) -> Option<String> {
        let now = progress.began + Duration::from_millis(milliseconds);
        progress.due(judged, 30, now)
    }

    #[test]
    fn a_terminal_has_a_line_after_two_seconds_and_then_four_times_a_second() {
        let mut line = progress(Manner::Line(80));
        assert_eq!(after(&mut line, 1_999, 1), None);
        let first = "\r\u{1b}[Kchecked 1 of 30 credentials · 0 requests";
        assert_eq!(after(&mut line, 2_000, 1).as_deref(), Some(first));
        assert_eq!(after(&mut line, 2_249, 2), None);
        assert!(after(&mut line, 2_250, 2).is_some());
    }

    #[test]
    fn without_a_terminal_there_is_a_plain_line_each_half_minute() {
        let mut plain = progress(Manner::Plain);
        assert_eq!(after(&mut plain, 29_999, 3), None);
        assert_eq!(after(&mut plain, 30_000, 3).as_deref(), Some("checked 3 of 30 credentials · 0 requests\n"));
        assert_eq!(after(&mut plain, 59_000, 4), None);
        assert!(after(&mut plain, 60_000, 4).is_some());
        assert_eq!(after(&mut progress(Manner::Silent), 600_000, 4), None);
    }

    #[test]
    fn it_says_what_is_waited_for() {
        let said = |events: &[(&str, Event)]| {
            let mut line = progress(Manner::Plain);
            let began = line.began;
            for (origin, event) in events {
                line.hosts.lock().see(origin, *event, began);
            }
            after(&mut line, 30_000, 12).unwrap().trim_end().to_owned()
        };
        let (github, gitlab) = ("https://github.com", "https://gitlab.acme.dev:8443");
        assert_eq!(
            said(&[(github, Event::Sent), (github, Event::Sent), (gitlab, Event::Sent), (github, Event::Answered)]),
            "checked 12 of 30 credentials · 3 requests · waiting for 1 answer of gitlab.acme.dev:8443"
        );
        let minute = Event::Waits(Duration::from_secs(73));
        assert_eq!(
            said(&[(gitlab, Event::Sent), (github, minute)]),
            "checked 12 of 30 credentials · 1 request · github.com can be asked again in 43 s"
        );
        assert_eq!(
            said(&[(gitlab, Event::Waits(Duration::from_secs(40))), (github, minute)]),
            "checked 12 of 30 credentials · 0 requests · github.com and 1 more host can be asked again in 43 s"
        );
        assert_eq!(said(&[(github, minute), (github, Event::Goes)]), "checked 12 of 30 credentials · 0 requests");
    }

    #[test]
    fn a_line_never_fills_the_last_column() {
        for width in 0..60 {
            let mut line = progress(Manner::Line(width));
            let shown = after(&mut line, 2_000, 1).unwrap();
            assert!(shown.trim_start_matches("\r\u{1b}[K").chars().count() <= width.saturating_sub(3));
        }
    }

    #[test]
    fn what_a_host_is_called_is_harmless_and_tells_no_secret() {
        let mut line = progress(Manner::Line(200));
        let token = format!("{}_{}", "ghp", "a1B2c3D4e5".repeat(4).chars().take(36).collect::<String>());
        line.hosts.lock().see(&format!("https://{token}\u{1b}[2J.acme.dev"), Event::Sent, line.began);
        let shown = after(&mut line, 2_000, 1).unwrap();
        assert!(!shown.contains(&token) && !shown.contains("\u{1b}[2J"), "{shown:?}");
    }
}
