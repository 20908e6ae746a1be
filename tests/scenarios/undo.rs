//! Reverting: what nobody has changed since is taken back, the rest is listed, nothing twice, and reverting that is redo.

use serde_json::{Value, json};
use support::commands::{command, command_with, create_task, edit_task, id, new_task, transaction};
use support::{Account, Answer, Http};
use uuid::Uuid;

use crate::stage::{Stage, cursor_of};

async fn revert(http: &Http, transaction: &Value) -> Answer {
    let transaction = transaction["transaction_id"].as_str().unwrap();
    http.send(reqwest::Method::POST, &format!("/api/v2/transactions/{transaction}/revert"), None::<Vec<u8>>).await
}

/// Reverts what has to be revertible; the answer.
async fn reverted(http: &Http, transaction: &Value) -> Value {
    let answer = revert(http, transaction).await;
    assert_eq!(answer.status, 200, "{}", answer.json());
    answer.json()
}

async fn row(http: &Http, table: &str, id: Uuid) -> Value {
    http.get(&format!("/api/v2/{table}/{id}")).await.json()
}

/// A row without what counts that something happened at all; of a deletion only whether it stands.
async fn state(http: &Http, table: &str, id: Uuid) -> Value {
    let mut row = row(http, table, id).await;
    row["deleted_at"] = if row["deleted_at"].is_null() { json!(null) } else { json!(1) };
    row.as_object_mut().unwrap().retain(|field, _| field != "version" && field != "updated_at");
    row
}

/// A device that says what it has seen.
async fn seeing(http: &Http, commands: &[Value]) -> Value {
    let mut sent = transaction(commands);
    sent["base"] = cursor_of(http).await.into();
    let receipt = http.write(&json!({ "transactions": [sent] })).await.receipts().remove(0);
    assert_eq!(receipt["status"], "committed", "{receipt}");
    receipt
}

#[tokio::test]
async fn a_revert_takes_back_what_nobody_has_changed_since_and_lists_the_rest() {
    let stage = Stage::set().await;
    let (task, http) = (id(), &stage.http);
    stage.account.commit(&[create_task(task, "Read")]).await;
    let mut edit = edit_task(task, json!({ "title": "Read more", "difficulty": "hard" }));
    edit["add"] = json!({ "tags": ["night", "book"] });
    let edited = seeing(http, &[edit]).await;
    let browser = stage.account.device_http(&stage.server, "browser").await;
    let mut theirs = edit_task(task, json!({ "title": "Read less" }));
    theirs["add"] = json!({ "tags": ["book"] });
    seeing(&browser, &[theirs]).await;

    let answer = reverted(http, &edited).await;
    let now = row(http, "tasks", task).await;
    assert_eq!(
        (&now["title"], &now["difficulty"], &now["tags"]),
        (&json!("Read less"), &json!("medium"), &json!(["book"]))
    );
    let kept = answer["kept"].as_array().unwrap();
    let fields: Vec<(&str, &str)> =
        kept.iter().map(|kept| (kept["field"].as_str().unwrap(), kept["reason"].as_str().unwrap())).collect();
    assert_eq!(fields, [("tags", "changed_since"), ("title", "changed_since")], "{answer}");
    assert_eq!((&kept[0]["member"], &kept[1]["now"]), (&json!("book"), &json!("Read less")));
    let me = browser.get("/api/v2/auth/me").await.json();
    assert_eq!(kept[1]["by"]["device_id"], me["device_id"]);
}

/// Everything that a transaction can do at once; what it did it to.
async fn busy(stage: &Stage) -> (Value, Vec<(&'static str, Uuid)>) {
    let (goal, step, skill, kept, gone, habit, done) = (id(), id(), id(), id(), id(), id(), id());
    stage
        .account
        .commit(&[
            command_with("skill.create", skill, json!({ "name": "Reading" })),
            command_with("goal.create", goal, json!({ "title": "Ten books", "skill_id": skill })),
            command_with("milestone.create", step, json!({ "goal_id": goal, "title": "The first" })),
            command_with("task.create", kept, json!({ "title": "Read", "skill_id": skill, "goal_id": goal })),
            command_with("task.create", gone, json!({ "title": "Skim", "tags": ["quick"] })),
            command_with("task.create", habit, json!({ "title": "A page", "category": "habit", "skill_id": skill })),
            create_task(done, "Buy a book"),
            command("task.complete", done),
        ])
        .await;
    let created = id();
    let mut rest = command("hero.restore_energy", id());
    rest.as_object_mut().unwrap().remove("id");
    let receipt = seeing(
        &stage.http,
        &[
            edit_task(kept, json!({ "title": "Read it all", "goal_id": null, "due_at": 5 })),
            command("task.complete", kept),
            command_with("task.focus", kept, json!({ "minutes": 25, "cycles": 2 })),
            command("task.uncomplete", done),
            command("task.complete", habit),
            command_with("task.focus", habit, json!({ "minutes": 5, "cycles": 1 })),
            command("milestone.complete", step),
            command("goal.complete", goal),
            command_with("goal.focus", goal, json!({ "minutes": 30, "cycles": 1 })),
            command("task.delete", gone),
            create_task(created, "Write a note"),
            command("task.complete", created),
            rest,
        ],
    )
    .await;
    let things = vec![
        ("tasks", kept),
        ("tasks", gone),
        ("tasks", habit),
        ("tasks", done),
        ("goals", goal),
        ("milestones", step),
        ("skills", skill),
        ("heroes", stage.account.space()),
        ("tasks", created),
    ];
    (receipt, things)
}

async fn states(http: &Http, things: &[(&'static str, Uuid)]) -> Vec<Value> {
    let mut found = Vec::new();
    for (table, id) in things {
        found.push(state(http, table, *id).await);
    }
    found
}

#[tokio::test]
async fn reverting_a_revert_leaves_everything_as_the_transaction_had_left_it() {
    let stage = Stage::set().await;
    let (receipt, things) = busy(&stage).await;
    let after = states(&stage.http, &things).await;
    let first = reverted(&stage.http, &receipt).await;
    assert_eq!(first["kept"], json!([]), "nobody else wrote");
    let back = states(&stage.http, &things).await;
    let shown = |state: &Value, field: &str| state[field].clone();
    assert_eq!((shown(&back[0], "title"), shown(&back[0], "completed_at")), (json!("Read"), json!(null)));
    assert_eq!((shown(&back[0], "focus_minutes"), shown(&back[0], "due_at")), (json!(0), json!(null)));
    assert_eq!(back[1]["deleted_at"], json!(null));
    assert_eq!((shown(&back[2], "completion_count"), shown(&back[2], "focus_cycles")), (json!(0), json!(0)));
    assert!(back[3]["completed_at"].is_i64(), "{}", back[3]);
    assert_eq!((shown(&back[4], "completed_at"), shown(&back[4], "milestones_done")), (json!(null), json!(0)));
    assert_eq!(
        (shown(&back[6], "xp"), shown(&back[7], "xp")),
        (json!(0), json!(20)),
        "only the first completion stands"
    );
    assert!(back[8]["deleted_at"].is_i64());

    reverted(&stage.http, &first["receipt"]).await;
    let again = states(&stage.http, &things).await;
    for (index, (before, again)) in after.iter().zip(&again).enumerate() {
        assert_eq!(again, before, "{:?}", things[index]);
    }
}

#[tokio::test]
async fn asking_again_takes_nothing_back_twice() {
    let stage = Stage::set().await;
    let (receipt, things) = busy(&stage).await;
    let first = reverted(&stage.http, &receipt).await;
    let back = states(&stage.http, &things).await;
    assert_eq!(reverted(&stage.http, &receipt).await["receipt"], first["receipt"]);
    let path = format!("/api/v2/transactions/{}/revert", receipt["transaction_id"].as_str().unwrap());
    let under = json!({ "transaction_id": id() }).to_string();
    let second = stage.http.post(&path, under).await.json();
    assert_eq!(second["receipt"]["positions"], json!(null), "all of it was taken back already: {second}");
    assert_eq!(states(&stage.http, &things).await, back);
}

#[tokio::test]
async fn what_was_created_stays_when_somebody_has_worked_with_it() {
    let stage = Stage::set().await;
    let task = id();
    let created = stage.account.commit(&[create_task(task, "Read")]).await;
    let browser = stage.account.device_http(&stage.server, "browser").await;
    seeing(&browser, &[edit_task(task, json!({ "title": "Read on" }))]).await;
    let answer = reverted(&stage.http, &created).await;
    assert_eq!(
        (&answer["kept"][0]["field"], &answer["kept"][0]["reason"]),
        (&json!("created_at"), &json!("changed_since"))
    );
    assert_eq!(row(&stage.http, "tasks", task).await["deleted_at"], json!(null));
}

#[tokio::test]
async fn what_cannot_be_reverted_says_why() {
    let stage = Stage::set().await;
    let (task, http) = (id(), &stage.http);
    stage.account.commit(&[create_task(task, "Read")]).await;
    stage.account.commit(&[command("task.complete", task)]).await;
    let rejected = stage.account.send(transaction(&[command("task.complete", id())])).await;
    let nothing = stage.account.commit(&[edit_task(task, json!({}))]).await;
    let founding = Uuid::new_v5(&stage.account.space(), b"founding");
    for (transaction, status, code) in [
        (rejected, 409, "transaction_rejected"),
        (nothing, 409, "nothing_to_revert"),
        (json!({ "transaction_id": founding }), 409, "not_revertible"),
        (json!({ "transaction_id": id() }), 404, "not_found"),
    ] {
        let answer = revert(http, &transaction).await;
        assert_eq!((answer.status, answer.problem().as_str()), (status, code));
    }
    let mine = stage.account.commit(&[create_task(id(), "Mine")]).await;
    let stranger = Account::register(&stage.server).await.http().await;
    assert_eq!(revert(&stranger, &mine).await.status, 404);
    let path = format!("/api/v2/transactions/{}/revert", mine["transaction_id"].as_str().unwrap());
    let taken = http.post(&path, json!({ "transaction_id": mine["transaction_id"] }).to_string()).await;
    assert_eq!((taken.status, taken.problem().as_str()), (409, "undo_refused"));
    assert_eq!(taken.json()["problem"]["code"], "transaction_reused");
    assert_eq!(http.post(&path, "{").await.problem(), "json_malformed");
    assert_eq!(http.post(&path, r#"{"more":1}"#).await.problem(), "field_unknown");
}

#[tokio::test]
async fn a_transaction_is_told_with_its_changes_and_its_device() {
    let stage = Stage::set().await;
    let sent = new_task("Read");
    let receipt = stage.account.send(sent.clone()).await;
    let path = format!("/api/v2/transactions/{}", sent["transaction_id"].as_str().unwrap());
    let told = stage.http.get(&path).await.json();
    assert_eq!(
        (&told["status"], &told["device_name"], &told["receipt"]),
        (&json!("committed"), &json!("phone"), &receipt)
    );
    assert_eq!(told["changes"][0]["fields"]["title"], "Read");
    assert_eq!((&told["positions"], &told["next"]), (&receipt["positions"], &json!(null)));
    let stranger = Account::register(&stage.server).await.http().await;
    assert_eq!(stranger.get(&path).await.status, 404);
}
