//! Every counter that is documented exists and moves, and no other exists.

use std::collections::BTreeSet;

use infrastructure::clock::now_ms;
use serde_json::{Value, json};
use support::commands::{create_task, edit_task, id, new_task, transaction};
use support::{Account, Database, Http, Setup, Socket, TestServer};

use super::files::documented;
use super::scrape::Scrape;
use crate::stage::{Stage, cursor_of};

/// What has no value before there is one: an age of nothing would be taken for an old one.
const SOMETIMES_THERE: [&str; 4] = [
    "levelup_backup_bytes",
    "levelup_backup_last_success_timestamp_seconds",
    "levelup_backup_seconds",
    "levelup_verify_findings",
];

/// What this life does not move, and where it is moved: it takes a database that goes away, a crowd, a mail server, an
/// erasure, other nodes or a collector.
const MOVED_ELSEWHERE: [&str; 37] = [
    "levelup_backup_bytes",
    "levelup_backup_checks_total",
    "levelup_backup_last_success_timestamp_seconds",
    "levelup_backup_seconds",
    "levelup_backups_total",
    "levelup_clock_jumps_total",
    "levelup_clock_offset_seconds",
    "levelup_cursor_reads_total",
    "levelup_database_circuit_opened_total",
    "levelup_database_circuit_refused_total",
    "levelup_database_circuit_state",
    "levelup_database_replica_in_use",
    "levelup_database_replica_lag_seconds",
    "levelup_database_replica_lost_total",
    "levelup_dropped_spans_total",
    "levelup_erasures_total",
    "levelup_exported_spans_total",
    "levelup_heads_found_total",
    "levelup_hints_connected",
    "levelup_hints_dropped_total",
    "levelup_hints_heard_total",
    "levelup_hints_lost_total",
    "levelup_hints_unreadable_total",
    "levelup_mails_total",
    "levelup_pool_waiting",
    "levelup_projected_events_total",
    "levelup_projection_behind_spaces",
    "levelup_projection_lag_seconds",
    "levelup_projection_newer_spaces",
    "levelup_refused_turns_total",
    "levelup_repaired_rows_total",
    "levelup_verified_events_total",
    "levelup_verified_spaces_total",
    "levelup_verify_findings",
    "levelup_waiting_mails",
    "levelup_waiting_transactions",
    "levelup_waiting_turns",
];

async fn send(http: &Http, body: Value) -> Vec<Value> {
    http.write(&body).await.receipts()
}

/// Two devices rename a task that both have seen: one field asks, another is superseded.
async fn disagree(stage: &Stage, phone: &Http, browser: &Http) {
    let task = id();
    stage.account.commit(&[create_task(task, "Read")]).await;
    let base = cursor_of(phone).await;
    for (http, title, difficulty) in [(phone, "Phone", "hard"), (browser, "Browser", "easy")] {
        let mut edit = edit_task(task, json!({ "title": title, "difficulty": difficulty }));
        // The second device acted before the first, and is heard after it.
        edit["at"] = (now_ms() - if title == "Browser" { 60_000 } else { 0 }).into();
        let mut sent = transaction(&[edit]);
        sent["base"] = base.clone().into();
        let receipts = send(http, json!({ "transactions": [sent] })).await;
        assert_eq!(receipts[0]["status"], "committed", "{receipts:?}");
    }
}

/// Refusals, repeats, a clock that is off, a cursor of nowhere.
async fn go_wrong(stage: &Stage, phone: &Http) {
    let again = new_task("Twice");
    for _ in 0..2 {
        send(phone, json!({ "transactions": [again.clone()] })).await;
    }
    send(phone, json!({ "transactions": [transaction(&[edit_task(id(), json!({ "title": "Gone" }))])] })).await;
    send(phone, json!({ "sent_at": now_ms() - 86_400_000, "transactions": [new_task("Late")] })).await;
    assert_eq!(phone.get("/api/v2/changes?cursor=garbage").await.status, 400);
    let refresh = json!({ "refresh_token": "x".repeat(43) }).to_string();
    assert_eq!(Http::nobody(stage.server.url()).post("/api/v2/auth/refresh", refresh).await.status, 401);
    // A device that has lost its tasks asks what it lacks.
    let lost = json!({ "cursor": cursor_of(phone).await, "held": [{ "entity": "task", "held": {} }] });
    assert_eq!(phone.post("/api/v2/checksums", lost.to_string()).await.status, 200);
}

/// A space whose head another writer holds is tried again alone.
async fn meet_another_writer(stage: &Stage, phone: &Http) {
    // Counters are those of all servers in this process.
    let before = Scrape::of(phone).await.sum("levelup_retried_alone_total");
    let mut sql = stage.database.connect().await;
    let held = sql.transaction().await.unwrap();
    let hold = "SELECT 1 FROM heads WHERE space_id = $1 FOR UPDATE";
    held.query(hold, &[&stage.account.space()]).await.unwrap();
    let writing = send(phone, json!({ "transactions": [new_task("Wait")] }));
    let letting_go = async {
        let moved = async || (Scrape::of(phone).await.sum("levelup_retried_alone_total") > before).then_some(());
        support::patience::until("a space that is tried alone", moved).await;
        held.rollback().await.unwrap();
    };
    tokio::join!(writing, letting_go);
}

/// Many writes at once: some come while others of the same space are being written.
async fn write_at_once(phone: &Http) {
    let before = Scrape::of(phone).await.sum("levelup_groups_ahead_total");
    let ahead = async || {
        let writes = (0..8).map(|_| send(phone, json!({ "transactions": [new_task("At once")] })));
        futures_util::future::join_all(writes).await;
        (Scrape::of(phone).await.sum("levelup_groups_ahead_total") > before).then_some(())
    };
    support::patience::until("a group that is decided ahead", ahead).await;
}

/// One who asks too often, and one who finds the queue full.
async fn ask_too_much() {
    let database = Database::fresh().await;
    let mut setup = Setup::of(&database);
    setup.serving.limits.limit_other = "1/h:1".parse().unwrap();
    setup.serving.limits.waiting_transactions = 1;
    let server = TestServer::start_with(setup);
    let http = Account::register(&server).await.http().await;
    let many: Vec<Value> = (0..3).map(|number| new_task(&format!("Task {number}"))).collect();
    assert_eq!(http.write(&json!({ "transactions": many })).await.status, 503);
    let mut asked = 0;
    while http.get("/api/v2/auth/me").await.status != 429 {
        asked += 1;
        assert!(asked < 10, "nobody is limited");
    }
}

async fn live(stage: &Stage) {
    let (phone, browser) = (stage.http.clone(), stage.account.device_http(&stage.server, "browser").await);
    let mut reader = Socket::open(&browser).await;
    reader.subscribe(None).await;
    reader.hear_type("changes").await;
    stage.account.commit(&[create_task(id(), "Heard")]).await;
    reader.hear_type("changes").await;
    let sse = browser.request(reqwest::Method::GET, "/api/v2/events").send().await.unwrap();
    disagree(stage, &phone, &browser).await;
    go_wrong(stage, &phone).await;
    meet_another_writer(stage, &phone).await;
    write_at_once(&phone).await;
    ask_too_much().await;
    drop((reader, sse));
    let cursor = cursor_of(&phone).await;
    let another = "UPDATE heads SET epoch = gen_random_uuid() WHERE space_id = $1";
    stage.sql.execute(another, &[&stage.account.space()]).await.unwrap();
    let reset = phone.get(&format!("/api/v2/changes?cursor={cursor}")).await.json();
    assert_eq!(reset["reason"], "epoch", "{reset}");
}

#[tokio::test]
async fn every_counter_that_is_documented_exists_and_moves_with_a_life() {
    let stage = Stage::set().await;
    let before = Scrape::of(&stage.http).await;
    live(&stage).await;
    crate::people::promote(&stage.sql, &stage.account, "support").await;
    assert_eq!(stage.http.get("/api/v2/admin/analytics").await.status, 200);
    let after = Scrape::of(&stage.http).await;
    let (documented, there) = (documented(), after.names());
    let foreign: Vec<_> = there.difference(&documented).collect();
    assert!(foreign.is_empty(), "not in docs/operations/METRICS.md: {foreign:?}");
    let missing: Vec<_> =
        documented.difference(&there).filter(|name| !SOMETIMES_THERE.contains(&name.as_str())).collect();
    assert!(missing.is_empty(), "documented, and not there after a life: {missing:?}");
    let still: BTreeSet<&str> = documented
        .iter()
        .filter(|name| after.sum(name) <= before.sum(name) && !is_state(name))
        .map(String::as_str)
        .collect();
    let still: Vec<_> = still.difference(&BTreeSet::from(MOVED_ELSEWHERE)).copied().collect();
    assert!(still.is_empty(), "these did not move: {still:?}");
}

/// States, which are there from the start and need not differ at the end.
fn is_state(name: &str) -> bool {
    let states = ["levelup_live_feeds", "levelup_live_connections", "levelup_pool_connections", "levelup_build_info"];
    states.contains(&name) || name.starts_with("process_") || name == "levelup_entity_memory_bytes"
}

#[tokio::test]
async fn the_counters_say_what_happened() {
    let stage = Stage::set().await;
    let browser = stage.account.device_http(&stage.server, "browser").await;
    let before = Scrape::of(&stage.http).await;
    disagree(&stage, &stage.http, &browser).await;
    go_wrong(&stage, &stage.http).await;
    let after = Scrape::of(&stage.http).await;
    // Other tests of this process count too, so at least.
    let risen = |series: &str, by: f64| {
        assert!(
            after.get(series) >= before.get(series) + by,
            "{series}: {} to {}",
            before.get(series),
            after.get(series)
        );
    };
    risen("levelup_field_conflicts_total{entity=\"task\",field=\"title\",policy=\"ask\"}", 1.0);
    risen("levelup_field_conflicts_total{entity=\"task\",field=\"difficulty\",policy=\"last\"}", 1.0);
    risen("levelup_rejections_total{code=\"not_found\"}", 1.0);
    risen("levelup_receipts_replayed_total", 1.0);
    risen("levelup_commands_total{outcome=\"merged\"}", 1.0);
    risen("levelup_commands_total{outcome=\"applied\"}", 4.0);
    risen("levelup_clock_corrected_requests_total", 1.0);
    risen("levelup_sent_bytes_total{kind=\"http\"}", 1_000.0);
    risen("levelup_appended_events_total", 6.0);
    assert!(after.get("process_resident_memory_bytes") > 1e6 && after.get("process_start_time_seconds") > 1.7e9);
}

#[tokio::test]
async fn no_label_names_anybody() {
    let stage = Stage::set().await;
    let title = "A title that nobody else has";
    stage.account.commit(&[create_task(id(), title)]).await;
    drop(stage.http.get(&format!("/api/v2/tasks/{}", id())).await);
    drop(stage.http.get(&format!("/nowhere/{}", stage.account.space())).await);
    let text = Scrape::of(&stage.http).await.text();
    for secret in [stage.account.space().to_string(), stage.account.credentials.email.clone(), title.to_owned()] {
        assert!(!text.contains(&secret), "{secret} is in /metrics");
    }
    let id_shaped = |part: &str| part.len() == 36 && part.chars().filter(|one| *one == '-').count() == 4;
    let found: Vec<&str> = text.split(['"', '/', '=']).filter(|part| id_shaped(part)).collect();
    assert!(found.is_empty(), "ids in /metrics: {found:?}");
}
