//! The commands and events of the life that every kind shares.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::fields::Edit;
use super::kept::{Import, Kept};
use super::meta::{Register, Took};
use crate::id::EntityId;
use crate::stamp::Stamp;

/// The commands that every kind understands.
#[derive(Clone, Debug, PartialEq)]
pub enum LifecycleCommand {
    /// Create it under this id.
    Create(EntityId, Map<String, Value>),
    /// An import's creation: with what it keeps. No client can ask for it.
    Import(Box<Import>),
    /// An import's edit: of fields that nobody has written since the creation. No client can ask for it.
    Adopt(Map<String, Value>),
    /// Change fields.
    Edit(Edit),
    /// Leave a tombstone.
    Delete,
    /// Bring it back.
    Restore,
    /// Follow-up of a delete: it goes with what it belongs to.
    Follow,
    /// Follow-up of a restore: it comes back if that delete (of this stamp) took it.
    Return(Stamp),
    /// Follow-up of a delete: the field no longer refers to the deleted entity.
    Clear(String, EntityId),
    /// Follow-up of a restore: the field refers again, unless somebody has set it since the delete of this stamp.
    Refer(String, EntityId, Stamp),
}

/// The events that every kind has.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lifecycle<F> {
    /// It exists.
    Created(Created<F>),
    /// Fields changed.
    Edited(Edited),
    /// It left a tombstone.
    Deleted(Deleted),
    /// It is back.
    Restored(Restored),
    /// A register was written with the state that it had: only its stamp moves.
    Reaffirmed(Reaffirmed),
}

impl<F> Lifecycle<F> {
    /// The event's name, without its kind.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Created(_) => "created",
            Self::Edited(_) => "edited",
            Self::Deleted(_) => "deleted",
            Self::Restored(_) => "restored",
            Self::Reaffirmed(_) => "reaffirmed",
        }
    }
}

/// It exists.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Created<F> {
    /// Its id.
    pub id: EntityId,
    /// When the user created it, Unix ms.
    pub moment: i64,
    /// The integer that API v1 knows it by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legacy_id: Option<i64>,
    /// All writable fields.
    pub fields: F,
    /// What an import brought beside them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept: Option<Box<Kept>>,
}

/// Fields changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Edited {
    /// Up to where the device had applied the log.
    pub base: Option<i64>,
    /// What changed, by field.
    pub changes: BTreeMap<String, Change>,
}

/// One field's change.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// The value that it replaced.
    pub before: Value,
    /// The value now.
    pub after: Value,
    /// Members added, of a set.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub added: Vec<Value>,
    /// Members removed, of a set.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub removed: Vec<Value>,
}

/// It left a tombstone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Deleted {
    /// When the user deleted it, Unix ms.
    pub moment: i64,
    /// What it took.
    pub took: Vec<Took>,
}

/// It is back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Restored {
    /// When the user restored it, Unix ms.
    pub moment: i64,
    /// The stamp of the delete that this undoes.
    pub deletion: Stamp,
    /// What that delete took.
    pub took: Vec<Took>,
}

/// A register was written with the state that it had.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reaffirmed {
    /// Which.
    pub register: Register,
    /// When the user acted, Unix ms.
    pub moment: i64,
}
