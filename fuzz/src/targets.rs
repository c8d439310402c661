//! The five targets: what comes from outside, and what must hold whatever it is.
//!
//! Each takes bytes and panics where something does not hold. `cargo test` runs them over the seeds.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use credcheck::diagnostic::Severity;
use credcheck::evaluation::{mutate, run_test};
use credcheck::facts::record::{Kept, Record, RecordWriter, RecordedCredential, RecordedExchange};
use credcheck::facts::{
    Answer, Attempt, Exchange, Fact, FactSet, HttpRequest, Knowledge, RepositoryName, Target, Unknown, Value, Wanted,
};
use credcheck::hosts::{Brief, Decoded, Step, script, scripts};
use credcheck::language::lint::{apply, lint};
use credcheck::language::{CheckOptions, OpenError, Opened, PolicyStore, check, format, load};
use credcheck::settings::{Arguments, Call, CommandError, Environment, FileError, Files, Given, declare, resolve};
use credcheck::text::json::{Escapes, Writer};
use credcheck::text::redact::Redactor;
use credcheck::text::secret::Secret;
use credcheck::text::source::{SourceId, SourceMap};
use credcheck::text::untrusted::{self, Sink};
use credcheck::vocabulary::{FactIndex, HOSTS, Host, Request, Subject, token_shapes};
use credcheck::{Checker, Policy};
use jiff::Timestamp;
use zeroize::Zeroizing;

/// When everything happens.
fn now() -> Timestamp {
    Timestamp::UNIX_EPOCH + jiff::SignedDuration::from_hours(24 * 365 * 56)
}

/// One file.
struct One<'a>(&'a [u8]);

impl PolicyStore for One<'_> {
    fn open(&self, path: &str, _: Option<&str>) -> Result<Opened, OpenError> {
        match path {
            "main.pol" => Ok(Opened { id: path.into(), name: path.into(), bytes: self.0.to_vec() }),
            _ => Err(OpenError::NotFound),
        }
    }
}

/// A policy: checked, linted, mended, formatted twice, tested, mutated.
///
/// What lints mend has no error; what is formatted is formatted, and as valid as before.
pub fn policy(bytes: &[u8]) {
    let mut sources = SourceMap::new();
    let (program, problems) = load(&["main.pol".to_owned()], &One(bytes), &mut sources);
    let (mut policy, problems) = check(&program, &sources, problems, CheckOptions::default());
    let is_valid = !problems.iter().any(|problem| problem.severity == Severity::Error);
    let findings = lint(&policy, &program, &sources, problems, now());
    let Some(file) = policy.files.iter().find(|file| file.root).map(|file| file.source) else { return };
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if is_valid && let Some(fixed) = apply(text, file, &findings) {
        assert!(errors(fixed.text.as_bytes()).is_none(), "a mended policy has errors");
    }
    if let Ok(once) = format(file, text) {
        let twice = format(file, &once);
        assert_eq!(twice.ok().as_deref(), Some(once.as_str()), "a formatted policy is formatted again");
        if is_valid {
            assert_eq!(errors(once.as_bytes()), None, "a formatted policy has errors");
        }
    }
    if !is_valid {
        return;
    }
    let passes = |at: &usize| {
        let run = policy.tests.get(*at).and_then(|test| run_test(&policy, test));
        run.is_some_and(|run| run.failures.is_empty())
    };
    let tests: Vec<usize> = (0..policy.tests.len()).take(8).filter(passes).collect();
    let mut left = 16;
    let mut go_on = || {
        left -= 1;
        left > 0
    };
    let mutation = mutate(&mut policy, file, &tests, &mut go_on);
    assert!(mutation.survivors.len() <= mutation.made);
}

/// The first error of a policy.
fn errors(bytes: &[u8]) -> Option<String> {
    let mut sources = SourceMap::new();
    let (program, problems) = load(&["main.pol".to_owned()], &One(bytes), &mut sources);
    let (_, problems) = check(&program, &sources, problems, CheckOptions::default());
    problems.into_iter().find(|problem| problem.severity == Severity::Error).map(|problem| problem.message)
}

/// A settings file, and a file with a token.
struct Disk<'a>(&'a [u8]);

impl Files for Disk<'_> {
    fn read(&self, path: &Path, cap: usize) -> Result<Zeroizing<Vec<u8>>, FileError> {
        let bytes = match path.to_str() {
            Some("/etc/credcheck.toml") => self.0.to_vec(),
            Some("/run/token") => format!("ghp_{}", "7fQ2".repeat(9)).into_bytes(),
            _ => return Err(FileError::NotFound),
        };
        if bytes.len() > cap { Err(FileError::TooLarge(cap)) } else { Ok(Zeroizing::new(bytes)) }
    }

    fn canonical(&self, path: &Path) -> Result<PathBuf, FileError> {
        Ok(Path::new("/").join(path))
    }

    fn read_private(&self, path: &Path, cap: usize) -> Result<Zeroizing<Vec<u8>>, FileError> {
        self.read(path, cap)
    }

    fn run(&self, calls: &[Call]) -> Vec<Result<Zeroizing<Vec<u8>>, CommandError>> {
        let one = |call: &Call| match call.program.command.first().map(String::as_str) {
            Some("op") => Ok(Zeroizing::new(format!("glpat-{}\n", "Kd8-".repeat(5)).into_bytes())),
            Some("git") => {
                let asked = call.program.input.trim_end();
                Ok(Zeroizing::new(format!("{asked}\npassword=ghp_{}\n", "7fQ2".repeat(9)).into_bytes()))
            }
            _ => Err(CommandError::NotFound),
        };
        calls.iter().map(one).collect()
    }

    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH
    }
}

/// An environment, and after a line of dashes a settings file.
///
/// A credential goes to a host whose name stands there, or to a public one; of the file no token is shown.
pub fn settings(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (variables, file) = text.split_once("\n---\n").unwrap_or((&text, ""));
    let environment: Environment = variables
        .lines()
        .filter_map(|line| line.split_once('='))
        .map(|(name, value)| (name, value.replace("\\n", "\n")))
        .collect();
    let arguments = Arguments {
        config: (!file.is_empty()).then(|| "/etc/credcheck.toml".into()),
        credentials: environment.get("NAMED").map(str::to_owned).into_iter().collect(),
        repositories: environment.get("REPOSITORY").map(str::to_owned).into_iter().collect(),
        ..Arguments::default()
    };
    let mut sources = SourceMap::new();
    let result = resolve(&arguments, &environment, &Disk(file.as_bytes()), &mut sources);
    if let Some(source) = sources.get(SourceId(0)) {
        assert!(token_shapes().find(source.text()).is_empty(), "a token of the settings is shown");
    }
    let Ok(settings) = result else { return };
    let written = text.to_ascii_lowercase();
    for declared in settings.credentials.iter().filter(|declared| declared.secret.is_ok()) {
        for url in [declared.credential.url.as_str(), declared.credential.api.as_str()] {
            assert!(is_named(url, &written), "{url} is not named");
        }
    }
}

/// Whether a text names the host of an address, or nobody need.
fn is_named(url: &str, written: &str) -> bool {
    let authority = url.split("://").nth(1).and_then(|rest| rest.split('/').next()).unwrap_or("");
    let name = authority.strip_prefix("api.").unwrap_or(authority);
    let public = HOSTS.iter().filter_map(|host| host.public_url).any(|public| public.ends_with(&format!("//{name}")));
    // Numbers are written in many ways, those of ports too.
    let name = name.rsplit_once(':').map_or(name, |(name, _)| name);
    let is_number = authority.starts_with('[') || authority.starts_with(|first: char| first.is_ascii_digit());
    public || is_number || written.contains(name)
}

static POLICY: LazyLock<Policy> = LazyLock::new(|| Policy::open(&["builtin:renovate"]).expect("a built-in policy"));

/// A record: read, judged, written, and read as the same.
pub fn replay(bytes: &[u8]) {
    let Ok(record) = Record::read(bytes) else { return };
    let written = write(&record.credentials, record.at);
    let again = Record::read(&written).expect("what is written is read");
    assert_eq!(again.credentials, record.credentials, "a record is written as it was read");
    let Ok(record) = credcheck::Record::read(bytes) else { return };
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(async {
        let Ok(mut run) = Checker::new(&POLICY).replay(record) else { return };
        while let Some(checked) = run.next().await {
            for outcome in checked.broken().chain(checked.outcomes()) {
                let _ = (outcome.verdict(), outcome.reasons(), outcome.evidence());
            }
            let _ = (checked.notes(), checked.requests(), checked.facts().count());
        }
        let _ = run.end().await.exit_code();
    });
}

/// A record as a run writes it.
fn write(credentials: &[RecordedCredential], at: Timestamp) -> Vec<u8> {
    let redactor = Redactor::new(token_shapes());
    let mut writer = RecordWriter::begin(Vec::new(), at, &redactor).expect("memory takes everything");
    for credential in credentials {
        writer.credential(credential).expect("memory takes everything");
    }
    writer.end(|out| std::io::Write::write_all(out, b"null")).expect("memory takes everything")
}

/// A host's answers, parted by lines of `===`: a status, headers, an empty line, a body. The first byte is the host.
///
/// Every script of the host takes them in turn, and ends; what a record leaves of them says the same.
pub fn decoders(bytes: &[u8]) {
    let Some((first, rest)) = bytes.split_first() else { return };
    let Some(host) = HOSTS.get(usize::from(*first) % HOSTS.len()) else { return };
    let text = String::from_utf8_lossy(rest);
    let answers: Vec<Answer> = text.split("\n===\n").map(answer).collect();
    for row in host.requests {
        let (decoded, asked) = run(host, row, |request, at| {
            let answer = answers.get(at % answers.len())?.clone();
            Some(Exchange {
                request: Arc::clone(&request.label),
                attempts: vec![Attempt { status: Some(answer.status) }],
                result: Ok(answer),
            })
        });
        let recorded: Vec<RecordedExchange> = asked
            .iter()
            .filter_map(|(request, exchange)| {
                Some(RecordedExchange::new(row, Kept::default(), request, exchange.as_ref()?))
            })
            .collect();
        let credential = RecordedCredential { credential: credential(host), exchanges: recorded, withheld: None };
        let record = Record::read(&write(&[credential], now())).expect("what is written is read");
        let kept = record.credentials.first().map_or(&[] as &[RecordedExchange], |one| &one.exchanges);
        let (again, _) = run(host, row, |_, at| kept.get(at).map(|one| one.exchange().clone()));
        assert_eq!(said(&again), said(&decoded), "{}: what a record leaves says something else", row.name);
    }
}

/// An answer by its text.
fn answer(text: &str) -> Answer {
    let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.trim().parse().ok()).filter(|status| (100..600).contains(status));
    let headers = lines.filter_map(|line| line.split_once(':'));
    let headers = headers.map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim().to_owned()));
    Answer { status: status.unwrap_or(200), headers: headers.collect(), body: body.as_bytes().to_vec(), at: now() }
}

/// A credential of a host, of whatever kind.
fn credential(host: &Host) -> credcheck::facts::Credential {
    let given = Given {
        host: host.kind,
        name: "bot".into(),
        url: Some("https://git.acme.dev".into()),
        api: Some("https://git.acme.dev/api".into()),
        username: Some("acme-bot".into()),
        repositories: Vec::new(),
        app: None,
        secret: Secret::token("not-a-real-token-of-anybody"),
    };
    declare(given).expect("a credential").credential
}

/// Runs the script of a row; the request's number tells which answer it gets.
fn run(
    host: &Host,
    row: &'static Request,
    mut answered: impl FnMut(&HttpRequest, usize) -> Option<Exchange>,
) -> (Decoded, Vec<(HttpRequest, Option<Exchange>)>) {
    let credential = credential(host);
    let target = match row.subject {
        Subject::Credential => Target::Credential,
        Subject::Repository => Target::Repository(RepositoryName::parse("acme/infra").expect("a name")),
        Subject::Organization => Target::Organization("acme".into()),
    };
    let facts = (0..host.facts.len()).filter_map(|at| u16::try_from(at).ok().map(FactIndex));
    let facts: Arc<[FactIndex]> = facts.filter(|index| host.row(*index).subject == row.subject).collect();
    // What an earlier answer has told: requests about the default branch take its name.
    let mut so_far = FactSet::new(host.kind);
    if let (Target::Repository(name), Some(index)) = (&target, host.fact("repository.default_branch")) {
        so_far.repository(name);
        let knowledge = Knowledge::Known(Value::String("main".into()));
        so_far.set(&target, index, Fact { knowledge, evidence: Vec::new() });
    }
    let so_far = Arc::new(so_far);
    let (targets, wanted) = ([target].into(), Wanted::All);
    let brief = Brief { row, targets, credential: &credential, so_far: Arc::clone(&so_far), facts, wanted };
    let mut running = script(scripts(host.kind), brief);
    let (mut step, mut asked) = (running.begin(), Vec::new());
    loop {
        step = match step {
            Step::Ask(request, _) => {
                assert!(asked.len() < 2_000, "{}: a script that does not end", row.name);
                let exchange = answered(&request, asked.len());
                asked.push((request, exchange.clone()));
                running.answered(
                    exchange
                        .ok_or_else(|| Unknown::new(credcheck::facts::Cause::Incomplete, "there are no more answers")),
                )
            }
            Step::Turn => running.turn(Arc::clone(&so_far)),
            Step::Done(decoded) => return (decoded, asked),
        };
    }
}

/// What was said, without reasons for people.
fn said(decoded: &Decoded) -> Vec<String> {
    let facts = decoded.facts.iter().map(|(target, index, fact)| {
        let knowledge = match &fact.knowledge {
            Knowledge::Unknown(unknown) => format!("unknown {:?}", unknown.cause),
            Knowledge::Bounded(bounds, unknown) => format!("{bounds:?} {:?}", unknown.cause),
            other => format!("{other:?}"),
        };
        format!("{target:?} {} {knowledge}", index.0)
    });
    let listed = decoded.listed.iter().map(|name| format!("listed {name:?}"));
    facts.chain(listed).collect()
}

/// A secret on the first line, and a text.
///
/// What leaves the redactor has no secret, in a JSON document neither; what is shown has nothing that a terminal, a log
/// or a page would act on.
pub fn redaction(bytes: &[u8]) {
    let whole = String::from_utf8_lossy(bytes);
    let (first, text) = whole.split_once('\n').unwrap_or(("", &whole));
    let redactor = Redactor::new(token_shapes());
    let secret = Secret::token(first).ok();
    if let Some(secret) = &secret {
        redactor.add(secret);
    }
    let clean = redactor.redact(text);
    assert_eq!(redactor.redact(&clean), clean, "a redacted text is redacted again");
    for escapes in [Escapes::Needed, Escapes::Harmless] {
        let mut document = Vec::new();
        Writer::new(&mut document, escapes, 0, &redactor).value(&text).expect("a string");
        let read: String = serde_json::from_slice(&document).expect("JSON");
        assert_eq!(read, clean, "a document says what a text does");
    }
    // Short ones are words first; a star is the mask's.
    if let Some(secret) =
        secret.as_ref().map(Secret::expose).filter(|secret| secret.len() >= 8 && !secret.contains('*'))
    {
        assert!(!clean.contains(secret), "a secret is left");
    }
    for sink in Sink::ALL {
        for shown in [untrusted::render(text, sink), untrusted::one_line(text, sink)] {
            let bad = shown
                .chars()
                .find(|character| untrusted::is_dangerous(*character) && !matches!(character, '\n' | '\t'));
            assert_eq!(bad, None, "{sink:?} shows a dangerous character");
            for line in shown.lines() {
                assert!(!line.trim_start().starts_with("::"), "{sink:?} shows a command");
                assert!(
                    !["##vso[", "##[", "##teamcity["].iter().any(|command| line.contains(command)),
                    "{sink:?} shows a command"
                );
            }
            if matches!(sink, Sink::Html | Sink::Xml) {
                assert!(!shown.contains(['<', '>', '"']), "{sink:?} shows markup");
            }
        }
        assert!(!untrusted::one_line(text, sink).contains('\n'));
    }
    let same = untrusted::same_length(text);
    assert_eq!(same.len(), text.len(), "spans stay");
}

/// The words of the tables, for mutating.
pub fn words() -> BTreeSet<&'static str> {
    let hosts = HOSTS.iter().flat_map(|host| {
        let facts = host.facts.iter().map(|fact| fact.path);
        let headers = host.requests.iter().flat_map(|row| row.headers).map(AsRef::<str>::as_ref);
        facts.chain(headers).chain(host.kinds.iter().map(|kind| kind.word)).chain([host.word])
    });
    let families = credcheck::settings::FAMILIES.iter().flat_map(|family| {
        family
            .tokens
            .iter()
            .map(credcheck::settings::TokenVariable::name)
            .chain(family.usernames.iter().copied())
            .chain(family.marks.iter().copied())
    });
    hosts.chain(families).collect()
}
