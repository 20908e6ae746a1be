//! Devices with a key: a refresh token alone is worth nothing.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use support::{Account, Answer, Http};

use crate::sign_in::{SignedIn, assert_refused, let_the_grace_pass, logged, refresh, sign_in};
use crate::stage::Stage;

/// From a nonce to what is sent as its signature.
type Sign<'a> = &'a dyn Fn(&str) -> String;

fn key(seed: u8) -> SigningKey {
    SigningKey::from_slice(&[seed; 32]).unwrap()
}

/// Gives the device of this sign-in a key.
async fn set_key(stage: &Stage, of: &SignedIn, key: &SigningKey) {
    let public = key.verifying_key().to_encoded_point(false).as_bytes().to_vec();
    let statement = "UPDATE devices SET public_key = $1 WHERE device_id = $2";
    assert_eq!(stage.sql.execute(statement, &[&public, &of.device()]).await.unwrap(), 1);
}

/// What a device signs, put together from the documentation.
fn message(nonce: &str, of: &SignedIn) -> String {
    let digest = BASE64.encode(Sha256::digest(of.refresh_token().as_bytes()));
    format!("levelup-refresh-v1\n{nonce}\n{}\n{digest}", of.0["session_id"].as_str().unwrap())
}

fn raw(key: &SigningKey, message: &str) -> String {
    let signature: Signature = key.sign(message.as_bytes());
    BASE64.encode(signature.to_bytes())
}

fn der(key: &SigningKey, message: &str) -> String {
    let signature: Signature = key.sign(message.as_bytes());
    BASE64.encode(signature.to_der().as_bytes())
}

async fn refresh_with(at: &Http, token: &str, nonce: &str, signature: &str) -> Answer {
    let body = json!({ "refresh_token": token, "nonce": nonce, "signature": signature });
    at.post("/api/v2/auth/refresh", body.to_string()).await
}

/// The nonce of a refusal with this code.
fn nonce(answer: &Answer, code: &str) -> String {
    assert_eq!((answer.status, answer.problem().as_str()), (401, code), "{}", answer.json());
    let nonce = answer.json()["nonce"].as_str().expect("a nonce").to_owned();
    assert_eq!(nonce.len(), 43);
    nonce
}

async fn asked(at: &Http, of: &SignedIn) -> String {
    nonce(&refresh(at, of.refresh_token()).await, "signature_required")
}

#[tokio::test]
async fn a_device_with_a_key_signs_its_refreshes() {
    let stage = Stage::set().await;
    let key = key(7);
    let mut tokens = sign_in(&stage.http, &stage.account, "phone").await;
    set_key(&stage, &tokens, &key).await;
    for sign in [raw, der] {
        let nonce = asked(&stage.http, &tokens).await;
        let signature = sign(&key, &message(&nonce, &tokens));
        let answer = refresh_with(&stage.http, tokens.refresh_token(), &nonce, &signature).await;
        tokens = SignedIn::of(&answer);
    }
    assert_eq!(logged(&stage.sql, stage.account.space(), "refresh_unsigned").await, 0, "asking is no attempt");
}

#[tokio::test]
async fn a_copied_token_is_worth_nothing_without_the_key() {
    let stage = Stage::set().await;
    let (key, other_key) = (key(7), key(8));
    let tokens = sign_in(&stage.http, &stage.account, "phone").await;
    set_key(&stage, &tokens, &key).await;
    let token = tokens.refresh_token();
    let mut given = asked(&stage.http, &tokens).await;
    let long = "A".repeat(100_000);
    let bad: [(&str, Sign<'_>); 9] = [
        ("another key", &|nonce| raw(&other_key, &message(nonce, &tokens))),
        ("another nonce", &|_| raw(&key, &message(&"A".repeat(43), &tokens))),
        ("another purpose", &|nonce| raw(&key, &message(nonce, &tokens).replace("refresh", "login"))),
        ("the nonce alone", &|nonce| raw(&key, nonce)),
        ("zeros", &|_| BASE64.encode([0; 64])),
        ("nothing", &|_| String::new()),
        ("no base64url", &|_| "!".repeat(86)),
        ("too much", &|_| long.clone()),
        ("padded", &|nonce| format!("{}==", raw(&key, &message(nonce, &tokens)))),
    ];
    for (name, sign) in bad {
        let answer = refresh_with(&stage.http, token, &given, &sign(&given)).await;
        assert_eq!(answer.problem(), "signature_invalid", "{name}");
        given = nonce(&answer, "signature_invalid");
    }
    assert_eq!(logged(&stage.sql, stage.account.space(), "refresh_unsigned").await, 9);
    let answer = refresh_with(&stage.http, token, &given, &raw(&key, &message(&given, &tokens))).await;
    SignedIn::of(&answer);
}

#[tokio::test]
async fn a_nonce_is_good_once_for_a_while_and_for_its_own_session() {
    let stage = Stage::set().await;
    let key = key(7);
    let tokens = sign_in(&stage.http, &stage.account, "phone").await;
    let other = Account::register(&stage.server).await;
    let theirs = sign_in(&stage.http, &other, "their phone").await;
    for one in [&tokens, &theirs] {
        set_key(&stage, one, &key).await;
    }
    let (mine, foreign) = (asked(&stage.http, &tokens).await, asked(&stage.http, &theirs).await);
    for bad in [foreign.as_str(), &"A".repeat(43), "", "garbage", &"x".repeat(10_000), &format!("{mine}=")] {
        let answer = refresh_with(&stage.http, tokens.refresh_token(), bad, &raw(&key, &message(bad, &tokens))).await;
        nonce(&answer, "nonce_invalid");
    }
    let signature = raw(&key, &message(&mine, &tokens));
    let next = SignedIn::of(&refresh_with(&stage.http, tokens.refresh_token(), &mine, &signature).await);
    // The whole request again, as a listener would send it, and the used nonce for the next token.
    nonce(&refresh_with(&stage.http, tokens.refresh_token(), &mine, &signature).await, "nonce_invalid");
    let signature = raw(&key, &message(&mine, &next));
    nonce(&refresh_with(&stage.http, next.refresh_token(), &mine, &signature).await, "nonce_invalid");

    let late = asked(&stage.http, &next).await;
    stage.sql.execute("UPDATE refresh_nonces SET expires_at = expires_at - 121000", &[]).await.unwrap();
    let signature = raw(&key, &message(&late, &next));
    nonce(&refresh_with(&stage.http, next.refresh_token(), &late, &signature).await, "nonce_invalid");
    // Their nonce was shown by somebody else, and is still theirs.
    stage.sql.execute("UPDATE refresh_nonces SET expires_at = expires_at + 121000", &[]).await.unwrap();
    let signature = raw(&key, &message(&foreign, &theirs));
    SignedIn::of(&refresh_with(&stage.http, theirs.refresh_token(), &foreign, &signature).await);
}

#[tokio::test]
async fn a_signature_is_not_good_for_another_session_or_token() {
    let stage = Stage::set().await;
    let key = key(7);
    let device = json!({ "device_id": support::commands::id(), "platform": "ios", "device_name": "phone" });
    let one = crate::sign_in::sign_in_on(&stage.http, &stage.account, &device).await;
    let two = crate::sign_in::sign_in_on(&stage.http, &stage.account, &device).await;
    set_key(&stage, &one, &key).await;
    let given = asked(&stage.http, &two).await;
    let signature = raw(&key, &message(&given, &one));
    nonce(&refresh_with(&stage.http, two.refresh_token(), &given, &signature).await, "signature_invalid");
}

#[tokio::test]
async fn half_of_a_proof_is_none() {
    let stage = Stage::set().await;
    let tokens = sign_in(&stage.http, &stage.account, "phone").await;
    set_key(&stage, &tokens, &key(7)).await;
    let given = asked(&stage.http, &tokens).await;
    for half in [json!({ "nonce": given }), json!({ "signature": "AA" })] {
        let mut body = half;
        body["refresh_token"] = json!(tokens.refresh_token());
        nonce(&stage.http.post("/api/v2/auth/refresh", body.to_string()).await, "signature_required");
    }
    let body = json!({ "refresh_token": tokens.refresh_token(), "nonce": 7, "signature": [] });
    let answer = stage.http.post("/api/v2/auth/refresh", body.to_string()).await;
    assert_eq!((answer.status, answer.problem().as_str()), (422, "body_invalid"));
}

#[tokio::test]
async fn a_lost_answer_is_repeated_to_the_device_only() {
    let stage = Stage::set().await;
    let key = key(7);
    let tokens = sign_in(&stage.http, &stage.account, "phone").await;
    set_key(&stage, &tokens, &key).await;
    let mut answers: Vec<Value> = Vec::new();
    for _ in 0..2 {
        let given = asked(&stage.http, &tokens).await;
        let signature = raw(&key, &message(&given, &tokens));
        let answer = refresh_with(&stage.http, tokens.refresh_token(), &given, &signature).await;
        answers.push(SignedIn::of(&answer).0["refresh_token"].clone());
    }
    assert_eq!(answers[0], answers[1]);
    let_the_grace_pass(&stage.sql).await;
    let because = assert_refused(&stage.http, tokens.refresh_token()).await;
    assert_eq!(because.as_deref(), Some("replayed"), "a used token is a sign of theft, signed or not");
}

#[tokio::test]
async fn nobody_gets_a_nonce_without_a_good_refresh_token() {
    let stage = Stage::set().await;
    let tokens = sign_in(&stage.http, &stage.account, "phone").await;
    set_key(&stage, &tokens, &key(7)).await;
    let unknown = refresh_with(&stage.http, &"A".repeat(43), &"A".repeat(43), "AA").await;
    assert_eq!((unknown.status, unknown.problem().as_str()), (401, "refresh_token_invalid"));
    assert!(unknown.json().get("nonce").is_none());
    assert_eq!(tokens.http(&stage.http).post("/api/v2/auth/logout", "").await.status, 204);
    let ended = refresh(&stage.http, tokens.refresh_token()).await;
    assert_eq!((ended.status, ended.problem().as_str()), (401, "refresh_token_invalid"));
    assert!(ended.json().get("nonce").is_none());
}

#[tokio::test]
async fn a_session_has_a_bounded_number_of_nonces() {
    let stage = Stage::set().await;
    let key = key(7);
    let tokens = sign_in(&stage.http, &stage.account, "phone").await;
    set_key(&stage, &tokens, &key).await;
    let mut last = String::new();
    for _ in 0..20 {
        last = asked(&stage.http, &tokens).await;
    }
    let rows: i64 = stage.sql.query_one("SELECT count(*) FROM refresh_nonces", &[]).await.unwrap().get(0);
    assert_eq!(rows, 8);
    let signature = raw(&key, &message(&last, &tokens));
    SignedIn::of(&refresh_with(&stage.http, tokens.refresh_token(), &last, &signature).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_device_that_is_removed_while_it_asks_for_a_nonce_is_no_fault() {
    let stage = Stage::set().await;
    let tokens = sign_in(&stage.http, &stage.account, "phone").await;
    set_key(&stage, &tokens, &key(9)).await;
    let removing = stage.database.connect().await;
    removing.batch_execute("BEGIN").await.unwrap();
    removing.execute("DELETE FROM devices WHERE device_id = $1", &[&tokens.device()]).await.unwrap();
    let (http, token) = (stage.http.clone(), tokens.refresh_token().to_owned());
    let asking = tokio::spawn(async move { refresh(&http, &token).await });
    support::patience::until("its wait for the removal", async || {
        let statement =
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()";
        let waiting: i64 = stage.sql.query_one(statement, &[]).await.unwrap().get(0);
        (waiting > 0).then_some(())
    })
    .await;
    removing.batch_execute("COMMIT").await.unwrap();
    let answer = asking.await.unwrap();
    assert_eq!(answer.status, 401, "{}", answer.json());
    assert_refused(&stage.http, tokens.refresh_token()).await;
}
