//! The drill: a life with two devices, backups, more life, a restore into an empty database, and everybody goes on. Whoever
//! was erased does not come back, whenever the backup was made.

use serde_json::json;
use support::commands::{command, create_task, edit_task, id, new_task};
use support::process::run;
use support::{Account, DataDir, Database, Setup, TestServer, tables};
use tokio_postgres::Client;
use uuid::Uuid;

use super::{backup_with, restored, verified};
use crate::installations::{Gadget, Person, assert_settled, hero, titles};
use crate::log_copy::{Folder, assert_verified, live, text};

struct Home {
    person: Person,
    phone: Gadget,
    browser: Gadget,
    shared: Uuid,
}

async fn settle_in(server: &TestServer) -> Home {
    let (person, mut phone) = Person::register(server).await;
    let mut browser = person.device(server, "browser").await;
    let shared = id();
    phone.kept.write(vec![create_task(shared, "shared")]);
    phone.sync().await;
    browser.sync().await;
    Home { person, phone, browser, shared }
}

/// Everything that a database holds of somebody, as the number of rows in tables that name an owner.
async fn traces(sql: &Client, who: Uuid) -> i64 {
    let mut rows = 0;
    let owners = "SELECT table_name::text, column_name::text FROM information_schema.columns
        WHERE table_schema = 'public' AND column_name IN ('space_id', 'account_id', 'actor_id') AND table_name <> 'erasures'";
    for row in sql.query(owners, &[]).await.unwrap() {
        let (table, column): (&str, &str) = (row.get(0), row.get(1));
        rows += tables::count(sql, &format!("SELECT count(*) FROM {table} WHERE {column} = $1"), who).await;
    }
    rows
}

async fn erase(database: &Database, data_dir: &DataDir, who: Uuid) {
    let arguments = ["admin", "erase", "--now", "--id", &who.to_string()];
    let (exit, _, error) = run(&database.url(), data_dir.path(), &arguments).await;
    assert_eq!(exit, 0, "{error}");
}

#[tokio::test]
async fn devices_of_a_restored_server_send_again_what_it_lost_and_whoever_was_erased_stays_away() {
    let (database, target, folder) = (Database::fresh().await, Database::fresh().await, Folder::new());
    let dir = folder.file("backups");
    let server = TestServer::start(&database);
    let data_dir = server.setup().data_dir;
    let (early, late) = (Account::register(&server).await, Account::register(&server).await);
    live(&early, "Early").await;
    live(&late, "Late").await;
    let Home { person, mut phone, mut browser, shared } = settle_in(&server).await;
    let full = backup_with(&database, &data_dir, &dir, &[]).await;
    // One is erased between two backups, one behind the last.
    erase(&database, &data_dir, early.space()).await;
    phone.kept.write(vec![command("task.complete", shared)]);
    phone.sync().await;
    browser.sync().await;
    let increment = backup_with(&database, &data_dir, &dir, &[]).await;
    assert!(text(&full).ends_with("-full") && text(&increment).ends_with("-increment"));
    verified(&database, &dir).await;
    for number in 0..4 {
        phone.kept.write(vec![create_task(id(), &format!("phone {number}"))]);
        phone.sync().await;
        browser.kept.write(vec![create_task(id(), &format!("browser {number}"))]);
        browser.sync().await;
    }
    phone.kept.write(vec![edit_task(shared, json!({ "difficulty": "hard" }))]);
    browser.kept.write(vec![create_task(id(), "browser offline")]);
    erase(&database, &data_dir, late.space()).await;
    server.stop().await;

    let said = restored(&target, &data_dir, &[text(&dir)]).await;
    assert!(said.contains("spaces: 1,") && said.contains("accounts: 1,"), "{said}");
    assert_verified(&target).await;
    let sql = target.connect().await;
    for gone in [early.space(), late.space()] {
        assert_eq!(traces(&sql, gone).await, 0, "{gone} came back");
    }
    let server = TestServer::start_with(Setup { data_dir, ..Setup::of(&target) });
    let (mut phone, mut browser) = (person.again(&server, phone).await, person.again(&server, browser).await);
    phone.sync().await;
    assert_settled(&sql, person.space, &mut [&mut browser, &mut phone]).await;
    let mut expected = vec!["browser offline".to_owned(), "shared".to_owned()];
    expected.extend((0..4).flat_map(|number| [format!("phone {number}"), format!("browser {number}")]));
    expected.sort();
    assert_eq!(titles(&sql, person.space).await, expected);
    assert_eq!(hero(&sql, person.space, "xp").await, 20, "a completion counts once");
    for resets in [phone.kept.resets(), browser.kept.resets()] {
        assert_eq!(resets, ["epoch"]);
    }
    server.stop().await;
    assert_verified(&target).await;
}

#[tokio::test]
async fn a_list_of_erasures_keeps_out_whoever_the_backup_does_not_know_to_be_gone() {
    let (database, folder) = (Database::fresh().await, Folder::new());
    let server = TestServer::start(&database);
    let data_dir = server.setup().data_dir;
    let (gone, stays) = (Account::register(&server).await, Account::register(&server).await);
    live(&gone, "Gone").await;
    live(&stays, "Stays").await;
    let dir = folder.file("backups");
    let first = backup_with(&database, &data_dir, &dir, &[]).await;
    erase(&database, &data_dir, gone.space()).await;
    let list = data_dir.path().join("erasures.ndjson");
    // The list of another machine, named; and that of a later backup of the same folder.
    let by_name = Database::fresh().await;
    restored(&by_name, &DataDir::fresh(), &[text(&first), "--erasures", text(&list)]).await;
    backup_with(&database, &data_dir, &dir, &["--full"]).await;
    let by_backup = Database::fresh().await;
    let name = first.file_name().unwrap().to_str().unwrap();
    let elsewhere = DataDir::fresh();
    restored(&by_backup, &elsewhere, &[text(&dir), "--at", name]).await;
    for target in [&by_name, &by_backup] {
        let sql = target.connect().await;
        assert_eq!(traces(&sql, gone.space()).await, 0);
        assert!(traces(&sql, stays.space()).await > 0);
        assert_verified(target).await;
    }
    let kept = std::fs::read_to_string(elsewhere.path().join("erasures.ndjson")).unwrap();
    assert!(kept.contains(&gone.space().to_string()), "the list beside the restored database knows it");
}

#[tokio::test]
async fn people_sign_in_with_their_passwords_and_nobody_is_signed_in_by_the_restore() {
    let (database, target, folder) = (Database::fresh().await, Database::fresh().await, Folder::new());
    let server = TestServer::start(&database);
    let account = Account::register(&server).await;
    account.send(new_task("Kept")).await;
    let dir = folder.file("backups");
    let made = super::backup(&database, &dir, &[]).await;
    for entry in std::fs::read_dir(&made).unwrap() {
        use std::os::unix::fs::PermissionsExt;
        let mode = entry.unwrap().metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "a backup holds what passwords hash to");
    }
    restored(&target, &DataDir::fresh(), &[text(&dir)]).await;
    let sql = target.connect().await;
    for table in ["sessions", "refresh_tokens", "account_tokens", "mails"] {
        let rows: i64 = sql.query_one(&format!("SELECT count(*) FROM {table}"), &[]).await.unwrap().get(0);
        assert_eq!(rows, 0, "{table}");
    }
    let server = TestServer::start(&target);
    let http = account.device_http(&server, "again").await;
    let tasks = http.get("/api/v2/tasks").await.json();
    assert!(tasks.to_string().contains("Kept"), "{tasks}");
    let acts = sql.query("SELECT act FROM security_log WHERE act IN ('registered', 'restored')", &[]).await.unwrap();
    assert_eq!(acts.len(), 2, "what the log knew, and that it was restored");
}
