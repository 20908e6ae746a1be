//! A person's own log, over HTTP: theirs alone, whole, and in a form that an operator can restore.

use support::{Account, Database, Setup, TestServer};

use super::{Folder, assert_verified, done, exported, fill, live, text};
use crate::stage::Stage;

#[tokio::test]
async fn a_person_gets_the_whole_log_and_nothing_of_anybody_else() {
    let (stage, target, folder) = (Stage::set().await, Database::fresh().await, Folder::new());
    let other = Account::register(&stage.server).await;
    live(&stage.account, "Mine").await;
    live(&other, "Theirs").await;
    let answer = stage.http.get("/api/v2/export?what=log").await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/x-ndjson"));
    let own = String::from_utf8(answer.body).unwrap();
    assert!(own.contains("Mine goal") && own.contains("\"end\""), "{own}");
    for foreign in ["Theirs", &other.space().to_string(), &other.credentials.email, &stage.account.credentials.email] {
        assert!(!own.contains(foreign), "{foreign} is in another's export");
    }
    let rows = "SELECT aggregate_id::text, transaction_id::text, device_id::text FROM events WHERE space_id = $1";
    for row in stage.sql.query(rows, &[&other.space()]).await.unwrap() {
        for column in 0..3 {
            let id: &str = row.get(column);
            // The server writes in every space under one id.
            assert!(id.starts_with("00000000") || !own.contains(id), "{id} is in another's export");
        }
    }
    // What an operator exports of that space is the same, and can be restored.
    let file = folder.file("own.ndjson");
    let space = stage.account.space().to_string();
    let by_operator = exported(&stage.database, &file, &["--space", &space]).await;
    assert_eq!(String::from_utf8(by_operator).unwrap(), own);
    let by_address = ["--account", stage.account.credentials.email.as_str()];
    assert_eq!(exported(&stage.database, &folder.file("address.ndjson"), &by_address).await, own.as_bytes());
    done(&target, &["import", text(&file)]).await;
    assert_verified(&target).await;
}

#[tokio::test]
async fn a_compressed_export_is_the_same_lines() {
    let stage = Stage::set().await;
    fill(&stage.account, 2).await;
    let plain = stage.http.get("/api/v2/export?what=log").await;
    let packed = stage.http.get("/api/v2/export?what=log&zstd=true").await;
    assert_eq!((packed.status, packed.header("content-type")), (200, "application/zstd"));
    assert!(packed.body.len() < plain.body.len() / 2);
    assert!(zstd::decode_all(packed.body.as_slice()).unwrap() == plain.body);
    let accepting = stage.http.with_header("accept-encoding", "zstd");
    let encoded = accepting.get("/api/v2/export?what=log").await;
    assert_eq!(encoded.header("content-encoding"), "zstd");
    assert!(zstd::decode_all(encoded.body.as_slice()).unwrap() == plain.body);
    // What is compressed already is not compressed again.
    let twice = accepting.get("/api/v2/export?what=log&zstd=true").await;
    assert!(zstd::decode_all(twice.body.as_slice()).unwrap() == plain.body);
}

#[tokio::test]
async fn what_cannot_be_exported_is_refused() {
    let stage = Stage::set().await;
    for query in ["what=everything", "what=log&zstd=maybe", "what=log&space=1"] {
        let answer = stage.http.get(&format!("/api/v2/export?{query}")).await;
        assert_eq!((answer.status, answer.problem().as_str()), (400, "query_invalid"), "{query}");
    }
}

#[tokio::test]
async fn one_export_of_an_account_runs_at_a_time_and_few_of_all() {
    let database = Database::fresh().await;
    let mut setup = Setup::of(&database);
    setup.serving.limits.exports = 1;
    let server = TestServer::start_with(setup);
    let (first, second) = (Account::register(&server).await, Account::register(&server).await);
    fill(&first, 20).await;
    let (one, other) = (first.http().await, second.http().await);
    // The head is there, and the body is left where it is: more than the connection holds.
    let slow = one.request(reqwest::Method::GET, "/api/v2/export?what=log").send().await.unwrap();
    assert_eq!(slow.status(), 200);
    let again = one.get("/api/v2/export?what=log").await;
    assert_eq!((again.status, again.problem().as_str()), (503, "busy"));
    assert!(!again.header("retry-after").is_empty());
    // Another's waits, and gets its turn when the first one leaves.
    let waiting = tokio::spawn(async move { other.get("/api/v2/export?what=log").await });
    drop(slow);
    let answer = support::patience::within("the turn of the second", waiting).await.unwrap();
    assert_eq!(answer.status, 200);
    assert!(answer.body.ends_with(b"}\n"));
    let body = String::from_utf8(one.get("/api/v2/export?what=log").await.body).unwrap();
    assert!(body.lines().last().unwrap().starts_with("{\"end\":"), "the first may export again");
}

#[tokio::test]
async fn an_export_ends_with_the_session_of_its_reader() {
    let stage = Stage::set().await;
    fill(&stage.account, 20).await;
    let http = stage.account.device_http(&stage.server, "leaving").await;
    let slow = http.request(reqwest::Method::GET, "/api/v2/export?what=log").send().await.unwrap();
    assert_eq!(http.post("/api/v2/auth/logout", "").await.status, 204);
    assert!(slow.bytes().await.is_err(), "an export goes on without a session");
}
