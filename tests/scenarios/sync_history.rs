//! The history of syncs: what went up and down, how it fared, whose it is, and how long it is kept.

use std::time::Duration;

use application::sync_history::{Channel, Tally};
use domain::id::{AccountId, DeviceId};
use infrastructure::clock::now_ms;
use infrastructure::postgres::sync_history::PostgresSyncHistory;
use infrastructure::sync_notes::SyncNotes;
use infrastructure::upkeep::forget_syncs;
use serde_json::{Value, json};
use support::commands::{command, create_task, id, new_task, transaction};
use support::{Account, Http, Socket};
use tokio_util::sync::CancellationToken;

use crate::erasure::eraser;
use crate::people::{acts, promote};
use crate::stage::Stage;

async fn history(http: &Http, query: &str) -> Vec<Value> {
    let answer = http.get(&format!("/api/v2/sync-history?{query}")).await;
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    answer.json()["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_sync_says_what_went_up_and_down_and_how_it_fared() {
    let stage = Stage::set().await;
    let (task, before) = (id(), now_ms());
    let sent = [
        transaction(&[create_task(task, "Read"), command("task.complete", task), command("task.complete", task)]),
        transaction(&[command("task.complete", id())]),
        transaction(&[create_task(id(), "R")]),
    ];
    stage.http.write(&json!({ "transactions": sent })).await;
    // Sent again, after its answer was lost.
    stage.http.write(&json!({ "transactions": [sent[0]] })).await;
    let changes = stage.http.get("/api/v2/changes?limit=1000").await.json()["changes"].as_array().unwrap().len();
    let rows = stage.http.get("/api/v2/snapshot").await.json()["items"].as_array().unwrap().len();
    assert_eq!(stage.http.post("/api/v2/transactions", "{").await.status, 400);
    assert_eq!(stage.http.get("/api/v2/changes?cursor=garbage").await.status, 400);
    let found = history(&stage.http, "").await;
    assert_eq!(found.len(), 1, "{found:#?}");
    let sync = &found[0];
    assert_eq!(
        sync["up"],
        json!({ "transactions": 4, "commands": 6, "applied": 4, "merged": 0, "superseded": 0, "unchanged": 2,
            "rejected": 2, "deferred": 0 })
    );
    assert_eq!(sync["down"], json!({ "changes": changes, "snapshot_rows": rows, "resets": 0 }));
    let errors = json!({ "not_found": 1, "too_short": 1, "json_malformed": 1, "cursor_invalid": 1 });
    assert_eq!((&sync["errors"], &sync["requests"]), (&errors, &json!(6)));
    assert_eq!((&sync["channel"], &sync["device_name"]), (&json!("http"), &json!("phone")));
    assert_eq!(sync["device_id"], json!(stage.account.session.device_id()));
    let (started, ended) = (sync["started_at"].as_i64().unwrap(), sync["ended_at"].as_i64().unwrap());
    assert!((before..=now_ms()).contains(&started) && (started..=now_ms()).contains(&ended), "{sync}");
    assert_eq!(sync["duration_ms"], json!(ended - started));
    assert!(sync["busy_ms"].as_i64().unwrap() <= ended - started);
}

#[tokio::test]
async fn a_look_that_finds_nothing_new_is_no_sync() {
    let stage = Stage::set().await;
    let cursor = stage.cursor().await;
    let first = history(&stage.http, "").await;
    for wait in ["", "&wait=0"] {
        stage.http.get(&format!("/api/v2/changes?cursor={cursor}{wait}")).await;
    }
    assert_eq!(history(&stage.http, "").await, first);
    assert_eq!((first.len(), &first[0]["up"]["transactions"]), (1, &json!(0)));
}

#[tokio::test]
async fn a_live_connection_is_a_sync_of_its_own_and_devices_are_apart() {
    let stage = Stage::set().await;
    let browser = stage.account.device(&stage.server, "browser").await;
    let http = Http::of(&browser).await;
    let cursor = stage.cursor().await;
    let mut socket = Socket::open(&http).await;
    assert_eq!(socket.write(&[new_task("Read")]).await[0]["status"], "committed");
    socket.subscribe(Some(&cursor)).await;
    let heard = socket.hear_type("changes").await["changes"].as_array().unwrap().len();
    let found = support::patience::until("the delivery is noted", async || {
        let found = history(&http, &format!("device={}", browser.device_id())).await;
        (found.first()?["down"]["changes"] == json!(heard)).then_some(found)
    })
    .await;
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!((&found[0]["channel"], &found[0]["up"]["applied"]), (&json!("stream"), &json!(1)));
    assert_eq!(found[0]["device_name"], "browser");
    let all = history(&stage.http, "").await;
    let devices: Vec<&Value> = all.iter().map(|sync| &sync["device_id"]).collect();
    assert_eq!(devices, [&json!(browser.device_id()), &json!(stage.account.session.device_id())], "the newest first");
    let page = stage.http.get("/api/v2/sync-history?limit=1").await.json();
    let next = page["next"].as_str().expect("another page");
    let last = stage.http.get(&format!("/api/v2/sync-history?limit=1&page={next}")).await.json();
    assert_eq!((&page["items"][0], &last["items"][0], &last["next"]), (&all[0], &all[1], &json!(null)));
}

#[tokio::test]
async fn a_parameter_that_does_not_fit_is_named_and_nobody_sees_anothers() {
    let stage = Stage::set().await;
    let other = Account::register(&stage.server).await;
    other.commit(&[create_task(id(), "Private")]).await;
    assert_eq!(history(&other.http().await, "").await.len(), 1);
    assert_eq!(history(&stage.http, "").await, Vec::<Value>::new());
    let theirs = format!("device={}", other.session.device_id());
    assert_eq!(history(&stage.http, &theirs).await, Vec::<Value>::new());
    for (query, code, parameter) in [
        ("device=7", "query_invalid", "device"),
        ("limit=0", "query_invalid", "limit"),
        ("page=7", "page_invalid", "page"),
    ] {
        let answer = stage.http.get(&format!("/api/v2/sync-history?{query}")).await;
        let said = answer.json();
        assert_eq!(
            (answer.status, &said["code"], &said["parameter"]),
            (400, &json!(code), &json!(parameter)),
            "{query}"
        );
    }
    assert_eq!(stage.http.get("/api/v2/sync-history?color=red").await.problem(), "query_invalid");
}

#[tokio::test]
async fn support_reads_the_history_of_an_account_and_the_account_sees_that_it_did() {
    let stage = Stage::set().await;
    let other = Account::register(&stage.server).await;
    other.commit(&[create_task(id(), "Private")]).await;
    let path = format!("/api/v2/admin/accounts/{}/sync-history", other.space());
    assert_eq!(stage.http.get(&path).await.problem(), "role_missing");
    promote(&stage.sql, &stage.account, "support").await;
    let answer = stage.http.get(&path).await;
    assert_eq!(answer.json()["items"].as_array().unwrap(), &history(&other.http().await, "").await);
    assert!(!answer.json().to_string().contains("Private"));
    let looks = acts(&stage.sql, other.space(), "looked_at").await;
    let look = (Some(stage.account.space()), Some("support".to_owned()), json!({ "what": "sync_history" }));
    assert_eq!(looks, [look]);
    // What was not shown was not looked at.
    assert_eq!(stage.http.get(&format!("{path}?page=7")).await.problem(), "page_invalid");
    for unknown in [id().to_string(), "7".to_owned()] {
        let answer = stage.http.get(&format!("/api/v2/admin/accounts/{unknown}/sync-history")).await;
        assert_eq!((answer.status, answer.problem().as_str()), (404, "not_found"), "{unknown}");
    }
    let count = stage.sql.query_one("SELECT count(*) FROM security_log WHERE act = 'looked_at'", &[]).await.unwrap();
    assert_eq!(count.get::<_, i64>(0), 1);
}

#[tokio::test]
async fn a_server_that_stops_writes_its_notes_down_and_old_ones_go_after_their_time() {
    let stage = Stage::set().await;
    stage.account.commit(&[create_task(id(), "Read")]).await;
    let server = stage.server.restart().await;
    let noted = async || -> i64 { stage.sql.query_one("SELECT count(*) FROM sync_history", &[]).await.unwrap().get(0) };
    support::patience::until("what was noted is written down", async || (noted().await == 1).then_some(())).await;
    let http = stage.account.device_http(&server, "browser").await;
    assert_eq!(history(&http, "").await.len(), 1);
    let pool = stage.database.pool(1);
    forget_syncs(&pool, 30).await.unwrap();
    assert_eq!(noted().await, 1);
    let old = now_ms() - Duration::from_secs(31 * 24 * 60 * 60).as_millis() as i64;
    stage.sql.execute("UPDATE sync_history SET ended_at = $1", &[&old]).await.unwrap();
    forget_syncs(&pool, 30).await.unwrap();
    assert_eq!(noted().await, 0);
}

#[tokio::test]
async fn what_is_noted_of_an_account_that_is_gone_is_written_nowhere() {
    let stage = Stage::set().await;
    let other = Account::register(&stage.server).await;
    let notes = SyncNotes::default();
    let history = PostgresSyncHistory::new(stage.database.pool(1));
    let note = |account: &Account| {
        let who = (AccountId(account.space()), DeviceId(account.session.device_id()));
        notes.note(who, Channel::Http, (now_ms(), now_ms()), &Tally::read(1));
        who.0
    };
    let rows = async || -> Vec<uuid::Uuid> {
        let rows = stage.sql.query("SELECT account_id FROM sync_history", &[]).await.unwrap();
        rows.iter().map(|row| row.get(0)).collect()
    };
    notes.write_of(&history, note(&stage.account)).await.unwrap();
    assert_eq!(rows().await, [stage.account.space()]);
    let stop = CancellationToken::new();
    eraser(&stage.database, &stage.server).now(AccountId(stage.account.space()), &stop).await.unwrap();
    assert_eq!(rows().await, Vec::<uuid::Uuid>::new());
    notes.write_of(&history, note(&stage.account)).await.unwrap();
    notes.write_of(&history, note(&other)).await.unwrap();
    assert_eq!(rows().await, [other.space()]);
}
