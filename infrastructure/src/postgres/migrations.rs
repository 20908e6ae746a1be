//! The schema: forward only, embedded from `migrations/`, each file in a transaction of its own.
//!
//! Nothing serves on a schema it does not know: a database that a newer program has migrated, one whose applied
//! migrations differ from the embedded ones, and one that holds someone else's tables are refused by name.

use refinery::{Migration, Report, Runner, error::Kind};
use thiserror::Error;
use tokio_postgres::{Client, Config, error::SqlState};

use super::pool::{self, ConnectError, explain};

#[cfg(test)]
mod database_tests;

mod embedded {
    refinery::embed_migrations!("../migrations");
}

/// Why the schema is not the one this program needs.
#[derive(Debug, Error)]
pub enum MigrationError {
    /// The database is away.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// A statement about the schema failed.
    #[error("the schema could not be read or locked: {0}")]
    Database(String),
    /// The connection broke; nothing of the step in work was kept, and another attempt may do.
    #[error("the connection to PostgreSQL was lost: {0}")]
    Lost(String),
    /// A migration failed; it left nothing behind.
    #[error("the migration stopped: {0}")]
    Failed(String),
    /// A newer program was here.
    #[error("the database was migrated by a newer levelup: it has {0}, which this one does not know")]
    Newer(String),
    /// An applied file was edited, renamed or replaced.
    #[error("the applied migration {0} is not the one that this levelup has under that number")]
    Changed(String),
    /// A migration was numbered below one that is applied already.
    #[error("the migration {0} was never applied, but a later one was")]
    Skipped(String),
    /// Not our database.
    #[error("the database holds tables that levelup did not make ({0})")]
    Foreign(String),
}

impl MigrationError {
    /// Whether the database went away, so that the same call can succeed when it is back.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Connect(_) | Self::Lost(_))
    }
}

/// What a run did.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Migrated {
    /// The names of the migrations that were applied now, in order; empty when there was nothing to do.
    pub applied: Vec<String>,
    /// How many migrations the schema has now.
    pub total: usize,
}

/// Brings the schema to the newest version, or says why it must not. Any number of processes may do so at once: one
/// works and the others wait for it.
pub async fn run(config: &Config) -> Result<Migrated, MigrationError> {
    let mut client = pool::connect_alone(config).await?;
    wait_for_turn(&client).await?;
    let runner = runner();
    check(&applied(&runner, &mut client).await?, runner.get_migrations())?;
    let report = runner.run_async(&mut client).await.map_err(failed)?;
    let migrated = summary(&report, runner.get_migrations().len());
    for name in &migrated.applied {
        tracing::info!(migration.name = name, "migration applied");
    }
    Ok(migrated)
}

/// The names of the migrations that `run` would apply, in order. Refuses what `run` refuses and changes nothing.
pub async fn pending(config: &Config) -> Result<Vec<String>, MigrationError> {
    let mut client = pool::connect_alone(config).await?;
    let runner = runner();
    let before = applied(&runner, &mut client).await?;
    check(&before, runner.get_migrations())?;
    let mut waiting: Vec<&Migration> =
        runner.get_migrations().iter().filter(|migration| !before.contains(migration)).collect();
    waiting.sort();
    Ok(waiting.into_iter().map(Migration::to_string).collect())
}

/// The number of the newest migration that this program has.
pub fn newest_version() -> i64 {
    runner().get_migrations().iter().map(|migration| i64::from(migration.version())).max().unwrap_or_default()
}

fn runner() -> Runner {
    embedded::migrations::runner()
}

/// The lock belongs to this connection and ends with it, however the process ends.
async fn wait_for_turn(client: &Client) -> Result<(), MigrationError> {
    let taken = client.query_one(include_str!("migrations/try_lock.sql"), &[]).await.map_err(database)?;
    if !taken.get::<_, bool>("taken") {
        tracing::info!("another process is migrating this database; waiting for it");
        client.query_one(include_str!("migrations/lock.sql"), &[]).await.map_err(database)?;
    }
    Ok(())
}

/// Whether the database has our history of migrations; an error when it has other tables instead.
async fn refuse_foreign_tables(client: &Client) -> Result<bool, MigrationError> {
    let row = client.query_one(include_str!("migrations/foreign_tables.sql"), &[]).await.map_err(database)?;
    let known: bool = row.get("known");
    let tables: Vec<String> = row.get("tables");
    if known || tables.is_empty() { Ok(known) } else { Err(MigrationError::Foreign(tables.join(", "))) }
}

/// What the database says was applied; nothing when it is empty.
async fn applied(runner: &Runner, client: &mut Client) -> Result<Vec<Migration>, MigrationError> {
    if refuse_foreign_tables(client).await? {
        runner.get_applied_migrations_async(client).await.map_err(failed)
    } else {
        Ok(Vec::new())
    }
}

/// Compares what the database has with what this program has.
fn check(applied: &[Migration], embedded: &[Migration]) -> Result<(), MigrationError> {
    for migration in applied {
        match embedded.iter().find(|candidate| candidate.version() == migration.version()) {
            None => return Err(MigrationError::Newer(migration.to_string())),
            Some(ours) if ours != migration => return Err(MigrationError::Changed(migration.to_string())),
            Some(_) => {}
        }
    }
    let newest = applied.iter().map(Migration::version).max();
    match embedded.iter().find(|ours| Some(ours.version()) < newest && !applied.contains(ours)) {
        Some(ours) => Err(MigrationError::Skipped(ours.to_string())),
        None => Ok(()),
    }
}

fn summary(report: &Report, total: usize) -> Migrated {
    Migrated { applied: report.applied_migrations().iter().map(Migration::to_string).collect(), total }
}

fn database(error: tokio_postgres::Error) -> MigrationError {
    if lost(&error) { MigrationError::Lost(explain(&error)) } else { MigrationError::Database(explain(&error)) }
}

/// Without an answer of the server the connection is gone; with one of these the server itself is going.
fn lost(error: &tokio_postgres::Error) -> bool {
    let going = [SqlState::ADMIN_SHUTDOWN, SqlState::CRASH_SHUTDOWN, SqlState::CANNOT_CONNECT_NOW];
    error.code().is_none_or(|code| going.contains(code))
}

fn failed(error: refinery::Error) -> MigrationError {
    let Kind::Connection(what, cause) = error.kind() else { return MigrationError::Failed(error.to_string()) };
    match cause.downcast_ref::<tokio_postgres::Error>() {
        Some(cause) if lost(cause) => MigrationError::Lost(explain(cause)),
        Some(cause) => MigrationError::Failed(format!("{what}: {}", explain(cause))),
        None => MigrationError::Failed(format!("{what}: {cause}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn migration(name: &str, sql: &str) -> Migration {
        Migration::unapplied(name, sql).unwrap()
    }

    #[test]
    fn a_schema_of_a_newer_program_is_refused_by_name() {
        let ours = [migration("V1__log", "a")];
        let theirs = [migration("V1__log", "a"), migration("V2__more", "b")];
        assert!(matches!(check(&theirs, &ours), Err(MigrationError::Newer(name)) if name == "V2__more"));
    }

    #[test]
    fn an_edited_migration_is_refused_by_name() {
        let refused = check(&[migration("V1__log", "a")], &[migration("V1__log", "edited")]);
        assert!(matches!(refused, Err(MigrationError::Changed(name)) if name == "V1__log"));
    }

    #[test]
    fn a_migration_numbered_below_an_applied_one_is_refused() {
        let ours = [migration("V1__log", "a"), migration("V2__late", "b"), migration("V3__more", "c")];
        let applied = [ours[0].clone(), ours[2].clone()];
        assert!(matches!(check(&applied, &ours), Err(MigrationError::Skipped(name)) if name == "V2__late"));
    }

    #[test]
    fn an_older_schema_and_an_equal_one_pass() {
        let ours = [migration("V1__log", "a"), migration("V2__more", "b")];
        check(&[], &ours).unwrap();
        check(&ours[..1], &ours).unwrap();
        check(&ours, &ours).unwrap();
    }

    #[test]
    fn embedded_migrations_are_numbered_from_one_without_holes() {
        let runner = runner();
        let mut versions: Vec<i64> =
            runner.get_migrations().iter().map(|migration| i64::from(migration.version())).collect();
        versions.sort_unstable();
        assert!(versions.iter().zip(1..).all(|(version, expected)| *version == expected), "{versions:?}");
    }
}
