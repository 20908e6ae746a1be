//! The commands and events of the life that every kind shares.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::fields::Edit;
use super::kept::{Import, Kept};
use super::meta::{Gone, Register, Took};
use crate::id::EntityId;
use crate::merge::candidates::Candidate;
use crate::references::Dead;

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
    /// The user has chosen between the candidates of a field.
    Resolve(String, Choice),
    /// Follow-up of a delete: it goes with what it belongs to, which that write deleted (`None`: this one).
    Follow(Option<Gone>),
    /// Follow-up of a restore: what it belongs to is back.
    Return,
    /// Follow-up of a delete: the field no longer shows the deleted entity.
    Clear(String, EntityId),
    /// Follow-up of a restore: the field shows the entity again, if it is still wanted there.
    Refer(String, EntityId),
    /// Follow-up of a write that refers to it while it is deleted: a restore has to know.
    Await(Took),
}

/// How the user decides a conflict.
#[derive(Clone, Debug, PartialEq)]
pub enum Choice {
    /// What is shown.
    Current,
    /// The latest other candidate.
    Other,
    /// Something else.
    Value(Value),
}

/// The events that every kind has.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lifecycle<F> {
    /// It exists.
    Created(Box<Created<F>>),
    /// Fields changed.
    Edited(Edited),
    /// It left a tombstone.
    Deleted(Deleted),
    /// It is back.
    Restored(Restored),
    /// A register was written with the state that it had: only its stamp moves.
    Reaffirmed(Reaffirmed),
    /// A reference is not shown any more: what it refers to was deleted.
    Unlinked(Link),
    /// A reference is shown again: what it refers to is back.
    Linked(Link),
    /// While it was deleted, something came to refer to it.
    Awaited(Awaited),
}

/// What these events are called, without the kind.
pub const NAMES: &[&str] =
    &["created", "edited", "deleted", "restored", "released", "reaffirmed", "unlinked", "linked", "awaited"];

impl<F> Lifecycle<F> {
    /// The event's name, without its kind.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Created(_) => "created",
            Self::Edited(_) => "edited",
            Self::Deleted(_) => "deleted",
            Self::Restored(restored) if restored.stays_deleted => "released",
            Self::Restored(_) => "restored",
            Self::Reaffirmed(_) => "reaffirmed",
            Self::Unlinked(_) => "unlinked",
            Self::Linked(_) => "linked",
            Self::Awaited(_) => "awaited",
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
    /// References that are wanted and not shown, because what they refer to is deleted.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub hidden: Dead,
    /// What it belongs to was deleted by this write: it goes with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gone: Option<Gone>,
    /// What an import brought beside all that.
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
    /// Members of a set whose add was recorded.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub added: Vec<Value>,
    /// Members of a set of which the adds that the writer had seen were taken.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub removed: Vec<Value>,
    /// What was written, where that is not what is shown now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub written: Option<Value>,
    /// The candidates now, where this write is not the only one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<Candidate>,
}

/// It left a tombstone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Deleted {
    /// When the user deleted it, Unix ms.
    pub moment: i64,
    /// What it took.
    pub took: Vec<Took>,
    /// Up to where the device had applied the log.
    #[serde(default)]
    pub base: Option<i64>,
    /// It went with what it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gone: Option<Gone>,
}

/// It is back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Restored {
    /// When the user restored it, Unix ms.
    pub moment: i64,
    /// What its delete took.
    pub took: Vec<Took>,
    /// Up to where the device had applied the log.
    #[serde(default)]
    pub base: Option<i64>,
    /// It is back because what it belongs to is.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub returned: bool,
    /// It is deleted for another reason still: itself, or with what it belongs to.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub stays_deleted: bool,
}

/// A register was written with the state that it had.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reaffirmed {
    /// Which.
    pub register: Register,
    /// When the user acted, Unix ms.
    pub moment: i64,
    /// Up to where the device had applied the log.
    #[serde(default)]
    pub base: Option<i64>,
}

/// A reference is shown or not, according to what it refers to. Nobody wrote it: it has no stamp.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Link {
    /// The field.
    pub field: String,
    /// What it refers to.
    pub target: EntityId,
    /// What the field showed.
    pub before: Value,
    /// What it shows now.
    pub after: Value,
}

/// While it was deleted, something came to refer to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Awaited {
    /// What, and by which field.
    #[serde(flatten)]
    pub by: Took,
}
