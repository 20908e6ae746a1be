//! Tests of undoing, on one task and what happens to it.

use serde_json::{Value, json};
use uuid::Uuid;

use super::{Life, Past, Reason, Writer, revert, steps};
use crate::compensation::Compensation;
use crate::entity::{Command, EntityRef, Event, Kind, LifecycleCommand};
use crate::id::TransactionId;
use crate::task::TaskCommand;
use crate::testing::{HOUR, NOON, Space, Writer as Device, browser, id, phone};

fn task() -> EntityRef {
    EntityRef::new(Kind::Task, id(1))
}

fn space() -> Space {
    let mut space = Space::founded("UTC");
    let data = json!({ "title": "Read", "tags": ["book"] });
    space.does(phone(), NOON, "task.create", id(1), data).unwrap();
    space
}

fn edit(space: &mut Space, device: Device, parts: Value) {
    space.does(device, NOON + HOUR, "task.edit", id(1), parts).unwrap();
}

/// The events of the task, with those from `ours` on, as many as `count`, of the transaction that is reverted.
fn past(space: &Space, ours: usize, count: usize) -> Vec<Past> {
    let events = space.log.iter().filter(|event| event.kind() == Kind::Task).cloned();
    let past = |(index, event): (usize, Event)| {
        let ours = (ours..ours + count).contains(&index);
        let transaction_id = TransactionId(Uuid::from_u128(if ours { 1 } else { 100 + index as u128 }));
        let mark = *event.mark();
        let (position, recorded_at, device_id) = (mark.position, mark.at, mark.stamp.device);
        Past { event, writer: Writer { device_id, transaction_id, position, recorded_at }, ours, follows: false }
    };
    events.enumerate().map(past).collect()
}

/// The parts of the only edit among some commands.
fn only_edit(commands: &[Command]) -> Value {
    let [Command::Task(TaskCommand::Lifecycle(LifecycleCommand::Edit(edit)))] = commands else {
        panic!("no single edit: {commands:?}")
    };
    json!({ "set": edit.set, "add": edit.add, "remove": edit.remove })
}

#[test]
fn an_edit_goes_back_to_what_it_replaced() {
    let mut space = space();
    edit(
        &mut space,
        phone(),
        json!({ "set": { "title": "Write" }, "add": { "tags": ["pen"] }, "remove": { "tags": ["book"] } }),
    );
    let (commands, kept) = revert(task(), past(&space, 1, 1));
    let back = json!({ "set": { "title": "Read" }, "add": { "tags": ["book"] }, "remove": { "tags": ["pen"] } });
    assert_eq!((only_edit(&commands), kept), (back, Vec::new()));
}

#[test]
fn what_another_wrote_since_stays_field_by_field_and_member_by_member() {
    let mut space = space();
    edit(&mut space, phone(), json!({ "set": { "title": "Write", "rank": "b" }, "add": { "tags": ["pen", "ink"] } }));
    edit(&mut space, browser(), json!({ "set": { "title": "Paint" }, "add": { "tags": ["ink"] } }));
    let (commands, kept) = revert(task(), past(&space, 1, 1));
    let edit = only_edit(&commands);
    assert_eq!((&edit["remove"], edit["set"].get("title")), (&json!({ "tags": ["pen"] }), None));
    let why: Vec<_> = kept.iter().map(|one| (one.field.as_str(), one.member.as_deref(), one.reason)).collect();
    assert_eq!(why, [("tags", Some("ink"), Reason::ChangedSince), ("title", None, Reason::ChangedSince)]);
    assert!(kept.iter().all(|one| one.by.is_some_and(|by| by.device_id == browser().device)));
}

#[test]
fn a_value_that_was_written_again_as_it_was_is_somebody_elses() {
    let mut space = space();
    edit(&mut space, phone(), json!({ "set": { "title": "Write" } }));
    edit(&mut space, browser(), json!({ "set": { "title": "Write" } }));
    let (commands, kept) = revert(task(), past(&space, 1, 1));
    assert_eq!((commands.len(), kept.len()), (0, 1));
}

#[test]
fn what_was_created_goes_with_all_that_it_granted() {
    let mut space = space();
    space.does(phone(), NOON, "task.complete", id(1), Value::Null).unwrap();
    let (commands, kept) = revert(task(), past(&space, 0, 2));
    let uncomplete = Command::Task(TaskCommand::Compensate(Compensation::Uncomplete(None)));
    let delete = Command::Task(TaskCommand::Lifecycle(LifecycleCommand::Delete));
    assert_eq!((commands, kept), (vec![uncomplete, delete], Vec::new()));
}

#[test]
fn what_was_created_and_worked_with_stays() {
    let mut space = space();
    space.does(browser(), NOON, "task.complete", id(1), Value::Null).unwrap();
    let (commands, kept) = revert(task(), past(&space, 0, 1));
    assert_eq!((commands, kept[0].reason), (Vec::new(), Reason::ChangedSince));
}

fn fold(space: &Space, events: usize) -> Life {
    let mut life = Life::absent(Kind::Task);
    space
        .log
        .iter()
        .filter(|event| event.kind() == Kind::Task)
        .take(events)
        .for_each(|event| life.apply(event.clone()));
    life
}

#[test]
fn an_entity_that_is_what_it_was_takes_no_step() {
    let mut space = space();
    edit(&mut space, phone(), json!({ "set": { "title": "Write" } }));
    edit(&mut space, phone(), json!({ "set": { "title": "Read" } }));
    assert!(steps(&fold(&space, 1), &fold(&space, 3)).is_empty());
    assert!(!steps(&fold(&space, 1), &fold(&space, 2)).is_empty());
}

#[test]
fn parents_are_left_before_others_are_given() {
    let mut space = space();
    edit(&mut space, phone(), json!({ "set": { "title": "Write" } }));
    let (then, mut now) = (fold(&space, 1), fold(&space, 2));
    if let crate::entity::Entity::Task(task) = &mut now.entity {
        task.core.fields.parent_id = Some(id(2));
    }
    let steps = steps(&then, &now);
    let leaving = only_edit(&steps.leave.into_iter().collect::<Vec<_>>());
    assert_eq!(leaving["set"], json!({ "parent_id": null }));
    assert_eq!(only_edit(&steps.change)["set"], json!({ "parent_id": null, "title": "Read" }));
}

#[test]
fn what_was_completed_as_a_habit_is_taken_back_as_one() {
    let mut space = space();
    edit(&mut space, phone(), json!({ "set": { "category": "habit" } }));
    space.does(phone(), NOON, "task.complete", id(1), Value::Null).unwrap();
    edit(&mut space, phone(), json!({ "set": { "category": "todo" } }));
    let commands = steps(&fold(&space, 1), &fold(&space, 4)).change;
    let [
        Command::Task(TaskCommand::Lifecycle(_)),
        Command::Task(TaskCommand::Compensate(back)),
        Command::Task(TaskCommand::Lifecycle(_)),
    ] = commands.as_slice()
    else {
        panic!("{commands:?}")
    };
    assert_eq!(*back, Compensation::Uncomplete(Some("2026-07-01".parse().unwrap())));
}

#[test]
fn that_a_focus_session_was_begun_is_nothing_to_take_back_and_stands_in_nobodys_way() {
    let mut space = space();
    let start = Command::Task(TaskCommand::StartFocus(25));
    assert_eq!(space.server_does(NOON + HOUR, task(), &start), ["task.focus_started"]);
    assert_eq!(revert(task(), past(&space, 1, 1)), (Vec::new(), Vec::new()));
    edit(&mut space, phone(), json!({ "set": { "title": "Write" } }));
    space.server_does(NOON + HOUR, task(), &start);
    let (commands, kept) = revert(task(), past(&space, 2, 1));
    assert_eq!((only_edit(&commands)["set"].clone(), kept), (json!({ "title": "Read" }), Vec::new()));
}
