//! Each way in which a body can be wrong has its own code, and says where.

use actix_web::ResponseError;
use actix_web::body::MessageBody;
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::*;

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct Outer {
    id: Uuid,
    count: u32,
    list: Vec<Inner>,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct Inner {
    #[serde(rename = "a/b")]
    name: String,
}

fn cbor_of(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes).unwrap();
    bytes
}

fn refused(format: Format, bytes: &[u8]) -> Value {
    let problem = decode::<Outer>(format, bytes).unwrap_err();
    serde_json::from_slice(&problem.error_response().into_body().try_into_bytes().unwrap()).unwrap()
}

#[test]
fn both_forms_give_the_same_value() {
    let value = json!({"id": "0197f5f0-0000-7000-8000-000000000000", "count": 3, "list": [{"a/b": "ü"}]});
    let json: Outer = decode(Format::Json, value.to_string().as_bytes()).unwrap();
    assert_eq!(json, decode(Format::Cbor, &cbor_of(&value)).unwrap());
    assert_eq!(json.list[0].name, "ü");
}

#[test]
fn a_body_that_does_not_fit_says_where() {
    let id = "0197f5f0-0000-7000-8000-000000000000";
    for (value, code, pointer, field) in [
        (json!({"id": id, "count": "three", "list": []}), "body_invalid", "/count", "type"),
        (json!({"id": id, "count": -1, "list": []}), "body_invalid", "/count", "type"),
        (json!({"id": "x", "count": 1, "list": []}), "body_invalid", "/id", "type"),
        (json!({"id": id, "count": 1, "list": [{"a/b": 5}]}), "body_invalid", "/list/0/a~1b", "type"),
        (json!({"id": id, "count": 1, "list": [{}]}), "body_invalid", "/list/0/a~1b", "required"),
        (json!({"id": id, "list": []}), "body_invalid", "/count", "required"),
        (json!({"id": id, "count": 1, "list": [], "x~y": 1}), "field_unknown", "/x~0y", "unknown"),
        (json!({"id": id, "count": 1, "list": [{"a/b": "", "c": 1}]}), "field_unknown", "/list/0/c", "unknown"),
        (json!([]), "body_invalid", "", "type"),
        (json!(null), "body_invalid", "", "type"),
    ] {
        for (format, bytes) in [(Format::Json, value.to_string().into_bytes()), (Format::Cbor, cbor_of(&value))] {
            let problem = refused(format, &bytes);
            assert_eq!(problem["code"], code, "{format:?} {value} {problem}");
            assert_eq!(problem["status"], 422);
            assert_eq!(problem["errors"][0]["pointer"], pointer, "{format:?} {value} {problem}");
            assert_eq!(problem["errors"][0]["code"], field, "{format:?} {value} {problem}");
        }
    }
}

#[test]
fn what_was_sent_is_not_repeated() {
    let sent = json!({"id": "secret-1", "count": "secret-2", "list": "secret-3"});
    let fields = ["id", "count", "list"];
    for field in fields {
        let value = json!({ field: sent[field] });
        assert!(!refused(Format::Json, value.to_string().as_bytes()).to_string().contains("secret"), "{field}");
    }
}

#[test]
fn what_is_not_json_is_malformed() {
    for bad in ["", "{", "{]", "nul", "{\"id\" 1}", "{\"id\": \"\\ud800\"}", "\u{feff}{}"] {
        assert_eq!(refused(Format::Json, bad.as_bytes())["code"], "json_malformed", "{:.20}", bad);
    }
    assert_eq!(refused(Format::Json, b"{\"\xff\": 1}")["code"], "json_malformed");
    let deep = "[".repeat(100_000);
    assert_eq!(decode::<Value>(Format::Json, deep.as_bytes()).unwrap_err().code(), "json_malformed");
}

#[test]
fn what_is_not_cbor_or_json_could_not_say_is_malformed() {
    let deep = vec![0x81; 100_000];
    let huge_text = [0x7b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, b'x'];
    let huge_list = [0x9b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1];
    let bytes_as_id = [0xa1, 0x62, b'i', b'd', 0x42, 1, 2];
    let number_as_key = [0xa1, 1, 2];
    let two_items = [0xa0, 0xa0];
    for bad in [&b""[..], b"\xff", b"\xa1", &deep, &huge_text, &huge_list, &bytes_as_id, &number_as_key, &two_items] {
        assert_eq!(refused(Format::Cbor, bad)["code"], "cbor_malformed", "{:x?}", &bad[..bad.len().min(9)]);
    }
}
