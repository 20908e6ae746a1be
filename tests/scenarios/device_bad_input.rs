//! Devices described badly: refused with the field's place and a stable code, and nothing is written.

use reqwest::Method;
use serde_json::{Value, json};
use support::Http;
use support::commands::id;

use crate::installation::{DEVICES, SEED, ask, described, login, path, rows};
use crate::stage::Stage;

const NIL: &str = "00000000-0000-0000-0000-000000000000";

/// What is wrong, with which field, and what is said of it.
fn bad() -> Vec<(&'static str, Value, &'static str, &'static str)> {
    vec![
        ("device_id", json!(NIL), "fields_invalid", "device_id_invalid"),
        ("device_id", json!("no-id"), "body_invalid", "type"),
        ("device_id", json!(7), "body_invalid", "type"),
        ("platform", json!("android"), "body_invalid", "type"),
        ("platform", json!(null), "body_invalid", "type"),
        ("device_name", json!("x".repeat(101)), "fields_invalid", "device_name_invalid"),
        ("device_name", json!("phone\r\nX-Evil: 1"), "fields_invalid", "device_name_invalid"),
        ("device_name", json!("phone\u{0}"), "fields_invalid", "device_name_invalid"),
        ("device_name", json!("phone\u{85}"), "fields_invalid", "device_name_invalid"),
        ("device_name", json!(["phone"]), "body_invalid", "type"),
        ("push_token", json!("x".repeat(5_000)), "fields_invalid", "push_token_invalid"),
        ("push_token", json!(""), "fields_invalid", "push_token_invalid"),
        ("push_token", json!("a\nb"), "fields_invalid", "push_token_invalid"),
        ("last_seen_at", json!(0), "field_unknown", "unknown"),
        ("account_id", json!(NIL), "field_unknown", "unknown"),
    ]
}

fn with(field: &str, value: &Value) -> Value {
    let mut body = described(id(), "phone");
    body[field] = value.clone();
    body
}

#[tokio::test]
async fn a_device_that_is_described_badly_is_refused_wherever_it_appears() {
    let stage = Stage::set().await;
    let nobody = Http::nobody(stage.server.url());
    for (field, value, code, said) in bad() {
        let device = with(field, &value);
        let posted = stage.http.post(DEVICES, device.to_string()).await;
        let signed_in = login(&stage.server, &stage.account, &device, &json!({})).await;
        let body = json!({ "email": format!("{}@example.test", id()), "password": "correct horse", "device": device });
        let registered = nobody.post("/api/v2/auth/register", body.to_string()).await;
        for (answer, place) in [(posted, ""), (signed_in, "/device"), (registered, "/device")] {
            assert_eq!((answer.status, answer.problem().as_str()), (422, code), "{field} {value}");
            let error = &answer.json()["errors"][0];
            assert_eq!((&error["code"], &error["pointer"]), (&json!(said), &json!(format!("{place}/{field}"))));
            assert!(answer.headers.get("x-evil").is_none());
        }
    }
    assert_eq!(rows(&stage.sql, &stage.account).await, 1, "nothing was written");
}

#[tokio::test]
async fn a_change_that_cannot_be_is_refused_and_changes_nothing() {
    let stage = Stage::set().await;
    let own = stage.account.session.device_id();
    let shown = async || {
        let mut shown = stage.http.get(&path(own)).await.json();
        shown["last_seen_at"].take();
        shown
    };
    let before = shown().await;
    let mut attempts: Vec<(&str, Value, &str, &str)> =
        bad().into_iter().filter(|(field, ..)| ["device_name", "push_token"].contains(field)).collect();
    attempts.extend([
        ("app_version", json!("x".repeat(65)), "fields_invalid", "app_version_invalid"),
        ("app_version", json!(" "), "fields_invalid", "app_version_invalid"),
        ("app_version", json!("ios/4\r\n"), "fields_invalid", "app_version_invalid"),
        ("device_id", json!(id()), "field_unknown", "unknown"),
        ("platform", json!("ios"), "field_unknown", "unknown"),
        ("last_seen_at", json!(0), "field_unknown", "unknown"),
    ]);
    for (field, value, code, said) in attempts {
        // What could be changed is not, either.
        let mut body = json!({ "device_name": "Good" });
        body[field] = value.clone();
        let answer = ask(&stage.http, Method::PATCH, &path(own), Some(&body)).await;
        assert_eq!((answer.status, answer.problem().as_str()), (422, code), "{field} {value}");
        assert_eq!(answer.json()["errors"][0]["code"], said, "{field} {value}");
        assert_eq!(shown().await, before);
    }
    for body in ["", "{", "[]", "null", "\"x\""] {
        let answer = stage.http.request(Method::PATCH, &path(own)).header("content-type", "application/json");
        assert!([400, 422].contains(&answer.body(body).send().await.unwrap().status().as_u16()), "{body}");
    }
}

#[tokio::test]
async fn what_is_missing_is_named_by_the_word_that_was_expected() {
    let stage = Stage::set().await;
    let missing = stage.http.post(DEVICES, json!({ "device_id": id(), "platform": "web" }).to_string()).await;
    assert_eq!(
        (missing.problem().as_str(), &missing.json()["errors"][0]["pointer"]),
        ("body_invalid", &json!("/device_name"))
    );
    let body = json!({ "deviceId": NIL, "platform": "ios", "deviceName": "a\u{7}", "pushToken": "" });
    let refused = stage.http.post(SEED, body.to_string()).await.json();
    let pointers: Vec<&str> =
        refused["errors"].as_array().unwrap().iter().map(|error| error["pointer"].as_str().unwrap()).collect();
    assert_eq!(pointers, ["/deviceId", "/deviceName", "/pushToken"]);
    let snake = stage.http.post(SEED, described(id(), "phone").to_string()).await;
    assert_eq!(snake.problem(), "field_unknown");
    for (path, method) in [(DEVICES, Method::DELETE), (DEVICES, Method::PUT), (SEED, Method::PATCH)] {
        assert_eq!(ask(&stage.http, method, path, None).await.problem(), "method_not_allowed");
    }
}

#[tokio::test]
async fn nobody_reads_or_writes_devices_without_a_token() {
    let stage = Stage::set().await;
    let own = stage.account.session.device_id();
    let nobody = Http::nobody(stage.server.url());
    for base in [DEVICES, SEED] {
        let one = format!("{base}/{own}");
        for (method, path) in [
            (Method::GET, base),
            (Method::POST, base),
            (Method::GET, one.as_str()),
            (Method::PATCH, one.as_str()),
            (Method::DELETE, one.as_str()),
        ] {
            let answer = ask(&nobody, method.clone(), path, Some(&json!({}))).await;
            assert_eq!((answer.status, answer.problem().as_str()), (401, "token_missing"), "{method} {path}");
        }
    }
    assert_eq!(nobody.get("/api/v2/auth/access-log").await.problem(), "token_missing");
}
