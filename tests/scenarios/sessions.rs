//! The sessions of an account: seen, and ended from another device.

use serde_json::{Value, json};
use support::{Account, Http};

use crate::sign_in::{SignedIn, assert_refused, logged, refresh, sign_in};
use crate::stage::Stage;

const SESSIONS: &str = "/api/v2/auth/sessions";

async fn listed(http: &Http) -> Vec<Value> {
    let answer = http.get(SESSIONS).await;
    assert_eq!(answer.status, 200, "{}", answer.json());
    answer.json()["items"].as_array().unwrap().clone()
}

fn ids(items: &[Value]) -> Vec<&str> {
    items.iter().map(|item| item["id"].as_str().unwrap()).collect()
}

async fn assert_ended(stage: &Stage, tokens: &SignedIn, because: &str) {
    let access = tokens.http(&stage.http).get("/api/v2/auth/me").await;
    assert_eq!((access.status, access.problem().as_str()), (401, "session_revoked"));
    assert_eq!(access.json()["because"], because);
    assert!(access.header("www-authenticate").starts_with("Bearer"));
    assert_eq!(assert_refused(&stage.http, tokens.refresh_token()).await.as_deref(), Some(because));
}

#[tokio::test]
async fn an_account_sees_where_it_is_signed_in() {
    let stage = Stage::set().await;
    let tokens = sign_in(&stage.http, &stage.account, "Ada's browser").await;
    let headers = [("content-type", "application/json"), ("x-app-version", "web/4.1.0")];
    let body = json!({ "refresh_token": tokens.refresh_token() }).to_string();
    let tokens = SignedIn::of(&stage.http.post_as("/api/v2/auth/refresh", &headers, body).await);
    let items = listed(&tokens.http(&stage.http)).await;
    let phone = stage.account.session.session_id().to_string();
    assert_eq!(ids(&items), [tokens.session().to_string(), phone]);
    let own = &items[0];
    assert_eq!(own["current"], true);
    assert_eq!(own["device_id"], json!(tokens.device()));
    assert_eq!((&own["device_name"], &own["platform"]), (&json!("Ada's browser"), &json!("web")));
    assert_eq!((&own["app_version"], &own["last_network"]), (&json!("web/4.1.0"), &json!("127.0.0.0/24")));
    assert!(own["created_at"].as_i64().unwrap() <= own["last_seen_at"].as_i64().unwrap());
    assert_eq!(items[1]["current"], false);
    assert_eq!(items[1]["device_name"], "phone");
}

#[tokio::test]
async fn only_sessions_that_can_go_on_are_listed() {
    let stage = Stage::set().await;
    let (gone, old) =
        (sign_in(&stage.http, &stage.account, "gone").await, sign_in(&stage.http, &stage.account, "old").await);
    assert_eq!(listed(&stage.http).await.len(), 3);
    assert_eq!(gone.http(&stage.http).post("/api/v2/auth/logout", "").await.status, 204);
    let statement = "UPDATE refresh_tokens SET expires_at = 1 WHERE session_id = $1";
    stage.sql.execute(statement, &[&old.session()]).await.unwrap();
    let items = listed(&stage.http).await;
    assert_eq!(ids(&items), [stage.account.session.session_id().to_string()]);
}

#[tokio::test]
async fn one_session_is_ended_from_another_device() {
    let stage = Stage::set().await;
    let (phone, tablet) =
        (sign_in(&stage.http, &stage.account, "phone").await, sign_in(&stage.http, &stage.account, "tablet").await);
    let answer = stage.http.delete(&format!("{SESSIONS}/{}", phone.session())).await;
    assert_eq!((answer.status, answer.body.len()), (204, 0));
    assert_ended(&stage, &phone, "ended_elsewhere").await;
    SignedIn::of(&refresh(&stage.http, tablet.refresh_token()).await);
    let again = stage.http.delete(&format!("{SESSIONS}/{}", phone.session())).await;
    assert_eq!((again.status, again.problem().as_str()), (404, "not_found"));
    let statement = "SELECT session_id, device_id, about FROM security_log WHERE act = 'session_ended'";
    let entries = stage.sql.query(statement, &[]).await.unwrap();
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0].get::<_, uuid::Uuid>("session_id"), phone.session());
    assert_eq!(entries[0].get::<_, uuid::Uuid>("device_id"), phone.device());
    assert_eq!(entries[0].get::<_, Value>("about"), json!({ "because": "ended_elsewhere" }));
}

#[tokio::test]
async fn nothing_of_an_ended_session_is_accepted() {
    let stage = Stage::set().await;
    let phone = sign_in(&stage.http, &stage.account, "phone").await;
    let http = phone.http(&stage.http);
    let before = support::tables::footprint(&stage.sql).await;
    assert_eq!(stage.http.delete(&format!("{SESSIONS}/{}", phone.session())).await.status, 204);
    let write = http.write(&json!({ "transactions": [support::commands::new_task("Read")] })).await;
    assert_eq!((write.status, write.problem().as_str()), (401, "session_revoked"));
    for path in ["/api/v2/changes", "/api/v2/snapshot", "/api/v2/tasks", "/api/v2/events", SESSIONS] {
        let answer = http.get(path).await;
        assert_eq!((answer.status, answer.problem().as_str()), (401, "session_revoked"), "{path}");
    }
    let logout = http.post("/api/v2/auth/logout", "").await;
    assert_eq!((logout.status, logout.problem().as_str()), (401, "session_revoked"));
    assert_eq!(support::tables::footprint(&stage.sql).await, before);
}

#[tokio::test]
async fn whatever_arrives_while_its_session_ends_is_refused() {
    let stage = Stage::set().await;
    let (write, device) = (json!({ "transactions": [support::commands::new_task("Read")] }), support::commands::id());
    for (method, path, body) in [
        ("POST", "/api/v2/transactions".to_owned(), write),
        ("POST", "/api/v2/auth/devices".to_owned(), json!({ "device_id": device, "platform": "web" })),
        (
            "POST",
            "/api/auth/devices".to_owned(),
            json!({ "deviceId": device, "platform": "web", "deviceName": "mine" }),
        ),
        ("PATCH", String::new(), json!({ "device_name": "mine" })),
    ] {
        let phone = sign_in(&stage.http, &stage.account, "phone").await;
        let path = if path.is_empty() { format!("/api/v2/auth/devices/{}", phone.device()) } else { path };
        assert_refused_when_it_ends_meanwhile(&stage, &phone, &format!("{method} {path}"), &body.to_string()).await;
    }
}

/// Sends half of the body, ends the session, and sends the rest.
async fn assert_refused_when_it_ends_meanwhile(stage: &Stage, phone: &SignedIn, line: &str, body: &str) {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let address = stage.http.base().trim_start_matches("http://");
    let mut wire = tokio::net::TcpStream::connect(address).await.unwrap();
    let head = format!(
        "{line} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\nexpect: 100-continue\r\nconnection: close\r\n\r\n",
        phone.access_token(),
        body.len()
    );
    wire.write_all(head.as_bytes()).await.unwrap();
    let mut go_on = [0; 25];
    wire.read_exact(&mut go_on).await.unwrap();
    assert!(go_on.starts_with(b"HTTP/1.1 100"));
    wire.write_all(&body.as_bytes()[..10]).await.unwrap();
    assert_eq!(stage.http.delete(&format!("{SESSIONS}/{}", phone.session())).await.status, 204);
    let before = support::tables::footprint(&stage.sql).await;
    wire.write_all(&body.as_bytes()[10..]).await.unwrap();
    let mut answer = String::new();
    support::patience::within("an answer", wire.read_to_string(&mut answer)).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 401") && answer.contains("session_revoked"), "{line}: {answer}");
    assert_eq!(support::tables::footprint(&stage.sql).await, before, "{line}");
}

#[tokio::test]
async fn an_ended_session_stays_ended_after_a_restart() {
    let stage = Stage::set().await;
    let phone = sign_in(&stage.http, &stage.account, "phone").await;
    assert_eq!(stage.http.delete(&format!("{SESSIONS}/{}", phone.session())).await.status, 204);
    let Stage { server, database, .. } = stage;
    let server = server.restart().await;
    // The very first request.
    let answer = Http::nobody(server.url()).with_token(phone.access_token()).get("/api/v2/auth/me").await;
    assert_eq!((answer.status, answer.problem().as_str()), (401, "session_revoked"));
    drop((server, database));
}

#[tokio::test]
async fn all_other_sessions_are_ended_at_once() {
    let stage = Stage::set().await;
    let stranger = Account::register(&stage.server).await;
    let mut others = Vec::new();
    for name in ["one", "two", "three"] {
        others.push(sign_in(&stage.http, &stage.account, name).await);
    }
    let answer = stage.http.delete(SESSIONS).await;
    assert_eq!((answer.status, answer.json()), (200, json!({ "ended": 3 })));
    for other in &others {
        assert_ended(&stage, other, "ended_elsewhere").await;
    }
    assert_eq!(listed(&stage.http).await.len(), 1);
    assert_eq!(listed(&stranger.http().await).await.len(), 1, "another account's go on");
    assert_eq!(logged(&stage.sql, stage.account.space(), "session_ended").await, 3);
    assert_eq!(stage.http.delete(SESSIONS).await.json(), json!({ "ended": 0 }));
}

#[tokio::test]
async fn a_device_signs_out() {
    let stage = Stage::set().await;
    let tokens = sign_in(&stage.http, &stage.account, "phone").await;
    assert_eq!(tokens.http(&stage.http).post("/api/v2/auth/logout", "").await.status, 204);
    assert_ended(&stage, &tokens, "signed_out").await;
    let tokens = sign_in(&stage.http, &stage.account, "phone").await;
    let own = format!("{SESSIONS}/{}", tokens.session());
    assert_eq!(tokens.http(&stage.http).delete(&own).await.status, 204);
    assert_ended(&stage, &tokens, "signed_out").await;
    assert_eq!(logged(&stage.sql, stage.account.space(), "session_ended").await, 2);
}

#[tokio::test]
async fn a_strangers_session_cannot_be_seen_or_ended() {
    let stage = Stage::set().await;
    let stranger = Account::register(&stage.server).await;
    let theirs = stranger.session.session_id();
    assert!(!ids(&listed(&stage.http).await).contains(&theirs.to_string().as_str()));
    let foreign = stage.http.delete(&format!("{SESSIONS}/{theirs}")).await;
    let absent = stage.http.delete(&format!("{SESSIONS}/{}", support::commands::id())).await;
    assert_eq!((foreign.status, foreign.problem().as_str()), (404, "not_found"));
    assert_eq!(foreign.json(), absent.json());
    assert_eq!(stranger.http().await.get("/api/v2/auth/me").await.status, 200);
    for bad in ["garbage", "0", "%00", "../me"] {
        let answer = stage.http.delete(&format!("{SESSIONS}/{bad}")).await;
        assert!((400..500).contains(&answer.status), "{bad}: {}", answer.status);
    }
    let nobody = Http::nobody(stage.server.url());
    for answer in
        [nobody.get(SESSIONS).await, nobody.delete(SESSIONS).await, nobody.post("/api/v2/auth/logout", "").await]
    {
        assert_eq!((answer.status, answer.problem().as_str()), (401, "token_missing"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_gives_way_to_another_transaction_is_told_to_come_back_and_nothing_is_half_done() {
    let stage = Stage::set().await;
    let phone = sign_in(&stage.http, &stage.account, "phone").await;
    let path = format!("/api/v2/auth/devices/{}", phone.device());
    let mut other = stage.database.connect().await;
    // Which of two that wait for each other goes on is the database's choice.
    let refused = {
        let tx = other.transaction().await.unwrap();
        let statement = "SELECT 1 FROM sessions WHERE session_id = $1 FOR UPDATE";
        tx.query_one(statement, &[&phone.session()]).await.unwrap();
        let (http, removed) = (stage.http.clone(), path.clone());
        let removing = tokio::spawn(async move { http.delete(&removed).await });
        support::patience::until("its wait for the session", async || {
            let statement =
                "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()";
            let waiting: i64 = stage.sql.query_one(statement, &[]).await.unwrap().get(0);
            (waiting > 0).then_some(())
        })
        .await;
        let statement = "UPDATE accounts SET time_zone = time_zone WHERE account_id = $1";
        let went_on = tx.execute(statement, &[&stage.account.space()]).await.is_ok();
        tx.rollback().await.unwrap();
        let answer = removing.await.unwrap();
        if !went_on {
            assert_eq!(answer.status, 204);
            return;
        }
        answer
    };
    assert_eq!((refused.status, refused.problem().as_str()), (503, "busy"));
    assert_eq!(phone.http(&stage.http).get("/api/v2/auth/me").await.status, 200);
    assert_eq!(stage.http.delete(&path).await.status, 204);
}
