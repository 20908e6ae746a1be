//! What happens while a backup is made or restored: other writers, a redaction, somebody in a database that was empty.

use std::process::Output;

use support::commands::{create_task, id};
use support::patience::within;
use support::process::{command, run};
use support::{Account, DataDir, Database};
use tokio::process::Child;
use tokio_postgres::Client;

use super::killed::{hold, hold_against, kill, until_nobody_waits, until_somebody_waits};
use super::{backup, names, restored, verified};
use crate::log_copy::{Folder, assert_verified, count, live, text};
use crate::stage::Stage;

/// A database that no server is at any more.
async fn quiet() -> (Database, Client, Account) {
    let stage = Stage::set().await;
    live(&stage.account, "First").await;
    let Stage { account, server, sql, database, .. } = stage;
    server.stop().await;
    (database, sql, account)
}

/// How a subcommand ended, and what it said.
async fn end(child: Child) -> (Option<i32>, String) {
    let Output { status, stdout, stderr } = within("its end", child.wait_with_output()).await.unwrap();
    (status.code(), String::from_utf8_lossy(&stdout).into_owned() + &String::from_utf8_lossy(&stderr))
}

#[tokio::test]
async fn tables_that_speak_of_each_other_are_as_of_one_moment() {
    let ((database, sql, account), folder) = (quiet().await, Folder::new());
    let (dir, data_dir) = (folder.file("backups"), DataDir::fresh());
    let holder = hold(&database, "flag_accounts").await;
    let child = command(&database.url(), data_dir.path(), &["backup", text(&dir)]).spawn().unwrap();
    until_somebody_waits(&sql).await;
    // The flags have been read; now there is another one, for somebody.
    let flag = format!(
        "INSERT INTO flags (name, is_on, percentage, description, version, changed_at, revision)
            VALUES ('late', true, 0, '', 1, 1, 7);
        INSERT INTO flag_accounts (account_id, name, is_allowed) VALUES ('{}', 'late', true);
        COMMIT",
        account.space()
    );
    holder.batch_execute(&flag).await.unwrap();
    let (exit, said) = end(child).await;
    assert_eq!(exit, Some(0), "{said}");
    let target = Database::fresh().await;
    restored(&target, &DataDir::fresh(), &[text(&dir)]).await;
    let target = target.connect().await;
    for table in ["flags", "flag_accounts"] {
        assert_eq!(count(&target, &format!("SELECT count(*) FROM {table}")).await, 0, "{table}");
    }
}

#[tokio::test]
async fn a_redaction_ends_the_backup_that_may_have_read_the_value() {
    let (stage, folder, task) = (Stage::set().await, Folder::new(), id());
    stage.account.commit(&[create_task(task, "hunter2")]).await;
    let Stage { account, server, sql, database, .. } = stage;
    server.stop().await;
    let (dir, data_dir) = (folder.file("backups"), DataDir::fresh());
    let holder = hold(&database, "populations").await;
    let child = command(&database.url(), data_dir.path(), &["backup", text(&dir)]).spawn().unwrap();
    until_somebody_waits(&sql).await;
    let (space, entity) = (account.space().to_string(), format!("task/{task}"));
    let redact = ["admin", "redact", "--space", &space, "--entity", &entity, "--field", "title", "--reason", "secret"];
    let (exit, _, error) = run(&database.url(), data_dir.path(), &redact).await;
    assert_eq!(exit, 0, "{error}");
    holder.batch_execute("ROLLBACK").await.unwrap();
    let (exit, said) = end(child).await;
    assert_eq!((exit, said.contains("a value was redacted meanwhile")), (Some(1), true), "{said}");
    assert_eq!(names(&dir), Vec::<String>::new());
    let made = backup(&database, &dir, &[]).await;
    verified(&database, &made).await;
}

/// Somebody in a database, who has this address.
async fn somebody(sql: &Client, email: &str) {
    let statement = "INSERT INTO accounts (account_id, email, password_hash, role, time_zone, created_at)
        VALUES (gen_random_uuid(), $1, '', 'user', 'UTC', 1)";
    sql.execute(statement, &[&email]).await.unwrap();
}

#[tokio::test]
async fn a_database_that_is_not_empty_any_more_when_the_check_ends_is_left_alone() {
    let ((database, _, _), folder) = (quiet().await, Folder::new());
    let dir = folder.file("backups");
    backup(&database, &dir, &[]).await;
    let (target, data_dir) = (Database::fresh().await, DataDir::fresh());
    let sql = target.connect().await;
    // Readers pass: it stops at the first row that it writes.
    let holder = hold_against(&target, "restores", "EXCLUSIVE").await;
    let child = command(&target.url(), data_dir.path(), &["restore", text(&dir)]).spawn().unwrap();
    until_somebody_waits(&sql).await;
    somebody(&sql, "new@example.test").await;
    holder.batch_execute("ROLLBACK").await.unwrap();
    let (exit, said) = end(child).await;
    assert_eq!((exit, said.contains("the database is not empty")), (Some(1), true), "{said}");
    for (table, rows) in [("restores", 0), ("accounts", 1), ("heads", 0)] {
        assert_eq!(count(&sql, &format!("SELECT count(*) FROM {table}")).await, rows, "{table}");
    }
}

#[tokio::test]
async fn what_came_into_a_half_restored_database_and_is_in_the_way_is_named() {
    let ((database, _, account), folder) = (quiet().await, Folder::new());
    let dir = folder.file("backups");
    backup(&database, &dir, &[]).await;
    let (target, data_dir) = (Database::fresh().await, DataDir::fresh());
    let sql = target.connect().await;
    let holder = hold(&target, "devices").await;
    let arguments = ["restore", text(&dir)];
    let child = command(&target.url(), data_dir.path(), &arguments).spawn().unwrap();
    until_somebody_waits(&sql).await;
    kill(child).await;
    holder.batch_execute("ROLLBACK").await.unwrap();
    until_nobody_waits(&sql).await;
    somebody(&sql, &account.credentials.email).await;
    let (exit, _, error) = run(&target.url(), data_dir.path(), &arguments).await;
    let named = error.contains(&format!("account {} came into the database meanwhile", account.space()));
    assert_eq!((exit, named), (1, true), "{error}");
    assert_eq!(count(&sql, "SELECT count(*) FROM restores").await, 1, "it has not ended");
    sql.batch_execute("DELETE FROM accounts").await.unwrap();
    restored(&target, &data_dir, &arguments[1..]).await;
    assert_verified(&target).await;
}
