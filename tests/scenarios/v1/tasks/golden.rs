//! Every route with the answer that the legacy contract promises, member by member. Answers may have more members.

use reqwest::Method;
use serde_json::{Value, json};
use support::Account;

use super::PREFIXES;
use crate::stage::Stage;

/// Requests in turn: `{n}` in a path is the id that the `n`th of them was answered.
const WALK: &str = include_str!("../../../cases/v1/task_writes.json");

#[tokio::test]
async fn every_route_answers_in_its_shape_under_both_prefixes() {
    let stage = Stage::set().await;
    for prefix in PREFIXES {
        let http = Account::register(&stage.server).await.http().await;
        let steps: Vec<Value> = serde_json::from_str(WALK).unwrap();
        let mut ids: Vec<Value> = Vec::new();
        for step in steps {
            let mut path = step["path"].as_str().unwrap().to_owned();
            for (number, id) in ids.iter().enumerate() {
                path = path.replace(&format!("{{{number}}}"), &id.to_string());
            }
            let method: Method = step["method"].as_str().unwrap().parse().unwrap();
            let body = step.get("body").map(Value::to_string);
            let answer = http.send(method, &format!("{prefix}{path}"), body).await;
            let told = answer.json();
            assert_eq!(json!(answer.status), step["status"], "{prefix}{path}: {told}");
            same(&step["answer"], &told, &format!("{prefix}{path}"));
            ids.push(told["id"].clone());
        }
    }
}

/// Fails unless everything that was expected is there.
fn same(expected: &Value, told: &Value, at: &str) {
    match expected {
        Value::Object(members) => {
            for (name, expected) in members {
                same(
                    expected,
                    told.get(name).unwrap_or_else(|| panic!("{at} lacks {name}: {told}")),
                    &format!("{at}/{name}"),
                );
            }
        }
        Value::Array(members) => {
            assert_eq!(Some(members.len()), told.as_array().map(Vec::len), "{at}: {told}");
            for (number, expected) in members.iter().enumerate() {
                same(expected, &told[number], &format!("{at}/{number}"));
            }
        }
        Value::String(text) if text.starts_with('<') => assert!(fits(text, told), "{at}: {told} is no {text}"),
        _ => assert_eq!(expected, told, "{at}"),
    }
}

fn fits(form: &str, told: &Value) -> bool {
    match form {
        "<id>" => told.as_i64().is_some_and(|id| id > 0),
        "<number>" => told.is_i64(),
        "<text>" => told.as_str().is_some_and(|text| !text.is_empty()),
        "<moment>" => told.as_str().is_some_and(|text| text.len() == 24 && text.ends_with('Z')),
        "<any>" => true,
        _ => false,
    }
}
