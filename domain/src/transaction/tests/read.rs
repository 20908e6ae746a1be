use serde_json::{Value, json};
use uuid::Uuid;

use crate::completion::FocusSession;
use crate::entity::{Command, EntityRef, Kind, LifecycleCommand};
use crate::goal::GoalCommand;
use crate::hero::HeroCommand;
use crate::id::SpaceId;
use crate::limits::TRANSACTION_COMMANDS_MAX;
use crate::milestone::MilestoneCommand;
use crate::task::TaskCommand;
use crate::testing::{NOON, SPACE, id};
use crate::transaction::{Problem, read};

fn number(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn command(kind: &str) -> Value {
    json!({ "command_id": number(1), "type": kind, "id": id(5), "at": NOON })
}

fn sent(commands: Value) -> Value {
    json!({ "transaction_id": number(7), "commands": commands })
}

/// Code, pointer and command of the refusal.
fn refusal(transaction: Value) -> (String, Option<String>, Option<usize>) {
    let refusal = read(transaction, SPACE).unwrap().commands.unwrap_err();
    let problem = Problem::from(&refusal);
    (problem.code, problem.errors.first().map(|error| error.pointer.clone()), refusal.index)
}

fn refused(code: &str, pointer: &str, index: Option<usize>) -> (String, Option<String>, Option<usize>) {
    (code.to_owned(), (!pointer.is_empty()).then(|| pointer.to_owned()), index)
}

fn with(kind: &str, part: &str, value: Value) -> Value {
    let mut command = command(kind);
    command[part] = value;
    sent(json!([command]))
}

#[test]
fn a_transaction_keeps_its_envelope() {
    let full = json!({
        "transaction_id": number(7), "space_id": SPACE, "base": "cursor", "device_seq": 12,
        "commands": [command("task.complete")],
    });
    let read = read(full, SPACE).unwrap();
    assert_eq!((read.id.0, read.base.as_deref(), read.device_seq), (number(7), Some("cursor"), Some(12)));
    let request = &read.commands.unwrap()[0];
    assert_eq!((request.command_id.0, request.at), (number(1), NOON));
    assert_eq!(request.target, EntityRef::new(Kind::Task, id(5)));
    assert_eq!(request.command, Command::Task(TaskCommand::Complete));
}

#[test]
fn every_command_type_is_read() {
    let one = |mut sent: Value, kind: &str| {
        sent["command_id"] = json!(number(1));
        sent["type"] = json!(kind);
        sent["at"] = json!(NOON);
        read(self::sent(json!([sent])), SPACE).unwrap().commands.unwrap().remove(0).command
    };
    for kind in ["task", "goal", "milestone", "skill"] {
        let entity = json!({ "id": id(5) });
        one(json!({ "id": id(5), "data": { "anything": 1 } }), &format!("{kind}.create"));
        one(json!({ "id": id(5), "set": {} }), &format!("{kind}.edit"));
        for action in ["delete", "restore"] {
            let read = one(entity.clone(), &format!("{kind}.{action}"));
            let expected = if action == "delete" { LifecycleCommand::Delete } else { LifecycleCommand::Restore };
            assert_eq!(read.lifecycle(), Some(&expected));
        }
    }
    let entity = json!({ "id": id(5) });
    let focus = json!({ "id": id(5), "data": { "minutes": 25, "cycles": 1 } });
    let session = FocusSession { minutes: 25, cycles: 1, balls: None };
    assert_eq!(one(entity.clone(), "task.uncomplete"), Command::Task(TaskCommand::Uncomplete));
    assert_eq!(one(focus.clone(), "task.focus"), Command::Task(TaskCommand::Focus(session.clone())));
    assert_eq!(one(entity.clone(), "goal.complete"), Command::Goal(GoalCommand::Complete));
    assert_eq!(one(entity.clone(), "goal.reopen"), Command::Goal(GoalCommand::Reopen));
    assert_eq!(one(focus, "goal.focus"), Command::Goal(GoalCommand::Focus(session)));
    assert_eq!(one(entity.clone(), "milestone.complete"), Command::Milestone(MilestoneCommand::Complete));
    assert_eq!(one(entity, "milestone.reopen"), Command::Milestone(MilestoneCommand::Reopen));
    assert_eq!(one(json!({}), "hero.restore_energy"), Command::Hero(HeroCommand::RestoreEnergy));
    assert!(one(json!({ "set": { "name": "Ada" } }), "hero.edit").lifecycle().is_some());
}

#[test]
fn a_command_type_that_does_not_exist_is_told_before_anything_else() {
    let unknown = [
        "task",
        "task.",
        ".create",
        "task.explode",
        "task.reopen",
        "goal.uncomplete",
        "milestone.uncomplete",
        "milestone.focus",
        "skill.complete",
        "hero.create",
        "hero.delete",
        "hero.restore",
        "Task.create",
        "tasks.create",
        "",
    ];
    for kind in unknown {
        let command = json!({ "type": kind, "nonsense": 1 });
        assert_eq!(refusal(sent(json!([command]))), refused("command_unknown", "/commands/0/type", Some(0)), "{kind}");
    }
}

#[test]
fn a_command_carries_what_its_type_takes_and_nothing_else() {
    let missing = |kind: &str, field: &str| {
        let mut command = command(kind);
        command.as_object_mut().unwrap().remove(field);
        refusal(sent(json!([command])))
    };
    for field in ["command_id", "type", "id", "at"] {
        assert_eq!(missing("task.delete", field), refused("field_missing", &format!("/commands/0/{field}"), Some(0)));
    }
    assert_eq!(missing("task.create", "data"), refused("field_missing", "/commands/0/data", Some(0)));
    assert_eq!(missing("task.focus", "data"), refused("field_missing", "/commands/0/data", Some(0)));
    assert_eq!(missing("task.edit", "set"), refused("field_missing", "/commands/0/set", Some(0)));
    for (kind, part, value) in [
        ("task.delete", "data", json!({})),
        ("task.complete", "set", json!({})),
        ("task.complete", "add", json!({})),
        ("goal.reopen", "remove", json!({})),
        ("task.edit", "data", json!({})),
        ("hero.restore_energy", "id", json!(id(5))),
        ("task.delete", "nonsense", json!(1)),
        ("task.delete", "device_id", json!(number(1))),
    ] {
        let pointer = format!("/commands/0/{part}");
        assert_eq!(refusal(with(kind, part, value)), refused("field_unknown", &pointer, Some(0)), "{kind} {part}");
    }
}

#[test]
fn a_wrong_type_is_told_with_its_place() {
    for (kind, part, value) in [
        ("task.delete", "id", json!("5")),
        ("task.delete", "id", json!(5)),
        ("task.delete", "command_id", json!("x")),
        ("task.delete", "at", json!("now")),
        ("task.delete", "at", json!(1.5)),
        ("task.delete", "at", json!(null)),
        ("task.delete", "type", json!(5)),
        ("task.create", "data", json!([])),
        ("task.edit", "set", json!("title")),
        ("task.edit", "add", json!({ "tags": "a" })),
    ] {
        let (code, pointer, index) = refusal(with(kind, part, value.clone()));
        assert_eq!((code.as_str(), index), ("type_wrong", Some(0)), "{kind} {part} {value}");
        assert!(pointer.unwrap().starts_with(&format!("/commands/0/{part}")));
    }
    for value in [json!(1), json!(null), json!([]), json!("task.create")] {
        assert_eq!(refusal(sent(json!([value]))), refused("type_wrong", "/commands/0", Some(0)));
    }
}

#[test]
fn a_transaction_has_1_to_500_commands_each_with_its_own_id() {
    let many = |count: u128| -> Value {
        let one = |index| json!({ "command_id": number(index), "type": "task.complete", "id": id(5), "at": NOON });
        (0..count).map(one).collect::<Vec<_>>().into()
    };
    let max = TRANSACTION_COMMANDS_MAX as u128;
    assert_eq!(read(sent(many(max)), SPACE).unwrap().commands.unwrap().len(), 500);
    for count in [0, max + 1] {
        let refusal = read(sent(many(count)), SPACE).unwrap().commands.unwrap_err();
        assert_eq!((refusal.rejection.code(), refusal.index), ("command_count", None));
        assert_eq!(Value::Object(refusal.rejection.facts()), json!({ "max": 500 }));
    }
    let twice = sent(json!([command("task.complete"), command("task.uncomplete")]));
    let refusal = read(twice, SPACE).unwrap().commands.unwrap_err();
    assert_eq!((refusal.rejection.code(), refusal.index), ("command_repeated", Some(1)));
    assert_eq!(refusal.command_id.map(|id| id.0), Some(number(1)));
}

#[test]
fn the_refusal_names_the_first_bad_command() {
    let bad = json!({ "command_id": number(3), "type": "task.explode", "id": id(5), "at": NOON });
    let read = read(sent(json!([command("task.complete"), bad, 5])), SPACE).unwrap();
    let refusal = read.commands.unwrap_err();
    assert_eq!((refusal.index, refusal.command_id.map(|id| id.0)), (Some(1), Some(number(3))));
}

#[test]
fn an_unreadable_envelope_is_kept_under_its_id_if_it_has_one() {
    let mut strange = sent(json!([command("task.complete")]));
    strange["sent_by"] = json!("me");
    assert_eq!(refusal(strange), refused("field_unknown", "/sent_by", None));
    assert_eq!(refusal(json!({ "transaction_id": number(7) })), refused("field_missing", "/commands", None));
    assert_eq!(refusal(sent(json!({}))), refused("type_wrong", "/commands", None));
    assert_eq!(refusal(sent(json!(null))), refused("type_wrong", "/commands", None));
    for nameless in [json!({}), json!(null), json!([]), json!({ "transaction_id": 5, "commands": [] })] {
        assert!(read(nameless, SPACE).is_err());
    }
}

#[test]
fn another_space_is_unknown() {
    let mut strange = sent(json!([command("task.complete")]));
    strange["space_id"] = json!(SpaceId(number(99)));
    assert_eq!(refusal(strange), refused("space_unknown", "", None));
}

#[test]
fn text_that_is_no_unicode_never_becomes_a_value() {
    for text in [r#""\ud83d""#, r#""\ude00a""#, r#""a\ud83d\u0041""#] {
        assert!(serde_json::from_str::<Value>(text).is_err(), "{text}");
    }
    assert!(serde_json::from_slice::<Value>(b"\"\xff\"").is_err());
    assert_eq!(serde_json::from_str::<Value>(r#""\ud83d\ude00""#).unwrap(), "😀");
}
