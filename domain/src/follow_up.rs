//! Follow-ups: an event of one entity becomes commands on others, in the same transaction, one level deep.

use crate::completion::{Completion, Focused};
use crate::conflict::ConflictCommand;
use crate::entity::lifecycle::Lifecycle;
use crate::entity::{Command, Entity, EntityRef, Event, Gone, Kind, LifecycleCommand, Register, Took};
use crate::goal::{GoalChange, GoalCommand};
use crate::hero::{HeroCommand, Tally};
use crate::id::{EntityId, SpaceId};
use crate::milestone::{Milestone, MilestoneChange, MilestoneCommand};
use crate::skill::{SkillChange, SkillCommand, Xp};
use crate::task::{TaskChange, TaskCommand};

/// A command that follows from an event.
#[derive(Clone, Debug, PartialEq)]
pub struct FollowUp {
    /// Whom it is for.
    pub target: EntityRef,
    /// What it asks.
    pub command: Command,
}

/// The commands that follow from an event, which made `after` of `before`.
pub fn follow_ups(space: SpaceId, before: &Entity, after: &Entity, event: &Event) -> Vec<FollowUp> {
    let mut found = match (event, after) {
        (Event::Task(event), _) => match &event.change {
            TaskChange::Completed(done) => completed(space, done, 1),
            TaskChange::Uncompleted(done) => uncompleted(space, done, 1),
            TaskChange::Focused(session) => focused(space, session),
            TaskChange::FocusStarted(_) | TaskChange::DaysImported(_) | TaskChange::DaysSetRight(_) => Vec::new(),
            TaskChange::Unfocused(session) => unfocused(space, session),
            TaskChange::Lifecycle(change) => lifecycle(after, change),
        },
        (Event::Goal(event), _) => match &event.change {
            GoalChange::Completed(done) => completed(space, done, 0),
            GoalChange::Reopened(done) => uncompleted(space, done, 0),
            GoalChange::Focused(session) => focused(space, session),
            GoalChange::Unfocused(session) => unfocused(space, session),
            GoalChange::FocusStarted(_) | GoalChange::Counted(_) => Vec::new(),
            GoalChange::Lifecycle(change) => lifecycle(after, change),
        },
        (Event::Milestone(event), Entity::Milestone(milestone)) => {
            let mut found = milestone_counts(milestone, &event.change);
            if let MilestoneChange::Lifecycle(Lifecycle::Created(created)) = &event.change {
                found.extend(created.gone.into_iter().flat_map(|gone| born_gone(after, gone)));
            }
            found
        }
        (Event::Skill(event), _) => match &event.change {
            SkillChange::Lifecycle(change) => lifecycle(after, change),
            SkillChange::Granted(_)
            | SkillChange::TakenBack(_)
            | SkillChange::Imported(_)
            | SkillChange::SetRight(_) => Vec::new(),
        },
        _ => Vec::new(),
    };
    let held = before.hidden();
    let newly = after.hidden().into_iter().filter(|one| !held.contains(one));
    found.extend(newly.map(|(took, target)| awaited(target, took)));
    found
}

/// What was created for something that is deleted goes with it at once, and comes back with it.
fn born_gone(entity: &Entity, gone: Gone) -> Vec<FollowUp> {
    let target = EntityRef::new(entity.kind(), entity.meta().id);
    let follow = FollowUp { target, command: life(target.kind, LifecycleCommand::Follow(Some(gone))) };
    let took = Took { entity: target, field: None };
    std::iter::once(follow).chain(entity.owner().map(|owner| awaited(owner, took))).collect()
}

fn awaited(target: EntityRef, by: Took) -> FollowUp {
    FollowUp { target, command: life(target.kind, LifecycleCommand::Await(by)) }
}

fn completed(space: SpaceId, done: &Completion, tasks: i64) -> Vec<FollowUp> {
    let tally = Tally { day: done.day, completions: tasks, minutes: 0, balls: done.balls, xp: done.xp };
    reward(
        space,
        HeroCommand::Reward(tally),
        done.skill_id,
        SkillCommand::Grant(Xp { xp: done.xp, day: Some(done.day) }),
    )
}

fn uncompleted(space: SpaceId, done: &Completion, tasks: i64) -> Vec<FollowUp> {
    let tally = Tally { day: done.day, completions: tasks, minutes: 0, balls: done.balls, xp: done.xp };
    reward(
        space,
        HeroCommand::TakeBack(tally),
        done.skill_id,
        SkillCommand::TakeBack(Xp { xp: done.xp, day: Some(done.day) }),
    )
}

fn focused(space: SpaceId, focused: &Focused) -> Vec<FollowUp> {
    let Focused { day, minutes, balls, xp, skill_id, .. } = *focused;
    let tally = Tally { day, completions: 0, minutes, balls, xp };
    reward(
        space,
        HeroCommand::Reward(tally),
        skill_id.filter(|_| xp > 0),
        SkillCommand::Grant(Xp { xp, day: Some(day) }),
    )
}

fn unfocused(space: SpaceId, focused: &Focused) -> Vec<FollowUp> {
    let Focused { day, minutes, balls, xp, skill_id, .. } = *focused;
    let tally = Tally { day, completions: 0, minutes, balls, xp };
    reward(
        space,
        HeroCommand::TakeBack(tally),
        skill_id.filter(|_| xp > 0),
        SkillCommand::TakeBack(Xp { xp, day: Some(day) }),
    )
}

fn reward(space: SpaceId, hero: HeroCommand, skill: Option<EntityId>, grant: SkillCommand) -> Vec<FollowUp> {
    let hero = FollowUp { target: EntityRef::new(Kind::Hero, space.into()), command: Command::Hero(hero) };
    let skill = skill.map(|id| FollowUp { target: EntityRef::new(Kind::Skill, id), command: Command::Skill(grant) });
    std::iter::once(hero).chain(skill).collect()
}

/// A milestone counts in its goal unless it is deleted itself: one that went with its goal still counts there.
fn milestone_counts(milestone: &Milestone, change: &MilestoneChange) -> Vec<FollowUp> {
    let meta = &milestone.core.meta;
    let done = i64::from(milestone.completed_at.is_some());
    let (done, total) = match change {
        MilestoneChange::Completed(_) | MilestoneChange::Reopened(_) if meta.is_deleted_itself() => return Vec::new(),
        MilestoneChange::Completed(_) => (1, 0),
        MilestoneChange::Reopened(_) => (-1, 0),
        MilestoneChange::Lifecycle(Lifecycle::Created(_) | Lifecycle::Restored(_)) => (done, 1),
        MilestoneChange::Lifecycle(Lifecycle::Deleted(_)) => (-done, -1),
        MilestoneChange::Lifecycle(_) => return Vec::new(),
    };
    let command = Command::Goal(GoalCommand::Count { done, total });
    vec![FollowUp { target: EntityRef::new(Kind::Goal, milestone.core.fields.goal_id), command }]
}

/// A delete takes what belongs to the entity and clears what refers to it; a restore brings that back. A repeated delete
/// moves the moment of what went along.
fn lifecycle<F>(after: &Entity, event: &Lifecycle<F>) -> Vec<FollowUp> {
    let meta = after.meta();
    let (took, restored) = match event {
        Lifecycle::Deleted(deleted) => (&deleted.took, false),
        Lifecycle::Restored(restored) => (&restored.took, true),
        Lifecycle::Reaffirmed(again) if again.register == Register::Deletion && meta.is_deleted_itself() => {
            let along = meta.taken.iter().filter(|one| one.field.is_none());
            return along.map(|one| undo_or_take(meta.id, one, false)).collect();
        }
        _ => return Vec::new(),
    };
    took.iter().map(|one| undo_or_take(meta.id, one, restored)).collect()
}

fn undo_or_take(id: EntityId, took: &Took, restored: bool) -> FollowUp {
    let command = match (&took.field, restored) {
        (None, false) => LifecycleCommand::Follow(None),
        (None, true) => LifecycleCommand::Return,
        (Some(field), false) => LifecycleCommand::Clear(field.clone(), id),
        (Some(field), true) => LifecycleCommand::Refer(field.clone(), id),
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
        Kind::Conflict => Command::Conflict(ConflictCommand::Lifecycle(command)),
    }
}
