//! What is here already is never written over, and what was erased does not come back.

use support::commands::new_task;
use support::{Account, Database, TestServer, tables};

use super::{Folder, assert_verified, count, done, exported, levelup, live, text};
use crate::stage::Stage;

#[tokio::test]
async fn an_import_into_where_it_came_from_changes_nothing() {
    let (stage, folder) = (Stage::set().await, Folder::new());
    live(&stage.account, "First").await;
    let file = folder.file("all.ndjson");
    exported(&stage.database, &file, &["--with-accounts"]).await;
    // It went on since: it still holds all that is in the file.
    stage.account.send(new_task("Later")).await;
    let before = tables::footprint(&stage.sql).await;
    let said = done(&stage.database, &["import", text(&file)]).await;
    assert!(said.contains("here already: 2, in the way: 0"), "{said}");
    assert_eq!(tables::footprint(&stage.sql).await, before);
}

#[tokio::test]
async fn a_space_with_another_history_is_told_before_anything_is_written() {
    let (stage, folder) = (Stage::set().await, Folder::new());
    let older = stage.account.space();
    let newer = Account::register(&stage.server).await;
    live(&newer, "Second").await;
    stage.account.send(new_task("Before the fork")).await;
    stage.server.stop().await;
    let target = stage.database.copy().await;
    // Both go on, each in its own way.
    let here = TestServer::start(&stage.database);
    let there = TestServer::start(&target);
    for (server, name) in [(&here, "here"), (&there, "there")] {
        let http = stage.account.device_http(server, name).await;
        let sent = serde_json::json!({ "transactions": [new_task(name)] });
        assert_eq!(http.write(&sent).await.receipts()[0]["status"], "committed");
    }
    let third = Account::register(&here).await;
    let file = folder.file("all.ndjson");
    exported(&stage.database, &file, &[]).await;
    let sql = target.connect().await;
    let before = tables::footprint(&sql).await;
    for more in [&[][..], &["--check"]] {
        let (exit, said, error) = levelup(&target, &[&["import", text(&file)], more].concat()).await;
        assert_eq!(exit, 1, "{said}{error}");
        assert!(said.contains(&format!("{older}: a space with this id is here")), "{said}");
        assert!(error.contains("Nothing was written"), "{error}");
        assert_eq!(tables::footprint(&sql).await, before);
    }
    let said = done(&target, &["import", text(&file), "--skip-existing"]).await;
    assert!(said.contains("taken over: spaces: 1,") && said.contains("left out: 1"), "{said}");
    let there = "SELECT count(*) FROM heads WHERE space_id = $1";
    assert_eq!(tables::count(&sql, there, third.space()).await, 1);
    assert_verified(&target).await;
}

#[tokio::test]
async fn a_check_writes_nothing() {
    let (stage, target, folder) = (Stage::set().await, Database::fresh().await, Folder::new());
    live(&stage.account, "First").await;
    let file = folder.file("all.ndjson");
    exported(&stage.database, &file, &["--with-accounts"]).await;
    let sql = target.connect().await;
    let before = tables::footprint(&sql).await;
    let said = done(&target, &["import", text(&file), "--check"]).await;
    assert!(said.contains("the file is whole; spaces: 1,"), "{said}");
    assert_eq!(tables::footprint(&sql).await, before);
    assert_eq!(count(&sql, "SELECT count(*) FROM log_imports").await, 0);
}

#[tokio::test]
async fn an_account_that_was_erased_here_does_not_come_back() {
    let (stage, target, folder) = (Stage::set().await, Database::fresh().await, Folder::new());
    live(&stage.account, "First").await;
    let file = folder.file("all.ndjson");
    exported(&stage.database, &file, &["--with-accounts"]).await;
    let sql = target.connect().await;
    let erased = "INSERT INTO erasures (account_id, requested_at, finished_at) VALUES ($1, 1, 2)";
    sql.execute(erased, &[&stage.account.space()]).await.unwrap();
    let (exit, said, error) = levelup(&target, &["import", text(&file)]).await;
    assert_eq!(exit, 1, "{said}{error}");
    assert!(said.contains("it was erased here for good"), "{said}");
    let said = done(&target, &["import", text(&file), "--skip-existing"]).await;
    assert!(said.contains("left out: 2"), "{said}");
    assert_eq!(count(&sql, "SELECT (SELECT count(*) FROM events) + (SELECT count(*) FROM accounts)").await, 0);
}

#[tokio::test]
async fn an_address_that_belongs_to_somebody_else_here_is_told() {
    let (stage, target, folder) = (Stage::set().await, Database::fresh().await, Folder::new());
    let there = TestServer::start(&target);
    let file = folder.file("all.ndjson");
    let somebody = Account::register(&there).await;
    let renamed = "UPDATE accounts SET email = $1 WHERE account_id = $2";
    let sql = target.connect().await;
    sql.execute(renamed, &[&stage.account.credentials.email.to_uppercase(), &somebody.space()]).await.unwrap();
    exported(&stage.database, &file, &["--with-accounts"]).await;
    let before = tables::footprint(&sql).await;
    let (exit, said, _) = levelup(&target, &["import", text(&file)]).await;
    assert_eq!(exit, 1, "{said}");
    assert!(said.contains("its address belongs to another account here"), "{said}");
    assert_eq!(tables::footprint(&sql).await, before);
}

#[tokio::test]
async fn whoever_is_being_erased_is_in_no_export() {
    let (stage, folder) = (Stage::set().await, Folder::new());
    live(&stage.account, "Gone").await;
    let begun = "INSERT INTO erasures (account_id, requested_at) VALUES ($1, 1)";
    stage.sql.execute(begun, &[&stage.account.space()]).await.unwrap();
    let bytes = exported(&stage.database, &folder.file("all.ndjson"), &["--with-accounts"]).await;
    let text = String::from_utf8(bytes).unwrap();
    assert_eq!(text.lines().count(), 2, "{text}");
}
