//! The devices of an account: added, seen, changed, removed; one's own and nobody else's.

use infrastructure::clock::now_ms;
use reqwest::Method;
use serde_json::{Value, json};
use support::commands::id;
use support::patience::until;
use support::{Account, Http, TestServer};
use uuid::Uuid;

use crate::installation::{DEVICES, SEED, ask, change, described, listed, logged, login, path, remove, rows, sign_in};
use crate::stage::Stage;

#[tokio::test]
async fn a_device_is_added_once_and_brought_up_to_date_after_that() {
    let stage = Stage::set().await;
    let (own, device) = (stage.account.session.device_id(), id());
    let mut body = described(device, "Ada's 💻");
    body["push_token"] = json!("token");
    let added = stage.http.post(DEVICES, body.to_string()).await;
    let shown = added.json();
    assert_eq!(added.status, 201, "{shown}");
    let (created, seen) = (shown["created_at"].as_i64().unwrap(), shown["last_seen_at"].as_i64().unwrap());
    assert_eq!((created, now_ms() - created < 60_000), (seen, true));
    let expected = json!({
        "device_id": device, "platform": "web", "device_name": "Ada's 💻", "app_version": null, "created_at": created,
        "last_seen_at": created, "current": false, "has_key": false, "has_push_token": true, "synced": null,
        "last_synced_at": null
    });
    assert_eq!(shown, expected);
    let again = stage.http.post(DEVICES, described(device, "Work").to_string()).await;
    assert_eq!(again.status, 200);
    assert_eq!(again.json()["device_name"], "Work");
    assert_eq!(again.json()["has_push_token"], true, "what is absent stays");
    assert_eq!(again.json()["last_seen_at"], seen, "another device's words are no sign of life");
    assert_eq!(stage.http.get(&path(device)).await.json(), again.json());
    assert_eq!(listed(&stage.http, own).await["current"], true);
    let about = json!({ "device_name": "Ada's 💻", "platform": "web" });
    assert_eq!(logged(&stage.sql, stage.account.space(), "device_added").await, [(Some(device), about)]);
    let changed = logged(&stage.sql, stage.account.space(), "device_changed").await;
    assert_eq!(changed, [(Some(device), json!({ "fields": ["device_name"] }))]);
}

#[tokio::test]
async fn the_shape_of_the_first_clients_shows_the_same_in_its_own_words() {
    let stage = Stage::set().await;
    let device = id();
    let body = json!({ "deviceId": device, "platform": "ios", "deviceName": "Phone", "pushToken": "token" });
    let added = stage.http.post(SEED, body.to_string()).await;
    assert_eq!(added.status, 201, "{}", added.json());
    assert_eq!(stage.http.post(SEED, body.to_string()).await.status, 200);
    let shown = added.json();
    let names: Vec<&str> = shown.as_object().unwrap().keys().map(String::as_str).collect();
    let mut expected = [
        "deviceId",
        "platform",
        "deviceName",
        "appVersion",
        "createdAt",
        "lastSeenAt",
        "current",
        "hasKey",
        "hasPushToken",
        "synced",
        "lastSyncedAt",
    ];
    expected.sort_unstable();
    assert_eq!(names, expected);
    let moment = shown["lastSeenAt"].as_str().unwrap();
    assert!(moment.len() == 24 && moment.starts_with("20") && moment.ends_with('Z'), "{moment}");
    let one = format!("{SEED}/{device}");
    let renamed = ask(&stage.http, Method::PATCH, &one, Some(&json!({ "deviceName": "Pad", "pushToken": null }))).await;
    assert_eq!((renamed.status, &renamed.json()["deviceName"]), (200, &json!("Pad")));
    assert_eq!(renamed.json()["hasPushToken"], false);
    assert_eq!(stage.http.get(&one).await.json(), renamed.json());
    assert_eq!(stage.http.get(SEED).await.json()["items"].as_array().unwrap().len(), 2);
    let bad = ask(&stage.http, Method::PATCH, &one, Some(&json!({ "deviceName": "a\u{0}b" }))).await;
    assert_eq!(
        (bad.problem().as_str(), &bad.json()["errors"][0]["pointer"]),
        ("fields_invalid", &json!("/deviceName"))
    );
    let other = json!({ "deviceId": id(), "platform": "other", "deviceName": "" });
    assert_eq!(stage.http.post(SEED, other.to_string()).await.problem(), "body_invalid");
    assert_eq!(ask(&stage.http, Method::DELETE, &one, None).await.status, 204);
    assert_eq!(stage.http.get(&one).await.problem(), "not_found");
}

#[tokio::test]
async fn a_device_is_changed_in_what_is_said_and_in_nothing_else() {
    let stage = Stage::set().await;
    let device = id();
    let mut body = described(device, "Old");
    body["push_token"] = json!("token");
    stage.http.post(DEVICES, body.to_string()).await;
    let version = change(&stage.http, device, &json!({ "app_version": "web/2.0" })).await.json();
    assert_eq!((&version["app_version"], &version["device_name"]), (&json!("web/2.0"), &json!("Old")));
    assert_eq!(version["has_push_token"], true);
    let named = change(&stage.http, device, &json!({ "device_name": "New" })).await.json();
    assert_eq!((&named["app_version"], &named["device_name"]), (&json!("web/2.0"), &json!("New")));
    let silent = change(&stage.http, device, &json!({ "push_token": null })).await.json();
    assert_eq!((&silent["has_push_token"], &silent["device_name"]), (&json!(false), &json!("New")));
    assert_eq!(change(&stage.http, device, &json!({})).await.json(), silent);
    let fields: Vec<Value> =
        logged(&stage.sql, stage.account.space(), "device_changed").await.into_iter().map(|(_, about)| about).collect();
    assert_eq!(fields, [json!({ "fields": ["device_name"] }), json!({ "fields": ["push_token"] })]);
}

#[tokio::test]
async fn a_removed_device_is_signed_out_on_every_node_and_its_row_is_gone() {
    let stage = Stage::set().await;
    let second = TestServer::start_with(stage.server.setup());
    let tablet = id();
    let theirs = sign_in(&stage.server, &stage.account, tablet).await;
    let elsewhere = Http::nobody(second.url()).with_token(theirs.token());
    assert_eq!(elsewhere.get("/api/v2/auth/me").await.status, 200);
    let removed = remove(&stage.http, tablet).await;
    assert_eq!((removed.status, removed.body.len()), (204, 0));
    let refused = theirs.get("/api/v2/auth/me").await;
    assert_eq!((refused.status, refused.problem().as_str()), (401, "session_revoked"));
    assert_eq!(refused.json()["because"], "device_removed");
    until("the other node's refusal", async || (elsewhere.get("/api/v2/auth/me").await.status == 401).then_some(()))
        .await;
    for table in ["devices", "sessions"] {
        let statement = format!("SELECT count(*) FROM {table} WHERE device_id = $1");
        assert_eq!(stage.sql.query_one(&statement, &[&tablet]).await.unwrap().get::<_, i64>(0), 0, "{table}");
    }
    assert_eq!(remove(&stage.http, tablet).await.problem(), "not_found", "it is gone");
    let about = json!({ "device_name": "tablet", "platform": "web", "because": "device_removed", "sessions": 1 });
    assert_eq!(logged(&stage.sql, stage.account.space(), "device_removed").await, [(Some(tablet), about)]);
    let back = sign_in(&stage.server, &stage.account, tablet).await;
    assert_eq!(listed(&back, tablet).await["current"], true, "who knows the password may come back");
}

#[tokio::test]
async fn the_refresh_token_of_a_removed_device_is_worth_nothing() {
    let stage = Stage::set().await;
    let tablet = id();
    let signed_in = login(&stage.server, &stage.account, &described(tablet, "tablet"), &json!({})).await.json();
    assert_eq!(remove(&stage.http, tablet).await.status, 204);
    let body = json!({ "refresh_token": signed_in["refresh_token"] });
    let refused = Http::nobody(stage.server.url()).post("/api/v2/auth/refresh", body.to_string()).await;
    assert_eq!((refused.status, rows(&stage.sql, &stage.account).await), (401, 1));
}

#[tokio::test]
async fn who_removes_the_own_device_signs_out() {
    let stage = Stage::set().await;
    assert_eq!(remove(&stage.http, stage.account.session.device_id()).await.status, 204);
    assert_eq!(stage.http.get(DEVICES).await.problem(), "session_revoked");
    assert_eq!(rows(&stage.sql, &stage.account).await, 0);
}

/// A device as its owner sees it, but for the moment of its last sign of life, which its own looking may move.
async fn described_by_its_owner(http: &Http, device: Uuid) -> Value {
    let mut listed = listed(http, device).await;
    listed["last_seen_at"].take();
    listed
}

/// The same of all of them.
async fn all_described_by_their_owner(http: &Http) -> Value {
    let mut shown = http.get(DEVICES).await.json();
    for listed in shown["items"].as_array_mut().unwrap() {
        listed["last_seen_at"].take();
    }
    shown
}

#[tokio::test]
async fn one_device_id_of_two_accounts_is_two_devices() {
    let stage = Stage::set().await;
    let other = Account::register(&stage.server).await;
    let tablet = id();
    let (mine, theirs) =
        (sign_in(&stage.server, &stage.account, tablet).await, sign_in(&stage.server, &other, tablet).await);
    change(&theirs, tablet, &json!({ "device_name": "Theirs", "push_token": "their token" })).await;
    let before = described_by_its_owner(&theirs, tablet).await;
    for attempt in [json!({ "device_name": "Mine" }), json!({ "push_token": null }), json!({ "app_version": "web/9" })]
    {
        assert_eq!(change(&mine, tablet, &attempt).await.status, 200);
        assert_eq!(described_by_its_owner(&theirs, tablet).await, before, "{attempt}");
    }
    assert_eq!(mine.post(DEVICES, described(tablet, "Again mine").to_string()).await.status, 200);
    assert_eq!(remove(&mine, tablet).await.status, 204);
    let after = described_by_its_owner(&theirs, tablet).await;
    assert_eq!(after, before, "the other's stays, and so does its session");
    assert_eq!(mine.get(DEVICES).await.problem(), "session_revoked");
    let mine = sign_in(&stage.server, &stage.account, tablet).await;
    assert_eq!(remove(&theirs, tablet).await.status, 204);
    assert_eq!(listed(&mine, tablet).await["device_name"], "tablet", "and in the other direction");
}

#[tokio::test]
async fn a_strangers_device_is_as_unknown_as_one_that_never_was() {
    let stage = Stage::set().await;
    let other = Account::register(&stage.server).await;
    let (theirs, stranger) = (other.session.device_id(), other.http().await);
    let before = all_described_by_their_owner(&stranger).await;
    let bodies = [
        (Method::GET, None),
        (Method::DELETE, None),
        (Method::PATCH, Some(json!({ "device_name": "Taken" }))),
        (Method::PATCH, Some(json!({ "push_token": null }))),
        (Method::PATCH, Some(json!({ "public_key": null }))),
    ];
    for (method, body) in bodies {
        for named in [theirs.to_string(), id().to_string(), Uuid::nil().to_string(), "no-id".to_owned()] {
            let answer = ask(&stage.http, method.clone(), &format!("{DEVICES}/{named}"), body.as_ref()).await;
            assert_eq!((answer.status, answer.problem().as_str()), (404, "not_found"), "{method} {named} {body:?}");
        }
        let seed = body.as_ref().map(|_| json!({ "pushToken": null }));
        let answer = ask(&stage.http, method.clone(), &format!("{SEED}/{theirs}"), seed.as_ref()).await;
        assert_eq!((answer.status, answer.problem().as_str()), (404, "not_found"), "{method} {SEED}");
    }
    assert_eq!(all_described_by_their_owner(&stranger).await, before);
    assert_eq!(
        stage.http.post(DEVICES, described(theirs, "Stolen").to_string()).await.status,
        201,
        "a device of one's own"
    );
    assert_eq!(all_described_by_their_owner(&stranger).await, before);
}
