//! Two positions of a space beside each other: which entities differ, and in which fields.

use std::collections::BTreeMap;

use domain::entity::EntityRef;
use domain::id::SpaceId;

use super::affordable::affordable;
use super::difference::{Change, difference};
use super::port::Replay;
use super::state::State;
use crate::fault::Fault;
use crate::past::{AS_OF_CHANGED_MAX, Changed, changed};

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The earlier position.
    pub from: i64,
    /// The later one.
    pub to: i64,
    /// This entity alone.
    pub entity: Option<EntityRef>,
    /// Only what comes behind this entity: the page before ended with it.
    pub after: Option<EntityRef>,
    /// Entities at most.
    pub rows: usize,
}

/// An entity that something happened to between the two.
#[derive(Clone, Debug)]
pub struct Differing {
    /// Which.
    pub entity: EntityRef,
    /// What it was at the earlier position.
    pub before: State,
    /// What it was at the later one.
    pub after: State,
    /// In which fields these differ; none if what happened was taken back, or cannot be told.
    pub changes: Vec<Change>,
}

/// What the comparison says.
#[derive(Clone, Debug)]
pub enum Compared {
    /// A page.
    Page {
        /// The entities that something happened to, by kind and id.
        items: Vec<Differing>,
        /// How many these are on all pages.
        changed: usize,
        /// The entity behind which the next page begins.
        next: Option<EntityRef>,
    },
    /// More entities than are compared.
    TooMany,
}

/// Compares two positions.
///
/// # Errors
/// The log could not be read, or is damaged.
pub async fn compare<R: Replay>(log: &R, space: SpaceId, pair: &Pair) -> Result<Compared, Fault> {
    let of = |entity: &EntityRef| pair.entity.is_none_or(|wanted| wanted == *entity);
    let all = match changed(log, space, (pair.from, pair.to), of, AS_OF_CHANGED_MAX).await? {
        Changed::All(all) => all,
        Changed::TooMany => return Ok(Compared::TooMany),
    };
    let behind = all.iter().copied().filter(|entity| pair.after.is_none_or(|after| *entity > after));
    let mut page: Vec<EntityRef> = behind.take(pair.rows + 1).collect();
    let more = page.len() > pair.rows;
    page.truncate(pair.rows);
    let next = page.last().copied().filter(|_| more);
    let versions: BTreeMap<EntityRef, i64> = log.versions(space, &page, pair.to).await?.into_iter().collect();
    let wanted = page.iter().map(|entity| (*entity, versions.get(entity).copied().unwrap_or_default())).collect();
    let mut found = affordable(log, space, wanted, (pair.from, pair.to)).await?;
    let items = page.into_iter().filter_map(|entity| {
        let (then, now) = found.remove(&entity)?;
        let changes = match (&then, &now) {
            (Ok(then), Ok(now)) => difference(then, now),
            _ => Vec::new(),
        };
        let [before, after] = [then, now].map(|held| held.map_or_else(State::Unknown, |entity| State::of(&entity)));
        Some(Differing { entity, before, after, changes })
    });
    Ok(Compared::Page { items: items.collect(), changed: all.len(), next })
}
