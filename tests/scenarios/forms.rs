//! The forms that bodies have: JSON or CBOR, plain or compressed, and what a refusal looks like to who reads CBOR.

use reqwest::Method;
use serde_json::{Value, json};
use support::commands::{create_task, id, new_task};
use support::{Answer, answer};

use crate::stage::Stage;

const CHANGES: &str = "/api/v2/changes?limit=1000";

async fn changes(stage: &Stage, accept: &str, encoding: &str) -> Answer {
    let request = stage.http.request(Method::GET, CHANGES);
    answer(request.header("accept", accept).header("accept-encoding", encoding)).await
}

#[tokio::test]
async fn the_feed_says_the_same_in_every_form_and_is_kept_by_nobody() {
    let stage = Stage::set().await;
    let commands: Vec<Value> = (0..200).map(|n| create_task(id(), &format!("Task {n}"))).collect();
    stage.account.commit(&commands).await;
    let plain = changes(&stage, "application/json", "identity").await;
    for (encoding, inflate) in [
        ("gzip", (|body: &[u8]| inflated(flate2::read::GzDecoder::new(body))) as fn(&[u8]) -> Vec<u8>),
        ("zstd", |body| zstd::decode_all(body).unwrap()),
    ] {
        for accept in ["application/json", "application/cbor"] {
            let answer = changes(&stage, accept, encoding).await;
            assert_eq!((answer.header("content-type"), answer.header("content-encoding")), (accept, encoding));
            assert!(answer.body.len() * 3 < plain.body.len(), "{accept} {encoding}");
            let body = inflate(&answer.body);
            let said: Value = match accept {
                "application/cbor" => ciborium::from_reader(body.as_slice()).unwrap(),
                _ => serde_json::from_slice(&body).unwrap(),
            };
            assert_eq!(said, plain.json(), "{accept} {encoding}");
        }
    }
    // The cursor says what a tag would: an answer is never asked for twice.
    assert_eq!((plain.header("cache-control"), plain.header("etag")), ("no-store", ""));
}

fn inflated(mut from: impl std::io::Read) -> Vec<u8> {
    let mut body = Vec::new();
    from.read_to_end(&mut body).unwrap();
    body
}

#[tokio::test]
async fn a_write_in_cbor_is_answered_in_cbor_and_refused_in_json() {
    let stage = Stage::set().await;
    let http = stage.http.with_header("accept", "application/cbor");
    let mut body = Vec::new();
    ciborium::into_writer(&json!({ "transactions": [new_task("Read")] }), &mut body).unwrap();
    let headers = [("content-type", "application/cbor")];
    let written = http.post_as("/api/v2/transactions", &headers, body).await;
    assert_eq!((written.status, written.header("content-type")), (200, "application/cbor"));
    assert_eq!(written.cbor()["receipts"][0]["status"], "committed");
    for (path, body, code) in [
        ("/api/v2/transactions", vec![0xff], "cbor_malformed"),
        ("/api/v2/transactions", b"\xa1\x61x\x01".to_vec(), "field_unknown"),
        ("/api/v2/nowhere", vec![], "route_unknown"),
    ] {
        let refused = http.post_as(path, &headers, body).await;
        // `problem` looks at the content type, too.
        assert_eq!(refused.problem(), code);
    }
    assert_eq!(http.get("/api/v2/changes?cursor=x").await.problem(), "cursor_invalid");
}
