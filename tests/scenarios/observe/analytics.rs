//! The measures of success over time: what they count, who may ask, what a bad question gets.

use infrastructure::clock::now_ms;
use serde_json::{Value, json};
use support::Http;
use support::commands::{command_with, create_task, edit_task, id, new_task, transaction};
use support::process::run;

use crate::people::promote;
use crate::stage::{Stage, cursor_of};

const PATH: &str = "/api/v2/admin/analytics";

async fn staged() -> (Stage, Http) {
    let stage = Stage::set().await;
    promote(&stage.sql, &stage.account, "support").await;
    let browser = stage.account.device_http(&stage.server, "browser").await;
    (stage, browser)
}

async fn whole(http: &Http) -> Value {
    let answer = http.get(PATH).await;
    assert_eq!((answer.status, answer.header("cache-control")), (200, "no-store"));
    answer.json()["whole"].clone()
}

#[tokio::test]
async fn each_sending_is_counted_once_by_what_became_of_it() {
    let (stage, browser) = staged().await;
    let before = whole(&stage.http).await;
    let (task, again) = (id(), new_task("Twice"));
    stage.account.commit(&[create_task(task, "Read")]).await;
    let base = cursor_of(&stage.http).await;
    for (http, title) in [(&stage.http, "Phone"), (&browser, "Browser")] {
        let mut sent = transaction(&[edit_task(task, json!({ "title": title }))]);
        sent["base"] = base.clone().into();
        assert_eq!(http.write(&json!({ "transactions": [sent] })).await.status, 200);
    }
    for _ in 0..3 {
        assert_eq!(stage.http.write(&json!({ "transactions": [again] })).await.status, 200);
    }
    let refused = transaction(&[command_with("task.edit", id(), json!({}))]);
    assert_eq!(stage.http.write(&json!({ "transactions": [refused] })).await.status, 200);
    let mut unknown = new_task("Of nowhere");
    unknown["base"] = "garbage".into();
    assert_eq!(stage.http.write(&json!({ "transactions": [unknown] })).await.status, 200);
    let after = whole(&stage.http).await;
    let risen = |part: &str, name: &str| after[part][name].as_i64().unwrap() - before[part][name].as_i64().unwrap();
    let counted =
        ["committed", "rejected", "deferred", "repeated", "turned_away"].map(|name| risen("transactions", name));
    assert_eq!(counted, [4, 1, 1, 2, 0]);
    let counted = ["committed", "conflicting", "merged", "superseded"].map(|name| risen("commands", name));
    assert_eq!(counted, [4, 1, 1, 0]);
    assert_eq!(risen("write", "count"), 8);
    let part = |name: &str| after["transactions"][name].as_f64().unwrap();
    let sent: f64 = ["committed", "rejected", "deferred", "repeated", "turned_away"].into_iter().map(part).sum();
    assert!((after["sync_success_rate"].as_f64().unwrap() - part("committed") / sent).abs() < 1e-9);
    let [p50, p95, p99] = ["p50_ms", "p95_ms", "p99_ms"].map(|name| after["write"][name].as_f64().unwrap());
    assert!(0.0 < p50 && p50 <= p95 && p95 <= p99 && p99 < 120_000.0, "{after}");
}

#[tokio::test]
async fn people_are_counted_with_their_devices_and_platforms() {
    let (stage, _browser) = staged().await;
    support::Account::register(&stage.server).await;
    // The count of this hour is that of the start, when nobody was there; another hour's is made by hand.
    let store = infrastructure::postgres::measures::PostgresMeasures::new(stage.database.pool(2));
    let later = now_ms() + 3_600_000;
    store.count_people(later).await.unwrap();
    store.count_people(later).await.unwrap();
    let path = format!("{PATH}?from={}&to={}&step=hour", later - 1, later + 1);
    let people = stage.http.get(&path).await.json()["whole"]["people"].clone();
    assert_eq!(people["accounts"], 2, "{people}");
    assert_eq!((&people["devices"], &people["devices_per_account"]), (&json!(3), &json!(1.5)));
    assert_eq!(people["both_platforms_share"], 0.5);
    store.count_people(later + 29 * 86_400_000).await.unwrap();
    let path = format!("{PATH}?from={}&step=day&to={}", later + 28 * 86_400_000, later + 30 * 86_400_000);
    let people = stage.http.get(&path).await.json()["whole"]["people"].clone();
    assert_eq!((&people["accounts"], &people["devices_per_account"]), (&json!(0), &Value::Null), "nobody was active");
}

#[tokio::test]
async fn minutes_of_several_nodes_add_up_and_steps_cut_them() {
    let (stage, _) = staged().await;
    let insert = "INSERT INTO measures (minute_at, node_id, committed, rejected, deferred, repeated, turned_away,
            commands, conflicting, merged, superseded, write_counts, delivery_counts)
        SELECT minute_at, gen_random_uuid(), 3, 1, 0, 0, 0, 6, 3, 0, 0,
            array_fill(0::bigint, ARRAY[20]) || 4::bigint || array_fill(0::bigint, ARRAY[21]), array_fill(0::bigint, ARRAY[42])
        FROM unnest($1::bigint[]) AS minute_at";
    // Not so long ago that the server's own round clears it away, which comes with the start and with each hour.
    let day = now_ms() / 86_400_000 * 86_400_000 - 10 * 86_400_000;
    let minutes = vec![day, day, day + 60_000, day + 86_400_000, day + 3 * 86_400_000];
    stage.sql.execute(insert, &[&minutes]).await.unwrap();
    let path = format!("{PATH}?from={day}&to={}", day + 3 * 86_400_000);
    let report = stage.http.get(&path).await.json();
    let committed: Vec<i64> = report["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| step["transactions"]["committed"].as_i64().unwrap())
        .collect();
    assert_eq!(committed, [9, 3, 0]);
    assert_eq!((&report["from"], &report["step"]), (&json!(day), &json!("day")));
    assert_eq!(report["whole"]["sync_success_rate"], 0.75);
    assert_eq!((&report["whole"]["conflict_rate"], &report["whole"]["write"]["count"]), (&json!(0.5), &json!(16)));
    let p99 = report["whole"]["write"]["p99_ms"].as_f64().unwrap();
    assert!((72.0..=103.0).contains(&p99), "all of them took between 72 and 102 ms: {p99}");
    assert_eq!(report["steps"][2]["sync_success_rate"], Value::Null);
    let store = infrastructure::postgres::measures::PostgresMeasures::new(stage.database.pool(2));
    store.clear(day + 86_400_000).await.unwrap();
    assert_eq!(stage.http.get(&path).await.json()["whole"]["transactions"]["committed"], 3, "what is old is gone");
}

#[tokio::test]
async fn a_bad_question_is_answered_with_what_is_wrong() {
    let (stage, browser) = staged().await;
    for query in [
        "?from=yesterday",
        "?to=2026-13-01",
        "?step=week",
        "?from=2026-01-02&to=2026-01-01",
        "?from=2020-01-01&to=2026-01-01",
        "?from=2026-01-01&to=2026-01-02&step=minute",
        "?from=-1",
        "?from=99999999999999999999",
        "?to=9223372036854775807",
        "?color=red",
    ] {
        let answer = stage.http.get(&format!("{PATH}{query}")).await;
        assert_eq!((answer.status, &*answer.problem()), (400, "query_invalid"), "{query}");
    }
    promote(&stage.sql, &stage.account, "user").await;
    for query in ["", "?step=week", "?from=yesterday"] {
        let answer = browser.get(&format!("{PATH}{query}")).await;
        assert_eq!((answer.status, &*answer.problem()), (403, "role_missing"), "{query}");
    }
}

#[tokio::test]
async fn the_command_line_says_the_same() {
    let (stage, _) = staged().await;
    let asked = whole(&stage.http).await;
    let dir = support::DataDir::fresh();
    let words = ["admin", "analytics", "--step", "day", "--json"];
    let (exit, out, error) = run(&stage.database.url(), dir.path(), &words).await;
    assert_eq!(exit, 0, "{error}");
    let said: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(said["whole"]["transactions"], asked["transactions"]);
    let (exit, out, _) = run(&stage.database.url(), dir.path(), &words[..2]).await;
    assert_eq!(exit, 0);
    assert!(out.contains("success") && out.lines().last().unwrap().starts_with("all of it"), "{out}");
    let (exit, _, error) = run(&stage.database.url(), dir.path(), &["admin", "analytics", "--from", "soon"]).await;
    assert_eq!(exit, 2);
    assert!(error.contains("from is a day such as"), "{error}");
}
