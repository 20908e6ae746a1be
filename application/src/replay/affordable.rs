//! Entities at a position, as many as one answer may fold.

use std::collections::BTreeMap;

use domain::entity::{Entity, EntityRef};
use domain::id::SpaceId;

use super::FOLDED_MAX;
use super::state::Unknown;
use crate::fault::Fault;
use crate::past::{Past, lives};

/// An entity while its steps are told.
pub(super) type Held = Result<Entity, Unknown>;

/// These entities at each of two positions; each stands with how many events are to be folded for it. Those with the fewest come
/// first, until the answer has enough.
///
/// # Errors
/// The log could not be read, or is damaged.
pub(super) async fn affordable<P: Past>(
    past: &P,
    space: SpaceId,
    wanted: Vec<(EntityRef, i64)>,
    (then, now): (i64, i64),
) -> Result<BTreeMap<EntityRef, (Held, Held)>, Fault> {
    let (chosen, long) = choose(wanted);
    let mut found = lives(past, space, &chosen, (then, now)).await?;
    let held = |entity: EntityRef| {
        let lives = found.remove(&entity).ok_or(Unknown::Redacted);
        lives.map_or_else(|why| (Err(why), Err(why)), |(then, now)| (Ok(then.entity), Ok(now.entity)))
    };
    let known: Vec<_> = chosen.iter().copied().map(held).collect();
    let known = chosen.into_iter().zip(known);
    let unknown = (Err(Unknown::LongHistory), Err(Unknown::LongHistory));
    Ok(known.chain(long.into_iter().map(|entity| (entity, unknown.clone()))).collect())
}

/// Those that can be folded, and those that cannot.
fn choose(mut wanted: Vec<(EntityRef, i64)>) -> (Vec<EntityRef>, Vec<EntityRef>) {
    wanted.sort_by_key(|(entity, events)| (*events, *entity));
    let mut folded = 0;
    let fits = wanted.iter().take_while(|(_, events)| {
        folded += events;
        folded <= FOLDED_MAX
    });
    let count = fits.count();
    let long = wanted.split_off(count);
    let names = |some: Vec<(EntityRef, i64)>| some.into_iter().map(|(entity, _)| entity).collect();
    (names(wanted), names(long))
}

#[cfg(test)]
mod tests {
    use domain::entity::Kind;
    use domain::id::EntityId;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn the_short_histories_are_folded_and_the_long_ones_left() {
        let entity = |number: u128| EntityRef::new(Kind::Task, EntityId(Uuid::from_u128(number)));
        let wanted = vec![(entity(1), FOLDED_MAX), (entity(2), 3), (entity(3), FOLDED_MAX - 3)];
        assert_eq!(choose(wanted), (vec![entity(2), entity(3)], vec![entity(1)]));
        assert_eq!(choose(vec![(entity(1), FOLDED_MAX)]), (vec![entity(1)], Vec::new()));
        assert_eq!(choose(vec![(entity(1), FOLDED_MAX + 1)]), (Vec::new(), vec![entity(1)]));
    }
}
