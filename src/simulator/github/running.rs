//! A world that answers on loopback.

use std::io;

use super::GitHub;
use super::world::World;
use crate::simulator::Server;

impl World {
    /// Starts a server on loopback that answers from this world.
    ///
    /// # Errors
    /// Where no port can be bound or no thread started.
    pub fn start(self) -> io::Result<Running> {
        let github = GitHub::new(self);
        Ok(Running { server: Server::start(github.clone())?, github })
    }
}

/// A world that answers.
#[derive(Debug)]
pub struct Running {
    /// The world, for changes while it runs.
    pub github: GitHub,
    /// The server, with its log.
    pub server: Server,
}

impl Running {
    /// The web address of this host: `http://127.0.0.1:40123`.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// The API's base without a trailing slash; ends in `/api/v3` for an Enterprise Server.
    pub fn api_url(&self) -> String {
        format!("{}{}", self.server.url(), self.github.api_path())
    }
}
