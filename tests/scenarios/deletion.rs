//! The wish to be deleted, its days of grace, and its end by a change of mind.

use application::identity::limits::DELETION_GRACE_DAYS;
use infrastructure::clock::now_ms;
use reqwest::Method;
use serde_json::json;
use support::{Account, Socket};

use crate::people::{acts, ask, code, log, login, mails, signed_in};
use crate::stage::Stage;

const PATH: &str = "/api/v2/auth/account";
const CANCEL: &str = "/api/v2/auth/account/cancel-deletion";
const BODY: &str = r#"{"password":"correct horse battery"}"#;
const GRACE_MS: i64 = DELETION_GRACE_DAYS * 24 * 60 * 60 * 1_000;

#[tokio::test]
async fn a_deletion_takes_the_password_and_nothing_less() {
    let stage = Stage::set().await;
    let wrong = ask(&stage.http, Method::DELETE, PATH, Some(r#"{"password":"wrong horse battery"}"#)).await;
    assert_eq!(code(&wrong), (401, "credentials_invalid"));
    let long = json!({ "password": "x".repeat(5_000) }).to_string();
    assert_eq!(code(&ask(&stage.http, Method::DELETE, PATH, Some(&long)).await), (401, "credentials_invalid"));
    assert_eq!(code(&ask(&stage.http, Method::DELETE, PATH, Some("{}")).await), (422, "body_invalid"));
    assert_eq!(code(&ask(&stage.http, Method::DELETE, PATH, Some("{")).await), (400, "json_malformed"));
    let more = r#"{"password":"correct horse battery","now":true}"#;
    assert_eq!(code(&ask(&stage.http, Method::DELETE, PATH, Some(more)).await), (422, "field_unknown"));
    let nobody = support::Http::nobody(stage.server.url());
    assert_eq!(code(&ask(&nobody, Method::DELETE, PATH, Some(BODY)).await), (401, "token_missing"));
    assert_eq!(code(&ask(&nobody, Method::POST, CANCEL, None).await), (401, "token_missing"));
    let (_, me) = ask(&stage.http, Method::GET, "/api/v2/auth/me", None).await;
    assert!(me["account"].get("erase_after").is_none(), "{me}");
}

#[tokio::test]
async fn a_deletion_is_scheduled_signs_out_everywhere_and_can_be_called_off() {
    let stage = Stage::set().await;
    let (account, mut socket) = (stage.account.space(), Socket::open(&stage.http).await);
    socket.subscribe(None).await;
    let other = Account::register(&stage.server).await;
    let before = now_ms();
    let (status, said) = ask(&stage.http, Method::DELETE, PATH, Some(BODY)).await;
    let erase_after = said["erase_after"].as_i64().unwrap_or_default();
    assert_eq!(status, 202, "{said}");
    assert!((before + GRACE_MS..=now_ms() + GRACE_MS).contains(&erase_after), "{said}");

    let refused = ask(&stage.http, Method::GET, "/api/v2/auth/me", None).await;
    assert_eq!((code(&refused), &refused.1["because"]), ((401, "session_revoked"), &json!("account_deleted")));
    assert_eq!(mails(&stage.sql, account).await, ["deletion_scheduled"]);
    assert_eq!(
        acts(&stage.sql, account, "deletion_asked").await,
        [(None, None, json!({ "erase_after": erase_after }))]
    );

    let (_, again) = login(&stage.server, &stage.account.credentials.email, "correct horse battery").await;
    assert_eq!(again["account"]["erase_after"], erase_after, "{again}");
    let http = signed_in(&stage.server, &stage.account).await;
    let (_, me) = ask(&http, Method::GET, "/api/v2/auth/me", None).await;
    assert_eq!(me["account"]["erase_after"], erase_after);
    assert_eq!(http.write(&json!({ "transactions": [support::commands::new_task("Read")] })).await.status, 200);

    assert_eq!(ask(&http, Method::POST, CANCEL, None).await.0, 204);
    assert_eq!(ask(&http, Method::POST, CANCEL, None).await.0, 204, "calling off nothing changes nothing");
    let (_, me) = ask(&http, Method::GET, "/api/v2/auth/me", None).await;
    assert!(me["account"].get("erase_after").is_none(), "{me}");
    assert_eq!(acts(&stage.sql, account, "deletion_cancelled").await.len(), 1);
    assert_eq!(log(&stage.sql, other.space()).await.iter().filter(|entry| entry.0.starts_with("deletion")).count(), 0);
    assert_eq!(ask(&other.http().await, Method::GET, "/api/v2/auth/me", None).await.0, 200);
}

#[tokio::test]
async fn asking_twice_keeps_the_first_date() {
    let stage = Stage::set().await;
    let first = ask(&stage.http, Method::DELETE, PATH, Some(BODY)).await;
    let http = signed_in(&stage.server, &stage.account).await;
    let second = ask(&http, Method::DELETE, PATH, Some(BODY)).await;
    assert_eq!((first.0, &first), (202, &second));
    assert_eq!(code(&ask(&http, Method::GET, "/api/v2/auth/me", None).await), (401, "session_revoked"));
    assert_eq!(mails(&stage.sql, stage.account.space()).await, ["deletion_scheduled"]);
    assert_eq!(acts(&stage.sql, stage.account.space(), "deletion_asked").await.len(), 1);
}

#[tokio::test]
async fn a_refresh_token_of_an_account_that_is_to_be_deleted_is_no_longer_good() {
    let stage = Stage::set().await;
    let (_, said) = login(&stage.server, &stage.account.credentials.email, "correct horse battery").await;
    ask(&stage.http, Method::DELETE, PATH, Some(BODY)).await;
    let body = json!({ "refresh_token": said["refresh_token"] }).to_string();
    let refreshed = ask(&stage.http, Method::POST, "/api/v2/auth/refresh", Some(&body)).await;
    assert_eq!(refreshed.0, 401, "{refreshed:?}");
}
