//! Servers that make backups by themselves, and admins who ask for them.

use std::path::Path;

use reqwest::Method;
use serde_json::Value;
use support::patience::until;
use support::process::run;
use support::{Account, DataDir, Database, Http, Setup, TestServer};

use super::{names, verified};
use crate::log_copy::{Folder, live};
use crate::people::{acts, ask, code, promote};
use crate::stage::Stage;

const PATH: &str = "/api/v2/admin/backups";

fn server(database: &Database, dir: &Path, keep: usize, chain: usize) -> TestServer {
    let mut setup = Setup::of(database);
    setup.serving.backup.backup_dir = Some(dir.to_owned());
    (setup.serving.backup.backup_keep, setup.serving.backup.backup_chain) = (keep, chain);
    TestServer::start_with(setup)
}

/// The body of the list, once so many are whole.
async fn listed(admin: &Http, whole: usize) -> Value {
    until("backups", async || {
        let body = admin.get(PATH).await.json();
        let made = body["backups"].as_array()?.iter().filter(|one| one["name"].is_string()).count();
        (made >= whole && body["running"] == false).then_some(body)
    })
    .await
}

#[tokio::test]
async fn a_server_makes_backups_by_itself_and_when_an_admin_asks() {
    let (database, folder) = (Database::fresh().await, Folder::new());
    let dir = folder.file("backups");
    let server = server(&database, &dir, 1, 2);
    let sql = database.connect().await;
    let account = Account::register(&server).await;
    let admin = account.http().await;
    for (method, expected) in [(Method::GET, (403, "role_missing")), (Method::POST, (403, "role_missing"))] {
        assert_eq!(code(&ask(&admin, method, PATH, None).await), expected);
    }
    promote(&sql, &account, "admin").await;
    let body = listed(&admin, 1).await;
    assert_eq!((&body["every_ms"], &body["keep"]), (&Value::from(21_600_000), &Value::from(1)), "{body}");
    assert_eq!(body["last_whole"]["cause"], "schedule", "{body}");
    for more in 1..=4 {
        live(&account, &format!("Round {more}")).await;
        let said = ask(&admin, Method::POST, PATH, None).await;
        assert_eq!(said.0, 202, "{}", said.1);
        let body = listed(&admin, 1 + more).await;
        assert_eq!(body["last_whole"]["cause"], "admin", "{body}");
    }
    // Full, increment, full, increment, full: the newest chain is kept, and what it needs.
    let kept = until("the end of the older chains", async || Some(names(&dir)).filter(|names| names.len() == 1)).await;
    assert!(kept[0].ends_with("-full"), "{kept:?}");
    verified(&database, &dir).await;
    assert_eq!(acts(&sql, account.space(), "backup_asked").await.len(), 4, "each wish is in the log");
    let metrics = Http::nobody(server.url()).get("/metrics").await;
    let metrics = String::from_utf8(metrics.body).unwrap();
    for name in ["levelup_backups_total", "levelup_backup_last_success_timestamp_seconds", "levelup_backup_bytes"] {
        assert!(metrics.contains(name), "{name}");
    }
    // A server that starts again knows that none is due.
    let again = server.restart().await;
    let admin = account.device_http(&again, "again").await;
    assert_eq!(listed(&admin, 5).await["backups"].as_array().unwrap().len(), 5);
}

#[tokio::test]
async fn a_backup_that_fails_is_told_and_a_node_without_a_folder_makes_none() {
    let stage = Stage::set().await;
    promote(&stage.sql, &stage.account, "admin").await;
    assert_eq!(code(&ask(&stage.http, Method::POST, PATH, None).await), (409, "backups_off"));
    let body = stage.http.get(PATH).await.json();
    assert!(body["every_ms"].is_null() && body["last_whole"].is_null(), "{body}");
    let folder = Folder::new();
    let dir = folder.file("backups");
    // A folder in which nothing can be made under the name of the lock.
    std::fs::create_dir_all(dir.join(".lock")).unwrap();
    let node = server(&stage.database, &dir, 1, 2);
    let admin = stage.account.device_http(&node, "another node").await;
    let failed = until("a failure", async || {
        let body = admin.get(PATH).await.json();
        body["backups"].as_array()?.iter().find(|one| one["fault"].is_string()).cloned()
    })
    .await;
    assert!(failed["fault"].as_str().unwrap().contains(".lock"), "{failed}");
    assert!(failed["name"].is_null() && failed["ended_at"].is_i64(), "{failed}");
}

#[tokio::test]
async fn one_node_at_a_time_makes_them() {
    let (database, folder) = (Database::fresh().await, Folder::new());
    let dir = folder.file("backups");
    let account = {
        let first = TestServer::start(&database);
        Account::register(&first).await
    };
    let sql = database.connect().await;
    // Somebody else has the turn.
    let taken = "UPDATE backup_lease SET holder = gen_random_uuid(), until = $1";
    sql.execute(taken, &[&i64::MAX]).await.unwrap();
    let node = server(&database, &dir, 1, 2);
    promote(&sql, &account, "admin").await;
    let admin = account.device_http(&node, "admin").await;
    assert_eq!(code(&ask(&admin, Method::POST, PATH, None).await), (409, "backup_running"));
    assert_eq!(admin.get(PATH).await.json()["running"], true);
    assert_eq!(names(&dir), Vec::<String>::new());
}

#[tokio::test]
async fn settings_that_make_no_sense_are_refused() {
    let (database, data_dir) = (Database::fresh().await, DataDir::fresh());
    for bad in [["--backup-every", "often"], ["--backup-keep", "0"], ["--backup-chain", "x"]] {
        let (exit, _, error) = run(&database.url(), data_dir.path(), &["serve", bad[0], bad[1]]).await;
        assert_eq!(exit, 2, "{error}");
    }
}
