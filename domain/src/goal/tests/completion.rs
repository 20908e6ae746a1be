use cqrs_es::test::TestFramework;
use jiff::civil::date;
use serde_json::{Value, json};

use crate::completion::Completion;
use crate::entity::OutcomeKind::{Applied, Superseded, Unchanged};
use crate::entity::{Context, EntityRef, Kind, Recorded, Referrer, Took};
use crate::goal::{Goal, GoalChange, GoalCommand};
use crate::rejection::Rejection;
use crate::testing::{DAY, HOUR, MINUTE, NOON, SPACE, Space, browser, goal, id, mark, of, phone};

fn referrer(number: u128, open: bool) -> Referrer {
    Referrer { took: Took { entity: EntityRef::new(Kind::Milestone, id(number)), field: None }, open, deleted: !open }
}

#[test]
fn completing_records_the_reward_and_takes_no_ball() {
    let done = Completion { moment: NOON, day: date(2026, 7, 1), xp: 250, skill_id: Some(id(9)), balls: 0 };
    TestFramework::<Goal>::with(Context { referrers: vec![referrer(2, false)], ..of(browser(), 2, NOON) })
        .given(vec![goal(json!({ "title": "Win", "exp_reward": 250, "skill_id": id(9) }))])
        .when(GoalCommand::Complete)
        .then_expect_events(vec![Recorded { mark: mark(browser(), 2, NOON), change: GoalChange::Completed(done) }]);
}

#[test]
fn a_goal_with_open_milestones_is_refused_with_their_list() {
    TestFramework::<Goal>::with(Context {
        referrers: vec![referrer(2, true), referrer(3, false), referrer(4, true)],
        ..of(phone(), 2, NOON)
    })
    .given(vec![goal(json!({ "title": "Win" }))])
    .when(GoalCommand::Complete)
    .then_expect_error(Rejection::MilestonesOpen { milestones: vec![id(2), id(4)] });
}

/// Goal 1 with milestones 2 and 3; skill 9 is linked.
fn climb() -> Space {
    let mut space = Space::founded("UTC");
    space.does(phone(), NOON, "skill.create", id(9), json!({ "name": "Climbing" })).unwrap();
    space.does(phone(), NOON, "goal.create", id(1), json!({ "title": "Summit", "skill_id": id(9) })).unwrap();
    for number in [2, 3] {
        let data = json!({ "title": "Camp", "goal_id": id(1) });
        space.does(phone(), NOON, "milestone.create", id(number), data).unwrap();
    }
    space
}

fn told(space: &mut Space, command: &str, number: u128) -> Result<crate::testing::Told, Rejection> {
    space.does(phone(), NOON, command, id(number), json!(null))
}

fn counts(space: &Space) -> Value {
    space.sees("goal", id(1), &["milestones_done", "milestones_total", "status"])
}

#[test]
fn milestones_open_the_way_to_the_goal_one_by_one() {
    let mut space = climb();
    for left in [vec![id(2), id(3)], vec![id(3)]] {
        let refused = told(&mut space, "goal.complete", 1).unwrap_err();
        assert_eq!(refused.code(), "milestones_open");
        assert_eq!(Value::Object(refused.facts()), json!({ "milestones": left }));
        let ticked = told(&mut space, "milestone.complete", if left.len() == 2 { 2 } else { 3 }).unwrap();
        assert_eq!(ticked.events, ["milestone.completed", ": goal.counted"]);
    }
    assert_eq!(counts(&space), json!({ "milestones_done": 2, "milestones_total": 2, "status": "active" }));
    let done = told(&mut space, "goal.complete", 1).unwrap();
    assert_eq!(done.events, ["goal.completed", ": hero.rewarded", ": skill.granted"]);
    assert_eq!(counts(&space)["status"], "completed");
}

#[test]
fn completing_a_goal_grants_xp_but_is_no_active_day_no_task_and_moves_no_energy_day() {
    let mut space = Space::founded("UTC");
    space.does(phone(), NOON, "goal.create", id(1), json!({ "title": "Rest" })).unwrap();
    space.does(phone(), NOON, "task.create", id(2), json!({ "title": "Read" })).unwrap();
    space.does(phone(), NOON, "task.complete", id(2), json!(null)).unwrap();
    space.does(phone(), NOON + DAY, "goal.complete", id(1), json!(null)).unwrap();
    assert_eq!(
        ["xp", "level", "streak", "tasks_completed", "energy_spent"].map(|field| space.hero(field)),
        [120, 2, 1, 1, 2]
    );
    assert_eq!([space.hero("energy_day"), space.hero("last_active_on")], ["2026-07-01", "2026-07-01"]);
    assert_eq!(space.day("hero", SPACE.into(), "2026-07-02"), [0, 0, 0, 100]);
}

#[test]
fn reopening_undoes_exactly_what_completing_granted() {
    let mut space = climb();
    told(&mut space, "milestone.delete", 2).unwrap();
    told(&mut space, "milestone.complete", 3).unwrap();
    told(&mut space, "goal.complete", 1).unwrap();
    let edit = json!({ "set": { "exp_reward": 5000, "skill_id": null } });
    space.does(phone(), NOON, "goal.edit", id(1), edit).unwrap();
    let reopened = told(&mut space, "goal.reopen", 1).unwrap();
    assert_eq!(reopened.events, ["goal.reopened", ": hero.taken_back", ": skill.taken_back"]);
    assert_eq!((space.hero("xp"), space.sees("skill", id(9), &["xp"])), (json!(0), json!({ "xp": 0 })));
    assert_eq!(counts(&space)["status"], "active");
}

#[test]
fn completing_twice_grants_once_and_an_older_word_is_superseded() {
    let mut space = Space::founded("UTC");
    space.does(phone(), NOON, "goal.create", id(1), json!({ "title": "Win" })).unwrap();
    let base = space.position;
    let mut tell = |writer: crate::testing::Writer, minutes, command| {
        space.does(writer.at_base(base), NOON + minutes * MINUTE, command, id(1), json!(null)).unwrap().kind()
    };
    assert_eq!(tell(phone(), 2, "goal.complete"), Applied);
    assert_eq!(tell(browser(), 1, "goal.reopen"), Superseded);
    assert_eq!(tell(browser(), 3, "goal.complete"), Unchanged);
    assert_eq!(tell(phone(), 2, "goal.complete"), Superseded, "the browser's word of minute 3 was not seen");
    assert_eq!(space.hero("xp"), 100);
    assert_eq!(space.sees("goal", id(1), &["completed_at"]), json!({ "completed_at": NOON + 3 * MINUTE }));
}

#[test]
fn focus_on_a_goal_grants_ten_xp_a_cycle_to_the_hero_alone() {
    let mut space = climb();
    let told = space.does(phone(), NOON, "goal.focus", id(1), json!({ "minutes": 50, "cycles": 2 })).unwrap();
    assert_eq!(told.events, ["goal.focused", ": hero.rewarded"]);
    assert_eq!(space.day("hero", SPACE.into(), "2026-07-01"), [0, 50, 4, 20]);
    assert_eq!([space.hero("streak"), space.hero("energy_spent")], [1, 4]);
    let totals = json!({ "focus_minutes": 50, "focus_cycles": 2 });
    assert_eq!(space.sees("goal", id(1), &["focus_minutes", "focus_cycles"]), totals);
    let nothing = json!({ "minutes": 1, "cycles": 0, "balls": 0 });
    space.does(phone(), NOON + DAY, "goal.focus", id(1), nothing).unwrap();
    assert_eq!([space.hero("energy_day"), space.hero("energy_spent")], [json!("2026-07-02"), json!(0)]);
}

#[test]
fn a_goal_deleted_unseen_is_completed_and_stays_deleted() {
    let mut space = Space::founded("UTC");
    space.does(phone(), NOON, "goal.create", id(1), json!({ "title": "Win" })).unwrap();
    let base = space.position;
    space.does(phone(), NOON, "goal.delete", id(1), json!(null)).unwrap();
    let seen = space.does(browser(), NOON, "goal.complete", id(1), json!(null));
    assert_eq!(seen, Err(Rejection::Deleted));
    space.does(browser().at_base(base), NOON + HOUR, "goal.complete", id(1), json!(null)).unwrap();
    assert_eq!(
        (space.hero("xp"), space.sees("goal", id(1), &["deleted_at"])),
        (json!(100), json!({ "deleted_at": NOON }))
    );
}
