//! Every event ever written is read as it was meant. See `testing::corpus` for how examples come to be.

use serde_json::Value;

use super::super::kind::{EntityRef, Kind};
use super::super::{Command, Entity, Event};
use super::{FIRST, STEPS};
use crate::compensation::Compensation;
use crate::completion::Focused;
use crate::hero::{Adjusted, HeroCommand, HeroImport, HeroTotals, PastActivity, Tally};
use crate::skill::{SkillCommand, SkillImport};
use crate::task::{DayTotals, DaysImport, ImportedDay, TaskCommand};
use crate::testing::corpus::{examples, folders, state};
use crate::testing::{NOON, SPACE, Space, browser, id, phone};

/// What no command has ever led to.
///
/// A hero is never deleted and refers to nothing; what nothing belongs to is not held back by it; a milestone refers to its goal
/// alone, with which it goes, and nothing refers to it.
const NEVER_WRITTEN: &[(Kind, &[&str])] = &[
    (Kind::Hero, &["deleted", "restored", "released", "reaffirmed", "unlinked", "linked", "awaited"]),
    (Kind::Skill, &["released"]),
    (Kind::Goal, &["released"]),
    (Kind::Task, &["released"]),
    (Kind::Milestone, &["unlinked", "linked", "awaited"]),
];

fn is_never_written(kind: Kind, name: &str) -> bool {
    NEVER_WRITTEN.iter().any(|(of, names)| *of == kind && names.contains(&name))
}

/// Every version that an event ever had.
fn versions(kind: Kind, name: &str) -> Vec<&'static str> {
    let later = STEPS.iter().filter(|step| step.kind == kind && step.event == name).map(|step| step.to);
    std::iter::once(FIRST).chain(later).collect()
}

#[test]
fn there_is_an_example_of_every_event_in_every_version() {
    let mut missing = Vec::new();
    for kind in Kind::ALL {
        for name in kind.event_names().filter(|name| !is_never_written(*kind, name)) {
            let there = examples(*kind, name);
            let lacks = |version: &&str| !there.iter().any(|(_, one, _)| one == version);
            missing.extend(versions(*kind, name).into_iter().filter(lacks).map(|one| format!("{kind:?} {name} {one}")));
        }
    }
    assert_eq!(missing, [""; 0], "see testing::corpus");
}

#[test]
fn there_is_no_example_of_what_cannot_be_read() {
    for (kind, name) in folders() {
        let known = Kind::from_name(&kind).filter(|kind| kind.event_names().any(|one| one == name));
        let known = known.unwrap_or_else(|| panic!("{kind}.{name} is no event any more: it needs an upcaster"));
        assert!(!is_never_written(known, &name), "{kind}.{name} was written");
    }
}

#[test]
fn every_event_ever_written_means_what_it_meant() {
    for kind in Kind::ALL {
        for name in kind.event_names() {
            for (path, version, example) in examples(*kind, name) {
                let last = example.events.last().unwrap();
                assert_eq!((&last.event_type, &last.event_version), (&format!("{}.{name}", kind.name()), &version));
                let (mut entity, mut read_as) = (Entity::absent(*kind), Value::Null);
                for stored in &example.events {
                    let event = Event::read(*kind, &stored.event_type, &stored.event_version, stored.payload.clone());
                    let event = event.unwrap_or_else(|error| panic!("{path:?}: {error}"));
                    read_as = event.payload();
                    entity.apply(event);
                }
                let present = example.present.as_ref().unwrap_or(&last.payload);
                same(present, &read_as, &path.display().to_string());
                same(&example.state, &state(&entity), &path.display().to_string());
            }
        }
    }
}

/// What was expected is there. There may be more: columns that came later.
fn same(expected: &Value, found: &Value, at: &str) {
    match (expected, found) {
        (Value::Object(expected), Value::Object(found)) => {
            for (name, value) in expected {
                same(value, found.get(name).unwrap_or(&Value::Null), &format!("{at}/{name}"));
            }
        }
        _ => assert_eq!(expected, found, "{at}"),
    }
}

#[test]
fn what_imports_and_undoing_write_is_kept_too() {
    let mut space = Space::founded("UTC");
    let hero = EntityRef::new(Kind::Hero, SPACE.into());
    let (habit, goal, skill) =
        (EntityRef::new(Kind::Task, id(1)), EntityRef::new(Kind::Goal, id(2)), EntityRef::new(Kind::Skill, id(3)));
    space
        .does(phone(), NOON, "task.create", id(1), serde_json::json!({ "title": "Read", "category": "habit" }))
        .unwrap();
    space.does(phone(), NOON, "goal.create", id(2), serde_json::json!({ "title": "Ten books" })).unwrap();
    space.does(phone(), NOON, "skill.create", id(3), serde_json::json!({ "name": "Reading" })).unwrap();
    let day = "2026-06-30".parse().unwrap();
    let focused = |of| Focused { moment: NOON, day, minutes: 25, cycles: 1, balls: 1, xp: 5, skill_id: None, of };
    let tally = Tally { day, completions: 1, minutes: 25, balls: 1, xp: 20 };
    let energy = Some((day, 3));
    let imported = HeroImport {
        created_at: Some(1),
        xp: 20,
        tasks_completed: 1,
        energy,
        days: vec![tally],
        ..HeroImport::default()
    };
    let adjusted = Adjusted { day, balls: 2, of: None };
    let days = DaysImport { days: vec![ImportedDay { day, minutes: 25, balls: 1, xp: 20, completion: None }] };
    let gathered = SkillImport { xp: 50, talent_points: 1, prestige: 0, legacy_id: None };
    let past = PastActivity {
        legacy_id: 7,
        at: NOON,
        day,
        about: Some(habit),
        title: "Read".to_owned(),
        xp: 20,
        legacy: serde_json::json!({ "action": "task_completed", "details": { "energyBalls": 1 } }),
        ..PastActivity::default()
    };
    let back = Tally { day, completions: -1, minutes: -25, balls: -1, xp: -20 };
    let totals = HeroTotals { created_at: Some(2), xp: -20, tasks_completed: -1, days: vec![back] };
    let lost = SkillImport { xp: -50, talent_points: -1, prestige: 0, legacy_id: None };
    for (target, command) in [
        (hero, Command::Hero(HeroCommand::Import(Box::new(imported)))),
        (hero, Command::Hero(HeroCommand::ImportActivity(Box::new(past)))),
        (hero, Command::Hero(HeroCommand::SetRight(Box::new(totals)))),
        (hero, Command::Hero(HeroCommand::AdjustEnergy(adjusted))),
        (skill, Command::Skill(SkillCommand::Import(gathered))),
        (skill, Command::Skill(SkillCommand::SetRight(lost))),
        (habit, Command::Task(TaskCommand::ImportDays(days))),
        (habit, Command::Task(TaskCommand::SetDaysRight(DayTotals { days: vec![back] }))),
        (habit, Command::Task(TaskCommand::StartFocus(25))),
        (goal, Command::Goal(crate::goal::GoalCommand::StartFocus(25))),
        (habit, Command::Task(TaskCommand::Compensate(Compensation::Refocus(focused(None))))),
        (habit, Command::Task(TaskCommand::Compensate(Compensation::Unfocus(focused(Some(1)))))),
        (goal, Command::Goal(crate::goal::GoalCommand::Compensate(Compensation::Refocus(focused(None))))),
        (goal, Command::Goal(crate::goal::GoalCommand::Compensate(Compensation::Unfocus(focused(Some(1)))))),
    ] {
        assert!(!space.server_does(NOON, target, &command).is_empty(), "{command:?}");
    }
}

#[test]
fn a_skill_that_two_devices_deleted_is_kept_too() {
    let mut space = Space::founded("UTC");
    let data = serde_json::json!({ "name": "Reading" });
    space.does(phone(), NOON, "skill.create", id(3), data).unwrap();
    let before = space.position;
    space.does(phone(), NOON, "skill.delete", id(3), Value::Null).unwrap();
    let told = space.does(browser().at_base(before), NOON + 1, "skill.delete", id(3), Value::Null).unwrap();
    assert_eq!(told.events, ["skill.reaffirmed"]);
}
