//! When devices synced, and what came of it. A sync is what passes between a device and the server without a pause: what
//! went up and how that fared, what went down, what went wrong. It is for people who ask why something is not on their other
//! device; nothing is decided by it, and what became of a transaction stands in its receipt.

mod tally;
#[cfg(test)]
mod tests;

use std::future::Future;

use domain::id::{AccountId, DeviceId};
use uuid::Uuid;

pub use self::tally::Tally;
use crate::fault::Fault;

/// A device that was quiet for so long begins a new sync.
pub const PAUSE_MS: i64 = 60_000;
/// A sync that lasts longer is continued by another.
pub const SYNC_MS_MAX: i64 = 15 * 60_000;

/// How a device was connected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    /// Requests of its own.
    Http,
    /// A live connection.
    Stream,
    /// Server-sent events.
    Events,
}

impl Channel {
    /// Its name in the store and on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Stream => "stream",
            Self::Events => "events",
        }
    }
}

/// A device's sync.
#[derive(Clone, Debug, PartialEq)]
pub struct Sync {
    /// Its place in the history: greater is newer.
    pub id: Uuid,
    /// The device.
    pub device: DeviceId,
    /// How it was connected, as it is stored.
    pub channel: String,
    /// When it began, Unix ms.
    pub started_at: i64,
    /// When the last of it was over, Unix ms.
    pub ended_at: i64,
    /// What passed.
    pub tally: Tally,
}

impl Sync {
    /// Whether what begins at this moment is part of it.
    pub fn goes_on_at(&self, moment_ms: i64) -> bool {
        moment_ms - self.ended_at < PAUSE_MS && moment_ms - self.started_at < SYNC_MS_MAX
    }
}

/// Which part of the history.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Of this device.
    pub device: Option<DeviceId>,
    /// Older than this one.
    pub before: Option<Uuid>,
    /// Syncs at most.
    pub rows: usize,
}

/// A page of the history.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// The newest first.
    pub syncs: Vec<Sync>,
    /// Whether there are older ones.
    pub more: bool,
}

/// The port to the history.
pub trait SyncHistory {
    /// The newest syncs of an account.
    fn syncs(&self, account: AccountId, wanted: &Wanted) -> impl Future<Output = Result<Vec<Sync>, Fault>> + Send;
}

/// Reads a page of an account's history.
///
/// # Errors
/// The store could not be read.
pub async fn page<H: SyncHistory>(history: &H, account: AccountId, wanted: Wanted) -> Result<Page, Fault> {
    let mut syncs = history.syncs(account, &Wanted { rows: wanted.rows + 1, ..wanted }).await?;
    let more = syncs.len() > wanted.rows;
    syncs.truncate(wanted.rows);
    Ok(Page { syncs, more })
}
