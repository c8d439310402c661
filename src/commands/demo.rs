//! `credcheck demo`: the main job, with the real pipeline over HTTP, against simulated hosts on this machine.

use std::sync::Arc;
use std::time::Instant;

use super::checking;
use super::cli::{NetworkArguments, PolicyArguments};
use super::edge;
use super::failure::Failure;
use super::output::Sink;
use super::policy;
use super::running;
use crate::checker::{Derives, Reads, Ready, Rules, Run, Terms};
use crate::collecting;
use crate::diagnostic::{Code, Diagnostic};
use crate::evaluation::ExitCode;
use crate::facts::{AppUse, Credential, Origin, ScopeEntry};
use crate::simulator::demo::{Demo, DemoCredential, DemoHosts};
use crate::text::redact::Redactor;
use crate::text::secret::Secret;
use crate::transport::Account;
use crate::vocabulary::HOSTS;
use crate::vocabulary::Shape;

/// The policy that the demo checks.
const POLICY: &str = "builtin:atlantis";

/// Runs the demo. It ends with 0, and says how a real run would have ended.
pub(super) fn run(sink: &mut Sink) -> Result<ExitCode, Failure> {
    let started = Instant::now();
    let now = edge::now();
    let loaded = policy::load(&[POLICY.to_owned()], &PolicyArguments::default(), sink.sources())?;
    sink.can_place(&loaded.checked)?;
    let inputs = policy::inputs(&loaded.checked, &PolicyArguments::default(), &[])?;
    let (hosts, credentials) = Demo::at(now)
        .start()
        .map_err(|error| failed(&format!("the simulated hosts cannot start: {}", error.kind())))?;
    let ready: Vec<Ready> =
        credentials.iter().map(|one| ready(one, &hosts, sink.redactor())).collect::<Result<_, Failure>>()?;
    if sink.is_for_people() {
        let mut lines =
            vec!["Simulated hosts run on this machine. These credentials are checked against builtin:atlantis:".into()];
        for host in HOSTS {
            lines.push(format!("  {} at {}", host.title, hosts.url(host.kind)));
            let own = credentials.iter().filter(|one| one.host == host.kind);
            lines.extend(own.map(|one| format!("    {}: {}", one.name, one.about)));
        }
        lines.push(String::new());
        sink.lines(&lines)?;
    }
    let terms = Terms {
        policy: Arc::new(loaded.checked),
        inputs: Arc::new(inputs),
        now,
        rules: Rules::default(),
        reads: Reads::Needed,
        derives: Derives::Read,
        records: false,
        baseline: None,
    };
    let progress = sink.progress(&NetworkArguments::default());
    let network = running::network(&NetworkArguments::default(), sink, &progress)?;
    let run = Run::live(terms, ready, Vec::new(), network);
    let exit = checking::report(run, sink, progress, None, None, started)?;
    if sink.is_for_people() {
        sink.lines(&[
            String::new(),
            format!("a real run would end with exit code {}; the demo ends with 0", exit.number()),
        ])?;
    }
    Ok(ExitCode::Success)
}

fn ready(demo: &DemoCredential, hosts: &DemoHosts, redactor: &Redactor) -> Result<Ready, Failure> {
    let secret =
        Secret::token(&demo.token).map_err(|error| failed(&format!("a demo token cannot be used: {error}")))?;
    redactor.add(&secret);
    let Shape { kinds, evidence: kind_evidence, token_id, times } = Shape::of(demo.host, secret.expose());
    let api = hosts.api_url(demo.host).parse().map_err(|_| failed("a simulated host has no address"))?;
    let credential = Credential {
        name: demo.name.to_owned(),
        host: demo.host,
        url: hosts.url(demo.host),
        api,
        username: Some(demo.username.to_owned()).filter(|name| !name.is_empty()),
        kinds,
        kind_evidence,
        token_id,
        times,
        scope: demo
            .repositories
            .iter()
            .map(|name| ScopeEntry::new(demo.host, name, Origin::Other("the demo".into())))
            .collect(),
        excluded: Vec::new(),
        app: AppUse::default(),
        probes: false,
    };
    let account = Account {
        credential: demo.name.to_owned(),
        authorization: collecting::authorization(&credential, secret),
        limits: Some(collecting::limits(demo.host)),
    };
    Ok(Ready { credential, account: Ok(account), checker: None })
}

fn failed(message: &str) -> Failure {
    Failure::Failed(vec![Diagnostic::new(Code::CannotWrite, message)])
}
