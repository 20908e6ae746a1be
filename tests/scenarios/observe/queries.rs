//! The ready queries for analysts run on recorded lives, and find in the tables what the API says.

use std::collections::BTreeMap;

use infrastructure::clock::now_ms;
use serde_json::{Value, json};
use support::commands::{create_task, edit_task, id, transaction};
use tokio_postgres::SimpleQueryMessage;

use crate::stage::{Stage, cursor_of};

/// The rows of a query, each as a map of texts.
async fn rows(stage: &Stage, sql: &str) -> Vec<BTreeMap<String, String>> {
    let messages = stage.sql.simple_query(sql).await.unwrap_or_else(|error| panic!("{error:?}: {sql}"));
    let rows = messages.into_iter().filter_map(|message| match message {
        SimpleQueryMessage::Row(row) => Some(row),
        _ => None,
    });
    rows.map(|row| {
        let cells = row.columns().iter().enumerate();
        cells.map(|(at, column)| (column.name().to_owned(), row.get(at).unwrap_or("null").to_owned())).collect()
    })
    .collect()
}

fn query(name: &str) -> String {
    let path = format!("{}/../docs/operations/queries/{name}.sql", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap()
}

#[tokio::test]
async fn the_ready_queries_find_what_the_api_says() {
    let stage = Stage::set().await;
    let browser = stage.account.device_http(&stage.server, "browser").await;
    let task = id();
    stage.account.commit(&[create_task(task, "Read")]).await;
    let base = cursor_of(&stage.http).await;
    for (http, title) in [(&stage.http, "Phone"), (&browser, "Browser")] {
        let mut sent = transaction(&[edit_task(task, json!({ "title": title }))]);
        sent["base"] = base.clone().into();
        assert_eq!(http.write(&json!({ "transactions": [sent] })).await.receipts()[0]["status"], "committed");
    }
    crate::people::promote(&stage.sql, &stage.account, "support").await;
    let store = infrastructure::postgres::measures::PostgresMeasures::new(stage.database.pool(2));
    store.count_people(now_ms()).await.unwrap();
    // Reading the report writes down what this node has counted.
    let whole = stage.http.get("/api/v2/admin/analytics").await.json()["whole"].clone();

    let one = async |name: &str| {
        let rows = rows(&stage, &query(name)).await;
        rows.into_iter().next_back().unwrap_or_else(|| panic!("{name} finds nothing"))
    };
    let number = |row: &BTreeMap<String, String>, name: &str| row[name].parse::<f64>().unwrap();
    let is = |found: f64, said: &Value| assert!((found - said.as_f64().unwrap()).abs() < 1e-4, "{found} is not {said}");
    is(number(&one("sync_success").await, "sync_success_rate"), &whole["sync_success_rate"]);
    is(number(&one("sync_success").await, "committed"), &whole["transactions"]["committed"]);
    is(number(&one("conflict_rate").await, "conflict_rate"), &whole["conflict_rate"]);
    is(number(&one("devices_per_account").await, "devices_per_account"), &whole["people"]["devices_per_account"]);
    is(number(&one("both_platforms").await, "both_platforms_share"), &whole["people"]["both_platforms_share"]);
    let latency = rows(&stage, &query("latency")).await;
    let write = latency.iter().find(|row| row["kind"] == "write").expect("how long writes took");
    is(number(write, "measured"), &whole["write"]["count"]);
    assert!(number(write, "p50_ms") >= whole["write"]["p50_ms"].as_f64().unwrap() * 0.99);
    let open = one("open_conflicts").await;
    assert_eq!((&*open["entity_kind"], &*open["field"], &*open["open"]), ("task", "title", "1"));
}

#[tokio::test]
async fn every_ready_query_runs_on_an_empty_database() {
    let stage = Stage::set().await;
    let dir = format!("{}/../docs/operations/queries", env!("CARGO_MANIFEST_DIR"));
    let mut queries = 0;
    for entry in std::fs::read_dir(dir).unwrap() {
        rows(&stage, &std::fs::read_to_string(entry.unwrap().path()).unwrap()).await;
        queries += 1;
    }
    assert!(queries >= 6);
}
