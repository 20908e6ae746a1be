//! Mail on its way out: what lies in the outbox and in the folder, and what never does.

use std::os::unix::fs::PermissionsExt;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use futures_util::future::join_all;
use infrastructure::clock::now_ms;
use infrastructure::upkeep::clear_away;
use serde_json::json;
use support::patience::until;
use support::process::{Place, ServerProcess};
use support::{Database, Http, Mailbox, Setup, SmtpSink, TestServer, tables};
use tokio_postgres::Client;

use crate::newcomer::{CONFIRM, Newcomer, RESET, address, post, register};

/// Everything that the directory stores, as text.
async fn stored(sql: &Client) -> String {
    let mut text = String::new();
    for table in ["accounts", "account_tokens", "mails", "security_log", "sessions", "refresh_tokens"] {
        let statement = format!("SELECT coalesce(string_agg(to_jsonb(t)::text, '|'), '') FROM {table} t");
        text.push_str(&sql.query_one(&statement, &[]).await.unwrap().get::<_, String>(0));
    }
    text
}

/// The bytes that a code stands for, as a table would show them.
fn hex(code: &str) -> String {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(code).unwrap_or_else(|_| code.into());
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

async fn waiting(sql: &Client) -> i64 {
    sql.query_one("SELECT count(*) FROM mails", &[]).await.unwrap().get(0)
}

#[tokio::test]
async fn a_mail_in_the_folder_is_whole_and_for_the_servers_account_only() {
    let database = Database::fresh().await;
    let server = TestServer::start(&database);
    let (person, sql) = (Newcomer::on(&server).await, database.connect().await);
    let mails = person.mailbox.wait(&person.email, CONFIRM, 1).await;
    assert_eq!(mails[0].header("From"), "\"Level Up\" <levelup@localhost>");
    assert!(mails[0].body.contains("http://127.0.0.1:8080/#/verify-email?token="), "{}", mails[0].body);
    until("the end of the row", async || (waiting(&sql).await == 0).then_some(())).await;
    let mode = |path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(person.mailbox.dir().clone()), 0o700);
    for entry in std::fs::read_dir(person.mailbox.dir()).unwrap() {
        let path = entry.unwrap().path();
        assert!(path.extension().is_some_and(|end| end == "eml"), "{path:?}");
        assert_eq!(mode(path), 0o600);
    }
}

#[tokio::test]
async fn several_nodes_send_each_mail_once() {
    let database = Database::fresh().await;
    let sink = SmtpSink::open().await;
    let mut setup = Setup::of(&database);
    setup.serving.mail.smtp_url = sink.url().into();
    let nodes =
        [TestServer::start_with(setup.clone()), TestServer::start_with(setup.clone()), TestServer::start_with(setup)];
    let sql = database.connect().await;
    let people: Vec<(Http, String)> =
        (0..24).map(|number| (Http::nobody(nodes[number % 3].url()), address())).collect();
    let answers = join_all(people.iter().map(|(http, email)| register(http, email))).await;
    assert!(answers.iter().all(|answer| answer.status == 201), "{answers:?}");
    until("an empty outbox", async || (waiting(&sql).await == 0).then_some(())).await;
    let mut got: Vec<String> = sink.mails().iter().map(|mail| mail.header("To").to_owned()).collect();
    let mut asked: Vec<String> = people.into_iter().map(|(_, email)| email).collect();
    got.sort();
    asked.sort();
    assert_eq!(got, asked);
}

#[tokio::test]
async fn neither_tables_nor_the_log_of_the_program_hold_what_a_mail_says() {
    let database = Database::fresh().await;
    let sql = database.connect().await;
    let place = Place::fresh();
    let mut server = ServerProcess::start(place.path(), Some(database.url())).await;
    let mailbox = Mailbox::at(server.data_dir().join("mail"));
    let (nobody, email) = (Http::nobody(server.server().url()), address());
    assert_eq!(register(&nobody, &email).await.status, 201);
    let confirm = mailbox.code(&email, CONFIRM).await;
    let mut seen = stored(&sql).await;
    post(&nobody, "password/forgot", json!({ "email": email })).await;
    seen.push_str(&stored(&sql).await);
    let reset = mailbox.code(&email, RESET).await;
    seen.push_str(&stored(&sql).await);
    let body = json!({ "token": reset, "new_password": "a new password" });
    assert_eq!(post(&nobody, "password/reset", body).await.status, 204);
    seen.push_str(&stored(&sql).await);
    server.stop().await;
    let log = std::fs::read_to_string(place.path().join("levelup.log")).unwrap();
    assert!(log.contains(".eml"), "the log says where the mail is: {log}");
    for secret in [&confirm, &reset, "a new password"] {
        assert!(!seen.contains(secret), "a table holds what only a mail may say");
        assert!(!seen.contains(&hex(secret)), "a table holds the bytes of what only a mail may say");
        assert!(!log.contains(secret), "the log holds what only a mail may say");
    }
    assert!(!log.contains(&email), "the log holds an address");
}

#[tokio::test]
async fn names_and_addresses_add_no_headers() {
    let database = Database::fresh().await;
    let server = TestServer::start(&database);
    let (person, sql) = (Newcomer::on(&server).await, database.connect().await);
    let about =
        json!({ "device_name": "phone\r\nBcc: eve@example.org\r\n\r\n.", "platform": "ios\nX: y", "network": "\r\n" });
    let statement = "INSERT INTO mails (mail_id, account_id, kind, about, created_at, due_at) VALUES (gen_random_uuid(), $1, 'new_device', $2, 0, 0)";
    sql.execute(statement, &[&person.account(), &about]).await.unwrap();
    let usual = person.mailbox.wait(&person.email, CONFIRM, 1).await[0].clone();
    let mail = person.mailbox.wait(&person.email, "A new device signed in", 1).await[0].clone();
    let names = |mail: &support::Mail| mail.headers.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&mail), names(&usual));
    assert!(mail.body.contains("    \"phoneBcc: eve@example.org.\" (iosX: y)\n"), "{}", mail.body);
    for email in ["a@b\r\nBcc: eve@example.org", "a@b\nc", "\"a\r\n\"@b", "a@b>\r\nRCPT TO:<eve@example.org"] {
        let answer = register(&person.nobody, email).await;
        assert_eq!((answer.status, answer.problem().as_str()), (422, "fields_invalid"), "{email:?}");
    }
}

#[tokio::test]
async fn a_mail_of_a_kind_that_is_not_known_yet_waits_for_who_knows_it() {
    let database = Database::fresh().await;
    let server = TestServer::start(&database);
    let (person, sql) = (Newcomer::on(&server).await, database.connect().await);
    let statement = "INSERT INTO mails (mail_id, account_id, kind, about, created_at, due_at) VALUES (gen_random_uuid(), $1, 'greeting', '{}', $2, $2)";
    sql.execute(statement, &[&person.account(), &now_ms()]).await.unwrap();
    let tried = "SELECT 1 FROM mails WHERE kind = 'greeting' AND attempts > 0 AND due_at > created_at";
    until("an attempt", async || sql.query_opt(tried, &[]).await.unwrap().map(drop)).await;
    sql.execute("UPDATE mails SET created_at = 0, due_at = 0", &[]).await.unwrap();
    until("its end after a day", async || (waiting(&sql).await == 0).then_some(())).await;
    assert_eq!(person.mailbox.wait(&person.email, "", 1).await.len(), 1, "only the one of the registration");
}

#[tokio::test]
async fn an_erased_account_takes_its_mail_and_tokens_along() {
    let database = Database::fresh().await;
    let server = TestServer::start(&database);
    let (person, sql) = (Newcomer::on(&server).await, database.connect().await);
    let code = person.mailbox.code(&person.email, CONFIRM).await;
    let before = tables::footprint(&sql).await;
    sql.execute("DELETE FROM accounts WHERE account_id = $1", &[&person.account()]).await.unwrap();
    assert_eq!(person.verify(&code).await.status, 400);
    let left = "SELECT (SELECT count(*) FROM mails) + (SELECT count(*) FROM account_tokens)";
    assert_eq!(sql.query_one(left, &[]).await.unwrap().get::<_, i64>(0), 0);
    assert_eq!(tables::footprint(&sql).await, before);
}

#[tokio::test]
async fn tokens_that_nobody_used_are_swept_when_they_have_expired() {
    let database = Database::fresh().await;
    let server = TestServer::start(&database);
    let (person, sql) = (Newcomer::on(&server).await, database.connect().await);
    let code = person.mailbox.code(&person.email, CONFIRM).await;
    let pool = database.pool(1);
    let kept = async || {
        let row = sql.query_one("SELECT count(*) FROM account_tokens", &[]).await.unwrap();
        row.get::<_, i64>(0)
    };
    clear_away(&pool, now_ms()).await.unwrap();
    assert_eq!(kept().await, 1);
    clear_away(&pool, now_ms() + 8 * 24 * 60 * 60 * 1_000).await.unwrap();
    assert_eq!(kept().await, 0);
    assert_eq!(person.verify(&code).await.status, 400);
}

#[tokio::test]
async fn mail_is_counted() {
    let database = Database::fresh().await;
    let server = TestServer::start(&database);
    let person = Newcomer::on(&server).await;
    person.mailbox.code(&person.email, CONFIRM).await;
    until("the counters", async || {
        let metrics = String::from_utf8(person.nobody.get("/metrics").await.body).unwrap();
        let counted = metrics.contains("levelup_mails_total{outcome=\"sent\"}");
        (counted && metrics.contains("levelup_waiting_mails ")).then_some(())
    })
    .await;
}
