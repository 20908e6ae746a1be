//! The history of syncs as it is sent.

use std::collections::{BTreeMap, HashMap};

use application::sync_history::{Sync, Tally};
use domain::id::DeviceId;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A page of the history.
#[derive(Serialize, ToSchema)]
pub struct SyncHistoryBody {
    /// The newest first.
    pub(super) items: Vec<SyncBody>,
    /// The token of the next page, to be sent as `page`; null after the last.
    #[schema(required)]
    pub(super) next: Option<String>,
}

/// What passed between a device and the server without a pause. Moments are Unix ms.
#[derive(Serialize, ToSchema)]
pub struct SyncBody {
    /// Which sync.
    id: Uuid,
    /// The device.
    device_id: Uuid,
    /// What the person calls it; null: it is no longer there.
    #[schema(required)]
    device_name: Option<String>,
    /// `http`, `stream` (a live connection) or `events` (server-sent).
    channel: String,
    /// When it began.
    started_at: i64,
    /// When the last of it was over.
    ended_at: i64,
    /// How long it lasted, in ms.
    duration_ms: i64,
    /// Requests, and messages of a live connection.
    requests: i64,
    /// How long answering them took in all, in ms; waiting for something to happen is not counted.
    busy_ms: i64,
    /// What went up.
    up: UpBody,
    /// What went down.
    down: DownBody,
    /// What went wrong, by code: of transactions that were refused or not decided, and of requests. Empty: nothing.
    errors: BTreeMap<String, i64>,
}

/// What a device sent, and how it fared.
#[derive(Serialize, ToSchema)]
#[schema(as = SyncUp)]
pub struct UpBody {
    /// Transactions; one that was sent again counts again.
    transactions: i64,
    /// Commands of those that were committed.
    commands: i64,
    /// Commands that were applied whole.
    applied: i64,
    /// Commands that were applied in part.
    merged: i64,
    /// Commands over which a later write stands.
    superseded: i64,
    /// Commands that changed nothing.
    unchanged: i64,
    /// Transactions that were refused.
    rejected: i64,
    /// Transactions that were not decided.
    deferred: i64,
}

/// What a device was given.
#[derive(Serialize, ToSchema)]
#[schema(as = SyncDown)]
pub struct DownBody {
    /// Changes.
    changes: i64,
    /// Rows of snapshots.
    snapshot_rows: i64,
    /// How often it was told to start again.
    resets: i64,
}

impl SyncBody {
    /// A sync as its account is shown it.
    pub(super) fn of(sync: Sync, names: &HashMap<DeviceId, String>) -> Self {
        let Sync { id, device, channel, started_at, ended_at, tally } = sync;
        Self {
            id,
            device_id: device.0,
            device_name: names.get(&device).cloned(),
            channel,
            started_at,
            ended_at,
            duration_ms: (ended_at - started_at).max(0),
            requests: tally.requests,
            busy_ms: tally.busy_ms,
            up: UpBody::from(&tally),
            down: DownBody::from(&tally),
            errors: tally.errors,
        }
    }
}

impl From<&Tally> for UpBody {
    fn from(tally: &Tally) -> Self {
        Self {
            transactions: tally.transactions,
            commands: tally.commands,
            applied: tally.applied,
            merged: tally.merged,
            superseded: tally.superseded,
            unchanged: tally.unchanged,
            rejected: tally.rejected,
            deferred: tally.deferred,
        }
    }
}

impl From<&Tally> for DownBody {
    fn from(tally: &Tally) -> Self {
        Self { changes: tally.changes, snapshot_rows: tally.snapshot_rows, resets: tally.resets }
    }
}
