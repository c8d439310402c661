//! No input moves a secret.

use proptest::prelude::*;

use super::*;

#[test]
fn an_environment_shows_no_values() {
    let environment: Environment = [("GH_TOKEN", "hunter2")].into_iter().collect();
    assert_eq!(format!("{environment:?}"), "{\"GH_TOKEN\"}");
}

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
        let _ = scope::bound(&[&text], &[("ATLANTIS_GH_TOKEN", &hub), ("ATLANTIS_GITLAB_TOKEN", &lab)]);
    }
}
