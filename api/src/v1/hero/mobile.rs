//! `PUT /api/mobile/profile`

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::json;

use super::profile::write;
use crate::body::reply;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::App;
use crate::v1::body::OldBody;

/// Makes the profile, or changes it.
pub async fn save(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    body: OldBody,
) -> Result<HttpResponse, Problem> {
    write(&app, &request, &caller, &body.0).await?;
    let answer = json!({ "success": true, "message": "The profile is saved." });
    Ok(reply(&request, StatusCode::OK, &answer))
}
