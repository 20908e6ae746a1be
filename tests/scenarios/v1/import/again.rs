//! Run again, cut off, and back: an import is one thing however often it is done.

use support::patience::{until, within};
use support::process::command;
use support::{DataDir, Database, tables};

use super::source::Source;
use super::{import, lines, state};
use crate::log_copy::{Folder, assert_verified, count, levelup, text};

#[tokio::test]
async fn a_second_run_changes_nothing_and_later_rows_are_added() {
    let (source, target) = (Source::sample().await, Database::fresh().await);
    import(&target, &source, &[]).await;
    let sql = target.connect().await;
    let before = tables::footprint(&sql).await;
    let said = import(&target, &source, &[]).await;
    assert_eq!(said.matches(": nothing new").count(), 3, "{said}");
    assert_eq!(tables::footprint(&sql).await, before, "a second run wrote");
    source
        .sql
        .batch_execute(
            "INSERT INTO tasks (id, user_id, title) SELECT 5000, id, 'Later' FROM users WHERE email = 'light@example.test';
             INSERT INTO activity_logs (id, user_id, created_at, task_id, exp_gained, action)
             SELECT 9000, id, '2026-11-01 08:00:00', 1, 10, 'task_completed' FROM users WHERE email = 'light@example.test';
             UPDATE user_stats SET experience = experience + 10 WHERE id = 1",
        )
        .await
        .unwrap();
    let said = import(&target, &source, &["--account", "light@example.test"]).await;
    assert!(said.contains("1 tasks, 2 days, 1 lines of the log, 10 XP"), "{said}");
    assert_eq!(count(&sql, "SELECT count(*) FROM tasks WHERE legacy_id = 5000 AND title = 'Later'").await, 1);
    assert_eq!(count(&sql, "SELECT xp - (25 * 7 * 22 + 13) FROM heroes WHERE name = 'light'").await, 0);
    assert_verified(&target).await;
}

#[tokio::test]
async fn an_import_that_is_killed_half_way_ends_the_same_when_it_is_run_again() {
    let (source, whole, target) = (Source::sample().await, Database::fresh().await, Database::fresh().await);
    import(&whole, &source, &[]).await;
    let (sql, holder, dir) = (target.connect().await, target.connect().await, DataDir::fresh());
    let url = source.database.url();
    let mut child = command(&target.url(), dir.path(), &["import-legacy", "--from", &url]).spawn().unwrap();
    let events = "SELECT coalesce(max(position), 0) FROM heads";
    until("half of an account", async || (count(&sql, events).await > 600).then_some(())).await;
    // Whoever holds the heads lets nothing more be written: what comes now finds the import on its way.
    holder.batch_execute("BEGIN; SELECT space_id FROM heads FOR UPDATE").await.unwrap();
    within("the end of a killed import", child.kill()).await.unwrap();
    holder.batch_execute("ROLLBACK").await.unwrap();
    let there = count(&sql, "SELECT count(*) FROM events").await;
    assert!(there < count(&whole.connect().await, "SELECT count(*) FROM events").await, "it was not killed half-way");
    import(&target, &source, &[]).await;
    let (expected, found) = (state(&whole.connect().await).await, state(&sql).await);
    for (expected, found) in expected.iter().zip(&found) {
        assert_eq!(expected, found);
    }
    let events = "SELECT count(*) FROM events";
    assert_eq!(count(&sql, events).await, count(&whole.connect().await, events).await);
    assert_verified(&target).await;
}

#[tokio::test]
async fn what_goes_back_comes_again_the_same() {
    let (source, target, folder) = (Source::sample().await, Database::fresh().await, Folder::new());
    import(&target, &source, &[]).await;
    let file = folder.file("back.sql");
    let (exit, said, error) = levelup(&target, &["export-legacy", text(&file)]).await;
    assert_eq!(exit, 0, "{said}{error}");
    let back = std::fs::read_to_string(&file).unwrap();
    let old = Source::sample().await;
    old.sql.batch_execute(&back).await.unwrap();
    // Once more changes nothing.
    old.sql.batch_execute(&back).await.unwrap();
    let again = Database::fresh().await;
    import(&again, &old, &[]).await;
    let (expected, found) = (state(&target.connect().await).await, state(&again.connect().await).await);
    for (expected, found) in expected.iter().zip(&found) {
        assert_eq!(expected, found);
    }
    let log = "SELECT format('%s %s %s', position, at, details) FROM (SELECT row_number() OVER (ORDER BY space_id, at, details::text) AS position, at, details FROM activity WHERE action = 'past') a ORDER BY position";
    assert_eq!(lines(&target.connect().await, log).await, lines(&again.connect().await, log).await);
}
