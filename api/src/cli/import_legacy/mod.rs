//! `levelup import-legacy`: brings accounts over from the database of the legacy system, beside a server that runs. The
//! legacy database is only read. Stopped or killed, the same command goes on where it was; run again, it adds only what is
//! new.

mod accounts;
pub(super) mod meter;
mod report;

use std::path::PathBuf;

use application::erase::ErasureList;
use application::identity::limits::DELETION_GRACE_DAYS;
use clap::Args;
use infrastructure::config::{SecretUrl, Settings};
use infrastructure::erasure::ErasureFile;
use infrastructure::legacy_source::{LegacySource, LegacyUser, SourceError};
use infrastructure::legacy_url::LegacyUrl;
use infrastructure::postgres::legacy_imports::Terms;
use infrastructure::postgres::pool;

use self::accounts::Accounts;
use self::meter::Meter;
use self::report::{Fared, Report};
use super::rebuild::must_be_migrated;
use super::{CliError, Exit, database, signals};

/// What `levelup import-legacy` is told.
#[derive(Args, Debug)]
pub struct ImportLegacyArgs {
    /// The legacy database, as a PostgreSQL URL; a role that may only read is enough
    #[arg(
        long,
        env = "LEVELUP_LEGACY_URL",
        value_name = "URL",
        hide_env_values = true,
        default_value = "",
        hide_default_value = true
    )]
    pub from: SecretUrl,
    /// Only this account: its e-mail address or its id there; as often as there are accounts
    #[arg(long, value_name = "ADDRESS|ID")]
    pub account: Vec<String>,
    /// Only say what that would come to; write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Write what became of every row that was not taken as it is to this file, as JSON
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    /// Days that an account waits at least whose owner wished it away there
    #[arg(long, env = "LEVELUP_DELETION_GRACE_DAYS", value_name = "DAYS", default_value_t = DELETION_GRACE_DAYS,
          value_parser = clap::value_parser!(i64).range(0..=365))]
    pub deletion_grace_days: i64,
    /// Write the same to this file as text; without any file it stands on standard output
    #[arg(long, value_name = "FILE")]
    pub report_text: Option<PathBuf>,
    /// Where and with what. The time zone is that of the imported accounts: the legacy system knew none.
    #[command(flatten)]
    pub settings: Settings,
}

/// Imports.
pub async fn run(args: ImportLegacyArgs) -> Result<(), CliError> {
    let config = config(&args.from, "--from")?;
    let mut source = LegacySource::open(&config).await?;
    if !source.zone().eq_ignore_ascii_case("utc") && !source.zone().eq_ignore_ascii_case("etc/utc") {
        eprintln!(
            "the legacy database writes moments of its own in {}; they are read as UTC, as all others",
            source.zone()
        );
    }
    let users = chosen(&args, source.users().await?)?;
    let mut report = Report::open(args.report.as_deref(), args.report_text.as_deref(), args.dry_run)?;
    database::with(&args.settings, async |database| {
        must_be_migrated(database).await?;
        let stop = signals::stop_token()?;
        let pool = pool::connect(database.config().clone(), args.settings.pool_size)?;
        let rows = if args.account.is_empty() { source.count().await? } else { 0 };
        let accounts = Accounts::begin(pool.clone(), &args.settings, args.dry_run, stop.clone());
        let mut meter = Meter::new(users.len() as u64, rows);
        let accounts = accounts.on(terms(&args).await?);
        left_out(&mut report, &source).await?;
        let mut ended = Ok(());
        for user in &users {
            ended = one(&accounts, &mut source, user, (&mut report, &mut meter)).await;
            if ended.is_ok() && stop.is_cancelled() {
                let next = "What was brought stays; the same command goes on behind it.";
                ended = Err(CliError::new(Exit::Interrupted, "Stopped before the end", next));
            }
            if ended.is_err() {
                break;
            }
        }
        let took = meter.finish();
        // A private PostgreSQL stops at once when nobody is connected any more.
        pool.close();
        let told = report.end(&took);
        ended.and(told)
    })
    .await
}

/// The legacy database that an option names.
pub(super) fn config(url: &SecretUrl, option: &str) -> Result<LegacyUrl, CliError> {
    let url = url.get().ok_or_else(|| {
        let next = format!("Name it with {option} or LEVELUP_LEGACY_URL.");
        CliError::new(Exit::Usage, "There is no legacy database to read", next)
    })?;
    // The parser's reason can quote a piece of a password that was not escaped, so it is not shown.
    LegacyUrl::parse(url).ok_or_else(|| {
        let next = "Write postgres://user:password@host:5432/database, special characters percent-encoded.";
        CliError::new(Exit::Usage, format!("{option} is not a PostgreSQL connection URL"), next)
    })
}

async fn one(
    accounts: &Accounts,
    source: &mut LegacySource,
    user: &LegacyUser,
    (report, meter): (&mut Report, &mut Meter),
) -> Result<(), CliError> {
    let Some(account) = source.account(&user.id).await? else { return Ok(()) };
    meter.begin(account.count());
    let fared = accounts.bring(&account, user, meter).await?;
    if !matches!(fared, Fared::Stopped { .. }) {
        meter.account(account.count());
    }
    report.add(user, &fared, meter)
}

/// Whoever was erased stays erased, also where the database knows nothing of it: the list lies in the data directory.
async fn terms(args: &ImportLegacyArgs) -> Result<Terms, CliError> {
    let listed = ErasureFile::within(&args.settings.data_dir).lines().await?;
    Ok(Terms::new(listed.into_iter().map(|line| line.account).collect(), args.deletion_grace_days))
}

/// Tells of the tables of which nothing comes.
async fn left_out(report: &mut Report, source: &LegacySource) -> Result<(), CliError> {
    report.left_out(source.left_out().await?);
    Ok(())
}

/// The users that are meant.
fn chosen(args: &ImportLegacyArgs, users: Vec<LegacyUser>) -> Result<Vec<LegacyUser>, CliError> {
    let is_meant = |user: &LegacyUser, named: &str| user.id == named || user.email.eq_ignore_ascii_case(named);
    named(&args.account, users, is_meant).map_err(|missing| {
        let next = "Check --account; without it all accounts are imported.";
        CliError::new(Exit::Failed, format!("The legacy database has no such account: {missing}"), next)
    })
}

/// Those of all that somebody named, each once; all of them when nobody named any. A name that is nobody's is returned.
pub(super) fn named<T>(names: &[String], all: Vec<T>, is_meant: impl Fn(&T, &str) -> bool) -> Result<Vec<T>, String> {
    if let Some(missing) = names.iter().find(|name| !all.iter().any(|one| is_meant(one, name))) {
        return Err(missing.clone());
    }
    let is_named = |one: &T| names.is_empty() || names.iter().any(|name| is_meant(one, name));
    Ok(all.into_iter().filter(is_named).collect())
}

impl From<SourceError> for CliError {
    fn from(error: SourceError) -> Self {
        let next = match error {
            SourceError::Connect(_) => "Start that PostgreSQL or correct --from.",
            SourceError::NoUsers => "Name the legacy database with --from; `?options=-csearch_path=…` names a schema.",
            SourceError::Database(_) => "What was brought stays; the same command goes on behind it.",
        };
        Self::new(Exit::Database, error.to_string(), next)
    }
}
