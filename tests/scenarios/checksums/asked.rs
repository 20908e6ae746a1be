//! What is answered to whoever compares: differences, nothing when the log has gone on, and clear words for bad input.

use serde_json::{Value, json};
use support::commands::{create_task, edit_task, id};
use support::{Account, tables};

use super::{compare, replica, roots, tasks};
use crate::stage::{Stage, cursor_of};

const SUM: &str = "0000000000000000";

#[tokio::test]
async fn a_replica_that_is_whole_differs_nowhere() {
    let stage = Stage::set().await;
    tasks(&stage.account, 20).await;
    let replica = replica(&stage.account.session).await;
    let answer = compare(&stage.http, &json!({ "cursor": replica.cursor(), "sums": roots(&replica) })).await.json();
    assert_eq!(answer["differ"], json!([]), "{answer}");
    let (status, checksum) = (&answer["status"], domain::checksum::hex(replica.checksum()));
    assert_eq!(
        (status, &answer["checksum"], &answer["head"]),
        (&json!("compared"), &json!(checksum), &json!(replica.position()))
    );
}

#[tokio::test]
async fn a_reader_that_is_behind_is_told_so_and_nothing_else() {
    let stage = Stage::set().await;
    let old = replica(&stage.account.session).await;
    tasks(&stage.account, 1).await;
    for question in [json!({ "sums": roots(&old) }), json!({ "held": [{ "entity": "task", "held": {} }] })] {
        let mut body = question;
        body["cursor"] = json!(old.cursor());
        let answer = compare(&stage.http, &body).await.json();
        assert_eq!(answer, json!({ "status": "behind", "head": old.position() + 1 }));
    }
    let counted: i64 = stage.sql.query_one("SELECT count(*) FROM checksum_repairs", &[]).await.unwrap().get(0);
    assert_eq!(counted, 0);
}

#[tokio::test]
async fn a_cursor_of_another_life_of_the_log_is_answered_by_a_reset() {
    let stage = Stage::set().await;
    let body = json!({ "cursor": stage.cursor().await, "sums": [{ "entity": "task", "sum": SUM }] });
    for (damage, reason) in [
        ("UPDATE heads SET hash = sha256(hash), repairs = repairs + 1", "forked"),
        ("UPDATE heads SET position = position - 1, repairs = repairs + 1", "ahead"),
        ("UPDATE heads SET epoch = gen_random_uuid(), repairs = repairs + 1", "epoch"),
    ] {
        stage.sql.execute(damage, &[]).await.unwrap();
        let answer = compare(&stage.http, &body).await;
        assert_eq!(
            (answer.status, &answer.json()["reset"], &answer.json()["reason"]),
            (200, &json!(true), &json!(reason))
        );
    }
}

#[tokio::test]
async fn rows_and_tombstones_of_others_spaces_are_never_compared() {
    let stage = Stage::set().await;
    let theirs = tasks(&stage.account, 5).await;
    let stranger = Account::register(&stage.server).await;
    let http = stranger.http().await;
    let cursor = cursor_of(&http).await;
    let foreign = json!({ "cursor": stage.cursor().await, "sums": [{ "entity": "task", "sum": SUM }] });
    assert_eq!(compare(&http, &foreign).await.problem(), "cursor_foreign");
    let nothing = json!({ "cursor": cursor, "sums": [{ "entity": "task", "sum": SUM }] });
    assert_eq!(compare(&http, &nothing).await.json()["differ"], json!([]));
    let held = json!({ "cursor": cursor, "held": [{ "entity": "task", "held": { theirs[0].to_string(): SUM } }] });
    let answer = compare(&http, &held).await.json();
    assert_eq!((&answer["rows"], &answer["gone"]), (&json!([]), &json!([{ "entity": "task", "id": theirs[0] }])));
}

#[tokio::test]
async fn an_answer_carries_two_hundred_rows_and_says_that_there_are_more() {
    let stage = Stage::set().await;
    let ids = tasks(&stage.account, 250).await;
    let body = json!({ "cursor": stage.cursor().await, "held": [{ "entity": "task", "held": {} }] });
    let first = compare(&stage.http, &body).await.json();
    assert_eq!((first["rows"].as_array().unwrap().len(), &first["more"]), (200, &json!(true)));
    let whole = replica(&stage.account.session).await;
    let told = |answer: &Value| -> Vec<String> {
        answer["rows"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect()
    };
    let known = told(&first);
    let held: serde_json::Map<String, Value> = whole
        .shares()
        .iter()
        .filter(|share| known.contains(&share.id.to_string()))
        .map(|share| (share.id.to_string(), json!(domain::checksum::hex(share.sum))))
        .collect();
    let rest = json!({ "cursor": whole.cursor(), "held": [{ "entity": "task", "held": held }] });
    let second = compare(&stage.http, &rest).await.json();
    assert_eq!((told(&second).len(), &second["more"]), (50, &json!(false)));
    assert!(ids.iter().all(|id| known.contains(&id.to_string()) || told(&second).contains(&id.to_string())));
}

#[tokio::test]
async fn what_cannot_be_compared_is_refused_with_its_place() {
    let stage = Stage::set().await;
    let before = tables::footprint(&stage.sql).await;
    let cursor = stage.cursor().await;
    let many: Vec<Value> =
        (0..10_000).map(|number| json!({ "entity": "task", "suffix": format!("{number:04x}"), "sum": SUM })).collect();
    let sum = |entity: &str, suffix: &str, sum: &str| json!({ "entity": entity, "suffix": suffix, "sum": sum });
    for (body, status, code, pointer) in [
        (json!({ "cursor": cursor }), 422, "body_invalid", ""),
        (json!({ "cursor": cursor, "sums": [], "held": [] }), 422, "body_invalid", ""),
        (json!({ "sums": [] }), 422, "body_invalid", "/cursor"),
        (json!({ "cursor": cursor, "sums": [] }), 422, "fields_invalid", "/sums"),
        (json!({ "cursor": cursor, "sums": many }), 422, "fields_invalid", "/sums"),
        (json!({ "cursor": cursor, "sums": [sum("quest", "", SUM)] }), 422, "fields_invalid", "/sums/0/entity"),
        (json!({ "cursor": cursor, "sums": [sum("task", "x", SUM)] }), 422, "fields_invalid", "/sums/0/suffix"),
        (
            json!({ "cursor": cursor, "sums": [sum("task", &"0".repeat(33), SUM)] }),
            422,
            "fields_invalid",
            "/sums/0/suffix",
        ),
        (
            json!({ "cursor": cursor, "sums": [sum("task", "", SUM), sum("task", "0", SUM)] }),
            422,
            "fields_invalid",
            "/sums/1/suffix",
        ),
        (json!({ "cursor": cursor, "sums": [sum("task", "", "-1")] }), 422, "fields_invalid", "/sums/0/sum"),
        (json!({ "cursor": cursor, "sums": [{ "entity": "task", "sum": 7 }] }), 422, "body_invalid", "/sums/0/sum"),
        (
            json!({ "cursor": cursor, "sums": [{ "entity": "task", "sum": SUM, "deep": 1 }] }),
            422,
            "field_unknown",
            "/sums/0/deep",
        ),
        (
            json!({ "cursor": cursor, "held": [{ "entity": "task", "held": { "a/b~": SUM } }] }),
            422,
            "fields_invalid",
            "/held/0/held/a~1b~0",
        ),
    ] {
        let answer = compare(&stage.http, &body).await;
        assert_eq!((answer.status, answer.problem().as_str()), (status, code), "{}", answer.json());
        assert_eq!(answer.json()["errors"][0]["pointer"], pointer, "{}", answer.json());
    }
    for cursor in ["", "garbage"] {
        let body = json!({ "cursor": cursor, "sums": [sum("task", "", SUM)] });
        assert_eq!(compare(&stage.http, &body).await.problem(), "cursor_invalid");
    }
    assert_eq!(tables::footprint(&stage.sql).await, before);
}

#[tokio::test]
async fn the_deepest_bucket_holds_one_entity() {
    let stage = Stage::set().await;
    let task = id();
    stage.account.commit(&[create_task(task, "Read"), create_task(id(), "Run")]).await;
    stage.account.commit(&[edit_task(task, json!({ "title": "Read on" }))]).await;
    let suffix = task.simple().to_string();
    let cursor = stage.cursor().await;
    let deep = json!({ "cursor": cursor, "sums": [{ "entity": "task", "suffix": suffix, "sum": SUM }] });
    assert_eq!(
        compare(&stage.http, &deep).await.json()["differ"],
        json!([{ "entity": "task", "suffix": suffix, "count": 1 }])
    );
    let held = json!({ "cursor": cursor, "held": [{ "entity": "task", "suffix": suffix, "held": {} }] });
    let rows = compare(&stage.http, &held).await.json()["rows"].clone();
    assert_eq!(
        (rows.as_array().unwrap().len(), &rows[0]["fields"]["title"], &rows[0]["version"]),
        (1, &json!("Read on"), &json!(2))
    );
}
