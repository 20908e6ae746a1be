//! Every route of the served document, walked by whoever should not get anywhere. A new route is walked as soon as it is
//! documented, and a test beside the document sees that it is.

mod document;
mod impostors;

use std::collections::BTreeSet;

use serde_json::json;
use support::commands::{command_with, create_task, id, transaction};
use support::{Account, Browser, Http, Socket, tables};
use tokio_postgres::Client;
use tokio_tungstenite::tungstenite::Error;
use uuid::Uuid;

use self::document::{Operation, operations};
use self::impostors::impostors;
use crate::stage::Stage;

/// What may be called without a token. A route that is not listed here has to refuse strangers.
const OPEN: &[&str] = &[
    "get /.well-known/jwks.json",
    "get /healthz",
    "get /metrics",
    "get /readyz",
    "get /schema.json",
    "post /api/v2/auth/email/resend",
    "post /api/v2/auth/email/verify",
    "post /api/v2/auth/login",
    "post /api/v2/auth/password/forgot",
    "post /api/v2/auth/password/reset",
    "post /api/v2/auth/refresh",
    "post /api/v2/auth/register",
    // The token may come in the first message; the walk of the live connection is below.
    "get /api/v2/stream",
];

async fn guarded(http: &Http) -> Vec<Operation> {
    operations(http).await.into_iter().filter(|operation| !operation.is_open).collect()
}

fn by_cookie(stage: &Stage, token: &str) -> Http {
    Browser::at(&stage.server).planted("levelup_access", Some(token)).http("/")
}

#[tokio::test]
async fn only_the_routes_that_are_meant_to_be_open_are_open() {
    let stage = Stage::set().await;
    let open: BTreeSet<String> =
        operations(&stage.http).await.iter().filter(|operation| operation.is_open).map(Operation::name).collect();
    let meant: BTreeSet<String> = OPEN.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(open, meant);
}

#[tokio::test]
async fn no_route_lets_anybody_in_without_a_token() {
    let stage = Stage::set().await;
    let nobody = Http::nobody(stage.server.url());
    let basic = nobody.with_header("authorization", "Basic YTpi");
    for operation in guarded(&stage.http).await {
        for (who, http) in [("nobody", &nobody), ("somebody with a password", &basic)] {
            let answer = operation.call(http, &id().to_string()).await;
            operation.assert_refused(&answer, 401, "token_missing", who);
            assert!(answer.header("www-authenticate").starts_with("Bearer"), "{}", operation.name());
        }
    }
}

#[tokio::test]
async fn no_route_lets_a_bad_token_in_whatever_carries_it() {
    let stage = Stage::set().await;
    let impostors = impostors(&stage).await;
    let before = tables::footprint(&stage.sql).await;
    for operation in guarded(&stage.http).await {
        for (who, token, code) in &impostors {
            for http in [stage.http.with_token(token), by_cookie(&stage, token)] {
                let answer = operation.call(&http, &id().to_string()).await;
                operation.assert_refused(&answer, 401, code, who);
            }
        }
    }
    assert_eq!(tables::footprint(&stage.sql).await, before);
}

#[tokio::test]
async fn a_live_connection_lets_no_bad_token_in_whatever_carries_it() {
    let stage = Stage::set().await;
    for (who, token, code) in impostors(&stage).await {
        for (http, in_header) in [(stage.http.with_token(&token), true), (by_cookie(&stage, &token), false)] {
            let refused = *Socket::try_open(&http, None, in_header).await.expect_err("a refused handshake");
            let Error::Http(response) = refused else { panic!("{who}: {refused}") };
            assert_eq!(response.status(), 401, "{who}");
            assert!(String::from_utf8_lossy(response.body().as_deref().unwrap()).contains(code), "{who}");
        }
        let mut socket = Socket::try_open(&Http::nobody(stage.server.url()), None, false).await.unwrap();
        socket.say(&json!({ "type": "auth", "token": token })).await;
        assert_eq!(socket.hear().await["code"], code, "{who}");
        assert_eq!(socket.next().await, Err(Some(4401)), "{who}");
    }
}

#[tokio::test]
async fn no_route_tells_a_stranger_of_anothers_things() {
    let stage = Stage::set().await;
    let known = things_of(&stage).await;
    let stranger = Account::register(&stage.server).await.http().await;
    let before = (tables::footprint(&stage.sql).await, identity_of(&stage.sql, stage.account.space()).await);
    for operation in guarded(&stage.http).await.iter().filter(|one| one.names_something() && !one.is_admins) {
        let absent = operation.call(&stranger, &id().to_string()).await;
        // What is sent may be looked at before whom it is for; without a body there is nothing else to refuse.
        let statuses: &[u16] =
            if operation.is_safe() || operation.method == "delete" { &[404] } else { &[400, 404, 422] };
        assert!(statuses.contains(&absent.status), "{}: {}", operation.name(), absent.status);
        operation.assert_documented(&absent, "a stranger");
        for thing in &known {
            let answer = operation.call(&stranger, &thing.to_string()).await;
            assert_eq!(answer.status, absent.status, "{} with another's id", operation.name());
            assert_eq!(answer.json(), absent.json(), "{} with another's id", operation.name());
        }
    }
    let after = (tables::footprint(&stage.sql).await, identity_of(&stage.sql, stage.account.space()).await);
    assert_eq!(after, before, "a stranger changed something");
}

/// Ids of everything that the person of the stage has.
async fn things_of(stage: &Stage) -> Vec<Uuid> {
    let (task, goal, milestone, skill) = (id(), id(), id(), id());
    let written = transaction(&[
        create_task(task, "Private"),
        command_with("goal.create", goal, json!({ "title": "Private" })),
        command_with("milestone.create", milestone, json!({ "goal_id": goal, "title": "Private" })),
        command_with("skill.create", skill, json!({ "name": "Private" })),
    ]);
    let sent = written["transaction_id"].as_str().unwrap().parse().unwrap();
    assert_eq!(stage.account.send(written).await["status"], "committed");
    let session = &stage.account.session;
    vec![task, goal, milestone, skill, sent, stage.account.space(), session.device_id(), session.session_id()]
}

/// What the directory has of somebody, without when their devices were active: that is noted in memory and written later.
async fn identity_of(sql: &Client, account: Uuid) -> Vec<String> {
    let mut found = Vec::new();
    for table in ["accounts", "devices", "sessions", "refresh_tokens"] {
        let statement =
            format!("SELECT (to_jsonb(t) - 'last_seen_at')::text FROM {table} t WHERE account_id = $1 ORDER BY 1");
        found.extend(sql.query(&statement, &[&account]).await.unwrap().iter().map(|row| row.get::<_, String>(0)));
    }
    found
}

#[tokio::test]
async fn no_route_for_admins_serves_anybody_else() {
    let stage = Stage::set().await;
    let things = [id(), stage.account.space()];
    for operation in guarded(&stage.http).await.iter().filter(|operation| operation.is_admins) {
        for thing in things {
            let answer = operation.call(&stage.http, &thing.to_string()).await;
            operation.assert_refused(&answer, 403, "role_missing", "a user");
        }
    }
}

#[tokio::test]
async fn by_cookie_every_route_wants_a_page_of_ours_and_every_route_that_writes_the_secret() {
    let stage = Stage::set().await;
    let browser = Browser::login(&stage.server, &stage.account.credentials).await;
    let (other, _) = Browser::register(&stage.server).await;
    let before = (tables::footprint(&stage.sql).await, identity_of(&stage.sql, stage.account.space()).await);
    let (mut safe, mut unsafe_ones) = (0, 0);
    for operation in guarded(&stage.http).await {
        let foreign = browser.page(Some("https://evil.example")).http(&operation.path);
        let answer = operation.call(&foreign.with_header("x-csrf-token", browser.said()), &id().to_string()).await;
        operation.assert_refused(&answer, 403, "origin_refused", "a page of another origin");
        if operation.is_safe() {
            safe += 1;
            continue;
        }
        unsafe_ones += 1;
        let bare = browser.http(&operation.path);
        for (who, http) in [("without", bare.clone()), ("another's", bare.with_header("x-csrf-token", other.said()))] {
            let answer = operation.call(&http, &id().to_string()).await;
            operation.assert_refused(&answer, 403, "csrf_invalid", who);
        }
    }
    assert!(safe > 10 && unsafe_ones > 0, "{safe} that read and {unsafe_ones} that write were walked");
    let after = (tables::footprint(&stage.sql).await, identity_of(&stage.sql, stage.account.space()).await);
    assert_eq!(after, before);
}
