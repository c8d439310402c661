//! Signals: the first SIGINT or SIGTERM ends a run early and in order, the second ends the program at once. What runs again
//! and again may let its run go on for a while, and is told to begin the next one by SIGHUP.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

use crate::evaluation::ExitCode;

/// What ended a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Signal {
    /// SIGINT: Ctrl-C.
    Interrupt,
    /// SIGTERM: a system or an engine that wants the process gone.
    Terminate,
}

impl Signal {
    /// The exit code of what it ended: 128 and its number, as shells have it.
    pub(super) const fn exit(self) -> ExitCode {
        match self {
            Self::Interrupt => ExitCode::Interrupted,
            Self::Terminate => ExitCode::Terminated,
        }
    }
}

/// The number of the signal that came, 0 before there is one.
static RECEIVED: OnceLock<Arc<AtomicUsize>> = OnceLock::new();

/// From now on the first signal is only noted: whoever takes long looks for it. Before, and where the system does not let
/// us listen, it ends the process as ever.
pub(super) fn listen() {
    let mut first = false;
    let received = RECEIVED.get_or_init(|| {
        first = true;
        Arc::default()
    });
    if !first {
        return;
    }
    let any = Arc::new(AtomicBool::new(false));
    for (number, signal) in [(SIGINT, Signal::Interrupt), (SIGTERM, Signal::Terminate)] {
        // In this order, a signal ends the process only where another one came before it.
        let _ = flag::register_conditional_shutdown(number, signal.exit().number().into(), Arc::clone(&any));
        let _ = flag::register_usize(number, Arc::clone(received), usize::try_from(number).unwrap_or_default());
        let _ = flag::register(number, Arc::clone(&any));
    }
}

/// The signal that came.
pub(super) fn received() -> Option<Signal> {
    let number = RECEIVED.get()?.load(Ordering::SeqCst);
    [(SIGINT, Signal::Interrupt), (SIGTERM, Signal::Terminate)]
        .into_iter()
        .find_map(|(one, signal)| (usize::try_from(one) == Ok(number)).then_some(signal))
}

/// How long a run may go on after the first signal.
static PATIENCE: OnceLock<Duration> = OnceLock::new();

/// When the first signal was seen.
static SEEN: OnceLock<Instant> = OnceLock::new();

/// From now on a run may go on for so long after the first signal.
pub(super) fn be_patient(patience: Duration) {
    let _ = PATIENCE.set(patience);
}

/// The signal that came, once a run must end for it.
pub(super) fn due() -> Option<Signal> {
    let signal = received()?;
    let patience = PATIENCE.get().copied().unwrap_or_default();
    let seen = SEEN.get_or_init(Instant::now);
    (patience.is_zero() || seen.elapsed() >= patience).then_some(signal)
}

/// Waits for the first signal, and until a run must end for it.
pub(super) async fn first() -> Signal {
    /// How often it is looked whether the time is up.
    const SLICE: Duration = Duration::from_millis(50);
    let signal = arrived().await;
    while due().is_none() {
        tokio::time::sleep(SLICE).await;
    }
    signal
}

/// Waits for the first signal.
pub(super) async fn arrived() -> Signal {
    listen();
    let mut arrivals = arrivals::Arrivals::new();
    loop {
        // What is noted was noted before anybody is woken.
        if let Some(signal) = received() {
            return signal;
        }
        arrivals.next().await;
    }
}

/// Wakes up with every SIGHUP, those that came since it was made and were not waited for among them.
pub(super) struct HangUps(#[cfg(unix)] Option<tokio::signal::unix::Signal>);

impl HangUps {
    /// From now on a SIGHUP no longer ends the process.
    pub(super) fn new() -> Self {
        #[cfg(unix)]
        return Self(tokio::signal::unix::signal(tokio::signal::unix::SignalKind::hangup()).ok());
        #[cfg(not(unix))]
        Self()
    }

    /// Waits for the next; for ever where the system has none.
    pub(super) async fn next(&mut self) {
        #[cfg(unix)]
        if let Some(signal) = &mut self.0 {
            let _ = signal.recv().await;
            return;
        }
        std::future::pending().await
    }
}

#[cfg(unix)]
mod arrivals {
    use tokio::signal::unix::{self, SignalKind};

    /// Wakes up with every signal.
    pub(super) struct Arrivals([Option<unix::Signal>; 2]);

    impl Arrivals {
        pub(super) fn new() -> Self {
            Self([SignalKind::interrupt(), SignalKind::terminate()].map(|kind| unix::signal(kind).ok()))
        }

        pub(super) async fn next(&mut self) {
            let Self([interrupt, terminate]) = self;
            tokio::select! {
                () = one(interrupt) => {}
                () = one(terminate) => {}
            }
        }
    }

    async fn one(signal: &mut Option<unix::Signal>) {
        match signal {
            Some(signal) => drop(signal.recv().await),
            None => std::future::pending().await,
        }
    }
}

#[cfg(not(unix))]
mod arrivals {
    /// Wakes up with Ctrl-C.
    pub(super) struct Arrivals;

    impl Arrivals {
        pub(super) const fn new() -> Self {
            Self
        }

        pub(super) async fn next(&mut self) {
            if tokio::signal::ctrl_c().await.is_err() {
                std::future::pending().await
            }
        }
    }
}
