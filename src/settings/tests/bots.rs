//! Whole environments of bots, as their charts and jobs make them: what is found, where it goes, what stays.

use super::*;
use crate::facts::ScopeEntry;
use crate::vocabulary;

const SERVER: &str = "https://git.acme.dev";

fn cloud() -> String {
    ["ATATT3xFf", &"kQ9".repeat(12)].concat()
}

fn access() -> String {
    ["BBDC", &"Mz9a".repeat(11)].join("-")
}

/// A private key that is none but looks like one.
fn key() -> String {
    ["-----BEGIN RSA", " PRIVATE KEY-----\nMIIEow", "x1y2\n-----END RSA", " PRIVATE KEY-----\n"].concat()
}

fn excluded(settings: &Settings, name: &str) -> Vec<String> {
    let declared = settings.credentials.iter().find(|declared| declared.credential.name == name).unwrap();
    declared.credential.excluded.iter().map(ScopeEntry::text).map(str::to_owned).collect()
}

fn only<'a>(settings: &'a Settings, name: &str) -> &'a Declared {
    assert_eq!(names(settings), [name], "{:?}", settings.not_checked);
    &settings.credentials[0]
}

/// As Atlantis' chart sets them.
#[test]
fn atlantis_as_a_github_app() {
    let key = key();
    let settings = from_environment(&[
        ("ATLANTIS_ATLANTIS_URL", "https://atlantis.acme.dev"),
        ("ATLANTIS_DATA_DIR", "/atlantis-data"),
        ("ATLANTIS_PORT", "4141"),
        ("ATLANTIS_REPO_ALLOWLIST", "git.acme.dev/acme/*"),
        ("ATLANTIS_GH_HOSTNAME", "git.acme.dev"),
        ("ATLANTIS_GH_APP_ID", "300001"),
        ("ATLANTIS_GH_APP_SLUG", "acme-atlantis"),
        ("ATLANTIS_GH_APP_KEY", &key),
        ("ATLANTIS_GH_APP_INSTALLATION_ID", "41000001"),
        ("ATLANTIS_GH_WEBHOOK_SECRET", "not-a-token"),
        ("ATLANTIS_GH_ORG", "acme"),
        ("ATLANTIS_WRITE_GIT_CREDS", "true"),
    ]);
    let declared = only(&settings, "atlantis-app");
    assert_eq!(declared.credential.url, SERVER);
    assert_eq!((declared.issuer.as_deref(), declared.credential.app.installation), (Some("300001"), Some(41_000_001)));
    assert_eq!(scope(&settings, "atlantis-app"), ["acme/*"]);
    let folded = key.replace('\n', "\\n");
    let settings = from_environment(&[("ATLANTIS_GH_APP_ID", "300001"), ("ATLANTIS_GH_APP_KEY", &folded)]);
    assert_eq!(settings.credentials[0].secret.as_ref().unwrap().expose(), key.trim());
}

/// As its chart sets them on the other hosts.
#[test]
fn atlantis_on_every_other_host() {
    let (gitlab, cloud, access, gitea) = (gitlab(), cloud(), access(), "0f3a9c1b77".repeat(4));
    let chart = [
        ("ATLANTIS_ATLANTIS_URL", "https://atlantis.acme.dev"),
        ("ATLANTIS_DATA_DIR", "/atlantis-data"),
        ("ATLANTIS_PORT", "4141"),
        ("ATLANTIS_WRITE_GIT_CREDS", "true"),
    ];
    for (own, name, url, username, basic) in [
        (
            &[
                ("ATLANTIS_GITLAB_HOSTNAME", "https://git.acme.dev"),
                ("ATLANTIS_GITLAB_USER", "@acme-atlantis"),
                ("ATLANTIS_GITLAB_TOKEN", gitlab.as_str()),
                ("ATLANTIS_GITLAB_WEBHOOK_SECRET", "not-a-token"),
                ("ATLANTIS_REPO_ALLOWLIST", "git.acme.dev/acme/*"),
            ][..],
            "atlantis-gitlab",
            SERVER,
            "acme-atlantis",
            None,
        ),
        (
            &[
                ("ATLANTIS_BITBUCKET_USER", "acme-atlantis"),
                ("ATLANTIS_BITBUCKET_API_USER", "bot@acme.dev"),
                ("ATLANTIS_BITBUCKET_TOKEN", cloud.as_str()),
                ("ATLANTIS_REPO_ALLOWLIST", "bitbucket.org/acme/*"),
            ],
            "atlantis-bitbucket",
            "https://bitbucket.org",
            "bot@acme.dev",
            Some(true),
        ),
        (
            &[
                ("ATLANTIS_BITBUCKET_BASE_URL", SERVER),
                ("ATLANTIS_BITBUCKET_USER", "acme-atlantis"),
                ("ATLANTIS_BITBUCKET_TOKEN", access.as_str()),
                ("ATLANTIS_BITBUCKET_WEBHOOK_SECRET", "not-a-token"),
                ("ATLANTIS_REPO_ALLOWLIST", "git.acme.dev/acme/*"),
            ],
            "atlantis-bitbucket",
            SERVER,
            "acme-atlantis",
            Some(false),
        ),
        (
            &[
                ("ATLANTIS_GITEA_BASE_URL", SERVER),
                ("ATLANTIS_GITEA_USER", "acme-atlantis"),
                ("ATLANTIS_GITEA_TOKEN", gitea.as_str()),
                ("ATLANTIS_GITEA_WEBHOOK_SECRET", "not-a-token"),
                ("ATLANTIS_GITEA_PAGE_SIZE", "30"),
                ("ATLANTIS_REPO_ALLOWLIST", "git.acme.dev/acme/*"),
            ],
            "atlantis-gitea",
            SERVER,
            "acme-atlantis",
            None,
        ),
    ] {
        let settings = from_environment(&[&chart[..], own].concat());
        let declared = only(&settings, name);
        assert_eq!(declared.credential.url, url, "{name}");
        assert_eq!((declared.credential.username.as_deref(), declared.basic), (Some(username), basic), "{name}");
        assert_eq!(scope(&settings, name), ["acme/*"], "{name}");
        assert!(declared.secret.is_ok() && settings.notes.is_empty(), "{name}");
    }
}

#[test]
fn atlantis_beside_the_provider_that_it_runs() {
    let (bot, provider) = (classic("a"), classic("p"));
    let settings = from_environment(&[
        ("ATLANTIS_GH_USER", "acme-atlantis"),
        ("ATLANTIS_GH_TOKEN", &bot),
        ("ATLANTIS_REPO_ALLOWLIST", "github.com/acme/*"),
        ("GITHUB_TOKEN", &provider),
        ("GITHUB_OWNER", "acme"),
    ]);
    assert_eq!(names(&settings), ["atlantis"]);
    assert!(reason(&settings, "terraform-github").contains("beside `atlantis`"));
}

/// As the runner of Renovate on GitLab sets them.
#[test]
fn renovate_on_gitlab() {
    let (token, public) = (gitlab(), classic("n"));
    let variables = [
        ("GITLAB_CI", "true"),
        ("CI_SERVER_URL", SERVER),
        ("CI_API_V4_URL", "https://git.acme.dev/api/v4"),
        ("RENOVATE_PLATFORM", "gitlab"),
        ("RENOVATE_ENDPOINT", "https://git.acme.dev/api/v4"),
        ("RENOVATE_TOKEN", token.as_str()),
        ("RENOVATE_GIT_AUTHOR", "Renovate <bot@acme.dev>"),
        ("RENOVATE_AUTODISCOVER", "true"),
        ("RENOVATE_AUTODISCOVER_FILTER", "[\"acme/**\", \"ops/infra\"]"),
        ("GITHUB_COM_TOKEN", public.as_str()),
        ("LOG_LEVEL", "debug"),
    ];
    let settings = from_environment(&variables);
    assert_eq!(summary(&settings), [("renovate", SERVER, Some(token.as_str()))]);
    assert_eq!(scope(&settings, "renovate"), ["acme/*", "ops/infra"]);
    assert_eq!(
        reason(&settings, "renovate-github-com"),
        "Renovate reads release notes on github.com with it, and works with another token; \
         `--credential renovate-github-com` checks it"
    );
    let named = Arguments { credentials: vec!["renovate-github-com".into()], ..Arguments::default() };
    let settings = run_with(&named, &variables, &Fake::default()).0.unwrap();
    assert_eq!(summary(&settings), [("renovate-github-com", "https://github.com", Some(public.as_str()))]);
    // Its newer name wins, and neither follows the platform.
    let settings = run_with(
        &named,
        &[("RENOVATE_GITHUB_COM_TOKEN", &token), ("GITHUB_COM_TOKEN", &public), ("RENOVATE_ENDPOINT", SERVER)],
        &Fake::default(),
    );
    let settings = settings.0.unwrap();
    assert_eq!(settings.credentials[0].credential.url, "https://github.com");
    assert!(matches!(settings.credentials[0].secret, Err(Withheld::WrongHost { .. })));
}

#[test]
fn renovate_told_by_an_object() {
    let (inside, beside) = (gitlab(), ["glpat", &"Qx7_".repeat(5)].join("-"));
    let object = format!(
        "{{\n  // the bot\n  platform: 'gitlab', endpoint: '{SERVER}/api/v4/',\n  token: '{inside}',\n  username: \
         'acme-renovate',\n  repositories: ['acme/infra', {{ repository: 'acme/live', }},],\n}}"
    );
    let settings = from_environment(&[("RENOVATE_CONFIG", &object)]);
    assert_eq!(summary(&settings), [("renovate", SERVER, Some(inside.as_str()))]);
    assert_eq!(scope(&settings, "renovate"), ["acme/infra", "acme/live"]);
    let declared = &settings.credentials[0];
    assert_eq!(declared.credential.username.as_deref(), Some("acme-renovate"));
    assert!(declared.origins.contains(&("secret", Origin::Variable("RENOVATE_CONFIG".into()))));
    // Variables of their own win.
    let settings = from_environment(&[
        ("RENOVATE_CONFIG", &object),
        ("RENOVATE_TOKEN", &beside),
        ("RENOVATE_ENDPOINT", "https://other.acme.dev/api/v4"),
        ("RENOVATE_REPOSITORIES", "acme/web"),
    ]);
    assert_eq!(summary(&settings), [("renovate", "https://other.acme.dev", Some(beside.as_str()))]);
    assert_eq!(scope(&settings, "renovate"), ["acme/web"]);
    // What cannot be read may name another host.
    let github = classic("r");
    for broken in ["{", "[]", "config.js", "{platform: 'gitlab'"] {
        let variables = [("RENOVATE_CONFIG", broken), ("RENOVATE_TOKEN", github.as_str())];
        let (result, sources) = run_with(&Arguments::default(), &variables, &Fake::default());
        assert_eq!(codes(&result), [Code::BadSettings], "{broken}");
        assert!(!everything_said(&result, &sources).contains(&github));
    }
}

#[test]
fn a_token_of_renovates_alone_goes_where_its_shape_says_or_nowhere() {
    let github = classic("r");
    assert_eq!(
        summary(&from_environment(&[("RENOVATE_TOKEN", &github)])),
        [("renovate", "https://github.com", Some(github.as_str()))]
    );
    let cloud = cloud();
    let settings = from_environment(&[("RENOVATE_TOKEN", &cloud), ("RENOVATE_USERNAME", "bot@acme.dev")]);
    assert_eq!(summary(&settings), [("renovate", "https://bitbucket.org", Some(cloud.as_str()))]);
    for token in [gitlab(), access(), "0f3a9c1b77e2d456".to_owned(), "0f3a9c1b77".repeat(4)] {
        let settings = from_environment(&[("RENOVATE_TOKEN", &token)]);
        assert_eq!(names(&settings), [] as [&str; 0], "{token}");
        assert!(reason(&settings, "renovate").contains("nothing says which host it is for"));
    }
    // A file that is not read may say the address.
    let token = gitlab();
    let variables = [
        ("RENOVATE_TOKEN", token.as_str()),
        ("RENOVATE_PLATFORM", "gitlab"),
        ("RENOVATE_CONFIG_FILE", "/etc/config.js"),
    ];
    assert_eq!(names(&from_environment(&variables)), [] as [&str; 0]);
    assert!(reason(&from_environment(&variables), "renovate").contains("RENOVATE_CONFIG_FILE"));
    assert_eq!(summary(&from_environment(&variables[..2]))[0].1, "https://gitlab.com");
    // The shape says the kind of the address, too.
    let variables = [("RENOVATE_TOKEN", token.as_str()), ("RENOVATE_ENDPOINT", "https://git.acme.dev/api/v4/")];
    assert_eq!(summary(&from_environment(&variables)), [("renovate", SERVER, Some(token.as_str()))]);
    let plain = "0f3a9c1b77".repeat(2);
    let variables = [("RENOVATE_TOKEN", plain.as_str()), ("RENOVATE_ENDPOINT", "https://git.acme.dev/api/v4/")];
    assert!(reason(&from_environment(&variables), "renovate").contains("`RENOVATE_PLATFORM` is not set"));
}

#[test]
fn renovate_on_bitbucket_with_a_password() {
    let cloud = cloud();
    let settings = from_environment(&[
        ("RENOVATE_PLATFORM", "bitbucket"),
        ("RENOVATE_USERNAME", "bot@acme.dev"),
        ("RENOVATE_PASSWORD", &cloud),
        ("RENOVATE_REPOSITORIES", "[\"acme/infra\",\"acme/live\"]"),
    ]);
    assert_eq!(summary(&settings), [("renovate", "https://bitbucket.org", Some(cloud.as_str()))]);
    assert_eq!(settings.credentials[0].basic, Some(true));
    assert_eq!(scope(&settings, "renovate"), ["acme/infra", "acme/live"]);
    // On a server it may be somebody's, which only who names it checks; an access token is none.
    let server = |password: &str, named: bool| {
        let arguments =
            Arguments { credentials: named.then(|| "renovate".into()).into_iter().collect(), ..Arguments::default() };
        let variables = [
            ("RENOVATE_PLATFORM", "bitbucket-server"),
            ("RENOVATE_ENDPOINT", "https://git.acme.dev/bitbucket"),
            ("RENOVATE_USERNAME", "acme-renovate"),
            ("RENOVATE_PASSWORD", password),
        ];
        run_with(&arguments, &variables, &Fake::default()).0.unwrap()
    };
    let settings = server("correct-horse-7", false);
    assert!(reason(&settings, "renovate").contains("passwords are not checked unless named"));
    let settings = server("correct-horse-7", true);
    assert_eq!((settings.credentials[0].kind_hint, settings.credentials[0].basic), (Some("password"), Some(true)));
    let settings = server(&access(), false);
    assert_eq!((only(&settings, "renovate").kind_hint, settings.credentials[0].basic), (None, Some(true)));
    // A token wins; a password elsewhere, and one of nobody, go nowhere.
    let token = access();
    let mut variables = vec![
        ("RENOVATE_PLATFORM", "bitbucket-server"),
        ("RENOVATE_ENDPOINT", SERVER),
        ("RENOVATE_PASSWORD", "correct-horse-7"),
    ];
    assert_eq!(codes(&run_with(&Arguments::default(), &variables, &Fake::default()).0), [Code::BadSettings]);
    variables.push(("RENOVATE_TOKEN", &token));
    assert_eq!(
        (summary(&from_environment(&variables))[0].2, from_environment(&variables).credentials[0].basic),
        (Some(token.as_str()), None)
    );
    let settings = from_environment(&[("RENOVATE_PLATFORM", "github"), ("RENOVATE_PASSWORD", "correct-horse-7")]);
    assert_eq!(names(&settings), [] as [&str; 0]);
}

#[test]
fn a_filter_that_no_glob_says_leaves_the_scope_unsaid() {
    let token = classic("r");
    let of = |on: &str, filter: &str| {
        from_environment(&[
            ("RENOVATE_TOKEN", &token),
            ("RENOVATE_AUTODISCOVER", on),
            ("RENOVATE_AUTODISCOVER_FILTER", filter),
            ("RENOVATE_REPOSITORIES", "acme/named"),
        ])
    };
    for (filter, into) in
        [("acme/*", &["acme/*"][..]), ("acme/*, ops/a", &["acme/*", "ops/a"]), ("['{a,b}/c']", &["a/c", "b/c"])]
    {
        assert_eq!(scope(&of("true", filter), "renovate"), into, "{filter}");
        assert!(of("true", filter).notes.is_empty());
    }
    let settings = of("true", "!acme/secret");
    assert_eq!(
        (scope(&settings, "renovate"), excluded(&settings, "renovate")),
        (vec!["*".into()], vec!["acme/secret".into()])
    );
    for filter in ["/^acme\\/.*$/", "acme/@(a|b)", "[\"acme/*\", \"!acme/b\"]"] {
        let settings = of("true", filter);
        assert_eq!(scope(&settings, "renovate"), [] as [&str; 0], "{filter}");
        assert_eq!(settings.notes.len(), 1);
    }
    assert_eq!(scope(&of("false", "/x/"), "renovate"), ["acme/named"]);
}

/// As a job of GitLab has them.
#[test]
fn semantic_release_in_a_job_of_gitlab() {
    let (token, job) = (gitlab(), ["glcbt", &"Zy9_".repeat(5)].join("-"));
    let base = [
        ("CI", "true"),
        ("GITLAB_CI", "true"),
        ("CI_JOB_TOKEN", job.as_str()),
        ("CI_SERVER_URL", SERVER),
        ("CI_SERVER_HOST", "git.acme.dev"),
        ("CI_API_V4_URL", "https://git.acme.dev/api/v4"),
        ("CI_PROJECT_PATH", "acme/libs/one"),
        ("CI_PROJECT_URL", "https://git.acme.dev/acme/libs/one"),
    ];
    for variable in ["GL_TOKEN", "GITLAB_TOKEN"] {
        let settings = from_environment(&[&base[..], &[(variable, token.as_str())]].concat());
        assert_eq!(summary(&settings), [("semantic-release-gitlab", SERVER, Some(token.as_str()))], "{variable}");
        assert_eq!(scope(&settings, "semantic-release-gitlab"), ["acme/libs/one"]);
        assert!(reason(&settings, "gitlab-ci").contains("beside"));
        assert_eq!(settings.not_checked.len(), 1, "glab knows no host, and need not say so");
    }
    // Another host's address wins over the job's, and the job's repository is not there.
    let settings =
        from_environment(&[&base[..], &[("GL_TOKEN", token.as_str()), ("GL_URL", "https://other.acme.dev/")]].concat());
    assert_eq!(summary(&settings), [("semantic-release-gitlab", "https://other.acme.dev", Some(token.as_str()))]);
    assert_eq!(scope(&settings, "semantic-release-gitlab"), [] as [&str; 0]);
    // Without a job or an address it goes nowhere, to gitlab.com least.
    let settings = from_environment(&[("GL_TOKEN", &token)]);
    assert!(reason(&settings, "semantic-release-gitlab").contains("`GL_URL`"));
    let settings = from_environment(&[("GL_TOKEN", &token), ("CI_SERVER_URL", SERVER)]);
    assert_eq!(names(&settings), [] as [&str; 0], "nothing proves the job");
}

#[test]
fn a_token_that_two_tools_read_goes_to_the_host_that_is_named_for_it() {
    let token = gitlab();
    let of = |more: &[(&str, &str)]| from_environment(&[&[("GITLAB_TOKEN", token.as_str())], more].concat());
    let job = [("GITLAB_CI", "true"), ("CI_SERVER_URL", "https://gitlab.com")];
    let base_url = [("GITLAB_BASE_URL", "https://git.acme.dev/api/v4/")];
    let settings = of(&base_url);
    assert_eq!(summary(&settings), [("terraform-gitlab", SERVER, Some(token.as_str()))]);
    assert_eq!(summary(&of(&[&job[..], &base_url].concat())), [("terraform-gitlab", SERVER, Some(token.as_str()))]);
    assert_eq!(
        reason(&of(&[&job[..], &base_url].concat()), "semantic-release-gitlab"),
        "`GITLAB_TOKEN` belongs to https://git.acme.dev, as `GITLAB_BASE_URL` says"
    );
    let settings = of(&[&job[..], &[("GITLAB_HOST", "git.acme.dev")]].concat());
    assert_eq!(summary(&settings), [("glab", SERVER, Some(token.as_str()))]);
    // Two names for one host agree; for two hosts, nobody can tell.
    assert_eq!(of(&[("GITLAB_HOST", "git.acme.dev"), base_url[0]]).credentials.len(), 1);
    for other in [("GITLAB_HOST", "other.acme.dev"), ("GITLAB_URL", "https://other.acme.dev")] {
        let settings = of(&[other, base_url[0]]);
        assert_eq!(names(&settings), [] as [&str; 0], "{other:?}");
        assert!(reason(&settings, "terraform-gitlab").contains("nobody can tell where it belongs"));
    }
    // An address that cannot be read is not github.com.
    let token = classic("t");
    for address in ["https://bot@ghe.acme.dev", "http://ghe.acme.dev", "https://ghe.acme.dev?x", "ghe acme"] {
        let settings = from_environment(&[("GITHUB_TOKEN", &token), ("GITHUB_BASE_URL", address)]);
        assert_eq!(names(&settings), [] as [&str; 0], "{address}");
    }
}

#[test]
fn terraforms_github_provider() {
    let token = classic("t");
    for (address, url) in [
        (None, "https://github.com"),
        (Some("https://api.github.com/"), "https://github.com"),
        (Some("https://github.com/"), "https://github.com"),
        (Some("https://git.acme.dev/"), SERVER),
        (Some("https://git.acme.dev/api/v3/"), SERVER),
        (Some("https://acme.ghe.com/"), "https://acme.ghe.com"),
    ] {
        let mut variables = vec![("GITHUB_TOKEN", token.as_str()), ("GITHUB_OWNER", "acme"), ("TF_IN_AUTOMATION", "1")];
        variables.extend(address.map(|address| ("GITHUB_BASE_URL", address)));
        let settings = from_environment(&variables);
        assert_eq!(summary(&settings), [("terraform-github", url, Some(token.as_str()))], "{address:?}");
    }
    let key = key();
    let folded = key.replace('\n', "\\n");
    for pem in [&key, &folded] {
        let settings = from_environment(&[
            ("GITHUB_OWNER", "acme"),
            ("GITHUB_APP_ID", "300001"),
            ("GITHUB_APP_INSTALLATION_ID", "41"),
            ("GITHUB_APP_PEM_FILE", pem),
        ]);
        let declared = only(&settings, "terraform-github-app");
        assert_eq!((declared.issuer.as_deref(), declared.credential.app.installation), (Some("300001"), Some(41)));
        assert_eq!(declared.secret.as_ref().unwrap().expose(), key.trim());
    }
    // Ids alone are many tools'.
    assert_eq!(names(&from_environment(&[("GITHUB_APP_ID", "300001")])), [] as [&str; 0]);
    let settings = from_environment(&[("GITHUB_APP_PEM_FILE", &key)]);
    assert_eq!(reason(&settings, "terraform-github-app"), "`GITHUB_APP_ID` is not set to a number");
}

#[test]
fn semantic_release_on_a_github_of_ones_own() {
    let token = classic("s");
    for address in ["https://git.acme.dev/api/v3", "https://git.acme.dev", "git.acme.dev"] {
        for variable in ["GH_TOKEN", "GITHUB_TOKEN"] {
            let settings = from_environment(&[(variable, &token), ("GH_URL", address)]);
            assert_eq!(summary(&settings), [("semantic-release-github", SERVER, Some(token.as_str()))], "{address}");
            assert_eq!(reason(&settings, "gh"), format!("`{variable}` belongs to {SERVER}, as `GH_URL` says"));
        }
    }
}

#[test]
fn a_placeholder_is_no_token_and_the_others_go_on() {
    let good = classic("g");
    for text in ["${GITHUB_TOKEN}", "<your-token>", "changeme", "ghp_xxxxxxxxxxxxxxxxxxxx", "op://bots/atlantis/token"]
    {
        let settings = from_environment(&[("ATLANTIS_GH_TOKEN", text), ("RENOVATE_TOKEN", &good)]);
        assert_eq!(names(&settings), ["atlantis", "renovate"], "{text}");
        let Err(Withheld::Missing { reason, help }) = &settings.credentials[0].secret else { panic!("{text}") };
        assert!(reason.starts_with("the environment variable `ATLANTIS_GH_TOKEN` holds "), "{reason}");
        assert!(!reason.contains(text) && !help.contains(text));
        assert!(settings.credentials[1].secret.is_ok());
        // Renovate's, of which nothing says the host.
        let settings = from_environment(&[("RENOVATE_TOKEN", text)]);
        assert!(matches!(only(&settings, "renovate").secret, Err(Withheld::Missing { .. })), "{text}");
        let key = from_environment(&[("ATLANTIS_GH_APP_ID", "1"), ("ATLANTIS_GH_APP_KEY", text)]);
        assert!(matches!(only(&key, "atlantis-app").secret, Err(Withheld::Missing { .. })), "{text}");
        let files = Fake::default().file("/run/token", text);
        let file = run_with(&Arguments::default(), &[("ATLANTIS_GH_TOKEN_FILE", "/run/token")], &files).0.unwrap();
        assert!(matches!(only(&file, "atlantis").secret, Err(Withheld::Missing { .. })), "{text}");
    }
}

/// `ENV_PREFIX` is Renovate's own, for whoever runs two of it in one environment.
#[test]
fn renovates_variables_may_begin_otherwise() {
    let (token, other) = (gitlab(), ["glpat", &"Qx7_".repeat(5)].join("-"));
    let variables = [
        ("ENV_PREFIX", "BOT_RN_"),
        ("BOT_RN_PLATFORM", "gitlab"),
        ("BOT_RN_ENDPOINT", "https://git.acme.dev/api/v4"),
        ("BOT_RN_TOKEN", token.as_str()),
        ("BOT_RN_REPOSITORIES", "acme/infra"),
        ("RENOVATE_TOKEN", other.as_str()),
    ];
    let settings = from_environment(&variables);
    assert_eq!(summary(&settings), [("renovate", SERVER, Some(token.as_str()))]);
    assert_eq!(scope(&settings, "renovate"), ["acme/infra"]);
    assert!(settings.credentials[0].origins.contains(&("secret", Origin::Variable("BOT_RN_TOKEN".into()))));
    // What is not said so is said as usual.
    let settings = from_environment(&[&variables[..3], &variables[5..]].concat());
    assert_eq!(summary(&settings), [("renovate", SERVER, Some(other.as_str()))]);
    // Without the prefix the others are nobody's.
    assert_eq!(names(&from_environment(&variables[1..5])), [] as [&str; 0]);
    let object = format!("{{platform: 'gitlab', endpoint: '{SERVER}/api/v4', token: '{token}'}}");
    let settings = from_environment(&[("ENV_PREFIX", "RN_"), ("RN_CONFIG", &object)]);
    assert_eq!(summary(&settings), [("renovate", SERVER, Some(token.as_str()))]);
    for (variable, value) in [("RN_CONFIG", "{"), ("RN_ENDPOINT", "http://x"), ("RN_REPOSITORIES", "no name")] {
        let variables =
            [("ENV_PREFIX", "RN_"), ("RN_PLATFORM", "gitlab"), ("RN_TOKEN", token.as_str()), (variable, value)];
        let (result, sources) = run_with(&Arguments::default(), &variables, &Fake::default());
        let said = everything_said(&result, &sources);
        assert!(said.contains(&format!("`{variable}`")) && !said.contains(&token), "{said}");
    }
}

#[test]
fn renovates_token_of_an_app_may_have_the_user_of_git_before_it() {
    let (token, old) = (job(), "v1.".to_owned() + &"1f9c".repeat(10));
    for text in [&token, &old, &"0f3a9c1b77".repeat(4)] {
        let wrapped = format!(" x-access-token:{text}\n");
        let settings = from_environment(&[("RENOVATE_PLATFORM", "github"), ("RENOVATE_TOKEN", &wrapped)]);
        assert_eq!(summary(&settings), [("renovate", "https://github.com", Some(text.as_str()))]);
        let hint = settings.credentials[0].kind_hint;
        let shaped = vocabulary::token_shapes().of(text).is_some();
        assert_eq!(hint, (!shaped).then_some("app_installation"), "{text}");
    }
    // Its shape says where it goes, as without.
    let settings = from_environment(&[("RENOVATE_TOKEN", &format!("x-access-token:{token}"))]);
    assert_eq!(summary(&settings), [("renovate", "https://github.com", Some(token.as_str()))]);
    // Nothing behind it is no token, and a template is none either.
    for empty in ["x-access-token:", "x-access-token:${TOKEN}"] {
        let settings = from_environment(&[("RENOVATE_PLATFORM", "github"), ("RENOVATE_TOKEN", empty)]);
        assert!(matches!(settings.credentials[0].secret, Err(Withheld::Missing { .. })), "{empty}");
    }
    // Other hosts get what is written.
    let settings =
        from_environment(&[("RENOVATE_PLATFORM", "gitlab"), ("RENOVATE_TOKEN", "x-access-token:0f3a9c1b77e2")]);
    assert_eq!(summary(&settings)[0].2, Some("x-access-token:0f3a9c1b77e2"));
}

#[test]
fn renovates_token_for_forks_is_checked_where_it_is_named() {
    let (token, fork) = (classic("r"), classic("f"));
    let variables = [
        ("RENOVATE_PLATFORM", "github"),
        ("RENOVATE_ENDPOINT", "https://git.acme.dev/api/v3/"),
        ("RENOVATE_TOKEN", token.as_str()),
        ("RENOVATE_FORK_TOKEN", fork.as_str()),
        ("RENOVATE_REPOSITORIES", "acme/infra"),
    ];
    let settings = from_environment(&variables);
    assert_eq!(summary(&settings), [("renovate", SERVER, Some(token.as_str()))]);
    assert!(reason(&settings, "renovate-fork").contains("`--credential renovate-fork` checks it"));
    let named = Arguments { credentials: vec!["renovate-fork".into()], ..Arguments::default() };
    let settings = run_with(&named, &variables, &Fake::default()).0.unwrap();
    assert_eq!(summary(&settings), [("renovate-fork", SERVER, Some(fork.as_str()))]);
    assert_eq!(scope(&settings, "renovate-fork"), [] as [&str; 0], "it works on its own forks");
}

/// As its documentation has them: registries and hosts in one list.
#[test]
fn renovates_rules_for_hosts_are_checked_where_they_are_named() {
    let (token, github, server, cloud) = (gitlab(), classic("h"), ["glpat", &"Qx7_".repeat(5)].join("-"), cloud());
    let rules = format!(
        "[
          {{ hostType: 'npm', matchHost: 'https://npm.acme.dev/', token: 'npm-secret-1' }},
          {{ hostType: 'github', matchHost: 'github.com', token: '{github}' }},
          {{ \"hostType\": \"gitlab-tags\", \"matchHost\": \"git.acme.dev\", \"token\": \"{server}\" }},
          {{ matchHost: 'https://api.github.com', token: '{github}' }},
          {{ matchHost: 'docker.io', username: 'acme', password: 'docker-secret-1' }},
          {{ platform: 'bitbucket', hostName: 'bitbucket.org', username: 'bot@acme.dev', password: '{cloud}' }},
          {{ hostType: 'bitbucket-server-tags', matchHost: 'https://bb.acme.dev', username: 'bot', password: 'pw-of-bot' }},
          {{ hostType: 'github', token: 'nowhere-secret-1' }},
          {{ hostType: 'gitlab', matchHost: '.acme.dev', token: 'nowhere-secret-2' }},
          {{ hostType: 'github', matchHost: 'ghe.acme.dev', username: 'bot', password: 'no-password-1' }},
          {{ hostType: 'gitlab', matchHost: 'x.dev', password: 'no-password-2' }},
          {{ hostType: 'gitea-tags', matchHost: 'codeberg.org', token: '${{FORGE}}' }},
          'no object-1', {{ hostType: 'gitlab', matchHost: 'x.dev' }},
          {{ hostType: 'gitlab', matchHost: '*.acme.dev', token: 'nowhere-secret-2' }},
        ]"
    );
    let variables = [
        ("RENOVATE_PLATFORM", "gitlab"),
        ("RENOVATE_ENDPOINT", "https://git.acme.dev/api/v4"),
        ("RENOVATE_TOKEN", token.as_str()),
        ("RENOVATE_HOST_RULES", rules.as_str()),
    ];
    let settings = from_environment(&variables);
    assert_eq!(summary(&settings), [("renovate", SERVER, Some(token.as_str()))]);
    for (position, has) in [
        (2, "checks it"),
        (3, "checks it"),
        (4, "checks it"),
        (6, "checks it"),
        (7, "checks it"),
        (8, "names no host"),
        (9, "every host below"),
        (10, "no such host takes a password"),
        (11, "no such host takes a password"),
        (12, "checks it"),
        (5, "which kind of host"),
        (13, "no object"),
        (15, "a pattern for many hosts"),
    ] {
        let reason = reason(&settings, &format!("renovate-host-rule-{position}"));
        assert!(reason.contains(has), "{position}: {reason}");
    }
    assert_eq!(settings.not_checked.len(), 13, "{:?}", settings.not_checked);
    let named = Arguments { credentials: vec!["renovate-host-rule-*".into()], ..Arguments::default() };
    let inside = format!("{{hostRules: {rules}}}");
    for variables in [&variables[..], &[("RENOVATE_CONFIG", inside.as_str())]] {
        let (result, sources) = run_with(&named, variables, &Fake::default());
        let said = everything_said(&result, &sources);
        for secret in [&github, &server, &cloud, "secret-1", "secret-2", "pw-of-bot", "no-password"] {
            assert!(!said.contains(secret), "{said}");
        }
        let settings = result.unwrap();
        assert_eq!(
            summary(&settings),
            [
                ("renovate-host-rule-2", "https://github.com", Some(github.as_str())),
                ("renovate-host-rule-3", SERVER, Some(server.as_str())),
                ("renovate-host-rule-6", "https://bitbucket.org", Some(cloud.as_str())),
                ("renovate-host-rule-7", "https://bb.acme.dev", Some("pw-of-bot")),
                ("renovate-host-rule-12", "https://codeberg.org", None),
            ]
        );
        assert_eq!(reason(&settings, "renovate-host-rule-4"), "it is the token of `renovate-host-rule-2`");
        assert_eq!(settings.credentials[3].kind_hint, Some("password"));
        let Err(Withheld::Missing { reason, .. }) = &settings.credentials[4].secret else { panic!() };
        assert!(reason.contains("`token` of rule 12 in"), "{reason}");
    }
    // A list that is none is an error, and nothing of it is shown.
    for broken in ["[{token: 'half-a-secret'", "{token: 'half-a-secret'}", "half-a-secret"] {
        let variables = [&variables[..3], &[("RENOVATE_HOST_RULES", broken)]].concat();
        let (result, sources) = run_with(&Arguments::default(), &variables, &Fake::default());
        assert!(!everything_said(&result, &sources).contains("half-a-secret"));
        let said = format!("{:?}", result.err());
        assert!(said.contains("`RENOVATE_HOST_RULES`") && said.contains("no list in JSON"), "{said}");
    }
}

#[test]
fn an_address_that_is_set_to_nothing_is_told_from_one_that_is_not_set() {
    let (token, gitea) = (gitlab(), "0f3a9c1b77".repeat(4));
    for (variables, name, says) in [
        (&[("RENOVATE_TOKEN", "0f3a9c1b77e2"), ("RENOVATE_PLATFORM", " ")][..], "renovate", "`RENOVATE_PLATFORM`"),
        (
            &[("ENV_PREFIX", "RN_"), ("RENOVATE_TOKEN", "0f3a9c1b77e2"), ("RN_PLATFORM", "")],
            "renovate",
            "`RN_PLATFORM`",
        ),
        (&[("GITLAB_TOKEN", &token), ("GITLAB_HOST", "")], "glab", "`GITLAB_HOST`"),
        (&[("GITLAB_TOKEN", &token), ("GL_HOST", "")], "glab", "`GL_HOST`"),
        (&[("GL_TOKEN", &token), ("GITLAB_URL", "\n")], "semantic-release-gitlab", "`GITLAB_URL`"),
        (
            &[("ATLANTIS_GITEA_TOKEN", &gitea), ("ATLANTIS_GITEA_BASE_URL", "")],
            "atlantis-gitea",
            "`ATLANTIS_GITEA_BASE_URL`",
        ),
        (&[("GH_ENTERPRISE_TOKEN", &gitea), ("GH_HOST", "")], "gh-enterprise", "`GH_HOST`"),
        (&[("GITLAB_CI", "true"), ("CI_JOB_TOKEN", &token), ("CI_API_V4_URL", "")], "gitlab-ci", "`CI_API_V4_URL`"),
    ] {
        let settings = from_environment(variables);
        assert_eq!(names(&settings), [] as [&str; 0], "{name}");
        let reason = reason(&settings, name);
        assert!(reason.contains(&format!("{says} is set but empty")), "{name}: {reason}");
        assert!(variables.iter().all(|(_, value)| value.len() < 8 || !reason.contains(value)), "{reason}");
    }
}
