//! The mail server behaves as mail servers do. Nobody who sends a request ever notices.

use api::server::run;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use infrastructure::config::{Http as HttpSettings, Mail as MailSettings, Serving, Settings};
use serde_json::json;
use support::patience::{until, within};
use support::{DataDir, Database, Http, Mood, Setup, SmtpSink, TestServer};
use tokio::net::TcpSocket;
use tokio_postgres::Client;
use tokio_util::sync::CancellationToken;

use crate::newcomer::{CHANGED, CONFIRM, Newcomer, PASSWORD, RESET, address, post, register};

/// A server that sends its mail through this one.
fn through(database: &Database, url: &str) -> TestServer {
    let mut setup = Setup::of(database);
    setup.serving.mail.smtp_url = url.to_owned().into();
    TestServer::start_with(setup)
}

async fn empty(sql: &Client) {
    let count = async || sql.query_one("SELECT count(*) FROM mails", &[]).await.unwrap().get::<_, i64>(0);
    until("an empty outbox", async || (count().await == 0).then_some(())).await;
}

/// Waits until every mail was tried and is put off.
async fn put_off(sql: &Client) {
    let statement = "SELECT 1 FROM mails WHERE attempts > 0 AND due_at - created_at BETWEEN 5000 AND 60000";
    until("a failed attempt", async || sql.query_opt(statement, &[]).await.unwrap().map(drop)).await;
}

/// Takes a mail server away and keeps its port for as long as the answer lives: whoever connects is refused, and no other
/// test's server comes to be there.
async fn away(sink: SmtpSink) -> TcpSocket {
    let address = sink.address();
    drop(sink);
    until("the port", async || {
        let kept = TcpSocket::new_v4().unwrap();
        kept.set_reuseaddr(true).unwrap();
        kept.bind(address).ok().map(|()| kept)
    })
    .await
}

#[tokio::test]
async fn mail_goes_through_the_server_that_the_setting_names_with_its_login() {
    let (database, sink) = (Database::fresh().await, SmtpSink::open().await);
    let url = format!("smtp://me%40example.org:p%3Ass%20w%C3%B6rd@{}", sink.address());
    let mut setup = Setup::of(&database);
    setup.serving.mail.smtp_url = url.into();
    setup.serving.mail.mail_from = "Level Up <levelup@example.org>".to_owned();
    setup.serving.http.public_url = "https://levelup.example.org/".to_owned();
    let server = TestServer::start_with(setup);
    let (nobody, email) = (Http::nobody(server.url()), address());
    register(&nobody, &email).await;
    let mail = sink.wait(1).await.remove(0);
    assert_eq!(mail.header("From"), "\"Level Up\" <levelup@example.org>");
    assert_eq!(mail.header("To"), email);
    assert!(mail.body.contains("\nhttps://levelup.example.org/#/verify-email?token="), "{}", mail.body);
    assert_eq!(BASE64_STANDARD.decode(&sink.logins()[0]).unwrap(), "\0me@example.org\0p:ss wörd".as_bytes());
    assert_eq!(post(&nobody, "email/verify", json!({ "token": mail.code() })).await.status, 204);
    let folder = server.setup().data_dir.path().join("mail");
    assert!(!folder.exists(), "there is no folder when there is a mail server");
}

#[tokio::test]
async fn mail_for_a_server_that_is_down_waits_until_it_is_back() {
    let (database, sink) = (Database::fresh().await, SmtpSink::open().await);
    let (sql, gone) = (database.connect().await, sink.address());
    let server = through(&database, &sink.url());
    let _port = away(sink).await;
    let (nobody, email) = (Http::nobody(server.url()), address());
    assert_eq!(register(&nobody, &email).await.status, 201);
    put_off(&sql).await;
    let sink = SmtpSink::open_at(gone).await;
    let mail = sink.wait(1).await.remove(0);
    assert_eq!(post(&nobody, "email/verify", json!({ "token": mail.code() })).await.status, 204);
    empty(&sql).await;
    assert_eq!(sink.mails().len(), 1);
}

#[tokio::test]
async fn mail_that_was_posted_before_a_stop_leaves_after_the_restart() {
    let (database, sink) = (Database::fresh().await, SmtpSink::open().await);
    let (sql, gone) = (database.connect().await, sink.address());
    let server = through(&database, &sink.url());
    let _port = away(sink).await;
    let (nobody, email) = (Http::nobody(server.url()), address());
    register(&nobody, &email).await;
    post(&nobody, "password/forgot", json!({ "email": email })).await;
    let setup = server.setup();
    server.stop().await;
    let waiting: i64 = sql.query_one("SELECT count(*) FROM mails", &[]).await.unwrap().get(0);
    assert_eq!(waiting, 2, "both are committed, none is sent");
    let sink = SmtpSink::open_at(gone).await;
    let _server = TestServer::start_with(setup);
    let mut subjects: Vec<String> = sink.wait(2).await.iter().map(|mail| mail.header("Subject").to_owned()).collect();
    subjects.sort();
    assert_eq!(subjects, [CONFIRM, RESET]);
    empty(&sql).await;
}

#[tokio::test]
async fn what_is_refused_for_now_is_tried_again() {
    let (database, sink) = (Database::fresh().await, SmtpSink::open().await);
    let sql = database.connect().await;
    sink.turn(Mood::Temporary);
    let server = through(&database, &sink.url());
    let nobody = Http::nobody(server.url());
    register(&nobody, &address()).await;
    sink.wait_for_refusals(1).await;
    put_off(&sql).await;
    sink.turn(Mood::Kind);
    sink.wait(1).await;
    empty(&sql).await;
    assert_eq!(sink.mails().len(), 1);
}

#[tokio::test]
async fn what_is_refused_for_good_is_dropped_and_holds_up_nothing() {
    let (database, sink) = (Database::fresh().await, SmtpSink::open().await);
    let sql = database.connect().await;
    sink.turn(Mood::Permanent);
    let server = through(&database, &sink.url());
    let (nobody, other) = (Http::nobody(server.url()), address());
    register(&nobody, &address()).await;
    empty(&sql).await;
    sink.wait_for_refusals(1).await;
    sink.turn(Mood::Kind);
    register(&nobody, &other).await;
    assert_eq!(sink.wait(1).await[0].header("To"), other);
}

#[tokio::test]
async fn a_mail_whose_receipt_was_lost_comes_again_and_the_newest_works() {
    let (database, sink) = (Database::fresh().await, SmtpSink::open().await);
    let sql = database.connect().await;
    sink.turn(Mood::Forgetful);
    let server = through(&database, &sink.url());
    let nobody = Http::nobody(server.url());
    register(&nobody, &address()).await;
    sink.wait(1).await;
    put_off(&sql).await;
    sink.turn(Mood::Kind);
    sink.wait(2).await;
    empty(&sql).await;
    let mails = sink.mails();
    let (first, newest) = (mails.first().unwrap(), mails.last().unwrap());
    assert_ne!(first.header("Message-ID"), newest.header("Message-ID"), "no server takes them for one");
    assert_eq!(post(&nobody, "email/verify", json!({ "token": first.code() })).await.status, 400);
    assert_eq!(post(&nobody, "email/verify", json!({ "token": newest.code() })).await.status, 204);
}

#[tokio::test]
async fn a_mail_that_could_not_leave_before_the_password_was_changed_sets_no_other() {
    let (database, sink) = (Database::fresh().await, SmtpSink::open().await);
    let (sql, gone) = (database.connect().await, sink.address());
    let server = through(&database, &sink.url());
    let person = Newcomer::on(&server).await;
    sink.wait(1).await;
    empty(&sql).await;
    let _port = away(sink).await;
    assert_eq!(person.forgot().await.status, 202);
    put_off(&sql).await;
    let change = json!({ "current_password": PASSWORD, "new_password": "another password" });
    assert_eq!(post(&person.http(), "password/change", change).await.status, 204);
    let waiting = "SELECT count(*) FROM mails WHERE kind = 'password_reset'";
    assert_eq!(sql.query_one(waiting, &[]).await.unwrap().get::<_, i64>(0), 0);
    let sink = SmtpSink::open_at(gone).await;
    let mail = sink.wait(1).await.remove(0);
    assert_eq!(mail.header("Subject"), CHANGED);
    empty(&sql).await;
    let tokens = "SELECT count(*) FROM account_tokens WHERE purpose = 'password_reset'";
    assert_eq!(sql.query_one(tokens, &[]).await.unwrap().get::<_, i64>(0), 0);
}

#[tokio::test]
async fn a_mail_that_is_leaving_while_the_password_is_changed_sets_no_other() {
    let (database, sink) = (Database::fresh().await, SmtpSink::open().await);
    let sql = database.connect().await;
    let server = through(&database, &sink.url());
    let person = Newcomer::on(&server).await;
    sink.wait(1).await;
    empty(&sql).await;
    sink.turn(Mood::Forgetful);
    assert_eq!(person.forgot().await.status, 202);
    let code = sink.wait(2).await[1].code();
    put_off(&sql).await;
    // Nothing more is taken before the change is done.
    sink.turn(Mood::Temporary);
    let change = json!({ "current_password": PASSWORD, "new_password": "another password" });
    assert_eq!(post(&person.http(), "password/change", change).await.status, 204);
    sink.turn(Mood::Kind);
    assert_eq!(sink.wait(3).await[2].header("Subject"), CHANGED);
    empty(&sql).await;
    assert_eq!(person.reset(&code, "a third password").await.status, 400);
    assert_eq!(sink.mails().len(), 3);
}

#[tokio::test]
async fn requests_are_answered_while_the_mail_server_says_nothing() {
    let (database, sink) = (Database::fresh().await, SmtpSink::open().await);
    let sql = database.connect().await;
    sink.turn(Mood::Silent);
    let mut setup = Setup::of(&database);
    setup.serving.mail.smtp_url = sink.url().into();
    // No connection to the database may be held while a mail server is waited for.
    setup.pool_size = 2;
    let server = TestServer::start_with(setup);
    let nobody = Http::nobody(server.url());
    let emails: Vec<String> = (0..6).map(|_| address()).collect();
    for email in &emails {
        assert_eq!(register(&nobody, email).await.status, 201);
    }
    sink.wait_for_connections(1).await;
    assert_eq!(post(&nobody, "password/forgot", json!({ "email": emails[0] })).await.status, 202);
    assert_eq!(nobody.get("/readyz").await.status, 200);
    assert!(sink.mails().is_empty());
    sink.turn(Mood::Kind);
    sink.wait(7).await;
    empty(&sql).await;
}

#[tokio::test]
async fn a_server_stops_although_the_mail_server_says_nothing_and_hands_its_mail_back() {
    let (database, sink) = (Database::fresh().await, SmtpSink::open().await);
    let sql = database.connect().await;
    sink.turn(Mood::Silent);
    let server = through(&database, &sink.url());
    register(&Http::nobody(server.url()), &address()).await;
    sink.wait_for_connections(1).await;
    let setup = server.setup();
    within("the stop", server.stop()).await;
    let due = "SELECT due_at - created_at FROM mails";
    let wait: i64 = sql.query_one(due, &[]).await.unwrap().get(0);
    assert!(wait < 60_000, "it is due again at once, not when its lease has run out: {wait} ms");
    sink.turn(Mood::Kind);
    let _server = TestServer::start_with(setup);
    sink.wait(1).await;
}

#[tokio::test]
async fn settings_that_cannot_be_used_stop_the_start_and_show_no_password() {
    let database = Database::fresh().await;
    let data_dir = DataDir::fresh();
    let start = async |mail: MailSettings, http: HttpSettings| {
        let settings = Settings { data_dir: data_dir.path().to_owned(), ..Settings::default() };
        let serving = Serving { settings, mail, http, ..Serving::default() };
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        run(serving, database.pool(1), listener, CancellationToken::new()).await.unwrap_err().to_string()
    };
    for url in ["http://me:secret@mail.example", "smtp://me:secret%4@mail.example", "smtp://secret@mail.example"] {
        let mail = MailSettings { smtp_url: url.to_owned().into(), ..MailSettings::default() };
        let said = start(mail, HttpSettings::default()).await;
        assert!(said.starts_with("LEVELUP_SMTP_URL cannot be used") && !said.contains("secret"), "{said}");
    }
    let mail = MailSettings { mail_from: "nobody".to_owned(), ..MailSettings::default() };
    assert!(start(mail, HttpSettings::default()).await.starts_with("LEVELUP_MAIL_FROM"));
    let http = HttpSettings { public_url: "levelup.example".to_owned(), ..HttpSettings::default() };
    assert!(start(MailSettings::default(), http).await.starts_with("LEVELUP_PUBLIC_URL"));
}
