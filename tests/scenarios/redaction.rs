//! One value goes from everything that is kept, devices hear of it, and the log is the truth as before.

mod nodes;

use api::client::Replica;
use reqwest::Method;
use serde_json::{Value, json};
use support::commands::{command, create_task, edit_task, id, transaction};
use support::process::run;
use support::{Account, Http, Socket, tables};
use uuid::Uuid;

use crate::people::{Said, acts, ask, code, promote, tables_that_say};
use crate::stage::Stage;

const SECRET: &str = "hunter2 \u{1F511} \\ \"é";

/// A stage with an admin beside the person.
async fn with_admin() -> (Stage, Http) {
    let stage = Stage::set().await;
    let admin = Account::register(&stage.server).await;
    promote(&stage.sql, &admin, "admin").await;
    (stage, admin.http().await)
}

async fn levelup(stage: &Stage, arguments: &[&str]) -> String {
    let (exit, said, error) = run(&stage.database.url(), stage.server.setup().data_dir.path(), arguments).await;
    assert_eq!(exit, 0, "{arguments:?}: {said}{error}");
    said
}

async fn send(http: &Http, base: Option<&str>, commands: &[Value]) -> Value {
    let mut sent = transaction(commands);
    if let Some(base) = base {
        sent["base"] = base.into();
    }
    http.write(&json!({ "transactions": [sent] })).await.receipts().remove(0)
}

fn wish(stage: &Stage, task: Uuid) -> Value {
    json!({ "space_id": stage.account.space(), "entity": "task", "id": task, "field": "title", "reason": "a password" })
}

async fn redact(admin: &Http, wish: &Value) -> Said {
    ask(admin, Method::POST, "/api/v2/admin/redactions", Some(&wish.to_string())).await
}

/// Fails unless nothing says the secret, and log, rows and a device that reads on agree.
async fn assert_gone(stage: &Stage, replica: &mut Replica) {
    let quoted = json!(SECRET).to_string();
    let words = ["hunter2".to_owned(), SECRET.to_owned(), quoted[1..quoted.len() - 1].to_owned()];
    assert_eq!(tables_that_say(&stage.sql, &words).await, Vec::<String>::new());
    let verified = levelup(stage, &["verify"]).await;
    assert!(verified.contains("everything is as it was committed"), "{verified}");
    levelup(stage, &["rebuild", "--check"]).await;
    read_on(&stage.http, replica).await;
    tables::assert_equal(&stage.sql, stage.account.space(), replica).await;
    let mut fresh = Replica::default();
    let page = read_on(&stage.http, &mut fresh).await;
    assert!(!page.to_string().contains("hunter2"), "{page}");
    tables::assert_equal(&stage.sql, stage.account.space(), &fresh).await;
}

async fn read_on(http: &Http, replica: &mut Replica) -> Value {
    let cursor = replica.cursor().map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
    let page = http.get(&format!("/api/v2/changes?limit=1000{cursor}")).await.json();
    replica.apply(&serde_json::from_value(page.clone()).unwrap()).unwrap();
    page
}

/// A task whose title is the secret, in every kind of place: creation and edits, an open conflict with it among the candidates, a
/// refused transaction and its receipt, the name of a restore point.
async fn spread(stage: &Stage) -> (Uuid, Replica) {
    let (task, browser) = (id(), stage.account.device_http(&stage.server, "browser").await);
    // What was done lately says titles, too.
    stage.account.commit(&[create_task(task, SECRET), command("task.complete", task)]).await;
    stage.account.commit(&[command("task.uncomplete", task)]).await;
    let base = stage.cursor().await;
    send(&stage.http, Some(&base), &[edit_task(task, json!({ "title": "Phone" }))]).await;
    let torn = send(&browser, Some(&base), &[edit_task(task, json!({ "title": SECRET }))]).await;
    assert_eq!(torn["results"][0]["outcome"], "merged", "{torn}");
    let mut refused = create_task(id(), SECRET);
    refused["data"]["exp_reward"] = SECRET.into();
    let refused = send(&browser, None, &[refused]).await;
    assert!(refused["problem"].to_string().contains("hunter2"), "a refusal repeats what was sent: {refused}");
    let point = json!({ "name": format!("before {SECRET}") }).to_string();
    assert_eq!(stage.http.post("/api/v2/restore-points", point).await.status, 201);
    let mut replica = Replica::default();
    read_on(&stage.http, &mut replica).await;
    (task, replica)
}

#[tokio::test]
async fn a_value_goes_from_everything_that_is_kept_and_every_device_hears_of_it() {
    let (stage, admin) = with_admin().await;
    let (task, mut replica) = spread(&stage).await;
    let wish = wish(&stage, task);
    let mut dry = wish.clone();
    dry["dry_run"] = true.into();
    let before = tables::footprint(&stage.sql).await;
    let said = redact(&admin, &dry).await;
    assert_eq!((said.0, &said.1["was_shown"], &said.1["dry_run"]), (200, &json!(true), &json!(true)), "{said:?}");
    assert_eq!(tables::footprint(&stage.sql).await, before);

    let mut live = Socket::open(&stage.http).await;
    live.subscribe(replica.cursor().map(|cursor| cursor.to_string()).as_deref()).await;
    let said = redact(&admin, &wish).await;
    assert_eq!(said.0, 200, "{said:?}");
    assert!(said.1["events"].as_u64().unwrap() >= 4, "{said:?}");
    for table in ["receipts", "rejections", "restore_points"] {
        assert!(said.1["rows"][table].as_u64().is_some(), "{table}: {said:?}");
    }
    let heard = loop {
        let heard = live.hear_type("changes").await;
        if !heard["changes"].as_array().unwrap().is_empty() {
            break heard;
        }
    };
    assert_eq!(heard["changes"][0]["fields"]["title"], "[redacted]", "{heard}");
    assert_gone(&stage, &mut replica).await;
    let shown = stage.http.get(&format!("/api/v2/tasks/{task}")).await.json();
    assert_eq!(shown["title"], "[redacted]");

    let told = acts(&stage.sql, stage.account.space(), "redacted").await;
    assert_eq!((told.len(), told[0].1.as_deref(), &told[0].2["reason"]), (1, Some("admin"), &json!("a password")));
    let again = redact(&admin, &wish).await;
    assert_eq!(code(&again), (409, "nothing_to_redact"));
    // And life goes on.
    stage.account.commit(&[edit_task(task, json!({ "title": "Read" })), command("task.complete", task)]).await;
    assert_gone(&stage, &mut replica).await;
}

/// What every row of the activity calls a task.
async fn called(stage: &Stage) -> Vec<(Uuid, String)> {
    let sql = "SELECT entity_id, title FROM activity WHERE entity = 'task' ORDER BY position";
    stage.sql.query(sql, &[]).await.unwrap().iter().map(|row| (row.get(0), row.get(1))).collect()
}

#[tokio::test]
async fn the_activity_of_others_is_not_touched_and_that_of_the_entity_is_what_the_log_says() {
    let (stage, admin) = with_admin().await;
    let (task, twin, longer) = (id(), id(), id());
    let long = format!("{SECRET}, and more");
    for (task, title) in [(task, SECRET), (twin, SECRET), (longer, long.as_str())] {
        stage.account.commit(&[create_task(task, title), command("task.complete", task)]).await;
    }
    // Once it went by a longer name, which is another value.
    let renamed = |title: &str| edit_task(task, json!({ "title": title }));
    stage.account.commit(&[renamed(&long), command("task.uncomplete", task)]).await;
    stage.account.commit(&[renamed(SECRET), command("task.complete", task)]).await;
    let names = |own: &str| {
        let first = [(task, own), (twin, SECRET), (longer, long.as_str()), (task, long.as_str()), (task, own)];
        first.map(|(task, title)| (task, title.to_owned())).to_vec()
    };
    assert_eq!(called(&stage).await, names(SECRET));
    let said = redact(&admin, &wish(&stage, task)).await;
    assert_eq!((said.0, &said.1["rows"]["activity"]), (200, &json!(2)), "{said:?}");
    assert_eq!(called(&stage).await, names("[redacted]"));
    let verified = levelup(&stage, &["verify"]).await;
    assert!(verified.contains("everything is as it was committed"), "{verified}");
    levelup(&stage, &["rebuild", "--check"]).await;
}

#[tokio::test]
async fn what_was_cut_between_its_steps_is_gone_on_with_by_asking_again() {
    let (stage, admin) = with_admin().await;
    let (task, mut replica) = spread(&stage).await;
    let wish = wish(&stage, task);
    stage.sql.batch_execute("ALTER TABLE redactions ADD CONSTRAINT none_yet CHECK (false) NOT VALID").await.unwrap();
    assert_eq!(redact(&admin, &wish).await.0, 500);
    assert_eq!(stage.http.get(&format!("/api/v2/tasks/{task}")).await.json()["title"], "[redacted]");
    assert!(!tables_that_say(&stage.sql, &["hunter2".to_owned()]).await.is_empty(), "the log says it still");
    stage.sql.batch_execute("ALTER TABLE redactions DROP CONSTRAINT none_yet").await.unwrap();
    let said = redact(&admin, &wish).await;
    assert_eq!((said.0, &said.1["was_shown"]), (200, &json!(false)), "{said:?}");
    assert_gone(&stage, &mut replica).await;
    assert_eq!(code(&redact(&admin, &wish).await), (409, "nothing_to_redact"));
}

#[tokio::test]
async fn a_value_of_the_past_goes_by_its_position_and_what_is_shown_stays() {
    let (stage, admin) = with_admin().await;
    let task = id();
    stage.account.commit(&[create_task(task, SECRET)]).await;
    let written =
        stage.sql.query_one("SELECT max(position) FROM events WHERE aggregate_id = $1", &[&task]).await.unwrap();
    let position: i64 = written.get(0);
    stage.account.commit(&[edit_task(task, json!({ "title": "Harmless" }))]).await;
    let mut replica = Replica::default();
    read_on(&stage.http, &mut replica).await;
    let mut wish = wish(&stage, task);
    wish["position"] = (position + 1_000).into();
    assert_eq!(code(&redact(&admin, &wish).await), (422, "fields_invalid"));
    wish["position"] = position.into();
    let said = redact(&admin, &wish).await;
    assert_eq!((said.0, &said.1["was_shown"], &said.1["events"]), (200, &json!(false), &json!(2)), "{said:?}");
    assert_gone(&stage, &mut replica).await;
    assert_eq!(stage.http.get(&format!("/api/v2/tasks/{task}")).await.json()["title"], "Harmless");
}

#[tokio::test]
async fn what_is_deleted_is_redacted_too_and_comes_back_without_the_value() {
    let (stage, admin) = with_admin().await;
    let task = id();
    stage.account.commit(&[create_task(task, SECRET)]).await;
    stage.account.commit(&[command("task.delete", task)]).await;
    let mut replica = Replica::default();
    read_on(&stage.http, &mut replica).await;
    let said = redact(&admin, &wish(&stage, task)).await;
    assert_eq!(said.0, 200, "{said:?}");
    assert_gone(&stage, &mut replica).await;
    stage.account.commit(&[command("task.restore", task)]).await;
    assert_gone(&stage, &mut replica).await;
    assert_eq!(stage.http.get(&format!("/api/v2/tasks/{task}")).await.json()["title"], "[redacted]");
}

#[tokio::test]
async fn a_refusal_that_is_sent_again_does_not_tell_the_value_any_more() {
    let (stage, admin) = with_admin().await;
    let task = id();
    stage.account.commit(&[create_task(task, SECRET)]).await;
    let mut refused = create_task(id(), "Read");
    refused["data"]["exp_reward"] = SECRET.into();
    let sent = json!({ "transactions": [transaction(&[refused])] });
    assert!(stage.http.write(&sent).await.json().to_string().contains("hunter2"));
    assert_eq!(redact(&admin, &wish(&stage, task)).await.0, 200);
    let again = stage.http.write(&sent).await.json();
    assert_eq!(again["receipts"][0]["status"], "rejected");
    assert!(!again.to_string().contains("hunter2"), "{again}");
}

#[tokio::test]
async fn another_space_with_the_same_text_is_not_touched() {
    let (stage, admin) = with_admin().await;
    let other = Account::register(&stage.server).await;
    let (mine, theirs) = (id(), id());
    stage.account.commit(&[create_task(mine, SECRET)]).await;
    other.commit(&[create_task(theirs, SECRET)]).await;
    // Not even with the id of the other's.
    assert_eq!(code(&redact(&admin, &wish(&stage, theirs)).await), (404, "not_found"));
    assert_eq!(redact(&admin, &wish(&stage, mine)).await.0, 200);
    let shown = other.http().await.get(&format!("/api/v2/tasks/{theirs}")).await.json();
    assert_eq!(shown["title"], SECRET);
}

#[tokio::test]
async fn what_cannot_be_redacted_is_refused_by_name_and_nothing_is_written() {
    let (stage, admin) = with_admin().await;
    let task = id();
    stage.account.commit(&[create_task(task, SECRET)]).await;
    let before = tables::footprint(&stage.sql).await;
    let cases = [
        (json!({ "field": "rank" }), (422, "fields_invalid")),
        (json!({ "field": "description" }), (409, "nothing_to_redact")),
        (json!({ "entity": "dragon" }), (422, "fields_invalid")),
        (json!({ "reason": "" }), (422, "fields_invalid")),
        (json!({ "reason": "a\u{0}b" }), (422, "fields_invalid")),
        (json!({ "reason": format!("it says {SECRET}") }), (422, "fields_invalid")),
        (json!({ "id": id() }), (404, "not_found")),
        (json!({ "space_id": id() }), (404, "not_found")),
        (json!({ "value": SECRET }), (422, "field_unknown")),
    ];
    for (change, expected) in cases {
        let mut wish = wish(&stage, task);
        wish.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let said = redact(&admin, &wish).await;
        assert_eq!(code(&said), expected, "{change}");
        assert!(!said.1.to_string().contains("hunter2"), "{said:?}");
    }
    assert_eq!(tables::footprint(&stage.sql).await, before);
    assert_eq!(code(&redact(&stage.http, &wish(&stage, task)).await), (403, "role_missing"));
}
