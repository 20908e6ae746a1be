//! A node whose clock is not the database's says so, and that it is again.

use support::Database;

use super::{Node, person, write};

/// Puts a clock before PostgreSQL's own, for a connection that looks there first; this one is off by what the table says.
const SKEWED: &str = "
    CREATE SCHEMA skewed;
    CREATE TABLE skewed.clock (off interval NOT NULL);
    INSERT INTO skewed.clock VALUES ('-90 seconds');
    CREATE FUNCTION skewed.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE
        AS 'SELECT pg_catalog.clock_timestamp() + off FROM skewed.clock'";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_that_is_not_the_databases_is_told_and_serving_goes_on() {
    let database = Database::fresh().await;
    let sql = database.connect().await;
    sql.batch_execute(SKEWED).await.unwrap();
    let url = database.url();
    let joint = if url.contains('?') { '&' } else { '?' };
    let url = format!("{url}{joint}options=-csearch_path%3Dpublic,skewed,pg_catalog");
    let node = Node::start_at(url, &[]).await;
    node.part_becomes("clock", "degraded").await;
    let ready = node.http.get("/readyz").await;
    assert_eq!(ready.status, 200);
    let ready = ready.json();
    assert_eq!(ready["status"], "degraded");
    let detail = ready["parts"]["clock"]["detail"].as_str().unwrap();
    assert!(detail.contains("ahead of the database's"), "{detail}");
    assert!((80.0..100.0).contains(&node.metric("levelup_clock_offset_seconds", "").await));
    write(&person(&[&node]).await[0]).await;
    sql.execute("UPDATE skewed.clock SET off = '0'", &[]).await.unwrap();
    node.part_becomes("clock", "ok").await;
    assert!(node.metric("levelup_clock_offset_seconds", "").await.abs() < 3.0);
}
