//! What several devices wrote without having seen each other: shown to each, decided once, and the same everywhere.

use serde_json::{Value, json};
use support::commands::{command, command_with, create_task, edit_task, id, transaction};
use support::{Account, Http, tables};
use uuid::Uuid;

use crate::stage::{Stage, code, cursor_of};

/// A task that the phone and a browser renamed, each from the same place in the log.
struct Torn {
    stage: Stage,
    browser: Http,
    task: Uuid,
}

async fn send(http: &Http, base: &str, commands: &[Value]) -> Value {
    let mut sent = transaction(commands);
    sent["base"] = base.into();
    let answer = http.write(&json!({ "transactions": [sent] })).await.json();
    answer["receipts"][0].clone()
}

impl Torn {
    async fn new() -> Self {
        let stage = Stage::set().await;
        let browser = stage.account.device_http(&stage.server, "browser").await;
        let task = id();
        stage.account.commit(&[create_task(task, "Read")]).await;
        let base = stage.cursor().await;
        let first = send(&stage.http, &base, &[edit_task(task, json!({ "title": "Phone" }))]).await;
        assert_eq!(first["results"][0]["outcome"], "applied");
        let second = send(&browser, &base, &[edit_task(task, json!({ "title": "Browser" }))]).await;
        assert_eq!(second["results"][0]["outcome"], "merged", "{second}");
        let torn = Self { stage, browser, task };
        assert_eq!(second["results"][0]["conflicts"], json!([torn.conflict().await["id"]]));
        torn
    }

    async fn conflict(&self) -> Value {
        let list = self.browser.get("/api/v2/conflicts").await.json();
        assert_eq!(list["items"].as_array().unwrap().len(), 1, "{list}");
        list["items"][0].clone()
    }

    async fn resolve(&self, http: &Http, conflict: &Value, data: Value) -> Value {
        let named = conflict["id"].as_str().unwrap().parse().unwrap();
        let base = cursor_of(http).await;
        send(http, &base, &[command_with("conflict.resolve", named, data)]).await
    }

    async fn assert_replica_is_the_tables(&self) {
        let mut replica = api::client::Replica::default();
        let page = self.stage.http.get("/api/v2/changes?limit=1000").await.json();
        replica.apply(&serde_json::from_value(page.clone()).unwrap()).unwrap();
        tables::assert_equal(&self.stage.sql, self.stage.account.space(), &replica).await;
        let snapshot = self.stage.http.get("/api/v2/snapshot").await.json();
        assert_eq!(page["checksum"], snapshot["checksum"]);
    }
}

#[tokio::test]
async fn a_conflict_is_an_entity_of_the_feed_the_lists_and_the_snapshot() {
    let torn = Torn::new().await;
    let conflict = torn.conflict().await;
    let (current, others) = (&conflict["current"]["value"], &conflict["others"][0]["value"]);
    let task = torn.stage.http.get(&format!("/api/v2/tasks/{}", torn.task)).await.json();
    assert_eq!(&task["title"], current);
    let mut both = [current.as_str().unwrap(), others.as_str().unwrap()];
    both.sort_unstable();
    assert_eq!(both, ["Browser", "Phone"]);
    assert_eq!((&conflict["entity_kind"], &conflict["field"]), (&json!("task"), &json!("title")));
    let one = torn.browser.get(&format!("/api/v2/conflicts/{}", conflict["id"].as_str().unwrap())).await.json();
    assert_eq!(one, conflict);
    let changes = torn.stage.http.get("/api/v2/changes?limit=1000").await.json();
    let opened = changes["changes"].as_array().unwrap().iter().rfind(|change| change["entity"] == "conflict").unwrap();
    assert_eq!((&opened["op"], &opened["id"]), (&json!("create"), &conflict["id"]));
    let snapshot = torn.stage.http.get("/api/v2/snapshot").await.json();
    assert_eq!(snapshot["counts"]["conflict"], 1, "{}", snapshot["counts"]);
    torn.assert_replica_is_the_tables().await;
}

#[tokio::test]
async fn any_device_decides_a_conflict_and_only_once() {
    let torn = Torn::new().await;
    let conflict = torn.conflict().await;
    let other = conflict["others"][0]["value"].clone();
    let decided = torn.resolve(&torn.browser, &conflict, json!({ "choice": "other" })).await;
    assert_eq!(decided["results"][0]["outcome"], "applied", "{decided}");
    let task = torn.stage.http.get(&format!("/api/v2/tasks/{}", torn.task)).await.json();
    assert_eq!(task["title"], other);
    let list = torn.stage.http.get("/api/v2/conflicts").await.json();
    assert_eq!(list["items"], json!([]));
    let late = torn.resolve(&torn.stage.http, &conflict, json!({ "choice": "current" })).await;
    assert_eq!((code(&late), &late["problem"]["errors"][0]["pointer"]), ("conflict_closed", &json!("/commands/0/id")));
    torn.assert_replica_is_the_tables().await;
}

#[tokio::test]
async fn a_bad_choice_is_refused_with_its_place_and_leaves_the_conflict_open() {
    let torn = Torn::new().await;
    let conflict = torn.conflict().await;
    for (data, expected, pointer) in [
        (json!({ "choice": "value", "value": "x" }), "too_short", "/commands/0/data/value"),
        (json!({ "choice": "both" }), "type_wrong", "/commands/0/data/choice"),
        (json!({ "choice": "value" }), "field_missing", "/commands/0/data/value"),
    ] {
        let refused = torn.resolve(&torn.browser, &conflict, data).await;
        assert_eq!((code(&refused), &refused["problem"]["errors"][0]["pointer"]), (expected, &json!(pointer)));
    }
    let edit = command_with("conflict.edit", torn.task, json!({}));
    assert_eq!(code(&torn.stage.account.send(transaction(&[edit])).await), "command_unknown");
    let found = torn.browser.get("/api/v2/conflicts?q=anything").await;
    assert_eq!((found.status, found.problem().as_str()), (400, "query_invalid"));
    assert_eq!(torn.conflict().await, conflict);
}

#[tokio::test]
async fn a_strangers_conflict_is_not_there() {
    let torn = Torn::new().await;
    let conflict = torn.conflict().await;
    let stranger = Account::register(&torn.stage.server).await;
    let http = stranger.http().await;
    assert_eq!(http.get("/api/v2/conflicts").await.json()["items"], json!([]));
    let one = http.get(&format!("/api/v2/conflicts/{}", conflict["id"].as_str().unwrap())).await;
    assert_eq!((one.status, one.problem().as_str()), (404, "not_found"));
    let refused = torn.resolve(&http, &conflict, json!({ "choice": "other" })).await;
    assert_eq!(code(&refused), "not_found");
    assert_eq!(torn.conflict().await, conflict);
}

#[tokio::test]
async fn what_is_deleted_here_and_edited_there_asks_whether_to_restore() {
    let stage = Stage::set().await;
    let browser = stage.account.device_http(&stage.server, "browser").await;
    let task = id();
    stage.account.commit(&[create_task(task, "Read")]).await;
    let base = stage.cursor().await;
    send(&stage.http, &base, &[command("task.delete", task)]).await;
    let kept = send(&browser, &base, &[edit_task(task, json!({ "title": "Better" }))]).await;
    let named = kept["results"][0]["conflicts"][0].as_str().unwrap_or_else(|| panic!("{kept}")).parse().unwrap();
    let known = send(&browser, &cursor_of(&browser).await, &[edit_task(task, json!({ "title": "Again" }))]).await;
    assert_eq!(code(&known), "deleted");
    let base = stage.cursor().await;
    send(&stage.http, &base, &[command_with("conflict.resolve", named, json!({ "choice": "other" }))]).await;
    let back = browser.get(&format!("/api/v2/tasks/{task}")).await.json();
    assert_eq!((&back["title"], &back["deleted_at"]), (&json!("Better"), &json!(null)));
}
