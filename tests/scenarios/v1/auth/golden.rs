//! Requests and answers written from the contract by hand (`tests/cases/v1/auth_*.json`), played in the order of a life at
//! both prefixes. An answer has exactly the members of its case; a value in `<…>` stands for any of that form.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use reqwest::Method;
use serde_json::Value;
use support::{Database, Http, Mailbox, TestServer};

use super::PREFIXES;
use crate::newcomer::{RESET, address};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("cases/v1")
}

/// The cases, by name.
fn cases() -> BTreeMap<String, Value> {
    let files = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let named = files.filter_map(|path| {
        let name = path.file_stem()?.to_str()?.strip_prefix("auth_")?.to_owned();
        Some((name, serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap()))
    });
    named.collect()
}

/// Whether a value has the form that a case says.
fn has_form(expected: &str, given: &Value) -> bool {
    let text = given.as_str();
    match expected {
        "<text>" => text.is_some_and(|text| !text.is_empty()),
        "<uuid>" => text.is_some_and(|text| text.parse::<uuid::Uuid>().is_ok()),
        "<moment>" => {
            text.is_some_and(|text| text.len() == 24 && text.ends_with('Z') && text.parse::<jiff::Timestamp>().is_ok())
        }
        "<access>" => text.is_some_and(|text| text.split('.').count() == 3),
        "<refresh>" => text.is_some_and(|text| text.len() == 43),
        "<number>" => given.is_i64(),
        exact => text == Some(exact),
    }
}

fn compare(place: &str, expected: &Value, given: &Value) {
    match (expected, given) {
        (Value::Object(expected), Value::Object(given)) => {
            let names = |members: &serde_json::Map<String, Value>| members.keys().cloned().collect::<BTreeSet<_>>();
            assert_eq!(names(expected), names(given), "{place}");
            expected.iter().for_each(|(name, expected)| compare(&format!("{place}/{name}"), expected, &given[name]));
        }
        (Value::Array(expected), Value::Array(given)) => {
            assert_eq!(expected.len(), given.len(), "{place}: {given:?}");
            expected.iter().zip(given).for_each(|(expected, given)| compare(place, expected, given));
        }
        (Value::String(expected), given) => assert!(has_form(expected, given), "{place}: {expected} is {given}"),
        (expected, given) => assert_eq!(expected, given, "{place}"),
    }
}

/// One life, with what it remembers.
struct Life {
    nobody: Http,
    prefix: &'static str,
    cases: BTreeMap<String, Value>,
    known: BTreeMap<&'static str, String>,
}

impl Life {
    /// Plays a case; its answer.
    async fn play(&mut self, name: &str) -> Value {
        let case =
            self.cases.remove(name).unwrap_or_else(|| panic!("no case auth_{name}.json, or it was played before"));
        let mut text = case.to_string();
        for (what, value) in &self.known {
            text = text.replace(&format!("{{{{{what}}}}}"), value);
        }
        let case: Value = serde_json::from_str(&text).unwrap();
        let http = match case["token"].as_str() {
            Some(token) => self.nobody.with_token(token),
            None => self.nobody.clone(),
        };
        let method: Method = case["method"].as_str().unwrap().parse().unwrap();
        let path = format!("{}{}", self.prefix, case["path"].as_str().unwrap());
        let body = case.get("body").map(Value::to_string);
        let answer = http.send(method, &path, body).await;
        let given = answer.json();
        assert_eq!(case["status"], answer.status, "{name}: {given}");
        compare(name, &case["answer"], &given);
        given
    }

    /// Plays a case that signs in, and remembers its tokens.
    async fn enter(&mut self, name: &str) {
        let answer = self.play(name).await;
        let data = answer.get("data").unwrap_or(&answer);
        for (what, member) in [("access", "accessToken"), ("refresh", "refreshToken")] {
            self.known.insert(what, data[member].as_str().unwrap().to_owned());
        }
    }

    async fn play_all(&mut self, names: &[&str]) {
        for name in names {
            self.play(name).await;
        }
    }
}

#[tokio::test]
async fn every_case_of_signing_in_is_answered_as_it_is_written() {
    let database = Database::fresh().await;
    let server = TestServer::start(&database);
    for prefix in PREFIXES {
        let (email, mailbox) = (address(), Mailbox::of(&server));
        let known = BTreeMap::from([("email", email.clone()), ("other", address())]);
        let mut life = Life { nobody: Http::nobody(server.url()), prefix, cases: cases(), known };
        life.enter("register").await;
        life.play_all(&["register_taken", "register_invalid", "login_wrong", "user", "user_nobody"]).await;
        life.enter("simple_login").await;
        life.enter("refresh").await;
        life.play_all(&["refresh_missing", "refresh_bad", "backend", "delete_account_without_password"]).await;
        life.play_all(&["delete_account_wrong_password", "delete_account"]).await;
        life.enter("login").await;
        life.play_all(&["user_leaving", "cancel_deletion", "request_password_reset"]).await;
        life.known.insert("reset", mailbox.code(&email, RESET).await);
        life.play_all(&["reset_password", "reset_password_bad", "logout"]).await;
        life.enter("mobile_register").await;
        life.play_all(&["mobile_register_taken", "mobile_me"]).await;
        life.enter("mobile_login").await;
        life.enter("mobile_refresh").await;
        life.play_all(&["mobile_me_bad_token", "mobile_me_nobody", "unknown_route"]).await;
        assert!(life.cases.is_empty(), "cases that nobody plays: {:?}", life.cases.keys());
    }
}
