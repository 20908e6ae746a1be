//! Which entities changed after a position.

use std::collections::BTreeSet;

use domain::entity::EntityRef;
use domain::id::SpaceId;
use domain::transaction::Positions;

use super::Past;
use crate::fault::Fault;

/// Positions that are read at once.
const POSITIONS_MAX: i64 = 5_000;

/// The entities that changed between two positions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changed {
    /// They.
    All(BTreeSet<EntityRef>),
    /// More than were wanted.
    TooMany,
}

/// The entities among `of` that changed after `then` and up to `now`, if they are at most `max`.
///
/// # Errors
/// The log could not be read.
pub async fn changed<P: Past>(
    past: &P,
    space: SpaceId,
    (then, now): (i64, i64),
    of: impl Fn(&EntityRef) -> bool,
    max: usize,
) -> Result<Changed, Fault> {
    let mut found = BTreeSet::new();
    let mut reached = then;
    while reached < now {
        let span = Positions { first: reached + 1, last: now.min(reached + POSITIONS_MAX) };
        found.extend(past.changed(space, span).await?.into_iter().filter(&of));
        if found.len() > max {
            return Ok(Changed::TooMany);
        }
        reached = span.last;
    }
    Ok(Changed::All(found))
}
