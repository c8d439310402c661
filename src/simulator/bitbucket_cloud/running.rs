//! A world that answers on loopback.

use std::io;

use super::world::World;
use super::{API, BitbucketCloud};
use crate::simulator::Server;

impl World {
    /// Starts a server on loopback that answers from this world.
    ///
    /// # Errors
    /// Where no port can be bound or no thread started.
    pub fn start(self) -> io::Result<Running> {
        let bitbucket = BitbucketCloud::new(self);
        Ok(Running { server: Server::start(bitbucket.clone())?, bitbucket })
    }
}

/// A world that answers.
#[derive(Debug)]
pub struct Running {
    /// The world, for changes while it runs.
    pub bitbucket: BitbucketCloud,
    /// The server, with its log.
    pub server: Server,
}

impl Running {
    /// The web address of this host: `http://127.0.0.1:40123`.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// The API's base: the web address with `/2.0`.
    pub fn api_url(&self) -> String {
        format!("{}{API}", self.server.url())
    }
}
