//! What the benchmark is told, and the sizes of a full and of a smoke run.

use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;

/// Level Up Sync beside bare SQL: throughput, and latency from one device to another.
#[derive(Clone, Debug, Parser)]
#[command(name = "benches")]
pub struct Options {
    /// Tiny counts, a few seconds: proves that it runs
    #[arg(long)]
    pub smoke: bool,
    /// Write the results to this file too, as Markdown
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    /// Rounds of each side for each number of connections
    #[arg(long, value_name = "COUNT")]
    pub rounds: Option<usize>,
    /// Seconds of one round
    #[arg(long, value_name = "SECONDS")]
    pub seconds: Option<u64>,
    /// Samples of each latency
    #[arg(long, value_name = "COUNT")]
    pub samples: Option<usize>,
    /// Numbers of connections
    #[arg(long, value_name = "COUNT", value_delimiter = ',')]
    pub connections: Option<Vec<usize>>,
    /// Leave the latencies, the flood and the reading out
    #[arg(long)]
    pub throughput_only: bool,
    /// Measure only what reading costs: bytes, whole spaces, missed changes
    #[arg(long, conflicts_with = "throughput_only")]
    pub reading_only: bool,
    /// Directory for the PostgreSQL and the server of the run, on the disk to be measured; made fresh and removed
    #[arg(long, value_name = "DIR", default_value_os_t = std::env::temp_dir())]
    pub scratch_in: PathBuf,
    /// The server's program; without it the workspace's own is built first
    #[arg(long, value_name = "FILE", env = "LEVELUP_BENCH_PROGRAM")]
    pub program: Option<PathBuf>,
    /// Given by cargo to every benchmark
    #[arg(long, hide = true)]
    pub bench: bool,
}

/// How much of everything.
#[derive(Clone, Debug)]
pub struct Sizes {
    /// Numbers of connections.
    pub connections: Vec<usize>,
    /// Rounds of each side.
    pub rounds: usize,
    /// The length of one round.
    pub round: Duration,
    /// The length of the unmeasured round before the first.
    pub warm_up: Duration,
    /// Samples of each latency.
    pub samples: usize,
    /// Samples of the commit latency.
    pub commits: usize,
    /// Writers on other spaces while latency is measured under load.
    pub background_writers: usize,
    /// The sign-in flood.
    pub flood: FloodSizes,
    /// What is read.
    pub reading: ReadingSizes,
}

/// How much is read.
#[derive(Clone, Debug)]
pub struct ReadingSizes {
    /// Entities of the generated space.
    pub entities: usize,
    /// Changes that a device missed.
    pub missed: usize,
    /// Transactions of each recorded life that are heard live.
    pub live: usize,
    /// Times that a space is read whole.
    pub rounds: usize,
    /// Times that the missed changes are read.
    pub delta_rounds: usize,
}

impl ReadingSizes {
    fn of(smoke: bool) -> Self {
        let (entities, missed, live, rounds, delta_rounds) = match smoke {
            true => (1_500, 1_000, 5, 1, 2),
            false => (100_000, 1_000, 200, 3, 50),
        };
        Self { entities, missed, live, rounds, delta_rounds }
    }
}

/// How much of a flood.
#[derive(Clone, Debug)]
pub struct FloodSizes {
    /// Devices that write.
    pub devices: usize,
    /// Addresses that sign-ins come from.
    pub addresses: usize,
    /// Sign-ins a second.
    pub attempts_per_s: f64,
    /// How long it is measured, each time.
    pub length: Duration,
    /// How long before that it begins.
    pub warm_up: Duration,
}

impl FloodSizes {
    fn of(smoke: bool) -> Self {
        let (devices, addresses, attempts_per_s, length_ms, warm_up_ms) = match smoke {
            true => (4, 20, 40.0, 600, 200),
            false => (32, 500, 500.0, 20_000, 3_000),
        };
        let (length, warm_up) = (Duration::from_millis(length_ms), Duration::from_millis(warm_up_ms));
        Self { devices, addresses, attempts_per_s, length, warm_up }
    }
}

impl Options {
    /// How much of everything.
    #[must_use]
    pub fn sizes(&self) -> Sizes {
        let (connections, rounds, round_ms, samples, commits, background_writers) = match self.smoke {
            true => (vec![2, 4], 1, 400, 50, 20, 2),
            false => (vec![16, 64], 5, 10_000, 2_000, 1_000, 16),
        };
        let round = self.seconds.map_or(Duration::from_millis(round_ms), Duration::from_secs);
        Sizes {
            connections: self.connections.clone().unwrap_or(connections),
            rounds: self.rounds.unwrap_or(rounds),
            round,
            warm_up: round.min(Duration::from_secs(3)),
            samples: self.samples.unwrap_or(samples),
            commits,
            background_writers,
            flood: FloodSizes::of(self.smoke),
            reading: ReadingSizes::of(self.smoke),
        }
    }
}
