//! Comparing a reader's replica with the rows, bucket by bucket, until the entities that differ are found, and handing out
//! just those.
//!
//! Sums are those of one position: they are compared only when the reader's cursor is the head that was read in the same
//! statement. A reader that is behind is told so and nothing else, so a write that it has not read yet never looks like a
//! difference. Which bucket is looked at next, and when it is small enough to be listed, is the reader's to choose.

mod ask;
mod bucket;
mod port;
#[cfg(test)]
mod tests;

use domain::entity::{EntityRef, Kind};
use domain::id::{DeviceId, SpaceId};

pub use ask::{Ask, Held, Misfit, Sum, held, sums};
pub use bucket::{Bucket, Suffix};
pub use port::{BucketSum, Checksums, Differing, RepairClaim, Sums};

use crate::cursor::Cursor;
use crate::fault::Fault;
use crate::feed::ResetReason;
use crate::identity::{Occasion, SecurityLog};
use crate::ledger::Head;
use crate::snapshot::{Item, item};
use crate::submit::shown;

/// Buckets of one request at most.
pub const BUCKETS_MAX: usize = 512;
/// Entities that the reader lists in one request at most.
pub const HELD_MAX: usize = 2_000;
/// Rows that one answer carries at most.
pub const ROWS_MAX: usize = 200;
/// Repairs of one device in [`REPAIRS_MS`] at most.
pub const REPAIRS_MAX: usize = 6;
/// The time in which they are counted.
pub const REPAIRS_MS: i64 = 60 * 60 * 1_000;

/// What a comparison comes to.
#[derive(Clone, Debug, PartialEq)]
pub enum Compared {
    /// The cursor cannot belong to this log.
    Reset(ResetReason),
    /// The log goes on after the cursor, up to this position: read on first.
    Behind(i64),
    /// The buckets that differ.
    Buckets(Standing, Vec<Different>),
    /// The entities that differ.
    Entities(Standing, Entities),
}

/// What was compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The position, which is that of the cursor.
    pub position: i64,
    /// The checksum of the whole space there.
    pub checksum: u64,
}

/// A bucket that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Different {
    /// Which.
    pub bucket: Bucket,
    /// How many live entities it has here.
    pub count: i64,
}

/// Entities that differ.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Entities {
    /// Whole rows, tombstones of what the reader takes to be alive too.
    pub rows: Vec<Item>,
    /// What the reader has and never was.
    pub gone: Vec<EntityRef>,
    /// Whether more differ than one answer carries.
    pub more: bool,
}

/// Why nothing was compared.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoComparison {
    /// The device has repaired as often as it may for now.
    #[error("the device has repaired too often")]
    Exhausted {
        /// When the oldest of its repairs no longer counts.
        retry_after_ms: i64,
    },
    /// The store failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Who compares.
#[derive(Clone, Debug)]
pub struct Reader {
    /// The device.
    pub device: DeviceId,
    /// Who, in which session, from where and when.
    pub occasion: Occasion,
}

/// Compares what the reader has at this cursor of its own space with the rows.
///
/// # Errors
/// See [`NoComparison`].
pub async fn compare<S: Checksums, L: SecurityLog>(
    (store, log): (&S, &L),
    reader: &Reader,
    cursor: &Cursor,
    ask: &Ask,
) -> Result<Compared, NoComparison> {
    match ask {
        Ask::Sums(sums) => {
            let buckets: Vec<Bucket> = sums.iter().map(|sum| sum.bucket.clone()).collect();
            let found = store.sums(cursor.space, cursor.position, &buckets).await?;
            Ok(elsewhere(cursor, &found.head)
                .unwrap_or_else(|| Compared::Buckets(standing(&found.head), different(sums, &found.sums))))
        }
        Ask::Entities(held) => {
            let rows = i64::try_from(ROWS_MAX).unwrap_or(i64::MAX - 1);
            let found = store.differing(cursor.space, cursor.position, held, rows + 1).await?;
            if let Some(elsewhere) = elsewhere(cursor, &found.head) {
                return Ok(elsewhere);
            }
            let standing = standing(&found.head);
            let entities = entities(found)?;
            if !entities.rows.is_empty() || !entities.gone.is_empty() {
                claim((store, log), cursor.space, reader).await?;
            }
            Ok(Compared::Entities(standing, entities))
        }
    }
}

/// What there is to say instead, if the head is not where the reader stands.
fn elsewhere(cursor: &Cursor, head: &Head) -> Option<Compared> {
    if cursor.epoch != head.epoch {
        return Some(Compared::Reset(ResetReason::Epoch));
    }
    if cursor.position > head.position {
        return Some(Compared::Reset(ResetReason::Ahead));
    }
    if cursor.position < head.position {
        return Some(Compared::Behind(head.position));
    }
    (!cursor.is_at(&head.hash)).then_some(Compared::Reset(ResetReason::Forked))
}

fn standing(head: &Head) -> Standing {
    Standing { position: head.position, checksum: head.checksum }
}

fn different(sent: &[Sum], found: &[BucketSum]) -> Vec<Different> {
    let pairs = sent.iter().zip(found).filter(|(sent, found)| sent.sum != found.sum);
    pairs.map(|(sent, found)| Different { bucket: sent.bucket.clone(), count: found.count }).collect()
}

fn entities(found: Differing) -> Result<Entities, Fault> {
    let mut entities = Entities { more: found.entities.len() > ROWS_MAX, ..Entities::default() };
    for (entity, row) in found.entities.into_iter().take(ROWS_MAX) {
        match row {
            Some(row) => entities.rows.push(item(entity.kind, shown(entity.kind, row))?),
            None => entities.gone.push(entity),
        }
    }
    Ok(entities)
}

/// Counts a repair. One too many is told to support, once in the time in which they are counted.
async fn claim<S: Checksums, L: SecurityLog>(
    (store, log): (&S, &L),
    space: SpaceId,
    reader: &Reader,
) -> Result<(), NoComparison> {
    match store.claim_repair(space, reader.device, reader.occasion.at).await? {
        RepairClaim::Granted => Ok(()),
        RepairClaim::Exhausted { retry_after_ms, is_new } => {
            if is_new {
                log.record(reader.occasion.repairs_exhausted(reader.device)).await?;
            }
            Err(NoComparison::Exhausted { retry_after_ms })
        }
    }
}

/// The kinds of entity that a replica consists of, by name.
pub fn kinds() -> impl Iterator<Item = &'static str> {
    Kind::ALL.iter().map(|kind| kind.name())
}
