//! What a second reader's events of one entity make: the rows that the tables ought to hold of it, and what it adds to
//! the counters of its space.

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

/// Folds the payloads of an entity's events, in order; `known` of them were folded before.
///
/// # Errors
/// Which of them cannot be read, counted from 1, and why.
pub fn reread(
    space: SpaceId,
    entity: EntityRef,
    known: i64,
    payloads: Vec<Value>,
) -> Result<Reread, (usize, serde_json::Error)> {
    let mut fold = Fold::new(space);
    let mut before = fold.counters();
    for (index, payload) in payloads.into_iter().enumerate() {
        if index > 0 && i64::try_from(index).is_ok_and(|index| index == known) {
            fold.take_rows();
            before = fold.counters();
        }
        fold.apply(entity, Event::from_payload(entity.kind, payload).map_err(|error| (index + 1, error))?);
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
            legacy_next: space.legacy_next + after.legacy_next - before.legacy_next,
        }
    }
}
