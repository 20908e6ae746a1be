//! Killed in the middle, as a process and as a node, and taken up by whoever is there.

use std::time::Duration;

use infrastructure::clock::jitter_ms;
use serde_json::{Value, json};
use support::patience::until;
use support::process::{Place, ServerProcess, command, run};
use support::{Account, DataDir, TestServer};

use super::{Held, admin_with_tasks, begin, show, tamper, tampered, until_it_is, write_tasks};

/// How often the process is killed.
const KILLS: usize = 8;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_that_is_killed_again_and_again_ends_with_nothing_that_differs() {
    let stage = admin_with_tasks(120).await;
    let mut spaces = vec![stage.account.space()];
    for _ in 0..4 {
        let other = Account::register(&stage.server).await;
        write_tasks(&other, 60).await;
        spaces.push(other.space());
    }
    let (url, dir) = (stage.database.url(), DataDir::fresh());
    stage.server.stop().await;
    for space in &spaces {
        tamper(&stage.sql, *space).await;
    }
    let mut killed = 0;
    for _ in 0..KILLS {
        let mut child = command(&url, dir.path(), &["rebuild"]).spawn().unwrap();
        tokio::time::sleep(Duration::from_millis(jitter_ms(600))).await;
        child.kill().await.unwrap();
        killed += 1;
        // Its sessions end a moment later.
        let held = "SELECT 1 FROM rebuilds r JOIN pg_stat_activity a ON a.pid = r.holder_pid AND a.backend_start = r.holder_start";
        until("the end of its sessions", async || stage.sql.query(held, &[]).await.unwrap().is_empty().then_some(()))
            .await;
    }
    let (code, said, error) = run(&url, dir.path(), &["rebuild"]).await;
    assert_eq!(code, 0, "after {killed} kills: {said} {error}");
    let (code, said, error) = run(&url, dir.path(), &["rebuild", "--check"]).await;
    assert_eq!(code, 0, "{said} {error}");
    assert!(said.contains("all equal"), "{said}");
    for space in &spaces {
        assert_eq!(tampered(&stage.sql, *space).await, 0);
    }
    let (code, said, _) = run(&url, dir.path(), &["verify"]).await;
    assert_eq!(code, 0, "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_killed_node_ran_is_run_by_another() {
    let stage = admin_with_tasks(20).await;
    let space = stage.account.space();
    tamper(&stage.sql, space).await;
    let held = Held::head(&stage, space).await;
    // The node of the stage rests: another one has to be the first.
    let setup = stage.server.setup();
    let (sql, database, http) = (stage.sql, stage.database, stage.http);
    stage.server.stop().await;
    let place = Place::fresh();
    let mut node = ServerProcess::start(place.path(), Some(database.url())).await;
    let account = stage.account;
    let insert = "INSERT INTO rebuilds (rebuild_id, projections, fold_versions, check_only, workers, cause, state, began_at,
        changed_at, spaces_total, events_total) VALUES ($1, '{tasks}', '{1}', false, 1, 'asked', 'running', 0, 0, 1, 1)";
    let id = support::commands::id();
    sql.execute(insert, &[&id]).await.unwrap();
    held.is_waited_for(&sql).await;
    node.kill().await;
    let server = TestServer::start_with(setup);
    let http = http_at(&http, &server);
    held.release().await;
    let shown = until_it_is(&http, &id.to_string(), "finished").await;
    assert_eq!(shown["differences"], json!(20), "{shown}");
    assert_eq!(tampered(&sql, account.space()).await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_nodes_one_runs_it_and_a_connection_that_is_lost_ends_nothing() {
    let stage = admin_with_tasks(20).await;
    let other = TestServer::start_with(stage.server.setup());
    let space = stage.account.space();
    tamper(&stage.sql, space).await;
    let held = Held::head(&stage, space).await;
    let id = begin(&http_at(&stage.http, &other), &json!({})).await;
    held.is_waited_for(&stage.sql).await;
    let holders = "SELECT count(DISTINCT a.pid) FROM rebuilds r JOIN pg_stat_activity a ON a.pid = r.holder_pid";
    assert_eq!(stage.sql.query_one(holders, &[]).await.unwrap().get::<_, i64>(0), 1);
    let cut = "SELECT pg_terminate_backend(holder_pid) FROM rebuilds UNION ALL
        SELECT pg_terminate_backend(worker_pid) FROM rebuild_spaces WHERE worker_pid IS NOT NULL";
    assert!(stage.sql.query(cut, &[]).await.unwrap().len() >= 2);
    held.release().await;
    let shown = until_it_is(&stage.http, &id, "finished").await;
    assert_eq!((&shown["differences"], &shown["spaces"]), (&json!(20), &shown["spaces_total"]), "{shown}");
    let seen: Value = show(&http_at(&stage.http, &other), &id).await;
    assert_eq!(seen["events"], seen["events_total"]);
    assert_eq!(tampered(&stage.sql, space).await, 0);
}

/// The same person's requests to another node.
fn http_at(http: &support::Http, server: &TestServer) -> support::Http {
    support::Http::nobody(server.url()).with_token(http.token())
}
