//! What an export of this program wrote into the legacy database, and told there: rows that are known here already. They
//! are found again by that, and what was done here is not counted a second time when it comes back.

use std::collections::{BTreeMap, BTreeSet};

use domain::entity::Kind;
use domain::id::EntityId;
use uuid::Uuid;

/// The table of the legacy log.
const LOG: &str = "activity_logs";

/// The rows of one account that an export wrote.
#[derive(Clone, Debug, Default)]
pub struct Marks {
    entities: BTreeMap<(Kind, i64), EntityId>,
    lines: BTreeSet<i64>,
}

impl Marks {
    /// The tables that marks tell of, each with the kinds by which they name its rows.
    pub const KINDS: &[(&str, &[&str])] = &[
        ("tasks", &["task", "tasks"]),
        ("goals", &["goal", "goals"]),
        ("milestones", &["milestone", "milestones"]),
        ("skills", &["skill", "skills"]),
        (LOG, &["activity", LOG]),
    ];

    /// A row of a table was written by an export, of this entity.
    pub fn put(&mut self, table: &str, row: i64, entity: Uuid) {
        if table == LOG {
            self.lines.insert(row);
        } else if let Some(kind) = Kind::ALL.iter().copied().find(|kind| kind.table() == table) {
            self.entities.insert((kind, row), EntityId(entity));
        }
    }

    /// The entity that a row was written for.
    pub(super) fn of(&self, kind: Kind, row: i64) -> Option<EntityId> {
        self.entities.get(&(kind, row)).copied()
    }

    /// Whether a line of the log was written by an export.
    pub(super) fn has_line(&self, row: i64) -> bool {
        self.lines.contains(&row)
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.entities.is_empty() && self.lines.is_empty()
    }
}
