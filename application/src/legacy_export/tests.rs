//! Tests of the rows and their SQL.

use serde_json::{Value, json};

use super::{ExportedAccount, ExportedEntity, Ids, Row, inserts, rows};

fn row(value: Value) -> Row {
    if let Value::Object(row) = value { row } else { panic!("no object") }
}

#[test]
fn what_came_keeps_its_id_and_what_was_made_here_gets_one_above() {
    let task = |number: i64, came: bool, extras: Value| ExportedEntity {
        row: row(json!({ "legacy_id": number, "title": "Run", "created_at": 0, "completed_at": 1_000 })),
        linked: row(json!({ "parent": 3 })),
        extras: row(extras),
        came,
    };
    let account = ExportedAccount {
        user_id: "user_1".to_owned(),
        tasks: vec![task(3, true, json!({ "odd_column": 4, "micro_tasks": [{ "id": 9 }] })), task(4, false, json!({}))],
        ..ExportedAccount::default()
    };
    let tables = rows(&account, &mut Ids::above(1_000));
    let of = |name: &str| tables.iter().find(|(table, _)| *table == name).map(|(_, rows)| rows.clone()).unwrap();
    let tasks = of("tasks");
    assert_eq!(
        (&tasks[0]["id"], &tasks[0]["odd_column"], &tasks[0]["completed"]),
        (&json!(3), &json!(4), &json!(true))
    );
    assert_eq!((&tasks[1]["id"], &tasks[1]["parent_task_id"]), (&json!(1_000), &json!(3)));
    assert_eq!(tasks[0]["completed_at"], "1970-01-01T00:00:01.000");
    assert_eq!(of("micro_tasks")[0]["id"], 9);
}

#[test]
fn a_quote_ends_no_literal_and_no_number_is_too_large() {
    let sql = inserts("tasks", &[row(json!({ "title": "it's; --" }))]);
    assert!(sql.contains(r#"[{"title":"it''s; --"}]"#), "{sql}");
    let sql = inserts("skills", &[row(json!({ "max_exp": 3_716_165_326_i64 }))]);
    assert!(sql.contains(r#"[{"max_exp":2147483647}]"#), "{sql}");
}
