//! Every way to be refused: facts about what was asked, each with a stable code and a sentence. Faults are not here.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::id::EntityId;
use crate::limits::ERROR_CHARS_MAX;

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FieldError {
    /// JSON pointer to the field, from the command (`/data/title`) or, once answered, from the transaction.
    pub pointer: String,
    /// Stable code: `type_wrong`, `field_unknown`, `too_short`, `out_of_range` …
    pub code: String,
    /// A sentence.
    pub message: String,
    /// The limits that apply (`min`, `max` …).
    #[serde(flatten)]
    pub limits: Map<String, Value>,
}

impl FieldError {
    /// An error without limits. Pointer and message may quote what was sent, so they are kept short and without NUL:
    /// a receipt has to be storable whatever came.
    pub fn new(pointer: impl Into<String>, code: &str, message: impl Into<String>) -> Self {
        let (pointer, message) = (quotable(pointer.into()), quotable(message.into()));
        Self { pointer, code: code.to_owned(), message, limits: Map::new() }
    }
}

fn quotable(text: String) -> String {
    if text.chars().count() <= ERROR_CHARS_MAX && !text.contains('\0') {
        return text;
    }
    text.replace('\0', "\u{fffd}").chars().take(ERROR_CHARS_MAX).collect()
}

/// A name as one step of a JSON pointer (RFC 6901).
pub fn pointer_step(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// Why a command, and with it its transaction, is refused.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Rejection {
    /// One or more fields are unreadable, unknown or out of range. The code is that of the first.
    #[error("a field is not acceptable")]
    Invalid(Vec<FieldError>),
    /// The id is in use.
    #[error("an entity with this id exists already")]
    AlreadyExists,
    /// There never was such an entity in this space.
    #[error("there is no such entity")]
    NotFound,
    /// The entity is deleted, and this device knows it.
    #[error("the entity is deleted; restore it first")]
    Deleted,
    /// A reference names what never existed in this space.
    #[error("the field {field} names an entity that does not exist")]
    ReferenceMissing {
        /// Where it stands in the command.
        pointer: String,
        /// The field.
        field: String,
        /// What it names.
        id: EntityId,
    },
    /// A required reference names something deleted.
    #[error("the field {field} names a deleted entity")]
    ReferenceDeleted {
        /// Where it stands in the command.
        pointer: String,
        /// The field.
        field: String,
    },
    /// The reference would make a cycle (or a chain too long to follow).
    #[error("the field {field} would make the entity its own ancestor")]
    ReferenceCycle {
        /// Where it stands in the command.
        pointer: String,
        /// The field.
        field: String,
    },
    /// A goal with open milestones cannot be completed.
    #[error("the goal has open milestones")]
    MilestonesOpen {
        /// The open ones.
        milestones: Vec<EntityId>,
    },
    /// There is nothing to choose any more: somebody has decided, or what this device had seen was replaced.
    #[error("this conflict is closed")]
    ConflictClosed,
    /// `completed` is no status to edit to.
    #[error("a goal is completed by goal.complete, not by its status")]
    UseComplete {
        /// Where it stands in the command.
        pointer: String,
    },
    /// The command does not exist.
    #[error("there is no command of this type")]
    CommandUnknown,
    /// The transaction has no command or too many.
    #[error("a transaction has 1 to {max} commands")]
    CommandCount {
        /// The most that one may have.
        max: usize,
    },
    /// Two commands of the transaction have one id.
    #[error("two commands of the transaction have the same command_id")]
    CommandRepeated,
    /// The space is not the caller's.
    #[error("there is no such space")]
    SpaceUnknown,
    /// The space holds as many live entities as it may.
    #[error("the space holds {max} live entities, as many as it may")]
    SpaceFull {
        /// The most that it may hold.
        max: i64,
    },
    /// This id was used for other content.
    #[error("this transaction_id was used for other content")]
    TransactionReused,
    /// This device_seq was used under another id: the device was restored from a backup.
    #[error("this device_seq was used by another transaction of this device")]
    DeviceSeqReused {
        /// The last number of this device that is known; higher ones are free.
        last_seq: i64,
    },
}

impl Rejection {
    /// One field error.
    pub fn field(pointer: impl Into<String>, code: &str, message: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError::new(pointer, code, message)])
    }

    /// The stable code.
    pub fn code(&self) -> &str {
        match self {
            Self::Invalid(errors) => errors.first().map_or("invalid", |error| error.code.as_str()),
            Self::AlreadyExists => "already_exists",
            Self::NotFound => "not_found",
            Self::Deleted => "deleted",
            Self::ReferenceMissing { .. } => "reference_missing",
            Self::ReferenceDeleted { .. } => "reference_deleted",
            Self::ReferenceCycle { .. } => "reference_cycle",
            Self::MilestonesOpen { .. } => "milestones_open",
            Self::ConflictClosed => "conflict_closed",
            Self::UseComplete { .. } => "use_complete",
            Self::CommandUnknown => "command_unknown",
            Self::CommandCount { .. } => "command_count",
            Self::CommandRepeated => "command_repeated",
            Self::SpaceUnknown => "space_unknown",
            Self::SpaceFull { .. } => "space_full",
            Self::TransactionReused => "transaction_reused",
            Self::DeviceSeqReused { .. } => "device_seq_reused",
        }
    }

    /// The fields it is about, as pointers from the command.
    pub fn errors(&self) -> Vec<FieldError> {
        let about = |pointer: &str| vec![FieldError::new(pointer, self.code(), self.to_string())];
        match self {
            Self::Invalid(errors) => errors.clone(),
            Self::ReferenceMissing { pointer, .. }
            | Self::ReferenceDeleted { pointer, .. }
            | Self::ReferenceCycle { pointer, .. }
            | Self::UseComplete { pointer } => about(pointer),
            Self::AlreadyExists | Self::NotFound | Self::Deleted | Self::ConflictClosed => about("/id"),
            Self::CommandUnknown => about("/type"),
            _ => Vec::new(),
        }
    }

    /// Facts beside the code: the open milestones, the limit that was hit.
    pub fn facts(&self) -> Map<String, Value> {
        let facts = match self {
            Self::MilestonesOpen { milestones } => json!({ "milestones": milestones }),
            Self::ReferenceMissing { id, .. } => json!({ "id": id }),
            Self::CommandCount { max } => json!({ "max": max }),
            Self::SpaceFull { max } => json!({ "max": max }),
            Self::DeviceSeqReused { last_seq } => json!({ "last_seq": last_seq }),
            _ => Value::Null,
        };
        if let Value::Object(facts) = facts { facts } else { Map::new() }
    }
}
