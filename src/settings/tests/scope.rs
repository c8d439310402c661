//! Scope and choice: what the command line names.

use super::*;

pub(super) fn bound(repositories: &[&str], variables: &[(&str, &str)]) -> Result<Settings, SettingsError> {
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
    assert!(settings.credentials[0].credential.excluded.is_empty(), "the command line replaces the allow list");
    assert_eq!(settings.credentials[0].credential.scope[0].origin, Origin::Option("--repository"));

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
