use serde_json::{Value, json};

use crate::rejection::Rejection;
use crate::testing::{DAY, HOUR, MINUTE, NOON, Space, browser, id, phone, tablet};

/// Goal 1 with milestones 2 (done) and 3, task 4 and goal 5 below it.
fn plan() -> Space {
    let mut space = Space::founded("UTC");
    space.does(phone(), NOON, "goal.create", id(1), json!({ "title": "Summit" })).unwrap();
    for number in [2, 3] {
        let data = json!({ "title": "Camp", "goal_id": id(1) });
        space.does(phone(), NOON, "milestone.create", id(number), data).unwrap();
    }
    space.does(phone(), NOON, "milestone.complete", id(2), json!(null)).unwrap();
    space.does(phone(), NOON, "task.create", id(4), json!({ "title": "Pack", "goal_id": id(1) })).unwrap();
    space.does(phone(), NOON, "goal.create", id(5), json!({ "title": "Hut", "parent_id": id(1) })).unwrap();
    space
}

fn act(space: &mut Space, command: &str, number: u128) -> Vec<String> {
    space.does(phone(), NOON + HOUR, command, id(number), json!(null)).unwrap().events
}

fn links(space: &Space) -> [Value; 4] {
    let deleted = |number| space.sees("milestone", id(number), &["deleted_at"])["deleted_at"].clone();
    let task = space.sees("task", id(4), &["goal_id"])["goal_id"].clone();
    let goal = space.sees("goal", id(5), &["parent_id"])["parent_id"].clone();
    [deleted(2), deleted(3), task, goal]
}

fn counts(space: &Space) -> [Value; 2] {
    let counts = space.sees("goal", id(1), &["milestones_done", "milestones_total"]);
    [counts["milestones_done"].clone(), counts["milestones_total"].clone()]
}

#[test]
fn deleting_a_goal_takes_its_milestones_and_frees_its_tasks_and_goals() {
    let mut space = plan();
    let mut events = act(&mut space, "goal.delete", 1);
    assert_eq!(events.remove(0), "goal.deleted");
    events.sort();
    assert_eq!(events, [": goal.unlinked", ": milestone.deleted", ": milestone.deleted", ": task.unlinked"]);
    assert_eq!(links(&space), [json!(NOON + HOUR), json!(NOON + HOUR), json!(null), json!(null)]);
}

#[test]
fn restoring_it_brings_all_of_that_back_with_the_same_counts() {
    let mut space = plan();
    act(&mut space, "goal.delete", 1);
    act(&mut space, "goal.restore", 1);
    assert_eq!(links(&space), [json!(null), json!(null), json!(id(1)), json!(id(1))]);
    assert_eq!(counts(&space), [1, 2]);
}

#[test]
fn a_milestone_deleted_before_its_goal_does_not_come_back_with_it() {
    let mut space = plan();
    assert_eq!(act(&mut space, "milestone.delete", 2), ["milestone.deleted", ": goal.counted"]);
    assert_eq!(counts(&space), [0, 1]);
    act(&mut space, "goal.delete", 1);
    act(&mut space, "goal.restore", 1);
    assert_eq!((links(&space)[0].clone(), counts(&space)), (json!(NOON + HOUR), [json!(0), json!(1)]));
    assert_eq!(act(&mut space, "milestone.restore", 2), ["milestone.restored", ": goal.counted"]);
    assert_eq!(counts(&space), [1, 2]);
}

#[test]
fn a_milestone_cannot_come_back_without_its_goal() {
    let mut space = plan();
    act(&mut space, "goal.delete", 1);
    let refused = space.does(phone(), NOON + HOUR, "milestone.restore", id(2), json!(null));
    let (pointer, field) = ("/id".to_owned(), "goal_id".to_owned());
    assert_eq!(refused, Err(Rejection::ReferenceDeleted { pointer, field }));
}

#[test]
fn a_milestone_ticked_while_its_goal_was_deleted_unseen_counts_when_both_are_back() {
    let mut space = plan();
    let base = space.position;
    act(&mut space, "goal.delete", 1);
    space.does(browser().at_base(base), NOON + MINUTE, "milestone.complete", id(3), json!(null)).unwrap();
    act(&mut space, "goal.restore", 1);
    assert_eq!(counts(&space), [2, 2]);
    act(&mut space, "goal.delete", 1);
    space.does(tablet().at_base(base), NOON + DAY, "milestone.reopen", id(2), json!(null)).unwrap();
    space.does(tablet().at_base(base), NOON + DAY, "milestone.reopen", id(3), json!(null)).unwrap();
    act(&mut space, "goal.restore", 1);
    assert_eq!(counts(&space), [0, 2]);
}

#[test]
fn a_milestone_ticked_after_it_was_deleted_by_itself_counts_only_when_it_is_back() {
    let mut space = plan();
    let base = space.position;
    act(&mut space, "milestone.delete", 3);
    space.does(browser().at_base(base), NOON + MINUTE, "milestone.complete", id(3), json!(null)).unwrap();
    assert_eq!(counts(&space), [1, 1]);
    act(&mut space, "goal.delete", 1);
    space.does(browser().at_base(base), NOON + MINUTE, "milestone.reopen", id(3), json!(null)).unwrap();
    act(&mut space, "goal.restore", 1);
    assert_eq!(counts(&space), [1, 1]);
    act(&mut space, "milestone.restore", 3);
    assert_eq!(counts(&space), [1, 2]);
}

#[test]
fn what_somebody_has_set_since_stays() {
    let mut space = plan();
    space.does(phone(), NOON, "goal.create", id(6), json!({ "title": "Other" })).unwrap();
    act(&mut space, "goal.delete", 1);
    space.does(browser(), NOON + 2 * HOUR, "task.edit", id(4), json!({ "set": { "goal_id": id(6) } })).unwrap();
    act(&mut space, "goal.restore", 1);
    assert_eq!(links(&space)[2..], [json!(id(6)), json!(id(1))]);
}

#[test]
fn goals_never_form_a_circle_not_even_by_a_restore() {
    let mut space = plan();
    space.does(phone(), NOON, "goal.create", id(6), json!({ "title": "Bivouac", "parent_id": id(5) })).unwrap();
    for parent in [1, 5, 6] {
        let edit = json!({ "set": { "parent_id": id(parent) } });
        let refused = space.does(phone(), NOON, "goal.edit", id(1), edit).unwrap_err();
        assert_eq!(refused.code(), "reference_cycle", "1 under {parent}");
    }
    act(&mut space, "goal.delete", 5);
    space.does(phone(), NOON + HOUR, "goal.edit", id(1), json!({ "set": { "parent_id": id(6) } })).unwrap();
    act(&mut space, "goal.restore", 5);
    assert_eq!(space.sees("goal", id(6), &["parent_id"]), json!({ "parent_id": null }));
    assert_eq!(space.sees("goal", id(5), &["parent_id"]), json!({ "parent_id": id(1) }));
}
