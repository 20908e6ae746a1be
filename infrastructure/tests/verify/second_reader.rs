//! postgres-es reads what this program wrote, and what it cannot read ends nothing else.

use domain::entity::{EntityRef, Kind};
use domain::id::EntityId;
use infrastructure::second_reader::{Read, SecondReader};

use super::support::Database;

#[tokio::test]
async fn the_second_reader_agrees_about_the_recorded_lives() {
    let Some(database) = Database::create().await else { return };
    for life in ["light@example.test", "heavy@example.test", "mixed@example.test"] {
        database.fill(life, 800).await;
    }
    let (run, told) = database.walk().await;
    assert_eq!(told, []);
    assert_eq!((run.outcome.as_deref(), run.spaces, run.events), (Some("done"), 3, run.events_total));
    assert!(run.rows > 500, "{run:?}");
}

#[tokio::test]
async fn what_it_reads_is_counted_and_a_row_that_it_cannot_decode_ends_nothing_else() {
    let Some(database) = Database::create().await else { return };
    let space = database.fill("light@example.test", 30).await;
    let reader = SecondReader::connect(&database.config).await.unwrap();
    let hero = EntityRef::new(Kind::Hero, EntityId(space.0));
    let events = async || match reader.read(hero).await.unwrap() {
        Read::Events(events) => Ok(events.len() as i64),
        Read::Undecodable(reason) => Err(reason),
    };
    let of_hero = "SELECT count(*) AS events FROM events WHERE space_id = $1 AND aggregate_type = 'hero'";
    let row = database.client().await.query_one(of_hero, &[&space.0]).await.unwrap();
    assert_eq!(events().await, Ok(0), "nothing is copied yet");
    let copied = reader.copy(space, 0, i64::MAX).await.unwrap();
    assert!(copied > 30);
    assert_eq!(events().await, Ok(row.get("events")));

    let plant =
        "UPDATE events SET payload = jsonb_set(payload, '{change}', '1e999') WHERE space_id = $1 AND position = 1";
    assert_eq!(database.tamper(plant, space).await, 1);
    reader.empty().await.unwrap();
    assert_eq!(reader.copy(space, 0, i64::MAX).await.unwrap(), copied);
    assert!(events().await.is_err());
    let skill = "SELECT aggregate_id FROM events WHERE space_id = $1 AND aggregate_type = 'skill' LIMIT 1";
    let skill = database.client().await.query_one(skill, &[&space.0]).await.unwrap().get("aggregate_id");
    let other = reader.read(EntityRef::new(Kind::Skill, EntityId(skill))).await.unwrap();
    assert!(matches!(other, Read::Events(events) if !events.is_empty()), "the others are still there");
    reader.close().await;
}

#[tokio::test]
async fn a_reader_whose_connection_is_lost_fails_and_reads_from_no_other_table() {
    let Some(database) = Database::create().await else { return };
    let space = database.fill("light@example.test", 5).await;
    let reader = SecondReader::connect(&database.config).await.unwrap();
    reader.copy(space, 0, i64::MAX).await.unwrap();
    let client = database.client().await;
    let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = 'levelup second reader'";
    assert_eq!(client.query(end, &[]).await.unwrap().len(), 1);
    let hero = EntityRef::new(Kind::Hero, EntityId(space.0));
    for _ in 0..2 {
        assert!(reader.read(hero).await.is_err());
    }
}
