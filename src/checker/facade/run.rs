//! Runs as programs see them.

use std::fmt;
use std::sync::Arc;

use super::checked::Checked;
use super::policy::Policy;
use super::problem::Problem;
use super::summary::Summary;
use super::view::View;
use crate::checker::run;
use crate::text::redact::Redactor;

/// A stream of judged credentials, in the order in which they were given. At most 64 of them are between their first
/// request and [`Run::next`], and each is let go when the program drops it: a thousand take no more memory than those.
///
/// Nothing happens between the calls: the run works while it is awaited, on the caller's tokio runtime, which needs its
/// drivers for io and time. It handles no signal.
///
/// **End a run with [`Run::end`].** A run that is dropped before stops where it is. Where it was let mint tokens
/// ([`Checker::mint`](super::Checker::mint)), those of the credentials under way are then not revoked: they only read, and
/// the host ends them within an hour.
///
/// ```
/// # use credcheck::simulator::github::{Token, World};
/// use credcheck::{Checker, Credential, HostKind, Policy};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let mut world = World::new("2026-11-23T12:00:00Z".parse()?);
/// # for number in 0..1_000 {
/// #     world = world.token(Token::classic(&format!("token-{number:04}")).owner("acme-bot").scopes(["repo"]));
/// # }
/// # let host = world.start()?;
/// let policy = Policy::parse("team.pol", r#"host github { require token.scopes covers ["repo"] }"#)?;
/// let credentials = (0..1_000).map(|number| {
///     Credential::token(HostKind::GitHub, format!("bot-{number:04}"), &format!("token-{number:04}"))
///         .at(host.url())
///         .api(host.api_url())
/// });
/// let mut run = Checker::new(&policy).start(credentials)?;
/// tokio::runtime::Runtime::new()?.block_on(async move {
///     let mut seen = 0;
///     while let Some(checked) = run.next().await {
///         assert_eq!(checked.name(), format!("bot-{seen:04}"));
///         seen += 1;
///     }
///     let summary = run.end().await;
///     assert_eq!((summary.credentials(), summary.exit_code()), (1_000, 0));
/// });
/// # Ok(())
/// # }
/// ```
pub struct Run {
    pub(super) inner: run::Run,
    pub(super) policy: Policy,
    pub(super) redactor: Redactor,
}

impl Run {
    /// The next credential, judged; `None` after the last. Nothing is lost where the future is dropped before it is ready.
    pub async fn next(&mut self) -> Option<Checked> {
        let checked = self.inner.next().await?;
        Some(Checked(View {
            checked,
            terms: Arc::clone(self.inner.terms()),
            policy: self.policy.clone(),
            redactor: self.redactor.clone(),
        }))
    }

    /// Ends the run, after its last credential or early, and says what it comes to. A run that is ended early mints nothing
    /// more, waits for what is being minted, and revokes what was; that takes ten seconds at most, and its exit code is 130.
    pub async fn end(self) -> Summary {
        let Self { inner, policy, redactor } = self;
        let tail = inner.end().await;
        let clean = |text: &str| redactor.redact(text).into_owned();
        let notes = tail.notes.iter().map(|note| Problem::of(note, policy.sources(), &clean)).collect();
        Summary::new(tail, notes)
    }
}

impl fmt::Debug for Run {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Run").finish_non_exhaustive()
    }
}
