//! `POST /api/skills/initialize-core`

use actix_web::{HttpRequest, HttpResponse, web};
use application::identity::found_space;
use domain::entity::Kind;
use serde_json::{Value, json};

use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::App;
use crate::v1::acting::Acting;
use crate::v1::body::OldBody;
use crate::v1::reading::all;
use crate::v1::shape::{self, Viewer};

/// Sees to it that the space is founded, with its six skills, and lists the skills. A space is founded once, whoever asks and
/// however often.
pub async fn initialize_core(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    OldBody(body): OldBody,
) -> Result<HttpResponse, Problem> {
    let acting = Acting::begin(&app, &request, &caller, &body).await?;
    found_space(app.get_ref(), caller.asker()).await?;
    acting.write_nothing().await?;
    let read = all(&app, &caller, Kind::Skill).await?;
    let viewer = Viewer::of(&app, &read);
    let skills: Vec<Value> = read.rows.iter().map(|row| shape::skill(row, &viewer)).collect();
    Ok(acting.answer(&json!({ "message": "The core skills are there.", "skills": skills })))
}
