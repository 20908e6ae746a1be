//! Tests of the rows.

use domain::id::EntityId;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{ExportedAccount, ExportedEntity, Row, rows};

fn row(value: Value) -> Row {
    if let Value::Object(row) = value { row } else { panic!("no object") }
}

fn task(number: i64, came: bool, extras: Value) -> ExportedEntity {
    ExportedEntity {
        id: EntityId(Uuid::from_u128(number as u128)),
        row: row(json!({ "legacy_id": number, "title": "Run", "created_at": 0, "completed_at": 1_000 })),
        linked: row(json!({ "parent": 3 })),
        extras: row(extras),
        came,
    }
}

#[test]
fn what_came_keeps_its_id_and_what_was_made_here_has_none_yet() {
    let account = ExportedAccount {
        user_id: "user_1".to_owned(),
        tasks: vec![
            task(3, true, json!({ "odd_column": 4, "micro_tasks": [{ "id": 9, "task_id": 3 }] })),
            task(4, false, json!({ "id": 77 })),
            task(5, true, json!({ "id": 1 })),
        ],
        ..ExportedAccount::default()
    };
    let tables = rows(&account);
    let of = |name: &str| tables.iter().find(|(table, _)| *table == name).map(|(_, rows)| rows.clone()).unwrap();
    let tasks = of("tasks");
    let (first, made, moved) = (&tasks[0].row, &tasks[1].row, &tasks[2].row);
    assert_eq!((&first["id"], &first["odd_column"], &first["completed"]), (&json!(3), &json!(4), &json!(true)));
    assert_eq!(first["completed_at"], "1970-01-01T00:00:01.000");
    assert_eq!((made.get("id"), &moved["id"]), (None, &json!(1)));
    assert_eq!(tasks[1].links["parent_task_id"], Uuid::from_u128(3).to_string());
    let micro = &of("micro_tasks")[0];
    assert_eq!((&micro.row["id"], &micro.links["task_id"]), (&json!(9), &json!(Uuid::from_u128(3).to_string())));
}

#[test]
fn a_row_that_names_goal_and_task_refers_to_both() {
    let goal = ExportedEntity {
        id: EntityId(Uuid::from_u128(50)),
        extras: row(json!({ "goal_tasks": [{ "id": 1, "goal_id": 8, "task_id": 1 }, { "id": 2, "title": "x" }] })),
        ..ExportedEntity::default()
    };
    let tasks = vec![task(5, true, json!({ "id": 1 }))];
    let account = ExportedAccount { goals: vec![goal], tasks, ..ExportedAccount::default() };
    let tables = rows(&account);
    let (_, links) = tables.iter().find(|(table, _)| *table == "goal_tasks").unwrap();
    assert_eq!(links[0].links["goal_id"], Uuid::from_u128(50).to_string());
    assert_eq!(links[0].links["task_id"], Uuid::from_u128(5).to_string());
    assert_eq!(links[1].links.get("task_id"), None);
}
