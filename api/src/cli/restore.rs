//! `levelup restore`: brings a backup back into an empty database, which it migrates first. All of it is checked before
//! anything is written; stopped or killed, the same command goes on.

use std::path::PathBuf;

use application::backup::Wanted;
use application::identity::limits::DELETION_GRACE_DAYS;
use clap::Args;
use infrastructure::backup::{BackupError, Folder, Lists, News, Restore, Restored, locate};
use infrastructure::config::Settings;
use infrastructure::erasure::ErasureFile;
use infrastructure::postgres::{backup::restoring, pool};
use jiff::Timestamp;

use super::import::meter::Meter;
use super::{CliError, Exit, database, serve, signals};

/// Connections beside the one that writes: for erasing, and for the life of the logs.
const POOL_SIZE: usize = 2;
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// What `levelup restore` is told.
#[derive(Args, Debug)]
pub struct RestoreArgs {
    /// A backup, or a folder of backups for the newest in it
    #[arg(value_name = "PATH")]
    pub path: PathBuf,
    /// The backup of this name instead of the newest
    #[arg(long, value_name = "NAME", conflicts_with = "to_instant")]
    pub at: Option<String>,
    /// The newest backup that was whole at a moment, such as 2026-03-01T12:00:00Z
    #[arg(long, value_name = "MOMENT", value_parser = parse_moment)]
    pub to_instant: Option<Timestamp>,
    /// A list of erasures beside those of the data directory and of the backups; may be given several times
    #[arg(long, value_name = "FILE")]
    pub erasures: Vec<PathBuf>,
    /// Go on with what can be read of lists of erasures that are damaged or lost; whoever stands there alone comes back
    #[arg(long)]
    pub incomplete_erasures: bool,
    /// Days that an account waits at least whose owner had wished it away when the backup was made
    #[arg(long, env = "LEVELUP_DELETION_GRACE_DAYS", value_name = "DAYS", default_value_t = DELETION_GRACE_DAYS,
          value_parser = clap::value_parser!(i64).range(0..=365))]
    pub deletion_grace_days: i64,
    /// Where and with what; the data directory is that of the server that will serve it.
    #[command(flatten)]
    pub settings: Settings,
}

/// Restores, and says what came back.
pub async fn run(args: RestoreArgs) -> Result<(), CliError> {
    let (dir, named) = locate(&args.path);
    let at = args.to_instant.map(|moment| Wanted::At(moment.as_millisecond()));
    let named = args.at.clone().or(named).map(Wanted::Named);
    let (folder, wanted) = (Folder::open(&dir)?, at.or(named).unwrap_or(Wanted::Newest));
    let lists = lists(&args)?;
    serve::make_data_dir(&args.settings.data_dir)?;
    database::with(&args.settings, async |database| {
        let mut client = pool::connect_alone(database.config()).await?;
        if restoring::is_taken(&client).await? {
            return Err(BackupError::NotEmpty.into());
        }
        database.migrate().await?;
        let stop = signals::stop_token()?;
        let pool = pool::connect(database.config().clone(), POOL_SIZE)?;
        let (data_dir, grace_ms) = (args.settings.data_dir.as_path(), args.deletion_grace_days * DAY_MS);
        let restore = Restore { pool: pool.clone(), data_dir, folder: &folder, wanted: &wanted, lists, grace_ms };
        let (mut what, mut meter, mut took) = ("read", Meter::new("read"), Vec::new());
        let mut tell = |news: News| {
            let (now, progress) = match news {
                News::Hashed(progress) => ("read", progress),
                News::Checked(progress) => ("checked", progress),
                News::Taken(progress) => ("taken over", progress),
            };
            if what != now {
                took.push(format!("{what} in {}", meter.finish()));
                (what, meter) = (now, Meter::new(now));
            }
            meter.show(&progress);
        };
        let restored = restore.run(&mut client, &stop, &mut tell).await;
        took.push(format!("{what} in {}", meter.finish()));
        pool.close();
        println!("{}; {}", sentence(&restored?), took.join(", "));
        Ok(())
    })
    .await
}

/// The lists of erasures. One that is named has to be there, whatever else is lost.
fn lists(args: &RestoreArgs) -> Result<Lists, CliError> {
    if let Some(lost) = args.erasures.iter().find(|list| !list.is_file()) {
        let sentence = format!("There is no list at {}", lost.display());
        return Err(CliError::new(Exit::Usage, sentence, "Name the erasures.ndjson of another data directory."));
    }
    let others = args.erasures.iter().map(|list| ErasureFile::at(list)).collect();
    let beside = ErasureFile::within(&args.settings.data_dir);
    Ok(Lists { beside, others, incomplete: args.incomplete_erasures })
}

/// What came back, in one line.
fn sentence(restored: &Restored) -> String {
    let Restored { name, began_at, chain, taken, rows, erased, postponed, epoch } = restored;
    let moment = Timestamp::from_millisecond(*began_at).unwrap_or_default();
    let (spaces, events, accounts) = (taken.spaces, taken.events, taken.accounts);
    format!(
        "restored as of {moment}: {name}, the last of {chain}: spaces: {spaces}, events: {events}, accounts: {accounts}, \
         other rows: {rows}; here already: {}, left out as erased: {} (of {erased} on the lists), \
         to be erased later than they were: {postponed}; epoch {epoch} has begun",
        taken.here, taken.skipped
    )
}

fn parse_moment(text: &str) -> Result<Timestamp, String> {
    text.trim().parse().map_err(|_| "give a moment such as 2026-03-01T12:00:00Z".to_owned())
}
