//! Every rule by which a secret finds its host, and every way in which one must not.

use std::cell::RefCell;
use std::collections::BTreeMap;

use proptest::prelude::*;
use zeroize::Zeroizing;

use super::super::{CommandError, InputText, Withheld};
use super::*;

/// Files, links and commands as a test says.
#[derive(Default)]
struct Fake {
    files: BTreeMap<&'static str, String>,
    links: BTreeMap<&'static str, &'static str>,
    commands: BTreeMap<&'static str, Result<&'static str, CommandError>>,
    here: Option<&'static str>,
    touched: RefCell<Vec<String>>,
}

impl Fake {
    fn file(mut self, path: &'static str, text: impl Into<String>) -> Self {
        self.files.insert(path, text.into());
        self
    }

    fn link(mut self, from: &'static str, to: &'static str) -> Self {
        self.links.insert(from, to);
        self
    }

    fn command(mut self, program: &'static str, result: Result<&'static str, CommandError>) -> Self {
        self.commands.insert(program, result);
        self
    }
}

impl Files for Fake {
    fn read(&self, path: &Path, _: usize) -> Result<Zeroizing<Vec<u8>>, FileError> {
        let real = self.canonical(path)?;
        self.touched.borrow_mut().push(real.display().to_string());
        let text = self.files.get(real.to_str().unwrap()).ok_or(FileError::NotFound)?;
        Ok(Zeroizing::new(text.as_bytes().to_vec()))
    }

    fn canonical(&self, path: &Path) -> Result<PathBuf, FileError> {
        let mut real = PathBuf::from(if path.is_absolute() { "" } else { self.here.unwrap_or("/cwd") });
        for component in path.components() {
            match component {
                std::path::Component::CurDir => {}
                std::path::Component::ParentDir => {
                    real.pop();
                }
                other => real.push(other),
            }
            if let Some(target) = self.links.get(real.to_str().unwrap()) {
                real = PathBuf::from(target);
            }
        }
        Ok(real)
    }

    fn run(&self, command: &[String]) -> Result<Zeroizing<Vec<u8>>, CommandError> {
        self.touched.borrow_mut().push(command.join(" "));
        let result = self.commands.get(command[0].as_str()).cloned().unwrap_or(Err(CommandError::NotFound))?;
        Ok(Zeroizing::new(result.as_bytes().to_vec()))
    }
}

/// A build that can ask everything, whatever this one can.
const EVERYTHING: Support = Support { host: |_| true, app_key: |_| true };

fn classic(salt: &str) -> String {
    ["ghp", &format!("{salt}{}", "x1".repeat(18)).chars().take(36).collect::<String>()].join("_")
}

fn job() -> String {
    ["ghs", &"Ab3".repeat(12)].join("_")
}

fn gitlab() -> String {
    ["glpat", &"Zy9_".repeat(5)].join("-")
}

fn run_with(
    arguments: &Arguments,
    variables: &[(&str, &str)],
    files: &Fake,
) -> (Result<Settings, SettingsError>, SourceMap) {
    let environment: Environment = variables.iter().copied().collect();
    let mut sources = SourceMap::new();
    let result = resolve_with(arguments, &environment, files, &mut sources, EVERYTHING);
    (result, sources)
}

fn from_environment(variables: &[(&str, &str)]) -> Settings {
    run_with(&Arguments::default(), variables, &Fake::default()).0.unwrap()
}

fn with_file(text: &str, variables: &[(&str, &str)]) -> (Result<Settings, SettingsError>, SourceMap) {
    let arguments = Arguments { config: Some("/etc/credcheck.toml".into()), ..Arguments::default() };
    run_with(&arguments, variables, &Fake::default().file("/etc/credcheck.toml", text))
}

/// Name, web address and secret of each credential.
fn summary(settings: &Settings) -> Vec<(&str, &str, Option<&str>)> {
    let of = |declared: &'_ Declared| declared.secret.as_ref().ok().map(|secret| secret.expose().to_owned());
    settings
        .credentials
        .iter()
        .map(|declared| {
            let secret = of(declared).map(|text| &*Box::leak(text.into_boxed_str()));
            (declared.name.as_str(), declared.url.as_str(), secret)
        })
        .collect()
}

fn names(settings: &Settings) -> Vec<&str> {
    settings.credentials.iter().map(|declared| declared.name.as_str()).collect()
}

fn reason<'a>(settings: &'a Settings, name: &str) -> &'a str {
    &settings.not_checked.iter().find(|entry| entry.name == name).unwrap_or_else(|| panic!("{name} is checked")).reason
}

fn scope(settings: &Settings, name: &str) -> Vec<String> {
    let declared = settings.credentials.iter().find(|declared| declared.name == name).unwrap();
    declared.scope.iter().map(|pattern| pattern.pattern.clone()).collect()
}

fn codes(result: &Result<Settings, SettingsError>) -> Vec<Code> {
    match result {
        Ok(_) => Vec::new(),
        Err(error) => error.diagnostics().iter().map(|problem| problem.code).collect(),
    }
}

fn everything_said(result: &Result<Settings, SettingsError>, sources: &SourceMap) -> String {
    let mut said = format!("{result:?}");
    for source in 0..8 {
        said.push_str(sources.get(crate::text::source::SourceId(source)).map_or("", |source| source.text()));
    }
    said
}

// ---- families ----

#[test]
fn atlantis_goes_to_the_host_it_names() {
    let token = classic("a");
    let settings = from_environment(&[("ATLANTIS_GH_TOKEN", &token), ("ATLANTIS_GH_USER", "@atlantis-acme")]);
    assert_eq!(summary(&settings), [("atlantis", "https://github.com", Some(token.as_str()))]);
    let declared = &settings.credentials[0];
    assert_eq!(declared.username.as_deref(), Some("atlantis-acme"));
    assert_eq!(declared.api.as_str(), "https://api.github.com/");
    assert!(declared.origins.contains(&("secret", Origin::Variable("ATLANTIS_GH_TOKEN".into()))));
    let settings = from_environment(&[("ATLANTIS_GH_TOKEN", &token), ("ATLANTIS_GH_HOSTNAME", "ghe.acme.dev:8443")]);
    assert_eq!(summary(&settings), [("atlantis", "https://ghe.acme.dev:8443", Some(token.as_str()))]);
    assert_eq!(settings.credentials[0].api.as_str(), "https://ghe.acme.dev:8443/api/v3");
}

#[test]
fn a_host_name_that_is_none_stops_the_run_and_no_secret_is_read() {
    for host in ["https://ghe.acme.dev", "ghe.acme.dev/x", "a@b", "a b", "a\\b", "ghe.acme.dev?x"] {
        let files = Fake::default().file("/run/token", classic("a"));
        let (result, _) = run_with(
            &Arguments::default(),
            &[("ATLANTIS_GH_TOKEN_FILE", "/run/token"), ("ATLANTIS_GH_HOSTNAME", host)],
            &files,
        );
        assert_eq!(codes(&result), [Code::BadAddress], "{host}");
        assert!(matches!(result, Err(SettingsError::Settings(_))));
        assert!(files.touched.borrow().is_empty());
    }
}

#[test]
fn atlantis_token_file_wins_as_in_atlantis() {
    let (inside, beside) = (classic("f"), classic("e"));
    let files = Fake::default().file("/run/token", format!("{inside}\n"));
    let variables = [("ATLANTIS_GH_TOKEN_FILE", "/run/token"), ("ATLANTIS_GH_TOKEN", beside.as_str())];
    let settings = run_with(&Arguments::default(), &variables, &files).0.unwrap();
    assert_eq!(summary(&settings), [("atlantis", "https://github.com", Some(inside.as_str()))]);
    assert_eq!(settings.notes.len(), 1);
    let missing = run_with(&Arguments::default(), &variables, &Fake::default()).0.unwrap();
    let Err(Withheld::Missing { reason, .. }) = &missing.credentials[0].secret else { panic!("a secret") };
    assert_eq!(reason, "the file `/run/token` does not exist");
}

#[test]
fn an_allow_list_binds_by_host_and_excludes() {
    let token = classic("a");
    let settings = from_environment(&[
        ("ATLANTIS_GH_TOKEN", &token),
        ("ATLANTIS_GH_HOSTNAME", "ghe.acme.dev"),
        ("ATLANTIS_REPO_ALLOWLIST", "github.com/acme/public,ghe.acme.dev/acme/*,!ghe.acme.dev/acme/secret"),
    ]);
    assert_eq!(scope(&settings, "atlantis"), ["acme/*"]);
    let excluded: Vec<&str> = settings.credentials[0].excluded.iter().map(|pattern| pattern.pattern.as_str()).collect();
    assert_eq!(excluded, ["acme/secret"]);
    assert_eq!(settings.credentials[0].scope[0].origin.to_string(), "ATLANTIS_REPO_ALLOWLIST");
    let elsewhere =
        from_environment(&[("ATLANTIS_GH_TOKEN", &token), ("ATLANTIS_REPO_ALLOWLIST", "ghe.acme.dev/acme/*")]);
    assert_eq!(elsewhere.notes.len(), 1, "no repository on github.com is allowed");
    let (broken, _) = run_with(
        &Arguments::default(),
        &[("ATLANTIS_GH_TOKEN", &token), ("ATLANTIS_REPO_ALLOWLIST", "https://github.com/acme/a")],
        &Fake::default(),
    );
    assert_eq!(codes(&broken), [Code::BadScope]);
}

#[test]
fn an_app_key_is_found_and_listed_where_it_cannot_be_asked() {
    let key = "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEAx1y2z3a4b5c6d7e8f9\n-----END RSA PRIVATE KEY-----\n";
    let variables =
        [("ATLANTIS_GH_APP_ID", "300001"), ("ATLANTIS_GH_APP_KEY", key), ("ATLANTIS_GH_INSTALLATION_ID", "41")];
    let settings = from_environment(&variables);
    let declared = &settings.credentials[0];
    assert_eq!((declared.name.as_str(), declared.kind_hint), ("atlantis-app", Some("app_key")));
    let app = declared.app.as_ref().unwrap();
    assert_eq!((app.issuer.as_str(), app.installation), ("300001", Some(41)));
    assert!(declared.secret.as_ref().unwrap().expose().starts_with("-----BEGIN"));
    let environment: Environment = variables.into_iter().collect();
    let support = Support { app_key: |_| false, ..EVERYTHING };
    let settings =
        resolve_with(&Arguments::default(), &environment, &Fake::default(), &mut SourceMap::new(), support).unwrap();
    assert_eq!(reason(&settings, "atlantis-app"), "this version of credcheck cannot ask with an App's private key");
    let (broken, _) = run_with(&Arguments::default(), &[("ATLANTIS_GH_APP_KEY", key)], &Fake::default());
    assert_eq!(codes(&broken), [Code::BadSettings]);
}

#[test]
fn gh_goes_to_github_com_or_its_tenant_only() {
    let (first, second) = (classic("a"), classic("b"));
    for (host, url) in [
        (None, "https://github.com"),
        (Some("github.com"), "https://github.com"),
        (Some("acme.ghe.com"), "https://acme.ghe.com"),
        (Some("ghe.acme.dev"), "https://github.com"),
        (Some("evilghe.com"), "https://github.com"),
        (Some("evil.dev/.ghe.com"), "https://github.com"),
        (Some("evil.dev@acme.ghe.com"), "https://github.com"),
        (Some("evil.dev\\.ghe.com"), "https://github.com"),
    ] {
        let mut variables = vec![("GITHUB_TOKEN", second.as_str()), ("GH_TOKEN", first.as_str())];
        variables.extend(host.map(|host| ("GH_HOST", host)));
        assert_eq!(summary(&from_environment(&variables)), [("gh", url, Some(first.as_str()))], "{host:?}");
    }
    assert_eq!(
        summary(&from_environment(&[("GITHUB_TOKEN", &second), ("GH_TOKEN", " ")])),
        [("gh", "https://github.com", Some(second.as_str()))]
    );
}

#[test]
fn gh_enterprise_goes_to_its_server_and_never_to_the_cloud() {
    let token = classic("a");
    let settings = from_environment(&[("GH_ENTERPRISE_TOKEN", &token), ("GH_HOST", "ghe.acme.dev")]);
    assert_eq!(summary(&settings), [("gh-enterprise", "https://ghe.acme.dev", Some(token.as_str()))]);
    for host in ["github.com", "github.com:443", "GitHub.com.", "acme.ghe.com", "ghe.com", "acme.ghe.com:8443", "a/b"] {
        let settings = from_environment(&[("GITHUB_ENTERPRISE_TOKEN", &token), ("GH_HOST", host)]);
        assert_eq!(names(&settings), [] as [&str; 0], "{host}");
        assert!(!reason(&settings, "gh-enterprise").is_empty());
    }
    let settings = from_environment(&[("GH_ENTERPRISE_TOKEN", &token)]);
    assert!(reason(&settings, "gh-enterprise").contains("`GH_HOST`"));
}

#[test]
fn a_job_of_actions_keeps_its_own_token_on_its_own_host() {
    let token = job();
    let variables = [
        ("GITHUB_ACTIONS", "true"),
        ("GITHUB_TOKEN", token.as_str()),
        ("GITHUB_API_URL", "https://ghe.acme.dev/api/v3"),
        ("GITHUB_SERVER_URL", "https://ghe.acme.dev"),
        ("GITHUB_REPOSITORY", "acme/infra"),
    ];
    let settings = from_environment(&variables);
    assert_eq!(summary(&settings), [("actions", "https://ghe.acme.dev", Some(token.as_str()))]);
    assert_eq!(settings.credentials[0].api.as_str(), "https://ghe.acme.dev/api/v3");
    assert_eq!(settings.credentials[0].kind_hint, Some("actions"));
    assert_eq!(scope(&settings, "actions"), ["acme/infra"]);
    // The same value for gh would go to github.com.
    let mut both = variables.to_vec();
    both.push(("GH_TOKEN", &token));
    let settings = from_environment(&both);
    assert_eq!(names(&settings), ["actions"]);
    assert_eq!(reason(&settings, "gh"), "it is the token of `actions`, which belongs to https://ghe.acme.dev");
    // A token of somebody's own does not get the job's repository.
    let own = classic("o");
    let mut own_too = variables.to_vec();
    own_too.push(("GH_TOKEN", &own));
    let settings = from_environment(&own_too);
    assert_eq!(names(&settings), ["actions", "gh"]);
    assert_eq!(scope(&settings, "gh"), [] as [&str; 0]);
    // Without the API's address it goes nowhere.
    let settings = from_environment(&variables[..2]);
    assert_eq!(names(&settings), [] as [&str; 0]);
    assert!(reason(&settings, "actions").contains("`GITHUB_API_URL`"));
    let mut plain = variables.to_vec();
    plain[2].1 = "http://ghe.acme.dev/api/v3";
    assert_eq!(names(&from_environment(&plain)), [] as [&str; 0]);
}

#[test]
fn gitlab_families_go_to_the_host_they_name() {
    let token = gitlab();
    let settings = from_environment(&[("GITLAB_TOKEN", &token)]);
    assert_eq!(names(&settings), [] as [&str; 0]);
    assert!(reason(&settings, "glab").contains("`GITLAB_HOST`"));
    for (variable, value) in [("GITLAB_HOST", "git.acme.dev"), ("GL_HOST", "https://git.acme.dev/")] {
        let settings = from_environment(&[("GITLAB_TOKEN", &token), (variable, value)]);
        assert_eq!(summary(&settings), [("glab", "https://git.acme.dev", Some(token.as_str()))]);
    }
    let job = ["glcbt", &"Zy9_".repeat(5)].join("-");
    let settings = from_environment(&[
        ("GITLAB_CI", "true"),
        ("CI_JOB_TOKEN", &job),
        ("CI_API_V4_URL", "https://acme.dev/git/api/v4"),
        ("CI_PROJECT_PATH", "group/sub/name"),
    ]);
    assert_eq!(summary(&settings), [("gitlab-ci", "https://acme.dev/git", Some(job.as_str()))]);
    assert_eq!(scope(&settings, "gitlab-ci"), ["group/sub/name"]);
    assert_eq!(settings.credentials[0].kind_hint, Some("job"));
    let settings = from_environment(&[("CI_JOB_TOKEN", &job), ("CI_API_V4_URL", "https://acme.dev/api/v4")]);
    assert_eq!(names(&settings), [] as [&str; 0], "without GITLAB_CI it is nobody's");
}

#[test]
fn bitbucket_and_renovate_tell_cloud_from_server() {
    let server = ["BBDC", &"Mz9a".repeat(11)].join("-");
    let cloud = ["ATATT3xFf", &"kQ9".repeat(12)].concat();
    let of = |token: &str, url: Option<&str>| {
        let mut variables = vec![("ATLANTIS_BITBUCKET_TOKEN", token), ("ATLANTIS_BITBUCKET_USER", "bot@acme.dev")];
        variables.extend(url.map(|url| ("ATLANTIS_BITBUCKET_BASE_URL", url)));
        let settings = from_environment(&variables);
        let declared = &settings.credentials[0];
        assert!(declared.secret.is_ok(), "{declared:?}");
        (declared.host, declared.url.clone(), declared.basic)
    };
    let on_cloud = (HostKind::BitbucketCloud, "https://bitbucket.org".to_owned(), Some(true));
    assert_eq!(of(&cloud, None), on_cloud);
    for url in ["https://api.bitbucket.org/2.0", "https://api.bitbucket.org", "https://api.bitbucket.org/"] {
        assert_eq!(of(&cloud, Some(url)), on_cloud, "{url}");
    }
    let renovate = [
        ("RENOVATE_TOKEN", cloud.as_str()),
        ("RENOVATE_PLATFORM", "bitbucket"),
        ("RENOVATE_USERNAME", "bot@acme.dev"),
        ("RENOVATE_ENDPOINT", "https://api.bitbucket.org/"),
    ];
    let renovate = from_environment(&renovate);
    assert_eq!(renovate.credentials[0].api.as_str(), "https://api.bitbucket.org/2.0", "its default lacks the version");
    assert_eq!(
        of(&server, Some("https://git.acme.dev/bitbucket")),
        (HostKind::BitbucketServer, "https://git.acme.dev/bitbucket".to_owned(), Some(false))
    );
    let token = classic("r");
    let settings =
        from_environment(&[("RENOVATE_TOKEN", &token), ("RENOVATE_ENDPOINT", "https://ghe.acme.dev/api/v3/")]);
    assert_eq!(summary(&settings), [("renovate", "https://ghe.acme.dev", Some(token.as_str()))]);
    let settings = from_environment(&[("RENOVATE_TOKEN", &token), ("RENOVATE_PLATFORM", "azure")]);
    assert_eq!(settings.not_checked[0].host, "azure");
    let (broken, _) = run_with(
        &Arguments::default(),
        &[("RENOVATE_TOKEN", &token), ("RENOVATE_ENDPOINT", "https://evil.dev")],
        &Fake::default(),
    );
    assert_eq!(codes(&broken), [Code::BadAddress]);
}

#[test]
fn hosts_that_cannot_be_asked_are_listed_and_their_secrets_left_alone() {
    let environment: Environment =
        [("ATLANTIS_GITLAB_TOKEN", gitlab()), ("ATLANTIS_GH_TOKEN", classic("a"))].into_iter().collect();
    let support = Support { host: |kind| kind == HostKind::GitHub, app_key: |_| false };
    let settings =
        resolve_with(&Arguments::default(), &environment, &Fake::default(), &mut SourceMap::new(), support).unwrap();
    assert_eq!(names(&settings), ["atlantis"]);
    assert!(reason(&settings, "atlantis-gitlab").contains("cannot ask"));
    // And by this build's own word.
    let own = resolve(&Arguments::default(), &environment, &Fake::default(), &mut SourceMap::new()).unwrap();
    let asked = vocabulary::host(HostKind::GitHub).collected;
    assert_eq!(names(&own).contains(&"atlantis"), asked);
}

#[test]
fn ambient_credentials_wait_behind_a_bots_own() {
    let (bot, mine) = (classic("a"), classic("m"));
    let variables = [("ATLANTIS_GH_TOKEN", bot.as_str()), ("GH_TOKEN", mine.as_str())];
    let settings = from_environment(&variables);
    assert_eq!(names(&settings), ["atlantis"]);
    assert_eq!(reason(&settings, "gh"), "it is not checked beside `atlantis`; `--credential gh` checks it");
    let named = Arguments { credentials: vec!["g*".into()], ..Arguments::default() };
    assert_eq!(names(&run_with(&named, &variables, &Fake::default()).0.unwrap()), ["gh"]);
    let gitlab = gitlab();
    let other_kind = [("ATLANTIS_GITLAB_TOKEN", gitlab.as_str()), ("GH_TOKEN", mine.as_str())];
    assert_eq!(names(&from_environment(&other_kind)), ["atlantis-gitlab", "gh"]);
}

#[test]
fn equal_values_are_checked_once() {
    let token = classic("a");
    let settings = from_environment(&[
        ("ATLANTIS_GH_TOKEN", &token),
        ("RENOVATE_TOKEN", &token),
        ("RENOVATE_REPOSITORIES", "acme/a,acme/b"),
    ]);
    assert_eq!(names(&settings), ["atlantis"]);
    assert_eq!(reason(&settings, "renovate"), "it is the token of `atlantis`");
    assert_eq!(scope(&settings, "atlantis"), ["acme/a", "acme/b"]);
    let apart = from_environment(&[
        ("ATLANTIS_GH_TOKEN", &token),
        ("ATLANTIS_GH_USER", "one"),
        ("RENOVATE_TOKEN", &token),
        ("RENOVATE_USERNAME", "other"),
    ]);
    assert_eq!(names(&apart), ["atlantis", "renovate"], "two usernames are two claims");
}

// ---- shapes ----

#[test]
fn a_secret_of_another_vendor_is_not_handed_out() {
    let gitlab_token = gitlab();
    let settings = from_environment(&[("ATLANTIS_GH_TOKEN", &gitlab_token)]);
    let Err(Withheld::WrongHost { reason, help }) = &settings.credentials[0].secret else { panic!("handed out") };
    assert_eq!(
        reason,
        "the secret looks like a GitLab access token and would have gone to GitHub at https://github.com"
    );
    assert!(help.contains("`host = \"gitlab\"`"));
    assert!(!format!("{settings:?}").contains(&gitlab_token));
    for (token, words) in [
        (["ghr", &"x1".repeat(38)].join("_"), "it only gets other tokens"),
        (["xoxb", &"123-abc".repeat(4)].join("-"), "a Slack bot token"),
        (["glrt", &"Zy9_".repeat(5)].join("-"), "a GitLab runner token"),
        ("-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----".into(), "private key"),
    ] {
        let settings = from_environment(&[("ATLANTIS_GH_TOKEN", &token)]);
        let Err(Withheld::WrongHost { reason, .. }) = &settings.credentials[0].secret else { panic!("handed out") };
        assert!(reason.contains(words), "{reason}");
    }
    let jwt = ["eyJhbGciOiJSUzI1NiJ9", "eyJpc3MiOiIzMDAwMDEifQ", "c2ln"].join(".");
    assert!(from_environment(&[("ATLANTIS_GH_TOKEN", &jwt)]).credentials[0].secret.is_ok());
    assert!(from_environment(&[("ATLANTIS_GH_TOKEN", &"0f".repeat(20))]).credentials[0].secret.is_ok());
    let runner = ["gloas", &"0f".repeat(32)].join("-");
    let settings = from_environment(&[("ATLANTIS_GITLAB_TOKEN", &runner)]);
    assert!(matches!(&settings.credentials[0].secret, Err(Withheld::WrongHost { .. })));
}

#[test]
fn an_atlassian_token_needs_an_email_address() {
    let token = ["ATATT3xFf", &"kQ9".repeat(12)].concat();
    for (user, fits) in [(Some("bot@acme.dev"), true), (Some("acme-bot"), false), (None, false)] {
        let mut variables = vec![("ATLANTIS_BITBUCKET_TOKEN", token.as_str())];
        variables.extend(user.map(|user| ("ATLANTIS_BITBUCKET_USER", user)));
        assert_eq!(from_environment(&variables).credentials[0].secret.is_ok(), fits, "{user:?}");
    }
}

#[test]
fn a_text_that_no_header_carries_is_missing() {
    let settings = from_environment(&[("ATLANTIS_GH_TOKEN", "one\ntwo")]);
    let Err(Withheld::Missing { reason, .. }) = &settings.credentials[0].secret else { panic!("handed out") };
    assert!(reason.contains("control character"), "{reason}");
}

// ---- the settings file ----

const FILE: &str = r#"
repositories = ["acme/default"]

[inputs]
max_age = "30d"
names   = ["a", "b"]
count   = 3
strict  = true

[[credential]]
name         = "atlantis-prod"
host         = "github"
url          = "https://ghe.acme.dev"
token        = { env = "BOT" }
username     = "@atlantis-acme"
repositories = ["acme/infra", "acme/live-*"]

[[credential]]
name  = "by-file"
host  = "github"
token = { file = "token" }

[[credential]]
name    = "by-command"
host    = "github"
api_url = "https://proxy.acme.dev/github"
token   = { command = ["op", "read", "x"] }
"#;

#[test]
fn a_settings_file_declares_credentials_scope_and_inputs() {
    let (a, b, c) = (classic("a"), classic("b"), &*Box::leak(classic("c").into_boxed_str()));
    let arguments = Arguments { config: Some("/etc/credcheck.toml".into()), ..Arguments::default() };
    let files = Fake::default()
        .file("/etc/credcheck.toml", FILE)
        .file("/etc/token", format!("\u{FEFF}{b}\r\n"))
        .command("op", Ok(c));
    let (result, _) = run_with(&arguments, &[("BOT", &a)], &files);
    let settings = result.unwrap();
    assert_eq!(
        summary(&settings),
        [
            ("atlantis-prod", "https://ghe.acme.dev", Some(a.as_str())),
            ("by-file", "https://github.com", Some(b.as_str())),
            ("by-command", "https://github.com", Some(c)),
        ]
    );
    assert_eq!(settings.credentials[2].api.as_str(), "https://proxy.acme.dev/github");
    assert_eq!(settings.credentials[0].username.as_deref(), Some("atlantis-acme"));
    assert_eq!(scope(&settings, "atlantis-prod"), ["acme/infra", "acme/live-*"]);
    assert_eq!(scope(&settings, "by-file"), ["acme/default"]);
    let inputs: Vec<(&str, &InputText)> =
        settings.inputs.iter().map(|input| (input.name.as_str(), &input.value)).collect();
    assert_eq!(
        inputs,
        [
            ("max_age", &InputText::One("30d".into())),
            ("names", &InputText::List(vec!["a".into(), "b".into()])),
            ("count", &InputText::One("3".into())),
            ("strict", &InputText::One("true".into())),
        ]
    );
}

#[test]
fn every_problem_is_shown_at_its_place() {
    let text = r#"
colour = "red"
[[credential]]
name = "a/b"
host = "githib"
token = { env = "$BOT" }
[[credential]]
name = "two"
host = "github"
url = "https://user:pw@github.com"
tokn = { env = "BOT" }
insecure_http = "yes"
[[credential]]
name = "two"
host = "github"
token = { env = "A", file = "b" }
repositories = ["infra", 7]
[[credential]]
host = "github"
token = { env = "BOT" }
app_id = 7
kind = "clasic"
[[credential]]
name = "app"
host = "gitlab"
private_key = { file = "x" }
"#;
    let (result, sources) = with_file(text, &[]);
    let Err(SettingsError::Settings(problems)) = &result else { panic!("accepted") };
    let mut shown: Vec<(usize, Code)> =
        problems.iter().map(|problem| (sources.start(problem.span().unwrap()).line, problem.code)).collect();
    shown.sort_unstable();
    assert_eq!(
        shown,
        [
            (2, Code::UnknownSetting),
            (4, Code::BadSettings),
            (5, Code::UnknownHost),
            (6, Code::BadSettings),
            (7, Code::BadSettings),
            (10, Code::BadAddress),
            (11, Code::UnknownSetting),
            (12, Code::BadSettings),
            (14, Code::DuplicateCredential),
            (16, Code::BadSettings),
            (17, Code::BadSettings),
            (17, Code::BadScope),
            (18, Code::BadSettings),
            (21, Code::BadSettings),
            (22, Code::UnknownName),
            (23, Code::BadSettings),
            (26, Code::BadSettings),
        ]
    );
    let help = |line: usize| {
        let at = |problem: &&Diagnostic| sources.start(problem.span().unwrap()).line == line;
        problems.iter().find(at).unwrap().help.clone().unwrap()
    };
    assert_eq!(help(5), "did you mean `github`?");
    assert_eq!(help(11), "did you mean `token`?");
}

#[test]
fn an_address_in_a_file_is_checked_as_every_other() {
    for (line, good) in [
        ("url = \"http://ghe.acme.dev\"", false),
        ("url = \"http://ghe.acme.dev\"\ninsecure_http = true", true),
        ("url = \"http://127.0.0.1:8080\"", true),
        ("url = \"https://ghe.acme.dev@evil.dev\"", false),
        ("api_url = \"http://ghe.acme.dev/api/v3\"", false),
        ("api_url = \"https://x@ghe.acme.dev/api/v3\"", false),
        ("url = \"github.com\"", false),
        ("url = 7", false),
    ] {
        let text = format!("[[credential]]\nname = \"a\"\nhost = \"github\"\ntoken = {{ env = \"BOT\" }}\n{line}\n");
        assert_eq!(with_file(&text, &[("BOT", "t")]).0.is_ok(), good, "{line}");
    }
}

#[test]
fn a_literal_secret_is_an_error_that_shows_nothing_of_it() {
    let token = classic("s");
    for text in [
        format!("[[credential]]\nname = \"a\"\nhost = \"github\"\ntoken = \"{token}\"\n"),
        format!("[[credential]]\nname = \"a\"\nhost = \"github\"\ntoken = {{ env = \"{token}\" }}\n"),
        format!("[[credential]]\nname = \"a\"\nhost = \"github\"\ntoken = {{ command = [\"echo\", \"{token}\"] }}\n"),
        format!("# {token}\n"),
        format!("{token} = 1\n"),
        format!("[[credential]]\ntoken = {token}\n"),
        format!("[inputs]\nx = \"{token}\"\n"),
    ] {
        let (result, sources) = with_file(&text, &[]);
        let count = codes(&result).iter().filter(|code| **code == Code::LiteralToken).count();
        assert_eq!(count, 1, "{text}");
        assert!(!everything_said(&result, &sources).contains("x1x1x1"), "{text}");
    }
    for text in [
        "[[credential]]\nname = \"a\"\nhost = \"github\"\ntoken = \"hunter2\"\n",
        "[[credential]]\nname = \"a\"\nhost = \"github\"\ntoken = hunter2\n",
        "[[credential]]\nname = \"a\"\nhost = \"github\"\npassword = \"hunter2\"\n",
        "[[credential]]\nname = \"a\"\nhost = \"github\"\npasscode = [\"hunter2\"]\n",
        "[[credential]]\nname = \"a\"\nhost = \"github\"\ntoken = { value = \"hunter2\" }\n",
        "[[credential]]\nname = \"a\"\nhost = \"github\"\ntoken = '''\nhunter2\n'''\n",
        "[credential]\ntoken = \"hunter2\"\n",
        "credential = [{ token = \"hunter2\" }]\n",
        "token: hunter2\n",
        "token = \"hunter2\n",
    ] {
        let (result, sources) = with_file(text, &[]);
        assert!(result.is_err(), "{text}");
        assert!(!everything_said(&result, &sources).contains("hunter2"), "{text}: {result:?}");
        let length: usize = sources.get(crate::text::source::SourceId(0)).unwrap().text().len();
        assert_eq!(length, text.len());
    }
}

#[test]
fn settings_come_from_the_operator_and_never_from_the_working_directory() {
    let declares = "[[credential]]\nname = \"own\"\nhost = \"github\"\ntoken = { env = \"BOT\" }\n";
    let token = classic("a");
    let found = |variables: &[(&str, &str)], path: &'static str| {
        let mut all = vec![("BOT", token.as_str())];
        all.extend(variables);
        let settings = run_with(&Arguments::default(), &all, &Fake::default().file(path, declares)).0.unwrap();
        !settings.credentials.is_empty()
    };
    assert!(found(&[("HOME", "/home/me")], "/home/me/.config/credcheck/config.toml"));
    assert!(found(&[("HOME", "/home/me"), ("XDG_CONFIG_HOME", "/cfg")], "/cfg/credcheck/config.toml"));
    assert!(found(&[("CREDCHECK_CONFIG", "/x.toml"), ("HOME", "/home/me")], "/x.toml"));
    assert!(!found(&[("XDG_CONFIG_HOME", "/cfg")], "/home/me/.config/credcheck/config.toml"));
    for path in
        ["/cwd/credcheck.toml", "/cwd/credcheck/config.toml", "/cwd/.config/credcheck/config.toml", "/cwd/config.toml"]
    {
        assert!(!found(&[("XDG_CONFIG_HOME", "."), ("HOME", ".")], path), "{path}");
        assert!(!found(&[], path), "{path}");
    }
    let missing = Arguments { config: Some("/none.toml".into()), ..Arguments::default() };
    let (result, _) = run_with(&missing, &[], &Fake::default());
    assert_eq!(codes(&result), [Code::UnreadableSettings]);
}

#[test]
fn credentials_of_the_policys_own_tree_are_refused() {
    let declares = "[inputs]\nx = 1\n[[credential]]\nname = \"own\"\nhost = \"github\"\n\
                    url = \"https://evil.dev\"\ntoken = { env = \"ATLANTIS_GH_TOKEN\" }\n";
    let harmless = "repositories = [\"acme/infra\"]\n[inputs]\nx = 1\n";
    let token = classic("a");
    let variables = [("ATLANTIS_GH_TOKEN", token.as_str())];
    let run = |config: &str, trust: bool, files: Fake| {
        let arguments = Arguments {
            config: Some(config.into()),
            trust_config: trust,
            policy_roots: vec!["/repo".into()],
            ..Arguments::default()
        };
        run_with(&arguments, &variables, &files)
    };
    let files = || {
        Fake { here: Some("/repo/policies"), ..Fake::default() }
            .file("/repo/c.toml", declares)
            .file("/repo/policies/c.toml", declares)
            .file("/etc/c.toml", declares)
            .file("/repository/c.toml", declares)
            // Links out of the tree and into it: both are the tree's to say.
            .link("/repo/out.toml", "/etc/c.toml")
            .link("/repo/dir", "/etc")
            .link("/etc/in.toml", "/repo/c.toml")
    };
    for inside in [
        "/repo/c.toml",
        "c.toml",
        "./c.toml",
        "../c.toml",
        "/etc/../repo/c.toml",
        "/repo/out.toml",
        "/repo/dir/c.toml",
        "../dir/c.toml",
        "/etc/in.toml",
    ] {
        let (result, sources) = run(inside, false, files());
        assert_eq!(codes(&result), [Code::UntrustedSettings], "{inside}");
        let Err(SettingsError::Settings(problems)) = &result else { panic!("exit 2") };
        assert_eq!(sources.snippet(problems[0].span().unwrap()), "[[credential]]", "{inside}");
        assert_eq!(names(&run(inside, true, files()).0.unwrap()), ["own", "atlantis"], "trusted {inside}");
    }
    for outside in ["/etc/c.toml", "/repository/c.toml", "../../etc/c.toml"] {
        assert!(run(outside, false, files()).0.is_ok(), "{outside}");
    }
    let (result, _) = run("/repo/c.toml", false, Fake::default().file("/repo/c.toml", harmless));
    let settings = result.unwrap();
    assert_eq!(scope(&settings, "atlantis"), ["acme/infra"]);
    assert_eq!(settings.inputs.len(), 1);
    let (result, _) = run("/repo/c.toml", false, Fake::default().file("/repo/c.toml", "credential = 1\n"));
    assert_eq!(codes(&result), [Code::UntrustedSettings]);
    // The tree behind a link is the same tree.
    let linked =
        Arguments { config: Some("/real/c.toml".into()), policy_roots: vec!["/repo".into()], ..Arguments::default() };
    let files = Fake::default().file("/real/c.toml", declares).link("/repo", "/real");
    assert_eq!(codes(&run_with(&linked, &variables, &files).0), [Code::UntrustedSettings]);
}

#[test]
fn nothing_secret_is_read_for_what_is_not_checked() {
    let text = "[[credential]]\nname = \"a\"\nhost = \"github\"\ntoken = { command = [\"op\", \"a\"] }\n\
                [[credential]]\nname = \"b\"\nhost = \"gitlab\"\ntoken = { file = \"/run/b\" }\n\
                [[credential]]\nname = \"c\"\nhost = \"github\"\ntoken = { file = \"/run/c\" }\n";
    let run = |arguments: Arguments| {
        let files = Fake::default().file("/c.toml", text).file("/run/b", "b-token").file("/run/c", "c-token");
        let (result, _) = run_with(&Arguments { config: Some("/c.toml".into()), ..arguments }, &[], &files);
        let touched = files.touched.borrow().clone();
        (result, touched)
    };
    let (_, touched) = run(Arguments { hosts: vec![HostKind::GitLab], ..Arguments::default() });
    assert_eq!(touched, ["/c.toml", "/run/b"]);
    let (_, touched) = run(Arguments { credentials: vec!["c".into()], ..Arguments::default() });
    assert_eq!(touched, ["/c.toml", "/run/c"]);
    let (result, touched) = run(Arguments { repositories: vec!["acme/infra".into()], ..Arguments::default() });
    assert!(result.is_err());
    assert_eq!(touched, ["/c.toml"], "no secret before everything is settled");
    let (result, _) = run(Arguments { credentials: vec!["a".into()], ..Arguments::default() });
    let Err(Withheld::Missing { reason, .. }) = &result.unwrap().credentials[0].secret else { panic!("a secret") };
    assert_eq!(reason, "the command `op` was not found");
}

// ---- scope ----

fn bound(repositories: &[&str], variables: &[(&str, &str)]) -> Result<Settings, SettingsError> {
    let repositories = repositories.iter().map(|text| (*text).to_owned()).collect();
    run_with(&Arguments { repositories, ..Arguments::default() }, variables, &Fake::default()).0
}

#[test]
fn a_repository_binds_to_the_one_host_it_can_mean() {
    let (hub, lab) = (classic("a"), gitlab());
    let one =
        [("ATLANTIS_GH_TOKEN", hub.as_str()), ("ATLANTIS_REPO_ALLOWLIST", "github.com/acme/*,!github.com/acme/x")];
    let settings = bound(&["acme/infra", "github.com/acme/live", "acme/infra"], &one).unwrap();
    assert_eq!(scope(&settings, "atlantis"), ["acme/infra", "acme/live"]);
    assert!(settings.credentials[0].excluded.is_empty(), "the command line replaces the allow list");
    assert_eq!(settings.credentials[0].scope[0].origin.to_string(), "--repository");

    let two = [
        ("ATLANTIS_GH_TOKEN", hub.as_str()),
        ("ATLANTIS_GITLAB_TOKEN", lab.as_str()),
        ("ATLANTIS_GITLAB_HOSTNAME", "git.acme.dev:8443"),
        ("ATLANTIS_REPO_ALLOWLIST", "git.acme.dev:8443/*"),
    ];
    let error = bound(&["acme/infra"], &two).unwrap_err();
    assert!(matches!(error, SettingsError::CommandLine(_)));
    let help = error.diagnostics()[0].help.clone().unwrap();
    assert!(
        help.contains("--repository atlantis=acme/infra") && help.contains("--repository atlantis-gitlab=acme/infra")
    );
    for text in
        ["github.com/acme/infra", "GITHUB.com/acme/infra", "atlantis=acme/infra", "atlantis=github.com/acme/infra"]
    {
        let settings = bound(&[text], &two).unwrap();
        assert_eq!(scope(&settings, "atlantis"), ["acme/infra"], "{text}");
        assert_eq!(scope(&settings, "atlantis-gitlab"), ["*"], "{text}");
    }
    for text in ["git.acme.dev:8443/g/s/p", "g/s/p", "atlantis-gitlab=g/s/p"] {
        assert_eq!(scope(&bound(&[text], &two).unwrap(), "atlantis-gitlab"), ["g/s/p"], "{text}");
    }
    for text in [
        "ghe.acme.dev:1/acme/infra",
        "nobody=acme/infra",
        "atlantis=g/s/p",
        "infra",
        "",
        "=acme/infra",
        "https://github.com/acme/infra",
        "github.com/acme/../infra",
        "github.com/acme/",
        "acme/in#fra",
    ] {
        assert!(matches!(bound(&[text], &two), Err(SettingsError::CommandLine(_))), "{text}");
    }
    let error = bound(&["atlantsi=acme/infra"], &two).unwrap_err();
    assert_eq!(error.diagnostics()[0].help.as_deref(), Some("did you mean `atlantis`?"));
}

#[test]
fn a_default_scope_that_could_be_on_several_hosts_is_refused() {
    let text = "repositories = [\"acme/infra\"]\n[[credential]]\nname = \"a\"\nhost = \"github\"\ntoken = { env = \"A\" }\n\
                [[credential]]\nname = \"b\"\nhost = \"github\"\nurl = \"https://ghe.acme.dev\"\ntoken = { env = \"B\" }\n";
    let variables = [("A", "token-a"), ("B", "token-b")];
    let (result, _) = with_file(text, &variables);
    assert_eq!(codes(&result), [Code::BadScope]);
    let (result, _) = with_file(&text.replace("acme/infra", "ghe.acme.dev/acme/infra"), &variables);
    let settings = result.unwrap();
    assert_eq!(scope(&settings, "b"), ["acme/infra"]);
    assert_eq!(scope(&settings, "a"), [] as [&str; 0]);
    let (result, _) = with_file(&text.replace("acme/infra", "ghe.acme.div/acme/infra"), &variables);
    assert_eq!(result.unwrap().notes.len(), 1);
}

#[test]
fn a_credential_filter_that_matches_nothing_is_an_error() {
    let token = classic("a");
    let arguments = Arguments { credentials: vec!["atlantsi".into()], ..Arguments::default() };
    let (result, _) = run_with(&arguments, &[("ATLANTIS_GH_TOKEN", &token)], &Fake::default());
    let Err(SettingsError::CommandLine(problems)) = result else { panic!("accepted") };
    assert_eq!(problems[0].help.as_deref(), Some("did you mean `atlantis`?"));
}

#[test]
fn a_declared_name_wins_over_a_familys() {
    let (a, b) = (classic("a"), classic("b"));
    let text = "[[credential]]\nname = \"atlantis\"\nhost = \"github\"\ntoken = { env = \"BOT\" }\n";
    let (result, _) = with_file(text, &[("BOT", &a), ("ATLANTIS_GH_TOKEN", &b)]);
    let settings = result.unwrap();
    assert_eq!(summary(&settings), [("atlantis", "https://github.com", Some(a.as_str()))]);
    assert_eq!(reason(&settings, "atlantis"), "the settings declare a credential of this name");
}

#[test]
fn an_environment_shows_no_values() {
    let environment: Environment = [("GH_TOKEN", "hunter2")].into_iter().collect();
    assert_eq!(format!("{environment:?}"), "{\"GH_TOKEN\"}");
}

// ---- no input moves a secret ----

proptest! {
    /// Whatever the other families' variables say, Atlantis' token goes to Atlantis' host only.
    #[test]
    fn families_never_mix(values in proptest::collection::vec("(https?://)?[a-z.@/:]{0,12}(github.com|ghe.com|evil.dev)?", 12)) {
        let token = classic("a");
        let others = ["GH_HOST", "GITHUB_API_URL", "GITHUB_SERVER_URL", "GITLAB_HOST", "GL_HOST", "CI_API_V4_URL",
            "CI_SERVER_URL", "RENOVATE_ENDPOINT", "ATLANTIS_GITLAB_HOSTNAME", "ATLANTIS_BITBUCKET_BASE_URL",
            "GITHUB_REPOSITORY", "CI_PROJECT_PATH"];
        let mut variables: Vec<(&str, &str)> = others.into_iter().zip(values.iter().map(String::as_str)).collect();
        variables.extend([("ATLANTIS_GH_TOKEN", token.as_str()), ("GITHUB_ACTIONS", "true"), ("GITLAB_CI", "true")]);
        let settings = run_with(&Arguments::default(), &variables, &Fake::default()).0.unwrap();
        prop_assert_eq!(summary(&settings), [("atlantis", "https://github.com", Some(token.as_str()))]);
    }

    /// No text of a settings file makes it crash, and a file of the policy's tree never declares a credential.
    #[test]
    fn no_settings_file_of_the_tree_moves_a_secret(text in "(\\[\\[credential\\]\\]\n|\\[credential\\]\n|credential = |name = \"a\"\n|host = \"github\"\n|url = \"https://evil.dev\"\n|token = \\{ env = \"ATLANTIS_GH_TOKEN\" \\}\n|repositories = \\[\"a/b\"\\]\n|\\[inputs\\]\n|\\PC{0,6}\n|[\\[\\]{}=\"'#\n]){0,12}") {
        let token = classic("a");
        let arguments = Arguments {
            config: Some("/repo/c.toml".into()),
            policy_roots: vec!["/repo".into()],
            ..Arguments::default()
        };
        let files = Fake::default().file("/repo/c.toml", text);
        if let Ok(settings) = run_with(&arguments, &[("ATLANTIS_GH_TOKEN", &token)], &files).0 {
            prop_assert_eq!(summary(&settings), [("atlantis", "https://github.com", Some(token.as_str()))]);
        }
    }

    #[test]
    fn no_text_crashes_the_command_line(text in "[a-z=/.:*?@#%\\\\ ]{0,30}") {
        let (hub, lab) = (classic("a"), gitlab());
        let _ = bound(&[&text], &[("ATLANTIS_GH_TOKEN", &hub), ("ATLANTIS_GITLAB_TOKEN", &lab)]);
    }
}
