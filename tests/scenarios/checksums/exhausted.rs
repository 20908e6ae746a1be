//! A device that repairs over and over is told to stop, whichever node it asks, and support is told of it once.

use serde_json::{Value, json};
use support::{Account, Answer, Http, TestServer};

use super::{compare, tasks};
use crate::security_log::entries_of;
use crate::stage::Stage;

const MOST: usize = 6;

/// Claims to have nothing, so that everything there is gets fetched.
async fn fetch(http: &Http, cursor: &str) -> Answer {
    compare(http, &json!({ "cursor": cursor, "held": [{ "entity": "task", "held": {} }] })).await
}

async fn assert_exhausted(http: &Http, cursor: &str) {
    let answer = fetch(http, cursor).await;
    assert_eq!((answer.status, answer.problem().as_str()), (429, "repairs_exhausted"));
    let seconds: u64 = answer.header("retry-after").parse().unwrap();
    assert!((3_000..=5_400).contains(&seconds), "{seconds}");
}

#[tokio::test]
async fn a_device_repairs_six_times_an_hour_on_all_nodes_together() {
    let stage = Stage::set().await;
    tasks(&stage.account, 2).await;
    let cursor = stage.cursor().await;
    let node = TestServer::start_with(stage.server.setup());
    let there = Http::of(&stage.account.session).await;
    let there = Http::nobody(node.url()).with_token(there.token());
    for number in 0..MOST {
        let http = if number % 2 == 0 { &stage.http } else { &there };
        assert_eq!(fetch(http, &cursor).await.json()["rows"].as_array().unwrap().len(), 2);
    }
    assert_exhausted(&stage.http, &cursor).await;
    assert_exhausted(&there, &cursor).await;
    let noticed = entries_of(&stage.sql, stage.account.space(), "repairs_exhausted").await;
    assert_eq!(noticed.len(), 1, "support is told once");
    assert_eq!(noticed[0].device, Some(stage.account.session.device_id()));
    let other = stage.account.device_http(&stage.server, "browser").await;
    assert_eq!(fetch(&other, &cursor).await.status, 200, "another device repairs by itself");
    let stranger = Account::register(&stage.server).await;
    assert_eq!(
        compare(&stranger.http().await, &sums(&crate::stage::cursor_of(&stranger.http().await).await)).await.status,
        200
    );
}

fn sums(cursor: &str) -> Value {
    json!({ "cursor": cursor, "sums": [{ "entity": "task", "sum": "0000000000000000" }] })
}

#[tokio::test]
async fn what_hands_out_nothing_is_no_repair() {
    let stage = Stage::set().await;
    tasks(&stage.account, 1).await;
    let cursor = stage.cursor().await;
    for _ in 0..2 * MOST {
        let differ = compare(&stage.http, &sums(&cursor)).await.json();
        assert_eq!(differ["differ"], json!([{ "entity": "task", "suffix": "", "count": 1 }]));
        let equal = json!({ "cursor": cursor, "held": [{ "entity": "goal", "held": {} }] });
        assert_eq!(compare(&stage.http, &equal).await.json()["rows"], json!([]));
    }
    assert_eq!(fetch(&stage.http, &cursor).await.status, 200);
}

#[tokio::test]
async fn repairs_are_counted_for_an_hour() {
    let stage = Stage::set().await;
    tasks(&stage.account, 1).await;
    let cursor = stage.cursor().await;
    for _ in 0..MOST {
        assert_eq!(fetch(&stage.http, &cursor).await.status, 200);
    }
    assert_exhausted(&stage.http, &cursor).await;
    // An hour passes for the oldest of them; for another, the clock had been a year ahead.
    for (hours, place) in [(-1, 1), (24 * 365, 2)] {
        let statement = format!("UPDATE checksum_repairs SET moments[{place}] = moments[{place}] + $1");
        stage.sql.execute(&statement, &[&(hours * 3_600_000_i64)]).await.unwrap();
        assert_eq!(fetch(&stage.http, &cursor).await.status, 200);
        assert_exhausted(&stage.http, &cursor).await;
    }
    assert_eq!(entries_of(&stage.sql, stage.account.space(), "repairs_exhausted").await.len(), 1);
}
