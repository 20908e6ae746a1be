//! What an import would come to: its id, which ids are in its way, and whether there is room.

use std::collections::HashMap;

use domain::entity::{EntityRef, Kind};
use domain::founding::core_skill_id;
use domain::id::SpaceId;
use domain::limits::SPACE_LIVE_ENTITIES_MAX;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::import::Target;
use super::mapping::{Mapping, Taken, hero};
use super::plan::Plan;
use super::refusal::LineRefusal;
use super::report::{Collision, Report};
use crate::fault::Fault;

/// Ids that are asked about at once.
const ASKED_MAX: usize = 1_000;

/// The id of an import: the same for the same export into the same space.
pub fn import_id(space: SpaceId, plan: &Plan) -> Uuid {
    let mut name = b"import/".to_vec();
    name.extend_from_slice(&Sha256::digest(plan.header_text.as_bytes()));
    Uuid::new_v5(&space.0, &name)
}

/// What an import would come to; nothing is written.
///
/// # Errors
/// The store failed.
pub async fn preview<T: Target>(target: &T, space: SpaceId, id: Uuid, plan: &Plan) -> Result<Report, Fault> {
    let taken = taken(target, space, id, plan).await?;
    let mapping = mapping(space, id, plan, &taken);
    let mut report = Report { import_id: id, ..plan.report.clone() };
    let lines = |entity: EntityRef| plan.entities.get(&entity).map_or(0, |placed| placed.place.line);
    for found in &taken {
        if found.by_this_import {
            report.present += 1;
        } else if let Some(new_id) = mapping.of(found.entity) {
            report.collide(Collision { line: lines(found.entity), entity: found.entity, new_id });
        }
    }
    for (entity, placed) in &plan.entities {
        match (entity.kind, placed.core) {
            (Kind::Hero, _) => {}
            (_, Some(_)) => report.joined += 1,
            (kind, None) => *report.created.entry(kind).or_default() += 1,
        }
    }
    report.days = plan.days.values().map(|(_, days)| *days as u64).sum();
    let new = i64::try_from(report.created.values().sum::<u64>()).unwrap_or(i64::MAX);
    let old = i64::try_from(report.present).unwrap_or(i64::MAX);
    let live = target.live_entities(space).await?;
    if live.saturating_add(new.saturating_sub(old)) > SPACE_LIVE_ENTITIES_MAX {
        let message = format!("the space would hold more than {SPACE_LIVE_ENTITIES_MAX} live entities");
        let (pointer, code) = (String::new(), "space_full".to_owned());
        report.refuse(LineRefusal { line: 0, pointer, code, message });
    }
    Ok(report)
}

pub(super) async fn taken<T: Target>(target: &T, space: SpaceId, id: Uuid, plan: &Plan) -> Result<Vec<Taken>, Fault> {
    let all: Vec<EntityRef> = plan
        .entities
        .iter()
        .filter(|(name, placed)| name.kind != Kind::Hero && placed.core.is_none())
        .map(|(name, _)| *name)
        .collect();
    let mut taken = Vec::new();
    for asked in all.chunks(ASKED_MAX) {
        taken.extend(target.taken(space, id, asked).await?);
    }
    // The hero's own id is nobody else's, of whatever kind.
    let is_the_heros = |name: &&EntityRef| name.id == space.into() && !taken.iter().any(|one| one.entity == **name);
    let of_the_hero: Vec<EntityRef> = all.iter().filter(is_the_heros).copied().collect();
    taken.extend(of_the_hero.into_iter().map(|entity| Taken { entity, by_this_import: false }));
    Ok(taken)
}

pub(super) fn mapping(space: SpaceId, id: Uuid, plan: &Plan, taken: &[Taken]) -> Mapping {
    let mut fixed = HashMap::new();
    if let Some(header) = &plan.header {
        fixed.insert(hero(header.space), space.into());
    }
    for (name, placed) in &plan.entities {
        if let Some(number) = placed.core {
            fixed.insert(*name, core_skill_id(space, number));
        }
    }
    Mapping::new(id, plan.entities.keys().copied(), fixed, taken)
}
