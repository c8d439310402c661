//! A world that answers on loopback.

use std::io;

use super::Gitea;
use super::world::World;
use crate::simulator::Server;

impl World {
    /// Starts a server on loopback that answers from this world.
    ///
    /// # Errors
    /// Where no port can be bound or no thread started.
    pub fn start(self) -> io::Result<Running> {
        let gitea = Gitea::new(self);
        Ok(Running { server: Server::start(gitea.clone())?, gitea })
    }
}

/// A world that answers.
#[derive(Debug)]
pub struct Running {
    /// The world, for changes while it runs.
    pub gitea: Gitea,
    /// The server, with its log.
    pub server: Server,
}

impl Running {
    /// The web address of this host, with its sub-path: `http://127.0.0.1:40123/git`.
    pub fn url(&self) -> String {
        format!("{}{}", self.server.url(), self.gitea.sub_path())
    }

    /// The API's base without a trailing slash.
    pub fn api_url(&self) -> String {
        format!("{}/api/v1", self.url())
    }
}
