//! What a device had at an instant: as much as is known, and no more.

use reqwest::Method;
use serde_json::{Value, json};
use support::commands::{create_task, edit_task, id, transaction};
use uuid::Uuid;

use super::{all, path, read, support};
use crate::people::{ask, code};
use crate::stage::cursor_of;

fn bounds(then: &Value) -> [(i64, &str); 2] {
    ["at_least", "at_most"]
        .map(|bound| (then[bound]["position"].as_i64().unwrap(), then[bound]["because"].as_str().unwrap()))
}

#[tokio::test]
async fn a_device_had_what_it_wrote_upon_and_nothing_behind_the_end_of_the_log() {
    let (stage, other) = support().await;
    let task = id();
    other.commit(&[create_task(task, "Read")]).await;
    let browser = other.device_http(&stage.server, "browser").await;
    let base = cursor_of(&browser).await;
    let steps = all(&stage.http, other.space(), "").await;
    let known = steps.len() as i64;
    let list = ask(&stage.http, Method::GET, &format!("/api/v2/admin/accounts/{}", other.space()), None).await.1;
    let named = |name: &str| {
        let devices = list["devices"].as_array().unwrap().iter();
        let found = devices.clone().find(|device| device["name"] == name).unwrap();
        found["id"].as_str().unwrap().parse::<Uuid>().unwrap()
    };
    let device = named("browser");
    let of = async |query: &str| read(&stage.http, other.space(), &format!("/device/{device}{query}")).await;
    // It has said nothing yet: it may have everything or nothing.
    let then = of("").await;
    assert_eq!((bounds(&then), &then["device_name"]), ([(0, "nothing"), (known, "log_ended")], &json!("browser")));

    let mut sent = transaction(&[edit_task(task, json!({ "title": "Read on" }))]);
    sent["base"] = base.into();
    let receipt = browser.write(&json!({ "transactions": [sent] })).await.receipts()[0].clone();
    let wrote = receipt["positions"]["first"].as_i64().unwrap();
    other.commit(&[create_task(id(), "More")]).await;
    let then = of("").await;
    assert_eq!(bounds(&then), [(known, "wrote"), (wrote + 1, "log_ended")]);
    assert_eq!(then["at_least"]["by"], wrote);
    // Before it was recorded, what it wrote says nothing.
    let first = steps[0]["recorded_at"].as_i64().unwrap();
    let early = of(&format!("?at={}", first - 1)).await;
    assert_eq!(bounds(&early), [(0, "nothing"), (0, "log_ended")]);
}

#[tokio::test]
async fn what_a_device_acknowledged_it_had_from_then_on() {
    let (stage, other) = support().await;
    other.commit(&[create_task(id(), "Read")]).await;
    let known = all(&stage.http, other.space(), "").await.len() as i64;
    let device = other.session.device_id();
    let synced = infrastructure::clock::now_ms();
    let statement =
        "UPDATE space_devices SET acked_position = $3, last_synced_at = $4 WHERE space_id = $1 AND device_id = $2";
    stage.sql.execute(statement, &[&other.space(), &device, &(known - 1), &synced]).await.unwrap();
    let of = async |at: i64| read(&stage.http, other.space(), &format!("/device/{device}?at={at}")).await;
    let since = of(synced).await;
    assert_eq!(bounds(&since), [(known - 1, "acknowledged"), (known, "log_ended")]);
    assert_eq!((&since["acked_position"], &since["last_synced_at"]), (&json!(known - 1), &json!(synced)));
    assert_ne!(bounds(&of(synced - 1).await)[0].1, "acknowledged", "it may have said so later for the first time");

    let unknown = ask(&stage.http, Method::GET, &path(other.space(), &format!("/device/{}", id())), None).await;
    assert_eq!(code(&unknown), (404, "not_found"));
    let strangers = stage.account.session.device_id();
    let said = ask(&stage.http, Method::GET, &path(other.space(), &format!("/device/{strangers}")), None).await;
    assert_eq!(code(&said), (404, "not_found"));
    let said = ask(&stage.http, Method::GET, &path(other.space(), &format!("/device/{device}?at=7")), None).await;
    assert_eq!(code(&said), (400, "query_invalid"));
}
