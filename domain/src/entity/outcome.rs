//! What a device is told about one command.

use serde::{Deserialize, Serialize};

use crate::id::EntityId;

/// How a command fared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutcomeKind {
    /// All of it was applied.
    #[default]
    Applied,
    /// Part of it was applied.
    Merged,
    /// A later write stands.
    Superseded,
    /// It was so already.
    Unchanged,
}

/// What a device is told about one command.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// How it fared.
    #[serde(rename = "outcome")]
    pub kind: OutcomeKind,
    /// Fields where a later write stands.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub superseded: Vec<String>,
    /// References to deleted entities that were cleared.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cleared: Vec<String>,
    /// Conflicts that it opened or changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conflicts: Vec<EntityId>,
}

impl Outcome {
    /// A later write stands.
    pub fn superseded() -> Self {
        Self { kind: OutcomeKind::Superseded, ..Self::default() }
    }

    /// It was so already.
    pub fn unchanged() -> Self {
        Self { kind: OutcomeKind::Unchanged, ..Self::default() }
    }

    /// Part of it was applied.
    pub fn merged() -> Self {
        Self { kind: OutcomeKind::Merged, ..Self::default() }
    }

    /// The same, with the conflicts that the write opened or changed.
    pub fn with_conflicts(mut self, conflicts: Vec<EntityId>) -> Self {
        if !conflicts.is_empty() && self.kind == OutcomeKind::Applied {
            self.kind = OutcomeKind::Merged;
        }
        self.conflicts = conflicts;
        self
    }

    /// The outcome of an edit or a creation with these fields left out.
    pub fn of_fields(written: usize, superseded: Vec<String>, cleared: Vec<String>) -> Self {
        let kind = match (written, superseded.is_empty() && cleared.is_empty()) {
            (0, true) => OutcomeKind::Unchanged,
            (0, false) => OutcomeKind::Superseded,
            (_, true) => OutcomeKind::Applied,
            (_, false) => OutcomeKind::Merged,
        };
        Self { kind, superseded, cleared, conflicts: Vec::new() }
    }
}
