//! A full backup and its increments bring back what the database was, to the byte; and every table is carried or left out
//! for a reason.

use serde_json::Value;
use support::commands::new_task;
use support::{Account, DataDir, Database, tables};

use super::{backup, names, restored, verified};
use crate::log_copy::{Folder, assert_verified, count, done, exported, fill, live, text};
use crate::stage::Stage;

/// The lines of an export but for what another life of the logs changes: heads and what hashes them.
fn without_lives(bytes: Vec<u8>) -> Vec<String> {
    let lines = String::from_utf8(bytes).unwrap();
    let kept =
        |line: &&str| !["{\"levelup_log\"", "{\"space_end\"", "{\"end\""].iter().any(|name| line.starts_with(name));
    let heads = |line: &str| {
        let mut value: Value = serde_json::from_str(line).unwrap();
        if let Some(head) = value.get_mut("space").and_then(Value::as_object_mut) {
            ["epoch", "repairs", "epoch_before", "epoch_began"].iter().for_each(|name| drop(head.remove(*name)));
        }
        value.to_string()
    };
    lines.lines().filter(kept).map(heads).collect()
}

#[tokio::test]
async fn a_chain_brings_back_what_the_database_was() {
    let (stage, folder) = (Stage::set().await, Folder::new());
    let dir = folder.file("backups");
    let quiet = Account::register(&stage.server).await;
    live(&quiet, "Quiet").await;
    live(&stage.account, "First").await;
    fill(&stage.account, 2).await;
    backup(&stage.database, &dir, &[]).await;
    live(&stage.account, "Second").await;
    // What has no event, and what an operator put right: a rebuild raises `repairs`, and the space comes whole.
    assert_eq!(stage.http.post("/api/v2/restore-points", r#"{"name":"Here"}"#).await.status, 201);
    let made = backup(&stage.database, &dir, &[]).await;
    let manifest = std::fs::read_to_string(made.join("manifest.json")).unwrap();
    let manifest: Value = serde_json::from_str(&manifest).unwrap();
    assert_eq!(manifest["levelup_backup"]["changed"], 1, "{manifest}");
    assert!(
        manifest["levelup_backup"]["events"].as_i64().unwrap() < 40,
        "only what is behind the full one: {manifest}"
    );
    stage.sql.batch_execute("UPDATE tasks SET title = 'wrong' WHERE title LIKE 'Task 7 of 1%'").await.unwrap();
    done(&stage.database, &["rebuild"]).await;
    let newcomer = Account::register(&stage.server).await;
    live(&newcomer, "New").await;
    // What the server noted in memory is written down at its end.
    let Stage { account, server, sql, database, .. } = stage;
    server.stop().await;
    backup(&database, &dir, &[]).await;
    backup(&database, &dir, &[]).await;
    assert_eq!(names(&dir).len(), 4);
    let said = verified(&database, &dir).await;
    assert!(said.contains("with the 4 of its chain: spaces: 3,"), "{said}");
    let was = exported(&database, &folder.file("was.ndjson"), &["--with-accounts"]).await;
    let target = Database::fresh().await;
    let said = restored(&target, &DataDir::fresh(), &[text(&dir)]).await;
    assert!(said.contains("the last of 4: spaces: 3,"), "{said}");
    let is = exported(&target, &folder.file("is.ndjson"), &["--with-accounts"]).await;
    let (was, is) = (without_lives(was), without_lives(is));
    for (was, is) in was.iter().zip(&is) {
        assert_eq!(was, is);
    }
    assert_eq!(was.len(), is.len());
    assert_verified(&target).await;
    let there = "SELECT count(*) FROM restore_points WHERE space_id = $1";
    assert_eq!(tables::count(&target.connect().await, there, account.space()).await, 1);
    for table in ["security_log", "signing_keys", "revoked_sessions"] {
        let rows = format!("SELECT count(*) FROM {table} WHERE to_jsonb({table})->>'act' IS DISTINCT FROM 'restored'");
        assert_eq!(count(&target.connect().await, &rows).await, count(&sql, &rows).await, "{table}");
    }
}

#[tokio::test]
async fn an_older_backup_and_that_of_a_moment_can_be_restored() {
    let (stage, folder) = (Stage::set().await, Folder::new());
    let dir = folder.file("backups");
    let mut made = Vec::new();
    for title in ["One", "Two", "Three"] {
        stage.account.send(new_task(title)).await;
        made.push(backup(&stage.database, &dir, &[]).await);
    }
    let manifest: Value =
        serde_json::from_str(&std::fs::read_to_string(made[1].join("manifest.json")).unwrap()).unwrap();
    let moment = manifest["levelup_backup"]["ended_at"].as_i64().unwrap();
    let in_words =
        "SELECT to_char(to_timestamp($1::bigint / 1000.0) AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')";
    let moment: String = stage.sql.query_one(in_words, &[&moment]).await.unwrap().get(0);
    for arguments in [[text(&made[1])].as_slice(), &[text(&dir), "--to-instant", &moment]] {
        let target = Database::fresh().await;
        restored(&target, &DataDir::fresh(), arguments).await;
        let titles = "SELECT count(*) FROM tasks WHERE title IN ('One', 'Two')";
        assert_eq!(count(&target.connect().await, titles).await, 2);
        assert_eq!(count(&target.connect().await, "SELECT count(*) FROM tasks WHERE title = 'Three'").await, 0);
        assert_verified(&target).await;
    }
}

/// The log is put aside, as if nothing but refusals had come so far.
const BEFORE_THE_FIRST: &str = "CREATE TEMP TABLE kept_heads AS TABLE heads;
    CREATE TEMP TABLE kept_events AS TABLE events;
    CREATE TEMP TABLE kept_receipts AS SELECT * FROM receipts WHERE first_position IS NOT NULL;
    DELETE FROM events;
    DELETE FROM receipts WHERE first_position IS NOT NULL;
    UPDATE heads SET position = 0, hash = decode(repeat('00', 32), 'hex'), live_entities = 0, checksum = 0,
        recorded_at = (SELECT max(decided_at) + 1 FROM receipts)";
/// And it is there again.
const AFTER_IT: &str = "INSERT INTO events SELECT * FROM kept_events;
    INSERT INTO receipts SELECT * FROM kept_receipts;
    DELETE FROM heads;
    INSERT INTO heads SELECT * FROM kept_heads";

#[tokio::test]
async fn what_was_refused_before_the_first_event_is_remembered() {
    let (stage, folder) = (Stage::set().await, Folder::new());
    let (dir, refused) = (folder.file("backups"), "SELECT count(*) FROM receipts WHERE first_position IS NULL");
    assert_eq!(stage.account.send(new_task("R")).await["status"], "rejected");
    assert_eq!(stage.account.send(new_task("The first")).await["status"], "committed");
    let Stage { server, sql, database, .. } = stage;
    server.stop().await;
    sql.batch_execute(BEFORE_THE_FIRST).await.unwrap();
    backup(&database, &dir, &[]).await;
    sql.batch_execute(AFTER_IT).await.unwrap();
    let made = backup(&database, &dir, &[]).await;
    assert!(text(&made).ends_with("-increment"), "{made:?}");
    assert_eq!(count(&sql, refused).await, 1);
    let target = Database::fresh().await;
    restored(&target, &DataDir::fresh(), &[text(&dir)]).await;
    assert_eq!(count(&target.connect().await, refused).await, 1);
    assert_verified(&target).await;
}

#[tokio::test]
async fn another_life_begins_another_chain() {
    let (stage, folder) = (Stage::set().await, Folder::new());
    let dir = folder.file("backups");
    stage.account.send(new_task("One")).await;
    backup(&stage.database, &dir, &[]).await;
    done(&stage.database, &["new-epoch", "--yes"]).await;
    let made = backup(&stage.database, &dir, &[]).await;
    assert!(text(&made).ends_with("-full"), "{made:?}");
    verified(&stage.database, &dir).await;
}

#[tokio::test]
async fn every_table_is_carried_folded_again_or_left_out_for_a_reason() {
    use application::transfer::log::Part;
    use infrastructure::postgres::backup::tables::{CARRIED, LEFT_OUT};
    let parts = [Part::Space, Part::Device, Part::Event, Part::Account].into_iter().chain(Part::BEHIND_EVENTS);
    let of_logs: Vec<&str> = parts.map(Part::table).collect();
    let database = Database::fresh().await;
    let sql = "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public'";
    for row in database.connect().await.query(sql, &[]).await.unwrap() {
        let table: &str = row.get(0);
        let is_folded = domain::entity::Kind::ALL.iter().any(|kind| kind.table() == table);
        let is_left_out = LEFT_OUT.iter().any(|(name, _)| *name == table);
        let ways = [of_logs.contains(&table), CARRIED.contains(&table), is_folded, is_left_out];
        assert_eq!(ways.iter().filter(|way| **way).count(), 1, "what becomes of {table} in a backup?");
    }
}
