//! Recorded requests, sent again: the sample day has the shapes of the legacy contract.

use std::fs;
use std::net::TcpListener;
use std::path::Path;

use serde_json::json;
use support::patience::until;
use support::process::run;
use support::{DataDir, Database, Http, Mailbox, Setup, TestServer};

use crate::newcomer::RESET;

const DAY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/cases/v1/day.ndjson");

async fn shadow(recording: &Path, url: &str) -> (i32, String, String) {
    let dir = DataDir::fresh();
    run("", dir.path(), &["shadow", recording.to_str().unwrap(), "--server", url]).await
}

#[tokio::test]
async fn a_day_of_the_web_client_is_answered_in_the_shapes_that_it_knows() {
    let database = Database::fresh().await;
    let server = TestServer::start_with(Setup::of(&database));
    let (exit, said, error) = shadow(Path::new(DAY), server.url()).await;
    assert_eq!(exit, 0, "{said}\n{error}");
    assert!(said.ends_with("differing: 0\n"), "{said}");
    // Again, with another account, and both sides asked.
    let beside = ["shadow", DAY, "--server", server.url(), "--beside", server.url(), "--strict"];
    let (exit, said, error) = run("", DataDir::fresh().path(), &beside).await;
    assert_eq!(exit, 0, "{said}\n{error}");
}

#[tokio::test]
async fn another_shape_is_told_with_its_place_and_ends_with_5() {
    let database = Database::fresh().await;
    let server = TestServer::start_with(Setup::of(&database));
    let dir = DataDir::fresh();
    let other = fs::read_to_string(DAY).unwrap().replace("\"maxExp\":100", "\"maxExp\":\"100\",\"rarity\":1");
    let recording = dir.path().join("other.ndjson");
    fs::write(&recording, other).unwrap();
    let (exit, said, error) = shadow(&recording, server.url()).await;
    assert_eq!(exit, 5, "{said}\n{error}");
    assert!(said.contains("[].maxExp is a number instead of a text"), "{said}");
    assert!(said.contains("[].rarity is missing"), "{said}");
    assert!(error.contains("Answers differ in shape"), "{error}");
}

#[tokio::test]
async fn what_is_no_recording_and_a_server_that_is_away_are_told_apart() {
    let dir = DataDir::fresh();
    for (text, why) in [("", "it is empty"), ("{}\n", "line 1"), ("not JSON", "line 1")] {
        let recording = dir.path().join("bad.ndjson");
        fs::write(&recording, text).unwrap();
        let (exit, _, error) = shadow(&recording, "http://127.0.0.1:1").await;
        assert_eq!((exit, error.contains(why)), (2, true), "{error}");
    }
    let (exit, _, error) = shadow(Path::new(DAY), "http://127.0.0.1:1").await;
    assert_eq!((exit, error.contains("does not answer")), (3, true), "{error}");
}

#[tokio::test]
async fn the_person_of_the_day_sets_a_new_password_by_the_link_in_the_mail_that_was_asked_for() {
    let database = Database::fresh().await;
    let server = TestServer::start(&database);
    let (exit, said, error) = shadow(Path::new(DAY), server.url()).await;
    assert_eq!(exit, 0, "{said}\n{error}");
    // Whose day it was is known to the database alone: the address is another each time.
    let row = database.connect().await.query_one("SELECT email FROM accounts", &[]).await.unwrap();
    let email: String = row.get(0);
    let token = Mailbox::of(&server).code(&email, RESET).await;
    let evening = [
        json!({ "method": "POST", "path": "/api/auth/reset-password", "body": { "token": token, "newPassword": "password2" },
            "status": 200, "answer": { "message": "ok" } }),
        json!({ "method": "POST", "path": "/api/auth/simple-login", "body": { "email": email, "password": "password1" },
            "status": 401, "answer": { "message": "ok" } }),
        json!({ "name": "new", "method": "POST", "path": "/api/auth/simple-login",
            "body": { "email": email, "password": "password2" }, "status": 200, "answer": { "accessToken": "t" } }),
        json!({ "method": "GET", "path": "/api/auth/user", "as": "new", "status": 200, "answer": { "email": "e" } }),
        json!({ "method": "POST", "path": "/api/auth/reset-password", "body": { "token": token, "newPassword": "password3" },
            "status": 400, "answer": { "message": "ok" } }),
    ];
    let dir = DataDir::fresh();
    let recording = dir.path().join("evening.ndjson");
    fs::write(&recording, evening.map(|step| step.to_string()).join("\n")).unwrap();
    let (exit, said, error) = shadow(&recording, server.url()).await;
    assert_eq!(exit, 0, "{said}\n{error}");
}

#[tokio::test]
async fn a_whole_that_is_missing_and_a_refusal_of_another_form_are_differences() {
    let database = Database::fresh().await;
    let server = TestServer::start_with(Setup::of(&database));
    let dir = DataDir::fresh();
    let recording = dir.path().join("app.ndjson");
    // The app's tokens are in its envelope.
    let steps = [
        json!({ "name": "app", "method": "POST", "path": "/api/mobile/auth/register", "status": 200,
            "body": { "email": "app-${run}@example.org", "password": "password1" }, "answer": { "success": true } }),
        json!({ "method": "GET", "path": "/api/mobile/profile", "as": "app.data", "status": 200,
            "answer": { "success": true, "data": null } }),
        json!({ "method": "GET", "path": "/api/tasks", "as": "app.data", "status": 200, "answer": [{ "id": 1 }] }),
        json!({ "method": "GET", "path": "/api/profile", "as": "app.data", "status": 200, "answer": { "id": 1 } }),
        json!({ "method": "GET", "path": "/api/nothing", "status": 404, "answer": { "message": ["ok"] } }),
        json!({ "method": "GET", "path": "/api/nothing", "status": 404 }),
    ];
    fs::write(&recording, steps.map(|step| step.to_string()).join("\n")).unwrap();
    let (exit, said, error) = shadow(&recording, server.url()).await;
    assert_eq!(exit, 5, "{said}\n{error}");
    for difference in ["the body is an empty list", "the body is null", ".message is a text instead of a list"] {
        assert!(said.contains(difference), "{difference}: {said}");
    }
    assert!(said.ends_with("requests: 6, differing: 3\n"), "{said}");
}

#[tokio::test]
async fn a_server_that_hangs_is_a_difference_with_its_name_and_the_replay_goes_on() {
    // Connections are taken, and nothing is ever said on them.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let silent = format!("http://{}", listener.local_addr().unwrap());
    let database = Database::fresh().await;
    let server = TestServer::start_with(Setup::of(&database));
    assert_eq!(Http::nobody(server.url()).get("/api/health").await.status, 200);
    let dir = DataDir::fresh();
    let recording = dir.path().join("two.ndjson");
    let step =
        json!({ "method": "GET", "path": "/api/health", "status": 200, "answer": { "status": "ok" } }).to_string();
    fs::write(&recording, [step.clone(), step].join("\n")).unwrap();
    let ask = async |more: &[&str]| {
        let arguments = [&["shadow", recording.to_str().unwrap(), "--patience", "1"], more].concat();
        run("", DataDir::fresh().path(), &arguments).await
    };
    let (exit, said, error) = ask(&["--server", &silent]).await;
    assert_eq!((exit, said.matches("no answer in 1 s").count()), (5, 2), "{said}\n{error}");
    // A loaded machine may keep the other server from its answers too: such a replay tells nothing.
    let (exit, said, error) = until("a replay with the answers of the other server", async || {
        let told = ask(&["--server", server.url(), "--beside", &silent]).await;
        (told.1.matches("DIFFER 200 ").count() == 2).then_some(told)
    })
    .await;
    assert_eq!((exit, said.matches("the other server gave no answer in 1 s").count()), (5, 2), "{said}\n{error}");
    drop(listener);
}
