//! Exports and imports that are killed on the way go on when they are run again.

use std::path::Path;

use support::patience::{until, within};
use support::process::command;
use support::{Database, tables};
use tokio::process::Child;
use tokio_postgres::Client;

use super::{Folder, assert_verified, count, done, exported, fill, levelup, live, text};
use crate::stage::Stage;

/// Holds receipts against everybody, so that a copy stops when it comes to them.
async fn hold_receipts(database: &Database) -> Client {
    let holder = database.connect().await;
    holder.batch_execute("BEGIN; LOCK TABLE receipts IN ACCESS EXCLUSIVE MODE").await.unwrap();
    holder
}

fn start(database: &Database, folder: &Folder, arguments: &[&str]) -> Child {
    command(&database.url(), folder.0.path(), arguments).spawn().unwrap()
}

async fn kill(mut child: Child) {
    within("the end of a killed program", child.kill()).await.unwrap();
}

fn length(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(0, |found| found.len())
}

#[tokio::test]
async fn a_killed_export_goes_on_where_it_was_and_ends_in_the_same_bytes() {
    let (stage, folder) = (Stage::set().await, Folder::new());
    live(&stage.account, "First").await;
    fill(&stage.account, 4).await;
    for name in ["plain.ndjson", "packed.ndjson.zst"] {
        let whole = exported(&stage.database, &folder.file(&format!("whole-{name}")), &[]).await;
        let (file, part) = (folder.file(name), folder.file(&format!("{name}.part")));
        let holder = hold_receipts(&stage.database).await;
        let child = start(&stage.database, &folder, &["export", text(&file)]);
        until("the first lines", async || (length(&part) > 0).then_some(())).await;
        kill(child).await;
        holder.batch_execute("ROLLBACK").await.unwrap();
        assert!(!file.exists(), "half an export has the name of a whole one");
        // A kill may leave half of a line, or of a frame.
        let mut cut = std::fs::read(&part).unwrap();
        cut.extend_from_slice(if name.ends_with(".zst") { &whole[..20] } else { b"{\"event\":{\"posi" });
        std::fs::write(&part, cut).unwrap();
        let said = done(&stage.database, &["export", text(&file)]).await;
        assert!(said.contains("going on behind line "), "{said}");
        assert!(std::fs::read(&file).unwrap() == whole, "{name} is another export than without a kill");
        assert!(!part.exists());
    }
}

#[tokio::test]
async fn a_part_of_another_export_is_not_gone_on_with() {
    let (stage, folder) = (Stage::set().await, Folder::new());
    let file = folder.file("one.ndjson");
    exported(&stage.database, &file, &["--space", &stage.account.space().to_string()]).await;
    std::fs::rename(&file, folder.file("one.ndjson.part")).unwrap();
    let (exit, _, error) = levelup(&stage.database, &["export", text(&file)]).await;
    assert_eq!(exit, 2, "{error}");
    assert!(error.contains("is the beginning of an export of something else"), "{error}");
    std::fs::write(folder.file("one.ndjson.part"), "{\"something\":1}\n").unwrap();
    let (exit, _, error) = levelup(&stage.database, &["export", text(&file)]).await;
    assert_eq!(exit, 2, "{error}");
    assert!(error.contains("cannot be gone on with: line 1: this is no export of logs"), "{error}");
    std::fs::write(&file, "mine").unwrap();
    let (exit, _, error) = levelup(&stage.database, &["export", text(&file)]).await;
    assert_eq!((exit, std::fs::read(&file).unwrap().as_slice()), (2, b"mine".as_slice()), "{error}");
}

/// An import that was killed when all events of a space were there and none of its receipts.
async fn kill_import(target: &Database, folder: &Folder, file: &Path) -> Client {
    let holder = hold_receipts(target).await;
    let child = start(target, folder, &["import", text(file)]);
    let sql = target.connect().await;
    until("rows that wait for their space", async || {
        (count(&sql, "SELECT coalesce(max(rows), 0) FROM log_imports").await > 500).then_some(())
    })
    .await;
    kill(child).await;
    holder.batch_execute("ROLLBACK").await.unwrap();
    sql
}

#[tokio::test]
async fn a_killed_import_shows_nothing_and_goes_on_to_the_same_bytes() {
    let (stage, target, folder) = (Stage::set().await, Database::fresh().await, Folder::new());
    live(&stage.account, "First").await;
    fill(&stage.account, 2).await;
    let file = folder.file("all.ndjson");
    let first = exported(&stage.database, &file, &["--with-accounts"]).await;
    let sql = kill_import(&target, &folder, &file).await;
    let staged = count(&sql, "SELECT count(*) FROM events").await;
    assert!(staged > 0);
    assert_eq!(count(&sql, "SELECT count(*) FROM heads").await, 0, "a space is seen before it is whole");
    assert_eq!(count(&sql, "SELECT count(*) FROM accounts").await, 0);
    let said = done(&target, &["verify"]).await;
    assert!(said.contains("everything is as it was committed"), "{said}");
    // Another file may not go on with what this one began.
    live(&stage.account, "Second").await;
    let other = folder.file("other.ndjson");
    exported(&stage.database, &other, &[]).await;
    let (exit, _, error) = levelup(&target, &["import", text(&other)]).await;
    assert_eq!(exit, 1, "{error}");
    assert!(error.contains("is half imported from another file"), "{error}");

    done(&target, &["import", text(&file)]).await;
    let second = exported(&target, &folder.file("again.ndjson"), &["--with-accounts"]).await;
    assert!(first == second, "the import that went on made another log");
    assert_verified(&target).await;
    assert_eq!(count(&sql, "SELECT count(*) FROM log_imports").await, 0);
    let said = done(&target, &["import", text(&file)]).await;
    assert!(said.contains("taken over: spaces: 0, events: 0, accounts: 0; here already: 2"), "{said}");
}

#[tokio::test]
async fn an_unfinished_import_can_be_taken_away() {
    let (stage, target, folder) = (Stage::set().await, Database::fresh().await, Folder::new());
    fill(&stage.account, 2).await;
    let file = folder.file("all.ndjson");
    exported(&stage.database, &file, &[]).await;
    let empty = tables::footprint(&target.connect().await).await;
    kill_import(&target, &folder, &file).await;
    assert_ne!(tables::footprint(&target.connect().await).await, empty);
    let said = done(&target, &["import", "--discard"]).await;
    assert!(said.contains("taken away: 1"), "{said}");
    assert_eq!(tables::footprint(&target.connect().await).await, empty);
    done(&target, &["import", text(&file)]).await;
    assert_verified(&target).await;
}
