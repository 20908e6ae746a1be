//! Devices as these scenarios handle them: described, signed in, counted.

use api::client::{Device, Session};
use reqwest::Method;
use serde_json::{Value, json};
use support::commands::id;
use support::{Account, Answer, Http, TestServer};
use tokio_postgres::Client;
use uuid::Uuid;

use crate::security_log::entries_of;

/// The account's devices.
pub(crate) const DEVICES: &str = "/api/v2/auth/devices";
/// The same in the shape of the first clients.
pub(crate) const SEED: &str = "/api/auth/devices";
/// Thirty days.
pub(crate) const UNSEEN_MS: i64 = 30 * 24 * 60 * 60 * 1_000;

/// A device's own words.
pub(crate) fn described(device: Uuid, name: &str) -> Value {
    json!({ "device_id": device, "platform": "web", "device_name": name })
}

/// Sends a body, or none.
pub(crate) async fn ask(http: &Http, method: Method, path: &str, body: Option<&Value>) -> Answer {
    http.send(method, path, body.map(Value::to_string)).await
}

/// The path of one device.
pub(crate) fn path(device: Uuid) -> String {
    format!("{DEVICES}/{device}")
}

/// Changes a device.
pub(crate) async fn change(http: &Http, device: Uuid, body: &Value) -> Answer {
    ask(http, Method::PATCH, &path(device), Some(body)).await
}

/// Removes a device.
pub(crate) async fn remove(http: &Http, device: Uuid) -> Answer {
    ask(http, Method::DELETE, &path(device), None).await
}

/// Signs in from a device, with what else the body says.
pub(crate) async fn login(server: &TestServer, account: &Account, device: &Value, more: &Value) -> Answer {
    let mut body = json!({
        "email": account.credentials.email, "password": account.credentials.password, "device": device
    });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    Http::nobody(server.url()).post("/api/v2/auth/login", body.to_string()).await
}

/// Signs in from a device of this id; its bare requests.
pub(crate) async fn sign_in(server: &TestServer, account: &Account, device: Uuid) -> Http {
    let device = Device { device_id: device, ..Device::fresh("web", "tablet") };
    let session = Session::login(server.server(), &account.credentials, &device).await.unwrap();
    Http::of(&session).await
}

/// Adds devices without sessions until the account has so many.
pub(crate) async fn fill(http: &Http, count: usize) -> Vec<Uuid> {
    let known = http.get(DEVICES).await.json()["items"].as_array().unwrap().len();
    let added: Vec<Uuid> = (known..count).map(|_| id()).collect();
    for device in &added {
        let answer = http.post(DEVICES, described(*device, "spare").to_string()).await;
        assert_eq!(answer.status, 201, "{}", answer.json());
    }
    added
}

/// A device as the list shows it; null when it is not there.
pub(crate) async fn listed(http: &Http, device: Uuid) -> Value {
    let found = http.get(DEVICES).await.json();
    let items = found["items"].as_array().unwrap().clone();
    items.into_iter().find(|item| item["device_id"] == json!(device)).unwrap_or_default()
}

/// How many devices the table has of an account.
pub(crate) async fn rows(sql: &Client, account: &Account) -> i64 {
    let statement = "SELECT count(*) FROM devices WHERE account_id = $1";
    sql.query_one(statement, &[&account.space()]).await.unwrap().get(0)
}

/// Makes a device one that was last active so long ago.
pub(crate) async fn age(sql: &Client, account: &Account, device: Uuid, ms: i64) {
    let statement = "UPDATE devices SET last_seen_at = last_seen_at - $3 WHERE account_id = $1 AND device_id = $2";
    assert_eq!(sql.execute(statement, &[&account.space(), &device, &ms]).await.unwrap(), 1);
}

/// Acts of the account's security log, the oldest first, with the device and what else they say.
pub(crate) async fn logged(sql: &Client, account: Uuid, act: &str) -> Vec<(Option<Uuid>, Value)> {
    entries_of(sql, account, act).await.into_iter().map(|entry| (entry.device, entry.about)).collect()
}
