//! What a caller is told when a request is not granted: `application/problem+json` (RFC 9457).
//!
//! Every refusal and every failure of the program ends here. A problem never carries an internal message, a stack or
//! another account's id; what went wrong inside is logged where it is turned into a problem.

mod code;
mod fault;
mod field;

use std::fmt;
use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use actix_web::{HttpResponse, ResponseError};
use infrastructure::metric_names::PROBLEMS_TOTAL;
use infrastructure::{clock, request_name};
use metrics::counter;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

pub use code::Code;
pub use field::{FieldProblem, camel};

/// The media type of a problem.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// How much is added at random to a time to wait, in parts of it, so that those who wait do not come back together.
const RETRY_JITTER_DIVISOR: u64 = 2;

/// A request that was not granted. Cheap to pass around; every field is public through a method.
pub struct Problem {
    content: Box<Content>,
}

/// The members of a problem, as they are sent.
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct Content {
    /// `/problems/<code>`.
    #[serde(rename = "type")]
    kind: String,
    /// What `code` means, in a few words; the same for every occurrence.
    title: &'static str,
    /// The HTTP status.
    status: u16,
    /// What happened this time, and what to do next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The stable name of the problem.
    code: &'static str,
    /// Where in the request it lies.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldProblem>,
    /// The name of the request, as in `X-Request-Id`: who asks for help says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    request_id: Option<Arc<str>>,
    /// When to try again, with jitter.
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after_ms: Option<u64>,
    /// Members that belong to one code only.
    #[serde(flatten)]
    #[schema(ignore)]
    members: Map<String, Value>,
    #[serde(skip)]
    challenge: Option<&'static str>,
}

/// The members with the name that they lack.
#[derive(Serialize)]
struct Named<'a> {
    #[serde(flatten)]
    content: &'a Content,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<Arc<str>>,
}

impl Problem {
    /// A problem of the table.
    pub fn new(code: Code) -> Self {
        Self::named(code.as_str(), code.status(), code.title())
    }

    /// A problem whose code stands in a table further in, such as a rejection of the domain.
    pub fn named(code: &'static str, status: StatusCode, title: &'static str) -> Self {
        let content = Content {
            kind: format!("/problems/{code}"),
            title,
            status: status.as_u16(),
            detail: None,
            code,
            errors: Vec::new(),
            request_id: request_name::current(),
            retry_after_ms: None,
            members: Map::new(),
            challenge: None,
        };
        Self { content: Box::new(content) }
    }

    /// A bug or a broken store: `cause` is logged, the caller learns nothing of it.
    pub fn internal(cause: impl fmt::Display) -> Self {
        tracing::error!(error.cause = %cause, "a request failed inside; it was answered as internal");
        Self::new(Code::Internal)
    }

    /// Says what happened this time and what to do next.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.content.detail = Some(detail.into());
        self
    }

    /// Points at one place in the request.
    #[must_use]
    pub fn field(mut self, field: FieldProblem) -> Self {
        self.content.errors.push(field);
        self
    }

    /// Adds a member of its own, such as the list of open milestones.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.content.members.insert(name.to_owned(), value.into());
        self
    }

    /// Asks to try again after about this long; jitter is added here.
    #[must_use]
    pub fn retry_after_ms(mut self, wait_ms: u64) -> Self {
        self.content.retry_after_ms = Some(wait_ms + clock::jitter_ms(wait_ms / RETRY_JITTER_DIVISOR));
        self
    }

    /// Is answered with another status, where an older contract asks for it.
    #[must_use]
    pub(crate) fn with_status(mut self, status: StatusCode) -> Self {
        self.content.status = status.as_u16();
        self
    }

    /// Says how to authenticate (RFC 6750, section 3).
    #[must_use]
    pub(crate) fn challenge(mut self, challenge: &'static str) -> Self {
        self.content.challenge = Some(challenge);
        self
    }

    /// The stable name.
    pub fn code(&self) -> &'static str {
        self.content.code
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.content.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// The members, to be put into a larger answer or a message of a live feed.
    pub fn content(&self) -> &Content {
        &self.content
    }
}

impl fmt::Debug for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Problem").field("status", &self.content.status).field("code", &self.content.code).finish()
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.content.code, self.content.title)
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.status()
    }

    fn error_response(&self) -> HttpResponse {
        counter!(PROBLEMS_TOTAL, "code" => self.content.code).increment(1);
        let mut response = HttpResponse::build(self.status());
        response.content_type(PROBLEM_JSON);
        if let Some(wait_ms) = self.content.retry_after_ms {
            response.insert_header((RETRY_AFTER, HeaderValue::from(wait_ms.div_ceil(1_000))));
        }
        if let Some(challenge) = self.content.challenge {
            response.insert_header((WWW_AUTHENTICATE, challenge));
        }
        // What was found wrong on another thread has no name yet.
        let request_id = if self.content.request_id.is_none() { request_name::current() } else { None };
        let named = Named { content: &self.content, request_id };
        // Text, numbers and maps with text keys cannot fail to become JSON.
        response.body(serde_json::to_vec(&named).unwrap_or_default())
    }
}
