//! What is asked of the targets. A shape says whom it can be asked of, in which variants, and what is found.

pub mod device;
mod refusals;
pub mod restart;
pub mod seats;
pub mod sizes;
pub mod snapshot;
pub mod sockets;
mod words;
pub mod writing;

use serde::{Deserialize, Serialize};

/// A shape of load.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Shape {
    /// One command, one transaction; a space for each connection.
    Single,
    /// Ten commands in a transaction.
    Ten,
    /// All connections write to one space.
    Hot,
    /// Connections are spread over spaces by Zipf's law.
    Zipf,
    /// Every transaction is sent three times.
    Retry,
    /// As `single`, with a snapshot of the database open all the while.
    Reader,
    /// Commands are due at a fixed rate.
    Open,
    /// From one device of a person to another.
    Device,
    /// The same beside 2 000 commands a second of others.
    DeviceLoad,
    /// A whole space, read.
    Snapshot,
    /// Thousands of live connections on which nothing happens.
    Idle,
    /// As many live connections of one space as it may have.
    Subscribers,
    /// A restart under thousands of live connections.
    Restart,
}

/// A figure of a shape: how it is kept, and what it is called above its column.
pub type Column = (&'static str, &'static str);

const RATES: &[Column] = &[
    ("per_s", "commands/s"),
    ("p50_ms", "answer ms, p50"),
    ("p99_ms", "p99"),
    ("mean_ms", "mean"),
    ("server_us", "µs a command: server"),
    ("postgres_us", "PostgreSQL"),
    ("generator_us", "generator"),
    ("others_percent", "others, % of the machine"),
];
const LATENCIES: &[Column] = &[("p99_ms", "ms, p99"), ("p50_ms", "p50"), ("max_ms", "max"), ("per_s", "commands/s")];

impl Shape {
    /// Every one, in the order of the report.
    pub const ALL: [Self; 13] = [
        Self::Single,
        Self::Ten,
        Self::Hot,
        Self::Zipf,
        Self::Retry,
        Self::Reader,
        Self::Open,
        Self::Device,
        Self::DeviceLoad,
        Self::Snapshot,
        Self::Idle,
        Self::Subscribers,
        Self::Restart,
    ];

    /// What is found, the first being what ratios are of.
    #[must_use]
    pub fn columns(self) -> &'static [Column] {
        match self {
            Self::Single | Self::Ten | Self::Hot | Self::Zipf | Self::Retry | Self::Reader => RATES,
            Self::Open => LATENCIES,
            Self::Device | Self::DeviceLoad => &[
                ("p99_ms", "ms, p99"),
                ("p50_ms", "p50"),
                ("max_ms", "max"),
                ("receipt_p50_ms", "receipt on A, p50"),
                ("receipt_p99_ms", "p99"),
            ],
            Self::Snapshot => &[("per_s", "rows/s"), ("rows", "rows")],
            Self::Idle => &[
                ("kib_each", "KiB each"),
                ("sockets", "connections"),
                ("before_mib", "MiB before"),
                ("after_mib", "MiB after"),
                ("p99_ms", "commands, ms p99"),
            ],
            Self::Subscribers => &[
                ("last_p99_ms", "ms to the last, p99"),
                ("last_p50_ms", "p50"),
                ("p99_ms", "ms to each, p99"),
                ("p50_ms", "p50"),
                ("sockets", "connections"),
            ],
            Self::Restart => &[
                ("p99_ms", "commands, ms p99"),
                ("p50_ms", "p50"),
                ("max_ms", "max"),
                ("quiet_p99_ms", "p99 before"),
                ("stop_ms", "ms to stop"),
                ("start_ms", "ms to start"),
                ("down_ms", "ms to the first answer"),
                ("back_ms", "ms until all were back"),
                ("sockets", "connections"),
            ],
        }
    }

    /// Whether more of the first figure is better.
    #[must_use]
    pub fn more_is_better(self) -> bool {
        self.columns().first().is_some_and(|(name, _)| *name == "per_s")
    }
}
