//! The bench: a folder with a team's policies and an operator's settings, hosts, and the binary to run on them.

#![expect(clippy::disallowed_methods, reason = "tests prepare and read files of their own")]

use std::cell::OnceCell;
use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use aho_corasick::AhoCorasick;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use credcheck::simulator::github::{Level, Organization, OrganizationRole, Repository, Running, Token, World};
use credcheck::vocabulary;
use jiff::Timestamp;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

/// How long a run may take before it counts as hung.
const PATIENCE: Duration = Duration::from_secs(40);
/// A piece of a secret of this length is as bad as the whole.
const PIECE: usize = 12;

/// The login that tests' tokens belong to.
pub(crate) const BOT: &str = "acme-bot";
/// The repository that they are about.
pub(crate) const INFRA: &str = "acme/infra";

/// Six statements that read the token, the user and the repository.
pub(crate) const SIX: &str = r#"
host github {
  rule scope {
    require token.scopes covers ["repo"]
    prefer  token.scopes within ["repo", "read:org"]
  }
  rule role    { require repository.permission >= write }
  rule open    { forbid  repository.archived == true }
  rule account { require user.username like "*-bot" }
  rule end     { require token.expires_in >= 7d }
}
"#;

/// The formats that are made of what a report tells as data.
pub(crate) const MACHINES: [&str; 12] = [
    "sarif",
    "junit",
    "github",
    "gitlab",
    "bitbucket",
    "bitbucket-server",
    "azure",
    "teamcity",
    "rdjsonl",
    "markdown",
    "html",
    "prometheus",
];

/// A text shaped like a token of GitHub's, different for each word, put together here so that it stands nowhere whole.
pub(crate) fn fake(prefix: &str, word: &str) -> String {
    let letters = Sha256::digest(word).iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    });
    let first = |count: usize| letters.chars().cycle().take(count).collect::<String>();
    match prefix {
        "github_pat" => format!("{prefix}_{}_{}", first(22), first(59)),
        _ => format!("{prefix}_{}", first(36)),
    }
}

/// A classic token's text.
pub(crate) fn classic(word: &str) -> String {
    fake("ghp", word)
}

/// The time now: tokens that end in so many days are made for it.
pub(crate) fn now() -> Timestamp {
    Timestamp::now()
}

/// A world with one organisation, one private repository and the bot, who may write there.
pub(crate) fn acme() -> World {
    World::new(now())
        .organization(Organization::new("acme").member(BOT, OrganizationRole::Member))
        .repository(Repository::new(INFRA).private().collaborator(BOT, Level::Write))
}

/// A good classic token of the bot's.
pub(crate) fn good(text: &str) -> Token {
    Token::classic(text).owner(BOT).scopes(["repo"]).expires_in_days(90)
}

/// A folder to run the program in.
///
/// `team/` is the working directory and a repository with policies; `operator/` is out of the policies' reach and holds
/// the settings; `home/` is empty.
pub(crate) struct Bench {
    folder: TempDir,
    environment: BTreeMap<String, String>,
    settings: String,
    hosts: Vec<Arc<Running>>,
    /// Every form of every text that must never be seen, in lower case.
    secrets: HashSet<Vec<u8>>,
    /// All of them at once: made when it is first asked for.
    leaks: OnceCell<AhoCorasick>,
    credentials: usize,
    /// Whether runs may mint tokens, and must revoke them.
    mints: bool,
    /// Whether a token may be left that nobody revoked.
    leaves: bool,
    /// Whether runs may send write probes.
    probes: bool,
}

impl Bench {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in ["team/.git", "operator/secrets", "home"] {
            fs::create_dir_all(folder.path().join(name)).unwrap();
        }
        let home = folder.path().join("home").display().to_string();
        let environment = BTreeMap::from([("HOME".to_owned(), home)]);
        Self {
            folder,
            environment,
            settings: String::new(),
            hosts: Vec::new(),
            secrets: HashSet::new(),
            leaks: OnceCell::new(),
            credentials: 0,
            mints: false,
            leaves: false,
            probes: false,
        }
    }

    /// A world that answers, with one credential `bot` for its good token and the repository in scope, and a policy.
    pub(crate) fn usual(policy: &str) -> (Self, Arc<Running>) {
        let mut bench = Self::new();
        let token = classic("usual");
        let host = bench.host(acme().token(good(&token)));
        bench.credential("bot", &host, &token, r#"repositories = ["acme/infra"]"#);
        bench.policy(policy);
        (bench, host)
    }

    /// Starts a world.
    pub(crate) fn host(&mut self, world: World) -> Arc<Running> {
        let host = Arc::new(world.start().unwrap());
        self.hosts.push(Arc::clone(&host));
        host
    }

    /// Declares a credential for a running world; `more` are further lines of its table.
    pub(crate) fn credential(&mut self, name: &str, host: &Running, token: &str, more: &str) {
        self.credential_at(name, &host.url(), &host.api_url(), token, more);
    }

    /// Declares a credential for an address.
    pub(crate) fn credential_at(&mut self, name: &str, url: &str, api: &str, token: &str, more: &str) {
        self.credential_of("github", name, (url, api), token, more);
    }

    /// Declares a credential for a host of a kind, at a web address and an API's.
    pub(crate) fn credential_of(&mut self, kind: &str, name: &str, (url, api): (&str, &str), token: &str, more: &str) {
        let variable = format!("TOKEN_{}", self.credentials);
        self.credentials += 1;
        self.variable(&variable, token);
        self.secret(token);
        let _ = write!(
            self.settings,
            "[[credential]]\nname = \"{name}\"\nhost = \"{kind}\"\nurl = \"{url}\"\napi_url = \"{api}\"\n\
             token = {{ env = \"{variable}\" }}\n{more}\n\n"
        );
    }

    /// Declares an App's key for a running world; `more` are further lines of its table, its identifier among them.
    pub(crate) fn app(&mut self, name: &str, host: &Running, pem: &str, more: &str) {
        let (url, api) = (host.url(), host.api_url());
        let variable = format!("TOKEN_{}", self.credentials);
        self.credentials += 1;
        self.variable(&variable, pem);
        for line in pem.lines().filter(|line| !line.starts_with("-----")) {
            self.secret(line);
        }
        let _ = write!(
            self.settings,
            "[[credential]]\nname = \"{name}\"\nhost = \"github\"\nurl = \"{url}\"\napi_url = \"{api}\"\n\
             private_key = {{ env = \"{variable}\" }}\n{more}\n\n"
        );
    }

    /// Runs may send write probes: those of the tables, and no other write.
    pub(crate) fn probing(&mut self) {
        self.probes = true;
    }

    /// Runs may mint tokens from here on; each must be revoked.
    pub(crate) fn minting(&mut self) {
        self.mints = true;
    }

    /// The last run was ended before it could revoke.
    pub(crate) fn leaves_tokens(&mut self) {
        self.leaves = true;
    }

    /// Adds lines to the settings.
    pub(crate) fn settings(&mut self, text: &str) {
        // Top-level keys must stand before the first table.
        self.settings = format!("{text}\n{}", self.settings);
    }

    /// Adds a table to the settings.
    pub(crate) fn table(&mut self, text: &str) {
        self.settings.push_str(text);
    }

    /// Moves the settings to where secrets may lie, and gives their path.
    pub(crate) fn settings_in_secrets(&mut self) -> String {
        let text = std::mem::take(&mut self.settings);
        self.file("operator/secrets/settings.toml", text).display().to_string()
    }

    /// Sets a variable of the environment.
    pub(crate) fn variable(&mut self, name: &str, value: &str) {
        self.environment.insert(name.to_owned(), value.to_owned());
    }

    /// Makes a text one that must never be seen.
    pub(crate) fn secret(&mut self, text: &str) {
        self.secrets.extend(forms(text).into_iter().map(|form| form.to_ascii_lowercase().into_bytes()));
        self.leaks.take();
    }

    /// Writes the policy `check.pol`.
    pub(crate) fn policy(&self, text: &str) {
        self.file("team/check.pol", text);
    }

    /// Writes a file below the folder.
    pub(crate) fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    }

    /// Reads a file below the folder.
    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// `credcheck check.pol`, with further arguments.
    pub(crate) fn check(&self, arguments: &[&str]) -> Invocation<'_> {
        let mut all = vec!["check.pol"];
        all.extend(arguments);
        self.run(&all)
    }

    /// The program with these arguments.
    pub(crate) fn run(&self, arguments: &[&str]) -> Invocation<'_> {
        Invocation {
            bench: self,
            arguments: arguments.iter().map(|&argument| argument.to_owned()).collect(),
            says: Vec::new(),
            quietly: true,
            memory: None,
            colour: false,
        }
    }

    /// The requests that the only host was sent.
    #[track_caller]
    pub(crate) fn paths(&self) -> Vec<String> {
        let [host] = self.hosts.as_slice() else { panic!("there are {} hosts", self.hosts.len()) };
        paths(host)
    }

    /// What of a secret a text shows, in whichever form and case.
    fn leak(&self, text: &str) -> Option<String> {
        let text = text.to_ascii_lowercase();
        let leaks = self.leaks.get_or_init(|| AhoCorasick::new(&self.secrets).unwrap());
        leaks.find(&text).and_then(|found| text.get(found.range())).map(str::to_owned)
    }

    /// Every file that the program may have written.
    fn files(&self) -> Vec<PathBuf> {
        let (mut files, mut folders) = (Vec::new(), vec![self.folder.path().to_owned()]);
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
                let path = entry.path();
                if path.ends_with("operator/secrets") {
                    continue;
                }
                if entry.file_type().unwrap().is_dir() {
                    folders.push(path);
                } else if entry.file_type().unwrap().is_file() {
                    files.push(path);
                }
            }
        }
        files
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        if !thread::panicking() {
            for host in &self.hosts {
                if self.mints {
                    let minting =
                        |path: &str| path.ends_with("/access_tokens") || path.ends_with("/installation/token");
                    let writes = host.server.writes();
                    assert!(writes.iter().all(|request| minting(&request.path)), "{writes:?}");
                    let live = host.github.update(|world| world.minted_and_live());
                    assert!(self.leaves || live == 0, "every token is revoked");
                } else if self.probes {
                    let probes = vocabulary::HOSTS.iter().flat_map(|host| host.proofs);
                    let probes: Vec<_> = probes.filter(|proof| proof.is_probe()).collect();
                    for write in host.server.writes() {
                        let is = |path: &str| {
                            let tail = path.rsplit_once("{name}").map_or(path, |(_, tail)| tail);
                            write.path.starts_with("/repos/") && write.path.ends_with(tail)
                        };
                        let known = probes
                            .iter()
                            .any(|proof| proof.request.method.word() == write.method && is(proof.request.path));
                        assert!(known, "{write:?}");
                    }
                } else {
                    assert_eq!(host.server.writes(), [], "a check changes nothing");
                }
            }
        }
    }
}

/// The paths that a host was asked for, in the order of its answers.
pub(crate) fn paths(host: &Running) -> Vec<String> {
    host.server.requests().into_iter().map(|request| format!("{} {}", request.method, request.path)).collect()
}

/// Every piece of a secret, plain and in the encodings that servers and tools write.
fn forms(secret: &str) -> Vec<String> {
    let mut forms = Vec::new();
    // Where there is none, nothing of it can be seen.
    if secret.is_empty() {
        return forms;
    }
    let mut windows = |text: &str, length: usize| {
        let text: Vec<char> = text.chars().collect();
        forms.extend(text.windows(length).map(|piece| piece.iter().collect::<String>()));
    };
    windows(secret, PIECE);
    windows(&secret.chars().rev().collect::<String>(), PIECE);
    for shift in 0..3 {
        let padded = [&vec![0; shift], secret.as_bytes()].concat();
        let encoded = STANDARD_NO_PAD.encode(&padded);
        // The first and last characters depend on the neighbours.
        let inner = encoded.get(4..encoded.len() - 2).unwrap();
        windows(inner, 16);
        let twice = STANDARD_NO_PAD.encode(inner);
        windows(twice.get(..twice.len() - 4).unwrap(), 20);
        windows(&inner.replace('+', "-").replace('/', "_"), 16);
    }
    let spelled = |open: &str| {
        secret.bytes().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{open}{byte:02x}");
            text
        })
    };
    windows(&spelled("%"), 3 * PIECE);
    windows(&spelled("\\u00"), 6 * PIECE);
    windows(&spelled("&#x"), 5 * PIECE);
    windows(&spelled(""), 2 * PIECE);
    forms
}

/// A run that is about to happen. By default it must not say anything on standard error.
#[must_use]
pub(crate) struct Invocation<'a> {
    bench: &'a Bench,
    arguments: Vec<String>,
    says: Vec<String>,
    quietly: bool,
    /// The most address space, in KiB.
    memory: Option<u64>,
    /// Whether colours may be there; they are taken out before anything is looked at.
    colour: bool,
}

impl Invocation<'_> {
    /// It says this on standard error.
    pub(crate) fn says(mut self, text: &str) -> Self {
        self.says.push(text.to_owned());
        self
    }

    /// It may say anything on standard error.
    pub(crate) fn saying_anything(mut self) -> Self {
        self.quietly = false;
        self
    }

    /// It gets by with this much address space, in MiB.
    pub(crate) fn within(mut self, mebibytes: u64) -> Self {
        self.memory = Some(mebibytes * 1024);
        self
    }

    /// It may use colours, and no other escape sequences.
    pub(crate) fn with_colour(mut self) -> Self {
        self.colour = true;
        self
    }

    fn command(&self) -> Command {
        let program = env!("CARGO_BIN_EXE_credcheck");
        let mut command = match self.memory {
            None => Command::new(program),
            Some(memory) => {
                let mut command = Command::new("/bin/sh");
                command.args(["-c", &format!("ulimit -v {memory}; exec \"$0\" \"$@\""), program]);
                command
            }
        };
        command.args(&self.arguments).env_clear().envs(&self.bench.environment);
        command.current_dir(self.bench.path("team"));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        if !self.bench.settings.is_empty() {
            let path = self.bench.file("operator/settings.toml", &self.bench.settings);
            command.env("CREDCHECK_CONFIG", path);
        }
        command
    }

    /// Starts it, for tests that do something to it while it runs; see [`Started::exits`].
    pub(crate) fn start(self) -> Started<Self> {
        let child = self.command().spawn().unwrap();
        Started { child, invocation: self }
    }

    /// Runs it, and demands its exit code.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Ended {
        let output = finish(self.command().spawn().unwrap());
        self.judge(&output, code)
    }

    /// Runs to the end, whatever the exit code.
    #[track_caller]
    pub(crate) fn ends(self) -> Ended {
        let output = finish(self.command().spawn().unwrap());
        let code = output.status.code().unwrap_or(-1);
        self.judge(&output, code)
    }

    /// Runs it; which verdict it gives is not the point. It must be one: neither a crash nor a refusal to start.
    #[track_caller]
    pub(crate) fn gives_a_verdict(self) {
        let output = finish(self.command().spawn().unwrap());
        let code = output.status.code().unwrap_or(-1);
        assert!(matches!(code, 0 | 1 | 3), "exit code {code}");
        let _ = self.judge(&output, code);
    }

    #[track_caller]
    fn judge(&self, output: &Output, code: i32) -> Ended {
        let mut stdout = String::from_utf8(output.stdout.clone()).unwrap();
        if self.colour {
            stdout = without_colours(&stdout);
        }
        let stderr = String::from_utf8(output.stderr.clone()).unwrap();
        let context = format!("credcheck {}\n{stdout}\n--- stderr\n{stderr}", self.arguments.join(" "));
        // A leak first, without the context that would repeat it.
        for (what, text) in [("standard output", &stdout), ("standard error", &stderr)] {
            assert_eq!(self.bench.leak(text), None, "a secret on {what}");
            for line in text.lines() {
                let bad = line.chars().find(|&c| {
                    c.is_control()
                        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
                });
                assert_eq!(bad, None, "{what} is fit for a terminal\n{context}");
                let start = line.trim_start();
                assert!(
                    !start.starts_with("::") && !line.contains("##vso[") && !line.contains("##["),
                    "{line}\n{context}"
                );
            }
        }
        for path in self.bench.files() {
            let text = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
            assert_eq!(self.bench.leak(&text), None, "a secret in {}", path.display());
        }
        assert!(!stderr.contains("panicked"), "{context}");
        assert_eq!(output.status.code(), Some(code), "{context}");
        for text in &self.says {
            assert!(stderr.contains(text.as_str()), "standard error does not say {text:?}\n{context}");
        }
        assert!(!self.quietly || !self.says.is_empty() || stderr.is_empty(), "an unexpected word\n{context}");
        Ended { stdout, stderr, context }
    }
}

/// The text without sequences that set colours and styles.
fn without_colours(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let first = parts.next().unwrap_or("").to_owned();
    parts.fold(first, |mut plain, part| {
        match part.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';').strip_prefix('m') {
            Some(rest) => plain.push_str(rest),
            None => plain.push_str(&format!("\u{1b}[{part}")),
        }
        plain
    })
}

/// A run under way.
#[must_use]
pub(crate) struct Started<I> {
    pub(crate) child: Child,
    invocation: I,
}

impl Started<Invocation<'_>> {
    /// Sends it a signal: `INT`, as Ctrl-C does, or `TERM`.
    pub(crate) fn signal(&self, name: &str) {
        let status = Command::new("kill").args([&format!("-{name}"), &self.child.id().to_string()]).status().unwrap();
        assert!(status.success());
    }

    /// Waits for it, and demands its exit code.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Ended {
        let output = finish(self.child);
        self.invocation.judge(&output, code)
    }
}

/// Waits for a child, but not for ever.
#[track_caller]
fn finish(child: Child) -> Output {
    let id = child.id();
    let (done, waiting) = mpsc::channel();
    let waiter = thread::spawn(move || done.send(child.wait_with_output()));
    let output = waiting.recv_timeout(PATIENCE).unwrap_or_else(|_| {
        let _ = Command::new("kill").args(["-KILL", &id.to_string()]).status();
        panic!("the program hung");
    });
    let _ = waiter.join();
    output.unwrap()
}

/// What a run left.
pub(crate) struct Ended {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    context: String,
}

impl Ended {
    /// The report shows this.
    #[track_caller]
    pub(crate) fn shows(self, text: &str) -> Self {
        assert!(self.stdout.contains(text), "the report does not show {text:?}\n{}", self.context);
        self
    }

    /// The report does not show this.
    #[track_caller]
    pub(crate) fn hides(self, text: &str) -> Self {
        assert!(!self.stdout.contains(text), "the report shows {text:?}\n{}", self.context);
        self
    }

    /// The report as JSON: nothing else is on standard output.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}\n{}", self.context))
    }

    /// Outcomes as `rule outcome`, or with the cause `rule undetermined/cause`, each once, sorted.
    #[track_caller]
    pub(crate) fn verdicts(&self) -> Vec<String> {
        let report = self.json();
        let mut verdicts: Vec<String> = report["outcomes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|outcome| {
                let rule = outcome["rule"].as_str().unwrap().trim_start_matches("github.");
                let cause = outcome["cause"].as_str().map_or_else(String::new, |cause| format!("/{cause}"));
                format!("{rule} {}{cause}", outcome["outcome"].as_str().unwrap())
            })
            .collect();
        verdicts.sort();
        verdicts.dedup();
        verdicts
    }
}

/// The mode of a file, `0o600`.
#[cfg(unix)]
pub(crate) fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

/// Links a name to a file.
#[cfg(unix)]
pub(crate) fn link(target: &Path, name: &Path) {
    std::os::unix::fs::symlink(target, name).unwrap();
}
