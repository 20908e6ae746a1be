//! An erasure is killed in the middle, again and again; whoever comes next goes on with it.

use std::path::Path;

use api::client::{Credentials, Device, Session};
use support::Database;
use support::patience::until;
use support::process::{Place, ServerProcess, command, signal};
use tokio_postgres::Client;
use uuid::Uuid;

use crate::seed::times;

/// Rows that take an erasure several steps each.
const EVENTS: i64 = 60_000;

/// A life that is long enough to be interrupted: events as they would be, far more of them.
async fn grow(sql: &Client, space: Uuid) {
    let statement = "INSERT INTO events
        SELECT e.space_id, 1000 + n, e.transaction_id, 'task', gen_random_uuid(), 1, e.event_type, e.event_version,
            e.payload, e.metadata, e.fields, e.device_id, e.recorded_at, e.payload_hash, e.hash, e.redacted_at
        FROM (SELECT * FROM events WHERE space_id = $1 ORDER BY position LIMIT 1) e, generate_series(1, $2::bigint) n";
    sql.execute(statement, &[&space, &EVENTS]).await.unwrap();
}

async fn events(sql: &Client, space: Uuid) -> i64 {
    sql.query_one("SELECT count(*) FROM events WHERE space_id = $1", &[&space]).await.unwrap().get(0)
}

/// The erasure's sessions in the database: all of them, or those that wait for a lock.
async fn sessions(sql: &Client, waiting: bool) -> i64 {
    let statement = "SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name = 'levelup'
            AND (wait_event_type = 'Lock' OR NOT $1)";
    sql.query_one(statement, &[&waiting]).await.unwrap().get(0)
}

/// Begins an erasure by the command line and kills it where it meets an event that somebody holds.
async fn begin_and_kill(database: &Database, data_dir: &Path, space: Uuid, position: i64) {
    let (sql, mut holder) = (database.connect().await, database.connect().await);
    let held = holder.transaction().await.unwrap();
    let hold = "SELECT FROM events WHERE space_id = $1 AND position = $2 FOR UPDATE";
    assert_eq!(held.query(hold, &[&space, &position]).await.unwrap().len(), 1, "the event is still there");
    let id = space.to_string();
    let mut erasing = command(&database.url(), data_dir, &["admin", "erase", "--now", "--id", &id]).spawn().unwrap();
    until("the erasure to meet what is held", async || (sessions(&sql, true).await == 1).then_some(())).await;
    erasing.id().into_iter().for_each(|pid| signal("KILL", &[pid]));
    erasing.wait().await.unwrap();
    held.commit().await.unwrap();
    until("the end of its connections", async || (sessions(&sql, false).await == 0).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_erasure_that_is_killed_is_gone_on_with() {
    let (place, database) = (Place::fresh(), Database::fresh().await);
    let (url, sql) = (database.url(), database.connect().await);
    let mut server = ServerProcess::start(place.path(), Some(url.clone())).await;
    let person = |email: &str| Credentials { email: email.to_owned(), password: "correct horse battery".to_owned() };
    let (leaving, staying) = (person("leaving@example.test"), person("staying@example.test"));
    let device = Device::fresh("ios", "phone");
    let space = Session::register(&server.server(), &leaving, &device).await.unwrap().account_id();
    let other = Session::register(&server.server(), &staying, &device).await.unwrap().account_id();
    server.stop().await;
    grow(&sql, space).await;
    grow(&sql, other).await;
    let others = events(&sql, other).await;

    let (mut left, all) = (events(&sql, space).await, events(&sql, space).await);
    for _ in 0..times(3, 8) {
        // Half of what is left goes, or nearly.
        let middle = "SELECT position FROM events WHERE space_id = $1 ORDER BY position OFFSET $2 LIMIT 1";
        let position: i64 = sql.query_one(middle, &[&space, &(left / 2)]).await.unwrap().get(0);
        begin_and_kill(&database, &server.data_dir(), space, position).await;
        let next = events(&sql, space).await;
        assert!(next > 0 && next <= left, "killed in the middle: {left} -> {next}");
        left = next;
        let begun = sql.query_one("SELECT finished_at FROM erasures WHERE account_id = $1", &[&space]).await.unwrap();
        assert_eq!(begun.get::<_, Option<i64>>(0), None);
    }
    println!("{left} of {all} events were left when it was killed last");
    let list = std::fs::read_to_string(server.data_dir().join("erasures.ndjson")).unwrap();
    assert_eq!(list.matches(&space.to_string()).count(), 1, "{list}");

    server.start_again().await;
    let half = Session::login(&server.server(), &leaving, &device).await.err().expect("nobody signs in");
    assert_eq!(half.status(), Some(401));
    let finished = "SELECT account_id FROM erasures WHERE finished_at IS NOT NULL";
    until("the end of the erasure", async || sql.query_opt(finished, &[]).await.unwrap()).await;
    for table in ["heads", "events", "receipts", "tasks", "heroes", "skills", "space_devices"] {
        let statement = format!("SELECT count(*) FROM {table} WHERE space_id = $1");
        assert_eq!(sql.query_one(&statement, &[&space]).await.unwrap().get::<_, i64>(0), 0, "{table}");
    }
    let accounts = sql.query("SELECT account_id FROM accounts", &[]).await.unwrap();
    assert_eq!(accounts.iter().map(|row| row.get(0)).collect::<Vec<Uuid>>(), [other]);
    assert_eq!(events(&sql, other).await, others);
    server.stop().await;
}
