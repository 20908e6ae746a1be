use serde_json::json;

use super::*;

fn row(fields: &Value) -> Option<Map<String, Value>> {
    fields.as_object().cloned()
}

fn edited() -> StepBody {
    let change =
        |field: &str, before: Option<Value>, after: Value| ChangeBody { field: field.to_owned(), before, after };
    StepBody {
        position: 12,
        event: "task.edited".to_owned(),
        event_version: "1".to_owned(),
        entity: "task",
        id: Uuid::from_u128(7),
        version: 3,
        transaction_id: Uuid::from_u128(8),
        device_id: Uuid::from_u128(9),
        device_name: Some("phone".to_owned()),
        session_id: None,
        at: 1_792_843_200_000,
        recorded_at: 1_792_843_200_000,
        cause: Some(11),
        redacted: false,
        change: json!({}),
        before: row(&json!({ "title": "Read", "due_at": null })),
        after: row(&json!({ "title": "Read on", "due_at": 1_792_843_200_000_i64 })),
        unknown: None,
        changes: vec![
            change("due_at", Some(Value::Null), json!(1_792_843_200_000_i64)),
            change("title", Some(json!("Read")), json!("Read on")),
        ],
    }
}

#[test]
fn a_step_is_a_block_of_lines() {
    let expected = "\
#12    task.edited \"Read on\" task/00000000-0000-0000-0000-000000000007 v3
       2026-10-24T12:00:00Z by \"phone\", transaction 00000000-0000-0000-0000-000000000008, follows #11
       due_at nothing → 2026-10-24T12:00:00Z
       title \"Read\" → \"Read on\"";
    assert_eq!(step(&edited(), Paint::off()), expected);
}

#[test]
fn what_was_taken_out_is_said_and_what_is_not_known_left_out() {
    let mut silent = edited();
    (silent.redacted, silent.unknown, silent.before, silent.after) = (true, Some("redacted"), None, None);
    silent.device_id = Uuid::nil();
    silent.changes.retain(|change| change.field == "title");
    silent.changes[0].before = None;
    silent.changes[0].after = json!("a\u{1b}[2Jb");
    let expected = "\
#12    task.edited without a name task/00000000-0000-0000-0000-000000000007 v3
       2026-10-24T12:00:00Z by the server, transaction 00000000-0000-0000-0000-000000000008, follows #11
       something was taken out of it
       an event of it was taken out; nothing tells the rest of what it was
       title \"a\u{fffd}[2Jb\"";
    assert_eq!(step(&silent, Paint::off()), expected);
    assert_eq!(state(&silent, Paint::off()), "       nothing tells what it was");
}

#[test]
fn a_device_stood_between_two_positions() {
    let then = DeviceThenBody {
        device_id: Uuid::from_u128(9),
        device_name: None,
        at: 1_792_843_200_000,
        at_least: BoundBody { position: 4, because: "wrote", by: Some(6) },
        at_most: BoundBody { position: 9, because: "log_ended", by: None },
        acked_position: None,
        last_synced_at: None,
    };
    let expected = "\
device 00000000-0000-0000-0000-000000000009 at 2026-10-24T12:00:00Z
       had everything up to #4 (it wrote #6 on top of that)
       had nothing behind   #9 (the log ended there)";
    assert_eq!(device(&then, Paint::off()), expected);
}
