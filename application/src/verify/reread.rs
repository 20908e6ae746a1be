//! What a second reader's events of one entity make: the rows that the tables ought to hold of it, and what it adds to
//! the counters of its space.

use domain::entity::upcast::Unreadable;
use domain::entity::{EntityRef, Event};
use domain::id::SpaceId;
use serde_json::Value;

use crate::rebuild::{Counters, Fold, Rows};

/// What one entity's events make.
#[derive(Debug)]
pub struct Reread {
    /// Its row and its days.
    pub rows: Rows,
    /// What it added to the counters of its space with the events that were known before.
    before: Counters,
    /// What it adds now.
    after: Counters,
}

/// An event as a second reader gives it.
#[derive(Clone, Debug)]
pub struct Reading {
    /// Its type.
    pub event_type: String,
    /// The version of that.
    pub event_version: String,
    /// What happened.
    pub payload: Value,
}

/// Folds an entity's events, in order; `known` of them were folded before.
///
/// # Errors
/// Which of them cannot be read, counted from 1, and why.
pub fn reread(
    space: SpaceId,
    entity: EntityRef,
    known: i64,
    events: Vec<Reading>,
) -> Result<Reread, (usize, Unreadable)> {
    let mut fold = Fold::new(space);
    let mut before = fold.counters();
    for (index, read) in events.into_iter().enumerate() {
        if index > 0 && i64::try_from(index).is_ok_and(|index| index == known) {
            fold.take_rows();
            before = fold.counters();
        }
        let event = Event::read(entity.kind, &read.event_type, &read.event_version, read.payload);
        fold.apply(entity, event.map_err(|error| (index + 1, error))?);
    }
    let rows = fold.take_rows();
    Ok(Reread { rows, before, after: fold.counters() })
}

impl Reread {
    /// The counters of the space, with this entity as it is now instead of as it was.
    pub fn count(&self, space: Counters) -> Counters {
        let (before, after) = (self.before, self.after);
        Counters {
            live_entities: space.live_entities + after.live_entities - before.live_entities,
            checksum: space.checksum.wrapping_sub(before.checksum).wrapping_add(after.checksum),
            // Numbers are never given again, whatever became of what had them.
            legacy_next: space.legacy_next.max(after.legacy_next),
        }
    }
}
