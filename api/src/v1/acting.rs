//! What every write of v1 does around its translation: the name of the request before it, the entity as it is behind it.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use domain::entity::Kind;
use domain::id::EntityId;
use infrastructure::postgres::legacy::LegacyRow;
use serde_json::{Map, Value, json};

use super::idempotency::Asked;
use super::reading;
use super::shape::Viewer;
use crate::body::reply;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::App;

/// How an entity is shown.
type Shape = fn(&LegacyRow, &Viewer) -> Value;

/// The name of this request with these members of its body.
///
/// # Errors
/// `header_invalid`: the key is no key.
pub fn asked(request: &HttpRequest, caller: &Caller, body: &Map<String, Value>) -> Result<Asked, Problem> {
    Asked::of(request, caller.space, &Value::Object(body.clone()))
}

/// Answers with an entity that was created, as it is now.
///
/// # Errors
/// `not_found`: it is gone again.
pub async fn created(
    app: &App,
    request: &HttpRequest,
    caller: &Caller,
    (kind, id): (Kind, EntityId),
    shape: Shape,
) -> Result<HttpResponse, Problem> {
    let (row, read) = reading::by_id(app, caller, kind, id).await?;
    Ok(reply(request, StatusCode::OK, &shape(&row, &Viewer::of(app, &read))))
}

/// Answers with an entity as it is now.
///
/// # Errors
/// `not_found`: it is gone.
pub async fn shown(
    app: &App,
    request: &HttpRequest,
    caller: &Caller,
    (kind, id): (Kind, i64),
    shape: Shape,
) -> Result<HttpResponse, Problem> {
    let (row, read) = reading::one(app, caller, kind, id).await?;
    Ok(reply(request, StatusCode::OK, &shape(&row, &Viewer::of(app, &read))))
}

/// Answers with a sentence alone.
pub fn said(request: &HttpRequest, message: &str) -> HttpResponse {
    reply(request, StatusCode::OK, &json!({ "message": message }))
}
