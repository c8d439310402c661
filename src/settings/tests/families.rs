//! Families of variables: each goes to the host that it names, and to no other.

use super::*;
use crate::facts::ScopeEntry;

#[test]
fn atlantis_goes_to_the_host_it_names() {
    let token = classic("a");
    let settings = from_environment(&[("ATLANTIS_GH_TOKEN", &token), ("ATLANTIS_GH_USER", "@atlantis-acme")]);
    assert_eq!(summary(&settings), [("atlantis", "https://github.com", Some(token.as_str()))]);
    let declared = &settings.credentials[0];
    assert_eq!(declared.credential.username.as_deref(), Some("atlantis-acme"));
    assert_eq!(declared.credential.api.as_str(), "https://api.github.com/");
    assert!(declared.origins.contains(&("secret", Origin::Variable("ATLANTIS_GH_TOKEN".into()))));
    let settings = from_environment(&[("ATLANTIS_GH_TOKEN", &token), ("ATLANTIS_GH_HOSTNAME", "ghe.acme.dev:8443")]);
    assert_eq!(summary(&settings), [("atlantis", "https://ghe.acme.dev:8443", Some(token.as_str()))]);
    assert_eq!(settings.credentials[0].credential.api.as_str(), "https://ghe.acme.dev:8443/api/v3");
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
    let excluded: Vec<&str> = settings.credentials[0].credential.excluded.iter().map(ScopeEntry::text).collect();
    assert_eq!(excluded, ["acme/secret"]);
    assert_eq!(settings.credentials[0].credential.scope[0].origin, Origin::AllowList("ATLANTIS_REPO_ALLOWLIST".into()));
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
fn an_app_key_is_found_with_its_issuer() {
    let key = "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEAx1y2z3a4b5c6d7e8f9\n-----END RSA PRIVATE KEY-----\n";
    let variables =
        [("ATLANTIS_GH_APP_ID", "300001"), ("ATLANTIS_GH_APP_KEY", key), ("ATLANTIS_GH_APP_INSTALLATION_ID", "41")];
    let settings = from_environment(&variables);
    let declared = &settings.credentials[0];
    assert_eq!((declared.credential.name.as_str(), declared.kind_hint), ("atlantis-app", Some("app_key")));
    assert_eq!((declared.issuer.as_deref(), declared.credential.app.installation), (Some("300001"), Some(41)));
    assert!(declared.secret.as_ref().unwrap().expose().starts_with("-----BEGIN"));
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
    assert_eq!(settings.credentials[0].credential.api.as_str(), "https://ghe.acme.dev/api/v3");
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
        (declared.credential.host, declared.credential.url.clone(), declared.basic)
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
    assert_eq!(
        renovate.credentials[0].credential.api.as_str(),
        "https://api.bitbucket.org/2.0",
        "its default lacks the version"
    );
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

#[test]
fn what_a_jobs_token_may_be_is_told_in_a_job_alone() {
    let of = |variables: &[(&str, &str)], host, kind| {
        crate::settings::kind_in_job(&variables.iter().copied().collect(), host, kind)
    };
    let job = [("GITHUB_ACTIONS", "true"), ("GITLAB_CI", "true")];
    assert_eq!(of(&job, HostKind::GitHub, "app_installation"), Some("actions"));
    assert_eq!(of(&job, HostKind::GitHub, "classic"), None);
    assert_eq!(of(&job, HostKind::GitLab, "app_installation"), None);
    assert_eq!(of(&[("GITHUB_ACTIONS", "false")], HostKind::GitHub, "app_installation"), None);
}

/// Forty hexadecimal digits, as Gitea's tokens are.
fn digits(word: &str) -> String {
    let one = format!("{:02x}", word.len() + usize::from(word.as_bytes()[0]));
    one.repeat(20)
}

#[test]
fn gitea_and_forgejo_go_where_their_tools_send_them() {
    let token = digits("atlantis");
    let of = |variables: &[(&str, &str)]| {
        let settings = from_environment(variables);
        let one = &settings.credentials[0].credential;
        (one.name.clone(), one.host, one.url.clone(), one.api.to_string())
    };
    let at = |name: &str, url: &str| (name.to_owned(), HostKind::Gitea, url.to_owned(), format!("{url}/api/v1"));
    let atlantis = |url: &'static str| [("ATLANTIS_GITEA_TOKEN", token.as_str()), ("ATLANTIS_GITEA_BASE_URL", url)];
    assert_eq!(of(&atlantis("https://git.acme.dev")), at("atlantis-gitea", "https://git.acme.dev"));
    assert_eq!(of(&atlantis("https://acme.dev/git/")), at("atlantis-gitea", "https://acme.dev/git"));
    for platform in ["gitea", "forgejo"] {
        for endpoint in ["https://git.acme.dev/api/v1/", "https://git.acme.dev/api/v1", "https://git.acme.dev/"] {
            let renovate =
                [("RENOVATE_TOKEN", token.as_str()), ("RENOVATE_PLATFORM", platform), ("RENOVATE_ENDPOINT", endpoint)];
            let (name, host, url, api) = of(&renovate);
            assert_eq!((name.as_str(), host, url.as_str()), ("renovate", HostKind::Gitea, "https://git.acme.dev"));
            assert_eq!(api.trim_end_matches('/'), "https://git.acme.dev/api/v1", "{endpoint}");
        }
    }
    let tea = [("GITEA_SERVER_URL", "https://git.acme.dev"), ("GITEA_SERVER_TOKEN", token.as_str())];
    assert_eq!(of(&tea), at("tea", "https://git.acme.dev"));
    let released = [("GITEA_URL", "https://git.acme.dev"), ("GITEA_TOKEN", token.as_str())];
    assert_eq!(of(&released), at("gitea", "https://git.acme.dev"));
}

#[test]
fn a_token_of_gitea_without_an_address_is_listed_and_not_used() {
    let token = digits("nowhere");
    for variable in ["GITEA_TOKEN", "GITEA_SERVER_TOKEN", "ATLANTIS_GITEA_TOKEN"] {
        let settings = from_environment(&[(variable, &token)]);
        assert!(settings.credentials.is_empty(), "{variable}");
        let [listed] = settings.not_checked.as_slice() else { panic!("{variable}: {:?}", settings.not_checked) };
        assert!(listed.reason.contains("nothing says which host it is for"), "{variable}: {}", listed.reason);
    }
}

/// Jobs of both set GitHub's variables, too: nothing of such a job goes to GitHub.
#[test]
fn a_job_of_gitea_or_forgejo_is_none_of_github() {
    for (proof, name, variable) in [
        ("GITEA_ACTIONS", "gitea-actions", "GITEA_TOKEN"),
        ("GITEA_ACTIONS", "gitea-actions", "GITHUB_TOKEN"),
        ("FORGEJO_ACTIONS", "forgejo-actions", "FORGEJO_TOKEN"),
        ("FORGEJO_ACTIONS", "forgejo-actions", "GITHUB_TOKEN"),
    ] {
        let token = digits(variable);
        let settings = from_environment(&[
            (proof, "true"),
            ("GITHUB_ACTIONS", "true"),
            ("GITHUB_API_URL", "https://git.acme.dev/api/v1"),
            ("GITHUB_SERVER_URL", "https://git.acme.dev"),
            ("GITHUB_REPOSITORY", "acme/infra"),
            (variable, &token),
        ]);
        assert_eq!(names(&settings), [name], "{variable}");
        let one = &settings.credentials[0];
        assert_eq!((one.credential.host, one.credential.url.as_str()), (HostKind::Gitea, "https://git.acme.dev"));
        assert_eq!(one.kind_hint, Some("actions"));
        assert_eq!(scope(&settings, name), ["acme/infra"]);
    }
    let token = classic("github");
    let github = [
        ("GITHUB_ACTIONS", "true"),
        ("GITHUB_API_URL", "https://api.github.com"),
        ("GITHUB_SERVER_URL", "https://github.com"),
        ("GITHUB_TOKEN", token.as_str()),
    ];
    assert_eq!(names(&from_environment(&github)), ["actions"], "without their proof it stays GitHub's");
}
