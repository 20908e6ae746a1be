//! A database for runs on PostgreSQL: made on a server, migrated, and dropped in the end.

use deadpool_postgres::Pool;
use infrastructure::clock::uuid_v7;
use infrastructure::postgres::migrations::{self, MigrationError};
use infrastructure::postgres::pool::{ConnectError, connect, connect_alone};
use tokio_postgres::Config;

use crate::store::postgres::PostgresStore;

/// Connections that runs share; they need one at a time.
const CONNECTIONS: usize = 2;

/// A database for runs, on a server that may hold others.
#[derive(Debug)]
pub struct Scratch {
    server: Config,
    name: String,
    pool: Pool,
}

/// The database could not be made or dropped.
#[derive(Debug, thiserror::Error)]
pub enum ScratchError {
    /// The server could not be reached.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// It did not take the schema.
    #[error(transparent)]
    Migrate(#[from] MigrationError),
    /// It refused: the role may not make databases.
    #[error(transparent)]
    Refused(#[from] tokio_postgres::Error),
}

impl Scratch {
    /// Makes a database on the server that this connects to.
    ///
    /// # Errors
    /// The server could not be reached, or did not take what was asked of it.
    pub async fn make(server: &Config) -> Result<Self, ScratchError> {
        let name = format!("levelup_simulation_{}", uuid_v7().simple());
        connect_alone(server).await?.batch_execute(&format!("CREATE DATABASE {name}")).await?;
        let mut config = server.clone();
        config.dbname(&name);
        migrations::run(&config).await?;
        Ok(Self { server: server.clone(), name, pool: connect(config, CONNECTIONS)? })
    }

    /// A store in it. Every run has a space of its own, so one seed is run once.
    pub fn store(&self) -> PostgresStore {
        PostgresStore::new(self.pool.clone())
    }

    /// Drops the database.
    ///
    /// # Errors
    /// The server could not be reached, or did not take what was asked of it.
    pub async fn end(self) -> Result<(), ScratchError> {
        self.pool.close();
        let drop = format!("DROP DATABASE {} WITH (FORCE)", self.name);
        Ok(connect_alone(&self.server).await?.batch_execute(&drop).await?)
    }
}
