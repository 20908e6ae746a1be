//! What is wrong with one space is in nobody else's way.

use domain::chain::{GENESIS, Hash, Link, hash, payload_hash};
use domain::checksum::canonical;
use domain::id::SpaceId;
use infrastructure::clock::uuid_v7;
use infrastructure::postgres::rebuild::{Scope, State};
use serde_json::{Value, json};
use tokio_postgres::Client;
use uuid::Uuid;

use super::support::{Database, repair, sent};

/// Gives an entity another id, in the log alone, as if it had been created under that.
async fn rename(client: &Client, space: SpaceId, from: Uuid, to: Uuid) {
    let events = "SELECT position, transaction_id, device_id, aggregate_type, aggregate_id, sequence, event_type,
        event_version, payload, metadata, recorded_at FROM events WHERE space_id = $1 ORDER BY position";
    let mut before = GENESIS;
    for row in client.query(events, &[&space.0]).await.unwrap() {
        let (position, id): (i64, Uuid) = (row.get("position"), row.get("aggregate_id"));
        let payload = row.get::<_, Value>("payload").to_string().replace(&from.to_string(), &to.to_string());
        let payload: Value = serde_json::from_str(&payload).unwrap();
        let of_payload = payload_hash(&canonical(&payload));
        let id = if id == from { to } else { id };
        let link = Link {
            space: space.0,
            position,
            transaction: row.get("transaction_id"),
            device: row.get("device_id"),
            aggregate_type: row.get("aggregate_type"),
            aggregate_id: id,
            sequence: row.get("sequence"),
            event_type: row.get("event_type"),
            event_version: row.get("event_version"),
            metadata: &canonical(&row.get("metadata")),
            recorded_at: row.get("recorded_at"),
            payload_hash: &of_payload,
        };
        before = hash(&before, &link);
        let update = "UPDATE events SET aggregate_id = $3, payload = $4, payload_hash = $5, hash = $6
            WHERE space_id = $1 AND position = $2";
        let (of_payload, hash): (&[u8], &[u8]) = (&of_payload, &before);
        client.execute(update, &[&space.0, &position, &id, &payload, &of_payload, &hash]).await.unwrap();
    }
    set_head(client, space, before).await;
}

async fn set_head(client: &Client, space: SpaceId, hash: Hash) {
    let hash: &[u8] = &hash;
    client.execute("UPDATE heads SET hash = $2 WHERE space_id = $1", &[&space.0, &hash]).await.unwrap();
}

#[tokio::test]
async fn a_habit_under_the_heros_id_has_days_of_its_own() {
    let Some(database) = Database::create().await else { return };
    let (space, habit) = (database.with_a_task("Read").await, uuid_v7());
    let create = json!({ "type": "task.create", "id": habit, "data": { "title": "Run", "category": "habit" } });
    database.write(space, "A", vec![sent(space, &[create, json!({ "type": "task.complete", "id": habit })])]).await;
    rename(&database.client().await, space, habit, space.0).await;
    let (ended, told) = database.rebuild(&repair()).await;
    assert_eq!((ended.state, ended.spaces_failed, ended.spaces_damaged), (State::Finished, 0, 0), "{told:#?}");
    assert_eq!(database.rebuild(&repair()).await.0.differences, 0);
    let days =
        "SELECT string_agg(entity, ' ' ORDER BY entity) AS kinds FROM days WHERE space_id = $1 AND entity_id = $1";
    let days = database.client().await.query_one(days, &[&space.0]).await.unwrap();
    assert_eq!(days.get::<_, Option<&str>>("kinds"), Some("hero task"));
    assert_eq!(database.verify(space).await, []);
}

/// No table takes a task of this title any more, shadow tables included.
async fn refuse(database: &Database, title: &str) {
    let sql = format!(
        "UPDATE tasks SET title = 'changed' WHERE title = '{title}';
         CREATE DOMAIN titles AS text CHECK (VALUE <> '{title}');
         ALTER TABLE tasks ALTER COLUMN title TYPE titles"
    );
    database.client().await.batch_execute(&sql).await.unwrap();
}

#[tokio::test]
async fn a_space_that_the_database_refuses_is_named_and_counted_and_the_others_are_rebuilt() {
    let Some(database) = Database::create().await else { return };
    let (refused, other) = (database.with_a_task("Refused").await, database.with_a_task("Read").await);
    refuse(&database, "Refused").await;
    database.tamper("UPDATE tasks SET title = 'tampered' WHERE space_id = $1", other).await;
    let (ended, told) = database.rebuild(&Scope { workers: 1, ..repair() }).await;
    assert_eq!((ended.state, ended.spaces, ended.spaces_failed), (State::Finished, 2, 1), "{told:#?}");
    assert_eq!(
        (database.titles(other).await, database.titles(refused).await),
        (vec!["Read".into()], vec!["changed".into()])
    );
    assert!(told.iter().any(|line| line.starts_with(&format!("space {refused}: "))), "{told:#?}");
}

#[tokio::test]
async fn a_space_that_the_database_refuses_to_verify_is_a_finding_and_the_others_are_looked_at() {
    let Some(database) = Database::create().await else { return };
    let (refused, other) = (database.with_a_task("Refused").await, database.with_a_task("Read").await);
    refuse(&database, "Refused").await;
    database.tamper("UPDATE tasks SET description = 'tampered' WHERE space_id = $1", other).await;
    assert_eq!(database.codes(refused).await, ["refused"]);
    assert_eq!(database.codes(other).await, ["row"]);
}

#[tokio::test]
async fn a_row_with_a_number_that_no_program_can_hold_differs_and_is_repaired() {
    let Some(database) = Database::create().await else { return };
    let space = database.with_a_task("Read").await;
    let huge = "UPDATE tasks SET stamps = jsonb_build_object('title', 1e400::numeric) WHERE space_id = $1";
    database.tamper(huge, space).await;
    assert_eq!(database.codes(space).await, ["row"]);
    let (ended, told) = database.rebuild(&repair()).await;
    assert_eq!((ended.state, ended.differences, ended.spaces_failed), (State::Finished, 1, 0), "{told:#?}");
    assert_eq!(database.verify(space).await, []);
    let surplus = "INSERT INTO days (space_id, entity_id, day, entity, completions, minutes, balls, xp, written)
        VALUES ($1, $1, '1999-12-31', 'task', 1, 2, 3, 4, jsonb_build_object('xp', 1e400::numeric))";
    database.tamper(surplus, space).await;
    assert_eq!(database.rebuild(&repair()).await.0.differences, 1);
    assert_eq!(database.verify(space).await, []);
}
