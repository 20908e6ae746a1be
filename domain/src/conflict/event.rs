//! What happens to a conflict.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::command::ConflictFields;
use crate::entity::Recorded;
use crate::entity::event_names::event_names;
use crate::id::EntityId;

/// A stored event of a conflict.
pub type ConflictEvent = Recorded<ConflictChange>;

/// What happens to a conflict.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConflictChange {
    /// There is something to choose, for the first time or again.
    Opened(Opened),
    /// There is something else to choose.
    Changed(ConflictFields),
    /// There is nothing to choose any more.
    Closed(Closed),
}

/// There is something to choose.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Opened {
    /// The conflict's id.
    pub id: EntityId,
    /// When the write that opened it was made, Unix ms.
    pub moment: i64,
    /// What it is about.
    pub fields: ConflictFields,
}

/// There is nothing to choose any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    /// When the write that closed it was made, Unix ms.
    pub moment: i64,
}

impl ConflictChange {
    /// A conflict keeps no days.
    pub fn days(&self) -> Vec<Date> {
        Vec::new()
    }
}

event_names!(ConflictChange, Conflict {
    Opened = "opened";
    Changed = "changed";
    Closed = "closed";
});
