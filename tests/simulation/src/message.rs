//! What devices and the server tell each other.

use std::collections::BTreeMap;

use application::feed::{Page, Reset};
use application::snapshot;
use domain::entity::Kind;
use domain::transaction::Receipt;
use serde_json::Value;

/// What a device asks.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    /// Which device.
    pub(crate) device: usize,
    /// Its own count of requests.
    pub(crate) number: u64,
    /// What it asks.
    pub(crate) ask: Ask,
    /// Whether this goes over a new live connection, which is told of later commits.
    pub(crate) connection: u64,
}

/// What a device asks.
#[derive(Clone, Debug)]
pub(crate) enum Ask {
    /// Decide these.
    Push {
        /// The device's clock.
        sent_at: i64,
        /// Transactions, in order.
        transactions: Vec<Value>,
    },
    /// What changed since.
    Changes {
        /// Up to where the device has applied the log.
        cursor: Option<String>,
        /// At most so many.
        rows: usize,
    },
    /// Everything, page by page.
    Snapshot {
        /// The token of the page; the first without.
        page: Option<String>,
        /// At most so many.
        rows: usize,
    },
    /// Another access token.
    Refresh,
}

/// What the server answers.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    /// The server's clock.
    pub(crate) server_time: i64,
    /// What it says.
    pub(crate) answer: Answer,
}

/// What the server answers.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    /// One receipt for each transaction, and the cursor of the head, which no device may take for its own.
    Receipts(Vec<Receipt>, String),
    /// The next changes.
    Changes(Page),
    /// The cursor is of no use.
    Reset(Reset),
    /// A page of a snapshot.
    Snapshot(snapshot::Page),
    /// The page's token is of no use: begin again.
    SnapshotGone,
    /// The access token is no longer good.
    Unauthorized,
    /// Another access token.
    Refreshed,
}

/// Live entities of each kind.
pub(crate) type Counts = BTreeMap<Kind, i64>;
