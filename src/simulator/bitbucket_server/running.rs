//! A world that answers on loopback.

use std::io;

use super::BitbucketServer;
use super::world::World;
use crate::simulator::Server;

impl World {
    /// Starts a server on loopback that answers from this world.
    ///
    /// # Errors
    /// Where no port can be bound or no thread started.
    pub fn start(self) -> io::Result<Running> {
        let bitbucket = BitbucketServer::new(self);
        Ok(Running { server: Server::start(bitbucket.clone())?, bitbucket })
    }
}

/// A world that answers.
#[derive(Debug)]
pub struct Running {
    /// The world, for changes while it runs.
    pub bitbucket: BitbucketServer,
    /// The server, with its log.
    pub server: Server,
}

impl Running {
    /// The web address of this host, with its context path.
    pub fn url(&self) -> String {
        format!("{}{}", self.server.url(), self.bitbucket.context_path())
    }

    /// The API's base without a trailing slash.
    pub fn api_url(&self) -> String {
        format!("{}/rest", self.url())
    }
}
