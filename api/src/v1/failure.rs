//! What a client of v1 is told when a request is not granted. Clients in the field read one of several bodies, so the answer
//! has the members of all of them; what is behind it is a problem like any other.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use serde_json::{Map, Value, json};

use super::path::behind_prefix;
use crate::problem::{Code, Problem, camel};

/// The member of a problem that holds what the rules refuse, with a code of its own.
pub(super) const REFUSED: &str = "problem";
/// Where clients read a conflict as one.
const CONFLICT_READ: &str = "/mobile/auth/register";
/// What is wrong with a token that there is: not 401 on the mobile routes, which say so of a missing one.
const TOKEN_BAD: [Code; 3] = [Code::TokenInvalid, Code::TokenExpired, Code::SessionRevoked];
/// What is said of a code in place of its own words, which send whoever reads them to API v2.
const OWN_WORDS: [(Code, &str); 2] = [
    (Code::TokenExpired, "The access token has expired. Get a new one from /api/auth/refresh."),
    (Code::RouteUnknown, "There is nothing at this path."),
];
const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// The problem in the form that clients of v1 can read, with the headers that it was answered with. The members of its own,
/// such as how long to wait, stand beside.
pub fn answer(path: &str, problem: &Problem, headers: &HeaderMap) -> HttpResponse {
    let mut shaped = HttpResponse::build(status(path, problem));
    for (name, value) in headers.iter().filter(|(name, _)| !is_of_body(name)) {
        shaped.append_header((name.clone(), value.clone()));
    }
    let mut shaped = shaped.body(body(path, problem).to_string());
    shaped.headers_mut().insert(CONTENT_TYPE, JSON);
    shaped
}

/// Whether a header says something of a body that is replaced.
fn is_of_body(name: &HeaderName) -> bool {
    [CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE].contains(name)
}

/// v1 knows one status for whatever is wrong with a request itself.
fn status(path: &str, problem: &Problem) -> StatusCode {
    let rest = behind_prefix(path).unwrap_or_default();
    match problem.status() {
        StatusCode::CONFLICT if rest == CONFLICT_READ => StatusCode::CONFLICT,
        StatusCode::UNAUTHORIZED if is_mobile(rest) && TOKEN_BAD.iter().any(|code| code.as_str() == problem.code()) => {
            StatusCode::FORBIDDEN
        }
        StatusCode::UNPROCESSABLE_ENTITY | StatusCode::CONFLICT | StatusCode::GONE => StatusCode::BAD_REQUEST,
        other => other,
    }
}

/// Whether a path, without its prefix, is of the app's own routes.
fn is_mobile(rest: &str) -> bool {
    rest.starts_with("/mobile/")
}

fn body(path: &str, problem: &Problem) -> Value {
    let said = serde_json::to_value(problem.content()).unwrap_or_default();
    let Value::Object(mut said) = said else { return Value::Null };
    // The rules' own words stand for the whole.
    if let Some(Value::Object(refused)) = said.remove(REFUSED) {
        said.extend(refused);
    }
    let own = OWN_WORDS.iter().find(|(code, _)| code.as_str() == problem.code()).map(|(_, words)| Value::from(*words));
    let text = own.or_else(|| said.get("detail").or_else(|| said.get("title")).cloned()).unwrap_or_default();
    let errors = said.get("errors").and_then(Value::as_array).map(|errors| errors.iter().map(issue).collect());
    for replaced in ["type", "title", "status", "detail", "errors"] {
        said.remove(replaced);
    }
    said.insert("message".to_owned(), text.clone());
    said.insert("error".to_owned(), text);
    if let Some(errors) = errors {
        said.insert("errors".to_owned(), Value::Array(errors));
    }
    if behind_prefix(path).is_some_and(is_mobile) {
        said.insert("success".to_owned(), false.into());
    }
    Value::Object(said)
}

/// A field in the form of the validator that old clients know: `{code, path, message}`, by the name that they sent.
fn issue(field: &Value) -> Value {
    let pointer = field.get("pointer").and_then(Value::as_str).unwrap_or_default();
    let path: Vec<String> = pointer.split('/').filter(|name| !name.is_empty()).map(camel).collect();
    let mut issue: Map<String, Value> = field.as_object().cloned().unwrap_or_default();
    issue.remove("pointer");
    issue.insert("path".to_owned(), json!(path));
    Value::Object(issue)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::{Code, FieldProblem};

    fn status_of(path: &str, problem: &Problem) -> StatusCode {
        answer(path, problem, &HeaderMap::new()).status()
    }

    #[test]
    fn every_body_that_clients_read_is_in_the_answer() {
        let problem = Problem::new(Code::FieldsInvalid).detail("Not so.").field(FieldProblem::new(
            "/new_password",
            "invalid",
            "This is no address.",
        ));
        let told = body("/api/auth/register", &problem);
        assert_eq!((&told["message"], &told["error"]), (&json!("Not so."), &json!("Not so.")));
        assert_eq!(told["code"], "fields_invalid");
        assert_eq!(told["errors"][0]["path"], json!(["newPassword"]));
        assert!(told.get("success").is_none());
        assert_eq!(body("/api/v1/mobile/tasks", &problem)["success"], false);
        assert_eq!(status_of("/api/auth/register", &problem), StatusCode::BAD_REQUEST);
    }

    #[test]
    fn no_text_sends_an_old_client_to_v2() {
        let expired = Problem::new(Code::TokenExpired).detail("Get a new access token from /api/v2/auth/refresh.");
        let message = body("/api/tasks", &expired)["message"].clone();
        assert_eq!(message, "The access token has expired. Get a new one from /api/auth/refresh.");
        let unknown = Problem::new(Code::RouteUnknown).detail("The paths are listed at /openapi.json and /docs.");
        assert_eq!(body("/api/gone", &unknown)["error"], "There is nothing at this path.");
    }

    #[test]
    fn a_status_is_the_one_that_clients_know() {
        let taken = Problem::new(Code::EmailTaken);
        assert_eq!(status_of("/api/auth/register", &taken), StatusCode::BAD_REQUEST);
        assert_eq!(status_of("/api/mobile/auth/register", &taken), StatusCode::CONFLICT);
        let ended = Problem::new(Code::TokenExpired);
        assert_eq!(status_of("/api/tasks", &ended), StatusCode::UNAUTHORIZED);
        assert_eq!(status_of("/api/mobile/tasks", &ended), StatusCode::FORBIDDEN);
        let missing = Problem::new(Code::TokenMissing);
        assert_eq!(status_of("/api/mobile/tasks", &missing), StatusCode::UNAUTHORIZED);
        assert_eq!(status_of("/api/tasks", &Problem::new(Code::NotFound)), StatusCode::NOT_FOUND);
    }
}
