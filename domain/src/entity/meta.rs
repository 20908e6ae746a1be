//! The part of an entity's state that no kind does without: identity, version, stamps, tombstone.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::kind::EntityRef;
use super::recorded::Mark;
use crate::id::{DeviceId, EntityId};
use crate::merge::candidates::{Candidate, Standing};
use crate::merge::members::{Members, texts};
use crate::references::Dead;
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
    /// The last write of each field and register.
    pub stamps: Stamps,
}

/// Who wrote what, as far as later writes have to know it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Stamps {
    /// The creation: the last write of every field without an entry of its own.
    pub created: Written,
    /// Fields written since: the write that is shown; of a set, the latest add.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, Written>,
    /// Those of them whose writer did not say what it had seen.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub blind: BTreeSet<String>,
    /// Fields with several candidates, the shown one first.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub candidates: BTreeMap<String, Vec<Candidate>>,
    /// The greatest blind stamp of fields that keep candidates.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub floors: BTreeMap<String, Stamp>,
    /// The adds of each member, of sets that were edited.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub members: BTreeMap<String, Members>,
    /// References that are wanted and not shown, because what they refer to is deleted.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub hidden: Dead,
    /// The register of deletion and restoration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deletion: Option<Deletion>,
    /// It went with what it belongs to, and is deleted for as long as that is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gone: Option<Gone>,
    /// The register of completion (todos and goals, milestones); a habit has one per day, in its days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completion: Option<Written>,
}

/// The register of deletion and restoration.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Deletion {
    /// The write that stands.
    pub written: Written,
    /// Up to where its writer had applied the log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<i64>,
    /// When the user deleted it, Unix ms; `None`: restored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted_at: Option<i64>,
    /// The write since which it is deleted; repeats come after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Written>,
}

/// What an entity belongs to is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gone {
    /// The write that deleted that.
    pub written: Written,
    /// When the user did so, Unix ms.
    pub moment: i64,
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

    /// What a field of policy A holds; `shown` is its value.
    pub fn standing(&self, field: &str, shown: &Value) -> Standing {
        let alone = || {
            let (written, blind) = (self.written(field), self.stamps.blind.contains(field));
            vec![Candidate { value: shown.clone(), written, blind }]
        };
        let candidates = self.stamps.candidates.get(field).cloned().unwrap_or_else(alone);
        Standing { candidates, floor: self.stamps.floors.get(field).copied() }
    }

    /// The adds of a set; `values` are the fields as they are shown. A set that was never edited has its creation's.
    pub fn members(&self, field: &str, values: &Map<String, Value>) -> Members {
        let created = || {
            let shown = values.get(field).into_iter().flat_map(texts);
            let hidden = self.stamps.hidden.get(field).into_iter().flatten().map(ToString::to_string);
            shown.chain(hidden).map(|member| (member, vec![self.stamps.created])).collect()
        };
        self.stamps.members.get(field).cloned().unwrap_or_else(created)
    }

    /// The last write of the register of deletion.
    pub fn deletion(&self) -> Option<Written> {
        self.stamps.deletion.map(|deletion| deletion.written)
    }

    /// Whether it is deleted itself, whatever became of what it belongs to.
    pub fn is_deleted_itself(&self) -> bool {
        self.stamps.deletion.is_some_and(|deletion| deletion.deleted_at.is_some())
    }

    /// Whether the entity is deleted and the writer had seen that.
    pub fn is_seen_deleted(&self, seen: &Seen) -> bool {
        let own = self.stamps.deletion.filter(|deletion| deletion.deleted_at.is_some());
        let own =
            own.is_some_and(|own| seen.covers(&own.written) || own.since.is_some_and(|since| seen.covers(&since)));
        own || self.stamps.gone.is_some_and(|gone| seen.covers(&gone.written))
    }

    /// The greatest write of a field that the deletion in force had not seen, and whose writer had not seen the deletion
    /// (or it would have been refused). Both must have said what they had seen.
    pub fn unseen_by_deletion(&self) -> Option<Written> {
        let deletion = self.stamps.deletion.filter(|deletion| deletion.deleted_at.is_some())?;
        let seen = Seen { base: Some(deletion.base?), device: deletion.written.stamp.device };
        let fields = self.stamps.fields.iter().filter(|(field, _)| !self.stamps.blind.contains(*field));
        fields.map(|(_, written)| *written).filter(|written| !seen.covers(written)).max_by_key(|written| written.stamp)
    }

    /// Shows what the registers say about deletion.
    pub(crate) fn show_deletion(&mut self) {
        let own = self.stamps.deletion.and_then(|deletion| deletion.deleted_at);
        self.deleted_at = own.or(self.stamps.gone.map(|gone| gone.moment));
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
