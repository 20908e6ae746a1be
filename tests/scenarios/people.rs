//! What scenarios about accounts say and look at: bare sign-ins, the log, mail that waits, what a database holds.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::{Value, json};
use support::{Account, Http, TestServer};
use tokio_postgres::Client;
use uuid::Uuid;

use crate::security_log::{entries, entries_of};

/// A status and a body; null where there is none.
pub(crate) type Said = (u16, Value);

/// A request as it is written here, with a JSON body if there is one.
pub(crate) async fn ask(http: &Http, method: Method, path: &str, body: Option<&str>) -> Said {
    let answer = http.send(method, path, body).await;
    (answer.status, serde_json::from_slice(&answer.body).unwrap_or_default())
}

/// A sign-in on a new device.
pub(crate) async fn login(server: &TestServer, email: &str, password: &str) -> Said {
    let body = json!({ "email": email, "password": password }).to_string();
    ask(&Http::nobody(server.url()), Method::POST, "/api/v2/auth/login", Some(&body)).await
}

/// The account signed in on a new device.
pub(crate) async fn signed_in(server: &TestServer, account: &Account) -> Http {
    let (status, body) = login(server, &account.credentials.email, &account.credentials.password).await;
    assert_eq!(status, 200, "{body}");
    Http::nobody(server.url()).with_token(body["access_token"].as_str().unwrap())
}

/// What the answer's problem is called.
pub(crate) fn code(said: &Said) -> (u16, &str) {
    (said.0, said.1["code"].as_str().unwrap_or_default())
}

/// The account gets a role, as by its database.
pub(crate) async fn promote(sql: &Client, account: &Account, role: &str) {
    sql.execute("UPDATE accounts SET role = $2 WHERE account_id = $1", &[&account.space(), &role]).await.unwrap();
}

/// The acts in the log about an account, oldest first, each with who did it and what else it says.
pub(crate) async fn log(sql: &Client, account: Uuid) -> Vec<(String, Option<Uuid>, Option<String>, Value)> {
    let all = entries(sql, account).await.into_iter();
    all.map(|entry| (entry.act, entry.actor, entry.role, entry.about)).collect()
}

/// The entries of one act.
pub(crate) async fn acts(sql: &Client, account: Uuid, act: &str) -> Vec<(Option<Uuid>, Option<String>, Value)> {
    let of_act = entries_of(sql, account, act).await.into_iter();
    of_act.map(|entry| (entry.actor, entry.role, entry.about)).collect()
}

/// The kinds of mail that wait for an account.
pub(crate) async fn mails(sql: &Client, account: Uuid) -> Vec<String> {
    let statement = "SELECT kind FROM mails WHERE account_id = $1 AND kind NOT IN ('email_verification', 'new_device')
        ORDER BY mail_id";
    let rows = sql.query(statement, &[&account]).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

/// Every row of every table, as text, by table.
pub(crate) async fn dump(sql: &Client) -> BTreeMap<String, Vec<String>> {
    let tables = "SELECT format('%I.%I', table_schema, table_name) FROM information_schema.tables
        WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')";
    let mut found = BTreeMap::new();
    for table in sql.query(tables, &[]).await.unwrap() {
        let table: String = table.get(0);
        let rows = sql.query(&format!("SELECT t::text FROM {table} t ORDER BY 1"), &[]).await.unwrap();
        found.insert(table, rows.iter().map(|row| row.get(0)).collect());
    }
    found
}

/// The tables that say one of these words in any column of any row.
pub(crate) async fn tables_that_say(sql: &Client, words: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    for (table, rows) in dump(sql).await {
        for word in words {
            if rows.iter().any(|row| row.contains(word.as_str())) {
                found.push(format!("{table}: {word}"));
            }
        }
    }
    found
}
