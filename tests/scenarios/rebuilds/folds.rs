//! Rows of an older fold: a start says so and serves none of them.

use std::time::Duration;

use serde_json::{Value, json};
use support::commands::{create_task, id, transaction};
use support::patience::until;
use support::{Account, Http, TestServer, tables};
use tokio_postgres::Client;

use super::{REBUILDS, admin_with_tasks, tamper, tampered, write_tasks};
use crate::people::{Said, ask};

/// As if an older program had built all rows of tasks: they say something else, and the database says so.
async fn as_an_older_fold_left_it(sql: &Client, spaces: &[uuid::Uuid]) {
    for space in spaces {
        assert!(tamper(sql, *space).await > 0);
    }
    let older = "UPDATE projection_folds SET fold_version = 0, wanted = 0 WHERE projection = 'tasks'";
    sql.execute(older, &[]).await.unwrap();
}

async fn tasks(http: &Http) -> Said {
    ask(http, reqwest::Method::GET, "/api/v2/tasks?limit=1000", None).await
}

fn titles(said: &Said) -> Vec<&str> {
    said.1["items"].as_array().expect("items").iter().map(|item| item["title"].as_str().unwrap()).collect()
}

async fn is_current(sql: &Client) -> bool {
    let statement = "SELECT bool_and(fold_version = 1 AND wanted = 1) AND NOT EXISTS (SELECT FROM space_folds)
        FROM projection_folds";
    sql.query_one(statement, &[]).await.unwrap().get(0)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_start_that_finds_an_older_fold_serves_no_row_of_it_and_heals_all() {
    let stage = admin_with_tasks(20).await;
    let (space, token) = (stage.account.space(), stage.http.token().to_owned());
    let mut others = Vec::new();
    for _ in 0..3 {
        let other = Account::register(&stage.server).await;
        write_tasks(&other, 5).await;
        others.push(other.space());
    }
    let setup = stage.server.setup();
    stage.server.stop().await;
    as_an_older_fold_left_it(&stage.sql, &[vec![space], others.clone()].concat()).await;

    let server = TestServer::start_with(setup);
    let http = Http::nobody(server.url()).with_token(&token);
    // Whoever asks waits, or is told to come back; nobody sees what was left.
    let said = until("rows of the new fold", async || {
        let said = tasks(&http).await;
        match said.0 {
            200 => Some(said),
            503 => {
                assert_eq!(said.1["code"], "rebuilding", "{}", said.1);
                None
            }
            other => panic!("{other}: {}", said.1),
        }
    })
    .await;
    assert_eq!(titles(&said).len(), 20);
    assert!(titles(&said).iter().all(|title| title.starts_with("Page ")), "{:?}", titles(&said));

    until("the end of the rebuild", async || is_current(&stage.sql).await.then_some(())).await;
    for space in [vec![space], others].concat() {
        assert_eq!(tampered(&stage.sql, space).await, 0);
        tables::replica(&stage.sql, space).await;
    }
    let list = ask(&http, reqwest::Method::GET, REBUILDS, None).await.1;
    let first = &list["items"][0];
    assert_eq!((&first["cause"], &first["projections"]), (&json!("fold"), &json!(["tasks"])), "{list}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_write_is_decided_on_rows_of_the_new_fold() {
    let stage = admin_with_tasks(1).await;
    let (space, token) = (stage.account.space(), stage.http.token().to_owned());
    let task = id();
    stage.account.commit(&[create_task(task, "Read")]).await;
    let setup = stage.server.setup();
    stage.server.stop().await;
    as_an_older_fold_left_it(&stage.sql, &[space]).await;
    let server = TestServer::start_with(setup);
    let http = Http::nobody(server.url()).with_token(&token);
    let sent = json!({ "transactions": [transaction(&[support::commands::edit_task(task, json!({ "description": "slowly" }))])] });
    let receipt: Value = until("the write", async || {
        let answer = http.write(&sent).await;
        (answer.status == 200).then(|| answer.receipts().remove(0)).filter(|receipt| receipt["status"] == "committed")
    })
    .await;
    assert!(receipt["positions"]["first"].is_number(), "{receipt}");
    let row = stage.sql.query_one("SELECT title, description FROM tasks WHERE id = $1", &[&task]).await.unwrap();
    assert_eq!((row.get::<_, &str>(0), row.get::<_, &str>(1)), ("Read", "slowly"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_space_whose_log_is_damaged_stays_unserved_and_every_other_is_served() {
    let stage = admin_with_tasks(3).await;
    let (space, token) = (stage.account.space(), stage.http.token().to_owned());
    let damaged = Account::register(&stage.server).await;
    write_tasks(&damaged, 3).await;
    let theirs = damaged.http().await.token().to_owned();
    let setup = stage.server.setup();
    stage.server.stop().await;
    as_an_older_fold_left_it(&stage.sql, &[space, damaged.space()]).await;
    let damage = "DELETE FROM events WHERE space_id = $1 AND position = 2";
    stage.sql.execute(damage, &[&damaged.space()]).await.unwrap();
    let server = TestServer::start_with(setup);
    let all = "SELECT bool_and(fold_version = 1) FROM projection_folds";
    until("the end of the rebuild", async || {
        stage.sql.query_one(all, &[]).await.unwrap().get::<_, bool>(0).then_some(())
    })
    .await;
    let unserved = tasks(&Http::nobody(server.url()).with_token(&theirs)).await;
    assert_eq!((unserved.0, &unserved.1["code"]), (503, &json!("rebuilding")), "{}", unserved.1);
    let served = until("the other's rows", async || {
        let said = tasks(&Http::nobody(server.url()).with_token(&token)).await;
        (said.0 == 200).then_some(said)
    })
    .await;
    assert!(titles(&served).iter().all(|title| title.starts_with("Page ")));
    let left = stage.sql.query("SELECT space_id FROM space_folds", &[]).await.unwrap();
    let left: Vec<uuid::Uuid> = left.iter().map(|row| row.get(0)).collect();
    assert!(left.contains(&damaged.space()), "{left:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_of_an_older_program_stops_to_serve_when_a_newer_one_has_come() {
    let stage = admin_with_tasks(1).await;
    assert_eq!(tasks(&stage.http).await.0, 200);
    let newer = "UPDATE projection_folds SET wanted = 2 WHERE projection = 'tasks'";
    stage.sql.execute(newer, &[]).await.unwrap();
    until("its refusal", async || {
        let said = tasks(&stage.http).await;
        (said.0 == 503).then(|| assert_eq!(said.1["code"], "rebuilding"))
    })
    .await;
    let sent = json!({ "transactions": [transaction(&[create_task(id(), "Late")])] });
    let wrote = tokio::time::timeout(Duration::from_secs(50), stage.http.write(&sent)).await.unwrap();
    assert_ne!(wrote.status, 200, "{}", String::from_utf8_lossy(&wrote.body));
    let late = "SELECT count(*) FROM tasks WHERE title = 'Late'";
    assert_eq!(stage.sql.query_one(late, &[]).await.unwrap().get::<_, i64>(0), 0);
}

#[tokio::test]
async fn a_new_database_has_nothing_to_rebuild() {
    let stage = admin_with_tasks(1).await;
    assert!(is_current(&stage.sql).await);
    assert_eq!(tasks(&stage.http).await.0, 200);
    let rebuilds = stage.sql.query_one("SELECT count(*) FROM rebuilds", &[]).await.unwrap();
    assert_eq!(rebuilds.get::<_, i64>(0), 0);
}
