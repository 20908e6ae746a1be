//! What the server says on the live connection: on the wire, and as the caller hears it.

use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

use super::error::Problem;
use super::wire::{ChangesPage, Receipts, Reset};

/// What a live connection yields.
#[derive(Debug)]
pub enum Heard {
    /// The connection is up and subscribed.
    Connected {
        /// Whether it was up before.
        again: bool,
    },
    /// The connection is gone. Transactions without a receipt are to be sent again under their ids.
    Lost {
        /// Why.
        why: String,
        /// When it will be tried again.
        retry_in: Duration,
    },
    /// A stretch of the log.
    Changes(ChangesPage),
    /// The answer to `send`.
    Receipts {
        /// The number given to `send`.
        id: u64,
        /// One receipt for each transaction.
        receipts: Receipts,
    },
    /// Read a snapshot, put back what may be lost, then call `resume`.
    Reset(Reset),
    /// Something to know.
    Notice(Value),
    /// A message was refused; the connection stays.
    Refused(Problem),
}

/// The server's messages, as the wire has them.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Said {
    Changes(ChangesPage),
    Receipts {
        id: u64,
        #[serde(flatten)]
        receipts: Receipts,
    },
    Reset(Reset),
    Notice,
    Expiring {},
    Error(Problem),
    #[serde(other)]
    Other,
}
