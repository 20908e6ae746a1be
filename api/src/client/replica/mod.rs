//! A faithful local replica of one space: it applies snapshot pages and changes, keeps what it does not know, and
//! refuses a feed that skips, repeats, reorders or contradicts itself. It never corrects anything on its own. One that is
//! forgiving takes changes of entities as they come, because somebody compares its checksum and mends it.

mod divergence;
mod document;
mod mend;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use uuid::Uuid;

pub use divergence::Divergence;
pub use mend::Share;

use super::checksum;
use super::wire::{Change, ChangesPage, Op, SnapshotPage};

/// What a space looks like to a reader who has read up to a position.
#[derive(Clone, Debug, Default)]
pub struct Replica {
    rows: BTreeMap<(String, Uuid), Row>,
    position: i64,
    cursor: Option<String>,
    sum: u64,
    head: i64,
    last_transaction: Option<Uuid>,
    parts: Vec<Change>,
    /// A snapshot tells of no tombstones, so changes of entities that are not known may be changes of one.
    knows_tombstones: Tombstones,
    forgiving: bool,
}

/// Which tombstones a replica knows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Tombstones {
    /// All: it read the log from the beginning.
    #[default]
    All,
    /// Those since its snapshot.
    Some,
}

/// One entity, alive or a tombstone.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// Its own counter.
    pub version: i64,
    /// All fields ever told, known or not.
    pub fields: Map<String, Value>,
}

/// A change that has been applied, and what was there before it.
#[derive(Clone, Debug)]
pub struct Applied {
    /// The change.
    pub change: Change,
    /// The entity before, if the replica knew it.
    pub before: Option<Row>,
    /// The entity after.
    pub after: Row,
}

impl Row {
    /// Whether the entity is deleted.
    #[must_use]
    pub fn is_tombstone(&self) -> bool {
        self.fields.get("deleted_at").is_some_and(|at| !at.is_null())
    }

    fn share(&self, entity: &str, id: Uuid) -> u64 {
        if self.is_tombstone() { 0 } else { checksum::of_entity(entity, id, self.version, &self.fields) }
    }
}

impl Replica {
    /// How far the log has been applied.
    #[must_use]
    pub fn position(&self) -> i64 {
        self.position
    }

    /// Where to go on reading; none before the first page.
    #[must_use]
    pub fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }

    /// The log's last position as the server told it last.
    #[must_use]
    pub fn head(&self) -> i64 {
        self.head
    }

    /// The sum of the live entities' checksums.
    #[must_use]
    pub fn checksum(&self) -> u64 {
        self.sum
    }

    /// One entity, alive or a tombstone.
    #[must_use]
    pub fn row(&self, entity: &str, id: Uuid) -> Option<&Row> {
        self.rows.get(&(entity.to_owned(), id))
    }

    /// Every entity, tombstones too, by kind and id.
    pub fn rows(&self) -> impl Iterator<Item = (&str, Uuid, &Row)> {
        self.rows.iter().map(|((entity, id), row)| (entity.as_str(), *id, row))
    }

    /// Every live entity, by kind and id.
    pub fn live(&self) -> impl Iterator<Item = (&str, Uuid, &Row)> {
        self.rows().filter(|(_, _, row)| !row.is_tombstone())
    }

    /// Takes a page of a snapshot. A row that comes twice is replaced; the last page sets position and cursor.
    pub fn apply_snapshot(&mut self, page: SnapshotPage) -> Result<(), Divergence> {
        for item in page.items {
            self.put(item.entity, item.id, Row { version: item.version, fields: item.fields });
        }
        let Some(cursor) = page.cursor.filter(|_| page.next.is_none()) else { return Ok(()) };
        self.head = page.head.ok_or(Divergence::SnapshotWithoutHead)?;
        self.position = self.head;
        self.cursor = Some(cursor);
        self.last_transaction = None;
        self.knows_tombstones = Tombstones::Some;
        self.verify(page.checksum.as_deref())
    }

    /// Takes a page of the log, and says what each change did. After an error the replica is worthless.
    pub fn apply(&mut self, page: &ChangesPage) -> Result<Vec<Applied>, Divergence> {
        let applied = self.advance(page)?;
        self.verify_page(page)?;
        Ok(applied)
    }

    /// Holds the replica against the checksum of a page that it has taken, if it has one.
    pub fn verify_page(&self, page: &ChangesPage) -> Result<(), Divergence> {
        self.verify(page.checksum.as_deref())
    }

    /// Takes a page of the log without looking at its checksum.
    pub fn advance(&mut self, page: &ChangesPage) -> Result<Vec<Applied>, Divergence> {
        self.expect_whole_transactions(page)?;
        for change in &page.changes {
            if change.position != self.position + 1 {
                return Err(Divergence::Position { expected: self.position + 1, found: change.position });
            }
            self.position = change.position;
            self.last_transaction = Some(change.transaction_id);
            self.parts.push(change.clone());
        }
        self.cursor = Some(page.cursor.clone());
        self.head = page.head;
        if page.part.zip(page.of).is_some_and(|(part, of)| part < of) {
            return Ok(Vec::new());
        }
        let ready = std::mem::take(&mut self.parts);
        let applied = ready.into_iter().map(|change| self.step(change)).collect::<Result<_, _>>()?;
        self.expect_standing(page)?;
        Ok(applied)
    }

    fn expect_whole_transactions(&self, page: &ChangesPage) -> Result<(), Divergence> {
        let first = page.changes.first().map(|change| change.transaction_id);
        match first {
            Some(id) if page.part.is_none() && self.last_transaction == Some(id) => {
                Err(Divergence::SplitTransaction { transaction_id: id })
            }
            _ => Ok(()),
        }
    }

    /// A page says how much remains; with dense positions that is arithmetic.
    fn expect_standing(&self, page: &ChangesPage) -> Result<(), Divergence> {
        let remains = page.head - self.position;
        if page.pending == remains && page.caught_up == (remains == 0) {
            return Ok(());
        }
        Err(Divergence::Standing { position: self.position, head: page.head, pending: page.pending })
    }

    fn step(&mut self, change: Change) -> Result<Applied, Divergence> {
        let (entity, id) = (change.entity.clone(), change.id);
        let before = self.rows.get(&(entity.clone(), id)).cloned();
        let may_be_unknown = self.forgiving || self.knows_tombstones == Tombstones::Some;
        if before.is_none() && may_be_unknown && change.op != Op::Create {
            let after = Row { version: change.version, fields: change.fields.clone() };
            return Ok(Applied { change, before, after });
        }
        let mut after = match &before {
            Some(row) if change.op != Op::Create => row.clone(),
            _ => Row::default(),
        };
        after.version = change.version;
        after.fields.extend(change.fields.clone());
        if !self.forgiving {
            self.expect_next(&change, before.as_ref(), &after)?;
        }
        self.put(entity, id, after.clone());
        Ok(Applied { change, before, after })
    }

    /// Whether the change fits the entity as it was.
    fn expect_next(&self, change: &Change, before: Option<&Row>, after: &Row) -> Result<(), Divergence> {
        let (entity, id) = (change.entity.clone(), change.id);
        let first = if self.knows_tombstones == Tombstones::All { 1 } else { change.version };
        let expected = before.map_or(first, |row| row.version + 1);
        if change.version != expected {
            return Err(Divergence::Version { entity, id, expected, found: change.version });
        }
        match (change.op, before) {
            (Op::Create, Some(row)) if !row.is_tombstone() => return Err(Divergence::CreatedTwice { entity, id }),
            (Op::Update | Op::Delete, None) => return Err(Divergence::Unknown { entity, id }),
            _ => {}
        }
        if (change.op == Op::Delete) != after.is_tombstone() && change.op != Op::Update {
            return Err(Divergence::Tombstone { entity, id });
        }
        Ok(())
    }

    fn put(&mut self, entity: String, id: Uuid, row: Row) {
        let share = row.share(&entity, id);
        let left = self.rows.insert((entity.clone(), id), row).map_or(0, |old| old.share(&entity, id));
        self.sum = self.sum.wrapping_sub(left).wrapping_add(share);
    }

    fn verify(&self, there: Option<&str>) -> Result<(), Divergence> {
        let here = checksum::to_hex(self.sum);
        match there {
            Some(there) if there != here => {
                Err(Divergence::Checksum { position: self.position, here, there: there.to_owned() })
            }
            _ => Ok(()),
        }
    }
}
