use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::entity::OutcomeKind::{Applied, Superseded, Unchanged};
use crate::testing::{DAY, HOUR, NOON, SPACE, Space, Writer, browser, id, phone};

const RUN: [&str; 4] = ["completion_count", "streak", "last_completed_on", "last_completed_at"];

fn habit(time_zone: &str) -> Space {
    let mut space = Space::founded(time_zone);
    let data = json!({ "title": "Stretch", "category": "habit", "difficulty": "easy" });
    space.does(phone(), NOON - 30 * DAY, "task.create", id(1), data).unwrap();
    space
}

fn run(space: &Space) -> [Value; 4] {
    let seen = space.sees("task", id(1), &RUN);
    RUN.map(|field| seen[field].clone())
}

fn tick(space: &mut Space, writer: Writer, at: i64, done: bool) -> crate::entity::OutcomeKind {
    let command = if done { "task.complete" } else { "task.uncomplete" };
    space.does(writer, at, command, id(1), json!(null)).unwrap().kind()
}

#[test]
fn a_habit_counts_once_a_local_day() {
    let mut space = habit("Asia/Shanghai");
    let told = [NOON, NOON + HOUR, NOON + 5 * HOUR].map(|at| tick(&mut space, phone(), at, true));
    assert_eq!(told, [Applied, Unchanged, Applied], "at 16:00 UTC Shanghai has midnight");
    assert_eq!(run(&space), [json!(2), json!(2), json!("2026-07-02"), json!(NOON + 5 * HOUR)]);
    assert_eq!(space.day("task", id(1), "2026-07-01"), [1, 0, 1, 10]);
    assert_eq!([space.hero("xp"), space.hero("tasks_completed")], [20, 2]);
}

#[test]
fn a_late_day_joins_two_runs_and_an_undone_day_splits_one() {
    let mut space = habit("UTC");
    for days_ago in [4, 3, 1, 0] {
        tick(&mut space, phone(), NOON - days_ago * DAY, true);
    }
    assert_eq!(run(&space), [json!(4), json!(2), json!("2026-07-01"), json!(NOON)]);
    assert_eq!(tick(&mut space, browser(), NOON - 2 * DAY, true), Applied);
    assert_eq!((run(&space)[1].clone(), space.hero("streak")), (json!(5), json!(5)));
    assert_eq!(tick(&mut space, browser(), NOON - DAY, false), Applied);
    assert_eq!((run(&space)[1].clone(), space.hero("streak")), (json!(1), json!(1)));
    assert_eq!(tick(&mut space, browser(), NOON, false), Applied);
    assert_eq!(run(&space), [json!(3), json!(3), json!("2026-06-29"), json!(NOON - 2 * DAY)]);
    assert_eq!([space.hero("last_active_on"), space.hero("tasks_completed")], [json!("2026-06-29"), json!(3)]);
}

#[test]
fn each_day_is_a_register_of_its_own() {
    let mut space = habit("UTC");
    let base = space.position;
    assert_eq!(tick(&mut space, phone().at_base(base), NOON + HOUR, false), Unchanged);
    assert_eq!(tick(&mut space, browser().at_base(base), NOON, true), Superseded);
    assert_eq!(tick(&mut space, browser().at_base(base), NOON - DAY, true), Applied);
    assert_eq!(run(&space)[0], 1);
}

#[test]
fn two_devices_that_tick_one_day_leave_the_same_habit_in_either_order() {
    let ends =
        [[(phone(), NOON), (browser(), NOON + HOUR)], [(browser(), NOON + HOUR), (phone(), NOON)]].map(|order| {
            let mut space = habit("UTC");
            let base = space.position;
            for (writer, at) in order {
                tick(&mut space, writer.at_base(base), at, true);
            }
            (run(&space), space.hero("xp"))
        });
    assert_eq!(ends[0], ends[1]);
    assert_eq!(ends[0], ([json!(1), json!(1), json!("2026-07-01"), json!(NOON + HOUR)], json!(10)));
}

#[test]
fn undone_when_a_later_day_takes_energy_the_balls_stay_on_the_day_that_spent_them() {
    let mut space = habit("UTC");
    tick(&mut space, phone(), NOON, true);
    tick(&mut space, phone(), NOON + DAY, true);
    tick(&mut space, phone(), NOON, false);
    assert_eq!(space.day("task", id(1), "2026-07-01"), [0, 0, 1, 0]);
    assert_eq!(space.day("hero", SPACE.into(), "2026-07-01"), [0, 0, 1, 0]);
    assert_eq!(space.hero("energy_spent"), 1);
}

#[test]
fn a_switch_of_category_keeps_both_sides_and_shows_one() {
    let mut space = habit("UTC");
    tick(&mut space, phone(), NOON, true);
    space.does(phone(), NOON, "task.edit", id(1), json!({ "set": { "category": "todo" } })).unwrap();
    assert_eq!(run(&space), [json!(0), json!(0), json!(null), json!(null)]);
    assert_eq!(tick(&mut space, phone(), NOON + DAY, true), Applied);
    assert_eq!(space.sees("task", id(1), &["completed_at"]), json!({ "completed_at": NOON + DAY }));

    space.does(phone(), NOON, "task.edit", id(1), json!({ "set": { "category": "habit" } })).unwrap();
    assert_eq!(run(&space), [json!(1), json!(1), json!("2026-07-01"), json!(NOON)]);
    assert_eq!(space.sees("task", id(1), &["completed_at"]), json!({ "completed_at": null }));

    space.does(phone(), NOON, "task.edit", id(1), json!({ "set": { "category": "goal" } })).unwrap();
    assert_eq!(space.sees("task", id(1), &["completed_at"]), json!({ "completed_at": NOON + DAY }));
    assert_eq!(tick(&mut space, phone(), NOON + DAY, false), Applied);
    assert_eq!([space.hero("xp"), space.hero("tasks_completed")], [10, 1]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn a_habit_equals_the_set_of_its_days(ticks in prop::collection::vec((0_i64..12, any::<bool>()), 0..30)) {
        let mut space = habit("UTC");
        let mut days = BTreeSet::new();
        for (day, done) in ticks {
            tick(&mut space, phone(), NOON - day * DAY, done);
            if done { days.insert(-day) } else { days.remove(&-day) };
        }
        let last = days.last().copied();
        let streak = (0..).take_while(|back| last.is_some_and(|last| days.contains(&(last - back)))).count();
        let seen = run(&space);
        prop_assert_eq!(&seen[0], days.len());
        prop_assert_eq!(&seen[1], streak);
        prop_assert_eq!(&seen[3], &last.map_or(Value::Null, |last| json!(NOON + last * DAY)));
        prop_assert_eq!(space.hero("xp"), days.len() * 10);
    }
}
