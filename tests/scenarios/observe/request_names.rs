//! The name of a request is found wherever the request has been.

use serde_json::json;
use support::commands::new_task;
use support::process::{Place, ServerProcess};
use support::{Account, Database, Http, TestServer};

#[tokio::test]
async fn a_name_leads_from_the_answer_to_the_problem_and_the_event() {
    let database = Database::fresh().await;
    let server = TestServer::start(&database);
    let http = Account::register(&server).await.http().await.with_header("x-request-id", "call-me-17");
    let answer = http.write(&json!({ "transactions": [new_task("Read")] })).await;
    assert_eq!((answer.status, answer.header("x-request-id")), (200, "call-me-17"));
    // The bare client compares the name in a problem with the header's; here it is seen as it is sent.
    let refused = http.request(reqwest::Method::GET, "/api/v2/tasks/not-an-id").send().await.unwrap();
    let problem: serde_json::Value = refused.json().await.unwrap();
    assert_eq!(problem["request_id"], "call-me-17", "{problem}");
    let sql = database.connect().await;
    let named = "SELECT event_type FROM events WHERE metadata ->> 'request' = 'call-me-17'";
    let found: Vec<String> = sql.query(named, &[]).await.unwrap().iter().map(|row| row.get(0)).collect();
    assert_eq!(found.len(), 1, "{found:?}");
}

#[tokio::test]
async fn a_name_stands_in_the_lines_of_the_log() {
    let (place, database) = (Place::fresh(), Database::fresh().await);
    let told = [("LEVELUP_LOG", "info,api=debug"), ("LEVELUP_LOG_FORMAT", "json")];
    let mut server = ServerProcess::start_told(place.path(), Some(database.url()), &told).await;
    let http = Http::nobody(server.server().url()).with_header("x-request-id", "call-me-18");
    assert_eq!(http.get("/api/v2/auth/me").await.status, 401);
    server.stop().await;
    let log = server.log_text();
    let lines =
        log.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).expect("one JSON object a line"));
    let named = lines.filter(|line| line["spans"][0]["request.id"] == "call-me-18").count();
    assert!(named > 0, "{log}");
}

#[tokio::test]
async fn a_pretty_log_is_for_people() {
    let (place, database) = (Place::fresh(), Database::fresh().await);
    let mut server =
        ServerProcess::start_told(place.path(), Some(database.url()), &[("LEVELUP_LOG_FORMAT", "pretty")]).await;
    server.stop().await;
    assert!(server.log_text().contains("\n    at "), "{}", server.log_text());
}
