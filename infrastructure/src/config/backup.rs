//! Backups that a serving process makes by itself.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

/// How often when nothing is said.
const EVERY_S: u64 = 6 * 60 * 60;
/// The longest pause.
const EVERY_S_MAX: u64 = 366 * 24 * 60 * 60;
const KEEP: usize = 7;
const CHAIN: usize = 28;
const KEEP_MAX: usize = 1_000;
/// A restore reads all backups of a chain side by side, each an open file.
const CHAIN_MAX: usize = 100;

/// What the maker of backups is told.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Settings")]
pub struct Backup {
    /// Folder to which backups are made by themselves; none are made without it
    #[arg(long, env = "LEVELUP_BACKUP_DIR", value_name = "DIR")]
    pub backup_dir: Option<PathBuf>,

    /// How long after a backup the next one is made, such as 30min, 6h or 1d
    #[arg(long, env = "LEVELUP_BACKUP_EVERY", value_name = "TIME", default_value = "6h", value_parser = parse_every)]
    pub backup_every: Duration,

    /// Chains of backups that are kept, each a full one with its increments
    #[arg(long, env = "LEVELUP_BACKUP_KEEP", value_name = "COUNT", default_value_t = KEEP, value_parser = parse_keep)]
    pub backup_keep: usize,

    /// Backups of a chain: after so many the next one is full
    #[arg(long, env = "LEVELUP_BACKUP_CHAIN", value_name = "COUNT", default_value_t = CHAIN, value_parser = parse_chain)]
    pub backup_chain: usize,
}

impl Default for Backup {
    fn default() -> Self {
        Self { backup_dir: None, backup_every: Duration::from_secs(EVERY_S), backup_keep: KEEP, backup_chain: CHAIN }
    }
}

fn parse_every(text: &str) -> Result<Duration, String> {
    let text = text.trim();
    let units = [("min", 60), ("s", 1), ("h", 3_600), ("d", 86_400)];
    let seconds = units.iter().find_map(|(unit, seconds)| {
        let count: u64 = text.strip_suffix(unit)?.trim().parse().ok()?;
        count.checked_mul(*seconds)
    });
    let seconds = seconds.filter(|seconds| (1..=EVERY_S_MAX).contains(seconds));
    seconds.map(Duration::from_secs).ok_or_else(|| "give a time such as 30min, 6h or 1d, up to 366d".to_owned())
}

fn parse_keep(text: &str) -> Result<usize, String> {
    parse_count(text, KEEP_MAX)
}

/// How many backups a chain may have, whoever makes them.
///
/// # Errors
/// It is no such number.
pub fn parse_chain(text: &str) -> Result<usize, String> {
    parse_count(text, CHAIN_MAX)
}

fn parse_count(text: &str, max: usize) -> Result<usize, String> {
    let number = text.trim().parse().ok().filter(|number| (1..=max).contains(number));
    number.ok_or_else(|| format!("give a number from 1 to {max}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_is_no_longer_than_a_restore_can_read() {
        assert_eq!(parse_chain(" 100 "), Ok(100));
        for text in ["", "0", "-1", "101", "x"] {
            assert!(parse_chain(text).is_err(), "{text}");
        }
        assert_eq!(parse_keep("1000"), Ok(1_000));
    }

    #[test]
    fn a_time_has_a_number_and_a_unit() {
        for (text, seconds) in [("6h", 21_600), ("30min", 1_800), ("45s", 45), (" 2 d ", 172_800)] {
            assert_eq!(parse_every(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        for text in ["", "6", "h", "0s", "-1h", "1.5h", "6 weeks", "367d", "99999999999999999999d"] {
            assert!(parse_every(text).is_err(), "{text}");
        }
    }
}
