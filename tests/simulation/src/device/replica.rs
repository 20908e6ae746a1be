//! What a device has applied: rows, up to a cursor, and their checksum.

use std::collections::BTreeMap;

use application::change::{Change, Op};
use application::feed::Page;
use application::snapshot::{Complete, Item};
use domain::checksum::entity_checksum;
use domain::entity::{EntityRef, Kind};
use serde_json::{Map, Value};

use crate::message::Counts;

/// A live entity.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Row {
    pub(crate) version: i64,
    pub(crate) fields: Map<String, Value>,
    share: u64,
}

/// What a device has applied.
#[derive(Clone, Debug, Default)]
pub(crate) struct Replica {
    pub(crate) rows: BTreeMap<EntityRef, Row>,
    pub(crate) cursor: Option<String>,
    pub(crate) position: i64,
    pub(crate) checksum: u64,
}

impl Row {
    fn new(entity: EntityRef, version: i64, fields: Map<String, Value>) -> Self {
        let share = entity_checksum(entity.kind.name(), entity.id.0, version, &fields);
        Self { version, fields, share }
    }
}

impl Replica {
    fn put(&mut self, entity: EntityRef, row: Option<Row>) {
        self.checksum = self.checksum.wrapping_add(row.as_ref().map_or(0, |row| row.share));
        let before = match row {
            Some(row) => self.rows.insert(entity, row),
            None => self.rows.remove(&entity),
        };
        self.checksum = self.checksum.wrapping_sub(before.map_or(0, |row| row.share));
    }

    /// Applies a page of changes.
    ///
    /// # Errors
    /// A gap, or another checksum than the server's.
    pub(crate) fn apply(&mut self, page: &Page) -> Result<(), String> {
        for change in &page.changes {
            self.change(change)?;
        }
        self.cursor = Some(page.cursor.token());
        self.position = page.cursor.position;
        match page.checksum {
            Some(sum) if sum != self.checksum => Err(format!(
                "checksum alarm at {}: the server says {sum:016x}, the device {:016x}",
                self.position, self.checksum
            )),
            _ => Ok(()),
        }
    }

    fn change(&mut self, change: &Change) -> Result<(), String> {
        if change.position != self.position + 1 {
            return Err(format!("{} was followed by {}", self.position, change.position));
        }
        self.position = change.position;
        let entity = EntityRef::new(change.entity, change.id);
        match change.op {
            Op::Create => self.put(entity, Some(Row::new(entity, change.version, change.fields.clone()))),
            Op::Delete => self.put(entity, None),
            Op::Update => {
                // A tombstone goes on to change, but shows nothing.
                let Some(known) = self.rows.get(&entity) else { return Ok(()) };
                let mut fields = known.fields.clone();
                fields.extend(change.fields.clone());
                self.put(entity, Some(Row::new(entity, change.version, fields)));
            }
        }
        Ok(())
    }

    /// Takes a row of a snapshot.
    pub(crate) fn take(&mut self, item: Item) {
        let entity = EntityRef::new(item.entity, item.id);
        let fields = item.fields.to_map();
        let deleted = fields.get("deleted_at").is_some_and(|at| !at.is_null());
        self.put(entity, (!deleted).then(|| Row::new(entity, item.version, fields)));
    }

    /// Ends a snapshot.
    ///
    /// # Errors
    /// The checksum or a count is another than the server's.
    pub(crate) fn complete(&mut self, complete: &Complete) -> Result<(), String> {
        self.cursor = Some(complete.cursor.token());
        self.position = complete.cursor.position;
        if self.checksum != complete.checksum {
            return Err(format!("checksum alarm after a snapshot at {}", self.position));
        }
        let counts = self.counts();
        if counts != complete.counts {
            return Err(format!("a snapshot counts {:?}, the device {counts:?}", complete.counts));
        }
        Ok(())
    }

    fn counts(&self) -> Counts {
        let count = |kind: Kind| i64::try_from(self.rows.keys().filter(|one| one.kind == kind).count());
        Kind::ALL.iter().map(|kind| (*kind, count(*kind).unwrap_or(i64::MAX))).collect()
    }
}
