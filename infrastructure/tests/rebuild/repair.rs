//! What differs is found, told and repaired, and only in its own space.

use application::submit::{BatchOutcome, submit};
use domain::id::SpaceId;
use infrastructure::clock::now_ms;
use infrastructure::postgres::rebuild::{RebuildError, Scope, rebuild};
use serde_json::json;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::support::{Database, batch, check, repair, sent};

/// A task of the space.
async fn any_task(database: &Database, space: SpaceId) -> Uuid {
    let sql =
        "SELECT id FROM tasks WHERE space_id = $1 AND deleted_at IS NULL AND category <> 'habit' ORDER BY id LIMIT 1";
    database.client().await.query_one(sql, &[&space.0]).await.unwrap().get("id")
}

#[tokio::test]
async fn what_the_write_path_wrote_is_what_the_log_says() {
    let Some(database) = Database::create().await else { return };
    database.fill("light@example.test", 100).await;
    database.fill("heavy@example.test", 1_500).await;
    let mixed = database.fill("mixed@example.test", 1_000).await;
    let before = database.live().await;
    let (summary, told) = database.rebuild(&repair()).await;
    assert_eq!(told, Vec::<String>::new());
    assert_eq!((summary.differences, summary.spaces_damaged, summary.spaces), (0, 0, 3));
    assert_eq!(summary.events, summary.events_total);
    assert!(summary.rows > 1_000 && summary.events > 3_000, "{summary:?}");
    assert_eq!(database.live().await, before);
    assert_eq!(database.verify(mixed).await, []);
}

#[tokio::test]
async fn a_tampered_row_is_told_and_repaired_and_only_its_own_space_is_touched() {
    let Some(database) = Database::create().await else { return };
    let (one, other) = (database.fill("light@example.test", 100).await, database.fill("mixed@example.test", 300).await);
    let before = database.live().await;
    let task = any_task(&database, one).await;
    let untouched: Vec<&String> = before.iter().filter(|row| row.contains(&other.to_string())).collect();

    database.tamper(&format!("UPDATE tasks SET title = 'stolen' WHERE space_id = $1 AND id = '{task}'"), one).await;
    assert_eq!(database.tamper("DELETE FROM heroes WHERE space_id = $1", one).await, 1);
    let richer = "UPDATE activity SET xp = xp + 1000 WHERE space_id = $1
        AND position = (SELECT min(position) FROM activity WHERE space_id = $1)";
    assert_eq!(database.tamper(richer, one).await, 1);
    let extra = "INSERT INTO days SELECT space_id, entity_id, '1999-12-31', entity, 1, 2, 3, 4 FROM days WHERE space_id = $1 LIMIT 1";
    assert_eq!(database.tamper(extra, one).await, 1);
    database
        .tamper(
            "UPDATE heads SET live_entities = 99, legacy_next = 1, checksum = checksum + 1 WHERE space_id = $1",
            one,
        )
        .await;

    let tampered = database.live().await;
    let (checked, told) = database.rebuild(&check()).await;
    assert_eq!(database.live().await, tampered, "a check changes nothing");
    assert_eq!((checked.differences, checked.spaces_differing), (5, 1), "{told:#?}");
    for (place, what) in [
        (format!("tasks {task}"), "title \"stolen\" → "),
        (format!("heroes {one}"), "the row is missing"),
        ("activity ".to_owned(), "xp 1"),
        ("1999-12-31".to_owned(), "the row is in no event"),
        (format!("heads {one}"), "live_entities 99 → "),
    ] {
        assert!(told.iter().any(|line| line.contains(&place) && line.contains(what)), "{place} {what}: {told:#?}");
    }
    assert!(told.iter().all(|line| line.starts_with(&one.to_string())));

    let (repaired, again) = database.rebuild(&repair()).await;
    assert_eq!((repaired.differences, again), (5, told));
    assert_eq!(database.rebuild(&repair()).await.0.differences, 0);
    let after = database.live().await;
    assert!(untouched.iter().all(|row| after.contains(row)));
    let heads = |rows: &[String]| rows.iter().filter(|row| !row.starts_with("heads")).cloned().collect::<Vec<_>>();
    assert_eq!(heads(&after), heads(&before));
    let repairs =
        database.client().await.query("SELECT repairs FROM heads WHERE space_id = $1", &[&one.0]).await.unwrap();
    assert_eq!(repairs[0].get::<_, i64>("repairs"), 1);
    assert_eq!(database.verify(one).await, []);
}

#[tokio::test]
async fn one_space_can_be_asked_for_and_an_unknown_one_is_said_to_be_unknown() {
    let Some(database) = Database::create().await else { return };
    let (one, other) = (database.fill("light@example.test", 9).await, database.fill("light@example.test", 9).await);
    for space in [one, other] {
        database.tamper("UPDATE skills SET xp = xp + 1 WHERE space_id = $1", space).await;
    }
    let (summary, _) = database.rebuild(&Scope { space: Some(one), ..repair() }).await;
    assert_eq!((summary.differences, summary.spaces), (6, 1));
    assert_eq!((database.codes(one).await, database.codes(other).await), (vec![], vec!["row"]));
    let scope = Scope { space: Some(SpaceId::default()), ..repair() };
    let unknown = rebuild(&database.pool, &scope, &CancellationToken::new(), &mut |_| {}).await;
    assert!(matches!(unknown, Err(RebuildError::NoSpace(_))));
}

#[tokio::test]
async fn a_running_server_forgets_what_it_remembers_of_a_repaired_space() {
    let Some(database) = Database::create().await else { return };
    let space = database.fill("light@example.test", 20).await;
    let task = any_task(&database, space).await;
    database.ledger.forget([space]);
    database.tamper("UPDATE tasks SET description = 'never written' WHERE space_id = $1", space).await;
    // The server reads the tampered row and keeps it; a rejected command writes no row.
    let edit = || sent(space, &[json!({ "type": "task.edit", "id": task, "set": { "title": "Mine" } })]);
    let wrong = sent(space, &[json!({ "type": "task.edit", "id": task, "set": { "title": "" } })]);
    submit(&*database.ledger, now_ms(), &[batch(space, "A", vec![wrong])], false).await.unwrap();
    assert!(database.rebuild(&repair()).await.0.differences > 0);
    let remembered = submit(&*database.ledger, now_ms(), &[batch(space, "A", vec![edit()])], false).await.unwrap();
    assert!(matches!(remembered[..], [BatchOutcome::Lost]), "{remembered:?}");
    database.write(space, "A", vec![edit()]).await;
    assert_eq!(database.verify(space).await, []);
}
