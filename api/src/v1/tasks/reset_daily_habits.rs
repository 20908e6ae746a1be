//! `POST /api/tasks/reset-daily-habits`

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::json;

use crate::body::reply;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::App;
use crate::v1::body::OldBody;
use crate::v1::idempotency::Asked;
use crate::v1::writing::{Wishes, write_if_any};

/// Resets nothing: which day it is follows from the hero's zone, and a day that begins has no completions yet. A second
/// browser that asks for this in the evening takes nothing from the morning.
pub async fn reset_daily_habits(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    OldBody(body): OldBody,
) -> Result<HttpResponse, Problem> {
    write_if_any(&app, &caller, &Asked::of(&request, caller.space, &body.into())?, None, Wishes::default()).await?;
    let answer = json!({
        "message": "Nothing had to be reset: habits begin each day anew by themselves.",
        "resetCount": 0,
        "energyBallsRestored": false,
    });
    Ok(reply(&request, StatusCode::OK, &answer))
}
