//! The checker as programs see it: a policy and options, ready to run.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::checked::Checked;
use super::credential::Credential;
use super::error::Error;
use super::policy::Policy;
use super::record::Record;
use super::run::Run;
use super::summary::Summary;
use super::time::timestamp;
use crate::checker::clock;
use crate::checker::network::{Network, NetworkOptions};
use crate::checker::ready::{Allowed, one};
use crate::checker::run;
use crate::checker::terms::{Reads, Rules, Terms};
use crate::collecting::Derives;
use crate::settings::Environment;
use crate::text::redact::Redactor;
use crate::vocabulary::token_shapes;

/// A policy with inputs and options, ready to check credentials.
#[derive(Clone, Debug)]
pub struct Checker {
    policy: Policy,
    inputs: Vec<(String, String)>,
    at: Option<SystemTime>,
    rules: Rules,
    network: NetworkOptions,
    allowed: Allowed,
}

impl Checker {
    /// A checker with the options that the command line has by default.
    pub fn new(policy: &Policy) -> Self {
        Self {
            policy: policy.clone(),
            inputs: Vec::new(),
            at: None,
            rules: Rules::default(),
            network: NetworkOptions::default(),
            allowed: Allowed { mints: false, probes: false },
        }
    }

    /// Gives an input of the policy its value, as text; lists by commas.
    #[must_use]
    pub fn input(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.inputs.push((name.into(), value.into()));
        self
    }

    /// Judges as at this time; otherwise at that of the clock when a run begins, or of the record.
    #[must_use]
    pub fn at(mut self, time: SystemTime) -> Self {
        self.at = Some(time);
        self
    }

    /// Whether warnings and accepted unknowns count in the exit code.
    #[must_use]
    pub fn strict(mut self, strict: bool) -> Self {
        self.rules.strict = strict;
        self
    }

    /// Whether the policy's waivers hold (they do by default).
    #[must_use]
    pub fn waivers(mut self, waivers: bool) -> Self {
        self.rules.no_waivers = !waivers;
        self
    }

    /// The most requests on the way to one host at once; at least one (8 by default).
    #[must_use]
    pub fn concurrency(mut self, requests: usize) -> Self {
        self.network.at_once = requests.max(1);
        self
    }

    /// The most requests of a run in all; what is not asked then stays unknown.
    #[must_use]
    pub fn max_requests(mut self, requests: u64) -> Self {
        self.network.most = Some(requests);
        self
    }

    /// How long to wait for a connection and for each part of an answer (ten seconds by default).
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.network.timeout = timeout;
        self
    }

    /// After how long a run sends nothing more, and reports what is known until then (no limit by default).
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.network.deadline = Some(deadline);
        self
    }

    /// Further certificate authorities in PEM; `name` is for messages.
    #[must_use]
    pub fn certificates(mut self, name: impl Into<PathBuf>, pem: impl Into<Vec<u8>>) -> Self {
        self.network.ca_certificates = Some((name.into(), pem.into()));
        self
    }

    /// Lets a run mint installation tokens with an App's key where only they can tell: they read only, and are revoked.
    #[must_use]
    pub fn mint(mut self, mint: bool) -> Self {
        self.allowed.mints = mint;
        self
    }

    /// Lets a run send write probes, made so that they cannot change anything.
    #[must_use]
    pub fn probe(mut self, probe: bool) -> Self {
        self.allowed.probes = probe;
        self
    }

    /// Begins a run on live hosts. Nothing is sent before [`Run::next`].
    ///
    /// # Errors
    /// [`Error`] where inputs, credentials or options cannot be used: nothing was sent then.
    pub fn start(&self, credentials: impl IntoIterator<Item = Credential>) -> Result<Run, Error> {
        let terms = self.terms(self.at.map_or_else(clock::now, timestamp))?;
        let redactor = Redactor::new(token_shapes());
        let network = Network::new(&self.network, clock::now, redactor.clone(), None)
            .map_err(|error| Error::Certificates(error.to_string()))?;
        let (mut names, mut ready) = (BTreeSet::new(), Vec::new());
        for credential in credentials {
            let declared = credential.declare().map_err(|error| Error::Credential(error.to_string()))?;
            if !names.insert(declared.credential.name.clone()) {
                return Err(Error::TwoCredentials(declared.credential.name));
            }
            ready.push(one(&declared, &Environment::default(), self.allowed, &redactor));
        }
        Ok(self.run(run::Run::live(terms, ready, Vec::new(), network), redactor))
    }

    /// Begins a run on a record; no host is asked.
    ///
    /// ```
    /// use credcheck::{Checker, Policy, Record};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let bytes = br#"{"version":1,"tool":"credcheck 0.1.0","at":"2026-11-23T12:00:00Z","credentials":[{"name":"bot","host":
    /// # "github","url":"https://github.com","api":"https://api.github.com/","username":null,"kinds":["classic"],"kind_evidence":
    /// # "prefix of the token","scope":[],"exchanges":[{"method":"GET","url":"https://api.github.com/user","attempts":[200],
    /// # "answer":{"status":200,"at":"2026-11-23T12:00:00Z","headers":[["x-oauth-scopes","gist"]],"json":{"login":"acme-bot",
    /// # "type":"User"}}}]}],"facts":null}"#;
    /// // What `credcheck --record FILE` wrote.
    /// let record = Record::read(bytes)?;
    /// let policy = Policy::parse("team.pol", r#"host github { require token.scopes covers ["repo"] }"#)?;
    /// let mut run = Checker::new(&policy).replay(record)?;
    /// # tokio::runtime::Runtime::new()?.block_on(async move {
    /// let checked = run.next().await.expect("the record has a credential");
    /// let outcome = checked.outcomes().next().expect("one statement");
    /// assert_eq!(outcome.reasons(), ["`repo` is not granted"]);
    /// assert_eq!(run.end().await.exit_code(), 1);
    /// # });
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Inputs`].
    pub fn replay(&self, record: Record) -> Result<Run, Error> {
        let record = record.into_inner();
        let terms = self.terms(self.at.map_or(record.at, timestamp))?;
        Ok(self.run(run::Run::replay(terms, record.credentials), Redactor::new(token_shapes())))
    }

    /// Checks credentials and gives each to `each`, in order. Blocks until the run is over, on a runtime of its own.
    ///
    /// # Errors
    /// As [`Checker::start`], and [`Error::Runtime`] inside of a tokio runtime: there a run is awaited.
    pub fn check(
        &self,
        credentials: impl IntoIterator<Item = Credential>,
        mut each: impl FnMut(Checked),
    ) -> Result<Summary, Error> {
        if tokio::runtime::Handle::try_current().is_ok() {
            return Err(Error::Runtime("the blocking check cannot run inside of a tokio runtime: await a run instead"));
        }
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|_| Error::Runtime("the system gives no runtime to run in"))?;
        let mut run = self.start(credentials)?;
        Ok(runtime.block_on(async move {
            while let Some(checked) = run.next().await {
                each(checked);
            }
            run.end().await
        }))
    }

    fn terms(&self, now: jiff::Timestamp) -> Result<Terms, Error> {
        Ok(Terms {
            policy: Arc::clone(self.policy.checked()),
            inputs: Arc::new(self.policy.bind(&self.inputs)?),
            now,
            rules: self.rules.clone(),
            reads: Reads::Needed,
            // A program may look at any.
            derives: Derives::Everything,
            records: false,
            baseline: None,
        })
    }

    fn run(&self, inner: run::Run, redactor: Redactor) -> Run {
        Run { inner, policy: self.policy.clone(), redactor }
    }
}
