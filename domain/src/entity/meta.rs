//! The part of an entity's state that no kind does without: identity, version, stamps, tombstone.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::kind::EntityRef;
use super::recorded::Mark;
use crate::id::{DeviceId, EntityId};
use crate::stamp::{Seen, Stamp, Written};

/// Identity, version, stamps and tombstone of an entity.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Meta {
    /// The entity's id, made by the device that created it.
    pub id: EntityId,
    /// The integer that API v1 knows it by; heroes have none.
    #[serde(default)]
    pub legacy_id: Option<i64>,
    /// When the user created it, Unix ms.
    pub created_at: i64,
    /// On which device.
    pub created_by: DeviceId,
    /// When the server recorded the last event, Unix ms.
    pub updated_at: i64,
    /// Events so far; 0 is an entity that never existed.
    pub version: i64,
    /// Position of the last event in the space's log.
    pub position: i64,
    /// When it was deleted, Unix ms.
    #[serde(default)]
    pub deleted_at: Option<i64>,
    /// What the delete took with it, for the restore that brings it back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub taken: Vec<Took>,
    /// The stamp of the delete in force; a repeated delete moves the register's stamp, not this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_by: Option<Stamp>,
    /// The last write of each field and register.
    pub stamps: Stamps,
}

/// The last write of each field and register.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Stamps {
    /// The creation: the last write of every field without an entry of its own.
    pub created: Written,
    /// Fields written since.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, Written>,
    /// The register of deletion and restoration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deletion: Option<Written>,
    /// The register of completion (todos and goals, milestones); a habit has one per day, in its days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completion: Option<Written>,
}

/// Something that a delete took: an entity (deleted with it) or a reference (cleared).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Took {
    /// Whose.
    #[serde(flatten)]
    pub entity: EntityRef,
    /// The field that was cleared; `None`: the entity was deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
}

/// A stamped register that is not a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Register {
    /// Deleted or not.
    Deletion,
    /// Completed or not.
    Completion,
    /// A habit's completion on a local day.
    Day(Date),
}

impl Meta {
    /// Whether the entity was ever created.
    pub fn exists(&self) -> bool {
        self.version > 0
    }

    /// Whether it exists and is not deleted.
    pub fn is_live(&self) -> bool {
        self.exists() && self.deleted_at.is_none()
    }

    /// The last write of a field.
    pub fn written(&self, field: &str) -> Written {
        self.stamps.fields.get(field).copied().unwrap_or(self.stamps.created)
    }

    /// Whether the entity is deleted and the writer had seen that.
    pub fn is_seen_deleted(&self, seen: &Seen) -> bool {
        self.deleted_at.is_some() && self.stamps.deletion.is_some_and(|deletion| seen.covers(&deletion))
    }

    /// Takes note of an event: every event counts, whatever it changes.
    pub fn touch(&mut self, mark: &Mark) {
        self.version += 1;
        self.position = mark.position;
        self.updated_at = mark.at;
    }
}

/// Whether a write replaces the last one: nothing was written, the writer had seen it, or it is later.
pub fn wins(last: Option<&Written>, stamp: &Stamp, seen: &Seen) -> bool {
    last.is_none_or(|last| seen.covers(last) || *stamp > last.stamp)
}
