//! Proven addresses: where nothing depends on them, and where nobody comes in before.

use infrastructure::config::EmailVerification;
use serde_json::{Value, json};
use support::patience::until;
use support::{Database, Http, Mailbox, Setup, TestServer};

use crate::newcomer::{CONFIRM, Newcomer, REPEATED, RESET, acts, address, assert_refused, outside, post, register};

/// A server on which addresses must be proven.
fn strict(database: &Database) -> TestServer {
    let mut setup = Setup::of(database);
    setup.serving.identity.email_verification = EmailVerification::Required;
    TestServer::start_with(setup)
}

#[tokio::test]
async fn the_mail_that_a_registration_sends_proves_the_address_once() {
    let database = Database::fresh().await;
    let server = TestServer::start(&database);
    let (person, sql) = (Newcomer::on(&server).await, database.connect().await);
    assert!(!person.is_verified(&person.http()).await);
    let code = person.mailbox.code(&person.email, CONFIRM).await;
    let lifetime = "SELECT expires_at - created_at FROM account_tokens";
    assert_eq!(sql.query_one(lifetime, &[]).await.unwrap().get::<_, i64>(0), 7 * 24 * 60 * 60 * 1_000);

    let answer = person.verify(&code).await;
    assert_eq!((answer.status, answer.body.len()), (204, 0));
    assert!(person.is_verified(&person.http()).await);
    assert_refused(&person.verify(&code).await, "verification_token_invalid");
    assert_eq!(acts(&sql, person.account()).await.iter().filter(|act| *act == "email_verified").count(), 1);
    person.assert_going_on(&person.session).await;
}

#[tokio::test]
async fn garbage_and_expired_and_foreign_tokens_prove_nothing() {
    let database = Database::fresh().await;
    let server = TestServer::start(&database);
    let (person, sql) = (Newcomer::on(&server).await, database.connect().await);
    for garbage in ["", "garbage", &"A".repeat(43), "\0", &"🦀".repeat(43)] {
        assert_refused(&person.verify(garbage).await, "verification_token_invalid");
    }
    let code = person.mailbox.code(&person.email, CONFIRM).await;
    sql.execute("UPDATE account_tokens SET expires_at = created_at", &[]).await.unwrap();
    assert_refused(&person.verify(&code).await, "verification_token_invalid");
    person.forgot().await;
    let reset = person.mailbox.code(&person.email, RESET).await;
    assert_refused(&person.verify(&reset).await, "verification_token_invalid");
    assert!(!person.is_verified(&person.http()).await);
}

#[tokio::test]
async fn the_mail_can_be_asked_for_again_until_the_address_is_proven() {
    let database = Database::fresh().await;
    let server = TestServer::start(&database);
    let (person, sql) = (Newcomer::on(&server).await, database.connect().await);
    let first = person.mailbox.code(&person.email, CONFIRM).await;
    let again = async || post(&person.nobody, "email/resend", json!({ "email": person.email })).await;
    let unproven = again().await;
    assert_eq!(unproven.status, 202);
    let second = person.mailbox.wait(&person.email, CONFIRM, 2).await[1].code();
    assert_refused(&person.verify(&first).await, "verification_token_invalid");
    assert_eq!(person.verify(&second).await.status, 204);
    let waiting = async || sql.query_one("SELECT count(*) FROM mails", &[]).await.unwrap().get::<_, i64>(0);
    // A mail is in the folder a moment before its row goes.
    until("the end of the rows", async || (waiting().await == 0).then_some(())).await;
    assert_eq!(outside(&again().await), outside(&unproven), "proven or not, the answer is the same");
    assert_eq!(waiting().await, 0, "there is nothing left to prove");
    assert_eq!(acts(&sql, person.account()).await.iter().filter(|act| *act == "verification_asked").count(), 1);
}

#[tokio::test]
async fn where_proof_is_required_a_registration_tells_nobody_who_has_an_account() {
    let database = Database::fresh().await;
    let server = strict(&database);
    let (nobody, sql, mailbox) = (Http::nobody(server.url()), database.connect().await, Mailbox::of(&server));
    let email = address();
    let new = register(&nobody, &email).await;
    assert_eq!((new.status, new.json()), (202, json!({ "verification": "sent" })));
    let code = mailbox.code(&email, CONFIRM).await;
    let taken = register(&nobody, &email.to_uppercase()).await;
    assert_eq!(outside(&taken), outside(&new));
    let told = mailbox.wait(&email, REPEATED, 1).await;
    assert!(!told[0].body.contains("token="), "{}", told[0].body);

    let rows =
        "SELECT (SELECT count(*) FROM accounts), (SELECT count(*) FROM sessions), (SELECT count(*) FROM devices)";
    let row = sql.query_one(rows, &[]).await.unwrap();
    assert_eq!((row.get::<_, i64>(0), row.get::<_, i64>(1), row.get::<_, i64>(2)), (1, 0, 0), "nobody is signed in");
    assert_eq!(post(&nobody, "email/verify", json!({ "token": code })).await.status, 204);
    let body = json!({ "email": email, "password": crate::newcomer::PASSWORD });
    let session: Value = post(&nobody, "login", body).await.json();
    let me = crate::newcomer::http_of(&nobody, &session).get("/api/v2/auth/me").await.json();
    assert_eq!(me["email_verified"], true);
}

#[tokio::test]
async fn where_proof_is_required_the_owner_is_told_seldom_and_the_password_stays() {
    let database = Database::fresh().await;
    let server = strict(&database);
    let (nobody, sql, mailbox) = (Http::nobody(server.url()), database.connect().await, Mailbox::of(&server));
    let email = address();
    register(&nobody, &email).await;
    let code = mailbox.code(&email, CONFIRM).await;
    for _ in 0..5 {
        let body = json!({ "email": email, "password": "another password" });
        assert_eq!(post(&nobody, "register", body).await.status, 202);
    }
    mailbox.wait(&email, REPEATED, 3).await;
    let account = sql.query_one("SELECT account_id FROM accounts", &[]).await.unwrap().get(0);
    assert_eq!(acts(&sql, account).await.iter().filter(|act| *act == "registration_repeated").count(), 3);
    assert_eq!(post(&nobody, "email/verify", json!({ "token": code })).await.status, 204);
    let wrong = post(&nobody, "login", json!({ "email": email, "password": "another password" })).await;
    assert_eq!(wrong.status, 401);
}

#[tokio::test]
async fn where_proof_is_required_fields_that_cannot_be_used_are_still_named() {
    let database = Database::fresh().await;
    let server = strict(&database);
    let nobody = Http::nobody(server.url());
    let answer = post(&nobody, "register", json!({ "email": "nobody", "password": "short" })).await;
    assert_eq!((answer.status, answer.problem().as_str()), (422, "fields_invalid"));
    assert_eq!(answer.json()["errors"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn the_tools_say_that_the_address_has_to_be_proven_first() {
    let database = Database::fresh().await;
    let server = strict(&database);
    let (email, data_dir) = (address(), server.setup().data_dir);
    let file = data_dir.path().join("day.ndjson");
    let command = json!({ "type": "createTask", "task_id": infrastructure::clock::uuid_v7(), "title": "Run" });
    let id = infrastructure::clock::uuid_v7();
    let line = json!({ "account": email, "transaction_id": id, "commands": [command] });
    std::fs::write(&file, line.to_string()).unwrap();
    let push = ["push", "--url", server.url(), "--account", &email, "--password", "a fine password"];
    let push: Vec<&str> = push.into_iter().chain(file.to_str()).collect();
    let (exit, _, said) = support::process::run("", data_dir.path(), &push).await;
    assert_eq!(exit, 1, "{said}");
    assert!(said.contains(&format!("The server wants {email} proven before anybody signs in")), "{said}");
    assert!(said.contains("Open the link in that mail, then run the same command again"), "{said}");
    let (exit, _, said) = support::process::run("", data_dir.path(), &push).await;
    assert_eq!(exit, 1, "{said}");
    assert!(said.contains("email_unverified"), "{said}");

    let (exit, _, said) = support::process::run("", data_dir.path(), &["demo", "--url", server.url()]).await;
    assert_eq!(exit, 1, "{said}");
    assert!(said.contains("Run the demo against a server without LEVELUP_EMAIL_VERIFICATION=required"), "{said}");
}
