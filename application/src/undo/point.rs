//! Restore points: positions of a space's log with a name.

use std::future::Future;

use domain::chain::{GENESIS, Hash};
use domain::id::{DeviceId, SpaceId};
use uuid::Uuid;

use super::Refused;
use crate::fault::Fault;
use crate::past::{Mark, Past};

/// Restore points of one space; beyond, the oldest that was made automatically leaves.
pub const RESTORE_POINTS_MAX: i64 = 50;

/// A restore point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    /// Its id.
    pub id: Uuid,
    /// What the person calls it, or what it was made for.
    pub name: String,
    /// After this position of the log.
    pub position: i64,
    /// The chain's hash there: a log that went another way has another.
    pub hash: Hash,
    /// When the event there was recorded, Unix ms; 0 before the first.
    pub recorded_at: i64,
    /// When it was made, Unix ms.
    pub created_at: i64,
    /// From which device.
    pub created_by: DeviceId,
    /// Whether the server made it, before something that changes much.
    pub automatic: bool,
}

impl Point {
    /// The one that an import begins with. An import that goes on finds it again, because its id follows from the import's.
    pub fn before_import(space: SpaceId, import: Uuid, device: DeviceId, now: i64) -> Self {
        Self {
            id: Uuid::new_v5(&space.0, format!("import/{import}/before").as_bytes()),
            name: "Before an import".to_owned(),
            position: 0,
            hash: GENESIS,
            recorded_at: 0,
            created_at: now,
            created_by: device,
            automatic: true,
        }
    }
}

/// What became of a new restore point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Put {
    /// It is there now.
    Added,
    /// It was there already.
    Existed(Point),
    /// There is no room.
    Full,
}

/// Where restore points are kept.
pub trait Points: Send + Sync {
    /// All of a space, the latest position first.
    fn list(&self, space: SpaceId) -> impl Future<Output = Result<Vec<Point>, Fault>> + Send;

    /// The one of this id.
    fn get(&self, space: SpaceId, id: Uuid) -> impl Future<Output = Result<Option<Point>, Fault>> + Send;

    /// Adds one; the oldest automatic one leaves if there are `max`.
    fn put(&self, space: SpaceId, point: &Point, max: i64) -> impl Future<Output = Result<Put, Fault>> + Send;

    /// Removes one; says whether it was there.
    fn remove(&self, space: SpaceId, id: Uuid) -> impl Future<Output = Result<bool, Fault>> + Send;
}

/// Makes a restore point at `position`, or at the end of the log; `point` brings the rest. A repeat finds the first.
///
/// # Errors
/// `Ahead`, `PointsFull`.
pub async fn make_point<P: Past, S: Points>(
    past: &P,
    points: &S,
    space: SpaceId,
    position: Option<i64>,
    mut point: Point,
) -> Result<Point, Refused> {
    let head = past.head(space).await?;
    point.position = position.unwrap_or(head.position);
    if point.position > head.position {
        return Err(Refused::Ahead { head: head.position });
    }
    let mark = mark(past, space, point.position).await?.ok_or(Refused::Ahead { head: head.position })?;
    (point.hash, point.recorded_at) = (mark.hash, mark.recorded_at);
    match points.put(space, &point, RESTORE_POINTS_MAX).await? {
        Put::Added => Ok(point),
        Put::Existed(first) => Ok(first),
        Put::Full => Err(Refused::PointsFull),
    }
}

/// The restore point of this id, if the log still has its position.
///
/// # Errors
/// `NotFound`, `Ahead`, `Forked`.
pub async fn found_point<P: Past, S: Points>(past: &P, points: &S, space: SpaceId, id: Uuid) -> Result<Point, Refused> {
    let point = points.get(space, id).await?.ok_or(Refused::NotFound)?;
    let head = past.head(space).await?;
    if point.position > head.position {
        return Err(Refused::Ahead { head: head.position });
    }
    match mark(past, space, point.position).await? {
        Some(mark) if mark.hash == point.hash => Ok(point),
        _ => Err(Refused::Forked),
    }
}

async fn mark<P: Past>(past: &P, space: SpaceId, position: i64) -> Result<Option<Mark>, Fault> {
    if position == 0 { Ok(Some(Mark { hash: GENESIS, recorded_at: 0 })) } else { past.mark(space, position).await }
}
