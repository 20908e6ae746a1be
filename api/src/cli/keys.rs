//! `levelup keys`: the keys that sign access tokens. Servers notice a change by themselves within a second; nobody is
//! signed out by a rotation.

use clap::{Args, Subcommand};
use infrastructure::config::Settings;
use infrastructure::postgres::pool;
use infrastructure::tokens::{self, KeyStanding, KeyState, RotationError};
use jiff::Timestamp;

use super::database::{self, Database};
use super::rebuild::must_be_migrated;
use super::{CliError, Exit};

/// What `levelup keys` is told.
#[derive(Args, Debug)]
pub struct KeysArgs {
    #[command(subcommand)]
    work: Work,
}

#[derive(Subcommand, Debug)]
enum Work {
    /// Print every key and how it stands
    List {
        /// Where and with what.
        #[command(flatten)]
        settings: Settings,
    },
    /// Let a new key of this data directory sign; what the old one signed stays good until it has expired
    Rotate {
        /// Where and with what.
        #[command(flatten)]
        settings: Settings,
    },
    /// End a key now, because it leaked: what it signed is refused, and those sessions refresh
    Revoke {
        /// The key's name, as `levelup keys list` prints it
        #[arg(allow_hyphen_values = true)]
        id: String,
        /// Where and with what.
        #[command(flatten)]
        settings: Settings,
    },
}

/// Does the work and says what was done.
pub async fn run(args: KeysArgs) -> Result<(), CliError> {
    let (Work::List { settings } | Work::Rotate { settings } | Work::Revoke { settings, .. }) = &args.work;
    database::with(settings, async |database: &Database| {
        must_be_migrated(database).await?;
        let (dir, pool) = (&settings.data_dir, pool::connect(database.config().clone(), 1)?);
        match &args.work {
            Work::List { .. } => tokens::list(dir, &pool).await?.iter().for_each(|key| println!("{}", line(key))),
            Work::Rotate { .. } => {
                let (new, retired) = tokens::rotate(dir, &pool).await?;
                println!("{new} signs from now on; retired: {}", named(&retired));
            }
            Work::Revoke { id, .. } => {
                let revoked = tokens::revoke(dir, &pool, id).await?;
                println!("{id} has ended; at most {} sessions have to refresh", revoked.sessions);
                revoked.successor.iter().for_each(|new| println!("{new} signs in its place"));
            }
        }
        Ok(())
    })
    .await
}

fn line(key: &KeyState) -> String {
    let standing = match key.standing {
        KeyStanding::Signs => "signs".to_owned(),
        KeyStanding::Retired(until) => format!("retired, good until {}", moment(until)),
        KeyStanding::Ended(since) => format!("ended {}", moment(since)),
    };
    let place = if key.is_here { "here" } else { "elsewhere" };
    format!("{}  made {}  {place:<9}  {standing}", key.id, moment(key.created_at))
}

fn named(ids: &[String]) -> String {
    if ids.is_empty() { "none".to_owned() } else { ids.join(", ") }
}

/// To the second, in UTC.
fn moment(ms: i64) -> String {
    let moment = Timestamp::from_millisecond(ms).unwrap_or_default();
    moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

impl From<RotationError> for CliError {
    fn from(error: RotationError) -> Self {
        let (exit, next) = match &error {
            RotationError::Files(_) => (Exit::Environment, "Run it as the account that runs the server."),
            RotationError::Table(_) => (Exit::Database, "Run the same command again when PostgreSQL is back."),
            RotationError::Unknown(_) => (Exit::Usage, "`levelup keys list` prints the names."),
        };
        Self::new(exit, error.to_string(), next)
    }
}
