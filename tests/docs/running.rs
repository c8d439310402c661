//! Every command that the pages show is run: in a folder that has what the page speaks of, with the credentials that pages
//! name, on simulated hosts. Nothing leaves the machine: whatever is not on loopback goes to a proxy that nobody is.
//!
//! A command must end as its kind does. One that is there to fail stands in a block with `fails`; one that runs until it is
//! stopped, in a block with `endless`, is not run, and neither is one of a fleet in parts, in a block with `fleet`: tests of
//! the program run those.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use credcheck::simulator::demo::{Demo, DemoCredential, DemoHosts};
use credcheck::vocabulary::{HostKind, host_kind};

use crate::commands::arguments;
use crate::pages::{Block, Page, all_pages, blocks_of, read, root};

/// Where pages say that the operator's files and secrets are.
const PLACES: [&str; 3] = ["/etc/credcheck/", "/run/secrets/", "/var/lib/node_exporter/"];
/// A text that is no token, and shaped like one of GitHub's.
const NOBODY: &str = concat!("ghp", "_", "QwErTyUiOpAsDfGhJkLzXcVbNmQwErTy0000");

/// The hosts, and the credentials that pages name.
struct World {
    running: DemoHosts,
    demo: Vec<DemoCredential>,
    named: BTreeMap<String, HostKind>,
}

impl World {
    fn start() -> Self {
        let (running, demo) = Demo::at(jiff::Timestamp::now()).start().unwrap();
        Self { running, demo, named: named(&all_pages()) }
    }

    /// The demo's credential that stands for the one of this name; a name that no page declares is of GitHub.
    fn like(&self, name: &str) -> &DemoCredential {
        let own = self.demo.iter().find(|one| one.name == name);
        let host = self.named.get(name).copied().unwrap_or(HostKind::GitHub);
        own.or_else(|| self.demo.iter().find(|one| one.host == host)).unwrap()
    }

    /// Settings for these credentials.
    fn settings(&self, names: &BTreeSet<String>) -> String {
        let one = |name: &String| {
            let like = self.like(name);
            let repositories: Vec<String> = like.repositories.iter().map(|name| format!("{name:?}")).collect();
            let username = match like.username {
                "" => String::new(),
                username => format!("username = {username:?}\n"),
            };
            format!(
                "[[credential]]\nname = {name:?}\nhost = {:?}\nurl = {:?}\napi_url = {:?}\n{username}repositories = [{}]\n\
                 token = {{ env = \"{}\" }}\n\n",
                like.host.word(),
                self.running.url(like.host),
                self.running.api_url(like.host),
                repositories.join(", "),
                variable(like),
            )
        };
        names.iter().map(one).collect()
    }
}

/// The variable that holds a credential of the demo.
fn variable(one: &DemoCredential) -> String {
    format!("OF_{}", one.name.replace('-', "_").to_uppercase())
}

/// The credentials that a page's commands choose, and those that its settings declare.
fn chosen(page: &Page) -> BTreeSet<String> {
    let mut names: BTreeSet<String> = named(std::slice::from_ref(page)).into_keys().collect();
    for block in blocks_of(page).iter().filter(|block| shows_commands(block)) {
        for arguments in lines(block).iter().filter_map(|line| arguments(line)) {
            for pair in arguments.windows(2) {
                let name = match pair[0].as_str() {
                    "--credential" => Some(pair[1].as_str()),
                    "--repository" => pair[1].split_once('=').map(|(name, _)| name),
                    _ => None,
                };
                names.extend(name.filter(|name| !name.contains('*')).map(str::to_owned));
            }
        }
    }
    if names.is_empty() {
        names.insert("release-bot".to_owned());
    }
    names
}

fn shows_commands(block: &Block) -> bool {
    ["console", "bash", "sh", "yaml"].iter().any(|language| block.is(language))
}

/// The credentials that the settings in the pages declare, each with its kind of host.
fn named(pages: &[Page]) -> BTreeMap<String, HostKind> {
    let blocks: Vec<Block> = pages.iter().flat_map(blocks_of).filter(|block| block.is("toml")).collect();
    let tables = blocks.iter().filter_map(|block| block.text.parse::<toml::Table>().ok());
    let credentials = tables.flat_map(|table| match table.get("credential") {
        Some(toml::Value::Array(list)) => list.clone(),
        _ => Vec::new(),
    });
    credentials
        .filter_map(|one| Some((one.get("name")?.as_str()?.to_owned(), host_kind(one.get("host")?.as_str()?)?)))
        .collect()
}

/// What one page's commands find.
struct Sandbox {
    folder: tempfile::TempDir,
}

impl Sandbox {
    fn new(page: &Page, world: &World) -> Self {
        let sandbox = Self { folder: tempfile::tempdir().unwrap() };
        for folder in [
            "bin",
            "team/.git",
            "team/reports",
            "team/test-results",
            "var/lib/node_exporter",
            "home/.zfunc",
            "home/.local/share/man/man1",
        ] {
            fs::create_dir_all(sandbox.path(folder)).unwrap();
        }
        fs::create_dir_all(sandbox.path("home/.local/share/bash-completion/completions")).unwrap();
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_credcheck"), sandbox.path("bin/credcheck")).unwrap();
        sandbox.file("etc/credcheck/config.toml", &world.settings(&chosen(page)));
        sandbox.file("run/secrets/token", NOBODY);
        sandbox.file("home/token", NOBODY);
        sandbox.file("team/acme-root.pem", &authority());
        for name in ["credentials.pol", "github.pol"] {
            sandbox.file(&format!("team/{name}"), &read(&format!("examples/acme/{name}")));
            sandbox.file(&format!("team/examples/acme/{name}"), &read(&format!("examples/acme/{name}")));
        }
        for entry in fs::read_dir(root().join("policies")).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            sandbox.file(&format!("team/policies/{name}"), &read(&format!("policies/{name}")));
        }
        // The team's policy is the one that README shows, where the page does not make one.
        let makes = page.text.contains("--output team.pol");
        if let Some(policy) = teams_policy().filter(|_| !makes) {
            sandbox.file("team/team.pol", &policy);
        }
        sandbox
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn file(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// The line with the operator's files where they are here.
    fn here(&self, line: &str) -> String {
        let mut line = line.to_owned();
        for place in PLACES {
            line = line.replace(place, &format!("{}{place}", self.folder.path().display()));
        }
        let writes = line.contains("credcheck init") && !line.contains("--from-live");
        if let Some((before, after)) = line.split_once("--config ").filter(|_| !writes) {
            let rest = after.split_once(char::is_whitespace).map_or("", |(_, rest)| rest);
            let settings = self.path("etc/credcheck/config.toml");
            line = format!("{before}--config {} {rest}", settings.display());
        }
        line
    }

    /// Runs a line of a shell, and gives the exit code and what was said.
    fn run(&self, line: &str, world: &World) -> (i32, String) {
        let path = format!("{}:/usr/bin:/bin", self.path("bin").display());
        let output = Command::new("sh")
            .args(["-c", &self.here(line)])
            .env_clear()
            .env("PATH", path)
            .env("HOME", self.path("home"))
            .env("CREDCHECK_CONFIG", self.path("etc/credcheck/config.toml"))
            .env("RUNNER_TEMP", self.path("etc/credcheck"))
            .env("HTTPS_PROXY", "http://127.0.0.1:9")
            // A part of four, as a CI system says it.
            .envs([("CI_NODE_INDEX", "1"), ("CI_NODE_TOTAL", "4")])
            .envs(world.demo.iter().map(|one| (variable(one), one.token.as_str())))
            .current_dir(self.path("team"))
            .stdin(std::process::Stdio::null())
            .output()
            .unwrap();
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8(said).unwrap();
        for secret in world.demo.iter().map(|one| one.token.as_str()).chain([NOBODY]) {
            assert!(!said.contains(secret), "a secret is shown: {line}");
        }
        (output.status.code().unwrap_or(-1), said)
    }
}

/// An authority that nobody trusts.
fn authority() -> String {
    let key = rcgen::KeyPair::generate().unwrap();
    let mut parameters = rcgen::CertificateParams::new(Vec::<String>::new()).unwrap();
    parameters.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let der = STANDARD.encode(parameters.self_signed(&key).unwrap().der());
    format!("-----BEGIN CERTIFICATE-----\n{der}\n-----END CERTIFICATE-----\n")
}

fn teams_policy() -> Option<String> {
    let readme = Page { name: "README.md".to_owned(), text: read("README.md") };
    blocks_of(&readme).into_iter().find(|block| block.is("pol")).map(|block| block.text)
}

/// The lines of a block that run `credcheck`, or make a folder for it.
fn lines(block: &Block) -> Vec<String> {
    let joined = block.text.replace("\\\n", " ");
    let prompted = block.is("console");
    let lines = joined.lines().filter(|line| !prompted || line.starts_with("$ "));
    lines
        .map(|line| {
            line.trim_start_matches(['$', ' ', '-']).trim_start_matches("run: ").trim_start_matches("bash: ").to_owned()
        })
        .filter(|line| arguments(line).is_some() || line.starts_with("mkdir "))
        .filter(|line| prompted || stands_alone(line))
        .map(|line| match line.split_once("cargo run --release -- ") {
            Some((before, after)) => format!("{before}credcheck {after}"),
            None => line,
        })
        .collect()
}

/// Whether a line of a CI system's file means something by itself: not what its earlier steps named or made.
fn stands_alone(line: &str) -> bool {
    let known = line.replace("$RUNNER_TEMP", "").replace("$?", "");
    !known.contains(['$', '*'])
}

/// How a command may end.
fn ends(line: &str) -> &'static [i32] {
    let first = arguments(line).and_then(|arguments| arguments.into_iter().next()).unwrap_or_default();
    let offline = ["plan", "lint", "fmt", "test", "explain", "vocab", "builtins", "init", "completions", "man", "demo"];
    match first.as_str() {
        command if offline.contains(&command) || line.starts_with("mkdir ") => &[0],
        "facts" => &[0, 3],
        _ => &[0, 1, 3],
    }
}

/// A job of a CI system: it needs what that system sets, and is held against the program by the tests of manifests.
fn is_job(block: &Block) -> bool {
    block.page.starts_with("docs/ci/") && block.is("yaml")
}

/// Runs what a page shows, and says what did not end as it should.
fn wrong(page: &Page, world: &World) -> (usize, Vec<String>) {
    let sandbox = Sandbox::new(page, world);
    let (mut ran, mut wrong) = (0, Vec::new());
    for block in blocks_of(page) {
        // What an earlier command made there is not written over.
        if let Some(name) = block.info.iter().find_map(|word| word.strip_prefix("file=")).filter(|_| block.is("pol")) {
            sandbox.file(&format!("team/{name}"), &block.text);
        }
        if !shows_commands(&block) || block.has("endless") || block.has("fleet") || is_job(&block) {
            continue;
        }
        for line in lines(&block) {
            let (code, said) = sandbox.run(&line, world);
            let good = if block.has("fails") { code != 0 } else { ends(&line).contains(&code) };
            if !good || said.contains("panicked") {
                wrong.push(format!("{}: `{line}` ended with {code}\n{said}", block.place()));
            }
            ran += 1;
        }
    }
    (ran, wrong)
}

#[test]
fn every_command_in_the_pages_runs() {
    let world = World::start();
    let pages = all_pages();
    let next = std::sync::Mutex::new(pages.iter());
    let found = std::sync::Mutex::new((0, Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(page) = { next.lock().unwrap().next() } {
                    let (ran, wrong) = wrong(page, &world);
                    let mut found = found.lock().unwrap();
                    found.0 += ran;
                    found.1.extend(wrong);
                }
            });
        }
    });
    let (ran, wrong) = found.into_inner().unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    assert!(ran > 100, "there are commands to run: {ran}");
}

#[test]
fn a_command_that_does_not_work_is_found() {
    let world = World::start();
    let page = |text: &str| Page { name: "x.md".to_owned(), text: text.to_owned() };
    for line in ["credcheck test --filter 'nobody*' builtin:flux", "credcheck plan none.pol", "credcheck facts --bogus"]
    {
        assert_eq!(wrong(&page(&format!("```console\n$ {line}\n```\n")), &world).1.len(), 1, "{line}");
        assert_eq!(wrong(&page(&format!("```console,fails\n$ {line}\n```\n")), &world).1.len(), 0, "{line}");
    }
    assert_eq!(wrong(&page("1. So:\n\n   ```console\n   $ credcheck plan none.pol\n   ```\n"), &world).1.len(), 1);
}
