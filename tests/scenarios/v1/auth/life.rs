//! What a client of v1 goes through: registration, sign-ins, a forgotten password, the end of the account and its recall.

use infrastructure::clock::now_ms;
use reqwest::Method;
use serde_json::json;
use support::{Database, Http, Mailbox, Setup, TestServer};

use super::{PASSWORD, login, of, post, refused, register, registration, text};
use crate::newcomer::{RESET, address};

const NEW: &str = "a new password";
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;
/// Made by bcryptjs 2.4, with its cost 10, of the usual password.
const OLD_HASH: &str = "$2b$10$0dPv9YYVYHWB/rYvQH33b.n4gObxjRVhuNokpP/9dmAef30Tsva.a";

#[tokio::test]
async fn an_account_of_v1_is_one_of_v2_with_its_hero_and_skills() {
    let database = Database::fresh().await;
    let server = TestServer::start(&database);
    let (nobody, email) = (Http::nobody(server.url()), address());
    let http = of(&nobody, &register(&nobody, &email).await);
    let me = http.get("/api/v2/auth/me").await.json();
    let user = http.get("/api/v1/auth/user").await.json();
    assert_eq!((&me["account"]["id"], &me["account"]["email"]), (&user["id"], &user["email"]));
    assert_eq!((&user["firstName"], &user["lastName"]), (&json!("Ada"), &json!("Lovelace")));
    assert_eq!(http.get("/api/v2/skills").await.json()["items"].as_array().unwrap().len(), 6);
    let hero = http.get("/api/v2/heroes").await.json()["items"][0].clone();
    assert!(!hero.to_string().contains("Ada"), "the hero's name is the player's to choose: {hero}");
    let by_v2 = json!({ "email": email, "password": PASSWORD }).to_string();
    assert_eq!(nobody.post("/api/v2/auth/login", by_v2).await.status, 200);
    assert_eq!(login(&nobody, &email.to_uppercase()).await.status, 200, "addresses are compared without case");
}

#[tokio::test]
async fn a_registration_that_is_sent_again_under_its_key_is_a_sign_in() {
    let database = Database::fresh().await;
    let server = TestServer::start(&database);
    let (nobody, email) = (Http::nobody(server.url()), address());
    let keyed = nobody.with_header("idempotency-key", "k-1");
    let first = register(&keyed, &email).await.json();
    let again = register(&keyed, &email).await;
    assert_eq!((again.status, &again.json()["user"]), (200, &first["user"]));
    assert_eq!(of(&nobody, &again).get("/api/auth/user").await.status, 200);
    assert_eq!(refused(&register(&nobody, &email).await), (400, "email_taken".to_owned()), "without a key");
    let mut other = registration(&email);
    other["password"] = "another password".into();
    let guessed = post(&keyed, "/auth/register", other).await;
    assert_eq!(refused(&guessed), (400, "email_taken".to_owned()), "a key is no way to learn a password");
    let bad = nobody.with_header("idempotency-key", " ");
    assert_eq!(refused(&register(&bad, &address()).await), (400, "header_invalid".to_owned()));
}

#[tokio::test]
async fn a_hash_of_the_old_system_lets_its_owner_in_once_and_is_replaced() {
    let database = Database::fresh().await;
    let server = TestServer::start(&database);
    let (nobody, email, sql) = (Http::nobody(server.url()), address(), database.connect().await);
    register(&nobody, &email).await;
    sql.execute("UPDATE accounts SET password_hash = $1", &[&OLD_HASH]).await.unwrap();
    let wrong = post(&nobody, "/auth/login", json!({ "email": email, "password": "wrong horse" })).await;
    assert_eq!(refused(&wrong), (401, "credentials_invalid".to_owned()));
    assert_eq!(login(&nobody, &email).await.status, 200);
    let hash: String = sql.query_one("SELECT password_hash FROM accounts", &[]).await.unwrap().get(0);
    assert!(hash.starts_with("$argon2id$"), "{hash}");
    assert_eq!(login(&nobody, &email).await.status, 200);
}

#[tokio::test]
async fn an_imported_account_keeps_the_id_that_its_clients_know() {
    let database = Database::fresh().await;
    let server = TestServer::start(&database);
    let (nobody, email, sql) = (Http::nobody(server.url()), address(), database.connect().await);
    register(&nobody, &email).await;
    sql.execute("UPDATE accounts SET legacy_user_id = '31581595'", &[]).await.unwrap();
    let signed_in = login(&nobody, &email).await;
    assert_eq!(signed_in.json()["user"]["id"], "31581595");
    assert_eq!(of(&nobody, &signed_in).get("/api/auth/user").await.json()["id"], "31581595");
}

#[tokio::test]
async fn whoever_reads_the_mail_sets_a_new_password_and_everybody_else_is_out() {
    let database = Database::fresh().await;
    let server = TestServer::start(&database);
    let (nobody, email, mailbox) = (Http::nobody(server.url()), address(), Mailbox::of(&server));
    let http = of(&nobody, &register(&nobody, &email).await);
    let known = post(&nobody, "/auth/request-password-reset", json!({ "email": email })).await;
    for unknown in [json!({ "email": address() }), json!({ "email": 7 }), json!({})] {
        let answer = post(&nobody, "/auth/request-password-reset", unknown).await;
        assert_eq!((answer.status, answer.json()), (200, known.json()), "the same for an address without an account");
    }
    let token = mailbox.code(&email, RESET).await;
    let short = post(&nobody, "/auth/reset-password", json!({ "token": token, "newPassword": "short" })).await;
    assert_eq!(refused(&short), (400, "fields_invalid".to_owned()));
    assert_eq!(short.json()["errors"][0]["path"], json!(["newPassword"]));
    let body = json!({ "token": token, "newPassword": NEW });
    assert_eq!(post(&nobody, "/auth/reset-password", body.clone()).await.status, 200, "the token is still good");
    assert_eq!(refused(&post(&nobody, "/auth/reset-password", body).await), (400, "reset_token_invalid".to_owned()));
    assert_eq!(http.get("/api/auth/user").await.status, 401);
    assert_eq!(login(&nobody, &email).await.status, 401);
    assert_eq!(post(&nobody, "/auth/login", json!({ "email": email, "password": NEW })).await.status, 200);
}

#[tokio::test]
async fn an_account_is_deleted_by_its_password_alone_and_the_wish_can_be_called_off() {
    let database = Database::fresh().await;
    let server = TestServer::start(&database);
    let (nobody, email) = (Http::nobody(server.url()), address());
    let http = of(&nobody, &register(&nobody, &email).await);
    let ask = async |http: &Http, path: &str, body: Option<&str>| http.send(Method::DELETE, path, body).await;
    let nothing = ask(&nobody, "/api/v1/users/account", None).await;
    assert_eq!(refused(&nothing), (401, "token_missing".to_owned()), "what the web client sends");
    assert_eq!(refused(&ask(&http, "/api/v1/users/account", None).await).0, 400);
    let wrong = ask(&http, "/api/users/account", Some(r#"{"password":"wrong horse"}"#)).await;
    assert_eq!(refused(&wrong), (401, "credentials_invalid".to_owned()));
    assert_eq!(http.get("/api/auth/user").await.json()["deletionScheduledFor"], json!(null));

    let before = now_ms();
    let body = json!({ "password": PASSWORD, "scheduledDeletionDate": "2020-01-01" }).to_string();
    let deleted = ask(&http, "/api/v1/users/account", Some(&body)).await;
    assert_eq!(deleted.status, 200, "{}", deleted.json());
    let date: jiff::Timestamp = text(&deleted.json(), "deletionDate").parse().unwrap();
    assert!(date.as_millisecond() >= before + 30 * DAY_MS, "when is not the client's to say: {date}");
    assert_eq!(refused(&http.get("/api/auth/user").await), (401, "session_revoked".to_owned()));

    let http = of(&nobody, &login(&nobody, &email).await);
    let user = http.get("/api/auth/user").await.json();
    assert_eq!(user["deletionScheduledFor"], deleted.json()["deletionDate"]);
    assert!(user["deletionRequestedAt"].is_string(), "{user}");
    for _ in 0..2 {
        assert_eq!(http.send(Method::POST, "/api/v1/users/cancel-deletion", None::<String>).await.status, 200);
    }
    assert_eq!(http.get("/api/auth/user").await.json()["deletionScheduledFor"], json!(null));
}

#[tokio::test]
async fn where_addresses_must_be_proven_a_registration_says_so_in_words() {
    let database = Database::fresh().await;
    let mut setup = Setup::of(&database);
    setup.serving.identity.email_verification = infrastructure::config::EmailVerification::Required;
    let server = TestServer::start_with(setup);
    let (nobody, email) = (Http::nobody(server.url()), address());
    for _ in 0..2 {
        assert_eq!(refused(&register(&nobody, &email).await), (403, "email_unverified".to_owned()));
    }
    assert_eq!(refused(&login(&nobody, &email).await), (403, "email_unverified".to_owned()));
}
