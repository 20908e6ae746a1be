//! The port to the rows' checksums, and to the count of repairs.

use std::future::Future;

use domain::entity::EntityRef;
use domain::id::{DeviceId, SpaceId};
use serde_json::{Map, Value};

use super::ask::Held;
use super::bucket::Bucket;
use crate::fault::Fault;
use crate::ledger::Head;

/// Sums of buckets, as of one moment.
#[derive(Clone, Debug)]
pub struct Sums {
    /// The head at that moment.
    pub head: Head,
    /// One for each bucket, in order.
    pub sums: Vec<BucketSum>,
}

/// The live entities of a bucket, added up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BucketSum {
    /// The sum of their checksums, mod 2^64.
    pub sum: u64,
    /// How many.
    pub count: i64,
}

/// Entities that differ, as of one moment.
#[derive(Clone, Debug)]
pub struct Differing {
    /// The head at that moment.
    pub head: Head,
    /// By kind and id: the row, as tombstone too; `None`: there never was one.
    pub entities: Vec<(EntityRef, Option<Map<String, Value>>)>,
}

/// What became of a repair's claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RepairClaim {
    /// It is counted.
    Granted,
    /// There were too many.
    Exhausted {
        /// When the oldest of them no longer counts.
        retry_after_ms: i64,
        /// Whether nobody was told yet.
        is_new: bool,
    },
}

/// The rows' checksums, and the count of repairs.
pub trait Checksums: Send + Sync {
    /// The sums of these buckets. Nothing is added up unless the head is at `position`.
    fn sums(
        &self,
        space: SpaceId,
        position: i64,
        buckets: &[Bucket],
    ) -> impl Future<Output = Result<Sums, Fault>> + Send;

    /// At most `rows` entities of these buckets that are not as they are held: live ones with another checksum or not held,
    /// held ones that are deleted or never were. Nothing is looked at unless the head is at `position`.
    fn differing(
        &self,
        space: SpaceId,
        position: i64,
        held: &Held,
        rows: i64,
    ) -> impl Future<Output = Result<Differing, Fault>> + Send;

    /// Counts a repair of the device at this moment, unless there were too many.
    fn claim_repair(
        &self,
        space: SpaceId,
        device: DeviceId,
        now: i64,
    ) -> impl Future<Output = Result<RepairClaim, Fault>> + Send;
}
