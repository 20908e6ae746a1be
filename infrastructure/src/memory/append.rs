//! The write: every space's part, or none of it where another writer was first; the whole batch is one step.

use std::sync::Arc;

use application::fault::Fault;
use application::ledger::{Appended, NewRow, Prepared};
use domain::entity::EntityRef;
use serde_json::Value;

use super::State;
use super::space::{Row, Space};

impl State {
    /// Writes the parts of all spaces that are not lost.
    pub(super) fn append(&mut self, batch: &[Prepared]) -> Result<Vec<Appended>, Fault> {
        let outcomes: Vec<Appended> = batch.iter().map(|prepared| self.outcome(prepared)).collect();
        let winning = || batch.iter().zip(&outcomes).filter(|(_, outcome)| **outcome == Appended::Committed);
        for (prepared, _) in winning() {
            self.keys_are_free(prepared)?;
        }
        for (prepared, _) in winning() {
            if let Some(space) = self.spaces.get_mut(&prepared.space) {
                space.write(prepared);
            }
        }
        Ok(outcomes)
    }

    /// A head that has moved, projections that were repaired, a transaction or a created entity that is there already:
    /// nothing of such a space is written.
    fn outcome(&self, prepared: &Prepared) -> Appended {
        let Some(space) = self.spaces.get(&prepared.space) else { return Appended::Lost };
        let (head, expected) = (&space.head, &prepared.expected);
        let moved = head.position != expected.position || head.repairs != expected.repairs;
        let repeated = prepared.receipts.iter().any(|new| space.receipts.contains_key(&new.transaction));
        let mut created = prepared.events.iter().filter(|event| event.change.version == 1);
        let exists =
            created.any(|event| space.rows.contains_key(&EntityRef::new(event.change.entity, event.change.id)));
        if moved || repeated || exists { Appended::Lost } else { Appended::Committed }
    }

    /// What the database's keys refuse: a position or an entity's sequence that is taken or leaves a gap.
    fn keys_are_free(&self, prepared: &Prepared) -> Result<(), Fault> {
        let Some(space) = self.spaces.get(&prepared.space) else { return Ok(()) };
        let mut versions = std::collections::HashMap::new();
        for (event, position) in prepared.events.iter().zip(space.head.position + 1..) {
            let entity = EntityRef::new(event.change.entity, event.change.id);
            let stored = || space.rows.get(&entity).map_or(0, |row| row.entity.meta().version);
            let version = versions.entry(entity).or_insert_with(stored);
            *version += 1;
            if event.change.position != position || event.change.version != *version {
                return Err(Fault::Refused(format!("an event of {} has a key that is taken", prepared.space)));
            }
        }
        Ok(())
    }
}

impl Space {
    fn write(&mut self, prepared: &Prepared) {
        let (epoch, repairs) = (self.head.epoch, self.head.repairs);
        self.head = application::ledger::Head { epoch, repairs, ..prepared.head.clone() };
        self.events.extend(prepared.events.iter().cloned().map(Arc::new));
        for (entity, new) in &prepared.rows {
            self.put(*entity, new);
        }
        for new in &prepared.receipts {
            self.receipts.insert(new.transaction, Arc::clone(&new.stored));
        }
        self.devices.extend(&prepared.devices);
    }

    /// Days that did not change stay as they were written.
    fn put(&mut self, entity: EntityRef, new: &NewRow) {
        let mut days = self.rows.remove(&entity).map(|row| row.days).unwrap_or_default();
        let entries = new.entity.days();
        let changed = new.days.iter().filter_map(|day| Some((*day, serde_json::to_value(entries.get(day)?).ok()?)));
        days.extend(changed.filter(|(_, entry)| matches!(entry, Value::Object(_))));
        self.rows.insert(entity, Row { entity: Arc::clone(&new.entity), row: Arc::new(new.row.clone()), days });
    }
}
