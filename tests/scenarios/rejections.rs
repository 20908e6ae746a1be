//! Dead letters: what was refused stays listed, as it was sent, until a device of the account acknowledges it. And receipts, whose
//! bodies go after their time while what they decided stays decided.

use infrastructure::clock::now_ms;
use infrastructure::upkeep::Walk;
use reqwest::Method;
use serde_json::{Value, json};
use support::commands::{command, create_task, id, new_task, transaction};
use support::{Account, Http, tables};

use crate::stage::{Stage, code};

async fn listed(http: &Http) -> Vec<Value> {
    let mut all = Vec::new();
    let mut page = String::new();
    loop {
        let answer = http.get(&format!("/api/v2/rejections?limit=2{page}")).await;
        assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
        let body = answer.json();
        let items = body["items"].as_array().unwrap();
        assert!(items.len() <= 2);
        all.extend(items.iter().cloned());
        match body["next"].as_str() {
            Some(next) => page = format!("&page={next}"),
            None => return all,
        }
    }
}

async fn acknowledge(http: &Http, transaction: &Value) -> u16 {
    let path = format!("/api/v2/rejections/{}/acknowledge", transaction.as_str().unwrap());
    http.send(Method::POST, &path, None::<Vec<u8>>).await.status
}

/// Refused in several ways, one of them with text that no document of PostgreSQL holds.
fn refused() -> Vec<Value> {
    let mut nul = new_task("x\u{0}y");
    nul["commands"][0]["data"]["nothing"] = json!("\u{0}");
    vec![
        transaction(&[create_task(id(), "R")]),
        transaction(&[command("task.complete", id())]),
        transaction(&[]),
        nul,
        json!({ "transaction_id": id(), "commands": [{ "nothing": 1.0, "deep": { "b": [1, -2, 1e3], "a": null } }] }),
    ]
}

#[tokio::test]
async fn a_refused_transaction_is_listed_as_it_was_sent_until_a_device_acknowledges_it() {
    let stage = Stage::set().await;
    let sent = refused();
    for one in &sent {
        let receipt = stage.account.send(one.clone()).await;
        assert_eq!(receipt["status"], "rejected", "{receipt}");
    }
    stage.account.commit(&[create_task(id(), "Read")]).await;
    let browser = stage.account.device_http(&stage.server, "browser").await;
    let letters = listed(&browser).await;
    assert_eq!(letters.len(), sent.len());
    assert!(letters.is_sorted_by_key(|one| std::cmp::Reverse(one["at"].as_i64().unwrap())), "the newest first");
    for one in &sent {
        let letter = letters.iter().find(|letter| letter["transaction_id"] == one["transaction_id"]).expect("listed");
        assert_eq!(letter["commands"], one["commands"]);
        assert_eq!(letter["device_id"], json!(stage.account.session.device_id()));
        assert_eq!(letter["problem"], stage.account.send(one.clone()).await["problem"], "as its receipt says");
    }
    // Any device takes it off, for all of them, and again without an effect.
    let first = &sent[0]["transaction_id"];
    assert_eq!([acknowledge(&browser, first).await, acknowledge(&stage.http, first).await], [204, 204]);
    let left = listed(&stage.http).await;
    assert_eq!(left.len(), sent.len() - 1);
    assert!(left.iter().all(|one| one["transaction_id"] != *first));
    assert_eq!(stage.account.send(sent[0].clone()).await["status"], "rejected", "its receipt stays");
}

#[tokio::test]
async fn text_that_is_no_unicode_is_listed_too() {
    let stage = Stage::set().await;
    let text = format!(r#"{{"transactions":[{{"transaction_id":"{}","commands":["\ud800"]}}]}}"#, id());
    let receipt = stage.http.post("/api/v2/transactions", text).await.receipts().remove(0);
    assert_eq!(code(&receipt), "text_invalid");
    let letters = listed(&stage.http).await;
    assert!(letters[0]["commands"].as_str().unwrap().contains(r"\ud800"), "{letters:?}");
}

#[tokio::test]
async fn nobody_sees_or_acknowledges_the_refused_transactions_of_another() {
    let stage = Stage::set().await;
    let sent = transaction(&[create_task(id(), "R")]);
    stage.account.send(sent.clone()).await;
    let stranger = Account::register(&stage.server).await.http().await;
    assert_eq!(listed(&stranger).await, Vec::<Value>::new());
    assert_eq!(acknowledge(&stranger, &sent["transaction_id"]).await, 404);
    let committed = stage.account.commit(&[create_task(id(), "Read")]).await;
    for unknown in [&committed["transaction_id"], &json!(id()), &json!("x"), &json!("..")] {
        assert_eq!(acknowledge(&stage.http, unknown).await, 404, "{unknown}");
    }
    assert_eq!(listed(&stage.http).await.len(), 1);
    for page in ["x", "1", ".", "1.x", "x.1", "99999999999999999999.0197d3a8-0000-7000-8000-000000000000"] {
        let answer = stage.http.get(&format!("/api/v2/rejections?page={page}")).await;
        assert_eq!((answer.status, answer.problem().as_str()), (400, "page_invalid"), "{page}");
    }
}

#[tokio::test]
async fn after_its_time_a_receipt_says_in_short_what_was_decided_and_is_decided_still() {
    let stage = Stage::set().await;
    let (committed, refused) = (new_task("Read"), transaction(&[create_task(id(), "R")]));
    let first = stage.account.send(committed.clone()).await;
    assert_eq!(stage.account.send(refused.clone()).await["status"], "rejected");
    let old = "UPDATE receipts SET decided_at = 5 WHERE transaction_id IN ($1, $2)";
    let named = |sent: &Value| sent["transaction_id"].as_str().unwrap().parse::<uuid::Uuid>().unwrap();
    stage.sql.execute(old, &[&named(&committed), &named(&refused)]).await.unwrap();
    // More than a chunk of others, of which nothing goes.
    let more = "INSERT INTO receipts (space_id, transaction_id, device_id, digest, status, body, decided_at)
                SELECT $1, gen_random_uuid(), gen_random_uuid(), '\\x00', 'committed', '{}', $2 FROM generate_series(1, 2300)";
    stage.sql.execute(more, &[&id(), &now_ms()]).await.unwrap();
    let pool = stage.database.pool(1);
    let mut walk = Walk::from_anywhere();
    // Twice around at most: from anywhere to the end, and from the beginning.
    let mut expired = 0;
    for _ in 0..2 {
        expired += walk.stretch(&pool, now_ms() - 60_000).await.unwrap();
    }
    assert_eq!(expired, 2);
    assert_eq!(walk.stretch(&pool, now_ms() - 60_000).await.unwrap(), 0);

    let server = stage.server.restart().await;
    let http = stage.account.device_http(&server, "browser").await;
    let before = tables::footprint(&stage.sql).await;
    let body = json!({ "transactions": [committed, refused] });
    let receipts = http.write(&body).await.receipts();
    assert_eq!((&receipts[0]["status"], &receipts[0]["positions"]), (&json!("committed"), &first["positions"]));
    assert_eq!((&receipts[0]["results"], &receipts[0]["notices"][0]["code"]), (&json!([]), &json!("receipt_expired")));
    assert_eq!((&receipts[1]["status"], code(&receipts[1])), (&json!("rejected"), "receipt_expired"));
    assert_eq!(tables::footprint(&stage.sql).await, before, "nothing is decided again");
    let mut other = body["transactions"][0].clone();
    other["commands"][0]["data"]["title"] = json!("Write");
    let reused = http.write(&json!({ "transactions": [other] })).await.receipts().remove(0);
    assert_eq!(code(&reused), "transaction_reused");
    // What nobody has acknowledged stays to be seen.
    assert_eq!(listed(&http).await.len(), 1);
}
