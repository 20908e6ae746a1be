use cqrs_es::test::TestFramework;
use jiff::civil::date;
use serde_json::json;

use crate::completion::Completion;
use crate::entity::lifecycle::Reaffirmed;
use crate::entity::{Lifecycle, OutcomeKind, Recorded, Register};
use crate::rejection::Rejection;
use crate::task::{Task, TaskChange, TaskCommand};
use crate::testing::{DAY, HOUR, MINUTE, NOON, Space, browser, id, mark, of, phone, tablet, task};

fn done(moment: i64) -> Completion {
    Completion { moment, day: date(2026, 7, 1), xp: 35, skill_id: Some(id(9)), balls: 4 }
}

#[test]
fn completing_records_the_day_the_xp_the_skill_and_the_balls() {
    TestFramework::<Task>::with(of(browser(), 2, NOON))
        .given(vec![task(json!({ "title": "Read", "difficulty": "hard", "skill_id": id(9) }))])
        .when(TaskCommand::Complete)
        .then_expect_events(vec![Recorded {
            mark: mark(browser(), 2, NOON),
            change: TaskChange::Completed(done(NOON)),
        }]);
}

#[test]
fn a_repeat_is_unchanged_but_the_register_takes_note() {
    let completed = Recorded { mark: mark(phone(), 2, NOON), change: TaskChange::Completed(done(NOON)) };
    let again = Reaffirmed { register: Register::Completion, moment: NOON + HOUR, base: Some(2) };
    TestFramework::<Task>::with(of(browser(), 3, NOON + HOUR))
        .given(vec![task(json!({ "title": "Read" })), completed])
        .when(TaskCommand::Complete)
        .then_expect_events(vec![Recorded {
            mark: mark(browser(), 3, NOON + HOUR),
            change: TaskChange::Lifecycle(Lifecycle::Reaffirmed(again)),
        }]);
}

#[test]
fn uncompleting_gives_back_what_the_completion_recorded_not_what_the_task_is_worth_now() {
    let mut space = Space::founded("UTC");
    space.does(phone(), NOON, "skill.create", id(9), json!({ "name": "Chess" })).unwrap();
    space.does(phone(), NOON, "task.create", id(1), json!({ "title": "Play", "skill_id": id(9) })).unwrap();
    space.does(phone(), NOON, "task.complete", id(1), json!(null)).unwrap();
    let edit = json!({ "set": { "exp_reward": 100, "skill_id": null, "energy_cost": 5 } });
    space.does(phone(), NOON, "task.edit", id(1), edit).unwrap();

    let told = space.does(phone(), NOON + HOUR, "task.uncomplete", id(1), json!(null)).unwrap();

    assert_eq!(told.events, ["task.uncompleted", ": hero.taken_back", ": skill.taken_back"]);
    assert_eq!(["xp", "tasks_completed", "energy_spent", "streak"].map(|field| space.hero(field)), [0, 0, 0, 0]);
    assert_eq!(space.sees("skill", id(9), &["xp"]), json!({ "xp": 0 }));
    assert_eq!(
        space.sees("task", id(1), &["completed_at", "completion"]),
        json!({ "completed_at": null, "completion": null })
    );
}

#[test]
fn completing_feeds_hero_and_skill_in_the_same_transaction() {
    let mut space = Space::founded("UTC");
    space.does(phone(), NOON, "skill.create", id(9), json!({ "name": "Chess" })).unwrap();
    let data = json!({ "title": "Play", "difficulty": "hard", "exp_reward": 100, "skill_id": id(9) });
    space.does(phone(), NOON, "task.create", id(1), data).unwrap();

    let told = space.does(phone(), NOON, "task.complete", id(1), json!(null)).unwrap();

    assert_eq!(told.events, ["task.completed", ": hero.rewarded", ": skill.granted"]);
    assert_eq!(
        space.sees("skill", id(9), &["xp", "level", "xp_in_level", "xp_to_next"]),
        json!({ "xp": 100, "level": 2, "xp_in_level": 0, "xp_to_next": 150 })
    );
    let hero = ["xp", "level", "tasks_completed", "streak", "energy_spent"].map(|field| space.hero(field));
    assert_eq!(hero, [100, 2, 1, 1, 4]);
    assert_eq!([space.hero("energy_day"), space.hero("last_active_on")], ["2026-07-01", "2026-07-01"]);
    assert_eq!(space.day("hero", crate::testing::SPACE.into(), "2026-07-01"), [1, 0, 4, 100]);
}

#[test]
fn two_offline_devices_that_complete_one_task_earn_its_xp_once() {
    for order in [[(phone(), NOON), (browser(), NOON + 1)], [(browser(), NOON + 1), (phone(), NOON)]] {
        let mut space = Space::founded("UTC");
        space.does(tablet(), NOON - HOUR, "task.create", id(1), json!({ "title": "Read" })).unwrap();
        let base = space.position;
        let told = order.map(|(writer, at)| {
            space.does(writer.at_base(base), at, "task.complete", id(1), json!(null)).unwrap().kind()
        });
        assert_eq!(told[0], OutcomeKind::Applied);
        assert!([OutcomeKind::Unchanged, OutcomeKind::Superseded].contains(&told[1]));
        assert_eq!((space.hero("xp"), space.hero("tasks_completed")), (20.into(), 1.into()));
        assert_eq!(space.sees("task", id(1), &["completed_at"]), json!({ "completed_at": NOON + 1 }));
    }
}

#[test]
fn a_complete_older_than_an_unseen_uncomplete_is_superseded() {
    let mut space = Space::founded("UTC");
    space.does(tablet(), NOON, "task.create", id(1), json!({ "title": "Read" })).unwrap();
    let base = space.position;
    let undone = space.does(phone().at_base(base), NOON + 2 * MINUTE, "task.uncomplete", id(1), json!(null)).unwrap();
    assert_eq!((undone.kind(), undone.events), (OutcomeKind::Unchanged, vec!["task.reaffirmed".to_owned()]));

    let late = space.does(browser().at_base(base), NOON + MINUTE, "task.complete", id(1), json!(null)).unwrap();

    assert_eq!((late.kind(), late.events), (OutcomeKind::Superseded, vec![]));
    assert_eq!(space.hero("xp"), 0);
    let later = space.does(browser().at_base(base), NOON + 3 * MINUTE, "task.complete", id(1), json!(null)).unwrap();
    assert_eq!(later.kind(), OutcomeKind::Applied);
}

#[test]
fn a_seen_completion_is_undone_even_by_a_clock_that_is_behind() {
    let mut space = Space::founded("UTC");
    space.does(phone(), NOON, "task.create", id(1), json!({ "title": "Read" })).unwrap();
    space.does(phone(), NOON, "task.complete", id(1), json!(null)).unwrap();
    let told = space.does(browser(), NOON - HOUR, "task.uncomplete", id(1), json!(null)).unwrap();
    assert_eq!(told.kind(), OutcomeKind::Applied);
}

#[test]
fn yesterdays_offline_completion_belongs_to_yesterday_and_takes_no_ball_of_today() {
    let mut space = Space::founded("UTC");
    for number in [1, 2] {
        space.does(phone(), NOON - 2 * DAY, "task.create", id(number), json!({ "title": "Read" })).unwrap();
    }
    space.does(phone(), NOON, "task.complete", id(1), json!(null)).unwrap();
    space.does(browser(), NOON - DAY, "task.complete", id(2), json!(null)).unwrap();
    let hero = crate::testing::SPACE.into();
    assert_eq!(space.day("hero", hero, "2026-07-01"), [1, 0, 2, 20]);
    assert_eq!(space.day("hero", hero, "2026-06-30"), [1, 0, 0, 20]);
    assert_eq!([space.hero("streak"), space.hero("energy_spent")], [2, 2]);
}

#[test]
fn a_task_that_another_device_deleted_unseen_is_completed_and_stays_deleted() {
    let mut space = Space::founded("UTC");
    space.does(phone(), NOON, "task.create", id(1), json!({ "title": "Read" })).unwrap();
    let base = space.position;
    space.does(phone(), NOON, "task.delete", id(1), json!(null)).unwrap();
    let told = space.does(browser().at_base(base), NOON + HOUR, "task.complete", id(1), json!(null)).unwrap();
    assert_eq!(told.kind(), OutcomeKind::Applied);
    assert_eq!(space.hero("xp"), 20);
    let fields = &["completed_at", "deleted_at"];
    assert_eq!(space.sees("task", id(1), fields), json!({ "completed_at": NOON + HOUR, "deleted_at": NOON }));
    let seen = space.does(browser(), NOON + HOUR, "task.uncomplete", id(1), json!(null));
    assert_eq!(seen, Err(Rejection::Deleted));
}

#[test]
fn what_never_existed_cannot_be_completed() {
    TestFramework::<Task>::with(of(phone(), 1, NOON))
        .given_no_previous_events()
        .when(TaskCommand::Complete)
        .then_expect_error(Rejection::NotFound);
}
