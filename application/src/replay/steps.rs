//! A page of steps: events in order, each with what its entity was before and after.

use std::collections::BTreeMap;

use domain::entity::{Entity, EntityRef};
use domain::id::SpaceId;

use super::affordable::{Held, affordable};
use super::difference::{Change, difference, told};
use super::port::Replay;
use super::state::{State, Unknown};
use crate::fault::Fault;
use crate::past::{PastEvent, Stretch};

/// Which steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Those of this entity alone.
    pub entity: Option<EntityRef>,
    /// The first is the last one up to this position, or the first there is.
    pub position: i64,
    /// Steps at most.
    pub rows: i64,
}

/// One step.
#[derive(Clone, Debug)]
pub struct Step {
    /// What happened, in its present shape.
    pub event: PastEvent,
    /// The entity before.
    pub before: State,
    /// The entity after.
    pub after: State,
    /// In which fields they differ.
    pub changes: Vec<Change>,
}

/// A page of steps, in the order of the log.
#[derive(Clone, Debug)]
pub struct Page {
    /// The steps.
    pub steps: Vec<Step>,
    /// The last position of the log.
    pub head: i64,
    /// The position at which the page behind begins.
    pub next: Option<i64>,
    /// The position at which the page before begins.
    pub previous: Option<i64>,
}

/// Reads a page of steps; none if the space never had the entity.
///
/// # Errors
/// The log could not be read, or is damaged.
pub async fn steps<R: Replay>(log: &R, space: SpaceId, part: Part) -> Result<Option<Page>, Fault> {
    let head = log.head(space).await?.position;
    let found = match part.entity {
        None => Some(of_space(log, space, &part, head).await?),
        Some(entity) => of_entity(log, space, entity, &part, head).await?,
    };
    let Some((mut events, previous)) = found else { return Ok(None) };
    let rows = usize::try_from(part.rows).unwrap_or(usize::MAX);
    let next = events.get(rows).map(|event| event.position);
    events.truncate(rows);
    let steps = told_of(log, space, events).await?;
    Ok(Some(Page { steps, head, next, previous }))
}

/// One event more than the page holds, and where the page before begins.
type Found = (Vec<PastEvent>, Option<i64>);

async fn of_space<R: Replay>(log: &R, space: SpaceId, part: &Part, head: i64) -> Result<Found, Fault> {
    let first = part.position.max(1);
    let events = log.after(space, first - 1, part.rows + 1).await?;
    let last = head.min(first + part.rows);
    let positions = events.iter().map(|event| event.position).chain([i64::MAX]);
    for (expected, found) in (first..=last).zip(positions) {
        if expected != found {
            return Err(Fault::Damaged { space, position: expected, reason: "the event is missing".to_owned() });
        }
    }
    Ok((events, (first > 1).then(|| (first - part.rows).max(1))))
}

async fn of_entity<R: Replay>(
    log: &R,
    space: SpaceId,
    entity: EntityRef,
    part: &Part,
    head: i64,
) -> Result<Option<Found>, Fault> {
    let versions = log.versions(space, &[entity], part.position).await?;
    let first = versions.first().map_or(1, |(_, version)| *version);
    let stretch = |after: i64| [Stretch { entity, after }];
    let events = log.events(space, &stretch(first - 1), head, part.rows + 1).await?;
    let Some(begins) = events.first() else { return Ok(None) };
    if begins.version != first {
        return Err(begins.damaged(space, &format!("event {first} of its entity is missing before it")));
    }
    let mut previous = None;
    if first > 1 {
        let before = log.events(space, &stretch((first - part.rows - 1).max(0)), head, 1).await?;
        previous = before.first().map(|event| event.position);
    }
    Ok(Some((events, previous)))
}

/// The events as steps.
async fn told_of<R: Replay>(log: &R, space: SpaceId, events: Vec<PastEvent>) -> Result<Vec<Step>, Fault> {
    let Some(first) = events.first().map(|event| event.position) else { return Ok(Vec::new()) };
    let mut wanted: BTreeMap<EntityRef, i64> = BTreeMap::new();
    for event in &events {
        wanted.entry(event.entity).or_insert(event.version - 1);
    }
    let at = (first - 1, first - 1);
    let found = affordable(log, space, wanted.into_iter().collect(), at).await?;
    let mut held: BTreeMap<EntityRef, Held> = found.into_iter().map(|(entity, (then, _))| (entity, then)).collect();
    let mut steps = Vec::with_capacity(events.len());
    for event in events {
        let before = held.remove(&event.entity).unwrap_or_else(|| Ok(Entity::absent(event.entity.kind)));
        let entity = event.entity;
        let (step, after) = step(space, event, before)?;
        held.insert(entity, after);
        steps.push(step);
    }
    Ok(steps)
}

fn step(space: SpaceId, event: PastEvent, before: Held) -> Result<(Step, Held), Fault> {
    if let Ok(entity) = &before
        && entity.meta().version != event.version - 1
    {
        let folded = entity.meta().version;
        return Err(event.damaged(space, &format!("{folded} events of its entity are before number {}", event.version)));
    }
    let after = match (&before, event.event(space)?) {
        (Ok(before), Some(happened)) => {
            let mut after = before.clone();
            after.apply(happened);
            Ok(after)
        }
        (Ok(_), None) => Err(Unknown::Redacted),
        (Err(why), _) => Err(*why),
    };
    let changes = match (&before, &after) {
        (Ok(before), Ok(after)) => difference(before, after),
        _ => told(&event.fields),
    };
    let state = |held: &Held| held.as_ref().map_or_else(|why| State::Unknown(*why), State::of);
    let (then, now) = (state(&before), state(&after));
    Ok((Step { event: event.upcast(space)?, before: then, after: now, changes }, after))
}
