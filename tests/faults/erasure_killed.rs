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

/// Begins an erasure by the command line and kills it once fewer events are left than before.
async fn begin_and_kill(sql: &Client, url: &str, data_dir: &Path, space: Uuid) -> i64 {
    let before = events(sql, space).await;
    let id = space.to_string();
    let mut erasing = command(url, data_dir, &["admin", "erase", "--now", "--id", &id]).spawn().unwrap();
    let left = until("the first rows to go", async || {
        let left = events(sql, space).await;
        (left < before).then_some(left)
    })
    .await;
    erasing.id().into_iter().for_each(|pid| signal("KILL", &[pid]));
    erasing.wait().await.unwrap();
    left
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

    let mut left = events(&sql, space).await;
    for _ in 0..times(3, 6) {
        let next = begin_and_kill(&sql, &url, &server.data_dir(), space).await;
        assert!(next < left && next > 0, "killed in the middle: {left} -> {next}");
        left = next;
        let begun = sql.query_one("SELECT finished_at FROM erasures WHERE account_id = $1", &[&space]).await.unwrap();
        assert_eq!(begun.get::<_, Option<i64>>(0), None);
    }
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
