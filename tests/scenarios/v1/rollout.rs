//! Accounts that move from the legacy server in steps: a flag says who is served here, and everybody else's requests are
//! refused so that a proxy can pass them on.

use api::client::Credentials;
use application::identity::MailToken;
use domain::flag::Flag;
use domain::id::AccountId;
use reqwest::Method;
use serde_json::{Value, json};
use support::commands::{create_task, id, new_task};
use support::{Answer, Browser, Http, Socket};
use tokio_util::sync::CancellationToken;

use super::auth::{PASSWORD, login, of, post, refused, register, text};
use crate::erasure::eraser;
use crate::log_copy::count;
use crate::newcomer::{Newcomer, address, http_of};
use crate::people::{ask, promote};
use crate::stage::Stage;

const STEP: &str = include_str!("../../../docs/operations/queries/rollout_step.sql");

const ELSEWHERE: (u16, &str) = (421, "account_elsewhere");
/// As the legacy server signs them: nothing that this server could read.
const THEIRS: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ1c2VySWQiOiIzMTU4MTU5NSIsImVtYWlsIjoiYUBiLmMiLCJpYXQiOjE3OTI4ODY0MDAsImV4cCI6MTc5MzQ5MTIwMH0.c2lnbmF0dXJl";

/// Sets the flag, whatever it was.
async fn set(stage: &Stage, mut flag: Value) {
    let path = "/api/v2/admin/flags/new_backend";
    let (_, held) = ask(&stage.http, Method::GET, path, None).await;
    if let Some(version) = held["version"].as_i64() {
        flag["version"] = version.into();
    }
    let (status, said) = ask(&stage.http, Method::PUT, path, Some(&flag.to_string())).await;
    assert_eq!(status, 200, "{said}");
}

fn assert_elsewhere(answer: &Answer, what: &str) {
    let (status, code) = refused(answer);
    assert_eq!((status, code.as_str()), ELSEWHERE, "{what}");
}

async fn refresh(http: &Http, token: &str) -> Answer {
    post(http, "/auth/refresh", json!({ "refreshToken": token })).await
}

#[tokio::test]
async fn without_the_flag_everybody_is_served_here() {
    let stage = Stage::set().await;
    let nobody = Http::nobody(stage.server.url());
    let http = of(&nobody, &register(&nobody, &address()).await);
    assert_eq!(http.get("/api/backend").await.json(), json!({ "backend": "new" }));
    assert_eq!(refused(&nobody.with_token(THEIRS).get("/api/tasks").await), (401, "token_invalid".to_owned()));
}

#[tokio::test]
async fn who_has_not_moved_is_refused_for_the_proxy_to_pass_on() {
    let stage = Stage::set().await;
    promote(&stage.sql, &stage.account, "admin").await;
    let (nobody, moved, stays) = (Http::nobody(stage.server.url()), address(), address());
    let first = register(&nobody, &moved).await;
    let second = register(&nobody, &stays).await;
    let id = first.json()["user"]["id"].clone();
    set(&stage, json!({ "on": true, "percentage": 0, "allow": [id] })).await;
    let (here, there) = (of(&nobody, &first), of(&nobody, &second));

    for prefix in ["/api", "/api/v1"] {
        for path in ["/auth/user", "/tasks", "/nothing"] {
            let path = format!("{prefix}{path}");
            assert_ne!(here.get(&path).await.status, 421, "{path}");
            assert_elsewhere(&there.get(&path).await, &path);
            assert_elsewhere(&nobody.with_token(THEIRS).get(&path).await, &path);
        }
    }
    assert_eq!(here.get("/api/backend").await.json(), json!({ "backend": "new" }));
    assert_eq!(there.get("/api/backend").await.json(), json!({ "backend": "legacy" }));
    assert_eq!(there.get("/api/v2/tasks").await.status, 200, "what stands here can be read");

    assert_eq!(login(&nobody, &moved).await.status, 200);
    assert_elsewhere(&login(&nobody, &stays).await, "a sign-in");
    assert_elsewhere(&login(&nobody, &address()).await, "a sign-in of nobody here");
    assert_elsewhere(&register(&nobody, &address()).await, "a registration");
    assert_eq!(refused(&register(&nobody, &moved).await), (400, "email_taken".to_owned()));
    assert_eq!(refresh(&nobody, text(&first.json(), "refreshToken")).await.status, 200);
    assert_elsewhere(&refresh(&nobody, text(&second.json(), "refreshToken")).await, "a refresh");
    assert_elsewhere(&refresh(&nobody, THEIRS).await, "a refresh with a token of the other");
    assert_elsewhere(&post(&nobody, "/auth/request-password-reset", json!({ "email": stays })).await, "a mail");
    assert_eq!(post(&nobody, "/auth/request-password-reset", json!({ "email": moved })).await.status, 200);
    let reset = json!({ "token": "a".repeat(64), "newPassword": PASSWORD });
    assert_elsewhere(&post(&nobody, "/auth/reset-password", reset).await, "a token of the other");
    let wrong = post(&nobody, "/auth/login", json!({ "email": moved, "password": "wrong horse" })).await;
    assert_eq!(refused(&wrong), (401, "credentials_invalid".to_owned()), "who has moved is refused here");
    assert_eq!(refused(&nobody.get("/api/tasks").await), (401, "token_missing".to_owned()));
}

/// What v2 answers who is served elsewhere.
fn refused_by_v2(answer: &Answer) -> (u16, String) {
    (answer.status, answer.problem())
}

#[tokio::test]
async fn nothing_is_written_by_v2_of_whoever_is_served_elsewhere() {
    let stage = Stage::set().await;
    promote(&stage.sql, &stage.account, "admin").await;
    let person = Newcomer::on(&stage.server).await;
    let credentials = Credentials { email: person.email.clone(), password: PASSWORD.to_owned() };
    let mut browser = Browser::login(&stage.server, &credentials).await;
    let mut socket = Socket::open(&person.http()).await;
    let token = MailToken::of([7; 32]);
    let mailed = "INSERT INTO account_tokens (token_hash, account_id, purpose, created_at, expires_at)
        VALUES ($1, $2, 'password_reset', 0, 9999999999999)";
    stage.sql.execute(mailed, &[&token.digest().0.as_slice(), &person.account()]).await.unwrap();
    let reset = token.text().reveal().to_owned();
    let session = person.another_session().await;
    set(&stage, json!({ "on": true, "percentage": 100, "deny": [person.account()] })).await;

    let elsewhere = (421, "account_elsewhere".to_owned());
    let written = json!({ "transactions": [new_task("Not here")] }).to_string();
    assert_eq!(refused_by_v2(&person.http().post("/api/v2/transactions", written).await), elsewhere);
    assert_eq!(refused_by_v2(&browser.write(&new_task("Not here")).await), elsewhere, "by a cookie");
    assert_eq!(refused(&browser.get("/api/tasks").await), elsewhere, "v1 by a cookie");
    socket.say(&json!({ "type": "transactions", "id": 1, "transactions": [new_task("Not here")] })).await;
    let said = socket.hear_type("error").await;
    assert_eq!(said["problem"]["code"], "account_elsewhere", "{said}");
    for (path, body) in [
        ("login", json!({ "email": person.email, "password": PASSWORD })),
        ("register", json!({ "email": address(), "password": PASSWORD })),
        ("refresh", json!({ "refresh_token": session["refresh_token"] })),
        ("password/forgot", json!({ "email": person.email })),
        ("password/reset", json!({ "token": reset, "new_password": "another password" })),
    ] {
        assert_eq!(refused_by_v2(&crate::newcomer::post(&person.nobody, path, body).await), elsewhere, "{path}");
    }
    let v1 = json!({ "token": reset, "newPassword": "another password" });
    assert_elsewhere(&post(&person.nobody, "/auth/reset-password", v1).await, "a token of a mail, by v1");
    assert_eq!(browser.refresh().await.status, 421);
    let hash = "SELECT count(*) FROM accounts a WHERE EXISTS (SELECT FROM security_log l
        WHERE l.account_id = a.account_id AND l.act IN ('password_reset', 'password_changed'))";
    assert_eq!(count(&stage.sql, hash).await + count(&stage.sql, "SELECT count(*) FROM tasks").await, 0);

    // Reading, signing out and staff go on; so does who is served here.
    assert_eq!(person.http().get("/api/v2/flags").await.json()["flags"]["new_backend"], false);
    assert_eq!(crate::newcomer::post(&http_of(&person.nobody, &session), "logout", json!({})).await.status, 204);
    stage.account.commit(&[create_task(id(), "Here")]).await;
    set(&stage, json!({ "on": true, "percentage": 100 })).await;
    let again = person.reset(&reset, "another password").await;
    assert_eq!(again.status, 204, "the token stayed good: {}", String::from_utf8_lossy(&again.body));
}

#[tokio::test]
async fn whoever_is_served_elsewhere_is_not_erased_here_before_they_are_back() {
    let stage = Stage::set().await;
    promote(&stage.sql, &stage.account, "admin").await;
    let other = support::Account::register(&stage.server).await;
    set(&stage, json!({ "on": true, "percentage": 100, "deny": [other.space()] })).await;
    let due = "UPDATE accounts SET deletion_requested_at = 1, erase_after = 1 WHERE account_id = $1";
    stage.sql.execute(due, &[&other.space()]).await.unwrap();
    let (eraser, stop) = (eraser(&stage.database, &stage.server), CancellationToken::new());
    let round = eraser.round(&stop).await.unwrap();
    assert_eq!((round.put_off, round.due, round.finished), (1, 0, 0));
    assert_eq!(count(&stage.sql, "SELECT count(*) FROM erasures").await, 0);
    set(&stage, json!({ "on": true, "percentage": 100 })).await;
    assert_eq!(eraser.round(&stop).await.unwrap().put_off, 0);
    assert_eq!(count(&stage.sql, "SELECT count(*) FROM erasures").await, 1);
}

#[tokio::test]
async fn at_a_hundred_percent_everybody_is_served_here_and_back_at_nothing_nobody() {
    let stage = Stage::set().await;
    promote(&stage.sql, &stage.account, "admin").await;
    let (nobody, email) = (Http::nobody(stage.server.url()), address());
    set(&stage, json!({ "on": true, "percentage": 100 })).await;
    let registered = register(&nobody, &email).await;
    let http = of(&nobody, &registered);
    assert_eq!(http.get("/api/auth/user").await.status, 200);
    assert_eq!(refused(&nobody.with_token(THEIRS).get("/api/tasks").await), (401, "token_invalid".to_owned()));
    assert_eq!(refused(&refresh(&nobody, THEIRS).await), (403, "refresh_token_invalid".to_owned()));
    set(&stage, json!({ "on": true, "percentage": 0 })).await;
    assert_elsewhere(&http.get("/api/auth/user").await, "back");
    assert_elsewhere(&refresh(&nobody, text(&registered.json(), "refreshToken")).await, "back");
    assert_elsewhere(&login(&nobody, &email).await, "back");
    set(&stage, json!({ "on": true, "percentage": 100 })).await;
    assert_eq!(http.get("/api/auth/user").await.status, 200, "and here again, still signed in");
}

#[tokio::test]
async fn the_query_for_a_step_lists_whom_the_flag_takes() {
    let stage = Stage::set().await;
    let nobody = Http::nobody(stage.server.url());
    for _ in 0..4 {
        assert_eq!(register(&nobody, &address()).await.status, 200);
    }
    let imported = "UPDATE accounts SET legacy_user_id = account_id::text WHERE account_id <> $1";
    stage.sql.execute(imported, &[&stage.account.space()]).await.unwrap();
    assert!(STEP.contains("place < 10"));
    let rows = stage.sql.query(&STEP.replace("place < 10", "place < 100"), &[]).await.unwrap();
    assert_eq!(rows.len(), 4);
    for row in rows {
        let (account, place) = (AccountId(row.get("account_id")), row.get::<_, i32>("place"));
        let takes = |percentage: i32| {
            let percentage = percentage.try_into().unwrap();
            Flag { name: "new_backend".to_owned(), is_on: true, percentage, ..Flag::default() }.is_on_for(account)
        };
        assert!(!takes(place) && takes(place + 1), "{place}");
    }
}
