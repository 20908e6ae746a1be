//! How much one address, account or device may ask for, and how much is taken on at once.

use clap::{Args, ValueEnum};

use super::rate::{Per, Rate};

const SIGN_IN: Rate = Rate::of(30, Per::Minute, 60);
const REFRESH: Rate = Rate::of(20, Per::Second, 1_000);
const WRITE: Rate = Rate::of(20, Per::Second, 400);
const READ: Rate = Rate::of(30, Per::Second, 600);
const HEAVY: Rate = Rate::of(10, Per::Second, 600);
const OTHER: Rate = Rate::of(10, Per::Second, 200);
const HASH_NICENESS: u8 = 19;
const WAITING_TRANSACTIONS: usize = 20_000;
const BODIES_MIB: usize = 256;
const EXPORTS: usize = 2;
const DEVICE_FEEDS: usize = 8;
const ACCOUNT_FEEDS: usize = 200;
const RECEIPT_DAYS: i64 = 400;
const SYNC_HISTORY_DAYS: i64 = 30;
/// Days that measures are kept: a quarter of a year.
const MEASURE_DAYS: i64 = 90;

/// What the limits are told. Each rate is `<count>/<s|min|h>[:<burst>]` or `off`.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Settings")]
pub struct Limits {
    /// Sign-ins, registrations and requests for mail of one address
    #[arg(long, env = "LEVELUP_LIMIT_SIGN_IN", value_name = "RATE", default_value_t = SIGN_IN)]
    pub limit_sign_in: Rate,

    /// Refreshes of one address
    #[arg(long, env = "LEVELUP_LIMIT_REFRESH", value_name = "RATE", default_value_t = REFRESH)]
    pub limit_refresh: Rate,

    /// Writes of one device, as requests or messages; an account gets 5 times as many, an address 50 times
    #[arg(long, env = "LEVELUP_LIMIT_WRITE", value_name = "RATE", default_value_t = WRITE)]
    pub limit_write: Rate,

    /// Reads of one device; an account gets 5 times as many, an address 50 times
    #[arg(long, env = "LEVELUP_LIMIT_READ", value_name = "RATE", default_value_t = READ)]
    pub limit_read: Rate,

    /// Pages of snapshots of one device; an account gets 5 times as many, an address 50 times
    #[arg(long, env = "LEVELUP_LIMIT_HEAVY", value_name = "RATE", default_value_t = HEAVY)]
    pub limit_heavy: Rate,

    /// Anything else of one device; an account gets 5 times as many, an address 50 times
    #[arg(long, env = "LEVELUP_LIMIT_OTHER", value_name = "RATE", default_value_t = OTHER)]
    pub limit_other: Rate,

    /// Whether failed sign-ins delay the next ones: `on` or `off`
    #[arg(long, env = "LEVELUP_SIGN_IN_DELAY", value_name = "WHEN", value_enum, default_value_t = SignInDelay::On,
          hide_possible_values = true)]
    pub sign_in_delay: SignInDelay,

    /// Passwords that are hashed at once; half of the processors when not set
    #[arg(long, env = "LEVELUP_HASH_THREADS", value_name = "COUNT", value_parser = parse_hash_threads)]
    pub hash_threads: Option<usize>,

    /// How far hashing stands back for everything else, 1 to 19, resting as long as it worked; 0: not at all
    #[arg(long, env = "LEVELUP_HASH_NICENESS", value_name = "NUMBER", default_value_t = HASH_NICENESS,
          value_parser = clap::value_parser!(u8).range(0..=19))]
    pub hash_niceness: u8,

    /// Transactions that may wait to be written; past it writers are told to come back
    #[arg(long, env = "LEVELUP_WAITING_TRANSACTIONS", value_name = "COUNT", default_value_t = WAITING_TRANSACTIONS,
          value_parser = parse_waiting)]
    pub waiting_transactions: usize,

    /// Mebibytes of request bodies that are held at once; past it senders are told to come back
    #[arg(long, env = "LEVELUP_BODIES_MIB", value_name = "COUNT", default_value_t = BODIES_MIB, value_parser = parse_mib)]
    pub bodies_mib: usize,

    /// Exports that are answered at once; others wait for their turn
    #[arg(long, env = "LEVELUP_EXPORTS", value_name = "COUNT", default_value_t = EXPORTS, value_parser = parse_exports)]
    pub exports: usize,

    /// Live feeds that one device may have open
    #[arg(long, env = "LEVELUP_DEVICE_FEEDS", value_name = "COUNT", default_value_t = DEVICE_FEEDS,
          value_parser = parse_feeds)]
    pub device_feeds: usize,

    /// Live feeds that one account may have open on one node
    #[arg(long, env = "LEVELUP_ACCOUNT_FEEDS", value_name = "COUNT", default_value_t = ACCOUNT_FEEDS,
          value_parser = parse_feeds)]
    pub account_feeds: usize,

    /// Days after which a receipt is kept in short: what became of the transaction, and where its events are
    #[arg(long, env = "LEVELUP_RECEIPT_DAYS", value_name = "DAYS", default_value_t = RECEIPT_DAYS,
          value_parser = clap::value_parser!(i64).range(1..=36_500))]
    pub receipt_days: i64,

    /// Days after which it is forgotten when a device synced and what came of it
    #[arg(long, env = "LEVELUP_SYNC_HISTORY_DAYS", value_name = "DAYS", default_value_t = SYNC_HISTORY_DAYS,
          value_parser = clap::value_parser!(i64).range(1..=3_650))]
    pub sync_history_days: i64,

    /// Days that what the service measures of itself is kept, a row a minute
    #[arg(long, env = "LEVELUP_MEASURE_DAYS", value_name = "DAYS", default_value_t = MEASURE_DAYS,
          value_parser = clap::value_parser!(i64).range(1..=3_650))]
    pub measure_days: i64,
}

/// Whether failed sign-ins delay the next ones.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum SignInDelay {
    /// They do.
    On,
    /// They do not: for tests and measurements.
    Off,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            limit_sign_in: SIGN_IN,
            limit_refresh: REFRESH,
            limit_write: WRITE,
            limit_read: READ,
            limit_heavy: HEAVY,
            limit_other: OTHER,
            sign_in_delay: SignInDelay::On,
            hash_threads: None,
            hash_niceness: HASH_NICENESS,
            waiting_transactions: WAITING_TRANSACTIONS,
            bodies_mib: BODIES_MIB,
            exports: EXPORTS,
            device_feeds: DEVICE_FEEDS,
            account_feeds: ACCOUNT_FEEDS,
            receipt_days: RECEIPT_DAYS,
            sync_history_days: SYNC_HISTORY_DAYS,
            measure_days: MEASURE_DAYS,
        }
    }
}

impl Limits {
    /// Nobody is held back by who they are or where they come from; what protects the server itself stays. For tests and
    /// measurements, which are one address with the appetite of thousands.
    pub fn off() -> Self {
        Self {
            limit_sign_in: Rate::Off,
            limit_refresh: Rate::Off,
            limit_write: Rate::Off,
            limit_read: Rate::Off,
            limit_heavy: Rate::Off,
            limit_other: Rate::Off,
            sign_in_delay: SignInDelay::Off,
            hash_niceness: 0,
            ..Self::default()
        }
    }
}

fn parse_hash_threads(text: &str) -> Result<usize, String> {
    parse(text, 1, 256)
}

fn parse_waiting(text: &str) -> Result<usize, String> {
    parse(text, 1, 1_000_000)
}

fn parse_exports(text: &str) -> Result<usize, String> {
    parse(text, 1, 64)
}

fn parse_feeds(text: &str) -> Result<usize, String> {
    parse(text, 1, 10_000)
}

fn parse_mib(text: &str) -> Result<usize, String> {
    parse(text, 2, 65_536)
}

fn parse(text: &str, min: usize, max: usize) -> Result<usize, String> {
    let number = text.trim().parse().ok().filter(|number| (min..=max).contains(number));
    number.ok_or_else(|| format!("give a number from {min} to {max}"))
}
