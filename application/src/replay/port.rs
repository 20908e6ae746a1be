//! The port to the log, for those who step through it.

use std::future::Future;

use domain::entity::EntityRef;
use domain::id::{DeviceId, SpaceId};

use crate::fault::Fault;
use crate::past::{Past, PastEvent};

/// What the space knows of how far a device has read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DeviceTrace {
    /// Up to where it said that it keeps everything.
    pub acked: Option<i64>,
    /// When it said so last, Unix ms.
    pub synced_at: Option<i64>,
}

/// The log, to those who step through it.
pub trait Replay: Past {
    /// The events after a position, at most `rows`, in order.
    fn after(
        &self,
        space: SpaceId,
        position: i64,
        rows: i64,
    ) -> impl Future<Output = Result<Vec<PastEvent>, Fault>> + Send;

    /// How many events these entities had up to a position; those that had none are left out.
    fn versions(
        &self,
        space: SpaceId,
        entities: &[EntityRef],
        upto: i64,
    ) -> impl Future<Output = Result<Vec<(EntityRef, i64)>, Fault>> + Send;

    /// What is known of a device; none if it is none of the space's.
    fn device(
        &self,
        space: SpaceId,
        device: DeviceId,
    ) -> impl Future<Output = Result<Option<DeviceTrace>, Fault>> + Send;
}
