//! Follow-ups: an event of one entity becomes commands on others, in the same transaction, one level deep.

use crate::completion::{Completion, Focused};
use crate::entity::lifecycle::Lifecycle;
use crate::entity::{Command, Entity, EntityRef, Event, Kind, LifecycleCommand, Took};
use crate::goal::{GoalChange, GoalCommand};
use crate::hero::{HeroCommand, Tally};
use crate::id::{EntityId, SpaceId};
use crate::milestone::{Milestone, MilestoneChange, MilestoneCommand};
use crate::skill::{SkillChange, SkillCommand};
use crate::stamp::Stamp;
use crate::task::{TaskChange, TaskCommand};

/// A command that follows from an event.
#[derive(Clone, Debug, PartialEq)]
pub struct FollowUp {
    /// Whom it is for.
    pub target: EntityRef,
    /// What it asks.
    pub command: Command,
}

/// The commands that follow from an event; `entity` is what it made of the entity that it happened to.
pub fn follow_ups(space: SpaceId, entity: &Entity, event: &Event) -> Vec<FollowUp> {
    let id = entity.meta().id;
    match (event, entity) {
        (Event::Task(event), _) => match &event.change {
            TaskChange::Completed(done) => completed(space, done, 1),
            TaskChange::Uncompleted(done) => uncompleted(space, done, 1),
            TaskChange::Focused(session) => focused(space, session),
            TaskChange::DaysImported(_) => Vec::new(),
            TaskChange::Lifecycle(change) => lifecycle(id, change),
        },
        (Event::Goal(event), _) => match &event.change {
            GoalChange::Completed(done) => completed(space, done, 0),
            GoalChange::Reopened(done) => uncompleted(space, done, 0),
            GoalChange::Focused(session) => focused(space, session),
            GoalChange::Counted(_) => Vec::new(),
            GoalChange::Lifecycle(change) => lifecycle(id, change),
        },
        (Event::Milestone(event), Entity::Milestone(milestone)) => milestone_counts(milestone, &event.change),
        (Event::Skill(event), _) => match &event.change {
            SkillChange::Lifecycle(change) => lifecycle(id, change),
            SkillChange::Granted(_) | SkillChange::TakenBack(_) | SkillChange::Imported(_) => Vec::new(),
        },
        _ => Vec::new(),
    }
}

fn completed(space: SpaceId, done: &Completion, tasks: i64) -> Vec<FollowUp> {
    let tally = Tally { day: done.day, completions: tasks, minutes: 0, balls: done.balls, xp: done.xp };
    reward(space, HeroCommand::Reward(tally), done.skill_id, SkillCommand::Grant(done.xp))
}

fn uncompleted(space: SpaceId, done: &Completion, tasks: i64) -> Vec<FollowUp> {
    let tally = Tally { day: done.day, completions: tasks, minutes: 0, balls: done.balls, xp: done.xp };
    reward(space, HeroCommand::TakeBack(tally), done.skill_id, SkillCommand::TakeBack(done.xp))
}

fn focused(space: SpaceId, focused: &Focused) -> Vec<FollowUp> {
    let Focused { day, minutes, balls, xp, skill_id, .. } = *focused;
    let tally = Tally { day, completions: 0, minutes, balls, xp };
    reward(space, HeroCommand::Reward(tally), skill_id.filter(|_| xp > 0), SkillCommand::Grant(xp))
}

fn reward(space: SpaceId, hero: HeroCommand, skill: Option<EntityId>, grant: SkillCommand) -> Vec<FollowUp> {
    let hero = FollowUp { target: EntityRef::new(Kind::Hero, space.into()), command: Command::Hero(hero) };
    let skill = skill.map(|id| FollowUp { target: EntityRef::new(Kind::Skill, id), command: Command::Skill(grant) });
    std::iter::once(hero).chain(skill).collect()
}

/// A live milestone counts in its goal. One that went with its goal did so by a follow-up, which has none of its own: it
/// still counts there.
fn milestone_counts(milestone: &Milestone, change: &MilestoneChange) -> Vec<FollowUp> {
    let done = i64::from(milestone.completed_at.is_some());
    let taken_by = milestone.core.meta.taken_by;
    let (done, total, taken_by) = match change {
        MilestoneChange::Completed(_) => (1, 0, taken_by),
        MilestoneChange::Reopened(_) => (-1, 0, taken_by),
        MilestoneChange::Lifecycle(Lifecycle::Created(_) | Lifecycle::Restored(_)) => (done, 1, None),
        MilestoneChange::Lifecycle(Lifecycle::Deleted(_)) => (-done, -1, None),
        MilestoneChange::Lifecycle(_) => return Vec::new(),
    };
    let command = Command::Goal(GoalCommand::Count { done, total, taken_by });
    vec![FollowUp { target: EntityRef::new(Kind::Goal, milestone.core.fields.goal_id), command }]
}

/// A delete takes what belongs to the entity and clears what refers to it; a restore brings that back.
fn lifecycle<F>(id: EntityId, event: &Lifecycle<F>) -> Vec<FollowUp> {
    let (took, restored) = match event {
        Lifecycle::Deleted(deleted) => (&deleted.took, None),
        Lifecycle::Restored(restored) => (&restored.took, Some(restored.deletion)),
        _ => return Vec::new(),
    };
    took.iter().map(|one| undo_or_take(id, one, restored)).collect()
}

fn undo_or_take(id: EntityId, took: &Took, restored: Option<Stamp>) -> FollowUp {
    let command = match (&took.field, restored) {
        (None, None) => LifecycleCommand::Follow,
        (None, Some(deletion)) => LifecycleCommand::Return(deletion),
        (Some(field), None) => LifecycleCommand::Clear(field.clone(), id),
        (Some(field), Some(deletion)) => LifecycleCommand::Refer(field.clone(), id, deletion),
    };
    FollowUp { target: took.entity, command: life(took.entity.kind, command) }
}

/// A command of the shared life, to an entity of `kind`.
pub fn life(kind: Kind, command: LifecycleCommand) -> Command {
    match kind {
        Kind::Hero => Command::Hero(HeroCommand::Lifecycle(command)),
        Kind::Skill => Command::Skill(SkillCommand::Lifecycle(command)),
        Kind::Goal => Command::Goal(GoalCommand::Lifecycle(command)),
        Kind::Milestone => Command::Milestone(MilestoneCommand::Lifecycle(command)),
        Kind::Task => Command::Task(TaskCommand::Lifecycle(command)),
    }
}
