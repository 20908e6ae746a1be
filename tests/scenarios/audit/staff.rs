//! Who may search, and who reads that they did.

use reqwest::Method;
use serde_json::{Value, json};
use support::commands::{create_task, id};
use support::{Account, Http};

use super::settle;
use crate::people::{acts, ask, code, promote};
use crate::stage::Stage;

const PATH: &str = "/api/v2/admin/audit";

#[tokio::test]
async fn whoever_lacks_the_role_is_refused_and_the_attempt_is_in_the_security_log() {
    let stage = Stage::set().await;
    for query in ["", "?color=red", &format!("?account={}", id())] {
        let said = ask(&stage.http, Method::GET, &format!("{PATH}{query}"), None).await;
        assert_eq!(code(&said), (403, "role_missing"), "{query}");
    }
    let refused = acts(&stage.sql, stage.account.space(), "role_missing").await;
    assert_eq!(refused.len(), 1, "the same again within a minute is not told again");
    assert_eq!(refused[0], (None, None, json!({ "asked": format!("GET {PATH}"), "role": "user" })));
    let own = ask(&stage.http, Method::GET, "/api/v2/auth/access-log", None).await.1;
    assert_eq!(own["items"][0]["act"], "role_missing");
    assert_eq!(code(&ask(&Http::nobody(stage.server.url()), Method::GET, PATH, None).await), (401, "token_missing"));
}

#[tokio::test]
async fn everybody_whose_lines_were_shown_can_read_who_looked() {
    let stage = Stage::set().await;
    let (shown, hidden) = (Account::register(&stage.server).await, Account::register(&stage.server).await);
    promote(&stage.sql, &stage.account, "support").await;
    shown.commit(&[create_task(id(), "Seen")]).await;
    settle(&stage.database).await;
    let by_account =
        ask(&stage.http, Method::GET, &format!("{PATH}?account={}&text=nothing", shown.space()), None).await;
    assert_eq!((by_account.0, &by_account.1["items"]), (200, &json!([])));
    let by_text = ask(&stage.http, Method::GET, &format!("{PATH}?text=seen"), None).await;
    assert_eq!(by_text.1["items"].as_array().unwrap().len(), 1, "{}", by_text.1);
    let look = (Some(stage.account.space()), Some("support".to_owned()), json!({ "what": "audit" }));
    assert_eq!(acts(&stage.sql, shown.space(), "looked_at").await, [look.clone(), look]);
    assert_eq!(acts(&stage.sql, hidden.space(), "looked_at").await, []);
    let own = ask(&shown.http().await, Method::GET, "/api/v2/auth/access-log", None).await.1;
    assert_eq!((&own["items"][0]["act"], &own["items"][0]["actor"]), (&json!("looked_at"), &json!("support")));
    // Over many pages of one answer it is one look.
    let file = stage.http.get(&format!("{PATH}?account={}&format=ndjson", shown.space())).await;
    assert_eq!(file.status, 200);
    assert_eq!(acts(&stage.sql, shown.space(), "looked_at").await.len(), 3);
}

#[tokio::test]
async fn an_account_that_is_not_there_is_not_found() {
    let stage = Stage::set().await;
    promote(&stage.sql, &stage.account, "admin").await;
    for form in ["json", "csv", "ndjson"] {
        let said = ask(&stage.http, Method::GET, &format!("{PATH}?account={}&format={form}", id()), None).await;
        assert_eq!(code(&said), (404, "not_found"), "{form}");
    }
    let nobody: &[(Option<uuid::Uuid>, Option<String>, Value)] = &[];
    assert_eq!(acts(&stage.sql, stage.account.space(), "looked_at").await, nobody);
}
