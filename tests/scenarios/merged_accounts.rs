//! Two accounts of one person become one.

use serde_json::{Value, json};
use support::Account;
use support::commands::{command, command_with, create_task, id};
use support::process::run;

use crate::people::{acts, login};
use crate::stage::Stage;
use crate::state_copies::{fill, shown};

async fn merge(stage: &Stage, from: &str, into: &str, more: &[&str]) -> (i32, String, String) {
    let arguments: Vec<&str> =
        ["admin", "merge-accounts", "--from", from, "--into", into].iter().chain(more).copied().collect();
    run(&stage.database.url(), stage.server.setup().data_dir.path(), &arguments).await
}

async fn said_of(stage: &Stage, from: &str, into: &str) -> String {
    let (exit, said, error) = merge(stage, from, into, &[]).await;
    assert_eq!(exit, 0, "{said}{error}");
    said
}

#[tokio::test]
async fn what_one_account_holds_is_added_to_the_other_once() {
    let stage = Stage::set().await;
    let (one, two) = (Account::register(&stage.server).await, &stage.account);
    let (from, into) = (one.space().to_string(), two.space().to_string());
    let habit = id();
    let run = command_with("task.create", habit, json!({ "title": "Run", "category": "habit" }));
    one.commit(&[run.clone(), command("task.complete", habit)]).await;
    two.commit(&[run, command("task.complete", habit), create_task(id(), "Read")]).await;

    let (exit, said, error) = merge(&stage, &one.credentials.email, &two.credentials.email, &["--dry-run"]).await;
    assert_eq!(exit, 0, "{error}");
    assert!(said.contains("would add 1 tasks"), "{said}");
    assert_eq!(stage.http.get("/api/v2/tasks").await.json()["items"].as_array().unwrap().len(), 2);
    assert_eq!(login(&stage.server, &one.credentials.email, &one.credentials.password).await.0, 200);

    for _ in 0..2 {
        said_of(&stage, &from, &into).await;
        let tasks = stage.http.get("/api/v2/tasks").await.json();
        assert_eq!(tasks["items"].as_array().unwrap().len(), 3, "{tasks}");
        let hero = stage.http.get(&format!("/api/v2/heroes/{into}")).await.json();
        assert_eq!((&hero["xp"], &hero["tasks_completed"], &hero["streak"]), (&json!(40), &json!(2), &json!(1)));
    }
    let points = stage.http.get("/api/v2/restore-points").await.json();
    let points = points["items"].as_array().unwrap();
    assert_eq!((points.len(), &points[0]["automatic"]), (1, &json!(true)), "{points:?}");
    assert!(said_of(&stage, &from, &into).await.contains(points[0]["id"].as_str().unwrap()));
    assert_eq!(login(&stage.server, &one.credentials.email, &one.credentials.password).await.0, 403);
    let about = |other: &str| json!({ "account": other });
    let told: Vec<Value> =
        acts(&stage.sql, one.space(), "merged_into").await.into_iter().map(|(_, _, about)| about).collect();
    assert_eq!(told[0], about(&into));
    let told: Vec<Value> =
        acts(&stage.sql, two.space(), "merged_from").await.into_iter().map(|(_, _, about)| about).collect();
    assert_eq!(told[0], about(&from));
}

#[tokio::test]
async fn an_account_joins_one_that_nobody_has_signed_in_to() {
    let stage = Stage::set().await;
    fill(&stage.http, stage.account.space(), 11, 150).await;
    let before = shown(&stage.http, stage.account.space()).await;
    let data_dir = stage.server.setup().data_dir;
    let (exit, made, error) =
        run(&stage.database.url(), data_dir.path(), &["admin", "create", "--email", "new@example.test", "--json"])
            .await;
    assert_eq!(exit, 0, "{error}");
    let made: Value = serde_json::from_str(&made).unwrap();
    let into = made["id"].as_str().unwrap();
    let (exit, _, error) = merge(&stage, &stage.account.space().to_string(), into, &[]).await;
    assert_eq!(exit, 0, "{error}");
    let (_, entered) = login(&stage.server, "new@example.test", made["password"].as_str().unwrap()).await;
    let http = stage.http.with_token(entered["access_token"].as_str().unwrap());
    let after = shown(&http, into.parse().unwrap()).await;
    for (name, row) in &before {
        assert_eq!(after.get(name), Some(row), "{name}");
    }
    let more: Vec<&String> = after.keys().filter(|name| !before.contains_key(*name)).collect();
    assert!(more.iter().all(|name| name.starts_with("skills/core-")), "{more:?}");
}

#[tokio::test]
async fn a_merge_of_nothing_sensible_changes_nothing() {
    let stage = Stage::set().await;
    let own = stage.account.space().to_string();
    let (exit, _, error) = merge(&stage, &own, &own, &[]).await;
    assert_eq!(exit, 2, "{error}");
    for (from, into) in [(own.as_str(), "nobody@example.test"), (&id().to_string(), own.as_str())] {
        let (exit, _, error) = merge(&stage, from, into, &[]).await;
        assert_eq!(exit, 1, "{error}");
    }
    assert_eq!(stage.http.get("/api/v2/tasks").await.status, 200, "nobody was locked");
}
