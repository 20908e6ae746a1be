//! Entities at a position: their events, read in short steps and folded.

use std::collections::{BTreeMap, BTreeSet};

use domain::entity::{EntityRef, Event};
use domain::id::SpaceId;
use domain::undo::Life;

use super::{Past, PastEvent, Stretch};
use crate::fault::Fault;

/// Entities that are read at once, and events of each.
const STRETCHES_MAX: usize = 50;
const ROWS_MAX: usize = 200;

/// An event that was read back, with what it says.
#[derive(Clone, Debug)]
pub struct Logged {
    /// As it is stored.
    pub past: PastEvent,
    /// What happened; none if its payload was taken out.
    pub event: Option<Event>,
}

/// The events of these entities up to a position, handed to `each` by entity and in order.
///
/// # Errors
/// The log could not be read, or is damaged.
pub async fn logged<P: Past>(
    past: &P,
    space: SpaceId,
    wanted: &[EntityRef],
    upto: i64,
    mut each: impl FnMut(Logged),
) -> Result<(), Fault> {
    for some in wanted.chunks(STRETCHES_MAX) {
        let mut open: Vec<Stretch> = some.iter().map(|entity| Stretch { entity: *entity, after: 0 }).collect();
        while !open.is_empty() {
            let rows = past.events(space, &open, upto, ROWS_MAX as i64).await?;
            let mut found: BTreeMap<EntityRef, (usize, i64)> = BTreeMap::new();
            let mut expected: BTreeMap<EntityRef, i64> = open.iter().map(|one| (one.entity, one.after + 1)).collect();
            for past in rows {
                let seen = found.entry(past.entity).or_default();
                *seen = (seen.0 + 1, past.version);
                counts_on(&past, &mut expected, space)?;
                let event = past.event(space)?;
                each(Logged { past, event });
            }
            let goes_on = |(entity, (rows, after)): (EntityRef, (usize, i64))| {
                (rows == ROWS_MAX).then_some(Stretch { entity, after })
            };
            open = found.into_iter().filter_map(goes_on).collect();
        }
    }
    Ok(())
}

/// An entity's events are counted 1, 2, 3.
fn counts_on(past: &PastEvent, expected: &mut BTreeMap<EntityRef, i64>, space: SpaceId) -> Result<(), Fault> {
    let next = expected.entry(past.entity).or_insert(1);
    if past.version != *next {
        let found = past.version;
        return Err(past.damaged(space, &format!("it is number {found} of its entity, where {next} is next")));
    }
    *next += 1;
    Ok(())
}

/// These entities as they were at each of two positions; the first is not behind the second. What had not been created is
/// absent; an entity with an event whose payload was taken out is left out, because nothing tells what it was.
///
/// # Errors
/// The log could not be read, or is damaged.
pub async fn lives<P: Past>(
    past: &P,
    space: SpaceId,
    wanted: &[EntityRef],
    (then, now): (i64, i64),
) -> Result<BTreeMap<EntityRef, (Life, Life)>, Fault> {
    let mut lives: BTreeMap<EntityRef, (Option<Life>, Life)> =
        wanted.iter().map(|entity| (*entity, (None, Life::absent(entity.kind)))).collect();
    let mut silent = BTreeSet::new();
    logged(past, space, wanted, now, |Logged { past, event }| {
        let Some((before, life)) = lives.get_mut(&past.entity) else { return };
        let Some(event) = event else {
            silent.insert(past.entity);
            return;
        };
        if past.position > then && before.is_none() {
            *before = Some(life.clone());
        }
        life.apply(event);
    })
    .await?;
    lives.retain(|entity, _| !silent.contains(entity));
    Ok(lives.into_iter().map(|(entity, (then, now))| (entity, (then.unwrap_or_else(|| now.clone()), now))).collect())
}
