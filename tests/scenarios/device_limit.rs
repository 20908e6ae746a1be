//! Twenty devices an account: who makes room for a new one, who is asked, and that a rush finds no gap.

use futures_util::future::join_all;
use serde_json::{Value, json};
use support::commands::id;
use support::{Account, Answer, Http};
use tokio_postgres::Client;
use uuid::Uuid;

use crate::installation::{DEVICES, UNSEEN_MS, age, described, fill, logged, login, path, rows, sign_in};
use crate::stage::Stage;

const LIMIT: usize = 20;

/// What an account has beside its events: nothing of it may change when a device is turned away.
async fn belongings(sql: &Client) -> Vec<i64> {
    let mut counts = Vec::new();
    for table in ["devices", "sessions", "refresh_tokens", "revoked_sessions", "mails", "security_log"] {
        counts.push(sql.query_one(&format!("SELECT count(*) FROM {table}"), &[]).await.unwrap().get(0));
    }
    counts
}

fn assert_full(answer: &Answer) -> Vec<Value> {
    let problem = answer.json();
    assert_eq!((answer.status, answer.problem().as_str()), (409, "too_many_devices"), "{problem}");
    assert_eq!(problem["devices_max"], LIMIT);
    problem["devices"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_new_device_beyond_the_limit_is_turned_away_with_the_list() {
    let stage = Stage::set().await;
    fill(&stage.http, LIMIT).await;
    let before = belongings(&stage.sql).await;
    let refused = login(&stage.server, &stage.account, &described(id(), "One more"), &json!({})).await;
    let devices = assert_full(&refused);
    assert_eq!(devices.len(), LIMIT);
    for device in &devices {
        let names: Vec<&str> = device.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(names, ["device_id", "device_name", "last_seen_at", "platform"]);
    }
    assert!(devices.iter().any(|device| device["device_id"] == json!(stage.account.session.device_id())));
    assert_full(&stage.http.post(DEVICES, described(id(), "One more").to_string()).await);
    assert_full(&login(&stage.server, &stage.account, &json!(null), &json!({})).await);
    assert_eq!(belongings(&stage.sql).await, before, "nothing was written");
    let mut wrong = json!({ "email": stage.account.credentials.email, "password": "wrong horse" });
    wrong["device"] = described(id(), "One more");
    let wrong = Http::nobody(stage.server.url()).post("/api/v2/auth/login", wrong.to_string()).await;
    assert_eq!(wrong.json()["devices"], json!(null), "who has not proven the password is told nothing");
    assert_eq!(wrong.problem(), "credentials_invalid");
}

#[tokio::test]
async fn a_known_device_signs_in_at_the_limit() {
    let stage = Stage::set().await;
    let known = fill(&stage.http, LIMIT).await;
    for device in [known[7], stage.account.session.device_id()] {
        let answer = login(&stage.server, &stage.account, &described(device, "Known"), &json!({})).await;
        assert_eq!(answer.status, 200, "{}", answer.json());
    }
    assert_eq!(rows(&stage.sql, &stage.account).await, 20);
}

#[tokio::test]
async fn the_device_unseen_longest_makes_room_after_thirty_days_and_not_before() {
    let stage = Stage::set().await;
    let old = id();
    let theirs = login(&stage.server, &stage.account, &described(old, "Old"), &json!({})).await.json();
    let spare = fill(&stage.http, LIMIT).await;
    age(&stage.sql, &stage.account, old, UNSEEN_MS - 600_000).await;
    age(&stage.sql, &stage.account, spare[3], UNSEEN_MS - 700_000).await;
    assert_full(&login(&stage.server, &stage.account, &described(id(), "New"), &json!({})).await);
    age(&stage.sql, &stage.account, old, 600_000).await;
    let new = id();
    let answer = login(&stage.server, &stage.account, &described(new, "New"), &json!({})).await;
    assert_eq!(answer.status, 200, "{}", answer.json());
    assert_eq!(rows(&stage.sql, &stage.account).await, 20);
    assert_eq!(stage.http.get(&path(old)).await.problem(), "not_found");
    let http = Http::nobody(stage.server.url()).with_token(theirs["access_token"].as_str().unwrap());
    let refused = http.get("/api/v2/auth/me").await;
    assert_eq!(
        (refused.problem().as_str(), &refused.json()["because"]),
        ("session_revoked", &json!("device_displaced"))
    );
    let body = json!({ "refresh_token": theirs["refresh_token"] });
    assert_eq!(Http::nobody(stage.server.url()).post("/api/v2/auth/refresh", body.to_string()).await.status, 401);
    let about = json!({
        "device_name": "Old", "platform": "web", "because": "device_displaced", "sessions": 1, "displaced_by": new
    });
    assert_eq!(logged(&stage.sql, stage.account.space(), "device_removed").await, [(Some(old), about)]);
    let added = logged(&stage.sql, stage.account.space(), "device_added").await;
    assert_eq!(added.last().unwrap().0, Some(new));
}

#[tokio::test]
async fn a_device_that_is_added_never_displaces_the_one_that_adds_it() {
    let stage = Stage::set().await;
    let (own, spare) = (stage.account.session.device_id(), fill(&stage.http, LIMIT).await);
    age(&stage.sql, &stage.account, own, 3 * UNSEEN_MS).await;
    assert_full(&stage.http.post(DEVICES, described(id(), "New").to_string()).await);
    age(&stage.sql, &stage.account, spare[5], 2 * UNSEEN_MS).await;
    let added = stage.http.post(DEVICES, described(id(), "New").to_string()).await;
    assert_eq!(added.status, 201, "{}", added.json());
    assert_eq!(stage.http.get(&path(spare[5])).await.problem(), "not_found");
    assert_eq!(stage.http.get(&path(own)).await.status, 200);
}

#[tokio::test]
async fn who_is_turned_away_may_name_the_device_that_goes() {
    let stage = Stage::set().await;
    let other = Account::register(&stage.server).await;
    let chosen = id();
    let theirs = sign_in(&stage.server, &stage.account, chosen).await;
    let spare = fill(&stage.http, LIMIT).await;
    let unseen = spare[0];
    age(&stage.sql, &stage.account, unseen, 2 * UNSEEN_MS).await;
    let displacing = async |device: Uuid, displace: Value| {
        login(&stage.server, &stage.account, &described(device, "New"), &json!({ "displace": displace })).await
    };
    let answer = displacing(id(), json!(chosen)).await;
    assert_eq!(answer.status, 200, "{}", answer.json());
    assert_eq!(theirs.get("/api/v2/auth/me").await.json()["because"], "device_displaced");
    assert_eq!(stage.http.get(&path(unseen)).await.status, 200, "the choice comes before the oldest");
    assert_eq!(rows(&stage.sql, &stage.account).await, 20);
    age(&stage.sql, &stage.account, unseen, -2 * UNSEEN_MS).await;
    for stranger in [json!(other.session.device_id()), json!(id()), json!(Uuid::nil())] {
        assert_full(&displacing(id(), stranger).await);
    }
    assert_eq!(rows(&stage.sql, &other).await, 1, "a stranger's device is out of reach");
    assert_eq!(displacing(id(), json!("no-id")).await.problem(), "body_invalid");
    assert_eq!(displacing(spare[1], json!(spare[2])).await.status, 200, "a known device needs no room");
    assert_eq!(stage.http.get(&path(spare[2])).await.status, 200, "so none goes");
}

#[tokio::test]
async fn a_rush_of_new_devices_never_goes_beyond_the_limit() {
    let stage = Stage::set().await;
    fill(&stage.http, LIMIT - 2).await;
    let rush = async || {
        let logins = (0..30)
            .map(|_| async { login(&stage.server, &stage.account, &described(id(), "Rush"), &json!({})).await.status });
        let statuses = join_all(logins).await;
        let count = |wanted: u16| statuses.iter().filter(|status| **status == wanted).count();
        (count(200), count(409))
    };
    assert_eq!(rush().await, (2, 28));
    assert_eq!(rows(&stage.sql, &stage.account).await, 20);
    let statement = "UPDATE devices SET last_seen_at = last_seen_at - $1";
    stage.sql.execute(statement, &[&(2 * UNSEEN_MS)]).await.unwrap();
    let (done, refused) = rush().await;
    assert_eq!((done + refused, rows(&stage.sql, &stage.account).await), (30, 20));
    assert!(done >= LIMIT - 1, "each of those that were unseen made room for one: {done}");
}

#[tokio::test]
async fn a_rush_of_one_new_device_is_one_device_and_one_mail() {
    let stage = Stage::set().await;
    let device = described(id(), "Rush");
    let nothing = json!({});
    let logins = (0..8).map(|_| login(&stage.server, &stage.account, &device, &nothing));
    assert!(join_all(logins).await.iter().all(|answer| answer.status == 200));
    let adding = (0..8).map(|_| stage.http.post(DEVICES, device.to_string()));
    assert!(join_all(adding).await.iter().all(|answer| answer.status == 200));
    assert_eq!(rows(&stage.sql, &stage.account).await, 2);
    assert_eq!(logged(&stage.sql, stage.account.space(), "device_added").await.len(), 1);
    assert_eq!(logged(&stage.sql, stage.account.space(), "signed_in").await.len(), 8);
    let statement = "SELECT kind, about FROM mails WHERE account_id = $1 AND kind = 'new_device'";
    let mails = stage.sql.query(statement, &[&stage.account.space()]).await.unwrap();
    assert_eq!(mails.len(), 1, "and none for the first device of all");
    let about = json!({ "device_name": "Rush", "platform": "web", "network": "127.0.0.0/24" });
    assert_eq!(mails[0].get::<_, Value>(1), about);
}

#[tokio::test]
async fn devices_come_and_go_while_they_refresh() {
    let stage = Stage::set().await;
    let rounds = (0..12).map(|_| async {
        let device = id();
        let answer = login(&stage.server, &stage.account, &described(device, "Brief"), &json!({})).await;
        let body = json!({ "refresh_token": answer.json()["refresh_token"] }).to_string();
        let nobody = Http::nobody(stage.server.url());
        let (removed, refreshed) =
            tokio::join!(crate::installation::remove(&stage.http, device), nobody.post("/api/v2/auth/refresh", body));
        (removed.status, refreshed.status)
    });
    for (removed, refreshed) in join_all(rounds).await {
        assert_eq!(removed, 204);
        assert!([200, 401].contains(&refreshed), "{refreshed}");
    }
    assert_eq!(rows(&stage.sql, &stage.account).await, 1);
}
