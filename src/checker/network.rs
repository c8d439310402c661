//! How a run sends: one client and one budget for all of its credentials.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::Semaphore;

use crate::text::redact::Redactor;
use crate::transport::{Account, Budget, Channel, Client, ClientError, ClientSettings, Live, Minted, Watch};

/// The largest body that is read, after decompression.
const BODY_CAP: usize = 8 << 20;
/// The longest that a host may ask to wait.
const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// The longest that is waited for one host in all, for what it asks to wait and for answers that do not come.
const LONGEST_WAITING: Duration = Duration::from_secs(120);
/// How long to wait before a second try.
const BACKOFF: Duration = Duration::from_millis(500);
/// How often a request is tried again.
const RETRIES: u32 = 2;

/// What an operator says of sending.
#[derive(Clone, Debug)]
pub struct NetworkOptions {
    /// The most requests in all.
    pub most: Option<u64>,
    /// The most requests on the way to one host at once; at least one.
    pub at_once: usize,
    /// How long to wait for a connection and for each part of an answer.
    pub timeout: Duration,
    /// After how long nothing more is sent.
    pub deadline: Option<Duration>,
    /// Further certificate authorities: the file's name and its bytes, in PEM.
    pub ca_certificates: Option<(PathBuf, Vec<u8>)>,
}

impl Default for NetworkOptions {
    fn default() -> Self {
        Self { most: None, at_once: 8, timeout: Duration::from_secs(10), deadline: None, ca_certificates: None }
    }
}

/// The client and the budgets of a run. Nothing is set up before the first request.
pub struct Network {
    client: Arc<Client>,
    budget: Arc<Budget>,
    /// Revocations are sent whatever the run's own budget allows.
    revocations: Arc<Budget>,
    pub(super) at_once: usize,
    /// Whose turn it is, by the address of the host.
    turns: Mutex<HashMap<String, Arc<Semaphore>>>,
    /// What is minted, it learns before that is used.
    redactor: Redactor,
}

impl Network {
    /// Makes them. `now` is the wall clock; `redactor` learns what is minted before that is used; `watch` is told what is
    /// sent and waited for.
    ///
    /// # Errors
    /// [`ClientError`] where the certificate authorities cannot be read.
    pub fn new(
        options: &NetworkOptions,
        now: fn() -> Timestamp,
        redactor: Redactor,
        watch: Option<Arc<dyn Watch>>,
    ) -> Result<Self, ClientError> {
        let settings = ClientSettings {
            timeout: options.timeout,
            ca_certificates: options.ca_certificates.clone(),
            retries: RETRIES,
            longest_wait: LONGEST_WAIT,
            body_cap: BODY_CAP,
            backoff: BACKOFF,
        };
        Ok(Self {
            client: Arc::new(Client::new(&settings, now)?),
            budget: Arc::new(
                Budget::new(options.most, options.at_once)
                    .until(options.deadline)
                    .waiting_at_most(LONGEST_WAITING)
                    .watched(watch),
            ),
            revocations: Arc::new(Budget::new(None, options.at_once)),
            at_once: options.at_once,
            turns: Mutex::default(),
            redactor,
        })
    }

    /// How many requests were sent so far, each attempt counted.
    pub(super) fn sent(&self) -> u64 {
        self.budget.sent() + self.revocations.sent()
    }

    /// The turns of a host. Somewhat more credentials have one at a time than requests are on the way: so the host is never
    /// idle, and those that came first are judged first, whenever the run ends.
    pub(super) fn turns(&self, url: &str) -> Arc<Semaphore> {
        let most = self.at_once.saturating_add(self.at_once.div_ceil(2)).min(Semaphore::MAX_PERMITS);
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(turns.entry(url.to_owned()).or_insert_with(|| Arc::new(Semaphore::new(most))))
    }

    /// The channel of a credential that is asked with.
    pub(super) fn channel(&self, account: Account, checker: Option<Account>) -> Channel {
        Channel::Live(Box::new(Live {
            client: Arc::clone(&self.client),
            budget: Arc::clone(&self.budget),
            revocations: Arc::clone(&self.revocations),
            account,
            checker,
            minted: Minted::new(self.redactor.clone()),
        }))
    }
}
