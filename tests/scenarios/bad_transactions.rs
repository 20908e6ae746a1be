//! Transactions that are refused each by itself: a stable code, the offending field, a receipt, nothing applied, and the
//! neighbours in the same request go through. Over HTTP and over WebSocket, in JSON and in CBOR alike.

use serde_json::{Value, json};
use support::commands::{command, command_with, create_task, edit_task, id, new_task, transaction};
use support::{Account, Socket, tables};

use crate::stage::{Stage, code};

/// What is wrong with it, the transaction, its code, and where.
type Bad = (&'static str, Value, &'static str, &'static str);

fn with(mut value: Value, name: &str, member: Value) -> Value {
    value[name] = member;
    value
}

fn task_of(data: Value) -> Value {
    transaction(&[command_with("task.create", id(), data)])
}

fn envelopes(stranger: &Account) -> Vec<Bad> {
    let many: Vec<Value> = (0..501).map(|_| create_task(id(), "Read a chapter")).collect();
    let twice = create_task(id(), "Read a chapter");
    let explode = transaction(&[command("task.explode", id())]);
    vec![
        ("no object", json!(7), "type_wrong", ""),
        ("no id", json!({ "commands": [] }), "field_missing", "/transaction_id"),
        ("no UUID", with(new_task("Read"), "transaction_id", json!("7")), "type_wrong", "/transaction_id"),
        ("no commands", json!({ "transaction_id": id() }), "field_missing", "/commands"),
        ("no list of commands", with(new_task("Read"), "commands", json!({})), "type_wrong", "/commands"),
        ("0 commands", transaction(&[]), "command_count", ""),
        ("501 commands", transaction(&many), "command_count", ""),
        ("a command that is none", transaction(&[json!("task.create")]), "type_wrong", "/commands/0"),
        ("one command twice", transaction(&[twice.clone(), twice]), "command_repeated", ""),
        ("an unknown command", explode, "command_unknown", "/commands/0/type"),
        ("an unknown field", with(new_task("Read"), "spaceid", json!(1)), "field_unknown", "/spaceid"),
        ("another's space", with(new_task("Read"), "space_id", json!(stranger.space())), "space_unknown", ""),
        ("nobody's space", with(new_task("Read"), "space_id", json!(id())), "space_unknown", ""),
        ("a broken device_seq", with(new_task("Read"), "device_seq", json!("one")), "type_wrong", "/device_seq"),
    ]
}

fn shapes() -> Vec<Bad> {
    let no_id = json!({ "command_id": id(), "type": "task.complete", "at": 1 });
    let no_time = json!({ "command_id": id(), "type": "task.complete", "id": id() });
    let hero = with(command("hero.edit", id()), "set", json!({ "name": "Ada" }));
    let edit = command("task.edit", id());
    vec![
        ("no entity", transaction(&[no_id]), "field_missing", "/commands/0/id"),
        ("no time", transaction(&[no_time]), "field_missing", "/commands/0/at"),
        ("an id of the hero", transaction(&[hero]), "field_unknown", "/commands/0/id"),
        ("an empty edit", transaction(&[edit]), "field_missing", "/commands/0/set"),
        ("no data", transaction(&[command("task.create", id())]), "field_missing", "/commands/0/data"),
        ("no title", task_of(json!({})), "field_missing", "/commands/0/data/title"),
        ("a title of a number", task_of(json!({ "title": 7 })), "type_wrong", "/commands/0/data/title"),
        ("a title of nothing", task_of(json!({ "title": null })), "type_wrong", "/commands/0/data/title"),
        (
            "a field nobody knows",
            task_of(json!({ "title": "Read", "x/y": 1 })),
            "field_unknown",
            "/commands/0/data/x~1y",
        ),
        (
            "a derived field",
            task_of(json!({ "title": "Read", "streak": 9 })),
            "field_unknown",
            "/commands/0/data/streak",
        ),
        ("a bad name", task_of(json!({ "title": "Read", "kind": "epic" })), "type_wrong", "/commands/0/data/kind"),
    ]
}

fn ranges() -> Vec<Bad> {
    let of = |field: &str, value: Value| task_of(with(json!({ "title": "Read" }), field, value));
    vec![
        ("one letter", task_of(json!({ "title": "R" })), "too_short", "/commands/0/data/title"),
        ("one emoji", task_of(json!({ "title": "📖" })), "too_short", "/commands/0/data/title"),
        ("201 letters", task_of(json!({ "title": "ä".repeat(201) })), "too_long", "/commands/0/data/title"),
        ("4 XP", of("exp_reward", json!(4)), "out_of_range", "/commands/0/data/exp_reward"),
        ("101 XP", of("exp_reward", json!(101)), "out_of_range", "/commands/0/data/exp_reward"),
        ("half an XP", of("exp_reward", json!(10.5)), "type_wrong", "/commands/0/data/exp_reward"),
        ("XP in words", of("exp_reward", json!("10")), "type_wrong", "/commands/0/data/exp_reward"),
        ("endless XP", of("exp_reward", json!(u64::MAX)), "type_wrong", "/commands/0/data/exp_reward"),
        ("no energy", of("energy_cost", json!(0)), "out_of_range", "/commands/0/data/energy_cost"),
        ("481 minutes", of("estimated_minutes", json!(481)), "out_of_range", "/commands/0/data/estimated_minutes"),
        ("a far day", of("due_at", json!(i64::MAX)), "out_of_range", "/commands/0/data/due_at"),
        ("21 tags", of("tags", (0..21).map(|n| n.to_string()).collect()), "too_many", "/commands/0/data/tags"),
        ("a long tag", of("tags", json!(["x".repeat(51)])), "too_long", "/commands/0/data/tags"),
        ("a rank of dots", of("rank", json!("...")), "rank_invalid", "/commands/0/data/rank"),
    ]
}

fn references(own: &Account, task: uuid::Uuid) -> Vec<Bad> {
    let of = |field: &str, value: Value| task_of(with(json!({ "title": "Read" }), field, value));
    let focus = transaction(&[command_with("task.focus", task, json!({ "minutes": 0, "cycles": 25 }))]);
    vec![
        ("a missing goal", of("goal_id", json!(id())), "reference_missing", "/commands/0/data/goal_id"),
        ("a hero for a goal", of("goal_id", json!(own.space())), "reference_missing", "/commands/0/data/goal_id"),
        ("a missing skill", of("skill_id", json!(id())), "reference_missing", "/commands/0/data/skill_id"),
        ("a missing parent", of("parent_id", json!(id())), "reference_missing", "/commands/0/data/parent_id"),
        (
            "its own parent",
            transaction(&[edit_task(task, json!({ "parent_id": task }))]),
            "reference_cycle",
            "/commands/0/set/parent_id",
        ),
        ("an id in use", transaction(&[create_task(task, "Again")]), "already_exists", "/commands/0/id"),
        ("the hero's id", transaction(&[create_task(own.space(), "Again")]), "already_exists", "/commands/0/id"),
        ("a task that never was", transaction(&[command("task.complete", id())]), "not_found", "/commands/0/id"),
        ("a skill's command on a task", transaction(&[command("skill.delete", task)]), "not_found", "/commands/0/id"),
        ("25 cycles in no time", focus, "out_of_range", "/commands/0/data/cycles"),
    ]
}

fn texts() -> Vec<Bad> {
    let of = |title: &str| task_of(json!({ "title": title }));
    vec![
        ("NUL", of("a\0b"), "text_nul", "/commands/0/data/title"),
        ("white space", of(" \u{2003}\t\n"), "text_blank", "/commands/0/data/title"),
        ("NUL in a tag", task_of(json!({ "title": "Read", "tags": ["a\0"] })), "text_nul", "/commands/0/data/tags"),
        (
            "NUL for a field",
            task_of(json!({ "title": "Read", "a\0": 1 })),
            "field_unknown",
            "/commands/0/data/a\u{fffd}",
        ),
    ]
}

async fn all(stage: &Stage) -> Vec<Bad> {
    let stranger = Account::register(&stage.server).await;
    let task = id();
    stage.account.commit(&[create_task(task, "Read a chapter")]).await;
    [envelopes(&stranger), shapes(), ranges(), references(&stage.account, task), texts()].concat()
}

fn assert_refused((name, sent, code_expected, pointer): &Bad, receipt: &Value) {
    assert_eq!(receipt["status"], "rejected", "{name}: {receipt}");
    assert_eq!(code(receipt), *code_expected, "{name}: {receipt}");
    let told = receipt["problem"]["errors"][0]["pointer"].as_str().unwrap_or_default();
    assert_eq!(told, *pointer, "{name}: {receipt}");
    let readable = sent["transaction_id"].as_str().is_some_and(|id| id.len() == 36);
    assert_eq!(receipt["transaction_id"].is_string(), readable, "{name}: {receipt}");
    assert!(!receipt["problem"]["detail"].as_str().unwrap().is_empty());
}

/// What is applied; receipts and devices are left out, because refusals are kept there.
async fn effects(stage: &Stage) -> Vec<String> {
    let keeps = |line: &String| !line.starts_with("receipts") && !line.starts_with("space_devices");
    tables::footprint(&stage.sql).await.into_iter().filter(keeps).collect()
}

#[tokio::test]
async fn a_bad_transaction_is_refused_by_its_code_and_applies_nothing() {
    let stage = Stage::set().await;
    let bad = all(&stage).await;
    let before = effects(&stage).await;
    for one in &bad {
        let receipts = stage.http.write(&json!({ "transactions": [one.1] })).await.receipts();
        assert_refused(one, &receipts[0]);
    }
    assert_eq!(effects(&stage).await, before);
}

#[tokio::test]
async fn bad_transactions_do_not_stop_their_neighbours() {
    let stage = Stage::set().await;
    for chunk in all(&stage).await.chunks(8) {
        let sent: Vec<Value> = chunk.iter().flat_map(|bad| [new_task("Good"), bad.1.clone()]).collect();
        let receipts = stage.http.write(&json!({ "transactions": sent })).await.receipts();
        assert_eq!(receipts.len(), sent.len());
        for (bad, pair) in chunk.iter().zip(receipts.chunks(2)) {
            assert_eq!(pair[0]["status"], "committed", "before {}: {}", bad.0, pair[0]);
            assert_refused(bad, &pair[1]);
        }
    }
    tables::assert_logs_whole(&stage.sql).await;
}

#[tokio::test]
async fn a_bad_transaction_on_a_live_connection_leaves_it_usable() {
    let stage = Stage::set().await;
    let bad = all(&stage).await;
    let before = effects(&stage).await;
    for mut socket in [Socket::open(&stage.http).await, Socket::open_cbor(&stage.http).await] {
        for one in &bad {
            let receipts = socket.write(std::slice::from_ref(&one.1)).await;
            assert_refused(one, &receipts[0]);
        }
        socket.assert_usable().await;
    }
    assert_eq!(effects(&stage).await, before);
}
