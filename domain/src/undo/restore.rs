//! What makes an entity what it was at a position: deletions back, fields, amounts, and last what was created since.
//!
//! The steps of many entities are taken together, one kind of step after another: what is referred to is back before it is
//! referred to, and parents are taken away before others are given, so that no chain closes on the way.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::life::{Life, Session, Standing};
use super::touch::members;
use crate::compensation::Compensation;
use crate::completion::Focused;
use crate::entity::{Command, Edit, Kind, LifecycleCommand, Policy};
use crate::follow_up::life;
use crate::goal::GoalCommand;
use crate::milestone::MilestoneCommand;
use crate::task::TaskCommand;

/// The commands to one entity, by the order in which those of all are taken.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Steps {
    /// It comes back.
    pub restore: Option<Command>,
    /// It leaves parents that it did not have.
    pub leave: Option<Command>,
    /// Its fields, and what it granted.
    pub change: Vec<Command>,
    /// It goes.
    pub delete: Option<Command>,
}

impl Steps {
    /// Whether nothing is to be done.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What makes an entity that is `now` what it was `then`.
pub fn steps(then: &Life, now: &Life) -> Steps {
    let kind = now.entity.kind();
    let to = |command: LifecycleCommand| life(kind, command);
    let (was, is) = (then.is_live(), now.is_live());
    let mut steps = Steps {
        // What went with what it belongs to comes and goes with that.
        restore: (was && now.is_deleted_itself()).then(|| to(LifecycleCommand::Restore)),
        delete: (is && !was && !then.is_gone_along()).then(|| to(LifecycleCommand::Delete)),
        ..Steps::default()
    };
    let edit = if was { edit(then, now) } else { Edit::default() };
    steps.leave = leave(kind, &edit, now).map(|edit| to(LifecycleCommand::Edit(edit)));
    // A tombstone takes no edit, so its category stays what it is.
    steps.change = change(then, now, edit, was || is);
    steps
}

/// Fields and amounts. What was granted under another category is taken back under that one.
fn change(then: &Life, now: &Life, mut edit: Edit, may_edit: bool) -> Vec<Command> {
    let kind = now.entity.kind();
    let (mut commands, mut habit) = (Vec::new(), now.is_habit());
    let last = if then.is_live() { then.is_habit() } else { now.is_habit() };
    let others = amounts(then, now, !last);
    if !others.is_empty() && (habit != last || may_edit) {
        if habit == last {
            commands.push(life(kind, LifecycleCommand::Edit(category(!last))));
            habit = !last;
        }
        commands.extend(others);
    }
    if habit != last {
        let wanted = if then.is_live() { then } else { now };
        edit.set.insert("category".to_owned(), wanted.value("category"));
    }
    if edit != Edit::default() {
        commands.push(life(kind, LifecycleCommand::Edit(edit)));
    }
    commands.extend(amounts(then, now, last));
    commands
}

fn category(habit: bool) -> Edit {
    let category = Value::from(if habit { "habit" } else { "todo" });
    Edit { set: Map::from_iter([("category".to_owned(), category)]), ..Edit::default() }
}

/// The fields that differ; members of sets one by one.
fn edit(then: &Life, now: &Life) -> Edit {
    let (was, is) = (then.entity.row(), now.entity.row());
    let mut edit = Edit::default();
    for (field, policy) in now.entity.kind().policies() {
        let (before, after) = (was.get(*field).unwrap_or(&Value::Null), is.get(*field).unwrap_or(&Value::Null));
        if before == after || *policy == Policy::Fixed {
            continue;
        }
        if *policy != Policy::Set {
            edit.set.insert((*field).to_owned(), before.clone());
            continue;
        }
        let (had, has): (BTreeSet<_>, BTreeSet<_>) =
            (members(before).into_iter().collect(), members(after).into_iter().collect());
        let put = |to: &mut std::collections::BTreeMap<String, Vec<Value>>, some: Vec<&&str>| {
            if !some.is_empty() {
                to.insert((*field).to_owned(), some.into_iter().map(|one| Value::from(*one)).collect());
            }
        };
        put(&mut edit.add, had.difference(&has).collect());
        put(&mut edit.remove, has.difference(&had).collect());
    }
    edit
}

/// The part of an edit that takes away references to entities of its own kind.
fn leave(kind: Kind, edit: &Edit, now: &Life) -> Option<Edit> {
    let mut leaving = Edit::default();
    for (field, _) in kind.references().iter().filter(|(_, target)| *target == kind) {
        if edit.set.contains_key(*field) && !now.value(field).is_null() {
            leaving.set.insert((*field).to_owned(), Value::Null);
        }
        if let Some(members) = edit.remove.get(*field) {
            leaving.remove.insert((*field).to_owned(), members.clone());
        }
    }
    (leaving != Edit::default()).then_some(leaving)
}

/// Completions and focus sessions of habits' days, or of what is no habit.
fn amounts(then: &Life, now: &Life, habit: bool) -> Vec<Command> {
    let kind = now.entity.kind();
    let (was, is) = (then.standing(), now.standing());
    let registers: BTreeSet<_> = was.keys().chain(is.keys()).filter(|day| day.is_some() == habit).collect();
    let mut commands: Vec<Command> =
        registers.into_iter().flat_map(|day| completion(kind, *day, was.get(day), is.get(day))).collect();
    let (mut back, mut again) = (of_side(now, habit), of_side(then, habit));
    back.retain(|session| !took(&mut again, session));
    let sessions =
        back.into_iter().map(|one| Compensation::Unfocus(Focused { of: Some(one.position), ..one.focused.clone() }));
    let again = again.into_iter().map(|one| Compensation::Refocus(Focused { of: None, ..one.focused.clone() }));
    commands.extend(sessions.chain(again).filter_map(|asked| compensate(kind, asked)));
    commands
}

fn of_side(life: &Life, habit: bool) -> Vec<&Session> {
    life.sessions.iter().filter(|session| session.habit == habit).collect()
}

/// Takes an equal session out of the list, if there is one.
fn took(sessions: &mut Vec<&Session>, wanted: &Session) -> bool {
    let plain = |session: &Session| Focused { of: None, ..session.focused.clone() };
    let found = sessions.iter().position(|one| plain(one) == plain(wanted));
    found.map(|index| sessions.remove(index)).is_some()
}

/// What makes one register what it was.
pub(super) fn completion(
    kind: Kind,
    day: Option<jiff::civil::Date>,
    was: Option<&Standing>,
    is: Option<&Standing>,
) -> Vec<Command> {
    if was == is {
        return Vec::new();
    }
    if kind == Kind::Milestone {
        let reached_at = was.and_then(|standing| standing.at);
        return vec![Command::Milestone(MilestoneCommand::Compensate(reached_at))];
    }
    let granted = |standing: Option<&Standing>| standing.and_then(|standing| standing.completion.clone());
    let (before, after) = (granted(was), granted(is));
    let mut asked = Vec::new();
    if before != after {
        asked.extend(after.map(|_| Compensation::Uncomplete(day)));
        asked.extend(before.clone().map(Compensation::Recomplete));
    }
    let at = was.and_then(|standing| standing.at);
    asked.extend(
        at.filter(|at| before.is_some_and(|done| done.moment != *at) || is.is_some()).map(Compensation::Retime),
    );
    asked.into_iter().filter_map(|asked| compensate(kind, asked)).collect()
}

/// A compensation as a command to an entity of a kind that knows it.
pub(super) fn compensate(kind: Kind, asked: Compensation) -> Option<Command> {
    match kind {
        Kind::Task => Some(Command::Task(TaskCommand::Compensate(asked))),
        Kind::Goal => Some(Command::Goal(GoalCommand::Compensate(asked))),
        _ => None,
    }
}
