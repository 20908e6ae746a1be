//! Every route answers as the legacy contract has it: the fixtures in `tests/cases/v1/goals` were written from that contract.
//! `{goal}`, `{milestone}` and `{skill}` stand for ids of what the account has; what is between angle brackets stands for any
//! number, moment or text, or for those ids.

use std::path::Path;

use reqwest::Method;
use serde_json::{Map, Value, json};
use support::{Account, TestServer};

use super::frame::{PREFIXES, call, done};
use super::new_goal;
use crate::stage::Stage;

/// What an account has, by the name of its placeholder.
struct Known {
    numbers: Vec<(&'static str, Value)>,
    user: Value,
}

impl Known {
    fn get(&self, name: &str) -> Option<&Value> {
        self.numbers.iter().find(|(known, _)| *known == name).map(|(_, id)| id)
    }

    /// A path with ids in it.
    fn path(&self, path: &str) -> String {
        self.numbers
            .iter()
            .fold(path.to_owned(), |path, (name, id)| path.replace(&format!("{{{name}}}"), &id.to_string()))
    }

    /// A body with ids in it.
    fn body(&self, body: &Value) -> Value {
        match body {
            Value::String(text) => {
                let name = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
                name.and_then(|name| self.get(name)).unwrap_or(body).clone()
            }
            Value::Array(all) => all.iter().map(|one| self.body(one)).collect(),
            Value::Object(all) => {
                Value::Object(all.iter().map(|(name, one)| (name.clone(), self.body(one))).collect::<Map<_, _>>())
            }
            other => other.clone(),
        }
    }

    /// Whether an answer is what the fixture says.
    fn is(&self, said: &Value, expected: &Value) -> bool {
        match (said, expected) {
            (said, Value::String(text)) if text.starts_with('<') => {
                self.stands_for(text.trim_matches(['<', '>']), said)
            }
            (Value::Array(said), Value::Array(expected)) => {
                said.len() == expected.len()
                    && said.iter().zip(expected).all(|(said, expected)| self.is(said, expected))
            }
            (Value::Object(said), Value::Object(expected)) => {
                said.len() == expected.len()
                    && expected.iter().all(|(name, one)| said.get(name).is_some_and(|said| self.is(said, one)))
            }
            (said, expected) => said == expected,
        }
    }

    fn stands_for(&self, name: &str, said: &Value) -> bool {
        match name {
            "number" => said.is_i64(),
            "text" => said.is_string(),
            "user" => said == &self.user,
            "moment" => said.as_str().is_some_and(|text| text.len() == 24 && text.parse::<jiff::Timestamp>().is_ok()),
            name => Some(said) == self.get(name),
        }
    }
}

async fn check(server: &TestServer, name: &str, fixture: &Value) {
    for prefix in PREFIXES {
        let account = Account::register(server).await;
        let http = account.http().await;
        let goal = new_goal(&http, &["Start"]).await;
        let skills = done(&http, Method::POST, "/api/skills/initialize-core", &Value::Null).await;
        let numbers = vec![
            ("goal", goal["id"].clone()),
            ("milestone", goal["milestones"][0]["id"].clone()),
            ("skill", skills["skills"][0]["id"].clone()),
        ];
        let known = Known { numbers, user: json!(account.space()) };
        let method: Method = fixture["method"].as_str().unwrap().parse().unwrap();
        let path = format!("{prefix}{}", known.path(fixture["path"].as_str().unwrap()));
        let (status, answer) = call(&http, method, &path, &known.body(&fixture["body"])).await;
        assert_eq!(json!(status), fixture["status"], "{name}: {answer}");
        assert!(known.is(&answer, &fixture["answer"]), "{name}:\n{answer:#}\nis not\n{:#}", fixture["answer"]);
    }
}

#[tokio::test]
async fn every_route_answers_as_the_legacy_contract_has_it() {
    let stage = Stage::set().await;
    let mut checked = 0;
    for entry in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/v1/goals")).unwrap() {
        let path = entry.unwrap().path();
        let fixture: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        check(&stage.server, &path.display().to_string(), &fixture).await;
        checked += 1;
    }
    assert!(checked >= 20, "fixtures are missing: {checked}");
}
