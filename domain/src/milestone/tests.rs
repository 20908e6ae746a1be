//! Tests of milestones.

use cqrs_es::test::TestFramework;
use serde_json::{Value, json};

use super::{Milestone, MilestoneChange, MilestoneCommand, Ticked};
use crate::entity::OutcomeKind::{Applied, Superseded, Unchanged};
use crate::entity::Recorded;
use crate::rejection::Rejection;
use crate::rules::day::local_day;
use crate::testing::{HOUR, MINUTE, NOON, SPACE, Space, Writer, browser, id, mark, of, phone, step};

fn ticked(moment: i64) -> Ticked {
    Ticked { moment, day: Some(local_day(moment, "UTC")) }
}

#[test]
fn completing_records_the_moment() {
    TestFramework::<Milestone>::with(of(browser(), 2, NOON + HOUR))
        .given(vec![step(json!({ "title": "Camp", "goal_id": id(5) }))])
        .when(MilestoneCommand::Complete)
        .then_expect_events(vec![Recorded {
            mark: mark(browser(), 2, NOON + HOUR),
            change: MilestoneChange::Completed(ticked(NOON + HOUR)),
        }]);
}

#[test]
fn reopening_takes_the_tick_away() {
    let done = Recorded { mark: mark(phone(), 2, NOON), change: MilestoneChange::Completed(ticked(NOON)) };
    TestFramework::<Milestone>::with(of(phone(), 3, NOON))
        .given(vec![step(json!({ "title": "Camp", "goal_id": id(5) })), done])
        .when(MilestoneCommand::Reopen)
        .then_expect_events(vec![Recorded {
            mark: mark(phone(), 3, NOON),
            change: MilestoneChange::Reopened(ticked(NOON)),
        }]);
}

#[test]
fn what_never_existed_cannot_be_ticked() {
    TestFramework::<Milestone>::with(of(phone(), 1, NOON))
        .given_no_previous_events()
        .when(MilestoneCommand::Complete)
        .then_expect_error(Rejection::NotFound);
}

fn space() -> Space {
    let mut space = Space::founded("UTC");
    space.does(phone(), NOON, "goal.create", id(1), json!({ "title": "Summit" })).unwrap();
    space.does(phone(), NOON, "milestone.create", id(2), json!({ "title": "Camp", "goal_id": id(1) })).unwrap();
    space
}

#[test]
fn the_register_takes_the_later_word_and_a_milestone_grants_nothing() {
    let mut space = space();
    let base = space.position;
    let mut tell = |writer: Writer, minutes, command| {
        space.does(writer.at_base(base), NOON + minutes * MINUTE, command, id(2), json!(null)).unwrap().kind()
    };
    assert_eq!(tell(phone(), 2, "milestone.reopen"), Unchanged);
    assert_eq!(tell(browser(), 1, "milestone.complete"), Superseded);
    assert_eq!(tell(browser(), 3, "milestone.complete"), Applied);
    assert_eq!(tell(phone(), 4, "milestone.complete"), Unchanged);
    let seen = json!({ "completed_at": NOON + 4 * MINUTE });
    assert_eq!(space.sees("milestone", id(2), &["completed_at"]), seen);
    assert_eq!(space.sees("goal", id(1), &["milestones_done"]), json!({ "milestones_done": 1 }));
    assert_eq!((space.hero("xp"), space.day("hero", SPACE.into(), "2026-07-01")), (json!(0), [0; 4]));
}

#[test]
fn its_goal_must_exist_be_live_and_never_changes() {
    let mut space = space();
    let mut tried = |command: &str, body: Value| {
        let refused = space.does(phone(), NOON, command, if command.ends_with("create") { id(3) } else { id(2) }, body);
        let error = refused.unwrap_err().errors().remove(0);
        (error.pointer, error.code)
    };
    let error = |pointer: &str, code: &str| (pointer.to_owned(), code.to_owned());
    assert_eq!(tried("milestone.create", json!({ "title": "Camp" })), error("/data/goal_id", "field_missing"));
    let null = json!({ "title": "Camp", "goal_id": null });
    assert_eq!(tried("milestone.create", null), error("/data/goal_id", "type_wrong"));
    let unknown = json!({ "title": "Camp", "goal_id": id(99) });
    assert_eq!(tried("milestone.create", unknown), error("/data/goal_id", "reference_missing"));
    assert_eq!(tried("milestone.edit", json!({ "set": { "goal_id": id(1) } })), error("/set/goal_id", "field_fixed"));
    space.does(phone(), NOON, "goal.delete", id(1), json!(null)).unwrap();
    let data = json!({ "title": "Camp", "goal_id": id(1) });
    let refused = space.does(browser(), NOON, "milestone.create", id(3), data).unwrap_err();
    assert_eq!((refused.code(), refused.errors()[0].pointer.as_str()), ("reference_deleted", "/data/goal_id"));
}

#[test]
fn its_fields_have_ranges_and_defaults() {
    let mut space = space();
    let fields = ["description", "completed_at", "rank"];
    let defaults =
        json!({ "description": null, "completed_at": null, "rank": crate::entity::text::default_rank(NOON) });
    assert_eq!(space.sees("milestone", id(2), &fields), defaults);
    let mut code = |set: Value| {
        let told = space.does(phone(), NOON, "milestone.edit", id(2), json!({ "set": set }));
        told.map_or_else(|refused| refused.code().to_owned(), |_| "ok".to_owned())
    };
    assert_eq!(code(json!({ "title": "ab", "description": "x", "rank": "Z" })), "ok");
    assert_eq!(code(json!({ "title": "a" })), "too_short");
    assert_eq!(code(json!({ "title": "é".repeat(201) })), "too_long");
    assert_eq!(code(json!({ "title": "\n\n" })), "text_blank");
    assert_eq!(code(json!({ "description": "a".repeat(2001) })), "too_long");
    assert_eq!(code(json!({ "rank": "" })), "rank_invalid");
    assert_eq!(code(json!({ "completed_at": NOON })), "field_unknown");
}
