//! Where a search goes on: a place in each of the two logs.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The order of lines: the newest first, then by space, position and field.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct EventKey {
    /// When it was recorded, Unix ms.
    pub recorded_at: i64,
    /// In which space.
    pub space: Uuid,
    /// At which position.
    pub position: i64,
    /// Which field; empty when the event is not about fields.
    pub field: String,
}

/// A place in a log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Place<K> {
    /// Before its newest.
    #[default]
    Start,
    /// Behind this one.
    After(K),
    /// Behind its oldest.
    End,
}

/// Where a search goes on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// In the audit log.
    pub events: Place<EventKey>,
    /// In the security log.
    pub security: Place<Uuid>,
}

impl Cursor {
    /// Whether there is nothing more.
    pub fn is_at_end(&self) -> bool {
        self.events == Place::End && self.security == Place::End
    }
}
