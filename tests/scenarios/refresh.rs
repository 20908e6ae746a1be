//! Refresh tokens: rotated once, answered again for a while, and after that the end of their session.

use futures_util::future::join_all;
use serde_json::{Value, json};
use support::{Account, Http, Socket, TestServer};

use crate::sign_in::{SignedIn, assert_refused, let_the_grace_pass, logged, refresh, sign_in};
use crate::stage::Stage;

/// The parts of an answer that a repetition repeats to the byte.
fn lasting(answer: &SignedIn) -> Value {
    let mut body = answer.0.clone();
    body.as_object_mut().unwrap().remove("expires_in");
    body
}

#[tokio::test]
async fn a_refresh_gives_new_tokens_of_the_same_session() {
    let stage = Stage::set().await;
    let first = sign_in(&stage.http, &stage.account, "tab").await;
    let second = SignedIn::of(&refresh(&stage.http, first.refresh_token()).await);
    assert_eq!((second.session(), second.device()), (first.session(), first.device()));
    assert_ne!(second.refresh_token(), first.refresh_token());
    assert_eq!(second.0["expires_in"], 900);
    assert_eq!(second.http(&stage.http).get("/api/v2/auth/me").await.status, 200);
    let third = SignedIn::of(&refresh(&stage.http, second.refresh_token()).await);
    assert_ne!(third.refresh_token(), second.refresh_token());
}

#[tokio::test]
async fn a_lost_answer_is_given_again() {
    let stage = Stage::set().await;
    let first = sign_in(&stage.http, &stage.account, "phone").await;
    let lost = SignedIn::of(&refresh(&stage.http, first.refresh_token()).await);
    // The clock of the answers moves on: what was given out 5 s ago is good for 5 s less. Most of the grace is left.
    stage.sql.execute("UPDATE refresh_tokens SET consumed_at = consumed_at - 5000", &[]).await.unwrap();
    let again = SignedIn::of(&refresh(&stage.http, first.refresh_token()).await);
    assert_eq!(again.refresh_token(), lost.refresh_token());
    let left = again.0["expires_in"].as_i64().unwrap();
    assert!((800..=895).contains(&left), "{left}");
    let once_more = SignedIn::of(&refresh(&stage.http, first.refresh_token()).await);
    assert_eq!(lasting(&once_more), lasting(&again), "the access token too");
    SignedIn::of(&refresh(&stage.http, again.refresh_token()).await);
    assert_eq!(logged(&stage.sql, stage.account.space(), "refresh_replayed").await, 0);
}

#[tokio::test]
async fn an_answer_is_repeated_after_its_successor_was_used() {
    let stage = Stage::set().await;
    let first = sign_in(&stage.http, &stage.account, "tab").await;
    let second = SignedIn::of(&refresh(&stage.http, first.refresh_token()).await);
    let third = SignedIn::of(&refresh(&stage.http, second.refresh_token()).await);
    let slow_tab = SignedIn::of(&refresh(&stage.http, first.refresh_token()).await);
    assert_eq!(lasting(&slow_tab), lasting(&second));
    let slow_tab = SignedIn::of(&refresh(&stage.http, slow_tab.refresh_token()).await);
    assert_eq!(lasting(&slow_tab), lasting(&third), "it catches up with the others");
}

#[tokio::test]
async fn tabs_that_refresh_at_once_all_live() {
    let stage = Stage::set().await;
    let other_node = TestServer::start_with(stage.server.setup());
    let nodes = [stage.http.clone(), Http::nobody(other_node.url())];
    let mut token = sign_in(&stage.http, &stage.account, "browser").await;
    for round in 0..20 {
        let tabs = (0..4).map(|tab| refresh(&nodes[tab % 2], token.refresh_token()));
        let answers: Vec<SignedIn> = join_all(tabs).await.iter().map(SignedIn::of).collect();
        for (tab, answer) in answers.iter().enumerate() {
            assert_eq!(lasting(answer), lasting(&answers[0]), "round {round}, tab {tab}");
            let me = answer.http(&nodes[tab % 2]).get("/api/v2/auth/me").await;
            assert_eq!(me.status, 200, "round {round}, tab {tab}: {}", me.json());
        }
        token = answers[0].clone();
    }
    let rows: i64 = stage
        .sql
        .query_one("SELECT count(*) FROM refresh_tokens WHERE session_id = $1", &[&token.session()])
        .await
        .unwrap()
        .get(0);
    assert_eq!(rows, 21, "one successor each");
}

#[tokio::test]
async fn a_replay_after_the_grace_ends_the_family() {
    let stage = Stage::set().await;
    let device = stage.account.session.clone();
    let stolen = sign_in(&stage.http, &stage.account, "Ada's tablet").await;
    let next = SignedIn::of(&refresh(&stage.http, stolen.refresh_token()).await);
    let mut socket = Socket::open(&next.http(&stage.http)).await;
    socket.subscribe(None).await;
    socket.hear_type("changes").await;
    let_the_grace_pass(&stage.sql).await;

    assert_eq!(assert_refused(&stage.http, stolen.refresh_token()).await.as_deref(), Some("replayed"));
    let said = socket.hear_type("error").await;
    assert_eq!((&said["code"], &said["problem"]["because"]), (&json!("session_revoked"), &json!("replayed")));
    assert_eq!(socket.next().await, Err(Some(4401)));

    assert_eq!(assert_refused(&stage.http, next.refresh_token()).await.as_deref(), Some("replayed"));
    let access = next.http(&stage.http).get("/api/v2/auth/me").await;
    assert_eq!((access.status, access.problem().as_str()), (401, "session_revoked"));
    assert_eq!(assert_refused(&stage.http, stolen.refresh_token()).await.as_deref(), Some("replayed"));
    assert_told_once(&stage, &stolen).await;
    device.get::<Value>("/api/v2/auth/me").await.expect("the account's other session goes on");
}

/// The account has one letter, and the log says what happened, however often the token came.
async fn assert_told_once(stage: &Stage, stolen: &SignedIn) {
    let account = stage.account.space();
    let statement = "SELECT kind, about FROM mails WHERE account_id = $1 AND kind = 'session_replayed'";
    let letters = stage.sql.query(statement, &[&account]).await.unwrap();
    assert_eq!(letters.len(), 1);
    let expected = json!({ "device_name": "Ada's tablet", "platform": "web", "network": "127.0.0.0/24" });
    assert_eq!(letters[0].get::<_, Value>("about"), expected);
    let statement = "SELECT act, session_id, device_id, network, about FROM security_log
                     WHERE account_id = $1 AND act IN ('refresh_replayed', 'session_ended') ORDER BY entry_id";
    let entries = stage.sql.query(statement, &[&account]).await.unwrap();
    let acts: Vec<&str> = entries.iter().map(|entry| entry.get("act")).collect();
    assert_eq!(acts, ["refresh_replayed", "session_ended"]);
    for entry in &entries {
        assert_eq!(entry.get::<_, uuid::Uuid>("session_id"), stolen.session());
        assert_eq!(entry.get::<_, uuid::Uuid>("device_id"), stolen.device());
        assert_eq!(entry.get::<_, &str>("network"), "127.0.0.0/24");
    }
    assert_eq!(entries[1].get::<_, Value>("about"), json!({ "because": "replayed" }));
}

#[tokio::test]
async fn replays_at_once_end_the_session_once() {
    let stage = Stage::set().await;
    let stolen = sign_in(&stage.http, &stage.account, "tablet").await;
    SignedIn::of(&refresh(&stage.http, stolen.refresh_token()).await);
    let_the_grace_pass(&stage.sql).await;
    let replays = (0..8).map(|_| assert_refused(&stage.http, stolen.refresh_token()));
    for because in join_all(replays).await {
        assert_eq!(because.as_deref(), Some("replayed"));
    }
    assert_eq!(logged(&stage.sql, stage.account.space(), "refresh_replayed").await, 1);
    assert_eq!(logged(&stage.sql, stage.account.space(), "session_ended").await, 1);
}

#[tokio::test]
async fn a_refresh_token_past_its_time_is_refused_used_or_not() {
    let stage = Stage::set().await;
    let first = sign_in(&stage.http, &stage.account, "tablet").await;
    let second = SignedIn::of(&refresh(&stage.http, first.refresh_token()).await);
    let_the_grace_pass(&stage.sql).await;
    stage.sql.execute("UPDATE refresh_tokens SET expires_at = 1", &[]).await.unwrap();
    assert_eq!(assert_refused(&stage.http, first.refresh_token()).await, None);
    assert_eq!(assert_refused(&stage.http, second.refresh_token()).await, None);
    assert_eq!(logged(&stage.sql, stage.account.space(), "refresh_replayed").await, 0);
}

#[tokio::test]
async fn what_is_no_refresh_token_of_this_server_is_refused() {
    let stage = Stage::set().await;
    let good = sign_in(&stage.http, &stage.account, "tablet").await;
    let token = good.refresh_token();
    let bad = [
        String::new(),
        "garbage".to_owned(),
        "A".repeat(43),
        format!("{token}A"),
        format!("{token}="),
        token[1..].to_owned(),
        token.to_uppercase(),
        format!(" {token}"),
        good.access_token().to_owned(),
        "x".repeat(500_000),
        "\u{0}\r\nSet-Cookie: a=b".to_owned(),
        "é".repeat(43),
    ];
    for token in &bad {
        assert_eq!(assert_refused(&stage.http, token).await, None, "{}", token.chars().take(50).collect::<String>());
    }
    let large = refresh(&stage.http, &"x".repeat(1_100_000)).await;
    assert_eq!((large.status, large.problem().as_str()), (413, "body_too_large"));
    for (body, status, code) in [
        (json!({}), 422, "body_invalid"),
        (json!({ "refresh_token": 7 }), 422, "body_invalid"),
        (json!({ "refresh_token": null }), 422, "body_invalid"),
        (json!({ "refresh_token": token, "more": 1 }), 422, "field_unknown"),
    ] {
        let answer = stage.http.post("/api/v2/auth/refresh", body.to_string()).await;
        assert_eq!((answer.status, answer.problem().as_str()), (status, code), "{body}");
    }
    SignedIn::of(&refresh(&stage.http, token).await);
}

#[tokio::test]
async fn a_refresh_token_opens_nothing_as_an_access_token() {
    let stage = Stage::set().await;
    let good = sign_in(&stage.http, &stage.account, "tablet").await;
    let answer = stage.http.with_token(good.refresh_token()).get("/api/v2/auth/me").await;
    assert_eq!((answer.status, answer.problem().as_str()), (401, "token_invalid"));
    SignedIn::of(&refresh(&stage.http, good.refresh_token()).await);
}

#[tokio::test]
async fn a_refresh_is_of_the_account_of_its_token_whoever_else_is_signed_in() {
    let stage = Stage::set().await;
    let other = Account::register(&stage.server).await;
    let theirs = sign_in(&stage.http, &other, "their phone").await;
    // The Authorization header of one and the refresh token of another: only the latter counts.
    let answer = SignedIn::of(&refresh(&stage.http, theirs.refresh_token()).await);
    assert_eq!(answer.0["account"]["id"], json!(other.space()));
    assert_eq!(answer.session(), theirs.session());
}

#[tokio::test]
async fn a_session_that_ends_while_it_is_refreshed_gets_no_token_that_opens_anything() {
    let stage = Stage::set().await;
    for round in 0..10 {
        let tokens = sign_in(&stage.http, &stage.account, "tablet").await;
        let path = format!("/api/v2/auth/sessions/{}", tokens.session());
        let (answer, ended) = tokio::join!(refresh(&stage.http, tokens.refresh_token()), stage.http.delete(&path));
        assert_eq!(ended.status, 204, "round {round}");
        let refused = if answer.status == 200 {
            let tokens = SignedIn::of(&answer);
            let me = tokens.http(&stage.http).get("/api/v2/auth/me").await;
            assert_eq!((me.status, me.problem().as_str()), (401, "session_revoked"), "round {round}");
            assert_refused(&stage.http, tokens.refresh_token()).await
        } else {
            assert_refused(&stage.http, tokens.refresh_token()).await
        };
        assert_eq!(refused.as_deref(), Some("ended_elsewhere"), "round {round}");
    }
}
