//! What every subcommand of `levelup admin` sits at: the database, and the account that was named.

use application::identity::admin::{Order, Whose};
use application::identity::{Actor, Directory, Email, Failure, Refusal};
use clap::Args;
use deadpool_postgres::Pool;
use domain::id::AccountId;
use infrastructure::clock::now_ms;
use infrastructure::config::{GroupScope, Settings};
use infrastructure::postgres::directory::PostgresDirectory;
use infrastructure::postgres::pool;
use infrastructure::revocations::Revocations;
use uuid::Uuid;

use super::super::database;
use super::super::error::{CliError, Exit};
use super::super::rebuild::must_be_migrated;

/// Connections that one act takes.
const CONNECTIONS: usize = 2;

/// Which account.
#[derive(Args, Clone, Debug)]
#[group(required = true, multiple = false)]
pub struct Named {
    /// The account's e-mail address, whatever its case
    #[arg(long, value_name = "ADDRESS")]
    pub email: Option<String>,
    /// The account's id
    #[arg(long, value_name = "UUID")]
    pub id: Option<Uuid>,
}

/// The database, opened.
pub(super) struct Desk {
    pub(super) pool: Pool,
    pub(super) directory: PostgresDirectory,
    /// Nobody is connected to this process; servers find what ended in the directory.
    pub(super) live_sessions: Revocations,
    pub(super) scope: GroupScope,
}

impl Desk {
    /// Opens the database, does the work and closes it.
    pub(super) async fn with<T>(
        settings: &Settings,
        work: impl AsyncFnOnce(&Self) -> Result<T, CliError>,
    ) -> Result<T, CliError> {
        database::with(settings, async |database| {
            must_be_migrated(database).await?;
            let pool = pool::connect(database.config().clone(), CONNECTIONS)?;
            let directory = PostgresDirectory::new(pool.clone());
            let (live_sessions, scope) = (Revocations::default(), settings.group_scope);
            let desk = Self { pool, directory, live_sessions, scope };
            let done = work(&desk).await;
            // A private PostgreSQL stops at once when nobody is connected any more.
            desk.pool.close();
            done
        })
        .await
    }

    /// The id of the account that was named.
    pub(super) async fn find(&self, named: &Named) -> Result<AccountId, CliError> {
        match named.which()? {
            Whose::Id(id) => Ok(id),
            Whose::Email(email) => {
                let found = self.directory.credentials(&email).await?;
                Ok(found.ok_or_else(|| CliError::from(Failure::from(Refusal::AccountUnknown)))?.account.id)
            }
        }
    }

    /// An act of the operator on the account that was named.
    pub(super) async fn order(&self, named: &Named) -> Result<Order, CliError> {
        Ok(Order { account: self.find(named).await?, by: Actor::Operator, at: now_ms() })
    }
}

impl Named {
    /// Which account that is.
    pub(super) fn which(&self) -> Result<Whose, CliError> {
        if let Some(id) = self.id {
            return Ok(Whose::Id(AccountId(id)));
        }
        let email = Email::parse(self.email.as_deref().unwrap_or_default());
        email.map(Whose::Email).ok_or_else(|| {
            CliError::new(Exit::Usage, "This is not an e-mail address", "Name the account with --email or --id.")
        })
    }
}

impl From<Failure> for CliError {
    fn from(failure: Failure) -> Self {
        let refusal = match failure {
            Failure::Fault(fault) => return fault.into(),
            Failure::Busy { .. } => {
                return Self::new(Exit::Failed, failure.to_string(), "Run the same command again.");
            }
            Failure::Refused(refusal) => refusal,
        };
        let (exit, next) = match &refusal {
            Refusal::AccountUnknown => (Exit::Failed, "Check --email or --id; an account that was erased is gone."),
            Refusal::EmailTaken => (Exit::Failed, "`levelup admin role` gives the account that is there another role."),
            Refusal::Fields(_) => (Exit::Usage, "Correct it and run the command again."),
            _ => (Exit::Failed, "`levelup admin show` says how the account stands."),
        };
        let sentence = match &refusal {
            Refusal::Fields(fields) => fields.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
            other => other.to_string(),
        };
        Self::new(exit, sentence, next)
    }
}
