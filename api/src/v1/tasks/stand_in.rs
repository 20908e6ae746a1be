//! Writes of tasks, until they are there.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Map, Value};

use crate::caller::Caller;
use crate::problem::{Code, Problem};
use crate::state::App;

/// A new task.
pub async fn create(
    _: web::Data<App>,
    _: HttpRequest,
    _: Caller,
    _: Map<String, Value>,
) -> Result<HttpResponse, Problem> {
    Err(Problem::new(Code::RouteUnknown))
}

/// Changes a task.
pub async fn change(
    _: web::Data<App>,
    _: HttpRequest,
    _: Caller,
    _: i64,
    _: Map<String, Value>,
) -> Result<HttpResponse, Problem> {
    Err(Problem::new(Code::RouteUnknown))
}

/// Deletes a task.
pub async fn delete(_: web::Data<App>, _: HttpRequest, _: Caller, _: i64) -> Result<HttpResponse, Problem> {
    Err(Problem::new(Code::RouteUnknown))
}
