//! `PUT /api/mobile/profile`

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::json;

use super::profile::saved;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::App;
use crate::v1::acting::Acting;
use crate::v1::body::OldBody;

/// Makes the profile, or changes it.
pub async fn save(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    OldBody(body): OldBody,
) -> Result<HttpResponse, Problem> {
    let acting = Acting::begin(&app, &request, &caller, &body).await?;
    saved(&acting, &body).await?;
    Ok(acting.answer(&json!({ "success": true, "message": "The profile is saved." })))
}
