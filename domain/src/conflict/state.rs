//! A conflict's state and the fold of its events. A closed conflict is a tombstone; it may open again.

use serde::{Deserialize, Serialize};

use super::command::ConflictFields;
use super::event::{ConflictChange, ConflictEvent};
use crate::day_entry::{Days, NO_DAYS};
use crate::entity::Core;
use crate::entity::core::HasFields;
use crate::entity::hidden::{Columns, Hidden};
use crate::id::EntityId;

/// Something for the user to choose.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Conflict {
    /// What every kind has.
    #[serde(flatten)]
    pub core: Core<ConflictFields>,
}

impl HasFields for Conflict {
    type Fields = ConflictFields;
}

impl Conflict {
    /// A conflict is never completed.
    pub fn completed_at(&self) -> Option<i64> {
        None
    }

    /// A conflict refers to no other.
    pub fn parents(&self) -> Vec<EntityId> {
        Vec::new()
    }

    /// A conflict keeps no days.
    pub fn days(&self) -> &Days {
        &NO_DAYS
    }

    /// A conflict hides nothing.
    pub fn hidden(_row: &impl Columns) -> &'static [Hidden] {
        &[]
    }

    pub(super) fn fold(&mut self, event: ConflictEvent) {
        let mark = event.mark;
        let meta = &mut self.core.meta;
        meta.touch(&mark);
        match event.change {
            ConflictChange::Opened(opened) => {
                meta.id = opened.id;
                meta.created_at = opened.moment;
                meta.created_by = mark.stamp.device;
                meta.deleted_at = None;
                meta.stamps.created = mark.written();
                self.core.fields = opened.fields;
            }
            ConflictChange::Changed(fields) => self.core.fields = fields,
            ConflictChange::Closed(closed) => meta.deleted_at = Some(closed.moment),
        }
    }
}
