//! Browsers: tokens in cookies, and the secret that goes with them.

use serde_json::json;
use support::commands::{create_task, id, new_task, transaction};
use support::{Account, Answer, Browser, Http, tables};

use crate::stage::Stage;

const ME: &str = "/api/v2/auth/me";

/// What a page that may not do this is told.
fn refused(answer: &Answer) -> (u16, String) {
    (answer.status, answer.problem())
}

#[tokio::test]
async fn a_browser_signs_in_without_seeing_a_token() {
    let stage = Stage::set().await;
    let mut browser = Browser::at(&stage.server);
    let answer = browser.sign_in("login", &stage.account.credentials).await;
    let body = answer.json();
    assert_eq!(answer.status, 200, "{body}");
    assert!(body["access_token"].is_null() && body["refresh_token"].is_null(), "{body}");
    assert_eq!(body["account"]["id"], json!(stage.account.space()));
    assert!(body["expires_in"].is_i64() && body["session_id"].is_string() && body["device_id"].is_string());
    let text = body.to_string();
    for hidden in ["levelup_access", "levelup_refresh"] {
        assert!(!text.contains(&browser.cookie(hidden).value), "{hidden} is in the answer");
    }
    assert_eq!(body["csrf_token"], json!(browser.cookie("levelup_csrf").value));
    assert_eq!(browser.get(ME).await.json()["session_id"], body["session_id"]);
    assert_eq!(browser.write(&new_task("Read a chapter")).await.receipts()[0]["status"], "committed");
}

#[tokio::test]
async fn the_cookies_are_for_this_host_and_the_tokens_for_no_script() {
    let stage = Stage::set().await;
    let local = Browser::login(&stage.server, &stage.account.credentials).await;
    assert_eq!(local.cookies(), ["levelup_access", "levelup_csrf", "levelup_refresh"]);
    let mut remote = Browser::at(&stage.server).host("sync.example.org").page(None);
    assert_eq!(remote.sign_in("login", &stage.account.credentials).await.status, 200);
    assert_eq!(remote.cookies(), ["__Host-levelup_access", "__Host-levelup_csrf", "__Secure-levelup_refresh"]);
    for (browser, names, is_secure) in [
        (&local, ["levelup_access", "levelup_refresh", "levelup_csrf"], false),
        (&remote, ["__Host-levelup_access", "__Secure-levelup_refresh", "__Host-levelup_csrf"], true),
    ] {
        let wanted = [("/", "900", true), ("/api/v2/auth", "5184000", true), ("/", "5184000", false)];
        for (name, (path, max_age, hidden)) in names.into_iter().zip(wanted) {
            let has = |attribute: &str| browser.cookie(name).attributes.get(attribute).map(String::as_str);
            assert_eq!((has("path"), has("max-age"), has("samesite")), (Some(path), Some(max_age), Some("Strict")));
            assert_eq!((has("httponly").is_some(), has("secure").is_some()), (hidden, is_secure), "{name}");
            assert_eq!(has("domain"), None, "{name}");
        }
    }
    assert_eq!(remote.get(ME).await.status, 200);
    // A sibling domain can plant a cookie without the prefix; it is not looked at.
    let planted = local.cookie("levelup_access").value.clone();
    let mut fixed = Browser::at(&stage.server).host("sync.example.org").page(None);
    fixed = fixed.planted("levelup_access", Some(&planted));
    assert_eq!(refused(&fixed.get(ME).await), (401, "token_missing".to_owned()));
}

#[tokio::test]
async fn a_browser_that_only_sends_cookies_reads_and_writes_nothing() {
    let stage = Stage::set().await;
    let browser = Browser::login(&stage.server, &stage.account.credentials).await;
    let (stranger, _) = Browser::register(&stage.server).await;
    let twice = Browser::login(&stage.server, &stage.account.credentials).await;
    let before = tables::footprint(&stage.sql).await;
    let long = "A".repeat(5_000);
    for secret in [None, Some(""), Some("x"), Some(long.as_str()), Some(stranger.said()), Some(twice.said())] {
        let answer = browser.secret(secret).write(&new_task("Forged")).await;
        assert_eq!(refused(&answer), (403, "csrf_invalid".to_owned()), "{secret:?}");
    }
    let mut planted = browser.planted("levelup_csrf", Some(stranger.said())).secret(Some(stranger.said()));
    let answer = planted.write(&new_task("Forged")).await;
    assert_eq!(refused(&answer), (403, "csrf_invalid".to_owned()), "the cookie proves nothing by itself");
    let both = browser.http("/api/v2").with_header("x-csrf-token", browser.said());
    let both = both.with_header("x-csrf-token", stranger.said());
    let answer = both.write(&json!({ "transactions": [new_task("Forged")] })).await;
    assert_eq!(refused(&answer), (403, "csrf_invalid".to_owned()), "two secrets");
    assert_eq!(tables::footprint(&stage.sql).await, before);
}

#[tokio::test]
async fn a_token_in_the_header_wins_over_cookies_and_needs_no_secret() {
    let stage = Stage::set().await;
    let browser = Browser::login(&stage.server, &stage.account.credentials).await;
    let other = Account::register(&stage.server).await;
    let both = browser.http("/").with_token(other.http().await.token());
    assert_eq!(both.get(ME).await.json()["account"]["id"], json!(other.space()));
    assert_eq!(both.write(&json!({ "transactions": [new_task("By header")] })).await.status, 200);
    let bad = browser.http("/").with_token("garbage");
    assert_eq!(refused(&bad.get(ME).await), (401, "token_invalid".to_owned()), "no second guess");
    let borrowed = Http::nobody(stage.server.url()).with_token(&browser.cookie("levelup_access").value);
    assert_eq!(borrowed.write(&json!({ "transactions": [new_task("Borrowed")] })).await.status, 200);
}

#[tokio::test]
async fn a_browser_refreshes_by_cookie_and_keeps_its_secret() {
    let stage = Stage::set().await;
    let mut browser = Browser::login(&stage.server, &stage.account.credentials).await;
    let old = browser.clone();
    let answer = browser.refresh().await;
    let body = answer.json();
    assert_eq!(answer.status, 200, "{body}");
    assert!(body["access_token"].is_null() && body["refresh_token"].is_null(), "{body}");
    assert_eq!(body["csrf_token"], json!(old.said()));
    assert_ne!(browser.cookie("levelup_refresh"), old.cookie("levelup_refresh"));
    assert_eq!(browser.cookie("levelup_csrf"), old.cookie("levelup_csrf"));
    assert_eq!(browser.write(&new_task("After")).await.status, 200);
    assert_eq!(old.clone().write(&new_task("The other tab")).await.status, 200);
    let with_body = browser.send(reqwest::Method::POST, "/api/v2/auth/refresh", Some(&json!({}))).await;
    assert_eq!(with_body.status, 200);
    let mut nobody = Browser::at(&stage.server).secret(Some(old.said()));
    assert_eq!(refused(&nobody.refresh().await), (422, "body_invalid".to_owned()));
}

#[tokio::test]
async fn a_refresh_by_cookie_without_the_sessions_secret_uses_nothing_up() {
    let stage = Stage::set().await;
    let mut browser = Browser::login(&stage.server, &stage.account.credentials).await;
    let (stranger, _) = Browser::register(&stage.server).await;
    for secret in [None, Some("x"), Some(stranger.said())] {
        let answer = browser.secret(secret).refresh().await;
        assert_eq!(refused(&answer), (403, "csrf_invalid".to_owned()), "{secret:?}");
        assert!(!answer.headers.contains_key("set-cookie"));
    }
    // Another account's token, planted: the browser's own secret does not fit it.
    let foreign = stranger.cookie("levelup_refresh").value.clone();
    let answer = browser.planted("levelup_refresh", Some(&foreign)).refresh().await;
    assert_eq!(refused(&answer), (403, "csrf_invalid".to_owned()));
    let of_app = apps_refresh_token(&stage).await;
    let answer = browser.planted("levelup_refresh", Some(&of_app)).refresh().await;
    assert_eq!(refused(&answer), (403, "csrf_invalid".to_owned()), "an app's session has no secret");
    for garbage in ["", "garbage", &"A".repeat(43)] {
        let answer = browser.planted("levelup_refresh", Some(garbage)).refresh().await;
        assert_eq!(refused(&answer), (401, "refresh_token_invalid".to_owned()), "{garbage}");
    }
    assert_eq!(browser.refresh().await.status, 200, "its own is still good");
}

async fn apps_refresh_token(stage: &Stage) -> String {
    let credentials = &stage.account.credentials;
    let body = json!({ "email": credentials.email, "password": credentials.password });
    let answer = Http::nobody(stage.server.url()).post("/api/v2/auth/login", body.to_string()).await.json();
    assert!(answer["csrf_token"].is_null(), "{answer}");
    answer["refresh_token"].as_str().expect("a refresh token in the answer").to_owned()
}

#[tokio::test]
async fn two_tabs_that_refresh_at_once_both_live() {
    let stage = Stage::set().await;
    let browser = Browser::login(&stage.server, &stage.account.credentials).await;
    let (mut one, mut two) = (browser.clone(), browser.clone());
    let answers = tokio::join!(one.refresh(), two.refresh());
    assert_eq!((answers.0.status, answers.1.status), (200, 200), "{} {}", answers.0.json(), answers.1.json());
    for tab in [&mut one, &mut two] {
        assert_eq!(tab.write(&new_task("A tab")).await.status, 200);
    }
    assert_eq!(one.cookie("levelup_csrf"), two.cookie("levelup_csrf"));
    assert_eq!(two.refresh().await.status, 200, "what both hold is the same");
}

#[tokio::test]
async fn two_browsers_and_a_phone_share_an_account_and_no_session() {
    let stage = Stage::set().await;
    let mut browsers = [
        Browser::login(&stage.server, &stage.account.credentials).await,
        Browser::login(&stage.server, &stage.account.credentials).await,
    ];
    let tasks = [id(), id(), id()];
    stage.account.commit(&[create_task(tasks[0], "From the phone")]).await;
    for (browser, task) in browsers.iter_mut().zip(&tasks[1..]) {
        let receipt = browser.write(&transaction(&[create_task(*task, "From a browser")])).await.receipts().remove(0);
        assert_eq!(receipt["status"], "committed", "{receipt}");
    }
    let mut sessions = vec![stage.http.get(ME).await.json()["session_id"].clone()];
    for browser in &mut browsers {
        sessions.push(browser.get(ME).await.json()["session_id"].clone());
        let page = browser.get("/api/v2/changes?limit=1000").await.json();
        let seen = |task| page["changes"].as_array().unwrap().iter().any(|change| change["id"] == json!(task));
        assert!(tasks.iter().all(seen), "{page}");
    }
    sessions.dedup();
    assert_eq!(sessions.len(), 3);
    let mut mixed = browsers[0].secret(Some(browsers[1].said()));
    assert_eq!(mixed.write(&new_task("Mixed")).await.status, 403);
}

#[tokio::test]
async fn signing_out_takes_the_cookies_out_of_the_browser_and_ends_its_session() {
    let stage = Stage::set().await;
    let mut browser = Browser::login(&stage.server, &stage.account.credentials).await;
    let old = browser.clone();
    let forged = browser.secret(None).send(reqwest::Method::POST, "/api/v2/auth/logout", None).await;
    assert_eq!(refused(&forged), (403, "csrf_invalid".to_owned()));
    assert_eq!(browser.send(reqwest::Method::POST, "/api/v2/auth/logout", None).await.status, 204);
    assert!(browser.cookies().is_empty(), "{:?}", browser.cookies());
    assert_eq!(refused(&old.clone().get(ME).await), (401, "session_revoked".to_owned()));
    assert_eq!(refused(&old.clone().refresh().await), (401, "refresh_token_invalid".to_owned()));
}
