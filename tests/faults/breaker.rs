//! The circuit before a database that stands still: the first requests wait, the next are refused at once, live
//! connections stay open, and all goes on by itself.

use std::time::Duration;

use serde_json::json;
use support::commands::new_task;
use support::fault_proxy::FaultProxy;
use support::patience::{until, within};
use support::{Account, Answer, Database, Http, Setup, Socket, TestServer};
use tokio::time::timeout;

/// Who does not get an answer by then has stopped waiting for it.
const IMPATIENCE: Duration = Duration::from_millis(300);

/// Asks again and again, without patience, until an answer passes the test.
async fn until_answer(http: &Http, what: &str, path: &str, fits: impl Fn(&Answer) -> bool) -> Answer {
    until(what, async || timeout(IMPATIENCE, http.get(path)).await.ok().filter(&fits)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_database_stands_still_requests_are_refused_at_once_and_then_all_goes_on() {
    let database = Database::fresh().await;
    let proxy = FaultProxy::before(&database.config(), Vec::new()).await;
    let server = TestServer::start_with(Setup { config: proxy.config(), ..Setup::of(&database) });
    let account = Account::register(&server).await;
    let http = account.http().await;
    let mut socket = Socket::open(&http).await;
    socket.write(&[new_task("Before")]).await;

    proxy.pause();
    let first = tokio::spawn({
        let http = http.clone();
        async move { http.get("/api/v2/auth/me").await }
    });
    let refused = until_answer(&http, "a refusal", "/api/v2/auth/me", |answer| answer.status == 503).await;
    assert_eq!(refused.problem(), "unavailable");
    assert!(refused.header("retry-after").parse::<u64>().unwrap() > 0);
    assert!(!first.is_finished(), "the first request waits for its answer");

    refuses_everything(&http, &mut socket).await;

    proxy.go_on();
    assert_eq!(within("the first answer", first).await.unwrap().status, 200);
    until_answer(&http, "an answer", "/api/v2/auth/me", |answer| answer.status == 200).await;
    until_answer(&http, "readiness", "/readyz", |answer| answer.status == 200).await;
    let after = until("a receipt on the same connection", async || {
        socket.say(&json!({ "type": "transactions", "id": 2, "transactions": [new_task("After")] })).await;
        let heard = within("an answer", socket.hear()).await;
        (heard["type"] == "receipts").then_some(heard)
    })
    .await;
    assert_eq!(after["receipts"][0]["status"], "committed");
    server.stop().await;
}

/// Reads, writes, sign-ins and messages; what needs no database is answered as ever.
async fn refuses_everything(http: &Http, socket: &mut Socket) {
    let writes = json!({ "transactions": [new_task("Meanwhile")] });
    for answer in [
        within("a refused read", http.get("/api/v2/changes")).await,
        within("a refused list", http.get("/api/v2/tasks")).await,
        within("a refused write", http.write(&writes)).await,
        within("a refused sign-in", http.post("/api/v2/auth/login", r#"{"email":"a@b","password":"12345678"}"#)).await,
    ] {
        assert_eq!((answer.status, answer.problem().as_str()), (503, "unavailable"));
    }
    socket.say(&json!({ "type": "transactions", "id": 1, "transactions": writes["transactions"] })).await;
    let refused = within("a refused message", socket.hear_type("error")).await;
    assert_eq!((&refused["code"], &refused["id"]), (&json!("unavailable"), &json!(1)));
    socket.assert_usable().await;
    assert_eq!(http.get("/healthz").await.status, 200);
    let ready = within("an answer of /readyz", http.get("/readyz")).await;
    assert_eq!((ready.status, ready.problem().as_str()), (503, "not_ready"));
    let metrics = String::from_utf8(http.get("/metrics").await.body).unwrap();
    assert!(metrics.contains("levelup_database_circuit_opened_total"), "it is counted");
}
