//! What an export of this program wrote into the legacy database, and told there: rows that are known here already. They
//! are found again by that, and what was done here is not counted a second time when it comes back.

use std::collections::{BTreeMap, BTreeSet};

use domain::entity::Kind;
use domain::id::EntityId;
use uuid::Uuid;

use super::columns::int;
use super::source::Row;
use super::wrote::Wrote;

/// The table of the legacy log.
const LOG: &str = "activity_logs";

/// The rows of one account that an export wrote.
#[derive(Clone, Debug, Default)]
pub struct Marks {
    entities: BTreeMap<(Kind, i64), EntityId>,
    lines: BTreeSet<i64>,
    wrote: Option<Wrote>,
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

    /// What the export noted of the account itself.
    pub fn note(&mut self, wrote: Wrote) {
        self.wrote = Some(wrote);
    }

    /// What the export noted of the account itself.
    pub(super) fn wrote(&self) -> Option<&Wrote> {
        self.wrote.as_ref()
    }

    /// How many of these rows of a table no export wrote.
    fn others(&self, table: &str, rows: &[Row]) -> u64 {
        let kind = Kind::ALL.iter().copied().find(|kind| kind.table() == table);
        let is_known = |row: &&Row| {
            let Some(number) = int(row, "id") else { return false };
            kind.map_or_else(|| self.has_line(number), |kind| self.of(kind, number).is_some())
        };
        (rows.len() - rows.iter().filter(is_known).count()) as u64
    }

    /// The entity that a row was written for.
    pub(super) fn of(&self, kind: Kind, row: i64) -> Option<EntityId> {
        self.entities.get(&(kind, row)).copied()
    }

    /// Whether a line of the log was written by an export.
    pub(super) fn has_line(&self, row: i64) -> bool {
        self.lines.contains(&row)
    }

    /// How many rows of an account, of the tables that marks tell of, no export wrote; `None`: no export wrote any of them.
    pub(super) fn beside(&self, tables: &BTreeMap<String, Vec<Row>>) -> Option<u64> {
        let of = |table: &str| tables.get(table).map_or(0, |rows| self.others(table, rows));
        (!self.is_empty()).then(|| Self::KINDS.iter().map(|(table, _)| of(table)).sum())
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.entities.is_empty() && self.lines.is_empty()
    }
}
