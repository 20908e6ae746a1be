//! Nodes are replaced one by one: what the others show on a database that a newer program has migrated, where its tables lie, and how a
//! node takes its leave.

use std::time::{Duration, Instant};

use serde_json::json;
use support::commands::new_task;
use support::patience::{until, within};
use support::process::run;
use support::{DataDir, Database, Socket};
use tokio::net::TcpStream;
use tokio_postgres::Client;

use crate::stage::Stage;

/// The columns of the first entity of that kind in a snapshot.
async fn columns(stage: &Stage, kind: &str) -> Vec<String> {
    let page = stage.http.get("/api/v2/snapshot").await.json();
    let item = page["items"].as_array().unwrap().iter().find(|item| item["entity"] == kind).expect("one of that kind");
    item["fields"].as_object().unwrap().keys().cloned().collect()
}

#[tokio::test]
async fn a_snapshot_has_a_column_that_came_while_this_process_runs() {
    let stage = Stage::set().await;
    stage.account.send(new_task("Early")).await;
    let before = columns(&stage, "task").await;
    assert!(!before.contains(&"later".to_owned()));
    stage.sql.execute("ALTER TABLE tasks ADD COLUMN later text NOT NULL DEFAULT 'there'", &[]).await.unwrap();
    let after = columns(&stage, "task").await;
    assert!(after.contains(&"later".to_owned()), "{after:?}");
    assert_eq!(after.len(), before.len() + 1);
    stage.sql.execute("ALTER TABLE tasks DROP COLUMN later", &[]).await.unwrap();
    assert_eq!(columns(&stage, "task").await, before);
}

/// Makes a database look as if the engine had spread all tables but this one: its catalog, and its functions.
async fn spread_all_but(sql: &Client, table: &str) {
    let engine = "SET allow_system_table_mods = on;
        CREATE TABLE pg_catalog.pg_dist_partition (logicalrelid regclass NOT NULL);
        INSERT INTO pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)
        VALUES (99999, 'citus', 10, 11, false, '1');
        CREATE FUNCTION create_distributed_table(table_name text, column_name text, colocate_with text) RETURNS void
            LANGUAGE sql AS $$ INSERT INTO pg_catalog.pg_dist_partition VALUES (table_name::regclass) $$;
        CREATE FUNCTION create_reference_table(table_name text) RETURNS void
            LANGUAGE sql AS $$ INSERT INTO pg_catalog.pg_dist_partition VALUES (table_name::regclass) $$;
        CREATE FUNCTION truncate_local_data_after_distributing_table(table_name text) RETURNS void
            LANGUAGE sql AS $$ SELECT NULL::void $$;";
    sql.batch_execute(engine).await.unwrap();
    let (by_space, everywhere) = (
        infrastructure::postgres::distribution::tables::BY_SPACE,
        infrastructure::postgres::distribution::tables::EVERYWHERE,
    );
    for name in by_space.iter().chain(everywhere.iter().map(|(name, _)| name)).filter(|name| **name != table) {
        let sentence = format!("INSERT INTO pg_catalog.pg_dist_partition VALUES ('{name}'::regclass)");
        sql.batch_execute(&sentence).await.unwrap();
    }
}

async fn is_spread(sql: &Client, table: &str) -> bool {
    let found = "SELECT count(*) FROM pg_catalog.pg_dist_partition WHERE logicalrelid = to_regclass($1)";
    sql.query_one(found, &[&table]).await.unwrap().get::<_, i64>(0) == 1
}

#[tokio::test]
async fn a_table_that_a_migration_made_anew_is_spread_like_the_others() {
    let database = Database::fresh().await;
    let sql = database.connect().await;
    let migrate = async || {
        let (exit, said, error) = run(&database.url(), DataDir::fresh().path(), &["migrate"]).await;
        assert_eq!(exit, 0, "{said}{error}");
    };
    migrate().await;
    spread_all_but(&sql, "audit_log").await;
    assert!(!is_spread(&sql, "audit_log").await);
    migrate().await;
    assert!(is_spread(&sql, "audit_log").await);
    migrate().await;
    assert!(is_spread(&sql, "audit_log").await, "once, and not again");
}

/// Well below the five seconds that a server lets a client take to close its side, by a clock that is right to half a second.
const CLOSING: Duration = Duration::from_secs(3);

async fn live(stage: &Stage) -> Socket {
    let mut socket = Socket::open(&stage.http).await;
    socket.subscribe(None).await;
    socket.hear_type("changes").await;
    socket
}

/// How long a server that stops goes on after it has told its one client so, which then neither reads nor closes.
async fn goes_on_for() -> Duration {
    let stage = Stage::set().await;
    let mut socket = live(&stage).await;
    let stopping = tokio::spawn(stage.server.stop());
    assert_eq!(socket.hear_type("notice").await["code"], "restarting");
    assert_eq!(socket.next().await, Err(Some(1012)));
    let told = Instant::now();
    within("the end of the server", stopping).await.unwrap();
    told.elapsed()
}

#[tokio::test]
async fn a_server_that_stops_does_not_wait_for_clients_that_were_told() {
    // A server that waits does so every time; a machine that stands still for a moment does not.
    let mut least = Duration::MAX;
    for _ in 0..3 {
        least = least.min(goes_on_for().await);
        if least < CLOSING {
            return;
        }
    }
    panic!("it waited {} ms", least.as_millis());
}

#[tokio::test]
async fn what_a_live_connection_has_sent_is_answered_before_the_server_says_goodbye() {
    let mut stage = Stage::set().await;
    let mut socket = live(&stage).await;
    let held = stage.sql.transaction().await.unwrap();
    held.batch_execute("LOCK TABLE events IN EXCLUSIVE MODE").await.unwrap();
    socket.say(&json!({ "type": "transactions", "id": 7, "transactions": [new_task("Late")] })).await;
    let eyes = stage.database.connect().await;
    let waits = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    until("the write", async || (eyes.query_one(waits, &[]).await.unwrap().get::<_, i64>(0) > 0).then_some(())).await;
    let door = stage.server.url().trim_start_matches("http://").to_owned();
    let stopping = tokio::spawn(stage.server.stop());
    until("the closed door", async || TcpStream::connect(&door).await.is_err().then_some(())).await;
    held.rollback().await.unwrap();
    let receipts = socket.hear_type("receipts").await;
    assert_eq!((&receipts["id"], &receipts["receipts"][0]["status"]), (&json!(7), &json!("committed")), "{receipts}");
    assert_eq!(socket.hear_type("notice").await["code"], "restarting");
    assert_eq!(socket.next().await, Err(Some(1012)));
    within("the end of the server", stopping).await.unwrap();
}
