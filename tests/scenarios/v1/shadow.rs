//! Recorded requests, sent again: the sample day has the shapes of the legacy contract.

use std::fs;
use std::path::Path;

use support::process::run;
use support::{DataDir, Database, Setup, TestServer};

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
