//! Signing in as clients in the field do it.

mod devices;
mod golden;
mod life;
mod refusals;
mod tokens;

use serde_json::{Value, json};
use support::{Answer, Http};

/// The password of everybody in here.
pub(super) const PASSWORD: &str = "correct horse battery";
/// Both prefixes.
pub(super) const PREFIXES: [&str; 2] = ["/api", "/api/v1"];
/// A browser, as it says of itself.
pub(super) const FIREFOX: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0";

/// Posts a value to a path below the bare prefix.
pub(super) async fn post(http: &Http, path: &str, body: Value) -> Answer {
    http.post(&format!("/api{path}"), body.to_string()).await
}

/// Registers this address.
pub(super) async fn register(http: &Http, email: &str) -> Answer {
    post(http, "/auth/register", registration(email)).await
}

/// What the web client sends to register.
pub(super) fn registration(email: &str) -> Value {
    json!({ "email": email, "password": PASSWORD, "firstName": "Ada", "lastName": "Lovelace" })
}

/// Signs in with the usual password.
pub(super) async fn login(http: &Http, email: &str) -> Answer {
    post(http, "/auth/simple-login", json!({ "email": email, "password": PASSWORD })).await
}

/// The requests of whoever was signed in by this answer.
pub(super) fn of(http: &Http, answer: &Answer) -> Http {
    let body = answer.json();
    assert_eq!(answer.status, 200, "{body}");
    http.with_token(text(&body, "accessToken"))
}

/// A text of a body.
pub(super) fn text<'a>(body: &'a Value, name: &str) -> &'a str {
    body[name].as_str().unwrap_or_else(|| panic!("no {name} in {body}"))
}

/// Status and code of a refusal, which has to have every member that clients in the field read.
pub(super) fn refused(answer: &Answer) -> (u16, String) {
    let body = answer.json();
    assert_eq!(answer.header("content-type"), "application/json", "{body}");
    assert!(!text(&body, "message").is_empty() && body["message"] == body["error"], "{body}");
    (answer.status, text(&body, "code").to_owned())
}
