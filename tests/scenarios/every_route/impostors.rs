//! Tokens that open nothing, each with what it is told.

use infrastructure::clock::now_ms;
use serde_json::{Value, json};
use support::commands::id;
use support::{Account, Forger, Http, patience};
use tokio_postgres::Client;
use uuid::Uuid;

use crate::stage::Stage;

/// A bad token: what is wrong with it, the token, and the code of the refusal.
pub(super) type Impostor = (&'static str, String, &'static str);

/// Every bad token that there is.
pub(super) async fn impostors(stage: &Stage) -> Vec<Impostor> {
    let mut found = forged(stage);
    found.push(("a refresh token", refresh_token(stage).await, "token_invalid"));
    found.push(("a revoked session", revoked(stage).await, "session_revoked"));
    found.push(("a deleted account", deleted(stage).await, "session_revoked"));
    found
}

fn forged(stage: &Stage) -> Vec<Impostor> {
    let good = stage.http.token();
    let (ours, theirs) = (Forger::with_key_of(&stage.server.setup().data_dir), Forger::with_another_key());
    let (payload, unsigned) = (good.split('.').nth(1).unwrap(), "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0");
    let claim = |name: &'static str, value: Value| ours.forge(good, |_, claims| claims[name] = value);
    let missing = |name: &'static str| ours.forge(good, |_, claims| drop(claims.as_object_mut().unwrap().remove(name)));
    vec![
        ("garbage", "garbage".to_owned(), "token_invalid"),
        ("a long one", "x".repeat(5_000), "token_invalid"),
        ("another key", theirs.forge(good, |_, _| ()), "token_invalid"),
        ("another key by its own name", theirs.forge(good, |header, _| header["kid"] = json!("mine")), "token_invalid"),
        ("algorithm none", format!("{unsigned}.{payload}."), "token_invalid"),
        ("algorithm none, signed", ours.forge(good, |header, _| header["alg"] = json!("none")), "token_invalid"),
        ("another algorithm", ours.forge(good, |header, _| header["alg"] = json!("HS256")), "token_invalid"),
        ("another audience", claim("aud", json!("elsewhere")), "token_invalid"),
        ("another issuer", claim("iss", json!("elsewhere")), "token_invalid"),
        ("no audience", missing("aud"), "token_invalid"),
        ("no expiry", missing("exp"), "token_invalid"),
        ("no session", missing("sid"), "token_invalid"),
        ("no account", claim("sub", json!("somebody")), "token_invalid"),
        ("expired", claim("exp", json!(now_ms() / 1_000 - 1)), "token_expired"),
    ]
}

/// The other token that a sign-in gives.
async fn refresh_token(stage: &Stage) -> String {
    let credentials = &stage.account.credentials;
    let body = json!({ "email": credentials.email, "password": credentials.password });
    let answer = Http::nobody(stage.server.url()).post("/api/v2/auth/login", body.to_string()).await.json();
    answer["refresh_token"].as_str().expect("a refresh token").to_owned()
}

async fn revoked(stage: &Stage) -> String {
    let session = stage.account.device(&stage.server, "lost phone").await;
    let http = Http::of(&session).await;
    end(&stage.sql, session.session_id(), "ended_elsewhere").await;
    noticed(&http).await;
    http.token().to_owned()
}

async fn deleted(stage: &Stage) -> String {
    let account = Account::register(&stage.server).await;
    let http = account.http().await;
    end(&stage.sql, account.session.session_id(), "account_deleted").await;
    stage.sql.execute("DELETE FROM accounts WHERE account_id = $1", &[&account.space()]).await.unwrap();
    noticed(&http).await;
    http.token().to_owned()
}

/// Ends a session as another node does it: with rows.
async fn end(sql: &Client, session: Uuid, because: &str) {
    let at = now_ms();
    let update = "UPDATE sessions SET revoked_at = $2, revoked_because = $3 WHERE session_id = $1";
    sql.execute(update, &[&session, &at, &because]).await.unwrap();
    let insert = "INSERT INTO revoked_sessions (session_id, because, revoked_at, forget_at) VALUES ($1, $2, $3, $4)";
    sql.execute(insert, &[&session, &because, &at, &(at + 3_600_000)]).await.unwrap();
}

async fn noticed(http: &Http) {
    let ask = async || {
        let answer = http.get(&format!("/api/v2/tasks/{}", id())).await;
        (answer.status == 401).then(|| assert_eq!(answer.problem(), "session_revoked"))
    };
    patience::until("the end of a session", ask).await;
}
