//! What an account is told of itself: who came in, who was turned away, and who of staff looked.

use serde_json::{Value, json};
use support::commands::id;
use support::patience::until;
use support::{Account, Http};

use crate::installation::{described, login, sign_in};
use crate::stage::Stage;

const LOG: &str = "/api/v2/auth/access-log";

async fn entries(http: &Http) -> Vec<Value> {
    let page = http.get(LOG).await;
    assert_eq!(page.status, 200, "{}", page.json());
    assert_eq!(page.json()["next"], json!(null));
    page.json()["items"].as_array().unwrap().clone()
}

/// The acts of these kinds, the newest first.
fn acts<'a>(entries: &'a [Value], kinds: &[&str]) -> Vec<&'a str> {
    entries.iter().map(|entry| entry["act"].as_str().unwrap()).filter(|act| kinds.contains(act)).collect()
}

async fn wrong_password(stage: &Stage, email: &str) -> u16 {
    let body = json!({ "email": email, "password": "wrong horse", "device": described(id(), "Thief") });
    Http::nobody(stage.server.url()).post("/api/v2/auth/login", body.to_string()).await.status
}

#[tokio::test]
async fn an_account_sees_who_came_in_and_who_was_turned_away() {
    let stage = Stage::set().await;
    let tablet = id();
    sign_in(&stage.server, &stage.account, tablet).await;
    assert_eq!(wrong_password(&stage, &stage.account.credentials.email.to_uppercase()).await, 401);
    // What was refused is written down beside the requests.
    let entries = until("the refused sign-in in the log", async || {
        let entries = entries(&stage.http).await;
        entries.iter().any(|entry| entry["act"] == "sign_in_refused").then_some(entries)
    });
    let entries = entries.await;
    let seen = acts(&entries, &["signed_in", "sign_in_refused", "device_added"]);
    assert_eq!(seen, ["sign_in_refused", "signed_in", "device_added"], "the newest first");
    let signed_in = entries.iter().find(|entry| entry["act"] == "signed_in").unwrap();
    let names: Vec<&str> = signed_in.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(names, ["about", "act", "actor", "at", "device_id", "network", "session_id"]);
    assert_eq!((&signed_in["device_id"], &signed_in["actor"]), (&json!(tablet), &json!(null)));
    assert_eq!(signed_in["network"], "127.0.0.0/24");
    assert!(signed_in["session_id"].is_string() && signed_in["at"].is_i64());
}

#[tokio::test]
async fn an_unknown_address_is_recorded_for_nobody() {
    let stage = Stage::set().await;
    assert_eq!(wrong_password(&stage, "nobody@example.test").await, 401);
    // The next refusal that is recorded comes after where the unknown one would have been.
    assert_eq!(wrong_password(&stage, &stage.account.credentials.email).await, 401);
    let statement = "SELECT account_id FROM security_log WHERE act = 'sign_in_refused'";
    let rows = until("the refused sign-in in the log", async || {
        let rows = stage.sql.query(statement, &[]).await.unwrap();
        (!rows.is_empty()).then_some(rows)
    });
    let accounts: Vec<uuid::Uuid> = rows.await.iter().map(|row| row.get(0)).collect();
    assert_eq!(accounts, [stage.account.space()]);
}

#[tokio::test]
async fn pages_follow_each_other_without_a_gap_or_a_repeat() {
    let stage = Stage::set().await;
    for _ in 0..5 {
        login(&stage.server, &stage.account, &described(stage.account.session.device_id(), "phone"), &json!({})).await;
    }
    let whole = entries(&stage.http).await;
    assert!(whole.len() >= 5);
    let (mut found, mut next): (Vec<Value>, Value) = (Vec::new(), json!(null));
    loop {
        let page = next.as_str().map(|page| format!("&page={page}")).unwrap_or_default();
        let answer = stage.http.get(&format!("{LOG}?limit=2{page}")).await.json();
        let items = answer["items"].as_array().unwrap();
        assert!((1..=2).contains(&items.len()));
        found.extend(items.clone());
        // What happens meanwhile is newer than any page that is still to come.
        login(&stage.server, &stage.account, &described(stage.account.session.device_id(), "phone"), &json!({})).await;
        next = answer["next"].clone();
        if next.is_null() {
            break;
        }
    }
    assert_eq!(found, whole);
}

#[tokio::test]
async fn of_staff_it_says_what_was_done_and_nothing_of_who_they_are() {
    let stage = Stage::set().await;
    let (staff, session, device) = (id(), id(), id());
    for (role, actor) in [("support", Some(staff)), ("admin", Some(staff)), ("operator", None)] {
        let statement = "INSERT INTO security_log \
            (entry_id, account_id, at, act, actor_id, actor_role, session_id, device_id, network, about) \
            VALUES ($1, $2, 1, 'looked_at', $3, $4, $5, $6, '192.0.2.0/24', '{\"at\": \"history\"}')";
        let (session, device) = (actor.map(|_| session), actor.map(|_| device));
        stage.sql.execute(statement, &[&id(), &stage.account.space(), &actor, &role, &session, &device]).await.unwrap();
    }
    let entries = entries(&stage.http).await;
    let looks: Vec<&Value> = entries.iter().filter(|entry| entry["act"] == "looked_at").collect();
    let actors: Vec<&str> = looks.iter().map(|entry| entry["actor"].as_str().unwrap()).collect();
    assert_eq!(actors, ["operator", "admin", "support"]);
    assert!(looks.iter().all(|entry| entry["about"] == json!({ "at": "history" })));
    let said = Value::from(entries.clone()).to_string();
    for secret in [staff, session, device] {
        assert!(!said.contains(&secret.to_string()));
    }
    assert_eq!(looks.iter().filter(|entry| entry["network"].is_null()).count(), 2);
}

#[tokio::test]
async fn nobody_sees_what_happened_to_another_account() {
    let stage = Stage::set().await;
    let other = Account::register(&stage.server).await;
    let (tablet, theirs) = (id(), other.http().await);
    sign_in(&stage.server, &stage.account, tablet).await;
    sign_in(&stage.server, &other, tablet).await;
    let (mine, others) = (entries(&stage.http).await, entries(&theirs).await);
    assert!(!mine.is_empty() && !others.is_empty());
    for entry in &mine {
        assert!(!others.contains(entry));
    }
    let newest = "SELECT entry_id::text FROM security_log WHERE account_id = $1 ORDER BY entry_id DESC LIMIT 1";
    let row = stage.sql.query_one(newest, &[&other.space()]).await.unwrap();
    let page = stage.http.get(&format!("{LOG}?page={}", row.get::<_, &str>(0))).await.json();
    assert!(
        page["items"].as_array().unwrap().iter().all(|entry| mine.contains(entry)),
        "a stranger's page is one's own"
    );
}

#[tokio::test]
async fn a_page_that_is_none_is_refused() {
    let stage = Stage::set().await;
    for (query, code) in [
        ("page=", "page_invalid"),
        ("page=x", "page_invalid"),
        ("page=%00", "page_invalid"),
        ("limit=0", "query_invalid"),
        ("limit=1001", "query_invalid"),
        ("limit=-1", "query_invalid"),
        ("limit=x", "query_invalid"),
        ("account=x", "query_invalid"),
    ] {
        let answer = stage.http.get(&format!("{LOG}?{query}")).await;
        assert_eq!((answer.status, answer.problem().as_str()), (400, code), "{query}");
    }
}
