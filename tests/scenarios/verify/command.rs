//! `levelup verify` and `levelup repair` as processes: what they say, how they end, and what is left of them when they are
//! killed.

use serde_json::Value;
use support::process::{command, run};
use support::{Account, DataDir, Database, TestServer, patience};
use tokio::process::Child;
use tokio_postgres::Client;

/// A database with so many founded spaces.
async fn founded(spaces: usize) -> (Database, Client, DataDir) {
    let database = Database::fresh().await;
    let server = TestServer::start(&database);
    for _ in 0..spaces {
        Account::register(&server).await;
    }
    server.stop().await;
    let sql = database.connect().await;
    (database, sql, DataDir::fresh())
}

/// What a subcommand says: its exit code, its standard output and its standard error.
async fn levelup(database: &Database, dir: &DataDir, arguments: &[&str]) -> (i32, String, String) {
    run(&database.url(), dir.path(), arguments).await
}

async fn document(database: &Database, dir: &DataDir) -> (i32, Value) {
    let (exit, out, _) = levelup(database, dir, &["verify", "--json"]).await;
    (exit, serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}")))
}

#[tokio::test]
async fn the_command_line_names_what_is_wrong_and_repairs_it() {
    let (database, sql, dir) = founded(2).await;
    let (exit, sound) = document(&database, &dir).await;
    assert_eq!((exit, &sound["outcome"], &sound["spaces"]), (0, &"done".into(), &2.into()), "{sound}");
    assert_eq!(sound["findings"], Value::Array(Vec::new()));

    sql.batch_execute("UPDATE heroes SET name = 'Stolen'").await.unwrap();
    let (exit, wrong) = document(&database, &dir).await;
    assert_eq!((exit, wrong["findings"].as_array().unwrap().len()), (5, 2), "{wrong}");
    assert_eq!(
        (&wrong["findings"][0]["code"], &wrong["findings"][0]["about"]["columns"][0]),
        (&"row".into(), &"name".into())
    );
    let (exit, out, _) = levelup(&database, &dir, &["verify"]).await;
    assert_eq!((exit, out.matches("name \"Stolen\" → ").count()), (5, 2), "{out}");
    assert!(out.contains("findings: 2;"), "{out}");

    let (exit, out, _) = levelup(&database, &dir, &["repair", "--dry-run"]).await;
    assert_eq!((exit, out.matches("name \"Stolen\" → ").count()), (5, 2), "{out}");
    let (exit, out, _) = levelup(&database, &dir, &["repair"]).await;
    assert_eq!((exit, out.lines().last()), (0, Some("spaces: 2, rows repaired: 2, left: 0")), "{out}");
    let (exit, out, _) = levelup(&database, &dir, &["verify"]).await;
    assert_eq!((exit, out.lines().last()), (0, Some("everything is as it was committed")), "{out}");

    sql.batch_execute("UPDATE events SET hash = sha256('x') WHERE position = 2").await.unwrap();
    assert_eq!(levelup(&database, &dir, &["verify"]).await.0, 5);
    let (exit, out, _) = levelup(&database, &dir, &["repair"]).await;
    assert_eq!((exit, out.matches("left: chain_hash space ").count()), (5, 2), "{out}");
}

#[tokio::test]
async fn a_space_that_is_none_and_one_that_goes_are_told_apart() {
    let (database, sql, dir) = founded(1).await;
    let space: uuid::Uuid = sql.query_one("SELECT space_id FROM heads", &[]).await.unwrap().get(0);
    let one = space.to_string();
    assert_eq!(levelup(&database, &dir, &["verify", "--space", &one]).await.0, 0);
    let (exit, _, error) =
        levelup(&database, &dir, &["verify", "--space", "00000000-0000-0000-0000-000000000001"]).await;
    assert_eq!(exit, 1, "{error}");
    assert!(error.contains("there is no space"), "{error}");
    sql.execute("INSERT INTO erasures (account_id, requested_at) VALUES ($1, 0)", &[&space]).await.unwrap();
    let (exit, out, _) = levelup(&database, &dir, &["verify", "--space", &one]).await;
    assert_eq!((exit, out.trim()), (0, format!("space {one} is being erased; there is nothing to verify").as_str()));
}

/// Starts a slow verify and waits until it has done a space, and not all.
async fn in_the_middle(database: &Database, sql: &Client, dir: &DataDir) -> Child {
    let mut slow = command(&database.url(), dir.path(), &["verify", "--rate", "10"]);
    let child = slow.spawn().unwrap();
    let done = async || {
        let row = sql.query_opt("SELECT spaces, spaces_total FROM verify_runs", &[]).await.unwrap()?;
        let (spaces, total): (i64, i64) = (row.get(0), row.get(1));
        assert!(spaces < total, "it is too fast for this test");
        (spaces > 0).then_some(())
    };
    patience::until("the first space", done).await;
    child
}

async fn goes_on(database: &Database, sql: &Client, dir: &DataDir) {
    let (exit, out, error) = levelup(database, dir, &["verify"]).await;
    assert_eq!((exit, out.lines().last()), (0, Some("everything is as it was committed")), "{out} {error}");
    assert!(out.contains("spaces: 6, ") && error.contains("going on with a verify that was begun"), "{out} {error}");
    let runs = sql.query("SELECT events, events_total, spaces FROM verify_runs", &[]).await.unwrap();
    assert_eq!(runs.len(), 1, "it was the same one");
    assert_eq!((runs[0].get::<_, i64>(0), runs[0].get::<_, i64>(2)), (runs[0].get(1), 6));
    assert_eq!(sql.query("SELECT run_id FROM verify_stretches", &[]).await.unwrap().len(), 0);
}

#[tokio::test]
async fn a_verify_that_is_killed_is_gone_on_with_where_it_was() {
    let (database, sql, dir) = founded(6).await;
    let mut child = in_the_middle(&database, &sql, &dir).await;
    child.kill().await.unwrap();
    goes_on(&database, &sql, &dir).await;
}

#[tokio::test]
async fn a_verify_whose_connection_is_lost_says_so_and_can_be_gone_on_with() {
    let (database, sql, dir) = founded(6).await;
    let child = in_the_middle(&database, &sql, &dir).await;
    let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name LIKE 'levelup%'";
    sql.query(end, &[]).await.unwrap();
    let ended = patience::within("the end of a verify without a database", child.wait_with_output()).await.unwrap();
    assert_eq!(ended.status.code(), Some(4), "{}", String::from_utf8_lossy(&ended.stderr));
    goes_on(&database, &sql, &dir).await;
}
