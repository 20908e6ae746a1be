//! `POST /api/tasks/reset-daily-habits`

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::json;

use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::App;
use crate::v1::acting::Acting;
use crate::v1::body::OldBody;

/// Resets nothing: which day it is follows from the hero's zone, and a day that begins has no completions yet. A second
/// browser that asks for this in the evening takes nothing from the morning.
pub async fn reset_daily_habits(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    OldBody(body): OldBody,
) -> Result<HttpResponse, Problem> {
    let acting = Acting::begin(&app, &request, &caller, &body).await?;
    acting.write_nothing().await?;
    let answer = json!({
        "message": "Nothing had to be reset: habits begin each day anew by themselves.",
        "resetCount": 0,
        "energyBallsRestored": false,
    });
    Ok(acting.answer(&answer))
}
