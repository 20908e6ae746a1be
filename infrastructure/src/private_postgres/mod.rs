//! The PostgreSQL that runs when `DATABASE_URL` is not set: a durable cluster under the data directory, reachable
//! only through a Unix socket, shared by every levelup process of that data directory.
//!
//! Whoever holds the lock file owns the cluster: it makes it, starts it, watches it, starts it again when it dies and
//! stops it at the end. The others are guests; when the owner goes away one of them takes its place. One thread does
//! all of this, the keeper; nothing in here knows the schema.

mod account;
mod binaries;
mod error;
mod install;
mod keeper;
mod layout;
#[cfg(test)]
mod lifecycle_tests;
mod make;
mod orphan;
mod postmaster;
mod server_settings;
mod status;

use std::{path::Path, time::Duration};

use tokio::{sync::watch, time::Instant};
use tokio_postgres::{Config, error::SqlState};

pub use error::PrivatePostgresError;
use keeper::{Keeper, State};
use layout::Layout;

use crate::postgres::pool::{self, ConnectError};

/// How long a start may take. Recovery after a crash reads the log since the last checkpoint, so this is generous.
const START_S_MAX: u64 = 600;
/// The pause between two looks at a cluster that is not ready yet.
const POLL_MS: u64 = 20;

/// A running private PostgreSQL, owned by this process or by another one.
#[derive(Debug)]
pub struct Cluster {
    layout: Layout,
    keeper: Keeper,
}

/// Finds or makes the cluster under `data_dir`, waits until it answers and keeps it running until [`Cluster::stop`].
pub async fn ensure(data_dir: &Path) -> Result<Cluster, PrivatePostgresError> {
    ensure_with(data_dir, &[]).await
}

/// As [`ensure`], with settings of PostgreSQL that go before the usual ones: for measurements, which need more connections
/// or another kind of log. They hold for a server that this process starts, not for one that runs already.
pub async fn ensure_with(data_dir: &Path, settings: &[(&str, &str)]) -> Result<Cluster, PrivatePostgresError> {
    let settings = settings.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let layout = Layout { settings, ..Layout::prepare(data_dir)? };
    let mut cluster = Cluster { keeper: Keeper::start(layout.clone())?, layout };
    match cluster.wait_until_usable().await {
        Ok(()) => Ok(cluster),
        Err(error) => {
            cluster.stop().await;
            Err(error)
        }
    }
}

impl Cluster {
    /// How to connect: the socket, the role and the database `levelup`.
    pub fn config(&self) -> Config {
        let mut config = Config::new();
        config.host_path(&self.layout.socket_dir).port(layout::PORT).user(layout::ROLE).dbname(layout::DATABASE);
        config
    }

    /// Where the cluster is, for people.
    pub fn data_dir(&self) -> &Path {
        &self.layout.data_dir
    }

    /// Whether this process owns the cluster now. A guest can become the owner at any time.
    pub fn owned(&self) -> bool {
        matches!(&*self.keeper.state.borrow(), State::Ready { owner: true })
    }

    /// Leaves the cluster; its owner stops it first. Returns when that has happened.
    pub async fn stop(self) {
        self.keeper.stop().await;
    }

    /// Ready is what the status file says; usable is what a connection says. A cluster whose owner is just going away
    /// can be ready and refuse, so only the second one counts.
    async fn wait_until_usable(&mut self) -> Result<(), PrivatePostgresError> {
        let deadline = Instant::now() + Duration::from_secs(START_S_MAX);
        loop {
            ready(&mut self.keeper.state, deadline, &self.layout).await?;
            let refused = match self.connect_or_create().await {
                Ok(()) => return Ok(()),
                Err(refused) => refused,
            };
            if Instant::now() >= deadline {
                return Err(PrivatePostgresError::NeverReady { reason: refused.to_string(), log: self.layout.log() });
            }
            tokio::time::sleep(Duration::from_millis(POLL_MS)).await;
        }
    }

    async fn connect_or_create(&self) -> Result<(), ConnectError> {
        match self.config().connect(tokio_postgres::NoTls).await {
            Ok(_) => Ok(()),
            Err(error) if error.code() == Some(&SqlState::INVALID_CATALOG_NAME) => self.create_database().await,
            Err(error) => Err(self.unreachable(&error)),
        }
    }

    /// Two processes may do this at once: who comes second finds it made, and sees that on its next attempt.
    async fn create_database(&self) -> Result<(), ConnectError> {
        let client = pool::connect_alone(self.config().dbname("postgres")).await?;
        let made = client.batch_execute(include_str!("sql/create_database.sql")).await;
        made.map_err(|error| self.unreachable(&error))
    }

    fn unreachable(&self, error: &tokio_postgres::Error) -> ConnectError {
        ConnectError::Unreachable { at: pool::describe(&self.config()), reason: pool::explain(error) }
    }
}

async fn ready(
    state: &mut watch::Receiver<State>,
    deadline: Instant,
    layout: &Layout,
) -> Result<(), PrivatePostgresError> {
    let settled = state.wait_for(|state| !matches!(state, State::Starting));
    let reason = match tokio::time::timeout_at(deadline, settled).await {
        Ok(Ok(state)) => match &*state {
            State::Failed(error) => return Err(error.as_ref().clone()),
            State::Ready { .. } | State::Starting => return Ok(()),
        },
        Ok(Err(_)) => "the thread that keeps it ended".to_owned(),
        Err(_) => format!("it was not ready within {START_S_MAX} s"),
    };
    Err(PrivatePostgresError::NeverReady { reason, log: layout.log() })
}
