//! Tests of the activity.

use std::collections::BTreeMap;

use jiff::civil::Date;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Action, Activity, activity};
use crate::entity::{Entity, Kind};
use crate::testing::{DAY, HOUR, MINUTE, NOON, SPACE, Space, id, phone};

/// Kind, action, day, and the amounts: XP, balls, minutes, cycles.
fn told(space: &Space) -> Vec<(&'static str, &'static str, String, [i64; 4])> {
    let line = |one: Activity| {
        (one.kind.name(), one.action.name(), one.day.to_string(), [one.xp, one.balls, one.minutes, one.cycles])
    };
    space.activity.iter().cloned().map(line).collect()
}

fn with_task(data: Value) -> Space {
    let mut space = Space::founded("UTC");
    space.does(phone(), NOON, "task.create", id(1), data).unwrap();
    space
}

#[test]
fn what_only_changes_fields_is_not_shown() {
    let mut space = with_task(json!({ "title": "Read" }));
    space.does(phone(), NOON, "task.edit", id(1), json!({ "set": { "title": "Write" } })).unwrap();
    space.does(phone(), NOON, "task.delete", id(1), json!(null)).unwrap();
    space.does(phone(), NOON, "task.restore", id(1), json!(null)).unwrap();
    assert_eq!(told(&space), []);
}

#[test]
fn a_completion_is_shown_with_what_it_granted_and_its_undoing_with_the_same_taken_back() {
    let mut space = with_task(json!({ "title": "Read", "difficulty": "hard" }));
    space.does(phone(), NOON, "task.complete", id(1), json!(null)).unwrap();
    space.does(phone(), NOON, "task.complete", id(1), json!(null)).unwrap();
    space.does(phone(), NOON + DAY, "task.uncomplete", id(1), json!(null)).unwrap();
    let day = "2026-07-01".to_owned();
    assert_eq!(
        told(&space),
        [("task", "completed", day.clone(), [35, 4, 0, 0]), ("task", "uncompleted", day, [-35, -4, 0, 0]),]
    );
    let shown = &space.activity;
    // As stamps are: after all that was seen, which was written in the same minute here.
    assert!((NOON..NOON + MINUTE).contains(&shown[0].at), "{}", shown[0].at);
    assert_eq!(shown[1].at, NOON + DAY);
    assert_eq!((shown[0].title.as_str(), shown[0].row()["difficulty"].clone()), ("Read", json!("hard")));
}

#[test]
fn a_level_is_shown_when_it_is_reached_and_when_it_is_lost_of_hero_and_skill() {
    let mut space = Space::founded("UTC");
    space.does(phone(), NOON, "skill.create", id(5), json!({ "name": "Chess" })).unwrap();
    space
        .does(phone(), NOON, "task.create", id(1), json!({ "title": "Win", "exp_reward": 100, "skill_id": id(5) }))
        .unwrap();
    space.does(phone(), NOON, "task.complete", id(1), json!(null)).unwrap();
    space.does(phone(), NOON + HOUR, "task.uncomplete", id(1), json!(null)).unwrap();
    let shown: Vec<_> = space
        .activity
        .iter()
        .map(|one| (one.kind, one.action, one.title.clone(), one.level, one.details.get("before").cloned()))
        .collect();
    let (skill, none) = ("Chess".to_owned(), String::new());
    assert_eq!(
        shown,
        [
            (Kind::Task, Action::Completed, "Win".to_owned(), None, None),
            (Kind::Hero, Action::LevelUp, none.clone(), Some(2), Some(json!(1))),
            (Kind::Skill, Action::LevelUp, skill.clone(), Some(2), Some(json!(1))),
            (Kind::Task, Action::Uncompleted, "Win".to_owned(), None, None),
            (Kind::Hero, Action::LevelDown, none, Some(1), Some(json!(2))),
            (Kind::Skill, Action::LevelDown, skill, Some(1), Some(json!(2))),
        ]
    );
}

#[test]
fn the_day_is_the_heros_local_day_of_milestones_and_levels_too() {
    let mut space = Space::founded("Pacific/Kiritimati");
    space.does(phone(), NOON, "goal.create", id(1), json!({ "title": "Summit" })).unwrap();
    space.does(phone(), NOON, "milestone.create", id(2), json!({ "title": "Camp", "goal_id": id(1) })).unwrap();
    space.does(phone(), NOON, "skill.create", id(5), json!({ "name": "Chess" })).unwrap();
    space
        .does(phone(), NOON, "task.create", id(3), json!({ "title": "Win", "exp_reward": 100, "skill_id": id(5) }))
        .unwrap();
    for (at, command, target) in [
        (NOON, "milestone.complete", 2),
        (NOON, "task.complete", 3),
        (NOON + DAY, "milestone.reopen", 2),
        (NOON + DAY, "hero.restore_energy", 0),
    ] {
        space.does(phone(), at, command, id(target), json!(null)).unwrap();
    }
    let days: Vec<_> = space.activity.iter().map(|one| (one.kind, one.action, one.day.to_string())).collect();
    let second = || "2026-07-02".to_owned();
    assert_eq!(
        days,
        [
            (Kind::Milestone, Action::Completed, second()),
            (Kind::Task, Action::Completed, second()),
            (Kind::Hero, Action::LevelUp, second()),
            (Kind::Skill, Action::LevelUp, second()),
            (Kind::Milestone, Action::Reopened, second()),
            (Kind::Hero, Action::EnergyRestored, "2026-07-03".to_owned()),
        ]
    );
}

#[test]
fn an_event_that_does_not_say_its_day_counts_on_that_of_greenwich() {
    let payload = |change: Value| json!({ "mark": { "position": 9, "at": NOON, "stamp": [NOON + 11 * HOUR + 59, 0, uuid::Uuid::nil()] }, "change": change });
    let event = payload(json!({ "completed": { "moment": NOON } }));
    let event = crate::entity::Event::from_payload(Kind::Milestone, event).unwrap();
    let shown = activity(0, &Entity::absent(Kind::Milestone), &event).unwrap();
    assert_eq!((shown.position, shown.day.to_string()), (9, "2026-07-01".to_owned()));
    assert_eq!(event.payload()["change"], json!({ "completed": { "moment": NOON } }), "as it was stored");
}

#[test]
fn every_action_has_the_name_that_serde_gives_it() {
    for action in Action::ALL {
        assert_eq!(json!(action), json!(action.name()));
        assert_eq!(Action::from_name(action.name()), Some(*action));
    }
    assert_eq!(Action::from_name("created"), None);
}

const COMMANDS: [(&str, u128); 9] = [
    ("task.complete", 1),
    ("task.uncomplete", 1),
    ("task.focus", 1),
    ("task.complete", 2),
    ("task.uncomplete", 2),
    ("task.focus", 2),
    ("goal.complete", 3),
    ("goal.reopen", 3),
    ("goal.focus", 3),
];

proptest! {
    #[test]
    fn the_amounts_of_a_day_add_up_to_the_heros_day(
        acts in prop::collection::vec((0..COMMANDS.len(), 0_i64..4, 0_i64..3), 1..40)
    ) {
        let mut space = with_task(json!({ "title": "Read" }));
        space.does(phone(), NOON, "task.create", id(2), json!({ "title": "Run", "category": "habit" })).unwrap();
        space.does(phone(), NOON, "goal.create", id(3), json!({ "title": "Summit" })).unwrap();
        for (which, days, cycles) in acts {
            let (command, target) = COMMANDS[which];
            let data = if command.ends_with("focus") { json!({ "minutes": 25, "cycles": cycles }) } else { json!(null) };
            space.does(phone(), NOON + days * DAY, command, id(target), data).unwrap();
        }
        let mut sums: BTreeMap<Date, [i64; 4]> = BTreeMap::new();
        for one in space.activity.iter().filter(|one| one.action != Action::EnergyRestored) {
            let done = match one.action {
                Action::Completed if one.kind == Kind::Task => 1,
                Action::Uncompleted => -1,
                _ => 0,
            };
            let sum = sums.entry(one.day).or_default();
            for (total, more) in sum.iter_mut().zip([done, one.minutes, one.balls, one.xp]) {
                *total += more;
            }
        }
        for (day, sum) in sums {
            prop_assert_eq!(space.day("hero", SPACE.into(), &day.to_string()), sum, "{}", day);
        }
    }
}
