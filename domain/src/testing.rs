//! What tests share: a space in memory that decides commands of the wire as the write path does, with every follow-up,
//! and checks after each what must always hold.

pub(crate) mod corpus;
mod given;
mod sound;
mod space;
mod writer;

pub(crate) use given::{goal, mark, of, skill, step, task};
pub(crate) use space::{Space, Told};
pub(crate) use writer::{Writer, browser, phone, tablet};

use crate::id::{EntityId, SpaceId};
use uuid::Uuid;

/// The space of all tests.
pub(crate) const SPACE: SpaceId = SpaceId(Uuid::from_u128(0x0197_0000_0000_7000_8000_0000_0000_5bac));
/// 2026-07-01T12:00:00Z, a Wednesday.
pub(crate) const NOON: i64 = 1_782_907_200_000;
/// In ms.
pub(crate) const MINUTE: i64 = 60_000;
/// In ms.
pub(crate) const HOUR: i64 = 60 * MINUTE;
/// In ms.
pub(crate) const DAY: i64 = 24 * HOUR;

/// The entity id `number`.
pub(crate) fn id(number: u128) -> EntityId {
    EntityId(Uuid::from_u128(number))
}
