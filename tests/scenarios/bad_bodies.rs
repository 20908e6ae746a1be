//! Bodies that are refused as a whole: each with its own stable code, nothing written, nothing leaked, and the next
//! request on the same connection is answered.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use support::commands::new_task;
use support::{Answer, tables};

use crate::stage::Stage;

const PATH: &str = "/api/v2/transactions";
const JSON: Headers = &[("content-type", "application/json")];
const CBOR: Headers = &[("content-type", "application/cbor")];
const MIB: usize = 1_048_576;

type Headers = &'static [(&'static str, &'static str)];
type Bad = (&'static str, Headers, Vec<u8>, (u16, &'static str));

fn malformed() -> Vec<Bad> {
    vec![
        ("no body", JSON, vec![], (400, "json_malformed")),
        ("half a body", JSON, b"{\"transactions\":[".to_vec(), (400, "json_malformed")),
        ("something after the body", JSON, b"{\"transactions\":[]} x".to_vec(), (400, "json_malformed")),
        ("no UTF-8", JSON, b"{\"transactions\":[\"\xff\"]}".to_vec(), (400, "json_malformed")),
        ("no CBOR", CBOR, vec![0xff], (400, "cbor_malformed")),
        ("half CBOR", CBOR, vec![0xa1, 0x6c], (400, "cbor_malformed")),
        ("empty CBOR", CBOR, vec![], (400, "cbor_malformed")),
        ("CBOR and more", CBOR, [cbor(&json!({ "transactions": [] })), vec![0]].concat(), (400, "cbor_malformed")),
        ("bytes in CBOR", CBOR, vec![0x41, 0x00], (400, "cbor_malformed")),
        ("deep CBOR", CBOR, vec![0x81; 100_000], (400, "cbor_malformed")),
        ("text", &[("content-type", "text/plain")], b"{}".to_vec(), (415, "content_type_unsupported")),
        ("a form", &[("content-type", "multipart/form-data")], b"{}".to_vec(), (415, "content_type_unsupported")),
        ("compress", &[("content-encoding", "compress")], b"{}".to_vec(), (415, "encoding_unsupported")),
        ("no gzip", &[("content-encoding", "gzip")], b"{}".to_vec(), (400, "encoding_malformed")),
        ("no zstd", &[("content-encoding", "zstd")], b"{}".to_vec(), (400, "encoding_malformed")),
    ]
}

fn misshapen() -> Vec<Bad> {
    vec![
        ("a list", JSON, b"[]".to_vec(), (422, "body_invalid")),
        ("a number", JSON, b"7".to_vec(), (422, "body_invalid")),
        ("nothing in it", JSON, b"{}".to_vec(), (422, "body_invalid")),
        ("a list of none", JSON, b"{\"transactions\":null}".to_vec(), (422, "body_invalid")),
        ("an object of transactions", JSON, b"{\"transactions\":{}}".to_vec(), (422, "body_invalid")),
        ("a time in words", JSON, b"{\"sent_at\":\"now\",\"transactions\":[]}".to_vec(), (422, "body_invalid")),
        ("a broken time", JSON, b"{\"sent_at\":1.5,\"transactions\":[]}".to_vec(), (422, "body_invalid")),
        ("a space", JSON, b"{\"space\":1,\"transactions\":[]}".to_vec(), (422, "field_unknown")),
        ("a list in CBOR", CBOR, cbor(&json!([])), (422, "body_invalid")),
        ("a field in CBOR", CBOR, cbor(&json!({ "transactions": [], "more": 1 })), (422, "field_unknown")),
    ]
}

fn too_large() -> Vec<Bad> {
    vec![
        ("one byte too many", JSON, padded(MIB + 1), (413, "body_too_large")),
        ("20 MiB", JSON, padded(20 * MIB), (413, "body_too_large")),
        ("a gzip bomb", &[("content-encoding", "gzip")], gzip(&padded(200 * MIB)), (413, "body_too_large")),
        ("a zstd bomb", &[("content-encoding", "zstd")], zstd(&padded(200 * MIB)), (413, "body_too_large")),
    ]
}

#[tokio::test]
async fn a_body_that_cannot_be_read_is_refused_whole_and_the_connection_stays_usable() {
    let stage = Stage::set().await;
    let before = tables::footprint(&stage.sql).await;
    for (name, headers, body, (status, code)) in [malformed(), misshapen(), too_large()].concat() {
        let answer = stage.http.post_as(PATH, headers, body).await;
        assert_eq!((answer.status, answer.problem().as_str()), (status, code), "{name}");
        assert_nothing_leaked(&answer);
        assert_eq!(stage.http.get("/api/v2/auth/me").await.status, 200, "after {name}");
    }
    assert_eq!(tables::footprint(&stage.sql).await, before);
}

#[tokio::test]
async fn a_body_of_exactly_one_mebibyte_is_read_however_it_is_compressed() {
    let stage = Stage::set().await;
    let body = padded(MIB);
    let sent: [(Headers, Vec<u8>); 3] = [
        (JSON, body.clone()),
        (&[("content-encoding", "gzip")], gzip(&body)),
        (&[("content-encoding", "zstd")], zstd(&body)),
    ];
    for (headers, body) in sent {
        let answer = stage.http.post_as(PATH, headers, body).await;
        assert_eq!(answer.receipts()[0]["status"], "committed");
    }
}

#[tokio::test]
async fn a_problem_points_at_the_offending_place() {
    let stage = Stage::set().await;
    for (body, pointer) in [
        ("{\"transactions\":[],\"more\":1}", "/more"),
        ("{\"transactions\":7}", "/transactions"),
        ("{\"sent_at\":\"now\",\"transactions\":[]}", "/sent_at"),
        ("{}", "/transactions"),
    ] {
        let problem = stage.http.post(PATH, body).await.json();
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
        assert!(problem["errors"][0]["message"].is_string());
    }
}

#[tokio::test]
async fn an_unknown_path_method_or_query_is_a_problem_too() {
    let stage = Stage::set().await;
    for (path, status, code) in [
        ("/api/v2/nothing", 404, "route_unknown"),
        ("/api/v2/transactions", 405, "method_not_allowed"),
        ("/api/v2/changes?limit=0", 400, "query_invalid"),
        ("/api/v2/changes?limit=1001", 400, "query_invalid"),
        ("/api/v2/changes?limit=ten", 400, "query_invalid"),
        ("/api/v2/changes?limit=-1", 400, "query_invalid"),
        ("/api/v2/changes?wait=31", 400, "query_invalid"),
        ("/api/v2/changes?wait=99999999999999999999", 400, "query_invalid"),
        ("/api/v2/changes?cursr=x", 400, "query_invalid"),
        ("/api/v2/changes?limit=1&limit=2", 400, "query_invalid"),
        ("/api/v2/stream", 400, "request_invalid"),
    ] {
        let answer = stage.http.get(path).await;
        assert_eq!((answer.status, answer.problem().as_str()), (status, code), "{path}");
        assert_nothing_leaked(&answer);
    }
}

/// No answer shows what is inside: no SQL, no file of the source, no library's type, no panic.
fn assert_nothing_leaked(answer: &Answer) {
    let text = String::from_utf8_lossy(&answer.body).to_lowercase();
    for word in ["sql", "postgres", "select ", ".rs", "panicked", "serde", "struct ", "relation", "unwrap"] {
        assert!(!text.contains(word), "{word} in {text}");
    }
    assert!(!answer.header("x-request-id").is_empty());
}

/// A valid body of that length: white space may stand around JSON.
fn padded(length: usize) -> Vec<u8> {
    let mut body = json!({ "transactions": [new_task("Read a chapter")] }).to_string().into_bytes();
    body.resize(length, b' ');
    body
}

fn cbor(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes).unwrap();
    bytes
}

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

fn zstd(content: &[u8]) -> Vec<u8> {
    zstd::encode_all(content, 1).unwrap()
}
