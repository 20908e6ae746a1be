//! The database of a subcommand: the one that `DATABASE_URL` names, or the private one of the data directory, shared
//! with a `levelup serve` that runs beside it or started for the time of this command.

use std::time::Duration;

use deadpool_postgres::tokio_postgres::Config;
use infrastructure::{
    config::Settings,
    postgres::{
        distribution,
        migrations::{self, Migrated, MigrationError},
        pool,
    },
    private_postgres::{self, Cluster},
};

use super::{CliError, Exit};

const ATTEMPTS_MAX: u32 = 50;
const ATTEMPT_PAUSE_MS: u64 = 100;

/// A database that answered. Close it in the end, or use [`with`].
#[derive(Debug)]
pub struct Database {
    config: Config,
    label: String,
    cluster: Option<Cluster>,
}

/// Opens the database, does the work and closes the database, however the work ended.
pub async fn with<T>(
    settings: &Settings,
    work: impl AsyncFnOnce(&Database) -> Result<T, CliError>,
) -> Result<T, CliError> {
    let database = Database::open(settings).await?;
    let result = work(&database).await;
    database.close().await;
    result
}

impl Database {
    /// Reaches the database, starting the private one when needed.
    pub async fn open(settings: &Settings) -> Result<Self, CliError> {
        match settings.database_url.get() {
            Some(url) => Self::named(url).await,
            None => Self::private(settings).await,
        }
    }

    /// How to connect.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Which database this is, for people; without secrets.
    pub fn label(&self) -> &str {
        &self.label
    }

    /// Brings the schema to the newest version, or says why it must not. If it is spread over several machines, what came new
    /// is spread too.
    pub async fn migrate(&self) -> Result<Migrated, CliError> {
        let config = self.config.clone();
        let run = async move || migrations::run(&config).await;
        if self.cluster.is_none() {
            let migrated = run().await?;
            distribution::complete(&self.config).await?;
            return Ok(migrated);
        }
        Ok(patiently(MigrationError::is_transient, run).await?)
    }

    /// Leaves the database; a private one that this process owns is stopped.
    pub async fn close(self) {
        if let Some(cluster) = self.cluster {
            cluster.stop().await;
        }
    }

    async fn named(url: &str) -> Result<Self, CliError> {
        // The parser's reason can quote a piece of a password that was not escaped, so it is not shown.
        let config: Config = url.parse().map_err(|_| {
            let next = "Write postgres://user:password@host:5432/database, special characters percent-encoded.";
            CliError::new(Exit::Environment, "DATABASE_URL is not a PostgreSQL connection URL", next)
        })?;
        let major = pool::server_version(&config).await?;
        let label = format!("PostgreSQL {major} at {}", pool::describe(&config));
        Ok(Self { config, label, cluster: None })
    }

    async fn private(settings: &Settings) -> Result<Self, CliError> {
        let cluster = private_postgres::ensure(&settings.data_dir).await?;
        let config = cluster.config();
        match patiently(|_| true, async || pool::server_version(&config).await).await {
            Ok(major) => {
                let label = format!("private PostgreSQL {major} in {}", cluster.data_dir().display());
                Ok(Self { config, label, cluster: Some(cluster) })
            }
            Err(error) => {
                cluster.stop().await;
                Err(error.into())
            }
        }
    }
}

/// The private PostgreSQL is away for a moment when the process that owned it ends and another one takes over; only
/// what can be done twice may be tried again.
async fn patiently<T, E>(passes: impl Fn(&E) -> bool, attempt: impl AsyncFn() -> Result<T, E>) -> Result<T, E> {
    let mut result = attempt().await;
    for _ in 1..ATTEMPTS_MAX {
        match &result {
            Err(error) if passes(error) => tokio::time::sleep(Duration::from_millis(ATTEMPT_PAUSE_MS)).await,
            _ => break,
        }
        result = attempt().await;
    }
    result
}
