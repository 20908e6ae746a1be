//! `levelup export-legacy`: writes accounts back for a database of the legacy system, so that a rollout can be reversed: as
//! SQL in a file, or into that database at once.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;

use application::erase::ErasureList;
use application::identity::{Act, Actor, Entry, Place, SecurityLog};
use application::legacy_export::rows;
use clap::Args;
use deadpool_postgres::Pool;
use domain::id::AccountId;
use infrastructure::clock::now_ms;
use infrastructure::config::{SecretUrl, Settings};
use infrastructure::erasure::ErasureFile;
use infrastructure::legacy_target::{LegacyTarget, Remark, TargetError, script};
use infrastructure::postgres::directory::PostgresDirectory;
use infrastructure::postgres::legacy_exports::{Exportable, PostgresLegacyExports};
use infrastructure::postgres::pool;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::import_legacy::meter::Meter;
use super::import_legacy::{config, named};
use super::rebuild::must_be_migrated;
use super::whole_file::WholeFile;
use super::{CliError, Exit, database, signals};

/// What `levelup export-legacy` is told.
#[derive(Args, Debug)]
pub struct ExportLegacyArgs {
    /// The file to write; it holds hashes of passwords, keep it as a secret
    #[arg(value_name = "FILE", required_unless_present = "load")]
    pub file: Option<PathBuf>,
    /// Write into the legacy database at once, instead of a file
    #[arg(long, conflicts_with = "file")]
    pub load: bool,
    /// That database, as a PostgreSQL URL; its role has to be the owner of the tables
    #[arg(
        long,
        env = "LEVELUP_LEGACY_URL",
        value_name = "URL",
        hide_env_values = true,
        default_value = "",
        hide_default_value = true
    )]
    pub to: SecretUrl,
    /// Only this account: its e-mail address, its id or its id in the legacy system; as often as there are accounts
    #[arg(long, value_name = "ADDRESS|ID")]
    pub account: Vec<String>,
    /// Where and with what.
    #[command(flatten)]
    pub settings: Settings,
}

/// Where the pieces of the script go.
enum Destination {
    File(WholeFile),
    Database(LegacyTarget),
}

/// Exports.
pub async fn run(args: ExportLegacyArgs) -> Result<(), CliError> {
    database::with(&args.settings, async |database| {
        must_be_migrated(database).await?;
        let stop = signals::stop_token()?;
        let pool = pool::connect(database.config().clone(), args.settings.pool_size)?;
        let exported = export(&args, &pool, &stop).await;
        pool.close();
        exported
    })
    .await
}

async fn export(args: &ExportLegacyArgs, pool: &Pool, stop: &CancellationToken) -> Result<(), CliError> {
    let store = PostgresLegacyExports::new(pool.clone());
    let accounts = chosen(args, alive(args, store.accounts().await?).await?)?;
    let mut destination = Destination::open(args).await?;
    let directory = PostgresDirectory::new(pool.clone());
    for entry in entries(args, &accounts) {
        directory.record(entry).await?;
    }
    let mut meter = Meter::new(accounts.len() as u64, 0);
    let written = write(&mut destination, &store, &accounts, (&mut meter, stop)).await;
    let took = meter.finish();
    let Written { accounts, without } = written?;
    for Remark { table, row, said } in destination.finish().await? {
        println!("{table}{}: {said}", row.map(|row| format!(" {row}")).unwrap_or_default());
    }
    println!("accounts: {accounts}; {took}");
    if without > 0 {
        println!(
            "{without} of them have a password that the legacy system cannot check; they set another one there by mail"
        );
    }
    Ok(())
}

/// Those of them that were not erased, also if this database is an old one and knows nothing of it: the list of erasures
/// lies in the data directory.
async fn alive(args: &ExportLegacyArgs, accounts: Vec<Exportable>) -> Result<Vec<Exportable>, CliError> {
    let listed = ErasureFile::within(&args.settings.data_dir).lines().await?;
    let erased: HashSet<AccountId> = listed.into_iter().map(|line| line.account).collect();
    Ok(accounts.into_iter().filter(|one| !erased.contains(&one.id)).collect())
}

/// What people sign in with leaves the database: the security log says so before the first line is written.
fn entries(args: &ExportLegacyArgs, accounts: &[Exportable]) -> Vec<Entry> {
    let entry = |account| Entry {
        account,
        at: now_ms(),
        act: Act::AccountsExported,
        actor: Actor::Operator,
        session: None,
        device: None,
        place: Place::default(),
        about: json!({ "all": args.account.is_empty(), "for": "legacy" }),
    };
    if args.account.is_empty() {
        return vec![entry(None)];
    }
    accounts.iter().map(|one| entry(Some(one.id))).collect()
}

fn chosen(args: &ExportLegacyArgs, accounts: Vec<Exportable>) -> Result<Vec<Exportable>, CliError> {
    let is_meant = |one: &Exportable, named: &str| {
        one.user_id == named || one.id.to_string() == named || one.email.eq_ignore_ascii_case(named)
    };
    named(&args.account, accounts, is_meant).map_err(|missing| {
        let next = "Check --account; without it all accounts are exported.";
        CliError::new(Exit::Failed, format!("There is no such account: {missing}"), next)
    })
}

/// What was written.
struct Written {
    accounts: u64,
    /// How many of them have a password that the legacy system cannot check.
    without: u64,
}

async fn write(
    destination: &mut Destination,
    store: &PostgresLegacyExports,
    accounts: &[Exportable],
    (meter, stop): (&mut Meter, &CancellationToken),
) -> Result<Written, CliError> {
    let mut without = HashMap::new();
    for one in accounts {
        let Some(account) = store.account(one).await? else {
            meter.account(0);
            continue;
        };
        without.insert(one.id, !account.has_password());
        destination.put(&script::account(one.id, &account)).await?;
        let tables = rows(&account);
        for (table, rows) in &tables {
            destination.put(&script::rows(one.id, table, rows)).await?;
        }
        meter.account(tables.iter().map(|(_, rows)| rows.len() as u64).sum());
        if stop.is_cancelled() {
            let next = "Nothing of it is kept; run the same command again.";
            return Err(CliError::new(Exit::Interrupted, "Stopped before the end", next));
        }
    }
    // Others may take long; who was erased since does not go back.
    for gone in store.erased(accounts).await? {
        if without.remove(&gone).is_some() {
            destination.put(&script::without(gone)).await?;
        }
    }
    let unset = without.values().filter(|without| **without).count();
    Ok(Written { accounts: without.len() as u64, without: unset as u64 })
}

impl Destination {
    async fn open(args: &ExportLegacyArgs) -> Result<Self, CliError> {
        let Some(path) = args.file.as_ref().filter(|_| !args.load) else {
            let config = config(&args.to, "--to")?;
            return Ok(Self::Database(LegacyTarget::begin(&config).await?));
        };
        let mut file = WholeFile::begin(path)?;
        file.add(&script::begin())?;
        Ok(Self::File(file))
    }

    async fn put(&mut self, piece: &str) -> Result<(), CliError> {
        match self {
            Self::File(file) => file.add(piece),
            Self::Database(target) => Ok(target.put(piece).await?),
        }
    }

    /// Ends it; what was said of rows that could not be written as they are. A file says that where it is run.
    async fn finish(self) -> Result<Vec<Remark>, CliError> {
        match self {
            Self::File(mut file) => {
                for piece in [script::write(), script::said(), script::COMMIT] {
                    file.add(piece)?;
                }
                file.finish().map(|()| Vec::new())
            }
            Self::Database(target) => Ok(target.finish().await?),
        }
    }
}

impl From<TargetError> for CliError {
    fn from(error: TargetError) -> Self {
        let next = match error {
            TargetError::Connect(_) => "Start that PostgreSQL or correct --to.",
            TargetError::Database(_) => "Put right what it names, and run the same command again.",
        };
        Self::new(Exit::Database, error.to_string(), next)
    }
}
