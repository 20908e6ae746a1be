//! Servers that make backups by themselves, and admins who ask for them.

use std::path::Path;
use std::time::Duration;

use application::backup::{Manifest, name};
use infrastructure::clock::now_ms;
use reqwest::Method;
use serde_json::Value;
use support::patience::until;
use support::process::run;
use support::{Account, DataDir, Database, Http, Setup, TestServer};

use super::{backup, names, verified};
use crate::log_copy::{Folder, live};
use crate::people::{acts, ask, code, promote};
use crate::stage::Stage;

pub(super) const PATH: &str = "/api/v2/admin/backups";

pub(super) fn server(database: &Database, dir: &Path, keep: usize, chain: usize) -> TestServer {
    server_every(database, dir, (keep, chain), Setup::of(database).serving.backup.backup_every)
}

pub(super) fn server_every(
    database: &Database,
    dir: &Path,
    (keep, chain): (usize, usize),
    every: Duration,
) -> TestServer {
    let mut setup = Setup::of(database);
    setup.serving.backup.backup_dir = Some(dir.to_owned());
    setup.serving.backup.backup_every = every;
    (setup.serving.backup.backup_keep, setup.serving.backup.backup_chain) = (keep, chain);
    TestServer::start_with(setup)
}

/// The body of the list, once so many are whole.
pub(super) async fn listed(admin: &Http, whole: usize) -> Value {
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
    sql.execute(taken, &[&(now_ms() + 150_000)]).await.unwrap();
    let node = server(&database, &dir, 1, 2);
    promote(&sql, &account, "admin").await;
    let admin = account.device_http(&node, "admin").await;
    assert_eq!(code(&ask(&admin, Method::POST, PATH, None).await), (409, "backup_running"));
    assert_eq!(admin.get(PATH).await.json()["running"], true);
    assert_eq!(names(&dir), Vec::<String>::new());
}

#[tokio::test]
async fn a_turn_that_was_taken_by_a_clock_far_ahead_is_nobodys() {
    let (database, folder) = (Database::fresh().await, Folder::new());
    let dir = folder.file("backups");
    let taken = "UPDATE backup_lease SET holder = gen_random_uuid(), until = $1";
    database.connect().await.execute(taken, &[&(now_ms() + 200_000)]).await.unwrap();
    let _node = server(&database, &dir, 1, 2);
    until("a backup", async || names(&dir).iter().any(|name| name.ends_with("-full")).then_some(())).await;
}

#[tokio::test]
async fn what_lies_in_the_folder_says_when_the_next_is_due_and_not_what_the_database_remembers() {
    let (database, folder) = (Database::fresh().await, Folder::new());
    let (dir, sql) = (folder.file("backups"), database.connect().await);
    // It remembers one that was just made, of another folder or by a clock that was ahead.
    for began_at in [now_ms(), now_ms() + 86_400_000] {
        let made = "INSERT INTO backups (backup_id, name, cause, began_at, ended_at)
            VALUES (gen_random_uuid(), 'elsewhere', 'schedule', $1, $1)";
        sql.execute(made, &[&began_at]).await.unwrap();
    }
    let node = server(&database, &dir, 9, 9);
    until("a backup", async || names(&dir).iter().any(|name| name.ends_with("-full")).then_some(())).await;
    node.stop().await;
}

#[tokio::test]
async fn a_backup_from_days_to_come_makes_the_next_one_due_and_that_one_is_of_now() {
    let (database, folder) = (Database::fresh().await, Folder::new());
    let dir = folder.file("backups");
    let made = backup(&database, &dir, &[]).await;
    let (mut manifest, _) = Manifest::read(&std::fs::read_to_string(made.join("manifest.json")).unwrap()).unwrap();
    let later = now_ms() + 86_400_000;
    (manifest.began_at, manifest.ended_at, manifest.name) = (later, later, name(later, true));
    std::fs::write(made.join("manifest.json"), manifest.text().unwrap().0).unwrap();
    std::fs::rename(&made, dir.join(&manifest.name)).unwrap();
    let node = server(&database, &dir, 9, 9);
    let next = until("another", async || names(&dir).into_iter().find(|name| name.ends_with("-increment"))).await;
    assert!(next > manifest.name, "names rise: {next}");
    let next = std::fs::read_to_string(dir.join(next).join("manifest.json")).unwrap();
    assert!(Manifest::read(&next).unwrap().0.began_at <= now_ms());
    node.stop().await;
    assert_eq!(names(&dir).len(), 2, "and then none is due");
}

#[tokio::test]
async fn settings_that_make_no_sense_are_refused() {
    let (database, data_dir) = (Database::fresh().await, DataDir::fresh());
    for bad in [["--backup-every", "often"], ["--backup-keep", "0"], ["--backup-chain", "x"]] {
        let (exit, _, error) = run(&database.url(), data_dir.path(), &["serve", bad[0], bad[1]]).await;
        assert_eq!(exit, 2, "{error}");
    }
}
