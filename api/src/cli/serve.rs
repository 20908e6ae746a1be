//! `levelup serve`: takes the port, reaches or starts the database, brings the schema up to date, serves, and undoes
//! all of it in the opposite order. Standard output gets one line, when the server answers; the log is elsewhere.

use std::{fs::DirBuilder, io::Write, net::TcpListener, os::unix::fs::DirBuilderExt, path::Path};

use clap::Args;
use deadpool_postgres::Pool;
use infrastructure::postgres::{
    backup::restoring::restoring, distribution, fault::no_connection, pool, replica::Replica,
};
use infrastructure::{
    config::{GroupScope, Serving, Settings},
    hints::NatsServers,
    mail::MailSettings,
    small_pages::use_small_pages,
};
use tokio_util::sync::CancellationToken;

use super::{CliError, Exit, database::Database, listen, ready, signals};
use crate::server;
use crate::tls::{Certificate, PairError};

/// What `levelup serve` is told.
#[derive(Args, Debug)]
pub struct ServeArgs {
    /// Where and with what.
    #[command(flatten)]
    pub serving: Serving,
}

/// Serves until SIGINT or SIGTERM. A signal during the start ends it as quietly as one later.
pub async fn run(args: ServeArgs) -> Result<(), CliError> {
    use_small_pages();
    let shutdown = signals::stop_token()?;
    // Said before anything is started; the server reads the files itself.
    Certificate::open(&args.serving.http)?;
    let listener = listen::bind(&args.serving.http.listen).await?;
    make_data_dir(&args.serving.settings.data_dir)?;
    MailSettings::of(&args.serving)?;
    NatsServers::of(&args.serving.hints)?;
    Replica::of(&args.serving)?;
    let Some(database) = shutdown.run_until_cancelled(Database::open(&args.serving.settings)).await else {
        return Ok(());
    };
    let database = database?;
    let served = serve(args.serving, &database, listener, &shutdown).await;
    database.close().await;
    served
}

async fn serve(
    serving: Serving,
    database: &Database,
    listener: TcpListener,
    shutdown: &CancellationToken,
) -> Result<(), CliError> {
    match shutdown.run_until_cancelled(database.migrate()).await {
        Some(migrated) => migrated?,
        None => return Ok(()),
    };
    let pool = pool::connect(database.config().clone(), serving.settings.pool_size)?;
    refuse_wrong_scope(&serving.settings, database).await?;
    let settings = Settings { reached: Some(database.config().clone()), ..serving.settings };
    let serving = Serving { settings, ..serving };
    refuse_half_restored(&pool).await?;
    let address = listener.local_addr().map_err(|error| failed(&error))?;
    let scheme = if serving.http.tls_cert.is_some() { "https" } else { "http" };
    let mut serving = std::pin::pin!(server::run(serving, pool, listener, shutdown.clone()));
    tokio::select! {
        ended = &mut serving => return ended.map_err(|error| failed(&error)),
        () = ready::wait(scheme, address) => announce(&format!("{scheme}://{address}"), database.label()),
    }
    serving.await.map_err(|error| failed(&error))
}

/// A group of many spaces is refused by every engine that spreads them, one space after the other.
async fn refuse_wrong_scope(settings: &Settings, database: &Database) -> Result<(), CliError> {
    if settings.group_scope == GroupScope::Space || !distribution::is_spread(database.config()).await? {
        return Ok(());
    }
    let sentence = "The tables of this database are spread by space, and an append may touch many spaces";
    Err(CliError::new(Exit::Environment, sentence, "Set LEVELUP_GROUP_SCOPE to `space`."))
}

/// What a restore has left unfinished is served by nobody: devices would take it for the whole.
async fn refuse_half_restored(pool: &Pool) -> Result<(), CliError> {
    let client = pool.get().await.map_err(|error| no_connection(&error))?;
    match restoring(&**client).await? {
        None => Ok(()),
        Some(begun) => {
            let sentence = format!("The restore of {} into this database has not ended", begun.name);
            Err(CliError::new(
                Exit::Database,
                sentence,
                "Run the same `levelup restore` again; it goes on where it was.",
            ))
        }
    }
}

/// The directory may be needed by PostgreSQL's account too, which only passes through; what is secret in it has a mode
/// of its own.
pub(super) fn make_data_dir(dir: &Path) -> Result<(), CliError> {
    DirBuilder::new().recursive(true).mode(0o711).create(dir).map_err(|error| {
        let sentence = format!("the data directory {} could not be made: {error}", dir.display());
        CliError::new(Exit::Environment, sentence, "Set LEVELUP_DATA_DIR to a directory that this account may write.")
    })
}

/// The one line on standard output. Whoever closed it does not want to know.
fn announce(url: &str, database: &str) {
    let version = env!("CARGO_PKG_VERSION");
    let said = writeln!(std::io::stdout(), "levelup {version} is ready on {url} (database: {database})");
    if let Err(error) = said {
        tracing::debug!(error = %error, "nobody reads standard output");
    }
}

fn failed(error: &dyn std::error::Error) -> CliError {
    CliError::new(Exit::Failed, error.to_string(), "The log above says more.")
}

impl From<PairError> for CliError {
    fn from(error: PairError) -> Self {
        let next = match error {
            PairError::File { .. } => {
                "Correct LEVELUP_TLS_CERT and LEVELUP_TLS_KEY, or let this account read the files."
            }
            PairError::NotPem { .. } => "PEM is text with lines such as `-----BEGIN CERTIFICATE-----`.",
            PairError::Mismatch { .. } => {
                "Name the two files that were issued together, the server's certificate first."
            }
            PairError::Unusable { .. } => "Use a certificate with an ECDSA, Ed25519 or RSA key.",
        };
        Self::new(Exit::Environment, error.to_string(), next)
    }
}
