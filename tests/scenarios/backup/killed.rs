//! Backups and restores that are killed on the way: the first leave nothing that looks like a backup, the second go on.

use std::path::Path;

use support::patience::{until, within};
use support::process::{command, run};
use support::{DataDir, Database};
use tokio::process::Child;
use tokio_postgres::Client;

use super::{backup, names, restored, verified};
use crate::log_copy::{Folder, assert_verified, count, fill, live, text};
use crate::stage::Stage;

/// Holds a table against everybody, so that whoever comes to it stops there.
pub(super) async fn hold(database: &Database, table: &str) -> Client {
    hold_against(database, table, "ACCESS EXCLUSIVE").await
}

/// The same in another mode, such as one that lets readers pass.
pub(super) async fn hold_against(database: &Database, table: &str, mode: &str) -> Client {
    let holder = database.connect().await;
    holder.batch_execute(&format!("BEGIN; LOCK TABLE {table} IN {mode} MODE")).await.unwrap();
    holder
}

/// Waits until somebody waits for a lock.
pub(super) async fn until_somebody_waits(sql: &Client) {
    let waiting = "SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid)
        WHERE NOT l.granted AND a.datname = current_database()";
    until("somebody who waits", async || (count(sql, waiting).await > 0).then_some(())).await;
}

/// Waits until somebody of this name does: a server that looks at the same table is somebody, too.
async fn until_it_waits(sql: &Client, application: &str) {
    let waiting = "SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock' AND application_name = $1";
    until("one who waits", async || {
        let found: i64 = sql.query_one(waiting, &[&application]).await.unwrap().get(0);
        (found > 0).then_some(())
    })
    .await;
}

pub(super) async fn kill(mut child: Child) {
    within("the end of a killed program", child.kill()).await.unwrap();
}

/// Until the server has noticed that its client is gone.
pub(super) async fn until_nobody_waits(sql: &Client) {
    let others =
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    until("the end of the killed one's statement", async || (count(sql, others).await == 0).then_some(())).await;
}

#[tokio::test]
async fn a_killed_backup_is_none_and_the_next_one_starts_clean() {
    let (stage, folder) = (Stage::set().await, Folder::new());
    live(&stage.account, "First").await;
    fill(&stage.account, 4).await;
    let (dir, data_dir) = (folder.file("backups"), DataDir::fresh());
    let full = backup(&stage.database, &dir, &[]).await;
    for (table, more) in [("receipts", &["--full"][..]), ("signing_keys", &[]), ("devices", &[])] {
        live(&stage.account, table).await;
        let before = names(&dir);
        let holder = hold(&stage.database, table).await;
        let arguments = [&["backup", text(&dir)], more].concat();
        let child = command(&stage.database.url_as("killed"), data_dir.path(), &arguments).spawn().unwrap();
        until_it_waits(&stage.sql, "killed").await;
        // While one is on its way another is told so.
        let (exit, _, error) = run(&stage.database.url(), data_dir.path(), &arguments).await;
        assert_eq!((exit, error.contains("another backup is being written")), (1, true), "{error}");
        kill(child).await;
        holder.batch_execute("ROLLBACK").await.unwrap();
        let after = names(&dir);
        assert_eq!(after.len(), before.len() + 1, "half a backup lies there: {after:?}");
        assert!(after.iter().filter(|name| !before.contains(name)).all(|name| name.ends_with(".part")), "{after:?}");
        verified(&stage.database, &dir).await;
        let made = backup(&stage.database, &dir, more).await;
        assert!(names(&dir).iter().all(|name| !name.ends_with(".part")), "what was left is gone");
        verified(&stage.database, &made).await;
        assert!(full.exists());
    }
    let target = Database::fresh().await;
    restored(&target, &DataDir::fresh(), &[text(&dir)]).await;
    assert_verified(&target).await;
}

async fn serve(database: &Database, data_dir: &Path) -> (i32, String) {
    let (exit, _, error) = run(&database.url(), data_dir, &["serve", "--listen", "127.0.0.1:0"]).await;
    (exit, error)
}

#[tokio::test]
async fn a_killed_restore_is_served_by_nobody_and_goes_on() {
    let (stage, folder) = (Stage::set().await, Folder::new());
    live(&stage.account, "First").await;
    fill(&stage.account, 3).await;
    let dir = folder.file("backups");
    let older = backup(&stage.database, &dir, &[]).await;
    live(&stage.account, "Second").await;
    backup(&stage.database, &dir, &[]).await;
    let events = count(&stage.sql, "SELECT count(*) FROM events").await;
    // In the middle of a space; before accounts, with every space there; before the other tables.
    for table in ["receipts", "devices", "signing_keys"] {
        let (target, data_dir) = (Database::fresh().await, DataDir::fresh());
        let sql = target.connect().await;
        let holder = hold(&target, table).await;
        let arguments = ["restore", text(&dir)];
        let child = command(&target.url(), data_dir.path(), &arguments).spawn().unwrap();
        until_somebody_waits(&sql).await;
        kill(child).await;
        holder.batch_execute("ROLLBACK").await.unwrap();
        until_nobody_waits(&sql).await;
        let (exit, error) = serve(&target, data_dir.path()).await;
        assert_eq!((exit, error.contains("has not ended")), (4, true), "{error}");
        let (exit, _, error) = run(&target.url(), data_dir.path(), &["restore", text(&older)]).await;
        assert_eq!((exit, error.contains("is half restored from")), (1, true), "{error}");
        restored(&target, &data_dir, &arguments[1..]).await;
        assert_verified(&target).await;
        assert_eq!(count(&sql, "SELECT count(*) FROM events").await, events, "{table}");
        assert_eq!(count(&sql, "SELECT count(*) FROM restores").await, 0);
        let turned = "SELECT count(*) FROM heads h, system s WHERE h.epoch = s.epoch AND h.epoch_began = h.position";
        assert_eq!(count(&sql, turned).await, 1, "another life has begun once");
        // It is not empty any more.
        let (exit, _, error) = run(&target.url(), data_dir.path(), &arguments).await;
        assert_eq!((exit, error.contains("the database is not empty")), (1, true), "{error}");
    }
}

/// Kills whatever runs at any moment. `LEVELUP_LONG=1` does so more often.
#[tokio::test]
async fn whenever_it_is_killed_a_restore_ends_in_the_same() {
    let (stage, folder) = (Stage::set().await, Folder::new());
    live(&stage.account, "First").await;
    fill(&stage.account, 2).await;
    let dir = folder.file("backups");
    let rounds = if std::env::var_os("LEVELUP_LONG").is_some() { 24 } else { 3 };
    let (target, data_dir) = (Database::fresh().await, DataDir::fresh());
    for round in 1..=rounds {
        // A moment of no meaning: wherever it meets them, both have to be right afterwards.
        let moment = std::time::Duration::from_millis(90 * round);
        let child = command(&stage.database.url(), data_dir.path(), &["backup", text(&dir), "--full"]).spawn().unwrap();
        tokio::time::sleep(moment).await;
        kill(child).await;
        if names(&dir).iter().any(|name| name.ends_with("-full")) {
            verified(&stage.database, &dir).await;
        }
    }
    let made = backup(&stage.database, &dir, &["--full"]).await;
    for round in 1..=rounds {
        let child = command(&target.url(), data_dir.path(), &["restore", text(&made)]).spawn().unwrap();
        tokio::time::sleep(std::time::Duration::from_millis(150 * round)).await;
        kill(child).await;
    }
    let (exit, said, error) = run(&target.url(), data_dir.path(), &["restore", text(&made)]).await;
    let had_ended = error.contains("the database is not empty");
    assert!(exit == 0 || had_ended, "{said}{error}");
    assert_verified(&target).await;
    let events = "SELECT count(*) FROM events";
    assert_eq!(count(&target.connect().await, events).await, count(&stage.sql, events).await);
}
