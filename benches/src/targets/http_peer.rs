//! A server that takes the requests of this one over HTTP: a process of its own with a database of its own.

use tokio::process::Command;
use tokio_postgres::{Client, Config};

use super::Target;
use super::node::{self, Package};
use crate::cluster::{Scratch, url, words};
use crate::failure::Failure;
use crate::load;
use crate::request::Script;
use crate::server::Server;
use crate::steady::Device;

/// The space that a peer is tried with.
const FIRST: usize = 900_000_000;

/// A running peer.
pub struct HttpPeer {
    /// Which.
    pub target: Target,
    /// Its process.
    pub server: Server,
    /// A connection to its database.
    pub client: Client,
    /// Where that is.
    pub config: Config,
}

impl HttpPeer {
    /// Makes its database and starts it; `None` for those that are no such server.
    pub async fn start(target: Target, scratch: &Scratch) -> Result<Option<Self>, Failure> {
        let script = match target {
            Target::PostgresEs => None,
            Target::Emmett => Some("emmett.js"),
            Target::SingleStatement => Some("single.js"),
            Target::ReadCheckWrite => Some("rcw.js"),
            Target::Levelup | Target::BareSql | Target::Esrs | Target::Eventcore | Target::Zero => return Ok(None),
        };
        let config = scratch.make_database(&target.name().replace('-', "_")).await?;
        let command = match script {
            Some(script) => on_node(script, &config),
            None => this_program(&config)?,
        };
        let client = scratch.client(&config).await?;
        if target == Target::PostgresEs {
            client.batch_execute(include_str!("sql/postgres_es_tables.sql")).await?;
        }
        let server = Server::launch(command).await?;
        let peer = Self { target, server, client, config };
        // Some make a table only when there is something to put into it.
        load::one_pair(peer.server.address, &mut peer.seat(&[FIRST])).await?;
        Ok(Some(peer))
    }

    /// The statement that counts what is stored: a command is one event, and one change of a row.
    #[must_use]
    pub fn count(&self) -> &'static str {
        match self.target {
            Target::PostgresEs => include_str!("sql/postgres_es.sql"),
            Target::Emmett => include_str!("sql/emmett.sql"),
            _ => include_str!("sql/rows.sql"),
        }
    }

    /// Devices that write to these spaces, one for each. Nobody checks their tokens.
    #[must_use]
    pub fn seat(&self, seats: &[usize]) -> Vec<Device> {
        seats.iter().map(|space| Device { token: token(*space), script: Script::uncounted(String::new()) }).collect()
    }
}

/// The token of a space: its id.
#[must_use]
pub fn token(space: usize) -> String {
    format!("01990000-0000-7000-8000-{space:012}")
}

fn on_node(script: &str, config: &Config) -> Command {
    let mut command = Command::new("node");
    command.arg(node::folder(Package::Node).join(script)).env("NODE_ENV", "production");
    for ((_, value), variable) in words(config).into_iter().zip(["PGHOST", "PGPORT", "PGUSER", "PGDATABASE"]) {
        command.env(variable, value);
    }
    command
}

/// The libraries in Rust are in this program.
fn this_program(config: &Config) -> Result<Command, Failure> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["peer-server", &url(config)]);
    Ok(command)
}
