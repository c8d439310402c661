//! The worlds of `credcheck demo`: a host of each kind, and credentials in the states that real ones get into.

mod bitbucket_cloud;
mod bitbucket_server;
mod credential;
mod gitea;
mod github;
mod gitlab;

pub use credential::DemoCredential;

use std::io;
use std::time::Duration;

use jiff::Timestamp;

use super::{LoggedRequest, Server};
use crate::vocabulary::HostKind;

/// The demo: hosts to start, and the credentials to check against them.
#[derive(Debug)]
pub struct Demo {
    github: super::github::World,
    gitlab: super::gitlab::World,
    bitbucket_cloud: super::bitbucket_cloud::World,
    bitbucket_server: super::bitbucket_server::World,
    gitea: super::gitea::World,
    /// The credentials, of all hosts.
    pub credentials: Vec<DemoCredential>,
}

impl Demo {
    /// The demo at a time.
    pub fn at(now: Timestamp) -> Self {
        let (github, mut credentials) = github::world(now);
        let (gitlab, more) = gitlab::world(now);
        credentials.extend(more);
        let (bitbucket_cloud, more) = bitbucket_cloud::world(now);
        credentials.extend(more);
        let (bitbucket_server, more) = bitbucket_server::world(now);
        credentials.extend(more);
        let (gitea, more) = gitea::world(now);
        credentials.extend(more);
        Self { github, gitlab, bitbucket_cloud, bitbucket_server, gitea, credentials }
    }

    /// Every answer of every host takes so long.
    #[must_use]
    pub fn latency(self, latency: Duration) -> Self {
        Self {
            github: self.github.latency(latency),
            gitlab: self.gitlab.latency(latency),
            bitbucket_cloud: self.bitbucket_cloud.latency(latency),
            bitbucket_server: self.bitbucket_server.latency(latency),
            gitea: self.gitea.latency(latency),
            credentials: self.credentials,
        }
    }

    /// Starts the hosts on loopback; they stop when what this gives is dropped.
    ///
    /// # Errors
    /// Where a port cannot be opened.
    pub fn start(self) -> io::Result<(DemoHosts, Vec<DemoCredential>)> {
        let hosts = DemoHosts {
            github: self.github.start()?,
            gitlab: self.gitlab.start()?,
            bitbucket_cloud: self.bitbucket_cloud.start()?,
            bitbucket_server: self.bitbucket_server.start()?,
            gitea: self.gitea.start()?,
        };
        Ok((hosts, self.credentials))
    }
}

/// The demo's hosts, running.
#[derive(Debug)]
pub struct DemoHosts {
    github: super::github::Running,
    gitlab: super::gitlab::Running,
    bitbucket_cloud: super::bitbucket_cloud::Running,
    bitbucket_server: super::bitbucket_server::Running,
    gitea: super::gitea::Running,
}

impl DemoHosts {
    /// The web address of a host.
    pub fn url(&self, host: HostKind) -> String {
        match host {
            HostKind::GitHub => self.github.url(),
            HostKind::GitLab => self.gitlab.url(),
            HostKind::BitbucketCloud => self.bitbucket_cloud.url(),
            HostKind::BitbucketServer => self.bitbucket_server.url(),
            HostKind::Gitea => self.gitea.url(),
        }
    }

    /// The base of a host's API.
    pub fn api_url(&self, host: HostKind) -> String {
        match host {
            HostKind::GitHub => self.github.api_url(),
            HostKind::GitLab => self.gitlab.api_url(),
            HostKind::BitbucketCloud => self.bitbucket_cloud.api_url(),
            HostKind::BitbucketServer => self.bitbucket_server.api_url(),
            HostKind::Gitea => self.gitea.api_url(),
        }
    }

    /// Everything that the hosts were sent and that was no reading.
    pub fn writes(&self) -> Vec<LoggedRequest> {
        let servers = [
            &self.github.server,
            &self.gitlab.server,
            &self.bitbucket_cloud.server,
            &self.bitbucket_server.server,
            &self.gitea.server,
        ];
        servers.into_iter().flat_map(Server::writes).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_shaped_like_real_ones_and_never_shown() {
        let demo = Demo::at("2026-11-23T12:00:00Z".parse().unwrap());
        for credential in &demo.credentials {
            if credential.host == HostKind::GitHub {
                let length = if credential.token.starts_with("github_pat_") { 93 } else { 40 };
                assert_eq!(credential.token.len(), length, "{}", credential.name);
            }
            assert!(!format!("{credential:?}").contains("Demo0"), "{}", credential.name);
            assert!(!format!("{credential:?}").contains(&credential.token), "{}", credential.name);
        }
        assert!(demo.credentials.iter().any(|credential| credential.token.starts_with("github_pat_")));
    }
}
