//! What is secret is in no log, span or counter, however much is logged.

use api::client::{Credentials, Device, Session};
use serde_json::{Value, json};
use support::commands::{create_task, edit_task, id, transaction};
use support::process::{Place, ServerProcess};
use support::{Collector, Database, Http, Socket};

const PASSWORD: &str = "correct horse battery staple of mine";
const WRONG: &str = "a wrong password that was typed";
const NEW: &str = "another password, after the change";
const EMAIL: &str = "someone.private@example.test";
const TITLE: &str = "Buy a ring for Charlotte";
const NOTE: &str = "nobody may know of this";

async fn post(http: &Http, path: &str, body: Value) -> Value {
    let answer = http.post(path, body.to_string()).await;
    serde_json::from_slice(&answer.body).unwrap_or_default()
}

/// Signs in, writes, errs and changes the password; the tokens that were used.
async fn live(url: &str, http: &Http) -> Vec<String> {
    let nobody = Http::nobody(url);
    let login = |password: &str| json!({ "email": EMAIL, "password": password });
    post(&nobody, "/api/v2/auth/login", login(WRONG)).await;
    let again = post(&nobody, "/api/v2/auth/login", login(PASSWORD)).await;
    let mut tokens = vec![http.token().to_owned()];
    for token in ["access_token", "refresh_token"] {
        tokens.push(again[token].as_str().unwrap().to_owned());
    }
    let refreshed = post(&nobody, "/api/v2/auth/refresh", json!({ "refresh_token": tokens[2] })).await;
    tokens.extend(refreshed["refresh_token"].as_str().map(str::to_owned));
    let task = id();
    let writes = [create_task(task, TITLE), edit_task(task, json!({ "description": NOTE }))];
    assert_eq!(http.write(&json!({ "transactions": [transaction(&writes)] })).await.status, 200);
    http.post("/api/v2/transactions", format!("{{\"transactions\": [\"{TITLE}\"")).await;
    http.write(&json!({ "transactions": [transaction(&[edit_task(task, json!({ NOTE: TITLE }))])] })).await;
    http.get(&format!("/api/v2/tasks?search={}", TITLE.replace(' ', "%20"))).await;
    let mut socket = Socket::open(http).await;
    socket.subscribe(None).await;
    socket.hear_type("changes").await;
    socket.write(&[transaction(&[create_task(id(), NOTE)])]).await;
    socket.say(&json!({ "type": "auth", "token": tokens[0] })).await;
    socket.assert_usable().await;
    post(&nobody, "/api/v2/auth/password/forgot", json!({ "email": EMAIL })).await;
    post(http, "/api/v2/auth/password/change", json!({ "current_password": PASSWORD, "new_password": NEW })).await;
    tokens
}

#[tokio::test]
async fn nothing_secret_is_logged_traced_or_counted() {
    let (collector, place, database) = (Collector::open().await, Place::fresh(), Database::fresh().await);
    let url = collector.url();
    let told = [("LEVELUP_LOG", "trace"), ("LEVELUP_LOG_FORMAT", "json"), ("LEVELUP_OTLP_ENDPOINT", &*url)];
    let mut server = ServerProcess::start_told(place.path(), Some(database.url()), &told).await;
    let credentials = Credentials { email: EMAIL.to_owned(), password: PASSWORD.to_owned() };
    let session = Session::register(&server.server(), &credentials, &Device::fresh("ios", "phone")).await.unwrap();
    let http = Http::of(&session).await;
    let tokens = live(server.server().url(), &http).await;
    let counters = String::from_utf8(http.get("/metrics").await.body).unwrap();
    server.stop().await;

    let spans: String = collector.spans().iter().map(|span| span.text.clone() + "\n").collect();
    let log = server.log_text();
    assert!(log.len() > 10_000 && spans.len() > 10_000, "the log and the spans say something");
    // What is in a secret's place is searched for as well as the secret: JSON escapes nothing of these.
    let hash = database.connect().await.query_one("SELECT password_hash FROM accounts", &[]).await.unwrap();
    let signatures = tokens.iter().map(|token| token.rsplit('.').next().unwrap_or(token).to_owned());
    let mut secrets: Vec<String> = [PASSWORD, WRONG, NEW, EMAIL, TITLE, NOTE].map(str::to_owned).into();
    secrets.extend(signatures);
    secrets.push(hash.get(0));
    for secret in secrets {
        for (place, text) in [("the log", &log), ("the spans", &spans), ("the counters", &counters)] {
            let found = text.lines().find(|line| line.contains(&secret));
            assert!(found.is_none(), "{secret:?} is in {place}: {found:?}");
        }
    }
}
