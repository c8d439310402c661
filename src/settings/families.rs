//! The families of credentials that environments hold: a table.
//!
//! Families never mix: each row names its own token, its own address and its own scope, and a token goes to the address
//! of its own row and nowhere else. Sources: the bots' own documentation of their variables; for gh, `gh help
//! environment`; for CI systems, their lists of predefined variables.

use crate::vocabulary::HostKind;

/// One family: which variables make a credential, and where it goes.
#[derive(Debug)]
pub struct Family {
    /// The credential's name.
    pub name: &'static str,
    /// For people: "Atlantis".
    pub title: &'static str,
    /// Whether it lies in the environment for another tool than the bot; such are not checked beside a bot's own.
    pub ambient: bool,
    /// A variable and the value that proves the family.
    pub proof: Option<(&'static str, &'static str)>,
    /// Variables and the values that prove another family, to which the variables of this one belong then.
    pub unless: &'static [(&'static str, &'static str)],
    /// Where the token, or the App's key, is; the first that is set counts.
    pub tokens: &'static [TokenVariable],
    /// Where the username is; the first that is set counts.
    pub usernames: &'static [&'static str],
    /// Where the token goes.
    pub address: Address,
    /// Which repositories are in scope.
    pub scope: ScopeVariable,
    /// What the family proves of its token's kind.
    pub kind: Option<OwnKind>,
    /// What the bot does where several of `tokens` are set, for a note on those that it leaves.
    pub leaves: Option<&'static str>,
    /// The host kind on which the bot sends the token as HTTP Basic; elsewhere the host's own way holds.
    pub basic_on: Option<HostKind>,
    /// For a family whose secret is an App's private key.
    pub app: Option<AppVariables>,
    /// Variables of which one must be set, where there are any: without them its token is another family's.
    pub marks: &'static [&'static str],
    /// What else the bot takes for the beginning of its variables.
    pub renamed: Option<Renamed>,
    /// What may stand before the token in its variable.
    pub wrapped: Option<Wrapped>,
    /// Where the bot is told what its variables leave unsaid.
    pub beside: Option<Beside>,
    /// Where the bot is told tokens of other hosts, which it reads from aside.
    pub rules: Option<&'static Rules>,
    /// Where the bot finds its repositories itself.
    pub discovering: Option<Discovering>,
    /// What the bot does with a token that is not the one it works with: such is checked where it is named, and not else.
    pub aside: Option<&'static str>,
}

/// A variable that says how the bot's other variables begin.
#[derive(Debug, PartialEq, Eq)]
pub struct Renamed {
    /// The variable.
    pub by: &'static str,
    /// How they begin without it. A variable of the other name wins over one of this.
    pub usual: &'static str,
}

/// What a bot takes off its token before it sends it.
#[derive(Debug, PartialEq, Eq)]
pub struct Wrapped {
    /// What stands before the token.
    pub before: &'static str,
    /// The kind of host on which it is taken off.
    pub on: HostKind,
    /// The kind of a token that stood behind it, where its own text shows none.
    pub kind: &'static str,
}

/// A variable with a list in JSON5 of objects, each with the token for one host, which the bot reads from.
#[derive(Debug, PartialEq, Eq)]
pub struct Rules {
    /// The variable, or the key of the object beside that says the same.
    pub variable: &'static str,
    /// The name of each credential, without its number in the list.
    pub name: &'static str,
    /// The keys of the host or its address, of which the first counts.
    pub hosts: &'static [&'static str],
    /// The keys of the word for what is read there, of which the first counts.
    pub types: &'static [&'static str],
    /// How such words begin that say the kind of host: alone, or with `-` and more behind.
    pub words: &'static [(&'static str, HostKind)],
    /// The key of the token.
    pub token: &'static str,
    /// The key of the username.
    pub username: &'static str,
    /// The key of the password, and where it is one.
    pub password: (&'static str, &'static [(HostKind, Option<&'static str>)]),
    /// What the bot does with such a token.
    pub aside: &'static str,
}

/// Where a bot is told what its variables leave unsaid.
#[derive(Debug, PartialEq, Eq)]
pub struct Beside {
    /// A variable with an object in JSON5, whose keys are the names of variables without `prefix`, in camel case.
    pub object: &'static str,
    /// How the variables begin.
    pub prefix: &'static str,
    /// A variable that names a file with more of it, which may be a program and is not read.
    pub file: &'static str,
}

/// The variables of a bot that finds its repositories itself.
#[derive(Debug, PartialEq, Eq)]
pub struct Discovering {
    /// Is `true` where it does.
    pub on: &'static str,
    /// Globs and regular expressions, any of which a repository must match.
    pub filter: &'static str,
}

/// The kind that a CI system's own token is of.
#[derive(Debug, PartialEq, Eq)]
pub struct OwnKind {
    /// How such a token begins.
    pub prefix: &'static str,
    /// The credential kind.
    pub kind: &'static str,
    /// The kind that its text shows, where that is another one: in a job, which of the two a token is does not show.
    pub looks_like: Option<&'static str>,
}

/// Where a token is.
#[derive(Debug, PartialEq, Eq)]
pub enum TokenVariable {
    /// The variable holds it.
    Text(&'static str),
    /// The variable names a file that holds it.
    File(&'static str),
    /// The variable holds it, unless a second variable has a value that says it is another family's.
    Unless(&'static str, (&'static str, &'static str)),
    /// The variable holds what goes with the username as HTTP Basic, on these kinds of host alone; with the credential
    /// kind of a text that has no token's shape, where there is one.
    Password(&'static str, &'static [(HostKind, Option<&'static str>)]),
}

/// The variables of an App that authenticates by its key.
#[derive(Debug, PartialEq, Eq)]
pub struct AppVariables {
    /// The App's id.
    pub id: &'static str,
    /// The installation's id.
    pub installation: &'static str,
}

/// Where a family's token goes.
#[derive(Debug, PartialEq, Eq)]
pub enum Address {
    /// A variable with a bare host name; unset, the public host.
    Host(HostKind, &'static str),
    /// A variable with a host name or a whole web address; unset, the public host.
    HostOrUrl(HostKind, &'static str),
    /// Variables with a host name or a whole web address, the first that is set; unset, nowhere.
    NamedHostOrUrl(HostKind, &'static [&'static str]),
    /// The public host, or the customer's part of the vendor's service that the variable names.
    Service(HostKind, &'static str),
    /// The server that the variable names, never the vendor's own service; the tool that says so.
    OwnServer(HostKind, &'static str, &'static str),
    /// A variable with the API's address, and one with the web address.
    Api(HostKind, &'static str, &'static str),
    /// A variable with an address: unset or the API of the first kind's service, that; else a host of the second kind.
    ServiceOrServer(HostKind, HostKind, &'static str),
    /// A variable that names the kind of host, and one with the API's address; the words of the tool for the kinds, the
    /// first for none.
    Platform(&'static str, &'static str, &'static [(&'static str, HostKind)]),
    /// The public host.
    Public(HostKind),
    /// Variables with a host name or the address of the pages or of the API.
    Endpoint(Endpoint),
}

/// Variables with a host name or the address of the pages or of the API, and where a token goes without them.
#[derive(Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// The kind of host.
    pub kind: HostKind,
    /// The variables; the first that is set counts.
    pub variables: &'static [&'static str],
    /// Else, in a CI system's job, to its own server.
    pub job: Option<Job>,
    /// Else to the public host, as the tool's documentation says; else nowhere.
    pub public: bool,
}

/// A job of a CI system.
#[derive(Debug, PartialEq, Eq)]
pub struct Job {
    /// A variable and the value that proves it.
    pub proof: (&'static str, &'static str),
    /// The variable with the web address of its server.
    pub server: &'static str,
}

/// Which repositories a family puts in scope.
#[derive(Debug, PartialEq, Eq)]
pub enum ScopeVariable {
    /// None: the family says nothing.
    Unsaid,
    /// Globs over `host/owner/name`, bound by host.
    AllowList(&'static str),
    /// One repository, of this family's own token only.
    Repository(&'static str),
    /// Names by commas, or a list in JSON5 of names and of objects that have a `repository`.
    Repositories(&'static str),
    /// The repository of a job, of a token that goes to the server of the job, which the second variable names.
    JobRepository(&'static str, &'static str),
}

impl TokenVariable {
    /// The variable.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Text(name) | Self::File(name) | Self::Unless(name, _) | Self::Password(name, _) => name,
        }
    }
}

impl Address {
    /// The kinds of host that such a token can be for.
    pub fn kinds(&self) -> impl Iterator<Item = HostKind> + use<> {
        let (first, second, words): (_, _, &'static [(&'static str, HostKind)]) = match *self {
            Self::Host(kind, _)
            | Self::HostOrUrl(kind, _)
            | Self::NamedHostOrUrl(kind, _)
            | Self::Service(kind, _)
            | Self::OwnServer(kind, ..)
            | Self::Public(kind)
            | Self::Endpoint(Endpoint { kind, .. })
            | Self::Api(kind, ..) => (Some(kind), None, &[]),
            Self::ServiceOrServer(service, server, _) => (Some(service), Some(server), &[]),
            Self::Platform(_, _, words) => (None, None, words),
        };
        first.into_iter().chain(second).chain(words.iter().map(|(_, kind)| *kind))
    }
}

const fn family(name: &'static str, title: &'static str, address: Address, tokens: &'static [TokenVariable]) -> Family {
    Family {
        name,
        title,
        ambient: false,
        proof: None,
        unless: &[],
        tokens,
        usernames: &[],
        address,
        scope: ScopeVariable::Unsaid,
        kind: None,
        leaves: None,
        basic_on: None,
        app: None,
        marks: &[],
        renamed: None,
        wrapped: None,
        beside: None,
        rules: None,
        discovering: None,
        aside: None,
    }
}

use TokenVariable::{File, Password, Text, Unless};

/// Where Terraform's GitHub provider goes.
const TERRAFORM_GITHUB: Endpoint =
    Endpoint { kind: HostKind::GitHub, variables: &["GITHUB_BASE_URL"], job: None, public: true };

/// Renovate's words for kinds of host.
const RENOVATE_PLATFORMS: &[(&str, HostKind)] = &[
    ("github", HostKind::GitHub),
    ("gitlab", HostKind::GitLab),
    ("bitbucket", HostKind::BitbucketCloud),
    ("bitbucket-server", HostKind::BitbucketServer),
    ("gitea", HostKind::Gitea),
    ("forgejo", HostKind::Gitea),
];
const RENOVATE_ADDRESS: Address = Address::Platform("RENOVATE_PLATFORM", "RENOVATE_ENDPOINT", RENOVATE_PLATFORMS);
const RENOVATE_BESIDE: Beside = Beside { object: "RENOVATE_CONFIG", prefix: "RENOVATE_", file: "RENOVATE_CONFIG_FILE" };
const RENOVATE_RENAMED: Renamed = Renamed { by: "ENV_PREFIX", usual: "RENOVATE_" };
/// Older pages have the access tokens of a server there, too.
const RENOVATE_PASSWORDS: &[(HostKind, Option<&str>)] =
    &[(HostKind::BitbucketCloud, None), (HostKind::BitbucketServer, Some("password"))];

/// What proves a job of Gitea Actions.
const GITEA_JOB: (&str, &str) = ("GITEA_ACTIONS", "true");
/// What proves a job of Forgejo Actions.
const FORGEJO_JOB: (&str, &str) = ("FORGEJO_ACTIONS", "true");

/// The families: bots first, then CI systems' own tokens, then what other tools left.
pub static FAMILIES: &[Family] = &[
    Family {
        usernames: &["ATLANTIS_GH_USER"],
        leaves: Some("Atlantis uses the file; unset one of them"),
        scope: ScopeVariable::AllowList("ATLANTIS_REPO_ALLOWLIST"),
        ..family(
            "atlantis",
            "Atlantis on GitHub",
            Address::Host(HostKind::GitHub, "ATLANTIS_GH_HOSTNAME"),
            // Atlantis reads the file where both are given.
            &[File("ATLANTIS_GH_TOKEN_FILE"), Text("ATLANTIS_GH_TOKEN")],
        )
    },
    Family {
        scope: ScopeVariable::AllowList("ATLANTIS_REPO_ALLOWLIST"),
        app: Some(AppVariables { id: "ATLANTIS_GH_APP_ID", installation: "ATLANTIS_GH_APP_INSTALLATION_ID" }),
        ..family(
            "atlantis-app",
            "Atlantis as a GitHub App",
            Address::Host(HostKind::GitHub, "ATLANTIS_GH_HOSTNAME"),
            &[File("ATLANTIS_GH_APP_KEY_FILE"), Text("ATLANTIS_GH_APP_KEY")],
        )
    },
    Family {
        usernames: &["ATLANTIS_GITLAB_USER"],
        scope: ScopeVariable::AllowList("ATLANTIS_REPO_ALLOWLIST"),
        ..family(
            "atlantis-gitlab",
            "Atlantis on GitLab",
            Address::HostOrUrl(HostKind::GitLab, "ATLANTIS_GITLAB_HOSTNAME"),
            &[Text("ATLANTIS_GITLAB_TOKEN")],
        )
    },
    Family {
        usernames: &["ATLANTIS_BITBUCKET_API_USER", "ATLANTIS_BITBUCKET_USER"],
        // Atlantis sends Basic to the cloud and Bearer to servers.
        basic_on: Some(HostKind::BitbucketCloud),
        scope: ScopeVariable::AllowList("ATLANTIS_REPO_ALLOWLIST"),
        ..family(
            "atlantis-bitbucket",
            "Atlantis on Bitbucket",
            Address::ServiceOrServer(
                HostKind::BitbucketCloud,
                HostKind::BitbucketServer,
                "ATLANTIS_BITBUCKET_BASE_URL",
            ),
            &[Text("ATLANTIS_BITBUCKET_TOKEN")],
        )
    },
    Family {
        usernames: &["ATLANTIS_GITEA_USER"],
        scope: ScopeVariable::AllowList("ATLANTIS_REPO_ALLOWLIST"),
        ..family(
            "atlantis-gitea",
            "Atlantis on Gitea or Forgejo",
            Address::NamedHostOrUrl(HostKind::Gitea, &["ATLANTIS_GITEA_BASE_URL"]),
            &[Text("ATLANTIS_GITEA_TOKEN")],
        )
    },
    Family {
        usernames: &["RENOVATE_USERNAME"],
        scope: ScopeVariable::Repositories("RENOVATE_REPOSITORIES"),
        renamed: Some(RENOVATE_RENAMED),
        // As its pages once told people to write the token of an App's installation.
        wrapped: Some(Wrapped { before: "x-access-token:", on: HostKind::GitHub, kind: "app_installation" }),
        beside: Some(RENOVATE_BESIDE),
        rules: Some(&Rules {
            variable: "RENOVATE_HOST_RULES",
            name: "renovate-host-rule",
            hosts: &["matchHost", "hostName", "domainName", "baseUrl"],
            types: &["hostType", "platform"],
            words: RENOVATE_PLATFORMS,
            token: "token",
            username: "username",
            password: ("password", RENOVATE_PASSWORDS),
            aside: "Renovate reads packages and release notes with it, and works with another token",
        }),
        discovering: Some(Discovering { on: "RENOVATE_AUTODISCOVER", filter: "RENOVATE_AUTODISCOVER_FILTER" }),
        ..family(
            "renovate",
            "Renovate",
            RENOVATE_ADDRESS,
            &[Text("RENOVATE_TOKEN"), Password("RENOVATE_PASSWORD", RENOVATE_PASSWORDS)],
        )
    },
    Family {
        renamed: Some(RENOVATE_RENAMED),
        beside: Some(RENOVATE_BESIDE),
        aside: Some("Renovate makes forks with it and pushes to them, and reads with another token"),
        ..family("renovate-fork", "Renovate's token for forks", RENOVATE_ADDRESS, &[Text("RENOVATE_FORK_TOKEN")])
    },
    Family {
        renamed: Some(RENOVATE_RENAMED),
        aside: Some("Renovate reads release notes on github.com with it, and works with another token"),
        ..family(
            "renovate-github-com",
            "Renovate's token for release notes",
            Address::Public(HostKind::GitHub),
            &[Text("RENOVATE_GITHUB_COM_TOKEN"), Text("GITHUB_COM_TOKEN")],
        )
    },
    Family {
        marks: &["GL_TOKEN", "GL_URL", "GITLAB_URL", "GITLAB_CI"],
        scope: ScopeVariable::JobRepository("CI_PROJECT_PATH", "CI_SERVER_URL"),
        ..family(
            "semantic-release-gitlab",
            "semantic-release on GitLab",
            Address::Endpoint(Endpoint {
                kind: HostKind::GitLab,
                variables: &["GL_URL", "GITLAB_URL"],
                job: Some(Job { proof: ("GITLAB_CI", "true"), server: "CI_SERVER_URL" }),
                public: false,
            }),
            &[Text("GL_TOKEN"), Text("GITLAB_TOKEN")],
        )
    },
    Family {
        marks: &["GH_URL", "GITHUB_URL"],
        // The token that such a job sets is its own server's.
        unless: &[GITEA_JOB, FORGEJO_JOB],
        ..family(
            "semantic-release-github",
            "semantic-release on a GitHub of one's own",
            Address::Endpoint(Endpoint {
                kind: HostKind::GitHub,
                variables: &["GH_URL", "GITHUB_URL"],
                job: None,
                public: false,
            }),
            &[Text("GH_TOKEN"), Text("GITHUB_TOKEN")],
        )
    },
    Family {
        ambient: true,
        proof: Some(("GITHUB_ACTIONS", "true")),
        // Their jobs set GitHub's variables, too.
        unless: &[GITEA_JOB, FORGEJO_JOB],
        scope: ScopeVariable::Repository("GITHUB_REPOSITORY"),
        kind: Some(OwnKind { prefix: "ghs_", kind: "actions", looks_like: Some("app_installation") }),
        ..family(
            "actions",
            "GitHub Actions",
            Address::Api(HostKind::GitHub, "GITHUB_API_URL", "GITHUB_SERVER_URL"),
            &[Text("GITHUB_TOKEN")],
        )
    },
    Family {
        ambient: true,
        proof: Some(FORGEJO_JOB),
        scope: ScopeVariable::Repository("GITHUB_REPOSITORY"),
        kind: Some(OwnKind { prefix: "", kind: "actions", looks_like: None }),
        ..family(
            "forgejo-actions",
            "Forgejo Actions",
            Address::Api(HostKind::Gitea, "GITHUB_API_URL", "GITHUB_SERVER_URL"),
            &[Text("FORGEJO_TOKEN"), Text("GITEA_TOKEN"), Text("GITHUB_TOKEN")],
        )
    },
    Family {
        ambient: true,
        proof: Some(GITEA_JOB),
        unless: &[FORGEJO_JOB],
        scope: ScopeVariable::Repository("GITHUB_REPOSITORY"),
        kind: Some(OwnKind { prefix: "", kind: "actions", looks_like: None }),
        ..family(
            "gitea-actions",
            "Gitea Actions",
            Address::Api(HostKind::Gitea, "GITHUB_API_URL", "GITHUB_SERVER_URL"),
            &[Text("GITEA_TOKEN"), Text("GITHUB_TOKEN")],
        )
    },
    Family {
        ambient: true,
        proof: Some(("GITLAB_CI", "true")),
        scope: ScopeVariable::Repository("CI_PROJECT_PATH"),
        kind: Some(OwnKind { prefix: "", kind: "job", looks_like: None }),
        ..family(
            "gitlab-ci",
            "GitLab CI",
            Address::Api(HostKind::GitLab, "CI_API_V4_URL", "CI_SERVER_URL"),
            &[Text("CI_JOB_TOKEN")],
        )
    },
    Family {
        ambient: true,
        marks: &["GITHUB_BASE_URL", "GITHUB_OWNER", "GITHUB_ORGANIZATION"],
        unless: &[GITEA_JOB, FORGEJO_JOB],
        ..family(
            "terraform-github",
            "Terraform's GitHub provider",
            Address::Endpoint(TERRAFORM_GITHUB),
            &[Text("GITHUB_TOKEN")],
        )
    },
    Family {
        ambient: true,
        marks: &["GITHUB_APP_PEM_FILE"],
        app: Some(AppVariables { id: "GITHUB_APP_ID", installation: "GITHUB_APP_INSTALLATION_ID" }),
        ..family(
            "terraform-github-app",
            "Terraform's GitHub provider as a GitHub App",
            Address::Endpoint(TERRAFORM_GITHUB),
            // The provider takes the text of the file there, not its name.
            &[Text("GITHUB_APP_PEM_FILE")],
        )
    },
    Family {
        ambient: true,
        marks: &["GITLAB_BASE_URL"],
        ..family(
            "terraform-gitlab",
            "Terraform's GitLab provider",
            Address::Endpoint(Endpoint {
                kind: HostKind::GitLab,
                variables: &["GITLAB_BASE_URL"],
                job: None,
                public: false,
            }),
            &[Text("GITLAB_TOKEN")],
        )
    },
    Family {
        ambient: true,
        ..family(
            "gh",
            "gh",
            Address::Service(HostKind::GitHub, "GH_HOST"),
            // In a job of Actions `GITHUB_TOKEN` is the job's own, which may be an enterprise server's.
            &[Text("GH_TOKEN"), Unless("GITHUB_TOKEN", ("GITHUB_ACTIONS", "true"))],
        )
    },
    Family {
        ambient: true,
        ..family(
            "gh-enterprise",
            "gh on an enterprise server",
            Address::OwnServer(HostKind::GitHub, "GH_HOST", "gh"),
            &[Text("GH_ENTERPRISE_TOKEN"), Text("GITHUB_ENTERPRISE_TOKEN")],
        )
    },
    Family {
        ambient: true,
        ..family(
            "glab",
            "glab",
            Address::NamedHostOrUrl(HostKind::GitLab, &["GITLAB_HOST", "GL_HOST"]),
            &[Text("GITLAB_TOKEN")],
        )
    },
    Family {
        ambient: true,
        usernames: &["GITEA_SERVER_USER"],
        ..family(
            "tea",
            "tea",
            Address::NamedHostOrUrl(HostKind::Gitea, &["GITEA_SERVER_URL"]),
            &[Text("GITEA_SERVER_TOKEN")],
        )
    },
    Family {
        ambient: true,
        // In a job of Actions it is the job's own.
        unless: &[GITEA_JOB, FORGEJO_JOB],
        ..family(
            "gitea",
            "semantic-release and others on Gitea or Forgejo",
            Address::NamedHostOrUrl(HostKind::Gitea, &["GITEA_URL"]),
            &[Text("GITEA_TOKEN")],
        )
    },
];
