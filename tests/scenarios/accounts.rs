//! Accounts at the door: one address in any case, locked and unproven ones, and what the log keeps of wrong passwords.

use infrastructure::config::{EmailVerification, Identity, Limits, Serving};
use reqwest::Method;
use serde_json::{Value, json};
use support::patience::until;
use support::{Http, Setup, TestServer};

use crate::people::{acts, ask, code, login};
use crate::stage::Stage;

const PASSWORD: &str = "correct horse battery";

#[tokio::test]
async fn an_address_is_one_in_any_case() {
    let stage = Stage::set().await;
    let email = stage.account.credentials.email.clone();
    let shouted = email.to_uppercase();
    let body = json!({ "email": shouted, "password": PASSWORD }).to_string();
    let again = ask(&Http::nobody(stage.server.url()), Method::POST, "/api/v2/auth/register", Some(&body)).await;
    assert_eq!(code(&again), (409, "email_taken"));
    let (status, said) = login(&stage.server, &shouted, PASSWORD).await;
    assert_eq!((status, &said["account"]["email"]), (200, &json!(email)), "as it was first given");
    assert_eq!(said["account"]["id"], json!(stage.account.space()));
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_are_answered_alike() {
    let stage = Stage::set().await;
    let email = stage.account.credentials.email.as_str();
    let mut answers = Vec::new();
    let long = "x".repeat(2_000);
    for (email, password) in [
        (email, "wrong horse battery"),
        ("nobody@example.test", PASSWORD),
        ("no address", PASSWORD),
        (email, long.as_str()),
        (email, ""),
    ] {
        answers.push(login(&stage.server, email, password).await);
    }
    assert_eq!(code(&answers[0]), (401, "credentials_invalid"));
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
}

#[tokio::test]
async fn a_locked_account_learns_so_only_by_the_right_password() {
    let stage = Stage::set().await;
    let email = stage.account.credentials.email.as_str();
    let lock = "UPDATE accounts SET locked_at = 1 WHERE account_id = $1";
    stage.sql.execute(lock, &[&stage.account.space()]).await.unwrap();
    assert_eq!(code(&login(&stage.server, email, PASSWORD).await), (403, "account_locked"));
    assert_eq!(code(&login(&stage.server, email, "wrong horse battery").await), (401, "credentials_invalid"));
    stage.sql.execute("UPDATE accounts SET locked_at = NULL", &[]).await.unwrap();
    assert_eq!(login(&stage.server, email, PASSWORD).await.0, 200);
}

#[tokio::test]
async fn an_unproven_address_keeps_out_only_where_that_is_asked_for() {
    let stage = Stage::set().await;
    let email = stage.account.credentials.email.as_str();
    let identity = Identity { email_verification: EmailVerification::Required, ..Identity::default() };
    let serving = Serving { identity, limits: Limits::off(), ..Serving::default() };
    let strict = TestServer::start_with(Setup { serving, ..stage.server.setup() });
    let verify = |at: Option<i64>| async move { at };
    let set = "UPDATE accounts SET verified_at = $1";
    stage.sql.execute(set, &[&verify(None).await]).await.unwrap();
    assert_eq!(login(&stage.server, email, PASSWORD).await.0, 200);
    assert_eq!(code(&login(&strict, email, PASSWORD).await), (403, "email_unverified"));
    assert_eq!(code(&login(&strict, email, "wrong horse battery").await), (401, "credentials_invalid"));
    stage.sql.execute(set, &[&verify(Some(1)).await]).await.unwrap();
    assert_eq!(login(&strict, email, PASSWORD).await.0, 200);
}

#[tokio::test]
async fn wrong_passwords_are_in_the_log_as_one_entry_a_minute_with_their_number() {
    let stage = Stage::set().await;
    let (email, account) = (stage.account.credentials.email.as_str(), stage.account.space());
    for _ in 0..5 {
        assert_eq!(login(&stage.server, email, "wrong horse battery").await.0, 401);
    }
    assert_eq!(login(&stage.server, "nobody@example.test", PASSWORD).await.0, 401);
    let entries = until("the entries", async || {
        let entries = acts(&stage.sql, account, "sign_in_refused").await;
        (total(&entries) == 5).then_some(entries)
    })
    .await;
    assert!(entries.len() <= 2, "a minute may have ended in between: {entries:?}");
    assert!(entries.iter().all(|(actor, role, _)| actor.is_none() && role.is_none()));
    let rows = stage.sql.query("SELECT network, device_id FROM security_log WHERE act = 'sign_in_refused'", &[]);
    for row in rows.await.unwrap() {
        assert_eq!(row.get::<_, Option<&str>>(0), Some("127.0.0.0/24"));
        assert_eq!(row.get::<_, Option<uuid::Uuid>>(1), None);
    }
    let others = "SELECT count(*) FROM security_log WHERE account_id IS DISTINCT FROM $1";
    assert_eq!(stage.sql.query_one(others, &[&account]).await.unwrap().get::<_, i64>(0), 0, "of nobody");
}

fn total(entries: &[(Option<uuid::Uuid>, Option<String>, Value)]) -> i64 {
    entries.iter().filter_map(|(_, _, about)| about["count"].as_i64()).sum()
}
