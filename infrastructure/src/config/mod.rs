//! Every setting of the program, in one place: its flag, its variable, its default and its meaning.
//!
//! A flag wins over the variable, the variable over the default. `levelup help` prints this list from here, and
//! `docs/OPERATIONS.md` repeats it. Nothing else in the program reads the environment for a setting of its own.

mod backup;
mod group_scope;
mod hints;
mod http;
mod identity;
mod in_force;
mod limits;
mod mail;
mod rate;
mod rebuilding;
mod replica;
mod serving;
mod tracing;
mod verify;
mod versions;

use std::{fmt, path::PathBuf, process::Command};

use clap::{Args, ValueEnum};

pub use backup::{Backup, parse_chain};
pub use group_scope::GroupScope;
pub use hints::{Hints, HintsOver};
pub use http::Http;
pub use identity::{EmailVerification, Identity};
pub use in_force::{InForce, Origin, in_force};
pub use limits::{Limits, SignInDelay};
pub use mail::Mail;
pub use rate::{Per, Rate};
pub use rebuilding::Rebuilding;
pub use replica::Replica;
pub use serving::Serving;
pub use tracing::Tracing;
pub use verify::Verify;
pub use versions::{ApiVersion, Versions};

/// What a subcommand that works with the database and the data directory needs to know.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Settings")]
pub struct Settings {
    /// PostgreSQL to use, as a URL; without it a private PostgreSQL runs under the data directory
    #[arg(
        long,
        env = "DATABASE_URL",
        value_name = "URL",
        hide_env_values = true,
        default_value = "",
        hide_default_value = true
    )]
    pub database_url: SecretUrl,

    /// Directory for the keys and the private PostgreSQL; made when missing
    #[arg(long, env = "LEVELUP_DATA_DIR", value_name = "DIR", default_value_os_t = default_data_dir())]
    pub data_dir: PathBuf,

    /// Connections to PostgreSQL that this process keeps at most
    #[arg(long, env = "LEVELUP_POOL_SIZE", value_name = "COUNT", default_value_t = POOL_CONNECTIONS_DEFAULT,
          value_parser = parse_pool_size)]
    pub pool_size: usize,

    /// IANA time zone of an account that names none at registration
    #[arg(long, env = "LEVELUP_TIME_ZONE", value_name = "ZONE", default_value = "UTC", value_parser = parse_time_zone)]
    pub time_zone: String,

    /// What one append may touch: `cluster`, or `space` where the database is spread over several machines by space
    #[arg(long, env = "LEVELUP_GROUP_SCOPE", value_name = "SCOPE", value_enum, default_value_t = GroupScope::Cluster,
          hide_possible_values = true)]
    pub group_scope: GroupScope,

    /// How the database was reached in the end, for what needs a connection outside of the pool; no setting of its own.
    #[arg(skip)]
    pub reached: Option<tokio_postgres::Config>,
}

/// What goes to the log and how it is written. The log is on standard error.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Settings")]
pub struct Logging {
    /// What to log: a level (error, warn, info, debug, trace) or a list such as `info,infrastructure=debug`
    #[arg(long, env = "LEVELUP_LOG", value_name = "FILTER", default_value = "info", global = true)]
    pub log: String,

    /// How to write the log: `text` (a line each), `pretty` (several lines each, for a person) or `json`
    #[arg(long, env = "LEVELUP_LOG_FORMAT", value_name = "FORMAT", value_enum, default_value_t = LogFormat::Text,
          hide_possible_values = true, global = true)]
    pub log_format: LogFormat,

    /// Where spans go.
    #[command(flatten)]
    pub tracing: Tracing,
}

/// The form of a log line.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum LogFormat {
    /// One readable line.
    Text,
    /// Several lines, for a person who looks for one thing.
    Pretty,
    /// One JSON object a line.
    Json,
}

/// A URL to connect to. It may hold a password, so it never shows itself.
#[derive(Clone, Default, Eq, PartialEq)]
pub struct SecretUrl(String);

/// Connections of one process unless `LEVELUP_POOL_SIZE` says otherwise.
pub const POOL_CONNECTIONS_DEFAULT: usize = 16;
const POOL_CONNECTIONS_MAX: usize = 1000;

impl SecretUrl {
    /// The URL, or nothing when it was not set or set to nothing.
    pub fn get(&self) -> Option<&str> {
        Some(self.0.trim()).filter(|url| !url.is_empty())
    }
}

impl From<String> for SecretUrl {
    fn from(url: String) -> Self {
        Self(url)
    }
}

impl fmt::Debug for SecretUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.get().is_some() { "SecretUrl(hidden)" } else { "SecretUrl(none)" })
    }
}

/// The settings of a process that was given none.
impl Default for Settings {
    fn default() -> Self {
        Self {
            database_url: SecretUrl::default(),
            data_dir: default_data_dir(),
            pool_size: POOL_CONNECTIONS_DEFAULT,
            time_zone: "UTC".to_owned(),
            group_scope: GroupScope::Cluster,
            reached: None,
        }
    }
}

/// `/var/lib/levelup` for root; else `levelup` under the user's data home (`XDG_DATA_HOME`, `~/.local/share`).
fn default_data_dir() -> PathBuf {
    let from = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    if effective_user_id() == Some(0) {
        return PathBuf::from("/var/lib/levelup");
    }
    let data_home = from("XDG_DATA_HOME").or_else(|| from("HOME").map(|home| home.join(".local/share")));
    data_home.map_or_else(|| PathBuf::from("levelup-data"), |home| home.join("levelup"))
}

/// Who this process runs as. Asked of `id`, because the call itself needs unsafe code.
pub(crate) fn effective_user_id() -> Option<u32> {
    let answer = Command::new("id").arg("-u").output().ok()?;
    String::from_utf8(answer.stdout).ok()?.trim().parse().ok()
}

fn parse_pool_size(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(size) if (1..=POOL_CONNECTIONS_MAX).contains(&size) => Ok(size),
        _ => Err(format!("give a number from 1 to {POOL_CONNECTIONS_MAX}")),
    }
}

fn parse_time_zone(text: &str) -> Result<String, String> {
    match domain::rules::day::is_time_zone(text) {
        true => Ok(text.to_owned()),
        false => Err("give an IANA time zone such as Europe/Vienna".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::{Command, FromArgMatches};

    fn command() -> Command {
        Logging::augment_args(Settings::augment_args(Command::new("levelup")))
    }

    fn settings(arguments: &[&str]) -> Result<Settings, clap::Error> {
        let matches = command().try_get_matches_from([&["levelup"], arguments].concat())?;
        Settings::from_arg_matches(&matches)
    }

    #[test]
    fn a_database_url_never_shows_itself() {
        let settings = settings(&["--database-url", "postgres://me:secret@host/db"]).unwrap();
        assert!(!format!("{settings:?}").contains("secret"));
        assert_eq!(settings.database_url.get(), Some("postgres://me:secret@host/db"));
    }

    #[test]
    fn an_empty_database_url_is_none() {
        assert_eq!(settings(&["--database-url", " "]).unwrap().database_url.get(), None);
    }

    #[test]
    fn an_unknown_time_zone_and_an_empty_pool_are_refused() {
        assert!(settings(&["--time-zone", "Middle/Earth"]).is_err());
        assert!(settings(&["--pool-size", "0"]).is_err());
    }
}
