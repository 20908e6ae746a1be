use serde_json::json;

use crate::entity::{Command, EntityRef, Kind, OutcomeKind};
use crate::goal::GoalCommand;
use crate::rejection::Rejection;
use crate::task::TaskCommand;
use crate::testing::{DAY, HOUR, NOON, SPACE, Space, browser, id, phone};

fn space(category: &str) -> Space {
    let mut space = Space::founded("UTC");
    space.does(phone(), NOON, "skill.create", id(9), json!({ "name": "Chess" })).unwrap();
    let data = json!({ "title": "Play", "category": category, "exp_reward": 7, "skill_id": id(9) });
    space.does(phone(), NOON, "task.create", id(1), data).unwrap();
    space
}

#[test]
fn focus_adds_totals_takes_balls_and_grants_the_reward_for_each_cycle() {
    let mut space = space("todo");
    let told = space.does(phone(), NOON, "task.focus", id(1), json!({ "minutes": 50, "cycles": 2 })).unwrap();
    assert_eq!(told.events, ["task.focused", ": hero.rewarded", ": skill.granted"]);
    space.does(browser(), NOON + HOUR, "task.focus", id(1), json!({ "minutes": 5, "cycles": 0, "balls": 3 })).unwrap();
    let totals = json!({ "focus_minutes": 55, "focus_cycles": 2, "focus_energy": 7 });
    assert_eq!(space.sees("task", id(1), &["focus_minutes", "focus_cycles", "focus_energy"]), totals);
    assert_eq!(space.day("hero", SPACE.into(), "2026-07-01"), [0, 55, 7, 14]);
    assert_eq!(["xp", "tasks_completed", "streak", "energy_spent"].map(|field| space.hero(field)), [14, 0, 1, 7]);
    assert_eq!(space.sees("skill", id(9), &["xp"]), json!({ "xp": 14 }));
}

#[test]
fn focus_without_a_finished_cycle_reaches_no_skill() {
    let mut space = space("todo");
    let told = space.does(phone(), NOON, "task.focus", id(1), json!({ "minutes": 10, "cycles": 0 })).unwrap();
    assert_eq!(told.events, ["task.focused", ": hero.rewarded"]);
}

#[test]
fn focus_takes_what_is_left_of_its_own_day() {
    let mut space = space("todo");
    space.does(phone(), NOON, "task.focus", id(1), json!({ "minutes": 240, "cycles": 0 })).unwrap();
    space.does(phone(), NOON, "task.focus", id(1), json!({ "minutes": 60, "cycles": 0, "balls": 48 })).unwrap();
    space.does(phone(), NOON - DAY, "task.focus", id(1), json!({ "minutes": 60, "cycles": 0 })).unwrap();
    assert_eq!(space.day("hero", SPACE.into(), "2026-07-01"), [0, 300, 18, 0]);
    assert_eq!(space.day("hero", SPACE.into(), "2026-06-30"), [0, 60, 0, 0]);
    assert_eq!(space.sees("task", id(1), &["focus_energy"]), json!({ "focus_energy": 18 }));
}

#[test]
fn focus_on_a_habit_shows_on_its_day_but_completes_nothing() {
    let mut space = space("habit");
    space.does(phone(), NOON, "task.focus", id(1), json!({ "minutes": 25, "cycles": 1 })).unwrap();
    assert_eq!(space.day("task", id(1), "2026-07-01"), [0, 25, 2, 7]);
    let run = json!({ "completion_count": 0, "streak": 0, "last_completed_on": null });
    assert_eq!(space.sees("task", id(1), &["completion_count", "streak", "last_completed_on"]), run);
}

#[test]
fn a_ball_stands_for_as_many_minutes_as_the_hero_says() {
    let mut space = space("todo");
    space.does(phone(), NOON, "hero.edit", id(0), json!({ "set": { "ball_minutes": 60 } })).unwrap();
    space.does(phone(), NOON, "task.focus", id(1), json!({ "minutes": 61, "cycles": 0 })).unwrap();
    assert_eq!(space.hero("energy_spent"), 2);
}

#[test]
fn focus_on_a_task_deleted_unseen_counts_and_on_one_seen_deleted_is_refused() {
    let mut space = space("todo");
    let base = space.position;
    space.does(phone(), NOON, "task.delete", id(1), json!(null)).unwrap();
    let session = json!({ "minutes": 25, "cycles": 1 });
    let told = space.does(browser().at_base(base), NOON, "task.focus", id(1), session.clone()).unwrap();
    assert_eq!((told.kind(), space.hero("xp")), (OutcomeKind::Applied, json!(7)));
    assert_eq!(space.does(browser(), NOON, "task.focus", id(1), session), Err(Rejection::Deleted));
}

#[test]
fn minutes_cycles_and_balls_have_ranges() {
    let mut space = space("todo");
    let mut focus = |data| space.does(phone(), NOON, "task.focus", id(1), data);
    for good in [
        json!({ "minutes": 1, "cycles": 0, "balls": 0 }),
        json!({ "minutes": 480, "cycles": 24, "balls": 48 }),
        json!({ "minutes": 480, "cycles": 24, "balls": null }),
    ] {
        focus(good).unwrap();
    }
    for (bad, pointer, code) in [
        (json!({ "minutes": 0, "cycles": 0 }), "/data/minutes", "out_of_range"),
        (json!({ "minutes": 481, "cycles": 0 }), "/data/minutes", "out_of_range"),
        (json!({ "minutes": 1, "cycles": 25 }), "/data/cycles", "out_of_range"),
        (json!({ "minutes": 1, "cycles": -1 }), "/data/cycles", "out_of_range"),
        (json!({ "minutes": 1, "cycles": 0, "balls": 49 }), "/data/balls", "out_of_range"),
        (json!({ "minutes": 1, "cycles": 0, "balls": -1 }), "/data/balls", "out_of_range"),
        (json!({ "minutes": 1 }), "/data/cycles", "field_missing"),
        (json!({ "minutes": 1.5, "cycles": 0 }), "/data/minutes", "type_wrong"),
        (json!({ "minutes": 1, "cycles": 0, "xp": 9 }), "/data/xp", "field_unknown"),
    ] {
        let errors = focus(bad).unwrap_err().errors();
        assert_eq!((errors[0].pointer.as_str(), errors[0].code.as_str()), (pointer, code));
    }
}

#[test]
fn that_a_session_was_begun_is_an_event_and_changes_nothing() {
    let mut space = space("habit");
    space.does(phone(), NOON, "goal.create", id(2), json!({ "title": "Win" })).unwrap();
    let (task, goal) = (EntityRef::new(Kind::Task, id(1)), EntityRef::new(Kind::Goal, id(2)));
    for (target, command, name) in [
        (task, Command::Task(TaskCommand::StartFocus(25)), "task.focus_started"),
        (goal, Command::Goal(GoalCommand::StartFocus(25)), "goal.focus_started"),
    ] {
        let before = (space.entity(target.kind.name(), target.id).row(), space.activity.len());
        assert_eq!(space.server_does(NOON + HOUR, target, &command), [name]);
        let (mut after, shown) = (space.entity(target.kind.name(), target.id).row(), space.activity.len());
        assert_eq!(space.last_event()["change"]["focus_started"], json!({ "moment": NOON + HOUR, "minutes": 25 }));
        for bookkeeping in ["version", "position", "updated_at"] {
            assert_ne!(after[bookkeeping], before.0[bookkeeping], "{name}: {bookkeeping}");
            after.insert(bookkeeping.to_owned(), before.0[bookkeeping].clone());
        }
        assert_eq!((after, shown), before, "{name}");
    }
    assert_eq!([space.hero("xp"), space.hero("energy_spent"), space.hero("streak")], [0, 0, 0]);
}
