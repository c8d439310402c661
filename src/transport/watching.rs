//! What happens while requests are sent, for whoever shows it.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// Something that happened between a run and one host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A request goes out.
    Sent,
    /// It has its answer, or will have none.
    Answered,
    /// Something is not sent before so long: the host asked for that, or did not answer.
    Waits(Duration),
    /// That wait is over.
    Goes,
}

/// Somebody who is told what happens, at once: whatever takes time belongs elsewhere.
pub trait Watch: Send + Sync {
    /// Something happened with the host of this origin (`https://github.com`).
    fn see(&self, origin: &str, event: Event);
}

/// Who is told, if anybody.
#[derive(Clone, Default)]
pub(super) struct Watcher(Option<Arc<dyn Watch>>);

impl Watcher {
    pub(super) fn new(watch: Arc<dyn Watch>) -> Self {
        Self(Some(watch))
    }

    /// Tells that something begins; its end is told when what this gives is dropped.
    pub(super) fn begin(&self, origin: &str, begins: Event, ends: Event) -> Watched {
        Watched(self.0.as_ref().map(|watch| {
            watch.see(origin, begins);
            (Arc::clone(watch), origin.to_owned(), ends)
        }))
    }
}

impl fmt::Debug for Watcher {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Watcher({})", self.0.is_some())
    }
}

/// Something under way that is watched.
#[must_use]
pub(super) struct Watched(Option<(Arc<dyn Watch>, String, Event)>);

impl Drop for Watched {
    fn drop(&mut self) {
        if let Some((watch, origin, ends)) = &self.0 {
            watch.see(origin, *ends);
        }
    }
}

impl fmt::Debug for Watched {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Watched({})", self.0.is_some())
    }
}
