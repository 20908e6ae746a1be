//! Identities as newtypes: a device is never passed where a space is meant.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

id! {
    /// A person who can sign in.
    AccountId,
    /// The unit of order and sync: one log, one counter. A personal space has the id of its account.
    SpaceId,
    /// An installation that writes and listens. Unique together with its account only.
    DeviceId,
    /// A signed-in presence of a device.
    SessionId,
    /// One atomic intent of one device, named by that device.
    TransactionId,
    /// One command of a transaction.
    CommandId,
    /// A task, goal, milestone, skill or hero. Unique together with its space and kind.
    EntityId,
}

impl DeviceId {
    /// The server itself: it founds spaces. What it writes is older than anything that a device writes.
    pub const SERVER: Self = Self(Uuid::nil());
}

impl From<AccountId> for SpaceId {
    /// The personal space of an account.
    fn from(account: AccountId) -> Self {
        Self(account.0)
    }
}

impl From<SpaceId> for EntityId {
    /// The hero of a space.
    fn from(space: SpaceId) -> Self {
        Self(space.0)
    }
}

/// A place in one space's log. Positions count 1, 2, 3 … without gaps; 0 is before the first event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct LogPosition {
    /// Whose log.
    pub space: SpaceId,
    /// How far.
    pub position: i64,
}
