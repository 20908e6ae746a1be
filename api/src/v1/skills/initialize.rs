//! `POST /api/skills/initialize-core`

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use application::identity::{Ports, Spaces};
use domain::entity::Kind;
use serde_json::{Value, json};

use crate::body::reply;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::App;
use crate::v1::reading::all;
use crate::v1::shape::{self, Viewer};

/// Sees to it that the space is founded, with its six skills, and lists the skills. A space is founded once, whoever asks and
/// however often.
pub async fn initialize_core(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
) -> Result<HttpResponse, Problem> {
    let time_zone = &app.serving.settings.time_zone;
    app.spaces().found(caller.account, caller.device, caller.session, time_zone).await?;
    let read = all(&app, &caller, Kind::Skill).await?;
    let viewer = Viewer::of(&app, &read);
    let skills: Vec<Value> = read.rows.iter().map(|row| shape::skill(row, &viewer)).collect();
    let answer = json!({ "message": "The core skills are there.", "skills": skills });
    Ok(reply(&request, StatusCode::OK, &answer))
}
