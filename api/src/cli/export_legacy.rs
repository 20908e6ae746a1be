//! `levelup export-legacy`: writes accounts back as SQL for a database of the legacy system, so that a rollout can be
//! reversed.

use std::fs::{File, rename};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use application::identity::{Act, Actor, Entry, Place, SecurityLog};
use application::legacy_export::{Ids, begin, end, inserts, rows, take_away};
use clap::Args;
use infrastructure::clock::now_ms;
use infrastructure::config::Settings;
use infrastructure::postgres::directory::PostgresDirectory;
use infrastructure::postgres::legacy_exports::{Exportable, PostgresLegacyExports};
use infrastructure::postgres::pool;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::import_legacy::meter::Meter;
use super::rebuild::must_be_migrated;
use super::{CliError, Exit, database, signals};

/// Where ids of rows begin that were made here, unless it is told: far above what the legacy database counts.
const FIRST_ID: i64 = 1_000_000_000;

/// What `levelup export-legacy` is told.
#[derive(Args, Debug)]
pub struct ExportLegacyArgs {
    /// The file to write; it holds hashes of passwords, keep it as a secret
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Only this account: its e-mail address, its id or its id in the legacy system
    #[arg(long, value_name = "ADDRESS|ID")]
    pub account: Option<String>,
    /// The first id of rows that were made here; it has to be above all ids of the legacy database
    #[arg(long, value_name = "NUMBER", default_value_t = FIRST_ID, value_parser = clap::value_parser!(i64).range(1..=2_000_000_000))]
    pub first_id: i64,
    /// Where and with what.
    #[command(flatten)]
    pub settings: Settings,
}

/// Exports.
pub async fn run(args: ExportLegacyArgs) -> Result<(), CliError> {
    database::with(&args.settings, async |database| {
        must_be_migrated(database).await?;
        let stop = signals::stop_token()?;
        let pool = pool::connect(database.config().clone(), args.settings.pool_size)?;
        let store = PostgresLegacyExports::new(pool.clone());
        let accounts = chosen(&args, store.accounts().await?)?;
        let entry = Entry {
            account: args.account.as_ref().and_then(|_| accounts.first()).map(|one| one.id),
            at: now_ms(),
            act: Act::AccountsExported,
            actor: Actor::Operator,
            session: None,
            device: None,
            place: Place::default(),
            about: json!({ "all": args.account.is_none(), "for": "legacy" }),
        };
        PostgresDirectory::new(pool.clone()).record(entry).await?;
        let written = write(&args, &store, &accounts, &stop).await;
        pool.close();
        println!("{}", written?);
        let without = accounts.iter().filter(|one| !one.has_password).count();
        if without > 0 {
            println!(
                "{without} of them have a password that the legacy system cannot check; they set another one there by mail"
            );
        }
        Ok(())
    })
    .await
}

fn chosen(args: &ExportLegacyArgs, accounts: Vec<Exportable>) -> Result<Vec<Exportable>, CliError> {
    let Some(named) = &args.account else { return Ok(accounts) };
    let is_meant = |one: &Exportable| {
        one.user_id == *named || one.id.to_string() == *named || one.email.eq_ignore_ascii_case(named)
    };
    let chosen: Vec<Exportable> = accounts.into_iter().filter(is_meant).collect();
    if chosen.is_empty() {
        let next = "Check --account; without it all accounts are exported.";
        return Err(CliError::new(Exit::Failed, "There is no such account", next));
    }
    Ok(chosen)
}

async fn write(
    args: &ExportLegacyArgs,
    store: &PostgresLegacyExports,
    accounts: &[Exportable],
    stop: &CancellationToken,
) -> Result<String, CliError> {
    let failed = |error: std::io::Error| unwritable(&args.file, &error);
    let mut file = BufWriter::new(create(&part(&args.file)).map_err(failed)?);
    let users: Vec<String> = accounts.iter().map(|one| one.user_id.clone()).collect();
    write!(file, "{}{}", begin(), take_away(&users)).map_err(failed)?;
    let (mut ids, mut meter) = (Ids::above(args.first_id), Meter::new(accounts.len() as u64, 0));
    for one in accounts {
        let account = store.account(one).await?;
        let tables = rows(&account, &mut ids);
        for (table, rows) in &tables {
            file.write_all(inserts(table, rows).as_bytes()).map_err(failed)?;
        }
        meter.account(tables.iter().map(|(_, rows)| rows.len() as u64).sum());
        if stop.is_cancelled() {
            let next = "What was written is no whole export; run the same command again.";
            return Err(CliError::new(Exit::Interrupted, "Stopped before the end", next));
        }
    }
    write!(file, "{}", end()).map_err(failed)?;
    let file = file.into_inner().map_err(|error| failed(error.into_error()))?;
    file.sync_all().and_then(|()| rename(part(&args.file), &args.file)).map_err(failed)?;
    Ok(format!("accounts: {}; {}", accounts.len(), meter.finish()))
}

/// A file that only its owner reads: it holds what people sign in with.
fn create(path: &Path) -> std::io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    File::options().write(true).create(true).truncate(true).mode(0o600).open(path)
}

fn part(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    name.into()
}

fn unwritable(path: &Path, error: &std::io::Error) -> CliError {
    CliError::new(
        Exit::Environment,
        format!("{}: {error}", path.display()),
        "Make room or give rights, or name another file.",
    )
}
