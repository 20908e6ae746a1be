//! Who is driven: this server and its peers, each over its real interface, all on one PostgreSQL.

pub mod bare_sql;
pub mod es_server;
pub mod http_peer;
pub mod levelup;
pub mod node;
pub mod zero;

use serde::{Deserialize, Serialize};

use self::bare_sql::BareSql;
use self::http_peer::HttpPeer;
use self::levelup::Levelup;
use self::node::Package;
use self::zero::Zero;

/// One that can be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Target {
    /// This server.
    Levelup,
    /// PostgreSQL alone, by pgbench.
    BareSql,
    /// The Rust library postgres-es.
    PostgresEs,
    /// The Rust library esrs.
    Esrs,
    /// The Rust library eventcore.
    Eventcore,
    /// The TypeScript library emmett.
    Emmett,
    /// A server of node that commits in one statement.
    SingleStatement,
    /// A server of node that reads, checks and writes.
    ReadCheckWrite,
    /// The sync engine Zero.
    Zero,
}

impl Target {
    /// Why the other event stores in Rust are not at work.
    pub const NOT_HERE: &str =
        "it brings chrono, which this workspace does not let in, and there is no workspace for it alone";

    /// Every one, in the order of the report.
    pub const ALL: [Self; 9] = [
        Self::Levelup,
        Self::BareSql,
        Self::PostgresEs,
        Self::Esrs,
        Self::Eventcore,
        Self::Emmett,
        Self::SingleStatement,
        Self::ReadCheckWrite,
        Self::Zero,
    ];

    /// Its name, as it is chosen and reported.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Levelup => "levelup",
            Self::BareSql => "bare-sql",
            Self::PostgresEs => "postgres-es",
            Self::Esrs => "esrs",
            Self::Eventcore => "eventcore",
            Self::Emmett => "emmett",
            Self::SingleStatement => "single-statement",
            Self::ReadCheckWrite => "read-check-write",
            Self::Zero => "zero",
        }
    }

    /// What it is, in a sentence.
    #[must_use]
    pub fn what(self) -> &'static str {
        match self {
            Self::Levelup => "`levelup serve` over HTTP and WebSocket, its limits set where nobody reaches them.",
            Self::BareSql => {
                "pgbench, prepared: one data-modifying statement for each command, with the very rows that this server \
                 wrote for such a command; it decides, checks and hashes nothing and tells nobody."
            }
            Self::PostgresEs => {
                "`CqrsFramework` over `PersistedEventStore`, `PostgresEventRepository` and `PostgresViewRepository` of \
                 postgres-es 0.5 behind actix, its own pool of 10: for each command load, decide (by this project's rules of \
                 a task), append, load the view, store the view."
            }
            Self::Esrs => "`PgStore` of esrs 0.18.",
            Self::Eventcore => "eventcore 2.1 with eventcore-postgres.",
            Self::Emmett => {
                "`@event-driven-io/emmett-postgresql` behind node's http: for each command read the stream of its task, \
                 decide, append, with the task's document projected in the same transaction."
            }
            Self::SingleStatement => {
                "express, socket.io and pg: one prepared statement writes the task, the person's totals and the log entry, then \
                 the room of the space is told."
            }
            Self::ReadCheckWrite => {
                "express, socket.io and pg: a transaction that reads, checks and writes one statement after the other, as \
                 the legacy server goes about it, then the room of the space is told."
            }
            Self::Zero => {
                "`@rocicorp/zero`: zero-cache beside PostgreSQL by logical replication, an API server for its mutators, and two of \
                 its own clients on node, with stores in memory, which measure themselves."
            }
        }
    }

    /// Why it cannot be measured here, if it cannot.
    #[must_use]
    pub fn missing(self) -> Option<String> {
        match self {
            Self::Levelup | Self::BareSql | Self::PostgresEs => None,
            Self::Esrs | Self::Eventcore => Some(Self::NOT_HERE.to_owned()),
            Self::Emmett | Self::SingleStatement | Self::ReadCheckWrite => node::missing(Package::Node),
            Self::Zero => node::missing(Package::Zero),
        }
    }
}

/// A target at work.
pub enum Running {
    /// This server.
    Levelup(Box<Levelup>),
    /// pgbench, which runs only while it is asked.
    BareSql(Box<BareSql>),
    /// A server that takes the same requests.
    Peer(Box<HttpPeer>),
    /// The sync engine Zero.
    Zero(Box<Zero>),
}

impl Running {
    /// Which it is.
    #[must_use]
    pub fn target(&self) -> Target {
        match self {
            Self::Levelup(_) => Target::Levelup,
            Self::BareSql(_) => Target::BareSql,
            Self::Peer(peer) => peer.target,
            Self::Zero(_) => Target::Zero,
        }
    }

    /// The process that serves; 0 where there is none.
    #[must_use]
    pub fn pid(&self) -> u32 {
        match self {
            Self::Levelup(levelup) => levelup.server.pid,
            // Zero is several, of which none is looked at.
            Self::BareSql(_) | Self::Zero(_) => 0,
            Self::Peer(peer) => peer.server.pid,
        }
    }
}
