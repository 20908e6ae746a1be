//! `GET /api/activity-logs`

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::Value;

use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::App;
use crate::v1::reading;
use crate::v1::shape::{self, Viewer};

/// What v1 shows of the activity: there are no pages.
const ROWS: i64 = 50;

/// The newest of what the caller has done, the latest first.
pub async fn activity_logs(app: web::Data<App>, request: HttpRequest, caller: Caller) -> Result<HttpResponse, Problem> {
    if let Some(unchanged) = reading::held(&app, &request, &caller).await? {
        return Ok(unchanged);
    }
    let _turn = app.read_turns.take().await?;
    let actions = shape::ACTIONS.map(domain::activity::Action::name);
    let (standing, user_id, rows) = app.legacy.activity(caller.space, &actions, ROWS).await?;
    let viewer = Viewer::at(&app, &standing, user_id);
    let rows: Vec<Value> = rows.iter().map(|row| shape::activity(row, &viewer)).collect();
    let tag = reading::tag_of(&request, &caller, &standing, &viewer.today.to_string());
    Ok(reading::whole(&request, &tag, &Value::from(rows)))
}
