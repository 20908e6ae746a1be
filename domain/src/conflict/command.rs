//! What can be asked of a conflict, and what one says.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use validator::Validate;

use crate::entity::fields::Policy::Fixed;
use crate::entity::lifecycle::Choice;
use crate::entity::{Fields, Kind, LifecycleCommand, Policy};
use crate::id::{DeviceId, EntityId};
use crate::stamp::Written;

/// A command to a conflict.
#[derive(Clone, Debug, PartialEq)]
pub enum ConflictCommand {
    /// The user decides. It becomes a write of the field that the conflict is about.
    Resolve(Choice),
    /// Follow-up of a write: the candidates are these.
    Show(ConflictFields),
    /// Follow-up of a write: there is nothing to choose any more.
    Close,
    /// Conflicts have no such life; no command of theirs is one of it.
    Lifecycle(LifecycleCommand),
}

/// What a conflict is about. Nobody writes it; it follows from the entity.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Validate)]
pub struct ConflictFields {
    /// Kind of the entity, by name.
    pub entity_kind: String,
    /// Which entity.
    pub entity_id: EntityId,
    /// The field; `deleted_at` where one device deleted what another edited.
    pub field: String,
    /// What is shown.
    pub current: Side,
    /// What else was written, the latest first.
    pub others: Vec<Side>,
}

/// One of the values to choose from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Side {
    /// The value. A row is read without its nulls.
    #[serde(default)]
    pub value: Value,
    /// The device that wrote it.
    pub device_id: DeviceId,
    /// When, Unix ms.
    pub at: i64,
}

/// A value and who wrote it.
pub fn side(value: Value, written: Written) -> Side {
    Side { value, device_id: written.stamp.device, at: written.stamp.ms }
}

impl ConflictCommand {
    /// The command of the shared life, if it is one.
    pub fn lifecycle(&self) -> Option<&LifecycleCommand> {
        if let Self::Lifecycle(command) = self { Some(command) } else { None }
    }
}

impl Fields for ConflictFields {
    const KIND: Kind = Kind::Conflict;
    const POLICIES: &'static [(&'static str, Policy)] =
        &[("entity_kind", Fixed), ("entity_id", Fixed), ("field", Fixed), ("current", Fixed), ("others", Fixed)];
}
