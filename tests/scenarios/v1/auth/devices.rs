//! Clients of v1 keep no id for their device, and are devices of their account all the same.

use infrastructure::clock::now_ms;
use serde_json::{Value, json};
use support::{Database, Http, TestServer};
use tokio_postgres::Client;

use super::{FIREFOX, login, of, post, refused, register, text};
use crate::newcomer::address;

const MONTH_MS: i64 = 30 * 24 * 60 * 60 * 1_000;
const APP: &str = "LevelUpSolo/41 CFNetwork/1410.0.3 Darwin/22.6.0";

async fn devices(http: &Http) -> Vec<Value> {
    http.get("/api/v2/auth/devices").await.json()["items"].as_array().unwrap().clone()
}

/// Gives the account so many more devices that were last seen at a moment.
async fn crowd(sql: &Client, account: uuid::Uuid, count: i64, seen_at: i64) {
    let add = "INSERT INTO devices (account_id, device_id, platform, device_name, created_at, last_seen_at)
        SELECT $1, gen_random_uuid(), 'web', 'crowd', $2, $2 FROM generate_series(1, $3::bigint)";
    sql.execute(add, &[&account, &seen_at, &count]).await.unwrap();
}

#[tokio::test]
async fn signing_in_again_is_the_same_device_and_another_client_is_another() {
    let database = Database::fresh().await;
    let server = TestServer::start(&database);
    let (nobody, email) = (Http::nobody(server.url()), address());
    let browser = nobody.with_header("user-agent", FIREFOX);
    let http = of(&nobody, &register(&browser, &email).await);
    let newer = nobody.with_header("user-agent", &FIREFOX.replace("128.0", "140.2"));
    for client in [&browser, &newer] {
        assert_eq!(login(client, &email).await.status, 200);
    }
    let only = devices(&http).await;
    assert_eq!(only.len(), 1, "{only:?}");
    assert_eq!((&only[0]["platform"], &only[0]["device_name"]), (&json!("web"), &json!("Firefox on Windows")));

    assert_eq!(login(&nobody.with_header("user-agent", APP), &email).await.status, 200);
    let body = json!({ "email": email, "password": super::PASSWORD });
    assert_eq!(post(&nobody, "/mobile/auth/login", body).await.status, 200);
    let mut names: Vec<String> =
        devices(&http).await.iter().map(|device| text(device, "device_name").to_owned()).collect();
    names.sort();
    assert_eq!(names, ["Firefox on Windows", "iPhone app"]);

    // Of somebody else with the same browser it is another device.
    let other = of(&nobody, &register(&browser, &address()).await);
    assert_ne!(devices(&other).await[0]["device_id"], only[0]["device_id"]);
}

#[tokio::test]
async fn a_full_account_gives_up_the_device_unseen_longest_after_a_month_and_no_sooner() {
    let database = Database::fresh().await;
    let server = TestServer::start(&database);
    let (nobody, email, sql) = (Http::nobody(server.url()), address(), database.connect().await);
    let registered = register(&nobody.with_header("user-agent", FIREFOX), &email).await;
    let account = text(&registered.json()["user"], "id").parse().unwrap();
    crowd(&sql, account, 19, now_ms()).await;
    let app = nobody.with_header("user-agent", APP);
    let full = login(&app, &email).await;
    assert_eq!(refused(&full), (400, "too_many_devices".to_owned()));
    assert_eq!(full.json()["devices"].as_array().unwrap().len(), 20);
    let old = "UPDATE devices SET last_seen_at = $2 WHERE device_id =
        (SELECT device_id FROM devices WHERE account_id = $1 AND device_name = 'crowd' LIMIT 1)";
    sql.execute(old, &[&account, &(now_ms() - MONTH_MS - 1_000)]).await.unwrap();
    let http = of(&nobody, &login(&app, &email).await);
    let all = devices(&http).await;
    assert_eq!(all.len(), 20);
    assert!(all.iter().any(|device| device["device_name"] == "iPhone app"), "{all:?}");
}

#[tokio::test]
async fn a_device_keeps_the_name_that_its_owner_gave_it_when_it_signs_in_again() {
    let database = Database::fresh().await;
    let server = TestServer::start(&database);
    let (nobody, email) = (Http::nobody(server.url()), address());
    let browser = nobody.with_header("user-agent", FIREFOX);
    let http = of(&nobody, &register(&browser, &email).await);
    let device = text(&devices(&http).await[0], "device_id").to_owned();
    let named = json!({ "device_name": "Kitchen" }).to_string();
    let path = format!("/api/v2/auth/devices/{device}");
    assert_eq!(http.send(reqwest::Method::PATCH, &path, Some(named)).await.status, 200);
    for _ in 0..2 {
        assert_eq!(login(&browser, &email).await.status, 200);
        let all = devices(&http).await;
        assert_eq!((all.len(), &all[0]["device_name"]), (1, &json!("Kitchen")), "{all:?}");
    }
    // A client of v2 says itself what its device is called.
    let claim = json!({ "device_id": device, "platform": "web", "device_name": "Study" });
    let body = json!({ "email": email, "password": super::PASSWORD, "device": claim }).to_string();
    assert_eq!(nobody.post("/api/v2/auth/login", body).await.status, 200);
    assert_eq!(devices(&http).await[0]["device_name"], "Study");
}
