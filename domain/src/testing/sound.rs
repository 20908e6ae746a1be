//! What must hold after every command, worked out afresh from all entities.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde_json::{Map, Value};

use super::Space;
use crate::entity::{Entity, EntityRef, Event};
use crate::goal::Goal;
use crate::hero::Hero;
use crate::references::World;
use crate::rules::level::{hero_reach, skill_standing};

/// Counts, streaks, levels and references agree with each other.
pub(super) fn check(space: &Space) {
    for (name, entity) in &space.entities {
        check_references(space, *name, entity);
        match entity {
            Entity::Goal(goal) if goal.core.meta.is_live() => check_counts(space, goal),
            Entity::Hero(hero) => check_hero(hero),
            Entity::Skill(skill) => assert_eq!(skill.level, skill_standing(skill.xp).level),
            _ => {}
        }
    }
}

/// What is stored of an event gives the state that deciding gave, and both survive their way through text.
pub(super) fn check_stored(before: &Entity, event: &Event, after: &Entity) {
    let text = event.payload().to_string();
    let read = Event::from_payload(event.kind(), serde_json::from_str(&text).unwrap()).unwrap();
    assert_eq!(&read, event, "the event changed on its way through the log");
    let mut folded = before.clone();
    folded.apply(read);
    assert_eq!(&folded, after, "the fold differs from the decision");
    assert_eq!(after.meta().version, before.meta().version + 1);
    let row = stored_row(after).to_string();
    let loaded = Entity::from_row(after.kind(), serde_json::from_str(&row).unwrap()).unwrap();
    assert_eq!(&loaded, after, "the row does not hold the whole state");
}

fn stored_row(entity: &Entity) -> Value {
    let mut row: Map<String, Value> = entity.row();
    let days = match entity {
        Entity::Task(task) => Some(&task.days),
        Entity::Hero(hero) => Some(&hero.days),
        _ => None,
    };
    if let Some(days) = days {
        row.insert("days".to_owned(), serde_json::to_value(days).unwrap());
    }
    row.into()
}

fn check_references(space: &Space, name: EntityRef, entity: &Entity) {
    for target in space.entities.values().filter(|target| target.meta().deleted_at.is_some()) {
        let target = EntityRef::new(target.kind(), target.meta().id);
        let kept = entity.refers_to(target).into_iter().filter_map(|took| took.field).next();
        assert_eq!(kept, None, "{name:?} refers to the deleted {target:?}");
    }
    for parent in entity.parents() {
        let parent = EntityRef::new(name.kind, parent);
        let world =
            World::gather([parent], |one| Some(space.entities.get(&one).map(Entity::known).unwrap_or_default()))
                .unwrap();
        assert!(!world.reaches(parent, name.id), "{name:?} is its own ancestor");
    }
}

fn check_counts(space: &Space, goal: &Goal) {
    let milestones = space.entities.values().filter_map(|one| match one {
        Entity::Milestone(one) if one.core.meta.is_live() && one.core.fields.goal_id == goal.core.meta.id => Some(one),
        _ => None,
    });
    let (done, open): (Vec<_>, Vec<_>) = milestones.partition(|one| one.completed_at.is_some());
    let counts = (goal.milestones_done, goal.milestones_total);
    assert_eq!(counts, (done.len() as i64, (done.len() + open.len()) as i64), "milestones are miscounted");
}

fn check_hero(hero: &Hero) {
    let start = hero_reach(hero.level);
    assert!(start <= hero.xp && hero.xp < hero_reach(hero.level + 1));
    assert_eq!((hero.xp_in_level, hero.xp_to_next), (hero.xp - start, hero_reach(hero.level + 1) - start));
    let active: BTreeSet<Date> = hero.days.iter().filter(|(_, day)| day.is_active()).map(|(day, _)| *day).collect();
    assert_eq!((hero.streak, hero.last_active_on), naive_streak(&active));
    assert_eq!(hero.xp, hero.days.values().map(|day| day.xp).sum::<i64>());
    assert_eq!(hero.tasks_completed, hero.days.values().map(|day| day.completions).sum::<i64>());
    assert!(hero.energy_spent >= 0);
    assert_eq!(hero.core.meta.deleted_at, None);
}

/// Counts back from the last day, one by one.
fn naive_streak(active: &BTreeSet<Date>) -> (i64, Option<Date>) {
    let last = active.last().copied();
    let mut days = 0;
    let mut next = last;
    while let Some(day) = next.filter(|day| active.contains(day)) {
        days += 1;
        next = day.yesterday().ok();
    }
    (days, last)
}
