//! Databases that are not backed up or restored, because the backup would pass for what it is not or somebody's things are there.

use std::time::Duration;

use support::patience::until;
use support::process::{command, run};
use support::{DataDir, Database};

use super::killed::{hold, kill, until_nobody_waits, until_somebody_waits};
use super::schedule::server_every;
use super::{backup, names, restored, verified};
use crate::log_copy::{Folder, count, levelup, live, text};
use crate::stage::Stage;

#[tokio::test]
async fn a_half_restored_database_is_not_backed_up() {
    let (stage, folder) = (Stage::set().await, Folder::new());
    live(&stage.account, "First").await;
    let dir = folder.file("backups");
    backup(&stage.database, &dir, &[]).await;
    let (target, data_dir) = (Database::fresh().await, DataDir::fresh());
    let (sql, before) = (target.connect().await, names(&dir));
    let holder = hold(&target, "devices").await;
    let child = command(&target.url(), data_dir.path(), &["restore", text(&dir)]).spawn().unwrap();
    until_somebody_waits(&sql).await;
    kill(child).await;
    holder.batch_execute("ROLLBACK").await.unwrap();
    until_nobody_waits(&sql).await;
    for more in [&[][..], &["--full"]] {
        let (exit, _, error) = levelup(&target, &[&["backup", text(&dir)], more].concat()).await;
        assert_eq!((exit, error.contains("the database is half restored from")), (1, true), "{error}");
        assert_eq!(names(&dir), before);
    }
    restored(&target, &data_dir, &[text(&dir)]).await;
    let made = backup(&target, &dir, &[]).await;
    assert!(text(&made).ends_with("-full"), "a restored database goes on in its folder: {made:?}");
    verified(&target, &dir).await;
}

#[tokio::test]
async fn another_database_is_not_backed_up_on_top_unless_somebody_says_so_and_never_by_a_server() {
    let (stage, folder) = (Stage::set().await, Folder::new());
    live(&stage.account, "First").await;
    let dir = folder.file("backups");
    backup(&stage.database, &dir, &[]).await;
    let (other, before) = (Database::fresh().await, names(&dir));
    let (exit, _, error) = levelup(&other, &["backup", text(&dir)]).await;
    let named = error.contains(&format!("the newest backup there, {}, is of another database", before[0]));
    assert_eq!((exit, named), (1, true), "{error}");
    // Due at once for a server, too.
    let stranger = server_every(&other, &dir, (1, 2), Duration::from_secs(1));
    let sql = other.connect().await;
    let failed = "SELECT count(*) FROM backups WHERE cause = 'schedule' AND fault LIKE '%is of another database'";
    until("a failure", async || (count(&sql, failed).await > 0).then_some(())).await;
    stranger.stop().await;
    assert_eq!(names(&dir), before);
    let made = backup(&other, &dir, &["--full"]).await;
    verified(&other, &made).await;
    assert!(names(&dir).contains(&before[0]));
}

#[tokio::test]
async fn a_database_with_an_older_schema_and_anything_in_it_is_not_even_migrated() {
    let (stage, folder) = (Stage::set().await, Folder::new());
    let dir = folder.file("backups");
    backup(&stage.database, &dir, &[]).await;
    let (target, version) = (Database::fresh().await, "SELECT max(version)::bigint FROM refinery_schema_history");
    let sql = target.connect().await;
    // The newest steps undone.
    let older = "DROP INDEX tasks_legacy, goals_legacy, milestones_legacy, skills_legacy;
        ALTER TABLE accounts DROP COLUMN legacy_user_id, DROP COLUMN first_name, DROP COLUMN last_name,
            DROP COLUMN profile_image_url, DROP COLUMN legacy_password_hash;
        ALTER TABLE measures DROP COLUMN requests;
        ALTER TABLE revoked_sessions DROP COLUMN written_in;
        DELETE FROM refinery_schema_history WHERE version >= 23;
        INSERT INTO accounts (account_id, email, password_hash, role, time_zone, created_at)
            VALUES (gen_random_uuid(), 'old@example.test', '', 'user', 'UTC', 1)";
    sql.batch_execute(older).await.unwrap();
    let (exit, _, error) = levelup(&target, &["restore", text(&dir)]).await;
    assert_eq!((exit, error.contains("the database is not empty")), (1, true), "{error}");
    assert_eq!(count(&sql, version).await, 22);
    // An older one without anything is an empty database.
    sql.batch_execute("DELETE FROM accounts").await.unwrap();
    restored(&target, &DataDir::fresh(), &[text(&dir)]).await;
    assert!(count(&sql, version).await > 22);
}

#[tokio::test]
async fn chains_are_no_longer_than_a_restore_can_read() {
    let (database, data_dir, folder) = (Database::fresh().await, DataDir::fresh(), Folder::new());
    let dir = folder.file("backups");
    for bad in ["0", "101", "many"] {
        for arguments in
            [["backup", text(&dir), "--chain", bad], ["serve", "--listen=127.0.0.1:0", "--backup-chain", bad]]
        {
            let (exit, _, error) = run(&database.url(), data_dir.path(), &arguments).await;
            assert_eq!((exit, error.contains("from 1 to 100")), (2, true), "{error}");
        }
    }
    backup(&database, &dir, &["--chain", "100"]).await;
}
