//! What a subcommand says when it cannot go on: one sentence, what to do next, and an exit code that scripts can use.

use std::fmt;

use infrastructure::{
    hints::NatsSettingError,
    mail::MailSettingError,
    postgres::{
        distribution::DistributionError, migrations::MigrationError, pool::ConnectError, replica::ReplicaSettingError,
    },
    private_postgres::PrivatePostgresError,
    telemetry::TelemetryError,
};

/// Why the process ends, by number; `docs/OPERATIONS.md` lists them.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Exit {
    /// The work failed for a reason of its own.
    Failed = 1,
    /// The command line or a file named on it is wrong.
    Usage = 2,
    /// Something around the program is in the way: a setting, a port, a directory, a missing program.
    Environment = 3,
    /// The database cannot be reached, or holds what this program must not touch.
    Database = 4,
    /// Two things that must be equal are not: a replica and the tables, the tables and the log.
    Difference = 5,
    /// Stopped by a signal before the work was done.
    Interrupted = 130,
}

/// The end of a subcommand that did not succeed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CliError {
    /// What went wrong, in one sentence.
    pub sentence: String,
    /// What the reader can do now.
    pub next: Option<String>,
    /// With which number the process ends.
    pub exit_code: u8,
}

impl CliError {
    /// All three at once.
    pub fn new(exit: Exit, sentence: impl Into<String>, next: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), next: Some(next.into()), exit_code: exit as u8 }
    }
}

impl fmt::Display for CliError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.", self.sentence.trim_end_matches('.'))?;
        match &self.next {
            Some(next) => write!(f, "\n  {next}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for CliError {}

impl From<ConnectError> for CliError {
    fn from(error: ConnectError) -> Self {
        let next = "Start that PostgreSQL or correct DATABASE_URL; without DATABASE_URL a private one is started.";
        Self::new(Exit::Database, error.to_string(), next)
    }
}

impl From<MailSettingError> for CliError {
    fn from(error: MailSettingError) -> Self {
        Self::new(Exit::Environment, error.to_string(), error.next_step())
    }
}

impl From<NatsSettingError> for CliError {
    fn from(error: NatsSettingError) -> Self {
        Self::new(Exit::Environment, error.to_string(), error.next_step())
    }
}

impl From<ReplicaSettingError> for CliError {
    fn from(error: ReplicaSettingError) -> Self {
        Self::new(Exit::Environment, error.to_string(), error.next_step())
    }
}

impl From<TelemetryError> for CliError {
    fn from(error: TelemetryError) -> Self {
        let next = match error {
            TelemetryError::Filter(_) => "Set LEVELUP_LOG to a level such as `info`.",
            TelemetryError::Endpoint(_) => {
                "Set LEVELUP_OTLP_ENDPOINT to the collector's address, such as http://127.0.0.1:4318, or to nothing."
            }
            TelemetryError::StartedTwice => "Start one levelup in a process.",
        };
        Self::new(Exit::Environment, error.to_string(), next)
    }
}

impl From<PrivatePostgresError> for CliError {
    fn from(error: PrivatePostgresError) -> Self {
        Self::new(Exit::Environment, error.to_string(), error.next_step())
    }
}

impl From<DistributionError> for CliError {
    fn from(error: DistributionError) -> Self {
        let (exit, next) = match error {
            DistributionError::Connect(error) => return error.into(),
            DistributionError::NoExtension => (
                Exit::Environment,
                "Install Citus on every machine, `CREATE EXTENSION citus` in this database on each, and add the workers with `citus_add_node`.",
            ),
            DistributionError::Table(..) | DistributionError::Database(_) => {
                (Exit::Database, "Put right what it names and run the same command again; what is spread stays so.")
            }
        };
        Self::new(exit, error.to_string(), next)
    }
}

impl From<MigrationError> for CliError {
    fn from(error: MigrationError) -> Self {
        let next = match error {
            MigrationError::Connect(error) => return error.into(),
            MigrationError::Newer(_) => "Start the newer levelup; an older one does not serve this database.",
            MigrationError::Changed(_) | MigrationError::Skipped(_) => {
                "Build levelup from an unchanged history of migrations/; applied files are never edited."
            }
            MigrationError::Foreign(_) => "Point DATABASE_URL at an empty database.",
            MigrationError::Lost(_) => "Run the same command again when PostgreSQL is back; what was applied is kept.",
            MigrationError::Database(_) | MigrationError::Failed(_) => {
                "Nothing of that step was kept; put right what it names and run `levelup migrate` again."
            }
        };
        Self::new(Exit::Database, error.to_string(), next)
    }
}
