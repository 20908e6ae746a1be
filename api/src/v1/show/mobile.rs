//! `GET /api/mobile/{tasks,skills,goals,stats,profile}`: the same pieces in the envelope of the iOS app, tasks the oldest
//! first.

use actix_web::{HttpRequest, HttpResponse, web};
use infrastructure::postgres::legacy::Wanted;

use super::answer;
use super::piece::{GOALS, List, PROFILE, Piece, SKILLS, STATS, text};
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::App;
use crate::v1::shape;

const TASKS_OLDEST_FIRST: Piece =
    Piece::List(List { wanted: Wanted::Tasks, shape: |row, viewer| Some(shape::task(row, viewer)), is_reversed: true });

fn enveloped(piece: Piece) -> [Piece; 3] {
    [text(r#"{"success":true,"data":"#), piece, text("}")]
}

/// The caller's tasks.
pub async fn mobile_tasks(app: web::Data<App>, request: HttpRequest, caller: Caller) -> Result<HttpResponse, Problem> {
    answer(&app, &request, &caller, enveloped(TASKS_OLDEST_FIRST)).await
}

/// The caller's skills.
pub async fn mobile_skills(app: web::Data<App>, request: HttpRequest, caller: Caller) -> Result<HttpResponse, Problem> {
    answer(&app, &request, &caller, enveloped(SKILLS)).await
}

/// The caller's goals.
pub async fn mobile_goals(app: web::Data<App>, request: HttpRequest, caller: Caller) -> Result<HttpResponse, Problem> {
    answer(&app, &request, &caller, enveloped(GOALS)).await
}

/// The caller's stats.
pub async fn mobile_stats(app: web::Data<App>, request: HttpRequest, caller: Caller) -> Result<HttpResponse, Problem> {
    answer(&app, &request, &caller, enveloped(STATS)).await
}

/// The caller's profile.
pub async fn mobile_profile(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
) -> Result<HttpResponse, Problem> {
    answer(&app, &request, &caller, enveloped(PROFILE)).await
}
