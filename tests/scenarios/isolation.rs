//! Two people, the same ids in both spaces: nobody reads, changes or learns of the other's, on any endpoint.

use serde_json::{Value, json};
use support::commands::{command, create_task, edit_task, id, transaction};
use support::{Account, Http, Socket, Sse, tables};

use crate::stage::{Stage, code};

#[tokio::test]
async fn the_same_ids_in_two_spaces_are_two_entities_and_two_transactions() {
    let stage = Stage::set().await;
    let other = Account::register(&stage.server).await;
    let (task, sent) = (id(), transaction(&[]));
    let of = |title: &str| {
        let mut sent = sent.clone();
        sent["commands"] = json!([create_task(task, title)]);
        sent
    };
    assert_eq!(stage.account.send(of("Mine")).await["status"], "committed");
    assert_eq!(other.send(of("Theirs")).await["status"], "committed", "a stranger's transaction id is free here");
    stage.account.commit(&[edit_task(task, json!({ "title": "Mine, edited" }))]).await;
    stage.account.commit(&[command("task.delete", task)]).await;
    let statement = "SELECT title FROM tasks WHERE space_id = $1 AND id = $2 AND deleted_at IS NULL";
    let row = stage.sql.query_one(statement, &[&other.space(), &task]).await.unwrap();
    assert_eq!(row.get::<_, &str>(0), "Theirs");
    for account in [&stage.account, &other] {
        assert_own_only(&stage, account).await;
    }
}

async fn assert_own_only(stage: &Stage, account: &Account) {
    let mut replica = api::client::Replica::default();
    let page = account.http().await.get("/api/v2/changes?limit=1000").await.json();
    replica.apply(&serde_json::from_value(page).unwrap()).unwrap();
    tables::assert_equal(&stage.sql, account.space(), &replica).await;
}

#[tokio::test]
async fn a_strangers_entities_cannot_be_named_from_outside() {
    let stage = Stage::set().await;
    let other = Account::register(&stage.server).await;
    let task = id();
    other.commit(&[create_task(task, "Private")]).await;
    let before = tables::replica(&stage.sql, other.space()).await.document();
    let child =
        |field: &str| support::commands::command_with("task.create", id(), json!({ "title": "Read", field: task }));
    let attempts = [
        (command("task.complete", task), "not_found"),
        (command("task.delete", task), "not_found"),
        (edit_task(task, json!({ "title": "Taken" })), "not_found"),
        (child("parent_id"), "reference_missing"),
        (child("goal_id"), "reference_missing"),
    ];
    for (attempt, expected) in attempts {
        let receipt = stage.account.send(transaction(&[attempt])).await;
        assert_eq!(code(&receipt), expected, "{receipt}");
        assert!(!receipt.to_string().contains("Private"));
    }
    assert_eq!(tables::replica(&stage.sql, other.space()).await.document(), before);
}

#[tokio::test]
async fn a_stranger_sees_nothing_of_a_space_on_any_endpoint() {
    let stage = Stage::set().await;
    let other = Account::register(&stage.server).await;
    let (task, http) = (id(), other.http().await);
    stage.account.commit(&[create_task(task, "Private diary")]).await;
    let mut lists: Vec<String> =
        ["heroes", "skills", "goals", "milestones", "tasks"].map(|list| format!("/api/v2/{list}")).into();
    lists.push(format!("/api/v2/tasks/{task}"));
    lists.push(format!("/api/v2/heroes/{}", stage.account.space()));
    lists.extend(["/api/v2/changes?limit=1000", "/api/v2/snapshot", "/api/v2/auth/me"].map(String::from));
    for path in lists {
        assert_silent_about(&stage, &String::from_utf8_lossy(&http.get(&path).await.body), &path);
    }
    for (kind, theirs) in [("tasks", task), ("heroes", stage.account.space())] {
        let foreign = http.get(&format!("/api/v2/{kind}/{theirs}")).await;
        let absent = http.get(&format!("/api/v2/{kind}/{}", id())).await;
        assert_eq!((foreign.status, foreign.problem().as_str()), (404, "not_found"), "{kind}");
        assert_eq!(foreign.json(), absent.json(), "a stranger's is answered as what is not there: {kind}");
    }
    let event = Sse::open(&http, None).await.next().await.unwrap();
    assert_silent_about(&stage, &event.data.to_string(), "events");
    assert_stream_refuses(&stage, &http).await;
}

/// A subscription to a stranger's space and one to a space that never was get the same answer.
async fn assert_stream_refuses(stage: &Stage, http: &Http) {
    let mut socket = Socket::open(http).await;
    let mut answers = Vec::new();
    for space in [stage.account.space(), id()] {
        socket.say(&json!({ "type": "subscribe", "space": space, "cursor": null })).await;
        let heard = socket.hear().await;
        assert_eq!(heard["code"], "space_unknown");
        answers.push(heard);
    }
    assert_eq!(answers[0], answers[1]);
    socket.subscribe(None).await;
    assert_silent_about(stage, &socket.hear().await.to_string(), "stream");
}

fn assert_silent_about(stage: &Stage, said: &str, place: &str) {
    for secret in
        [stage.account.space().to_string(), stage.account.credentials.email.clone(), "Private diary".to_owned()]
    {
        assert!(!said.contains(&secret), "{place} tells a stranger {secret}");
    }
}

#[tokio::test]
async fn two_people_on_one_device_are_two_devices() {
    let stage = Stage::set().await;
    let device = api::client::Device::fresh("ios", "tablet");
    let mut receipts = Vec::new();
    for _ in 0..2 {
        let other = Account::register(&stage.server).await;
        let session = api::client::Session::login(stage.server.server(), &other.credentials, &device).await.unwrap();
        let http = Http::of(&session).await;
        let mut sent = support::commands::new_task("Read");
        sent["device_seq"] = json!(1);
        receipts.push(http.write(&json!({ "transactions": [sent] })).await.receipts().remove(0));
    }
    let statuses: Vec<&Value> = receipts.iter().map(|one| &one["status"]).collect();
    assert_eq!(statuses, ["committed", "committed"], "each has a count of its own");
}
