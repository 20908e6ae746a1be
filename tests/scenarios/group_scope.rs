//! Where a commit is of one space only: what is promised of writes holds as it does for groups.

use futures_util::future::join_all;
use infrastructure::config::GroupScope;
use infrastructure::postgres::distribution::tables::{BY_SPACE, EVERYWHERE};
use serde_json::{Value, json};
use support::commands::{command, create_task, edit_task, id, new_task, transaction};
use support::{Account, Database, Setup, TestServer, tables};
use tokio_postgres::Client;

use crate::log_copy::levelup;

/// A server whose commits are of one space each, over this many connections.
async fn stage() -> (TestServer, Client, Database) {
    let database = Database::fresh().await;
    let mut setup = Setup::of(&database);
    setup.serving.settings.group_scope = GroupScope::Space;
    (TestServer::start_with(setup), database.connect().await, database)
}

#[tokio::test]
async fn no_commit_writes_more_than_one_space() {
    let (server, sql, _database) = stage().await;
    let people = join_all((0..16).map(|_| Account::register(&server))).await;
    for round in 0..3 {
        let title = format!("Round {round}");
        let receipts = join_all(people.iter().map(|person| person.send(new_task(&title)))).await;
        assert!(receipts.iter().all(|receipt| receipt["status"] == "committed"), "{receipts:?}");
    }
    let statement = "SELECT count(DISTINCT space_id) AS n, count(*) AS events FROM events GROUP BY xmin::text";
    let commits = sql.query(statement, &[]).await.unwrap();
    assert!(commits.iter().all(|row| row.get::<_, i64>("n") == 1), "a commit wrote several spaces");
    assert!(commits.iter().map(|row| row.get::<_, i64>("events")).sum::<i64>() >= 16 * 3);
    tables::assert_logs_whole(&sql).await;
}

#[tokio::test]
async fn a_hot_space_keeps_its_order_and_loses_nothing() {
    let (server, sql, _database) = stage().await;
    let account = Account::register(&server).await;
    let task = id();
    account.commit(&[create_task(task, "Hot")]).await;
    let writers = (0..8).map(async |writer: usize| {
        let http = account.device_http(&server, &format!("device {writer}")).await;
        for number in 0..12 {
            let edit = edit_task(task, json!({ "description": format!("{writer}.{number}") }));
            let sent = json!({ "transactions": [transaction(&[edit]), new_task(&format!("{writer}.{number}"))] });
            let receipts = http.write(&sent).await.receipts();
            assert!(receipts.iter().all(|receipt| receipt["status"] == "committed"), "{receipts:?}");
        }
    });
    join_all(writers).await;
    let made = tables::count(&sql, "SELECT count(*) FROM tasks WHERE space_id = $1", account.space()).await;
    assert_eq!(made, 1 + 8 * 12);
    tables::assert_logs_whole(&sql).await;
    tables::assert_equal(&sql, account.space(), &tables::replica(&sql, account.space()).await).await;
}

#[tokio::test]
async fn a_repeated_transaction_gets_its_first_receipt() {
    let (server, sql, _database) = stage().await;
    let account = Account::register(&server).await;
    let sent = transaction(&[create_task(id(), "Once")]);
    let first = account.send(sent.clone()).await;
    // Another server remembers nothing of it.
    let server = server.restart().await;
    let again =
        account.device_http(&server, "browser").await.write(&json!({ "transactions": [sent] })).await.receipts();
    assert_eq!(again[0]["positions"], first["positions"], "{again:?}");
    let tasks = tables::count(&sql, "SELECT count(*) FROM tasks WHERE space_id = $1", account.space()).await;
    assert_eq!(tasks, 1);
}

#[tokio::test]
async fn what_refers_to_something_is_loaded_and_followed_up() {
    let (server, sql, _database) = stage().await;
    let account = Account::register(&server).await;
    let (task, child) = (id(), id());
    let of = |parent| json!({ "parent_id": parent });
    account.commit(&[create_task(task, "A chapter"), create_task(child, "A page")]).await;
    account.commit(&[edit_task(child, of(Value::from(task.to_string())))]).await;
    let server = server.restart().await;
    let http = account.device_http(&server, "browser").await;
    for change in [command("task.complete", child), command("task.delete", task)] {
        let receipt = http.write(&json!({ "transactions": [transaction(&[change])] })).await.receipts().remove(0);
        assert_eq!(receipt["status"], "committed", "{receipt}");
    }
    let orphans = "SELECT count(*) FROM tasks WHERE space_id = $1 AND parent_id IS NOT NULL AND deleted_at IS NULL";
    assert_eq!(tables::count(&sql, orphans, account.space()).await, 0);
    tables::assert_logs_whole(&sql).await;
}

#[tokio::test]
async fn a_database_that_nothing_can_spread_is_refused_with_what_to_do() {
    let database = Database::fresh().await;
    let (exit, _, error) = levelup(&database, &["migrate", "--distributed", "citus"]).await;
    assert_eq!(exit, 3, "{error}");
    assert!(error.contains("the extension citus is not installed in this database"), "{error}");
    let (exit, printed, error) = levelup(&database, &["migrate", "--distributed", "citus", "--print"]).await;
    assert_eq!(exit, 0, "{error}");
    assert!(printed.starts_with("SELECT create_distributed_table('heads', 'space_id'"), "{printed}");
    assert_eq!(printed.lines().count(), BY_SPACE.len() + EVERYWHERE.len());
}
